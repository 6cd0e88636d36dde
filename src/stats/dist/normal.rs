//! The standard normal distribution.

use super::special::LN_SQRT_2PI;

/// From here outward the tail is a continued fraction, below it a series from the centre.
const SPLIT: f64 = 2.5;

/// P(Z ≤ x) for a standard normal Z.
pub fn normal_cdf(x: f64) -> f64 {
    normal_sf(-x)
}

/// P(Z > x) for a standard normal Z.
///
/// # Formula
/// φ(x) times Mills' ratio, as a continued fraction (DLMF 7.9.3) for x ≥ 2.5; ½ ∓ the
/// central series (DLMF 7.6.2) nearer to 0.
pub fn normal_sf(x: f64) -> f64 {
    if x >= SPLIT {
        density(x) * mills(x)
    } else if x > -SPLIT {
        0.5 - centre(x)
    } else if x <= -SPLIT {
        1.0 - normal_sf(-x)
    } else {
        f64::NAN
    }
}

/// P(|Z| > |x|) for a standard normal Z.
pub fn normal_two_sided(x: f64) -> f64 {
    2.0 * normal_sf(x.abs())
}

/// The x with P(Z ≤ x) = p. Infinite at 0 and 1.
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if p < 0.3 {
        -tail_quantile(p)
    } else if p <= 0.7 {
        centre_quantile(p - 0.5)
    } else {
        tail_quantile(1.0 - p)
    }
}

/// The x with P(Z > x) = p. Infinite at 0 and 1.
pub fn normal_isf(p: f64) -> f64 {
    -normal_quantile(p)
}

/// φ(x), with x² carried to twice the working precision.
fn density(x: f64) -> f64 {
    let square = x * x;
    let error = x.mul_add(x, -square);
    (-0.5 * square - LN_SQRT_2PI).exp() * (1.0 - 0.5 * error)
}

/// P(Z > x)/φ(x) for x ≥ 2.5: 1/(x+1/(x+2/(x+3/(x+…)))).
fn mills(x: f64) -> f64 {
    // The error falls like exp(−c·x√n); this depth leaves 1e-17.
    let depth = (500.0 / (x * x)).ceil() + 10.0;
    let mut fraction = x;
    let mut n = depth;
    while n >= 1.0 {
        fraction = x + n / fraction;
        n -= 1.0;
    }
    1.0 / fraction
}

/// P(0 < Z < x), odd in x: φ(x)·(x + x³/3 + x⁵/15 + …).
fn centre(x: f64) -> f64 {
    let square = x * x;
    let mut term = x;
    let mut sum = x;
    let mut k = 3.0;
    while term.abs() > 1e-17 * sum.abs() {
        term *= square / k;
        sum += term;
        k += 2.0;
    }
    density(x) * sum
}

/// The x > 0 with P(Z > x) = q, for q < 0.3.
fn tail_quantile(q: f64) -> f64 {
    if q == 0.0 {
        return f64::INFINITY;
    }
    let ln_q = q.ln();
    // Start: Abramowitz & Stegun 26.2.23, |error| < 4.5e-4.
    let t = (-2.0 * ln_q).sqrt();
    let mut x = t
        - (2.515_517 + t * (0.802_853 + t * 0.010_328))
            / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    for _ in 0..8 {
        let ratio = if x >= SPLIT {
            mills(x)
        } else {
            (0.5 - centre(x)) / density(x)
        };
        let ln_tail = -0.5 * x * x - LN_SQRT_2PI + ratio.ln();
        let step = (ln_tail - ln_q) * ratio;
        x += step;
        if step.abs() < 1e-15 * x {
            break;
        }
    }
    x
}

/// The x with P(0 < Z < x) = d, for |d| ≤ 0.2.
fn centre_quantile(d: f64) -> f64 {
    let mut x = d / density(0.0);
    for _ in 0..20 {
        let step = (centre(x) - d) / density(x);
        x -= step;
        if step.abs() <= 1e-16 * x.abs() {
            break;
        }
    }
    x
}
