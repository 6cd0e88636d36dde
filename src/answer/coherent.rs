//! Interval and p-value of one answer must not contradict each other.

use crate::results::Answer;
use crate::stats::infer::Level;

/// Where interval and p-value come from two methods, the interval gives way: where the test does
/// not reject no effect, the interval reaches to 0; where it does and the interval holds 0, there is none
/// to show. An interval without its p-value is none either.
pub fn coherent(answer: &mut Answer, level: Level) {
    let (Some(p), Some(low), Some(high)) = (answer.p_value, answer.conf_low, answer.conf_high)
    else {
        return;
    };
    let rejected = p < 1.0 - level.value();
    match (rejected, low > 0.0, high < 0.0) {
        (false, true, _) => answer.conf_low = Some(0.0),
        (false, _, true) => answer.conf_high = Some(0.0),
        (true, false, false) => {
            answer.conf_low = None;
            answer.conf_high = None;
        }
        _ => {}
    }
}
