//! How few people stand behind what is shown: what a report that keeps small groups out has
//! to know, and cannot see in the results.
//!
//! An effect with its standard error, in full precision, gives back the numbers of people it
//! was computed from. So a small number behind a comparison is as good as printed.

use std::collections::{BTreeMap, BTreeSet};

use crate::results::{Fewest, VariableKind};
use crate::study::{OutcomeInput, Study};
use crate::variable::{Measured, NO_ARM};

/// With more covariates than this, or more strata, an estimate and its error leave too many
/// numbers of people open to be solved for them.
const FEW_COVARIATES: usize = 2;
const FEW_STRATA: usize = 4;

/// What is few about one outcome. `earlier` are the outcomes before it.
pub fn fewest(study: &Study, input: &OutcomeInput, earlier: &[&OutcomeInput]) -> Fewest {
    let codes = input.codes(study);
    let by_receipt = study.received.as_ref().and_then(|received| {
        let group = |row: usize| received[row].map(u32::from);
        let missing = || by_missing(&input.measured, &codes, group);
        by_value(&input.measured, &codes, group)
            .into_iter()
            .chain(missing())
            .min()
    });
    let by_level = |variable: &Measured| {
        let (levels, of) = variable.level_codes()?;
        let group = |row: usize| Some(of[row]).filter(|level| (*level as usize) < levels.len());
        by_value(&input.measured, &codes, group)
    };
    let covariates = study.covariates.iter();
    let adjusted = covariates
        .filter(|_| study.covariates.len() <= FEW_COVARIATES)
        .filter_map(by_level)
        .min();
    let strata = study.design.strata.as_ref().filter(|strata| {
        let distinct: BTreeSet<&usize> = strata.iter().collect();
        distinct.len() <= FEW_STRATA
    });
    let by_stratum =
        strata.and_then(|strata| by_value(&input.measured, &codes, |row| Some(strata[row] as u32)));
    let subgroups = study.subgroups.iter().filter_map(|(variable, _)| {
        let (levels, of) = variable.level_codes()?;
        let known = |row: usize| Some(of[row]).filter(|level| (*level as usize) < levels.len());
        let missing = by_missing(&input.measured, &codes, known);
        let fewest = by_level(variable).into_iter().chain(missing).min()?;
        Some((variable.name().to_string(), fewest))
    });
    Fewest {
        unlike: unlike_most(&input.measured, &codes),
        receipt: by_receipt,
        subgroups: subgroups.collect(),
        adjusted,
        change: input.baseline.as_ref().and_then(by_level),
        strata: by_stratum,
        nested: earlier
            .iter()
            .filter_map(|other| nested(study, &input.measured, &other.measured))
            .min(),
    }
}

/// The fewest people of an arm with some value of one of these outcomes and some of another:
/// what the error of their sum tells of how they go together.
pub fn fewest_together(study: &Study, outcomes: &[&OutcomeInput]) -> Option<u64> {
    let pairs = outcomes.iter().enumerate().flat_map(|(index, one)| {
        let others = &outcomes[index + 1..];
        others.iter().map(move |other| (one, other))
    });
    pairs
        .filter_map(|(one, other)| {
            let (levels, of) = other.measured.level_codes()?;
            let known = |row: usize| Some(of[row]).filter(|code| (*code as usize) < levels.len());
            by_value(&one.measured, &study.codes, known)
        })
        .min()
}

/// In an arm, the fewest people whose number is another than the one that most have: with the
/// mean and the standard deviation of 300 zeros and 2 ones anybody can tell the 2. None where
/// no number is that of most, or the variable is no number.
pub fn unlike_most(measured: &Measured, codes: &[u32]) -> Option<u64> {
    if measured.kind != VariableKind::Numeric {
        return None;
    }
    let scores = measured.scores()?;
    let mut arms: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for (code, score) in codes.iter().zip(scores.iter()) {
        if *code != NO_ARM && !score.is_nan() {
            arms.entry(*code).or_default().push(*score);
        }
    }
    arms.values().filter_map(|values| minority(values)).min()
}

/// People without the value of the majority (Boyer & Moore 1991), if there is one and they are.
fn minority(values: &[f64]) -> Option<u64> {
    let mut candidate = f64::NAN;
    let mut votes = 0_u64;
    for value in values {
        if votes == 0 {
            candidate = *value;
        }
        match *value == candidate {
            true => votes += 1,
            false => votes -= 1,
        }
    }
    let unlike = values.iter().filter(|value| **value != candidate).count();
    (unlike > 0 && unlike * 2 < values.len()).then_some(unlike as u64)
}

/// The fewest people in an arm, a group and a value; numbers have none but being known.
fn by_value(
    measured: &Measured,
    codes: &[u32],
    group: impl Fn(usize) -> Option<u32>,
) -> Option<u64> {
    let missing = measured.missing();
    let levels = measured.level_codes().map(|(_, codes)| codes);
    let mut counts: BTreeMap<(u32, u32, u32), u64> = BTreeMap::new();
    for (row, code) in codes.iter().enumerate() {
        if *code == NO_ARM || missing[row] {
            continue;
        }
        if let Some(group) = group(row) {
            let level = levels.as_ref().map_or(0, |levels| levels[row]);
            *counts.entry((*code, group, level)).or_insert(0) += 1;
        }
    }
    counts.into_values().min()
}

/// The fewest people in an arm and a group without a value: what the number of people in the
/// group tells beside the number with a value.
fn by_missing(
    measured: &Measured,
    codes: &[u32],
    group: impl Fn(usize) -> Option<u32>,
) -> Option<u64> {
    let missing = measured.missing();
    let mut counts: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for (row, code) in codes.iter().enumerate() {
        if *code != NO_ARM
            && missing[row]
            && let Some(group) = group(row)
        {
            *counts.entry((*code, group)).or_insert(0) += 1;
        }
    }
    counts.into_values().min()
}

/// Where everybody with a level of the one variable has a level of the other, in all arms: how
/// few, but not nobody, have the other level only.
fn nested(study: &Study, one: &Measured, other: &Measured) -> Option<u64> {
    let ((a_levels, a), (b_levels, b)) = (one.level_codes()?, other.level_codes()?);
    let mut found: Option<u64> = None;
    let (m, k) = (a_levels.len(), b_levels.len());
    let mut counts = vec![vec![0_u64; m * k]; study.arms.len()];
    for (row, code) in study.codes.iter().enumerate() {
        let (x, y) = (a[row] as usize, b[row] as usize);
        if let (Some(arm), true) = (counts.get_mut(*code as usize), x < m && y < k) {
            arm[x * k + y] += 1;
        }
    }
    for x in 0..m {
        for y in 0..k {
            let both = |arm: &[u64]| arm[x * k + y];
            let first = |arm: &[u64]| (0..k).map(|y| arm[x * k + y]).sum::<u64>();
            let second = |arm: &[u64]| (0..m).map(|x| arm[x * k + y]).sum::<u64>();
            let all: u64 = counts.iter().map(|arm| both(arm)).sum();
            let contains = |inner: &dyn Fn(&[u64]) -> u64| {
                all > 0 && counts.iter().all(|arm| inner(arm) == both(arm))
            };
            let difference = |outer: &dyn Fn(&[u64]) -> u64| {
                let few = counts.iter().map(|arm| outer(arm) - both(arm));
                few.filter(|n| *n > 0).min()
            };
            if contains(&first) {
                found = found.into_iter().chain(difference(&second)).min();
            }
            if contains(&second) {
                found = found.into_iter().chain(difference(&first)).min();
            }
        }
    }
    found
}
