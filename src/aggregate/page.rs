//! How often each cell of a page was met: in a list of the cells that were, as long as these are few, then in a table of
//! all. So what a page takes in memory is bounded by the values that were counted in it, also if somebody made up a
//! part of a run whose values lie on every page there is.

/// Most cells that are kept as a list: 8 KiB, where a table has 64 or 128.
const MOST_LISTED: usize = 512;

/// Counts of the cells of one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// The cells that were met, ascending, with their counts.
    Listed(Vec<(u32, u64)>),
    /// The count of every cell.
    Table(Box<[u64]>),
}

impl Page {
    /// Without counts.
    pub(super) fn new() -> Page {
        Page::Listed(Vec::new())
    }

    /// Counts a cell, of a page of `size` cells, so many times more.
    pub(super) fn add(&mut self, cell: usize, count: u64, size: usize) {
        match self {
            Page::Table(counts) => counts[cell] += count,
            Page::Listed(listed) => {
                match listed.binary_search_by_key(&(cell as u32), |&(cell, _)| cell) {
                    Ok(at) => listed[at].1 += count,
                    Err(at) => listed.insert(at, (cell as u32, count)),
                }
                if listed.len() > MOST_LISTED {
                    let mut counts = vec![0; size].into_boxed_slice();
                    listed.iter().for_each(|&(cell, count)| counts[cell as usize] = count);
                    *self = Page::Table(counts);
                }
            }
        }
    }

    /// Adds the counts of another page of `size` cells.
    pub(super) fn merge(&mut self, other: Page, size: usize) {
        match (&mut *self, other) {
            (Page::Table(mine), Page::Table(theirs)) => {
                mine.iter_mut().zip(&theirs).for_each(|(sum, count)| *sum += count);
            }
            (Page::Listed(mine), theirs) => {
                let listed = std::mem::take(mine);
                *self = theirs;
                listed.iter().for_each(|&(cell, count)| self.add(cell as usize, count, size));
            }
            (Page::Table(_), Page::Listed(listed)) => {
                listed.iter().for_each(|&(cell, count)| self.add(cell as usize, count, size));
            }
        }
    }

    /// The cells that were met, ascending or descending, with their counts.
    pub(super) fn for_each(&self, descending: bool, mut take: impl FnMut(usize, u64)) {
        let mut met = |cell: usize, count: u64| {
            if count > 0 {
                take(cell, count);
            }
        };
        match (self, descending) {
            (Page::Table(counts), false) => (0..counts.len()).for_each(|cell| met(cell, counts[cell])),
            (Page::Table(counts), true) => (0..counts.len()).rev().for_each(|cell| met(cell, counts[cell])),
            (Page::Listed(listed), false) => {
                listed.iter().for_each(|&(cell, count)| met(cell as usize, count))
            }
            (Page::Listed(listed), true) => {
                listed.iter().rev().for_each(|&(cell, count)| met(cell as usize, count));
            }
        }
    }

    /// How many cells were met.
    pub(super) fn met(&self) -> usize {
        match self {
            Page::Listed(listed) => listed.len(),
            Page::Table(counts) => counts.iter().filter(|&&count| count > 0).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const SIZE: usize = 8_192;

    fn counted(page: &Page, descending: bool) -> Vec<(usize, u64)> {
        let mut cells = Vec::new();
        page.for_each(descending, |cell, count| cells.push((cell, count)));
        cells
    }

    proptest! {
        /// Lists and tables, alone and put together, are the same counts.
        #[test]
        fn a_page_is_a_map(
            mine in proptest::collection::vec((0..SIZE, 1u64..4), 0..1_400),
            theirs in proptest::collection::vec((0..SIZE, 1u64..4), 0..1_400),
        ) {
            let page_of = |cells: &[(usize, u64)]| {
                let mut page = Page::new();
                cells.iter().for_each(|&(cell, count)| page.add(cell, count, SIZE));
                page
            };
            let mut expected = BTreeMap::new();
            mine.iter().chain(&theirs).for_each(|&(cell, count)| *expected.entry(cell).or_insert(0) += count);
            let expected: Vec<(usize, u64)> = expected.into_iter().collect();
            let mut page = page_of(&mine);
            page.merge(page_of(&theirs), SIZE);
            prop_assert_eq!(counted(&page, false), expected.clone());
            prop_assert_eq!(page.met(), expected.len());
            let backwards: Vec<(usize, u64)> = expected.into_iter().rev().collect();
            prop_assert_eq!(counted(&page, true), backwards);
        }
    }

    #[test]
    fn few_cells_take_little_room() {
        let mut page = Page::new();
        (0..MOST_LISTED).for_each(|cell| page.add(cell * 16, 1, SIZE));
        assert!(matches!(page, Page::Listed(_)));
        page.add(16, 1, SIZE);
        assert!(matches!(page, Page::Listed(_)), "a cell that was met before");
        page.add(17, 1, SIZE);
        assert!(matches!(page, Page::Table(_)));
    }
}
