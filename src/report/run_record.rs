//! `run.json`: every option that changes bytes, the version, and the hashes of scenario and outputs.

use super::RunFacts;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Options of the command line that change bytes.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RunOptions {
    /// `--paths`, if given.
    pub paths: Option<u64>,
    /// `--seed`, if given.
    pub seed: Option<u64>,
    /// `--lang`, if given.
    pub lang: Option<String>,
    /// `--png`.
    pub png: bool,
    /// `--each-path`.
    pub each_path: bool,
    /// `--tail`; a record without it is of a run without it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tail: bool,
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
        schema: "fesr/run/1",
        command: "run",
        version: facts.version,
        scenario: ScenarioPart {
            name: &facts.scenario.identity.name,
            resolved_sha256: hashes.get("scenario.resolved.toml").map_or("", String::as_str),
            borrowers_sha256: hashes.get("borrowers.csv").map(String::as_str),
        },
        options,
        paths: facts.paths,
        planned_paths: facts.planned,
        seed: facts.scenario.simulation.seed,
        lang: facts.scenario.identity.language.word(),
        interrupted: facts.interrupted(),
        outputs: hashes.iter().map(|(name, hash)| (name.as_str(), hash.as_str())).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).expect("plain data is JSON");
    text.push('\n');
    text
}
