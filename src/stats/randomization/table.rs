//! Levels without an order by the draw: the table of arms by levels over draws.

use rayon::prelude::*;

use super::{CHUNK, DrawnP, Draws, Extent};
use crate::error::{Error, Result};
use crate::stats::dist;

/// Tables whose probability is within this of the observed one count as equally likely.
const TIE: f64 = 1e-7;

/// The p-value of a table of arms by levels over draws: the share of them that give a table at
/// most as probable as the observed one, (b + 1)/(m + 1) over a sample, b/m over all.
///
/// `arms` and `levels` have one entry per person drawn; a level of `count` or above means
/// missing. Under a complete draw this is Fisher's exact test (Freeman & Halton 1951), a
/// table's probability being ∝ 1/∏ n_ij! with the margins fixed. Under other draws the same
/// ordering is used over the tables that the design can give.
///
/// None when nobody has a level.
///
/// # Errors
/// Internal ones: columns of different length.
pub fn monte_carlo_table<D: Draws>(
    arms: &[u8],
    levels: &[u32],
    count: usize,
    draws: &D,
    extent: Extent,
) -> Result<Option<DrawnP>> {
    if arms.len() != levels.len() {
        return Err(Error::internal(
            "a table was given arms and levels of different length",
        ));
    }
    let valid: Vec<(usize, usize)> = levels
        .iter()
        .enumerate()
        .filter(|(_, level)| (**level as usize) < count)
        .map(|(i, level)| (i, *level as usize))
        .collect();
    let (replicates, own) = (extent.draws(), extent.own());
    if valid.is_empty() || replicates == 0 {
        return Ok(None);
    }
    let ln_factorial: Vec<f64> = (0..=valid.len())
        .map(|n| dist::ln_gamma(n as f64 + 1.0))
        .collect();
    let ln_weight = |arms: &[u8], table: &mut Vec<usize>| -> f64 {
        table.fill(0);
        for &(i, level) in &valid {
            let cell = arms[i] as usize * count + level;
            if cell >= table.len() {
                table.resize(cell + 1, 0);
            }
            table[cell] += 1;
        }
        -table.iter().map(|&n| ln_factorial[n]).sum::<f64>()
    };
    let bound = ln_weight(arms, &mut Vec::new()) + TIE;
    let counts: Vec<u64> = (0..replicates.div_ceil(CHUNK))
        .into_par_iter()
        .map_init(
            || (draws.memory(), vec![0; arms.len()], Vec::new()),
            |(memory, arms, table), chunk| {
                let mut as_unlikely = 0;
                for index in chunk * CHUNK..replicates.min((chunk + 1) * CHUNK) {
                    draws.draw(index, memory, arms)?;
                    as_unlikely += u64::from(ln_weight(arms, table) <= bound);
                }
                Ok(as_unlikely)
            },
        )
        .collect::<Result<_>>()?;
    let b: u64 = counts.iter().sum();
    let p_value = (b + own) as f64 / (replicates + own) as f64;
    let exact = own == 0;
    Ok(Some(DrawnP {
        p_value,
        monte_carlo_error: match exact {
            true => 0.0,
            false => (p_value * (1.0 - p_value) / replicates as f64).sqrt(),
        },
        draws: replicates,
        exact,
    }))
}
