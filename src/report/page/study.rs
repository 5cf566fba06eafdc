//! The page of a study (`fesr compare`, `fesr frontier` and their like): the answer, the pictures, the tables. The same
//! sheet, the same policy and the same closed world as the page of a run.

use super::figure::{Picture, figure};
use super::table::{Kind, Table, text};
use super::{printable, style};
use crate::report::telling::{Telling, tell};
use crate::scenario::Language;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// What a study's page is made of; all texts are in the reader's language.
pub struct Study<'a> {
    /// The reader's language.
    pub language: Language,
    /// The program's version.
    pub version: &'a str,
    /// What kind of study: "Comparison of instrument mixes".
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Paths, seed, and what else was run.
    pub facts: String,
    /// The answer in sentences.
    pub answer: Vec<String>,
    /// The chapters after the answer.
    pub chapters: Vec<StudyChapter<'a>>,
    /// The command that does it again.
    pub command: String,
    /// Where all figures come from.
    pub source: String,
}

/// A chapter.
pub struct StudyChapter<'a> {
    /// Its id on the page.
    pub id: &'static str,
    /// Its heading.
    pub heading: String,
    /// What stands before its pictures and tables.
    pub words: Vec<String>,
    /// Its pictures.
    pub pictures: Vec<Picture<'a>>,
    /// Its tables.
    pub tables: Vec<StudyTable>,
}

/// A table; the first column is the head of its row.
pub struct StudyTable {
    /// Its caption.
    pub caption: String,
    /// Heads of the columns, and whether they hold numbers.
    pub heads: Vec<(String, bool)>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// Whether it lies folded: long lists.
    pub folded: bool,
}

impl StudyTable {
    fn markup(&self) -> Markup {
        let kind = |numbers: bool| if numbers { Kind::Number } else { Kind::Prose };
        let heads = self.heads.iter().map(|(head, numbers)| (head.clone(), kind(*numbers))).collect();
        let mut table = Table::new(self.caption.clone(), heads);
        for row in &self.rows {
            table.row(row.iter().map(text).collect());
        }
        match self.folded {
            true => html! { details { summary { (self.caption) } (table.render()) } },
            false => table.render(),
        }
    }
}

/// The page as a complete HTML document.
pub fn study_html(study: &Study) -> String {
    let telling = Telling::new(study.language);
    let pictures = study.chapters.iter().flat_map(|chapter| &chapter.pictures);
    let sheet = style::style_sheet(pictures);
    let answer = tell!(telling, "La risposta", "The answer");
    let again = tell!(telling, "Come rifarlo", "How to do it again");
    let document = html! {
        (DOCTYPE)
        html lang=(study.language.word()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(style::policy(&sheet));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content={ "fesr " (study.version) };
                title { (study.title) " – " (study.kind) }
                style { (PreEscaped(&sheet)) }
            }
            body {
                a.skip href="#answer" { (tell!(telling, "Vai alla risposta", "Skip to the answer")) }
                header {
                    p.kicker { (study.kind) }
                    h1 { bdi { (study.title) } }
                    p.facts { (study.facts) }
                }
                nav aria-labelledby="contents-heading" {
                    h2 id="contents-heading" { (tell!(telling, "In questa pagina", "On this page")) }
                    ol {
                        li { a href="#answer" { (answer) } }
                        @for chapter in &study.chapters {
                            li { a href={ "#" (chapter.id) } { (chapter.heading) } }
                        }
                        li { a href="#again" { (again) } }
                    }
                }
                main {
                    section id="answer" aria-labelledby="answer-heading" {
                        h2 id="answer-heading" { (answer) }
                        @for sentence in &study.answer { p { bdi { (sentence) } } }
                    }
                    @for chapter in &study.chapters {
                        section id=(chapter.id) aria-labelledby={ (chapter.id) "-heading" } {
                            h2 id={ (chapter.id) "-heading" } { (chapter.heading) }
                            @for sentence in &chapter.words { p { bdi { (sentence) } } }
                            @for picture in &chapter.pictures { (figure(telling, picture)) }
                            @for table in chapter.tables.iter().filter(|table| !table.rows.is_empty()) {
                                (table.markup())
                            }
                        }
                    }
                    section id="again" aria-labelledby="again-heading" {
                        h2 id="again-heading" { (again) }
                        p { (tell!(
                            telling,
                            "Stessi scenari, stesso seme, stessa versione: gli stessi numeri, su qualsiasi computer.",
                            "Same scenarios, same seed, same version: the same figures, on any computer."
                        )) }
                        p { code { (study.command) } }
                    }
                }
                footer { p { (study.source) } }
            }
        }
    };
    printable(document.into_string())
}
