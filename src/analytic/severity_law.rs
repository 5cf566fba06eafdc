//! The law of the loss given default of a project that defaults at a given age.
//!
//! Without loading on the economy it is the line's law, whatever defaults. With a loading `a` bad times make both more
//! defaults and larger losses: given the global factor `M`, default and loss are independent, so that
//!
//! `E[L; default at k] = E[ P(default at k | M) l(M) ]`,  `l(m) = E[Q(Phi(-a m + sqrt(1 - a^2) xi))]`,
//!
//! with `Q` the beta quantile (MODEL.md section 6), `P(default by k | M = m, E) = Phi((Phi^-1(F(k)) - sqrt(rho_g) m) /
//! sqrt(1 - rho_g))`, averaged over the level `E` of the PDs. Trapezium rules over `M`, `xi` and the level: exact to
//! about 1e-8. Only for the Gaussian copula; otherwise streams that depend on losses are left out.

use super::default_law::level_nodes;
use crate::numeric::exp_m1;
use crate::numeric::normal::{normal_cdf, normal_density, normal_quantile};
use crate::plan::{DependencePlan, LinePlan, LossLaw, Plan};

/// Mean and variance of a loss given default, between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeverityMoments {
    /// Mean.
    pub mean: f64,
    /// Variance.
    pub variance: f64,
}

/// Losses given default of one line.
#[derive(Clone, Debug)]
pub enum SeverityLaw {
    /// The same whatever defaults.
    Independent(SeverityMoments),
    /// Moving with the economy.
    Loaded(LoadedSeverity),
    /// Moving with the economy under a copula for which this is not worked out.
    Unknown,
}

/// A loss given default that moves with the global factor, under the Gaussian copula.
#[derive(Clone, Debug)]
pub struct LoadedSeverity {
    /// Global factor: value, weight, `E[L | M]`, `E[L^2 | M]`.
    nodes: Vec<[f64; 4]>,
    /// PD levels: value, weight.
    levels: Vec<(f64, f64)>,
    global_loading: f64,
    rest_loading: f64,
}

impl SeverityLaw {
    /// Of a line.
    pub fn new(plan: &Plan, line: &LinePlan) -> SeverityLaw {
        let credit = &plan.credit;
        let law = match &line.loss.law {
            LossLaw::Fixed(mean) => {
                return SeverityLaw::Independent(SeverityMoments { mean: *mean, variance: 0.0 });
            }
            LossLaw::Beta(law) if credit.lgd_loading == 0.0 => {
                return SeverityLaw::Independent(SeverityMoments {
                    mean: law.mean(),
                    variance: law.variance(),
                });
            }
            LossLaw::Beta(law) => law,
        };
        if !matches!(credit.dependence, DependencePlan::Gaussian) {
            return SeverityLaw::Unknown;
        }
        let own = normal_nodes();
        let nodes = own
            .iter()
            .map(|&(factor, weight)| {
                let (mut mean, mut square) = (0.0, 0.0);
                for &(luck, part) in &own {
                    let latent = -credit.lgd_loading * factor + credit.lgd_own_loading * luck;
                    let loss = law.quantile(normal_cdf(latent));
                    mean += part * loss;
                    square += part * loss * loss;
                }
                [factor, weight, mean, square]
            })
            .collect();
        SeverityLaw::Loaded(LoadedSeverity {
            nodes,
            levels: level_nodes(line.pd_log_sd, STEP),
            global_loading: credit.global_loading,
            rest_loading: (1.0 - credit.global_loading * credit.global_loading).sqrt(),
        })
    }

    /// Whether losses say nothing of what else defaults.
    pub fn is_independent(&self) -> bool {
        matches!(self, SeverityLaw::Independent(_))
    }

    /// Whether losses are covered at all.
    pub fn is_known(&self) -> bool {
        !matches!(self, SeverityLaw::Unknown)
    }

    /// Moments for a default at each age 1, 2, ..., for a project with these hazards (at level 1 of the PDs).
    pub fn at_ages(&self, hazards: &[f64]) -> Vec<SeverityMoments> {
        match self {
            SeverityLaw::Independent(moments) => vec![*moments; hazards.len()],
            SeverityLaw::Loaded(loaded) => loaded.at_ages(hazards),
            SeverityLaw::Unknown => vec![SeverityMoments { mean: 0.0, variance: 0.0 }; hazards.len()],
        }
    }
}

/// Spacing of all nodes.
const STEP: f64 = 0.25;

fn normal_nodes() -> Vec<(f64, f64)> {
    const REACH: f64 = 8.5;
    let count = (REACH / STEP) as i32;
    let points: Vec<f64> = (-count..=count).map(|position| f64::from(position) * STEP).collect();
    let total: f64 = points.iter().map(|&point| normal_density(point)).sum();
    points.into_iter().map(|point| (point, normal_density(point) / total)).collect()
}

impl LoadedSeverity {
    fn at_ages(&self, hazards: &[f64]) -> Vec<SeverityMoments> {
        // Probability, first and second moment of the loss, for each age.
        let mut sums = vec![[0.0; 3]; hazards.len()];
        for &(level, level_weight) in &self.levels {
            let mut cumulative = 0.0;
            let scores: Vec<f64> = hazards
                .iter()
                .map(|hazard| {
                    cumulative += hazard;
                    normal_quantile(-exp_m1(-cumulative * level))
                })
                .collect();
            for &[factor, weight, mean, square] in &self.nodes {
                let mut before = 0.0;
                for (sums, score) in sums.iter_mut().zip(&scores) {
                    let by_now = normal_cdf((score - self.global_loading * factor) / self.rest_loading);
                    let probability = level_weight * weight * (by_now - before);
                    sums[0] += probability;
                    sums[1] += probability * mean;
                    sums[2] += probability * square;
                    before = by_now;
                }
            }
        }
        sums.into_iter()
            .map(|[probability, first, second]| {
                if probability <= 0.0 {
                    return SeverityMoments { mean: 0.0, variance: 0.0 };
                }
                let mean = first / probability;
                SeverityMoments { mean, variance: (second / probability - mean * mean).max(0.0) }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::BetaLaw;

    #[test]
    fn over_all_defaults_and_survivals_the_mean_is_that_of_the_law() {
        let law = BetaLaw::from_mean_sd(0.45, 0.25).expect("a law");
        let (loading, own) = (0.5, 0.75f64.sqrt());
        let nodes = normal_nodes();
        let mean: f64 = nodes
            .iter()
            .flat_map(|&(m, weight)| nodes.iter().map(move |&(xi, part)| (m, xi, weight * part)))
            .map(|(m, xi, weight)| weight * law.quantile(normal_cdf(-loading * m + own * xi)))
            .sum();
        assert!((mean - 0.45).abs() < 1e-9, "{mean}");
    }
}
