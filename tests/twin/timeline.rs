//! Section 9: the state at the end of a quarter.

use super::PathState;
use super::cash::Envelope;
use super::defaults::Claim;
use super::money::to_cents;
use fesr::engine::totals::{LineRow, TimelineRow};
use fesr::units::Cents;
use rust_decimal::Decimal;

/// Euros in the units of the engine's results.
pub fn cents(euros: Decimal) -> Cents {
    Cents(to_cents(euros))
}

impl PathState<'_> {
    pub fn timeline_row(&self) -> TimelineRow {
        let mut row = TimelineRow { cash: cents(self.cash.in_the_bank()), ..TimelineRow::default() };
        let mut idle = self.cash.in_the_bank();
        for slot in 0..self.twin.lines.len() {
            row.lines[slot] = self.line_row(slot);
            let standing = self.standing(slot);
            let blocked = self.cash.balance(Envelope::Loans(slot)) - standing.free_loans
                + (self.cash.balance(Envelope::Grants(slot)) - standing.free_grants);
            idle -= blocked + self.promises(slot, &standing);
        }
        row.idle_cash = cents(idle);
        row
    }

    fn line_row(&self, slot: usize) -> LineRow {
        let now = self.quarter;
        let disbursed: Vec<_> =
            self.projects_of(slot).filter(|project| project.disbursed_in.is_some()).collect();
        let received: Decimal = self
            .recoveries
            .iter()
            .filter(|recovery| recovery.received && recovery.claim == Claim::FundLoan)
            .filter(|recovery| self.projects[recovery.project].applicant.slot == slot)
            .map(|recovery| recovery.amount)
            .sum();
        let exposure: Decimal = disbursed.iter().map(|project| project.fund_exposure).sum();
        LineRow {
            outstanding_fund_loans: cents(
                disbursed.iter().map(|p| self.performing_fund_balance(p, now)).sum(),
            ),
            outstanding_guaranteed: cents(disbursed.iter().map(|p| self.performing_guaranteed(p, now)).sum()),
            guarantee_reserve: cents(self.cash.balance(Envelope::Guarantees(slot))),
            running_projects: disbursed.iter().filter(|p| self.age_if_performing(p, now).is_some()).count()
                as i64,
            defaults: disbursed.iter().filter(|p| p.defaulted_in.is_some()).count() as i64,
            projects: disbursed.len() as i64,
            fund_loss: cents(exposure - received + self.net_calls(slot)),
            calls_paid: cents(self.calls_of(slot).map(|call| call.paid).sum()),
            finance: cents(disbursed.iter().map(|p| p.package.fund_loan + p.package.bank_loan).sum()),
            investment_supported: cents(disbursed.iter().map(|p| p.applicant.investment).sum()),
        }
    }
}
