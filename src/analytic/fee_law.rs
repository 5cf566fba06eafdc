//! Exact expectation of management fees when all lines are surely approved and nothing limits the fees.
//!
//! Fees are linear in what they are taken on: `base x paid in`, and rates x loans outstanding, reserves in use and grants
//! paid, summed over quarters (MODEL.md section 8). The sum of a quarter is rounded once, so that with performance fees
//! the expectation is known to half a cent a quarter.
//!
//! `None` where it is not exact: a base fee in a quarter after the availability period in which it depends on luck whether
//! anything still runs; tranches (with a base fee); a cap or a budget that the fees may reach.

use super::expectations::{LineExpectation, ProjectLaw};
use super::stream::Stream;
use crate::plan::Plan;
use crate::units::Cents;

/// Expected fees in cents, and how far rounding may have moved them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeeExpectation {
    /// Mean.
    pub mean: f64,
    /// Bound on the effect of rounding.
    pub rounding: f64,
}

/// The expectation of fees paid over the life, from the expectations of all lines.
pub fn fee_expectation(plan: &Plan, lines: &[LineExpectation]) -> Option<FeeExpectation> {
    let fees = &plan.fees;
    let has_base = fees.base_quarter.iter().any(|&rate| rate > 0.0);
    if has_base && plan.tranches.len() > 1 {
        return None;
    }
    let projects: Vec<&ProjectLaw> = lines.iter().flat_map(|line| &line.projects).collect();
    let performance = [
        (fees.loans_quarter, Stream::LoanQuarters),
        (fees.guarantees_quarter, Stream::ReserveQuarters),
        (fees.grants_once, Stream::GrantsCharged),
    ];
    let has_performance = performance.iter().any(|(rate, _)| *rate > 0.0);
    let (mut mean, mut most, mut rounding) = (0.0, 0.0, 0.0);
    for quarter in 0..plan.quarters {
        let base = fees.base_quarter[quarter as usize];
        let earned = match activity(plan, &projects, quarter) {
            Activity::Never => continue,
            Activity::Always => base * plan.endowment.to_f64(),
            Activity::Depends if base == 0.0 => 0.0,
            Activity::Depends => return None,
        };
        // Alone, a base fee is the same on every path and rounded as it is booked.
        mean += if has_performance { earned } else { Cents::rounded(earned).to_f64() };
        most += earned + 1.0;
        rounding += if has_performance { 0.5 } else { 0.0 };
    }
    for (rate, stream) in performance {
        mean += rate * lines.iter().map(|line| line.mean[stream]).sum::<f64>();
        let largest = |project: &&ProjectLaw| {
            project.cash.disbursed.iter().map(|fate| fate.high[stream]).fold(0.0, f64::max)
        };
        most += rate * projects.iter().map(largest).sum::<f64>();
    }
    let limit = fees.cap.min(fees.budget).to_f64();
    (most <= limit).then_some(FeeExpectation { mean, rounding })
}

/// Whether the fund is at work in a quarter: open, something approved or running, or a grant paid the quarter before.
enum Activity {
    Always,
    Never,
    Depends,
}

fn activity(plan: &Plan, projects: &[&ProjectLaw], quarter: u32) -> Activity {
    if quarter < plan.open_quarters {
        return Activity::Always;
    }
    let mut possible = false;
    for project in projects {
        // A disbursement beyond the horizon waits until the end.
        let Some(disbursed) = project.project.disbursed else { return Activity::Always };
        if project.project.approved < quarter && quarter <= disbursed {
            return Activity::Always;
        }
        let age = quarter.saturating_sub(disbursed);
        // Ages within tenor and horizon.
        let tenor = project.cumulative.len() as u32;
        let runs = age >= 1 && age <= tenor;
        let survives = age < 2 || project.cumulative.get(age as usize - 2).is_none_or(|&p| p == 0.0);
        if runs && survives && project.disbursed == 1.0 {
            return Activity::Always;
        }
        // One quarter more: its grant may have been paid with the last payment.
        possible |= age >= 1 && age <= tenor + 1;
    }
    if possible { Activity::Depends } else { Activity::Never }
}
