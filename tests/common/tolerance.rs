//! The one tolerance policy of tests that compare simulated with exact figures.
//!
//! Seeds are fixed, so a test either always passes or always fails; the rates below say how often a correct program would
//! have been unlucky when the seed was chosen. A comparison is made in standard errors of the exact law, or by an exact
//! binomial probability. Many comparisons of one test share its rate (Bonferroni), so that adding
//! comparisons makes none of them blunt: 1,000 comparisons stand 4.9 standard errors, one stands 3.3.
//! Arithmetic that has no randomness in it is compared with [`ROUNDING`], or for equality.

use fesr::numeric::normal::normal_quantile;

/// Chance that a test function with random figures fails although the program is right: 1 in 1,000.
pub const FALSE_ALARM: f64 = 0.001;

/// Relative difference between two ways of computing the same sum in double precision.
pub const ROUNDING: f64 = 1e-12;

/// Largest distance from the exact value in standard errors, for each of a test's `comparisons`, two-sided.
pub fn standard_errors(comparisons: usize) -> f64 {
    -normal_quantile(0.5 * FALSE_ALARM / comparisons as f64)
}

/// Confidence of each of a test's `comparisons` with an interval.
pub fn confidence(comparisons: usize) -> f64 {
    1.0 - FALSE_ALARM / comparisons as f64
}
