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

/// `a b - product` exactly, for `product` the rounded product (Dekker 1971).
pub(super) fn rounding_of_product(a: f64, b: f64, product: f64) -> f64 {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::tolerance::{CLOSED_FORM, DISTRIBUTION, assert_relative};

    /// `(z, what Stirling's formula misses)`, by mpmath at 40 digits.
    const REMAINDERS: [(f64, f64); 10] = [
        (0.01, 1.4340079537031842),
        (0.5, 0.15342640972002736),
        (1.0, 0.08106146679532726),
        (3.3, 0.025177132967245105),
        (9.99, 0.00833889679773433),
        (10.0, 0.00833056343336287),
        (12.5, 0.006665247032707682),
        (50.0, 0.0016666444469833656),
        (10000.0, 8.333333330555555e-06),
        (10000000000.0, 8.333333333333334e-12),
    ];

    /// `(u, u - ln(1 + u))`, by mpmath at 40 digits.
    const EXCESSES: [(f64, f64); 13] = [
        (-0.9999, 8.210440371976294),
        (-0.5, 0.19314718055994531),
        (-0.3, 0.056674943938732375),
        (-0.29, 0.05249030894677594),
        (-0.01, 5.0335853501441186e-05),
        (-1e-05, 5.0000333335833364e-11),
        (1e-12, 4.999999999996667e-25),
        (0.0001, 4.999666691664667e-09),
        (0.1, 0.00468982019567514),
        (0.39, 0.060696252857399616),
        (0.4, 0.06352776337878707),
        (0.41, 0.06641029560992308),
        (3.0, 1.6137056388801094),
    ];

    #[test]
    fn stirling_remainder_against_forty_digits() {
        for (z, expected) in REMAINDERS {
            // It enters as an exponent: its absolute error counts.
            let error = (stirling_remainder(z) - expected).abs();
            assert!(error <= DISTRIBUTION / 4.0, "{z}: {error:e}");
        }
    }

    #[test]
    fn excess_over_log_against_forty_digits() {
        for (u, expected) in EXCESSES {
            assert_relative(excess_over_log(u), expected, 2.0 * CLOSED_FORM, &format!("excess({u})"));
        }
    }

    #[test]
    fn both_forms_of_the_deviance_agree() {
        for (value, centre) in [(0.1001, 1.0), (1.8999, 1.0), (0.0999, 1.0), (1.9001, 1.0)] {
            let distance: f64 = value - centre;
            let direct = 3.0 * (distance / centre - ln(value / centre));
            assert_relative(deviance(3.0, value, centre, distance), direct, 4.0 * CLOSED_FORM, "deviance");
        }
    }
}
