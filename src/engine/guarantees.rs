//! Guarantees of one path: promises, calls, payments and recoveries. MODEL.md sections 2 and 6.

use super::books::{Books, CallSources};
use super::events::{Event, Recorder, Who};
use crate::plan::{LinePlan, Plan};
use crate::scenario::Backing;
use crate::units::Cents;

/// The guarantee portfolio of one line.
#[derive(Clone, Copy, Debug, Default)]
pub struct GuaranteeBook {
    /// Reserves of all guaranteed loans ever disbursed; the cap amount of a capped line.
    pub reserves_disbursed: Cents,
    /// Reserves of guaranteed loans approved and not yet disbursed.
    pub reserves_approved: Cents,
    /// Guarantee rate x performing bank balance, loan by loan.
    pub performing: Cents,
    /// Guaranteed amounts approved and not yet disbursed.
    pub approved: Cents,
    /// Calls paid.
    pub paid: Cents,
    /// The fund's share of recoveries.
    pub recovered: Cents,
    /// Unpaid part of every call demanded, due or not.
    pub open: Cents,
}

impl GuaranteeBook {
    /// Calls paid less recoveries on them.
    pub fn net_calls(&self) -> Cents {
        self.paid - self.recovered
    }

    /// What a capped line may still pay: cap amount of disbursed loans less net calls.
    pub fn room(&self) -> Cents {
        (self.reserves_disbursed - self.net_calls()).positive()
    }

    /// What the promises may still cost, with one more loan counted in (MODEL.md section 2).
    pub fn promises(&self, revolving: bool, line: &LinePlan, reserve: Cents, guaranteed: Cents) -> Cents {
        let reserves = self.reserves_disbursed + self.reserves_approved + reserve;
        let left = (reserves - self.net_calls()).positive();
        if !revolving {
            return left;
        }
        let exposure = self.performing + self.approved + guaranteed;
        if line.guarantee.capped {
            left.min(exposure + self.open)
        } else {
            exposure.times(line.guarantee.reserve_rate) + self.open
        }
    }
}

/// A guarantee call.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Slot of the line.
    pub slot: usize,
    /// Number of the applicant in its line.
    pub number: u32,
    /// Position of the project in the path's list of defaulted projects.
    pub project: usize,
    /// Amount demanded.
    pub demanded: Cents,
    /// Paid so far.
    pub paid: Cents,
    /// The fund's share of recoveries so far.
    pub recovered: Cents,
    /// Quarter from which it is paid.
    pub due: u32,
}

impl Call {
    fn who(&self) -> Who {
        Who { slot: self.slot, number: self.number }
    }
}

/// All calls of a path, and the bank recoveries that the fund has a share in.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// Every call, in order of default.
    pub all: Vec<Call>,
    /// Calls not paid in full: ordered by due quarter, then by default.
    open: Vec<usize>,
    /// Bank recovery instalments by quarter: call, amount.
    instalments: Vec<Vec<(usize, Cents)>>,
}

impl Calls {
    /// Starts a path without calls.
    pub fn clear(&mut self, quarters: u32) {
        self.all.clear();
        self.open.clear();
        self.instalments.resize_with(quarters as usize, Vec::new);
        self.instalments.iter_mut().for_each(Vec::clear);
    }

    /// Records a call; returns its position.
    pub fn demand(&mut self, call: Call, book: &mut GuaranteeBook) -> usize {
        let position = self.all.len();
        book.open += call.demanded;
        let place = self.open.partition_point(|&open| self.all[open].due <= call.due);
        self.open.insert(place, position);
        self.all.push(call);
        position
    }

    /// Records a bank recovery instalment that the fund may have a share in.
    pub fn expect_instalment(&mut self, quarter: u32, call: usize, amount: Cents) {
        self.instalments[quarter as usize].push((call, amount));
    }

    /// Whether no call is open and no bank recovery falls due in this quarter.
    pub fn are_quiet(&self, quarter: u32) -> bool {
        self.open.is_empty() && self.instalments[quarter as usize].is_empty()
    }

    /// Step 5: pays all open calls that are due, over all lines in one order. Sets `short` of a line when a call within
    /// its room could not be paid in full.
    pub fn pay_due(
        &mut self,
        plan: &Plan,
        quarter: u32,
        books: &mut Books,
        guarantees: &mut [GuaranteeBook],
        short: &mut [bool],
        recorder: &mut impl Recorder,
    ) {
        let due = self.open.partition_point(|&open| self.all[open].due <= quarter);
        if due == 0 {
            return;
        }
        for &position in &self.open[..due] {
            let call = &mut self.all[position];
            let line = &plan.lines[call.slot];
            let book = &mut guarantees[call.slot];
            let unpaid = call.demanded - call.paid;
            let wanted = if line.guarantee.capped { unpaid.min(book.room()) } else { unpaid };
            let sources = gather(books, call.slot, line.guarantee.backing, wanted);
            let paid = sources.total();
            short[call.slot] |= paid < wanted;
            books.pay_call(plan, quarter, call.slot, sources, recorder);
            // A call above the cap stays open for years: it is told when it falls due, whenever something is paid, and
            // whenever money is lacking.
            if wanted.0 > 0 || call.due == quarter {
                let event = Event::CallSettled {
                    who: call.who(),
                    sources,
                    open: unpaid - paid,
                    short: wanted - paid,
                };
                recorder.record(quarter, event);
            }
            call.paid += paid;
            book.paid += paid;
            book.open -= paid;
        }
        let calls = &self.all;
        self.open.retain(|&open| calls[open].paid < calls[open].demanded);
    }

    /// Step 6: the fund's share of the bank recoveries of a quarter: guarantee rate x instalment x paid part of the
    /// call, each rounded by itself.
    pub fn receive_recoveries(
        &mut self,
        quarter: u32,
        books: &mut Books,
        guarantees: &mut [GuaranteeBook],
        recorder: &mut impl Recorder,
        rate: impl Fn(usize) -> f64,
    ) {
        for &(position, amount) in &self.instalments[quarter as usize] {
            let call = &mut self.all[position];
            let share = rate(call.project) * amount.to_f64() * (call.paid.to_f64() / call.demanded.to_f64());
            let share = Cents::rounded(share);
            call.recovered += share;
            guarantees[call.slot].recovered += share;
            books.receive_call_recovery(call.slot, share);
            if share.0 > 0 {
                recorder.record(quarter, Event::CallRecovered { who: call.who(), amount: share });
            }
        }
    }
}

/// Where the money of a call comes from: as much of `wanted` as the backing of the line allows.
fn gather(books: &Books, slot: usize, backing: Backing, wanted: Cents) -> CallSources {
    let guarantees = wanted.min(books.lines[slot].guarantees);
    let rest = wanted - guarantees;
    let income = match backing {
        Backing::Envelope => Cents::ZERO,
        Backing::Income | Backing::Fund => rest.min(books.income.positive()),
    };
    let returned = match backing {
        Backing::Envelope | Backing::Income => Cents::ZERO,
        Backing::Fund => (rest - income).min(books.returned),
    };
    CallSources { guarantees, income, returned }
}
