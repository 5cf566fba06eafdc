//! Weighted figures with their errors: a [`Summary`] like that of a plain run.

use super::collector::{PathLaw, TailCollector};
use super::contributions::summarise_worst;
use super::distribution::WeightedDistribution;
use super::interval::EstimatedChance;
use super::moments::WeightedMoments;
use super::ranked::{Entry, Ranked};
use super::timeline::summarise_weighted_timeline;
use crate::aggregate::columns::{About, Column};
use crate::aggregate::exact_check::ExactCheck;
use crate::aggregate::groups::{GroupFigure, groups};
use crate::aggregate::summary::{
    Bin, CountedValues, ExceedancePoint, GroupSummary, LifetimeSummary, MetricSummary, QuantileEstimate,
    Shortfall, Summary, histogram_of,
};
use crate::aggregate::uncertain::UncertainSummary;
use crate::aggregate::uncertain::split::SplitSums;
use crate::aggregate::{QUANTILE_PER_MILLE, SHORTFALL_PER_MILLE};
use crate::metrics::{MetricId, Unit};
use crate::numeric::pow;
use rayon::prelude::*;

/// Fewest effective paths in a tail whose mean is reported.
const FEWEST_TAIL_PATHS: f64 = 100.0;

/// What a run says of its weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TailSummary {
    /// `(sum w)^2 / sum w^2` over all paths: so many plain paths have as even weights (Kish 1965).
    pub effective_paths: f64,
    /// The same for the paths that make the worst 1 % of the fund loss, and the worst 0.1 %.
    pub effective_worst: [f64; 2],
    /// Length of the shift of the common luck, in standard deviations; 0 if the pilot found nothing to tilt.
    pub shift: f64,
}

impl TailCollector<'_> {
    /// Finishes a run.
    pub fn summary(&mut self) -> Summary {
        let plan = self.context.plan;
        let columns = self.context.figures.columns();
        let (paths, weights, sets) = (self.paths, &self.weights, &self.sets);
        let results: Vec<(MetricSummary, [f64; 2])> = self
            .columns
            .par_iter()
            .zip(columns)
            .map(|((moments, distribution), &column)| {
                summarise_column(column, moments, distribution, paths, weights, sets)
            })
            .collect();
        let is_fund_loss = |summary: &MetricSummary| {
            (summary.column.metric, summary.column.about) == (MetricId::FundLoss, About::All)
        };
        let fund_loss = results.iter().find(|(summary, _)| is_fund_loss(summary)).expect("always reported");
        let (sum, squares) = self.weight_sums;
        let is_tilted = matches!(self.law, PathLaw::Tilted(_));
        let (mut tail, mut uncertain) = (None, None);
        match self.law {
            PathLaw::Tilted(tilt) => {
                tail = Some(TailSummary {
                    effective_paths: if squares > 0.0 { sum * sum / squares } else { 0.0 },
                    effective_worst: fund_loss.1,
                    shift: tilt.length(),
                });
            }
            PathLaw::Uncertain(_) => {
                uncertain = Some(UncertainSummary {
                    groups: self.splits.first().map_or(0, SplitSums::groups),
                    splits: self.splits.iter().map(SplitSums::split).collect(),
                });
            }
        }
        let shortfall = fund_loss.0.shortfall(990).and_then(|shortfall| shortfall.estimate);
        let contributions = summarise_worst(self, shortfall.map(|(value, _)| value));
        let groups = groups(plan).into_iter().zip(&self.groups).flat_map(|(group, averages)| {
            GroupFigure::ALL.iter().zip(averages).map(move |(figure, average)| GroupSummary {
                group: group.clone(),
                metric: figure.metric(),
                moments: average.average(paths),
            })
        });
        let lifetime =
            plan.credit.rating_names.iter().zip(&self.lifetime).map(|(rating, sums)| LifetimeSummary {
                rating: rating.clone(),
                projects: sums.projects(),
                promised: sums.promised(),
                simulated: sums.simulated(),
            });
        Summary {
            paths,
            groups: groups.collect(),
            lifetime: lifetime.collect(),
            timeline: summarise_weighted_timeline(self),
            contributions,
            metrics: results
                .into_iter()
                .map(|(summary, _)| MetricSummary {
                    // Paths that all weigh the same are counted, not weighed.
                    weighted_counts: summary.weighted_counts.filter(|_| is_tilted),
                    ..summary
                })
                .collect(),
            // Nothing is judged: the check knows figures of paths that weigh the same.
            exact_check: ExactCheck::default(),
            precision: None,
            tail,
            uncertain,
        }
    }
}

impl CountedValues for &[Entry] {
    fn each(&self, mut take: impl FnMut(i64, u64)) {
        self.iter().for_each(|entry| take(entry.value, entry.weight));
    }
}

/// Summarises one column; also the effective paths in its worst 1 % and 0.1 %.
fn summarise_column(
    column: Column,
    moments: &WeightedMoments,
    distribution: &WeightedDistribution,
    paths: u64,
    weights: &[u64],
    sets: &[u64],
) -> (MetricSummary, [f64; 2]) {
    let unit = column.metric.unit();
    let average = moments.average(paths);
    let ranked = distribution.ranked(weights, sets);
    let quantiles: Vec<QuantileEstimate> = QUANTILE_PER_MILLE
        .iter()
        .zip(ranked.quantiles(&QUANTILE_PER_MILLE))
        .map(|(&per_mille, quantile)| QuantileEstimate {
            per_mille,
            value: quantile.value,
            low: quantile.low,
            high: quantile.high,
        })
        .collect();
    let has_shortfall = column.metric.has_shortfall();
    let shortfall = |&per_mille: &u32| Shortfall {
        per_mille,
        estimate: (ranked.effective_beyond(per_mille) >= FEWEST_TAIL_PATHS)
            .then(|| ranked.shortfall(per_mille)),
    };
    let shortfalls = SHORTFALL_PER_MILLE.iter().filter(|_| has_shortfall).map(shortfall).collect();
    let mean_interval = (unit == Unit::Probability && paths > 0).then(|| {
        let variance = average.standard_error() * average.standard_error();
        EstimatedChance::of_variance(average.mean(), variance, paths as f64).interval()
    });
    let range = (average.min, average.max);
    let bins = histogram_of(unit, ranked.total(), range, &quantiles, &ranked.entries());
    let (bins, counts) = in_paths(bins, ranked.total(), paths);
    let summary = MetricSummary {
        column,
        sd_error: (paths > 1).then(|| ranked.deviation_error(average.mean(), average.standard_deviation())),
        moments: average,
        quantiles,
        exact_quantiles: distribution.is_exact(),
        shortfalls,
        mean_interval,
        histogram: bins,
        weighted_counts: Some(counts),
        exceedance: if has_shortfall { exceedance(&ranked, paths) } else { Vec::new() },
    };
    (summary, [990, 999].map(|per_mille| ranked.effective_beyond(per_mille)))
}

/// Bins whose counts are weights as numbers of paths: whole numbers that add up to all paths, and exact ones.
fn in_paths(mut bins: Vec<Bin>, total: u64, paths: u64) -> (Vec<Bin>, Vec<f64>) {
    let of_weight = |weight: u128| weight as f64 / total as f64 * paths as f64;
    let counts = bins.iter().map(|bin| of_weight(bin.count as u128)).collect();
    let (mut seen, mut before) = (0u128, 0);
    for bin in &mut bins {
        seen += bin.count as u128;
        let until = of_weight(seen).round_ties_even() as u64;
        bin.count = until - before;
        before = until;
    }
    (bins, counts)
}

/// The exceedance curve: points evenly spaced in the logarithm of the chance, down to one in the number of paths.
fn exceedance(ranked: &Ranked, paths: u64) -> Vec<ExceedancePoint> {
    const POINTS: u32 = 90;
    let chances: Vec<f64> =
        (1..=POINTS).map(|step| pow(paths as f64, -f64::from(step) / f64::from(POINTS))).collect();
    let mut values = ranked.values_at(&chances);
    values.dedup();
    values.reverse();
    let mut points: Vec<ExceedancePoint> = values
        .iter()
        .zip(ranked.exceedances(&values))
        .map(|(&value, chance)| {
            let (low, high) = chance.interval();
            ExceedancePoint { value, probability: chance.value, low, high }
        })
        .collect();
    points.reverse();
    points
}
