//! Parts of a run on the disk: found, read, written aside and renamed.

use super::Failure;
use crate::aggregate::part::codec::Reader;
use crate::locale::{Told, pair, told};
use crate::report::framed_file::PartError;
use crate::report::part_file::{OpenPart, PartHead};
use crate::report::study_part::{OpenStudyPart, Piece, STUDY_MAGIC, StudyHead};
use std::fs::{self, File};
use std::io::{BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// Ending of the files that `fesr merge` takes.
pub const PART_ENDING: &str = "part";
/// Ending of checkpoints.
pub const CHECKPOINT_ENDING: &str = "checkpoint";
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

/// Opens a part and reads its head. Whatever the file is, and however long: no more than its head and a buffer of it are
/// held in memory, here and in what follows.
///
/// # Errors
/// [`Failure`] if it cannot be read or is no part; its check sum was not looked at yet.
pub fn open_part(path: &Path) -> Result<OpenPart<BufReader<File>>, Failure> {
    open(path).map_err(|error| of_part(path, error))
}

fn open(path: &Path) -> Result<OpenPart<BufReader<File>>, PartError> {
    let (file, length) = plain_file(path)?;
    OpenPart::open(file, length)
}

/// A file to be read from its beginning, with its length.
fn plain_file(path: &Path) -> Result<(BufReader<File>, u64), PartError> {
    // Before it is opened: opening a pipe waits for somebody who writes to it.
    if !fs::metadata(path)?.is_file() {
        return Err(PartError::Foreign(told!("non è una parte di un’esecuzione", "is not a part of a run")));
    }
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    Ok((BufReader::with_capacity(1 << 16, file), length))
}

/// The head of a part, after all of it was held against its check sum.
///
/// # Errors
/// [`Failure`] if it cannot be read or is no sound part.
pub fn read_head(path: &Path) -> Result<PartHead, Failure> {
    open_part(path)?.finish().map_err(|error| of_part(path, error))
}

/// Reads a part and hands its body to `take`.
///
/// # Errors
/// [`Failure`] if it cannot be read or is no sound part: then what was taken is not returned.
pub fn read_part<T>(
    path: &Path,
    take: impl FnOnce(&PartHead, Reader) -> T,
) -> Result<(PartHead, T), Failure> {
    let mut part = open_part(path)?;
    let head = part.head.clone();
    let taken = take(&head, part.body());
    part.finish().map_err(|error| of_part(path, error))?;
    Ok((head, taken))
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

/// Opens a part of a study and reads its head, as [`open_part`].
///
/// # Errors
/// As [`open_part`].
pub fn open_study_part(path: &Path) -> Result<OpenStudyPart<BufReader<File>>, Failure> {
    let (file, length) = plain_file(path).map_err(|error| of_part(path, error))?;
    OpenStudyPart::open(file, length).map_err(|error| of_part(path, error))
}

/// The head of a part of a study, after all of it was held against its check sum.
///
/// # Errors
/// [`Failure`] if it cannot be read or is no sound part.
pub fn read_study_head(path: &Path) -> Result<StudyHead, Failure> {
    open_study_part(path)?.finish().map_err(|error| of_part(path, error))
}

/// The head and the pieces of a part of a study.
///
/// # Errors
/// [`Failure`] if it cannot be read or is no sound part.
pub fn read_study_part(path: &Path) -> Result<(StudyHead, Vec<Piece>), Failure> {
    open_study_part(path)?.pieces().map_err(|error| of_part(path, error))
}

fn of_part(path: &Path, error: PartError) -> Failure {
    match error {
        PartError::Foreign(why) | PartError::Damaged(why) => unusable(path, &why),
        PartError::Unreadable(cause) => cannot_read(path, cause),
    }
}

/// What stands where a part of a run is about to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Nothing,
    /// A part of the same run and share.
    Same,
    /// A part that nobody can use any more.
    Damaged,
}

/// Looks at the place where a part is about to be written: a part of another run, which may have taken hours, and a file that
/// is none are not replaced.
///
/// # Errors
/// [`Failure::Usage`] with what differs and what to do; [`Failure::Files`] if it cannot be read.
pub fn standing_part(path: &Path, ours: &PartHead) -> Result<Standing, Failure> {
    let open = || open(path).map(|part| part.head);
    standing(path, open, |theirs| {
        let differs = theirs.contradiction(ours);
        differs.or_else(|| (theirs.shard != ours.shard).then(|| told!("la quota", "the share")))
    })
}

/// [`standing_part`] of a part of a study.
///
/// # Errors
/// As [`standing_part`].
pub fn standing_study_part(path: &Path, ours: &StudyHead) -> Result<Standing, Failure> {
    let open = || {
        let (file, length) = plain_file(path)?;
        OpenStudyPart::open(file, length).map(|part| part.head)
    };
    standing(path, open, |theirs| {
        let differs = theirs.contradiction(ours);
        differs.or_else(|| (theirs.shard != ours.shard).then(|| told!("la quota", "the share")))
    })
}

fn standing<H>(
    path: &Path,
    open: impl FnOnce() -> Result<H, PartError>,
    differs: impl FnOnce(&H) -> Option<Told>,
) -> Result<Standing, Failure> {
    if fs::symlink_metadata(path).is_err_and(|cause| cause.kind() == ErrorKind::NotFound) {
        return Ok(Standing::Nothing);
    }
    let refused = |why: Told| {
        Failure::Usage(told!(
            "{path} {why}: non viene sostituito. Spostarlo, oppure scrivere altrove (-o)",
            "{path} {why}: it is not replaced. Move it away, or write elsewhere (-o)";
            path = path.display().to_string(),
            why,
        ))
    };
    let theirs = match open() {
        Ok(head) => head,
        Err(PartError::Damaged(_)) => return Ok(Standing::Damaged),
        Err(PartError::Foreign(why)) => return Err(refused(why)),
        Err(PartError::Unreadable(cause)) => return Err(cannot_read(path, cause)),
    };
    match differs(&theirs) {
        None => Ok(Standing::Same),
        Some(what) => Err(refused(told!(
            "è di un’altra esecuzione, perché non è uguale {what}",
            "is of another run: what differs is {what}";
            what,
        ))),
    }
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
