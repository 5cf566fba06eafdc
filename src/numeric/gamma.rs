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

/// The continued fraction needs fewer terms wherever it is used; only overflow gets here.
const MOST_TERMS: u32 = 20_000;

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
/// large `x` (Abramowitz and Stegun 6.5.29 and 6.5.31), quadrature of the saddle-point form near
/// the centre of large shapes. Relative error below 2e-14 of the smaller tail for shapes from 1
/// on, absolute below 1e-14 otherwise.
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
        for term in 1..=MOST_TERMS {
            let index = f64::from(term);
            let a = index * (self.shape - index);
            b += 2.0;
            d = 1.0 / non_zero(a * d + b);
            c = non_zero(b + a / c);
            let factor = c * d;
            value *= factor;
            if (factor - 1.0).abs() <= f64::EPSILON {
                break;
            }
        }
        value
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::tolerance::{CLOSED_FORM, DISTRIBUTION, ORACLE, QUANTILE, assert_relative};
    use proptest::prelude::*;
    use statrs::distribution::{ChiSquared, ContinuousCDF};

    /// `(x, ln Gamma(x))`, by mpmath at 40 digits.
    const LOGARITHMS: [(f64, f64); 9] = [
        (1e-08, 18.42068073818021),
        (0.1, 2.252712651734206),
        (0.5, 0.5723649429247001),
        (1.5, -0.12078223763524522),
        (3.7, 1.428072326665388),
        (10.0, 12.801827480081469),
        (171.0, 706.5730622457874),
        (100000.0, 1051287.7089736569),
        (10000000000.0, 220258509288.81058),
    ];

    /// `(shape, x, lower tail, upper tail)`, by mpmath at 40 digits.
    const TAILS: [(f64, f64, f64, f64); 23] = [
        (0.5, 0.01, 0.1124629160182849, 0.8875370839817152),
        (0.5, 0.4, 0.6289066304773024, 0.37109336952269756),
        (0.5, 3.0, 0.9856941215645704, 0.01430587843542964),
        (1.5, 1e-06, 7.522523267121693e-10, 0.9999999992477476),
        (1.5, 0.7, 0.29446526879590884, 0.7055347312040912),
        (1.5, 5.0, 0.9814338645369568, 0.018566135463043233),
        (1.5, 60.0, 1.0, 7.716790355634193e-26),
        (3.0, 0.5, 0.014387677966970687, 0.9856123220330293),
        (3.0, 3.0, 0.5768099188731565, 0.42319008112684353),
        (3.0, 20.0, 0.9999995444850495, 4.555149505589213e-07),
        (30.0, 8.0, 2.1025836307149643e-09, 0.9999999978974163),
        (30.0, 29.5, 0.48771114641816943, 0.5122888535818306),
        (30.0, 70.0, 0.9999999756717983, 2.4328201698573227e-08),
        (700.0, 500.0, 1.9337684428756552e-17, 1.0),
        (700.0, 700.0, 0.5050262400556824, 0.4949737599443175),
        (700.0, 900.0, 0.9999999999981999, 1.8000885248788708e-12),
        (2500.0, 2200.0, 2.0312530105293322e-10, 0.9999999997968747),
        (2500.0, 2490.0, 0.4232452010501077, 0.5767547989498923),
        (2500.0, 2500.0, 0.5026596211076548, 0.4973403788923451),
        (2500.0, 2700.0, 0.999952823644053, 4.717635594693641e-05),
        (500000.0, 496000.0, 7.076049113622113e-09, 0.9999999929239509),
        (500000.0, 500000.0, 0.5001880631966055, 0.4998119368033945),
        (500000.0, 503500.0, 0.9999996068070365, 3.9319296357575025e-07),
    ];

    /// `(degrees, p, quantile)`, by mpmath at 40 digits.
    const CHI_SQUARE: [(f64, f64, f64); 20] = [
        (2.5, 1e-10, 2.2101150154935887e-08),
        (2.5, 0.01, 0.05621205483482212),
        (2.5, 0.5, 1.8738477677808791),
        (2.5, 0.999, 15.082186971981956),
        (4.0, 1e-06, 0.002829761322958686),
        (4.0, 0.3, 2.1946984214069833),
        (4.0, 0.99, 13.276704135987622),
        (4.0, 0.9999999999, 52.66796303929708),
        (30.0, 1e-10, 3.043040379553346),
        (30.0, 0.5, 29.336031516661585),
        (30.0, 0.95, 43.77297182574218),
        (1000.0, 1e-06, 801.6244376068657),
        (1000.0, 0.5, 999.333412403381),
        (1000.0, 0.999, 1143.9170926196791),
        (5000.0, 0.01, 4770.3104709622885),
        (5000.0, 0.5, 4999.33334913811),
        (5000.0, 0.999, 5314.731358301196),
        (1000000.0, 1e-09, 991541.122093849),
        (1000000.0, 0.5, 999999.3333334123),
        (1000000.0, 0.999, 1004375.9487461417),
    ];

    #[test]
    fn ln_gamma_against_forty_digits() {
        for (x, expected) in LOGARITHMS {
            assert_relative(ln_gamma(x), expected, CLOSED_FORM, &format!("ln_gamma({x})"));
        }
    }

    #[test]
    fn tails_against_forty_digits() {
        for (shape, x, lower, upper) in TAILS {
            let tails = Gamma::new(shape).tails(x);
            let what = format!("shape {shape} at {x}");
            if lower < upper {
                assert_relative(tails.lower, lower, DISTRIBUTION, &what);
            } else {
                assert_relative(tails.upper, upper, DISTRIBUTION, &what);
            }
            assert_relative(gamma_cdf(shape, x), lower, DISTRIBUTION, &what);
        }
        assert_eq!(gamma_cdf(2.0, 0.0), 0.0);
        assert_eq!(gamma_cdf(2.0, -1.0), 0.0);
        assert_eq!(gamma_cdf(2.0, f64::INFINITY), 1.0);
        assert!(gamma_cdf(2.0, f64::NAN).is_nan());
    }

    #[test]
    fn chi_square_quantiles_against_forty_digits() {
        for (degrees, p, expected) in CHI_SQUARE {
            assert_relative(
                chi_square_quantile(degrees, p),
                expected,
                QUANTILE,
                &format!("{degrees} degrees, {p}"),
            );
        }
        assert_eq!(chi_square_quantile(5.0, 0.0), 0.0);
        assert_eq!(chi_square_quantile(5.0, 1.0), f64::INFINITY);
        assert!(chi_square_quantile(5.0, 1.5).is_nan());
    }

    #[test]
    fn the_methods_meet_at_their_borders() {
        let steps = |shape: f64, x: f64| {
            let below = Gamma::new(shape).tails(x * (1.0 - 1e-15)).lower;
            let above = Gamma::new(shape).tails(x * (1.0 + 1e-15)).lower;
            assert!((above - below).abs() < 2.0 * DISTRIBUTION, "{shape} {x}: {below:e} {above:e}");
        };
        for shape in [1001.0, 1500.0] {
            steps(shape, shape * (1.0 - NEAR_CENTRE));
            steps(shape, shape * (1.0 + NEAR_CENTRE));
        }
        for shape in [0.5, 2.0, 900.0] {
            steps(shape, shape + 1.0);
        }
    }

    proptest! {
        #[test]
        fn quantile_undoes_the_distribution_function(log_degrees in 0.7..13.8_f64, p in 1e-12..1.0_f64) {
            let degrees = exp(log_degrees);
            let x = chi_square_quantile(degrees, p);
            let back = Gamma::new(0.5 * degrees).tails(0.5 * x);
            // A relative error of x moves the tail by its weight.
            let allowed = QUANTILE * Gamma::new(0.5 * degrees).weight(0.5 * x) + 1e-13 * p.min(1.0 - p);
            prop_assert!((back.lower - p).abs() <= allowed + f64::EPSILON, "{} {}", degrees, p);
        }

        #[test]
        fn agrees_with_statrs(degrees in 2.0..300.0_f64, p in 0.001..0.999_f64) {
            let x = chi_square_quantile(degrees, p);
            prop_assert!((ChiSquared::new(degrees).unwrap().cdf(x) - p).abs() <= ORACLE);
        }
    }
}
