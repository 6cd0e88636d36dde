//! Cells that stand for something else than they say: blanks, dashes and codes of one column.

use super::cells::{Cells, Dictionary};
use super::table::{Column, Table};
use crate::columns::Cells as Stated;
use crate::error::Result;

/// A dash as people and accounting formats write it, perhaps with the currency.
pub(super) fn is_dash(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || c == '€');
    matches!(bare, "-" | "–" | "—" | "−")
}

impl Table {
    /// One column as a table of its own, its cells in place of which others are stated.
    ///
    /// # Errors
    /// Internal, for a column that was read as numbers only.
    pub fn restated(&self, name: &str, stated: &Stated) -> Result<Table> {
        let meant = |value: &Option<String>| value.clone().filter(|value| value != Stated::UNKNOWN);
        let (blank, dash) = (meant(&stated.blank), meant(&stated.dash));
        let mut column = Dictionary::default();
        for text in self.text(name)?.iter() {
            let bare = text.trim();
            column.push(match (&blank, &dash) {
                (Some(value), _) if bare.is_empty() => value,
                (_, Some(value)) if is_dash(bare) => value,
                _ if stated.missing.iter().any(|code| code.trim() == bare) => "",
                _ => text,
            });
        }
        Ok(Table {
            columns: vec![Column {
                name: name.to_string(),
                want: self.column(name)?.want,
                cells: Cells::Dictionary(column),
            }],
            file: self.file.clone(),
            rows: self.rows.clone(),
            skipped: self.skipped,
            sha256: self.sha256.clone(),
            missing: self.missing.clone(),
            decision: self.decision.clone(),
        })
    }

    /// Cells of a column that count as missing since they are empty, and those that do for a dash.
    pub fn blanks_and_dashes(&self, name: &str) -> Result<(u64, u64)> {
        if let Cells::Numbers(numbers) = &self.column(name)?.cells {
            let missing = self.missing_count(name)? as u64;
            return Ok((missing.saturating_sub(numbers.dashes()), numbers.dashes()));
        }
        let mut found = (0, 0);
        for text in self.text(name)?.iter() {
            let bare = text.trim();
            found.0 += u64::from(bare.is_empty());
            found.1 += u64::from(is_dash(bare));
        }
        Ok(found)
    }
}
