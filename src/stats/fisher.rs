//! Fisher's exact test, for 2×2 and for larger tables.

mod network;

use crate::results::{TestName, TestResult};

use super::contingency::{Crosstab, TwoByTwo};
use super::degenerate::Degenerate;
use super::dist;
use network::Network;

/// Tables whose probability is within this factor of the observed one count as equally
/// likely, as in R's `fisher.test`.
const TIE: f64 = 1.0 + 1e-7;

/// The largest margin of an r×c table whose factorials are tabulated.
const MAX_MARGIN: u64 = 5_000_000;

/// The p-values of Fisher's exact test for a 2×2 table (Fisher 1935).
///
/// All margins are held fixed, so the count of treated with a yes is hypergeometric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FisherExact {
    /// The summed probability of all tables at most as likely as the observed one.
    pub two_sided: f64,
    /// P(treated_yes or fewer).
    pub less: f64,
    /// P(treated_yes or more).
    pub greater: f64,
    /// The two-sided p-value with half the weight for tables exactly as likely as the
    /// observed one (Lancaster 1961).
    pub mid_p: f64,
}

impl FisherExact {
    /// The two-sided test as a result; Fisher's test has no statistic.
    pub fn test(&self) -> TestResult {
        exact_test(self.two_sided)
    }
}

fn exact_test(p: f64) -> TestResult {
    TestResult {
        test: TestName::FisherExact,
        statistic: None,
        df: None,
        df2: None,
        p_value: Some(p),
    }
}

/// Fisher's exact test for a 2×2 table, in logarithmic time and the length of the tails.
///
/// A table with an empty row or column has only itself: every p-value is 1, but for the
/// mid-p of ½.
///
/// # Errors
/// `TooFew` for a table without observations; `TooLarge` for a total above 2^53.
pub fn fisher_exact(table: &TwoByTwo) -> Result<FisherExact, Degenerate> {
    let TwoByTwo {
        treated_yes,
        treated_no,
        control_yes,
        control_no,
    } = *table;
    let total = [treated_yes, treated_no, control_yes, control_no]
        .iter()
        .try_fold(0_u64, |sum, n| sum.checked_add(*n))
        .filter(|total| *total <= 1 << 53)
        .ok_or(Degenerate::TooLarge)?;
    if total == 0 {
        return Err(Degenerate::TooFew);
    }
    let successes = treated_yes + control_yes;
    let draws = treated_yes + treated_no;
    let low = draws.saturating_sub(total - successes);
    let high = successes.min(draws);
    let k = treated_yes;
    let pmf = |k: u64| dist::hypergeometric_pmf(k, successes, total, draws);
    let at_most = |k: u64| dist::hypergeometric_cdf(k, successes, total, draws);
    let at_least = |k: u64| match k.checked_sub(1) {
        Some(below) => dist::hypergeometric_sf(below, successes, total, draws),
        None => 1.0,
    };
    let observed = pmf(k);
    // The mode (Johnson, Kemp & Kotz 2005, p. 253), where the probabilities turn.
    let mode =
        ((u128::from(successes) + 1) * (u128::from(draws) + 1) / (u128::from(total) + 2)) as u64;
    let mode = mode.clamp(low, high);
    let as_unlikely = |j: u64| pmf(j) <= observed * TIE;
    let (two_sided, other_side) = if as_unlikely(mode) {
        let neighbour = [mode.checked_sub(1), Some(mode), mode.checked_add(1)]
            .into_iter()
            .flatten()
            .find(|&j| j != k && (low..=high).contains(&j) && pmf(j) * TIE >= observed);
        (1.0, neighbour)
    } else if k < mode {
        // The first count above the mode that is as unlikely; high + 1 when there is none.
        let first = first_where(mode, high + 1, as_unlikely);
        (at_most(k) + at_least(first), Some(first))
    } else {
        let first = first_where(0, mode - low + 1, |steps| {
            steps > mode - low || as_unlikely(mode - steps)
        });
        let below = (mode - low).checked_sub(first).map(|j| low + j);
        (at_least(k) + below.map_or(0.0, at_most), below)
    };
    let tied = other_side
        .filter(|&j| (low..=high).contains(&j))
        .map(pmf)
        .filter(|&p| p * TIE >= observed)
        .unwrap_or(0.0);
    let two_sided = two_sided.min(1.0);
    Ok(FisherExact {
        two_sided,
        less: at_most(k),
        greater: at_least(k),
        mid_p: (two_sided - 0.5 * (observed + tied)).max(0.0),
    })
}

/// The first number from `low` where the condition, false before and true after, holds;
/// `high` when there is none below it.
fn first_where(mut low: u64, mut high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// Fisher's exact test for any table (Freeman & Halton 1951): the summed probability of all
/// tables with the same margins that are at most as likely as the observed one.
///
/// The walk over tables stands in `fisher/network.rs`; relative error about 1e-10.
///
/// # Errors
/// `TooLarge` when the walk would take more than some tenths of a second, or a margin is above
/// five million.
pub fn fisher_exact_table(table: &Crosstab) -> Result<TestResult, Degenerate> {
    if let Some(two_by_two) = table.two_by_two() {
        return fisher_exact(&two_by_two).map(|fisher| fisher.test());
    }
    // Fewer rows than columns makes the recursion shallow in the inner loop.
    let counts = table.counts();
    let (rows, columns) = (counts.len(), counts[0].len());
    let by_column: Vec<Vec<u64>> = if rows <= columns {
        (0..columns)
            .map(|j| counts.iter().map(|row| row[j]).collect())
            .collect()
    } else {
        counts.to_vec()
    };
    let column_totals: Vec<u64> = by_column.iter().map(|column| column.iter().sum()).collect();
    let row_totals: Vec<u64> = (0..by_column[0].len())
        .map(|i| by_column.iter().map(|column| column[i]).sum())
        .collect();
    let largest = row_totals.iter().chain(&column_totals).copied().max();
    let largest = largest
        .filter(|n| *n <= MAX_MARGIN)
        .ok_or(Degenerate::TooLarge)?;
    let ln_factorial: Vec<f64> = (0..=largest)
        .map(|n| dist::ln_gamma(n as f64 + 1.0))
        .collect();
    let ln_of = |n: u64| ln_factorial[n as usize];
    let ln_constant = row_totals
        .iter()
        .chain(&column_totals)
        .map(|&n| ln_of(n))
        .sum::<f64>()
        - dist::ln_gamma(table.total() as f64 + 1.0);
    let ln_observed = ln_constant - by_column.iter().flatten().map(|&n| ln_of(n)).sum::<f64>();
    let ln_limit = ln_observed + TIE.ln();
    let p = Network::p_value(
        &row_totals,
        &column_totals,
        &ln_factorial,
        (ln_constant, ln_limit),
    )?;
    Ok(exact_test(p.min(1.0)))
}
