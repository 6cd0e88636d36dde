//! How few people stand behind what is shown: what a report that keeps small groups out has
//! to know, and cannot see in the results.
//!
//! An effect with its standard error, in full precision, gives back the numbers of people it
//! was computed from. So a small number behind a comparison is as good as printed.

mod apart;
mod classes;

use std::collections::{BTreeMap, BTreeSet};

use super::dose::shown_by_themselves;
use crate::columns::{Measured, VariableKind};
use crate::results::{BalanceTable, Fewest};
use crate::study::{NO_ARM, OutcomeInput, Study};

use apart::{Parts, covariates_apart};
use classes::Classes;

/// With more covariates than this, or more strata, an estimate and its error as they are shown leave
/// too many numbers of people open to be solved for them.
const FEW_COVARIATES: usize = 2;
const FEW_STRATA: usize = 4;

/// What is few about one outcome. `earlier` are the outcomes before it.
pub fn fewest(study: &Study, input: &OutcomeInput, earlier: &[&OutcomeInput]) -> Fewest {
    let codes = input.codes(study);
    let measured = &input.measured;
    // Means by group are shown, so that a value of a few in a group is told by its mean.
    let values = Classes::of_values(measured);
    let within = |group: &dyn Fn(usize) -> Option<u32>| {
        by_value(measured, values.as_ref(), &codes, group)
            .into_iter()
            .chain(by_missing(measured, &codes, group))
            .chain(by_minority(measured, &codes, group))
            .min()
    };
    // Of an effect alone, levels are: what is told of a number is how many have one.
    let levels = Classes::of_levels(measured);
    let by_level = |variable: &Measured| {
        let of = Classes::of_levels(variable)?;
        by_value(measured, levels.as_ref(), &codes, &|row| of.known(row))
    };
    let covariates = study.covariates.iter();
    let adjusted = covariates
        .filter(|_| study.covariates.len() <= FEW_COVARIATES)
        .filter_map(by_level)
        .min();
    let by_stratum = study.design.strata.as_ref().and_then(|strata| {
        let group = |row: usize| Some(strata[row] as u32);
        by_value(measured, levels.as_ref(), &codes, &group)
            .into_iter()
            .chain(by_missing(measured, &codes, &group))
            .min()
    });
    let strata = study.design.strata.as_ref();
    let few_strata = strata.is_some_and(|strata| {
        let distinct: BTreeSet<&usize> = strata.iter().collect();
        distinct.len() <= FEW_STRATA
    });
    let subgroups = study.subgroups.iter().filter_map(|(variable, _)| {
        let of = Classes::of_levels(variable)?;
        let fewest = within(&|row| of.known(row))?;
        Some((variable.name().to_string(), fewest))
    });
    Fewest {
        unlike: unlike_most(measured, &codes),
        receipt: study
            .received
            .as_ref()
            .and_then(|received| within(&|row| received[row].map(u32::from))),
        dose: by_dose(study, measured, &codes),
        subgroups: subgroups.collect(),
        adjusted,
        change: input.baseline.as_ref().and_then(by_level),
        strata: by_stratum.filter(|_| few_strata),
        stratified: by_stratum,
        nested: apart(study, input, earlier),
    }
}

/// Few people between a group of this outcome and one of an earlier outcome or a covariate.
fn apart(study: &Study, input: &OutcomeInput, earlier: &[&OutcomeInput]) -> BTreeMap<String, u64> {
    let own = Parts::of_outcome(study, input);
    let outcomes = earlier
        .iter()
        .map(|other| (other.measured.name(), Parts::of_outcome(study, other)));
    let covariates = study
        .covariates
        .iter()
        .filter(|other| other.name() != input.measured.name())
        .map(|other| (other.name(), Parts::of_covariate(other)));
    covariates
        .chain(outcomes)
        .filter_map(|(name, other)| {
            let few = own.apart(&other, study.arms.len(), &study.codes)?;
            Some((name.to_string(), few))
        })
        .collect()
}

/// The fewest people behind the amounts of several outcomes together: in an arm, with some value of
/// one and some of another, which the error of their sum tells; and of those without a value of one,
/// the ones who lack another too or do not, which the number with all tells.
pub fn fewest_together(study: &Study, outcomes: &[&OutcomeInput]) -> Option<u64> {
    let pairs = outcomes.iter().enumerate().flat_map(|(index, one)| {
        let others = &outcomes[index + 1..];
        others.iter().map(move |other| (one, other))
    });
    let values = pairs.filter_map(|(one, other)| {
        let of = Classes::of_values(&other.measured)?;
        let levels = Classes::of_levels(&one.measured);
        by_value(&one.measured, levels.as_ref(), &study.codes, &|row| {
            of.known(row)
        })
    });
    values.chain(lacking(study, outcomes)).min()
}

/// By arm and over all, of people who lack some of these outcomes: how often somebody lacks one more,
/// and who lacks another than the one.
fn lacking(study: &Study, outcomes: &[&OutcomeInput]) -> Option<u64> {
    let lacks: Vec<Vec<bool>> = outcomes
        .iter()
        .map(|outcome| {
            let missing = outcome.measured.missing();
            let codes = outcome.codes(study);
            let out = codes.iter().map(|code| *code == NO_ARM);
            missing.iter().zip(out).map(|(a, b)| *a || b).collect()
        })
        .collect();
    let group = |member: &dyn Fn(u32) -> bool| {
        let absent = study.absent.iter().zip(0..);
        let absent: u64 = absent
            .filter(|(_, arm)| member(*arm))
            .map(|(n, _)| *n)
            .sum();
        let rows: Vec<usize> = (0..study.codes.len())
            .filter(|&row| study.codes[row] != NO_ARM && member(study.codes[row]))
            .collect();
        let count = |lacking: &dyn Fn(usize) -> bool| {
            absent + rows.iter().filter(|row| lacking(**row)).count() as u64
        };
        let any = count(&|row| lacks.iter().any(|of| of[row]));
        let each: Vec<u64> = lacks.iter().map(|of| count(&|row| of[row])).collect();
        let more = each.iter().sum::<u64>().saturating_sub(any);
        let others = each.iter().map(|own| any - own);
        others.chain([more]).filter(|n| *n > 0).min()
    };
    let arms = 0..study.arms.len() as u32;
    let by_arm = arms.filter_map(|arm| group(&|code| code == arm));
    by_arm.chain(group(&|_| true)).min()
}

/// In an arm, the fewest people whose number is another than the one that most have, or who share
/// one of a few different whole numbers: with the mean and the standard deviation of 300 zeros and 2
/// ones anybody can tell the 2. None where there are none, or the variable is no number.
fn unlike_most(measured: &Measured, codes: &[u32]) -> Option<u64> {
    if measured.kind != VariableKind::Numeric {
        return None;
    }
    let values = Classes::of_values(measured);
    let rare = values
        .as_ref()
        .and_then(|values| by_value(measured, Some(values), codes, &|_| Some(0)));
    let minority = by_minority(measured, codes, &|_| Some(0));
    rare.into_iter().chain(minority).min()
}

/// Counts how few people stand behind the rows of a balance table.
pub fn few_in_table(table: &mut BalanceTable, study: &Study, covariates: &[Measured]) {
    let apart = covariates_apart(covariates, study.arms.len(), &study.codes);
    let rows = table.covariates.iter_mut().zip(covariates).zip(apart);
    for ((row, covariate), nested) in rows {
        row.unlike = unlike_most(covariate, &study.codes);
        row.nested = nested;
    }
}

/// By the number of contacts as it is shown.
fn by_dose(study: &Study, measured: &Measured, codes: &[u32]) -> Option<u64> {
    let contacts = study.contacts.as_ref()?;
    let last = shown_by_themselves(contacts.at_least);
    let group = |row: usize| contacts.counts[row].map(|count| count.min(last) as u32);
    by_minority(measured, codes, &group)
}

/// In an arm and a group, the fewest people with another number than most there have: one amount
/// among twenty people is their mean times twenty.
fn by_minority(
    measured: &Measured,
    codes: &[u32],
    group: &dyn Fn(usize) -> Option<u32>,
) -> Option<u64> {
    if measured.kind != VariableKind::Numeric {
        return None;
    }
    let scores = measured.scores()?;
    let mut groups: BTreeMap<(u32, u32), Vec<f64>> = BTreeMap::new();
    for (row, (code, score)) in codes.iter().zip(scores.iter()).enumerate() {
        if *code != NO_ARM
            && !score.is_nan()
            && let Some(group) = group(row)
        {
            groups.entry((*code, group)).or_default().push(*score);
        }
    }
    groups.values().filter_map(|values| minority(values)).min()
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

/// The fewest people in an arm, a group and a class of values; without classes, with a value.
fn by_value(
    measured: &Measured,
    classes: Option<&Classes>,
    codes: &[u32],
    group: &dyn Fn(usize) -> Option<u32>,
) -> Option<u64> {
    let missing = measured.missing();
    let mut counts: BTreeMap<(u32, u32, u32), u64> = BTreeMap::new();
    for (row, code) in codes.iter().enumerate() {
        if *code == NO_ARM || missing[row] {
            continue;
        }
        if let Some(group) = group(row) {
            let class = classes.and_then(|classes| classes.known(row)).unwrap_or(0);
            *counts.entry((*code, group, class)).or_insert(0) += 1;
        }
    }
    counts.into_values().min()
}

/// The fewest people in an arm and a group without a value: what the number of people in the
/// group tells beside the number with a value.
fn by_missing(
    measured: &Measured,
    codes: &[u32],
    group: &dyn Fn(usize) -> Option<u32>,
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
