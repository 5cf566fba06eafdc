//! The leverage that the yearly report expects (Reg. 1303/2013 art. 46(2)(h)): what `[fund] expected_leverage` states, or
//! what the budgets imply.
//!
//! Implied: every line invests its budgets once, applicants take the products that they prefer, and the first budget to be
//! used up ends it. Per euro of investment the products need `sum of demand x share` of loans, grants and reserves; the
//! investment is the smallest of budget / need; the finance is its fund loans, bank loans and grants; the leverage is the
//! finance of both lines / (endowment x union_share). No demand, no wait, no re-lending, no default: a funding agreement
//! knows none of them either.

use crate::aggregate::figures::RATIO_ONE;
use crate::plan::{LinePlan, Plan};
use crate::scenario::{Line, Scenario};
use crate::units::round_half_even;

/// The expected leverage, and whether the scenario states it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExpectedLeverage {
    /// Finance to final recipients per euro of the Union's contribution.
    pub value: f64,
    /// Whether the scenario states it; else the budgets imply it.
    pub stated: bool,
}

impl ExpectedLeverage {
    /// Of a scenario.
    pub fn of(scenario: &Scenario, plan: &Plan) -> ExpectedLeverage {
        if let Some(stated) = scenario.fund.expected_leverage {
            return ExpectedLeverage { value: stated.to_f64(), stated: true };
        }
        let finance: f64 =
            scenario.lines().zip(&plan.lines).map(|(line, plan)| finance_of_budgets(line, plan)).sum();
        let contribution = plan.endowment.to_f64() * plan.union_share;
        ExpectedLeverage {
            value: if contribution > 0.0 { finance / contribution } else { 0.0 },
            stated: false,
        }
    }

    /// In units of 1e-9.
    pub fn carried(self) -> i64 {
        round_half_even(self.value * RATIO_ONE as f64)
    }
}

/// Finance in cents that the budgets of a line give once.
fn finance_of_budgets(line: &Line, plan: &LinePlan) -> f64 {
    let demand: f64 = line.products.iter().map(|product| product.demand.to_f64()).sum();
    let (mut loans, mut banks, mut grants, mut reserves) = (0.0, 0.0, 0.0, 0.0);
    for (product, terms) in line.products.iter().zip(&plan.products) {
        let weight = product.demand.to_f64() / demand;
        loans += weight * terms.fund_loan;
        banks += weight * terms.bank_loan;
        grants += weight * terms.grant;
        reserves += weight * terms.bank_loan * terms.guarantee_rate * plan.guarantee.reserve_rate;
    }
    let budgets =
        [(loans, plan.loans_budget), (grants, plan.grants_budget), (reserves, plan.guarantees_budget)];
    let covered =
        budgets.into_iter().filter(|(need, _)| *need > 0.0).map(|(need, budget)| budget.to_f64() / need);
    // Products that need nothing of the fund have no limit; they are no finance of its own making either.
    covered.reduce(f64::min).map_or(0.0, |investment| investment * (loans + banks + grants))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::read_scenario;
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    const SCENARIO: &str = r#"
[fund]
endowment = 500_000
start = "2019-Q1"
horizon_years = 6
availability_years = 1
period = "2021-2027"
union_share = "50%"
[line2]
[line2.budget]
loans = 400_000
guarantees = 100_000
[line2.pipeline]
applications_per_year = 20
investment = { median = 50_000, sigma = 0.4 }
[[line2.product]]
name = "loan"
demand = 1
own_funds = 0.5
fund_loan = 0.5
[[line2.product]]
name = "guarantee"
demand = 3
own_funds = 0.2
bank_loan = 0.8
guarantee_rate = "80%"
[line2.guarantee]
kind = "capped"
cap_rate = "20%"
[line2.loan]
tenor_quarters = 12
amortisation = "italian"
bank_rate = 0
[line2.loss]
lgd_mean = "50%"
[[credit.rating]]
name = "B"
pd = "4%"
"#;

    fn of(text: &str) -> ExpectedLeverage {
        let files: BTreeMap<PathBuf, Vec<u8>> = [("main.toml".into(), text.into())].into();
        let reading = read_scenario(&files, Path::new("main.toml"), &[]).expect("a sound scenario");
        ExpectedLeverage::of(&reading.scenario, &Plan::resolve(&reading.scenario))
    }

    #[test]
    fn budgets_imply_a_leverage_by_hand() {
        // Per euro of investment: loans 0.25 x 0.5 = 0.125, banks 0.75 x 0.8 = 0.6, reserves 0.6 x 0.8 x 0.2 = 0.096.
        // Investment: min(400,000 / 0.125 = 3,200,000; 100,000 / 0.096 = 1,041,666.67). Finance 0.725 of it = 755,208.33;
        // over 500,000 x 50 %: 3.0208.
        let implied = of(SCENARIO);
        assert!(!implied.stated);
        assert_eq!(implied.carried(), 3_020_833_333);
    }

    #[test]
    fn what_the_scenario_states_counts() {
        let stated = of(&SCENARIO.replace("union_share", "expected_leverage = 2.5\nunion_share"));
        assert_eq!(stated, ExpectedLeverage { value: 2.5, stated: true });
    }
}
