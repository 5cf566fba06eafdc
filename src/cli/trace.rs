//! `fesr trace`: which path, and how much of it is shown.

use super::{CommonArguments, ProgressMode, whole_number};
use crate::diagnostic::nearest;
use crate::locale::{Told, pair, told};
use crate::metrics::MetricId;
use crate::scenario::LineNumber;
use clap::{ArgGroup, Args};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::path::PathBuf;

/// `fesr trace`
#[derive(Clone, Debug, Args)]
#[command(
    group = ArgGroup::new("which").required(true).args(["path", "at"]),
    after_help = "\
Examples:
  fesr trace scenarios/wecare-mixed.toml --at fund_loss:99%
  fesr trace scenarios/wecare-mixed.toml --at calls_paid:max --line 1
  fesr trace scenarios/portfolio-example.toml --path 17 --lang it --every-entry

The ledger goes to output/NAME/trace-PATH.csv, beside the results of a run,
which are left as they are. A spreadsheet can check it: in each envelope the
opening balance and the amounts add up to the closing balance, and all amounts
up to the end of a quarter add up to the cash at its end.

Exit codes: 0 done; 2 bad command line or scenario; 3 could not read or write;
70 the ledger does not agree with the path's figures (a bug); 130 interrupted."
)]
pub struct TraceArguments {
    /// Scenario file.
    #[arg(value_name = "SCENARIO")]
    pub scenario: PathBuf,
    /// Number of the path, counted from 0 as in paths.csv.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = parse_path)]
    pub path: Option<u64>,
    /// The path at a quantile of a figure: fund_loss:99%, leverage_effect:min,
    /// calls_paid:max, demand_coverage:median. All paths are simulated to find
    /// it; of n paths it is the first that has the value of rank ceil(p n).
    #[arg(long, value_name = "METRIC:QUANTILE", value_parser = At::parse)]
    pub at: Option<At>,
    /// With --at: the figure of this line instead of the whole fund's.
    #[arg(long, value_name = "1|2", conflicts_with = "path", value_parser = parse_line)]
    pub line: Option<LineNumber>,
    /// Show every entry on the screen, routine too.
    #[arg(long, conflicts_with = "json")]
    pub every_entry: bool,
    /// Folder under which the scenario has its folder.
    #[arg(short, long, default_value = "output", value_name = "FOLDER")]
    pub output: PathBuf,
    /// With --at: number of simulated futures, instead of the scenario's.
    #[arg(long, value_name = "N", conflicts_with = "path", value_parser = whole_number(1, 1_000_000_000))]
    pub paths: Option<u64>,
    /// Seed of the random numbers, instead of the scenario's.
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = whole_number(0, i64::MAX as u64))]
    pub seed: Option<u64>,
    /// Threads to use (default: all processors). Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// How progress is shown, on standard error.
    #[arg(long, value_enum, default_value = "auto", value_name = "HOW")]
    pub progress: ProgressMode,
    /// Options of every command.
    #[command(flatten)]
    pub common: CommonArguments,
}

/// The largest number of a path: a run has at most a thousand million of them.
const LAST_PATH: u64 = 999_999_999;

fn parse_path(text: &str) -> Result<u64, Told> {
    text.parse().ok().filter(|path| *path <= LAST_PATH).ok_or_else(|| {
        told!(
            "i percorsi si contano da 0: scrivere un numero intero da 0 a {last}, oppure --at fund_loss:max per il percorso con la perdita più grande",
            "paths are counted from 0: write a whole number from 0 to {last}, or --at fund_loss:max for the path with the largest loss";
            last = LAST_PATH,
        )
    })
}

/// A quantile of a figure: `fund_loss:99%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The figure.
    pub metric: MetricId,
    /// Where among all paths.
    pub level: Level,
    /// The quantile as typed.
    pub quantile: String,
}

/// A place among all paths in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The smallest value.
    Minimum,
    /// The largest value.
    Maximum,
    /// A share of the paths, 0 to 1, with at most twelve decimals.
    Share(Decimal),
}

impl Level {
    /// Rank (from 1 on) among `paths` paths: `ceil(p n)`, exactly.
    pub fn rank(self, paths: u64) -> u64 {
        match self {
            Level::Minimum => 1,
            Level::Maximum => paths,
            Level::Share(share) => {
                let rank = (share * Decimal::from(paths)).ceil();
                rank.to_u64().unwrap_or(paths).clamp(1, paths)
            }
        }
    }
}

impl At {
    /// From `METRIC:QUANTILE`.
    ///
    /// # Errors
    /// What is wrong, what is allowed, and the nearest spelling.
    pub fn parse(text: &str) -> Result<At, Told> {
        let (name, quantile) = text.split_once(':').ok_or_else(|| {
            told!(
                "una grandezza e un quantile, come in {example}:99%",
                "a figure and a quantile, as in {example}:99%";
                example = example(text),
            )
        })?;
        let metric =
            MetricId::from_id(name).ok_or_else(|| match nearest(name, MetricId::IDS.iter().copied()) {
                Some(meant) => told!(
                    "la grandezza {name:?} non esiste; si intendeva {meant}?",
                    "there is no figure {name:?}; did you mean {meant}?";
                    name,
                    meant,
                ),
                None => told!(
                    "la grandezza {name:?} non esiste; summary.csv le elenca tutte, per esempio fund_loss",
                    "there is no figure {name:?}; summary.csv lists them all, for example fund_loss";
                    name,
                ),
            })?;
        let level = parse_level(quantile)?;
        Ok(At { metric, level, quantile: quantile.to_string() })
    }
}

/// The figure that a text without a quantile seems to name.
fn example(text: &str) -> &str {
    nearest(text, MetricId::IDS.iter().copied()).unwrap_or("fund_loss")
}

fn parse_level(text: &str) -> Result<Level, Told> {
    match text {
        "min" => return Ok(Level::Minimum),
        "max" => return Ok(Level::Maximum),
        "median" => return Ok(Level::Share(Decimal::new(5, 1))),
        "mean" => {
            return Err(told!(
                "nessun percorso sta sulla media; usare median, o un quantile come 99%",
                "no path stands at the mean; take median, or a quantile such as 99%"
            ));
        }
        _ => {}
    }
    let malformed = || {
        told!(
            "un quantile si scrive 99%, 0.99, min, median o max, non {text:?}",
            "a quantile is written 99%, 0.99, min, median or max, not {text:?}";
            text,
        )
    };
    // 99,9% is how an Italian writes it; here a comma can be nothing else.
    let text = &text.replacen(',', ".", 1);
    let (digits, is_percent) = match text.strip_suffix('%') {
        Some(digits) => (digits.trim_end(), true),
        None => (text.as_str(), false),
    };
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !plain {
        return Err(malformed());
    }
    let number: Decimal = digits.parse().map_err(|_| malformed())?;
    let share = if is_percent { number / Decimal::ONE_HUNDRED } else { number };
    let share = share.normalize();
    if share > Decimal::ONE {
        let hint = match is_percent || number > Decimal::ONE_HUNDRED {
            true => pair("", ""),
            false => pair("; manca il segno %?", "; did you forget the % sign?"),
        };
        return Err(told!(
            "un quantile sta tra 0% e 100%, non a {text}{hint}",
            "a quantile lies between 0% and 100%, not at {text}{hint}";
            text,
            hint,
        ));
    }
    if share.scale() > 12 {
        return Err(told!(
            "un quantile ha al massimo dodici decimali, non {text}",
            "a quantile has at most twelve decimals, not {text}";
            text,
        ));
    }
    Ok(Level::Share(share))
}

fn parse_line(word: &str) -> Result<LineNumber, Told> {
    LineNumber::from_word(word).ok_or_else(|| told!("scrivere 1 o 2", "expected 1 or 2"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_read_exactly() {
        let level = |text: &str| At::parse(text).map(|at| at.level);
        let share = |digits: i64, scale: u32| Ok(Level::Share(Decimal::new(digits, scale)));
        assert_eq!(level("fund_loss:99%"), share(99, 2));
        assert_eq!(level("fund_loss:99.9 %"), share(999, 3));
        assert_eq!(level("fund_loss:99,9%"), share(999, 3));
        assert_eq!(level("fund_loss:0.975"), share(975, 3));
        assert_eq!(level("fund_loss:median"), share(5, 1));
        assert_eq!(level("fund_loss:1"), share(1, 0));
        assert_eq!(level("fund_loss:min"), Ok(Level::Minimum));
        assert_eq!(level("fund_loss:max"), Ok(Level::Maximum));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_a_hint() {
        for (text, hint) in [
            ("fund_los:99%", "fund_loss"),
            ("fund_loss", "fund_loss:99%"),
            ("xyz:99%", "summary.csv"),
            ("fund_loss:99", "% sign"),
            ("fund_loss:101%", "between"),
            ("fund_loss:-1%", "written"),
            ("fund_loss:99,9,9%", "written"),
            ("fund_loss:1e-2", "written"),
            ("fund_loss:", "written"),
            ("fund_loss:%", "written"),
            ("fund_loss:.", "written"),
            ("fund_loss:mean", "median"),
            ("fund_loss:0.1234567890123", "twelve"),
            ("fund_loss:99999999999999999999999999999999999", "written"),
        ] {
            let error = At::parse(text).expect_err(text);
            assert!(error.to_string().contains(hint), "{text}: {error}");
        }
    }

    #[test]
    fn examples_in_help_parse() {
        use clap::{CommandFactory, Parser};
        let command = crate::cli::Cli::command();
        let help =
            command.find_subcommand("trace").and_then(|trace| trace.get_after_help()).expect("examples");
        let help = help.to_string();
        let examples: Vec<&str> =
            help.lines().filter(|line| line.trim_start().starts_with("fesr ")).collect();
        assert_eq!(examples.len(), 3);
        for line in examples {
            assert!(crate::cli::Cli::try_parse_from(line.split_whitespace()).is_ok(), "{line}");
        }
        assert!(help.lines().all(|line| line.chars().count() <= 80));
    }

    #[test]
    fn ranks_are_the_ceiling() {
        let rank = |text: &str, paths: u64| At::parse(text).expect("a quantile").level.rank(paths);
        assert_eq!(rank("fund_loss:99%", 1_000), 990);
        assert_eq!(rank("fund_loss:99%", 1_001), 991);
        assert_eq!(rank("fund_loss:0%", 1_000), 1);
        assert_eq!(rank("fund_loss:100%", 1_000), 1_000);
        assert_eq!(rank("fund_loss:max", 7), 7);
        assert_eq!(rank("fund_loss:median", 1), 1);
        assert_eq!(rank("fund_loss:0.000000000001", 1_000_000_000), 1);
        assert_eq!(rank("fund_loss:0.999999999999", 1_000_000_000), 1_000_000_000);
    }
}
