//! A yes/no outcome in two arms of a draw within strata: effect, interval and p-value as one answer
//! that keeps the blocking, for thin strata (pairs, one against two) and for chances that differ
//! between strata too.
//!
//! The effect is the design's: Σ (N_j/N) d_j over the strata with both arms, N_j their people with a
//! known answer and d_j their difference in shares. As in [`super::yes_no`], the interval holds 0 if and
//! only if the p-value is not below 1 − level.

mod sum;

use crate::results::Estimate;

use super::agree::agreed;
use super::contingency::TwoByTwo;
use super::degenerate::Degenerate;
use super::dist;
use super::infer::Level;
use super::proportion::{difference, limits_around, score_variance};
use super::yes_no::answer;
use sum::{Count, far_probability};

/// Below this number in an arm, shares within one stratum are too rough to be estimated by themselves.
const THIN: u64 = 3;

/// A stratum with both arms.
struct Stratum {
    table: TwoByTwo,
    n1: f64,
    n0: f64,
    /// N_j/N.
    weight: f64,
    difference: f64,
    thin: bool,
}

impl Stratum {
    fn people(&self) -> f64 {
        self.n1 + self.n0
    }

    fn yes(&self) -> f64 {
        (self.table.treated_yes + self.table.control_yes) as f64
    }
}

fn usable(strata: &[TwoByTwo]) -> Result<Vec<Stratum>, Degenerate> {
    let (mut found, mut total) = (Vec::new(), 0_u64);
    for table in strata {
        let n1 = table.treated_yes.checked_add(table.treated_no);
        let n0 = table.control_yes.checked_add(table.control_no);
        let (n1, n0) = n1.zip(n0).ok_or(Degenerate::TooLarge)?;
        if n1 == 0 || n0 == 0 {
            continue;
        }
        total = n1
            .checked_add(n0)
            .and_then(|people| total.checked_add(people))
            .filter(|total| *total <= 1 << 53)
            .ok_or(Degenerate::TooLarge)?;
        found.push(Stratum {
            table: *table,
            n1: n1 as f64,
            n0: n0 as f64,
            weight: 0.0,
            difference: difference(table, n1, n0),
            thin: n1.min(n0) < THIN,
        });
    }
    if found.is_empty() {
        return Err(Degenerate::TooFew);
    }
    for stratum in &mut found {
        stratum.weight = stratum.people() / total as f64;
    }
    Ok(found)
}

/// The variance of the effect, were the difference δ in every stratum.
///
/// # Formula
/// Of a stratum with arms of [`THIN`] and more: Miettinen & Nurminen's, at the most likely shares with this
/// difference, times N_j/(N_j − 1).
///
/// In thin strata the most likely shares are biased. There p*₁ = p̄ + (1 − π)δ and p*₀ = p̄ − πδ, with p̄ the share of
/// yes and π that of the treated, have p*₁(1 − p*₁) and p*₀(1 − p*₀) too small on average by
/// m/N_j², m = n₁p₁q₁ + n₀p₀q₀, so that adding m = (n₁p*₁q*₁ + n₀p*₀q*₀)·N_j/(N_j − 1) over N_j² makes
/// p₁q₁/n₁ + p₀q₀/n₀ unbiased: a polynomial v₀ + v₁δ + v₂δ² with v₀ = p̄q̄N_j²/((N_j − 1)n₁n₀),
/// v₁ = (1 − 2p̄)((1 − π)/n₁ − π/n₀), v₂ = −(1 − π)²/n₁ − π²/n₀ − 1/(N_j(N_j − 1)). For pairs its sum is
/// (discordant − nδ²)/n². It is not below what a difference of δ asks for at least, |δ|(1 − |δ|)/n
/// of the arm that has to differ (Tango 1998, Stat. Med. 17, 891–908, for pairs).
///
/// At δ = 0 both are the variance over the draws with the answers fixed, so that the test is
/// Cochran–Mantel–Haenszel's without correction where the chances are the same in all strata.
struct Variance<'a> {
    thick: Vec<&'a Stratum>,
    /// v₀, v₁, v₂ of the thin strata, weighted.
    thin: [f64; 3],
    /// Σ w²/n of the arm that has to differ, for δ above and below 0.
    least: [f64; 2],
}

impl<'a> Variance<'a> {
    fn of(strata: &'a [Stratum]) -> Variance<'a> {
        let (thin, thick): (Vec<&Stratum>, Vec<&Stratum>) = strata.iter().partition(|s| s.thin);
        let people: f64 = thin.iter().map(|s| s.people()).sum();
        let mostly_yes = 2.0 * thin.iter().map(|s| s.yes()).sum::<f64>() > people;
        let (mut sum, mut least) = ([0.0; 3], [0.0; 2]);
        for stratum in &thin {
            let Stratum { n1, n0, weight, .. } = **stratum;
            let n = stratum.people();
            let (yes, treated) = (stratum.yes() / n, n1 / n);
            let squared = weight * weight;
            let of = [
                yes * (1.0 - yes) / (n - 1.0) * (n / n1) * (n / n0),
                (1.0 - 2.0 * yes) * ((1.0 - treated) / n1 - treated / n0),
                -(1.0 - treated) * (1.0 - treated) / n1
                    - treated * treated / n0
                    - 1.0 / (n * (n - 1.0)),
            ];
            for (sum, v) in sum.iter_mut().zip(of) {
                *sum += squared * v;
            }
            // Where few say yes, a difference above 0 is made by yeses of the treated.
            let (above, below) = if mostly_yes { (n0, n1) } else { (n1, n0) };
            least[0] += squared / above;
            least[1] += squared / below;
        }
        Variance {
            thick,
            thin: sum,
            least,
        }
    }

    fn at(&self, delta: f64) -> f64 {
        let thick: f64 = self
            .thick
            .iter()
            .map(|stratum| {
                let n = stratum.people();
                let squared = stratum.weight * stratum.weight;
                squared * score_variance(&stratum.table, delta) * (n / (n - 1.0))
            })
            .sum();
        let [v0, v1, v2] = self.thin;
        let size = delta.abs();
        let least = self.least[usize::from(delta < 0.0)] * size * (1.0 - size);
        thick + (v0 + delta * (v1 + delta * v2)).max(least)
    }

    /// At 0, in closed form.
    fn without_effect(&self) -> f64 {
        let of = |stratum: &&Stratum| {
            let (n, yes) = (stratum.people(), stratum.yes());
            let squared = stratum.weight * stratum.weight;
            squared * (yes / n) * (n - yes) / (n - 1.0) * (n / stratum.n1) / stratum.n0
        };
        self.thick.iter().map(of).sum::<f64>() + self.thin[0]
    }

    /// The common differences that are not rejected at the normal quantile z.
    fn limits(&self, estimate: f64, z: f64) -> (f64, f64) {
        limits_around(estimate, |delta| {
            (estimate - delta).abs() > z * self.at(delta).max(0.0).sqrt()
        })
    }
}

fn effect(strata: &[Stratum]) -> f64 {
    strata.iter().map(|s| s.weight * s.difference).sum()
}

/// The score test of no difference within strata, with the interval of the common differences that it does not
/// reject. For strata that hold many yes and no together; else, and in any case where it can be had,
/// [`by_strata_exact`].
///
/// # Formula
/// z(δ) = (Σ w_j d_j − δ)/√Σ w_j²V_j(δ), see `Variance` in the source. Equal chances: z(0)² is the statistic of
/// Cochran, Mantel & Haenszel without correction (Mantel & Haenszel 1959). Strata in which an arm is
/// empty are left out, of the weights too. Where everybody in every stratum has the same answer there
/// is no statistic and p is 1.
///
/// # Errors
/// `TooFew` when no stratum has both arms; `TooLarge` above 2^53 people.
pub fn by_strata_score(strata: &[TwoByTwo], level: Level) -> Result<Estimate, Degenerate> {
    let strata = usable(strata)?;
    let variance = Variance::of(&strata);
    let estimate = effect(&strata);
    let std_error = variance.without_effect().sqrt();
    let statistic = (std_error > 0.0).then(|| estimate / std_error);
    let p_value = statistic.map_or(1.0, dist::normal_two_sided);
    let limits = agreed(estimate, p_value, level, |z| variance.limits(estimate, z));
    Ok(answer(estimate, statistic, p_value, limits))
}

/// The exact test of no difference within strata, with an interval that agrees with it: the
/// randomization test of a draw within strata, without drawing. It never rejects more often than 1 −
/// level over draws with the answers fixed.
///
/// # Formula
/// Given the margins, the yeses of the treated are hypergeometric in every stratum. p is the probability
/// that Σ w_j d_j is at least as far from 0 as observed, from the distribution of the sum over strata.
/// With equal chances the sum is that of the treated yeses, and p that of the exact
/// Cochran–Mantel–Haenszel test ordered by distance (McNemar's exact test for pairs); with chances that differ it is
/// computed on a grid of 1/1000 of a standard deviation, with ties to the safe side (p about 1 % too large
/// at most). Whatever the order of the draws' quotas, the numbers per stratum and arm are held as drawn.
///
/// The interval is that of [`by_strata_score`], whose end nearer to 0 moves where the two disagree.
///
/// # Errors
/// `TooFew` when no stratum has both arms; `TooLarge` above 2^53 people, or where the distribution would take
/// more than some tenths of a second: there, numbers are large enough for [`by_strata_score`].
pub fn by_strata_exact(strata: &[TwoByTwo], level: Level) -> Result<Estimate, Degenerate> {
    let strata = usable(strata)?;
    let counts: Vec<Count> = strata
        .iter()
        .map(|stratum| Count::new(&stratum.table))
        .collect();
    let p_value = far_probability(&counts)?;
    let variance = Variance::of(&strata);
    let estimate = effect(&strata);
    let limits = agreed(estimate, p_value, level, |z| variance.limits(estimate, z));
    Ok(answer(estimate, None, p_value, limits))
}
