//! What missing outcomes could do: whether the arms lose people differently, and how far the
//! effect could move.

use super::means::design_matrix;
use super::{Contrast, OutcomeInput};
use crate::results::{BoundsRow, MissingReading, MissingRow, VariableKind};
use crate::stats::attrition::{Reading, attrition};
use crate::stats::bounds::{Bounds, lee, worst_case};
use crate::stats::contingency::TwoByTwo;
use crate::stats::weighting::{response_weights, weighted_difference};

/// The row on missing outcomes of one comparison; none when every outcome is known.
pub fn missing(contrast: &Contrast<'_>, input: &OutcomeInput) -> Option<MissingRow> {
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
    row.lee = lee((&t, m1), (&c, m0), level)
        .ok()
        .map(|lee| bounds(&lee.bounds, Some(lee.trimmed)));
    if let Some(range) = range(contrast, input) {
        let moments = |arm: usize| &contrast.summaries[arm].moments.moments;
        row.worst_case = worst_case(
            (moments(contrast.treated), m1),
            (moments(contrast.control()), m0),
            range,
            level,
        )
        .ok()
        .map(|found| bounds(&found, None));
    }
    if contrast.study.clusters.is_some() {
        // Their standard errors take people as drawn one by one.
        for bounds in [&mut row.lee, &mut row.worst_case].into_iter().flatten() {
            (bounds.conf_low, bounds.conf_high) = (None, None);
        }
    }
    row.weighted = weighted(contrast, scores);
    Some(row)
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
            let scores = crate::variable::level_scores(&levels);
            Some((*scores.first()?, *scores.last()?))
        }
        VariableKind::Numeric | VariableKind::Categorical => None,
    }
}

/// The difference with people weighted by how likely people like them are to be known, from the
/// covariates; only people with a row in the export can be modelled.
fn weighted(contrast: &Contrast<'_>, scores: &[f64]) -> Option<crate::results::Estimate> {
    let study = contrast.study;
    if study.covariates.is_empty() || study.clusters.is_some() {
        return None;
    }
    let (people, treated) = study.rows(contrast.codes, contrast.treated, |_| true);
    let known: Vec<bool> = people.iter().map(|&row| !scores[row].is_nan()).collect();
    if !known.contains(&false) {
        return None;
    }
    let covariates = design_matrix(&study.covariates, &people).ok()?;
    let weights = response_weights(&known, &treated, &covariates).ok()?;
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
    weighted_difference(&y, &treated, &weights, study.level).ok()
}
