//! Effects after making the arms alike on covariates by weights.

use nalgebra::{DMatrix, DVector};

use super::adjust::{ancova, centre};
use super::between::{Piece, welch};
use super::cluster::Clusters;
use super::infer::{Level, infer};
use super::linear::{Variance, ols};
use super::logistic::{limiting_probabilities, logistic};
use super::matrix::{Matrix, ModelError, check, mean, same_length};
use super::qr::{Qr, dot};
use super::sample::Moments;
use crate::results::Estimate;

/// The difference of weighted means, with the HC2 standard error of the weighted
/// regression on treatment (the weights taken as given) and n − 2 degrees of freedom; where clusters were drawn, with CR2
/// and Satterthwaite's.
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
    cluster: Option<&[usize]>,
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
    let Some(cluster) = cluster else {
        return ols(&scaled, &design, Variance::Hc2, level)?.coefficient(1);
    };
    same_length(cluster.len(), y.len())?;
    let own: Vec<usize> = rows.iter().map(|&i| cluster[i]).collect();
    let clusters = Clusters::new(&own)?;
    ols(&scaled, &design, Variance::Cr2(&clusters), level)?.coefficient(1)
}

/// Weights 1/P(own arm | covariates) from a logistic regression of the arm, so that both
/// arms stand for everybody (Robins, Hernán & Brumback 2000, Epidemiology 11, 550–560).
///
/// # Errors
/// Those of [`logistic`]; [`ModelError::Numerical`] when the covariates separate the arms.
pub fn inverse_probability(treated: &[bool], covariates: &Matrix) -> Result<Vec<f64>, ModelError> {
    let fit = logistic(treated, &with_intercept(covariates)?)?;
    Ok(inverse(treated, &fit.probabilities))
}

fn inverse(treated: &[bool], probabilities: &[f64]) -> Vec<f64> {
    let people = treated.iter().zip(probabilities);
    people
        .map(|(&treated, p)| if treated { 1.0 / p } else { 1.0 / (1.0 - p) })
        .collect()
}

/// The difference of means with weights that make both arms alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighted {
    pub effect: Estimate,
    /// One weight per person.
    pub weights: Vec<f64>,
}

/// The difference of entropy-balanced means, with a standard error that knows that the weights were estimated.
///
/// # Formula
/// With w from [`entropy_balance`] the mean of an arm is the prediction at the means of all people from its own
/// regression on the covariates with weights w. What a person moves it by is w e, e the residual of that
/// regression, and both means move with the means of all: V = Σ_a Σ_i (w_i e_i)²/(1 − h_i)/n_a² +
/// δ'S δ/n, h the leverages, S the covariance of the covariates and δ the difference of the arms' slopes (the
/// influence function of Chan, Yam & Zhang 2016, J. R. Stat. Soc. B 78, 673–700, section 3, in which the weights are
/// exponential; HC2 in the place of HC0). Degrees of freedom are Welch's over the arms, each (Σw²)²/Σw⁴ people of whom
/// the slopes take their share. Without covariates the error is Welch's.
///
/// # Errors
/// Those of [`entropy_balance`], [`ModelError::NoDegreesOfFreedom`], [`ModelError::NoVariance`] where one person
/// decides a slope, [`ModelError::NotFinite`].
pub fn entropy_balanced(
    y: &[f64],
    treated: &[bool],
    covariates: &Matrix,
    level: Level,
) -> Result<Weighted, ModelError> {
    check(y, treated.len())?;
    let weights = entropy_balance(treated, covariates)?;
    let standard = standardised(covariates)?;
    let one = Side::new(y, treated, &standard, &weights, true)?;
    let zero = Side::new(y, treated, &standard, &weights, false)?;
    let n = y.len() as f64;
    let of_all: f64 = (0..y.len())
        .map(|i| {
            let slopes = one.slopes.iter().zip(&zero.slopes);
            let moved: f64 = slopes
                .zip(&standard)
                .map(|((a, b), x)| (a - b) * x[i])
                .sum();
            moved * moved
        })
        .sum();
    let pieces = [
        one.piece,
        zero.piece,
        Piece {
            variance: of_all / (n * (n - 1.0)),
            df: n - 1.0,
        },
    ];
    let variance: f64 = pieces.iter().map(|piece| piece.variance).sum();
    Ok(Weighted {
        effect: infer(
            one.mean - zero.mean,
            variance.sqrt(),
            Some(welch(&pieces)),
            level,
        ),
        weights,
    })
}

/// The weighted regression of one arm.
struct Side {
    mean: f64,
    slopes: Vec<f64>,
    piece: Piece,
}

impl Side {
    fn new(
        y: &[f64],
        treated: &[bool],
        x: &[Vec<f64>],
        weights: &[f64],
        arm: bool,
    ) -> Result<Side, ModelError> {
        let rows: Vec<usize> = (0..y.len()).filter(|&i| treated[i] == arm).collect();
        let root: Vec<f64> = rows.iter().map(|&i| weights[i].sqrt()).collect();
        let scaled = |values: &[f64]| -> Vec<f64> {
            let own = rows.iter().zip(&root);
            own.map(|(&i, root)| values[i] * root).collect()
        };
        let mut design = Matrix::new(rows.len());
        design.push(&root)?;
        for x in x {
            design.push(&scaled(x))?;
        }
        let qr = Qr::new(&design)?;
        let units = rows.len();
        if units <= qr.rank() {
            return Err(ModelError::NoDegreesOfFreedom {
                units,
                coefficients: qr.rank(),
            });
        }
        // About the mean, so that a common level costs no digits.
        let centre = mean(rows.iter().map(|&i| y[i])).unwrap_or_default();
        let about: Vec<f64> = y.iter().map(|y| y - centre).collect();
        let solution = qr.solve(&scaled(&about))?;
        let mut sum = 0.0;
        for ((e, root), h) in solution.residuals.iter().zip(&root).zip(qr.leverage()) {
            if 1.0 - h <= SELF && *e != 0.0 {
                return Err(ModelError::NoVariance);
            }
            sum += (root * e).powi(2) / (1.0 - h).max(SELF);
        }
        let n = units as f64;
        let slope = |j: usize| {
            qr.position(j + 1)
                .map_or(0.0, |at| solution.coefficients[at])
        };
        Ok(Side {
            mean: centre + qr.position(0).map_or(0.0, |at| solution.coefficients[at]),
            slopes: (0..x.len()).map(slope).collect(),
            piece: Piece {
                variance: sum / (n * n),
                df: fourth(&root) * (1.0 - qr.rank() as f64 / n),
            },
        })
    }
}

/// (Σw²)²/Σw⁴ from the roots of w: among how many people of equal weight a sum of squares would vary as much.
fn fourth(roots: &[f64]) -> f64 {
    let of = |power: i32| roots.iter().map(|root| root.powi(power)).sum::<f64>();
    of(4) * of(4) / of(8)
}

/// What is left of a residual of its own, below which it is rounding.
const SELF: f64 = 1e-10;

/// The difference of means weighted by the inverse of the probability of the own arm, with a standard error that
/// knows that the probabilities were estimated.
///
/// # Formula
/// With e from a logistic regression of the arm on the covariates, w = 1/e or 1/(1 − e), W the sum of w in the own arm, and
/// μ the arms' means weighted by w, what a person moves the difference by is
/// I = ±w (Y − μ)/W − (Z − e) x'M⁻¹H, with M = Σ e (1 − e) x x' and H = Σ (w − 1)(Y − μ) x/W (the estimating equations of
/// Lunceford & Davidian 2004, Stat. Med. 23, 2937–2960, section 2.3, for their second estimator). V = Σ I²/(1 − h),
/// 1 − h being the share of itself that Y keeps in I (as HC2). Degrees of freedom are Welch's over the
/// arms, n_a less the sum of h. Without covariates the error is Welch's.
///
/// # Errors
/// Those of [`inverse_probability`], [`ModelError::NoDegreesOfFreedom`], [`ModelError::NoVariance`] where one person
/// decides, [`ModelError::NotFinite`].
pub fn inverse_probability_weighted(
    y: &[f64],
    treated: &[bool],
    covariates: &Matrix,
    level: Level,
) -> Result<Weighted, ModelError> {
    check(y, treated.len())?;
    let n = y.len();
    let design = with_intercept(covariates)?;
    let fit = logistic(treated, &design)?;
    let e = &fit.probabilities;
    let weights = inverse(treated, e);
    let total = |arm: bool| -> f64 {
        let own = weights.iter().zip(treated).filter(|(_, of)| **of == arm);
        own.map(|(w, _)| w).sum()
    };
    let totals = [total(false), total(true)];
    let centre = mean(y.iter().copied()).unwrap_or_default();
    let mut means = [0.0; 2];
    for i in 0..n {
        let arm = usize::from(treated[i]);
        means[arm] += weights[i] * (y[i] - centre) / totals[arm];
    }
    let mut informed = Matrix::new(n);
    for (j, _) in fit
        .coefficients
        .iter()
        .enumerate()
        .filter(|(_, c)| c.is_some())
    {
        let x = design.column(j).iter().zip(e);
        informed.push(
            &x.map(|(x, p)| x * (p * (1.0 - p)).sqrt())
                .collect::<Vec<_>>(),
        )?;
    }
    let qr = Qr::new(&informed)?;
    // x of a person as R⁻ᵀx: (nE)⁻¹ is then a product of two of them.
    let placed: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            let root = (e[i] * (1.0 - e[i])).sqrt();
            (0..qr.rank()).map(|j| qr.q(j)[i] / root).collect()
        })
        .collect();
    let residual = |i: usize| y[i] - centre - means[usize::from(treated[i])];
    let mut h = vec![0.0; qr.rank()];
    let mut odds = [vec![0.0; qr.rank()], vec![0.0; qr.rank()]];
    for i in 0..n {
        let arm = usize::from(treated[i]);
        for (j, x) in placed[i].iter().enumerate() {
            let odds_of_other = (weights[i] - 1.0) / totals[arm];
            h[j] += odds_of_other * residual(i) * x;
            odds[arm][j] += odds_of_other * x;
        }
    }
    let mut sums = [0.0; 2];
    let mut kept = [0.0; 2];
    for i in 0..n {
        let arm = usize::from(treated[i]);
        let (w, x) = (weights[i], &placed[i]);
        let share = w / totals[arm];
        // Z − e is 1 − e or −e, and the mean of the control arm is subtracted.
        let sign = if treated[i] { 1.0 } else { -1.0 };
        let gap = 1.0 - 1.0 / w;
        let influence = sign * (share * residual(i) - gap * dot(x, &h));
        let own: f64 = x
            .iter()
            .zip(&odds[arm])
            .map(|(x, odds)| x * ((w - 1.0) / totals[arm] * x - share * odds))
            .sum();
        let left = 1.0 - share - gap * own / share;
        if left <= SELF && influence != 0.0 {
            return Err(ModelError::NoVariance);
        }
        sums[arm] += influence * influence / left.max(SELF);
        kept[arm] += left;
    }
    let pieces: Vec<Piece> = (0..2)
        .map(|arm| Piece {
            variance: sums[arm],
            df: kept[arm],
        })
        .collect();
    if pieces.iter().any(|piece| piece.df <= 0.0) {
        return Err(ModelError::NoDegreesOfFreedom {
            units: n,
            coefficients: qr.rank(),
        });
    }
    let variance: f64 = pieces.iter().map(|piece| piece.variance).sum();
    Ok(Weighted {
        effect: infer(
            means[1] - means[0],
            variance.sqrt(),
            Some(welch(&pieces)),
            level,
        ),
        weights,
    })
}

/// The largest standardized mean difference of a covariate with these weights, and its column: the difference of
/// weighted means over √((s₁² + s₀²)/2), the spread being that without weights (Stuart 2010, Stat. Sci. 25, 1–21,
/// section 4.1). None without a column or with an arm whose weights are all zero.
///
/// # Errors
/// [`ModelError::Length`].
pub fn largest_smd(
    treated: &[bool],
    weights: &[f64],
    covariates: &Matrix,
) -> Result<Option<(usize, f64)>, ModelError> {
    same_length(treated.len(), covariates.rows())?;
    same_length(weights.len(), covariates.rows())?;
    let mut largest: Option<(usize, f64)> = None;
    for j in 0..covariates.columns() {
        let x = covariates.column(j);
        let moments = |arm: bool| {
            let own = (0..x.len()).filter(|&i| treated[i] == arm);
            Moments::from_slice(&own.map(|i| x[i]).collect::<Vec<_>>())
        };
        let weighted = |arm: bool| {
            let own = || (0..x.len()).filter(|&i| treated[i] == arm);
            let total: f64 = own().map(|i| weights[i]).sum();
            (total > 0.0).then(|| own().map(|i| weights[i] * (x[i] - x[0])).sum::<f64>() / total)
        };
        let (Some(one), Some(zero)) = (weighted(true), weighted(false)) else {
            return Ok(None);
        };
        let variance = |arm: bool| moments(arm).variance().unwrap_or_default();
        let spread = ((variance(true) + variance(false)) / 2.0).sqrt();
        // Equal in everybody of both arms: neither spread nor difference.
        let smd = if one == zero {
            0.0
        } else {
            (one - zero) / spread
        };
        if largest.is_none_or(|(_, most)| smd.abs() > most.abs()) {
            largest = Some((j, smd));
        }
    }
    Ok(largest)
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
