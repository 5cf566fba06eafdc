//! The numbers behind a figure as tables that a page can hold: long series by their years, long lists cut. The whole
//! is in `charts/NAME.csv`.

use super::table::{Kind, Table, text};
use crate::chart::{
    AxisFormat, BarGroup, Chart, Dumbbell, ExceedancePoint, Fan, FanPanel, Figure, GroupedBars, HeatMap,
    Histogram, Marker, StackedBars, Tornado,
};
use crate::report::telling::{Telling, sentence, tell};
use crate::units::Quarter;

/// Most rows of a table.
const MOST_ROWS: usize = 40;

/// Most points of a curve.
const MOST_POINTS: usize = 16;

/// The tables of a chart.
pub(super) fn data_tables(chart: &Chart, telling: Telling) -> Vec<Table> {
    let writer = Writer { telling, title: &chart.text.title };
    match &chart.figure {
        Figure::LossDistribution(figure) => {
            let format = figure.histogram.axis.format;
            let mut tables = writer.histogram(&figure.histogram);
            tables.push(writer.curve(&figure.curve_heading, &figure.curve, format));
            tables
        }
        Figure::Histogram(figure) => writer.histogram(figure),
        Figure::Exceedance(figure) => vec![
            writer.markers(&figure.markers, figure.axis.format),
            writer.curve(&figure.heading, &figure.points, figure.axis.format),
        ],
        Figure::Fan(figure) => figure.panels.iter().map(|panel| writer.fan(figure, panel)).collect(),
        Figure::GroupedBars(figure) => vec![writer.grouped(figure)],
        Figure::StackedBars(figure) => vec![writer.stacked(figure)],
        Figure::Dumbbell(figure) => vec![writer.dumbbell(figure)],
        Figure::Curves(figure) => figure
            .series
            .iter()
            .map(|series| writer.curve(&series.label, &series.points, figure.format))
            .collect(),
        Figure::HeatMap(figure) => vec![writer.heat_map(figure)],
        // A page about mixes has a table of all of them by itself.
        Figure::Ternary(_) | Figure::Scatter(_) => Vec::new(),
        Figure::Tornado(figure) => vec![writer.tornado(figure)],
    }
}

struct Writer<'a> {
    telling: Telling,
    title: &'a str,
}

impl Writer<'_> {
    /// A value as tables show it: whole euros, percentages with two decimals.
    fn value(&self, format: AxisFormat, value: f64) -> String {
        let numbers = self.telling.numbers;
        match format {
            AxisFormat::Euro => numbers.euros(value, 0),
            AxisFormat::Percent => numbers.percent(value, 2),
            AxisFormat::Count => numbers.decimal(value, usize::from(value.fract() != 0.0)),
            AxisFormat::Ratio(decimals) => numbers.decimal(value, decimals.max(2)),
        }
    }

    fn optional(&self, format: AxisFormat, value: Option<f64>) -> String {
        value.map_or("–".to_string(), |value| self.value(format, value))
    }

    fn caption(&self, part: &str) -> String {
        if part.is_empty() { self.title.to_string() } else { format!("{} – {part}", self.title) }
    }

    fn markers(&self, markers: &[Marker], format: AxisFormat) -> Table {
        let words = self.telling.words;
        let caption = self.caption(&tell!(self.telling, "valori segnati", "marked values"));
        let mut table = Table::new(
            caption,
            vec![(tell!(self.telling, "Segno", "Mark"), Kind::Words), (sentence(words.value), Kind::Number)],
        );
        for marker in markers {
            table.row(vec![text(&marker.label), text(self.value(format, marker.value))]);
        }
        table
    }

    fn histogram(&self, histogram: &Histogram) -> Vec<Table> {
        let (telling, format) = (self.telling, histogram.axis.format);
        let all: u64 = histogram.bins.iter().map(|bin| bin.count).sum();
        let mut table = Table::new(
            self.caption(&histogram.axis.label),
            vec![
                (tell!(telling, "Da", "From"), Kind::Number),
                (tell!(telling, "A", "To"), Kind::Number),
                (sentence(telling.words.paths), Kind::Number),
                (tell!(telling, "Quota", "Share"), Kind::Number),
            ],
        );
        for bin in histogram.bins.iter().filter(|bin| bin.count > 0).take(MOST_ROWS) {
            table.row(vec![
                text(self.value(format, bin.from)),
                text(self.value(format, bin.to)),
                text(telling.numbers.count(bin.count)),
                text(telling.numbers.percent(bin.count as f64 / all.max(1) as f64, 2)),
            ]);
        }
        vec![self.markers(&histogram.markers, format), table]
    }

    fn tornado(&self, figure: &Tornado) -> Table {
        let mut table = Table::new(
            self.caption(""),
            vec![
                (tell!(self.telling, "Ipotesi", "Assumption"), Kind::Words),
                (tell!(self.telling, "Valore", "Value"), Kind::Words),
                (figure.axis_label.clone(), Kind::Number),
                (sentence(self.telling.words.confidence_interval), Kind::Number),
            ],
        );
        for row in &figure.rows {
            for end in [&row.low, &row.high] {
                let interval = end.interval.map_or("–".to_string(), |(low, high)| {
                    range(self.value(figure.format, low), self.value(figure.format, high))
                });
                table.row(vec![
                    text(&row.label),
                    text(&end.label),
                    text(self.value(figure.format, end.value)),
                    text(interval),
                ]);
            }
        }
        table
    }

    fn dumbbell(&self, figure: &Dumbbell) -> Table {
        let words = self.telling.words;
        let mut table = Table::new(
            self.caption(""),
            vec![
                (tell!(self.telling, "Scenario", "Scenario"), Kind::Words),
                (sentence(words.value), Kind::Number),
                (sentence(words.confidence_interval), Kind::Number),
                (tell!(self.telling, "Differenza dal primo", "Difference to the first"), Kind::Prose),
            ],
        );
        for row in &figure.rows {
            let interval = row.interval.map_or("–".to_string(), |(low, high)| {
                range(self.value(figure.format, low), self.value(figure.format, high))
            });
            table.row(vec![
                text(&row.label),
                text(self.optional(figure.format, row.value)),
                text(interval),
                text(&row.note),
            ]);
        }
        table
    }

    fn heat_map(&self, figure: &HeatMap) -> Table {
        let mut heads = vec![(tell!(self.telling, "Economia", "Economy"), Kind::Words)];
        heads.extend(figure.columns.iter().map(|column| (column.clone(), Kind::Number)));
        let mut table = Table::new(self.caption(""), heads);
        for row in &figure.rows {
            let mut cells = vec![text(&row.label)];
            cells.extend(row.cells.iter().map(|cell| text(self.optional(figure.format, cell.value))));
            table.row(cells);
        }
        table
    }

    /// Points of an exceedance curve, evenly picked.
    fn curve(&self, heading: &str, points: &[ExceedancePoint], format: AxisFormat) -> Table {
        let telling = self.telling;
        let mut table = Table::new(
            self.caption(heading),
            vec![
                (sentence(telling.words.value), Kind::Number),
                (tell!(telling, "Probabilità di superarlo", "Chance of exceeding it"), Kind::Number),
                (sentence(telling.words.confidence_interval), Kind::Number),
            ],
        );
        let percent = |share: f64| telling.numbers.percent(share, 3);
        for point in picked(points, MOST_POINTS) {
            let interval =
                point.interval.map_or("–".to_string(), |(low, high)| range(percent(low), percent(high)));
            table.row(vec![
                text(self.value(format, point.value)),
                text(percent(point.chance)),
                text(interval),
            ]);
        }
        table
    }

    /// A panel over time: each year's last quarter if there are many.
    fn fan(&self, fan: &Fan, panel: &FanPanel) -> Table {
        let telling = self.telling;
        let quarters = panel.series.iter().map(|series| series.median.len()).max().unwrap_or(0);
        let several = panel.series.len() > 1;
        let mut heads = vec![(sentence(telling.words.quarter), Kind::Words)];
        for series in &panel.series {
            let named =
                |what: &str| if several { format!("{}: {what}", series.label) } else { sentence(what) };
            heads.push((named(telling.words.median), Kind::Number));
            heads.extend(series.mean.as_ref().map(|_| (named(telling.words.mean), Kind::Number)));
            for band in &series.bands {
                heads.push((named(&telling.phrases.share_of_paths(band.share)), Kind::Number));
            }
        }
        let mut table = Table::new(self.caption(&panel.title), heads);
        for index in 0..quarters {
            let quarter = fan.first_quarter.plus(index as u32);
            if !is_shown(quarter, index, quarters) {
                continue;
            }
            let at = |line: &[Option<f64>]| line.get(index).copied().flatten();
            let mut cells = Vec::new();
            for series in &panel.series {
                cells.push(self.optional(panel.format, at(&series.median)));
                cells.extend(series.mean.as_ref().map(|mean| self.optional(panel.format, at(mean))));
                for band in &series.bands {
                    cells.push(match (at(&band.lower), at(&band.upper)) {
                        (Some(low), Some(high)) => {
                            range(self.value(panel.format, low), self.value(panel.format, high))
                        }
                        _ => "–".to_string(),
                    });
                }
            }
            if cells.iter().any(|cell| cell != "–") {
                let mut row = vec![text(telling.quarter(quarter))];
                row.extend(cells.iter().map(text));
                table.row(row);
            }
        }
        table
    }

    fn grouped(&self, figure: &GroupedBars) -> Table {
        let telling = self.telling;
        let mut table = Table::new(
            self.caption(""),
            vec![
                (tell!(telling, "Gruppo", "Group"), Kind::Words),
                (tell!(telling, "Barra", "Bar"), Kind::Words),
                (sentence(telling.words.value), Kind::Number),
                (tell!(telling, "Linea sottile", "Thin line"), Kind::Number),
            ],
        );
        let bars = |group: &BarGroup| group.bars.clone().into_iter();
        let rows = figure.groups.iter().flat_map(|group| bars(group).map(|bar| (group.title.clone(), bar)));
        for (group, bar) in rows.take(MOST_ROWS) {
            let interval = bar.interval.map_or("–".to_string(), |(low, high)| {
                range(self.value(figure.format, low), self.value(figure.format, high))
            });
            table.row(vec![
                text(group),
                text(&bar.label),
                text(bar.value.map_or_else(
                    || telling.words.no_data.to_string(),
                    |value| self.value(figure.format, value),
                )),
                text(interval),
            ]);
        }
        table
    }

    fn stacked(&self, figure: &StackedBars) -> Table {
        let telling = self.telling;
        let mut table = Table::new(
            self.caption(""),
            vec![
                (tell!(telling, "Riga", "Row"), Kind::Words),
                (tell!(telling, "Parte", "Part"), Kind::Words),
                (sentence(telling.words.value), Kind::Number),
                (tell!(telling, "Quota della riga", "Share of the row"), Kind::Number),
            ],
        );
        let parts = figure.rows.iter().flat_map(|row| {
            let total: f64 = row.parts.iter().map(|part| part.value).sum();
            row.parts.iter().map(move |part| (row, part, total))
        });
        for (row, part, total) in parts.take(MOST_ROWS) {
            let share =
                if total > 0.0 { telling.numbers.percent(part.value / total, 1) } else { "–".to_string() };
            table.row(vec![
                text(&row.label),
                text(&part.label),
                text(self.value(figure.format, part.value)),
                text(share),
            ]);
        }
        table
    }
}

/// Two ends of a stretch.
pub(super) fn range(low: String, high: String) -> String {
    format!("{low} – {high}")
}

/// Evenly picked entries, the first and the last among them.
fn picked<T>(entries: &[T], most: usize) -> impl Iterator<Item = &T> {
    let last = entries.len().saturating_sub(1);
    let count = entries.len().min(most);
    (0..count).map(move |step| &entries[if count > 1 { step * last / (count - 1) } else { 0 }])
}

/// Every quarter of a short series; of a long one the last of each year, and the very last.
fn is_shown(quarter: Quarter, index: usize, quarters: usize) -> bool {
    quarters <= 20 || quarter.number() == 4 || index + 1 == quarters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picking_keeps_both_ends() {
        let entries: Vec<usize> = (0..91).collect();
        let few: Vec<usize> = picked(&entries, 16).copied().collect();
        assert_eq!((few.len(), few[0], few[15]), (16, 0, 90));
        assert!(few.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(picked(&entries[..1], 16).count(), 1);
        assert_eq!(picked(&entries[..0], 16).count(), 0);
    }
}
