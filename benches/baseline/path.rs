//! One path: the quarters, in the order of MODEL.md section 1.

use super::applicant::{Applicant, Package};
use super::cents;
use super::fund::Fund;
use super::luck::{Common, LossTable};
use super::project::Project;
use super::sums::{Group, LineState, add};
use fesr::plan::Plan;
use rand::rngs::SmallRng;

/// The state of fund and lines at the end of a quarter.
pub struct Row {
    pub cash: i64,
    pub idle_cash: i64,
    pub lines: [LineRow; 2],
}

/// The state of a line at the end of a quarter.
#[derive(Clone, Copy)]
pub struct LineRow {
    pub outstanding_fund_loans: i64,
    pub outstanding_guaranteed: i64,
    pub guarantee_reserve: i64,
    pub running: i64,
    pub defaults: i64,
    pub projects: i64,
    pub fund_loss: i64,
    pub calls_paid: i64,
    pub finance: i64,
    pub investment_supported: i64,
}

pub struct Approved {
    pub slot: usize,
    pub applicant: Applicant,
    pub product: usize,
    pub package: Package,
    pub due: u32,
}

/// A guarantee call.
pub struct Call {
    pub project: usize,
    pub due: u32,
    pub demanded: i64,
    pub paid: i64,
}

/// An instalment of a recovery.
pub enum Recovery {
    FundLoan { project: usize, amount: i64 },
    BankLoan { call: usize, amount: i64 },
    Grant { slot: usize, amount: i64 },
}

/// A path while it is played, and what it leaves.
pub struct PathState<'a> {
    pub plan: &'a Plan,
    pub losses: &'a [LossTable],
    pub rng: &'a mut SmallRng,
    pub common: Common,
    pub fund: Fund<'a>,
    pub lines: [LineState; 2],
    pub waiting: [Vec<Applicant>; 2],
    pub approved: Vec<Approved>,
    /// In order of disbursement.
    pub projects: Vec<Project>,
    pub calls: Vec<Call>,
    /// Calls not paid in full, in the order in which they are paid.
    pub open_calls: Vec<usize>,
    pub recoveries: Vec<Vec<Recovery>>,
    pub grants_last_quarter: i64,
    pub grants_this_quarter: i64,
    pub themes: [Group; 4],
    /// Of all lines.
    pub products: Vec<Group>,
    pub ratings: Vec<Group>,
    pub rows: Vec<Row>,
}

impl<'a> PathState<'a> {
    pub fn simulate(plan: &'a Plan, losses: &'a [LossTable], rng: &'a mut SmallRng) -> PathState<'a> {
        let common = Common::draw(plan, rng);
        let mut path = PathState {
            plan,
            losses,
            rng,
            common,
            fund: Fund::new(plan),
            lines: Default::default(),
            waiting: Default::default(),
            approved: Vec::new(),
            projects: Vec::new(),
            calls: Vec::new(),
            open_calls: Vec::new(),
            recoveries: (0..plan.quarters).map(|_| Vec::new()).collect(),
            grants_last_quarter: 0,
            grants_this_quarter: 0,
            themes: Default::default(),
            products: vec![Group::default(); plan.product_count()],
            ratings: vec![Group::default(); plan.credit.hazards.len()],
            rows: Vec::with_capacity(plan.quarters as usize),
        };
        (0..plan.quarters).for_each(|quarter| path.play(quarter));
        path.close();
        path
    }

    fn play(&mut self, quarter: u32) {
        self.fund.pay_in_if_due(quarter);
        self.fund.earn_treasury();
        self.pay_fees(quarter);
        self.visit_projects(quarter);
        self.pay_calls(quarter);
        self.receive_recoveries(quarter);
        if quarter + 1 == self.plan.quarters {
            self.pay_calls(quarter);
        }
        self.disburse(quarter);
        if quarter < self.plan.open_quarters {
            (0..2).for_each(|slot| self.decide(slot, quarter));
        }
        self.end_quarter();
    }

    fn pay_fees(&mut self, quarter: u32) {
        let [one, two] = &self.lines;
        let is_managed = quarter < self.plan.open_quarters
            || !self.approved.is_empty()
            || one.running + two.running > 0
            || self.grants_last_quarter > 0;
        if !is_managed {
            return;
        }
        let fees = &self.plan.fees;
        let loans = one.outstanding_fund_loans + two.outstanding_fund_loans;
        let reserves = one.performing_reserves + two.performing_reserves;
        let earned = cents(
            fees.base_quarter[quarter as usize] * self.fund.paid_in as f64
                + fees.loans_quarter * loans as f64
                + fees.guarantees_quarter * reserves as f64
                + fees.grants_once * self.grants_last_quarter as f64,
        );
        self.fund.pay_fees(earned, quarter);
    }

    fn end_quarter(&mut self) {
        self.grants_last_quarter = std::mem::take(&mut self.grants_this_quarter);
        self.fund.overdrawn |= self.fund.cash < 0;
        let promised: i64 = self
            .fund
            .lines
            .iter()
            .zip(&self.lines)
            .map(|(envelopes, state)| envelopes.blocked_loans + envelopes.blocked_grants + state.promises(0))
            .sum();
        self.rows.push(Row {
            cash: self.fund.cash,
            idle_cash: self.fund.cash - promised,
            lines: [self.line_row(0), self.line_row(1)],
        });
    }

    fn line_row(&self, slot: usize) -> LineRow {
        let state = &self.lines[slot];
        LineRow {
            outstanding_fund_loans: state.outstanding_fund_loans,
            outstanding_guaranteed: state.outstanding_guaranteed,
            guarantee_reserve: self.fund.lines[slot].guarantees,
            running: state.running,
            defaults: state.defaults,
            projects: state.projects,
            fund_loss: state.loan_loss + state.net_calls(),
            calls_paid: state.calls_paid,
            finance: state.fund_loans + state.bank_loans,
            investment_supported: state.investment_supported,
        }
    }

    /// The horizon: what is left open, and what each group has lost.
    fn close(&mut self) {
        for state in &mut self.lines {
            state.shortfall = state.open_calls.min(state.room());
            state.calls_over_cap = state.open_calls - state.shortfall;
        }
        for project in &self.projects {
            let product = self.plan.lines[project.slot].first_product + project.product;
            let groups = [
                &mut self.themes[project.theme],
                &mut self.products[product],
                &mut self.ratings[project.rating],
            ];
            for group in groups {
                group.projects += 1;
                group.investment_supported += project.investment;
                group.defaults += i64::from(project.defaulted);
                group.fund_loss += project.fund_loss;
                add(&mut group.indicators, project.package.indicators());
            }
        }
        self.fund.check();
    }
}
