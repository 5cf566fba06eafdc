//! The reader against files in memory: every key, every class of error with its place and hint, inheritance, what-ifs.

#[path = "reader/sample.rs"]
mod sample;

#[path = "reader/accepts.rs"]
mod accepts;
