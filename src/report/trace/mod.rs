//! The ledger of one path for its readers: a spreadsheet, a program, a person.
//!
//! [`ledger_csv`] holds every entry, with signed amounts and running balances. [`Trace::to_json`] is the same as
//! `fesr/trace/1`, with what an event says beyond its amounts. [`Trace::to_text`] is for people: why this future is as it
//! is (`story`), its key figures, then quarter by quarter what happened, in words. Ordinary payments, arrivals
//! and waiting are summed there by quarter and line unless every entry is asked for.

mod csv;
mod describe;
mod figures;
mod json;
mod rows;
mod story;
mod text;

pub use csv::ledger_csv;

use crate::aggregate::order_statistic::OrderStatistic;
use crate::ledger::Ledger;
use crate::metrics::MetricId;
use crate::plan::Plan;
use crate::scenario::{LineNumber, Scenario};

/// How a path was chosen by a quantile.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The figure by which paths are ordered.
    pub metric: MetricId,
    /// Of this line, or of the whole fund.
    pub line: Option<LineNumber>,
    /// The quantile as typed: `99%`, `min`.
    pub quantile: String,
    /// What was found.
    pub found: OrderStatistic,
}

/// One path and everything its readers need to know about it.
#[derive(Clone, Debug)]
pub struct Trace<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its plan.
    pub plan: &'a Plan,
    /// The path's ledger.
    pub ledger: &'a Ledger,
    /// How it was chosen, if by a quantile.
    pub selection: Option<Selection>,
    /// The program's version.
    pub version: &'a str,
    /// Where the ledger was written.
    pub file: String,
}
