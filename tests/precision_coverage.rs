//! What it costs to let a run decide by its own estimates when to stop: how often the 95 % intervals of its headline
//! figures hold the true figure, beside plain runs of a fixed number of paths.
//!
//! The loss of some paths of a small fund is taken as the whole population, whose figures are known exactly; runs draw
//! from it at random and stop by the rule of `aggregate::precision` (looks at 16,384 paths and each doubling, within the
//! target twice running). Leverage and demand met are left out: they are always known better than the loss.

mod common;

use common::{collect, scenario_text};
use fesr::aggregate::columns::Column;
use fesr::aggregate::distribution::Distribution;
use fesr::aggregate::moments::Moments;
use fesr::aggregate::precision::{FIRST_LOOK, MOST_PATHS};
use fesr::aggregate::summary::{MetricSummary, summarise_metric};
use fesr::metrics::MetricId;
use fesr::numeric::normal::HALF_WIDTH_95;
use fesr::plan::Plan;
use rayon::prelude::*;

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
guarantees = 0
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

/// Paths of the population.
const POPULATION: u64 = 65_536;

/// Runs from which the target is taken.
const PILOT_RUNS: u64 = 41;

const FIGURES: [&str; 3] = ["mean", "VaR 99 %", "ES 99 %"];

/// A figure with the bounds of its interval.
type Interval = (f64, f64, f64);

/// Values drawn at random from a population: SplitMix64 (Steele, Lea and Flood 2014).
struct Draws<'p> {
    population: &'p [i64],
    state: u64,
}

impl Draws<'_> {
    fn next(&mut self) -> i64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        self.population[((mixed as u128 * self.population.len() as u128) >> 64) as usize]
    }
}

fn intervals(loss: &MetricSummary) -> [Interval; 3] {
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

/// The widest half-width relative to its figure.
fn widest(intervals: &[Interval; 3]) -> f64 {
    intervals.iter().map(|(value, low, high)| (high - low) / 2.0 / value).fold(0.0, f64::max)
}

/// The intervals at every look of one run.
fn run(column: Column, population: &[i64], number: u64, target: f64) -> Vec<[Interval; 3]> {
    let mut draws = Draws { population, state: number << 40 };
    let (mut moments, mut distribution) = (Moments::default(), Distribution::for_paths(MOST_PATHS));
    let mut looks: Vec<[Interval; 3]> = Vec::new();
    loop {
        while moments.count < FIRST_LOOK << looks.len() {
            let block: Vec<i64> = (0..1_024).map(|_| draws.next()).collect();
            block.iter().for_each(|&value| moments.add(value));
            distribution.absorb(&block);
        }
        looks.push(intervals(&summarise_metric(column, &moments, &mut distribution.clone())));
        if looks.len() >= 2 && looks[looks.len() - 2..].iter().all(|look| widest(look) <= target) {
            return looks;
        }
    }
}

/// Shares of `runs` runs whose interval holds the truth: at the end, and at 32,768 paths whatever follows.
fn measure(runs: u64) -> [(f64, f64); 3] {
    let plan = Plan::resolve(&scenario_text(SMALL_FUND, None));
    let collector = collect(&plan, POPULATION);
    let columns = collector.context.figures.columns();
    let position = columns.iter().position(|column| column.metric == MetricId::FundLoss).expect("fund_loss");
    let mut population = Vec::new();
    let (moments, distribution) = &collector.columns[position];
    distribution.for_each(|value, _| population.push(value));
    let truth = intervals(&summarise_metric(columns[position], moments, &mut distribution.clone()))
        .map(|(value, ..)| value);
    // Half of the runs are within the target at 32,768 paths: stopping is as much a matter of luck as it can be.
    let mut pilot: Vec<f64> = (1..=PILOT_RUNS)
        .map(|number| widest(&run(columns[position], &population, (1 << 20) + number, 1.0)[1]))
        .collect();
    pilot.sort_unstable_by(f64::total_cmp);
    let target = pilot[pilot.len() / 2];
    let looks: Vec<Vec<[Interval; 3]>> = (1..=runs)
        .into_par_iter()
        .map(|number| run(columns[position], &population, number, target))
        .collect();
    println!("target {:.2} %, {runs} runs", target * 100.0);
    for count in 2..=5 {
        let stopped = looks.iter().filter(|looks| looks.len() == count).count();
        println!("  stopped at {:>7} paths: {stopped}", FIRST_LOOK << (count - 1));
    }
    [0, 1, 2].map(|position| {
        let covers = |look: &[Interval; 3]| {
            let (_, low, high) = look[position];
            low <= truth[position] && truth[position] <= high
        };
        let share = |covered: usize| covered as f64 / runs as f64;
        let stopped = share(looks.iter().filter(|looks| covers(&looks[looks.len() - 1])).count());
        let fixed = share(looks.iter().filter(|looks| covers(&looks[1])).count());
        println!("  {:9} coverage {stopped:.4}, at 32,768 paths always {fixed:.4}", FIGURES[position]);
        (stopped, fixed)
    })
}

/// 300 runs tell 95 % to 1.3 points: 90 % is four standard errors away.
#[test]
fn intervals_of_a_run_that_stops_when_it_is_precise_hold_almost_what_they_promise() {
    for ((stopped, fixed), name) in measure(300).into_iter().zip(FIGURES) {
        assert!(stopped > 0.9 && fixed > 0.9, "{name}: {stopped}, {fixed}");
    }
}

/// The figures of the docs of `aggregate::precision`:
/// `cargo test --release --test precision_coverage -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement of a minute"]
fn how_often_they_do() {
    for ((stopped, fixed), name) in measure(6_000).into_iter().zip(FIGURES) {
        assert!((stopped - fixed).abs() < 0.01, "{name}: {stopped}, {fixed}");
    }
}
