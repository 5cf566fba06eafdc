//! Whether the results keep the scenario's promises (`[[limit]]`), judged by the 95 % interval of the statistic.

use crate::aggregate::summary::{MetricSummary, Summary, natural};
use crate::metrics::Unit;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::scenario::{Limit, LimitStatistic, Scenario};
use crate::units::{Share, nearest_f64};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// So many paths with one and the same value settle a mean: what differs has a chance below 0.3 % (95 % confidence).
pub const FEWEST_EQUAL_PATHS: u64 = 1_000;

/// How a promise fares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The whole interval keeps it.
    Kept,
    /// The whole interval breaks it.
    Broken,
    /// The interval lies across the limit, or the statistic could not be estimated.
    NotSettled,
}

impl Verdict {
    /// The word in machine files.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Kept => "kept",
            Verdict::Broken => "broken",
            Verdict::NotSettled => "not settled",
        }
    }
}

/// A promise with what the results say of it, in natural units.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitResult {
    /// The promise.
    pub limit: Limit,
    /// The statistic, if it could be estimated.
    pub value: Option<f64>,
    /// Lower bound of its 95 % interval; `None` if it lies beyond the sample.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
    /// How it fares.
    pub verdict: Verdict,
}

/// The word of a statistic as scenario files write it.
pub fn statistic_word(statistic: LimitStatistic) -> String {
    let percent = |share: Share| (share.decimal() * Decimal::ONE_HUNDRED).normalize();
    match statistic {
        LimitStatistic::Mean => "mean".to_string(),
        LimitStatistic::StandardDeviation => "sd".to_string(),
        LimitStatistic::Quantile(level) => format!("{}%", percent(level)),
        LimitStatistic::ExpectedShortfall(level) => format!("es {}%", percent(level)),
    }
}

/// Judges all promises of a scenario.
pub fn judge(scenario: &Scenario, summary: &Summary) -> Vec<LimitResult> {
    judge_limits(&scenario.limits, summary)
}

/// Judges promises, whosever they are; of a line that the scenario does not have they cannot be settled.
pub fn judge_limits(limits: &[Limit], summary: &Summary) -> Vec<LimitResult> {
    limits
        .iter()
        .map(|limit| {
            let estimate =
                summary.metric(limit.metric, limit.line).and_then(|metric| estimate(metric, limit.statistic));
            let Some((value, low, high)) = estimate else {
                let limit = limit.clone();
                return LimitResult {
                    limit,
                    value: None,
                    low: None,
                    high: None,
                    verdict: Verdict::NotSettled,
                };
            };
            let (lowest, highest) = (low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY));
            let verdict = judge_interval(limit, lowest, highest);
            LimitResult { limit: limit.clone(), value: Some(value), low, high, verdict }
        })
        .collect()
}

/// How a promise fares whose statistic has the 95 % interval from `low` to `high`.
pub fn judge_interval(limit: &Limit, low: f64, high: f64) -> Verdict {
    judge_bounds([limit.min, limit.max], low, high)
}

/// How a promise with a least and a most fares whose statistic has the 95 % interval from `low` to `high`.
pub fn judge_bounds([min, max]: [Option<Decimal>; 2], low: f64, high: f64) -> Verdict {
    let min = min.map_or(f64::NEG_INFINITY, nearest_f64);
    let max = max.map_or(f64::INFINITY, nearest_f64);
    if low >= min && high <= max {
        Verdict::Kept
    } else if high < min || low > max {
        Verdict::Broken
    } else {
        Verdict::NotSettled
    }
}

/// Value and 95 % interval of a statistic, in natural units; `None` where it could not be estimated.
pub(super) fn estimate(
    metric: &MetricSummary,
    statistic: LimitStatistic,
) -> Option<(f64, Option<f64>, Option<f64>)> {
    let unit = metric.column.metric.unit();
    let moments = &metric.moments;
    let per_mille = |level: Share| (level.decimal() * Decimal::ONE_THOUSAND).to_u32();
    if moments.count == 0 {
        return None;
    }
    // Few paths that all agree may have missed what happens rarely: their interval is not known.
    let settled = moments.count >= FEWEST_EQUAL_PATHS || moments.min != moments.max;
    let around = |value: f64, error: f64| {
        let bound = |sign: f64| settled.then(|| natural(unit, value + sign * HALF_WIDTH_95 * error));
        (natural(unit, value), bound(-1.0), bound(1.0))
    };
    match statistic {
        LimitStatistic::Mean => Some(match (metric.mean_interval, unit) {
            (Some((low, high)), Unit::Probability) => (moments.mean(), Some(low), Some(high)),
            _ => around(moments.mean(), moments.standard_error()),
        }),
        LimitStatistic::StandardDeviation => {
            metric.sd_error.map(|error| around(moments.standard_deviation(), error))
        }
        LimitStatistic::Quantile(level) => {
            let quantile = metric.quantile(per_mille(level)?)?;
            let in_units = |value: i64| natural(unit, value as f64);
            Some((in_units(quantile.value), quantile.low.map(in_units), quantile.high.map(in_units)))
        }
        LimitStatistic::ExpectedShortfall(level) => {
            let (value, error) = metric.shortfall(per_mille(level)?)?.estimate?;
            Some(around(value, error))
        }
    }
}
