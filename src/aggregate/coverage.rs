//! Which blocks of a run are there: ranges of block numbers, in order, without overlap.

use super::BLOCK_PATHS;
use std::ops::Range;

/// A set of blocks of a run of some number of paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    planned: u64,
    /// Ascending; between two ranges there is a gap.
    ranges: Vec<Range<u64>>,
}

/// Blocks that two sets both hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap(pub Range<u64>);

impl Coverage {
    /// Nothing yet of a run of `planned` paths.
    pub fn none(planned: u64) -> Coverage {
        Coverage { planned, ranges: Vec::new() }
    }

    /// Blocks of the whole run.
    pub fn blocks_of(planned: u64) -> u64 {
        planned.div_ceil(BLOCK_PATHS)
    }

    /// Paths of the whole run.
    pub fn planned(&self) -> u64 {
        self.planned
    }

    /// The ranges, ascending.
    pub fn ranges(&self) -> &[Range<u64>] {
        &self.ranges
    }

    /// Paths of a range of blocks; the last block of a run may be short.
    pub fn paths_of(&self, range: &Range<u64>) -> u64 {
        let end = (range.end * BLOCK_PATHS).min(self.planned);
        end.saturating_sub(range.start * BLOCK_PATHS)
    }

    /// Paths there are.
    pub fn paths(&self) -> u64 {
        self.ranges.iter().map(|range| self.paths_of(range)).sum()
    }

    /// Adds a range; an empty one changes nothing.
    ///
    /// # Errors
    /// [`Overlap`] with the first blocks that are there already; nothing is added then.
    pub fn add(&mut self, range: Range<u64>) -> Result<(), Overlap> {
        if range.is_empty() {
            return Ok(());
        }
        let at = self.ranges.partition_point(|other| other.end <= range.start);
        if let Some(next) = self.ranges.get(at)
            && next.start < range.end
        {
            return Err(Overlap(next.start.max(range.start)..next.end.min(range.end)));
        }
        self.ranges.insert(at, range);
        if at + 1 < self.ranges.len() && self.ranges[at].end == self.ranges[at + 1].start {
            self.ranges[at].end = self.ranges[at + 1].end;
            self.ranges.remove(at + 1);
        }
        if at > 0 && self.ranges[at - 1].end == self.ranges[at].start {
            self.ranges[at - 1].end = self.ranges[at].end;
            self.ranges.remove(at);
        }
        Ok(())
    }

    /// Adds all ranges of another set of the same run.
    ///
    /// # Errors
    /// [`Overlap`] with the first blocks that both hold; nothing is added then.
    pub fn merge(&mut self, other: &Coverage) -> Result<(), Overlap> {
        let mut both = self.clone();
        for range in &other.ranges {
            both.add(range.clone())?;
        }
        *self = both;
        Ok(())
    }

    /// What is missing of the whole run, ascending.
    pub fn missing(&self) -> Vec<Range<u64>> {
        let mut missing = Vec::new();
        let mut next = 0;
        for range in &self.ranges {
            if next < range.start {
                missing.push(next..range.start);
            }
            next = range.end;
        }
        let blocks = Self::blocks_of(self.planned);
        if next < blocks {
            missing.push(next..blocks);
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_of_the_last_block_are_those_that_are_left() {
        let mut coverage = Coverage::none(2_500);
        assert_eq!(coverage.missing(), vec![0..3]);
        coverage.add(2..3).expect("free");
        assert_eq!(coverage.paths(), 452);
        assert_eq!(coverage.missing(), std::slice::from_ref(&(0..2)));
        assert_eq!(coverage.add(0..3), Err(Overlap(2..3)));
        coverage.add(0..2).expect("free");
        assert_eq!(coverage.paths(), 2_500);
        assert_eq!(coverage.ranges(), std::slice::from_ref(&(0..3)));
    }

    proptest! {
        #[test]
        fn it_is_a_set(ranges in proptest::collection::vec((0u64..40, 0u64..8), 0..12)) {
            let mut coverage = Coverage::none(48 * BLOCK_PATHS);
            let mut there = [false; 48];
            for (start, length) in ranges {
                let range = start..start + length;
                let taken = range.clone().any(|block| there[block as usize]);
                prop_assert_eq!(coverage.add(range.clone()).is_err(), taken);
                if !taken {
                    range.for_each(|block| there[block as usize] = true);
                }
            }
            let held: Vec<u64> = coverage.ranges().iter().cloned().flatten().collect();
            let expected: Vec<u64> = (0..48).filter(|&block| there[block as usize]).collect();
            prop_assert_eq!(held, expected);
            let missing: Vec<u64> = coverage.missing().into_iter().flatten().collect();
            let expected: Vec<u64> = (0..48).filter(|&block| !there[block as usize]).collect();
            prop_assert_eq!(missing, expected);
            prop_assert!(coverage.ranges().windows(2).all(|pair| pair[0].end < pair[1].start));
        }
    }
}
