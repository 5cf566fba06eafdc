//! Scenario files from the disk: plain files only, a bounded part of each, and of those that a file names only the ones
//! it may know of.
//!
//! A scenario may come from somebody else. What it `extends` and the list of borrowers it names are read only from the
//! working folder and from the folder of the scenario itself, each with all below it, links resolved; whoever trusts the
//! files says `--allow-outside`. The scenarios that were typed on the command line are read wherever they lie; a path in a
//! `--set` option is held to the same bounds as in a file. Pipes and devices are
//! refused, for reading them may never end.

use crate::reading::{Files, LARGEST_FILE, OutsideFile};
use std::fs::{self, File};
use std::io::{Error, ErrorKind, Read, Result};
use std::path::{Path, PathBuf};

/// The file system as the reader of a scenario sees it.
pub struct Disk {
    /// Folders in which a file may name others, links resolved; `None`: anywhere.
    grounds: Option<Vec<PathBuf>>,
}

impl Disk {
    /// The files around what was typed on the command line; all files if the user says so.
    pub fn around(typed: &[&Path], allow_outside: bool) -> Disk {
        if allow_outside {
            return Disk { grounds: None };
        }
        let working = std::env::current_dir().ok();
        let own = typed.iter().map(|path| match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        });
        let grounds = working.into_iter().chain(own).filter_map(|folder| folder.canonicalize().ok());
        Disk { grounds: Some(grounds.collect()) }
    }

    fn is_on_grounds(&self, resolved: &Path) -> bool {
        self.grounds.as_ref().is_none_or(|grounds| grounds.iter().any(|ground| resolved.starts_with(ground)))
    }
}

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<Vec<u8>> {
        read_plain(path, LARGEST_FILE)
    }

    fn read_named(&self, path: &Path) -> Result<Vec<u8>> {
        // Whether a file outside exists is not told either.
        if !self.is_on_grounds(&resolved(path)?) {
            return Err(OutsideFile.into());
        }
        let whole = path.canonicalize()?;
        if !self.is_on_grounds(&whole) {
            return Err(OutsideFile.into());
        }
        read_plain(&whole, LARGEST_FILE)
    }
}

/// Where a path leads, links resolved as far as there is something.
fn resolved(path: &Path) -> Result<PathBuf> {
    let whole = std::path::absolute(path)?;
    for folder in whole.ancestors() {
        if let Ok(resolved) = folder.canonicalize() {
            let rest = whole.strip_prefix(folder).unwrap_or(Path::new(""));
            return Ok(resolved.join(rest));
        }
    }
    Ok(whole)
}

/// The first bytes of a plain file, at most `limit` and one; links to one are followed.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] if it is a pipe, a socket or a device; else whatever kept it from being read.
pub fn read_plain(path: &Path, limit: usize) -> Result<Vec<u8>> {
    // Before it is opened: opening a pipe waits for somebody who writes to it.
    let facts = fs::metadata(path)?;
    if facts.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !facts.is_file() {
        return Err(Error::new(ErrorKind::InvalidInput, "it is a pipe or a device, not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
