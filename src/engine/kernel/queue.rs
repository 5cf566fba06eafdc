//! The queue of a line: who is approved with which product. MODEL.md section 3, step 8.
//!
//! Most quarters bring the waiting nothing: where the fund does not revolve, what a line can promise (free loans, free
//! grants, room for reserves) shrinks by approvals and grows little by little, by premiums and withdrawals. As long as it
//! has not grown to what somebody lacked ([`Lacking`]), those who wait are refused again without trying each product. (In a
//! fund that revolves the needs are not three numbers; its room for reserves is infinite here and everybody is tried.)

use super::applicants::{LineApplicants, Needs};
use super::path::{Approved, PathInputs, PathState};
use crate::engine::books::LineEnvelopes;
use crate::engine::guarantees::GuaranteeBook;
use crate::engine::totals::PathTotals;
use crate::plan::{LinePlan, Plan};
use crate::units::Cents;

impl PathState {
    /// Step 8: the queue of one line.
    pub(super) fn decide(&mut self, inputs: &PathInputs, slot: usize, quarter: u32, totals: &mut PathTotals) {
        let plan = inputs.plan;
        let line = &plan.lines[slot];
        let applicants = &inputs.applicants[slot];
        let of_line = &mut totals.lines[slot];
        let waiting = &mut self.waiting[slot];
        let starts = inputs.starts[slot];
        let first_new = waiting.len();
        for at in starts[quarter as usize]..starts[quarter as usize + 1] {
            if applicants.eligible[at as usize] {
                waiting.push(at);
            } else {
                of_line.rejected_ineligible += 1;
            }
        }
        if waiting.is_empty() {
            return;
        }
        let last_open = quarter + 1 == plan.open_quarters;
        let is_lost = |at: u32| last_open || quarter >= applicants.arrival[at as usize] + line.max_wait;
        let (books, book, approved) =
            (&mut self.books.lines[slot], &mut self.guarantees[slot], &mut self.approved);
        let lacking = &mut self.lacking[slot];
        let mut room = Room::of(plan, books, book);
        // Who waits already is not tried again as long as nobody's lack is filled; in a strict queue not everybody was tried.
        let mut position = 0;
        if !line.strict_queue && lacking.remains(&room) {
            // They wait in order of arrival, so the first have waited longest.
            let lost = waiting[..first_new].iter().take_while(|&&at| is_lost(at)).count();
            waiting.drain(..lost);
            of_line.rejected_budget += lost as i64;
            position = first_new - lost;
        } else {
            *lacking = Lacking::NOTHING;
        }
        let mut kept = position;
        let mut queue_blocked = false;
        while position < waiting.len() {
            let at = waiting[position];
            position += 1;
            let choice = match queue_blocked {
                true => None,
                false => room.choose(plan, line, applicants, at as usize, book, lacking),
            };
            if let Some((product, needs)) = choice {
                let package = needs.package();
                books.blocked_loans += package.fund_loan;
                books.blocked_grants += package.grant;
                book.reserves_approved += package.reserve;
                book.approved += package.guaranteed;
                of_line.approvals += 1;
                let due = quarter + line.disbursement_lag;
                approved.push(Approved { slot, applicant: at, product: product as u32, due, package });
                room = Room::of(plan, books, book);
                continue;
            }
            queue_blocked |= line.strict_queue;
            if is_lost(at) {
                of_line.rejected_budget += 1;
            } else {
                waiting[kept] = at;
                kept += 1;
            }
        }
        waiting.truncate(kept);
    }
}

/// The least of each kind that somebody who waits was refused for lack of. A product was refused for the first thing that the
/// line was short of; with less than the least of that it is refused again, whoever asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lacking {
    loans: f64,
    grants: f64,
    reserves: f64,
}

impl Default for Lacking {
    fn default() -> Lacking {
        Lacking::NOTHING
    }
}

impl Lacking {
    /// Nobody was refused.
    pub(super) const NOTHING: Lacking =
        Lacking { loans: f64::INFINITY, grants: f64::INFINITY, reserves: f64::INFINITY };

    /// Whether everything that was refused would be refused with this room again.
    fn remains(&self, room: &Room) -> bool {
        room.loans < self.loans && room.grants < self.grants && room.reserves < self.reserves
    }
}

/// What a line can still promise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Free part of *loans*.
    loans: f64,
    /// Free part of *grants*.
    grants: f64,
    /// The *guarantees* envelope.
    guarantees: Cents,
    /// What a further reserve may be, where the fund does not revolve: section 2's `balance >= max(C - N, 0)` with
    /// the reserve counted in `C` holds up to here, as the balance is never negative.
    reserves: f64,
}

impl Room {
    fn of(plan: &Plan, books: &LineEnvelopes, book: &GuaranteeBook) -> Room {
        let promised = book.reserves_disbursed + book.reserves_approved - book.net_calls();
        Room {
            loans: (books.loans - books.blocked_loans).to_f64(),
            grants: (books.grants - books.blocked_grants).to_f64(),
            guarantees: books.guarantees,
            reserves: if plan.revolving { f64::INFINITY } else { (books.guarantees - promised).to_f64() },
        }
    }

    /// [`crate::engine::approval::choose_product`], with its amounts.
    fn choose(
        &self,
        plan: &Plan,
        line: &LinePlan,
        applicants: &LineApplicants,
        at: usize,
        book: &GuaranteeBook,
        lacking: &mut Lacking,
    ) -> Option<(usize, Needs)> {
        let investment = applicants.investment[at];
        let open = applicants.open[at];
        let mut met = |product: usize| {
            let terms = &line.products[product];
            let needs = Needs::of(line, terms, investment);
            if open >> product & 1 == 0 {
                return None;
            }
            if self.loans < needs.fund_loan {
                lacking.loans = lacking.loans.min(needs.fund_loan);
                return None;
            }
            if self.grants < needs.grant {
                lacking.grants = lacking.grants.min(needs.grant);
                return None;
            }
            let is_met = if !(terms.guarantee_rate > 0.0 && terms.has_bank_loan) {
                true
            } else if plan.revolving {
                let (reserve, guaranteed) = (Cents(needs.reserve as i64), Cents(needs.guaranteed as i64));
                self.guarantees >= book.promises(true, line, reserve, guaranteed)
            } else {
                if needs.reserve > self.reserves {
                    lacking.reserves = lacking.reserves.min(needs.reserve);
                }
                needs.reserve <= self.reserves
            };
            is_met.then_some((product, needs))
        };
        let preferred = applicants.preferred[at] as usize;
        met(preferred).or_else(|| {
            if !applicants.accepts_other[at] {
                return None;
            }
            (0..line.products.len()).filter(|&product| product != preferred).find_map(met)
        })
    }
}
