//! Numbers as readers write them: 1.234.567,89 EUR and 12,5 % in Italian, 1,234,567.89 EUR and 12.5% in English.

use crate::scenario::Language;
use crate::units::Cents;
use rust_decimal::Decimal;

/// Writes numbers in one language.
#[derive(Clone, Copy, Debug)]
pub struct Numbers(pub Language);

/// A space that does not end a line.
const NO_BREAK: char = '\u{a0}';

impl Numbers {
    /// A decimal with grouped thousands, without zeros at the end.
    pub fn decimal(self, value: Decimal) -> String {
        let text = value.normalize().to_string();
        let (sign, unsigned) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("\u{2212}", rest));
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let (group, point) = match self.0 {
            Language::Italian => ('.', ','),
            Language::English => (',', '.'),
        };
        let mut number = String::from(sign);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                number.push(group);
            }
            number.push(digit);
        }
        if !fraction.is_empty() {
            number.push(point);
            number.push_str(fraction);
        }
        number
    }

    /// A float rounded to `decimals`.
    pub fn float(self, value: f64, decimals: u32) -> String {
        let rounded = format!("{value:.*}", decimals as usize);
        match rounded.parse::<Decimal>() {
            Ok(value) => self.decimal(value),
            Err(_) => rounded,
        }
    }

    /// A number of things: an integer as such, else with one decimal.
    pub fn count(self, value: impl Into<Decimal>) -> String {
        self.decimal(value.into())
    }

    /// An amount in euros; cents only where there are any.
    pub fn euros(self, amount: Cents) -> String {
        let euros = amount.to_euros();
        let text = self.decimal(euros);
        let odd_tenth = euros.normalize().scale() == 1;
        format!("{text}{}{NO_BREAK}EUR", if odd_tenth { "0" } else { "" })
    }

    /// An amount in euros given as a float, rounded to the euro.
    pub fn about_euros(self, euros: f64) -> String {
        format!("{}{NO_BREAK}EUR", self.float(euros, 0))
    }

    /// A share as a percentage, exact.
    pub fn percent(self, share: Decimal) -> String {
        let number = match share.checked_mul(Decimal::ONE_HUNDRED) {
            Some(hundredfold) => self.decimal(hundredfold),
            None => self.decimal(share),
        };
        self.with_sign(number)
    }

    /// A share as a percentage with two decimals.
    pub fn about_percent(self, share: f64) -> String {
        self.with_sign(self.float(share * 100.0, 2))
    }

    fn with_sign(self, number: String) -> String {
        match self.0 {
            Language::Italian => format!("{number}{NO_BREAK}%"),
            Language::English => format!("{number}%"),
        }
    }

    /// Quarters as years: 5, 2.25.
    pub fn years(self, quarters: u32) -> String {
        self.decimal(Decimal::new(i64::from(quarters) * 25, 2))
    }

    /// Words in a row: "a, b and c".
    pub fn and(self, words: &[String]) -> String {
        let and = match self.0 {
            Language::Italian => "e",
            Language::English => "and",
        };
        match words {
            [] => String::new(),
            [word] => word.clone(),
            [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_language() {
        let (italian, english) = (Numbers(Language::Italian), Numbers(Language::English));
        assert_eq!(italian.euros(Cents(123_456_789)), "1.234.567,89\u{a0}EUR");
        assert_eq!(english.euros(Cents(123_456_750)), "1,234,567.50\u{a0}EUR");
        assert_eq!(english.euros(Cents(500_000_000)), "5,000,000\u{a0}EUR");
        assert_eq!(italian.percent("0.125".parse().unwrap()), "12,5\u{a0}%");
        assert_eq!(english.percent("-0.005".parse().unwrap()), "\u{2212}0.5%");
        assert_eq!(italian.about_percent(0.033_333), "3,33\u{a0}%");
        assert_eq!(english.years(9), "2.25");
        assert_eq!(italian.and(&["a".into(), "b".into(), "c".into()]), "a, b e c");
        assert_eq!(english.float(-0.000_1, 2), "0");
    }
}
