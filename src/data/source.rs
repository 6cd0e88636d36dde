//! Bytes of a file: where they come from, their SHA-256, and telling a CSV from an Excel workbook.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result, nearest};

/// So much of what is no file on disk is kept: a pipe, or a device that never ends.
const LONGEST_PIPE: u64 = 1 << 30;

/// All bytes of a file.
///
/// # Errors
/// It cannot be read, or goes on beyond `most` bytes.
pub(super) fn read_up_to(path: &Path, most: u64) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
    let mut bytes = Vec::new();
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| cannot_read(path, &error))?;
    match bytes.len() as u64 > most {
        true => Err(Error::data(format!(
            "this is longer than {} MiB and was not read further",
            most >> 20
        ))
        .file(path.display())
        .hint("is this the right file? Data from a program can be saved in a file first")),
        false => Ok(bytes),
    }
}

/// Where a file's bytes are. A pipe can be read once only, so it is kept.
#[derive(Debug, Clone)]
pub(super) enum Source {
    File(PathBuf),
    Memory(Arc<[u8]>),
}

impl Source {
    pub fn new(path: &Path) -> Result<Self> {
        let metadata = fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
        if metadata.is_dir() {
            return Err(Error::data("this is a folder, not a file")
                .file(path.display())
                .hint("name a CSV file in it"));
        }
        if metadata.is_file() {
            return Ok(Source::File(path.to_path_buf()));
        }
        Ok(Source::Memory(read_up_to(path, LONGEST_PIPE)?.into()))
    }

    pub fn open(&self) -> Result<Input> {
        Ok(match self {
            Source::File(path) => {
                Input::File(File::open(path).map_err(|error| cannot_read(path, &error))?)
            }
            Source::Memory(bytes) => Input::Memory(Arc::clone(bytes), 0),
        })
    }
}

/// An opened source.
pub(super) enum Input {
    File(File),
    Memory(Arc<[u8]>, usize),
}

impl Input {
    /// Appends up to `wanted` bytes; fewer only at the end of the file.
    pub fn fill(&mut self, wanted: usize, into: &mut Vec<u8>) -> io::Result<usize> {
        match self {
            Input::File(file) => file.take(wanted as u64).read_to_end(into),
            Input::Memory(bytes, at) => {
                let end = bytes.len().min(*at + wanted);
                into.extend_from_slice(&bytes[*at..end]);
                let count = end - *at;
                *at = end;
                Ok(count)
            }
        }
    }
}

/// The error for a file that cannot be opened or read.
pub(super) fn cannot_read(path: &Path, error: &io::Error) -> Error {
    let message = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_string(),
        io::ErrorKind::PermissionDenied => "this file may not be read".to_string(),
        _ => format!("this file cannot be read: {error}"),
    };
    let hint = match error.kind() {
        io::ErrorKind::NotFound => match neighbour(path) {
            Some(name) => format!("did you mean '{name}'?"),
            None => "check the name and the folder".to_string(),
        },
        io::ErrorKind::PermissionDenied => "ask for permission, or copy the file".to_string(),
        _ => "check the disk, or copy the file and try the copy".to_string(),
    };
    Error::data(message).file(path.display()).hint(hint)
}

/// The file in the same folder with the most similar name.
fn neighbour(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let folder = match path.parent()? {
        parent if parent.as_os_str().is_empty() => Path::new("."),
        parent => parent,
    };
    let mut names: Vec<String> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    nearest(wanted, names.iter().map(String::as_str)).map(str::to_string)
}

/// Refuses files that are not text, by how they start.
pub(super) fn refuse_binary(start: &[u8]) -> Result<()> {
    const EXCEL: &str = "in Excel choose File, Save As, 'CSV UTF-8'";
    const CSV: &str = "export the data as CSV";
    let known: [(&[u8], &str, &str); 10] = [
        (
            b"PK\x03\x04",
            "this is an Excel workbook (or another zip file), not a CSV file",
            EXCEL,
        ),
        (
            b"\xd0\xcf\x11\xe0",
            "this is an old Excel workbook, not a CSV file",
            EXCEL,
        ),
        (b"%PDF", "this is a PDF, not a CSV file", CSV),
        (
            b"$FL2",
            "this is an SPSS file, not a CSV file",
            "in SPSS choose File, Export, CSV",
        ),
        (
            b"$FL3",
            "this is an SPSS file, not a CSV file",
            "in SPSS choose File, Export, CSV",
        ),
        (
            b"<stata_dta>",
            "this is a Stata file, not a CSV file",
            "in Stata use 'export delimited'",
        ),
        (b"PAR1", "this is a Parquet file, not a CSV file", CSV),
        (
            b"\x1f\x8b",
            "this file is compressed",
            "unpack it first (gunzip)",
        ),
        (
            b"\x28\xb5\x2f\xfd",
            "this file is compressed",
            "unpack it first (unzstd)",
        ),
        (
            b"\xff\xfe\x00\x00",
            "this file is in UTF-32",
            "save it as CSV in UTF-8",
        ),
    ];
    match known
        .into_iter()
        .find(|(magic, _, _)| start.starts_with(magic))
    {
        Some((_, message, hint)) => Err(Error::data(message).hint(hint)),
        None => Ok(()),
    }
}

/// SHA-256 as lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes).as_slice())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for &byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
