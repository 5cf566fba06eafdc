//! Mean and spread of a figure, however its paths were drawn.

use crate::aggregate::moments::Moments;

/// Mean, standard error, standard deviation and extremes of a figure over paths, in carried units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Average {
    /// Paths on which the figure exists.
    pub count: u64,
    sum: i128,
    mean: f64,
    variance: f64,
    standard_error: f64,
    /// Smallest value; `i64::MAX` without paths.
    pub min: i64,
    /// Largest value; `i64::MIN` without paths.
    pub max: i64,
}

impl Average {
    /// From its parts; `range` is the smallest and the largest value.
    pub fn new(count: u64, mean: f64, variance: f64, standard_error: f64, range: (i64, i64)) -> Average {
        let sum = (mean * count as f64).round_ties_even() as i128;
        Average { count, sum, mean, variance, standard_error, min: range.0, max: range.1 }
    }

    /// Sum over the paths: exact if they weigh the same, else their number times the mean, rounded.
    pub fn sum(&self) -> i128 {
        self.sum
    }

    /// Mean; 0 without values.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Variance of the figure; 0 for fewer than two values.
    pub fn variance(&self) -> f64 {
        self.variance
    }

    /// Standard deviation of the figure.
    pub fn standard_deviation(&self) -> f64 {
        self.variance.sqrt()
    }

    /// Standard error of the mean: 1.96 of them make the half-width of its 95 % interval.
    pub fn standard_error(&self) -> f64 {
        self.standard_error
    }
}

impl From<&Moments> for Average {
    /// Of independent paths that weigh the same.
    fn from(moments: &Moments) -> Average {
        let range = (moments.min, moments.max);
        let (mean, variance, error) = (moments.mean(), moments.variance(), moments.standard_error());
        Average { sum: moments.sum(), ..Average::new(moments.count, mean, variance, error, range) }
    }
}
