//! The weighted values of one figure over all paths.
//!
//! The first [`EXACT_PATHS`] paths are kept as they are; errors are estimated from them.
//! Of later paths the weight is added up in the cells of [`crate::aggregate::distribution`]: within 6.2e-5 of every value
//! (values below 16,384 units exactly). Half of the paths of `--tail` are tail paths, so that unlike in a plain run the
//! tails are not kept apart.

use super::ranked::{Entry, Ranked};
use crate::aggregate::EXACT_PATHS;
use crate::aggregate::distribution::Cells;
use crate::engine::tilt::SET_PATHS;

/// Weighted values of one figure.
#[derive(Clone, Debug, Default)]
pub struct WeightedDistribution {
    exact: Vec<i64>,
    /// Weight by page and cell.
    pages: Vec<Option<Box<[u64]>>>,
    paths: u64,
}

impl WeightedDistribution {
    /// Whether every value is kept.
    pub fn is_exact(&self) -> bool {
        self.pages.is_empty()
    }

    /// Adds the values of a block with the weights of its paths.
    pub fn absorb(&mut self, values: &[i64], weights: &[u64]) {
        self.paths += values.len() as u64;
        let room = (EXACT_PATHS as usize).saturating_sub(self.exact.len()).min(values.len());
        self.exact.extend_from_slice(&values[..room]);
        for (&value, &weight) in values[room..].iter().zip(&weights[room..]) {
            if self.pages.is_empty() {
                self.pages = vec![None; Cells::PAGES];
            }
            let (page, cell) = Cells::cell(value);
            let cells = self.pages[page]
                .get_or_insert_with(|| vec![0; Cells::cells_of_page(page)].into_boxed_slice());
            cells[cell] += weight;
        }
    }

    /// All values in order; `weights` of the first paths, `sets` the sums of theirs by set.
    pub fn ranked<'s>(&self, weights: &[u64], sets: &'s [u64]) -> Ranked<'s> {
        let exact = self.exact.iter().zip(weights).enumerate().map(|(path, (&value, &weight))| Entry {
            value,
            weight,
            set: (path as u64 / SET_PATHS) as u32,
        });
        let cells = self.pages.iter().enumerate().flat_map(|(page, cells)| {
            cells.iter().flat_map(move |cells| {
                cells.iter().enumerate().filter(|(_, weight)| **weight > 0).map(move |(cell, &weight)| {
                    Entry { value: Cells::middle(page, cell), weight, set: Entry::NO_SET }
                })
            })
        });
        Ranked::new(exact.chain(cells).collect(), sets, (self.paths, self.exact.len() as u64))
    }
}
