//! The comparison on a terminal: measure by measure, and in words who does better how often.

use super::sentences::{
    limits_sentence, many_sentence, regret_sentence, sentences_of, trade_off_sentence, yardstick_sentence,
};
use super::{Comparison, Scene};
use crate::metrics::{MetricId, Unit};
use crate::paired::comparison::{AgainstFirst, ComparisonRow};
use crate::paired::grid::Grid;
use crate::paired::measure::{Direction, Measure};
use crate::report::layout::{Accent, COLUMNS, Paint, left, printable, right, width, wrap};
use crate::report::limits::Verdict;
use crate::report::telling::{Telling, tell};
use crate::scenario::LimitStatistic;

/// The comparison as a page of at most 80 columns.
pub fn comparison_text(comparison: &Comparison, folder: &str, styled: bool) -> String {
    let page = Page { telling: Telling::new(comparison.language), paint: Paint { styled }, comparison };
    let mut text = page.head();
    // With economies the regrets tell what planners ask; the whole tables are in comparison.csv.
    if comparison.economies.is_empty() {
        text += &page.scene(&comparison.scenes[0]);
    } else {
        for (position, scene) in comparison.scenes.iter().enumerate() {
            text += &page.broken_promises(position, scene);
        }
    }
    for grid in &comparison.grids {
        text += &page.grid(grid);
    }
    for line in trade_off_sentence(comparison).iter().flat_map(|told| wrap(&printable(told), COLUMNS)) {
        text += &format!("{line}\n");
    }
    let folder = printable(folder);
    text += &tell!(
        page.telling,
        "\nRisultati in {folder}: report.html da leggere, le figure in charts/, i numeri in comparison.csv\n",
        "\nResults in {folder}: report.html to read, pictures in charts/, figures in comparison.csv\n"
    );
    text
}

/// The table of some measures alone: every scenario's value and its difference to the first one.
pub fn measures_text(comparison: &Comparison, rows: &[ComparisonRow], styled: bool) -> String {
    let page = Page { telling: Telling::new(comparison.language), paint: Paint { styled }, comparison };
    page.table(rows)
}

struct Page<'c> {
    telling: Telling,
    paint: Paint,
    comparison: &'c Comparison,
}

/// The texts of one scenario's row.
struct Row {
    name: String,
    value: String,
    difference: String,
    better: String,
}

impl Page<'_> {
    fn head(&self) -> String {
        let telling = self.telling;
        let first = printable(&self.comparison.scenarios[0].title);
        let (paths, seed) = (telling.numbers.count(self.comparison.paths), self.comparison.seed);
        let mut text = String::new();
        let title = tell!(telling, "Confronto con: {first}", "Compared with: {first}");
        for line in wrap(&title, COLUMNS) {
            text += &format!("{}\n", self.paint.apply(Accent::Heading, &line));
        }
        let facts = tell!(
            telling,
            "{paths} percorsi, seme {seed}: gli stessi richiedenti e la stessa sorte in ogni scenario. ± è metà dell’intervallo al 95\u{a0}%; le differenze sono a coppie, percorso per percorso; di percentuali in punti.",
            "{paths} paths, seed {seed}: the same applicants and the same luck in every scenario. ± is half of the 95% interval; differences are paired, path by path; of percentages in points."
        );
        let mut paragraphs = vec![facts];
        if self.comparison.interrupted {
            paragraphs.push(tell!(
                telling,
                "Interrotto: mancano scenari o economie che erano previsti.",
                "Interrupted: scenarios or economies that were planned are missing."
            ));
        }
        paragraphs.extend(many_sentence(self.comparison));
        paragraphs.extend(limits_sentence(self.comparison).map(|told| printable(&told)));
        paragraphs.extend(yardstick_sentence(self.comparison).map(|told| printable(&told)));
        paragraphs.push(telling.what_a_loss_is());
        for &position in &self.comparison.other_applicants {
            let name = printable(&self.comparison.scenarios[position].title);
            paragraphs.push(tell!(
                telling,
                "Attenzione: in «{name}» i richiedenti sono altri ([pipeline] diversa); le coppie non sono le stesse imprese.",
                "Note: \"{name}\" has other applicants (another [pipeline]); its pairs are not the same enterprises."
            ));
        }
        for line in paragraphs.iter().flat_map(|paragraph| wrap(paragraph, COLUMNS)) {
            text += &format!("{line}\n");
        }
        text
    }

    fn scene(&self, scene: &Scene) -> String {
        self.table(&scene.rows) + &self.in_words(&scene.rows) + &self.promises(scene)
    }

    /// The promises under one economy, if any scenario makes some.
    fn broken_promises(&self, position: usize, scene: &Scene) -> String {
        if scene.limits.iter().all(Vec::is_empty) {
            return String::new();
        }
        let title = printable(&self.comparison.economies[position].title);
        let heading = tell!(self.telling, "Economia: {title}", "Economy: {title}");
        format!("\n{}{}", self.paint.apply(Accent::Heading, &heading), self.promises(scene))
    }

    fn table(&self, rows: &[ComparisonRow]) -> String {
        let telling = self.telling;
        let told: Vec<(String, Vec<Row>)> =
            rows.iter().map(|row| (self.telling.measure_with_unit(&row.measure), self.rows(row))).collect();
        let widest =
            |of: &dyn Fn(&Row) -> usize| told.iter().flat_map(|(_, rows)| rows).map(of).max().unwrap_or(0);
        let (values, differences) = (widest(&|row| width(&row.value)), widest(&|row| width(&row.difference)));
        let better = widest(&|row| width(&row.better));
        let head = tell!(telling, "meglio in", "better in");
        let against = tell!(telling, "differenza", "difference");
        let last = better.max(width(&head));
        let differences = differences.max(width(&against));
        let names = COLUMNS
            .saturating_sub(2 + 2 + values + 2 + differences + 2 + last)
            .clamp(12, widest(&|row| width(&row.name)).max(12));
        let mut text = format!(
            "\n{}  {}  {}\n",
            " ".repeat(2 + names + 2 + values),
            right(&against, differences),
            right(&head, last)
        );
        for (name, rows) in told {
            text += &format!("{}\n", self.paint.apply(Accent::Heading, &name));
            for row in rows {
                let mut lines = wrap(&row.name, names).into_iter();
                let name = lines.next().unwrap_or_default();
                let line = format!(
                    "  {}  {}  {}  {}",
                    left(&name, names),
                    right(&row.value, values),
                    right(&row.difference, differences),
                    right(&row.better, last)
                );
                text += &format!("{}\n", line.trim_end());
                for line in lines {
                    text += &format!("  {line}\n");
                }
            }
        }
        text
    }

    fn rows(&self, row: &ComparisonRow) -> Vec<Row> {
        let metric = row.measure.metric;
        self.comparison
            .scenarios
            .iter()
            .zip(&row.cells)
            .map(|(named, cell)| {
                let name = printable(&named.name);
                let Some(cell) = cell else {
                    let value = tell!(self.telling, "n.d.", "n/a");
                    return Row { name, value, difference: String::new(), better: String::new() };
                };
                let half = (cell.interval.1 - cell.interval.0) / 2.0;
                let value = format!(
                    "{} ± {}",
                    self.telling.bare(metric, cell.estimate.value),
                    self.telling.bare_error(metric, half)
                );
                let (difference, better) = cell.against_first.map_or_else(Default::default, |against| {
                    (self.difference(metric, against), self.better(&row.measure, against))
                });
                Row { name, value, difference, better }
            })
            .collect()
    }

    fn difference(&self, metric: MetricId, against: AgainstFirst) -> String {
        let difference = against.paired.difference;
        let (low, high) = against.paired.interval();
        if difference.value == 0.0 && low == high {
            return "=".to_string();
        }
        let value = self.telling.bare_difference(metric, difference.value);
        format!("{value} ± {}", self.telling.bare_error(metric, (high - low) / 2.0))
    }

    /// Only figures of a path are better or worse on a path; a quantile is no path's.
    fn better(&self, measure: &Measure, against: AgainstFirst) -> String {
        match (measure.statistic, against.contest) {
            (LimitStatistic::Mean, Some(contest)) if measure.metric.unit() != Unit::Probability => {
                self.telling.percent(contest.chance_better().0)
            }
            _ => String::new(),
        }
    }

    /// For each scenario after the first: the expected loss and the leverage against the first's, in a sentence each.
    fn in_words(&self, rows: &[ComparisonRow]) -> String {
        let mut text = String::new();
        for position in 1..self.comparison.scenarios.len() {
            let sentences = sentences_of(self.comparison, rows, position);
            if sentences.is_empty() {
                continue;
            }
            text.push('\n');
            for line in wrap(&printable(&sentences.join(" ")), COLUMNS) {
                text += &format!("{line}\n");
            }
        }
        text
    }

    /// Which scenarios break which promises.
    fn promises(&self, scene: &Scene) -> String {
        let telling = self.telling;
        if scene.limits.iter().all(Vec::is_empty) {
            return String::new();
        }
        let heading =
            tell!(telling, "I limiti del primo scenario, per tutti", "The first scenario’s limits, for all");
        let mut text = format!("\n{}\n", self.paint.apply(Accent::Heading, &heading));
        for (named, limits) in self.comparison.scenarios.iter().zip(&scene.limits) {
            let count = |verdict| limits.iter().filter(|limit| limit.verdict == verdict).count();
            let (kept, of) = (count(Verdict::Kept), limits.len());
            let mut line = match of {
                0 => tell!(telling, "nessun limite", "no limits"),
                _ => tell!(telling, "{kept} rispettati su {of}", "{kept} of {of} kept"),
            };
            for verdict in [Verdict::Broken, Verdict::NotSettled] {
                let which: Vec<String> = limits
                    .iter()
                    .filter(|limit| limit.verdict == verdict)
                    .map(|result| {
                        let limit = &result.limit;
                        let measure =
                            Measure { metric: limit.metric, line: limit.line, statistic: limit.statistic };
                        self.telling.measure(&measure)
                    })
                    .collect();
                if which.is_empty() {
                    continue;
                }
                let which = which.join("; ");
                let word = match verdict {
                    Verdict::Broken => telling.words.broken,
                    Verdict::NotSettled | Verdict::Kept => telling.words.not_settled,
                };
                let mark = if verdict == Verdict::Broken { "✘" } else { "?" };
                line += &format!("; {mark} {word}: {which}");
            }
            let name = printable(&named.name);
            for (index, line) in wrap(&format!("{name}: {line}"), COLUMNS - 4).into_iter().enumerate() {
                let indent = if index == 0 { "  " } else { "    " };
                text += &format!("{indent}{line}\n");
            }
        }
        text
    }

    /// Regret table: how much worse than the best mix of each economy.
    fn grid(&self, grid: &Grid) -> String {
        let telling = self.telling;
        let nothing = grid.cells.iter().flatten().all(Option::is_none);
        if nothing || grid.measure.direction() == Direction::Neither {
            return String::new();
        }
        let name = self.telling.measure_with_unit(&grid.measure);
        let heading = tell!(
            telling,
            "Rimpianto: quanto peggio del mix migliore in ogni economia. {name}",
            "Regret: how much worse than the best mix of each economy. {name}"
        );
        let mut text = String::from("\n");
        for line in wrap(&heading, COLUMNS) {
            text += &format!("{}\n", self.paint.apply(Accent::Heading, &line));
        }
        let metric = grid.measure.metric;
        for (economy, cells) in grid.cells.iter().enumerate() {
            let named = printable(&self.comparison.economies[economy].title);
            for line in wrap(&named, COLUMNS - 2) {
                text += &format!("  {line}\n");
            }
            let told: Vec<(String, String, String)> = self
                .comparison
                .scenarios
                .iter()
                .zip(cells)
                .enumerate()
                .map(|(mix, (scenario, cell))| {
                    let name = printable(&scenario.name);
                    let Some(cell) = cell else {
                        return (name, tell!(telling, "n.d.", "n/a"), String::new());
                    };
                    let value = self.telling.bare(metric, cell.estimate.value);
                    let regret = match cell.regret {
                        _ if grid.best_mix[economy] == Some(mix) => tell!(telling, "il migliore", "the best"),
                        Some(regret) => {
                            let half = regret.interval().1 - regret.value;
                            let told = format!(
                                "{} ± {}",
                                self.telling.bare(metric, regret.value),
                                self.telling.bare_error(metric, half)
                            );
                            if cell.beaten_beyond_noise {
                                told
                            } else {
                                tell!(telling, "{told}, entro l’errore", "{told}, within the error")
                            }
                        }
                        None => String::new(),
                    };
                    (name, value, regret)
                })
                .collect();
            let names = told.iter().map(|row| width(&row.0)).max().unwrap_or(0).min(30);
            let values = told.iter().map(|row| width(&row.1)).max().unwrap_or(0);
            for (name, value, regret) in told {
                let line = format!("    {}  {}  {regret}", left(&name, names), right(&value, values));
                text += &format!("{}\n", line.trim_end());
            }
        }
        let worst: Vec<String> = grid
            .worst_economy
            .iter()
            .zip(&self.comparison.scenarios)
            .filter_map(|(economy, scenario)| {
                let economy = printable(&self.comparison.economies[(*economy)?].title);
                Some(format!("{}: {economy}", printable(&scenario.name)))
            })
            .collect();
        let worst = worst.join("; ");
        let told = tell!(
            telling,
            "L’economia peggiore per ciascun mix: {worst}.",
            "The worst economy of each mix: {worst}."
        );
        for line in wrap(&told, COLUMNS - 2).iter().filter(|_| !worst.is_empty()) {
            text += &format!("  {line}\n");
        }
        let told = regret_sentence(self.comparison, grid).unwrap_or_default();
        for line in wrap(&printable(&told), COLUMNS - 2).iter().filter(|_| !told.is_empty()) {
            text += &format!("  {line}\n");
        }
        text
    }
}
