//! `fesr sensitivity`.

use super::StudyArguments;
use crate::locale::{Told, told};
use crate::paired::Measure;
use crate::sensitivity::design::ROWS;
use crate::sensitivity::parse_measure;
use clap::Args;
use std::path::PathBuf;

/// What `fesr sensitivity --help` says.
pub(super) const ABOUT: &str = "\
Which assumption matters most?

Every assumption goes from its low to its high end, one at a time, with the
same applicants and the same luck: how far do loss, leverage and coverage go,
and is the order of the assumptions beyond the error of simulation? With
--global all of them move at once, and each gets the share of the variance that
it makes (Sobol indices).

The ends are those of the scenario's [uncertainty] table, such as
  \"credit.systemic_correlation\" = { low = 0.03, base = 0.10, high = 0.15 }
or, where it has none, published ranges of credit risk, losses, demand and
terms.";

/// `fesr sensitivity`
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  fesr sensitivity scenarios/wecare-mixed.toml
  fesr sensitivity scenarios/wecare-mixed.toml --metric fund_loss.es99%
  fesr sensitivity scenarios/wecare-mixed.toml --global --lang it

Leaves a folder output/sensitivity-NAME with tornado.csv, sensitivity.json,
charts/, the scenario as run and, with --global, sobol.csv.

Exit codes: 0 done; 2 bad command line or scenario; 3 could not read or write;
130 interrupted.")]
pub struct SensitivityArguments {
    /// Scenario file.
    #[arg(value_name = "SCENARIO")]
    pub scenario: PathBuf,
    /// Figure whose sensitivity is asked for: fund_loss.mean, fund_loss.99%,
    /// fund_loss.es99%, leverage_effect.line1.mean, ... May be given several
    /// times (default: the headline figures).
    #[arg(long, value_name = "METRIC.STATISTIC", value_parser = parse_measure)]
    pub metric: Vec<Measure>,
    /// All assumptions at once: first-order and total Sobol indices. Takes
    /// --design x (number of assumptions + 2) more runs.
    #[arg(long)]
    pub global: bool,
    /// Number of simulated futures of each run of --global (default: --paths, or
    /// 2,000: its runs are many, and the noise of one is not that of all).
    #[arg(long, value_name = "N", requires = "global", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub global_paths: Option<u64>,
    /// Points of the design of --global: a power of two, 16 to 4096.
    #[arg(long, value_name = "N", default_value = "128", requires = "global", value_parser = parse_rows)]
    pub design: u32,
    /// Number of simulated futures of each run, instead of the scenario's but
    /// at most 20,000. Expected shortfalls at 99% take 10,000.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub paths: Option<u64>,
    /// Options of every study.
    #[command(flatten)]
    pub study: StudyArguments,
}

fn parse_rows(text: &str) -> Result<u32, Told> {
    let (least, most) = ROWS;
    match text.parse::<u32>() {
        Ok(rows) if rows.is_power_of_two() && (least..=most).contains(&rows) => Ok(rows),
        _ => Err(told!(
            "serve una potenza di due da {least} a {most}, come 128",
            "it takes a power of two from {least} to {most}, such as 128";
            least,
            most,
        )),
    }
}
