//! What `compare`, `frontier`, `stress` and `sensitivity` have in common: where a study goes and how it is run.

use super::shard::{ShardChoice, parse_shard};
use super::{CommonArguments, ProgressMode, whole_number};
use crate::locale::Told;
use crate::reading::is_name;
use clap::Args;
use std::path::PathBuf;

/// Options of every study.
#[derive(Clone, Debug, Args)]
pub struct StudyArguments {
    /// Folder under which the study gets its folder.
    #[arg(short, long, default_value = "output", value_name = "FOLDER")]
    pub output: PathBuf,
    /// Name of the study's folder (default: the command and the names of the
    /// scenarios). Small letters, digits and hyphens.
    #[arg(long, value_name = "NAME", value_parser = parse_name)]
    pub name: Option<String>,
    /// Seed of the random numbers, instead of the (first) scenario's.
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = whole_number(1, i64::MAX as u64))]
    pub seed: Option<u64>,
    /// Threads to use (default: all processors). Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Write the charts as PNG too.
    #[arg(long)]
    pub png: bool,
    /// Simulate only share K of S of the study's scenarios and leave a file in the
    /// output folder, STUDY.shard-K-of-S.part, for fesr merge. In a job array of a
    /// scheduler K/S or K may be left out, as in fesr run.
    #[arg(long, value_name = "K/S", num_args = 0..=1, default_missing_value = "auto", value_parser = parse_shard)]
    pub shard: Option<ShardChoice>,
    /// How progress is shown, on standard error.
    #[arg(long, value_enum, default_value = "auto", value_name = "HOW")]
    pub progress: ProgressMode,
    /// Options of every command.
    #[command(flatten)]
    pub common: CommonArguments,
}

/// The name of a folder, as a scenario has one.
fn parse_name(name: &str) -> Result<String, Told> {
    if !is_name(name) {
        return Err(Told::new(
            "si usino lettere minuscole, cifre e trattini (non all’inizio), al più 80",
            "write small letters, digits and hyphens (not at the start), at most 80",
        ));
    }
    Ok(name.to_string())
}
