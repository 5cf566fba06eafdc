//! The difference of two chances on the same paths, with an interval that is honest for rare events.
//!
//! On `b` of `n` paths the event happens in the first scenario only, on `c` in the second only. The score interval of
//! Tango (1998, Statistics in Medicine 17, 891-908) is the set of differences `D` of the second chance less the first that
//! the counts do not contradict:
//!
//! `|c - b - n D| <= z sqrt(n (2 q + D (1 - D)))`, `q` the restricted maximum-likelihood estimate of the chance of `b`:
//! `q = (sqrt(B^2 - 8 n C) - B) / (4 n)`, `B = -b - c + (2 n - c + b) D`, `C = -b D (1 - D)`.
//!
//! Where no path differs (`b = c = 0`) it still has a width, `z^2 / (n + z^2)` either way: what rarely differs may not have been
//! seen yet. The plain interval (estimate and 1.96 of its errors) has none there, and misses too often where few paths differ
//! (Newcombe 1998, Statistics in Medicine 17, 2635-2650, compares ten methods).

use super::normal::HALF_WIDTH_95;

/// The 95 % interval of the second chance less the first.
///
/// # Panics
/// If more paths differ than there are, or there are none.
pub fn paired_chance_interval(only_first: u64, only_second: u64, paths: u64) -> (f64, f64) {
    assert!(paths > 0 && only_first + only_second <= paths, "{only_first} + {only_second} of {paths} paths");
    let estimate = (only_second as f64 - only_first as f64) / paths as f64;
    let score = |difference: f64| score(only_first as f64, only_second as f64, paths as f64, difference);
    // The score falls as the difference rises: above +z below the lower end, below -z above the upper one.
    let low = bisect(-1.0, estimate, |difference| score(difference) > HALF_WIDTH_95);
    let high = bisect(estimate, 1.0, |difference| score(difference) >= -HALF_WIDTH_95);
    (low, high)
}

fn score(b: f64, c: f64, n: f64, difference: f64) -> f64 {
    // Of the second less the first: roles as in Tango, whose difference is the first less the second, with b and c exchanged.
    let (gained, lost) = (c, b);
    let linear = -gained - lost + (2.0 * n - gained + lost) * difference;
    let constant = -lost * difference * (1.0 - difference);
    let root = (linear * linear - 8.0 * n * constant).max(0.0).sqrt();
    let chance = ((root - linear) / (4.0 * n)).max(0.0);
    let variance = n * (2.0 * chance + difference * (1.0 - difference));
    let distance = gained - lost - n * difference;
    if variance <= 0.0 {
        return if distance == 0.0 { 0.0 } else { distance.signum() * f64::INFINITY };
    }
    distance / variance.sqrt()
}

/// Where a condition that holds at `low` stops holding; `low` or `high` if it changes nowhere.
fn bisect(low: f64, high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (low, high);
    for _ in 0..80 {
        let between = 0.5 * (low + high);
        if holds(between) {
            low = between;
        } else {
            high = between;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::binomial;

    #[test]
    fn known_intervals() {
        // From the restricted likelihood, maximised numerically in another language: 44 pairs of which one differs, and none of
        // 1,000, where it is z^2 / (n + z^2) either way.
        let (low, high) = paired_chance_interval(1, 0, 44);
        assert!((low + 0.118_077_10).abs() < 1e-6 && (high - 0.059_393_23).abs() < 1e-6, "{low} {high}");
        let (low, high) = paired_chance_interval(0, 0, 1_000);
        let width = HALF_WIDTH_95 * HALF_WIDTH_95 / (1_000.0 + HALF_WIDTH_95 * HALF_WIDTH_95);
        assert!((low + width).abs() < 1e-9 && (high - width).abs() < 1e-9, "{low} {high}");
    }

    #[test]
    fn it_is_the_plain_interval_for_many_and_mirrors() {
        let (b, c, n) = (40_000_u64, 50_000_u64, 1_000_000_u64);
        let (low, high) = paired_chance_interval(b, c, n);
        let (value, count) = ((c - b) as f64 / n as f64, n as f64);
        let error = ((b + c) as f64 / count - value * value).sqrt() / count.sqrt();
        assert!((low - (value - 1.96 * error)).abs() < 1e-5 && (high - (value + 1.96 * error)).abs() < 1e-5);
        let (mirrored_low, mirrored_high) = paired_chance_interval(c, b, n);
        assert!((low + mirrored_high).abs() < 1e-9 && (high + mirrored_low).abs() < 1e-9);
    }

    #[test]
    fn rare_differences_are_covered() {
        // 2,000 pairs; an event in the second only with the chance 0.0005, so that 37 % of samples have none. Exact coverage,
        // over all counts up to 12.
        let (n, chance) = (2_000_u64, 0.0005);
        let mut covered = 0.0;
        for c in 0..=12_u64 {
            let at_most = |count: u64| binomial::at_most(n, chance, count);
            let probability = if c == 0 { at_most(0) } else { at_most(c) - at_most(c - 1) };
            let (low, high) = paired_chance_interval(0, c, n);
            if low <= chance && chance <= high {
                covered += probability;
            }
        }
        assert!(covered > 0.94, "{covered}");
    }
}
