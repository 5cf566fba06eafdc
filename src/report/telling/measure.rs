//! How a measure (a statistic of a figure) is called, and how its numbers are written: on terminals, pages and charts.

use super::{Telling, sentence, shown_as_percent, tell};
use crate::chart::AxisFormat;
use crate::locale::metric_name;
use crate::metrics::{MetricId, Unit};
use crate::paired::Measure;
use crate::scenario::LimitStatistic;

impl Telling {
    /// What comparisons call a loss: grants are not in it.
    pub fn what_a_loss_is(self) -> String {
        tell!(
            self,
            "Perdita è ciò che manca di prestiti e garanzie; i contributi dati non tornano comunque e non vi sono contati.",
            "A loss is what loans and guarantees do not bring back; grants given do not come back anyway and are not counted in it."
        )
    }

    /// "Perdita del fondo, linea 1, VaR 99 %"; of the whole fund without a line, of a mean without a statistic.
    pub fn measure(self, measure: &Measure) -> String {
        let mut name = sentence(metric_name(measure.metric, self.language));
        if let Some(line) = measure.line {
            name += &format!(", {}", self.line(line));
        }
        if measure.statistic != LimitStatistic::Mean {
            name += &format!(", {}", self.statistic(measure.statistic, measure.metric));
        }
        name
    }

    /// The name with its unit, for headings above numbers without one: "Perdita del fondo (EUR)".
    pub fn measure_with_unit(self, measure: &Measure) -> String {
        let name = self.measure(measure);
        match unit_sign(measure.metric) {
            "" => name,
            sign => format!("{name} ({sign})"),
        }
    }

    /// A number without its unit, which stands in the heading.
    pub fn bare(self, metric: MetricId, value: f64) -> String {
        let numbers = self.numbers;
        match metric.unit() {
            Unit::Euro => numbers.decimal(value, 0),
            Unit::Probability => numbers.decimal(100.0 * value, 2),
            Unit::Ratio if shown_as_percent(metric) => numbers.decimal(100.0 * value, 2),
            Unit::Ratio => numbers.decimal(value, 3),
            Unit::Count => numbers.decimal(value, 1),
        }
    }

    /// An error of a number ([`Telling::bare`]) without its unit: with more decimals where it would read as 0.
    pub fn bare_error(self, metric: MetricId, error: f64) -> String {
        let (scale, decimals) = match metric.unit() {
            Unit::Euro => (1.0, 0),
            Unit::Probability => (100.0, 2),
            Unit::Ratio if shown_as_percent(metric) => (100.0, 2),
            Unit::Ratio => (1.0, 3),
            Unit::Count => (1.0, 1),
        };
        self.numbers.decimal(error * scale, self.error_decimals(error * scale, decimals))
    }

    /// A difference ([`Telling::bare`]) with its sign: what is written as 0 has none.
    pub fn bare_difference(self, metric: MetricId, difference: f64) -> String {
        let written = self.bare(metric, difference);
        let is_zero = !written.contains(|digit: char| ('1'..='9').contains(&digit));
        if difference > 0.0 && !is_zero { format!("+{written}") } else { written }
    }

    /// A change with its sign and unit: "+41.000 €", "−0,12"; of what is read as a percentage in points: "+2,35 punti".
    pub fn change(self, metric: MetricId, change: f64) -> String {
        let sign = if change > 0.0 { "+" } else { "" };
        format!("{sign}{}", self.amount_of_change(metric, change))
    }

    /// How large a change is, or half of its interval: never 0 where it is not.
    pub fn amount_of_change(self, metric: MetricId, amount: f64) -> String {
        self.error(metric.unit(), unit_sign(metric) == "%", amount)
    }

    /// A number in short, with its unit: "412 k€", "1,75", "8,4 %".
    pub fn short(self, metric: MetricId, value: f64) -> String {
        match metric.unit() {
            Unit::Euro => self.numbers.euros_short(value),
            Unit::Probability => self.numbers.percent(value, 2),
            Unit::Ratio if shown_as_percent(metric) => self.numbers.percent(value, 1),
            Unit::Ratio => self.numbers.decimal(value, 2),
            Unit::Count => self.numbers.decimal(value, 1),
        }
    }
}

/// The unit of a figure where it has a sign: "EUR", "%".
fn unit_sign(metric: MetricId) -> &'static str {
    match metric.unit() {
        Unit::Euro => "EUR",
        Unit::Probability => "%",
        Unit::Ratio if shown_as_percent(metric) => "%",
        Unit::Ratio | Unit::Count => "",
    }
}

/// How charts write a figure.
pub fn axis_format(metric: MetricId) -> AxisFormat {
    match metric.unit() {
        Unit::Euro => AxisFormat::Euro,
        Unit::Probability => AxisFormat::Percent,
        Unit::Ratio if shown_as_percent(metric) => AxisFormat::Percent,
        Unit::Ratio => AxisFormat::Ratio(2),
        Unit::Count => AxisFormat::Count,
    }
}
