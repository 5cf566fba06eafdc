//! Importance sampling of the tail: `fesr run --tail`.

pub mod block;
pub mod collector;
pub mod contributions;
pub mod distribution;
pub mod fit;
pub mod interval;
pub mod moments;
pub mod pilot;
pub mod ranked;
pub mod summary;
pub mod timeline;

pub use collector::TailCollector;
pub use summary::TailSummary;
