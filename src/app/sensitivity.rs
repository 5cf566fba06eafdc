//! `fesr sensitivity`: the assumptions of a scenario one at a time, and all at once.

use super::cells::{Cell, Cells, Given, Keeps};
use super::library::Library;
use super::output_folder::OutputFolder;
use super::progress::PathCounter;
use super::scenarios::{CheckedScenario, name_warnings, read_all_of};
use super::simulation::use_threads;
use super::study::{StudyFolder, again};
use super::{Failure, Outcome, VERSION, interrupt, print, say};
use crate::aggregate::columns::Column;
use crate::cli::SensitivityArguments;
use crate::locale::{Numbers, pair, told};
use crate::paired::Measure;
use crate::paired::comparison::columns_of;
use crate::plan::Plan;
use crate::report::OutputFile;
use crate::report::sensitivity::{
    Sensitivity, sensitivity_album, sensitivity_json, sensitivity_page, sensitivity_text, sobol_csv,
    tornado_csv,
};
use crate::report::study_record::StudyFacts;
use crate::resolved::RESOLVED_FILE;
use crate::scenario::{Language, Scenario};
use crate::sensitivity::indices::global_study;
use crate::sensitivity::runs::{design_run, scenario_of_run, simulating, tornado_runs};
use crate::sensitivity::tornado::{StudyFailure, tornado};
use crate::sensitivity::{Input, Variation, inputs, left_out_inputs, measure_text};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Paths of a run unless asked for: enough for ES 99 % twice over.
const MOST_PATHS_BY_DEFAULT: u64 = 20_000;

/// Paths of each run of the global design unless asked for: with the default assumptions and design 1,280 runs, a minute or
/// two. All runs meet the same luck, so that what the assumptions do stands out from it.
const MOST_GLOBAL_PATHS_BY_DEFAULT: u64 = 2_000;

/// The scenario of the command line and what is varied in it.
struct Varied {
    checked: CheckedScenario,
    inputs: Vec<Input>,
    measures: Vec<Measure>,
}

fn read(arguments: &SensitivityArguments, library: &Library) -> Result<Varied, Failure> {
    let path = std::slice::from_ref(&arguments.scenario);
    let mut read = read_all_of(library, path, &arguments.study.common, |scenario| {
        scenario.simulation.paths =
            arguments.paths.unwrap_or(scenario.simulation.paths.min(MOST_PATHS_BY_DEFAULT));
        scenario.simulation.seed = arguments.study.seed.unwrap_or(scenario.simulation.seed);
        scenario.simulation.precision = None;
    })?;
    let checked = read.swap_remove(0);
    let inputs = inputs(&checked.scenario);
    if inputs.is_empty() {
        return Err(Failure::Usage(told!(
            "non c’è nulla da variare: scrivere una tabella [uncertainty]",
            "there is nothing to vary: write an [uncertainty] table"
        )));
    }
    let measures = if arguments.metric.is_empty() { Measure::headlines() } else { arguments.metric.clone() };
    Ok(Varied { checked, inputs, measures })
}

/// Runs of the whole study.
fn runs(arguments: &SensitivityArguments, inputs: usize) -> u64 {
    let design = if arguments.global { arguments.design } else { 0 };
    design_run(inputs, design, 0)
}

/// Paths of each run of the global design.
fn global_paths(arguments: &SensitivityArguments, paths: u64) -> u64 {
    arguments.global_paths.or(arguments.paths).unwrap_or(paths.min(MOST_GLOBAL_PATHS_BY_DEFAULT))
}

/// Paths of a run by its number.
fn paths_of_run(run: u64, inputs: usize, paths: u64, global_paths: u64) -> u64 {
    if run < tornado_runs(inputs) { paths } else { global_paths }
}

/// The runs of the study as cells, for its shares. All have as many units as the longest: those behind the end of a shorter
/// run are empty.
///
/// # Errors
/// As [`sensitivity`].
pub fn cells<'c>(arguments: &SensitivityArguments, library: &Library) -> Result<Cells<'c>, Failure> {
    let Varied { checked, inputs, measures } = read(arguments, library)?;
    let scenario = checked.scenario;
    let (paths, seed) = (scenario.simulation.paths, scenario.simulation.seed);
    let variation = Variation::new(&scenario);
    let global_paths = global_paths(arguments, paths);
    Ok(Cells {
        study: study_name(arguments, &scenario),
        language: scenario.identity.language,
        seed,
        paths: if arguments.global { paths.max(global_paths) } else { paths },
        count: runs(arguments, inputs.len()),
        keeps: Keeps::Figures,
        make: Box::new(move |run| {
            let varied = scenario_of_run(&variation, &inputs, seed, run);
            let varied = varied.map_err(|refused| failure_of(refused.into(), &scenario))?;
            let paths = paths_of_run(run, inputs.len(), paths, global_paths);
            Ok(Cell::new(&varied, |plan| columns_of(plan, &measures)).of_paths(paths))
        }),
    })
}

/// Studies the scenario of the command line; `given` has the runs if they were simulated in shares.
///
/// # Errors
/// [`Failure`] if the scenario cannot be read, cannot take an input's values, or cannot be run or written.
pub fn sensitivity(
    arguments: &SensitivityArguments,
    library: &Library,
    given: Option<&Given>,
) -> Result<Outcome, Failure> {
    let varied = read(arguments, library)?;
    let scenario = &varied.checked.scenario;
    use_threads(arguments.study.threads)?;
    let folder = OutputFolder::prepare(&arguments.study.output, &study_name(arguments, scenario))?;
    let stop = interrupt::stop_flag(
        pair("si scrive ciò che è completo", "writing what is whole"),
        scenario.identity.language,
    );
    if !arguments.study.common.quiet {
        name_warnings([&varied.checked]);
    }
    let Some(study) = simulate(arguments, &varied, given, &stop)? else { return Ok(Outcome::Interrupted) };
    let interrupted = study.interrupted;
    let target = write(&study, scenario, arguments, folder)?;
    if arguments.study.common.json {
        print(&sensitivity_json(&study))?;
    } else {
        let styled = std::io::stdout().is_terminal();
        print(&sensitivity_text(&study, &target.display().to_string(), styled))?;
    }
    Ok(if interrupted { Outcome::Interrupted } else { Outcome::Done })
}

/// The name of the study's folder.
fn study_name(arguments: &SensitivityArguments, scenario: &Scenario) -> String {
    arguments.study.name.clone().unwrap_or_else(|| folder_name(&scenario.identity.name))
}

fn folder_name(scenario: &str) -> String {
    format!("sensitivity-{scenario}").chars().take(80).collect()
}

fn simulate(
    arguments: &SensitivityArguments,
    varied: &Varied,
    given: Option<&Given>,
    stop: &Arc<AtomicBool>,
) -> Result<Option<Sensitivity>, Failure> {
    let Varied { checked, inputs, measures } = varied;
    let scenario = &checked.scenario;
    let (paths, seed) = (scenario.simulation.paths, scenario.simulation.seed);
    let variation = Variation::new(scenario);
    let numbers = Numbers::new(scenario.identity.language);
    let tornado_runs = tornado_runs(inputs.len());
    let global_runs = runs(arguments, inputs.len()) - tornado_runs;
    let global_paths = global_paths(arguments, paths);
    let planned = paths * tornado_runs + global_paths * global_runs;
    if arguments.global && !arguments.study.common.quiet && given.is_none() {
        let told = told!(
            "  {runs} simulazioni di {paths} percorsi, poi {global_runs} di {global_paths} (--global-paths)",
            "  {runs} runs of {paths} paths, then {global_runs} of {global_paths} (--global-paths)";
            runs = numbers.count(tornado_runs),
            paths = numbers.count(paths),
            global_runs = numbers.count(global_runs),
            global_paths = numbers.count(global_paths),
        );
        say(told.text(scenario.identity.language));
    }
    let counter = PathCounter::new(arguments.study.progress, arguments.study.common.quiet, planned, numbers);
    let simulated = |paths: u64| counter.simulated(paths);
    let figures = |run: u64, plan: &Plan, columns: &[Column]| match given {
        None => simulating(paths_of_run(run, inputs.len(), paths, global_paths), stop, &simulated)(
            run, plan, columns,
        ),
        Some(given) => {
            let paths = paths_of_run(run, inputs.len(), paths, global_paths);
            given.table(run, columns, paths).map(Some).map_err(|damage| StudyFailure::Unusable(damage.told()))
        }
    };
    let failed = |failure: StudyFailure| {
        counter.finish();
        failure_of(failure, scenario)
    };
    let found = tornado(&variation, inputs, measures, paths, stop, &figures).map_err(failed)?;
    let Some(found) = found else {
        counter.finish();
        return Ok(None);
    };
    let stopped = || stop.load(std::sync::atomic::Ordering::Relaxed);
    let global = if arguments.global && !stopped() {
        global_study(&variation, inputs, measures, arguments.design, global_paths, seed, stop, &figures)
            .map_err(failed)?
    } else {
        None
    };
    counter.finish();
    let whole = found.ends.len() == inputs.len()
        && (!arguments.global || global.as_ref().is_some_and(|study| study.rows == arguments.design));
    Ok(Some(Sensitivity {
        language: scenario.identity.language,
        version: VERSION.to_string(),
        seed,
        name: scenario.identity.name.clone(),
        title: scenario.identity.title.clone(),
        interrupted: !whole,
        by_default: scenario.uncertainties.is_empty(),
        left_out: left_out_inputs(scenario),
        inputs: inputs.clone(),
        tornado: found,
        global,
    }))
}

fn failure_of(failure: StudyFailure, scenario: &Scenario) -> Failure {
    match failure {
        StudyFailure::Refused(refused) => Failure::Usage(told!(
            "lo scenario non è valido con {values}: {why}",
            "the scenario is not valid with {values}: {why}";
            values = refused.values.join(", "),
            why = refused.why,
        )),
        StudyFailure::Unusable(why) => Failure::Usage(why),
        StudyFailure::Broken(broken) => Failure::Invariant {
            scenario: scenario.identity.name.clone(),
            seed: scenario.simulation.seed,
            broken,
        },
    }
}

fn write(
    study: &Sensitivity,
    scenario: &Scenario,
    arguments: &SensitivityArguments,
    folder: OutputFolder,
) -> Result<PathBuf, Failure> {
    let mut tables = vec![
        OutputFile::text("sensitivity.json", sensitivity_json(study)),
        OutputFile::text("tornado.csv", tornado_csv(study)),
    ];
    tables.extend(sobol_csv(study).map(|table| OutputFile::text("sobol.csv", table)));
    let (again, command) = command(study, arguments);
    let files = StudyFolder {
        tables,
        album: sensitivity_album(study, study.language),
        machine_album: sensitivity_album(study, Language::English),
        scenarios: vec![(String::new(), scenario)],
        facts: StudyFacts {
            command: "sensitivity",
            version: VERSION,
            name: study.name.clone(),
            title: study.title.clone(),
            paths: study.tornado.paths,
            seed: study.seed,
            language: study.language,
            interrupted: study.interrupted,
            again: Some(again),
        },
    };
    files.write(&arguments.study, folder, |pictures| sensitivity_page(study, pictures, &command))
}

/// The words that give the same from the scenario as run, and the command.
fn command(study: &Sensitivity, arguments: &SensitivityArguments) -> (Vec<String>, String) {
    let (paths, seed) = (study.tornado.paths.to_string(), study.seed.to_string());
    let design = arguments.design.to_string();
    let global_paths = study.global.as_ref().map(|global| global.paths.to_string());
    let metrics: Vec<String> = arguments.metric.iter().map(measure_text).collect();
    let mut words = vec!["sensitivity", RESOLVED_FILE, "--paths", &paths, "--seed", &seed];
    for metric in &metrics {
        words.extend(["--metric", metric]);
    }
    if arguments.global {
        words.extend(["--global", "--design", &design]);
        words.extend(global_paths.iter().flat_map(|paths| ["--global-paths", paths.as_str()]));
    }
    again(&words, arguments.study.png)
}
