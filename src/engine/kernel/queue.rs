//! The queue of a line: who is approved with which product. MODEL.md section 3, step 8.
//!
//! Most quarters bring the waiting nothing: where the fund does not revolve, what a line can promise (free loans, free
//! grants, room for reserves) only shrinks by approvals and grows by premiums and withdrawals. Who has been
//! refused with at least the present room is refused again without trying each product.

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
        let (books, book, approved) =
            (&mut self.books.lines[slot], &mut self.guarantees[slot], &mut self.approved);
        let mut room = Room::of(plan, books, book);
        // In a strict queue not everybody was tried; where the fund revolves the needs are not three numbers.
        let refused_before = !plan.revolving
            && !line.strict_queue
            && self.tried_with[slot].is_some_and(|tried| room.is_within(&tried));
        let mut queue_blocked = false;
        let mut position = 0;
        waiting.retain(|&at| {
            let is_refused = queue_blocked || (refused_before && position < first_new);
            position += 1;
            let choice =
                if is_refused { None } else { room.choose(plan, line, applicants, at as usize, book) };
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
                return false;
            }
            queue_blocked |= line.strict_queue;
            let lost = last_open || quarter >= applicants.arrival[at as usize] + line.max_wait;
            of_line.rejected_budget += i64::from(lost);
            !lost
        });
        // Everybody who still waits was refused with at least this room.
        self.tried_with[slot] = Some(room);
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

    /// Whether this room has nothing that the other one did not have.
    fn is_within(&self, other: &Room) -> bool {
        self.loans <= other.loans && self.grants <= other.grants && self.reserves <= other.reserves
    }

    /// [`crate::engine::approval::choose_product`], with its amounts.
    fn choose(
        &self,
        plan: &Plan,
        line: &LinePlan,
        applicants: &LineApplicants,
        at: usize,
        book: &GuaranteeBook,
    ) -> Option<(usize, Needs)> {
        let investment = applicants.investment[at];
        let open = applicants.open[at];
        let met = |product: usize| {
            let terms = &line.products[product];
            let needs = Needs::of(line, terms, investment);
            if self.loans < needs.fund_loan || self.grants < needs.grant || open >> product & 1 == 0 {
                return None;
            }
            let is_met = if !(terms.guarantee_rate > 0.0 && terms.has_bank_loan) {
                true
            } else if plan.revolving {
                let (reserve, guaranteed) = (Cents(needs.reserve as i64), Cents(needs.guaranteed as i64));
                self.guarantees >= book.promises(true, line, reserve, guaranteed)
            } else {
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
