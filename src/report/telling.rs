//! How findings are told in Italian and English: shares of futures, quarters, lines, articles before percentages.
//!
//! A *future* is what a reader calls a simulated path. Sentences are written out in both languages where they are used
//! (`tell!`); what needs grammar (articles, plurals, how many digits) is here.

use crate::locale::{Numbers, Phrases, Words, words};
use crate::metrics::{MetricId, Unit};
use crate::scenario::{Language, LimitStatistic, LineNumber, Theme};
use crate::units::Quarter;

mod measure;

pub use measure::axis_format;

/// A sentence in the language of a [`Telling`]: Italian, then English, both with the same captured values.
macro_rules! tell {
    ($telling:expr, $italian:literal, $english:literal $(,)?) => {
        match $telling.language {
            $crate::scenario::Language::Italian => format!($italian),
            $crate::scenario::Language::English => format!($english),
        }
    };
}
pub(super) use tell;

/// Everything needed to write for one reader.
#[derive(Clone, Copy, Debug)]
pub struct Telling {
    /// The reader's language.
    pub language: Language,
    /// Numbers in it.
    pub numbers: Numbers,
    /// Fixed words in it.
    pub words: &'static Words,
    /// Phrases in it.
    pub phrases: Phrases,
}

/// The Italian preposition that melts into the article before a percentage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Preposition {
    /// The article alone: "il 62 %".
    None,
    /// "del 62 %".
    Di,
    /// "al 62 %".
    A,
}

impl Telling {
    /// For readers of a language.
    pub fn new(language: Language) -> Telling {
        Telling {
            language,
            numbers: Numbers::new(language),
            words: words(language),
            phrases: Phrases::new(language),
        }
    }

    /// "linea 1".
    pub fn line(self, number: LineNumber) -> String {
        let (line, number) = (self.words.line, number.word());
        format!("{line} {number}")
    }

    /// The full name of a line, or of all lines together.
    pub fn line_name(self, number: Option<LineNumber>) -> &'static str {
        match number {
            None => self.words.all_lines,
            Some(LineNumber::One) => self.words.line_one,
            Some(LineNumber::Two) => self.words.line_two,
        }
    }

    /// The full name of a theme.
    pub fn theme_name(self, theme: Theme) -> &'static str {
        match theme {
            Theme::HealthWellbeing => self.words.health_wellbeing,
            Theme::DemographicChange => self.words.demographic_change,
            Theme::PovertyExclusion => self.words.poverty_exclusion,
            Theme::Other => self.words.other_theme,
        }
    }

    /// A share of the futures as a count out of a round number: "34 futuri su 1.000", "1 future in 1,000".
    ///
    /// The round number grows until neither the share nor its complement is rounded away: what happens sometimes
    /// never reads as never or always.
    pub fn futures(self, share: f64) -> String {
        let rarer = share.min(1.0 - share).max(1e-9);
        let certain = share <= 0.0 || share >= 1.0;
        let mut base = 100.0;
        while !certain && rarer * base < 0.995 {
            base *= 10.0;
        }
        // Nobody has seen 5.2 futures: 52 in 1,000.
        let count = share * base;
        if count < 9.95 && (count - count.round()).abs() >= 0.05 {
            base *= 10.0;
        }
        let count = self.numbers.decimal(share * base, 0);
        let base = self.numbers.decimal(base, 0);
        let one = count == "1";
        match self.language {
            Language::Italian if one => format!("{count}\u{a0}futuro su\u{a0}{base}"),
            Language::Italian => format!("{count}\u{a0}futuri su\u{a0}{base}"),
            Language::English if one => format!("{count}\u{a0}future in\u{a0}{base}"),
            Language::English => format!("{count}\u{a0}futures in\u{a0}{base}"),
        }
    }

    /// A level in thousandths as a count of futures, exactly: "98 futuri su 100", "975 futuri su 1.000".
    pub fn futures_of_level(self, per_mille: u32) -> String {
        let (count, base) =
            if per_mille.is_multiple_of(10) { (per_mille / 10, 100) } else { (per_mille, 1_000) };
        let (count, base) = (self.numbers.count(count.into()), self.numbers.count(base));
        tell!(self, "{count}\u{a0}futuri su\u{a0}{base}", "{count}\u{a0}futures in\u{a0}{base}")
    }

    /// A percentage in about two digits, never rounded to 0 or 100 unless it is.
    pub fn percent(self, share: f64) -> String {
        self.numbers.percent(share, percent_decimals(share))
    }

    /// A percentage after its article, which in Italian depends on how the number is spoken: "il 62 %", "l’8 %",
    /// "dello 0,5 %". English has no article.
    pub fn the_percent(self, preposition: Preposition, share: f64) -> String {
        self.after_article(preposition, self.percent(share))
    }

    /// The same for a share that somebody chose, which is never rounded to two digits: "il 12,5 %".
    pub fn the_chosen_percent(self, preposition: Preposition, share: f64) -> String {
        self.after_article(preposition, self.phrases.plain_percent(share))
    }

    /// A percentage that is already written, after its article.
    pub fn after_article(self, preposition: Preposition, percent: String) -> String {
        match self.language {
            Language::English => percent,
            Language::Italian => format!("{}{percent}", article(preposition, &percent)),
        }
    }

    /// "4° trimestre 2018", "Q4 2018".
    pub fn quarter(self, quarter: Quarter) -> String {
        let (number, year) = (quarter.number(), quarter.year());
        tell!(self, "{number}°\u{a0}trimestre {year}", "Q{number}\u{a0}{year}")
    }

    /// Years with at most two decimals: "16", "4,75".
    pub fn years(self, quarters: u32) -> String {
        let decimals = match quarters % 4 {
            0 => 0,
            2 => 1,
            _ => 2,
        };
        self.numbers.decimal(f64::from(quarters) / 4.0, decimals)
    }

    /// A stretch of quarters from the first one on: "dal 4° trimestre 2018 al 3° trimestre 2034 (16 anni)".
    pub fn horizon(self, start: Quarter, quarters: u32) -> String {
        let (first, last) = (self.quarter(start), self.quarter(start.plus(quarters.max(1) - 1)));
        let years = self.years(quarters);
        match self.language {
            Language::Italian if quarters == 4 => format!("dal {first} al {last} (1 anno)"),
            Language::Italian => format!("dal {first} al {last} ({years} anni)"),
            Language::English if quarters == 4 => format!("{first} to {last} (1 year)"),
            Language::English => format!("{first} to {last} ({years} years)"),
        }
    }

    /// "in media", or what it is worth if there was only one path.
    pub fn on_average(self, paths: u64) -> &'static str {
        match (self.language, paths) {
            (Language::Italian, 1) => "nell’unico futuro simulato",
            (Language::Italian, _) => "in media",
            (Language::English, 1) => "in the only future simulated",
            (Language::English, _) => "on average",
        }
    }

    /// The name of a statistic: "media", "VaR 99 %" (a quantile of a loss), "quantile 5 %", "ES 99 %".
    pub fn statistic(self, statistic: LimitStatistic, metric: MetricId) -> String {
        match statistic {
            LimitStatistic::Mean => self.words.mean.to_string(),
            LimitStatistic::StandardDeviation => self.words.standard_deviation.to_string(),
            LimitStatistic::Quantile(level) if metric.has_shortfall() => {
                self.phrases.value_at_risk(level.to_f64())
            }
            LimitStatistic::Quantile(level) => {
                let level = self.shortest(level.to_f64() * 100.0);
                let percent = format!("{level}{}", self.numbers.percent_sign());
                let quantile = self.words.quantile;
                tell!(self, "{quantile} {percent}", "{percent} {quantile}")
            }
            LimitStatistic::ExpectedShortfall(level) => self.phrases.expected_shortfall(level.to_f64()),
        }
    }

    /// A number as short as it can be written with at most six decimals: "5", "0,125".
    pub fn shortest(self, value: f64) -> String {
        let exact = |decimals: usize| format!("{value:.decimals$}").parse::<f64>();
        let decimals = (0..6).find(|&fewer| exact(fewer) == exact(6)).unwrap_or(6);
        self.numbers.decimal(value, decimals)
    }

    /// A figure in natural units as tables show it: whole euros, ratios with three decimals, shares and chances as
    /// percentages with two, mean counts with one.
    pub fn figure(self, unit: Unit, shown_as_percent: bool, value: f64) -> String {
        match unit {
            Unit::Euro => self.numbers.euros(value, 0),
            Unit::Probability => self.numbers.percent(value, 2),
            Unit::Ratio if shown_as_percent => self.numbers.percent(value, 2),
            Unit::Ratio => self.numbers.decimal(value, 3),
            Unit::Count => self.numbers.decimal(value, 1),
        }
    }
}

/// Whether a ratio is read as a percentage (a part of a whole) rather than as a multiple.
pub fn shown_as_percent(metric: MetricId) -> bool {
    use MetricId as M;
    matches!(
        metric,
        M::DemandCoverage
            | M::Absorption
            | M::DefaultRate
            | M::AnnualDefaultRate
            | M::FundLossRate
            | M::CapUtilisation
            | M::ReserveUsage
            | M::ClosingRatio
            | M::ValueRatio
            | M::GrossGrantIntensity
    )
}

/// Starts a sentence: its first letter becomes a capital.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn percent_decimals(share: f64) -> usize {
    let size = (share * 100.0).abs();
    let mut decimals = match size {
        _ if size == 0.0 || size >= 9.95 => 0,
        _ if size >= 0.995 => 1,
        _ => 2,
    };
    // 99.7 % is not 100 %, and 0.004 % is not 0.
    let rarer = if size < 100.0 { size.min(100.0 - size) } else { 0.0 };
    let mut half = [0.5, 0.05, 0.005][decimals];
    while rarer > 0.0 && rarer <= half && decimals < 6 {
        decimals += 1;
        half /= 10.0;
    }
    decimals
}

/// The Italian article before a percentage, with what follows it (a space, or nothing after an apostrophe).
fn article(preposition: Preposition, percent: &str) -> &'static str {
    let digits: String = percent.chars().take_while(char::is_ascii_digit).collect();
    let elided = matches!(digits.as_str(), "1" | "8" | "11") || digits.len() == 2 && digits.starts_with('8');
    let zero = digits == "0";
    match preposition {
        Preposition::None if elided => "l’",
        Preposition::None if zero => "lo ",
        Preposition::None => "il ",
        Preposition::Di if elided => "dell’",
        Preposition::Di if zero => "dello ",
        Preposition::Di => "del ",
        Preposition::A if elided => "all’",
        Preposition::A if zero => "allo ",
        Preposition::A => "al ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_futures_are_never_rounded_away() {
        let telling = Telling::new(Language::English);
        for (share, expected) in [
            (0.034, "34\u{a0}futures in\u{a0}1,000"),
            (0.01, "1\u{a0}future in\u{a0}100"),
            (0.5, "50\u{a0}futures in\u{a0}100"),
            (1.0, "100\u{a0}futures in\u{a0}100"),
            (0.0004, "4\u{a0}futures in\u{a0}10,000"),
            (0.998, "998\u{a0}futures in\u{a0}1,000"),
            (0.9999, "9,999\u{a0}futures in\u{a0}10,000"),
            (0.0300001, "3\u{a0}futures in\u{a0}100"),
        ] {
            assert_eq!(telling.futures(share), expected);
        }
        assert_eq!(Telling::new(Language::Italian).futures(0.0034), "34\u{a0}futuri su\u{a0}10.000");
    }

    #[test]
    fn italian_articles_follow_the_spoken_number() {
        let telling = Telling::new(Language::Italian);
        for (share, expected) in [
            (0.62, "il 62\u{a0}%"),
            (0.08, "l’8,0\u{a0}%"),
            (0.112, "l’11\u{a0}%"),
            (0.83, "l’83\u{a0}%"),
            (0.005, "lo 0,50\u{a0}%"),
            (1.0, "il 100\u{a0}%"),
            (0.998, "il 99,8\u{a0}%"),
            (0.99997, "il 99,997\u{a0}%"),
            (0.00004, "lo 0,004\u{a0}%"),
        ] {
            assert_eq!(telling.the_percent(Preposition::None, share), expected);
        }
        assert_eq!(telling.the_percent(Preposition::Di, 0.81), "dell’81\u{a0}%");
        assert_eq!(telling.the_chosen_percent(Preposition::None, 0.125), "il 12,5\u{a0}%");
        assert_eq!(telling.the_percent(Preposition::A, 0.2), "al 20\u{a0}%");
    }

    #[test]
    fn a_horizon_names_both_ends() {
        let start = Quarter::new(2018, 4).expect("a quarter");
        assert_eq!(
            Telling::new(Language::English).horizon(start, 64),
            "Q4\u{a0}2018 to Q3\u{a0}2034 (16 years)"
        );
        assert_eq!(
            Telling::new(Language::Italian).horizon(start, 19),
            "dal 4°\u{a0}trimestre 2018 al 2°\u{a0}trimestre 2023 (4,75 anni)"
        );
    }
}
