//! `fesr run --tail`: the pilot, then weighted paths.

use super::Failure;
use crate::aggregate::collector::Watcher;
use crate::aggregate::summary::Summary;
use crate::aggregate::tail::TailCollector;
use crate::aggregate::tail::collector::MOST_TAIL_PATHS;
use crate::aggregate::tail::pilot::{Reach, pilot};
use crate::engine::InvariantBroken;
use crate::locale::told;
use crate::plan::Plan;
use crate::scenario::Scenario;

/// Simulates the first `paths` of `planned` weighted paths; `None` if the run was stopped before the first block was
/// whole. The pilot is not interrupted: it takes less than a second.
///
/// # Errors
/// [`InvariantBroken`] of the first path whose books do not balance.
pub fn simulate_tail(
    plan: &Plan,
    planned: u64,
    paths: u64,
    watcher: &mut dyn Watcher,
) -> Result<Option<Summary>, InvariantBroken> {
    let tilt = pilot(plan, Reach::AllLuck)?;
    let mut collector = TailCollector::new(plan, &tilt, planned);
    collector.simulate_first(paths, watcher)?;
    Ok((collector.paths > 0).then(|| collector.summary()))
}

/// Refuses a scenario that asks for what `--tail` cannot do.
///
/// - More paths than their weights can be added up exactly for.
/// - The largest project failing (`macro.largest_fails_after_quarters`): which one that is depends on draws of a first
///   playing of the path that no weight accounts for.
/// - Running until the figures are precise: the tilt lays its paths out for a number known in advance, and the stopping
///   rule of [`crate::aggregate::precision`] knows the intervals of paths that weigh the same.
///
/// # Errors
/// [`Failure::Usage`] with what to do instead.
pub fn refuse_untiltable(scenario: &Scenario) -> Result<(), Failure> {
    let paths = scenario.simulation.paths;
    if scenario.economy.largest_fails_after_quarters.is_some() {
        return Err(Failure::Usage(told!(
            "{name}: --tail non può pesare macro.largest_fails_after_quarters; togliere uno dei due.",
            "{name}: --tail cannot weigh macro.largest_fails_after_quarters; leave one of them out.";
            name = scenario.identity.name,
        )));
    }
    if let Some(precision) = scenario.simulation.precision {
        return Err(Failure::Usage(told!(
            "{name}: --tail richiede un numero di percorsi, ma lo scenario dice precision = \"{precision}\" sotto [simulation].\nAggiungere --paths N (con --tail ne bastano {enough}), oppure togliere --tail.",
            "{name}: --tail needs a number of paths, but the scenario says precision = \"{precision}\" under [simulation].\nAdd --paths N ({enough} are plenty with --tail), or leave --tail out.";
            name = scenario.identity.name,
            precision = precision.to_string(),
            enough = 100_000_u64,
        )));
    }
    if paths <= MOST_TAIL_PATHS {
        return Ok(());
    }
    Err(Failure::Usage(told!(
        "--tail accetta al massimo {most} percorsi, non {paths}.\nPoche centinaia di migliaia conoscono la coda come molti milioni senza --tail.",
        "--tail takes at most {most} paths, not {paths}.\nA few hundred thousand of them know the tail as well as many millions without --tail.";
        most = MOST_TAIL_PATHS,
        paths,
    )))
}
