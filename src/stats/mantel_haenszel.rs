//! A yes/no outcome over strata: Cochran–Mantel–Haenszel's test and the common odds ratio.

use crate::results::{EffectSize, Measure};

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
            measure: Measure::OddsRatio,
            estimate: ratio.map(|r| r.0),
            conf_low: ratio.map(|r| r.1).filter(|v| v.is_finite()),
            conf_high: ratio.map(|r| r.2).filter(|v| v.is_finite()),
        },
        strata_used: used,
    })
}
