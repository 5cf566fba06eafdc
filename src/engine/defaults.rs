//! When a project defaults and what the default costs: MODEL.md sections 5 and 6.

use super::applicants::Applicant;
use super::factors::PathFactors;
use super::luck::Luck;
use crate::numeric::beta::{student_t_cdf, student_t_quantile};
use crate::numeric::normal::{normal_cdf, normal_quantile};
use crate::numeric::{exp_m1, ln_1p};
use crate::plan::{DependencePlan, LinePlan, LossLaw, Plan};
use crate::random::{Address, Purpose};

/// The default of a project within its tenor, decided at disbursement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DefaultDecision {
    /// Age at default, 1 to tenor; `None` if it survives or the horizon comes first.
    pub age: Option<u32>,
    /// `F(k)` of the last age within tenor and horizon: the default probability that the PDs promise.
    pub promised: f64,
}

/// The project's own luck: addressed by line and number.
fn own_luck(plan: &Plan, line: &LinePlan, path: u64, applicant: &Applicant, purpose: Purpose) -> [f64; 2] {
    let address = Address {
        seed: plan.seed,
        path,
        purpose,
        line: line.number.index() as u8 + 1,
        index: applicant.number,
    };
    address.uniforms()
}

/// Whether the project withdraws instead of being disbursed.
pub fn withdraws(plan: &Plan, line: &LinePlan, path: u64, applicant: &Applicant) -> bool {
    line.withdrawal_rate > 0.0
        && own_luck(plan, line, path, applicant, Purpose::Withdrawal)[0] < line.withdrawal_rate
}

/// How long a project has been running when its default is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seasoning {
    /// The quarter of its disbursement.
    pub disbursed: u32,
    /// Quarters of age that it is known to have survived; 0 for a new project.
    pub survived: u32,
}

impl Seasoning {
    /// Of a project that is disbursed now.
    pub fn new_project(disbursed: u32) -> Seasoning {
        Seasoning { disbursed, survived: 0 }
    }
}

/// When a project disbursed in `quarter` defaults, having made `survived` payments already.
///
/// Of a project on the books of a running fund it is known that it survived: its clock starts anew today, with the chance
/// `F'(k) = 1 - S(k) / S(survived)` of defaulting up to age `k`, and factors that are drawn from their law, not from what the
/// survivors of history say about the economy. Ages keep counting from the disbursement.
///
/// Hazard at age `k`: rating's hazard of that year of age x multipliers x economy of the calendar quarter x level of
/// the PDs on this path. Static dependence: the smallest `k` with `F(k) >= U` (Li 2000; Vasicek 2002). `U` is
/// compared on the scale of hazards: `H(k) >= -ln(1 - U)`, which is the same condition without loss of digits.
/// Autoregressive: given the factors, quarters are independent; one uniform against the cumulative conditional
/// probability is the same law as one uniform a quarter.
pub fn decide_default(
    plan: &Plan,
    slot: usize,
    path: u64,
    applicant: &Applicant,
    Seasoning { disbursed: quarter, survived }: Seasoning,
    factors: &PathFactors,
    luck: &mut Luck,
) -> DefaultDecision {
    let line = &plan.lines[slot];
    let credit = &plan.credit;
    let multiplier = credit.legal_form_multiplier[applicant.legal_form]
        * credit.theme_multiplier[applicant.theme]
        * credit.size_multiplier[applicant.size]
        * if applicant.accompanied { credit.accompanied_multiplier } else { 1.0 }
        * factors.pd_level[slot]
        * credit.lifetime_scale[slot][applicant.rating];
    let last_age = line.tenor.min(plan.quarters - 1 - quarter);
    let hazard = |age: u32| {
        credit.rating_hazard(applicant.rating, age) * multiplier * credit.economy[(quarter + age) as usize]
    };
    let [own, _] = own_luck(plan, line, path, applicant, Purpose::Idiosyncratic);
    let own = luck.default_uniform(slot, own, || {
        let ages = survived + 1..=last_age;
        conditional_chance(plan, quarter + survived, applicant.theme, factors, ages.map(hazard))
    });
    let mut cumulative = 0.0;
    let mut age_at_default = None;
    match &credit.dependence {
        DependencePlan::Gaussian | DependencePlan::StudentT { .. } => {
            let latent = credit.global_loading * factors.global[0]
                + credit.theme_loading * factors.themes[0][applicant.theme]
                + credit.own_loading * normal_quantile(own);
            let uniform = match credit.dependence {
                DependencePlan::StudentT { degrees } => student_t_cdf(degrees, latent * factors.mixing),
                _ => normal_cdf(latent),
            };
            let threshold = -ln_1p(-uniform);
            for age in survived + 1..=last_age {
                cumulative += hazard(age);
                if age_at_default.is_none() && cumulative >= threshold && cumulative > 0.0 {
                    age_at_default = Some(age);
                }
            }
        }
        DependencePlan::Autoregressive { shift, .. } => {
            let mut survival = 1.0;
            let mut known = (f64::NAN, f64::NAN);
            for age in survived + 1..=last_age {
                let now = hazard(age);
                cumulative += now;
                if age_at_default.is_some() || now <= 0.0 {
                    continue;
                }
                // The hazard changes once a year at most: its threshold is kept.
                if now != known.0 {
                    known = (now, normal_quantile(-exp_m1(-now)));
                }
                let at = (quarter + age) as usize;
                let conditional = normal_cdf(
                    (known.1
                        - credit.global_loading * (factors.global[at] + shift[at])
                        - credit.theme_loading * factors.themes[at][applicant.theme])
                        / credit.own_loading,
                );
                survival *= 1.0 - conditional;
                if survival <= 1.0 - own {
                    age_at_default = Some(age);
                }
            }
        }
    }
    // What the rating promises is counted before the scaling that makes lifetime defaults meet it.
    let promised = -exp_m1(-cumulative / credit.lifetime_scale[slot][applicant.rating]);
    DefaultDecision { age: age_at_default, promised }
}

/// The chance that a project alive at the end of `quarter` defaults in the quarters after it, whose hazards are given, given the factors:
/// it defaults if its own uniform is at most this ([`decide_default`]).
fn conditional_chance(
    plan: &Plan,
    quarter: u32,
    theme: usize,
    factors: &PathFactors,
    hazards: impl Iterator<Item = f64>,
) -> f64 {
    let credit = &plan.credit;
    let systematic = |at: usize| {
        credit.global_loading * factors.global[at] + credit.theme_loading * factors.themes[at][theme]
    };
    match &credit.dependence {
        DependencePlan::Gaussian | DependencePlan::StudentT { .. } => {
            let lifetime = -exp_m1(-hazards.sum::<f64>());
            let threshold = match credit.dependence {
                DependencePlan::StudentT { degrees } => {
                    student_t_quantile(degrees, lifetime) / factors.mixing
                }
                _ => normal_quantile(lifetime),
            };
            normal_cdf((threshold - systematic(0)) / credit.own_loading)
        }
        DependencePlan::Autoregressive { shift, .. } => {
            let mut survival = 1.0;
            let mut known = (f64::NAN, f64::NAN);
            for (age, hazard) in (1..).zip(hazards) {
                if hazard <= 0.0 {
                    continue;
                }
                if hazard != known.0 {
                    known = (hazard, normal_quantile(-exp_m1(-hazard)));
                }
                let at = quarter as usize + age;
                let shifted = known.1 - systematic(at) - credit.global_loading * shift[at];
                survival *= 1.0 - normal_cdf(shifted / credit.own_loading);
            }
            1.0 - survival
        }
    }
}

/// What a default costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Severity {
    /// Loss given default, 0 to 1; 0 if cured.
    pub loss_given_default: f64,
    /// Whether the default cures: no loss, no guarantee call.
    pub cured: bool,
}

/// Draws what the default of a project in `quarter` costs.
///
/// Formula: `Y = -a M* + sqrt(1 - a^2) xi`, LGD = Beta quantile of `Phi(Y)`; with probability `cure_rate` the default
/// cures. `M*` is the global factor of the path (static) or of the quarter (autoregressive), without shift.
pub fn draw_severity(
    plan: &Plan,
    slot: usize,
    path: u64,
    applicant: &Applicant,
    quarter: u32,
    factors: &PathFactors,
    luck: &mut Luck,
) -> Severity {
    let line = &plan.lines[slot];
    // Where nothing cures, nothing is drawn: draws are addressed, so no other moves.
    if line.loss.cure_rate > 0.0 {
        let [cure, _] = own_luck(plan, line, path, applicant, Purpose::Cure);
        if luck.cure_uniform(slot, cure, line.loss.cure_rate) < line.loss.cure_rate {
            return Severity { loss_given_default: 0.0, cured: true };
        }
    }
    let loss_given_default = match &line.loss.law {
        LossLaw::Fixed(mean) => *mean,
        LossLaw::Beta(law) => {
            let [own, _] = own_luck(plan, line, path, applicant, Purpose::LossGivenDefault);
            let own = luck.severity_uniform(slot, own);
            let credit = &plan.credit;
            let uniform = if credit.lgd_loading == 0.0 {
                own
            } else {
                normal_cdf(
                    -credit.lgd_loading * factors.global_at(quarter)
                        + credit.lgd_own_loading * normal_quantile(own),
                )
            };
            law.quantile(uniform)
        }
    };
    Severity { loss_given_default, cured: false }
}
