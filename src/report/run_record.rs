//! `run.json`: every option that changes bytes, the version, and the hashes of scenario and outputs.
//!
//! [`run_json`] writes it, [`RunRecord::parse`] reads it back for `fesr verify`. A record may come from anybody, so
//! nothing in it is believed before it is checked.

use super::RunFacts;
use super::spreadsheet_csv::ExtraCsv;
use crate::locale::{Told, told};
use crate::resolved::{BORROWERS_FILE, RESOLVED_FILE};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Component, Path};

/// Name of the record in a result folder.
pub const RECORD_FILE: &str = "run.json";

/// The schema that this program writes and reads.
const SCHEMA: &str = "fesr/run/1";

/// Options of the command line that change bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunOptions {
    /// `--paths`, if given.
    pub paths: Option<u64>,
    /// `--precision`, if given, as in the scenario: `1%`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<String>,
    /// `--seed`, if given.
    pub seed: Option<u64>,
    /// `--lang`, if given.
    pub lang: Option<String>,
    /// `--png`.
    pub png: bool,
    /// `--each-path`.
    pub each_path: bool,
    /// `--tail`; a record without it is of a run without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tail: bool,
    /// `--uncertain`; a record without it is of a run without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncertain: bool,
    /// `--annual-report`; a record without it is of a run without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub annual_report: bool,
    /// `--csv`, if given; a record without it is of a run without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csv: Option<ExtraCsv>,
    /// `--set`, in order.
    pub set: Vec<String>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    command: &'static str,
    version: &'a str,
    scenario: ScenarioPart<'a>,
    options: &'a RunOptions,
    paths: u64,
    planned_paths: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<String>,
    seed: u64,
    lang: &'static str,
    interrupted: bool,
    outputs: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct ScenarioPart<'a> {
    name: &'a str,
    resolved_sha256: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    borrowers_sha256: Option<&'a str>,
}

/// SHA-256 of some bytes in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The record of a run; `hashes` holds the SHA-256 of every other file of the folder.
pub fn run_json(facts: &RunFacts, options: &RunOptions, hashes: &BTreeMap<String, String>) -> String {
    let document = Document {
        schema: SCHEMA,
        command: "run",
        version: facts.version,
        scenario: ScenarioPart {
            name: &facts.scenario.identity.name,
            resolved_sha256: hashes.get(RESOLVED_FILE).map_or("", String::as_str),
            borrowers_sha256: hashes.get(BORROWERS_FILE).map(String::as_str),
        },
        options,
        paths: facts.paths,
        planned_paths: facts.planned,
        precision: facts.scenario.simulation.precision.map(|precision| precision.to_string()),
        seed: facts.scenario.simulation.seed,
        lang: facts.scenario.identity.language.word(),
        interrupted: facts.interrupted(),
        outputs: hashes.iter().map(|(name, hash)| (name.as_str(), hash.as_str())).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).expect("plain data is JSON");
    text.push('\n');
    text
}

/// What a `run.json` says, checked: names stay inside the folder, hashes are hashes, numbers can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// The version that made the result.
    pub version: String,
    /// The options of the run.
    pub options: RunOptions,
    /// Paths simulated, at least 1.
    pub paths: u64,
    /// Paths asked for, at least `paths`.
    pub planned: u64,
    /// SHA-256 of every other file, by name with `/`.
    pub outputs: BTreeMap<String, String>,
}

/// The record as written; fields that a re-run does not need are left to the comparison of the bytes.
#[derive(Deserialize)]
struct Raw {
    schema: String,
    command: String,
    version: String,
    options: serde_json::Value,
    paths: u64,
    planned_paths: u64,
    outputs: BTreeMap<String, String>,
}

impl RunRecord {
    /// Reads a record.
    ///
    /// # Errors
    /// What makes it unusable, as the end of a sentence that begins with the file's name.
    pub fn parse(bytes: &[u8]) -> Result<RunRecord, Told> {
        // Lists would do for a table of so many values, and are none that fesr writes.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(told!(
                "non è il resoconto di un’esecuzione, che è un oggetto JSON e comincia con {begin}",
                "is not the record of a run, which is a JSON object and begins with {begin}";
                begin = "{",
            ));
        }
        let raw: Raw = serde_json::from_slice(bytes).map_err(|error| {
            told!(
                "non è il resoconto di un’esecuzione: {error}",
                "is not the record of a run: {error}";
                error = shown(&error.to_string()),
            )
        })?;
        if raw.schema != SCHEMA {
            return Err(told!(
                "ha lo schema \"{found}\"; questo programma legge \"{wanted}\"",
                "has schema \"{found}\"; this program reads \"{wanted}\"";
                found = shown(&raw.schema),
                wanted = SCHEMA,
            ));
        }
        if raw.command != "run" {
            return Err(told!(
                "registra `fesr {command}`, non `fesr run`",
                "records `fesr {command}`, not `fesr run`";
                command = shown(&raw.command),
            ));
        }
        let options: RunOptions = serde_json::from_value(raw.options).map_err(|error| {
            told!(
                "ha opzioni che questo programma non conosce: {error}",
                "has options that this program does not know: {error}";
                error = shown(&error.to_string()),
            )
        })?;
        if raw.paths == 0 || raw.paths > raw.planned_paths {
            return Err(told!(
                "dice {paths} di {planned} percorsi, il che è impossibile",
                "says {paths} of {planned} paths, which cannot be";
                paths = raw.paths,
                planned = raw.planned_paths,
            ));
        }
        check_outputs(&raw.version, &raw.outputs)?;
        if !raw.outputs.contains_key(RESOLVED_FILE) {
            return Err(told!("non elenca {file}", "does not list {file}"; file = RESOLVED_FILE));
        }
        Ok(RunRecord {
            version: raw.version,
            options,
            paths: raw.paths,
            planned: raw.planned_paths,
            outputs: raw.outputs,
        })
    }
}

/// What follows is untrusted text in a message: short, and without control characters.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(80).flat_map(char::escape_debug).collect()
}

/// Refuses versions and files that no run writes.
pub(super) fn check_outputs(version: &str, outputs: &BTreeMap<String, String>) -> Result<(), Told> {
    let is_version = |byte: u8| byte.is_ascii_alphanumeric() || b".+-".contains(&byte);
    if version.is_empty() || version.len() > 60 || !version.bytes().all(is_version) {
        return Err(told!(
            "nomina una versione impossibile: \"{version}\"",
            "names a version that cannot be: \"{version}\"";
            version = shown(version),
        ));
    }
    for (name, hash) in outputs {
        if !stays_inside(name) || name == RECORD_FILE {
            return Err(told!(
                "nomina un file che nessuna esecuzione scrive: \"{file}\"",
                "names a file that no run writes: \"{file}\"";
                file = shown(name),
            ));
        }
        if hash.len() != 64 || !hash.bytes().all(|byte| b"0123456789abcdef".contains(&byte)) {
            return Err(told!(
                "non ha lo SHA-256 di \"{file}\"",
                "has no SHA-256 for \"{file}\"";
                file = shown(name),
            ));
        }
    }
    Ok(())
}

/// Whether a recorded name is a plain relative path on every system.
fn stays_inside(name: &str) -> bool {
    let parts_are_plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let has_odd_letters = name.contains(['\\', ':', '\0']) || name.contains("//");
    !name.is_empty() && parts_are_plain && !has_odd_letters && !name.ends_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn record(change: impl Fn(&mut serde_json::Value)) -> Result<RunRecord, Told> {
        let mut value = serde_json::json!({
            "schema": SCHEMA, "command": "run", "version": "1.2.3", "options": RunOptions::default(),
            "paths": 10, "planned_paths": 20, "outputs": { RESOLVED_FILE: HASH },
        });
        change(&mut value);
        RunRecord::parse(value.to_string().as_bytes())
    }

    #[test]
    fn a_sound_record_is_read() {
        let record = record(|_| {}).expect("sound");
        assert_eq!((record.paths, record.planned, record.version.as_str()), (10, 20, "1.2.3"));
    }

    #[test]
    fn what_no_run_writes_is_refused() {
        for name in ["../x", "/etc/passwd", "a/../../x", "", "a//b", "c:\\x", "charts/", "run.json", "./x"] {
            let refused = record(|value| value["outputs"][name] = HASH.into());
            assert!(refused.is_err(), "{name:?}");
        }
        let changes: [(&str, serde_json::Value); 9] = [
            ("schema", "fesr/run/9".into()),
            ("command", "compare".into()),
            ("version", "1\u{1b}[31m".into()),
            ("paths", 0.into()),
            ("paths", 21.into()),
            ("paths", serde_json::json!(1e30)),
            ("options", serde_json::json!({"png": false, "each_path": false, "set": [], "tail": "yes"})),
            ("options", serde_json::json!({"png": false, "each_path": false, "set": [], "csv": "excel-fr"})),
            ("outputs", serde_json::json!({ RESOLVED_FILE: "e3b0" })),
        ];
        for (key, content) in changes {
            let refused = record(|value| value[key] = content.clone());
            assert!(refused.is_err(), "{key}: {content}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_fatal(text in ".{0,200}") {
            let _ = RunRecord::parse(text.as_bytes());
        }
    }
}
