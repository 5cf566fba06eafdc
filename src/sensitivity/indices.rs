//! All assumptions at once: how much of the variance of a figure each of them makes.
//!
//! | index | meaning | estimator (Jansen 1999; Saltelli et al. 2010, table 2) |
//! | --- | --- | --- |
//! | first order `S_i` | share of the variance that would go if input `i` were known | `1 - sum (f(B)_j - f(AB_i)_j)^2 / (2 N V)` |
//! | total `T_i` | share that would be left if all but `i` were known | `sum (f(A)_j - f(AB_i)_j)^2 / (2 N V)` |
//!
//! `V` is the variance of `f` over A and B together, `AB_i` is A with input `i` from B ([`super::design`]). The response `f`
//! is a statistic of a figure over the paths of one run; all runs have the same luck, so that what is left of chance is
//! the same in all of them and makes no variance between them. Intervals are those of 1,000 bootstrap samples of the
//! rows, drawn from the seed (Archer, Saltelli and Sobol 1997). A first-order index can come out below 0 by the chance of the design; it is told
//! as it came, with its interval.

use super::design::{FEWEST_ROWS, points, values};
use super::input::Input;
use super::runs::{FiguresOfRun, design_run};
use super::tornado::StudyFailure;
use super::variation::Variation;
use crate::paired::comparison::columns_of;
use crate::paired::{Measure, measured};
use crate::plan::Plan;
use crate::random::{Address, Purpose};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bootstrap samples behind each interval.
const RESAMPLES: u32 = 1_000;

/// An index with its 95 % interval.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Index {
    /// The estimate.
    pub value: f64,
    /// 2.5 % and 97.5 % quantile of the bootstrap.
    pub interval: (f64, f64),
}

/// What an input makes of a figure's variance.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct InputIndices {
    /// Position among the inputs.
    pub input: usize,
    /// First order.
    pub first: Index,
    /// Total.
    pub total: Index,
    /// Whether the total index is larger than the next one's beyond noise; `None` for the last one.
    pub larger_than_next: Option<bool>,
}

/// The indices of one figure.
#[derive(Clone, PartialEq, Debug)]
pub struct SobolIndices {
    /// Mean of the response over the design.
    pub mean: f64,
    /// Its standard deviation: what we do not know.
    pub sd: f64,
    /// By total index, the largest first.
    pub inputs: Vec<InputIndices>,
}

impl SobolIndices {
    /// How many of the first inputs stand in an order that is beyond noise.
    pub fn settled(&self) -> usize {
        self.inputs.iter().take_while(|input| input.larger_than_next == Some(true)).count()
    }
}

/// All figures of a global study.
#[derive(Clone, PartialEq, Debug)]
pub struct GlobalStudy {
    /// Rows of the design.
    pub rows: u32,
    /// Runs: rows x (inputs + 2).
    pub runs: u64,
    /// Paths of each run.
    pub paths: u64,
    /// Figure by figure; `None` where it could not be estimated in every run, or never changed.
    pub measures: Vec<(Measure, Option<SobolIndices>)>,
}

/// The response at every point of a design, by row.
#[derive(Clone, PartialEq, Debug)]
pub struct Responses {
    /// At A.
    pub a: Vec<f64>,
    /// At B.
    pub b: Vec<f64>,
    /// By input: at A with that input from B.
    pub mixed: Vec<Vec<f64>>,
}

/// Runs the design row by row; `figures` gives what each run leaves ([`super::runs`]). After a stop the whole rows count; `None` if they are too few.
///
/// # Errors
/// [`StudyFailure`] if the scenario cannot take some values together, or a run fails.
#[allow(clippy::too_many_arguments, reason = "what, how much, from which seed, and who simulates")]
pub fn global_study(
    variation: &Variation,
    inputs: &[Input],
    measures: &[Measure],
    rows: u32,
    paths: u64,
    seed: u64,
    stop: &AtomicBool,
    figures: &FiguresOfRun,
) -> Result<Option<GlobalStudy>, StudyFailure> {
    let points = points(inputs.len());
    let respond = |row: u32, point: usize| -> Result<Option<Vec<Option<f64>>>, StudyFailure> {
        let scenario = variation.with(inputs, &values(inputs, seed, row, points[point]))?;
        let plan = Plan::resolve(&scenario);
        let run = design_run(inputs.len(), row, point);
        let Some(table) = figures(run, &plan, &columns_of(&plan, measures))? else { return Ok(None) };
        let response = |measure: &Measure| Some(measured(&plan, &table, *measure)?.estimate.value);
        Ok(Some(measures.iter().map(response).collect()))
    };
    // By row, point, figure.
    let mut whole: Vec<Vec<Vec<Option<f64>>>> = Vec::new();
    for row in 0..rows {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let of_row: Vec<Result<Option<Vec<Option<f64>>>, StudyFailure>> =
            (0..points.len()).into_par_iter().map(|point| respond(row, point)).collect();
        let of_row: Option<Vec<Vec<Option<f64>>>> =
            of_row.into_iter().collect::<Result<Vec<_>, StudyFailure>>()?.into_iter().collect();
        match of_row {
            Some(of_row) => whole.push(of_row),
            None => break,
        }
    }
    let done = whole.len() as u32;
    if done < FEWEST_ROWS {
        return Ok(None);
    }
    let of_measures = measures.iter().enumerate().map(|(position, &measure)| {
        let column =
            |point: usize| -> Option<Vec<f64>> { whole.iter().map(|row| row[point][position]).collect() };
        let responses = || -> Option<Responses> {
            Some(Responses {
                a: column(0)?,
                b: column(1)?,
                mixed: (0..inputs.len()).map(|input| column(input + 2)).collect::<Option<_>>()?,
            })
        };
        (measure, responses().and_then(|responses| sobol_indices(&responses, seed)))
    });
    Ok(Some(GlobalStudy {
        rows: done,
        runs: u64::from(done) * points.len() as u64,
        paths,
        measures: of_measures.collect(),
    }))
}

/// First-order and total indices, by input.
type FirstAndTotal = (Vec<f64>, Vec<f64>);

/// First-order and total indices with their intervals; `None` where the response never changes.
pub fn sobol_indices(responses: &Responses, seed: u64) -> Option<SobolIndices> {
    let rows: Vec<usize> = (0..responses.a.len()).collect();
    let (first, total) = estimate(responses, &rows)?;
    let samples: Vec<FirstAndTotal> = (0..RESAMPLES)
        .into_par_iter()
        .filter_map(|sample| estimate(responses, &resample(rows.len(), seed, sample)))
        .collect();
    let interval = |of: &dyn Fn(&FirstAndTotal) -> f64| {
        let mut values: Vec<f64> = samples.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values[((share * values.len() as f64) as usize).min(values.len() - 1)];
        (at(0.025), at(0.975))
    };
    if samples.is_empty() {
        return None;
    }
    let mut order: Vec<usize> = (0..first.len()).collect();
    order.sort_by(|&one, &other| total[other].total_cmp(&total[one]));
    let inputs = order
        .iter()
        .enumerate()
        .map(|(rank, &input)| InputIndices {
            input,
            first: Index { value: first[input], interval: interval(&|sample| sample.0[input]) },
            total: Index { value: total[input], interval: interval(&|sample| sample.1[input]) },
            larger_than_next: order
                .get(rank + 1)
                .map(|&next| interval(&|sample| sample.1[input] - sample.1[next]).0 > 0.0),
        })
        .collect();
    let (mean, variance) = moments(responses, &rows);
    Some(SobolIndices { mean, sd: variance.sqrt(), inputs })
}

/// Mean and variance of the response over some rows of A and B together.
fn moments(responses: &Responses, rows: &[usize]) -> (f64, f64) {
    let count = 2.0 * rows.len() as f64;
    let mean = rows.iter().map(|&row| responses.a[row] + responses.b[row]).sum::<f64>() / count;
    let square = |value: f64| (value - mean) * (value - mean);
    let squares: f64 = rows.iter().map(|&row| square(responses.a[row]) + square(responses.b[row])).sum();
    (mean, squares / (count - 1.0))
}

/// First-order and total indices by input, from some rows; `None` where the response does not change in them.
fn estimate(responses: &Responses, rows: &[usize]) -> Option<(Vec<f64>, Vec<f64>)> {
    let (_, variance) = moments(responses, rows);
    if variance <= 0.0 {
        return None;
    }
    let scale = 2.0 * rows.len() as f64 * variance;
    let share = |of: &[f64], mixed: &[f64]| {
        rows.iter().map(|&row| (of[row] - mixed[row]) * (of[row] - mixed[row])).sum::<f64>() / scale
    };
    let first = responses.mixed.iter().map(|mixed| 1.0 - share(&responses.b, mixed)).collect();
    let total = responses.mixed.iter().map(|mixed| share(&responses.a, mixed)).collect();
    Some((first, total))
}

/// Rows drawn with replacement.
fn resample(rows: usize, seed: u64, sample: u32) -> Vec<usize> {
    let address = Address { seed, path: 0, purpose: Purpose::Resampling, line: 0, index: sample };
    let mut stream = address.stream();
    (0..rows).map(|_| ((stream.uniform() * rows as f64) as usize).min(rows - 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitivity::design::Point;

    const ROWS: u32 = 2_048;

    /// The responses of a function of uniform inputs.
    fn respond(inputs: usize, function: impl Fn(&[f64]) -> f64) -> Responses {
        let u = |row: u32, dimension: usize| f64::from(sobol_burley::sample(row, dimension as u32, 11));
        let at = |row: u32, point: Point| {
            let coordinates: Vec<f64> = (0..inputs)
                .map(|input| {
                    let from_b = point == Point::B || point == Point::Mixed(input);
                    u(row, if from_b { inputs + input } else { input })
                })
                .collect();
            function(&coordinates)
        };
        let column = |point: Point| (0..ROWS).map(|row| at(row, point)).collect::<Vec<f64>>();
        Responses {
            a: column(Point::A),
            b: column(Point::B),
            mixed: (0..inputs).map(|input| column(Point::Mixed(input))).collect(),
        }
    }

    /// Quasi-random points do better than `1 / sqrt(2048)` = 0.022.
    const CLOSE: f64 = 0.02;

    fn assert_close(indices: &SobolIndices, exact: &[(f64, f64)]) {
        for of_input in &indices.inputs {
            let (first, total) = exact[of_input.input];
            assert!((of_input.first.value - first).abs() < CLOSE, "{of_input:?}: {first}");
            assert!((of_input.total.value - total).abs() < CLOSE, "{of_input:?}: {total}");
            for index in [of_input.first, of_input.total] {
                assert!(index.interval.0 <= index.value && index.value <= index.interval.1, "{index:?}");
            }
        }
    }

    #[test]
    fn a_sum_has_no_interactions() {
        let responses = respond(3, |x| 3.0 * x[0] + 2.0 * x[1] + x[2]);
        let indices = sobol_indices(&responses, 1).expect("it changes");
        assert_close(&indices, &[(9.0, 9.0), (4.0, 4.0), (1.0, 1.0)].map(|(s, t)| (s / 14.0, t / 14.0)));
        assert!((indices.mean - 3.0).abs() < 1e-3 && (indices.sd - (14.0_f64 / 12.0).sqrt()).abs() < 1e-2);
        assert_eq!(indices.inputs.iter().map(|of_input| of_input.input).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(indices.settled(), 2);
    }

    #[test]
    fn the_function_of_ishigami_has_its_published_indices() {
        // Ishigami and Homma 1990; Saltelli et al. 2008, Global Sensitivity Analysis: a = 7, b = 0.1.
        let responses = respond(3, |u| {
            let [x, y, z] = [0, 1, 2].map(|input| std::f64::consts::PI * (2.0 * u[input] - 1.0));
            libm::sin(x) + 7.0 * libm::sin(y) * libm::sin(y) + 0.1 * z * z * z * z * libm::sin(x)
        });
        let indices = sobol_indices(&responses, 1).expect("it changes");
        assert_close(&indices, &[(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)]);
    }

    #[test]
    fn intervals_are_those_of_the_seed_and_cover() {
        let responses = respond(2, |x| x[0] * x[1]);
        let indices = sobol_indices(&responses, 5).expect("it changes");
        assert_eq!(Some(&indices), sobol_indices(&responses, 5).as_ref());
        assert_ne!(Some(&indices), sobol_indices(&responses, 6).as_ref());
        // Var = 1/9 - 1/16 = 7/144; first order 1/4 x 1/12 each: 3/7; total 4/7.
        assert_close(&indices, &[(3.0 / 7.0, 4.0 / 7.0), (3.0 / 7.0, 4.0 / 7.0)]);
        assert_eq!(indices.settled(), 0, "equal inputs are not ranked");
    }

    #[test]
    fn what_never_changes_has_no_indices() {
        assert_eq!(sobol_indices(&respond(2, |_| 4.0), 1), None);
    }
}
