//! `report.html` of a frontier.

use super::Frontier;
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
                "Un mix divide in altro modo lo stesso denaro ({lines}); tutto il resto resta com’è. Un mix è battuto solo se un altro è migliore in qualche obiettivo e in nessuno peggiore, oltre l’errore della loro differenza.",
                "A mix divides the same money ({lines}) in another way; all else stays. A mix is beaten only if another one is better in some objective and worse in none, beyond the error of their difference."
            )],
            pictures,
            tables: Vec::new(),
        },
        StudyChapter {
            id: "mixes",
            heading: tell!(telling, "I mix", "The mixes"),
            words: vec![tell!(
                telling,
                "Il denaro non usato è quello che nessun progetto ha preso: i prodotti sono pacchetti, e agli angoli manca chi lo chieda. Tutti i mix, con i loro intervalli: mixes.csv e frontier.csv.",
                "Money not used is what no project took: products are bundles, and in the corners nobody asks for it. All mixes, with their intervals: mixes.csv and frontier.csv."
            )],
            pictures: Vec::new(),
            tables: vec![unbeaten(frontier, telling)],
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

/// The mixes that no other beats, most leverage first; the scenario's own mix on top.
fn unbeaten(frontier: &Frontier, telling: Telling) -> StudyTable {
    let mut heads = vec![(tell!(telling, "Mix", "Mix"), false)];
    heads.extend(frontier.objectives.iter().map(|measure| (telling.measure(measure), true)));
    heads.push((tell!(telling, "Non usato", "Not used"), true));
    let leverage = |position: usize| {
        frontier.points[position].values[0].map_or(f64::NEG_INFINITY, |value| value.estimate.value)
    };
    let mut order: Vec<usize> = (1..frontier.points.len())
        .filter(|&position| {
            let point = &frontier.points[position];
            point.is_simulated() && point.dominated_by.is_none()
        })
        .collect();
    order.sort_by(|&one, &other| leverage(other).total_cmp(&leverage(one)));
    let rows = std::iter::once(0)
        .chain(order)
        .map(|position| {
            let point = &frontier.points[position];
            let mix = frontier.mix_name(position);
            let name = match position {
                0 => tell!(telling, "lo scenario: {mix}", "the scenario: {mix}"),
                _ => mix,
            };
            let mark = if point.breaks_limit() { " ✘" } else { "" };
            let mut cells = vec![format!("{name}{mark}")];
            cells.extend(frontier.objectives.iter().zip(&point.values).map(|(measure, value)| {
                value.map_or("–".to_string(), |value| {
                    let half = (value.interval.1 - value.interval.0) / 2.0;
                    let (value, half) = (
                        telling.short(measure.metric, value.estimate.value),
                        telling.short(measure.metric, half),
                    );
                    format!("{value} ± {half}")
                })
            }));
            cells.push(point.unused().map_or("–".to_string(), |amount| telling.numbers.euros_short(amount)));
            cells
        })
        .collect();
    StudyTable {
        caption: tell!(
            telling,
            "I mix che nessun altro batte in tutti gli obiettivi (✘: rompe un limite)",
            "The mixes that no other beats in all objectives (✘: breaks a limit)"
        ),
        heads,
        rows,
        folded: true,
    }
}
