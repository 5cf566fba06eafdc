//! The studies (`compare`, `frontier`, `stress`, `sensitivity`): whole, or a share of one (`--shard`), left as a part for
//! `fesr merge`.

use super::cells::{Cells, Given};
use super::folder_lock::FolderLock;
use super::library::Library;
use super::part_files::{PART_ENDING, cannot_write, standing_study_part, write_aside};
use super::progress::PathCounter;
use super::share::which_share;
use super::simulation::use_threads;
use super::{Failure, Outcome, VERSION, compare, frontier, interrupt, print, say, sensitivity, stress};
use crate::aggregate::part::share_of_blocks;
use crate::cli::{ShardChoice, StudyCommand};
use crate::locale::{Numbers, pair, told};
use crate::report::part_file::Shard;
use crate::report::study_part::{StudyHead, cells_of, no_units, study_part_file};
use std::fs;
use std::path::Path;

/// Carries out the study of a command line, or its share.
///
/// # Errors
/// [`Failure`] of whatever kept it from being done.
pub fn study(command: &StudyCommand) -> Result<Outcome, Failure> {
    match command.study().shard {
        Some(choice) => share(command, choice),
        None => carry_out(command, &Library::Disk, None),
    }
}

/// Carries out a study; `given` has what its cells leave if they were simulated in shares.
///
/// # Errors
/// [`Failure`] of whatever kept it from being done.
pub fn carry_out(
    command: &StudyCommand,
    library: &Library,
    given: Option<&Given>,
) -> Result<Outcome, Failure> {
    match command {
        StudyCommand::Compare(arguments) => compare::compare(arguments, library, given),
        StudyCommand::Frontier(arguments) => frontier::frontier(arguments, library, given),
        StudyCommand::Stress(arguments) => stress::stress(arguments, library, given),
        StudyCommand::Sensitivity(arguments) => sensitivity::sensitivity(arguments, library, given),
    }
}

/// The cells of a study.
///
/// # Errors
/// [`Failure`] if its scenarios cannot be read.
pub fn cells<'c>(command: &StudyCommand, library: &Library) -> Result<Cells<'c>, Failure> {
    match command {
        StudyCommand::Compare(arguments) => compare::cells(arguments, library),
        StudyCommand::Frontier(arguments) => frontier::cells(arguments, library),
        StudyCommand::Stress(arguments) => stress::cells(arguments, library),
        StudyCommand::Sensitivity(arguments) => sensitivity::cells(arguments, library),
    }
}

fn share(command: &StudyCommand, choice: ShardChoice) -> Result<Outcome, Failure> {
    let study = command.study();
    let shard = which_share(choice, |name| std::env::var(name).ok()).map_err(Failure::Usage)?;
    let library = Library::noting();
    // Before anything of the study runs in parallel.
    use_threads(study.threads)?;
    let cells = cells(command, &library)?;
    fs::create_dir_all(&study.output).map_err(|cause| cannot_write(&study.output, cause))?;
    let stem = format!("{}.shard-{}-of-{}", cells.study, shard.number, shard.count);
    let target = study.output.join(format!("{stem}.{PART_ENDING}"));
    let _lock = FolderLock::take(&study.output, &stem)?;
    let stop = interrupt::stop_flag(pair("nulla è scritto", "nothing is written"), cells.language);
    let none = no_units(cells.count, cells.paths);
    let units = share_of_blocks(none.planned(), shard.number, shard.count);
    let of_cells = cells_of(&units, cells.paths);
    let paths: u64 = of_cells.iter().map(|(_, blocks)| cells.paths_of(blocks)).sum();
    let head = StudyHead {
        version: VERSION.to_string(),
        name: cells.study.clone(),
        words: command.words(),
        seed: cells.seed,
        cells: cells.count,
        paths: cells.paths,
        shard: Some(shard),
        units: if units.is_empty() { Vec::new() } else { vec![(units.start, units.end)] },
        read: library.read_so_far(),
    };
    // A part of this study and share is made again, to the same bytes; one of another study is not lost.
    standing_study_part(&target, &head)?;
    if !study.common.quiet {
        say_what(&cells, shard, of_cells.len(), paths, &target);
    }
    let counter = PathCounter::new(study.progress, study.common.quiet, paths, Numbers::new(cells.language));
    let pieces = cells.simulate(&units, &stop, &|paths| counter.simulated(paths));
    counter.finish();
    let Some(pieces) = pieces? else { return Ok(Outcome::Interrupted) };
    write_aside(&target, &study_part_file(&head, &pieces)).map_err(|cause| cannot_write(&target, cause))?;
    if study.common.json {
        let written = serde_json::json!({ "parts": [target.display().to_string()], "shard": shard });
        print(&format!("{}\n", serde_json::to_string_pretty(&written).expect("plain data is JSON")))?;
    }
    Ok(Outcome::Done)
}

fn say_what(cells: &Cells, shard: Shard, touched: usize, paths: u64, target: &Path) {
    let note = told!(
        "quota {number} di {count}: {touched} scenari di {all}, {paths} percorsi, scritta in {target}",
        "share {number} of {count}: {touched} of {all} scenarios, {paths} paths, written to {target}";
        number = shard.number,
        count = shard.count,
        touched,
        all = cells.count,
        paths,
        target = target.display().to_string(),
    );
    say(note.text(cells.language));
}
