//! A scenario with other values: written out whole, changed as `--set` would, read again.
//!
//! So that a varied scenario has passed every check that a scenario file passes, and keys mean what they mean on the
//! command line.

use super::input::{Input, own_inputs};
use super::law::reach;
use crate::diagnostic::{Place, Problem, Problems, Severity, SourceId};
use crate::locale::{Told, told};
use crate::reading::{SetOption, read_scenario, split_path};
use crate::resolved::{BORROWERS_FILE, RESOLVED_FILE, borrowers_csv, resolved_toml};
use crate::rules;
use crate::scenario::{Change, Scenario};
use crate::today;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A scenario that is to be varied.
pub struct Variation {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

/// Why a scenario cannot take some values.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The values, as `--set` would be told them.
    pub values: Vec<String>,
    /// What the first problem says.
    pub why: Told,
}

impl Variation {
    /// Of a scenario that was read.
    pub fn new(scenario: &Scenario) -> Variation {
        // The rows of [uncertainty] say which values there may be; a scenario with such values has none.
        // Where its values come from (`[sources]`) changes nothing either, and takes time to read.
        let certain = Scenario { uncertainties: Vec::new(), sources: Default::default(), ..scenario.clone() };
        let mut files = BTreeMap::new();
        files.insert(PathBuf::from(RESOLVED_FILE), resolved_toml(&certain).into_bytes());
        if let Some(list) = borrowers_csv(&certain) {
            files.insert(PathBuf::from(BORROWERS_FILE), list.into_bytes());
        }
        Variation { files }
    }

    /// The scenario with a value for each of some inputs, in their order.
    ///
    /// # Errors
    /// [`Refused`] if it is no scenario then, or breaks a rule of the measure without waiver.
    pub fn with(&self, inputs: &[Input], values: &[Decimal]) -> Result<Scenario, Refused> {
        let texts: Vec<String> =
            inputs.iter().zip(values).flat_map(|(input, value)| option_texts(input, *value)).collect();
        let refused = |why: Told| Refused { values: texts.clone(), why };
        let options: Vec<SetOption> =
            texts.iter().map(|text| SetOption::parse(text)).collect::<Result<_, Told>>().map_err(&refused)?;
        let first_problem = |problems: Problems| {
            problems.list.into_iter().next().map_or(Told::default(), |first| first.message)
        };
        let reading = read_scenario(&self.files, Path::new(RESOLVED_FILE), &options)
            .map_err(|problems| refused(first_problem(problems)))?;
        let start = |_: &str| Place::start_of(SourceId(0));
        let mut problems = today::problems(&reading.scenario, start).into_iter();
        if let Some(problem) = problems.find(|problem| problem.severity == Severity::Error) {
            return Err(refused(problem.message));
        }
        let report = rules::check(&reading.scenario);
        match report.broken_errors.first() {
            Some(broken) => Err(refused(broken.problem(&start("")).message)),
            None => Ok(reading.scenario),
        }
    }

    /// All numbers that a scenario has under some keys; `None` where a key has something else, or nothing.
    pub fn values(scenario: &Scenario, keys: &[String]) -> Option<Vec<f64>> {
        let document: toml::Value = toml::from_str(&resolved_toml(scenario)).ok()?;
        let mut values = Vec::new();
        for key in keys {
            gather(&document, &split_path(key)?, &mut values)?;
        }
        Some(values)
    }
}

/// The options of an input at a value; none where it changes nothing.
fn option_texts(input: &Input, value: Decimal) -> Vec<String> {
    if input.change.identity() == Some(value) {
        return Vec::new();
    }
    let operator = match input.change {
        Change::Set => "=",
        Change::Scale => "*=",
        Change::Shift => "+=",
    };
    input.keys.iter().map(|key| format!("{key}{operator}{value}")).collect()
}

fn gather(value: &toml::Value, path: &[String], values: &mut Vec<f64>) -> Option<()> {
    let Some((step, rest)) = path.split_first() else {
        return match value {
            toml::Value::Integer(number) => {
                values.push(*number as f64);
                Some(())
            }
            toml::Value::Float(number) => {
                values.push(*number);
                Some(())
            }
            toml::Value::String(text) => {
                let percent: f64 = text.strip_suffix('%')?.parse().ok()?;
                values.push(percent / 100.0);
                Some(())
            }
            toml::Value::Array(entries) => entries.iter().try_for_each(|entry| gather(entry, &[], values)),
            _ => None,
        };
    };
    match value {
        toml::Value::Table(table) if step == "*" => {
            table.values().try_for_each(|inner| gather(inner, rest, values))
        }
        toml::Value::Table(table) => gather(table.get(step)?, rest, values),
        toml::Value::Array(entries) => {
            let named = |index: usize, entry: &toml::Value| {
                let name = entry.get("name").and_then(toml::Value::as_str);
                name.map_or_else(|| (index + 1).to_string(), str::to_string)
            };
            let chosen = entries
                .iter()
                .enumerate()
                .filter(|(index, entry)| step == "*" || named(*index, entry) == *step)
                .map(|(_, entry)| entry);
            chosen.into_iter().try_for_each(|entry| gather(entry, &[], values))
        }
        _ => None,
    }
}

/// What is wrong with the ends of the scenario's `[uncertainty]`: each row is tried at its base and its lowest and highest
/// value, by itself. `place_of` knows where a key was written.
pub fn ends_problems(scenario: &Scenario, place_of: impl Fn(&str) -> Place) -> Vec<Problem> {
    if scenario.uncertainties.is_empty() {
        return Vec::new();
    }
    let variation = Variation::new(scenario);
    let mut problems = Vec::new();
    for input in own_inputs(scenario) {
        let (low, high) = reach(&input.law);
        for value in [low, crate::units::nearest_f64(input.law.base()), high] {
            let value = input.rounded(value);
            let Err(refused) = variation.with(std::slice::from_ref(&input), &[value]) else { continue };
            let message = told!(
                "`{key}` non può valere {value}: {why}",
                "`{key}` cannot be {value}: {why}";
                key = input.id.as_str(),
                value,
                why = refused.why,
            );
            let place = place_of(&format!("uncertainty.{}", input.id));
            problems.push(Problem::error("E129", &place, message).hint(told!(
                "ogni valore di [uncertainty] deve dare uno scenario valido",
                "every value of [uncertainty] must give a valid scenario"
            )));
            break;
        }
    }
    problems
}
