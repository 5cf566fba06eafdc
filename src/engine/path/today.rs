//! Today's books of a running fund: what its history leaves, envelope by envelope and line by line. History has no luck, so
//! that this is the same on every path.

use super::PathSimulator;
use super::history::given_balances;
use crate::engine::applicants::Arrivals;
use crate::engine::events::{Envelope, Silent};
use crate::engine::luck::Luck;
use crate::plan::{Fate, Plan};
use crate::units::Cents;

/// The books at the beginning of today's quarter.
#[derive(Clone, Debug)]
pub struct TodaysBooks {
    /// The first quarter that is not history.
    pub today: u32,
    /// The envelopes, in the order of [`Envelope::each`], without what was paid in.
    pub balances: Vec<OpeningBalance>,
    /// The lines, by slot.
    pub lines: Vec<LineToday>,
    /// Tranches of the Region so far; those that given balances draw included.
    pub paid_in: Cents,
    /// Cash: all balances less the endowment not paid in.
    pub cash: Cents,
    /// What history could not have paid for, by envelope, the first quarter of each; empty in sound books.
    pub unpaid: Vec<Unpaid>,
}

/// What is in an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpeningBalance {
    /// Which.
    pub envelope: Envelope,
    /// As history derives it.
    pub derived: Cents,
    /// As the scenario gives it; it wins.
    pub given: Option<Cents>,
}

impl OpeningBalance {
    /// What the forecast starts from.
    pub fn used(&self) -> Cents {
        self.given.unwrap_or(self.derived)
    }
}

/// What stands on the books of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineToday {
    /// Projects that pay.
    pub running: i64,
    /// Projects that defaulted.
    pub defaulted: i64,
    /// Projects that have paid everything.
    pub repaid: i64,
    /// Fund loans outstanding.
    pub outstanding_fund: Cents,
    /// Bank loans outstanding.
    pub outstanding_bank: Cents,
    /// Guaranteed part of them.
    pub outstanding_guaranteed: Cents,
    /// Calls demanded and not paid.
    pub open_calls: Cents,
    /// What the promises of guarantees may still cost (MODEL.md section 2).
    pub promises: Cents,
    /// Grants promised and not paid.
    pub grants_promised: Cents,
    /// Exposure of fund loans less recoveries received, plus calls paid less recoveries on them.
    pub fund_loss: Cents,
}

/// An envelope that could not have paid what history says it paid, or what it owes today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unpaid {
    /// Which.
    pub envelope: Envelope,
    /// The quarter in which it was short: before today, or today if it is the given balance that is.
    pub quarter: u32,
    /// How much was lacking.
    pub lacking: Cents,
}

impl TodaysBooks {
    /// Plays the history of a plan; `None` of a fund that starts.
    pub fn of(plan: &Plan) -> Option<TodaysBooks> {
        plan.has_history().then(|| PathSimulator::new(plan).todays_books())
    }

    /// The balance of an envelope.
    pub fn balance(&self, envelope: Envelope) -> Option<&OpeningBalance> {
        self.balances.iter().find(|balance| balance.envelope == envelope)
    }
}

impl PathSimulator<'_, Silent> {
    fn todays_books(&mut self) -> TodaysBooks {
        let plan = self.plan;
        self.luck = Luck::plain();
        self.start(0);
        let mut arrivals = Arrivals::new(plan, 0);
        let mut unpaid: Vec<Unpaid> = Vec::new();
        for quarter in 0..plan.today {
            self.quarter(quarter, &mut arrivals);
            self.note_unpaid(quarter, &mut unpaid);
        }
        let mut balances: Vec<OpeningBalance> = Envelope::each(plan)
            .into_iter()
            .filter(|&envelope| envelope != Envelope::PaidIn)
            .map(|envelope| {
                let derived = self.books.balance_of(envelope);
                OpeningBalance { envelope, derived, given: None }
            })
            .collect();
        let given = given_balances(plan);
        for balance in &mut balances {
            balance.given =
                given.iter().find(|(envelope, _)| *envelope == balance.envelope).map(|(_, amount)| *amount);
        }
        self.books.correct(plan, plan.today, &given, &mut self.recorder);
        if !given.is_empty() {
            self.note_unpaid(plan.today, &mut unpaid);
        }
        TodaysBooks {
            today: plan.today,
            balances,
            lines: (0..plan.lines.len()).map(|slot| self.line_today(slot)).collect(),
            paid_in: self.books.flows.paid_in,
            cash: self.books.cash,
            unpaid,
        }
    }

    fn note_unpaid(&self, quarter: u32, unpaid: &mut Vec<Unpaid>) {
        for (slot, line) in self.books.lines[..self.plan.lines.len()].iter().enumerate() {
            for (envelope, lacking) in [
                (Envelope::Loans(slot), -line.loans),
                (Envelope::Grants(slot), line.blocked_grants - line.grants),
            ] {
                if lacking.0 > 0 && unpaid.iter().all(|known| known.envelope != envelope) {
                    unpaid.push(Unpaid { envelope, quarter, lacking });
                }
            }
        }
    }

    fn line_today(&self, slot: usize) -> LineToday {
        let plan = self.plan;
        let line = &plan.lines[slot];
        let (book, progress) = (&self.guarantees[slot], &self.progress[slot]);
        let of_line = self.running.iter().filter(|project| project.slot == slot);
        LineToday {
            running: progress.running,
            defaulted: self.totals.lines[slot].defaults,
            repaid: line.booked.iter().filter(|project| matches!(project.fate, Fate::Repaid { .. })).count()
                as i64,
            outstanding_fund: progress.outstanding_fund_loans,
            outstanding_bank: of_line.map(|project| project.bank_outstanding).sum(),
            outstanding_guaranteed: book.performing,
            open_calls: book.open,
            promises: book.promises(plan.revolving, line, Cents::ZERO, Cents::ZERO),
            grants_promised: self.books.lines[slot].blocked_grants,
            fund_loss: progress.loan_loss_to_date + book.net_calls(),
        }
    }
}
