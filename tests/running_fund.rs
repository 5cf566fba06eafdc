//! A running fund: what history replays, and the forecast from today's books, against the slow twin and against closed forms.

mod common;
mod generated;
#[path = "running_fund/snapshot.rs"]
mod snapshot;
mod twin;

use common::{MOST_STANDARD_ERRORS, scenario_file, scenario_from, scenario_text, summarise};
use fesr::aggregate::figures::Figures;
use fesr::books::path_books::PathBooks;
use fesr::books::subsidy;
use fesr::diagnostic::{Place, SourceId};
use fesr::engine::PathSimulator;
use fesr::engine::chunk::ChunkSimulator;
use fesr::engine::events::Envelope;
use fesr::engine::kernel::terms::KernelTerms;
use fesr::engine::path::today::{LineToday, TodaysBooks};
use fesr::engine::settled::terms::SettledTerms;
use fesr::engine::totals::{LineTotals, PathTotals, TimelineRow};
use fesr::isa::Isa;
use fesr::ledger::Ledger;
use fesr::metrics::MetricId;
use fesr::plan::Plan;
use fesr::reading::read_scenario;
use fesr::resolved::{borrowers_csv, resolved_toml};
use fesr::scenario::{BookedStatus, Copula, Language, Line, Pipeline, Scenario};
use fesr::today::{self, todays_books};
use fesr::units::{Cents, Share};
use generated::{any_scenario, fixed_sample};
use rayon::prelude::*;
use snapshot::{Precision, running_fund};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use twin::Twin;
use twin::compare::{differences, engine_path};

/// Engine and twin on some paths; the complaint about the first difference.
fn complaint(name: &str, scenario: &Scenario, paths: std::ops::Range<u64>) -> Option<String> {
    let plan = Plan::resolve(scenario);
    let twin = Twin::new(scenario);
    let figures = Figures::new(&plan);
    let mut simulator = PathSimulator::new(&plan);
    paths.into_iter().find_map(|path| {
        let found = differences(&engine_path(&plan, &mut simulator, &figures, path), &twin.path(path));
        let list: Vec<String> = found.iter().take(12).map(ToString::to_string).collect();
        (!found.is_empty())
            .then(|| format!("{name}, path {path}:\n{}\n{}", list.join("\n"), resolved_toml(scenario)))
    })
}

fn assert_no_complaints(complaints: &[String]) {
    let shown = complaints.iter().take(2).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(complaints.is_empty(), "{} complaints:\n{shown}", complaints.len());
}

/// 250 generated funds, each simulated up to some quarter and watched from there on.
#[test]
fn running_funds_agree_with_the_twin_to_the_cent() {
    let complaints: Vec<String> = fixed_sample(any_scenario(), 250)
        .into_par_iter()
        .enumerate()
        .filter_map(|(position, generated)| {
            let fund = generated.scenario();
            let today = 1 + position as u32 * 7 % (fund.fund.horizon_quarters - 1);
            let running = running_fund(&fund, position as u64, today, Precision::Rough(position));
            complaint(&format!("generated scenario {position}, today {today}"), &running, 0..6)
        })
        .collect();
    assert_no_complaints(&complaints);
}

/// Path by path and quarter by quarter: totals and timeline of one plan.
fn played(plan: &Plan, path: u64) -> (PathTotals, Vec<TimelineRow>) {
    let mut simulator = PathSimulator::new(plan);
    simulator.run(path).unwrap_or_else(|broken| panic!("{broken}"));
    (simulator.totals().clone(), simulator.timeline().to_vec())
}

/// Nobody applied in the first year: a fund that is watched from then on is the fund itself.
#[test]
fn an_empty_history_changes_nothing() {
    let mut listed = scenario_file("portfolio-example.toml");
    for line in listed.line1.iter_mut().chain(&mut listed.line2) {
        let Pipeline::List(rows) = &mut line.pipeline else { panic!("a list") };
        rows.retain(|row| row.quarter >= 4);
    }
    let drawn = scenario_from(
        "extends = \"wecare-mixed.toml\"\n[fund]\nrevolving = true\ntreasury_rate = \"0.7%\"\n\
         [line1.pipeline]\napplications_per_year = [0, 3]\n[line2.pipeline]\napplications_per_year = [0, 20]\n",
    );
    for scenario in [listed, drawn] {
        let mut running = scenario.clone();
        running.fund.today_quarter = 4;
        let (plan, running) = (Plan::resolve(&scenario), Plan::resolve(&running));
        assert!(running.has_history() && !plan.has_history());
        let mut defaults = 0;
        for path in 0..200 {
            let expected = played(&plan, path);
            assert_eq!(played(&running, path), expected, "path {path}");
            defaults += expected.0.lines.iter().map(|line| line.defaults).sum::<i64>();
        }
        assert!(defaults > 100, "{defaults}");
    }
}

/// A list whose applicants wait for nothing and are told apart by nothing that is drawn.
fn sure_list(more: &str) -> Scenario {
    let mut scenario = scenario_from(&format!(
        "extends = \"portfolio-example.toml\"\n[fund]\nrevolving = true\ntreasury_rate = \"1.1%\"\n\
         tranches = {{ shares = [0.25, 0.25, 0.5], triggers = [0, 0.3, 0.6] }}\n[fund.fees]\nbase = [\"1%\"]\nloans = \"0.5%\"\n\
         guarantees = \"0.5%\"\ngrants = \"2%\"\n{more}"
    ));
    for line in scenario.line1.iter_mut().chain(&mut scenario.line2) {
        line.max_wait_quarters = 0;
        line.disbursement_lag_quarters = 0;
        line.withdrawal_rate = Share::ZERO;
        line.loss.lgd_sd = Share::ZERO;
        line.loss.cure_rate = Share::ZERO;
        let Pipeline::List(rows) = &mut line.pipeline else { panic!("a list") };
        rows.iter_mut().for_each(|row| row.product = row.product.or(Some(0)));
    }
    scenario
}

/// A fund that is stopped in some quarter and declared as running from its books goes on as if nobody had stopped it: to the
/// cent, in every quarter. Nothing is left to luck after today; before it there were defaults, calls and recoveries.
#[test]
fn a_fund_stopped_and_declared_goes_on_to_the_cent() {
    // Default probabilities of the first three years only.
    let scenario = sure_list("[macro]\npd_multiplier = [6, 6, 6, 0]\n");
    let plan = Plan::resolve(&scenario);
    let (mut defaults, mut repaid) = (0, 0);
    for (path, today) in (0..6).flat_map(|path| [12, 13, 17, 24, 39].map(|today| (path, today))) {
        let running = running_fund(&scenario, path, today, Precision::True);
        assert!(
            today::problems(&running, |_| Place::start_of(SourceId(0))).is_empty(),
            "books that cannot be"
        );
        let (stopped, whole) = (played(&Plan::resolve(&running), path), played(&plan, path));
        let from = today as usize - 1;
        assert_eq!(stopped.1[from..], whole.1[from..], "path {path}, today {today}");
        let fund = |totals: &PathTotals| {
            let fund = totals.fund;
            (fund.closing_resources, fund.treasury, fund.fees_paid, fund.subsidy_cost, fund.tranches_advanced)
        };
        assert_eq!(fund(&stopped.0), fund(&whole.0), "path {path}, today {today}");
        for (stopped, whole) in stopped.0.lines.iter().zip(&whole.0.lines) {
            // Who was turned down is on nobody's books.
            let rest = |line: &LineTotals| LineTotals {
                applications: 0,
                rejected_budget: 0,
                rejected_ineligible: 0,
                investment_applied: Cents::ZERO,
                ..*line
            };
            assert_eq!(rest(stopped), rest(whole), "path {path}, today {today}");
            defaults += whole.defaults;
        }
        let booked = running.lines().flat_map(|line| &line.booked);
        repaid += booked.filter(|project| project.status == BookedStatus::Repaid).count();
    }
    assert!(defaults > 30 && repaid > 10, "{defaults} defaults, {repaid} repaid");
}

const ONE_LOAN: &str = r#"
[scenario]
name = "one-loan"
[fund]
endowment = 200_000
start = "2020-Q1"
today = "2021-Q2"
horizon_years = 4
availability_years = 1
period = "2014-2020"
OPENING
[line2]
[line2.budget]
loans = 200_000
guarantees = 0
[[line2.product]]
name = "loan"
fund_loan = 1
[line2.loan]
tenor_quarters = 10
amortisation = "italian"
fund_rate = "4%"
bank_rate = 0
[line2.loss]
lgd_mean = "50%"
[[credit.rating]]
name = "B"
pd = PD
[pipeline]
borrowers = "borrowers.csv"
[rules]
waive = ["R103"]
"#;
const HEADER: &str = "id,line,quarter,investment,theme,legal_form,size,rating,product,status,disbursed_quarter,\
                      default_quarter,outstanding_fund,outstanding_bank,loss_given_default\n";

fn one_loan(opening: &str, pd: &str, row: &str) -> Scenario {
    let toml = ONE_LOAN.replace("OPENING", opening).replace("PD", pd);
    scenario_text(&toml, Some(&format!("{HEADER}{row}\n")))
}

/// 100,000 EUR at 1 % a quarter in ten equal parts, disbursed in quarter 0 and watched from quarter 5 on.
#[test]
fn one_running_loan_by_hand() {
    let closing = |opening: &str, row: &str| {
        let (totals, timeline) = played(&Plan::resolve(&one_loan(opening, "0", row)), 0);
        let at_today = timeline[4];
        (totals.fund.closing_resources, totals.lines[0].interest, at_today.lines[0].outstanding_fund_loans)
    };
    let euros = |euros: i64| Cents(euros * 100);
    // As scheduled: 60,000 are left after four payments; interest on 100, 90, ..., 10 thousand is 5,500.
    let row = "a,2,0,100000,other,nonprofit,small,B,loan,running,0,,,,";
    assert_eq!(closing("", row), (euros(205_500), euros(5_500), euros(60_000)));
    // 30,000 are left: half of the schedule, paid in six parts of 5,000. Interest of history is that of the schedule up to the
    // last payment before today, on 100, 90, 80, 70 thousand; then on 30, 25, ..., 5 thousand: 3,400 + 1,050.
    let row = "a,2,0,100000,other,nonprofit,small,B,loan,running,0,,30000,,";
    assert_eq!(closing("", row), (euros(204_450), euros(4_450), euros(30_000)));
    // A moratorium: nothing but interest was paid, 4 x 1,000; then 100,000 in six parts: 1 % of 100 x (6+5+4+3+2+1)/6 thousand.
    let row = "a,2,0,100000,other,nonprofit,small,B,loan,running,0,,100000,,";
    assert_eq!(closing("", row), (euros(207_500), euros(7_500), euros(100_000)));
    // Given balances win: 1,234.56 of income in place of 3,400, 75,000 due back in place of 70,000.
    let row = "a,2,0,100000,other,nonprofit,small,B,loan,running,0,,30000,,";
    let opening = "[fund.opening]\nincome = 1_234.56\nreturned = 75_000";
    let expected = euros(204_450) + Cents(123_456 - 340_000) + euros(5_000);
    assert_eq!(closing(opening, row), (expected, euros(4_450), euros(30_000)));
    // A default in quarter 3: 80,000 are left, a quarter of it is lost, 60,000 recovered at once; interest 1,000 + 900.
    let row = "a,2,0,100000,other,nonprofit,small,B,loan,defaulted,0,3,,,25%";
    assert_eq!(closing("", row), (euros(181_900), euros(1_900), euros(0)));
    // Repaid before its time, in the last quarter before today.
    let row = "a,2,0,100000,other,nonprofit,small,B,loan,repaid,0,,,,";
    assert_eq!(closing("", row), (euros(203_400), euros(3_400), euros(0)));
}

/// Whoever pays today defaults by the end with `1 - S(10) / S(4)`: the first four quarters are over.
#[test]
fn the_chance_of_default_is_what_is_left_of_it() {
    let row = "a,2,0,100000,other,nonprofit,small,B,loan,running,0,,,,";
    let pd = 0.2;
    for copula in ["gaussian", "student_t"] {
        let mut scenario = one_loan("", "\"20%\"", row);
        scenario.credit.copula = Copula::from_word(copula).expect("a copula");
        let plan = Plan::resolve(&scenario);
        let mut simulator = PathSimulator::new(&plan);
        let paths = 40_000;
        let mut defaults = 0;
        for path in 0..paths {
            simulator.run(path).unwrap_or_else(|broken| panic!("{broken}"));
            assert_eq!(simulator.timeline()[4].lines[0].defaults, 0);
            defaults += simulator.totals().lines[0].defaults;
        }
        // Six quarters are left: the year's survival to the power of 6/4.
        let survival: f64 = 1.0 - pd;
        let exact = 1.0 - survival * survival.sqrt();
        let error = (exact * (1.0 - exact) / paths as f64).sqrt();
        let z = (defaults as f64 / paths as f64 - exact) / error;
        assert!(z.abs() < MOST_STANDARD_ERRORS, "{copula}: {defaults} of {paths}, expected {exact}: z = {z}");
    }
}

/// The books, the ledger and what is written of a running fund agree with its engine.
#[test]
fn books_ledger_and_files_of_running_funds_agree_to_the_cent() {
    let (mut given, mut read_again) = (0, 0);
    for (position, generated) in fixed_sample(any_scenario(), 120).into_iter().enumerate() {
        let fund = generated.scenario();
        let today = 1 + position as u32 * 5 % (fund.fund.horizon_quarters - 1);
        let running = running_fund(&fund, position as u64, today, Precision::Rough(position));
        let plan = Plan::resolve(&running);
        let mut recorded = PathSimulator::with_recorder(&plan, PathBooks::new(&plan));
        let terms = KernelTerms::new(&plan);
        assert!(!terms.supported, "the kernel hands running funds to the reference engine");
        assert!(SettledTerms::new(&plan).is_err(), "and so does the settled engine");
        let mut chunk = ChunkSimulator::new(&plan, &terms, Isa::current());
        chunk.run(0, 3).unwrap_or_else(|broken| panic!("{broken}"));
        for path in 0..3 {
            recorded.recorder_mut().clear();
            recorded.run(path).unwrap_or_else(|broken| panic!("{broken}"));
            let (totals, timeline) = played(&plan, path);
            recorded.recorder().check(&plan, path, &totals).unwrap_or_else(|broken| panic!("{broken}"));
            assert_eq!(chunk.totals()[path as usize], totals);
            let ledger = Ledger::of(&plan, path).unwrap_or_else(|broken| panic!("{broken}"));
            assert_eq!(ledger.cash, timeline.iter().map(|row| row.cash).collect::<Vec<_>>());
            let parts = subsidy::parts(&plan, recorded.recorder(), &totals);
            assert_eq!(parts.into_iter().sum::<Cents>(), totals.fund.subsidy_cost);
            today_agrees(&plan, &timeline);
        }
        given +=
            usize::from(TodaysBooks::of(&plan).expect("running").balances.iter().any(|b| b.given.is_some()));
        let files = [
            ("scenario.resolved.toml", Some(resolved_toml(&running))),
            ("borrowers.csv", borrowers_csv(&running)),
        ];
        // The reader knows no list without a row.
        let is_empty = |line: &Line| line.booked.is_empty() && line.pipeline == Pipeline::List(Vec::new());
        if running.lines().any(is_empty) {
            continue;
        }
        let files: BTreeMap<PathBuf, Vec<u8>> =
            files.into_iter().filter_map(|(name, text)| Some((name.into(), text?.into_bytes()))).collect();
        let again = read_scenario(&files, Path::new("scenario.resolved.toml"), &[])
            .unwrap_or_else(|problems| panic!("{problems}\n{}", resolved_toml(&running)))
            .scenario;
        assert_eq!(again, running, "scenario {position}");
        read_again += 1;
    }
    assert!(given > 20 && read_again > 80, "{given} given, {read_again} read again");
}

/// Today's books are those of the last quarter of history.
fn today_agrees(plan: &Plan, timeline: &[TimelineRow]) {
    let books = TodaysBooks::of(plan).expect("a running fund");
    let row = timeline[plan.today as usize - 1];
    for (slot, line) in books.lines.iter().enumerate() {
        let last = row.lines[slot];
        let of_row = (
            last.outstanding_fund_loans,
            last.outstanding_guaranteed,
            last.running_projects,
            last.defaults,
            last.fund_loss,
        );
        let of_books = (
            line.outstanding_fund,
            line.outstanding_guaranteed,
            line.running,
            line.defaulted,
            line.fund_loss,
        );
        assert_eq!(of_books, of_row);
        assert_eq!(line.running + line.defaulted + line.repaid, plan.lines[slot].booked.len() as i64);
        let reserve = books.balance(Envelope::Guarantees(slot)).expect("an envelope");
        assert_eq!(reserve.derived, last.guarantee_reserve);
    }
    assert!(books.unpaid.is_empty());
    if books.balances.iter().all(|balance| balance.given.is_none()) {
        assert_eq!(books.cash, row.cash);
    }
}

/// Books that cannot be are refused before a run; books that can are not.
#[test]
fn books_that_cannot_be_are_refused() {
    let told = |opening: &str, rows: &str| -> Vec<(&'static str, String)> {
        let scenario = one_loan(opening, "0", rows);
        today::problems(&scenario, |_| Place::start_of(SourceId(0)))
            .into_iter()
            .map(|problem| (problem.code, problem.message.text(Language::English).to_string()))
            .collect()
    };
    let sound = "a,2,0,100000,other,nonprofit,small,B,loan,running,0,,,,";
    assert_eq!(told("", sound), []);
    assert_eq!(
        told("[fund.opening]\nincome = 0\n[line2.opening]\nloans = 0\nguarantees = 0\ngrants = 0", sound),
        []
    );
    // Two zeros too many.
    let problems = told("[fund.opening]\nincome = 3_000_000", sound);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].0, "W109");
    assert!(
        problems[0].1.contains("`fund.opening.income`: 3,000,000 EUR, but history leaves"),
        "{problems:?}"
    );
    // 250,000 out of 200,000 in quarter 0.
    let more = format!(
        "{sound}\nb,2,0,100000,other,nonprofit,small,B,loan,running,0,,,,\nc,2,0,50000,other,nonprofit,small,B,loan,running,0,,,,"
    );
    let problems = told("", &more);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].0, "E133");
    assert!(problems[0].1.contains("in 2020-Q1 history spends 50,000 EUR more for loans"), "{problems:?}");
    // All envelopes together hold less than nothing.
    let problems = told("[fund.opening]\nincome = -500_000", sound);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].1.contains("leave the cash at \u{2212}"), "{problems:?}");
}

/// Every complaint about rows and keys of a running fund, all at once.
#[test]
fn rows_that_cannot_be_are_refused_all_at_once() {
    let rows = [
        ("a,2,0,100000,other,nonprofit,small,B,loan,runing,0,,,,", "row 2, column `status`: \"runing\""),
        ("b,2,0,100000,other,nonprofit,small,B,,running,0,,,,", "row 3, column `product`"),
        ("c,2,0,100000,other,nonprofit,small,B,loan,running,5,,,,", "row 4, column `disbursed_quarter`"),
        ("d,2,1,100000,other,nonprofit,small,B,loan,running,0,,,,", "row 5, column `disbursed_quarter`"),
        (
            "e,2,0,100000,other,nonprofit,small,B,loan,running,0,,100000.01,,",
            "row 6, column `outstanding_fund`: 100,000.01",
        ),
        ("f,2,0,100000,other,nonprofit,small,B,loan,running,0,,,1,", "row 7, column `outstanding_bank`"),
        ("g,2,0,100000,other,nonprofit,small,B,loan,running,0,3,,,", "row 8, column `default_quarter`"),
        ("h,2,1,100000,other,nonprofit,small,B,loan,defaulted,1,1,,,", "row 9, column `default_quarter`"),
        ("i,2,1,100000,other,nonprofit,small,B,loan,defaulted,1,,,,", "row 10, column `default_quarter`"),
        (
            "j,2,1,100000,other,nonprofit,small,B,loan,defaulted,1,3,,,1.5",
            "row 11, column `loss_given_default`",
        ),
        ("k,2,1,100000,other,nonprofit,small,B,loan,repaid,1,,10,,", "row 12, column `outstanding_fund`"),
        ("l,2,1,100000,other,nonprofit,small,B,loan,,,,,,", "row 13, column `quarter`"),
        ("m,2,1,100000,other,nonprofit,small,B,loan,,2,,,,", "row 14, column `disbursed_quarter`"),
        (
            "n,2,1,100000,other,nonprofit,small,B,loan,running,1,,0,,",
            "row 15, column `status`: it has nothing left",
        ),
        (
            "o,2,1,100000,other,nonprofit,small,B,loan,repaid,4,,,,",
            "row 16, column `status`: disbursed in the quarter before today",
        ),
        (
            "p,2,1,100000,other,nonprofit,small,B,loan,running,4,,1000,,",
            "row 17, column `outstanding_fund`: disbursed in the quarter before today",
        ),
    ];
    let csv: String = rows.iter().map(|(row, _)| format!("{row}\n")).collect();
    let toml = ONE_LOAN.replace("OPENING", "").replace("PD", "0");
    let complaints = refused(&toml, &format!("{HEADER}{csv}"));
    for (row, complaint) in rows {
        assert!(complaints.contains(complaint), "{row}: no “{complaint}” in\n{complaints}");
    }
    // A tenor that is over, and a default after it.
    let short = toml.replace("tenor_quarters = 10", "tenor_quarters = 2");
    let rows = "a,2,0,1000,other,nonprofit,small,B,loan,running,0,,,,\nb,2,0,1000,other,nonprofit,small,B,loan,defaulted,0,3,,,\n";
    let complaints = refused(&short, &format!("{HEADER}{rows}"));
    assert!(
        complaints.contains("row 2, column `status`")
            && complaints.contains("row 3, column `default_quarter`"),
        "{complaints}"
    );
    // Nothing of it means anything in a fund that starts.
    let starts = toml.replace("today = \"2021-Q2\"\n", "");
    let complaints =
        refused(&starts, &format!("{HEADER}a,2,0,1000,other,nonprofit,small,B,loan,running,0,,,,\n"));
    assert!(complaints.contains("the scenario has no today"), "{complaints}");
    let opened = starts.replace("[line2.budget]", "[line2.opening]\nloans = 5\n[line2.budget]");
    let complaints = refused(&opened, &format!("{HEADER}a,2,0,1000,other,nonprofit,small,B,loan,,,,,,\n"));
    assert!(complaints.contains("`line2.opening` gives today's balances"), "{complaints}");
    for today in ["2020-Q1", "2024-Q1", "2019-Q4"] {
        let complaints = refused(&toml.replace("2021-Q2", today), HEADER);
        assert!(complaints.contains("`fund.today` must be a quarter after the start"), "{complaints}");
    }
}

fn refused(toml: &str, csv: &str) -> String {
    let files: BTreeMap<PathBuf, Vec<u8>> =
        [("test.toml".into(), toml.into()), ("borrowers.csv".into(), csv.into())].into();
    read_scenario(&files, Path::new("test.toml"), &[]).expect_err("refused").to_string()
}

/// More outstanding than scheduled is a moratorium: a warning, and no error.
#[test]
fn a_moratorium_is_a_warning() {
    let toml = ONE_LOAN.replace("OPENING", "").replace("PD", "0");
    let warnings = |outstanding: &str| -> Vec<&'static str> {
        let row = format!("a,2,0,100000,other,nonprofit,small,B,loan,running,0,,{outstanding},,\n");
        let files: BTreeMap<PathBuf, Vec<u8>> = [
            ("test.toml".into(), toml.clone().into()),
            ("borrowers.csv".into(), format!("{HEADER}{row}").into()),
        ]
        .into();
        let reading = read_scenario(&files, Path::new("test.toml"), &[]).unwrap_or_else(|p| panic!("{p}"));
        reading.warnings.iter().map(|warning| warning.code).filter(|code| *code == "W106").collect()
    };
    assert_eq!(warnings("60000.01"), ["W106"]);
    assert!(warnings("60000").is_empty() && warnings("").is_empty() && warnings("12").is_empty());
}

#[test]
fn the_library_scenario_is_a_fund_in_mid_life() {
    let scenario = scenario_file("running-fund.toml");
    let books = todays_books(&scenario).expect("a running fund");
    let count = |of: fn(&LineToday) -> i64| books.lines.iter().map(of).sum::<i64>();
    assert_eq!((count(|l| l.running), count(|l| l.defaulted), count(|l| l.repaid)), (18, 2, 1));
    let errors: Vec<_> = today::problems(&scenario, |_| Place::start_of(SourceId(0)));
    assert!(errors.is_empty(), "{errors:?}");
    assert!(complaint("running-fund.toml", &scenario, 0..60).is_none());
    let summary = summarise(&scenario, 2_000);
    let loss = summary.metric(MetricId::FundLoss, None).expect("reported");
    assert!(loss.moments.min > 0 && loss.moments.max > loss.moments.min, "history loses, the future may");
    // Until today every future is the same.
    for series in &summary.timeline {
        for (quarter, point) in series.points.iter().enumerate().take(10) {
            let (first, last) = (point.quantiles.first(), point.quantiles.last());
            assert_eq!(first.map(|q| q.0), last.map(|q| q.0), "{:?} in quarter {quarter}", series.series.id);
        }
    }
}
