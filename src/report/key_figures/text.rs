//! Key figures for a terminal.

use super::figure::{KeyFigure, Topic};
use super::warning::MOST_SHOWN;
use super::{ExactCheckResult, KeyFigures, Warning};
use crate::aggregate::precision::{HeadlineEstimate, PrecisionOutcome};
use crate::aggregate::tail::TailSummary;
use crate::locale::metric_name;
use crate::metrics::{MetricId, Unit};
use crate::report::layout::{Accent, COLUMNS, Paint, left, printable, right, width, wrap};
use crate::report::limits::{LimitResult, Verdict};
use crate::report::precision::{half_width_text, headline_name, verdict_text};
use crate::report::telling::{Telling, sentence, shown_as_percent, tell};
use crate::scenario::{Language, LimitStatistic};
use crate::units::nearest_f64;

impl KeyFigures {
    /// The figures as a table, the verdicts, the warnings and where the files are; at most 80 columns (a long path of
    /// the folder may be longer). `styled`: with bold and colour.
    pub fn to_text(&self, styled: bool) -> String {
        let telling = Telling::new(self.language);
        let page = Page { telling, paint: Paint { styled } };
        let mut text = page.head(self);
        text += &page.figures(&self.figures);
        text += &page.precision(self.precision.as_ref(), self.paths);
        text += &page.limits(&self.limits);
        text += &page.warnings(&self.warnings, (self.paths, self.planned));
        let folder = printable(&self.folder);
        text.push('\n');
        text += &page.exact_check(self.exact_check);
        text += &tell!(
            telling,
            "Risultati in {folder}: report.html da leggere, i numeri in summary.csv",
            "Results in {folder}: report.html to read, figures in summary.csv"
        );
        text.push('\n');
        text
    }
}

/// What every part of the text needs.
struct Page {
    telling: Telling,
    paint: Paint,
}

/// A row of the table of figures, as text.
struct Row {
    topic: Topic,
    name: String,
    value: String,
    interval: Option<(String, String)>,
    note: &'static str,
}

impl Page {
    fn head(&self, figures: &KeyFigures) -> String {
        let telling = self.telling;
        let title = printable(&figures.title);
        let title = if figures.title == figures.name { title } else { format!("{title} ({})", figures.name) };
        let (paths, seed) = (telling.numbers.count(figures.paths), figures.seed);
        let percorsi = if figures.paths == 1 { "percorso" } else { "percorsi" };
        let noun = if figures.paths == 1 { "path" } else { "paths" };
        let horizon = telling.horizon(figures.start, figures.quarters);
        let facts = tell!(
            telling,
            "{paths} {percorsi}, seme {seed}; ogni cifra {horizon}",
            "{paths} {noun}, seed {seed}; all figures {horizon}"
        );
        let mut text = String::new();
        for line in wrap(&title, COLUMNS) {
            text += &format!("{}\n", self.paint.apply(Accent::Heading, &line));
        }
        for line in wrap(&facts, COLUMNS) {
            text += &format!("{line}\n");
        }
        if let Some(tail) = &figures.tail {
            for line in wrap(&self.tail(tail), COLUMNS) {
                text += &format!("{line}\n");
            }
        }
        for line in figures.running.iter().chain(&figures.uncertain).flat_map(|told| wrap(told, COLUMNS)) {
            text += &format!("{line}\n");
        }
        text
    }

    /// What the paths of `--tail` are worth where it matters.
    fn tail(&self, tail: &TailSummary) -> String {
        let telling = self.telling;
        let [hundredth, thousandth] =
            tail.effective_worst.map(|paths| telling.numbers.decimal(paths.floor(), 0));
        tell!(
            telling,
            "Coda esaminata da vicino (--tail): l’1\u{a0}% peggiore delle perdite poggia su {hundredth} percorsi equivalenti, lo 0,1\u{a0}% su {thousandth}",
            "Tail looked at closely (--tail): the worst 1% of losses rest on {hundredth} equivalent paths, the worst 0.1% on {thousandth}"
        )
    }

    fn figures(&self, figures: &[KeyFigure]) -> String {
        if figures.is_empty() {
            return tell!(self.telling, "\nNessun percorso simulato.\n", "\nNo path was simulated.\n");
        }
        let table = self.table(figures, false);
        // Billions do not fit in whole euros.
        if table.lines().all(|line| width(line) <= COLUMNS) { table } else { self.table(figures, true) }
    }

    fn table(&self, figures: &[KeyFigure], short: bool) -> String {
        let telling = self.telling;
        let rows: Vec<Row> = figures.iter().map(|figure| self.row(figure, short)).collect();
        let widest =
            |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| width(text)).max().unwrap_or(0);
        let names = widest(&mut rows.iter().map(|row| &row.name));
        let values = widest(&mut rows.iter().map(|row| &row.value));
        let lows = widest(&mut rows.iter().filter_map(|row| Some(&row.interval.as_ref()?.0)));
        let highs = widest(&mut rows.iter().filter_map(|row| Some(&row.interval.as_ref()?.1)));
        let mut text = String::new();
        for topic in Topic::ALL {
            let mut of_topic = rows.iter().filter(|row| row.topic == topic).peekable();
            if of_topic.peek().is_none() {
                continue;
            }
            let heading = self.topic(topic);
            text.push('\n');
            if topic == Topic::DefaultRisk {
                // The head of the last columns stands beside the first heading.
                let head = tell!(telling, "intervallo al 95\u{a0}%", "95% interval");
                let space = " ".repeat((2 + names + 2 + values + 3).saturating_sub(width(heading)));
                text += &format!("{}{space}{head}\n", self.paint.apply(Accent::Heading, heading));
            } else {
                text += &format!("{}\n", self.paint.apply(Accent::Heading, heading));
            }
            for row in of_topic {
                let last = match &row.interval {
                    Some((low, high)) => format!("   {} – {}", right(low, lows), right(high, highs)),
                    None if row.note.is_empty() => String::new(),
                    None => format!("   {}", row.note),
                };
                let line = format!("  {}  {}{last}", left(&row.name, names), right(&row.value, values));
                text += &format!("{}\n", line.trim_end());
            }
        }
        text
    }

    fn topic(&self, topic: Topic) -> &'static str {
        let (italian, english) = match topic {
            Topic::DefaultRisk => ("Rischio di inadempimento", "Default risk"),
            Topic::Leverage => ("Effetto leva", "Leverage"),
            Topic::Coverage => ("Copertura", "Coverage"),
            Topic::Cost => ("Costi", "Cost"),
            Topic::Return => ("Che cosa torna alla Regione", "What comes back"),
        };
        match self.telling.language {
            Language::Italian => italian,
            Language::English => english,
        }
    }

    fn row(&self, figure: &KeyFigure, short: bool) -> Row {
        let not_known = || tell!(self.telling, "n.d.", "n/a");
        let write = |value: f64| self.amount(figure.metric, value, short);
        let interval = match (figure.value, figure.low, figure.high) {
            (None, ..) | (_, None, None) => None,
            (_, low, high) => Some((low.map_or_else(not_known, write), high.map_or_else(not_known, write))),
        };
        Row {
            topic: figure.topic,
            name: figure_name(self.telling, figure.metric, figure.statistic),
            value: figure.value.map_or_else(not_known, write),
            interval,
            note: if figure.value.is_none() { self.telling.words.too_few_paths } else { "" },
        }
    }

    fn amount(&self, metric: MetricId, value: f64, short: bool) -> String {
        match metric.unit() {
            Unit::Euro if short => self.telling.numbers.euros_short(value),
            unit => self.telling.figure(unit, shown_as_percent(metric), value),
        }
    }

    fn precision(&self, outcome: Option<&PrecisionOutcome>, paths: u64) -> String {
        let Some(outcome) = outcome else { return String::new() };
        let telling = self.telling;
        let heading = tell!(telling, "Precisione", "Precision");
        let mut text = format!("\n{}\n", self.paint.apply(Accent::Heading, &heading));
        for line in wrap(&verdict_text(telling, outcome, paths), COLUMNS - 2) {
            text += &format!("  {line}\n");
        }
        let rows: Vec<(&HeadlineEstimate, String, String)> = outcome
            .look
            .estimates
            .iter()
            .map(|estimate| {
                (estimate, headline_name(telling, estimate.headline), half_width_text(telling, estimate))
            })
            .collect();
        let names = rows.iter().map(|(_, name, _)| width(name)).max().unwrap_or(0);
        for (estimate, name, half_width) in &rows {
            let (accent, mark) = match estimate.is_within(outcome.look.target) {
                true => (Accent::Good, "✔"),
                false => (Accent::Unsure, "?"),
            };
            let mark = self.paint.apply(accent, mark);
            text += &format!("  {mark} {}  {half_width}\n", left(name, names));
        }
        text
    }

    fn limits(&self, limits: &[LimitResult]) -> String {
        if limits.is_empty() {
            return String::new();
        }
        let telling = self.telling;
        let marks: Vec<(Accent, String)> = limits.iter().map(|result| self.verdict(result.verdict)).collect();
        let values: Vec<String> = limits
            .iter()
            .map(|result| match result.value {
                Some(value) => self.amount(result.limit.metric, value, false),
                None => tell!(telling, "n.d.", "n/a"),
            })
            .collect();
        let bounds: Vec<String> = limits.iter().map(|result| self.bound(result)).collect();
        let widest = |texts: &[String]| texts.iter().map(|text| width(text)).max().unwrap_or(0);
        let mark_columns = marks.iter().map(|(_, mark)| width(mark)).max().unwrap_or(0);
        let (value_columns, bound_columns) = (widest(&values), widest(&bounds));
        let names =
            COLUMNS.saturating_sub(2 + mark_columns + 2 + 2 + value_columns + 2 + bound_columns).max(16);
        let mut text = format!(
            "\n{}\n",
            self.paint
                .apply(Accent::Heading, &tell!(telling, "Limiti dello scenario", "Limits of the scenario"))
        );
        for (position, result) in limits.iter().enumerate() {
            let (accent, mark) = &marks[position];
            let name = wrap(&self.limit_name(result), names);
            for (index, line) in name.iter().enumerate() {
                let line = if index == 0 {
                    let mark = format!(
                        "{}{}",
                        self.paint.apply(*accent, mark),
                        " ".repeat(mark_columns - width(mark))
                    );
                    let (value, bound) = (right(&values[position], value_columns), &bounds[position]);
                    format!("  {mark}  {}  {value}  {bound}", left(line, names))
                } else {
                    format!("  {}  {line}", " ".repeat(mark_columns))
                };
                text += &format!("{}\n", line.trim_end());
            }
            if let Some(interval) = self.unsettled_interval(result) {
                // On a line of its own, so that no bound is torn from the other.
                text += &format!("  {}  {interval}\n", " ".repeat(mark_columns));
            }
        }
        text
    }

    fn verdict(&self, verdict: Verdict) -> (Accent, String) {
        let words = self.telling.words;
        match verdict {
            Verdict::Kept => (Accent::Good, format!("✔ {}", words.kept)),
            Verdict::Broken => (Accent::Bad, format!("✘ {}", words.broken)),
            Verdict::NotSettled => (Accent::Unsure, format!("? {}", words.not_settled)),
        }
    }

    /// What is limited.
    fn limit_name(&self, result: &LimitResult) -> String {
        let (telling, limit) = (self.telling, &result.limit);
        let mut name = metric_name(limit.metric, telling.language).to_string();
        if let Some(line) = limit.line {
            name += &format!(", {}", telling.line(line));
        }
        name += &format!(", {}", telling.statistic(limit.statistic, limit.metric));
        name
    }

    /// The interval, where that is the reason for the verdict.
    fn unsettled_interval(&self, result: &LimitResult) -> Option<String> {
        if result.verdict != Verdict::NotSettled {
            return None;
        }
        let (telling, limit) = (self.telling, &result.limit);
        let write = |bound: Option<f64>| match bound {
            Some(value) => self.amount(limit.metric, value, true),
            None => tell!(telling, "n.d.", "n/a"),
        };
        match (result.value, result.low, result.high) {
            (None, ..) => Some(telling.words.too_few_paths.to_string()),
            (_, low, high) => {
                let (low, high) = (write(low), write(high));
                Some(tell!(
                    telling,
                    "intervallo al 95\u{a0}%: {low} – {high}",
                    "95% interval: {low} – {high}"
                ))
            }
        }
    }

    fn bound(&self, result: &LimitResult) -> String {
        let write = |bound| {
            let value = nearest_f64(bound);
            match result.limit.metric.unit() {
                Unit::Ratio if !shown_as_percent(result.limit.metric) => self.telling.shortest(value),
                Unit::Euro => self.telling.numbers.euros(value, 0),
                Unit::Count => self.telling.shortest(value),
                Unit::Ratio | Unit::Probability => {
                    format!("{}{}", self.telling.shortest(value * 100.0), self.telling.numbers.percent_sign())
                }
            }
        };
        match (result.limit.min, result.limit.max) {
            (Some(min), Some(max)) => format!("{} – {}", write(min), write(max)),
            (Some(min), None) => format!("≥ {}", write(min)),
            (None, Some(max)) => format!("≤ {}", write(max)),
            (None, None) => String::new(),
        }
    }

    fn exact_check(&self, result: Option<ExactCheckResult>) -> String {
        let Some(ExactCheckResult { figures, largest_z }) = result else { return String::new() };
        let figures = self.telling.numbers.count(figures as u64);
        let largest = self.telling.numbers.decimal(largest_z, 1);
        tell!(
            self.telling,
            "Controllo con valori esatti: {figures} cifre, |z| massimo {largest} (limite 6)\n",
            "Checked against exact values: {figures} figures, largest |z| {largest} (limit 6)\n"
        )
    }

    fn warnings(&self, warnings: &[Warning], paths: (u64, u64)) -> String {
        let mut text = String::new();
        for (index, warning) in warnings.iter().take(MOST_SHOWN).enumerate() {
            if index == 0 {
                text.push('\n');
            }
            let words = sentence(&warning.text(self.telling, paths));
            for (index, line) in wrap(&words, COLUMNS - 2).into_iter().enumerate() {
                let start = if index == 0 { self.paint.apply(Accent::Unsure, "!") } else { " ".to_string() };
                text += &format!("{start} {line}\n");
            }
        }
        let more = warnings.len().saturating_sub(MOST_SHOWN);
        if more > 0 {
            text += &tell!(
                self.telling,
                "  (altre avvertenze: {more}; tutte con --json)\n",
                "  (more warnings: {more}; all of them with --json)\n"
            );
        }
        text
    }
}

/// The name of a statistic of a metric in a table of figures.
pub(in crate::report) fn figure_name(
    telling: Telling,
    metric: MetricId,
    statistic: LimitStatistic,
) -> String {
    match (metric, statistic) {
        (MetricId::FundLoss, LimitStatistic::Mean) => telling.words.expected_loss.to_string(),
        (MetricId::FundLoss, statistic) => telling.statistic(statistic, metric),
        (_, LimitStatistic::Mean) if metric.unit() == Unit::Probability => {
            let name = metric_name(metric, telling.language);
            tell!(telling, "{name} (prob.)", "{name} (chance)")
        }
        (_, LimitStatistic::Mean) => metric_name(metric, telling.language).to_string(),
        (_, statistic) => {
            format!("{}, {}", metric_name(metric, telling.language), telling.statistic(statistic, metric))
        }
    }
}
