//! `fesr merge`: parts of runs and of studies ([`super::study_merge`]) put together, as results or as one larger part.
//!
//! All heads are read before anything is put together: parts of one scenario (by name) must be of the same run, must not
//! overlap, and for results none may be missing. Then part after part is read again and merged, so that no more than one
//! is held in memory beside the sum.

use super::output_folder::OutputFolder;
use super::part_files::{
    FoundPart, PART_ENDING, cannot_write, is_of_study, part_paths, read_head, read_part, unusable,
    write_aside,
};
use super::progress::RunWatcher;
use super::run::{Finished, Telling, report};
use super::scenarios::render;
use super::simulation::{Simulated, held_against_exact, region_books, use_threads};
use super::study_merge::merge_studies;
use super::{Failure, Outcome, VERSION, interrupt, print, say};
use crate::aggregate::collector::Collector;
use crate::aggregate::coverage::{Coverage, Overlap};
use crate::aggregate::part::{restore, share_of_blocks, store};
use crate::aggregate::summary::Summary;
use crate::cli::MergeArguments;
use crate::locale::{Numbers, Told, pair, told};
use crate::plan::Plan;
use crate::reading::read_scenario;
use crate::report::part_file::{PartHead, Shard, part_file};
use crate::report::run_record::sha256;
use crate::resolved::{BORROWERS_FILE, RESOLVED_FILE};
use crate::scenario::{Language, Scenario};
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Most missing shares, or gaps, that are named.
pub(super) const MOST_NAMED: usize = 1_000;

/// Merges the parts of the command line, scenario after scenario.
///
/// # Errors
/// [`Failure`] of what cannot be read or does not fit together; nothing is written before all heads fit.
pub fn merge(arguments: &MergeArguments) -> Result<Outcome, Failure> {
    use_threads(arguments.threads)?;
    let (studies, shares): (Vec<PathBuf>, Vec<PathBuf>) =
        part_paths(&arguments.parts)?.into_iter().partition(|path| is_of_study(path));
    let of_runs = match shares.is_empty() {
        true => Outcome::Done,
        false => merge_runs(shares, arguments)?,
    };
    if studies.is_empty() || of_runs == Outcome::Interrupted {
        return Ok(of_runs);
    }
    Ok(match (of_runs, merge_studies(studies, arguments)?) {
        (Outcome::No, Outcome::Done) => Outcome::No,
        (_, of_studies) => of_studies,
    })
}

/// Merges parts of runs.
fn merge_runs(paths: Vec<PathBuf>, arguments: &MergeArguments) -> Result<Outcome, Failure> {
    let mut runs: BTreeMap<String, Vec<FoundPart>> = BTreeMap::new();
    for path in paths {
        let head = read_head(&path)?;
        runs.entry(head.name.clone()).or_default().push(FoundPart { path, head });
    }
    let mut prepared = Vec::new();
    for parts in runs.into_values() {
        let coverage = fitting(&parts)?;
        if !arguments.part {
            refuse_gaps(&parts, &coverage)?;
        }
        let scenario = scenario_of(&parts[0], arguments)?;
        prepared.push((parts, scenario));
    }
    let reader = arguments.lang.or_else(|| Some(prepared.first()?.1.identity.language));
    let stop = interrupt::stop_flag(
        pair("nulla è scritto", "nothing is written"),
        reader.unwrap_or(Language::English),
    );
    let mut outcome = Outcome::Done;
    let mut figures = Vec::new();
    for (parts, scenario) in &prepared {
        if arguments.part {
            write_part(parts, scenario, arguments)?;
            continue;
        }
        let Some(finished) = write_results(parts, scenario, arguments, &stop)? else {
            return Ok(Outcome::Interrupted);
        };
        if finished.breaks_promise(arguments.strict) {
            outcome = Outcome::No;
        }
        figures.push(finished.figures);
    }
    if arguments.json && !arguments.part {
        let mut text = serde_json::to_string_pretty(&figures).expect("plain data is JSON");
        text.push('\n');
        print(&text)?;
    }
    Ok(outcome)
}

/// The blocks of parts that are of one run.
///
/// # Errors
/// [`Failure::Usage`] if two of them are not, or hold the same block.
fn fitting(parts: &[FoundPart]) -> Result<Coverage, Failure> {
    let first = &parts[0];
    let shown = |part: &FoundPart| part.path.display().to_string();
    for part in parts {
        if part.head.version != VERSION {
            return Err(unusable(&part.path, &other_version(&part.head.version)));
        }
        if let Some(what) = first.head.contradiction(&part.head) {
            return Err(Failure::Usage(told!(
                "{first} e {part} non sono della stessa esecuzione: non è uguale {what}",
                "{first} and {part} are not of the same run: what differs is {what}";
                first = shown(first),
                part = shown(part),
                what,
            )));
        }
    }
    let mut coverage = Coverage::none(first.head.planned_paths);
    for (position, part) in parts.iter().enumerate() {
        for range in part.head.ranges() {
            if range.end > Coverage::blocks_of(coverage.planned()) {
                return Err(unusable(&part.path, &damage("its blocks are not of its run")));
            }
            let Err(Overlap(both)) = coverage.add(range) else { continue };
            let other = parts[..position].iter().find(|other| overlapping(&other.head.ranges(), &both));
            let other = other.unwrap_or(part);
            let (from, to) = paths_between(&both, coverage.planned());
            return Err(Failure::Usage(told!(
                "{other} e {part} hanno entrambi i percorsi da {from} a {to}",
                "{other} and {part} both hold paths {from} to {to}";
                other = shown(other),
                part = shown(part),
                from,
                to,
            )));
        }
    }
    Ok(coverage)
}

/// What is said of a part of another version.
pub(super) fn other_version(theirs: &str) -> Told {
    told!(
        "è di fesr {theirs}; questo programma è fesr {here}",
        "was made by fesr {theirs}; this program is fesr {here}";
        theirs = theirs.chars().take(40).flat_map(char::escape_debug).collect::<String>(),
        here = VERSION,
    )
}

/// Whether one of the ranges has something in common with `both`.
pub(super) fn overlapping(ranges: &[Range<u64>], both: &Range<u64>) -> bool {
    ranges.iter().any(|range| range.start < both.end && both.start < range.end)
}

/// First and last path of blocks, counted from 0 as in `fesr trace`.
fn paths_between(blocks: &Range<u64>, planned: u64) -> (u64, u64) {
    let start = Coverage::none(planned).paths_of(&(0..blocks.start));
    (start, start + Coverage::none(planned).paths_of(blocks).saturating_sub(1))
}

/// # Errors
/// [`Failure::Usage`] with the shards that are missing and the commands that make them.
fn refuse_gaps(parts: &[FoundPart], coverage: &Coverage) -> Result<(), Failure> {
    let missing = coverage.missing();
    if missing.is_empty() {
        return Ok(());
    }
    let head = &parts[0].head;
    let planned = coverage.planned();
    let counts = parts.iter().filter_map(|part| part.head.shard).map(|shard| shard.count);
    let shards = counts.max().map(|count| missing_shards(planned, count, &missing)).unwrap_or_default();
    if !shards.is_empty() {
        let command = |shard, folder: &str| head.command(shard, folder);
        return Err(refuse_missing(&head.name, &shards, &parts[0].path, command));
    }
    let gaps: Vec<String> = missing
        .iter()
        .take(MOST_NAMED)
        .map(|blocks| paths_between(blocks, planned))
        .map(|(from, to)| format!("{from}-{to}"))
        .collect();
    Err(Failure::Usage(told!(
        "{name}: mancano i percorsi {gaps}, che non sono quote intere",
        "{name}: paths {gaps} are missing, which are no whole shares";
        name = head.name,
        gaps = gaps.join(", "),
    )))
}

/// The failure that shards are missing, with the commands that make them beside a part that is there.
pub(super) fn refuse_missing(
    name: &str,
    shards: &[Shard],
    part: &Path,
    command: impl Fn(Shard, &str) -> String,
) -> Failure {
    let folder = part.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).display().to_string();
    // Nobody reads more.
    let shards = &shards[..shards.len().min(MOST_NAMED)];
    let numbers: Vec<String> = shards.iter().map(|shard| shard.number.to_string()).collect();
    let commands: Vec<String> = shards.iter().map(|&shard| command(shard, &folder)).collect();
    Failure::Usage(told!(
        "{name}: di {count} quote mancano: {numbers}. Eseguire queste, poi di nuovo fesr merge:\n  {commands}",
        "{name}: missing of {count} shares: {numbers}. Run these, then fesr merge again:\n  {commands}";
        name,
        count = shards[0].count,
        numbers = numbers.join(", "),
        commands = commands.join("\n  "),
    ))
}

/// The shares, of so many, that make up what is missing; none if it is not made of whole shares.
pub(super) fn missing_shards(planned: u64, count: u64, missing: &[Range<u64>]) -> Vec<Shard> {
    let mut shards = Vec::new();
    let mut covered = Coverage::none(planned);
    for gap in missing {
        // The first share that ends behind the start of the gap.
        let (mut low, mut high) = (1, count);
        while low < high {
            let middle = (low + high) / 2;
            if share_of_blocks(planned, middle, count).end <= gap.start {
                low = middle + 1
            } else {
                high = middle
            }
        }
        for number in low..=count {
            let share = share_of_blocks(planned, number, count);
            if share.start >= gap.end {
                break;
            }
            if !share.is_empty() {
                // Shares of one run do not overlap.
                let _ = covered.add(share);
                shards.push(Shard { number, count });
            }
        }
    }
    if covered.ranges() == missing { shards } else { Vec::new() }
}

/// The scenario that a part holds.
///
/// # Errors
/// [`Failure::Usage`] if this program cannot read it, or the head contradicts it.
fn scenario_of(part: &FoundPart, arguments: &MergeArguments) -> Result<Scenario, Failure> {
    let head = &part.head;
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    files.insert(RESOLVED_FILE.into(), head.scenario.clone().into_bytes());
    if let Some(borrowers) = &head.borrowers {
        files.insert(BORROWERS_FILE.into(), borrowers.clone().into_bytes());
    }
    let scenario = match read_scenario(&files, Path::new(RESOLVED_FILE), &[]) {
        Ok(reading) => reading.scenario,
        Err(problems) => {
            let told = |language| render(&problems.clone().in_language(language), arguments.diagnostics);
            let why = Told::new(told(Language::Italian), told(Language::English));
            return Err(unusable(
                &part.path,
                &told!("ha uno scenario inutilizzabile\n{why}", "has a scenario that cannot be used\n{why}"; why),
            ));
        }
    };
    let again = PartHead::new(VERSION, &scenario, &head.scenario_file, &head.options);
    if again.contradiction(head).is_some() || again.name != head.name {
        return Err(unusable(&part.path, &damage("its head is not that of its scenario")));
    }
    Ok(scenario)
}

/// What is wrong with a part whose check sum fits: somebody made it.
pub(super) fn damage(what: &str) -> Told {
    told!("non è una parte valida ({what})", "is not a sound part ({what})"; what)
}

/// All parts together.
///
/// # Errors
/// [`Failure`] if one cannot be read, or is not what its head says.
fn put_together<'p>(parts: &[FoundPart], plan: &'p Plan) -> Result<Collector<'p>, Failure> {
    let planned = parts[0].head.planned_paths;
    let mut whole: Option<Collector> = None;
    for part in parts {
        let (head, restored) = read_part(&part.path, |_, body| restore(plan, planned, body))?;
        let collector = restored.map_err(|cause| unusable(&part.path, &damage(cause.0)))?;
        if head != part.head || collector.coverage.ranges() != head.ranges() {
            return Err(unusable(&part.path, &damage("its blocks are not those of its head")));
        }
        whole = Some(match whole {
            None => collector,
            Some(mut sum) => {
                let merged = sum.merge(collector);
                merged.map_err(|_| unusable(&part.path, &damage("its blocks are there already")))?;
                sum
            }
        });
    }
    Ok(whole.expect("no run is without parts"))
}

/// Writes one part that holds all parts.
fn write_part(parts: &[FoundPart], scenario: &Scenario, arguments: &MergeArguments) -> Result<(), Failure> {
    let plan = Plan::resolve(scenario);
    let collector = put_together(parts, &plan)?;
    let blocks = collector.coverage.ranges().iter().map(|range| (range.start, range.end)).collect();
    // For the names of shards that are missing later on.
    let shard = parts.iter().filter_map(|part| part.head.shard).max_by_key(|shard| shard.count);
    let head = PartHead { blocks, shard, ..parts[0].head.clone() };
    let bytes = part_file(&head, &store(&collector));
    let name = format!("{}.merged-{}.{PART_ENDING}", scenario.identity.name, &sha256(&bytes)[..12]);
    let target = arguments.output.join(name);
    fs::create_dir_all(&arguments.output).map_err(|cause| cannot_write(&arguments.output, cause))?;
    write_aside(&target, &bytes).map_err(|cause| cannot_write(&target, cause))?;
    if !arguments.quiet {
        let note = told!(
            "{count} parti, {paths} percorsi di {planned}: {target}",
            "{count} parts, {paths} paths of {planned}: {target}";
            count = parts.len(),
            paths = collector.paths,
            planned = collector.planned,
            target = target.display().to_string(),
        );
        say(note.text(arguments.lang.unwrap_or(scenario.identity.language)));
    }
    Ok(())
}

/// Writes the results of a whole run; `None` if it was interrupted.
fn write_results(
    parts: &[FoundPart],
    scenario: &Scenario,
    arguments: &MergeArguments,
    stop: &Arc<AtomicBool>,
) -> Result<Option<Finished>, Failure> {
    let folder = OutputFolder::prepare(&arguments.output, &scenario.identity.name)?;
    let plan = Plan::resolve(scenario);
    let mut collector = put_together(parts, &plan)?;
    if !collector.reaches() {
        return Err(Failure::Usage(told!(
            "{name}: le code delle quote non arrivano abbastanza lontano (succede meno di una volta su 10^20); eseguire lo scenario con un altro numero di quote",
            "{name}: the tails of the shares do not reach far enough (less than once in 10^20 runs); run the scenario in another number of shares";
            name = scenario.identity.name,
        )));
    }
    let language = arguments.lang.unwrap_or(scenario.identity.language);
    let columns = collector.context.figures.columns().to_vec();
    let numbers = Numbers::new(language);
    let quiet = arguments.quiet;
    let watcher =
        RunWatcher::new(arguments.progress, true, collector.planned, numbers, Arc::clone(stop), columns);
    let timelines = collector.simulate_timelines(&watcher).map_err(|broken| Failure::Invariant {
        scenario: scenario.identity.name.clone(),
        seed: scenario.simulation.seed,
        broken,
    })?;
    if !timelines {
        return Ok(None);
    }
    let summary = held_against_exact(scenario, Summary::of(&mut collector))?;
    let options = &parts[0].head.options;
    let books = region_books(scenario, &plan, summary.paths, options.annual_report)?;
    let simulated = Simulated { summary, checkpoint: None, books, planned: collector.planned };
    let telling = Telling { quiet, json: arguments.json, output: &arguments.output };
    report(scenario, &plan, simulated, options, telling, folder).map(Some)
}
