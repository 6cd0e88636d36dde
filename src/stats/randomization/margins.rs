//! Tables too large to enumerate: random ones with the same margins.

use rayon::prelude::*;

use super::{CHUNK, DrawnP};
use crate::stats::contingency::Crosstab;
use crate::stats::degenerate::Degenerate;
use crate::stats::dist;

/// Independent streams of 64 uniform bits; the index says which.
pub trait RandomBits: Sync {
    fn stream(&self, index: u64) -> impl FnMut() -> u64;
}

/// Monte Carlo p-values of one table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RandomTables {
    /// Tables at most as probable as the observed one: Fisher's exact test.
    pub fisher: DrawnP,
    /// Tables with a χ² at least as large.
    pub chi_square: DrawnP,
}

/// Tables whose probability is within this of the observed one count as equally likely, and so
/// do those whose χ² is, relative.
const TIE: f64 = 1e-7;

/// With more levels than this a test of all of them at once says nothing.
const MAX_LEVELS: usize = 200;

/// Draws tables with the margins of the observed one, each with the probability that it has under
/// independence: the Monte Carlo form of Fisher's test for larger tables (Freeman & Halton 1951)
/// and of Pearson's χ² (as in R's `fisher.test` and `chisq.test` with `simulate.p.value`), with
/// p = (b + 1)/(m + 1).
///
/// Cells are filled one by one from their hypergeometric distributions given the cells before, so
/// the cost is draws × cells × a cell's standard deviation, however many people there are.
///
/// # Errors
/// `TooLarge` above 200 rows or columns; `TooFew` for no draws.
pub fn random_tables<B: RandomBits>(
    table: &Crosstab,
    bits: &B,
    draws: u64,
) -> Result<RandomTables, Degenerate> {
    let counts = table.counts();
    let columns = counts[0].len();
    if counts.len() > MAX_LEVELS || columns > MAX_LEVELS {
        return Err(Degenerate::TooLarge);
    }
    if draws == 0 {
        return Err(Degenerate::TooFew);
    }
    let row_totals: Vec<u64> = counts.iter().map(|row| row.iter().sum()).collect();
    let column_totals: Vec<u64> = (0..columns)
        .map(|j| counts.iter().map(|row| row[j]).sum())
        .collect();
    let expected = table.expected();
    let measure = |cells: &[Vec<u64>]| -> (f64, f64) {
        let (mut ln_weight, mut chi_square) = (0.0, 0.0);
        for (row, expected) in cells.iter().zip(&expected) {
            for (&count, &expected) in row.iter().zip(expected) {
                ln_weight -= dist::ln_gamma(count as f64 + 1.0);
                let deviation = count as f64 - expected;
                chi_square += deviation / expected * deviation;
            }
        }
        (ln_weight, chi_square)
    };
    let (ln_observed, observed) = measure(counts);
    let (likely, far) = (ln_observed + TIE, observed * (1.0 - TIE));
    let hits: Vec<(u64, u64)> = (0..draws.div_ceil(CHUNK))
        .into_par_iter()
        .map_init(
            || vec![vec![0; columns]; row_totals.len()],
            |cells, chunk| {
                let mut next = bits.stream(chunk);
                let (mut unlikely, mut distant) = (0, 0);
                for _ in chunk * CHUNK..draws.min((chunk + 1) * CHUNK) {
                    fill(cells, &row_totals, &column_totals, &mut next);
                    let (ln_weight, chi_square) = measure(cells);
                    unlikely += u64::from(ln_weight <= likely);
                    distant += u64::from(chi_square >= far);
                }
                (unlikely, distant)
            },
        )
        .collect();
    let share = |b: u64| {
        let p_value = (b + 1) as f64 / (draws + 1) as f64;
        DrawnP {
            p_value,
            monte_carlo_error: (p_value * (1.0 - p_value) / draws as f64).sqrt(),
            draws,
            exact: false,
        }
    };
    Ok(RandomTables {
        fisher: share(hits.iter().map(|hit| hit.0).sum()),
        chi_square: share(hits.iter().map(|hit| hit.1).sum()),
    })
}

/// One random table with these margins.
fn fill(
    cells: &mut [Vec<u64>],
    row_totals: &[u64],
    column_totals: &[u64],
    next: &mut impl FnMut() -> u64,
) {
    let mut left = column_totals.to_vec();
    for (row, &row_total) in cells.iter_mut().zip(row_totals) {
        let mut population: u64 = left.iter().sum();
        let mut to_give = row_total;
        for (cell, column) in row.iter_mut().zip(&mut left) {
            // 53 random bits: a uniform number in [0, 1).
            let uniform = (next() >> 11) as f64 / (1_u64 << 53) as f64;
            *cell = hypergeometric(*column, population, to_give, uniform);
            population -= *column;
            to_give -= *cell;
            *column -= *cell;
        }
    }
}

/// The count at which the probabilities, summed from the mode outwards, pass `uniform`.
fn hypergeometric(successes: u64, population: u64, draws: u64, uniform: f64) -> u64 {
    let low = (successes + draws).saturating_sub(population);
    let high = successes.min(draws);
    if low == high {
        return low;
    }
    let mode = (u128::from(successes) + 1) * (u128::from(draws) + 1) / (u128::from(population) + 2);
    let mode = (mode as u64).clamp(low, high);
    let rest = |k: u64| (population + k - successes - draws) as f64;
    let top = dist::hypergeometric_pmf(mode, successes, population, draws);
    let mut left = uniform - top;
    let (mut up, mut down) = ((mode, top), (mode, top));
    while left >= 0.0 {
        let before = (up.0, down.0);
        if up.0 < high {
            let k = up.0;
            let ratio =
                (successes - k) as f64 / (k + 1) as f64 * ((draws - k) as f64 / rest(k + 1));
            up = (k + 1, up.1 * ratio);
            left -= up.1;
            if left < 0.0 {
                return up.0;
            }
        }
        if down.0 > low {
            let k = down.0;
            let ratio = k as f64 / (successes - k + 1) as f64 * (rest(k) / (draws - k + 1) as f64);
            down = (k - 1, down.1 * ratio);
            left -= down.1;
            if left < 0.0 {
                return down.0;
            }
        }
        if before == (up.0, down.0) {
            // Rounding left a sliver beyond the last count.
            return mode;
        }
    }
    mode
}
