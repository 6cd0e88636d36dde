//! Cells of an outcome of which nobody has said what they stand for: asked, never guessed.

use crate::columns::{Measured, Values};
use crate::data::Table;
use crate::error::{Error, Result};

/// Codes that stand beside 0 and 1 for no answer, as survey and office programs write them.
const BESIDE_YES_NO: [f64; 9] = [-1.0, -2.0, -8.0, -9.0, 8.0, 9.0, 98.0, 99.0, 999.0];

/// Refuses an outcome that may well be another than it seems, until it is said what its cells stand for:
/// one mark and blanks or dashes; dashes among amounts; 0 and 1 with a code; one value, and no row at all for
/// others (`absent` people).
pub(super) fn refuse_unsaid_cells(table: &Table, outcome: &Measured, absent: u64) -> Result<()> {
    let name = outcome.name();
    let said = &outcome.spec.cells;
    let asked = |message: String, hint: String| {
        Err(Error::data(message)
            .file(table.file())
            .column(name)
            .hint(hint))
    };
    let (blanks, dashes) = match table.has(name) {
        true => table.blanks_and_dashes(name)?,
        false => (0, 0),
    };
    let ask = |key: &str, value: &str| {
        format!(
            "say so under [[outcome]]: {key} = \"{value}\", or {key} = \"missing\" if nothing is known (or --{key} {name}={value})"
        )
    };
    if let Some(value) = one_value(&outcome.values) {
        let no = if value.parse::<f64>().is_ok() {
            "0"
        } else {
            "no"
        };
        if blanks > 0 && said.blank.is_none() {
            return asked(
                format!(
                    "everybody has '{value}' or nothing ({blanks} empty cells): does an empty cell mean no?"
                ),
                ask("blank", no),
            );
        }
        if dashes > 0 && said.dash.is_none() {
            return asked(
                format!(
                    "everybody has '{value}' or a dash ({dashes} of them): does a dash mean no?"
                ),
                ask("dash", no),
            );
        }
        if absent > 0 && said.blank.is_none() && blanks + dashes == 0 {
            return asked(
                format!("everybody in this file has '{value}', and {absent} people of the allocation are not in it: does their absence mean no?"),
                "give everybody a row, with a 0 for who is not in this export, or leave this outcome out: nothing can be compared as it stands".to_string(),
            );
        }
    }
    let Values::Numeric(numbers) = &outcome.values else {
        return Ok(());
    };
    if dashes > 0 && said.dash.is_none() {
        return asked(
            format!(
                "{dashes} cells have a dash among numbers: is it zero, as Excel writes it, or unknown?"
            ),
            ask("dash", "0"),
        );
    }
    if !outcome.guessed {
        return Ok(());
    }
    let mut distinct: Vec<f64> = Vec::new();
    for value in numbers.iter().flatten() {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
        if distinct.len() > 3 {
            return Ok(());
        }
    }
    distinct.sort_by(f64::total_cmp);
    let other = distinct.iter().find(|value| BESIDE_YES_NO.contains(value));
    match (other, distinct.contains(&0.0) && distinct.contains(&1.0)) {
        (Some(code), true) if distinct.len() == 3 => {
            let times = numbers
                .iter()
                .flatten()
                .filter(|value| value == code)
                .count();
            asked(
                format!(
                    "the values are 0, 1 and {code} ({times} times): is {code} a code for missing?"
                ),
                format!(
                    "say so under [[outcome]]: missing = [\"{code}\"] (or --codes {name}={code}), or kind = \"numeric\" if it is a number"
                ),
            )
        }
        _ => Ok(()),
    }
}

/// The only value that anybody has.
fn one_value(values: &Values) -> Option<String> {
    match values {
        Values::Numeric(numbers) => {
            let mut known = numbers.iter().flatten();
            let first = known.next()?;
            known.all(|value| value == first).then(|| first.to_string())
        }
        Values::Binary(truths) => {
            let mut known = truths.iter().flatten();
            let first = known.next()?;
            known
                .all(|value| value == first)
                .then(|| truths.labels()[usize::from(first)].clone())
        }
        Values::Levels(levels) => {
            let counts = levels.counts();
            let mut used = (0..counts.len()).filter(|&level| counts[level] > 0);
            let first = used.next()?;
            used.next()
                .is_none()
                .then(|| levels.levels()[first].clone())
        }
    }
}
