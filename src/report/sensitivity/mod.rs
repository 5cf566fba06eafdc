//! What `fesr sensitivity` leaves: tidy tables, JSON, charts and a terminal page, from the same numbers.

mod charts;
mod csv;
mod json;
mod page;
mod text;
mod words;

pub use charts::sensitivity_album;
pub use csv::{sobol_csv, tornado_csv};
pub use json::sensitivity_json;
pub use page::sensitivity_page;
pub use text::sensitivity_text;

use crate::scenario::Language;
use crate::sensitivity::indices::GlobalStudy;
use crate::sensitivity::tornado::Tornado;
use crate::sensitivity::{Input, LeftOutInput};

/// Everything that `fesr sensitivity` tells.
#[derive(Clone, Debug)]
pub struct Sensitivity {
    /// The reader's language.
    pub language: Language,
    /// The program's version.
    pub version: String,
    /// The seed that all runs share.
    pub seed: u64,
    /// The scenario's name.
    pub name: String,
    /// The scenario's title.
    pub title: String,
    /// Whether inputs or rows are missing because the run was stopped.
    pub interrupted: bool,
    /// Whether the inputs are the defaults, for want of an `[uncertainty]`.
    pub by_default: bool,
    /// Defaults that the scenario cannot take.
    pub left_out: Vec<LeftOutInput>,
    /// What was varied.
    pub inputs: Vec<Input>,
    /// One at a time.
    pub tornado: Tornado,
    /// All at once, if asked for.
    pub global: Option<GlobalStudy>,
}
