//! Envelopes, cash and tranches.

use super::times;
use fesr::plan::Plan;

/// Envelopes of a line, and what of them is promised to approved projects.
#[derive(Clone, Copy, Default)]
pub struct Envelopes {
    pub loans: i64,
    pub guarantees: i64,
    pub grants: i64,
    pub blocked_loans: i64,
    pub blocked_grants: i64,
}

/// The money of a path.
pub struct Fund<'p> {
    plan: &'p Plan,
    pub lines: [Envelopes; 2],
    fees: i64,
    pub income: i64,
    pub returned: i64,
    pub cash: i64,
    pub paid_in: i64,
    tranches_paid: usize,
    pub tranches_advanced: i64,
    pub present_value_paid_in: i64,
    /// Fund loans, reserves at disbursement, grants and fees to date.
    pub spending: i64,
    pub received: i64,
    pub spent: i64,
    pub fees_paid: i64,
    pub fees_unpaid: i64,
    pub treasury: i64,
    pub overdrawn: bool,
}

impl<'p> Fund<'p> {
    pub fn new(plan: &'p Plan) -> Fund<'p> {
        let envelopes = |slot: usize| Envelopes {
            loans: plan.lines[slot].loans_budget.0,
            guarantees: plan.lines[slot].guarantees_budget.0,
            grants: plan.lines[slot].grants_budget.0,
            ..Envelopes::default()
        };
        let mut fund = Fund {
            plan,
            lines: [envelopes(0), envelopes(1)],
            fees: plan.fees.budget.0,
            income: 0,
            returned: 0,
            cash: 0,
            paid_in: 0,
            tranches_paid: 0,
            tranches_advanced: 0,
            present_value_paid_in: 0,
            spending: 0,
            received: 0,
            spent: 0,
            fees_paid: 0,
            fees_unpaid: 0,
            treasury: 0,
            overdrawn: false,
        };
        fund.pay_in(0);
        fund
    }

    fn pay_in(&mut self, quarter: u32) {
        let amount = self.plan.tranches[self.tranches_paid].amount.0;
        self.tranches_paid += 1;
        self.paid_in += amount;
        self.cash += amount;
        self.present_value_paid_in += times(amount, self.plan.discount[quarter as usize]);
    }

    /// Step 1: a tranche, if spending has reached its trigger.
    pub fn pay_in_if_due(&mut self, quarter: u32) {
        if let Some(tranche) = self.plan.tranches.get(self.tranches_paid)
            && quarter > 0
            && self.spending >= times(self.paid_in, tranche.trigger)
        {
            self.pay_in(quarter);
        }
    }

    /// Step 2: interest on cash.
    pub fn earn_treasury(&mut self) {
        let amount = times(self.cash, self.plan.treasury_quarter);
        self.treasury += amount;
        self.income += amount;
        self.receive(amount);
    }

    /// Step 3: fees, from their envelope, then from income.
    pub fn pay_fees(&mut self, earned: i64, quarter: u32) {
        let due = earned.min(self.plan.fees.cap.0 - self.fees_paid);
        let paid = due.min(self.fees + self.income.max(0));
        let from_budget = paid.min(self.fees);
        self.pay(paid, quarter);
        self.fees -= from_budget;
        self.income -= paid - from_budget;
        self.fees_paid += paid;
        self.fees_unpaid += due - paid;
        self.spending += paid;
    }

    pub fn receive(&mut self, amount: i64) {
        self.cash += amount;
        self.received += amount;
    }

    /// A payment; tranches are drawn early as long as the cash cannot meet it.
    pub fn pay(&mut self, amount: i64, quarter: u32) {
        while amount > 0 && self.cash < amount && self.tranches_paid < self.plan.tranches.len() {
            self.pay_in(quarter);
            self.tranches_advanced += 1;
        }
        self.cash -= amount;
        self.spent += amount;
    }

    /// All envelopes.
    pub fn resources(&self) -> i64 {
        let lines: i64 = self.lines.iter().map(|line| line.loans + line.guarantees + line.grants).sum();
        lines + self.fees + self.income + self.returned
    }

    pub fn never_paid_in(&self) -> i64 {
        self.plan.endowment.0 - self.paid_in
    }

    /// Money in = money out + cash, and cash is what the envelopes say.
    pub fn check(&self) {
        assert_eq!(self.paid_in + self.received, self.spent + self.cash, "the books balance");
        assert_eq!(self.resources() - self.never_paid_in(), self.cash, "the envelopes hold the cash");
        let envelopes = self.lines.iter().flat_map(|line| [line.loans, line.guarantees, line.grants]);
        assert!(
            envelopes.chain([self.fees, self.returned]).all(|balance| balance >= 0),
            "no envelope below 0"
        );
    }
}
