//! `comparison.csv` and `grid.csv`: one number a row.

use super::Comparison;
use crate::metrics::Unit;
use crate::paired::measure::Measure;
use crate::report::number_text::natural;
use crate::report::table_shape::studies;
use crate::report::tables::{Table, statistic_name};
use crate::scenario::{LimitStatistic, LineNumber};
use crate::spreadsheet::safe;

pub(super) fn line_word(measure: &Measure) -> &'static str {
    measure.line.map_or("all", LineNumber::word)
}

/// `comparison.csv`: every number of every scenario with its error, and its difference to the first scenario's. `better`,
/// `equal` and `worse` count paths.
pub fn comparison_csv(comparison: &Comparison) -> String {
    let mut table = Table::shaped(&studies::COMPARISON);
    for (position, scene) in comparison.scenes.iter().enumerate() {
        for row in &scene.rows {
            let unit = row.measure.metric.unit();
            for (scenario, cell) in comparison.scenarios.iter().zip(&row.cells) {
                let mut cells = vec![
                    safe(comparison.economy(position)),
                    row.measure.metric.id().to_string(),
                    line_word(&row.measure).to_string(),
                    unit.word().to_string(),
                    statistic_name(row.measure.statistic),
                    safe(&scenario.name),
                ];
                let numbers = cell.map(|cell| {
                    let mut numbers = [cell.estimate.value, cell.estimate.std_error].map(Some).to_vec();
                    numbers.extend([cell.interval.0, cell.interval.1].map(Some));
                    numbers.extend(match cell.against_first {
                        None => [None; 5],
                        Some(against) => {
                            let difference = against.paired.difference;
                            let (low, high) = against.paired.interval();
                            let unpaired = against.paired.unpaired_std_error;
                            [difference.value, difference.std_error, low, high, unpaired].map(Some)
                        }
                    });
                    numbers
                });
                let numbers = numbers.unwrap_or_else(|| vec![None; 9]);
                cells.extend(numbers.into_iter().map(|number| number_cell(unit, number)));
                // Only figures of a path are better or worse on a path; a quantile is no path's.
                let of_paths = row.measure.statistic == LimitStatistic::Mean;
                let contest = cell.and_then(|cell| cell.against_first).and_then(|against| against.contest);
                let contest = contest.filter(|_| of_paths);
                cells.extend(contest.map_or([const { String::new() }; 3], |contest| {
                    [contest.better, contest.equal, contest.worse].map(|count| count.to_string())
                }));
                table.row(&cells);
            }
        }
    }
    table.into_text()
}

fn number_cell(unit: Unit, number: Option<f64>) -> String {
    number.map_or(String::new(), |number| natural(unit, number))
}

/// `grid.csv`: every mix in every economy, with how much worse it is than the economy's best mix.
pub fn grid_csv(comparison: &Comparison) -> String {
    let mut table = Table::shaped(&studies::GRID);
    for grid in &comparison.grids {
        let unit = grid.measure.metric.unit();
        for (economy, cells) in grid.cells.iter().enumerate() {
            for (mix, cell) in cells.iter().enumerate() {
                let estimate = cell.map(|cell| cell.estimate);
                let regret = cell.and_then(|cell| cell.regret);
                let number = |number: Option<f64>| number_cell(unit, number);
                table.row(&[
                    grid.measure.metric.id(),
                    line_word(&grid.measure),
                    unit.word(),
                    &statistic_name(grid.measure.statistic),
                    &safe(comparison.economy(economy)),
                    &safe(&comparison.scenarios[mix].name),
                    &number(estimate.map(|estimate| estimate.value)),
                    &number(estimate.map(|estimate| estimate.std_error)),
                    &number(regret.map(|regret| regret.value)),
                    &number(regret.map(|regret| regret.std_error)),
                    &u8::from(grid.best_mix[economy] == Some(mix)).to_string(),
                    &u8::from(cell.is_some_and(|cell| cell.beaten_beyond_noise)).to_string(),
                ]);
            }
        }
    }
    table.into_text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::number_text::fixed;

    #[test]
    fn numbers_have_the_decimals_of_their_unit() {
        assert_eq!(number_cell(Unit::Euro, Some(-0.000_01)), fixed(0.0, 4));
        assert_eq!(number_cell(Unit::Ratio, None), "");
    }
}
