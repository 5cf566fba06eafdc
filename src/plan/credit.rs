//! Hazards, multipliers and dependence, resolved by quarter: MODEL.md section 5.

use super::{LinePlan, lifetime_scale};
use crate::numeric;
use crate::scenario::{Copula, Dependence, PdMultiplier, PdTarget, Scenario};

/// Ratings, multipliers and dependence.
#[derive(Clone, Debug, PartialEq)]
pub struct CreditPlan {
    /// Quarterly hazard of each rating by year of age; the last repeats.
    pub hazards: Vec<Vec<f64>>,
    /// Factor on each line's and rating's hazards (`pd_target = "lifetime"`; else 1): `[line][rating]`.
    pub lifetime_scale: Vec<Vec<f64>>,
    /// Hazard multiplier by theme, legal form and size, by position.
    pub theme_multiplier: [f64; 4],
    /// By legal form.
    pub legal_form_multiplier: [f64; 2],
    /// By size.
    pub size_multiplier: [f64; 3],
    /// Of accompanied applicants.
    pub accompanied_multiplier: f64,
    /// Multiplier of the economy, by fund quarter.
    pub economy: Vec<f64>,
    /// Static or autoregressive.
    pub dependence: DependencePlan,
    /// Loading of the global factor.
    pub global_loading: f64,
    /// Loading of the theme's factor.
    pub theme_loading: f64,
    /// Loading of the project's own luck.
    pub own_loading: f64,
    /// Loading of the loss given default on the global factor.
    pub lgd_loading: f64,
    /// Loading of the loss given default's own luck.
    pub lgd_own_loading: f64,
    /// Names of the ratings.
    pub rating_names: Vec<String>,
}

/// How the factors move.
#[derive(Clone, Debug, PartialEq)]
pub enum DependencePlan {
    /// One draw for the whole life.
    Gaussian,
    /// One draw, divided by a common mixing variable.
    StudentT {
        /// Degrees of freedom.
        degrees: f64,
    },
    /// A path of factors.
    Autoregressive {
        /// Weight of the last quarter.
        persistence: f64,
        /// Weight of the new shock.
        innovation: f64,
        /// Shift of the global factor, by fund quarter.
        shift: Vec<f64>,
    },
}

impl CreditPlan {
    pub(super) fn resolve(scenario: &Scenario) -> CreditPlan {
        let credit = &scenario.credit;
        let quarters = scenario.fund.horizon_quarters;
        let by_fund_year =
            |values: &[f64], quarter: u32| values[((quarter / 4) as usize).min(values.len() - 1)];
        let economy = match &scenario.economy.pd_multiplier {
            PdMultiplier::ByFundYear(years) => {
                let years: Vec<f64> = years.iter().map(|m| m.to_f64()).collect();
                (0..quarters).map(|quarter| by_fund_year(&years, quarter)).collect()
            }
            PdMultiplier::ByCalendarYear(years) => (0..quarters)
                .map(|quarter| {
                    let year = scenario.fund.start.plus(quarter).year();
                    years.iter().find(|(named, _)| *named == year).map_or(1.0, |(_, m)| m.to_f64())
                })
                .collect(),
        };
        let dependence = match (credit.dependence, credit.copula) {
            (Dependence::Static, Copula::Gaussian) => DependencePlan::Gaussian,
            (Dependence::Static, Copula::StudentT) => {
                DependencePlan::StudentT { degrees: credit.nu.to_f64() }
            }
            (Dependence::Autoregressive, _) => {
                let persistence = credit.persistence.to_f64();
                let shifts: Vec<f64> = scenario.economy.factor_shift.iter().map(|s| s.to_f64()).collect();
                DependencePlan::Autoregressive {
                    persistence,
                    innovation: (1.0 - persistence * persistence).sqrt(),
                    shift: (0..quarters).map(|quarter| by_fund_year(&shifts, quarter)).collect(),
                }
            }
        };
        let rho_global = credit.systemic_correlation.to_f64();
        let rho_theme = credit.theme_correlation.to_f64();
        let lgd_loading = credit.lgd_loading.to_f64();
        CreditPlan {
            hazards: credit
                .ratings
                .iter()
                .map(|rating| rating.pd.iter().map(|pd| -numeric::ln_1p(-pd.to_f64()) / 4.0).collect())
                .collect(),
            lifetime_scale: Vec::new(),
            theme_multiplier: credit.theme_multiplier.map(|m| m.to_f64()),
            legal_form_multiplier: credit.legal_form_multiplier.map(|m| m.to_f64()),
            size_multiplier: credit.size_multiplier.map(|m| m.to_f64()),
            accompanied_multiplier: credit.accompanied_multiplier.to_f64(),
            economy,
            dependence,
            global_loading: rho_global.sqrt(),
            theme_loading: rho_theme.sqrt(),
            own_loading: (1.0 - rho_global - rho_theme).sqrt(),
            lgd_loading,
            lgd_own_loading: (1.0 - lgd_loading * lgd_loading).sqrt(),
            rating_names: credit.ratings.iter().map(|rating| rating.name.clone()).collect(),
        }
    }

    /// Sets the factors on hazards that make lifetime defaults meet what the PDs promise.
    pub(super) fn scale_to_lifetime(&mut self, scenario: &Scenario, lines: &[LinePlan]) {
        let ratings = self.hazards.len();
        self.lifetime_scale = match (&self.dependence, scenario.credit.pd_target) {
            (DependencePlan::Autoregressive { persistence, .. }, PdTarget::Lifetime) => lines
                .iter()
                .map(|line| {
                    (0..ratings)
                        .map(|rating| {
                            let hazards: Vec<f64> =
                                (1..=line.tenor).map(|age| self.rating_hazard(rating, age)).collect();
                            let systematic = self.global_loading * self.global_loading
                                + self.theme_loading * self.theme_loading;
                            lifetime_scale(&hazards, systematic, *persistence)
                        })
                        .collect()
                })
                .collect(),
            _ => vec![vec![1.0; ratings]; lines.len()],
        };
    }

    /// Quarterly hazard of a rating at age `k >= 1`, before all multipliers.
    #[inline]
    pub fn rating_hazard(&self, rating: usize, age: u32) -> f64 {
        let years = &self.hazards[rating];
        years[(((age - 1) / 4) as usize).min(years.len() - 1)]
    }
}
