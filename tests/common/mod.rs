//! What the test programs share: scenarios from text, runs without a terminal.
#![allow(dead_code, reason = "each test program uses a part")]

pub mod one_period;
pub mod tolerance;

use fesr::aggregate::block::BlockOutcome;
use fesr::aggregate::collector::{Collector, Watcher};
use fesr::aggregate::summary::{MetricSummary, Summary};
use fesr::metrics::MetricId;
use fesr::plan::Plan;
use fesr::reading::{Files, SetOption, read_scenario};
use fesr::scenario::{LineNumber, Scenario};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Largest distance, in standard errors, between a simulated mean and its exact value. With fixed seeds a test either
/// always passes or always fails; this bound would fail one correct comparison in 30,000 (two-sided normal).
pub const MOST_STANDARD_ERRORS: f64 = 4.0;

struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }
}

/// A scenario of the repository.
pub fn scenario_file(name: &str) -> Scenario {
    scenario_set(name, &[])
}

/// A scenario of the repository with `--set` options.
pub fn scenario_set(name: &str, options: &[&str]) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
    let options: Vec<SetOption> =
        options.iter().map(|option| SetOption::parse(option).expect("a sound option")).collect();
    read_scenario(&Disk, &path, &options).unwrap_or_else(|problems| panic!("{problems}")).scenario
}

/// A scenario from text that may extend those of the repository.
pub fn scenario_from(toml: &str) -> Scenario {
    struct Beside<'a>(&'a Path, &'a str);
    impl Files for Beside<'_> {
        fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
            if path == self.0 { Ok(self.1.into()) } else { std::fs::read(path) }
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join("test.toml");
    read_scenario(&Beside(&path, toml), &path, &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario
}

/// A scenario from text, with a borrowers' file if one is given.
pub fn scenario_text(toml: &str, borrowers: Option<&str>) -> Scenario {
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    files.insert("test.toml".into(), toml.into());
    if let Some(csv) = borrowers {
        files.insert("borrowers.csv".into(), csv.into());
    }
    read_scenario(&files, Path::new("test.toml"), &[])
        .unwrap_or_else(|problems| panic!("{problems}"))
        .scenario
}

/// Watches without a word.
#[derive(Default)]
pub struct Silent(AtomicBool);

impl Watcher for Silent {
    fn stop(&self) -> &AtomicBool {
        &self.0
    }
    fn simulated(&self, _paths: u64) {}
    fn blocks(&mut self, _blocks: &[BlockOutcome]) {}
    fn absorbed(&mut self, _collector: &Collector) {}
}

/// Simulates a plan.
pub fn collect(plan: &Plan, paths: u64) -> Collector<'_> {
    let mut collector = Collector::new(plan, paths);
    collector.simulate(&mut Silent(AtomicBool::new(false))).expect("the books balance");
    collector
}

/// Simulates a scenario.
pub fn summarise(scenario: &Scenario, paths: u64) -> Summary {
    let plan = Plan::resolve(scenario);
    Summary::of(&mut collect(&plan, paths))
}

/// A figure of the whole fund.
pub fn all(summary: &Summary, metric: MetricId) -> &MetricSummary {
    summary.metric(metric, None).unwrap_or_else(|| panic!("{} is missing", metric.id()))
}

/// A figure of a line.
pub fn of_line(summary: &Summary, metric: MetricId, line: LineNumber) -> &MetricSummary {
    summary.metric(metric, Some(line)).unwrap_or_else(|| panic!("{} is missing", metric.id()))
}

/// The value of a figure that is the same on every path, in carried units.
pub fn constant(metric: &MetricSummary) -> i64 {
    assert_eq!(metric.moments.min, metric.moments.max, "{} differs between paths", metric.column.metric.id());
    metric.moments.min
}
