//! Counts in bins of round width.

use super::metric::QuantileEstimate;
use crate::metrics::Unit;

/// Number of values in `from <= value < to`; a bin with `from == to` counts exactly that value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    /// Lower end.
    pub from: i64,
    /// Upper end.
    pub to: i64,
    /// Values in it.
    pub count: u64,
}

/// Bins wanted between the 0.1 % and the 99.9 % quantile.
const BINS_IN_BODY: i64 = 50;
/// Most bins between the extremes.
const MOST_BINS: i64 = 400;

/// The histogram of a figure. Amounts and ratios of which at least 1 % are exactly 0 (and not all) count these apart.
///
/// `total`: how many values there are (or what they weigh); `each` hands every value with its count (or weight) to what
/// it is given.
pub fn histogram_of(
    unit: Unit,
    total: u64,
    (min, max): (i64, i64),
    quantiles: &[QuantileEstimate],
    each: impl Fn(&mut dyn FnMut(i64, u64)),
) -> Vec<Bin> {
    if total == 0 {
        return Vec::new();
    }
    let mut zeros = 0;
    each(&mut |value, count| zeros += if value == 0 { count } else { 0 });
    let spike = matches!(unit, Unit::Euro | Unit::Ratio) && zeros >= total.div_ceil(100) && zeros < total;
    let body = match (quantiles.first(), quantiles.last()) {
        (Some(low), Some(high)) if high.value > low.value => (low.value, high.value),
        _ => (min, max),
    };
    let range = max as i128 - min as i128;
    let wanted = ((body.1 as i128 - body.0 as i128) / BINS_IN_BODY as i128).max(range / MOST_BINS as i128);
    let width = round_width(wanted, unit);
    let first = (min as i128).div_euclid(width);
    let last = (max as i128).div_euclid(width);
    let mut counts = vec![0u64; (last - first + 1) as usize];
    // Only extremes near the ends of the range need wide numbers.
    let short = i64::try_from(width).ok().zip(i64::try_from(first).ok()).zip(i64::try_from(last).ok());
    let inverse = 1.0 / width as f64;
    each(&mut |value, count| {
        if !(spike && value == 0) {
            // The middle of a cell may lie just beyond the extremes.
            let bin = match short {
                Some(((width, first), last)) => {
                    (floor_of(value, width, inverse).clamp(first, last) - first) as usize
                }
                None => ((value as i128).div_euclid(width).clamp(first, last) - first) as usize,
            };
            counts[bin] += count;
        }
    });
    let clamped = |edge: i128| edge.clamp(i64::MIN as i128, i64::MAX as i128) as i64;
    let spike_bin = spike.then_some(Bin { from: 0, to: 0, count: zeros });
    let bins = counts.into_iter().enumerate().map(|(position, count)| {
        let from = (first + position as i128) * width;
        Bin { from: clamped(from), to: clamped(from + width), count }
    });
    let mut all: Vec<Bin> = bins.collect();
    if let Some(spike) = spike_bin {
        let place = all.partition_point(|bin| bin.from < 0);
        all.insert(place, spike);
    }
    all
}

/// `value.div_euclid(width)`, `inverse` being `1 / width`: a guess that the remainder puts right, where the numbers are
/// small enough for a guess to be at most one off. A division takes several times as long.
#[inline]
fn floor_of(value: i64, width: i64, inverse: f64) -> i64 {
    const SMALL: u64 = 1 << 50;
    if value.unsigned_abs() > SMALL || width.unsigned_abs() > SMALL {
        return value.div_euclid(width);
    }
    let guess = (value as f64 * inverse) as i64;
    let rest = value - guess * width;
    guess - i64::from(rest < 0) + i64::from(rest >= width)
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `wanted`; counts and events: whole numbers.
fn round_width(wanted: i128, unit: Unit) -> i128 {
    let smallest = match unit {
        Unit::Count | Unit::Probability => 1,
        // Ten euros, a hundredth of a percent.
        Unit::Euro => 1_000,
        Unit::Ratio => 100_000,
    };
    let mut power = smallest;
    loop {
        for twice in [2, 4, 5, 10] {
            let width = power * twice / 2;
            if width >= wanted && width * 2 == power * twice {
                return width;
            }
        }
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_guess_put_right_is_the_division(
            value in any::<i64>(),
            bits in 0..63u32,
            width in prop_oneof![1i64..1_000, 1i64..1_000_000_000_000],
            near in -2i64..3,
        ) {
            // Of every magnitude, and next to a multiple.
            for value in [value >> bits, (value >> bits) / width * width + near] {
                prop_assert_eq!(floor_of(value, width, 1.0 / width as f64), value.div_euclid(width));
            }
        }
    }

    fn of(unit: Unit, values: &[i64]) -> Vec<Bin> {
        let range = (*values.iter().min().expect("values"), *values.iter().max().expect("values"));
        histogram_of(unit, values.len() as u64, range, &[], |take| {
            values.iter().for_each(|&value| take(value, 1));
        })
    }

    #[test]
    fn every_value_is_counted_once() {
        let values: Vec<i64> = (0..1_000).map(|i| (i * i * 7_919) % 5_000_000 - 100_000).collect();
        let bins = of(Unit::Euro, &values);
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<u64>(), 1_000);
        for bin in &bins {
            let inside = values.iter().filter(|&&v| bin.from <= v && v < bin.to).count() as u64;
            assert_eq!(inside, bin.count);
        }
    }

    #[test]
    fn a_spike_at_zero_stands_apart() {
        let bins = of(Unit::Euro, &[0, 0, 0, 500, 250_000, 1_000_000]);
        assert_eq!(bins[0], Bin { from: 0, to: 0, count: 3 });
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<u64>(), 6);
    }

    #[test]
    fn constants_and_events_have_sensible_bins() {
        assert_eq!(of(Unit::Count, &[7; 10]), [Bin { from: 7, to: 8, count: 10 }]);
        let events = of(Unit::Probability, &[0, 1, 0, 0]);
        assert_eq!(events, [Bin { from: 0, to: 1, count: 3 }, Bin { from: 1, to: 2, count: 1 }]);
    }
}
