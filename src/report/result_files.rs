//! All files of a result but its record and `paths.csv`: one list, so that what `fesr run` writes and what
//! `fesr verify` compares can never drift apart.

use super::charts::{self, LeftOut};
use super::limits::LimitResult;
use super::{OutputFile, RunFacts, summary_json, tables};
use crate::aggregate::summary::Summary;
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

/// Renders the files of a result; `png`: the charts as PNG too. The same facts, plan and summary give the same bytes.
pub fn result_files(
    facts: &RunFacts,
    plan: &Plan,
    summary: &Summary,
    limits: &[LimitResult],
    png: bool,
) -> ResultFiles {
    // Files do not know of each other: rendered at once, kept in order.
    let texts: [(&str, &(dyn Fn() -> String + Sync)); 8] = [
        ("summary.json", &|| summary_json::summary_json(facts, summary, limits)),
        ("summary.csv", &|| tables::summary_csv(summary)),
        ("timeline.csv", &|| tables::timeline_csv(plan, summary)),
        ("histogram.csv", &|| tables::histogram_csv(summary)),
        ("groups.csv", &|| tables::groups_csv(summary)),
        ("contributions.csv", &|| tables::contributions_csv(summary)),
        ("exact-check.csv", &|| tables::exact_check_csv(summary)),
        (RESOLVED_FILE, &|| resolved_toml(facts.scenario)),
    ];
    let mut files: Vec<OutputFile> =
        texts.par_iter().map(|(name, text)| OutputFile::text(name, text())).collect();
    files.extend(borrowers_csv(facts.scenario).map(|text| OutputFile::text(BORROWERS_FILE, text)));
    let album = charts::album(facts, plan, summary);
    if !album.left_out.is_empty() {
        let reasons: String =
            album.left_out.iter().map(|chart| format!("{}: {}.\n", chart.name, chart.reason)).collect();
        files.push(OutputFile::text("charts/left-out.txt", reasons));
    }
    // The numbers behind the charts are for programs: the same words in every language.
    let mut english = facts.scenario.clone();
    english.identity.language = Language::English;
    let machine_charts = charts::charts(&RunFacts { scenario: &english, ..facts.clone() }, plan, summary);
    files.par_extend(album.charts.par_iter().zip(&machine_charts).flat_map(|(chart, machine_chart)| {
        let name = |ending: &str| format!("charts/{}.{ending}", chart.name);
        let mut files = vec![
            OutputFile::text(&name("svg"), crate::chart::to_svg(chart)),
            OutputFile::text(&name("csv"), machine_chart.to_csv()),
        ];
        if png {
            files.push(OutputFile { name: name("png"), bytes: crate::chart::to_png(chart) });
        }
        files
    }));
    ResultFiles { files, left_out: album.left_out }
}
