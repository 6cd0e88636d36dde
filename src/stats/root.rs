//! Inverting a distribution in its noncentrality.

use super::dist;

/// The difference of two probabilities on the scale of normal quantiles, where
/// distributions are close to linear in their noncentrality. Beyond 8 standard errors a
/// probability near 1 is flat in floating point.
pub(super) fn probit_excess(probability: f64, target: f64) -> f64 {
    dist::normal_quantile(probability).clamp(-8.0, 8.0) - dist::normal_quantile(target)
}

/// The root of a falling function, to 1e-13 of 1 + its size; `low` and `high` are a first
/// guess of a bracket, which is widened. None where no bracket is found.
///
/// False position with the Illinois rule (Dowell & Jarratt 1971): superlinear, and never
/// outside the bracket.
pub(super) fn falling_root(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut at_low, mut at_high) = (f(low), f(high));
    let mut reach = high - low;
    for _ in 0..64 {
        if at_low >= 0.0 && at_high <= 0.0 {
            break;
        }
        reach *= 2.0;
        if at_low < 0.0 {
            (high, at_high) = (low, at_low);
            low -= reach;
            at_low = f(low);
        } else {
            (low, at_low) = (high, at_high);
            high += reach;
            at_high = f(high);
        }
    }
    if !(at_low >= 0.0 && at_high <= 0.0) {
        return None;
    }
    let mut low_moved_last = None;
    for _ in 0..200 {
        let middle = if at_low == at_high {
            low + (high - low) / 2.0
        } else {
            low + (high - low) * (at_low / (at_low - at_high))
        };
        let at = f(middle);
        let moves_low = at > 0.0;
        let moved = if moves_low {
            middle - low
        } else {
            high - middle
        };
        if at == 0.0 || moved.min(high - low) < 1e-13 * (1.0 + middle.abs()) {
            return Some(middle);
        }
        let again = low_moved_last == Some(moves_low);
        if moves_low {
            (low, at_low) = (middle, at);
            at_high /= if again { 2.0 } else { 1.0 };
        } else {
            (high, at_high) = (middle, at);
            at_low /= if again { 2.0 } else { 1.0 };
        }
        low_moved_last = Some(moves_low);
    }
    Some(low + (high - low) / 2.0)
}
