//! Standardised effects of a numeric outcome.

use crate::results::{EffectSize, Measure};

use super::degenerate::Degenerate;
use super::dist;
use super::infer::Level;
use super::root::{falling_root, probit_excess};
use super::sample::Moments;
use super::two_sample::pooled_variance;

/// Cohen's d, treated minus control, with the pooled standard deviation and an exact
/// interval from the noncentral t distribution.
///
/// # Formula
/// d = (m₁ − m₀)/s, s² = (m2₁ + m2₀)/(n₁ + n₀ − 2) (Cohen 1988, eq. 2.5.1–2.5.2). With
/// t = d·√(n₁n₀/(n₁+n₀)) the limits are the noncentralities δ at which P(T ≤ t) is 1 − α/2
/// and α/2, scaled back by the same root (Steiger & Fouladi 1997; Cumming & Finch 2001).
///
/// # Errors
/// `TooFew` without values in an arm or below three in all; `NoVariance` when both arms are
/// constant; `NotFinite` on overflow. The interval is absent where it cannot be found in
/// floating point.
pub fn cohens_d(
    treated: &Moments,
    control: &Moments,
    level: Level,
) -> Result<EffectSize, Degenerate> {
    standardised(Measure::CohensD, treated, control, level, 1.0)
}

/// Hedges's g: Cohen's d without its small-sample bias.
///
/// # Formula
/// g = J·d with the exact J = Γ(m/2)/(√(m/2)·Γ((m−1)/2)), m = n₁ + n₀ − 2 (Hedges 1981,
/// eq. 6e); the limits of d are multiplied by J too.
///
/// # Errors
/// As for [`cohens_d`], and `TooFew` below four values in all, where J is not defined.
pub fn hedges_g(
    treated: &Moments,
    control: &Moments,
    level: Level,
) -> Result<EffectSize, Degenerate> {
    let n = treated.n.saturating_add(control.n);
    if n < 4 {
        return Err(Degenerate::TooFew);
    }
    let correction = dist::gamma_half_ratio((n - 2) as f64 / 2.0);
    standardised(Measure::HedgesG, treated, control, level, correction)
}

fn standardised(
    measure: Measure,
    treated: &Moments,
    control: &Moments,
    level: Level,
    correction: f64,
) -> Result<EffectSize, Degenerate> {
    let pooled = pooled_variance(treated, control)?;
    if pooled <= 0.0 {
        return Err(Degenerate::NoVariance);
    }
    let d = treated.mean_minus(control) / pooled.sqrt();
    if !d.is_finite() {
        return Err(Degenerate::NotFinite);
    }
    let (n1, n0) = (treated.n as f64, control.n as f64);
    let scale = (n1 * (n0 / (n1 + n0))).sqrt();
    let df = n1 + n0 - 2.0;
    let limit = |probability: f64| {
        noncentrality(d * scale, df, probability).map(|delta| correction * delta / scale)
    };
    Ok(EffectSize {
        measure,
        estimate: Some(correction * d),
        conf_low: limit(1.0 - level.tail()),
        conf_high: limit(level.tail()),
    })
}

/// The noncentrality δ at which P(T ≤ t | δ) is `probability`; none where it cannot be
/// bracketed. P falls in δ, and its normal quantile is close to linear in it.
fn noncentrality(t: f64, df: f64, probability: f64) -> Option<f64> {
    // Johnson & Welch (1940): δ lies near t ∓ z·√(1 + t²/(2df)).
    let width = (1.0 + t * t / (2.0 * df)).sqrt();
    falling_root(t - width, t + width, |delta| {
        probit_excess(dist::noncentral_t_cdf(t, df, delta), probability)
    })
}
