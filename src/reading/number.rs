//! Exact numbers from text: plain, with a percent sign, with a decimal comma.

use crate::locale::{InLanguage, Pair, pair};
use crate::scenario::Language;
use rust_decimal::Decimal;

/// Why a text is not a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotANumber {
    /// It has other characters than a number's.
    Text,
    /// `nan` or an infinity.
    NotFinite,
    /// Above 7.9e28.
    TooLarge,
    /// More than 28 decimals.
    TooManyDecimals,
    /// `1.234,5` where a point and a comma both separate decimals.
    CommaAndPoint,
    /// `1,2,3`
    TwoCommas,
    /// `1.23.456,7`
    WrongGroups,
}

impl NotANumber {
    /// The reason in words that complete "... is ...".
    pub fn words(self) -> Pair {
        match self {
            NotANumber::Text => pair("non è un numero", "not a number"),
            NotANumber::NotFinite => pair("non è un numero finito", "not a finite number"),
            NotANumber::TooLarge => pair("è troppo grande", "too large"),
            NotANumber::TooManyDecimals => pair(
                "ha più decimali di quanti se ne possono conservare esattamente (28)",
                "given with more decimals than can be kept exactly (28)",
            ),
            NotANumber::CommaAndPoint => pair(
                "non è un numero: ha sia una virgola sia un punto",
                "not a number: it has both a comma and a point",
            ),
            NotANumber::TwoCommas => {
                pair("non è un numero: ha più di una virgola", "not a number: it has more than one comma")
            }
            NotANumber::WrongGroups => pair(
                "non è un numero: i suoi punti non separano gruppi di tre cifre",
                "not a number: its points do not separate groups of three digits",
            ),
        }
    }
}

impl InLanguage for NotANumber {
    fn in_language(&self, language: Language) -> String {
        self.words().text(language).to_string()
    }
}

/// The exact value of TOML or CSV digits: `1250.50`, `-0.5`, `1e-3`.
///
/// # Errors
/// Texts that are no number, `nan`, infinities, numbers above 7.9e28 and those with more than 28 decimals.
pub fn plain(text: &str) -> Result<Decimal, NotANumber> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.eq_ignore_ascii_case("nan") || unsigned.eq_ignore_ascii_case("inf") {
        return Err(NotANumber::NotFinite);
    }
    let (digits, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((digits, exponent)) => {
            let exponent: i64 = exponent.parse().map_err(|_| beyond(exponent))?;
            (digits, exponent)
        }
        None => (unsigned, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return Err(NotANumber::Text);
    }
    let fraction = fraction.trim_end_matches('0');
    let significant = format!("{whole}{fraction}");
    let mut significant = significant.trim_start_matches('0');
    let mut scale = fraction.len() as i64 - exponent.clamp(-10_000, 10_000);
    if significant.is_empty() {
        return Ok(Decimal::ZERO);
    }
    // 500e-2 is 5: zeros at the end count towards the exponent.
    while scale > 0 && significant.ends_with('0') {
        significant = &significant[..significant.len() - 1];
        scale -= 1;
    }
    if significant.len() as i64 - scale > 29 {
        return Err(NotANumber::TooLarge);
    }
    if scale > 28 || significant.len() > 29 {
        return Err(NotANumber::TooManyDecimals);
    }
    let mantissa: i128 = significant.parse().map_err(|_| NotANumber::TooLarge)?;
    let (mantissa, scale) = if scale < 0 {
        (mantissa.checked_mul(10_i128.pow(-scale as u32)).ok_or(NotANumber::TooLarge)?, 0)
    } else {
        (mantissa, scale as u32)
    };
    let mantissa = if text.starts_with('-') { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| NotANumber::TooLarge)
}

/// What an exponent beyond all integers makes of a number.
fn beyond(exponent: &str) -> NotANumber {
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        NotANumber::Text
    } else if exponent.starts_with('-') {
        NotANumber::TooManyDecimals
    } else {
        NotANumber::TooLarge
    }
}

/// A number in quotes: `"2.5%"`, `"2,5 %"`, `"0.025"`. The flag says whether it had a percent sign; the value has
/// been divided by 100 then.
///
/// # Errors
/// As [`plain`].
pub fn quoted(text: &str) -> Result<(Decimal, bool), NotANumber> {
    let trimmed = text.trim_matches(is_space);
    let (number, percent) = match trimmed.strip_suffix('%') {
        Some(number) => (number.trim_end_matches(is_space), true),
        None => (trimmed, false),
    };
    if number.contains(',') && number.contains('.') {
        return Err(NotANumber::CommaAndPoint);
    }
    if number.matches(',').count() > 1 {
        return Err(NotANumber::TwoCommas);
    }
    let number = number.replace(',', ".").replace('_', "");
    // A minus sign as word processors write it.
    let number = number.replace('\u{2212}', "-");
    if number.contains(['e', 'E']) {
        return Err(NotANumber::Text);
    }
    let value = plain(&number)?;
    if !percent {
        return Ok((value, false));
    }
    let divided = plain(&format!("{value}e-2"))?;
    Ok((divided, true))
}

/// Spaces that people type or paste into numbers, no-break spaces included.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// An amount as Italian spreadsheets write it: `1.234.567,89`, `1234,5`, `450.000`, and with a decimal point `1250.50`.
///
/// A single point before three digits groups thousands: an amount in euros has at most two decimals.
///
/// # Errors
/// As [`plain`].
pub fn italian(text: &str) -> Result<Decimal, NotANumber> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once(',') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let groups: Vec<&str> = whole.split('.').collect();
    let grouped = groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && !groups[0].starts_with('0')
        && groups[1..].iter().all(|group| group.len() == 3)
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let whole = match (fraction, grouped) {
        (_, true) => groups.concat(),
        (Some(_), false) if groups.len() > 1 => {
            return Err(NotANumber::WrongGroups);
        }
        (_, false) => whole.to_string(),
    };
    let sign = if text.starts_with('-') { "-" } else { "" };
    match fraction {
        Some(fraction) => plain(&format!("{sign}{whole}.{fraction}")),
        None => plain(&format!("{sign}{whole}")),
    }
}

/// A decimal as a scenario file writes percentages: `0.025` becomes `2.5%`.
pub fn typed_percent(value: Decimal) -> String {
    match value.checked_mul(Decimal::ONE_HUNDRED) {
        Some(hundredfold) => format!("{}%", hundredfold.normalize()),
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn plain_numbers_are_exact() {
        for (text, value) in [
            ("1250.50", "1250.5"),
            ("-0.0", "0"),
            ("+3", "3"),
            ("1e3", "1000"),
            ("2.5E-3", "0.0025"),
            ("500e-2", "5"),
            ("0e99999999", "0"),
            ("0.10000000000000000000000000000000000000", "0.1"),
            ("79228162514264337593543950335", "79228162514264337593543950335"),
        ] {
            assert_eq!(plain(text), Ok(decimal(value)), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_exact_is_refused() {
        for (text, reason) in [
            ("nan", NotANumber::NotFinite),
            ("-inf", NotANumber::NotFinite),
            ("1e300", NotANumber::TooLarge),
            ("1e99999999999999999999", NotANumber::TooLarge),
            ("79228162514264337593543950336", NotANumber::TooLarge),
            ("1e-300", NotANumber::TooManyDecimals),
            ("abc", NotANumber::Text),
            ("", NotANumber::Text),
            (".", NotANumber::Text),
            ("1.2.3", NotANumber::Text),
        ] {
            assert_eq!(plain(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn percentages_have_many_spellings() {
        for text in ["2.5%", "2,5 %", " 2,5\u{a0}% ", "2.5\u{202f}%", "02.50%"] {
            assert_eq!(quoted(text), Ok((decimal("0.025"), true)), "{text}");
        }
        assert_eq!(quoted("0,025"), Ok((decimal("0.025"), false)));
        assert_eq!(quoted("\u{2212}1%"), Ok((decimal("-0.01"), true)));
        for text in ["%", "2.5%%", "1.234,5%", "1,2,3", "5 M€", "2.5e1%", ""] {
            assert!(quoted(text).is_err(), "{text}");
        }
    }

    #[test]
    fn italian_amounts_are_grouped_or_not() {
        for (text, value) in [
            ("1.234.567,89", "1234567.89"),
            ("1234,5", "1234.5"),
            ("450.000", "450000"),
            ("1250.50", "1250.50"),
            ("-1.000,00", "-1000"),
            ("70000", "70000"),
        ] {
            assert_eq!(italian(text), Ok(decimal(value)), "{text}");
        }
        for text in ["1.23.456,7", "1,2,3", "0.123,4", "12.34,5", ",", "€ 5"] {
            assert!(italian(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn decimals_are_read_back(mantissa in any::<i64>(), scale in 0u32..20) {
            let value = Decimal::new(mantissa, scale);
            prop_assert_eq!(plain(&value.to_string()), Ok(value));
        }

        #[test]
        fn no_text_breaks_the_readers(text in any::<String>()) {
            let _ = plain(&text);
            let _ = quoted(&text);
            let _ = italian(&text);
        }
    }
}
