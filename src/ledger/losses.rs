//! Who lost the money: the fund's loss of a path, project by project.

use super::Ledger;
use crate::engine::events::{DefaultFacts, Event, Who};
use crate::units::Cents;
use std::collections::BTreeMap;

/// What one defaulted project costs the fund.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProjectLoss {
    /// Whose default.
    pub who: Who,
    /// Fund quarter of the default.
    pub quarter: u32,
    /// What it set off.
    pub facts: DefaultFacts,
    /// Fund exposure - recoveries on it + calls paid - recoveries on them, to the horizon.
    pub loss: Cents,
}

/// The losses of all defaulted projects, largest first, then in order of default; they add up to the path's
/// `fund_loss`.
pub fn by_project(ledger: &Ledger) -> Vec<ProjectLoss> {
    let mut losses: Vec<ProjectLoss> = Vec::new();
    let mut position: BTreeMap<Who, usize> = BTreeMap::new();
    for record in &ledger.records {
        let (who, change) = match record.event {
            Event::Defaulted { who, facts } => {
                position.insert(who, losses.len());
                let (quarter, loss) = (record.quarter, facts.fund_exposure);
                losses.push(ProjectLoss { who, quarter, facts, loss });
                continue;
            }
            Event::CallSettled { who, sources, .. } => (who, sources.total()),
            Event::LoanRecovered { who, amount, .. } | Event::CallRecovered { who, amount } => (who, -amount),
            Event::TranchePaid { .. }
            | Event::TreasuryReceived { .. }
            | Event::BalanceCorrected { .. }
            | Event::FeesPaid { .. }
            | Event::PrincipalPaid { .. }
            | Event::InterestPaid { .. }
            | Event::PremiumPaid { .. }
            | Event::GrantPaid { .. }
            | Event::Matured { .. }
            | Event::GrantRecovered { .. }
            | Event::Withdrawn { .. }
            | Event::Disbursed { .. }
            | Event::Applied { .. }
            | Event::FoundIneligible { .. }
            | Event::Approved { .. }
            | Event::Waits { .. }
            | Event::Lost { .. } => continue,
        };
        if let Some(&position) = position.get(&who) {
            losses[position].loss += change;
        }
    }
    losses.sort_by_key(|project| std::cmp::Reverse(project.loss));
    losses
}
