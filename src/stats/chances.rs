//! Chances that differ between strata: weights that make the arms comparable again.

use super::matrix::{ModelError, check, mean};
use super::strata::blocks;

/// The weight of everybody by the inverse of their chance of the arm they are in, within their stratum.
///
/// Where the chance of the intervention differs between strata, an arm as a whole is another mix of
/// strata than the other, and whatever is computed from whole arms (an effect size, a risk ratio, attrition,
/// receipt, bounds) compares different people. Weighted, both arms are the mix of everybody.
#[derive(Debug, Clone, PartialEq)]
pub struct Chances {
    weights: Vec<f64>,
    treated: Vec<bool>,
    left_out: LeftOut,
    equal: bool,
}

/// Strata in which only one arm occurs, which a comparison cannot use, and their people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    pub strata: u64,
    pub people: u64,
}

/// A weighted arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedArm {
    /// People with a weight.
    pub people: u64,
    pub mean: f64,
    /// Σ w(y − ȳ)²/Σw times n/(n − 1), which without weights is s²; absent for fewer than two people.
    pub variance: Option<f64>,
}

/// How much of a stratum the rounding of a quota may be.
const A_TENTH: f64 = 0.1;

impl Chances {
    /// # Formula
    /// Within stratum j, w = (N_j/N)·(n_a/n_aj) for the n_aj people of arm a, with N the people and n_a
    /// those of the arm in strata where both arms occur: 1/chance, scaled so that the arm's weights
    /// add up to its people (Hájek). The weighted means of the arms then differ by Σ (N_j/N) τ_j, the blocked
    /// difference ([`super::blocked::blocked_difference`]). People in strata with one arm have weight 0.
    ///
    /// The chance is that among the people given: everybody drawn for attrition and receipt, everybody
    /// with an outcome for what is said of outcomes. Without strata all weights are 1.
    ///
    /// # Errors
    /// [`ModelError::Length`], [`ModelError::Empty`].
    pub fn new(treated: &[bool], strata: Option<&[usize]>) -> Result<Self, ModelError> {
        let n = treated.len();
        let one = vec![0; n];
        let blocks = blocks(treated, strata.unwrap_or(&one))?;
        let (both, rest): (Vec<_>, Vec<_>) =
            blocks.iter().partition(|b| b.treated > 0 && b.control > 0);
        let sum = |of: fn(&super::strata::Block) -> usize| -> f64 {
            both.iter().map(|b| of(b)).sum::<usize>() as f64
        };
        let (in_treatment, in_control) = (sum(|b| b.treated), sum(|b| b.control));
        let people = in_treatment + in_control;
        let mut weights = vec![0.0; n];
        let mut equal = true;
        for block in &both {
            let size = block.members.len() as f64;
            let expected = size * in_treatment / people;
            let away = (block.treated as f64 - expected).abs();
            equal &= away < 1.0 && away <= A_TENTH * size;
            for &i in &block.members {
                let (arm, own) = if treated[i] {
                    (in_treatment, block.treated)
                } else {
                    (in_control, block.control)
                };
                weights[i] = size / people * (arm / own as f64);
            }
        }
        Ok(Chances {
            weights,
            treated: treated.to_vec(),
            left_out: LeftOut {
                strata: rest.len() as u64,
                people: rest.iter().map(|b| b.members.len() as u64).sum(),
            },
            equal,
        })
    }

    /// One weight per person, in the order given.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Strata with one arm, and the people in them.
    pub fn left_out(&self) -> LeftOut {
        self.left_out
    }

    /// Whether the chance is the same in all strata, but for the rounding of a person who is no more than a
    /// tenth of a stratum: in strata of three, one against two and two against one may be rounding or the
    /// design, and whole arms are other mixes either way.
    pub fn equal(&self) -> bool {
        self.equal
    }

    /// The mean and variance of an arm's values; `None` for an arm without weight.
    ///
    /// # Errors
    /// [`ModelError::Length`], [`ModelError::NotFinite`].
    pub fn arm(&self, y: &[f64], arm: bool) -> Result<Option<WeightedArm>, ModelError> {
        check(y, self.treated.len())?;
        let own = || (0..y.len()).filter(move |&i| self.treated[i] == arm && self.weights[i] > 0.0);
        let n = own().count() as f64;
        let Some(centre) = mean(own().map(|i| y[i])) else {
            return Ok(None);
        };
        let total: f64 = own().map(|i| self.weights[i]).sum();
        let away: f64 = own().map(|i| self.weights[i] * (y[i] - centre)).sum();
        let away = away / total;
        let mean = centre + away;
        let squares: f64 = own().map(|i| self.weights[i] * (y[i] - mean).powi(2)).sum();
        Ok(Some(WeightedArm {
            people: own().count() as u64,
            mean,
            variance: (n > 1.0).then(|| squares / total * (n / (n - 1.0))),
        }))
    }

    /// The weighted share of an arm for whom something holds; `None` for an arm without weight.
    ///
    /// # Errors
    /// [`ModelError::Length`].
    pub fn share(&self, holds: &[bool], arm: bool) -> Result<Option<f64>, ModelError> {
        let y: Vec<f64> = holds.iter().map(|&h| f64::from(u8::from(h))).collect();
        Ok(self.arm(&y, arm)?.map(|arm| arm.mean))
    }
}
