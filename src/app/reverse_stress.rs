//! The reverse of `fesr stress`: levers are turned until promises break.

use super::command_line::quoted;
use super::library::Library;
use super::progress::PathCounter;
use super::scenarios::read_all_of;
use super::{Failure, say};
use crate::aggregate::columns::columns;
use crate::cli::StressArguments;
use crate::locale::{Numbers, told};
use crate::paired::breaking::{Answer, Breach, SearchStopped, search};
use crate::paired::comparison::columns_of;
use crate::paired::lever::Lever;
use crate::paired::{FigureTable, Measure};
use crate::plan::Plan;
use crate::report::stress::Reverse;
use crate::scenario::Scenario;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Most paths at a position of a lever: a search looks at some thirty positions.
const MOST_PATHS: u64 = 20_000;

/// Turns the levers of the command line until each promise of `base` breaks.
///
/// # Errors
/// [`Failure`] if a promise is about what the scenario does not have, or a position could not be simulated.
pub fn reverse(
    arguments: &StressArguments,
    library: &Library,
    base: &Scenario,
    stop: &Arc<AtomicBool>,
) -> Result<Reverse, Failure> {
    let limits = if arguments.breaks.is_empty() { &base.limits } else { &arguments.breaks };
    let breaches: Vec<Breach> = limits.iter().flat_map(Breach::of_limit).collect();
    let plan = Plan::resolve(base);
    let known = columns(&plan);
    for breach in &breaches {
        let Measure { metric, line, .. } = breach.measure;
        if !breach.measure.column(&plan).is_some_and(|column| known.contains(&column)) {
            return Err(Failure::Usage(told!(
                "--break: lo scenario non ha {id} per {line}",
                "--break: the scenario has no {id} for {line}";
                id = metric.id(),
                line = line.map_or("all", |line| line.word()),
            )));
        }
    }
    let mut levers: Vec<Lever> = Vec::new();
    for lever in arguments.by.iter().map(|choice| choice.lever()) {
        if !levers.contains(&lever) {
            levers.push(lever);
        }
    }
    let mut reverse = Reverse {
        paths: base.simulation.paths.min(MOST_PATHS),
        answers: Vec::new(),
        traces: Vec::new(),
        interrupted: false,
    };
    for lever in levers.into_iter().filter(|_| !breaches.is_empty()) {
        match turn(arguments, library, base, &plan, lever, &breaches, reverse.paths, stop) {
            Ok(answers) => {
                reverse.traces.extend(answers.iter().map(|answer| trace_command(arguments, answer)));
                reverse.answers.extend(answers);
            }
            Err(SearchStopped::Interrupted) => {
                reverse.interrupted = true;
                break;
            }
            Err(SearchStopped::Failed(failure)) => return Err(failure),
        }
    }
    Ok(reverse)
}

#[allow(
    clippy::too_many_arguments,
    reason = "what is asked, of which scenario, from which files, and who stops it"
)]
fn turn(
    arguments: &StressArguments,
    library: &Library,
    base: &Scenario,
    plan: &Plan,
    lever: Lever,
    breaches: &[Breach],
    paths: u64,
    stop: &Arc<AtomicBool>,
) -> Result<Vec<Answer>, SearchStopped<Failure>> {
    let language = base.identity.language;
    let quiet = arguments.study.common.quiet;
    let what = lever.title();
    if !quiet {
        let told = told!("  all’inverso: {what}", "  in reverse: {what}"; what);
        say(told.text(language));
    }
    let measures: Vec<Measure> = breaches.iter().map(|breach| breach.measure).collect();
    let columns = columns_of(plan, &measures);
    let mut positions: u64 = 0;
    let simulate = |sets: &[String]| -> Result<Option<FigureTable>, Failure> {
        positions += 1;
        let scenario = with_sets(arguments, library, base, sets)?;
        let plan = Plan::resolve(&scenario);
        let counter = PathCounter::new(arguments.study.progress, quiet, paths, Numbers::new(language));
        let table = FigureTable::simulate(&plan, &columns, paths, stop, &|paths| counter.simulated(paths));
        counter.finish();
        let table = table.map_err(|broken| Failure::Invariant {
            scenario: scenario.identity.name.clone(),
            seed: scenario.simulation.seed,
            broken,
        })?;
        Ok((table.paths() == paths).then_some(table))
    };
    let answers = search(base, plan, lever, breaches, simulate)?;
    if !quiet {
        let told = told!(
            "  {positions} posizioni con {paths} percorsi",
            "  {positions} positions with {paths} paths";
            positions,
            paths,
        );
        say(told.text(language));
    }
    Ok(answers)
}

/// The scenario with more `--set` options.
fn with_sets(
    arguments: &StressArguments,
    library: &Library,
    base: &Scenario,
    sets: &[String],
) -> Result<Scenario, Failure> {
    let mut common = arguments.study.common.clone();
    common.set.extend(sets.iter().cloned());
    let mut read = read_all_of(library, std::slice::from_ref(&arguments.scenario), &common, |scenario| {
        scenario.simulation = base.simulation;
    })?;
    Ok(read.pop().expect("one file, one scenario").scenario)
}

/// The command that shows the path nearest to a breaking point.
fn trace_command(arguments: &StressArguments, answer: &Answer) -> Option<String> {
    let nearest = answer.nearest.as_ref()?;
    let mut command = format!("fesr trace {}", quoted(&arguments.scenario.display().to_string()));
    for set in arguments.study.common.set.iter().chain(&nearest.sets) {
        command += &format!(" --set {}", quoted(set));
    }
    if let Some(seed) = arguments.study.seed {
        command += &format!(" --seed {seed}");
    }
    Some(format!("{command} --path {}", nearest.path))
}
