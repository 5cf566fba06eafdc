//! The Poisson law by inversion: one uniform gives one count.
//!
//! One count takes one uniform whatever the mean, so the draw of a quarter never
//! shifts another one, and a larger mean gives a larger or equal count from the same uniform.

use super::exp;

/// Largest mean that is inverted in one piece.
pub const LARGEST_MEAN: f64 = 64.0;

/// The smallest `k` with `P(N <= k) >= u`, for `N` Poisson with this mean.
///
/// `mean` in `[0, 64]` and `u` in `(0, 1)`; a mean of 0 gives 0. The distribution
/// function is summed from 0 upwards in double precision (sequential search, Devroye
/// 1986, section X.3.3): its error stays below 1e-14, so a uniform chooses the other
/// side of a step with at most that probability. A `u` beyond the last term that still
/// changes the sum gives that term's `k`.
///
/// # Panics
/// If `mean` is not in `[0, 64]`; split it with [`poisson_parts`] first.
pub fn poisson_quantile(mean: f64, u: f64) -> u64 {
    assert!((0.0..=LARGEST_MEAN).contains(&mean), "a Poisson mean of {mean} is not in [0, {LARGEST_MEAN}]");
    let mut probability = exp(-mean);
    let mut cumulated = probability;
    let mut count = 0_u64;
    let mut index = 0.0;
    while u > cumulated {
        index += 1.0;
        probability *= mean / index;
        let next = cumulated + probability;
        if next == cumulated && index > mean {
            break;
        }
        cumulated = next;
        count += 1;
    }
    count
}

/// How a mean is split for inversion: `(parts, mean of each)`.
///
/// A Poisson count of mean `m` is the sum of `parts` independent counts of mean
/// `m / parts <= 64`. The caller draws one independent uniform per part and adds the
/// [`poisson_quantile`]s. A mean of 0 has no parts.
///
/// # Panics
/// If `mean` is negative, not finite, or above `64 x (2^32 - 1)`.
pub fn poisson_parts(mean: f64) -> (u32, f64) {
    let parts = (mean / LARGEST_MEAN).ceil();
    assert!(mean >= 0.0 && parts <= f64::from(u32::MAX), "a Poisson mean of {mean} cannot be split");
    if parts == 0.0 {
        return (0, 0.0);
    }
    // The quotient may round up past the limit by one ulp.
    (parts as u32, (mean / parts).min(LARGEST_MEAN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::gamma::gamma_cdf;
    use proptest::prelude::*;
    use statrs::distribution::{DiscreteCDF, Poisson};

    /// `P(N <= k)`, by the gamma law.
    fn cdf(mean: f64, k: u64) -> f64 {
        1.0 - gamma_cdf(k as f64 + 1.0, mean)
    }

    #[test]
    fn small_counts_by_hand() {
        // e^-1 = 0.3679, then 0.7358, 0.9197.
        assert_eq!(poisson_quantile(1.0, 0.3678), 0);
        assert_eq!(poisson_quantile(1.0, 0.3679), 1);
        assert_eq!(poisson_quantile(1.0, 0.7357), 1);
        assert_eq!(poisson_quantile(1.0, 0.7358), 2);
        assert_eq!(poisson_quantile(1.0, 0.9198), 3);
    }

    #[test]
    fn no_mean_no_count() {
        assert_eq!(poisson_quantile(0.0, 0.999_999), 0);
        assert_eq!(poisson_quantile(0.0, 1.0 - f64::EPSILON / 2.0), 0);
        assert_eq!(poisson_parts(0.0), (0, 0.0));
    }

    #[test]
    fn the_largest_uniform_ends() {
        for mean in [1e-300, 1e-9, 0.3, 5.0, 33.3, 64.0] {
            let count = poisson_quantile(mean, 1.0 - f64::EPSILON / 2.0) as f64;
            assert!(count <= mean + 12.0 * mean.sqrt() + 20.0, "{mean}: {count}");
        }
    }

    #[test]
    fn the_smallest_uniform_is_not_lost() {
        // P(N <= 13) = 9.72e-15 < u < P(N <= 14) = 4.53e-14.
        assert_eq!(poisson_quantile(64.0, 1e-14), 14);
        assert_eq!(poisson_quantile(64.0, 9.7e-15), 13);
    }

    #[test]
    fn parts_keep_the_mean() {
        assert_eq!(poisson_parts(64.0), (1, 64.0));
        assert_eq!(poisson_parts(64.0_f64.next_up()).0, 2);
        assert_eq!(poisson_parts(1000.0), (16, 62.5));
    }

    #[test]
    #[should_panic(expected = "not in [0, 64]")]
    fn a_large_mean_is_refused() {
        poisson_quantile(64.5, 0.5);
    }

    #[test]
    #[should_panic(expected = "cannot be split")]
    fn a_negative_mean_is_refused() {
        poisson_parts(-1.0);
    }

    #[test]
    fn moments_of_the_quantiles() {
        // Midpoint rule over 40,000 uniforms: mean and variance are both the mean.
        for mean in [0.2, 3.0, 20.0, 64.0] {
            let counts: Vec<f64> = (0..40_000)
                .map(|step| poisson_quantile(mean, (f64::from(step) + 0.5) / 40_000.0) as f64)
                .collect();
            let average = counts.iter().sum::<f64>() / 40_000.0;
            let variance =
                counts.iter().map(|count| (count - average) * (count - average)).sum::<f64>() / 40_000.0;
            assert!((average / mean - 1.0).abs() < 2e-3 && (variance / mean - 1.0).abs() < 2e-3, "{mean}");
        }
    }

    proptest! {
        #[test]
        fn the_count_is_the_first_to_reach_the_uniform(mean in 1e-6..64.0_f64, u in 1e-9..0.999_999_f64) {
            let count = poisson_quantile(mean, u);
            let slack = 1e-13;
            prop_assert!(cdf(mean, count) >= u - slack);
            prop_assert!(count == 0 || cdf(mean, count - 1) < u + slack);
        }

        #[test]
        fn agrees_with_statrs(mean in 0.01..64.0_f64, u in 0.001..0.999_f64) {
            let oracle = Poisson::new(mean).unwrap();
            let count = poisson_quantile(mean, u);
            // On a step the two may differ by their rounding.
            prop_assert!(oracle.cdf(count) >= u - 1e-9);
            prop_assert!(count == 0 || oracle.cdf(count - 1) < u + 1e-9);
        }

        #[test]
        fn counts_rise_with_the_mean(mean in 0.0..63.0_f64, more in 0.0..1.0_f64, u in 1e-6..0.999_999_f64) {
            prop_assert!(poisson_quantile(mean, u) <= poisson_quantile(mean + more, u));
        }

        #[test]
        fn parts_add_up(mean in 0.0..1e6_f64) {
            let (parts, each) = poisson_parts(mean);
            prop_assert!(each <= LARGEST_MEAN);
            prop_assert!((f64::from(parts) * each - mean).abs() <= 1e-12 * mean);
        }
    }
}
