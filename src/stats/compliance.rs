//! Who complies with the assignment, and how compliers do with and without the treatment.

use super::drawn_iv::Instrument;
use super::infer::Level;
use super::matrix::{ModelError, check, mean, same_length};
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

/// Complier share and complier means, with the standard errors of the draw: HC2, or CR2 where
/// clusters were drawn, strata as fixed effects.
///
/// # Formula
/// E[Y₁ | complier] = (E[YD|Z=1] − E[YD|Z=0]) / (E[D|Z=1] − E[D|Z=0]), and with 1 − D for D
/// the mean without treatment (Abadie 2002, JASA 97, 284–292, lemma 2.1): each is a
/// two-stage estimate with Y·D (or Y·(1−D)) as outcome, within strata where the draw had any. Under one-sided
/// non-compliance the first is the mean of the treated. Assumes monotonicity and that assignment works
/// through receipt only.
///
/// # Errors
/// [`ModelError::NoFirstStage`] without compliers, [`ModelError::Length`],
/// [`ModelError::NotFinite`].
pub fn compliers(
    y: &[f64],
    received: &[bool],
    instrument: &Instrument,
    level: Level,
) -> Result<Compliers, ModelError> {
    let n = instrument.units();
    check(y, n)?;
    same_length(received.len(), n)?;
    let assigned = instrument.assigned();
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
    let mean_of = |with: bool| {
        let d: Vec<f64> = received
            .iter()
            .map(|&r| f64::from(u8::from(r == with)))
            .collect();
        let yd: Vec<f64> = y.iter().zip(&d).map(|(y, d)| y * d).collect();
        instrument.two_stage(&yd, &d, level)
    };
    let treated = mean_of(true)?;
    let untreated = mean_of(false)?;
    Ok(Compliers {
        assigned_received: n11,
        assigned_not: n10,
        control_received: n01,
        control_not: n00,
        share: treated.received,
        mean_treated: treated.effect,
        mean_untreated: untreated.effect,
        always_takers: (n01 as f64 / (n01 + n00) as f64, mean_where(false, true)),
        never_takers: (n10 as f64 / (n10 + n11) as f64, mean_where(true, false)),
    })
}
