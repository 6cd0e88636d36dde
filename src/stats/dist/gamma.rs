//! The regularised incomplete gamma function and χ².

use super::normal::normal_isf;
use super::special::{
    LN_SQRT_2PI, Tails, deviance_part, exp_minus_tangent, integrate_decay, ln_1p_minus, newton_ln,
    stirling_error,
};

/// ln of x^a e^(−x) / Γ(a).
fn ln_weight(a: f64, x: f64) -> f64 {
    0.5 * a.ln() - LN_SQRT_2PI - stirling_error(a) - deviance_part(a, x, x - a)
}

/// Both tails of the gamma distribution with shape a > 0 at 0 < x < ∞.
///
/// Below the mean, with t = x·exp(−w):
/// P(a, x) = weight · ∫ exp(−a(w − v) − (a − x)v) dw where v = 1 − exp(−w).
/// Above it, with t = x(1 + u): Q(a, x) = weight · ∫ exp((a−1) ln(1+u) − xu) du.
fn tails(a: f64, x: f64) -> Tails {
    let integral = if x <= a {
        let slope = a - x;
        integrate_decay(1.0 / (slope + x.sqrt()), |w| {
            a * exp_minus_tangent(w) - slope * (-w).exp_m1()
        })
    } else {
        let slope = (x - a) + 1.0;
        integrate_decay(1.0 / (slope + (a - 1.0).max(0.0).sqrt()), |u| {
            slope * u - (a - 1.0) * ln_1p_minus(u)
        })
    };
    Tails {
        ln_direct: ln_weight(a, x) + integral.ln(),
        direct_is_lower: x <= a,
    }
}

/// Regularised lower incomplete gamma function P(a, x), a > 0, x ≥ 0 (DLMF 8.2.4).
pub fn gamma_p(a: f64, x: f64) -> f64 {
    if !valid(a, x) {
        f64::NAN
    } else if x == 0.0 {
        0.0
    } else if x.is_infinite() {
        1.0
    } else {
        tails(a, x).lower()
    }
}

/// Regularised upper incomplete gamma function Q(a, x) = 1 − P(a, x), without cancellation.
pub fn gamma_q(a: f64, x: f64) -> f64 {
    if !valid(a, x) {
        f64::NAN
    } else if x == 0.0 {
        1.0
    } else if x.is_infinite() {
        0.0
    } else {
        tails(a, x).upper()
    }
}

fn valid(a: f64, x: f64) -> bool {
    a > 0.0 && a.is_finite() && x >= 0.0
}

/// P(X ≤ x) for X ~ χ² with df > 0 degrees of freedom; 0 for x ≤ 0.
pub fn chi2_cdf(x: f64, df: f64) -> f64 {
    if x < 0.0 {
        return gamma_p(0.5 * df, 0.0);
    }
    gamma_p(0.5 * df, 0.5 * x)
}

/// P(X > x) for X ~ χ² with df > 0 degrees of freedom; 1 for x ≤ 0.
pub fn chi2_sf(x: f64, df: f64) -> f64 {
    if x < 0.0 {
        return gamma_q(0.5 * df, 0.0);
    }
    gamma_q(0.5 * df, 0.5 * x)
}

/// The x with P(X ≤ x) = p for X ~ χ² with df degrees of freedom.
pub fn chi2_quantile(p: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if p > 0.5 {
        chi2_inverse(df, 1.0 - p, false)
    } else {
        chi2_inverse(df, p, true)
    }
}

/// The x with P(X > x) = p for X ~ χ² with df degrees of freedom.
pub fn chi2_isf(p: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if p > 0.5 {
        chi2_inverse(df, 1.0 - p, true)
    } else {
        chi2_inverse(df, p, false)
    }
}

/// Inverts the lower or upper tail at probability q ≤ ½.
fn chi2_inverse(df: f64, q: f64, lower: bool) -> f64 {
    let a = 0.5 * df;
    if !valid(a, 0.0) {
        return f64::NAN;
    }
    if q == 0.0 {
        return if lower { 0.0 } else { f64::INFINITY };
    }
    let ln_q = q.ln();
    // Start: Wilson & Hilferty (1931), or the first term of the series for the far lower tail.
    let z = if lower { -normal_isf(q) } else { normal_isf(q) };
    let c = 2.0 / (9.0 * df);
    let cube_root = 1.0 - c + z * c.sqrt();
    let series = ((ln_q + super::ln_gamma(a + 1.0)) / a).exp();
    let start = if cube_root > 0.3 {
        a * cube_root.powi(3)
    } else {
        series.max(f64::MIN_POSITIVE)
    };
    2.0 * newton_ln(start, |x| {
        let tails = tails(a, x);
        let (ln_tail, sign) = if lower {
            (tails.ln_lower(), 1.0)
        } else {
            (tails.ln_upper(), -1.0)
        };
        (ln_tail - ln_q, sign * (ln_weight(a, x) - ln_tail).exp())
    })
}
