//! The timeline figures of a quarter, for all paths of a chunk at once.
//!
//! Most figures stand still in most quarters (nothing is disbursed after the availability period, nothing outstanding
//! after the last maturity), so a figure is computed anew only if one of the numbers it is made of has moved on some path of
//! the chunk.

use super::columns::About;
use super::figures::{RATIO_ONE, ratio, ratio_to};
use super::moments::{Moments, short_sums};
use super::timeline::{RATIO_LIMIT, Series, SeriesId, TimelineLayout};
use crate::engine::chunk::{CHUNK_PATHS, ChunkTimeline, FUND_VALUES, LINE_VALUES, Lanes, ROW_VALUES};
use crate::isa::{Isa, Stage};
use crate::numeric::lanes::round_half_even;
use crate::units::Cents;

/// Places of the numbers of a line in a row, in the order of [`crate::engine::totals::LineRow`].
mod place {
    pub const OUTSTANDING_FUND_LOANS: usize = 0;
    pub const OUTSTANDING_GUARANTEED: usize = 1;
    pub const GUARANTEE_RESERVE: usize = 2;
    pub const RUNNING_PROJECTS: usize = 3;
    pub const DEFAULTS: usize = 4;
    pub const PROJECTS: usize = 5;
    pub const FUND_LOSS: usize = 6;
    pub const CALLS_PAID: usize = 7;
    pub const FINANCE: usize = 8;
    pub const INVESTMENT_SUPPORTED: usize = 9;
}

/// Values of one series in one quarter.
#[derive(Clone, Copy, Debug)]
pub struct SeriesLanes {
    /// The values; 0 where there is none.
    pub values: Lanes,
    /// Bit by bit: the paths on which the figure exists.
    pub exists: u64,
}

/// Exact sums over the paths of a chunk or block: at most 1,024 values below 2^58 cannot overflow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockSums {
    count: u64,
    sum: i128,
    squares: u128,
}

impl BlockSums {
    #[inline(always)]
    fn of(series: &SeriesLanes) -> BlockSums {
        let (sum, squares) = match short_sums(&series.values) {
            Some((sum, squares)) => (sum as i128, squares),
            None => series.values.iter().fold((0, 0), |(sum, squares), &value| {
                let magnitude = value.unsigned_abs() as u128;
                (sum + value as i128, squares + magnitude * magnitude)
            }),
        };
        BlockSums { count: u64::from(series.exists.count_ones()), sum, squares }
    }

    /// Adds other sums.
    #[inline]
    pub fn add(&mut self, other: &BlockSums) {
        self.count += other.count;
        self.sum += other.sum;
        self.squares += other.squares;
    }

    /// Adds the sums to moments of all paths.
    pub fn merge_into(&self, moments: &mut Moments) {
        moments.add_sums(self.count, self.sum, self.squares);
    }
}

/// The series of one chunk, quarter after quarter.
pub struct SeriesReader<'p> {
    layout: &'p TimelineLayout<'p>,
    /// Bit by bit: the paths that exist.
    used: u64,
    /// The numbers of the quarter last read.
    row: Vec<Lanes>,
    series: Vec<SeriesLanes>,
    sums: Vec<BlockSums>,
    /// Numbers of a row that each series depends on, bit by bit.
    inputs: Vec<u32>,
    started: bool,
    isa: Isa,
}

impl<'p> SeriesReader<'p> {
    /// Before the first quarter of a chunk of `paths` paths.
    pub fn new(layout: &'p TimelineLayout<'p>, paths: usize) -> Self {
        let count = layout.series().len();
        assert!(count <= 64, "a set of series is 64 bits");
        SeriesReader {
            layout,
            used: (1 << paths) - 1,
            row: vec![[0; CHUNK_PATHS]; ROW_VALUES],
            series: vec![SeriesLanes { values: [0; CHUNK_PATHS], exists: 0 }; count],
            sums: vec![BlockSums::default(); count],
            inputs: layout.series().iter().map(|&series| inputs(series)).collect(),
            started: false,
            isa: Isa::current(),
        }
    }

    /// Starts again with another chunk.
    pub fn restart(&mut self, paths: usize) {
        self.used = (1 << paths) - 1;
        self.started = false;
    }

    /// The value of each series in the quarter last read.
    pub fn series(&self) -> &[SeriesLanes] {
        &self.series
    }

    /// Reads the next quarter. Returns which series differ from the quarter before on some path, bit by bit; all in
    /// the first quarter.
    pub fn read(&mut self, row: &[Lanes]) -> u64 {
        self.isa.run(ReadQuarter { reader: self, row })
    }

    /// Reads all quarters and adds their sums to `sums`: quarter after quarter, series after series.
    pub fn add_sums(&mut self, timeline: &ChunkTimeline, sums: &mut [BlockSums]) {
        self.isa.run(AddSums { reader: self, timeline, sums });
    }

    #[inline(always)]
    fn read_quarter(&mut self, row: &[Lanes]) -> u64 {
        let mut moved = 0u32;
        for (position, (now, before)) in row.iter().zip(&mut self.row).enumerate() {
            let mut differs = 0;
            for (now, before) in now.iter().zip(before.iter_mut()) {
                differs |= now ^ *before;
                *before = *now;
            }
            moved |= u32::from(differs != 0) << position;
        }
        if !self.started {
            moved = u32::MAX;
            self.started = true;
        }
        let mut changed = 0;
        let SeriesReader { layout, used, row, series, inputs, .. } = self;
        for (position, (series, inputs)) in series.iter_mut().zip(inputs.iter()).enumerate() {
            if inputs & moved != 0 {
                changed |= 1 << position;
                series.exists = *used;
                compute(layout, row, layout.series()[position], series);
            }
        }
        changed
    }
}

struct ReadQuarter<'a, 'p> {
    reader: &'a mut SeriesReader<'p>,
    row: &'a [Lanes],
}

impl Stage for ReadQuarter<'_, '_> {
    type Output = u64;

    #[inline(always)]
    fn run(self) -> u64 {
        self.reader.read_quarter(self.row)
    }
}

struct AddSums<'a, 'p> {
    reader: &'a mut SeriesReader<'p>,
    timeline: &'a ChunkTimeline,
    sums: &'a mut [BlockSums],
}

impl Stage for AddSums<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let AddSums { reader, timeline, sums } = self;
        let count = reader.series.len();
        for (row, sums) in timeline.quarters().zip(sums.chunks_exact_mut(count)) {
            let changed = reader.read_quarter(row);
            for (position, sum) in sums.iter_mut().enumerate() {
                if changed >> position & 1 == 1 {
                    reader.sums[position] = BlockSums::of(&reader.series[position]);
                }
                sum.add(&reader.sums[position]);
            }
        }
    }
}

/// A number of a line on each path, or its sum over the lines.
#[inline(always)]
fn number(row: &[Lanes], about: About, place: usize, numbers: &mut Lanes) {
    let first = &row[FUND_VALUES + place];
    let second = &row[FUND_VALUES + LINE_VALUES + place];
    match about {
        About::Line(_, slot) => *numbers = *if slot == 0 { first } else { second },
        About::All => {
            // Wrapping, for lanes; an overflow shows as a sign that neither operand has.
            let mut overflow = 0;
            for (sum, (&a, &b)) in numbers.iter_mut().zip(first.iter().zip(second)) {
                *sum = a.wrapping_add(b);
                overflow |= (a ^ *sum) & (b ^ *sum);
            }
            assert!(overflow >= 0, "a sum over the lines overflows");
        }
    }
}

/// Computes one series of a quarter.
#[inline(always)]
fn compute(layout: &TimelineLayout, row: &[Lanes], which: Series, series: &mut SeriesLanes) {
    let plain = match which.id {
        SeriesId::Cash => return series.values = row[0],
        SeriesId::IdleCash => return series.values = row[1],
        SeriesId::OutstandingFundLoans => place::OUTSTANDING_FUND_LOANS,
        SeriesId::OutstandingGuaranteed => place::OUTSTANDING_GUARANTEED,
        SeriesId::GuaranteeReserve => place::GUARANTEE_RESERVE,
        SeriesId::RunningProjects => place::RUNNING_PROJECTS,
        SeriesId::Defaults => place::DEFAULTS,
        SeriesId::FundLoss => place::FUND_LOSS,
        SeriesId::CallsPaid => place::CALLS_PAID,
        SeriesId::InvestmentSupported => place::INVESTMENT_SUPPORTED,
        SeriesId::ReserveRatio | SeriesId::DefaultRate => {
            let is_rate = which.id == SeriesId::DefaultRate;
            let (above, below) = if is_rate {
                (place::DEFAULTS, place::PROJECTS)
            } else {
                (place::GUARANTEE_RESERVE, place::OUTSTANDING_GUARANTEED)
            };
            let (mut numerators, mut denominators) = ([0; CHUNK_PATHS], [0; CHUNK_PATHS]);
            number(row, which.about, above, &mut numerators);
            number(row, which.about, below, &mut denominators);
            if !is_rate {
                let mut missing = 0;
                for (lane, &amount) in denominators.iter().enumerate() {
                    missing |= u64::from(amount == 0) << lane;
                }
                series.exists &= !missing;
            }
            return ratios(&numerators, &denominators, &mut series.values);
        }
        SeriesId::LeverageEffect => {
            number(row, which.about, place::FINANCE, &mut series.values);
            let union_contribution = layout.union_contribution(which.about);
            return leverages(&mut series.values, union_contribution);
        }
    };
    number(row, which.about, plain, &mut series.values);
}

/// [`ratio_to`] of each path, at most [`RATIO_LIMIT`].
#[inline(always)]
fn leverages(values: &mut Lanes, denominator: f64) {
    let mut largest = 0.0_f64;
    let mut rounded = [0.0; CHUNK_PATHS];
    for (rounded, &value) in rounded.iter_mut().zip(values.iter()) {
        let ratio = value as f64 / denominator * RATIO_ONE as f64;
        largest = if ratio.abs() > largest { ratio.abs() } else { largest };
        *rounded = round_half_even(ratio);
    }
    // Far from 2^51, where the rounding ends, and without a 0 / 0.
    if denominator > 0.0 && largest < 1e15 {
        values.iter_mut().zip(rounded).for_each(|(value, rounded)| *value = rounded as i64);
    } else {
        values.iter_mut().for_each(|value| *value = ratio_to(Cents(*value), denominator).min(RATIO_LIMIT));
    }
}

/// Appends the values of one series, on the paths on which it exists, from the rows of many chunks: each row with its
/// number of paths.
pub fn gather<'r>(
    layout: &TimelineLayout,
    series: Series,
    chunks: impl Iterator<Item = (&'r [Lanes], usize)>,
    column: &mut Vec<i64>,
) {
    Isa::current().run(Gather { layout, series, chunks, column });
}

struct Gather<'a, 'p, I> {
    layout: &'a TimelineLayout<'p>,
    series: Series,
    chunks: I,
    column: &'a mut Vec<i64>,
}

impl<'r, I: Iterator<Item = (&'r [Lanes], usize)>> Stage for Gather<'_, '_, I> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (row, paths) in self.chunks {
            let mut lanes = SeriesLanes { values: [0; CHUNK_PATHS], exists: (1 << paths) - 1 };
            compute(self.layout, row, self.series, &mut lanes);
            let SeriesLanes { values, exists } = lanes;
            if exists.count_ones() as usize == paths {
                self.column.extend_from_slice(&values[..paths]);
            } else {
                let present = (0..paths).filter(|lane| exists >> lane & 1 == 1);
                self.column.extend(present.map(|lane| values[lane]));
            }
        }
    }
}

/// Which numbers of a row a series is made of, bit by bit.
pub fn inputs(series: Series) -> u32 {
    let places: &[usize] = match series.id {
        SeriesId::Cash => return 1,
        SeriesId::IdleCash => return 2,
        SeriesId::OutstandingFundLoans => &[place::OUTSTANDING_FUND_LOANS],
        SeriesId::OutstandingGuaranteed => &[place::OUTSTANDING_GUARANTEED],
        SeriesId::GuaranteeReserve => &[place::GUARANTEE_RESERVE],
        SeriesId::ReserveRatio => &[place::OUTSTANDING_GUARANTEED, place::GUARANTEE_RESERVE],
        SeriesId::RunningProjects => &[place::RUNNING_PROJECTS],
        SeriesId::Defaults => &[place::DEFAULTS],
        SeriesId::DefaultRate => &[place::DEFAULTS, place::PROJECTS],
        SeriesId::FundLoss => &[place::FUND_LOSS],
        SeriesId::CallsPaid => &[place::CALLS_PAID],
        SeriesId::LeverageEffect => &[place::FINANCE],
        SeriesId::InvestmentSupported => &[place::INVESTMENT_SUPPORTED],
    };
    let of_line = |slot: usize| {
        places.iter().fold(0, |bits, place| bits | 1 << (FUND_VALUES + slot * LINE_VALUES + place))
    };
    match series.about {
        About::All => of_line(0) | of_line(1),
        About::Line(_, slot) => of_line(slot),
    }
}

/// [`ratio`] of each path, at most [`RATIO_LIMIT`]; 0 where the denominator is 0.
///
/// The quotient is guessed in floating point, which has lanes, and then put right by the exact remainder, which the
/// last 64 bits of the products give: it is less than one denominator away. Numbers for which the guess could be
/// further off go through [`ratio`].
#[inline(always)]
fn ratios(numerators: &Lanes, denominators: &Lanes, quotients: &mut Lanes) {
    const NUMERATOR_LIMIT: i64 = i64::MAX / RATIO_ONE;
    const MAGIC: f64 = 6_755_399_441_055_744.0;
    let mut odd = false;
    for lane in 0..CHUNK_PATHS {
        let (numerator, denominator) = (numerators[lane], denominators[lane]);
        let divisor = if denominator == 0 { 1 } else { denominator };
        let guess = numerator as f64 * RATIO_ONE as f64 / divisor as f64;
        // Below 2^48 the guess is within a quarter of the quotient, before it is rounded to an integer.
        odd |= !(0..=NUMERATOR_LIMIT).contains(&numerator)
            | !(0..1 << 53).contains(&denominator)
            | (guess >= 281_474_976_710_656.0);
        let rounded = (guess + MAGIC).to_bits().wrapping_sub(MAGIC.to_bits()) as i64;
        let rest = numerator.wrapping_mul(RATIO_ONE).wrapping_sub(rounded.wrapping_mul(divisor));
        let twice = rest.wrapping_add(rest);
        let uneven = rounded & 1;
        let up = i64::from(twice > divisor) | (i64::from(twice == divisor) & uneven);
        let down =
            i64::from(twice < divisor.wrapping_neg()) | (i64::from(twice == divisor.wrapping_neg()) & uneven);
        let quotient = rounded.wrapping_add(up).wrapping_sub(down);
        quotients[lane] = if denominator == 0 { 0 } else { quotient };
    }
    if odd {
        *quotients = std::array::from_fn(|lane| ratio(numerators[lane], denominators[lane]).min(RATIO_LIMIT));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(numerators: &Lanes, denominators: &Lanes) -> Lanes {
        let mut quotients = [0; CHUNK_PATHS];
        ratios(numerators, denominators, &mut quotients);
        quotients
    }

    /// Numbers of every magnitude, many of them with ties or without a remainder.
    fn number() -> impl Strategy<Value = i64> {
        (0..62u32, any::<u64>(), any::<bool>()).prop_map(|(bits, value, round)| {
            let value = (value >> (63 - bits)) as i64;
            if round { value / 1_000 * 1_000 } else { value }
        })
    }

    proptest! {
        #[test]
        fn ratios_of_lanes_are_those_of_one(pairs in proptest::collection::vec((number(), number()), CHUNK_PATHS)) {
            let numerators: Lanes = std::array::from_fn(|lane| pairs[lane].0);
            let denominators: Lanes = std::array::from_fn(|lane| pairs[lane].1);
            let found = of(&numerators, &denominators);
            for lane in 0..CHUNK_PATHS {
                // One pair at a time, so that a large neighbour does not send it the other way.
                let alone = of(&[numerators[lane]; CHUNK_PATHS], &[denominators[lane]; CHUNK_PATHS])[0];
                let expected = ratio(numerators[lane], denominators[lane]).min(RATIO_LIMIT);
                prop_assert_eq!((found[lane], alone), (expected, expected));
            }
        }

        #[test]
        fn ties_go_to_even(quotient in 0i64..1_000_000, half in 1i64..1_000) {
            // numerator x 10^9 / denominator is a whole number and a half.
            let denominator = 2 * RATIO_ONE * half / RATIO_ONE * 1_000_000;
            let numerator = (2 * quotient + 1) * half / 1_000;
            let expected = ratio(numerator, denominator).min(RATIO_LIMIT);
            prop_assert_eq!(of(&[numerator; CHUNK_PATHS], &[denominator; CHUNK_PATHS])[0], expected);
        }
    }

    #[test]
    fn an_exact_tie() {
        // 1 x 10^9 / (2 x 10^9) = 0.5 -> 0; 3 x 10^9 / (2 x 10^9) = 1.5 -> 2; 5 / 2 -> 2.
        let found = |numerator| of(&[numerator; CHUNK_PATHS], &[2 * RATIO_ONE; CHUNK_PATHS])[0];
        assert_eq!([found(1), found(3), found(5), found(7)], [0, 2, 2, 4]);
    }
}
