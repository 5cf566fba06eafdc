//! The key figures of a run, as data: what the terminal shows after a run and what `--json` prints.
//!
//! [`key_figures`] picks the headline figures with their 95 % intervals, the verdicts on the scenario's limits and what
//! to beware of. [`KeyFigures::to_text`] lays them out for a terminal of 80 columns in Italian or English;
//! serialised, they are `fesr/key-figures/1`: locale-free numbers, ids of MODEL.md, words of the scenario format.
//! [`plan_text`] is what is printed before the run, [`files_text`] names the files that it will write.

mod figure;
mod json;
mod plan;
mod text;
mod warning;

pub use figure::{KeyFigure, Topic};
pub use plan::{files_text, plan_text};
pub(super) use text::figure_name;
pub use warning::Warning;

use super::RunFacts;
use super::limits::LimitResult;
use crate::aggregate::precision::PrecisionOutcome;
use crate::aggregate::summary::Summary;
use crate::aggregate::tail::TailSummary;
use crate::plan::Plan;
use crate::report::page::uncertain::uncertain_sentence;
use crate::report::telling::Telling;
use crate::scenario::Language;
use crate::today::told::what_is_history;
use crate::units::Quarter;

/// What is worth knowing of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyFigures {
    /// Name of the scenario.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Paths simulated.
    pub paths: u64,
    /// Paths asked for.
    pub planned: u64,
    /// Seed.
    pub seed: u64,
    /// The program's version.
    pub version: String,
    /// The first of the quarters over which all figures are taken.
    pub start: Quarter,
    /// How many quarters these are.
    pub quarters: u32,
    /// The figures, topic after topic.
    pub figures: Vec<KeyFigure>,
    /// The scenario's limits.
    pub limits: Vec<LimitResult>,
    /// How the run compares with what is known exactly; `None` if nothing could be judged.
    pub exact_check: Option<ExactCheckResult>,
    /// How precise the headline figures are, of a run that went on until they are.
    pub precision: Option<PrecisionOutcome>,
    /// The most important first; the terminal shows two.
    pub warnings: Vec<Warning>,
    /// What the weights of the paths are worth, if they were drawn with `--tail`.
    pub tail: Option<TailSummary>,
    /// What is history and what is forecast, in a sentence, of a running fund.
    pub running: Option<String>,
    /// How much of the loss's variance is ignorance, in a sentence, if assumptions were drawn (`--uncertain`).
    pub uncertain: Option<String>,
    /// The reader's language.
    pub language: Language,
    /// Where the files are.
    pub folder: String,
}

/// The outcome of the run's check on itself ([`crate::aggregate::exact_check`]).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExactCheckResult {
    /// Figures compared with their exact expectation.
    pub figures: usize,
    /// The largest distance from it, in exact standard errors.
    pub largest_z: f64,
}

/// Picks the key figures of a run whose files are in `folder`.
pub fn key_figures(
    facts: &RunFacts,
    plan: &Plan,
    summary: &Summary,
    limits: &[LimitResult],
    folder: &str,
) -> KeyFigures {
    let identity = &facts.scenario.identity;
    KeyFigures {
        name: identity.name.clone(),
        title: identity.title.clone(),
        paths: facts.paths,
        planned: facts.planned,
        seed: facts.scenario.simulation.seed,
        version: facts.version.to_string(),
        start: plan.start,
        quarters: plan.quarters,
        figures: figure::headlines(plan, summary),
        limits: limits.to_vec(),
        exact_check: summary.exact_check.largest().map(|largest| ExactCheckResult {
            figures: summary.exact_check.comparisons.len(),
            largest_z: largest.z.abs(),
        }),
        precision: summary.precision.clone(),
        warnings: warning::by_importance(facts, summary),
        tail: summary.tail,
        running: plan.has_history().then(|| what_is_history(facts.scenario, identity.language)),
        uncertain: uncertain_sentence(Telling::new(identity.language), summary),
        language: identity.language,
        folder: folder.to_string(),
    }
}
