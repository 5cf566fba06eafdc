//! Inverting an increasing function inside a bracket.

/// What one evaluation of the function tells.
pub(super) struct Trial {
    /// Negative when the root lies to the right, positive when it lies to the left, 0 at the root.
    pub residual: f64,
    /// Where the local (Newton) model puts the root; ignored outside the bracket.
    pub proposal: f64,
}

/// After this many evaluations every other step halves the bracket.
const TRUSTED_STEPS: u32 = 12;

/// Twice the bits of a double and the trusted steps: the bracket has collapsed by then.
const MOST_STEPS: u32 = 160;

/// The root in `[low, high]`, `0 <= low < high`, of an increasing function.
///
/// Newton steps inside a bracket that only shrinks. A step that leaves the bracket, and
/// every other step once Newton has not settled, is replaced by the midpoint of the
/// bracket in the *order of the doubles*: it halves the count of doubles left whatever
/// their scale, so that the search ends after at most 64 halvings, also when the root is
/// 1e-300. The root is settled when the step that Newton would take next, judged from
/// the last two, is below half an ulp.
pub(super) fn increasing_root(
    low: f64,
    high: f64,
    start: f64,
    mut evaluate: impl FnMut(f64) -> Trial,
) -> f64 {
    let (mut low, mut high) = (low, high);
    let mut x = if low < start && start < high { start } else { middle(low, high) };
    let mut last_step = f64::INFINITY;
    for count in 0..MOST_STEPS {
        let Trial { residual, proposal } = evaluate(x);
        if residual == 0.0 {
            return x;
        }
        if residual < 0.0 {
            low = x;
        } else {
            high = x;
        }
        if low.next_up() >= high {
            return x;
        }
        let inside = low < proposal && proposal < high;
        let step = (proposal - x).abs();
        if inside && settled(x, step, last_step) {
            return proposal;
        }
        if !inside && step <= f64::EPSILON * x {
            return x;
        }
        last_step = step;
        let trusted = count < TRUSTED_STEPS || count % 2 == 0;
        x = if inside && trusted { proposal } else { middle(low, high) };
    }
    x
}

/// Whether the step after this one would change nothing.
///
/// Newton's steps shrink as `next = K step^2`; with `K` from the last two steps,
/// `next = step^3 / last^2`. Steps of a few ulps that no longer shrink are rounding.
fn settled(x: f64, step: f64, last: f64) -> bool {
    let ulp = f64::EPSILON * x.abs();
    let ratio = step / last;
    step <= ulp
        || (last.is_finite() && ratio < 0.1 && step * ratio * ratio < 0.25 * ulp)
        || (ratio > 0.5 && step < 64.0 * ulp)
}

/// The double halfway between two non-negative doubles, counting doubles.
fn middle(low: f64, high: f64) -> f64 {
    f64::from_bits(low.to_bits().midpoint(high.to_bits()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newton(x: f64, value: f64, slope: f64) -> Trial {
        Trial { residual: value, proposal: x - value / slope }
    }

    #[test]
    fn square_root_of_two_to_the_last_bit() {
        let root = increasing_root(0.0, 2.0, 1.0, |x| newton(x, x * x - 2.0, 2.0 * x));
        assert!((root - std::f64::consts::SQRT_2).abs() <= f64::EPSILON);
    }

    #[test]
    fn useless_proposals_still_end_at_the_root() {
        let mut count = 0;
        let root = increasing_root(0.0, 1.0, 0.5, |x| {
            count += 1;
            Trial { residual: if x < 1e-300 { -1.0 } else { 1.0 }, proposal: f64::NAN }
        });
        assert!((root - 1e-300).abs() <= 1e-300 * f64::EPSILON, "{root:e}");
        assert!(count <= 66, "{count} evaluations");
    }

    #[test]
    fn a_jump_is_bracketed() {
        let root = increasing_root(0.0, 8.0, 1.0, |x| newton(x, if x < 3.0 { -1.0 } else { 1.0 }, 1e-3));
        assert!((root - 3.0).abs() <= 4.0 * f64::EPSILON, "{root}");
    }
}
