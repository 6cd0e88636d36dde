//! How much contact counts as received: the rule itself, and the thresholds around it.

use super::asked::ToEvaluate;
use super::export::received;
use crate::condition::Condition;
use crate::data::Table;
use crate::error::Result;
use crate::results::Note;
use crate::study::{Contacts, Threshold};

/// How many contacts at least, around a rule such as `gesprekken >= 2`: the rule asked for, and
/// the same column from 1 to the largest threshold that says something.
const THRESHOLDS: u64 = 6;

pub fn thresholds(plan: &ToEvaluate<'_>, table: &Table) -> Result<Vec<Threshold>> {
    let Some(rule) = &plan.trial.compliance else {
        return Ok(Vec::new());
    };
    let Some((column, least)) = at_least(&rule.received) else {
        let condition = Condition::parse(&rule.received)?;
        return Ok(vec![Threshold {
            expression: rule.received.clone(),
            leading: true,
            received: received(&condition, table, rule)?,
        }]);
    };
    let mut found: Vec<Threshold> = Vec::new();
    for count in 1..=THRESHOLDS.max(least) {
        let leading = count == least;
        let expression = match leading {
            true => rule.received.clone(),
            false => format!("{column} >= {count}"),
        };
        let got = received(&Condition::parse(&expression)?, table, rule)?;
        // Nobody reaches it, or the same people as before: nothing new.
        let new = got.contains(&Some(true)) && found.last().is_none_or(|last| last.received != got);
        if leading || new {
            found.push(Threshold {
                expression,
                leading,
                received: got,
            });
        }
    }
    Ok(found)
}

/// The number of contacts that such a rule counts, where it is a whole number for everybody.
pub fn contacts(
    plan: &ToEvaluate<'_>,
    table: &Table,
    notes: &mut Vec<Note>,
) -> Result<Option<Contacts>> {
    let Some((column, at_least)) = plan
        .trial
        .compliance
        .as_ref()
        .and_then(|rule| at_least(&rule.received))
    else {
        return Ok(None);
    };
    let name = column.trim_matches('"');
    if !table.has(name) {
        return Ok(None);
    }
    let numbers = table.numeric(name)?;
    let whole = |value: f64| value >= 0.0 && value.fract() == 0.0 && value < MOST;
    if !numbers.iter().flatten().all(whole) {
        notes.push(Note::DoseNotCounted {
            column: name.to_string(),
        });
        return Ok(None);
    }
    Ok(Some(Contacts {
        column: name.to_string(),
        at_least,
        counts: numbers
            .iter()
            .map(|value| value.map(|value| value as u64))
            .collect(),
    }))
}

/// Above this no number of contacts is meant, and a float has no more whole numbers.
const MOST: f64 = 9_007_199_254_740_992.0;

/// The column and the number of `column >= number`, or of `column > number`.
fn at_least(expression: &str) -> Option<(&str, u64)> {
    let (column, rest) = expression.split_once('>')?;
    let (number, more) = match rest.strip_prefix('=') {
        Some(number) => (number, 0),
        None => (rest, 1),
    };
    let column = column.trim();
    let name = column.trim_matches('"');
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let number = number.trim().parse::<u64>().ok()?.checked_add(more)?;
    (plain && (1..=MOST_NAMED).contains(&number)).then_some((column, number))
}

/// Thresholds are gone through one by one up to the rule's own.
const MOST_NAMED: u64 = 1000;
