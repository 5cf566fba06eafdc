//! Golden results: what small fixed scenarios gave when a change of figures was last accepted.
//!
//! `tests/golden/NAME.toml` is run and compared with `tests/golden/NAME.txt` byte for byte: chosen figures of each table,
//! one row a line, and last the SHA-256 of each whole table, so that nothing may change unseen. The figures are those
//! of this program and prove nothing by themselves (the laws and closed forms do); they show when a figure moves.
//!
//! To accept changes:
//!
//! ```text
//! FESR_ACCEPT_GOLDEN=1 cargo test --test golden
//! ```
//!
//! A changed figure concerns the readers of results, so the newest "Results change" of CHANGELOG.md must tell them why:
//! a line there ends with the digest of all golden results. The test says which.

mod common;

use common::summarise;
use fesr::metrics::MetricId;
use fesr::plan::Plan;
use fesr::reading::{Files, read_scenario};
use fesr::report::run_record::sha256;
use fesr::report::tables;
use fesr::rules;
use fesr::scenario::Scenario;
use std::fs;
use std::path::{Path, PathBuf};

/// The scenarios, in the order of the digest.
const SCENARIOS: [&str; 7] = [
    "ar1-lifetime",
    "list-and-statistics",
    "negative-treasury",
    "running-fund",
    "state-aid",
    "static-gaussian",
    "student-t-revolving",
];

/// Quarters of the timeline that are listed: the end of the second and of the sixth year.
const QUARTERS_LISTED: [&str; 2] = ["7", "23"];

/// Hexadecimal digits of the digest that CHANGELOG.md must hold.
const DIGEST_LENGTH: usize = 12;

/// A reason has at least so many letters.
const SHORTEST_REASON: usize = 20;

struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        fs::read(path)
    }
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn golden_file(name: &str) -> PathBuf {
    repository().join("tests/golden").join(name)
}

fn scenario(name: &str) -> Scenario {
    let path = golden_file(&format!("{name}.toml"));
    let reading = read_scenario(&Disk, &path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let broken = rules::check(&reading.scenario).broken_errors;
    assert!(broken.is_empty(), "`fesr run` would refuse {name}: {broken:?}");
    reading.scenario
}

/// Which statistics of a table are listed (of a line in summary.csv the first only). Columns before `statistic` name a
/// row.
struct Listing {
    file: &'static str,
    statistics: &'static [&'static str],
}

const LISTINGS: [Listing; 4] = [
    Listing { file: "summary.csv", statistics: &["mean", "sd", "q0.99", "es0.99"] },
    Listing { file: "timeline.csv", statistics: &["mean"] },
    Listing { file: "groups.csv", statistics: &["mean"] },
    Listing { file: "contributions.csv", statistics: &["mean", "es0.99"] },
];

/// The golden text of a scenario: `TABLE ROW | STATISTIC VALUE | ...`, rows of nothing but zeros left out.
fn render(scenario: &Scenario) -> String {
    let plan = Plan::resolve(scenario);
    let summary = summarise(scenario, scenario.simulation.paths);
    let all_tables = [
        ("summary.csv", tables::summary_csv(&summary, None)),
        ("timeline.csv", tables::timeline_csv(&plan, &summary)),
        ("groups.csv", tables::groups_csv(&summary)),
        ("contributions.csv", tables::contributions_csv(&summary)),
        ("histogram.csv", tables::histogram_csv(&summary)),
        ("exact-check.csv", tables::exact_check_csv(&summary)),
    ];
    let mut text = String::new();
    for (file, table) in &all_tables {
        if let Some(listing) = LISTINGS.iter().find(|listing| listing.file == *file) {
            list_rows(listing, table, &mut text);
        }
    }
    for (file, table) in &all_tables {
        text.push_str(&format!("whole {file} | sha256 {}\n", sha256(table.as_bytes())));
    }
    text
}

fn list_rows(listing: &Listing, table: &str, text: &mut String) {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|cell| cell == name).expect("a column");
    let (statistic, value) = (column("statistic"), column("value"));
    let mut rows: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for record in reader.records() {
        let record = record.expect("a row");
        if listing.file == "timeline.csv" && !QUARTERS_LISTED.contains(&&record[0]) {
            continue;
        }
        let is_of_a_line = listing.file == "summary.csv" && &record[1] != "all";
        let statistics = if is_of_a_line { &listing.statistics[..1] } else { listing.statistics };
        if !statistics.contains(&&record[statistic]) {
            continue;
        }
        let row: Vec<&str> = record.iter().take(statistic).collect();
        let row = row.join(" ");
        if rows.last().is_none_or(|last| last.0 != row) {
            rows.push((row, Vec::new()));
        }
        let last = rows.last_mut().expect("just pushed");
        last.1.push((record[statistic].to_string(), record[value].to_string()));
    }
    let is_nothing = |value: &str| value.is_empty() || value.parse::<f64>() == Ok(0.0);
    for (row, figures) in rows.iter().filter(|row| !row.1.iter().all(|figure| is_nothing(&figure.1))) {
        let figures: String = figures.iter().map(|(name, value)| format!(" | {name} {value}")).collect();
        text.push_str(&format!("{} {row}{figures}\n", listing.file));
    }
}

/// The first figure that differs, with its old and its new value; `None` if the texts are equal.
fn first_difference(golden: &str, computed: &str) -> Option<String> {
    if golden == computed {
        return None;
    }
    let (mut old_lines, mut new_lines) = (golden.lines(), computed.lines());
    let (old, new) = loop {
        match (old_lines.next(), new_lines.next()) {
            (Some(old), Some(new)) if old == new => {}
            pair => break pair,
        }
    };
    let row =
        |line: Option<&str>| line.unwrap_or_default().split(" | ").next().unwrap_or_default().to_string();
    if row(old) != row(new) {
        let is_still_there = computed.lines().any(|line| row(Some(line)) == row(old));
        return Some(match (old, new) {
            (Some(old), _) if !is_still_there => format!("a row that is gone: {old}"),
            (_, Some(new)) => format!("a row that is new: {new}"),
            (_, None) => "the rows stand in another order".to_string(),
        });
    }
    let cells = |line: Option<&str>| -> Vec<String> {
        line.unwrap_or_default().split(" | ").skip(1).map(str::to_string).collect()
    };
    let (old_cells, new_cells) = (cells(old), cells(new));
    let differing = old_cells.iter().zip(&new_cells).find(|(old, new)| old != new);
    Some(match differing {
        Some((old_cell, new_cell)) => format!("{}: was {old_cell}, is {new_cell}", row(old)),
        None => format!("{}: other statistics are listed", row(old)),
    })
}

/// The first digits of the SHA-256 of all golden results, in order.
fn digest(texts: &[String]) -> String {
    sha256(texts.concat().as_bytes())[..DIGEST_LENGTH].to_string()
}

/// Whether the newest "Results change" of a changelog tells the reason for these golden results.
fn tells_why(changelog: &str, digest: &str) -> bool {
    let after_heading = changelog.split("\n### Results change\n").nth(1).unwrap_or_default();
    let section = after_heading.split("\n#").next().unwrap_or_default();
    let entries = section.split("\n- ").map(|entry| entry.split_whitespace().collect::<Vec<_>>().join(" "));
    let mark = format!("(golden results {digest})");
    entries.into_iter().any(|entry| {
        let reason = entry.trim_start_matches("- ").trim_end_matches('.').strip_suffix(&mark);
        reason.is_some_and(|reason| reason.trim().len() >= SHORTEST_REASON)
    })
}

#[test]
fn golden_results_are_those_last_accepted_and_the_changelog_tells_why() {
    let accept = std::env::var("FESR_ACCEPT_GOLDEN").is_ok_and(|value| value == "1");
    let mut changes: Vec<String> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for name in SCENARIOS {
        let computed = render(&scenario(name));
        let file = golden_file(&format!("{name}.txt"));
        let golden = fs::read_to_string(&file).unwrap_or_default();
        if let Some(difference) = first_difference(&golden, &computed) {
            changes.push(format!("{name}: {difference}"));
            if accept {
                fs::write(&file, &computed).expect("golden results can be written");
            }
        }
        texts.push(computed);
    }
    let list = changes.join("\n  ");
    assert!(
        changes.is_empty() || accept,
        "figures changed; the first of each scenario:\n  {list}\n\
         If that is meant: FESR_ACCEPT_GOLDEN=1 cargo test --test golden"
    );
    let changelog = fs::read_to_string(repository().join("CHANGELOG.md")).expect("CHANGELOG.md");
    let digest = digest(&texts);
    assert!(
        tells_why(&changelog, &digest),
        "golden results changed: tell the readers of results why. Add to the newest \"Results change\" of \
         CHANGELOG.md (or correct there):\n- REASON, by how much (golden results {digest}).\n  {list}"
    );
}

#[test]
fn every_figure_is_there_in_some_golden_result() {
    let golden: String = SCENARIOS
        .iter()
        .map(|name| fs::read_to_string(golden_file(&format!("{name}.txt"))).expect("a golden result"))
        .collect();
    for metric in MetricId::ALL {
        // Rows of nothing but zeros are not listed.
        let row = format!("summary.csv {} ", metric.id());
        assert!(golden.contains(&row), "no golden scenario moves {}", metric.id());
    }
}

#[test]
fn every_golden_result_has_its_scenario() {
    let mut names: Vec<String> = fs::read_dir(repository().join("tests/golden"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .filter_map(|name| name.strip_suffix(".txt").map(str::to_string))
        .collect();
    names.sort();
    assert_eq!(names, SCENARIOS);
}

#[test]
fn a_difference_names_the_figure_with_its_old_and_new_value() {
    let golden = "summary.csv a all EUR | mean 1 | sd 2\nsummary.csv b all EUR | mean 3\n";
    let told = |computed: &str| first_difference(golden, computed).unwrap_or_default();
    assert_eq!(told(golden), "");
    assert_eq!(told(&golden.replace("sd 2", "sd 4")), "summary.csv a all EUR: was sd 2, is sd 4");
    assert_eq!(
        told("summary.csv a all EUR | mean 1 | sd 2\n"),
        "a row that is gone: summary.csv b all EUR | mean 3"
    );
    let with_new = format!("summary.csv 0 all EUR | mean 9\n{golden}");
    assert_eq!(told(&with_new), "a row that is new: summary.csv 0 all EUR | mean 9");
    assert!(told("").starts_with("a row that is gone: summary.csv a"));
}

#[test]
fn only_the_newest_results_change_with_a_reason_counts() {
    let changelog = "# Changelog\n\n## 2\n\n### Results change\n- Grants are rounded half-even, up to a cent\n  \
                     (golden results 0123456789ab).\n- (golden results aaaaaaaaaaaa)\n\n### Added\n- x\n\n\
                     ## 1\n\n### Results change\n- Everything is new, nothing before (golden results ffffffffffff).\n";
    assert!(tells_why(changelog, "0123456789ab"));
    assert!(!tells_why(changelog, "aaaaaaaaaaaa"), "no reason");
    assert!(!tells_why(changelog, "ffffffffffff"), "an older section");
    assert!(!tells_why("", "0123456789ab"));
}
