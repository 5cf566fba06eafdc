//! Scenario files from the disk.

use crate::reading::Files;
use std::path::Path;

/// The file system as the reader sees it.
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }
}
