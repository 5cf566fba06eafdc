//! `stress.csv` and `breaking.csv`: one number a row.

use super::StressTest;
use crate::paired::breaking::{Answer, Number, Verdict};
use crate::report::comparison::comparison_csv;
use crate::report::number_text::natural;
use crate::report::table_shape::studies;
use crate::report::tables::{Table, statistic_name};
use crate::scenario::LineNumber;
use rust_decimal::Decimal;

/// `stress.csv`: as `comparison.csv`, the scenario being the economy or shock, `as-it-is` the first one.
pub fn stress_csv(stress: &StressTest) -> String {
    comparison_csv(&stress.comparison)
}

/// The word of an answer in files.
pub(super) fn state(answer: &Answer) -> &'static str {
    match answer.verdict {
        Verdict::Already => "already",
        Verdict::At { .. } => "at",
        Verdict::Never { .. } => "never",
        Verdict::Unknown => "unknown",
    }
}

/// The statistic where the answer is about: at the breaking point, or at the lever's bound.
pub(super) fn number(answer: &Answer) -> Option<Number> {
    match answer.verdict {
        Verdict::Already => answer.at_start,
        Verdict::At { number, .. } => Some(number),
        Verdict::Never { number } => number,
        Verdict::Unknown => None,
    }
}

/// `breaking.csv`: for each promise and lever the value at which it breaks (`value`), with the ends of its 95 % interval
/// (`from` empty: the start of the lever; `to` empty: beyond its reach), and the path nearest to the breaking point.
pub fn breaking_csv(stress: &StressTest) -> String {
    let mut table = Table::shaped(&studies::BREAKING);
    let Some(reverse) = &stress.reverse else { return table.into_text() };
    let decimal = |value: Option<Decimal>| value.map_or(String::new(), |value| value.normalize().to_string());
    for answer in &reverse.answers {
        let measure = answer.breach.measure;
        let unit = measure.metric.unit();
        let value =
            |number: Option<Number>| number.map_or(String::new(), |number| natural(unit, number.value));
        let (at, from, to) = match answer.verdict {
            Verdict::At { value, from, to, .. } => (Some(value), from, to),
            Verdict::Already | Verdict::Never { .. } | Verdict::Unknown => (None, None, None),
        };
        table.row(&[
            measure.metric.id(),
            measure.line.map_or("all", LineNumber::word),
            &statistic_name(measure.statistic),
            unit.word(),
            if answer.breach.above { "above" } else { "below" },
            &answer.breach.bound.normalize().to_string(),
            answer.lever.word(),
            state(answer),
            &decimal(at),
            &decimal(from),
            &decimal(to),
            &answer.reach.to_string(),
            &decimal(answer.kept_again),
            &value(answer.at_start),
            &value(number(answer)),
            &answer.nearest.as_ref().map_or(String::new(), |nearest| nearest.path.to_string()),
        ]);
    }
    table.into_text()
}
