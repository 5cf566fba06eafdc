//! Laws that hold on every path of every scenario, and those of portfolios whose budgets never bind.
//!
//! Scenarios are generated (`tests/generated`), seeds are fixed: a law either always passes or always fails. The one
//! statistical law (`correlation`) states its false-alarm rate; all others are equalities or inequalities of whole cents.

mod common;
mod generated;

#[path = "laws/correlation.rs"]
mod correlation;
#[path = "laws/files.rs"]
mod files;
#[path = "laws/guarantees.rs"]
mod guarantees;
#[path = "laws/money.rs"]
mod money;
#[path = "laws/monotone.rs"]
mod monotone;
#[path = "laws/scaling.rs"]
mod scaling;
#[path = "laws/schedules.rs"]
mod schedules;

use fesr::engine::PathSimulator;
use fesr::engine::totals::{LineTotals, PathTotals, TimelineRow};
use fesr::plan::Plan;
use fesr::scenario::{Line, Scenario};

/// Totals and timeline of the first paths of a scenario.
fn play(scenario: &Scenario, paths: u64) -> Vec<(PathTotals, Vec<TimelineRow>)> {
    let plan = Plan::resolve(scenario);
    let mut simulator = PathSimulator::new(&plan);
    (0..paths)
        .map(|path| {
            simulator.run(path).expect("the books balance");
            (simulator.totals().clone(), simulator.timeline().to_vec())
        })
        .collect()
}

/// Both lines together.
fn sum(totals: &PathTotals) -> LineTotals {
    let mut sum = LineTotals::default();
    totals.lines.iter().for_each(|line| sum.add(line));
    sum
}

/// The lines of a scenario, to be changed.
fn lines_of(scenario: &mut Scenario) -> impl Iterator<Item = &mut Line> {
    scenario.line1.iter_mut().chain(scenario.line2.iter_mut())
}
