//! A measure of one scenario, with everything that comparisons need of it.

use super::difference::Estimate;
use super::figure_table::FigureTable;
use super::influence::{Influence, influence, quantile_interval};
use super::measure::Measure;
use crate::aggregate::summary::natural;
use crate::metrics::Unit;
use crate::numeric::beta::clopper_pearson;
use crate::plan::Plan;
use crate::scenario::LimitStatistic;

/// Confidence of the intervals.
const CONFIDENCE: f64 = 0.95;

/// A number with its error, its interval and the influence of every path.
#[derive(Clone, Debug)]
pub struct Measured {
    /// In carried units.
    pub influence: Influence,
    /// In natural units.
    pub estimate: Estimate,
    /// 95 % interval in natural units; Clopper-Pearson for chances, order statistics for quantiles: those of a run.
    pub interval: (f64, f64),
}

/// A measure of a scenario; `None` where it does not exist, was not kept, or too few paths make the tail.
pub fn measured(plan: &Plan, table: &FigureTable, measure: Measure) -> Option<Measured> {
    let values = table.column(measure.column(plan)?)?;
    let unit = measure.metric.unit();
    let influence = influence(values, measure.statistic)?;
    let estimate =
        Estimate { value: natural(unit, influence.value), std_error: natural(unit, influence.std_error()) };
    let interval = match (unit, measure.statistic) {
        (Unit::Probability, LimitStatistic::Mean) => {
            clopper_pearson(values.iter().sum::<i64>() as u64, values.len() as u64, CONFIDENCE)
        }
        _ => match quantile_interval(values, measure.statistic) {
            Some((low, high)) => (natural(unit, low as f64), natural(unit, high as f64)),
            None => estimate.interval(),
        },
    };
    Some(Measured { influence, estimate, interval })
}
