//! The randomization test of a yes/no outcome under a complete draw, without drawing.

use crate::stats::contingency::TwoByTwo;
use crate::stats::degenerate::Degenerate;
use crate::stats::dist;

/// The exact two-sided p-value of the difference in shares: the probability, over all
/// complete draws, of a difference at least as far from zero.
///
/// # Formula
/// Under the sharp hypothesis the yeses are fixed, and the number k among the treated
/// hypergeometric. All k with |k/n₁ − (s − k)/n₀| ≥ |observed| count, compared in whole
/// numbers as |k·N − s·n₁|. (Fisher's exact test orders tables by probability instead.)
///
/// With missing outcomes the arms' valid numbers are held fixed.
///
/// # Errors
/// `TooFew` for an empty arm; `TooLarge` above 2^53 people.
pub fn exact_two_by_two(table: &TwoByTwo) -> Result<f64, Degenerate> {
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
    let draws = treated_yes + treated_no;
    let successes = treated_yes + control_yes;
    if draws == 0 || draws == total {
        return Err(Degenerate::TooFew);
    }
    let (n, s, n1) = (i128::from(total), i128::from(successes), i128::from(draws));
    let far = (i128::from(treated_yes) * n - s * n1).abs();
    if far == 0 {
        return Ok(1.0);
    }
    // The last k with k·N ≤ s·n₁ − far, and the first with k·N ≥ s·n₁ + far.
    let below = (s * n1 - far).div_euclid(n);
    let above = (s * n1 + far + n - 1).div_euclid(n);
    let lower = match u64::try_from(below) {
        Ok(k) => dist::hypergeometric_cdf(k, successes, total, draws),
        Err(_) => 0.0,
    };
    let upper = match u64::try_from(above - 1) {
        Ok(k) if k < successes.min(draws) => dist::hypergeometric_sf(k, successes, total, draws),
        _ => 0.0,
    };
    Ok((lower + upper).min(1.0))
}
