//! What each path contributes to the error of a statistic.
//!
//! To first order `S(sample) - S(law) = mean of IF(x_i)` (Hampel 1974, JASA 69; Serfling 1980, Approximation Theorems,
//! chapter 6). The standard error of `S` is the standard deviation of the influences over `sqrt(n)`, and
//! influences of two scenarios on the same path may be subtracted.
//!
//! | statistic | influence of `x` |
//! | --- | --- |
//! | mean | `x - m` |
//! | standard deviation | `((x - m)^2 - s^2) / (2 s)` |
//! | quantile `q` at level `p` | `(share below - 1{x <= q}) / f(q)`, with `1/f(q)` such that the error is the reported one (half the width of the order-statistic interval over 1.96) |
//! | ES at level `p` | `q + (x - q)^+ / (1 - p) - ES`, scaled to the reported error, which allows for skewness |

use crate::aggregate::distribution::Distribution;
use crate::aggregate::quantile_rank;
use crate::aggregate::summary::{quantile_error, shortfall_beyond};
use crate::numeric::binomial::quantile_interval_ranks;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::scenario::LimitStatistic;
use crate::units::Share;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Confidence of every interval.
const CONFIDENCE: f64 = 0.95;

/// A statistic of a sample with the influence of every path, in carried units.
#[derive(Clone, Debug)]
pub struct Influence {
    /// The statistic.
    pub value: f64,
    /// Influence of each path; their mean is 0 up to rounding and ties.
    pub of_path: Vec<f64>,
}

impl Influence {
    /// The standard error that the influences say: their standard deviation over the root of their number.
    pub fn std_error(&self) -> f64 {
        error_of_mean(self.of_path.iter().copied())
    }
}

/// Standard deviation (with `n - 1`) over `sqrt(n)`; 0 for fewer than two values.
pub(super) fn error_of_mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let count = values.clone().count() as f64;
    if count < 2.0 {
        return 0.0;
    }
    let mean = values.clone().sum::<f64>() / count;
    let squares: f64 = values.map(|value| (value - mean) * (value - mean)).sum();
    (squares / (count - 1.0) / count).sqrt()
}

/// A statistic of carried values with its influences; `None` where too few paths make the tail, or for fewer than two paths.
pub fn influence(values: &[i64], statistic: LimitStatistic) -> Option<Influence> {
    // One path says nothing of its own error.
    if values.len() < 2 {
        return None;
    }
    let count = values.len() as f64;
    let sum: i128 = values.iter().map(|&value| i128::from(value)).sum();
    let mean = sum as f64 / count;
    let all = |of: &dyn Fn(f64) -> f64| values.iter().map(|&value| of(value as f64)).collect();
    match statistic {
        LimitStatistic::Mean => Some(Influence { value: mean, of_path: all(&|value| value - mean) }),
        LimitStatistic::StandardDeviation => {
            let squares: f64 =
                values.iter().map(|&value| (value as f64 - mean) * (value as f64 - mean)).sum();
            let variance = squares / (count - 1.0).max(1.0);
            let deviation = variance.sqrt();
            let of_path = if deviation == 0.0 {
                vec![0.0; values.len()]
            } else {
                all(&|value| ((value - mean) * (value - mean) - variance) / (2.0 * deviation))
            };
            Some(Influence { value: deviation, of_path })
        }
        LimitStatistic::Quantile(level) => quantile(values, per_mille(level)?),
        LimitStatistic::ExpectedShortfall(level) => shortfall(values, per_mille(level)?),
    }
}

/// A level in thousandths; `None` if it is not a whole number of them.
fn per_mille(level: Share) -> Option<u32> {
    let thousandths = level.decimal() * Decimal::ONE_THOUSAND;
    (thousandths.fract().is_zero()).then(|| thousandths.to_u32()).flatten()
}

fn order_statistics(values: &[i64], ranks: &[u64]) -> Vec<i64> {
    let mut distribution = Distribution::for_paths(values.len() as u64);
    distribution.absorb(values);
    distribution.order_statistics(ranks)
}

/// The 95 % interval of a quantile by order statistics, in carried units; `None` where a bound lies beyond the sample, or
/// for another statistic.
pub(super) fn quantile_interval(values: &[i64], statistic: LimitStatistic) -> Option<(i64, i64)> {
    let LimitStatistic::Quantile(level) = statistic else { return None };
    let level = f64::from(per_mille(level)?) / 1_000.0;
    let (low, high) = quantile_interval_ranks(values.len() as u64, level, CONFIDENCE);
    let found = order_statistics(values, &[low?, high?]);
    Some((found[0], found[1]))
}

fn quantile(values: &[i64], per_mille: u32) -> Option<Influence> {
    let n = values.len() as u64;
    let level = f64::from(per_mille) / 1_000.0;
    let (low, high) = quantile_interval_ranks(n, level, CONFIDENCE);
    let found = order_statistics(values, &[quantile_rank(n, per_mille), low?, high?]);
    let [quantile, low, high] = found[..] else { return None };
    let error = quantile_error(low, high);
    let of_path: Vec<f64> = values.iter().map(|&value| if value <= quantile { -1.0 } else { 0.0 }).collect();
    let mean = of_path.iter().sum::<f64>() / n as f64;
    let plain_error = error_of_mean(of_path.iter().copied());
    // As wide as the reported error, also where many paths share the value.
    let scale = if plain_error > 0.0 { error / plain_error } else { 0.0 };
    let of_path = of_path.into_iter().map(|influence| scale * (influence - mean)).collect();
    Some(Influence { value: quantile as f64, of_path })
}

fn shortfall(values: &[i64], per_mille: u32) -> Option<Influence> {
    let n = values.len() as u64;
    let mut distribution = Distribution::for_paths(n);
    distribution.absorb(values);
    let quantile = distribution.order_statistics(&[quantile_rank(n, per_mille)])[0];
    let (value, error) = shortfall_beyond(&distribution, per_mille, quantile).estimate?;
    let share = f64::from(1_000 - per_mille) / 1_000.0;
    let of_path = values.iter().map(|&value| (value - quantile).max(0) as f64 / share).collect::<Vec<f64>>();
    let mean = of_path.iter().sum::<f64>() / n as f64;
    let plain_error = error_of_mean(of_path.iter().copied());
    // As wide as the reported error, which allows for the skewness of the tail.
    let scale = if plain_error > 0.0 { error / plain_error } else { 1.0 };
    let of_path = of_path.into_iter().map(|influence| scale * (influence - mean)).collect();
    Some(Influence { value, of_path })
}

/// Half of the 95 % interval that a standard error gives.
pub(super) fn half_width(std_error: f64) -> f64 {
    HALF_WIDTH_95 * std_error
}
