//! `[uncertainty]`: how far an assumption may be from what the scenario says.
//!
//! | written | meaning |
//! | --- | --- |
//! | `{ low = 0.03, base = 0.10, high = 0.15 }` | a range; where something must be drawn, triangular with its mode at `base` |
//! | `{ uniform = [a, b] }` | anything between `a` and `b` alike; base: the middle |
//! | `{ triangular = [a, mode, b] }` | as the range, said as a distribution; base: the mode |
//! | `{ lognormal = { median = 1, sigma = 0.46 } }` | the logarithm is normal; base: the median |
//!
//! With `operation = "scale"` or `"shift"` the value multiplies, or is added to, what the scenario says; `base` may then be
//! left out (1, or 0).

use super::choice::Change;
use rust_decimal::Decimal;

/// One row of `[uncertainty]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertainty {
    /// Dotted key, as for `--set`; list entries by name, `*` for all.
    pub key: String,
    /// What a value does to the key.
    pub change: Change,
    /// Which values there may be.
    pub law: Law,
}

/// The values that an assumption may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// `low <= base <= high`, `low < high`.
    Range {
        /// Lowest value.
        low: Decimal,
        /// What is planned with.
        base: Decimal,
        /// Highest value.
        high: Decimal,
    },
    /// Uniform between two values, `low < high`.
    Uniform {
        /// Lowest value.
        low: Decimal,
        /// Highest value.
        high: Decimal,
    },
    /// Triangular: `low <= mode <= high`, `low < high`.
    Triangular {
        /// Lowest value.
        low: Decimal,
        /// Most likely value.
        mode: Decimal,
        /// Highest value.
        high: Decimal,
    },
    /// Lognormal.
    Lognormal {
        /// Median, above 0.
        median: Decimal,
        /// Standard deviation of the logarithm, above 0 and at most 2.
        sigma: Decimal,
    },
}

impl Change {
    /// The value that changes nothing; `None` where every value replaces what was there.
    pub fn identity(self) -> Option<Decimal> {
        match self {
            Change::Set => None,
            Change::Scale => Some(Decimal::ONE),
            Change::Shift => Some(Decimal::ZERO),
        }
    }
}
