//! The average of conditional convolutions over the common luck: recursion and quadrature.

use super::Dependence;
use crate::numeric::beta::student_t_quantile;
use crate::numeric::gamma::chi_square_quantile;
use crate::numeric::normal::{normal_cdf, normal_density, normal_quantile};

/// Probabilities below this at the ends of a conditional law are dropped: `n` loans lose at most `2n` times as much.
const NEGLIGIBLE: f64 = 1e-30;

/// Normal scores beyond this, and pairs of scores beyond this radius, are dropped: a probability of 2e-19 and 3e-18.
const FARTHEST_SCORE: f64 = 9.0;

/// Beyond this score the distribution function of the mixing variable is 1 in double precision (probability 6e-16).
const FARTHEST_MIXING_SCORE: f64 = 8.0;

/// Two rules agree if no more than this probability lies elsewhere.
const AGREEMENT: f64 = 1e-13;

/// The first step of the quadrature is 2 to minus this.
const COARSEST: u32 = 1;

/// The smallest step of the quadrature is 2 to minus this.
const MOST_HALVINGS: u32 = 13;

/// The unconditional law, and how far the last two rules were apart.
pub(super) fn average(steps: &[(usize, f64)], points: usize, dependence: Dependence) -> (Vec<f64>, f64) {
    match dependence {
        Dependence::Independent => (Mixture::independent(steps, points), 0.0),
        Dependence::Gaussian { correlation } => {
            let thresholds: Vec<f64> = steps.iter().map(|&(_, p)| normal_quantile(p)).collect();
            refine(|halvings| Mixture::of(steps, points, correlation, halvings, &UNMIXED, &thresholds)).0
        }
        Dependence::StudentT { correlation, degrees } => {
            let thresholds: Vec<f64> = steps.iter().map(|&(_, p)| student_t_quantile(degrees, p)).collect();
            // One axis after the other: a strong correlation asks for small steps of the factor only.
            let coarse = mixing_nodes(degrees, COARSEST + 1);
            let ((_, factor_error), factor_halvings) =
                refine(|halvings| Mixture::of(steps, points, correlation, halvings, &coarse, &thresholds));
            let ((law, mixing_error), _) = refine(|halvings| {
                Mixture::of(
                    steps,
                    points,
                    correlation,
                    factor_halvings,
                    &mixing_nodes(degrees, halvings),
                    &thresholds,
                )
            });
            (law, factor_error + mixing_error)
        }
    }
}

/// Halves the step of a rule until two rules agree: the last law, how far it was from the one before, and its halvings.
fn refine(rule: impl Fn(u32) -> Vec<f64>) -> ((Vec<f64>, f64), u32) {
    let mut halvings = COARSEST;
    let mut coarse = rule(halvings);
    loop {
        halvings += 1;
        let fine = rule(halvings);
        let apart = coarse.iter().zip(&fine).map(|(a, b)| (a - b).abs()).sum::<f64>();
        if apart <= AGREEMENT || halvings == MOST_HALVINGS {
            return ((fine, apart), halvings);
        }
        coarse = fine;
    }
}

/// A value of the mixing variable in the quadrature.
#[derive(Clone, Copy)]
struct MixingNode {
    score: f64,
    weight: f64,
    /// What thresholds are multiplied by: `sqrt(W / nu)`.
    scale: f64,
}

/// No mixing: the Gaussian copula.
const UNMIXED: [MixingNode; 1] = [MixingNode { score: 0.0, weight: 1.0, scale: 1.0 }];

fn mixing_nodes(degrees: f64, halvings: u32) -> Vec<MixingNode> {
    scores(halvings, FARTHEST_MIXING_SCORE)
        .map(|(score, weight)| {
            let mixing = chi_square_quantile(degrees, normal_cdf(score));
            MixingNode { score, weight, scale: (mixing / degrees).sqrt() }
        })
        .collect()
}

/// Normal scores in steps of `2^-halvings` with their weights in the trapezoidal rule.
fn scores(halvings: u32, farthest: f64) -> impl Iterator<Item = (f64, f64)> {
    let step = 1.0 / f64::from(1u32 << halvings);
    let first = -(FARTHEST_SCORE / step) as i64;
    let last = (farthest / step) as i64;
    (first..=last).map(move |k| (k as f64 * step, step * normal_density(k as f64 * step)))
}

/// A weighted sum of conditional laws.
struct Mixture {
    law: Vec<f64>,
    conditional: Vec<f64>,
}

impl Mixture {
    fn independent(steps: &[(usize, f64)], points: usize) -> Vec<f64> {
        let mut mixture = Mixture { law: vec![0.0; points], conditional: vec![0.0; points] };
        mixture.add(steps.iter().copied(), 1.0);
        mixture.law
    }

    /// Over all values of the mixing variable and of the factor.
    fn of(
        steps: &[(usize, f64)],
        points: usize,
        correlation: f64,
        halvings: u32,
        mixing: &[MixingNode],
        thresholds: &[f64],
    ) -> Vec<f64> {
        let mut mixture = Mixture { law: vec![0.0; points], conditional: vec![0.0; points] };
        let factors: Vec<(f64, f64)> =
            if correlation == 0.0 { vec![(0.0, 1.0)] } else { scores(halvings, FARTHEST_SCORE).collect() };
        let (loading, own) = (correlation.sqrt(), (1.0 - correlation).sqrt());
        for &MixingNode { score, weight: mixing_weight, scale } in mixing {
            for &(factor, factor_weight) in &factors {
                if score * score + factor * factor > FARTHEST_SCORE * FARTHEST_SCORE {
                    continue;
                }
                let conditional = steps.iter().zip(thresholds).map(|(&(loss, _), threshold)| {
                    (loss, normal_cdf((threshold * scale - loading * factor) / own))
                });
                mixture.add(conditional, mixing_weight * factor_weight);
            }
        }
        mixture.law
    }

    /// Adds the law of the sum of independent losses with a weight.
    ///
    /// Recursion of Andersen, Sidenius and Basu: with the next loss `l` of probability `p`,
    /// `P'(x) = (1 - p) P(x) + p P(x - l)`. Only the points between `low` and `high` have a probability that counts.
    fn add(&mut self, losses: impl Iterator<Item = (usize, f64)>, weight: f64) {
        let law = &mut self.conditional;
        let (mut low, mut high) = (0, 0);
        law[0] = 1.0;
        for (loss, p) in losses {
            let survives = 1.0 - p;
            for point in (low..=high + loss).rev() {
                let stays = if point <= high { survives * law[point] } else { 0.0 };
                let moves = if point >= low + loss { p * law[point - loss] } else { 0.0 };
                law[point] = stays + moves;
            }
            high += loss;
            while high > low && law[high] < NEGLIGIBLE {
                law[high] = 0.0;
                high -= 1;
            }
            while low < high && law[low] < NEGLIGIBLE {
                law[low] = 0.0;
                low += 1;
            }
        }
        for (total, conditional) in self.law[low..=high].iter_mut().zip(&mut law[low..=high]) {
            *total += weight * *conditional;
            *conditional = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finer_rule_changes_nothing() {
        let steps: Vec<(usize, f64)> =
            (0..9).map(|i| (1 + (i * 5) % 13, [0.01, 0.05, 0.2, 0.002, 0.6][i % 5])).collect();
        let points = steps.iter().map(|step| step.0).sum::<usize>() + 1;
        let correlation = 0.4;
        let thresholds: Vec<f64> = steps.iter().map(|step| normal_quantile(step.1)).collect();
        let (law, _) = average(&steps, points, Dependence::Gaussian { correlation });
        for halvings in [7, 9] {
            let fine = Mixture::of(&steps, points, correlation, halvings, &UNMIXED, &thresholds);
            let apart: f64 = law.iter().zip(&fine).map(|(a, b)| (a - b).abs()).sum();
            assert!(apart <= AGREEMENT, "{halvings}: {apart:e}");
        }
    }
}
