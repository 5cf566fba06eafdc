//! `fesr compare`.

use super::{CommonArguments, ProgressMode};
use crate::locale::Told;
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

Exit codes: 0 done; 1 a scenario breaks one of its promises ([[limit]]); 2 bad
command line or scenario; 3 could not read or write; 130 interrupted.")]
pub struct CompareArguments {
    /// Scenario files, the first one being what the others are compared with.
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<PathBuf>,
    /// Files with economies: each scenario is extended by each of them.
    #[arg(long, value_name = "ECONOMY", num_args = 1..)]
    pub economies: Vec<PathBuf>,
    /// Folder under which the comparison gets its folder.
    #[arg(short, long, default_value = "output", value_name = "FOLDER")]
    pub output: PathBuf,
    /// Name of the comparison's folder (default: compare- and the names of the
    /// scenarios). Small letters, digits and hyphens.
    #[arg(long, value_name = "NAME", value_parser = parse_name)]
    pub name: Option<String>,
    /// Number of simulated futures, instead of the first scenario's.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub paths: Option<u64>,
    /// Seed of the random numbers, instead of the first scenario's.
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=i64::MAX as u64))]
    pub seed: Option<u64>,
    /// Threads to use (default: all processors). Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Write the charts as PNG too.
    #[arg(long)]
    pub png: bool,
    /// Exit with 1 also when a promise is not settled: its interval lies
    /// across the limit.
    #[arg(long)]
    pub strict: bool,
    /// How progress is shown, on standard error.
    #[arg(long, value_enum, default_value = "auto", value_name = "HOW")]
    pub progress: ProgressMode,
    /// Options of every command.
    #[command(flatten)]
    pub common: CommonArguments,
}

/// The name of a folder: small letters, digits and hyphens, at most 80.
pub(super) fn parse_name(name: &str) -> Result<String, Told> {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if name.is_empty() || name.len() > 80 || !name.chars().all(fits) {
        return Err(Told::new(
            "si usino lettere minuscole, cifre e trattini, al più 80",
            "write small letters, digits and hyphens, at most 80",
        ));
    }
    Ok(name.to_string())
}
