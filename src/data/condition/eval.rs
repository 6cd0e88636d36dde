//! Evaluating a condition column by column.

use super::Verdict;
use super::compare::compare;
use crate::condition::parse::{Arithmetic, Call, Name, Node};
use crate::data::cells::Dictionary;
use crate::data::table::Table;
use crate::error::{Error, Result};

/// What an expression yields, as far as its form tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    Truth,
    Null,
    /// A column: whatever it is compared with.
    Open,
}

pub(super) fn kind(node: &Node) -> Kind {
    match node {
        Node::Column(_) => Kind::Open,
        Node::Number(_) | Node::Arithmetic(..) => Kind::Number,
        Node::Text(_) => Kind::Text,
        Node::Null => Kind::Null,
        Node::Truth(_)
        | Node::And(..)
        | Node::Or(..)
        | Node::Not(_)
        | Node::Compare(..)
        | Node::Like { .. }
        | Node::IsNull(_)
        | Node::Is(..) => Kind::Truth,
        Node::Call(Call::Lower | Call::Upper | Call::Trim, _) => Kind::Text,
        Node::Call(Call::Length | Call::Abs, _) => Kind::Number,
        Node::Call(Call::Coalesce, arguments) => arguments
            .iter()
            .map(kind)
            .find(|kind| !matches!(kind, Kind::Open | Kind::Null))
            .unwrap_or(Kind::Open),
    }
}

/// The truth of an expression for every row.
pub(super) fn truth(node: &Node, table: &Table, names: &[Name]) -> Result<Vec<Verdict>> {
    let rows = table.rows();
    Ok(match node {
        Node::Truth(truth) => vec![Verdict::from(*truth); rows],
        Node::Null => vec![Verdict::Unknown; rows],
        Node::Column(at) => table
            .binary(&names[*at].name, None)?
            .iter()
            .map(|value| value.map_or(Verdict::Unknown, Verdict::from))
            .collect(),
        Node::And(left, right) => {
            let mut verdicts = truth(left, table, names)?;
            for (left, right) in verdicts.iter_mut().zip(truth(right, table, names)?) {
                *left = left.and(right);
            }
            verdicts
        }
        Node::Or(left, right) => {
            let mut verdicts = truth(left, table, names)?;
            for (left, right) in verdicts.iter_mut().zip(truth(right, table, names)?) {
                *left = left.or(right);
            }
            verdicts
        }
        Node::Not(inner) => {
            let mut verdicts = truth(inner, table, names)?;
            for verdict in &mut verdicts {
                *verdict = verdict.not();
            }
            verdicts
        }
        Node::Is(inner, wanted) => truth(inner, table, names)?
            .into_iter()
            .map(|verdict| Verdict::from(verdict == Verdict::from(*wanted)))
            .collect(),
        Node::IsNull(inner) => nulls(inner, table, names)?
            .into_iter()
            .map(Verdict::from)
            .collect(),
        Node::Compare(op, left, right) => compare(*op, left, right, table, names)?,
        Node::Like {
            value,
            pattern,
            any_case,
        } => like(&texts(value, table, names)?, pattern, *any_case, rows),
        Node::Number(_) | Node::Text(_) | Node::Arithmetic(..) | Node::Call(..) => {
            return Err(
                Error::usage("a condition must be true or false, and this is a value")
                    .hint("compare it with something, as in \"leeftijd < 65\""),
            );
        }
    })
}

fn nulls(node: &Node, table: &Table, names: &[Name]) -> Result<Vec<bool>> {
    Ok(match (node, kind(node)) {
        (Node::Column(at), _) => table.missing(&names[*at].name)?,
        (_, Kind::Number) => {
            let values = numbers(node, table, names)?;
            (0..table.rows())
                .map(|row| values.get(row).is_nan())
                .collect()
        }
        (_, Kind::Truth) => truth(node, table, names)?
            .into_iter()
            .map(|verdict| verdict == Verdict::Unknown)
            .collect(),
        (_, Kind::Null) => vec![true; table.rows()],
        (_, Kind::Text | Kind::Open) => {
            let values = texts(node, table, names)?;
            (0..table.rows())
                .map(|row| values.get(row).is_none())
                .collect()
        }
    })
}

/// Numbers per row, NaN where there is none.
pub(super) enum Numbers {
    Same(f64),
    Each(Vec<f64>),
}

impl Numbers {
    pub fn get(&self, row: usize) -> f64 {
        match self {
            Numbers::Same(value) => *value,
            Numbers::Each(values) => values[row],
        }
    }

    fn map(self, f: impl Fn(f64) -> f64) -> Numbers {
        match self {
            Numbers::Same(value) => Numbers::Same(f(value)),
            Numbers::Each(mut values) => {
                values.iter_mut().for_each(|value| *value = f(*value));
                Numbers::Each(values)
            }
        }
    }
}

/// What overflows, or is divided by zero, is missing.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::NAN }
}

pub(super) fn numbers(node: &Node, table: &Table, names: &[Name]) -> Result<Numbers> {
    Ok(match node {
        Node::Number(value) => Numbers::Same(*value),
        Node::Null => Numbers::Same(f64::NAN),
        Node::Column(at) => Numbers::Each(table.numeric(&names[*at].name)?.into_values()),
        Node::Arithmetic(op, left, right) => {
            let left = numbers(left, table, names)?;
            let right = numbers(right, table, names)?;
            let apply = |a: f64, b: f64| {
                finite(match op {
                    Arithmetic::Plus => a + b,
                    Arithmetic::Minus => a - b,
                    Arithmetic::Times => a * b,
                    Arithmetic::Divide => a / b,
                })
            };
            match (left, right) {
                (left, Numbers::Same(b)) => left.map(|a| apply(a, b)),
                (Numbers::Same(a), right) => right.map(|b| apply(a, b)),
                (Numbers::Each(mut left), Numbers::Each(right)) => {
                    for (a, b) in left.iter_mut().zip(right) {
                        *a = apply(*a, b);
                    }
                    Numbers::Each(left)
                }
            }
        }
        Node::Call(Call::Abs, arguments) => {
            one(arguments, |inner| numbers(inner, table, names))?.map(f64::abs)
        }
        Node::Call(Call::Length, arguments) => {
            let values = one(arguments, |inner| texts(inner, table, names))?;
            let length = |text: Option<&str>| text.map_or(f64::NAN, |t| t.chars().count() as f64);
            Numbers::Each(
                (0..table.rows())
                    .map(|row| length(values.get(row)))
                    .collect(),
            )
        }
        Node::Call(Call::Coalesce, arguments) => {
            let mut result = vec![f64::NAN; table.rows()];
            for argument in arguments {
                let values = numbers(argument, table, names)?;
                for (row, value) in result.iter_mut().enumerate() {
                    if value.is_nan() {
                        *value = values.get(row);
                    }
                }
            }
            Numbers::Each(result)
        }
        _ => {
            return Err(
                Error::usage("a condition calculates with something that is not a number")
                    .hint("texts between quotes are not numbers: write 65, not '65'"),
            );
        }
    })
}

fn one<T>(arguments: &[Node], f: impl FnOnce(&Node) -> Result<T>) -> Result<T> {
    match arguments {
        [inner] => f(inner),
        _ => Err(Error::internal(
            "a function of a condition has another number of arguments",
        )),
    }
}

/// Texts per row, as a dictionary.
pub(super) enum Texts {
    Same(Option<String>),
    Each {
        texts: Vec<Option<String>>,
        codes: Vec<u32>,
    },
}

impl Texts {
    pub fn get(&self, row: usize) -> Option<&str> {
        match self {
            Texts::Same(text) => text.as_deref(),
            Texts::Each { texts, codes } => texts[codes[row] as usize].as_deref(),
        }
    }

    fn map(self, f: impl Fn(&str) -> String) -> Texts {
        match self {
            Texts::Same(text) => Texts::Same(text.as_deref().map(f)),
            Texts::Each { texts, codes } => Texts::Each {
                texts: texts.iter().map(|text| text.as_deref().map(&f)).collect(),
                codes,
            },
        }
    }

    /// A verdict per row from a verdict per text.
    pub fn judge(&self, rows: usize, f: impl Fn(&str) -> bool) -> Vec<Verdict> {
        let judge = |text: Option<&str>| match text {
            Some(text) => Verdict::from(f(text)),
            None => Verdict::Unknown,
        };
        match self {
            Texts::Same(text) => vec![judge(text.as_deref()); rows],
            Texts::Each { texts, codes } => {
                let known: Vec<Verdict> = texts.iter().map(|t| judge(t.as_deref())).collect();
                codes.iter().map(|&code| known[code as usize]).collect()
            }
        }
    }
}

pub(super) fn texts(node: &Node, table: &Table, names: &[Name]) -> Result<Texts> {
    Ok(match node {
        Node::Text(text) => Texts::Same(Some(text.clone())),
        Node::Null => Texts::Same(None),
        Node::Column(at) => {
            let dictionary = table.dictionary(&names[*at].name)?;
            let codes = table.missing_codes();
            let text_of = |text: &String| {
                let text = text.trim();
                (!codes.is_missing(text)).then(|| text.to_string())
            };
            Texts::Each {
                texts: dictionary.texts().iter().map(text_of).collect(),
                codes: dictionary.codes().to_vec(),
            }
        }
        Node::Call(Call::Lower, inner) => {
            one(inner, |inner| texts(inner, table, names))?.map(str::to_lowercase)
        }
        Node::Call(Call::Upper, inner) => {
            one(inner, |inner| texts(inner, table, names))?.map(str::to_uppercase)
        }
        Node::Call(Call::Trim, inner) => {
            one(inner, |inner| texts(inner, table, names))?.map(|text| text.trim().to_string())
        }
        Node::Call(Call::Coalesce, arguments) => {
            let mut values = Vec::new();
            for argument in arguments {
                values.push(texts(argument, table, names)?);
            }
            let mut dictionary = Dictionary::default();
            let mut present = Vec::with_capacity(table.rows());
            for row in 0..table.rows() {
                let text = values.iter().find_map(|value| value.get(row));
                present.push(text.is_some());
                dictionary.push(text.unwrap_or(""));
            }
            let mut texts: Vec<Option<String>> =
                dictionary.texts().iter().cloned().map(Some).collect();
            // A text that no argument has gets a code of its own: it may equal an empty one.
            let none = texts.len() as u32;
            texts.push(None);
            let codes = dictionary.codes().iter().zip(present);
            Texts::Each {
                codes: codes
                    .map(|(&code, has)| if has { code } else { none })
                    .collect(),
                texts,
            }
        }
        _ => {
            return Err(
                Error::usage("a condition uses a number or a comparison as a text")
                    .hint("put texts between single quotes: geslacht = 'v'"),
            );
        }
    })
}

fn like(texts: &Texts, pattern: &str, any_case: bool, rows: usize) -> Vec<Verdict> {
    let fold = |text: &str| match any_case {
        true => text.to_lowercase().chars().collect::<Vec<char>>(),
        false => text.chars().collect(),
    };
    let pattern = fold(pattern);
    texts.judge(rows, |text| matches_pattern(&fold(text), &pattern))
}

/// `%` is any text, `_` any one character.
fn matches_pattern(text: &[char], pattern: &[char]) -> bool {
    // Greedy with one point to return to: the last `%`.
    let (mut t, mut p) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('%') => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some('_') => (t, p) = (t + 1, p + 1),
            Some(c) if *c == text[t] => (t, p) = (t + 1, p + 1),
            _ => match retry {
                Some((after, from)) => {
                    retry = Some((after, from + 1));
                    (t, p) = (from + 1, after);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '%')
}
