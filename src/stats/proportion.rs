//! Shares in two arms: difference, ratio and odds ratio with their intervals.

use crate::results::{EffectSize, Measure};

use super::contingency::TwoByTwo;
use super::degenerate::Degenerate;
use super::infer::Level;

/// A share with its confidence limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub estimate: f64,
    pub conf_low: f64,
    pub conf_high: f64,
}

/// Wilson's score interval for a share (Wilson 1927; Newcombe 1998a, method 3).
///
/// # Formula
/// (2np + z² ± z√(z² + 4npq))/(2(n + z²)); the lower limit from the product of the two,
/// so that it keeps its digits near 0. Exactly 0 or 1 where nobody or everybody says yes.
///
/// # Errors
/// `TooFew` without observations.
pub fn wilson(yes: u64, n: u64, level: Level) -> Result<Share, Degenerate> {
    let no = n.checked_sub(yes).ok_or(Degenerate::TooFew)?;
    if n == 0 {
        return Err(Degenerate::TooFew);
    }
    Ok(share(yes, no, level.z()))
}

/// Wilson's limits with the normal quantile z, of one person or more.
fn share(yes: u64, no: u64, z: f64) -> Share {
    let upper = |yes: f64, no: f64| {
        let n = yes + no;
        (2.0 * yes + z * z + z * (z * z + 4.0 * yes * (no / n)).sqrt()) / (2.0 * (n + z * z))
    };
    let (y, m) = (yes as f64, no as f64);
    let lower = |yes: f64, no: f64| {
        let n = yes + no;
        (yes / n) * (yes / (n + z * z)) / upper(yes, no)
    };
    Share {
        estimate: y / (y + m),
        conf_low: if yes == 0 { 0.0 } else { lower(y, m) },
        conf_high: if no == 0 { 1.0 } else { upper(y, m) },
    }
}

/// People in either arm.
fn sizes(table: &TwoByTwo) -> Result<(u64, u64), Degenerate> {
    let n1 = table.treated_yes.checked_add(table.treated_no);
    let n0 = table.control_yes.checked_add(table.control_no);
    let (n1, n0) = n1.zip(n0).ok_or(Degenerate::TooLarge)?;
    match n1 == 0 || n0 == 0 {
        true => Err(Degenerate::TooFew),
        false => Ok((n1, n0)),
    }
}

/// The difference of two shares, exact where they are equal.
pub(super) fn difference(table: &TwoByTwo, n1: u64, n0: u64) -> f64 {
    let cross = i128::from(table.treated_yes) * i128::from(n0)
        - i128::from(table.control_yes) * i128::from(n1);
    cross as f64 / (u128::from(n1) * u128::from(n0)) as f64
}

/// Risk difference, treated minus control, with Newcombe's hybrid score interval without
/// continuity correction (Newcombe 1998b, method 10).
///
/// # Formula
/// d − √((p₁−l₁)² + (u₀−p₀)²) to d + √((u₁−p₁)² + (p₀−l₀)²), l and u Wilson's limits.
///
/// # Errors
/// `TooFew` when an arm is empty.
pub fn risk_difference(table: &TwoByTwo, level: Level) -> Result<EffectSize, Degenerate> {
    let (n1, n0) = sizes(table)?;
    let (low, high) = newcombe(table, level.z());
    Ok(EffectSize {
        measure: Measure::RiskDifference,
        estimate: Some(difference(table, n1, n0)),
        conf_low: Some(low),
        conf_high: Some(high),
    })
}

/// The limits of [`risk_difference`] with the normal quantile z, for arms that are not empty.
pub(super) fn newcombe(table: &TwoByTwo, z: f64) -> (f64, f64) {
    let treated = share(table.treated_yes, table.treated_no, z);
    let control = share(table.control_yes, table.control_no, z);
    let n1 = table.treated_yes + table.treated_no;
    let n0 = table.control_yes + table.control_no;
    let estimate = difference(table, n1, n0);
    let below = (treated.estimate - treated.conf_low).hypot(control.conf_high - control.estimate);
    let above = (treated.conf_high - treated.estimate).hypot(control.estimate - control.conf_low);
    ((estimate - below).max(-1.0), (estimate + above).min(1.0))
}

/// Risk difference with the asymptotic score interval of Miettinen & Nurminen (1985).
///
/// # Formula
/// The differences δ with (d − δ)² ≤ z²·V(δ), V(δ) = [p̃₁q̃₁/n₁ + p̃₀q̃₀/n₀]·N/(N−1) at the
/// maximum-likelihood shares under p₁ − p₀ = δ (eq. 8–9). The shares are the root of the
/// score, found by halving, instead of the cubic's trigonometric solution.
///
/// # Errors
/// `TooFew` when an arm is empty.
pub fn risk_difference_score(table: &TwoByTwo, level: Level) -> Result<EffectSize, Degenerate> {
    let (n1, n0) = sizes(table)?;
    let n = (n1 + n0) as f64;
    score_interval(table, level, n / (n - 1.0))
}

/// The score interval with this factor on its variance.
fn score_interval(table: &TwoByTwo, level: Level, factor: f64) -> Result<EffectSize, Degenerate> {
    let (n1, n0) = sizes(table)?;
    let (low, high) = score_limits(table, level.z(), factor);
    Ok(EffectSize {
        measure: Measure::RiskDifference,
        estimate: Some(difference(table, n1, n0)),
        conf_low: Some(low),
        conf_high: Some(high),
    })
}

/// The differences that the score test with this factor on its variance does not reject at the normal
/// quantile z, for arms that are not empty.
pub(super) fn score_limits(table: &TwoByTwo, z: f64, factor: f64) -> (f64, f64) {
    let n1 = table.treated_yes + table.treated_no;
    let n0 = table.control_yes + table.control_no;
    let estimate = difference(table, n1, n0);
    // Distance from the estimate in standard errors, minus z.
    limits_around(estimate, |delta| {
        let variance = score_variance(table, delta) * factor;
        (estimate - delta).abs() > z * variance.max(0.0).sqrt()
    })
}

/// The variance of the difference at the most likely shares whose difference is delta.
pub(super) fn score_variance(table: &TwoByTwo, delta: f64) -> f64 {
    let (p1, p0) = constrained_shares(table, delta);
    let n1 = (table.treated_yes + table.treated_no) as f64;
    let n0 = (table.control_yes + table.control_no) as f64;
    p1 * (1.0 - p1) / n1 + p0 * (1.0 - p0) / n0
}

/// The ends of the differences around the estimate that are not outside, by halving to the last digit.
pub(super) fn limits_around(estimate: f64, outside: impl Fn(f64) -> bool) -> (f64, f64) {
    let limit = |end: f64| {
        let (mut inside, mut out) = (estimate, end);
        if !outside(end) {
            return end;
        }
        loop {
            let middle = inside + (out - inside) / 2.0;
            if middle == inside || middle == out {
                return middle;
            }
            if outside(middle) {
                out = middle;
            } else {
                inside = middle;
            }
        }
    };
    (limit(-1.0), limit(1.0))
}

/// The maximum-likelihood shares (p₁, p₀) under p₁ − p₀ = delta. The log-likelihood is
/// concave in p₀, so its derivative changes sign once between the ends.
fn constrained_shares(table: &TwoByTwo, delta: f64) -> (f64, f64) {
    let score = |p0: f64| {
        let part = |count: u64, share: f64| {
            if count == 0 {
                0.0
            } else {
                count as f64 / share
            }
        };
        let p1 = p0 + delta;
        part(table.treated_yes, p1) - part(table.treated_no, 1.0 - p1) + part(table.control_yes, p0)
            - part(table.control_no, 1.0 - p0)
    };
    let (mut low, mut high) = ((-delta).max(0.0), (1.0 - delta).min(1.0));
    for _ in 0..80 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if score(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    let p0 = (low + (high - low) / 2.0).clamp(0.0, 1.0);
    ((p0 + delta).clamp(0.0, 1.0), p0)
}

/// exp of an interval for a logarithm.
fn log_interval(measure: Measure, estimate: f64, variance: f64, level: Level) -> EffectSize {
    let factor = (level.z() * variance.sqrt()).exp();
    let defined = variance > 0.0 && variance.is_finite() && factor.is_finite();
    EffectSize {
        measure,
        estimate: Some(estimate),
        conf_low: defined.then_some(estimate / factor),
        conf_high: defined.then_some(estimate * factor),
    }
}

/// Risk ratio, treated over control, with the log interval of Katz et al. (1978).
///
/// # Formula
/// ln(p₁/p₀) ± z√(1/a − 1/n₁ + 1/c − 1/n₀), a and c the counts of yes.
///
/// # Errors
/// `TooFew` when an arm is empty; `ZeroCell` when nobody in the control arm says yes (the
/// ratio is infinite or undefined). Without a yes among the treated the ratio is 0 and its
/// interval absent; no constant is added to the cells. The interval is absent, too, where
/// everybody says yes and its width would be 0.
pub fn risk_ratio(table: &TwoByTwo, level: Level) -> Result<EffectSize, Degenerate> {
    let (n1, n0) = sizes(table)?;
    if table.control_yes == 0 {
        return Err(Degenerate::ZeroCell);
    }
    let (a, c) = (table.treated_yes as f64, table.control_yes as f64);
    let (n1, n0) = (n1 as f64, n0 as f64);
    let estimate = (a / n1) / (c / n0);
    // 1/a − 1/n₁ = b/(a·n₁), without cancellation.
    let variance = table.treated_no as f64 / a / n1 + table.control_no as f64 / c / n0;
    Ok(log_interval(Measure::RiskRatio, estimate, variance, level))
}

/// Odds ratio, treated over control, with Woolf's log interval (Woolf 1955).
///
/// # Formula
/// ln(ad/(bc)) ± z√(1/a + 1/b + 1/c + 1/d).
///
/// # Errors
/// `TooFew` when an arm is empty; `ZeroCell` when all treated or no controls say yes (the
/// ratio is infinite or undefined). With a zero in the numerator the ratio is 0 and its
/// interval absent; no constant is added to the cells.
pub fn odds_ratio(table: &TwoByTwo, level: Level) -> Result<EffectSize, Degenerate> {
    sizes(table)?;
    let [a, b, c, d] = [
        table.treated_yes,
        table.treated_no,
        table.control_yes,
        table.control_no,
    ]
    .map(|n| n as f64);
    if b == 0.0 || c == 0.0 {
        return Err(Degenerate::ZeroCell);
    }
    let estimate = (a / b) * (d / c);
    let variance = 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d;
    Ok(log_interval(Measure::OddsRatio, estimate, variance, level))
}
