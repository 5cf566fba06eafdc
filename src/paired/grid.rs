//! Mixes under economies: what each mix does in each economy, and what one would regret.
//!
//! The regret of a mix in an economy is how much worse it does there than the best of the mixes (Savage 1951, JASA 46).
//! A planner who cannot know the economy may prefer the mix whose largest regret is smallest.

use super::difference::{Estimate, PairedDifference};
use super::figure_table::FigureTable;
use super::influence::{Influence, influence};
use super::measure::{Direction, Measure};
use crate::aggregate::summary::natural;
use crate::plan::Plan;

/// One mix in one economy.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct GridCell {
    /// The number.
    pub estimate: Estimate,
    /// How much worse than the economy's best mix, at least 0, with the error of the paired difference; `None` for
    /// measures of which neither direction is better.
    pub regret: Option<Estimate>,
    /// Whether the best mix is better beyond noise (95 %).
    pub beaten_beyond_noise: bool,
}

/// One measure over the grid.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Which number.
    pub measure: Measure,
    /// `cells[economy][mix]`.
    pub cells: Vec<Vec<Option<GridCell>>>,
    /// The best mix of each economy.
    pub best_mix: Vec<Option<usize>>,
    /// The economy in which each mix does worst, if it does worse there than in its best one beyond noise (95 %).
    pub worst_economy: Vec<Option<usize>>,
    /// The mix whose largest regret is smallest.
    pub least_regret: Option<usize>,
}

impl Grid {
    /// The economy in which a mix is farthest from the best one, with how far; `None` if it has no regret somewhere.
    pub fn largest_regret(&self, mix: usize) -> Option<(usize, Estimate)> {
        let mut largest: Option<(usize, Estimate)> = None;
        for (economy, cells) in self.cells.iter().enumerate() {
            let regret = cells[mix]?.regret?;
            if largest.is_none_or(|(_, known)| regret.value > known.value) {
                largest = Some((economy, regret));
            }
        }
        largest
    }
}

/// Whether `value` is better than `other`.
fn is_better(direction: Direction, value: f64, other: f64) -> bool {
    match direction {
        Direction::Up => value > other,
        Direction::Down => value < other,
        Direction::Neither => false,
    }
}

/// The first of the best values; `None` if there is none or no direction.
fn best(direction: Direction, values: impl Iterator<Item = Option<f64>>) -> Option<usize> {
    let mut found: Option<(usize, f64)> = None;
    for (position, value) in values.enumerate() {
        let Some(value) = value else { continue };
        if found.is_none_or(|(_, best)| is_better(direction, value, best)) {
            found = Some((position, value));
        }
    }
    found.filter(|_| direction != Direction::Neither).map(|(position, _)| position)
}

fn opposite(direction: Direction) -> Direction {
    match direction {
        Direction::Up => Direction::Down,
        Direction::Down => Direction::Up,
        Direction::Neither => Direction::Neither,
    }
}

/// One measure over the grid; `cells[economy][mix]` are plans with their tables, of equally many paths.
pub fn grid(cells: &[Vec<(&Plan, &FigureTable)>], measure: Measure) -> Grid {
    let unit = measure.metric.unit();
    let direction = measure.direction();
    let mixes = cells.first().map_or(0, Vec::len);
    let mut told: Vec<Vec<Option<GridCell>>> = Vec::new();
    let mut all_influences: Vec<Vec<Option<Influence>>> = Vec::new();
    let mut best_mix = Vec::new();
    for economy in cells {
        let influences: Vec<Option<Influence>> = economy
            .iter()
            .map(|(plan, table)| influence(table.column(measure.column(plan)?)?, measure.statistic))
            .collect();
        let winner = best(direction, influences.iter().map(|own| own.as_ref().map(|own| own.value)));
        let cell = |own: &Option<Influence>| {
            let own = own.as_ref()?;
            let estimate =
                Estimate { value: natural(unit, own.value), std_error: natural(unit, own.std_error()) };
            let paired = winner
                .and_then(|winner| influences[winner].as_ref())
                .map(|of_winner| PairedDifference::of_influences(of_winner, own, unit));
            let regret = paired.map(|paired| Estimate {
                value: paired.difference.value.abs(),
                std_error: paired.difference.std_error,
            });
            let beaten_beyond_noise = paired.is_some_and(|paired| paired.is_beyond_noise());
            Some(GridCell { estimate, regret, beaten_beyond_noise })
        };
        told.push(influences.iter().map(cell).collect());
        all_influences.push(influences);
        best_mix.push(winner);
    }
    let value = |economy: usize, mix: usize| -> Option<f64> { Some(told[economy][mix]?.estimate.value) };
    let worst_economy = (0..mixes)
        .map(|mix| {
            let values = || (0..cells.len()).map(|economy| value(economy, mix));
            let (worst, kindest) = (best(opposite(direction), values())?, best(direction, values())?);
            let of = |economy: usize| all_influences[economy][mix].as_ref();
            let paired = PairedDifference::of_influences(of(kindest)?, of(worst)?, unit);
            paired.is_beyond_noise().then_some(worst)
        })
        .collect();
    let largest_regrets = (0..mixes).map(|mix| {
        let regrets = told.iter().map(|economy| economy[mix]?.regret.map(|regret| regret.value));
        regrets.collect::<Option<Vec<f64>>>().map(|regrets| regrets.into_iter().fold(0.0, f64::max))
    });
    let least_regret = match direction {
        Direction::Neither => None,
        Direction::Up | Direction::Down => best(Direction::Down, largest_regrets),
    };
    Grid { measure, cells: told, best_mix, worst_economy, least_regret }
}
