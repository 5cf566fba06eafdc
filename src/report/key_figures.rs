//! The key figures of a run.
