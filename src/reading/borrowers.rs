//! The list of borrowers: a CSV file with a header, one applicant a row.
//!
//! With `;` between the columns, amounts may have a decimal comma and grouped thousands, as Italian spreadsheets
//! write them; with `,` they have a point. Every bad cell is reported, all in one go. The apostrophe that keeps a
//! spreadsheet from running an id or a name as a formula is not part of it ([`crate::spreadsheet`]).

use super::booked::{self, BookedRow};
use super::columns::{COLUMNS, Columns, cell_place};
use super::context::Context;
use super::field::LARGEST_AMOUNT;
use super::number;
use super::suggestion::separated_by_tabs;
use super::unseen::is_unseen;
use crate::diagnostic::{Place, Problem, SourceId, nearest};
use crate::locale::{Pair, Told, pair, told};
use crate::scenario::{Borrower, Choice, LegalForm, LineNumber, MEMBER_COUNTS, Size, Theme};
use crate::spreadsheet::{as_meant, safe};
use crate::units::Cents;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Most rows of a list.
const MOST_ROWS: usize = 100_000;
/// Longest line in bytes.
const LONGEST_LINE: usize = 65_536;
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
    /// Quarters simulated, if known.
    pub horizon_quarters: Option<u32>,
    /// The first quarter that is not history; 0: a fund that starts; if known.
    pub today_quarter: Option<u32>,
}

/// The rows of a list.
#[derive(Default)]
pub struct List {
    /// Who applies, from today on.
    pub applicants: Vec<Borrower>,
    /// What was disbursed before.
    pub booked: Vec<BookedRow>,
    /// Whether some rows were refused: the others may still be looked at.
    pub is_broken: bool,
}

/// One row.
enum Row {
    Applicant(Borrower),
    Booked(BookedRow),
}

/// Reads all rows; `None` if the file has a problem.
pub fn read(source: SourceId, surroundings: &Surroundings, context: &Context<'_>) -> Option<List> {
    let sources = context.sources;
    let report: &dyn Fn(Problem) = &|problem| context.report(problem);
    let text = sources.get(source).text.as_str();
    if let Some((line, place)) = too_long(source, text) {
        let message = told!(
            "la riga {line} ha più di {most} byte",
            "line {line} has more than {most} bytes";
            line,
            most = LONGEST_LINE,
        );
        let hint = pair("è il file giusto?", "is this the right file?");
        report(Problem::error("E206", &place, message).hint(hint));
        return None;
    }
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
            let message = pair(
                "l’elenco dei richiedenti è vuoto: non ha nemmeno l’intestazione",
                "the list of borrowers is empty: not even a header line",
            );
            let hint = told!("la prima riga è {columns}", "the first line is {columns}"; columns = COLUMNS.join(","));
            report(Problem::error("E201", &Place::start_of(source), message).hint(hint));
            return None;
        }
    };
    if header.len() == 1 && header_line.contains('\t') {
        report(separated_by_tabs(&Place::start_of(source)));
        return None;
    }
    let columns = Columns::find(&header, source, text, separator, report)?;
    let mut table = Rows { source, text, separator, columns, surroundings, report, seen: BTreeMap::new() };
    let mut list = List::default();
    let mut rows = 0;
    for (index, record) in records.enumerate() {
        if record.iter().all(str::is_empty) {
            continue;
        }
        if context.is_full() {
            return None;
        }
        rows += 1;
        if rows > MOST_ROWS {
            let place = Place::start_of(source);
            let message = told!(
                "l’elenco ha più di {most} righe",
                "the list has more than {most} rows";
                most = MOST_ROWS,
            );
            report(Problem::error("E206", &place, message));
            return None;
        }
        match table.row(index + 2, &record) {
            Some(Row::Applicant(borrower)) => list.applicants.push(borrower),
            Some(Row::Booked(project)) => list.booked.push(project),
            None => list.is_broken = true,
        }
    }
    if rows == 0 {
        let message = pair(
            "l’elenco dei richiedenti ha l’intestazione e nessuna riga",
            "the list of borrowers has a header and no rows",
        );
        report(
            Problem::error("E201", &Place::start_of(source), message)
                .hint(pair("scrivere una riga per ogni richiedente", "write one row for each applicant")),
        );
        return None;
    }
    Some(list)
}

/// The first line that is longer than a row can be, with its number; what follows it would cost memory for nothing.
fn too_long(source: SourceId, text: &str) -> Option<(usize, Place)> {
    let mut start = 0;
    for (index, line) in text.split('\n').enumerate() {
        if line.len() > LONGEST_LINE {
            return Some((index + 1, Place::new(source, start..start)));
        }
        start += line.len() + 1;
    }
    None
}

pub(super) struct Rows<'r> {
    source: SourceId,
    text: &'r str,
    separator: u8,
    columns: Columns,
    pub(super) surroundings: &'r Surroundings,
    report: &'r dyn Fn(Problem),
    /// Ids so far, and the row of each.
    seen: BTreeMap<String, usize>,
}

/// One cell with what messages need.
pub(super) struct Cell<'c> {
    pub(super) rows: &'c Rows<'c>,
    record: &'c csv::StringRecord,
    row: usize,
    column: &'static str,
    position: Option<usize>,
    pub(super) text: &'c str,
}

impl Cell<'_> {
    pub(super) fn refuse<T>(&self, code: &'static str, reason: Told, hint: impl Into<Told>) -> Option<T> {
        let message = in_cell(self.row, self.column, reason);
        (self.rows.report)(Problem::error(code, &self.place(), message).hint(hint));
        None
    }

    /// Where it stands; the whole row if the column is absent.
    pub(super) fn place(&self) -> Place {
        let Rows { source, text, separator, .. } = self.rows;
        cell_place(*source, text, *separator, self.record, self.position.unwrap_or(usize::MAX))
    }

    pub(super) fn shown(&self) -> String {
        self.text.chars().take(60).collect()
    }

    pub(super) fn word(&self, known: &[&str]) -> Option<usize> {
        let exactly = known.iter().position(|word| *word == self.text);
        if let Some(position) = exactly.or_else(|| known.iter().position(|word| safe(word) == self.text)) {
            return Some(position);
        }
        if self.text.is_empty() {
            return self.refuse("E205", told!("è vuota", "it is empty"), one_of(known));
        }
        let hint = match nearest(self.text, known.iter().copied()) {
            Some(near) => told!("si intendeva \"{near}\"?", "did you mean \"{near}\"?"; near),
            None => one_of(known),
        };
        let reason =
            told!("\"{shown}\" non è un valore noto", "\"{shown}\" is not known"; shown = self.shown());
        self.refuse("E205", reason, hint)
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
                told!(
                    "\"{shown}\" non è né sì né no",
                    "\"{shown}\" is neither yes nor no";
                    shown = self.shown(),
                ),
                pair("scrivere 1/0, si/no, yes/no o true/false", "write 1/0, yes/no, si/no or true/false"),
            ),
        }
    }

    fn investment(&self) -> Option<Cents> {
        let amount = self.euros()?;
        if amount > Cents::ZERO {
            return Some(amount);
        }
        let reason = told!("un investimento deve essere maggiore di 0", "an investment must be above 0");
        self.refuse("E204", reason, self.euros_hint())
    }

    fn euros_hint(&self) -> Pair {
        match self.rows.separator {
            b';' => pair(
                "scrivere euro come 1250,50 o 1.250,50 o 1250.50",
                "write euros like 1250,50 or 1.250,50 or 1250.50",
            ),
            _ => pair(
                "scrivere euro come 1250.50, senza separare le migliaia e senza unità",
                "write euros like 1250.50, without grouping and unit",
            ),
        }
    }

    /// An amount from 0 to the largest of a scenario.
    pub(super) fn euros(&self) -> Option<Cents> {
        let semicolon = self.rows.separator == b';';
        let read = if semicolon { number::italian(self.text) } else { number::plain(self.text) };
        let hint = self.euros_hint();
        let value = match read {
            Ok(value) => value,
            Err(reason) => {
                let reason = told!(
                    "\"{shown}\" {reason}",
                    "\"{shown}\" is {reason}";
                    shown = self.shown(),
                    reason,
                );
                return self.refuse("E204", reason, hint);
            }
        };
        if value < Decimal::ZERO || value > LARGEST_AMOUNT.to_euros() {
            let reason = told!(
                "un importo non può essere negativo né maggiore di {most} EUR, è {value}",
                "an amount is not negative and at most {most} EUR, it is {value}";
                most = LARGEST_AMOUNT,
                value,
            );
            return self.refuse("E204", reason, hint);
        }
        match Cents::from_euros(value) {
            Some(cents) => Some(cents),
            None => {
                let reason =
                    told!("{value} ha frazioni di centesimo", "{value} has fractions of a cent"; value);
                let hint = pair("scrivere al massimo due decimali", "write at most two decimals");
                self.refuse("E204", reason, hint)
            }
        }
    }

    fn quarter(&self) -> Option<u32> {
        let Ok(quarter) = self.text.parse::<u32>() else {
            let reason = told!(
                "\"{shown}\" non è un trimestre del fondo",
                "\"{shown}\" is not a fund quarter";
                shown = self.shown(),
            );
            let hint = pair(
                "scrivere un numero intero; il primo trimestre del fondo è 0",
                "write a whole number; the fund's first quarter is 0",
            );
            return self.refuse("E204", reason, hint);
        };
        match self.rows.surroundings.availability_quarters {
            Some(open) if quarter >= open => {
                let reason = told!(
                    "il trimestre {quarter} viene dopo il periodo di disponibilità",
                    "quarter {quarter} is after the availability period";
                    quarter,
                );
                let hint = told!(
                    "i suoi trimestri vanno da 0 a {last}",
                    "its quarters are 0 to {last}";
                    last = open.saturating_sub(1),
                );
                self.refuse("E204", reason, hint)
            }
            _ => Some(quarter),
        }
    }

    /// How many enterprises apply together; empty: one.
    fn members(&self) -> Option<u32> {
        if self.text.is_empty() {
            return Some(1);
        }
        let most = MEMBER_COUNTS.len() as u32;
        match self.text.parse::<u32>() {
            Ok(members) if (1..=most).contains(&members) => Some(members),
            _ => {
                let reason = told!(
                    "\"{shown}\" non è un numero di imprese da 1 a {most}",
                    "\"{shown}\" is not a number of enterprises from 1 to {most}";
                    shown = self.shown(),
                    most,
                );
                let hint = pair(
                    "scrivere quante imprese si candidano insieme; vuota: una sola",
                    "write how many enterprises apply together; empty: one alone",
                );
                self.refuse("E204", reason, hint)
            }
        }
    }

    /// The quarter of a default that happens whatever the luck: after the application, within the horizon.
    fn forced_default(&self, applied: Option<u32>) -> Option<Option<u32>> {
        if self.text.is_empty() {
            return Some(None);
        }
        let first = applied.unwrap_or(0) + 1;
        let horizon = self.rows.surroundings.horizon_quarters;
        match self.text.parse::<u32>() {
            Ok(quarter) if quarter >= first && horizon.is_none_or(|quarters| quarter < quarters) => {
                Some(Some(quarter))
            }
            _ => {
                let reason = told!(
                    "\"{shown}\" non è un trimestre del fondo dopo quello della domanda",
                    "\"{shown}\" is not a fund quarter after that of the application";
                    shown = self.shown(),
                );
                let hint = match horizon {
                    Some(quarters) if quarters > first => told!(
                        "scrivere un numero intero da {first} a {last}, oppure lasciarla vuota",
                        "write a whole number from {first} to {last}, or leave it empty";
                        first,
                        last = quarters - 1,
                    ),
                    _ => told!(
                        "scrivere un numero intero da {first} in su, oppure lasciarla vuota",
                        "write a whole number from {first} on, or leave it empty";
                        first,
                    ),
                };
                self.refuse("E204", reason, hint)
            }
        }
    }
}

impl Rows<'_> {
    fn row(&mut self, row: usize, record: &csv::StringRecord) -> Option<Row> {
        let widest = self.columns.0.iter().flatten().max().map_or(0, |last| last + 1);
        if record.iter().skip(widest).any(|cell| !cell.is_empty()) {
            let place = cell_place(self.source, self.text, self.separator, record, usize::MAX);
            let message = told!(
                "la riga {row} ha {cells} celle, l’intestazione nomina {widest} colonne",
                "row {row} has {cells} cells, the header names {widest} columns";
                row = row.to_string(),
                cells = record.len(),
                widest,
            );
            let hint = match self.separator {
                b',' => pair(
                    "mettere tra virgolette i testi con virgole; usare `;` tra le colonne se gli importi hanno la virgola decimale",
                    "put texts with commas in quotes; use `;` between columns if amounts have decimal commas",
                ),
                _ => pair(
                    "mettere tra virgolette i testi con punto e virgola",
                    "put texts with semicolons in quotes",
                ),
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
        let forced_default_quarter = cell("forced_default_quarter").forced_default(quarter);
        let members = cell("members").members();
        let status = booked::status(&cell, quarter);
        if let Some(id) = &id {
            self.seen.insert(id.clone(), row);
        }
        let borrower = Borrower {
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
            members: members?,
            forced_default_quarter: forced_default_quarter?,
        };
        Some(match status? {
            None => Row::Applicant(borrower),
            Some(history) => Row::Booked(BookedRow { borrower, row, history }),
        })
    }
}

/// What is wrong, after the row and the column.
pub(super) fn in_cell(row: usize, column: &str, reason: Told) -> Told {
    told!(
        "riga {row}, colonna `{column}`: {reason}",
        "row {row}, column `{column}`: {reason}";
        row = row.to_string(),
        column,
        reason,
    )
}

fn one_of(known: &[&str]) -> Told {
    told!("scrivere uno di {known}", "write one of {known}"; known = known.join(", "))
}

fn id(cell: &Cell<'_>, seen: &BTreeMap<String, usize>) -> Option<String> {
    if cell.text.is_empty() {
        let hint = pair("dare un id a ogni richiedente", "give every applicant an id");
        return cell.refuse("E205", told!("è vuota", "it is empty"), hint);
    }
    if cell.text.chars().count() > LONGEST_ID || cell.text.chars().any(is_unseen) {
        let reason = told!(
            "un id è una riga di al massimo {most} caratteri visibili",
            "an id is one line of at most {most} characters that can be seen";
            most = LONGEST_ID,
        );
        return cell.refuse("E205", reason, pair("accorciarlo", "shorten it"));
    }
    let id = as_meant(cell.text);
    match seen.get(&id) {
        Some(row) => {
            let reason = told!(
                "\"{shown}\" è già l’id della riga {row}",
                "\"{shown}\" is already the id of row {row}";
                shown = cell.shown(),
                row = row.to_string(),
            );
            let hint = pair("dare a ogni richiedente il suo id", "give every applicant its own id");
            cell.refuse("E207", reason, hint)
        }
        None => Some(id),
    }
}

fn line(cell: &Cell<'_>) -> Option<LineNumber> {
    let line: LineNumber = cell.choice()?;
    if cell.rows.surroundings.products[line.index()].is_none() {
        let reason = told!(
            "lo scenario non ha la linea {line}",
            "the scenario has no line {line}";
            line = line.word(),
        );
        let hint = told!(
            "aggiungere una tabella [line{line}], oppure cambiare la riga",
            "add a table [line{line}], or change the row";
            line = line.word(),
        );
        return cell.refuse("E208", reason, hint);
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
