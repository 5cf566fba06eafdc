//! The plain way to all outputs, written from MODEL.md as far as `wecare-mixed` uses it: what the engine is measured by.
//!
//! The quarter-by-project loop with integer cents: one path after another, every quarter visits every project, compares its
//! hazard with its luck and books its payment. Random numbers come in sequence from one generator (`SmallRng`,
//! `rand_distr`), logarithms and exponentials from the standard library. Every figure of every path and every timeline
//! figure of the first 65,536 paths is stored, quantiles are found by sorting.
//!
//! It takes resolved numbers from the plan (rates, schedules of outstanding fractions, cumulative weights) and shares no
//! code with the engine. Nothing in it is slow on purpose: the LGD quantile is tabulated, luck is turned into a
//! threshold of cumulated hazard once per project, sums are kept running, lists are by quarter. What it does not have is
//! what the engine was built from: batches, lanes, schedules added up at once, lifetime tests, merged sums.
//!
//! It leaves out what `wecare-mixed` does not use: moving factors, Student-t, lists, revolving money, backing beyond the
//! envelope, uncapped guarantees, strict queues, grants at disbursement (a plan that asks for one is refused). It also leaves
//! out what MODEL.md section 9 does not ask for: promised lifetime defaults, contributions to the tail, the run's own check.
#![allow(dead_code, reason = "the benchmark and the test use different parts")]
#![allow(clippy::disallowed_methods, reason = "plain code uses the standard library's mathematics")]

mod applicant;
mod approvals;
mod column;
mod credit_events;
mod figures;
mod fund;
mod luck;
mod path;
mod project;
mod sums;
mod timeline;

pub use column::{Column, Summary};
pub use figures::FIGURES;
pub use timeline::SERIES;

use fesr::plan::{ApplicantSource, DependencePlan, Plan};
use fesr::scenario::Backing;
use luck::LossTable;
use path::PathState;
use rand::SeedableRng;
use rand::rngs::SmallRng;

/// Timeline quantiles are taken over the first so many paths.
const TIMELINE_PATHS: usize = 65_536;

/// An amount in cents, rounded half-even.
fn cents(amount: f64) -> i64 {
    amount.round_ties_even() as i64
}

/// A part of an amount.
fn times(amount: i64, factor: f64) -> i64 {
    cents(amount as f64 * factor)
}

/// A ratio as an integer of 1e-9; 0 where the denominator is 0.
fn ratio(numerator: i64, denominator: i64) -> i64 {
    if denominator == 0 { 0 } else { cents(numerator as f64 / denominator as f64 * 1e9) }
}

/// All outputs of a run.
pub struct Report {
    /// Of each figure of [`FIGURES`]: of the fund, of line 1, of line 2.
    pub figures: Vec<[Summary; 3]>,
    /// Of each quarter and series of [`SERIES`]: of the fund, of line 1, of line 2.
    pub timeline: Vec<Vec<[Summary; 3]>>,
    /// Of each theme, product and rating: mean and standard deviation of seven figures.
    pub groups: Vec<[(f64, f64); 12]>,
}

/// Simulates and summarises paths of a plan.
pub fn run(plan: &Plan, paths: usize) -> Report {
    check_is_supported(plan);
    let losses: Vec<LossTable> = plan.lines.iter().map(|line| LossTable::new(&line.loss.law)).collect();
    let mut rng = SmallRng::seed_from_u64(plan.seed);
    let kept = paths.min(TIMELINE_PATHS);
    let mut figure_columns: Vec<[Column; 3]> =
        FIGURES.iter().map(|_| std::array::from_fn(|_| Column::for_paths(paths))).collect();
    let mut timeline_columns: Vec<Vec<[Column; 3]>> = (0..plan.quarters)
        .map(|_| SERIES.iter().map(|_| std::array::from_fn(|_| Column::for_paths(kept))).collect())
        .collect();
    let mut group_columns: Vec<[Column; 12]> = Vec::new();
    for path in 0..paths {
        let state = PathState::simulate(plan, &losses, &mut rng);
        figures::push(&state, &mut figure_columns);
        timeline::push(plan, &state.rows, &mut timeline_columns, path < TIMELINE_PATHS);
        figures::push_groups(&state, &mut group_columns);
    }
    Report {
        figures: figure_columns.into_iter().map(|columns| columns.map(Column::summary)).collect(),
        timeline: timeline_columns
            .into_iter()
            .map(|series| series.into_iter().map(|columns| columns.map(Column::summary)).collect())
            .collect(),
        groups: group_columns.iter().map(|columns| columns.each_ref().map(Column::mean_and_sd)).collect(),
    }
}

/// The baseline covers what `wecare-mixed` uses.
fn check_is_supported(plan: &Plan) {
    assert!(matches!(plan.credit.dependence, DependencePlan::Gaussian), "factors that stand still");
    assert!(!plan.revolving, "money that does not revolve");
    assert_eq!(plan.lines.len(), 2, "two lines");
    for line in &plan.lines {
        assert!(matches!(line.applicants, ApplicantSource::Statistical(_)), "drawn applicants");
        assert!(line.guarantee.capped && line.guarantee.backing == Backing::Envelope, "capped guarantees");
        assert!(!line.strict_queue && line.disbursement_lag > 0, "a queue that may be passed, a lag");
        assert!(line.grant_lag > 0 || line.products.iter().all(|p| p.grant == 0.0), "grants with a lag");
    }
}
