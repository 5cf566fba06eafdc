//! The fund's books: envelopes, cash and tranches. MODEL.md section 2.
//!
//! Cash is moved by every receipt and payment on its own; that it equals the envelopes less what was not paid in is
//! then a check and not a definition.

use super::InvariantBroken;
use super::events::{Envelope, Event, Recorder};
use crate::plan::Plan;
use crate::units::Cents;

/// The envelopes of one line.
#[derive(Clone, Copy, Debug, Default)]
pub struct LineEnvelopes {
    /// For fund loans.
    pub loans: Cents,
    /// For guarantee calls.
    pub guarantees: Cents,
    /// For grants.
    pub grants: Cents,
    /// Part of *loans* promised to approved projects.
    pub blocked_loans: Cents,
    /// Part of *grants* promised to approved projects, or not yet due.
    pub blocked_grants: Cents,
}

/// Everything that ever came into or went out of the fund.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flows {
    /// Tranches of the endowment.
    pub paid_in: Cents,
    /// Interest on cash; may be negative.
    pub treasury: Cents,
    /// Interest on fund loans.
    pub interest: Cents,
    /// Guarantee premiums.
    pub premiums: Cents,
    /// Principal of fund loans.
    pub principal: Cents,
    /// Recoveries on fund loans and on guarantee calls.
    pub recoveries: Cents,
    /// Grants clawed back.
    pub clawed_back: Cents,
    /// Today's balances of a running fund less what its history derives.
    pub corrections: Cents,
    /// Fund loans disbursed.
    pub loans: Cents,
    /// Guarantee calls paid.
    pub calls: Cents,
    /// Grants paid.
    pub grants: Cents,
    /// Management fees paid.
    pub fees: Cents,
}

impl Flows {
    /// Receipts less payments: what cash must be.
    pub fn balance(&self) -> Cents {
        self.paid_in
            + self.treasury
            + self.interest
            + self.premiums
            + self.principal
            + self.recoveries
            + self.clawed_back
            + self.corrections
            - (self.loans + self.calls + self.grants + self.fees)
    }
}

/// The books of one path.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// Envelope of management fees.
    pub fees: Cents,
    /// Envelope of treasury income and interest; the only one that may fall below 0.
    pub income: Cents,
    /// Envelope of what is due back to the Region.
    pub returned: Cents,
    /// Envelopes of each line, by slot; empty where the fund has one line.
    pub lines: [LineEnvelopes; 2],
    /// Cash in the bank.
    pub cash: Cents,
    /// All movements so far.
    pub flows: Flows,
    /// Tranches paid so far: their number.
    pub tranches_paid: usize,
    /// Endowment not yet paid in.
    pub not_paid_in: Cents,
    /// Tranches paid ahead of the rule.
    pub tranches_advanced: u32,
    /// Present value of the tranches paid so far.
    pub present_value_paid_in: Cents,
    /// Spending that counts for the next tranche: loans disbursed + reserves + grants paid + fees paid.
    pub spending: Cents,
    /// Whether cash was below 0 at the end of some quarter.
    pub overdrawn: bool,
}

impl Books {
    /// Opens the books of a path: the budgets are there, the cash is not.
    pub fn open(&mut self, plan: &Plan) {
        let mut lines = [LineEnvelopes::default(); 2];
        for (envelopes, line) in lines.iter_mut().zip(&plan.lines) {
            *envelopes = LineEnvelopes {
                loans: line.loans_budget,
                guarantees: line.guarantees_budget,
                grants: line.grants_budget,
                ..LineEnvelopes::default()
            };
        }
        *self = Books { fees: plan.fees.budget, lines, not_paid_in: plan.endowment, ..Books::default() };
    }

    /// Step 1: the Region pays the next tranche if the rule allows it: `spending_before` is the spending up to the
    /// last quarter.
    pub fn pay_due_tranche(
        &mut self,
        plan: &Plan,
        quarter: u32,
        spending_before: Cents,
        recorder: &mut impl Recorder,
    ) {
        let Some(tranche) = plan.tranches.get(self.tranches_paid) else { return };
        let first = quarter == 0 && self.tranches_paid == 0;
        let earned = quarter > 0 && spending_before >= self.flows.paid_in.times(tranche.trigger);
        if first || earned {
            self.pay_next_tranche(plan, quarter, false, recorder);
        }
    }

    fn pay_next_tranche(&mut self, plan: &Plan, quarter: u32, advanced: bool, recorder: &mut impl Recorder) {
        let number = self.tranches_paid;
        let amount = plan.tranches[number].amount;
        recorder.record(quarter, Event::TranchePaid { number, amount, advanced });
        self.tranches_paid += 1;
        self.not_paid_in -= amount;
        self.flows.paid_in += amount;
        self.cash += amount;
        self.present_value_paid_in += amount.times(plan.discount[quarter as usize]);
    }

    /// Before a payment: draws the next tranches early, as many as it needs. A payment of 0 draws nothing.
    fn ensure_cash(&mut self, plan: &Plan, quarter: u32, payment: Cents, recorder: &mut impl Recorder) {
        while payment.0 > 0 && self.cash < payment && self.tranches_paid < plan.tranches.len() {
            self.pay_next_tranche(plan, quarter, true, recorder);
            self.tranches_advanced += 1;
        }
    }

    /// Step 2: interest on cash, positive or negative.
    pub fn receive_treasury(&mut self, amount: Cents) {
        self.flows.treasury += amount;
        self.income += amount;
        self.cash += amount;
    }

    /// Interest on a fund loan.
    pub fn receive_interest(&mut self, amount: Cents) {
        self.flows.interest += amount;
        self.income += amount;
        self.cash += amount;
    }

    /// A guarantee premium of a line.
    pub fn receive_premium(&mut self, slot: usize, amount: Cents) {
        self.flows.premiums += amount;
        self.lines[slot].guarantees += amount;
        self.cash += amount;
    }

    /// Principal of a fund loan: lent again if the fund revolves, else due back to the Region.
    pub fn receive_principal(&mut self, plan: &Plan, slot: usize, amount: Cents) {
        self.flows.principal += amount;
        self.credit_loans_or_returned(plan, slot, amount);
    }

    /// A recovery on a defaulted fund loan.
    pub fn receive_loan_recovery(&mut self, plan: &Plan, slot: usize, amount: Cents) {
        self.flows.recoveries += amount;
        self.credit_loans_or_returned(plan, slot, amount);
    }

    fn credit_loans_or_returned(&mut self, plan: &Plan, slot: usize, amount: Cents) {
        if plan.revolving {
            self.lines[slot].loans += amount;
        } else {
            self.returned += amount;
        }
        self.cash += amount;
    }

    /// The fund's share of a recovery on a called loan.
    pub fn receive_call_recovery(&mut self, slot: usize, amount: Cents) {
        self.flows.recoveries += amount;
        self.lines[slot].guarantees += amount;
        self.cash += amount;
    }

    /// A grant clawed back.
    pub fn receive_clawed_back_grant(&mut self, amount: Cents) {
        self.flows.clawed_back += amount;
        self.returned += amount;
        self.cash += amount;
    }

    /// Step 3: pays a fee from *fees*, then from the positive part of *income*; what is left is not paid.
    /// Returns what was paid.
    pub fn pay_fee(&mut self, plan: &Plan, quarter: u32, fee: Cents, recorder: &mut impl Recorder) -> Cents {
        let from_fees = fee.min(self.fees);
        let from_income = (fee - from_fees).min(self.income.positive());
        let paid = from_fees + from_income;
        self.ensure_cash(plan, quarter, paid, recorder);
        if fee.0 > 0 {
            recorder.record(quarter, Event::FeesPaid { from_fees, from_income, unpaid: fee - paid });
        }
        self.fees -= from_fees;
        self.income -= from_income;
        self.flows.fees += paid;
        self.spending += paid;
        self.cash -= paid;
        paid
    }

    /// Pays a guarantee call of a line: from its guarantee envelope, then from the positive part of *income*
    /// and from *returned* as far as `from_income` and `from_returned` say.
    pub fn pay_call(
        &mut self,
        plan: &Plan,
        quarter: u32,
        slot: usize,
        sources: CallSources,
        recorder: &mut impl Recorder,
    ) {
        let amount = sources.total();
        self.ensure_cash(plan, quarter, amount, recorder);
        self.lines[slot].guarantees -= sources.guarantees;
        self.income -= sources.income;
        self.returned -= sources.returned;
        self.flows.calls += amount;
        self.cash -= amount;
    }

    /// Disburses a blocked fund loan; `reserve` of its guarantee counts as spending.
    pub fn disburse_loan(
        &mut self,
        plan: &Plan,
        quarter: u32,
        slot: usize,
        amount: Cents,
        reserve: Cents,
        recorder: &mut impl Recorder,
    ) {
        self.ensure_cash(plan, quarter, amount, recorder);
        self.lines[slot].loans -= amount;
        self.lines[slot].blocked_loans -= amount;
        self.flows.loans += amount;
        self.spending += amount + reserve;
        self.cash -= amount;
    }

    /// Pays a blocked grant.
    pub fn pay_grant(
        &mut self,
        plan: &Plan,
        quarter: u32,
        slot: usize,
        amount: Cents,
        recorder: &mut impl Recorder,
    ) {
        self.ensure_cash(plan, quarter, amount, recorder);
        self.lines[slot].grants -= amount;
        self.lines[slot].blocked_grants -= amount;
        self.flows.grants += amount;
        self.spending += amount;
        self.cash -= amount;
    }

    /// What is in an envelope; what the Region paid in is not one of them.
    pub fn balance_of(&self, envelope: Envelope) -> Cents {
        match envelope {
            Envelope::Loans(slot) => self.lines[slot].loans,
            Envelope::Guarantees(slot) => self.lines[slot].guarantees,
            Envelope::Grants(slot) => self.lines[slot].grants,
            Envelope::Fees => self.fees,
            Envelope::Income => self.income,
            Envelope::Returned => self.returned,
            Envelope::PaidIn => self.flows.paid_in,
        }
    }

    /// Books the given balances of a running fund: each envelope of `given` then holds what stands beside it. If they hold less
    /// than before, the cash must have been there: next tranches are drawn for what is lacking.
    pub fn correct(
        &mut self,
        plan: &Plan,
        quarter: u32,
        given: &[(Envelope, Cents)],
        recorder: &mut impl Recorder,
    ) {
        let lacking: Cents = given.iter().map(|&(envelope, amount)| self.balance_of(envelope) - amount).sum();
        self.ensure_cash(plan, quarter, lacking.positive(), recorder);
        for &(envelope, balance) in given {
            let amount = balance - self.balance_of(envelope);
            if amount.0 == 0 {
                continue;
            }
            match envelope {
                Envelope::Loans(slot) => self.lines[slot].loans = balance,
                Envelope::Guarantees(slot) => self.lines[slot].guarantees = balance,
                Envelope::Grants(slot) => self.lines[slot].grants = balance,
                Envelope::Fees => self.fees = balance,
                Envelope::Income => self.income = balance,
                Envelope::Returned => self.returned = balance,
                Envelope::PaidIn => unreachable!("tranches follow their rule"),
            }
            self.flows.corrections += amount;
            self.cash += amount;
            recorder.record(quarter, Event::BalanceCorrected { envelope, amount });
        }
    }

    /// All envelopes together.
    pub fn resources(&self) -> Cents {
        let lines: Cents = self.lines.iter().map(|line| line.loans + line.guarantees + line.grants).sum();
        self.fees + self.income + self.returned + lines
    }

    /// Checks the accounting identities at the end of a quarter, to the cent.
    ///
    /// # Errors
    /// [`InvariantBroken`] if cash is not the sum of the flows or of the envelopes, or if an envelope other than
    /// *income* is below 0.
    pub fn check(&self, path: u64, quarter: u32) -> Result<(), InvariantBroken> {
        let broken = |what: String| Err(InvariantBroken { path, quarter, what });
        if self.cash != self.flows.balance() {
            return broken(format!(
                "cash {} is not receipts less payments {}",
                self.cash,
                self.flows.balance()
            ));
        }
        if self.cash != self.resources() - self.not_paid_in {
            let envelopes = self.resources() - self.not_paid_in;
            return broken(format!(
                "cash {} is not envelopes less endowment not paid in {envelopes}",
                self.cash
            ));
        }
        let negative = self.fees.0 < 0
            || self.returned.0 < 0
            || self.lines.iter().any(|line| {
                line.loans.0 < 0
                    || line.guarantees.0 < 0
                    || line.grants.0 < 0
                    || line.blocked_loans.0 < 0
                    || line.blocked_grants.0 < 0
                    || line.blocked_loans > line.loans
                    || line.blocked_grants > line.grants
            });
        if negative {
            return broken(format!("an envelope is below what it owes: {self:?}"));
        }
        Ok(())
    }
}

/// Where the money of a guarantee call comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallSources {
    /// The line's guarantee envelope.
    pub guarantees: Cents,
    /// The positive part of *income*.
    pub income: Cents,
    /// *returned*.
    pub returned: Cents,
}

impl CallSources {
    /// All of it.
    pub fn total(&self) -> Cents {
        self.guarantees + self.income + self.returned
    }
}
