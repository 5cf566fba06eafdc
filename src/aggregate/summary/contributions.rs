//! Mean and expected shortfall of the fund loss, part by part; the parts of each split add up to the cent.

use crate::aggregate::contributions::{Contributions, Part};

/// One part of the fund loss, in cents.
#[derive(Clone, Debug, PartialEq)]
pub struct ContributionSummary {
    /// The part.
    pub part: Part,
    /// Its part of the mean, rounded so that the parts add up to the rounded total.
    pub mean: i64,
    /// Standard error of the mean.
    pub mean_error: Option<f64>,
    /// Its part of ES 99 % and the standard error of that; `None` where fewer than 100 paths make the tail. The
    /// error takes the tail's paths as given: it leaves out that their threshold is itself estimated.
    pub shortfall: Option<(i64, f64)>,
}

/// Summarises the contributions of `paths` paths.
pub fn summarise_contributions(contributions: &mut Contributions, paths: u64) -> Vec<ContributionSummary> {
    if paths == 0 {
        return Vec::new();
    }
    let parts = contributions.parts.all.clone();
    let sums = contributions.sums.clone();
    let n = paths as i128;
    // The tail: n/100 paths, the last one in part. Sums are kept in hundredths of a path.
    let (whole, rest) = ((paths / 100) as usize, (paths % 100) as i128);
    let mut tail_sums = vec![0i128; parts.len()];
    let mut tail_squares = vec![0.0; parts.len()];
    if whole >= 100 {
        for (rank, path) in contributions.worst().iter().take(whole + 1).enumerate() {
            let weight = if rank < whole { 100 } else { rest };
            for &(part, loss) in &path.parts {
                tail_sums[part as usize] += weight * loss as i128;
                tail_squares[part as usize] += weight as f64 / 100.0 * loss as f64 * loss as f64;
            }
        }
    }
    let mut summaries: Vec<ContributionSummary> = Vec::with_capacity(parts.len());
    let mut before = (0i128, 0i128, 0i128, 0i128);
    for (position, part) in parts.iter().enumerate() {
        let starts_split = position == 0 || parts[position - 1].split != part.split;
        if starts_split {
            before = (0, 0, 0, 0);
        }
        // Cumulative rounding within the split.
        let (sum, tail) = (before.0 + sums[position].sum, before.2 + tail_sums[position]);
        let (rounded_sum, rounded_tail) = (divide_half_even(sum, n), divide_half_even(tail, n));
        let mean = (rounded_sum - before.1) as i64;
        let shortfall_value = (rounded_tail - before.3) as i64;
        before = (sum, rounded_sum, tail, rounded_tail);
        let count = paths as f64;
        let exact_mean = sums[position].sum as f64 / count;
        let variance = (sums[position].squares as f64 / count - exact_mean * exact_mean).max(0.0);
        let shortfall = (whole >= 100).then(|| {
            let tail_count = count / 100.0;
            let tail_mean = tail_sums[position] as f64 / count;
            let variance = (tail_squares[position] / tail_count - tail_mean * tail_mean).max(0.0);
            (shortfall_value, (variance / tail_count).sqrt())
        });
        summaries.push(ContributionSummary {
            part: part.clone(),
            mean,
            mean_error: (paths > 1).then(|| (variance / (count - 1.0)).sqrt()),
            shortfall,
        });
    }
    summaries
}

/// `a / b` rounded half-even, `b > 0`.
fn divide_half_even(a: i128, b: i128) -> i128 {
    let (whole, rest) = (a.div_euclid(b), a.rem_euclid(b));
    let twice = (2 * rest).cmp(&b);
    whole + i128::from(twice.is_gt() || (twice.is_eq() && whole % 2 != 0))
}
