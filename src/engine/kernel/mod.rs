//! The same paths as [`super::path`], several times faster: a batch of paths in stages instead of a path at a time.
//!
//! 1. [`arrivals`]: the common luck of each path, then how many apply in which quarter.
//! 2. [`draws`], [`applicants`]: random numbers, traits and default luck of all applicants of the batch, in
//!    loops over arrays that the compiler turns into vector instructions ([`crate::isa`]).
//! 3. [`path`]: the quarters of each path over sums and lists ([`schedule`]), with the books of the scalar engine.
//!
//! The scalar engine stays the reference: the kernel must give the same cents on every path, which tests compare.
//! It hands paths back to the scalar engine when it cannot be exact (applications of a path that add up to 10
//! thousand billion euros), and whole plans with more than 32 products in a line, 32 ratings or forced defaults
//! ([`super::forced`]).
//!
//! # Where the time goes
//!
//! Instructions a path of `wecare-mixed` with all outputs, counted by callgrind on AVX2 between runs of 1,024 and 5,120
//! paths: 1,450,000 before there was a kernel, 452,000 now. The plain baseline of the benchmark (`benches/baseline`), which
//! shares no code with the engine, takes 935,000. Of the 452,000:
//!
//! | what | instructions | share |
//! | --- | --- | --- |
//! | quarters: books, fees, rows and their checks | 90,000 | 20 % |
//! | order statistics of the timelines | 57,000 | 13 % |
//! | some 60 disbursements: books, totals, groups, schedules | 50,000 | 11 % |
//! | traits, eligibility and luck of 100 applicants, in lanes | 49,000 | 11 % |
//! | timeline sums, in lanes | 33,000 | 7 % |
//! | draws, in lanes | 33,000 | 7 % |
//! | path figures summed up: order statistics, histograms, tails | 31,000 | 7 % |
//! | queues | 24,000 | 5 % |
//! | figures, groups and streams of each path | 26,000 | 6 % |
//! | timelines read again for their order statistics | 21,000 | 5 % |
//! | arrivals and factors, defaults | 27,000 | 6 % |
//! | everything else, drawing and writing among it | 11,000 | 2 % |
//!
//! Nothing dominates any more. The plain program is compiled code on whole cents too (640,000 of its instructions are its
//! quarters, the rest storing and sorting), so the distance to it is not what it would be to an interpreter, and the outputs
//! bound it: draws, timeline sums and the order statistics of 2,240 timeline columns alone are 123,000 instructions, an
//! eighth of the plain program, so that even free simulation would leave a factor below 8. The largest piece that lanes
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
//! - Refusals remembered (the queue in [`path::PathState`]): most of the waiting cannot be served in most quarters.
//! - Package amounts computed when asked for ([`applicants::Needs`]): stored for everybody they left the nearest cache.
//! - The Poisson walk kept within a year ([`arrivals`]): the mean is the same in all its quarters.
//! - Quiet quarters repeat their row ([`path::PathState`]): a fund that has wound up waits years for its last
//!   recoveries. With books in arrays instead of vectors it took the quarters from 109,000 to 90,000 instructions.

pub mod applicants;
pub mod arrivals;
mod disbursement;
pub mod draws;
pub mod path;
mod queue;
pub mod schedule;
pub mod terms;

use super::chunk::ChunkTimeline;
use super::factors::PathFactors;
use super::totals::PathTotals;
use super::{InvariantBroken, PathSimulator};
use crate::isa::Isa;
use crate::numeric::poisson::poisson_parts;
use crate::plan::{ApplicantSource, LinePlan, Plan};
use crate::random::{Address, Purpose};
use applicants::{LineApplicants, Traits, Uniforms, amounts_are_exact};
use arrivals::PoissonWalk;
use draws::{LANES, UniformPairs, what};
use path::{PathInputs, PathState};
use terms::KernelTerms;

/// Paths whose applicants are drawn together: their arrays fit the second-level cache.
pub const BATCH_PATHS: usize = 8;

/// Simulates batches of paths of one plan, keeping its buffers.
pub struct Kernel<'p> {
    plan: &'p Plan,
    terms: &'p KernelTerms,
    isa: Isa,
    factors: Vec<PathFactors>,
    applicants: Vec<LineApplicants>,
    /// First applicant of each path and open quarter, with an end: `[slot][path][quarter]`.
    starts: Vec<Vec<u32>>,
    quarter_draws: QuarterDraws,
    walk: PoissonWalk,
    state: PathState,
}

/// Addresses and uniforms of the arrivals of a batch: a path after the other, its open quarters each.
#[derive(Default)]
struct QuarterDraws {
    paths: Vec<u64>,
    quarters: Vec<u32>,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl<'p> Kernel<'p> {
    /// A kernel for a plan.
    pub fn new(plan: &'p Plan, terms: &'p KernelTerms, isa: Isa) -> Self {
        Kernel {
            plan,
            terms,
            isa,
            factors: vec![PathFactors::default(); BATCH_PATHS],
            applicants: vec![LineApplicants::default(); plan.lines.len()],
            starts: vec![Vec::new(); plan.lines.len()],
            quarter_draws: QuarterDraws::default(),
            walk: PoissonWalk::default(),
            state: PathState::default(),
        }
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
        let paths = totals.len();
        for (lane, factors) in self.factors[..paths].iter_mut().enumerate() {
            factors.draw(self.plan, first_path + lane as u64);
        }
        for slot in 0..self.plan.lines.len() {
            self.arrive(slot, first_path, paths);
            self.draw(slot);
            self.isa.run(Traits {
                plan: self.plan,
                terms: self.terms,
                slot,
                factors: &self.factors[..paths],
                applicants: &mut self.applicants[slot],
            });
        }
        let row = self.plan.open_quarters as usize + 1;
        for (lane, totals) in totals.iter_mut().enumerate() {
            let starts: [&[u32]; 2] = std::array::from_fn(|slot| {
                self.starts.get(slot).map_or(&[][..], |starts| &starts[lane * row..(lane + 1) * row])
            });
            let exact = self.applicants.iter().zip(starts).all(|(applicants, starts)| {
                amounts_are_exact(&applicants.investment[starts[0] as usize..starts[row - 1] as usize])
            });
            let path = first_path + lane as u64;
            if !exact {
                scalar.run(path)?;
                timeline.take_path(first_lane + lane, scalar, totals);
                continue;
            }
            let inputs = PathInputs {
                plan: self.plan,
                terms: self.terms,
                path,
                factors: &self.factors[lane],
                applicants: &self.applicants,
                starts,
                isa: self.isa,
            };
            self.state.run(&inputs, first_lane + lane, totals, timeline)?;
        }
        Ok(())
    }

    /// Who arrives when, in one line.
    fn arrive(&mut self, slot: usize, first_path: u64, paths: usize) {
        let line = &self.plan.lines[slot];
        let applicants = &mut self.applicants[slot];
        let starts = &mut self.starts[slot];
        applicants.clear();
        starts.clear();
        let open = self.plan.open_quarters;
        match &line.applicants {
            ApplicantSource::Statistical(source) => {
                let draws = &mut self.quarter_draws;
                draws.fill(self.plan, line, self.isa, first_path, paths);
                for lane in 0..paths {
                    let path = first_path + lane as u64;
                    let mut number = 0;
                    for quarter in 0..open {
                        starts.push(applicants.count as u32);
                        let mean = source.arrivals[quarter as usize] * self.factors[lane].demand_level[slot];
                        let (parts, mean_of_each) = poisson_parts(mean);
                        let count = match parts {
                            0 => 0,
                            1 => {
                                let draw = draws.first[lane * open as usize + quarter as usize];
                                self.walk.quantile(mean_of_each, draw)
                            }
                            // Several draws of one address: the stream gives them.
                            _ => {
                                let mut stream = Address {
                                    seed: self.plan.seed,
                                    path,
                                    purpose: Purpose::Arrivals,
                                    line: line.number.index() as u8 + 1,
                                    index: quarter,
                                }
                                .stream();
                                (0..parts).map(|_| self.walk.quantile(mean_of_each, stream.uniform())).sum()
                            }
                        };
                        for _ in 0..count {
                            applicants.push(path, lane, number, 0, quarter);
                            number += 1;
                        }
                    }
                    starts.push(applicants.count as u32);
                }
            }
            ApplicantSource::List(rows) => {
                for lane in 0..paths {
                    let mut position = 0;
                    for quarter in 0..open {
                        starts.push(applicants.count as u32);
                        while let Some(row) = rows.get(position).filter(|row| row.quarter == quarter) {
                            let path = first_path + lane as u64;
                            applicants.push(path, lane, row.number, position as u32, quarter);
                            position += 1;
                        }
                    }
                    starts.push(applicants.count as u32);
                }
            }
        }
        applicants.allot();
    }

    /// All random numbers of the applicants of a line that do not wait for what happens.
    fn draw(&mut self, slot: usize) {
        let line = &self.plan.lines[slot];
        let LineApplicants { path, number, uniforms, .. } = &mut self.applicants[slot];
        let Uniforms { enterprise, preference, members, withdrawal, own } = uniforms;
        let [a, b, c, d, e, f] = enterprise;
        let seed = self.plan.seed;
        let number_of_line = line.number.index() as u8 + 1;
        let pair = |purpose: Purpose, block: u16, first: &mut [f64], second: &mut [f64]| {
            let what = what(purpose, number_of_line, block);
            self.isa.run(UniformPairs { seed, what, paths: path, indices: number, first, second });
        };
        if let ApplicantSource::Statistical(source) = &line.applicants {
            pair(Purpose::Enterprise, 0, a, b);
            pair(Purpose::Enterprise, 1, c, d);
            pair(Purpose::Enterprise, 2, e, f);
            if source.members.is_some() {
                let [first, second] = members;
                pair(Purpose::Members, 0, first, second);
            }
        }
        let [first, second] = preference;
        pair(Purpose::Preference, 0, first, second);
        if line.withdrawal_rate > 0.0 {
            let [first, second] = withdrawal;
            pair(Purpose::Withdrawal, 0, first, second);
        }
        if self.terms.survival.is_some() {
            let [first, second] = own;
            pair(Purpose::Idiosyncratic, 0, first, second);
        }
    }
}

impl QuarterDraws {
    fn fill(&mut self, plan: &Plan, line: &LinePlan, isa: Isa, first_path: u64, paths: usize) {
        let open = plan.open_quarters;
        self.paths.clear();
        self.quarters.clear();
        for lane in 0..paths as u64 {
            self.paths.extend(std::iter::repeat_n(first_path + lane, open as usize));
            self.quarters.extend(0..open);
        }
        let padded = self.paths.len().next_multiple_of(LANES);
        self.paths.resize(padded, 0);
        self.quarters.resize(padded, 0);
        self.first.resize(padded, 0.0);
        self.second.resize(padded, 0.0);
        isa.run(UniformPairs {
            seed: plan.seed,
            what: what(Purpose::Arrivals, line.number.index() as u8 + 1, 0),
            paths: &self.paths,
            indices: &self.quarters,
            first: &mut self.first,
            second: &mut self.second,
        });
    }
}
