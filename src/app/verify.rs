//! `fesr verify`: run a result again from its own record and compare every byte. Nothing is written.
//!
//! Only three files of the folder are read for their meaning: `run.json`, `scenario.resolved.toml` and `borrowers.csv`;
//! the scenario cannot reach out of the folder. It is run again only if it is the recorded one: an edited scenario
//! would make every other file look wrong. Whether it is, is decided by the hash of the file or of what the program
//! writes for it, so that a comment or a changed line end alone is an altered file but no other scenario.

use super::disk::Disk;
use super::result_folder::ResultFolder;
use super::scenarios::render;
use super::simulation::{PATHS_FILE, Simulated, Simulation, use_threads};
use super::tail::refuse_untiltable;
use super::uncertain::drawn_worlds;
use super::verify_study::verify_study;
use super::{Failure, Outcome, VERSION, interrupt, print, say};
use crate::cli::{DiagnosticsMode, VerifyArguments};
use crate::locale::{Told, pair, told};
use crate::plan::Plan;
use crate::reading::{LARGEST_FILE, read_scenario, stated_language};
use crate::report::data_package::PathsFile;
use crate::report::limits::judge;
use crate::report::result_files::{Extras, result_files};
use crate::report::run_record::{RECORD_FILE, RunOptions, RunRecord, run_json, sha256};
use crate::report::study_record::{StudyRecord, is_study};
use crate::report::verification::{
    Compared, Comparison, DifferenceKind, FileDifference, Rerun, Verification, failure_json,
};
use crate::report::{OutputFile, RunFacts};
use crate::resolved::{BORROWERS_FILE, RESOLVED_FILE, borrowers_csv, resolved_toml};
use crate::scenario::{Language, Scenario};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Verifies all folders of the command line, one after the other; a folder that cannot be verified does not keep the
/// others from it.
///
/// # Errors
/// The gravest [`Failure`]: a bug at once, else what could not be read before what is no result.
pub fn verify(arguments: &VerifyArguments) -> Result<Outcome, Failure> {
    use_threads(arguments.threads)?;
    let reader = arguments.lang.or_else(|| recorded_language(arguments.folders.first()?));
    let reader = reader.unwrap_or(Language::English);
    let stop = interrupt::stop_flag(pair("nulla è scritto", "nothing is written"), reader);
    let mut outcome = Outcome::Done;
    let mut failures: Vec<Failure> = Vec::new();
    let mut documents = Vec::new();
    for path in &arguments.folders {
        let verified = match verify_one(path, arguments, &stop) {
            Err(bug @ Failure::Invariant { .. }) => return Err(bug),
            verified => verified,
        };
        match verified {
            Ok(None) => {
                outcome = Outcome::Interrupted;
                break;
            }
            Ok(Some((verification, language))) => {
                if !verification.is_identical() {
                    outcome = Outcome::No;
                }
                match arguments.json {
                    true => documents.push(verification.to_json()),
                    false => print(&verification.to_text(language, !arguments.quiet))?,
                }
            }
            Err(failure) => {
                documents.push(failure_json(&path.display().to_string(), &failure.to_string()));
                failures.push(failure);
            }
        }
    }
    if arguments.json {
        let mut text = serde_json::to_string_pretty(&documents).expect("plain data is JSON");
        text.push('\n');
        print(&text)?;
    }
    if outcome == Outcome::Interrupted {
        return Ok(outcome);
    }
    failures.sort_by_key(Failure::exit_code);
    let gravest = failures.pop();
    for failure in failures {
        say(failure.told().text(reader));
    }
    gravest.map_or(Ok(outcome), Err)
}

/// Verifies one folder; `None` if it was interrupted.
fn verify_one(
    path: &Path,
    arguments: &VerifyArguments,
    stop: &Arc<AtomicBool>,
) -> Result<Option<(Verification, Language)>, Failure> {
    let folder = ResultFolder::open(path)?;
    let bytes = folder.read(RECORD_FILE, LARGEST_FILE)?.unwrap_or_default();
    if is_study(&bytes) {
        let record = StudyRecord::parse(&bytes).map_err(|why| unusable(path, why))?;
        return verify_study(path, &folder, &record, arguments, stop);
    }
    let record = read_record(path, &folder)?;
    let found = Found::look(&folder, &record)?;
    let mut verification = Verification {
        folder: path.display().to_string(),
        recorded_version: record.version.clone(),
        version: VERSION.to_string(),
        paths: record.paths,
        planned: record.planned,
        seed: None,
        rerun: Rerun::Done,
        files: record.outputs.len() + 1,
        differences: Vec::new(),
        other_files: Vec::new(),
    };
    let mut language = Language::English;
    let mut comparing =
        Comparing { folder: &folder, record: &record, found: &found, computed: BTreeMap::new() };
    match recorded_scenario(path, &folder, &record, &found)? {
        Ok(scenario) => {
            language = scenario.identity.language;
            verification.seed = Some(scenario.simulation.seed);
            let shown_in = arguments.lang.unwrap_or(language);
            if !run_again(&scenario, &mut comparing, arguments, shown_in, stop)? {
                return Ok(None);
            }
        }
        Err(rerun) => verification.rerun = rerun,
    }
    verification.differences = comparing.differences(verification.rerun);
    verification.other_files = folder
        .files()
        .filter(|name| *name != RECORD_FILE && !is_trace(name))
        .filter(|name| !record.outputs.contains_key(*name) && !comparing.computed.contains_key(*name))
        .map(str::to_string)
        .collect();
    Ok(Some((verification, arguments.lang.unwrap_or(language))))
}

/// The language of the scenario that a folder holds, for what is said before it is read.
fn recorded_language(folder: &Path) -> Option<Language> {
    stated_language(&Disk::around(&[], false), &folder.join(RESOLVED_FILE))
}

/// `fesr trace` writes the ledger of a path beside the results.
fn is_trace(name: &str) -> bool {
    name.starts_with("trace-") && name.ends_with(".csv")
}

fn read_record(path: &Path, folder: &ResultFolder) -> Result<RunRecord, Failure> {
    let bytes = folder.read(RECORD_FILE, LARGEST_FILE)?.unwrap_or_default();
    if bytes.len() > LARGEST_FILE {
        return Err(unusable(
            path,
            told!(
                "ha più di {most} byte; nessun resoconto è così lungo",
                "has more than {most} bytes; no record is that long";
                most = LARGEST_FILE,
            ),
        ));
    }
    RunRecord::parse(&bytes).map_err(|why| unusable(path, why))
}

fn unusable(path: &Path, why: Told) -> Failure {
    let folder = path.display().to_string();
    Failure::Usage(told!("{folder}: {file} {why}", "{folder}: {file} {why}"; folder, file = RECORD_FILE, why))
}

/// What the folder holds of the recorded files: their hashes.
struct Found(BTreeMap<String, String>);

impl Found {
    fn look(folder: &ResultFolder, record: &RunRecord) -> Result<Found, Failure> {
        let mut hashes = BTreeMap::new();
        for name in record.outputs.keys() {
            if let Some(hash) = folder.hash(name)? {
                hashes.insert(name.clone(), hash);
            }
        }
        Ok(Found(hashes))
    }

    /// Whether a file is there as the run left it.
    fn is_as_recorded(&self, name: &str, record: &RunRecord) -> bool {
        record.outputs.contains_key(name) && self.0.get(name) == record.outputs.get(name)
    }
}

/// The scenario of the folder, if it is the recorded one; the reason if there is none such.
///
/// # Errors
/// [`Failure::Usage`] if this program cannot read the recorded scenario, or the record contradicts it.
fn recorded_scenario(
    path: &Path,
    folder: &ResultFolder,
    record: &RunRecord,
    found: &Found,
) -> Result<Result<Scenario, Rerun>, Failure> {
    let inputs = [RESOLVED_FILE, BORROWERS_FILE];
    let recorded = || inputs.iter().filter(|name| record.outputs.contains_key(**name));
    if recorded().any(|name| !found.0.contains_key(*name)) {
        return Ok(Err(Rerun::ScenarioMissing));
    }
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for name in recorded() {
        files.extend(folder.read(name, LARGEST_FILE)?.map(|bytes| (PathBuf::from(name), bytes)));
    }
    let scenario = match read_scenario(&files, Path::new(RESOLVED_FILE), &[]) {
        Ok(reading) => reading.scenario,
        Err(problems) if recorded().all(|name| found.is_as_recorded(name, record)) => {
            return Err(Failure::Usage(told!(
                "{folder}: questo programma (fesr {here}) non può leggere lo scenario di fesr {recorded}\n{problems}",
                "{folder}: this program (fesr {here}) cannot read the scenario of fesr {recorded}\n{problems}";
                folder = path.display().to_string(),
                here = VERSION,
                recorded = record.version,
                problems = Told::new(
                    render(&problems.clone().in_language(Language::Italian), DiagnosticsMode::Text),
                    render(&problems.in_language(Language::English), DiagnosticsMode::Text),
                ),
            )));
        }
        Err(_) => return Ok(Err(Rerun::ScenarioAltered)),
    };
    let written =
        [(RESOLVED_FILE, Some(resolved_toml(&scenario))), (BORROWERS_FILE, borrowers_csv(&scenario))];
    for (name, text) in written {
        let is_recorded = text.is_some_and(|text| record.outputs.get(name) == Some(&sha256(text.as_bytes())));
        if record.outputs.contains_key(name) && !found.is_as_recorded(name, record) && !is_recorded {
            return Ok(Err(Rerun::ScenarioAltered));
        }
    }
    if scenario.simulation.paths != record.planned {
        return Err(Failure::Usage(told!(
            "{folder}: {record} dice {planned} percorsi previsti, {resolved} dice {paths}",
            "{folder}: {record} says {planned} planned paths, {resolved} says {paths}";
            folder = path.display().to_string(),
            record = RECORD_FILE,
            planned = record.planned,
            resolved = RESOLVED_FILE,
            paths = scenario.simulation.paths,
        )));
    }
    let refused = |option: &str, failure: Failure| {
        Failure::Usage(told!(
            "{folder}: {record} dice {option}. {failure}",
            "{folder}: {record} says {option}. {failure}";
            folder = path.display().to_string(),
            record = RECORD_FILE,
            option,
            failure = failure.told(),
        ))
    };
    if record.options.tail {
        refuse_untiltable(&scenario).map_err(|failure| refused("--tail", failure))?;
    }
    if record.options.uncertain {
        if record.options.tail {
            let both = told!("non si possono avere insieme", "they cannot be had together");
            return Err(refused("--tail --uncertain", Failure::Usage(both)));
        }
        drawn_worlds(&scenario).map_err(|failure| refused("--uncertain", failure))?;
    }
    Ok(Ok(scenario))
}

/// Simulates and compares every file; false if it was interrupted.
fn run_again(
    scenario: &Scenario,
    comparing: &mut Comparing<'_>,
    arguments: &VerifyArguments,
    language: Language,
    stop: &Arc<AtomicBool>,
) -> Result<bool, Failure> {
    let record = comparing.record;
    let plan = Plan::resolve(scenario);
    let simulation = Simulation {
        scenario,
        plan: &plan,
        only_first: Some(record.paths),
        checkpoint: None,
        annual_report: record.options.annual_report,
        tail: record.options.tail,
        uncertain: record.options.uncertain,
        progress: arguments.progress,
        quiet: arguments.quiet,
        language,
        stop: Arc::clone(stop),
    };
    let mut path_rows = record.options.each_path.then(|| comparing.begin(PATHS_FILE)).transpose()?;
    let simulated =
        simulation.run(path_rows.as_mut().map(|rows| rows as _)).map_err(|failure| match failure {
            // Nothing is written here: the folder's file could not be read beside the computed rows.
            Failure::Files { cause, .. } => comparing.folder.cannot_read(PATHS_FILE, cause),
            other => other,
        })?;
    let Simulated { summary, planned, books, .. } = match simulated {
        Some(simulated) if !stop.load(Ordering::SeqCst) => simulated,
        _ => return Ok(false),
    };
    if let Some(rows) = path_rows {
        comparing.end(PATHS_FILE, rows)?;
    }
    // Under the version that made the result: its name stands in many files, and is no figure.
    let facts = RunFacts { scenario, version: &record.version, paths: summary.paths, planned };
    let limits = judge(scenario, &summary);
    let path_rows = comparing
        .computed
        .get(PATHS_FILE)
        .map(|computed| PathsFile { sha256: computed.hash.clone(), weighted: record.options.tail });
    let extras = Extras { png: record.options.png, csv: record.options.csv, books, path_rows };
    for file in result_files(&facts, &plan, &summary, &limits, &extras).files {
        comparing.compare(&file)?;
    }
    let hashes: BTreeMap<String, String> =
        comparing.computed.iter().map(|(name, compared)| (name.clone(), compared.hash.clone())).collect();
    // An option that was given is what the scenario says since; a record that tells otherwise was edited.
    let given = &record.options;
    let options = RunOptions {
        paths: given.paths.map(|_| record.planned),
        precision: given
            .precision
            .as_ref()
            .and(scenario.simulation.precision)
            .map(|precision| precision.to_string()),
        seed: given.seed.map(|_| scenario.simulation.seed),
        lang: given.lang.as_ref().map(|_| scenario.identity.language.word().to_string()),
        ..given.clone()
    };
    comparing.compare(&OutputFile::text(RECORD_FILE, run_json(&facts, &options, &hashes)))?;
    Ok(true)
}

/// The files computed now, each held against the folder's.
struct Comparing<'f> {
    folder: &'f ResultFolder,
    record: &'f RunRecord,
    found: &'f Found,
    computed: BTreeMap<String, Compared>,
}

impl Comparing<'_> {
    fn begin(&self, name: &str) -> Result<Comparison<BufReader<File>>, Failure> {
        // Lines of a picture in bytes would tell nobody anything.
        let is_text = !name.ends_with(".png");
        let in_folder = if is_text { self.folder.reader(name)? } else { None };
        Ok(Comparison::with(in_folder))
    }

    fn end(&mut self, name: &str, comparison: Comparison<BufReader<File>>) -> Result<(), Failure> {
        let compared = comparison.finish().map_err(|cause| self.folder.cannot_read(name, cause))?;
        self.computed.insert(name.to_string(), compared);
        Ok(())
    }

    fn compare(&mut self, file: &OutputFile) -> Result<(), Failure> {
        let mut comparison = self.begin(&file.name)?;
        comparison.write_all(&file.bytes).map_err(|cause| self.folder.cannot_read(&file.name, cause))?;
        self.end(&file.name, comparison)
    }

    /// Everything that differs, by name.
    fn differences(&self, rerun: Rerun) -> Vec<FileDifference> {
        let mut names: Vec<&String> = self.record.outputs.keys().chain(self.computed.keys()).collect();
        names.sort();
        names.dedup();
        let different = |name: &String| {
            let (kind, compared) = (self.kind(name, rerun)?, self.computed.get(name));
            let place = match kind {
                DifferenceKind::Missing => None,
                _ => compared.and_then(|compared| compared.difference.clone()),
            };
            Some(FileDifference { name: name.clone(), kind, place })
        };
        names.into_iter().filter_map(different).collect()
    }

    fn kind(&self, name: &String, rerun: Rerun) -> Option<DifferenceKind> {
        let compared = self.computed.get(name);
        if name == RECORD_FILE {
            let differs = compared.is_some_and(|compared| compared.difference.is_some());
            return differs.then_some(DifferenceKind::Record);
        }
        let Some(recorded) = self.record.outputs.get(name) else {
            return Some(DifferenceKind::NotRecorded);
        };
        match (self.found.0.get(name), compared) {
            (None, _) => Some(DifferenceKind::Missing),
            (Some(found), _) if found != recorded => Some(DifferenceKind::Altered),
            (Some(_), None) if rerun == Rerun::Done => Some(DifferenceKind::NoLongerWritten),
            (Some(_), None) => None,
            (Some(_), Some(compared)) => {
                (compared.hash != *recorded).then_some(DifferenceKind::ComputedOtherwise)
            }
        }
    }
}
