//! `fesr compare`.

use super::StudyArguments;
use clap::Args;
use std::path::PathBuf;

/// What `fesr compare --help` says.
pub(super) const ABOUT: &str = "\
Compare instrument mixes on the same applicants and the same luck.

Every scenario meets the same enterprises, future by future, so that a
difference between two of them is the effect of the mix and not of chance. The
first scenario is what the others are compared with: differences come with
their 95% intervals, and with the share of futures in which a mix does better.

With --economies every scenario is put into each economy (the scenario
extended by the economy's file): for each economy the best mix, for each mix
its worst economy, and what one would regret.";

/// `fesr compare`
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  fesr compare scenarios/wecare-mixed.toml scenarios/mixes/loans-first.toml
  fesr compare scenarios/mixes/*.toml --paths 20000
  fesr compare scenarios/mixes/*.toml --economies scenarios/economies/*.toml

Leaves a folder output/NAME with comparison.json, comparison.csv, charts/ and,
with --economies, grid.csv. Seed and number of futures are the first scenario's,
unless given.

All scenarios are held to the promises ([[limit]]) of the first one.

Exit codes: 0 done; 1 a scenario breaks one of these promises; 2 bad command
line or scenario; 3 could not read or write; 130 interrupted.")]
pub struct CompareArguments {
    /// Scenario files, the first one being what the others are compared with.
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<PathBuf>,
    /// Files with economies: each scenario is extended by each of them.
    #[arg(long, value_name = "ECONOMY", num_args = 1..)]
    pub economies: Vec<PathBuf>,
    /// Number of simulated futures, instead of the first scenario's.
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
