//! The quarters of many paths in little memory: exact values, as differences from quarter to quarter.
//!
//! Quantiles of a timeline need every path's value in every quarter: 65,536 paths x 64 quarters x 22 values would be
//! 740 MB. Most values change little or not at all within a quarter, so a chunk of paths is kept as a stream of bytes: for
//! each quarter and value the differences to the quarter before, all in the same number of bytes, the fewest that
//! hold them all (none if no path has moved). One width for a whole chunk instead of one for each number costs
//! some memory, but numbers are written and read in lanes, without a branch for each byte.

use crate::engine::chunk::{CHUNK_PATHS, ChunkTimeline, Lanes, ROW_VALUES};
use crate::isa::{Isa, Stage};

/// The timelines of the paths of one block, chunk after chunk.
#[derive(Clone, Debug, Default)]
pub struct TimelineStream {
    bytes: Vec<u8>,
    /// Where each chunk begins, and how many paths it has.
    chunks: Vec<(usize, usize)>,
}

impl TimelineStream {
    /// Appends a chunk of `paths` paths.
    pub fn push(&mut self, timeline: &ChunkTimeline, paths: usize) {
        self.chunks.push((self.bytes.len(), paths));
        Isa::current().run(Append { stream: self, timeline });
    }

    #[inline(always)]
    fn append(&mut self, timeline: &ChunkTimeline) {
        let zero = [[0; CHUNK_PATHS]; ROW_VALUES];
        let mut before: &[Lanes] = &zero;
        for row in timeline.quarters() {
            for (now, before) in row.iter().zip(before) {
                self.write(&std::array::from_fn(|lane| now[lane].wrapping_sub(before[lane])));
            }
            before = row;
        }
    }

    /// A byte with the width, then the differences.
    #[inline(always)]
    fn write(&mut self, differences: &Lanes) {
        // A difference fits w bytes if the bits above its 8 w - 1 lowest all equal its sign.
        let (mut spread, mut any) = (0, 0);
        for &value in differences {
            spread |= value ^ (value >> 63);
            any |= value;
        }
        let width = match spread {
            0 if any == 0 => 0,
            0..0x80 => 1,
            0x80..0x8000 => 2,
            0x8000..0x8000_0000 => 4,
            _ => 8,
        };
        self.bytes.push(width as u8);
        if width == 0 {
            return;
        }
        let start = self.bytes.len();
        self.bytes.resize(start + width * CHUNK_PATHS, 0);
        let target = &mut self.bytes[start..];
        match width {
            1 => target.iter_mut().zip(differences).for_each(|(byte, &value)| *byte = value as u8),
            2 => fill(target, differences, |value| (value as i16).to_le_bytes()),
            4 => fill(target, differences, |value| (value as i32).to_le_bytes()),
            _ => fill(target, differences, |value| value.to_le_bytes()),
        }
    }

    /// Frees what was reserved beyond need.
    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }

    /// Readers of the chunks, each before its first quarter.
    pub fn readers(&self) -> Vec<ChunkReader<'_>> {
        self.chunks
            .iter()
            .map(|&(at, paths)| ChunkReader {
                bytes: &self.bytes[at..],
                paths,
                row: vec![[0; CHUNK_PATHS]; ROW_VALUES],
            })
            .collect()
    }
}

#[inline(always)]
fn fill<const WIDTH: usize>(target: &mut [u8], values: &Lanes, to_bytes: impl Fn(i64) -> [u8; WIDTH]) {
    for (bytes, &value) in target.chunks_exact_mut(WIDTH).zip(values) {
        bytes.copy_from_slice(&to_bytes(value));
    }
}

/// Reads the paths of a chunk forward.
pub struct ChunkReader<'s> {
    bytes: &'s [u8],
    /// Number of paths.
    pub paths: usize,
    row: Vec<Lanes>,
}

impl ChunkReader<'_> {
    /// Reads the next quarter: the numbers of all paths.
    pub fn next_quarter(&mut self) -> &[Lanes] {
        self.read();
        &self.row
    }

    /// Reads the next quarter; returns which numbers moved on some path, bit by bit.
    pub fn read(&mut self) -> u32 {
        Isa::current().run(Advance(self))
    }

    /// The numbers of all paths in the quarter last read.
    pub fn row(&self) -> &[Lanes] {
        &self.row
    }

    #[inline(always)]
    fn advance(&mut self) -> u32 {
        let mut moved = 0;
        for (position, lanes) in self.row.iter_mut().enumerate() {
            let width = self.bytes[0] as usize;
            moved |= u32::from(width != 0) << position;
            let (source, rest) = self.bytes[1..].split_at(width * CHUNK_PATHS);
            self.bytes = rest;
            match width {
                0 => {}
                1 => add(lanes, source, |[byte]: [u8; 1]| i64::from(byte as i8)),
                2 => add(lanes, source, |bytes| i64::from(i16::from_le_bytes(bytes))),
                4 => add(lanes, source, |bytes| i64::from(i32::from_le_bytes(bytes))),
                _ => add(lanes, source, i64::from_le_bytes),
            }
        }
        moved
    }
}

struct Append<'a> {
    stream: &'a mut TimelineStream,
    timeline: &'a ChunkTimeline,
}

impl Stage for Append<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.stream.append(self.timeline);
    }
}

struct Advance<'a, 's>(&'a mut ChunkReader<'s>);

impl Stage for Advance<'_, '_> {
    type Output = u32;

    #[inline(always)]
    fn run(self) -> u32 {
        self.0.advance()
    }
}

#[inline(always)]
fn add<const WIDTH: usize>(lanes: &mut Lanes, source: &[u8], from_bytes: impl Fn([u8; WIDTH]) -> i64) {
    for (value, bytes) in lanes.iter_mut().zip(source.as_chunks::<WIDTH>().0) {
        *value = value.wrapping_add(from_bytes(*bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Differences of every width.
    fn difference() -> impl Strategy<Value = i64> {
        (0..64u32, any::<i64>()).prop_map(|(shift, value)| value >> shift)
    }

    proptest! {
        #[test]
        fn rows_come_back_quarter_by_quarter(
            steps in proptest::collection::vec((0..ROW_VALUES, 0..CHUNK_PATHS, difference()), 0..60),
            paths in 1..=CHUNK_PATHS,
        ) {
            const QUARTERS: u32 = 6;
            let mut rows = [[[0i64; ROW_VALUES]; CHUNK_PATHS]; QUARTERS as usize];
            for (step, &(place, lane, value)) in steps.iter().enumerate() {
                let from = step % QUARTERS as usize;
                rows[from..].iter_mut().for_each(|row| row[lane][place] = row[lane][place].wrapping_add(value));
            }
            let mut timeline = ChunkTimeline::new(QUARTERS);
            for (quarter, lanes) in rows.iter().enumerate() {
                for (lane, row) in lanes.iter().enumerate() {
                    timeline.set_row(quarter, lane, row);
                }
            }
            let mut stream = TimelineStream::default();
            stream.push(&timeline, paths);
            stream.push(&timeline, CHUNK_PATHS);
            let mut readers = stream.readers();
            prop_assert_eq!((readers[0].paths, readers[1].paths), (paths, CHUNK_PATHS));
            let mut before = vec![[0; CHUNK_PATHS]; ROW_VALUES];
            for row in timeline.quarters() {
                let differs = (0..ROW_VALUES).filter(|&place| row[place] != before[place]);
                let moved = differs.fold(0, |bits, place| bits | 1 << place);
                for reader in &mut readers {
                    prop_assert_eq!(reader.read(), moved);
                    prop_assert_eq!(reader.row(), row);
                }
                before.copy_from_slice(row);
            }
        }
    }

    #[test]
    fn each_width_holds_its_extremes() {
        for (value, width) in [
            (0, 0),
            (-1, 1),
            (127, 1),
            (-128, 1),
            (128, 2),
            (-129, 2),
            (32_767, 2),
            (32_768, 4),
            (i64::from(i32::MIN), 4),
            (i64::from(i32::MAX), 4),
            (i64::from(i32::MAX) + 1, 8),
            (i64::MIN, 8),
        ] {
            let mut stream = TimelineStream::default();
            stream.write(&[value; CHUNK_PATHS]);
            assert_eq!(stream.bytes.len(), 1 + width * CHUNK_PATHS, "{value}");
        }
    }
}
