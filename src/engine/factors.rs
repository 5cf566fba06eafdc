//! The luck that the whole path shares: factors of the economy, level of the PDs, level of demand.

use crate::numeric::exp;
use crate::numeric::gamma::chi_square_quantile;
use crate::numeric::normal::{normal_cdf, normal_quantile};
use crate::plan::{DependencePlan, Plan};
use crate::random::{Address, Purpose};
use crate::scenario::Theme;

/// Number of theme factors.
pub const THEMES: usize = Theme::ALL.len();

/// One of the independent standard normals behind the common luck of a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CommonNormal {
    /// The global factor, or its shock of a quarter.
    Global {
        /// The quarter; 0 if static.
        quarter: u32,
    },
    /// A theme's factor, or its shock of a quarter.
    Theme {
        /// The theme by position.
        theme: usize,
        /// The quarter; 0 if static.
        quarter: u32,
    },
    /// The normal score of the mixing variable of the Student-t copula.
    Mixing,
    /// How wrong the PD level of a line is.
    PdLevel {
        /// The line's slot.
        slot: usize,
    },
    /// How strong the demand of a line is.
    Demand {
        /// The line's slot.
        slot: usize,
    },
}

/// Moves the normals behind the common luck: importance sampling does ([`super::tilt`]), a plain run does not.
pub trait CommonShift {
    /// What is added to a normal whose own value is `plain()`.
    fn shift(&mut self, which: CommonNormal, plain: impl FnOnce() -> f64) -> f64;
}

/// Moves nothing.
pub struct Unmoved;

impl CommonShift for Unmoved {
    fn shift(&mut self, _which: CommonNormal, _plain: impl FnOnce() -> f64) -> f64 {
        0.0
    }
}

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
        self.draw_moved(plan, path, &mut Unmoved);
    }

    /// Draws the common luck of a path, every standard normal behind it moved by what `mover` says.
    pub fn draw_moved(&mut self, plan: &Plan, path: u64, mover: &mut impl CommonShift) {
        let uniform = |purpose: Purpose, line: u8, index: u32| {
            Address { seed: plan.seed, path, purpose, line, index }.uniforms()[0]
        };
        let normal = |purpose, line, index, which, mover: &mut _| {
            let plain = normal_quantile(uniform(purpose, line, index));
            plain + CommonShift::shift(mover, which, || plain)
        };
        self.global.clear();
        self.themes.clear();
        self.mixing = 1.0;
        let shock = |quarter: u32, mover: &mut _| {
            let mut themes = [0.0; THEMES];
            for (theme, value) in themes.iter_mut().enumerate() {
                let which = CommonNormal::Theme { theme, quarter };
                *value = normal(Purpose::ThemeFactor, theme as u8, quarter, which, mover);
            }
            (normal(Purpose::GlobalFactor, 0, quarter, CommonNormal::Global { quarter }, mover), themes)
        };
        match &plan.credit.dependence {
            DependencePlan::Gaussian => {
                let (global, themes) = shock(0, mover);
                self.global.push(global);
                self.themes.push(themes);
            }
            DependencePlan::StudentT { degrees } => {
                let (global, themes) = shock(0, mover);
                self.global.push(global);
                self.themes.push(themes);
                let plain = uniform(Purpose::MixingVariable, 0, 0);
                let shift = mover.shift(CommonNormal::Mixing, || normal_quantile(plain));
                // Unmoved, the uniform keeps its bits.
                let moved = if shift == 0.0 { plain } else { normal_cdf(normal_quantile(plain) + shift) };
                let mixing = chi_square_quantile(*degrees, moved);
                self.mixing = 1.0 / (mixing / degrees).sqrt();
            }
            DependencePlan::Autoregressive { persistence, innovation, .. } => {
                for quarter in 0..plan.quarters {
                    let (mut global, mut themes) = shock(quarter, mover);
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
        let level = |sd: f64, purpose: Purpose, line: u8, which, mover: &mut _| {
            if sd == 0.0 { 1.0 } else { exp(sd * normal(purpose, line, 0, which, mover) - sd * sd / 2.0) }
        };
        self.pd_level.clear();
        self.demand_level.clear();
        for (slot, line) in plan.lines.iter().enumerate() {
            let number = line.number.index() as u8 + 1;
            let which = CommonNormal::PdLevel { slot };
            self.pd_level.push(level(line.pd_log_sd, Purpose::PdLevel, number, which, mover));
            let which = CommonNormal::Demand { slot };
            self.demand_level.push(level(line.demand_log_sd, Purpose::Demand, number, which, mover));
        }
    }

    /// The global factor that moves the loss given default of a project defaulting in `quarter`.
    pub fn global_at(&self, quarter: u32) -> f64 {
        self.global[(quarter as usize).min(self.global.len() - 1)]
    }
}
