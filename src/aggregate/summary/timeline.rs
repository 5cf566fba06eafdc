//! Timelines: mean over all paths and quantiles over the first ones, quarter by quarter.

use super::average::Average;
use super::metric::{CONFIDENCE, quantile_error};
use crate::aggregate::moments::Moments;
use crate::aggregate::selection::select_ranks;
use crate::aggregate::timeline::{Series, TimelineLayout};
use crate::aggregate::timeline_codec::TimelineStream;
use crate::aggregate::{QUANTILE_PER_MILLE, quantile_rank};
use crate::numeric::binomial::quantile_interval_ranks;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A series at the end of one quarter, in carried units.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelinePoint {
    /// Mean, error and spread over all paths on which the figure exists.
    pub moments: Average,
    /// Value and standard error of each quantile of [`QUANTILE_PER_MILLE`]; empty if the figure exists on no path.
    /// The error is [`quantile_error`]; `None` where the interval reaches beyond the sample.
    pub quantiles: Vec<(i64, Option<f64>)>,
}

/// A series over all quarters.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesSummary {
    /// Which series.
    pub series: Series,
    /// Quarter by quarter.
    pub points: Vec<TimelinePoint>,
}

/// Ranks of all quantiles and of their bounds, for a number of values.
struct Ranks {
    all: Vec<usize>,
    wanted: Vec<(usize, Option<(usize, usize)>)>,
}

impl Ranks {
    fn of(n: u64) -> Ranks {
        let wanted: Vec<(usize, Option<(usize, usize)>)> = QUANTILE_PER_MILLE
            .iter()
            .map(|&per_mille| {
                let rank = quantile_rank(n, per_mille) as usize - 1;
                let bounds = quantile_interval_ranks(n, f64::from(per_mille) / 1_000.0, CONFIDENCE);
                let bounds = match bounds {
                    (Some(low), Some(high)) => Some((low as usize - 1, high as usize - 1)),
                    _ => None,
                };
                (rank, bounds)
            })
            .collect();
        let mut all: Vec<usize> = wanted
            .iter()
            .flat_map(|&(rank, bounds)| {
                let (low, high) = bounds.unwrap_or((rank, rank));
                [low, rank, high]
            })
            .collect();
        all.sort_unstable();
        all.dedup();
        Ranks { all, wanted }
    }

    fn quantiles(&self, values: &mut [i64]) -> Vec<(i64, Option<f64>)> {
        select_ranks(values, &self.all);
        self.wanted
            .iter()
            .map(|&(rank, bounds)| {
                let error = bounds.map(|(low, high)| quantile_error(values[low], values[high]));
                (values[rank], error)
            })
            .collect()
    }
}

/// Summarises the timelines of a run from the moments of all paths and the streams of the first ones.
pub fn summarise_timeline(
    layout: &TimelineLayout,
    moments: &[Moments],
    streams: &[TimelineStream],
) -> Vec<SeriesSummary> {
    let count = layout.series().len();
    let mut summaries: Vec<SeriesSummary> = layout
        .series()
        .iter()
        .map(|&series| SeriesSummary { series, points: Vec::with_capacity(layout.quarters()) })
        .collect();
    let mut readers: Vec<_> = streams.iter().map(|stream| stream.reader()).collect();
    let mut ranks_by_count: BTreeMap<usize, Ranks> = BTreeMap::new();
    for quarter in 0..layout.quarters() {
        // One quarter of all paths, block by block, then series by series.
        let blocks: Vec<Vec<Vec<i64>>> = readers
            .par_iter_mut()
            .map(|reader| {
                let mut columns = vec![Vec::new(); count];
                reader.next_quarter(|row| {
                    layout.values(row, |position, value| columns[position].extend(value));
                });
                columns
            })
            .collect();
        let mut columns: Vec<Vec<i64>> = (0..count)
            .into_par_iter()
            .map(|position| blocks.iter().flat_map(|block| &block[position]).copied().collect())
            .collect();
        for column in &columns {
            if !column.is_empty() {
                ranks_by_count.entry(column.len()).or_insert_with(|| Ranks::of(column.len() as u64));
            }
        }
        let ranks = &ranks_by_count;
        let quantiles: Vec<Vec<(i64, Option<f64>)>> = columns
            .par_iter_mut()
            .map(|column| ranks.get(&column.len()).map_or(Vec::new(), |ranks| ranks.quantiles(column)))
            .collect();
        for (position, (summary, quantiles)) in summaries.iter_mut().zip(quantiles).enumerate() {
            let moments = Average::from(&moments[quarter * count + position]);
            summary.points.push(TimelinePoint { moments, quantiles });
        }
    }
    summaries
}
