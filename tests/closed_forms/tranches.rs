//! The tranche calendar of a fund of 5 M EUR under article 41 of Regulation 1303/2013 (DOMAIN.md 2.1): 1.25 M at once,
//! the next once 0.75 M is spent, the third once 2.125 M, the fourth once 3.1875 M.

use crate::common::scenario_text;
use fesr::engine::PathSimulator;
use fesr::plan::Plan;

const QUARTERS: usize = 8;

/// What is paid in by the end of each quarter if `spent[q]` cents are lent in quarter `q`; no money moves otherwise.
fn paid_in(spent: &[i64]) -> Vec<i64> {
    let toml = r#"
[fund]
endowment = 5_000_000
start = "2018-Q4"
horizon_years = 2
availability_years = 2
period = "2014-2020"
tranches = { shares = [0.25, 0.25, 0.25, 0.25], triggers = [0, 0.6, 0.85, 0.85] }
[line1]
min_investment = 0
max_investment = 4_000_000
[line1.budget]
loans = 5_000_000
guarantees = 0
[[line1.product]]
name = "loan"
fund_loan = 1
[line1.loan]
tenor_quarters = 40
amortisation = "bullet"
bank_rate = 0
[line1.loss]
lgd_mean = 0.5
[pipeline]
borrowers = "borrowers.csv"
[credit]
systemic_correlation = 0
theme_correlation = 0
[[credit.rating]]
name = "r"
pd = 0
"#;
    let mut csv = String::from("id,line,quarter,investment,theme,legal_form,size,rating,product\n");
    for (quarter, cents) in spent.iter().enumerate().filter(|(_, cents)| **cents > 0) {
        let euros = format!("{}.{:02}", cents / 100, cents % 100);
        csv.push_str(&format!("b{quarter},1,{quarter},{euros},other,nonprofit,small,r,loan\n"));
    }
    let plan = Plan::resolve(&scenario_text(toml, Some(&csv)));
    let mut simulator = PathSimulator::new(&plan);
    simulator.run(0).expect("the books balance");
    assert_eq!(simulator.totals().fund.tranches_advanced, 0, "no tranche ahead of the rule");
    assert_eq!(simulator.totals().lines[0].fund_loans.0, spent.iter().sum::<i64>(), "everybody is funded");
    let by_quarter: Vec<i64> =
        simulator.timeline().iter().map(|row| row.cash.0 + row.lines[0].finance.0).collect();
    assert_eq!(by_quarter.len(), QUARTERS);
    by_quarter
}

/// Tranches paid in by the end of each quarter.
fn tranches(spent: &[i64]) -> Vec<i64> {
    paid_in(spent)
        .into_iter()
        .map(|cents| {
            assert_eq!(cents % 125_000_000, 0, "{cents} cents are no whole tranches");
            cents / 125_000_000
        })
        .collect()
}

/// Spending that reaches 0.75 M, 2.125 M and 3.1875 M EUR, in cents.
const TO_SECOND: i64 = 75_000_000;
const TO_THIRD: i64 = 137_500_000;
const TO_FOURTH: i64 = 106_250_000;

#[test]
fn triggers_reached_exactly() {
    assert_eq!(tranches(&[TO_SECOND, TO_THIRD, TO_FOURTH]), [1, 2, 3, 4, 4, 4, 4, 4]);
}

#[test]
fn next_to_no_spending_brings_no_second_tranche() {
    assert_eq!(tranches(&[1]), [1; QUARTERS]);
}

#[test]
fn the_second_tranche_waits_for_the_last_cent() {
    assert_eq!(tranches(&[TO_SECOND - 1]), [1; QUARTERS]);
    assert_eq!(tranches(&[TO_SECOND - 1, 1, TO_THIRD, TO_FOURTH]), [1, 1, 2, 3, 4, 4, 4, 4]);
}

#[test]
fn the_third_tranche_waits_for_the_last_cent() {
    assert_eq!(tranches(&[TO_SECOND, TO_THIRD - 1]), [1, 2, 2, 2, 2, 2, 2, 2]);
    assert_eq!(tranches(&[TO_SECOND, TO_THIRD - 1, 1, TO_FOURTH]), [1, 2, 2, 3, 4, 4, 4, 4]);
}

#[test]
fn the_fourth_tranche_waits_for_the_last_cent() {
    assert_eq!(tranches(&[TO_SECOND, TO_THIRD, TO_FOURTH - 1]), [1, 2, 3, 3, 3, 3, 3, 3]);
    assert_eq!(tranches(&[TO_SECOND, TO_THIRD, TO_FOURTH - 1, 0, 1]), [1, 2, 3, 3, 3, 4, 4, 4]);
}
