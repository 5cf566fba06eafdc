//! One run at a time writes a result folder.

use super::{Failure, failed_to, is_a_link};
use crate::locale::{pair, told};
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The right to write one result folder: a locked file beside it, so that of two runs at once one is told so.
pub struct FolderLock {
    file: File,
    path: PathBuf,
}

impl FolderLock {
    /// Takes the right to write a folder under `root`.
    ///
    /// # Errors
    /// [`Failure::Files`] if another run has it, or if the file cannot be made.
    pub fn take(root: &Path, name: &str) -> Result<FolderLock, Failure> {
        let path = root.join(format!(".{name}.lock"));
        let failed = |cause| failed_to(pair("riservare", "lock"), &root.join(name))(cause);
        loop {
            // A link could lead to any file, which must not be made or locked for it.
            // Opening a pipe would wait for whoever reads it.
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_symlink() => return Err(is_a_link(&path)),
                Ok(found) if !found.is_file() => return Err(failed(ErrorKind::AlreadyExists.into())),
                _ => {}
            }
            let file =
                File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
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
        // Not that of another run, if somebody removed the whole output folder meanwhile.
        if is_still_there(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
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
