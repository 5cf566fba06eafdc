//! The figures of a scenario by their dotted keys, as its complete text has them, and where each comes from.

use crate::reading::split_path;
use crate::report::telling::Telling;
use crate::resolved::resolved_toml;
use crate::scenario::{Language, Scenario};
use toml::{Table, Value};

/// A figure of the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScenarioValue {
    /// Its dotted key; entries of lists by their names.
    pub key: String,
    /// The key in steps.
    steps: Vec<String>,
    /// Its value as a reader sees it.
    pub shown: String,
}

impl ScenarioValue {
    /// Whether a key of `[sources]` speaks of this figure: it names the figure, a table around it, or any entry (`*`).
    pub fn is_covered_by(&self, source: &str) -> bool {
        let Some(path) = split_path(source) else { return false };
        path.len() <= self.steps.len()
            && path.iter().zip(&self.steps).all(|(wanted, step)| wanted == "*" || wanted == step)
    }
}

/// All figures of a scenario that somebody assumed: not its name, its paths and seed, its promises and its notes.
pub(super) fn scenario_values(scenario: &Scenario, telling: Telling) -> Vec<ScenarioValue> {
    // `uncertainty` says how far an assumption may be off, and is told by the runs that draw it.
    const NOT_ASSUMED: [&str; 10] = [
        "scenario",
        "simulation",
        "programme",
        "limit",
        "milestone",
        "rules",
        "sources",
        "uncertainty",
        "italian",
        "english",
    ];
    let table: Table = resolved_toml(scenario).parse().expect("a resolved scenario is TOML");
    let mut values = Vec::new();
    // TOML tables are sorted by key here; the text's own order is the order of the format.
    for name in ["fund", "line1", "line2", "pipeline", "credit", "macro", "state_aid"] {
        if let Some(value) = table.get(name) {
            collect(value, &mut vec![name.to_string()], telling, &mut values);
        }
    }
    debug_assert!(
        table
            .keys()
            .all(|key| NOT_ASSUMED.contains(&key.as_str())
                || values.iter().any(|value| value.steps[0] == *key))
    );
    values
}

fn collect(value: &Value, steps: &mut Vec<String>, telling: Telling, into: &mut Vec<ScenarioValue>) {
    match value {
        Value::Table(table) if !table.is_empty() => {
            for (name, inner) in table {
                steps.push(name.clone());
                collect(inner, steps, telling, into);
                steps.pop();
            }
        }
        Value::Array(entries) if entries.iter().any(|entry| entry_name(entry).is_some()) => {
            for entry in entries {
                let (Some(name), Value::Table(table)) = (entry_name(entry), entry) else { continue };
                for (key, inner) in table.iter().filter(|(key, _)| *key != "name") {
                    steps.extend([name.to_string(), key.clone()]);
                    collect(inner, steps, telling, into);
                    steps.truncate(steps.len() - 2);
                }
            }
        }
        _ => into.push(ScenarioValue {
            key: steps.join("."),
            steps: steps.clone(),
            shown: shown(value, telling),
        }),
    }
}

fn entry_name(entry: &Value) -> Option<&str> {
    entry.as_table()?.get("name")?.as_str()
}

/// A value as a reader of the language writes it.
fn shown(value: &Value, telling: Telling) -> String {
    match value {
        Value::String(text) => percentage(text, telling).unwrap_or_else(|| text.clone()),
        Value::Integer(number) => {
            let sign = if *number < 0 { "\u{2212}" } else { "" };
            format!("{sign}{}", telling.numbers.count(number.unsigned_abs()))
        }
        Value::Float(number) => telling.shortest(*number),
        Value::Boolean(true) => telling.words.yes.to_string(),
        Value::Boolean(false) => telling.words.no.to_string(),
        Value::Datetime(date) => date.to_string(),
        Value::Array(entries) => {
            let entries: Vec<String> = entries.iter().map(|entry| shown(entry, telling)).collect();
            let separator = match telling.language {
                Language::Italian => "; ",
                Language::English => ", ",
            };
            if entries.is_empty() { "–".to_string() } else { entries.join(separator) }
        }
        Value::Table(table) => {
            let entries: Vec<String> =
                table.iter().map(|(name, inner)| format!("{name} {}", shown(inner, telling))).collect();
            if entries.is_empty() { "–".to_string() } else { entries.join(", ") }
        }
    }
}

/// `12.5%` in the reader's way: "12,5 %". Exactly as many decimals as are written.
fn percentage(text: &str, telling: Telling) -> Option<String> {
    let digits = text.strip_suffix('%')?;
    let value: f64 = digits.parse().ok()?;
    let decimals = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    Some(telling.numbers.percent(value / 100.0, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::sample::mixed;

    #[test]
    fn every_figure_has_its_key_and_its_value() {
        let scenario = mixed(Language::Italian);
        let values = scenario_values(&scenario, Telling::new(Language::Italian));
        let of = |key: &str| values.iter().find(|value| value.key == key).map(|value| value.shown.as_str());
        assert_eq!(of("fund.endowment"), Some("5.000.000"));
        assert_eq!(of("fund.fees.cap"), Some("7\u{a0}%"));
        assert_eq!(of("fund.treasury_rate"), Some("0,1\u{a0}%"));
        assert_eq!(of("fund.revolving"), Some("no"));
        assert_eq!(of("line2.product.loan-and-grant.grant"), Some("20\u{a0}%"));
        assert_eq!(of("credit.rating.B.pd"), Some("3\u{a0}%"));
        assert_eq!(of("line1.loss.recovery"), Some("after_quarters 8, share 1"));
        assert!(values.iter().all(|value| !value.key.starts_with("limit") && !value.shown.is_empty()));
    }

    #[test]
    fn what_is_uncertain_and_what_is_promised_are_no_figures() {
        use crate::scenario::{Change, Law, Uncertainty};
        use rust_decimal::Decimal;
        let mut scenario = mixed(Language::English);
        let figures = scenario_values(&scenario, Telling::new(Language::English)).len();
        scenario.uncertainties.push(Uncertainty {
            key: "credit.nu".to_string(),
            change: Change::Set,
            law: Law::Uniform { low: Decimal::ONE, high: Decimal::TWO },
        });
        scenario.milestones.push(crate::scenario::Milestone {
            quarter: 3,
            min_disbursed: crate::units::Cents(1_000_000),
            max_probability: None,
        });
        assert_eq!(scenario_values(&scenario, Telling::new(Language::English)).len(), figures);
    }

    #[test]
    fn a_source_covers_what_it_names() {
        let scenario = mixed(Language::English);
        let values = scenario_values(&scenario, Telling::new(Language::English));
        let covered = |source: &str| values.iter().filter(|value| value.is_covered_by(source)).count();
        assert_eq!(covered("fund.endowment"), 1);
        assert_eq!(covered("fund.tranches"), 2);
        assert_eq!(covered("line2.product.*.demand"), 3);
        assert_eq!(covered("credit.rating.*.pd"), 1);
        assert_eq!(covered("credit.rating.A.pd"), 0);
        assert_eq!(covered("not a key."), 0);
    }
}
