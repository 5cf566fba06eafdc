//! A result folder as it is found: read, never written, and not trusted. Links are not followed, so that nothing
//! outside the folder is read.

use super::Failure;
use crate::locale::told;
use crate::report::run_record::RECORD_FILE;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// A folder with the names of its plain files.
pub struct ResultFolder {
    root: PathBuf,
    files: BTreeSet<String>,
}

impl ResultFolder {
    /// Lists a folder.
    ///
    /// # Errors
    /// [`Failure::Usage`] if it is no result folder, [`Failure::Files`] if it cannot be read.
    pub fn open(root: &Path) -> Result<ResultFolder, Failure> {
        let name = root.display().to_string();
        match fs::metadata(root) {
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                return Err(Failure::Usage(
                    told!("la cartella {name} non esiste", "there is no folder {name}"; name),
                ));
            }
            Err(cause) => return Err(cannot_read(root, cause)),
            Ok(found) if !found.is_dir() => {
                return Err(Failure::Usage(told!(
                    "{name} non è una cartella; indicare la cartella lasciata da un’esecuzione",
                    "{name} is not a folder; name the folder that a run left";
                    name,
                )));
            }
            Ok(_) => {}
        }
        // Before anything else is listed: this may be any folder.
        let record = root.join(RECORD_FILE);
        if fs::symlink_metadata(&record).is_ok_and(|found| !found.is_file()) {
            return Err(Failure::Usage(told!(
                "{name}: {file} non è un file: un collegamento, una cartella, una pipe o un dispositivo non si legge",
                "{name}: {file} is not a file: a link, a folder, a pipe or a device is not read";
                name,
                file = RECORD_FILE,
            )));
        }
        if !is_plain_file(&record) {
            let inside = results_inside(root);
            let hint = match inside.first() {
                Some(first) => told!(
                    "; si intendeva {first}?",
                    "; did you mean {first}?";
                    first = first.display().to_string(),
                ),
                None => told!(
                    ": `fesr run` le lascia come output/NOME",
                    ": `fesr run` leaves them as output/NAME"
                ),
            };
            return Err(Failure::Usage(told!(
                "{name} non è una cartella di risultati, perché non ha {file}{hint}",
                "{name} is not a result folder, for it has no {file}{hint}";
                name,
                file = RECORD_FILE,
                hint,
            )));
        }
        let mut files = BTreeSet::new();
        let mut folders = vec![(root.to_path_buf(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            let entries = fs::read_dir(&folder).map_err(|cause| cannot_read(&folder, cause))?;
            for entry in entries {
                let entry = entry.map_err(|cause| cannot_read(&folder, cause))?;
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                // The kind of the entry itself: links count as neither.
                let kind = entry.file_type().map_err(|cause| cannot_read(&entry.path(), cause))?;
                if kind.is_dir() {
                    folders.push((entry.path(), format!("{name}/")));
                } else if kind.is_file() {
                    files.insert(name);
                }
            }
        }
        Ok(ResultFolder { root: root.to_path_buf(), files })
    }

    /// Names of the plain files, with `/`.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// Opens a file; `None` if there is no plain file of that name.
    ///
    /// # Errors
    /// [`Failure::Files`] if it cannot be opened.
    pub fn reader(&self, name: &str) -> Result<Option<BufReader<File>>, Failure> {
        if !self.files.contains(name) {
            return Ok(None);
        }
        let path = self.root.join(name);
        let file = File::open(&path).map_err(|cause| cannot_read(&path, cause))?;
        Ok(Some(BufReader::with_capacity(1 << 16, file)))
    }

    /// The bytes of a file, at most `limit` and one; `None` if there is no plain file of that name.
    ///
    /// # Errors
    /// [`Failure::Files`] if it cannot be read.
    pub fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, Failure> {
        let Some(reader) = self.reader(name)? else { return Ok(None) };
        let mut bytes = Vec::new();
        let read = reader.take(limit as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|cause| cannot_read(&self.root.join(name), cause))?;
        Ok(Some(bytes))
    }

    /// SHA-256 of a file; `None` if there is no plain file of that name.
    ///
    /// # Errors
    /// [`Failure::Files`] if it cannot be read.
    pub fn hash(&self, name: &str) -> Result<Option<String>, Failure> {
        let Some(mut reader) = self.reader(name)? else { return Ok(None) };
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count =
                reader.read(&mut buffer).map_err(|cause| cannot_read(&self.root.join(name), cause))?;
            if count == 0 {
                break;
            }
            hasher.update(&buffer[..count]);
        }
        Ok(Some(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The failure to read a file of the folder.
    pub fn cannot_read(&self, name: &str, cause: std::io::Error) -> Failure {
        cannot_read(&self.root.join(name), cause)
    }
}

fn cannot_read(path: &Path, cause: std::io::Error) -> Failure {
    let path = path.display().to_string();
    Failure::Files { what: told!("non si può leggere {path}", "cannot read {path}"; path), cause }
}

fn is_plain_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}

/// Folders directly inside that look like results, for somebody who named the folder above.
fn results_inside(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let mut inside: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| is_plain_file(&path.join(RECORD_FILE))).collect();
    inside.sort();
    inside
}
