//! Who is approved on a path, where the money may not suffice for everybody.
//!
//! A line whose money surely suffices ([`super::proof`]) has nothing to decide. In another line the queue of MODEL.md section
//! 3 is gone through on every path, before anything else happens, with what is known without defaults:
//!
//! - free *loans*: known exactly in a fund that does not revolve (the envelope falls by what is promised and rises by what
//!   is withdrawn, and by nothing else); a lower bound in one that revolves.
//! - free *grants*: a lower bound, since a default may free the grant that was promised to it.
//! - *guarantees*: needs are met where the bounds of [`super::proof`] hold with the loans approved so far.
//!
//! So an applicant is approved for certain, refused for certain, or neither. Refused applicants wait; if money that was
//! withdrawn serves one of them later, or if anything is uncertain, the path is left to another engine
//! ([`Outcome::Left`]).

use super::terms::{Listed, SettledTerms};
use crate::plan::{LinePlan, Package, Plan};
use crate::units::Cents;

/// No contract: the applicant is lost for want of budget.
pub const LOST: u32 = u32::MAX;

/// What a line of a path has come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Everybody is approved on arrival or lost; the contracts are known.
    Known,
    /// Something depends on what happens later.
    Left,
}

/// What an applicant draws before anything happens.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Product by position.
    pub preferred: usize,
    /// Whether it accepts another.
    pub accepts_other: bool,
    /// Whether it withdraws if approved.
    pub withdraws: bool,
}

/// What a line may still promise.
struct Room {
    loans: Cents,
    grants: Cents,
    /// Reserves and guaranteed amounts of loans approved and not withdrawn.
    reserves: Cents,
    guaranteed: Cents,
}

/// Whether the needs of a package are met.
enum Met {
    Surely,
    SurelyNot,
    Unknown,
}

impl Room {
    fn meets(&self, plan: &Plan, line: &LinePlan, package: &Package) -> Met {
        if package.fund_loan > self.loans {
            return if plan.revolving { Met::Unknown } else { Met::SurelyNot };
        }
        let promises = if plan.revolving && !line.guarantee.capped {
            (self.guaranteed + package.guaranteed).times(line.guarantee.reserve_rate.max(1.0)) + Cents(1)
        } else {
            self.reserves + package.reserve
        };
        let guarantees = package.reserve == Cents::ZERO && package.guaranteed == Cents::ZERO
            || promises <= line.guarantees_budget;
        if package.grant <= self.grants && guarantees { Met::Surely } else { Met::Unknown }
    }

    fn promise(&mut self, package: &Package, times: i64) {
        self.loans -= Cents(times * package.fund_loan.0);
        self.grants -= Cents(times * package.grant.0);
        self.reserves += Cents(times * package.reserve.0);
        self.guaranteed += Cents(times * package.guaranteed.0);
    }
}

/// Goes through the queue of one line: `listed` are its applicants in order of decision, `wish` what each draws. Writes the
/// contract of each, or [`LOST`], into `chosen`.
pub fn approve(
    plan: &Plan,
    terms: &SettledTerms,
    slot: usize,
    listed: &[Listed],
    wish: impl Fn(usize) -> Wish,
    chosen: &mut [u32],
    waiting: &mut Vec<usize>,
) -> Outcome {
    let line = &plan.lines[slot];
    let mut room = Room {
        loans: line.loans_budget,
        grants: line.grants_budget,
        reserves: Cents::ZERO,
        guaranteed: Cents::ZERO,
    };
    chosen.fill(LOST);
    waiting.clear();
    let mut arrived = 0;
    // Of those approved so far, the first whose moment of disbursement is still to come.
    let mut due = 0;
    for quarter in 0..plan.open_quarters {
        // Step 7 comes before the queue; a disbursement on approval comes after it.
        let end = quarter + u32::from(line.disbursement_lag > 0);
        while due < listed.len() && listed[due].applicant.arrival + line.disbursement_lag < end {
            if chosen[due] != LOST && wish(due).withdraws {
                room.promise(&terms.contracts[chosen[due] as usize].package, -1);
            }
            due += 1;
        }
        let first_new = waiting.len();
        while arrived < listed.len() && listed[arrived].applicant.arrival == quarter {
            if listed[arrived].admitted {
                waiting.push(arrived);
            }
            arrived += 1;
        }
        let last_open = quarter + 1 == plan.open_quarters;
        let (mut position, mut blocked, mut left) = (0, false, false);
        waiting.retain(|&at| {
            let is_new = position >= first_new;
            position += 1;
            let applicant = &listed[at].applicant;
            // Where a strict queue stops, who comes after is not looked at here.
            left |= blocked;
            let Wish { preferred, accepts_other, .. } = wish(at);
            let others = if accepts_other { line.products.len() } else { 0 };
            let mut candidates =
                std::iter::once(preferred).chain((0..others).filter(|&product| product != preferred));
            let contract = candidates.find_map(|product| {
                let contract = listed[at].contracts[product]?;
                match room.meets(plan, line, &terms.contracts[contract as usize].package) {
                    Met::Surely => Some(contract),
                    Met::SurelyNot => None,
                    Met::Unknown => {
                        left = true;
                        None
                    }
                }
            });
            if let Some(contract) = contract {
                // Money for somebody who waited.
                left |= !is_new;
                room.promise(&terms.contracts[contract as usize].package, 1);
                chosen[at] = contract;
                return false;
            }
            blocked |= line.strict_queue;
            !last_open && quarter < applicant.arrival + line.max_wait
        });
        if left {
            return Outcome::Left;
        }
    }
    Outcome::Known
}
