//! A fixed block of paths: the unit of parallel work.

use super::census::CensusSums;
use super::contributions::{BlockContributions, Parts};
use super::figures::Figures;
use super::groups::GroupMoments;
use super::lifetime::LifetimeSums;
use super::timeline::{BlockSums, TimelineLayout};
use super::timeline_codec::TimelineStream;
use super::{BLOCK_PATHS, TIMELINE_PATHS};
use crate::engine::{InvariantBroken, PathSimulator};
use crate::plan::Plan;

/// What every block of a run is simulated with.
pub struct BlockContext<'p> {
    /// The plan.
    pub plan: &'p Plan,
    /// Columns and their definitions.
    pub figures: Figures<'p>,
    /// Timeline series and their definitions.
    pub timeline: TimelineLayout<'p>,
    /// Parts of the loss.
    pub parts: Parts,
}

impl<'p> BlockContext<'p> {
    /// For a plan.
    pub fn new(plan: &'p Plan) -> Self {
        BlockContext {
            plan,
            figures: Figures::new(plan),
            timeline: TimelineLayout::new(plan),
            parts: Parts::new(plan),
        }
    }
}

/// The figures of the paths of one block.
#[derive(Clone, Debug)]
pub struct BlockOutcome {
    /// Number of the first path.
    pub first_path: u64,
    /// Number of paths.
    pub paths: u64,
    /// Figures by column, then by path.
    pub columns: Vec<Vec<i64>>,
    /// Groups.
    pub groups: GroupMoments,
    /// Timeline sums: quarter after quarter, series after series.
    pub timeline: Vec<BlockSums>,
    /// The timelines themselves, of the first [`TIMELINE_PATHS`] paths.
    pub stream: Option<TimelineStream>,
    /// Contributions to the loss.
    pub contributions: BlockContributions,
    /// Promised and simulated lifetime defaults by rating.
    pub lifetime: Vec<LifetimeSums>,
    /// Applicants and first projects of each line, by slot.
    pub census: Vec<CensusSums>,
}

/// Simulates block number `block` of a run of `paths` paths; `floor` is a loss below which no path can be among the
/// worst of the run.
///
/// # Errors
/// [`InvariantBroken`] if the books of a path do not balance: a bug.
pub fn simulate_block(
    context: &BlockContext,
    block: u64,
    paths: u64,
    floor: i64,
) -> Result<BlockOutcome, InvariantBroken> {
    let first_path = block * BLOCK_PATHS;
    let count = BLOCK_PATHS.min(paths - first_path);
    let timeline = &context.timeline;
    let series = timeline.series().len();
    let mut outcome = BlockOutcome {
        first_path,
        paths: count,
        columns: vec![vec![0; count as usize]; context.figures.columns().len()],
        groups: GroupMoments::new(context.plan),
        timeline: vec![BlockSums::default(); series * timeline.quarters()],
        stream: (first_path < TIMELINE_PATHS).then(TimelineStream::default),
        contributions: BlockContributions::new(&context.parts),
        lifetime: vec![LifetimeSums::default(); context.plan.credit.hazards.len()],
        census: vec![CensusSums::new(context.plan.credit.hazards.len()); context.plan.lines.len()],
    };
    let mut simulator = PathSimulator::new(context.plan);
    for position in 0..count as usize {
        let path = first_path + position as u64;
        simulator.run(path)?;
        let totals = simulator.totals();
        context.figures.of(totals, |column, value| outcome.columns[column][position] = value);
        outcome.groups.add(totals);
        for (sums, row) in outcome.timeline.chunks_exact_mut(series).zip(simulator.timeline()) {
            timeline.values(row, |position, value| {
                if let Some(value) = value {
                    sums[position].add(value);
                }
            });
        }
        if let Some(stream) = &mut outcome.stream {
            stream.push(simulator.timeline());
        }
        outcome.contributions.add(&context.parts, path, totals, floor);
        for (sum, lifetime) in outcome.lifetime.iter_mut().zip(&totals.lifetime) {
            sum.add(lifetime);
        }
        for (sum, census) in outcome.census.iter_mut().zip(&totals.census) {
            sum.add(census);
        }
    }
    if let Some(stream) = &mut outcome.stream {
        stream.shrink();
    }
    Ok(outcome)
}
