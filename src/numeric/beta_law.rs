//! A beta law prepared for many quantiles.

use super::beta::{BetaShape, from_logit};
use super::root::Tails;
use std::f64::consts::PI;

/// Chebyshev coefficients of a cell.
const COEFFICIENTS: usize = 10;

/// Octaves of the tail probability that the table covers: from 2^-11 to 1/2.
const OCTAVES: usize = 10;

/// Cells of one octave, of equal width.
const CELLS_IN_OCTAVE: usize = 8;

/// Cells of one half of the table.
const CELLS: usize = OCTAVES * CELLS_IN_OCTAVE;

/// A cell whose series misses the logit at its check points by more than this is not used.
const ACCEPTED_ERROR: f64 = 2e-13;

/// A beta law on `[0, 1]`, given by its mean and standard deviation, for many quantiles.
///
/// The loss given default is such a law. Making one takes a few milliseconds: it tabulates
/// the logit of the quantile as Chebyshev polynomials on 160 cells, narrower towards both ends, each
/// checked against the exact search. A quantile then takes some 30 ns; outside the table
/// (a tail below 2^-11) or where a cell failed its check, it is searched exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct BetaLaw {
    shape: BetaShape,
    mean: f64,
    variance: f64,
    /// Cells for probabilities up to 1/2, by probability, then above it, by what is missing to 1.
    cells: Vec<Cell>,
}

/// How quantiles between two probabilities are found.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    /// The logit of the quantile is this Chebyshev series.
    Series([f64; COEFFICIENTS]),
    /// No series of this length is good enough: search.
    Search,
}

impl BetaLaw {
    /// The beta law with this mean and standard deviation.
    ///
    /// With `k = mean (1 - mean) / sd^2 - 1`, the shapes are `a = mean k`, `b = (1 - mean) k`. `None` if
    /// there is no such law: `mean` not in `(0, 1)`, `sd <= 0` or `sd^2 >= mean (1 - mean)`.
    pub fn from_mean_sd(mean: f64, sd: f64) -> Option<BetaLaw> {
        let (a, b) = BetaLaw::shapes(mean, sd)?;
        Some(BetaLaw::from_shapes(a, b))
    }

    fn shapes(mean: f64, sd: f64) -> Option<(f64, f64)> {
        if !(mean > 0.0 && mean < 1.0 && sd > 0.0) {
            return None;
        }
        let concentration = mean * (1.0 - mean) / (sd * sd) - 1.0;
        let (a, b) = (mean * concentration, (1.0 - mean) * concentration);
        let exists = a > 0.0 && b > 0.0 && concentration.is_finite();
        exists.then_some((a, b))
    }

    /// The same law without its table: made in no time, every quantile is searched. For a few hundred quantiles that is
    /// quicker. Quantiles agree with those of the table to its error of 2e-13 in the logit.
    pub fn searching(mean: f64, sd: f64) -> Option<BetaLaw> {
        let (a, b) = BetaLaw::shapes(mean, sd)?;
        Some(BetaLaw::with_cells(a, b, |_, _| Cell::Search))
    }

    /// The beta law of shapes `a > 0` and `b > 0`, finite.
    fn from_shapes(a: f64, b: f64) -> BetaLaw {
        BetaLaw::with_cells(a, b, |shape, (index, is_lower)| match is_lower {
            true => Cell::fitted(index, |tail| shape.logit_quantile(Tails::from_lower(tail))),
            false => Cell::fitted(index, |tail| shape.logit_quantile(Tails::from_upper(tail))),
        })
    }

    fn with_cells(a: f64, b: f64, cell: impl Fn(&BetaShape, (usize, bool)) -> Cell) -> BetaLaw {
        let shape = BetaShape::new(a, b);
        let halves = [true, false].into_iter();
        let cells = halves.flat_map(|is_lower| (0..CELLS).map(move |index| (index, is_lower)));
        let cells = cells.map(|place| cell(&shape, place)).collect();
        let mean = a / (a + b);
        BetaLaw { shape, mean, variance: mean * (1.0 - mean) / (a + b + 1.0), cells }
    }

    /// Mean, `a / (a + b)`.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Variance, `mean (1 - mean) / (a + b + 1)`.
    pub fn variance(&self) -> f64 {
        self.variance
    }

    /// Quantile: the `x` in `[0, 1]` with `P(X <= x) = p`, for `p` in `[0, 1]` (otherwise NaN).
    ///
    /// Relative error below 1e-12, of `x` and of `1 - x` before rounding.
    #[inline]
    pub fn quantile(&self, p: f64) -> f64 {
        let (tail, offset) = if p <= 0.5 { (p, 0) } else { (1.0 - p, CELLS) };
        let logit = match locate(tail).map(|(index, position)| (&self.cells[offset + index], position)) {
            Some((Cell::Series(coefficients), position)) => chebyshev(coefficients, position),
            Some((Cell::Search, _)) | None => self.shape.logit_quantile(Tails::from_lower(p)),
        };
        from_logit(logit).0
    }
}

impl Cell {
    /// The cell of this number, fitted to `logit`, which gives the logit of a tail's quantile.
    fn fitted(index: usize, logit: impl Fn(f64) -> f64) -> Cell {
        let value = |position: f64| logit(tail_at(index, position));
        let coefficients = chebyshev_coefficients(value);
        // The error of the series is largest at the ends, above all at the one nearer to a tail of 0.
        // An infinite logit fails here too.
        let good = [-1.0, 0.0, 1.0]
            .into_iter()
            .all(|position| (chebyshev(&coefficients, position) - value(position)).abs() <= ACCEPTED_ERROR);
        if good { Cell::Series(coefficients) } else { Cell::Search }
    }
}

/// Bits of a double below the first `log2(CELLS_IN_OCTAVE)` bits of its fraction.
const BITS_IN_CELL: u32 = 52 - CELLS_IN_OCTAVE.ilog2();

/// The upper bits of the smallest tail in the table, `2^-(OCTAVES + 1)`.
const FIRST_CELL: u64 = (1023 - (OCTAVES as u64 + 1)) << CELLS_IN_OCTAVE.ilog2();

/// The cell of a tail probability and where it lies in it, from -1 to 1; `None` outside the table.
///
/// The cells are read off the bits of the double: its exponent is the octave, the first
/// bits of its fraction the cell in it, the other bits the position.
#[inline]
fn locate(tail: f64) -> Option<(usize, f64)> {
    let bits = tail.to_bits();
    let index = (bits >> BITS_IN_CELL).wrapping_sub(FIRST_CELL) as usize;
    if index >= CELLS {
        return None;
    }
    let within = bits << (64 - BITS_IN_CELL) >> 12;
    // Below 2: from 1 to 2 through the cell.
    let scaled = f64::from_bits(within | 1.0_f64.to_bits());
    Some((index, 2.0 * scaled - 3.0))
}

/// The tail probability at a position, from -1 to 1, of a cell.
fn tail_at(index: usize, position: f64) -> f64 {
    let corner = |index: u64| f64::from_bits((FIRST_CELL + index) << BITS_IN_CELL);
    let (left, right) = (corner(index as u64), corner(index as u64 + 1));
    left + 0.5 * (position + 1.0) * (right - left)
}

/// Coefficients of the polynomial that agrees with `value` at the Chebyshev nodes.
fn chebyshev_coefficients(value: impl Fn(f64) -> f64) -> [f64; COEFFICIENTS] {
    let angle = |node: usize| (node as f64 + 0.5) * PI / COEFFICIENTS as f64;
    let values: [f64; COEFFICIENTS] = std::array::from_fn(|node| value(libm::cos(angle(node))));
    std::array::from_fn(|order| {
        let sum: f64 =
            (0..COEFFICIENTS).map(|node| values[node] * libm::cos(order as f64 * angle(node))).sum();
        if order == 0 { sum / COEFFICIENTS as f64 } else { 2.0 * sum / COEFFICIENTS as f64 }
    })
}

/// Value of a Chebyshev series at `position` in `[-1, 1]` (Clenshaw's recurrence).
#[inline]
fn chebyshev(coefficients: &[f64; COEFFICIENTS], position: f64) -> f64 {
    let doubled = 2.0 * position;
    let (mut current, mut last) = (0.0, 0.0);
    for coefficient in coefficients[1..].iter().rev() {
        (current, last) = (doubled * current - last + coefficient, current);
    }
    position * current - last + coefficients[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::beta::{beta_cdf, beta_quantile};
    use crate::numeric::tolerance::{QUANTILE, assert_relative};

    #[test]
    fn a_law_without_a_table_has_the_same_quantiles() {
        for (mean, sd) in [(0.45, 0.25), (0.05, 0.02), (0.9, 0.2)] {
            let (tabulated, searching) = (BetaLaw::from_mean_sd(mean, sd), BetaLaw::searching(mean, sd));
            let (tabulated, searching) = (tabulated.expect("a law"), searching.expect("a law"));
            assert_eq!((tabulated.mean(), tabulated.variance()), (searching.mean(), searching.variance()));
            for step in 1..500 {
                let p = f64::from(step) / 500.0;
                let (one, other) = (tabulated.quantile(p), searching.quantile(p));
                assert!((one - other).abs() <= 1e-12 * one, "{mean} {sd} {p}: {one} {other}");
            }
        }
        assert_eq!(BetaLaw::searching(0.5, 0.5), None);
    }

    #[test]
    fn mean_and_deviation_fix_the_shapes() {
        // Beta(2, 2): mean 1/2, variance 1/20.
        let law = BetaLaw::from_mean_sd(0.5, 0.05_f64.sqrt()).unwrap();
        assert_relative(law.quantile(0.1), beta_quantile(2.0, 2.0, 0.1), QUANTILE, "Beta(2, 2)");
    }

    #[test]
    fn impossible_laws_are_refused() {
        for (mean, sd) in
            [(0.5, 0.5), (0.5, 0.6), (0.0, 0.1), (1.0, 0.1), (-0.1, 0.1), (1.2, 0.1), (0.3, 0.0), (0.3, -0.1)]
        {
            assert_eq!(BetaLaw::from_mean_sd(mean, sd), None, "mean {mean}, sd {sd}");
        }
        assert_eq!(BetaLaw::from_mean_sd(f64::NAN, 0.1), None);
        assert_eq!(BetaLaw::from_mean_sd(0.5, f64::NAN), None);
        assert_eq!(BetaLaw::from_mean_sd(0.5, 1e-200), None);
    }

    #[test]
    fn the_table_agrees_with_the_search() {
        for (mean, sd) in [
            (0.5, 0.05_f64.sqrt()),
            (0.45, 0.3),
            (0.1, 0.05),
            (0.9, 0.29),
            (0.6, 0.45),
            (0.3, 0.001),
            (0.01, 0.05),
        ] {
            let law = BetaLaw::from_mean_sd(mean, sd).unwrap();
            // Off the nodes, through both halves, the tails outside the table too.
            for step in 1..1999 {
                let p = (f64::from(step) + 0.37) / 2000.0;
                let exact = from_logit(law.shape.logit_quantile(Tails::from_lower(p))).0;
                assert_relative(law.quantile(p), exact, QUANTILE, &format!("mean {mean}, sd {sd}, p {p}"));
            }
            for p in [1e-15, 1e-6, 0.000_488_281_25, 0.5, 0.999_999] {
                let exact = from_logit(law.shape.logit_quantile(Tails::from_lower(p))).0;
                assert_relative(law.quantile(p), exact, QUANTILE, &format!("mean {mean}, sd {sd}, p {p}"));
            }
        }
    }

    #[test]
    fn quantiles_rise_with_the_probability() {
        for (mean, sd) in [(0.45, 0.3), (0.5, 0.499), (0.3, 1e-7)] {
            let law = BetaLaw::from_mean_sd(mean, sd).unwrap();
            let values: Vec<f64> = (0..=5000).map(|step| law.quantile(f64::from(step) / 5000.0)).collect();
            assert!(values.is_sorted(), "mean {mean}, sd {sd}");
            assert_eq!((values[0], values[5000]), (0.0, 1.0));
        }
    }

    #[test]
    fn mean_and_deviation_of_the_quantiles() {
        // Midpoint rule over 20,000 probabilities.
        let law = BetaLaw::from_mean_sd(0.45, 0.3).unwrap();
        let values: Vec<f64> =
            (0..20_000).map(|step| law.quantile((f64::from(step) + 0.5) / 20_000.0)).collect();
        let mean = values.iter().sum::<f64>() / 20_000.0;
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0;
        assert!((mean - 0.45).abs() < 1e-6 && (variance.sqrt() - 0.3).abs() < 1e-6, "{mean} {variance}");
    }

    #[test]
    fn a_usual_law_is_tabulated_and_an_extreme_one_searched() {
        let searched = |mean, sd| {
            let law = BetaLaw::from_mean_sd(mean, sd).unwrap();
            law.cells.iter().filter(|cell| **cell == Cell::Search).count()
        };
        for (mean, sd) in [(0.5, 0.05_f64.sqrt()), (0.45, 0.3), (0.35, 0.25), (0.1, 0.05)] {
            assert_eq!(searched(mean, sd), 0, "mean {mean}, sd {sd}");
        }
        assert!(searched(0.5, 0.499) > 0);
    }

    #[test]
    fn extreme_laws_stay_in_the_unit_interval() {
        for (mean, sd) in [(0.5, 0.499_999_9), (1e-6, 9e-4), (0.999, 0.03), (0.5, 1e-6)] {
            let law = BetaLaw::from_mean_sd(mean, sd).unwrap();
            for p in [f64::MIN_POSITIVE, 1e-9, 0.1, 0.5, 0.9, 1.0 - f64::EPSILON] {
                let x = law.quantile(p);
                assert!((0.0..=1.0).contains(&x), "mean {mean}, sd {sd}, p {p:e}: {x}");
            }
        }
        assert!(BetaLaw::from_mean_sd(0.5, 0.1).unwrap().quantile(1.5).is_nan());
        assert!(BetaLaw::from_mean_sd(0.5, 0.1).unwrap().quantile(-0.5).is_nan());
    }

    #[test]
    fn cells_tile_the_tails() {
        for index in 0..CELLS {
            assert_eq!(locate(tail_at(index, -1.0)), Some((index, -1.0)));
            let (found, position) = locate(tail_at(index, 0.25)).unwrap();
            assert_eq!((found, position), (index, 0.25));
        }
        assert_eq!(locate(0.5), None);
        assert_eq!(locate(tail_at(0, -1.0).next_down()), None);
        assert_eq!(locate(0.0), None);
        assert_eq!(locate(f64::NAN), None);
        assert_eq!(locate(-0.1), None);
    }

    #[test]
    fn the_distribution_function_confirms_a_quantile() {
        let law = BetaLaw::from_mean_sd(0.45, 0.3).unwrap();
        let k = 0.45 * 0.55 / 0.09 - 1.0;
        assert_relative(
            beta_cdf(0.45 * k, 0.55 * k, law.quantile(0.123)),
            0.123,
            QUANTILE,
            "cdf of quantile",
        );
    }
}
