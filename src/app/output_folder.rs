//! A result folder that is whole or not there: written aside, then renamed.

use super::Failure;
use crate::locale::{Pair, pair, told};
use crate::report::OutputFile;
use crate::report::run_record::{RECORD_FILE, sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A folder being written beside the place where it will stand.
pub struct OutputFolder {
    root: PathBuf,
    name: String,
    aside: PathBuf,
    hashes: BTreeMap<String, String>,
    finished: bool,
    /// Held until the folder is in its place or gone.
    _lock: FolderLock,
}

impl OutputFolder {
    /// Prepares the folder of a scenario under `root`, so that what cannot be written fails before the run.
    ///
    /// # Errors
    /// [`Failure::Files`] if the folder cannot be made.
    pub fn prepare(root: &Path, name: &str) -> Result<OutputFolder, Failure> {
        let failed = |path: &Path| failed_to(pair("creare la cartella", "make the folder"), path);
        fs::create_dir_all(root).map_err(failed(root))?;
        let lock = FolderLock::take(root, name)?;
        for name in [name.to_string(), format!("{name}.interrupted")] {
            tidy(root, &name)?;
        }
        let aside = root.join(format!(".{name}.{}.partial", std::process::id()));
        fs::create_dir(&aside).map_err(failed(&aside))?;
        let folder = OutputFolder {
            root: root.to_path_buf(),
            name: name.to_string(),
            aside,
            hashes: BTreeMap::new(),
            finished: false,
            _lock: lock,
        };
        let charts = folder.aside.join("charts");
        fs::create_dir(&charts).map_err(failed(&charts))?;
        Ok(folder)
    }

    /// Writes a file.
    ///
    /// # Errors
    /// [`Failure::Files`] if it cannot be written.
    pub fn write(&mut self, file: &OutputFile) -> Result<(), Failure> {
        let path = self.aside.join(&file.name);
        let folder = path.parent().unwrap_or(&self.aside);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, &file.bytes))
            .map_err(|cause| self.cannot_write(&file.name, cause))?;
        self.hashes.insert(file.name.clone(), sha256(&file.bytes));
        Ok(())
    }

    /// Opens a file that is written bit by bit.
    ///
    /// # Errors
    /// [`Failure::Files`] if it cannot be made.
    pub fn create(&self, name: &str) -> Result<BufWriter<File>, Failure> {
        let file = File::create(self.aside.join(name)).map_err(|cause| self.cannot_write(name, cause))?;
        Ok(BufWriter::with_capacity(1 << 20, file))
    }

    /// Closes a file opened with [`OutputFolder::create`] and takes its hash.
    ///
    /// # Errors
    /// [`Failure::Files`] if it cannot be written or read back.
    pub fn close(&mut self, name: &str, mut file: BufWriter<File>) -> Result<(), Failure> {
        use sha2::{Digest, Sha256};
        file.flush().map_err(|cause| self.cannot_write(name, cause))?;
        let mut written =
            File::open(self.aside.join(name)).map_err(|cause| self.cannot_write(name, cause))?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        loop {
            let count = std::io::Read::read(&mut written, &mut buffer)
                .map_err(|cause| self.cannot_write(name, cause))?;
            if count == 0 {
                break;
            }
            hasher.update(&buffer[..count]);
        }
        let hash = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        self.hashes.insert(name.to_string(), hash);
        Ok(())
    }

    /// SHA-256 of every file written so far.
    pub fn hashes(&self) -> &BTreeMap<String, String> {
        &self.hashes
    }

    /// Puts the folder in its place and returns that; an earlier result is removed only afterwards. A part of a run
    /// goes to `NAME.interrupted` and never replaces a whole one.
    ///
    /// # Errors
    /// [`Failure::Files`] if the folder cannot be renamed; the earlier result is then put back.
    pub fn finish(mut self, interrupted: bool) -> Result<PathBuf, Failure> {
        let name = if interrupted { format!("{}.interrupted", self.name) } else { self.name.clone() };
        let target = self.root.join(&name);
        let previous = self.root.join(format!(".{name}.previous"));
        let failed = |cause| failed_to(pair("sostituire", "replace"), &target)(cause);
        let had_earlier = target.exists();
        if had_earlier {
            fs::rename(&target, &previous).map_err(failed)?;
        }
        if let Err(cause) = fs::rename(&self.aside, &target) {
            if had_earlier {
                fs::rename(&previous, &target).map_err(failed)?;
            }
            return Err(failed(cause));
        }
        self.finished = true;
        if had_earlier {
            // Where this fails nothing is lost: the next run finds the earlier result and tries again.
            discard_earlier(&previous, &target).map_err(failed)?;
        }
        Ok(target)
    }

    fn cannot_write(&self, name: &str, cause: std::io::Error) -> Failure {
        let folder = self.root.join(&self.name).display().to_string();
        let what = told!(
            "non si può scrivere {name} di {folder}",
            "cannot write {name} of {folder}";
            name,
            folder,
        );
        Failure::Files { what, cause }
    }
}

impl Drop for OutputFolder {
    /// What was not finished leaves nothing behind.
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_dir_all(&self.aside);
        }
    }
}

/// A file put into a result folder beside what stands there, or into a new folder.
pub struct GuestFile {
    root: PathBuf,
    name: String,
    /// Held until the file is in its place.
    _lock: FolderLock,
}

impl GuestFile {
    /// Prepares to write into the folder of a scenario under `root`; nothing in it is touched, and it is not made yet.
    ///
    /// # Errors
    /// [`Failure::Files`] if `root` cannot be made, or if a run is writing the folder.
    pub fn prepare(root: &Path, name: &str) -> Result<GuestFile, Failure> {
        fs::create_dir_all(root).map_err(failed_to(pair("creare la cartella", "make the folder"), root))?;
        let lock = FolderLock::take(root, name)?;
        tidy(root, name)?;
        Ok(GuestFile { root: root.to_path_buf(), name: name.to_string(), _lock: lock })
    }

    /// Writes the file aside and renames it: an earlier one of its name is replaced only when this one is whole.
    ///
    /// # Errors
    /// [`Failure::Files`] if it cannot be written.
    pub fn write(self, file: &OutputFile) -> Result<PathBuf, Failure> {
        let folder = self.root.join(&self.name);
        let failed = |path: &Path| failed_to(pair("scrivere", "write"), path);
        let target = folder.join(&file.name);
        let aside = folder.join(format!(".{}.partial", file.name));
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        if let Err(cause) = fs::write(&aside, &file.bytes).and_then(|()| fs::rename(&aside, &target)) {
            let _ = fs::remove_file(&aside);
            return Err(failed(&target)(cause));
        }
        Ok(target)
    }
}

/// The failure to do something to a file or folder.
fn failed_to(act: Pair, path: &Path) -> impl FnOnce(std::io::Error) -> Failure + use<> {
    let path = path.display().to_string();
    let what = told!("non si può {act} {path}", "cannot {act} {path}"; act, path);
    move |cause| Failure::Files { what, cause }
}

/// Cleans up what runs that were killed left of a folder; the lock is held, so no run is writing to it.
fn tidy(root: &Path, name: &str) -> Result<(), Failure> {
    let target = root.join(name);
    for path in [target.clone(), root.join(format!(".{name}.previous"))] {
        // Also a link that leads nowhere is in the way.
        if fs::symlink_metadata(&path).is_ok() && !path.is_dir() {
            let cause = std::io::Error::from(std::io::ErrorKind::NotADirectory);
            return Err(failed_to(pair("scrivere risultati in", "write results to"), &path)(cause));
        }
    }
    // A run that was killed while it replaced a result left the earlier one here: the whole of it if the new one did
    // not get to its place, else what users had put into it.
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
        if leftover {
            fs::remove_dir_all(entry.path()).map_err(failed_to(pair("togliere", "remove"), &entry.path()))?;
        }
    }
    Ok(())
}

/// The right to write one result folder: a locked file beside it, so that of two runs at once one is told so.
pub(super) struct FolderLock {
    file: File,
    path: PathBuf,
}

impl FolderLock {
    /// Takes it.
    ///
    /// # Errors
    /// [`Failure::Files`] if somebody else has it.
    pub(super) fn take(root: &Path, name: &str) -> Result<FolderLock, Failure> {
        let path = root.join(format!(".{name}.lock"));
        let failed = |cause| failed_to(pair("riservare", "lock"), &root.join(name))(cause);
        loop {
            let file = File::create(&path).map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let cause = std::io::Error::from(std::io::ErrorKind::ResourceBusy);
                    let folder = root.join(name).display().to_string();
                    let what = told!(
                        "un’altra esecuzione sta scrivendo {folder}",
                        "another run is writing {folder}";
                        folder,
                    );
                    return Err(Failure::Files { what, cause });
                }
                Err(TryLockError::Error(cause)) => return Err(failed(cause)),
            }
            // The run before may have removed the file between our opening and locking it.
            if is_still_there(&file, &path) {
                return Ok(FolderLock { file, path });
            }
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

/// Whether a path still names an open file.
#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(named)) => open.ino() == named.ino() && open.dev() == named.dev(),
        _ => false,
    }
}

/// Whether a path still names an open file: elsewhere a locked file cannot be removed.
#[cfg(not(unix))]
fn is_still_there(_file: &File, path: &Path) -> bool {
    path.exists()
}

/// Removes an earlier result once its successor stands and has what users had put into it.
fn discard_earlier(earlier: &Path, new: &Path) -> std::io::Result<()> {
    keep_foreign_files(earlier, new)?;
    fs::remove_dir_all(earlier)
}

/// Moves what the user put into an earlier result (notes, a spreadsheet) to the new one: every file that the earlier
/// `run.json` does not list. A name that the new result has too is kept beside it with `.earlier` at its end.
fn keep_foreign_files(earlier: &Path, new: &Path) -> std::io::Result<()> {
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
            let mut target = new.join(&name);
            if target.exists() {
                let mut beside = target.into_os_string();
                beside.push(".earlier");
                target = PathBuf::from(beside);
            }
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::rename(entry.path(), target)?;
        }
    }
    Ok(())
}

/// How many paths the record of a result names, if there is one.
pub fn recorded_paths(folder: &Path) -> Option<u64> {
    record_of(folder)?["paths"].as_u64()
}

fn record_of(folder: &Path) -> Option<serde_json::Value> {
    serde_json::from_slice(&fs::read(folder.join(RECORD_FILE)).ok()?).ok()
}

/// The files that a result's own record lists, and the record; nothing if it has none.
fn own_files(folder: &Path) -> BTreeSet<String> {
    let record = record_of(folder);
    let Some(outputs) = record.as_ref().and_then(|record| record["outputs"].as_object()) else {
        return BTreeSet::new();
    };
    outputs.keys().cloned().chain([RECORD_FILE.to_string()]).collect()
}
