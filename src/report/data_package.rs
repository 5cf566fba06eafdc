//! `datapackage.json`: what the CSV files of a result are, for R, Stata, Python and whoever finds the folder in ten years.
//!
//! A Data Package (<https://datapackage.org>, version 2): each table with its title and the name, type, unit and meaning of
//! each column, the key of its rows, its size and SHA-256; beside them the definition of every figure. All of it comes
//! from the tables that make the files ([`super::table_shape`], [`crate::metrics`]), so that it cannot tell of other ones.
//! As a machine file it is in English in every language. `bytes` and `hash` are left out where a file was not in memory.

use super::region::shapes::REGION_TABLES;
use super::spreadsheet_csv::ExtraCsv;
use super::table_shape::studies::STUDY_TABLES;
use super::table_shape::{BORROWERS, CHART, CellKind, NamedColumn, TABLES, path_columns};
use super::{OutputFile, RunFacts};
use crate::aggregate::columns::columns;
use crate::aggregate::timeline::SeriesId;
use crate::chart::Chart;
use crate::locale::metric_name;
use crate::metrics::MetricId;
use crate::plan::Plan;
use crate::report::run_record::sha256;
use crate::report::study_record::StudyFacts;
use crate::scenario::Language;
use serde::Serialize;

/// Name of the description in a result folder.
pub const DATA_PACKAGE_FILE: &str = "datapackage.json";

/// Name of the file with one row a path.
pub const PATHS_FILE: &str = "paths.csv";

/// What is known of `paths.csv`, which is written as the paths come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathsFile {
    /// Its SHA-256.
    pub sha256: String,
    /// Whether the paths have weights (`--tail`).
    pub weighted: bool,
}

#[derive(Serialize)]
struct Package<'a> {
    #[serde(rename = "$schema")]
    profile: &'static str,
    name: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    run: Run<'a>,
    resources: Vec<Resource>,
    metrics: Vec<Definition>,
    timeline_metrics: Vec<Definition>,
}

/// What was run.
#[derive(Serialize)]
struct Run<'a> {
    program: &'static str,
    version: &'a str,
    paths: u64,
    seed: u64,
    horizon: String,
    interrupted: bool,
}

/// A figure: what its id means.
#[derive(Serialize)]
struct Definition {
    id: &'static str,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    description: &'static str,
}

#[derive(Serialize)]
struct Resource {
    name: String,
    r#type: &'static str,
    path: String,
    title: String,
    description: String,
    format: &'static str,
    mediatype: &'static str,
    encoding: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
    hash: String,
    dialect: Dialect,
    schema: Schema,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dialect {
    delimiter: &'static str,
    line_terminator: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    fields: Vec<Field>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    primary_key: &'static [&'static str],
    missing_values: [&'static str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Field {
    name: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    decimal_char: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    unit: &'static str,
    description: String,
}

/// A table as the package tells of it, before its file is looked at.
struct Described {
    title: String,
    description: String,
    columns: Vec<NamedColumn>,
    key: &'static [&'static str],
}

/// Describes the tables among `files`, which belong to `charts` in English, and `paths.csv` if there is one.
///
/// # Panics
/// If a CSV file among them is no table that [`super::table_shape`] knows.
pub fn data_package(
    facts: &RunFacts,
    plan: &Plan,
    files: &[OutputFile],
    charts: &[Chart],
    path_rows: Option<&PathsFile>,
) -> OutputFile {
    let tables = files.iter().filter(|file| file.name.ends_with(".csv"));
    let mut resources: Vec<Resource> = tables.map(|file| resource(file, charts)).collect();
    resources.extend(path_rows.map(|rows| path_resource(plan, rows)));
    let identity = &facts.scenario.identity;
    let package = Package {
        profile: "https://datapackage.org/profiles/2.0/datapackage.json",
        name: &identity.name,
        title: &identity.title,
        description: &identity.description,
        run: Run {
            program: "fesr",
            version: facts.version,
            paths: facts.paths,
            seed: facts.scenario.simulation.seed,
            horizon: facts.horizon(),
            interrupted: facts.interrupted(),
        },
        resources,
        metrics: MetricId::ALL.iter().map(|metric| metric_definition(*metric)).collect(),
        timeline_metrics: SeriesId::ALL.iter().map(|series| series_definition(*series)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&package).expect("plain data is JSON");
    text.push('\n');
    OutputFile::text(DATA_PACKAGE_FILE, text)
}

#[derive(Serialize)]
struct StudyPackage<'a> {
    #[serde(rename = "$schema")]
    profile: &'static str,
    name: &'a str,
    title: &'a str,
    run: StudyRun,
    resources: Vec<Resource>,
    metrics: Vec<Definition>,
}

/// What was studied.
#[derive(Serialize)]
struct StudyRun {
    program: &'static str,
    command: &'static str,
    version: &'static str,
    paths: u64,
    seed: u64,
    interrupted: bool,
}

/// Describes the tables of a study among `files`, which belong to `charts` in English.
///
/// # Panics
/// If a CSV file among them is no table that [`super::table_shape`] knows.
pub fn study_package(facts: &StudyFacts, files: &[OutputFile], charts: &[Chart]) -> OutputFile {
    let tables = files.iter().filter(|file| file.name.ends_with(".csv"));
    let package = StudyPackage {
        profile: "https://datapackage.org/profiles/2.0/datapackage.json",
        name: &facts.name,
        title: &facts.title,
        run: StudyRun {
            program: "fesr",
            command: facts.command,
            version: facts.version,
            paths: facts.paths,
            seed: facts.seed,
            interrupted: facts.interrupted,
        },
        resources: tables.map(|file| resource(file, charts)).collect(),
        metrics: MetricId::ALL.iter().map(|metric| metric_definition(*metric)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&package).expect("plain data is JSON");
    text.push('\n');
    OutputFile::text(DATA_PACKAGE_FILE, text)
}

fn metric_definition(metric: MetricId) -> Definition {
    Definition {
        id: metric.id(),
        unit: metric.unit().word(),
        title: Some(metric_name(metric, Language::English)),
        description: metric.meaning(),
    }
}

fn series_definition(series: SeriesId) -> Definition {
    Definition { id: series.id(), unit: series.unit().word(), title: None, description: series.meaning() }
}

fn resource(file: &OutputFile, charts: &[Chart]) -> Resource {
    let for_spreadsheet = ExtraCsv::ALL
        .iter()
        .find_map(|csv| Some((*csv, file.name.strip_prefix(csv.folder())?.strip_prefix('/')?)));
    let machine_name = for_spreadsheet.map_or(file.name.as_str(), |(_, name)| name);
    // A study may have the list of each of its scenarios.
    let is_list = machine_name.rsplit('/').next() == Some(BORROWERS.file);
    let mut described = described(if is_list { BORROWERS.file } else { machine_name }, charts);
    if is_list {
        // Its last column is there only if somebody is made to default.
        let header = String::from_utf8_lossy(&file.bytes);
        let header = header.lines().next().unwrap_or_default();
        described.columns.retain(|column| header.contains(column.name.as_str()));
    }
    if let Some((csv, _)) = for_spreadsheet {
        described.description = format!("{machine_name} for spreadsheets (--csv {})", csv.word());
    }
    let csv = for_spreadsheet.map(|(csv, _)| csv);
    let about_file = (Some(file.bytes.len()), sha256(&file.bytes));
    resource_of(&file.name, described, csv, about_file)
}

fn path_resource(plan: &Plan, rows: &PathsFile) -> Resource {
    let described = Described {
        title: "Every path".to_string(),
        description: "One simulated future a row, one figure a column".to_string(),
        columns: path_columns(&columns(plan), rows.weighted),
        key: &["path"],
    };
    resource_of(PATHS_FILE, described, None, (None, rows.sha256.clone()))
}

fn described(name: &str, charts: &[Chart]) -> Described {
    let of_chart = |chart: &Chart| Described {
        title: chart.text.title.clone(),
        description: format!("The numbers behind charts/{}.svg: {}", chart.name, chart.text.subtitle),
        columns: CHART.iter().map(NamedColumn::from).collect(),
        key: &[],
    };
    let chart = name.strip_prefix("charts/").and_then(|name| name.strip_suffix(".csv"));
    if let Some(chart) = chart.and_then(|name| charts.iter().find(|chart| chart.name == name)) {
        return of_chart(chart);
    }
    let shape = TABLES
        .into_iter()
        .chain(REGION_TABLES)
        .chain(STUDY_TABLES)
        .chain([&BORROWERS])
        .find(|shape| shape.file == name);
    let shape = shape.unwrap_or_else(|| panic!("{name} is no table of table_shape"));
    Described {
        title: shape.title.to_string(),
        description: shape.meaning.to_string(),
        columns: shape.columns.iter().map(NamedColumn::from).collect(),
        key: shape.key,
    }
}

fn resource_of(
    path: &str,
    described: Described,
    csv: Option<ExtraCsv>,
    (bytes, hash): (Option<usize>, String),
) -> Resource {
    let (dialect, decimal_char) = match csv {
        None => (Dialect { delimiter: ",", line_terminator: "\n" }, None),
        Some(ExtraCsv::ExcelItalian) => (Dialect { delimiter: ";", line_terminator: "\r\n" }, Some(",")),
    };
    let field = |column: NamedColumn| Field {
        name: column.name,
        r#type: match column.kind {
            CellKind::Text | CellKind::NumberOrText => "string",
            CellKind::Whole => "integer",
            CellKind::Number => "number",
        },
        decimal_char: decimal_char.filter(|_| column.kind == CellKind::Number),
        unit: column.unit,
        description: column.meaning,
    };
    Resource {
        name: path.trim_end_matches(".csv").replace('/', "-"),
        r#type: "table",
        path: path.to_string(),
        title: described.title,
        description: described.description,
        format: "csv",
        mediatype: "text/csv",
        encoding: "utf-8",
        bytes,
        hash: format!("sha256:{hash}"),
        dialect,
        schema: Schema {
            fields: described.columns.into_iter().map(field).collect(),
            primary_key: described.key,
            missing_values: [""],
        },
    }
}
