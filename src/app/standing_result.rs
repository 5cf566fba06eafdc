//! The result that stands in its place, and how another takes that place.
//!
//! At every moment a whole result stands there, the earlier or the new one: on Linux the two change places in one step
//! (`RENAME_EXCHANGE`). Where the file system cannot do that, the earlier one steps aside for the moment of one renaming;
//! if the machine stops in it, the next run puts it back. Before anything is renamed, all is on the disk.

use super::disk::read_plain;
use super::{Failure, failed_to, is_a_link};
use crate::locale::pair;
use crate::report::run_record::RECORD_FILE;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// No record is longer.
const LARGEST_RECORD: usize = 16 * 1024 * 1024;

/// Brings files of a folder to the disk, and the folders they are in.
///
/// # Errors
/// If one of them is not there any more, or cannot be written.
pub fn make_durable<'n>(folder: &Path, names: impl Iterator<Item = &'n String>) -> io::Result<()> {
    let mut folders = BTreeSet::from([folder.to_path_buf()]);
    for name in names {
        let path = folder.join(name);
        File::options().append(true).open(&path)?.sync_all()?;
        folders.extend(path.parent().map(Path::to_path_buf));
    }
    folders.iter().try_for_each(|folder| sync_folder(folder))
}

/// Brings the names in a folder to the disk.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Brings the names in a folder to the disk: elsewhere folders cannot be opened.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Puts the folder `aside` into the place `root/name`; an earlier result ends up in `root/.name.previous`, for [`tidy`].
///
/// # Errors
/// If it cannot be renamed; the earlier result then stands where it stood.
pub fn put_in_place(root: &Path, name: &str, aside: &Path) -> io::Result<()> {
    let target = root.join(name);
    let previous = root.join(format!(".{name}.previous"));
    if !target.exists() {
        fs::rename(aside, &target)?;
        return sync_folder(root);
    }
    // Under this name the next run finds whichever of the two is left over, wherever this one is stopped.
    fs::rename(aside, &previous)?;
    if exchange(&previous, &target).is_err() {
        fs::rename(&previous, aside)?;
        fs::rename(&target, &previous)?;
        if let Err(cause) = fs::rename(aside, &target) {
            fs::rename(&previous, &target)?;
            return Err(cause);
        }
    }
    sync_folder(root)
}

/// Two folders change places in one step.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Two folders change places in one step, which only Linux is asked for.
#[cfg(not(target_os = "linux"))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Cleans up what was replaced, and what runs that were killed left of a folder; the lock is held, so no other run is
/// writing to it.
///
/// # Errors
/// [`Failure::Files`] if something stands in the way, or cannot be removed.
pub fn tidy(root: &Path, name: &str) -> Result<(), Failure> {
    let target = root.join(name);
    for path in [target.clone(), root.join(format!(".{name}.previous"))] {
        // Links are not followed: what is in a result folder is moved and removed, which must not happen elsewhere.
        let found = fs::symlink_metadata(&path);
        if found.as_ref().is_ok_and(fs::Metadata::is_symlink) {
            return Err(is_a_link(&path));
        }
        if found.is_ok_and(|found| !found.is_dir()) {
            let cause = io::Error::from(io::ErrorKind::NotADirectory);
            return Err(failed_to(pair("scrivere risultati in", "write results to"), &path)(cause));
        }
    }
    // What was replaced, perhaps by a run that was killed in the middle of it: the whole of an earlier result if no
    // other is in its place; else either of two whole ones, of which only what users had put into it is still wanted.
    let previous = root.join(format!(".{name}.previous"));
    if previous.exists() {
        if target.exists() {
            discard_earlier(&previous, &target)
                .map_err(failed_to(pair("ripulire", "clean up"), &previous))?;
        } else {
            fs::rename(&previous, &target).map_err(failed_to(pair("ripristinare", "restore"), &target))?;
        }
    }
    for entry in fs::read_dir(root).map_err(failed_to(pair("leggere", "read"), root))?.flatten() {
        let file_name = entry.file_name();
        let leftover = file_name
            .to_str()
            .and_then(|entry| entry.strip_prefix('.')?.strip_prefix(name)?.strip_prefix('.'))
            .and_then(|rest| rest.strip_suffix(".partial"))
            .is_some_and(|process| !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit()));
        // Runs leave folders; a file of that name is somebody's own, and is left alone.
        let is_run = || entry.file_type().is_ok_and(|kind| kind.is_dir() || kind.is_symlink());
        if leftover && is_run() {
            fs::remove_dir_all(entry.path()).map_err(failed_to(pair("togliere", "remove"), &entry.path()))?;
        }
    }
    Ok(())
}

/// Removes an earlier result once its successor stands and has what users had put into it.
fn discard_earlier(earlier: &Path, new: &Path) -> io::Result<()> {
    keep_foreign_files(earlier, new)?;
    fs::remove_dir_all(earlier)
}

/// Moves what the user put into an earlier result (notes, a spreadsheet) to the new one: every file that the earlier
/// `run.json` does not list. A name that the new result has too is kept beside it with `.earlier` at its end (`.earlier2`,
/// `.earlier3`, ... if there is one already).
fn keep_foreign_files(earlier: &Path, new: &Path) -> io::Result<()> {
    let own = own_files(earlier);
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(earlier.join(&folder))? {
            let entry = entry?;
            let name = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(name);
                continue;
            }
            let written_with_slashes = name.to_string_lossy().replace('\\', "/");
            if own.contains(&written_with_slashes) {
                continue;
            }
            let target = free_name(&new.join(&name));
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::rename(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The path, or the first one beside it that nothing has, not even a link that leads nowhere.
fn free_name(path: &Path) -> PathBuf {
    let is_free = |path: &PathBuf| fs::symlink_metadata(path).is_err();
    let beside = |number: u32| {
        let mut beside = path.as_os_str().to_os_string();
        beside.push(if number == 1 { ".earlier".to_string() } else { format!(".earlier{number}") });
        PathBuf::from(beside)
    };
    std::iter::once(path.to_path_buf()).chain((1..).map(beside)).find(is_free).expect("numbers do not end")
}

/// How many paths the record of a result names, if there is one.
pub fn recorded_paths(folder: &Path) -> Option<u64> {
    record_of(folder)?["paths"].as_u64()
}

fn record_of(folder: &Path) -> Option<serde_json::Value> {
    let path = folder.join(RECORD_FILE);
    let plain = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file());
    let bytes = plain.then(|| read_plain(&path, LARGEST_RECORD).ok())??;
    serde_json::from_slice(&bytes).ok()
}

/// The files that a result's own record lists, and the record; nothing if it has none.
fn own_files(folder: &Path) -> BTreeSet<String> {
    let record = record_of(folder);
    let Some(outputs) = record.as_ref().and_then(|record| record["outputs"].as_object()) else {
        return BTreeSet::new();
    };
    outputs.keys().cloned().chain([RECORD_FILE.to_string()]).collect()
}
