//! An answer twice of the same people: before and after, within an arm.

use crate::results::{TestName, TestResult};

use super::degenerate::Degenerate;
use super::dist;
use super::quadratic_form::quadratic_form;

/// McNemar's test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct McNemar {
    /// (b − c)²/(b + c) with one degree of freedom.
    pub chi_square: f64,
    pub p_value: f64,
    /// (|b − c| − 1)²/(b + c), as R's `mcnemar.test` corrects by default.
    pub corrected: f64,
    pub corrected_p: f64,
    /// Two-sided binomial of b among b + c with probability ½.
    pub exact_p: f64,
    /// The exact p-value less half the probability of what is as extreme as the observed b: of b
    /// and c, or where they are equal of b alone (Fagerland, Lydersen & Laake 2013, BMC Med. Res.
    /// Methodol. 13, 91, and their supplement).
    pub mid_p: f64,
}

/// McNemar's test of change (McNemar 1947) from the number of people who changed from no to
/// yes and from yes to no; who stayed the same says nothing about change.
///
/// # Errors
/// `TooFew` when nobody changed; `TooLarge` above 2^53 changes.
pub fn mcnemar(no_to_yes: u64, yes_to_no: u64) -> Result<McNemar, Degenerate> {
    let changed = no_to_yes
        .checked_add(yes_to_no)
        .filter(|n| *n <= 1 << 53)
        .ok_or(Degenerate::TooLarge)?;
    if changed == 0 {
        return Err(Degenerate::TooFew);
    }
    let n = changed as f64;
    let difference = no_to_yes.abs_diff(yes_to_no) as f64;
    let chi_square = difference / n * difference;
    // R corrects by min(|b − c|, 1).
    let less = (difference - 1.0).max(0.0);
    let corrected = less / n * less;
    let fewer = no_to_yes.min(yes_to_no);
    let tail = dist::binomial_cdf(fewer, changed, 0.5);
    let exact_p = (2.0 * tail).min(1.0);
    let mid_p = if no_to_yes == yes_to_no {
        1.0 - dist::binomial_pmf(fewer, changed, 0.5) / 2.0
    } else {
        2.0 * tail - dist::binomial_pmf(fewer, changed, 0.5)
    };
    Ok(McNemar {
        chi_square,
        p_value: dist::chi2_sf(chi_square, 1.0),
        corrected,
        corrected_p: dist::chi2_sf(corrected, 1.0),
        exact_p,
        mid_p,
    })
}

/// The tests of equal margins of a square table.
#[derive(Debug, Clone, PartialEq)]
pub struct MarginalHomogeneity {
    pub stuart_maxwell: TestResult,
    /// Absent where everybody's move is explained by the margins, and the statistic infinite.
    pub bhapkar: Option<TestResult>,
}

/// More levels than this make no test of change.
pub const MAX_LEVELS: usize = 200;

/// Whether levels occur as often before as after (Stuart 1955; Maxwell 1970; Bhapkar 1966), from
/// a square table of people by level before (rows) and after (columns).
///
/// # Formula
/// d'S⁻¹d with d = row − column totals, S_ii = row + column − 2n_ii, S_ij = −(n_ij + n_ji); degrees
/// of freedom the rank of S, the number of levels − 1 where changes connect them. With two
/// levels it is McNemar's χ². Bhapkar's statistic is SM/(1 − SM/n), n everybody (Agresti 2002,
/// p. 422).
///
/// # Errors
/// `TooFew` when nobody changed; `OneLevel` when the table is not square; `TooLarge` above
/// 2^53 people or 200 levels.
pub fn marginal_homogeneity(counts: &[Vec<u64>]) -> Result<MarginalHomogeneity, Degenerate> {
    let levels = counts.len();
    if counts.iter().any(|row| row.len() != levels) {
        return Err(Degenerate::OneLevel);
    }
    let people = counts
        .iter()
        .flatten()
        .try_fold(0_u64, |sum, n| sum.checked_add(*n))
        .filter(|n| *n <= 1 << 53 && levels <= MAX_LEVELS)
        .ok_or(Degenerate::TooLarge)?;
    let rows: Vec<u64> = counts.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<u64> = (0..levels)
        .map(|j| counts.iter().map(|row| row[j]).sum())
        .collect();
    let differences = (0..levels)
        .map(|i| (i128::from(rows[i]) - i128::from(columns[i])) as f64)
        .collect();
    let covariance = (0..levels)
        .map(|i| {
            (0..levels)
                .map(|j| match i == j {
                    true => (rows[i] + columns[i] - 2 * counts[i][i]) as f64,
                    false => -((counts[i][j] + counts[j][i]) as f64),
                })
                .collect()
        })
        .collect();
    let (statistic, rank) = quadratic_form(differences, covariance);
    if rank == 0 {
        return Err(Degenerate::TooFew);
    }
    let test = |test, statistic: f64| TestResult {
        test,
        statistic: Some(statistic),
        df: Some(rank as f64),
        df2: None,
        p_value: Some(dist::chi2_sf(statistic, rank as f64)),
    };
    let rest = people as f64 - statistic;
    Ok(MarginalHomogeneity {
        stuart_maxwell: test(TestName::StuartMaxwell, statistic),
        bhapkar: (rest > 1e-9 * people as f64)
            .then(|| test(TestName::Bhapkar, statistic / rest * people as f64)),
    })
}
