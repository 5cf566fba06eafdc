//! A run until it is precise: when it stops, and that its result is that of a plain run of as many paths.

mod common;

use common::{collect, scenario_text};
use fesr::aggregate::block::BlockOutcome;
use fesr::aggregate::collector::{Collector, Watcher};
use fesr::aggregate::precision::{
    Ending, Headline, Look, PrecisionRule, PrecisionRun, PrecisionWatcher, simulate_until_precise,
};
use fesr::aggregate::summary::Summary;
use fesr::plan::Plan;
use fesr::report::RunFacts;
use fesr::report::limits::judge;
use fesr::report::result_files::{Extras, result_files};
use fesr::scenario::Scenario;
use fesr::units::Precision;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A few enterprises over two years, guaranteed loans under a cap: every headline figure has luck in it.
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
loans = 250_000
guarantees = 250_000
[line2.pipeline]
applications_per_year = 12
investment = { median = 60_000, sigma = 0.3 }
[[line2.product]]
name = "loan"
fund_loan = 1
[[line2.product]]
name = "guarantee"
bank_loan = 1
guarantee_rate = 0.8
[line2.loan]
tenor_quarters = 6
amortisation = "italian"
bank_rate = 0
[line2.guarantee]
kind = "capped"
cap_rate = "20%"
[line2.loss]
lgd_mean = "50%"
lgd_sd = "20%"
[[credit.rating]]
name = "B"
pd = "15%"
"#;

fn percent(percent: &str) -> Precision {
    fesr::reading::parse_precision(percent).expect("a precision")
}

/// Notes every look; stops the run when so many paths are simulated.
struct Notes {
    looks: Vec<Look>,
    stages: Vec<u64>,
    stop: AtomicBool,
    simulated: AtomicU64,
    stop_at: u64,
    stop_after_look: bool,
}

impl Notes {
    fn new() -> Notes {
        Notes {
            looks: Vec::new(),
            stages: Vec::new(),
            stop: AtomicBool::new(false),
            simulated: AtomicU64::new(0),
            stop_at: u64::MAX,
            stop_after_look: false,
        }
    }
}

impl Watcher for Notes {
    fn stop(&self) -> &AtomicBool {
        &self.stop
    }
    fn simulated(&self, paths: u64) {
        if self.simulated.fetch_add(paths, Ordering::SeqCst) + paths >= self.stop_at {
            self.stop.store(true, Ordering::SeqCst);
        }
    }
    fn blocks(&mut self, _blocks: &[BlockOutcome]) {}
    fn absorbed(&mut self, _collector: &Collector) {}
}

impl PrecisionWatcher for Notes {
    fn stage(&mut self, planned: u64) {
        self.stages.push(planned);
    }
    fn looked(&mut self, look: &Look) {
        self.looks.push(look.clone());
        self.stop.fetch_or(self.stop_after_look, Ordering::SeqCst);
    }
}

fn until_precise<'p>(
    plan: &'p Plan,
    rule: PrecisionRule,
    notes: &mut Notes,
) -> (Collector<'p>, PrecisionRun) {
    let mut collector = Collector::new(plan, rule.most());
    let run = simulate_until_precise(&mut collector, rule, None, notes).expect("the books balance");
    (collector, run)
}

/// Every file of a result but its record, the scenario's own precision left out.
fn files(scenario: &Scenario, plan: &Plan, summary: &Summary) -> Vec<(String, Vec<u8>)> {
    let paths = summary.paths;
    let facts = RunFacts { scenario, version: "test", paths, planned: paths };
    let result = result_files(&facts, plan, summary, &judge(scenario, summary), &Extras::default());
    result.files.into_iter().map(|file| (file.name, file.bytes)).collect()
}

fn assert_same_as_planned(scenario: &Scenario, plan: &Plan, mut grown: Collector) {
    let paths = grown.paths;
    let grown = files(scenario, plan, &Summary::of(&mut grown));
    let planned = files(scenario, plan, &Summary::of(&mut collect(plan, paths)));
    assert_eq!(grown.len(), planned.len());
    for ((name, bytes), (_, expected)) in grown.iter().zip(&planned) {
        assert!(bytes == expected, "{name} of {paths} paths differs");
    }
}

#[test]
fn the_result_is_that_of_a_plain_run_on_either_side_of_exact_quantiles() {
    let scenario = scenario_text(SMALL_FUND, None);
    let plan = Plan::resolve(&scenario);
    for (first, stops_at) in [(32_768, 65_536), (131_072, 262_144)] {
        let rule = PrecisionRule::with_looks(percent("50%"), first, 5);
        let (collector, run) = until_precise(&plan, rule, &mut Notes::new());
        assert_eq!((run.ending, run.planned, collector.paths), (Ending::Reached, stops_at, stops_at));
        assert_same_as_planned(&scenario, &plan, collector);
    }
}

#[test]
fn it_stops_at_the_second_look_in_a_row_within_the_target_and_not_before() {
    let plan = Plan::resolve(&scenario_text(SMALL_FUND, None));
    let mut notes = Notes::new();
    let rule = PrecisionRule::with_looks(percent("4%"), 1_024, 12);
    let (collector, run) = until_precise(&plan, rule, &mut notes);
    assert_eq!(run.ending, Ending::Reached);
    let within: Vec<bool> = notes.looks.iter().map(Look::is_within).collect();
    assert!(within.ends_with(&[true, true]), "{within:?}");
    assert!(!within[..within.len() - 1].windows(2).any(|pair| pair == [true, true]), "{within:?}");
    assert!(within.contains(&false), "a target that is met at once tests nothing");
    // The looks double, each holds all paths so far, and their half-widths shrink like the square root of the paths.
    let paths: Vec<u64> = notes.looks.iter().map(|look| look.paths).collect();
    assert_eq!(paths, (0..paths.len()).map(|doubling| 1_024 << doubling).collect::<Vec<u64>>());
    assert_eq!((notes.stages, Some(&collector.paths)), (paths.clone(), paths.last()));
    let half_width = |look: &Look| look.estimates[0].half_width.expect("a mean has an interval");
    let shrunk = half_width(&notes.looks[0]) / half_width(notes.looks.last().expect("a look"));
    let expected = ((paths[paths.len() - 1] / paths[0]) as f64).sqrt();
    assert!((shrunk / expected - 1.0).abs() < 0.2, "{shrunk} should be near {expected}");
    // Each figure is held against its own target.
    for estimate in &notes.looks.last().expect("a look").estimates {
        let (half_width, value) = (estimate.half_width.expect("known"), estimate.value.expect("known"));
        match estimate.headline {
            Headline::CapHit => assert!(half_width <= 0.005 && value > 0.0),
            _ => assert!(half_width <= 0.04 * value, "{estimate:?}"),
        }
    }
}

#[test]
fn what_results_say_is_what_the_last_look_saw() {
    let plan = Plan::resolve(&scenario_text(SMALL_FUND, None));
    let mut notes = Notes::new();
    let rule = PrecisionRule::with_looks(percent("20%"), 8_192, 6);
    let (mut collector, run) = until_precise(&plan, rule, &mut notes);
    let outcome = run.outcome(&Summary::of(&mut collector));
    assert_eq!(Some(&outcome.look), notes.looks.last());
    assert_eq!(outcome.ending, Ending::Reached);
}

#[test]
fn the_cap_ends_what_does_not_become_precise() {
    let plan = Plan::resolve(&scenario_text(SMALL_FUND, None));
    let mut notes = Notes::new();
    let rule = PrecisionRule::with_looks(percent("0.01%"), 8_192, 1);
    let (mut collector, run) = until_precise(&plan, rule, &mut notes);
    assert_eq!((run.ending, run.planned, collector.paths), (Ending::MostPaths, 16_384, 16_384));
    let outcome = run.outcome(&Summary::of(&mut collector));
    assert!(!outcome.look.is_within());
    assert_eq!(outcome.most_paths, 16_384);
    // ES 99 % needs 10,000 paths: at the first look there is none, and that is not precise at any target.
    let shortfall = |look: &Look| {
        let found = look.estimates.iter().find(|estimate| estimate.headline == Headline::LossShortfall);
        *found.expect("a headline")
    };
    assert_eq!((shortfall(&notes.looks[0]).value, shortfall(&notes.looks[0]).half_width), (None, None));
    assert!(!shortfall(&notes.looks[0]).is_within(percent("50%")));
    // Within the target once, at the cap, is not twice running.
    let plan = Plan::resolve(&scenario_text(&SMALL_FUND.replace("pd = \"15%\"", "pd = \"4%\""), None));
    let rule = PrecisionRule::with_looks(percent("50%"), 8_192, 1);
    let (mut collector, run) = until_precise(&plan, rule, &mut Notes::new());
    assert_eq!(run.ending, Ending::MostPaths);
    assert!(run.outcome(&Summary::of(&mut collector)).look.is_within());
}

#[test]
fn an_interrupted_run_is_the_first_part_of_the_whole() {
    let plan = Plan::resolve(&scenario_text(SMALL_FUND, None));
    let rule = PrecisionRule::with_looks(percent("0.01%"), 16_384, 3);
    let mut notes = Notes::new();
    notes.stop_at = 20_000;
    let (mut stopped, run) = until_precise(&plan, rule, &mut notes);
    assert_eq!((run.ending, run.planned), (Ending::Interrupted, 32_768));
    assert!((16_384..32_768).contains(&stopped.paths), "{}", stopped.paths);
    let mut again = Collector::new(&plan, rule.most());
    let limit = Some(stopped.paths);
    let run_again = simulate_until_precise(&mut again, rule, limit, &mut Notes::new()).expect("balanced");
    assert_eq!(run_again, run);
    let (stopped, again) = (Summary::of(&mut stopped), Summary::of(&mut again));
    assert_eq!(run.outcome(&stopped), run.outcome(&again));
    // Stopped right after a look that was not the last: the next one was planned.
    notes = Notes::new();
    notes.stop_after_look = true;
    let (stopped, run) = until_precise(&plan, rule, &mut notes);
    assert_eq!((run.ending, run.planned, stopped.paths), (Ending::Interrupted, 32_768, 16_384));
}

#[test]
fn figures_without_luck_are_settled() {
    let certain = SMALL_FUND.replace("pd = \"15%\"", "pd = 0");
    let plan = Plan::resolve(&scenario_text(&certain, None));
    let rule = PrecisionRule::with_looks(percent("5%"), 16_384, 4);
    let (mut collector, run) = until_precise(&plan, rule, &mut Notes::new());
    assert_eq!((run.ending, run.planned), (Ending::Reached, 32_768));
    let outcome = run.outcome(&Summary::of(&mut collector));
    for estimate in &outcome.look.estimates {
        let is_loss = matches!(
            estimate.headline,
            Headline::ExpectedLoss | Headline::LossAtRisk | Headline::LossShortfall
        );
        if is_loss {
            assert_eq!(
                (estimate.value, estimate.half_width, estimate.relative(), estimate.constant),
                (Some(0.0), Some(0.0), Some(0.0), true),
                "{estimate:?}"
            );
        }
        assert!(estimate.is_within(outcome.look.target), "{estimate:?}");
    }
    // A VaR of 0 whose interval reaches above it is as far from any relative target as can be.
    let mut estimate = outcome.look.estimates[1];
    estimate.value = Some(0.0);
    estimate.half_width = Some(1.0);
    assert_eq!((estimate.relative(), estimate.is_within(percent("50%"))), (None, false));
}
