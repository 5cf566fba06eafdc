//! The path figures and the groups of MODEL.md section 9.

use super::column::Column;
use super::path::PathState;
use super::sums::{Group, LineState, sum};
use super::{ratio, times};
use fesr::plan::Plan;

/// What figures are about: the fund or a line.
pub struct Subject<'a> {
    plan: &'a Plan,
    state: LineState,
    path: &'a PathState<'a>,
    contribution: i64,
    guarantees_budget: i64,
    reserve_covers: bool,
    cap_hit: bool,
}

impl Subject<'_> {
    fn finance(&self) -> i64 {
        self.state.fund_loans + self.state.bank_loans
    }

    fn used(&self) -> i64 {
        self.state.fund_loans + self.state.reserves + self.state.grants
    }

    fn loan_loss(&self) -> i64 {
        self.state.fund_exposure - self.state.fund_recoveries
    }

    fn fund_loss(&self) -> i64 {
        self.loan_loss() + self.state.net_calls()
    }

    /// A ratio to the Union's part of the contribution.
    fn leverage(&self, amount: i64) -> i64 {
        ratio(amount, times(self.contribution, self.plan.union_share))
    }

    fn subsidy_cost(&self) -> i64 {
        let last = self.plan.quarters as usize - 1;
        self.path.fund.present_value_paid_in - times(self.path.fund.cash, self.plan.discount[last])
    }
}

/// Whether a figure is of the fund only, its name, its definition.
pub type Figure = (&'static str, bool, fn(&Subject) -> i64);

/// All figures, by the ids of MODEL.md.
pub const FIGURES: [Figure; 65] = [
    ("applications", false, |s| s.state.applications),
    ("approvals", false, |s| s.state.approvals),
    ("withdrawals", false, |s| s.state.withdrawals),
    ("projects", false, |s| s.state.projects),
    ("rejected_budget", false, |s| s.state.rejected_budget),
    ("rejected_ineligible", false, |s| s.state.rejected_ineligible),
    ("investment_applied", false, |s| s.state.investment_applied),
    ("investment_supported", false, |s| s.state.investment_supported),
    ("fund_loans", false, |s| s.state.fund_loans),
    ("bank_loans", false, |s| s.state.bank_loans),
    ("guaranteed_loans", false, |s| s.state.guaranteed_loans),
    ("guarantees", false, |s| s.state.guarantees),
    ("reserves", false, |s| s.state.reserves),
    ("grants", false, |s| s.state.grants),
    ("own_funds", false, |s| s.state.own_funds),
    ("grants_paid", false, |s| s.state.grants_paid),
    ("demand_coverage", false, |s| coverage(s.state.investment_supported, s.state.investment_applied)),
    ("absorption", false, |s| ratio(s.used(), s.contribution)),
    ("leverage_effect", false, |s| s.leverage(s.finance())),
    ("finance_leverage", false, |s| s.leverage(s.finance() + s.state.grants)),
    ("leverage_on_used", false, |s| ratio(s.finance(), s.used())),
    ("investment_multiplier", false, |s| ratio(s.state.investment_supported, s.contribution)),
    ("private_leverage", false, |s| s.leverage(s.state.bank_loans + s.state.own_funds)),
    ("guarantee_multiplier", false, |s| ratio(s.state.guaranteed_loans, s.state.reserves)),
    ("defaults", false, |s| s.state.defaults),
    ("default_rate", false, |s| ratio(s.state.defaults, s.state.projects)),
    ("annual_default_rate", false, |s| ratio(4 * s.state.defaults, s.state.payments)),
    ("defaulted_exposure", false, |s| s.state.fund_exposure + s.state.bank_exposure),
    ("loan_loss", false, |s| s.loan_loss()),
    ("calls_demanded", false, |s| s.state.calls_demanded),
    ("calls_paid", false, |s| s.state.calls_paid),
    ("calls_over_cap", false, |s| s.state.calls_over_cap),
    ("shortfall", false, |s| s.state.shortfall),
    ("guarantee_recoveries", false, |s| s.state.call_recoveries),
    ("guarantee_loss", false, |s| s.state.net_calls()),
    ("fund_loss", false, |s| s.fund_loss()),
    ("fund_loss_rate", false, |s| ratio(s.fund_loss(), s.contribution)),
    ("bank_loss", false, |s| s.state.bank_exposure - s.state.bank_recoveries - s.state.net_calls()),
    ("cap_utilisation", false, |s| ratio(s.state.net_calls(), s.state.reserves)),
    ("cap_hit", false, |s| i64::from(s.cap_hit)),
    ("shortfall_event", false, |s| i64::from(s.state.was_short)),
    ("overdraft_event", true, |s| i64::from(s.path.fund.overdrawn)),
    ("reserve_covers", false, |s| i64::from(s.reserve_covers)),
    ("reserve_usage", false, |s| match s.guarantees_budget {
        0 => 0,
        budget => ratio(s.state.net_calls(), budget + s.state.premiums),
    }),
    ("capital_kept", true, |s| {
        let kept = s.path.fund.resources() + s.state.outstanding_fund_loans + s.state.grants_paid;
        i64::from(kept >= s.plan.endowment.0)
    }),
    ("interest_income", false, |s| s.state.interest),
    ("premium_income", false, |s| s.state.premiums),
    ("treasury_income", true, |s| s.path.fund.treasury),
    ("fees_paid", true, |s| s.path.fund.fees_paid),
    ("fees_unpaid", true, |s| s.path.fund.fees_unpaid),
    ("closing_resources", true, |s| s.path.fund.resources()),
    ("closing_ratio", true, |s| ratio(s.path.fund.resources(), s.plan.endowment.0)),
    ("outstanding_at_horizon", false, |s| s.state.outstanding_fund_loans),
    ("value_ratio", true, |s| {
        ratio(s.path.fund.resources() + s.state.outstanding_fund_loans, s.plan.endowment.0)
    }),
    ("tranches_advanced", true, |s| s.path.fund.tranches_advanced),
    ("never_paid_in", true, |s| s.path.fund.never_paid_in()),
    ("grants_recovered", false, |s| s.state.grants_recovered),
    ("subsidy_cost", true, |s| s.subsidy_cost()),
    ("co01", false, |s| s.state.indicators[0]),
    ("co02", false, |s| s.state.indicators[1]),
    ("co03", false, |s| s.state.indicators[2]),
    ("co06", false, |s| s.state.indicators[3]),
    ("co07", false, |s| s.state.indicators[4]),
    ("gge", false, |s| s.state.aid),
    ("gge_intensity", false, |s| ratio(s.state.aid, s.state.investment_supported)),
];

/// 1 if nothing was applied for.
fn coverage(supported: i64, applied: i64) -> i64 {
    if applied == 0 { 1_000_000_000 } else { ratio(supported, applied) }
}

/// Appends the figures of a path.
pub fn push(path: &PathState, columns: &mut [[Column; 3]]) {
    let plan = path.plan;
    let [one, two] = &path.lines;
    let of_line = |slot: usize| {
        let (line, state) = (&plan.lines[slot], path.lines[slot]);
        Subject {
            plan,
            state,
            path,
            contribution: line.contribution().0,
            guarantees_budget: line.guarantees_budget.0,
            reserve_covers: line.guarantees_budget.0 + state.premiums >= state.net_calls(),
            cap_hit: state.calls_over_cap > 0,
        }
    };
    let (first, second) = (of_line(0), of_line(1));
    let fund = Subject {
        plan,
        state: sum(one, two),
        path,
        contribution: plan.endowment.0,
        guarantees_budget: first.guarantees_budget + second.guarantees_budget,
        reserve_covers: first.reserve_covers && second.reserve_covers,
        cap_hit: first.cap_hit || second.cap_hit,
    };
    for ((_, is_of_fund_only, figure), [all, of_one, of_two]) in FIGURES.iter().zip(columns) {
        all.push(figure(&fund));
        if !is_of_fund_only {
            of_one.push(figure(&first));
            of_two.push(figure(&second));
        }
    }
}

/// Appends the figures of the groups: themes, products, ratings.
pub fn push_groups(path: &PathState, columns: &mut Vec<[Column; 12]>) {
    let groups = path.themes.iter().chain(&path.products).chain(&path.ratings);
    if columns.is_empty() {
        columns.extend(groups.clone().map(|_| std::array::from_fn(|_| Column::default())));
    }
    for (group, columns) in groups.zip(columns) {
        let &Group {
            applications,
            projects,
            investment_applied,
            investment_supported,
            defaults,
            fund_loss,
            indicators,
        } = group;
        let coverage = coverage(investment_supported, investment_applied);
        let values =
            [applications, projects, investment_applied, investment_supported, coverage, defaults, fund_loss];
        columns
            .iter_mut()
            .zip(values.into_iter().chain(indicators))
            .for_each(|(column, value)| column.push(value));
    }
}
