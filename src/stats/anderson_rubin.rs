//! Anderson–Rubin inference: what the data say about the effect on compliers, however weak
//! the instruments.

use super::dist;
use super::infer::{Level, critical};
use super::linear::{FTest, Fit, Variance, residual_df, sandwich};
use super::matrix::{Matrix, ModelError};
use super::qr::{Qr, dot};

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
    pub(super) fn of_quadratic(centre: f64, a: f64, b: f64, c: f64) -> Result<Self, ModelError> {
        if a == 0.0 {
            return Self::of_line(centre, b, c);
        }
        let discriminant = b * b - a * c;
        if discriminant < 0.0 {
            return Ok(if a < 0.0 {
                ConfidenceSet::Line
            } else {
                ConfidenceSet::Empty
            });
        }
        // The root without cancellation first, the other from their product c / a.
        let far = b + discriminant.sqrt().copysign(b);
        let (x, y) = if far == 0.0 {
            (0.0, 0.0)
        } else {
            (far / a, c / far)
        };
        let (low, high) = (centre + x.min(y), centre + x.max(y));
        if !low.is_finite() || !high.is_finite() {
            return Err(ModelError::Numerical);
        }
        Ok(if a > 0.0 {
            ConfidenceSet::Interval { low, high }
        } else {
            ConfidenceSet::Rays {
                below: Some(low),
                above: Some(high),
            }
        })
    }

    /// {centre + δ: −2 b δ + c ≤ 0}.
    fn of_line(centre: f64, b: f64, c: f64) -> Result<Self, ModelError> {
        let bound = centre + c / b / 2.0;
        match b {
            0.0 if c <= 0.0 => Ok(ConfidenceSet::Line),
            0.0 => Ok(ConfidenceSet::Empty),
            _ if !bound.is_finite() => Err(ModelError::Numerical),
            _ if b > 0.0 => Ok(ConfidenceSet::Rays {
                below: None,
                above: Some(bound),
            }),
            _ => Ok(ConfidenceSet::Rays {
                below: Some(bound),
                above: None,
            }),
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

/// The set for one instrument, with the variance and degrees of freedom of its
/// coefficient. Absent variance makes the whole line: nothing is rejected.
pub(super) fn one_instrument(
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
    let t2 = critical(level, ved.df[place]).powi(2);
    Ok(AndersonRubin {
        no_effect: reduced.wald(&[column]).ok(),
        set: ConfidenceSet::of_quadratic(
            ratio,
            share * share - t2 * vdd,
            -t2 * ved.get(place, place),
            -t2 * vee,
        )?,
    })
}

/// The set for any number of instruments under equal variances: F of the instruments in a
/// regression of y − β D against its critical value. Outcome and receipt come each with its
/// residuals on instruments and covariates.
pub(super) fn classical(
    (y, y_rest): (&[f64], &[f64]),
    (receipt, d_rest): (&[f64], &[f64]),
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
    let bound = match q {
        // F on 1 and df degrees of freedom is the square of t on df.
        1.0 => critical(level, df).powi(2) / df,
        q => dist::f_isf(2.0 * level.tail(), q, df) * q / df,
    };
    let strength = dot(&d_part, &d_part);
    if strength == 0.0 {
        return Err(ModelError::NoFirstStage);
    }
    let centre = dot(&y_part, &d_part) / strength;
    let less = |y: &[f64], d: &[f64]| -> Vec<f64> {
        y.iter().zip(d).map(|(y, d)| y - centre * d).collect()
    };
    let e_part = less(&y_part, &d_part);
    let e_rest = less(y_rest, d_rest);
    // At the centre e_part and d_part are orthogonal.
    let set = ConfidenceSet::of_quadratic(
        centre,
        strength - bound * dot(d_rest, d_rest),
        -bound * dot(&e_rest, d_rest),
        if q > 1.0 { dot(&e_part, &e_part) } else { 0.0 } - bound * dot(&e_rest, &e_rest),
    )?;
    let rest = dot(y_rest, y_rest);
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
