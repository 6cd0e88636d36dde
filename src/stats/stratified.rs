//! Levels over strata: the generalised Cochran–Mantel–Haenszel tests for two arms.

use crate::results::{TestName, TestResult};

use super::degenerate::Degenerate;
use super::dist;
use super::quadratic_form::quadratic_form;

/// One stratum: how many people of each arm are at each level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StratumCounts {
    pub treated: Vec<u64>,
    pub control: Vec<u64>,
}

/// More levels than this make no test of association.
pub const MAX_LEVELS: usize = 200;

/// The sums behind both tests, with the margins of every stratum held fixed.
struct Deviation {
    /// Treated count minus its expectation, per level.
    excess: Vec<f64>,
    totals: Vec<f64>,
    /// n₁n₀/(n²(n − 1)).
    spread: f64,
    people: f64,
}

/// Strata that say something: both arms, and at least two people.
fn deviations(strata: &[StratumCounts]) -> Result<Vec<Deviation>, Degenerate> {
    let levels = strata.first().map_or(0, |stratum| stratum.treated.len());
    if levels > MAX_LEVELS {
        return Err(Degenerate::TooLarge);
    }
    let mut found = Vec::new();
    for stratum in strata {
        if stratum.treated.len() != levels || stratum.control.len() != levels {
            return Err(Degenerate::OneLevel);
        }
        let total = |counts: &[u64]| counts.iter().try_fold(0_u64, |sum, n| sum.checked_add(*n));
        let (n1, n0) = total(&stratum.treated)
            .zip(total(&stratum.control))
            .filter(|(a, b)| a.checked_add(*b).is_some_and(|n| n <= 1 << 53))
            .ok_or(Degenerate::TooLarge)?;
        if n1 == 0 || n0 == 0 {
            continue;
        }
        let n = (n1 + n0) as f64;
        let pairs = || stratum.treated.iter().zip(&stratum.control);
        found.push(Deviation {
            // a − n₁(a + b)/n = (a·n₀ − b·n₁)/n, exact in integers.
            excess: pairs()
                .map(|(&a, &b)| {
                    (i128::from(a) * i128::from(n0) - i128::from(b) * i128::from(n1)) as f64 / n
                })
                .collect(),
            totals: pairs().map(|(a, b)| (a + b) as f64).collect(),
            spread: n1 as f64 / n * (n0 as f64 / n) / (n - 1.0),
            people: n,
        });
    }
    Ok(found)
}

fn result(statistic: f64, df: usize) -> TestResult {
    TestResult {
        test: TestName::CochranMantelHaenszel,
        statistic: Some(statistic),
        df: Some(df as f64),
        df2: None,
        p_value: Some(dist::chi2_sf(statistic, df as f64)),
    }
}

/// Whether the levels, in no order, occur as often in both arms within strata: the statistic
/// for general association (Landis, Heyman & Koch 1978; Agresti 2002, eq. 7.21).
///
/// # Formula
/// G'V⁻¹G with G = Σ_k (a_k − n₁_k t_k/n_k) and
/// V = Σ_k n₁n₀/(n²(n − 1))·(n·diag(t) − tt'), t the totals per level; degrees of freedom the rank
/// of V, which is the number of levels − 1 where strata connect them. Equals R's
/// `mantelhaen.test` for more than two levels and coin's `cmh_test`.
///
/// # Errors
/// `OneLevel` when no stratum has both arms and two levels; `TooLarge` above 200 levels.
pub fn general_association(strata: &[StratumCounts]) -> Result<TestResult, Degenerate> {
    let deviations = deviations(strata)?;
    let levels = deviations.first().map_or(0, |one| one.totals.len());
    let mut excess = vec![0.0; levels];
    let mut covariance = vec![vec![0.0; levels]; levels];
    for one in &deviations {
        for i in 0..levels {
            excess[i] += one.excess[i];
            let own = one.totals[i];
            covariance[i][i] += one.spread * own * (one.people - own);
            for j in (0..levels).filter(|&j| j != i) {
                covariance[i][j] -= one.spread * own * one.totals[j];
            }
        }
    }
    let (statistic, rank) = quadratic_form(excess, covariance);
    if rank == 0 {
        return Err(Degenerate::OneLevel);
    }
    Ok(result(statistic, rank))
}

/// Whether the mean score differs between the arms within strata: with two arms the
/// statistics for correlation and for row mean scores are one (Mantel 1963; Agresti 2002,
/// eq. 7.20), M² = (Σ_k Σ_j u_j (a_kj − E_kj))²/Σ_k V_k with one degree of freedom,
/// V_k = n₁n₀/(n²(n − 1))·(nΣu²t − (Σut)²). Equals coin's `cmh_test` with these scores.
///
/// # Errors
/// `OneLevel` when no stratum has both arms and two levels with people; `TooFew` when a
/// score is missing; `NotFinite` for a score that is not finite; `TooLarge` above 200 levels.
pub fn mean_scores(strata: &[StratumCounts], scores: &[f64]) -> Result<TestResult, Degenerate> {
    if scores.iter().any(|score| !score.is_finite()) {
        return Err(Degenerate::NotFinite);
    }
    let (mut sum, mut variance) = (0.0, 0.0);
    for one in deviations(strata)? {
        if one.totals.len() != scores.len() {
            return Err(Degenerate::TooFew);
        }
        let weighted = |of: &[f64]| of.iter().zip(scores).map(|(n, u)| n * u).sum::<f64>();
        let mean = weighted(&one.totals) / one.people;
        let squares: f64 = one
            .totals
            .iter()
            .zip(scores)
            .map(|(n, u)| n * (u - mean) * (u - mean))
            .sum();
        sum += one
            .excess
            .iter()
            .zip(scores)
            .map(|(n, u)| n * (u - mean))
            .sum::<f64>();
        variance += one.spread * one.people * squares;
    }
    if variance <= 0.0 {
        return Err(Degenerate::OneLevel);
    }
    Ok(result(sum / variance * sum, 1))
}
