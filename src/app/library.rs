//! The files of a study: from the disk, from the disk and noted down, or as they were noted down.
//!
//! A share of a study notes every file that it reads, so that its part can be merged elsewhere and later: the merge reads
//! the same scenarios under the same names, and nothing from the disk.

use super::disk::Disk;
use crate::reading::Files;
use crate::report::study_part::FilesRead;
use std::io::{ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Where a study reads its files.
pub enum Library {
    /// From the disk.
    Disk,
    /// From the disk, noting them down.
    Noting(Mutex<FilesRead>),
    /// As they were noted down.
    Noted(FilesRead),
}

impl Library {
    /// From the disk, noting down what is read.
    pub fn noting() -> Library {
        Library::Noting(Mutex::default())
    }

    /// What was read so far; nothing if it was not noted down.
    pub fn read_so_far(&self) -> FilesRead {
        match self {
            Library::Disk => FilesRead::default(),
            Library::Noting(read) => read.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Library::Noted(read) => read.clone(),
        }
    }

    /// The files around what was typed, as [`Disk::around`].
    pub fn around(&self, typed: &[&Path], allow_outside: bool) -> Shelf<'_> {
        Shelf { library: self, disk: Disk::around(typed, allow_outside) }
    }

    /// The economies beside a scenario, which `look` finds on the disk.
    pub fn economies(&self, look: impl FnOnce() -> Vec<PathBuf>) -> Vec<PathBuf> {
        match self {
            Library::Disk => look(),
            Library::Noting(read) => {
                let found = look();
                let names = found.iter().map(|path| path.display().to_string()).collect();
                read.lock().unwrap_or_else(PoisonError::into_inner).economies = Some(names);
                found
            }
            Library::Noted(read) => read.economies.iter().flatten().map(PathBuf::from).collect(),
        }
    }
}

/// The files of a library as the reader of a scenario sees them.
pub struct Shelf<'l> {
    library: &'l Library,
    disk: Disk,
}

impl Shelf<'_> {
    fn take(&self, path: &Path, from_disk: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let name = path.display().to_string();
        match self.library {
            Library::Disk => from_disk(),
            Library::Noting(read) => {
                let bytes = from_disk()?;
                // Scenarios and lists of borrowers are UTF-8; the reader refuses anything else.
                if let Ok(text) = String::from_utf8(bytes.clone()) {
                    read.lock().unwrap_or_else(PoisonError::into_inner).texts.insert(name, text);
                }
                Ok(bytes)
            }
            Library::Noted(read) => match read.texts.get(&name) {
                Some(text) => Ok(text.clone().into_bytes()),
                None => Err(ErrorKind::NotFound.into()),
            },
        }
    }
}

impl Files for Shelf<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>> {
        self.take(path, || self.disk.read(path))
    }

    fn read_named(&self, path: &Path) -> Result<Vec<u8>> {
        self.take(path, || self.disk.read_named(path))
    }
}
