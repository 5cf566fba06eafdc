//! Loader's saddle-point form of a density.
//!
//! A density such as `x^a (1-x)^b / B(a,b)` is a product of huge and tiny
//! numbers when the shapes are large; the sum of their logarithms would cancel
//! and lose as many digits as the sum is long. Written as (value at the centre)
//! times `exp(-deviance)`, with the deviance a sum of non-negative terms, it keeps
//! full precision (Loader 2000, Fast and accurate computation of binomial probabilities).

use super::{ln, ln_1p};

/// Above this shape the Stirling series is exact to double precision.
const SERIES_FROM: f64 = 10.0;

/// `ln(2 pi) / 2`.
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;

/// What Stirling's formula misses: `ln Gamma(z) - ((z - 1/2) ln z - z + ln(2 pi)/2)`, `z > 0`.
///
/// Abramowitz and Stegun 6.1.41 from 10 on, the definition below it.
pub(super) fn stirling_remainder(z: f64) -> f64 {
    if z < SERIES_FROM {
        return libm::lgamma(z) - ((z - 0.5) * ln(z) - z + HALF_LN_TWO_PI);
    }
    let inverse = 1.0 / z;
    let square = inverse * inverse;
    let mut series = 1.0 / 156.0;
    for coefficient in
        [-691.0 / 360_360.0, 1.0 / 1188.0, -1.0 / 1680.0, 1.0 / 1260.0, -1.0 / 360.0, 1.0 / 12.0]
    {
        series = series * square + coefficient;
    }
    series * inverse
}

/// `u - ln(1 + u) >= 0` for `u > -1`, without cancellation near 0.
///
/// Near 0 by `ln(1+u) = 2 artanh(r)`, `r = u / (2 + u)`, so that
/// `u - ln(1+u) = r (u - 2 r^2 (1/3 + r^2/5 + r^4/7 + ...))`.
pub(super) fn excess_over_log(u: f64) -> f64 {
    if !(-0.3..=0.4).contains(&u) {
        return u - ln_1p(u);
    }
    let r = u / (2.0 + u);
    let square = r * r;
    let mut series = 0.0;
    // |r| < 0.177: the first term left out is below 1e-17 of the sum.
    for odd in [23.0, 21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0] {
        series = series * square + 1.0 / odd;
    }
    r * (u - 2.0 * square * series)
}

/// `shape * (u - ln(value / centre))` with `u = (value - centre) / centre`: the
/// contribution of one factor `value^shape` to the deviance.
///
/// `distance` is `value - centre`, given apart because the caller may know it better.
pub(super) fn deviance(shape: f64, value: f64, centre: f64, distance: f64) -> f64 {
    let u = distance / centre;
    if u.abs() < 0.9 { shape * excess_over_log(u) } else { shape * (u - ln(value / centre)) }
}
