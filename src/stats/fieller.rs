//! A known number divided by an estimate.

use super::anderson_rubin::ConfidenceSet;
use crate::results::Estimate;

/// A known number divided by an estimate, with its confidence set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quotient {
    /// Absent where the estimate is zero.
    pub value: Option<f64>,
    pub set: ConfidenceSet,
}

/// `numerator` / estimate, for a numerator above zero.
///
/// # Formula
/// Fieller's set {ρ : (c − ρ b)² ≤ t² ρ² v} (Fieller 1954, J. R. Stat. Soc. B 16, 175–185) for a
/// numerator without variance: all c/β with β in the interval of the estimate. Where that
/// interval contains zero, the set is everything up to c/low and from c/high on.
///
/// # Edge cases
/// None without an interval, or a numerator that is not above zero. An interval that ends in
/// zero gives one ray.
pub fn known_over(numerator: f64, estimate: &Estimate) -> Option<Quotient> {
    let (low, high) = (estimate.conf_low?, estimate.conf_high?);
    let usable = numerator.is_finite() && numerator > 0.0 && low < high;
    if !usable {
        return None;
    }
    let divide = |by: f64| (by != 0.0).then_some(numerator / by);
    let set = match low > 0.0 || high < 0.0 {
        true => ConfidenceSet::Interval {
            low: numerator / high,
            high: numerator / low,
        },
        false => ConfidenceSet::Rays {
            below: divide(low),
            above: divide(high),
        },
    };
    Some(Quotient {
        value: divide(estimate.estimate),
        set,
    })
}
