//! Order statistics at many ranks at once, without sorting everything.
//!
//! Thirteen quantiles with their bounds are about forty ranks. One pass counts values in a few thousand cells of equal width
//! between the smallest and the largest; a second collects the few cells in which a wanted rank lies; only these are
//! sorted. That is a fixed number of passes over the values, where a selection by comparisons needs one for each
//! halving of the ranks, each with a branch per value that cannot be predicted.

use crate::isa::{Isa, Stage};
use std::cell::RefCell;

/// Cells of one pass over many values, as a power of two: their counters fit the first-level cache.
const CELL_BITS: u32 = 11;

/// Cells of one pass over fewer values, so that going through the counters does not cost more than counting.
const CELL_BITS_OF_FEWER: u32 = 9;

/// So many values are worth [`CELL_BITS`].
const MANY: usize = 1 << 14;

/// Most cells of a pass.
const CELLS: usize = 1 << CELL_BITS;

/// So many values are sorted rather than counted.
const FEW: usize = 512;

/// The values at the wanted ranks (0-based, ascending) among all values of all pieces.
///
/// # Panics
/// If a rank is not below the number of values.
pub fn order_statistics(pieces: &[&[i64]], ranks: &[usize]) -> Vec<i64> {
    debug_assert!(ranks.windows(2).all(|pair| pair[0] <= pair[1]));
    let mut found = Vec::with_capacity(ranks.len());
    select(pieces, 0, ranks, &mut found);
    found
}

/// A cell in which a wanted rank lies.
struct Wanted {
    /// Where its values are collected.
    place: std::ops::Range<usize>,
    /// Rank of its smallest value.
    first: usize,
    /// Which of the wanted ranks it holds.
    held: std::ops::Range<usize>,
}

/// Appends the values at `ranks`, which count from `offset`.
fn select(pieces: &[&[i64]], offset: usize, ranks: &[usize], found: &mut Vec<i64>) {
    let count: usize = pieces.iter().map(|piece| piece.len()).sum();
    if ranks.is_empty() {
        return;
    }
    if count <= FEW {
        let mut values: Vec<i64> = pieces.iter().flat_map(|piece| piece.iter().copied()).collect();
        values.sort_unstable();
        found.extend(ranks.iter().map(|&rank| values[rank - offset]));
        return;
    }
    let (smallest, largest) = extremes(pieces);
    if smallest == largest {
        assert!(ranks.iter().all(|&rank| rank - offset < count), "a rank beyond the last value");
        found.extend(ranks.iter().map(|_| smallest));
        return;
    }
    let bits = if count < MANY { CELL_BITS_OF_FEWER } else { CELL_BITS };
    let range = largest.wrapping_sub(smallest) as u64;
    let shift = (u64::BITS - range.leading_zeros()).saturating_sub(bits);
    let mut buffers = BUFFERS.take().unwrap_or_default();
    let Buffers { cells, counters, targets, values } = &mut buffers;
    if cells.len() < count {
        cells.resize(count, 0);
    }
    let cells = &mut cells[..count];
    counters[..1 << bits].fill([0; 2]);
    let mut rest = &mut *cells;
    for &values in pieces {
        let (of_piece, after) = rest.split_at_mut(values.len());
        Isa::current().run(Count { values, smallest, shift, cells: of_piece, counters });
        rest = after;
    }

    // Cells with a wanted rank: where their values go, and which ranks they hold.
    targets[..1 << bits].fill(NOT_WANTED);
    let mut wanted: Vec<Wanted> = Vec::new();
    let (mut before, mut collected, mut first_rank) = (0, 0, 0);
    for (counter, target) in counters[..1 << bits].iter().zip(targets.iter_mut()) {
        let inside = (counter[0] + counter[1]) as usize;
        let last_rank = first_rank
            + ranks[first_rank..].iter().take_while(|&&rank| rank - offset < before + inside).count();
        if last_rank > first_rank {
            *target = collected as u32;
            let place = collected..collected + inside;
            wanted.push(Wanted { place, first: offset + before, held: first_rank..last_rank });
            collected += inside;
            first_rank = last_rank;
        }
        before += inside;
    }
    assert_eq!(first_rank, ranks.len(), "a rank beyond the last value");
    if shift == 0 {
        // A cell is one value: nothing to collect.
        for (position, target) in targets[..1 << bits].iter().enumerate() {
            if *target != NOT_WANTED {
                let cell = wanted.iter().find(|wanted| wanted.place.start == *target as usize);
                let held = &cell.expect("every target is a wanted cell").held;
                let value = smallest.wrapping_add(position as i64);
                found.extend(std::iter::repeat_n(value, held.len()));
            }
        }
        BUFFERS.set(Some(buffers));
        return;
    }
    values.clear();
    values.resize(collected, 0);
    let mut rest = &*cells;
    for piece in pieces {
        let (of_piece, after) = rest.split_at(piece.len());
        collect(piece, of_piece, targets, values);
        rest = after;
    }
    for Wanted { place, first, held } in wanted {
        select(&[&values[place]], first, &ranks[held], found);
    }
    BUFFERS.set(Some(buffers));
}

/// What a pass works in, kept from one to the next by each thread: a run has thousands of columns, and fresh memory would have
/// to be cleared for each. A pass within a cell of another finds none and makes its own.
struct Buffers {
    /// The cell of each value.
    cells: Vec<u16>,
    counters: Box<[[u32; 2]; CELLS]>,
    targets: Box<[u32; CELLS]>,
    /// Values of the wanted cells.
    values: Vec<i64>,
}

impl Default for Buffers {
    fn default() -> Buffers {
        Buffers {
            cells: Vec::new(),
            counters: Box::new([[0; 2]; CELLS]),
            targets: Box::new([NOT_WANTED; CELLS]),
            values: Vec::new(),
        }
    }
}

thread_local! {
    static BUFFERS: RefCell<Option<Buffers>> = const { RefCell::new(None) };
}

/// The target of a cell in which no wanted rank lies.
const NOT_WANTED: u32 = u32::MAX;

/// Finds the cells of the values of a piece and counts them.
struct Count<'a> {
    values: &'a [i64],
    smallest: i64,
    shift: u32,
    cells: &'a mut [u16],
    /// Two sets: runs of one value would wait for their own last increment.
    counters: &'a mut [[u32; 2]; CELLS],
}

impl Stage for Count<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Count { values, smallest, shift, cells, counters } = self;
        // The cells first, by a loop with lanes; then the counters, which have none.
        for (cell, &value) in cells.iter_mut().zip(values) {
            *cell = (value.wrapping_sub(smallest) as u64 >> shift) as u16;
        }
        let (pairs, rest) = cells.as_chunks::<2>();
        for pair in pairs {
            counters[usize::from(pair[0]) % CELLS][0] += 1;
            counters[usize::from(pair[1]) % CELLS][1] += 1;
        }
        rest.iter().for_each(|&cell| counters[usize::from(cell) % CELLS][0] += 1);
    }
}

/// Moves the values of wanted cells to their targets.
fn collect(piece: &[i64], cells: &[u16], targets: &mut [u32; CELLS], values: &mut [i64]) {
    for (&value, &cell) in piece.iter().zip(cells) {
        let target = &mut targets[usize::from(cell) % CELLS];
        if *target != NOT_WANTED {
            values[*target as usize] = value;
            *target += 1;
        }
    }
}

/// Smallest and largest value.
fn extremes(pieces: &[&[i64]]) -> (i64, i64) {
    pieces.iter().fold((i64::MAX, i64::MIN), |(min, max), piece| {
        let (smallest, largest) = Isa::current().run(Extremes(piece));
        (min.min(smallest), max.max(largest))
    })
}

struct Extremes<'a>(&'a [i64]);

impl Stage for Extremes<'_> {
    type Output = (i64, i64);

    #[inline(always)]
    fn run(self) -> (i64, i64) {
        self.0.iter().fold((i64::MAX, i64::MIN), |(min, max), &value| (min.min(value), max.max(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Values with a spike, of narrow or enormous range.
    fn values() -> impl Strategy<Value = Vec<i64>> {
        (0..63u32).prop_flat_map(|shift| {
            let value = prop_oneof![Just(0i64), any::<i64>().prop_map(move |value| value >> shift)];
            proptest::collection::vec(value, 1..3_000)
        })
    }

    proptest! {
        #[test]
        fn agrees_with_sorting(
            values in values(),
            picks in proptest::collection::vec(any::<prop::sample::Index>(), 0..40),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut ranks: Vec<usize> = picks.iter().map(|pick| pick.index(values.len())).collect();
            ranks.sort_unstable();
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let (left, right) = values.split_at(cut.index(values.len()));
            let expected: Vec<i64> = ranks.iter().map(|&rank| sorted[rank]).collect();
            prop_assert_eq!(order_statistics(&[left, right], &ranks), expected);
        }
    }

    #[test]
    #[should_panic(expected = "beyond the last value")]
    fn a_rank_beyond_the_end_is_a_bug() {
        order_statistics(&[&(0..1_000).collect::<Vec<i64>>()], &[999, 1_000]);
    }
}
