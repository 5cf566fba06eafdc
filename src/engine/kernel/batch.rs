//! A batch of paths before their first quarter: common luck, who applies when, and all that is drawn for them.
//!
//! Nothing here depends on what happens in the fund, nor on how the money of its lines is divided: plans that differ in their
//! budgets alone ([`Plan::differs_in_budgets_only`]) share a batch.

use super::applicants::{LineApplicants, Traits, Uniforms, amounts_are_exact};
use super::arrivals::PoissonWalk;
use super::draws::{LANES, UniformPairs, what};
use super::path::PathInputs;
use super::terms::KernelTerms;
use crate::engine::factors::PathFactors;
use crate::isa::Isa;
use crate::numeric::poisson::poisson_parts;
use crate::plan::{ApplicantSource, LinePlan, Plan};
use crate::random::{Address, Purpose};

/// Paths whose applicants are drawn together: their arrays fit the second-level cache.
pub const BATCH_PATHS: usize = 8;

/// Draws batch after batch, keeping its buffers.
pub struct Batch<'p> {
    plan: &'p Plan,
    terms: &'p KernelTerms,
    isa: Isa,
    first_path: u64,
    factors: Vec<PathFactors>,
    applicants: Vec<LineApplicants>,
    /// First applicant of each path and open quarter, with an end: `[slot][path][quarter]`.
    starts: Vec<Vec<u32>>,
    quarter_draws: QuarterDraws,
    walk: PoissonWalk,
}

/// Addresses and uniforms of the arrivals of a batch: a path after the other, its open quarters each.
#[derive(Default)]
struct QuarterDraws {
    paths: Vec<u64>,
    quarters: Vec<u32>,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl<'p> Batch<'p> {
    /// Nothing is drawn yet.
    pub fn new(plan: &'p Plan, terms: &'p KernelTerms, isa: Isa) -> Self {
        Batch {
            plan,
            terms,
            isa,
            first_path: 0,
            factors: vec![PathFactors::default(); BATCH_PATHS],
            applicants: vec![LineApplicants::default(); plan.lines.len()],
            starts: vec![Vec::new(); plan.lines.len()],
            quarter_draws: QuarterDraws::default(),
            walk: PoissonWalk::default(),
        }
    }

    /// Draws `paths` paths (at most [`BATCH_PATHS`]) from `first_path` on.
    pub fn draw(&mut self, first_path: u64, paths: usize) {
        self.first_path = first_path;
        for (lane, factors) in self.factors[..paths].iter_mut().enumerate() {
            factors.draw(self.plan, first_path + lane as u64);
        }
        for slot in 0..self.plan.lines.len() {
            self.arrive(slot, first_path, paths);
            self.draw_applicants(slot);
            self.isa.run(Traits {
                plan: self.plan,
                terms: self.terms,
                slot,
                factors: &self.factors[..paths],
                applicants: &mut self.applicants[slot],
            });
        }
    }

    /// What the path in this lane is simulated from, under `plan`: the plan it was drawn for, or one that differs from it in
    /// budgets only. `None` if the kernel would not be exact on it.
    pub fn inputs<'b>(&'b self, lane: usize, plan: &'b Plan) -> Option<PathInputs<'b>> {
        let row = self.plan.open_quarters as usize + 1;
        let starts: [&[u32]; 2] = std::array::from_fn(|slot| {
            self.starts.get(slot).map_or(&[][..], |starts| &starts[lane * row..(lane + 1) * row])
        });
        let exact = self.applicants.iter().zip(starts).all(|(applicants, starts)| {
            amounts_are_exact(&applicants.investment[starts[0] as usize..starts[row - 1] as usize])
        });
        exact.then(|| PathInputs {
            plan,
            terms: self.terms,
            path: self.first_path + lane as u64,
            factors: &self.factors[lane],
            applicants: &self.applicants,
            starts,
            isa: self.isa,
        })
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
    fn draw_applicants(&mut self, slot: usize) {
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
