//! The runs of a study in their order: the base, the low and the high end of each input, then the design row by row. Their
//! numbers are what shares of a study are made of.

use super::design::{Point, points, values};
use super::input::Input;
use super::tornado::StudyFailure;
use super::variation::{Refused, Variation};
use crate::aggregate::columns::Column;
use crate::paired::FigureTable;
use crate::plan::Plan;
use crate::scenario::Scenario;
use rust_decimal::Decimal;
use std::sync::atomic::AtomicBool;

/// Gives the figures of a run, by its number: simulates them, or has them already. `None` if it was stopped.
pub type FiguresOfRun<'s> =
    dyn Fn(u64, &Plan, &[Column]) -> Result<Option<FigureTable>, StudyFailure> + Sync + 's;

/// Simulates runs of so many paths; `simulated` hears of so many more.
pub fn simulating<'s>(
    paths: u64,
    stop: &'s AtomicBool,
    simulated: &'s (impl Fn(u64) + Sync),
) -> impl Fn(u64, &Plan, &[Column]) -> Result<Option<FigureTable>, StudyFailure> + Sync + 's {
    move |_, plan, columns| {
        let table =
            FigureTable::simulate(plan, columns, paths, stop, simulated).map_err(StudyFailure::Broken)?;
        Ok((table.paths() == paths).then_some(table))
    }
}

/// Runs of the tornado.
pub fn tornado_runs(inputs: usize) -> u64 {
    1 + 2 * inputs as u64
}

/// The number of the run at the low end of an input; that at its high end is the next one.
pub fn low_end_run(input: usize) -> u64 {
    1 + 2 * input as u64
}

/// The number of the run at a point of the design, of `points` points a row.
pub fn design_run(inputs: usize, row: u32, point: usize) -> u64 {
    tornado_runs(inputs) + u64::from(row) * points(inputs).len() as u64 + point as u64
}

/// The scenario of a run.
///
/// # Errors
/// [`Refused`] if the scenario cannot take its values.
pub fn scenario_of_run(
    variation: &Variation,
    inputs: &[Input],
    seed: u64,
    run: u64,
) -> Result<Scenario, Refused> {
    let in_design = run.checked_sub(tornado_runs(inputs.len()));
    let values: Vec<Decimal> = match in_design {
        None => {
            let mut values: Vec<Decimal> = inputs.iter().map(Input::base).collect();
            if let Some(end) = run.checked_sub(1) {
                let input = (end / 2) as usize;
                let (low, high) = inputs[input].ends();
                values[input] = if end % 2 == 0 { low } else { high };
            }
            values
        }
        Some(position) => {
            let points: Vec<Point> = points(inputs.len());
            let row = (position / points.len() as u64) as u32;
            values(inputs, seed, row, points[(position % points.len() as u64) as usize])
        }
    };
    variation.with(inputs, &values)
}
