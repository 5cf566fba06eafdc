//! Timelines of weighted paths: means over all of them, quantiles over the first ones, quarter by quarter.

use super::collector::TailCollector;
use super::ranked::{Entry, Ranked};
use crate::aggregate::QUANTILE_PER_MILLE;
use crate::aggregate::summary::{SeriesSummary, TimelinePoint, quantile_error};
use crate::aggregate::timeline_codec::ChunkReader;
use crate::aggregate::timeline_lanes::{SeriesLanes, SeriesReader};
use crate::engine::tilt::SET_PATHS;
use rayon::prelude::*;

/// Summarises the timelines of a run.
pub fn summarise_weighted_timeline<'a>(collector: &'a TailCollector) -> Vec<SeriesSummary> {
    let layout = &collector.context.timeline;
    let count = layout.series().len();
    let mut summaries: Vec<SeriesSummary> = layout
        .series()
        .iter()
        .map(|&series| SeriesSummary {
            series,
            points: Vec::with_capacity(layout.quarters()),
            samples: Vec::new(),
        })
        .collect();
    let with_series = |chunk: ChunkReader<'a>| {
        let series = SeriesReader::new(layout, chunk.paths);
        (chunk, series)
    };
    let mut readers: Vec<Vec<_>> = collector
        .streams
        .iter()
        .map(|stream| stream.readers().into_iter().map(with_series).collect())
        .collect();
    for quarter in 0..layout.quarters() {
        // One quarter of all paths, block by block, then series by series; `None` where a ratio has no meaning.
        let blocks: Vec<Vec<Vec<Option<i64>>>> = readers
            .par_iter_mut()
            .map(|chunks| {
                let mut columns = vec![Vec::new(); count];
                for (chunk, series) in chunks {
                    series.read(chunk.next_quarter());
                    for (column, SeriesLanes { values, exists }) in columns.iter_mut().zip(series.series()) {
                        let present = |lane: usize| (exists >> lane & 1 == 1).then_some(values[lane]);
                        column.extend((0..chunk.paths).map(present));
                    }
                }
                columns
            })
            .collect();
        let quantiles: Vec<Vec<(i64, Option<f64>)>> = (0..count)
            .into_par_iter()
            .map(|position| {
                let values = blocks.iter().flat_map(|block| &block[position]).copied();
                quantiles(values, &collector.weights)
            })
            .collect();
        for (position, (summary, quantiles)) in summaries.iter_mut().zip(quantiles).enumerate() {
            let moments = collector.timeline[quarter * count + position].average(collector.paths);
            summary.points.push(TimelinePoint { moments, quantiles });
        }
    }
    summaries
}

/// Weighted quantiles, with their errors, of the values that there are.
fn quantiles(values: impl Iterator<Item = Option<i64>>, weights: &[u64]) -> Vec<(i64, Option<f64>)> {
    let mut entries = Vec::new();
    let mut sets = Vec::new();
    let mut paths = 0;
    for (path, (value, &weight)) in values.zip(weights).enumerate() {
        let set = path / SET_PATHS as usize;
        sets.resize(set + 1, 0);
        if let Some(value) = value {
            sets[set] += weight;
            paths += 1;
            entries.push(Entry { value, weight, set: set as u32 });
        }
    }
    Ranked::new(entries, &sets, (paths, paths))
        .quantiles(&QUANTILE_PER_MILLE)
        .iter()
        .map(|quantile| {
            let error = quantile.low.zip(quantile.high).map(|(low, high)| quantile_error(low, high));
            (quantile.value, error)
        })
        .collect()
}
