//! From text to a [`Scenario`](crate::scenario::Scenario): files, inheritance, what-ifs, checks.
pub mod keys;
mod load;
mod merge;
mod number;
mod set;
mod tree;
pub use set::{Operation, SetOption};
use std::path::Path;

/// Where the texts come from: the shell reads files, tests keep them in memory.
pub trait Files {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Whatever kept the file from being read.
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>>;
}
