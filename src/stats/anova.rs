//! Whether several arms have the same mean.

use super::degenerate::Degenerate;
use super::dist;
use super::linear::FTest;
use super::sample::Moments;

/// Welch's test that all arms have one mean, each with a spread of its own.
///
/// # Formula
/// With w = n/s², W = Σw and ȳ the mean weighted by w:
/// F = Σ w(ȳ_j − ȳ)²/(k − 1) / (1 + 2(k − 2)Λ/(k² − 1)), Λ = Σ (1 − w/W)²/(n − 1), on k − 1 and (k² − 1)/(3Λ) degrees of
/// freedom (Welch 1951, Biometrika 38, 330–336; R's `oneway.test`). Of two arms it is the square of Welch's t.
///
/// # Errors
/// `TooFew` with fewer than two arms or two values in one, `NoVariance` where an arm has no spread, `NotFinite` on
/// overflow.
pub fn welch_anova(arms: &[Moments]) -> Result<FTest, Degenerate> {
    if arms.len() < 2 || arms.iter().any(|arm| arm.n < 2) {
        return Err(Degenerate::TooFew);
    }
    let mut weights = Vec::with_capacity(arms.len());
    for arm in arms {
        match arm.variance() {
            Some(variance) if variance > 0.0 => weights.push(arm.n as f64 / variance),
            _ => return Err(Degenerate::NoVariance),
        }
    }
    let total: f64 = weights.iter().sum();
    // About the first arm, so that a common level costs no digits.
    let away: Vec<f64> = arms.iter().map(|arm| arm.mean_minus(&arms[0])).collect();
    let centre = weights.iter().zip(&away).map(|(w, d)| w * d).sum::<f64>() / total;
    let between: f64 = weights
        .iter()
        .zip(&away)
        .map(|(w, d)| w * (d - centre).powi(2))
        .sum();
    let lambda: f64 = weights
        .iter()
        .zip(arms)
        .map(|(w, arm)| (1.0 - w / total).powi(2) / (arm.n as f64 - 1.0))
        .sum();
    let k = arms.len() as f64;
    let statistic = between / (k - 1.0) / (1.0 + 2.0 * (k - 2.0) * lambda / (k * k - 1.0));
    let (df1, df2) = (k - 1.0, (k * k - 1.0) / (3.0 * lambda));
    if !(statistic.is_finite() && df2.is_finite()) {
        return Err(Degenerate::NotFinite);
    }
    Ok(FTest {
        statistic,
        df1,
        df2,
        p_value: dist::f_sf(statistic, df1, df2),
    })
}
