//! A yes/no outcome over strata: Cochran–Mantel–Haenszel's test, the common odds ratio, and
//! whether it is common.

use crate::results::{EffectSize, Measure, TestName, TestResult};

use super::contingency::TwoByTwo;
use super::degenerate::Degenerate;
use super::dist;
use super::infer::Level;

/// The test over strata.
#[derive(Debug, Clone, PartialEq)]
pub struct MantelHaenszel {
    /// (Σ(a − E))²/ΣV with one degree of freedom.
    pub statistic: f64,
    pub p_value: f64,
    /// With ½ taken off |Σ(a − E)|, as R's `mantelhaen.test` does by default.
    pub corrected: f64,
    pub corrected_p: f64,
    pub odds_ratio: EffectSize,
    /// Strata that say something: with both arms and both answers.
    pub strata_used: usize,
}

/// Cochran–Mantel–Haenszel (Mantel & Haenszel 1959).
///
/// # Formula
/// Per stratum E = n₁·yes/n, V = n₁n₀·yes·no/(n²(n − 1)). Common odds ratio Σ(ad/n)/Σ(bc/n), with
/// the variance of its logarithm by Robins, Breslow & Greenland (1986, Biometrics 42, 311–323).
///
/// The odds ratio is absent when a product sum is zero.
///
/// # Errors
/// `OneLevel` when no stratum has both arms and both answers; `TooLarge` above 2^53 people.
pub fn mantel_haenszel(strata: &[TwoByTwo], level: Level) -> Result<MantelHaenszel, Degenerate> {
    let (mut excess, mut variance, mut used) = (0.0, 0.0, 0);
    let (mut r, mut s, mut pr, mut mixed, mut qs) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for table in strata {
        let [a, b, c, d] = [
            table.treated_yes,
            table.treated_no,
            table.control_yes,
            table.control_no,
        ];
        [a, b, c, d]
            .iter()
            .try_fold(0_u64, |sum, n| sum.checked_add(*n))
            .filter(|total| *total <= 1 << 53)
            .ok_or(Degenerate::TooLarge)?;
        // (a − E) = (ad − bc)/n, exact in integers.
        let cross = i128::from(a) * i128::from(d) - i128::from(b) * i128::from(c);
        let [a, b, c, d] = [a, b, c, d].map(|n| n as f64);
        let n = a + b + c + d;
        if n < 2.0 {
            continue;
        }
        let v = (a + b) / n * ((c + d) / n) * (a + c) * (b + d) / (n - 1.0);
        if v > 0.0 {
            used += 1;
        }
        excess += cross as f64 / n;
        variance += v;
        let (ri, si) = (a * d / n, b * c / n);
        let (pi, qi) = ((a + d) / n, (b + c) / n);
        r += ri;
        s += si;
        pr += pi * ri;
        mixed += pi * si + qi * ri;
        qs += qi * si;
    }
    if used == 0 {
        return Err(Degenerate::OneLevel);
    }
    let test = |correction: f64| {
        let distance = (excess.abs() - correction).max(0.0);
        let statistic = distance / variance * distance;
        (statistic, dist::chi2_sf(statistic, 1.0))
    };
    let (statistic, p_value) = test(0.0);
    // R takes off min(½, |Σ(a − E)|).
    let (corrected, corrected_p) = test(0.5);
    let ratio = (r > 0.0 && s > 0.0).then(|| {
        let se = (pr / (2.0 * r * r) + mixed / (2.0 * r * s) + qs / (2.0 * s * s)).sqrt();
        let margin = (level.z() * se).exp();
        (r / s, r / s / margin, r / s * margin)
    });
    Ok(MantelHaenszel {
        statistic,
        p_value,
        corrected,
        corrected_p,
        odds_ratio: EffectSize {
            measure: Measure::MantelHaenszelOddsRatio,
            estimate: ratio.map(|r| r.0),
            conf_low: ratio.map(|r| r.1).filter(|v| v.is_finite()),
            conf_high: ratio.map(|r| r.2).filter(|v| v.is_finite()),
        },
        strata_used: used,
    })
}

/// Whether the odds ratio is the same in all strata.
#[derive(Debug, Clone, PartialEq)]
pub struct Homogeneity {
    pub breslow_day: TestResult,
    /// With Tarone's correction, which makes the χ² distribution the right one.
    pub tarone: TestResult,
}

/// The test of Breslow & Day (1980, p. 142), and Tarone's (1985) correction of it.
///
/// # Formula
/// Σ (a − A)²/V over the strata that have both arms and both answers, A the treated yes that
/// gives a stratum the common (Mantel–Haenszel) odds ratio with its margins,
/// 1/V = 1/A + 1/(n₁ − A) + 1/(m − A) + 1/(n₀ − m + A); Tarone takes off (Σ(a − A))²/ΣV. Degrees of
/// freedom: strata − 1.
///
/// # Errors
/// `OneLevel` with fewer than two such strata; `ZeroCell` when there is no common odds ratio.
pub fn breslow_day(strata: &[TwoByTwo], level: Level) -> Result<Homogeneity, Degenerate> {
    let ratio = mantel_haenszel(strata, level)?
        .odds_ratio
        .estimate
        .ok_or(Degenerate::ZeroCell)?;
    let (mut used, mut statistic, mut excess, mut variance) = (0_u64, 0.0, 0.0, 0.0);
    for table in strata {
        let a = table.treated_yes as f64;
        let n1 = a + table.treated_no as f64;
        let n0 = (table.control_yes + table.control_no) as f64;
        let yes = a + table.control_yes as f64;
        if n1 == 0.0 || n0 == 0.0 || yes == 0.0 || yes == n1 + n0 {
            continue;
        }
        used += 1;
        let fitted = fitted(ratio, n1, n0, yes);
        let v = 1.0
            / (1.0 / fitted
                + 1.0 / (n1 - fitted)
                + 1.0 / (yes - fitted)
                + 1.0 / (n0 - yes + fitted));
        statistic += (a - fitted) / v * (a - fitted);
        excess += a - fitted;
        variance += v;
    }
    if used < 2 {
        return Err(Degenerate::OneLevel);
    }
    let tarone = (statistic - excess / variance * excess).max(0.0);
    if !statistic.is_finite() || !tarone.is_finite() {
        return Err(Degenerate::NotFinite);
    }
    let df = (used - 1) as f64;
    let test = |statistic: f64| TestResult {
        test: TestName::BreslowDay,
        statistic: Some(statistic),
        df: Some(df),
        df2: None,
        p_value: Some(dist::chi2_sf(statistic, df)),
    };
    Ok(Homogeneity {
        breslow_day: test(statistic),
        tarone: test(tarone),
    })
}

/// The root of A(n₀ − m + A) = ψ(n₁ − A)(m − A) that is a count: (1 − ψ)A² + BA − ψn₁m = 0 with
/// B = n₀ − m + ψ(n₁ + m), by the form that does not cancel.
fn fitted(ratio: f64, n1: f64, n0: f64, yes: f64) -> f64 {
    let b = n0 - yes + ratio * (n1 + yes);
    let product = ratio * n1 * yes;
    let root = (b * b + 4.0 * (1.0 - ratio) * product).max(0.0).sqrt();
    if b >= 0.0 {
        2.0 * product / (b + root)
    } else {
        (root - b) / (2.0 * (1.0 - ratio))
    }
}
