//! Intervals for stratified, weighted samples.
//!
//! What is known of a figure's error is the spread of its sets ([`crate::engine::tilt::SET_PATHS`] paths each), which are
//! independent replicates whatever happens within them. With `G` sets the spread has `G - 1` degrees of freedom:
//! - a mean: Student's interval. Standard errors are reported so that 1.96 of them make its half-width
//!   ([`student_factor`]);
//! - a shortfall: the same, widened further for skewness ([`crate::numeric::edgeworth`]);
//! - a probability: the binomial law does not apply. Its *effective number of paths* is `p (1-p) / variance`, and the
//!   interval is that of Clopper and Pearson for so many independent paths (Korn and Graubard 1998);
//! - a quantile: an interval of the probability beyond it, turned into values (Woodruff 1952); with the Beta quantiles
//!   of Jeffreys, which miss on either side as often as they should (Brown, Cai and DasGupta 2001).

use crate::numeric::beta::{beta_quantile, student_t_quantile};
use crate::numeric::normal::HALF_WIDTH_95;

/// Below so many effective paths beyond a quantile its interval has no bound on that side: with a chance above 2.5 %
/// none would have been seen (`exp(-3.69) = 0.025`, as for plain order statistics).
pub const FEWEST_BEYOND: f64 = 3.69;

/// Student's 97.5 % quantile for the spread of so many sets, over the normal one; infinite for one set.
pub fn student_factor(sets: u64) -> f64 {
    if sets < 2 {
        return f64::INFINITY;
    }
    student_t_quantile((sets - 1) as f64, 0.975) / HALF_WIDTH_95
}

/// A probability that was estimated with a variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EstimatedChance {
    /// The estimate.
    pub value: f64,
    /// So many independent paths would know it as well.
    pub effective_paths: f64,
}

impl EstimatedChance {
    /// From a variance that the spread of independent sets gave, with their [`student_factor`]. One set has no spread.
    pub fn new(value: f64, variance: f64, factor: f64, paths: f64) -> EstimatedChance {
        let variance = if factor.is_finite() { variance * factor * factor } else { 0.0 };
        EstimatedChance::of_variance(value, variance, paths)
    }

    /// From a variance. Where there is none (never or always seen, or one set) half of the `paths` count: weights of
    /// at most 2 at most double a variance.
    pub fn of_variance(value: f64, variance: f64, paths: f64) -> EstimatedChance {
        let effective_paths = if variance > 0.0 && value > 0.0 && value < 1.0 {
            value * (1.0 - value) / variance
        } else {
            paths / 2.0
        };
        EstimatedChance { value, effective_paths }
    }

    /// The 95 % interval that misses at most as often as it says.
    pub fn interval(&self) -> (f64, f64) {
        let (seen, missed) = (self.value * self.effective_paths, (1.0 - self.value) * self.effective_paths);
        let low = if seen > 0.0 { beta_quantile(seen, missed + 1.0, 0.025) } else { 0.0 };
        let high = if missed > 0.0 { beta_quantile(seen + 1.0, missed, 0.975) } else { 1.0 };
        (low, high)
    }

    /// Bounds between which the probability `tail` would be estimated 95 times in 100, for so many effective paths;
    /// `None` where nothing may lie beyond.
    pub fn bounds_around(tail: f64, effective_paths: f64) -> (Option<f64>, Option<f64>) {
        let (beyond, below) = (tail * effective_paths, (1.0 - tail) * effective_paths);
        let bound = |level| beta_quantile(beyond + 0.5, below + 0.5, level);
        ((beyond >= FEWEST_BEYOND).then(|| bound(0.025)), (below >= FEWEST_BEYOND).then(|| bound(0.975)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::beta::clopper_pearson;

    #[test]
    fn for_equal_weights_it_is_the_interval_of_clopper_and_pearson() {
        let chance = EstimatedChance { value: 0.03, effective_paths: 1_000.0 };
        let (low, high) = clopper_pearson(30, 1_000, 0.95);
        assert!((chance.interval().0 - low).abs() < 1e-12 && (chance.interval().1 - high).abs() < 1e-12);
        let never = EstimatedChance::of_variance(0.0, 0.0, 2_000.0);
        assert_eq!(never.interval().0, 0.0);
        assert!((never.interval().1 - clopper_pearson(0, 1_000, 0.95).1).abs() < 1e-12);
    }

    #[test]
    fn few_sets_widen_intervals() {
        // Student's 97.5 % quantiles for 9 and 99 degrees: 2.262 and 1.984.
        assert!((student_factor(10) * HALF_WIDTH_95 - 2.262_157).abs() < 1e-6);
        assert!((student_factor(100) * HALF_WIDTH_95 - 1.984_217).abs() < 1e-6);
        assert_eq!(student_factor(1), f64::INFINITY);
    }

    #[test]
    fn no_bound_where_nothing_may_lie_beyond() {
        let (least, most) = EstimatedChance::bounds_around(0.001, 2_000.0);
        assert!(least.is_none() && most.is_some_and(|most| most > 0.001));
        let (least, most) = EstimatedChance::bounds_around(0.01, 2_000.0);
        assert!(least.is_some_and(|least| least < 0.01) && most.is_some());
    }
}
