//! Wilcoxon's signed-rank test: change of the same people, by the ranks of its size.

use super::degenerate::Degenerate;
use super::dist;

/// What is done with people who did not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zeros {
    /// Left out before ranking (Wilcoxon 1945), as R's `wilcox.test` does.
    Dropped,
    /// Ranked with the others, and left out after it (Pratt 1959), as coin does.
    Pratt,
}

/// How the p-value is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedRankMethod {
    /// What R's `wilcox.test` does: exact below 50 changes without ties and without zeros,
    /// otherwise normal with continuity correction.
    Automatic,
    /// Over all signs that the ranks (midranks for ties) can have.
    Exact,
    /// Normal approximation with the variance of the ranks at hand.
    Normal { continuity: bool },
}

/// The test of changes against a distribution symmetric about zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignedRank {
    /// Sum of the ranks of those who went up (R's V).
    pub statistic: f64,
    pub p_value: f64,
    pub exact: bool,
}

/// Exact distributions are computed below this number of changes, as in R's `wilcox.test`.
const EXACT_BELOW: usize = 50;

/// Changes ranked by their size.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedRanks {
    /// Twice the rank of each change, and whether it is upward; ascending.
    ranks: Vec<(u64, bool)>,
    ties: bool,
    zeros: usize,
}

impl SignedRanks {
    /// Ranks the changes that are not NaN, in O(n log n).
    pub fn new(changes: &[f64], zeros: Zeros) -> SignedRanks {
        let mut sizes: Vec<(f64, bool)> = changes
            .iter()
            .filter(|change| !change.is_nan() && **change != 0.0)
            .map(|change| (change.abs(), *change > 0.0))
            .collect();
        sizes.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let unchanged = changes.iter().filter(|change| **change == 0.0).count();
        let mut below = match zeros {
            Zeros::Dropped => 0,
            Zeros::Pratt => unchanged as u64,
        };
        let mut ranks = Vec::with_capacity(sizes.len());
        let mut ties = false;
        for tied in sizes.chunk_by(|a, b| a.0 == b.0) {
            let t = tied.len() as u64;
            ties |= t > 1;
            // Twice the midrank below + (t + 1)/2.
            ranks.extend(tied.iter().map(|(_, up)| (2 * below + t + 1, *up)));
            below += t;
        }
        SignedRanks {
            ranks,
            ties,
            zeros: unchanged,
        }
    }

    /// Whether the exact distribution is at hand.
    pub fn small(&self) -> bool {
        self.ranks.len() < EXACT_BELOW
    }

    /// People who did not change.
    pub fn zeros(&self) -> usize {
        self.zeros
    }
}

/// Wilcoxon's signed-rank test, two-sided.
///
/// # Formula
/// W = Σ ranks of upward changes, E = Σr/2, Var = Σr²/4 over the ranks of all changes: without
/// ties and zeros n(n+1)/4 and n(n+1)(2n+1)/24, with ties less Σ(t³ − t)/48 (Lehmann 1975,
/// eq. 3.13). Normal: z = (|W − E| − c)/√Var, c = ½ or 0. Exact: P(|W − E| ≥ |w − E|) over all 2ⁿ
/// signs.
///
/// # Errors
/// `TooFew` when nobody changed; `TooLarge` when the exact distribution is asked for with
/// 50 changes or more.
pub fn signed_rank(
    ranks: &SignedRanks,
    method: SignedRankMethod,
) -> Result<SignedRank, Degenerate> {
    if ranks.ranks.is_empty() {
        return Err(Degenerate::TooFew);
    }
    let exact = match method {
        SignedRankMethod::Automatic => ranks.small() && !ranks.ties && ranks.zeros == 0,
        SignedRankMethod::Exact if ranks.small() => true,
        SignedRankMethod::Exact => return Err(Degenerate::TooLarge),
        SignedRankMethod::Normal { .. } => false,
    };
    let doubled = |up_only: bool| -> u128 {
        let kept = ranks.ranks.iter().filter(|(_, up)| *up || !up_only);
        kept.map(|(rank, _)| u128::from(*rank)).sum()
    };
    let (up, all) = (doubled(true), doubled(false));
    // 4(W − E).
    let distance = (2 * up).abs_diff(all);
    let p_value = if exact {
        exact_p(&ranks.ranks, all, distance)
    } else {
        let continuity = method != SignedRankMethod::Normal { continuity: false };
        // 4·½.
        let correction = if continuity { 2.0 } else { 0.0 };
        // 16·Var; both fours cancel.
        let squares: f64 = ranks
            .ranks
            .iter()
            .map(|(rank, _)| *rank as f64 * *rank as f64)
            .sum();
        dist::normal_two_sided((distance as f64 - correction).max(0.0) / squares.sqrt())
    };
    Ok(SignedRank {
        statistic: up as f64 / 2.0,
        p_value,
        exact,
    })
}

/// Counts the signs for every sum of doubled ranks: 2^49 at most, exact in 64 bits.
fn exact_p(ranks: &[(u64, bool)], all: u128, distance: u128) -> f64 {
    let mut ways = vec![1_u64];
    for (rank, _) in ranks {
        let rank = *rank as usize;
        let mut next = vec![0_u64; ways.len() + rank];
        for (sum, count) in ways.iter().enumerate() {
            next[sum] += count;
            next[sum + rank] += count;
        }
        ways = next;
    }
    let as_far = |sum: usize| (2 * sum as u128).abs_diff(all) >= distance;
    let extreme: u64 = (0..ways.len())
        .filter(|sum| as_far(*sum))
        .map(|sum| ways[sum])
        .sum();
    extreme as f64 / 2_f64.powi(ranks.len() as i32)
}
