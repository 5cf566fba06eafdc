//! Distribution-free confidence intervals of quantiles, from the binomial law.

use super::beta::{beta_cdf, beta_upper_tail};
use super::normal::normal_quantile;

/// 1-based ranks `(lower, upper)` of the order statistics that bound the `p`-quantile `q`.
///
/// Of `n` independent values, the number `B` that do not exceed `q` is Binomial(n, p) when the law
/// is continuous. With `alpha = 1 - confidence`:
/// - `lower` is the largest rank `l` with `P(B <= l - 1) <= alpha/2`, the probability that the
///   `l`-th smallest value exceeds `q`;
/// - `upper` is the smallest rank `u` with `P(B >= u) <= alpha/2`, the probability that the
///   `u`-th smallest value does not exceed `q`.
///
/// So `P(X_(lower) <= q < X_(upper)) >= confidence` whatever the law (David and Nagaraja 2003,
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
    let centre = n as f64 * p;
    let reach = normal_quantile(1.0 - missed) * (centre * (1.0 - p)).sqrt();
    let guess = |rank: f64| (rank.round().max(0.0) as u64).min(n);

    // Ranks 0..=lower fulfil the first condition; rank 0 always does, and means none.
    let lower = last_true(n, guess(centre - reach), |rank| at_most(n, p, rank - 1) <= missed);
    // Ranks 0..=last violate the second one, so that last + 1 is the smallest to fulfil it.
    let last = last_true(n, guess(centre + reach), |rank| at_least(n, p, rank) > missed);
    ((lower > 0).then_some(lower), (last < n).then_some(last + 1))
}

/// `P(B <= k)` for `B` Binomial(n, p).
fn at_most(n: u64, p: f64, k: u64) -> f64 {
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
