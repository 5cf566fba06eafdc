//! Luck and ignorance: the variance of a figure within and between groups.
//!
//! With `G` groups of `k` paths, `m` the mean and `w` the sum of squared distances from it within a group (one-way random
//! effects, Searle, Casella and McCulloch 1992, section 3.5):
//!
//! | part | estimator |
//! | --- | --- |
//! | luck `L` | mean of `w / (k - 1)` |
//! | ignorance `I` | variance of `m` between groups (`G - 1`), less `L / k`: what luck alone would make the means differ |
//! | share of ignorance | `I / (I + L)`, the intraclass correlation |
//!
//! `I` is unbiased and can come out below 0 by chance; it is told as it came. The interval of the share is that of the
//! delta method over groups, without a normal law of the figure: the influence of a group on `I` is `(m - mean)^2 - I' -
//! (w / (k-1) - L) / k`, on `L` it is `w / (k-1) - L` (`I'` the variance of the means).

use super::GROUP_PATHS;
use crate::numeric::normal::HALF_WIDTH_95;

/// Fewest groups of which a split is told: the interval of the share rests on their fourth moments.
const FEWEST_GROUPS: u64 = 30;

/// The variance of a figure, told apart, in carried units squared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceSplit {
    /// Variance within groups.
    pub luck: f64,
    /// Variance between groups.
    pub ignorance: f64,
    /// Standard error of the share of ignorance.
    pub share_error: f64,
}

impl VarianceSplit {
    /// The share of the variance that is ignorance.
    pub fn share(&self) -> f64 {
        self.ignorance / (self.ignorance + self.luck)
    }

    /// Its 95 % interval.
    pub fn share_interval(&self) -> (f64, f64) {
        let half = HALF_WIDTH_95 * self.share_error;
        (self.share() - half, self.share() + half)
    }
}

/// Sums over the groups of one figure. Distances are taken from the first value, so that large figures keep their digits;
/// groups are added in their order, whatever the threads.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SplitSums {
    reference: Option<i64>,
    groups: u64,
    /// Powers 1 to 4 of the group's mean.
    means: [f64; 4],
    /// Powers 1 and 2 of its variance `w / (k-1)`.
    variances: [f64; 2],
    /// Variance times powers 1 and 2 of the mean.
    products: [f64; 2],
}

impl SplitSums {
    /// Adds the values of paths, from the first path of a group on; an unfinished last group does not count.
    pub fn add(&mut self, values: &[i64]) {
        for group in values.chunks_exact(GROUP_PATHS as usize) {
            let reference = *self.reference.get_or_insert(group[0]);
            let distance = |value: &i64| (*value as i128 - reference as i128) as f64;
            let size = GROUP_PATHS as f64;
            let mean = group.iter().map(distance).sum::<f64>() / size;
            let within: f64 =
                group.iter().map(|value| (distance(value) - mean) * (distance(value) - mean)).sum();
            let variance = within / (size - 1.0);
            let square = mean * mean;
            self.groups += 1;
            for (sum, power) in self.means.iter_mut().zip([mean, square, square * mean, square * square]) {
                *sum += power;
            }
            self.variances[0] += variance;
            self.variances[1] += variance * variance;
            self.products[0] += variance * mean;
            self.products[1] += variance * square;
        }
    }

    /// Whole groups added.
    pub fn groups(&self) -> u64 {
        self.groups
    }

    /// The split; `None` for fewer than 30 groups, or where nothing varies.
    pub fn split(&self) -> Option<VarianceSplit> {
        if self.groups < FEWEST_GROUPS {
            return None;
        }
        let (count, size) = (self.groups as f64, GROUP_PATHS as f64);
        let [first, second, third, fourth] = self.means.map(|sum| sum / count);
        let [luck, variance_squares] = self.variances.map(|sum| sum / count);
        let [with_mean, with_square] = self.products.map(|sum| sum / count);
        // Central moments of the means, and of means with variances.
        let spread = (second - first * first).max(0.0);
        let fourth = fourth - first * (4.0 * third - first * (6.0 * second - 3.0 * first * first));
        let joint = with_square - first * (2.0 * with_mean - first * luck);
        let between = spread * count / (count - 1.0);
        let ignorance = between - luck / size;
        let total = ignorance + luck;
        if total <= 0.0 {
            return None;
        }
        let of_spread = (fourth - spread * spread).max(0.0);
        let of_luck = (variance_squares - luck * luck).max(0.0);
        let common = joint - spread * luck;
        // d share = (L dI - I dL) / (I + L)^2 with dI = d spread - dL / k.
        let (by_spread, by_luck) = (luck, -luck / size - ignorance);
        let variance = by_spread * by_spread * of_spread
            + by_luck * by_luck * of_luck
            + 2.0 * by_spread * by_luck * common;
        let share_error = (variance.max(0.0) / count).sqrt() / (total * total);
        Some(VarianceSplit { luck, ignorance, share_error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::normal::normal_quantile;
    use crate::random::{Address, Purpose};

    fn normal(seed: u64, path: u64, index: u32) -> f64 {
        normal_quantile(Address { seed, path, purpose: Purpose::Demand, line: 0, index }.uniforms()[0])
    }

    /// Values `10^9 + 300 z_group + 400 z_path`: 36 % of their variance is between groups.
    fn sums(seed: u64, groups: u64) -> SplitSums {
        let mut sums = SplitSums::default();
        for group in 0..groups {
            let world = normal(seed, group, 0);
            let values: Vec<i64> = (1..=GROUP_PATHS as u32)
                .map(|path| (1e9 + 300.0 * world + 400.0 * normal(seed, group, path)).round() as i64)
                .collect();
            sums.add(&values);
        }
        sums
    }

    #[test]
    fn a_known_split_is_found_and_its_interval_covers_it() {
        let whole = sums(1, 20_000).split().expect("many groups");
        let (low, high) = whole.share_interval();
        // Within 3.3 errors: false alarm 1 in 1,000; the seed is fixed.
        assert!((whole.share() - 0.36).abs() < 3.3 * whole.share_error, "{low} {high}");
        assert!((whole.luck / 160_000.0 - 1.0).abs() < 0.01 && high - low < 0.02);
        let covered = (0..600)
            .filter(|&seed| {
                let split = sums(100 + seed, 200).split().expect("enough groups");
                let (low, high) = split.share_interval();
                low <= 0.36 && 0.36 <= high
            })
            .count();
        // 95 % of 600: 570 with a standard deviation of 5.3; 3.7 of them either way (1 in 5,000), and a point of bias.
        assert!((545..=590).contains(&covered), "{covered}");
    }

    #[test]
    fn luck_alone_is_no_ignorance_and_a_constant_has_no_split() {
        let mut sums = SplitSums::default();
        let values: Vec<i64> = (0..16_000).map(|path| (1e4 * normal(3, path, 0)).round() as i64).collect();
        sums.add(&values);
        let split = sums.split().expect("many groups");
        assert!(split.share().abs() < 3.3 * split.share_error, "{split:?}");
        let mut constant = SplitSums::default();
        constant.add(&[7; 1_600]);
        assert_eq!(constant.split(), None);
        let mut few = SplitSums::default();
        few.add(&values[..464]);
        assert_eq!((few.groups(), few.split()), (29, None));
    }
}
