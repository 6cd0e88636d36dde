//! The arithmetic behind a derived figure, written with references to printed cells:
//! `100 * ([n] - [2/still]) / [n]`.

use super::format::{CellRef, RowRef};
use super::printed::Decimal;

/// `+ − × ÷`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A formula over printed figures. Cells count as they are printed: 41,3 % is 41.3.
///
/// Of a cell with two numbers the first is meant: the count in `50 (41,3%)`, the mean
/// in `0.12 (0.33)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    Number(Decimal),
    Cell(CellRef),
    /// A row's cell for the group of the cell that is being computed.
    OwnCell(RowRef),
    /// The size of a group, by its index.
    GroupSize(usize),
    /// The size of the group of the cell that is being computed.
    OwnSize,
    /// The printed value of a claim, by its index.
    Claim(usize),
    Binary(Operator, Box<Expr>, Box<Expr>),
}

impl Expr {
    /// The formula of one cell of its row: `OwnCell` and `OwnSize` become those of `group`.
    pub fn for_group(&self, group: usize) -> Expr {
        match self {
            Expr::OwnCell(RowRef { table, row }) => Expr::Cell(CellRef {
                table: *table,
                row: *row,
                group,
            }),
            Expr::OwnSize => Expr::GroupSize(group),
            Expr::Binary(operator, left, right) => Expr::Binary(
                *operator,
                Box::new(left.for_group(group)),
                Box::new(right.for_group(group)),
            ),
            other => other.clone(),
        }
    }
}

/// A formula as written, its references not yet looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Parsed {
    Number(Decimal),
    Reference(String),
    Binary(Operator, Box<Parsed>, Box<Parsed>),
}

impl Parsed {
    /// Looks up every reference with `find`.
    pub(super) fn resolve<E>(
        &self,
        find: &mut impl FnMut(&str) -> Result<Expr, E>,
    ) -> Result<Expr, E> {
        Ok(match self {
            Parsed::Number(value) => Expr::Number(*value),
            Parsed::Reference(name) => find(name)?,
            Parsed::Binary(operator, left, right) => Expr::Binary(
                *operator,
                Box::new(left.resolve(find)?),
                Box::new(right.resolve(find)?),
            ),
        })
    }
}

/// Parses a formula. Numbers have a decimal point here, whatever the publication uses.
pub(super) fn parse(text: &str) -> Result<Parsed, String> {
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
    };
    let parsed = parser.sum()?;
    match parser.peek() {
        None => Ok(parsed),
        Some(c) => Err(format!("'{c}' was not expected in the formula '{text}'")),
    }
}

/// Brackets nest no deeper than this: a file from outside must not exhaust the stack.
const DEEPEST: usize = 32;

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn chain(
        &mut self,
        operators: [(char, Operator); 2],
        operand: fn(&mut Self) -> Result<Parsed, String>,
    ) -> Result<Parsed, String> {
        let mut left = operand(self)?;
        while let Some((_, operator)) = operators.iter().find(|(sign, _)| self.take(*sign)) {
            let right = operand(self)?;
            left = Parsed::Binary(*operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Parsed, String> {
        self.chain(
            [('+', Operator::Add), ('-', Operator::Subtract)],
            Self::product,
        )
    }

    fn product(&mut self) -> Result<Parsed, String> {
        self.chain(
            [('*', Operator::Multiply), ('/', Operator::Divide)],
            Self::atom,
        )
    }

    fn atom(&mut self) -> Result<Parsed, String> {
        if self.take('(') {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err("the formula nests too deeply".to_owned());
            }
            let inner = self.sum()?;
            self.depth -= 1;
            if !self.take(')') {
                return Err(format!("a ')' is missing in the formula '{}'", self.text));
            }
            return Ok(inner);
        }
        if self.take('[') {
            let rest = &self.text[self.at..];
            let end = rest
                .find(']')
                .ok_or_else(|| format!("a ']' is missing in the formula '{}'", self.text))?;
            self.at += end + 1;
            return Ok(Parsed::Reference(rest[..end].trim().to_owned()));
        }
        self.peek();
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let digits = &rest[..end];
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mantissa = format!("{whole}{fraction}").parse().map_err(|_| {
            format!(
                "a number, a [reference] or a '(' was expected at '{rest}' in the formula '{}'",
                self.text
            )
        })?;
        self.at += end;
        Ok(Parsed::Number(Decimal {
            mantissa,
            decimals: u32::try_from(fraction.len()).unwrap_or(u32::MAX),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence_and_references() {
        let parsed = parse("100 * ([n] - [2/still]) / [n] - 0.5").unwrap();
        let Parsed::Binary(Operator::Subtract, left, right) = parsed else {
            panic!("the last minus binds loosest");
        };
        assert_eq!(
            *right,
            Parsed::Number(Decimal {
                mantissa: 5,
                decimals: 1
            })
        );
        assert!(matches!(*left, Parsed::Binary(Operator::Divide, _, _)));
        for bad in ["", "1 +", "(1", "[a", "1 2", "a"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
