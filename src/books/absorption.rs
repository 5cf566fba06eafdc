//! Absorption: how much of the endowment is paid in, committed and disbursed, quarter by quarter; and the milestones.
//!
//! The three shares are those of the Italian yearly report (DOMAIN.md 3.1): paid to the fund, committed to final
//! recipients and paid to them, over the endowment. Re-lending can take the last two above 1.

use super::path_books::{Flows, PathBooks};
use crate::aggregate::figures::ratio;
use crate::plan::Plan;
use crate::scenario::Milestone;

/// A share of the endowment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    /// Paid to the fund by the Region.
    PaidIn,
    /// Committed to projects approved and not withdrawn.
    Committed,
    /// Fund loans and grants paid, and reserves of guaranteed loans disbursed.
    Disbursed,
}

impl Measure {
    /// All, in the order of the files.
    pub const ALL: [Measure; 3] = [Measure::PaidIn, Measure::Committed, Measure::Disbursed];

    /// The id in files.
    pub fn id(self) -> &'static str {
        match self {
            Measure::PaidIn => "paid_in_share",
            Measure::Committed => "committed_share",
            Measure::Disbursed => "disbursed_share",
        }
    }

    fn of(self, flows: &Flows) -> i64 {
        match self {
            Measure::PaidIn => flows.fund.paid_in.0,
            Measure::Committed => flows.all_lines().committed.0,
            Measure::Disbursed => flows.all_lines().disbursed().0,
        }
    }
}

/// The shares of a path in units of 1e-9: measure by measure, quarter by quarter.
pub fn figures(plan: &Plan, books: &PathBooks, take: &mut impl FnMut(i64)) {
    for measure in Measure::ALL {
        let mut now = Flows::default();
        for flows in books.quarters() {
            now.add(flows);
            take(ratio(measure.of(&now), plan.endowment.0));
        }
    }
}

/// Calls `missed` with the position of every milestone that a path misses: less is disbursed by the end of its quarter, to
/// the cent.
pub fn misses(milestones: &[Milestone], books: &PathBooks, mut missed: impl FnMut(usize)) {
    if milestones.is_empty() {
        return;
    }
    let mut now = Flows::default();
    for (quarter, flows) in books.quarters().iter().enumerate() {
        now.add(flows);
        for (position, milestone) in milestones.iter().enumerate() {
            if milestone.quarter as usize == quarter && now.all_lines().disbursed() < milestone.min_disbursed
            {
                missed(position);
            }
        }
    }
}
