//! The same paths as [`super::path`], several times faster: a batch of paths in stages instead of a path at a time.
//!
//! 1. [`batch`], [`arrivals`]: the common luck of each path, then how many apply in which quarter.
//! 2. [`draws`], [`applicants`]: random numbers, traits and default luck of all applicants of the batch, in
//!    loops over arrays that the compiler turns into vector instructions ([`crate::isa`]).
//! 3. [`path`]: the quarters of each path over sums and lists ([`schedule`]), with the books of the scalar engine.
//!
//! Stages 1 and 2 know nothing of the money: [`variants`] does them once for many plans that differ in budgets only.
//!
//! The scalar engine stays the reference: the kernel must give the same cents on every path, which tests compare.
//! It hands paths back to the scalar engine when it cannot be exact (applications of a path that add up to 10
//! thousand billion euros), and whole plans with more than 32 products in a line, 32 ratings or forced defaults
//! ([`super::forced`]).
//!
//! # Where the time goes
//!
//! Instructions a path of `wecare-mixed` with all outputs, counted by callgrind on AVX2 between runs of 1,024 and 5,120
//! paths of a release build: 1,450,000 before there was a kernel, 461,000 now. The plain baseline of the benchmark
//! (`benches/baseline`), which shares no code with the engine, took 935,000 when it was last counted. Of the 461,000:
//!
//! | what | instructions | share |
//! | --- | --- | --- |
//! | before the first quarter: factors, arrivals, draws, traits, luck ([`batch`]) | 110,000 | 24 % |
//! | quarters: books, fees, payments due, calls, recoveries, rows and their checks | 59,000 | 13 % |
//! | some 60 disbursements: books, totals, groups, schedules | 57,000 | 12 % |
//! | order statistics of the timelines | 52,000 | 11 % |
//! | queues | 39,000 | 8 % |
//! | timeline sums, in lanes; timelines kept | 40,000 | 9 % |
//! | path figures summed up: order statistics, histograms, tails | 28,000 | 6 % |
//! | timelines read again, sums over blocks, drawing, writing and everything else | 32,000 | 7 % |
//! | figures, groups and streams of each path | 22,000 | 5 % |
//! | applications counted | 11,000 | 2 % |
//! | defaults | 11,000 | 2 % |
//!
//! A study needs figures only: a mix among others ([`variants`]) pays for quarters (without their rows), disbursements, queues
//! and defaults, some 160,000 by this table.
//!
//! Nothing dominates any more. The plain program is compiled code on whole cents too (640,000 of its instructions are its
//! quarters, the rest storing and sorting), so the distance to it is not what it would be to an interpreter, and the outputs
//! bound it: draws (33,000), timeline sums and the order statistics of 2,240 timeline columns alone are 118,000 instructions,
//! an eighth of the plain program, so that even free simulation would leave a factor below 8. The largest piece that lanes
//! have not reached is the quarters: several paths in step, as timelines are summed, would need books, tranches and calls
//! without branches.
//!
//! # Why each step
//!
//! The totals above are measured; what most steps bring by themselves was not measured one by one.
//!
//! - Philox in 16 lanes ([`draws`]): ten dependent multiplications leave a single address waiting.
//! - Survivors by a table ([`terms::SurvivalBounds`]): most projects survive for certain and need no distribution function.
//! - Schedules summed at disbursement ([`schedule`]): a quarter no longer visits its projects.
//! - Refusals remembered (`Lacking` in the queue): most of the waiting cannot be served in most quarters.
//! - Package amounts computed when asked for ([`applicants::Needs`]): stored for everybody they left the nearest cache.
//! - The Poisson walk kept within a year ([`arrivals`]): the mean is the same in all its quarters.
//! - Quiet quarters repeat their row ([`path::PathState`]): a fund that has wound up waits years for its last
//!   recoveries. With books in arrays instead of vectors it took the quarters from 109,000 to 90,000 instructions.

pub mod applicants;
pub mod arrivals;
pub mod batch;
mod census;
mod disbursement;
pub mod draws;
pub mod path;
mod queue;
pub mod schedule;
pub mod terms;
pub mod variants;

use super::chunk::ChunkTimeline;
use super::totals::PathTotals;
use super::{InvariantBroken, PathSimulator};
use crate::isa::Isa;
use crate::plan::Plan;
pub use batch::BATCH_PATHS;
use batch::Batch;
use path::PathState;
use terms::KernelTerms;

/// Simulates batches of paths of one plan, keeping its buffers.
pub struct Kernel<'p> {
    plan: &'p Plan,
    batch: Batch<'p>,
    state: PathState,
}

impl<'p> Kernel<'p> {
    /// A kernel for a plan.
    pub fn new(plan: &'p Plan, terms: &'p KernelTerms, isa: Isa) -> Self {
        Kernel { plan, batch: Batch::new(plan, terms, isa), state: PathState::default() }
    }

    /// Simulates paths from `first_path` on, as many as there are `totals` (at most [`BATCH_PATHS`]), into these and into
    /// the lanes of the timeline from `first_lane` on. Paths that it cannot run exactly go to `scalar`.
    ///
    /// # Errors
    /// [`InvariantBroken`] if the books of a path do not balance: a bug.
    pub fn run(
        &mut self,
        first_path: u64,
        totals: &mut [PathTotals],
        first_lane: usize,
        timeline: &mut ChunkTimeline,
        scalar: &mut PathSimulator,
    ) -> Result<(), InvariantBroken> {
        self.batch.draw(first_path, totals.len());
        for (lane, totals) in totals.iter_mut().enumerate() {
            match self.batch.inputs(lane, self.plan) {
                Some(inputs) => {
                    inputs.count_applications(totals);
                    self.state.run(&inputs, totals, &mut timeline.lane(first_lane + lane))?;
                }
                None => {
                    scalar.run(first_path + lane as u64)?;
                    timeline.take_path(first_lane + lane, scalar, totals);
                }
            }
        }
        Ok(())
    }
}
