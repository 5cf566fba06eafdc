//! `fesr compare`: the same applicants and the same luck under several scenarios, and under several economies.

use super::cells::{Cell, Cells, Given, Keeps};
use super::command_line::quoted;
use super::library::Library;
use super::output_folder::OutputFolder;
use super::progress::RunWatcher;
use super::scenarios::{CheckedScenario, name_warnings, read_all_of, read_under_economy};
use super::simulation::{held_against_exact, use_threads};
use super::study::{StudyFolder, again};
use super::{Failure, Outcome, VERSION, interrupt, print, say};
use crate::aggregate::block::BlockOutcome;
use crate::aggregate::collector::{Collector, Watcher};
use crate::aggregate::columns::{Column, columns};
use crate::aggregate::summary::Summary;
use crate::cli::{CompareArguments, StudyArguments};
use crate::engine::InvariantBroken;
use crate::locale::{Numbers, Told, pair, told};
use crate::paired::comparison::{columns_of, compare as compare_tables, measures};
use crate::paired::grid::grid;
use crate::paired::{FigureTable, Measure};
use crate::plan::Plan;
use crate::reading::slug;
use crate::report::charts::Album;
use crate::report::charts::compared::{ComparedRun, comparison_album};
use crate::report::comparison::{
    Comparison, Named, Scene, comparison_csv, comparison_json, comparison_page, comparison_text, grid_csv,
};
use crate::report::limits::{LimitResult, Verdict, judge_limits};
use crate::report::study_record::StudyFacts;
use crate::report::{OutputFile, RunFacts};
use crate::resolved::RESOLVED_FILE;
use crate::scenario::{Language, Limit, Scenario};
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Longest name of a folder that is made of names of scenarios.
const LONGEST_NAME: usize = 80;

/// The scenarios of the study as cells, economy after economy, for its shares.
///
/// # Errors
/// As [`compare`].
pub fn cells<'c>(arguments: &CompareArguments, library: &Library) -> Result<Cells<'c>, Failure> {
    let sets = read_sets(arguments, library)?;
    let simulation = sets.scenes[0][0].scenario.simulation;
    let measures = measures();
    Ok(Cells {
        study: study_name(arguments, &sets.named),
        language: sets.language,
        seed: simulation.seed,
        paths: simulation.paths,
        count: (sets.scenes.len() * sets.named.len()) as u64,
        keeps: Keeps::FiguresAndSums,
        make: Box::new(move |cell| {
            let (scene, position) = (cell as usize / sets.named.len(), cell as usize % sets.named.len());
            let scenario = &sets.scenes[scene][position].scenario;
            Ok(Cell::new(scenario, |plan| kept_columns(plan, &measures, &sets.limits)))
        }),
    })
}

/// Compares the scenarios of the command line; `given` has them if they were simulated in shares.
///
/// # Errors
/// [`Failure`] if a scenario cannot be read, run or written; nothing is simulated before all are read.
pub fn compare(
    arguments: &CompareArguments,
    library: &Library,
    given: Option<&Given>,
) -> Result<Outcome, Failure> {
    let sets = read_sets(arguments, library)?;
    use_threads(arguments.study.threads)?;
    let folder = OutputFolder::prepare(&arguments.study.output, &study_name(arguments, &sets.named))?;
    let stop = interrupt::stop_flag(
        pair("si scrivono i confronti completi", "writing the comparisons that are whole"),
        sets.language,
    );
    let Some(simulated) = simulate(arguments, &sets, given, &stop)? else { return Ok(Outcome::Interrupted) };
    let comparison = simulated.comparison(&sets);
    let interrupted = comparison.interrupted;
    let broken = breaks_promise(&comparison, arguments.strict);
    let target = write(&simulated, &comparison, &sets, arguments, folder)?;
    if arguments.study.common.json {
        print(&comparison_json(&comparison))?;
    } else {
        let styled = std::io::stdout().is_terminal();
        print(&comparison_text(&comparison, &target.display().to_string(), styled))?;
    }
    Ok(match (interrupted, broken) {
        (true, _) => Outcome::Interrupted,
        (false, true) => Outcome::No,
        (false, false) => Outcome::Done,
    })
}

/// All scenarios, under each economy.
struct Sets {
    language: Language,
    named: Vec<Named>,
    economies: Vec<Named>,
    /// `scenes[economy][scenario]`.
    scenes: Vec<Vec<CheckedScenario>>,
    other_applicants: Vec<usize>,
    /// The first scenario's promises, which all are held to.
    limits: Vec<Limit>,
    other_limits: Vec<usize>,
    /// Scenarios with another start, horizon or discount rate than the first one.
    other_yardsticks: Vec<usize>,
}

fn read_sets(arguments: &CompareArguments, library: &Library) -> Result<Sets, Failure> {
    let scenarios = read_all_of(library, &arguments.scenarios, &arguments.study.common, |_| {})?;
    let first = &scenarios[0].scenario;
    let paths = arguments.paths.unwrap_or(first.simulation.paths);
    let seed = arguments.study.seed.unwrap_or(first.simulation.seed);
    let language = arguments.study.common.lang.unwrap_or(first.identity.language);
    let shared = |scenario: &mut Scenario| {
        scenario.simulation.paths = paths;
        scenario.simulation.seed = seed;
        scenario.simulation.precision = None;
        scenario.identity.language = language;
    };
    let named: Vec<Named> = scenarios.iter().map(|checked| named(&checked.scenario)).collect();
    refuse_equal(
        named.iter().map(|named| &named.name),
        &Told::new("scenari si chiamano", "scenarios are called"),
    )?;
    let other_applicants = scenarios
        .iter()
        .enumerate()
        .filter(|(_, checked)| !has_same_applicants(first, &checked.scenario))
        .map(|(position, _)| position)
        .collect();
    let limits = first.limits.clone();
    let other_limits = scenarios
        .iter()
        .enumerate()
        .filter(|(_, checked)| !checked.scenario.limits.is_empty() && checked.scenario.limits != limits)
        .map(|(position, _)| position)
        .collect();
    let yardstick = |scenario: &Scenario| {
        let fund = &scenario.fund;
        (fund.start, fund.horizon_quarters, fund.discount_rate)
    };
    let other_yardsticks = scenarios
        .iter()
        .enumerate()
        .filter(|(_, checked)| yardstick(&checked.scenario) != yardstick(first))
        .map(|(position, _)| position)
        .collect();
    let mut economies = Vec::new();
    let mut scenes = Vec::new();
    for path in &arguments.economies {
        let mut under =
            read_under_economy(library, &arguments.scenarios, path, &arguments.study.common, shared)?;
        let stem = slug(&path.file_stem().unwrap_or_default().to_string_lossy());
        let stem = if stem.is_empty() { format!("economy-{}", economies.len() + 1) } else { stem };
        let title = read_all_of(library, std::slice::from_ref(path), &arguments.study.common, |_| {})
            .map_or_else(|_| stem.clone(), |alone| alone[0].scenario.identity.title.clone());
        for ((checked, named), alone) in under.iter_mut().zip(&named).zip(&scenarios) {
            checked.scenario.keep_history_of(&alone.scenario);
            let identity = &mut checked.scenario.identity;
            identity.name.clone_from(&named.name);
            identity.title = format!("{}, {title}", named.title);
        }
        economies.push(Named { name: stem, title });
        scenes.push(under);
    }
    refuse_equal(
        economies.iter().map(|economy| &economy.name),
        &Told::new("economie si chiamano", "economies are called"),
    )?;
    if scenes.is_empty() {
        let mut alone = scenarios;
        alone.iter_mut().for_each(|checked| shared(&mut checked.scenario));
        scenes.push(alone);
    }
    Ok(Sets { language, named, economies, scenes, other_applicants, limits, other_limits, other_yardsticks })
}

fn named(scenario: &Scenario) -> Named {
    Named { name: scenario.identity.name.clone(), title: scenario.identity.title.clone() }
}

/// Whether the n-th applicant of a line is the same enterprise in both.
fn has_same_applicants(first: &Scenario, other: &Scenario) -> bool {
    let applicants = |scenario: &Scenario| -> Vec<String> {
        let fund = &scenario.fund;
        let calendar = format!("{:?}", (fund.start, fund.availability_quarters));
        let lines = scenario.lines().map(|line| {
            let bounds = (line.min_investment, line.max_investment);
            format!("{:?}", (line.number, &line.pipeline, bounds, &line.legal_forms, &line.sizes))
        });
        std::iter::once(calendar).chain(lines).collect()
    };
    applicants(first) == applicants(other)
}

fn refuse_equal<'n>(names: impl Iterator<Item = &'n String>, what: &Told) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(Failure::Usage(told!(
                "due {what} \"{name}\"; si dia a uno un altro nome sotto [scenario]",
                "two {what} \"{name}\"; give one of them another name under [scenario]";
                what, name
            )));
        }
    }
    Ok(())
}

/// The name of the study's folder.
fn study_name(arguments: &CompareArguments, names: &[Named]) -> String {
    arguments.study.name.clone().unwrap_or_else(|| folder_name(names))
}

fn folder_name(names: &[Named]) -> String {
    let joined = names.iter().map(|named| named.name.as_str()).collect::<Vec<_>>().join("-");
    let whole = format!("compare-{joined}");
    if whole.len() <= LONGEST_NAME {
        return whole;
    }
    let short: String = names[0].name.chars().take(LONGEST_NAME - 30).collect();
    format!("compare-{short}-and-{}-others", names.len() - 1)
}

/// What was simulated, scene by scene, scenario by scenario.
struct Simulated {
    /// `plans[scene][scenario]`, of all that was planned.
    plans: Vec<Vec<Plan>>,
    tables: Vec<Vec<FigureTable>>,
    limits: Vec<Vec<Vec<LimitResult>>>,
    /// Of the only scene; empty with economies.
    summaries: Vec<Summary>,
}

/// Simulates scene by scene, scenario by scenario; after a stop only what is whole counts. `None` if nothing is.
fn simulate(
    arguments: &CompareArguments,
    sets: &Sets,
    given: Option<&Given>,
    stop: &Arc<AtomicBool>,
) -> Result<Option<Simulated>, Failure> {
    let measures = measures();
    // One yardstick for all: the first scenario's promises.
    let limits_of_all = &sets.limits;
    let plans: Vec<Vec<Plan>> = sets
        .scenes
        .iter()
        .map(|scene| scene.iter().map(|checked| Plan::resolve(&checked.scenario)).collect())
        .collect();
    let runs = sets.scenes.len() * sets.named.len();
    let mut tables: Vec<Vec<FigureTable>> = Vec::new();
    let mut limits: Vec<Vec<Vec<LimitResult>>> = Vec::new();
    let mut summaries: Vec<Summary> = Vec::new();
    for (scene, plans) in sets.scenes.iter().zip(&plans) {
        let (mut of_scene, mut judged) = (Vec::new(), Vec::new());
        for (checked, plan) in scene.iter().zip(plans) {
            let number = tables.len() * sets.named.len() + of_scene.len() + 1;
            if !arguments.study.common.quiet {
                if number == 1 {
                    name_warnings(scene.iter());
                }
                say(&format!("  {number}/{runs}  {}", checked.scenario.identity.title));
            }
            let columns = kept_columns(plan, &measures, limits_of_all);
            let run = OneRun { scenario: &checked.scenario, plan, columns, study: &arguments.study, stop };
            let simulated = match given {
                None => run.simulate()?,
                // Charts over time are drawn without economies only.
                Some(given) => run.take(given, number as u64 - 1, sets.economies.is_empty())?,
            };
            let Some((summary, table)) = simulated else { break };
            judged.push(judge_limits(limits_of_all, &summary));
            of_scene.push(table);
            if sets.economies.is_empty() {
                summaries.push(summary);
            }
        }
        // Without economies some of the scenarios are a comparison too; an economy needs all of them.
        let whole = of_scene.len() == scene.len();
        if whole || (sets.economies.is_empty() && !of_scene.is_empty()) {
            tables.push(of_scene);
            limits.push(judged);
        }
        if !whole {
            break;
        }
    }
    Ok((!tables.is_empty()).then_some(Simulated { plans, tables, limits, summaries }))
}

impl Simulated {
    /// The comparison of what is whole.
    fn comparison(&self, sets: &Sets) -> Comparison {
        let measures = measures();
        let first = &sets.scenes[0][0].scenario;
        let simulated = self.tables[0].len();
        let scenes =
            self.tables.iter().zip(&self.plans).zip(&self.limits).map(|((tables, plans), limits)| {
                let plans: Vec<&Plan> = plans.iter().take(simulated).collect();
                Scene { rows: compare_tables(&plans, tables, &measures), limits: limits.clone() }
            });
        let grids = if sets.economies.is_empty() {
            Vec::new()
        } else {
            let all = self.plans.iter().zip(&self.tables);
            let cells: Vec<Vec<(&Plan, &FigureTable)>> =
                all.map(|(plans, tables)| plans.iter().zip(tables).collect()).collect();
            Measure::headlines().iter().map(|&measure| grid(&cells, measure)).collect()
        };
        let others = sets.other_applicants.iter().copied();
        let other_limits = sets.other_limits.iter().copied();
        let other_yardsticks = sets.other_yardsticks.iter().copied();
        Comparison {
            language: first.identity.language,
            version: VERSION.to_string(),
            paths: first.simulation.paths,
            seed: first.simulation.seed,
            interrupted: self.tables.len() < sets.scenes.len() || simulated < sets.named.len(),
            scenarios: sets.named[..simulated].to_vec(),
            economies: sets.economies[..self.tables.len().min(sets.economies.len())].to_vec(),
            scenes: scenes.collect(),
            grids,
            other_applicants: others.filter(|&other| other < simulated).collect(),
            other_limits: other_limits.filter(|&other| other < simulated).collect(),
            other_yardsticks: other_yardsticks.filter(|&other| other < simulated).collect(),
        }
    }

    fn album(&self, comparison: &Comparison, sets: &Sets, language: Language) -> Album {
        let scenarios: Vec<Scenario> = sets.scenes[0]
            .iter()
            .map(|checked| {
                let mut scenario = checked.scenario.clone();
                scenario.identity.language = language;
                scenario
            })
            .collect();
        let paths = comparison.paths;
        let all = self.summaries.iter().zip(&self.plans[0]).zip(&scenarios);
        let runs: Vec<ComparedRun> = all
            .map(|((summary, plan), scenario)| {
                let facts = RunFacts { scenario, version: VERSION, paths, planned: paths };
                ComparedRun { facts, plan, summary }
            })
            .collect();
        comparison_album(&Comparison { language, ..comparison.clone() }, &runs)
    }
}

/// The figures that a study of several runs keeps of each path: those of its measures and of the promises.
pub(super) fn kept_columns(plan: &Plan, measures: &[Measure], limits: &[Limit]) -> Vec<Column> {
    let known = columns(plan);
    let of_limits = limits.iter().map(|limit| Measure {
        metric: limit.metric,
        line: limit.line,
        statistic: limit.statistic,
    });
    let mut kept = columns_of(plan, measures);
    let measures: Vec<Measure> = of_limits.collect();
    for column in columns_of(plan, &measures) {
        if known.contains(&column) && !kept.contains(&column) {
            kept.push(column);
        }
    }
    kept
}

/// One scenario of a study that tells of whole runs.
pub(super) struct OneRun<'r> {
    pub scenario: &'r Scenario,
    pub plan: &'r Plan,
    /// The figures that are kept of each path.
    pub columns: Vec<Column>,
    pub study: &'r StudyArguments,
    pub stop: &'r Arc<AtomicBool>,
}

impl OneRun<'_> {
    /// Simulates it; `None` if it was stopped.
    pub fn simulate(&self) -> Result<Option<(Summary, FigureTable)>, Failure> {
        let paths = self.scenario.simulation.paths;
        let all = columns(self.plan);
        let mut table = FigureTable::new(&self.columns);
        let mut watcher = Keeper { run: self.watcher(), all: &all, table: &mut table };
        let mut collector = Collector::new(self.plan, paths);
        let simulated = collector.simulate(&mut watcher);
        watcher.run.finish(collector.paths);
        simulated.map_err(|broken| self.broken(broken))?;
        if collector.paths < paths {
            return Ok(None);
        }
        let summary = held_against_exact(self.scenario, Summary::of(&mut collector))?;
        Ok(Some((summary, table)))
    }

    /// Takes it from where it was simulated in shares. The first paths are simulated once more if figures `over_time` are
    /// told of; `None` if that was stopped.
    pub fn take(
        &self,
        given: &Given,
        cell: u64,
        over_time: bool,
    ) -> Result<Option<(Summary, FigureTable)>, Failure> {
        let (mut collector, table) = given.with_sums(cell, self.plan, &self.columns)?;
        if over_time {
            let watcher = self.watcher();
            let there = collector.simulate_timelines(&watcher).map_err(|broken| self.broken(broken))?;
            if !there {
                return Ok(None);
            }
        }
        let summary = held_against_exact(self.scenario, Summary::of(&mut collector))?;
        Ok(Some((summary, table)))
    }

    fn watcher<'w>(&self) -> RunWatcher<'w> {
        let numbers = Numbers::new(self.scenario.identity.language);
        let paths = self.scenario.simulation.paths;
        let (progress, quiet) = (self.study.progress, self.study.common.quiet);
        RunWatcher::new(progress, quiet, paths, numbers, Arc::clone(self.stop), Vec::new())
    }

    fn broken(&self, broken: InvariantBroken) -> Failure {
        Failure::Invariant {
            scenario: self.scenario.identity.name.clone(),
            seed: self.scenario.simulation.seed,
            broken,
        }
    }
}

/// Shows the progress of a run and keeps some of its columns, path by path.
struct Keeper<'k> {
    run: RunWatcher<'k>,
    all: &'k [Column],
    table: &'k mut FigureTable,
}

impl Watcher for Keeper<'_> {
    fn stop(&self) -> &AtomicBool {
        self.run.stop()
    }

    fn simulated(&self, paths: u64) {
        self.run.simulated(paths);
    }

    fn blocks(&mut self, blocks: &[BlockOutcome]) {
        self.table.take_blocks(self.all, blocks);
    }

    fn absorbed(&mut self, collector: &Collector) {
        self.run.absorbed(collector);
    }
}

fn breaks_promise(comparison: &Comparison, strict: bool) -> bool {
    comparison.scenes.iter().flat_map(|scene| &scene.limits).flatten().any(|limit| match limit.verdict {
        Verdict::Broken => true,
        Verdict::NotSettled => strict,
        Verdict::Kept => false,
    })
}

fn write(
    simulated: &Simulated,
    comparison: &Comparison,
    sets: &Sets,
    arguments: &CompareArguments,
    folder: OutputFolder,
) -> Result<PathBuf, Failure> {
    let mut tables = vec![
        OutputFile::text("comparison.json", comparison_json(comparison)),
        OutputFile::text("comparison.csv", comparison_csv(comparison)),
    ];
    if !comparison.grids.is_empty() {
        tables.push(OutputFile::text("grid.csv", grid_csv(comparison)));
    }
    let mut scenarios = Vec::new();
    for (position, scene) in sets.scenes.iter().enumerate() {
        for checked in scene {
            let name = &checked.scenario.identity.name;
            let inside = match sets.economies.get(position) {
                None => format!("scenarios/{name}"),
                Some(economy) => format!("scenarios/{name}/{}", economy.name),
            };
            scenarios.push((inside, &checked.scenario));
        }
    }
    let names: Vec<&str> = comparison.scenarios.iter().map(|named| named.title.as_str()).collect();
    let (again, command) = command(comparison, arguments);
    let study = StudyFolder {
        tables,
        album: simulated.album(comparison, sets, comparison.language),
        machine_album: simulated.album(comparison, sets, Language::English),
        scenarios,
        facts: StudyFacts {
            command: "compare",
            version: VERSION,
            name: comparison.scenarios[0].name.clone(),
            title: names.join(" · "),
            paths: comparison.paths,
            seed: comparison.seed,
            language: comparison.language,
            interrupted: comparison.interrupted,
            again: comparison.economies.is_empty().then_some(again),
        },
    };
    study.write(&arguments.study, folder, |pictures| comparison_page(comparison, pictures, &command))
}

/// The command that gives the same page: from the scenarios as run, or, with economies, from the files that were named,
/// since a scenario and an economy go together as their files do.
fn command(comparison: &Comparison, arguments: &CompareArguments) -> (Vec<String>, String) {
    let mut words = vec!["compare".to_string()];
    let file = |path: &PathBuf| quoted(&path.display().to_string());
    if comparison.economies.is_empty() {
        let of_scenario = |named: &Named| format!("scenarios/{}/{RESOLVED_FILE}", named.name);
        words.extend(comparison.scenarios.iter().map(of_scenario));
    } else {
        words.extend(arguments.scenarios.iter().map(file));
        words.push("--economies".to_string());
        words.extend(arguments.economies.iter().take(comparison.economies.len()).map(file));
        for set in &arguments.study.common.set {
            words.extend(["--set".to_string(), quoted(set)]);
        }
    }
    words.extend(["--paths".to_string(), comparison.paths.to_string()]);
    words.extend(["--seed".to_string(), comparison.seed.to_string()]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    again(&words, arguments.study.png)
}
