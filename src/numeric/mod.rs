//! Deterministic maths: everything a result passes through.
//!
//! The standard library hands `ln`, `exp` and their relatives to the platform's
//! maths library, whose last bits differ between systems and versions. The
//! product promises the same bytes for the same scenario, so results only use
//! this module: the pure-Rust `libm` crate for the elementary functions, and
//! own code for the laws of probability. Both are plain sequences of IEEE 754
//! additions, multiplications, divisions and square roots, each of which is
//! exactly rounded, and therefore give the same bits on every x86-64 machine.
//!
//! The distribution functions share three tools: `saddle` writes a density
//! without cancellation, `quadrature` integrates a tail when the shapes are
//! large, and `root` inverts a distribution function inside a bracket.

pub mod beta;
pub mod binomial;
pub mod edgeworth;
pub mod gamma;
pub mod lanes;
pub mod normal;
pub mod paired_chance;
pub mod poisson;

mod beta_law;
pub(crate) mod quadrature;
mod root;
mod saddle;
#[cfg(test)]
mod tolerance;

pub use beta_law::BetaLaw;
pub use quadrature::integral;

/// Natural logarithm of `x`; `ln(0) = -inf`, NaN below 0. Error below 1 ulp.
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// `e` to the power `x`; 0 below about -745, `inf` above about 709.8. Error below 1 ulp.
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// `e^x - 1` without cancellation near 0. Error below 1 ulp.
#[inline]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// `ln(1 + x)` without cancellation near 0; `x >= -1`. Error below 1 ulp.
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// `x` to the power `y`, with the special cases of C99. Error below 1 ulp.
#[inline]
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Decimal logarithm of `x`. Error below 1 ulp.
#[inline]
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}
