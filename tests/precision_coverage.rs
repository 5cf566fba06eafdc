//! What it costs to let a run decide by its own estimates when to stop: how often the 95 % intervals of its headline
//! figures hold the true figure, beside plain runs of a fixed number of paths.
//!
//! Minutes of work, so only on request: `cargo test --release --test precision_coverage -- --ignored --nocapture`.

mod common;

use common::{collect, scenario_text};
use fesr::aggregate::block::BlockOutcome;
use fesr::aggregate::collector::{Collector, Watcher};
use fesr::aggregate::precision::{
    Ending, FIRST_LOOK, Look, PrecisionRule, PrecisionWatcher, simulate_until_precise,
};
use fesr::aggregate::summary::{MetricSummary, summarise_metric};
use fesr::metrics::MetricId;
use fesr::numeric::normal::HALF_WIDTH_95;
use fesr::plan::Plan;
use fesr::units::Precision;
use rayon::prelude::*;
use rust_decimal::Decimal;
use std::sync::atomic::AtomicBool;

/// Six enterprises on average over two years; the loss is continuous where it is not 0.
const SMALL_FUND: &str = r#"
[fund]
endowment = 500_000
start = "2019-Q1"
horizon_years = 2
availability_years = 0.5
period = "2021-2027"
[line2]
max_wait_quarters = 0
[line2.budget]
loans = 500_000
[line2.pipeline]
applications_per_year = 12
investment = { median = 60_000, sigma = 0.3 }
[[line2.product]]
name = "loan"
fund_loan = 1
[line2.loan]
tenor_quarters = 6
amortisation = "italian"
bank_rate = 0
[line2.loss]
lgd_mean = "50%"
lgd_sd = "20%"
[[credit.rating]]
name = "B"
pd = "15%"
"#;

/// Runs, each with its own seed.
const RUNS: u64 = 1_000;

/// Runs from which the target is taken.
const PILOT_RUNS: u64 = 41;

/// Paths of the run that stands for the truth: its error is a fourteenth of a run's, and less.
const TRUTH_PATHS: u64 = 1 << 23;

const FIGURES: [&str; 3] = ["mean", "VaR 99 %", "ES 99 %"];

/// `fund_loss` of a collector.
fn loss(collector: &Collector) -> MetricSummary {
    let columns = collector.context.figures.columns();
    let position = columns.iter().position(|column| column.metric == MetricId::FundLoss).expect("fund_loss");
    let (moments, distribution) = &collector.columns[position];
    summarise_metric(columns[position], moments, &mut distribution.clone())
}

/// Value and 95 % interval of [`FIGURES`].
fn intervals(loss: &MetricSummary) -> [(f64, f64, f64); 3] {
    let around =
        |value: f64, error: f64| (value, value - HALF_WIDTH_95 * error, value + HALF_WIDTH_95 * error);
    let quantile = loss.quantile(990).expect("reported");
    let bound = |bound: Option<i64>| bound.expect("enough paths") as f64;
    let (value, error) = loss.shortfall(990).expect("reported").estimate.expect("enough paths");
    [
        around(loss.moments.mean(), loss.moments.standard_error()),
        (quantile.value as f64, bound(quantile.low), bound(quantile.high)),
        around(value, error),
    ]
}

/// Intervals at every look.
struct Intervals {
    stop: AtomicBool,
    at_look: Vec<[(f64, f64, f64); 3]>,
    widest: Vec<f64>,
}

impl Watcher for Intervals {
    fn stop(&self) -> &AtomicBool {
        &self.stop
    }
    fn simulated(&self, _paths: u64) {}
    fn blocks(&mut self, _blocks: &[BlockOutcome]) {}
    fn absorbed(&mut self, collector: &Collector) {
        if collector.paths == FIRST_LOOK << self.at_look.len() {
            self.at_look.push(intervals(&loss(collector)));
        }
    }
}

impl PrecisionWatcher for Intervals {
    fn stage(&mut self, _planned: u64) {}
    fn looked(&mut self, look: &Look) {
        self.widest.push(look.widest().relative().expect("known"));
    }
}

#[test]
#[ignore = "a measurement of some minutes"]
fn a_run_that_stops_when_it_is_precise_covers_the_truth_almost_as_often_as_it_says() {
    let of_seed = |seed: u64| {
        let mut scenario = scenario_text(SMALL_FUND, None);
        scenario.simulation.seed = seed;
        Plan::resolve(&scenario)
    };
    let truth_plan = of_seed(1_000_000);
    let truth = intervals(&loss(&collect(&truth_plan, TRUTH_PATHS))).map(|(value, ..)| value);
    let run_of = |seed: u64, target: Precision| {
        let plan = of_seed(seed);
        let rule = PrecisionRule::new(target);
        let mut collector = Collector::new(&plan, rule.most());
        let mut seen = Intervals { stop: AtomicBool::new(false), at_look: Vec::new(), widest: Vec::new() };
        let run = simulate_until_precise(&mut collector, rule, None, &mut seen).expect("balanced");
        assert_eq!(run.ending, Ending::Reached);
        assert_eq!(seen.at_look.len(), seen.widest.len());
        seen
    };
    // Half of the runs are within the target at 32,768 paths: stopping is as much a matter of luck as it can be.
    let anything = Precision::new(Decimal::new(5, 1)).expect("50 %");
    let mut widest: Vec<f64> =
        (1..=PILOT_RUNS).map(|seed| run_of(2_000_000 + seed, anything).widest[1]).collect();
    widest.sort_unstable_by(f64::total_cmp);
    let target = Decimal::new((widest[widest.len() / 2] * 10_000.0).round() as i64, 4);
    let target = Precision::new(target).expect("a precision");
    println!("target {target}");
    let runs: Vec<Intervals> = (1..=RUNS).into_par_iter().map(|seed| run_of(seed, target)).collect();
    for looks in 2..=5 {
        let count = runs.iter().filter(|run| run.at_look.len() == looks).count();
        println!("stopped at {:>7} paths: {count} runs", FIRST_LOOK << (looks - 1));
    }
    for (position, name) in FIGURES.iter().enumerate() {
        let covers =
            |interval: &(f64, f64, f64)| interval.1 <= truth[position] && truth[position] <= interval.2;
        let share = |at: &dyn Fn(&Intervals) -> bool| {
            runs.iter().filter(|run| at(run)).count() as f64 / runs.len() as f64
        };
        let fixed = share(&|run| covers(&run.at_look[1][position]));
        let stopped = share(&|run| covers(&run.at_look.last().expect("looks")[position]));
        let bias: f64 = runs
            .iter()
            .map(|run| run.at_look.last().expect("looks")[position].0 / truth[position] - 1.0)
            .sum::<f64>()
            / runs.len() as f64;
        println!("{name:9} coverage {stopped:.4} (32,768 paths always: {fixed:.4}), mean error {bias:+.5}");
        // Three standard errors of 1,000 runs are 2 points; what stopping may cost is stated in the docs.
        assert!(stopped > 0.92, "{name}: {stopped}");
    }
}
