//! Numbers as bytes: seven bits a byte, lowest first, the top bit saying that more follow (LEB128); signed numbers are
//! folded to unsigned ones (0, -1, 1, -2, ...), so that small magnitudes are short.
//!
//! The reader trusts nothing: it never reads past the end, refuses numbers that do not fit, and gives out a length only
//! after checking it against a limit and against the bytes that are left, of which every element takes at least one.
//! So what is allocated for a list is bounded by the size of the file. It takes the bytes bit by bit from wherever they
//! come: however long a file is, no more than a buffer of it is held.

use std::io::Read;

/// Bytes that are not what they claim to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Damaged(pub &'static str);

/// Appends numbers.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    /// What was written.
    pub bytes: Vec<u8>,
}

impl Writer {
    /// An unsigned number.
    pub fn unsigned(&mut self, value: u128) {
        let mut rest = value;
        while rest >= 0x80 {
            self.bytes.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        self.bytes.push(rest as u8);
    }

    /// A signed number.
    pub fn signed(&mut self, value: i128) {
        self.unsigned(((value << 1) ^ (value >> 127)) as u128);
    }

    /// An unsigned number of 64 bits: most numbers are.
    pub fn short(&mut self, value: u64) {
        let mut rest = value;
        while rest >= 0x80 {
            self.bytes.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        self.bytes.push(rest as u8);
    }

    /// A signed number of 64 bits.
    pub fn short_signed(&mut self, value: i64) {
        self.short(((value << 1) ^ (value >> 63)) as u64);
    }

    /// A length.
    pub fn length(&mut self, length: usize) {
        self.short(length as u64);
    }
}

/// Most bytes that are held at a time.
const BUFFER: u64 = 1 << 16;

/// Takes numbers from bytes that may be anything.
pub struct Reader<'b> {
    source: Box<dyn Read + 'b>,
    buffer: Vec<u8>,
    /// Bytes of the buffer that are taken.
    taken: usize,
    /// Bytes that are not in the buffer yet.
    behind: u64,
}

impl<'b> Reader<'b> {
    /// From the first byte on.
    pub fn new(bytes: &'b [u8]) -> Reader<'b> {
        Reader::of(bytes, bytes.len() as u64)
    }

    /// Of the next `length` bytes of a source.
    pub fn of(source: impl Read + 'b, length: u64) -> Reader<'b> {
        Reader { source: Box::new(source), buffer: Vec::new(), taken: 0, behind: length }
    }

    /// Bytes that are left.
    fn left(&self) -> u64 {
        (self.buffer.len() - self.taken) as u64 + self.behind
    }

    /// Fills the buffer when all of it is taken.
    #[cold]
    fn refill(&mut self) -> Result<(), Damaged> {
        if self.behind == 0 {
            return Err(Damaged("it ends too early"));
        }
        self.buffer.resize(self.behind.min(BUFFER) as usize, 0);
        self.taken = 0;
        if self.source.read_exact(&mut self.buffer).is_err() {
            (self.behind, self.buffer) = (0, Vec::new());
            return Err(Damaged("it ends too early"));
        }
        self.behind -= self.buffer.len() as u64;
        Ok(())
    }

    /// An unsigned number.
    ///
    /// # Errors
    /// [`Damaged`] if the bytes end or the number has more than 128 bits.
    pub fn unsigned(&mut self) -> Result<u128, Damaged> {
        let mut value = 0u128;
        for shift in (0..).step_by(7) {
            let byte = self.byte()?;
            let digit = u128::from(byte & 0x7f);
            if shift > 126 || (shift == 126 && digit > 3) {
                return Err(Damaged("a number is too large"));
            }
            value |= digit << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        Ok(value)
    }

    /// A signed number.
    ///
    /// # Errors
    /// As [`Reader::unsigned`].
    pub fn signed(&mut self) -> Result<i128, Damaged> {
        let folded = self.unsigned()?;
        Ok((folded >> 1) as i128 ^ -((folded & 1) as i128))
    }

    /// An unsigned number of 64 bits.
    ///
    /// # Errors
    /// As [`Reader::unsigned`].
    pub fn short(&mut self) -> Result<u64, Damaged> {
        match self.buffer.get(self.taken) {
            Some(&byte) if byte < 0x80 => {
                self.taken += 1;
                Ok(u64::from(byte))
            }
            _ => u64::try_from(self.unsigned()?).map_err(|_| Damaged("a number is too large")),
        }
    }

    /// A signed number of 64 bits.
    ///
    /// # Errors
    /// As [`Reader::unsigned`].
    pub fn short_signed(&mut self) -> Result<i64, Damaged> {
        let folded = self.short()?;
        Ok((folded >> 1) as i64 ^ -((folded & 1) as i64))
    }

    /// A number that is at most `most`.
    ///
    /// # Errors
    /// As [`Reader::unsigned`], and if it is larger.
    pub fn at_most(&mut self, most: u64) -> Result<u64, Damaged> {
        match self.short()? {
            value if value <= most => Ok(value),
            _ => Err(Damaged("a number is beyond its limit")),
        }
    }

    /// The length of a list of at most `most` elements, each of at least one byte.
    ///
    /// # Errors
    /// As [`Reader::at_most`], and if there are fewer bytes left than elements.
    pub fn length(&mut self, most: u64) -> Result<usize, Damaged> {
        let length = self.at_most(most)?;
        if length > self.left() {
            return Err(Damaged("a list is longer than its file"));
        }
        Ok(length as usize)
    }

    /// The length of a list that must be `expected`.
    ///
    /// # Errors
    /// [`Damaged`] if it is not.
    pub fn exactly(&mut self, expected: usize) -> Result<(), Damaged> {
        match self.short()? {
            length if length == expected as u64 => Ok(()),
            _ => Err(Damaged("a list has another length than its scenario says")),
        }
    }

    /// That there are bytes for so many numbers: of each at least one.
    ///
    /// # Errors
    /// [`Damaged`] if there are fewer.
    pub fn has(&self, numbers: usize) -> Result<(), Damaged> {
        if numbers as u64 > self.left() { Err(Damaged("a list is longer than its file")) } else { Ok(()) }
    }

    /// The next so many bytes as they are.
    ///
    /// # Errors
    /// [`Damaged`] if there are fewer.
    pub fn bytes(&mut self, length: usize) -> Result<Vec<u8>, Damaged> {
        self.has(length)?;
        let mut bytes = Vec::new();
        while bytes.len() < length {
            if self.taken == self.buffer.len() {
                self.refill()?;
            }
            let more = (length - bytes.len()).min(self.buffer.len() - self.taken);
            bytes.extend_from_slice(&self.buffer[self.taken..self.taken + more]);
            self.taken += more;
        }
        Ok(bytes)
    }

    /// That nothing is left.
    ///
    /// # Errors
    /// [`Damaged`] if something is.
    pub fn end(&self) -> Result<(), Damaged> {
        if self.left() == 0 { Ok(()) } else { Err(Damaged("there is more than there should be")) }
    }

    fn byte(&mut self) -> Result<u8, Damaged> {
        if self.taken == self.buffer.len() {
            self.refill()?;
        }
        let byte = self.buffer[self.taken];
        self.taken += 1;
        Ok(byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(wide in any::<u128>(), long in any::<i128>(), shift in 0..64u32, short in any::<u64>()) {
            let mut writer = Writer::default();
            writer.unsigned(wide >> shift);
            writer.signed(long >> shift);
            writer.short(short >> shift);
            writer.short_signed(short as i64 >> shift);
            let mut reader = Reader::new(&writer.bytes);
            prop_assert_eq!(reader.unsigned(), Ok(wide >> shift));
            prop_assert_eq!(reader.signed(), Ok(long >> shift));
            prop_assert_eq!(reader.short(), Ok(short >> shift));
            prop_assert_eq!(reader.short_signed(), Ok(short as i64 >> shift));
            prop_assert_eq!(reader.end(), Ok(()));
        }

        #[test]
        fn no_bytes_are_fatal(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut reader = Reader::new(&bytes);
            while reader.unsigned().is_ok() {}
            let mut reader = Reader::new(&bytes);
            while let Ok(length) = reader.length(u64::MAX) {
                prop_assert!(length <= bytes.len());
            }
        }
    }

    /// Gives one byte at a time, and fails at its end.
    struct Drops<'b>(&'b [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            match (self.0.split_first(), buffer.first_mut()) {
                (Some((&byte, rest)), Some(first)) => {
                    (*first, self.0) = (byte, rest);
                    Ok(1)
                }
                _ => Err(std::io::ErrorKind::Other.into()),
            }
        }
    }

    #[test]
    fn what_is_longer_than_the_buffer_is_read_bit_by_bit() {
        let numbers: Vec<u64> = (0..40_000).map(|number| number * number * 7).collect();
        let mut writer = Writer::default();
        numbers.iter().for_each(|&number| writer.short(number));
        let length = writer.bytes.len() as u64;
        assert!(length > 2 * BUFFER);
        let mut reader = Reader::of(Drops(&writer.bytes), length);
        assert!(numbers.iter().all(|&number| reader.short() == Ok(number)));
        assert_eq!(reader.end(), Ok(()));
        assert_eq!(reader.short(), Err(Damaged("it ends too early")));
        // A source that ends before its length does.
        let mut reader = Reader::of(Drops(&writer.bytes[..9]), length);
        assert_eq!(reader.short(), Err(Damaged("it ends too early")));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(Reader::new(&[0x80; 30]).unsigned(), Err(Damaged("a number is too large")));
        assert_eq!(Reader::new(&[0x80; 3]).unsigned(), Err(Damaged("it ends too early")));
        let mut writer = Writer::default();
        writer.unsigned(1 << 64);
        assert!(Reader::new(&writer.bytes).short().is_err());
        assert!(Reader::new(&[5, 0]).length(9).is_err(), "five elements in one byte");
        assert!(Reader::new(&[5, 0, 0, 0, 0, 0]).length(4).is_err(), "beyond the limit");
    }
}
