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

/// Values with their counts (or weights), which can be gone through again and again.
pub trait CountedValues {
    /// Hands every value with its count to `take`.
    fn each(&self, take: impl FnMut(i64, u64));
}

/// The histogram of a figure. Amounts and ratios of which at least 1 % are exactly 0 (and not all) count these apart.
///
/// `total`: how many values there are (or what they weigh).
pub fn histogram_of(
    unit: Unit,
    total: u64,
    (min, max): (i64, i64),
    quantiles: &[QuantileEstimate],
    values: &impl CountedValues,
) -> Vec<Bin> {
    if total == 0 {
        return Vec::new();
    }
    let mut zeros = 0;
    values.each(|value, count| zeros += if value == 0 { count } else { 0 });
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
    match ShortBins::new(width, first, last) {
        Some(bins) => values.each(|value, count| {
            counts[bins.bin(value)] += if spike && value == 0 { 0 } else { count };
        }),
        None => values.each(|value, count| {
            if !(spike && value == 0) {
                // The middle of a cell may lie just beyond the extremes.
                counts[((value as i128).div_euclid(width).clamp(first, last) - first) as usize] += count;
            }
        }),
    }
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

/// Bins that lie within 52 bits: nearly all. Their numbers come by a multiplication, put right by the exact remainder,
/// where a division would take many times as long.
struct ShortBins {
    start: i64,
    width: i64,
    inverse: f64,
    /// Largest distance from the start that is in a bin.
    last: i64,
}

impl ShortBins {
    fn new(width: i128, first: i128, last: i128) -> Option<ShortBins> {
        let within = |number: i128| (number.abs() < 1 << 52).then_some(number as i64);
        let (start, end) = (within(first * width)?, within((last + 1) * width)?);
        let width = within(width)?;
        Some(ShortBins { start, width, inverse: 1.0 / width as f64, last: end - start - 1 })
    }

    /// The bin of a value; the first or last one if it lies beyond the extremes, as the middle of a cell may.
    #[inline]
    fn bin(&self, value: i64) -> usize {
        let distance = value.saturating_sub(self.start).clamp(0, self.last);
        let guess = (distance as f64 * self.inverse) as i64;
        let rest = distance - guess * self.width;
        (guess + i64::from(rest >= self.width) - i64::from(rest < 0)) as usize
    }
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

    impl CountedValues for &[i64] {
        fn each(&self, mut take: impl FnMut(i64, u64)) {
            self.iter().for_each(|&value| take(value, 1));
        }
    }

    fn of(unit: Unit, values: &[i64]) -> Vec<Bin> {
        let range = (*values.iter().min().expect("values"), *values.iter().max().expect("values"));
        histogram_of(unit, values.len() as u64, range, &[], &values)
    }

    proptest! {
        #[test]
        fn bins_by_multiplication_are_those_by_division(
            width in 1i64..1 << 40,
            first in -(1i64 << 11)..1 << 11,
            count in 1i64..400,
            places in proptest::collection::vec((-2i64..402, -2i64..3, 0.0..1.0), 1..60),
        ) {
            let last = first + count - 1;
            let bins = ShortBins::new(width.into(), first.into(), last.into()).expect("within 52 bits");
            for (bin, near, part) in places {
                // At an edge, next to it, or inside.
                for value in [(first + bin) * width + near, (first + bin) * width + (width as f64 * part) as i64] {
                    let expected = value.div_euclid(width).clamp(first, last) - first;
                    prop_assert_eq!(bins.bin(value) as i64, expected);
                }
            }
        }
    }

    #[test]
    fn bins_beyond_52_bits_are_divided() {
        assert!(ShortBins::new(1 << 45, 0, 1 << 7).is_none());
        assert!(ShortBins::new(1 << 45, 0, 126).is_some());
        let bins = of(Unit::Euro, &[i64::MIN, -1, 1, i64::MAX]);
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<u64>(), 4);
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
