//! Noncentral t and χ², for intervals of standardised effects.

use super::gamma::{gamma_p, gamma_q};
use super::normal::normal_cdf;
use super::special::{LN_SQRT_2PI, deviance_part, exp_minus_tangent, stirling_error};
use super::t_cdf;

/// P(T ≤ t) for the noncentral t distribution with df > 0 and noncentrality δ; absolute
/// error about 1e-13. NaN for NaN or invalid arguments.
///
/// # Formula
/// T = (Z + δ)/S with S = √(χ²/df), so P(T ≤ t) = E Φ(t·S − δ). The mean over S (in
/// z = ln S), or for a noncentrality that is large beside the spread of S the mean over Z,
/// is taken with the trapezoidal rule, which converges exponentially for these integrands.
pub fn noncentral_t_cdf(t: f64, df: f64, delta: f64) -> f64 {
    if t.is_nan() || delta.is_nan() || delta.is_infinite() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if t.is_infinite() {
        return if t > 0.0 { 1.0 } else { 0.0 };
    }
    if df.is_infinite() {
        return normal_cdf(t - delta);
    }
    if delta == 0.0 {
        return t_cdf(t, df);
    }
    if t == 0.0 {
        return normal_cdf(-delta);
    }
    let spread = 1.0 / (2.0 * df).sqrt();
    let value = if delta.abs() > 12.0 && spread * delta.abs() > 1.0 {
        mean_over_normal(t, df, delta)
    } else {
        mean_over_scale(t, df, delta, spread)
    };
    value.clamp(0.0, 1.0)
}

/// E Φ(t·e^z − δ); the density of z = ln S is ∝ exp(df·(z − (e^{2z} − 1)/2)).
fn mean_over_scale(t: f64, df: f64, delta: f64, spread: f64) -> f64 {
    let step = spread.min(1.0 / (delta.abs() + 9.0)) / 4.0;
    // ln of 2·(df/2)^(df/2) e^(−df/2) / Γ(df/2).
    let ln_scale =
        0.5 * (0.5 * df).ln() + std::f64::consts::LN_2 - LN_SQRT_2PI - stirling_error(0.5 * df);
    let ln_density = |z: f64| {
        // z − (e^{2z} − 1)/2 = −(e^{−w} + w − 1)/2 at w = −2z.
        let w = -2.0 * z;
        let part = if w >= 0.0 {
            exp_minus_tangent(w)
        } else {
            grow_minus_tangent(-w)
        };
        -0.5 * df * part
    };
    let mut sum = 0.0;
    for direction in [1.0, -1.0] {
        let mut i = if direction > 0.0 { 0.0 } else { 1.0 };
        loop {
            let z = direction * i * step;
            let ln = ln_density(z);
            if ln < -45.0 {
                break;
            }
            sum += ln.exp() * normal_cdf(t * z.exp() - delta);
            i += 1.0;
        }
    }
    sum * step * ln_scale.exp()
}

/// e^w − w − 1 for w > 0.
fn grow_minus_tangent(w: f64) -> f64 {
    if w > 0.5 {
        return w.exp_m1() - w;
    }
    let mut term = 0.5 * w * w;
    let mut sum = term;
    let mut k = 3.0;
    while term > 1e-18 * sum {
        term *= w / k;
        sum += term;
        k += 1.0;
    }
    sum
}

/// E over Z of P(S ≥ (Z + δ)/t), for |δ| > 12, where Z + δ has the sign of δ.
fn mean_over_normal(t: f64, df: f64, delta: f64) -> f64 {
    if (t > 0.0) != (delta > 0.0) {
        return if t > 0.0 { 1.0 } else { 0.0 };
    }
    const STEP: f64 = 0.125;
    let mut sum = 0.0;
    for i in -76_i32..=76 {
        let z = f64::from(i) * STEP;
        let ratio = (z + delta) / t;
        let x = 0.5 * df * ratio * ratio;
        let tail = if t > 0.0 {
            gamma_q(0.5 * df, x)
        } else {
            gamma_p(0.5 * df, x)
        };
        sum += (-0.5 * z * z - LN_SQRT_2PI).exp() * tail;
    }
    sum * STEP
}

/// P(X ≤ x) for the noncentral χ² distribution with df > 0 and noncentrality ≥ 0;
/// absolute error about 1e-13. NaN for NaN or invalid arguments.
///
/// # Formula
/// A Poisson mixture of central χ² distributions (Johnson, Kotz & Balakrishnan 1995,
/// eq. 29.3), summed downwards, where P(a, x) = P(a+1, x) + x^a e^(−x)/Γ(a+1) only adds.
pub fn noncentral_chi2_cdf(x: f64, df: f64, noncentrality: f64) -> f64 {
    let half = 0.5 * noncentrality;
    if x.is_nan() || !(df > 0.0 && df.is_finite()) || !(half >= 0.0 && half.is_finite()) {
        return f64::NAN;
    }
    if x <= 0.0 {
        return 0.0;
    }
    if x.is_infinite() {
        return 1.0;
    }
    if half == 0.0 {
        return gamma_p(0.5 * df, 0.5 * x);
    }
    let width = 9.0 * half.sqrt() + 40.0;
    let first = (half - width).max(0.0).floor();
    let mut j = (half + width).ceil();
    let x = 0.5 * x;
    let mut a = 0.5 * df + j;
    let mut cdf = gamma_p(a, x);
    // Poisson weight at j, and x^(a−1) e^(−x)/Γ(a).
    let mut weight = ln_poisson(j, half).exp();
    let mut density = ln_poisson(a - 1.0, x).exp();
    let mut sum = 0.0;
    loop {
        sum += weight * cdf;
        if j <= first {
            break;
        }
        if weight < 1e-300 || density < 1e-300 {
            // Far from both peaks the recurrences would start from 0.
            a -= 1.0;
            weight = ln_poisson(j - 1.0, half).exp();
            density = if a > 1.0 {
                ln_poisson(a - 1.0, x).exp()
            } else {
                0.0
            };
            cdf = gamma_p(a, x);
        } else {
            cdf += density;
            a -= 1.0;
            weight *= j / half;
            density *= a / x;
        }
        j -= 1.0;
    }
    sum.clamp(0.0, 1.0)
}

/// ln of m^k e^(−m)/Γ(k+1), for real k > −1.
fn ln_poisson(k: f64, m: f64) -> f64 {
    if k <= 0.0 {
        return k * m.ln() - m - super::ln_gamma(k + 1.0);
    }
    -stirling_error(k) - LN_SQRT_2PI - 0.5 * k.ln() - deviance_part(k, m, m - k)
}
