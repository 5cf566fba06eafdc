//! One path figure: mean, quantiles, shortfalls, each with its error.

use super::average::Average;
use super::histogram::{Bin, CountedValues, histogram_of};
use crate::aggregate::columns::{About, Column};
use crate::aggregate::distribution::Distribution;
use crate::aggregate::moments::Moments;
use crate::aggregate::{QUANTILE_PER_MILLE, SHORTFALL_PER_MILLE, quantile_rank};
use crate::metrics::Unit;
use crate::numeric::beta::clopper_pearson;
use crate::numeric::binomial::quantile_interval_ranks;
use crate::numeric::edgeworth::skewness_widening;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::numeric::pow;
use crate::scenario::LineNumber;

/// Confidence of every interval.
pub const CONFIDENCE: f64 = 0.95;

/// Fewest paths in a tail whose mean is reported.
const FEWEST_TAIL_PATHS: u64 = 100;

/// A quantile with its distribution-free interval; a bound beyond the sample is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuantileEstimate {
    /// Level in thousandths.
    pub per_mille: u32,
    /// Value at rank `ceil(p n)`.
    pub value: i64,
    /// Lower bound of the 95 % interval.
    pub low: Option<i64>,
    /// Upper bound.
    pub high: Option<i64>,
}

impl QuantileEstimate {
    /// Standard error; `None` where the interval reaches beyond the sample.
    pub fn std_error(&self) -> Option<f64> {
        Some(quantile_error(self.low?, self.high?))
    }
}

/// Standard error of a quantile whose 95 % order-statistic interval is given: its half-width over 1.96.
pub fn quantile_error(low: i64, high: i64) -> f64 {
    (high - low) as f64 / (2.0 * HALF_WIDTH_95)
}

/// An expected shortfall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortfall {
    /// Level in thousandths.
    pub per_mille: u32,
    /// Value and standard error; `None` where fewer than 100 paths make the tail.
    pub estimate: Option<(f64, f64)>,
}

/// The chance of exceeding a value, with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExceedancePoint {
    /// The value.
    pub value: i64,
    /// Share of paths above it.
    pub probability: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Everything about one path figure, in carried units.
#[derive(Clone, Debug)]
pub struct MetricSummary {
    /// Which figure.
    pub column: Column,
    /// Count, mean, standard deviation, extremes.
    pub moments: Average,
    /// Standard error of the standard deviation, without assuming a normal law; `None` for fewer than two paths.
    pub sd_error: Option<f64>,
    /// Quantiles at the levels of MODEL.md section 9.
    pub quantiles: Vec<QuantileEstimate>,
    /// Whether every quantile is exact, or within 1e-4 of its value with exact tails.
    pub exact_quantiles: bool,
    /// Expected shortfalls, of figures that have them.
    pub shortfalls: Vec<Shortfall>,
    /// Clopper-Pearson interval of the mean, of probabilities.
    pub mean_interval: Option<(f64, f64)>,
    /// Counts in bins.
    pub histogram: Vec<Bin>,
    /// Exact weighted numbers of paths in the bins, if paths have weights; [`Bin::count`] is rounded then.
    pub weighted_counts: Option<Vec<f64>>,
    /// Chance of exceeding, of figures that have shortfalls; ascending in value.
    pub exceedance: Vec<ExceedancePoint>,
}

impl MetricSummary {
    /// The line, or `None` for the whole fund.
    pub fn line(&self) -> Option<LineNumber> {
        match self.column.about {
            About::All => None,
            About::Line(number, _) => Some(number),
        }
    }

    /// The quantile at a level in thousandths, if it is one of those reported.
    pub fn quantile(&self, per_mille: u32) -> Option<&QuantileEstimate> {
        self.quantiles.iter().find(|quantile| quantile.per_mille == per_mille)
    }

    /// The expected shortfall at a level in thousandths.
    pub fn shortfall(&self, per_mille: u32) -> Option<&Shortfall> {
        self.shortfalls.iter().find(|shortfall| shortfall.per_mille == per_mille)
    }
}

impl CountedValues for Distribution {
    fn each(&self, take: impl FnMut(i64, u64)) {
        self.for_each(take);
    }
}

/// Summarises one column.
pub fn summarise_metric(column: Column, moments: &Moments, distribution: &mut Distribution) -> MetricSummary {
    let n = distribution.count();
    let quantiles = quantiles(distribution, n);
    let shortfalls = if column.metric.has_shortfall() {
        // Every shortfall level is a quantile level.
        let levels = quantiles.iter().filter(|quantile| SHORTFALL_PER_MILLE.contains(&quantile.per_mille));
        levels.map(|level| shortfall_beyond(distribution, level.per_mille, level.value)).collect()
    } else {
        Vec::new()
    };
    let exceedance = if column.metric.has_shortfall() { exceedance(distribution, n) } else { Vec::new() };
    let mean_interval = (column.metric.unit() == Unit::Probability && n > 0)
        .then(|| clopper_pearson(moments.sum() as u64, n, CONFIDENCE));
    let range = (moments.min, moments.max);
    let histogram = histogram_of(column.metric.unit(), moments.count, range, &quantiles, &*distribution);
    MetricSummary {
        column,
        moments: moments.into(),
        sd_error: standard_deviation_error(moments, distribution),
        quantiles,
        exact_quantiles: distribution.is_exact(),
        shortfalls,
        mean_interval,
        histogram,
        weighted_counts: None,
        exceedance,
    }
}

/// `sqrt((m4 - s^4) / n) / (2 s)` with the fourth central moment `m4` (Kendall and Stuart 1977, section 10.9): heavy
/// tails make a standard deviation much less certain than a normal law would.
fn standard_deviation_error(moments: &Moments, distribution: &Distribution) -> Option<f64> {
    if moments.count < 2 {
        return None;
    }
    let (mean, variance, count) = (moments.mean(), moments.variance(), moments.count as f64);
    if variance == 0.0 {
        return Some(0.0);
    }
    let mut fourth = 0.0;
    distribution.for_each(|value, weight| {
        let square = (value as f64 - mean) * (value as f64 - mean) / variance;
        fourth += square * square * weight as f64;
    });
    Some((variance * ((fourth / count - 1.0).max(0.0) / count)).sqrt() / 2.0)
}

/// The reported quantiles of `n` values, with their intervals.
pub fn quantiles(distribution: &Distribution, n: u64) -> Vec<QuantileEstimate> {
    if n == 0 {
        return Vec::new();
    }
    let bounds: Vec<(Option<u64>, Option<u64>)> = QUANTILE_PER_MILLE
        .iter()
        .map(|&per_mille| quantile_interval_ranks(n, per_mille as f64 / 1_000.0, CONFIDENCE))
        .collect();
    let ranks: Vec<u64> = QUANTILE_PER_MILLE
        .iter()
        .zip(&bounds)
        .flat_map(|(&per_mille, bound)| {
            let rank = quantile_rank(n, per_mille);
            [rank, bound.0.unwrap_or(rank), bound.1.unwrap_or(rank)]
        })
        .collect();
    let values = distribution.order_statistics(&ranks);
    QUANTILE_PER_MILLE
        .iter()
        .zip(&bounds)
        .zip(values.chunks_exact(3))
        .map(|((&per_mille, bound), values)| QuantileEstimate {
            per_mille,
            value: values[0],
            low: bound.0.map(|_| values[1]),
            high: bound.1.map(|_| values[2]),
        })
        .collect()
}

/// ES at a level: `q + sum of (L - q)^+ / ((1-p) n)`, which is the mean of the worst `(1-p) n`, the last one in part.
/// `quantile` is the value at rank `ceil(p n)`.
///
/// Its error is that of the mean of `(L - q)^+ / (1-p)`, by influence, widened for skewness
/// ([`skewness_widening`]): of a hundred values in a skewed tail, 1.96 plain errors would cover the truth in 91 to 94 %
/// of all runs. What `q` itself is wrong by has no influence of first order (the derivative of `q + E[(L-q)^+] / (1-p)` is 0).
pub fn shortfall_beyond(distribution: &Distribution, per_mille: u32, quantile: i64) -> Shortfall {
    let n = distribution.count();
    let tail_thousandths = n as u128 * (1_000 - per_mille) as u128;
    if tail_thousandths < 1_000 * FEWEST_TAIL_PATHS as u128 {
        return Shortfall { per_mille, estimate: None };
    }
    let excess = distribution.excess_over(quantile);
    let tail = tail_thousandths as f64 / 1_000.0;
    let count = n as f64;
    let level = tail / count;
    let mean = excess.sum as f64 / count;
    let [squares, cubes, fourths] =
        [excess.squares, excess.cubes, excess.fourth_powers].map(|sum| sum / count);
    let variance = (squares - mean * mean).max(0.0);
    let third = cubes - mean * (3.0 * squares - 2.0 * mean * mean);
    let fourth = fourths - mean * (4.0 * cubes - mean * (6.0 * squares - 3.0 * mean * mean));
    let error = (variance / count).sqrt() / level * skewness_widening(count, [variance, third, fourth]);
    Shortfall { per_mille, estimate: Some((quantile as f64 + excess.sum as f64 / tail, error)) }
}

/// Points of the exceedance curve, evenly spaced in the logarithm of the chance.
fn exceedance(distribution: &mut Distribution, n: u64) -> Vec<ExceedancePoint> {
    const POINTS: u32 = 90;
    let mut counts: Vec<u64> = (0..=POINTS)
        .map(|step| pow(n as f64, 1.0 - f64::from(step) / f64::from(POINTS)).round() as u64)
        .filter(|&count| count < n)
        .collect();
    counts.dedup();
    let ranks: Vec<u64> = counts.iter().map(|count| n - count).collect();
    let values = distribution.order_statistics(&ranks);
    // Equal values: the last rank tells how many paths are above.
    let mut points: Vec<ExceedancePoint> = Vec::new();
    for (&count, &value) in counts.iter().zip(&values) {
        if points.last().is_some_and(|last| last.value == value) {
            points.pop();
        }
        let (low, high) = clopper_pearson(count, n, CONFIDENCE);
        points.push(ExceedancePoint { value, probability: count as f64 / n as f64, low, high });
    }
    points
}
