//! What missing outcomes could do: whether the arms lose people differently, and how far the
//! effect could move.

use super::absent::{kernel_reason, left_out, model_reason};
use super::means::design_matrix;
use crate::columns::VariableKind;
use crate::results::{BoundsRow, Estimate, MissingReading, MissingRow, Note, Reason, ResultPart};
use crate::stats::attrition::{Reading, attrition};
use crate::stats::bounds::{Bounds, lee, worst_case};
use crate::stats::contingency::TwoByTwo;
use crate::stats::matrix::ModelError;
use crate::stats::weighting::{response_weights, weighted_difference};
use crate::study::{Contrast, OutcomeInput};

/// The row on missing outcomes of one comparison; none when every outcome is known.
pub fn missing(
    contrast: &Contrast<'_>,
    input: &OutcomeInput,
    notes: &mut Vec<Note>,
) -> Option<MissingRow> {
    let of = |arm: usize| {
        let shown = &contrast.summaries[arm].shown;
        (shown.n, shown.missing)
    };
    let ((n1, m1), (n0, m0)) = (of(contrast.treated), of(contrast.control()));
    if m1 + m0 == 0 {
        return None;
    }
    let level = contrast.study.level;
    let table = TwoByTwo {
        treated_yes: m1,
        treated_no: n1,
        control_yes: m0,
        control_no: n0,
    };
    let found = attrition(&table, level).ok()?;
    let mut row = MissingRow {
        treated: contrast.arm(contrast.treated).to_string(),
        control: contrast.arm(contrast.control()).to_string(),
        treated_missing: m1,
        control_missing: m0,
        treated_share: found.treated_share,
        control_share: found.control_share,
        overall: found.overall,
        difference: found.difference.estimate,
        conf_low: found.difference.conf_low,
        conf_high: found.difference.conf_high,
        test: found.test,
        reading: match found.reading {
            Reading::Low => MissingReading::Low,
            Reading::LowIfUnrelated => MissingReading::LowIfUnrelated,
            Reading::High => MissingReading::High,
        },
        lee: None,
        worst_case: None,
        weighted: None,
    };
    let Some(scores) = contrast.scores else {
        return Some(row);
    };
    let values = |wanted: usize| -> Vec<f64> {
        scores
            .iter()
            .zip(contrast.codes)
            .filter(|(score, code)| **code as usize == wanted && !score.is_nan())
            .map(|(score, _)| *score)
            .collect()
    };
    let (t, c) = (values(contrast.treated), values(contrast.control()));
    match lee((&t, m1), (&c, m0), level) {
        Ok(lee) => row.lee = Some(bounds(&lee.bounds, Some(lee.trimmed))),
        Err(reason) => {
            let reason = kernel_reason(contrast, reason);
            notes.push(left_out(contrast, &[ResultPart::LeeBounds], reason));
        }
    }
    if let Some(range) = range(contrast, input) {
        let moments = |arm: usize| &contrast.summaries[arm].moments.moments;
        let found = worst_case(
            (moments(contrast.treated), m1),
            (moments(contrast.control()), m0),
            range,
            level,
        );
        match found {
            Ok(found) => row.worst_case = Some(bounds(&found, None)),
            Err(reason) => {
                let reason = kernel_reason(contrast, reason);
                notes.push(left_out(contrast, &[ResultPart::WorstCase], reason));
            }
        }
    }
    without_intervals(contrast, &mut row, notes);
    match weighted(contrast, scores, notes) {
        None => {}
        Some(Ok(found)) => row.weighted = Some(found),
        Some(Err(reason)) => {
            notes.push(left_out(contrast, &[ResultPart::ResponseWeighted], reason));
        }
    }
    Some(row)
}

/// The standard errors of bounds take people as drawn one by one: no intervals for a draw by
/// cluster. Says also which intervals a kernel did not have.
fn without_intervals(contrast: &Contrast<'_>, row: &mut MissingRow, notes: &mut Vec<Note>) {
    let clustered = contrast.study.design.clusters.is_some();
    let mut parts = Vec::new();
    for (bounds, part) in [
        (&mut row.lee, ResultPart::LeeInterval),
        (&mut row.worst_case, ResultPart::WorstCaseInterval),
    ] {
        if let Some(bounds) = bounds {
            if clustered {
                (bounds.conf_low, bounds.conf_high) = (None, None);
            }
            if bounds.conf_low.is_none() || bounds.conf_high.is_none() {
                parts.push(part);
            }
        }
    }
    if !parts.is_empty() {
        let reason = if clustered {
            Reason::DrawnByCluster
        } else {
            Reason::TooFewValues
        };
        notes.push(left_out(contrast, &parts, reason));
    }
}

fn bounds(found: &Bounds, trimmed: Option<f64>) -> BoundsRow {
    BoundsRow {
        low: found.low,
        high: found.high,
        conf_low: found.conf_low,
        conf_high: found.conf_high,
        trimmed,
    }
}

/// The least and greatest possible value, where the kind of outcome has one.
fn range(contrast: &Contrast<'_>, input: &OutcomeInput) -> Option<(f64, f64)> {
    match input.measured.kind {
        VariableKind::Binary => Some((0.0, 1.0)),
        VariableKind::Ordinal => {
            let (levels, _) = contrast.measured.level_codes()?;
            let scores = crate::columns::level_scores(&levels);
            Some((*scores.first()?, *scores.last()?))
        }
        VariableKind::Numeric | VariableKind::Categorical => None,
    }
}

/// The difference with people weighted by how likely people like them are to be known, from the
/// covariates; only people with a row in the export can be modelled. None where nothing is asked:
/// without covariates, or where nobody in the export lacks the outcome.
fn weighted(
    contrast: &Contrast<'_>,
    scores: &[f64],
    notes: &mut Vec<Note>,
) -> Option<Result<Estimate, Reason>> {
    let study = contrast.study;
    if study.covariates.is_empty() {
        return None;
    }
    let (people, treated) = study.rows(contrast.codes, contrast.treated, |_| true);
    let known: Vec<bool> = people.iter().map(|&row| !scores[row].is_nan()).collect();
    if !known.contains(&false) {
        return None;
    }
    if study.design.clusters.is_some() {
        return Some(Err(Reason::DrawnByCluster));
    }
    let found = design_matrix(&study.covariates, &people)
        .and_then(|covariates| response_weights(&known, &treated, &covariates));
    let found = match found {
        Ok(found) => found,
        Err(ModelError::Numerical) => return Some(Err(Reason::Separated)),
        Err(error) => return Some(Err(model_reason(contrast, error))),
    };
    if found.unlike > 0 {
        notes.push(Note::NobodyLikeThem {
            variable: contrast.measured.name().to_string(),
            people: found.unlike as u64,
        });
    }
    let y: Vec<f64> = people
        .iter()
        .map(|&row| {
            if scores[row].is_nan() {
                0.0
            } else {
                scores[row]
            }
        })
        .collect();
    let found = weighted_difference(&y, &treated, &found.weights, study.level);
    Some(found.map_err(|error| model_reason(contrast, error)))
}
