//! The gamma function and the gamma and chi-square laws.

use super::quadrature::normal_like_tail;
use super::root::{Evaluation, Tails, solve};
use super::saddle::{deviance, stirling_remainder};
use super::{exp, ln, normal::normal_quantile};
use std::f64::consts::PI;

/// Above this shape the tails near the centre are integrated by quadrature.
const LARGE_SHAPE: f64 = 1000.0;

/// Quadrature is used up to this distance from the centre, relative to the centre.
const NEAR_CENTRE: f64 = 0.25;

/// The continued fraction and the series stop when a term changes less than this.
const NEGLIGIBLE: f64 = 1e-17;

/// Quantiles are sought between `e^-745` and `e^745`, the range of the doubles.
const LARGEST_LOGARITHM: f64 = 745.0;

/// Replaces an exact zero in the continued fraction.
const TINY: f64 = 1e-300;

/// `ln Gamma(x)` for `x > 0`; relative error of a few 1e-16 but near its zeros at 1 and 2,
/// where the error is absolute.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Distribution function of the gamma law of this shape and scale 1: the regularised
/// incomplete gamma function `P(shape, x)`.
///
/// `shape > 0`; 0 for `x <= 0`, 1 for `x = inf`. Series for small `x` and continued fraction for
/// large `x` (Abramowitz and Stegun 6.5.29 and 6.5.31), quadrature of the saddle-point form near the centre of large shapes.
/// Relative error below 2e-14 of the smaller tail for shapes from 1 on, absolute below 1e-14 otherwise.
pub fn gamma_cdf(shape: f64, x: f64) -> f64 {
    Gamma::new(shape).tails(x).lower
}

/// Quantile of the chi-square law: the `x` with `P(X <= x) = p`.
///
/// `degrees` real, in `(0, 1e6]` and meant for `degrees > 2`; `p` in `[0, 1]` (0 gives 0, 1
/// gives `inf`, anything else NaN). Halley steps on the logarithm of the smaller tail inside a bracket, from
/// the approximation of Wilson and Hilferty (1931). Relative error below 1e-12.
pub fn chi_square_quantile(degrees: f64, p: f64) -> f64 {
    2.0 * Gamma::new(0.5 * degrees).quantile(p)
}

/// A gamma law of scale 1 with the constants that its functions share.
struct Gamma {
    shape: f64,
    /// `shape^shape e^-shape / Gamma(shape)`.
    centre_value: f64,
}

impl Gamma {
    fn new(shape: f64) -> Gamma {
        let centre_value = (shape / (2.0 * PI)).sqrt() * exp(-stirling_remainder(shape));
        Gamma { shape, centre_value }
    }

    /// `x` times the density, `x^shape e^-x / Gamma(shape)`.
    fn weight(&self, x: f64) -> f64 {
        self.weight_at_distance(x, x - self.shape)
    }

    /// The same, the distance from the centre given apart.
    fn weight_at_distance(&self, x: f64, distance: f64) -> f64 {
        self.centre_value * exp(-deviance(self.shape, x, self.shape, distance))
    }

    fn tails(&self, x: f64) -> Tails {
        if x.is_nan() {
            return Tails::from_lower(f64::NAN);
        }
        if x <= 0.0 {
            return Tails::from_lower(0.0);
        }
        if x == f64::INFINITY {
            return Tails::from_upper(0.0);
        }
        let distance = x - self.shape;
        if self.shape > LARGE_SHAPE && distance.abs() < NEAR_CENTRE * self.shape {
            let tail = self.tail_by_quadrature(distance);
            return if distance < 0.0 { Tails::from_lower(tail) } else { Tails::from_upper(tail) };
        }
        if x < self.shape + 1.0 {
            Tails::from_lower(self.weight(x) * self.series(x))
        } else {
            Tails::from_upper(self.weight(x) * self.fraction(x))
        }
    }

    /// The tail on the far side of `shape + distance`, seen from the centre.
    fn tail_by_quadrature(&self, distance: f64) -> f64 {
        let deviation = self.shape.sqrt();
        let step = if distance < 0.0 { -deviation } else { deviation };
        let integral = normal_like_tail(distance.abs() / deviation, |w| {
            let distance = distance + w * step;
            let x = self.shape + distance;
            if x <= 0.0 { 0.0 } else { self.weight_at_distance(x, distance) / x }
        });
        deviation * integral
    }

    /// `P / weight = 1/a + x/(a(a+1)) + x^2/(a(a+1)(a+2)) + ...`
    fn series(&self, x: f64) -> f64 {
        let mut denominator = self.shape;
        let mut term = 1.0 / self.shape;
        let mut sum = term;
        while term > NEGLIGIBLE * sum {
            denominator += 1.0;
            term *= x / denominator;
            sum += term;
        }
        sum
    }

    /// `Q / weight`, by Lentz's evaluation of the even part of the continued fraction.
    fn fraction(&self, x: f64) -> f64 {
        let mut b = x + 1.0 - self.shape;
        let mut c = 1.0 / TINY;
        let mut d = 1.0 / b;
        let mut value = d;
        let mut index = 0.0;
        loop {
            index += 1.0;
            let a = index * (self.shape - index);
            b += 2.0;
            d = 1.0 / non_zero(a * d + b);
            c = non_zero(b + a / c);
            let factor = c * d;
            value *= factor;
            if (factor - 1.0).abs() < f64::EPSILON {
                return value;
            }
        }
    }

    fn quantile(&self, p: f64) -> f64 {
        if !(p > 0.0 && p < 1.0) {
            return if p == 0.0 {
                0.0
            } else if p == 1.0 {
                f64::INFINITY
            } else {
                f64::NAN
            };
        }
        let start = self.approximate_log_quantile(p);
        exp(solve(-LARGEST_LOGARITHM, LARGEST_LOGARITHM, start, Tails::from_lower(p), |t| {
            let x = exp(t);
            Evaluation { tails: self.tails(x), density: self.weight(x), slope: self.shape - x }
        }))
    }

    /// Logarithm of Wilson and Hilferty's cube of a normal; near 0 of the leading term of the series.
    fn approximate_log_quantile(&self, p: f64) -> f64 {
        let spread = 1.0 / (9.0 * self.shape);
        let root = 1.0 - spread + normal_quantile(p) * spread.sqrt();
        if root > 0.3 {
            ln(self.shape) + 3.0 * ln(root)
        } else {
            (ln(p) + ln_gamma(self.shape + 1.0)) / self.shape
        }
    }
}

/// `x`, or a tiny number in place of 0, for Lentz's continued fractions.
pub(super) fn non_zero(x: f64) -> f64 {
    if x == 0.0 { TINY } else { x }
}
