//! Intention to treat, adjusted for covariates measured before the draw.

use super::infer::Level;
use super::linear::{Fit, Variance, ols};
use super::matrix::{Matrix, ModelError, mean, same_length};
use crate::results::Estimate;

/// An adjusted effect of assignment.
#[derive(Debug, Clone)]
pub struct Adjusted {
    pub effect: Estimate,
    /// Covariates that the regression could not use, by column: constant, or combinations of
    /// earlier ones. For Lin's estimator also those whose interaction with treatment was
    /// dependent.
    pub dropped: Vec<usize>,
    /// The regression: intercept, treatment, covariates, and with Lin their interactions.
    pub fit: Fit,
}

/// Lin's estimator: covariates centred at their mean and interacted with treatment.
///
/// # Formula
/// The coefficient of treatment in the regression of y on z, x − x̄ and z (x − x̄), x̄ the mean
/// over both arms (Lin 2013, Ann. Appl. Stat. 7, 295–318, section 4; estimatr's
/// `lm_lin`). Never less precise than the difference in means in large samples.
///
/// # Errors
/// [`ModelError::EmptyArm`], and those of [`ols`].
pub fn lin(
    y: &[f64],
    treated: &[bool],
    covariates: &Matrix,
    variance: Variance,
    level: Level,
) -> Result<Adjusted, ModelError> {
    adjust(y, treated, covariates, Interact::Yes, variance, level)
}

/// Analysis of covariance: covariates enter with one slope for both arms (centred, which
/// moves the intercept only).
/// With the outcome's baseline as covariate this is the usual before–after analysis.
///
/// # Errors
/// [`ModelError::EmptyArm`], and those of [`ols`].
pub fn ancova(
    y: &[f64],
    treated: &[bool],
    covariates: &Matrix,
    variance: Variance,
    level: Level,
) -> Result<Adjusted, ModelError> {
    adjust(y, treated, covariates, Interact::No, variance, level)
}

enum Interact {
    Yes,
    No,
}

fn adjust(
    y: &[f64],
    treated: &[bool],
    covariates: &Matrix,
    interact: Interact,
    variance: Variance,
    level: Level,
) -> Result<Adjusted, ModelError> {
    same_length(treated.len(), y.len())?;
    same_length(covariates.rows(), y.len())?;
    for arm in [true, false] {
        if !treated.contains(&arm) {
            return Err(ModelError::EmptyArm { treated: arm });
        }
    }
    let k = covariates.columns();
    let mut design = Matrix::new(y.len());
    design.push_intercept();
    design.push_flags(treated)?;
    let centred: Vec<Vec<f64>> = (0..k).map(|j| centre(covariates.column(j))).collect();
    for column in &centred {
        design.push(column)?;
    }
    if let Interact::Yes = interact {
        for column in &centred {
            let product: Vec<f64> = column
                .iter()
                .zip(treated)
                .map(|(x, &z)| if z { *x } else { 0.0 })
                .collect();
            design.push(&product)?;
        }
    }
    let fit = ols(y, &design, variance, level)?;
    let mut dropped: Vec<usize> = fit.dropped.iter().map(|c| (c - 2) % k).collect();
    dropped.sort_unstable();
    dropped.dedup();
    Ok(Adjusted {
        effect: fit.coefficient(1)?,
        dropped,
        fit,
    })
}

/// x − x̄, exactly zero for a constant.
pub(super) fn centre(x: &[f64]) -> Vec<f64> {
    let mean = mean(x.iter().copied()).unwrap_or_default();
    x.iter()
        .map(|x| {
            let deviation = x - mean;
            if deviation.abs() <= 4.0 * f64::EPSILON * x.abs() {
                0.0
            } else {
                deviation
            }
        })
        .collect()
}

/// A covariate without gaps, and where the gaps were.
#[derive(Debug, Clone, PartialEq)]
pub struct Imputed {
    /// The covariate, with the mean of the valid values for missing ones.
    pub values: Vec<f64>,
    /// One where the value was missing; absent when none was.
    pub missing: Option<Vec<f64>>,
}

/// Fills a covariate measured before the draw: the mean of the valid values, and an indicator as
/// a covariate of its own (Zhao & Ding 2024, JASA 119, 450–460). Missingness before the
/// draw is itself a covariate, so that the estimate stays valid whatever the reason.
///
/// `None` when every value is missing.
pub fn impute(values: &[Option<f64>]) -> Option<Imputed> {
    let mean = mean(values.iter().flatten().copied())?;
    let missing = values.contains(&None).then(|| {
        values
            .iter()
            .map(|v| f64::from(u8::from(v.is_none())))
            .collect()
    });
    Some(Imputed {
        values: values.iter().map(|v| v.unwrap_or(mean)).collect(),
        missing,
    })
}
