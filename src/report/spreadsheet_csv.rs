//! Tables for the spreadsheets of a country, beside the machine's: the same cells, written as that spreadsheet reads them.
//!
//! Italian Excel opens a CSV with a double click if it has a byte order mark (else "è" becomes "Ã¨"), semicolons between
//! cells and commas as decimal marks. A line `sep=;` would make it ignore the mark, so there is none. Texts stay as they
//! are: names are no numbers, whatever signs they have, and are no formulas ([`crate::spreadsheet`]).

use super::OutputFile;
use super::region::shapes::REGION_TABLES;
use super::table_shape::{BORROWERS, CHART, CellKind, TABLES};
use serde::{Deserialize, Serialize};

/// For which spreadsheet tables are written beside the machine's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ExtraCsv {
    /// Excel as set up in Italy: byte order mark, semicolon, decimal comma, CRLF.
    #[serde(rename = "excel-it")]
    ExcelItalian,
}

impl ExtraCsv {
    /// All of them.
    pub const ALL: &'static [ExtraCsv] = &[ExtraCsv::ExcelItalian];

    /// The word of the option `--csv`.
    pub fn word(self) -> &'static str {
        match self {
            ExtraCsv::ExcelItalian => "excel-it",
        }
    }

    /// The one with this word.
    pub fn from_word(word: &str) -> Option<ExtraCsv> {
        ExtraCsv::ALL.iter().copied().find(|csv| csv.word() == word)
    }

    /// The folder of a result that its files stand in.
    pub fn folder(self) -> &'static str {
        self.word()
    }

    /// The file that a table of the result becomes; `None` for files that are no tables: `summary.csv` becomes
    /// `excel-it/summary.csv`, `charts/losses.csv` becomes `excel-it/charts/losses.csv`.
    pub fn rewrite(self, file: &OutputFile) -> Option<OutputFile> {
        let kinds = cell_kinds(&file.name)?;
        // The words for what a chart draws are the machine's in every language; who opens this file reads Italian.
        let words = if file.name.starts_with("charts/") { ELEMENTS } else { &[] };
        let text = match self {
            ExtraCsv::ExcelItalian => for_italian_excel(&file.bytes, &kinds, words),
        };
        let name = format!("{}/{}", self.folder(), file.name);
        Some(OutputFile::text(&name, text))
    }
}

/// What the columns of a table of the result are.
fn cell_kinds(name: &str) -> Option<Vec<CellKind>> {
    let columns = match name.strip_prefix("charts/") {
        Some(chart) => chart.ends_with(".csv").then_some(&CHART[..]),
        None => TABLES
            .into_iter()
            .chain(REGION_TABLES)
            .chain([&BORROWERS])
            .find(|shape| shape.file == name)
            .map(|shape| shape.columns),
    }?;
    Some(columns.iter().map(|column| column.kind).collect())
}

/// What is drawn in a chart, as `element` of its table, and in Italian.
const ELEMENTS: &[(&str, &str)] = &[
    ("band", "fascia"),
    ("bar", "barra"),
    ("base", "base"),
    ("beaten dot", "punto battuto"),
    ("bin", "intervallo"),
    ("cell", "cella"),
    ("crossed cell", "cella barrata"),
    ("dot", "punto"),
    ("dotted cell", "cella punteggiata"),
    ("exceedance", "probabilità di superare"),
    ("framed cell", "cella bordata"),
    ("hatched cell", "cella tratteggiata"),
    ("high", "massimo"),
    ("low", "minimo"),
    ("marker", "segno"),
    ("mean", "media"),
    ("median", "mediana"),
    ("part", "parte"),
    ("reference", "riferimento"),
    ("sample", "percorso"),
    ("threshold", "soglia"),
];

/// Position of `element` in the table of a chart.
const ELEMENT: usize = 2;

fn for_italian_excel(csv: &[u8], kinds: &[CellKind], elements: &[(&str, &str)]) -> String {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv);
    for (row, record) in reader.records().enumerate() {
        let record = record.expect("a table of a result is CSV");
        let cells = record.iter().zip(kinds).enumerate().map(|(column, (cell, kind))| {
            let element = elements.iter().find(|(word, _)| column == ELEMENT && row > 0 && *word == cell);
            if let Some((_, italian)) = element {
                return (*italian).to_string();
            }
            let numeric = match kind {
                CellKind::Text => false,
                CellKind::Whole | CellKind::Number => row > 0,
                CellKind::NumberOrText => row > 0 && is_number(cell),
            };
            if numeric { cell.replace('.', ",") } else { cell.to_string() }
        });
        writer.write_record(cells).expect("writing to memory cannot fail");
    }
    let bytes = writer.into_inner().expect("writing to memory cannot fail");
    String::from_utf8(bytes).expect("cells are text")
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn italian_excel_reads_numbers_as_numbers_and_names_as_names() {
        let machine = "dimension,group,line,metric,unit,statistic,value,std_error\n\
                       product,\"co-loan; 1.5, è\",1,defaults,count,q0.99,-1234.50,\n\
                       rating,'=1+1,all,defaults,count,mean,0.000000,1.25\n";
        let file = ExtraCsv::ExcelItalian.rewrite(&OutputFile::text("groups.csv", machine.to_string()));
        let file = file.expect("a table");
        assert_eq!(file.name, "excel-it/groups.csv");
        let expected = "\u{feff}dimension;group;line;metric;unit;statistic;value;std_error\r\n\
                        product;\"co-loan; 1.5, è\";1;defaults;count;q0.99;-1234,50;\r\n\
                        rating;'=1+1;all;defaults;count;mean;0,000000;1,25\r\n";
        assert_eq!(String::from_utf8(file.bytes).expect("text"), expected);
    }

    #[test]
    fn a_place_on_an_axis_is_a_number_or_a_name() {
        let machine = "panel,series,element,level,x,x_end,value,low,high\n\
                       p,,bin,,1000.5,2000,3,,\np,,bar,,Cooperativa n. 3.1,,0.5,0.4,0.6\np,,median,,2019-Q1,,0.5,,\n";
        let file = OutputFile::text("charts/losses.csv", machine.to_string());
        let file = ExtraCsv::ExcelItalian.rewrite(&file).expect("a table");
        assert_eq!(file.name, "excel-it/charts/losses.csv");
        let text = String::from_utf8(file.bytes).expect("text");
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "p;;intervallo;;1000,5;2000;3;;",
                "p;;barra;;Cooperativa n. 3.1;;0,5;0,4;0,6",
                "p;;mediana;;2019-Q1;;0,5;;"
            ]
        );
    }

    #[test]
    fn what_is_no_table_is_left_alone() {
        for name in ["summary.json", "charts/losses.svg", "charts/left-out.txt", "paths.csv"] {
            assert_eq!(
                ExtraCsv::ExcelItalian.rewrite(&OutputFile::text(name, String::new())),
                None,
                "{name}"
            );
        }
    }

    #[test]
    fn words_are_found_again() {
        for csv in ExtraCsv::ALL {
            assert_eq!(ExtraCsv::from_word(csv.word()), Some(*csv));
        }
    }
}
