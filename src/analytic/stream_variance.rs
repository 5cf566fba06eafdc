//! Exact variance of a line's streams when its projects are surely approved, under static dependence.
//!
//! Expectations do not feel correlation; variances do. `Var(sum) = sum Var(X_i) + sum over pairs Cov(X_i, X_j)`. A
//! covariance depends on two latent variables only, whose correlation `rho` is `rho_g + rho_t` within a theme and
//! `rho_g` between themes. With a common normal `V` of that correlation, the Student-t mixing variable `W` and the level
//! `E` of the line's PDs given, the two are independent, so that
//!
//! `Cov(X_i, X_j) = E[m_i(V, W, E) m_j(V, W, E)] - E[X_i] E[X_j]`,  `m_i = E[X_i | V, W, E]`,
//!
//! and `m_i` does not depend on `j`. The sum over all pairs is therefore a square of sums less a sum of squares, one
//! integral for each `rho` whatever the number of projects (Vasicek 2002 for the conditional independence).
//!
//! Accuracy: trapezium rules over `V`, `E` and the normal score of `W`; a covariance is taken between means by the same nodes.
//! Products, withdrawals, cures and losses given default are independent between projects and enter `Var(X_i)` alone.
//! Where losses move with the economy they are not, and the variance of a stream that depends on them
//! ([`super::stream::Stream::needs_severity`]) is not to be used.

use super::default_law::{DefaultLaw, level_nodes};
use super::expectations::LineExpectation;
use super::stream::StreamValues;
use crate::engine::factors::THEMES;
use crate::numeric::beta::student_t_quantile;
use crate::numeric::exp_m1;
use crate::numeric::gamma::chi_square_quantile;
use crate::numeric::normal::{normal_cdf, normal_density, normal_quantile};
use crate::plan::{DependencePlan, Plan};

/// Conditional probabilities above which no variance is computed: about two seconds of work.
const MOST_WORK: f64 = 5e7;

/// Spacing of the normal scores of the mixing variable.
const MIXING_STEP: f64 = 0.25;

/// Spacing of the levels of the PDs.
const LEVEL_STEP: f64 = 0.25;

/// Whether variances are known under the dependence of a plan.
pub fn has_known_variance(plan: &Plan) -> bool {
    match plan.credit.dependence {
        DependencePlan::Gaussian | DependencePlan::StudentT { .. } => true,
        DependencePlan::Autoregressive { .. } => false,
    }
}

/// Variance of each stream over paths; `None` under autoregressive factors, or where it would take too long.
pub fn stream_variance(plan: &Plan, slot: usize, line: &LineExpectation) -> Option<StreamValues> {
    let credit = &plan.credit;
    let mixing = match credit.dependence {
        DependencePlan::Gaussian => vec![(1.0, 1.0)],
        DependencePlan::StudentT { degrees } => mixing_nodes(degrees),
        DependencePlan::Autoregressive { .. } => return None,
    };
    let between = credit.global_loading * credit.global_loading;
    let within = between + credit.theme_loading * credit.theme_loading;
    let levels = level_nodes(plan.lines[slot].pd_log_sd, LEVEL_STEP);
    let kinds: &[(f64, Pairs)] = if within == between {
        &[(within, Pairs::All)]
    } else {
        &[(within, Pairs::WithinThemes), (between, Pairs::BetweenThemes)]
    };
    let ages: usize = line.projects.iter().map(|project| project.cumulative.len()).sum();
    let nodes: usize = kinds.iter().map(|&(rho, _)| factor_nodes(rho).len()).sum();
    if (nodes * mixing.len() * levels.len()) as f64 * ages as f64 > MOST_WORK {
        return None;
    }
    let mut variance = StreamValues::default();
    for project in &line.projects {
        let mean = project.average(|fate| &fate.mean);
        variance.add(1.0, &project.average(|fate| &fate.square));
        variance.add(-1.0, &mean.map(|value| value * value));
    }
    let common = Common { plan, slot, line, mixing, levels };
    for &(rho, pairs) in kinds {
        variance.add(1.0, &common.covariances(rho, pairs));
    }
    // What is the same on every path has no variance, not that of some roundings.
    let (low, high) = line.range();
    let width = high.zip(&low, |high, low| high - low);
    Some(variance.zip(&width, |value, width| if width == 0.0 { 0.0 } else { value.max(0.0) }))
}

/// Which pairs of projects.
#[derive(Clone, Copy)]
enum Pairs {
    All,
    WithinThemes,
    BetweenThemes,
}

impl Pairs {
    /// Sum of `value_i x value_j` over ordered pairs of different projects.
    fn sum(self, line: &LineExpectation, values: &[StreamValues]) -> StreamValues {
        let mut all = StreamValues::default();
        let mut by_theme = [StreamValues::default(); THEMES];
        let mut squares = StreamValues::default();
        for (project, value) in line.projects.iter().zip(values) {
            all.add(1.0, value);
            by_theme[project.project.traits.theme].add(1.0, value);
            squares.add(1.0, &value.map(|value| value * value));
        }
        let mut theme_squares = StreamValues::default();
        by_theme.iter().for_each(|sum| theme_squares.add(1.0, &sum.map(|value| value * value)));
        let all = all.map(|value| value * value);
        match self {
            Pairs::All => all.zip(&squares, |sum, squares| sum - squares),
            Pairs::WithinThemes => theme_squares.zip(&squares, |sum, squares| sum - squares),
            Pairs::BetweenThemes => all.zip(&theme_squares, |sum, squares| sum - squares),
        }
    }
}

/// What the integrals run over.
struct Common<'a> {
    plan: &'a Plan,
    slot: usize,
    line: &'a LineExpectation,
    /// `1 / sqrt(W / nu)`, weight.
    mixing: Vec<(f64, f64)>,
    levels: Vec<(f64, f64)>,
}

impl Common<'_> {
    /// Sum over pairs of `E[m_i m_j] - E[m_i] E[m_j]`, both by the same nodes: the large products cancel whatever the
    /// error of the quadrature.
    fn covariances(&self, rho: f64, pairs: Pairs) -> StreamValues {
        let law = DefaultLaw::new(self.plan);
        let cumulative: Vec<Vec<f64>> = self
            .line
            .projects
            .iter()
            .map(|project| match project.project.disbursed {
                None => Vec::new(),
                Some(quarter) => {
                    let mut sum = 0.0;
                    law.hazards(self.slot, project.project.traits, quarter)
                        .iter()
                        .map(|hazard| {
                            sum += hazard;
                            sum
                        })
                        .collect()
                }
            })
            .collect();
        let mut total = StreamValues::default();
        let mut averages = vec![StreamValues::default(); cumulative.len()];
        for &(level, level_weight) in &self.levels {
            let scores: Vec<Vec<f64>> = cumulative
                .iter()
                .map(|hazards| hazards.iter().map(|h| self.score(-exp_m1(-h * level))).collect())
                .collect();
            for &(mixing, mixing_weight) in &self.mixing {
                for &(factor, factor_weight) in &factor_nodes(rho) {
                    let given =
                        |score: f64| normal_cdf((score / mixing - rho.sqrt() * factor) / (1.0 - rho).sqrt());
                    let means: Vec<StreamValues> = (0..scores.len())
                        .map(|position| self.mean(position, &scores[position], given))
                        .collect();
                    let weight = level_weight * mixing_weight * factor_weight;
                    total.add(weight, &pairs.sum(self.line, &means));
                    averages.iter_mut().zip(&means).for_each(|(average, mean)| average.add(weight, mean));
                }
            }
        }
        total.add(-1.0, &pairs.sum(self.line, &averages));
        total
    }

    /// `E[X_i | V, W, E]`.
    fn mean(&self, position: usize, scores: &[f64], given: impl Fn(f64) -> f64) -> StreamValues {
        let project = &self.line.projects[position];
        let mut mean = StreamValues::default();
        mean.add(1.0 - project.disbursed, &project.cash.withdrawn.mean);
        if project.disbursed == 0.0 {
            return mean;
        }
        let mut before = 0.0;
        for (score, fate) in scores.iter().zip(&project.cash.disbursed[1..]) {
            let now = given(*score);
            mean.add(project.disbursed * (now - before), &fate.mean);
            before = now;
        }
        mean.add(project.disbursed * (1.0 - before), &project.cash.disbursed[0].mean);
        mean
    }

    /// Quantile of the copula's marginal law.
    fn score(&self, probability: f64) -> f64 {
        match self.plan.credit.dependence {
            DependencePlan::StudentT { degrees } => student_t_quantile(degrees, probability),
            _ => normal_quantile(probability),
        }
    }
}

/// Even nodes of the common normal, narrow enough for the steepest conditional probability.
fn factor_nodes(rho: f64) -> Vec<(f64, f64)> {
    if rho == 0.0 {
        return vec![(0.0, 1.0)];
    }
    const REACH: f64 = 8.0;
    let width = ((1.0 - rho) / rho).sqrt().min(1.0);
    let count = (REACH / (0.25 * width)).ceil() as i32;
    let step = REACH / f64::from(count);
    let points: Vec<f64> = (-count..=count).map(|position| f64::from(position) * step).collect();
    let weight = |point: f64| normal_density(point);
    let total: f64 = points.iter().map(|&point| weight(point)).sum();
    points.into_iter().map(|point| (point, weight(point) / total)).collect()
}

/// `1 / sqrt(W / nu)` at even normal scores of the mixing variable, as far as double precision tells them apart.
fn mixing_nodes(degrees: f64) -> Vec<(f64, f64)> {
    let scores = || (-36..=32).map(|position| f64::from(position) * MIXING_STEP);
    let total: f64 = scores().map(normal_density).sum();
    scores()
        .map(|score| {
            let mixing = chi_square_quantile(degrees, normal_cdf(score));
            (1.0 / (mixing / degrees).sqrt(), normal_density(score) / total)
        })
        .collect()
}
