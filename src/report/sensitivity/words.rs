//! How values of inputs and figures are said.

use crate::chart::AxisFormat;
use crate::locale::metric_name;
use crate::metrics::{MetricId, Unit};
use crate::paired::Measure;
use crate::report::telling::{Telling, sentence, shown_as_percent, tell};
use crate::scenario::LimitStatistic;
use crate::sensitivity::Shown;

/// A value of an input: "3.2%", "× 1.5", "+15 points".
pub(super) fn shown(telling: Telling, value: Shown) -> String {
    let short = |value: f64| {
        let decimals = match value.abs() {
            size if size >= 99.5 || size.fract() == 0.0 => 0,
            size if size >= 9.95 => 1,
            _ => 2,
        };
        telling.numbers.decimal(value, decimals)
    };
    let signed = |value: f64| if value > 0.0 { format!("+{}", short(value)) } else { short(value) };
    match value {
        Shown::Percent(share) => telling.percent(share),
        Shown::Euros(euros) => telling.numbers.euros_short(euros),
        Shown::Number(number) => short(number),
        Shown::Times(factor) => format!("×\u{a0}{}", short(factor)),
        Shown::More(number) => signed(number),
        Shown::Points(points) => {
            let points = signed(100.0 * points);
            tell!(telling, "{points}\u{a0}punti", "{points}\u{a0}points")
        }
        Shown::Quarters(quarters) => {
            let quarters = signed(quarters);
            tell!(telling, "{quarters}\u{a0}trim.", "{quarters}\u{a0}quarters")
        }
    }
}

/// "Fund loss, VaR 99%".
pub(super) fn measure_name(telling: Telling, measure: &Measure) -> String {
    let mut name = sentence(metric_name(measure.metric, telling.language));
    if let Some(line) = measure.line {
        name += &format!(", {}", telling.line(line));
    }
    if measure.statistic != LimitStatistic::Mean {
        name += &format!(", {}", telling.statistic(measure.statistic, measure.metric));
    }
    name
}

/// The unit of a figure where it has a sign: "EUR", "%".
pub(super) fn unit_sign(metric: MetricId) -> &'static str {
    match metric.unit() {
        Unit::Euro => "EUR",
        Unit::Probability => "%",
        Unit::Ratio if shown_as_percent(metric) => "%",
        Unit::Ratio | Unit::Count => "",
    }
}

/// The name with its unit, for headings and axes.
pub(super) fn measure_with_unit(telling: Telling, measure: &Measure) -> String {
    let name = measure_name(telling, measure);
    match unit_sign(measure.metric) {
        "" => name,
        sign => format!("{name} ({sign})"),
    }
}

/// A number without its unit.
pub(super) fn number(telling: Telling, metric: MetricId, value: f64) -> String {
    let numbers = telling.numbers;
    match metric.unit() {
        Unit::Euro => numbers.decimal(value, 0),
        Unit::Probability => numbers.decimal(100.0 * value, 2),
        Unit::Ratio if shown_as_percent(metric) => numbers.decimal(100.0 * value, 2),
        Unit::Ratio => numbers.decimal(value, 3),
        Unit::Count => numbers.decimal(value, 1),
    }
}

/// How charts write a figure.
pub(super) fn format_of(metric: MetricId) -> AxisFormat {
    match metric.unit() {
        Unit::Euro => AxisFormat::Euro,
        Unit::Probability => AxisFormat::Percent,
        Unit::Ratio if shown_as_percent(metric) => AxisFormat::Percent,
        Unit::Ratio => AxisFormat::Ratio(2),
        Unit::Count => AxisFormat::Count,
    }
}
