//! Text for a terminal, of results and of checks alike: columns that line up, lines of at most 80 columns, bold and colour only if asked for.
//!
//! Widths count characters: every character of the two languages takes one column.

use anstyle::{AnsiColor, Style};

/// Columns of a terminal.
pub(crate) const COLUMNS: usize = 80;

/// How a piece of text stands out; meaning is never in the colour alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Accent {
    Heading,
    Good,
    Bad,
    Unsure,
}

/// Writes accents, or leaves text plain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Paint {
    pub styled: bool,
}

impl Paint {
    pub fn apply(self, accent: Accent, text: &str) -> String {
        if !self.styled || text.is_empty() {
            return text.to_string();
        }
        let style = match accent {
            Accent::Heading => Style::new().bold(),
            Accent::Good => AnsiColor::Green.on_default().bold(),
            Accent::Bad => AnsiColor::Red.on_default().bold(),
            Accent::Unsure => AnsiColor::Yellow.on_default().bold(),
        };
        format!("{style}{text}{style:#}")
    }
}

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().count()
}

/// The text, filled with spaces on the right.
pub(crate) fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text, filled with spaces on the left.
pub(crate) fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Text from a scenario without control characters: nothing in a file may steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// Breaks a text at spaces into lines of at most `columns`; longer words are cut. Never empty.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut letters: Vec<char> = word.chars().collect();
        while !letters.is_empty() {
            let line = lines.last_mut().expect("never empty");
            let space = usize::from(!line.is_empty());
            if width(line) + space + letters.len() <= columns {
                if space == 1 {
                    line.push(' ');
                }
                line.extend(letters.drain(..));
            } else if line.is_empty() {
                line.extend(letters.drain(..columns));
            } else {
                lines.push(String::new());
            }
        }
    }
    lines
}

/// A paragraph after a label: `  Label   text`, later lines under the first.
pub(crate) fn labelled(label: &str, label_columns: usize, text: &str) -> String {
    let indent = 2 + label_columns + 2;
    let mut paragraph = String::new();
    for (index, line) in wrap(text, COLUMNS - indent).into_iter().enumerate() {
        let start = if index == 0 { label } else { "" };
        paragraph += &format!("  {}  {line}\n", left(start, label_columns));
    }
    paragraph
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_keeps_all_words_and_the_width() {
        let text = "quota di percorsi: 3,42\u{a0}% unaparolalunghissimachenonstainunariga però sì";
        let lines = wrap(text, 20);
        assert!(lines.iter().all(|line| width(line) <= 20), "{lines:?}");
        let joined: String = lines.concat().replace(' ', "");
        assert_eq!(joined, text.replace(' ', ""));
        assert!(lines.iter().any(|line| line.contains("3,42\u{a0}%")));
        assert_eq!(wrap("", 20), [""]);
    }

    #[test]
    fn columns_count_letters_not_bytes() {
        assert_eq!(right("1,2\u{a0}M€", 8), "  1,2\u{a0}M€");
        assert_eq!(left("però", 6), "però  ");
    }

    #[test]
    fn plain_text_has_no_escapes_and_styled_text_closes_them() {
        assert_eq!(Paint { styled: false }.apply(Accent::Bad, "x"), "x");
        let styled = Paint { styled: true }.apply(Accent::Bad, "x");
        assert!(styled.starts_with('\u{1b}') && styled.ends_with("\u{1b}[0m"), "{styled:?}");
        assert_eq!(printable("a\u{1b}[31mb"), "a [31mb");
    }
}
