//! The loss rate of infinitely many small loans under a one-factor Gaussian copula (Vasicek 2002, "The distribution of
//! loan portfolio value", Risk 15).
//!
//! Given the factor `M`, the law of large numbers leaves the conditional default probability
//! `p(M) = Phi((c - sqrt(rho) M) / sqrt(1 - rho))`, `c = Phi^-1(PD)`. A finite pool is riskier: the granularity
//! adjustment says by how much, to the first order in `1/n` (Gordy 2003, Journal of Financial Intermediation 12;
//! Martin and Wilde 2002).

use crate::numeric::exp;
use crate::numeric::integral;
use crate::numeric::normal::{normal_cdf, normal_density, normal_quantile};
use std::f64::consts::TAU;

/// Parts of the integral over the angle of a bivariate normal law.
const ANGLE_PANELS: u32 = 16;

/// An infinitely granular pool; losses are rates of the amount that is lost if everybody defaults.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LargePool {
    threshold: f64,
    default_probability: f64,
    correlation: f64,
}

impl LargePool {
    /// For a default probability and a correlation, both in the open interval (0, 1); `None` otherwise.
    pub fn new(default_probability: f64, correlation: f64) -> Option<LargePool> {
        let inside = |x: f64| x > 0.0 && x < 1.0;
        (inside(default_probability) && inside(correlation)).then(|| LargePool {
            threshold: normal_quantile(default_probability),
            default_probability,
            correlation,
        })
    }

    /// Default probability given the factor (negative = bad times).
    pub fn conditional(&self, factor: f64) -> f64 {
        normal_cdf((self.threshold - self.correlation.sqrt() * factor) / (1.0 - self.correlation).sqrt())
    }

    /// `P(loss rate <= x) = Phi((sqrt(1 - rho) Phi^-1(x) - c) / sqrt(rho))`; 0 up to 0 and 1 from 1 on.
    pub fn cdf(&self, x: f64) -> f64 {
        if x <= 0.0 {
            0.0
        } else if x >= 1.0 {
            1.0
        } else {
            let score = (1.0 - self.correlation).sqrt() * normal_quantile(x) - self.threshold;
            normal_cdf(score / self.correlation.sqrt())
        }
    }

    /// The loss rate that is not exceeded with probability `level` in (0, 1): `p(-Phi^-1(level))`.
    pub fn quantile(&self, level: f64) -> f64 {
        self.conditional(-normal_quantile(level))
    }

    /// Expected loss rate: the default probability.
    pub fn expected(&self) -> f64 {
        self.default_probability
    }

    /// Standard deviation of the loss rate: `sqrt(Phi2(c, c; rho) - PD^2)`.
    pub fn standard_deviation(&self) -> f64 {
        let joint = self.threshold * self.threshold;
        let excess = plackett(joint, joint, self.correlation);
        excess.sqrt()
    }

    /// Expected shortfall `Phi2(c, Phi^-1(1 - level); sqrt(rho)) / (1 - level)`: the mean loss rate in the worst
    /// `1 - level` of all cases. Error below 1e-12 for correlations up to 0.99.
    pub fn expected_shortfall(&self, level: f64) -> f64 {
        let other = -normal_quantile(level);
        let squares = 0.5 * (self.threshold * self.threshold + other * other);
        let excess = plackett(squares, self.threshold * other, self.correlation.sqrt());
        self.default_probability + excess / (1.0 - level)
    }

    /// How much a pool of `n` equal loans adds to the expected shortfall, times `n`, to the first order:
    /// `s^2(m) phi(m) / (2 (1 - level) |p'(m)|)` at `m = Phi^-1(1 - level)`, with `s^2 = p (1 - p)` the variance of one
    /// default given the factor (Gordy 2003, by integrating his adjustment of the quantile over the tail).
    pub fn shortfall_granularity(&self, level: f64) -> f64 {
        let factor = -normal_quantile(level);
        let own = (1.0 - self.correlation).sqrt();
        let score = (self.threshold - self.correlation.sqrt() * factor) / own;
        let slope = normal_density(score) * self.correlation.sqrt() / own;
        // Both tails by themselves: 1 - p without cancellation.
        let variance = normal_cdf(score) * normal_cdf(-score);
        variance * normal_density(factor) / (2.0 * (1.0 - level) * slope)
    }
}

/// `Phi2(h, k; r) - Phi(h) Phi(k)` for `squares = (h^2 + k^2) / 2`, `product = h k` and `r` in (0, 1):
/// `1 / (2 pi) x integral over t from 0 to arcsin(r) of exp(-(squares - product sin t) / cos^2 t)`
/// (Plackett 1954; Genz 2004, Statistics and Computing 14).
fn plackett(squares: f64, product: f64, r: f64) -> f64 {
    integral(0.0, libm::asin(r), ANGLE_PANELS, |angle| {
        let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
        exp(-(squares - product * sine) / (cosine * cosine))
    }) / TAU
}

#[cfg(test)]
mod tests {
    use super::*;

    const POOLS: [(f64, f64); 4] = [(0.02, 0.12), (0.005, 0.3), (0.3, 0.05), (0.5, 0.99)];

    #[test]
    fn quantiles_invert_the_distribution() {
        for (pd, correlation) in POOLS {
            let pool = LargePool::new(pd, correlation).expect("in range");
            for level in [0.001, 0.3, 0.5, 0.9, 0.999] {
                if pool.quantile(level) > 0.999_999 {
                    continue; // Next to 1 the loss rate itself has lost its digits.
                }
                let back = pool.cdf(pool.quantile(level));
                assert!((back - level).abs() < 1e-12, "{pd} {correlation}: {back} is not {level}");
            }
        }
    }

    #[test]
    fn moments_and_shortfalls_are_integrals_over_the_factor() {
        for (pd, correlation) in POOLS {
            let pool = LargePool::new(pd, correlation).expect("in range");
            let mean = integral(-9.0, 9.0, 400, |m| normal_density(m) * pool.conditional(m));
            assert!((mean - pd).abs() < 1e-13, "{pd} {correlation}: mean {mean}");
            let square = integral(-9.0, 9.0, 400, |m| {
                let distance = pool.conditional(m) - pd;
                normal_density(m) * distance * distance
            });
            let sd = pool.standard_deviation();
            assert!((square.sqrt() / sd - 1.0).abs() < 1e-11, "{pd} {correlation}: {sd}");
            for level in [0.5, 0.95, 0.999] {
                let worst = -normal_quantile(level);
                let tail = integral(-9.0, worst, 400, |m| normal_density(m) * pool.conditional(m));
                let shortfall = pool.expected_shortfall(level);
                assert!(
                    (tail / (1.0 - level) / shortfall - 1.0).abs() < 1e-11,
                    "{pd} {correlation} {level}: {shortfall}"
                );
            }
        }
    }

    #[test]
    fn the_regulatory_quantile() {
        // Basel Committee 2005, "An explanatory note on the Basel II IRB risk weight functions": PD 1 %, correlation
        // 15 %, 99.9 %; computed with another program's normal law.
        let pool = LargePool::new(0.01, 0.15).expect("in range");
        assert!((pool.quantile(0.999) - 0.110_264_756_554_746_1).abs() < 1e-13);
    }

    #[test]
    fn arguments_out_of_range_are_refused() {
        for (pd, correlation) in [(0.0, 0.1), (1.0, 0.1), (0.1, 0.0), (0.1, 1.0), (f64::NAN, 0.1)] {
            assert_eq!(LargePool::new(pd, correlation), None);
        }
    }
}
