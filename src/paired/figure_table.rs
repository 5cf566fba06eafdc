//! The figures of every path of a plan, kept: one column a figure, one row a path.

use crate::aggregate::BLOCK_PATHS;
use crate::aggregate::block::BlockOutcome;
use crate::aggregate::columns::Column;
use crate::aggregate::figures::Figures;
use crate::engine::InvariantBroken;
use crate::engine::chunk::{CHUNK_PATHS, ChunkSimulator};
use crate::engine::kernel::terms::KernelTerms;
use crate::isa::Isa;
use crate::plan::Plan;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// Blocks simulated between two looks at the stop flag from the outside.
const BATCH_BLOCKS: u64 = 16;

/// Figures of paths `0 .. paths`, carried as whole cents, counts or 1e-9 of a ratio. Eight bytes a path and figure.
#[derive(Clone, Debug)]
pub struct FigureTable {
    columns: Vec<Column>,
    values: Vec<Vec<i64>>,
}

impl FigureTable {
    /// Without paths.
    pub fn new(columns: &[Column]) -> FigureTable {
        FigureTable { columns: columns.to_vec(), values: vec![Vec::new(); columns.len()] }
    }

    /// Of values that were simulated before: a list for each column, in their order, one value a path.
    pub fn of_values(columns: &[Column], values: Vec<Vec<i64>>) -> FigureTable {
        debug_assert_eq!(columns.len(), values.len());
        FigureTable { columns: columns.to_vec(), values }
    }

    /// The values, column after column.
    pub fn into_values(self) -> Vec<Vec<i64>> {
        self.values
    }

    /// Simulates the first `paths` paths of a plan.
    ///
    /// # Errors
    /// As [`FigureTable::extend_to`].
    pub fn simulate(
        plan: &Plan,
        columns: &[Column],
        paths: u64,
        stop: &AtomicBool,
        simulated: &(impl Fn(u64) + Sync),
    ) -> Result<FigureTable, InvariantBroken> {
        let mut table = FigureTable::new(columns);
        table.extend_to(plan, paths, stop, simulated)?;
        Ok(table)
    }

    /// Simulates as many paths more as make `paths`; fewer, in whole blocks, if `stop` is raised. `simulated` hears of so
    /// many more paths, from any thread. Paths that are known must be of the same plan.
    ///
    /// # Errors
    /// [`InvariantBroken`] of the first path whose books do not balance: a bug.
    pub fn extend_to(
        &mut self,
        plan: &Plan,
        paths: u64,
        stop: &AtomicBool,
        simulated: &(impl Fn(u64) + Sync),
    ) -> Result<(), InvariantBroken> {
        let figures = Figures::only(plan, &self.columns);
        let terms = KernelTerms::new(plan);
        let known = self.paths();
        if known >= paths {
            return Ok(());
        }
        // A part of a block is simulated again: blocks are whole or the last one.
        let first = known / BLOCK_PATHS;
        let mut fresh: Vec<Vec<i64>> = vec![Vec::new(); self.columns.len()];
        let blocks = paths.div_ceil(BLOCK_PATHS);
        let mut next = first;
        while next < blocks && !stop.load(Ordering::Relaxed) {
            let batch = next..(next + BATCH_BLOCKS).min(blocks);
            next = batch.end;
            let parts: Vec<Option<Result<Vec<Vec<i64>>, InvariantBroken>>> = batch
                .into_par_iter()
                .map(|block| {
                    if stop.load(Ordering::Relaxed) {
                        return None;
                    }
                    let first = block * BLOCK_PATHS;
                    let count = BLOCK_PATHS.min(paths - first);
                    let part = simulate_block(plan, &terms, &figures, first, count);
                    simulated(count);
                    Some(part)
                })
                .collect();
            // After a stop only the blocks before the first missing one count.
            let whole = parts.iter().all(Option::is_some);
            for part in parts.into_iter().map_while(|part| part) {
                for (column, values) in fresh.iter_mut().zip(part?) {
                    column.extend(values);
                }
            }
            if !whole {
                break;
            }
        }
        // Nothing that was known is lost to a stop.
        let simulated = first * BLOCK_PATHS + fresh.first().map_or(0, |values| values.len() as u64);
        if simulated > known {
            self.truncate(first * BLOCK_PATHS);
            for (column, values) in self.values.iter_mut().zip(fresh) {
                column.extend(values);
            }
        }
        Ok(())
    }

    /// Takes over finished blocks of a run that computes all columns of the plan, in order of paths.
    pub fn take_blocks(&mut self, all_columns: &[Column], blocks: &[BlockOutcome]) {
        for (column, values) in self.columns.iter().zip(&mut self.values) {
            let position =
                all_columns.iter().position(|other| other == column).expect("a column of the plan");
            blocks.iter().for_each(|block| values.extend_from_slice(&block.columns[position]));
        }
    }

    /// Keeps the first paths only.
    pub fn truncate(&mut self, paths: u64) {
        self.values.iter_mut().for_each(|values| values.truncate(paths as usize));
    }

    /// Paths kept.
    pub fn paths(&self) -> u64 {
        self.values.first().map_or(0, |values| values.len() as u64)
    }

    /// The columns, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// A figure of each path, in order of paths; `None` if it is not kept.
    pub fn column(&self, column: Column) -> Option<&[i64]> {
        let position = self.columns.iter().position(|&kept| kept == column)?;
        Some(&self.values[position])
    }
}

/// The figures of some of the blocks of `paths` paths, column after column; `None` if `stop` was raised.
///
/// # Errors
/// [`InvariantBroken`] of the first path whose books do not balance.
pub fn simulate_blocks(
    plan: &Plan,
    columns: &[Column],
    blocks: Range<u64>,
    paths: u64,
    stop: &AtomicBool,
    simulated: &(dyn Fn(u64) + Sync),
) -> Result<Option<Vec<Vec<i64>>>, InvariantBroken> {
    let figures = Figures::only(plan, columns);
    let terms = KernelTerms::new(plan);
    let parts: Vec<Option<Result<Vec<Vec<i64>>, InvariantBroken>>> = blocks
        .into_par_iter()
        .map(|block| {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let first = block * BLOCK_PATHS;
            let count = BLOCK_PATHS.min(paths.saturating_sub(first));
            let part = simulate_block(plan, &terms, &figures, first, count);
            simulated(count);
            Some(part)
        })
        .collect();
    let mut values: Vec<Vec<i64>> = vec![Vec::new(); columns.len()];
    for part in parts {
        let Some(part) = part else { return Ok(None) };
        values.iter_mut().zip(part?).for_each(|(column, more)| column.extend(more));
    }
    Ok(Some(values))
}

fn simulate_block(
    plan: &Plan,
    terms: &KernelTerms,
    figures: &Figures,
    first_path: u64,
    paths: u64,
) -> Result<Vec<Vec<i64>>, InvariantBroken> {
    let mut simulator = ChunkSimulator::new(plan, terms, Isa::current());
    let mut values: Vec<Vec<i64>> =
        figures.columns().iter().map(|_| Vec::with_capacity(paths as usize)).collect();
    let mut first = 0;
    while first < paths {
        let count = (paths - first).min(CHUNK_PATHS as u64) as usize;
        simulator.run(first_path + first, count)?;
        for totals in simulator.totals() {
            figures.of(totals, |column, value| values[column].push(value));
        }
        first += count as u64;
    }
    Ok(values)
}
