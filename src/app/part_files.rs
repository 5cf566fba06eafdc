//! Parts of a run on the disk: found, read, written aside and renamed.

use super::Failure;
use crate::locale::{Told, pair, told};
use crate::report::part_file::{PartHead, read_part_file};
use crate::report::study_part::STUDY_MAGIC;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Ending of the files that `fesr merge` takes.
pub const PART_ENDING: &str = "part";
/// Ending of checkpoints.
pub const CHECKPOINT_ENDING: &str = "checkpoint";
/// Largest file that is read as a part.
const LARGEST_PART: u64 = 1 << 34;

/// A part as it was found.
#[derive(Clone, Debug)]
pub struct FoundPart {
    /// Its file.
    pub path: PathBuf,
    /// What it says it is.
    pub head: PartHead,
}

/// The part files that a command line names: files as they are, of folders those that end in `.part`.
///
/// # Errors
/// [`Failure`] if a folder cannot be read or holds no part.
pub fn part_paths(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    for path in named {
        if !path.is_dir() {
            paths.push(path.clone());
            continue;
        }
        let entries = fs::read_dir(path).map_err(|cause| cannot_read(path, cause))?;
        let mut inside = Vec::new();
        for entry in entries {
            let file = entry.map_err(|cause| cannot_read(path, cause))?.path();
            if file.extension().is_some_and(|ending| ending == PART_ENDING) {
                inside.push(file);
            }
        }
        if inside.is_empty() {
            return Err(Failure::Usage(told!(
                "{folder} non contiene parti (file che finiscono in .part)",
                "{folder} holds no parts (files that end in .part)";
                folder = path.display().to_string(),
            )));
        }
        inside.sort();
        paths.extend(inside);
    }
    Ok(paths)
}

/// Reads a part and hands its body to `take`.
///
/// # Errors
/// [`Failure`] if it cannot be read or is no sound part.
pub fn read_part<T>(path: &Path, take: impl FnOnce(PartHead, &[u8]) -> T) -> Result<T, Failure> {
    let bytes = read_bytes(path)?;
    let (head, body) = read_part_file(&bytes).map_err(|why| unusable(path, &why))?;
    Ok(take(head, body))
}

/// The bytes of a part.
///
/// # Errors
/// [`Failure`] if it cannot be read or is no plain file of a size that a part may have.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let found = fs::metadata(path).map_err(|cause| cannot_read(path, cause))?;
    if !found.is_file() || found.len() > LARGEST_PART {
        return Err(unusable(path, &told!("non è una parte di un’esecuzione", "is not a part of a run")));
    }
    fs::read(path).map_err(|cause| cannot_read(path, cause))
}

/// Whether a file begins like a part of a study.
pub fn is_of_study(path: &Path) -> bool {
    // Opening a pipe would wait for whoever writes to it.
    if !fs::metadata(path).is_ok_and(|found| found.is_file()) {
        return false;
    }
    let mut first = [0; STUDY_MAGIC.len()];
    File::open(path).and_then(|mut file| file.read_exact(&mut first)).is_ok() && first == *STUDY_MAGIC
}

/// Writes a file aside, to the disk, and renames it: an earlier one of its name is whole until this one is.
///
/// # Errors
/// What the system says.
pub fn write_aside(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside = path.with_file_name(format!(".{name}.partial"));
    // Whatever stands there is taken away and not written through: it could be a link, or a pipe.
    let _ = fs::remove_file(&aside);
    let written = File::create_new(&aside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&aside, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&aside);
    }
    written
}

/// The failure that an unusable part is.
pub fn unusable(path: &Path, why: &Told) -> Failure {
    Failure::Usage(told!("{path} {why}", "{path} {why}"; path = path.display().to_string(), why))
}

fn cannot_read(path: &Path, cause: std::io::Error) -> Failure {
    let path = path.display().to_string();
    Failure::Files { what: told!("non si può leggere {path}", "cannot read {path}"; path), cause }
}

/// The failure to write a part.
pub fn cannot_write(path: &Path, cause: std::io::Error) -> Failure {
    let act = pair("scrivere", "write");
    let path = path.display().to_string();
    Failure::Files { what: told!("non si può {act} {path}", "cannot {act} {path}"; act, path), cause }
}
