//! Section 2: what a line has free, and what its guarantees may still cost.

use super::cash::Envelope;
use super::money::{as_f64, positive, rounded};
use super::packages::Package;
use super::{PathState, Project};
use rust_decimal::Decimal;

/// The state of a line's promises.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// *loans* - blocked.
    pub free_loans: Decimal,
    /// *grants* - blocked.
    pub free_grants: Decimal,
    /// *guarantees*.
    pub guarantees: Decimal,
    /// `C`: reserves of guaranteed loans disbursed, or approved and not yet disbursed.
    pub reserves: Decimal,
    /// `N`: calls paid - recoveries on them.
    pub net_calls: Decimal,
    /// `G`: guaranteed balance of performing loans, and guaranteed amounts approved and not yet disbursed.
    pub guaranteed: Decimal,
    /// The unpaid part of every call demanded so far.
    pub open_calls: Decimal,
}

impl PathState<'_> {
    /// Projects of a line.
    pub fn projects_of(&self, slot: usize) -> impl Iterator<Item = &Project> {
        self.projects.iter().filter(move |project| project.applicant.slot == slot)
    }

    /// The state of a line now.
    pub fn standing(&self, slot: usize) -> Standing {
        let now = self.quarter;
        let blocked_loans: Decimal =
            self.projects_of(slot).filter(|p| p.is_to_be_disbursed()).map(|p| p.package.fund_loan).sum();
        let blocked_grants: Decimal =
            self.projects_of(slot).filter(|p| p.has_blocked_grant()).map(|p| p.package.grant).sum();
        let approved: Decimal =
            self.projects_of(slot).filter(|p| p.is_to_be_disbursed()).map(|p| p.package.guaranteed).sum();
        let performing: Decimal = self.projects_of(slot).map(|p| self.performing_guaranteed(p, now)).sum();
        Standing {
            free_loans: self.cash.balance(Envelope::Loans(slot)) - blocked_loans,
            free_grants: self.cash.balance(Envelope::Grants(slot)) - blocked_grants,
            guarantees: self.cash.balance(Envelope::Guarantees(slot)),
            reserves: self.projects_of(slot).filter(|p| !p.withdrawn).map(|p| p.package.reserve).sum(),
            net_calls: self.net_calls(slot),
            guaranteed: performing + approved,
            open_calls: self.calls_of(slot).map(|call| call.open()).sum(),
        }
    }

    /// What the promises of a line may still cost.
    pub fn promises(&self, slot: usize, standing: &Standing) -> Decimal {
        let terms = &self.twin.lines[slot];
        let room = positive(standing.reserves - standing.net_calls);
        match (self.twin.scenario.fund.revolving, terms.capped()) {
            (false, _) => room,
            (true, true) => room.min(standing.guaranteed + standing.open_calls),
            (true, false) => {
                rounded(terms.reserve_rate() * as_f64(standing.guaranteed)) + standing.open_calls
            }
        }
    }

    /// Whether the needs of a package are met: free loans, free grants, and guarantees that cover what the promises may
    /// still cost with this loan counted in.
    pub fn needs_are_met(&self, slot: usize, standing: &Standing, package: &Package) -> bool {
        let with_it = Standing {
            reserves: standing.reserves + package.reserve,
            guaranteed: standing.guaranteed + package.guaranteed,
            ..*standing
        };
        standing.free_loans >= package.fund_loan
            && standing.free_grants >= package.grant
            && (!package.is_guaranteed || standing.guarantees >= self.promises(slot, &with_it))
    }
}

impl Project {
    /// Approved, neither disbursed nor withdrawn.
    pub fn is_to_be_disbursed(&self) -> bool {
        self.disbursed_in.is_none() && !self.withdrawn
    }

    /// The grant is blocked from approval until it is paid, or freed by withdrawal or default.
    pub fn has_blocked_grant(&self) -> bool {
        !self.withdrawn && self.grant_paid_in.is_none() && self.defaulted_in.is_none() && !self.grant_freed
    }
}
