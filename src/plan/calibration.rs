//! `pd_target = "lifetime"`: the factor on a rating's hazards that makes lifetime defaults keep their promise.
//!
//! Under autoregressive factors survivors are the lucky ones, so lifetime defaults fall below `F(n)`. MODEL.md asks
//! for a bisection "on fixed factor paths before the run". The systematic part of a project's latent variable,
//! `sqrt(rho_g) Z_q + sqrt(rho_t) S_q`, is itself one autoregression with variance `rho_g + rho_t`, so the mean
//! over factor paths can be integrated instead of sampled: survival is carried backwards over a grid of the
//! factor. That is the limit of infinitely many fixed paths, without their sampling error.
//!
//! Decisions where MODEL.md is silent: a factor is found for each line (its tenor) and rating, for a project with
//! all multipliers 1, no shift and a neutral economy, whose factors start in their stationary law; so what an
//! economy or a multiplier adds stays visible in the results.

use crate::numeric::exp_m1;
use crate::numeric::normal::{normal_cdf, normal_density, normal_quantile};

/// The factor on `hazards` (one per quarter of age) at which the lifetime default probability under factors of
/// variance `systematic` and quarterly `persistence` equals `1 - exp(-sum of hazards)`; at least 1, at most 1,000.
pub fn lifetime_scale(hazards: &[f64], systematic: f64, persistence: f64) -> f64 {
    let promised = -exp_m1(-hazards.iter().sum::<f64>());
    if promised <= 0.0 || systematic <= 0.0 {
        return 1.0;
    }
    let grid = FactorGrid::new(systematic, persistence);
    let (mut low, mut high) = (1.0, 2.0);
    while grid.lifetime_default(hazards, high) < promised {
        low = high;
        high *= 2.0;
        if high > 1_000.0 {
            return 1_000.0;
        }
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if grid.lifetime_default(hazards, middle) < promised {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The standardised systematic factor on an even grid, with the transition from one quarter to the next.
pub struct FactorGrid {
    points: Vec<f64>,
    /// Stationary weights; they add up to 1.
    stationary: Vec<f64>,
    /// For each point: first target and the weights from there on; each row adds up to 1.
    transition: Vec<(usize, Vec<f64>)>,
    loading: f64,
    own: f64,
}

impl FactorGrid {
    /// Half-width of the grid in standard deviations.
    const REACH: f64 = 7.0;

    /// For factors of variance `systematic` (0 to below 1) and quarterly `persistence` (0 to below 1).
    pub fn new(systematic: f64, persistence: f64) -> FactorGrid {
        let innovation = (1.0 - persistence * persistence).sqrt();
        // At least four points within one standard deviation of a step: the trapezium rule is then exact to
        // about 1e-12 for a Gaussian kernel.
        let intervals = ((2.0 * Self::REACH * 4.0 / innovation).ceil() as usize).clamp(200, 4_000);
        let step = 2.0 * Self::REACH / intervals as f64;
        let points: Vec<f64> = (0..=intervals).map(|i| -Self::REACH + step * i as f64).collect();
        let normalised = |mut weights: Vec<f64>| {
            let sum: f64 = weights.iter().sum();
            weights.iter_mut().for_each(|w| *w /= sum);
            weights
        };
        let transition = points
            .iter()
            .map(|&from| {
                let mean = persistence * from;
                let reach = 8.0 * innovation;
                let first = points.partition_point(|&to| to < mean - reach);
                let last = points.partition_point(|&to| to <= mean + reach);
                // A step narrower than the grid stays on the nearest point.
                let (first, last) = if first >= last {
                    let nearest = first.min(points.len() - 1);
                    (nearest, nearest + 1)
                } else {
                    (first, last)
                };
                let weights = points[first..last]
                    .iter()
                    .map(|&to| normal_density((to - mean) / innovation).max(f64::MIN_POSITIVE))
                    .collect();
                (first, normalised(weights))
            })
            .collect();
        let stationary = normalised(points.iter().map(|&point| normal_density(point)).collect());
        FactorGrid {
            points,
            stationary,
            transition,
            loading: systematic.sqrt(),
            own: (1.0 - systematic).sqrt(),
        }
    }

    /// Lifetime default probability when every hazard is multiplied by `scale`.
    ///
    /// The factor of quarter `d` is stationary; the payments fall in the quarters after it, whose factors are
    /// stationary too, so the recursion runs from the first payment's quarter.
    fn lifetime_default(&self, hazards: &[f64], scale: f64) -> f64 {
        let mut survival = vec![1.0; self.points.len()];
        for (age, &hazard) in hazards.iter().enumerate().rev() {
            let threshold = normal_quantile(-exp_m1(-hazard * scale));
            for (value, &point) in survival.iter_mut().zip(&self.points) {
                *value *= normal_cdf(-(threshold - self.loading * point) / self.own);
            }
            if age > 0 {
                survival = self
                    .transition
                    .iter()
                    .map(|(first, weights)| {
                        weights.iter().zip(&survival[*first..]).map(|(weight, value)| weight * value).sum()
                    })
                    .collect();
            }
        }
        1.0 - self.stationary.iter().zip(&survival).map(|(weight, value)| weight * value).sum::<f64>()
    }

    /// Probability of default by each quarter, where the quarter's conditional probability is
    /// `Phi((threshold - sqrt(systematic) x factor) / sqrt(1 - systematic))` and the first factor is stationary.
    pub fn cumulative_defaults(&self, thresholds: &[f64]) -> Vec<f64> {
        // Weight of the paths of the factor that stand at each point and on which the project is still alive.
        let mut alive = self.stationary.clone();
        thresholds
            .iter()
            .enumerate()
            .map(|(quarter, threshold)| {
                if quarter > 0 {
                    let mut next = vec![0.0; alive.len()];
                    for (weight, (first, row)) in alive.iter().zip(&self.transition) {
                        for (target, part) in next[*first..].iter_mut().zip(row) {
                            *target += weight * part;
                        }
                    }
                    alive = next;
                }
                for (weight, point) in alive.iter_mut().zip(&self.points) {
                    *weight *= normal_cdf(-(threshold - self.loading * point) / self.own);
                }
                1.0 - alive.iter().sum::<f64>()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_quarter_needs_no_scaling() {
        // With a single payment nobody has survived anything yet.
        let scale = lifetime_scale(&[0.01], 0.15, 0.85);
        assert!((scale - 1.0).abs() < 1e-9, "{scale}");
    }

    #[test]
    fn independent_quarters_need_no_scaling() {
        // Without persistence survivors are not lucky: survival factorises.
        let scale = lifetime_scale(&[0.01; 20], 0.15, 0.0);
        assert!((scale - 1.0).abs() < 1e-6, "{scale}");
    }

    #[test]
    fn walking_forwards_and_backwards_agree() {
        let grid = FactorGrid::new(0.15, 0.85);
        let hazards: Vec<f64> = (1..=24).map(|age| 0.002 * f64::from(age)).collect();
        let thresholds: Vec<f64> =
            hazards.iter().map(|hazard| normal_quantile(-exp_m1(-1.5 * hazard))).collect();
        let forwards = grid.cumulative_defaults(&thresholds);
        for ages in [1, 2, 7, 24] {
            let backwards = grid.lifetime_default(&hazards[..ages], 1.5);
            assert!((forwards[ages - 1] - backwards).abs() < 1e-10, "{ages}: {backwards}");
        }
    }

    #[test]
    fn persistence_asks_for_more_hazard() {
        let scale = lifetime_scale(&[0.01; 20], 0.15, 0.85);
        assert!(scale > 1.01 && scale < 2.0, "{scale}");
    }
}
