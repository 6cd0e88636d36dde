//! Counts per arm and level: tests of independence, trend and exact tests.

use crate::results::{EffectSize, Measure, TestName, TestResult};

use super::degenerate::Degenerate;
use super::dist;
use super::infer::Level;
use super::root::{falling_root, probit_excess};

/// The four counts of a yes/no outcome in two arms, by name so that rows and columns
/// cannot be mixed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoByTwo {
    pub treated_yes: u64,
    pub treated_no: u64,
    pub control_yes: u64,
    pub control_no: u64,
}

/// Counts with arms as rows and levels as columns, without its empty rows and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crosstab {
    counts: Vec<Vec<u64>>,
    row_totals: Vec<u64>,
    column_totals: Vec<u64>,
    total: u64,
    rows_kept: Vec<usize>,
    columns_kept: Vec<usize>,
    shape: (usize, usize),
}

/// Above this total, counts are no longer exact as floating-point numbers.
const MAX_TOTAL: u64 = 1 << 53;

impl Crosstab {
    /// # Errors
    /// `OneLevel` when fewer than two rows or two columns have any count, or the rows
    /// differ in length; `TooLarge` for a total above 2^53.
    pub fn new(counts: &[Vec<u64>]) -> Result<Crosstab, Degenerate> {
        let columns = counts.first().map_or(0, Vec::len);
        if counts.iter().any(|row| row.len() != columns) {
            return Err(Degenerate::OneLevel);
        }
        counts
            .iter()
            .flatten()
            .try_fold(0_u64, |sum, n| sum.checked_add(*n))
            .filter(|total| *total <= MAX_TOTAL)
            .ok_or(Degenerate::TooLarge)?;
        let rows_kept: Vec<usize> = (0..counts.len())
            .filter(|&i| counts[i].iter().any(|n| *n > 0))
            .collect();
        let columns_kept: Vec<usize> = (0..columns)
            .filter(|&j| counts.iter().any(|row| row[j] > 0))
            .collect();
        if rows_kept.len() < 2 || columns_kept.len() < 2 {
            return Err(Degenerate::OneLevel);
        }
        let kept: Vec<Vec<u64>> = rows_kept
            .iter()
            .map(|&i| columns_kept.iter().map(|&j| counts[i][j]).collect())
            .collect();
        let row_totals: Vec<u64> = kept.iter().map(|row| row.iter().sum()).collect();
        let column_totals = (0..columns_kept.len())
            .map(|j| kept.iter().map(|row| row[j]).sum())
            .collect();
        Ok(Crosstab {
            total: row_totals.iter().sum(),
            counts: kept,
            row_totals,
            column_totals,
            rows_kept,
            columns_kept,
            shape: (counts.len(), columns),
        })
    }

    /// # Errors
    /// As for [`Crosstab::new`].
    pub fn from_two_by_two(table: &TwoByTwo) -> Result<Crosstab, Degenerate> {
        Crosstab::new(&[
            vec![table.treated_yes, table.treated_no],
            vec![table.control_yes, table.control_no],
        ])
    }

    /// The rows (arms) without any observation, which were left out.
    pub fn dropped_rows(&self) -> Vec<usize> {
        (0..self.shape.0)
            .filter(|i| !self.rows_kept.contains(i))
            .collect()
    }

    /// The columns (levels) without any observation, which were left out.
    pub fn dropped_columns(&self) -> Vec<usize> {
        (0..self.shape.1)
            .filter(|j| !self.columns_kept.contains(j))
            .collect()
    }

    /// All observations.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The counts that are left, arms as rows.
    pub fn counts(&self) -> &[Vec<u64>] {
        &self.counts
    }

    /// The 2×2 table, when two arms and two levels are left (levels in their order).
    pub fn two_by_two(&self) -> Option<TwoByTwo> {
        match self.counts.as_slice() {
            [treated, control] if treated.len() == 2 => Some(TwoByTwo {
                treated_yes: treated[0],
                treated_no: treated[1],
                control_yes: control[0],
                control_no: control[1],
            }),
            _ => None,
        }
    }

    /// (rows − 1)(columns − 1).
    pub fn df(&self) -> f64 {
        ((self.row_totals.len() - 1) * (self.column_totals.len() - 1)) as f64
    }

    /// Row total × column total / total, per cell.
    pub fn expected(&self) -> Vec<Vec<f64>> {
        self.row_totals
            .iter()
            .map(|&row| {
                self.column_totals
                    .iter()
                    .map(|&column| row as f64 * (column as f64 / self.total as f64))
                    .collect()
            })
            .collect()
    }

    /// The smallest expected count; χ² is doubtful below 5 (Cochran 1954).
    pub fn min_expected(&self) -> f64 {
        self.expected()
            .into_iter()
            .flatten()
            .fold(f64::INFINITY, f64::min)
    }

    /// Per cell: observed, row total, column total.
    fn cells(&self) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
        self.counts
            .iter()
            .zip(&self.row_totals)
            .flat_map(move |(row, &row_total)| {
                row.iter()
                    .zip(&self.column_totals)
                    .map(move |(&count, &column_total)| (count, row_total, column_total))
            })
    }
}

/// total·observed − row·column: the deviation from independence, exact in integers.
fn excess(total: u64, count: u64, row: u64, column: u64) -> i128 {
    i128::from(total) * i128::from(count) - i128::from(row) * i128::from(column)
}

fn chi_square(test: TestName, statistic: f64, df: f64) -> TestResult {
    TestResult {
        test,
        statistic: Some(statistic),
        df: Some(df),
        df2: None,
        p_value: Some(dist::chi2_sf(statistic, df)),
    }
}

fn pearson_statistic(table: &Crosstab) -> f64 {
    let total = table.total as f64;
    table
        .cells()
        .map(|(count, row, column)| {
            let excess = excess(table.total, count, row, column) as f64;
            (excess / row as f64) * (excess / column as f64) / total
        })
        .sum()
}

/// Pearson's χ² test of independence (Pearson 1900), without correction.
///
/// # Formula
/// Σ (O − E)²/E with (r−1)(c−1) degrees of freedom; O − E is taken in integers.
pub fn pearson_chi_square(table: &Crosstab) -> TestResult {
    chi_square(
        TestName::PearsonChiSquare,
        pearson_statistic(table),
        table.df(),
    )
}

/// χ² of a 2×2 table with Yates's continuity correction (Yates 1934).
///
/// # Formula
/// Σ (|O − E| − c)²/E with c = min(½, |O − E|), as in R's `chisq.test`, so that the
/// correction never passes the expected value.
///
/// # Errors
/// `OneLevel` when a row or column is empty.
pub fn yates_chi_square(table: &TwoByTwo) -> Result<TestResult, Degenerate> {
    let table = Crosstab::from_two_by_two(table)?;
    let total = table.total as f64;
    let statistic = table
        .cells()
        .map(|(count, row, column)| {
            let deviation = excess(table.total, count, row, column).unsigned_abs() as f64 / total;
            let corrected = (deviation - 0.5).max(0.0);
            corrected * corrected / (row as f64 * (column as f64 / total))
        })
        .sum();
    Ok(chi_square(TestName::YatesChiSquare, statistic, 1.0))
}

/// The likelihood-ratio test of independence, G² = 2 Σ O ln(O/E) (Wilks 1938).
///
/// Summed as 2 Σ [O ln(O/E) + E − O], which is the same and has only positive terms.
pub fn likelihood_ratio(table: &Crosstab) -> TestResult {
    let total = table.total as f64;
    let sum: f64 = table
        .cells()
        .map(|(count, row, column)| {
            let expected = row as f64 * (column as f64 / total);
            let expected_minus_observed = -excess(table.total, count, row, column) as f64 / total;
            dist::deviance_part(count as f64, expected, expected_minus_observed)
        })
        .sum();
    // Not −0 for a table that fits exactly.
    chi_square(TestName::LikelihoodRatio, 2.0 * sum + 0.0, table.df())
}

/// The linear-by-linear association test for ordered rows and columns.
///
/// # Formula
/// M² = (N − 1) r², r the correlation of the scores, with one degree of freedom (Mantel
/// 1963; Agresti 2013, eq. 3.16). Equals `coin::lbl_test` and SPSS's linear-by-linear
/// association with the same scores. Scores belong to the rows and columns as they were
/// given, dropped ones included; the usual ones are 1, 2, 3, …
///
/// # Errors
/// `TooFew` when a score is missing; `NoVariance` when all scores of rows or columns with
/// observations are the same; `NotFinite` for a score that is not finite.
pub fn linear_by_linear(
    table: &Crosstab,
    row_scores: &[f64],
    column_scores: &[f64],
) -> Result<TestResult, Degenerate> {
    if row_scores.len() != table.shape.0 || column_scores.len() != table.shape.1 {
        return Err(Degenerate::TooFew);
    }
    let kept = |scores: &[f64], kept: &[usize]| kept.iter().map(|&i| scores[i]).collect();
    let rows: Vec<f64> = kept(row_scores, &table.rows_kept);
    let columns: Vec<f64> = kept(column_scores, &table.columns_kept);
    if rows.iter().chain(&columns).any(|score| !score.is_finite()) {
        return Err(Degenerate::NotFinite);
    }
    let rows = centred(&rows, &table.row_totals);
    let columns = centred(&columns, &table.column_totals);
    let squares = |scores: &[f64], totals: &[u64]| -> f64 {
        scores
            .iter()
            .zip(totals)
            .map(|(score, &n)| n as f64 * score * score)
            .sum()
    };
    let row_squares = squares(&rows, &table.row_totals);
    let column_squares = squares(&columns, &table.column_totals);
    if row_squares <= 0.0 || column_squares <= 0.0 {
        return Err(Degenerate::NoVariance);
    }
    let products: f64 = table
        .counts
        .iter()
        .zip(&rows)
        .map(|(counts, row)| {
            let sum: f64 = counts
                .iter()
                .zip(&columns)
                .map(|(&n, column)| n as f64 * column)
                .sum();
            row * sum
        })
        .sum();
    let correlation = products / row_squares.sqrt() / column_squares.sqrt();
    let statistic = (table.total - 1) as f64 * correlation * correlation;
    Ok(chi_square(TestName::LinearByLinear, statistic, 1.0))
}

/// Scores minus their weighted mean, taken about the first score.
fn centred(scores: &[f64], totals: &[u64]) -> Vec<f64> {
    let first = scores[0];
    let total: f64 = totals.iter().map(|&n| n as f64).sum();
    let mean = scores
        .iter()
        .zip(totals)
        .map(|(score, &n)| n as f64 * (score - first))
        .sum::<f64>()
        / total;
    scores.iter().map(|score| score - first - mean).collect()
}

/// Cramér's V with a confidence interval.
///
/// # Formula
/// V = √(χ²/(N·(min(r, c) − 1))) (Cramér 1946, p. 282). The limits invert the noncentral
/// χ² distribution: for each limit Δ with P(X ≤ χ² | Δ) = 1 − α/2 or α/2,
/// V = √(Δ/(N·(min(r, c) − 1))), at most 1: V² of the shares themselves is Δ over that (Steiger & Fouladi 1997, in Harlow,
/// Mulaik & Steiger, What If There Were No Significance Tests?, ch. 9). Where no Δ ≥ 0 gives the lower probability, the
/// lower limit is 0. A table that fits closer than chance makes would make its upper limit 0 too: it is never below the V
/// that would just be told from none, √(χ²_α/(N·(min(r, c) − 1))).
pub fn cramers_v(table: &Crosstab, level: Level) -> EffectSize {
    let statistic = pearson_statistic(table);
    let df = table.df();
    let smaller = table.row_totals.len().min(table.column_totals.len());
    let scale = table.total as f64 * (smaller - 1) as f64;
    let limit = |probability: f64| {
        let delta = noncentrality(statistic, df, probability).unwrap_or(0.0);
        (delta / scale).sqrt().min(1.0)
    };
    let estimate = (statistic / scale).sqrt().min(1.0);
    let just_told = (dist::chi2_isf(2.0 * level.tail(), df) / scale).sqrt();
    EffectSize {
        measure: Measure::CramersV,
        estimate: Some(estimate),
        conf_low: Some(limit(1.0 - level.tail())),
        conf_high: Some(limit(level.tail()).max(just_told.min(1.0))),
    }
}

/// The noncentrality at which P(X ≤ x) is `probability`; none when it is smaller even
/// without any.
fn noncentrality(x: f64, df: f64, probability: f64) -> Option<f64> {
    if dist::chi2_cdf(x, df) <= probability {
        return None;
    }
    let spread = (2.0 * df + 4.0 * x).sqrt();
    falling_root((x - 2.0 * spread).max(0.0), x + 2.0 * spread, |delta| {
        probit_excess(
            dist::noncentral_chi2_cdf(x, df, delta.max(0.0)),
            probability,
        )
    })
    .map(|delta| delta.max(0.0))
}
