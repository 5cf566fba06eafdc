//! `fesr sensitivity`: the assumptions of a scenario one at a time, and all at once.

use super::output_folder::OutputFolder;
use super::progress::PathCounter;
use super::run::VERSION;
use super::scenarios::{CheckedScenario, name_warnings, read_all};
use super::simulation::use_threads;
use super::{Failure, Outcome, interrupt, print, say};
use crate::chart::{to_png, to_svg};
use crate::cli::SensitivityArguments;
use crate::locale::{Numbers, pair, told};
use crate::paired::Measure;
use crate::report::OutputFile;
use crate::report::page::{PAGE_FILE, Picture};
use crate::report::sensitivity::{
    Sensitivity, sensitivity_album, sensitivity_json, sensitivity_page, sensitivity_text, sobol_csv,
    tornado_csv,
};
use crate::resolved::{BORROWERS_FILE, RESOLVED_FILE, borrowers_csv, resolved_toml};
use crate::scenario::{Language, Scenario};
use crate::sensitivity::indices::global_study;
use crate::sensitivity::tornado::{StudyFailure, tornado};
use crate::sensitivity::{Input, Variation, inputs};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Paths of a run unless asked for: enough for ES 99 % twice over.
const MOST_PATHS_BY_DEFAULT: u64 = 20_000;

/// Studies the scenario of the command line.
///
/// # Errors
/// [`Failure`] if the scenario cannot be read, cannot take an input's values, or cannot be run or written.
pub fn sensitivity(arguments: &SensitivityArguments) -> Result<Outcome, Failure> {
    let path = std::slice::from_ref(&arguments.scenario);
    let mut read = read_all(path, &arguments.common, |scenario| {
        scenario.simulation.paths =
            arguments.paths.unwrap_or(scenario.simulation.paths.min(MOST_PATHS_BY_DEFAULT));
        scenario.simulation.seed = arguments.seed.unwrap_or(scenario.simulation.seed);
        scenario.simulation.precision = None;
    })?;
    let checked = read.swap_remove(0);
    let scenario = &checked.scenario;
    let inputs = inputs(scenario);
    if inputs.is_empty() {
        return Err(Failure::Usage(told!(
            "non c’è nulla da variare: scrivere una tabella [uncertainty]",
            "there is nothing to vary: write an [uncertainty] table"
        )));
    }
    use_threads(arguments.threads)?;
    let folder_name = arguments.name.clone().unwrap_or_else(|| folder_name(&scenario.identity.name));
    let folder = OutputFolder::prepare(&arguments.output, &folder_name)?;
    let stop = interrupt::stop_flag(
        pair("si scrive ciò che è completo", "writing what is whole"),
        scenario.identity.language,
    );
    if !arguments.common.quiet {
        name_warnings([&checked]);
    }
    let Some(study) = simulate(arguments, &checked, inputs, &stop)? else { return Ok(Outcome::Interrupted) };
    let interrupted = study.interrupted;
    let target = write(&study, scenario, arguments, folder)?;
    if arguments.common.json {
        print(&sensitivity_json(&study))?;
    } else {
        let styled = std::io::stdout().is_terminal();
        print(&sensitivity_text(&study, &target.display().to_string(), styled))?;
    }
    Ok(if interrupted { Outcome::Interrupted } else { Outcome::Done })
}

fn folder_name(scenario: &str) -> String {
    format!("sensitivity-{scenario}").chars().take(80).collect()
}

fn simulate(
    arguments: &SensitivityArguments,
    checked: &CheckedScenario,
    inputs: Vec<Input>,
    stop: &Arc<AtomicBool>,
) -> Result<Option<Sensitivity>, Failure> {
    let scenario = &checked.scenario;
    let (paths, seed) = (scenario.simulation.paths, scenario.simulation.seed);
    let variation = Variation::new(scenario);
    let measures = if arguments.metric.is_empty() { Measure::headlines() } else { arguments.metric.clone() };
    let runs = 1 + 2 * inputs.len() as u64;
    let rows = u64::from(arguments.design) * (inputs.len() as u64 + 2);
    let planned = paths * (runs + if arguments.global { rows } else { 0 });
    let numbers = Numbers::new(scenario.identity.language);
    let counter = PathCounter::new(arguments.progress, arguments.common.quiet, planned, numbers);
    let simulated = |paths: u64| counter.simulated(paths);
    let failed = |failure: StudyFailure| {
        counter.finish();
        failure_of(failure, scenario)
    };
    let found = tornado(&variation, &inputs, &measures, paths, stop, &simulated).map_err(failed)?;
    let Some(found) = found else {
        counter.finish();
        return Ok(None);
    };
    let stopped = || stop.load(std::sync::atomic::Ordering::Relaxed);
    let global = if arguments.global && !stopped() {
        global_study(&variation, &inputs, &measures, arguments.design, paths, seed, stop, &simulated)
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
        inputs,
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
    mut folder: OutputFolder,
) -> Result<PathBuf, Failure> {
    folder.write(&OutputFile::text("sensitivity.json", sensitivity_json(study)))?;
    folder.write(&OutputFile::text("tornado.csv", tornado_csv(study)))?;
    if let Some(table) = sobol_csv(study) {
        folder.write(&OutputFile::text("sobol.csv", table))?;
    }
    // The numbers behind the charts are for programs: the same words in every language.
    let album = sensitivity_album(study, study.language);
    let machine_album = sensitivity_album(study, Language::English);
    let drawn: Vec<String> = album.charts.iter().map(to_svg).collect();
    let pictures: Vec<Picture> =
        album.charts.iter().zip(&drawn).map(|(chart, svg)| Picture { chart, svg }).collect();
    let (paths, seed) = (study.tornado.paths, study.seed);
    let command = format!("fesr sensitivity {RESOLVED_FILE} --paths {paths} --seed {seed}");
    folder.write(&OutputFile::text(PAGE_FILE, sensitivity_page(study, pictures, &command)))?;
    for ((chart, machine_chart), svg) in album.charts.iter().zip(&machine_album.charts).zip(drawn) {
        folder.write(&OutputFile::text(&format!("charts/{}.svg", chart.name), svg))?;
        folder.write(&OutputFile::text(&format!("charts/{}.csv", chart.name), machine_chart.to_csv()))?;
        if arguments.png {
            folder.write(&OutputFile { name: format!("charts/{}.png", chart.name), bytes: to_png(chart) })?;
        }
    }
    if !arguments.common.quiet {
        for chart in &album.left_out {
            say(&format!("  charts/{}: {}", chart.name, chart.reason));
        }
    }
    folder.write(&OutputFile::text(RESOLVED_FILE, resolved_toml(scenario)))?;
    if let Some(list) = borrowers_csv(scenario) {
        folder.write(&OutputFile::text(BORROWERS_FILE, list))?;
    }
    folder.finish(study.interrupted)
}
