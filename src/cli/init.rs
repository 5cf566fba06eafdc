//! `fesr init`

use super::parse_language;
use crate::scenario::Language;
use clap::Args;
use std::path::PathBuf;

/// What `--help` begins with.
pub const ABOUT: &str = "\
Write a commented scenario to start from: a fund of 5 M EUR with guarantees,
loans and grants on two lines, every block explained. It can be run as it stands
and keeps the rules of the measure; its figures are assumptions that wait for
yours.

Beside it goes the schema of the format, if it is not there already: editors
that know TOML (with Taplo, for example VS Code's Even Better TOML) then
complete keys, explain them and mark mistakes while you write.";

/// `fesr init`
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  fesr init my-fund
  fesr init fondo-2027 --lang it --output scenarios

An existing scenario is never overwritten without --force.

Exit codes: 0 written; 2 it exists already, or NAME is no name; 3 could not be
written.")]
pub struct InitArguments {
    /// Name of the scenario: letters a-z, digits and hyphens. The file is NAME.toml,
    /// the folder of its results NAME.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Folder to write into.
    #[arg(short, long, default_value = ".", value_name = "FOLDER")]
    pub output: PathBuf,
    /// Language of the comments and of the scenario's results.
    #[arg(long, value_name = "it|en", value_parser = parse_language, default_value = "en")]
    pub lang: Language,
    /// Overwrite a scenario of this name.
    #[arg(long)]
    pub force: bool,
    /// Say nothing.
    #[arg(short, long)]
    pub quiet: bool,
}
