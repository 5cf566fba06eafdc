//! The reader against files in memory: every key, every class of error with its place and hint, inheritance, what-ifs.

#[path = "reader/sample.rs"]
mod sample;

#[path = "reader/accepts.rs"]
mod accepts;
#[path = "reader/any_scenario.rs"]
mod any_scenario;
#[path = "reader/arbitrary.rs"]
mod arbitrary;
#[path = "reader/borrowers.rs"]
mod borrowers;
#[path = "reader/builds.rs"]
mod builds;
#[path = "reader/explains.rs"]
mod explains;
#[path = "reader/history_mistakes.rs"]
mod history_mistakes;
#[path = "reader/languages.rs"]
mod languages;
#[path = "reader/matrix_mistakes.rs"]
mod matrix_mistakes;
#[path = "reader/mistakes.rs"]
mod mistakes;
#[path = "reader/refuses.rs"]
mod refuses;
#[path = "reader/region.rs"]
mod region;
#[path = "reader/resolves.rs"]
mod resolves;
#[path = "reader/rules.rs"]
mod rules;
#[path = "reader/warnings.rs"]
mod warnings;
