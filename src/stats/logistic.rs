//! Logistic regression: the probability of a yes given covariates.

use super::matrix::{Matrix, ModelError, same_length};
use super::qr::Qr;

/// A fitted logistic regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// One coefficient per column of the design, in log odds; absent for a dropped column.
    pub coefficients: Vec<Option<f64>>,
    /// The fitted probability per unit, strictly between 0 and 1.
    pub probabilities: Vec<f64>,
    pub dropped: Vec<usize>,
}

/// At most so many rounds; with overlap six or seven suffice.
const ROUNDS: usize = 50;

/// Beyond these log odds a fitted probability is 0 or 1: the covariates separate the
/// answers, and there is no maximum.
const SEPARATED: f64 = 30.0;

/// Maximum likelihood by iteratively reweighted least squares (McCullagh & Nelder 1989,
/// §2.5). Add an intercept to the design yourself.
///
/// # Errors
/// [`ModelError::NoVariance`] when everybody answers the same, [`ModelError::Numerical`] when
/// the covariates separate the answers, [`ModelError::Length`], [`ModelError::Empty`].
pub fn logistic(yes: &[bool], design: &Matrix) -> Result<Logistic, ModelError> {
    let n = design.rows();
    same_length(yes.len(), n)?;
    let columns = Qr::new(design)?;
    if !(yes.contains(&true) && yes.contains(&false)) {
        return Err(ModelError::NoVariance);
    }
    let kept = columns.kept().to_vec();
    let dropped = columns.dropped().to_vec();
    let answers: Vec<f64> = yes.iter().map(|&y| f64::from(u8::from(y))).collect();
    let mut eta = vec![0.0; n];
    let mut coefficients = vec![0.0; kept.len()];
    for _ in 0..ROUNDS {
        let (mut weighted, mut working) = (Matrix::new(n), vec![0.0; n]);
        let root: Vec<f64> = eta
            .iter()
            .map(|&eta: &f64| probability(eta) * probability(-eta))
            .map(f64::sqrt)
            .collect();
        for i in 0..n {
            let error = answers[i] - probability(eta[i]);
            working[i] = root[i] * eta[i] + error / root[i];
        }
        for &j in &kept {
            let column = design.column(j);
            weighted.push(
                &column
                    .iter()
                    .zip(&root)
                    .map(|(x, r)| x * r)
                    .collect::<Vec<_>>(),
            )?;
        }
        let qr = Qr::new(&weighted)?;
        if qr.rank() < kept.len() || working.iter().any(|w| !w.is_finite()) {
            return Err(ModelError::Numerical);
        }
        let next = qr.solve(&working)?.coefficients;
        let change = next
            .iter()
            .zip(&coefficients)
            .map(|(a, b)| (a - b).abs() / (1e-6 + a.abs()))
            .fold(0.0, f64::max);
        coefficients = next;
        for (i, eta) in eta.iter_mut().enumerate() {
            *eta = kept
                .iter()
                .zip(&coefficients)
                .map(|(&j, b)| b * design.column(j)[i])
                .sum();
        }
        if eta.iter().any(|eta| eta.is_nan() || eta.abs() >= SEPARATED) {
            return Err(ModelError::Numerical);
        }
        if change < 1e-11 {
            let mut all = vec![None; design.columns()];
            for (&j, &b) in kept.iter().zip(&coefficients) {
                all[j] = Some(b);
            }
            return Ok(Logistic {
                coefficients: all,
                probabilities: eta.iter().map(|&eta| probability(eta)).collect(),
                dropped,
            });
        }
    }
    Err(ModelError::Numerical)
}

fn probability(eta: f64) -> f64 {
    1.0 / (1.0 + (-eta).exp())
}
