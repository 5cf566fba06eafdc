//! Distributions and worst paths as bytes: values in order of their paths where all are kept, else cells (the distance to
//! the next cell that is not empty, then its count) and sorted tails (each value as the distance from the one before).

use super::codec::{Damaged, Reader, Writer};
use super::sums::LARGEST_VALUE;
use crate::aggregate::EXACT_PATHS;
use crate::aggregate::contributions::{Contributions, TailPath, by_loss};
use crate::aggregate::distribution::{Cells, Distribution, Tail};
use crate::aggregate::moments::Moments;
use crate::aggregate::page::Page;

/// Every value is there.
const EXACT: u64 = 0;
/// Counts in cells.
const CELLS: u64 = 1;

/// Writes a distribution.
pub fn store_distribution(distribution: &Distribution, writer: &mut Writer) {
    match distribution {
        Distribution::Exact { values, .. } => {
            writer.short(EXACT);
            writer.length(values.len());
            values.iter().for_each(|&value| writer.short_signed(value));
        }
        Distribution::Cells(cells) => {
            writer.short(CELLS);
            store_pages(cells, writer);
            store_tail(&cells.low, writer);
            store_tail(&cells.high, writer);
        }
    }
}

/// Reads the distribution of the values of `moments` into an empty one.
///
/// # Errors
/// [`Damaged`] if it is none of so many values, or none between their extremes.
pub fn restore_distribution(
    reader: &mut Reader,
    empty: Distribution,
    planned: u64,
    moments: &Moments,
) -> Result<Distribution, Damaged> {
    let count = moments.count;
    let within = |value: i64| match (moments.min..=moments.max).contains(&value) {
        true => Ok(value),
        false => Err(Damaged("a value is beyond its extremes")),
    };
    match reader.short()? {
        EXACT => {
            if count > EXACT_PATHS {
                return Err(Damaged("more values are kept than ever are"));
            }
            let length = reader.length(count)?;
            reader_has(length as u64 == count)?;
            let mut values = Vec::with_capacity(length);
            for _ in 0..length {
                values.push(within(reader.short_signed()?)?);
            }
            Ok(Distribution::Exact { values, most: planned })
        }
        CELLS if planned > EXACT_PATHS => {
            let keep = match &empty {
                Distribution::Cells(cells) => cells.high.keep,
                Distribution::Exact { .. } => crate::aggregate::distribution::tail_of(planned),
            };
            let mut cells = Cells::new(keep);
            cells.count = count;
            restore_pages(reader, &mut cells)?;
            cells.low = restore_tail(reader, keep, count, |mirrored| within(!mirrored).map(|_| mirrored))?;
            cells.high = restore_tail(reader, keep, count, within)?;
            Ok(Distribution::Cells(Box::new(cells)))
        }
        _ => Err(Damaged("a distribution is of no known kind")),
    }
}

fn reader_has(sound: bool) -> Result<(), Damaged> {
    if sound { Ok(()) } else { Err(Damaged("a figure has not one value for each path")) }
}

fn store_pages(cells: &Cells, writer: &mut Writer) {
    let used: Vec<(usize, &Page)> =
        cells.pages.iter().enumerate().filter_map(|(number, page)| Some((number, page.as_ref()?))).collect();
    writer.length(used.len());
    for (number, page) in used {
        writer.length(number);
        writer.length(page.met());
        let mut next = 0;
        page.for_each(false, |cell, count| {
            writer.length(cell - next);
            writer.short(count);
            next = cell + 1;
        });
    }
}

fn restore_pages(reader: &mut Reader, cells: &mut Cells) -> Result<(), Damaged> {
    let mut left = cells.count;
    let pages = reader.length(Cells::PAGES as u64)?;
    for _ in 0..pages {
        let number = reader.at_most(Cells::PAGES as u64 - 1)? as usize;
        let size = Cells::cells_of_page(number);
        let used = reader.length(size as u64)?;
        if used == 0 || cells.pages[number].is_some() {
            return Err(Damaged("a page of cells is empty or there twice"));
        }
        let page = cells.pages[number].insert(Page::new());
        let mut next = 0;
        for _ in 0..used {
            let cell = next + reader.at_most(size as u64)? as usize;
            let count = reader.at_most(left)?;
            left -= count;
            if cell >= size || count == 0 {
                return Err(Damaged("a cell is beyond its page, or empty"));
            }
            page.add(cell, count, size);
            next = cell + 1;
        }
    }
    reader_has(left == 0)
}

fn store_tail(tail: &Tail, writer: &mut Writer) {
    let mut tail = tail.clone();
    tail.prune();
    tail.kept.sort_unstable_by(|a, b| b.cmp(a));
    store_floor(tail.floor, writer);
    writer.length(tail.kept.len());
    let mut before = None;
    for &value in &tail.kept {
        match before {
            None => writer.short_signed(value),
            Some(before) => writer.short(i64::wrapping_sub(before, value) as u64),
        }
        before = Some(value);
    }
}

fn restore_tail(
    reader: &mut Reader,
    keep: usize,
    count: u64,
    check: impl Fn(i64) -> Result<i64, Damaged>,
) -> Result<Tail, Damaged> {
    let mut tail = Tail::new(keep);
    tail.floor = restore_floor(reader)?;
    let length = reader.length(count)?;
    let mut before = 0;
    for position in 0..length {
        before = match position {
            0 => reader.short_signed()?,
            _ => below(before, reader.short()?)?,
        };
        tail.kept.push(check(before)?);
    }
    Ok(tail)
}

/// The value that is `distance` below another.
fn below(value: i64, distance: u64) -> Result<i64, Damaged> {
    value.checked_sub_unsigned(distance).ok_or(Damaged("a tail has no such value"))
}

/// A floor, or that there is none.
fn store_floor(floor: i64, writer: &mut Writer) {
    writer.short(u64::from(floor != i64::MIN));
    if floor != i64::MIN {
        writer.short_signed(floor);
    }
}

fn restore_floor(reader: &mut Reader) -> Result<i64, Damaged> {
    match reader.at_most(1)? {
        0 => Ok(i64::MIN),
        _ => reader.short_signed(),
    }
}

/// Writes the worst paths, worst first.
pub fn store_worst(contributions: &Contributions, writer: &mut Writer) {
    let mut worst = contributions.clone();
    worst.prune();
    worst.tail.sort_unstable_by(by_loss);
    store_floor(worst.floor, writer);
    writer.length(worst.tail.len());
    let mut before = LARGEST_VALUE as i64;
    for path in &worst.tail {
        writer.short((before - path.loss) as u64);
        before = path.loss;
        writer.short(path.path);
        writer.length(path.parts.len());
        let mut next = 0;
        for &(part, loss) in &path.parts {
            writer.short(u64::from(part - next));
            writer.short_signed(loss);
            next = part + 1;
        }
    }
}

/// Reads the worst paths of `covers`' paths.
///
/// # Errors
/// [`Damaged`] if they are in no order, or of paths or parts that there are not.
pub fn restore_worst(
    reader: &mut Reader,
    contributions: &mut Contributions,
    covers: impl Fn(u64) -> bool,
) -> Result<(), Damaged> {
    let parts = contributions.parts.all.len() as u64;
    contributions.floor = restore_floor(reader)?;
    let length = reader.length(contributions.keep as u64)?;
    let mut loss = LARGEST_VALUE as i64;
    for _ in 0..length {
        loss = below(loss, reader.short()?)?;
        let path = reader.short()?;
        let count = reader.length(parts)?;
        let mut tail_path = TailPath { loss, path, parts: Vec::with_capacity(count) };
        let mut next = 0;
        for _ in 0..count {
            let part = next + reader.at_most(parts)?;
            let part_loss = reader.short_signed()?;
            if part >= parts || part_loss.unsigned_abs() > 1 << 48 {
                return Err(Damaged("a loss is of no part, or too large"));
            }
            tail_path.parts.push((part as u32, part_loss));
            next = part + 1;
        }
        let in_order = contributions.tail.last().is_none_or(|before| by_loss(before, &tail_path).is_lt());
        if !in_order || !covers(path) || loss.unsigned_abs() > LARGEST_VALUE {
            return Err(Damaged("the worst paths are not in order"));
        }
        contributions.tail.push(tail_path);
    }
    Ok(())
}
