//! What stands around the model: `[programme]`, `[[limit]]`, `[rules]` and `[sources]`.

use super::field::Field;
use super::keys;
use super::number;
use super::outcome_limit;
use super::section::{Section, did_you_mean};
use super::set::split_path;
use super::tree::{Node, Table, Value};
use super::uncertainty::is_law;
use crate::diagnostic::{Problem, nearest};
use crate::locale::{Told, pair, told};
use crate::metrics::{MetricId, Scope, Unit};
use crate::rules;
use crate::scenario::{Limit, LimitStatistic, LineNumber, Measure, OutcomeLimit};
use crate::units::{Cents, Share};
use rust_decimal::Decimal;

/// The quantiles that are reported, in thousandths.
pub(super) const QUANTILES: [i64; 13] = [1, 10, 25, 50, 100, 250, 500, 750, 900, 950, 975, 990, 999];
/// The levels of the expected shortfalls that are reported, in thousandths.
pub(super) const SHORTFALLS: [i64; 3] = [950, 990, 999];

/// `[programme]`.
pub fn programme(root: &Section<'_>) -> Option<Vec<Measure>> {
    if !root.has("programme") {
        return Some(Vec::new());
    }
    let section = root.section("programme")?;
    let read: Vec<Option<Measure>> = section
        .entries("measures")?
        .iter()
        .map(|entry| {
            let name = entry.read("name", |field| field.text().map(str::to_string));
            let amount = entry.read("amount", |field| field.amount(Cents::ZERO));
            Some(Measure { name: name?, amount: amount? })
        })
        .collect();
    read.into_iter().collect()
}

/// `[[limit]]`: promises about figures of the model, and about social results.
pub fn limits(root: &Section<'_>) -> Option<(Vec<Limit>, Vec<OutcomeLimit>)> {
    let (on_outcomes, on_figures): (Vec<_>, Vec<_>) =
        root.entries("limit")?.into_iter().partition(outcome_limit::is_about_an_outcome);
    let limits: Vec<Option<Limit>> = on_figures.iter().map(|entry| limit(entry, root)).collect();
    let outcomes: Vec<Option<OutcomeLimit>> =
        on_outcomes.iter().map(|entry| outcome_limit::read(entry, root)).collect();
    let limits: Option<Vec<Limit>> = limits.into_iter().collect();
    let outcomes: Option<Vec<OutcomeLimit>> = outcomes.into_iter().collect();
    limits.zip(outcomes)
}

fn limit(section: &Section<'_>, root: &Section<'_>) -> Option<Limit> {
    let metric = section.read("metric", |field| {
        let id = field.text()?;
        MetricId::from_id(id).map_or_else(|| field.unknown_word(id, MetricId::IDS), Some)
    });
    let line = section.read("line", |field| line(field, root));
    let statistic = section.read("statistic", |field| statistic(field, metric));
    let bound = |field: &Field<'_>| {
        let value = field.decimal()?;
        let percent = field.node.as_text().is_some_and(|text| text.contains('%'));
        if percent && metric.is_some_and(|metric| matches!(metric.unit(), Unit::Euro | Unit::Count)) {
            let message = told!(
                "`{key}` non è una quota: questa grandezza è un importo o un conteggio",
                "`{key}` is not a share: this metric is an amount or a count";
                key = field.key(),
            );
            let hint = pair("scrivere il solo numero", "write the number alone");
            return field.refuse("E107", message, &[hint.into()]);
        }
        Some(value)
    };
    let min = section.optional("min", bound);
    let max = section.optional("max", bound);
    let (metric, line, statistic, min, max) = (metric?, line?, statistic?, min?, max?);
    if line.is_some() && metric.scope() == Scope::AllOnly {
        let message = told!(
            "`{id}` esiste solo per l’intero fondo",
            "`{id}` exists for the whole fund only";
            id = metric.id(),
        );
        let hint = pair("scrivere line = \"all\" oppure toglierlo", "write line = \"all\" or take it out");
        return section.refuse("line", "E126", message, hint);
    }
    bounds_some_range(section, min, max)?;
    Some(Limit { metric, line, statistic, min, max })
}

/// A limit has a bound, and its bounds leave something between them.
pub(super) fn bounds_some_range(
    section: &Section<'_>,
    min: Option<Decimal>,
    max: Option<Decimal>,
) -> Option<()> {
    match (min, max) {
        (None, None) => section.refuse(
            "metric",
            "E102",
            told!("un limite richiede `max` o `min`", "a limit needs `max` or `min`"),
            pair("scrivere per esempio max = \"10%\"", "write for example max = \"10%\""),
        ),
        (Some(min), Some(max)) if min > max => section.refuse(
            "min",
            "E122",
            told!("`min` ({min}) supera `max` ({max})", "`min` ({min}) is above `max` ({max})"; min, max),
            pair("scambiarli o cambiarli", "swap or change them"),
        ),
        _ => Some(()),
    }
}

pub(super) fn line(field: &Field<'_>, root: &Section<'_>) -> Option<Option<LineNumber>> {
    let word = match &field.node.value {
        Value::Number(digits) => digits,
        _ => field.text()?,
    };
    let number = match word {
        "all" => return Some(None),
        word => match LineNumber::from_word(word) {
            Some(number) => number,
            None => return field.unknown_word(word, &["all", "1", "2"]),
        },
    };
    let table = format!("line{word}");
    if !root.has(&table) {
        let message = told!(
            "`{key}` nomina la linea {word}, che lo scenario non ha",
            "`{key}` names line {word}, which the scenario does not have";
            key = field.key(),
            word,
        );
        let hint = told!(
            "aggiungere una tabella [{table}], oppure scrivere \"all\"",
            "add a table [{table}], or write \"all\"";
            table,
        );
        return field.refuse("E126", message, &[hint]);
    }
    Some(Some(number))
}

pub(super) fn statistic(field: &Field<'_>, metric: Option<MetricId>) -> Option<LimitStatistic> {
    let text = field.text()?;
    let lower = text.to_lowercase();
    let (level, shortfall) = match lower.trim() {
        "mean" => return Some(LimitStatistic::Mean),
        "sd" => return Some(LimitStatistic::StandardDeviation),
        other => match other.strip_prefix("es") {
            Some(level) => (level.trim(), true),
            None => (other, false),
        },
    };
    let levels: &[i64] = if shortfall { &SHORTFALLS } else { &QUANTILES };
    let known: Vec<Decimal> = levels.iter().map(|thousandths| Decimal::new(*thousandths, 3)).collect();
    let level = match number::quoted(level) {
        Ok((level, true)) => level,
        _ => return field.unknown_word(text, &["mean", "sd", "99%", "es 99%"]),
    };
    if !known.contains(&level) {
        let levels: Vec<String> = known.iter().map(|level| number::typed_percent(*level)).collect();
        let message = told!(
            "`{key}`: \"{text}\" non è tra i valori riportati",
            "`{key}`: \"{text}\" is not reported";
            key = field.key(),
            text,
        );
        let hint = told!("sono riportati {levels}", "reported are {levels}"; levels = levels.join(", "));
        return field.refuse("E104", message, &[hint]);
    }
    if shortfall && metric.is_some_and(|metric| !metric.has_shortfall()) {
        let id = metric.map_or("", MetricId::id);
        let message = told!(
            "`{id}` non ha expected shortfall; lo hanno le perdite in euro e i loro tassi",
            "`{id}` has no expected shortfall; losses in euros and their rates do";
            id,
        );
        let hint = pair("usare un quantile, per esempio \"99%\"", "use a quantile such as \"99%\"");
        return field.refuse("E126", message, &[hint.into()]);
    }
    let level = Share::new(level).ok()?;
    Some(if shortfall { LimitStatistic::ExpectedShortfall(level) } else { LimitStatistic::Quantile(level) })
}

/// `[rules] waive`: known codes, each once, that may be waived at all.
pub fn waived_rules(root: &Section<'_>) -> Option<Vec<String>> {
    let section = root.section_or_empty("rules")?;
    let codes = section.read("waive", |field| match &field.node.value {
        Value::List(entries) if entries.is_empty() => Some(Vec::new()),
        _ => field.list(100, |entry| {
            let code = entry.text()?;
            match rules::find(code) {
                None => entry.unknown_word(code, &rules::codes()),
                Some(rule) if !rule.waivable => {
                    let message = told!(
                        "a {code} non si può mai derogare: {reason}",
                        "{code} can never be waived: {reason}";
                        code,
                        reason = rule.reason,
                    );
                    entry.refuse("E127", message, &[rule.change.into()])
                }
                Some(_) => Some(code.to_string()),
            }
        }),
    })?;
    let mut unique: Vec<String> = Vec::new();
    for code in codes {
        if !unique.contains(&code) {
            unique.push(code);
        }
    }
    Some(unique)
}

/// Makes `[sources]` and `[uncertainty]` flat tables of dotted keys: a quoted dotted key and nested tables mean the same.
pub fn flatten_by_key(tree: &mut Node) {
    flatten_table(tree, "sources", &|_| false);
    flatten_table(tree, "uncertainty", &is_law);
}

fn flatten_table(tree: &mut Node, name: &str, is_value: &dyn Fn(&Table) -> bool) {
    let Some(node) = tree.as_table_mut().and_then(|table| table.get_mut(name)) else { return };
    let Some(table) = node.as_table_mut() else { return };
    let mut flat = Table::new();
    flatten(std::mem::take(table), "", is_value, &mut flat);
    *table = flat;
}

/// Puts what is no table, and tables that are values, under their dotted keys.
fn flatten(table: Table, prefix: &str, is_value: &dyn Fn(&Table) -> bool, flat: &mut Table) {
    for (name, mut node) in table {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match node.value {
            Value::Table(inner) if !inner.is_empty() && !is_value(&inner) => {
                flatten(inner, &key, is_value, flat);
            }
            value => {
                node.value = value;
                flat.insert(key, node);
            }
        }
    }
}

/// A table of texts by whatever key, in the order of the keys; none if it is absent.
pub fn texts_by_key(root: &Section<'_>, name: &str) -> Option<Vec<(String, String)>> {
    let Some(node) = root.node(name) else { return Some(Vec::new()) };
    let Some(table) = node.as_table() else {
        let message = told!(
            "`{name}` è una tabella, non {kind}",
            "`{name}` is a table, not {kind}";
            name,
            kind = node.value.kind(),
        );
        root.context.report(Problem::error("E103", &node.place, message).hint(told!(
            "scrivere le sue chiavi sotto una riga [{name}]",
            "write its keys below a line [{name}]";
            name,
        )));
        return None;
    };
    let read: Vec<Option<(String, String)>> = table
        .iter()
        .map(|(key, node)| {
            if root.context.is_full() {
                return None;
            }
            let field = Field { context: root.context, node, path: vec![name.to_string(), key.clone()] };
            Some((key.clone(), field.text()?.to_string()))
        })
        .collect();
    read.into_iter().collect()
}

/// `[sources]`: where figures come from, by dotted key, in the order of the keys.
pub fn sources(root: &Section<'_>, tree: &Node) -> Option<Vec<(String, String)>> {
    let texts = texts_by_key(root, "sources");
    let table = root.node("sources").and_then(Node::as_table);
    let mut all_named = true;
    for (key, node) in table.into_iter().flatten() {
        if root.context.is_full() {
            return None;
        }
        if let Err((message, hint)) = names_a_key(key, tree) {
            root.context.report(Problem::error("E128", &node.key, message).hint(hint));
            all_named = false;
        }
    }
    texts.filter(|_| all_named)
}

/// Whether a dotted key names something that a scenario can say, and entries that this one has.
pub(super) fn names_a_key(key: &str, tree: &Node) -> Result<(), (Told, Told)> {
    let shown: String = key.chars().take(80).collect();
    let path = split_path(key).ok_or_else(|| {
        (
            told!("`{shown}` non è una chiave con punti", "`{shown}` is not a dotted key"; shown),
            told!("scriverla come \"fund.endowment\"", "write it like \"fund.endowment\""),
        )
    })?;
    let mut node = Some(tree);
    for (depth, step) in path.iter().enumerate() {
        let known = keys::children(&path[..depth]);
        let free = keys::find(&path[..depth]).is_some() && known.is_empty();
        if !free && !known.contains(&step.as_str()) && !known.contains(&"*") {
            let hint = match nearest(step, known.iter().copied()) {
                Some(near) => {
                    let parents: String = path[..depth].iter().map(|parent| format!("{parent}.")).collect();
                    did_you_mean(&format!("{parents}{near}"))
                }
                None => told!("note lì: {known}", "known there: {known}"; known = known.join(", ")),
            };
            let message = told!(
                "`{shown}` non indica alcuna chiave: `{step}` non esiste",
                "`{shown}` names no key: there is no `{step}`";
                shown,
                step,
            );
            return Err((message, hint));
        }
        node = match node.map(|node| &node.value) {
            Some(Value::Table(table)) => table.get(step),
            Some(Value::List(entries)) if step != "*" => {
                let found = entries.iter().find(|entry| entry.entry_name() == Some(step));
                if found.is_none() && entries.iter().any(|entry| entry.entry_name().is_some()) {
                    let names: Vec<&str> = entries.iter().filter_map(Node::entry_name).collect();
                    let message = told!(
                        "`{shown}` non indica alcuna chiave: nessuna voce si chiama `{step}`",
                        "`{shown}` names no key: no entry is called `{step}`";
                        shown,
                        step,
                    );
                    let hint =
                        told!("le voci sono {names}", "the entries are {names}"; names = names.join(", "));
                    return Err((message, hint));
                }
                found
            }
            _ => None,
        };
    }
    Ok(())
}
