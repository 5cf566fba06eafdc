//! `report.html` of a stress test.

use super::StressTest;
use super::text::{promise_sentences, reverse_sentences};
use crate::report::comparison::comparison_tables;
use crate::report::page::Picture;
use crate::report::page::study::{Study, StudyChapter, study_html};
use crate::report::telling::{Telling, tell};

/// The page; `pictures` are the charts, `command` does it again.
pub fn stress_page(stress: &StressTest, pictures: Vec<Picture>, command: &str) -> String {
    let comparison = &stress.comparison;
    let telling = Telling::new(comparison.language);
    let (paths, seed) = (telling.phrases.paths(comparison.paths), comparison.seed);
    let (promises, reverse) = (promise_sentences(stress), reverse_sentences(stress));
    let mut answer = Vec::new();
    if !promises.is_empty() {
        answer.push(tell!(
            telling,
            "Quali promesse dello scenario si rompono sotto stress:",
            "Which promises of the scenario break under stress:"
        ));
        answer.extend(promises);
    }
    if !reverse.is_empty() {
        answer.push(tell!(
            telling,
            "All’inverso, quanto deve andare male prima che una promessa si rompa:",
            "In reverse, how bad it must get before a promise breaks:"
        ));
        answer.extend(reverse);
    }
    if stress.interrupted() {
        answer.push(tell!(
            telling,
            "Interrotto: manca una parte di quanto era previsto.",
            "Interrupted: a part of what was planned is missing."
        ));
    }
    let left_out = stress.left_out.iter().map(|left_out| {
        let (what, why) = (left_out.what.text(comparison.language), left_out.why.text(comparison.language));
        tell!(telling, "Non simulato: {what} ({why}).", "Not run: {what} ({why}).")
    });
    let chapters = vec![
        StudyChapter {
            id: "pictures",
            heading: tell!(telling, "Sotto stress", "Under stress"),
            words: left_out.collect(),
            pictures,
            tables: Vec::new(),
        },
        StudyChapter {
            id: "figures",
            heading: tell!(telling, "Le cifre", "The figures"),
            words: vec![tell!(
                telling,
                "Le differenze sono dallo scenario com’è, a coppie, percorso per percorso; ± è metà dell’intervallo al 95\u{a0}%. Le tabelle lunghe si aprono sullo schermo e non si stampano: stress.csv le ha tutte.",
                "Differences are to the scenario as it is, in pairs, path by path; ± is half of the 95% interval. Long tables unfold on the screen and are not printed: stress.csv has them all."
            )],
            pictures: Vec::new(),
            tables: comparison_tables(comparison),
        },
    ];
    let study = Study {
        language: comparison.language,
        version: &comparison.version,
        kind: tell!(telling, "Prova di stress", "Stress test"),
        title: stress.title.clone(),
        facts: tell!(
            telling,
            "{paths}, seme {seed}: la stessa sorte sotto ogni stress",
            "{paths}, seed {seed}: the same luck under every stress"
        ),
        answer,
        chapters,
        command: command.to_string(),
        source: telling.phrases.source_line(&stress.title, comparison.paths, seed, &comparison.version),
    };
    study_html(&study)
}
