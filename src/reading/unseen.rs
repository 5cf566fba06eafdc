//! Characters that a reader does not see and that change what is seen.
//!
//! A text of a scenario stands on a terminal, in charts, tables and pages. Control characters could drive the terminal;
//! those that turn the direction of writing could make a name look like another (Boucher and Anderson, "Trojan Source",
//! 2021; Unicode property `Bidi_Control`); U+FFFE and U+FFFF make a picture that no program opens. All are refused.

/// The first such character of a text; line breaks and tabs are none.
pub fn unseen(text: &str) -> Option<char> {
    text.chars().find(|letter| is_unseen(*letter) && !matches!(letter, '\n' | '\r' | '\t'))
}

/// Whether a character is a control character, turns the direction of writing, or is none at all.
pub fn is_unseen(letter: char) -> bool {
    letter.is_control() || turns_writing(letter) || matches!(letter, '\u{fffe}' | '\u{ffff}')
}

/// Whether a character turns the direction of writing.
fn turns_writing(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_found_and_what_is_written_is_not() {
        for text in ["Impresa però d’è", "a\tb\r\nc", "cœur — 社会", "e\u{301} \u{ad}"] {
            assert_eq!(unseen(text), None, "{text}");
        }
        for letter in
            ['\u{1b}', '\u{7f}', '\u{9b}', '\u{202e}', '\u{2066}', '\u{200f}', '\u{61c}', '\u{ffff}']
        {
            assert_eq!(unseen(&format!("a{letter}b")), Some(letter));
        }
    }
}
