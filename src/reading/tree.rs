//! A scenario file as a tree of values that remember where they were written.
//!
//! Numbers stay the text that was typed, so that money and rates are read exactly and never pass through a
//! binary float.

use super::syntax::{is_no_scenario, no_scenario_problem, syntax_problem};
use crate::diagnostic::{Place, Problem, SourceId};
use crate::locale::{Pair, pair};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Most syntax errors of a file that are reported: a file that is no TOML at all has one on every line.
const MOST_SYNTAX_ERRORS: usize = 100;

/// A value and where it was written.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// What was written.
    pub value: Value,
    /// Where the value stands; for a table its header.
    pub place: Place,
    /// Where its key stands; the value's own place in a list.
    pub key: Place,
    /// Whether the number is the result of `*=` or `+=` and may be rounded to the cent.
    pub computed: bool,
}

/// What was written.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A text in quotes.
    Text(String),
    /// A number: decimal digits, without underscores; `inf` and `nan` included.
    Number(String),
    /// `true` or `false`.
    Flag(bool),
    /// A date or time, which no key takes.
    Moment(String),
    /// `[...]` or repeated `[[...]]`.
    List(Vec<Node>),
    /// `{...}` or `[...]` on a line.
    Table(Table),
}

/// The keys of a table.
pub type Table = BTreeMap<String, Node>;

impl Node {
    /// A value at one place, with that place for its key too.
    pub fn new(value: Value, place: Place) -> Node {
        Node { value, key: place.clone(), place, computed: false }
    }

    /// An empty table at a place.
    pub fn empty_table(place: Place) -> Node {
        Node::new(Value::Table(Table::new()), place)
    }

    /// The table, if it is one.
    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The table, if it is one, to change it.
    pub fn as_table_mut(&mut self) -> Option<&mut Table> {
        match &mut self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The node under a path of keys, if every step is a table.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.as_table()?.get(*key))
    }

    /// The name of a list entry: its `name` key.
    pub fn entry_name(&self) -> Option<&str> {
        self.as_table()?.get("name")?.as_text()
    }
}

impl Value {
    /// What kind of value it is, with its article, for messages.
    pub fn kind(&self) -> Pair {
        match self {
            Value::Text(_) => pair("un testo", "a text"),
            Value::Number(_) => pair("un numero", "a number"),
            Value::Flag(_) => pair("true o false", "true or false"),
            Value::Moment(_) => pair("una data", "a date"),
            Value::List(_) => pair("un elenco", "a list"),
            Value::Table(_) => pair("una tabella", "a table"),
        }
    }
}

/// The tree of a TOML text, with the first syntax error of every line, up to a hundred; one error for a text that is
/// something else.
pub fn parse(source: SourceId, text: &str) -> (Node, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<Problem> = Vec::new();
    if !errors.is_empty() && is_no_scenario(text) {
        problems.push(no_scenario_problem(source));
        return (Node::empty_table(Place::start_of(source)), problems);
    }
    let mut lines = BTreeSet::new();
    for error in &errors {
        // What follows an error on its line is most often its echo.
        let line = line_of(text, error.span().map_or(0, |span| span.start));
        if lines.len() < MOST_SYNTAX_ERRORS && lines.insert(line.start) {
            problems.push(syntax_problem(source, text, error));
        }
    }
    let node = Node::new(Value::Table(convert_table(source, table.get_ref())), Place::start_of(source));
    (node, problems)
}

/// The bytes of the line around a position.
pub(super) fn line_of(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let at = at.min(bytes.len());
    let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |newline| at + newline);
    start..end
}

/// The tree of a single value, as `--set` takes them; `None` if it is not TOML.
pub fn parse_value(source: SourceId, text: &str, offset: usize) -> Option<Node> {
    let value = DeValue::parse(text).ok()?;
    let mut node = convert(source, &value);
    shift(&mut node, offset);
    Some(node)
}

fn convert_table(source: SourceId, table: &DeTable<'_>) -> Table {
    let mut converted = Table::new();
    for (key, value) in table.iter() {
        let mut node = convert(source, value);
        node.key = Place::new(source, key.span());
        converted.insert(key.get_ref().to_string(), node);
    }
    converted
}

fn convert(source: SourceId, value: &Spanned<DeValue<'_>>) -> Node {
    let converted = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => Value::Number(decimal_digits(integer.as_str(), integer.radix())),
        DeValue::Float(float) => Value::Number(float.as_str().to_string()),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(moment) => Value::Moment(moment.to_string()),
        DeValue::Array(list) => Value::List(list.iter().map(|entry| convert(source, entry)).collect()),
        DeValue::Table(table) => Value::Table(convert_table(source, table)),
    };
    Node::new(converted, Place::new(source, value.span()))
}

/// Digits of any base as decimal digits; a number too large for 128 bits keeps its own text, which no key admits.
fn decimal_digits(digits: &str, radix: u32) -> String {
    if radix == 10 {
        return digits.to_string();
    }
    i128::from_str_radix(digits, radix).map_or_else(|_| "inf".to_string(), |number| number.to_string())
}

/// Moves all places of a tree, for a value that begins within a longer text.
fn shift(node: &mut Node, offset: usize) {
    for place in [&mut node.place, &mut node.key] {
        place.span = place.span.start + offset..place.span.end + offset;
    }
    match &mut node.value {
        Value::List(entries) => entries.iter_mut().for_each(|entry| shift(entry, offset)),
        Value::Table(table) => table.values_mut().for_each(|entry| shift(entry, offset)),
        Value::Text(_) | Value::Number(_) | Value::Flag(_) | Value::Moment(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: SourceId = SourceId(0);

    #[test]
    fn numbers_keep_their_digits() {
        let (tree, problems) = parse(FIRST, "a = 1_250.50\nb = 0xFF\nc = 0.1000000000000000055\nd = nan");
        assert_eq!(problems, []);
        let number = |key: &str| match &tree.at(&[key]).unwrap().value {
            Value::Number(digits) => digits.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(number("a"), "1250.50");
        assert_eq!(number("b"), "255");
        assert_eq!(number("c"), "0.1000000000000000055");
        assert_eq!(number("d"), "nan");
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "[fund]\nstart = \"2018-Q4\"\n";
        let (tree, _) = parse(FIRST, text);
        let start = tree.at(&["fund", "start"]).unwrap();
        assert_eq!(&text[start.place.span.clone()], "\"2018-Q4\"");
        assert_eq!(&text[start.key.span.clone()], "start");
        assert_eq!(&text[tree.at(&["fund"]).unwrap().place.span.clone()], "[fund]");
    }

    #[test]
    fn all_syntax_errors_are_found() {
        let (_, problems) = parse(FIRST, "a = = 2\nb = 4%\n[x\ny = 1\n");
        assert!(problems.len() >= 3, "{problems:?}");
        assert!(
            problems.iter().any(|p| p.hints.iter().any(|hint| hint.to_string().contains("\"4%\""))),
            "{problems:?}"
        );
    }

    #[test]
    fn endless_nesting_is_refused() {
        let (_, problems) = parse(FIRST, &format!("a = {}", "[".repeat(100_000)));
        assert!(!problems.is_empty());
    }
}
