//! Parts of studies put together: all heads first, as for runs; then the study of their command is carried out on the
//! files that were noted in them, with the cells that the parts hold in place of simulating them.

use super::cells::Given;
use super::library::Library;
use super::merge::{MOST_NAMED, damage, missing_shards, other_version, overlapping, refuse_missing};
use super::part_files::{
    PART_ENDING, cannot_write, open_study_part, read_study_head, read_study_part, unusable, write_aside,
};
use super::study_share::{carry_out, cells};
use super::{Failure, Outcome, VERSION, say};
use crate::aggregate::coverage::{Coverage, Overlap};
use crate::cli::{MergeArguments, StudyCommand};
use crate::locale::told;
use crate::report::part_file::Shard;
use crate::report::run_record::sha256;
use crate::report::study_part::{Piece, StudyHead, cells_of, no_units, study_part_file};
use crate::scenario::Language;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A part of a study as it was found.
struct FoundPart {
    path: PathBuf,
    head: StudyHead,
}

/// Merges parts of studies, study after study.
///
/// # Errors
/// [`Failure`] of what cannot be read or does not fit together; nothing is written before all heads fit.
pub fn merge_studies(paths: Vec<PathBuf>, arguments: &MergeArguments) -> Result<Outcome, Failure> {
    let mut studies: BTreeMap<String, Vec<FoundPart>> = BTreeMap::new();
    for path in paths {
        let head = read_study_head(&path)?;
        studies.entry(head.name.clone()).or_default().push(FoundPart { path, head });
    }
    for parts in studies.values() {
        let coverage = fitting(parts)?;
        if !arguments.part {
            refuse_gaps(parts, &coverage)?;
        }
    }
    let mut outcome = Outcome::Done;
    for parts in studies.values() {
        if arguments.part {
            write_part(parts, arguments)?;
            continue;
        }
        match finish(parts, arguments)? {
            Outcome::Done => {}
            Outcome::No => outcome = Outcome::No,
            Outcome::Interrupted => return Ok(Outcome::Interrupted),
        }
    }
    Ok(outcome)
}

/// The language that a part of a study was asked for in; `None` if it is that of its scenario.
pub fn language_of(path: &Path) -> Option<Language> {
    let command = StudyCommand::parse(&open_study_part(path).ok()?.head.words)?;
    command.study().common.lang
}

/// The units of parts that are of one study.
///
/// # Errors
/// [`Failure::Usage`] if two of them are not, or hold the same unit.
fn fitting(parts: &[FoundPart]) -> Result<Coverage, Failure> {
    let first = &parts[0];
    let shown = |part: &FoundPart| part.path.display().to_string();
    for part in parts {
        if part.head.version != VERSION {
            return Err(unusable(&part.path, &other_version(&part.head.version)));
        }
        if let Some(what) = first.head.contradiction(&part.head) {
            return Err(Failure::Usage(told!(
                "{first} e {part} non sono dello stesso studio: non è uguale {what}",
                "{first} and {part} are not of the same study: what differs is {what}";
                first = shown(first),
                part = shown(part),
                what,
            )));
        }
    }
    let mut coverage = no_units(first.head.cells, first.head.paths);
    for (position, part) in parts.iter().enumerate() {
        for range in part.head.ranges() {
            let Err(Overlap(both)) = coverage.add(range) else { continue };
            let other = parts[..position].iter().find(|other| overlapping(&other.head.ranges(), &both));
            let cell = cells_of(&both, first.head.paths).first().map_or(0, |(cell, _)| *cell);
            return Err(Failure::Usage(told!(
                "{other} e {part} hanno entrambi percorsi dello scenario {cell} dello studio",
                "{other} and {part} both hold paths of scenario {cell} of the study";
                other = shown(other.unwrap_or(part)),
                part = shown(part),
                cell = (cell + 1).to_string(),
            )));
        }
    }
    Ok(coverage)
}

/// # Errors
/// [`Failure::Usage`] with the shards that are missing and the commands that make them.
fn refuse_gaps(parts: &[FoundPart], coverage: &Coverage) -> Result<(), Failure> {
    let missing = coverage.missing();
    if missing.is_empty() {
        return Ok(());
    }
    let head = &parts[0].head;
    let counts = parts.iter().filter_map(|part| part.head.shard).map(|shard| shard.count);
    let shards: Vec<Shard> =
        counts.max().map(|count| missing_shards(coverage.planned(), count, &missing)).unwrap_or_default();
    if !shards.is_empty() {
        return Err(refuse_missing(&head.name, &shards, &parts[0].path, |shard, folder| {
            head.command(shard, folder)
        }));
    }
    let gaps: Vec<String> = missing
        .iter()
        .flat_map(|units| cells_of(units, head.paths))
        .map(|(cell, _)| (cell + 1).to_string())
        .take(MOST_NAMED)
        .collect();
    Err(Failure::Usage(told!(
        "{name}: mancano percorsi degli scenari {gaps} dello studio, che non sono quote intere",
        "{name}: paths of scenarios {gaps} of the study are missing, which are no whole shares";
        name = head.name,
        gaps = gaps.join(", "),
    )))
}

/// All pieces of all parts.
///
/// # Errors
/// [`Failure`] if a part cannot be read, or changed since its head was read.
fn pieces_of(parts: &[FoundPart]) -> Result<Vec<Piece>, Failure> {
    let mut pieces = Vec::new();
    for part in parts {
        let (head, more) = read_study_part(&part.path)?;
        if head != part.head {
            return Err(unusable(&part.path, &damage("its head has changed")));
        }
        pieces.extend(more);
    }
    pieces.sort_by_key(|piece| (piece.cell, piece.blocks.start));
    Ok(pieces)
}

/// Writes one part that holds all parts.
fn write_part(parts: &[FoundPart], arguments: &MergeArguments) -> Result<(), Failure> {
    let pieces = pieces_of(parts)?;
    let coverage = fitting(parts)?;
    let units: Vec<(u64, u64)> = coverage.ranges().iter().map(|range| (range.start, range.end)).collect();
    // For the names of shards that are missing later on.
    let shard = parts.iter().filter_map(|part| part.head.shard).max_by_key(|shard| shard.count);
    let head = StudyHead { units, shard, ..parts[0].head.clone() };
    let bytes = study_part_file(&head, &pieces);
    let name = format!("{}.merged-{}.{PART_ENDING}", head.name, &sha256(&bytes)[..12]);
    let target = arguments.output.join(name);
    fs::create_dir_all(&arguments.output).map_err(|cause| cannot_write(&arguments.output, cause))?;
    write_aside(&target, &bytes).map_err(|cause| cannot_write(&target, cause))?;
    if !arguments.quiet {
        let note = told!(
            "{count} parti di {name}: {target}",
            "{count} parts of {name}: {target}";
            count = parts.len(),
            name = head.name,
            target = target.display().to_string(),
        );
        say(note.text(arguments.lang.unwrap_or(Language::English)));
    }
    Ok(())
}

/// Carries out the study of some parts.
fn finish(parts: &[FoundPart], arguments: &MergeArguments) -> Result<Outcome, Failure> {
    let FoundPart { path, head } = &parts[0];
    let command = StudyCommand::parse(&head.words).filter(|command| command.words() == head.words);
    let Some(mut command) = command else {
        return Err(unusable(path, &damage("its words are no study")));
    };
    let study = command.study_mut();
    study.output.clone_from(&arguments.output);
    study.progress = arguments.progress;
    study.common.json = arguments.json;
    study.common.quiet = arguments.quiet;
    study.common.diagnostics = arguments.diagnostics;
    match &mut command {
        StudyCommand::Compare(compare) => compare.strict = arguments.strict,
        StudyCommand::Stress(stress) => stress.strict = arguments.strict,
        StudyCommand::Frontier(_) | StudyCommand::Sensitivity(_) => {}
    }
    let library = Library::Noted(head.read.clone());
    let planned = cells(&command, &library)?;
    let is_same = planned.study == head.name
        && (planned.seed, planned.paths, planned.count) == (head.seed, head.paths, head.cells);
    if !is_same {
        return Err(unusable(path, &damage("its head is not that of its study")));
    }
    let given = Given::new(head.paths, pieces_of(parts)?);
    carry_out(&command, &library, Some(&given))
}
