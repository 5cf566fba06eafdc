//! The books of all paths: blocks in parallel, absorbed in order, integers only.

use super::absorption::{self, Measure};
use super::annual::{self, AnnualColumn};
use super::leverage::ExpectedLeverage;
use super::outcomes::{self, OutcomeColumn, OutcomeTerms, Part, Price, Reach};
use super::path_books::PathBooks;
use super::subsidy;
use super::{BAND_PATHS, BOOK_BLOCK};
use crate::aggregate::distribution::Distribution;
use crate::aggregate::moments::Moments;
use crate::engine::{InvariantBroken, PathSimulator};
use crate::plan::Plan;
use crate::scenario::{Milestone, Scenario};
use rayon::prelude::*;
use std::ops::Range;

/// Blocks played before they are absorbed together.
const BATCH_BLOCKS: u64 = 16;

/// Which columns the books have, and where.
pub struct Layout<'p> {
    /// The plan.
    pub plan: &'p Plan,
    /// The milestones.
    pub milestones: Vec<Milestone>,
    /// Columns of the yearly report; none if it was not asked for.
    pub annual: Vec<AnnualColumn>,
    /// The outcomes.
    pub outcomes: Vec<OutcomeTerms>,
    /// Their columns.
    pub outcome_columns: Vec<OutcomeColumn>,
    /// The expected leverage.
    pub expected: ExpectedLeverage,
}

impl<'p> Layout<'p> {
    /// Of a scenario and its plan.
    pub fn new(scenario: &Scenario, plan: &'p Plan, annual_report: bool) -> Layout<'p> {
        let outcomes = outcomes::terms(scenario);
        Layout {
            plan,
            milestones: scenario.milestones.clone(),
            annual: if annual_report { annual::columns(plan) } else { Vec::new() },
            outcome_columns: outcomes::columns(plan, &outcomes),
            outcomes,
            expected: ExpectedLeverage::of(scenario, plan),
        }
    }

    /// Positions of the yearly report.
    pub fn annual_range(&self) -> Range<usize> {
        0..self.annual.len()
    }

    /// Positions of the shares of the endowment: measure by measure, quarter by quarter.
    pub fn absorption_range(&self) -> Range<usize> {
        let from = self.annual.len();
        from..from + Measure::ALL.len() * self.plan.quarters as usize
    }

    /// Positions of the parts of the subsidy cost, then of the cost itself.
    pub fn subsidy_range(&self) -> Range<usize> {
        let from = self.absorption_range().end;
        from..from + subsidy::PARTS + 1
    }

    /// Positions of the outcomes.
    pub fn outcome_range(&self) -> Range<usize> {
        let from = self.subsidy_range().end;
        from..from + self.outcome_columns.len()
    }

    /// Positions whose quantiles are over the first paths only.
    fn is_band(&self, column: usize) -> bool {
        column < self.subsidy_range().start
    }

    fn columns(&self) -> usize {
        self.outcome_range().end
    }

    /// The figures of a path, column by column.
    fn figures(
        &self,
        books: &PathBooks,
        simulator: &PathSimulator<'_, PathBooks>,
        mut take: impl FnMut(i64),
    ) {
        if !self.annual.is_empty() {
            annual::figures(self.plan, books, self.expected.carried(), &mut take);
        }
        absorption::figures(self.plan, books, &mut take);
        let totals = simulator.totals();
        subsidy::parts(self.plan, books, totals).into_iter().for_each(|part| take(part.0));
        take(totals.fund.subsidy_cost.0);
        for column in &self.outcome_columns {
            take(outcomes::figure(column, &self.outcomes, books));
        }
    }
}

/// Sums for a ratio of means and its error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RatioSums {
    /// Numerator: an outcome in millionths.
    pub outcome: Moments,
    /// Denominator: cents.
    pub price: Moments,
    /// Sum of their products.
    pub products: i128,
}

impl RatioSums {
    fn add(&mut self, outcome: i64, price: i64) {
        self.outcome.add(outcome);
        self.price.add(price);
        self.products += i128::from(outcome) * i128::from(price);
    }

    fn merge(&mut self, other: &RatioSums) {
        self.outcome.merge(&other.outcome);
        self.price.merge(&other.price);
        self.products += other.products;
    }
}

/// The books of a block of paths.
struct Block {
    first_path: u64,
    columns: Vec<Vec<i64>>,
    missed: Vec<u64>,
    ratios: Vec<RatioSums>,
}

/// The books of all paths so far.
pub struct BooksCollector<'p> {
    /// The columns.
    pub layout: Layout<'p>,
    /// Paths absorbed.
    pub paths: u64,
    /// Moments over all paths, and distributions, column by column.
    pub columns: Vec<(Moments, Distribution)>,
    /// Paths that missed each milestone.
    pub missed: Vec<u64>,
    /// For each outcome the sums against each [`Price`].
    pub ratios: Vec<RatioSums>,
}

impl<'p> BooksCollector<'p> {
    /// Plays the first `paths` paths and keeps their books. `played` hears of so many more paths, from any thread.
    ///
    /// # Errors
    /// [`InvariantBroken`] of the first path whose books do not balance, or do not say what its totals say: a bug.
    pub fn play(
        layout: Layout<'p>,
        paths: u64,
        played: &(impl Fn(u64) + Sync),
    ) -> Result<BooksCollector<'p>, InvariantBroken> {
        let columns = (0..layout.columns())
            .map(|column| {
                let most = if layout.is_band(column) { paths.min(BAND_PATHS) } else { paths };
                (Moments::default(), Distribution::for_paths(most))
            })
            .collect();
        let mut collector = BooksCollector {
            paths: 0,
            columns,
            missed: vec![0; layout.milestones.len()],
            ratios: vec![RatioSums::default(); layout.outcomes.len() * Price::ALL.len()],
            layout,
        };
        let blocks = paths.div_ceil(BOOK_BLOCK);
        let mut next = 0;
        while next < blocks {
            let batch = next..(next + BATCH_BLOCKS).min(blocks);
            next = batch.end;
            let layout = &collector.layout;
            let simulated: Result<Vec<Block>, InvariantBroken> = batch
                .into_par_iter()
                .map(|block| {
                    let block = play_block(layout, block, paths)?;
                    played(block.paths());
                    Ok(block)
                })
                .collect::<Vec<_>>()
                .into_iter()
                .collect();
            collector.absorb(simulated?);
        }
        Ok(collector)
    }

    fn absorb(&mut self, blocks: Vec<Block>) {
        let layout = &self.layout;
        self.columns.par_iter_mut().enumerate().for_each(|(column, (moments, distribution))| {
            for block in &blocks {
                let values = &block.columns[column];
                moments.add_all(values);
                if !layout.is_band(column) || block.first_path < BAND_PATHS {
                    distribution.absorb(values);
                }
            }
        });
        for block in blocks {
            self.paths += block.paths();
            self.missed.iter_mut().zip(&block.missed).for_each(|(all, missed)| *all += missed);
            self.ratios.iter_mut().zip(&block.ratios).for_each(|(all, sums)| all.merge(sums));
        }
    }
}

impl Block {
    fn paths(&self) -> u64 {
        self.columns.first().map_or(0, Vec::len) as u64
    }
}

fn play_block(layout: &Layout<'_>, block: u64, paths: u64) -> Result<Block, InvariantBroken> {
    let first_path = block * BOOK_BLOCK;
    let last_path = (first_path + BOOK_BLOCK).min(paths);
    let count = (last_path - first_path) as usize;
    let mut simulator = PathSimulator::with_recorder(layout.plan, PathBooks::new(layout.plan));
    let mut columns: Vec<Vec<i64>> = (0..layout.columns()).map(|_| Vec::with_capacity(count)).collect();
    let mut missed = vec![0; layout.milestones.len()];
    let mut ratios = vec![RatioSums::default(); layout.outcomes.len() * Price::ALL.len()];
    for path in first_path..last_path {
        simulator.recorder_mut().clear();
        simulator.run(path)?;
        let books = simulator.recorder();
        books.check(layout.plan, path, simulator.totals())?;
        let mut column = 0;
        layout.figures(books, &simulator, |value| {
            columns[column].push(value);
            column += 1;
        });
        absorption::misses(&layout.milestones, books, |milestone| missed[milestone] += 1);
        for outcome in 0..layout.outcomes.len() {
            let column = OutcomeColumn { outcome, reach: Reach::Completed, part: Part::All };
            let figure = outcomes::figure(&column, &layout.outcomes, books);
            for (position, price) in Price::ALL.iter().enumerate() {
                ratios[outcome * Price::ALL.len() + position].add(figure, price.of(books).0);
            }
        }
    }
    Ok(Block { first_path, columns, missed, ratios })
}
