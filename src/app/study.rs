//! The folder of a study (`compare`, `frontier`, `stress`, `sensitivity`): tables, page, charts with their numbers,
//! the scenarios as run, what every column means, and a record that `fesr verify` reads.

use super::output_folder::OutputFolder;
use super::{Failure, say};
use crate::chart::{to_png, to_svg};
use crate::cli::StudyArguments;
use crate::report::OutputFile;
use crate::report::charts::Album;
use crate::report::data_package::study_package;
use crate::report::page::{PAGE_FILE, Picture};
use crate::report::run_record::RECORD_FILE;
use crate::report::study_record::{StudyFacts, study_record_json};
use crate::resolved::{BORROWERS_FILE, RESOLVED_FILE, borrowers_csv, resolved_toml};
use crate::scenario::Scenario;
use std::path::PathBuf;

/// Everything that a study leaves, but the page: that one holds the charts and is made of them.
pub struct StudyFolder<'s> {
    /// Tables and JSON.
    pub tables: Vec<OutputFile>,
    /// The charts in the reader's language.
    pub album: Album,
    /// The same charts in English: the numbers behind charts are for programs, with the same words in every language.
    pub machine_album: Album,
    /// The scenarios as run, each with the folder inside the result that it goes to (empty: the result itself).
    pub scenarios: Vec<(String, &'s Scenario)>,
    /// What was studied.
    pub facts: StudyFacts,
}

impl StudyFolder<'_> {
    /// Writes all of it and puts the folder in its place; `page` makes the page of the pictures.
    ///
    /// # Errors
    /// [`Failure::Files`] if something cannot be written.
    pub fn write(
        self,
        arguments: &StudyArguments,
        mut folder: OutputFolder,
        page: impl FnOnce(Vec<Picture>) -> String,
    ) -> Result<PathBuf, Failure> {
        let StudyFolder { tables: mut files, album, machine_album, scenarios, facts } = self;
        let drawn: Vec<String> = album.charts.iter().map(to_svg).collect();
        let pictures: Vec<Picture> =
            album.charts.iter().zip(&drawn).map(|(chart, svg)| Picture { chart, svg }).collect();
        files.push(OutputFile::text(PAGE_FILE, page(pictures)));
        for ((chart, machine_chart), svg) in album.charts.iter().zip(&machine_album.charts).zip(drawn) {
            let name = |extension: &str| format!("charts/{}.{extension}", chart.name);
            files.push(OutputFile::text(&name("svg"), svg));
            files.push(OutputFile::text(&name("csv"), machine_chart.to_csv()));
            if arguments.png {
                files.push(OutputFile { name: name("png"), bytes: to_png(chart) });
            }
        }
        if !arguments.common.quiet {
            for chart in &album.left_out {
                say(&format!("  charts/{}: {}", chart.name, chart.reason));
            }
        }
        for (inside, scenario) in scenarios {
            let name = |file: &str| match inside.as_str() {
                "" => file.to_string(),
                inside => format!("{inside}/{file}"),
            };
            files.push(OutputFile::text(&name(RESOLVED_FILE), resolved_toml(scenario)));
            files.extend(borrowers_csv(scenario).map(|list| OutputFile::text(&name(BORROWERS_FILE), list)));
        }
        files.push(study_package(&facts, &files, &machine_album.charts));
        for file in &files {
            folder.write(file)?;
        }
        let record = study_record_json(&facts, folder.hashes());
        folder.write(&OutputFile::text(RECORD_FILE, record))?;
        folder.finish(facts.interrupted)
    }
}

/// The words after `fesr` that do a study again, and the command for readers.
pub fn again(words: &[&str], png: bool) -> (Vec<String>, String) {
    let mut words: Vec<String> = words.iter().map(|word| (*word).to_string()).collect();
    let command = format!("fesr {}", words.join(" "));
    if png {
        words.push("--png".to_string());
    }
    (words, command)
}
