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
        if !(mean > 0.0 && mean < 1.0 && sd > 0.0) {
            return None;
        }
        let concentration = mean * (1.0 - mean) / (sd * sd) - 1.0;
        let (a, b) = (mean * concentration, (1.0 - mean) * concentration);
        let exists = a > 0.0 && b > 0.0 && concentration.is_finite();
        exists.then(|| BetaLaw::from_shapes(a, b))
    }

    /// The beta law of shapes `a > 0` and `b > 0`, finite.
    fn from_shapes(a: f64, b: f64) -> BetaLaw {
        let shape = BetaShape::new(a, b);
        let lower =
            (0..CELLS).map(|index| Cell::fitted(index, |tail| shape.logit_quantile(Tails::from_lower(tail))));
        let upper =
            (0..CELLS).map(|index| Cell::fitted(index, |tail| shape.logit_quantile(Tails::from_upper(tail))));
        let cells = lower.chain(upper).collect();
        BetaLaw { shape, cells }
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
