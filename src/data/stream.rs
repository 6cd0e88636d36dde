//! A file's bytes in order, hashed on the way, as text in UTF-8 or Windows-1252.

use std::path::Path;

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memchr;
use sha2::{Digest, Sha256};

use super::source::{Input, Source, cannot_read, hex, refuse_binary};
use crate::error::{Error, Result};

/// Enough bytes to recognise a byte order mark or another kind of file.
const START: usize = 16;

/// Bytes of a source without a byte order mark; UTF-16 is turned into UTF-8.
pub(super) struct Stream {
    name: String,
    input: Input,
    sha256: Sha256,
    form: Form,
    ended: bool,
}

enum Form {
    Unread,
    Bytes,
    Utf16(Box<Decoder>),
}

impl Stream {
    pub fn open(source: &Source, name: &str) -> Result<Self> {
        Ok(Stream {
            name: name.to_string(),
            input: source.open()?,
            sha256: Sha256::new(),
            form: Form::Unread,
            ended: false,
        })
    }

    /// Whether everything has been read.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// SHA-256 of the bytes read so far, as they are in the file.
    pub fn sha256(self) -> String {
        hex(self.sha256.finalize().as_slice())
    }

    /// Appends about `wanted` bytes of text.
    pub fn fill(&mut self, wanted: usize, into: &mut Vec<u8>) -> Result<()> {
        let wanted = wanted.max(START);
        let start = into.len();
        let got = self
            .input
            .fill(wanted, into)
            .map_err(|error| cannot_read(Path::new(&self.name), &error))?;
        self.ended = got < wanted;
        self.sha256.update(&into[start..]);
        if let Form::Unread = self.form {
            refuse_binary(&into[start..])?;
            self.form = match &into[start..] {
                [0xff, 0xfe, ..] => Form::Utf16(Box::new(UTF_16LE.new_decoder())),
                [0xfe, 0xff, ..] => Form::Utf16(Box::new(UTF_16BE.new_decoder())),
                _ => Form::Bytes,
            };
            if into[start..].starts_with(b"\xef\xbb\xbf") {
                into.drain(start..start + 3);
            }
        }
        match &mut self.form {
            Form::Utf16(decoder) => {
                let raw = into.split_off(start);
                let mut text = String::with_capacity(raw.len() * 2 + 16);
                let (_, _, malformed) = decoder.decode_to_string(&raw, &mut text, self.ended);
                if malformed {
                    return Err(
                        Error::data("this file starts as UTF-16 but is not valid UTF-16")
                            .hint("save it again as CSV in UTF-8"),
                    );
                }
                into.extend_from_slice(text.as_bytes());
            }
            Form::Bytes | Form::Unread => {}
        }
        match memchr(0, &into[start..]) {
            Some(_) => Err(nul_bytes(&into[start..])),
            None => Ok(()),
        }
    }
}

fn nul_bytes(bytes: &[u8]) -> Error {
    let zeros = bytes.iter().filter(|&&byte| byte == 0).count();
    if zeros * 3 > bytes.len() {
        Error::data("this file looks like UTF-16 without a byte order mark")
            .hint("save it again as CSV in UTF-8")
    } else {
        Error::data("this file holds NUL bytes: it is not a text file, or it is damaged")
            .hint("export the data as CSV again")
    }
}

/// How the bytes of a file stand for letters. The first letter outside ASCII decides: if it is
/// valid UTF-8 the file is, and must remain so; otherwise the file is in Windows-1252.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Undecided,
    Utf8,
    Windows1252,
}

impl Encoding {
    /// The text of some whole lines, of which the first is spreadsheet row `first_row`.
    pub fn decode(&mut self, bytes: Vec<u8>, first_row: u64) -> Result<String> {
        let bytes = if *self == Encoding::Windows1252 {
            bytes
        } else {
            match String::from_utf8(bytes) {
                Ok(text) => {
                    if !text.is_ascii() {
                        *self = Encoding::Utf8;
                    }
                    return Ok(text);
                }
                Err(error) => {
                    let valid = error.utf8_error().valid_up_to();
                    let bytes = error.into_bytes();
                    if *self == Encoding::Utf8 || !bytes[..valid].is_ascii() {
                        return Err(Error::data(
                            "this file starts in UTF-8, but here is a letter that is not",
                        )
                        .row(row_at(&bytes, valid, first_row))
                        .hint("save the whole file in one encoding, best as 'CSV UTF-8'"));
                    }
                    *self = Encoding::Windows1252;
                    bytes
                }
            }
        };
        let undefined = |byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
        if let Some(at) = bytes.iter().position(undefined) {
            return Err(Error::data(format!(
                "the byte {:02X} is neither UTF-8 nor Windows-1252",
                bytes[at]
            ))
            .row(row_at(&bytes, at, first_row))
            .hint("save the file again as 'CSV UTF-8'"));
        }
        let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
        Ok(text.into_owned())
    }
}

/// The row of a byte, where no quoted field before it holds a line break.
fn row_at(bytes: &[u8], at: usize, first_row: u64) -> u64 {
    first_row + memchr::memchr_iter(b'\n', &bytes[..at]).count() as u64
}
