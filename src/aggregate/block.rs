//! A fixed block of paths: the unit of parallel work.

use super::census::CensusSums;
use super::contributions::{BlockContributions, Parts};
use super::figures::Figures;
use super::groups::GroupMoments;
use super::lifetime::LifetimeSums;
use super::timeline::TimelineLayout;
use super::timeline_codec::TimelineStream;
use super::timeline_lanes::{BlockSums, SeriesReader};
use super::{BLOCK_PATHS, TIMELINE_PATHS};
use crate::engine::InvariantBroken;
use crate::engine::chunk::{CHUNK_PATHS, ChunkSimulator, Lanes};
use crate::engine::kernel::terms::KernelTerms;
use crate::isa::Isa;
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
    /// Tables of the kernel.
    pub terms: KernelTerms,
}

impl<'p> BlockContext<'p> {
    /// For a plan.
    pub fn new(plan: &'p Plan) -> Self {
        BlockContext {
            plan,
            figures: Figures::new(plan),
            timeline: TimelineLayout::new(plan),
            parts: Parts::new(plan),
            terms: KernelTerms::new(plan),
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
        columns: vec![Vec::with_capacity(count as usize); context.figures.columns().len()],
        groups: GroupMoments::new(context.plan),
        timeline: vec![BlockSums::default(); series * timeline.quarters()],
        stream: (first_path < TIMELINE_PATHS).then(TimelineStream::default),
        contributions: BlockContributions::new(&context.parts),
        lifetime: vec![LifetimeSums::default(); context.plan.credit.hazards.len()],
        census: vec![CensusSums::new(context.plan.credit.hazards.len()); context.plan.lines.len()],
    };
    let mut simulator = ChunkSimulator::new(context.plan, &context.terms, Isa::current());
    // Figures of one chunk: whole columns of a block lie 8 KB apart, the same place of every cache set.
    let mut figures: Vec<Lanes> = vec![[0; CHUNK_PATHS]; outcome.columns.len()];
    let mut groups = outcome.groups.lanes();
    let mut reader = SeriesReader::new(timeline, CHUNK_PATHS);
    let mut first = 0;
    while first < count {
        let paths = (count - first).min(CHUNK_PATHS as u64) as usize;
        simulator.run(first_path + first, paths)?;
        for (lane, totals) in simulator.totals().iter().enumerate() {
            context.figures.of(totals, |column, value| figures[column][lane] = value);
            groups.set(lane, totals);
            outcome.contributions.add(&context.parts, first_path + first + lane as u64, totals, floor);
            for (sum, lifetime) in outcome.lifetime.iter_mut().zip(&totals.lifetime) {
                sum.add(lifetime);
            }
            for (sum, census) in outcome.census.iter_mut().zip(&totals.census) {
                sum.add(census);
            }
        }
        for (column, lanes) in outcome.columns.iter_mut().zip(&figures) {
            column.extend_from_slice(&lanes[..paths]);
        }
        outcome.groups.add(&groups, paths);
        reader.restart(paths);
        reader.add_sums(simulator.timeline(), &mut outcome.timeline);
        if let Some(stream) = &mut outcome.stream {
            stream.push(simulator.timeline(), paths);
        }
        first += paths as u64;
    }
    if let Some(stream) = &mut outcome.stream {
        stream.shrink();
    }
    Ok(outcome)
}
