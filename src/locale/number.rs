//! Numbers as a reader of the results sees them.
//!
//! Digits are always grouped in threes, also in four-digit numbers, so that columns of a table line up. The minus
//! sign is a true minus (U+2212), a value that rounds to zero has no sign, and spaces inside a number do not break
//! (U+00A0). Rounding is that of the exact binary value, half to even, as everywhere in Rust's formatting.

use crate::scenario::Language;
use crate::units::Cents;
use rust_decimal::Decimal;

/// A space at which no line is broken.
const NO_BREAK_SPACE: &str = "\u{a0}";
/// The minus sign of typography, as wide as a plus.
const MINUS: &str = "\u{2212}";
/// What stands for a value that is not a number.
const NOT_A_NUMBER: &str = "\u{2013}";

/// The power of ten in which amounts are written: euros, thousands, millions or billions of euros.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Magnitude {
    /// Euros.
    One,
    /// Thousands: k€.
    Thousand,
    /// Millions: M€.
    Million,
    /// Thousands of millions.
    Billion,
}

impl Magnitude {
    /// The magnitude in which an amount has one to three digits before the point, after rounding to three.
    ///
    /// Amounts below a thousand euros, and values that are not numbers, are written in euros.
    pub fn of(euros: f64) -> Magnitude {
        let size = euros.abs();
        if !size.is_finite() || size < 999.5 {
            Magnitude::One
        } else if size < 999_500.0 {
            Magnitude::Thousand
        } else if size < 999_500_000.0 {
            Magnitude::Million
        } else {
            Magnitude::Billion
        }
    }

    /// Euros in one unit of this magnitude.
    pub fn euros(self) -> f64 {
        match self {
            Magnitude::One => 1.0,
            Magnitude::Thousand => 1e3,
            Magnitude::Million => 1e6,
            Magnitude::Billion => 1e9,
        }
    }
}

/// Whether a number carries its unit or leaves it to its neighbour (ticks of an axis: only the last one has it).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnitSign {
    /// With the unit.
    Shown,
    /// Without it.
    Hidden,
}

/// Writes numbers in one language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Numbers {
    language: Language,
}

impl Numbers {
    /// A writer for a language.
    pub fn new(language: Language) -> Numbers {
        Numbers { language }
    }

    /// The language that it writes.
    pub fn language(self) -> Language {
        self.language
    }

    /// A plain number with a fixed number of decimals: `1.234,50` or `1,234.50`.
    pub fn decimal(self, value: f64, decimals: usize) -> String {
        let (sign, digits) = self.signed(value, decimals);
        format!("{sign}{digits}")
    }

    /// An exact number with the decimals that it has: `1.234,5` or `1,234.5`.
    pub fn exact(self, value: Decimal) -> String {
        let digits = self.localise(&value.abs().normalize().to_string());
        if value.is_sign_negative() && !value.is_zero() { format!("{MINUS}{digits}") } else { digits }
    }

    /// A whole number: `12.345` or `12,345`.
    pub fn count(self, count: u64) -> String {
        self.group(&count.to_string())
    }

    /// A share as a percentage: 0.125 with one decimal is `12,5 %` or `12.5%`.
    pub fn percent(self, share: f64, decimals: usize) -> String {
        if !share.is_finite() {
            return NOT_A_NUMBER.to_owned();
        }
        format!("{}{}", self.decimal(share * 100.0, decimals), self.percent_sign())
    }

    /// An amount of euros: `1.234,50 €` or `€1,234.50`.
    pub fn euros(self, euros: f64, decimals: usize) -> String {
        self.euros_in(Magnitude::One, euros, decimals, UnitSign::Shown)
    }

    /// An amount to the cent, exactly.
    pub fn cents(self, amount: Cents) -> String {
        let magnitude = amount.0.unsigned_abs();
        let text = format!("{}.{:02}", magnitude / 100, magnitude % 100);
        let sign = if amount.0 < 0 { MINUS } else { "" };
        self.with_euro_sign(sign, &self.localise(&text), Magnitude::One)
    }

    /// An amount to the cent, exactly, without its unit: for columns that say it once.
    pub fn cents_without_unit(self, amount: Cents) -> String {
        let magnitude = amount.0.unsigned_abs();
        let sign = if amount.0 < 0 { MINUS } else { "" };
        format!("{sign}{}", self.localise(&format!("{}.{:02}", magnitude / 100, magnitude % 100)))
    }

    /// An amount in three significant digits: `1,2 M€`, `412 k€`, `€1.2M`, `€412k`.
    pub fn euros_short(self, euros: f64) -> String {
        let magnitude = Magnitude::of(euros);
        let scaled = (euros / magnitude.euros()).abs();
        let decimals = match magnitude {
            Magnitude::One => 0,
            _ if scaled >= 99.95 => 0,
            _ if scaled >= 9.995 => 1,
            _ => 2,
        };
        // 1.20 says no more than 1.2: zeros at the end are left out.
        let fewest = (0..decimals)
            .find(|fewer| {
                let shown = |places: usize| format!("{scaled:.places$}").parse::<f64>();
                shown(*fewer) == shown(decimals)
            })
            .unwrap_or(decimals);
        self.euros_in(magnitude, euros, fewest, UnitSign::Shown)
    }

    /// An amount in a given magnitude, with or without its unit: what the ticks of one axis share.
    pub fn euros_in(self, magnitude: Magnitude, euros: f64, decimals: usize, unit: UnitSign) -> String {
        if !euros.is_finite() {
            return NOT_A_NUMBER.to_owned();
        }
        let (sign, digits) = self.signed(euros / magnitude.euros(), decimals);
        match unit {
            UnitSign::Hidden => format!("{sign}{digits}"),
            UnitSign::Shown => self.with_euro_sign(sign, &digits, magnitude),
        }
    }

    /// The percent sign as it follows a number, with the space that Italian puts before it.
    pub fn percent_sign(self) -> String {
        match self.language {
            Language::Italian => format!("{NO_BREAK_SPACE}%"),
            Language::English => "%".to_owned(),
        }
    }

    /// Digits with a sign and a unit, in the order of the language.
    fn with_euro_sign(self, sign: &str, digits: &str, magnitude: Magnitude) -> String {
        match self.language {
            Language::Italian => {
                let prefix = match magnitude {
                    Magnitude::One => "€",
                    Magnitude::Thousand => "k€",
                    Magnitude::Million => "M€",
                    Magnitude::Billion => "mld\u{a0}€",
                };
                format!("{sign}{digits}{NO_BREAK_SPACE}{prefix}")
            }
            Language::English => {
                let suffix = match magnitude {
                    Magnitude::One => "",
                    Magnitude::Thousand => "k",
                    Magnitude::Million => "M",
                    Magnitude::Billion => "bn",
                };
                format!("{sign}€{digits}{suffix}")
            }
        }
    }

    /// The sign and the digits of a number, apart, because a currency sign may stand between them.
    fn signed(self, value: f64, decimals: usize) -> (&'static str, String) {
        if !value.is_finite() {
            return ("", NOT_A_NUMBER.to_owned());
        }
        let text = format!("{:.*}", decimals, value.abs());
        let is_zero = text.bytes().all(|byte| byte == b'0' || byte == b'.');
        let sign = if value < 0.0 && !is_zero { MINUS } else { "" };
        (sign, self.localise(&text))
    }

    /// `1234.5` with the separators of the language.
    fn localise(self, plain: &str) -> String {
        let decimal_separator = match self.language {
            Language::Italian => ',',
            Language::English => '.',
        };
        match plain.split_once('.') {
            Some((whole, fraction)) => format!("{}{decimal_separator}{fraction}", self.group(whole)),
            None => self.group(plain),
        }
    }

    /// Digits in groups of three.
    fn group(self, digits: &str) -> String {
        let separator = match self.language {
            Language::Italian => '.',
            Language::English => ',',
        };
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(separator);
            }
            grouped.push(digit);
        }
        grouped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITALIAN: Numbers = Numbers { language: Language::Italian };
    const ENGLISH: Numbers = Numbers { language: Language::English };

    #[test]
    fn amounts_are_written_as_readers_expect() {
        assert_eq!(ITALIAN.euros(1_234_567.89, 2), "1.234.567,89\u{a0}€");
        assert_eq!(ENGLISH.euros(1_234_567.89, 2), "€1,234,567.89");
        assert_eq!(ITALIAN.euros(1234.0, 0), "1.234\u{a0}€");
        assert_eq!(ITALIAN.euros(-1234.5, 2), "\u{2212}1.234,50\u{a0}€");
        assert_eq!(ENGLISH.euros(-1234.5, 2), "\u{2212}€1,234.50");
        assert_eq!(ITALIAN.cents(Cents(i64::MIN)), "\u{2212}92.233.720.368.547.758,08\u{a0}€");
        assert_eq!(ENGLISH.cents(Cents(-5)), "\u{2212}€0.05");
    }

    #[test]
    fn short_amounts_have_three_digits_and_no_idle_zeros() {
        let cases = [
            (1_200_000.0, "1,2\u{a0}M€", "€1.2M"),
            (412_000.0, "412\u{a0}k€", "€412k"),
            (412_345.0, "412\u{a0}k€", "€412k"),
            (1_234_567.0, "1,23\u{a0}M€", "€1.23M"),
            (12_345.0, "12,3\u{a0}k€", "€12.3k"),
            (999_499.0, "999\u{a0}k€", "€999k"),
            (999_500.0, "1\u{a0}M€", "€1M"),
            (999.6, "1\u{a0}k€", "€1k"),
            (99_960.0, "100\u{a0}k€", "€100k"),
            (9.6, "10\u{a0}€", "€10"),
            (0.0, "0\u{a0}€", "€0"),
            (-0.3, "0\u{a0}€", "€0"),
            (2_500_000_000.0, "2,5\u{a0}mld\u{a0}€", "€2.5bn"),
            (-5_000_000.0, "\u{2212}5\u{a0}M€", "\u{2212}€5M"),
        ];
        for (value, italian, english) in cases {
            assert_eq!(ITALIAN.euros_short(value), italian, "{value}");
            assert_eq!(ENGLISH.euros_short(value), english, "{value}");
        }
    }

    #[test]
    fn percentages_ratios_and_counts() {
        assert_eq!(ITALIAN.percent(0.125, 1), "12,5\u{a0}%");
        assert_eq!(ENGLISH.percent(0.125, 1), "12.5%");
        assert_eq!(ITALIAN.percent(-0.0001, 1), "0,0\u{a0}%");
        assert_eq!(ENGLISH.decimal(-1234.567, 2), "\u{2212}1,234.57");
        assert_eq!(ITALIAN.count(0), "0");
        assert_eq!(ITALIAN.count(999), "999");
        assert_eq!(ITALIAN.count(100_000), "100.000");
        assert_eq!(ENGLISH.count(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn what_is_no_number_is_a_dash() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for text in [ITALIAN.euros(value, 2), ITALIAN.euros_short(value), ENGLISH.percent(value, 1)] {
                assert_eq!(text, "\u{2013}");
            }
            assert_eq!(ENGLISH.decimal(value, 3), "\u{2013}");
        }
    }

    #[test]
    fn a_value_that_rounds_to_zero_has_no_sign() {
        assert_eq!(ITALIAN.decimal(-0.0, 0), "0");
        assert_eq!(ENGLISH.decimal(-0.004, 2), "0.00");
        assert_eq!(ITALIAN.euros(-0.004, 2), "0,00\u{a0}€");
    }
}
