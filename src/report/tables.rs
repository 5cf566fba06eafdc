//! The tidy CSV files: one figure a row, ids and levels as in MODEL.md. Their columns are those of [`super::table_shape`].

use super::number_text::{cell, fixed, natural, statistic, value};
use super::region;
use super::table_shape::{self, TableShape, path_columns};
use crate::aggregate::block::BlockOutcome;
use crate::aggregate::columns::Column;
use crate::aggregate::summary::{SeriesSummary, Summary};
use crate::aggregate::tail::block::TailBlock;
use crate::aggregate::{QUANTILE_PER_MILLE, level_name};
use crate::books::RegionBooks;
use crate::engine::luck::WEIGHT_ONE;
use crate::metrics::Unit;
use crate::plan::Plan;
use crate::scenario::LimitStatistic;
use crate::spreadsheet::safe;
use rayon::prelude::*;

pub(super) struct Table {
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    pub(super) fn shaped(shape: &TableShape) -> Table {
        Table::new(&shape.header())
    }

    pub(super) fn new(header: &[&str]) -> Table {
        let mut table = Table::without_header();
        table.row(header);
        table
    }

    fn without_header() -> Table {
        Table { writer: csv::Writer::from_writer(Vec::new()) }
    }

    pub(super) fn row<S: AsRef<[u8]>>(&mut self, cells: &[S]) {
        self.writer.write_record(cells).expect("writing to memory cannot fail");
    }

    pub(super) fn into_text(self) -> String {
        let bytes = self.writer.into_inner().expect("writing to memory cannot fail");
        String::from_utf8(bytes).expect("cells are text")
    }
}

/// The name of a statistic in tables: `mean`, `sd`, `q0.99`, `es0.99`.
pub(super) fn statistic_name(statistic: LimitStatistic) -> String {
    match statistic {
        LimitStatistic::Mean => "mean".to_string(),
        LimitStatistic::StandardDeviation => "sd".to_string(),
        LimitStatistic::Quantile(level) => format!("q{}", level.decimal().normalize()),
        LimitStatistic::ExpectedShortfall(level) => format!("es{}", level.decimal().normalize()),
    }
}

/// `summary.csv`: `metric,line,unit,statistic,value,std_error`.
///
/// The social results of the Region's books, where a run kept them, stand at the end as `outcome_NAME`.
pub fn summary_csv(summary: &Summary, books: Option<&RegionBooks>) -> String {
    let mut table = Table::shaped(&table_shape::SUMMARY);
    for metric in &summary.metrics {
        let unit = metric.column.metric.unit();
        let moments = &metric.moments;
        let known = moments.count > 1;
        let mut row = |name: &str, value: String, error: Option<f64>| {
            table.row(&[
                metric.column.metric.id(),
                metric.column.about.word(),
                unit.word(),
                name,
                &value,
                &cell(unit, error),
            ]);
        };
        row("mean", statistic(unit, moments.mean()), known.then(|| moments.standard_error()));
        if let Some((low, high)) = metric.mean_interval {
            row("mean_low", fixed(low, 9), None);
            row("mean_high", fixed(high, 9), None);
        }
        row("sd", cell(unit, known.then(|| moments.standard_deviation())), metric.sd_error);
        row("min", value(unit, moments.min), None);
        row("max", value(unit, moments.max), None);
        for quantile in &metric.quantiles {
            let name = format!("q{}", level_name(quantile.per_mille));
            row(&name, value(unit, quantile.value), quantile.std_error());
            let bound = |bound: Option<i64>| bound.map_or(String::new(), |bound| value(unit, bound));
            row(&format!("{name}_low"), bound(quantile.low), None);
            row(&format!("{name}_high"), bound(quantile.high), None);
        }
        for shortfall in &metric.shortfalls {
            let name = format!("es{}", level_name(shortfall.per_mille));
            let value = cell(unit, shortfall.estimate.map(|estimate| estimate.0));
            row(&name, value, shortfall.estimate.map(|estimate| estimate.1));
        }
    }
    if let Some(books) = books {
        region::csv::summary_rows(books, &mut table);
    }
    table.into_text()
}

/// `timeline.csv`: `quarter,label,metric,line,statistic,value,std_error`. Quarters in which a ratio exists on no path
/// have empty values.
pub fn timeline_csv(plan: &Plan, summary: &Summary) -> String {
    let header = Table::shaped(&table_shape::TIMELINE);
    let labels: Vec<(String, String)> = (0..plan.quarters)
        .map(|quarter| (quarter.to_string(), plan.start.plus(quarter).to_string()))
        .collect();
    let names = QUANTILE_PER_MILLE.map(|per_mille| format!("q{}", level_name(per_mille)));
    // The largest of the tables: series by series at once, put together in order.
    let of_series = |series: &SeriesSummary| {
        let mut table = Table::without_header();
        let unit = series.series.id.unit();
        for ((number, label), point) in labels.iter().zip(&series.points) {
            let mut row = |name: &str, value: String, error: Option<f64>| {
                table.row(&[
                    number.as_str(),
                    label,
                    series.series.id.id(),
                    series.series.about.word(),
                    name,
                    &value,
                    &cell(unit, error),
                ]);
            };
            let moments = &point.moments;
            let mean = (moments.count > 0).then(|| moments.mean());
            row("mean", cell(unit, mean), (moments.count > 1).then(|| moments.standard_error()));
            for (position, name) in names.iter().enumerate() {
                let quantile = point.quantiles.get(position);
                let text = quantile.map_or(String::new(), |quantile| value(unit, quantile.0));
                row(name, text, quantile.and_then(|quantile| quantile.1));
            }
        }
        table.into_text()
    };
    let texts: Vec<String> = summary.timeline.par_iter().map(of_series).collect();
    std::iter::once(header.into_text()).chain(texts).collect()
}

/// `histogram.csv`: `metric,line,unit,from,to,count`; a row with `from = to` counts exactly that value. With `--tail` a
/// count is the weight in the bin, on the scale of the number of paths: as many as a plain run would count on average.
pub fn histogram_csv(summary: &Summary) -> String {
    let mut table = Table::shaped(&table_shape::HISTOGRAM);
    for metric in &summary.metrics {
        let unit = metric.column.metric.unit();
        for (position, bin) in metric.histogram.iter().enumerate() {
            let weighted = metric.weighted_counts.as_ref().map(|counts| fixed(counts[position], 6));
            table.row(&[
                metric.column.metric.id(),
                metric.column.about.word(),
                unit.word(),
                &value(unit, bin.from),
                &value(unit, bin.to),
                &weighted.unwrap_or_else(|| bin.count.to_string()),
            ]);
        }
    }
    table.into_text()
}

/// `groups.csv`: `dimension,group,line,metric,unit,statistic,value,std_error`; for ratings also the lifetime default
/// probability that the PDs promise and the simulated one, over all projects of all paths.
pub fn groups_csv(summary: &Summary) -> String {
    let mut table = Table::shaped(&table_shape::GROUPS);
    for entry in &summary.groups {
        let unit = entry.metric.unit();
        let moments = &entry.moments;
        let known = moments.count > 1;
        let mut row = |name: &str, value: String, error: Option<f64>| {
            table.row(&[
                entry.group.dimension.word(),
                &safe(&entry.group.name),
                entry.group.line,
                entry.metric.id(),
                unit.word(),
                name,
                &value,
                &cell(unit, error),
            ]);
        };
        row("mean", statistic(unit, moments.mean()), known.then(|| moments.standard_error()));
        row("sd", cell(unit, known.then(|| moments.standard_deviation())), None);
        row("min", value(unit, moments.min), None);
        row("max", value(unit, moments.max), None);
    }
    for lifetime in &summary.lifetime {
        let figures =
            [("lifetime_pd_promised", lifetime.promised), ("lifetime_pd_simulated", lifetime.simulated)];
        for (metric, estimate) in figures {
            let text = |part: Option<f64>| part.map_or(String::new(), |part| fixed(part, 9));
            let (value, error) = (estimate.map(|e| e.value), estimate.map(|e| e.std_error));
            let name = safe(&lifetime.rating);
            let unit = Unit::Ratio.word();
            table.row(&["rating", &name, "all", metric, unit, "mean", &text(value), &text(error)]);
        }
    }
    table.into_text()
}

/// `contributions.csv`: `split,part,line,metric,unit,statistic,value,std_error`; for each split the values of a statistic
/// add up to the total to the cent.
pub fn contributions_csv(summary: &Summary) -> String {
    let mut table = Table::shaped(&table_shape::CONTRIBUTIONS);
    for entry in &summary.contributions {
        let mut row = |name: &str, amount: i64, error: Option<f64>| {
            table.row(&[
                entry.part.split.word(),
                &safe(&entry.part.name),
                entry.part.line,
                "fund_loss",
                Unit::Euro.word(),
                name,
                &value(Unit::Euro, amount),
                &cell(Unit::Euro, error),
            ]);
        };
        row("mean", entry.mean, entry.mean_error);
        if let Some((amount, error)) = entry.shortfall {
            row("es0.99", amount, Some(error));
        }
    }
    table.into_text()
}

/// `exact-check.csv`: `figure,line,group,unit,draw,draws,exact,simulated,std_error,z`, one compared figure a row.
pub fn exact_check_csv(summary: &Summary) -> String {
    let mut table = Table::shaped(&table_shape::EXACT_CHECK);
    for comparison in &summary.exact_check.comparisons {
        let unit = comparison.unit();
        let amount = |carried| natural(unit, comparison.natural(carried));
        table.row(&[
            comparison.figure.word(),
            comparison.line.word(),
            &safe(&comparison.group),
            unit.word(),
            comparison.figure.draw().word(),
            &comparison.draws.to_string(),
            &amount(comparison.exact),
            &amount(comparison.simulated),
            &amount(comparison.std_error),
            &fixed(comparison.z, 3),
        ]);
    }
    table.into_text()
}

/// `uncertainty.csv`: `metric,line,unit,statistic,value,low,high`.
pub fn uncertainty_csv(summary: &Summary) -> Option<String> {
    let uncertain = summary.uncertain.as_ref()?;
    let mut table = Table::shaped(&table_shape::UNCERTAINTY);
    for (metric, split) in summary.metrics.iter().zip(&uncertain.splits) {
        let Some(split) = split else { continue };
        let unit = metric.column.metric.unit();
        let mut row = |name: &str, value: String, bounds: [String; 2]| {
            let [low, high] = bounds;
            let (id, line, unit) = (metric.column.metric.id(), metric.column.about.word(), unit.word());
            table.row(&[id, line, unit, name, &value, &low, &high]);
        };
        let sd = |variance: f64| statistic(unit, variance.max(0.0).sqrt());
        let (low, high) = split.share_interval();
        row("luck_sd", sd(split.luck), Default::default());
        row("ignorance_sd", sd(split.ignorance), Default::default());
        row("ignorance_share", fixed(split.share(), 6), [fixed(low, 6), fixed(high, 6)]);
    }
    Some(table.into_text())
}

/// Header of `paths.csv`: `path`, with `--tail` its `weight`, then one column a metric, `metric.line`.
pub fn paths_csv_header(columns: &[Column], weighted: bool) -> String {
    let mut table = Table::without_header();
    let cells: Vec<String> = path_columns(columns, weighted).into_iter().map(|column| column.name).collect();
    table.row(&cells);
    table.into_text()
}

/// Rows of `paths.csv` for one block.
pub fn paths_csv_rows(columns: &[Column], block: &BlockOutcome) -> String {
    path_rows(columns, block.first_path, block.paths as usize, None, &block.columns)
}

/// Rows of `paths.csv` for one block of weighted paths; with their weights a mean over paths is
/// `sum(weight x value) / sum(weight)`. Without: all weigh the same.
pub fn weighted_paths_csv_rows(columns: &[Column], block: &TailBlock, weighted: bool) -> String {
    let weights = weighted.then_some(block.weights.as_slice());
    path_rows(columns, block.first_path, block.weights.len(), weights, &block.columns)
}

fn path_rows(
    columns: &[Column],
    first_path: u64,
    paths: usize,
    weights: Option<&[u64]>,
    figures: &[Vec<i64>],
) -> String {
    let mut text = String::new();
    for position in 0..paths {
        text.push_str(&(first_path + position as u64).to_string());
        if let Some(weights) = weights {
            text.push(',');
            text.push_str(&fixed(weights[position] as f64 / WEIGHT_ONE as f64, 12));
        }
        for (column, values) in columns.iter().zip(figures) {
            text.push(',');
            text.push_str(&value(column.metric.unit(), values[position]));
        }
        text.push('\n');
    }
    text
}
