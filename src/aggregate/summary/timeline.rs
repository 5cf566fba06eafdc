//! Timelines: mean over all paths and quantiles over the first ones, quarter by quarter.

use super::average::Average;
use super::metric::{CONFIDENCE, quantile_error};
use crate::aggregate::moments::Moments;
use crate::aggregate::selection::order_statistics;
use crate::aggregate::timeline::{Series, TimelineLayout};
use crate::aggregate::timeline_codec::{ChunkReader, TimelineStream};
use crate::aggregate::timeline_lanes::{SeriesReader, gather, inputs};
use crate::aggregate::{QUANTILE_PER_MILLE, quantile_rank};
use crate::numeric::binomial::quantile_interval_ranks;
use rayon::prelude::*;

/// Values with their standard errors, where these are known.
pub type Quantiles = Vec<(i64, Option<f64>)>;

/// A series at the end of one quarter, in carried units.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelinePoint {
    /// Mean, error and spread over all paths on which the figure exists.
    pub moments: Average,
    /// Value and standard error of each quantile of [`QUANTILE_PER_MILLE`]; empty if the figure exists on no path.
    /// The error is [`quantile_error`]; `None` where the interval reaches beyond the sample.
    pub quantiles: Quantiles,
}

/// A series over all quarters.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesSummary {
    /// Which series.
    pub series: Series,
    /// Quarter by quarter.
    pub points: Vec<TimelinePoint>,
    /// The first paths (`SAMPLE_PATHS`), quarter by quarter in carried units, `None` where the figure does not exist: what
    /// single futures look like. None of weighted paths, of which the first are not like the others.
    pub samples: Vec<Vec<Option<i64>>>,
}

/// How many paths are shown one by one: always the first, so that they are the same on any threads, and in every scenario
/// of the same seed the same applicants with the same luck.
pub const SAMPLE_PATHS: usize = 5;

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

    fn quantiles(&self, values: &[i64]) -> Quantiles {
        let found = order_statistics(&[values], &self.all);
        let at = |rank: usize| found[self.all.partition_point(|&other| other < rank)];
        self.wanted
            .iter()
            .map(|&(rank, bounds)| {
                let error = bounds.map(|(low, high)| quantile_error(at(low), at(high)));
                (at(rank), error)
            })
            .collect()
    }
}

/// The first paths of each series.
fn first_paths(layout: &TimelineLayout, streams: &[TimelineStream]) -> Vec<Vec<Vec<Option<i64>>>> {
    let Some(mut chunk) = streams.first().and_then(|stream| stream.readers().into_iter().next()) else {
        return vec![Vec::new(); layout.series().len()];
    };
    let mut samples = vec![vec![Vec::new(); chunk.paths.min(SAMPLE_PATHS)]; layout.series().len()];
    let mut reader = SeriesReader::new(layout, chunk.paths);
    for _ in 0..layout.quarters() {
        reader.read(chunk.next_quarter());
        for (paths, series) in samples.iter_mut().zip(reader.series()) {
            for (lane, path) in paths.iter_mut().enumerate() {
                path.push((series.exists >> lane & 1 == 1).then_some(series.values[lane]));
            }
        }
    }
    samples
}

/// Summarises the timelines of a run from the moments of all paths and the streams of the first ones.
///
/// Quarter by quarter all chunks read one row; then each series that has moved gathers its values from the rows and takes
/// its quantiles while they are in the cache: only the rows and one series a thread are in memory at once.
pub fn summarise_timeline(
    layout: &TimelineLayout,
    moments: &[Moments],
    streams: &[TimelineStream],
) -> Vec<SeriesSummary> {
    let count = layout.series().len();
    let mut summaries: Vec<SeriesSummary> = layout
        .series()
        .iter()
        .zip(first_paths(layout, streams))
        .map(|(&series, samples)| SeriesSummary {
            series,
            points: Vec::with_capacity(layout.quarters()),
            samples,
        })
        .collect();
    let mut chunks: Vec<ChunkReader> = streams.iter().flat_map(TimelineStream::readers).collect();
    let paths = chunks.iter().map(|chunk| chunk.paths).sum();
    // Most figures exist on every path.
    let ranks_of_all = (paths > 0).then(|| Ranks::of(paths as u64));
    let quantiles_of = |values: &[i64]| match &ranks_of_all {
        Some(ranks) if values.len() == paths => ranks.quantiles(values),
        _ if values.is_empty() => Vec::new(),
        _ => Ranks::of(values.len() as u64).quantiles(values),
    };
    for quarter in 0..layout.quarters() {
        let moved = chunks.par_iter_mut().map(ChunkReader::read).reduce(|| 0, |one, other| one | other);
        let quantiles: Vec<Option<Quantiles>> = layout
            .series()
            .par_iter()
            .map_init(
                || Vec::with_capacity(paths),
                |values, &series| {
                    // What has not changed on any path has the quantiles of the quarter before.
                    if quarter > 0 && inputs(series) & moved == 0 {
                        return None;
                    }
                    values.clear();
                    gather(layout, series, chunks.iter().map(|chunk| (chunk.row(), chunk.paths)), values);
                    Some(quantiles_of(values))
                },
            )
            .collect();
        for (position, (summary, quantiles)) in summaries.iter_mut().zip(quantiles).enumerate() {
            let moments = Average::from(&moments[quarter * count + position]);
            let quantiles = quantiles
                .or_else(|| summary.points.last().map(|point| point.quantiles.clone()))
                .unwrap_or_default();
            summary.points.push(TimelinePoint { moments, quantiles });
        }
    }
    summaries
}
