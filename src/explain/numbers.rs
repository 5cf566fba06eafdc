//! Exact figures of a scenario in the reader's number format: as many decimals as they have, and no more.

use crate::locale::{Numbers, Phrases};
use crate::scenario::Language;
use crate::units::{Cents, Quarter, nearest_f64};
use rust_decimal::Decimal;

/// Writes the figures of a scenario in one language.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    numbers: Numbers,
    language: Language,
}

impl Figures {
    /// A writer for a language.
    pub fn new(language: Language) -> Figures {
        Figures { numbers: Numbers::new(language), language }
    }

    /// An exact number.
    pub fn exact(self, value: Decimal) -> String {
        let value = value.normalize();
        self.numbers.decimal(nearest_f64(value), value.scale() as usize)
    }

    /// An exact share as a percentage.
    pub fn percent(self, share: Decimal) -> String {
        let percent = share.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(share);
        format!("{}{}", self.exact(percent), self.numbers.percent_sign())
    }

    /// A computed share as a percentage with at most two decimals.
    pub fn about_percent(self, share: f64) -> String {
        format!("{}{}", self.about(share * 100.0, 2), self.numbers.percent_sign())
    }

    /// A computed number, rounded, without zeros at the end.
    pub fn about(self, value: f64, most_decimals: usize) -> String {
        let rounded = format!("{value:.most_decimals$}");
        let decimals =
            rounded.trim_end_matches('0').split_once('.').map_or(0, |(_, fraction)| fraction.len());
        self.numbers.decimal(value, decimals)
    }

    /// An amount in euros; cents only where there are any.
    pub fn euros(self, amount: Cents) -> String {
        let decimals = if amount.0 % 100 == 0 { 0 } else { 2 };
        self.numbers.euros(amount.to_f64() / 100.0, decimals)
    }

    /// A computed amount, rounded to the euro.
    pub fn about_euros(self, euros: f64) -> String {
        self.numbers.euros(euros, 0)
    }

    /// A bound on an amount, which may have more decimals than money has.
    pub fn exact_euros(self, euros: Decimal) -> String {
        let euros = euros.normalize();
        self.numbers.euros(nearest_f64(euros), euros.scale() as usize)
    }

    /// A whole number.
    pub fn count(self, count: usize) -> String {
        self.numbers.count(count as u64)
    }

    /// Quarters as years: 5, 2.25.
    pub fn years(self, quarters: u32) -> String {
        self.exact(Decimal::new(i64::from(quarters) * 25, 2))
    }

    /// "4° trimestre 2018", "Q4 2018".
    pub fn quarter(self, quarter: Quarter) -> String {
        Phrases::new(self.language).quarter(quarter)
    }

    /// Words in a row: "a, b and c".
    pub fn and(self, words: &[String]) -> String {
        let and = match self.language {
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
    fn figures_have_the_decimals_they_need() {
        let (italian, english) = (Figures::new(Language::Italian), Figures::new(Language::English));
        assert_eq!(italian.euros(Cents(123_456_789)), "1.234.567,89\u{a0}\u{20ac}");
        assert_eq!(english.euros(Cents(500_000_000)), "\u{20ac}5,000,000");
        assert_eq!(italian.percent("0.125".parse().unwrap()), "12,5\u{a0}%");
        assert_eq!(english.percent("-0.00500".parse().unwrap()), "\u{2212}0.5%");
        assert_eq!(english.percent("0.07".parse().unwrap()), "7%");
        assert_eq!(english.years(9), "2.25");
        assert_eq!(italian.about_percent(0.5), "50\u{a0}%");
        assert_eq!(italian.about_percent(0.104_26), "10,43\u{a0}%");
        assert_eq!(english.about(100.0, 1), "100");
        assert_eq!(italian.and(&["a".into(), "b".into(), "c".into()]), "a, b e c");
    }
}
