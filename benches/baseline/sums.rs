//! Sums over a path: of a line, of a group of projects.

/// Sums of a line over the path, and its state.
#[derive(Clone, Copy, Default)]
pub struct LineState {
    pub applications: i64,
    pub approvals: i64,
    pub withdrawals: i64,
    pub projects: i64,
    pub rejected_budget: i64,
    pub rejected_ineligible: i64,
    pub investment_applied: i64,
    pub investment_supported: i64,
    pub fund_loans: i64,
    pub bank_loans: i64,
    pub guaranteed_loans: i64,
    pub guarantees: i64,
    pub reserves: i64,
    pub grants: i64,
    pub own_funds: i64,
    pub grants_paid: i64,
    pub grants_recovered: i64,
    pub defaults: i64,
    pub payments: i64,
    pub fund_exposure: i64,
    pub bank_exposure: i64,
    pub fund_recoveries: i64,
    pub bank_recoveries: i64,
    pub calls_demanded: i64,
    pub calls_paid: i64,
    pub call_recoveries: i64,
    pub calls_over_cap: i64,
    pub shortfall: i64,
    pub was_short: bool,
    pub interest: i64,
    pub premiums: i64,
    pub aid: i64,
    /// CO01, CO02, CO03, CO06, CO07.
    pub indicators: [i64; 5],
    // What stands at the moment.
    pub running: i64,
    pub outstanding_fund_loans: i64,
    pub outstanding_guaranteed: i64,
    pub performing_reserves: i64,
    pub reserves_approved: i64,
    pub open_calls: i64,
    /// Fund-loan exposure less recoveries received.
    pub loan_loss: i64,
}

impl LineState {
    pub fn net_calls(&self) -> i64 {
        self.calls_paid - self.call_recoveries
    }

    /// What the promises may still cost, with one more reserve.
    pub fn promises(&self, reserve: i64) -> i64 {
        (self.reserves + self.reserves_approved + reserve - self.net_calls()).max(0)
    }

    /// What the cap leaves to pay.
    pub fn room(&self) -> i64 {
        (self.reserves - self.net_calls()).max(0)
    }
}

/// Sums of a theme, a product or a rating.
#[derive(Clone, Copy, Default)]
pub struct Group {
    pub applications: i64,
    pub projects: i64,
    pub investment_applied: i64,
    pub investment_supported: i64,
    pub defaults: i64,
    pub fund_loss: i64,
    pub indicators: [i64; 5],
}

/// Adds the indicators of a project.
pub fn add(indicators: &mut [i64; 5], of_project: [i64; 5]) {
    indicators.iter_mut().zip(of_project).for_each(|(sum, value)| *sum += value);
}

/// Both lines together.
pub fn sum(one: &LineState, two: &LineState) -> LineState {
    LineState {
        applications: one.applications + two.applications,
        approvals: one.approvals + two.approvals,
        withdrawals: one.withdrawals + two.withdrawals,
        projects: one.projects + two.projects,
        rejected_budget: one.rejected_budget + two.rejected_budget,
        rejected_ineligible: one.rejected_ineligible + two.rejected_ineligible,
        investment_applied: one.investment_applied + two.investment_applied,
        investment_supported: one.investment_supported + two.investment_supported,
        fund_loans: one.fund_loans + two.fund_loans,
        bank_loans: one.bank_loans + two.bank_loans,
        guaranteed_loans: one.guaranteed_loans + two.guaranteed_loans,
        guarantees: one.guarantees + two.guarantees,
        reserves: one.reserves + two.reserves,
        grants: one.grants + two.grants,
        own_funds: one.own_funds + two.own_funds,
        grants_paid: one.grants_paid + two.grants_paid,
        grants_recovered: one.grants_recovered + two.grants_recovered,
        defaults: one.defaults + two.defaults,
        payments: one.payments + two.payments,
        fund_exposure: one.fund_exposure + two.fund_exposure,
        bank_exposure: one.bank_exposure + two.bank_exposure,
        fund_recoveries: one.fund_recoveries + two.fund_recoveries,
        bank_recoveries: one.bank_recoveries + two.bank_recoveries,
        calls_demanded: one.calls_demanded + two.calls_demanded,
        calls_paid: one.calls_paid + two.calls_paid,
        call_recoveries: one.call_recoveries + two.call_recoveries,
        calls_over_cap: one.calls_over_cap + two.calls_over_cap,
        shortfall: one.shortfall + two.shortfall,
        was_short: one.was_short || two.was_short,
        interest: one.interest + two.interest,
        premiums: one.premiums + two.premiums,
        aid: one.aid + two.aid,
        indicators: std::array::from_fn(|at| one.indicators[at] + two.indicators[at]),
        running: one.running + two.running,
        outstanding_fund_loans: one.outstanding_fund_loans + two.outstanding_fund_loans,
        outstanding_guaranteed: one.outstanding_guaranteed + two.outstanding_guaranteed,
        performing_reserves: one.performing_reserves + two.performing_reserves,
        reserves_approved: one.reserves_approved + two.reserves_approved,
        open_calls: one.open_calls + two.open_calls,
        loan_loss: one.loan_loss + two.loan_loss,
    }
}
