//! One assumption at a time: each input at its low and its high end, the others at their base, on the same paths.
//!
//! A bar reaches from the smallest to the largest of the results at the low end, the base and the high end; its width is
//! how much the figure hangs on the input. Bars are sorted by width. Every difference is paired: its error is that of the
//! mean of the differences of the influences ([`crate::paired::influence`]), and whether one bar is wider than the next
//! is judged the same way.

use super::input::{Input, Shown};
use super::runs::{FiguresOfRun, low_end_run};
use super::variation::{Refused, Variation};
use crate::aggregate::summary::natural;
use crate::engine::InvariantBroken;
use crate::locale::Told;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::paired::comparison::columns_of;
use crate::paired::difference::{Estimate, PairedDifference};
use crate::paired::influence::Influence;
use crate::paired::{FigureTable, Measure, Measured, measured};
use crate::plan::Plan;
use crate::scenario::Scenario;
use rust_decimal::Decimal;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the figures do when one input moves.
#[derive(Clone, Debug)]
pub struct Tornado {
    /// Paths of every run.
    pub paths: u64,
    /// Runs that count: the base, and two for each input.
    pub runs: usize,
    /// How each input's ends and base are said, in the order of the inputs; only those that were run.
    pub ends: Vec<EndsShown>,
    /// Figure by figure.
    pub measures: Vec<TornadoMeasure>,
}

/// The values of an input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EndsShown {
    /// Low end: the value and how it is said.
    pub low: (Decimal, Shown),
    /// Base.
    pub base: (Decimal, Shown),
    /// High end.
    pub high: (Decimal, Shown),
}

/// One figure.
#[derive(Clone, Debug)]
pub struct TornadoMeasure {
    /// Which one.
    pub measure: Measure,
    /// At the base, with its 95 % interval; `None` if it cannot be estimated or the scenario does not have it.
    pub base: Option<(Estimate, (f64, f64))>,
    /// By width, the widest first.
    pub bars: Vec<Bar>,
}

/// What one input does to one figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Position among the inputs.
    pub input: usize,
    /// The figure at the low end.
    pub low: End,
    /// At the high end.
    pub high: End,
    /// From the smallest to the largest of low, base and high, with its error.
    pub width: Estimate,
    /// Whether this bar is wider than the next one beyond noise; `None` for the last one.
    pub wider_than_next: Option<bool>,
}

/// The figure at one end of an input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// The figure.
    pub estimate: Estimate,
    /// Less the figure at the base, paired.
    pub difference: PairedDifference,
}

impl Bar {
    /// Whether either end differs from the base beyond noise.
    pub fn is_beyond_noise(&self) -> bool {
        self.low.difference.is_beyond_noise() || self.high.difference.is_beyond_noise()
    }
}

impl TornadoMeasure {
    /// How many bars have any width at all.
    pub fn with_effect(&self) -> usize {
        self.bars.iter().filter(|bar| bar.width.value > 0.0).count()
    }

    /// How many of the first bars stand in an order that is beyond noise, each wider than the one after it.
    pub fn settled(&self) -> usize {
        self.bars.iter().take_while(|bar| bar.wider_than_next == Some(true)).count()
    }
}

/// Why a study could not be made.
#[derive(Debug)]
pub enum StudyFailure {
    /// The scenario cannot take these values.
    Refused(Refused),
    /// The books of a path do not balance: a bug.
    Broken(InvariantBroken),
    /// What a run left before cannot be used.
    Unusable(Told),
}

impl From<Refused> for StudyFailure {
    fn from(refused: Refused) -> StudyFailure {
        StudyFailure::Refused(refused)
    }
}

/// Runs the base and both ends of each input. After a stop only inputs whose two ends are whole count; `None` if none is.
/// `figures` gives what each run leaves ([`super::runs`]).
///
/// # Errors
/// [`StudyFailure`] if the scenario cannot take an input's end, or a run fails.
pub fn tornado(
    variation: &Variation,
    inputs: &[Input],
    measures: &[Measure],
    paths: u64,
    stop: &AtomicBool,
    figures: &FiguresOfRun,
) -> Result<Option<Tornado>, StudyFailure> {
    let at_base: Vec<Decimal> = inputs.iter().map(Input::base).collect();
    // Every scenario is made before the first path: what cannot be is said at once.
    let base_scenario = variation.with(inputs, &at_base)?;
    let mut ends_of = Vec::new();
    for (position, input) in inputs.iter().enumerate() {
        let (low, high) = input.ends();
        let at = |value: Decimal| {
            let mut values = at_base.clone();
            values[position] = value;
            variation.with(inputs, &values)
        };
        ends_of.push([(low, at(low)?), (high, at(high)?)]);
    }
    let run = |number: u64, scenario: &Scenario| -> Result<Option<(Plan, FigureTable)>, StudyFailure> {
        let plan = Plan::resolve(scenario);
        let table = figures(number, &plan, &columns_of(&plan, measures))?;
        Ok(table.map(|table| (plan, table)))
    };
    let Some(base) = run(0, &base_scenario)? else { return Ok(None) };
    let mut done = Vec::new();
    for (input, [(_, low), (_, high)]) in ends_of.iter().enumerate() {
        let first = low_end_run(input);
        let (Some(low), Some(high)) = (run(first, low)?, run(first + 1, high)?) else { break };
        done.push((low, high));
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    if done.is_empty() {
        return Ok(None);
    }
    let shown = inputs.iter().zip(&ends_of).zip(&at_base).take(done.len());
    let ends = shown
        .map(|((input, [low, high]), &base)| EndsShown {
            low: (low.0, input.shown(low.0, &low.1)),
            base: (base, input.shown(base, &base_scenario)),
            high: (high.0, input.shown(high.0, &high.1)),
        })
        .collect();
    let measures = measures.iter().map(|&measure| of_measure(measure, &base, &done)).collect();
    Ok(Some(Tornado { paths, runs: 1 + 2 * done.len(), ends, measures }))
}

type Run = (Plan, FigureTable);

fn of_measure(measure: Measure, base: &Run, ends: &[(Run, Run)]) -> TornadoMeasure {
    let Some(at_base) = measured(&base.0, &base.1, measure) else {
        return TornadoMeasure { measure, base: None, bars: Vec::new() };
    };
    let unit = measure.metric.unit();
    let mut bars: Vec<(Bar, Influence)> = Vec::new();
    for (input, (low, high)) in ends.iter().enumerate() {
        let (Some(low), Some(high)) =
            (measured(&low.0, &low.1, measure), measured(&high.0, &high.1, measure))
        else {
            continue;
        };
        let end = |end: &Measured| End {
            estimate: end.estimate,
            difference: PairedDifference::of_influences(&at_base.influence, &end.influence, unit),
        };
        let width = width(&at_base.influence, &low.influence, &high.influence);
        let estimate =
            Estimate { value: natural(unit, width.value), std_error: natural(unit, width.std_error()) };
        let bar = Bar { input, low: end(&low), high: end(&high), width: estimate, wider_than_next: None };
        bars.push((bar, width));
    }
    // Equal widths keep the order of the inputs.
    bars.sort_by(|one, other| other.1.value.total_cmp(&one.1.value));
    let wider: Vec<Option<bool>> = (0..bars.len())
        .map(|position| bars.get(position + 1).map(|next| is_larger(&bars[position].1, &next.1)))
        .collect();
    let bars = bars.into_iter().zip(wider);
    let bars = bars.map(|((bar, _), wider)| Bar { wider_than_next: wider, ..bar }).collect();
    TornadoMeasure { measure, base: Some((at_base.estimate, at_base.interval)), bars }
}

/// The largest less the smallest of three, with the influence of every path.
fn width(base: &Influence, low: &Influence, high: &Influence) -> Influence {
    let three = [low, base, high];
    let by_value = |one: &&&Influence, other: &&&Influence| one.value.total_cmp(&other.value);
    let (Some(smallest), Some(largest)) = (three.iter().min_by(by_value), three.iter().max_by(by_value))
    else {
        return base.clone();
    };
    let pairs = largest.of_path.iter().zip(&smallest.of_path);
    Influence {
        value: largest.value - smallest.value,
        of_path: pairs.map(|(largest, smallest)| largest - smallest).collect(),
    }
}

/// Whether the first is larger than the second beyond the 95 % interval of their difference.
fn is_larger(first: &Influence, second: &Influence) -> bool {
    let pairs = first.of_path.iter().zip(&second.of_path);
    let difference = Influence {
        value: first.value - second.value,
        of_path: pairs.map(|(first, second)| first - second).collect(),
    };
    difference.value > HALF_WIDTH_95 * difference.std_error()
}
