//! A variable within each arm.

use crate::columns::Measured;
use crate::error::Result;
use crate::results::{ArmSummary, LevelCount};
use crate::stats::sample::{ArmMoments, moments_by_arm};

/// An arm's summary, and the moments behind it.
#[derive(Debug, Clone)]
pub struct Summary {
    pub moments: ArmMoments,
    pub shown: ArmSummary,
}

fn level_counts(levels: &[String], counts: &[u64]) -> Vec<LevelCount> {
    let n: u64 = counts.iter().sum();
    levels
        .iter()
        .zip(counts)
        .map(|(level, count)| LevelCount {
            level: level.clone(),
            count: *count,
            // Numbers of people are far below 2^53.
            share: (n > 0).then(|| *count as f64 / n as f64),
        })
        .collect()
}

/// The variable within each arm. `absent` are people of the arm without a row.
pub fn summaries(
    measured: &Measured,
    names: &[String],
    codes: &[u32],
    absent: &[u64],
) -> Result<Vec<Summary>> {
    let moments = match measured.scores() {
        Some(scores) => moments_by_arm(&scores, codes, names.len())?,
        None => vec![ArmMoments::default(); names.len()],
    };
    let counts = measured.levels().map(|levels| {
        let mut counts = vec![vec![0_u64; levels.len()]; names.len()];
        let mut missing = vec![0_u64; names.len()];
        for (row, code) in codes.iter().enumerate() {
            let Some(arm) = counts.get_mut(*code as usize) else {
                continue;
            };
            match measured.level(row).and_then(|level| arm.get_mut(level)) {
                Some(count) => *count += 1,
                None => missing[*code as usize] += 1,
            }
        }
        (levels, counts, missing)
    });
    Ok((0..names.len())
        .map(|arm| {
            let moments = moments[arm];
            let (levels, level_missing) = match &counts {
                None => (Vec::new(), moments.missing),
                Some((levels, counts, missing)) => {
                    (level_counts(levels, &counts[arm]), missing[arm])
                }
            };
            let n = match &counts {
                None => moments.moments.n,
                Some((_, counts, _)) => counts[arm].iter().sum(),
            };
            Summary {
                moments,
                shown: ArmSummary {
                    arm: names[arm].clone(),
                    n,
                    missing: level_missing + absent.get(arm).copied().unwrap_or(0),
                    mean: moments.moments.mean(),
                    sd: moments.moments.sd(),
                    levels,
                },
            }
        })
        .collect())
}
