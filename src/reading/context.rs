//! Where the problems of a scenario are gathered while it is read.
//!
//! All problems come in one go, up to a bound: a file that is no scenario at all has one in every line.

use crate::diagnostic::{Place, Problem, Severity, Sources};
use crate::locale::told;
use std::cell::{Cell, RefCell};

/// Most errors, and most warnings, that are reported of one scenario.
const MOST_PROBLEMS: usize = 500;

/// The texts, and the problems found so far.
pub struct Context<'c> {
    /// Where values were written.
    pub sources: &'c Sources,
    problems: RefCell<Vec<Problem>>,
    errors: Cell<usize>,
    warnings: Cell<usize>,
}

impl<'c> Context<'c> {
    /// Nothing found yet.
    pub fn new(sources: &'c Sources) -> Context<'c> {
        Context { sources, problems: RefCell::default(), errors: Cell::new(0), warnings: Cell::new(0) }
    }

    /// Notes a problem; what comes after the first [`MOST_PROBLEMS`] of its severity is only told to be there.
    pub fn report(&self, problem: Problem) {
        let found = self.count(problem.severity);
        found.set(found.get() + 1);
        if found.get() <= MOST_PROBLEMS {
            self.problems.borrow_mut().push(problem);
        }
    }

    fn count(&self, severity: Severity) -> &Cell<usize> {
        match severity {
            Severity::Error => &self.errors,
            Severity::Warning => &self.warnings,
        }
    }

    /// Whether further errors would not be shown.
    pub fn is_full(&self) -> bool {
        self.errors.get() > MOST_PROBLEMS
    }

    /// All problems noted, and that there are more.
    pub fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        for (severity, found) in [(Severity::Error, self.errors), (Severity::Warning, self.warnings)] {
            let last = problems
                .iter()
                .filter(|problem| problem.severity == severity)
                .filter_map(|problem| problem.place.clone())
                .max_by_key(|place| (place.source, place.span.start));
            if let (Some(place), true) = (last, found.get() > MOST_PROBLEMS) {
                let message = told!(
                    "ce ne sono altri dopo i primi {most}",
                    "there are more after the first {most}";
                    most = MOST_PROBLEMS,
                );
                problems.push(Problem { severity, ..Problem::error("E008", &place, message) });
            }
        }
        problems
    }

    /// Whether a place is in a `--set` option.
    pub fn is_option(&self, place: &Place) -> bool {
        self.sources.get(place.source).name == super::set::OPTION
    }

    /// What stands at a place, shortened to fit into a message.
    pub fn written(&self, place: &Place) -> String {
        let text = self.sources.get(place.source).text.get(place.span.clone()).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default();
        let short: String = line.chars().take(60).collect();
        if short.len() < text.len() { short + "..." } else { short }
    }
}
