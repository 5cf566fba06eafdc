//! The standard normal law: density, distribution function, quantile.

use super::saddle::rounding_of_product;
use super::{exp, ln};
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// What `FRAC_1_SQRT_2` misses of 1/sqrt(2).
const FRAC_1_SQRT_2_REST: f64 = -4.833646656726457e-17;

/// Below this argument the rounding of `x / sqrt(2)` is worth correcting.
const FAR_TAIL: f64 = -2.0;

/// Below this argument `normal_cdf` is 0 in double precision.
const VANISHED: f64 = -39.0;

/// Half-width of a 95 % interval in standard errors: `normal_quantile(0.975)`.
pub const HALF_WIDTH_95: f64 = 1.959_963_984_540_054;

/// Density of the standard normal law, `exp(-x^2/2) / sqrt(2 pi)`.
pub fn normal_density(x: f64) -> f64 {
    exp(-0.5 * x * x) / (2.0 * PI).sqrt()
}

/// Distribution function of the standard normal law, `P(N <= x) = erfc(-x / sqrt 2) / 2`.
///
/// Relative error below 1e-15 down to `x = -37`, where the values leave the
/// normal numbers; 0 from about -38.5. `normal_cdf(-x)` is the upper tail.
#[inline]
pub fn normal_cdf(x: f64) -> f64 {
    let argument = -x * FRAC_1_SQRT_2;
    let tail = 0.5 * libm::erfc(argument);
    if x < FAR_TAIL && x > VANISHED { tail * (1.0 - far_tail_excess(x, argument)) } else { tail }
}

/// By what part `erfc` is too large because its argument was rounded.
///
/// In the far tail `erfc` falls by about `2t + 1/t` of itself per unit of its
/// argument `t`, so half an ulp of `t = 26` would cost some 90 ulps.
fn far_tail_excess(x: f64, argument: f64) -> f64 {
    let missing = rounding_of_product(-x, FRAC_1_SQRT_2, argument) - x * FRAC_1_SQRT_2_REST;
    missing * (2.0 * argument + 1.0 / argument)
}

/// Quantile of the standard normal law: the `x` with `normal_cdf(x) = p`.
///
/// `p` in `[0, 1]`; 0 gives `-inf`, 1 gives `+inf`, anything else NaN. Rational
/// approximations of Wichura (1988), Algorithm AS 241 (PPND16), Applied
/// Statistics 37, 477-484, of relative accuracy about 1e-16 before rounding.
#[inline]
pub fn normal_quantile(p: f64) -> f64 {
    if is_central(p) { central_quantile(p) } else { tail_quantile(p) }
}

/// Whether [`central_quantile`] is the quantile of this probability: from 0.075 to 0.925.
#[inline(always)]
pub fn is_central(p: f64) -> bool {
    (p - 0.5).abs() <= 0.425
}

/// The quantile where [`is_central`] says so, without a branch: for loops over many probabilities.
#[inline(always)]
pub fn central_quantile(p: f64) -> f64 {
    let centred = p - 0.5;
    let r = 0.180625 - centred * centred;
    centred * (polynomial(&CENTRE_NUMERATOR, r) / polynomial(&CENTRE_DENOMINATOR, r))
}

/// The quantile outside `[0.075, 0.925]`.
fn tail_quantile(p: f64) -> f64 {
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    // Outside [0, 1] the logarithm below gives NaN.
    let tail = if p < 0.5 { p } else { 1.0 - p };
    let r = (-ln(tail)).sqrt();
    let magnitude = if r <= 5.0 {
        polynomial(&TAIL_NUMERATOR, r - 1.6) / polynomial(&TAIL_DENOMINATOR, r - 1.6)
    } else {
        polynomial(&FAR_TAIL_NUMERATOR, r - 5.0) / polynomial(&FAR_TAIL_DENOMINATOR, r - 5.0)
    };
    if p < 0.5 { -magnitude } else { magnitude }
}

/// Value at `r` of the polynomial with these coefficients, constant term first.
#[inline(always)]
fn polynomial(coefficients: &[f64; 8], r: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |value, coefficient| value * r + coefficient)
}

// The coefficients of AS 241, constant term first.
const CENTRE_NUMERATOR: [f64; 8] = [
    3.3871328727963665,
    133.14166789178438,
    1971.5909503065513,
    13731.69376550946,
    45921.95393154987,
    67265.7709270087,
    33430.57558358813,
    2509.0809287301227,
];
const CENTRE_DENOMINATOR: [f64; 8] = [
    1.0,
    42.31333070160091,
    687.1870074920579,
    5394.196021424751,
    21213.794301586597,
    39307.89580009271,
    28729.085735721943,
    5226.495278852854,
];
const TAIL_NUMERATOR: [f64; 8] = [
    1.4234371107496835,
    4.630337846156546,
    5.769497221460691,
    3.6478483247632045,
    1.2704582524523684,
    0.2417807251774506,
    0.022723844989269184,
    0.0007745450142783414,
];
const TAIL_DENOMINATOR: [f64; 8] = [
    1.0,
    2.053191626637759,
    1.6763848301838038,
    0.6897673349851,
    0.14810397642748008,
    0.015198666563616457,
    0.0005475938084995345,
    1.0507500716444169e-09,
];
const FAR_TAIL_NUMERATOR: [f64; 8] = [
    6.657904643501103,
    5.463784911164114,
    1.7848265399172913,
    0.29656057182850487,
    0.026532189526576124,
    0.0012426609473880784,
    2.7115555687434876e-05,
    2.0103343992922881e-07,
];
const FAR_TAIL_DENOMINATOR: [f64; 8] = [
    1.0,
    0.599832206555888,
    0.1369298809227358,
    0.014875361290850615,
    0.0007868691311456133,
    1.8463183175100548e-05,
    1.421511758316446e-07,
    2.0442631033899397e-15,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::tolerance::{CLOSED_FORM, ORACLE, QUANTILE, assert_relative};
    use proptest::prelude::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    /// `(x, P(N <= x))`, by mpmath at 40 digits.
    const CDF: [(f64, f64); 20] = [
        (0.0, 0.5),
        (-1e-10, 0.49999999996010575),
        (0.3, 0.6179114221889527),
        (-0.5, 0.3085375387259869),
        (1.0, 0.8413447460685429),
        (-1.0, 0.15865525393145705),
        (-1.96, 0.024997895148220435),
        (2.5, 0.9937903346742238),
        (-3.0, 0.0013498980316300946),
        (-3.999, 3.180534005420203e-05),
        (-4.0, 3.1671241833119924e-05),
        (-4.001, 3.153767893352074e-05),
        (-5.5, 1.8989562465887718e-08),
        (6.0, 0.9999999990134123),
        (-8.0, 6.220960574271784e-16),
        (-12.3, 4.5287069561587846e-35),
        (-20.0, 2.7536241186062337e-89),
        (-30.1, 2.4226672179857586e-199),
        (-37.0, 5.725571222524577e-300),
        (8.0, 0.9999999999999993),
    ];

    /// `(p, quantile)`, by mpmath at 40 digits.
    const QUANTILES: [(f64, f64); 24] = [
        (1e-300, -37.0470962993612),
        (1e-100, -21.273453560965326),
        (1e-30, -11.464024688443615),
        (1e-16, -8.222082216130435),
        (1e-12, -7.034483825301132),
        (1.38e-11, -6.658838502850766),
        (1.4e-11, -6.656723091518184),
        (1e-06, -4.753424308822899),
        (0.001, -3.0902323061678136),
        (0.025, -1.9599639845400543),
        (0.074, -1.4466320671589785),
        (0.075, -1.439531470938456),
        (0.0751, -1.43882539275254),
        (0.2, -0.8416212335729142),
        (0.4999999, -2.5066282747031063e-07),
        (0.5000001, 2.506628273311648e-07),
        (0.6, 0.2533471031357997),
        (0.9, 1.2815515655446006),
        (0.925, 1.4395314709384561),
        (0.9251, 1.440238267527964),
        (0.975, 1.9599639845400538),
        (0.9999, 3.7190164854557084),
        (0.9999999999999999, 8.209536151601387),
        (1.1102230246251565e-16, -8.209536151601387),
    ];

    #[test]
    fn distribution_function_against_forty_digits() {
        for (x, expected) in CDF {
            assert_relative(normal_cdf(x), expected, CLOSED_FORM, &format!("cdf({x})"));
        }
        assert_eq!(normal_cdf(f64::NEG_INFINITY), 0.0);
        assert_eq!(normal_cdf(-40.0), 0.0);
        assert_eq!(normal_cdf(f64::INFINITY), 1.0);
        assert!(normal_cdf(f64::NAN).is_nan());
    }

    #[test]
    fn quantile_against_forty_digits() {
        for (p, expected) in QUANTILES {
            assert_relative(normal_quantile(p), expected, CLOSED_FORM, &format!("quantile({p:e})"));
        }
        assert_eq!(normal_quantile(0.5), 0.0);
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(
            normal_quantile(-0.1).is_nan()
                && normal_quantile(1.1).is_nan()
                && normal_quantile(f64::NAN).is_nan()
        );
    }

    #[test]
    fn density_is_the_slope() {
        for x in [-6.0, -1.0, 0.0, 0.7, 3.0] {
            let slope = (normal_cdf(x + 1e-5) - normal_cdf(x - 1e-5)) / 2e-5;
            assert!((normal_density(x) - slope).abs() < 1e-10, "{x}");
        }
    }

    proptest! {
        #[test]
        fn quantile_undoes_the_distribution_function(x in -37.0..5.0_f64) {
            // Above 0 the rounding of p near 1 limits what can come back.
            let p = normal_cdf(x);
            let lost = f64::EPSILON * p / normal_density(x);
            prop_assert!((normal_quantile(p) - x).abs() <= QUANTILE * x.abs().max(1.0) + lost);
        }

        #[test]
        fn agrees_with_statrs(x in -8.0..8.0_f64) {
            let oracle = Normal::standard();
            prop_assert!((normal_cdf(x) / oracle.cdf(x) - 1.0).abs() <= ORACLE);
        }
    }
}
