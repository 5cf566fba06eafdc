//! One table of the file: its keys, their defaults, and what is unknown in it.

use super::context::Context;
use super::field::Field;
use super::keys::{self, Key, Need};
use super::meanings::meaning;
use super::tree::{self, Node, Table, Value};
use crate::diagnostic::{Place, Problem, nearest};
use crate::locale::{Told, pair, told};
use std::borrow::Cow;

/// Most entries of a list of tables; most lists take fewer.
const MOST_ENTRIES: usize = 1_000;

/// A table of the scenario, read key by key.
pub struct Section<'s> {
    /// Where problems go.
    pub context: &'s Context<'s>,
    /// Steps of the table's path; empty for the whole file.
    pub path: Vec<String>,
    /// Where the table stands.
    pub place: Place,
    table: Cow<'s, Table>,
}

impl<'s> Section<'s> {
    /// The whole file. Unknown keys are reported at once, here and in every section below.
    pub fn root(context: &'s Context<'s>, tree: &'s Node) -> Option<Section<'s>> {
        Section::open(context, tree, Vec::new())
    }

    fn open(context: &'s Context<'s>, node: &'s Node, path: Vec<String>) -> Option<Section<'s>> {
        let Value::Table(table) = &node.value else {
            let header = format!("[{}]", path.join("."));
            let message = told!(
                "`{key}` è una tabella, non {kind}",
                "`{key}` is a table, not {kind}";
                key = path.join("."),
                kind = node.value.kind(),
            );
            let problem = Problem::error("E103", &node.place, message);
            context.report(problem.hint(told!(
                "scrivere le sue chiavi sotto una riga {header}",
                "write its keys below a line {header}";
                header,
            )));
            return None;
        };
        let section = Section { context, path, place: node.place.clone(), table: Cow::Borrowed(table) };
        section.refuse_unknown_keys();
        Some(section)
    }

    fn refuse_unknown_keys(&self) {
        let known = keys::children(&self.path);
        for (name, node) in self.table.iter() {
            if self.context.is_full() {
                return;
            }
            if !known.contains(&name.as_str()) && !known.contains(&"*") {
                self.context.report(self.unknown(name, &node.key, &known));
            }
        }
    }

    fn unknown(&self, name: &str, place: &Place, known: &[&'static str]) -> Problem {
        let shown: String = name.chars().take(60).collect();
        let within = match self.path.is_empty() {
            true => Told::from(pair("all’inizio del file", "at the top of the file")),
            false => Told::same(format!("in [{}]", self.path.join("."))),
        };
        let message =
            told!("chiave sconosciuta `{shown}` {within}", "unknown key `{shown}` {within}"; shown, within);
        let problem = Problem::error("E101", place, message).label(pair("non è una chiave", "not a key"));
        if let Some(near) = nearest(name, known.iter().copied()) {
            return problem.hint(did_you_mean(near));
        }
        // Perhaps the key exists, but in another table.
        let elsewhere = keys::KEYS.iter().find(|key| key.name() == name);
        match elsewhere {
            Some(key) => problem.hint(told!(
                "`{name}` appartiene a [{table}]",
                "`{name}` belongs to [{table}]";
                name,
                table = key.path.trim_end_matches(name).trim_end_matches('.'),
            )),
            None => problem.hint(known_here(known)),
        }
    }

    /// Whether the key was written.
    pub fn has(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }

    /// The keys that were written, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.table.keys().map(String::as_str)
    }

    /// The place of a key's value, or of the table if it was not written.
    pub fn place_of(&self, name: &str) -> &Place {
        self.table.get(name).map_or(&self.place, |node| &node.place)
    }

    /// What was written under a key, if anything.
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.table.get(name)
    }

    fn path_to(&self, name: &str) -> Vec<String> {
        let mut path = self.path.clone();
        path.push(name.to_string());
        path
    }

    /// Reads a key that is required or has a default. `None`: a problem was reported.
    pub fn read<T>(&self, name: &str, read: impl FnOnce(&Field<'_>) -> Option<T>) -> Option<T> {
        let path = self.path_to(name);
        if let Some(node) = self.table.get(name) {
            return read(&Field { context: self.context, node, path });
        }
        match keys::find(&path).map(|key| key.need) {
            Some(Need::Default(value)) => {
                let node = default_node(value, &self.place)?;
                read(&Field { context: self.context, node: &node, path })
            }
            Some(Need::Required | Need::Optional) | None => {
                self.missing(name);
                None
            }
        }
    }

    /// Reads a key whose absence has a meaning of its own. `None`: a problem; `Some(None)`: absent.
    pub fn optional<T>(&self, name: &str, read: impl FnOnce(&Field<'_>) -> Option<T>) -> Option<Option<T>> {
        match self.table.get(name) {
            None => Some(None),
            Some(node) => read(&Field { context: self.context, node, path: self.path_to(name) }).map(Some),
        }
    }

    /// Reports a required key as missing, with what to write.
    ///
    /// Silent where an unknown key of the table was reported as a misspelling of this one.
    pub fn missing(&self, name: &str) {
        if self.context.is_full() {
            return;
        }
        let known = keys::children(&self.path);
        let misspelt = |key: &String| {
            !known.contains(&key.as_str()) && nearest(key, known.iter().copied()) == Some(name)
        };
        if self.table.keys().any(misspelt) {
            return;
        }
        let path = self.path_to(name);
        let message = told!("manca `{key}`", "`{key}` is missing"; key = path.join("."));
        let mut problem = Problem::error("E102", &self.place, message);
        if !self.path.is_empty() {
            problem = problem.label(told!("qui manca `{name}`", "`{name}` is missing here"; name));
        }
        let is_table = !keys::children(&path).is_empty();
        problem = match keys::find(&path) {
            Some(key) if key.example.starts_with("[[") => problem.hint(told!(
                "scrivere {example} ({meaning})",
                "write {example} ({meaning})";
                // The words of such an example are English; its first one is code.
                example = Told::new(key.example.split(' ').next().unwrap_or_default(), key.example),
                meaning = meaning(key),
            )),
            Some(key) => problem.hint(example_of(name, key)),
            None if is_table => {
                let needed: Vec<&str> = keys::children(&path)
                    .into_iter()
                    .filter(|child| {
                        let mut path = path.clone();
                        path.push(child.to_string());
                        keys::find(&path).is_none_or(|key| key.need == Need::Required)
                    })
                    .collect();
                problem.hint(told!(
                    "aggiungere una tabella [{table}] con {needed}",
                    "add a table [{table}] with {needed}";
                    table = path.join("."),
                    needed = needed.join(", "),
                ))
            }
            None => problem,
        };
        self.context.report(problem);
    }

    /// A table that must be there.
    pub fn section(&self, name: &str) -> Option<Section<'_>> {
        match self.table.get(name) {
            Some(node) => Section::open(self.context, node, self.path_to(name)),
            None => {
                self.missing(name);
                None
            }
        }
    }

    /// A table that may be absent, which is the same as empty.
    pub fn section_or_empty(&self, name: &str) -> Option<Section<'_>> {
        match self.table.get(name) {
            Some(node) => Section::open(self.context, node, self.path_to(name)),
            None => Some(Section {
                context: self.context,
                path: self.path_to(name),
                place: self.place.clone(),
                table: Cow::Owned(Table::new()),
            }),
        }
    }

    /// The entries of a list of tables; a missing key is a problem if it is required, else an empty list.
    pub fn entries(&self, name: &str) -> Option<Vec<Section<'_>>> {
        let path = self.path_to(name);
        let Some(node) = self.table.get(name) else {
            if keys::find(&path).is_some_and(|key| key.need == Need::Required) {
                self.missing(name);
                return None;
            }
            return Some(Vec::new());
        };
        self.entries_of(name, node)
    }

    /// As [`Section::entries`], with the key's default where it is absent.
    pub fn entries_or_default<T>(
        &self,
        name: &str,
        read: impl Fn(&Section<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let default = match (self.table.get(name), keys::find(&self.path_to(name)).map(|key| key.need)) {
            (None, Some(Need::Default(value))) => default_node(value, &self.place),
            _ => None,
        };
        let node = self.table.get(name).or(default.as_ref())?;
        let read: Vec<Option<T>> = self.entries_of(name, node)?.iter().map(read).collect();
        read.into_iter().collect()
    }

    fn entries_of<'n>(&'n self, name: &str, node: &'n Node) -> Option<Vec<Section<'n>>> {
        let path = self.path_to(name);
        let Value::List(entries) = &node.value else {
            let message = told!(
                "`{key}` è un elenco di tabelle, non {kind}",
                "`{key}` is a list of tables, not {kind}";
                key = path.join("."),
                kind = node.value.kind(),
            );
            let hint = match node.value {
                Value::Table(_) => told!(
                    "scrivere [[{key}]] con due parentesi quadre, non [{key}]",
                    "write [[{key}]] with two brackets, not [{key}]";
                    key = path.join("."),
                ),
                _ => told!(
                    "scrivere le sue voci sotto righe [[{key}]]",
                    "write its entries below lines [[{key}]]";
                    key = path.join("."),
                ),
            };
            self.context.report(Problem::error("E103", &node.place, message).hint(hint));
            return None;
        };
        if entries.is_empty() && keys::find(&path).is_some_and(|key| key.need == Need::Required) {
            let message = told!(
                "`{key}` richiede almeno una voce",
                "`{key}` needs at least one entry";
                key = path.join("."),
            );
            self.context.report(Problem::error("E106", &node.place, message));
            return None;
        }
        if entries.len() > MOST_ENTRIES {
            let message = told!(
                "`{key}` ha {count} voci; se ne leggono al massimo {most}",
                "`{key}` has {count} entries; at most {most} are read";
                key = path.join("."),
                count = entries.len(),
                most = MOST_ENTRIES,
            );
            self.context.report(Problem::error("E106", &node.place, message));
            return None;
        }
        let sections: Vec<Option<Section<'_>>> = entries
            .iter()
            .enumerate()
            .map(|(index, entry)| {
                let name = entry.entry_name().map_or_else(|| (index + 1).to_string(), str::to_string);
                let mut path = path.clone();
                path.push(name);
                Section::open(self.context, entry, path)
            })
            .collect();
        sections.into_iter().collect()
    }

    /// Notes an error at a key of this table.
    pub fn refuse<T>(
        &self,
        name: &str,
        code: &'static str,
        message: Told,
        hint: impl Into<Told>,
    ) -> Option<T> {
        self.context.report(Problem::error(code, self.place_of(name), message).hint(hint));
        None
    }
}

/// The nearest known key, as a question.
pub fn did_you_mean(near: &str) -> Told {
    told!("si intendeva `{near}`?", "did you mean `{near}`?"; near)
}

/// The keys known at a place.
pub fn known_here(known: &[&str]) -> Told {
    told!("chiavi note qui: {known}", "known here: {known}"; known = known.join(", "))
}

/// What may be written under a key, with what it means.
pub fn example_of(name: &str, key: &Key) -> Told {
    told!(
        "scrivere per esempio {name} = {example} ({meaning})",
        "write for example {name} = {example} ({meaning})";
        name,
        example = key.example,
        meaning = meaning(key),
    )
}

/// A default of the table of keys, as if it had been written at `place`.
fn default_node(value: &str, place: &Place) -> Option<Node> {
    let mut node = tree::parse_value(place.source, value, 0)?;
    put(&mut node, place);
    Some(node)
}

fn put(node: &mut Node, place: &Place) {
    node.place = place.clone();
    node.key = place.clone();
    match &mut node.value {
        Value::List(entries) => entries.iter_mut().for_each(|entry| put(entry, place)),
        Value::Table(table) => table.values_mut().for_each(|entry| put(entry, place)),
        Value::Text(_) | Value::Number(_) | Value::Flag(_) | Value::Moment(_) => {}
    }
}
