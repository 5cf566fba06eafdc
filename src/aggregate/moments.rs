//! Exact sums and sums of squares of integers, and what follows from them.
//!
//! Integers add up to the same total in any order, so means and standard deviations do not depend on blocks, threads
//! or machines. Squares of 64-bit values need more than 128 bits for many paths; the second word counts carries.

use crate::isa::{Isa, Stage};

/// Count, sum, sum of squares, smallest and largest of 64-bit values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moments {
    /// Number of values.
    pub count: u64,
    pub(super) sum: i128,
    pub(super) squares_low: u128,
    pub(super) squares_high: u64,
    /// Smallest value; `i64::MAX` without values.
    pub min: i64,
    /// Largest value; `i64::MIN` without values.
    pub max: i64,
}

impl Default for Moments {
    fn default() -> Self {
        Moments { count: 0, sum: 0, squares_low: 0, squares_high: 0, min: i64::MAX, max: i64::MIN }
    }
}

impl Moments {
    /// Adds one value.
    #[inline]
    pub fn add(&mut self, value: i64) {
        self.count += 1;
        self.sum += value as i128;
        let magnitude = value.unsigned_abs() as u128;
        self.add_squares(magnitude * magnitude, 0);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    #[inline]
    fn add_squares(&mut self, low: u128, high: u64) {
        let (sum, carry) = self.squares_low.overflowing_add(low);
        self.squares_low = sum;
        self.squares_high += high + u64::from(carry);
    }

    /// Adds values. Same as adding each of them, in fewer steps.
    pub fn add_all(&mut self, values: &[i64]) {
        for chunk in values.chunks(SHORT) {
            match Isa::current().run(ShortMoments(chunk)) {
                Some((sum, squares, (min, max))) => {
                    self.add_sums(chunk.len() as u64, sum as i128, squares);
                    self.min = self.min.min(min);
                    self.max = self.max.max(max);
                }
                None => chunk.iter().for_each(|&value| self.add(value)),
            }
        }
    }

    /// Adds sums of values whose extremes are not wanted.
    pub fn add_sums(&mut self, count: u64, sum: i128, squares: u128) {
        self.count += count;
        self.sum += sum;
        self.add_squares(squares, 0);
    }

    /// Adds all values of another set.
    pub fn merge(&mut self, other: &Moments) {
        self.count += other.count;
        self.sum += other.sum;
        self.add_squares(other.squares_low, other.squares_high);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// The exact sum.
    pub fn sum(&self) -> i128 {
        self.sum
    }

    /// Mean; 0 without values.
    pub fn mean(&self) -> f64 {
        if self.count == 0 {
            return 0.0;
        }
        // Whole and fractional part apart: a sum beyond 2^53 keeps the digits of its mean.
        let count = self.count as i128;
        let (whole, rest) = (self.sum.div_euclid(count), self.sum.rem_euclid(count));
        whole as f64 + rest as f64 / count as f64
    }

    /// Variance with `n - 1`, from exact integers: `(n sum x^2 - (sum x)^2) / (n (n - 1))`; 0 for fewer than two values.
    pub fn variance(&self) -> f64 {
        if self.count < 2 {
            return 0.0;
        }
        let n = self.count as u128;
        // n x sum of squares, in three 128-bit digits of which the third stays 0 for any realistic count.
        let (low, carry) = wide_product(self.squares_low, n);
        let high = carry + self.squares_high as u128 * n;
        let magnitude = self.sum.unsigned_abs();
        let (square_low, square_high) = wide_product(magnitude, magnitude);
        let (difference_low, borrow) = low.overflowing_sub(square_low);
        let difference_high = high - square_high - u128::from(borrow);
        const TWO_TO_128: f64 = 340_282_366_920_938_463_463_374_607_431_768_211_456.0;
        (difference_high as f64 * TWO_TO_128 + difference_low as f64) / (n as f64 * (n as f64 - 1.0))
    }

    /// Standard deviation with `n - 1`.
    pub fn standard_deviation(&self) -> f64 {
        self.variance().sqrt()
    }

    /// Standard error of the mean.
    pub fn standard_error(&self) -> f64 {
        if self.count == 0 { 0.0 } else { (self.variance() / self.count as f64).sqrt() }
    }
}

/// [`short_sums`] and extremes.
struct ShortMoments<'a>(&'a [i64]);

impl Stage for ShortMoments<'_> {
    type Output = Option<(i64, u128, (i64, i64))>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        short_sums(self.0).map(|(sum, squares)| (sum, squares, extremes(self.0)))
    }
}

/// Most values that [`short_sums`] adds.
pub const SHORT: usize = 1 << 12;

/// Sum and sum of squares of at most [`SHORT`] values; `None` if one of them has a magnitude of 2^32 or more.
///
/// Plain 64-bit lanes instead of 128-bit carries: a square of 32 bits has 64, and its two halves are added apart, so
/// that neither half can overflow. Wrapping operators because a checked one stops the compiler from using lanes.
#[inline(always)]
pub fn short_sums(values: &[i64]) -> Option<(i64, u128)> {
    debug_assert!(values.len() <= SHORT);
    let (mut sum, mut low, mut high, mut widest) = (0i64, 0u64, 0u64, 0u64);
    for &value in values {
        let magnitude = value.unsigned_abs();
        widest |= magnitude;
        sum = sum.wrapping_add(value);
        // The product of two numbers below 2^32, which every instruction set has in lanes.
        let square = (magnitude & 0xffff_ffff).wrapping_mul(magnitude & 0xffff_ffff);
        low = low.wrapping_add(square & 0xffff_ffff);
        high = high.wrapping_add(square >> 32);
    }
    (widest >> 32 == 0).then(|| (sum, (u128::from(high) << 32) + u128::from(low)))
}

/// Smallest and largest value.
#[inline(always)]
fn extremes(values: &[i64]) -> (i64, i64) {
    values.iter().fold((i64::MAX, i64::MIN), |(min, max), &value| (min.min(value), max.max(value)))
}

/// The 256-bit product of two 128-bit numbers: low and high word.
pub(super) fn wide_product(a: u128, b: u128) -> (u128, u128) {
    const MASK: u128 = u64::MAX as u128;
    let (a_high, a_low) = (a >> 64, a & MASK);
    let (b_high, b_low) = (b >> 64, b & MASK);
    let low = a_low * b_low;
    let middle = a_high * b_low + (low >> 64);
    let (middle, carry) = middle.overflowing_add(a_low * b_high);
    let high = a_high * b_high + (middle >> 64) + (u128::from(carry) << 64);
    ((middle << 64) | (low & MASK), high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[i64]) -> Moments {
        let mut moments = Moments::default();
        values.iter().for_each(|&value| moments.add(value));
        moments
    }

    #[test]
    fn a_constant_has_no_variance_however_large() {
        let moments = of(&[9_000_000_000_000_000_001; 5]);
        assert_eq!(moments.variance(), 0.0);
        assert_eq!(moments.mean(), 9_000_000_000_000_000_001_i64 as f64);
    }

    #[test]
    fn extremes_do_not_overflow() {
        let moments = of(&[i64::MIN, i64::MAX, i64::MIN, i64::MAX]);
        assert_eq!(moments.mean(), -0.5);
        assert!((moments.variance() / (4.0 / 3.0 * (1u128 << 126) as f64) - 1.0).abs() < 1e-15);
    }

    proptest! {
        #[test]
        fn any_split_merges_to_the_same(values in proptest::collection::vec(any::<i64>(), 0..40), at in 0usize..40) {
            let at = at.min(values.len());
            let mut left = of(&values[..at]);
            left.merge(&of(&values[at..]));
            prop_assert_eq!(left, of(&values));
        }

        #[test]
        fn many_at_once_are_one_by_one(
            values in proptest::collection::vec(-5_000_000_000i64..5_000_000_000, 0..40),
            small in proptest::collection::vec(-4_294_967_295i64..4_294_967_296, 0..5_000),
        ) {
            for values in [values, small] {
                let mut all = Moments::default();
                all.add_all(&values);
                prop_assert_eq!(all, of(&values));
            }
        }

        #[test]
        fn variance_is_the_textbook_one(values in proptest::collection::vec(-1_000_000i64..1_000_000, 2..50)) {
            let n = values.len() as f64;
            let mean = values.iter().sum::<i64>() as f64 / n;
            let expected = values.iter().map(|&v| (v as f64 - mean) * (v as f64 - mean)).sum::<f64>() / (n - 1.0);
            prop_assert!((of(&values).variance() - expected).abs() <= 1e-9 * expected.max(1.0));
        }
    }
}
