//! A head in JSON and a body of numbers in one file, with a check sum: what parts of runs are written as.
//!
//! Layout: 8 bytes that say what kind of file it is, the format as 4 bytes, the length of the head as 8 bytes, the head, the
//! length of the body as 8 bytes, the body, SHA-256 of everything before. Numbers are little-endian.
//!
//! A file may come from anybody: kind and format are looked at before anything else is read, lengths must add up to the size of
//! the file, a head may have at most [`LARGEST_HEAD`] bytes, and a body no more than its head can justify, which
//! whoever knows the head says ([`FramedFile::body_of`]). The body is never held: it is taken bit by bit
//! ([`crate::aggregate::part::codec`]), and hashed as it passes.

use crate::aggregate::part::codec::Reader;
use crate::locale::{Told, told};
use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// The format that this program writes and reads.
const FORMAT: u32 = 1;
/// Bytes of a SHA-256.
const HASH: usize = 32;
/// Bytes beside head and body.
const FRAME: usize = 8 + 4 + 8 + 8 + HASH;
/// Most bytes of a head: a list of borrowers of 16 MiB, every character of it escaped, and a scenario.
pub const LARGEST_HEAD: u64 = 40 * 1024 * 1024;

/// Head and body between `magic` and their check sum.
pub fn framed(magic: &[u8; 8], head: &[u8], body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(FRAME + head.len() + body.len());
    bytes.extend_from_slice(magic);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.extend_from_slice(&(head.len() as u64).to_le_bytes());
    bytes.extend_from_slice(head);
    bytes.extend_from_slice(&(body.len() as u64).to_le_bytes());
    bytes.extend_from_slice(body);
    let hash = Sha256::digest(&bytes);
    bytes.extend_from_slice(&hash);
    bytes
}

/// Why a part cannot be read. What is told is the end of a sentence that begins with the file's name.
#[derive(Debug)]
pub enum PartError {
    /// It is another kind of file, or of another format: somebody's own.
    Foreign(Told),
    /// It is a part, or was one, and cannot be used by anybody.
    Damaged(Told),
    /// The file cannot be read.
    Unreadable(io::Error),
}

impl From<io::Error> for PartError {
    fn from(cause: io::Error) -> PartError {
        match cause.kind() {
            // Its length was known before: somebody cut it meanwhile.
            io::ErrorKind::UnexpectedEof => damaged(),
            _ => PartError::Unreadable(cause),
        }
    }
}

/// The content is not what it was.
fn damaged() -> PartError {
    PartError::Damaged(told!(
        "è danneggiato: il contenuto non corrisponde alla sua somma di controllo",
        "is damaged: its content does not fit its check sum"
    ))
}

/// A file of which everything is read in order: its head, then its body, then its check sum.
pub struct FramedFile<S: Read> {
    source: Hashed<S>,
    head: u64,
    /// Bytes of the body that were not taken yet.
    body: u64,
}

impl<S: Read> FramedFile<S> {
    /// Reads what stands before the head, in a file of `length` bytes.
    ///
    /// # Errors
    /// [`PartError`] if it is of another kind or format, or its lengths do not add up.
    pub fn open(magic: &[u8; 8], source: S, length: u64) -> Result<FramedFile<S>, PartError> {
        let mut source = Hashed { source, hasher: Sha256::new() };
        let mut found = [0; 8];
        if length == 0 {
            return Err(PartError::Damaged(told!("è vuoto", "is empty")));
        }
        if length < found.len() as u64 || source.read_exact(&mut found).is_err() || found != *magic {
            return Err(PartError::Foreign(told!(
                "non è una parte di un’esecuzione",
                "is not a part of a run"
            )));
        }
        let mut format = [0; 4];
        source.read_exact(&mut format)?;
        let format = u32::from_le_bytes(format);
        if format != FORMAT {
            return Err(PartError::Foreign(told!(
                "ha il formato {format}; questo programma legge il formato {wanted}",
                "has format {format}; this program reads format {wanted}";
                format,
                wanted = FORMAT,
            )));
        }
        let room = length.checked_sub(FRAME as u64).ok_or_else(damaged)?;
        let head = source.number()?;
        let body = room.checked_sub(head).ok_or_else(damaged)?;
        if head > LARGEST_HEAD {
            return Err(too_long("head", head, LARGEST_HEAD));
        }
        Ok(FramedFile { source, head, body })
    }

    /// Reads the head, once.
    ///
    /// # Errors
    /// [`PartError`] if it cannot be read.
    pub fn head(&mut self) -> Result<Vec<u8>, PartError> {
        let mut head = vec![0; std::mem::take(&mut self.head) as usize];
        self.source.read_exact(&mut head)?;
        Ok(head)
    }

    /// Reads the length of the body, which may have at most `most` bytes.
    ///
    /// # Errors
    /// [`PartError`] if it has more, or not as many as the file has.
    pub fn body_of(&mut self, most: u64) -> Result<(), PartError> {
        if self.source.number()? != self.body {
            return Err(damaged());
        }
        if self.body > most {
            return Err(too_long("body", self.body, most));
        }
        Ok(())
    }

    /// The numbers of the body, which nobody has vouched for before [`FramedFile::finish`].
    pub fn body(&mut self) -> Reader<'_> {
        let left = self.body;
        Reader::of(Counted { source: &mut self.source, left: &mut self.body }, left)
    }

    /// Reads what nobody took of the body, and holds all that was read against the check sum.
    ///
    /// # Errors
    /// [`PartError`] if it does not fit, or cannot be read.
    pub fn finish(mut self) -> Result<(), PartError> {
        let rest = io::copy(&mut (&mut self.source).take(self.body), &mut io::sink())?;
        let mut hash = [0; HASH];
        self.source.source.read_exact(&mut hash)?;
        if rest != self.body || self.source.hasher.finalize().as_slice() != hash {
            return Err(damaged());
        }
        Ok(())
    }
}

fn too_long(what: &str, length: u64, most: u64) -> PartError {
    PartError::Damaged(told!(
        "non è una parte valida ({what}: {length} byte, al massimo {most})",
        "is not a sound part ({what}: {length} bytes, at most {most})";
        what,
        length,
        most,
    ))
}

/// A source whose bytes are hashed as they pass.
struct Hashed<S> {
    source: S,
    hasher: Sha256,
}

impl<S: Read> Hashed<S> {
    fn number(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.read_exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
}

impl<S: Read> Read for Hashed<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        Ok(count)
    }
}

/// The next bytes of a source, counted down.
struct Counted<'s, S> {
    source: &'s mut Hashed<S>,
    left: &'s mut u64,
}

impl<S: Read> Read for Counted<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(*self.left).unwrap_or(usize::MAX));
        let count = self.source.read(&mut buffer[..most])?;
        *self.left -= count as u64;
        Ok(count)
    }
}
