//! `fesr frontier`.

use super::{StudyArguments, whole_number};
use crate::locale::Told;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What `fesr frontier --help` says.
pub(super) const ABOUT: &str = "\
All mixes of guarantees, loans and grants on a grid, all else equal: which ones
does no other beat, and which one to choose?

A mix divides the money of a line; totals stay the same. Every mix meets the
same applicants with the same luck. It is judged by leverage, investment
supported, the loss of the fund (mean and ES 99%), what comes back and demand
met; it is beaten if another mix is better beyond noise in at least one of
these and worse beyond noise in none. Products are bundles, so a mix
far from what applicants ask for leaves money idle: mixes.csv says how much and
which envelope binds.";

/// Which lines' money is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LineChoice {
    /// Line 1 (no grants).
    #[value(name = "1")]
    One,
    /// Line 2.
    #[value(name = "2")]
    Two,
    /// Both; line 1, which has no grants, shares out the rest of the mix.
    All,
}

/// What applicants ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProductsChoice {
    /// What they ask for in the scenario.
    Scenario,
    /// They follow the money: demand of a product grows with the budgets that it
    /// draws on.
    Follow,
}

/// `fesr frontier`
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  fesr frontier scenarios/wecare-mixed.toml
  fesr frontier scenarios/wecare-mixed.toml --step 10% --line all
  fesr frontier scenarios/wecare-mixed.toml --products follow --lang it

Leaves a folder output/frontier-NAME with mixes.csv (one mix a row),
frontier.csv (one number a row), frontier.json and charts/.

Exit codes: 0 done; 1 the scenario's own mix breaks one of its promises
([[limit]]); 2 bad command line or scenario; 3 could not read or write; 130
interrupted.")]
pub struct FrontierArguments {
    /// Scenario file.
    #[arg(value_name = "SCENARIO")]
    pub scenario: PathBuf,
    /// Step of the grid: 1% to 50%, a whole part of 100%.
    #[arg(long, default_value = "5%", value_name = "5%", value_parser = parse_step)]
    pub step: u32,
    /// Whose money is divided.
    #[arg(long, value_enum, default_value = "2", value_name = "LINE")]
    pub line: LineChoice,
    /// What applicants ask for when the money is divided otherwise.
    #[arg(long, value_enum, default_value = "scenario", value_name = "HOW")]
    pub products: ProductsChoice,
    /// Number of simulated futures of each mix; promising mixes get up to 8
    /// times as many, until their order is beyond noise.
    #[arg(long, default_value = "20000", value_name = "N", allow_negative_numbers = true, value_parser = whole_number(1, 1_000_000))]
    pub paths: u64,
    /// Options of every study.
    #[command(flatten)]
    pub study: StudyArguments,
}

/// A step in percent as the number of parts of the grid.
fn parse_step(text: &str) -> Result<u32, Told> {
    let digits = text.trim().trim_end_matches('%').trim();
    match digits.parse::<u32>() {
        Ok(step) if (1..=50).contains(&step) && 100 % step == 0 => Ok(100 / step),
        _ => Err(Told::new(
            "si scriva 1%, 2%, 4%, 5%, 10%, 20%, 25% o 50%",
            "write 1%, 2%, 4%, 5%, 10%, 20%, 25% or 50%",
        )),
    }
}
