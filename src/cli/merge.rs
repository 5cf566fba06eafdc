//! `fesr merge`

use super::{DiagnosticsMode, ProgressMode, parse_language};
use crate::scenario::Language;
use clap::Args;
use std::path::PathBuf;

/// What `--help` begins with.
pub const ABOUT: &str = "\
A run of many futures can be shared by many machines: each simulates its share
(fesr run SCENARIO --shard K/S) and leaves one small file. merge puts them
together and writes the results, byte for byte those of one run of all futures,
in any order of the parts and also in several rounds (--part). Parts that do not
belong together are refused; of parts that are missing it says which, and the
commands that make just these.";

/// `fesr merge`
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  fesr run scenarios/wecare-mixed.toml --shard 1/2 -o parts
  fesr run scenarios/wecare-mixed.toml --shard 2/2 -o parts
  fesr merge parts
  fesr merge parts/*.part -o output/merged
  fesr merge monday tuesday --part -o both-days

What is written (language, --png, --csv) was said when the shares were run.

Exit codes: 0 done; 1 done, but a promise ([[limit]]) is broken; 2 the parts do
not make a run; 3 could not read or write; 70 an exact check failed (a bug); 130
interrupted.")]
pub struct MergeArguments {
    /// Parts (NAME.shard-K-of-S.part), or folders that hold them.
    #[arg(required = true, value_name = "PART")]
    pub parts: Vec<PathBuf>,
    /// Folder under which each scenario gets its folder.
    #[arg(short, long, default_value = "output", value_name = "FOLDER")]
    pub output: PathBuf,
    /// Write one part instead of results: NAME.merged-....part in the output
    /// folder. Shares may be missing.
    #[arg(long)]
    pub part: bool,
    /// Threads to use (default: all processors). Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Exit with 1 also when a promise is not settled: its interval lies
    /// across the limit.
    #[arg(long)]
    pub strict: bool,
    /// Language of messages, instead of the scenario's; results stay in theirs.
    #[arg(long, value_name = "it|en", value_parser = parse_language)]
    pub lang: Option<Language>,
    /// Print the results as JSON on standard output.
    #[arg(long)]
    pub json: bool,
    /// Print nothing but results and errors.
    #[arg(short, long)]
    pub quiet: bool,
    /// How progress is shown, on standard error.
    #[arg(long, value_enum, default_value = "auto", value_name = "HOW")]
    pub progress: ProgressMode,
    /// How problems of a scenario are shown.
    #[arg(long, value_enum, default_value = "text", value_name = "HOW")]
    pub diagnostics: DiagnosticsMode,
}
