//! What verifying a result folder found: data first, then as text and as JSON (schema `fesr/verify/1`).
//!
//! Three things are told apart, because each asks for something else to be done: a file is missing, a file was altered
//! after the run (its hash is not the recorded one), or a file is as recorded and this program computes another. The
//! files of a result name the version that made it; they are computed under that name, so that a later version that
//! changed no figure still finds them identical. Files that no run wrote are mentioned and count for nothing.

mod comparison;

pub use comparison::{Compared, Comparison, LineDifference};

use crate::locale::VerificationWords;
use crate::scenario::Language;
use comparison::printable;
use serde_json::{Value, json};

/// Files of the user's own that are listed by name.
const OTHERS_LISTED: usize = 10;

/// Whether the scenario of a folder was simulated again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rerun {
    /// It was.
    Done,
    /// The recorded scenario (or its list of borrowers) is not in the folder.
    ScenarioMissing,
    /// What the folder has in its place is another scenario.
    ScenarioAltered,
    /// The folder does not hold all that it takes, as economies that lie elsewhere: only the hashes of its files were
    /// compared.
    NotFromTheFolder,
    /// The study was stopped, and would stop elsewhere: only the hashes of its files were compared.
    Interrupted,
}

/// How a file differs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DifferenceKind {
    /// Recorded, not in the folder (or no plain file there).
    Missing,
    /// Not the file that the run left: its hash is not the recorded one.
    Altered,
    /// As the run left it, but computed otherwise now.
    ComputedOtherwise,
    /// Recorded, but this program writes no such file.
    NoLongerWritten,
    /// Written by this program, but not recorded.
    NotRecorded,
    /// The record itself, which no hash protects.
    Record,
}

impl DifferenceKind {
    /// In the order of the report.
    pub const ALL: [DifferenceKind; 6] = [
        DifferenceKind::Missing,
        DifferenceKind::Altered,
        DifferenceKind::ComputedOtherwise,
        DifferenceKind::NoLongerWritten,
        DifferenceKind::NotRecorded,
        DifferenceKind::Record,
    ];

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            DifferenceKind::Missing => "missing",
            DifferenceKind::Altered => "altered",
            DifferenceKind::ComputedOtherwise => "computed_otherwise",
            DifferenceKind::NoLongerWritten => "no_longer_written",
            DifferenceKind::NotRecorded => "not_recorded",
            DifferenceKind::Record => "record",
        }
    }

    fn heading(self, words: VerificationWords) -> &'static str {
        match self {
            DifferenceKind::Missing => words.missing(),
            DifferenceKind::Altered => words.altered(),
            DifferenceKind::ComputedOtherwise => words.computed_otherwise(),
            DifferenceKind::NoLongerWritten => words.no_longer_written(),
            DifferenceKind::NotRecorded => words.not_recorded(),
            DifferenceKind::Record => words.record(),
        }
    }
}

/// A file that differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileDifference {
    /// Its name in the folder, with `/`.
    pub name: String,
    /// How.
    pub kind: DifferenceKind,
    /// Where, if both texts are at hand.
    pub place: Option<LineDifference>,
}

/// What verifying one folder found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verification {
    /// The folder, as it was named.
    pub folder: String,
    /// The version that made the result.
    pub recorded_version: String,
    /// This program's version.
    pub version: String,
    /// Paths simulated by the run.
    pub paths: u64,
    /// Paths planned.
    pub planned: u64,
    /// Seed of the scenario; unknown if there is no scenario.
    pub seed: Option<u64>,
    /// Whether it was run again.
    pub rerun: Rerun,
    /// Files compared, the record among them.
    pub files: usize,
    /// What differs, by name.
    pub differences: Vec<FileDifference>,
    /// Files that no run wrote.
    pub other_files: Vec<String>,
}

impl Verification {
    /// Whether every byte is the same: as computed now, or, of a study that cannot be run again from its folder, as recorded.
    pub fn is_identical(&self) -> bool {
        self.differences.is_empty()
            && matches!(self.rerun, Rerun::Done | Rerun::NotFromTheFolder | Rerun::Interrupted)
    }

    /// For the terminal; `notes`: also what is no difference.
    pub fn to_text(&self, language: Language, notes: bool) -> String {
        let words = VerificationWords::new(language);
        let verdict = match (self.is_identical(), self.rerun) {
            (true, Rerun::NotFromTheFolder | Rerun::Interrupted) => words.as_recorded(),
            (true, _) => words.identical(),
            (false, _) => words.different(),
        };
        let mut lines = vec![format!("{}: {verdict}", shown(&self.folder))];
        if notes && let Some(seed) = self.seed {
            let mut line = format!("  {}", words.compared(self.files, self.paths, seed));
            if self.paths < self.planned {
                line.push_str(&format!(" ({})", words.interrupted(self.planned)));
            }
            lines.push(line);
        }
        if self.recorded_version != self.version {
            lines.push(format!("  {}", words.versions(&self.recorded_version, &self.version)));
        }
        match self.rerun {
            Rerun::Done => {}
            Rerun::ScenarioMissing => lines.push(format!("  {}", words.scenario_missing())),
            Rerun::ScenarioAltered => lines.push(format!("  {}", words.scenario_altered())),
            Rerun::NotFromTheFolder => lines.push(format!("  {}", words.not_from_the_folder())),
            Rerun::Interrupted => lines.push(format!("  {}", words.study_interrupted())),
        }
        for kind in DifferenceKind::ALL {
            let mut files = self.differences.iter().filter(|file| file.kind == kind).peekable();
            if files.peek().is_some() {
                lines.push(format!("  {}:", kind.heading(words)));
            }
            for file in files {
                lines.push(format!("    {}", shown(&file.name)));
                lines.extend(file.place.iter().flat_map(|place| place_lines(place, words)));
            }
        }
        if notes && !self.other_files.is_empty() {
            let listed: Vec<String> =
                self.other_files.iter().take(OTHERS_LISTED).map(|name| shown(name)).collect();
            let more = self.other_files.len().saturating_sub(OTHERS_LISTED);
            let more = if more > 0 { format!(", {}", words.and_more(more)) } else { String::new() };
            lines.push(format!("  {}: {}{more}", words.other_files(), listed.join(", ")));
        }
        lines.join("\n") + "\n"
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let difference = |file: &FileDifference| {
            let place = file.place.as_ref();
            json!({
                "file": file.name,
                "kind": file.kind.word(),
                "line": place.map(|place| place.line),
                "in_folder": place.and_then(|place| place.in_folder.as_deref()),
                "computed": place.and_then(|place| place.computed.as_deref()),
            })
        };
        json!({
            "schema": "fesr/verify/1",
            "folder": self.folder,
            "verdict": match (self.is_identical(), self.rerun) {
                (true, Rerun::NotFromTheFolder | Rerun::Interrupted) => "as_recorded",
                (true, _) => "identical",
                (false, _) => "different",
            },
            "recorded_version": self.recorded_version,
            "version": self.version,
            "paths": self.paths,
            "planned_paths": self.planned,
            "seed": self.seed,
            "run_again": match self.rerun {
                Rerun::Done => "done",
                Rerun::ScenarioMissing => "scenario_missing",
                Rerun::ScenarioAltered => "scenario_altered",
                Rerun::NotFromTheFolder => "not_from_the_folder",
                Rerun::Interrupted => "interrupted",
            },
            "files": self.files,
            "differences": self.differences.iter().map(difference).collect::<Vec<_>>(),
            "other_files": self.other_files,
        })
    }
}

/// The JSON of a folder that could not be verified.
pub fn failure_json(folder: &str, message: &str) -> Value {
    json!({ "schema": "fesr/verify/1", "folder": folder, "verdict": "not_verified", "error": message })
}

fn place_lines(place: &LineDifference, words: VerificationWords) -> [String; 3] {
    let (folder, computed) = (words.in_folder(), words.computed_now());
    let width = folder.chars().count().max(computed.chars().count());
    let text = |side: &Option<String>| side.clone().unwrap_or_else(|| words.ends_here().to_string());
    [
        format!("      {}", words.line(place.line)),
        format!("        {folder:width$}  {}", text(&place.in_folder)),
        format!("        {computed:width$}  {}", text(&place.computed)),
    ]
}

/// A name from an untrusted folder, fit for a terminal.
fn shown(name: &str) -> String {
    name.chars().flat_map(printable).collect()
}
