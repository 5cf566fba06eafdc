//! `fesr run --tail`: the pilot, then weighted paths.

use super::Failure;
use crate::aggregate::collector::Watcher;
use crate::aggregate::summary::Summary;
use crate::aggregate::tail::TailCollector;
use crate::aggregate::tail::collector::MOST_TAIL_PATHS;
use crate::aggregate::tail::pilot::{Reach, pilot};
use crate::engine::InvariantBroken;
use crate::locale::Numbers;
use crate::plan::Plan;
use crate::scenario::Language;

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

/// Refuses more paths than their weights can be added up exactly for.
///
/// # Errors
/// [`Failure::Usage`] with what to do instead.
pub fn refuse_too_many(paths: u64) -> Result<(), Failure> {
    if paths <= MOST_TAIL_PATHS {
        return Ok(());
    }
    let numbers = Numbers::new(Language::English);
    let (most, wanted) = (numbers.count(MOST_TAIL_PATHS), numbers.count(paths));
    Err(Failure::Usage(format!(
        "--tail takes at most {most} paths, not {wanted}.\n\
         A few hundred thousand of them know the tail as well as many millions without --tail."
    )))
}
