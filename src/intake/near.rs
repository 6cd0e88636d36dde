//! Values of arms and strata that differ by case or white space only: one value, or two, which nobody knows.

use std::collections::BTreeMap;

use crate::data::Table;
use crate::error::{Error, Result};

/// Refuses a column of arms or strata in which two values differ by case or white space only.
pub fn refuse_near_values(table: &Table, column: &str) -> Result<()> {
    let text = table.text(column)?;
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for row in 0..text.len() {
        counts.entry(text.key(row)).or_insert((row, 0)).1 += 1;
    }
    let mut near: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for value in counts.keys() {
        let words: Vec<&str> = value.split_whitespace().collect();
        near.entry(words.join(" ").to_lowercase())
            .or_default()
            .push(value);
    }
    let Some(same) = near.into_values().find(|values| values.len() > 1) else {
        return Ok(());
    };
    let listed: Vec<String> = same
        .iter()
        .map(|value| format!("'{value}' ({})", counts[value].1))
        .collect();
    let rarest = same.iter().min_by_key(|value| counts[*value].1);
    let row = rarest.map_or(0, |value| counts[value].0);
    Err(Error::data(format!(
        "values that differ by case or spaces only: {}; are they one?",
        listed.join(", ")
    ))
    .file(table.file())
    .row(table.row_number(row))
    .column(column)
    .hint("write them the same way in the file, or give them names that differ"))
}
