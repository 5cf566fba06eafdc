//! The command line of this process, and the language of whoever typed it.
//!
//! What fesr itself refuses is told in that language; the frame that clap puts around its own errors and help is
//! English.

use super::disk::Disk;
use crate::cli::{Cli, Command};
use crate::locale::{Told, told};
use crate::reading::stated_language;
use crate::resolved::RESOLVED_FILE;
use crate::scenario::Language;
use clap::Parser;
use clap::error::{ContextKind, ErrorKind};
use std::error::Error;
use std::ffi::OsStr;
use std::path::Path;

/// Reads the command line; ends the process if it cannot be used, or if help was asked for.
pub fn parse() -> Cli {
    Cli::try_parse().unwrap_or_else(|error| {
        let language = typed_language();
        match refused_value(&error) {
            Some(told) if language == Language::Italian => {
                super::say(told.text(language));
                std::process::exit(error.exit_code());
            }
            _ => error.exit(),
        }
    })
}

/// The language of a command's reader: `--lang`, else what its first scenario or result says, else English.
pub fn language(command: &Command) -> Language {
    let (chosen, stated) = match command {
        Command::Run(arguments) => (arguments.common.lang, stated(arguments.scenarios.first())),
        Command::Compare(arguments) => (arguments.study.common.lang, stated(arguments.scenarios.first())),
        Command::Frontier(arguments) => (arguments.study.common.lang, stated(Some(&arguments.scenario))),
        Command::Sensitivity(arguments) => (arguments.study.common.lang, stated(Some(&arguments.scenario))),
        Command::Check(arguments) => (arguments.common.lang, stated(arguments.scenarios.first())),
        Command::Stress(arguments) => (arguments.study.common.lang, stated(Some(&arguments.scenario))),
        Command::Trace(arguments) => (arguments.common.lang, stated(Some(&arguments.scenario))),
        Command::Verify(arguments) => {
            let resolved = arguments.folders.first().map(|folder| folder.join(RESOLVED_FILE));
            (arguments.lang, stated(resolved.as_ref()))
        }
        Command::Init(arguments) => (Some(arguments.lang), None),
        Command::Schema(_) | Command::Completions(_) | Command::Man(_) => (None, None),
    };
    chosen.or(stated).unwrap_or(Language::English)
}

fn stated(scenario: Option<impl AsRef<Path>>) -> Option<Language> {
    stated_language(&Disk, scenario?.as_ref())
}

/// What fesr says of a value that one of its own parsers refused.
fn refused_value(error: &clap::Error) -> Option<Told> {
    if error.kind() != ErrorKind::ValueValidation {
        return None;
    }
    let why = error.source()?.downcast_ref::<Told>()?;
    let context = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    Some(told!(
        "errore: il valore '{value}' di '{option}' non va bene: {why}",
        "error: invalid value '{value}' for '{option}': {why}";
        value = context(ContextKind::InvalidValue),
        option = context(ContextKind::InvalidArg),
        why,
    ))
}

/// The language of a command line that could not be read: `--lang` if it stands there, else that of the first scenario.
fn typed_language() -> Language {
    let words: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
    let typed = words.iter().enumerate().find_map(|(at, word)| match word.to_str()? {
        "--lang" => words.get(at + 1)?.to_str().and_then(Language::from_word),
        word => word.strip_prefix("--lang=").and_then(Language::from_word),
    });
    let scenario = || words.iter().map(Path::new).find(|path| path.extension() == Some(OsStr::new("toml")));
    typed.or_else(|| stated(scenario())).unwrap_or(Language::English)
}

/// A word as a shell takes it.
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-=+,:@%".contains(letter);
    match word.is_empty() || !word.chars().all(plain) {
        true => format!("'{}'", word.replace('\'', r"'\''")),
        false => word.to_string(),
    }
}
