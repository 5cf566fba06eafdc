//! The phrases that contain a value: too few for a template language, too many to scatter.

use super::number::Numbers;
use crate::scenario::Language;
use crate::units::Quarter;

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

    /// The name of a band at its end: "fascia 95 %", "95% band".
    pub fn band_of_paths(self, share: f64) -> String {
        let share = self.plain_percent(share);
        match self.language {
            Language::Italian => format!("fascia {share}"),
            Language::English => format!("{share} band"),
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

    /// A share in about two digits, never rounded to 0 or 100 unless it is: 62 %, 3.4 %, 0.12 %, 99.7 %, 0.004 %.
    pub fn short_percent(self, share: f64) -> String {
        let decimals = percent_decimals(share);
        let scale = 10_u64.pow(decimals as u32) as f64;
        Numbers::new(self.language).percent(rounded(share * 100.0 * scale) / scale / 100.0, decimals)
    }

    /// The same where a label has no room for more than two decimals: less than 0.01 %.
    pub fn readable_percent(self, share: f64) -> String {
        if share > 0.0 && share < 0.000_1 {
            return format!("<\u{a0}{}", Numbers::new(self.language).percent(0.000_1, 2));
        }
        self.short_percent(share)
    }

    /// A difference of two percentages: "3,2 punti", "3.2 points". A share that grows from 5 % to 6 % grows by 1 point,
    /// and by 20 %.
    pub fn points(self, difference: f64, decimals: usize) -> String {
        let points = Numbers::new(self.language).decimal(difference * 100.0, decimals);
        match (self.language, points.trim_start_matches('\u{2212}')) {
            (Language::Italian, "1") => format!("{points}\u{a0}punto"),
            (Language::Italian, _) => format!("{points}\u{a0}punti"),
            (Language::English, "1") => format!("{points}\u{a0}point"),
            (Language::English, _) => format!("{points}\u{a0}points"),
        }
    }

    /// A quarter: "4° trimestre 2018", "Q4 2018".
    pub fn quarter(self, quarter: Quarter) -> String {
        let (number, year) = (quarter.number(), quarter.year());
        match self.language {
            Language::Italian => format!("{number}°\u{a0}trimestre {year}"),
            Language::English => format!("Q{number}\u{a0}{year}"),
        }
    }
}

/// A whole number, halves away from zero. What is a half but for the last bits of a double is one: 119 of 2,000 paths
/// are 5.95 % and 59.5 in 1,000, and both round up.
pub fn rounded(value: f64) -> f64 {
    (value * (1.0 + 1e-12)).round()
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
