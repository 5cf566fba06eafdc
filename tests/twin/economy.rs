//! Section 5, the common part: factors of the economy, level of the PDs; and of section 3 the level of demand.

use super::Twin;
use super::luck::Luck;
use fesr::numeric::exp;
use fesr::numeric::gamma::chi_square_quantile;
use fesr::random::Purpose;
use fesr::scenario::{Copula, Dependence, Pipeline, Theme};

/// What the whole path shares.
#[derive(Clone, Debug)]
pub struct Economy {
    /// `M` (static: one value) or `Z_q` (ar1: one a quarter), without shift.
    global: Vec<f64>,
    /// `S_theme`, theme by theme, likewise.
    themes: Vec<Vec<f64>>,
    /// `W` of the Student-t copula.
    pub mixing: Option<f64>,
    /// `E_line` by slot.
    pub pd_level: Vec<f64>,
    /// `A` by slot.
    pub demand_level: Vec<f64>,
}

impl Economy {
    pub fn draw(twin: &Twin<'_>, luck: Luck) -> Economy {
        let credit = &twin.scenario.credit;
        let steps = match credit.dependence {
            Dependence::Static => 1,
            Dependence::Autoregressive => twin.quarters(),
        };
        let phi = credit.persistence.to_f64();
        // Z_0 standard normal, Z_q = phi Z_(q-1) + sqrt(1 - phi^2) eta_q.
        let factor = |purpose: Purpose, line: u8| {
            let mut values: Vec<f64> = Vec::new();
            for quarter in 0..steps {
                let shock = luck.normal(purpose, line, quarter);
                values.push(match values.last() {
                    None => shock,
                    Some(before) => phi * before + (1.0 - phi * phi).sqrt() * shock,
                });
            }
            values
        };
        let mixing = match (credit.dependence, credit.copula) {
            (Dependence::Static, Copula::StudentT) => {
                let uniform = luck.uniform(Purpose::MixingVariable, 0, 0);
                Some(chi_square_quantile(credit.nu.to_f64(), uniform))
            }
            (Dependence::Static, Copula::Gaussian) | (Dependence::Autoregressive, _) => None,
        };
        // exp(sd N - sd^2/2), of mean 1.
        let level =
            |sd: f64, purpose: Purpose, line: u8| exp(sd * luck.normal(purpose, line, 0) - sd * sd / 2.0);
        Economy {
            global: factor(Purpose::GlobalFactor, 0),
            themes: (0..Theme::ALL.len()).map(|theme| factor(Purpose::ThemeFactor, theme as u8)).collect(),
            mixing,
            pd_level: twin
                .lines
                .iter()
                .map(|terms| level(terms.line.pd_log_sd.to_f64(), Purpose::PdLevel, terms.number()))
                .collect(),
            demand_level: twin
                .lines
                .iter()
                .map(|terms| match &terms.line.pipeline {
                    Pipeline::Statistical(pipeline) => {
                        level(pipeline.applications_log_sd.to_f64(), Purpose::Demand, terms.number())
                    }
                    Pipeline::List(_) => 1.0,
                })
                .collect(),
        }
    }

    /// `M`, or `Z_q`.
    pub fn global(&self, quarter: u32) -> f64 {
        self.global[if self.global.len() == 1 { 0 } else { quarter as usize }]
    }

    /// `S_theme`, or `S_theme,q`.
    pub fn theme(&self, theme: usize, quarter: u32) -> f64 {
        let values = &self.themes[theme];
        values[if values.len() == 1 { 0 } else { quarter as usize }]
    }
}
