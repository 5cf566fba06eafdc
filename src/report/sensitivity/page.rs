//! `report.html` of a sensitivity study.

use super::Sensitivity;
use super::text::{answer_sentences, input_sentences};
use crate::report::page::Picture;
use crate::report::page::study::{Study, StudyChapter, study_html};
use crate::report::telling::{Telling, tell};

/// The page; `pictures` are the charts, `command` does it again.
pub fn sensitivity_page(sensitivity: &Sensitivity, pictures: Vec<Picture>, command: &str) -> String {
    let telling = Telling::new(sensitivity.language);
    let (paths, seed) = (sensitivity.tornado.paths, sensitivity.seed);
    let (runs, paths_text) =
        (telling.numbers.count(sensitivity.tornado.runs as u64), telling.phrases.paths(paths));
    let mut answer = answer_sentences(sensitivity);
    if sensitivity.interrupted {
        answer.push(tell!(
            telling,
            "Interrotto: manca una parte di quanto era previsto.",
            "Interrupted: a part of what was planned is missing."
        ));
    }
    let chapters = vec![
        StudyChapter {
            id: "inputs",
            heading: tell!(telling, "Che cosa è stato variato", "What was varied"),
            words: input_sentences(sensitivity),
            pictures: Vec::new(),
            tables: Vec::new(),
        },
        StudyChapter {
            id: "pictures",
            heading: tell!(telling, "Che cosa conta di più", "What matters most"),
            words: Vec::new(),
            pictures,
            tables: Vec::new(),
        },
    ];
    let study = Study {
        language: sensitivity.language,
        version: &sensitivity.version,
        kind: tell!(telling, "Sensibilità alle ipotesi", "Sensitivity to the assumptions"),
        title: sensitivity.title.clone(),
        facts: tell!(
            telling,
            "Una ipotesi per volta: {runs} simulazioni con {paths_text}, seme {seed}",
            "One assumption at a time: {runs} runs of {paths_text}, seed {seed}"
        ),
        answer,
        chapters,
        command: command.to_string(),
        source: telling.phrases.source_line(&sensitivity.title, paths, seed, &sensitivity.version),
    };
    study_html(&study)
}
