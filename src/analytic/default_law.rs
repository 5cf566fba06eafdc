//! The exact law of a project's age at default, whatever the correlations.
//!
//! Static dependence (Gaussian or Student-t copula): the project's own `U` is uniform, so that
//! `P(default by age k) = E[F(k)]`, where only the level `E_line` of the PDs is left to be averaged
//! (Li 2000; MODEL.md section 5). The factors move which projects default together, not how many do on average.
//!
//! Autoregressive factors: `sqrt(rho_g) Z_q + sqrt(rho_t) S_q` is one autoregression of variance `rho_g + rho_t`, started
//! in its stationary law, so that `P(default by age k)` is an integral over one factor, carried quarter by quarter on a
//! grid ([`crate::plan::FactorGrid`]).

use crate::engine::applicants::Applicant;
use crate::numeric::normal::{normal_cdf, normal_density, normal_quantile};
use crate::numeric::{exp, exp_m1};
use crate::plan::{DependencePlan, FactorGrid, ListedApplicant, Plan};

/// What the default probability of an applicant depends on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Traits {
    /// Rating by position.
    pub rating: usize,
    /// Theme by position.
    pub theme: usize,
    /// Legal form by position.
    pub legal_form: usize,
    /// Size by position.
    pub size: usize,
    /// Whether it is accompanied.
    pub accompanied: bool,
}

impl Traits {
    /// Of somebody who applied.
    pub fn of(applicant: &Applicant) -> Traits {
        Traits {
            rating: applicant.rating,
            theme: applicant.theme,
            legal_form: applicant.legal_form,
            size: applicant.size,
            accompanied: applicant.accompanied,
        }
    }

    /// Of a row of the borrowers' file.
    pub fn of_listed(applicant: &ListedApplicant) -> Traits {
        Traits {
            rating: applicant.rating,
            theme: applicant.theme,
            legal_form: applicant.legal_form,
            size: applicant.size,
            accompanied: applicant.accompanied,
        }
    }
}

/// Spacing of the nodes over the standard normal behind the PD level: for a smooth law of bounded derivatives the
/// trapezium rule is then exact to about 1e-15.
const FINE_STEP: f64 = 1.0 / 16.0;

/// Spacing where every node costs a walk over the factor grid: exact to about 1e-8 at the largest `pd_log_sd` (2).
const COARSE_STEP: f64 = 1.0 / 4.0;

/// Nodes and weights of `E_line = exp(sd N - sd^2/2)`, weights adding up to 1.
pub fn level_nodes(sd: f64, step: f64) -> Vec<(f64, f64)> {
    const REACH: f64 = 9.0;
    if sd == 0.0 {
        return vec![(1.0, 1.0)];
    }
    let count = (REACH / step) as i32;
    let points: Vec<f64> = (-count..=count).map(|position| f64::from(position) * step).collect();
    let total: f64 = points.iter().map(|&point| normal_density(point)).sum();
    points.iter().map(|&point| (exp(sd * point - 0.5 * sd * sd), normal_density(point) / total)).collect()
}

/// The laws of default ages of one plan.
pub struct DefaultLaw<'p> {
    plan: &'p Plan,
    /// Levels of the PDs of each line, by slot: value, weight.
    levels: Vec<Vec<(f64, f64)>>,
    grid: Option<FactorGrid>,
}

impl<'p> DefaultLaw<'p> {
    /// For a plan.
    pub fn new(plan: &'p Plan) -> Self {
        let credit = &plan.credit;
        let (step, grid) = match credit.dependence {
            DependencePlan::Gaussian | DependencePlan::StudentT { .. } => (FINE_STEP, None),
            DependencePlan::Autoregressive { persistence, .. } => {
                let systematic = credit.global_loading * credit.global_loading
                    + credit.theme_loading * credit.theme_loading;
                (COARSE_STEP, Some(FactorGrid::new(systematic, persistence)))
            }
        };
        let levels = plan.lines.iter().map(|line| level_nodes(line.pd_log_sd, step)).collect();
        DefaultLaw { plan, levels, grid }
    }

    /// Hazard of each age within tenor and horizon, at level 1 of the PDs, for a project of a line (by slot) disbursed
    /// in `quarter`.
    pub fn hazards(&self, slot: usize, traits: Traits, quarter: u32) -> Vec<f64> {
        let credit = &self.plan.credit;
        let accompaniment = if traits.accompanied { credit.accompanied_multiplier } else { 1.0 };
        let multiplier = credit.theme_multiplier[traits.theme]
            * credit.legal_form_multiplier[traits.legal_form]
            * credit.size_multiplier[traits.size]
            * accompaniment
            * credit.lifetime_scale[slot][traits.rating];
        let last_age = self.plan.lines[slot].tenor.min(self.plan.quarters - 1 - quarter);
        let years = &credit.hazards[traits.rating];
        (1..=last_age)
            .map(|age| {
                let year = ((age as usize - 1) / 4).min(years.len() - 1);
                years[year] * multiplier * credit.economy[(quarter + age) as usize]
            })
            .collect()
    }

    /// Probability of default by each age 1, 2, ... within tenor and horizon.
    pub fn cumulative(&self, slot: usize, traits: Traits, quarter: u32) -> Vec<f64> {
        let hazards = self.hazards(slot, traits, quarter);
        let mut probabilities = vec![0.0; hazards.len()];
        match (&self.plan.credit.dependence, &self.grid) {
            (DependencePlan::Autoregressive { shift, .. }, Some(grid)) => {
                for &(level, weight) in &self.levels[slot] {
                    let thresholds: Vec<f64> = hazards
                        .iter()
                        .zip(&shift[quarter as usize + 1..])
                        .map(|(hazard, shift)| self.threshold(hazard * level, *shift))
                        .collect();
                    for (sum, probability) in
                        probabilities.iter_mut().zip(grid.cumulative_defaults(&thresholds))
                    {
                        *sum += weight * probability;
                    }
                }
            }
            _ => {
                for &(level, weight) in &self.levels[slot] {
                    let mut cumulative = 0.0;
                    for (sum, hazard) in probabilities.iter_mut().zip(&hazards) {
                        cumulative += hazard;
                        *sum -= weight * exp_m1(-cumulative * level);
                    }
                }
            }
        }
        probabilities
    }

    /// Probability of default within tenor and horizon: the last of [`DefaultLaw::cumulative`], to the bit, at the cost of
    /// one age where dependence is static.
    pub fn lifetime(&self, slot: usize, traits: Traits, quarter: u32) -> f64 {
        if self.grid.is_some() {
            return self.cumulative(slot, traits, quarter).last().copied().unwrap_or(0.0);
        }
        let cumulative = self.hazards(slot, traits, quarter).iter().fold(0.0, |sum, hazard| sum + hazard);
        let levels = self.levels[slot].iter();
        levels.fold(0.0, |sum, &(level, weight)| sum - weight * exp_m1(-cumulative * level))
    }

    /// Probability of default at age 1, under any dependence: with one quarter the systematic part and the project's own
    /// add up to one standard normal, and a shift of the economy moves its threshold.
    pub fn first_quarter(&self, slot: usize, traits: Traits, quarter: u32) -> f64 {
        let Some(&hazard) = self.hazards(slot, traits, quarter).first() else { return 0.0 };
        self.levels[slot]
            .iter()
            .map(|&(level, weight)| {
                let probability = match &self.plan.credit.dependence {
                    DependencePlan::Autoregressive { shift, .. } => {
                        normal_cdf(self.threshold(hazard * level, shift[quarter as usize + 1]))
                    }
                    DependencePlan::Gaussian | DependencePlan::StudentT { .. } => -exp_m1(-hazard * level),
                };
                weight * probability
            })
            .sum()
    }

    /// `Phi^-1(1 - exp(-h)) - sqrt(rho_g) shift`.
    fn threshold(&self, hazard: f64, shift: f64) -> f64 {
        normal_quantile(-exp_m1(-hazard)) - self.plan.credit.global_loading * shift
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_mean_one_and_the_variance_of_the_log_normal() {
        for sd in [0.0, 0.31, 0.46, 1.0, 2.0] {
            for step in [FINE_STEP, COARSE_STEP] {
                let nodes = level_nodes(sd, step);
                let mean: f64 = nodes.iter().map(|(level, weight)| level * weight).sum();
                let square: f64 = nodes.iter().map(|(level, weight)| level * level * weight).sum();
                assert!((mean - 1.0).abs() < 1e-9, "{sd}: {mean}");
                // At sd 2 a part of 1e-6 of E[level^2] lies beyond nine standard deviations of N.
                assert!((square / exp(sd * sd) - 1.0).abs() < 1e-5, "{sd}: {square}");
            }
        }
    }
}
