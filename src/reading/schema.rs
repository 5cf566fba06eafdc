//! The JSON Schema of the scenario file, so that editors complete and check it while it is written (`#:schema` line).
//!
//! Made of the reader's own tables: [`super::keys`] (meaning, need, default, example) and [`super::kinds`] (what may be
//! written). Only what drafts 4 and 7 have in common is used (no exclusive bounds, no `const`), for the language servers
//! of TOML know no more. A schema sees one file: what a file must say depends on what it `extends`, so a key is required only
//! inside list entries and tranches, which are never inherited in part; the rest is for `fesr check`.

use super::keys::{self, Key, Need};
use super::kinds::{Kind, LARGEST_EUROS, kind, table_meaning};
use crate::metrics::MetricId;
use crate::rules;
use crate::scenario::Change;
use serde_json::{Map, Value, json};

/// Name of the schema beside scenarios.
pub const SCHEMA_FILE: &str = "fesr.schema.json";

/// A number in quotes, perhaps a percentage: `"2.5%"`, `"2,5 %"`, `"0.025"`.
const NUMBER_IN_QUOTES: &str = "^\\s*[-+\u{2212}]?[.,]?[0-9][0-9_]*([.,][0-9_]*)?\\s*%?\\s*$";
/// Euros in quotes.
const EUROS_IN_QUOTES: &str = "^\\s*\\+?[.,]?[0-9][0-9_]*([.,][0-9_]*)?\\s*$";

/// The schema as the text of [`SCHEMA_FILE`].
pub fn schema_json() -> String {
    let mut text = serde_json::to_string_pretty(&schema()).expect("plain data is JSON");
    text.push('\n');
    text
}

/// The schema of a scenario file.
pub fn schema() -> Value {
    let mut whole = object(&[]);
    whole.insert("$schema".to_string(), json!("http://json-schema.org/draft-07/schema#"));
    whole.insert("title".to_string(), json!("Scenario of fesr"));
    let about = "A mixed financial instrument of guarantees, loans and grants, and the economy around it. \
                 Keys may also come from the files named under `extends`; `fesr check` sees them all.";
    whole.insert("description".to_string(), json!(about));
    Value::Object(whole)
}

/// The schema of what stands at a path; `*` is any entry of a list.
fn at(path: &[&str]) -> Value {
    let key = keys::find(path);
    let children = keys::children(path);
    let mut schema = match children[..] {
        [] => key.and_then(|key| kind(key.path)).map(of_kind).unwrap_or_default(),
        ["*"] if key.and_then(|key| kind(key.path)) == Some(Kind::NamedTables) => named_tables(path),
        ["*"] => entries(path, key),
        _ => object(path),
    };
    if let Some(description) = description(path, key) {
        schema.insert("description".to_string(), description.into());
    }
    if let Some(key) = key {
        match key.need {
            Need::Default(value) => {
                schema.extend(from_toml(value).map(|value| ("default".to_string(), value)))
            }
            Need::Required | Need::Optional => {
                let example = from_toml(key.example);
                schema.extend(example.map(|value| ("examples".to_string(), json!([value]))));
            }
        }
    }
    Value::Object(schema)
}

fn object(path: &[&str]) -> Map<String, Value> {
    let children = keys::children(path);
    let below = |child: &'static str| -> Vec<&str> { path.iter().copied().chain([child]).collect() };
    let properties: Map<String, Value> =
        children.iter().map(|child| (child.to_string(), at(&below(child)))).collect();
    let mut schema = Map::new();
    schema.insert("type".to_string(), json!("object"));
    schema.insert("additionalProperties".to_string(), json!(false));
    schema.insert("properties".to_string(), Value::Object(properties));
    let stands_alone = path.contains(&"*") || path == ["fund", "tranches"];
    let required: Vec<&str> = children
        .into_iter()
        .filter(|child| keys::find(&below(child)).is_some_and(|key| key.need == Need::Required))
        .collect();
    if stands_alone && !required.is_empty() {
        schema.insert("required".to_string(), json!(required));
    }
    schema
}

fn entries(path: &[&str], key: Option<&Key>) -> Map<String, Value> {
    let items: Vec<&str> = path.iter().copied().chain(["*"]).collect();
    let mut schema = Map::new();
    schema.insert("type".to_string(), json!("array"));
    schema.insert("items".to_string(), at(&items));
    if key.is_some_and(|key| key.need == Need::Required) {
        schema.insert("minItems".to_string(), json!(1));
    }
    if let Some(Kind::Entries(Some(most))) = key.and_then(|key| kind(key.path)) {
        schema.insert("maxItems".to_string(), json!(most));
    }
    schema
}

fn named_tables(path: &[&str]) -> Map<String, Value> {
    let each: Vec<&str> = path.iter().copied().chain(["*"]).collect();
    let mut schema = Map::new();
    schema.insert("type".to_string(), json!("object"));
    schema.insert("patternProperties".to_string(), json!({ "^[a-z0-9_]{1,40}$": at(&each) }));
    schema.insert("additionalProperties".to_string(), json!(false));
    schema
}

fn description(path: &[&str], key: Option<&Key>) -> Option<String> {
    let Some(key) = key else {
        let of_any_line = match path {
            ["line1" | "line2", rest @ ..] if !rest.is_empty() => format!("line.{}", rest.join(".")),
            _ => path.join("."),
        };
        return table_meaning(&of_any_line).map(sentence);
    };
    let mut text = sentence(key.meaning);
    if let Some(spelling) = kind(key.path).and_then(spelling) {
        text.push_str(&format!(" {spelling}"));
    }
    match key.need {
        Need::Required if path.contains(&"*") => text.push_str(" Required."),
        Need::Required => text.push_str(" Required, here or in a file that this one extends."),
        Need::Default(value) => text.push_str(&format!(" Default: {value}.")),
        Need::Optional => {}
    }
    Some(text)
}

/// A meaning of the table of keys as a sentence.
fn sentence(meaning: &str) -> String {
    let mut signs = meaning.chars();
    let first = signs.next().map_or(String::new(), |first| first.to_uppercase().to_string());
    format!("{first}{}.", signs.as_str())
}

/// How values of a kind may be written, where that is not plain.
fn spelling(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Share | Kind::Rate(..) | Kind::Precision | Kind::Bound => {
            Some("A number such as 0.025, or a percentage in quotes such as \"2.5%\".")
        }
        Kind::Amount(_) => Some("Euros with at most two decimals, such as 5_000_000 or 1250.50."),
        Kind::Envelope => Some("Euros such as 3_000_000, or with `total` a share such as \"75%\"."),
        Kind::AmountOrShare => Some("Euros such as 2_000_000, or a share such as \"40%\" or 0.4."),
        Kind::FlagOrShare => Some("true, false, or a share such as \"70%\"."),
        Kind::OneOrMore(kind, _) | Kind::ByYear(kind, _) => spelling(*kind),
        Kind::Weights(_) | Kind::WeightsOfNames => Some("Weights are normalised."),
        Kind::SharesBetweenNames => Some("Each row adds up to 1."),
        Kind::Text
        | Kind::Name
        | Kind::Label
        | Kind::Flag
        | Kind::Whole(..)
        | Kind::Years(..)
        | Kind::Number(..)
        | Kind::Quarter
        | Kind::FundQuarter
        | Kind::NamedTables
        | Kind::Word(_)
        | Kind::Words(_)
        | Kind::MetricOrOutcome
        | Kind::AboutLine
        | Kind::Statistic
        | Kind::RuleCodes
        | Kind::TextsByKey
        | Kind::LawsByKey
        | Kind::Table
        | Kind::Entries(_) => None,
    }
}

fn of_kind(kind: Kind) -> Map<String, Value> {
    let schema = match kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Name => json!({ "type": "string", "pattern": "^[a-z0-9-]{1,80}$" }),
        Kind::Label => json!({ "type": "string", "minLength": 1, "maxLength": 80 }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Whole(least, u64::MAX) => json!({ "type": "integer", "minimum": least }),
        Kind::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Years(least, most) => {
            json!({ "type": "number", "minimum": number(least), "maximum": number(most), "multipleOf": 0.25 })
        }
        Kind::Number(least, most) | Kind::Rate(least, most) => number_or_text(least, most),
        Kind::Share => number_or_text(0.0, 1.0),
        Kind::Precision => number_or_text(0.0, 0.5),
        Kind::Envelope => number_or_text(0.0, LARGEST_EUROS),
        Kind::Amount(least) => any_of(&[bounded(least, LARGEST_EUROS), text_like(EUROS_IN_QUOTES)]),
        Kind::Quarter => json!({ "type": "string", "pattern": "^[0-9]{4}-Q[1-4]$" }),
        Kind::FundQuarter => any_of(&[
            json!({ "type": "string", "pattern": "^[0-9]{4}-Q[1-4]$" }),
            json!({ "type": "integer", "minimum": 0, "maximum": 159 }),
        ]),
        // Above 1 EUR of the largest endowment.
        Kind::AmountOrShare => number_or_text(0.000_000_001, LARGEST_EUROS),
        Kind::NamedTables => json!({ "type": "object" }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::MetricOrOutcome => any_of(&[
            json!({ "type": "string", "enum": MetricId::IDS }),
            json!({ "type": "string", "pattern": "^outcome_[a-z0-9_]{1,40}$" }),
        ]),
        Kind::Words(words) => one_or_more(&json!({ "type": "string", "enum": words }), 1, 2 * words.len()),
        Kind::FlagOrShare => any_of(&[json!({ "type": "boolean" }), number_or_text(0.0, 1.0)]),
        Kind::OneOrMore(kind, most) => one_or_more(&Value::Object(of_kind(*kind)), 1, most),
        Kind::ByYear(kind, most) => {
            let one = Value::Object(of_kind(*kind));
            let by_year = json!({
                "type": "object",
                "patternProperties": { "^(19|2[0-2])[0-9]{2}$|^2300$": one },
                "additionalProperties": false,
            });
            any_of(&[one_or_more(&one, 1, most), by_year])
        }
        Kind::Weights(words) => {
            let weights: Map<String, Value> =
                words.iter().map(|word| (word.to_string(), number_or_text(0.0, 1_000_000.0))).collect();
            json!({ "type": "object", "properties": weights, "additionalProperties": false })
        }
        Kind::WeightsOfNames => {
            json!({ "type": "object", "additionalProperties": number_or_text(0.0, 1_000_000.0) })
        }
        Kind::SharesBetweenNames => {
            let row = json!({ "type": "object", "additionalProperties": number_or_text(0.0, 1.0) });
            json!({ "type": "object", "additionalProperties": row })
        }
        Kind::AboutLine => json!({ "enum": ["all", "1", "2", 1, 2] }),
        Kind::Statistic => json!({
            "type": "string",
            "pattern": "^\\s*([Mm][Ee][Aa][Nn]|[Ss][Dd]|([Ee][Ss])?\\s*[0-9_]+([.,][0-9_]*)?\\s*%)\\s*$",
        }),
        Kind::Bound => any_of(&[json!({ "type": "number" }), text_like(NUMBER_IN_QUOTES)]),
        Kind::RuleCodes => {
            let waivable =
                rules::codes().into_iter().filter(|code| rules::find(code).is_some_and(|rule| rule.waivable));
            one_or_more(&json!({ "type": "string", "enum": waivable.collect::<Vec<_>>() }), 0, 100)
        }
        Kind::TextsByKey => json!({
            "type": "object",
            "additionalProperties": any_of(&[json!({ "type": "string" }), json!({ "type": "object" })]),
        }),
        // Nested tables may lead to a law, so that nothing is required and anything may stand beside it.
        Kind::LawsByKey => {
            let any = any_of(&[
                json!({ "type": "number" }),
                text_like(NUMBER_IN_QUOTES),
                json!({ "type": "object" }),
            ]);
            let values = |count: usize| {
                any_of(&[
                    json!({ "type": "array", "items": any, "minItems": count, "maxItems": count }),
                    json!({ "type": "object" }),
                ])
            };
            let law = json!({
                "type": "object",
                "properties": {
                    "operation": any_of(&[
                        json!({ "type": "string", "enum": Change::WORDS }),
                        json!({ "type": "object" }),
                    ]),
                    "low": any, "base": any, "high": any,
                    "uniform": values(2), "triangular": values(3),
                    "lognormal": {
                        "type": "object",
                        "properties": { "median": any, "sigma": any },
                    },
                },
            });
            json!({ "type": "object", "additionalProperties": law })
        }
        Kind::Table => json!({ "type": "object" }),
        Kind::Entries(_) => json!({ "type": "array" }),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

fn one_or_more(one: &Value, least: usize, most: usize) -> Value {
    any_of(&[one.clone(), json!({ "type": "array", "items": one, "minItems": least, "maxItems": most })])
}

fn number_or_text(least: f64, most: f64) -> Value {
    any_of(&[bounded(least, most), text_like(NUMBER_IN_QUOTES)])
}

fn bounded(least: f64, most: f64) -> Value {
    json!({ "type": "number", "minimum": number(least), "maximum": number(most) })
}

fn text_like(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

/// Alternatives; those of an alternative count as one's own.
fn any_of(alternatives: &[Value]) -> Value {
    let flat = alternatives.iter().flat_map(|alternative| match alternative.get("anyOf") {
        Some(Value::Array(inner)) => inner.clone(),
        _ => vec![alternative.clone()],
    });
    json!({ "anyOf": flat.collect::<Vec<_>>() })
}

/// Whole bounds without a decimal point.
fn number(bound: f64) -> Value {
    if bound.fract() == 0.0 { json!(bound as i64) } else { json!(bound) }
}

/// A value of the table of keys, written as TOML there.
fn from_toml(value: &str) -> Option<Value> {
    let document: Value = toml::from_str(&format!("value = {value}")).ok()?;
    match document {
        Value::Object(mut document) if document.len() == 1 => document.remove("value"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::keys::KEYS;

    #[test]
    fn every_key_has_a_kind_and_every_table_a_meaning() {
        for key in KEYS {
            assert!(kind(key.path).is_some(), "`{}` has a row in keys.rs and none in kinds.rs", key.path);
            let mut segments: Vec<&str> = key.segments().collect();
            while segments.pop().is_some() && !segments.is_empty() {
                let path = segments.join(".");
                let is_key = KEYS.iter().any(|key| key.path == path);
                let known = is_key || path == "line" || path.ends_with('*') || table_meaning(&path).is_some();
                assert!(known, "the table `{path}` has no meaning in kinds.rs");
            }
        }
    }

    #[test]
    fn defaults_and_examples_of_the_table_are_what_their_kind_takes() {
        let mut checked = 0;
        for key in KEYS.iter().filter(|key| !matches!(kind(key.path), Some(Kind::Entries(_) | Kind::Table))) {
            let Some(example) = from_toml(key.example) else { continue };
            let schema = Value::Object(kind(key.path).map(of_kind).expect("a kind"));
            assert!(jsonschema::is_valid(&schema, &example), "{}: {example} against {schema}", key.path);
            checked += 1;
        }
        assert!(checked > 90, "{checked}");
    }

    #[test]
    fn the_schema_is_within_what_old_readers_know() {
        let text = schema_json();
        for word in ["exclusive", "$defs", "\"const\"", "\"if\"", "prefixItems", "unevaluated"] {
            assert!(!text.contains(word), "{word}");
        }
        assert!(jsonschema::meta::is_valid(&schema()));
    }
}
