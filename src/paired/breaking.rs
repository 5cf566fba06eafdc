//! Reverse stress tests: how bad must it get before a promise breaks?
//!
//! A lever ([`Lever`]) is turned until a statistic crosses a bound. All positions meet the same paths (common random
//! numbers), so that the statistic moves with the lever and not with luck. First nine positions from end to end are
//! looked at, then the first of them that breaks the promise and the one before it are brought together by bisection,
//! until they are neighbours. The interval of the breaking point reaches from where the 95 % interval of the
//! statistic first touches the bound to where all of it lies beyond: for a statistic that moves with the lever these
//! are the positions that the data cannot tell from the breaking point (a confidence set by inverting the
//! interval; Casella and Berger 2002, section 9.2).
//!
//! Nothing forces a statistic to move in one direction only: defaults can free money for better loans. Whether all
//! positions looked at before the breaking point keep the promise and all behind it break it is checked and told.

use super::figure_table::FigureTable;
use super::lever::Lever;
use super::measure::Measure;
use super::measured::measured;
use crate::aggregate::summary::natural;
use crate::metrics::Unit;
use crate::plan::Plan;
use crate::scenario::{Limit, LimitStatistic, Scenario};
use crate::units::nearest_f64;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Positions looked at from end to end, beside the start.
const LOOKS: u32 = 8;

/// What breaks a promise: a statistic beyond a bound.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Breach {
    /// Which number.
    pub measure: Measure,
    /// The bound, in natural units.
    pub bound: Decimal,
    /// Whether it breaks above the bound; else below it.
    pub above: bool,
}

impl Breach {
    /// What breaks the promises of a limit: its `max` exceeded, its `min` missed.
    pub fn of_limit(limit: &Limit) -> Vec<Breach> {
        let measure = Measure { metric: limit.metric, line: limit.line, statistic: limit.statistic };
        let above = limit.max.map(|bound| Breach { measure, bound, above: true });
        let below = limit.min.map(|bound| Breach { measure, bound, above: false });
        above.into_iter().chain(below).collect()
    }

    fn is_beyond(&self, value: f64) -> bool {
        let bound = nearest_f64(self.bound);
        if self.above { value > bound } else { value < bound }
    }
}

/// What one position of a lever leaves.
struct Look {
    table: FigureTable,
    /// By breach: value and 95 % interval; `None` if it cannot be estimated.
    numbers: Vec<Option<Number>>,
}

/// A statistic with its 95 % interval.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Number {
    /// The statistic, in natural units.
    pub value: f64,
    /// Ends of the interval.
    pub interval: (f64, f64),
}

/// Which of three crossings is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Crossing {
    /// The interval touches the bound.
    Possible,
    /// The statistic itself is beyond it.
    Point,
    /// The whole interval is beyond it.
    Sure,
}

/// When a promise breaks.
#[derive(Clone, PartialEq, Debug)]
pub enum Verdict {
    /// It is broken as the scenario stands.
    Already,
    /// At this value of the lever.
    At {
        /// Where the statistic crosses the bound.
        value: Decimal,
        /// Where its interval first touches the bound; `None`: it does at the start already.
        from: Option<Decimal>,
        /// Where its whole interval is beyond; `None`: nowhere within the lever's bound.
        to: Option<Decimal>,
        /// The statistic there.
        number: Number,
    },
    /// Not within the lever's bound.
    Never {
        /// The statistic at the bound, if it can be estimated.
        number: Option<Number>,
    },
    /// The statistic cannot be estimated with so many paths.
    Unknown,
}

/// The answer to one question.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// What breaks.
    pub breach: Breach,
    /// What is turned.
    pub lever: Lever,
    /// When.
    pub verdict: Verdict,
    /// The statistic as the scenario stands.
    pub at_start: Option<Number>,
    /// Largest value that the lever reaches.
    pub reach: Decimal,
    /// The first value behind the breaking point at which the promise is kept again: the response is not monotone.
    pub kept_again: Option<Decimal>,
    /// The path nearest to the breaking point, and the options that put the lever there.
    pub nearest: Option<NearestPath>,
}

/// A path to look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NearestPath {
    /// Its number.
    pub path: u64,
    /// The options that put the lever at the breaking point.
    pub sets: Vec<String>,
}

/// Why a search stopped without an answer.
#[derive(Debug)]
pub enum SearchStopped<E> {
    /// It was interrupted.
    Interrupted,
    /// A position could not be simulated.
    Failed(E),
}

/// Turns a lever until each of the breaches happens. `simulate` gives the figures of the scenario with `--set` options
/// on the shared paths, or `None` if it was interrupted; every plan has the same columns.
///
/// # Errors
/// [`SearchStopped`] if a position could not be simulated.
pub fn search<E>(
    scenario: &Scenario,
    plan: &Plan,
    lever: Lever,
    breaches: &[Breach],
    simulate: impl FnMut(&[String]) -> Result<Option<FigureTable>, E>,
) -> Result<Vec<Answer>, SearchStopped<E>> {
    let mut search = Search { scenario, plan, lever, breaches, simulate, looks: BTreeMap::new() };
    let positions = lever.positions(scenario);
    for look in 0..=LOOKS {
        search.look((u64::from(positions) * u64::from(look) / u64::from(LOOKS)) as u32)?;
    }
    (0..breaches.len()).map(|breach| search.answer(breach)).collect()
}

struct Search<'s, F> {
    scenario: &'s Scenario,
    plan: &'s Plan,
    lever: Lever,
    breaches: &'s [Breach],
    simulate: F,
    looks: BTreeMap<u32, Look>,
}

impl<E, F: FnMut(&[String]) -> Result<Option<FigureTable>, E>> Search<'_, F> {
    /// Simulates a position, unless it is known.
    fn look(&mut self, position: u32) -> Result<(), SearchStopped<E>> {
        if self.looks.contains_key(&position) {
            return Ok(());
        }
        let sets = self.lever.sets(self.scenario, position);
        let table = match (self.simulate)(&sets) {
            Ok(Some(table)) => table,
            Ok(None) => return Err(SearchStopped::Interrupted),
            Err(error) => return Err(SearchStopped::Failed(error)),
        };
        let numbers = self
            .breaches
            .iter()
            .map(|breach| {
                let measured = measured(self.plan, &table, breach.measure)?;
                Some(Number { value: measured.estimate.value, interval: measured.interval })
            })
            .collect();
        self.looks.insert(position, Look { table, numbers });
        Ok(())
    }

    fn crosses(&self, position: u32, breach: usize, crossing: Crossing) -> bool {
        let Some(number) = self.looks[&position].numbers[breach] else { return false };
        let rule = self.breaches[breach];
        let (low, high) = number.interval;
        let (near, far) = if rule.above { (high, low) } else { (low, high) };
        rule.is_beyond(match crossing {
            Crossing::Possible => near,
            Crossing::Point => number.value,
            Crossing::Sure => far,
        })
    }

    /// The smallest position at which a crossing happens, next to one at which it does not.
    fn first(&mut self, breach: usize, crossing: Crossing) -> Result<Option<u32>, SearchStopped<E>> {
        loop {
            let mut before = None;
            let mut found = None;
            for &position in self.looks.keys() {
                if self.crosses(position, breach, crossing) {
                    found = Some(position);
                    break;
                }
                before = Some(position);
            }
            match (before, found) {
                (_, None) => return Ok(None),
                (None, Some(position)) => return Ok(Some(position)),
                (Some(before), Some(position)) if position - before == 1 => return Ok(Some(position)),
                (Some(before), Some(position)) => self.look(before + (position - before) / 2)?,
            }
        }
    }

    fn answer(&mut self, breach: usize) -> Result<Answer, SearchStopped<E>> {
        let (scenario, lever) = (self.scenario, self.lever);
        let last = lever.positions(scenario);
        let value = |position: u32| lever.value(scenario, position);
        let at_start = self.looks[&0].numbers[breach];
        let mut answer = Answer {
            breach: self.breaches[breach],
            lever,
            verdict: Verdict::Unknown,
            at_start,
            reach: value(last),
            kept_again: None,
            nearest: None,
        };
        if at_start.is_none() {
            return Ok(answer);
        }
        let Some(at) = self.first(breach, Crossing::Point)? else {
            answer.verdict = Verdict::Never { number: self.looks[&last].numbers[breach] };
            return Ok(answer);
        };
        answer.nearest = self.nearest(breach, at);
        if at == 0 {
            answer.verdict = Verdict::Already;
            return Ok(answer);
        }
        let from = self.first(breach, Crossing::Possible)?.filter(|&position| position > 0);
        let to = self.first(breach, Crossing::Sure)?;
        let number = self.looks[&at].numbers[breach].expect("what crosses a bound is a number");
        answer.verdict = Verdict::At { value: value(at), from: from.map(value), to: to.map(value), number };
        let behind = self.looks.range(at..).map(|(&position, _)| position);
        let kept = behind.into_iter().find(|&position| !self.crosses(position, breach, Crossing::Point));
        answer.kept_again = kept.map(value);
        Ok(answer)
    }

    /// The path whose figure tips the promise: of a chance the first path on which the event happens at the breaking point
    /// and not just before it (else the first on which it happens); of other statistics the path whose figure at the
    /// breaking point is nearest to the bound, the first of equals. `None` for standard deviations, which no path has.
    fn nearest(&self, breach: usize, at: u32) -> Option<NearestPath> {
        let rule = self.breaches[breach];
        let column = rule.measure.column(self.plan)?;
        let values = self.looks[&at].table.column(column)?;
        let unit = rule.measure.metric.unit();
        let path = match (unit, rule.measure.statistic) {
            (_, LimitStatistic::StandardDeviation) => return None,
            (Unit::Probability, _) => {
                let event = i64::from(rule.above);
                let before = at.checked_sub(1).and_then(|before| self.looks.get(&before));
                let before = before.and_then(|look| look.table.column(column));
                let happens = |path: &usize| values[*path] == event;
                let tips =
                    |path: &usize| happens(path) && before.is_some_and(|before| before[*path] != event);
                (0..values.len()).find(tips).or_else(|| (0..values.len()).find(happens))?
            }
            _ => {
                let bound = nearest_f64(rule.bound);
                let distance = |path: usize| (natural(unit, values[path] as f64) - bound).abs();
                (0..values.len()).min_by(|&one, &other| distance(one).total_cmp(&distance(other)))?
            }
        };
        Some(NearestPath { path: path as u64, sets: self.lever.sets(self.scenario, at) })
    }
}
