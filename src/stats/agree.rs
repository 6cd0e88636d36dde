//! An interval that cannot contradict the p-value it is printed beside.

use super::dist;
use super::infer::Level;

/// Makes an interval hold 0 if and only if the p-value is not below 1 − level.
///
/// `limits` gives the interval by its normal quantile z, wider as z grows, with the estimate alone at
/// z = 0. Nothing is changed where the two agree. Else only the end nearer to 0 moves:
///
/// * the test does not reject: the end goes to 0, which can only add coverage;
/// * the test rejects: the end is that of the interval with a smaller quantile, z·z₀/z_p, where z₀ is
///   the quantile at which the end reaches 0 and z_p the one of the p-value. It puts the interval on the
///   scale of the test, as test-based limits do (Miettinen 1976, Am. J. Epidemiol. 103, 226–235).
///   Where the hypothesis is true the interval still covers, as the test holds its level.
///
/// An estimate of 0 with a p-value below 1 − level keeps its interval; no test in this room gives one.
pub(super) fn agreed(
    estimate: f64,
    p_value: f64,
    level: Level,
    limits: impl Fn(f64) -> (f64, f64),
) -> (f64, f64) {
    let z = level.z();
    let (low, high) = limits(z);
    let holds = |(low, high): (f64, f64)| low <= 0.0 && high >= 0.0;
    if p_value >= 1.0 - level.value() {
        return (low.min(0.0), high.max(0.0));
    }
    if !holds((low, high)) || estimate == 0.0 {
        return (low, high);
    }
    let (mut without, mut with) = (0.0, z);
    for _ in 0..60 {
        let middle = without + (with - without) / 2.0;
        if holds(limits(middle)) {
            with = middle;
        } else {
            without = middle;
        }
    }
    let nearer = limits(z * (without / dist::normal_isf(p_value / 2.0)));
    if estimate > 0.0 {
        (nearer.0, high)
    } else {
        (low, nearer.1)
    }
}
