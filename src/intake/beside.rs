//! Whether the rows of an export still stand beside their ids: what register and export both have is compared.

use std::collections::HashMap;

use super::asked::ToEvaluate;
use crate::columns::Date;
use crate::data::{self, CsvFile, Keys, Text, Want, join};
use crate::error::{Error, Result};
use crate::results::Note;

/// Names of what hardly changes, as parts of a column's name.
const LASTING: [&str; 10] = [
    "geboorte", "birth", "geslacht", "sekse", "gender", "leeftijd", "naam", "surname", "sex", "age",
];
/// With fewer people no agreement can be told from chance.
const FEWEST: usize = 10;
/// What is left of the agreement once chance is taken off: below this, rows have left their ids.
const KEPT: f64 = 0.5;

/// Compares the columns that the register and the export have in common: those that the protocol lists as
/// known before the draw, and those whose name says that they last. A few differences are named.
///
/// The measure is agreement beyond chance: Cohen's kappa of equal values, and where an office has recoded them
/// (m, v into 1, 2) Goodman and Kruskal's lambda; of numbers Pearson's correlation, since everybody grows older.
///
/// # Errors
/// Less than half of the agreement beyond chance is left, in at least one column.
pub(super) fn compare_with_register(plan: &ToEvaluate<'_>, file: &CsvFile) -> Result<Vec<Note>> {
    let (Some((path, options)), Some(id)) = (&plan.register, &plan.id) else {
        return Ok(Vec::new());
    };
    let register = data::open(path, options)?;
    let shared: Vec<&String> = file
        .header()
        .iter()
        .filter(|name| *name != id && register.header().contains(name) && lasts(plan, name))
        .collect();
    if shared.is_empty() || !register.header().contains(id) {
        return Ok(Vec::new());
    }
    let names = std::iter::once(id).chain(shared.iter().copied());
    let all: Vec<(&str, Want)> = names.map(|name| (name.as_str(), Want::Text)).collect();
    let (before, after) = (register.read(&all)?, file.read(&all)?);
    let width = plan.trial.export().reading.ids.width;
    let (Ok(known), Ok(people)) = (
        Keys::padded(&before, id, width),
        Keys::padded(&after, id, width),
    ) else {
        // Said where the ids themselves are read.
        return Ok(Vec::new());
    };
    let pairs = join(&known, &people).pairs;
    let mut notes = Vec::new();
    let mut lost = Vec::new();
    for name in shared {
        let (was, is) = (before.text(name)?, after.text(name)?);
        let missing = before.missing_codes();
        let values = both(&was, &is, &pairs, |text| missing.is_missing(text));
        let found = agreement(&values);
        if found.differ == 0 {
            continue;
        }
        let of = values.len() as u64;
        if values.len() >= FEWEST && found.kept < KEPT {
            lost.push(format!("'{name}' differs for {} of {of}", found.differ));
        }
        notes.push(Note::OtherThanRegister {
            variable: name.clone(),
            count: found.differ,
            of,
        });
    }
    match lost.is_empty() {
        true => Ok(notes),
        false => Err(Error::data(format!(
            "the export does not fit the register: {}; are the rows still beside their ids?",
            lost.join(", ")
        ))
        .file(file.name())
        .hint("make the export again, without sorting some of its columns; if a column has another meaning here, give it another name")),
    }
}

fn lasts(plan: &ToEvaluate<'_>, name: &str) -> bool {
    let trial = &plan.trial;
    if trial.outcome(name).is_some() {
        return false;
    }
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let says = LASTING
        .iter()
        .any(|part| words.contains(part) || (part.len() > 4 && lower.contains(part)));
    let mut baselines = trial
        .outcomes
        .iter()
        .filter_map(|of| of.baseline.as_deref());
    says || trial.covariates.iter().any(|of| of.name == name)
        || trial.strata().iter().any(|of| of == name)
        || baselines.any(|of| of == name)
}

/// What both files have a value of.
fn both<'t>(
    was: &'t Text,
    is: &'t Text,
    pairs: &[(u32, u32)],
    missing: impl Fn(&str) -> bool,
) -> Vec<(&'t str, &'t str)> {
    pairs
        .iter()
        .map(|&(before, after)| (was.key(before as usize), is.key(after as usize)))
        .filter(|(before, after)| !missing(before) && !missing(after))
        .collect()
}

struct Agreement {
    differ: u64,
    /// Agreement beyond chance, at most 1.
    kept: f64,
}

fn agreement(values: &[(&str, &str)]) -> Agreement {
    let numbers: Option<Vec<(f64, f64)>> = values
        .iter()
        .map(|(before, after)| Some((plain_number(before)?, plain_number(after)?)))
        .collect();
    if let Some(numbers) = &numbers
        && let Some(kept) = correlation(numbers)
    {
        let differ = numbers
            .iter()
            .filter(|(before, after)| before != after)
            .count() as u64;
        return Agreement { differ, kept };
    }
    let same = |text: &str| match Date::parse(text) {
        Ok(date) => date.to_string(),
        Err(_) => text.to_lowercase(),
    };
    let values: Vec<(String, String)> = values
        .iter()
        .map(|(before, after)| (same(before), same(after)))
        .collect();
    let n = values.len() as f64;
    let equal = values
        .iter()
        .filter(|(before, after)| before == after)
        .count();
    let (was, is) = (
        counts(values.iter().map(|of| &of.0)),
        counts(values.iter().map(|of| &of.1)),
    );
    let chance: f64 = was
        .iter()
        .map(|(value, count)| *count as f64 / n * is.get(value).copied().unwrap_or(0) as f64 / n)
        .sum();
    let kappa = beyond(equal as f64 / n, chance);
    // With as many levels as people any recoding fits.
    if kappa >= KEPT || was.len() * 10 > values.len() {
        let told = equal > 0 || chance > 0.0;
        return Agreement {
            differ: (values.len() - equal) as u64,
            kept: if told { kappa } else { 1.0 },
        };
    }
    let mut modal: HashMap<&String, HashMap<&String, usize>> = HashMap::new();
    for (before, after) in &values {
        *modal.entry(before).or_default().entry(after).or_default() += 1;
    }
    let fits: usize = modal.values().filter_map(|of| of.values().max()).sum();
    let most = is.values().copied().max().unwrap_or(0) as f64 / n;
    let lambda = beyond(fits as f64 / n, most);
    match lambda >= KEPT {
        true => Agreement {
            differ: (values.len() - fits) as u64,
            kept: lambda,
        },
        false => Agreement {
            differ: (values.len() - equal) as u64,
            kept: kappa,
        },
    }
}

/// Agreement above what chance gives, of the most there could be.
fn beyond(found: f64, chance: f64) -> f64 {
    match chance < 1.0 {
        true => (found - chance) / (1.0 - chance),
        false => 1.0,
    }
}

fn counts<'v>(values: impl Iterator<Item = &'v String>) -> HashMap<&'v String, usize> {
    let mut counts = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

fn plain_number(text: &str) -> Option<f64> {
    text.replace(',', ".")
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

/// Pearson's correlation; none for few different values, which are levels, and where nothing varies.
fn correlation(values: &[(f64, f64)]) -> Option<f64> {
    const LEVELS: usize = 6;
    let mut distinct: Vec<f64> = values.iter().map(|of| of.0).collect();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    if distinct.len() <= LEVELS {
        return None;
    }
    let n = values.len() as f64;
    let (a, b) = values
        .iter()
        .fold((0.0, 0.0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
    let (a, b) = (a / n, b / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in values {
        ab += (x - a) * (y - b);
        aa += (x - a) * (x - a);
        bb += (y - b) * (y - b);
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa * bb).sqrt())
}
