//! A few neighbouring paths side by side: what they leave behind, laid out for arithmetic on all of them at once.
//!
//! Statistics over paths are sums of the same figure over many paths. Stored path by path such a sum jumps through
//! memory and adds one number at a time; stored figure by figure (`[quarter][value][path]`) the compiler adds four or
//! eight paths with one instruction. A chunk is small enough to stay in the second-level cache.

use super::kernel::terms::KernelTerms;
use super::kernel::{BATCH_PATHS, Kernel};
use super::settled::{Settled, channel::LANES};
use super::totals::{LineRow, PathTotals, TimelineRow};
use super::{InvariantBroken, PathSimulator};
use crate::isa::Isa;
use crate::plan::Plan;
use std::slice::from_mut;

/// Paths of a chunk. A block of paths is a whole number of chunks.
pub const CHUNK_PATHS: usize = 32;

/// One number of each path of a chunk.
pub type Lanes = [i64; CHUNK_PATHS];

/// Numbers of the fund in a quarter: cash and idle cash.
pub const FUND_VALUES: usize = 2;

/// Numbers of a line in a quarter: the fields of [`LineRow`].
pub const LINE_VALUES: usize = 10;

/// Numbers of a quarter: the fund's, then those of the line in slot 0, then those of slot 1.
pub const ROW_VALUES: usize = FUND_VALUES + 2 * LINE_VALUES;

/// A [`TimelineRow`] as numbers, in the order of its fields.
pub fn row_values(row: &TimelineRow) -> [i64; ROW_VALUES] {
    let mut values = [0; ROW_VALUES];
    values[0] = row.cash.0;
    values[1] = row.idle_cash.0;
    for (line, chunk) in row.lines.iter().zip(values[FUND_VALUES..].chunks_exact_mut(LINE_VALUES)) {
        chunk.copy_from_slice(&line_values(line));
    }
    values
}

/// A [`LineRow`] as numbers, in the order of its fields.
pub fn line_values(line: &LineRow) -> [i64; LINE_VALUES] {
    [
        line.outstanding_fund_loans.0,
        line.outstanding_guaranteed.0,
        line.guarantee_reserve.0,
        line.running_projects,
        line.defaults,
        line.projects,
        line.fund_loss.0,
        line.calls_paid.0,
        line.finance.0,
        line.investment_supported.0,
    ]
}

/// The timelines of the paths of a chunk.
#[derive(Clone, Debug)]
pub struct ChunkTimeline {
    /// Quarter after quarter, [`ROW_VALUES`] numbers each.
    values: Vec<Lanes>,
}

impl ChunkTimeline {
    /// All zero, for so many quarters.
    pub fn new(quarters: u32) -> ChunkTimeline {
        ChunkTimeline { values: vec![[0; CHUNK_PATHS]; quarters as usize * ROW_VALUES] }
    }

    /// Quarter after quarter: the numbers of all paths.
    pub fn quarters(&self) -> std::slice::ChunksExact<'_, Lanes> {
        self.values.chunks_exact(ROW_VALUES)
    }

    /// The numbers of all paths in one quarter.
    pub(super) fn quarter_mut(&mut self, quarter: usize) -> &mut [Lanes] {
        &mut self.values[quarter * ROW_VALUES..(quarter + 1) * ROW_VALUES]
    }

    /// Sets the row of one path in one quarter.
    pub fn set_row(&mut self, quarter: usize, lane: usize, row: &[i64; ROW_VALUES]) {
        let start = quarter * ROW_VALUES;
        for (lanes, value) in self.values[start..start + ROW_VALUES].iter_mut().zip(row) {
            lanes[lane] = *value;
        }
    }

    /// Sets the row of one path in one quarter to that of the quarter before.
    pub fn repeat_row(&mut self, quarter: usize, lane: usize) {
        let start = quarter * ROW_VALUES;
        let (before, now) = self.values[start - ROW_VALUES..start + ROW_VALUES].split_at_mut(ROW_VALUES);
        for (now, before) in now.iter_mut().zip(before) {
            now[lane] = before[lane];
        }
    }

    /// The rows of one path.
    pub fn lane(&mut self, lane: usize) -> TimelineLane<'_> {
        TimelineLane { timeline: self, lane }
    }

    /// Takes over the path that a scalar simulator has run.
    pub(super) fn take_path(&mut self, lane: usize, simulator: &PathSimulator, totals: &mut PathTotals) {
        totals.copy_from(simulator.totals());
        for (quarter, row) in simulator.timeline().iter().enumerate() {
            self.set_row(quarter, lane, &row_values(row));
        }
    }

    /// Sets a path that does not exist to zero.
    fn clear_lane(&mut self, lane: usize) {
        self.values.iter_mut().for_each(|lanes| lanes[lane] = 0);
    }
}

/// The rows of one path of a chunk.
pub struct TimelineLane<'t> {
    /// The rows of all.
    pub timeline: &'t mut ChunkTimeline,
    /// Which path.
    pub lane: usize,
}

/// What runs the paths; all give the same cents.
enum Engine<'p> {
    /// One path at a time, step by step.
    Scalar,
    /// In batches.
    Kernel(Box<Kernel<'p>>),
    /// In batches, for lists whose approvals do not wait for what happens; the kernel takes the paths left over.
    Settled(Box<Settled<'p>>, Option<Box<Kernel<'p>>>),
}

/// Simulates chunk after chunk, keeping its buffers.
pub struct ChunkSimulator<'p> {
    scalar: PathSimulator<'p>,
    engine: Engine<'p>,
    totals: Vec<PathTotals>,
    timeline: ChunkTimeline,
    paths: usize,
}

impl<'p> ChunkSimulator<'p> {
    /// A simulator of the paths of a plan, by the fastest engine that supports the plan.
    pub fn new(plan: &'p Plan, terms: &'p KernelTerms, isa: Isa) -> Self {
        let kernel = terms.supported.then(|| Box::new(Kernel::new(plan, terms, isa)));
        let engine = match (&terms.settled, kernel) {
            (Ok(settled), kernel) => Engine::Settled(Box::new(Settled::new(plan, settled, isa)), kernel),
            (Err(_), Some(kernel)) => Engine::Kernel(kernel),
            (Err(_), None) => Engine::Scalar,
        };
        ChunkSimulator { engine, ..Self::scalar(plan) }
    }

    /// A simulator that runs every plan by the kernel for all plans.
    pub fn kernel(plan: &'p Plan, terms: &'p KernelTerms, isa: Isa) -> Self {
        let engine = Engine::Kernel(Box::new(Kernel::new(plan, terms, isa)));
        ChunkSimulator { engine, ..Self::scalar(plan) }
    }

    /// A simulator that runs every path by the scalar engine.
    pub fn scalar(plan: &'p Plan) -> Self {
        ChunkSimulator {
            scalar: PathSimulator::new(plan),
            engine: Engine::Scalar,
            totals: vec![PathTotals::default(); CHUNK_PATHS],
            timeline: ChunkTimeline::new(plan.quarters),
            paths: 0,
        }
    }

    /// Totals of each path of the chunk last run.
    pub fn totals(&self) -> &[PathTotals] {
        &self.totals[..self.paths]
    }

    /// Timelines of the chunk last run; zero for paths beyond its number.
    pub fn timeline(&self) -> &ChunkTimeline {
        &self.timeline
    }

    /// Simulates `paths` paths (at most [`CHUNK_PATHS`]) from `first_path` on.
    ///
    /// # Errors
    /// [`InvariantBroken`] if the books of a path do not balance: a bug.
    pub fn run(&mut self, first_path: u64, paths: usize) -> Result<(), InvariantBroken> {
        self.paths = paths;
        let timeline = &mut self.timeline;
        let totals = &mut self.totals[..paths];
        match &mut self.engine {
            Engine::Scalar => {
                for (lane, totals) in totals.iter_mut().enumerate() {
                    self.scalar.run(first_path + lane as u64)?;
                    timeline.take_path(lane, &self.scalar, totals);
                }
            }
            Engine::Kernel(kernel) => {
                for (batch, totals) in totals.chunks_mut(BATCH_PATHS).enumerate() {
                    let lane = batch * BATCH_PATHS;
                    kernel.run(first_path + lane as u64, totals, lane, timeline, &mut self.scalar)?;
                }
            }
            Engine::Settled(settled, kernel) => {
                let mut otherwise = |path, lane, totals: &mut PathTotals, timeline: &mut ChunkTimeline| {
                    if let Some(kernel) = kernel {
                        return kernel.run(path, from_mut(totals), lane, timeline, &mut self.scalar);
                    }
                    self.scalar.run(path)?;
                    timeline.take_path(lane, &self.scalar, totals);
                    Ok(())
                };
                for (batch, totals) in totals.chunks_mut(LANES).enumerate() {
                    let lane = batch * LANES;
                    settled.run(first_path + lane as u64, totals, lane, timeline, &mut otherwise)?;
                }
            }
        }
        (paths..CHUNK_PATHS).for_each(|lane| timeline.clear_lane(lane));
        Ok(())
    }
}
