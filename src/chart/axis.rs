//! Axes: ranges that are never empty, round steps, at most six ticks, and their labels.

use crate::locale::{Magnitude, Numbers, UnitSign};

/// How the values of an axis are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AxisFormat {
    /// Euros, in short on axes: `1,2 M€`.
    Euro,
    /// Shares of one, as percentages.
    Percent,
    /// Whole numbers.
    Count,
    /// Plain numbers; values are printed with this many decimals.
    Ratio(usize),
}

impl AxisFormat {
    /// A value as printed beside a mark: about three digits.
    pub fn value(self, value: f64, numbers: Numbers) -> String {
        match self {
            AxisFormat::Euro => numbers.euros_short(value),
            AxisFormat::Percent => {
                let decimals = match (value * 100.0).abs() {
                    size if size >= 99.95 || size == 0.0 => 0,
                    size if size >= 0.995 => 1,
                    size if size >= 0.0995 => 2,
                    _ => 3,
                };
                numbers.percent(value, decimals)
            }
            AxisFormat::Count => numbers.decimal(value, if value.fract() == 0.0 { 0 } else { 1 }),
            AxisFormat::Ratio(decimals) => numbers.decimal(value, decimals),
        }
    }

    /// A value that somebody chose, such as a threshold: as [`AxisFormat::value`], without idle decimals.
    pub fn exact(self, value: f64, numbers: Numbers) -> String {
        match self {
            AxisFormat::Euro | AxisFormat::Count => self.value(value, numbers),
            AxisFormat::Percent => numbers.percent(value, fewest_decimals(value * 100.0, 3)),
            AxisFormat::Ratio(decimals) => numbers.decimal(value, fewest_decimals(value, decimals.max(3))),
        }
    }

    /// The labels of ticks that stand `step` apart; only the last one carries the unit.
    pub(super) fn tick_labels(self, ticks: &[f64], step: f64, numbers: Numbers) -> Vec<String> {
        let largest = ticks.iter().fold(0.0_f64, |largest, tick| largest.max(tick.abs()));
        // Thousands from ten thousand on: 2 000 and 4 000 read better than 2 k and 4 k.
        let magnitude = if largest < 10_000.0 { Magnitude::One } else { Magnitude::of(largest) };
        let decimals = |tick: f64, step: f64| if tick == 0.0 { 0 } else { decimals_of(step) };
        let label = |tick: f64, unit: UnitSign| match self {
            AxisFormat::Euro => {
                numbers.euros_in(magnitude, tick, decimals(tick, step / magnitude.euros()), unit)
            }
            AxisFormat::Percent => match unit {
                UnitSign::Shown => numbers.percent(tick, decimals(tick, step * 100.0)),
                UnitSign::Hidden => numbers.decimal(tick * 100.0, decimals(tick, step * 100.0)),
            },
            AxisFormat::Count | AxisFormat::Ratio(_) => numbers.decimal(tick, decimals(tick, step)),
        };
        ticks
            .iter()
            .enumerate()
            .map(|(index, tick)| {
                label(*tick, if index + 1 == ticks.len() { UnitSign::Shown } else { UnitSign::Hidden })
            })
            .collect()
    }

    /// The smallest step that makes sense: nobody counts half things.
    fn smallest_step(self) -> f64 {
        match self {
            AxisFormat::Count => 1.0,
            AxisFormat::Euro => 0.01,
            AxisFormat::Percent | AxisFormat::Ratio(_) => 0.0,
        }
    }
}

/// The fewest decimals that show a value as well as `most` decimals do.
fn fewest_decimals(value: f64, most: usize) -> usize {
    let shown = |decimals: usize| format!("{value:.decimals$}").parse::<f64>();
    (0..most).find(|fewer| shown(*fewer) == shown(most)).unwrap_or(most)
}

/// Decimals needed to write multiples of a step of 1, 2 or 5 times a power of ten.
fn decimals_of(step: f64) -> usize {
    let exponent = (libm::log10(step) + 1e-9).floor();
    if exponent >= 0.0 { 0 } else { (-exponent) as usize }
}

/// Ticks at round values.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Ticks {
    pub values: Vec<f64>,
    pub step: f64,
}

/// The most ticks that an axis may have.
pub(super) const MOST_TICKS: usize = 6;

/// Round ticks inside a range, as many as `most` allows.
///
/// Steps are 1, 2 or 5 times a power of ten; each tick is one rounded product or quotient of whole numbers, so that
/// 0.3 is the nearest double to 0.3.
pub(super) fn ticks(low: f64, high: f64, most: usize, format: AxisFormat) -> Ticks {
    let most = most.max(2);
    let span = high - low;
    let mut exponent = libm::log10(span / most as f64).floor() as i32 - 1;
    loop {
        for mantissa in [1.0, 2.0, 5.0] {
            let power = libm::pow(10.0, f64::from(exponent.abs()));
            let times = |count: f64| {
                if exponent >= 0 { count * mantissa * power } else { count * mantissa / power }
            };
            let step = times(1.0);
            if step < format.smallest_step() {
                continue;
            }
            let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
            if last - first + 1.0 <= most as f64 {
                let count = (last - first + 1.0).max(0.0) as usize;
                let values = (0..count).map(|index| times(first + index as f64) + 0.0).collect();
                return Ticks { values, step };
            }
        }
        exponent += 1;
    }
}

/// A range that holds all values and is never empty; `None` if no value is finite.
pub(super) fn range_of(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let range = values.into_iter().filter(|value| value.is_finite()).fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((f64::min(low, value), f64::max(high, value))),
    });
    range.map(|(low, high)| widened(low, high))
}

/// The range itself, or some room around its only value.
pub(super) fn widened(low: f64, high: f64) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    if high - low > size * 1e-9 {
        (low, high)
    } else if size == 0.0 {
        (0.0, 1.0)
    } else {
        (low - size * 0.1, high + size * 0.1)
    }
}

/// The range with zero in it, and with some air above (or below) so that nothing touches the border.
pub(super) fn from_zero(low: f64, high: f64, air: f64) -> (f64, f64) {
    let (low, high) = widened(low.min(0.0), high.max(0.0));
    let span = high - low;
    (if low < 0.0 { low - air * span } else { 0.0 }, if high > 0.0 { high + air * span } else { 0.0 })
}

/// A map from values to pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
    logarithmic: bool,
}

impl Scale {
    /// `low` is drawn at `start`, `high` at `end`; the range must not be empty.
    pub fn linear((low, high): (f64, f64), start: f64, end: f64) -> Scale {
        Scale { low, high, start, end, logarithmic: false }
    }

    /// The same in powers of ten; both bounds must be positive.
    pub fn logarithmic((low, high): (f64, f64), start: f64, end: f64) -> Scale {
        Scale { low: libm::log10(low), high: libm::log10(high), start, end, logarithmic: true }
    }

    /// Where a value is drawn. On a logarithmic scale what is not positive is below the lower bound; what is not a
    /// number is nowhere.
    pub fn at(&self, value: f64) -> f64 {
        let value = match self.logarithmic {
            true if value <= 0.0 => self.low - (self.high - self.low),
            true => libm::log10(value),
            false => value,
        };
        self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Language;

    const ITALIAN: Language = Language::Italian;

    #[test]
    fn ticks_are_round_few_and_inside() {
        let ranges =
            [(0.0, 1.0), (0.0, 1_234_567.0), (-3.2, 7.7), (0.0, 0.000_3), (99.0, 101.0), (-5e9, -1e9)];
        for (low, high) in ranges {
            for most in 2..=MOST_TICKS {
                let ticks = ticks(low, high, most, AxisFormat::Ratio(2));
                assert!(!ticks.values.is_empty() && ticks.values.len() <= most, "{low} {high} {ticks:?}");
                let air = (high - low) * 1e-6;
                assert!(ticks.values.iter().all(|tick| *tick >= low - air && *tick <= high + air));
            }
        }
        assert_eq!(ticks(0.0, 1.0, 6, AxisFormat::Ratio(1)).values, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(ticks(0.0, 2.0, 6, AxisFormat::Count).values, [0.0, 1.0, 2.0]);
    }

    #[test]
    fn only_the_last_tick_has_the_unit() {
        let numbers = Numbers::new(ITALIAN);
        let labels = |format: AxisFormat, high: f64| {
            let ticks = ticks(0.0, high, 6, format);
            format.tick_labels(&ticks.values, ticks.step, numbers)
        };
        assert_eq!(labels(AxisFormat::Euro, 1e6), ["0", "0,2", "0,4", "0,6", "0,8", "1,0\u{a0}M€"]);
        assert_eq!(labels(AxisFormat::Euro, 50_000.0), ["0", "10", "20", "30", "40", "50\u{a0}k€"]);
        assert_eq!(labels(AxisFormat::Percent, 0.01), ["0", "0,2", "0,4", "0,6", "0,8", "1,0\u{a0}%"]);
        assert_eq!(labels(AxisFormat::Count, 5.0), ["0", "1", "2", "3", "4", "5"]);
    }

    #[test]
    fn ranges_are_never_empty() {
        assert_eq!(range_of([]), None);
        assert_eq!(range_of([f64::NAN]), None);
        for value in [0.0, 5.0, -5.0, 1e12, 1e-12] {
            let (low, high) = range_of([value, value]).expect("a value");
            assert!(low < high && low <= value && value <= high);
            let (low, high) = from_zero(value, value, 0.05);
            assert!(low < high && low <= 0.0 && high >= 0.0);
        }
    }

    #[test]
    fn scales_map_ends_to_ends() {
        let linear = Scale::linear((0.0, 10.0), 100.0, 0.0);
        assert_eq!((linear.at(0.0), linear.at(10.0), linear.at(5.0)), (100.0, 0.0, 50.0));
        let logarithmic = Scale::logarithmic((0.001, 1.0), 300.0, 0.0);
        assert!((logarithmic.at(0.01) - 200.0).abs() < 1e-9);
        assert!(logarithmic.at(0.0) > 300.0 && logarithmic.at(-1.0).is_finite());
    }

    #[test]
    fn values_have_about_three_digits() {
        let numbers = Numbers::new(ITALIAN);
        assert_eq!(AxisFormat::Percent.value(0.1234, numbers), "12,3\u{a0}%");
        assert_eq!(AxisFormat::Percent.value(0.001_23, numbers), "0,12\u{a0}%");
        assert_eq!(AxisFormat::Percent.value(1.0, numbers), "100\u{a0}%");
        assert_eq!(AxisFormat::Ratio(2).value(1.518, numbers), "1,52");
        assert_eq!(AxisFormat::Count.value(12.4, numbers), "12,4");
        assert_eq!(AxisFormat::Percent.exact(0.2, numbers), "20\u{a0}%");
        assert_eq!(AxisFormat::Percent.exact(0.125, numbers), "12,5\u{a0}%");
        assert_eq!(AxisFormat::Ratio(2).exact(2.5, numbers), "2,5");
    }
}
