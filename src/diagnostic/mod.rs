//! Problems as values: a code, a place, what was read, what is allowed and what to do instead.
//!
//! Reading and checking collect every [`Problem`] they find; nothing is printed here. [`Problems`] carries the
//! texts that the problems point into, so that it can be rendered at any time: like a compiler's errors
//! ([`Problems::to_text`]), as plain sentences for logs and screen readers ([`Problems::to_plain`]) or for
//! programs ([`Problems::to_json`]). Every text of a problem is told in Italian and in English; which one is shown is
//! [`Problems::language`]: that of the scenario, unless the command line names another.
//!
//! | codes | about |
//! | --- | --- |
//! | `E001`-`E009` | files that cannot be read |
//! | `E010`-`E019` | how files build on each other (`extends`, `--set`) |
//! | `E101`-`E119` | one key or value of a scenario |
//! | `E120`-`E139` | keys that contradict each other |
//! | `E201`-`E219` | the borrowers' file |
//! | `W101`-`W119` | admitted, but probably not meant |
//! | `R101`-`R118` | rules of the measure, see [`crate::rules`] |

mod nearest;
mod render;

pub use nearest::nearest;
pub use render::Look;

use crate::locale::{Pair, Told, pair};
use crate::scenario::Language;
use std::ops::Range;

/// How serious a problem is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The scenario cannot be used.
    Error,
    /// The scenario can be used, but this was probably not meant.
    Warning,
}

impl Severity {
    /// The word in machine output.
    pub fn word(self) -> &'static str {
        self.name().text(Language::English)
    }

    /// The word in messages.
    pub fn name(self) -> Pair {
        match self {
            Severity::Error => pair("errore", "error"),
            Severity::Warning => pair("avviso", "warning"),
        }
    }
}

/// Position of a text in [`Sources`], in the order of reading.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SourceId(pub usize);

/// A stretch of one of the texts read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Which text.
    pub source: SourceId,
    /// Bytes of the text.
    pub span: Range<usize>,
}

impl Place {
    /// The stretch `span` of a text.
    pub fn new(source: SourceId, span: Range<usize>) -> Place {
        Place { source, span }
    }

    /// The beginning of a text.
    pub fn start_of(source: SourceId) -> Place {
        Place { source, span: 0..0 }
    }
}

/// A text that was read: a file, or an option of the command line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// What messages call it: the path as it was named, or the option.
    pub name: String,
    /// Its whole text; empty if it could not be read.
    pub text: String,
    /// The first byte of every [`LINES_OF_MARK`]th line: a list of borrowers may have millions of lines.
    marks: Vec<usize>,
}

/// Lines from one mark to the next.
const LINES_OF_MARK: usize = 64;

/// All texts that were read, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Keeps a text and says where it is.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let text = text.into();
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(newlines.map(|(at, _)| at + 1));
        let marks = line_starts.step_by(LINES_OF_MARK).collect();
        self.0.push(Source { name: name.into(), text, marks });
        SourceId(self.0.len() - 1)
    }

    /// One of the texts.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.0[id.0]
    }

    /// All texts, in the order of reading.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }

    /// Line and column (in characters) of the beginning of a place, both from 1.
    pub fn line_and_column(&self, place: &Place) -> (usize, usize) {
        let Source { text, marks, .. } = self.get(place.source);
        let start = floor_boundary(text, place.span.start);
        let mark = marks.partition_point(|mark| *mark <= start) - 1;
        let since = &text[marks[mark]..start];
        let lines = since.bytes().filter(|byte| *byte == b'\n').count();
        let line_start = since.rfind('\n').map_or(0, |newline| newline + 1);
        (mark * LINES_OF_MARK + lines + 1, since[line_start..].chars().count() + 1)
    }
}

/// The character boundary at or before a byte position; the end of the text for positions beyond it.
fn floor_boundary(text: &str, position: usize) -> usize {
    let mut position = position.min(text.len());
    while !text.is_char_boundary(position) {
        position -= 1;
    }
    position
}

/// One thing that is wrong, or probably so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Stable code, such as `E104`.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// Where; `None` for problems of no single text.
    pub place: Option<Place>,
    /// What is wrong, with what was read and what is allowed.
    pub message: Told,
    /// A few words beside the marked stretch.
    pub label: Told,
    /// What to do, one sentence each.
    pub hints: Vec<Told>,
}

impl Problem {
    /// An error at a place.
    pub fn error(code: &'static str, place: &Place, message: impl Into<Told>) -> Problem {
        Problem {
            code,
            severity: Severity::Error,
            place: Some(place.clone()),
            message: message.into(),
            label: Told::default(),
            hints: Vec::new(),
        }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, place: &Place, message: impl Into<Told>) -> Problem {
        Problem { severity: Severity::Warning, ..Problem::error(code, place, message) }
    }

    /// With a few words beside the marked stretch.
    pub fn label(mut self, label: impl Into<Told>) -> Problem {
        self.label = label.into();
        self
    }

    /// With one more sentence about what to do.
    pub fn hint(mut self, hint: impl Into<Told>) -> Problem {
        self.hints.push(hint.into());
        self
    }
}

/// Everything that was found wrong, in the order of the files, with the texts it was found in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problems {
    /// Errors and warnings.
    pub list: Vec<Problem>,
    /// The texts that their places point into.
    pub sources: Sources,
    /// The language in which they are shown.
    pub language: Language,
}

impl Problems {
    /// Puts the problems in the order of the files, and within a file in the order of its text.
    pub fn new(mut list: Vec<Problem>, sources: Sources, language: Language) -> Problems {
        list.sort_by_key(|problem| match &problem.place {
            Some(place) => (place.source.0, place.span.start),
            None => (usize::MAX, 0),
        });
        list.dedup();
        Problems { list, sources, language }
    }

    /// The same problems for a reader of another language.
    pub fn in_language(self, language: Language) -> Problems {
        Problems { language, ..self }
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Whether a file is there and could not be read (exit code 3 rather than 2).
    pub fn is_unreadable(&self) -> bool {
        self.list.iter().any(|problem| problem.code == "E006")
    }
}

impl std::fmt::Display for Problems {
    /// The plain rendering.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_plain())
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_lines_and_columns_in_characters() {
        let mut sources = Sources::default();
        let id = sources.add("è.toml", "perché = 1\nx = 2\n");
        assert_eq!(sources.line_and_column(&Place::new(id, 10..11)), (1, 10));
        assert_eq!(sources.line_and_column(&Place::new(id, 12..13)), (2, 1));
        assert_eq!(sources.line_and_column(&Place::new(id, 900..901)), (3, 1));
    }

    #[test]
    fn lines_are_found_in_long_texts() {
        let mut sources = Sources::default();
        // Of each length from 0 to 3, so that marks stand anywhere.
        let id = sources
            .add("long", (0..500).map(|line| format!("{}\n", "é".repeat(line % 4))).collect::<String>());
        let (mut line, mut column) = (1, 1);
        let text = sources.get(id).text.clone();
        for (at, letter) in text.char_indices() {
            assert_eq!(sources.line_and_column(&Place::new(id, at..at)), (line, column), "byte {at}");
            (line, column) = if letter == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        assert_eq!(line, 501);
    }

    #[test]
    fn problems_follow_the_order_of_the_files() {
        let mut sources = Sources::default();
        let first = sources.add("a", "xxxx");
        let second = sources.add("b", "yyyy");
        let at = |id, start| Problem::error("E101", &Place::new(id, start..start + 1), Told::same("m"));
        let problems =
            Problems::new(vec![at(second, 0), at(first, 3), at(first, 1)], sources, Language::English);
        let order: Vec<_> =
            problems.list.iter().map(|p| p.place.clone().map(|p| (p.source.0, p.span.start))).collect();
        assert_eq!(order, [Some((0, 1)), Some((0, 3)), Some((1, 0))]);
    }
}
