//! Guarantee calls of the paths of a batch.
//!
//! Calls compete for room and funds, one by one and over both lines, and what a call was paid decides what is recovered on
//! it. So they stay with the scalar engine's [`Calls`]: a path with open calls lends its books for the step and takes
//! them back. Paths without calls, most of them, pay nothing for it.

use super::channel::LANES;
use super::contract::Contract;
use super::state::BooksInLanes;
use crate::engine::books::Books;
use crate::engine::events::Silent;
use crate::engine::guarantees::{Call, Calls, GuaranteeBook};
use crate::engine::projects::instalments;
use crate::plan::Plan;
use crate::units::Cents;

/// A default on one of the paths.
#[derive(Clone, Copy, Debug)]
pub struct Fallen {
    /// Lane of the path.
    pub lane: u8,
    /// Position of the contract.
    pub contract: u32,
    /// Call demanded.
    pub demanded: Cents,
    /// Recovery on the bank loan.
    pub bank_recovery: Cents,
}

/// The calls of all paths of a batch.
#[derive(Clone, Debug)]
pub struct CallLanes {
    calls: Vec<Calls>,
    /// Lanes with any call, and with an open one: a bit each.
    any: u32,
    open: u32,
    /// Lanes with a recovery to share, by quarter.
    shared: Vec<u32>,
    /// Whether a call within the room could not be paid in full: by lane, by slot.
    short: [[bool; 2]; LANES],
    books: Books,
    guarantees: Vec<GuaranteeBook>,
}

/// Lanes whose bit is set.
fn lanes(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lane = bits.trailing_zeros() as usize;
        bits &= bits.wrapping_sub(1);
        (lane < LANES).then_some(lane)
    })
}

impl CallLanes {
    /// No calls yet.
    pub fn new(plan: &Plan) -> CallLanes {
        let mut calls = vec![Calls::default(); LANES];
        calls.iter_mut().for_each(|calls| calls.clear(plan.quarters));
        CallLanes {
            calls,
            any: 0,
            open: 0,
            shared: vec![0; plan.quarters as usize],
            short: [[false; 2]; LANES],
            books: Books::default(),
            guarantees: vec![GuaranteeBook::default(); plan.lines.len()],
        }
    }

    /// Starts a batch.
    pub fn clear(&mut self, plan: &Plan) {
        if self.any != 0 {
            lanes(self.any).for_each(|lane| self.calls[lane].clear(plan.quarters));
            self.shared.fill(0);
            self.short = [[false; 2]; LANES];
            self.any = 0;
            self.open = 0;
        }
    }

    /// All calls of a path, in order of default; [`Call::project`] is the position of the contract.
    pub fn of(&self, lane: usize) -> &[Call] {
        &self.calls[lane].all
    }

    /// Whether a call of a line within the room could not be paid in full.
    pub fn fell_short(&self, lane: usize, slot: usize) -> bool {
        self.short[lane][slot]
    }

    /// Step 4: a default demands its call.
    pub fn demand(
        &mut self,
        plan: &Plan,
        quarter: u32,
        fallen: &Fallen,
        contract: &Contract,
        books: &mut BooksInLanes,
    ) {
        let lane = fallen.lane as usize;
        let (slot, last) = (contract.slot, plan.quarters - 1);
        let line = &plan.lines[slot];
        let call = Call {
            slot,
            number: contract.applicant.number,
            project: fallen.contract as usize,
            demanded: fallen.demanded,
            paid: Cents::ZERO,
            recovered: Cents::ZERO,
            due: (quarter + line.guarantee.call_lag).min(last),
        };
        let calls = &mut self.calls[lane];
        let position = calls.demand(call, &mut self.guarantees[slot]);
        books.lines[slot].open_calls[lane] += fallen.demanded.to_f64();
        self.any |= 1 << lane;
        self.open |= 1 << lane;
        instalments(&line.loss.recovery, fallen.bank_recovery, quarter, last, |due, amount| {
            calls.expect_instalment(due, position, amount);
            self.shared[due as usize] |= 1 << lane;
        });
    }

    /// Step 5: calls that are due or still open.
    pub fn pay(&mut self, plan: &Plan, quarter: u32, books: &mut BooksInLanes) {
        for lane in lanes(self.open) {
            books.copy_to(lane, &mut self.books);
            books.copy_guarantees_to(lane, &mut self.guarantees);
            let (own, guarantees) = (&mut self.books, &mut self.guarantees);
            self.calls[lane].pay_due(plan, quarter, own, guarantees, &mut self.short[lane], &mut Silent);
            books.take_from(lane, &self.books);
            books.take_guarantees_from(lane, &self.guarantees);
            if self.guarantees.iter().all(|book| book.open == Cents::ZERO) {
                self.open &= !(1 << lane);
            }
        }
    }

    /// Step 6: the fund's share of bank recoveries.
    pub fn receive(&mut self, quarter: u32, contracts: &[Contract], books: &mut BooksInLanes) {
        for lane in lanes(self.shared[quarter as usize]) {
            books.copy_to(lane, &mut self.books);
            books.copy_guarantees_to(lane, &mut self.guarantees);
            let (own, guarantees) = (&mut self.books, &mut self.guarantees);
            self.calls[lane].receive_recoveries(quarter, own, guarantees, &mut Silent, |contract| {
                contracts[contract].guarantee_rate
            });
            books.take_from(lane, &self.books);
            books.take_guarantees_from(lane, &self.guarantees);
        }
    }
}
