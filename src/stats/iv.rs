//! The effect on compliers: two-stage least squares with assignment as instrument, and
//! what tells whether to believe it.

use super::anderson_rubin::{self, AndersonRubin};
use super::drawn_iv::DrawnIv;
use super::infer::{Level, infer};
use super::linear::{FTest, Fit, Variance, fit, residual_df, sandwich, wald};
use super::matrix::{Matrix, ModelError, check, same_length};
use super::qr::{Qr, clear_rounding};
use crate::results::Estimate;

/// How far the first stage is from zero.
///
/// The bounds are those of the field: F below 10 (Staiger & Stock 1997, Econometrica 65,
/// 557–586), and F of at least 104.7 for a t-test of size .05 with the usual critical value, 252.34 for one of
/// size .01 (Lee, McCrary, Moreira & Porter 2022, Am. Econ. Rev. 112, 3260–3290, Table 3). The
/// Anderson–Rubin set is right whatever the strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// F < 10: neither estimate nor interval can be relied on.
    Weak,
    /// 10 ≤ F < 104.7: the usual interval may be too short.
    Moderate,
    /// F ≥ 104.7, or assignment decides receipt without exception.
    Strong,
}

impl Strength {
    /// The reading of a first stage's F at this level; none when receipt follows assignment exactly.
    pub fn of(f: Option<f64>, level: Level) -> Strength {
        match f {
            Some(f) if f < 10.0 => Strength::Weak,
            Some(f) if f < Self::enough(level) => Strength::Moderate,
            _ => Strength::Strong,
        }
    }

    /// The F from which the usual test has its size. A laxer level is held to the bound of .05, one stricter
    /// than .01 has none.
    pub fn enough(level: Level) -> f64 {
        match level.value() {
            level if level <= 0.95 + 1e-9 => 104.7,
            level if level <= 0.99 + 1e-9 => 252.34,
            _ => f64::INFINITY,
        }
    }
}

/// What assignment does to receipt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirstStage {
    /// Effect of assignment on receipt: the complier share where receipt is yes or no.
    /// Absent with several instruments.
    pub effect: Option<Estimate>,
    /// F of the instruments with the variance chosen; absent when receipt follows them exactly.
    pub f: Option<FTest>,
    /// F of the instruments with equal variances.
    pub f_classical: Option<FTest>,
    pub strength: Strength,
}

/// A two-stage least squares analysis.
#[derive(Debug, Clone)]
pub struct TwoStage {
    /// Effect of receipt on the outcome among compliers.
    pub effect: Estimate,
    pub first_stage: FirstStage,
    /// Effect of assignment on the outcome, in the same model; absent with several instruments.
    pub reduced_form: Option<Estimate>,
    /// With the variance chosen; with several instruments, the same as `classical`.
    pub anderson_rubin: AndersonRubin,
    /// Anderson–Rubin with equal variances.
    pub anderson_rubin_classical: AndersonRubin,
    /// Covariates dropped as constant or dependent, by column of the covariates.
    pub dropped: Vec<usize>,
    pub units: usize,
}

impl TwoStage {
    /// As the analysis of a draw, where assignment is the only instrument.
    ///
    /// # Errors
    /// [`ModelError::NoFirstStage`] with several instruments.
    pub fn drawn(&self) -> Result<DrawnIv, ModelError> {
        let (received, reduced_form) = self
            .first_stage
            .effect
            .zip(self.reduced_form)
            .ok_or(ModelError::NoFirstStage)?;
        Ok(DrawnIv {
            effect: self.effect,
            received,
            f: self.first_stage.f,
            strength: self.first_stage.strength,
            reduced_form,
            anderson_rubin: self.anderson_rubin,
        })
    }
}

/// Two-stage least squares of `y` on one received treatment (yes or no, or a dose),
/// instrumented by `instruments`, with covariates in both stages and an intercept.
///
/// # Formula
/// D̂ = fitted receipt from intercept, instruments and covariates; b = (X̂'X̂)⁻¹X̂'y with
/// X̂ = (1, D̂, covariates); residuals e = y − X b use receipt as it was. The variance is the
/// sandwich of [`super::linear::ols`] with X̂ for X, leverages included, as estimatr's `iv_robust`
/// has it; t with n − k degrees of freedom (Satterthwaite's for CR2). With assignment as only
/// instrument b is the ratio of the two intention-to-treat effects (Angrist, Imbens & Rubin
/// 1996, JASA 91, 444–455).
///
/// The Anderson–Rubin set are the β for which the instruments have no effect on y − β D
/// (Anderson & Rubin 1949, Ann. Math. Stat. 20, 46–63). For one instrument with variance V
/// this is (π_y − β π_d)² ≤ t² (V_yy − 2 β V_yd + β² V_dd), a quadratic inequality.
///
/// # Errors
/// [`ModelError::NoFirstStage`] when the instruments do not change receipt at all, those of
/// [`super::linear::ols`] for the data.
pub fn two_stage(
    y: &[f64],
    receipt: &[f64],
    instruments: &Matrix,
    covariates: &Matrix,
    variance: Variance,
    level: Level,
) -> Result<TwoStage, ModelError> {
    let stages = stages(y, receipt, instruments, covariates, variance, level)?;
    let Stages {
        qr, first, effect, ..
    } = &stages;
    let q = instruments.columns();
    let places: Vec<usize> = (1..=q).filter_map(|c| qr.position(c)).collect();
    let reduced = fit(y, qr, variance, level)?;
    let one = (places.len() == 1).then(|| qr.kept()[places[0]]);
    let classical = anderson_rubin::classical(
        (y, &reduced.residuals),
        (receipt, &first.residuals),
        instruments,
        covariates,
        level,
    )?;
    let anderson_rubin = match one {
        Some(column) => {
            anderson_rubin::one_instrument(qr, first, &reduced, column, variance, level)?
        }
        None => classical,
    };
    Ok(TwoStage {
        effect: *effect,
        first_stage: first_stage(qr, first, &places, level)?,
        reduced_form: one.map(|c| reduced.coefficient(c)).transpose()?,
        anderson_rubin,
        anderson_rubin_classical: classical,
        dropped: stages.dropped,
        units: y.len(),
    })
}

/// The two stages by themselves.
pub(super) struct Stages {
    /// Intercept, instruments, covariates.
    qr: Qr,
    /// Receipt on that.
    pub(super) first: Fit,
    pub(super) effect: Estimate,
    /// Covariates dropped, by column of the covariates.
    dropped: Vec<usize>,
}

/// As [`two_stage`], without what tells whether to believe it.
pub(super) fn stages(
    y: &[f64],
    receipt: &[f64],
    instruments: &Matrix,
    covariates: &Matrix,
    variance: Variance,
    level: Level,
) -> Result<Stages, ModelError> {
    let n = y.len();
    check(y, n)?;
    check(receipt, n)?;
    same_length(instruments.rows(), n)?;
    same_length(covariates.rows(), n)?;
    let q = instruments.columns();
    let mut design = Matrix::new(n);
    design.push_intercept();
    design.append(instruments)?;
    design.append(covariates)?;
    let qr = Qr::new(&design)?;
    residual_df(&qr)?;
    let dropped: Vec<usize> = qr
        .dropped()
        .iter()
        .filter(|&&c| c > q)
        .map(|c| c - q - 1)
        .collect();
    let first = fit(receipt, &qr, variance, level)?;
    let fitted: Vec<f64> = receipt
        .iter()
        .zip(&first.residuals)
        .map(|(d, r)| d - r)
        .collect();
    let (second, x) = second_stage_designs(n, receipt, &fitted, covariates, &dropped)?;
    let second = Qr::new(&second)?;
    let effect_place = second.position(1).ok_or(ModelError::NoFirstStage)?;
    let b = second.solve(y)?.coefficients;
    let e = residuals(y, &x, second.kept(), &b);
    let covariance = sandwich(&second, &e, &e, variance)?;
    let effect = infer(
        b[effect_place],
        covariance.std_error(effect_place),
        Some(covariance.df[effect_place]),
        level,
    );
    Ok(Stages {
        qr,
        first,
        effect,
        dropped,
    })
}

/// (1, D̂, C) and (1, D, C), without the covariates that the first stage dropped.
fn second_stage_designs(
    n: usize,
    receipt: &[f64],
    fitted: &[f64],
    covariates: &Matrix,
    dropped: &[usize],
) -> Result<(Matrix, Matrix), ModelError> {
    let mut hat = Matrix::new(n);
    let mut actual = Matrix::new(n);
    hat.push_intercept();
    actual.push_intercept();
    hat.push(fitted)?;
    actual.push(receipt)?;
    for j in (0..covariates.columns()).filter(|j| !dropped.contains(j)) {
        hat.push(covariates.column(j))?;
        actual.push(covariates.column(j))?;
    }
    Ok((hat, actual))
}

/// y − X b over the columns kept.
fn residuals(y: &[f64], x: &Matrix, kept: &[usize], b: &[f64]) -> Vec<f64> {
    let columns: Vec<&[f64]> = kept.iter().map(|&column| x.column(column)).collect();
    let mut e = y.to_vec();
    for (x, b) in columns.iter().zip(b) {
        for (e, x) in e.iter_mut().zip(*x) {
            *e -= x * b;
        }
    }
    clear_rounding(y, &columns, b, &mut e);
    e
}

fn first_stage(
    qr: &Qr,
    first: &Fit,
    places: &[usize],
    level: Level,
) -> Result<FirstStage, ModelError> {
    let columns: Vec<usize> = places.iter().map(|&p| qr.kept()[p]).collect();
    let f = first.wald(&columns).ok();
    let equal = sandwich(qr, &first.residuals, &first.residuals, Variance::Classical)?;
    let effects: Vec<f64> = columns
        .iter()
        .map(|&column| first.coefficient(column).map(|effect| effect.estimate))
        .collect::<Result<_, _>>()?;
    Ok(FirstStage {
        effect: match columns[..] {
            [one] => Some(first.coefficient(one)?),
            _ => None,
        },
        f,
        f_classical: wald(&effects, places, &equal).ok(),
        strength: Strength::of(f.map(|f| f.statistic), level),
    })
}
