//! The number of contacts as a dose: the effect of one more, and outcomes by how many there were.

use super::compliance::{instrument, set};
use crate::results::{DoseGroup, DoseRow, DoseWeight};
use crate::stats::dose::average_causal_response;
use crate::stats::sample::Moments;
use crate::study::Contrast;

/// Numbers of contacts that are shown by themselves: at least up to the usual four, and up to the
/// definition of receiving it, but no endless table.
const SHOWN: std::ops::RangeInclusive<u64> = 4..=12;

/// Up to which number of contacts people are shown by themselves; the last is of so many or more.
pub(super) fn shown_by_themselves(at_least: u64) -> u64 {
    at_least.clamp(*SHOWN.start(), *SHOWN.end())
}

/// The dose analysis of one outcome. None where contacts are not counted, or nobody had more than
/// one: a dose of yes or no is receipt itself.
pub(super) fn dose(contrast: &Contrast<'_>) -> Option<DoseRow> {
    let study = contrast.study;
    let (scores, contacts) = (contrast.scores?, study.contacts.as_ref()?);
    let counts = &contacts.counts;
    let last = shown_by_themselves(contacts.at_least);
    let (people, assigned) = study.rows(contrast.codes, contrast.treated, |row| {
        !scores[row].is_nan() && counts[row].is_some()
    });
    let y: Vec<f64> = people.iter().map(|&row| scores[row]).collect();
    let dose: Vec<u64> = people.iter().filter_map(|&row| counts[row]).collect();
    if dose.iter().all(|&dose| dose <= 1) {
        return None;
    }
    let response = instrument(study, &people, &assigned)
        .and_then(|instrument| average_causal_response(&y, &dose, &instrument, last, study.level))
        .ok();
    let fit = response.as_ref().map(|response| response.per_unit);
    Some(DoseRow {
        treated: contrast.arm(contrast.treated).to_string(),
        control: contrast.arm(contrast.control()).to_string(),
        column: contacts.column.clone(),
        at_least: contacts.at_least,
        n: people.len() as u64,
        per_contact: fit.map(|fit| fit.leading()),
        contacts: fit.map(|fit| fit.received),
        first_stage_f: fit.and_then(|fit| fit.f).map(|f| f.statistic),
        anderson_rubin: fit.map(|fit| set(&fit.anderson_rubin.set)),
        weights: response
            .iter()
            .flat_map(|response| &response.steps)
            .map(|step| DoseWeight {
                at_least: step.at_least,
                difference: step.difference,
                weight: step.weight,
            })
            .collect(),
        weight_beyond: response.and_then(|response| response.beyond),
        groups: [contrast.control(), contrast.treated]
            .into_iter()
            .flat_map(|arm| groups(contrast, scores, counts, arm, last))
            .collect(),
    })
}

/// The people of an arm by their number of contacts, from 0 to `last` or more.
fn groups(
    contrast: &Contrast<'_>,
    scores: &[f64],
    counts: &[Option<u64>],
    arm: usize,
    last: u64,
) -> Vec<DoseGroup> {
    let study = contrast.study;
    let drawn: Vec<(usize, u64)> = (0..study.codes.len())
        .filter(|&row| study.codes[row] as usize == arm)
        .filter_map(|row| Some((row, counts[row]?)))
        .collect();
    let known = |row: usize| contrast.codes[row] as usize == arm && !scores[row].is_nan();
    (0..=last)
        .filter_map(|contacts| {
            let or_more = contacts == last;
            let own = || {
                drawn
                    .iter()
                    .filter(move |(_, count)| *count == contacts || (or_more && *count > contacts))
            };
            let with = || own().filter(|(row, _)| known(*row));
            let (all, n) = (own().count() as u64, with().count() as u64);
            // Nobody in the open group of either arm: there is no such group.
            (all > 0 || !or_more).then(|| DoseGroup {
                arm: contrast.arm(arm).to_string(),
                contacts,
                or_more,
                mean_contacts: mean(with().map(|(_, count)| *count as f64).collect())
                    .filter(|_| or_more),
                n,
                missing: all - n,
                mean: mean(with().map(|(row, _)| scores[*row]).collect()),
                randomised: false,
            })
        })
        .collect()
}

fn mean(values: Vec<f64>) -> Option<f64> {
    (!values.is_empty()).then(|| Moments::from_slice(&values).mean)
}
