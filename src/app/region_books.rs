//! The Region's books of a run ([`crate::books`]): when they are kept, and what is said of it.

use super::Failure;
use crate::books::{RegionBooks, wanted};
use crate::locale::{Numbers, told};
use crate::plan::Plan;
use crate::report::RunFacts;
use crate::report::run_record::RunOptions;

/// The Region's books of a run, if its scenario or its options ask for them.
///
/// None of a run that was interrupted, nor of one that drew its assumptions (`--uncertain`): the books follow the paths
/// of the scenario as it stands.
///
/// # Errors
/// [`Failure::Invariant`] if the books of a path do not balance, or do not say what its totals say.
pub fn region_books(
    facts: &RunFacts,
    plan: &Plan,
    options: &RunOptions,
    quiet: bool,
) -> Result<Option<RegionBooks>, Failure> {
    let scenario = facts.scenario;
    if facts.interrupted() || options.uncertain || !wanted(scenario, options.annual_report) {
        return Ok(None);
    }
    if !quiet {
        let language = scenario.identity.language;
        let note = told!(
            "  libri della Regione: gli stessi {paths} percorsi, trimestre per trimestre",
            "  the Region's books: the same {paths} paths, quarter by quarter";
            paths = Numbers::new(language).count(facts.paths),
        );
        super::say(note.text(language));
    }
    let books = RegionBooks::of(scenario, plan, facts.paths, options.annual_report, &|_| {});
    books.map(Some).map_err(|broken| Failure::Invariant {
        scenario: scenario.identity.name.clone(),
        seed: scenario.simulation.seed,
        broken,
    })
}
