//! Section 6: guarantee calls.

use super::PathState;
use super::cash::{Entry, Envelope, Event};
use super::money::positive;
use fesr::scenario::Backing;
use rust_decimal::Decimal;

/// A call that a bank has demanded.
#[derive(Clone, Debug)]
pub struct Call {
    pub slot: usize,
    /// The project, by order of approval.
    pub project: usize,
    pub due: u32,
    pub demanded: Decimal,
    pub paid: Decimal,
    /// The fund's share of what the bank recovered.
    pub recovered: Decimal,
}

impl Call {
    /// The unpaid part.
    pub fn open(&self) -> Decimal {
        self.demanded - self.paid
    }
}

impl PathState<'_> {
    /// Calls of a line.
    pub fn calls_of(&self, slot: usize) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.slot == slot)
    }

    /// `N` = calls paid - recoveries received on them.
    pub fn net_calls(&self, slot: usize) -> Decimal {
        self.calls_of(slot).map(|call| call.paid - call.recovered).sum()
    }

    /// The cap amount: reserves of disbursed guaranteed loans.
    pub fn cap_amount(&self, slot: usize) -> Decimal {
        self.projects_of(slot).filter(|p| p.disbursed_in.is_some()).map(|p| p.package.reserve).sum()
    }

    /// What an open amount may still get: all of it, or what the cap leaves.
    pub fn within_room(&self, slot: usize, open: Decimal) -> Decimal {
        match self.twin.lines[slot].capped() {
            true => open.min(positive(self.cap_amount(slot) - self.net_calls(slot))),
            false => open,
        }
    }

    /// Step 5: open calls that are due, by due quarter, then default quarter, then the order of step 4.
    pub fn pay_calls(&mut self) {
        let mut due: Vec<usize> =
            (0..self.calls.len()).filter(|&call| self.calls[call].due <= self.quarter).collect();
        // Calls stand in order of default already; the sort keeps it.
        due.sort_by_key(|&call| self.calls[call].due);
        for call in due {
            self.pay_call(call);
        }
    }

    fn pay_call(&mut self, position: usize) {
        let call = &self.calls[position];
        let (slot, project) = (call.slot, call.project);
        let owed = self.within_room(slot, call.open());
        let sources = match self.twin.lines[slot].line.guarantee.expect("a guaranteed line").backing {
            Backing::Envelope => vec![Envelope::Guarantees(slot)],
            Backing::Income => vec![Envelope::Guarantees(slot), Envelope::Income],
            Backing::Fund => vec![Envelope::Guarantees(slot), Envelope::Income, Envelope::Returned],
        };
        let funds: Decimal = sources.iter().map(|&source| positive(self.cash.balance(source))).sum();
        let paid = owed.min(funds);
        if paid < owed {
            self.shortfall_event[slot] = true;
        }
        self.cash.draw_for(paid, self.quarter);
        let mut rest = paid;
        for envelope in sources {
            let part = rest.min(positive(self.cash.balance(envelope)));
            rest -= part;
            self.cash.book(Entry {
                quarter: self.quarter,
                slot: Some(slot),
                project: Some(project),
                event: Event::Call,
                envelope,
                amount: -part,
            });
        }
        self.calls[position].paid += paid;
    }
}
