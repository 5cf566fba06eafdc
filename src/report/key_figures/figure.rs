//! Which figures are headlines, and their intervals.

use crate::aggregate::summary::{MetricSummary, Summary};
use crate::metrics::{MetricId, Unit};
use crate::plan::Plan;
use crate::report::limits::estimate;
use crate::scenario::{LimitStatistic, LineNumber};
use crate::units::Share;
use rust_decimal::Decimal;

/// What a figure is about; the headings of the table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Topic {
    /// What can be lost.
    DefaultRisk,
    /// Finance moved per euro.
    Leverage,
    /// Demand met, guarantees honoured.
    Coverage,
    /// What it costs.
    Cost,
    /// What comes back to the Region.
    Return,
}

impl Topic {
    /// All, in the order of the table.
    pub const ALL: [Topic; 5] =
        [Topic::DefaultRisk, Topic::Leverage, Topic::Coverage, Topic::Cost, Topic::Return];

    /// The word in machine output.
    pub fn word(self) -> &'static str {
        match self {
            Topic::DefaultRisk => "default_risk",
            Topic::Leverage => "leverage",
            Topic::Coverage => "coverage",
            Topic::Cost => "cost",
            Topic::Return => "return",
        }
    }
}

/// One headline figure in natural units (euros, ratios, probabilities, counts).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeyFigure {
    /// Its topic.
    pub topic: Topic,
    /// The metric.
    pub metric: MetricId,
    /// The line; `None` for the whole fund.
    pub line: Option<LineNumber>,
    /// Which statistic of it.
    pub statistic: LimitStatistic,
    /// The value; `None` where there are too few paths.
    pub value: Option<f64>,
    /// Lower bound of the 95 % interval; `None` if it lies beyond the sample or there is none.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
}

/// The headline figures of a run. Figures of guarantees only if the fund has any.
pub(super) fn headlines(plan: &Plan, summary: &Summary) -> Vec<KeyFigure> {
    if summary.paths == 0 {
        return Vec::new();
    }
    let per_cent = |level: i64| Share::new(Decimal::new(level, 2)).expect("a share");
    let value_at_risk = LimitStatistic::Quantile(per_cent(99));
    let shortfall = LimitStatistic::ExpectedShortfall(per_cent(99));
    let mean = LimitStatistic::Mean;
    let mut wanted = vec![
        (Topic::DefaultRisk, MetricId::FundLoss, mean),
        (Topic::DefaultRisk, MetricId::FundLoss, value_at_risk),
        (Topic::DefaultRisk, MetricId::FundLoss, shortfall),
        (Topic::DefaultRisk, MetricId::DefaultRate, mean),
        (Topic::Leverage, MetricId::LeverageEffect, mean),
        (Topic::Leverage, MetricId::InvestmentMultiplier, mean),
        (Topic::Coverage, MetricId::DemandCoverage, mean),
    ];
    if plan.lines.iter().any(|line| line.has_guarantees()) {
        if plan.lines.iter().any(|line| line.has_guarantees() && line.guarantee.capped) {
            wanted.push((Topic::Coverage, MetricId::CapHit, mean));
        }
        // Not `reserve_covers`: where calls are paid from the envelope alone it is 1 by construction.
        wanted.push((Topic::Coverage, MetricId::ReserveUsage, mean));
    }
    wanted.extend([
        (Topic::Cost, MetricId::FeesPaid, mean),
        (Topic::Cost, MetricId::SubsidyCost, mean),
        (Topic::Return, MetricId::ClosingResources, mean),
        (Topic::Return, MetricId::ValueRatio, mean),
        (Topic::Return, MetricId::NeverPaidIn, mean),
        (Topic::Return, MetricId::Absorption, mean),
    ]);
    wanted
        .into_iter()
        .map(|(topic, metric, statistic)| {
            let results = summary.metric(metric, None).expect("headlines are reported for the whole fund");
            key_figure(topic, results, statistic)
        })
        .collect()
}

fn key_figure(topic: Topic, results: &MetricSummary, statistic: LimitStatistic) -> KeyFigure {
    let metric = results.column.metric;
    let (value, low, high) = match estimate(results, statistic) {
        Some((value, low, high)) => (Some(value), low, high),
        None => (None, None, None),
    };
    let within = |bound: Option<f64>| bound.map(|bound| in_range(results, statistic, bound));
    KeyFigure { topic, metric, line: results.line(), statistic, value, low: within(low), high: within(high) }
}

/// The mean of a figure that is never negative is not negative, whatever the normal law says of its interval.
fn in_range(results: &MetricSummary, statistic: LimitStatistic, bound: f64) -> f64 {
    let unit = results.column.metric.unit();
    match statistic {
        LimitStatistic::Mean if unit != Unit::Probability && results.moments.min >= 0 => bound.max(0.0),
        _ => bound,
    }
}
