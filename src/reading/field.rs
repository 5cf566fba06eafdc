//! From a value as typed to a value with a unit, with a message for everything that does not fit.

use super::context::Context;
use super::keys;
use super::number::{self, NotANumber};
use super::section::example_of;
pub use super::suggestion::grouped;
use super::suggestion::{euros_meant, is_name, number_text, slug};
use super::tree::{Node, Value};
use super::unseen::unseen;
use crate::diagnostic::{Problem, nearest};
use crate::locale::{InLanguage, Pair, Told, pair, percent, told};
use crate::scenario::{Choice, Language};
use crate::units::{Cents, Multiplier, OutOfRange, Precision, Probability, Quantity, Rate, Share};
use rust_decimal::Decimal;
use std::ops::RangeInclusive;

/// Largest amount of a scenario: 1,000,000,000 EUR.
pub const LARGEST_AMOUNT: Cents = Cents(100_000_000_000);

/// Longest text of a scenario, in characters.
const LONGEST_TEXT: usize = 10_000;

/// Whether a number may be below zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// It may.
    Any,
    /// It may not.
    NotNegative,
}

/// One value of the file, with its path.
pub struct Field<'f> {
    /// Where problems go.
    pub context: &'f Context<'f>,
    /// What was written, or the default.
    pub node: &'f Node,
    /// Steps of the key.
    pub path: Vec<String>,
}

impl<'f> Field<'f> {
    /// The dotted key, for messages.
    pub fn key(&self) -> String {
        self.path.join(".")
    }

    /// Notes an error at the value, with the example of the key as its last hint.
    pub fn refuse<T>(&self, code: &'static str, message: Told, hints: &[Told]) -> Option<T> {
        let mut problem = Problem::error(code, &self.node.place, message);
        for hint in hints {
            problem = problem.hint(hint.clone());
        }
        self.context.report(problem);
        None
    }

    /// `write ... for example` from the table of keys.
    pub fn example(&self) -> Vec<Told> {
        let name = self.path.last().map_or("", String::as_str);
        keys::find(&self.path).map(|key| example_of(name, key)).into_iter().collect()
    }

    /// Another value under the same path: an entry of a list.
    pub fn entry(&self, node: &'f Node) -> Field<'f> {
        Field { context: self.context, node, path: self.path.clone() }
    }

    fn wrong_kind<T>(&self, wanted: Pair) -> Option<T> {
        let message = told!(
            "`{key}` richiede {wanted}, non {kind}",
            "`{key}` takes {wanted}, not {kind}";
            key = self.key(),
            wanted,
            kind = self.node.value.kind(),
        );
        self.refuse("E103", message, &self.example())
    }

    /// The exact number, plain or in quotes, and whether it had a percent sign.
    fn number(&self, wanted: Pair) -> Option<(Decimal, bool)> {
        let read = match &self.node.value {
            Value::Number(digits) => number::plain(digits).map(|value| (value, false)),
            Value::Text(text) => number::quoted(text),
            Value::Flag(_) | Value::Moment(_) | Value::List(_) | Value::Table(_) => {
                return self.wrong_kind(wanted);
            }
        };
        match read {
            Ok(number) => Some(number),
            Err(reason) => {
                let written = self.context.written(&self.node.place);
                let message = told!(
                    "`{key}` richiede {wanted}: {written} {reason}",
                    "`{key}` takes {wanted}: {written} is {reason}";
                    key = self.key(),
                    wanted,
                    written,
                    reason,
                );
                let code = if reason == NotANumber::Text { "E103" } else { "E105" };
                self.refuse(code, message, &self.example())
            }
        }
    }

    fn within_unit<T>(&self, result: Result<T, OutOfRange>, was_percent: bool) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(OutOfRange { what, range, in_italian: [unita, intervallo], value }) => {
                let written = if was_percent { percent(value) } else { number_text(value) };
                let key = self.key();
                let (italian, english) = (written.text(Language::Italian), written.text(Language::English));
                let message = Told::new(
                    format!("`{key}`: {unita} deve essere {intervallo}, non {italian}"),
                    format!("`{key}`: {what} must be {range}, not {english}"),
                );
                let mut hints = Vec::new();
                if !was_percent
                    && value > Decimal::ONE
                    && value <= Decimal::ONE_HUNDRED
                    && what != Multiplier::WHAT
                {
                    hints.push(told!("si intendeva \"{value}%\"?", "did you mean \"{value}%\"?"; value = value.normalize().to_string()));
                }
                if hints.is_empty() {
                    hints = self.example();
                }
                self.refuse("E106", message, &hints)
            }
        }
    }

    /// A part of a whole.
    pub fn share(&self) -> Option<Share> {
        let (value, was_percent) =
            self.number(pair("una quota, per esempio 0.25 o \"25%\"", "a share, such as 0.25 or \"25%\""))?;
        self.within_unit(Share::new(value), was_percent)
    }

    /// A precision; 0 is none.
    pub fn precision(&self) -> Option<Option<Precision>> {
        let (value, was_percent) = self.number(pair(
            "una precisione, per esempio 0.01 o \"1%\"",
            "a precision, such as 0.01 or \"1%\"",
        ))?;
        if value.is_zero() {
            return Some(None);
        }
        self.within_unit(Precision::new(value), was_percent).map(Some)
    }

    /// A share below 1.
    pub fn share_below_one(&self) -> Option<Share> {
        let share = self.share()?;
        if share == Share::ONE {
            let message =
                told!("`{key}` deve essere minore di 1", "`{key}` must be below 1"; key = self.key());
            return self.refuse("E106", message, &self.example());
        }
        Some(share)
    }

    /// A yearly rate; above 20 % a warning asks whether it was meant.
    pub fn rate(&self, sign: Sign) -> Option<Rate> {
        let rate = self.rate_as_written(sign)?;
        self.ask_if_meant(rate.decimal());
        Some(rate)
    }

    fn rate_as_written(&self, sign: Sign) -> Option<Rate> {
        let (value, was_percent) = self.number(pair(
            "un tasso annuo, per esempio 0.025 o \"2.5%\"",
            "a yearly rate, such as 0.025 or \"2.5%\"",
        ))?;
        let rate = self.within_unit(Rate::new(value), was_percent)?;
        if sign == Sign::NotNegative && value < Decimal::ZERO {
            let message = told!(
                "`{key}` non può essere negativo, è {value}",
                "`{key}` must not be negative, it is {value}";
                key = self.key(),
                value = percent(value),
            );
            return self.refuse("E106", message, &self.example());
        }
        Some(rate)
    }

    /// A yearly rate between two bounds in percent, which keep amounts over 40 years within 64 bits.
    pub fn rate_between(&self, least: i64, most: i64) -> Option<Rate> {
        let rate = self.rate_as_written(Sign::Any)?;
        if (Decimal::new(least, 2)..=Decimal::new(most, 2)).contains(&rate.decimal()) {
            self.ask_if_meant(rate.decimal());
            return Some(rate);
        }
        let hundredth = |whole: i64| percent(Decimal::new(whole, 2));
        let message = told!(
            "`{key}` deve essere tra {least} e {most} all’anno, è {value}",
            "`{key}` must be between {least} and {most} per year, it is {value}";
            key = self.key(),
            least = hundredth(least),
            most = hundredth(most),
            value = percent(rate.decimal()),
        );
        // 5 typed for 5 %: what was meant says more than an example of the key.
        let as_percent = rate.decimal() > Decimal::ZERO && rate.decimal() <= Decimal::from(most);
        let hints = if as_percent { vec![percent_meant(rate.decimal())] } else { self.example() };
        self.refuse("E106", message, &hints)
    }

    /// A yearly probability of default; above 20 % a warning asks whether it was meant.
    pub fn probability(&self) -> Option<Probability> {
        let (value, was_percent) = self.number(pair(
            "una probabilità annua, per esempio 0.01 o \"1%\"",
            "a yearly probability, such as 0.01 or \"1%\"",
        ))?;
        let probability = self.within_unit(Probability::new(value), was_percent)?;
        self.ask_if_meant(value);
        Some(probability)
    }

    /// 0.5 typed for 0.5 % is the commonest slip in rates.
    fn ask_if_meant(&self, value: Decimal) {
        if self.node.computed || value <= Decimal::new(2, 1) {
            return;
        }
        let message = told!(
            "`{key}` è {value} all’anno",
            "`{key}` is {value} per year";
            key = self.key(),
            value = percent(value),
        );
        self.context.report(
            Problem::warning("W101", &self.node.place, message)
                .label(pair("oltre il 20 % all’anno", "above 20 % per year"))
                .hint(percent_meant(value)),
        );
    }

    /// A factor or weight up to `most`.
    pub fn multiplier(&self, most: u32) -> Option<Multiplier> {
        let (value, was_percent) =
            self.number(pair("un numero, per esempio 1.5", "a number, such as 1.5"))?;
        let multiplier = self.within_unit(Multiplier::new(value), was_percent)?;
        if value > Decimal::from(most) {
            let message = told!(
                "`{key}` può essere al massimo {most}, non {value}",
                "`{key}` must be at most {most}, not {value}";
                key = self.key(),
                most,
                value,
            );
            return self.refuse("E106", message, &self.example());
        }
        Some(multiplier)
    }

    /// A number between two bounds, both admitted.
    pub fn quantity(&self, range: RangeInclusive<i64>) -> Option<Quantity> {
        let (value, _) = self.number(pair("un numero, per esempio 0.5", "a number, such as 0.5"))?;
        if !(Decimal::from(*range.start())..=Decimal::from(*range.end())).contains(&value) {
            let message = self.not_between(*range.start(), *range.end(), value);
            return self.refuse("E106", message, &self.example());
        }
        self.within_unit(Quantity::new(value), false)
    }

    /// Any exact number, plain or as a percentage.
    pub fn decimal(&self) -> Option<Decimal> {
        self.number(pair("un numero o una percentuale", "a number or a percentage")).map(|(value, _)| value)
    }

    /// A whole number between two bounds, both admitted.
    pub fn whole(&self, range: RangeInclusive<u64>) -> Option<u64> {
        let Value::Number(digits) = &self.node.value else {
            return self
                .wrong_kind(pair("un numero intero, senza virgolette", "a whole number, without quotes"));
        };
        let written = self.context.written(&self.node.place);
        let value = match number::plain(digits) {
            Ok(value) => value.normalize(),
            Err(reason) => {
                let message = told!(
                    "`{key}` richiede un numero intero: {written} {reason}",
                    "`{key}` takes a whole number: {written} is {reason}";
                    key = self.key(),
                    written,
                    reason,
                );
                return self.refuse("E105", message, &self.example());
            }
        };
        if value.scale() != 0 {
            let message = told!(
                "`{key}` richiede un numero intero, non {value}",
                "`{key}` takes a whole number, not {value}";
                key = self.key(),
                value,
            );
            return self.refuse("E106", message, &self.example());
        }
        match u64::try_from(value.mantissa()) {
            Ok(whole) if range.contains(&whole) => Some(whole),
            _ => {
                let message = self.not_between(*range.start(), *range.end(), value);
                self.refuse("E106", message, &self.example())
            }
        }
    }

    fn not_between(&self, least: impl InLanguage, most: impl InLanguage, value: Decimal) -> Told {
        told!(
            "`{key}` deve essere tra {least} e {most}, non {value}",
            "`{key}` must be between {least} and {most}, not {value}";
            key = self.key(),
            least,
            most,
            value,
        )
    }

    /// A whole number of quarters or the like.
    pub fn count(&self, range: RangeInclusive<u32>) -> Option<u32> {
        let whole = self.whole(u64::from(*range.start())..=u64::from(*range.end()))?;
        u32::try_from(whole).ok()
    }

    /// Years in steps of a quarter, as quarters.
    pub fn quarters_of_years(&self, least_quarters: u32, most_years: u32) -> Option<u32> {
        let Value::Number(_) = &self.node.value else {
            return self.wrong_kind(pair(
                "un numero di anni, senza virgolette",
                "a number of years, without quotes",
            ));
        };
        let (years, _) = self.number(pair("un numero di anni", "a number of years"))?;
        let quarters = years.checked_mul(Decimal::from(4)).unwrap_or(Decimal::MAX).normalize();
        if quarters < Decimal::from(least_quarters) || quarters > Decimal::from(most_years * 4) {
            let least = Decimal::new(i64::from(least_quarters) * 25, 2).normalize();
            let message = told!(
                "`{key}` deve essere tra {least} e {most} anni, non {years}",
                "`{key}` must be between {least} and {most} years, not {years}";
                key = self.key(),
                least,
                most = most_years,
                years,
            );
            return self.refuse("E106", message, &self.example());
        }
        if quarters.scale() != 0 {
            let message = told!(
                "`{key}` conta trimestri interi: {years} anni non lo sono",
                "`{key}` counts whole quarters: {years} years are none";
                key = self.key(),
                years,
            );
            let hint = pair("scrivere un multiplo di 0.25", "write a multiple of 0.25");
            return self.refuse("E106", message, &[hint.into()]);
        }
        u32::try_from(quarters.mantissa()).ok()
    }

    /// Euros, exact to the cent, between `least` and 1,000,000,000.
    pub fn amount(&self, least: Cents) -> Option<Cents> {
        let written = self.context.written(&self.node.place);
        let value = match &self.node.value {
            Value::Number(digits) => number::plain(digits),
            Value::Text(text) => match number::quoted(text) {
                Ok((_, true)) => {
                    let message = told!(
                        "`{key}` richiede euro, non una percentuale ({written})",
                        "`{key}` takes euros, not a percentage ({written})";
                        key = self.key(),
                        written,
                    );
                    return self.refuse("E107", message, &self.example());
                }
                Ok((value, false)) => Ok(value),
                Err(reason) => Err(reason),
            },
            Value::Flag(_) | Value::Moment(_) | Value::List(_) | Value::Table(_) => {
                return self.wrong_kind(pair("un importo in euro", "an amount in euros"));
            }
        };
        let value = match value {
            Ok(value) => value,
            Err(reason) => {
                let unit = self.node.as_text().and_then(euros_meant);
                let message = told!(
                    "`{key}` richiede un importo in euro: {written} {reason}",
                    "`{key}` takes an amount in euros: {written} is {reason}";
                    key = self.key(),
                    written,
                    reason,
                );
                let code = if self.node.as_text().is_some() { "E107" } else { "E105" };
                return self.refuse(code, message, &unit.map_or_else(|| self.example(), |hint| vec![hint]));
            }
        };
        let value = if self.node.computed { value.round_dp(2) } else { value };
        if value < least.to_euros() || value > LARGEST_AMOUNT.to_euros() {
            let message = told!(
                "`{key}` deve essere tra {least} e {most} EUR, non {value}",
                "`{key}` must be between {least} and {most} EUR, not {value}";
                key = self.key(),
                least,
                most = LARGEST_AMOUNT,
                value,
            );
            return self.refuse("E106", message, &self.example());
        }
        match Cents::from_euros(value) {
            Some(cents) => Some(cents),
            None => {
                let message = told!(
                    "`{key}` ha frazioni di centesimo: {value}",
                    "`{key}` has fractions of a cent: {value}";
                    key = self.key(),
                    value,
                );
                let hint = pair("scrivere al massimo due decimali", "write at most two decimals");
                self.refuse("E106", message, &[hint.into()])
            }
        }
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Option<bool> {
        match self.node.value {
            Value::Flag(flag) => Some(flag),
            _ => self.wrong_kind(pair("true o false, senza virgolette", "true or false, without quotes")),
        }
    }

    /// A text, of at most [`LONGEST_TEXT`] characters that can be seen.
    pub fn text(&self) -> Option<&'f str> {
        let Value::Text(text) = &self.node.value else {
            return self.wrong_kind(pair("un testo tra virgolette", "a text in quotes"));
        };
        if let Some(letter) = unseen(text) {
            let message = told!(
                "`{key}` contiene un carattere che non si vede ma cambia ciò che si vede: {letter}",
                "`{key}` has a character that is not seen but changes what is seen: {letter}";
                key = self.key(),
                letter = format!("U+{:04X}", u32::from(letter)),
            );
            return self.refuse("E108", message, &[pair("toglierlo", "take it out").into()]);
        }
        if text.chars().nth(LONGEST_TEXT).is_some() {
            let message = told!(
                "`{key}` può avere al massimo {most} caratteri",
                "`{key}` may have at most {most} characters";
                key = self.key(),
                most = LONGEST_TEXT,
            );
            return self.refuse("E108", message, &[pair("accorciarlo", "shorten it").into()]);
        }
        Some(text)
    }

    /// A name: letters a-z, digits and hyphens, of which none is first.
    pub fn name(&self) -> Option<String> {
        let text = self.text()?;
        if is_name(text) {
            return Some(text.to_string());
        }
        let message = told!(
            "`{key}`: un nome ha lettere a-z, cifre e trattini (non all’inizio), al massimo 80, non \"{text}\"",
            "`{key}`: a name has letters a-z, digits and hyphens (not at its start), at most 80, not \"{text}\"";
            key = self.key(),
            text,
        );
        let better = slug(text);
        let hints = match better.is_empty() {
            true => self.example(),
            false => vec![told!("scrivere \"{better}\"", "write \"{better}\""; better)],
        };
        self.refuse("E108", message, &hints)
    }

    /// A label of a rating or product: any text of 1 to 80 characters without control characters.
    pub fn label(&self) -> Option<String> {
        let text = self.text()?;
        let length = text.chars().count();
        if (1..=80).contains(&length) && text.trim() == text && !text.chars().any(char::is_control) {
            return Some(text.to_string());
        }
        let message = told!(
            "`{key}` richiede da 1 a 80 caratteri, senza caratteri di controllo né spazi alle estremità, non {text:?}",
            "`{key}` takes 1 to 80 characters, without control characters or spaces at its ends, not {text:?}";
            key = self.key(),
            text,
        );
        self.refuse("E108", message, &self.example())
    }

    /// One of a closed set of words.
    pub fn word<T: Choice>(&self) -> Option<T> {
        let text = self.text()?;
        match T::parse_word(text) {
            Some(value) => Some(value),
            None => self.unknown_word(text, T::VALUE_WORDS),
        }
    }

    /// Refuses a word that is not among those known.
    pub fn unknown_word<T>(&self, word: &str, known: &[&str]) -> Option<T> {
        let message = told!("`{key}` non conosce \"{word}\"", "`{key}` does not know \"{word}\""; key = self.key(), word);
        let mut hints = Vec::new();
        if let Some(near) = nearest(word, known.iter().copied()) {
            hints.push(told!("si intendeva \"{near}\"?", "did you mean \"{near}\"?"; near));
        }
        if known.len() <= 12 {
            let known: Vec<String> = known.iter().map(|word| format!("\"{word}\"")).collect();
            hints.push(told!("scrivere uno di {known}", "write one of {known}"; known = known.join(", ")));
        }
        self.refuse("E104", message, &hints)
    }

    /// A list, never empty, of at most `most` entries; where a list is natural a single value counts as one of one.
    pub fn list<T>(&self, most: usize, read: impl Fn(&Field<'f>) -> Option<T>) -> Option<Vec<T>> {
        let Value::List(entries) = &self.node.value else {
            return read(self).map(|value| vec![value]);
        };
        if entries.is_empty() {
            return self.refuse(
                "E106",
                told!(
                    "`{key}` non può essere un elenco vuoto",
                    "`{key}` must not be an empty list";
                    key = self.key(),
                ),
                &self.example(),
            );
        }
        if entries.len() > most {
            let message = told!(
                "`{key}` ha {count} voci; se ne usano al massimo {most}",
                "`{key}` has {count} entries; at most {most} are used";
                key = self.key(),
                count = entries.len(),
                most,
            );
            return self.refuse("E106", message, &[]);
        }
        // Every entry is read, so that all their problems are found.
        let values: Vec<Option<T>> = entries.iter().map(|entry| read(&self.entry(entry))).collect();
        values.into_iter().collect()
    }
}

/// The same digits as a percentage.
fn percent_meant(value: Decimal) -> Told {
    told!("si intendeva \"{value}%\"?", "did you mean \"{value}%\"?"; value = value.normalize().to_string())
}
