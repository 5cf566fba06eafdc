//! A statistic of one scenario, and the difference of one statistic between two scenarios on the same paths.

use super::influence::{Influence, error_of_mean, half_width, influence};
use crate::aggregate::summary::natural;
use crate::metrics::Unit;
use crate::numeric::paired_chance::paired_chance_interval;
use crate::scenario::LimitStatistic;

/// A number with its standard error, in natural units (euros, ratios, counts, probabilities).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
}

impl Estimate {
    /// A statistic of the carried values of a figure; `None` where too few paths make the tail.
    pub fn of(values: &[i64], unit: Unit, statistic: LimitStatistic) -> Option<Estimate> {
        let influence = influence(values, statistic)?;
        Some(Estimate {
            value: natural(unit, influence.value),
            std_error: natural(unit, influence.std_error()),
        })
    }

    /// The 95 % interval.
    pub fn interval(&self) -> (f64, f64) {
        let half = half_width(self.std_error);
        (self.value - half, self.value + half)
    }
}

/// The second scenario's statistic less the first one's, on common random numbers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PairedDifference {
    /// The difference with its error.
    pub difference: Estimate,
    /// The error it would have on independent paths: what the common luck saves.
    pub unpaired_std_error: f64,
    /// Of a difference of chances: its score interval ([`paired_chance_interval`]), honest also for rare events.
    pub chance_interval: Option<(f64, f64)>,
}

impl PairedDifference {
    /// Of two columns of the same paths; `None` where a statistic could not be estimated.
    ///
    /// # Panics
    /// If the columns are not of equally many paths.
    pub fn of(
        first: &[i64],
        second: &[i64],
        unit: Unit,
        statistic: LimitStatistic,
    ) -> Option<PairedDifference> {
        Some(PairedDifference::of_influences(
            &influence(first, statistic)?,
            &influence(second, statistic)?,
            unit,
        ))
    }

    /// Of influences that are known already: the first scenario's are the same in every comparison.
    ///
    /// # Panics
    /// If they are not of equally many paths.
    pub fn of_influences(first: &Influence, second: &Influence, unit: Unit) -> PairedDifference {
        assert_eq!(first.of_path.len(), second.of_path.len(), "pairs need the same paths");
        let pairs = second.of_path.iter().zip(&first.of_path);
        let std_error = error_of_mean(pairs.map(|(second, first)| second - first));
        let (one, other) = (first.std_error(), second.std_error());
        PairedDifference {
            difference: Estimate {
                value: natural(unit, second.value - first.value),
                std_error: natural(unit, std_error),
            },
            unpaired_std_error: natural(unit, (one * one + other * other).sqrt()),
            chance_interval: (unit == Unit::Probability).then(|| chance_interval(first, second)).flatten(),
        }
    }

    /// The 95 % interval of the difference.
    pub fn interval(&self) -> (f64, f64) {
        self.chance_interval.unwrap_or_else(|| self.difference.interval())
    }

    /// Half of its width.
    pub fn half_width(&self) -> f64 {
        let (low, high) = self.interval();
        (high - low) / 2.0
    }

    /// Whether 0 lies outside the 95 % interval: the difference is beyond noise.
    pub fn is_beyond_noise(&self) -> bool {
        let (low, high) = self.interval();
        low > 0.0 || high < 0.0
    }
}

/// The interval of a difference of means of events, which are 0 or 1 on each path; `None` for other statistics of them.
fn chance_interval(first: &Influence, second: &Influence) -> Option<(f64, f64)> {
    let (mut only_first, mut only_second) = (0, 0);
    for (of_first, of_second) in first.of_path.iter().zip(&second.of_path) {
        // The influence on a mean is the value less the mean.
        let [of_first, of_second] = [of_first + first.value, of_second + second.value];
        let happened = |value: f64| ((value - value.round()).abs() < 1e-6).then_some(value.round() as i64);
        match (happened(of_first)?, happened(of_second)?) {
            (1, 0) => only_first += 1,
            (0, 1) => only_second += 1,
            (0, 0) | (1, 1) => {}
            _ => return None,
        }
    }
    let paths = first.of_path.len() as u64;
    (paths > 0).then(|| paired_chance_interval(only_first, only_second, paths))
}
