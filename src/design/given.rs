//! Sizes laid down stratum by stratum, `size = { Capelle = 120, Krimpen = 240 }`: the quotas
//! are those, and one arm takes what is left of every stratum.

use std::collections::BTreeMap;

use super::plan::{ArmPlan, Method};
use super::quota::apportion;
use super::share::Quota;
use crate::error::{Error, Result, nearest};

/// Checks what can be checked without the register.
///
/// # Errors
/// Usage: sizes per stratum without strata, or beside a total or a share.
pub(super) fn check(method: Method, arms: &[ArmPlan]) -> Result<()> {
    let Some(table) = arms.iter().find(|arm| is_table(arm)) else {
        return Ok(());
    };
    let name = &table.name;
    if method != Method::Stratified {
        return Err(Error::usage(format!(
            "arm '{name}' has a size per stratum, but the draw has no strata"
        ))
        .hint("name the columns, for example strata = [\"gemeente\"]"));
    }
    let other = arms
        .iter()
        .find(|arm| !is_table(arm) && arm.quota != Quota::Rest);
    match other {
        None => Ok(()),
        Some(other) => Err(Error::usage(format!(
            "arm '{name}' has a size per stratum, and arm '{}' has not",
            other.name
        ))
        .hint("give every arm a size per stratum, or leave out the size of one, which then takes the rest")),
    }
}

fn is_table(arm: &ArmPlan) -> bool {
    matches!(arm.quota, Quota::Sizes(_))
}

/// The quotas per stratum and arm for strata with these labels and numbers of what sizes count.
///
/// # Errors
/// Usage: a stratum without a size, a size for a stratum that is not there, sizes that do not
/// fit a stratum, an arm that nobody takes the rest for.
pub(super) fn quotas(arms: &[ArmPlan], strata: &[(String, u64)]) -> Result<Vec<Vec<u64>>> {
    let tables: Vec<Option<BTreeMap<&str, u64>>> = arms.iter().map(table).collect();
    for (arm, table) in arms.iter().zip(&tables) {
        for label in table.iter().flat_map(BTreeMap::keys) {
            if !strata.iter().any(|(known, _)| known.trim() == *label) {
                return Err(no_such_stratum(&arm.name, label, strata));
            }
        }
    }
    strata
        .iter()
        .map(|(label, there)| {
            let mut quota = Vec::with_capacity(arms.len());
            let mut asked: u64 = 0;
            for (arm, table) in arms.iter().zip(&tables) {
                let size = match table {
                    None => 0,
                    Some(table) => *table
                        .get(label.trim())
                        .ok_or_else(|| no_size(&arm.name, label))?,
                };
                asked = asked.saturating_add(size);
                quota.push(size);
            }
            let rest = tables.iter().position(Option::is_none);
            match (there.checked_sub(asked), rest) {
                (None, _) => Err(misfit(label, asked, *there, "too many", asked - there)),
                (Some(left), Some(arm)) => {
                    quota[arm] = left;
                    Ok(quota)
                }
                (Some(0), None) => Ok(quota),
                (Some(left), None) => Err(misfit(label, asked, *there, "too few", left)),
            }
        })
        .collect()
}

/// The arms with sizes per stratum in the same proportions for another number of people.
pub(super) fn scaled(
    arms: &[ArmPlan],
    first: &[(String, u64)],
    now: &[(String, u64)],
) -> Result<Vec<ArmPlan>> {
    let drawn = quotas(arms, first)?;
    let mut tables = vec![BTreeMap::new(); arms.len()];
    for (label, units) in now {
        let weights = first
            .iter()
            .zip(&drawn)
            .find_map(|((known, _), quota)| (known.trim() == label.trim()).then_some(quota))
            .ok_or_else(|| {
                Error::usage(format!(
                    "the first draw had no stratum '{label}', so there is no share to keep"
                ))
                .hint("give the sizes for this batch, or draw these people in a trial of their own")
            })?;
        for (table, size) in tables.iter_mut().zip(apportion(weights, *units)?) {
            table.insert(label.trim().to_owned(), size);
        }
    }
    Ok(arms
        .iter()
        .zip(tables)
        .map(|(arm, table)| ArmPlan {
            name: arm.name.clone(),
            quota: Quota::Sizes(table),
        })
        .collect())
}

fn table(arm: &ArmPlan) -> Option<BTreeMap<&str, u64>> {
    match &arm.quota {
        Quota::Sizes(sizes) => Some(
            sizes
                .iter()
                .map(|(label, size)| (label.trim(), *size))
                .collect(),
        ),
        Quota::Size(_) | Quota::Share(_) | Quota::Rest => None,
    }
}

fn no_such_stratum(arm: &str, label: &str, strata: &[(String, u64)]) -> Error {
    let labels = || strata.iter().map(|(known, _)| known.as_str());
    Error::usage(format!(
        "arm '{arm}' has a size for stratum '{label}', but nobody eligible is in it"
    ))
    .hint(match nearest(label, labels()) {
        Some(near) => format!("did you mean '{near}'?"),
        None => format!(
            "the strata are: {}",
            labels().collect::<Vec<_>>().join("; ")
        ),
    })
}

fn no_size(arm: &str, label: &str) -> Error {
    Error::usage(format!("arm '{arm}' has no size for stratum '{label}'")).hint(format!(
        "add it: \"{label}\" = 0 if nobody of it is to be in this arm"
    ))
}

fn misfit(label: &str, asked: u64, there: u64, what: &str, by: u64) -> Error {
    Error::usage(format!(
        "the sizes for stratum '{label}' add up to {asked}, but it has {there}: {by} {what}"
    ))
    .hint("leave out the size of one arm, which then takes the rest of every stratum")
}
