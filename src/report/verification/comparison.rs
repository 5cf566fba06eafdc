//! A file computed now beside the file of a folder, byte by byte, as the bytes come.

use sha2::{Digest, Sha256};
use std::io::{self, Read, Write};

/// Characters shown before the first difference of a line, and from it on.
const SHOWN_BEFORE: usize = 40;
const SHOWN_FROM: usize = 60;

/// Bytes read beyond what is compared, to show the rest of a line.
const REST_OF_LINE: u64 = 400;

/// The first line in which two texts differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineDifference {
    /// Number of the line, from 1.
    pub line: u64,
    /// What the folder has there, shortened around the first difference; `None` if its file ends before.
    pub in_folder: Option<String>,
    /// What was computed now; `None` if that ends before.
    pub computed: Option<String>,
}

/// What became of a comparison.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Compared {
    /// SHA-256 of what was computed.
    pub hash: String,
    /// The first line that differs; `None` if the texts are equal or nothing was there to compare with.
    pub difference: Option<LineDifference>,
}

/// Takes a computed file piece by piece and holds it against one that is read. Pieces end with whole lines.
pub struct Comparison<R> {
    hasher: Sha256,
    /// The file of the folder; `None` if there is none to compare with, or once a difference is found.
    in_folder: Option<R>,
    /// Whole lines that are equal so far.
    lines: u64,
    difference: Option<LineDifference>,
}

impl<R: Read> Comparison<R> {
    /// Against a text of the folder, or against nothing, to take the hash only.
    pub fn with(in_folder: Option<R>) -> Comparison<R> {
        Comparison { hasher: Sha256::new(), in_folder, lines: 0, difference: None }
    }

    fn take(&mut self, computed: &[u8]) -> io::Result<()> {
        self.hasher.update(computed);
        let Some(reader) = &mut self.in_folder else { return Ok(()) };
        // Never more than what was computed: the folder's file may have any size.
        let mut in_folder = Vec::with_capacity(computed.len());
        reader.by_ref().take(computed.len() as u64).read_to_end(&mut in_folder)?;
        if in_folder == computed {
            self.lines += count_lines(computed);
            return Ok(());
        }
        let at = in_folder.iter().zip(computed).take_while(|(theirs, ours)| theirs == ours).count();
        let equal = &computed[..at];
        let line_start = equal.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        reader.by_ref().take(REST_OF_LINE).read_to_end(&mut in_folder)?;
        self.difference = Some(LineDifference {
            line: self.lines + count_lines(equal) + 1,
            in_folder: excerpt(&in_folder[line_start..], at - line_start),
            computed: excerpt(&computed[line_start..], at - line_start),
        });
        self.in_folder = None;
        Ok(())
    }

    /// Ends the comparison: the folder's file must end here too.
    ///
    /// # Errors
    /// Whatever kept the folder's file from being read.
    pub fn finish(mut self) -> io::Result<Compared> {
        if let Some(reader) = &mut self.in_folder {
            let mut rest = Vec::new();
            reader.by_ref().take(REST_OF_LINE).read_to_end(&mut rest)?;
            if !rest.is_empty() {
                let line = self.lines + 1;
                self.difference = Some(LineDifference { line, in_folder: excerpt(&rest, 0), computed: None });
            }
        }
        let hash = self.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Compared { hash, difference: self.difference })
    }
}

/// Takes what is computed as it is written, so that a large file need never stand on the disk.
impl<R: Read> Write for Comparison<R> {
    fn write(&mut self, computed: &[u8]) -> io::Result<usize> {
        self.take(computed)?;
        Ok(computed.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// The first line of `text` around byte `at`, fit for a terminal; `None` if there is no such line.
fn excerpt(text: &[u8], at: usize) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let end = text.iter().position(|&byte| byte == b'\n').unwrap_or(text.len());
    let before = String::from_utf8_lossy(&text[..at.min(end)]).chars().count();
    let line = String::from_utf8_lossy(&text[..end]);
    let from = before.saturating_sub(SHOWN_BEFORE);
    let shown: String =
        line.chars().skip(from).take(before - from + SHOWN_FROM).flat_map(printable).collect();
    let cut_before = if from > 0 { "…" } else { "" };
    let cut_after = if line.chars().count() > before + SHOWN_FROM { "…" } else { "" };
    Some(format!("{cut_before}{shown}{cut_after}"))
}

/// A character as it may go to a terminal: control characters, also those that turn the direction of writing, as
/// escapes.
pub(super) fn printable(character: char) -> impl Iterator<Item = char> {
    let turns =
        matches!(character, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let escaped = (character.is_control() || turns).then(|| character.escape_unicode());
    let plain = escaped.is_none().then_some(character);
    escaped.into_iter().flatten().chain(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(in_folder: &str, pieces: &[&str]) -> Option<LineDifference> {
        let mut comparison = Comparison::with(Some(in_folder.as_bytes()));
        for piece in pieces {
            comparison.write_all(piece.as_bytes()).expect("memory");
        }
        comparison.finish().expect("memory").difference
    }

    fn difference(line: u64, in_folder: Option<&str>, computed: Option<&str>) -> Option<LineDifference> {
        Some(LineDifference {
            line,
            in_folder: in_folder.map(str::to_string),
            computed: computed.map(str::to_string),
        })
    }

    #[test]
    fn equal_texts_have_no_difference_however_they_come() {
        assert_eq!(compare("a\nb\nc\n", &["a\n", "b\nc\n"]), None);
        assert_eq!(compare("", &[]), None);
    }

    #[test]
    fn the_first_differing_line_is_named() {
        assert_eq!(compare("a\nb1\nc\n", &["a\n", "b2\nc\n"]), difference(2, Some("b1"), Some("b2")));
        assert_eq!(compare("a\n", &["a\n", "b\n"]), difference(2, None, Some("b")));
        assert_eq!(compare("a\nb\n", &["a\n"]), difference(2, Some("b"), None));
        assert_eq!(compare("a\nbcd", &["a\nb\n"]), difference(2, Some("bcd"), Some("b")));
        assert_eq!(compare("", &["a\n"]), difference(1, None, Some("a")));
    }

    #[test]
    fn long_lines_are_shown_around_the_difference() {
        let (left, right) = (format!("{}1{}", "x".repeat(500), "y".repeat(500)), "x".repeat(500) + "2\n");
        let difference = compare(&left, &[&right]).expect("they differ");
        let in_folder = difference.in_folder.expect("a line");
        assert!(in_folder.contains("xxx1yyy") && in_folder.chars().count() <= 102, "{in_folder}");
    }

    #[test]
    fn nothing_of_a_hostile_file_drives_the_terminal() {
        let difference = compare("\u{1b}[2J\u{202e}x\n", &["y\n"]).expect("they differ");
        assert_eq!(difference.in_folder.as_deref(), Some("\\u{1b}[2J\\u{202e}x"));
    }

    #[test]
    fn the_hash_is_that_of_what_was_computed() {
        let comparison: Comparison<&[u8]> = Comparison::with(None);
        let empty = comparison.finish().expect("memory").hash;
        assert_eq!(empty, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
