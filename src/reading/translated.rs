//! Names in `[italian]` and `[english]` that look like misspellings of what the scenario names.
//!
//! A table of names may speak of more than a scenario has: it is inherited by mixes with other products. So a name that
//! nothing is called is told only if it is nearly that of something that has no translation.

use super::section::Section;
use crate::diagnostic::{Problem, nearest};
use crate::locale::told;
use crate::scenario::{Pipeline, Scenario, Translation};

/// Warns of names that are nearly something's.
pub(super) fn check(root: &Section<'_>, scenario: &Scenario) {
    let translations = &scenario.translations;
    for (table, translation) in [("italian", &translations.italian), ("english", &translations.english)] {
        if !translation.names.is_empty() {
            check_table(root, scenario, table, translation);
        }
    }
}

fn check_table(root: &Section<'_>, scenario: &Scenario, table: &str, translation: &Translation) {
    let translated = |name: &str| translation.names.iter().any(|(known, _)| known == name);
    let mut names = named_things(scenario);
    let unknown: Vec<&str> = translation
        .names
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !names.contains(name) && !is_listed(scenario, name))
        .collect();
    names.retain(|name| !translated(name));
    for name in unknown {
        let Some(meant) = nearest(name, names.iter().copied()) else { continue };
        let message = told!(
            "`{table}`: nulla si chiama \"{name}\"",
            "`{table}`: nothing is called \"{name}\"";
            table,
            name,
        );
        let place = root.node(table).and_then(|node| node.at(&[name])).map_or(&root.place, |node| &node.key);
        root.context.report(
            Problem::warning("W108", place, message)
                .hint(told!("si intendeva \"{meant}\"?", "did you mean \"{meant}\"?"; meant)),
        );
    }
}

/// What a scenario names, but for its listed applicants.
fn named_things(scenario: &Scenario) -> Vec<&str> {
    let mut names: Vec<&str> = scenario.programme.iter().map(|measure| measure.name.as_str()).collect();
    names.extend(scenario.credit.ratings.iter().map(|rating| rating.name.as_str()));
    for line in scenario.lines() {
        names.extend(line.products.iter().map(|product| product.name.as_str()));
        names.extend(line.outcomes.iter().flat_map(|outcome| [outcome.name.as_str(), outcome.unit.as_str()]));
    }
    names
}

fn is_listed(scenario: &Scenario, name: &str) -> bool {
    scenario.lines().any(|line| match &line.pipeline {
        Pipeline::List(borrowers) => borrowers.iter().any(|borrower| borrower.id == name),
        Pipeline::Statistical(_) => false,
    })
}
