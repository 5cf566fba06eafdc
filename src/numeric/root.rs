//! Inverting a distribution function inside a bracket.
//!
//! The searches run on a logarithmic coordinate `t` (`ln x`, or the logit of `x`), on which
//! the logarithm of a small tail is nearly straight: a few steps suffice from far away, and
//! a quantile of 1e-300 is found as easily as one of 0.3.

use super::ln;

/// Both tails of a law at a point; the smaller one is accurate relative to itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tails {
    pub(super) lower: f64,
    pub(super) upper: f64,
}

impl Tails {
    pub(super) fn from_lower(lower: f64) -> Tails {
        Tails { lower, upper: 1.0 - lower }
    }

    pub(super) fn from_upper(upper: f64) -> Tails {
        Tails { lower: 1.0 - upper, upper }
    }
}

/// A distribution function at one point.
pub(super) struct Evaluation {
    /// The tails at the point.
    pub(super) tails: Tails,
    /// The density with respect to `t`.
    pub(super) density: f64,
    /// The derivative of `ln density` with respect to `t`.
    pub(super) slope: f64,
}

/// After this many evaluations every other step halves the bracket.
const TRUSTED_STEPS: u32 = 12;

/// By then 64 halvings have closed any bracket of doubles below 1000.
const MOST_STEPS: u32 = 150;

/// The `t` in `[low, high]` at which the tails are `target`.
///
/// Halley steps on the logarithm of the smaller target tail, inside a bracket that only shrinks; a step
/// that leaves the bracket, and every other one once Halley has not settled, is replaced by the
/// bracket's midpoint, so that the search always ends. The error of the result is some ulps of 1 or of `t`.
pub(super) fn solve(
    low: f64,
    high: f64,
    start: f64,
    target: Tails,
    evaluate: impl Fn(f64) -> Evaluation,
) -> f64 {
    let (mut low, mut high) = (low, high);
    let mut t = if low < start && start < high { start } else { 0.5 * (low + high) };
    let mut last = f64::INFINITY;
    for count in 0..MOST_STEPS {
        let (residual, step) = halley(target, evaluate(t));
        if residual == 0.0 {
            return t;
        }
        if residual < 0.0 {
            low = t;
        } else {
            high = t;
        }
        let resolution = f64::EPSILON * t.abs().max(0.25);
        if high - low <= resolution {
            return t;
        }
        let proposal = t + step;
        if settled(step.abs(), last, resolution) {
            return proposal.clamp(low, high);
        }
        let inside = low < proposal && proposal < high;
        if inside && (count < TRUSTED_STEPS || count % 2 == 0) {
            (t, last) = (proposal, step.abs());
        } else {
            // A step not taken tells nothing about the next one.
            (t, last) = (0.5 * (low + high), f64::INFINITY);
        }
    }
    t
}

/// How far the logarithm of the tail is off (negative: the root lies to the right), and the step to take.
fn halley(target: Tails, at: Evaluation) -> (f64, f64) {
    // The signed logarithm increases with t in both cases; `rate` is its derivative.
    let (residual, rate, curvature) = if target.lower <= target.upper {
        let rate = at.density / at.tails.lower;
        (ln(at.tails.lower / target.lower), rate, at.slope - rate)
    } else {
        let rate = at.density / at.tails.upper;
        (ln(target.upper / at.tails.upper), rate, at.slope + rate)
    };
    let newton = residual / rate;
    // Far from the root the correction is not to be trusted beyond a factor of two.
    let correction = (1.0 - 0.5 * newton * curvature).clamp(0.5, 2.0);
    (residual, -newton / correction)
}

/// Whether the step after this one would change nothing.
///
/// Steps that shrink quadratically, `next = K step^2`, have `next = step (step/last)^2`; Halley's shrink
/// faster, so this errs on the safe side. Steps of a few ulps that no longer shrink are rounding.
fn settled(step: f64, last: f64, resolution: f64) -> bool {
    let ratio = step / last;
    let next = step * ratio * ratio;
    step <= resolution
        || (last.is_finite() && ratio < 0.1 && next < 0.1 * resolution)
        || (ratio > 0.5 && step < 64.0 * resolution)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::exp;

    /// The logistic law: `F(t) = 1/(1 + e^-t)`, density `F (1-F)`.
    fn logistic(t: f64) -> Evaluation {
        let small = exp(-t.abs()) / (1.0 + exp(-t.abs()));
        let tails = if t < 0.0 { Tails::from_lower(small) } else { Tails::from_upper(small) };
        Evaluation { tails, density: small * (1.0 - small), slope: tails.upper - tails.lower }
    }

    #[test]
    fn logistic_quantiles_from_any_start() {
        for p in [1e-300, 1e-10, 0.2, 0.5, 0.7, 0.999] {
            for start in [-700.0, -3.0, 0.1, 40.0, f64::NAN] {
                let t = solve(-745.0, 745.0, start, Tails::from_lower(p), logistic);
                let exact = ln(p) - crate::numeric::ln_1p(-p);
                assert!(
                    (t - exact).abs() <= 8.0 * f64::EPSILON * exact.abs().max(1.0),
                    "{p:e} from {start}: {t} {exact}"
                );
            }
        }
    }

    #[test]
    fn useless_derivatives_still_end_at_the_root() {
        let count = std::cell::Cell::new(0);
        let t = solve(-700.0, 700.0, 1.0, Tails::from_lower(0.3), |t| {
            count.set(count.get() + 1);
            Evaluation { density: f64::NAN, ..logistic(t) }
        });
        assert!((t - (ln(0.3) - ln(0.7))).abs() <= 4.0 * f64::EPSILON, "{t}");
        assert!(count.get() < 70, "{} evaluations", count.get());
    }

    #[test]
    fn a_jump_is_bracketed() {
        let jump =
            |t: f64| Evaluation { tails: Tails::from_lower(if t < 3.0 { 0.2 } else { 0.4 }), ..logistic(t) };
        let t = solve(-8.0, 8.0, 1.0, Tails::from_lower(0.3), jump);
        assert!((t - 3.0).abs() <= 4.0 * f64::EPSILON, "{t}");
    }
}
