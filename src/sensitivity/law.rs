//! The laws of uncertain values: their base, their ends, their quantiles.
//!
//! | law | low and high end | quantile `F^-1(u)` |
//! | --- | --- | --- |
//! | range, triangular (a, m, b) | a, b | `a + sqrt(u (b-a)(m-a))` up to `u = (m-a)/(b-a)`, `b - sqrt((1-u)(b-a)(b-m))` above |
//! | uniform (a, b) | a, b | `a + u (b-a)` |
//! | lognormal (median, sigma) | 5 % and 95 % quantile | `median exp(sigma z_u)` |
//!
//! A lognormal law is drawn between its 0.1 % and its 99.9 % quantile: without ends no scenario could be known to stay
//! valid.

use crate::numeric::exp;
use crate::numeric::normal::normal_quantile;
use crate::scenario::Law;
use crate::units::nearest_f64;
use rust_decimal::Decimal;

/// The quantiles between which a lognormal value is drawn.
pub const TRUNCATED: (f64, f64) = (0.001, 0.999);

/// The quantiles that stand for the low and the high end of a lognormal law.
const LOGNORMAL_ENDS: (f64, f64) = (0.05, 0.95);

impl Law {
    /// What is planned with.
    pub fn base(&self) -> Decimal {
        match *self {
            Law::Range { base, .. } => base,
            Law::Uniform { low, high } => (low + high) / Decimal::TWO,
            Law::Triangular { mode, .. } => mode,
            Law::Lognormal { median, .. } => median,
        }
    }

    /// The value below which a share `u` of all values lies, `0 < u < 1`.
    pub fn quantile(&self, u: f64) -> f64 {
        match *self {
            Law::Uniform { low, high } => {
                let (low, high) = (nearest_f64(low), nearest_f64(high));
                low + u * (high - low)
            }
            Law::Range { low, base: mode, high } | Law::Triangular { low, mode, high } => {
                let (low, mode, high) = (nearest_f64(low), nearest_f64(mode), nearest_f64(high));
                let span = high - low;
                if u * span <= mode - low {
                    low + (u * span * (mode - low)).sqrt()
                } else {
                    high - ((1.0 - u) * span * (high - mode)).sqrt()
                }
            }
            Law::Lognormal { median, sigma } => {
                let (least, most) = TRUNCATED;
                let within = least + u * (most - least);
                log_normal(median, sigma, within)
            }
        }
    }
}

fn log_normal(median: Decimal, sigma: Decimal, u: f64) -> f64 {
    nearest_f64(median) * exp(nearest_f64(sigma) * normal_quantile(u))
}

/// The low and the high end of a law, as a tornado takes them.
pub fn ends(law: &Law) -> (f64, f64) {
    match *law {
        Law::Range { low, high, .. } | Law::Uniform { low, high } | Law::Triangular { low, high, .. } => {
            (nearest_f64(low), nearest_f64(high))
        }
        Law::Lognormal { median, sigma } => {
            (log_normal(median, sigma, LOGNORMAL_ENDS.0), log_normal(median, sigma, LOGNORMAL_ENDS.1))
        }
    }
}

/// The smallest and the largest value that can be drawn.
pub(super) fn reach(law: &Law) -> (f64, f64) {
    match *law {
        Law::Lognormal { median, sigma } => {
            (log_normal(median, sigma, TRUNCATED.0), log_normal(median, sigma, TRUNCATED.1))
        }
        Law::Range { .. } | Law::Uniform { .. } | Law::Triangular { .. } => ends(law),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn quantiles_are_those_of_the_textbook() {
        let uniform = Law::Uniform { low: decimal("2"), high: decimal("4") };
        assert_eq!(uniform.quantile(0.25), 2.5);
        assert_eq!(uniform.base(), decimal("3"));
        // Triangular (0, 1, 3): F(1) = 1/3, and F(x) = 1 - (3-x)^2 / 6 above.
        let law = Law::Range { low: decimal("0"), base: decimal("1"), high: decimal("3") };
        assert!((law.quantile(1.0 / 3.0) - 1.0).abs() < 1e-12);
        for x in [1.5, 2.0, 2.9] {
            let share = 1.0 - (3.0 - x) * (3.0 - x) / 6.0;
            assert!((law.quantile(share) - x).abs() < 1e-12, "{x}");
        }
        for x in [0.1, 0.5, 0.9] {
            assert!((law.quantile(x * x / 3.0) - x).abs() < 1e-12, "{x}");
        }
        let lognormal = Law::Lognormal { median: decimal("2"), sigma: decimal("0.5") };
        assert!((lognormal.quantile(0.5) - 2.0).abs() < 1e-12);
        let (low, high) = ends(&lognormal);
        assert!((low * high - 4.0).abs() < 1e-12 && low < 2.0 && high > 2.0);
        assert!(lognormal.quantile(1e-9) >= reach(&lognormal).0);
    }

    #[test]
    fn a_mode_at_an_end_is_a_triangle_too() {
        let rising = Law::Triangular { low: decimal("0"), mode: decimal("1"), high: decimal("1") };
        assert!((rising.quantile(0.25) - 0.5).abs() < 1e-12);
        let falling = Law::Triangular { low: decimal("0"), mode: decimal("0"), high: decimal("1") };
        assert!((falling.quantile(0.75) - 0.5).abs() < 1e-12);
    }
}
