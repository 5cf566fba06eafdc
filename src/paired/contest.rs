//! On how many paths one scenario does better than another.

use super::measure::Direction;
use crate::numeric::beta::clopper_pearson;

/// Confidence of the intervals.
const CONFIDENCE: f64 = 0.95;

/// Path by path: how often the second scenario is better, the same, worse.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Contest {
    /// Paths on which the second is better.
    pub better: u64,
    /// Paths on which both have the same value.
    pub equal: u64,
    /// Paths on which the second is worse.
    pub worse: u64,
}

impl Contest {
    /// Of two columns of the same paths; `None` for a figure of which neither direction is better.
    ///
    /// # Panics
    /// If the columns are not of equally many paths.
    pub fn of(first: &[i64], second: &[i64], direction: Direction) -> Option<Contest> {
        assert_eq!(first.len(), second.len(), "pairs need the same paths");
        let (mut below, mut equal, mut above) = (0, 0, 0);
        for (first, second) in first.iter().zip(second) {
            match second.cmp(first) {
                std::cmp::Ordering::Less => below += 1,
                std::cmp::Ordering::Equal => equal += 1,
                std::cmp::Ordering::Greater => above += 1,
            }
        }
        match direction {
            Direction::Up => Some(Contest { better: above, equal, worse: below }),
            Direction::Down => Some(Contest { better: below, equal, worse: above }),
            Direction::Neither => None,
        }
    }

    /// Paths in all.
    pub fn paths(&self) -> u64 {
        self.better + self.equal + self.worse
    }

    /// Chance that the second is strictly better, with its 95 % interval (Clopper and Pearson 1934).
    pub fn chance_better(&self) -> (f64, (f64, f64)) {
        let paths = self.paths();
        (self.better as f64 / paths as f64, clopper_pearson(self.better, paths, CONFIDENCE))
    }
}
