//! A part of a run: what some of its blocks leave, as bytes that merge exactly.
//!
//! A run is cut into shares of whole blocks with their numbers in the whole run, so that every path is the one that the
//! unbroken run has under its number. What a share's collector holds is written by [`store`], read by [`restore`] and put
//! together by [`Collector::merge`], in any order and in any number of rounds; the last merge holds what the collector of
//! the unbroken run holds. A checkpoint is a part too: that of the blocks done so far.
//!
//! What merges how:
//! - sums (moments, groups, timeline means, lifetimes, census, exact check) are integers and add up;
//! - distributions of up to [`EXACT_PATHS`](super::EXACT_PATHS) planned paths keep every value in order of the paths, since
//!   some figures add them up as doubles; beyond, cells add up, and tails are kept deep enough ([`super::distribution`]);
//! - worst paths are kept deep enough with the losses of their parts ([`super::contributions`]);
//! - timelines of the first [`TIMELINE_PATHS`](super::TIMELINE_PATHS) paths (160 MB of numbers that hardly compress) are
//!   not stored: these paths are simulated once more when the run is put together, which takes seconds.
//!
//! Nothing read is believed: every list has the length that the plan says, every sum is one that so many paths can
//! have, every count adds up ([`codec`], `sums`, `values`).

pub mod codec;
mod sums;
mod values;

use super::collector::Collector;
use super::columns::Column;
use super::coverage::Coverage;
use super::distribution::Distribution;
use crate::plan::Plan;
use codec::{Damaged, Reader, Writer};
use rayon::prelude::*;
use std::ops::Range;

/// Paths that a run may have at most: beyond, sums over paths are not known to fit.
pub const MOST_PATHS: u64 = 1 << 30;

/// The blocks of share `number` (1-based) of `count` shares of a run: as even as whole blocks allow; empty if there are
/// more shares than blocks.
pub fn share_of_blocks(planned: u64, number: u64, count: u64) -> Range<u64> {
    let blocks = u128::from(Coverage::blocks_of(planned));
    let (number, count) = (u128::from(number.max(1)), u128::from(count.max(1)));
    (blocks * (number - 1) / count) as u64..(blocks * number / count) as u64
}

/// What a collector holds.
pub fn store(collector: &Collector) -> Vec<u8> {
    store_with(collector, Distributions::Stored)
}

/// What a collector holds, without the distributions of its figures: for studies, which keep the values of the few
/// figures that they tell of path by path ([`with_values`]).
pub fn store_sums(collector: &Collector) -> Vec<u8> {
    store_with(collector, Distributions::LeftOut)
}

/// Whether the distributions of figures are among the bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Distributions {
    Stored,
    LeftOut,
}

fn store_with(collector: &Collector, distributions: Distributions) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.short(collector.planned);
    store_range(&collector.share, &mut writer);
    writer.length(collector.coverage.ranges().len());
    collector.coverage.ranges().iter().for_each(|range| store_range(range, &mut writer));
    writer.length(collector.columns.len());
    let columns: Vec<Writer> = collector
        .columns
        .par_iter()
        .map(|(moments, distribution)| {
            let mut writer = Writer::default();
            sums::store_moments(moments, &mut writer);
            if distributions == Distributions::Stored {
                values::store_distribution(distribution, &mut writer);
            }
            writer
        })
        .collect();
    columns.iter().for_each(|column| writer.bytes.extend_from_slice(&column.bytes));
    sums::store_groups(&collector.groups, &mut writer);
    writer.length(collector.timeline.len());
    collector.timeline.iter().for_each(|moments| sums::store_moments(moments, &mut writer));
    writer.length(collector.contributions.sums.len());
    collector.contributions.sums.iter().for_each(|sum| sums::store_part_sums(sum, &mut writer));
    values::store_worst(&collector.contributions, &mut writer);
    writer.length(collector.lifetime.len());
    collector.lifetime.iter().for_each(|lifetime| sums::store_lifetime(lifetime, &mut writer));
    writer.length(collector.census.len());
    collector.census.iter().for_each(|census| sums::store_census(census, &mut writer));
    writer.bytes
}

fn store_range(range: &Range<u64>, writer: &mut Writer) {
    writer.short(range.start);
    writer.short(range.end - range.start);
}

fn restore_range(reader: &mut Reader, blocks: u64) -> Result<Range<u64>, Damaged> {
    let start = reader.at_most(blocks)?;
    Ok(start..start + reader.at_most(blocks - start)?)
}

/// What a collector of a plan held; its timelines are missing ([`Collector::simulate_timelines`]).
///
/// # Errors
/// [`Damaged`] if the bytes are not those of a collector of this plan and number of paths.
pub fn restore<'p>(plan: &'p Plan, planned: u64, reader: Reader) -> Result<Collector<'p>, Damaged> {
    restore_with(plan, planned, reader, Distributions::Stored)
}

/// What a collector of a plan held, as [`store_sums`] wrote it: its distributions are empty.
///
/// # Errors
/// As [`restore`].
pub fn restore_sums<'p>(plan: &'p Plan, planned: u64, reader: Reader) -> Result<Collector<'p>, Damaged> {
    restore_with(plan, planned, reader, Distributions::LeftOut)
}

/// Gives a collector of all planned paths whose distributions are empty those of some figures, from their values in order
/// of the paths. They are what the paths themselves would have left.
pub fn with_values<'v>(collector: &mut Collector, values_of: impl Fn(Column) -> Option<&'v [i64]>) {
    let planned = collector.planned;
    let columns = collector.context.figures.columns().to_vec();
    for (column, (_, distribution)) in columns.into_iter().zip(&mut collector.columns) {
        *distribution = Distribution::for_paths(planned);
        for block in values_of(column).unwrap_or_default().chunks(super::BLOCK_PATHS as usize) {
            distribution.absorb(block);
        }
    }
}

fn restore_with<'p>(
    plan: &'p Plan,
    planned: u64,
    mut reader: Reader,
    distributions: Distributions,
) -> Result<Collector<'p>, Damaged> {
    if planned > MOST_PATHS {
        return Err(Damaged("no run has so many paths"));
    }
    if reader.short()? != planned {
        return Err(Damaged("it is of another number of paths"));
    }
    let blocks = Coverage::blocks_of(planned);
    let share = restore_range(&mut reader, blocks)?;
    let mut collector = Collector::for_share(plan, planned, share);
    let ranges = reader.length(blocks)?;
    for _ in 0..ranges {
        let range = restore_range(&mut reader, blocks)?;
        // As they are always written: putting them together takes no search then.
        if collector.coverage.ranges().last().is_some_and(|before| range.start <= before.end) {
            return Err(Damaged("its blocks are not in order"));
        }
        collector.coverage.add(range).map_err(|_| Damaged("its blocks overlap"))?;
    }
    let paths = collector.coverage.paths();
    collector.paths = paths;
    reader.exactly(collector.columns.len())?;
    for (moments, distribution) in &mut collector.columns {
        *moments = sums::restore_moments(&mut reader, paths)?;
        if moments.count != paths || (paths > 0 && moments.min > moments.max) {
            return Err(Damaged("a figure has not one value for each path"));
        }
        if distributions == Distributions::Stored {
            *distribution =
                values::restore_distribution(&mut reader, distribution.clone(), planned, moments)?;
        }
    }
    collector.groups = sums::restore_groups(&mut reader, std::mem::take(&mut collector.groups), paths)?;
    reader.exactly(collector.timeline.len())?;
    for moments in &mut collector.timeline {
        *moments = sums::restore_moments(&mut reader, paths)?;
    }
    reader.exactly(collector.contributions.sums.len())?;
    for sum in &mut collector.contributions.sums {
        *sum = sums::restore_part_sums(&mut reader, paths)?;
    }
    let covered = collector.coverage.clone();
    let covers = |path: u64| {
        let block = path / super::BLOCK_PATHS;
        path < planned && covered.ranges().iter().any(|range| range.contains(&block))
    };
    values::restore_worst(&mut reader, &mut collector.contributions, covers)?;
    reader.exactly(collector.lifetime.len())?;
    for lifetime in &mut collector.lifetime {
        *lifetime = sums::restore_lifetime(&mut reader, paths)?;
    }
    reader.exactly(collector.census.len())?;
    for census in &mut collector.census {
        *census = sums::restore_census(&mut reader, plan, paths)?;
    }
    reader.end()?;
    Ok(collector)
}

/// How the paths of two sets of blocks follow each other: whether the next so many are of the second.
pub fn order_of(mine: &Coverage, theirs: &Coverage) -> Vec<(bool, usize)> {
    let tag = |coverage: &Coverage, of_other: bool| -> Vec<(u64, bool, usize)> {
        let paths = |range: &Range<u64>| coverage.paths_of(range) as usize;
        coverage.ranges().iter().map(|range| (range.start, of_other, paths(range))).collect()
    };
    let mut both = tag(mine, false);
    both.extend(tag(theirs, true));
    both.sort_unstable();
    both.into_iter().map(|(_, of_other, paths)| (of_other, paths)).collect()
}
