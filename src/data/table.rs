//! A table of columns from one file.

use std::borrow::Cow;

use super::cells::{Cells, Dictionary, NumberCells, Want};
use super::decision::{Decision, Evidence, Seen};
use super::header::no_such_column;
use super::missing::MissingCodes;
use super::number::{Reading, read_number};
use super::rows::Rows;
use super::text::Text;
use crate::columns::Decimal;
use crate::error::{Error, Result};

/// A column as it was read.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub name: String,
    pub want: Want,
    pub cells: Cells,
}

/// Columns of one file, row for row. Typed columns are asked from it by name.
#[derive(Debug, Clone)]
pub struct Table {
    pub(super) file: String,
    pub(super) rows: Rows,
    pub(super) skipped: u64,
    pub(super) sha256: String,
    pub(super) columns: Vec<Column>,
    pub(super) missing: MissingCodes,
    pub(super) decision: Decision,
}

impl Table {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The row of the file, as a spreadsheet numbers it, that a row of this table was.
    pub fn row_number(&self, row: usize) -> u64 {
        self.rows.number(row)
    }

    /// Blank lines that were passed over, those that a spreadsheet shows as empty rows.
    pub fn blank_rows(&self) -> u64 {
        self.skipped
    }

    /// The file's name as it was given.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// SHA-256 of the file's bytes, in lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The file's decimal sign, where its numbers (or the user) decide on one.
    pub fn decimal(&self) -> Option<Decimal> {
        self.decision.decimal()
    }

    /// The names of the columns read, in the file's order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.columns().any(|column| column == name)
    }

    pub(super) fn column(&self, name: &str) -> Result<&Column> {
        self.columns
            .iter()
            .find(|column| column.name == name)
            .ok_or_else(|| {
                let names: Vec<String> = self.columns().map(str::to_string).collect();
                no_such_column(name, &names).file(&self.file)
            })
    }

    /// The cells of a column exactly as they stand in the file.
    pub fn text(&self, name: &str) -> Result<Cow<'_, Text>> {
        match &self.column(name)?.cells {
            Cells::Text(text) => Ok(Cow::Borrowed(text)),
            Cells::Dictionary(dictionary) => Ok(Cow::Owned(dictionary.iter().collect())),
            Cells::Numbers(_) => Err(self.only_numbers(name)),
        }
    }

    /// The texts of a column as a dictionary.
    pub(super) fn dictionary(&self, name: &str) -> Result<Cow<'_, Dictionary>> {
        match &self.column(name)?.cells {
            Cells::Dictionary(dictionary) => Ok(Cow::Borrowed(dictionary)),
            Cells::Text(text) => {
                let mut dictionary = Dictionary::default();
                for value in text.iter() {
                    dictionary.push(value);
                }
                Ok(Cow::Owned(dictionary))
            }
            Cells::Numbers(_) => Err(self.only_numbers(name)),
        }
    }

    fn only_numbers(&self, name: &str) -> Error {
        Error::internal("a column was read as numbers and is now needed as text")
            .file(&self.file)
            .column(name)
    }

    /// Per row, whether the cell is missing.
    pub fn missing(&self, name: &str) -> Result<Vec<bool>> {
        let is_missing = |text: &str| self.missing.is_missing(text.trim());
        Ok(match &self.column(name)?.cells {
            Cells::Numbers(numbers) => {
                let values = numbers.values().iter();
                values
                    .map(|v| v.is_nan() && !NumberCells::is_bad(*v))
                    .collect()
            }
            Cells::Dictionary(dictionary) => {
                let texts: Vec<bool> = dictionary.texts().iter().map(|t| is_missing(t)).collect();
                let codes = dictionary.codes().iter();
                codes.map(|&code| texts[code as usize]).collect()
            }
            Cells::Text(text) => text.iter().map(is_missing).collect(),
        })
    }

    pub fn missing_count(&self, name: &str) -> Result<usize> {
        Ok(self
            .missing(name)?
            .iter()
            .filter(|missing| **missing)
            .count())
    }

    /// The missing codes that this table was read with.
    pub fn missing_codes(&self) -> &MissingCodes {
        &self.missing
    }

    /// Only the rows flagged, which keep their row numbers.
    ///
    /// # Errors
    /// Internal, when there is not one flag per row.
    pub fn retain(self, keep: &[bool]) -> Result<Table> {
        if keep.len() != self.rows() {
            return Err(Error::internal(
                "a selection of rows has another length than the table",
            ));
        }
        if keep.iter().all(|keep| *keep) {
            return Ok(self);
        }
        Ok(Table {
            rows: self.rows.retain(keep),
            columns: self
                .columns
                .into_iter()
                .map(|column| Column {
                    cells: column.cells.retain(keep),
                    ..column
                })
                .collect(),
            ..self
        })
    }
}

/// What columns together say about the decimal sign, and whether any has a cell with two readings.
pub(super) fn weigh(columns: &[Column], rows: &Rows, codes: &MissingCodes) -> (Decision, bool) {
    let voters: Vec<(&str, Evidence)> = columns
        .iter()
        .filter_map(|column| Some((column.name.as_str(), vote(column, rows, codes)?)))
        .collect();
    let open = voters.iter().any(|(_, evidence)| evidence.either.is_some());
    let decision = Decision::from_evidence(voters.iter().map(|(name, e)| (*name, e)));
    (decision, open)
}

/// A column's evidence, if it has a say.
fn vote(column: &Column, rows: &Rows, codes: &MissingCodes) -> Option<Evidence> {
    match (&column.cells, column.want) {
        (Cells::Numbers(numbers), _) => numbers.all_numbers().then(|| numbers.evidence.clone()),
        (Cells::Dictionary(_) | Cells::Text(_), Want::Auto) => {
            evidence_in(&column.cells, rows, codes)
        }
        _ => None,
    }
}

/// What the texts of a column say about the decimal sign; `None` if one of them is not a number.
pub(super) fn evidence_in(cells: &Cells, rows: &Rows, codes: &MissingCodes) -> Option<Evidence> {
    let mut evidence = Evidence::default();
    let reading_of = |text: &str| match codes.is_missing(text) {
        true => Some(Reading::Same(0.0)),
        false => Some(read_number(text)).filter(|reading| *reading != Reading::No),
    };
    match cells {
        Cells::Numbers(numbers) => return Some(numbers.evidence.clone()),
        Cells::Text(text) => {
            for (index, value) in text.iter().enumerate() {
                let value = value.trim();
                match reading_of(value)? {
                    Reading::Same(_) => {}
                    reading => evidence.note(rows.number(index), value, reading),
                }
            }
        }
        Cells::Dictionary(dictionary) => {
            for (text, first) in dictionary.texts().iter().zip(dictionary.first_rows()) {
                let (Some(index), text) = (first, text.trim()) else {
                    continue;
                };
                match reading_of(text)? {
                    Reading::Same(_) => {}
                    reading => evidence.note(rows.number(index), text, reading),
                }
            }
        }
    }
    Some(evidence)
}

/// Where two cells contradict each other.
pub(super) fn show(column: &str, seen: &Seen) -> String {
    format!("'{}' in column '{column}', row {}", seen.value, seen.row)
}
