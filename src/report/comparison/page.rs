//! `report.html` of a comparison.

use super::sentences::{
    limits_sentence, many_sentence, regret_sentence, sentences_of, trade_off_sentence, yardstick_sentence,
};
use super::{Comparison, Scene};
use crate::metrics::Unit;
use crate::paired::comparison::ComparisonCell;
use crate::paired::measure::Measure;
use crate::report::limits::Verdict;
use crate::report::page::Picture;
use crate::report::page::study::{Study, StudyChapter, StudyTable, study_html};
use crate::report::telling::{Telling, shown_as_percent, tell};
use crate::scenario::LimitStatistic;
use crate::units::nearest_f64;

/// Most rows of a table that lies open; longer ones would fill pages of paper and stand in the CSV files anyway.
const MOST_OPEN_ROWS: usize = 60;

/// The page; `pictures` are the charts of the comparison, `command` does it again.
pub fn comparison_page(comparison: &Comparison, pictures: Vec<Picture>, command: &str) -> String {
    let telling = Telling::new(comparison.language);
    let writer = Writer { telling, comparison };
    let names: Vec<&str> = comparison.scenarios.iter().map(|named| named.title.as_str()).collect();
    let title = names.join(" · ");
    let (paths, seed) = (telling.phrases.paths(comparison.paths), comparison.seed);
    let economies = comparison.economies.is_empty();
    let mut chapters = vec![StudyChapter {
        id: "pictures",
        heading: tell!(telling, "Le differenze", "The differences"),
        words: Vec::new(),
        pictures,
        tables: Vec::new(),
    }];
    chapters.push(StudyChapter {
        id: "figures",
        heading: tell!(telling, "Le cifre", "The figures"),
        words: vec![tell!(
            telling,
            "± è metà dell’intervallo al 95\u{a0}%. Le differenze sono dal primo scenario, a coppie, percorso per percorso; «meglio in» dice in quanti futuri quello scenario fa meglio.",
            "± is half of the 95% interval. Differences are to the first scenario, in pairs, path by path; \"better in\" says in how many futures that scenario does better."
        )]
        .into_iter()
        .chain([many_sentence(comparison), limits_sentence(comparison), yardstick_sentence(comparison)].into_iter().flatten())
        .chain([telling.what_a_loss_is()])
        .collect(),
        pictures: Vec::new(),
        tables: comparison_tables(comparison),
    });
    let study = Study {
        language: comparison.language,
        version: &comparison.version,
        kind: tell!(telling, "Confronto tra mix di strumenti", "Comparison of instrument mixes"),
        title: title.clone(),
        facts: tell!(
            telling,
            "{paths}, seme {seed}: gli stessi richiedenti e la stessa sorte in ogni scenario",
            "{paths}, seed {seed}: the same applicants and the same luck in every scenario"
        ),
        answer: if economies { writer.answer() } else { writer.regrets() },
        chapters,
        command: command.to_string(),
        source: telling.phrases.source_line(&title, comparison.paths, seed, &comparison.version),
    };
    study_html(&study)
}

/// The tables of figures and promises, economy by economy.
pub fn comparison_tables(comparison: &Comparison) -> Vec<StudyTable> {
    let writer = Writer { telling: Telling::new(comparison.language), comparison };
    let scenes = comparison.scenes.iter().enumerate();
    scenes.flat_map(|(position, scene)| writer.tables(position, scene)).collect()
}

struct Writer<'c> {
    telling: Telling,
    comparison: &'c Comparison,
}

impl Writer<'_> {
    fn answer(&self) -> Vec<String> {
        let rows = &self.comparison.scenes[0].rows;
        let mut answer: Vec<String> = (1..self.comparison.scenarios.len())
            .map(|position| sentences_of(self.comparison, rows, position).join(" "))
            .filter(|sentences| !sentences.is_empty())
            .collect();
        answer.extend(self.interrupted());
        for &position in &self.comparison.other_applicants {
            let name = &self.comparison.scenarios[position].title;
            answer.push(tell!(
                self.telling,
                "Attenzione: in «{name}» i richiedenti sono altri; le coppie non sono le stesse imprese.",
                "Note: \"{name}\" has other applicants; its pairs are not the same enterprises."
            ));
        }
        answer
    }

    fn interrupted(&self) -> Option<String> {
        self.comparison.interrupted.then(|| {
            tell!(
                self.telling,
                "Interrotto: mancano scenari o economie che erano previsti.",
                "Interrupted: scenarios or economies that were planned are missing."
            )
        })
    }

    /// Which mix one regrets least, measure by measure.
    fn regrets(&self) -> Vec<String> {
        let mut answer: Vec<String> =
            self.comparison.grids.iter().filter_map(|grid| regret_sentence(self.comparison, grid)).collect();
        answer.extend(trade_off_sentence(self.comparison));
        answer.extend(self.interrupted());
        answer
    }

    fn value(&self, measure: &Measure, value: f64) -> String {
        self.telling.figure(measure.metric.unit(), shown_as_percent(measure.metric), value)
    }

    /// The table of an economy, and that of its promises.
    fn tables(&self, position: usize, scene: &Scene) -> Vec<StudyTable> {
        let telling = self.telling;
        let economy = self.comparison.economies.get(position).map(|economy| economy.title.clone());
        let caption = economy.clone().unwrap_or_else(|| tell!(telling, "Tutti gli scenari", "All scenarios"));
        let mut rows = Vec::new();
        for row in &scene.rows {
            if row.cells.iter().all(Option::is_none) {
                let none = tell!(telling, "n.d.: troppo pochi percorsi", "n/a: too few paths");
                rows.push(vec![
                    telling.measure(&row.measure),
                    "–".to_string(),
                    none,
                    String::new(),
                    String::new(),
                ]);
                continue;
            }
            for (named, cell) in self.comparison.scenarios.iter().zip(&row.cells) {
                let mut cells = vec![self.telling.measure(&row.measure), named.title.clone()];
                cells.extend(self.cells(&row.measure, *cell));
                rows.push(cells);
            }
        }
        let figures = StudyTable {
            caption,
            heads: vec![
                (tell!(telling, "Grandezza", "Figure"), false),
                (tell!(telling, "Scenario", "Scenario"), false),
                (tell!(telling, "Valore", "Value"), true),
                (tell!(telling, "Differenza", "Difference"), true),
                (tell!(telling, "Meglio in", "Better in"), true),
            ],
            folded: economy.is_some() || rows.len() > MOST_OPEN_ROWS,
            rows,
        };
        vec![figures, self.promises(scene, economy)]
    }

    fn cells(&self, measure: &Measure, cell: Option<ComparisonCell>) -> [String; 3] {
        let Some(cell) = cell else {
            return [tell!(self.telling, "n.d.", "n/a"), String::new(), String::new()];
        };
        let (unit, as_percent) = (measure.metric.unit(), shown_as_percent(measure.metric));
        let half = |(low, high): (f64, f64)| self.telling.error(unit, as_percent, (high - low) / 2.0);
        let value = format!("{} ± {}", self.value(measure, cell.estimate.value), half(cell.interval));
        let Some(against) = cell.against_first else { return [value, String::new(), String::new()] };
        let (paired, metric) = (against.paired, measure.metric);
        if paired.difference.value == 0.0 && paired.half_width() == 0.0 {
            return [value, "=".to_string(), String::new()];
        }
        let difference = format!(
            "{} ± {}",
            self.telling.change(metric, paired.difference.value),
            self.telling.amount_of_change(metric, paired.half_width())
        );
        let is_of_paths =
            measure.statistic == LimitStatistic::Mean && measure.metric.unit() != Unit::Probability;
        let better = against.contest.filter(|_| is_of_paths);
        let better = better.map_or(String::new(), |contest| self.telling.percent(contest.chance_better().0));
        [value, difference, better]
    }

    fn promises(&self, scene: &Scene, economy: Option<String>) -> StudyTable {
        let telling = self.telling;
        let mut rows = Vec::new();
        for (named, limits) in self.comparison.scenarios.iter().zip(&scene.limits) {
            for result in limits {
                let limit = &result.limit;
                let measure = Measure { metric: limit.metric, line: limit.line, statistic: limit.statistic };
                let (mark, word) = match result.verdict {
                    Verdict::Kept => ("✔", telling.words.kept),
                    Verdict::Broken => ("✘", telling.words.broken),
                    Verdict::NotSettled => ("?", telling.words.not_settled),
                };
                let value = result.value.map_or("–".to_string(), |value| self.value(&measure, value));
                let mut promised = telling.measure(&measure);
                for (sign, bound) in [("≥", limit.min), ("≤", limit.max)] {
                    let bound = bound.map(|bound| self.value(&measure, nearest_f64(bound)));
                    promised += &bound.map_or(String::new(), |bound| format!(" {sign}\u{a0}{bound}"));
                }
                rows.push(vec![named.title.clone(), promised, value, format!("{mark} {word}")]);
            }
        }
        let limits =
            tell!(telling, "I limiti del primo scenario, per tutti", "The first scenario’s limits, for all");
        StudyTable {
            caption: economy.map_or(limits.clone(), |economy| format!("{limits} ({economy})")),
            heads: vec![
                (tell!(telling, "Scenario", "Scenario"), false),
                (tell!(telling, "Limite", "Limit"), false),
                (tell!(telling, "Valore", "Value"), true),
                (tell!(telling, "Esito", "Verdict"), false),
            ],
            folded: rows.len() > MOST_OPEN_ROWS,
            rows,
        }
    }
}
