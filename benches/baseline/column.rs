//! One figure over all paths: stored, added up, sorted.

use statrs::distribution::{Beta, ContinuousCDF};

const QUANTILES: [f64; 13] = [0.001, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.999];
const SHORTFALLS: [f64; 3] = [0.95, 0.99, 0.999];

/// Values of a figure, path by path.
#[derive(Default)]
pub struct Column {
    values: Vec<i64>,
    count: usize,
    sum: f64,
    squares: f64,
}

/// What is told of a figure.
#[derive(Default)]
pub struct Summary {
    pub count: usize,
    pub mean: f64,
    pub standard_error: f64,
    pub sd: f64,
    pub min: i64,
    pub max: i64,
    /// Of each level: the quantile, and its 95 % interval.
    pub quantiles: Vec<(i64, Option<i64>, Option<i64>)>,
    /// Of each level: expected shortfall and its standard error.
    pub shortfalls: Vec<(f64, f64)>,
    /// Clopper-Pearson interval of a probability.
    pub probability: Option<(f64, f64)>,
}

impl Column {
    pub fn for_paths(paths: usize) -> Column {
        Column { values: Vec::with_capacity(paths), ..Column::default() }
    }

    pub fn push(&mut self, value: i64) {
        self.push_or_count(value, true);
    }

    /// Adds to the sums, and to the values where these are stored.
    pub fn push_or_count(&mut self, value: i64, is_stored: bool) {
        self.count += 1;
        self.sum += value as f64;
        self.squares += value as f64 * value as f64;
        if is_stored {
            self.values.push(value);
        }
    }

    pub fn mean_and_sd(&self) -> (f64, f64) {
        let n = self.count as f64;
        let mean = self.sum / n;
        let variance = (self.squares - n * mean * mean) / (n - 1.0);
        (mean, variance.max(0.0).sqrt())
    }

    pub fn summary(mut self) -> Summary {
        if self.values.is_empty() {
            return Summary::default();
        }
        self.values.sort_unstable();
        let (mean, sd) = self.mean_and_sd();
        let (min, max) = (self.values[0], self.values[self.values.len() - 1]);
        Summary {
            count: self.count,
            mean,
            standard_error: sd / (self.count as f64).sqrt(),
            sd,
            min,
            max,
            quantiles: QUANTILES.iter().map(|&p| self.quantile(p)).collect(),
            shortfalls: SHORTFALLS.iter().map(|&p| self.shortfall(p)).collect(),
            probability: (min >= 0 && max <= 1).then(|| self.clopper_pearson()),
        }
    }

    /// Order statistic of rank `ceil(p n)`; the bounds stand 1.96 binomial deviations around it.
    fn quantile(&self, p: f64) -> (i64, Option<i64>, Option<i64>) {
        let n = self.values.len() as f64;
        let at = |rank: f64| {
            let is_within = rank >= 1.0 && rank <= n;
            is_within.then(|| self.values[rank as usize - 1])
        };
        let spread = 1.96 * (n * p * (1.0 - p)).sqrt();
        let rank = (n * p).ceil().max(1.0);
        (self.values[rank as usize - 1], at((n * p - spread).floor()), at((n * p + spread).ceil() + 1.0))
    }

    /// Mean of the worst `(1 - p) n` values, the last one in part.
    fn shortfall(&self, p: f64) -> (f64, f64) {
        let wanted = (1.0 - p) * self.values.len() as f64;
        let whole = wanted.floor() as usize;
        let tail = &self.values[self.values.len() - whole..];
        let edge = self.values[(self.values.len() - whole).saturating_sub(1)] as f64;
        let sum = tail.iter().map(|&value| value as f64).sum::<f64>() + (wanted - whole as f64) * edge;
        let mean = sum / wanted;
        let squares: f64 = tail.iter().map(|&value| (value as f64 - mean) * (value as f64 - mean)).sum();
        let variance = squares / wanted + p * (mean - edge) * (mean - edge);
        (mean, (variance / wanted).sqrt())
    }

    fn clopper_pearson(&self) -> (f64, f64) {
        let (hits, n) = (self.sum, self.count as f64);
        let bound = |a: f64, b: f64, p: f64| Beta::new(a, b).map_or(f64::NAN, |law| law.inverse_cdf(p));
        let low = if hits == 0.0 { 0.0 } else { bound(hits, n - hits + 1.0, 0.025) };
        let high = if hits == n { 1.0 } else { bound(hits + 1.0, n - hits, 0.975) };
        (low, high)
    }
}
