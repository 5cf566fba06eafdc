//! The data behind a chart as CSV, one shape for all charts: what is drawn, number for number.
//!
//! Columns: `panel, series, element, level, x, x_end, value, low, high`. Locale-free; an empty cell is a gap.
//! `level` is the share of paths in a band, and the number of the path of a sample. `x` is a value of the axis, a quarter (`2019-Q1`) or the name of a bar.

use super::bars::{GroupedBars, StackedBars};
use super::curves::Curves;
use super::distribution::{Exceedance, ExceedancePoint, Histogram, LossDistribution, Marker};
use super::dumbbell::Dumbbell;
use super::fan::{Fan, FanPanel};
use super::heat_map::HeatMap;
use super::scatter::Scatter;
use super::ternary::Ternary;
use super::tornado::Tornado;
use crate::spreadsheet::safe;
use crate::units::Quarter;

/// The columns of every chart's table.
pub(crate) const COLUMNS: [&str; 9] =
    ["panel", "series", "element", "level", "x", "x_end", "value", "low", "high"];

/// One line of the table.
#[derive(Default)]
struct Row<'a> {
    panel: &'a str,
    series: &'a str,
    element: &'static str,
    level: Option<f64>,
    x: String,
    x_end: String,
    value: Option<f64>,
    interval: Option<(f64, f64)>,
}

/// A table being written.
pub(super) struct Table {
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    pub fn new() -> Table {
        let mut table = Table { writer: csv::WriterBuilder::new().from_writer(Vec::new()) };
        table.record(COLUMNS.map(str::to_owned));
        table
    }

    pub fn finish(self) -> String {
        let bytes = self.writer.into_inner().expect("writing to memory does not fail");
        String::from_utf8(bytes).expect("what is written is text")
    }

    fn record(&mut self, cells: [String; 9]) {
        self.writer.write_record(cells).expect("writing to memory does not fail");
    }

    fn row(&mut self, row: Row) {
        self.record([
            safe(row.panel),
            safe(row.series),
            row.element.to_owned(),
            cell(row.level),
            row.x,
            row.x_end,
            cell(row.value),
            cell(row.interval.map(|interval| interval.0)),
            cell(row.interval.map(|interval| interval.1)),
        ]);
    }

    pub fn histogram(&mut self, histogram: &Histogram) {
        for bin in &histogram.bins {
            self.row(Row {
                panel: &histogram.axis.label,
                element: "bin",
                x: number(bin.from),
                x_end: number(bin.to),
                value: Some(bin.count as f64),
                ..Row::default()
            });
        }
        self.markers(&histogram.axis.label, &histogram.markers);
    }

    pub fn loss_distribution(&mut self, chart: &LossDistribution) {
        self.histogram(&chart.histogram);
        self.curve(&chart.curve_heading, &chart.curve);
    }

    pub fn exceedance(&mut self, chart: &Exceedance) {
        self.curve(&chart.heading, &chart.points);
        self.markers(&chart.heading, &chart.markers);
    }

    fn curve(&mut self, panel: &str, points: &[ExceedancePoint]) {
        for point in points {
            self.row(Row {
                panel,
                element: "exceedance",
                x: number(point.value),
                value: Some(point.chance),
                interval: point.interval,
                ..Row::default()
            });
        }
    }

    fn markers(&mut self, panel: &str, markers: &[Marker]) {
        for marker in markers {
            self.row(Row {
                panel,
                series: &marker.label,
                element: "marker",
                x: number(marker.value),
                ..Row::default()
            });
        }
    }

    pub fn fan(&mut self, fan: &Fan) {
        for panel in &fan.panels {
            self.fan_panel(panel, fan.first_quarter);
        }
    }

    fn fan_panel(&mut self, panel: &FanPanel, first: Quarter) {
        let label = |index: usize| {
            let quarter = first.plus(index as u32);
            format!("{}-Q{}", quarter.year(), quarter.number())
        };
        for series in &panel.series {
            let row = |element: &'static str| Row {
                panel: &panel.title,
                series: &series.label,
                element,
                ..Row::default()
            };
            for band in &series.bands {
                for (index, bounds) in band.lower.iter().zip(&band.upper).enumerate() {
                    let interval = match bounds {
                        (Some(low), Some(high)) => Some((*low, *high)),
                        _ => None,
                    };
                    self.row(Row { level: Some(band.share), x: label(index), interval, ..row("band") });
                }
            }
            let mean = series.mean.iter().map(|mean| ("mean", None, mean));
            // The level of a single path is its number, counted from 0.
            let samples = series.samples.iter().enumerate();
            let samples = samples.map(|(path, sample)| ("sample", Some(path as f64), sample));
            for (element, level, line) in
                [("median", None, &series.median)].into_iter().chain(mean).chain(samples)
            {
                for (index, value) in line.iter().enumerate() {
                    self.row(Row { x: label(index), value: *value, level, ..row(element) });
                }
            }
        }
        for threshold in &panel.thresholds {
            self.row(Row {
                panel: &panel.title,
                series: &threshold.label,
                element: "threshold",
                value: Some(threshold.value),
                ..Row::default()
            });
        }
    }

    pub fn grouped_bars(&mut self, chart: &GroupedBars) {
        for group in &chart.groups {
            for bar in &group.bars {
                self.row(Row {
                    panel: &group.title,
                    element: "bar",
                    x: safe(&bar.label),
                    value: bar.value,
                    interval: bar.interval,
                    ..Row::default()
                });
                if bar.reference.is_some() {
                    self.row(Row {
                        panel: &group.title,
                        element: "reference",
                        x: bar.label.clone(),
                        value: bar.reference,
                        ..Row::default()
                    });
                }
            }
        }
        if let Some(threshold) = &chart.threshold {
            self.row(Row {
                series: &threshold.label,
                element: "threshold",
                value: Some(threshold.value),
                ..Row::default()
            });
        }
    }

    pub fn dumbbell(&mut self, chart: &Dumbbell) {
        for row in &chart.rows {
            self.row(Row {
                element: "dot",
                x: row.label.clone(),
                value: row.value,
                interval: row.interval,
                ..Row::default()
            });
        }
    }

    pub fn tornado(&mut self, chart: &Tornado) {
        self.row(Row { element: "base", x: number(chart.base), ..Row::default() });
        for row in &chart.rows {
            for (element, end) in [("low", &row.low), ("high", &row.high)] {
                self.row(Row {
                    series: &end.label,
                    element,
                    x: safe(&row.label),
                    value: Some(end.value),
                    interval: end.interval,
                    ..Row::default()
                });
            }
        }
    }

    pub fn curves(&mut self, chart: &Curves) {
        for series in &chart.series {
            for point in &series.points {
                self.row(Row {
                    panel: &chart.heading,
                    series: &series.label,
                    element: "exceedance",
                    x: number(point.value),
                    value: Some(point.chance),
                    interval: point.interval,
                    ..Row::default()
                });
            }
        }
    }

    pub fn heat_map(&mut self, chart: &HeatMap) {
        for row in &chart.rows {
            for (column, cell) in chart.columns.iter().zip(&row.cells) {
                self.row(Row {
                    series: &row.label,
                    element: if cell.framed { "framed cell" } else { "cell" },
                    x: column.clone(),
                    value: cell.value,
                    ..Row::default()
                });
            }
        }
    }

    /// The mix is `series` (`guarantees/loans/grants` in percent).
    pub fn ternary(&mut self, chart: &Ternary) {
        for cell in &chart.cells {
            let [left, right, upper] = cell.shares.map(|share| number((share * 1e6).round() / 1e4));
            self.row(Row {
                series: &format!("{left}/{right}/{upper}"),
                element: match (cell.value, cell.crossed, cell.dotted) {
                    (None, ..) => "hatched cell",
                    (_, true, _) => "crossed cell",
                    (_, _, true) => "dotted cell",
                    _ => "cell",
                },
                value: cell.value,
                ..Row::default()
            });
        }
    }

    pub fn scatter(&mut self, chart: &Scatter) {
        for point in &chart.points {
            self.row(Row {
                panel: &chart.y.0,
                series: point.label.as_deref().unwrap_or_default(),
                element: if point.beaten { "beaten dot" } else { "dot" },
                x: number(point.at.0),
                value: Some(point.at.1),
                interval: Some(point.intervals.1),
                ..Row::default()
            });
        }
    }

    pub fn stacked_bars(&mut self, chart: &StackedBars) {
        for row in &chart.rows {
            for part in &row.parts {
                self.row(Row {
                    series: &part.label,
                    element: "part",
                    x: safe(&row.label),
                    value: Some(part.value),
                    ..Row::default()
                });
            }
        }
    }
}

/// The shortest text that reads back as the same number; empty if there is none.
fn cell(value: Option<f64>) -> String {
    value.map(number).unwrap_or_default()
}

fn number(value: f64) -> String {
    // Adding zero folds the negative one.
    if value.is_finite() { format!("{}", value + 0.0) } else { String::new() }
}
