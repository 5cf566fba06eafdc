//! `datapackage.json` against the files that it describes, and what a spreadsheet would make of them.

use super::sample::{degenerate, mixed, simulated};
use crate::reading::read_scenario;
use crate::report::OutputFile;
use crate::report::data_package::{DATA_PACKAGE_FILE, PATHS_FILE, PathsFile};
use crate::report::result_files::{Extras, result_files};
use crate::report::spreadsheet_csv::ExtraCsv;
use crate::report::tables::paths_csv_header;
use crate::resolved::RESOLVED_FILE;
use crate::scenario::*;
use crate::units::Cents;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Everything that can be written of a small run.
fn files(scenario: &Scenario, paths: u64, planned: u64) -> Vec<OutputFile> {
    let path_rows = Some(PathsFile { sha256: "0".repeat(64), weighted: true });
    let extras = Extras { png: false, csv: Some(ExtraCsv::ExcelItalian), path_rows, books: None };
    simulated(scenario, paths, planned, |facts, plan, summary, limits| {
        result_files(facts, plan, summary, limits, &extras).files
    })
}

fn file<'f>(files: &'f [OutputFile], name: &str) -> &'f OutputFile {
    files.iter().find(|file| file.name == name).unwrap_or_else(|| panic!("no {name}"))
}

fn package(files: &[OutputFile]) -> Value {
    serde_json::from_slice(&file(files, DATA_PACKAGE_FILE).bytes).expect("JSON")
}

fn resources(package: &Value) -> &[Value] {
    package["resources"].as_array().expect("a list")
}

fn word<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}"))
}

/// Rows of a table as its resource says that it is written.
fn rows(bytes: &[u8], resource: &Value) -> Vec<Vec<String>> {
    let delimiter = word(&resource["dialect"], "delimiter").as_bytes()[0];
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(text);
    let rows = reader.records().map(|record| record.expect("a row").iter().map(str::to_string).collect());
    rows.collect()
}

fn check_table(file: &OutputFile, resource: &Value) {
    let name = &file.name;
    assert_eq!(resource["bytes"], file.bytes.len(), "{name}");
    let hash = crate::report::run_record::sha256(&file.bytes);
    assert_eq!(word(resource, "hash"), format!("sha256:{hash}"), "{name}");
    let line_end = word(&resource["dialect"], "lineTerminator");
    assert!(file.bytes.ends_with(line_end.as_bytes()), "{name}");
    let rows = rows(&file.bytes, resource);
    let fields = resource["schema"]["fields"].as_array().expect("fields");
    let header: Vec<&str> = fields.iter().map(|field| word(field, "name")).collect();
    assert_eq!(rows[0], header, "{name}");
    for field in fields {
        assert!(word(field, "description").len() > 5, "{name}: {field}");
        let numeric = word(field, "type") != "string";
        assert!(!numeric || field["unit"].is_string() || field["name"] == "path", "{name}: {field}");
    }
    let key = resource["schema"]["primaryKey"].as_array();
    let key: Option<Vec<usize>> = key.map(|names| {
        let position = |name: &Value| header.iter().position(|column| name == column).expect("a column");
        names.iter().map(position).collect()
    });
    let mut seen = BTreeSet::new();
    for row in &rows[1..] {
        assert_eq!(row.len(), fields.len(), "{name}: {row:?}");
        if let Some(key) = &key {
            let cells: Vec<&String> = key.iter().map(|position| &row[*position]).collect();
            assert!(seen.insert(format!("{cells:?}")), "{name}: two rows are {cells:?}");
        }
        for (cell, field) in row.iter().zip(fields) {
            check_cell(name, cell, field);
        }
    }
}

fn check_cell(name: &str, cell: &str, field: &Value) {
    let mark = field["decimalChar"].as_str().unwrap_or(".");
    let is_number = |cell: &str| {
        let other = if mark == "," { "." } else { "," };
        !cell.contains(other) && cell.replace(mark, ".").parse::<f64>().is_ok_and(f64::is_finite)
    };
    match word(field, "type") {
        _ if cell.is_empty() => {}
        "integer" => assert!(cell.parse::<i64>().is_ok(), "{name}, {}: {cell}", field["name"]),
        "number" => assert!(is_number(cell), "{name}, {}: {cell}", field["name"]),
        "string" => {
            let live = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            let plain = cell.replace(',', ".").parse::<f64>().is_ok_and(f64::is_finite);
            assert!(!live || plain, "{name}, {}: a spreadsheet runs {cell:?}", field["name"]);
        }
        other => panic!("{other}"),
    }
}

fn check_all(files: &[OutputFile]) {
    let package = package(files);
    let resources = resources(&package);
    let mut names = BTreeSet::new();
    for resource in resources {
        let name = word(resource, "name");
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte);
        assert!(names.insert(name) && name.bytes().all(allowed), "{name}");
    }
    let tables: Vec<&OutputFile> = files.iter().filter(|file| file.name.ends_with(".csv")).collect();
    let described: Vec<&str> = resources.iter().map(|resource| word(resource, "path")).collect();
    let written: Vec<&str> = tables.iter().map(|file| file.name.as_str()).chain([PATHS_FILE]).collect();
    assert_eq!(described, written);
    for (file, resource) in tables.into_iter().zip(resources) {
        check_table(file, resource);
    }
}

#[test]
fn every_table_is_what_the_package_says() {
    let italian = files(&mixed(Language::Italian), 300, 300);
    check_all(&italian);
    let english = files(&mixed(Language::English), 300, 300);
    assert_eq!(package(&italian), package(&english), "a machine file depends on the language");
    for name in ["excel-it/summary.csv", "excel-it/charts/loss-distribution.csv"] {
        assert!(file(&italian, name).bytes.starts_with("\u{feff}".as_bytes()), "{name}");
    }
}

#[test]
fn so_it_is_where_something_is_missing() {
    for (name, scenario, paths, planned) in degenerate(Language::English) {
        println!("{name}");
        check_all(&files(&scenario, paths, planned));
    }
}

#[test]
fn every_path_is_described_column_by_column() {
    let scenario = mixed(Language::English);
    let plan = crate::plan::Plan::resolve(&scenario);
    let package = package(&files(&scenario, 50, 50));
    let resource = resources(&package).last().expect("paths.csv");
    let fields = resource["schema"]["fields"].as_array().expect("fields");
    let names: Vec<&str> = fields.iter().map(|field| word(field, "name")).collect();
    let header = paths_csv_header(&crate::aggregate::columns::columns(&plan), true);
    assert_eq!(names.join(","), header.trim_end());
    assert_eq!(word(resource, "hash"), format!("sha256:{}", "0".repeat(64)));
}

#[test]
fn names_of_a_scenario_are_no_formulas_in_any_table_and_are_read_back() {
    let mut scenario = mixed(Language::English);
    scenario.identity.title = "=HYPERLINK(\"https://example.org\")".to_string();
    scenario.credit.ratings[0].name = "+1".to_string();
    let line = scenario.line2.as_mut().expect("line 2");
    line.products[0].name = "=cmd|' /C calc'!A0".to_string();
    line.products[1].name = "@SUM(1;-2)".to_string();
    let borrower = |id: &str, product| Borrower {
        id: id.to_string(),
        line: LineNumber::Two,
        quarter: 0,
        investment: Cents(5_000_000),
        theme: Theme::HealthWellbeing,
        legal_form: LegalForm::Nonprofit,
        size: Size::Small,
        rating: 0,
        product,
        accompanied: false,
        members: 1,
        forced_default_quarter: None,
    };
    line.pipeline = Pipeline::List(vec![
        borrower("=1+1", Some(0)),
        borrower("-2+3;@x", Some(1)),
        borrower("l'=altra", None),
    ]);
    let files = files(&scenario, 300, 300);
    check_all(&files);
    // The column for stress tests is described where it is written.
    let mut stressed = scenario.clone();
    let Some(Pipeline::List(borrowers)) = stressed.line2.as_mut().map(|line| &mut line.pipeline) else {
        panic!("a list")
    };
    borrowers[1].forced_default_quarter = Some(3);
    borrowers[2].members = 4;
    check_all(&self::files(&stressed, 300, 300));
    let contributions = String::from_utf8_lossy(&file(&files, "contributions.csv").bytes).into_owned();
    assert!(contributions.contains("borrower,'=1+1,"), "{contributions}");
    let input = [RESOLVED_FILE, "borrowers.csv"];
    let input: BTreeMap<PathBuf, Vec<u8>> =
        input.iter().map(|name| (PathBuf::from(name), file(&files, name).bytes.clone())).collect();
    let reading = read_scenario(&input, Path::new(RESOLVED_FILE), &[]).expect("a scenario");
    assert_eq!(reading.scenario, scenario);
    // The list as Italian Excel would save it again.
    let mut input = input;
    let excel = file(&files, "excel-it/borrowers.csv").bytes.clone();
    input.insert(PathBuf::from("borrowers.csv"), excel);
    let reading = read_scenario(&input, Path::new(RESOLVED_FILE), &[]).expect("a scenario");
    assert_eq!(reading.scenario, scenario);
}
