//! The ledger of a path as its readers see it: sums, totals and order, from the rows of the CSV alone.

mod common;

use common::{scenario_file, scenario_text};
use fesr::engine::PathSimulator;
use fesr::ledger::{EntryKind, Ledger};
use fesr::metrics::MetricId;
use fesr::plan::{ApplicantSource, Plan};
use fesr::report::trace::ledger_csv;
use fesr::scenario::LineNumber;
use std::collections::{BTreeMap, BTreeSet};

const LIBRARY: [&str; 7] = [
    "base.toml",
    "wecare-mixed.toml",
    "wecare-call-2018.toml",
    "portfolio-example.toml",
    "mixes/loans-first.toml",
    "mixes/guarantees-first.toml",
    "mixes/grants-heavy.toml",
];

/// Money lent again, negative interest on cash, tranches that come too late, a strict queue, no lag between approval and
/// disbursement, uncapped guarantees that the envelope cannot honour, and hard times.
const HARD_TIMES: &str = r#"
[fund]
endowment = 1_000_000
start = "2021-Q1"
horizon_years = 7
availability_years = 3
period = "2021-2027"
revolving = true
treasury_rate = "-2%"
[fund.tranches]
shares = ["30%", "30%", "40%"]
triggers = [0, "95%", "95%"]
[fund.fees]
budget = 5_000
base = "1%"
cap = "10%"
[line1]
queue = "strict"
min_investment = 100_000
max_investment = 400_000
[line1.budget]
loans = 400_000
guarantees = 0
grants = 0
[line1.pipeline]
applications_per_year = 8
investment = { median = 200_000, sigma = 0.3 }
[[line1.product]]
name = "loan"
own_funds = "40%"
fund_loan = "60%"
[line1.loan]
tenor_quarters = 10
amortisation = "french"
fund_rate = "2%"
bank_rate = 0
[line1.loss]
lgd_mean = "50%"
recovery = [{ after_quarters = 2, share = "33.33%" }, { after_quarters = 6, share = "66.67%" }]
[line2]
withdrawal_rate = "20%"
legal_forms = ["nonprofit"]
grant_clawback_years = 2
grant_clawback_recovery = "50%"
[line2.budget]
loans = 245_000
guarantees = 100_000
grants = 250_000
[line2.pipeline]
applications_per_year = 30
investment = { median = 50_000, sigma = 0.4 }
legal_form = { nonprofit = 0.8, forprofit = 0.2 }
[[line2.product]]
name = "guarantee"
own_funds = "20%"
bank_loan = "80%"
guarantee_rate = "80%"
[[line2.product]]
name = "grant"
own_funds = "50%"
fund_loan = "30%"
grant = "20%"
[line2.loan]
tenor_quarters = 8
amortisation = "bullet"
fund_rate = "1%"
bank_rate = "3%"
[line2.guarantee]
kind = "uncapped"
provision_rate = "5%"
backing = "fund"
premium_rate = "1%"
[line2.loss]
lgd_mean = "80%"
[[credit.rating]]
name = "B"
pd = "25%"
"#;

/// A row of the file.
struct Row {
    quarter: usize,
    line: String,
    project: String,
    event: String,
    envelope: String,
    amount: Option<i64>,
    balance: Option<i64>,
}

fn cents(text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    let (euros, cents) = text.split_once('.').expect("two decimals");
    assert_eq!(cents.len(), 2, "{text}");
    Some(format!("{euros}{cents}").parse().expect("an amount"))
}

fn rows(csv: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header: Vec<&str> = reader.headers().expect("a header").iter().collect();
    assert_eq!(header, ["quarter", "line", "project", "event", "envelope", "amount", "balance"]);
    let records = reader.records().map(|record| record.expect("a row"));
    records
        .map(|record| Row {
            quarter: record[0].parse().expect("a quarter"),
            line: record[1].to_string(),
            project: record[2].to_string(),
            event: record[3].to_string(),
            envelope: record[4].to_string(),
            amount: cents(&record[5]),
            balance: cents(&record[6]),
        })
        .collect()
}

/// Every scenario with a few of its paths.
fn each_ledger(mut look: impl FnMut(&str, &Plan, &Ledger, &[Row])) {
    let library = LIBRARY.iter().map(|name| (*name, scenario_file(name)));
    for (name, scenario) in library.chain([("hard times", scenario_text(HARD_TIMES, None))]) {
        let plan = Plan::resolve(&scenario);
        for path in [0, 1, 2, 3, 17, 4_711, 99_999, 999_999_999] {
            let ledger = Ledger::of(&plan, path).unwrap_or_else(|broken| panic!("{name}: {broken}"));
            look(name, &plan, &ledger, &rows(&ledger_csv(&plan, &ledger)));
        }
    }
}

#[test]
fn a_spreadsheet_can_check_every_envelope_and_the_cash() {
    each_ledger(|name, plan, ledger, rows| {
        let context = format!("{name}, path {}", ledger.path);
        let mut balances: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        let mut closed = BTreeSet::new();
        let mut cash = vec![0; plan.quarters as usize];
        for row in rows {
            let envelope = (row.line.as_str(), row.envelope.as_str());
            match (row.event.as_str(), row.amount, row.balance) {
                ("opening", None, Some(balance)) => {
                    assert_eq!(row.quarter, 0, "{context}");
                    assert!(
                        balances.insert(envelope, balance).is_none(),
                        "{context}: {envelope:?} opens twice"
                    );
                }
                ("closing", None, Some(balance)) => {
                    assert_eq!(row.quarter, plan.quarters as usize - 1, "{context}");
                    assert_eq!(balances[&envelope], balance, "{context}: {envelope:?} closes");
                    assert!(closed.insert(envelope), "{context}: {envelope:?} closes twice");
                }
                (_, Some(amount), Some(balance)) => {
                    assert_ne!(amount, 0, "{context}: {} moves nothing", row.event);
                    let before = balances.get_mut(&envelope).expect("opened before");
                    *before += amount;
                    assert_eq!(*before, balance, "{context}: {envelope:?} after {}", row.event);
                    assert!(balance >= 0 || row.envelope == "income", "{context}: {envelope:?} {balance}");
                    cash[row.quarter] += amount;
                }
                (_, None, None) => assert!(row.envelope.is_empty(), "{context}: {}", row.event),
                (event, ..) => panic!("{context}: {event} has one of amount and balance"),
            }
        }
        assert_eq!(closed.len(), balances.len(), "{context}");
        assert_eq!(balances.len(), 3 * plan.lines.len() + 4, "{context}");
        // Envelopes of the fund have no line, those of a line have one.
        for (line, envelope) in balances.keys() {
            let of_a_line = ["loans", "guarantees", "grants"].contains(envelope);
            assert_eq!(!line.is_empty(), of_a_line, "{context}: {envelope}");
        }
        // Cash quarter by quarter, against a simulation that nobody listens to.
        let mut silent = PathSimulator::new(plan);
        silent.run(ledger.path).expect("the books balance");
        let mut sum = 0;
        for (amounts, row) in cash.iter().zip(silent.timeline()) {
            sum += amounts;
            assert_eq!(sum, row.cash.0, "{context}");
        }
        let opening: i64 =
            rows.iter().filter(|row| row.event == "opening").filter_map(|row| row.balance).sum();
        assert_eq!(opening, plan.endowment.0, "{context}: the opening balances are the endowment");
        let paid_in = balances[&("", "paid_in")];
        let resources: i64 = balances.values().sum::<i64>() - paid_in;
        assert_eq!(resources - (plan.endowment.0 - paid_in), sum, "{context}: closing cash");
    });
}

#[test]
fn the_rows_add_up_to_the_figures_of_the_path() {
    each_ledger(|name, plan, ledger, rows| {
        let context = format!("{name}, path {}", ledger.path);
        let named = |words: &[&str], row: &&Row| words.contains(&row.event.as_str());
        let sum = |words: &[&str]| -> i64 {
            rows.iter().filter(|row| named(words, row)).filter_map(|row| row.amount).sum()
        };
        let count = |word: &str| rows.iter().filter(|row| row.event == word).count() as i64;
        let closing = |envelope: &str| {
            let row = rows.iter().find(|row| row.event == "closing" && row.envelope == envelope);
            row.and_then(|row| row.balance).expect("it closes")
        };
        let all_closing: i64 =
            rows.iter().filter(|row| row.event == "closing").filter_map(|row| row.balance).sum();
        let tranches = ["tranche_due", "tranche_advanced"];
        let present_value: i64 = rows
            .iter()
            .filter(|row| named(&tranches, row))
            .map(|row| {
                let amount = fesr::units::Cents(row.amount.expect("a tranche"));
                amount.times(plan.discount[row.quarter]).0
            })
            .sum();
        let all_amounts: i64 = rows.iter().filter_map(|row| row.amount).sum();
        let closing_cash = fesr::units::Cents(all_amounts).times(plan.discount[plan.quarters as usize - 1]).0;
        use MetricId as M;
        for (metric, expected) in [
            (M::FundLoans, -sum(&["disbursement"])),
            (M::GrantsPaid, -sum(&["grant"])),
            (M::CallsPaid, -sum(&["call_paid"])),
            (M::GuaranteeRecoveries, sum(&["call_recovery"])),
            (M::GuaranteeLoss, -sum(&["call_paid", "call_recovery"])),
            (M::InterestIncome, sum(&["interest"])),
            (M::PremiumIncome, sum(&["premium"])),
            (M::TreasuryIncome, sum(&["treasury"])),
            (M::FeesPaid, -sum(&["fees"])),
            (M::GrantsRecovered, sum(&["grant_recovery"])),
            (M::ClosingResources, all_closing - closing("paid_in")),
            (M::NeverPaidIn, plan.endowment.0 - sum(&tranches)),
            (M::TranchesAdvanced, count("tranche_advanced")),
            (M::SubsidyCost, present_value - closing_cash),
            (M::Applications, count("application")),
            (M::Approvals, count("approval")),
            (M::Withdrawals, count("withdrawal")),
            (M::Projects, count("disbursement")),
            (M::Defaults, count("default")),
            (M::RejectedBudget, count("rejected_budget")),
            (M::RejectedIneligible, count("rejected_ineligible")),
        ] {
            assert_eq!(ledger.figure(metric, None), Some(expected), "{context}: {}", metric.id());
        }
        // What was lent and neither repaid, recovered nor still owed is lost.
        let running = ledger.figure(M::OutstandingAtHorizon, None).expect("a figure");
        let lost = -sum(&["disbursement", "principal", "loan_recovery"]) - running;
        assert_eq!(ledger.figure(M::LoanLoss, None), Some(lost), "{context}");
        // The losses of the projects are the loss.
        let losses = fesr::ledger::losses::by_project(ledger);
        let of_projects: i64 = losses.iter().map(|project| project.loss.0).sum();
        assert_eq!(ledger.figure(M::FundLoss, None), Some(of_projects), "{context}");
        // By line: the guarantee envelopes, and what is named after the project's line.
        for line in &plan.lines {
            let of_line = |words: &[&str]| -> i64 {
                let rows = rows.iter().filter(|row| row.line == line.number.word() && named(words, row));
                rows.filter_map(|row| row.amount).sum()
            };
            let number: Option<LineNumber> = Some(line.number);
            assert_eq!(ledger.figure(M::FundLoans, number), Some(-of_line(&["disbursement"])), "{context}");
            assert_eq!(ledger.figure(M::PremiumIncome, number), Some(of_line(&["premium"])), "{context}");
        }
    });
}

#[test]
fn events_stand_in_the_order_of_the_model() {
    // Steps of MODEL.md section 1, times ten; 65 is the second round of calls in the last quarter.
    let mut seen = BTreeSet::new();
    each_ledger(|name, plan, ledger, rows| {
        let last = plan.quarters as usize - 1;
        let slot = |number: &str| plan.lines.iter().position(|line| line.number.word() == number);
        let mut line_of: BTreeMap<&str, usize> = BTreeMap::new();
        let mut disbursed: BTreeMap<&str, usize> = BTreeMap::new();
        let mut before = (0, 0, 0);
        for row in rows.iter().filter(|row| !["opening", "closing"].contains(&row.event.as_str())) {
            let context = format!("{name}, path {}, quarter {}: {}", ledger.path, row.quarter, row.event);
            seen.insert(row.event.clone());
            if row.event == "application" {
                line_of.insert(&row.project, slot(&row.line).expect("a line"));
            }
            let line = line_of.get(row.project.as_str()).map(|&slot| &plan.lines[slot]);
            let disbursement = || if line.expect("a line").disbursement_lag > 0 { 70 } else { 90 };
            let steps: Vec<u32> = match row.event.as_str() {
                "tranche_due" => vec![10],
                "tranche_advanced" => continue,
                "treasury" => vec![20],
                "fees" | "fees_unpaid" => vec![30],
                "principal" | "interest" | "premium" | "default" | "cure" | "call_demanded" | "maturity" => {
                    vec![40]
                }
                "grant" if line.expect("a line").grant_lag == 0 => vec![disbursement()],
                "grant" => vec![40],
                "call_paid" | "call_open" if row.quarter == last => vec![50, 65],
                "call_paid" | "call_open" => vec![50],
                "loan_recovery" | "grant_recovery" | "call_recovery" => vec![60],
                "disbursement" | "withdrawal" => vec![disbursement()],
                "application" | "rejected_ineligible" | "approval" | "waiting" | "rejected_budget" => {
                    vec![80]
                }
                other => panic!("{context}: {other} is no event"),
            };
            let (quarter, step, _) = before;
            let step_before = if quarter == row.quarter { step } else { 0 };
            assert!(row.quarter >= quarter, "{context}");
            let step = *steps.iter().find(|&&step| step >= step_before).unwrap_or_else(|| {
                panic!("{context} comes after step {step_before}");
            });
            // Within step 4 projects pay or default in order of disbursement, within step 8 line 1 comes first.
            let rank = match step {
                40 => disbursed[row.project.as_str()],
                80 => line_of[row.project.as_str()],
                _ => 0,
            };
            if (before.0, before.1) == (row.quarter, step) {
                assert!(rank >= before.2, "{context}: {} is too late", row.project);
            }
            before = (row.quarter, step, rank);
            if row.event == "disbursement" {
                let position = disbursed.len();
                disbursed.insert(&row.project, position);
            }
        }
    });
    // Opening balances are corrected in running funds only: tests/running_fund.rs.
    let kinds = EntryKind::ALL.iter().filter(|&&kind| kind != EntryKind::Correction);
    let all: BTreeSet<String> = kinds.map(|kind| kind.word().to_string()).collect();
    assert_eq!(seen, all, "every kind of event happens somewhere");
}

#[test]
fn projects_have_names_that_last() {
    let plan = Plan::resolve(&scenario_file("portfolio-example.toml"));
    let ledger = Ledger::of(&plan, 5).expect("the books balance");
    let rows = rows(&ledger_csv(&plan, &ledger));
    let applied: BTreeSet<&str> =
        rows.iter().filter(|row| row.event == "application").map(|row| row.project.as_str()).collect();
    let listed: BTreeSet<&str> = plan
        .lines
        .iter()
        .flat_map(|line| match &line.applicants {
            ApplicantSource::List(listed) => listed.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(),
            ApplicantSource::Statistical(_) => panic!("a list"),
        })
        .collect();
    assert_eq!(applied, listed);
}

#[test]
fn an_id_is_no_formula() {
    let list = "id,line,quarter,investment,theme,legal_form,size,rating\n\
                =1+1,2,0,50000,health_wellbeing,nonprofit,micro,B\n\
                @SUM(A1),2,0,40000,health_wellbeing,nonprofit,micro,B\n";
    let fund = r#"
[fund]
endowment = 100_000
start = "2021-Q1"
horizon_years = 3
availability_years = 1
period = "2021-2027"
[pipeline]
borrowers = "borrowers.csv"
[line2]
[line2.budget]
loans = 100_000
guarantees = 0
grants = 0
[[line2.product]]
name = "loan"
own_funds = 0.5
fund_loan = 0.5
[line2.loan]
tenor_quarters = 8
amortisation = "italian"
bank_rate = 0
[line2.loss]
lgd_mean = 0.5
[[credit.rating]]
name = "B"
pd = "5%"
"#;
    let plan = Plan::resolve(&scenario_text(fund, Some(list)));
    let ledger = Ledger::of(&plan, 0).expect("the books balance");
    let rows = rows(&ledger_csv(&plan, &ledger));
    let names: BTreeSet<&str> = rows.iter().map(|row| row.project.as_str()).collect();
    assert_eq!(names, BTreeSet::from(["", "'=1+1", "'@SUM(A1)"]));
}
