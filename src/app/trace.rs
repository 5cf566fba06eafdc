//! `fesr trace`: read, choose a path, play it with a recorder, write its ledger.

use super::output_folder::GuestFile;
use super::progress::PathCounter;
use super::scenarios::{CheckedScenario, name_warnings, read_all};
use super::simulation::use_threads;
use super::{Failure, Outcome, VERSION, interrupt, print, say};
use crate::aggregate::columns::{About, Column, columns};
use crate::aggregate::order_statistic::{OrderStatistic, figure_of_each_path, path_of_rank};
use crate::cli::{At, TraceArguments};
use crate::engine::InvariantBroken;
use crate::ledger::Ledger;
use crate::locale::{Numbers, pair, told};
use crate::metrics::{MetricId, Scope};
use crate::plan::Plan;
use crate::reading::parse_precision;
use crate::report::OutputFile;
use crate::report::run_record::{RECORD_FILE, sha256};
use crate::report::trace::{Selection, Trace, ledger_csv};
use crate::resolved::resolved_toml;
use crate::scenario::{Language, LineNumber, Scenario};
use std::io::IsTerminal;
use std::path::Path;
use std::slice;

/// No run writes a larger record; a file of that name that is larger is somebody else's.
const LARGEST_RECORD: u64 = 1 << 20;

/// Shows the ledger of one path and writes it as CSV.
///
/// # Errors
/// [`Failure`] if the scenario cannot be used, the figure does not exist, or the file cannot be written;
/// [`Failure::Invariant`] if the ledger does not agree with the path's figures.
pub fn trace(arguments: &TraceArguments) -> Result<Outcome, Failure> {
    let mut scenarios =
        read_all(slice::from_ref(&arguments.scenario), &arguments.common, |scenario: &mut Scenario| {
            scenario.simulation.paths = arguments.paths.unwrap_or(scenario.simulation.paths);
            scenario.simulation.seed = arguments.seed.unwrap_or(scenario.simulation.seed);
        })?;
    let checked = scenarios.remove(0);
    let scenario = &checked.scenario;
    let plan = Plan::resolve(scenario);
    let position = match &arguments.at {
        Some(at) => Some(column_of(&plan, at.metric, arguments.line)?),
        None => None,
    };
    // The folder first: what cannot be written fails before the first path.
    let folder = GuestFile::prepare(&arguments.output, &scenario.identity.name)?;
    if !arguments.common.quiet {
        name_warnings([&checked]);
    }
    let selection = match (&arguments.at, position) {
        (Some(at), Some(position)) => match search(arguments, &checked, &plan, at, position)? {
            Some(found) => {
                let quantile = at.quantile.clone();
                Some(Selection { metric: at.metric, line: arguments.line, quantile, found })
            }
            None => return Ok(Outcome::Interrupted),
        },
        _ => None,
    };
    let found = selection.as_ref().map(|selection| selection.found.path);
    let path = found.or(arguments.path).unwrap_or_default();
    let ledger = Ledger::of(&plan, path).map_err(|broken| invariant(scenario, broken))?;
    let name = format!("trace-{path}.csv");
    let file = folder.write(&OutputFile::text(&name, ledger_csv(&plan, &ledger)))?;
    let trace = Trace {
        scenario,
        plan: &plan,
        ledger: &ledger,
        selection,
        version: VERSION,
        file: file.display().to_string(),
    };
    if arguments.common.json {
        print(&trace.to_json())?;
    } else {
        print(&trace.to_text(arguments.every_entry, std::io::stdout().is_terminal()))?;
    }
    if let Some(folder) = file.parent().filter(|_| !arguments.common.quiet)
        && let Some(note) = stranger_to_run(folder, scenario, path)
    {
        say(&note);
    }
    Ok(Outcome::Done)
}

/// Position of a figure among the columns of a plan.
fn column_of(plan: &Plan, metric: MetricId, line: Option<LineNumber>) -> Result<usize, Failure> {
    let is_meant = |column: &Column| {
        column.metric == metric
            && match (column.about, line) {
                (About::All, None) => true,
                (About::Line(number, _), Some(line)) => number == line,
                (About::All, Some(_)) | (About::Line(..), None) => false,
            }
    };
    let id = metric.id();
    columns(plan).iter().position(is_meant).ok_or_else(|| {
        Failure::Usage(match line {
            Some(_) if metric.scope() == Scope::AllOnly => {
                told!(
                    "{id} è una cifra dell’intero fondo: togliere --line",
                    "{id} is a figure of the whole fund only: leave --line out";
                    id,
                )
            }
            Some(line) if plan.lines.iter().all(|plan| plan.number != line) => {
                told!(
                    "il fondo di questo scenario non ha la linea {line}",
                    "the fund of this scenario has no line {line}";
                    line = line.word(),
                )
            }
            _ => told!(
                "{id} non è riportata per questo scenario: non dice nulla degli aiuti di Stato",
                "{id} is not reported for this scenario: it says nothing about state aid";
                id,
            ),
        })
    })
}

/// The path at a quantile; `None` if the search was interrupted.
fn search(
    arguments: &TraceArguments,
    checked: &CheckedScenario,
    plan: &Plan,
    at: &At,
    position: usize,
) -> Result<Option<OrderStatistic>, Failure> {
    use_threads(arguments.threads)?;
    let scenario = &checked.scenario;
    let paths = scenario.simulation.paths;
    let language = scenario.identity.language;
    let numbers = Numbers::new(language);
    if !arguments.common.quiet {
        let (count, quantile, id) = (numbers.count(paths), &at.quantile, at.metric.id());
        say(&match language {
            Language::Italian => format!("  simulo {count} percorsi e cerco quello con {id} a {quantile}"),
            Language::English => {
                format!("  simulating {count} paths to find the one with {id} at {quantile}")
            }
        });
    }
    let stop = interrupt::stop_flag(pair("nessun libro è scritto", "no ledger is written"), language);
    let counter = PathCounter::new(arguments.progress, arguments.common.quiet, paths, numbers);
    let values = figure_of_each_path(plan, position, paths, &stop, &|count| counter.simulated(count))
        .map_err(|broken| invariant(scenario, broken))?;
    counter.finish();
    Ok(values.map(|values| path_of_rank(&values, at.level.rank(paths))))
}

fn invariant(scenario: &Scenario, broken: InvariantBroken) -> Failure {
    Failure::Invariant { scenario: scenario.identity.name.clone(), seed: scenario.simulation.seed, broken }
}

/// What to tell the reader if the results that stand in the folder are not those of this scenario and seed, or do not
/// hold this path. Says nothing if there are no results.
fn stranger_to_run(folder: &Path, scenario: &Scenario, path: u64) -> Option<String> {
    let path_of_record = folder.join(RECORD_FILE);
    let facts = std::fs::symlink_metadata(&path_of_record).ok()?;
    if !facts.is_file() || facts.len() > LARGEST_RECORD {
        return None;
    }
    let record: serde_json::Value = serde_json::from_slice(&std::fs::read(path_of_record).ok()?).ok()?;
    let recorded = record["scenario"]["resolved_sha256"].as_str()?;
    // How many paths and which language do not change what happens on a path.
    let mut as_run = scenario.clone();
    as_run.simulation.paths = record["planned_paths"].as_u64()?;
    as_run.simulation.precision =
        record["precision"].as_str().and_then(|precision| parse_precision(precision).ok());
    as_run.identity.language = Language::from_word(record["lang"].as_str()?)?;
    let same = sha256(resolved_toml(&as_run).as_bytes()) == recorded && record["version"] == VERSION;
    let paths = record["paths"].as_u64()?;
    let folder = folder.display();
    let other_paths = ["tail", "uncertain"].into_iter().find(|option| record["options"][option] == true);
    if let Some(option) = other_paths {
        return Some(match scenario.identity.language {
            Language::Italian => format!(
                "nota: i risultati in {folder} sono stati calcolati con --{option}, che estrae altri percorsi: questo non è uno dei loro"
            ),
            Language::English => format!(
                "note: the results in {folder} were made with --{option}, which draws other paths: this path is none of theirs"
            ),
        });
    }
    let numbers = Numbers::new(scenario.identity.language);
    let (path_text, paths_text) = (numbers.count(path), numbers.count(paths));
    Some(match (scenario.identity.language, same) {
        (_, true) if path < paths => return None,
        (Language::Italian, true) => format!(
            "nota: i risultati in {folder} hanno {paths_text} percorsi, contati da 0: il percorso {path_text} non è uno di questi"
        ),
        (Language::English, true) => format!(
            "note: the results in {folder} have {paths_text} paths, counted from 0: path {path_text} is none of them"
        ),
        (Language::Italian, false) => format!(
            "nota: i risultati in {folder} vengono da un altro scenario, seme o versione: questo percorso non è uno dei loro"
        ),
        (Language::English, false) => format!(
            "note: the results in {folder} come from another scenario, seed or version: this path is none of theirs"
        ),
    })
}
