//! How a column is kept while a file is read: as numbers, as a dictionary, or as text.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use super::decision::{Evidence, Seen};
use super::missing::MissingCodes;
use super::number::{Reading, read_number};
use super::restate::is_dash;
use super::text::Text;
use super::tokens;
use crate::columns::Decimal;

/// How a column will be used, which decides how compactly it can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Not known yet. Keeps every cell's text, as a dictionary while there are few different ones,
    /// and can be asked for any type. Its numbers have a say in the file's decimal sign.
    Auto,
    /// Only as numbers: eight bytes per cell.
    Numeric,
    /// As levels of a category, an arm, a yes or no: four bytes per cell.
    Levels,
    /// As text exactly as it stands in the file: ids.
    Text,
}

impl Want {
    /// One way of keeping a column that two uses can share.
    pub(super) fn both(self, other: Want) -> Want {
        match (self, other) {
            (a, b) if a == b => a,
            (Want::Text, _) | (_, Want::Text) => Want::Text,
            _ => Want::Auto,
        }
    }
}

/// With more different texts than this, a column of unknown use is kept as text.
const DICTIONARY_LIMIT: usize = 1 << 14;

/// The cells of one column.
#[derive(Debug, Clone)]
pub(super) enum Cells {
    Numbers(NumberCells),
    Dictionary(Dictionary),
    Text(Text),
}

impl Cells {
    /// Only the rows flagged, in place where the storage allows.
    pub fn retain(self, keep: &[bool]) -> Cells {
        match self {
            Cells::Numbers(mut cells) => {
                retain(Arc::make_mut(&mut cells.values), keep);
                Cells::Numbers(cells)
            }
            Cells::Dictionary(mut cells) => {
                retain(&mut cells.codes, keep);
                Cells::Dictionary(cells)
            }
            Cells::Text(text) => Cells::Text(text.retain(keep)),
        }
    }
}

fn retain<T>(values: &mut Vec<T>, keep: &[bool]) {
    let mut row = 0;
    values.retain(|_| {
        row += 1;
        keep.get(row - 1) == Some(&true)
    });
    values.shrink_to_fit();
}

/// The NaN that marks a cell which is neither missing nor a number.
const BAD: u64 = 0x7ff8_0000_0000_0bad;

/// So many bad cells are remembered by their text.
const BAD_TEXTS: usize = 100;

/// A column read as numbers only.
#[derive(Debug, Clone, Default)]
pub(super) struct NumberCells {
    /// NaN is missing, one particular NaN a bad cell. Shared with the columns that are made of it.
    values: Arc<Vec<f64>>,
    /// Cells with two readings, kept as their decimal reading until the file decides.
    open_point: Vec<u32>,
    open_comma: Vec<u32>,
    pub evidence: Evidence,
    bad_texts: Vec<Seen>,
    /// Cells with a dash that counts as missing.
    dashes: u64,
}

impl NumberCells {
    /// Adds the cells of a block's column. With a decimal sign known beforehand, only that reading
    /// counts.
    fn extend(
        &mut self,
        block: &tokens::Cells,
        at: usize,
        first_row: u64,
        codes: &MissingCodes,
        known: Option<Decimal>,
    ) {
        let mut values = std::mem::take(Arc::make_mut(&mut self.values));
        block.visit(at, first_row, |row, text| {
            let value = self.read(trim(text), (row, values.len()), codes, known);
            values.push(value);
        });
        *Arc::make_mut(&mut self.values) = values;
    }

    /// A cell by its spreadsheet row and its place in the column.
    fn read(
        &mut self,
        text: &str,
        (row, place): (u64, usize),
        codes: &MissingCodes,
        known: Option<Decimal>,
    ) -> f64 {
        if text.is_empty() || (codes.any_number() && codes.is_missing(text)) {
            self.dashes += u64::from(is_dash(text));
            return f64::NAN;
        }
        let reading = read_number(text);
        if let Reading::Same(value) = reading {
            return value;
        }
        if reading == Reading::No && codes.is_missing(text) {
            self.dashes += u64::from(is_dash(text));
            return f64::NAN;
        }
        if known.is_none() {
            self.evidence.note(row, text, reading);
        }
        match (reading, known) {
            (Reading::Only(_, value), None) => value,
            (Reading::Either { point, comma }, None) => {
                // Fewer rows than u32::MAX are read: the reader sees to that.
                let index = place as u32;
                if text.contains('.') {
                    self.open_point.push(index);
                    point
                } else {
                    self.open_comma.push(index);
                    comma
                }
            }
            (reading, known) => match known.and_then(|decimal| reading.under(decimal)) {
                Some(value) => value,
                None => {
                    if self.bad_texts.len() < BAD_TEXTS {
                        self.bad_texts.push(Seen {
                            row,
                            value: text.to_string(),
                        });
                    }
                    f64::from_bits(BAD)
                }
            },
        }
    }

    /// Gives the cells with two readings the one that the file decided on.
    pub fn settle(&mut self, decimal: Option<Decimal>) {
        let grouped = match decimal {
            Some(Decimal::Comma) => &self.open_point,
            Some(Decimal::Point) => &self.open_comma,
            None => return,
        };
        let values = Arc::make_mut(&mut self.values);
        for &index in grouped {
            // One to three digits before the sign and three after: at most six digits, so the
            // nearest whole number is the exact one.
            let value = &mut values[index as usize];
            *value = (*value * 1000.0).round();
        }
        self.open_point = Vec::new();
        self.open_comma = Vec::new();
    }

    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The values without a copy.
    pub fn shared(&self) -> Arc<Vec<f64>> {
        Arc::clone(&self.values)
    }

    /// Cells with a dash that counts as missing.
    pub fn dashes(&self) -> u64 {
        self.dashes
    }

    /// Whether every cell that is not missing is a number.
    pub fn all_numbers(&self) -> bool {
        self.bad_texts.is_empty()
    }

    /// Tells a bad cell from a missing one.
    pub fn is_bad(value: f64) -> bool {
        value.to_bits() == BAD
    }

    /// The first bad cell: its index, its text if remembered under its spreadsheet row, and how
    /// many bad cells there are.
    pub fn first_bad(&self, row_of: impl Fn(usize) -> u64) -> Option<(usize, String, usize)> {
        if self.bad_texts.is_empty() {
            return None;
        }
        let index = self.values.iter().position(|value| Self::is_bad(*value))?;
        let row = row_of(index);
        let text = self.bad_texts.iter().find(|seen| seen.row == row);
        let count = self
            .values
            .iter()
            .filter(|value| Self::is_bad(**value))
            .count();
        Some((
            index,
            text.map(|seen| seen.value.clone()).unwrap_or_default(),
            count,
        ))
    }
}

/// `str::trim`, quick for what needs none.
fn trim(text: &str) -> &str {
    let plain = |byte: &u8| byte.is_ascii_graphic();
    match text.as_bytes() {
        [first, .., last] if plain(first) && plain(last) => text,
        [only] if plain(only) => text,
        _ => text.trim(),
    }
}

type FixedState = BuildHasherDefault<DefaultHasher>;

/// A column as the different texts in it (as they stand in the file, in order of appearance) and
/// a code per row.
#[derive(Debug, Clone, Default)]
pub(super) struct Dictionary {
    texts: Vec<String>,
    codes: Vec<u32>,
    lookup: HashMap<String, u32, FixedState>,
    /// A small cache in front of the lookup: columns repeat themselves.
    recent: Vec<u32>,
}

impl Dictionary {
    pub fn push(&mut self, text: &str) {
        if self.recent.is_empty() {
            self.recent = vec![u32::MAX; 256];
        }
        let slot = match text.as_bytes() {
            [] => 0,
            [first, .., last] => {
                usize::from(first.wrapping_mul(31) ^ last.wrapping_mul(7)) ^ (text.len() & 15)
            }
            [only] => usize::from(*only),
        };
        let guess = self.recent[slot];
        if self.texts.get(guess as usize).is_some_and(|t| t == text) {
            self.codes.push(guess);
            return;
        }
        let code = match self.lookup.get(text) {
            Some(&code) => code,
            None => {
                let code = self.texts.len() as u32;
                self.texts.push(text.to_string());
                self.lookup.insert(text.to_string(), code);
                code
            }
        };
        self.recent[slot] = code;
        self.codes.push(code);
    }

    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// Per text, the first row that has it; a selection of rows may have left none.
    pub fn first_rows(&self) -> Vec<Option<usize>> {
        let mut first = vec![None; self.texts.len()];
        for (row, &code) in self.codes.iter().enumerate() {
            let place = &mut first[code as usize];
            if place.is_none() {
                *place = Some(row);
            }
        }
        first
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.codes
            .iter()
            .map(|&code| self.texts[code as usize].as_str())
    }

    fn finish(&mut self) {
        self.lookup = HashMap::default();
        self.recent = Vec::new();
        self.codes.shrink_to_fit();
    }
}

/// Collects one column while a file is read.
#[derive(Debug)]
pub(super) struct Collector {
    cells: Cells,
    want: Want,
}

impl Collector {
    pub fn new(want: Want) -> Self {
        let cells = match want {
            Want::Numeric => Cells::Numbers(NumberCells::default()),
            Want::Auto | Want::Levels => Cells::Dictionary(Dictionary::default()),
            Want::Text => Cells::Text(Text::new()),
        };
        Collector { cells, want }
    }

    /// Adds the cells of a block's column; `first_row` is the block's.
    pub fn extend(
        &mut self,
        block: &tokens::Cells,
        at: usize,
        first_row: u64,
        codes: &MissingCodes,
        known: Option<Decimal>,
    ) {
        match &mut self.cells {
            Cells::Numbers(numbers) => numbers.extend(block, at, first_row, codes, known),
            Cells::Text(all) => block.visit(at, first_row, |_, text| all.push(text)),
            Cells::Dictionary(dictionary) => {
                block.visit(at, first_row, |_, text| dictionary.push(text));
                if self.want == Want::Auto && dictionary.texts.len() > DICTIONARY_LIMIT {
                    self.cells = Cells::Text(dictionary.iter().collect());
                }
            }
        }
    }

    pub fn finish(mut self) -> Cells {
        match &mut self.cells {
            Cells::Numbers(numbers) => Arc::make_mut(&mut numbers.values).shrink_to_fit(),
            Cells::Dictionary(dictionary) => dictionary.finish(),
            Cells::Text(text) => text.shrink(),
        }
        self.cells
    }
}
