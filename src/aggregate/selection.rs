//! Order statistics at many ranks at once, without sorting everything.
//!
//! Thirteen quantiles with their bounds are about forty ranks. One pass counts values in a few thousand cells of equal width
//! between the smallest and the largest; a second collects the few cells in which a wanted rank lies; only these are
//! sorted. That is a fixed number of passes over the values, where a selection by comparisons needs one for each
//! halving of the ranks, each with a branch per value that cannot be predicted. Which cell a value is in is worked out
//! once, in lanes; both passes read that.

use crate::isa::{Isa, Stage};

/// Cells of one pass, as a power of two: their counters fit the first-level cache.
const CELL_BITS: u32 = 11;
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
    let range = largest.wrapping_sub(smallest) as u64;
    let shift = (u64::BITS - range.leading_zeros()).saturating_sub(CELL_BITS);
    let mut cells = vec![0u16; count];
    let mut rest = cells.as_mut_slice();
    for values in pieces {
        let (cells, behind) = rest.split_at_mut(values.len());
        Isa::current().run(FindCells { values, smallest, shift, cells });
        rest = behind;
    }
    // The same number again, but one that the compiler knows to be within the tables.
    let table = |cell: u16| usize::from(cell) % CELLS;

    // Two sets of counters: runs of one value would wait for their own last increment.
    let mut counters = [[0u32; 2]; CELLS];
    let (pairs, rest) = cells.as_chunks::<2>();
    for pair in pairs {
        counters[table(pair[0])][0] += 1;
        counters[table(pair[1])][1] += 1;
    }
    rest.iter().for_each(|&cell| counters[table(cell)][0] += 1);

    // Cells with a wanted rank: where their values go, and which ranks they hold.
    const NOT_WANTED: u32 = u32::MAX;
    let mut targets = [NOT_WANTED; CELLS];
    let mut wanted: Vec<(std::ops::Range<usize>, usize, std::ops::Range<usize>)> = Vec::new();
    let (mut before, mut collected, mut first_rank) = (0, 0, 0);
    for (counter, target) in counters.iter().zip(&mut targets) {
        let inside = (counter[0] + counter[1]) as usize;
        let last_rank = first_rank
            + ranks[first_rank..].iter().take_while(|&&rank| rank - offset < before + inside).count();
        if last_rank > first_rank {
            *target = collected as u32;
            wanted.push((collected..collected + inside, offset + before, first_rank..last_rank));
            collected += inside;
            first_rank = last_rank;
        }
        before += inside;
    }
    assert_eq!(first_rank, ranks.len(), "a rank beyond the last value");
    if shift == 0 {
        // A cell is one value: nothing to collect.
        for (position, target) in targets.iter().enumerate() {
            if *target != NOT_WANTED {
                let place = wanted.iter().find(|entry| entry.0.start == *target as usize);
                let (.., held) = place.expect("every target is a wanted cell");
                let value = smallest.wrapping_add(position as i64);
                found.extend(std::iter::repeat_n(value, held.len()));
            }
        }
        return;
    }
    let mut values = vec![0; collected];
    let mut rest = cells.as_slice();
    for piece in pieces {
        let (cells, behind) = rest.split_at(piece.len());
        rest = behind;
        for (&value, &cell) in piece.iter().zip(cells) {
            let target = &mut targets[table(cell)];
            if *target != NOT_WANTED {
                values[*target as usize] = value;
                *target += 1;
            }
        }
    }
    for (place, first, held) in wanted {
        select(&[&values[place]], first, &ranks[held], found);
    }
}

/// The cell of each value.
struct FindCells<'a> {
    values: &'a [i64],
    smallest: i64,
    /// A cell is so many bits wide; the last one is below [`CELLS`].
    shift: u32,
    cells: &'a mut [u16],
}

impl Stage for FindCells<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (cell, &value) in self.cells.iter_mut().zip(self.values) {
            *cell = (value.wrapping_sub(self.smallest) as u64 >> self.shift) as u16;
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
