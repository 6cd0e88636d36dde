//! Tests of the data room.

#![allow(clippy::unwrap_used)]

mod conditions;
mod ids;
mod numbers;
mod output;
mod profiles;
mod reading;
mod typed;
mod whole;

use fip::data::{CsvFile, ReadOptions, Table, open_bytes};
use fip::error::{Error, Kind, Result};

fn file(text: impl AsRef<[u8]>) -> Result<CsvFile> {
    open_bytes("f.csv", text.as_ref().to_vec(), &ReadOptions::default())
}

fn table(text: impl AsRef<[u8]>) -> Table {
    file(text).and_then(|file| file.read_all()).unwrap()
}

/// The error of opening or reading.
fn refused(text: impl AsRef<[u8]>) -> Error {
    file(text).and_then(|file| file.read_all()).unwrap_err()
}

/// All cells of a table, as they stand in the file.
fn cells(table: &Table) -> Vec<Vec<String>> {
    let columns: Vec<_> = table
        .columns()
        .map(|name| table.text(name).unwrap())
        .collect();
    (0..table.rows())
        .map(|row| {
            columns
                .iter()
                .map(|text| text.get(row).to_string())
                .collect()
        })
        .collect()
}

/// An error says where, and what to do.
#[track_caller]
fn check(error: &Error, row: Option<u64>, message: &str) {
    assert!(error.message().contains(message), "{error}");
    assert_eq!(error.place().row, row, "{error}");
    assert_eq!(error.place().file.as_deref(), Some("f.csv"), "{error}");
    assert!(error.hint_text().is_some(), "{error}");
    assert_eq!(error.kind(), Kind::Data, "{error}");
}
