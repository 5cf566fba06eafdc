//! `report.html` of a frontier.

use super::{Frontier, SetApart};
use crate::metrics::MetricId;
use crate::paired::Direction;
use crate::report::page::Picture;
use crate::report::page::study::{Study, StudyChapter, StudyTable, study_html};
use crate::report::telling::{Telling, sentence, tell};

/// The page; `pictures` are the charts, `command` does it again.
pub fn frontier_page(frontier: &Frontier, pictures: Vec<Picture>, command: &str) -> String {
    let telling = Telling::new(frontier.language);
    let (paths, seed) = (telling.phrases.paths(frontier.paths), frontier.seed);
    let simulated = frontier.points.iter().filter(|point| point.is_simulated()).count();
    let count = telling.numbers.count(simulated as u64);
    let lines = frontier.lines_name();
    let mut answer: Vec<String> = frontier
        .recommendations
        .iter()
        .map(|recommendation| {
            let name = sentence(recommendation.preference.name(frontier.language));
            format!("{name}. {}", frontier.reason(recommendation))
        })
        .collect();
    answer.push(frontier.unbeaten_told());
    if frontier.interrupted {
        answer.push(tell!(
            telling,
            "Interrotto: mancano i mix che non erano ancora simulati.",
            "Interrupted: mixes that had not been simulated are missing."
        ));
    }
    let chapters = vec![
        StudyChapter {
            id: "pictures",
            heading: tell!(telling, "Il quadro", "The picture"),
            words: vec![tell!(
                telling,
                "Un mix divide in altro modo lo stesso denaro ({lines}); tutto il resto resta com’è. Un mix è battuto se un altro è migliore oltre l’errore in almeno un obiettivo e non peggiore oltre l’errore in nessuno. Che sia migliore è detto tenendo conto di quanti confronti si fanno (Bonferroni, al 95\u{a0}% tutti insieme); che sia peggiore basta l’intervallo al 95\u{a0}% della differenza.",
                "A mix divides the same money ({lines}) in another way; all else stays. A mix is beaten if another one is better beyond noise in at least one objective and worse beyond noise in none. That it is better is said with an eye on how many comparisons are made (Bonferroni, 95% for all together); that it is worse takes no more than the 95% interval of the difference."
            )],
            pictures,
            tables: Vec::new(),
        },
        StudyChapter {
            id: "mixes",
            heading: tell!(telling, "I mix", "The mixes"),
            words: vec![
                tell!(
                    telling,
                    "Il denaro non usato è quello che nessun progetto ha preso: i prodotti sono pacchetti, e agli angoli manca chi lo chieda. Tutti i mix, con i loro intervalli: mixes.csv e frontier.csv.",
                    "Money not used is what no project took: products are bundles, and in the corners nobody asks for it. All mixes, with their intervals: mixes.csv and frontier.csv."
                ),
                telling.what_a_loss_is(),
            ],
            pictures: Vec::new(),
            tables: tables(frontier, telling),
        },
    ];
    let study = Study {
        language: frontier.language,
        version: &frontier.version,
        kind: tell!(telling, "Mix di strumenti: la frontiera", "Instrument mixes: the frontier"),
        title: frontier.title.clone(),
        facts: tell!(
            telling,
            "{count} mix, {paths} ciascuno, seme {seed}: gli stessi richiedenti e la stessa sorte",
            "{count} mixes, {paths} each, seed {seed}: the same applicants and the same luck"
        ),
        answer,
        chapters,
        command: command.to_string(),
        source: telling.phrases.source_line(&frontier.title, frontier.paths, seed, &frontier.version),
    };
    study_html(&study)
}

/// The short list, then the mixes that no other beats, once in each of three orders: a page without scripts cannot sort.
fn tables(frontier: &Frontier, telling: Telling) -> Vec<StudyTable> {
    let mut tables = vec![short_list(frontier, telling)];
    for (metric, mean) in
        [(MetricId::LeverageEffect, true), (MetricId::FundLoss, false), (MetricId::ClosingResources, true)]
    {
        let found = frontier.objective(metric, mean);
        // Of too few paths the tail is not known: the mean loss takes its place.
        let known = found.filter(|&objective| frontier.points[0].values[objective].is_some());
        let by = known.or_else(|| frontier.objective(metric, true));
        tables.extend(by.map(|by| unbeaten(frontier, telling, by)));
    }
    tables
}

fn heads(frontier: &Frontier, telling: Telling) -> Vec<(String, bool)> {
    let mut heads = vec![(tell!(telling, "Mix", "Mix"), false)];
    heads.extend(frontier.objectives.iter().map(|measure| (telling.measure(measure), true)));
    heads.push((tell!(telling, "Non usato", "Not used"), true));
    heads
}

fn row(frontier: &Frontier, telling: Telling, position: usize) -> Vec<String> {
    let point = &frontier.points[position];
    let mix = frontier.mix_name(position);
    let name = match position {
        0 => tell!(telling, "lo scenario: {mix}", "the scenario: {mix}"),
        _ => mix,
    };
    let mark = match point.set_apart() {
        None => String::new(),
        Some(SetApart::BreaksLimit) => tell!(telling, " (✘ rompe un limite)", " (✘ breaks a limit)"),
        Some(SetApart::LeavesMoneyIdle) => tell!(telling, " (○ denaro fermo)", " (○ money idle)"),
    };
    let mut cells = vec![format!("{name}{mark}")];
    cells.extend(frontier.objectives.iter().zip(&point.values).map(|(measure, value)| {
        value.map_or("–".to_string(), |value| {
            let half = (value.interval.1 - value.interval.0) / 2.0;
            let (value, half) =
                (telling.short(measure.metric, value.estimate.value), telling.short(measure.metric, half));
            format!("{value} ± {half}")
        })
    }));
    cells.push(point.unused().map_or("–".to_string(), |amount| telling.numbers.euros_short(amount)));
    cells
}

/// For each objective the best mix within the limits; the scenario's own mix on top.
fn short_list(frontier: &Frontier, telling: Telling) -> StudyTable {
    let mut heads = heads(frontier, telling);
    heads.insert(1, (tell!(telling, "Il migliore per", "Best in"), false));
    let list = frontier.short_list();
    let best_in = |position: usize| -> String {
        let objectives = list.iter().find(|(best, _)| *best == position).map(|(_, objectives)| objectives);
        let names = objectives.into_iter().flatten();
        let names: Vec<String> =
            names.map(|&objective| telling.measure(&frontier.objectives[objective])).collect();
        if names.is_empty() { "–".to_string() } else { names.join("; ") }
    };
    let others = list.iter().map(|(position, _)| *position).filter(|&position| position > 0);
    let rows = std::iter::once(0).chain(others).map(|position| {
        let mut cells = row(frontier, telling, position);
        cells.insert(1, best_in(position));
        cells
    });
    StudyTable {
        caption: tell!(
            telling,
            "In breve: per ogni obiettivo il mix migliore tra quelli che rispettano i limiti e usano almeno metà del denaro",
            "In short: for each objective the best of the mixes that keep the limits and use at least half of their money"
        ),
        heads,
        rows: rows.collect(),
        folded: false,
    }
}

/// The mixes that no other beats, the best in one objective first, those that are none to choose last; the scenario's own
/// mix on top.
fn unbeaten(frontier: &Frontier, telling: Telling, by: usize) -> StudyTable {
    let measure = &frontier.objectives[by];
    let sign = if measure.direction() == Direction::Down { -1.0 } else { 1.0 };
    let value = |position: usize| {
        frontier.points[position].values[by].map_or(f64::NEG_INFINITY, |value| sign * value.estimate.value)
    };
    let mut order: Vec<usize> =
        (1..frontier.points.len()).filter(|&position| frontier.is_unbeaten(position)).collect();
    let apart = |position: usize| frontier.points[position].set_apart();
    order.sort_by(|&one, &other| {
        apart(one).cmp(&apart(other)).then_with(|| value(other).total_cmp(&value(one)))
    });
    let name = telling.measure(measure);
    StudyTable {
        caption: tell!(
            telling,
            "I mix che nessun altro batte, in ordine di «{name}»; in fondo quelli che lasciano fermo più di metà del denaro (○) o rompono un limite (✘)",
            "The mixes that no other beats, in order of \"{name}\"; last those that leave more than half of their money idle (○) or break a limit (✘)"
        ),
        heads: heads(frontier, telling),
        rows: std::iter::once(0).chain(order).map(|position| row(frontier, telling, position)).collect(),
        folded: true,
    }
}
