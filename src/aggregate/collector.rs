//! All paths of a run: blocks in parallel, absorbed in order.
//!
//! Blocks are fixed ranges of paths, so what a block holds does not depend on threads; a batch of blocks is absorbed
//! in order of their numbers, so neither does anything that follows. Memory is bounded by one batch.

use super::block::{BlockContext, BlockOutcome, simulate_block};
use super::census::CensusSums;
use super::contributions::Contributions;
use super::coverage::{Coverage, Overlap};
use super::distribution::Distribution;
use super::groups::GroupMoments;
use super::lifetime::LifetimeSums;
use super::moments::Moments;
use super::part::order_of;
use super::tail::TailCollector;
use super::tail::block::TailBlock;
use super::timeline_codec::TimelineStream;
use super::{BLOCK_PATHS, TIMELINE_PATHS};
use crate::engine::InvariantBroken;
use crate::metrics::MetricId;
use crate::plan::Plan;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// Most blocks simulated before they are absorbed together.
const BATCH_BLOCKS: u64 = 16;

/// Blocks of the batch that begins at block `next`: few at first, so that the watcher soon has figures to show, then as
/// many as there are already, up to [`BATCH_BLOCKS`]. What is absorbed does not depend on it.
pub(super) fn batch_blocks(next: u64) -> u64 {
    next.clamp(2, BATCH_BLOCKS)
}

/// Who watches a run: it hears of progress, may look at finished blocks, and may stop it.
pub trait Watcher: Sync {
    /// Whether the run shall stop at the next block.
    fn stop(&self) -> &AtomicBool;
    /// A block of so many paths was simulated (from any thread).
    fn simulated(&self, paths: u64);
    /// Blocks are about to be absorbed, in order of their paths.
    fn blocks(&mut self, blocks: &[BlockOutcome]);
    /// Blocks were absorbed.
    fn absorbed(&mut self, collector: &Collector);
    /// Weighted blocks of a `--tail` run are about to be absorbed.
    fn tail_blocks(&mut self, _blocks: &[TailBlock]) {}
    /// Weighted blocks were absorbed.
    fn tail_absorbed(&mut self, _collector: &TailCollector) {}
}

/// Everything that is known of the paths so far.
pub struct Collector<'p> {
    /// Plan, columns, series, parts.
    pub context: BlockContext<'p>,
    /// Paths absorbed.
    pub paths: u64,
    /// Paths asked for; the most there may be of a run until it is precise ([`super::precision`]).
    pub planned: u64,
    /// Blocks to be simulated here: all of the run, or a share of it.
    pub share: Range<u64>,
    /// Blocks absorbed.
    pub coverage: Coverage,
    /// Moments and distribution of each column.
    pub columns: Vec<(Moments, Distribution)>,
    /// Groups.
    pub groups: GroupMoments,
    /// Timeline moments: quarter after quarter, series after series.
    pub timeline: Vec<Moments>,
    /// Timelines of the first paths; a share of a run keeps none ([`Collector::simulate_timelines`]).
    pub streams: Vec<TimelineStream>,
    /// Contributions to the loss.
    pub contributions: Contributions,
    /// Promised and simulated lifetime defaults by rating.
    pub lifetime: Vec<LifetimeSums>,
    /// Applicants and first projects of each line, by slot.
    pub census: Vec<CensusSums>,
}

impl<'p> Collector<'p> {
    /// Without paths, for at most `planned` of them. What it tells after `n` paths does not depend on how many were
    /// planned.
    pub fn new(plan: &'p Plan, planned: u64) -> Self {
        let mut whole = Collector::for_share(plan, planned, 0..Coverage::blocks_of(planned));
        for (_, distribution) in &mut whole.columns {
            // Every value as long as that is enough: the run may stop early.
            *distribution = Distribution::for_paths(planned);
        }
        whole
    }

    /// Without paths, for the blocks `share` of a run of `planned` paths, to be merged with the others.
    pub fn for_share(plan: &'p Plan, planned: u64, share: Range<u64>) -> Self {
        let context = BlockContext::new(plan);
        let columns = context.figures.columns();
        let coverage = Coverage::none(planned);
        let paths = coverage.paths_of(&share);
        let distribution = Distribution::for_share(planned, paths);
        Collector {
            paths: 0,
            planned,
            share,
            coverage,
            columns: vec![(Moments::default(), distribution); columns.len()],
            groups: GroupMoments::new(plan),
            timeline: vec![Moments::default(); context.timeline.series().len() * context.timeline.quarters()],
            streams: Vec::new(),
            contributions: Contributions::for_share(plan, planned, paths),
            lifetime: vec![LifetimeSums::default(); plan.credit.hazards.len()],
            census: vec![CensusSums::new(plan.credit.hazards.len()); plan.lines.len()],
            context,
        }
    }

    /// Simulates the planned paths; stops early if the watcher says so, keeping whole blocks from the first on.
    ///
    /// # Errors
    /// [`InvariantBroken`] of the first path whose books do not balance.
    pub fn simulate(&mut self, watcher: &mut dyn Watcher) -> Result<(), InvariantBroken> {
        self.simulate_first(self.planned, watcher)
    }

    /// Simulates only the first `paths` of the planned paths: what a run that was interrupted there had seen, kept
    /// in the same way. Paths that were simulated already count; they must be whole blocks.
    ///
    /// # Errors
    /// [`InvariantBroken`] of the first path whose books do not balance.
    pub fn simulate_first(&mut self, paths: u64, watcher: &mut dyn Watcher) -> Result<(), InvariantBroken> {
        let paths = paths.min(self.planned);
        self.simulate_to(paths.div_ceil(BLOCK_PATHS), paths, watcher)
    }

    /// Simulates the share; stops early if the watcher says so, keeping whole blocks from its first on.
    ///
    /// # Errors
    /// [`InvariantBroken`] of the first path whose books do not balance.
    pub fn simulate_share(&mut self, watcher: &mut dyn Watcher) -> Result<(), InvariantBroken> {
        self.simulate_to(self.share.end, self.planned, watcher)
    }

    /// Simulates the blocks before `blocks` of a run of `paths` paths that are not there yet.
    fn simulate_to(
        &mut self,
        blocks: u64,
        paths: u64,
        watcher: &mut dyn Watcher,
    ) -> Result<(), InvariantBroken> {
        let first = self.share.start;
        let mut next = first + self.paths.div_ceil(BLOCK_PATHS);
        debug_assert!(next >= blocks || self.paths.is_multiple_of(BLOCK_PATHS));
        while next < blocks && !watcher.stop().load(Ordering::Relaxed) {
            let batch = next..(next + batch_blocks(next - first)).min(blocks);
            next = batch.end;
            let floor = self.contributions.floor();
            let (context, shared) = (&self.context, &*watcher);
            let simulated: Vec<Option<Result<BlockOutcome, InvariantBroken>>> = batch
                .into_par_iter()
                .map(|block| {
                    if shared.stop().load(Ordering::Relaxed) {
                        return None;
                    }
                    let outcome = simulate_block(context, block, paths, floor);
                    if let Ok(outcome) = &outcome {
                        shared.simulated(outcome.paths);
                    }
                    Some(outcome)
                })
                .collect();
            // After a stop only the blocks before the first missing one count.
            let whole: Vec<BlockOutcome> =
                simulated.into_iter().map_while(|outcome| outcome).collect::<Result<_, _>>()?;
            watcher.blocks(&whole);
            self.absorb(whole);
            watcher.absorbed(self);
        }
        Ok(())
    }

    fn absorb(&mut self, blocks: Vec<BlockOutcome>) {
        self.columns.par_iter_mut().enumerate().for_each(|(column, (moments, distribution))| {
            for block in &blocks {
                moments.add_all(&block.columns[column]);
                distribution.absorb(&block.columns[column]);
            }
        });
        let keeps_timelines = self.share == (0..Coverage::blocks_of(self.planned));
        for block in blocks {
            self.paths += block.paths;
            let number = block.first_path / BLOCK_PATHS;
            self.coverage.add(number..number + 1).expect("no block is simulated twice");
            self.groups.merge(&block.groups);
            for (moments, sums) in self.timeline.iter_mut().zip(&block.timeline) {
                sums.merge_into(moments);
            }
            debug_assert!(block.stream.is_none() || block.first_path < TIMELINE_PATHS);
            self.streams.extend(block.stream.filter(|_| keeps_timelines));
            self.contributions.absorb(block.contributions);
            for (sum, lifetime) in self.lifetime.iter_mut().zip(&block.lifetime) {
                sum.merge(lifetime);
            }
            for (sum, census) in self.census.iter_mut().zip(&block.census) {
                sum.merge(census);
            }
        }
    }

    /// Adds the blocks of another collector of the same plan and number of paths. Timelines are missing from then on.
    ///
    /// # Errors
    /// [`Overlap`] if both have a block; nothing is added then.
    pub fn merge(&mut self, other: Collector) -> Result<(), Overlap> {
        let order = order_of(&self.coverage, &other.coverage);
        self.coverage.merge(&other.coverage)?;
        self.share = 0..Coverage::blocks_of(self.planned);
        self.paths += other.paths;
        let planned = self.planned;
        self.columns.par_iter_mut().zip(other.columns).for_each(
            |((moments, distribution), (more, others))| {
                moments.merge(&more);
                distribution.merge(others, planned, &order);
            },
        );
        self.groups.merge(&other.groups);
        self.timeline.iter_mut().zip(&other.timeline).for_each(|(moments, more)| moments.merge(more));
        self.streams.clear();
        self.contributions.merge(other.contributions);
        self.lifetime.iter_mut().zip(&other.lifetime).for_each(|(sum, lifetime)| sum.merge(lifetime));
        self.census.iter_mut().zip(&other.census).for_each(|(sum, census)| sum.merge(census));
        Ok(())
    }

    /// Whether shares that were merged kept all that the whole run tells.
    pub fn reaches(&self) -> bool {
        self.columns.iter().all(|(_, distribution)| distribution.reaches())
            && self.contributions.reaches(self.paths)
    }

    /// Simulates the first paths once more for their timelines, as far as their blocks are there from the first on;
    /// false if the watcher stopped it.
    ///
    /// # Errors
    /// [`InvariantBroken`] of the first path whose books do not balance.
    pub fn simulate_timelines(&mut self, watcher: &dyn Watcher) -> Result<bool, InvariantBroken> {
        let there =
            self.coverage.ranges().first().filter(|range| range.start == 0).map_or(0, |range| range.end);
        let blocks = 0..there.min(TIMELINE_PATHS.div_ceil(BLOCK_PATHS));
        let (context, planned) = (&self.context, self.planned);
        let streams: Vec<Option<Result<Option<TimelineStream>, InvariantBroken>>> = blocks
            .into_par_iter()
            .map(|block| {
                let stopped = watcher.stop().load(Ordering::Relaxed);
                (!stopped).then(|| Ok(simulate_block(context, block, planned, i64::MAX)?.stream))
            })
            .collect();
        self.streams.clear();
        for stream in streams {
            let Some(stream) = stream else { return Ok(false) };
            self.streams.extend(stream?);
        }
        Ok(true)
    }

    /// Moments so far of a metric of the whole fund.
    pub fn moments_of(&self, metric: MetricId) -> Option<&Moments> {
        let position = self.context.figures.columns().iter().position(|column| column.metric == metric)?;
        Some(&self.columns[position].0)
    }
}
