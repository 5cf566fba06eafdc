//! Runs under assumptions that are not known: `fesr run --uncertain`.
//!
//! Each group of [`GROUP_PATHS`] paths lives in a world of its own: the assumptions of `[uncertainty]` are drawn once for
//! the group ([`Worlds`]), its paths share them and have the luck that they have in any run. So the spread of all
//! paths is that of luck and of what we do not know, and so are quantiles, shortfalls, histograms and fans.
//!
//! # Errors and intervals
//!
//! Paths of one group are not independent; groups are. Every error is therefore that of the spread between sets of 64
//! paths, which are four whole groups each (cluster sampling, Cochran 1977, sections 9.2 and 11.4), and comes from the
//! code that does the same for the sets of `--tail` ([`crate::aggregate::tail::interval`]), with all weights equal:
//! means by Student's law, chances by the effective number of paths (Korn and Graubard 1998), quantiles by inverting the
//! interval of the chance beyond them (Woodruff 1952), shortfalls by influence, widened for skewness.
//!
//! # Luck and ignorance
//!
//! [`split`] tells the variance of a figure apart: within groups (luck: what would be left if the assumptions were known)
//! and between them (ignorance: what would go).
//!
//! # What is decided here
//!
//! - What the fund is stays known: horizon, endowment, budgets, the Union's share and what else figures divide by
//!   ([`same_frame`]). They are decisions, and figures of paths that divide by different amounts could not be told as one.
//! - Not together with `--tail` (its weights are those of one law of luck; drawn worlds have many) nor with a
//!   precision (its stopping rule knows the intervals of independent paths).
//! - Exact checks do not apply: their expectations are those of the scenario's own assumptions.
//! - A draw that makes no valid scenario (two correlations that add up to more than 1) stops the run with its values: to
//!   draw again would change the law of the others without a word.

pub mod block;
pub mod split;

pub use split::VarianceSplit;

use crate::aggregate::tail::collector::MOST_TAIL_PATHS;
use crate::engine::tilt::SET_PATHS;
use crate::plan::Plan;

/// Paths that share a world. A set, from which errors come, holds whole groups only, and so does a block.
pub const GROUP_PATHS: u64 = 16;

/// Most paths of a run, as for weighted paths.
pub const MOST_PATHS: u64 = MOST_TAIL_PATHS;

const _: () = assert!(SET_PATHS.is_multiple_of(GROUP_PATHS) && super::BLOCK_PATHS.is_multiple_of(SET_PATHS));

/// Where the worlds of the groups come from. What a group's world is depends on its number alone.
pub trait Worlds: Sync {
    /// The plan of a group; `None` if what was drawn makes no valid scenario: the run ends there.
    fn plan(&self, group: u64) -> Option<Plan>;
}

/// Whether two plans of the same scenario have what figures and timelines take as given: as many quarters from the same
/// one, the same money, the same parts.
pub fn same_frame(one: &Plan, other: &Plan) -> bool {
    let fund = |plan: &Plan| {
        (plan.seed, plan.quarters, plan.start, plan.endowment, plan.union_share.to_bits(), plan.reports_aid)
    };
    let lines = |plan: &Plan| -> Vec<_> {
        plan.lines
            .iter()
            .map(|line| {
                let budgets = (line.loans_budget, line.guarantees_budget, line.grants_budget);
                (line.number, budgets, line.guarantee.capped, line.products.len())
            })
            .collect()
    };
    fund(one) == fund(other)
        && lines(one) == lines(other)
        && one.credit.rating_names == other.credit.rating_names
        && one.credit.hazards.len() == other.credit.hazards.len()
}

/// What a run says of its worlds.
#[derive(Clone, Debug, PartialEq)]
pub struct UncertainSummary {
    /// Whole groups, each with its own world.
    pub groups: u64,
    /// Luck and ignorance of each figure, in the order of [`crate::aggregate::summary::Summary::metrics`]; `None` where
    /// there are too few groups or no variance.
    pub splits: Vec<Option<VarianceSplit>>,
}
