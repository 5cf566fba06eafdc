//! `fesr verify`

use super::{ProgressMode, parse_language};
use crate::scenario::Language;
use clap::Args;
use std::path::PathBuf;

/// What `--help` begins with.
pub const ABOUT: &str = "\
Before figures about a public fund are signed, somebody else should be able to
get them. A result folder holds all that is needed for that: the scenario as run
and a record of the run. verify simulates it again on this machine and says
\"identical\", or lists the files that differ and what became of each: missing,
altered after the run, or computed otherwise by this program. The folder may
have been copied from elsewhere; nothing in it is changed.";

/// `fesr verify`
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  fesr verify output/wecare-mixed
  fesr verify output/mixes/* --quiet
  fesr verify wecare-mixed-from-turin --lang it

Files that no run wrote (your notes, trace-*.csv) are left alone. A folder
NAME.interrupted is run again up to where it was stopped.

Folders of compare, frontier and sensitivity are verified too: the command runs
again on the scenarios inside. With economies that lie elsewhere (stress, and
compare --economies), or interrupted, their files are held against the recorded
hashes only.

Exit codes: 0 identical; 1 something differs; 2 no result folder, or its record
cannot be used; 3 could not read; 70 the books did not balance (a bug); 130
interrupted.")]
pub struct VerifyArguments {
    /// Result folders, as fesr run and the studies leave them.
    #[arg(required = true, value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,
    /// Threads to use (default: all processors). Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Language of what is printed, instead of the result's. The files are
    /// compared in their own.
    #[arg(long, value_name = "it|en", value_parser = parse_language)]
    pub lang: Option<Language>,
    /// Print the answer as JSON on standard output.
    #[arg(long)]
    pub json: bool,
    /// Print nothing but the answer and errors.
    #[arg(short, long)]
    pub quiet: bool,
    /// How progress is shown, on standard error.
    #[arg(long, value_enum, default_value = "auto", value_name = "HOW")]
    pub progress: ProgressMode,
}
