//! Distribution-free confidence intervals of quantiles, from the binomial law.

use super::beta::{beta_cdf, beta_upper_tail};
use super::normal::normal_quantile;

/// Relative slack of a comparison with `alpha/2`: where the two are equal in exact arithmetic, as for one
/// value, `p = 0.975` and 95 %, the rounding of the decimals must not decide.
const SLACK: f64 = 1e-12;

/// 1-based ranks `(lower, upper)` of the order statistics that bound the `p`-quantile `q`.
///
/// Of `n` independent values, the number `B` that do not exceed `q` is Binomial(n, p) when the law
/// is continuous. With `alpha = 1 - confidence`:
/// - `lower` is the largest rank `l` with `P(B <= l - 1) <= alpha/2`, the probability that the
///   `l`-th smallest value exceeds `q`;
/// - `upper` is the smallest rank `u` with `P(B >= u) <= alpha/2`, the probability that the
///   `u`-th smallest value does not exceed `q`.
///
/// So `P(X_(lower) <= q < X_(upper)) >= confidence` whatever the continuous law (David and Nagaraja 2003,
/// Order Statistics, section 7.1). If the law has atoms, the closed interval `[X_(lower), X_(upper)]`
/// covers `q` with at least that probability.
///
/// A side is `None` where even the smallest (largest) value of the sample is not low (high) enough.
/// `n` up to 1e10; `p` and `confidence` in the open interval (0, 1).
///
/// # Panics
/// If `p` or `confidence` is not in (0, 1).
pub fn quantile_interval_ranks(n: u64, p: f64, confidence: f64) -> (Option<u64>, Option<u64>) {
    assert!(p > 0.0 && p < 1.0, "a quantile of order {p} is not in (0, 1)");
    assert!(confidence > 0.0 && confidence < 1.0, "a confidence of {confidence} is not in (0, 1)");
    let missed = 0.5 * (1.0 - confidence);
    let allowed = missed * (1.0 + SLACK);
    let centre = n as f64 * p;
    let reach = normal_quantile(1.0 - missed) * (centre * (1.0 - p)).sqrt();
    let guess = |rank: f64| (rank.round().max(0.0) as u64).min(n);

    // Ranks 0..=lower fulfil the first condition; rank 0 always does, and means none.
    let lower = last_true(n, guess(centre - reach), |rank| at_most(n, p, rank - 1) <= allowed);
    // Ranks 0..=last violate the second one, so that last + 1 is the smallest to fulfil it.
    let last = last_true(n, guess(centre + reach), |rank| at_least(n, p, rank) > allowed);
    ((lower > 0).then_some(lower), (last < n).then_some(last + 1))
}

/// `P(B <= k)` for `B` Binomial(n, p).
pub(super) fn at_most(n: u64, p: f64, k: u64) -> f64 {
    if k >= n { 1.0 } else { beta_upper_tail((k + 1) as f64, (n - k) as f64, p) }
}

/// `P(B >= k)` for `B` Binomial(n, p): the `k`-th smallest of `n` uniforms is at most `p`.
fn at_least(n: u64, p: f64, k: u64) -> f64 {
    if k == 0 { 1.0 } else { beta_cdf(k as f64, (n - k + 1) as f64, p) }
}

/// The largest rank in `0..=n` for which `holds`, a condition that is true up to some rank and false
/// beyond; it counts as true at rank 0 and is never asked there. Doubling steps from `guess`, then halving.
fn last_true(n: u64, guess: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let holds = |rank: u64| rank == 0 || (rank <= n && holds(rank));
    let mut step = 1;
    let (mut good, mut bad);
    if holds(guess) {
        (good, bad) = (guess, guess + step);
        while holds(bad) {
            step *= 2;
            (good, bad) = (bad, (bad + step).min(n + 1));
        }
    } else {
        (bad, good) = (guess, guess - step);
        while !holds(good) {
            step *= 2;
            (bad, good) = (good, good.saturating_sub(step));
        }
    }
    while bad - good > 1 {
        let between = good.midpoint(bad);
        if holds(between) {
            good = between;
        } else {
            bad = between;
        }
    }
    good
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `(n, p, confidence, lower, upper)`, 0 for none; summed from the binomial weights at 40 digits.
    const RANKS: [(u64, f64, f64, u64, u64); 80] = [
        (1, 0.001, 0.9, 0, 1),
        (1, 0.001, 0.95, 0, 1),
        (1, 0.1, 0.9, 0, 0),
        (1, 0.1, 0.95, 0, 0),
        (1, 0.5, 0.9, 0, 0),
        (1, 0.5, 0.95, 0, 0),
        (1, 0.975, 0.9, 1, 0),
        (1, 0.975, 0.95, 1, 0),
        (1, 0.999, 0.9, 1, 0),
        (1, 0.999, 0.95, 1, 0),
        (2, 0.001, 0.9, 0, 1),
        (2, 0.001, 0.95, 0, 1),
        (2, 0.1, 0.9, 0, 2),
        (2, 0.1, 0.95, 0, 2),
        (2, 0.5, 0.9, 0, 0),
        (2, 0.5, 0.95, 0, 0),
        (2, 0.975, 0.9, 2, 0),
        (2, 0.975, 0.95, 1, 0),
        (2, 0.999, 0.9, 2, 0),
        (2, 0.999, 0.95, 2, 0),
        (5, 0.001, 0.9, 0, 1),
        (5, 0.001, 0.95, 0, 1),
        (5, 0.1, 0.9, 0, 3),
        (5, 0.1, 0.95, 0, 3),
        (5, 0.5, 0.9, 1, 5),
        (5, 0.5, 0.95, 0, 0),
        (5, 0.975, 0.9, 4, 0),
        (5, 0.975, 0.95, 4, 0),
        (5, 0.999, 0.9, 5, 0),
        (5, 0.999, 0.95, 5, 0),
        (6, 0.001, 0.9, 0, 1),
        (6, 0.001, 0.95, 0, 1),
        (6, 0.1, 0.9, 0, 3),
        (6, 0.1, 0.95, 0, 3),
        (6, 0.5, 0.9, 1, 6),
        (6, 0.5, 0.95, 1, 6),
        (6, 0.975, 0.9, 5, 0),
        (6, 0.975, 0.95, 5, 0),
        (6, 0.999, 0.9, 6, 0),
        (6, 0.999, 0.95, 6, 0),
        (10, 0.001, 0.9, 0, 1),
        (10, 0.001, 0.95, 0, 1),
        (10, 0.1, 0.9, 0, 4),
        (10, 0.1, 0.95, 0, 4),
        (10, 0.5, 0.9, 2, 9),
        (10, 0.5, 0.95, 2, 9),
        (10, 0.975, 0.9, 9, 0),
        (10, 0.975, 0.95, 9, 0),
        (10, 0.999, 0.9, 10, 0),
        (10, 0.999, 0.95, 10, 0),
        (37, 0.001, 0.9, 0, 1),
        (37, 0.001, 0.95, 0, 2),
        (37, 0.1, 0.9, 1, 8),
        (37, 0.1, 0.95, 1, 9),
        (37, 0.5, 0.9, 14, 24),
        (37, 0.5, 0.95, 13, 25),
        (37, 0.975, 0.9, 34, 0),
        (37, 0.975, 0.95, 34, 0),
        (37, 0.999, 0.9, 37, 0),
        (37, 0.999, 0.95, 36, 0),
        (100, 0.001, 0.9, 0, 2),
        (100, 0.001, 0.95, 0, 2),
        (100, 0.1, 0.9, 5, 16),
        (100, 0.1, 0.95, 5, 17),
        (100, 0.5, 0.9, 42, 59),
        (100, 0.5, 0.95, 40, 61),
        (100, 0.975, 0.9, 95, 0),
        (100, 0.975, 0.95, 94, 0),
        (100, 0.999, 0.9, 99, 0),
        (100, 0.999, 0.95, 99, 0),
        (1000, 0.001, 0.9, 0, 4),
        (1000, 0.001, 0.95, 0, 4),
        (1000, 0.1, 0.9, 85, 117),
        (1000, 0.1, 0.95, 82, 120),
        (1000, 0.5, 0.9, 474, 527),
        (1000, 0.5, 0.95, 469, 532),
        (1000, 0.975, 0.9, 967, 984),
        (1000, 0.975, 0.95, 965, 985),
        (1000, 0.999, 0.9, 997, 0),
        (1000, 0.999, 0.95, 997, 0),
    ];

    #[test]
    fn ranks_against_the_sum_of_the_weights() {
        for (n, p, confidence, lower, upper) in RANKS {
            let expected = ((lower > 0).then_some(lower), (upper > 0).then_some(upper));
            assert_eq!(quantile_interval_ranks(n, p, confidence), expected, "n {n}, p {p}, {confidence}");
        }
    }

    #[test]
    fn large_samples_follow_the_normal_law() {
        for n in [100_000_000_u64, 10_000_000_000] {
            for p in [0.001, 0.5, 0.975] {
                let (lower, upper) = quantile_interval_ranks(n, p, 0.95);
                let (centre, deviation) = (n as f64 * p, (n as f64 * p * (1.0 - p)).sqrt());
                let lower = (lower.unwrap() as f64 - centre) / deviation;
                let upper = (upper.unwrap() as f64 - centre) / deviation;
                assert!(
                    (lower + 1.96).abs() < 0.02 && (upper - 1.96).abs() < 0.02,
                    "{n} {p}: {lower} {upper}"
                );
            }
        }
    }

    #[test]
    fn an_empty_sample_has_no_interval() {
        assert_eq!(quantile_interval_ranks(0, 0.5, 0.95), (None, None));
    }

    #[test]
    #[should_panic(expected = "not in (0, 1)")]
    fn a_quantile_of_order_one_is_refused() {
        quantile_interval_ranks(10, 1.0, 0.95);
    }

    proptest! {
        #[test]
        fn ranks_are_the_outermost_that_hold(
            n in 1..2_000_000_u64,
            p in 0.0005..0.9995_f64,
            confidence in 0.5..0.999_f64,
        ) {
            let missed = 0.5 * (1.0 - confidence) * (1.0 + SLACK);
            let (lower, upper) = quantile_interval_ranks(n, p, confidence);
            let lower = lower.unwrap_or(0);
            let upper = upper.unwrap_or(n + 1);
            prop_assert!(lower < upper);
            prop_assert!(lower == 0 || at_most(n, p, lower - 1) <= missed);
            prop_assert!(lower == n || at_most(n, p, lower) > missed);
            prop_assert!(upper == n + 1 || at_least(n, p, upper) <= missed);
            prop_assert!(at_least(n, p, upper - 1) > missed);
        }

        #[test]
        fn the_interval_of_one_minus_p_is_the_mirror(n in 1..5000_u64, eighths in 1..8_u32) {
            let p = f64::from(eighths) / 8.0;
            let (lower, upper) = quantile_interval_ranks(n, p, 0.95);
            let (mirror_lower, mirror_upper) = quantile_interval_ranks(n, 1.0 - p, 0.95);
            prop_assert_eq!(lower.map(|rank| n + 1 - rank), mirror_upper);
            prop_assert_eq!(upper.map(|rank| n + 1 - rank), mirror_lower);
        }
    }
}
