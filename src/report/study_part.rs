//! A part of a study as a file (`compare-….shard-3-of-8.part`): what `compare`, `frontier`, `stress` and `sensitivity`
//! leave of a share of their cells. Its kind is `FESRGRID` ([`super::framed_file`]).
//!
//! A study is a grid of cells: one scenario each (a mix, a stress, a point of a design, a scenario in an economy), all with
//! the same number of paths. Its units are the blocks of the first cell, then those of the second, and so on; a share is
//! a range of units, so that it holds whole cells and at most two parts of cells. The head holds the command and every file that was
//! read for it: a part needs nothing else to be merged, and the same words over the same files are the same study.
//! The body is a list of [`Piece`]s, each the bytes of some blocks of a cell.
//!
//! Nothing is believed: lengths are bounded by the size of the file, the pieces must be exactly the units of the
//! head, and what they hold is read against the scenario by whoever merges them.

use super::framed_file::{FramedFile, PartError, framed};
use super::part_file::{Shard, is_name, quoted};
use crate::aggregate::BLOCK_PATHS;
use crate::aggregate::coverage::Coverage;
use crate::aggregate::part::MOST_PATHS;
use crate::aggregate::part::codec::{Damaged, Reader, Writer};
use crate::locale::{Told, told};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;

/// The first bytes of a part of a study.
pub const STUDY_MAGIC: &[u8; 8] = b"FESRGRID";
/// Most cells of a study.
const MOST_CELLS: u64 = 1 << 24;

/// Everything that a study read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesRead {
    /// Texts by path, as they were asked for.
    pub texts: BTreeMap<String, String>,
    /// The economies that lay beside the scenario, if they were looked for.
    pub economies: Option<Vec<String>>,
}

/// What a part is a part of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyHead {
    /// The version that made it.
    pub version: String,
    /// The name of the study's folder.
    pub name: String,
    /// The words after `fesr` that give the study.
    pub words: Vec<String>,
    /// Seed.
    pub seed: u64,
    /// Cells of the study.
    pub cells: u64,
    /// Paths of each cell.
    pub paths: u64,
    /// The shard, if it is one.
    pub shard: Option<Shard>,
    /// Units that are there: first one, and the one after the last.
    pub units: Vec<(u64, u64)>,
    /// The files that were read.
    pub read: FilesRead,
}

/// Some blocks of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which cell.
    pub cell: u64,
    /// Which of its blocks.
    pub blocks: Range<u64>,
    /// What they leave.
    pub bytes: Vec<u8>,
}

/// Units of a study, as blocks of a run that would be as long.
pub fn no_units(cells: u64, paths: u64) -> Coverage {
    Coverage::none(cells * Coverage::blocks_of(paths) * BLOCK_PATHS)
}

/// The cells of a range of units, each with its blocks.
pub fn cells_of(units: &Range<u64>, paths: u64) -> Vec<(u64, Range<u64>)> {
    let blocks = Coverage::blocks_of(paths).max(1);
    let mut cells = Vec::new();
    let mut next = units.start;
    while next < units.end {
        let cell = next / blocks;
        let end = units.end.min((cell + 1) * blocks);
        cells.push((cell, next - cell * blocks..end - cell * blocks));
        next = end;
    }
    cells
}

impl StudyHead {
    /// The units as ranges.
    pub fn ranges(&self) -> Vec<Range<u64>> {
        self.units.iter().map(|&(start, end)| start..end).collect()
    }

    /// Why this and another part cannot be of the same study; `None` if they are.
    pub fn contradiction(&self, other: &StudyHead) -> Option<Told> {
        let numbers = |what: Told, mine: u64, theirs: u64| {
            (mine != theirs).then(|| {
                told!(
                    "{what} ({mine} e {theirs})",
                    "{what} ({mine} and {theirs})";
                    what,
                    mine = mine.to_string(),
                    theirs = theirs.to_string(),
                )
            })
        };
        if self.version != other.version {
            return Some(told!(
                "la versione ({mine} e {theirs})",
                "the version ({mine} and {theirs})";
                mine = self.version,
                theirs = other.version,
            ));
        }
        numbers(told!("il seme", "the seed"), self.seed, other.seed)
            .or_else(|| {
                let what = told!("il numero di percorsi", "the number of paths");
                numbers(what, self.paths, other.paths)
            })
            .or_else(|| {
                let file = self.differing_file(other)?;
                Some(told!("lo scenario (il file {file})", "the scenario (the file {file})"; file))
            })
            .or_else(|| (self.words != other.words).then(|| told!("le opzioni", "the options")))
            .or_else(|| {
                let what = told!("il numero di scenari", "the number of scenarios");
                numbers(what, self.cells, other.cells)
            })
    }

    /// A file of which the two do not have the same text.
    fn differing_file(&self, other: &StudyHead) -> Option<String> {
        let (mine, theirs) = (&self.read.texts, &other.read.texts);
        let files = mine.keys().chain(theirs.keys());
        let differs = files.into_iter().find(|file| mine.get(*file) != theirs.get(*file)).cloned();
        differs.or_else(|| (self.read.economies != other.read.economies).then(|| "economies/".to_string()))
    }

    /// The command that makes a shard of this study.
    pub fn command(&self, shard: Shard, folder: &str) -> String {
        let share = format!("{}/{}", shard.number, shard.count);
        let (command, rest) = self.words.split_first().map_or(("", &[][..]), |(first, rest)| (first, rest));
        // Before the files, which may stand behind a `--`.
        let words = ["fesr", command, "--shard", &share, "-o", folder];
        let words = words.into_iter().chain(rest.iter().map(String::as_str));
        words.map(quoted).collect::<Vec<_>>().join(" ")
    }
}

/// The file of a part.
pub fn study_part_file(head: &StudyHead, pieces: &[Piece]) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.length(pieces.len());
    for piece in pieces {
        writer.short(piece.cell);
        writer.short(piece.blocks.start);
        writer.short(piece.blocks.end - piece.blocks.start);
        writer.length(piece.bytes.len());
        writer.bytes.extend_from_slice(&piece.bytes);
    }
    framed(STUDY_MAGIC, &serde_json::to_vec(head).expect("plain data is JSON"), &writer.bytes)
}

/// Most bytes that the body of a part can have: as of a part of a run ([`super::part_file::largest_body`]), for each piece. A
/// borrower takes a line of a file.
fn largest_body(head: &StudyHead) -> u64 {
    let units = no_units(head.cells, head.paths);
    let blocks = Coverage::blocks_of(head.paths).max(1);
    let lines: u64 = head.read.texts.values().map(|text| text.lines().count() as u64).sum();
    // How many pieces there are is written even if a share had nothing to do.
    head.ranges().iter().fold(8, |most: u64, range| {
        let cells = range.end.div_ceil(blocks) - range.start / blocks;
        most.saturating_add(units.paths_of(range).saturating_mul(32_768 + 16 * lines))
            .saturating_add(cells.saturating_mul(64 * 1024 * 1024))
    })
}

/// A part whose head is read and whose pieces are still to come.
pub struct OpenStudyPart<S: Read> {
    /// What it is a part of.
    pub head: StudyHead,
    file: FramedFile<S>,
}

impl<S: Read> OpenStudyPart<S> {
    /// Reads the head of a file of `length` bytes.
    ///
    /// # Errors
    /// [`PartError`] if it is no part, or if its head or its lengths cannot be those of one.
    pub fn open(source: S, length: u64) -> Result<OpenStudyPart<S>, PartError> {
        let mut file = FramedFile::open(STUDY_MAGIC, source, length)?;
        let head = checked_head(&file.head()?).map_err(PartError::Damaged)?;
        file.body_of(largest_body(&head))?;
        Ok(OpenStudyPart { head, file })
    }

    /// Holds all of the file against its check sum.
    ///
    /// # Errors
    /// [`PartError`] if it does not fit, or cannot be read.
    pub fn finish(self) -> Result<StudyHead, PartError> {
        self.file.finish()?;
        Ok(self.head)
    }

    /// The head and the pieces, which are the units of the head.
    ///
    /// # Errors
    /// [`PartError`] if they are not, or the check sum does not fit.
    pub fn pieces(mut self) -> Result<(StudyHead, Vec<Piece>), PartError> {
        let pieces = read_pieces(&self.head, self.file.body());
        // Of bytes that were damaged on their way this is what to say.
        self.file.finish()?;
        let pieces = pieces.map_err(|damage| {
            PartError::Damaged(told!(
                "non è una parte valida ({what})",
                "is not a sound part ({what})";
                what = damage.0,
            ))
        })?;
        Ok((self.head, pieces))
    }
}

fn checked_head(bytes: &[u8]) -> Result<StudyHead, Told> {
    let shown = |text: &str| -> String { text.chars().take(80).flat_map(char::escape_debug).collect() };
    let head: StudyHead = serde_json::from_slice(bytes).map_err(|error| {
        told!(
            "ha un’intestazione che questo programma non conosce: {error}",
            "has a head that this program does not know: {error}";
            error = shown(&error.to_string()),
        )
    })?;
    let impossible = |what: &str| {
        Err(told!(
            "ha un’intestazione impossibile ({what})",
            "has a head that cannot be ({what})";
            what = shown(what),
        ))
    };
    if !is_name(&head.name) {
        return impossible(&head.name);
    }
    if head.paths == 0 || head.paths > MOST_PATHS {
        return impossible("paths");
    }
    if head.cells == 0 || head.cells > MOST_CELLS {
        return impossible("cells");
    }
    if head.shard.is_some_and(|shard| shard.number == 0 || shard.number > shard.count) {
        return impossible("shard");
    }
    let units = head.cells * Coverage::blocks_of(head.paths);
    if head.units.iter().any(|&(start, end)| start >= end || end > units) {
        return impossible("units");
    }
    Ok(head)
}

fn read_pieces(head: &StudyHead, mut reader: Reader) -> Result<Vec<Piece>, Damaged> {
    let blocks = Coverage::blocks_of(head.paths);
    let mut found = no_units(head.cells, head.paths);
    let mut pieces = Vec::new();
    for _ in 0..reader.length(u64::MAX)? {
        let cell = reader.at_most(head.cells - 1)?;
        let start = reader.at_most(blocks)?;
        let end = start + reader.at_most(blocks - start)?;
        let length = reader.length(u64::MAX)?;
        let bytes = reader.bytes(length)?;
        if start == end || found.add(cell * blocks + start..cell * blocks + end).is_err() {
            return Err(Damaged("its pieces are empty or overlap"));
        }
        pieces.push(Piece { cell, blocks: start..end, bytes });
    }
    reader.end()?;
    let mut said = no_units(head.cells, head.paths);
    for range in head.ranges() {
        said.add(range).map_err(|_| Damaged("the units of its head overlap"))?;
    }
    if said != found {
        return Err(Damaged("its pieces are not those of its head"));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head() -> StudyHead {
        StudyHead {
            version: "1".to_string(),
            name: "frontier-x".to_string(),
            words: ["frontier", "x y.toml"].map(str::to_string).to_vec(),
            seed: 7,
            cells: 3,
            paths: 2_500,
            shard: Some(Shard { number: 2, count: 4 }),
            units: vec![(2, 5)],
            read: FilesRead::default(),
        }
    }

    fn read(bytes: &[u8]) -> Result<(StudyHead, Vec<Piece>), PartError> {
        OpenStudyPart::open(bytes, bytes.len() as u64)?.pieces()
    }

    fn pieces() -> Vec<Piece> {
        cells_of(&(2..5), 2_500)
            .into_iter()
            .map(|(cell, blocks)| Piece { cell, blocks, bytes: vec![cell as u8; 4] })
            .collect()
    }

    #[test]
    fn a_share_is_whole_cells_and_ends_of_cells() {
        assert_eq!(cells_of(&(0..9), 2_500), vec![(0, 0..3), (1, 0..3), (2, 0..3)]);
        assert_eq!(cells_of(&(2..7), 2_500), vec![(0, 2..3), (1, 0..3), (2, 0..1)]);
        assert_eq!(cells_of(&(4..4), 2_500), vec![]);
    }

    #[test]
    fn a_part_comes_back() {
        let bytes = study_part_file(&head(), &pieces());
        assert_eq!(read(&bytes).expect("sound"), (head(), pieces()));
        let command = head().command(Shard { number: 1, count: 4 }, "parts");
        assert_eq!(command, "fesr frontier --shard 1/4 -o parts 'x y.toml'");
    }

    /// More shares than there is work: some have nothing to do, and say so.
    #[test]
    fn a_share_without_work_comes_back() {
        let idle = StudyHead { units: Vec::new(), ..head() };
        let bytes = study_part_file(&idle, &[]);
        assert_eq!(read(&bytes).expect("sound"), (idle, Vec::new()));
    }

    #[test]
    fn pieces_are_those_of_the_head() {
        let short = study_part_file(&head(), &pieces()[1..]);
        assert!(read(&short).is_err());
        let twice = study_part_file(&head(), &[pieces(), pieces()].concat());
        assert!(read(&twice).is_err());
        let more = StudyHead { units: vec![(2, 12)], ..head() };
        assert!(read(&study_part_file(&more, &pieces())).is_err());
        let elsewhere = StudyHead { name: "../x".to_string(), ..head() };
        assert!(read(&study_part_file(&elsewhere, &pieces())).is_err());
    }

    #[test]
    fn a_flipped_bit_is_found() {
        let bytes = study_part_file(&head(), &pieces());
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(read(&damaged).is_err(), "byte {at}");
            assert!(read(&bytes[..at]).is_err(), "cut at {at}");
        }
    }

    proptest! {
        /// Whoever makes a file can make its check sum too: the body may be anything.
        #[test]
        fn no_body_is_fatal(body in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = read(&framed(STUDY_MAGIC, &serde_json::to_vec(&head()).expect("JSON"), &body));
        }
    }
}
