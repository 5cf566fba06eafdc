//! Section 1: what happens inside one quarter, always in this order.

use super::PathState;
use super::cash::{Entry, Envelope, Event};
use super::money::{as_f64, rounded, times};
use rust_decimal::Decimal;

impl PathState<'_> {
    pub fn play_quarter(&mut self) {
        // A running fund: history ends, the forecast begins.
        if self.quarter == self.twin.today() && self.quarter > 0 {
            self.begin_forecast();
        }
        // 1. a tranche of the endowment
        self.pay_in_tranche();
        // 2. treasury income
        self.earn_treasury();
        // 3. management fees
        self.pay_fees();
        // 4. per running project, in order of disbursement
        for project in self.disbursed.clone() {
            self.play_project(project);
        }
        // 5. guarantee calls that are due or still open
        self.pay_calls();
        // 6. recoveries; in the last quarter step 5 once more
        self.receive_recoveries();
        if self.quarter == self.twin.last_quarter() {
            self.pay_calls();
        }
        // 7. disbursements of projects approved in earlier quarters
        self.disburse(true);
        // 8. applications, line 1 before line 2
        for slot in 0..self.twin.lines.len() {
            self.decide(slot);
        }
        // 9. disbursements of projects approved in this quarter
        self.disburse(false);
        self.replay_disbursements();
        self.overdraft |= self.cash.in_the_bank() < Decimal::ZERO;
    }

    /// At most one tranche, from quarter 1 on, if spending has reached its trigger x what was paid in before.
    fn pay_in_tranche(&mut self) {
        let Some((_, trigger)) = self.cash.next_tranche() else { return };
        if self.quarter > 0 && self.spending() >= times(self.cash.paid_in(), trigger) {
            self.cash.pay_in_next(self.quarter, false);
        }
    }

    /// Fund loans disbursed + reserves of guaranteed loans at disbursement + grants paid + fees paid, to date.
    fn spending(&self) -> Decimal {
        let reserves: Decimal =
            self.disbursed.iter().map(|&project| self.projects[project].package.reserve).sum();
        reserves
            - self.cash.total(Event::FundLoan, None)
            - self.cash.total(Event::Grant, None)
            - self.cash.total(Event::Fee, None)
    }

    /// Cash x treasury_rate / 4.
    fn earn_treasury(&mut self) {
        let rate = self.twin.scenario.fund.treasury_rate.to_f64();
        let amount = rounded(as_f64(self.cash.in_the_bank()) * (rate / 4.0));
        let (quarter, event, envelope) = (self.quarter, Event::Treasury, Envelope::Income);
        self.cash.book(Entry { quarter, slot: None, project: None, event, envelope, amount });
    }

    /// Either its default or its scheduled payment, the guarantee premium on it, and its grant if due.
    fn play_project(&mut self, position: usize) {
        // Step 9 of the quarter before is the latest disbursement: the age is at least 1.
        let project = &self.projects[position];
        let Some(age_before) = self.age_if_performing(project, self.quarter - 1) else { return };
        let k = age_before + 1;
        if project.default_age == Some(k) {
            return self.default(position, k);
        }
        let slot = project.applicant.slot;
        let principal = self.fund_outstanding(project, k - 1) - self.fund_outstanding(project, k);
        let (interest, premium) = (self.interest(project, k), self.premium(project, k));
        let grant_is_due = self.twin.lines[slot].line.grant_lag_quarters == k;
        self.projects[position].payments += 1;
        self.receive(position, Event::Principal, self.where_principal_goes(slot), principal);
        self.receive(position, Event::Interest, Envelope::Income, interest);
        self.receive(position, Event::Premium, Envelope::Guarantees(slot), premium);
        if grant_is_due {
            self.pay_grant(position);
        }
        self.projects[position].grant_freed = k == self.final_age(&self.projects[position]);
    }
}
