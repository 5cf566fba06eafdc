//! From paths to statistics: exact, mergeable, independent of the order and of the number of threads.
//!
//! 1. [`columns`] names the figures that every path leaves, as integers (cents, counts, 1e-9 of a ratio).
//! 2. [`block`] simulates a fixed block of paths and lays their figures out in columns.
//! 3. [`moments`] (sums and squares), [`distribution`] (quantiles, tails, histogram), [`timeline`] (quarters) and
//!    [`contributions`] (who makes the tail) absorb blocks. Everything in them is an integer, so that absorbing in
//!    blocks, shards or all at once gives the same result.
//! 4. [`collector`] strings them together, [`summary`] turns them into figures with their errors.
//! 5. [`precision`] goes on until the headline figures are known well enough.
//! 6. [`census`] counts applicants and first projects; [`exact_check`] holds the run against exact expectations.
//!
//! 7. [`part`] writes down what some blocks of a run leave, so that several machines can share a run, and a run that was
//!    killed can go on; [`coverage`] says which blocks are there.
//!
//! [`uncertain`] draws the assumptions that are not known, group of paths by group (`--uncertain`).
//! [`order_statistic`] finds the path at a quantile of a figure.

pub mod block;
pub mod census;
pub mod collector;
pub mod columns;
pub mod contributions;
pub mod coverage;
pub mod distribution;
pub mod exact_check;
pub mod figures;
pub mod groups;
pub mod lifetime;
pub mod moments;
pub mod order_statistic;
mod page;
pub mod part;
pub mod precision;
pub mod selection;
pub mod summary;
pub mod tail;
pub mod timeline;
pub mod timeline_codec;
pub mod timeline_lanes;
pub mod uncertain;

/// Paths of one block: the unit of work and of random access.
pub const BLOCK_PATHS: u64 = 1_024;

/// Up to this many paths every quantile is exact (MODEL.md section 9).
pub const EXACT_PATHS: u64 = 131_072;

/// Timeline quantiles are taken over the first so many paths (MODEL.md section 9).
pub const TIMELINE_PATHS: u64 = 65_536;

/// The quantiles that are reported, in thousandths.
pub const QUANTILE_PER_MILLE: [u32; 13] = [1, 10, 25, 50, 100, 250, 500, 750, 900, 950, 975, 990, 999];

/// The levels of expected shortfall that are reported, in thousandths.
pub const SHORTFALL_PER_MILLE: [u32; 3] = [950, 990, 999];

/// Name of a level in files: 990 is `0.99`.
pub fn level_name(per_mille: u32) -> String {
    let digits = format!("{per_mille:03}");
    format!("0.{}", digits.trim_end_matches('0'))
}

/// Rank (1-based) of the quantile `per_mille / 1000` of `n` values: `ceil(p n)`, in integers.
pub fn quantile_rank(n: u64, per_mille: u32) -> u64 {
    ((n as u128 * per_mille as u128).div_ceil(1_000) as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_named_as_in_files() {
        assert_eq!(level_name(1), "0.001");
        assert_eq!(level_name(25), "0.025");
        assert_eq!(level_name(500), "0.5");
        assert_eq!(level_name(990), "0.99");
        assert_eq!(level_name(999), "0.999");
    }

    #[test]
    fn ranks_are_the_ceiling() {
        assert_eq!(quantile_rank(1000, 999), 999);
        assert_eq!(quantile_rank(100, 999), 100);
        assert_eq!(quantile_rank(10, 1), 1);
        assert_eq!(quantile_rank(7, 500), 4);
    }
}
