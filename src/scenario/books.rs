//! What the Region's books are held against: `[[milestone]]` and `[lineN.outcomes]`. Neither changes a path.

use crate::units::{Cents, Quantity, Share};

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
