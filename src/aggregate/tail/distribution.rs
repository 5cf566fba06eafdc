//! The weighted values of one figure over all paths.
//!
//! The first [`EXACT_PATHS`] paths are kept as they are; errors are estimated from them.
//! Of later paths the weight is added up in the cells of [`crate::aggregate::distribution`]: within 6.2e-5 of every value
//! (values below 16,384 units exactly). Those that may be among the largest or the smallest 0.2 % of the weight are kept
//! as they are, so that the tails are exact. Half of the paths of `--tail` are tail paths and weigh little: of a
//! loss some quarter of all paths are kept. Beyond [`MOST_KEPT`] of them, which takes some four million paths, the
//! least extreme go to the cells.

use super::ranked::{Entry, Ranked};
use crate::aggregate::EXACT_PATHS;
use crate::aggregate::distribution::Cells;
use crate::engine::luck::WEIGHT_ONE;
use crate::engine::tilt::SET_PATHS;

/// Most values that either tail of a figure keeps: 16 MiB, twice that before the next pruning.
pub const MOST_KEPT: usize = 1 << 20;

/// Weighted values of one figure.
#[derive(Clone, Debug)]
pub struct WeightedDistribution {
    /// How many of the first values are kept as they are.
    most_exact: usize,
    exact: Vec<i64>,
    /// Weight by page and cell.
    pages: Vec<Option<Box<[u64]>>>,
    high: ExactTail,
    /// Of mirrored values, `!value`.
    low: ExactTail,
    paths: u64,
}

impl WeightedDistribution {
    /// For a number of paths that is not exceeded.
    pub fn for_paths(paths: u64) -> WeightedDistribution {
        WeightedDistribution::keeping(EXACT_PATHS as usize, paths)
    }

    /// The same, keeping so many of the first values (whole sets) as they are.
    fn keeping(most_exact: usize, paths: u64) -> WeightedDistribution {
        let (exact, pages) = (Vec::new(), Vec::new());
        let tail = ExactTail::for_paths(paths);
        WeightedDistribution { most_exact, exact, pages, high: tail.clone(), low: tail, paths: 0 }
    }

    /// Whether every value is kept.
    pub fn is_exact(&self) -> bool {
        self.paths <= self.exact.len() as u64
    }

    /// Adds the values of a block with the weights of its paths.
    pub fn absorb(&mut self, values: &[i64], weights: &[u64]) {
        self.paths += values.len() as u64;
        let room = self.most_exact.saturating_sub(self.exact.len()).min(values.len());
        self.exact.extend_from_slice(&values[..room]);
        for (&value, &weight) in values[room..].iter().zip(&weights[room..]) {
            if self.high.may_hold(value) {
                self.high.kept.push((value, weight));
            } else {
                self.add_below_high(value, weight);
            }
        }
        for (value, weight) in self.high.prune() {
            self.add_below_high(value, weight);
        }
        for (mirrored, weight) in self.low.prune() {
            self.add_to_cell(!mirrored, weight);
        }
    }

    /// Adds a value that is not among the largest.
    fn add_below_high(&mut self, value: i64, weight: u64) {
        if self.low.may_hold(!value) {
            self.low.kept.push((!value, weight));
        } else {
            self.add_to_cell(value, weight);
        }
    }

    fn add_to_cell(&mut self, value: i64, weight: u64) {
        if self.pages.is_empty() {
            self.pages = vec![None; Cells::PAGES];
        }
        let (page, cell) = Cells::cell(value);
        let cells =
            self.pages[page].get_or_insert_with(|| vec![0; Cells::cells_of_page(page)].into_boxed_slice());
        cells[cell] += weight;
    }

    /// All values in order; `weights` of the first paths, `sets` the sums of theirs by set.
    pub fn ranked<'s>(&self, weights: &[u64], sets: &'s [u64]) -> Ranked<'s> {
        let exact = self.exact.iter().zip(weights).enumerate().map(|(path, (&value, &weight))| Entry {
            value,
            weight,
            set: (path as u64 / SET_PATHS) as u32,
        });
        let of_many = |value: i64, weight: u64| Entry { value, weight, set: Entry::NO_SET };
        let high = self.high.kept.iter().map(|&(value, weight)| of_many(value, weight));
        let low = self.low.kept.iter().map(|&(mirrored, weight)| of_many(!mirrored, weight));
        // What is in a cell lies between the tails, and so must the middle that stands for it.
        // (Cells are empty unless both tails have dropped something.)
        let (least, most) = (!self.low.floor, self.high.floor);
        let between = move |value: i64| if least <= most { value.clamp(least, most) } else { value };
        let cells = self.pages.iter().enumerate().flat_map(|(page, cells)| {
            cells.iter().flat_map(move |cells| {
                cells
                    .iter()
                    .enumerate()
                    .filter(|(_, weight)| **weight > 0)
                    .map(move |(cell, &weight)| of_many(between(Cells::middle(page, cell)), weight))
            })
        });
        let entries = exact.chain(high).chain(low).chain(cells).collect();
        Ranked::new(entries, sets, (self.paths, self.exact.len() as u64))
    }
}

/// The largest values of the later paths, with their weights.
#[derive(Clone, Debug)]
struct ExactTail {
    /// Weight of the values that must be kept.
    enough: u64,
    kept: Vec<(i64, u64)>,
    /// Nothing smaller than this can be among the largest any more.
    floor: i64,
    /// How many may be kept before the least extreme are dropped.
    room: usize,
}

impl ExactTail {
    /// For 0.2 % of the weight of so many paths; weights add up to about their number, and 0.25 % leaves room for chance.
    fn for_paths(paths: u64) -> ExactTail {
        let enough = (paths as u128 * WEIGHT_ONE as u128 / 400) as u64;
        ExactTail { enough, kept: Vec::new(), floor: i64::MIN, room: Self::LEAST_ROOM }
    }

    const LEAST_ROOM: usize = 4_096;

    fn may_hold(&self, value: i64) -> bool {
        value >= self.floor
    }

    /// Drops what is not among the largest, if there is much of it, and hands it back.
    fn prune(&mut self) -> Vec<(i64, u64)> {
        if self.kept.len() < self.room {
            return Vec::new();
        }
        // Equal values in order of weight: the same whatever the order of blocks.
        self.kept.sort_unstable_by(|a, b| b.cmp(a));
        let mut seen = 0;
        let wanted = self.kept.iter().take_while(|(_, weight)| {
            let wanted = seen < self.enough;
            seen += weight;
            wanted
        });
        let keep = wanted.count().min(MOST_KEPT);
        if keep < self.kept.len() {
            self.floor = self.kept[..keep].last().map_or(i64::MAX, |entry| entry.0);
        }
        self.room = (2 * keep).max(Self::LEAST_ROOM);
        self.kept.split_off(keep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::{QUANTILE_PER_MILLE, SHORTFALL_PER_MILLE};
    use crate::engine::luck::WEIGHT_ONE;
    use crate::numeric::exp;

    /// Largest relative distance of the middle of a cell from a value in it.
    const CELL: f64 = 6.2e-5;

    const PATHS: usize = 60_000;
    const KEPT: usize = 12_288;

    /// Values of either sign over nine orders of magnitude, and weights of at most 2.
    fn weighted_values() -> (Vec<i64>, Vec<u64>) {
        let mut state = 9u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let value = |uniform: &mut dyn FnMut() -> f64| {
            let sign = if uniform() < 0.2 { -1.0 } else { 1.0 };
            (sign * exp(21.0 * uniform())) as i64
        };
        (0..PATHS).map(|_| (value(&mut uniform), (2.0 * uniform() * WEIGHT_ONE as f64) as u64)).unzip()
    }

    fn absorbed(mut distribution: WeightedDistribution) -> (WeightedDistribution, Vec<u64>) {
        let (values, weights) = weighted_values();
        for (values, weights) in values.chunks(1_000).zip(weights.chunks(1_000)) {
            distribution.absorb(values, weights);
        }
        (distribution, weights)
    }

    fn sums(weights: &[u64]) -> Vec<u64> {
        weights.chunks(SET_PATHS as usize).map(|set| set.iter().sum()).collect()
    }

    #[test]
    fn cells_tell_what_all_values_tell_up_to_their_width() {
        let (all, weights) = absorbed(WeightedDistribution::for_paths(PATHS as u64));
        let (celled, _) = absorbed(WeightedDistribution::keeping(KEPT, PATHS as u64));
        assert!(all.is_exact() && !celled.is_exact());
        let (all_sets, kept_sets) = (sums(&weights), sums(&weights[..KEPT]));
        let exact = all.ranked(&weights, &all_sets);
        let counted = celled.ranked(&weights[..KEPT], &kept_sets);
        assert_eq!(exact.total(), counted.total(), "no weight is lost");
        let close = |a: f64, b: f64, what: &str| {
            assert!((a - b).abs() <= CELL * a.abs().max(b.abs()), "{what}: {a} and {b}");
        };
        let [a, b] = [&exact, &counted].map(|ranked| ranked.quantiles(&QUANTILE_PER_MILLE));
        for ((a, b), level) in a.iter().zip(&b).zip(QUANTILE_PER_MILLE) {
            close(a.value as f64, b.value as f64, &format!("quantile {level}"));
        }
        // The worst 0.2 % on either side are exact.
        let ends = |ranked: &Ranked| {
            [0.0, 0.0005, 0.001, 0.0019].map(|chance| ranked.values_at(&[chance, 1.0 - chance]))
        };
        assert_eq!(ends(&exact), ends(&counted));
        assert_eq!((a[0].value, a[12].value), (b[0].value, b[12].value));
        let ([a_worst, b_worst], in_cells) =
            ([&exact, &counted].map(|ranked| ranked.shortfall(999).0), celled.pages.iter().flatten().count());
        assert!((a_worst - b_worst).abs() <= 1e-12 * a_worst.abs(), "{a_worst} and {b_worst}");
        assert!(in_cells > 0, "most values are in cells");
        // All values above these quantiles are positive: an average of them is as close as they are.
        for level in SHORTFALL_PER_MILLE {
            close(exact.shortfall(level).0, counted.shortfall(level).0, &format!("ES {level}"));
        }
        let thresholds: Vec<i64> = a.iter().rev().map(|quantile| quantile.value).collect();
        for chance in [0.3, 0.01, 0.001, 0.0] {
            close(
                exact.values_at(&[chance])[0] as f64,
                counted.values_at(&[chance])[0] as f64,
                "value at a chance",
            );
        }
        // Errors come from the kept paths, a fifth of all: the same but for their own chance .
        let [a, b] = [&exact, &counted].map(|ranked| ranked.exceedances(&thresholds));
        for (a, b) in a.iter().zip(&b).filter(|(a, _)| (0.05..0.95).contains(&a.value)) {
            let ratio = b.effective_paths / a.effective_paths;
            assert!((0.6..1.7).contains(&ratio), "{ratio}");
        }
    }
}
