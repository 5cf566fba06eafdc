//! What `fesr compare` leaves: tidy tables, JSON and a terminal page, from the same numbers.

mod csv;
mod json;
mod page;
mod sentences;
mod text;

pub use csv::{comparison_csv, grid_csv};
pub use json::{comparison_json, comparison_value};
pub use page::{comparison_page, comparison_tables};
pub use sentences::regret_sentence;
pub use text::{comparison_text, measures_text};

use crate::paired::comparison::ComparisonRow;
use crate::paired::grid::Grid;
use crate::report::limits::LimitResult;
use crate::scenario::Language;

/// A scenario or an economy as results name it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The name in files.
    pub name: String,
    /// What readers see.
    pub title: String,
}

/// Everything that `fesr compare` tells.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The reader's language.
    pub language: Language,
    /// The program's version.
    pub version: String,
    /// Paths that every scenario has.
    pub paths: u64,
    /// Whether scenarios or economies are missing because the run was stopped.
    pub interrupted: bool,
    /// The seed that all share.
    pub seed: u64,
    /// The scenarios, the first one being what the others are compared with.
    pub scenarios: Vec<Named>,
    /// The economies of `--economies`; empty: each scenario in its own economy.
    pub economies: Vec<Named>,
    /// One for each economy, or a single one.
    pub scenes: Vec<Scene>,
    /// Headline measures over the grid; empty without `--economies`.
    pub grids: Vec<Grid>,
    /// Scenarios whose applicants are not those of the first one: pairs are not the same enterprises then.
    pub other_applicants: Vec<usize>,
    /// Scenarios with promises of their own that are not the first one's: all are held to the first one's.
    pub other_limits: Vec<usize>,
    /// Scenarios with another start, horizon or discount rate than the first one: figures at the end and in present value
    /// do not measure the same.
    pub other_yardsticks: Vec<usize>,
}

/// The comparison under one economy.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Measure by measure.
    pub rows: Vec<ComparisonRow>,
    /// The promises of each scenario.
    pub limits: Vec<Vec<LimitResult>>,
}

impl Comparison {
    /// The name of an economy in files; empty without `--economies`.
    fn economy(&self, scene: usize) -> &str {
        self.economies.get(scene).map_or("", |economy| economy.name.as_str())
    }
}
