//! Random numbers of a path: the common factors, and the laws that the generator's crate does not have.

use fesr::plan::{LossLaw, Plan};
use rand::RngExt;
use rand::rngs::SmallRng;
use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{Beta, ContinuousCDF};

/// What all projects of a path share.
pub struct Common {
    pub global: f64,
    pub themes: [f64; 4],
    /// `E_line`: how wrong the PDs of a line are.
    pub pd_level: [f64; 2],
    /// `A`: how many apply.
    pub demand_level: [f64; 2],
}

impl Common {
    pub fn draw(plan: &Plan, rng: &mut SmallRng) -> Common {
        let level = |sd: f64, rng: &mut SmallRng| (sd * normal(rng) - 0.5 * sd * sd).exp();
        Common {
            global: normal(rng),
            themes: std::array::from_fn(|_| normal(rng)),
            pd_level: std::array::from_fn(|slot| level(plan.lines[slot].pd_log_sd, rng)),
            demand_level: std::array::from_fn(|slot| level(plan.lines[slot].demand_log_sd, rng)),
        }
    }
}

pub fn normal(rng: &mut SmallRng) -> f64 {
    StandardNormal.sample(rng)
}

/// Standard normal distribution function.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// The category of a uniform number.
pub fn pick(cumulative: &[f64], rng: &mut SmallRng) -> usize {
    let uniform: f64 = rng.random();
    cumulative.iter().position(|&c| uniform < c).unwrap_or(cumulative.len() - 1)
}

/// Beta quantiles of a line's loss given default at evenly spaced probabilities.
pub struct LossTable {
    quantiles: Vec<f64>,
}

impl LossTable {
    const INTERVALS: usize = 1_000;

    pub fn new(law: &LossLaw) -> LossTable {
        let quantiles = match law {
            LossLaw::Fixed(mean) => vec![*mean; Self::INTERVALS + 1],
            LossLaw::Beta(beta) => {
                let (mean, variance) = (beta.mean(), beta.variance());
                let together = mean * (1.0 - mean) / variance - 1.0;
                let (a, b) = (mean * together, (1.0 - mean) * together);
                let law = Beta::new(a, b).expect("positive shapes");
                (0..=Self::INTERVALS).map(|i| law.inverse_cdf(i as f64 / Self::INTERVALS as f64)).collect()
            }
        };
        LossTable { quantiles }
    }

    pub fn quantile(&self, probability: f64) -> f64 {
        let place = probability * Self::INTERVALS as f64;
        let cell = (place as usize).min(Self::INTERVALS - 1);
        let (low, high) = (self.quantiles[cell], self.quantiles[cell + 1]);
        low + (high - low) * (place - cell as f64)
    }
}
