//! Conditions over a table: `where`, `received` and `exclude`, written as SQL expressions.

mod compare;
mod eval;
mod parse;

use super::cells::Want;
use super::table::Table;
use crate::error::{Error, Result, nearest};
use parse::{Name, Term};

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

/// An SQL expression that is true, false or unknown for every row of a table.
///
/// `AND`, `OR`, `NOT`; `= <> != < <= > >=`, `BETWEEN`, `IN (…)`, `LIKE`, `ILIKE`, `IS [NOT] NULL`,
/// `IS [NOT] TRUE`; `+ - * /`; `LOWER`, `UPPER`, `TRIM`, `LENGTH`, `ABS`, `COALESCE`; numbers with
/// a decimal point, texts between single quotes, names bare or between double quotes or
/// backticks. A name on its own is a yes-or-no column. A column compared with a number is read as
/// numbers; compared with a text it is text without surrounding white space, or dates if the text
/// is a date and the column has dates. A missing value makes a comparison unknown.
#[derive(Debug, Clone)]
pub struct Condition {
    source: String,
    terms: Vec<Term>,
    names: Vec<Name>,
}

impl Condition {
    /// Reads an expression.
    ///
    /// # Errors
    /// Usage: it is not an expression, or uses what is not supported.
    pub fn parse(source: &str) -> Result<Self> {
        let (terms, names) = parse::parse(source)?;
        Ok(Condition {
            source: source.trim().to_string(),
            terms,
            names,
        })
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The columns it looks at.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| name.name.as_str())
    }

    /// The columns it looks at, as [`super::CsvFile::read`] wants them.
    pub fn wants(&self) -> Vec<(&str, Want)> {
        self.columns().map(|name| (name, Want::Auto)).collect()
    }

    /// Checks that a file has all its columns.
    pub fn check(&self, header: &[String]) -> Result<()> {
        for Name { name, quoted } in &self.names {
            if header.contains(name) {
                continue;
            }
            let near = match nearest(name, header.iter().map(String::as_str)) {
                Some(near) => format!("did you mean '{near}'?"),
                None => format!("the columns are: {}", header.join(", ")),
            };
            let hint = match quoted {
                true => format!("a text takes single quotes: '{name}'; as a column, {near}"),
                false => near,
            };
            return Err(Error::data(format!(
                "there is no column '{name}', which the condition \"{}\" needs",
                self.source
            ))
            .hint(hint));
        }
        Ok(())
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

const HOLDS: u16 = u16::MAX;

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
