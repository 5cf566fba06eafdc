//! Who makes the loss and its tail, from weighted paths: mean and ES 99 % of the fund loss, part by part.
//!
//! The worst 1 % of the weight is taken in order of loss, equal losses in order of path, the last path in part. The
//! parts of the tail are shares of its loss among the first [`EXACT_PATHS`](crate::aggregate::EXACT_PATHS) paths; they
//! are laid on the ES of all paths, so that each split adds up to it. Both are rounded cumulatively, to the cent.

use super::collector::TailCollector;
use super::interval::student_factor;
use crate::aggregate::summary::ContributionSummary;
use crate::engine::tilt::SET_PATHS;

/// The worst 1 % by part.
struct Worst {
    /// `sum w x`, in hundredths of a weight.
    sums: Vec<i128>,
    /// The same by set.
    by_set: Vec<Vec<f64>>,
    /// Weight of the worst by set, in hundredths.
    weights: Vec<f64>,
}

/// Summarises the parts of a run whose ES 99 % of the fund loss is `shortfall`, in cents.
pub fn summarise_worst(collector: &mut TailCollector, shortfall: Option<f64>) -> Vec<ContributionSummary> {
    if collector.paths == 0 {
        return Vec::new();
    }
    let worst = worst(collector);
    let parts = &collector.context.parts.all;
    let all: i128 = parts
        .iter()
        .zip(&worst.sums)
        .filter(|(part, _)| part.split == parts[0].split)
        .map(|(_, sum)| sum)
        .sum();
    let weight: f64 = worst.weights.iter().sum();
    let mut summaries: Vec<ContributionSummary> = Vec::with_capacity(parts.len());
    let (mut mean_before, mut tail_before) = ((0.0, 0i64), (0i128, 0i64));
    for (position, part) in parts.iter().enumerate() {
        if position == 0 || parts[position - 1].split != part.split {
            (mean_before, tail_before) = ((0.0, 0), (0, 0));
        }
        let average = collector.parts[position].average(collector.paths);
        let mean = mean_before.0 + average.mean();
        let mean_rounded = mean.round_ties_even() as i64;
        let tail = tail_before.0 + worst.sums[position];
        let share = if all == 0 { 0.0 } else { tail as f64 / all as f64 };
        let tail_rounded = (share * shortfall.unwrap_or(0.0)).round_ties_even() as i64;
        let part_mean = worst.sums[position] as f64 / weight;
        let influence =
            worst.by_set.iter().zip(&worst.weights).map(|(sums, all)| sums[position] - part_mean * all);
        let error = error_of_share(influence, weight, worst.weights.len() as u64);
        summaries.push(ContributionSummary {
            part: part.clone(),
            mean: mean_rounded - mean_before.1,
            mean_error: (collector.paths > 1).then(|| average.standard_error()),
            shortfall: shortfall.map(|_| (tail_rounded - tail_before.1, error)),
        });
        (mean_before, tail_before) = ((mean, mean_rounded), (tail, tail_rounded));
    }
    summaries
}

/// Standard error of a mean over the worst, these taken as given: `sqrt(sum I^2 G / (G-1)) / W`.
fn error_of_share(influence: impl Iterator<Item = f64>, weight: f64, sets: u64) -> f64 {
    if sets < 2 || weight == 0.0 {
        return 0.0;
    }
    let squares: f64 = influence.map(|part| part * part).sum();
    let sets_count = sets as f64;
    (squares * sets_count / (sets_count - 1.0)).sqrt() / weight * student_factor(sets)
}

fn worst(collector: &TailCollector) -> Worst {
    let parts = collector.context.parts.all.len();
    let sets = collector.sets.len();
    let mut worst =
        Worst { sums: vec![0; parts], by_set: vec![vec![0.0; parts]; sets], weights: vec![0.0; sets] };
    // In hundredths of a weight the worst 1 % is the weight of all paths.
    let mut left: u128 = collector.sets.iter().map(|&weight| weight as u128).sum();
    for path in &collector.candidates {
        let weight = left.min(100 * path.weight as u128);
        left -= weight;
        if weight == 0 {
            break;
        }
        let set = (path.path / SET_PATHS) as usize;
        worst.weights[set] += weight as f64;
        for &(part, loss) in &path.parts {
            let sum = weight as i128 * loss as i128;
            worst.sums[part as usize] += sum;
            worst.by_set[set][part as usize] += sum as f64;
        }
    }
    worst
}
