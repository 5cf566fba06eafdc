//! A figure's weighted values in order: quantiles, shortfalls, shares, each with the error that the sets show.

use super::interval::{EstimatedChance, student_factor};
use crate::numeric::edgeworth::skewness_widening;

/// A value with its weight. Entries without a set stand for many paths of one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The value.
    pub value: i64,
    /// Its weight in units of 2^-36.
    pub weight: u64,
    /// Its set, counted from 0; [`Entry::NO_SET`] beyond those that errors are estimated from.
    pub set: u32,
}

impl Entry {
    /// Of no set.
    pub const NO_SET: u32 = u32::MAX;
}

/// The values of one figure, ascending.
pub struct Ranked<'s> {
    entries: Vec<Entry>,
    /// Weight of the entry and all after it.
    from_here: Vec<u64>,
    /// Weight of each set.
    sets: &'s [u64],
    /// Weight of all sets.
    sets_weight: f64,
    /// Student's factor for the spread of the sets: dear, and asked for at every quantile.
    factor: f64,
    /// Paths of all entries, and of all sets.
    paths: (f64, f64),
}

/// A quantile with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankedQuantile {
    /// The value.
    pub value: i64,
    /// Lower bound; `None` beyond the sample.
    pub low: Option<i64>,
    /// Upper bound.
    pub high: Option<i64>,
}

impl<'s> Ranked<'s> {
    /// Puts entries in order. `sets`: the weights of the sets that entries name; `paths`: how many paths the entries
    /// stand for, and how many the sets hold.
    pub fn new(mut entries: Vec<Entry>, sets: &'s [u64], paths: (u64, u64)) -> Ranked<'s> {
        sort_by_value(&mut entries);
        let mut sum = 0;
        let mut from_here: Vec<u64> = entries
            .iter()
            .rev()
            .map(|entry| {
                sum += entry.weight;
                sum
            })
            .collect();
        from_here.reverse();
        let sets_weight = sets.iter().map(|&weight| weight as f64).sum();
        let factor = student_factor(sets.len() as u64);
        Ranked { entries, from_here, sets, sets_weight, factor, paths: (paths.0 as f64, paths.1 as f64) }
    }

    /// The entries, ascending.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Weight of all entries.
    pub fn total(&self) -> u64 {
        self.from_here.first().copied().unwrap_or(0)
    }

    /// Weight of the entries from a position on.
    fn weight_from(&self, position: usize) -> u64 {
        self.from_here.get(position).copied().unwrap_or(0)
    }

    /// The largest value that at least so much of the weight reaches or exceeds: the weighted quantile from the right.
    fn value_reached_by(&self, weight: f64) -> i64 {
        let reached = self.from_here.partition_point(|&from| from as f64 > weight);
        self.entries[reached.saturating_sub(1)].value
    }

    /// The same for an exact level.
    fn quantile_value(&self, per_mille: u32) -> i64 {
        let beyond = self.total() as u128 * (1_000 - per_mille) as u128;
        let reached = self.from_here.partition_point(|&from| from as u128 * 1_000 > beyond);
        self.entries[reached.saturating_sub(1)].value
    }

    /// First position with a value above `value`.
    fn above(&self, value: i64) -> usize {
        self.entries.partition_point(|entry| entry.value <= value)
    }

    /// First position with a value of at least `value`.
    fn at_least(&self, value: i64) -> usize {
        self.entries.partition_point(|entry| entry.value < value)
    }

    /// Variance of an estimate whose influence on the sets is given: `sum I^2 / W^2`, with `G / (G-1)`, for all paths.
    fn variance(&self, influence: impl Iterator<Item = f64>) -> f64 {
        let sets = self.sets.len() as f64;
        let sum: f64 = influence.map(|part| part * part).sum();
        sum / (self.sets_weight * self.sets_weight) * sets / (sets - 1.0).max(1.0) * self.paths.1
            / self.paths.0
    }

    /// Student's factor for the spread of the sets; one set has none to widen.
    fn factor(&self) -> f64 {
        if self.sets.len() < 2 { 1.0 } else { self.factor }
    }

    /// The share of the weight from a position on, given the weight of each set from there on.
    fn chance(&self, by_set: &[f64]) -> EstimatedChance {
        let share = by_set.iter().sum::<f64>() / self.sets_weight;
        let influence = by_set.iter().zip(self.sets).map(|(&beyond, &all)| beyond - share * all as f64);
        EstimatedChance::new(share, self.variance(influence), self.factor, self.paths.0)
    }

    /// Quantiles at levels in thousandths, ascending, with their intervals.
    pub fn quantiles(&self, levels: &[u32]) -> Vec<RankedQuantile> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let mut by_set = vec![0.0; self.sets.len()];
        let mut next = self.entries.len();
        let mut add_from = |position: usize, by_set: &mut Vec<f64>| {
            for entry in &self.entries[position.min(next)..next] {
                if entry.set != Entry::NO_SET {
                    by_set[entry.set as usize] += entry.weight as f64;
                }
            }
            next = next.min(position);
        };
        let mut results: Vec<RankedQuantile> = levels
            .iter()
            .rev()
            .map(|&per_mille| {
                let value = self.quantile_value(per_mille);
                // An atom is as well known as the worse of its two edges.
                add_from(self.above(value), &mut by_set);
                let strictly = self.chance(&by_set);
                add_from(self.at_least(value), &mut by_set);
                let weakly = self.chance(&by_set);
                let effective = strictly.effective_paths.min(weakly.effective_paths);
                let tail = 1.0 - f64::from(per_mille) / 1_000.0;
                let (least, most) = EstimatedChance::bounds_around(tail, effective);
                let total = self.total() as f64;
                RankedQuantile {
                    value,
                    low: most.map(|share| self.value_reached_by(share * total).min(value)),
                    high: least.map(|share| self.value_reached_by(share * total).max(value)),
                }
            })
            .collect();
        results.reverse();
        results
    }

    /// How many independent paths would know the share beyond a quantile as well, by the path: the factor by which the
    /// variance of the quantile falls short of that of a plain run.
    pub fn gain(&self, per_mille: u32) -> f64 {
        let mut by_set = vec![0.0; self.sets.len()];
        for entry in &self.entries[self.above(self.quantile_value(per_mille))..] {
            if entry.set != Entry::NO_SET {
                by_set[entry.set as usize] += entry.weight as f64;
            }
        }
        self.chance(&by_set).effective_paths / self.paths.0
    }

    /// Effective number of paths that make the worst part of the weight: `(sum w)^2 / sum w^2` (Kish 1965), as if
    /// entries of cells weighed the same as the others in the tail.
    pub fn effective_beyond(&self, per_mille: u32) -> f64 {
        let wanted = self.total() as f64 * (1_000 - per_mille) as f64 / 1_000.0;
        let (mut sum, mut squares, mut seen) = (0.0, 0.0, 0.0);
        for entry in self.entries.iter().rev() {
            if seen >= wanted {
                break;
            }
            let weight = entry.weight as f64;
            seen += weight;
            if entry.set != Entry::NO_SET {
                sum += weight;
                squares += weight * weight;
            }
        }
        if squares > 0.0 { sum * sum / squares * self.paths.0 / self.paths.1 } else { 0.0 }
    }

    /// Expected shortfall at a level, and its standard error by the influence function `q + (L-q)^+ / (1-p)`, widened for
    /// few sets and for the skewness of what they contribute.
    pub fn shortfall(&self, per_mille: u32) -> (f64, f64) {
        let (value, influence) = self.shortfall_influence(per_mille);
        let sets = influence.len() as f64;
        let moments = [2, 3, 4].map(|power| {
            let raised = |part: f64| (1..power).fold(part, |product, _| product * part);
            influence.iter().map(|&part| raised(part)).sum::<f64>() / sets
        });
        let widening = skewness_widening(sets * self.paths.0 / self.paths.1, moments);
        (value, self.variance(influence.into_iter()).sqrt() * self.factor() * widening)
    }

    /// Expected shortfall at a level, and the influence of each set on it; influences add up to 0.
    fn shortfall_influence(&self, per_mille: u32) -> (f64, Vec<f64>) {
        let quantile = self.quantile_value(per_mille);
        let tail = (1_000 - per_mille) as f64 / 1_000.0;
        let mut excess: i128 = 0;
        let mut by_set = vec![0.0; self.sets.len()];
        for entry in &self.entries[self.above(quantile)..] {
            let part = (entry.value as i128 - quantile as i128) * entry.weight as i128;
            excess += part;
            if entry.set != Entry::NO_SET {
                by_set[entry.set as usize] += part as f64;
            }
        }
        let over = excess as f64 / (self.total() as f64 * tail);
        let known = by_set.iter().sum::<f64>() / (self.sets_weight * tail);
        let influence = by_set.iter().zip(self.sets).map(|(&part, &all)| part / tail - known * all as f64);
        (quantile as f64 + over, influence.collect())
    }

    /// The factor by which the variance of an expected shortfall falls short of that of a plain run with as many paths:
    /// that is `E[psi^2] / n` with `psi = (L-q)^+ / (1-p) - (ES - q)`, an expectation which the weighted paths know.
    pub fn shortfall_gain(&self, per_mille: u32) -> f64 {
        let quantile = self.quantile_value(per_mille) as f64;
        let tail = (1_000 - per_mille) as f64 / 1_000.0;
        let (shortfall, influence) = self.shortfall_influence(per_mille);
        let variance = self.variance(influence.into_iter());
        let squares: f64 = self
            .entries
            .iter()
            .map(|entry| {
                let excess = (entry.value as f64 - quantile).max(0.0) / tail - (shortfall - quantile);
                entry.weight as f64 * excess * excess
            })
            .sum();
        squares / self.total() as f64 / (self.paths.0 * variance)
    }

    /// Standard error of a standard deviation `deviation` around `mean`: influence `((x - mean)^2 - sd^2) / (2 sd)`.
    pub fn deviation_error(&self, mean: f64, deviation: f64) -> f64 {
        if deviation == 0.0 {
            return 0.0;
        }
        let mut by_set = vec![0.0; self.sets.len()];
        for entry in self.entries.iter().filter(|entry| entry.set != Entry::NO_SET) {
            let distance = (entry.value as f64 - mean) / deviation;
            by_set[entry.set as usize] += entry.weight as f64 * (distance * distance - 1.0);
        }
        let error = self.variance(by_set.into_iter()).sqrt();
        error * deviation / 2.0 * self.factor()
    }

    /// The chance of exceeding each of the values, which descend.
    pub fn exceedances(&self, values: &[i64]) -> Vec<EstimatedChance> {
        let mut by_set = vec![0.0; self.sets.len()];
        let mut next = self.entries.len();
        values
            .iter()
            .map(|&value| {
                let position = self.above(value);
                for entry in &self.entries[position..next] {
                    if entry.set != Entry::NO_SET {
                        by_set[entry.set as usize] += entry.weight as f64;
                    }
                }
                next = position;
                let estimate = self.chance(&by_set);
                let value = self.weight_from(position) as f64 / self.total() as f64;
                EstimatedChance { value, ..estimate }
            })
            .collect()
    }

    /// Values at chances of exceeding them, in the order asked.
    pub fn values_at(&self, chances: &[f64]) -> Vec<i64> {
        chances.iter().map(|chance| self.value_reached_by(chance * self.total() as f64)).collect()
    }
}

/// Puts entries in ascending order of value.
///
/// Values usually span little enough to share a 64-bit word with the entry's position: words sort several times
/// faster than entries, and timelines have thousands of columns to sort.
fn sort_by_value(entries: &mut Vec<Entry>) {
    let least = entries.iter().map(|entry| entry.value).min().unwrap_or(0);
    let most = entries.iter().map(|entry| entry.value).max().unwrap_or(0);
    let position_bits = usize::BITS - entries.len().leading_zeros();
    if least == most {
        return;
    }
    if least.abs_diff(most).leading_zeros() < position_bits {
        entries.sort_unstable_by_key(|entry| entry.value);
        return;
    }
    let word =
        |(position, entry): (usize, &Entry)| entry.value.abs_diff(least) << position_bits | position as u64;
    let mut words: Vec<u64> = entries.iter().enumerate().map(word).collect();
    words.sort_unstable();
    let mask = (1 << position_bits) - 1;
    *entries = words.iter().map(|word| entries[(word & mask) as usize]).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::{QUANTILE_PER_MILLE, quantile_rank};
    use crate::engine::luck::WEIGHT_ONE;
    use proptest::prelude::*;

    #[test]
    fn the_tail_of_weighted_values_is_what_a_pencil_says() {
        // Weights 1, 1, 0.5, 0.5 of 3: half of the weight lies at or above 3 with 1 to spare.
        let one = WEIGHT_ONE;
        let entries = [(1, one), (2, one), (3, one / 2), (5, one / 2)];
        let entries = entries.iter().map(|&(value, weight)| Entry { value, weight, set: 0 }).collect();
        let sets = [3 * one];
        let ranked = Ranked::new(entries, &sets, (4, 4));
        let values: Vec<i64> = ranked.quantiles(&[100, 500, 750, 900]).iter().map(|q| q.value).collect();
        // Beyond: 2.7, 1.5, 0.75 and 0.3 of weight.
        assert_eq!(values, [1, 2, 3, 5]);
        // Worst half, 1.5 of weight: 0.5 at 5, 0.5 at 3, 0.5 at 2.
        assert!((ranked.shortfall(500).0 - 10.0 / 3.0).abs() < 1e-12);
        assert!((ranked.effective_beyond(750) - 2.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn words_sort_as_values_do(
            values in proptest::collection::vec(-500i64..500, 0..80),
            extremes in proptest::collection::vec(any::<i64>(), 0..3),
        ) {
            let entry = |(set, value)| Entry { value, weight: 1, set };
            let entries: Vec<Entry> = (0u32..).zip(values.into_iter().chain(extremes)).map(entry).collect();
            let mut sorted = entries.clone();
            sort_by_value(&mut sorted);
            prop_assert!(sorted.is_sorted_by_key(|entry| entry.value));
            let by_set = |mut entries: Vec<Entry>| {
                entries.sort_unstable_by_key(|entry| entry.set);
                entries
            };
            prop_assert_eq!(by_set(sorted), entries);
        }

        #[test]
        fn equal_weights_give_plain_order_statistics(values in proptest::collection::vec(-500i64..500, 1..600)) {
            let entries = values.iter().enumerate().map(|(path, &value)| {
                Entry { value, weight: WEIGHT_ONE, set: (path / 64) as u32 }
            });
            let sets: Vec<u64> = values.chunks(64).map(|set| set.len() as u64 * WEIGHT_ONE).collect();
            let n = values.len() as u64;
            let ranked = Ranked::new(entries.collect(), &sets, (n, n));
            let mut sorted = values.clone();
            sorted.sort_unstable();
            for (quantile, per_mille) in ranked.quantiles(&QUANTILE_PER_MILLE).iter().zip(QUANTILE_PER_MILLE) {
                prop_assert_eq!(quantile.value, sorted[quantile_rank(n, per_mille) as usize - 1]);
                prop_assert!(quantile.low.is_none_or(|low| low <= quantile.value));
                prop_assert!(quantile.high.is_none_or(|high| high >= quantile.value));
            }
        }
    }
}
