//! `--set KEY=VALUE`, `KEY*=VALUE` and `KEY+=VALUE`: what-ifs over the merged files.
//!
//! A key is a dotted path; entries of a list go by their name, `*` means every name. `*=` and `+=` work on numbers,
//! percentages and lists of them, and on the default of a key that is absent. Assignments choose between the
//! forms of a guarantee or a budget as a later file does.

use super::keys::{self, Need};
use super::merge::drop_other_form;
use super::number;
use super::section::{did_you_mean, known_here};
use super::tree::{self, Node, Table, Value};
use crate::diagnostic::{Place, Problem, SourceId, Sources, nearest};
use crate::locale::{Pair, Told, pair, told};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What messages call the text of an option.
pub const OPTION: &str = "--set";

/// What an option does to a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operation {
    /// `=`: replace it.
    Assign,
    /// `*=`: multiply it.
    Scale,
    /// `+=`: add to it.
    Shift,
}

/// One `--set` option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SetOption {
    /// As it was typed.
    pub text: String,
    /// The dotted path, split; quotes taken off.
    pub path: Vec<String>,
    /// What to do.
    pub operation: Operation,
    /// Where in the text the value begins.
    value_at: usize,
}

impl SetOption {
    /// Reads `KEY=VALUE`, `KEY*=VALUE` or `KEY+=VALUE`.
    ///
    /// # Errors
    /// A sentence for the command line: no `=`, no key, or an empty step in the path.
    pub fn parse(text: &str) -> Result<SetOption, Told> {
        let wrong = |why: Pair| {
            told!(
                "`{text}`: {why}; scrivere CHIAVE=VALORE, CHIAVE*=VALORE o CHIAVE+=VALORE",
                "`{text}`: {why}; write KEY=VALUE, KEY*=VALUE or KEY+=VALUE";
                text,
                why,
            )
        };
        let equals = text.find('=').ok_or_else(|| wrong(pair("manca `=`", "there is no `=`")))?;
        let left = text[..equals].trim_end();
        let (key, operation) = match left.strip_suffix('*') {
            // `ratings.*=2` assigns to every rating; `ratings.**=2` scales them.
            Some(key) if !key.ends_with('.') => (key, Operation::Scale),
            _ => match left.strip_suffix('+') {
                Some(key) => (key, Operation::Shift),
                None => (left, Operation::Assign),
            },
        };
        let path = split_path(key.trim()).ok_or_else(|| {
            wrong(pair("la chiave non è un percorso con punti", "the key is not a dotted path"))
        })?;
        Ok(SetOption { text: text.to_string(), path, operation, value_at: equals + 1 })
    }

    /// The value as typed.
    pub fn value(&self) -> &str {
        &self.text[self.value_at..]
    }
}

/// The steps of a dotted path; a step in quotes may hold dots. `None` if a step is empty or a quote is left open.
pub fn split_path(key: &str) -> Option<Vec<String>> {
    let mut steps = vec![String::new()];
    let mut quote = None;
    let mut quoted = false;
    for c in key.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => steps.last_mut()?.push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                quoted = true;
            }
            (None, '.') => {
                if steps.last()?.is_empty() && !quoted {
                    return None;
                }
                quoted = false;
                steps.push(String::new());
            }
            (None, _) => steps.last_mut()?.push(c),
        }
    }
    let whole = quote.is_none() && steps.iter().all(|step| !step.is_empty());
    whole.then(|| steps.iter().map(|step| step.trim().to_string()).collect())
}

/// Applies all options to the tree, in order, and reports those that cannot be.
pub fn apply(tree: &mut Node, options: &[SetOption], sources: &mut Sources, problems: &mut Vec<Problem>) {
    let mut changes = Vec::new();
    for option in options {
        let source = sources.add(OPTION, option.text.clone());
        match Change::read(option, source) {
            Ok(change) => changes.push(change),
            Err(problem) => problems.push(*problem),
        }
    }
    drop_other_forms(tree, &changes);
    for change in &changes {
        change.walk(tree, 0, &mut Vec::new(), problems);
    }
}

/// An option with its value read.
struct Change<'o> {
    path: &'o [String],
    place: Place,
    effect: Effect,
}

enum Effect {
    Assign(Box<Node>),
    Scale(Decimal),
    Shift(Decimal),
}

impl<'o> Change<'o> {
    fn read(option: &'o SetOption, source: SourceId) -> Result<Change<'o>, Box<Problem>> {
        let key = Place::new(source, 0..option.value_at.saturating_sub(1));
        let typed = option.value();
        let leading = typed.len() - typed.trim_start().len();
        let value = Place::new(source, option.value_at + leading..option.text.len());
        let typed = typed.trim();
        let effect = match option.operation {
            Operation::Assign => {
                let mut node = match tree::parse_value(source, typed, option.value_at + leading) {
                    Some(node) => node,
                    None if typed.is_empty() || typed.starts_with(['[', '{', '"', '\'']) => {
                        let message = pair("questo non è un valore", "this is not a value");
                        return Err(Problem::error("E012", &value, message)
                            .hint(pair(
                                "scrivere un numero, un testo o TOML come [1, 2] o { a = 1 }",
                                "write a number, a text, or TOML such as [1, 2] or { a = 1 }",
                            ))
                            .into());
                    }
                    // Shells eat quotes: what is no TOML is a text.
                    None => Node::new(Value::Text(typed.to_string()), value),
                };
                node.key = key.clone();
                Effect::Assign(Box::new(node))
            }
            Operation::Scale | Operation::Shift => {
                let unquoted = typed.trim_matches(['"', '\'']);
                let (number, _) = number::quoted(unquoted).map_err(|reason| -> Box<Problem> {
                    let message = told!("`{typed}` {reason}", "`{typed}` is {reason}"; typed, reason);
                    Problem::error("E012", &value, message)
                        .hint(pair(
                            "scrivere un numero come 1.5 o una percentuale come 110%",
                            "write a number such as 1.5 or a percentage such as 110%",
                        ))
                        .into()
                })?;
                if option.operation == Operation::Scale {
                    Effect::Scale(number)
                } else {
                    Effect::Shift(number)
                }
            }
        };
        Ok(Change { path: &option.path, place: key, effect })
    }

    /// Goes down the tree from step `depth`; `at` is the path so far, with names in place of `*`.
    fn walk(&self, node: &mut Node, depth: usize, at: &mut Vec<String>, problems: &mut Vec<Problem>) {
        let step = &self.path[depth];
        let last = depth + 1 == self.path.len();
        match &mut node.value {
            Value::Table(table) => {
                let names: Vec<String> = match step.as_str() {
                    "*" => table.keys().cloned().collect(),
                    name => vec![name.to_string()],
                };
                if names.is_empty() {
                    problems.push(self.nothing_there(at));
                }
                for name in names {
                    at.push(name.clone());
                    if !table.contains_key(&name) && !is_known(at) {
                        problems.push(self.unknown(at));
                    } else if last {
                        self.change(table, name, at, problems);
                    } else {
                        let child =
                            table.entry(name).or_insert_with(|| Node::empty_table(self.place.clone()));
                        self.walk(child, depth + 1, at, problems);
                    }
                    at.pop();
                }
            }
            Value::List(entries) if !last => {
                let known: Vec<String> =
                    entries.iter().filter_map(Node::entry_name).map(str::to_string).collect();
                let mut found = false;
                for (index, entry) in entries.iter_mut().enumerate() {
                    let name = entry.entry_name().map_or_else(|| (index + 1).to_string(), str::to_string);
                    if step == "*" || *step == name {
                        found = true;
                        at.push(name);
                        self.walk(entry, depth + 1, at, problems);
                        at.pop();
                    }
                }
                if !found {
                    let message = told!(
                        "`{key}` non ha una voce chiamata `{step}`",
                        "`{key}` has no entry named `{step}`";
                        key = at.join("."),
                        step,
                    );
                    let mut problem = Problem::error("E013", &self.place, message);
                    if !known.is_empty() {
                        problem = problem.hint(told!(
                            "le sue voci sono {known}",
                            "its entries are {known}";
                            known = known.join(", "),
                        ));
                    }
                    problems.push(problem);
                }
            }
            Value::List(_) => problems.push(
                Problem::error(
                    "E013",
                    &self.place,
                    told!(
                        "`{key}.{step}` è un’intera voce di elenco",
                        "`{key}.{step}` is a whole list entry";
                        key = at.join("."),
                        step,
                    ),
                )
                .hint(pair(
                    "aggiungere la chiave della voce da cambiare",
                    "add the key of the entry that is to change",
                )),
            ),
            Value::Text(_) | Value::Number(_) | Value::Flag(_) | Value::Moment(_) => {
                let message = told!(
                    "`{key}` è {kind}, non ha una chiave `{step}`",
                    "`{key}` is {kind}, it has no key `{step}`";
                    key = at.join("."),
                    kind = node.value.kind(),
                    step,
                );
                problems.push(Problem::error("E013", &self.place, message));
            }
        }
    }

    /// Changes one key of a table.
    fn change(&self, table: &mut Table, name: String, at: &[String], problems: &mut Vec<Problem>) {
        let arithmetic = match &self.effect {
            Effect::Assign(node) => {
                table.insert(name, (**node).clone());
                return;
            }
            Effect::Scale(factor) => Arithmetic::Scale(*factor),
            Effect::Shift(summand) => Arithmetic::Shift(*summand),
        };
        let current = match table.get(&name) {
            Some(node) => node.clone(),
            None => match keys::find(at).map(|key| key.need) {
                Some(Need::Default(value)) => match tree::parse_value(self.place.source, value, 0) {
                    Some(node) => node,
                    None => return,
                },
                Some(Need::Required | Need::Optional) | None => {
                    let message = told!(
                        "`{key}` non ha un valore, né uno predefinito da cui partire",
                        "`{key}` is not set and has no default to start from";
                        key = at.join("."),
                    );
                    let hint = match at {
                        [credit, rating, _, pd] if [credit, rating, pd] == ["credit", "rating", "pd"] => {
                            pair(
                                "le PD seguono da [credit.migration]: scalare `credit.migration.pd_multiplier`",
                                "PDs follow from [credit.migration]: scale `credit.migration.pd_multiplier`",
                            )
                        }
                        _ => pair("dargli un valore con `=`", "give it a value with `=`"),
                    };
                    problems.push(Problem::error("E014", &self.place, message).hint(hint));
                    return;
                }
            },
        };
        match arithmetic.on(&current) {
            Some(value) => {
                let node = Node { value, place: self.place.clone(), key: self.place.clone(), computed: true };
                table.insert(name, self.placed(node));
            }
            None => {
                let message = told!(
                    "`{key}` è {kind}, che non si può scalare",
                    "`{key}` is {kind}, which cannot be scaled";
                    key = at.join("."),
                    kind = current.value.kind(),
                );
                problems.push(Problem::error("E014", &self.place, message).hint(pair(
                    "`*=` e `+=` agiscono su numeri, percentuali e loro elenchi",
                    "`*=` and `+=` work on numbers, percentages and lists of them",
                )));
            }
        }
    }

    /// The node with this option as the place of every part of it.
    fn placed(&self, mut node: Node) -> Node {
        if let Value::List(entries) = &mut node.value {
            for entry in entries {
                entry.place = self.place.clone();
                entry.key = self.place.clone();
                entry.computed = true;
            }
        }
        node
    }

    fn unknown(&self, at: &[String]) -> Problem {
        let (name, table) = at.split_last().map_or(("", at), |(name, table)| (name.as_str(), table));
        let known = keys::children(table);
        let message = told!("la chiave `{key}` non esiste", "there is no key `{key}`"; key = at.join("."));
        let problem = Problem::error("E101", &self.place, message);
        match nearest(name, known.iter().copied()) {
            Some(near) => {
                let mut path = table.to_vec();
                path.push(near.to_string());
                problem.hint(did_you_mean(&path.join(".")))
            }
            None => problem.hint(known_here(&known)),
        }
    }

    fn nothing_there(&self, at: &[String]) -> Problem {
        Problem::error(
            "E013",
            &self.place,
            told!(
                "`{key}.*` non indica nulla: la tabella è vuota",
                "`{key}.*` stands for nothing: the table is empty";
                key = at.join("."),
            ),
        )
    }
}

/// Whether a path is a key, part of the path of one, or inside a key that takes free names.
fn is_known(path: &[String]) -> bool {
    match path.first().map(String::as_str) {
        Some("extends") => return false,
        Some("sources" | "italian" | "english" | "uncertainty") => return true,
        _ => {}
    }
    keys::find(path).is_some()
        || !keys::children(path).is_empty()
        || path
            .split_last()
            .is_some_and(|(_, table)| keys::find(table).is_some() && keys::children(table).is_empty())
}

enum Arithmetic {
    Scale(Decimal),
    Shift(Decimal),
}

impl Arithmetic {
    /// The changed value, exact; `None` where the value is no number or the result does not fit.
    fn on(&self, node: &Node) -> Option<Value> {
        match &node.value {
            Value::Number(digits) => self.compute(number::plain(digits).ok()?),
            Value::Text(text) => self.compute(number::quoted(text).ok()?.0),
            Value::List(entries) if !entries.is_empty() => {
                let changed: Option<Vec<Node>> = entries
                    .iter()
                    .map(|entry| match entry.value {
                        Value::List(_) => None,
                        _ => self.on(entry).map(|value| Node::new(value, entry.place.clone())),
                    })
                    .collect();
                changed.map(Value::List)
            }
            // `fallback = true` is the share 1.
            Value::Flag(flag) => self.compute(Decimal::from(u8::from(*flag))),
            Value::List(_) | Value::Moment(_) | Value::Table(_) => None,
        }
    }

    fn compute(&self, value: Decimal) -> Option<Value> {
        let result = match self {
            Arithmetic::Scale(factor) => value.checked_mul(*factor)?,
            Arithmetic::Shift(summand) => value.checked_add(*summand)?,
        };
        Some(Value::Number(result.normalize().to_string()))
    }
}

/// Assignments to a guarantee or a budget drop inherited keys of the other form, as a later file does.
fn drop_other_forms(tree: &mut Node, changes: &[Change<'_>]) {
    let mut assigned: BTreeMap<Vec<String>, Table> = BTreeMap::new();
    for change in changes {
        if let (Effect::Assign(node), Some((name, table))) = (&change.effect, change.path.split_last()) {
            assigned.entry(table.to_vec()).or_default().insert(name.clone(), (**node).clone());
        }
    }
    for (path, own) in assigned {
        let target = path.iter().try_fold(&mut *tree, |node, step| node.as_table_mut()?.get_mut(step));
        if let Some(inherited) = target.and_then(Node::as_table_mut) {
            drop_other_form(inherited, &own, &path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(file: &str, options: &[&str]) -> (Node, Vec<Problem>) {
        let mut sources = Sources::default();
        let id = sources.add("f", file);
        let (mut tree, mut problems) = tree::parse(id, file);
        let options: Vec<SetOption> = options.iter().map(|text| SetOption::parse(text).unwrap()).collect();
        apply(&mut tree, &options, &mut sources, &mut problems);
        (tree, problems)
    }

    fn number_at(tree: &Node, path: &[&str]) -> String {
        match &tree.at(path).unwrap().value {
            Value::Number(digits) => digits.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn options_are_split_at_the_operator() {
        let parsed = |text: &str| {
            SetOption::parse(text).map(|o| (o.path.join("/"), o.operation, o.value().to_string()))
        };
        let ok = |path: &str, operation, value: &str| Ok((path.to_string(), operation, value.to_string()));
        assert_eq!(parsed("a.b=1"), ok("a/b", Operation::Assign, "1"));
        assert_eq!(parsed("a.*.b *= 2"), ok("a/*/b", Operation::Scale, " 2"));
        assert_eq!(parsed("a.*=2"), ok("a/*", Operation::Assign, "2"));
        assert_eq!(parsed("a.**=2"), ok("a/*", Operation::Scale, "2"));
        assert_eq!(parsed("a+=x=y"), ok("a", Operation::Shift, "x=y"));
        assert_eq!(parsed("s.\"a.b\"=1"), ok("s/a.b", Operation::Assign, "1"));
        for text in ["", "a", "=1", "a..b=1", ".a=1", "a.=1", "*=1", "\"a=1"] {
            assert!(parsed(text).is_err(), "{text}");
        }
    }

    #[test]
    fn values_are_toml_or_text() {
        let (tree, problems) =
            after("", &["fund.start=2019-Q1", "fund.fees.base=[0.01, \"2%\"]", "fund.revolving=true"]);
        assert_eq!(problems, []);
        assert_eq!(tree.at(&["fund", "start"]).unwrap().as_text(), Some("2019-Q1"));
        assert!(matches!(tree.at(&["fund", "fees", "base"]).unwrap().value, Value::List(_)));
        assert_eq!(tree.at(&["fund", "revolving"]).unwrap().value, Value::Flag(true));
    }

    #[test]
    fn numbers_percentages_lists_and_defaults_are_scaled() {
        let file = "[line1.loan]\nbank_rate = \"4%\"\n[[credit.rating]]\nname = \"2\"\npd = [0.01, \"2%\"]\n[[credit.rating]]\nname = \"3\"\npd = 0.03";
        let (tree, problems) = after(
            file,
            &[
                "line1.loan.bank_rate*=1.5",
                "credit.rating.*.pd*=2",
                "credit.theme_correlation += 0.01",
                "credit.rating.3.pd+=1%",
            ],
        );
        assert_eq!(problems, []);
        assert_eq!(number_at(&tree, &["line1", "loan", "bank_rate"]), "0.06");
        assert_eq!(number_at(&tree, &["credit", "theme_correlation"]), "0.06");
        let Value::List(ratings) = &tree.at(&["credit", "rating"]).unwrap().value else { panic!() };
        let Value::List(pds) = &ratings[0].at(&["pd"]).unwrap().value else { panic!() };
        assert_eq!(pds[1].value, Value::Number("0.04".into()));
        assert_eq!(number_at(&ratings[1], &["pd"]), "0.07");
    }

    #[test]
    fn what_is_not_there_is_named() {
        let file = "[[line1.product]]\nname = \"co-loan\"\n[fund]\nperiod = \"2014-2020\"";
        for (option, code, part) in [
            ("fund.endowmnet=1", "E101", "did you mean `fund.endowment`?"),
            ("line1.product.coloan.demand=1", "E013", "its entries are co-loan"),
            ("line1.product.co-loan=1", "E013", "add the key"),
            ("fund.endowment*=2", "E014", "give it a value"),
            ("fund.period*=2", "E014", "work on numbers"),
            ("fund.period.x=2", "E013", ""),
            ("fund.fees.base=[1,", "E012", ""),
            ("fund.endowment*=x", "E012", "110%"),
            ("extends=x", "E101", ""),
        ] {
            let (_, problems) = after(file, &[option]);
            assert_eq!(problems.len(), 1, "{option}: {problems:?}");
            assert_eq!(problems[0].code, code, "{option}: {problems:?}");
            assert!(
                part.is_empty() || problems[0].hints.iter().any(|hint| hint.to_string().contains(part)),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn a_new_kind_drops_the_inherited_rate_in_any_order() {
        let file = "[line1.guarantee]\nkind = \"capped\"\ncap_rate = 0.2";
        for options in [
            ["line1.guarantee.kind=uncapped", "line1.guarantee.provision_rate=0.1"],
            ["line1.guarantee.provision_rate=0.1", "line1.guarantee.kind=uncapped"],
        ] {
            let (tree, problems) = after(file, &options);
            assert_eq!(problems, []);
            assert!(tree.at(&["line1", "guarantee", "cap_rate"]).is_none());
            assert_eq!(number_at(&tree, &["line1", "guarantee", "provision_rate"]), "0.1");
        }
    }
}
