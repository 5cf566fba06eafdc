//! What `fesr stress` leaves: the scenario under economies and shocks side by side, which promises break under which, and how
//! bad it must get before they do.

mod csv;
mod json;
mod page;
mod text;

pub use csv::{breaking_csv, stress_csv};
pub use json::stress_json;
pub use page::stress_page;
pub use text::stress_text;

use super::comparison::Comparison;
use crate::locale::Told;
use crate::paired::breaking::Answer;

/// Everything that a stress test tells.
#[derive(Clone, Debug)]
pub struct StressTest {
    /// The scenario's title.
    pub title: String,
    /// As it is first, then under the economies, then under the shocks. A single scene.
    pub comparison: Comparison,
    /// What made each of them, in the same order.
    pub origins: Vec<Origin>,
    /// Economies and shocks that the scenario does not admit.
    pub left_out: Vec<LeftOut>,
    /// How bad it must get.
    pub reverse: Option<Reverse>,
}

/// What made a variant of the scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The scenario as it is.
    AsItIs,
    /// An economy's file.
    Economy(String),
    /// A shock, with its options and where a bound cut it.
    Shock {
        /// The `--set` options.
        sets: Vec<String>,
        /// Where a bound cut it.
        cut: Option<Told>,
    },
}

/// What was not run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftOut {
    /// The economy or shock.
    pub what: Told,
    /// Why.
    pub why: Told,
}

/// The reverse stress test.
#[derive(Clone, Debug)]
pub struct Reverse {
    /// Paths at every position of a lever.
    pub paths: u64,
    /// Lever by lever, promise by promise.
    pub answers: Vec<Answer>,
    /// For each answer the command that shows the path nearest to the breaking point.
    pub traces: Vec<Option<String>>,
    /// Whether levers are missing because the run was stopped.
    pub interrupted: bool,
}

impl StressTest {
    /// Whether something is missing because the run was stopped.
    pub fn interrupted(&self) -> bool {
        self.comparison.interrupted || self.reverse.as_ref().is_some_and(|reverse| reverse.interrupted)
    }
}
