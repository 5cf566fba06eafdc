//! The folder that `fesr frontier` leaves.

use super::output_folder::OutputFolder;
use super::study::{StudyFolder, again};
use super::{Failure, VERSION};
use crate::cli::{FrontierArguments, LineChoice, ProductsChoice};
use crate::report::OutputFile;
use crate::report::charts::mixes::frontier_album;
use crate::report::frontier::{Frontier, frontier_csv, frontier_json, frontier_page, mixes_csv};
use crate::report::study_record::StudyFacts;
use crate::resolved::RESOLVED_FILE;
use crate::scenario::{Language, Scenario};
use std::path::PathBuf;

/// Writes a frontier and puts its folder in its place.
///
/// # Errors
/// [`Failure::Files`] if something cannot be written.
pub fn write(
    frontier: &Frontier,
    scenario: &Scenario,
    arguments: &FrontierArguments,
    folder: OutputFolder,
) -> Result<PathBuf, Failure> {
    let (again, command) = command(frontier, arguments);
    let study = StudyFolder {
        tables: vec![
            OutputFile::text("frontier.json", frontier_json(frontier)),
            OutputFile::text("frontier.csv", frontier_csv(frontier)),
            OutputFile::text("mixes.csv", mixes_csv(frontier)),
        ],
        album: frontier_album(frontier),
        machine_album: frontier_album(&Frontier { language: Language::English, ..frontier.clone() }),
        scenarios: vec![(String::new(), scenario)],
        facts: StudyFacts {
            command: "frontier",
            version: VERSION,
            name: frontier.name.clone(),
            title: frontier.title.clone(),
            paths: frontier.paths,
            seed: frontier.seed,
            language: frontier.language,
            interrupted: frontier.interrupted,
            again: Some(again),
        },
    };
    study.write(&arguments.study, folder, |pictures| frontier_page(frontier, pictures, &command))
}

/// The words that give the same from the scenario as run, and the command.
fn command(frontier: &Frontier, arguments: &FrontierArguments) -> (Vec<String>, String) {
    let line = match arguments.line {
        LineChoice::One => "1",
        LineChoice::Two => "2",
        LineChoice::All => "all",
    };
    let products = match arguments.products {
        ProductsChoice::Scenario => "scenario",
        ProductsChoice::Follow => "follow",
    };
    let step = format!("{}%", 100 / arguments.step);
    let (paths, seed) = (frontier.paths.to_string(), frontier.seed.to_string());
    let words = [
        "frontier",
        RESOLVED_FILE,
        "--step",
        &step,
        "--line",
        line,
        "--products",
        products,
        "--paths",
        &paths,
        "--seed",
        &seed,
    ];
    again(&words, arguments.study.png)
}
