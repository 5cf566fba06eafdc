//! A `[[limit]]` on what completed investments bring: `metric = "outcome_NAME"`.

use super::field::Field;
use super::promises::{bounds_some_range, line, statistic};
use super::section::Section;
use crate::locale::{pair, told};
use crate::scenario::{LimitStatistic, LineNumber, OUTCOME_PREFIX, OutcomeLimit};

/// Whether an entry of `[[limit]]` names an outcome.
pub(super) fn is_about_an_outcome(entry: &Section<'_>) -> bool {
    let metric = entry.node("metric").and_then(|node| node.as_text());
    metric.is_some_and(|metric| metric.starts_with(OUTCOME_PREFIX))
}

/// The promise of such an entry.
pub(super) fn read(section: &Section<'_>, root: &Section<'_>) -> Option<OutcomeLimit> {
    let line = section.read("line", |field| line(field, root));
    let outcome = section.read("metric", |field| outcome(field, root, line.flatten()));
    let statistic = section.read("statistic", mean_or_quantile);
    let min = section.optional("min", count);
    let max = section.optional("max", count);
    let (outcome, line, statistic, min, max) = (outcome?, line?, statistic?, min?, max?);
    bounds_some_range(section, min, max)?;
    Some(OutcomeLimit { outcome, line, statistic, min, max })
}

/// The name of an outcome of the line, or of any line.
fn outcome(field: &Field<'_>, root: &Section<'_>, line: Option<LineNumber>) -> Option<String> {
    let written = field.text()?;
    let mut known: Vec<String> = Vec::new();
    for number in [LineNumber::One, LineNumber::Two] {
        if line.is_some_and(|line| line != number) {
            continue;
        }
        let outcomes = root.node(&format!("line{}", number.word())).and_then(|node| node.at(&["outcomes"]));
        let names = outcomes.and_then(|node| node.as_table()).into_iter().flat_map(|table| table.keys());
        known.extend(names.map(|name| format!("{OUTCOME_PREFIX}{name}")));
    }
    known.sort();
    known.dedup();
    if known.is_empty() {
        let message = told!(
            "`{key}`: nessuna linea a cui si riferisce ha [lineN.outcomes]",
            "`{key}`: no line that it is about has [lineN.outcomes]";
            key = field.key(),
        );
        let hint = pair(
            "aggiungere i risultati alla linea, o scrivere line = \"all\"",
            "add outcomes to the line, or write line = \"all\"",
        );
        return field.refuse("E126", message, &[hint.into()]);
    }
    if known.iter().any(|name| name == written) {
        return Some(written[OUTCOME_PREFIX.len()..].to_string());
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    field.unknown_word(written, &known)
}

/// Outcomes have a mean and quantiles with errors, nothing else.
fn mean_or_quantile(field: &Field<'_>) -> Option<LimitStatistic> {
    match statistic(field, None)? {
        allowed @ (LimitStatistic::Mean | LimitStatistic::Quantile(_)) => Some(allowed),
        LimitStatistic::StandardDeviation | LimitStatistic::ExpectedShortfall(_) => {
            let message = told!(
                "`{key}`: dei risultati sociali si promette la media o un quantile",
                "`{key}`: of social results the mean or a quantile is promised";
                key = field.key(),
            );
            let hint = pair(
                "scrivere \"mean\" o un quantile, per esempio \"10%\"",
                "write \"mean\" or a quantile such as \"10%\"",
            );
            field.refuse("E126", message, &[hint.into()])
        }
    }
}

/// A number of units, not a share.
fn count(field: &Field<'_>) -> Option<rust_decimal::Decimal> {
    let value = field.decimal()?;
    if field.node.as_text().is_some_and(|text| text.contains('%')) {
        let message = told!(
            "`{key}` non è una quota: i risultati sociali si contano",
            "`{key}` is not a share: social results are counted";
            key = field.key(),
        );
        let hint = pair("scrivere il solo numero", "write the number alone");
        return field.refuse("E107", message, &[hint.into()]);
    }
    Some(value)
}
