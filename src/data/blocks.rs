//! A file in blocks of whole records.

use super::dialect::{Dialect, returns_to_feeds};
use super::scan::scan;
use super::stream::{Encoding, Stream};
use crate::error::{Error, Result};

/// No sensible record is longer; an unclosed quote makes one that is.
const LONGEST_RECORD: usize = 64 << 20;

/// Some whole records.
pub(super) struct Block {
    pub text: String,
    /// The spreadsheet row of the first.
    pub first_row: u64,
    /// Records and blank lines.
    pub rows: usize,
    /// See [`super::scan::Scan`].
    pub regular: bool,
    pub cuts: Vec<(usize, usize)>,
}

/// Reads a file block by block.
pub(super) struct Blocks<'a> {
    stream: Stream,
    dialect: &'a Dialect,
    size: usize,
    encoding: Encoding,
    /// The start of a record whose end has not been read yet.
    carry: Vec<u8>,
    /// A buffer to use again.
    spare: Vec<u8>,
    next_row: u64,
    started: bool,
}

impl<'a> Blocks<'a> {
    pub fn new(stream: Stream, dialect: &'a Dialect, size: usize) -> Self {
        Blocks {
            stream,
            dialect,
            size,
            encoding: Encoding::Undecided,
            carry: Vec::new(),
            spare: Vec::new(),
            next_row: dialect.header_row + 1,
            started: false,
        }
    }

    /// Gives a block's memory back.
    pub fn recycle(&mut self, block: Block) {
        self.spare = block.text.into_bytes();
    }

    /// SHA-256 of the whole file, once all blocks have been read.
    pub fn sha256(self) -> String {
        self.stream.sha256()
    }

    pub fn next(&mut self) -> Result<Option<Block>> {
        let mut bytes = std::mem::take(&mut self.spare);
        bytes.clear();
        bytes.append(&mut self.carry);
        loop {
            self.fill(&mut bytes)?;
            if !self.started {
                let preamble = &self.dialect.preamble;
                if bytes.len() < preamble.len() && !self.stream.ended() {
                    continue;
                }
                self.start(&mut bytes)?;
            }
            if bytes.is_empty() {
                if self.stream.ended() {
                    return Ok(None);
                }
                continue;
            }
            let found = scan(&bytes, self.dialect.delimiter, self.dialect.fields());
            let last_chance = self.stream.ended() || bytes.len() > LONGEST_RECORD;
            // Rows before it come first: they may have errors of their own.
            if found.open_quote && found.end == 0 && last_chance {
                return Err(
                    Error::data("a quoted field that starts here is never closed")
                        .row(self.next_row + found.rows as u64)
                        .hint("a quote that is part of a text must be doubled: \"\""),
                );
            }
            if found.end == 0 {
                if bytes.len() > LONGEST_RECORD {
                    return Err(Error::data("this row is longer than 64 million characters")
                        .row(self.next_row));
                }
                continue;
            }
            self.carry.extend_from_slice(&bytes[found.end..]);
            bytes.truncate(found.end);
            let first_row = self.next_row;
            self.next_row += found.rows as u64;
            if u32::try_from(self.next_row).is_err() {
                return Err(Error::data("this file has more than four billion rows"));
            }
            return Ok(Some(Block {
                text: self.encoding.decode(bytes, first_row)?,
                first_row,
                rows: found.rows,
                regular: found.regular,
                cuts: found.cuts,
            }));
        }
    }

    /// Appends the next bytes; the last record gets a line feed if it lacks one.
    fn fill(&mut self, bytes: &mut Vec<u8>) -> Result<()> {
        if self.stream.ended() {
            return Ok(());
        }
        let from = bytes.len();
        self.stream.fill(self.size, bytes)?;
        if self.dialect.returns {
            returns_to_feeds(&mut bytes[from..]);
        }
        if self.stream.ended() && bytes.last().is_some_and(|&byte| byte != b'\n') {
            bytes.push(b'\n');
        }
        Ok(())
    }

    /// Takes away the header, after which the records start.
    fn start(&mut self, bytes: &mut Vec<u8>) -> Result<()> {
        let preamble = &self.dialect.preamble;
        if !bytes.starts_with(preamble) {
            return Err(Error::data("this file changed while it was being read")
                .hint("close the program that writes it, and try again"));
        }
        // The header's letters count for the encoding.
        self.encoding.decode(preamble.clone(), 1)?;
        bytes.drain(..preamble.len());
        self.started = true;
        Ok(())
    }
}
