//! The books that the Region must keep: what it reports year by year, whether the money is spent in time, what the fund
//! costs the public and where that cost comes from, and what it brings.
//!
//! The engines of a run leave totals over the life of the fund. These books need to know when things happened, so that
//! paths are played once more by the reference engine with a [`Recorder`](crate::engine::events::Recorder) that adds up
//! their events quarter by quarter ([`path_books`]). That is done only if somebody asks: a scenario with `[[milestone]]` or
//! `[lineN.outcomes]`, or `fesr run --annual-report`; all other runs keep their speed and their bytes.
//!
//! | part | what it tells |
//! | --- | --- |
//! | [`annual`] | the yearly report of Reg. 1303/2013 art. 46, year by year and to date |
//! | [`absorption`] | paid in, committed and disbursed as shares of the endowment, against the milestones |
//! | [`subsidy`] | `subsidy_cost` split into its sources, to the cent on every path |
//! | [`outcomes`] | places, people, jobs: what completed investments bring, and per euro lost and spent |
//! | [`leverage`] | the leverage that the funding agreement expects, or that the budgets imply |
//! | [`collector`], [`summary`] | all paths, and their figures with errors |
//!
//! # What is exact
//!
//! - On every path of every build the books must agree to the cent with the totals that the engine itself keeps of the
//!   path ([`path_books::PathBooks::check`]); if they do not, the run stops with exit code 70.
//! - Means and standard errors are over all paths. Quantiles of the cost and of outcomes too; those of the yearly report
//!   and of absorption, a thousand columns, are over the first [`BAND_PATHS`].
//! - Blocks of paths are absorbed in order of their numbers and hold integers only: bytes do not depend on threads.
//!
//! # Decisions
//!
//! - Paths are drawn as the model says, also under `--tail`: the report of a year has no tail to look at. A run that draws
//!   its assumptions (`--uncertain`) leaves no books: they follow the scenario as it stands.
//! - A run that was interrupted leaves no such books; once the books are begun they are finished (a second Ctrl-C stops
//!   at once).
//! - *Disbursed* is what Reg. 1303/2013 art. 42(1)(a) and (b) count: fund loans disbursed, grants paid, and reserves of
//!   guarantees whose loans were disbursed. Management costs (art. 42(1)(d)) are eligible too, but no milestone is met by
//!   paying the manager.
//! - *Committed* is what was approved less what withdrew: fund loans, grants and reserves.
//! - *Completed* is the investment of projects that were disbursed and did not default by their last payment or the
//!   horizon. The model has no date of completion; a project that fails is taken not to serve anybody, whenever it fails.
//!   Beside it stands what the investment supported would bring if nothing failed.
//! - *Spent for good* is what does not come back: fund loss, grants paid less those recovered, and management costs.
//!   Outcomes per euro are ratios of means and not means of ratios, because many futures lose nothing; their error is that
//!   of the delta method.

pub mod absorption;
pub mod annual;
pub mod collector;
pub mod leverage;
pub mod outcomes;
pub mod path_books;
pub mod subsidy;
pub mod summary;

pub use summary::RegionBooks;

use crate::scenario::Scenario;

/// Paths of one block of the pass.
pub const BOOK_BLOCK: u64 = 256;

/// Quantiles of the yearly report and of absorption are taken over the first so many paths.
pub const BAND_PATHS: u64 = 16_384;

/// Whether a run of the scenario keeps these books: it was asked for the yearly report, or the scenario has something that
/// only the books can tell.
pub fn wanted(scenario: &Scenario, annual_report: bool) -> bool {
    annual_report || !scenario.milestones.is_empty() || scenario.lines().any(|line| !line.outcomes.is_empty())
}
