//! What may be written instead: names, amounts without units, digits in groups as TOML admits them.

use super::number;
use crate::diagnostic::{Place, Problem};
use crate::locale::{Told, pair, told};
use rust_decimal::Decimal;

/// Whether a text is a name. None begins with a hyphen: as a word of a command it would be an option.
pub fn is_name(text: &str) -> bool {
    let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=80).contains(&text.len()) && !text.starts_with('-') && text.bytes().all(valid)
}

/// The name nearest to a text: lower case, everything else a hyphen.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
        if slug.len() == 80 {
            break;
        }
    }
    slug.trim_end_matches('-').to_string()
}

/// A list of borrowers as spreadsheets save it under "text", not under "CSV".
pub fn separated_by_tabs(place: &Place) -> Problem {
    let message = pair("le colonne sono separate da tabulazioni", "the columns are separated by tabs");
    Problem::error("E202", place, message).hint(pair(
        "salvare l’elenco come CSV: colonne separate da `,` o `;`",
        "save the list as CSV: columns separated by `,` or `;`",
    ))
}

/// A plain number in both languages.
pub fn number_text(value: Decimal) -> Told {
    told!("{value}", "{value}"; value)
}

/// What was meant by an amount with a unit, such as "5 M EUR" or "1.250.000".
pub fn euros_meant(text: &str) -> Option<Told> {
    let lower = text.to_lowercase().replace(['€', '_'], "").replace("eur", "");
    let compact: String = lower.chars().filter(|c| !number::is_space(*c)).collect();
    let units = [("milioni", 6), ("million", 6), ("mln", 6), ("mio", 6), ("m", 6), ("k", 3)];
    let (digits, zeros) = units
        .iter()
        .find_map(|(unit, zeros)| compact.strip_suffix(unit).map(|digits| (digits, *zeros)))
        .unwrap_or((compact.as_str(), 0));
    let value = match zeros {
        0 => number::italian(digits).ok()?,
        _ => number::quoted(digits).ok()?.0.checked_mul(Decimal::from(10_u64.pow(zeros)))?,
    };
    Some(told!(
        "scrivere euro senza unità e senza punti: {amount}",
        "write euros without unit and grouping: {amount}";
        amount = grouped(value.normalize()),
    ))
}

/// A decimal with underscores between thousands, as TOML admits it.
pub fn grouped(value: Decimal) -> String {
    let text = value.to_string();
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(w, f)| (w, Some(f)));
    let mut grouped = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        for (value, text) in [("0", "0"), ("999", "999"), ("5000000", "5_000_000"), ("-1250.50", "-1_250.50")]
        {
            assert_eq!(grouped(value.parse().unwrap()), text);
        }
    }

    #[test]
    fn names_are_suggested() {
        assert_eq!(slug("Mio Fondo (2018).v2"), "mio-fondo-2018-v2");
        assert!(is_name("co-loan") && !is_name("Co loan") && !is_name(""));
        assert!(!is_name("-rf") && slug("-rf") == "rf");
    }

    #[test]
    fn units_of_money_are_understood_and_explained() {
        for (text, part) in [
            ("5 M€", "5_000_000"),
            ("1,5 mln", "1_500_000"),
            ("1.250.000,50 EUR", "1_250_000.5"),
            ("70k", "70_000"),
        ] {
            assert!(
                euros_meant(text).is_some_and(|hint| hint.to_string().ends_with(part)),
                "{text}: {:?}",
                euros_meant(text)
            );
        }
        assert_eq!(euros_meant("much"), None);
    }
}
