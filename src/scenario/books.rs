//! What the Region's books are held against: `[[milestone]]`, `[lineN.outcomes]` and a `[[limit]]` on an outcome. None of
//! them changes a path.

use super::{LimitStatistic, LineNumber};
use crate::units::{Cents, Quantity, Share};
use rust_decimal::Decimal;

/// `[[milestone]]`: how much must be disbursed by the end of a quarter, as the n+3 rule (Reg. 1303/2013 art. 136) and the
/// performance framework ask of a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// Fund quarter at whose end it is looked at, within the horizon.
    pub quarter: u32,
    /// Least that must be disbursed by then: fund loans, reserves of guaranteed loans and grants paid. Above 1 EUR.
    pub min_disbursed: Cents,
    /// Largest probability of missing it that is accepted; `None`: the probability is information.
    pub max_probability: Option<Share>,
}

/// One entry of `[lineN.outcomes]`: a social result of the investments of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// `[a-z0-9_]+`, at most 40 signs.
    pub name: String,
    /// How many of it a million euros of completed investment bring; not negative.
    pub per_million: Quantity,
    /// What is counted: places, people, jobs.
    pub unit: String,
}

/// What a `[[limit]]` on an outcome calls it: `outcome_NAME`.
pub const OUTCOME_PREFIX: &str = "outcome_";

/// A `[[limit]]` with `metric = "outcome_NAME"`: a promise about what completed investments bring.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeLimit {
    /// Name of the outcome, one that a line has.
    pub outcome: String,
    /// The line, or `None` for the whole fund.
    pub line: Option<LineNumber>,
    /// The mean or a quantile.
    pub statistic: LimitStatistic,
    /// Least that is promised, in units of the outcome.
    pub min: Option<Decimal>,
    /// Most.
    pub max: Option<Decimal>,
}
