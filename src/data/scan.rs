//! Where records end, and whether they all have the same number of fields. One pass over the
//! bytes, so that the parser itself need not be trusted with short rows, blank lines or stray
//! quotes: what is not entirely regular is parsed the careful way.

use memchr::{memchr, memchr_iter};

/// What some bytes that start at the beginning of a record look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scan {
    /// The end of the last complete record, after its line feed.
    pub end: usize,
    /// Complete records, blank lines included: that many rows in a spreadsheet.
    pub rows: usize,
    /// Every record has the fields of the header, nothing is blank, and quotes are where they
    /// belong.
    pub regular: bool,
    /// The bytes end inside a quoted field.
    pub open_quote: bool,
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

fn scan_plain(bytes: &[u8], delimiter: u8, fields: usize) -> Scan {
    let mut scan = Scan {
        end: 0,
        rows: 0,
        regular: true,
        open_quote: false,
    };
    for at in memchr_iter(b'\n', bytes) {
        let line = &bytes[scan.end..at];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let delimiters = line.iter().filter(|&&byte| byte == delimiter).count();
        scan.regular &= delimiters + 1 == fields && !is_blank(line.len(), delimiters);
        scan.rows += 1;
        scan.end = at + 1;
    }
    scan
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
    let mut scan = Scan {
        end: 0,
        rows: 0,
        regular: true,
        open_quote: false,
    };
    let mut at = At::FieldStart;
    let mut delimiters = 0;
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        at = match (at, byte) {
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) => match memchr(b'"', &bytes[index..]) {
                Some(skip) => {
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
                scan.rows += 1;
                scan.end = index + 1;
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
    scan
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
        assert!(regular("\"a\";\"b;\n\";\"\"\"c\"\r\n"));
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
        ] {
            assert!(!regular(text), "{text:?}");
        }
        let found = scan(b"a;\"b\nc\";d\n1;\"2", b';', 3);
        assert_eq!((found.end, found.rows, found.open_quote), (10, 1, true));
        let found = scan(b"a;\"\"\"\";c\n", b';', 3);
        assert_eq!((found.end, found.rows, found.regular), (9, 1, true));
    }
}
