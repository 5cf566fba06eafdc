//! Which path stands at a quantile of a figure: one figure of every path, exactly, at any number of paths.

use super::BLOCK_PATHS;
use super::figures::Figures;
use crate::engine::{InvariantBroken, PathSimulator};
use crate::plan::Plan;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// Blocks simulated between two looks at the stop flag from the outside.
const BATCH_BLOCKS: u64 = 16;

/// The path at a rank of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderStatistic {
    /// The first path with the value.
    pub path: u64,
    /// The value: cents, counts, 1e-9 of a ratio.
    pub value: i64,
    /// Its rank among all paths in ascending order, from 1 on.
    pub rank: u64,
    /// How many paths have this value.
    pub ties: u64,
    /// How many have a larger one.
    pub above: u64,
    /// Of how many paths.
    pub paths: u64,
}

/// The figure at position `column` of [`super::columns::columns`] of paths `0 .. paths`, in order of paths; `None` if `stop` was raised before all were simulated.
/// Eight bytes a path. `simulated` hears of so many more paths, from any thread.
///
/// # Errors
/// [`InvariantBroken`] of the first path whose books do not balance: a bug.
pub fn figure_of_each_path(
    plan: &Plan,
    column: usize,
    paths: u64,
    stop: &AtomicBool,
    simulated: &(impl Fn(u64) + Sync),
) -> Result<Option<Vec<i64>>, InvariantBroken> {
    let figures = Figures::new(plan);
    let blocks = paths.div_ceil(BLOCK_PATHS);
    let mut values = Vec::new();
    let mut next = 0;
    while next < blocks {
        let batch = next..(next + BATCH_BLOCKS).min(blocks);
        next = batch.end;
        let parts: Vec<Option<Result<Vec<i64>, InvariantBroken>>> = batch
            .into_par_iter()
            .map(|block| {
                if stop.load(Ordering::Relaxed) {
                    return None;
                }
                let part = simulate_block(plan, &figures, column, block, paths);
                if let Ok(part) = &part {
                    simulated(part.len() as u64);
                }
                Some(part)
            })
            .collect();
        for part in parts {
            match part {
                Some(part) => values.extend(part?),
                None => return Ok(None),
            }
        }
    }
    Ok(Some(values))
}

fn simulate_block(
    plan: &Plan,
    figures: &Figures,
    column: usize,
    block: u64,
    paths: u64,
) -> Result<Vec<i64>, InvariantBroken> {
    let first = block * BLOCK_PATHS;
    let mut simulator = PathSimulator::new(plan);
    (first..(first + BLOCK_PATHS).min(paths))
        .map(|path| {
            simulator.run(path)?;
            let mut figure = 0;
            figures.of(simulator.totals(), |position, value| {
                if position == column {
                    figure = value;
                }
            });
            Ok(figure)
        })
        .collect()
}

/// The first path whose value has rank `rank` (from 1 on, ascending) among all values.
///
/// # Panics
/// If there is no such rank.
pub fn path_of_rank(values: &[i64], rank: u64) -> OrderStatistic {
    let mut ordered = values.to_vec();
    let (_, &mut value, _) = ordered.select_nth_unstable(rank as usize - 1);
    let path = values.iter().position(|&other| other == value).expect("the value is one of them");
    OrderStatistic {
        path: path as u64,
        value,
        rank,
        ties: values.iter().filter(|&&other| other == value).count() as u64,
        above: values.iter().filter(|&&other| other > value).count() as u64,
        paths: values.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_path_with_the_value_is_named() {
        let values = [5, 3, 9, 3, 3, -1];
        for (rank, path, value, ties, above) in
            [(1, 5, -1, 1, 5), (2, 1, 3, 3, 2), (4, 1, 3, 3, 2), (5, 0, 5, 1, 1), (6, 2, 9, 1, 0)]
        {
            let expected = OrderStatistic { path, value, rank, ties, above, paths: 6 };
            assert_eq!(path_of_rank(&values, rank), expected);
        }
    }
}
