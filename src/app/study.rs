//! The folder of a study (`compare`, `frontier`, `stress`, `sensitivity`): tables, page, charts with their numbers, and
//! the scenarios as run.

use super::output_folder::OutputFolder;
use super::{Failure, say};
use crate::chart::{to_png, to_svg};
use crate::cli::StudyArguments;
use crate::report::OutputFile;
use crate::report::charts::Album;
use crate::report::page::{PAGE_FILE, Picture};
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
    /// Whether something planned is missing because the run was stopped.
    pub interrupted: bool,
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
        for table in &self.tables {
            folder.write(table)?;
        }
        let drawn: Vec<String> = self.album.charts.iter().map(to_svg).collect();
        let pictures: Vec<Picture> =
            self.album.charts.iter().zip(&drawn).map(|(chart, svg)| Picture { chart, svg }).collect();
        folder.write(&OutputFile::text(PAGE_FILE, page(pictures)))?;
        for ((chart, machine_chart), svg) in
            self.album.charts.iter().zip(&self.machine_album.charts).zip(drawn)
        {
            let name = |extension: &str| format!("charts/{}.{extension}", chart.name);
            folder.write(&OutputFile::text(&name("svg"), svg))?;
            folder.write(&OutputFile::text(&name("csv"), machine_chart.to_csv()))?;
            if arguments.png {
                folder.write(&OutputFile { name: name("png"), bytes: to_png(chart) })?;
            }
        }
        if !arguments.common.quiet {
            for chart in &self.album.left_out {
                say(&format!("  charts/{}: {}", chart.name, chart.reason));
            }
        }
        for (inside, scenario) in &self.scenarios {
            let name = |file: &str| match inside.as_str() {
                "" => file.to_string(),
                inside => format!("{inside}/{file}"),
            };
            folder.write(&OutputFile::text(&name(RESOLVED_FILE), resolved_toml(scenario)))?;
            if let Some(list) = borrowers_csv(scenario) {
                folder.write(&OutputFile::text(&name(BORROWERS_FILE), list))?;
            }
        }
        folder.finish(self.interrupted)
    }
}
