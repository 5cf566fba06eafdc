//! What `--tail` is worth: factors by which variances fall against a plain run with as many paths.
//!
//! `cargo bench --bench tail_gain [-- PATHS]`. A plain run's variance is known from the weighted paths themselves: of a mean it
//! is that of the figure over `n`, of a quantile `p (1-p) / n` on the scale of probabilities, of a shortfall `E[psi^2] / n`
//! with its influence function `psi`. Results stand in the docs of `fesr::aggregate::tail`.

use fesr::aggregate::block::BlockOutcome;
use fesr::aggregate::collector::{Collector, Watcher};
use fesr::aggregate::tail::TailCollector;
use fesr::aggregate::tail::pilot::{Reach, pilot};
use fesr::metrics::MetricId;
use fesr::plan::Plan;
use fesr::reading::{Files, SetOption, read_scenario};
use std::path::Path;
use std::sync::atomic::AtomicBool;

struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }
}

struct Silent(AtomicBool);

impl Watcher for Silent {
    fn stop(&self) -> &AtomicBool {
        &self.0
    }
    fn simulated(&self, _paths: u64) {}
    fn blocks(&mut self, _blocks: &[BlockOutcome]) {}
    fn absorbed(&mut self, _collector: &Collector) {}
}

/// The strategy's fund under each dependence, and a granular portfolio: a thousand loans like those of line 2.
const CASES: [(&str, &str, &[&str]); 4] = [
    ("wecare-mixed, static", "wecare-mixed.toml", &[]),
    ("wecare-mixed, Student-t", "wecare-mixed.toml", &["credit.copula=student_t"]),
    ("wecare-mixed, ar1", "wecare-mixed.toml", &["credit.dependence=ar1"]),
    (
        "granular",
        "base.toml",
        &[
            "line1.pipeline.applications_per_year=0",
            "line2.pipeline.applications_per_year*=12",
            "line2.budget.loans=30000000",
            "fund.endowment=34070000",
        ],
    ),
];

#[allow(clippy::disallowed_methods, reason = "a bench looks at the clock")]
fn main() {
    let paths = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(32_768);
    println!(
        "{paths} paths; gain of VaR and ES 95 %, 99 %, 99.9 % of fund_loss, of its mean, and of the worst mean"
    );
    for (name, file, sets) in CASES {
        let sets: Vec<SetOption> = sets
            .iter()
            .map(|text| SetOption::parse(text).unwrap_or_else(|error| panic!("{error}")))
            .collect();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(file);
        let reading = read_scenario(&Disk, &path, &sets).unwrap_or_else(|problems| panic!("{problems}"));
        let plan = Plan::resolve(&reading.scenario);
        for reach in [Reach::CommonLuck, Reach::AllLuck] {
            let started = std::time::Instant::now();
            let tilt = pilot(&plan, reach).expect("the books balance");
            let pilot_seconds = started.elapsed().as_secs_f64();
            let started = std::time::Instant::now();
            let mut collector = TailCollector::new(&plan, &tilt, paths);
            collector.simulate(&mut Silent(AtomicBool::new(false))).expect("the books balance");
            let run_seconds = started.elapsed().as_secs_f64();
            let started = std::time::Instant::now();
            let summary = collector.summary();
            let summary_seconds = started.elapsed().as_secs_f64();
            let columns = collector.context.figures.columns();
            let position = columns.iter().position(|column| column.metric == MetricId::FundLoss);
            let distribution = &collector.columns[position.expect("reported")].1;
            let ranked = distribution.ranked(&collector.weights, &collector.sets);
            print!("{name:24} {reach:?}:");
            for level in [950, 990, 999] {
                print!(" {:.1}/{:.1}", ranked.gain(level), ranked.shortfall_gain(level));
            }
            let mut means: Vec<(f64, String)> = summary
                .metrics
                .iter()
                .filter(|metric| metric.moments.variance() > 0.0)
                .map(|metric| {
                    let error = metric.moments.standard_error();
                    let gain = metric.moments.variance() / paths as f64 / (error * error);
                    (gain, format!("{}.{}", metric.column.metric.id(), metric.column.about.word()))
                })
                .collect();
            let loss = means.iter().find(|mean| mean.1 == "fund_loss.all").map_or(0.0, |mean| mean.0);
            means.sort_by(|a, b| a.0.total_cmp(&b.0));
            println!(
                "  mean {loss:.2}, worst {:.2} {}; pilot {pilot_seconds:.2} s, run {run_seconds:.2} s, summary {summary_seconds:.2} s",
                means[0].0, means[0].1
            );
        }
    }
}
