//! Who complies with the assignment, and how compliers do with and without the treatment.

use super::infer::Level;
use super::iv::stages;
use super::linear::Variance;
use super::matrix::{Matrix, ModelError, check, mean, same_length};
use crate::results::Estimate;

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
    compliers_with(y, received, assigned, |y, receipt| {
        let mut instrument = Matrix::new(y.len());
        instrument.push_flags(assigned)?;
        let none = Matrix::new(y.len());
        let fit = stages(y, receipt, &instrument, &none, Variance::Hc2, level)?;
        Ok((fit.effect, fit.first.coefficient(1)?))
    })
}

/// [`compliers`] for another draw: `ratio` gives the effect on compliers of an outcome and the
/// complier share, for receipt as numbers, with standard errors that follow the draw.
///
/// # Errors
/// As [`compliers`], and those of `ratio`.
pub fn compliers_with(
    y: &[f64],
    received: &[bool],
    assigned: &[bool],
    ratio: impl Fn(&[f64], &[f64]) -> Result<(Estimate, Estimate), ModelError>,
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
    let mean_where = |z: bool, d: bool| {
        let group = (0..n).filter(|&i| assigned[i] == z && received[i] == d);
        mean(group.map(|i| y[i]))
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
    let mean_of = |with: bool| {
        let d: Vec<f64> = received
            .iter()
            .map(|&r| f64::from(u8::from(r == with)))
            .collect();
        let yd: Vec<f64> = y.iter().zip(&d).map(|(y, d)| y * d).collect();
        ratio(&yd, &d)
    };
    let treated = mean_of(true)?;
    let untreated = mean_of(false)?;
    Ok(Compliers {
        assigned_received: n11,
        assigned_not: n10,
        control_received: n01,
        control_not: n00,
        share: treated.1,
        mean_treated: treated.0,
        mean_untreated: untreated.0,
        always_takers: (n01 as f64 / (n01 + n00) as f64, mean_where(false, true)),
        never_takers: (n10 as f64 / (n10 + n11) as f64, mean_where(true, false)),
    })
}
