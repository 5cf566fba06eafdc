//! The three ways to show problems: marked source lines, plain sentences, JSON.

use super::{Place, Problem, Problems, Severity, Source, Sources, floor_boundary};
use crate::locale::{Told, pair};
use crate::reading::is_unseen;
use crate::scenario::Language;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};

/// How marked source lines look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// ASCII, without colour.
    Ascii,
    /// Colours and box-drawing characters, for terminals.
    Colour,
}

/// Characters of a source line shown at most; longer lines are cut around the place.
const LONGEST_LINE: usize = 160;
/// Columns of a terminal, within which source lines are trimmed.
const COLUMNS: usize = 80;
/// Columns of them left for words, after `warning[W101]: ` or the frame of a hint.
const WORDS: usize = COLUMNS - 15;

impl Problems {
    /// Each problem with its source line and the stretch marked, as compilers do.
    pub fn to_text(&self, look: Look) -> String {
        let renderer = match look {
            Look::Ascii => Renderer::plain(),
            Look::Colour => Renderer::styled().decor_style(DecorStyle::Unicode),
        };
        let renderer = renderer.term_width(COLUMNS);
        let mut text = String::new();
        for problem in &self.list {
            text.push_str(&renderer.render(&[report(problem, &self.sources, self.language)]));
            text.push_str("\n\n");
        }
        text
    }

    /// One line a problem, `file:line:column: error[E104]: message (hint)`: no drawing, good for logs and for
    /// reading aloud.
    pub fn to_plain(&self) -> String {
        let mut text = String::new();
        for problem in &self.list {
            if let Some(place) = &problem.place {
                let (line, column) = self.sources.line_and_column(place);
                text.push_str(&format!(
                    "{}:{line}:{column}: ",
                    visible(&self.sources.get(place.source).name)
                ));
            }
            let severity = problem.severity.name().text(self.language);
            let message = visible(problem.message.text(self.language));
            text.push_str(&format!("{severity}[{}]: {message}", problem.code));
            for hint in &problem.hints {
                text.push_str(&format!(" ({})", visible(hint.text(self.language))));
            }
            text.push('\n');
        }
        text
    }

    /// A JSON list of objects with `code`, `severity`, `file`, `line`, `column`, `start`, `end` (bytes), `message`,
    /// `label` and `hints`; the place is null where there is none. These are English whoever reads, so that programs
    /// can rely on them; `explanation` holds `language`, `message`, `label` and `hints` for the reader.
    pub fn to_json(&self) -> Value {
        let told = |problem: &Problem, language: Language| {
            let text = |told: &Told| told.text(language).to_string();
            let hints: Vec<String> = problem.hints.iter().map(text).collect();
            (text(&problem.message), text(&problem.label), hints)
        };
        self.list
            .iter()
            .map(|problem| {
                let (message, label, hints) = told(problem, Language::English);
                let explanation = told(problem, self.language);
                let mut object = json!({
                    "code": problem.code,
                    "severity": problem.severity.word(),
                    "file": null, "line": null, "column": null, "start": null, "end": null,
                    "message": message,
                    "label": label,
                    "hints": hints,
                    "explanation": {
                        "language": self.language.word(),
                        "message": explanation.0,
                        "label": explanation.1,
                        "hints": explanation.2,
                    },
                });
                if let Some(place) = &problem.place {
                    let (line, column) = self.sources.line_and_column(place);
                    object["file"] = json!(self.sources.get(place.source).name);
                    object["line"] = json!(line);
                    object["column"] = json!(column);
                    object["start"] = json!(place.span.start);
                    object["end"] = json!(place.span.end);
                }
                object
            })
            .collect()
    }
}

/// The problem in the terms of the renderer.
fn report<'p>(problem: &'p Problem, sources: &'p Sources, language: Language) -> Group<'p> {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let level = level.with_name(problem.severity.name().text(language));
    let title = level.primary_title(folded(problem.message.text(language))).id(problem.code);
    let mut group = match &problem.place {
        None => title.elements(Vec::<Snippet<'_, annotate_snippets::Annotation<'_>>>::new()),
        Some(place) => {
            let source = sources.get(place.source);
            let (line_number, _) = sources.line_and_column(place);
            let excerpt = excerpt(source, place);
            let mark =
                AnnotationKind::Primary.span(excerpt.mark).label(visible(problem.label.text(language)));
            let snippet = Snippet::source(excerpt.text).line_start(line_number).path(visible(&source.name));
            title.element(snippet.annotation(mark))
        }
    };
    let help = Level::HELP.with_name(pair("aiuto", "help").text(language));
    for hint in &problem.hints {
        group = group.element(help.clone().message(folded(hint.text(language))));
    }
    group
}

/// The line of a place, cut if it is very long, and the stretch to mark in it.
struct Excerpt {
    text: String,
    mark: std::ops::Range<usize>,
}

fn excerpt(source: &Source, place: &Place) -> Excerpt {
    let text = &source.text;
    let start = floor_boundary(text, place.span.start);
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let end = floor_boundary(text, place.span.end).clamp(start, line_end);
    let from = floor_boundary(text, line_start.max(start.saturating_sub(LONGEST_LINE / 2)));
    let to = floor_boundary(text, line_end.min(from + LONGEST_LINE)).max(start);
    let (before, marked, after) = (&text[from..start], &text[start..end.min(to)], &text[end.min(to)..to]);
    let (before, marked, after) = (visible(before), visible(marked), visible(after.trim_end_matches('\r')));
    // An empty stretch is shown by the character after it.
    let width = if marked.is_empty() { after.chars().next().map_or(0, char::len_utf8) } else { marked.len() };
    let mark = before.len()..before.len() + width;
    Excerpt { text: before + &marked + &after, mark }
}

/// The text in lines of at most [`WORDS`] columns; longer words, such as paths, stay whole.
fn folded(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in visible(text).split(' ') {
        let line = lines.last_mut().expect("never empty");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= WORDS {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_string());
        }
    }
    lines.join("\n")
}

/// The text with characters that could drive a terminal or turn the direction of writing made visible.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '\t' {
                ' '
            } else if is_unseen(c) {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Problems {
        let mut sources = Sources::default();
        let id = sources.add("fund.toml", "[fund]\nendowmnet = 5\n");
        let problem = Problem::error(
            "E101",
            &Place::new(id, 7..16),
            pair("chiave sconosciuta `endowmnet` in [fund]", "unknown key `endowmnet` in [fund]"),
        )
        .label(pair("non è una chiave", "not a key"))
        .hint(pair("si intendeva `endowment`?", "did you mean `endowment`?"));
        Problems::new(vec![problem], sources, Language::English)
    }

    #[test]
    fn text_shows_the_line_and_what_to_do() {
        let text = example().to_text(Look::Ascii);
        for part in [
            "error[E101]",
            "fund.toml:2:1",
            "endowmnet = 5",
            "^^^^^^^^^ not a key",
            "did you mean `endowment`?",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    }

    #[test]
    fn plain_is_one_line() {
        assert_eq!(
            example().to_plain(),
            "fund.toml:2:1: error[E101]: unknown key `endowmnet` in [fund] (did you mean `endowment`?)\n"
        );
    }

    #[test]
    fn every_rendering_speaks_the_reader_s_language() {
        let problems = example().in_language(Language::Italian);
        let text = problems.to_text(Look::Ascii);
        for part in
            ["errore[E101]: chiave sconosciuta", "non è una chiave", "aiuto: si intendeva `endowment`?"]
        {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        assert_eq!(
            problems.to_plain(),
            "fund.toml:2:1: errore[E101]: chiave sconosciuta `endowmnet` in [fund] (si intendeva `endowment`?)\n"
        );
        let json = problems.to_json();
        assert_eq!((&json[0]["severity"], &json[0]["label"]), (&"error".into(), &"not a key".into()));
        assert_eq!(json[0]["explanation"]["language"], "it");
        assert_eq!(json[0]["explanation"]["hints"][0], "si intendeva `endowment`?");
    }

    #[test]
    fn long_sentences_are_folded_to_the_terminal() {
        let mut problems = example();
        problems.list[0].message = Told::same("many words ".repeat(30));
        problems.list[0].hints.push(Told::same("more words ".repeat(30)));
        for line in problems.to_text(Look::Ascii).lines() {
            assert!(line.chars().count() <= 80, "longer than 80 columns: {line}");
        }
        assert_eq!(problems.to_plain().lines().count(), 1);
        assert_eq!(folded(&format!("a {} b", "x".repeat(70))), format!("a\n{}\nb", "x".repeat(70)));
    }

    #[test]
    fn json_has_the_place() {
        let json = example().to_json();
        assert_eq!(json[0]["line"], 2);
        assert_eq!(json[0]["column"], 1);
        assert_eq!(json[0]["hints"][0], "did you mean `endowment`?");
    }

    #[test]
    fn odd_places_do_not_break_the_drawing() {
        let mut sources = Sources::default();
        let long = sources.add("long", format!("{}è{}", "x".repeat(5000), "y".repeat(5000)));
        let empty = sources.add("empty\u{1b}[31m", "");
        let places =
            [(long, 0..10_001), (long, 5001..5002), (long, 99_999..100_000), (empty, 0..0), (empty, 5..9)];
        for (id, span) in places {
            let problem = Problem::error("E005", &Place::new(id, span), Told::same("m"));
            let text = Problems::new(vec![problem], sources.clone(), Language::English).to_text(Look::Ascii);
            assert!(text.contains("error[E005]") && !text.contains('\u{1b}'));
        }
    }
}
