//! Standardised differences of covariates between arms.

use super::contingency::TwoByTwo;
use super::degenerate::Degenerate;
use super::sample::Moments;

/// Standardised mean difference of a numeric covariate, treated minus control.
///
/// # Formula
/// (m₁ − m₀)/√((s₁² + s₀²)/2) (Austin 2009, p. 3086).
///
/// Two arms that are constant at the same value differ by 0.
///
/// # Errors
/// `TooFew` below two values in an arm; `Disjoint` for arms that are constant at different
/// values; `NotFinite` on overflow.
pub fn smd_numeric(treated: &Moments, control: &Moments) -> Result<f64, Degenerate> {
    if treated.n < 2 || control.n < 2 {
        return Err(Degenerate::TooFew);
    }
    let variances = treated.variance().zip(control.variance());
    let (v1, v0) = variances.ok_or(Degenerate::NotFinite)?;
    standardise(treated.mean_minus(control), v1 / 2.0 + v0 / 2.0)
}

/// Standardised difference of a share, treated minus control.
///
/// # Formula
/// (p₁ − p₀)/√((p₁q₁ + p₀q₀)/2) (Austin 2009, p. 3086).
///
/// # Errors
/// `TooFew` for an empty arm; `Disjoint` where everybody in one arm and nobody in the other
/// says yes.
pub fn smd_binary(table: &TwoByTwo) -> Result<f64, Degenerate> {
    let share = |yes: u64, no: u64| {
        let n = yes as f64 + no as f64;
        (n > 0.0).then(|| (yes as f64 / n, no as f64 / n))
    };
    let treated = share(table.treated_yes, table.treated_no).ok_or(Degenerate::TooFew)?;
    let control = share(table.control_yes, table.control_no).ok_or(Degenerate::TooFew)?;
    let variance = (treated.0 * treated.1 + control.0 * control.1) / 2.0;
    standardise(treated.0 - control.0, variance)
}

fn standardise(difference: f64, variance: f64) -> Result<f64, Degenerate> {
    if !difference.is_finite() || !variance.is_finite() {
        return Err(Degenerate::NotFinite);
    }
    if variance > 0.0 {
        let smd = difference / variance.sqrt();
        return if smd.is_finite() {
            Ok(smd)
        } else {
            Err(Degenerate::Disjoint)
        };
    }
    if difference == 0.0 {
        Ok(0.0)
    } else {
        Err(Degenerate::Disjoint)
    }
}

/// Standardised difference of a categorical covariate: the Mahalanobis distance between
/// the arms' shares (Yang & Dalton 2012, p. 3), never negative.
///
/// # Formula
/// D² = d′S⁻¹d with d the difference of the shares without one level and S the mean of the
/// two multinomial covariance matrices. For multinomials it has a closed form, which needs
/// no inverse and no choice of a level to leave out:
/// D² = Σ (p−q)²/(p+q) ÷ Σ pq/(p+q), over levels with p + q > 0. (With m = (p+q)/2, the
/// variance of any score under m is d′S d's within part plus a quarter of the squared
/// difference; the largest ratio of that difference to the whole is Σ d²/m.)
/// The divisor is 0 exactly when the arms share no level, the one case where S is singular.
///
/// `treated` and `control` count the same levels in the same order.
///
/// # Errors
/// `TooFew` for an empty arm or lists of different length; `Disjoint` when no level occurs
/// in both arms: the distance is infinite, and must not be taken for balance.
pub fn smd_categorical(treated: &[u64], control: &[u64]) -> Result<f64, Degenerate> {
    let total = |counts: &[u64]| counts.iter().map(|&n| n as f64).sum::<f64>();
    let (n1, n0) = (total(treated), total(control));
    if n1 == 0.0 || n0 == 0.0 || treated.len() != control.len() {
        return Err(Degenerate::TooFew);
    }
    let (mut apart, mut shared) = (0.0, 0.0);
    for (&a, &b) in treated.iter().zip(control) {
        let (p, q) = (a as f64 / n1, b as f64 / n0);
        if p + q > 0.0 {
            apart += (p - q) * (p - q) / (p + q);
            shared += p * q / (p + q);
        }
    }
    if shared > 0.0 {
        Ok((apart / shared).sqrt())
    } else {
        Err(Degenerate::Disjoint)
    }
}

/// The ratio of the variances, treated over control (Austin 2009, p. 3089).
///
/// # Errors
/// `TooFew` below two values in an arm; `NoVariance` when the control arm is constant;
/// `NotFinite` on overflow.
pub fn variance_ratio(treated: &Moments, control: &Moments) -> Result<f64, Degenerate> {
    if treated.n < 2 || control.n < 2 {
        return Err(Degenerate::TooFew);
    }
    let variances = treated.variance().zip(control.variance());
    let (v1, v0) = variances.ok_or(Degenerate::NotFinite)?;
    if v0 == 0.0 {
        return Err(Degenerate::NoVariance);
    }
    let ratio = v1 / v0;
    ratio
        .is_finite()
        .then_some(ratio)
        .ok_or(Degenerate::NotFinite)
}
