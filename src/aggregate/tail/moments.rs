//! Means of weighted figures, exactly unbiased, with the error that the sets show.
//!
//! Sums of weight times value are integers and merge exactly. Values are taken from a reference (the first value seen),
//! so that a constant has no error at all. Sums of squares over sets are floating point, added in the order of blocks.
//!
//! # The mean
//!
//! The plain weighted mean `sum(w x) / n` is unbiased but noisy: weights differ from 1 also where `x` does not vary. The
//! ratio `sum(w x) / sum(w)` has variance `E[w (x - mean)^2] / n` before stratification, never more than twice the
//! plain one since `w <= 2`, but a bias of order `1/n`. We take the even and the odd sets apart: with the ratios
//! `r_even`, `r_odd`,
//!
//! `mean = (1/n) (S_even - r_odd (W_even - n_even) + S_odd - r_even (W_odd - n_odd))`.
//!
//! `E[W_even] = n_even` and the halves are independent, so that every term corrects without bias (a control variate whose
//! coefficient comes from elsewhere); to first order it is the ratio. A figure that is missing on some paths is
//! a ratio by definition. One set alone has no other half: the ratio is used.

use super::interval::student_factor;
use crate::aggregate::lifetime::RatioEstimate;
use crate::aggregate::summary::Average;
use crate::engine::luck::WEIGHT_ONE;
use crate::engine::totals::LifetimeCount;

/// Sums of every other set.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Half {
    /// `sum w (x - reference)`.
    sum: i128,
    weight: u128,
    paths: u64,
}

impl Half {
    fn ratio(&self) -> f64 {
        if self.weight == 0 { 0.0 } else { self.sum as f64 / self.weight as f64 }
    }

    /// `W - n` in weights.
    fn surplus(&self) -> f64 {
        self.weight as f64 - self.paths as f64 * WEIGHT_ONE as f64
    }
}

/// The set being filled.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct OpenSet {
    sum: i128,
    weight: u64,
    paths: u64,
}

/// Weighted sums of one figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedMoments {
    reference: Option<i64>,
    halves: [Half; 2],
    open: OpenSet,
    sets: u64,
    /// `sum w (x - reference)^2`.
    second: f64,
    /// Over sets, of their sums `T` and weights `W`: `T^2`, `T W`, `W^2`.
    squares: [f64; 3],
    min: i64,
    max: i64,
}

impl Default for WeightedMoments {
    fn default() -> Self {
        WeightedMoments {
            reference: None,
            halves: Default::default(),
            open: OpenSet::default(),
            sets: 0,
            second: 0.0,
            squares: [0.0; 3],
            min: i64::MAX,
            max: i64::MIN,
        }
    }
}

impl WeightedMoments {
    /// Of a figure that is 0 on every path for which nothing is added ([`WeightedMoments::fill`]).
    pub fn mostly_zero() -> WeightedMoments {
        WeightedMoments { reference: Some(0), ..WeightedMoments::default() }
    }

    /// Adds the value of a path with its weight to the open set.
    #[inline]
    pub fn add(&mut self, value: i64, weight: u64) {
        let reference = *self.reference.get_or_insert(value);
        let distance = value as i128 - reference as i128;
        self.open.sum += distance * weight as i128;
        self.open.weight += weight;
        self.open.paths += 1;
        let distance = distance as f64;
        self.second += distance * distance * weight as f64;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Says weight and paths of the whole open set, if not every path was added: the others have the value 0.
    pub fn fill(&mut self, weight: u64, paths: u64) {
        debug_assert_eq!(self.reference, Some(0));
        self.open.weight = weight;
        self.open.paths = paths;
    }

    /// Closes the set with this number.
    pub fn close(&mut self, set: u64) {
        let OpenSet { sum, weight, paths } = std::mem::take(&mut self.open);
        let half = &mut self.halves[(set % 2) as usize];
        half.sum += sum;
        half.weight += weight as u128;
        half.paths += paths;
        self.sets += 1;
        let (sum, weight) = (sum as f64, weight as f64);
        self.squares[0] += sum * sum;
        self.squares[1] += sum * weight;
        self.squares[2] += weight * weight;
    }

    /// Adds the closed sets of another.
    pub fn merge(&mut self, other: &WeightedMoments) {
        debug_assert_eq!(other.open, OpenSet::default());
        let distance = match (self.reference, other.reference) {
            (Some(mine), Some(theirs)) => theirs as i128 - mine as i128,
            (None, theirs) => {
                self.reference = theirs;
                0
            }
            (Some(_), None) => 0,
        };
        let moved = distance as f64;
        let (mut sum, mut weight) = (0.0, 0.0);
        for (mine, theirs) in self.halves.iter_mut().zip(&other.halves) {
            mine.sum += theirs.sum + distance * theirs.weight as i128;
            mine.weight += theirs.weight;
            mine.paths += theirs.paths;
            sum += theirs.sum as f64;
            weight += theirs.weight as f64;
        }
        self.second += other.second + moved * (2.0 * sum + moved * weight);
        let [squares, products, weights] = other.squares;
        self.squares[0] += squares + moved * (2.0 * products + moved * weights);
        self.squares[1] += products + moved * weights;
        self.squares[2] += weights;
        self.sets += other.sets;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Mean, error and spread, for a run of `paths` paths.
    pub fn average(&self, paths: u64) -> Average {
        let [even, odd] = &self.halves;
        let count = even.paths + odd.paths;
        let weight = (even.weight + odd.weight) as f64;
        let range = (self.min, self.max);
        let Some(reference) = self.reference.filter(|_| weight > 0.0) else {
            return Average::new(count, 0.0, 0.0, 0.0, range);
        };
        let ratio = (even.sum + odd.sum) as f64 / weight;
        let distance = if count == paths && even.paths > 0 && odd.paths > 0 {
            let corrected = even.sum as f64 - odd.ratio() * even.surplus() + odd.sum as f64
                - even.ratio() * odd.surplus();
            corrected / (count as f64 * WEIGHT_ONE as f64)
        } else {
            ratio
        };
        let mean = reference as f64 + distance;
        if count < 2 {
            return Average::new(count, mean, 0.0, 0.0, range);
        }
        let n = count as f64;
        let variance = (self.second / weight - ratio * ratio).max(0.0) * n / (n - 1.0);
        let error = if self.sets < 2 {
            // Weights of at most 2 at most double the variance of a mean.
            (2.0 * variance / n).sqrt()
        } else {
            error_of_ratio(self.squares, ratio, weight, self.sets)
        };
        Average::new(count, mean, variance, error, range)
    }
}

/// `sqrt(sum over sets of (T - r W)^2 G / (G - 1)) / sum W`, with Student's factor (Cochran 1977, section 6.3).
fn error_of_ratio(squares: [f64; 3], ratio: f64, weight: f64, sets: u64) -> f64 {
    let residual = (squares[0] - 2.0 * ratio * squares[1] + ratio * ratio * squares[2]).max(0.0);
    let sets_count = sets as f64;
    (residual * sets_count / (sets_count - 1.0)).sqrt() / weight * student_factor(sets)
}

/// Weighted lifetime defaults of one rating.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WeightedLifetime {
    /// Weighted numbers of projects, promised defaults (1e-9) and defaults, of the open set and of all.
    open: [i128; 3],
    sums: [i128; 3],
    sets: u64,
    /// Over sets: squares of projects, promised, defaults; promised x projects, defaults x projects.
    squares: [f64; 5],
}

impl WeightedLifetime {
    /// Adds a path.
    pub fn add(&mut self, path: &LifetimeCount, weight: u64) {
        let values = [path.projects, path.promised, path.defaults];
        for (sum, value) in self.open.iter_mut().zip(values) {
            *sum += weight as i128 * value as i128;
        }
    }

    /// Closes a set.
    pub fn close(&mut self) {
        let open = std::mem::take(&mut self.open);
        for (sum, value) in self.sums.iter_mut().zip(open) {
            *sum += value;
        }
        let [projects, promised, defaults] = open.map(|sum| sum as f64);
        let products = [
            projects * projects,
            promised * promised,
            defaults * defaults,
            promised * projects,
            defaults * projects,
        ];
        self.squares.iter_mut().zip(products).for_each(|(sum, product)| *sum += product);
        self.sets += 1;
    }

    /// Adds the closed sets of another.
    pub fn merge(&mut self, other: &WeightedLifetime) {
        self.sums.iter_mut().zip(other.sums).for_each(|(sum, value)| *sum += value);
        self.squares.iter_mut().zip(other.squares).for_each(|(sum, value)| *sum += value);
        self.sets += other.sets;
    }

    /// Weighted number of projects, rounded.
    pub fn projects(&self) -> i64 {
        (self.sums[0] as f64 / WEIGHT_ONE as f64).round_ties_even() as i64
    }

    /// Mean of `F(k)` over the projects; `None` without projects.
    pub fn promised(&self) -> Option<RatioEstimate> {
        self.ratio(1, self.squares[1], self.squares[3]).map(|estimate| RatioEstimate {
            value: estimate.value / 1e9,
            std_error: estimate.std_error / 1e9,
        })
    }

    /// Share of the projects that defaulted; `None` without projects.
    pub fn simulated(&self) -> Option<RatioEstimate> {
        self.ratio(2, self.squares[2], self.squares[4])
    }

    fn ratio(&self, numerator: usize, squares: f64, products: f64) -> Option<RatioEstimate> {
        let projects = self.sums[0] as f64;
        if self.sums[0] == 0 {
            return None;
        }
        let value = self.sums[numerator] as f64 / projects;
        // One set alone shows no spread; its error is not known and reported as the value itself.
        let std_error = if self.sets < 2 {
            value
        } else {
            error_of_ratio([squares, products, self.squares[0]], value, projects, self.sets)
        };
        Some(RatioEstimate { value, std_error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::moments::Moments;
    use proptest::prelude::*;

    fn of(values: &[(i64, u64)], set_size: usize) -> WeightedMoments {
        let mut moments = WeightedMoments::default();
        for (set, chunk) in values.chunks(set_size).enumerate() {
            chunk.iter().for_each(|&(value, weight)| moments.add(value, weight));
            moments.close(set as u64);
        }
        moments
    }

    #[test]
    fn a_constant_has_no_error_whatever_the_weights() {
        let values: Vec<(i64, u64)> =
            (0..1_000).map(|i| (9_876_543_210_123, (i * 7_919) % (2 * WEIGHT_ONE))).collect();
        let average = of(&values, 64).average(1_000);
        assert_eq!(average.mean(), 9_876_543_210_123.0);
        assert_eq!((average.standard_error(), average.variance()), (0.0, 0.0));
    }

    proptest! {
        #[test]
        fn equal_weights_give_the_plain_mean_and_variance(values in proptest::collection::vec(-1_000_000i64..1_000_000, 2..400)) {
            let weighted: Vec<(i64, u64)> = values.iter().map(|&value| (value, WEIGHT_ONE)).collect();
            let average = of(&weighted, 16).average(values.len() as u64);
            let mut plain = Moments::default();
            values.iter().for_each(|&value| plain.add(value));
            prop_assert!((average.mean() - plain.mean()).abs() < 1e-6);
            prop_assert!((average.variance() - plain.variance()).abs() <= 1e-9 * plain.variance().max(1.0));
        }

        #[test]
        fn merging_is_adding(values in proptest::collection::vec((-1_000_000i64..1_000_000, 0u64..2 << 36), 128..400)) {
            let whole = of(&values, 32);
            let mut merged = of(&values[..64], 32);
            merged.merge(&of(&values[64..], 32));
            let (a, b) = (whole.average(values.len() as u64), merged.average(values.len() as u64));
            prop_assert!((a.mean() - b.mean()).abs() < 1e-6 * (1.0 + a.mean().abs()));
            prop_assert!((a.standard_error() - b.standard_error()).abs() <= 1e-6 * a.standard_error());
            prop_assert_eq!((a.count, a.min, a.max), (b.count, b.min, b.max));
        }
    }
}
