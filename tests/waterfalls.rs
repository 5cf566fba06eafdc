//! Small funds worked out by hand: every stream of cash has its own exact check, to the cent.

mod common;

use common::{all, constant, scenario_text, summarise};
use fesr::metrics::MetricId;

/// A fund of line 2 with one loan product and one guarantee product; no randomness if PDs are 0 or (all but) 1.
fn fund(line: &str, fund: &str, rating_pd: &str) -> String {
    format!(
        r#"
[fund]
endowment = 100_000
start = "2018-Q4"
horizon_years = 3
availability_years = 1
period = "2014-2020"
{fund}
[line2]
max_investment = 100_000
{line}
[line2.budget]
loans = 60_000
guarantees = 30_000
grants = 10_000
[[line2.product]]
name = "loan"
own_funds = 0.2
fund_loan = 0.5
bank_loan = 0.3
[[line2.product]]
name = "guaranteed"
bank_loan = 1
guarantee_rate = 0.8
[[line2.product]]
name = "grant"
own_funds = 0.8
grant = 0.2
[line2.loan]
tenor_quarters = 4
amortisation = "italian"
fund_rate = "2%"
bank_rate = "4%"
[line2.guarantee]
kind = "capped"
cap_rate = "25%"
premium_rate = "1%"
[line2.loss]
lgd_mean = "40%"
recovery = [ {{ after_quarters = 2, share = "75%" }}, {{ after_quarters = 4, share = "25%" }} ]
[pipeline]
borrowers = "borrowers.csv"
[credit]
systemic_correlation = 0
theme_correlation = 0
[[credit.rating]]
name = "only"
pd = {rating_pd}
"#
    )
}

const HEADER: &str = "id,line,quarter,investment,theme,legal_form,size,rating,product\n";

fn borrowers(rows: &[&str]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

fn check(toml: &str, rows: &[&str], expected: &[(MetricId, i64)]) {
    let scenario = scenario_text(toml, Some(&borrowers(rows)));
    let summary = summarise(&scenario, 3);
    for &(metric, cents) in expected {
        assert_eq!(constant(all(&summary, metric)), cents, "{}", metric.id());
    }
}

#[test]
fn a_loan_that_is_paid_back() {
    // 40,000 EUR: 20,000 from the fund, 12,000 from the bank. Four equal payments of 5,000; interest 0.5 % a
    // quarter on 20,000, 15,000, 10,000, 5,000 = 100 + 75 + 50 + 25.
    check(
        &fund("", "", "0"),
        &["a,2,0,40000,other,nonprofit,micro,only,loan"],
        &[
            (MetricId::Projects, 1),
            (MetricId::FundLoans, 2_000_000),
            (MetricId::BankLoans, 1_200_000),
            (MetricId::OwnFunds, 800_000),
            (MetricId::InterestIncome, 25_000),
            (MetricId::FundLoss, 0),
            (MetricId::ClosingResources, 10_025_000),
            (MetricId::LeverageEffect, 320_000_000),
            (MetricId::DemandCoverage, 1_000_000_000),
            (MetricId::OutstandingAtHorizon, 0),
            (MetricId::CapitalKept, 1),
            (MetricId::SubsidyCost, -25_000),
        ],
    );
}

#[test]
fn a_guarantee_that_is_called_up_to_its_cap() {
    // 50,000 EUR from the bank, 80 % guaranteed: 40,000; cap amount 25 % of it: 10,000. Certain default in the first
    // quarter of age: exposure 50,000, demanded 40,000, room 10,000. The bank recovers 60 %: 30,000, of which 22,500
    // after two quarters and 7,500 after four; the fund's share is 80 % x 10,000 / 40,000 = 20 %: 4,500 and 1,500.
    // Each makes room for another payment: 4,500 in the next quarter (paid part 14,500 of 40,000 by then), so that the
    // second instalment brings 80 % x 7,500 x 14,500 / 40,000 = 2,175, paid out again.
    check(
        &fund("", "", "0.999999999999"),
        &["a,2,0,50000,other,nonprofit,micro,only,guaranteed"],
        &[
            (MetricId::Defaults, 1),
            (MetricId::GuaranteedLoans, 5_000_000),
            (MetricId::Guarantees, 4_000_000),
            (MetricId::Reserves, 1_000_000),
            (MetricId::DefaultedExposure, 5_000_000),
            (MetricId::CallsDemanded, 4_000_000),
            (MetricId::CallsPaid, 1_000_000 + 450_000 + 217_500),
            (MetricId::GuaranteeRecoveries, 450_000 + 217_500),
            (MetricId::GuaranteeLoss, 1_000_000),
            (MetricId::CallsOverCap, 4_000_000 - 1_667_500),
            (MetricId::Shortfall, 0),
            (MetricId::CapHit, 1),
            (MetricId::ShortfallEvent, 0),
            (MetricId::CapUtilisation, 1_000_000_000),
            (MetricId::BankLoss, 5_000_000 - 3_000_000 - 1_667_500 + 667_500),
            (MetricId::PremiumIncome, 0),
            (MetricId::ClosingResources, 9_000_000),
        ],
    );
}

#[test]
fn a_guarantee_that_only_earns_its_premium() {
    // 80 % x 50,000, 37,500, 25,000, 12,500 at 0.25 % a quarter: 100 + 75 + 50 + 25.
    check(
        &fund("", "", "0"),
        &["a,2,0,50000,other,nonprofit,micro,only,guaranteed"],
        &[
            (MetricId::PremiumIncome, 25_000),
            (MetricId::CallsPaid, 0),
            (MetricId::ClosingResources, 10_025_000),
        ],
    );
}

#[test]
fn a_loan_that_defaults_recovers_what_the_loss_leaves() {
    // Fund exposure 20,000, loss given default 40 %: 12,000 back, 9,000 after two quarters and 3,000 after four.
    check(
        &fund("", "", "0.999999999999"),
        &["a,2,0,40000,other,nonprofit,micro,only,loan"],
        &[
            (MetricId::LoanLoss, 800_000),
            (MetricId::FundLoss, 800_000),
            (MetricId::BankLoss, 480_000),
            (MetricId::InterestIncome, 0),
            (MetricId::ClosingResources, 9_200_000),
        ],
    );
}

#[test]
fn a_cured_default_costs_nothing() {
    let toml =
        fund("", "", "0.999999999999").replace("lgd_mean = \"40%\"", "lgd_mean = \"40%\"\ncure_rate = 1");
    check(
        &toml,
        &["a,2,0,50000,other,nonprofit,micro,only,guaranteed"],
        &[(MetricId::Defaults, 1), (MetricId::CallsDemanded, 0), (MetricId::BankLoss, 0)],
    );
}

#[test]
fn a_grant_is_clawed_back_in_part_after_a_default() {
    // A grant of 20 % of 40,000 is paid with the disbursement; the default comes one quarter later, within the year
    // of the clawback: 30 % of it comes back.
    check(
        &fund("grant_clawback_years = 1\ngrant_clawback_recovery = \"30%\"", "", "0.999999999999"),
        &["a,2,0,40000,other,nonprofit,micro,only,grant"],
        &[
            (MetricId::GrantsPaid, 800_000),
            (MetricId::GrantsRecovered, 240_000),
            (MetricId::FundLoss, 0),
            (MetricId::DefaultedExposure, 0),
            (MetricId::ClosingResources, 10_000_000 - 560_000),
        ],
    );
}

#[test]
fn a_late_grant_is_freed_by_a_default() {
    check(
        &fund("grant_lag_quarters = 2", "", "0.999999999999"),
        &["a,2,0,40000,other,nonprofit,micro,only,grant"],
        &[(MetricId::Grants, 800_000), (MetricId::GrantsPaid, 0), (MetricId::ClosingResources, 10_000_000)],
    );
}

#[test]
fn tranches_follow_spending_and_are_advanced_when_cash_is_short() {
    // Four tranches of 25,000. 20,000 are lent in quarter 0: 80 % of the first tranche, so the second comes at
    // quarter 1. A loan of 40,000 in that quarter needs more than the 30,000 and the first payment of 5,100
    // in cash: the third is drawn ahead of the rule. 60,000 are spent then, less than 85 % of 75,000.
    let tranches = "tranches = { shares = [0.25, 0.25, 0.25, 0.25], triggers = [0, 0.6, 0.85, 0.85] }";
    check(
        &fund("", tranches, "0"),
        &["a,2,0,40000,other,nonprofit,micro,only,loan", "b,2,1,80000,other,nonprofit,micro,only,loan"],
        &[
            (MetricId::FundLoans, 6_000_000),
            (MetricId::TranchesAdvanced, 1),
            (MetricId::NeverPaidIn, 2_500_000),
        ],
    );
}

#[test]
fn fees_are_base_and_performance_within_the_cap() {
    // Base 1 % a year on 100,000 paid in: 250 a quarter in the four open quarters. Performance 2 % a year on 20,000,
    // 15,000, 10,000, 5,000 at the start of quarters 1 to 4: 100 + 75 + 50 + 25. In quarter 4 the project still runs
    // (its last payment), so the base fee is due once more.
    let fees = "[fund.fees]\nbase = [\"1%\"]\nloans = \"2%\"\n";
    let toml = fund("", fees, "0");
    check(
        &toml,
        &["a,2,0,40000,other,nonprofit,micro,only,loan"],
        // No fee budget: fees are paid from income, which is the interest of the quarters before.
        &[
            (MetricId::InterestIncome, 25_000),
            (MetricId::FeesPaid, 10_000 + 7_500 + 5_000),
            (MetricId::FeesUnpaid, 127_500),
        ],
    );
}

#[test]
fn revolving_principal_is_lent_again() {
    // The loans envelope holds 60,000; the second project needs 50,000 in quarter 2 when 20,000 are out and 10,000 are
    // back: only a revolving fund has 50,000.
    let rows =
        ["a,2,0,40000,other,nonprofit,micro,only,loan", "b,2,2,100000,other,nonprofit,micro,only,loan"];
    let strict = "fallback = false\nmax_wait_quarters = 0";
    check(
        &fund(strict, "revolving = true", "0"),
        &rows,
        &[(MetricId::Projects, 2), (MetricId::RejectedBudget, 0)],
    );
    check(&fund(strict, "", "0"), &rows, &[(MetricId::Projects, 1), (MetricId::RejectedBudget, 1)]);
}

#[test]
fn applicants_outside_the_line_are_ineligible() {
    check(
        &fund("", "", "0"),
        &[
            "a,2,0,100001,other,nonprofit,micro,only,loan",
            "b,2,0,40000,other,nonprofit,medium,only,loan",
            "c,2,0,40000,other,forprofit,small,only,loan",
        ],
        &[
            (MetricId::Applications, 3),
            (MetricId::RejectedIneligible, 2),
            (MetricId::Approvals, 1),
            (MetricId::InvestmentApplied, 18_000_100),
        ],
    );
}
