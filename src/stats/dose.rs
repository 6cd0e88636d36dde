//! How much was received, and what one more unit of it does.

use super::drawn_iv::{DrawnIv, Instrument};
use super::infer::Level;
use super::matrix::{ModelError, same_length};

/// The average causal response to a dose, and how it weighs the steps of the dose.
#[derive(Debug, Clone, PartialEq)]
pub struct AverageCausalResponse {
    /// Effect per unit; `received` is the difference in the mean dose.
    pub per_unit: DrawnIv,
    /// The steps up to the limit asked for, from dose 0 to 1 upward.
    pub steps: Vec<Step>,
    /// Weight of all steps above the limit; absent where no dose is above it.
    pub beyond: Option<f64>,
}

/// One step of the dose, from one unit less to `at_least`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub at_least: u64,
    /// What assignment does to the share with at least this dose: those moved across the step.
    pub difference: f64,
    /// Its part of all steps crossed.
    pub weight: f64,
}

/// Two-stage least squares with a dose (a number of contacts) in place of receipt.
///
/// # Formula
/// b = (E[Y|Z=1] − E[Y|Z=0])/(E[D|Z=1] − E[D|Z=0]) is Σ_j w_j E[Y_j − Y_(j−1) | D₁ ≥ j > D₀] with
/// w_j = (P(D ≥ j|Z=1) − P(D ≥ j|Z=0))/Σ_k (P(D ≥ k|Z=1) − P(D ≥ k|Z=0))
/// (Angrist & Imbens 1995, JASA 90, 431–442, theorem 1). The groups overlap: somebody moved
/// from 0 to 3 contacts counts in three steps. Since D = Σ_j 1[D ≥ j], the denominator is the
/// first stage, with strata too.
///
/// It assumes that assignment lowers nobody's dose, and works through the dose only. A negative
/// weight contradicts the first, up to chance.
///
/// # Errors
/// Those of [`Instrument::two_stage`].
pub fn average_causal_response(
    y: &[f64],
    dose: &[u64],
    instrument: &Instrument,
    limit: u64,
    level: Level,
) -> Result<AverageCausalResponse, ModelError> {
    same_length(dose.len(), y.len())?;
    // Doses above 2^53 lose their last digits, as any number in a file does.
    let received: Vec<f64> = dose.iter().map(|&dose| dose as f64).collect();
    let per_unit = instrument.two_stage(y, &received, level)?;
    let most = dose.iter().copied().max().unwrap_or(0);
    let total = per_unit.received.estimate;
    let mut steps = Vec::new();
    for at_least in 1..=most.min(limit) {
        let reached: Vec<f64> = dose
            .iter()
            .map(|&dose| f64::from(u8::from(dose >= at_least)))
            .collect();
        let difference = instrument.effect_on(&reached)?;
        steps.push(Step {
            at_least,
            difference,
            weight: difference / total,
        });
    }
    let weights: f64 = steps.iter().map(|step| step.weight).sum();
    Ok(AverageCausalResponse {
        per_unit,
        beyond: (most > limit).then_some(1.0 - weights),
        steps,
    })
}
