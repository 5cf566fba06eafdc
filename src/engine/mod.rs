//! One path of the fund, quarter by quarter: MODEL.md sections 1 to 8.
//!
//! The story of a path ([`path::PathSimulator::run`]):
//!
//! 1. [`factors`]: the luck that everybody shares is drawn: demand, PD level, economy.
//! 2. Each quarter, always in the order of MODEL.md section 1: the Region pays in ([`books`]), cash bears
//!    interest, the manager is paid, running projects pay or default ([`projects`]), guarantee calls are paid
//!    and recoveries received ([`guarantees`]), approved projects are disbursed, applicants are decided
//!    ([`applicants`], [`approval`]).
//! 3. At the horizon the books are closed and the cash identity is checked, on every path of every build.
//!
//! Three engines run the same path: [`path`], which tells the story step by step and is the reference; [`kernel`], which
//! gives the same cents several times faster; and [`settled`], faster still, for lists of borrowers who are all surely
//! approved. [`chunk`] runs one of them and lays paths out side by side.
//! A recorder ([`events`]) hears every event as it happens; without one the telling costs nothing.
//!
//! The engine knows no files, no languages and no statistics. It maps `(plan, path number)` to a
//! [`totals::PathTotals`] and the [`totals::TimelineRow`]s of its quarters, by integer cents and addressed random
//! numbers only, so that any path can be computed anywhere, in any order, with the same result.

pub mod applicants;
pub mod approval;
pub mod books;
pub mod chunk;
pub mod defaults;
pub mod events;
pub mod factors;
pub mod forced;
pub mod guarantees;
pub mod kernel;
pub mod luck;
pub mod path;
pub mod projects;
pub mod settled;
pub mod tilt;
pub mod totals;

pub use path::PathSimulator;

/// An accounting identity that must hold on every path did not. This is a bug of the program, never of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("path {path}, quarter {quarter}: {what}")]
pub struct InvariantBroken {
    /// The path, counted from 0.
    pub path: u64,
    /// The fund quarter in which it was found.
    pub quarter: u32,
    /// Which identity, with its two sides.
    pub what: String,
}
