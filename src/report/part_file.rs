//! A part of a run as a file (`NAME.shard-3-of-8.part`, `NAME.checkpoint`): a head that anybody can read, and the numbers.
//!
//! Layout: `FESRPART`, the format as 4 bytes, the length of the head as 8 bytes, the head (JSON), the length of the body as
//! 8 bytes, the body ([`crate::aggregate::part`]), SHA-256 of everything before. Numbers are little-endian. The head holds
//! the scenario as run, so that a part needs nothing else to be merged.
//!
//! A file may come from anybody: lengths must add up to the size of the file, the hash must fit, and then the head is
//! still not believed: names stay names, and the scenario is read like any other.

use super::run_record::{RunOptions, sha256};
use crate::aggregate::part::MOST_PATHS;
use crate::locale::{Told, told};
use crate::resolved::{borrowers_csv, resolved_toml};
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::ops::Range;

const MAGIC: &[u8; 8] = b"FESRPART";
/// The format that this program writes and reads.
const FORMAT: u32 = 1;
/// Bytes of a SHA-256.
const HASH: usize = 32;

/// Share `number` of `count`, from 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// Which one, from 1 on.
    pub number: u64,
    /// Of how many.
    pub count: u64,
}

/// What a part is a part of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartHead {
    /// The version that made it.
    pub version: String,
    /// The scenario's name.
    pub name: String,
    /// The scenario's file as it was typed, for the command that makes a missing shard.
    pub scenario_file: String,
    /// SHA-256 of the scenario as run, with its borrowers.
    pub scenario_sha256: String,
    /// Language of the results.
    pub language: String,
    /// Seed.
    pub seed: u64,
    /// Paths of the whole run.
    pub planned_paths: u64,
    /// Options that change bytes.
    pub options: RunOptions,
    /// The shard, if it is one.
    pub shard: Option<Shard>,
    /// Blocks that are there: first one, and the one after the last.
    pub blocks: Vec<(u64, u64)>,
    /// The scenario as run.
    pub scenario: String,
    /// Its borrowers, if it has any.
    pub borrowers: Option<String>,
}

impl PartHead {
    /// Of a run, without blocks.
    pub fn new(version: &str, scenario: &Scenario, scenario_file: &str, options: &RunOptions) -> PartHead {
        let (text, borrowers) = (resolved_toml(scenario), borrowers_csv(scenario));
        PartHead {
            version: version.to_string(),
            name: scenario.identity.name.clone(),
            scenario_file: scenario_file.to_string(),
            scenario_sha256: scenario_hash(&text, borrowers.as_deref()),
            language: scenario.identity.language.word().to_string(),
            seed: scenario.simulation.seed,
            planned_paths: scenario.simulation.paths,
            options: options.clone(),
            shard: None,
            blocks: Vec::new(),
            scenario: text,
            borrowers,
        }
    }

    /// The blocks as ranges.
    pub fn ranges(&self) -> Vec<Range<u64>> {
        self.blocks.iter().map(|&(start, end)| start..end).collect()
    }

    /// Why this and another part cannot be of the same run; `None` if they are.
    pub fn contradiction(&self, other: &PartHead) -> Option<Told> {
        if self.version != other.version {
            return Some(told!(
                "la versione ({mine} e {theirs})",
                "the version ({mine} and {theirs})";
                mine = self.version,
                theirs = other.version,
            ));
        }
        if self.seed != other.seed {
            return Some(told!(
                "il seme ({mine} e {theirs})",
                "the seed ({mine} and {theirs})";
                mine = self.seed.to_string(),
                theirs = other.seed.to_string(),
            ));
        }
        if self.planned_paths != other.planned_paths {
            return Some(told!(
                "il numero di percorsi ({mine} e {theirs})",
                "the number of paths ({mine} and {theirs})";
                mine = self.planned_paths,
                theirs = other.planned_paths,
            ));
        }
        if self.scenario_sha256 != other.scenario_sha256 {
            return Some(told!("lo scenario", "the scenario"));
        }
        (self.options != other.options).then(|| told!("le opzioni", "the options"))
    }

    /// The command that makes a shard of this run.
    pub fn command(&self, shard: Shard, folder: &str) -> String {
        let options = &self.options;
        let mut words = vec!["fesr".to_string(), "run".to_string(), self.scenario_file.clone()];
        let mut with = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                words.extend([name.to_string(), value]);
            }
        };
        with("--paths", options.paths.map(|paths| paths.to_string()));
        with("--seed", options.seed.map(|seed| seed.to_string()));
        with("--lang", options.lang.clone());
        with("--csv", options.csv.map(|csv| csv.folder().to_string()));
        options.set.iter().for_each(|set| with("--set", Some(set.clone())));
        with("--shard", Some(format!("{}/{}", shard.number, shard.count)));
        with("-o", Some(folder.to_string()));
        if options.png {
            words.push("--png".to_string());
        }
        words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }
}

/// A word as a shell takes it, without control characters.
pub(super) fn quoted(word: &str) -> String {
    let word: String = word.chars().map(|letter| if letter.is_control() { '?' } else { letter }).collect();
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./=,:+%@".contains(letter);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word,
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// SHA-256 of a scenario as run with its borrowers.
fn scenario_hash(scenario: &str, borrowers: Option<&str>) -> String {
    sha256(format!("{}\n{scenario}{}", scenario.len(), borrowers.unwrap_or_default()).as_bytes())
}

/// The file of a part.
pub fn part_file(head: &PartHead, body: &[u8]) -> Vec<u8> {
    framed(MAGIC, &serde_json::to_vec(head).expect("plain data is JSON"), body)
}

/// Head and body between `magic` and their check sum.
pub fn framed(magic: &[u8; 8], head: &[u8], body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(28 + head.len() + body.len() + HASH);
    bytes.extend_from_slice(magic);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.extend_from_slice(&(head.len() as u64).to_le_bytes());
    bytes.extend_from_slice(head);
    bytes.extend_from_slice(&(body.len() as u64).to_le_bytes());
    bytes.extend_from_slice(body);
    let hash = Sha256::digest(&bytes);
    bytes.extend_from_slice(&hash);
    bytes
}

/// Takes a file apart: its head, checked, and its body.
///
/// # Errors
/// What makes it unusable, as the end of a sentence that begins with the file's name.
pub fn read_part_file(bytes: &[u8]) -> Result<(PartHead, &[u8]), Told> {
    let (head, body) = unframed(MAGIC, bytes)?;
    Ok((checked_head(head)?, body))
}

/// The head and the body between `magic` and their check sum.
///
/// # Errors
/// What makes it unusable, as the end of a sentence that begins with the file's name.
pub fn unframed<'b>(magic: &[u8; 8], bytes: &'b [u8]) -> Result<(&'b [u8], &'b [u8]), Told> {
    let damaged = || {
        told!(
            "è danneggiato: il contenuto non corrisponde alla sua somma di controllo",
            "is damaged: its content does not fit its check sum"
        )
    };
    let Some(rest) = bytes.strip_prefix(magic) else {
        return Err(told!("non è una parte di un’esecuzione", "is not a part of a run"));
    };
    let (format, _) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    let format = u32::from_le_bytes(*format);
    if format != FORMAT {
        return Err(told!(
            "ha il formato {format}; questo programma legge il formato {wanted}",
            "has format {format}; this program reads format {wanted}";
            format,
            wanted = FORMAT,
        ));
    }
    let (content, hash) = bytes.split_last_chunk::<HASH>().ok_or_else(damaged)?;
    if Sha256::digest(content).as_slice() != hash {
        return Err(damaged());
    }
    let (head, rest) = content.get(12..).and_then(counted).ok_or_else(damaged)?;
    let (body, rest) = counted(rest).ok_or_else(damaged)?;
    if !rest.is_empty() {
        return Err(damaged());
    }
    Ok((head, body))
}

/// Bytes after their length, and what follows; `None` if there are fewer.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    rest.split_at_checked(length)
}

fn checked_head(bytes: &[u8]) -> Result<PartHead, Told> {
    let shown = |text: &str| -> String { text.chars().take(80).flat_map(char::escape_debug).collect() };
    let head: PartHead = serde_json::from_slice(bytes).map_err(|error| {
        told!(
            "ha un’intestazione che questo programma non conosce: {error}",
            "has a head that this program does not know: {error}";
            error = shown(&error.to_string()),
        )
    })?;
    let impossible = |what: &str| {
        told!(
            "ha un’intestazione impossibile ({what})",
            "has a head that cannot be ({what})";
            what = shown(what),
        )
    };
    if !is_name(&head.name) {
        return Err(impossible(&head.name));
    }
    if head.planned_paths == 0 || head.planned_paths > MOST_PATHS {
        return Err(impossible("planned_paths"));
    }
    if head.shard.is_some_and(|shard| shard.number == 0 || shard.number > shard.count) {
        return Err(impossible("shard"));
    }
    if head.blocks.iter().any(|&(start, end)| start >= end || end > MOST_PATHS) {
        return Err(impossible("blocks"));
    }
    if head.scenario_sha256 != scenario_hash(&head.scenario, head.borrowers.as_deref()) {
        return Err(impossible("scenario_sha256"));
    }
    Ok(head)
}

/// Whether a name can be that of a file or folder, and no way to another place.
pub(super) fn is_name(name: &str) -> bool {
    let is_name_letter = |letter: char| !letter.is_control() && !"/\\:".contains(letter);
    !name.is_empty() && name.len() <= 400 && name.chars().all(is_name_letter)
}
