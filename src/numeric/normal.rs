//! The standard normal law: density, distribution function, quantile.

use super::{exp, ln};
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// What `FRAC_1_SQRT_2` misses of 1/sqrt(2).
const FRAC_1_SQRT_2_REST: f64 = -4.833646656726457e-17;

/// Below this argument the rounding of `x / sqrt(2)` is worth correcting.
const FAR_TAIL: f64 = -4.0;

/// Below this argument `normal_cdf` is 0 in double precision.
const VANISHED: f64 = -39.0;

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

/// `a b - product` exactly, for `product` the rounded product (Dekker 1971).
fn rounding_of_product(a: f64, b: f64, product: f64) -> f64 {
    let (a_high, a_low) = halves(a);
    let (b_high, b_low) = halves(b);
    ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
}

/// `x` as the exact sum of two numbers of at most 26 bits (Veltkamp's splitting).
fn halves(x: f64) -> (f64, f64) {
    let shifted = 134_217_729.0 * x; // 2^27 + 1
    let high = shifted - (shifted - x);
    (high, x - high)
}

/// Quantile of the standard normal law: the `x` with `normal_cdf(x) = p`.
///
/// `p` in `[0, 1]`; 0 gives `-inf`, 1 gives `+inf`, anything else NaN. Rational
/// approximations of Wichura (1988), Algorithm AS 241 (PPND16), Applied
/// Statistics 37, 477-484, of relative accuracy about 1e-16 before rounding.
#[inline]
pub fn normal_quantile(p: f64) -> f64 {
    let centred = p - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180625 - centred * centred;
        return centred * (polynomial(&CENTRE_NUMERATOR, r) / polynomial(&CENTRE_DENOMINATOR, r));
    }
    tail_quantile(p)
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
#[inline]
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
