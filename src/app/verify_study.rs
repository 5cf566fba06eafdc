//! `fesr verify` of a study: its recorded command runs again on the scenarios of its folder, in a process of its own and
//! into a folder of its own that goes away again; then every file is compared with what was recorded and with what is there.

use super::result_folder::ResultFolder;
use super::{Failure, VERSION};
use crate::cli::VerifyArguments;
use crate::locale::told;
use crate::report::run_record::RECORD_FILE;
use crate::report::study_record::StudyRecord;
use crate::report::verification::{Comparison, DifferenceKind, FileDifference, Rerun, Verification};
use crate::scenario::Language;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

/// The name of what is made again.
const AGAIN: &str = "again";

/// Verifies the folder of a study; `None` if it was interrupted.
///
/// # Errors
/// [`Failure`] if the record cannot be used, a file cannot be read, or the study cannot be run again.
pub fn verify_study(
    path: &Path,
    folder: &ResultFolder,
    record: &StudyRecord,
    arguments: &VerifyArguments,
    stop: &AtomicBool,
) -> Result<Option<(Verification, Language)>, Failure> {
    let mut differences = Vec::new();
    let mut as_recorded = BTreeMap::new();
    for (name, recorded) in &record.outputs {
        let kind = match folder.hash(name)? {
            None => DifferenceKind::Missing,
            Some(found) if found != *recorded => DifferenceKind::Altered,
            Some(found) => {
                as_recorded.insert(name.clone(), found);
                continue;
            }
        };
        differences.push(FileDifference { name: name.clone(), kind, place: None });
    }
    // An edited scenario would make every other file look wrong, and a stopped study stops elsewhere.
    let is_input = |name: &str| name.ends_with(".toml") || name.ends_with("borrowers.csv");
    let altered = |kind| differences.iter().any(|file| file.kind == kind && is_input(&file.name));
    let mut rerun = Rerun::Done;
    if altered(DifferenceKind::Missing) {
        rerun = Rerun::ScenarioMissing;
    } else if altered(DifferenceKind::Altered) {
        rerun = Rerun::ScenarioAltered;
    } else if record.interrupted {
        rerun = Rerun::Interrupted;
    } else if record.again.is_none() {
        rerun = Rerun::NotFromTheFolder;
    }
    if let (Rerun::Done, Some(words)) = (rerun, &record.again) {
        let Some(again) = run_again(path, words, arguments, stop)? else { return Ok(None) };
        let made = ResultFolder::open(&again.result)?;
        for name in made.files().filter(|name| *name != RECORD_FILE) {
            let kind = match (record.outputs.get(name), made.hash(name)?) {
                (None, _) => DifferenceKind::NotRecorded,
                (Some(recorded), Some(hash)) if *recorded != hash => DifferenceKind::ComputedOtherwise,
                _ => continue,
            };
            // What is missing or altered is told as that.
            if kind == DifferenceKind::NotRecorded || as_recorded.contains_key(name) {
                let place = first_difference(folder, &made, name)?;
                differences.push(FileDifference { name: name.to_string(), kind, place });
            }
        }
        for name in record.outputs.keys().filter(|name| as_recorded.contains_key(*name)) {
            if made.hash(name)?.is_none() {
                let kind = DifferenceKind::NoLongerWritten;
                differences.push(FileDifference { name: name.clone(), kind, place: None });
            }
        }
        differences.extend(record_difference(folder, &made, record)?);
    }
    differences.sort_by(|one, other| one.name.cmp(&other.name));
    let verification = Verification {
        folder: path.display().to_string(),
        recorded_version: record.version.clone(),
        version: VERSION.to_string(),
        paths: record.paths,
        planned: record.paths,
        seed: Some(record.seed),
        rerun,
        files: record.outputs.len() + 1,
        differences,
        other_files: folder
            .files()
            .filter(|name| *name != RECORD_FILE && !record.outputs.contains_key(*name))
            .map(str::to_string)
            .collect(),
    };
    Ok(Some((verification, arguments.lang.unwrap_or(record.language))))
}

/// Whether the record itself differs: no hash protects it.
fn record_difference(
    folder: &ResultFolder,
    made: &ResultFolder,
    record: &StudyRecord,
) -> Result<Option<FileDifference>, Failure> {
    // Of another version it says so, and its hashes follow.
    let differs = record.version == VERSION && folder.hash(RECORD_FILE)? != made.hash(RECORD_FILE)?;
    let place = if differs { first_difference(folder, made, RECORD_FILE)? } else { None };
    Ok(differs.then(|| FileDifference { name: RECORD_FILE.to_string(), kind: DifferenceKind::Record, place }))
}

/// The first line in which a text differs; nothing of pictures in bytes.
fn first_difference(
    folder: &ResultFolder,
    made: &ResultFolder,
    name: &str,
) -> Result<Option<crate::report::verification::LineDifference>, Failure> {
    if name.ends_with(".png") {
        return Ok(None);
    }
    let Some(mut now) = made.reader(name)? else { return Ok(None) };
    let cannot_read = |cause| made.cannot_read(name, cause);
    let mut bytes = Vec::new();
    now.read_to_end(&mut bytes).map_err(cannot_read)?;
    let mut comparison = Comparison::with(folder.reader(name)?);
    comparison.write_all(&bytes).map_err(|cause| folder.cannot_read(name, cause))?;
    let compared = comparison.finish().map_err(|cause| folder.cannot_read(name, cause))?;
    Ok(compared.difference)
}

/// A study that was made again; its folder goes away with it.
struct Again {
    root: PathBuf,
    result: PathBuf,
}

impl Drop for Again {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

/// Runs the recorded words in the folder; `None` if it was interrupted.
fn run_again(
    folder: &Path,
    words: &[String],
    arguments: &VerifyArguments,
    stop: &AtomicBool,
) -> Result<Option<Again>, Failure> {
    let cannot = |cause: std::io::Error| {
        let folder = folder.display().to_string();
        Failure::Files {
            what: told!("non si può rifare {folder}", "cannot run {folder} again"; folder),
            cause,
        }
    };
    let root = new_folder(&std::env::temp_dir()).map_err(cannot)?;
    let again = Again { result: root.join(AGAIN), root };
    let mut command = Command::new(std::env::current_exe().map_err(cannot)?);
    command.current_dir(folder).args(words).arg("-o").arg(&again.root).args(["--name", AGAIN, "--json"]);
    if arguments.quiet {
        command.arg("--quiet");
    }
    if let Some(threads) = arguments.threads {
        command.args(["--threads", &threads.to_string()]);
    }
    let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output().map_err(cannot)?;
    match output.status.code() {
        _ if stop.load(Ordering::SeqCst) => Ok(None),
        Some(130) => Ok(None),
        Some(0 | 1) => Ok(Some(again)),
        _ => {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_string();
            Err(Failure::Usage(told!(
                "{folder}: questo programma (fesr {here}) non può rifare lo studio\n{said}",
                "{folder}: this program (fesr {here}) cannot run the study again\n{said}";
                folder = folder.display().to_string(),
                here = VERSION,
                said,
            )))
        }
    }
}

/// A folder that nobody else made: where everybody may write, somebody may have put a link to another place under a name
/// that can be guessed.
fn new_folder(parent: &Path) -> std::io::Result<PathBuf> {
    let mut attempt = 0_u32;
    loop {
        let folder = parent.join(format!("fesr-verify-{}-{attempt}", std::process::id()));
        match std::fs::create_dir(&folder) {
            Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists && attempt < 1_000 => {
                attempt += 1
            }
            made => return made.map(|()| folder),
        }
    }
}
