//! `run.json` of a study: what was asked, and the hashes of all files; read back by `fesr verify`.
//!
//! A study that its own folder can repeat records the words that do it: a command on the scenarios inside. A record
//! may come from anybody, so only words that a study can have written are believed ([`StudyRecord::parse`]).

use super::run_record::{RECORD_FILE, check_outputs, shown};
use crate::locale::{Told, told};
use crate::resolved::RESOLVED_FILE;
use crate::scenario::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The schema that this program writes and reads.
pub const STUDY_SCHEMA: &str = "fesr/study/1";

/// The commands that make studies.
const COMMANDS: [&str; 4] = ["compare", "frontier", "stress", "sensitivity"];

/// Options that recorded words may have, and whether a value follows.
const OPTIONS: [(&str, bool); 10] = [
    ("--step", true),
    ("--line", true),
    ("--products", true),
    ("--paths", true),
    ("--seed", true),
    ("--metric", true),
    ("--global", false),
    ("--design", true),
    ("--global-paths", true),
    ("--png", false),
];

/// A study, as its record tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyFacts {
    /// `compare`, `frontier`, `stress` or `sensitivity`.
    pub command: &'static str,
    /// The program's version.
    pub version: &'static str,
    /// Name and title of what was studied.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Paths of each scenario.
    pub paths: u64,
    /// The seed that all share.
    pub seed: u64,
    /// The reader's language.
    pub language: Language,
    /// Whether it was stopped.
    pub interrupted: bool,
    /// The words after `fesr` that do it again in its folder; `None` if the folder does not hold all that it takes.
    pub again: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    command: &'static str,
    version: &'static str,
    title: &'a str,
    paths: u64,
    seed: u64,
    lang: &'static str,
    interrupted: bool,
    again: &'a Option<Vec<String>>,
    outputs: &'a BTreeMap<String, String>,
}

/// The record of a study; `hashes` holds the SHA-256 of every other file of the folder.
pub fn study_record_json(facts: &StudyFacts, hashes: &BTreeMap<String, String>) -> String {
    let document = Document {
        schema: STUDY_SCHEMA,
        command: facts.command,
        version: facts.version,
        title: &facts.title,
        paths: facts.paths,
        seed: facts.seed,
        lang: facts.language.word(),
        interrupted: facts.interrupted,
        again: &facts.again,
        outputs: hashes,
    };
    let mut text = serde_json::to_string_pretty(&document).expect("plain data is JSON");
    text.push('\n');
    text
}

/// What a study's record says, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyRecord {
    /// The version that made it.
    pub version: String,
    /// Paths of each scenario.
    pub paths: u64,
    /// Its seed.
    pub seed: u64,
    /// The language of its page.
    pub language: Language,
    /// Whether it was stopped.
    pub interrupted: bool,
    /// The words after `fesr` that do it again in its folder.
    pub again: Option<Vec<String>>,
    /// SHA-256 of every other file.
    pub outputs: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Raw {
    schema: String,
    version: String,
    paths: u64,
    seed: u64,
    lang: String,
    interrupted: bool,
    again: Option<Vec<String>>,
    outputs: BTreeMap<String, String>,
}

/// Whether a record is that of a study.
pub fn is_study(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(bytes).is_ok_and(|value| value["schema"] == STUDY_SCHEMA)
}

impl StudyRecord {
    /// Reads a record.
    ///
    /// # Errors
    /// What is wrong with it, as what follows "run.json ".
    pub fn parse(bytes: &[u8]) -> Result<StudyRecord, Told> {
        let raw: Raw = serde_json::from_slice(bytes).map_err(|error| {
            told!(
                "non è il resoconto di uno studio: {error}",
                "is not the record of a study: {error}";
                error = shown(&error.to_string()),
            )
        })?;
        let unusable = |what: &str| {
            told!(
                "dice ciò che nessuno studio scrive: {what}",
                "says what no study writes: {what}";
                what = shown(what),
            )
        };
        if raw.schema != STUDY_SCHEMA {
            return Err(unusable(&raw.schema));
        }
        check_outputs(&raw.version, &raw.outputs)?;
        if let Some(words) = &raw.again
            && let Some(odd) = odd_word(words, &raw.outputs)
        {
            return Err(unusable(odd));
        }
        let language = Language::from_word(&raw.lang).ok_or_else(|| unusable(&raw.lang))?;
        Ok(StudyRecord {
            version: raw.version,
            paths: raw.paths,
            seed: raw.seed,
            language,
            interrupted: raw.interrupted,
            again: raw.again,
            outputs: raw.outputs,
        })
    }
}

/// The first word that no study records: words are a command, scenarios among the recorded files, and options of
/// [`OPTIONS`] with plain values.
fn odd_word<'w>(words: &'w [String], outputs: &BTreeMap<String, String>) -> Option<&'w str> {
    let Some((command, rest)) = words.split_first() else { return Some("") };
    if !COMMANDS.contains(&command.as_str()) {
        return Some(command);
    }
    let is_plain = |word: &str| {
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_.%@".contains(&byte);
        !word.is_empty() && word.len() <= 80 && word.bytes().all(letter)
    };
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        let option = OPTIONS.iter().find(|(name, _)| name == word);
        let is_sound = match option {
            Some((_, true)) => rest.next().is_some_and(|value| is_plain(value)),
            Some((_, false)) => true,
            None => {
                let name = word.rsplit('/').next().unwrap_or_default();
                name == RESOLVED_FILE && word != RECORD_FILE && outputs.contains_key(word)
            }
        };
        if !is_sound {
            return Some(word);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn parsed(again: &[&str]) -> Result<StudyRecord, Told> {
        let facts = StudyFacts {
            command: "frontier",
            version: "1.2.3",
            name: "small".to_string(),
            title: "Small".to_string(),
            paths: 10,
            seed: 7,
            language: Language::Italian,
            interrupted: false,
            again: Some(again.iter().map(|word| (*word).to_string()).collect()),
        };
        let files = [RESOLVED_FILE.to_string(), format!("scenarios/a/{RESOLVED_FILE}")];
        let hashes = files.into_iter().map(|name| (name, HASH.to_string())).collect();
        StudyRecord::parse(study_record_json(&facts, &hashes).as_bytes())
    }

    #[test]
    fn what_a_study_writes_is_read() {
        let words = ["frontier", RESOLVED_FILE, "--step", "5%", "--line", "all", "--seed", "7", "--png"];
        let record = parsed(&words).expect("sound");
        assert_eq!((record.paths, record.seed, record.language), (10, 7, Language::Italian));
        assert!(parsed(&["compare", "scenarios/a/scenario.resolved.toml", "--paths", "10"]).is_ok());
        assert!(is_study(study_record_json_of_nothing().as_bytes()) && !is_study(b"{}"));
    }

    fn study_record_json_of_nothing() -> String {
        format!("{{\"schema\": \"{STUDY_SCHEMA}\"}}")
    }

    #[test]
    fn words_that_reach_elsewhere_are_refused() {
        for words in [
            &["frontier", "/etc/passwd"] as &[&str],
            &["frontier", RESOLVED_FILE, "-o", "elsewhere"],
            &["frontier", RESOLVED_FILE, "--name", "x"],
            &["frontier", RESOLVED_FILE, "--set", "fund.endowment=1"],
            &["frontier", RESOLVED_FILE, "--paths", "1 --png"],
            &["frontier", RESOLVED_FILE, "--paths"],
            &["run", RESOLVED_FILE],
            &["frontier", "scenarios/b/scenario.resolved.toml"],
            &[],
        ] {
            assert!(parsed(words).is_err(), "{words:?}");
        }
    }
}
