//! Shares of people per level from which the search starts.

use super::family::Family;
use super::fit::What;
use super::shape::greatest_entropy;
use crate::publication::printed::Decimal;

/// Where the shares to start from come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// What is printed of each arm, as the file reads it.
    Arm,
    /// What is printed of all arms together.
    All,
    /// What is printed of each arm, contradictions included.
    Print,
}

/// Shares per level to start from in one arm: the printed ones of the arm, else of a
/// total (the other way round for `All`); the rest evenly over levels without. On a
/// long scale: greatest entropy.
pub(super) fn shares(family: &Family, arm: usize, sd: Option<Decimal>, from: From) -> Vec<f64> {
    let wanted = |what: What, level: Option<usize>| -> Option<f64> {
        let mut found: Vec<(usize, f64)> = family
            .figures
            .iter()
            .flat_map(|figure| match from {
                From::Print => &figure.printed,
                From::Arm | From::All => &figure.read,
            })
            .filter(|target| target.what == what && target.groups.contains(&arm))
            .filter(|target| match level {
                Some(level) => is_level(&target.weights, level),
                None => true,
            })
            .map(|target| (target.groups.len(), target.want.to_f64()))
            .collect();
        found.sort_by_key(|&(groups, _)| groups);
        let best = match from {
            From::All => found.last(),
            From::Arm | From::Print => found.first(),
        };
        best.map(|&(_, want)| want)
    };
    if family.numeric {
        let support: Vec<i64> = family.levels.iter().filter_map(|l| l.score).collect();
        let mean = wanted(What::Mean, None).unwrap_or(0.0);
        let specified = sd.map(Decimal::to_f64);
        let sd = wanted(What::Sd, None).or(specified);
        return greatest_entropy(&support, mean, sd.unwrap_or(mean.abs() / 2.0));
    }
    let n = family.valid[arm] as f64;
    let printed: Vec<Option<f64>> = (0..family.levels.len())
        .map(|level| {
            let count = wanted(What::Count, Some(level)).filter(|_| from != From::All);
            count
                .map(|count| count / n.max(1.0))
                .or_else(|| wanted(What::Percent, Some(level)).map(|p| p / 100.0))
                .or_else(|| wanted(What::Mean, Some(level)))
        })
        .collect();
    let rest = 1.0 - printed.iter().flatten().sum::<f64>();
    let open = printed.iter().filter(|share| share.is_none()).count();
    let even = rest.max(0.0) / open.max(1) as f64;
    printed.iter().map(|share| share.unwrap_or(even)).collect()
}

/// Moves the nearest person to an end of the scale where nobody is.
pub(super) fn occupy_ends(counts: &mut [Vec<u64>]) {
    let levels = counts.first().map_or(0, Vec::len);
    for end in [0, levels.saturating_sub(1)] {
        if levels == 0 || counts.iter().any(|counts| counts[end] > 0) {
            continue;
        }
        let occupied = (0..counts.len())
            .flat_map(|group| (0..levels).map(move |level| (group, level)))
            .filter(|&(group, level)| counts[group][level] > 0);
        let nearest = occupied.min_by_key(|&(_, level)| level.abs_diff(end));
        if let Some((group, level)) = nearest {
            counts[group][level] -= 1;
            counts[group][end] += 1;
        }
    }
}

fn is_level(weights: &[i64], level: usize) -> bool {
    let mut each = weights.iter().enumerate();
    each.all(|(i, &weight)| weight == i64::from(i == level))
}
