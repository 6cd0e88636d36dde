//! The effect of being assigned: a difference in means that follows the draw, and the same
//! adjusted for covariates.

use super::{Contrast, OutcomeInput, Study, model_failed, no_answer};
use crate::error::Result;
use crate::results::{Estimand, Estimate, EstimateRow, Estimator, Note};
use crate::stats::adjust::{ancova, impute, lin};
use crate::stats::blocked::{blocked_cluster_difference, blocked_difference, cluster_difference};
use crate::stats::blocked_adjust::{blocked_ancova, blocked_lin};
use crate::stats::cluster::Clusters;
use crate::stats::linear::Variance;
use crate::stats::matrix::{Matrix, ModelError};
use crate::stats::strata::{as_analysed, merge_thin};
use crate::stats::two_sample::welch_t;
use crate::variable::Measured;

/// Intention-to-treat estimates, the plain difference first.
pub fn estimates(
    contrast: &Contrast<'_>,
    input: &OutcomeInput,
    notes: &mut Vec<Note>,
) -> Result<Vec<EstimateRow>> {
    let Some(scores) = contrast.scores else {
        return Ok(Vec::new());
    };
    let mut rows = vec![difference(contrast, notes)];
    let designed = contrast.study.strata.is_some() || contrast.study.clusters.is_some();
    let adjusted = !contrast.study.covariates.is_empty() || input.baseline.is_some();
    if (!designed && !adjusted) || contrast.all_the_same() {
        return Ok(rows);
    }
    let (people, treated) = contrast
        .study
        .rows(contrast.codes, contrast.treated, |row| {
            !scores[row].is_nan()
        });
    let y: Vec<f64> = people.iter().map(|&row| scores[row]).collect();
    let cluster: Option<Vec<usize>> = contrast
        .study
        .clusters
        .as_ref()
        .map(|clusters| people.iter().map(|&row| clusters[row]).collect());
    let clusters = cluster
        .as_deref()
        .and_then(|cluster| Clusters::new(cluster).ok());
    if designed {
        match by_design(contrast, &people, &y, &treated, cluster.as_deref(), notes) {
            Ok(row) => rows.push(row),
            Err(error) => notes.push(model_failed(contrast.measured.name(), error)),
        }
    }
    let mut keep = |attempt: std::result::Result<EstimateRow, ModelError>| match attempt {
        Ok(row) => rows.push(row),
        Err(error) => notes.push(model_failed(contrast.measured.name(), error)),
    };
    let imputed: Vec<String> = contrast
        .study
        .covariates
        .iter()
        .chain(&input.baseline)
        .filter(|covariate| {
            let missing = covariate.missing();
            people.iter().any(|&row| missing[row])
        })
        .map(|covariate| covariate.name().to_string())
        .collect();
    if !contrast.study.covariates.is_empty() {
        keep(adjusted_by(
            contrast,
            &contrast.study.covariates,
            Estimator::Lin,
            &people,
            &y,
            &treated,
            clusters.as_ref(),
        ));
    }
    if let Some(baseline) = &input.baseline {
        keep(adjusted_by(
            contrast,
            std::slice::from_ref(baseline),
            Estimator::Ancova,
            &people,
            &y,
            &treated,
            clusters.as_ref(),
        ));
    }
    if !imputed.is_empty() {
        notes.push(Note::CovariatesImputed {
            covariates: imputed,
        });
    }
    Ok(rows)
}

/// Neyman's difference in means; without spread the difference alone.
fn difference(contrast: &Contrast<'_>, notes: &mut Vec<Note>) -> EstimateRow {
    let treated = &contrast.summaries[contrast.treated].moments.moments;
    let control = &contrast.summaries[contrast.control()].moments.moments;
    let value = match welch_t(treated, control, contrast.study.level) {
        Ok(comparison) => comparison.estimate,
        Err(reason) => {
            notes.push(no_answer(contrast, reason));
            Estimate {
                estimate: treated.mean_minus(control),
                std_error: None,
                df: None,
                statistic: None,
                p_value: None,
                conf_low: None,
                conf_high: None,
            }
        }
    };
    contrast.row(
        Estimand::Itt,
        Estimator::DifferenceInMeans,
        treated.n + control.n,
        value,
    )
}

fn by_design(
    contrast: &Contrast<'_>,
    people: &[usize],
    y: &[f64],
    treated: &[bool],
    clusters: Option<&[usize]>,
    notes: &mut Vec<Note>,
) -> std::result::Result<EstimateRow, ModelError> {
    let level = contrast.study.level;
    let strata: Option<Vec<usize>> = contrast
        .study
        .strata
        .as_ref()
        .map(|strata| people.iter().map(|&row| strata[row]).collect());
    // The draw gives everybody the same chance whatever the stratum, so that strata too thin
    // for a variance of their own may be taken together.
    let mut merge = |strata: &[usize]| -> std::result::Result<Vec<usize>, ModelError> {
        let merged = merge_thin(treated, strata, clusters)?;
        notes.push(Note::StrataMerged {
            variable: contrast.measured.name().to_string(),
            strata: merged.merged.len() as u64,
        });
        Ok(merged.strata)
    };
    let (estimator, value) = match (&strata, clusters) {
        (Some(strata), None) => {
            let blocked = match blocked_difference(y, treated, strata, level) {
                Err(ModelError::ThinStratum { .. }) => {
                    blocked_difference(y, treated, &merge(strata)?, level)
                }
                other => other,
            };
            (Estimator::BlockedDifferenceInMeans, blocked?.effect)
        }
        (Some(strata), Some(clusters)) => {
            let blocked = match blocked_cluster_difference(y, treated, strata, clusters, level) {
                Err(ModelError::ThinStratum { .. }) => {
                    blocked_cluster_difference(y, treated, &merge(strata)?, clusters, level)
                }
                other => other,
            };
            (Estimator::ClusterCr2, blocked?.effect)
        }
        (None, Some(clusters)) => (
            Estimator::ClusterCr2,
            cluster_difference(y, treated, clusters, level)?,
        ),
        (None, None) => return Err(ModelError::Empty),
    };
    Ok(contrast.row(Estimand::Itt, estimator, people.len() as u64, value))
}

fn adjusted_by(
    contrast: &Contrast<'_>,
    covariates: &[Measured],
    estimator: Estimator,
    people: &[usize],
    y: &[f64],
    treated: &[bool],
    clusters: Option<&Clusters>,
) -> std::result::Result<EstimateRow, ModelError> {
    let matrix = adjustment(covariates, people, treated)?;
    let data = (people, y, treated);
    let value = adjusted(contrast.study, estimator, data, &matrix, clusters)?;
    let mut row = contrast.row(Estimand::Itt, estimator, people.len() as u64, value);
    row.adjusted_for = covariates
        .iter()
        .map(|covariate| covariate.name().to_string())
        .collect();
    Ok(row)
}

/// The effect adjusted for covariates, and for the strata of the draw where persons were drawn: arms
/// are only comparable within strata if the chance of the intervention differs between them.
pub(super) fn adjusted(
    study: &Study,
    estimator: Estimator,
    (people, y, treated): (&[usize], &[f64], &[bool]),
    covariates: &Matrix,
    clusters: Option<&Clusters>,
) -> std::result::Result<Estimate, ModelError> {
    let level = study.level;
    if let (Some(strata), None) = (&study.strata, clusters) {
        let own: Vec<usize> = people.iter().map(|&row| strata[row]).collect();
        let own = as_analysed(treated, &own, None)?;
        return match estimator {
            Estimator::Ancova => blocked_ancova(y, treated, &own, covariates, level),
            _ => blocked_lin(y, treated, &own, covariates, level),
        };
    }
    let variance = clusters.map_or(Variance::Hc2, Variance::Cr2);
    let fit = match estimator {
        Estimator::Ancova => ancova(y, treated, covariates, variance, level)?,
        _ => lin(y, treated, covariates, variance, level)?,
    };
    Ok(fit.effect)
}

/// Below this number of missing values in an arm, an indicator would rest on so few people
/// that a robust standard error is not defined.
const ENOUGH_MISSING: usize = 5;

/// The covariates for an adjusted effect: missing values at the mean, with an indicator where
/// enough people in both arms lack the covariate.
pub(super) fn adjustment(
    covariates: &[Measured],
    people: &[usize],
    treated: &[bool],
) -> std::result::Result<Matrix, ModelError> {
    let mut matrix = Matrix::new(people.len());
    for column in covariates.iter().flat_map(Measured::columns) {
        let values: Vec<Option<f64>> = people.iter().map(|&row| column[row]).collect();
        let Some(imputed) = impute(&values) else {
            continue;
        };
        matrix.push(&imputed.values)?;
        let lacking = |arm: bool| {
            values
                .iter()
                .zip(treated)
                .filter(|(value, treated)| value.is_none() && **treated == arm)
                .count()
        };
        if let Some(missing) = imputed.missing
            && lacking(true) >= ENOUGH_MISSING
            && lacking(false) >= ENOUGH_MISSING
        {
            matrix.push(&missing)?;
        }
    }
    Ok(matrix)
}

/// The covariates of these people as numbers, missing ones imputed with an indicator.
pub fn design_matrix(
    covariates: &[Measured],
    people: &[usize],
) -> std::result::Result<Matrix, ModelError> {
    let mut matrix = Matrix::new(people.len());
    for column in covariates.iter().flat_map(Measured::columns) {
        let values: Vec<Option<f64>> = people.iter().map(|&row| column[row]).collect();
        if let Some(imputed) = impute(&values) {
            matrix.push(&imputed.values)?;
            if let Some(missing) = imputed.missing {
                matrix.push(&missing)?;
            }
        }
    }
    Ok(matrix)
}
