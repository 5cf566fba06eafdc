//! The rules of the measure: each broken in turn, waived, and waived without need.

use crate::sample::{read, sound};
use fesr::rules::{Kind, RULES, RuleReport, check};

/// Keeps every rule.
const GOOD: &str = r#"
[fund]
endowment = 5_000_000
start = "2018-Q4"
horizon_years = 16
availability_years = 5
period = "2014-2020"
tranches = { shares = [0.25, 0.25, 0.25, 0.25], triggers = [0, 0.6, 0.85, 0.85] }
[fund.fees]
budget = 100_000
base = "0.5%"
cap = "7%"
[line1]
max_investment = 1_500_000
[line1.budget]
loans = 2_500_000
guarantees = 500_000
[line1.pipeline]
applications_per_year = 3
investment = { median = 1_200_000, sigma = 0.3 }
[[line1.product]]
name = "co-loan"
own_funds = 0.2
fund_loan = 0.3
bank_loan = 0.5
guarantee_rate = 0.8
[line1.loan]
tenor_quarters = 32
amortisation = "french"
bank_rate = "4%"
[line1.guarantee]
kind = "capped"
cap_rate = "20%"
[line1.loss]
lgd_mean = "45%"
[line2]
[line2.budget]
loans = 1_000_000
guarantees = 0
grants = 900_000
[line2.pipeline]
applications_per_year = 12
investment = { median = 60_000, sigma = 0.4 }
[[line2.product]]
name = "loan"
own_funds = 0.2
fund_loan = 0.8
[[line2.product]]
name = "grant"
own_funds = 0.5
grant = 0.5
[line2.loan]
tenor_quarters = 20
amortisation = "italian"
bank_rate = 0.04
[line2.loss]
lgd_mean = 0.5
recovery = [{ after_quarters = 4, share = 0.5 }, { after_quarters = 8, share = 0.5 }]
[[credit.rating]]
name = "2"
pd = 0.01
"#;

fn report(text: &str) -> RuleReport {
    check(&sound(read(text)).scenario)
}

fn broken(report: &RuleReport) -> Vec<&'static str> {
    report.broken_errors.iter().chain(&report.warned).map(|broken| broken.rule.code).collect()
}

#[test]
fn a_good_scenario_keeps_every_rule() {
    let report = report(GOOD);
    assert_eq!(broken(&report), [""; 0]);
    assert_eq!(report.kept.len(), RULES.len());
    assert!(report.may_run());
}

#[test]
fn each_rule_can_be_broken_alone() {
    let changes: &[(&str, &[(&str, &str)])] = &[
        (
            "R102",
            &[("max_investment = 1_500_000", "min_investment = 999_999.99\nmax_investment = 1_500_000")],
        ),
        ("R103", &[("[line2]\n", "[line2]\nmax_investment = 100_000.01\n")]),
        ("R104", &[("guarantees = 500_000", "guarantees = 400_000\ngrants = 100_000")]),
        (
            "R105",
            &[(
                "max_investment = 1_500_000",
                "max_investment = 1_500_000\nlegal_forms = [\"nonprofit\", \"forprofit\"]",
            )],
        ),
        ("R106", &[("[line2]\n", "[line2]\nsizes = [\"micro\", \"medium\"]\n")]),
        ("R108", &[("guarantee_rate = 0.8", "guarantee_rate = 0.801")]),
        ("R109", &[("cap_rate = \"20%\"", "cap_rate = \"25.1%\"")]),
        ("R110", &[("own_funds = 0.2\nfund_loan = 0.8", "bank_loan = 0.2\nfund_loan = 0.8")]),
        ("R111", &[("tenor_quarters = 20", "tenor_quarters = 3")]),
        ("R112", &[("base = \"0.5%\"", "base = [0.005, 0.0051]")]),
        ("R113", &[("shares = [0.25, 0.25, 0.25, 0.25]", "shares = [0.26, 0.24, 0.25, 0.25]")]),
        ("R114", &[("start = \"2018-Q4\"", "start = \"2019-Q2\"")]),
        ("R115", &[("own_funds = 0.5\ngrant", "fund_loan = 0.5\ngrant")]),
        ("R116", &[("max_investment = 1_500_000", "max_investment = 4_000_000")]),
        ("R117", &[("after_quarters = 8", "after_quarters = 25")]),
        (
            "R118",
            &[(
                "pd = 0.01\n",
                "pd = 0.01\nreference_margin = \"4%\"\nguarantee_premium = \"3.8%\"\n\
                 [state_aid]\nregime = \"de_minimis\"\nceiling = 1_000\nbase_rate = \"1%\"\n",
            )],
        ),
        (
            "R119",
            // A loan of 510,000 EUR over eight years.
            &[
                ("max_investment = 1_500_000", "max_investment = 1_700_000"),
                ("pd = 0.01\n", "pd = 0.01\n[state_aid]\nroute = \"simplified\"\n"),
            ],
        ),
        (
            "R120",
            &[(
                "pd = 0.01\n",
                "pd = 0.01\n[state_aid]\nregime = \"de_minimis\"\nceiling = 200_000\nbase_rate = 0\n\
                 [line2.state_aid]\nceiling = 200_000.01\n",
            )],
        ),
    ];
    for (code, replacements) in changes {
        let text = replacements.iter().fold(GOOD.to_string(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        let report = report(&text);
        assert_eq!(broken(&report), [*code], "{:?} {:?}", report.broken_errors, report.warned);
        let rule = fesr::rules::find(code).unwrap();
        assert_eq!(report.may_run(), rule.kind == Kind::Warning);
        let waived = check(&sound(read(&format!("{text}[rules]\nwaive = [\"{code}\"]\n"))).scenario);
        assert!(waived.may_run() && broken(&waived).is_empty());
        assert_eq!(waived.waived[0].rule.code, *code);
    }
}

#[test]
fn a_budget_off_by_one_cent_is_an_error_at_its_place() {
    let text = GOOD.replacen("budget = 100_000", "budget = 100_000.01", 1);
    let reading = sound(read(&text));
    let report = check(&reading.scenario);
    assert_eq!(broken(&report), ["R101"]);
    assert!(!report.may_run());
    let problems = reading.rule_problems(&report);
    assert!(problems.has_errors());
    let plain = problems.to_plain();
    assert!(plain.starts_with("main.toml:3:13: error[R101]"), "{plain}");
    assert!(plain.contains("0.01 EUR too much"), "{plain}");
}

#[test]
fn needless_waivers_are_named() {
    let report = report(&format!("{GOOD}[rules]\nwaive = [\"R103\", \"R114\"]\n"));
    assert_eq!(report.waived_without_need.iter().map(|rule| rule.code).collect::<Vec<_>>(), ["R103", "R114"]);
    assert!(report.waived.is_empty());
}

#[test]
fn the_period_decides_which_rules_apply() {
    let combined = GOOD.replacen("own_funds = 0.5\ngrant", "fund_loan = 0.5\ngrant", 1);
    let combined = combined.replacen("2014-2020", "2021-2027", 1).replacen("2018-Q4", "2022-Q1", 1);
    // The tranches of 2014-2020 run ahead of what is spent: from 2021 payments follow it, after an advance.
    assert_eq!(broken(&report(&combined)), ["R113"]);
    let combined = combined.replacen("shares = [0.25, 0.25, 0.25, 0.25]", "shares = [0.3, 0.3, 0.3, 0.1]", 1);
    let triggers = combined.find("triggers = [").expect("triggers");
    let end = triggers + combined[triggers..].find(']').expect("an end");
    let good = format!("{}triggers = [0, 1, 1, 0.8{}", &combined[..triggers], &combined[end..]);
    assert_eq!(broken(&report(&good)), [""; 0]);
    for (from, to, code) in [
        ("shares = [0.3, 0.3, 0.3, 0.1]", "shares = [0.31, 0.29, 0.3, 0.1]", "R113"),
        ("triggers = [0, 1, 1, 0.8]", "triggers = [0, 0.99, 1, 0.8]", "R113"),
        // 0.7 claimed, 0.77 x 0.9 = 0.693 spent.
        ("triggers = [0, 1, 1, 0.8]", "triggers = [0, 1, 1, 0.77]", "R113"),
        ("cap = \"7%\"", "cap = \"7.01%\"", "R112"),
        ("2022-Q1", "2020-Q4", "R114"),
        ("2022-Q1", "2026-Q1", "R114"),
    ] {
        assert!(good.contains(from), "{from}");
        let report = report(&good.replacen(from, to, 1));
        assert_eq!(broken(&report), [code], "{from} -> {to}");
    }
}

#[test]
fn brackets_and_ceilings_that_fit_keep_the_rules_of_state_aid() {
    let aid = |keys: &str| GOOD.replacen("pd = 0.01\n", &format!("pd = 0.01\n[state_aid]\n{keys}"), 1);
    // Loans of at most 450,000 EUR, guarantees of at most 600,000, over eight years.
    assert_eq!(broken(&report(&aid("route = \"simplified\"\n"))), [""; 0]);
    for (keys, expected) in [
        ("ceiling = 200_000", None),
        ("ceiling = 500_000", None),
        ("ceiling = 200_001", Some("R120")),
        ("ceiling = 300_000", Some("R120")),
    ] {
        let report = report(&aid(&format!("regime = \"de_minimis\"\nbase_rate = 0\n{keys}\n")));
        assert_eq!(broken(&report), expected.into_iter().collect::<Vec<_>>(), "{keys}");
    }
}

/// The largest association and the line's own ceiling decide whether a line can fund anybody.
#[test]
fn associations_and_ceilings_of_a_line_count_against_its_aid() {
    let aid = |of_line: &str| {
        GOOD.replacen(
            "pd = 0.01\n",
            &format!(
                "pd = 0.01\nreference_margin = \"4%\"\nguarantee_premium = \"3.8%\"\n\
                 [state_aid]\nregime = \"de_minimis\"\nceiling = 200_000\nbase_rate = \"1%\"\n{of_line}"
            ),
            1,
        )
    };
    assert_eq!(broken(&report(&aid(""))), [""; 0]);
    let used_up = aid("[line1.state_aid]\nprior_aid = 190_000\n");
    assert_eq!(broken(&report(&used_up)), ["R118"]);
    let together =
        used_up.replacen("[line1.pipeline]\n", "[line1.pipeline]\nmembers = { 1 = 1, 20 = 0.001 }\n", 1);
    assert_eq!(broken(&report(&together)), [""; 0]);
    assert_eq!(broken(&report(&aid("[line1.state_aid]\nceiling = 50_000\n"))), ["R118"]);
}

#[test]
fn the_cap_on_fees_is_weighted_by_the_budgets() {
    // (8 % x 3.5 M + 10 % x 0.5 M + 6 % x 0.9 M) / 4.9 M = 7.8367 %.
    assert_eq!(broken(&report(&GOOD.replacen("cap = \"7%\"", "cap = \"7.83%\"", 1))), [""; 0]);
    assert_eq!(broken(&report(&GOOD.replacen("cap = \"7%\"", "cap = \"7.84%\"", 1))), ["R112"]);
}
