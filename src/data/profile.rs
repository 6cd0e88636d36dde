//! What a column looks like: how it may be measured, and why that is the guess.

use std::collections::HashMap;

use super::cells::Cells;
use super::number::{Reading, read_number};
pub use super::roles::Role;
use super::roles::role_of;
use super::table::Table;
use super::yes_no::yes_or_no;
use crate::columns::{Date, Decimal};
use crate::error::Result;

/// How a column seems to be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guess {
    /// No values at all.
    Empty,
    /// One value only.
    Constant,
    Id,
    Numeric,
    Binary,
    /// A few whole numbers in a row: a scale, or a number.
    Scale,
    Categorical,
    Date,
    FreeText,
}

/// What a guess rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    NoValues,
    OneValue,
    NameAndAllDifferent,
    AllDifferent,
    RowNumbers,
    LeadingZeros,
    YesAndNo,
    Dates,
    FewWholeNumbers,
    Numbers,
    NumbersAndFewTexts,
    TwoValues,
    FewValues,
    ManyTexts,
}

impl Why {
    /// A clause for a comment: "because …".
    pub fn because(self) -> &'static str {
        match self {
            Why::NoValues => "it has no values",
            Why::OneValue => "it has one value only",
            Why::NameAndAllDifferent => "its name says so and its values are all different",
            Why::AllDifferent => "its values are all different and look like codes",
            Why::RowNumbers => "its values number the rows",
            Why::LeadingZeros => "its numbers have leading zeros, so they are codes",
            Why::YesAndNo => "its values mean yes and no",
            Why::Dates => "its values are dates",
            Why::FewWholeNumbers => "its values are a few consecutive whole numbers",
            Why::Numbers => "its values are numbers",
            Why::NumbersAndFewTexts => "its values are numbers but for a few",
            Why::TwoValues => "it has two values",
            Why::FewValues => "it has few different values",
            Why::ManyTexts => "it has many different texts",
        }
    }
}

/// What there is to know about a column before it is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    pub name: String,
    pub rows: usize,
    /// Rows with a value.
    pub valid: usize,
    /// The missing codes found (empty for an empty cell) with their counts, most frequent first.
    pub missing: Vec<(String, u64)>,
    /// Different values.
    pub distinct: usize,
    /// The most frequent values with their counts, at most [`Profile::SHOWN`], most frequent first.
    pub frequent: Vec<(String, u64)>,
    /// All levels, sorted as [`Table::levels`] sorts them, where there are few.
    pub levels: Vec<String>,
    /// Smallest and largest number, where all values are numbers.
    pub range: Option<(f64, f64)>,
    /// First and last day, where all values are dates.
    pub dates: Option<(Date, Date)>,
    pub guess: Guess,
    pub why: Why,
    /// Every row has another value.
    pub all_different: bool,
    /// What the name suggests.
    pub role: Option<Role>,
    /// Values that may well mean "no value", with their counts: `onbekend`, or 999 far above the
    /// rest.
    pub missing_candidates: Vec<(String, u64)>,
}

/// Words that often stand for a missing value.
const UNKNOWN: [&str; 18] = [
    "onbekend",
    "niet bekend",
    "onb",
    "onb.",
    "unknown",
    "nvt",
    "n.v.t.",
    "niet van toepassing",
    "weigert",
    "geen antwoord",
    "weet niet",
    "missing",
    "leeg",
    "?",
    "--",
    "n.b.",
    "nb",
    "none",
];

/// Numbers that often stand for a missing value.
const NUMBER_CODES: [f64; 8] = [99.0, 999.0, 9999.0, 99999.0, -1.0, -9.0, -99.0, -999.0];

impl Profile {
    /// So many values are shown.
    pub const SHOWN: usize = 12;
    /// With at most so many values, a column of texts is a category.
    const FEW: usize = 50;
}

/// One value with its count and its readings.
struct Value<'a> {
    text: &'a str,
    count: u64,
    number: Reading,
}

impl Table {
    /// Looks at a column that was read as [`super::Want::Auto`] or text.
    pub fn profile(&self, name: &str) -> Result<Profile> {
        let dictionary = self.dictionary(name)?;
        let mut counts: HashMap<&str, u64> = HashMap::new();
        let mut per_code = vec![0u64; dictionary.texts().len()];
        for &code in dictionary.codes() {
            per_code[code as usize] += 1;
        }
        for (text, count) in dictionary.texts().iter().zip(per_code) {
            if count > 0 {
                *counts.entry(text.trim()).or_default() += count;
            }
        }
        let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let (missing, values): (Vec<_>, Vec<_>) = counts
            .into_iter()
            .partition(|(text, _)| self.missing_codes().is_missing(text));
        let values: Vec<Value> = values
            .into_iter()
            .map(|(text, count)| Value {
                text,
                count,
                number: read_number(text),
            })
            .collect();
        let valid = values.iter().map(|value| value.count as usize).sum();
        let distinct = values.len();
        let role = role_of(name);
        let all_different = distinct == valid && valid > 1;
        let (guess, why) = guess(&values, valid, role);
        let range = range(&values, self.decimal());
        let dates: Option<Vec<Date>> = values
            .iter()
            .map(|value| Date::parse(value.text).ok())
            .collect();
        let levels = match distinct <= Profile::FEW
            && !matches!(self.column(name)?.cells, Cells::Numbers(_))
        {
            true => self.levels(name, None)?.levels().to_vec(),
            false => Vec::new(),
        };
        let frequent = values.iter().take(Profile::SHOWN);
        Ok(Profile {
            name: name.to_string(),
            rows: self.rows(),
            valid,
            missing: missing
                .iter()
                .map(|(code, n)| (code.to_string(), *n))
                .collect(),
            distinct,
            frequent: frequent.map(|v| (v.text.to_string(), v.count)).collect(),
            levels,
            range,
            dates: dates.and_then(|dates| Some((*dates.iter().min()?, *dates.iter().max()?))),
            guess,
            why,
            all_different,
            role,
            missing_candidates: missing_candidates(&values, range, guess),
        })
    }

    /// Profiles of all columns read.
    pub fn profiles(&self) -> Result<Vec<Profile>> {
        self.columns().map(|name| self.profile(name)).collect()
    }
}

fn guess(values: &[Value], valid: usize, role: Option<Role>) -> (Guess, Why) {
    let distinct = values.len();
    let all_different = distinct == valid && valid > 1;
    let every = |test: fn(&Value) -> bool| values.iter().all(test);
    if distinct == 0 {
        return (Guess::Empty, Why::NoValues);
    }
    if all_different && role == Some(Role::Id) {
        return (Guess::Id, Why::NameAndAllDifferent);
    }
    if distinct == 1 {
        return (Guess::Constant, Why::OneValue);
    }
    if every(|value| yes_or_no(value.text).is_some()) {
        return (Guess::Binary, Why::YesAndNo);
    }
    if every(|value| Date::parse(value.text).is_ok()) {
        return (Guess::Date, Why::Dates);
    }
    if all_different && valid >= 5 && is_numbering(values) {
        return (Guess::Id, Why::RowNumbers);
    }
    if all_different && valid >= 5 && looks_like_codes(values) {
        return (Guess::Id, Why::AllDifferent);
    }
    if values.iter().any(|value| has_leading_zero(value.text)) && every(|v| is_digits(v.text)) {
        return (Guess::Categorical, Why::LeadingZeros);
    }
    let numbers = values
        .iter()
        .filter(|value| value.number != Reading::No)
        .count();
    if numbers == distinct {
        return guess_number(values);
    }
    let in_cells: u64 = values
        .iter()
        .filter(|v| v.number != Reading::No)
        .map(|v| v.count)
        .sum();
    if distinct - numbers <= 3 && numbers >= 8 && in_cells * 10 >= valid as u64 * 7 {
        return (Guess::Numeric, Why::NumbersAndFewTexts);
    }
    match distinct {
        2 => (Guess::Categorical, Why::TwoValues),
        few if few <= 10 && few < valid => (Guess::Categorical, Why::FewValues),
        few if few <= Profile::FEW && few * 2 <= valid => (Guess::Categorical, Why::FewValues),
        _ => (Guess::FreeText, Why::ManyTexts),
    }
}

fn guess_number(values: &[Value]) -> (Guess, Why) {
    if values.len() == 2 {
        return (Guess::Categorical, Why::TwoValues);
    }
    let whole: Option<Vec<i64>> = values
        .iter()
        .map(|value| value.text.parse::<i64>().ok())
        .collect();
    match whole {
        Some(whole) if whole.len() <= 11 && whole.iter().all(|v| (0..=10).contains(v)) => {
            (Guess::Scale, Why::FewWholeNumbers)
        }
        _ => (Guess::Numeric, Why::Numbers),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn has_leading_zero(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && is_digits(text)
}

/// 1, 2, 3, … as many as there are.
fn is_numbering(values: &[Value]) -> bool {
    let numbers: Option<Vec<usize>> = values.iter().map(|value| value.text.parse().ok()).collect();
    match numbers {
        Some(numbers) => {
            let first = numbers.iter().min();
            let last = numbers.iter().max();
            matches!((first, last), (Some(0 | 1), Some(last)) if last - first.unwrap_or(&0) + 1 == numbers.len())
        }
        None => false,
    }
}

/// Digits of one length, digits with leading zeros, or short texts with a digit and no spaces.
fn looks_like_codes(values: &[Value]) -> bool {
    let length = values[0].text.len();
    if values.iter().all(|value| is_digits(value.text)) {
        return values.iter().any(|value| has_leading_zero(value.text))
            || (length >= 5 && values.iter().all(|value| value.text.len() == length));
    }
    values.iter().all(|value| {
        value.number == Reading::No
            && value.text.len() <= 40
            && !value.text.contains(char::is_whitespace)
            && value.text.bytes().any(|byte| byte.is_ascii_digit())
    })
}

/// Smallest and largest, where every value has one reading.
fn range(values: &[Value], decimal: Option<Decimal>) -> Option<(f64, f64)> {
    let mut range: Option<(f64, f64)> = None;
    for value in values {
        let number = match (value.number, decimal) {
            (reading, Some(decimal)) => reading.under(decimal)?,
            (Reading::Same(number) | Reading::Only(_, number), None) => number,
            (Reading::Either { .. } | Reading::No, None) => return None,
        };
        let (low, high) = range.unwrap_or((number, number));
        range = Some((low.min(number), high.max(number)));
    }
    range
}

fn missing_candidates(
    values: &[Value],
    range: Option<(f64, f64)>,
    guess: Guess,
) -> Vec<(String, u64)> {
    let numeric = guess == Guess::Numeric;
    let others: Vec<f64> = values
        .iter()
        .filter_map(|value| match value.number {
            Reading::Same(number) if !NUMBER_CODES.contains(&number) => Some(number),
            Reading::Only(_, number) => Some(number),
            _ => None,
        })
        .collect();
    let high = others.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let low = others.iter().copied().fold(f64::INFINITY, f64::min);
    let stands_out = |number: f64| {
        // A code is far outside what else there is: 999 among ages, -1 among counts.
        range.is_some()
            && !others.is_empty()
            && (number > 2.0 * high.max(1.0) || (number < 0.0 && low >= 0.0))
    };
    values
        .iter()
        .filter(|value| {
            let word = UNKNOWN.contains(&value.text.to_lowercase().as_str());
            let text_in_numbers = numeric && value.number == Reading::No;
            let code = match value.number {
                Reading::Same(number) => NUMBER_CODES.contains(&number) && stands_out(number),
                _ => false,
            };
            word || text_in_numbers || (numeric && code)
        })
        .map(|value| (value.text.to_string(), value.count))
        .collect()
}
