//! The one tolerance policy of the numeric tests.
//!
//! Every comparison is relative, with one of the constants below, so that each
//! function's promise can be found by searching for the constant's name.

/// One unit of rounding: the spacing of the doubles at 1.
pub(super) const ROUNDING: f64 = f64::EPSILON;

/// Elementary functions and closed forms: a few roundings.
pub(super) const CLOSED_FORM: f64 = 1e-15;

/// Distribution functions from a series, a continued fraction or a quadrature.
pub(super) const DISTRIBUTION: f64 = 2e-14;

/// Quantiles from a root search or an interpolation table.
pub(super) const QUANTILE: f64 = 1e-12;

/// Against the `statrs` crate, whose own accuracy is the limit.
pub(super) const ORACLE: f64 = 1e-9;

/// Panics unless `actual` is within `tolerance` of `expected`, relative to it.
#[track_caller]
pub(super) fn assert_relative(actual: f64, expected: f64, tolerance: f64, what: &str) {
    let error = relative_error(actual, expected);
    assert!(error <= tolerance, "{what}: {actual:e} is not {expected:e} (relative error {error:.1e})");
}

/// `|actual - expected| / |expected|`; 0 when both are equal.
pub(super) fn relative_error(actual: f64, expected: f64) -> f64 {
    if actual == expected { 0.0 } else { (actual - expected).abs() / expected.abs() }
}
