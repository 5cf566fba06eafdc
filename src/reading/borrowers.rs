//! The list of borrowers: a CSV file with a header, one applicant a row.
//!
//! With `;` between the columns, amounts may have a decimal comma and grouped thousands, as Italian spreadsheets
//! write them; with `,` they have a point. Every bad cell is reported, all in one go. The apostrophe that keeps a
//! spreadsheet from running an id or a name as a formula is not part of it ([`crate::spreadsheet`]).

use super::field::LARGEST_AMOUNT;
use super::number;
use crate::diagnostic::{Place, Problem, SourceId, Sources, nearest};
use crate::scenario::{Borrower, Choice, LegalForm, LineNumber, Size, Theme};
use crate::spreadsheet::{as_meant, safe};
use crate::units::Cents;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The columns; the last two may be absent.
pub const COLUMNS: [&str; 10] = [
    "id",
    "line",
    "quarter",
    "investment",
    "theme",
    "legal_form",
    "size",
    "rating",
    "product",
    "accompanied",
];
/// Columns that may be absent or empty.
const OPTIONAL: [&str; 2] = ["product", "accompanied"];
/// Most rows of a list.
const MOST_ROWS: usize = 100_000;
/// Longest id in characters.
const LONGEST_ID: usize = 200;

/// What the rest of the scenario says about rows.
pub struct Surroundings {
    /// Names of the ratings, in order.
    pub ratings: Vec<String>,
    /// Names of the products of line 1 and line 2, in order; `None` where the scenario has no such line.
    pub products: [Option<Vec<String>>; 2],
    /// Quarters of the availability period, if known.
    pub availability_quarters: Option<u32>,
}

/// Reads all rows; `None` if any of them, or the file, has a problem.
pub fn read(
    source: SourceId,
    sources: &Sources,
    surroundings: &Surroundings,
    report: &dyn Fn(Problem),
) -> Option<Vec<Borrower>> {
    let text = sources.get(source).text.as_str();
    let header_line = text.lines().next().unwrap_or_default();
    let separator = match header_line.matches(';').count() > header_line.matches(',').count() {
        true => b';',
        false => b',',
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut records = reader.records().map_while(Result::ok);
    let header = match records.next() {
        Some(header) => header,
        None => {
            let message = "the list of borrowers is empty: not even a header line";
            let hint = format!("the first line is {}", COLUMNS.join(","));
            report(Problem::error("E201", &Place::start_of(source), message).hint(hint));
            return None;
        }
    };
    let columns = Columns::find(&header, source, text, separator, report)?;
    let mut table = Rows { source, text, separator, columns, surroundings, report, seen: BTreeMap::new() };
    let mut borrowers = Vec::new();
    let mut sound = true;
    let mut rows = 0;
    for (index, record) in records.enumerate() {
        if record.iter().all(str::is_empty) {
            continue;
        }
        rows += 1;
        if rows > MOST_ROWS {
            let place = Place::start_of(source);
            report(Problem::error("E206", &place, format!("the list has more than {MOST_ROWS} rows")));
            return None;
        }
        match table.row(index + 2, &record) {
            Some(borrower) => borrowers.push(borrower),
            None => sound = false,
        }
    }
    if rows == 0 {
        let message = "the list of borrowers has a header and no rows";
        report(
            Problem::error("E201", &Place::start_of(source), message)
                .hint("write one row for each applicant"),
        );
        return None;
    }
    sound.then_some(borrowers)
}

/// Position of each column in a row.
struct Columns([Option<usize>; COLUMNS.len()]);

impl Columns {
    fn find(
        header: &csv::StringRecord,
        source: SourceId,
        text: &str,
        separator: u8,
        report: &dyn Fn(Problem),
    ) -> Option<Columns> {
        let mut positions = [None; COLUMNS.len()];
        let mut sound = true;
        for (position, name) in header.iter().enumerate() {
            let place = cell_place(source, text, separator, header, position);
            let simple = name.to_lowercase();
            match COLUMNS.iter().position(|column| *column == simple) {
                Some(column) if positions[column].is_none() => positions[column] = Some(position),
                Some(_) => {
                    sound = false;
                    let problem = Problem::error("E203", &place, format!("two columns are called `{name}`"));
                    report(problem.hint("take one of them out"));
                }
                None => {
                    sound = false;
                    let shown: String = name.chars().take(60).collect();
                    let problem = Problem::error("E202", &place, format!("unknown column `{shown}`"));
                    report(match nearest(name, COLUMNS) {
                        Some(near) => problem.hint(format!("did you mean `{near}`?")),
                        None => problem.hint(format!("the columns are {}", COLUMNS.join(", "))),
                    });
                }
            }
        }
        let missing: Vec<&str> = COLUMNS
            .iter()
            .zip(positions)
            .filter(|(name, position)| position.is_none() && !OPTIONAL.contains(name))
            .map(|(name, _)| *name)
            .collect();
        if !missing.is_empty() {
            sound = false;
            let message = format!("the header lacks the columns {}", missing.join(", "));
            let hint = "the first line names the columns, separated by `,` or `;`";
            report(Problem::error("E203", &Place::new(source, 0..first_line_end(text)), message).hint(hint));
        }
        sound.then_some(Columns(positions))
    }
}

fn first_line_end(text: &str) -> usize {
    text.find(['\r', '\n']).unwrap_or(text.len())
}

/// Where a cell stands; the whole row where quotes make that uncertain.
fn cell_place(
    source: SourceId,
    text: &str,
    separator: u8,
    record: &csv::StringRecord,
    column: usize,
) -> Place {
    let mut start = record.position().map_or(0, |position| position.byte() as usize).min(text.len());
    // The reader counts the line break before a row to the row.
    start += text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
    let line = &text[start..start + first_line_end(&text[start..])];
    if line.contains('"') {
        return Place::new(source, start..start + line.len());
    }
    let mut at = start;
    for (index, cell) in line.split(separator as char).enumerate() {
        if index == column {
            let leading = cell.len() - cell.trim_start().len();
            return Place::new(source, at + leading..at + leading + cell.trim().len());
        }
        at += cell.len() + 1;
    }
    Place::new(source, start..start + line.len())
}

struct Rows<'r> {
    source: SourceId,
    text: &'r str,
    separator: u8,
    columns: Columns,
    surroundings: &'r Surroundings,
    report: &'r dyn Fn(Problem),
    /// Ids so far, and the row of each.
    seen: BTreeMap<String, usize>,
}

/// One cell with what messages need.
struct Cell<'c> {
    rows: &'c Rows<'c>,
    record: &'c csv::StringRecord,
    row: usize,
    column: &'static str,
    position: Option<usize>,
    text: &'c str,
}

impl Cell<'_> {
    fn refuse<T>(&self, code: &'static str, reason: &str, hint: &str) -> Option<T> {
        let Rows { source, text, separator, .. } = self.rows;
        let position = self.position.unwrap_or(usize::MAX);
        let place = cell_place(*source, text, *separator, self.record, position);
        let message = format!("row {}, column `{}`: {reason}", self.row, self.column);
        let problem = Problem::error(code, &place, message);
        (self.rows.report)(if hint.is_empty() { problem } else { problem.hint(hint) });
        None
    }

    fn shown(&self) -> String {
        self.text.chars().take(60).collect()
    }

    fn word(&self, known: &[&str]) -> Option<usize> {
        let exactly = known.iter().position(|word| *word == self.text);
        if let Some(position) = exactly.or_else(|| known.iter().position(|word| safe(word) == self.text)) {
            return Some(position);
        }
        if self.text.is_empty() {
            return self.refuse("E205", "it is empty", &format!("write one of {}", known.join(", ")));
        }
        let hint = match nearest(self.text, known.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("write one of {}", known.join(", ")),
        };
        self.refuse("E205", &format!("\"{}\" is not known", self.shown()), &hint)
    }

    fn choice<T: Choice>(&self) -> Option<T> {
        self.word(T::VALUE_WORDS).map(|position| T::VALUES[position])
    }

    fn yes_or_no(&self) -> Option<bool> {
        match self.text.to_lowercase().as_str() {
            "" | "0" | "false" | "no" => Some(false),
            "1" | "true" | "yes" | "si" | "sì" => Some(true),
            _ => self.refuse(
                "E205",
                &format!("\"{}\" is neither yes nor no", self.shown()),
                "write 1/0, yes/no, si/no or true/false",
            ),
        }
    }

    fn investment(&self) -> Option<Cents> {
        let semicolon = self.rows.separator == b';';
        let read = if semicolon { number::italian(self.text) } else { number::plain(self.text) };
        let hint = match semicolon {
            true => "write euros like 1250,50 or 1.250,50 or 1250.50",
            false => "write euros like 1250.50, without grouping and unit",
        };
        let value = match read {
            Ok(value) => value,
            Err(reason) => return self.refuse("E204", &format!("\"{}\" is {reason}", self.shown()), hint),
        };
        if value <= Decimal::ZERO || value > LARGEST_AMOUNT.to_euros() {
            let reason = format!("an investment must be above 0 and at most 1,000,000,000 EUR, not {value}");
            return self.refuse("E204", &reason, hint);
        }
        match Cents::from_euros(value) {
            Some(cents) => Some(cents),
            None => {
                self.refuse("E204", &format!("{value} has fractions of a cent"), "write at most two decimals")
            }
        }
    }

    fn quarter(&self) -> Option<u32> {
        let Ok(quarter) = self.text.parse::<u32>() else {
            let reason = format!("\"{}\" is not a fund quarter", self.shown());
            return self.refuse("E204", &reason, "write a whole number; the fund's first quarter is 0");
        };
        match self.rows.surroundings.availability_quarters {
            Some(open) if quarter >= open => {
                let reason = format!("quarter {quarter} is after the availability period");
                self.refuse("E204", &reason, &format!("its quarters are 0 to {}", open - 1))
            }
            _ => Some(quarter),
        }
    }
}

impl Rows<'_> {
    fn row(&mut self, row: usize, record: &csv::StringRecord) -> Option<Borrower> {
        let widest = self.columns.0.iter().flatten().max().map_or(0, |last| last + 1);
        if record.iter().skip(widest).any(|cell| !cell.is_empty()) {
            let place = cell_place(self.source, self.text, self.separator, record, usize::MAX);
            let message = format!("row {row} has {} cells, the header names {widest} columns", record.len());
            let hint = match self.separator {
                b',' => {
                    "put texts with commas in quotes; use `;` between columns if amounts have decimal commas"
                }
                _ => "put texts with semicolons in quotes",
            };
            (self.report)(Problem::error("E206", &place, message).hint(hint));
            return None;
        }
        let cell = |name: &'static str| {
            let column = COLUMNS.iter().position(|column| *column == name);
            let position = column.and_then(|column| self.columns.0[column]);
            let text = position.and_then(|position| record.get(position)).unwrap_or_default();
            Cell { rows: self, record, row, column: name, position, text }
        };
        let id = id(&cell("id"), &self.seen);
        let line = line(&cell("line"));
        let quarter = cell("quarter").quarter();
        let investment = cell("investment").investment();
        let theme: Option<Theme> = cell("theme").choice();
        let legal_form: Option<LegalForm> = cell("legal_form").choice();
        let size: Option<Size> = cell("size").choice();
        let ratings: Vec<&str> = self.surroundings.ratings.iter().map(String::as_str).collect();
        let rating = cell("rating").word(&ratings);
        let product = line.map(|line| product(&cell("product"), line));
        let accompanied = cell("accompanied").yes_or_no();
        if let Some(id) = &id {
            self.seen.insert(id.clone(), row);
        }
        Some(Borrower {
            id: id?,
            line: line?,
            quarter: quarter?,
            investment: investment?,
            theme: theme?,
            legal_form: legal_form?,
            size: size?,
            rating: rating?,
            product: product??,
            accompanied: accompanied?,
        })
    }
}

fn id(cell: &Cell<'_>, seen: &BTreeMap<String, usize>) -> Option<String> {
    if cell.text.is_empty() {
        return cell.refuse("E205", "it is empty", "give every applicant an id");
    }
    if cell.text.chars().count() > LONGEST_ID || cell.text.chars().any(char::is_control) {
        let reason = format!("an id is one line of at most {LONGEST_ID} characters");
        return cell.refuse("E205", &reason, "shorten it");
    }
    let id = as_meant(cell.text);
    match seen.get(&id) {
        Some(row) => {
            let reason = format!("\"{}\" is already the id of row {row}", cell.shown());
            cell.refuse("E207", &reason, "give every applicant its own id")
        }
        None => Some(id),
    }
}

fn line(cell: &Cell<'_>) -> Option<LineNumber> {
    let line: LineNumber = cell.choice()?;
    if cell.rows.surroundings.products[line.index()].is_none() {
        let reason = format!("the scenario has no line {}", line.word());
        return cell.refuse(
            "E208",
            &reason,
            &format!("add a table [line{}], or change the row", line.word()),
        );
    }
    Some(line)
}

fn product(cell: &Cell<'_>, line: LineNumber) -> Option<Option<usize>> {
    if cell.text.is_empty() {
        return Some(None);
    }
    let names: Vec<&str> =
        cell.rows.surroundings.products[line.index()].iter().flatten().map(String::as_str).collect();
    cell.word(&names).map(Some)
}
