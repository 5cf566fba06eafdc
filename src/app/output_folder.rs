//! A result folder that is whole or not there: written aside, then renamed.

use super::folder_lock::FolderLock;
use super::standing_result::{make_durable, put_in_place, tidy};
use super::{Failure, failed_to};
use crate::locale::{pair, told};
use crate::report::OutputFile;
use crate::report::run_record::sha256;
use std::collections::BTreeMap;
use std::fs::{self, File};
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
        // Nothing has that name now but a file that some user gave it.
        let mut process = std::process::id().to_string();
        let mut aside = root.join(format!(".{name}.{process}.partial"));
        while fs::symlink_metadata(&aside).is_ok() && process.len() < 20 {
            process.push('0');
            aside = root.join(format!(".{name}.{process}.partial"));
        }
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
    /// [`Failure::Files`] if a file is missing or cannot be brought to the disk, or if the folder cannot be renamed; an
    /// earlier result then stays where it was.
    pub fn finish(mut self, interrupted: bool) -> Result<PathBuf, Failure> {
        let name = if interrupted { format!("{}.interrupted", self.name) } else { self.name.clone() };
        let target = self.root.join(&name);
        let failed = |cause| failed_to(pair("sostituire", "replace"), &target)(cause);
        make_durable(&self.aside, self.hashes.keys()).map_err(failed)?;
        put_in_place(&self.root, &name, &self.aside).map_err(failed)?;
        self.finished = true;
        // Where this fails nothing is lost: the next run finds the earlier result and tries again.
        tidy(&self.root, &name)?;
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
        // What a killed run left there, or a link that would lead elsewhere.
        let _ = fs::remove_file(&aside);
        let written = File::create_new(&aside).and_then(|mut part| {
            part.write_all(&file.bytes)?;
            part.sync_all()
        });
        if let Err(cause) = written.and_then(|()| fs::rename(&aside, &target)) {
            let _ = fs::remove_file(&aside);
            return Err(failed(&target)(cause));
        }
        Ok(target)
    }
}
