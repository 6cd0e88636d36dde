//! Logistic regression: the probability of a yes given covariates.

use super::matrix::{Matrix, ModelError, same_length};
use super::qr::{Qr, norm};
use nalgebra::{DMatrix, DVector};

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

/// From these log odds on, a step that still grows is one towards infinity.
const FAR: f64 = 20.0;

/// Log odds that a step still moves by more than this have not settled.
const MOVES: f64 = 1e-4;

/// How often a step is halved at most.
const HALVINGS: usize = 30;

/// Below this, the square of a length is rounding (of columns of length one).
const UNMOVED: f64 = 1e-12;

/// Maximum likelihood by iteratively reweighted least squares (McCullagh & Nelder 1989,
/// §2.5). Add an intercept to the design yourself.
///
/// # Errors
/// [`ModelError::NoVariance`] when everybody answers the same, [`ModelError::Numerical`] when
/// the covariates separate the answers, [`ModelError::Length`], [`ModelError::Empty`].
pub fn logistic(yes: &[bool], design: &Matrix) -> Result<Logistic, ModelError> {
    match iterate(yes, design)? {
        Found::Maximum(fit) => Ok(fit),
        Found::Apart(_) => Err(ModelError::Numerical),
    }
}

/// The fitted probabilities that the likelihood tends to, where covariates separate some of the
/// answers: 0 or 1 for units whose answer the covariates tell without exception, and the fit of
/// all others for them (Albert & Anderson 1984, Biometrika 71, 1–10, on quasi-complete
/// separation). The same as [`logistic`]'s where nothing is separated; all equal answers give 0 or
/// 1 for everybody.
///
/// # Errors
/// [`ModelError::Numerical`] when who is separated cannot be told from the iterations,
/// [`ModelError::Length`], [`ModelError::Empty`].
pub fn limiting_probabilities(yes: &[bool], design: &Matrix) -> Result<Vec<f64>, ModelError> {
    let n = design.rows();
    same_length(yes.len(), n)?;
    let mut probabilities: Vec<f64> = yes.iter().map(|&y| f64::from(u8::from(y))).collect();
    let mut rest: Vec<usize> = (0..n).collect();
    loop {
        let answers: Vec<bool> = rest.iter().map(|&i| yes[i]).collect();
        if !(answers.contains(&true) && answers.contains(&false)) {
            return Ok(probabilities);
        }
        let own = rows(design, &rest)?;
        match iterate(&answers, &own)? {
            Found::Maximum(fit) => {
                for (&i, p) in rest.iter().zip(fit.probabilities) {
                    probabilities[i] = p;
                }
                return Ok(probabilities);
            }
            Found::Apart(apart) => {
                let left = (0..rest.len()).filter(|i| !apart[*i]);
                rest = left.map(|i| rest[i]).collect();
            }
        }
    }
}

fn rows(design: &Matrix, rows: &[usize]) -> Result<Matrix, ModelError> {
    let mut own = Matrix::new(rows.len());
    for j in 0..design.columns() {
        let column = design.column(j);
        own.push(&rows.iter().map(|&i| column[i]).collect::<Vec<_>>())?;
    }
    Ok(own)
}

enum Found {
    Maximum(Logistic),
    /// Units whose log odds grow without end.
    Apart(Vec<bool>),
}

fn iterate(yes: &[bool], design: &Matrix) -> Result<Found, ModelError> {
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
    let (mut step, mut moved) = (vec![0.0; kept.len()], vec![0.0; n]);
    let mut coefficients = vec![0.0; kept.len()];
    for _ in 0..ROUNDS {
        let (mut weighted, mut working) = (Matrix::new(n), vec![0.0; n]);
        let root: Vec<f64> = eta
            .iter()
            .map(|&eta: &f64| probability(eta) * probability(-eta))
            .map(f64::sqrt)
            .collect();
        for i in 0..n {
            // 1 − p as the other answer's probability keeps its digits.
            let error = if yes[i] {
                probability(-eta[i])
            } else {
                -probability(eta[i])
            };
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
            let last = Step {
                coefficients: &step,
                moved: &moved,
                eta: &eta,
            };
            return apart(design, &kept, &last, &answers);
        }
        let mut next = qr.solve(&working)?.coefficients;
        let at = |b: &[f64]| -> Vec<f64> {
            let sum = |i: usize| {
                kept.iter()
                    .zip(b)
                    .map(|(&j, b)| b * design.column(j)[i])
                    .sum()
            };
            (0..n).map(sum).collect()
        };
        // Of the whole step: one halved to nothing has not arrived.
        let change = next
            .iter()
            .zip(&coefficients)
            .map(|(a, b)| (a - b).abs() / (1e-6 + a.abs()))
            .fold(0.0, f64::max);
        let mut there = at(&next);
        // Far from the maximum a whole step may lead away from it.
        let here = likelihood(&eta, &answers);
        for _ in 0..HALVINGS {
            if likelihood(&there, &answers) >= here - 1e-10 * here.abs() {
                break;
            }
            for (next, now) in next.iter_mut().zip(&coefficients) {
                *next = now + (*next - now) / 2.0;
            }
            there = at(&next);
        }
        step = next.iter().zip(&coefficients).map(|(a, b)| a - b).collect();
        coefficients = next;
        let before = std::mem::replace(&mut eta, there);
        moved = eta.iter().zip(&before).map(|(a, b)| a - b).collect();
        if eta.iter().any(|eta| eta.is_nan()) {
            return Err(ModelError::Numerical);
        }
        // A line between all answers needs no more steps.
        if (0..n).all(|i| (2.0 * answers[i] - 1.0) * eta[i] > 0.0) {
            return Ok(Found::Apart(vec![true; n]));
        }
        let far = eta.iter().any(|eta| eta.abs() >= SEPARATED);
        if change < 1e-11 && !far {
            let mut all = vec![None; design.columns()];
            for (&j, &b) in kept.iter().zip(&coefficients) {
                all[j] = Some(b);
            }
            return Ok(Found::Maximum(Logistic {
                coefficients: all,
                probabilities: eta.iter().map(|&eta| probability(eta)).collect(),
                dropped,
            }));
        }
        if eta.iter().any(|eta| eta.abs() >= FAR) {
            let last = Step {
                coefficients: &step,
                moved: &moved,
                eta: &eta,
            };
            let found = apart(design, &kept, &last, &answers);
            if far || found.is_ok() {
                return found;
            }
        }
    }
    Err(ModelError::Numerical)
}

/// The last step of an iteration: of the coefficients, and of everybody's log odds, which are now
/// `eta`.
struct Step<'a> {
    coefficients: &'a [f64],
    moved: &'a [f64],
    eta: &'a [f64],
}

/// Who moves away without end, from the last step.
///
/// Units that hardly moved stay: the step is projected on the directions that leave them exactly
/// where they are. Where such a direction moves nobody away from their own answer, whoever it
/// moves towards it is separated, whatever the step was. So who is taken to stay may be guessed, and
/// is in three ways.
fn apart(
    design: &Matrix,
    kept: &[usize],
    step: &Step<'_>,
    answers: &[f64],
) -> Result<Found, ModelError> {
    let n = answers.len();
    let towards = |i: usize| (2.0 * answers[i] - 1.0) * step.moved[i];
    let most = (0..n).map(towards).fold(0.0, f64::max);
    let guesses: [&dyn Fn(usize) -> bool; 3] = [
        &|i| towards(i) <= MOVES,
        &|i| towards(i) <= most / 10.0,
        &|i| step.eta[i].abs() < FAR / 2.0,
    ];
    let found = guesses.iter().find_map(|stays| {
        let stays: Vec<usize> = (0..n).filter(|&i| stays(i)).collect();
        certified(design, kept, &stays, step.coefficients, answers)
    });
    found.map(Found::Apart).ok_or(ModelError::Numerical)
}

/// Who is separated by the part of a step that leaves some exactly where they are, if it moves
/// nobody away from their own answer.
fn certified(
    design: &Matrix,
    kept: &[usize],
    stays: &[usize],
    step: &[f64],
    answers: &[f64],
) -> Option<Vec<bool>> {
    let (n, k) = (answers.len(), kept.len());
    let scale: Vec<f64> = kept
        .iter()
        .map(|&j| norm(design.column(j)).max(f64::MIN_POSITIVE))
        .collect();
    let x = |i: usize, a: usize| design.column(kept[a])[i] / scale[a];
    let gram = DMatrix::from_fn(k, k, |a, b| {
        stays.iter().map(|&i| x(i, a) * x(i, b)).sum::<f64>()
    });
    let eigen = gram.symmetric_eigen();
    let scaled = DVector::from_fn(k, |a, _| step[a] * scale[a]);
    let mut direction = DVector::<f64>::zeros(k);
    let vectors = eigen.eigenvectors.column_iter();
    for (value, vector) in eigen.eigenvalues.iter().zip(vectors) {
        if *value <= UNMOVED {
            direction += vector * vector.dot(&scaled);
        }
    }
    let towards: Vec<f64> = (0..n)
        .map(|i| (2.0 * answers[i] - 1.0) * (0..k).map(|a| x(i, a) * direction[a]).sum::<f64>())
        .collect();
    let most = towards.iter().copied().fold(0.0, f64::max);
    let least = most * UNMOVED.sqrt();
    let nobody_away = most > 0.0 && towards.iter().all(|t| *t >= -least);
    nobody_away.then(|| towards.iter().map(|t| *t > least).collect())
}

/// The logarithm of the likelihood.
fn likelihood(eta: &[f64], answers: &[f64]) -> f64 {
    let terms = eta.iter().zip(answers);
    terms
        .map(|(eta, yes)| -((1.0 - 2.0 * yes) * eta).exp().ln_1p())
        .sum()
}

fn probability(eta: f64) -> f64 {
    1.0 / (1.0 + (-eta).exp())
}
