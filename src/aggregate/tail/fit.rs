//! From the worst pilot paths to a tilt: the cross-entropy method (Rubinstein and Kroese 2004).
//!
//! Of all laws in the family, the one is chosen under which the worst paths, with their weights, are most likely. This
//! has closed forms except for the default chances:
//! - shift of the common luck: its weighted mean over the worst paths;
//! - powers of uniforms: `n / sum(-ln v)`;
//! - cures: their weighted share;
//! - chance of default: logistic regression of the defaults on [`DefaultTilt::features`] with the log odds of the plain
//!   chance as offset, by Newton's method. For a loss that is linear in the defaults this is the exponential twist of
//!   Glasserman and Li (2005), which pushes large exposures most.
//!
//! Prior observations that say "as the model" keep what the worst paths say little about close to the model.

use crate::engine::luck::LuckRecord;
use crate::engine::tilt::{COORDINATES, DefaultTilt, Tilt, twisted};
use crate::numeric::{exp, ln};
use crate::plan::Plan;
use rayon::prelude::*;

/// Prior observations of each power and share.
const PRIOR_DRAWS: f64 = 10.0;
/// Precision of the prior of a twist, per unit of squared size.
const PRIOR_PRECISION: f64 = 0.01;
/// Steps of Newton's method; it converges in a handful.
const STEPS: u32 = 20;
/// Powers stay within this and its inverse: beyond, single weights would rule.
const SMALLEST_POWER: f64 = 0.3;
const LARGEST_POWER: f64 = 1.5;

/// Parts of the likeliest tilt that are tried.
const STRENGTHS: [f64; 5] = [0.5, 0.65, 0.8, 0.9, 1.0];

/// A pilot path among the worst, with its weight.
#[derive(Clone, Debug)]
pub struct WorstPath {
    /// Plain over sampling density.
    pub weight: f64,
    /// How far its loss lies above the least of the worst, in cents.
    pub excess: f64,
    /// Its draws.
    pub luck: LuckRecord,
}

/// Weighted mean of the coordinates of the common luck.
pub fn shift(worst: &[WorstPath]) -> [f64; COORDINATES] {
    let mut mean = [0.0; COORDINATES];
    let total: f64 = worst.iter().map(|path| path.weight).sum();
    for path in worst {
        for (sum, value) in mean.iter_mut().zip(path.luck.common) {
            *sum += path.weight * value / total;
        }
    }
    mean
}

/// The shift under which the tail is known best if nothing else is tilted: least `E[w psi^2]`, where `w = 2 / (1 + e^(m y - m^2/2))`
/// is the weight of the mixture and `psi` what a worst path counts for the share and the mean of the tail.
///
/// Where projects' own luck matters much, the worst paths themselves are a poor guide: their mean overshoots. Setting
/// the derivative to 0 gives a weighted mean of their coordinates, with weights that depend on the shift; it is found by iteration.
pub fn least_variance_shift(worst: &[WorstPath], start: [f64; COORDINATES]) -> [f64; COORDINATES] {
    const STEPS: u32 = 100;
    let total: f64 = worst.iter().map(|path| path.weight).sum();
    let mean_excess = worst.iter().map(|path| path.weight * path.excess).sum::<f64>() / total;
    let mut shift = start;
    for _ in 0..STEPS {
        let square: f64 = shift.iter().map(|part| part * part).sum();
        let mut mean = [0.0; COORDINATES];
        let mut sum = 0.0;
        for path in worst {
            let along: f64 = path.luck.common.iter().zip(shift).map(|(value, part)| value * part).sum();
            let ratio = exp(along - square / 2.0);
            let excess = path.excess / mean_excess.max(f64::MIN_POSITIVE);
            let counts = path.weight * (1.0 + excess * excess) * ratio / ((1.0 + ratio) * (1.0 + ratio));
            sum += counts;
            (0..COORDINATES).for_each(|part| mean[part] += counts * path.luck.common[part]);
        }
        (0..COORDINATES).for_each(|part| shift[part] = 0.5 * (shift[part] + mean[part] / sum));
    }
    shift
}

/// Tilt of the own luck of every line's projects, given the direction of the shift.
pub fn own_luck(plan: &Plan, worst: &[WorstPath], direction: &[f64; COORDINATES]) -> Vec<DefaultTilt> {
    (0..plan.lines.len())
        .map(|slot| {
            let rate = plan.lines[slot].loss.cure_rate;
            DefaultTilt {
                twist: twist(slot, worst, direction),
                earliness: power(worst, |luck| of_slot(&luck.timings, slot)),
                severity: power(worst, |luck| of_slot(&luck.severities, slot)),
                cure_twist: cure_twist(worst, slot, rate),
            }
        })
        .collect()
}

/// The tilt weakened to where the tail is known best: common and own luck each by a part of `STRENGTHS`, so that
/// `E[w psi^2]` over the worst paths is least. The likeliest tilt goes too far, as the worst paths owe much to luck that no
/// tilt reaches; and weights in the tail are then rarely, but much, above the others.
pub fn least_variance_strength(worst: &[WorstPath], tilt: &Tilt, cure_rates: &[f64]) -> Tilt {
    let total: f64 = worst.iter().map(|path| path.weight).sum();
    let mean_excess = worst.iter().map(|path| path.weight * path.excess).sum::<f64>() / total;
    let variance = |tilt: &Tilt| -> f64 {
        worst
            .iter()
            .map(|path| {
                let excess = path.excess / mean_excess.max(f64::MIN_POSITIVE);
                let ratio = exp(tilt.log_ratio(&path.luck, cure_rates));
                path.weight * (1.0 + excess * excess) * 2.0 / (1.0 + ratio)
            })
            .sum()
    };
    let candidates = STRENGTHS.iter().flat_map(|&common| STRENGTHS.iter().map(move |&own| (common, own)));
    let tilts: Vec<Tilt> = candidates.map(|(common, own)| tilt.scaled(common, own)).collect();
    let variances: Vec<f64> = tilts.par_iter().map(variance).collect();
    let best = (0..tilts.len()).min_by(|&a, &b| variances[a].total_cmp(&variances[b])).expect("candidates");
    tilts[best].clone()
}

fn of_slot<T: Copy>(draws: &[(usize, T)], slot: usize) -> impl Iterator<Item = T> {
    draws.iter().filter(move |draw| draw.0 == slot).map(|draw| draw.1)
}

/// The likeliest power `a` of the density `a v^(a-1)`.
fn power<'w, I: Iterator<Item = f64>>(worst: &'w [WorstPath], values: impl Fn(&'w LuckRecord) -> I) -> f64 {
    let (mut draws, mut logarithms) = (PRIOR_DRAWS, PRIOR_DRAWS);
    let scale = mean_weight(worst);
    for path in worst {
        for value in values(&path.luck) {
            draws += path.weight / scale;
            logarithms -= path.weight / scale * ln(value);
        }
    }
    (draws / logarithms).clamp(SMALLEST_POWER, LARGEST_POWER)
}

fn cure_twist(worst: &[WorstPath], slot: usize, rate: f64) -> f64 {
    if !(rate > 0.0 && rate < 1.0) {
        return 0.0;
    }
    let scale = mean_weight(worst);
    let (mut cured, mut draws) = (PRIOR_DRAWS * rate, PRIOR_DRAWS);
    for path in worst {
        for cures in of_slot(&path.luck.cures, slot) {
            draws += path.weight / scale;
            cured += if cures { path.weight / scale } else { 0.0 };
        }
    }
    let share = cured / draws;
    ln(share / (1.0 - share)) - ln(rate / (1.0 - rate))
}

fn mean_weight(worst: &[WorstPath]) -> f64 {
    worst.iter().map(|path| path.weight).sum::<f64>() / worst.len() as f64
}

/// Penalised maximum likelihood of the logistic regression of defaults.
fn twist(slot: usize, worst: &[WorstPath], direction: &[f64; COORDINATES]) -> [f64; 3] {
    let scale = mean_weight(worst);
    let mut observations = Vec::new();
    for path in worst {
        let position: f64 = path.luck.common.iter().zip(direction).map(|(value, part)| value * part).sum();
        for draw in path.luck.defaults.iter().filter(|draw| draw.slot == slot) {
            let features = DefaultTilt::features(draw.size, position, draw.fallen);
            observations.push((path.weight / scale, features, draw.chance, draw.defaulted));
        }
    }
    let mut twist = [0.0; 3];
    for _ in 0..STEPS {
        let mut gradient = twist.map(|part| -PRIOR_PRECISION * part);
        let mut curvature = [[0.0; 3]; 3];
        (0..3).for_each(|i| curvature[i][i] = PRIOR_PRECISION);
        for &(weight, features, chance, defaulted) in &observations {
            let fitted = twisted(chance, (0..3).map(|i| twist[i] * features[i]).sum());
            let residual = f64::from(u8::from(defaulted)) - fitted;
            for i in 0..3 {
                gradient[i] += weight * residual * features[i];
                for j in 0..3 {
                    curvature[i][j] += weight * fitted * (1.0 - fitted) * features[i] * features[j];
                }
            }
        }
        let step = solve(curvature, gradient);
        (0..3).for_each(|i| twist[i] += step[i]);
    }
    twist
}

/// Solves a positive definite system of three equations by elimination.
fn solve(mut matrix: [[f64; 3]; 3], mut right: [f64; 3]) -> [f64; 3] {
    for pivot in 0..3 {
        for row in pivot + 1..3 {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            let pivot_row = matrix[pivot];
            matrix[row].iter_mut().zip(pivot_row).for_each(|(entry, above)| *entry -= factor * above);
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..3).rev() {
        for column in row + 1..3 {
            right[row] -= matrix[row][column] * right[column];
        }
        right[row] /= matrix[row][row];
    }
    right
}
