//! The tables of the Region's books; their columns are those of [`super::shapes`].

use super::milestones::verdict;
use super::shapes;
use crate::aggregate::level_name;
use crate::aggregate::summary::QuantileEstimate;
use crate::books::outcomes::{OUTCOME_ONE, Part, Price, Reach};
use crate::books::summary::Spread;
use crate::books::{RegionBooks, absorption::Measure};
use crate::metrics::Unit;
use crate::plan::Plan;
use crate::report::OutputFile;
use crate::report::limits::Verdict;
use crate::report::number_text::{cell, fixed, statistic, value};
use crate::report::table_shape::TableShape;
use crate::report::tables::Table;
use crate::scenario::{LineNumber, OUTCOME_PREFIX, Scenario};
use crate::spreadsheet::safe;

/// The levels of the yearly report: a 90 % band.
const BAND: [u32; 2] = [50, 950];

/// All tables of the books.
pub fn region_tables(scenario: &Scenario, plan: &Plan, books: &RegionBooks) -> Vec<OutputFile> {
    let file = |shape: &TableShape, text: String| OutputFile::text(shape.file, text);
    let mut files = Vec::new();
    if !books.annual.is_empty() {
        files.push(file(&shapes::ANNUAL_REPORT, annual_report_csv(books)));
    }
    files.push(file(&shapes::ABSORPTION, absorption_csv(plan, books)));
    if !books.milestones.is_empty() {
        files.push(file(&shapes::MILESTONES, milestones_csv(scenario, plan, books)));
    }
    files.push(file(&shapes::SUBSIDY_COST, subsidy_cost_csv(books)));
    if !books.outcome_terms.is_empty() {
        files.push(file(&shapes::OUTCOMES, outcomes_csv(books)));
    }
    files
}

/// Hands a figure's statistics to `row`: name, value, standard error.
fn statistics(
    unit: Unit,
    spread: &Spread,
    levels: impl Fn(u32) -> bool,
    mut row: impl FnMut(&str, &str, &str),
) {
    let moments = &spread.moments;
    row("mean", &statistic(unit, moments.mean()), &cell(unit, spread.std_error()));
    for quantile in spread.quantiles.iter().filter(|quantile| levels(quantile.per_mille)) {
        let name = format!("q{}", level_name(quantile.per_mille));
        row(&name, &value(unit, quantile.value), &cell(unit, quantile.std_error()));
    }
}

/// `annual-report.csv`
pub fn annual_report_csv(books: &RegionBooks) -> String {
    let mut table = Table::new(&shapes::ANNUAL_REPORT.header());
    for (column, spread) in &books.annual {
        let unit = column.item.unit();
        let year = column.year.to_string();
        statistics(
            unit,
            spread,
            |level| BAND.contains(&level),
            |name, value, error| {
                let (item, field) = (column.item.id(), column.item.field());
                table.row(&[&year, item, field, column.basis.word(), unit.word(), name, value, error]);
            },
        );
    }
    table.into_text()
}

/// `absorption.csv`
pub fn absorption_csv(plan: &Plan, books: &RegionBooks) -> String {
    let mut table = Table::new(&shapes::ABSORPTION.header());
    for (measure, points) in &books.absorption {
        for (quarter, spread) in points.iter().enumerate() {
            let (number, label) = (quarter.to_string(), plan.start.plus(quarter as u32).to_string());
            statistics(
                Unit::Ratio,
                spread,
                |_| true,
                |name, value, error| {
                    table.row(&[&number, &label, measure.id(), name, value, error]);
                },
            );
        }
    }
    table.into_text()
}

/// `milestones.csv`
pub fn milestones_csv(scenario: &Scenario, plan: &Plan, books: &RegionBooks) -> String {
    let mut table = Table::new(&shapes::MILESTONES.header());
    let disbursed = books.absorption.iter().find(|(measure, _)| *measure == Measure::Disbursed);
    for (position, figure) in books.milestones.iter().enumerate() {
        let milestone = &figure.milestone;
        let share = milestone.min_disbursed.to_f64() / plan.endowment.to_f64();
        let mean = disbursed.map(|(_, points)| points[milestone.quarter as usize].moments.mean());
        let most = milestone.max_probability.map(|most| fixed(most.to_f64(), 9));
        table.row(&[
            (position + 1).to_string(),
            milestone.quarter.to_string(),
            scenario.fund.start.plus(milestone.quarter).to_string(),
            milestone.min_disbursed.to_string(),
            fixed(share, 9),
            cell(Unit::Ratio, mean),
            fixed(figure.probability, 9),
            fixed(figure.low, 9),
            fixed(figure.high, 9),
            most.unwrap_or_default(),
            verdict(figure).map_or("", Verdict::word).to_string(),
        ]);
    }
    table.into_text()
}

/// `subsidy-cost.csv`
pub fn subsidy_cost_csv(books: &RegionBooks) -> String {
    let mut table = Table::new(&shapes::SUBSIDY_COST.header());
    let parts = books.subsidy.iter().map(|(part, spread)| (part.id(), spread));
    for (part, spread) in parts.chain([("subsidy_cost", &books.subsidy_cost)]) {
        let unit = Unit::Euro;
        statistics(
            unit,
            spread,
            |_| true,
            |name, value, error| {
                table.row(&[part, unit.word(), name, value, error]);
            },
        );
        for (name, extreme) in [("min", spread.moments.min), ("max", spread.moments.max)] {
            table.row(&[part, unit.word(), name, &value(unit, extreme), ""]);
        }
    }
    table.into_text()
}

/// `outcomes.csv`
pub fn outcomes_csv(books: &RegionBooks) -> String {
    let mut table = Table::new(&shapes::OUTCOMES.header());
    let shown = |carried: f64| fixed(carried / OUTCOME_ONE, 6);
    for (column, spread) in &books.outcomes {
        let terms = &books.outcome_terms[column.outcome];
        let measure = match column.reach {
            Reach::Completed => "completed",
            Reach::Supported => "supported",
        };
        let (line, theme) = match column.part {
            Part::All => ("all", "all"),
            Part::Line(number, _) => (number.word(), "all"),
            Part::Theme(theme, _) => ("all", theme.word()),
        };
        let (metric, unit) = (format!("{OUTCOME_PREFIX}{}", terms.name), safe(&terms.unit));
        let mut row = |name: &str, value: String, error: String| {
            table.row(&[metric.as_str(), measure, line, theme, &unit, name, &value, &error]);
        };
        let error = |error: Option<f64>| error.map_or(String::new(), shown);
        row("mean", shown(spread.moments.mean()), error(spread.std_error()));
        row("min", shown(spread.moments.min as f64), String::new());
        row("max", shown(spread.moments.max as f64), String::new());
        for quantile in &spread.quantiles {
            let name = format!("q{}", level_name(quantile.per_mille));
            row(&name, shown(quantile.value as f64), error(QuantileEstimate::std_error(quantile)));
        }
    }
    for ratio in &books.outcome_ratios {
        let terms = &books.outcome_terms[ratio.outcome];
        let measure = match ratio.price {
            Price::Lost => "per_million_lost",
            Price::Spent => "per_million_spent",
        };
        let text = |number: Option<f64>| number.map_or(String::new(), |number| fixed(number, 6));
        table.row(&[
            &format!("{OUTCOME_PREFIX}{}", terms.name),
            measure,
            "all",
            "all",
            &safe(&terms.unit),
            "mean",
            &text(ratio.per_million.map(|(value, _)| value)),
            &text(ratio.per_million.map(|(_, error)| error)),
        ]);
    }
    table.into_text()
}

/// The rows of `summary.csv`: what completed investments bring, of the fund and its lines.
pub(in crate::report) fn summary_rows(books: &RegionBooks, table: &mut Table) {
    for (terms, line, spread) in books.completed_outcomes() {
        let moments = &spread.moments;
        let known = moments.count > 1;
        let metric = format!("{OUTCOME_PREFIX}{}", terms.name);
        let units = |carried: f64| fixed(carried / OUTCOME_ONE, 6);
        let mut row = |name: &str, value: String, error: Option<f64>| {
            let line = line.map_or("all", LineNumber::word);
            table.row(&[
                metric.as_str(),
                line,
                Unit::Count.word(),
                name,
                &value,
                &error.map_or(String::new(), units),
            ]);
        };
        row("mean", units(moments.mean()), spread.std_error());
        row("sd", if known { units(moments.standard_deviation()) } else { String::new() }, None);
        row("min", units(moments.min as f64), None);
        row("max", units(moments.max as f64), None);
        for quantile in &spread.quantiles {
            let name = format!("q{}", level_name(quantile.per_mille));
            row(&name, units(quantile.value as f64), quantile.std_error());
            let bound = |bound: Option<i64>| bound.map_or(String::new(), |bound| units(bound as f64));
            row(&format!("{name}_low"), bound(quantile.low), None);
            row(&format!("{name}_high"), bound(quantile.high), None);
        }
    }
}
