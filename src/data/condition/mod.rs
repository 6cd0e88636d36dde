//! What a condition says about every row of a table.

mod compare;
mod eval;

use super::cells::Want;
use super::table::Table;
use crate::condition::Condition;
use crate::error::Result;

/// Whether a condition holds for a row: SQL's three values, of which the third is that a missing
/// value leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    False,
    True,
    Unknown,
}

impl Verdict {
    fn not(self) -> Self {
        match self {
            Verdict::False => Verdict::True,
            Verdict::True => Verdict::False,
            Verdict::Unknown => Verdict::Unknown,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Verdict::False, _) | (_, Verdict::False) => Verdict::False,
            (Verdict::True, Verdict::True) => Verdict::True,
            _ => Verdict::Unknown,
        }
    }

    fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

impl From<bool> for Verdict {
    fn from(value: bool) -> Self {
        match value {
            true => Verdict::True,
            false => Verdict::False,
        }
    }
}

/// The place of a term that does not hold, where all do.
const HOLDS: u16 = u16::MAX;

impl Condition {
    /// The columns it looks at, as [`super::CsvFile::read`] wants them.
    pub fn wants(&self) -> Vec<(&str, Want)> {
        self.columns().map(|name| (name, Want::Auto)).collect()
    }

    /// Judges every row.
    ///
    /// # Errors
    /// A column that is not there, or has a value that does not fit the comparison.
    pub fn evaluate(&self, table: &Table) -> Result<Verdicts> {
        let mut values = vec![Verdict::True; table.rows()];
        let mut first = vec![HOLDS; table.rows()];
        let mut reasons = Vec::with_capacity(self.terms.len());
        for (at, term) in (0..).zip(&self.terms) {
            let mut reason = Reason {
                text: term.text.clone(),
                failed: 0,
                missing: 0,
            };
            let verdicts = eval::truth(&term.node, table, self.names.as_slice())?;
            for ((value, first), verdict) in values.iter_mut().zip(&mut first).zip(verdicts) {
                if verdict != Verdict::True && *first == HOLDS {
                    *first = at;
                    match verdict {
                        Verdict::Unknown => reason.missing += 1,
                        _ => reason.failed += 1,
                    }
                }
                *value = value.and(verdict);
            }
            reasons.push(reason);
        }
        Ok(Verdicts {
            values,
            first,
            reasons,
        })
    }
}

/// How often a term of a condition is the first that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The term, as SQL.
    pub text: String,
    /// Rows for which it is false.
    pub failed: u64,
    /// Rows for which a missing value leaves it open.
    pub missing: u64,
}

impl Reason {
    /// The reasons for exclusion with their counts: the term, and the term `(missing)`.
    pub fn counts(&self) -> impl Iterator<Item = (String, u64)> {
        [
            (self.text.clone(), self.failed),
            (format!("{} (missing)", self.text), self.missing),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
    }
}

/// What a condition says about every row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdicts {
    values: Vec<Verdict>,
    first: Vec<u16>,
    reasons: Vec<Reason>,
}

impl Verdicts {
    pub fn values(&self) -> &[Verdict] {
        &self.values
    }

    /// Per row, whether the condition is true; false and unknown are not.
    pub fn holds(&self) -> Vec<bool> {
        self.values.iter().map(|v| *v == Verdict::True).collect()
    }

    pub fn count(&self, verdict: Verdict) -> usize {
        self.values
            .iter()
            .filter(|value| **value == verdict)
            .count()
    }

    /// The terms joined by `AND`, each with the rows of which it is the first that does not hold:
    /// together, all rows for which the condition is not true.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// The first term that does not hold for a row.
    pub fn first_failed(&self, row: usize) -> Option<&Reason> {
        let at = *self.first.get(row)?;
        self.reasons.get(usize::from(at))
    }
}
