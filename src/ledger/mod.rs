//! The ledger of one path: every event, what it moved, and the balance of the envelope afterwards.
//!
//! [`Ledger::of`] plays a path again with a recorder that keeps every event, writes them down row by row
//! ([`entry`]), and refuses to hand out a ledger that does not agree, to the cent, with what the engine says of the same
//! path: the closing balance of every envelope, the cash at the end of every quarter, and every total of the path
//! ([`totals`]), from which all figures of MODEL.md section 9 follow.
//!
//! Sums that anybody can check with a spreadsheet:
//! - per envelope: opening balance + sum of amounts = closing balance = last balance;
//! - the sum of all amounts to the end of a quarter = the cash at its end (the tranches of the Region are rows of the
//!   envelope `paid_in`, which opens at 0, because the endowment is in the other envelopes from the start);
//! - closing balances without `paid_in`, less the endowment not paid in = closing cash.
//!
//! Decisions where MODEL.md is silent:
//! - What is 0 leaves no row; a call that is due and cannot be paid at all leaves one.
//! - A call above the cap stays open for years: it is told when it falls due and whenever something of it is, or within
//!   the cap should be, paid.
//! - Within step 6: recoveries on fund loans in order of default, then grants clawed back, then the fund's shares in
//!   recoveries on calls.
//! - A default is one row; that it cures, and the call that the bank demands, are rows of their own after it.

pub mod entry;
pub mod losses;
pub mod names;
pub mod totals;

pub use entry::{Entry, EntryKind, Movement};
pub use names::Names;

use crate::aggregate::columns::{About, Column};
use crate::aggregate::figures::Figures;
use crate::engine::books::Books;
use crate::engine::events::{Envelope, Record};
use crate::engine::totals::PathTotals;
use crate::engine::{InvariantBroken, PathSimulator};
use crate::metrics::MetricId;
use crate::plan::Plan;
use crate::scenario::LineNumber;
use crate::units::Cents;

/// An envelope over the life of the fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Which.
    pub envelope: Envelope,
    /// Before quarter 0.
    pub opening: Cents,
    /// All that came in.
    pub received: Cents,
    /// All that went out, not negative.
    pub paid: Cents,
    /// After the last quarter.
    pub closing: Cents,
}

/// Everything that happened on one path.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The path, counted from 0.
    pub path: u64,
    /// The events, in order.
    pub records: Vec<Record>,
    /// The rows, in order.
    pub entries: Vec<Entry>,
    /// The envelopes.
    pub accounts: Vec<Account>,
    /// Cash at the end of each quarter: the sum of all amounts so far.
    pub cash: Vec<Cents>,
    /// What the applicants are called.
    pub names: Names,
    /// Totals of the path.
    pub totals: PathTotals,
    /// The figures of MODEL.md section 9, as integers.
    pub figures: Vec<(Column, i64)>,
}

impl Ledger {
    /// Plays a path and writes its ledger.
    ///
    /// # Errors
    /// [`InvariantBroken`] if the books do not balance, or if the ledger does not agree with the totals of the path to the
    /// cent: a bug.
    pub fn of(plan: &Plan, path: u64) -> Result<Ledger, InvariantBroken> {
        let mut simulator = PathSimulator::with_recorder(plan, Vec::<Record>::new());
        simulator.run(path)?;
        let totals = simulator.totals().clone();
        let cash: Vec<Cents> = simulator.timeline().iter().map(|row| row.cash).collect();
        let books = simulator.books().clone();
        let ledger = Ledger::write(plan, path, simulator.into_recorder(), totals);
        ledger.check(plan, &books, &cash)?;
        Ok(ledger)
    }

    fn write(plan: &Plan, path: u64, records: Vec<Record>, totals: PathTotals) -> Ledger {
        let mut accounts: Vec<Account> = Envelope::each(plan)
            .into_iter()
            .map(|envelope| {
                let opening = envelope.opening(plan);
                let none = Cents::ZERO;
                Account { envelope, opening, received: none, paid: none, closing: opening }
            })
            .collect();
        let mut entries = Vec::with_capacity(records.len());
        let mut cash = vec![Cents::ZERO; plan.quarters as usize];
        for record in &records {
            let quarter = record.quarter;
            entry::rows(&record.event, |kind, movement| {
                let movement = movement.map(|(envelope, amount)| {
                    let account = accounts
                        .iter_mut()
                        .find(|account| account.envelope == envelope)
                        .expect("every envelope has its account");
                    account.closing += amount;
                    account.received += amount.positive();
                    account.paid += (-amount).positive();
                    cash[quarter as usize] += amount;
                    Movement { envelope, amount, balance: account.closing }
                });
                entries.push(Entry { quarter, kind, event: record.event, movement });
            });
        }
        let mut sum = Cents::ZERO;
        for quarter in &mut cash {
            sum += *quarter;
            *quarter = sum;
        }
        let figures = figures(plan, &totals);
        Ledger { path, records, entries, accounts, cash, names: Names::new(plan), totals, figures }
    }

    /// All money of the fund at the horizon: the closing balances without `paid_in`.
    pub fn resources(&self) -> Cents {
        let of_the_fund = self.accounts.iter().filter(|account| account.envelope != Envelope::PaidIn);
        of_the_fund.map(|account| account.closing).sum()
    }

    /// Endowment that the Region never paid in.
    pub fn not_paid_in(&self, plan: &Plan) -> Cents {
        plan.endowment - self.closing(Envelope::PaidIn)
    }

    /// What is in an envelope after the last quarter.
    pub fn closing(&self, envelope: Envelope) -> Cents {
        let account = self.accounts.iter().find(|account| account.envelope == envelope);
        account.map_or(Cents::ZERO, |account| account.closing)
    }

    /// A figure of the whole fund or of a line; `None` if it is not reported.
    pub fn figure(&self, metric: MetricId, line: Option<LineNumber>) -> Option<i64> {
        let is_meant = |about: About| match (about, line) {
            (About::All, None) => true,
            (About::Line(number, _), Some(line)) => number == line,
            (About::All, Some(_)) | (About::Line(..), None) => false,
        };
        let found = self.figures.iter().find(|(column, _)| column.metric == metric && is_meant(column.about));
        found.map(|&(_, value)| value)
    }

    /// Envelopes, cash and totals against what the engine says.
    fn check(&self, plan: &Plan, books: &Books, cash: &[Cents]) -> Result<(), InvariantBroken> {
        let last = plan.quarters - 1;
        let broken = |quarter: u32, what: String| Err(InvariantBroken { path: self.path, quarter, what });
        for account in &self.accounts {
            let booked = match account.envelope {
                Envelope::Loans(slot) => books.lines[slot].loans,
                Envelope::Guarantees(slot) => books.lines[slot].guarantees,
                Envelope::Grants(slot) => books.lines[slot].grants,
                Envelope::Fees => books.fees,
                Envelope::Income => books.income,
                Envelope::Returned => books.returned,
                Envelope::PaidIn => books.flows.paid_in,
            };
            if account.closing != booked {
                let (envelope, closing) = (account.envelope, account.closing);
                return broken(
                    last,
                    format!("{envelope:?} closes at {closing} in the ledger, at {booked} in the books"),
                );
            }
        }
        for (quarter, (of_ledger, of_books)) in self.cash.iter().zip(cash).enumerate() {
            if of_ledger != of_books {
                return broken(
                    quarter as u32,
                    format!("the amounts of the ledger add up to {of_ledger}, cash is {of_books}"),
                );
            }
        }
        let added_up = totals::from_entries(plan, self);
        for ((column, of_path), (_, of_ledger)) in self.figures.iter().zip(figures(plan, &added_up)) {
            if *of_path != of_ledger {
                let (metric, line) = (column.metric.id(), column.about.word());
                return broken(
                    last,
                    format!("{metric} of {line}: the ledger adds up to {of_ledger}, the path says {of_path}"),
                );
            }
        }
        if added_up.lines != self.totals.lines || added_up.fund != self.totals.fund {
            let (of_path, of_ledger) =
                ((&self.totals.lines, &self.totals.fund), (added_up.lines, added_up.fund));
            return broken(last, format!("the ledger adds up to {of_ledger:?}, the path says {of_path:?}"));
        }
        Ok(())
    }
}

fn figures(plan: &Plan, totals: &PathTotals) -> Vec<(Column, i64)> {
    let definitions = Figures::new(plan);
    let mut figures = Vec::with_capacity(definitions.columns().len());
    definitions.of(totals, |position, value| figures.push((definitions.columns()[position], value)));
    figures
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::events::Event;
    use crate::reading::read_scenario;
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    /// A fund in which nearly everything happens on a few dozen projects.
    const FUND: &str = r#"
[fund]
endowment = 1_000_000
start = "2021-Q1"
horizon_years = 8
availability_years = 2
period = "2021-2027"
treasury_rate = "1%"
[fund.tranches]
shares = ["40%", "60%"]
triggers = [0, "90%"]
[fund.fees]
budget = 20_000
base = "1%"
cap = "10%"
[line2]
withdrawal_rate = "10%"
grant_lag_quarters = 1
grant_clawback_years = 3
grant_clawback_recovery = "50%"
[line2.budget]
loans = 600_000
guarantees = 60_000
grants = 320_000
[line2.pipeline]
applications_per_year = 30
investment = { median = 60_000, sigma = 0.4 }
[[line2.product]]
name = "mix"
own_funds = "10%"
fund_loan = "40%"
bank_loan = "30%"
grant = "20%"
guarantee_rate = "80%"
[line2.loan]
tenor_quarters = 12
amortisation = "italian"
fund_rate = "1%"
bank_rate = "3%"
[line2.guarantee]
kind = "capped"
cap_rate = "20%"
premium_rate = "1%"
[line2.loss]
lgd_mean = "60%"
[[credit.rating]]
name = "B"
pd = "12%"
"#;

    #[test]
    fn a_ledger_that_leaves_anything_out_is_refused() {
        let files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::from([("fund.toml".into(), FUND.into())]);
        let reading =
            read_scenario(&files, Path::new("fund.toml"), &[]).unwrap_or_else(|bad| panic!("{bad}"));
        let plan = Plan::resolve(&reading.scenario);
        let mut simulator = PathSimulator::with_recorder(&plan, Vec::<Record>::new());
        simulator.run(4).expect("the books balance");
        let totals = simulator.totals().clone();
        let cash: Vec<Cents> = simulator.timeline().iter().map(|row| row.cash).collect();
        let books = simulator.books().clone();
        let records = simulator.into_recorder();
        let check = |records: Vec<Record>| {
            Ledger::write(&plan, 4, records, totals.clone()).check(&plan, &books, &cash)
        };
        assert_eq!(check(records.clone()), Ok(()));
        let mut left_out = std::collections::BTreeSet::new();
        for position in 0..records.len() {
            let mut fewer = records.clone();
            let record = fewer.remove(position);
            if matches!(record.event, Event::Waits { .. }) {
                // Waiting is in no total.
                continue;
            }
            assert!(check(fewer).is_err(), "left out: {record:?}");
            entry::rows(&record.event, |kind, _| {
                left_out.insert(kind);
            });
        }
        assert!(left_out.len() >= 20, "too little happens on this path: {left_out:?}");
    }
}
