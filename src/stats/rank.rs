//! Rank tests for two arms: Mann–Whitney, Brunner–Munzel, probability of superiority.

use rayon::slice::ParallelSliceMut;

use crate::results::{EffectSize, Measure, TestName, TestResult};

use super::degenerate::Degenerate;
use super::dist;
use super::infer::{Level, infer};
use super::sample::Moments;
use super::two_sample::satterthwaite;

/// Both arms' values as groups of equal ones, in ascending order: all that rank tests use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankTable {
    /// (treated, control) counts per distinct value.
    groups: Vec<(u64, u64)>,
    treated: u64,
    control: u64,
}

/// Exact distributions are computed below this size of each arm, as in R's `wilcox.test`.
const EXACT_BELOW: u64 = 50;

/// Arms above this size would make products of three counts overflow.
const MAX_N: u64 = 1 << 40;

impl RankTable {
    /// From raw values, NaN left out, in O(n log n).
    ///
    /// # Errors
    /// `TooFew` when an arm has no valid value.
    pub fn from_values(treated: &[f64], control: &[f64]) -> Result<RankTable, Degenerate> {
        let valid = |values: &[f64], is_treated: bool| -> Vec<(f64, bool)> {
            values
                .iter()
                .filter(|x| !x.is_nan())
                // −0 and 0 are the same value.
                .map(|&x| (x + 0.0, is_treated))
                .collect()
        };
        let mut all = valid(treated, true);
        all.extend(valid(control, false));
        all.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut groups: Vec<(u64, u64)> = Vec::new();
        let mut previous = f64::NAN;
        for (x, is_treated) in all {
            if x != previous {
                groups.push((0, 0));
                previous = x;
            }
            if let Some(last) = groups.last_mut() {
                last.0 += u64::from(is_treated);
                last.1 += u64::from(!is_treated);
            }
        }
        RankTable::from_counts(&groups)
    }

    /// From (treated, control) counts per level, levels in ascending order.
    ///
    /// # Errors
    /// `TooFew` when an arm is empty; `TooLarge` for an arm above 2^40.
    pub fn from_counts(levels: &[(u64, u64)]) -> Result<RankTable, Degenerate> {
        let total = |arm: fn(&(u64, u64)) -> u64| {
            levels
                .iter()
                .map(arm)
                .try_fold(0_u64, u64::checked_add)
                .filter(|n| *n <= MAX_N)
                .ok_or(Degenerate::TooLarge)
        };
        let (treated, control) = (total(|level| level.0)?, total(|level| level.1)?);
        if treated == 0 || control == 0 {
            return Err(Degenerate::TooFew);
        }
        let groups = levels
            .iter()
            .copied()
            .filter(|level| level.0 + level.1 > 0)
            .collect();
        Ok(RankTable {
            groups,
            treated,
            control,
        })
    }

    /// Whether any value occurs more than once.
    pub fn has_ties(&self) -> bool {
        self.groups.iter().any(|(a, b)| a + b > 1)
    }

    /// Twice the Mann–Whitney U: pairs in which the treated value is larger count 2, equal
    /// ones 1.
    fn doubled_u(&self) -> u128 {
        let mut below = 0_u128;
        let mut sum = 0_u128;
        for &(treated, control) in &self.groups {
            sum += u128::from(treated) * (2 * below + u128::from(control));
            below += u128::from(control);
        }
        sum
    }

    fn pairs(&self) -> u128 {
        u128::from(self.treated) * u128::from(self.control)
    }

    /// P(treated > control) + ½·P(treated = control), among all pairs.
    fn superiority(&self) -> f64 {
        self.doubled_u() as f64 / (2 * self.pairs()) as f64
    }

    /// 2U − n₁n₀, exact.
    fn doubled_excess(&self) -> i128 {
        self.doubled_u() as i128 - self.pairs() as i128
    }

    /// Moments of the placements of one arm's values: the doubled number of values of the
    /// other arm below each, ties counted half.
    fn placements(&self, of_treated: bool) -> Moments {
        let mut below = 0_u64;
        let counts: Vec<(f64, u64)> = self
            .groups
            .iter()
            .map(|&(treated, control)| {
                let (own, other) = if of_treated {
                    (treated, control)
                } else {
                    (control, treated)
                };
                let placement = (2 * below + other) as f64;
                below += other;
                (placement, own)
            })
            .collect();
        Moments::from_counts(&counts)
    }
}

/// How the p-value of the Mann–Whitney test is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MannWhitneyMethod {
    /// What R's `wilcox.test` does: exact without ties when both arms are below 50,
    /// otherwise normal with continuity correction.
    Automatic,
    /// The exact permutation distribution of the (mid)ranks, ties included.
    Exact,
    /// Normal approximation, variance corrected for ties.
    Normal { continuity: bool },
}

/// The Mann–Whitney U test (Wilcoxon rank-sum test), two-sided.
///
/// The statistic is U of the treated: the pairs in which the treated value is larger, ties
/// counted half (R's W, scipy's U1).
///
/// # Formula
/// Normal: z = (|U − n₁n₀/2| − c)/σ, c = ½ or 0,
/// σ² = n₁n₀/12·[(N+1) − Σ(t³ − t)/(N(N−1))] (Lehmann 1975, eq. 1.35).
/// Exact: P(|U − n₁n₀/2| ≥ |u − n₁n₀/2|) over all equally likely assignments of the
/// midranks to the arms; without ties that is twice the smaller tail.
///
/// # Errors
/// `NoVariance` when all values are equal; `TooLarge` when the exact distribution is asked
/// for with an arm of 50 or more.
pub fn mann_whitney(
    table: &RankTable,
    method: MannWhitneyMethod,
) -> Result<TestResult, Degenerate> {
    if table.groups.len() < 2 {
        return Err(Degenerate::NoVariance);
    }
    let small = table.treated < EXACT_BELOW && table.control < EXACT_BELOW;
    let p = match method {
        MannWhitneyMethod::Automatic if small && !table.has_ties() => exact_p(table),
        MannWhitneyMethod::Automatic => normal_p(table, true),
        MannWhitneyMethod::Normal { continuity } => normal_p(table, continuity),
        MannWhitneyMethod::Exact if small => exact_p(table),
        MannWhitneyMethod::Exact => return Err(Degenerate::TooLarge),
    };
    Ok(TestResult {
        test: TestName::MannWhitney,
        statistic: Some(table.doubled_u() as f64 / 2.0),
        df: None,
        df2: None,
        p_value: Some(p),
    })
}

fn normal_p(table: &RankTable, continuity: bool) -> f64 {
    let n = (table.treated + table.control) as f64;
    let ties: f64 = table
        .groups
        .iter()
        .map(|(a, b)| {
            let t = (a + b) as f64;
            (t - 1.0) * t * (t + 1.0)
        })
        .sum();
    let spread = table.pairs() as f64 / 12.0 * ((n + 1.0) - ties / (n * (n - 1.0)));
    let distance = table.doubled_excess().unsigned_abs() as f64 / 2.0;
    let corrected = if continuity {
        (distance - 0.5).max(0.0)
    } else {
        distance
    };
    dist::normal_two_sided(corrected / spread.sqrt())
}

/// Counts, for every sum of doubled midranks, the subsets of the treated's size that have
/// it: C(98, 49) < 2^95 fits 128 bits, so the counts are exact.
fn exact_p(table: &RankTable) -> f64 {
    let size = table.treated as usize;
    let mut below = 0_u64;
    let mut ranks: Vec<usize> = Vec::new();
    for (a, b) in &table.groups {
        let t = a + b;
        // Twice the midrank below + (t+1)/2.
        ranks.extend(std::iter::repeat_n(
            (2 * below + t + 1) as usize,
            t as usize,
        ));
        below += t;
    }
    let largest: usize = ranks.iter().rev().take(size).sum();
    // ways[j][s]: subsets of j ranks with doubled sum s.
    let mut ways = vec![vec![0_u128; largest + 1]; size + 1];
    ways[0][0] = 1;
    let (mut seen, mut reach) = (0, 0);
    for &rank in &ranks {
        seen += 1;
        reach = largest.min(reach + rank);
        for j in (1..=size.min(seen)).rev() {
            let (fewer, these) = ways.split_at_mut(j);
            for s in rank..=reach {
                these[0][s] += fewer[j - 1][s - rank];
            }
        }
    }
    let total: u128 = ways[size].iter().sum();
    // Twice U is twice the rank sum minus n₁(n₁+1); its mean is n₁n₀.
    let offset = (size * (size + 1)) as i128 + table.pairs() as i128;
    let observed = table.doubled_excess().unsigned_abs();
    let extreme: u128 = ways[size]
        .iter()
        .enumerate()
        .filter(|(s, _)| (*s as i128 - offset).unsigned_abs() >= observed)
        .map(|(_, n)| n)
        .sum();
    extreme as f64 / total as f64
}

/// Estimate and standard error of the probability of superiority.
///
/// # Formula
/// Var = S₁²/(n₁n₀²) + S₀²/(n₀n₁²), S² the variance of an arm's placements; degrees of
/// freedom by Satterthwaite (Brunner & Munzel 2000, eq. 4.5–4.7).
struct Superiority {
    estimate: f64,
    std_error: f64,
    df: f64,
}

fn superiority(table: &RankTable) -> Result<Superiority, Degenerate> {
    let (n1, n0) = (table.treated as f64, table.control as f64);
    // Placements are doubled: their variance is four times that of the placements.
    let part = |placements: Moments, other: f64| {
        let variance = placements.variance().ok_or(Degenerate::TooFew)?;
        Ok(variance / 4.0 / placements.n as f64 / other / other)
    };
    let v1 = part(table.placements(true), n0)?;
    let v0 = part(table.placements(false), n1)?;
    if v1 + v0 <= 0.0 {
        return Err(Degenerate::NoVariance);
    }
    Ok(Superiority {
        estimate: table.superiority(),
        std_error: (v1 + v0).sqrt(),
        df: satterthwaite((v1, table.treated), (v0, table.control)),
    })
}

/// The Brunner–Munzel test of P(treated > control) + ½P(equal) = ½, which allows unequal
/// spread (Brunner & Munzel 2000), with the t approximation.
///
/// The statistic is positive when treated values tend to be larger (R's
/// `brunnermunzel.test(control, treated)`, scipy's `brunnermunzel(control, treated)`).
///
/// # Errors
/// `TooFew` below two values in an arm; `NoVariance` when the arms do not overlap, or all
/// values are equal: the variance estimate is 0.
pub fn brunner_munzel(table: &RankTable) -> Result<TestResult, Degenerate> {
    let Superiority { std_error, df, .. } = superiority(table)?;
    let excess = table.doubled_excess() as f64 / (2 * table.pairs()) as f64;
    let against_half = infer(excess, std_error, Some(df), Level::P95);
    Ok(TestResult {
        test: TestName::BrunnerMunzel,
        statistic: against_half.statistic,
        df: Some(df),
        df2: None,
        p_value: against_half.p_value,
    })
}

/// P(treated > control) + ½P(equal) with the Brunner–Munzel interval, cut off at 0 and 1.
/// The interval is absent where [`brunner_munzel`] has no answer.
pub fn probability_of_superiority(table: &RankTable, level: Level) -> EffectSize {
    let interval = superiority(table)
        .ok()
        .map(|s| infer(s.estimate, s.std_error, Some(s.df), level));
    EffectSize {
        measure: Measure::ProbabilityOfSuperiority,
        estimate: Some(table.superiority()),
        conf_low: interval.and_then(|i| i.conf_low).map(|x| x.max(0.0)),
        conf_high: interval.and_then(|i| i.conf_high).map(|x| x.min(1.0)),
    }
}
