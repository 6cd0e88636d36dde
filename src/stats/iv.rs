//! The effect on compliers: two-stage least squares with assignment as instrument, and
//! what tells whether to believe it.

use super::dist;
use super::infer::{Level, infer};
use super::linear::{FTest, Fit, Variance, fit, residual_df, sandwich};
use super::matrix::{Matrix, ModelError, check, same_length};
use super::qr::{Qr, clear_rounding, dot};
use crate::results::Estimate;

/// How far the first stage is from zero.
///
/// The bounds are those of the field: F below 10 (Staiger & Stock 1997, Econometrica 65,
/// 557–586), and F of at least 104.7 for a t-test of size .05 with the usual critical value
/// (Lee, McCrary, Moreira & Porter 2022, Am. Econ. Rev. 112, 3260–3290). The
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

/// Effects that a test at the chosen level does not reject. Bounds belong to the set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ConfidenceSet {
    Interval {
        low: f64,
        high: f64,
    },
    /// Everything up to `below` and everything from `above` on; one of the two may be missing.
    Rays {
        below: Option<f64>,
        above: Option<f64>,
    },
    /// Every number: the data say nothing about the effect.
    Line,
    /// No number: the instruments contradict each other. Cannot occur with one instrument.
    Empty,
}

impl ConfidenceSet {
    pub fn contains(&self, x: f64) -> bool {
        match *self {
            ConfidenceSet::Interval { low, high } => (low..=high).contains(&x),
            ConfidenceSet::Rays { below, above } => {
                below.is_some_and(|b| x <= b) || above.is_some_and(|a| x >= a)
            }
            ConfidenceSet::Line => true,
            ConfidenceSet::Empty => false,
        }
    }

    /// {centre + δ: a δ² − 2 b δ + c ≤ 0}. About the estimate c is not positive with one
    /// instrument, so that nothing cancels.
    fn of_quadratic(centre: f64, a: f64, b: f64, c: f64) -> Self {
        let discriminant = b * b - a * c;
        if a == 0.0 {
            return match (b > 0.0, b < 0.0) {
                (true, _) => ConfidenceSet::Rays {
                    below: None,
                    above: Some(centre + c / b / 2.0),
                },
                (_, true) => ConfidenceSet::Rays {
                    below: Some(centre + c / b / 2.0),
                    above: None,
                },
                _ if c <= 0.0 => ConfidenceSet::Line,
                _ => ConfidenceSet::Empty,
            };
        }
        if discriminant < 0.0 {
            return if a < 0.0 {
                ConfidenceSet::Line
            } else {
                ConfidenceSet::Empty
            };
        }
        // The root without cancellation first, the other from their product c / a.
        let far = b + discriminant.sqrt().copysign(b);
        let (x, y) = if far == 0.0 {
            (0.0, 0.0)
        } else {
            (far / a, c / far)
        };
        let (low, high) = (centre + x.min(y), centre + x.max(y));
        if a > 0.0 {
            ConfidenceSet::Interval { low, high }
        } else {
            ConfidenceSet::Rays {
                below: Some(low),
                above: Some(high),
            }
        }
    }
}

/// Anderson–Rubin inference, valid with instruments of any strength.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AndersonRubin {
    /// Test of no effect on compliers: that of the instruments in the reduced form.
    pub no_effect: Option<FTest>,
    pub set: ConfidenceSet,
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

/// Two-stage least squares of `y` on one received treatment (yes or no, or a dose),
/// instrumented by `instruments`, with covariates in both stages and an intercept.
///
/// # Formula
/// D̂ = fitted receipt from intercept, instruments and covariates; b = (X̂'X̂)⁻¹X̂'y with
/// X̂ = (1, D̂, covariates); residuals e = y − X b use receipt as it was. The variance is the
/// sandwich of [`super::linear::ols`] with X̂ for X, leverages included, as estimatr's `iv_robust`
/// has it; t with n − k degrees of freedom (Satterthwaite's for CR2). With assignment as only
/// instrument b is the ratio of the two intention-to-treat effects (Angrist, Imbens & Rubin
/// 1996, JASA 91, 444–455, eq. 9).
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
    let places: Vec<usize> = (1..=q).filter_map(|c| qr.position(c)).collect();
    let dropped: Vec<usize> = qr
        .dropped()
        .iter()
        .filter(|&&c| c > q)
        .map(|c| c - q - 1)
        .collect();

    let first = fit(receipt, &qr, variance, level)?;
    let reduced = fit(y, &qr, variance, level)?;

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

    let one = (places.len() == 1).then(|| qr.kept()[places[0]]);
    let classical = classical_anderson_rubin(y, receipt, instruments, covariates, level)?;
    let anderson_rubin = match one {
        Some(column) => robust_anderson_rubin(&qr, &first, &reduced, column, variance, level)?,
        None => classical,
    };
    Ok(TwoStage {
        effect,
        first_stage: first_stage(receipt, &qr, &first, &places, level)?,
        reduced_form: one.map(|c| reduced.coefficient(c)).transpose()?,
        anderson_rubin,
        anderson_rubin_classical: classical,
        dropped,
        units: n,
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
    receipt: &[f64],
    qr: &Qr,
    first: &Fit,
    places: &[usize],
    level: Level,
) -> Result<FirstStage, ModelError> {
    let columns: Vec<usize> = places.iter().map(|&p| qr.kept()[p]).collect();
    let f = first.wald(&columns).ok();
    let classical = fit(receipt, qr, Variance::Classical, level)?;
    let strength = match f.map(|f| f.statistic) {
        Some(f) if f < 10.0 => Strength::Weak,
        Some(f) if f < 104.7 => Strength::Moderate,
        _ => Strength::Strong,
    };
    Ok(FirstStage {
        effect: match columns[..] {
            [one] => Some(first.coefficient(one)?),
            _ => None,
        },
        f,
        f_classical: classical.wald(&columns).ok(),
        strength,
    })
}

/// The set for one instrument, with the variance and degrees of freedom of its
/// coefficient. Absent variance makes the whole line: nothing is rejected.
fn robust_anderson_rubin(
    qr: &Qr,
    first: &Fit,
    reduced: &Fit,
    column: usize,
    variance: Variance,
    level: Level,
) -> Result<AndersonRubin, ModelError> {
    let place = qr.position(column).ok_or(ModelError::NoFirstStage)?;
    let effect = reduced.coefficient(column)?.estimate;
    let share = first.coefficient(column)?.estimate;
    let ratio = effect / share;
    // Residuals of y − ratio × D, on which the instrument has no effect at all.
    let e: Vec<f64> = reduced
        .residuals
        .iter()
        .zip(&first.residuals)
        .map(|(y, d)| y - ratio * d)
        .collect();
    let vee = sandwich(qr, &e, &e, variance)?;
    let ved = sandwich(qr, &e, &first.residuals, variance)?;
    let (Some(vee), Some(vdd)) = (vee.variance(place), first.covariance(column, column)) else {
        return Ok(AndersonRubin {
            no_effect: None,
            set: ConfidenceSet::Line,
        });
    };
    let t2 = dist::t_isf(level.tail(), ved.df[place]).powi(2);
    Ok(AndersonRubin {
        no_effect: reduced.wald(&[column]).ok(),
        set: ConfidenceSet::of_quadratic(
            ratio,
            share * share - t2 * vdd,
            -t2 * ved.get(place, place),
            -t2 * vee,
        ),
    })
}

/// The set for any number of instruments under equal variances: F of the instruments in a
/// regression of y − β D against its critical value.
fn classical_anderson_rubin(
    y: &[f64],
    receipt: &[f64],
    instruments: &Matrix,
    covariates: &Matrix,
    level: Level,
) -> Result<AndersonRubin, ModelError> {
    // Instruments last, so that their orthonormal columns are what they add.
    let mut design = Matrix::new(y.len());
    design.push_intercept();
    design.append(covariates)?;
    design.append(instruments)?;
    let qr = Qr::new(&design)?;
    let df = residual_df(&qr)?;
    let first = qr.kept().partition_point(|&c| c <= covariates.columns());
    let q = (qr.rank() - first) as f64;
    if q == 0.0 {
        return Err(ModelError::NoFirstStage);
    }
    let y_part = qr.project(y).split_off(first);
    let d_part = qr.project(receipt).split_off(first);
    let y_rest = qr.solve(y)?.residuals;
    let d_rest = qr.solve(receipt)?.residuals;
    let critical = dist::f_isf(2.0 * level.tail(), q, df) * q / df;
    let strength = dot(&d_part, &d_part);
    if strength == 0.0 {
        return Err(ModelError::NoFirstStage);
    }
    let centre = dot(&y_part, &d_part) / strength;
    let less = |y: &[f64], d: &[f64]| -> Vec<f64> {
        y.iter().zip(d).map(|(y, d)| y - centre * d).collect()
    };
    let e_part = less(&y_part, &d_part);
    let e_rest = less(&y_rest, &d_rest);
    // At the centre e_part and d_part are orthogonal.
    let set = ConfidenceSet::of_quadratic(
        centre,
        strength - critical * dot(&d_rest, &d_rest),
        -critical * dot(&e_rest, &d_rest),
        if q > 1.0 { dot(&e_part, &e_part) } else { 0.0 } - critical * dot(&e_rest, &e_rest),
    );
    let rest = dot(&y_rest, &y_rest);
    let no_effect = (rest > 0.0).then(|| {
        let statistic = dot(&y_part, &y_part) / q / (rest / df);
        FTest {
            statistic,
            df1: q,
            df2: df,
            p_value: dist::f_sf(statistic, q, df),
        }
    });
    Ok(AndersonRubin { no_effect, set })
}

/// Who complies, and how compliers would do with and without the treatment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compliers {
    /// Assigned and received.
    pub assigned_received: usize,
    /// Assigned, did not receive.
    pub assigned_not: usize,
    /// Not assigned, received all the same.
    pub control_received: usize,
    /// Not assigned, did not receive.
    pub control_not: usize,
    /// Share of compliers: receipt among the assigned minus receipt among the others.
    pub share: Estimate,
    /// Mean outcome of compliers with the treatment.
    pub mean_treated: Estimate,
    /// Mean outcome of compliers without the treatment.
    pub mean_untreated: Estimate,
    /// Share that receives whatever the assignment, and their mean outcome.
    pub always_takers: (f64, Option<f64>),
    /// Share that never receives it, and their mean outcome.
    pub never_takers: (f64, Option<f64>),
}

impl Compliers {
    /// Whether nobody outside the assigned arm received the treatment.
    pub fn one_sided(&self) -> bool {
        self.control_received == 0
    }

    /// Whether receipt was higher without assignment: monotonicity can hold only the
    /// other way round.
    pub fn reversed(&self) -> bool {
        self.share.estimate < 0.0
    }
}

/// Complier share and complier means, with HC2 standard errors.
///
/// # Formula
/// E[Y₁ | complier] = (E[YD|Z=1] − E[YD|Z=0]) / (E[D|Z=1] − E[D|Z=0]), and with 1 − D for D
/// the mean without treatment (Abadie 2002, JASA 97, 284–292, lemma 2.1): each is a
/// two-stage estimate with Y·D (or Y·(1−D)) as outcome. Under one-sided non-compliance the first is
/// the mean of the treated. Assumes monotonicity and that assignment works through receipt only.
///
/// # Errors
/// [`ModelError::NoFirstStage`] without compliers, [`ModelError::EmptyArm`],
/// [`ModelError::Length`], [`ModelError::NotFinite`].
pub fn compliers(
    y: &[f64],
    received: &[bool],
    assigned: &[bool],
    level: Level,
) -> Result<Compliers, ModelError> {
    let n = y.len();
    check(y, n)?;
    same_length(received.len(), n)?;
    same_length(assigned.len(), n)?;
    let count = |z: bool, d: bool| {
        (0..n)
            .filter(|&i| assigned[i] == z && received[i] == d)
            .count()
    };
    let mean = |z: bool, d: bool| {
        let values: Vec<f64> = (0..n)
            .filter(|&i| assigned[i] == z && received[i] == d)
            .map(|i| y[i])
            .collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let (n11, n10, n01, n00) = (
        count(true, true),
        count(true, false),
        count(false, true),
        count(false, false),
    );
    for treated in [true, false] {
        if !assigned.contains(&treated) {
            return Err(ModelError::EmptyArm { treated });
        }
    }
    let mut instrument = Matrix::new(n);
    instrument.push_flags(assigned)?;
    let none = Matrix::new(n);
    let mean_of = |with: bool| {
        let d: Vec<f64> = received
            .iter()
            .map(|&r| f64::from(u8::from(r == with)))
            .collect();
        let yd: Vec<f64> = y.iter().zip(&d).map(|(y, d)| y * d).collect();
        two_stage(&yd, &d, &instrument, &none, Variance::Hc2, level)
    };
    let treated = mean_of(true)?;
    let untreated = mean_of(false)?;
    Ok(Compliers {
        assigned_received: n11,
        assigned_not: n10,
        control_received: n01,
        control_not: n00,
        share: treated.first_stage.effect.ok_or(ModelError::NoFirstStage)?,
        mean_treated: treated.effect,
        mean_untreated: untreated.effect,
        always_takers: (n01 as f64 / (n01 + n00) as f64, mean(false, true)),
        never_takers: (n10 as f64 / (n10 + n11) as f64, mean(true, false)),
    })
}
