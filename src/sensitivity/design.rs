//! Points of the space of all inputs: two samples A and B, and A with one column of B at a time.
//!
//! Row `j` of A and B is one point of a Sobol sequence of twice as many dimensions as inputs, scrambled as Owen does (crate
//! `sobol_burley`; Burley 2020, JCGT 9(4); Joe and Kuo 2008). The points are hashes and shifts of integers: the
//! same on every machine. A stopped study keeps the first rows, which are a sample too.
//!
//! Source of the design: Saltelli et al. 2010, Computer Physics Communications 181, section 3.

use super::input::Input;
use rust_decimal::Decimal;

/// Fewest and most rows: a power of two each.
pub const ROWS: (u32, u32) = (16, 4_096);

/// Fewest whole rows that are told of when a study was stopped.
pub const FEWEST_ROWS: u32 = 8;

/// Half a step of the sequence's 24-bit numbers: takes them off 0.
const HALF_STEP: f64 = 1.0 / 33_554_432.0;

/// A point of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Point {
    /// All inputs from A.
    A,
    /// All inputs from B.
    B,
    /// From A, but one input from B.
    Mixed(usize),
}

/// The points of a row, in the order in which they are run: A, B, then each input mixed.
pub fn points(inputs: usize) -> Vec<Point> {
    [Point::A, Point::B].into_iter().chain((0..inputs).map(Point::Mixed)).collect()
}

/// The values of all inputs at a point of a row.
pub fn values(inputs: &[Input], seed: u64, row: u32, point: Point) -> Vec<Decimal> {
    let scramble = (seed ^ (seed >> 32)) as u32;
    let at = |dimension: usize| f64::from(sobol_burley::sample(row, dimension as u32, scramble)) + HALF_STEP;
    inputs
        .iter()
        .enumerate()
        .map(|(position, input)| {
            let from_b = match point {
                Point::A => false,
                Point::B => true,
                Point::Mixed(mixed) => mixed == position,
            };
            input.at(at(if from_b { inputs.len() + position } else { position }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_one_that_results_were_made_with() {
        let sample = |row, dimension| sobol_burley::sample(row, dimension, 42);
        let points: Vec<u32> = (0..4).map(|row| (sample(row, row % 3) * 16_777_216.0) as u32).collect();
        assert_eq!(points, PINNED);
    }

    /// Known answers of sobol_burley 0.5.0: a version that changes them changes results.
    const PINNED: [u32; 4] = [16_607_506, 7_835_238, 10_675_734, 8_539_500];

    #[test]
    fn every_prefix_of_a_power_of_two_is_stratified() {
        for dimension in [0, 1, 7, 40, 99] {
            for count in [16_u32, 64, 128] {
                let mut cells = vec![0; count as usize];
                for row in 0..count {
                    let u = f64::from(sobol_burley::sample(row, dimension, 7)) + HALF_STEP;
                    assert!(u > 0.0 && u < 1.0);
                    cells[(u * f64::from(count)) as usize] += 1;
                }
                assert!(cells.iter().all(|&cell| cell == 1), "{dimension} {count}");
            }
        }
    }
}
