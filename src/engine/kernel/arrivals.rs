//! How many apply and when: the Poisson counts of all quarters of a path.
//!
//! A count is found by walking up the distribution function. Within a year the mean is the same in every quarter, so the
//! walk is kept and continued instead of begun anew: the same numbers as [`poisson_quantile`] computes, once.

use crate::numeric::exp;
use crate::numeric::poisson::poisson_quantile;

/// The distribution function of one Poisson law, as far as it was asked for.
#[derive(Clone, Debug, Default)]
pub struct PoissonWalk {
    mean: f64,
    probability: f64,
    cumulated: Vec<f64>,
    /// Further terms no longer change the sum.
    ended: bool,
}

impl PoissonWalk {
    /// [`poisson_quantile`] of this mean, at most 64, and uniform.
    pub fn quantile(&mut self, mean: f64, uniform: f64) -> u64 {
        if !(mean == self.mean) || self.cumulated.is_empty() {
            if !(0.0..=crate::numeric::poisson::LARGEST_MEAN).contains(&mean) {
                return poisson_quantile(mean, uniform);
            }
            self.mean = mean;
            self.probability = exp(-mean);
            self.cumulated.clear();
            self.cumulated.push(self.probability);
            self.ended = false;
        }
        let mut count = 0;
        while uniform > self.cumulated[count] {
            if count + 1 == self.cumulated.len() && !self.extend() {
                break;
            }
            count += 1;
        }
        count as u64
    }

    /// One term more, unless it would not change the sum.
    fn extend(&mut self) -> bool {
        if self.ended {
            return false;
        }
        let index = self.cumulated.len() as f64;
        self.probability *= self.mean / index;
        let last = self.cumulated[self.cumulated.len() - 1];
        let next = last + self.probability;
        if next == last && index > self.mean {
            self.ended = true;
            return false;
        }
        self.cumulated.push(next);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_kept_walk_finds_the_same_counts(
            means in proptest::collection::vec((0.0..64.0_f64, 1..6usize), 1..5),
            uniforms in proptest::collection::vec(0.0..1.0_f64, 6),
        ) {
            let mut walk = PoissonWalk::default();
            for (mean, repeats) in means {
                let extremes = [f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0];
                for &u in uniforms.iter().take(repeats).chain(&extremes) {
                    prop_assert_eq!(walk.quantile(mean, u), poisson_quantile(mean, u));
                }
            }
        }
    }
}
