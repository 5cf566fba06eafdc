//! Numbers in machine files: fixed decimals, a point, no `-0`, nothing that is not a number.

use crate::metrics::Unit;
use crate::units::Cents;

/// A value of a path: euros with two decimals, ratios with nine, counts and events whole.
pub fn value(unit: Unit, carried: i64) -> String {
    match unit {
        Unit::Euro => Cents(carried).to_string(),
        Unit::Ratio => {
            let sign = if carried < 0 { "-" } else { "" };
            let magnitude = carried.unsigned_abs();
            format!("{sign}{}.{:09}", magnitude / 1_000_000_000, magnitude % 1_000_000_000)
        }
        Unit::Count | Unit::Probability => carried.to_string(),
    }
}

/// A statistic in carried units: euros with four decimals, ratios and probabilities with nine, counts with six.
pub fn statistic(unit: Unit, carried: f64) -> String {
    natural(unit, crate::aggregate::summary::natural(unit, carried))
}

/// A statistic in natural units, with the same decimals.
pub fn natural(unit: Unit, value: f64) -> String {
    let decimals = match unit {
        Unit::Euro => 4,
        Unit::Ratio | Unit::Probability => 9,
        Unit::Count => 6,
    };
    fixed(value, decimals)
}

/// A number with fixed decimals; negative zero is zero.
pub fn fixed(number: f64, decimals: usize) -> String {
    assert!(number.is_finite(), "a result that is not a number must not reach a file");
    let text = format!("{number:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().all(|b| matches!(b, b'0' | b'.')) => digits.to_string(),
        _ => text,
    }
}

/// A statistic that may be missing, as a CSV cell.
pub fn cell(unit: Unit, carried: Option<f64>) -> String {
    carried.map_or(String::new(), |carried| statistic(unit, carried))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_unit() {
        assert_eq!(value(Unit::Euro, -5), "-0.05");
        assert_eq!(value(Unit::Ratio, 1_500_000_000), "1.500000000");
        assert_eq!(value(Unit::Ratio, -1), "-0.000000001");
        assert_eq!(statistic(Unit::Euro, 12_345.0), "123.4500");
        assert_eq!(statistic(Unit::Euro, -0.001), "0.0000");
        assert_eq!(statistic(Unit::Count, 2.5), "2.500000");
    }
}
