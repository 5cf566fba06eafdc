//! The header of a list of borrowers: which column stands where, and where a cell is.

use super::section::did_you_mean;
use crate::diagnostic::{Place, Problem, SourceId, nearest};
use crate::locale::{pair, told};

/// The columns; those from `product` on may be absent. Those from `status` on are about a running fund.
pub const COLUMNS: [&str; 18] = [
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
    "forced_default_quarter",
    "members",
    "status",
    "disbursed_quarter",
    "default_quarter",
    "outstanding_fund",
    "outstanding_bank",
    "loss_given_default",
];
/// The first so many columns are required.
const REQUIRED: usize = 8;
/// Most columns of a header, known or not.
const MOST_COLUMNS: usize = 200;

/// Position of each column in a row.
pub(super) struct Columns(pub(super) [Option<usize>; COLUMNS.len()]);

impl Columns {
    /// Finds the columns in a header; `None` if some are unknown, missing or named twice.
    pub(super) fn find(
        header: &csv::StringRecord,
        source: SourceId,
        text: &str,
        separator: u8,
        report: &dyn Fn(Problem),
    ) -> Option<Columns> {
        if header.len() > MOST_COLUMNS {
            let message = told!(
                "l’intestazione ha {count} colonne; quelle note sono {known}",
                "the header has {count} columns; {known} are known";
                count = header.len(),
                known = COLUMNS.len(),
            );
            let hint = told!("la prima riga è {columns}", "the first line is {columns}"; columns = COLUMNS.join(","));
            report(Problem::error("E202", &Place::start_of(source), message).hint(hint));
            return None;
        }
        let mut positions = [None; COLUMNS.len()];
        let mut sound = true;
        for (position, name) in header.iter().enumerate() {
            let place = cell_place(source, text, separator, header, position);
            let simple = name.to_lowercase();
            match COLUMNS.iter().position(|column| *column == simple) {
                Some(column) if positions[column].is_none() => positions[column] = Some(position),
                Some(_) => {
                    sound = false;
                    let message =
                        told!("due colonne si chiamano `{name}`", "two columns are called `{name}`"; name);
                    let problem = Problem::error("E203", &place, message);
                    report(problem.hint(pair("toglierne una", "take one of them out")));
                }
                None => {
                    sound = false;
                    let shown: String = name.chars().take(60).collect();
                    let message = told!("colonna sconosciuta `{shown}`", "unknown column `{shown}`"; shown);
                    let problem = Problem::error("E202", &place, message);
                    report(match nearest(name, COLUMNS) {
                        Some(near) => problem.hint(did_you_mean(near)),
                        None => problem.hint(told!(
                            "le colonne sono {columns}",
                            "the columns are {columns}";
                            columns = COLUMNS.join(", "),
                        )),
                    });
                }
            }
        }
        let missing: Vec<&str> = COLUMNS
            .iter()
            .zip(positions)
            .take(REQUIRED)
            .filter(|(_, position)| position.is_none())
            .map(|(name, _)| *name)
            .collect();
        if !missing.is_empty() {
            sound = false;
            let message = told!(
                "all’intestazione mancano le colonne {missing}",
                "the header lacks the columns {missing}";
                missing = missing.join(", "),
            );
            let hint = pair(
                "la prima riga nomina le colonne, separate da `,` o `;`",
                "the first line names the columns, separated by `,` or `;`",
            );
            report(Problem::error("E203", &Place::new(source, 0..first_line_end(text)), message).hint(hint));
        }
        sound.then_some(Columns(positions))
    }
}

pub(super) fn first_line_end(text: &str) -> usize {
    text.find(['\r', '\n']).unwrap_or(text.len())
}

/// Where a cell stands; the whole row where quotes make that uncertain.
pub(super) fn cell_place(
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
