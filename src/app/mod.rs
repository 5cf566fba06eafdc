//! The shell: the only place with files, clock, threads, signals and the terminal.
//!
//! It strings the stages together (read, check, resolve, simulate, summarise, report) and turns whatever goes wrong
//! into one message and an exit code.

mod cells;
mod check;
mod checkpoint;
mod command_line;
mod compare;
mod disk;
mod folder_lock;
mod frontier;
mod frontier_folder;
mod guides;
mod interrupt;
mod library;
mod merge;
mod output_folder;
mod part_files;
mod progress;
mod result_folder;
mod reverse_stress;
mod run;
mod scenarios;
mod sensitivity;
mod share;
mod simulation;
mod standing_result;
mod stress;
mod study;
mod study_merge;
mod study_share;
mod tail;
mod trace;
mod uncertain;
mod verify;
mod verify_study;

use crate::aggregate::exact_check::ExactCheckBroken;
use crate::cli::{Command, StudyCommand};
use crate::diagnostic::Problems;
use crate::engine::InvariantBroken;
use crate::isa::Isa;
use crate::locale::{Pair, Told, pair, told};
use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// The version that results name.
const VERSION: &str = env!("CARGO_PKG_VERSION");

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
#[derive(Debug)]
pub enum Failure {
    /// The scenarios cannot be used; the message was rendered already.
    Scenario(String),
    /// A scenario file exists and could not be read.
    Unreadable(String),
    /// The command line asks for something that cannot be.
    Usage(Told),
    /// A file or folder could not be written.
    Files {
        /// What was attempted.
        what: Told,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The books of a path do not balance.
    Invariant {
        /// The scenario.
        scenario: String,
        /// Its seed.
        seed: u64,
        /// Path, quarter and identity.
        broken: InvariantBroken,
    },
    /// A simulated figure is not what it is known to be.
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
    /// The failure for a reader. What the engine found broken stays English: it is for whoever mends fesr.
    pub fn told(&self) -> Told {
        let bug = pair(
            "È un difetto di fesr, non dello scenario. Nessun risultato è stato scritto; si prega di segnalarlo con lo scenario.",
            "This is a bug of fesr, not of the scenario. No results were written; please report it with the scenario.",
        );
        match self {
            Failure::Scenario(rendered) | Failure::Unreadable(rendered) => Told::same(rendered.as_str()),
            Failure::Usage(what) => told!("errore: {what}", "error: {what}"; what),
            Failure::Files { what, cause } => {
                told!("errore: {what}: {cause}", "error: {what}: {cause}"; what, cause)
            }
            Failure::Invariant { scenario, seed, broken } => told!(
                "errore: i conti non quadrano nello scenario {scenario} (seme {seed}): {broken}\n{bug}",
                "error: the books do not balance in scenario {scenario} (seed {seed}): {broken}\n{bug}";
                scenario,
                seed = seed.to_string(),
                broken = broken.to_string(),
                bug,
            ),
            Failure::ExactCheck { scenario, seed, broken } => told!(
                "errore: un controllo esatto è fallito nello scenario {scenario} (seme {seed}): {broken}\n{bug}",
                "error: an exact check failed in scenario {scenario} (seed {seed}): {broken}\n{bug}";
                scenario,
                seed = seed.to_string(),
                broken = broken.to_string(),
                bug,
            ),
        }
    }

    fn exit_code(&self) -> u8 {
        match self {
            Failure::Scenario(_) | Failure::Usage(_) => 2,
            Failure::Unreadable(_) | Failure::Files { .. } => 3,
            Failure::Invariant { .. } | Failure::ExactCheck { .. } => BUG,
        }
    }
}

impl fmt::Display for Failure {
    /// In English, for programs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.told(), f)
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    interrupt::outlive_file_limits();
    let cli = command_line::parse();
    let result = std::panic::catch_unwind(|| {
        choose_instruction_set().and_then(|()| match &cli.command {
            Command::Run(arguments) => run::run(arguments),
            Command::Trace(arguments) => trace::trace(arguments),
            Command::Compare(arguments) => study_share::study(&StudyCommand::Compare(arguments.clone())),
            Command::Frontier(arguments) => study_share::study(&StudyCommand::Frontier(arguments.clone())),
            Command::Stress(arguments) => study_share::study(&StudyCommand::Stress(arguments.clone())),
            Command::Sensitivity(arguments) => {
                study_share::study(&StudyCommand::Sensitivity(arguments.clone()))
            }
            Command::Merge(arguments) => merge::merge(arguments),
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
        let bug = pair(
            "È un difetto di fesr, non dello scenario. I risultati precedenti sono intatti; si prega di segnalarlo.",
            "This is a bug of fesr, not of the scenario. Earlier results are untouched; please report it.",
        );
        say(bug.text(command_line::language(&cli.command)));
        return ExitCode::from(BUG);
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(1),
        Ok(Outcome::Interrupted) => ExitCode::from(130),
        Err(failure) => {
            say(failure.told().text(command_line::language(&cli.command)));
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
        Some(_) => Err(Failure::Usage(told!(
            "FESR_ISA={word}: questa macchina non lo ha",
            "FESR_ISA={word}: this machine does not have it";
            word = word.display().to_string(),
        ))),
        None => Err(Failure::Usage(told!(
            "FESR_ISA={word} non è base, v3 o v4",
            "FESR_ISA={word} is not base, v3 or v4";
            word = word.display().to_string(),
        ))),
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
        Err(cause) => Err(Failure::Files {
            what: told!("non si può scrivere sullo standard output", "cannot write to standard output"),
            cause,
        }),
        Ok(()) => Ok(()),
    }
}

/// The failure to do something to a file or folder.
fn failed_to(act: Pair, path: &Path) -> impl FnOnce(std::io::Error) -> Failure + use<> {
    let path = path.display().to_string();
    let what = told!("non si può {act} {path}", "cannot {act} {path}"; act, path);
    move |cause| Failure::Files { what, cause }
}

/// The failure that a link is where results are written.
fn is_a_link(path: &Path) -> Failure {
    let path = path.display().to_string();
    let what = told!(
        "non si scrivono risultati attraverso {path}, che è un collegamento (-o indica un’altra cartella)",
        "results are not written through {path}, which is a link (-o names another folder)";
        path,
    );
    Failure::Files { what, cause: std::io::ErrorKind::NotADirectory.into() }
}

/// The failure that unusable scenarios are.
fn unusable(problems: &Problems, rendered: String) -> Failure {
    if problems.is_unreadable() { Failure::Unreadable(rendered) } else { Failure::Scenario(rendered) }
}
