//! Several scenarios measured on the same paths, the first one being what the others are compared with.

use super::contest::Contest;
use super::difference::{Estimate, PairedDifference};
use super::figure_table::FigureTable;
use super::influence::Influence;
use super::measure::Measure;
use super::measured::measured;
use crate::aggregate::columns::Column;
use crate::metrics::MetricId;
use crate::plan::Plan;
use crate::scenario::LimitStatistic;

/// What all scenarios of a comparison say of one measure.
#[derive(Clone, Debug)]
pub struct ComparisonRow {
    /// Which number.
    pub measure: Measure,
    /// By scenario; `None` where it does not exist or too few paths make the tail.
    pub cells: Vec<Option<ComparisonCell>>,
}

/// One scenario's number.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ComparisonCell {
    /// The number.
    pub estimate: Estimate,
    /// Its 95 % interval; Clopper-Pearson for chances.
    pub interval: (f64, f64),
    /// Against the first scenario; `None` for that one itself.
    pub against_first: Option<AgainstFirst>,
}

/// One scenario's number against the first scenario's.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct AgainstFirst {
    /// This one less the first one.
    pub paired: PairedDifference,
    /// On how many paths this one is better; `None` where no direction is.
    pub contest: Option<Contest>,
}

/// What a comparison tells of by default, beside the headline figures: what a mix costs, reaches and gives back.
pub fn measures() -> Vec<Measure> {
    let mut measures = Measure::headlines();
    let means = [
        MetricId::InvestmentSupported,
        MetricId::Projects,
        MetricId::FundLoans,
        MetricId::Guarantees,
        MetricId::Grants,
        MetricId::CallsPaid,
        MetricId::DefaultRate,
        MetricId::Absorption,
        MetricId::ClosingResources,
        MetricId::ClosingRatio,
        MetricId::SubsidyCost,
    ];
    measures.extend(means.map(|metric| Measure::of_fund(metric, LimitStatistic::Mean)));
    measures
}

/// The columns that measures need, each once, in the order of the measures.
pub fn columns_of(plan: &Plan, measures: &[Measure]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for column in measures.iter().filter_map(|measure| measure.column(plan)) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    columns
}

/// Compares scenarios on paths that all of them have: `plans` and `tables` in the same order, the first one first.
///
/// # Panics
/// If the tables are not of equally many paths.
pub fn compare(plans: &[&Plan], tables: &[FigureTable], measures: &[Measure]) -> Vec<ComparisonRow> {
    measures.iter().map(|&measure| row(plans, tables, measure)).collect()
}

fn row(plans: &[&Plan], tables: &[FigureTable], measure: Measure) -> ComparisonRow {
    let unit = measure.metric.unit();
    let mut first: Option<(&[i64], Influence)> = None;
    let mut cells = Vec::with_capacity(plans.len());
    for (position, (plan, table)) in plans.iter().zip(tables).enumerate() {
        let values = measure.column(plan).and_then(|column| table.column(column));
        let Some((values, own)) = values.zip(measured(plan, table, measure)) else {
            cells.push(None);
            continue;
        };
        let against_first = first.as_ref().map(|(of_first, influence_of_first)| AgainstFirst {
            paired: PairedDifference::of_influences(influence_of_first, &own.influence, unit),
            contest: Contest::of(of_first, values, measure.direction()),
        });
        cells.push(Some(ComparisonCell { estimate: own.estimate, interval: own.interval, against_first }));
        if position == 0 {
            first = Some((values, own.influence));
        }
    }
    ComparisonRow { measure, cells }
}
