//! A part of a run as a file (`NAME.shard-3-of-8.part`, `NAME.checkpoint`): a head that anybody can read, and the numbers.
//!
//! Its kind is `FESRPART` ([`super::framed_file`]), its body is written by [`crate::aggregate::part`]. The head holds the scenario as
//! run, so that a part needs nothing else to be merged.
//!
//! A file may come from anybody: the body may have no more bytes than the paths that the head names can fill
//! ([`largest_body`]), and the head is not believed: names stay names, and the scenario is read like any other.

use super::framed_file::{FramedFile, PartError, framed};
use super::run_record::{RunOptions, sha256};
use crate::aggregate::coverage::Coverage;
use crate::aggregate::part::MOST_PATHS;
use crate::aggregate::part::codec::Reader;
use crate::locale::{Told, told};
use crate::resolved::{borrowers_csv, resolved_toml};
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::ops::Range;

const MAGIC: &[u8; 8] = b"FESRPART";
/// Most shares of a run ([`crate::cli`] takes no more).
const MOST_SHARES: u64 = 1_000_000;

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

/// Most bytes that the body of a part can have: what does not grow with its paths (timelines, groups, sums by borrower,
/// cells) takes less than 64 MiB; each path up to 10 bytes in each of fewer than 400 columns and, if it is among the
/// worst, up to 16 bytes for each product, theme, rating and borrower.
pub fn largest_body(head: &PartHead) -> u64 {
    let coverage = Coverage::none(head.planned_paths);
    let paths: u64 = head.ranges().iter().map(|range| coverage.paths_of(range)).sum();
    let borrowers = head.borrowers.as_deref().map_or(0, |list| list.lines().count()) as u64;
    paths.saturating_mul(32_768 + 16 * borrowers).saturating_add(64 * 1024 * 1024)
}

/// A part whose head is read and whose body is still to come.
pub struct OpenPart<S: Read> {
    /// What it is a part of.
    pub head: PartHead,
    file: FramedFile<S>,
}

impl<S: Read> OpenPart<S> {
    /// Reads the head of a file of `length` bytes.
    ///
    /// # Errors
    /// [`PartError`] if it is no part, or if its head or its lengths cannot be those of one.
    pub fn open(source: S, length: u64) -> Result<OpenPart<S>, PartError> {
        let mut file = FramedFile::open(MAGIC, source, length)?;
        let head = checked_head(&file.head()?).map_err(PartError::Damaged)?;
        file.body_of(largest_body(&head))?;
        Ok(OpenPart { head, file })
    }

    /// The numbers of the body, which nobody has vouched for before [`OpenPart::finish`].
    pub fn body(&mut self) -> Reader<'_> {
        self.file.body()
    }

    /// Reads what nobody took of the body, and holds all that was read against the check sum.
    ///
    /// # Errors
    /// [`PartError`] if it does not fit, or cannot be read.
    pub fn finish(self) -> Result<PartHead, PartError> {
        self.file.finish()?;
        Ok(self.head)
    }
}

fn checked_head(bytes: &[u8]) -> Result<PartHead, Told> {
    let shown = |text: &str| -> String { text.chars().take(80).flat_map(char::escape_debug).collect() };
    let head: PartHead = serde_json::from_slice(bytes).map_err(|error| {
        told!(
            "è danneggiato, o di un altro programma: la sua intestazione non si può leggere ({error})",
            "is damaged, or of another program: its head cannot be read ({error})";
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
    let is_share = |shard: Shard| (1..=shard.count).contains(&shard.number) && shard.count <= MOST_SHARES;
    if !head.shard.is_none_or(is_share) {
        return Err(impossible("shard"));
    }
    // In order and with gaps between them, as they are always written: putting them together takes no search.
    let in_order = head.blocks.windows(2).all(|pair| pair[0].1 < pair[1].0);
    let most = Coverage::blocks_of(head.planned_paths);
    if !in_order || head.blocks.iter().any(|&(start, end)| start >= end || end > most) {
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
