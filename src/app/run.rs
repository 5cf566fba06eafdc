//! `fesr run`: read, check, simulate, summarise, write.

use super::output_folder::OutputFolder;
use super::scenarios::{CheckedScenario, read_all, show_warnings};
use super::simulation::{PATHS_FILE, PathRows, Simulation, use_threads};
use super::{Failure, Outcome, interrupt, print, say};
use crate::aggregate::summary::Summary;
use crate::cli::RunArguments;
use crate::plan::Plan;
use crate::report::key_figures::{KeyFigures, files_text, key_figures, plan_text};
use crate::report::limits::{LimitResult, Verdict, judge};
use crate::report::result_files::result_files;
use crate::report::run_record::{RECORD_FILE, RunOptions, run_json};
use crate::report::{OutputFile, RunFacts};
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The version that results name.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the plan before a run says will be written.
const FILES: &[&str] = &[
    "summary.json",
    "summary.csv",
    "timeline.csv",
    "histogram.csv",
    "groups.csv",
    "contributions.csv",
    "exact-check.csv",
    "charts/",
    "scenario.resolved.toml",
    "run.json",
];

/// Runs all scenarios of the command line, one after the other.
///
/// # Errors
/// [`Failure`] of the first scenario that cannot be read, run or written; nothing is simulated before all are read.
pub fn run(arguments: &RunArguments) -> Result<Outcome, Failure> {
    let scenarios = read_all(&arguments.scenarios, &arguments.common, |scenario| {
        scenario.simulation.paths = arguments.paths.unwrap_or(scenario.simulation.paths);
        scenario.simulation.seed = arguments.seed.unwrap_or(scenario.simulation.seed);
    })?;
    refuse_equal_names(&scenarios)?;
    use_threads(arguments.threads)?;
    // Folders first: what cannot be written fails before the first path.
    let folders = scenarios
        .iter()
        .map(|checked| OutputFolder::prepare(&arguments.output, &checked.scenario.identity.name))
        .collect::<Result<Vec<_>, _>>()?;
    let stop = interrupt::stop_flag("writing what was simulated so far");
    let mut outcome = Outcome::Done;
    let mut reports = Vec::new();
    for (checked, folder) in scenarios.iter().zip(folders) {
        let finished = run_one(checked, folder, arguments, Arc::clone(&stop))?;
        let Some(finished) = finished else {
            outcome = Outcome::Interrupted;
            break;
        };
        if finished.interrupted {
            outcome = Outcome::Interrupted;
        } else if outcome == Outcome::Done && finished.breaks_promise(arguments.strict) {
            outcome = Outcome::No;
        }
        reports.push(finished);
        if outcome == Outcome::Interrupted {
            break;
        }
    }
    if outcome == Outcome::Interrupted {
        let left = &scenarios[reports.len().min(scenarios.len())..];
        for checked in left {
            say(&format!("not run: {}", checked.path.display()));
        }
    }
    if arguments.common.json {
        let figures: Vec<&KeyFigures> = reports.iter().map(|finished| &finished.figures).collect();
        let mut text = serde_json::to_string_pretty(&figures).expect("plain data is JSON");
        text.push('\n');
        print(&text)?;
    }
    Ok(outcome)
}

/// A scenario whose results are written.
struct Finished {
    figures: KeyFigures,
    limits: Vec<LimitResult>,
    interrupted: bool,
}

impl Finished {
    fn breaks_promise(&self, strict: bool) -> bool {
        self.limits.iter().any(|limit| match limit.verdict {
            Verdict::Broken => true,
            Verdict::NotSettled => strict,
            Verdict::Kept => false,
        })
    }
}

/// Simulates one scenario; `None` if it was interrupted before the first block was whole.
fn run_one(
    checked: &CheckedScenario,
    mut folder: OutputFolder,
    arguments: &RunArguments,
    stop: Arc<AtomicBool>,
) -> Result<Option<Finished>, Failure> {
    let scenario = &checked.scenario;
    let quiet = arguments.common.quiet;
    let planned = scenario.simulation.paths;
    let plan = Plan::resolve(scenario);
    if !quiet {
        show_warnings(checked);
        let target = arguments.output.join(&scenario.identity.name);
        say(&plan_text(scenario, &plan, std::io::stderr().is_terminal()));
        say(&files_text(scenario, &target.display().to_string(), FILES));
    }
    let mut paths_file = arguments.each_path.then(|| folder.create(PATHS_FILE)).transpose()?;
    let simulation = Simulation {
        scenario,
        plan: &plan,
        paths: planned,
        progress: arguments.progress,
        quiet,
        language: scenario.identity.language,
        stop,
    };
    let summary = simulation.run(paths_file.as_mut().map(|file| file as PathRows<'_>))?;
    if let Some(file) = paths_file {
        folder.close(PATHS_FILE, file)?;
    }
    let Some(summary) = summary else { return Ok(None) };
    let facts = RunFacts { scenario, version: VERSION, paths: summary.paths, planned };
    let limits = judge(scenario, &summary);
    let target = write_results(&facts, &plan, &summary, &limits, arguments, folder)?;
    let figures = key_figures(&facts, &plan, &summary, &limits, &target.display().to_string());
    if !arguments.common.json {
        print(&figures.to_text(std::io::stdout().is_terminal()))?;
    }
    Ok(Some(Finished { figures, limits, interrupted: facts.interrupted() }))
}

fn write_results(
    facts: &RunFacts,
    plan: &Plan,
    summary: &Summary,
    limits: &[LimitResult],
    arguments: &RunArguments,
    mut folder: OutputFolder,
) -> Result<PathBuf, Failure> {
    let result = result_files(facts, plan, summary, limits, arguments.png);
    if !arguments.common.quiet {
        for chart in &result.left_out {
            say(&format!("  charts/{}: {}", chart.name, chart.reason));
        }
    }
    for file in &result.files {
        folder.write(file)?;
    }
    let options = RunOptions {
        paths: arguments.paths,
        seed: arguments.seed,
        lang: arguments.common.lang.map(|language| language.word().to_string()),
        png: arguments.png,
        each_path: arguments.each_path,
        set: arguments.common.set.clone(),
    };
    let record = run_json(facts, &options, folder.hashes());
    folder.write(&OutputFile::text(RECORD_FILE, record))?;
    folder.finish(facts.interrupted())
}

/// Two scenarios of one name would write into one folder.
fn refuse_equal_names(scenarios: &[CheckedScenario]) -> Result<(), Failure> {
    let mut names = BTreeSet::new();
    for checked in scenarios {
        if !names.insert(&checked.scenario.identity.name) {
            return Err(Failure::Usage(format!(
                "two scenarios are called \"{}\" and would write into the same folder ({}).\n\
                 Give one of them another name under [scenario], or another -o.",
                checked.scenario.identity.name,
                checked.path.display()
            )));
        }
    }
    Ok(())
}
