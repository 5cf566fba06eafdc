//! The figures of every path of a plan, kept: one column a figure, one row a path.

use crate::aggregate::BLOCK_PATHS;
use crate::aggregate::block::BlockOutcome;
use crate::aggregate::columns::Column;
use crate::aggregate::figures::Figures;
use crate::engine::InvariantBroken;
use crate::engine::chunk::{CHUNK_PATHS, ChunkSimulator};
use crate::engine::kernel::terms::KernelTerms;
use crate::engine::kernel::variants::Variants;
use crate::engine::totals::PathTotals;
use crate::isa::Isa;
use crate::plan::Plan;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// Blocks simulated between two looks at the stop flag from the outside.
const BATCH_BLOCKS: u64 = 16;

/// Most plans that share their draws. With so many the draws cost next to nothing for each; fewer leave more groups whole
/// when a study is stopped, and more for several threads to do.
const MOST_OF_GROUP: usize = 32;

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
        Group::new(plan, self).extend_to(paths, stop, simulated)
    }

    /// [`FigureTable::extend_to`] of many tables, each of its own plan: the same figures, with less work where plans
    /// differ in nothing but the money of their lines. Such plans share their draws, a group of them at a time; a stop
    /// leaves the tables of a group all as long.
    ///
    /// # Errors
    /// [`InvariantBroken`] if the books of a path do not balance: a bug.
    pub fn extend_all<'a>(
        tables: impl IntoIterator<Item = (&'a Plan, &'a mut FigureTable)>,
        paths: u64,
        stop: &AtomicBool,
        simulated: &(impl Fn(u64) + Sync),
    ) -> Result<(), InvariantBroken> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for (plan, table) in tables {
            // Only the last group that has room: comparing plans costs more than a look at their number.
            let open = groups.iter_mut().rev().find(|group| group.has_room_for(table));
            match open.filter(|group| group.tables[0].0.differs_in_budgets_only(plan)) {
                Some(group) => group.tables.push((plan, table)),
                None => groups.push(Group::new(plan, table)),
            }
        }
        groups.par_iter_mut().try_for_each(|group| group.extend_to(paths, stop, simulated))
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

/// Tables that know equally many paths, of plans that share their draws unless there is but one.
struct Group<'a> {
    /// The kernel's tables of the first plan.
    terms: KernelTerms,
    shares_draws: bool,
    tables: Vec<(&'a Plan, &'a mut FigureTable)>,
}

impl<'a> Group<'a> {
    fn new(plan: &'a Plan, table: &'a mut FigureTable) -> Group<'a> {
        let terms = KernelTerms::new(plan);
        Group { shares_draws: Variants::are_supported(&terms), terms, tables: vec![(plan, table)] }
    }

    /// Whether a table can be extended with these, if its plan shares their draws.
    fn has_room_for(&self, table: &FigureTable) -> bool {
        self.shares_draws && self.tables.len() < MOST_OF_GROUP && self.tables[0].1.paths() == table.paths()
    }

    /// [`FigureTable::extend_to`] of all.
    fn extend_to(
        &mut self,
        paths: u64,
        stop: &AtomicBool,
        simulated: &(impl Fn(u64) + Sync),
    ) -> Result<(), InvariantBroken> {
        let Group { terms, shares_draws, tables } = self;
        let known = tables[0].1.paths();
        if known >= paths {
            return Ok(());
        }
        let plans: Vec<&Plan> = tables.iter().map(|(plan, _)| *plan).collect();
        let figures: Vec<Figures> =
            tables.iter().map(|(plan, table)| Figures::only(plan, &table.columns)).collect();
        // A part of a block is simulated again: blocks are whole or the last one.
        let first = known / BLOCK_PATHS;
        let mut fresh: Vec<Columns> = figures.iter().map(Figures::no_paths).collect();
        let blocks = paths.div_ceil(BLOCK_PATHS);
        let mut next = first;
        while next < blocks && !stop.load(Ordering::Relaxed) {
            let batch = next..(next + BATCH_BLOCKS).min(blocks);
            next = batch.end;
            let parts: Vec<Option<Result<Vec<Columns>, InvariantBroken>>> = batch
                .into_par_iter()
                .map(|block| {
                    if stop.load(Ordering::Relaxed) {
                        return None;
                    }
                    let first = block * BLOCK_PATHS;
                    let count = BLOCK_PATHS.min(paths - first);
                    let part = simulate_block(&plans, terms, *shares_draws, &figures, first, count);
                    simulated(count * plans.len() as u64);
                    Some(part)
                })
                .collect();
            // After a stop only the blocks before the first missing one count.
            let whole = parts.iter().all(Option::is_some);
            for part in parts.into_iter().map_while(|part| part) {
                for (fresh, part) in fresh.iter_mut().zip(part?) {
                    fresh.iter_mut().zip(part).for_each(|(column, values)| column.extend(values));
                }
            }
            if !whole {
                break;
            }
        }
        for ((_, table), fresh) in tables.iter_mut().zip(fresh) {
            // Nothing that was known is lost to a stop.
            let simulated = first * BLOCK_PATHS + fresh.first().map_or(0, |values| values.len() as u64);
            if simulated > known {
                table.truncate(first * BLOCK_PATHS);
                for (column, values) in table.values.iter_mut().zip(fresh) {
                    column.extend(values);
                }
            }
        }
        Ok(())
    }
}

/// Plans with the kernel's tables of the first, and whether they share their draws.
type BlockGroup<'a> = (KernelTerms, bool, Vec<(&'a Plan, &'a [Column])>);

/// The figures of some of the blocks of `paths` paths of several plans, plan by plan; `None` if `stop` was raised. Plans that
/// follow each other share their draws as in [`FigureTable::extend_all`].
///
/// # Errors
/// [`InvariantBroken`] of the first path whose books do not balance.
pub fn simulate_blocks(
    plans: &[(&Plan, &[Column])],
    blocks: Range<u64>,
    paths: u64,
    stop: &AtomicBool,
    simulated: &(dyn Fn(u64) + Sync),
) -> Result<Option<Vec<Columns>>, InvariantBroken> {
    let mut groups: Vec<BlockGroup> = Vec::new();
    for &(plan, columns) in plans {
        match groups.last_mut() {
            Some((_, true, group))
                if group.len() < MOST_OF_GROUP && group[0].0.differs_in_budgets_only(plan) =>
            {
                group.push((plan, columns));
            }
            _ => {
                let terms = KernelTerms::new(plan);
                groups.push((terms, false, vec![(plan, columns)]));
                if let Some((terms, shares_draws, _)) = groups.last_mut() {
                    *shares_draws = Variants::are_supported(terms);
                }
            }
        }
    }
    let of_groups: Vec<Option<Vec<Columns>>> = groups
        .par_iter()
        .map(|(terms, shares_draws, group)| {
            let plans: Vec<&Plan> = group.iter().map(|(plan, _)| *plan).collect();
            let figures: Vec<Figures> =
                group.iter().map(|(plan, columns)| Figures::only(plan, columns)).collect();
            let parts: Vec<Option<Vec<Columns>>> = blocks
                .clone()
                .into_par_iter()
                .map(|block| {
                    if stop.load(Ordering::Relaxed) {
                        return Ok(None);
                    }
                    let first = block * BLOCK_PATHS;
                    let count = BLOCK_PATHS.min(paths.saturating_sub(first));
                    let part = simulate_block(&plans, terms, *shares_draws, &figures, first, count)?;
                    simulated(count * plans.len() as u64);
                    Ok(Some(part))
                })
                .collect::<Result<_, InvariantBroken>>()?;
            let mut values: Vec<Columns> = figures.iter().map(Figures::no_paths).collect();
            for part in parts {
                let Some(part) = part else { return Ok(None) };
                for (values, part) in values.iter_mut().zip(part) {
                    values.iter_mut().zip(part).for_each(|(column, more)| column.extend(more));
                }
            }
            Ok(Some(values))
        })
        .collect::<Result<_, InvariantBroken>>()?;
    let whole: Option<Vec<Vec<Columns>>> = of_groups.into_iter().collect();
    Ok(whole.map(|groups| groups.into_iter().flatten().collect()))
}

/// Figures by column, then by path.
type Columns = Vec<Vec<i64>>;

/// The figures of `paths` paths from `first_path` on, plan by plan.
fn simulate_block(
    plans: &[&Plan],
    terms: &KernelTerms,
    shares_draws: bool,
    figures: &[Figures],
    first_path: u64,
    paths: u64,
) -> Result<Vec<Columns>, InvariantBroken> {
    let mut values: Vec<Columns> = figures.iter().map(Figures::no_paths).collect();
    let mut take = |plan: usize, totals: &PathTotals| {
        let values = &mut values[plan];
        figures[plan].of(totals, |column, value| values[column].push(value));
    };
    if shares_draws {
        Variants::new(plans, terms, Isa::current()).run(first_path, paths, take)?;
        return Ok(values);
    }
    for (position, plan) in plans.iter().enumerate() {
        let mut simulator = ChunkSimulator::new(plan, terms, Isa::current());
        let mut first = 0;
        while first < paths {
            let count = (paths - first).min(CHUNK_PATHS as u64) as usize;
            simulator.run(first_path + first, count)?;
            simulator.totals().iter().for_each(|totals| take(position, totals));
            first += count as u64;
        }
    }
    Ok(values)
}
