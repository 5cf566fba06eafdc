//! Defaults that happen whatever the luck, for stress tests.
//!
//! - The column `forced_default_quarter` of a list: the project misses its payment of that fund quarter, neither earlier
//!   nor later than that. Disbursed in that quarter or after it, it misses its first payment; one that has matured before
//!   has paid everything.
//! - `macro.largest_fails_after_quarters = n`: the largest project of a path misses its `n`-th payment (its last one within
//!   tenor and horizon, if there are fewer), unless its own luck lets it fail earlier: a stress never helps. The largest is the
//!   project in which the fund has most at stake at disbursement (fund loan and guaranteed amount; if equal, the largest
//!   investment, then the first disbursed) when the path is played as its luck says. Until the payment that is missed the
//!   path is the same.
//!
//! All draws stay what they were: those of others because they are addressed, those of the project itself because its
//! cure and its loss given default are still drawn.

use super::applicants::Applicant;
use crate::plan::{ApplicantSource, Package, Plan};
use crate::units::Cents;

/// The project in which the fund has most at stake.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LargestProject {
    /// Slot of its line.
    pub slot: usize,
    /// Its number in the line.
    pub number: u32,
    stake: Cents,
    investment: Cents,
}

impl LargestProject {
    /// The larger one of the largest so far and a project that is disbursed now; the earlier one of equals.
    pub fn larger(
        so_far: Option<LargestProject>,
        slot: usize,
        applicant: &Applicant,
        package: &Package,
    ) -> Option<LargestProject> {
        let new = LargestProject {
            slot,
            number: applicant.number,
            stake: package.fund_loan + package.guaranteed,
            investment: applicant.investment,
        };
        match so_far {
            Some(old) if (old.stake, old.investment) >= (new.stake, new.investment) => Some(old),
            _ => Some(new),
        }
    }
}

/// The age at which a project disbursed in `quarter` defaults, `own` being what its luck says; `doomed` is the largest
/// project of the path, if that one is made to fail.
pub fn age_at_default(
    plan: &Plan,
    slot: usize,
    applicant: &Applicant,
    quarter: u32,
    own: Option<u32>,
    doomed: Option<(usize, u32)>,
) -> Option<u32> {
    let line = &plan.lines[slot];
    let last_age = line.tenor.min(plan.quarters - 1 - quarter);
    let mut age = own;
    if let (ApplicantSource::List(rows), Some(listed)) = (&line.applicants, applicant.listed)
        && let Some(forced) = rows[listed as usize].forced_default_quarter
    {
        let forced = forced.saturating_sub(quarter).max(1);
        age = (forced <= last_age).then_some(forced);
    }
    match plan.largest_fails_after {
        Some(after) if doomed == Some((slot, applicant.number)) && last_age > 0 => {
            let latest = after.min(last_age);
            Some(age.map_or(latest, |age| age.min(latest)))
        }
        _ => age,
    }
}
