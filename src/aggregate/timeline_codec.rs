//! The quarters of many paths in little memory: exact values, as differences from quarter to quarter.
//!
//! Quantiles of a timeline need every path's value in every quarter: 65,536 paths x 64 quarters x 22 values would be
//! 740 MB. Most values change little or not at all within a quarter, so a path is kept as a stream of bytes:
//! for each quarter and value the difference to the quarter before, in as few bytes as it needs (LEB128, sign in the
//! lowest bit). Reading all paths forward in step gives back the columns of one quarter after the other.

use crate::engine::totals::{LineRow, TimelineRow};
use crate::units::Cents;

const FUND_VALUES: usize = 2;
const LINE_VALUES: usize = 10;
const VALUES: usize = FUND_VALUES + 2 * LINE_VALUES;

fn to_values(row: &TimelineRow) -> [i64; VALUES] {
    let mut values = [0; VALUES];
    values[0] = row.cash.0;
    values[1] = row.idle_cash.0;
    for (line, chunk) in row.lines.iter().zip(values[FUND_VALUES..].chunks_exact_mut(LINE_VALUES)) {
        chunk.copy_from_slice(&[
            line.outstanding_fund_loans.0,
            line.outstanding_guaranteed.0,
            line.guarantee_reserve.0,
            line.running_projects,
            line.defaults,
            line.projects,
            line.fund_loss.0,
            line.calls_paid.0,
            line.finance.0,
            line.investment_supported.0,
        ]);
    }
    values
}

fn to_row(values: &[i64; VALUES]) -> TimelineRow {
    let line = |slot: usize| {
        let chunk = &values[FUND_VALUES + slot * LINE_VALUES..];
        LineRow {
            outstanding_fund_loans: Cents(chunk[0]),
            outstanding_guaranteed: Cents(chunk[1]),
            guarantee_reserve: Cents(chunk[2]),
            running_projects: chunk[3],
            defaults: chunk[4],
            projects: chunk[5],
            fund_loss: Cents(chunk[6]),
            calls_paid: Cents(chunk[7]),
            finance: Cents(chunk[8]),
            investment_supported: Cents(chunk[9]),
        }
    };
    TimelineRow { cash: Cents(values[0]), idle_cash: Cents(values[1]), lines: [line(0), line(1)] }
}

/// Appends a value: seven bits a byte, the highest bit says that more follow.
fn write_varint(bytes: &mut Vec<u8>, value: i64) {
    let mut rest = ((value << 1) ^ (value >> 63)) as u64;
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

fn read_varint(bytes: &[u8], at: &mut usize) -> i64 {
    let mut coded = 0u64;
    let mut shift = 0;
    loop {
        let byte = bytes[*at];
        *at += 1;
        coded |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return (coded >> 1) as i64 ^ -((coded & 1) as i64);
        }
        shift += 7;
    }
}

/// The timelines of the paths of one block.
#[derive(Clone, Debug, Default)]
pub struct TimelineStream {
    bytes: Vec<u8>,
    /// Where each path begins.
    starts: Vec<usize>,
}

impl TimelineStream {
    /// Appends the rows of one path.
    pub fn push(&mut self, rows: &[TimelineRow]) {
        self.starts.push(self.bytes.len());
        let mut before = [0; VALUES];
        for row in rows {
            let values = to_values(row);
            for (value, last) in values.iter().zip(&before) {
                write_varint(&mut self.bytes, value.wrapping_sub(*last));
            }
            before = values;
        }
    }

    /// Frees what was reserved beyond need.
    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }

    /// A reader that starts before the first quarter.
    pub fn reader(&self) -> TimelineReader<'_> {
        TimelineReader { stream: self, at: self.starts.clone(), values: vec![[0; VALUES]; self.starts.len()] }
    }
}

/// Reads the paths of a block forward in step.
pub struct TimelineReader<'s> {
    stream: &'s TimelineStream,
    at: Vec<usize>,
    values: Vec<[i64; VALUES]>,
}

impl TimelineReader<'_> {
    /// Reads the next quarter of every path and hands its row to `take`.
    pub fn next_quarter(&mut self, mut take: impl FnMut(&TimelineRow)) {
        for (at, values) in self.at.iter_mut().zip(&mut self.values) {
            for value in values.iter_mut() {
                *value = value.wrapping_add(read_varint(&self.stream.bytes, at));
            }
            take(&to_row(values));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn varints_come_back(values in proptest::collection::vec(any::<i64>(), 0..20)) {
            let mut bytes = Vec::new();
            values.iter().for_each(|&value| write_varint(&mut bytes, value));
            let mut at = 0;
            let back: Vec<i64> = values.iter().map(|_| read_varint(&bytes, &mut at)).collect();
            prop_assert_eq!(back, values);
            prop_assert_eq!(at, bytes.len());
        }
    }

    #[test]
    fn rows_come_back_in_step() {
        let row = |seed: i64| TimelineRow {
            cash: Cents(seed * 1_000),
            idle_cash: Cents(-seed),
            lines: [
                LineRow { defaults: seed, fund_loss: Cents(i64::MIN / (seed + 1)), ..LineRow::default() },
                LineRow { projects: 7, finance: Cents(i64::MAX - seed), ..LineRow::default() },
            ],
        };
        let paths: Vec<Vec<TimelineRow>> =
            (0..5).map(|p| (0..7).map(|q| row(p * 10 + q)).collect()).collect();
        let mut stream = TimelineStream::default();
        paths.iter().for_each(|rows| stream.push(rows));
        let mut reader = stream.reader();
        for quarter in 0..7 {
            let mut rows = Vec::new();
            reader.next_quarter(|row| rows.push(*row));
            let expected: Vec<TimelineRow> = paths.iter().map(|rows| rows[quarter]).collect();
            assert_eq!(rows, expected);
        }
    }
}
