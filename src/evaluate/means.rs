//! The effect of being assigned: a difference in means that follows the draw, and the same
//! adjusted for covariates.

use super::absent::{left_out, model_failed, model_reason, no_answer, without_error};
use super::adjustment::Adjustment;
use crate::columns::Measured;
use crate::error::Result;
use crate::results::{
    Estimand, Estimate, EstimateRow, Estimator, NotUsed, Note, Reason, ResultPart, SeType,
};
use crate::stats::adjust::{ancova, impute, lin};
use crate::stats::blocked::{blocked_cluster_difference, blocked_difference, cluster_difference};
use crate::stats::blocked_adjust::{blocked_ancova, blocked_lin, slopes_in_both_arms};
use crate::stats::cluster::Clusters;
use crate::stats::infer::Level;
use crate::stats::matrix::{Matrix, ModelError};
use crate::stats::strata::{has_thin, indicators};
use crate::stats::two_sample::welch_t;
use crate::study::{Contrast, Data, OutcomeInput, Sample, Study};

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
    let designed = !contrast.study.design.is_plain();
    let adjusted = !contrast.study.covariates.is_empty() || input.baseline.is_some();
    if (!designed && !adjusted) || contrast.all_the_same() {
        return Ok(rows);
    }
    let study = contrast.study;
    let is_known = |row: usize| !scores[row].is_nan();
    let (everybody, _) = study.rows(contrast.codes, contrast.treated, is_known);
    let Some(sample) = contrast.sample() else {
        return Ok(rows);
    };
    notes.extend(incomplete_pairs(contrast, &everybody, &sample.people));
    if designed {
        match by_design(contrast, &sample) {
            Ok(row) => rows.push(row),
            Err(error) => notes.push(model_failed(contrast, error)),
        }
    }
    let mut unused = Vec::new();
    let mut imputed = Vec::new();
    let baseline = input.baseline.as_slice();
    for (covariates, estimator, part) in [
        (study.covariates.as_slice(), Estimator::Lin, ResultPart::Lin),
        (baseline, Estimator::Ancova, ResultPart::Ancova),
    ] {
        if covariates.is_empty() {
            continue;
        }
        match adjusted_by(contrast, covariates, estimator, sample.data()) {
            Ok((row, without)) => {
                unused.extend(without);
                if let Some(row) = row {
                    imputed.extend(with_gaps(covariates, &row.adjusted_for, &sample.people));
                    rows.push(row);
                } else {
                    notes.push(left_out(contrast, &[part], Reason::NoCovariate));
                }
            }
            Err(error) => {
                let reason = model_reason(contrast, error);
                notes.push(left_out(contrast, &[part], reason));
            }
        }
    }
    for reason in [
        NotUsed::Missing,
        NotUsed::MissingInArm,
        NotUsed::Constant,
        NotUsed::Dependent,
    ] {
        let mut covariates: Vec<String> = Vec::new();
        for (name, of) in &unused {
            if *of == reason && !covariates.contains(name) {
                covariates.push(name.clone());
            }
        }
        if !covariates.is_empty() {
            notes.push(Note::CovariatesNotUsed { covariates, reason });
        }
    }
    if !imputed.is_empty() {
        imputed.dedup();
        notes.push(Note::CovariatesImputed {
            covariates: imputed,
        });
    }
    notes.extend(
        rows[1..]
            .iter()
            .filter_map(|row| without_error(contrast, row)),
    );
    Ok(rows)
}

/// A note on strata that have lost an arm.
fn incomplete_pairs(contrast: &Contrast<'_>, all: &[usize], complete: &[usize]) -> Option<Note> {
    let strata = contrast.study.design.strata.as_ref()?;
    let count = |people: &[usize]| {
        let mut own: Vec<usize> = people.iter().map(|&row| strata[row]).collect();
        own.sort_unstable();
        own.dedup();
        own.len() as u64
    };
    (all.len() > complete.len()).then(|| Note::IncompletePairs {
        variable: contrast.measured.name().to_string(),
        strata: count(all) - count(complete),
        people: (all.len() - complete.len()) as u64,
    })
}

/// Which covariates of those used have missing values.
fn with_gaps(covariates: &[Measured], used: &[String], people: &[usize]) -> Vec<String> {
    covariates
        .iter()
        .filter(|covariate| used.iter().any(|name| name == covariate.name()))
        .filter(|covariate| {
            let missing = covariate.missing();
            people.iter().any(|&row| missing[row])
        })
        .map(|covariate| covariate.name().to_string())
        .collect()
}

/// The estimate that follows the draw, alone; none where the design does not allow it.
pub(super) fn leading(contrast: &Contrast<'_>, notes: &mut Vec<Note>) -> Option<EstimateRow> {
    if contrast.study.design.is_plain() {
        return Some(difference(contrast, notes));
    }
    match by_design(contrast, &contrast.sample()?) {
        Ok(row) => Some(row),
        Err(error) => {
            notes.push(model_failed(contrast, error));
            None
        }
    }
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
    sample: &Sample,
) -> std::result::Result<EstimateRow, ModelError> {
    let (people, y, treated) = sample.data();
    let design = &contrast.study.design;
    let (strata, clusters) = (design.strata_of(people), design.cluster_codes(people));
    let estimator = match clusters {
        Some(_) => Estimator::ClusterCr2,
        None => Estimator::BlockedDifferenceInMeans,
    };
    let value = difference_by(
        (strata.as_deref(), clusters.as_deref()),
        y,
        treated,
        contrast.study.level,
    )?;
    Ok(contrast.row(Estimand::Itt, estimator, people.len() as u64, value))
}

/// The difference in means that follows a draw within strata, of clusters, or both.
pub(super) fn difference_by(
    (strata, clusters): (Option<&[usize]>, Option<&[usize]>),
    y: &[f64],
    treated: &[bool],
    level: Level,
) -> std::result::Result<Estimate, ModelError> {
    match (strata, clusters) {
        (Some(strata), None) => {
            blocked_difference(y, treated, strata, level).map(|blocked| blocked.effect)
        }
        (Some(strata), Some(clusters)) => {
            blocked_cluster_difference(y, treated, strata, clusters, level)
                .map(|blocked| blocked.effect)
        }
        (None, Some(clusters)) => cluster_difference(y, treated, clusters, level),
        (None, None) => Err(ModelError::Empty),
    }
}

/// Names of covariates not used, and why.
type Unused = Vec<(String, NotUsed)>;

/// The adjusted effect, none without a usable covariate, and the covariates not used.
fn adjusted_by(
    contrast: &Contrast<'_>,
    covariates: &[Measured],
    estimator: Estimator,
    data: Data<'_>,
) -> std::result::Result<(Option<EstimateRow>, Unused), ModelError> {
    let adjustment = Adjustment::new(contrast.study, covariates, data)?;
    let name = |owner: usize| covariates[owner].name().to_string();
    let unused: Unused = adjustment
        .unused
        .iter()
        .map(|&(owner, reason)| (name(owner), reason))
        .collect();
    if adjustment.matrix.columns() == 0 {
        return Ok((None, unused));
    }
    let value = adjusted(contrast.study, estimator, data, &adjustment.matrix)?;
    let mut row = contrast.row(Estimand::Itt, estimator, data.0.len() as u64, value);
    let study = contrast.study;
    row.se_type = study.design.clusters.is_none().then_some(study.se_type);
    row.adjusted_for = adjustment.names(covariates);
    Ok((Some(row), unused))
}

/// The effect adjusted for covariates, and for the strata of the draw: arms are only comparable
/// within strata if the chance of the intervention differs between them. Where clusters were drawn within
/// strata, indicators of the strata are covariates of the regression with CR2; where every stratum
/// is a pair of clusters they enter without interactions.
pub(super) fn adjusted(
    study: &Study,
    estimator: Estimator,
    data: Data<'_>,
    covariates: &Matrix,
) -> std::result::Result<Estimate, ModelError> {
    let level = study.level;
    let (people, y, treated) = data;
    let clusters = study.design.clusters_of(people)?;
    let strata = study.design.strata_of(people);
    if estimator == Estimator::Lin && !has_thin(treated, strata.as_deref())? {
        slopes_in_both_arms(treated, strata.as_deref(), covariates)?;
    }
    let Some(strata) = strata else {
        let variance = study.variance(clusters.as_ref());
        let fit = match estimator {
            Estimator::Ancova => ancova(y, treated, covariates, variance, level)?,
            _ => lin(y, treated, covariates, variance, level)?,
        };
        return Ok(fit.effect);
    };
    if clusters.is_none() && study.se_type == SeType::Hc2 {
        return match estimator {
            Estimator::Ancova => blocked_ancova(y, treated, &strata, covariates, level),
            _ => blocked_lin(y, treated, &strata, covariates, level),
        };
    }
    let mut beside = indicators(&strata)?;
    beside.append(covariates)?;
    // With one unit per arm of a stratum nothing is left for interactions.
    let units = clusters.as_ref().map_or(y.len(), Clusters::count);
    let pairs = 2 * (indicators(&strata)?.columns() + 1) >= units;
    let variance = study.variance(clusters.as_ref());
    let fit = match estimator {
        Estimator::Lin if !pairs => lin(y, treated, &beside, variance, level)?,
        _ => ancova(y, treated, &beside, variance, level)?,
    };
    Ok(fit.effect)
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
