//! The regularised incomplete beta function, and Student's t and F which it gives.

use super::normal::{normal_cdf, normal_isf, normal_quantile, normal_sf};
use super::special::{
    LN_SQRT_2PI, Tails, deviance_part, exp_minus_tangent, integrate_decay, ln_1p_minus, newton_ln,
    stirling_error, two_product, two_sum,
};

/// A point of the beta distribution: x, y = 1 − x and λ = b·x − a·y, each as exact as
/// the caller knows it. λ is 0 at the mean, and carries all of the distance from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
    pub lambda: f64,
}

/// ln of x^a y^b / B(a, b): the derivative of the distribution function with respect to
/// ln(x/y).
fn ln_weight(a: f64, b: f64, at: Point) -> f64 {
    let n = a + b;
    let scale = 0.5 * (a / n * b).ln() - LN_SQRT_2PI;
    let stirling = stirling_error(n) - stirling_error(a) - stirling_error(b);
    let deviance = deviance_part(a, n * at.x, at.lambda) + deviance_part(b, n * at.y, -at.lambda);
    scale + stirling - deviance
}

/// Both tails of the beta distribution at 0 < x < 1.
///
/// Below the mean, with t = x·exp(−w) and v = 1 − exp(−w),
/// I_x(a, b) = weight/y · ∫ exp(−a·w + (b−1) ln(1 + v·x/y)) dw.
pub(super) fn tails(a: f64, b: f64, at: Point) -> Tails {
    let below = at.lambda <= 0.0;
    let (a, b, at) = if below {
        (a, b, at)
    } else {
        let mirrored = Point {
            x: at.y,
            y: at.x,
            lambda: -at.lambda,
        };
        (b, a, mirrored)
    };
    let odds = at.x / at.y;
    let slope = (at.x - at.lambda) / at.y;
    let curvature = ((b - 1.0) * (odds + odds * odds)).max(0.0);
    let integral = integrate_decay(1.0 / (slope + curvature.sqrt()), |w| {
        let v = -(-w).exp_m1();
        a * exp_minus_tangent(w) + slope * v - (b - 1.0) * ln_1p_minus(odds * v)
    });
    Tails {
        ln_direct: ln_weight(a, b, at) - at.y.ln() + integral.ln(),
        direct_is_lower: below,
    }
}

/// Regularised incomplete beta function I_x(a, b) (DLMF 8.17.2), a, b > 0, x in `[0, 1]`.
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    match beta_point(x, a, b) {
        Some(at) => tails(a, b, at).lower(),
        None => at_the_ends(x, a, b),
    }
}

/// 1 − I_x(a, b), without cancellation.
pub fn beta_sf(x: f64, a: f64, b: f64) -> f64 {
    match beta_point(x, a, b) {
        Some(at) => tails(a, b, at).upper(),
        None => 1.0 - at_the_ends(x, a, b),
    }
}

fn valid_shapes(a: f64, b: f64) -> bool {
    a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite()
}

fn at_the_ends(x: f64, a: f64, b: f64) -> f64 {
    if !valid_shapes(a, b) || !(0.0..=1.0).contains(&x) {
        return f64::NAN;
    }
    if x == 0.0 { 0.0 } else { 1.0 }
}

/// The point at x strictly between 0 and 1, with λ = (a+b)x − a to twice the working
/// precision: the tail of a concentrated distribution depends on it steeply.
fn beta_point(x: f64, a: f64, b: f64) -> Option<Point> {
    if !(valid_shapes(a, b) && x > 0.0 && x < 1.0) {
        return None;
    }
    let (bx, bx_error) = two_product(b, x);
    let (ax, ax_error) = two_product(a, x);
    let (rest, rest_error) = two_sum(ax, -a);
    let (sum, sum_error) = two_sum(bx, rest);
    Some(Point {
        x,
        y: 1.0 - x,
        lambda: sum + (sum_error + rest_error + bx_error + ax_error),
    })
}

/// Beyond this squared ratio the first term of the tail's series is exact to 1e-30.
const FAR: f64 = 1e30;

/// ln of (1/r)^a / (a·B(a, b)): the first term of I_x(a, b) for x = 1/r near 0.
fn ln_far_tail(a: f64, b: f64, ln_r: f64) -> f64 {
    let n = a + b;
    let ln_inverse_beta = 0.5 * (a / n * b).ln() - LN_SQRT_2PI + stirling_error(n)
        - stirling_error(a)
        - stirling_error(b)
        + a * (b / a).ln_1p()
        + b * (a / b).ln_1p();
    ln_inverse_beta - a.ln() - a * ln_r
}

/// Two-sided tail of Student's t as ln P(|T| > t), and its derivative to ln t (t > 0).
fn ln_t_tails(t: f64, df: f64) -> (Tails, f64) {
    let (a, b) = (0.5 * df, 0.5);
    let ratio = t / df.sqrt();
    if ratio > FAR {
        let ln_direct = ln_far_tail(a, b, 2.0 * ratio.ln());
        let tails = Tails {
            ln_direct,
            direct_is_lower: true,
        };
        return (tails, ln_direct + df.ln());
    }
    let square = t * t;
    let sum = df + square;
    let at = Point {
        x: df / sum,
        y: square / sum,
        lambda: 0.5 * (1.0 - t) * (1.0 + t) * (df / sum),
    };
    (
        tails(a, b, at),
        std::f64::consts::LN_2 + ln_weight(a, b, at),
    )
}

/// P(|T| > |t|) for Student's t with df > 0 degrees of freedom (infinite: normal).
///
/// # Formula
/// I_x(df/2, ½) at x = df/(df + t²) (Abramowitz & Stegun 26.7.1).
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    let t = t.abs();
    if df.is_infinite() {
        2.0 * normal_sf(t)
    } else if t.is_infinite() {
        0.0
    } else if t * t == 0.0 {
        1.0
    } else {
        ln_t_tails(t, df).0.lower()
    }
}

/// P(T > t) for Student's t with df > 0 degrees of freedom (infinite: normal).
pub fn t_sf(t: f64, df: f64) -> f64 {
    if df == f64::INFINITY {
        return normal_sf(t);
    }
    let tail = 0.5 * t_two_sided(t, df);
    if t < 0.0 { 1.0 - tail } else { tail }
}

/// P(T ≤ t) for Student's t with df > 0 degrees of freedom (infinite: normal).
pub fn t_cdf(t: f64, df: f64) -> f64 {
    if df == f64::INFINITY {
        return normal_cdf(t);
    }
    t_sf(-t, df)
}

/// The t with P(T ≤ t) = p. Infinite at 0 and 1.
pub fn t_quantile(p: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || df.is_nan() || df <= 0.0 {
        f64::NAN
    } else if df.is_infinite() {
        normal_quantile(p)
    } else if p < 0.3 {
        -t_tail_quantile(p, df)
    } else if p <= 0.7 {
        t_centre_quantile(p - 0.5, df)
    } else {
        t_tail_quantile(1.0 - p, df)
    }
}

/// The t with P(T > t) = p. Infinite at 0 and 1.
pub fn t_isf(p: f64, df: f64) -> f64 {
    -t_quantile(p, df)
}

/// The t > 0 with P(T > t) = q, q < 0.3.
fn t_tail_quantile(q: f64, df: f64) -> f64 {
    if q == 0.0 {
        return f64::INFINITY;
    }
    let ln_target = q.ln() + std::f64::consts::LN_2;
    newton_ln(normal_isf(q), |t| {
        let (tails, ln_slope) = ln_t_tails(t, df);
        let ln_tail = tails.ln_lower();
        (ln_tail - ln_target, -(ln_slope - ln_tail).exp())
    })
}

/// The t with P(0 < T < t) = d, |d| ≤ 0.2.
fn t_centre_quantile(d: f64, df: f64) -> f64 {
    if d == 0.0 {
        return 0.0;
    }
    let ln_target = (2.0 * d.abs()).ln();
    let t = newton_ln(normal_quantile(0.5 + d.abs()).max(d.abs()), |t| {
        let (tails, ln_slope) = ln_t_tails(t, df);
        let ln_centre = tails.ln_upper();
        (ln_centre - ln_target, (ln_slope - ln_centre).exp())
    });
    t.copysign(d)
}

/// Tails of F at 0 < f < ∞, lower meaning P(F > f), and ln of their derivative to ln f.
fn ln_f_tails(f: f64, d1: f64, d2: f64) -> (Tails, f64) {
    let (a, b) = (0.5 * d2, 0.5 * d1);
    let ratio = d1 / d2;
    if f > FAR / ratio || f < 1.0 / (FAR * ratio) {
        let above = f > 1.0 / ratio;
        let ln_r = ratio.ln() + f.ln();
        let (ln_direct, power) = if above {
            (ln_far_tail(a, b, ln_r), a)
        } else {
            (ln_far_tail(b, a, -ln_r), b)
        };
        let tails = Tails {
            ln_direct,
            direct_is_lower: above,
        };
        return (tails, ln_direct + power.ln());
    }
    let sum = d2 + d1 * f;
    let at = Point {
        x: d2 / sum,
        y: d1 * f / sum,
        lambda: b * (1.0 - f) * (d2 / sum),
    };
    (tails(a, b, at), ln_weight(a, b, at))
}

/// P(F > f) for the F distribution with d1 and d2 degrees of freedom; 1 for f ≤ 0.
///
/// # Formula
/// I_x(d2/2, d1/2) at x = d2/(d2 + d1·f) (Abramowitz & Stegun 26.6.2).
pub fn f_sf(f: f64, d1: f64, d2: f64) -> f64 {
    if f.is_nan() || !valid_shapes(d1, d2) {
        f64::NAN
    } else if f <= 0.0 {
        1.0
    } else if f.is_infinite() {
        0.0
    } else {
        ln_f_tails(f, d1, d2).0.lower()
    }
}

/// P(F ≤ f) for the F distribution with d1 and d2 degrees of freedom; 0 for f ≤ 0.
pub fn f_cdf(f: f64, d1: f64, d2: f64) -> f64 {
    if f.is_nan() || !valid_shapes(d1, d2) {
        f64::NAN
    } else if f <= 0.0 {
        0.0
    } else if f.is_infinite() {
        1.0
    } else {
        ln_f_tails(f, d1, d2).0.upper()
    }
}

/// The f with P(F > f) = p.
pub fn f_isf(p: f64, d1: f64, d2: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || !valid_shapes(d1, d2) {
        f64::NAN
    } else if p == 0.0 {
        f64::INFINITY
    } else if p == 1.0 {
        0.0
    } else {
        let upper = p <= 0.5;
        let ln_target = if upper { p.ln() } else { (1.0 - p).ln() };
        newton_ln(1.0, |f| {
            let (tails, ln_slope) = ln_f_tails(f, d1, d2);
            let (ln_tail, sign) = if upper {
                (tails.ln_lower(), -1.0)
            } else {
                (tails.ln_upper(), 1.0)
            };
            (ln_tail - ln_target, sign * (ln_slope - ln_tail).exp())
        })
    }
}
