//! The luck that the whole path shares: factors of the economy, level of the PDs, level of demand.

use crate::numeric::exp;
use crate::numeric::gamma::chi_square_quantile;
use crate::numeric::normal::normal_quantile;
use crate::plan::{DependencePlan, Plan};
use crate::random::{Address, Purpose};
use crate::scenario::Theme;

/// Number of theme factors.
pub const THEMES: usize = Theme::ALL.len();

/// The common luck of one path.
#[derive(Clone, Debug, Default)]
pub struct PathFactors {
    /// Global factor: one value (static) or one a quarter (autoregressive), without shift.
    pub global: Vec<f64>,
    /// Theme factors, quarter by quarter, `THEMES` values each.
    pub themes: Vec<[f64; THEMES]>,
    /// `1 / sqrt(W / nu)` of the Student-t copula; 1 otherwise.
    pub mixing: f64,
    /// Factor on all hazards of each line, by slot.
    pub pd_level: Vec<f64>,
    /// Factor on the demand of each line, by slot.
    pub demand_level: Vec<f64>,
}

impl PathFactors {
    /// Draws the common luck of a path into existing buffers.
    pub fn draw(&mut self, plan: &Plan, path: u64) {
        let normal = |purpose: Purpose, line: u8, index: u32| {
            normal_quantile(Address { seed: plan.seed, path, purpose, line, index }.uniforms()[0])
        };
        self.global.clear();
        self.themes.clear();
        self.mixing = 1.0;
        let shock = |quarter: u32| {
            let mut themes = [0.0; THEMES];
            for (theme, value) in themes.iter_mut().enumerate() {
                *value = normal(Purpose::ThemeFactor, theme as u8, quarter);
            }
            (normal(Purpose::GlobalFactor, 0, quarter), themes)
        };
        match &plan.credit.dependence {
            DependencePlan::Gaussian => {
                let (global, themes) = shock(0);
                self.global.push(global);
                self.themes.push(themes);
            }
            DependencePlan::StudentT { degrees } => {
                let (global, themes) = shock(0);
                self.global.push(global);
                self.themes.push(themes);
                let address =
                    Address { seed: plan.seed, path, purpose: Purpose::MixingVariable, line: 0, index: 0 };
                let mixing = chi_square_quantile(*degrees, address.uniforms()[0]);
                self.mixing = 1.0 / (mixing / degrees).sqrt();
            }
            DependencePlan::Autoregressive { persistence, innovation, .. } => {
                for quarter in 0..plan.quarters {
                    let (mut global, mut themes) = shock(quarter);
                    if quarter > 0 {
                        let last = quarter as usize - 1;
                        global = persistence * self.global[last] + innovation * global;
                        for (value, before) in themes.iter_mut().zip(self.themes[last]) {
                            *value = persistence * before + innovation * *value;
                        }
                    }
                    self.global.push(global);
                    self.themes.push(themes);
                }
            }
        }
        let level = |sd: f64, purpose: Purpose, line: u8| {
            if sd == 0.0 { 1.0 } else { exp(sd * normal(purpose, line, 0) - sd * sd / 2.0) }
        };
        self.pd_level.clear();
        self.demand_level.clear();
        for line in &plan.lines {
            let number = line.number.index() as u8 + 1;
            self.pd_level.push(level(line.pd_log_sd, Purpose::PdLevel, number));
            self.demand_level.push(level(line.demand_log_sd, Purpose::Demand, number));
        }
    }

    /// The global factor that moves the loss given default of a project defaulting in `quarter`.
    pub fn global_at(&self, quarter: u32) -> f64 {
        self.global[(quarter as usize).min(self.global.len() - 1)]
    }
}
