//! How much wider than the normal law says a symmetric interval around a studentised mean must be.
//!
//! The mean of few skewed values and its estimated error are not independent: a sample without the rare large values has
//! too low a mean and too small an error. An interval of 1.96 errors then misses the truth too often, almost always from
//! below. The Edgeworth expansion of `T = (mean - truth) / error` says by how much (Hall 1992, *The Bootstrap and
//! Edgeworth Expansion*, section 2.6, there for the error with divisor `n`):
//!
//! `P(|T| <= z) = 2 Phi(z) - 1 + 2 phi(z) q(z) / n + O(n^-2)`,
//! `q(z) = z (k (z^2 - 3) / 12 - g^2 (z^4 + 2 z^2 - 3) / 18 - (z^2 + 3) / 4)`
//!
//! with skewness `g` and excess kurtosis `k`. The half-width at which the second term vanishes is `z - q(z) / n` errors (the
//! inversion of Cornish and Fisher; Hall 1988, "On symmetric bootstrap confidence intervals", JRSS B 50). Of its
//! three terms the last is that of Student's law; the first two are given here as a factor.

use super::normal::HALF_WIDTH_95;

/// `1 + (g^2 (z^4 + 2 z^2 - 3) / 18 - k (z^2 - 3) / 12) / n` with `z = 1.96`: the factor by which skewness widens
/// a 95 % interval around the mean of `n` values beyond Student's, from their central moments 2, 3 and 4.
///
/// Never below 1: a narrower interval would rest on the kurtosis alone, which a sample knows least. 1 without spread.
pub fn skewness_widening(n: f64, [second, third, fourth]: [f64; 3]) -> f64 {
    if second <= 0.0 {
        return 1.0;
    }
    let square = HALF_WIDTH_95 * HALF_WIDTH_95;
    let skewness_squared = third / second * (third / second) / second;
    let kurtosis = fourth / second / second - 3.0;
    let widening =
        skewness_squared * (square * square + 2.0 * square - 3.0) / 18.0 - kurtosis * (square - 3.0) / 12.0;
    1.0 + (widening / n).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_normal_law_is_not_widened_and_an_exponential_one_is() {
        assert_eq!(skewness_widening(50.0, [4.0, 0.0, 48.0]), 1.0);
        // Skewness 2, excess kurtosis 6, moments 1, 2, 9: 4 x 1.080 - 6 x 0.0701 = 3.90.
        let widening = skewness_widening(100.0, [1.0, 2.0, 9.0]);
        assert!((widening - 1.0390).abs() < 1e-4, "{widening}");
        // Whatever the unit.
        assert!((skewness_widening(100.0, [1e24, 2e36, 9e48]) - widening).abs() < 1e-12);
        assert_eq!(skewness_widening(10.0, [0.0; 3]), 1.0);
    }
}
