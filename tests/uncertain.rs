//! `fesr run --uncertain`: a loss that is linear in PD and LGD has a known variance within and between worlds; intervals
//! cover what they say; the command, its files, and what it refuses.

#[path = "common/mod.rs"]
mod common;
#[path = "common/workshop.rs"]
mod workshop;

use common::one_period::OnePeriod;
use fesr::aggregate::block::BlockOutcome;
use fesr::aggregate::collector::{Collector, Watcher};
use fesr::aggregate::summary::{MetricSummary, Summary};
use fesr::aggregate::tail::TailCollector;
use fesr::aggregate::tail::block::TailBlock;
use fesr::aggregate::uncertain::VarianceSplit;
use fesr::metrics::MetricId;
use fesr::numeric::normal::HALF_WIDTH_95;
use fesr::plan::Plan;
use fesr::rules;
use fesr::scenario::{Change, Law, Scenario, Uncertainty};
use fesr::sensitivity::DrawnWorlds;
use serde_json::Value;
use std::fs;
use std::sync::atomic::AtomicBool;
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

const LOANS: f64 = 20.0;
const LOAN: f64 = 100_000.0;
const PD: f64 = 0.2;

/// Twenty loans of 100,000 EUR that default independently within a year with PD `0.2 S`, `S` uniform between 0.5 and 1.5,
/// and lose `L`, uniform between 0.3 and 0.7.
fn loans_in_the_dark(seed: u64) -> Scenario {
    let mut scenario = OnePeriod {
        loans: vec![(LOAN as i64, 0); LOANS as usize],
        default_probabilities: vec![PD],
        loss_given_default: 0.5,
        systemic_correlation: 0.0,
        theme_correlation: 0.0,
        degrees: None,
        seed,
    }
    .scenario();
    // A list of loans alone breaks what a fund must be; that is not the matter here.
    scenario.waived_rules = rules::codes()
        .into_iter()
        .filter(|code| rules::find(code).is_some_and(|rule| rule.waivable))
        .map(str::to_string)
        .collect();
    let uniform = |key: &str, change, low: &str, high: &str| Uncertainty {
        key: key.to_string(),
        change,
        law: Law::Uniform { low: low.parse().expect("a number"), high: high.parse().expect("a number") },
    };
    scenario.uncertainties = vec![
        uniform("credit.rating.*.pd", Change::Scale, "0.5", "1.5"),
        uniform("line2.loss.lgd_mean", Change::Set, "0.3", "0.7"),
    ];
    scenario
}

/// Expectation, and variances within and between worlds, in euros: `E[loss | S, L] = n e p S L`, a sum of `n` independent
/// losses of `e L` with the chance `p S`.
fn exact() -> (f64, f64, f64) {
    let (mean_s, square_s) = (1.0, 1.0 + 1.0 / 12.0);
    let (mean_l, square_l) = (0.5, 0.25 + 0.16 / 12.0);
    let expected = LOANS * LOAN * PD * mean_s * mean_l;
    let luck = LOANS * LOAN * LOAN * square_l * (PD * mean_s - PD * PD * square_s);
    let scale = LOANS * LOAN * PD;
    let between = scale * scale * (square_s * square_l - mean_s * mean_s * mean_l * mean_l);
    (expected, luck, between)
}

struct Silent(AtomicBool);

impl Watcher for Silent {
    fn stop(&self) -> &AtomicBool {
        &self.0
    }
    fn simulated(&self, _paths: u64) {}
    fn blocks(&mut self, _blocks: &[BlockOutcome]) {}
    fn absorbed(&mut self, _collector: &Collector) {}
    fn tail_blocks(&mut self, _blocks: &[TailBlock]) {}
}

fn summary(scenario: &Scenario, paths: u64) -> Summary {
    let plan = Plan::resolve(scenario);
    let worlds = DrawnWorlds::new(scenario).unwrap_or_else(|why| panic!("{why:?}"));
    let mut collector = TailCollector::uncertain(&plan, &worlds, paths);
    collector.simulate(&mut Silent(AtomicBool::new(false))).expect("the books balance");
    assert_eq!(worlds.refused(), None);
    collector.summary()
}

fn loss(summary: &Summary) -> (&MetricSummary, Option<VarianceSplit>) {
    let splits = &summary.uncertain.as_ref().expect("drawn").splits;
    let position = summary
        .metrics
        .iter()
        .position(|metric| metric.column.metric == MetricId::FundLoss && metric.line().is_none())
        .expect("the loss is always reported");
    (&summary.metrics[position], splits[position])
}

#[test]
fn luck_and_ignorance_of_a_linear_loss_are_the_known_ones() {
    let (expected, luck, between) = exact();
    let summary = summary(&loans_in_the_dark(11), 16_384);
    let (metric, split) = loss(&summary);
    let split = split.expect("1,024 worlds");
    let errors = (metric.moments.mean() / 100.0 - expected) / (metric.moments.standard_error() / 100.0);
    // 3.3 standard errors: one false alarm in 1,000, and the seed is fixed.
    assert!(errors.abs() < 3.3, "mean {errors} errors away");
    // The reported error is that of 1,024 worlds: sqrt((between + luck / 16) / 1024).
    let exact_error = ((between + luck / 16.0) / 1_024.0).sqrt();
    assert!((metric.moments.standard_error() / 100.0 / exact_error - 1.0).abs() < 0.1, "the error");
    assert!((metric.moments.variance() / 1e4 / (luck + between) - 1.0).abs() < 0.1, "the whole variance");
    let share = between / (luck + between);
    assert!((split.share() - share).abs() < 3.3 * split.share_error, "{} is not {share}", split.share());
    assert!(split.share_error < 0.03 && (split.luck / 1e4 / luck - 1.0).abs() < 0.06);
}

#[test]
fn intervals_cover_although_paths_come_in_groups() {
    const RUNS: u64 = 200;
    const PATHS: u64 = 512;
    let (expected, luck, between) = exact();
    // The chance that the loss is at most the 75 % quantile of the pooled runs is known to a tenth of one run's error.
    let summaries: Vec<Summary> =
        (0..RUNS).map(|run| summary(&loans_in_the_dark(1_000 + run), PATHS)).collect();
    let mut covered = [0, 0, 0];
    let mut pooled: Vec<i64> = Vec::new();
    for summary in &summaries {
        let (metric, _) = loss(summary);
        pooled.push(metric.quantile(750).expect("a level").value);
        let distance = (metric.moments.mean() / 100.0 - expected).abs();
        let naive = ((luck + between) / PATHS as f64).sqrt();
        covered[0] += u64::from(distance <= HALF_WIDTH_95 * metric.moments.standard_error() / 100.0);
        covered[1] += u64::from(distance <= HALF_WIDTH_95 * naive);
    }
    pooled.sort_unstable();
    let truth = pooled[pooled.len() / 2];
    for summary in &summaries {
        let quantile = loss(summary).0.quantile(750).expect("a level");
        let (low, high) = (quantile.low.expect("inside"), quantile.high.expect("inside"));
        covered[2] += u64::from(low <= truth && truth <= high);
    }
    // 95 % of 200: 190 with a standard deviation of 3.1; 3.5 of them (1 in 2,000). A quantile of few values covers more.
    assert!((180..=200).contains(&covered[0]), "mean: {covered:?}");
    assert!((180..=200).contains(&covered[2]), "quantile: {covered:?}");
    // As if paths were independent, far fewer: the groups matter.
    assert!(covered[1] < 160, "independent paths: {covered:?}");
}

#[test]
fn a_world_is_its_groups_alone() {
    let scenario = loans_in_the_dark(5);
    let worlds = DrawnWorlds::new(&scenario).expect("uncertain");
    let mut more = scenario.clone();
    more.simulation.paths *= 2;
    let others = DrawnWorlds::new(&more).expect("uncertain");
    assert_eq!(worlds.values(7), others.values(7));
    assert_ne!(worlds.values(7), worlds.values(8));
    let (short, long) = (summary(&scenario, 1_024), summary(&scenario, 2_048));
    assert!(short.paths == 1_024 && long.uncertain.as_ref().is_some_and(|uncertain| uncertain.groups == 128));
}

fn uncertain_scenario() -> String {
    format!(
        "{SCENARIO}\n[uncertainty]\n\"credit.rating.*.pd\" = {{ lognormal = {{ median = 1, sigma = 0.46 }}, operation = \"scale\" }}\n\"line2.loss.lgd_mean\" = {{ low = 0.4, base = 0.5, high = 0.65 }}\n"
    )
}

#[test]
fn the_command_leaves_what_verify_finds_again_on_any_threads() {
    let workshop = Workshop::new();
    let scenario = workshop.write("dark.toml", uncertain_scenario());
    let run = workshop.run(&scenario, &["--uncertain", "--each-path", "--threads", "2"]);
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    let said = String::from_utf8(run.stdout.clone()).expect("text");
    assert!(said.contains("125 groups of 16 futures"), "{said}");
    let folder = workshop.path("out/dark");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a file");
    let record: Value = serde_json::from_str(&read("run.json")).expect("JSON");
    assert_eq!(record["options"]["uncertain"], true);
    let summary: Value = serde_json::from_str(&read("summary.json")).expect("JSON");
    let told = &summary["run"]["uncertain"];
    assert_eq!((&told["groups"], told["assumptions"].as_array().map(Vec::len)), (&125.into(), Some(2)));
    let share = told["ignorance_share"]["fund_loss"]["value"].as_f64().expect("a share");
    assert!(share > 0.0 && share < 0.6, "{share}");
    assert!(read("uncertainty.csv").contains("fund_loss,all,EUR,ignorance_share,"));
    assert!(read("report.html").contains("Luck and ignorance"));
    assert!(read("datapackage.json").contains("uncertainty.csv"));
    assert!(read("paths.csv").lines().count() == 2_001 && !read("paths.csv").contains("weight"));
    let verified = fesr(&["verify", text(&folder), "--threads", "1", "--quiet", "--progress", "none"]);
    assert_eq!(code(&verified), 0, "{}{}", String::from_utf8_lossy(&verified.stdout), stderr(&verified));
    // A run without it is another one, and says nothing of it.
    let plain =
        fesr(&["run", &scenario, "-o", text(&workshop.path("plain")), "--quiet", "--progress", "none"]);
    assert_eq!(code(&plain), 0, "{}", stderr(&plain));
    let plain = fs::read_to_string(workshop.path("plain/dark/summary.json")).expect("a file");
    assert!(!plain.contains("\"uncertain\""));
}

#[test]
fn what_cannot_be_drawn_honestly_is_refused_with_the_reason() {
    let workshop = Workshop::new();
    let refused = |name: &str, toml: String, options: &[&str], parts: &[&str]| {
        let scenario = workshop.write(name, toml);
        let run = workshop.run(&scenario, options);
        assert_eq!(code(&run), 2, "{name}: {}", stderr(&run));
        for part in parts {
            assert!(stderr(&run).contains(part), "{name}: no {part:?} in {}", stderr(&run));
        }
    };
    refused("certain.toml", SCENARIO.to_string(), &["--uncertain"], &["no [uncertainty] table"]);
    refused(
        "certain.toml",
        SCENARIO.to_string(),
        &["--uncertain", "--lang", "it"],
        &["manca una tabella [uncertainty]"],
    );
    refused("tail.toml", uncertain_scenario(), &["--uncertain", "--tail"], &["--tail"]);
    refused("precise.toml", uncertain_scenario(), &["--uncertain", "--precision", "1%"], &["--precision"]);
    let precise = uncertain_scenario().replace("[simulation]", "[simulation]\nprecision = \"5%\"");
    refused("own.toml", precise, &["--uncertain"], &["precision = \"5%\"", "--paths N"]);
    let budget =
        format!("{SCENARIO}\n[uncertainty]\n\"fund.horizon_years\" = {{ low = 5, base = 6, high = 7 }}\n");
    refused("horizon.toml", budget, &["--uncertain"], &["fund.horizon_years", "decisions"]);
    // Each end is valid alone; together they are not.
    let together = format!(
        "{SCENARIO}\n[uncertainty]\n\"credit.systemic_correlation\" = {{ uniform = [0.0, 0.8] }}\n\"credit.theme_correlation\" = {{ uniform = [0.0, 0.8] }}\n"
    );
    refused("together.toml", together, &["--uncertain"], &["no valid scenario together", "correlation="]);
    assert_eq!(workshop.left(), Vec::<String>::new(), "nothing is left");
}
