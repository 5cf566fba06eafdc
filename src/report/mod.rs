//! The results as files: a summary to bytes, without touching any file.
//!
//! Machine files ([`summary_json`], [`tables`], [`data_package`], [`run_record`]) are free of any language: points as decimal
//! marks, fixed decimals, ids of MODEL.md; [`spreadsheet_csv`] makes of the tables what a spreadsheet of some country opens. What people read ([`key_figures`], [`charts`], [`trace`]) speaks Italian or English.

pub mod charts;
pub mod comparison;
pub mod data_package;
pub mod framed_file;
pub mod frontier;
pub mod key_figures;
pub mod limits;
pub mod number_text;
pub mod page;
pub mod part_file;
pub mod precision;
pub mod region;
pub mod result_files;
pub mod run_record;
pub mod sensitivity;
pub mod spreadsheet_csv;
pub mod stress;
pub mod study_part;
pub mod study_record;
pub mod summary_json;
pub mod table_shape;
pub mod tables;
pub mod telling;
#[cfg(test)]
mod tests;
pub mod trace;
pub mod verification;

use crate::layout;
use crate::scenario::Scenario;

/// A file of the output folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Path inside the folder, with `/`.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl OutputFile {
    /// A text file.
    pub fn text(name: &str, text: String) -> OutputFile {
        OutputFile { name: name.to_string(), bytes: text.into_bytes() }
    }
}

/// What was run: everything about a run that is not a result.
#[derive(Clone, Debug)]
pub struct RunFacts<'a> {
    /// The scenario as run.
    pub scenario: &'a Scenario,
    /// The program's version.
    pub version: &'a str,
    /// Paths simulated.
    pub paths: u64,
    /// Paths asked for.
    pub planned: u64,
}

impl RunFacts<'_> {
    /// Whether the run was stopped before its planned paths.
    pub fn interrupted(&self) -> bool {
        self.paths < self.planned
    }

    /// The horizon in words for machine files: `2018-Q4..2034-Q3`.
    pub fn horizon(&self) -> String {
        let fund = &self.scenario.fund;
        format!("{}..{}", fund.start, fund.start.plus(fund.horizon_quarters - 1))
    }
}
