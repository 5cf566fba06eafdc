//! Stress tests: a reverse stress test against closed forms, shocks that change what they say and nothing else, defaults
//! that happen whatever the luck, and `fesr stress` as planners meet it.

mod common;
#[path = "common/workshop.rs"]
mod workshop;

use common::one_period::OnePeriod;
use common::{MOST_STANDARD_ERRORS, scenario_file};
use fesr::aggregate::columns::{About, Column};
use fesr::metrics::MetricId;
use fesr::paired::breaking::{Answer, Breach, SearchStopped, Verdict, search};
use fesr::paired::comparison::columns_of;
use fesr::paired::lever::{Lever, largest_lgd};
use fesr::paired::shock::ShockKind;
use fesr::paired::{FigureTable, Measure};
use fesr::plan::Plan;
use fesr::reading::{SetOption, parse_break, read_scenario};
use fesr::resolved::{borrowers_csv, resolved_toml};
use fesr::scenario::{Pipeline, Scenario};
use fesr::units::{Probability, Share};
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

/// A scenario with `--set` options over it.
fn with_sets(scenario: &Scenario, sets: &[String]) -> Scenario {
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    files.insert("scenario.toml".into(), resolved_toml(scenario).into());
    if let Some(list) = borrowers_csv(scenario) {
        files.insert("borrowers.csv".into(), list.into());
    }
    let sets: Vec<SetOption> = sets.iter().map(|set| SetOption::parse(set).expect("an option")).collect();
    read_scenario(&files, Path::new("scenario.toml"), &sets)
        .unwrap_or_else(|problems| panic!("{problems}"))
        .scenario
}

fn figures(scenario: &Scenario, metrics: &[MetricId], paths: u64) -> Vec<Vec<i64>> {
    let plan = Plan::resolve(scenario);
    let columns: Vec<Column> = metrics.iter().map(|&metric| Column { metric, about: About::All }).collect();
    let table = FigureTable::simulate(&plan, &columns, paths, &AtomicBool::new(false), &|_| {})
        .unwrap_or_else(|broken| panic!("{broken}"));
    columns.iter().map(|&column| table.column(column).expect("kept").to_vec()).collect()
}

fn answers(scenario: &Scenario, lever: Lever, breaks: &[&str], paths: u64) -> Vec<Answer> {
    let breaches: Vec<Breach> =
        breaks.iter().flat_map(|text| Breach::of_limit(&parse_break(text).expect("a break"))).collect();
    let plan = Plan::resolve(scenario);
    let measures: Vec<Measure> = breaches.iter().map(|breach| breach.measure).collect();
    let columns = columns_of(&plan, &measures);
    let simulate = |sets: &[String]| -> Result<Option<FigureTable>, Infallible> {
        let plan = Plan::resolve(&with_sets(scenario, sets));
        let table = FigureTable::simulate(&plan, &columns, paths, &AtomicBool::new(false), &|_| {});
        Ok(Some(table.unwrap_or_else(|broken| panic!("{broken}"))))
    };
    match search(scenario, &plan, lever, &breaches, simulate) {
        Ok(answers) => answers,
        Err(SearchStopped::Interrupted) => panic!("nobody interrupts"),
        Err(SearchStopped::Failed(never)) => match never {},
    }
}

/// 30 loans of 100,000 EUR over one year that fail independently with 2 % and lose half: 30,000 EUR expected.
fn independent() -> Scenario {
    let one_period = OnePeriod {
        loans: vec![(100_000, 0); 30],
        default_probabilities: vec![0.02],
        loss_given_default: 0.5,
        systemic_correlation: 0.0,
        theme_correlation: 0.0,
        degrees: None,
        seed: 2_019,
    };
    one_period.scenario()
}

fn number(decimal: Decimal) -> f64 {
    decimal.to_string().parse().expect("a number")
}

#[test]
fn the_breaking_point_of_an_expected_loss_is_where_the_closed_form_has_it() {
    const PATHS: u64 = 20_000;
    // F(4) of a year is the yearly PD: the expected loss is 30,000 EUR x multiplier x LGD / 0.5, exactly.
    let scenario = independent();
    for (lever, bound, exact, slope, pd) in [
        // 30,000 x m > 75,000 from m = 2.5 on; a unit of m is 30,000 EUR.
        (Lever::Pd, "fund_loss.mean > 75000", 2.5, 30_000.0, 0.05),
        // 60,000 x (0.5 + s) > 45,000 from s = 0.25 on.
        (Lever::Lgd, "fund_loss.mean > 45000", 0.25, 60_000.0, 0.02),
    ] {
        let answer = &answers(&scenario, lever, &[bound], PATHS)[0];
        let Verdict::At { value, from, to, .. } = answer.verdict else { panic!("{answer:?}") };
        // Binomial(30, pd) defaults, each costing what the lever says at the breaking point.
        let cost = if lever == Lever::Lgd { 75_000.0 } else { 50_000.0 };
        let loss_error = cost * (30.0 * pd * (1.0 - pd) / PATHS as f64).sqrt();
        let error = loss_error / slope;
        let distance = (number(value) - exact).abs();
        assert!(distance < MOST_STANDARD_ERRORS * error + 0.001, "{lever:?}: {value}, exactly {exact}");
        let (from, to) = (number(from.expect("a lower end")), number(to.expect("an upper end")));
        assert!(from < number(value) && number(value) < to);
        // The interval is that of the mean, seen through the slope; its ends move by whole steps of the lever.
        let width = 2.0 * 1.96 * error;
        assert!(
            (to - from - width).abs() < 0.05 * width + 0.002,
            "{lever:?}: {from} to {to}, expected {width}"
        );
        assert_eq!(answer.kept_again, None);
    }
}

#[test]
fn what_never_breaks_and_what_is_broken_already_is_told() {
    // Correlation moves no expected loss.
    let scenario = independent();
    let breaks = ["fund_loss.mean > 75000", "fund_loss.mean > 1000", "leverage_effect.mean < 0.5"];
    let answers = answers(&scenario, Lever::Correlation, &breaks, 2_000);
    let Verdict::Never { number } = answers[0].verdict else { panic!("{:?}", answers[0]) };
    assert!((number.expect("estimated").value - 30_000.0).abs() < 20_000.0);
    assert_eq!(answers[0].reach, "0.999".parse().expect("a number"));
    assert_eq!(answers[1].verdict, Verdict::Already);
    assert!(matches!(answers[2].verdict, Verdict::Never { .. }));
}

#[test]
fn shocks_change_what_they_say_and_nothing_else() {
    let half = |share: Share| share.decimal();
    for file in ["wecare-mixed.toml", "portfolio-example.toml"] {
        let base = with_sets(&scenario_file(file), &[]);
        for kind in ShockKind::ALL {
            let Ok(shock) = kind.of(&base) else {
                assert!(kind == ShockKind::Demand && file == "portfolio-example.toml", "{kind:?} of {file}");
                continue;
            };
            let shocked = with_sets(&base, &shock.sets);
            assert_ne!(shocked, base, "{kind:?}");
            assert_eq!(shock.cut, None, "{kind:?}");
            let mut undone = shocked.clone();
            let lines = || base.lines().zip(shocked.lines());
            match kind {
                ShockKind::Pd150 | ShockKind::Pd200 | ShockKind::Pd300 => {
                    let factor = match kind {
                        ShockKind::Pd150 => Decimal::new(15, 1),
                        ShockKind::Pd200 => Decimal::TWO,
                        _ => Decimal::new(3, 0),
                    };
                    for (before, after) in base.credit.ratings.iter().zip(&shocked.credit.ratings) {
                        let scaled: Vec<Decimal> =
                            before.pd.iter().map(|pd| (pd.decimal() * factor).normalize()).collect();
                        let pds: Vec<Decimal> =
                            after.pd.iter().map(|pd: &Probability| pd.decimal().normalize()).collect();
                        assert_eq!(pds, scaled);
                    }
                    undone.credit.ratings.clone_from(&base.credit.ratings);
                }
                ShockKind::LossGivenDefault => {
                    for (before, after) in lines() {
                        let raised = before.loss.lgd_mean.decimal() + Decimal::new(15, 2);
                        assert_eq!(after.loss.lgd_mean.decimal(), raised);
                    }
                }
                ShockKind::Correlation => {
                    let (before, after) = (&base.credit, &shocked.credit);
                    assert_eq!(
                        half(after.systemic_correlation),
                        Decimal::TWO * half(before.systemic_correlation)
                    );
                    assert_eq!(half(after.theme_correlation), Decimal::TWO * half(before.theme_correlation));
                    undone.credit.systemic_correlation = before.systemic_correlation;
                    undone.credit.theme_correlation = before.theme_correlation;
                }
                ShockKind::Demand => {
                    for (before, after) in lines() {
                        let (Pipeline::Statistical(before), Pipeline::Statistical(after)) =
                            (&before.pipeline, &after.pipeline)
                        else {
                            panic!("drawn")
                        };
                        let halved: Vec<Decimal> =
                            before.applications_per_year.iter().map(|n| n.decimal() / Decimal::TWO).collect();
                        let found: Vec<Decimal> =
                            after.applications_per_year.iter().map(|n| n.decimal()).collect();
                        assert_eq!(found, halved);
                    }
                }
                ShockKind::Recoveries => {
                    for (before, after) in lines() {
                        for (before, after) in before.loss.recovery.iter().zip(&after.loss.recovery) {
                            assert_eq!(after.after_quarters, before.after_quarters + 8);
                            assert_eq!(after.share, before.share);
                        }
                    }
                }
                ShockKind::Interest => {
                    for (before, after) in lines() {
                        let raised = before.loan.bank_rate.decimal() + Decimal::new(2, 2);
                        assert_eq!(after.loan.bank_rate.decimal(), raised);
                        assert_eq!(after.loan.fund_rate, before.loan.fund_rate);
                    }
                    undone.state_aid.base_rate = base.state_aid.base_rate;
                }
                ShockKind::LargestProject => {
                    assert_eq!(shocked.economy.largest_fails_after_quarters, Some(5));
                    undone.economy.largest_fails_after_quarters = None;
                }
            }
            for (undone, before) in undone.line1.iter_mut().chain(&mut undone.line2).zip(base.lines()) {
                match kind {
                    ShockKind::LossGivenDefault => undone.loss.lgd_mean = before.loss.lgd_mean,
                    ShockKind::Demand => undone.pipeline = before.pipeline.clone(),
                    ShockKind::Recoveries => undone.loss.recovery.clone_from(&before.loss.recovery),
                    ShockKind::Interest => undone.loan.bank_rate = before.loan.bank_rate,
                    _ => {}
                }
            }
            assert_eq!(undone, base, "{kind:?} changes more than it says");
            // Whoever applies does not depend on what the world does to loans: the same on every path.
            if kind != ShockKind::Demand {
                let metrics = [MetricId::Applications, MetricId::InvestmentApplied];
                assert_eq!(figures(&shocked, &metrics, 64), figures(&base, &metrics, 64), "{kind:?}");
            }
        }
    }
}

#[test]
fn bounds_cut_shocks_and_say_so() {
    let base = independent();
    let sets = [
        "credit.systemic_correlation=0.5",
        "credit.theme_correlation=0.2",
        "line2.loss.lgd_mean=0.9",
        "line2.loss.lgd_sd=0.2",
        "credit.rating.*.pd=0.4",
    ];
    let base = with_sets(&base, &sets.map(str::to_string));
    for kind in [ShockKind::Pd300, ShockKind::LossGivenDefault, ShockKind::Correlation] {
        let shock = kind.of(&base).expect("a shock");
        assert!(shock.cut.is_some(), "{kind:?}");
        // The reader admits it.
        with_sets(&base, &shock.sets);
    }
    // m (1 - m) > 0.04 up to (1 + sqrt(0.84)) / 2 = 0.958257...
    assert_eq!(largest_lgd(base.line2.as_ref().expect("line 2")), "0.9582".parse().expect("a number"));
    let shock = ShockKind::Correlation.of(&base).expect("a shock");
    let shocked = with_sets(&base, &shock.sets).credit;
    let sum = shocked.systemic_correlation.decimal() + shocked.theme_correlation.decimal();
    assert!(sum > "0.9999".parse().expect("a number") && sum < Decimal::ONE, "{sum}");
}

#[test]
fn the_largest_project_fails_whatever_its_luck_and_nobody_else_does() {
    // Loans of 300,000, 200,000 and 100,000 EUR; the second payment of the largest is missed, unless it missed its first.
    let one_period = OnePeriod {
        loans: vec![(100_000, 0), (300_000, 0), (200_000, 0)],
        default_probabilities: vec![0.2],
        loss_given_default: 0.5,
        systemic_correlation: 0.2,
        theme_correlation: 0.0,
        degrees: None,
        seed: 5,
    };
    let base = one_period.scenario();
    let metrics = [MetricId::Defaults, MetricId::FundLoss];
    let as_it_is = figures(&base, &metrics, 2_000);
    let option = "macro.largest_fails_after_quarters=2".to_string();
    let largest_fails = figures(&with_sets(&base, &[option]), &metrics, 2_000);
    // The same through the list.
    let mut listed = base.clone();
    let Some(Pipeline::List(borrowers)) = listed.line2.as_mut().map(|line| &mut line.pipeline) else {
        panic!("a list")
    };
    borrowers[1].forced_default_quarter = Some(2);
    let listed = with_sets(&listed, &[]);
    assert_eq!(figures(&listed, &metrics, 2_000), largest_fails);
    let mut saved = 0;
    for path in 0..2_000 {
        let defaults = largest_fails[0][path] - as_it_is[0][path];
        let loss = largest_fails[1][path] - as_it_is[1][path];
        assert!(matches!((defaults, loss), (0, 0) | (1, 15_000_000)), "path {path}: {defaults}, {loss}");
        saved += defaults;
    }
    // On 80 % of the paths it would have survived; 4 standard errors.
    let error = (2_000.0 * 0.2 * 0.8_f64).sqrt();
    assert!((saved as f64 - 1_600.0).abs() < MOST_STANDARD_ERRORS * error, "{saved}");
}

#[test]
fn a_forced_quarter_is_neither_earlier_nor_later() {
    // PD nearly 1: everybody fails in the first quarters, but the first one is made to fail in the last payment.
    let one_period = OnePeriod {
        loans: vec![(100_000, 0), (200_000, 0)],
        default_probabilities: vec![0.999],
        loss_given_default: 0.5,
        systemic_correlation: 0.0,
        theme_correlation: 0.0,
        degrees: None,
        seed: 5,
    };
    let mut scenario = one_period.scenario();
    let Some(Pipeline::List(borrowers)) = scenario.line2.as_mut().map(|line| &mut line.pipeline) else {
        panic!("a list")
    };
    borrowers[0].forced_default_quarter = Some(4);
    let plan = Plan::resolve(&scenario);
    let mut simulator = fesr::engine::PathSimulator::new(&plan);
    for path in 0..50 {
        simulator.run(path).expect("the books balance");
        let defaults: Vec<i64> = simulator.timeline().iter().map(|row| row.lines[0].defaults).collect();
        assert_eq!(defaults[4] - defaults[3], 1, "path {path}: {defaults:?}");
    }
}

const LIMITS: &str = "
[[limit]]
metric = \"fund_loss\"
statistic = \"mean\"
max = 40_000
[[limit]]
metric = \"leverage_effect\"
statistic = \"mean\"
min = 0.1
";

fn files_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("inside").display().to_string();
                files.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    files
}

#[test]
fn planners_see_shocks_economies_and_breaking_points() {
    let workshop = Workshop::new();
    let scenario = workshop.write("fund.toml", format!("{SCENARIO}{LIMITS}"));
    fs::create_dir(workshop.path("economies")).expect("a folder");
    workshop.write("economies/crisis.toml", "[macro]\npd_multiplier = [1, 3]\n");
    let stressed = |threads: &str, lang: &str| {
        let out = workshop.path(&format!("out-{threads}"));
        let output = fesr(&[
            "stress",
            &scenario,
            "-o",
            text(&out),
            "--threads",
            threads,
            "--lang",
            lang,
            "--paths",
            "500",
            "--by",
            "pd",
            "--by",
            "lgd",
            "--progress",
            "none",
        ]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        (output, files_of(&out.join("stress-fund")))
    };
    let (output, files) = stressed("1", "it");
    let page = String::from_utf8(output.stdout).expect("text");
    assert!(page.contains("Quali promesse si rompono") && page.contains("crisis"), "{page}");
    assert!(page.contains("Leva ≥") || page.contains("Effetto leva ≥"), "{page}");
    for line in page.lines().filter(|line| !line.trim_start().starts_with("fesr trace")) {
        assert!(line.chars().count() <= 80 || line.contains(text(&workshop.path("out-1"))), "{line}");
    }
    for file in [
        "stress.json",
        "stress.csv",
        "breaking.csv",
        "charts/stress-fund-loss.svg",
        "charts/stress-loss-curves.svg",
        "scenarios/as-it-is/scenario.resolved.toml",
        "scenarios/crisis/scenario.resolved.toml",
        "scenarios/largest-project-fails/scenario.resolved.toml",
    ] {
        assert!(files.contains_key(file), "{file}");
    }
    let (_, on_three) = stressed("3", "it");
    assert!(files == on_three, "other bytes on three threads");

    let stress: Value = serde_json::from_slice(&files["stress.json"]).expect("JSON");
    assert_eq!(stress["variants"].as_array().expect("variants").len(), 1 + 1 + 8);
    // This scenario has no bank loans that could cost more.
    assert_eq!(stress["left_out"].as_array().expect("left out").len(), 1);
    let answers = stress["reverse"]["answers"].as_array().expect("answers");
    assert_eq!(answers.len(), 4);
    assert_eq!(answers[0]["state"], "at");
    assert_eq!(answers[1]["state"], "never");
    // The command that the answer names works, and shows a path whose loss is near the bound.
    let trace = answers[0]["nearest_path"]["trace"].as_str().expect("a command");
    let words: Vec<&str> = trace.split(' ').skip(1).map(|word| word.trim_matches('\'')).collect();
    let out = workshop.path("traces");
    let more = ["-o", text(&out), "--json", "--quiet"];
    let output = fesr(&words.into_iter().chain(more).collect::<Vec<_>>());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn a_scenario_that_breaks_its_promise_unshocked_is_exit_code_1() {
    let workshop = Workshop::new();
    let limit = "[[limit]]\nmetric = \"fund_loss\"\nstatistic = \"mean\"\nmax = 10\n";
    let scenario = workshop.write("fund.toml", format!("{SCENARIO}{limit}"));
    let out = workshop.path("out");
    let arguments = ["stress", &scenario, "-o", text(&out), "--paths", "300", "--quiet", "--json"];
    let output = fesr(&arguments);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let stress: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(stress["reverse"]["answers"][0]["state"], "already");
    // Without economies/ nearby, that is said.
    assert!(stress["left_out"].to_string().contains("economies"));
    let wrong = fesr(&["stress", &scenario, "--break", "fund_loss.mean >", "-o", text(&out)]);
    assert_eq!(code(&wrong), 2);
    let absent =
        fesr(&["stress", &scenario, "--break", "fund_loss@1.mean > 1", "-o", text(&out), "--paths", "50"]);
    assert_eq!(code(&absent), 2, "{}", stderr(&absent));
}
