//! Books of the paths of a batch side by side: the fields of [`Books`], [`Flows`] and of a line's progress, in lanes.
//!
//! Amounts are whole cents in floating point. Below 2^53 sums of them are exact, and [`super::SettledTerms`] admits no
//! plan whose amounts could come near; a product is rounded as [`Cents::times`] rounds it.

use super::channel::{LANES, Lane};
use crate::engine::books::{Books, Flows};
use crate::engine::guarantees::GuaranteeBook;
use crate::plan::Plan;
use crate::units::Cents;

/// The fund on each path.
#[derive(Clone, Debug, Default)]
pub struct FundLanes {
    /// Envelope of fees.
    pub fees: Lane,
    /// Envelope of income.
    pub income: Lane,
    /// Envelope of what is due back.
    pub returned: Lane,
    /// Cash.
    pub cash: Lane,
    /// Endowment not yet paid in.
    pub not_paid_in: Lane,
    /// Number of tranches paid.
    pub tranches_paid: Lane,
    /// Number of tranches paid ahead of the rule.
    pub advanced: Lane,
    /// Present value of tranches paid.
    pub present_value: Lane,
    /// Spending that counts for the next tranche.
    pub spending: Lane,
    /// 1 if cash was below 0 at the end of some quarter.
    pub overdrawn: Lane,
    /// Fees that nothing was left to pay.
    pub fees_unpaid: Lane,
    /// Grants paid in the last quarter.
    pub grants_before: Lane,
    /// Grants paid in this quarter.
    pub grants_now: Lane,
    /// Flows: tranches.
    pub paid_in: Lane,
    /// Flows: interest on cash.
    pub treasury: Lane,
    /// Flows: interest.
    pub interest: Lane,
    /// Flows: premiums.
    pub premiums: Lane,
    /// Flows: principal.
    pub principal: Lane,
    /// Flows: recoveries.
    pub recoveries: Lane,
    /// Flows: grants clawed back.
    pub clawed_back: Lane,
    /// Flows: loans disbursed.
    pub loans: Lane,
    /// Flows: calls paid.
    pub calls: Lane,
    /// Flows: grants paid.
    pub grants: Lane,
    /// Flows: fees paid.
    pub fees_paid: Lane,
}

/// A line on each path.
#[derive(Clone, Debug, Default)]
pub struct LineLanes {
    /// Envelope of loans.
    pub loans: Lane,
    /// Envelope of guarantees.
    pub guarantees: Lane,
    /// Envelope of grants.
    pub grants: Lane,
    /// Blocked part of loans.
    pub blocked_loans: Lane,
    /// Blocked part of grants.
    pub blocked_grants: Lane,
    /// Fund loans outstanding.
    pub outstanding: Lane,
    /// Original reserves of performing guaranteed loans.
    pub performing_reserves: Lane,
    /// Projects running.
    pub running: Lane,
    /// Exposure of fund loans less recoveries received.
    pub loan_loss: Lane,
    /// What is guaranteed of performing loans.
    pub performing: Lane,
    /// The same with loans approved and not yet disbursed.
    pub exposure: Lane,
    /// Reserves of loans disbursed.
    pub reserves_disbursed: Lane,
    /// Reserves of loans approved or disbursed.
    pub promised_reserves: Lane,
    /// Calls paid.
    pub calls_paid: Lane,
    /// The fund's share of recoveries.
    pub call_recoveries: Lane,
    /// Unpaid part of calls.
    pub open_calls: Lane,
    /// Defaults to date.
    pub defaults: Lane,
    /// Projects disbursed to date.
    pub projects: Lane,
    /// Loans disbursed to date.
    pub finance: Lane,
    /// Investment supported to date.
    pub investment: Lane,
    /// Payments made.
    pub payments: Lane,
    /// Interest received.
    pub interest: Lane,
    /// Premiums received.
    pub premiums: Lane,
    /// Grants paid.
    pub grants_paid: Lane,
}

/// Fund and lines.
#[derive(Clone, Debug, Default)]
pub struct BooksInLanes {
    /// The fund.
    pub fund: FundLanes,
    /// Lines by slot.
    pub lines: Vec<LineLanes>,
}

/// Whole cents of a lane.
pub fn cents(amounts: &Lane, lane: usize) -> Cents {
    Cents(amounts[lane] as i64)
}

impl BooksInLanes {
    /// Opens the books: the budgets are there, the cash is not.
    pub fn open(&mut self, plan: &Plan) {
        self.fund = FundLanes {
            fees: [plan.fees.budget.to_f64(); LANES],
            not_paid_in: [plan.endowment.to_f64(); LANES],
            ..FundLanes::default()
        };
        self.lines.clear();
        self.lines.extend(plan.lines.iter().map(|line| LineLanes {
            loans: [line.loans_budget.to_f64(); LANES],
            guarantees: [line.guarantees_budget.to_f64(); LANES],
            grants: [line.grants_budget.to_f64(); LANES],
            ..LineLanes::default()
        }));
    }

    /// All flows of a path.
    pub fn flows(&self, lane: usize) -> Flows {
        let fund = &self.fund;
        Flows {
            paid_in: cents(&fund.paid_in, lane),
            treasury: cents(&fund.treasury, lane),
            interest: cents(&fund.interest, lane),
            premiums: cents(&fund.premiums, lane),
            principal: cents(&fund.principal, lane),
            recoveries: cents(&fund.recoveries, lane),
            clawed_back: cents(&fund.clawed_back, lane),
            corrections: Cents::ZERO,
            loans: cents(&fund.loans, lane),
            calls: cents(&fund.calls, lane),
            grants: cents(&fund.grants, lane),
            fees: cents(&fund.fees_paid, lane),
        }
    }

    /// The books of one path, as the scalar engine keeps them.
    pub fn copy_to(&self, lane: usize, books: &mut Books) {
        let fund = &self.fund;
        books.fees = cents(&fund.fees, lane);
        books.income = cents(&fund.income, lane);
        books.returned = cents(&fund.returned, lane);
        books.lines = Default::default();
        for (envelopes, line) in books.lines.iter_mut().zip(&self.lines) {
            envelopes.loans = cents(&line.loans, lane);
            envelopes.guarantees = cents(&line.guarantees, lane);
            envelopes.grants = cents(&line.grants, lane);
            envelopes.blocked_loans = cents(&line.blocked_loans, lane);
            envelopes.blocked_grants = cents(&line.blocked_grants, lane);
        }
        books.cash = cents(&fund.cash, lane);
        books.flows = self.flows(lane);
        books.tranches_paid = fund.tranches_paid[lane] as usize;
        books.not_paid_in = cents(&fund.not_paid_in, lane);
        books.tranches_advanced = fund.advanced[lane] as u32;
        books.present_value_paid_in = cents(&fund.present_value, lane);
        books.spending = cents(&fund.spending, lane);
        books.overdrawn = fund.overdrawn[lane] > 0.0;
    }

    /// Takes back what paying calls and receiving recoveries on them changes.
    pub fn take_from(&mut self, lane: usize, books: &Books) {
        let fund = &mut self.fund;
        fund.income[lane] = books.income.to_f64();
        fund.returned[lane] = books.returned.to_f64();
        for (line, envelopes) in self.lines.iter_mut().zip(&books.lines) {
            line.guarantees[lane] = envelopes.guarantees.to_f64();
        }
        fund.cash[lane] = books.cash.to_f64();
        fund.paid_in[lane] = books.flows.paid_in.to_f64();
        fund.recoveries[lane] = books.flows.recoveries.to_f64();
        fund.calls[lane] = books.flows.calls.to_f64();
        fund.tranches_paid[lane] = books.tranches_paid as f64;
        fund.not_paid_in[lane] = books.not_paid_in.to_f64();
        fund.advanced[lane] = f64::from(books.tranches_advanced);
        fund.present_value[lane] = books.present_value_paid_in.to_f64();
    }

    /// The guarantee books of one path, as far as calls ask for them.
    pub fn copy_guarantees_to(&self, lane: usize, guarantees: &mut [GuaranteeBook]) {
        for (book, line) in guarantees.iter_mut().zip(&self.lines) {
            book.reserves_disbursed = cents(&line.reserves_disbursed, lane);
            book.paid = cents(&line.calls_paid, lane);
            book.recovered = cents(&line.call_recoveries, lane);
            book.open = cents(&line.open_calls, lane);
        }
    }

    /// Takes them back.
    pub fn take_guarantees_from(&mut self, lane: usize, guarantees: &[GuaranteeBook]) {
        for (line, book) in self.lines.iter_mut().zip(guarantees) {
            line.calls_paid[lane] = book.paid.to_f64();
            line.call_recoveries[lane] = book.recovered.to_f64();
            line.open_calls[lane] = book.open.to_f64();
        }
    }
}
