//! The ledger for a terminal of 80 columns: the story, the figures, the quarters, the balances.

use super::describe::Teller;
use super::rows::{Row, rows};
use super::story::Tone;
use super::{Trace, figures, story};
use crate::engine::events::Envelope;
use crate::locale::metric_name;
use crate::report::layout::{Accent, COLUMNS, Paint, left, printable, right, width, wrap};
use crate::report::telling::{Telling, sentence, tell};
use crate::units::Cents;
use std::collections::BTreeMap;

impl Trace<'_> {
    /// The whole ledger in words. Routine (repayments, interest, guarantee fees, arrivals, waiting) is summed by quarter
    /// and line unless `every_entry`. `styled`: with bold and colour.
    pub fn to_text(&self, every_entry: bool, styled: bool) -> String {
        let telling = Telling::new(self.scenario.identity.language);
        let page = Page {
            trace: self,
            teller: Teller { telling, scenario: self.scenario, plan: self.plan, names: &self.ledger.names },
            paint: Paint { styled },
        };
        let mut text = page.head();
        text += &page.why();
        text += &page.figures();
        text += &page.ledger(every_entry);
        text += &page.balances();
        text += &page.file();
        text
    }
}

struct Page<'a> {
    trace: &'a Trace<'a>,
    teller: Teller<'a>,
    paint: Paint,
}

/// Widths of the ledger's columns.
struct Columns {
    text: usize,
    envelope: usize,
    amount: usize,
    balance: usize,
}

impl Page<'_> {
    fn heading(&self, text: &str) -> String {
        format!("\n{}\n", self.paint.apply(Accent::Heading, text))
    }

    /// A paragraph with a sign before its first line.
    fn paragraph(&self, sign: &str, accent: Option<Accent>, text: &str) -> String {
        let mut paragraph = String::new();
        for (index, line) in wrap(text, COLUMNS - 2 - width(sign)).into_iter().enumerate() {
            let start = match (index, accent) {
                (0, Some(accent)) => self.paint.apply(accent, sign),
                (0, None) => sign.to_string(),
                _ => " ".repeat(width(sign)),
            };
            paragraph += &format!("  {start}{line}\n");
        }
        paragraph
    }

    fn head(&self) -> String {
        let (telling, trace) = (self.teller.telling, self.trace);
        let identity = &trace.scenario.identity;
        let (title, name) = (printable(&identity.title), printable(&identity.name));
        let title = if title == name { title } else { format!("{title} ({name})") };
        let (path, seed) = (telling.numbers.count(trace.ledger.path), trace.plan.seed);
        let horizon = telling.horizon(trace.plan.start, trace.plan.quarters);
        let facts = tell!(
            telling,
            "Percorso {path}, seme {seed}: uno dei futuri possibili, {horizon}",
            "Path {path}, seed {seed}: one possible future, {horizon}"
        );
        let mut text = String::new();
        for line in wrap(&title, COLUMNS) {
            text += &format!("{}\n", self.paint.apply(Accent::Heading, &line));
        }
        for line in wrap(&facts, COLUMNS) {
            text += &format!("{line}\n");
        }
        if let Some(selection) = self.selection() {
            for line in wrap(&selection, COLUMNS) {
                text += &format!("{line}\n");
            }
        }
        text
    }

    fn selection(&self) -> Option<String> {
        let telling = self.teller.telling;
        let selection = self.trace.selection.as_ref()?;
        let found = &selection.found;
        let mut figure = metric_name(selection.metric, telling.language).to_string();
        if let Some(line) = selection.line {
            figure += &format!(", {}", telling.line(line));
        }
        let value = figures::cell(&self.teller, selection.metric, found.value);
        let (rank, paths) = (telling.numbers.count(found.rank), telling.numbers.count(found.paths));
        let above = telling.numbers.count(found.above);
        let (id, quantile) = (selection.metric.id(), &selection.quantile);
        let mut text = tell!(
            telling,
            "Scelto con --at {id}:{quantile}: {figure} {value}, posto {rank} di {paths} in ordine crescente; percorsi \
             con un valore più alto: {above}",
            "Chosen by --at {id}:{quantile}: {figure} {value}, rank {rank} of {paths} in ascending order; paths with a \
             higher value: {above}"
        );
        if found.ties > 1 {
            let ties = telling.numbers.count(found.ties);
            text += &tell!(
                telling,
                "; è il primo di {ties} con questo valore",
                "; it is the first of {ties} with this value"
            );
        }
        Some(text)
    }

    fn why(&self) -> String {
        let telling = self.teller.telling;
        let mut text = self.heading(&tell!(telling, "Perché è andata così", "Why it went this way"));
        for finding in story::findings(self.trace, &self.teller) {
            let (sign, accent) = match finding.tone {
                Tone::Good => ("✔ ", Some(Accent::Good)),
                Tone::Bad => ("✘ ", Some(Accent::Bad)),
                Tone::Neutral => ("• ", None),
            };
            text += &self.paragraph(sign, accent, &finding.text);
        }
        text
    }

    fn figures(&self) -> String {
        let telling = self.teller.telling;
        let heading = tell!(telling, "Le cifre di questo percorso", "The figures of this path");
        self.heading(&heading) + &figures::table(self.trace, &self.teller)
    }

    fn ledger(&self, every_entry: bool) -> String {
        let (telling, trace) = (self.teller.telling, self.trace);
        let mut balances: BTreeMap<Envelope, Cents> =
            trace.ledger.accounts.iter().map(|account| (account.envelope, account.opening)).collect();
        let mut quarters: Vec<Vec<Row>> = Vec::new();
        let mut rest = trace.ledger.entries.as_slice();
        for quarter in 0..trace.plan.quarters {
            let count = rest.partition_point(|entry| entry.quarter <= quarter);
            let (now, later) = rest.split_at(count);
            rest = later;
            quarters.push(rows(&self.teller, now, every_entry, &mut balances));
        }
        let columns = self.columns(&quarters);
        let words = telling.words;
        let heading = tell!(telling, "Il libro dei movimenti, in euro", "The ledger, in euros");
        let mut text = self.heading(&heading);
        text +=
            &self.movement_lines("", Some((words.envelope, words.amount, words.balance)), &columns, false);
        let opening = tell!(telling, "saldi di apertura", "opening balances");
        for (index, account) in trace.ledger.accounts.iter().enumerate() {
            let label = if index == 0 { opening.as_str() } else { "" };
            let (envelope, balance) =
                (self.teller.envelope(account.envelope), telling.numbers.cents_without_unit(account.opening));
            text += &self.movement_lines(label, Some((&envelope, "", &balance)), &columns, false);
        }
        let mut quarter = 0;
        while quarter < quarters.len() {
            // Quarters in which nothing happens are told together.
            let quiet = quarters[quarter..].iter().take_while(|rows| rows.is_empty()).count();
            let last = quarter + quiet.max(1) - 1;
            text += &self.heading(&self.quarters(quarter as u32, last as u32));
            for row in &quarters[quarter] {
                text += &self.row(row, &columns);
            }
            let cash = telling.numbers.cents_without_unit(trace.ledger.cash[last]);
            let label = match quiet {
                0 => tell!(telling, "cassa a fine trimestre", "cash at the end of the quarter"),
                _ => tell!(telling, "nessun movimento; cassa", "nothing happens; cash"),
            };
            text += &self.movement_lines(&label, Some(("", "", &cash)), &columns, false);
            quarter = last + 1;
        }
        text
    }

    /// Heading of a quarter, or of several in a row.
    fn quarters(&self, first: u32, last: u32) -> String {
        let telling = self.teller.telling;
        let from = sentence(&self.teller.quarter(first));
        if first == last {
            return tell!(telling, "{from} (trimestre {first})", "{from} (quarter {first})");
        }
        let to = self.teller.quarter(last);
        tell!(telling, "{from} – {to} (trimestri {first}–{last})", "{from} – {to} (quarters {first}–{last})")
    }

    fn columns(&self, quarters: &[Vec<Row>]) -> Columns {
        let telling = self.teller.telling;
        let words = telling.words;
        let cents = |amount: Cents| width(&telling.numbers.cents_without_unit(amount));
        let mut columns = Columns {
            text: 0,
            envelope: width(words.envelope),
            amount: width(words.amount),
            balance: width(words.balance),
        };
        for account in &self.trace.ledger.accounts {
            columns.envelope = columns.envelope.max(width(&self.teller.envelope(account.envelope)));
            columns.balance = columns.balance.max(cents(account.opening));
        }
        for row in quarters.iter().flatten() {
            if let Some(movement) = &row.movement {
                columns.amount = columns.amount.max(cents(movement.amount));
                columns.balance = columns.balance.max(cents(movement.balance));
            }
        }
        for &cash in &self.trace.ledger.cash {
            columns.balance = columns.balance.max(cents(cash));
        }
        let taken = 2 + 2 + columns.envelope + 2 + columns.amount + 2 + columns.balance;
        columns.text = COLUMNS.saturating_sub(taken).max(20);
        columns
    }

    fn row(&self, row: &Row, columns: &Columns) -> String {
        let telling = self.teller.telling;
        match &row.movement {
            Some(movement) => {
                let cells = (
                    self.teller.envelope(movement.envelope),
                    telling.numbers.cents_without_unit(movement.amount),
                    telling.numbers.cents_without_unit(movement.balance),
                );
                self.movement_lines(&row.text, Some((&cells.0, &cells.1, &cells.2)), columns, row.bad)
            }
            None => self.movement_lines(&row.text, None, columns, row.bad),
        }
    }

    /// Text, and the cells of a movement beside the last line of it; text without a movement takes the whole width.
    fn movement_lines(
        &self,
        text: &str,
        cells: Option<(&str, &str, &str)>,
        columns: &Columns,
        bad: bool,
    ) -> String {
        // Later lines are indented: the text is wrapped a little narrower for all of them.
        let room = if cells.is_some() { columns.text } else { COLUMNS - 2 };
        let parts = if width(text) <= room { vec![text.to_string()] } else { wrap(text, room - 2) };
        let mut lines = String::new();
        for (index, part) in parts.iter().enumerate() {
            let part = if index == 0 { part.clone() } else { format!("  {part}") };
            let padded = if cells.is_some() { left(&part, columns.text) } else { part };
            let shown = if bad { self.paint.apply(Accent::Bad, &padded) } else { padded };
            let line = match cells {
                Some((envelope, amount, balance)) if index + 1 == parts.len() => format!(
                    "  {shown}  {}  {}  {}",
                    left(envelope, columns.envelope),
                    right(amount, columns.amount),
                    right(balance, columns.balance)
                ),
                _ => format!("  {shown}"),
            };
            lines += &format!("{}\n", line.trim_end());
        }
        lines
    }

    /// Opening, received, paid and closing of every envelope, and how they add up to the cash.
    fn balances(&self) -> String {
        let (telling, ledger) = (self.teller.telling, self.trace.ledger);
        let words = telling.words;
        let cents = |amount: Cents| telling.numbers.cents_without_unit(amount);
        let mut rows: Vec<(String, [String; 4])> = vec![(
            words.envelope.to_string(),
            [words.opening, words.received, words.paid, words.closing].map(str::to_string),
        )];
        for account in &ledger.accounts {
            let cells = [account.opening, account.received, account.paid, account.closing].map(cents);
            rows.push((self.teller.envelope(account.envelope), cells));
        }
        let labels = rows.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
        let cash = ledger.cash.last().copied().unwrap_or_default();
        let sums = [
            (
                tell!(telling, "tutte le voci senza il versato", "all envelopes but paid in"),
                ledger.resources(),
            ),
            (
                tell!(telling, "meno la dotazione mai versata", "less the endowment never paid in"),
                -ledger.not_paid_in(self.trace.plan),
            ),
            (tell!(telling, "cassa finale", "closing cash"), cash),
        ]
        .map(|(label, amount)| (label, cents(amount)));
        let widest = |column: usize| rows.iter().map(|(_, cells)| width(&cells[column])).max().unwrap_or(0);
        let of_sums = sums.iter().map(|(_, sum)| width(sum)).max().unwrap_or(0);
        let widths = [widest(0), widest(1), widest(2), widest(3).max(of_sums)];
        // Very large funds: what came in and went out is in the file.
        let all = 2 + labels + widths.iter().map(|columns| columns + 2).sum::<usize>();
        let shown: &[usize] = if all <= COLUMNS { &[0, 1, 2, 3] } else { &[0, 3] };
        let heading = tell!(telling, "Saldi di chiusura, in euro", "Closing balances, in euros");
        let mut text = self.heading(&heading);
        for (label, cells) in &rows {
            let mut line = format!("  {}", left(label, labels));
            for &column in shown {
                line += &format!("  {}", right(&cells[column], widths[column]));
            }
            text += &format!("{}\n", line.trim_end());
        }
        let before: usize = shown[..shown.len() - 1].iter().map(|&column| widths[column] + 2).sum();
        for (label, sum) in &sums {
            let columns = (labels + before + 2 + widths[3]).saturating_sub(width(label));
            text += &format!("  {label}{}\n", right(sum, columns));
        }
        text
    }

    fn file(&self) -> String {
        let telling = self.teller.telling;
        let file = printable(&self.trace.file);
        let entries = telling.numbers.count(self.trace.ledger.entries.len() as u64);
        tell!(telling, "\nTutte le {entries} scritture: {file}\n", "\nAll {entries} entries: {file}\n")
    }
}
