//! A fixed block of weighted paths: the unit of parallel work.

use super::moments::{WeightedLifetime, WeightedMoments};
use crate::aggregate::block::BlockContext;
use crate::aggregate::groups::{GroupFigure, groups};
use crate::aggregate::timeline_codec::TimelineStream;
use crate::aggregate::timeline_lanes::{SeriesLanes, SeriesReader};
use crate::aggregate::{BLOCK_PATHS, EXACT_PATHS, TIMELINE_PATHS};
use crate::engine::chunk::{CHUNK_PATHS, ChunkTimeline, row_values};
use crate::engine::luck::Luck;
use crate::engine::tilt::{Place, SET_PATHS, Tilt};
use crate::engine::totals::PathTotals;
use crate::engine::{InvariantBroken, PathSimulator};

// A set ends where a chunk ends: its timelines are added before it is closed.
const _: () = assert!((SET_PATHS as usize).is_multiple_of(CHUNK_PATHS));

/// Figures of a group.
pub type GroupAverages = [WeightedMoments; GroupFigure::ALL.len()];

/// A path that may belong to the worst 1 %.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorstCandidate {
    /// Its fund loss in cents.
    pub loss: i64,
    /// Its number.
    pub path: u64,
    /// Its weight.
    pub weight: u64,
    /// The losses of the parts, where not 0.
    pub parts: Vec<(u32, i64)>,
}

/// The figures of the weighted paths of one block.
#[derive(Clone, Debug)]
pub struct TailBlock {
    /// Number of the first path.
    pub first_path: u64,
    /// Weight of each path, in units of 2^-36.
    pub weights: Vec<u64>,
    /// Figures by column, then by path.
    pub columns: Vec<Vec<i64>>,
    /// Groups.
    pub groups: Vec<GroupAverages>,
    /// Timeline: quarter after quarter, series after series.
    pub timeline: Vec<WeightedMoments>,
    /// The timelines themselves, of the first [`TIMELINE_PATHS`] paths.
    pub stream: Option<TimelineStream>,
    /// Losses of the parts.
    pub parts: Vec<WeightedMoments>,
    /// Paths that may be among the worst.
    pub candidates: Vec<WorstCandidate>,
    /// Lifetime defaults by rating.
    pub lifetime: Vec<WeightedLifetime>,
}

impl TailBlock {
    /// Without paths yet, for `count` of them.
    pub(in crate::aggregate) fn new(context: &BlockContext, first_path: u64, count: u64) -> TailBlock {
        let layout = &context.timeline;
        TailBlock {
            first_path,
            weights: Vec::with_capacity(count as usize),
            columns: vec![Vec::with_capacity(count as usize); context.figures.columns().len()],
            groups: vec![GroupAverages::default(); groups(context.plan).len()],
            timeline: vec![WeightedMoments::default(); layout.series().len() * layout.quarters()],
            stream: (first_path < TIMELINE_PATHS).then(TimelineStream::default),
            parts: vec![WeightedMoments::mostly_zero(); context.parts.all.len()],
            candidates: Vec::new(),
            lifetime: vec![WeightedLifetime::default(); context.plan.credit.hazards.len()],
        }
    }

    /// Adds what a path says of groups, lifetimes and parts of the loss; `parts` holds the latter then.
    pub(in crate::aggregate) fn add_path(
        &mut self,
        context: &BlockContext,
        totals: &PathTotals,
        weight: u64,
        parts: &mut Vec<(u32, i64)>,
    ) {
        let all = totals.themes.iter().chain(&totals.products).chain(&totals.ratings);
        for (moments, group) in self.groups.iter_mut().zip(all) {
            for (moment, figure) in moments.iter_mut().zip(GroupFigure::ALL) {
                moment.add(figure.of(group), weight);
            }
        }
        for (sum, lifetime) in self.lifetime.iter_mut().zip(&totals.lifetime) {
            sum.add(lifetime, weight);
        }
        context.parts.write(totals, parts);
        for &(part, loss) in parts.iter() {
            self.parts[part as usize].add(loss, weight);
        }
    }

    /// Keeps a path if it may be among the worst 1 % of the first [`EXACT_PATHS`].
    pub(in crate::aggregate) fn add_candidate(
        &mut self,
        path: u64,
        totals: &PathTotals,
        weight: u64,
        parts: &[(u32, i64)],
        floor: i64,
    ) {
        let loss = totals.lines.iter().map(|line| line.fund_loss().0).sum();
        if path < EXACT_PATHS && loss >= floor {
            self.candidates.push(WorstCandidate { loss, path, weight, parts: parts.to_vec() });
        }
    }

    /// Gives memory back that the timelines do not need.
    pub(in crate::aggregate) fn shrink(&mut self) {
        if let Some(stream) = &mut self.stream {
            stream.shrink();
        }
    }

    /// Number of paths.
    pub fn paths(&self) -> u64 {
        self.weights.len() as u64
    }

    /// Adds the timelines of the last `paths` paths, a chunk of them.
    pub(in crate::aggregate) fn add_timeline(
        &mut self,
        reader: &mut SeriesReader,
        chunk: &ChunkTimeline,
        paths: usize,
    ) {
        let weights = &self.weights[self.weights.len() - paths..];
        reader.restart(paths);
        let count = reader.series().len();
        for (moments, row) in self.timeline.chunks_exact_mut(count).zip(chunk.quarters()) {
            reader.read(row);
            for (moments, SeriesLanes { values, exists }) in moments.iter_mut().zip(reader.series()) {
                for (lane, (&value, &weight)) in values.iter().zip(weights).enumerate() {
                    if exists >> lane & 1 == 1 {
                        moments.add(value, weight);
                    }
                }
            }
        }
        if let Some(stream) = &mut self.stream {
            stream.push(chunk, paths);
        }
    }

    /// Closes a set of paths whose first has this position.
    pub(in crate::aggregate) fn close_set(&mut self, start: usize) {
        let set = (self.first_path + start as u64) / SET_PATHS;
        let weight = self.weights[start..].iter().sum();
        let paths = (self.weights.len() - start) as u64;
        self.groups.iter_mut().flatten().for_each(|moments| moments.close(set));
        self.timeline.iter_mut().for_each(|moments| moments.close(set));
        for part in &mut self.parts {
            part.fill(weight, paths);
            part.close(set);
        }
        self.lifetime.iter_mut().for_each(WeightedLifetime::close);
    }
}

/// Simulates block number `block` of a run of `paths` paths under a tilt; `floor` is a loss below which no path can be
/// among the worst.
///
/// # Errors
/// [`InvariantBroken`] if the books of a path do not balance: a bug.
pub fn simulate_tail_block(
    context: &BlockContext,
    tilt: &Tilt,
    block: u64,
    paths: u64,
    floor: i64,
) -> Result<TailBlock, InvariantBroken> {
    let first_path = block * BLOCK_PATHS;
    let count = BLOCK_PATHS.min(paths - first_path);
    let mut outcome = TailBlock::new(context, first_path, count);
    let mut simulator = PathSimulator::new(context.plan);
    let mut parts = Vec::new();
    // Timelines are read off chunk by chunk; lanes of a last, shorter chunk that no path fills are never read.
    let mut chunk = ChunkTimeline::new(context.plan.quarters);
    let mut reader = SeriesReader::new(&context.timeline, CHUNK_PATHS);
    for position in 0..count as usize {
        let path = first_path + position as u64;
        simulator.run_with(path, Luck::tilted(tilt, Place::of(path, paths)))?;
        let weight = simulator.luck().weight();
        let totals = simulator.totals();
        outcome.weights.push(weight);
        context.figures.of(totals, |column, value| outcome.columns[column].push(value));
        outcome.add_path(context, totals, weight, &mut parts);
        outcome.add_candidate(path, totals, weight, &parts, floor);
        let lane = position % CHUNK_PATHS;
        for (quarter, row) in simulator.timeline().iter().enumerate() {
            chunk.set_row(quarter, lane, &row_values(row));
        }
        if lane + 1 == CHUNK_PATHS || position + 1 == count as usize {
            outcome.add_timeline(&mut reader, &chunk, lane + 1);
        }
        let set_start = position - position % SET_PATHS as usize;
        if position + 1 == (set_start + SET_PATHS as usize).min(count as usize) {
            outcome.close_set(set_start);
        }
    }
    outcome.shrink();
    Ok(outcome)
}
