//! `fesr stress`.

use super::StudyArguments;
use crate::paired::lever::Lever;
use crate::reading::parse_break;
use crate::scenario::Limit;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What `fesr stress --help` says.
pub(super) const ABOUT: &str = "\
What if the economy turns bad, and how bad must it get before a promise breaks?

The scenario is put into each economy of the library and under named shocks
(defaults 1.5, 2 and 3 times as likely; 15 points more lost on each; twice as
correlated; demand halved; recoveries two years later; bank rates 2 points
higher; the largest project fails in its second year), with the same luck,
future by future: a difference is the effect of the stress and not of chance.

Then the reverse: the smallest multiplier of the default probabilities (--by
pd), rise of the loss given default (--by lgd) or systemic correlation (--by
correlation) at which a promise breaks, with its 95% interval, and the future
to look at with fesr trace. Promises are the scenario's [[limit]]s, or --break.";

/// `fesr stress`
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  fesr stress scenarios/wecare-mixed.toml
  fesr stress scenarios/wecare-mixed.toml --paths 20000 --lang it
  fesr stress scenarios/wecare-mixed.toml --by pd --by lgd --by correlation
  fesr stress scenarios/portfolio-example.toml --break 'fund_loss.99%>900000'

Leaves a folder output/stress-NAME with stress.json, stress.csv (every figure
under every stress, paired differences), breaking.csv, charts/ and the scenarios
as run. The reverse meets at most 20,000 futures at each step.

A shock is a what-if that any command repeats, such as
--set credit.rating.*.pd*=2; stress.json has the options of each. The largest
project is the one in which the fund has most at stake when it is paid out:
--set macro.largest_fails_after_quarters=5.

Exit codes: 0 done; 1 the scenario as it is breaks one of its promises; 2 bad
command line or scenario; 3 could not read or write; 130 interrupted.")]
pub struct StressArguments {
    /// Scenario file.
    #[arg(value_name = "SCENARIO")]
    pub scenario: PathBuf,
    /// Files with economies that the scenario is extended by (default: those in
    /// a folder economies/ beside the scenario or one above).
    #[arg(long, value_name = "ECONOMY", num_args = 1..)]
    pub economies: Vec<PathBuf>,
    /// What breaks a promise: METRIC.STATISTIC > VALUE, or <, of one line as
    /// METRIC@LINE.STATISTIC. Ids and statistics as in the scenario's limits,
    /// which are the default. May be given several times.
    #[arg(long = "break", value_name = "WHAT", value_parser = parse_break)]
    pub breaks: Vec<Limit>,
    /// What is turned until a promise breaks. May be given several times.
    #[arg(long, value_enum, default_values = ["pd"], value_name = "pd|lgd|correlation")]
    pub by: Vec<LeverChoice>,
    /// Number of simulated futures, instead of the scenario's.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub paths: Option<u64>,
    /// Exit with 1 also when a promise is not settled: its interval lies
    /// across the limit.
    #[arg(long)]
    pub strict: bool,
    /// Options of every study.
    #[command(flatten)]
    pub study: StudyArguments,
}

/// A lever of `--by`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LeverChoice {
    /// Multiplier of the yearly default probabilities, from 1 to 10.
    Pd,
    /// Points added to the mean loss given default.
    Lgd,
    /// The systemic correlation.
    Correlation,
}

impl LeverChoice {
    /// The lever.
    pub fn lever(self) -> Lever {
        match self {
            LeverChoice::Pd => Lever::Pd,
            LeverChoice::Lgd => Lever::Lgd,
            LeverChoice::Correlation => Lever::Correlation,
        }
    }
}
