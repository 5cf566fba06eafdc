//! What a reverse stress test turns: how far each lever reaches within the bounds of the scenario file, and the `--set`
//! options that stand for a position of it.

use super::shock::lgd_sets;
use crate::locale::{Pair, pair};
use crate::scenario::{Line, Scenario};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Yearly default probabilities stay below this.
pub const PROBABILITY_BOUND: Decimal = Decimal::from_parts(999_999, 0, 0, false, 6);
/// Correlations together stay at or below this.
pub const CORRELATION_BOUND: Decimal = Decimal::from_parts(999_999, 0, 0, false, 6);
/// Largest multiplier of default probabilities.
const LARGEST_MULTIPLIER: Decimal = Decimal::TEN;
/// Distance of neighbouring positions: a thousandth of a multiplier, a tenth of a point, a thousandth of a correlation.
const STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 3);

/// A lever.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lever {
    /// Multiplier of the yearly default probabilities of all ratings, from 1 up to 10.
    Pd,
    /// Points added to the mean loss given default of all lines, from 0 up to where nothing comes back.
    Lgd,
    /// The systemic correlation, from its value up to what the theme correlation leaves.
    Correlation,
}

impl Lever {
    /// The word on the command line and in files.
    pub fn word(self) -> &'static str {
        match self {
            Lever::Pd => "pd",
            Lever::Lgd => "lgd",
            Lever::Correlation => "correlation",
        }
    }

    /// The word for readers.
    pub fn title(self) -> Pair {
        match self {
            Lever::Pd => pair("moltiplicatore delle PD", "PD multiplier"),
            Lever::Lgd => pair("aumento della LGD", "LGD shift"),
            Lever::Correlation => pair("correlazione sistemica", "systemic correlation"),
        }
    }

    /// Where it stands in the scenario.
    pub fn start(self, scenario: &Scenario) -> Decimal {
        match self {
            Lever::Pd => Decimal::ONE,
            Lever::Lgd => Decimal::ZERO,
            Lever::Correlation => scenario.credit.systemic_correlation.decimal(),
        }
    }

    /// How many positions there are above the start.
    pub fn positions(self, scenario: &Scenario) -> u32 {
        let bound = match self {
            Lever::Pd => {
                let largest = largest_pd(scenario);
                if largest.is_zero() {
                    Decimal::ONE
                } else {
                    LARGEST_MULTIPLIER.min(PROBABILITY_BOUND / largest)
                }
            }
            Lever::Lgd => scenario
                .lines()
                .map(|line| largest_lgd(line) - line.loss.lgd_mean.decimal())
                .max()
                .unwrap_or(Decimal::ZERO),
            Lever::Correlation => CORRELATION_BOUND - scenario.credit.theme_correlation.decimal(),
        };
        ((bound - self.start(scenario)) / STEP).trunc().to_u32().unwrap_or(0)
    }

    /// The value at a position.
    pub fn value(self, scenario: &Scenario, position: u32) -> Decimal {
        (self.start(scenario) + STEP * Decimal::from(position)).normalize()
    }

    /// The options that put it there; none at its start.
    pub fn sets(self, scenario: &Scenario, position: u32) -> Vec<String> {
        if position == 0 {
            return Vec::new();
        }
        let value = self.value(scenario, position);
        match self {
            Lever::Pd => vec![format!("{}*={value}", scenario.credit.pd_level_key())],
            Lever::Lgd => lgd_sets(scenario, value).0,
            Lever::Correlation => vec![format!("credit.systemic_correlation={value}")],
        }
    }
}

/// The largest yearly default probability of any rating.
pub fn largest_pd(scenario: &Scenario) -> Decimal {
    let all = scenario.credit.ratings.iter().flat_map(|rating| &rating.pd);
    all.map(|pd| pd.decimal()).max().unwrap_or(Decimal::ZERO)
}

/// The largest mean loss given default, in steps of 0.0001, that the standard deviation leaves: `sd^2 < m (1 - m)`.
pub fn largest_lgd(line: &Line) -> Decimal {
    let sd = line.loss.lgd_sd.decimal();
    if sd.is_zero() {
        return Decimal::ONE;
    }
    let tick = Decimal::new(1, 4);
    let root = (1.0 - 4.0 * line.loss.lgd_sd.to_f64() * line.loss.lgd_sd.to_f64()).max(0.0).sqrt();
    let mut mean = Decimal::from_f64_retain((1.0 + root) / 2.0).unwrap_or(Decimal::ONE).trunc_with_scale(4);
    while mean.is_sign_positive() && sd * sd >= mean * (Decimal::ONE - mean) {
        mean -= tick;
    }
    mean.normalize()
}
