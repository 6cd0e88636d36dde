//! The effect on compliers where the draw was made within strata: one stratified difference
//! divided by another.

use super::anderson_rubin::ConfidenceSet;
use super::blocked::{blocked_cluster_difference, blocked_difference};
use super::dist;
use super::infer::{Level, infer};
use super::matrix::{ModelError, check, same_length};
use crate::results::Estimate;

/// How people were drawn: within strata, as persons or as whole clusters.
#[derive(Debug, Clone, Copy)]
pub struct Strata<'a> {
    pub treated: &'a [bool],
    pub strata: &'a [usize],
    pub clusters: Option<&'a [usize]>,
}

impl Strata<'_> {
    fn difference(&self, values: &[f64], level: Level) -> Result<Estimate, ModelError> {
        let blocked = match self.clusters {
            None => blocked_difference(values, self.treated, self.strata, level)?,
            Some(clusters) => {
                blocked_cluster_difference(values, self.treated, self.strata, clusters, level)?
            }
        };
        Ok(blocked.effect)
    }
}

/// An effect on compliers, and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BlockedTwoStage {
    pub effect: Estimate,
    /// Effect of assignment on receipt: the complier share.
    pub first_stage: Estimate,
    /// The first stage's t²; absent when receipt follows assignment without exception.
    pub f: Option<f64>,
    /// Effects that a test at the chosen level does not reject; absent without spread.
    pub set: Option<ConfidenceSet>,
}

/// The effect of receipt on compliers, with assignment within strata as instrument.
///
/// # Formula
/// β = τ_y/τ_d, both the stratified difference of [`blocked_difference`] (of
/// [`blocked_cluster_difference`] where clusters were drawn), so that effect of assignment,
/// complier share and β agree with each other. Its variance is V(y − βd)/τ_d², V the same
/// stratified variance, with the same degrees of freedom: the delta method (Imbens & Rubin 2015,
/// Causal Inference, §23.5, for one stratum). With one stratum this is
/// [`super::iv::two_stage`] with HC2. The Anderson–Rubin set are the β for which y − βd has no
/// stratified difference at the chosen level; V is a quadratic form in the values, so that the set
/// solves a quadratic inequality.
///
/// # Errors
/// [`ModelError::NoFirstStage`] when assignment does not change receipt, and those of
/// [`blocked_difference`] and [`blocked_cluster_difference`].
pub fn blocked_two_stage(
    y: &[f64],
    receipt: &[f64],
    draw: &Strata<'_>,
    level: Level,
) -> Result<BlockedTwoStage, ModelError> {
    check(y, draw.treated.len())?;
    same_length(receipt.len(), y.len())?;
    let first_stage = draw.difference(receipt, level)?;
    // Differences of shares below this are rounding of their weighted sum.
    if first_stage.estimate.abs() <= 8.0 * f64::EPSILON {
        return Err(ModelError::NoFirstStage);
    }
    let share = first_stage.estimate;
    let ratio = draw.difference(y, level)?.estimate / share;
    let e: Vec<f64> = y.iter().zip(receipt).map(|(y, d)| y - ratio * d).collect();
    let residual = draw.difference(&e, level)?;
    let spread = residual.std_error.unwrap_or(f64::NAN);
    let effect = infer(ratio, spread / share.abs(), residual.df, level);
    let set = match residual.df {
        Some(df) if spread > 0.0 => Some(set(
            (ratio, share),
            (&e, spread),
            (receipt, first_stage.std_error.unwrap_or(0.0)),
            dist::t_isf(level.tail(), df).powi(2),
            draw,
            level,
        )?),
        _ => None,
    };
    Ok(BlockedTwoStage {
        effect,
        f: first_stage.statistic.map(|t| t * t),
        first_stage,
        set,
    })
}

/// The β = ratio + δ with (δ τ_d)² ≤ t² (V_ee − 2δ V_ed + δ² V_dd); e has no difference of its own.
fn set(
    (ratio, share): (f64, f64),
    (e, e_se): (&[f64], f64),
    (d, d_se): (&[f64], f64),
    t2: f64,
    draw: &Strata<'_>,
    level: Level,
) -> Result<ConfidenceSet, ModelError> {
    // Both on the scale of their standard error, so that V(a + b) − V(a − b) = 4 V_ab loses
    // no digits to the larger.
    let covariance = if d_se > 0.0 {
        let together = |sign: f64| -> Result<f64, ModelError> {
            let values: Vec<f64> = e
                .iter()
                .zip(d)
                .map(|(e, d)| e / e_se + sign * d / d_se)
                .collect();
            let se = draw.difference(&values, level)?.std_error;
            Ok(se.unwrap_or(f64::NAN).powi(2))
        };
        (together(1.0)? - together(-1.0)?) / 4.0 * e_se * d_se
    } else {
        0.0
    };
    ConfidenceSet::of_quadratic(
        ratio,
        share * share - t2 * d_se * d_se,
        -t2 * covariance,
        -t2 * e_se * e_se,
    )
}
