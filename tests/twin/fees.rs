//! Section 8: management fees.

use super::PathState;
use super::cash::{Entry, Envelope, Event};
use super::money::{as_f64, by_year, positive, rounded, times};
use rust_decimal::Decimal;

impl PathState<'_> {
    /// Step 3.
    pub fn pay_fees(&mut self) {
        if !self.is_managed() {
            return;
        }
        let terms = &self.twin.scenario.fund;
        let cap = times(terms.endowment.to_euros(), terms.fees.cap.to_f64());
        let already_paid = -self.cash.total(Event::Fee, None);
        // What the cap cuts is not unpaid.
        let due = self.fee_sum().min(positive(cap - already_paid));
        let funds = self.cash.balance(Envelope::Fees) + positive(self.cash.balance(Envelope::Income));
        let paid = due.min(funds);
        self.cash.draw_for(paid, self.quarter);
        let from_budget = paid.min(self.cash.balance(Envelope::Fees));
        for (envelope, amount) in [(Envelope::Fees, from_budget), (Envelope::Income, paid - from_budget)] {
            let (quarter, event) = (self.quarter, Event::Fee);
            self.cash.book(Entry { quarter, slot: None, project: None, event, envelope, amount: -amount });
        }
        self.fees_unpaid += due - paid;
    }

    /// The availability period is open, a project is approved or running, or a grant was paid in the previous quarter.
    fn is_managed(&self) -> bool {
        let open = self.quarter < self.twin.open_quarters();
        let approved = self.projects.iter().any(|project| project.is_to_be_disbursed());
        let running = self.quarter > 0
            && self
                .projects
                .iter()
                .any(|project| self.age_if_performing(project, self.quarter - 1).is_some());
        open || approved || running || self.grants_of_previous_quarter() > Decimal::ZERO
    }

    fn fee_sum(&self) -> Decimal {
        let fees = &self.twin.scenario.fund.fees;
        let (mut loans, mut reserves) = (Decimal::ZERO, Decimal::ZERO);
        if self.quarter > 0 {
            for project in &self.projects {
                loans += self.performing_fund_balance(project, self.quarter - 1);
                if self.age_if_performing(project, self.quarter - 1).is_some() {
                    reserves += project.package.reserve;
                }
            }
        }
        rounded(
            by_year(&fees.base, self.quarter).to_f64() / 4.0 * as_f64(self.cash.paid_in())
                + fees.loans.to_f64() / 4.0 * as_f64(loans)
                + fees.guarantees.to_f64() / 4.0 * as_f64(reserves)
                + fees.grants.to_f64() * as_f64(self.grants_of_previous_quarter()),
        )
    }

    fn grants_of_previous_quarter(&self) -> Decimal {
        let paid = self
            .projects
            .iter()
            .filter(|project| project.grant_paid_in.is_some_and(|paid| paid + 1 == self.quarter));
        paid.map(|project| project.package.grant).sum()
    }
}
