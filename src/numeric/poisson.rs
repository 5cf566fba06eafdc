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
