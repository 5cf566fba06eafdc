//! All paths of a `--tail` or `--uncertain` run: blocks in parallel, absorbed in order.
//!
//! As in [`crate::aggregate::collector`], blocks are fixed ranges of paths and are absorbed in the order of their
//! numbers, so that nothing depends on threads.

use super::block::{GroupAverages, TailBlock, WorstCandidate, simulate_tail_block};
use super::distribution::WeightedDistribution;
use super::moments::{WeightedLifetime, WeightedMoments};
use crate::aggregate::block::BlockContext;
use crate::aggregate::collector::{Watcher, batch_blocks};
use crate::aggregate::groups::groups;
use crate::aggregate::summary::Average;
use crate::aggregate::timeline_codec::TimelineStream;
use crate::aggregate::uncertain::Worlds;
use crate::aggregate::uncertain::block::simulate_uncertain_block;
use crate::aggregate::uncertain::split::SplitSums;
use crate::aggregate::{BLOCK_PATHS, EXACT_PATHS};
use crate::engine::InvariantBroken;
use crate::engine::luck::WEIGHT_ONE;
use crate::engine::tilt::{SET_PATHS, Tilt};
use crate::metrics::MetricId;
use crate::plan::Plan;
use rayon::prelude::*;
use std::sync::atomic::Ordering;

/// Most paths of a `--tail` run: so many weights of at most 2 add up in 64 bits.
pub const MOST_TAIL_PATHS: u64 = 1 << 26;

/// Where paths with weights come from.
#[derive(Clone, Copy)]
pub enum PathLaw<'p> {
    /// A tilted law, of which each path's weight makes up.
    Tilted(&'p Tilt),
    /// Worlds of their own for groups of paths, all of the weight 1 ([`crate::aggregate::uncertain`]).
    Uncertain(&'p dyn Worlds),
}

/// Everything that is known of the paths so far.
pub struct TailCollector<'p> {
    /// Plan, columns, series, parts.
    pub context: BlockContext<'p>,
    /// The law that the paths are drawn from.
    pub law: PathLaw<'p>,
    /// Paths absorbed.
    pub paths: u64,
    /// Paths asked for.
    pub planned: u64,
    /// Weights of the first [`EXACT_PATHS`] paths, and their sums by set.
    pub weights: Vec<u64>,
    /// Sum of the weights of each of their sets.
    pub sets: Vec<u64>,
    /// Sums of all weights and of their squares, in units of the weight 1.
    pub weight_sums: (f64, f64),
    /// Averages and distribution of each column.
    pub columns: Vec<(WeightedMoments, WeightedDistribution)>,
    /// Groups.
    pub groups: Vec<GroupAverages>,
    /// Timeline: quarter after quarter, series after series.
    pub timeline: Vec<WeightedMoments>,
    /// Timelines of the first paths.
    pub streams: Vec<TimelineStream>,
    /// Losses of the parts.
    pub parts: Vec<WeightedMoments>,
    /// Those of the first [`EXACT_PATHS`] paths that may be among the worst 1 %.
    pub candidates: Vec<WorstCandidate>,
    floor: i64,
    /// Luck and ignorance of each column; of [`PathLaw::Uncertain`] only.
    pub splits: Vec<SplitSums>,
    /// Lifetime defaults by rating.
    pub lifetime: Vec<WeightedLifetime>,
}

impl<'p> TailCollector<'p> {
    /// Without paths.
    ///
    /// # Panics
    /// If more than [`MOST_TAIL_PATHS`] are planned.
    pub fn new(plan: &'p Plan, tilt: &'p Tilt, planned: u64) -> Self {
        TailCollector::of(plan, PathLaw::Tilted(tilt), planned)
    }

    /// Without paths, for groups of them in worlds of their own.
    ///
    /// # Panics
    /// If more than [`MOST_TAIL_PATHS`] are planned.
    pub fn uncertain(plan: &'p Plan, worlds: &'p dyn Worlds, planned: u64) -> Self {
        TailCollector::of(plan, PathLaw::Uncertain(worlds), planned)
    }

    fn of(plan: &'p Plan, law: PathLaw<'p>, planned: u64) -> Self {
        assert!(planned <= MOST_TAIL_PATHS, "{planned} paths are too many for exact sums of weights");
        let context = BlockContext::new(plan);
        let columns = context.figures.columns().len();
        let points = context.timeline.series().len() * context.timeline.quarters();
        TailCollector {
            law,
            paths: 0,
            planned,
            weights: Vec::new(),
            sets: Vec::new(),
            weight_sums: (0.0, 0.0),
            columns: vec![(WeightedMoments::default(), WeightedDistribution::for_paths(planned)); columns],
            groups: vec![GroupAverages::default(); groups(plan).len()],
            timeline: vec![WeightedMoments::default(); points],
            streams: Vec::new(),
            parts: vec![WeightedMoments::mostly_zero(); context.parts.all.len()],
            candidates: Vec::new(),
            floor: i64::MIN,
            splits: vec![SplitSums::default(); columns],
            lifetime: vec![WeightedLifetime::default(); plan.credit.hazards.len()],
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

    /// Simulates only the first `paths` of the planned paths (whole blocks, or all): what a run that was interrupted
    /// there had seen.
    ///
    /// # Errors
    /// [`InvariantBroken`] of the first path whose books do not balance.
    pub fn simulate_first(&mut self, paths: u64, watcher: &mut dyn Watcher) -> Result<(), InvariantBroken> {
        let blocks = paths.min(self.planned).div_ceil(BLOCK_PATHS);
        let mut next = 0;
        while next < blocks && !watcher.stop().load(Ordering::Relaxed) {
            let batch = next..(next + batch_blocks(next)).min(blocks);
            next = batch.end;
            let asked = (batch.end - batch.start) as usize;
            let (context, law, planned, floor) = (&self.context, self.law, self.planned, self.floor);
            let shared = &*watcher;
            let simulated: Vec<Option<Result<TailBlock, InvariantBroken>>> = batch
                .into_par_iter()
                .map(|block| {
                    if shared.stop().load(Ordering::Relaxed) {
                        return None;
                    }
                    let outcome = match law {
                        PathLaw::Tilted(tilt) => {
                            simulate_tail_block(context, tilt, block, planned, floor).map(Some)
                        }
                        PathLaw::Uncertain(worlds) => {
                            simulate_uncertain_block(context, worlds, block, planned, floor)
                        }
                    };
                    if let Ok(Some(outcome)) = &outcome {
                        shared.simulated(outcome.paths());
                    }
                    outcome.transpose()
                })
                .collect();
            // After a stop only the blocks before the first missing one count.
            let whole: Vec<TailBlock> =
                simulated.into_iter().map_while(|outcome| outcome).collect::<Result<_, _>>()?;
            let refused = whole.len() < asked && !watcher.stop().load(Ordering::Relaxed);
            watcher.tail_blocks(&whole);
            self.absorb(whole);
            watcher.tail_absorbed(self);
            // A world was refused: whoever made the worlds knows which.
            if refused {
                break;
            }
        }
        Ok(())
    }

    fn absorb(&mut self, blocks: Vec<TailBlock>) {
        self.columns.par_iter_mut().enumerate().for_each(|(column, (moments, distribution))| {
            for block in &blocks {
                let values = &block.columns[column];
                let first_set = block.first_path / SET_PATHS;
                let mut of_block = WeightedMoments::default();
                let sets = values.chunks(SET_PATHS as usize).zip(block.weights.chunks(SET_PATHS as usize));
                for (set, (values, weights)) in (first_set..).zip(sets) {
                    values.iter().zip(weights).for_each(|(&value, &weight)| of_block.add(value, weight));
                    of_block.close(set);
                }
                moments.merge(&of_block);
                distribution.absorb(values, &block.weights);
            }
        });
        if let PathLaw::Uncertain(_) = self.law {
            self.splits.par_iter_mut().enumerate().for_each(|(column, splits)| {
                blocks.iter().for_each(|block| splits.add(&block.columns[column]));
            });
        }
        for block in blocks {
            self.paths += block.paths();
            let room = (EXACT_PATHS as usize).saturating_sub(self.weights.len()).min(block.weights.len());
            let kept = &block.weights[..room];
            self.sets.extend(kept.chunks(SET_PATHS as usize).map(|set| set.iter().sum::<u64>()));
            self.weights.extend_from_slice(kept);
            for &weight in &block.weights {
                let weight = weight as f64 / WEIGHT_ONE as f64;
                self.weight_sums.0 += weight;
                self.weight_sums.1 += weight * weight;
            }
            let merge = |mine: &mut [WeightedMoments], theirs: &[WeightedMoments]| {
                mine.iter_mut().zip(theirs).for_each(|(a, b)| a.merge(b));
            };
            self.groups.iter_mut().zip(&block.groups).for_each(|(mine, theirs)| merge(mine, theirs));
            merge(&mut self.timeline, &block.timeline);
            merge(&mut self.parts, &block.parts);
            self.streams.extend(block.stream);
            self.candidates.extend(block.candidates);
            self.lifetime.iter_mut().zip(&block.lifetime).for_each(|(mine, theirs)| mine.merge(theirs));
        }
        self.prune();
    }

    /// Drops candidates that cannot be among the worst 1 % of the planned paths, whose weights add up to about their
    /// number; 1.25 % leaves room for chance.
    fn prune(&mut self) {
        let planned = self.planned.min(EXACT_PATHS) as u128 * WEIGHT_ONE as u128;
        let enough = planned / 80;
        self.candidates.sort_unstable_by(by_loss);
        let mut seen: u128 = 0;
        let keep = self.candidates.iter().take_while(|path| {
            let wanted = seen < enough;
            seen += path.weight as u128;
            wanted
        });
        let keep = keep.count();
        if keep < self.candidates.len() {
            self.candidates.truncate(keep);
            self.floor = self.candidates.last().map_or(i64::MIN, |path| path.loss);
        }
    }

    /// Average so far of a metric of the whole fund.
    pub fn average_of(&self, metric: MetricId) -> Option<Average> {
        let position = self.context.figures.columns().iter().position(|column| column.metric == metric)?;
        Some(self.columns[position].0.average(self.paths))
    }
}

/// Largest loss first; equal losses in order of path.
fn by_loss(a: &WorstCandidate, b: &WorstCandidate) -> std::cmp::Ordering {
    b.loss.cmp(&a.loss).then(a.path.cmp(&b.path))
}
