//! Conditions as they are written: `where`, `received` and `exclude`, as SQL expressions. What they
//! say about the rows of a table is up to the room that has tables.

// Evaluated over tables only, which are not there without files.
#![cfg_attr(not(feature = "files"), allow(dead_code))]

pub(crate) mod parse;

use crate::error::{Error, Result, nearest};
use parse::{Name, Term};

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
    pub(crate) terms: Vec<Term>,
    pub(crate) names: Vec<Name>,
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
}
