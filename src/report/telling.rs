//! How findings are told in Italian and English: shares of futures, quarters, lines, articles before percentages.
//!
//! A *future* is what a reader calls a simulated path. Sentences are written out in both languages where they are used
//! (`tell!`); what needs grammar (articles, plurals, how many digits) is here.

pub use crate::locale::{Preposition, shown_as_percent};

use crate::locale::{Numbers, Phrases, Words, rounded, words};
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
    /// never reads as never or always. It never exceeds the `paths` that were seen: beyond, the futures themselves are
    /// counted ("15 futures in 2,000"). Digits are those of [`Telling::percent`].
    pub fn futures(self, share: f64, paths: u64) -> String {
        let rarer = share.min(1.0 - share).max(1e-9);
        let certain = share <= 0.0 || share >= 1.0;
        let mut exponent = 2;
        while !certain && rarer * power_of_ten(exponent) < 0.995 {
            exponent += 1;
        }
        // Nobody has seen 5.2 futures: 52 in 1,000.
        let count = share * power_of_ten(exponent);
        if count < 9.95 && (count - count.round()).abs() >= 0.05 - 1e-9 {
            exponent += 1;
        }
        let seen = paths.max(1) as f64;
        let base = power_of_ten(exponent).min(seen);
        let mut count = rounded(share * base);
        if !certain {
            count = count.clamp(1.0, (base - 1.0).max(1.0));
        }
        self.futures_in(count, base)
    }

    fn futures_in(self, count: f64, base: f64) -> String {
        let (count, base) = (self.numbers.decimal(count, 0), self.numbers.decimal(base, 0));
        let one = count == "1";
        match self.language {
            Language::Italian if one => format!("{count}\u{a0}futuro su\u{a0}{base}"),
            Language::Italian => format!("{count}\u{a0}futuri su\u{a0}{base}"),
            Language::English if one => format!("{count}\u{a0}future in\u{a0}{base}"),
            Language::English => format!("{count}\u{a0}futures in\u{a0}{base}"),
        }
    }

    /// A level in thousandths as a count of futures, exactly: "98 futuri su 100", "975 futuri su 1.000"; of few paths in
    /// smaller numbers: "19 futuri su 20".
    pub fn futures_of_level(self, per_mille: u32, paths: u64) -> String {
        const BASES: [u32; 7] = [1_000, 100, 50, 20, 10, 5, 1];
        let exact = |base: &u32| (per_mille * base).is_multiple_of(1_000);
        let bases = if per_mille.is_multiple_of(10) { &BASES[1..] } else { &BASES[..] };
        let seen = |base: &u32| u64::from(*base) <= paths.max(1);
        let base = bases.iter().find(|base| exact(base) && seen(base)).unwrap_or(&bases[0]);
        self.futures_in(f64::from(per_mille * base / 1_000), f64::from(*base))
    }

    /// Half of an interval, or an error, of a figure that tables show with some decimals: with as many, or with as many
    /// as its first digit needs. An error that is there never reads as 0.
    pub fn error(self, unit: Unit, shown_as_percent: bool, error: f64) -> String {
        let (scale, decimals) = match unit {
            Unit::Euro => (1.0, 0),
            Unit::Probability => (100.0, 2),
            Unit::Ratio if shown_as_percent => (100.0, 2),
            Unit::Ratio => (1.0, 3),
            Unit::Count => (1.0, 1),
        };
        let decimals = self.error_decimals(error * scale, decimals);
        match unit {
            Unit::Euro => self.numbers.euros(error, decimals),
            Unit::Probability | Unit::Ratio if scale > 1.0 => self.points(error, decimals),
            Unit::Probability | Unit::Ratio | Unit::Count => self.numbers.decimal(error, decimals),
        }
    }

    /// The decimals, at least so many, with which an error has a digit that is not 0.
    pub fn error_decimals(self, error: f64, least: usize) -> usize {
        let shows = |decimals: usize| {
            format!("{:.decimals$}", error.abs()).bytes().any(|digit| digit.is_ascii_digit() && digit != b'0')
        };
        if error == 0.0 { least } else { (least..12).find(|&decimals| shows(decimals)).unwrap_or(least) }
    }

    /// A difference of two percentages: "3,2 punti", "3.2 points". A share that grows from 5 % to 6 % grows by 1 point,
    /// and by 20 %.
    pub fn points(self, difference: f64, decimals: usize) -> String {
        self.phrases.points(difference, decimals)
    }

    /// A percentage in about two digits, never rounded to 0 or 100 unless it is.
    pub fn percent(self, share: f64) -> String {
        self.phrases.short_percent(share)
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
            Language::Italian => preposition.before(&percent),
        }
    }

    /// "4° trimestre 2018", "Q4 2018".
    pub fn quarter(self, quarter: Quarter) -> String {
        self.phrases.quarter(quarter)
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

/// Starts a sentence: its first letter becomes a capital.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// 10 to a small power, exactly.
fn power_of_ten(exponent: u32) -> f64 {
    10_u64.pow(exponent) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_as_zero_has_no_sign() {
        let telling = Telling::new(Language::English);
        let of = |difference: f64| telling.bare_difference(MetricId::LeverageEffect, difference);
        assert_eq!([0.0004, 0.0006, -0.0004, -0.0006].map(of), ["0.000", "+0.001", "0.000", "\u{2212}0.001"]);
        assert_eq!(telling.bare_difference(MetricId::FundLoss, 1234.5), "+1,234");
    }

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
            assert_eq!(telling.futures(share, 1_000_000), expected);
        }
        assert_eq!(Telling::new(Language::Italian).futures(0.0034, 10_000), "34\u{a0}futuri su\u{a0}10.000");
    }

    #[test]
    fn nobody_speaks_of_more_futures_than_were_seen() {
        let telling = Telling::new(Language::English);
        for (count, paths, expected) in [
            (15.0, 2_000, "15\u{a0}futures in\u{a0}2,000"),
            (1.0, 2_000, "1\u{a0}future in\u{a0}2,000"),
            (1_999.0, 2_000, "1,999\u{a0}futures in\u{a0}2,000"),
            (119.0, 2_000, "60\u{a0}futures in\u{a0}1,000"),
            (0.0, 20, "0\u{a0}futures in\u{a0}20"),
            (5.0, 20, "5\u{a0}futures in\u{a0}20"),
            (1.0, 1, "1\u{a0}future in\u{a0}1"),
            (0.0, 10_000, "0\u{a0}futures in\u{a0}100"),
        ] {
            assert_eq!(telling.futures(count / paths as f64, paths), expected);
        }
        // A weighted path may be worth less than one of many.
        assert_eq!(telling.futures(1e-7, 5_000), "1\u{a0}future in\u{a0}5,000");
        assert_eq!(telling.futures_of_level(950, 10_000), "95\u{a0}futures in\u{a0}100");
        assert_eq!(telling.futures_of_level(950, 30), "19\u{a0}futures in\u{a0}20");
        assert_eq!(telling.futures_of_level(975, 10_000), "975\u{a0}futures in\u{a0}1,000");
    }

    #[test]
    fn counts_and_percentages_round_alike() {
        let telling = Telling::new(Language::English);
        for paths in [1_000_u64, 2_000, 7_000] {
            for count in 1..paths {
                let share = count as f64 / paths as f64;
                let (percent, futures) = (telling.percent(share), telling.futures(share, paths));
                let (counted, base) = futures.split_once(" in\u{a0}").expect("a count of a base");
                let number = |text: &str| -> f64 {
                    text.trim_end_matches(|letter: char| !letter.is_ascii_digit())
                        .replace(',', "")
                        .parse()
                        .unwrap()
                };
                // Never further apart than the percentage rounds.
                let decimals =
                    percent.trim_end_matches('%').split_once('.').map_or(0, |(_, fraction)| fraction.len());
                let (counted, shown) = (number(counted) / number(base), number(&percent) / 100.0);
                let half = 0.005 / power_of_ten(decimals as u32);
                assert!((counted - shown).abs() < half * (1.0 + 1e-9), "{share}: {futures}, {percent}");
            }
        }
    }

    #[test]
    fn an_error_has_a_digit() {
        let telling = Telling::new(Language::English);
        assert_eq!(telling.error(Unit::Ratio, false, 0.000_04), "0.00004");
        assert_eq!(telling.error(Unit::Ratio, false, 0.012_34), "0.012");
        assert_eq!(telling.error(Unit::Probability, false, 0.000_02), "0.002\u{a0}points");
        assert_eq!(telling.error(Unit::Euro, false, 0.3), "€0.3");
        assert_eq!(telling.error(Unit::Euro, false, 0.0), "€0");
        assert_eq!(telling.points(-0.01, 0), "\u{2212}1\u{a0}point");
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
