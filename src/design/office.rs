//! Who of an arm goes to which caseworker, and who is invited when: shuffles of their own, so
//! that neither the best caseworker nor the first week goes to whom somebody likes.

use super::plan::Plan;
use super::quota::apportion;
use super::stream::Streams;
use super::units::{Texts, canonical_order};
use crate::error::{Error, Result};

/// One caseworker of an arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caseworker {
    pub name: String,
    /// How many of the arm's units they can take; none for who takes the rest.
    pub places: Option<u64>,
}

/// The caseworker of every unit of an arm, as an index into `caseworkers`; `keys` are the
/// units' (of persons, or of clusters), in any order.
///
/// The units in canonical order, shuffled with label `"caseworker\n{arm}"`; the caseworkers
/// take consecutive runs of their places. Who takes the rest gets what all others leave.
///
/// # Errors
/// Usage: nobody to take them, more units than places, two who take the rest.
pub fn caseworkers(
    plan: &Plan,
    arm: &str,
    keys: &dyn Texts,
    caseworkers: &[Caseworker],
) -> Result<Vec<usize>> {
    let units = keys.count() as u64;
    let given: u64 = caseworkers
        .iter()
        .filter_map(|caseworker| caseworker.places)
        .fold(0, u64::saturating_add);
    let rest: Vec<&str> = caseworkers
        .iter()
        .filter(|caseworker| caseworker.places.is_none())
        .map(|caseworker| &*caseworker.name)
        .collect();
    match rest[..] {
        [first, second, ..] => {
            return Err(Error::usage(format!(
                "both '{first}' and '{second}' have no number of places, and only one caseworker \
                 can take the rest"
            ))
            .hint("give places to all but one caseworker of an arm"));
        }
        [] if given < units => {
            return Err(Error::usage(format!(
                "arm '{arm}' has {units} to invite, and its caseworkers have {given} places: {} \
                 too few",
                units - given
            ))
            .hint(
                "give more places, or leave out those of one caseworker, who then takes the rest",
            ));
        }
        _ => {}
    }
    let order = shuffled(plan, &format!("caseworker\n{arm}"), keys)?;
    let mut of_unit = vec![0; order.len()];
    let mut line = order.into_iter();
    for (index, caseworker) in caseworkers.iter().enumerate() {
        let places = caseworker
            .places
            .unwrap_or_else(|| units.saturating_sub(given));
        for unit in line.by_ref().take(places as usize) {
            of_unit[unit as usize] = index;
        }
    }
    Ok(of_unit)
}

/// The caseworkers of a later batch with the places that each has of its `now` units: in proportion
/// to what they took of the `first` draw's units of this arm, by largest remainder, ties to the
/// earlier one. A batch of a few does not all go to whoever comes first.
///
/// # Errors
/// Internal ones only.
pub fn caseworkers_of_batch(
    caseworkers: &[Caseworker],
    first: u64,
    now: u64,
) -> Result<Vec<Caseworker>> {
    let given: u64 = caseworkers
        .iter()
        .filter_map(|caseworker| caseworker.places)
        .fold(0, u64::saturating_add);
    let mut left = first;
    let taken: Vec<u64> = caseworkers
        .iter()
        .map(|caseworker| {
            let places = caseworker.places.unwrap_or(first.saturating_sub(given));
            let taken = places.min(left);
            left -= taken;
            taken
        })
        .collect();
    if taken.iter().all(|&taken| taken == 0) {
        return Ok(caseworkers.to_vec());
    }
    let places = apportion(&taken, now)?;
    Ok(caseworkers
        .iter()
        .zip(places)
        .map(|(caseworker, places)| Caseworker {
            name: caseworker.name.clone(),
            places: Some(places),
        })
        .collect())
}

/// Every unit's place in the order of invitation of its arm, from 1: the units in canonical
/// order, shuffled with label `"order\n{arm}"`.
///
/// # Errors
/// More units than fit in 32 bits.
pub fn invitations(plan: &Plan, arm: &str, keys: &dyn Texts) -> Result<Vec<u32>> {
    let order = shuffled(plan, &format!("order\n{arm}"), keys)?;
    let mut places = vec![0; order.len()];
    for (place, unit) in (1..).zip(order) {
        places[unit as usize] = place;
    }
    Ok(places)
}

fn shuffled(plan: &Plan, label: &str, keys: &dyn Texts) -> Result<Vec<u32>> {
    let mut order = canonical_order(keys)?.rows;
    Streams::new(plan.seed(), plan.batch())
        .stream(label)
        .shuffle(&mut order);
    Ok(order)
}
