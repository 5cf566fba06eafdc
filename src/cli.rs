//! What can be typed. One definition feeds parsing and help.

mod compare;
mod completions;
mod frontier;
mod init;
pub mod italian;
mod man;
mod merge;
mod schema;
mod sensitivity;
mod shard;
mod stress;
mod study;
mod study_words;
mod trace;
mod verify;

pub use compare::CompareArguments;
pub use completions::CompletionsArguments;
pub use frontier::{FrontierArguments, LineChoice, ProductsChoice};
pub use init::InitArguments;
pub use man::{ManArguments, ManualPage, manual};
pub use merge::MergeArguments;
pub use schema::SchemaArguments;
pub use sensitivity::SensitivityArguments;
pub use shard::ShardChoice;
pub use stress::{LeverChoice, StressArguments};
pub use study::StudyArguments;
pub use study_words::StudyCommand;
pub use trace::{At, Level, TraceArguments};
pub use verify::VerifyArguments;

use crate::locale::{Told, told};
use crate::reading::parse_precision;
use crate::report::spreadsheet_csv::ExtraCsv;
use crate::scenario::Language;
use crate::units::Precision;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  fesr init my-fund
  fesr check scenarios/wecare-mixed.toml
  fesr run scenarios/wecare-mixed.toml
  fesr run scenarios/mixes/*.toml --paths 20000 -o output/mixes
  fesr compare scenarios/wecare-mixed.toml scenarios/mixes/*.toml
  fesr frontier scenarios/wecare-mixed.toml
  fesr stress scenarios/wecare-mixed.toml
  fesr sensitivity scenarios/wecare-mixed.toml
  fesr trace scenarios/wecare-mixed.toml --at fund_loss:99%
  fesr verify output/wecare-mixed
  fesr merge parts

Exit codes: 0 done; 1 done, but a promise ([[limit]]) is broken, or verify found
a difference; 2 bad command line or scenario; 3 could not read or write; 70 the
books did not balance or an exact check failed (a bug); 130 interrupted.";

/// How much of a public fund of guarantees, loans and grants may be lost, how
/// far it reaches, and whether it can keep its promises.
///
/// fesr simulates the mixed financial instrument of the FESR (ERDF) measure of
/// WECARE, Regione Piemonte's strategy for social innovation: a 5 M EUR fund
/// that backs social enterprises. A scenario file says what the fund does and
/// what the economy does to it; fesr plays it thousands of times, enterprise
/// by enterprise and quarter by quarter, and writes the figures with their
/// errors, tables and charts.
#[derive(Clone, Debug, Parser)]
#[command(name = "fesr", version, max_term_width = 80, after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Simulate scenarios and write their results.
    Run(RunArguments),
    /// Show the whole ledger of one simulated future: why was it bad?
    ///
    /// Every euro that came into the fund or went out of it, who applied, who
    /// was funded, who failed, which guarantees were called, what was
    /// recovered. A future is chosen by its number, or by where it stands among
    /// all: with --at fund_loss:99% only 1 future in 100 is worse.
    ///
    /// First comes why this future went as it did, then its figures, then
    /// quarter by quarter what happened. On the screen repayments, interest,
    /// guarantee fees, arrivals, waiting and rejections for lack of money are
    /// summed by quarter and line, unless --every-entry; the file
    /// trace-PATH.csv always holds every entry.
    Trace(TraceArguments),
    /// Compare instrument mixes on the same applicants and the same luck.
    #[command(long_about = compare::ABOUT)]
    Compare(CompareArguments),
    /// Look at all mixes of guarantees, loans and grants, and find the ones worth
    /// choosing.
    #[command(long_about = frontier::ABOUT)]
    Frontier(FrontierArguments),
    /// Put a scenario under stress, and find out how bad it must get before a
    /// promise breaks.
    #[command(long_about = stress::ABOUT)]
    Stress(StressArguments),
    /// Which assumption matters most: one at a time, and all at once.
    #[command(long_about = sensitivity::ABOUT)]
    Sensitivity(SensitivityArguments),
    /// Put the parts of a run or study that several machines shared together.
    #[command(long_about = merge::ABOUT)]
    Merge(MergeArguments),
    /// Read scenarios and hold them against the rules of the measure, without
    /// simulating.
    Check(CheckArguments),
    /// Run a result again from its own record, and say whether every file is
    /// the same.
    #[command(long_about = verify::ABOUT)]
    Verify(VerifyArguments),
    /// Write a commented scenario to start from.
    #[command(long_about = init::ABOUT)]
    Init(InitArguments),
    /// Print the schema of scenario files, for editors that complete and check
    /// them.
    #[command(long_about = schema::ABOUT)]
    Schema(SchemaArguments),
    /// Print the completions of a shell.
    #[command(long_about = completions::ABOUT)]
    Completions(CompletionsArguments),
    /// Print the manual page, or write those of all commands.
    #[command(long_about = man::ABOUT)]
    Man(ManArguments),
}

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProgressMode {
    /// A bar on a terminal, lines elsewhere.
    Auto,
    /// A bar.
    Bar,
    /// A line now and then.
    Lines,
    /// Nothing.
    None,
}

/// How problems of a scenario are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiagnosticsMode {
    /// With the line and a mark under the place.
    Text,
    /// As plain sentences, for logs and screen readers.
    Plain,
    /// As JSON, for programs.
    Json,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct CommonArguments {
    /// Change a value of the scenario: KEY=VALUE sets, KEY*=VALUE scales,
    /// KEY+=VALUE shifts. Keys are dotted, list entries are named, * stands
    /// for all: credit.rating.*.pd*=1.5. May be given several times; recorded
    /// in the results.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Language of results, checks and messages, instead of the scenario's.
    #[arg(long, value_name = "it|en", value_parser = parse_language)]
    pub lang: Option<Language>,
    /// Print the results as JSON on standard output.
    #[arg(long)]
    pub json: bool,
    /// Let scenario files name others (extends, borrowers) anywhere, and not only
    /// in the folder you are in and in that of the scenario. For files you trust.
    #[arg(long)]
    pub allow_outside: bool,
    /// Print nothing but results and errors.
    #[arg(short, long)]
    pub quiet: bool,
    /// How problems of a scenario are shown.
    #[arg(long, value_enum, default_value = "text", value_name = "HOW")]
    pub diagnostics: DiagnosticsMode,
}

/// `fesr run`
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  fesr run scenarios/wecare-mixed.toml
  fesr run scenarios/wecare-mixed.toml --paths 1000000 --lang it
  fesr run scenarios/wecare-mixed.toml --precision 1%
  fesr run scenarios/wecare-mixed.toml --tail
  fesr run scenarios/wecare-mixed.toml --annual-report
  fesr run scenarios/wecare-mixed.toml --lang it --csv excel-it
  fesr run scenarios/wecare-mixed.toml --set 'credit.rating.*.pd*=2' -o what-if
  fesr run scenarios/wecare-mixed.toml --paths 8000000 --shard 3/8 -o parts
  fesr run scenarios/wecare-mixed.toml --paths 8000000 --checkpoint

Each scenario leaves a folder output/NAME with report.html (one page to read,
print and mail), summary.json, summary.csv, timeline.csv, histogram.csv,
groups.csv, contributions.csv, exact-check.csv, charts/, datapackage.json (what
every column means), the scenario as run and a record of the run. It replaces
an earlier one only when it is whole.

A scenario with milestones or social results ([[milestone]],
[line1.outcomes]), or --annual-report, also leaves absorption.csv,
subsidy-cost.csv, milestones.csv, outcomes.csv and annual-report.csv.

Every run checks itself: exact-check.csv holds the simulated figures whose
exact expectation is known (applications, investments, who applies, defaults of
first projects, all cash of lists that are surely approved) beside it. A figure
more than 6 standard errors away from it is a bug: exit code 70, no results.")]
pub struct RunArguments {
    /// Scenario files.
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<PathBuf>,
    /// Folder under which each scenario gets its folder.
    #[arg(short, long, default_value = "output", value_name = "FOLDER")]
    pub output: PathBuf,
    /// Number of simulated futures, instead of the scenario's.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole_number(1, 1_000_000_000))]
    pub paths: Option<u64>,
    /// Instead of a number of futures: go on until expected loss, VaR 99% and
    /// ES 99% of the loss, leverage and demand met are known to this precision
    /// (95% intervals, relative; the chance of hitting the cap to 0.5 points),
    /// at two looks running; at most 4,194,304 futures. 0.01% to 50%; not
    /// together with --paths.
    #[arg(long, value_name = "1%", value_parser = parse_precision, conflicts_with = "paths")]
    pub precision: Option<Precision>,
    /// Seed of the random numbers, instead of the scenario's.
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = whole_number(1, i64::MAX as u64))]
    pub seed: Option<u64>,
    /// Threads to use (default: all processors). Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Write paths.csv too: one row a path, one column a figure.
    #[arg(long)]
    pub each_path: bool,
    /// Look closely at rare large losses: half of the futures are made worse on
    /// purpose and count for less, so that value at risk and expected
    /// shortfall need far fewer futures. Not together with --precision; such a
    /// run is not held against exact values.
    #[arg(long, conflicts_with = "precision")]
    pub tail: bool,
    /// Draw the uncertain assumptions of the scenario too, once for each group of 16
    /// futures, so that all results include what is not known; uncertainty.csv
    /// tells how much of each figure's variance that is. Not together with
    /// --tail or --precision; such a run is not held against exact values.
    #[arg(long, conflicts_with_all = ["tail", "precision"])]
    pub uncertain: bool,
    /// Keep the Region's books too: annual-report.csv has what Reg. 1303/2013
    /// art. 46 asks of a fund, calendar year by calendar year, and the report a
    /// chapter on it, on the pace of spending and on what the fund costs the
    /// public. Every future is played once more for that. Not together with
    /// --uncertain.
    #[arg(long, conflicts_with = "uncertain")]
    pub annual_report: bool,
    /// Write the charts as PNG too.
    #[arg(long)]
    pub png: bool,
    /// Write every table once more for a spreadsheet. excel-it: Excel as set up
    /// in Italy opens excel-it/summary.csv and its fellows with a double click
    /// (byte order mark, semicolons, decimal commas). The other CSV files stay as
    /// programs read them; paths.csv is not written again.
    #[arg(long, value_name = "excel-it", value_parser = parse_csv)]
    pub csv: Option<ExtraCsv>,
    /// Exit with 1 also when a promise is not settled: its interval lies
    /// across the limit.
    #[arg(long)]
    pub strict: bool,
    /// Simulate only share K of S of the futures and leave a small file in the
    /// output folder, NAME.shard-K-of-S.part, for fesr merge. In a job array of a
    /// scheduler K/S or K may be left out: --shard takes both from Slurm
    /// (SLURM_ARRAY_TASK_ID and _COUNT), --shard /S takes K from Slurm (array
    /// 1-S) or from a Kubernetes indexed job (JOB_COMPLETION_INDEX).
    #[arg(long, value_name = "K/S", num_args = 0..=1, default_missing_value = "auto", value_parser = shard::parse_shard, conflicts_with_all = ["precision", "tail", "uncertain", "each_path"])]
    pub shard: Option<ShardChoice>,
    /// Write down every so many seconds (60) what is there so far, in the output
    /// folder, and go on from there when the same command is given again after
    /// a kill. The results are those of an unbroken run. 0: after every batch.
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "60", value_parser = whole_number(0, 1_000_000), conflicts_with_all = ["precision", "tail", "uncertain", "each_path"])]
    pub checkpoint: Option<u64>,
    /// How progress is shown, on standard error.
    #[arg(long, value_enum, default_value = "auto", value_name = "HOW")]
    pub progress: ProgressMode,
    /// Options of every command.
    #[command(flatten)]
    pub common: CommonArguments,
}

/// `fesr check`
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  fesr check scenarios/*.toml
  fesr check scenarios/wecare-mixed.toml --explain --lang it
  fesr check scenarios/wecare-mixed.toml --resolved > whole.toml

Exit codes: 0 the scenario can be run; 2 it cannot; 3 it could not be read.")]
pub struct CheckArguments {
    /// Scenario files.
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<PathBuf>,
    /// Print the scenario with all defaults and everything it extends.
    #[arg(long, conflicts_with = "json")]
    pub resolved: bool,
    /// Read the scenario back in plain sentences.
    #[arg(long, conflicts_with_all = ["json", "resolved"])]
    pub explain: bool,
    /// Options of every command.
    #[command(flatten)]
    pub common: CommonArguments,
}

fn parse_csv(word: &str) -> Result<ExtraCsv, Told> {
    ExtraCsv::from_word(word).ok_or_else(|| told!("scrivere excel-it", "expected excel-it"))
}

fn parse_language(word: &str) -> Result<Language, Told> {
    Language::from_word(word).ok_or_else(|| told!("scrivere it o en", "expected it or en"))
}

/// A parser of whole numbers between two bounds, both admitted, that says so when it refuses.
fn whole_number(least: u64, most: u64) -> impl Fn(&str) -> Result<u64, Told> + Clone {
    move |text| match text.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(told!(
            "serve un numero intero da {least} a {most}",
            "it takes a whole number from {least} to {most}";
            least,
            most,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn examples_in_help_parse() {
        let program = Cli::command();
        for command in program.get_subcommands().chain([&program]) {
            let help =
                command.get_after_help().expect("every command ends its help with examples").to_string();
            let examples: Vec<&str> =
                help.lines().filter_map(|line| line.trim().strip_prefix("fesr ")).collect();
            // What stands behind `>` is for the shell.
            let examples: Vec<&str> =
                examples.iter().map(|line| line.split(" >").next().unwrap_or(line)).collect();
            assert!(!examples.is_empty(), "{}", command.get_name());
            for line in examples {
                // Quotes are for the shell.
                let words = line.split_whitespace().map(|word| word.trim_matches('\''));
                let words = std::iter::once("fesr").chain(words);
                assert!(Cli::try_parse_from(words).is_ok(), "{line}");
            }
        }
    }
}
