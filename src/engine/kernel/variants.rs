//! The same paths under many plans that differ in nothing but how the money of their lines is divided.
//!
//! Who applies, with which luck, is then the same in all of them: it is drawn once for a batch of paths, and each plan goes
//! through its quarters from there. Only the totals of each path are kept; without timelines a quarter leaves no row.

use super::batch::{BATCH_PATHS, Batch};
use super::path::{NoRows, PathInputs, PathState};
use super::terms::KernelTerms;
use crate::engine::totals::PathTotals;
use crate::engine::{InvariantBroken, PathSimulator};
use crate::isa::Isa;
use crate::plan::Plan;

/// Simulates batches of paths of several plans, keeping its buffers.
pub struct Variants<'p> {
    plans: &'p [&'p Plan],
    batch: Batch<'p>,
    state: PathState,
    /// The path before its first quarter: nothing has happened but applications.
    applied: PathTotals,
    totals: PathTotals,
}

impl<'p> Variants<'p> {
    /// Whether plans with these tables can be run so. Settled lists have a faster engine of their own.
    pub fn are_supported(terms: &KernelTerms) -> bool {
        terms.supported && terms.settled.is_err()
    }

    /// For plans that [differ in budgets only](Plan::differs_in_budgets_only); `terms` are those of one of them.
    pub fn new(plans: &'p [&'p Plan], terms: &'p KernelTerms, isa: Isa) -> Self {
        Variants {
            plans,
            batch: Batch::new(plans[0], terms, isa),
            state: PathState::default(),
            applied: PathTotals::default(),
            totals: PathTotals::default(),
        }
    }

    /// Simulates `paths` paths from `first_path` on; hands the totals of each path under each plan to `take`, with the
    /// plan's position. The paths of a plan come in order.
    ///
    /// # Errors
    /// [`InvariantBroken`] if the books of a path do not balance: a bug.
    pub fn run(
        &mut self,
        first_path: u64,
        paths: u64,
        mut take: impl FnMut(usize, &PathTotals),
    ) -> Result<(), InvariantBroken> {
        let end = first_path + paths;
        let mut path = first_path;
        while path < end {
            let lanes = (end - path).min(BATCH_PATHS as u64) as usize;
            self.batch.draw(path, lanes);
            for lane in 0..lanes {
                self.run_lane(path + lane as u64, lane, &mut take)?;
            }
            path += lanes as u64;
        }
        Ok(())
    }

    /// One path under every plan.
    fn run_lane(
        &mut self,
        path: u64,
        lane: usize,
        take: &mut impl FnMut(usize, &PathTotals),
    ) -> Result<(), InvariantBroken> {
        let Some(inputs) = self.batch.inputs(lane, self.plans[0]) else {
            for (position, plan) in self.plans.iter().enumerate() {
                let mut scalar = PathSimulator::new(plan);
                scalar.run(path)?;
                take(position, scalar.totals());
            }
            return Ok(());
        };
        inputs.count_applications(&mut self.applied);
        for (position, plan) in self.plans.iter().enumerate() {
            self.totals.become_copy_of(&self.applied);
            let inputs = PathInputs { plan, ..inputs };
            self.state.run(&inputs, &mut self.totals, &mut NoRows)?;
            take(position, &self.totals);
        }
        Ok(())
    }
}
