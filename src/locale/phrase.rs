//! The phrases that contain a value: too few for a template language, too many to scatter.

use super::number::Numbers;
use crate::scenario::Language;

/// Builds phrases in one language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Phrases {
    language: Language,
}

impl Phrases {
    /// Phrases of a language.
    pub fn new(language: Language) -> Phrases {
        Phrases { language }
    }

    /// Which part of the paths a band holds: "80 % dei percorsi", "80% of paths".
    pub fn share_of_paths(self, share: f64) -> String {
        let share = self.plain_percent(share);
        match self.language {
            Language::Italian => format!("{share} dei percorsi"),
            Language::English => format!("{share} of paths"),
        }
    }

    /// What the height of a histogram's bar is, `width` being the width of a bin in words.
    pub fn share_of_paths_per(self, width: &str) -> String {
        match self.language {
            Language::Italian => format!("Quota di percorsi per intervalli di {width}"),
            Language::English => format!("Share of paths per interval of {width}"),
        }
    }

    /// A share of paths at one exact value: "62 % esattamente a 0 €".
    pub fn share_exactly_at(self, share: f64, value: &str) -> String {
        let share = self.readable_percent(share);
        match self.language {
            Language::Italian => format!("{share} dei percorsi esattamente a {value}"),
            Language::English => format!("{share} of paths exactly at {value}"),
        }
    }

    /// What the thin line across a bar is: "linea sottile: percentili dal 10 al 90".
    pub fn whisker(self, low: f64, high: f64) -> String {
        let level =
            |share: f64| Numbers::new(self.language).decimal(share * 100.0, self.level_decimals(share));
        let (low, high) = (level(low), level(high));
        match self.language {
            Language::Italian => format!("linea sottile: percentili dal {low} al {high}"),
            Language::English => format!("thin line: percentiles {low} to {high}"),
        }
    }

    /// The name of a quantile of a loss: "VaR 99 %".
    pub fn value_at_risk(self, level: f64) -> String {
        format!("VaR {}", self.plain_percent(level))
    }

    /// The name of an expected shortfall: "ES 99 %".
    pub fn expected_shortfall(self, level: f64) -> String {
        format!("ES {}", self.plain_percent(level))
    }

    /// The footer of a chart: source, scenario, paths, seed, version.
    pub fn source_line(self, scenario: &str, paths: u64, seed: u64, version: &str) -> String {
        let paths = self.paths(paths);
        match self.language {
            Language::Italian => {
                format!("Fonte: simulazione fesr {version} · scenario «{scenario}» · {paths} · seme {seed}")
            }
            Language::English => {
                format!(
                    "Source: simulation by fesr {version} · scenario “{scenario}” · {paths} · seed {seed}"
                )
            }
        }
    }

    /// A number of paths: "1 percorso", "20.000 percorsi".
    pub fn paths(self, count: u64) -> String {
        let number = Numbers::new(self.language).count(count);
        match (self.language, count) {
            (Language::Italian, 1) => format!("{number}\u{a0}percorso"),
            (Language::Italian, _) => format!("{number}\u{a0}percorsi"),
            (Language::English, 1) => format!("{number}\u{a0}path"),
            (Language::English, _) => format!("{number}\u{a0}paths"),
        }
    }

    /// What lies beyond the end of an axis: "oltre l’asse: 2 percorsi, fino a 9 M€".
    pub fn beyond_the_axis(self, paths: u64, largest: &str) -> String {
        let paths = self.paths(paths);
        match self.language {
            Language::Italian => format!("oltre l’asse: {paths}, fino a {largest}"),
            Language::English => format!("beyond the axis: {paths}, up to {largest}"),
        }
    }

    /// A level such as 99 or 99.9 %, without idle decimals.
    pub fn plain_percent(self, share: f64) -> String {
        Numbers::new(self.language).percent(share, self.level_decimals(share))
    }

    /// The fewest decimals, up to three, that show a level as a percentage.
    fn level_decimals(self, share: f64) -> usize {
        let shown = |decimals: usize| format!("{:.*}", decimals, share * 100.0).parse::<f64>();
        (0..3).find(|fewer| shown(*fewer) == shown(3)).unwrap_or(3)
    }

    /// A share in about two digits: 62 %, 3.4 %, 0.12 %, less than 0.01 %.
    pub fn readable_percent(self, share: f64) -> String {
        let numbers = Numbers::new(self.language);
        let decimals = match share {
            0.0 => 0,
            _ if share > 0.0 && share < 0.000_1 => {
                return format!("<\u{a0}{}", numbers.percent(0.000_1, 2));
            }
            _ if share >= 0.0995 => 0,
            _ if share >= 0.00995 => 1,
            _ => 2,
        };
        numbers.percent(share, decimals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_no_idle_decimals() {
        let phrases = Phrases::new(Language::Italian);
        assert_eq!(phrases.value_at_risk(0.99), "VaR 99\u{a0}%");
        assert_eq!(phrases.expected_shortfall(0.999), "ES 99,9\u{a0}%");
        assert_eq!(Phrases::new(Language::English).share_of_paths(0.95), "95% of paths");
        assert_eq!(
            Phrases::new(Language::English).share_exactly_at(0.0123, "€0"),
            "1.2% of paths exactly at €0"
        );
    }

    #[test]
    fn one_path_is_not_one_paths() {
        assert_eq!(Phrases::new(Language::Italian).paths(1), "1\u{a0}percorso");
        assert_eq!(Phrases::new(Language::Italian).paths(20_000), "20.000\u{a0}percorsi");
        let english = Phrases::new(Language::English);
        assert_eq!(english.beyond_the_axis(1, "€9M"), "beyond the axis: 1\u{a0}path, up to €9M");
    }

    #[test]
    fn the_source_line_names_what_makes_a_run_again() {
        let line = Phrases::new(Language::Italian).source_line("Base", 100_000, 7, "0.1.0");
        for part in ["Base", "100.000", "seme 7", "0.1.0"] {
            assert!(line.contains(part), "{part} in {line}");
        }
    }
}
