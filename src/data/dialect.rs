//! What kind of CSV a file is: its delimiter, its line ends and its header, found from the start
//! of the file.

use memchr::memchr;

use super::scan::scan;
use super::stream::{Encoding, Stream};
use crate::error::{Error, Result};

/// So much of a file is looked at to find its delimiter.
const SAMPLE: usize = 1 << 20;
/// So many records of it are counted.
const RECORDS: usize = 500;
/// So many lines a header's quoted names may run over.
const HEADER_LINES: usize = 100;
/// In order of preference where two fit equally well: a semicolon file may be full of decimal
/// commas, a comma file is seldom full of semicolons.
const DELIMITERS: [u8; 4] = [b';', b'\t', b',', b'|'];

/// The form of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialect {
    pub delimiter: u8,
    /// Lines end in a carriage return only. In any other file a carriage return that no line feed
    /// follows is part of its cell, where it is white space.
    pub returns: bool,
    /// The named columns.
    pub header: Vec<String>,
    /// Columns without a name after the named ones, which must be empty.
    pub unnamed: usize,
    /// Everything before the first record after the header.
    pub preamble: Vec<u8>,
    /// The header's row in a spreadsheet.
    pub header_row: u64,
    pub encoding: Encoding,
}

impl Dialect {
    /// Looks at the start of a stream.
    pub fn find(stream: &mut Stream, delimiter: Option<u8>) -> Result<Self> {
        let mut sample = Vec::new();
        stream.fill(SAMPLE, &mut sample)?;
        let returns = memchr(b'\n', &sample).is_none() && memchr(b'\r', &sample).is_some();
        if returns {
            returns_to_feeds(&mut sample);
        }
        if stream.ended() {
            if sample.last().is_some_and(|&byte| byte != b'\n') {
                sample.push(b'\n');
            }
        } else {
            // The last line is cut short, perhaps in the middle of a letter.
            let end = memchr::memrchr(b'\n', &sample).map_or(0, |at| at + 1);
            if end == 0 {
                return Err(
                    Error::data("the first line is longer than a million characters")
                        .hint("this does not look like a CSV file with a header"),
                );
            }
            sample.truncate(end);
        }
        if sample.iter().all(u8::is_ascii_whitespace) {
            return Err(Error::data("this file is empty")
                .hint("a CSV file has a row with column names and a row per person"));
        }

        let mut start = 0;
        let mut header_row = 1;
        let announced = announced_delimiter(&sample);
        if let Some((_, end)) = announced {
            start = end;
        }
        while let Some(length) = blank_line(&sample[start..]) {
            start += length;
            header_row += 1;
        }
        let mut encoding = Encoding::Undecided;
        let text = encoding.decode(sample[start..].to_vec(), header_row)?;
        let delimiter = delimiter
            .or(announced.map(|(delimiter, _)| delimiter))
            .unwrap_or_else(|| likely_delimiter(&text));

        let end = start + first_record(&sample[start..], delimiter)?;
        let (header, unnamed) = read_header(&text, delimiter, header_row)?;
        sample.truncate(end);
        Ok(Dialect {
            delimiter,
            returns,
            header,
            unnamed,
            preamble: sample,
            header_row,
            encoding,
        })
    }

    /// Fields per record.
    pub fn fields(&self) -> usize {
        self.header.len() + self.unnamed
    }
}

/// Lines that end in a carriage return end in a line feed from here on.
pub(super) fn returns_to_feeds(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte == b'\r') {
        *byte = b'\n';
    }
}

/// The delimiter in a first line `sep=;`, which Excel reads and does not show, and its end.
fn announced_delimiter(sample: &[u8]) -> Option<(u8, usize)> {
    let end = memchr(b'\n', sample)? + 1;
    let line = std::str::from_utf8(&sample[..end]).ok()?;
    match line.trim_matches(['\r', '\n', '"']).as_bytes() {
        [s, e, p, b'=', delimiter] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => {
            Some((*delimiter, end))
        }
        _ => None,
    }
}

fn blank_line(bytes: &[u8]) -> Option<usize> {
    let end = memchr(b'\n', bytes)? + 1;
    bytes[..end]
        .iter()
        .all(u8::is_ascii_whitespace)
        .then_some(end)
}

/// The end of the first record, the header.
fn first_record(bytes: &[u8], delimiter: u8) -> Result<usize> {
    for at in memchr::memchr_iter(b'\n', bytes).take(HEADER_LINES) {
        let found = scan(&bytes[..=at], delimiter, 0);
        if found.rows > 0 {
            return Ok(found.end);
        }
    }
    Err(Error::data("a quote in the header is never closed")
        .row(1)
        .hint("remove the quote, or double it inside a quoted name"))
}

/// Field counts of the first records under a delimiter.
fn field_counts(text: &str, delimiter: u8) -> Vec<usize> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
        .into_records()
        .map_while(|record| record.ok())
        .filter(|record| record.iter().any(|field| !field.trim().is_empty()))
        .take(RECORDS)
        .map(|record| record.len())
        .collect()
}

/// The delimiter under which most records have as many fields as the header, and the more the
/// better. Without any, the file has one column, or a title above its header.
fn likely_delimiter(text: &str) -> u8 {
    let mut best = (0.0, None);
    for delimiter in DELIMITERS {
        let counts = field_counts(text, delimiter);
        let Some((&header, rest)) = counts.split_first() else {
            continue;
        };
        let alike = rest.iter().filter(|&&count| count == header).count();
        let share = match rest.len() {
            0 => 1.0,
            records => alike as f64 / records as f64,
        };
        let score = share * (header - 1) as f64;
        if score > best.0 {
            best = (score, Some(delimiter));
        }
    }
    best.1.or_else(|| under_a_title(text)).unwrap_or(b';')
}

/// A delimiter that every record but the first has equally often. One comma may be a decimal sign.
fn under_a_title(text: &str) -> Option<u8> {
    DELIMITERS.into_iter().find(|&delimiter| {
        let counts = field_counts(text, delimiter);
        let least = if delimiter == b',' { 3 } else { 2 };
        match counts.get(1..) {
            Some([first, rest @ ..]) => *first >= least && rest.iter().all(|count| count == first),
            _ => false,
        }
    })
}

/// The trimmed names, and how many nameless columns follow them.
fn read_header(text: &str, delimiter: u8, row: u64) -> Result<(Vec<String>, usize)> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    reader
        .read_record(&mut record)
        .map_err(|error| Error::data(format!("the header cannot be read: {error}")).row(row))?;
    let mut names: Vec<String> = record.iter().map(|name| name.trim().to_string()).collect();
    let all = names.len();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    for (at, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(Error::data(format!("column {} has no name", at + 1))
                .row(row)
                .hint("give every column a name in the first row"));
        }
        if let Some(earlier) = names[..at].iter().position(|other| other == name) {
            return Err(Error::data(format!(
                "two columns have the same name: columns {} and {}",
                earlier + 1,
                at + 1
            ))
            .row(row)
            .column(name)
            .hint("rename one of them"));
        }
    }
    if names.is_empty() {
        return Err(Error::data("the header has no column names")
            .row(row)
            .hint("the first row must name the columns"));
    }
    let unnamed = all - names.len();
    Ok((names, unnamed))
}
