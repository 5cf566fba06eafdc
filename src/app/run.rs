//! `fesr run`: read, check, simulate, summarise, write.

use super::checkpoint::Checkpoint;
use super::output_folder::OutputFolder;
use super::part_files::CHECKPOINT_ENDING;
use super::scenarios::{CheckedScenario, read_all, show_warnings};
use super::share::{refuse_precision, run_shares};
use super::simulation::{PATHS_FILE, PathRows, Simulated, Simulation, use_threads};
use super::standing_result::recorded_paths;
use super::tail::refuse_untiltable;
use super::uncertain::drawn_worlds;
use super::{Failure, Outcome, VERSION, interrupt, print, say};
use crate::aggregate::summary::Summary;
use crate::books::RegionBooks;
use crate::cli::RunArguments;
use crate::locale::{pair, told};
use crate::plan::Plan;
use crate::report::data_package::{DATA_PACKAGE_FILE, PathsFile};
use crate::report::key_figures::{KeyFigures, files_text, key_figures, plan_text};
use crate::report::limits::{LimitResult, Verdict, judge};
use crate::report::part_file::PartHead;
use crate::report::region::shapes;
use crate::report::region::{promises_text, unjudged_text, verdicts};
use crate::report::result_files::{Extras, result_files};
use crate::report::run_record::{RECORD_FILE, RunOptions, run_json};
use crate::report::{OutputFile, RunFacts};
use crate::scenario::{Language, Scenario};
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What the plan before a run says will be written.
const FILES: &[&str] = &[
    "report.html",
    "summary.json",
    "summary.csv",
    "timeline.csv",
    "histogram.csv",
    "groups.csv",
    "contributions.csv",
    "exact-check.csv",
    "charts/",
    DATA_PACKAGE_FILE,
    "scenario.resolved.toml",
    "run.json",
];

/// Runs all scenarios of the command line, one after the other.
///
/// # Errors
/// [`Failure`] of the first scenario that cannot be read, run or written; nothing is simulated before all are read.
pub fn run(arguments: &RunArguments) -> Result<Outcome, Failure> {
    let scenarios = read_all(&arguments.scenarios, &arguments.common, |scenario| {
        // A number of paths that was asked for is exactly that, whatever precision the scenario wants.
        if let Some(paths) = arguments.paths {
            scenario.simulation.paths = paths;
            scenario.simulation.precision = None;
        }
        scenario.simulation.precision = arguments.precision.or(scenario.simulation.precision);
        scenario.simulation.seed = arguments.seed.unwrap_or(scenario.simulation.seed);
    })?;
    refuse_equal_names(&scenarios)?;
    if arguments.tail {
        scenarios.iter().try_for_each(|checked| refuse_untiltable(&checked.scenario))?;
    }
    if arguments.uncertain {
        scenarios.iter().try_for_each(|checked| drawn_worlds(&checked.scenario).map(|_| ()))?;
    }
    use_threads(arguments.threads)?;
    if let Some(choice) = arguments.shard {
        let then = match arguments.checkpoint {
            Some(_) => pair("scrivo a che punto si è", "writing down what is there"),
            None => pair("nulla è scritto", "nothing is written"),
        };
        let stop = interrupt::stop_flag(then, language_of(&scenarios));
        return run_shares(&scenarios, arguments, choice, &stop);
    }
    if arguments.checkpoint.is_some() {
        scenarios.iter().try_for_each(|checked| refuse_precision(checked, "--checkpoint"))?;
    }
    // Folders first: what cannot be written fails before the first path.
    let folders = scenarios
        .iter()
        .map(|checked| OutputFolder::prepare(&arguments.output, &checked.scenario.identity.name))
        .collect::<Result<Vec<_>, _>>()?;
    let stop = interrupt::stop_flag(
        pair("scrivo ciò che è stato simulato finora", "writing what was simulated so far"),
        language_of(&scenarios),
    );
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
            let path = checked.path.display().to_string();
            let not_run = told!("non eseguito: {path}", "not run: {path}"; path);
            say(not_run.text(checked.scenario.identity.language));
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

/// The language of a run's first scenario.
fn language_of(scenarios: &[CheckedScenario]) -> Language {
    scenarios.first().map_or(Language::English, |checked| checked.scenario.identity.language)
}

/// A scenario whose results are written.
pub struct Finished {
    /// What is printed.
    pub figures: KeyFigures,
    limits: Vec<LimitResult>,
    /// Of milestones and social results.
    region: Vec<Verdict>,
    interrupted: bool,
}

impl Finished {
    /// Whether a promise is broken; with `strict` also whether one is not settled.
    pub fn breaks_promise(&self, strict: bool) -> bool {
        let limits = self.limits.iter().map(|limit| limit.verdict);
        limits.chain(self.region.iter().copied()).any(|verdict| match verdict {
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
    let plan = Plan::resolve(scenario);
    if !quiet {
        show_warnings(checked);
        let target = arguments.output.join(&scenario.identity.name);
        say(&plan_text(scenario, &plan, std::io::stderr().is_terminal()));
        let csv_folder = arguments.csv.map(|csv| format!("{}/", csv.folder()));
        // Runs that draw their assumptions leave no books.
        let books = match arguments.uncertain {
            true => Vec::new(),
            false => region_files(scenario, arguments.annual_report),
        };
        let files: Vec<&str> = FILES.iter().copied().chain(books).chain(csv_folder.as_deref()).collect();
        say(&files_text(scenario, &target.display().to_string(), &files));
        if scenario.simulation.precision.is_none() {
            warn_of_larger(&target, scenario.simulation.paths, scenario.identity.language);
        }
    }
    let mut paths_file = arguments.each_path.then(|| folder.create(PATHS_FILE)).transpose()?;
    let simulation = Simulation {
        scenario,
        plan: &plan,
        only_first: None,
        checkpoint: checkpoint_of(checked, arguments),
        annual_report: arguments.annual_report,
        tail: arguments.tail,
        uncertain: arguments.uncertain,
        progress: arguments.progress,
        quiet,
        language: scenario.identity.language,
        stop,
    };
    let simulated = simulation.run(paths_file.as_mut().map(|file| file as PathRows<'_>))?;
    if let Some(file) = paths_file {
        folder.close(PATHS_FILE, file)?;
    }
    let Some(simulated) = simulated else { return Ok(None) };
    let telling = Telling { quiet, json: arguments.common.json, output: &arguments.output };
    report(scenario, &plan, simulated, &run_options(arguments), telling, folder).map(Some)
}

/// The checkpoint of a run, if it shall have one.
fn checkpoint_of(checked: &CheckedScenario, arguments: &RunArguments) -> Option<Checkpoint> {
    let seconds = arguments.checkpoint?;
    let identity = &checked.scenario.identity;
    let file = arguments.output.join(format!("{}.{CHECKPOINT_ENDING}", identity.name));
    let typed = checked.path.display().to_string();
    let head = PartHead::new(VERSION, &checked.scenario, &typed, &run_options(arguments));
    Some(Checkpoint::new(file, head, seconds, identity.language, arguments.common.quiet))
}

/// How much is said of a result, and where it goes.
pub struct Telling<'a> {
    /// Nothing but results.
    pub quiet: bool,
    /// Results as JSON, once all are there.
    pub json: bool,
    /// Folder under which results stand.
    pub output: &'a Path,
}

/// Judges, writes and prints what was simulated.
///
/// # Errors
/// [`Failure::Files`] if a file cannot be written.
pub fn report(
    scenario: &Scenario,
    plan: &Plan,
    simulated: Simulated,
    options: &RunOptions,
    telling: Telling<'_>,
    folder: OutputFolder,
) -> Result<Finished, Failure> {
    let Simulated { summary, planned, checkpoint, books } = simulated;
    let quiet = telling.quiet;
    // A run until it is precise writes down how many paths that took: trace finds its paths among as many.
    let mut as_run = scenario.clone();
    as_run.simulation.paths = planned;
    let scenario = &as_run;
    let facts = RunFacts { scenario, version: VERSION, paths: summary.paths, planned };
    let limits = judge(scenario, &summary);
    if !quiet && scenario.simulation.precision.is_some() && !facts.interrupted() {
        // Only now is it known how many paths that took.
        let target = telling.output.join(&scenario.identity.name);
        warn_of_larger(&target, facts.paths, scenario.identity.language);
    }
    let region = books.as_ref().map_or(Vec::new(), |books| verdicts(scenario, books));
    let promise_lines = match &books {
        Some(books) => promises_text(scenario, books, options.tail),
        None => unjudged_text(scenario),
    };
    let target = write_results(&facts, plan, &summary, &limits, (options, books), quiet, folder)?;
    if !facts.interrupted() {
        checkpoint.into_iter().for_each(Checkpoint::remove);
    }
    let figures = key_figures(&facts, plan, &summary, &limits, &target.display().to_string());
    if !telling.json {
        print(&figures.to_text(std::io::stdout().is_terminal()))?;
        print(&promise_lines)?;
    } else if !quiet && !promise_lines.is_empty() {
        say(promise_lines.trim_end());
    }
    Ok(Finished { figures, limits, region, interrupted: facts.interrupted() })
}

fn write_results(
    facts: &RunFacts,
    plan: &Plan,
    summary: &Summary,
    limits: &[LimitResult],
    (options, books): (&RunOptions, Option<RegionBooks>),
    quiet: bool,
    mut folder: OutputFolder,
) -> Result<PathBuf, Failure> {
    let path_rows = folder
        .hashes()
        .get(PATHS_FILE)
        .map(|sha256| PathsFile { sha256: sha256.clone(), weighted: options.tail });
    let extras = Extras { png: options.png, csv: options.csv, books, path_rows };
    let result = result_files(facts, plan, summary, limits, &extras);
    if !quiet {
        for chart in &result.left_out {
            say(&format!("  charts/{}: {}", chart.name, chart.reason));
        }
    }
    for file in &result.files {
        folder.write(file)?;
    }
    let record = run_json(facts, options, folder.hashes());
    folder.write(&OutputFile::text(RECORD_FILE, record))?;
    folder.finish(facts.interrupted())
}

/// The options of a command line that change bytes.
pub fn run_options(arguments: &RunArguments) -> RunOptions {
    RunOptions {
        paths: arguments.paths,
        precision: arguments.precision.map(|precision| precision.to_string()),
        seed: arguments.seed,
        lang: arguments.common.lang.map(|language| language.word().to_string()),
        png: arguments.png,
        each_path: arguments.each_path,
        annual_report: arguments.annual_report,
        tail: arguments.tail,
        uncertain: arguments.uncertain,
        csv: arguments.csv,
        set: arguments.common.set.clone(),
    }
}

/// The tables of the Region's books that a run of a scenario will leave.
fn region_files(scenario: &Scenario, annual_report: bool) -> Vec<&'static str> {
    let wanted = crate::books::wanted(scenario, annual_report);
    let outcomes = scenario.lines().any(|line| !line.outcomes.is_empty());
    let tables = [
        (annual_report, &shapes::ANNUAL_REPORT),
        (wanted, &shapes::ABSORPTION),
        (!scenario.milestones.is_empty(), &shapes::MILESTONES),
        (wanted, &shapes::SUBSIDY_COST),
        (outcomes, &shapes::OUTCOMES),
    ];
    tables.into_iter().filter(|(written, _)| *written).map(|(_, shape)| shape.file).collect()
}

/// Says so if the result that stands in the target was made of more paths than the one that replaces it.
fn warn_of_larger(target: &Path, paths: u64, language: Language) {
    if let Some(earlier) = recorded_paths(target).filter(|earlier| *earlier > paths) {
        let note = told!(
            "nota: {folder} contiene un risultato di {earlier} percorsi; questo di {paths} lo sostituisce (altrove con -o)",
            "note: {folder} holds a result of {earlier} paths; this one of {paths} replaces it (elsewhere with -o)";
            folder = target.display().to_string(),
            earlier,
            paths,
        );
        say(note.text(language));
    }
}

/// Two scenarios of one name would write into one folder.
fn refuse_equal_names(scenarios: &[CheckedScenario]) -> Result<(), Failure> {
    let mut names = BTreeSet::new();
    for checked in scenarios {
        if !names.insert(&checked.scenario.identity.name) {
            return Err(Failure::Usage(told!(
                "due scenari si chiamano \"{name}\" e scriverebbero nella stessa cartella ({path}).\nDare a uno di loro un altro nome sotto [scenario], o un altro -o.",
                "two scenarios are called \"{name}\" and would write into the same folder ({path}).\nGive one of them another name under [scenario], or another -o.";
                name = checked.scenario.identity.name,
                path = checked.path.display().to_string(),
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::progress::RunWatcher;
    use super::super::simulation::held_against_exact;
    use super::*;
    use crate::aggregate::collector::Collector;
    use crate::aggregate::exact_check::ExactCheck;
    use crate::analytic::exact_figure::{Figure, exact_figures};
    use crate::cli::{Cli, Command};
    use crate::locale::Numbers;
    use crate::metrics::MetricId;
    use clap::Parser;
    use std::fs;

    const SCENARIO: &str = r#"
[simulation]
paths = 200
[fund]
endowment = 500_000
start = "2019-Q1"
horizon_years = 6
availability_years = 1
period = "2021-2027"
[line2]
[line2.budget]
loans = 400_000
guarantees = 100_000
[line2.pipeline]
applications_per_year = 20
investment = { median = 50_000, sigma = 0.4 }
[[line2.product]]
name = "loan"
own_funds = 0.5
fund_loan = 0.5
[line2.loan]
tenor_quarters = 12
amortisation = "italian"
bank_rate = 0
[line2.loss]
lgd_mean = "50%"
[[credit.rating]]
name = "B"
pd = "4%"
"#;

    /// Simulates the scenario, compares it with exact figures changed by `distort`, and reports.
    fn report(root: &std::path::Path, distort: f64) -> Result<PathBuf, Failure> {
        let file = root.join("small.toml");
        fs::write(&file, SCENARIO).expect("a scenario");
        let (file, out) = (file.to_str().expect("UTF-8"), root.join("out"));
        let words = ["fesr", "run", file, "--json", "--quiet", "-o", out.to_str().expect("UTF-8")];
        let Command::Run(arguments) = Cli::parse_from(words).command else { panic!("run was asked for") };
        let checked = read_all(&arguments.scenarios, &arguments.common, |_| {}).expect("a sound scenario");
        let plan = Plan::resolve(&checked[0].scenario);
        let mut collector = Collector::new(&plan, 200);
        let columns = collector.context.figures.columns().to_vec();
        let stop = Arc::new(AtomicBool::new(false));
        let numbers = Numbers::new(Language::English);
        let mut watcher = RunWatcher::new(arguments.progress, true, 200, numbers, stop, columns);
        collector.simulate(&mut watcher).expect("the books balance");
        let mut summary = Summary::of(&mut collector);
        let mut figures = exact_figures(&plan);
        figures
            .iter_mut()
            .filter(|exact| exact.figure == Figure::Metric(MetricId::Applications))
            .for_each(|exact| exact.law.mean *= distort);
        summary.exact_check = ExactCheck::of(&collector, &figures);
        let folder = OutputFolder::prepare(&arguments.output, "small").expect("a folder");
        let scenario = &checked[0].scenario;
        let summary = held_against_exact(scenario, summary)?;
        let facts = RunFacts { scenario, version: VERSION, paths: 200, planned: 200 };
        write_results(&facts, &plan, &summary, &[], (&run_options(&arguments), None), true, folder)
    }

    #[test]
    fn a_wrong_exact_value_is_exit_code_70_and_leaves_earlier_results_alone() {
        let root = tempfile::tempdir().expect("a folder");
        assert!(report(root.path(), 1.0).is_ok(), "the true value passes");
        let record = root.path().join("out/small/summary.json");
        let earlier = fs::read(&record).expect("results");
        // 200 paths of 20 applications: one standard error is 1.6 % of the mean.
        let failure = report(root.path(), 1.15).expect_err("a wrong value does not pass");
        assert_eq!(failure.exit_code(), 70);
        let message = failure.to_string();
        for part in ["applications", "line 2", "should be 23.0", "simulated as", "z = -"] {
            assert!(message.contains(part), "no {part:?} in\n{message}");
        }
        assert_eq!(fs::read(&record).expect("still there"), earlier);
        let left: Vec<_> = fs::read_dir(root.path().join("out"))
            .expect("the output folder")
            .map(|entry| entry.expect("an entry").file_name())
            .filter(|name| !name.to_string_lossy().ends_with(".lock"))
            .collect();
        assert_eq!(left, ["small"], "nothing half-written is left");
    }
}
