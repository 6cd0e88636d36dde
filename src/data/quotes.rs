//! Quotes that nobody meant as quotes: between two of them whole rows become one text.

use memchr::{memchr, memchr_iter};

use crate::error::Error;

/// A quoted field that holds line breaks: where in its record it stands.
struct Quoted<'r> {
    inside: &'r [u8],
    /// Delimiters before it.
    before: usize,
    /// Line breaks before it.
    line: u64,
}

/// Whether a record has swallowed others: a quoted text over several lines is followed by more text, or
/// its lines have as many fields as the table, so that quote and quote are two strays.
///
/// `source` is one record, from its first byte to its line feed; `row` is its row in a spreadsheet.
pub(super) fn refuse_swallowed(
    source: &[u8],
    delimiter: u8,
    fields: usize,
    row: u64,
) -> Result<(), Error> {
    let mut delimiters = 0;
    let mut line = 0;
    let mut at = 0;
    while at < source.len() {
        let starts = at == 0 || source[at - 1] == delimiter;
        if !(starts && source[at] == b'"') {
            delimiters += usize::from(source[at] == delimiter);
            line += u64::from(source[at] == b'\n');
            at += 1;
            continue;
        }
        let close = closing(source, at + 1);
        let field = Quoted {
            inside: &source[at + 1..close],
            before: delimiters,
            line,
        };
        let breaks = memchr_iter(b'\n', field.inside).count() as u64;
        if breaks > 0 {
            let next = source.get(close + 1);
            let ended = next.is_none_or(|&byte| byte == delimiter || b"\r\n".contains(&byte));
            if !ended || as_wide(&field, delimiter, fields) {
                return Err(swallowed(row + field.line, breaks, ended));
            }
        }
        line += breaks;
        at = close + 1;
        // What follows the closing quote is plain, a quote included.
        while at < source.len() && source[at] != delimiter && source[at] != b'\n' {
            at += 1;
        }
    }
    Ok(())
}

/// The quote that closes a field whose text starts at `from`, or the record's end.
fn closing(source: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(skip) = memchr(b'"', &source[at..]) {
        let quote = at + skip;
        if source.get(quote + 1) != Some(&b'"') {
            return quote;
        }
        at = quote + 2;
    }
    source.len()
}

/// Whether the lines in a quoted field, with what stands before it, have the table's fields each. In a
/// table of two columns one such line break is no sign of anything.
fn as_wide(field: &Quoted<'_>, delimiter: u8, fields: usize) -> bool {
    let lines: Vec<usize> = field
        .inside
        .split(|&byte| byte == b'\n')
        .map(|line| memchr_iter(delimiter, line).count())
        .collect();
    let (Some((first, rest)), true) = (lines.split_first(), fields > 1) else {
        return false;
    };
    let Some((last, between)) = rest.split_last() else {
        return false;
    };
    (fields > 2 || !between.is_empty())
        && field.before + first + 1 == fields
        && *last == field.before
        && between.iter().all(|count| count + 1 == fields)
}

fn swallowed(row: u64, breaks: u64, ended: bool) -> Error {
    let lines = match breaks {
        1 => "1 line".to_string(),
        lines => format!("{lines} lines"),
    };
    let closes = row + breaks;
    let error = match ended {
        false => Error::data(format!(
            "a quote that opens here is closed {lines} below, and text follows the closing quote in line {closes}: the rows between would be lost"
        )),
        true => Error::data(format!(
            "a quoted text that starts here runs over {lines}, up to line {closes}, and they have as many fields as the table: rows would be lost in it"
        )),
    };
    error.row(row).hint(
        "if the quotes are part of texts, remove them or double them (\"\"); if it is one text, take out its line breaks",
    )
}
