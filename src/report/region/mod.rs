//! The Region's books ([`crate::books`]) as files: tables ([`csv`]), what their columns are ([`shapes`]), the words for their
//! figures (`words`). Their charts are in [`super::charts`], their chapter in [`super::page`].

pub mod csv;
pub(super) mod json;
pub mod milestones;
pub mod outcome_limits;
pub mod shapes;
pub(super) mod words;

use super::limits::Verdict;
use super::telling::{Telling, tell};
use crate::books::RegionBooks;
use crate::layout::{COLUMNS, wrap};
use crate::scenario::Scenario;

/// The verdicts of a run's promises that only the books can judge: milestones that state a probability, and social results.
pub fn verdicts(scenario: &Scenario, books: &RegionBooks) -> Vec<Verdict> {
    let milestones = books.milestones.iter().filter_map(milestones::verdict);
    let outcomes = outcome_limits::judge_outcomes(scenario, books);
    milestones.chain(outcomes.into_iter().map(|result| result.verdict)).collect()
}

/// What the terminal says of milestones and of promised social results; nothing without them. `tail`: the run looked at its
/// tail, which the books do not.
pub fn promises_text(scenario: &Scenario, books: &RegionBooks, tail: bool) -> String {
    let telling = Telling::new(scenario.identity.language);
    let promises =
        milestones::milestones_text(scenario, books) + &outcome_limits::outcome_limits_text(scenario, books);
    if tail { promises + &as_lines(&plain_paths(telling, books)) } else { promises }
}

/// The books of a run with `--tail` are of other futures than its other figures.
pub(super) fn plain_paths(telling: Telling, books: &RegionBooks) -> String {
    let paths = telling.phrases.paths(books.paths);
    tell!(
        telling,
        "I libri della Regione sono su {paths} tirati senza cercare la coda: le loro cifre possono scostarsi, entro gli errori, da quelle della corsa.",
        "The Region's books are over {paths} drawn without looking for the tail: their figures may differ, within their errors, from those of the run."
    )
}

/// What the terminal says where a scenario has promises that this run kept no books to judge by.
pub fn unjudged_text(scenario: &Scenario) -> String {
    let telling = Telling::new(scenario.identity.language);
    unjudged(scenario, telling).map_or(String::new(), |told| as_lines(&told))
}

/// The promises that a run without books leaves unjudged, if there are any.
pub(super) fn unjudged(scenario: &Scenario, telling: Telling) -> Option<String> {
    let milestones = scenario.milestones.len();
    let outcomes = scenario.outcome_limits.len();
    (milestones + outcomes > 0).then(|| {
        tell!(
            telling,
            "Non giudicati da questa corsa: traguardi di spesa {milestones}, limiti sui risultati sociali {outcomes}. Li giudica una corsa senza --uncertain e non interrotta.",
            "Not judged by this run: milestones of spending {milestones}, limits on social results {outcomes}. A run without --uncertain that is not interrupted judges them."
        )
    })
}

fn as_lines(told: &str) -> String {
    wrap(told, COLUMNS).into_iter().map(|line| format!("{line}\n")).collect()
}
