//! All files of a result but its record and `paths.csv`: one list, so that what `fesr run` writes and what
//! `fesr verify` compares can never drift apart.

use super::charts::{self, LeftOut};
use super::data_package::{PathsFile, data_package};
use super::limits::LimitResult;
use super::page::{Contents, PAGE_FILE, Picture, report_html};
use super::region::csv::region_tables;
use super::spreadsheet_csv::ExtraCsv;
use super::{OutputFile, RunFacts, summary_json, tables};
use crate::aggregate::summary::Summary;
use crate::books::RegionBooks;
use crate::chart::Chart;
use crate::plan::Plan;
use crate::resolved::{BORROWERS_FILE, RESOLVED_FILE, borrowers_csv, resolved_toml};
use crate::scenario::Language;
use rayon::prelude::*;

/// The files of a result, in the order of writing.
#[derive(Clone, Debug)]
pub struct ResultFiles {
    /// The files.
    pub files: Vec<OutputFile>,
    /// Charts that had nothing to show.
    pub left_out: Vec<LeftOut>,
}

/// What a run leaves beside its usual files.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    /// The charts as PNG too (`--png`).
    pub png: bool,
    /// The tables for a spreadsheet too (`--csv`).
    pub csv: Option<ExtraCsv>,
    /// The Region's books, if they were kept.
    pub books: Option<RegionBooks>,
    /// `paths.csv`, if it was written (`--each-path`); it is described, not rendered.
    pub path_rows: Option<PathsFile>,
}

/// Renders the files of a result. The same facts, plan, summary and extras give the same bytes.
pub fn result_files(
    facts: &RunFacts,
    plan: &Plan,
    summary: &Summary,
    limits: &[LimitResult],
    extras: &Extras,
) -> ResultFiles {
    // Files do not know of each other: rendered at once, kept in order.
    let texts: [(&str, &(dyn Fn() -> String + Sync)); 8] = [
        ("summary.json", &|| summary_json::summary_json(facts, summary, limits, extras.books.as_ref())),
        ("summary.csv", &|| tables::summary_csv(summary, extras.books.as_ref())),
        ("timeline.csv", &|| tables::timeline_csv(plan, summary)),
        ("histogram.csv", &|| tables::histogram_csv(summary)),
        ("groups.csv", &|| tables::groups_csv(summary)),
        ("contributions.csv", &|| tables::contributions_csv(summary)),
        ("exact-check.csv", &|| tables::exact_check_csv(summary)),
        (RESOLVED_FILE, &|| resolved_toml(facts.scenario)),
    ];
    let mut files: Vec<OutputFile> =
        texts.par_iter().map(|(name, text)| OutputFile::text(name, text())).collect();
    files.extend(tables::uncertainty_csv(summary).map(|text| OutputFile::text("uncertainty.csv", text)));
    files.extend(borrowers_csv(facts.scenario).map(|text| OutputFile::text(BORROWERS_FILE, text)));
    let books = extras.books.as_ref();
    files.extend(books.into_iter().flat_map(|books| region_tables(facts.scenario, plan, books)));
    let mut album = charts::album(facts, plan, summary);
    if let Some(books) = books {
        album.extend(charts::region_album(facts, plan, summary, books));
    }
    if !album.left_out.is_empty() {
        let reasons: String =
            album.left_out.iter().map(|chart| format!("{}: {}.\n", chart.name, chart.reason)).collect();
        files.push(OutputFile::text("charts/left-out.txt", reasons));
    }
    // The numbers behind the charts are for programs: the same words in every language.
    let mut english = facts.scenario.clone();
    english.identity.language = Language::English;
    let english_facts = RunFacts { scenario: &english, ..facts.clone() };
    let mut machine_charts = charts::charts(&english_facts, plan, summary);
    if let Some(books) = books {
        machine_charts.extend(charts::region_album(&english_facts, plan, summary, books).charts);
    }
    // Drawn once, for the page and for the folder.
    let drawn: Vec<String> = album.charts.par_iter().map(crate::chart::to_svg).collect();
    let pictures: Vec<Picture> =
        album.charts.iter().zip(&drawn).map(|(chart, svg)| Picture { chart, svg }).collect();
    let (pictures, left_out) = (pictures.as_slice(), album.left_out.as_slice());
    let (png, csv) = (extras.png, extras.csv);
    let page = || report_html(Contents { facts, plan, summary, limits, pictures, left_out, books, png, csv });
    let of_chart = |((chart, machine_chart), svg): ((&Chart, &Chart), &String)| {
        let name = |ending: &str| format!("charts/{}.{ending}", chart.name);
        let mut files = vec![
            OutputFile::text(&name("svg"), svg.clone()),
            OutputFile::text(&name("csv"), machine_chart.to_csv()),
        ];
        if extras.png {
            files.push(OutputFile { name: name("png"), bytes: crate::chart::to_png(chart) });
        }
        files
    };
    let (page, chart_files): (String, Vec<OutputFile>) = rayon::join(page, || {
        album.charts.par_iter().zip(&machine_charts).zip(&drawn).flat_map(of_chart).collect()
    });
    files.push(OutputFile::text(PAGE_FILE, page));
    files.extend(chart_files);
    if let Some(csv) = extras.csv {
        let tables: Vec<OutputFile> = files.par_iter().filter_map(|file| csv.rewrite(file)).collect();
        files.extend(tables);
    }
    files.push(data_package(facts, plan, &files, &machine_charts, extras.path_rows.as_ref()));
    ResultFiles { files, left_out: album.left_out }
}
