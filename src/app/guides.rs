//! What helps people to write scenarios and to type commands: `fesr init`, `fesr schema`, `fesr completions`, `fesr man`.

use super::{Failure, Outcome, print, say};
use crate::cli::{Cli, CompletionsArguments, InitArguments, ManArguments};
use crate::locale::{Told, pair, told};
use crate::reading::schema::{SCHEMA_FILE, schema_json};
use crate::reading::{is_name, slug};
use crate::scenario::Language;
use crate::starter::starter;
use clap::CommandFactory;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Writes a scenario to start from, and the schema beside it.
///
/// # Errors
/// [`Failure::Usage`] if the name is none or the scenario exists, [`Failure::Files`] if it cannot be written.
pub fn init(arguments: &InitArguments) -> Result<Outcome, Failure> {
    let name = arguments.name.strip_suffix(".toml").unwrap_or(&arguments.name);
    if !is_name(name) {
        return Err(Failure::Usage(no_name(name)));
    }
    let folder = &arguments.output;
    make_folder(folder)?;
    let scenario = folder.join(format!("{name}.toml"));
    let taken = fs::symlink_metadata(&scenario).is_ok();
    if taken && !arguments.force {
        let scenario = scenario.display().to_string();
        return Err(Failure::Usage(told!(
            "{scenario} esiste già; si scelga un altro nome, o si aggiunga --force",
            "{scenario} exists already; choose another name, or add --force";
            scenario
        )));
    }
    let schema = folder.join(SCHEMA_FILE);
    let schema_now = schema_json();
    let schema_there = fs::read(&schema).ok();
    if schema_there.is_none() {
        write_whole(&schema, schema_now.as_bytes(), Existing::Keep)?;
    }
    let existing = if arguments.force { Existing::Replace } else { Existing::Keep };
    write_whole(&scenario, starter(name, arguments.lang).as_bytes(), existing)?;
    if arguments.quiet {
        return Ok(Outcome::Done);
    }
    let scenario = scenario.display();
    say(&match arguments.lang {
        Language::Italian => format!(
            "Scritto {scenario}. E adesso:\n  1. aprite il file e mettete le vostre cifre: ogni blocco è spiegato\n  \
             2. fesr check {scenario} --explain\n  3. fesr run {scenario}"
        ),
        Language::English => format!(
            "Wrote {scenario}. What next:\n  1. open it and put in your figures: every block is explained\n  \
             2. fesr check {scenario} --explain\n  3. fesr run {scenario}"
        ),
    });
    if schema_there.is_some_and(|there| there != schema_now.as_bytes()) {
        let schema = schema.display();
        say(&match arguments.lang {
            Language::Italian => format!(
                "{schema} è di un'altra versione ed è rimasto com'era; per aggiornarlo: fesr schema > {schema}"
            ),
            Language::English => format!(
                "{schema} is of another version and was left as it was; to bring it up to date: fesr schema > {schema}"
            ),
        });
    }
    Ok(Outcome::Done)
}

fn no_name(name: &str) -> Told {
    let rule = pair(
        "un nome ha lettere a-z, cifre e trattini, al più 80",
        "a name has letters a-z, digits and hyphens, at most 80",
    );
    let path = Path::new(name);
    if let (Some(folder), Some(stem)) =
        (path.parent().filter(|folder| folder != &Path::new("")), path.file_name())
    {
        let stem = slug(&stem.to_string_lossy());
        if !stem.is_empty() {
            let folder = folder.display().to_string();
            return told!(
                "\"{name}\": {rule}; si scriva fesr init {stem} --output {folder}",
                "\"{name}\": {rule}; write fesr init {stem} --output {folder}";
                name, rule, stem, folder
            );
        }
    }
    match slug(name) {
        better if better.is_empty() => told!("\"{name}\": {rule}", "\"{name}\": {rule}"; name, rule),
        better => told!(
            "\"{name}\": {rule}; si scriva fesr init {better}",
            "\"{name}\": {rule}; write fesr init {better}";
            name, rule, better
        ),
    }
}

/// Prints the schema of the scenario file.
///
/// # Errors
/// [`Failure::Files`] if nobody can be written to.
pub fn schema() -> Result<Outcome, Failure> {
    print(&schema_json())?;
    Ok(Outcome::Done)
}

/// Prints the completions of a shell.
///
/// # Errors
/// [`Failure::Files`] if nobody can be written to.
pub fn completions(arguments: &CompletionsArguments) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "fesr", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}

/// Prints the manual page, or writes those of all commands.
///
/// # Errors
/// [`Failure::Files`] if they cannot be written.
pub fn man(arguments: &ManArguments) -> Result<Outcome, Failure> {
    let mut pages = crate::cli::manual();
    let Some(folder) = &arguments.output else {
        print(&pages.swap_remove(0).text)?;
        return Ok(Outcome::Done);
    };
    make_folder(folder)?;
    for page in &pages {
        write_whole(&folder.join(&page.file), page.text.as_bytes(), Existing::Replace)?;
    }
    say(&format!("Wrote {} pages into {}.", pages.len(), folder.display()));
    Ok(Outcome::Done)
}

fn make_folder(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|cause| {
        let folder = folder.display().to_string();
        let what = told!(
            "non si può creare la cartella {folder}",
            "cannot make the folder {folder}";
            folder
        );
        Failure::Files { what, cause }
    })
}

/// What becomes of a file that is in the place already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Existing {
    Keep,
    Replace,
}

/// Writes a file aside and puts it into its place when it is whole.
fn write_whole(path: &Path, bytes: &[u8], existing: Existing) -> Result<(), Failure> {
    let failed = |cause| {
        let path = path.display().to_string();
        let what = told!("non si può scrivere {path}", "cannot write {path}"; path);
        Failure::Files { what, cause }
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside: PathBuf = path.with_file_name(format!(".{name}.{}.partial", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).open(&aside).map_err(failed)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| match existing {
        Existing::Replace => fs::rename(&aside, path),
        // A link fails where another program was faster; a rename would take its file away.
        Existing::Keep => fs::hard_link(&aside, path).or_else(|cause| match cause.kind() {
            ErrorKind::AlreadyExists => Err(cause),
            _ => fs::rename(&aside, path),
        }),
    });
    let _ = fs::remove_file(&aside);
    written.map_err(failed)
}
