//! Where records end, and whether they all have the same number of fields. One pass over the
//! bytes, so that the parser itself need not be trusted with short rows, blank lines or stray
//! quotes: what is not entirely regular is parsed the careful way.

use memchr::{memchr, memchr_iter};

/// What some bytes that start at the beginning of a record look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scan {
    /// The end of the last complete record, after its line feed.
    pub end: usize,
    /// Complete records, blank lines included: that many rows in a spreadsheet.
    pub rows: usize,
    /// Every record has the fields of the header and is one line, nothing is blank, and quotes are
    /// where they belong.
    pub regular: bool,
    /// The bytes end inside a quoted field.
    pub open_quote: bool,
    /// Ends of records, about [`PIECE`] apart and the last one too, with the rows before them.
    pub cuts: Vec<(usize, usize)>,
}

/// So many bytes are worth a task of their own.
const PIECE: usize = 512 << 10;

impl Scan {
    fn new() -> Self {
        Scan {
            end: 0,
            rows: 0,
            regular: true,
            open_quote: false,
            cuts: Vec::new(),
        }
    }

    /// Ends a record before the line feed at `at`.
    fn end_record(&mut self, at: usize) {
        self.rows += 1;
        self.end = at + 1;
        let cut = self.cuts.last().map_or(0, |&(end, _)| end);
        if self.end - cut >= PIECE {
            self.cuts.push((self.end, self.rows));
        }
    }

    fn finish(mut self) -> Self {
        if self.cuts.last().is_none_or(|&(end, _)| end < self.end) {
            self.cuts.push((self.end, self.rows));
        }
        self
    }
}

/// Looks at bytes with `fields` fields per record; lines end in LF or CRLF.
pub(super) fn scan(bytes: &[u8], delimiter: u8, fields: usize) -> Scan {
    if memchr(b'"', bytes).is_some() {
        scan_quoted(bytes, delimiter, fields)
    } else {
        scan_plain(bytes, delimiter, fields)
    }
}

/// A record without any text in it. One column's empty cell cannot be told from a blank line.
fn is_blank(length: usize, delimiters: usize) -> bool {
    length == delimiters
}

/// How often a byte occurs: in sums of one byte, which compilers turn into vectors.
fn count(line: &[u8], wanted: u8) -> usize {
    line.chunks(255)
        .map(|part| {
            let sum = part
                .iter()
                .fold(0u8, |sum, &byte| sum.wrapping_add(u8::from(byte == wanted)));
            usize::from(sum)
        })
        .sum()
}

fn scan_plain(bytes: &[u8], delimiter: u8, fields: usize) -> Scan {
    let mut scan = Scan::new();
    for at in memchr_iter(b'\n', bytes) {
        let line = &bytes[scan.end..at];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let delimiters = count(line, delimiter);
        scan.regular &= delimiters + 1 == fields && !is_blank(line.len(), delimiters);
        scan.end_record(at);
    }
    scan.finish()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    FieldStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted field: doubled, or the end of the field.
    Quote,
    /// A carriage return after a closed quoted field: only a line feed may follow.
    ClosedReturn,
}

fn scan_quoted(bytes: &[u8], delimiter: u8, fields: usize) -> Scan {
    let mut scan = Scan::new();
    let mut at = At::FieldStart;
    let mut delimiters = 0;
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        at = match (at, byte) {
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) => match memchr(b'"', &bytes[index..]) {
                Some(skip) => {
                    scan.regular &= memchr(b'\n', &bytes[index..index + skip]).is_none();
                    index += skip;
                    At::Quote
                }
                None => break,
            },
            (At::Quote, b'"') => At::Quoted,
            (_, b'\n') => {
                let line = &bytes[scan.end..index];
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                scan.regular &= delimiters + 1 == fields && !is_blank(line.len(), delimiters);
                scan.end_record(index);
                delimiters = 0;
                At::FieldStart
            }
            (_, byte) if byte == delimiter => {
                scan.regular &= at != At::ClosedReturn;
                delimiters += 1;
                At::FieldStart
            }
            (At::FieldStart, b'"') => At::Quoted,
            (At::Quote, b'\r') => At::ClosedReturn,
            (At::Plain, b'"') | (At::Quote | At::ClosedReturn, _) => {
                scan.regular = false;
                At::Plain
            }
            (At::FieldStart | At::Plain, _) => At::Plain,
        };
        index += 1;
    }
    scan.open_quote = at == At::Quoted;
    scan.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regular(text: &str) -> bool {
        scan(text.as_bytes(), b';', 3).regular
    }

    #[test]
    fn shapes() {
        assert!(regular("a;b;c\n1;2;3\r\n;;x\n"));
        assert!(regular("\"a\";\"b;\";\"\"\"c\"\r\n"));
        assert!(regular("\"\";\"\";\"\"\n"));
        for text in [
            "a;b\n",
            "a;b;c;d\n",
            "a;b;c\n\n",
            "a;b;c\n\r\n",
            ";;\n",
            ";;\r\n",
            "a;b\"x;c\n",
            "\"a\"x;b;c\n",
            "a;b;c;d\na;b\n",
            "\"a\";b\n",
            "\"a\"\r;b;c\n",
            "\"a\";\"b;\n\";c\n",
        ] {
            assert!(!regular(text), "{text:?}");
        }
        let found = scan(b"a;\"b\nc\";d\n1;\"2", b';', 3);
        assert_eq!((found.end, found.rows, found.open_quote), (10, 1, true));
        let found = scan(b"a;\"\"\"\";c\n", b';', 3);
        assert_eq!((found.end, found.rows, found.regular), (9, 1, true));
    }
}
