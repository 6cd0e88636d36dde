//! Effects after making the arms alike on covariates by weights.

use nalgebra::{DMatrix, DVector};

use super::adjust::{ancova, centre};
use super::infer::Level;
use super::linear::{Variance, ols};
use super::logistic::{limiting_probabilities, logistic};
use super::matrix::{Matrix, ModelError, check, mean, same_length};
use super::qr::Qr;
use crate::results::Estimate;

/// The difference of weighted means, with the HC2 standard error of the weighted
/// regression on treatment (the weights taken as given) and n − 2 degrees of freedom.
///
/// People of weight zero don't count.
///
/// # Errors
/// [`ModelError::EmptyArm`], [`ModelError::NotFinite`] (also for a negative weight),
/// [`ModelError::Length`], those of [`ols`].
pub fn weighted_difference(
    y: &[f64],
    treated: &[bool],
    weights: &[f64],
    level: Level,
) -> Result<Estimate, ModelError> {
    same_length(treated.len(), y.len())?;
    check(weights, y.len())?;
    if let Some(row) = weights.iter().position(|w| *w < 0.0) {
        return Err(ModelError::NotFinite { row });
    }
    let rows: Vec<usize> = (0..y.len()).filter(|&i| weights[i] > 0.0).collect();
    for arm in [true, false] {
        if !rows.iter().any(|&i| treated[i] == arm) {
            return Err(ModelError::EmptyArm { treated: arm });
        }
    }
    let root: Vec<f64> = rows.iter().map(|&i| weights[i].sqrt()).collect();
    let mut design = Matrix::new(rows.len());
    design.push(&root)?;
    let z: Vec<f64> = rows
        .iter()
        .zip(&root)
        .map(|(&i, r)| if treated[i] { *r } else { 0.0 })
        .collect();
    design.push(&z)?;
    // About the mean, so that a common level costs no digits.
    let centre = mean(rows.iter().map(|&i| y[i])).unwrap_or_default();
    let scaled: Vec<f64> = rows
        .iter()
        .zip(&root)
        .map(|(&i, r)| (y[i] - centre) * r)
        .collect();
    ols(&scaled, &design, Variance::Hc2, level)?.coefficient(1)
}

/// Weights 1/P(own arm | covariates) from a logistic regression of the arm, so that both
/// arms stand for everybody (Robins, Hernán & Brumback 2000, Epidemiology 11, 550–560).
///
/// # Errors
/// Those of [`logistic`]; [`ModelError::Numerical`] when the covariates separate the arms.
pub fn inverse_probability(treated: &[bool], covariates: &Matrix) -> Result<Vec<f64>, ModelError> {
    let fit = logistic(treated, &with_intercept(covariates)?)?;
    Ok(treated
        .iter()
        .zip(&fit.probabilities)
        .map(|(&treated, p)| if treated { 1.0 / p } else { 1.0 / (1.0 - p) })
        .collect())
}

/// Weights for those whose outcome is known.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseWeights {
    /// One per person, 0 where the outcome is missing.
    pub weights: Vec<f64>,
    /// People without an outcome whom no weight stands for, since nobody in their arm like them
    /// on the covariates has one.
    pub unlike: usize,
}

/// Weights 1/P(outcome known | arm, covariates) for those whose outcome is known and 0 for the
/// others, from a logistic regression of being known on the covariates in each arm. Right when,
/// among people of an arm alike on the covariates, missingness has nothing to do with the
/// outcome (Wooldridge 2007, J. Econometrics 141, 1281–1301).
///
/// Where everybody with some values of the covariates has an outcome, the likelihood's limit
/// is a probability of 1, and so a weight of 1 (see [`limiting_probabilities`]).
///
/// # Errors
/// Those of [`limiting_probabilities`].
pub fn response_weights(
    known: &[bool],
    treated: &[bool],
    covariates: &Matrix,
) -> Result<ResponseWeights, ModelError> {
    let n = known.len();
    same_length(treated.len(), n)?;
    let mut weights = vec![0.0; n];
    let mut unlike = 0;
    for arm in [true, false] {
        let rows: Vec<usize> = (0..n).filter(|&i| treated[i] == arm).collect();
        let answers: Vec<bool> = rows.iter().map(|&i| known[i]).collect();
        let probabilities = if answers.contains(&false) {
            same_length(covariates.rows(), n)?;
            let mut own = Matrix::new(rows.len());
            for j in 0..covariates.columns() {
                let x = covariates.column(j);
                own.push(&rows.iter().map(|&i| x[i]).collect::<Vec<_>>())?;
            }
            limiting_probabilities(&answers, &with_intercept(&own)?)?
        } else {
            vec![1.0; rows.len()]
        };
        for ((&i, known), p) in rows.iter().zip(answers).zip(probabilities) {
            if known {
                weights[i] = 1.0 / p;
            } else if p == 0.0 {
                unlike += 1;
            }
        }
    }
    Ok(ResponseWeights { weights, unlike })
}

/// Entropy balancing: in each arm the weights that are as equal as they can be (in entropy)
/// while every covariate's weighted mean is that of all people together (Hainmueller 2012,
/// Political Analysis 20, 25–46). Weights of an arm add up to its size.
///
/// # Errors
/// [`ModelError::Numerical`] when no weights reach the means (they lie outside the arm's
/// values), [`ModelError::EmptyArm`], [`ModelError::Length`].
pub fn entropy_balance(treated: &[bool], covariates: &Matrix) -> Result<Vec<f64>, ModelError> {
    let n = treated.len();
    same_length(covariates.rows(), n)?;
    for arm in [true, false] {
        if !treated.contains(&arm) {
            return Err(ModelError::EmptyArm { treated: arm });
        }
    }
    let standard = standardised(covariates)?;
    let mut weights = vec![1.0; n];
    for arm in [true, false] {
        let rows: Vec<usize> = (0..n).filter(|&i| treated[i] == arm).collect();
        for (&i, w) in rows.iter().zip(tilt(&standard, &rows)?) {
            weights[i] = w;
        }
    }
    Ok(weights)
}

/// The independent covariates about their means, in standard deviations.
fn standardised(covariates: &Matrix) -> Result<Vec<Vec<f64>>, ModelError> {
    let qr = Qr::new(&with_intercept(covariates)?)?;
    let columns = qr.kept().iter().filter(|j| **j > 0);
    columns
        .map(|&j| {
            let x = covariates.column(j - 1);
            let centre = mean(x.iter().copied()).ok_or(ModelError::Empty)?;
            let sd = (x.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / x.len() as f64).sqrt();
            Ok(x.iter().map(|v| (v - centre) / sd).collect())
        })
        .collect()
}

/// Newton steps and halvings after which an arm counts as out of reach.
const STEPS: usize = 200;

/// Weights ∝ exp(λ'x) of these rows with weighted means of zero: the minimum of the convex
/// ln Σ exp(λ'x), by Newton's method with step halving.
fn tilt(x: &[Vec<f64>], rows: &[usize]) -> Result<Vec<f64>, ModelError> {
    let k = x.len();
    let mut lambda = DVector::zeros(k);
    let shares = |lambda: &DVector<f64>| -> (f64, Vec<f64>) {
        let scores: Vec<f64> = rows
            .iter()
            .map(|&i| (0..k).map(|j| lambda[j] * x[j][i]).sum())
            .collect();
        let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let exps: Vec<f64> = scores.iter().map(|s| (s - top).exp()).collect();
        let total: f64 = exps.iter().sum();
        (
            top + total.ln(),
            exps.into_iter().map(|e| e / total).collect(),
        )
    };
    let (mut value, mut share) = shares(&lambda);
    for _ in 0..STEPS {
        let gradient = DVector::from_fn(k, |j, _| {
            rows.iter()
                .zip(&share)
                .map(|(&i, w)| w * x[j][i])
                .sum::<f64>()
        });
        if gradient.amax() < 1e-13 || k == 0 {
            return Ok(share.into_iter().map(|w| w * rows.len() as f64).collect());
        }
        let hessian = DMatrix::from_fn(k, k, |a, b| {
            rows.iter()
                .zip(&share)
                .map(|(&i, w)| w * (x[a][i] - gradient[a]) * (x[b][i] - gradient[b]))
                .sum::<f64>()
        });
        let step = hessian
            .cholesky()
            .ok_or(ModelError::Numerical)?
            .solve(&gradient);
        let slope = gradient.dot(&step);
        let mut length = 1.0;
        let (next, at) = loop {
            let next = &lambda - &step * length;
            let at = shares(&next);
            // Near the minimum the value itself has no digits left to fall.
            if at.0 <= value - 1e-4 * length * slope || slope < 1e-14 {
                break (next, at);
            }
            length /= 2.0;
            if length < 1e-10 {
                return Err(ModelError::Numerical);
            }
        };
        if next.amax() > 1e4 {
            return Err(ModelError::Numerical);
        }
        lambda = next;
        (value, share) = at;
        if slope < 1e-28 {
            return Ok(share.into_iter().map(|w| w * rows.len() as f64).collect());
        }
    }
    Err(ModelError::Numerical)
}

/// An intercept and the covariates about their means: what varies little about a large mean is
/// not taken for a constant.
fn with_intercept(covariates: &Matrix) -> Result<Matrix, ModelError> {
    let mut design = Matrix::new(covariates.rows());
    design.push_intercept();
    for j in 0..covariates.columns() {
        design.push(&centre(covariates.column(j)))?;
    }
    Ok(design)
}

/// One covariate's part in the unadjusted difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Imbalance {
    /// Mean of the covariate, treated minus control, in its own units.
    pub difference: f64,
    /// Slope of the outcome on the covariate within arms, the other covariates held fixed.
    pub prognosis: f64,
    /// Their product: how much of the unadjusted difference is chance imbalance on it.
    pub contribution: f64,
}

/// Splits the unadjusted difference: it is the effect of the analysis of covariance plus
/// Σ (x̄₁ − x̄₀)·slope, exactly (the omitted-variable identity; Altman 1985, The Statistician
/// 34, 125–136, on imbalance times prognosis). One entry per column of the covariates;
/// absent for a dropped one.
///
/// # Errors
/// Those of [`ols`], [`ModelError::EmptyArm`].
pub fn imbalance_by_prognosis(
    y: &[f64],
    treated: &[bool],
    covariates: &Matrix,
    level: Level,
) -> Result<Vec<Option<Imbalance>>, ModelError> {
    let adjusted = ancova(y, treated, covariates, Variance::Hc2, level)?;
    Ok((0..covariates.columns())
        .map(|j| {
            let slope = adjusted.fit.coefficient(j + 2).ok()?.estimate;
            let x = covariates.column(j);
            let of = |arm: bool| mean((0..x.len()).filter(|&i| treated[i] == arm).map(|i| x[i]));
            let difference = of(true)? - of(false)?;
            Some(Imbalance {
                difference,
                prognosis: slope,
                contribution: difference * slope,
            })
        })
        .collect())
}
