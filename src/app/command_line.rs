//! The command line of this process, and the language of whoever typed it.
//!
//! `--lang` may stand before the command too (`fesr --lang it --help`); errors and the frame of help are told in the
//! reader's language, the descriptions of options are English.

use super::disk::Disk;
use super::part_files::{is_of_study, open_part, part_paths};
use super::study_merge::language_of;
use crate::cli::{Cli, Command, italian};
use crate::locale::{Told, told};
use crate::reading::stated_language;
use crate::resolved::RESOLVED_FILE;
use crate::scenario::Language;
use clap::error::{ContextKind, ErrorKind};
use clap::{CommandFactory, FromArgMatches};
use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Reads the command line; ends the process if it cannot be used, or if help was asked for.
pub fn parse() -> Cli {
    let words: Vec<OsString> = std::env::args_os().collect();
    let language = typed_language(&words[1.min(words.len())..]);
    let program = match language {
        Language::Italian => italian::in_italian(Cli::command()),
        Language::English => Cli::command(),
    };
    let typed = program.try_get_matches_from(with_language_behind(words, Cli::command()));
    typed.and_then(|matches| Cli::from_arg_matches(&matches)).unwrap_or_else(|error| match language {
        Language::Italian => end_in_italian(&error),
        Language::English => error.exit(),
    })
}

/// Ends the process with what is to be said of a command line, in Italian.
fn end_in_italian(error: &clap::Error) -> ! {
    match error.kind() {
        ErrorKind::DisplayHelp => {
            let help = italian::help(&error.render(), std::io::stdout().is_terminal());
            // Nobody may be listening any more.
            let _ = super::print(&help);
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            super::say(&italian::help(&error.render(), std::io::stderr().is_terminal()));
        }
        _ => match refused_value(error).map(|told| told.text(Language::Italian).to_string()) {
            Some(told) => super::say(&told),
            None => match italian::usage_error(error) {
                Some(told) => super::say(&told),
                None => error.exit(),
            },
        },
    }
    std::process::exit(error.exit_code())
}

/// The words with a `--lang` that stands before the command put behind it; commands that take no language do without.
fn with_language_behind(words: Vec<OsString>, program: clap::Command) -> Vec<OsString> {
    let value = |word: &OsString| word.to_str().and_then(Language::from_word).is_some();
    let one = |word: &OsString| word.to_str().is_some_and(|word| word.starts_with("--lang="));
    let (length, found) = match words.get(1..) {
        Some([flag, word, ..]) if flag == "--lang" && value(word) => (2, vec![flag.clone(), word.clone()]),
        Some([flag, ..]) if one(flag) => (1, vec![flag.clone()]),
        _ => return words,
    };
    let rest = &words[1 + length..];
    let command = rest.first().and_then(|name| name.to_str()).and_then(|name| program.find_subcommand(name));
    let takes_it =
        command.is_some_and(|command| command.get_arguments().any(|argument| argument.get_id() == "lang"));
    let mut moved = vec![words[0].clone()];
    match (rest.split_first(), takes_it) {
        (Some((command, others)), true) => {
            moved.push(command.clone());
            moved.extend(found);
            moved.extend_from_slice(others);
        }
        _ => moved.extend_from_slice(rest),
    }
    moved
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
        Command::Merge(arguments) => (arguments.lang, part_language(arguments.parts.first())),
        Command::Init(arguments) => (Some(arguments.lang), None),
        Command::Schema(_) | Command::Completions(_) | Command::Man(_) => (None, None),
    };
    chosen.or(stated).unwrap_or(Language::English)
}

fn stated(scenario: Option<impl AsRef<Path>>) -> Option<Language> {
    let scenario = scenario?;
    stated_language(&Disk::around(&[], false), scenario.as_ref())
}

/// The language of the run that a part is of.
fn part_language(part: Option<&PathBuf>) -> Option<Language> {
    let paths = part_paths(std::slice::from_ref(part?)).ok()?;
    if is_of_study(paths.first()?) {
        return language_of(paths.first()?);
    }
    Language::from_word(&open_part(paths.first()?).ok()?.head.language)
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
fn typed_language(words: &[OsString]) -> Language {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_before_the_command_counts() {
        let moved = |line: &str| {
            let words = line.split(' ').map(OsString::from).collect();
            let moved = with_language_behind(words, Cli::command());
            moved.iter().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
        };
        for (line, expected) in [
            ("fesr --lang it --help", "fesr --help"),
            ("fesr --lang it run x.toml", "fesr run --lang it x.toml"),
            ("fesr --lang=en check x.toml", "fesr check --lang=en x.toml"),
            ("fesr --lang it schema", "fesr schema"),
            ("fesr run --lang it x.toml", "fesr run --lang it x.toml"),
            ("fesr --lang fr run x.toml", "fesr --lang fr run x.toml"),
            ("fesr", "fesr"),
        ] {
            assert_eq!(moved(line), expected);
        }
    }
}
