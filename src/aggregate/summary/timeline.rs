//! Timelines: mean over all paths and quantiles over the first ones, quarter by quarter.

use super::average::Average;
use super::metric::{CONFIDENCE, quantile_error};
use crate::aggregate::moments::Moments;
use crate::aggregate::selection::order_statistics;
use crate::aggregate::timeline::{Series, TimelineLayout};
use crate::aggregate::timeline_codec::{ChunkReader, TimelineStream};
use crate::aggregate::timeline_lanes::SeriesInputs;
use crate::aggregate::{QUANTILE_PER_MILLE, quantile_rank};
use crate::engine::chunk::CHUNK_PATHS;
use crate::numeric::binomial::quantile_interval_ranks;
use rayon::prelude::*;
use std::collections::BTreeMap;

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

    fn quantiles(&self, pieces: &[&[i64]]) -> Quantiles {
        let found = order_statistics(pieces, &self.all);
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
    let inputs = SeriesInputs::new(layout);
    let mut blocks: Vec<BlockReader> =
        streams.par_iter().map(|stream| BlockReader::new(&inputs, count, stream)).collect();
    let mut ranks_by_count: BTreeMap<usize, Ranks> = BTreeMap::new();
    for quarter in 0..layout.quarters() {
        blocks.par_iter_mut().for_each(BlockReader::next_quarter);
        let changed = blocks.iter().fold(0, |changed, block| changed | block.changed);
        for position in 0..count {
            let values: usize = blocks.iter().map(|block| block.columns[position].values().len()).sum();
            if values > 0 {
                ranks_by_count.entry(values).or_insert_with(|| Ranks::of(values as u64));
            }
        }
        let ranks = &ranks_by_count;
        let quantiles: Vec<Option<Quantiles>> = (0..count)
            .into_par_iter()
            .map(|position| {
                // What has not changed on any path has the quantiles of the quarter before.
                if changed >> position & 1 == 0 {
                    return None;
                }
                let pieces: Vec<&[i64]> =
                    blocks.iter().map(|block| block.columns[position].values()).collect();
                let values: usize = pieces.iter().map(|piece| piece.len()).sum();
                Some(ranks.get(&values).map_or(Vec::new(), |ranks| ranks.quantiles(&pieces)))
            })
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

/// Values of a series in the quarter last read, on the paths of a block.
#[derive(Clone, Default)]
struct Column {
    /// Path after path; anything where the figure does not exist.
    values: Vec<i64>,
    /// Chunk after chunk, bit by bit: the paths on which the figure exists.
    exists: Vec<u64>,
    /// The values that exist, if some do not.
    existing: Option<Vec<i64>>,
}

impl Column {
    fn values(&self) -> &[i64] {
        self.existing.as_ref().unwrap_or(&self.values)
    }

    /// Gathers the values that exist.
    fn gather(&mut self) {
        let Column { values, exists, existing } = self;
        let count: u32 = exists.iter().map(|exists| exists.count_ones()).sum();
        if count as usize == values.len() {
            *existing = None;
            return;
        }
        let gathered = existing.get_or_insert_default();
        gathered.clear();
        for (values, exists) in values.chunks(CHUNK_PATHS).zip(exists.iter()) {
            if exists.count_ones() as usize == values.len() {
                gathered.extend_from_slice(values);
            } else {
                let present = values.iter().enumerate().filter(|(lane, _)| exists >> lane & 1 == 1);
                gathered.extend(present.map(|(_, value)| value));
            }
        }
    }
}

/// Reads the series of a block forward, all its paths in step.
///
/// A run has as many of these as blocks, and goes through all of them quarter by quarter: what they keep is what must
/// be fetched from far memory in every quarter, so a value is kept once, in its column.
struct BlockReader<'a> {
    chunks: Vec<ChunkReader<'a>>,
    inputs: &'a SeriesInputs<'a>,
    /// By series.
    columns: Vec<Column>,
    /// Which series changed on some path, bit by bit.
    changed: u64,
    started: bool,
}

impl<'a> BlockReader<'a> {
    fn new(inputs: &'a SeriesInputs<'a>, series: usize, stream: &'a TimelineStream) -> Self {
        let chunks = stream.readers();
        let paths = chunks.iter().map(|chunk| chunk.paths).sum();
        let column = Column { values: vec![0; paths], exists: vec![0; chunks.len()], existing: None };
        BlockReader { chunks, inputs, columns: vec![column; series], changed: 0, started: false }
    }

    fn next_quarter(&mut self) {
        let BlockReader { chunks, inputs, columns, .. } = self;
        let mut changed = 0;
        let mut first = 0;
        for (number, chunk) in chunks.iter_mut().enumerate() {
            // In the first quarter everything is new, even what is 0.
            let moved = if self.started { chunk.read() } else { chunk.read() | u32::MAX };
            let place = first..first + chunk.paths;
            first = place.end;
            inputs.compute(chunk.row(), moved, chunk.paths, |position, series| {
                changed |= 1 << position;
                let column = &mut columns[position];
                column.values[place.clone()].copy_from_slice(&series.values[..place.len()]);
                column.exists[number] = series.exists;
            });
        }
        for (position, column) in columns.iter_mut().enumerate() {
            if changed >> position & 1 == 1 {
                column.gather();
            }
        }
        self.changed = changed;
        self.started = true;
    }
}
