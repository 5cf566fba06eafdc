//! The shell: the only place with files, clock, threads, signals and the terminal.
//!
//! It strings the stages together (read, check, resolve, simulate, summarise, report) and turns whatever goes wrong
//! into one message and an exit code.

mod check;
mod disk;
mod guides;
mod interrupt;
mod output_folder;
mod progress;
mod result_folder;
mod run;
mod scenarios;
mod simulation;
mod tail;
mod trace;
mod verify;

use crate::aggregate::exact_check::ExactCheckBroken;
use crate::cli::{Cli, Command};
use crate::diagnostic::Problems;
use crate::engine::InvariantBroken;
use crate::isa::Isa;
use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

/// Exit code of what must never happen.
const BUG: u8 = 70;

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Done.
    Done,
    /// Done, but the answer is no: a promise is broken.
    No,
    /// Stopped by the user; what was finished is written and marked.
    Interrupted,
}

/// Why a command could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The scenarios cannot be used; the message was rendered already.
    #[error("{0}")]
    Scenario(String),
    /// A scenario file exists and could not be read.
    #[error("{0}")]
    Unreadable(String),
    /// The command line asks for something that cannot be.
    #[error("error: {0}")]
    Usage(String),
    /// A file or folder could not be written.
    #[error("error: {what}: {cause}")]
    Files {
        /// What was attempted.
        what: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The books of a path do not balance.
    #[error(
        "error: the books do not balance in scenario {scenario} (seed {seed}): {broken}\n\
         This is a bug of fesr, not of the scenario. No results were written; please report it with the scenario."
    )]
    Invariant {
        /// The scenario.
        scenario: String,
        /// Its seed.
        seed: u64,
        /// Path, quarter and identity.
        broken: InvariantBroken,
    },
    /// A simulated figure is not what it is known to be.
    #[error(
        "error: an exact check failed in scenario {scenario} (seed {seed}): {broken}\n\
         This is a bug of fesr, not of the scenario. No results were written; please report it with the scenario."
    )]
    ExactCheck {
        /// The scenario.
        scenario: String,
        /// Its seed.
        seed: u64,
        /// The figure, exact and simulated.
        broken: ExactCheckBroken,
    },
}

impl Failure {
    fn exit_code(&self) -> u8 {
        match self {
            Failure::Scenario(_) | Failure::Usage(_) => 2,
            Failure::Unreadable(_) | Failure::Files { .. } => 3,
            Failure::Invariant { .. } | Failure::ExactCheck { .. } => BUG,
        }
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = std::panic::catch_unwind(|| {
        choose_instruction_set().and_then(|()| match &cli.command {
            Command::Run(arguments) => run::run(arguments),
            Command::Trace(arguments) => trace::trace(arguments),
            Command::Check(arguments) => check::check(arguments),
            Command::Verify(arguments) => verify::verify(arguments),
            Command::Init(arguments) => guides::init(arguments),
            Command::Schema(_) => guides::schema(),
            Command::Completions(arguments) => guides::completions(arguments),
            Command::Man(arguments) => guides::man(arguments),
        })
    });
    let Ok(result) = result else {
        // The panic's own message stands on standard error already.
        say("This is a bug of fesr, not of the scenario. Earlier results are untouched; please report it.");
        return ExitCode::from(BUG);
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(1),
        Ok(Outcome::Interrupted) => ExitCode::from(130),
        Err(failure) => {
            say(&failure.to_string());
            ExitCode::from(failure.exit_code())
        }
    }
}

/// `FESR_ISA=base`, `v3` or `v4` takes a narrower instruction set than the machine's widest: results are the same,
/// which this lets anybody check.
fn choose_instruction_set() -> Result<(), Failure> {
    let Some(word) = std::env::var_os("FESR_ISA") else { return Ok(()) };
    let chosen = Isa::ALL.into_iter().find(|isa| word == isa.word());
    match chosen {
        Some(isa) if isa.choose() => Ok(()),
        Some(_) => Err(Failure::Usage(format!("FESR_ISA={}: this machine does not have it", word.display()))),
        None => Err(Failure::Usage(format!("FESR_ISA={} is not base, v3 or v4", word.display()))),
    }
}

/// A message to standard error; colours go where they are wanted.
fn say(message: &str) {
    let mut stderr = anstream::stderr().lock();
    // Nobody may be listening; there is nowhere else to complain.
    let _ = writeln!(stderr, "{}", message.trim_end());
}

/// Results to standard output. A closed pipe ends the program quietly: the reader has seen enough.
fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(cause) if cause.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(cause) => Err(Failure::Files { what: "cannot write to standard output".to_string(), cause }),
        Ok(()) => Ok(()),
    }
}

/// The failure that unusable scenarios are.
fn unusable(problems: &Problems, rendered: String) -> Failure {
    if problems.is_unreadable() { Failure::Unreadable(rendered) } else { Failure::Scenario(rendered) }
}
