//! Texts that exist in Italian and in English at once, so that whoever finds something need not know the reader.
//!
//! A [`Pair`] is fixed, a [`Told`] was built from values by `told!`: both languages in one place, with the same
//! values. A value that one of the languages leaves out, and a language that is left out, do not compile. What a value
//! looks like in each language is its [`InLanguage`].

use super::Numbers;
use crate::scenario::Language;
use crate::units::Cents;
use rust_decimal::Decimal;
use std::fmt;

/// A fixed text in both languages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pair {
    italian: &'static str,
    english: &'static str,
}

/// A fixed text, Italian first.
pub const fn pair(italian: &'static str, english: &'static str) -> Pair {
    Pair { italian, english }
}

impl Pair {
    /// The text of a language.
    pub const fn text(self, language: Language) -> &'static str {
        match language {
            Language::Italian => self.italian,
            Language::English => self.english,
        }
    }
}

/// A text in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Told {
    italian: String,
    english: String,
}

impl Told {
    /// From its two forms.
    pub fn new(italian: impl Into<String>, english: impl Into<String>) -> Told {
        Told { italian: italian.into(), english: english.into() }
    }

    /// What is the same in both languages: keys, names, code.
    pub fn same(text: impl Into<String>) -> Told {
        let text = text.into();
        Told { italian: text.clone(), english: text }
    }

    /// The text of a language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Italian => &self.italian,
            Language::English => &self.english,
        }
    }

    /// Several texts in a row.
    pub fn joined<'t>(texts: impl IntoIterator<Item = &'t Told>, separator: &str) -> Told {
        let texts: Vec<&Told> = texts.into_iter().collect();
        let join =
            |language| texts.iter().map(|told| told.text(language)).collect::<Vec<_>>().join(separator);
        Told { italian: join(Language::Italian), english: join(Language::English) }
    }
}

impl From<Pair> for Told {
    fn from(pair: Pair) -> Told {
        Told::new(pair.italian, pair.english)
    }
}

impl fmt::Display for Told {
    /// The English text: what programs and logs of the library see.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl std::error::Error for Told {}

/// A value as a sentence of a language shows it.
pub trait InLanguage {
    /// The value in a language.
    fn in_language(&self, language: Language) -> String;
}

impl<T: InLanguage + ?Sized> InLanguage for &T {
    fn in_language(&self, language: Language) -> String {
        (**self).in_language(language)
    }
}

/// Text of the file, keys and names: the same everywhere.
impl InLanguage for str {
    fn in_language(&self, _language: Language) -> String {
        self.to_string()
    }
}

impl InLanguage for String {
    fn in_language(&self, _language: Language) -> String {
        self.clone()
    }
}

impl InLanguage for Pair {
    fn in_language(&self, language: Language) -> String {
        self.text(language).to_string()
    }
}

impl InLanguage for Told {
    fn in_language(&self, language: Language) -> String {
        self.text(language).to_string()
    }
}

impl InLanguage for u64 {
    fn in_language(&self, language: Language) -> String {
        Numbers::new(language).count(*self)
    }
}

impl InLanguage for u32 {
    fn in_language(&self, language: Language) -> String {
        u64::from(*self).in_language(language)
    }
}

impl InLanguage for usize {
    fn in_language(&self, language: Language) -> String {
        (*self as u64).in_language(language)
    }
}

impl InLanguage for Decimal {
    fn in_language(&self, language: Language) -> String {
        Numbers::new(language).exact(*self)
    }
}

impl InLanguage for i64 {
    fn in_language(&self, language: Language) -> String {
        Decimal::from(*self).in_language(language)
    }
}

/// Euros without unit, with cents only where there are any.
impl InLanguage for Cents {
    fn in_language(&self, language: Language) -> String {
        let numbers = Numbers::new(language);
        if self.0 % 100 == 0 { numbers.exact(self.to_euros()) } else { numbers.cents_without_unit(*self) }
    }
}

/// What the system says of a file, as far as it is common; the rest stays as the system says it.
impl InLanguage for std::io::Error {
    fn in_language(&self, language: Language) -> String {
        use std::io::ErrorKind as Kind;
        let italian = match (language, self.kind()) {
            (Language::English, _) => return self.to_string(),
            (Language::Italian, Kind::NotFound) => "non esiste",
            (Language::Italian, Kind::PermissionDenied) => "permesso negato",
            (Language::Italian, Kind::NotADirectory) => "non è una cartella",
            (Language::Italian, Kind::IsADirectory) => "è una cartella",
            (Language::Italian, Kind::AlreadyExists) => "esiste già",
            (Language::Italian, Kind::DirectoryNotEmpty) => "la cartella non è vuota",
            (Language::Italian, Kind::ResourceBusy) => "risorsa occupata",
            (Language::Italian, Kind::StorageFull) => "spazio su disco esaurito",
            (Language::Italian, Kind::ReadOnlyFilesystem) => "disco in sola lettura",
            (Language::Italian, Kind::FileTooLarge) => "file troppo grande",
            (Language::Italian, Kind::BrokenPipe) => "chi leggeva ha chiuso",
            (Language::Italian, Kind::InvalidFilename) => "nome di file non valido",
            // The list of kinds is open.
            (Language::Italian, _) => return self.to_string(),
        };
        match self.raw_os_error() {
            Some(number) => format!("{italian} (errore di sistema {number})"),
            None => italian.to_string(),
        }
    }
}

/// An exact share as a percentage: `12,5 %`, `12.5%`.
pub fn percent(share: Decimal) -> Told {
    let tell = |language| match share.checked_mul(Decimal::ONE_HUNDRED) {
        Some(hundredfold) => {
            let numbers = Numbers::new(language);
            format!("{}{}", numbers.exact(hundredfold), numbers.percent_sign())
        }
        None => Numbers::new(language).exact(share),
    };
    Told { italian: tell(Language::Italian), english: tell(Language::English) }
}

/// A text in both languages: Italian, English, then the values that both name in braces.
///
/// `told!("manca `{key}`", "`{key}` is missing"; key)`, or with a value on the spot:
/// `told!("... {most} ...", "... {most} ..."; most = MOST_FILES)`.
macro_rules! told {
    (@value $name:ident) => { $name };
    (@value $name:ident = $value:expr) => { $value };
    ($italian:literal, $english:literal $(,)?) => {
        $crate::locale::Told::new($italian, $english)
    };
    ($italian:literal, $english:literal; $($name:ident $(= $value:expr)?),+ $(,)?) => {
        match ($(&$crate::locale::told!(@value $name $(= $value)?),)+) {
            ($($name,)+) => {
                use $crate::locale::InLanguage as _;
                use $crate::scenario::Language as Of;
                $crate::locale::Told::new(
                    format!($italian, $($name = $name.in_language(Of::Italian)),+),
                    format!($english, $($name = $name.in_language(Of::English)),+),
                )
            }
        }
    };
}
pub(crate) use told;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_has_the_numbers_of_each_language() {
        let key = "fund.endowment";
        let told = told!(
            "`{key}`: al massimo {most} EUR, {share} di {count}",
            "`{key}`: at most {most} EUR, {share} of {count}";
            key,
            most = Cents(123_456_789),
            share = percent("0.125".parse().unwrap()),
            count = 1_500_usize,
        );
        assert_eq!(
            told.text(Language::Italian),
            "`fund.endowment`: al massimo 1.234.567,89 EUR, 12,5\u{a0}% di 1.500"
        );
        assert_eq!(told.to_string(), "`fund.endowment`: at most 1,234,567.89 EUR, 12.5% of 1,500");
    }

    #[test]
    fn exact_numbers_keep_their_digits() {
        let tell = |text: &str, language| text.parse::<Decimal>().unwrap().in_language(language);
        assert_eq!(tell("-1234567.00005", Language::Italian), "\u{2212}1.234.567,00005");
        assert_eq!(tell("0.50", Language::English), "0.5");
        assert_eq!(
            tell("79228162514264337593543950335", Language::English),
            "79,228,162,514,264,337,593,543,950,335"
        );
        assert_eq!(Cents(-5).in_language(Language::Italian), "\u{2212}0,05");
    }

    #[test]
    fn what_the_system_says_is_translated_where_it_is_common() {
        let denied = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        assert_eq!(denied.in_language(Language::Italian), "permesso negato");
        assert_eq!(denied.in_language(Language::English), "permission denied");
    }
}
