//! Comparisons: as numbers, texts, dates or truths, depending on what stands on both sides.

use super::Verdict;
use super::eval::{Kind, Numbers, kind, numbers, texts, truth};
use crate::columns::Date;
use crate::condition::parse::{Compare, Name, Node};
use crate::data::number::{Reading, read_number};
use crate::data::table::Table;
use crate::error::{Error, Result};

pub(super) fn compare(
    op: Compare,
    left: &Node,
    right: &Node,
    table: &Table,
    names: &[Name],
) -> Result<Vec<Verdict>> {
    match (kind(left), kind(right)) {
        (Kind::Null, _) | (_, Kind::Null) => Ok(vec![Verdict::Unknown; table.rows()]),
        (Kind::Truth, _) | (_, Kind::Truth) => truths(op, left, right, table, names),
        (Kind::Number, Kind::Text) | (Kind::Text, Kind::Number) => {
            Err(Error::usage("a condition compares a number with a text")
                .hint("write a number without quotes, or put both between quotes"))
        }
        (Kind::Number, _) | (_, Kind::Number) => {
            let left = numbers(left, table, names)?;
            let right = numbers(right, table, names)?;
            Ok(as_numbers(op, &left, &right, table.rows()))
        }
        (Kind::Open, Kind::Open) => columns(op, left, right, table, names),
        (Kind::Text | Kind::Open, Kind::Text | Kind::Open) => match (left, right) {
            (Node::Column(at), Node::Text(text)) => {
                with_text(op, &names[*at].name, text, false, table)?
            }
            (Node::Text(text), Node::Column(at)) => {
                with_text(op, &names[*at].name, text, true, table)?
            }
            _ => None,
        }
        .map_or_else(|| as_texts(op, left, right, table, names), Ok),
    }
}

fn truths(
    op: Compare,
    left: &Node,
    right: &Node,
    table: &Table,
    names: &[Name],
) -> Result<Vec<Verdict>> {
    if op.is_order() {
        return Err(Error::usage("a condition orders truths with < or >")
            .hint("yes and no can be equal or not, no more"));
    }
    let left = truth(left, table, names)?;
    let right = truth(right, table, names)?;
    Ok(left
        .into_iter()
        .zip(right)
        .map(|pair| match pair {
            (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
            (left, right) => Verdict::from((left == right) == (op == Compare::Equal)),
        })
        .collect())
}

fn as_numbers(op: Compare, left: &Numbers, right: &Numbers, rows: usize) -> Vec<Verdict> {
    (0..rows)
        .map(|row| match left.get(row).partial_cmp(&right.get(row)) {
            Some(ordering) => Verdict::from(op.holds(ordering)),
            None => Verdict::Unknown,
        })
        .collect()
}

fn as_texts(
    op: Compare,
    left: &Node,
    right: &Node,
    table: &Table,
    names: &[Name],
) -> Result<Vec<Verdict>> {
    let rows = table.rows();
    if let Node::Text(right) = right {
        let left = texts(left, table, names)?;
        return Ok(left.judge(rows, |text| op.holds(text.cmp(right.trim()))));
    }
    if let Node::Text(left) = left {
        let right = texts(right, table, names)?;
        return Ok(right.judge(rows, |text| op.holds(left.trim().cmp(text))));
    }
    let left = texts(left, table, names)?;
    let right = texts(right, table, names)?;
    Ok((0..rows)
        .map(|row| match (left.get(row), right.get(row)) {
            (Some(left), Some(right)) => Verdict::from(op.holds(left.cmp(right))),
            _ => Verdict::Unknown,
        })
        .collect())
}

/// A column beside a text that makes more of it than text: a date. `None` leaves it at text.
fn with_text(
    op: Compare,
    column: &str,
    text: &str,
    swapped: bool,
    table: &Table,
) -> Result<Option<Vec<Verdict>>> {
    let literal = Date::parse(text).ok();
    let plain = text.trim().bytes().all(|byte| byte.is_ascii_digit());
    if let Some(date) = literal
        && !plain
        && has_dates(column, table)?
    {
        let verdict = |value: Option<Date>| match value {
            Some(value) => {
                let ordering = value.cmp(&date);
                Verdict::from(op.holds(if swapped {
                    ordering.reverse()
                } else {
                    ordering
                }))
            }
            None => Verdict::Unknown,
        };
        return Ok(Some(table.dates(column)?.iter().map(verdict).collect()));
    }
    if op.is_order() && literal.is_some() && !plain {
        return Err(Error::data(format!(
            "column '{column}' is compared with a date, but its values are not dates that can be read"
        ))
        .file(table.file())
        .column(column)
        .hint("write days as 2016-06-01 or 01-06-2016, with the century; Excel's day numbers have to be made dates first"));
    }
    if op.is_order() && read_number(text.trim()) == Reading::No && table.numeric(column).is_ok() {
        return Err(Error::usage(format!(
            "a condition orders the numbers of column '{column}' against a text"
        ))
        .value(text)
        .hint("compare it with a number, without quotes"));
    }
    if op.is_order() && read_number(text.trim()) != Reading::No {
        return Err(Error::usage(format!(
            "a condition orders column '{column}' as text, in which '9' comes after '10'"
        ))
        .hint(format!("write the number without quotes: {}", text.trim())));
    }
    Ok(None)
}

/// Whether a column has at least one date, so that the others must be.
fn has_dates(column: &str, table: &Table) -> Result<bool> {
    let dictionary = table.dictionary(column)?;
    let firsts = dictionary.first_rows();
    let mut texts = dictionary.texts().iter().zip(firsts);
    Ok(texts.any(|(text, first)| first.is_some() && Date::parse(text).is_ok()))
}

/// Two columns: numbers if both are, else dates if both are, else text.
fn columns(
    op: Compare,
    left: &Node,
    right: &Node,
    table: &Table,
    names: &[Name],
) -> Result<Vec<Verdict>> {
    if let (Ok(left), Ok(right)) = (numbers(left, table, names), numbers(right, table, names)) {
        return Ok(as_numbers(op, &left, &right, table.rows()));
    }
    if let (Node::Column(a), Node::Column(b)) = (left, right)
        && let (Ok(left), Ok(right)) = (table.dates(&names[*a].name), table.dates(&names[*b].name))
    {
        let pairs = left.iter().zip(right.iter());
        return Ok(pairs
            .map(|(left, right)| match (left, right) {
                (Some(left), Some(right)) => Verdict::from(op.holds(left.cmp(&right))),
                _ => Verdict::Unknown,
            })
            .collect());
    }
    if op.is_order() {
        // Of two columns that are neither numbers nor dates, the first says why not.
        numbers(left, table, names)?;
        numbers(right, table, names)?;
    }
    as_texts(op, left, right, table, names)
}
