//! The part of the report on state aid: gross grant equivalents by product, rating and size, for the terminal and for programs.

use super::Page;
use crate::implied::aid::{LineAidTable, aid_tables};
use crate::layout::{COLUMNS, left, printable, right, width, wrap};
use crate::locale::pair;
use crate::scenario::{AidRoute, Language, LineNumber, Scenario};
use serde_json::{Value, json};

impl Page<'_> {
    /// A table for each line; nothing where aid is neither limited nor described.
    pub(super) fn state_aid(&self, scenario: &Scenario) -> String {
        let tables = aid_tables(scenario);
        if tables.is_empty() {
            return String::new();
        }
        let title =
            self.say(pair("Equivalente sovvenzione lordo (ESL), EUR", "Gross grant equivalent (aid), EUR"));
        let route = self.say(match scenario.state_aid.route {
            AidRoute::ReferenceRate => pair(
                "prestiti con il tasso di riferimento, garanzie con il premio esente",
                "loans by the reference rate, guarantees by the safe-harbour premium",
            ),
            AidRoute::Simplified => pair(
                "in proporzione alle soglie de minimis semplificate, dove si applicano",
                "in proportion to the simplified de minimis brackets, where they fit",
            ),
        });
        let mut text = format!("\n{title}\n  {route}\n");
        for table in &tables {
            text += &self.aid_of_line(table);
        }
        text
    }

    fn aid_of_line(&self, table: &LineAidTable) -> String {
        let title = match table.number {
            LineNumber::One => self.words.line_one,
            LineNumber::Two => self.words.line_two,
        };
        let whole = |amount: crate::units::Cents| self.numbers.decimal(amount.to_f64() / 100.0, 0);
        let heads = [pair("minimo", "smallest"), pair("mediano", "median"), pair("massimo", "largest")];
        let mut rows: Vec<[String; 5]> = vec![
            std::array::from_fn(|column| match column {
                0 => self.say(pair("investimento", "investment")).to_string(),
                1 => String::new(),
                _ => self.say(heads[column - 2]).to_string(),
            }),
            std::array::from_fn(|column| match column {
                0 | 1 => String::new(),
                _ => whole(table.investments[column - 2]),
            }),
        ];
        for row in &table.rows {
            let rating = match &row.rating {
                Some(name) => printable(name),
                None => self.say(pair("tutte le classi", "all ratings")).to_string(),
            };
            let cell = |at: usize| {
                let mark = if row.aid[at].open { "" } else { "*" };
                format!("{}{mark}", whole(row.aid[at].gross_grant_equivalent))
            };
            rows.push([printable(&row.product), rating, cell(0), cell(1), cell(2)]);
        }
        let widest = |column: usize| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0);
        let (rating, numbers) = (widest(1).min(20), [widest(2), widest(3), widest(4)]);
        let room = COLUMNS - 4 - rating - numbers.iter().map(|number| number + 2).sum::<usize>();
        let name = widest(0).min(room);
        let mut text = format!("  {title}\n");
        for row in &rows {
            let names = wrap(&row[0], name);
            let ratings = wrap(&row[1], rating);
            for line in 0..names.len().max(ratings.len()) {
                let part = |parts: &[String]| parts.get(line).cloned().unwrap_or_default();
                let cells: String = match line {
                    0 => (0..3).map(|at| format!("  {}", right(&row[at + 2], numbers[at]))).collect(),
                    _ => String::new(),
                };
                let start = format!("  {}  {}", left(&part(&names), name), left(&part(&ratings), rating));
                text += &format!("{}\n", format!("{start}{cells}").trim_end());
            }
        }
        for note in self.notes(table) {
            for (index, line) in wrap(&note, COLUMNS - 6).iter().enumerate() {
                text += &format!("{}{line}\n", if index == 0 { "    " } else { "      " });
            }
        }
        text
    }

    /// The ceiling, and why brackets do not fit.
    fn notes(&self, table: &LineAidTable) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(ceiling) = table.ceiling {
            let (ceiling, prior) = (self.numbers.cents(ceiling), self.numbers.cents(table.prior_aid));
            let already = match (table.prior_aid.0, self.language) {
                (0, _) => String::new(),
                (_, Language::Italian) => format!(", di cui {prior} già ricevuti"),
                (_, Language::English) => format!(", of which {prior} already received"),
            };
            notes.push(match self.language {
                Language::Italian => {
                    format!(
                        "Massimale per impresa: {ceiling}{already}; * lo supera per chi si candida da solo."
                    )
                }
                Language::English => {
                    format!(
                        "Ceiling per enterprise: {ceiling}{already}; * is above it for who applies alone."
                    )
                }
            });
        }
        if !table.misfits.is_empty() {
            notes.push(
                self.say(pair(
                    "Dove finisce una soglia semplificata l’ESL può saltare, anche verso il basso: fin lì si conta in proporzione alla soglia, qualunque sia il rischio; oltre si contano il tasso di riferimento o il premio esente, che per le classi migliori danno meno.",
                    "Where a simplified bracket ends the aid may jump, downwards too: up to there it is counted in proportion to the bracket, whatever the risk; beyond it by the reference rate or the safe-harbour premium, which for the better ratings give less.",
                ))
                .to_string(),
            );
        }
        for misfit in &table.misfits {
            let (product, why) = (printable(&misfit.product), misfit.reason.text(self.language));
            let investment = self.numbers.euros(misfit.investment.to_f64() / 100.0, 0);
            notes.push(match self.language {
                Language::Italian => {
                    format!(
                        "{product}, {investment}: {why}: vale il tasso di riferimento o il premio esente."
                    )
                }
                Language::English => {
                    format!(
                        "{product}, {investment}: {why}: the reference rate or safe-harbour premium applies."
                    )
                }
            });
        }
        notes
    }
}

/// The same for programs.
pub(super) fn state_aid_json(scenario: &Scenario) -> Value {
    let tables = aid_tables(scenario);
    if tables.is_empty() {
        return Value::Null;
    }
    let euros = |amount: crate::units::Cents| amount.to_f64() / 100.0;
    let line = |table: &LineAidTable| {
        json!({
            "line": table.number.word(),
            "ceiling": table.ceiling.map(euros),
            "prior_aid": euros(table.prior_aid),
            "investments": table.investments.map(euros),
            "products": table.rows.iter().map(|row| json!({
                "name": row.product,
                "rating": row.rating,
                "gge": row.aid.map(|cell| euros(cell.gross_grant_equivalent)),
                "open": row.aid.map(|cell| cell.open),
            })).collect::<Vec<_>>(),
            "outside_brackets": table.misfits.iter().map(|misfit| json!({
                "name": misfit.product,
                "investment": euros(misfit.investment),
                "reason": misfit.reason.text(Language::English),
            })).collect::<Vec<_>>(),
        })
    };
    json!({
        "route": scenario.state_aid.route.word(),
        "regulation": scenario.state_aid.regulation.word(),
        "lines": tables.iter().map(line).collect::<Vec<_>>(),
    })
}
