//! Figures of a range of paths as bytes: what a share of a study leaves of a scenario.
//!
//! Of each figure: its smallest value, the largest number that divides all differences to it, and these differences
//! divided, path by path ([`crate::aggregate::part::codec`]). Chances take a byte a path, amounts three or four.

use crate::aggregate::part::codec::{Damaged, Reader, Writer};

/// Writes the values of figures, figure after figure.
pub fn store_values(columns: &[Vec<i64>], writer: &mut Writer) {
    for values in columns {
        let least = values.iter().copied().min().unwrap_or(0);
        // Two's complement: the distance of any two values fits 64 bits without a sign.
        let above = |value: i64| value.wrapping_sub(least) as u64;
        let divisor = values.iter().fold(0, |divisor, &value| greatest_divisor(divisor, above(value))).max(1);
        writer.short_signed(least);
        writer.short(divisor);
        values.iter().for_each(|&value| writer.short(above(value) / divisor));
    }
}

/// Reads `columns` figures of `paths` paths each.
///
/// # Errors
/// [`Damaged`] if the bytes are not that.
pub fn restore_values(reader: &mut Reader, columns: usize, paths: usize) -> Result<Vec<Vec<i64>>, Damaged> {
    let mut restored = Vec::with_capacity(columns);
    for _ in 0..columns {
        let least = reader.short_signed()?;
        let divisor = reader.short()?;
        reader.has(paths)?;
        let mut values = Vec::with_capacity(paths);
        for _ in 0..paths {
            let above = reader.short()?.checked_mul(divisor);
            let value = above.and_then(|above| least.checked_add_unsigned(above));
            values.push(value.ok_or(Damaged("a value is too large"))?);
        }
        restored.push(values);
    }
    Ok(restored)
}

/// Euclid's algorithm; the other one if one is 0.
fn greatest_divisor(one: u64, other: u64) -> u64 {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn values_come_back(
            columns in proptest::collection::vec(proptest::collection::vec(any::<i64>(), 7), 0..4),
            shift in 0..63u32,
        ) {
            let columns: Vec<Vec<i64>> =
                columns.into_iter().map(|column| column.into_iter().map(|v| v >> shift << (shift / 2)).collect()).collect();
            let mut writer = Writer::default();
            store_values(&columns, &mut writer);
            let mut reader = Reader::new(&writer.bytes);
            prop_assert_eq!(restore_values(&mut reader, columns.len(), 7), Ok(columns));
            prop_assert_eq!(reader.end(), Ok(()));
        }

        #[test]
        fn no_bytes_are_fatal(bytes in proptest::collection::vec(any::<u8>(), 0..60), paths in 0..20usize) {
            let _ = restore_values(&mut Reader::new(&bytes), 3, paths);
        }
    }

    #[test]
    fn equal_steps_take_a_byte() {
        let mut writer = Writer::default();
        store_values(&[(0..100).map(|step| 5_000_000_000 + step * 1_000_000_007).collect()], &mut writer);
        assert!(writer.bytes.len() < 120, "{}", writer.bytes.len());
        assert!(
            restore_values(&mut Reader::new(&writer.bytes), 1, usize::MAX).is_err(),
            "more paths than bytes"
        );
    }
}
