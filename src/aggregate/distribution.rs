//! The distribution of one figure over all paths: order statistics, tail means, histogram.
//!
//! Up to [`EXACT_PATHS`](super::EXACT_PATHS) paths every value is kept and every order statistic is exact. Beyond, values
//! are counted in cells whose width is at most 2^-13 of their value: the middle of a cell is within 6.2e-5 of
//! every value in it; values up to 16,384 units (counts, cents) have a cell of their own. The 0.2 % smallest and the 0.2 %
//! largest values are kept apart and stay exact. Cells and tails merge exactly.
//!
//! Every run keeps every value as long as that is enough and counts in cells from then on. What it tells depends on the
//! values seen only, not on how many were planned: a run that stops early, because it is precise or interrupted,
//! tells what a run planned for that length tells.
//!
//! A share of a run keeps less of the tails than the whole run needs: what its paths are likely to have of them, with
//! twelve standard deviations to spare, and how far down it is complete. Shares put together tell whether that was
//! enough ([`Distribution::reaches`]); if it was, the tails are exactly those of the whole run.

use super::page::Page;
use super::selection;

/// Values up to this magnitude have a cell of their own.
const EXACT_BELOW: u64 = 1 << 14;
/// Cells per power of two above.
const CELLS_PER_OCTAVE: usize = 1 << 13;
/// Pages of cells: one of exact values and one for each power of two above, for either sign.
const PAGES_PER_SIGN: usize = 64 - 14 + 1;

/// Values of one figure over paths.
#[derive(Clone, Debug)]
pub enum Distribution {
    /// Every value.
    Exact {
        /// The values.
        values: Vec<i64>,
        /// How many there may be at most.
        most: u64,
    },
    /// Counts in cells, exact in the tails.
    Cells(Box<Cells>),
}

impl Distribution {
    /// Prepares for a number of paths that is not exceeded.
    pub fn for_paths(paths: u64) -> Distribution {
        let values = Vec::with_capacity(paths.min(super::EXACT_PATHS) as usize);
        Distribution::Exact { values, most: paths }
    }

    /// Prepares for `share` paths of a run of `planned` paths, to be merged with the others.
    pub fn for_share(planned: u64, share: u64) -> Distribution {
        if planned <= super::EXACT_PATHS {
            Distribution::Exact { values: Vec::with_capacity(share as usize), most: planned }
        } else {
            let keep = reach_of_share(tail_of(planned), planned, share);
            Distribution::Cells(Box::new(Cells::new(keep)))
        }
    }

    /// Adds the values of another share of the same run of `planned` paths. `order` says how the paths of both follow
    /// each other: whether the next so many are of the other one.
    pub fn merge(&mut self, other: Distribution, planned: u64, order: &[(bool, usize)]) {
        // Of sums that were stored without their values.
        if self.count() == 0 && other.count() == 0 {
            return;
        }
        if let (Distribution::Exact { values, .. }, Distribution::Exact { values: others, .. }) =
            (&mut *self, &other)
            && (planned <= super::EXACT_PATHS || (values.len() + others.len()) as u64 <= super::EXACT_PATHS)
        {
            let (mut mine, mut theirs) = (values.as_slice(), others.as_slice());
            let mut merged = Vec::with_capacity(mine.len() + theirs.len());
            for &(of_other, count) in order {
                let source = if of_other { &mut theirs } else { &mut mine };
                let (next, rest) = source.split_at(count);
                merged.extend_from_slice(next);
                *source = rest;
            }
            *values = merged;
            return;
        }
        let mut cells = self.take_cells(planned);
        let mut other = other;
        cells.merge(*other.take_cells(planned), tail_of(planned));
        *self = Distribution::Cells(cells);
    }

    /// Its cells; values that are still kept are counted into new ones.
    fn take_cells(&mut self, planned: u64) -> Box<Cells> {
        match std::mem::replace(self, Distribution::Exact { values: Vec::new(), most: 0 }) {
            Distribution::Cells(cells) => cells,
            Distribution::Exact { values, .. } => {
                let mut cells = Cells::new(tail_of(planned));
                cells.absorb(&values);
                Box::new(cells)
            }
        }
    }

    /// Whether the tails that shares kept reach as far as a run of all their paths would have kept them.
    pub fn reaches(&self) -> bool {
        match self {
            Distribution::Exact { .. } => true,
            Distribution::Cells(cells) => {
                let wanted = (tail_of(cells.count) as u64).min(cells.count);
                [&cells.low, &cells.high].iter().all(|tail| tail.kept.len() as u64 >= wanted)
            }
        }
    }

    /// Whether every order statistic is exact.
    pub fn is_exact(&self) -> bool {
        matches!(self, Distribution::Exact { .. })
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        match self {
            Distribution::Exact { values, .. } => values.len() as u64,
            Distribution::Cells(cells) => cells.count,
        }
    }

    /// Adds the values of a block.
    pub fn absorb(&mut self, values: &[i64]) {
        match self {
            Distribution::Exact { values: kept, most } => {
                if (kept.len() + values.len()) as u64 <= super::EXACT_PATHS {
                    kept.extend_from_slice(values);
                } else {
                    let mut cells = Cells::new(tail_of(*most));
                    cells.absorb(kept);
                    cells.absorb(values);
                    *self = Distribution::Cells(Box::new(cells));
                }
            }
            Distribution::Cells(cells) => cells.absorb(values),
        }
    }

    /// The values at ranks (1-based, any order).
    pub fn order_statistics(&self, ranks: &[u64]) -> Vec<i64> {
        match self {
            Distribution::Exact { values, .. } => {
                let mut wanted: Vec<usize> = ranks.iter().map(|&rank| rank as usize - 1).collect();
                wanted.sort_unstable();
                wanted.dedup();
                let found = selection::order_statistics(&[values], &wanted);
                let at = |rank: u64| wanted.partition_point(|&other| other < rank as usize - 1);
                ranks.iter().map(|&rank| found[at(rank)]).collect()
            }
            Distribution::Cells(cells) => cells.order_statistics(ranks),
        }
    }

    /// Hands values with their counts to `take`, in no particular order: each value by itself, or the middles of cells.
    pub fn for_each(&self, mut take: impl FnMut(i64, u64)) {
        match self {
            Distribution::Exact { values, .. } => {
                values.iter().for_each(|&value| take(value, 1));
            }
            Distribution::Cells(cells) => cells.for_each_cell(take),
        }
    }

    /// Sums over the values above `threshold`: of their excess and of its powers.
    pub fn excess_over(&self, threshold: i64) -> Excess {
        let mut excess = Excess::default();
        let mut add = |value: i64, count: u64| {
            if value > threshold {
                let over = (value - threshold) as f64;
                let (square, count_of) = (over * over, count as f64);
                excess.sum += (value as i128 - threshold as i128) * count as i128;
                excess.squares += square * count_of;
                excess.cubes += square * over * count_of;
                excess.fourth_powers += square * square * count_of;
            }
        };
        match self {
            Distribution::Exact { values, .. } => {
                values.iter().for_each(|&value| add(value, 1));
            }
            Distribution::Cells(cells) => cells.for_each_above(threshold, add),
        }
        excess
    }
}

/// How many values either tail of so many paths keeps: 0.2 %.
pub(super) fn tail_of(paths: u64) -> usize {
    (paths / 500 + 2) as usize
}

/// How many of the `keep` largest of `planned` paths a share of them keeps: those it expects to have, and twelve standard
/// deviations of the binomial law more; fewer are missing less than once in 10^30 shares.
pub(super) fn reach_of_share(keep: usize, planned: u64, share: u64) -> usize {
    let expected = keep as f64 * share as f64 / planned.max(1) as f64;
    keep.min((expected + 12.0 * expected.sqrt()).ceil() as usize + 64)
}

/// Sums of what lies above a threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Excess {
    /// Sum of `value - threshold`.
    pub sum: i128,
    /// Sum of its square; added in a fixed order, like the next two.
    pub squares: f64,
    /// Sum of its third power.
    pub cubes: f64,
    /// Sum of its fourth power.
    pub fourth_powers: f64,
}

/// Counts in cells, with exact tails.
#[derive(Clone, Debug)]
pub struct Cells {
    pub(super) count: u64,
    /// Negative magnitudes first (page 0 = the smallest), then the others.
    pub(super) pages: Vec<Option<Page>>,
    /// The smallest values, each mirrored: `!value`.
    pub(super) low: Tail,
    pub(super) high: Tail,
}

impl Cells {
    pub(super) fn new(tail: usize) -> Cells {
        Cells { count: 0, pages: vec![None; 2 * PAGES_PER_SIGN], low: Tail::new(tail), high: Tail::new(tail) }
    }

    /// Pages of either sign.
    pub(super) const PAGES: usize = 2 * PAGES_PER_SIGN;

    /// Cells of a page.
    pub(super) fn cells_of_page(page: usize) -> usize {
        if page.is_multiple_of(PAGES_PER_SIGN) { EXACT_BELOW as usize } else { CELLS_PER_OCTAVE }
    }

    /// Page and cell of a value.
    pub(super) fn cell(value: i64) -> (usize, usize) {
        let magnitude = value.unsigned_abs();
        let (page, cell) = if magnitude < EXACT_BELOW {
            (0, magnitude as usize)
        } else {
            let exponent = 63 - magnitude.leading_zeros() as usize;
            ((exponent - 13), ((magnitude >> (exponent - 13)) as usize) & (CELLS_PER_OCTAVE - 1))
        };
        (if value < 0 { PAGES_PER_SIGN + page } else { page }, cell)
    }

    /// The middle of a cell.
    pub(super) fn middle(page: usize, cell: usize) -> i64 {
        let (negative, page) =
            if page >= PAGES_PER_SIGN { (true, page - PAGES_PER_SIGN) } else { (false, page) };
        let magnitude = if page == 0 {
            cell as u64
        } else {
            let width = 1u64 << page;
            ((CELLS_PER_OCTAVE + cell) as u64) * width + width / 2
        };
        let magnitude = magnitude.min(i64::MAX as u64) as i64;
        if negative { -magnitude } else { magnitude }
    }

    fn absorb(&mut self, values: &[i64]) {
        self.count += values.len() as u64;
        for &value in values {
            let (page, cell) = Self::cell(value);
            self.pages[page].get_or_insert_with(Page::new).add(cell, 1, Self::cells_of_page(page));
            self.high.offer(value);
            // The low tail keeps the largest of the mirrored values.
            self.low.offer(!value);
        }
    }

    /// Adds the cells and tails of another share; `keep` values are enough for all shares together.
    fn merge(&mut self, other: Cells, keep: usize) {
        self.count += other.count;
        for (page, (mine, theirs)) in self.pages.iter_mut().zip(other.pages).enumerate() {
            let Some(theirs) = theirs else { continue };
            mine.get_or_insert_with(Page::new).merge(theirs, Self::cells_of_page(page));
        }
        self.low.merge(other.low, keep);
        self.high.merge(other.high, keep);
    }

    /// Cells in ascending order of value.
    fn for_each_cell(&self, mut take: impl FnMut(i64, u64)) {
        let negative = (PAGES_PER_SIGN..2 * PAGES_PER_SIGN).rev();
        for page in negative.chain(0..PAGES_PER_SIGN) {
            if let Some(cells) = &self.pages[page] {
                cells.for_each(page >= PAGES_PER_SIGN, |cell, count| take(Self::middle(page, cell), count));
            }
        }
    }

    /// Values above a threshold: exact in the tail, middles of cells below it.
    fn for_each_above(&self, threshold: i64, mut take: impl FnMut(i64, u64)) {
        let tail = self.high.largest(tail_of(self.count));
        let tail_count = tail.len() as u64;
        // Cells from the top are replaced by the exact values of the tail, as far as these reach.
        let body = self.count - tail_count;
        let mut before = 0;
        self.for_each_cell(|value, count| {
            let in_body = count.min(body.saturating_sub(before));
            before += count;
            if in_body > 0 && value > threshold {
                take(value, in_body);
            }
        });
        tail.iter().filter(|&&value| value > threshold).for_each(|&value| take(value, 1));
    }

    fn order_statistics(&self, ranks: &[u64]) -> Vec<i64> {
        let high = self.high.largest(tail_of(self.count));
        let low = self.low.largest(tail_of(self.count));
        let mut order: Vec<usize> = (0..ranks.len()).collect();
        order.sort_by_key(|&position| ranks[position]);
        let mut results = vec![0; ranks.len()];
        let mut body = Vec::new();
        for position in order {
            let rank = ranks[position];
            let from_top = (self.count - rank) as usize;
            if from_top < high.len() {
                results[position] = high[from_top];
            } else if rank as usize <= low.len() {
                results[position] = !low[rank as usize - 1];
            } else {
                body.push(position);
            }
        }
        let mut body = body.into_iter().peekable();
        let mut before = 0;
        self.for_each_cell(|value, count| {
            before += count;
            while let Some(&position) = body.peek()
                && ranks[position] <= before
            {
                results[position] = value;
                body.next();
            }
        });
        results
    }
}

/// The largest values seen, exactly.
#[derive(Clone, Debug)]
pub(super) struct Tail {
    pub(super) keep: usize,
    pub(super) kept: Vec<i64>,
    /// Nothing smaller than this can be among the largest any more; what was seen and not kept is not larger.
    pub(super) floor: i64,
}

impl Tail {
    pub(super) fn new(keep: usize) -> Tail {
        Tail { keep, kept: Vec::new(), floor: i64::MIN }
    }

    fn offer(&mut self, value: i64) {
        if value < self.floor {
            return;
        }
        self.kept.push(value);
        if self.kept.len() >= 2 * self.keep + 1_024 {
            self.prune();
        }
    }

    /// Takes over what another share kept. Below the higher floor one of them is incomplete: nothing there is of use.
    fn merge(&mut self, other: Tail, keep: usize) {
        self.kept.extend(other.kept);
        let floor = self.floor.max(other.floor);
        self.kept.retain(|&value| value >= floor);
        (self.keep, self.floor) = (keep, floor);
        self.prune();
    }

    pub(super) fn prune(&mut self) {
        if self.kept.len() > self.keep {
            let keep = self.keep;
            self.kept.select_nth_unstable_by(keep - 1, |a, b| b.cmp(a));
            self.kept.truncate(keep);
            self.floor = self.kept.iter().copied().min().unwrap_or(i64::MIN);
        }
    }

    /// The largest values, descending; at most `share`, so that what was kept for a longer run is not seen.
    fn largest(&self, share: usize) -> Vec<i64> {
        let mut values = self.kept.clone();
        values.sort_unstable_by(|a, b| b.cmp(a));
        values.truncate(share.min(self.keep));
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cell_is_within_one_in_ten_thousand_of_its_values() {
        let mut value: i64 = 1;
        while value < i64::MAX / 3 {
            for near in [value - 1, value, value + 1, value * 2 - value / 3] {
                for signed in [near, -near] {
                    let (page, cell) = Cells::cell(signed);
                    let middle = Cells::middle(page, cell);
                    assert!((middle - signed).abs() as f64 <= 6.2e-5 * near as f64, "{signed} -> {middle}");
                }
            }
            value += value / 7 + 1;
        }
        for extreme in [i64::MIN, i64::MAX, 0] {
            let (page, cell) = Cells::cell(extreme);
            assert!(page < 2 * PAGES_PER_SIGN && cell < CELLS_PER_OCTAVE * 2);
        }
    }

    proptest! {
        #[test]
        fn cells_agree_with_sorting(values in proptest::collection::vec(-3_000_000i64..9_000_000, 600..2_000)) {
            let mut cells = Distribution::Cells(Box::new(Cells::new(values.len() / 500 + 2)));
            let mut exact = Distribution::for_paths(values.len() as u64);
            for chunk in values.chunks(100) {
                cells.absorb(chunk);
                exact.absorb(chunk);
            }
            let n = values.len() as u64;
            let ranks: Vec<u64> = vec![1, 2, n / 3, n / 2, n - n / 20, n - 1, n];
            let approximate = cells.order_statistics(&ranks);
            let sorted = exact.order_statistics(&ranks);
            for (position, (a, b)) in approximate.iter().zip(&sorted).enumerate() {
                if !(2..=4).contains(&position) {
                    prop_assert_eq!(a, b, "tails are exact");
                } else {
                    prop_assert!((a - b).abs() as f64 <= 1e-4 * b.abs() as f64 + 0.5);
                }
            }
            let threshold = sorted[4];
            let (a, b) = (cells.excess_over(threshold), exact.excess_over(threshold));
            let scale: i128 = values.iter().filter(|&&v| v > threshold).map(|&v| v as i128).sum();
            prop_assert!((a.sum - b.sum).abs() as f64 <= 2e-4 * scale as f64 + 1.0);
        }
    }

    #[test]
    fn a_run_that_stops_early_tells_what_a_run_planned_for_that_tells() {
        let mut state = 7u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as i64 * ((state >> 33) % 91) as i64 - 40_000_000
        };
        let values: Vec<i64> = (0..262_144).map(|_| next()).collect();
        let mut stopped = Distribution::for_paths(4_194_304);
        let mut before = 0;
        for n in [16_384usize, 131_072, 132_096, 262_144] {
            values[before..n].chunks(1_024).for_each(|chunk| stopped.absorb(chunk));
            before = n;
            let mut planned = Distribution::for_paths(n as u64);
            values[..n].chunks(1_024).for_each(|chunk| planned.absorb(chunk));
            assert_eq!(stopped.is_exact(), planned.is_exact(), "{n}");
            let ranks: Vec<u64> =
                (1..=200).map(|part| (n as u64 * part).div_ceil(200)).chain(1..=600).collect();
            // Of a copy: selecting rearranges exact values, and with them the rounding of sums.
            let told = |distribution: &Distribution| {
                let copy = distribution.clone();
                let mut cells = Vec::new();
                copy.for_each(|value, count| cells.push((value, count)));
                let mid = copy.order_statistics(&ranks);
                let excess = [0, 30_000_000, mid[197]].map(|threshold| copy.excess_over(threshold));
                (cells, mid, excess)
            };
            assert!(told(&stopped) == told(&planned), "{n}");
        }
    }
}
