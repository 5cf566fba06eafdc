//! The columns of the list that tell the history of a running fund: `status` and what belongs to it.

use super::borrowers::{Cell, in_cell};
use super::number;
use crate::diagnostic::{Place, Problem};
use crate::locale::Told;
use crate::locale::{pair, told};
use crate::scenario::Borrower;
use crate::units::{Cents, Share};

/// The words of `status`.
const WORDS: [&str; 3] = ["running", "defaulted", "repaid"];

/// Columns that say something only of a row with a status.
const OF_HISTORY: [&str; 5] =
    ["disbursed_quarter", "default_quarter", "outstanding_fund", "outstanding_bank", "loss_given_default"];

/// A row of the list that has a `status`.
#[derive(Clone)]
pub(super) struct BookedRow {
    /// Who, and for what.
    pub borrower: Borrower,
    /// Number of the row in the file.
    pub row: usize,
    /// What its columns of history say.
    pub history: History,
}

/// What the columns of history of a row say.
#[derive(Clone)]
pub(super) struct History {
    /// Fund quarter of the disbursement.
    pub disbursed_quarter: u32,
    /// What became of the project.
    pub fate: Fate,
    places: Vec<(&'static str, Place)>,
}

/// What a row says became of its project; what it leaves out is in the terms of the line.
#[derive(Clone, Copy)]
pub(super) enum Fate {
    /// It pays.
    Running {
        /// Fund loan outstanding, if written.
        fund: Option<Cents>,
        /// Bank loan outstanding, if written.
        bank: Option<Cents>,
    },
    /// It missed a payment.
    Defaulted {
        /// That of this fund quarter.
        quarter: u32,
        /// Part that is lost, if written.
        loss: Option<Share>,
    },
    /// It has paid everything.
    Repaid,
}

impl BookedRow {
    /// A problem of one of its cells, after row and column.
    pub(super) fn problem(
        &self,
        code: &'static str,
        column: &'static str,
        reason: Told,
        make: fn(&'static str, &Place, Told) -> Problem,
    ) -> Problem {
        let places = &self.history.places;
        let place = places.iter().find(|(name, _)| *name == column).expect("a column of history");
        make(code, &place.1, in_cell(self.row, column, reason))
    }
}

/// Disbursement and fate of a row, `Some(None)` of an applicant; `None` if a cell was refused. Every column is looked at.
pub(super) fn status<'c>(
    cell: &impl Fn(&'static str) -> Cell<'c>,
    applied: Option<u32>,
) -> Option<Option<History>> {
    let status = cell("status");
    if status.text.is_empty() {
        return applicant(cell, applied).then_some(None);
    }
    let word = status.word(&WORDS);
    let today = today(&status)?;
    let disbursed = quarter(&cell("disbursed_quarter"), applied.unwrap_or(0), today);
    let mut sound = word.is_some();
    if cell("product").text.is_empty() {
        sound = false;
        cell("product").refuse::<()>(
            "E209",
            told!("è vuota", "it is empty"),
            pair("un progetto erogato ha un prodotto", "a project that was disbursed has a product"),
        );
    }
    sound &= empty(cell, "forced_default_quarter", "running");
    let not_of_this: &[&'static str] = match word {
        Some(0) => &["default_quarter", "loss_given_default"],
        Some(1) => &["outstanding_fund", "outstanding_bank"],
        Some(2) => &["default_quarter", "loss_given_default"],
        _ => &[],
    };
    for name in not_of_this {
        sound &= empty(cell, name, WORDS[word.unwrap_or(0)]);
    }
    let fate = match word? {
        0 => {
            let (fund, bank) = (amount(&cell("outstanding_fund")), amount(&cell("outstanding_bank")));
            Fate::Running { fund: fund?, bank: bank? }
        }
        1 => {
            let first = disbursed.unwrap_or(0) + 1;
            let quarter = quarter(&cell("default_quarter"), first, today);
            let loss = share(&cell("loss_given_default"));
            Fate::Defaulted { quarter: quarter?, loss: loss? }
        }
        _ => {
            for name in ["outstanding_fund", "outstanding_bank"] {
                sound &= nothing_is_left(&cell(name));
            }
            Fate::Repaid
        }
    };
    let disbursed_quarter = disbursed?;
    let places = ["status"].iter().chain(&OF_HISTORY).map(|&name| (name, cell(name).place())).collect();
    sound.then_some(Some(History { disbursed_quarter, fate, places }))
}

/// Whether a row without a status is sound: nothing of history, and not before today.
fn applicant<'c>(cell: &impl Fn(&'static str) -> Cell<'c>, applied: Option<u32>) -> bool {
    let mut sound = true;
    for name in OF_HISTORY {
        let cell = cell(name);
        if !cell.text.is_empty() {
            sound = false;
            let reason =
                told!("dice qualcosa, ma `status` è vuota", "it says something, but `status` is empty");
            let hint = pair(
                "scrivere running, defaulted o repaid in `status`, oppure lasciarla vuota",
                "write running, defaulted or repaid under `status`, or leave it empty",
            );
            cell.refuse::<()>("E209", reason, hint);
        }
    }
    let quarter = cell("quarter");
    if let (Some(applied), Some(today)) = (applied, quarter.rows.surroundings.today_quarter)
        && applied < today
    {
        sound = false;
        let reason = told!(
            "il trimestre {applied} è storia: il fondo è osservato dal trimestre {today}",
            "quarter {applied} is history: the fund is watched from quarter {today} on";
            applied,
            today,
        );
        let hint = pair(
            "dire in `status` che ne è stato; chi attende ancora si candida da oggi in poi",
            "say under `status` what became of it; who still waits applies from today on",
        );
        quarter.refuse::<()>("E209", reason, hint);
    }
    sound
}

/// Today, which a row with a status needs.
fn today(status: &Cell<'_>) -> Option<u32> {
    match status.rows.surroundings.today_quarter {
        Some(0) => {
            let reason = told!("lo scenario non ha un oggi", "the scenario has no today");
            let hint = pair(
                "scrivere today = \"2021-Q2\" in [fund]: il primo trimestre che non si conosce",
                "write today = \"2021-Q2\" in [fund]: the first quarter that is not known",
            );
            status.refuse("E209", reason, hint)
        }
        today => today,
    }
}

/// A fund quarter from `first` on and before today.
fn quarter(cell: &Cell<'_>, first: u32, today: u32) -> Option<u32> {
    match cell.text.parse::<u32>() {
        Ok(quarter) if (first..today).contains(&quarter) => Some(quarter),
        _ => {
            let reason = match cell.text.is_empty() {
                true => told!("è vuota", "it is empty"),
                false => told!(
                    "\"{shown}\" non è un trimestre possibile",
                    "\"{shown}\" is not a possible quarter";
                    shown = cell.shown(),
                ),
            };
            let hint = match first < today {
                true => told!(
                    "scrivere un trimestre del fondo da {first} a {last}, prima di oggi",
                    "write a fund quarter from {first} to {last}, before today";
                    first,
                    last = today - 1,
                ),
                false => told!(
                    "prima di oggi (trimestre {today}) non ne resta alcuno",
                    "before today (quarter {today}) there is none left";
                    today,
                ),
            };
            cell.refuse("E209", reason, hint)
        }
    }
}

/// An amount, or nothing: as scheduled.
fn amount(cell: &Cell<'_>) -> Option<Option<Cents>> {
    if cell.text.is_empty() { Some(None) } else { cell.euros().map(Some) }
}

/// A share, or nothing: the mean.
fn share(cell: &Cell<'_>) -> Option<Option<Share>> {
    if cell.text.is_empty() {
        return Some(None);
    }
    match number::quoted(cell.text).ok().and_then(|(value, _)| Share::new(value).ok()) {
        Some(share) => Some(Some(share)),
        None => {
            let reason =
                told!("\"{shown}\" non è una quota", "\"{shown}\" is not a share"; shown = cell.shown());
            let hint = pair(
                "scrivere una quota da 0 a 1, per esempio 0.45 o 45%, oppure lasciarla vuota",
                "write a share from 0 to 1, such as 0.45 or 45%, or leave it empty",
            );
            cell.refuse("E204", reason, hint)
        }
    }
}

/// Whether a repaid project has nothing outstanding.
fn nothing_is_left(cell: &Cell<'_>) -> bool {
    if cell.text.is_empty() {
        return true;
    }
    match cell.euros() {
        Some(Cents::ZERO) => true,
        Some(_) => {
            let reason = told!(
                "un progetto rimborsato (`repaid`) non ha nulla in essere",
                "a project that is `repaid` has nothing outstanding"
            );
            let hint = pair("scrivere 0, oppure running in `status`", "write 0, or running under `status`");
            cell.refuse::<()>("E209", reason, hint).is_some()
        }
        None => false,
    }
}

/// Whether a cell that means nothing with this status is empty.
fn empty<'c>(cell: &impl Fn(&'static str) -> Cell<'c>, name: &'static str, status: &str) -> bool {
    let cell = cell(name);
    if cell.text.is_empty() {
        return true;
    }
    let reason = told!(
        "non dice nulla di un progetto `{status}`",
        "it says nothing of a project that is `{status}`";
        status,
    );
    cell.refuse::<()>("E209", reason, pair("lasciarla vuota", "leave it empty")).is_some()
}
