//! Ordinary least squares with classical, heteroskedasticity-robust or cluster-robust
//! variance.

use super::cluster::{self, Clusters, Hotelling};
use super::dist;
use super::infer::{Level, infer};
use super::matrix::{Matrix, ModelError, check, same_length};
use super::qr::{Qr, dot};
use super::strata::{blocks, within};
use crate::results::Estimate;

/// How the variance of the coefficients is estimated.
#[derive(Debug, Clone, Copy)]
pub enum Variance<'a> {
    /// σ² (X'X)⁻¹: the same variance for everybody.
    Classical,
    /// White's sandwich with squared residuals as they are.
    Hc0,
    /// HC0 × n / (n − k), as Stata does.
    Hc1,
    /// Squared residuals divided by 1 − leverage: unbiased under equal variances, and
    /// Neyman's variance for a difference in means.
    Hc2,
    /// Squared residuals divided by (1 − leverage)²: about the jackknife.
    Hc3,
    /// CR2: HC2 for clusters, with Satterthwaite degrees of freedom per coefficient.
    Cr2(&'a Clusters),
}

/// A fitted regression.
#[derive(Debug, Clone)]
pub struct Fit {
    /// One estimate per column of the design; absent for a dropped column.
    pub coefficients: Vec<Option<Estimate>>,
    /// Columns dropped for being zero, constant beside an intercept, or a combination of
    /// earlier columns.
    pub dropped: Vec<usize>,
    /// Units whose leverage is one: the model spends a coefficient on each, so that
    /// the robust variance of that coefficient is not defined (its standard error is absent).
    pub leverage_one: Vec<usize>,
    pub units: usize,
    /// Number of coefficients estimated, the intercept and those of strata included.
    pub rank: usize,
    pub residuals: Vec<f64>,
    /// Residual standard deviation, √(RSS / (n − k)).
    pub sigma: f64,
    covariance: Covariance,
    kept: Vec<usize>,
}

/// A Wald test of several coefficients at once, referred to the F distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FTest {
    pub statistic: f64,
    pub df1: f64,
    pub df2: f64,
    pub p_value: f64,
}

/// The covariance matrix of the kept coefficients.
#[derive(Debug, Clone)]
pub(super) struct Covariance {
    size: usize,
    values: Vec<f64>,
    /// Whether a coefficient's own variance is defined.
    pub(super) defined: Vec<bool>,
    /// Degrees of freedom per coefficient.
    pub(super) df: Vec<f64>,
    /// What a test of several coefficients is referred to.
    joint: Joint,
}

/// The reference of a test of several coefficients at once.
#[derive(Debug, Clone)]
pub(super) enum Joint {
    /// F with these denominator degrees of freedom.
    Residual(f64),
    /// Hotelling's T² with degrees of freedom that depend on the coefficients tested.
    Hotelling(Hotelling),
}

impl Covariance {
    /// From a meat in orthonormal coordinates: R⁻¹ meat R⁻ᵀ.
    pub(super) fn new(
        qr: &Qr,
        meat: &[f64],
        defined: Vec<bool>,
        df: Vec<f64>,
        joint: Joint,
    ) -> Self {
        let size = qr.rank();
        let half: Vec<Vec<f64>> = meat.chunks_exact(size).map(|row| qr.solve_r(row)).collect();
        let mut values = vec![0.0; size * size];
        for b in 0..size {
            let column: Vec<f64> = half.iter().map(|row| row[b]).collect();
            for (a, v) in qr.solve_r(&column).into_iter().enumerate() {
                values[a * size + b] = v;
            }
        }
        // d'Md is known to the rounding of ‖d‖² tr M: below it nothing was measured, as in a
        // group where everybody has the same outcome.
        let trace: f64 = (0..size).map(|j| meat[j * size + j]).sum();
        for a in 0..size {
            let mut axis = vec![0.0; size];
            axis[a] = 1.0;
            let direction = qr.solve_rt(&axis);
            let scale = trace * dot(&direction, &direction);
            if values[a * size + a].abs() <= 4.0 * f64::EPSILON * scale {
                for b in 0..size {
                    (values[a * size + b], values[b * size + a]) = (0.0, 0.0);
                }
            }
        }
        Covariance {
            size,
            values,
            defined,
            df,
            joint,
        }
    }

    pub(super) fn get(&self, a: usize, b: usize) -> f64 {
        self.values[a * self.size + b]
    }

    /// The variance of coefficient `a`, if it is defined.
    pub(super) fn variance(&self, a: usize) -> Option<f64> {
        self.defined[a].then(|| self.get(a, a).max(0.0))
    }

    /// The standard error of coefficient `a`; NaN, which [`infer`] turns into absent, where
    /// it is not defined.
    pub(super) fn std_error(&self, a: usize) -> f64 {
        self.variance(a).map_or(f64::NAN, f64::sqrt)
    }
}

/// Below this, 1 − leverage is rounding error and the leverage is one.
const LEVERAGE_ONE: f64 = 1e-10;

/// Regresses `y` on the columns of `design` (add an intercept yourself).
///
/// # Formula
/// b = (X'X)⁻¹X'y. The sandwich is (X'X)⁻¹ X' diag(e²/(1−h)^δ) X (X'X)⁻¹ with δ = 0, 1, 2
/// for HC0, HC2, HC3 (MacKinnon & White 1985, J. Econometrics 29, 305–325;
/// Long & Ervin 2000, Am. Statistician 54, 217–224). HC0 to HC3 and the classical variance use
/// t with n − k degrees of freedom; CR2 see [`cluster`].
///
/// # Edge cases
/// Dependent columns are dropped, later ones first. A perfect fit has standard error
/// zero. A coefficient that rests on a unit of leverage one has no robust standard error;
/// the other coefficients are unaffected by that unit and have theirs.
///
/// # Errors
/// [`ModelError::Length`], [`ModelError::NotFinite`], [`ModelError::Empty`],
/// [`ModelError::NoDegreesOfFreedom`] when there are no more units than coefficients, and
/// those of [`Clusters`].
pub fn ols(
    y: &[f64],
    design: &Matrix,
    variance: Variance,
    level: Level,
) -> Result<Fit, ModelError> {
    let qr = Qr::new(design)?;
    fit(y, &qr, variance, level)
}

/// As [`ols`], for a design that is decomposed already: for many outcomes of the same units.
///
/// # Errors
/// As [`ols`].
pub fn fit(y: &[f64], qr: &Qr, variance: Variance, level: Level) -> Result<Fit, ModelError> {
    fit_beside(y, qr, &Absorbed::default(), variance, level)
}

/// As [`ols`] with an indicator for every stratum, from deviations within strata: in time linear in the number
/// of strata. The coefficients are those of `design`; without an intercept, which the strata take up.
///
/// # Errors
/// As [`ols`]. CR2 is not for this: its clusters' adjustment needs the indicators themselves
/// ([`ModelError::NoVariance`]).
pub fn ols_within(
    y: &[f64],
    design: &Matrix,
    strata: &[usize],
    variance: Variance,
    level: Level,
) -> Result<Fit, ModelError> {
    check(y, design.rows())?;
    if matches!(variance, Variance::Cr2(_)) {
        return Err(ModelError::NoVariance);
    }
    let blocks = blocks(&vec![true; y.len()], strata)?;
    let groups: Vec<&[usize]> = blocks.iter().map(|b| b.members.as_slice()).collect();
    let mut centred = Matrix::new(y.len());
    for j in 0..design.columns() {
        centred.push(&within(design.column(j), &groups))?;
    }
    let mut absorbed = Absorbed {
        coefficients: groups.len(),
        leverage: vec![0.0; y.len()],
    };
    for members in &groups {
        for &i in *members {
            absorbed.leverage[i] = 1.0 / members.len() as f64;
        }
    }
    let qr = Qr::new(&centred)?;
    fit_beside(&within(y, &groups), &qr, &absorbed, variance, level)
}

/// What a regression on deviations has already spent: coefficients, and leverage per unit.
#[derive(Debug, Clone, Default)]
struct Absorbed {
    coefficients: usize,
    /// Empty for none.
    leverage: Vec<f64>,
}

impl Absorbed {
    /// n less all coefficients, which must be positive.
    fn df(&self, qr: &Qr) -> Result<f64, ModelError> {
        let coefficients = self.coefficients + qr.rank();
        match qr.rows().checked_sub(coefficients) {
            Some(df) if df > 0 && qr.rank() > 0 => Ok(df as f64),
            _ => Err(ModelError::NoDegreesOfFreedom {
                units: qr.rows(),
                coefficients,
            }),
        }
    }

    fn leverage(&self, qr: &Qr) -> Vec<f64> {
        let mut leverage = qr.leverage();
        for (h, own) in leverage.iter_mut().zip(&self.leverage) {
            *h += own;
        }
        leverage
    }
}

fn fit_beside(
    y: &[f64],
    qr: &Qr,
    absorbed: &Absorbed,
    variance: Variance,
    level: Level,
) -> Result<Fit, ModelError> {
    check(y, qr.rows())?;
    let df = absorbed.df(qr)?;
    let solution = qr.solve(y)?;
    let residuals = solution.residuals;
    let sigma = (dot(&residuals, &residuals) / df).sqrt();
    let covariance = sandwich_beside(qr, absorbed, &residuals, &residuals, variance)?;
    let mut coefficients = vec![None; qr.rank() + qr.dropped().len()];
    for (a, &column) in qr.kept().iter().enumerate() {
        coefficients[column] = Some(infer(
            solution.coefficients[a],
            covariance.std_error(a),
            Some(covariance.df[a]),
            level,
        ));
    }
    Ok(Fit {
        coefficients,
        dropped: qr.dropped().to_vec(),
        leverage_one: ones(&absorbed.leverage(qr)),
        units: qr.rows(),
        rank: absorbed.coefficients + qr.rank(),
        residuals,
        sigma,
        covariance,
        kept: qr.kept().to_vec(),
    })
}

impl Fit {
    /// The estimate for one column of the design.
    ///
    /// # Errors
    /// [`ModelError::Collinear`] when the column was dropped.
    pub fn coefficient(&self, column: usize) -> Result<Estimate, ModelError> {
        self.coefficients
            .get(column)
            .copied()
            .flatten()
            .ok_or(ModelError::Collinear { column })
    }

    /// Residual degrees of freedom, n − k.
    pub fn df_residual(&self) -> f64 {
        (self.units - self.rank) as f64
    }

    /// The covariance of two columns' coefficients, in squared units of the outcome;
    /// absent where either is dropped or has no variance.
    pub fn covariance(&self, a: usize, b: usize) -> Option<f64> {
        let a = self.kept.iter().position(|&k| k == a)?;
        let b = self.kept.iter().position(|&k| k == b)?;
        (self.covariance.defined[a] && self.covariance.defined[b])
            .then(|| self.covariance.get(a, b))
    }

    /// Tests that the coefficients of these columns are all zero: F = b'V⁻¹b / q, q the
    /// number of columns kept among them, on q and n − k degrees of freedom. With clusters it is
    /// F = (η − q + 1)/(ηq) · b'V⁻¹b on q and η − q + 1 (`Hotelling`), which for one coefficient are its
    /// Satterthwaite degrees of freedom.
    ///
    /// # Errors
    /// [`ModelError::NoVariance`] when none of the columns is kept, or V is singular.
    pub fn wald(&self, columns: &[usize]) -> Result<FTest, ModelError> {
        let places: Vec<usize> = columns
            .iter()
            .filter_map(|c| self.kept.iter().position(|k| k == c))
            .collect();
        let b: Vec<f64> = places
            .iter()
            .filter_map(|&p| self.coefficients[self.kept[p]].map(|e| e.estimate))
            .collect();
        wald(&b, &places, &self.covariance)
    }
}

/// b'V⁻¹b / q for the coefficients at `places`.
pub(super) fn wald(
    b: &[f64],
    places: &[usize],
    covariance: &Covariance,
) -> Result<FTest, ModelError> {
    let q = places.len();
    let (scale, df2) = match &covariance.joint {
        Joint::Residual(df) => (1.0, *df),
        Joint::Hotelling(hotelling) => {
            let eta = hotelling.eta(places)?;
            // Counts of columns are far below 2^53.
            let left = eta - q as f64 + 1.0;
            if left.is_nan() || left <= 0.0 {
                return Err(ModelError::NoVariance);
            }
            (left / eta, left)
        }
    };
    let mut sd = Vec::with_capacity(q);
    for &p in places {
        match covariance.variance(p) {
            Some(v) if v > 0.0 => sd.push(v.sqrt()),
            _ => return Err(ModelError::NoVariance),
        }
    }
    let correlation = nalgebra::DMatrix::from_fn(q, q, |a, b| {
        covariance.get(places[a], places[b]) / sd[a] / sd[b]
    });
    let scaled = nalgebra::DVector::from_iterator(q, b.iter().zip(&sd).map(|(b, s)| b / s));
    let factor = correlation.cholesky().ok_or(ModelError::NoVariance)?;
    let statistic = scale * scaled.dot(&factor.solve(&scaled)) / q as f64;
    if q == 0 || !statistic.is_finite() {
        return Err(ModelError::NoVariance);
    }
    Ok(FTest {
        statistic,
        df1: q as f64,
        df2,
        p_value: dist::f_sf(statistic, q as f64, df2),
    })
}

/// n − k, which must be positive.
pub(super) fn residual_df(qr: &Qr) -> Result<f64, ModelError> {
    Absorbed::default().df(qr)
}

/// (X'X)⁻¹ X' diag(e f / (1−h)^δ) X (X'X)⁻¹ for two residual series: the covariance
/// matrix of one regression's coefficients with those of another on the same design.
pub(super) fn sandwich(
    qr: &Qr,
    e: &[f64],
    f: &[f64],
    variance: Variance,
) -> Result<Covariance, ModelError> {
    sandwich_beside(qr, &Absorbed::default(), e, f, variance)
}

fn sandwich_beside(
    qr: &Qr,
    absorbed: &Absorbed,
    e: &[f64],
    f: &[f64],
    variance: Variance,
) -> Result<Covariance, ModelError> {
    same_length(e.len(), qr.rows())?;
    same_length(f.len(), qr.rows())?;
    let (n, k) = (qr.rows(), qr.rank());
    let df = absorbed.df(qr)?;
    let leverage = &absorbed.leverage(qr);
    let mut defined = vec![true; k];
    let weights: Vec<f64> = match variance {
        Variance::Classical => vec![dot(e, f) / df; n],
        Variance::Hc0 => products(e, f, |_| 1.0, leverage),
        Variance::Hc1 => products(e, f, |_| df / n as f64, leverage),
        Variance::Hc2 => products(e, f, |h| 1.0 - h, leverage),
        Variance::Hc3 => products(e, f, |h| (1.0 - h).powi(2), leverage),
        Variance::Cr2(clusters) => return cluster::cr2(qr, e, f, clusters),
    };
    if matches!(variance, Variance::Hc2 | Variance::Hc3) {
        for i in ones(leverage) {
            for (defined, moves) in defined.iter_mut().zip(influences(qr, i)) {
                *defined &= !moves;
            }
        }
    }
    let mut meat = vec![0.0; k * k];
    for a in 0..k {
        let weighted: Vec<f64> = qr.q(a).iter().zip(&weights).map(|(q, w)| q * w).collect();
        for b in 0..=a {
            let sum = dot(&weighted, qr.q(b));
            meat[a * k + b] = sum;
            meat[b * k + a] = sum;
        }
    }
    let joint = Joint::Residual(df);
    Ok(Covariance::new(qr, &meat, defined, vec![df; k], joint))
}

/// e f / divisor(h), and nothing from a unit of leverage one, whose residual is zero by
/// construction.
fn products(e: &[f64], f: &[f64], divisor: impl Fn(f64) -> f64, leverage: &[f64]) -> Vec<f64> {
    e.iter()
        .zip(f)
        .zip(leverage)
        .map(|((e, f), &h)| {
            if 1.0 - h < LEVERAGE_ONE {
                0.0
            } else {
                e * f / divisor(h)
            }
        })
        .collect()
}

/// Units of leverage one.
fn ones(leverage: &[f64]) -> Vec<usize> {
    (0..leverage.len())
        .filter(|&i| 1.0 - leverage[i] < LEVERAGE_ONE)
        .collect()
}

/// Which coefficients a unit's outcome moves, beyond rounding.
fn influences(qr: &Qr, unit: usize) -> Vec<bool> {
    let k = qr.rank();
    let row: Vec<f64> = (0..k).map(|j| qr.q(j)[unit]).collect();
    let moves = qr.solve_r(&row);
    (0..k)
        .map(|a| {
            let mut axis = vec![0.0; k];
            axis[a] = 1.0;
            // ‖R⁻ᵀ eₐ‖ is the standard error per σ: the scale of what a unit can move.
            let scale = super::qr::norm(&qr.solve_rt(&axis));
            moves[a].abs() > LEVERAGE_ONE.sqrt() * scale
        })
        .collect()
}
