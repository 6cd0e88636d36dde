//! Regular records into fields: where each wanted cell stands in the text.

use memchr::{memchr, memchr2};

/// A cell's place in its piece of text, without quotes around it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Span {
    start: u32,
    /// The end, and in the highest bit whether quotes inside are doubled.
    end: u32,
}

const DOUBLED: u32 = 1 << 31;

/// Some records with the places of their wanted cells, column by column.
pub(super) struct Piece<'a> {
    text: &'a str,
    rows: usize,
    spans: Vec<Span>,
}

/// How records are taken apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split<'a> {
    pub delimiter: u8,
    /// Fields per record.
    pub fields: usize,
    /// Wanted fields, ascending.
    pub wanted: &'a [usize],
}

impl<'a> Piece<'a> {
    /// Takes `rows` whole records apart; `None` for text that is not as regular as that: records
    /// with other numbers of fields, quotes that are not around a field.
    pub fn new(text: &'a str, rows: usize, split: Split<'_>) -> Option<Self> {
        if text.len() >= DOUBLED as usize {
            return None;
        }
        let mut taker = Taker {
            split,
            rows,
            spans: vec![Span::default(); rows * split.wanted.len()],
            row: 0,
            field: 0,
            next: 0,
        };
        let whole = match memchr(b'"', text.as_bytes()) {
            None => taker.plain(text.as_bytes()),
            Some(_) => taker.quoted(text.as_bytes()),
        };
        whole?;
        (taker.row == rows && taker.field == 0).then_some(Piece {
            text,
            rows,
            spans: taker.spans,
        })
    }

    /// Visits the cells of the wanted column in this place.
    pub fn visit(&self, at: usize, mut f: impl FnMut(&str)) {
        for span in self.spans.iter().skip(at * self.rows).take(self.rows) {
            let text = &self.text[span.start as usize..(span.end & !DOUBLED) as usize];
            if span.end & DOUBLED == 0 {
                f(text);
            } else {
                f(&text.replace("\"\"", "\""));
            }
        }
    }
}

struct Taker<'a> {
    split: Split<'a>,
    rows: usize,
    spans: Vec<Span>,
    row: usize,
    field: usize,
    /// The place of the next wanted field.
    next: usize,
}

impl Taker<'_> {
    /// Takes a field; at the end of a record, `last`, the next field is another's first.
    #[inline]
    fn field(&mut self, start: usize, end: u32, last: bool) -> Option<()> {
        if self.split.wanted.get(self.next) == Some(&self.field) {
            *self.spans.get_mut(self.next * self.rows + self.row)? = Span {
                // The text is shorter than 2^31.
                start: start as u32,
                end,
            };
            self.next += 1;
        }
        self.field += 1;
        if last {
            if self.field != self.split.fields || self.row == self.rows {
                return None;
            }
            self.row += 1;
            self.field = 0;
            self.next = 0;
        }
        Some(())
    }

    /// Records without quotes.
    fn plain(&mut self, bytes: &[u8]) -> Option<()> {
        let mut start = 0;
        for (at, block) in (0..).step_by(BLOCK).zip(bytes.chunks(BLOCK)) {
            let mut ends = ends(block, self.split.delimiter);
            while ends != 0 {
                let end = at + ends.trailing_zeros() as usize;
                ends &= ends - 1;
                let last = bytes[end] == b'\n';
                let cell = end - usize::from(last && end > start && bytes[end - 1] == b'\r');
                self.field(start, cell as u32, last)?;
                start = end + 1;
            }
        }
        (start == bytes.len()).then_some(())
    }

    /// Records some of whose fields are between quotes.
    fn quoted(&mut self, bytes: &[u8]) -> Option<()> {
        let mut start = 0;
        while start < bytes.len() {
            let (cell_start, cell_end, end) = match bytes[start] {
                b'"' => {
                    let (close, doubled) = closing_quote(bytes, start + 1)?;
                    let end = match &bytes[close + 1..] {
                        [b'\r', b'\n', ..] => close + 2,
                        _ => close + 1,
                    };
                    let mark = if doubled { DOUBLED } else { 0 };
                    (start + 1, close as u32 | mark, end)
                }
                _ => {
                    let end = start + memchr2(self.split.delimiter, b'\n', &bytes[start..])?;
                    let returns = bytes[end] == b'\n' && end > start && bytes[end - 1] == b'\r';
                    let cell_end = end - usize::from(returns);
                    if memchr(b'"', &bytes[start..cell_end]).is_some() {
                        return None;
                    }
                    (start, cell_end as u32, end)
                }
            };
            let last = match bytes.get(end)? {
                b'\n' => true,
                other if *other == self.split.delimiter => false,
                _ => return None,
            };
            self.field(cell_start, cell_end, last)?;
            start = end + 1;
        }
        Some(())
    }
}

/// The quote that closes a field which starts at `from`, and whether quotes in it are doubled.
fn closing_quote(bytes: &[u8], from: usize) -> Option<(usize, bool)> {
    let mut at = from;
    let mut doubled = false;
    loop {
        at += memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some((at, doubled));
        }
        doubled = true;
        at += 2;
    }
}

/// Bytes looked at together, one per bit of a word.
const BLOCK: usize = 64;

/// A bit for every delimiter and line feed among up to [`BLOCK`] bytes.
///
/// Eight bytes at a time as one number: a byte that equals the wanted one is zero after XOR, and
/// adding 0x7f to its low seven bits sets no high bit. The high bits are then gathered into eight
/// neighbouring ones by a product in which no two of them meet (Warren, Hacker's Delight, 2nd
/// ed., §6-1).
fn ends(block: &[u8], delimiter: u8) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    const ONES: u64 = 0x0101_0101_0101_0101;
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let equal = |word: u64, byte: u8| {
        let differs = word ^ ONES.wrapping_mul(u64::from(byte));
        !(((differs & LOW) + LOW) | differs | LOW)
    };
    let gathered = |bytes: [u8; 8]| {
        let word = u64::from_le_bytes(bytes);
        let found = equal(word, delimiter) | equal(word, b'\n');
        (found >> 7).wrapping_mul(GATHER) >> 56
    };
    let (words, rest) = block.as_chunks::<8>();
    let mut bits = 0;
    for (at, word) in words.iter().enumerate() {
        bits |= gathered(*word) << (8 * at);
    }
    if !rest.is_empty() {
        // What is missing of the last word is zero: no delimiter, no line feed.
        let mut padded = [0; 8];
        padded[..rest.len()].copy_from_slice(rest);
        bits |= gathered(padded) << (8 * words.len());
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str, wanted: &[usize]) -> Option<Vec<Vec<String>>> {
        let rows = memchr::memchr_iter(b'\n', text.as_bytes()).count();
        let split = Split {
            delimiter: b';',
            fields: 3,
            wanted,
        };
        let piece = Piece::new(text, rows, split)?;
        Some(
            (0..wanted.len())
                .map(|at| {
                    let mut column = Vec::new();
                    piece.visit(at, |text| column.push(text.to_string()));
                    column
                })
                .collect(),
        )
    }

    #[test]
    fn every_byte_in_every_place() {
        for byte in 0..=255u8 {
            for place in 0..BLOCK {
                let mut block = [b'x'; BLOCK];
                block[place] = byte;
                let wanted = u64::from(byte == b';' || byte == b'\n') << place;
                assert_eq!(ends(&block, b';'), wanted, "{byte} {place}");
            }
        }
        assert_eq!(ends(&[b';'; BLOCK], b';'), u64::MAX);
        assert_eq!(ends(b"a;b\nc", b';'), 0b01010);
        assert_eq!(ends(b"", b';'), 0);
    }

    #[test]
    fn plain_and_quoted() {
        let wanted = Some(vec![
            vec!["a".into(), "1".into()],
            vec!["\r".into(), "".into()],
        ]);
        assert_eq!(cells("a;b;\r\r\n1;2;\n", &[0, 2]), wanted);
        let wanted = Some(vec![
            vec!["a;\"b".into(), "x".into()],
            vec!["c\r".into(), "".into()],
        ]);
        assert_eq!(
            cells("\"a;\"\"b\";;\"c\r\"\r\nx;\"\";\r\n", &[0, 2]),
            wanted
        );
    }

    #[test]
    fn what_is_not_regular_is_left_to_others() {
        for text in [
            "a;b\n",
            "a;b;c;d\n",
            "a;b;c",
            "a;b\"x;c\n",
            "\"a\"x;b;c\n",
            "\"a\"\r;b;c\n",
            "\"a;b;c\n",
        ] {
            assert_eq!(cells(text, &[0, 1]), None, "{text:?}");
        }
    }
}
