//! What the distributions share: Stirling's error, deviance parts, the quadrature.

/// ln √(2π).
pub(super) const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;

/// A distribution function as the logarithm of the tail that was computed directly;
/// the other tail is its complement and never small.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tails {
    pub ln_direct: f64,
    pub direct_is_lower: bool,
}

impl Tails {
    pub fn lower(self) -> f64 {
        self.side(self.direct_is_lower)
    }

    pub fn upper(self) -> f64 {
        self.side(!self.direct_is_lower)
    }

    pub fn ln_lower(self) -> f64 {
        self.ln_side(self.direct_is_lower)
    }

    pub fn ln_upper(self) -> f64 {
        self.ln_side(!self.direct_is_lower)
    }

    fn side(self, direct: bool) -> f64 {
        if direct {
            self.ln_direct.exp().min(1.0)
        } else {
            (-self.ln_direct.exp_m1()).clamp(0.0, 1.0)
        }
    }

    fn ln_side(self, direct: bool) -> f64 {
        if direct {
            self.ln_direct
        } else {
            (-self.ln_direct.exp()).ln_1p()
        }
    }
}

/// ln(1+z) − z without cancellation near 0.
///
/// With s = z/(2+z): ln(1+z) = 2 artanh s and 2s − z = −zs (Abramowitz & Stegun 4.1.27).
pub(super) fn ln_1p_minus(z: f64) -> f64 {
    if !(-0.4..=0.5).contains(&z) {
        return z.ln_1p() - z;
    }
    let s = z / (2.0 + z);
    let s2 = s * s;
    let mut sum = 0.0;
    let mut power = 1.0;
    let mut k = 3.0;
    loop {
        let term = power / k;
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
        power *= s2;
        k += 2.0;
    }
    2.0 * s * s2 * sum - z * s
}

/// w + exp(−w) − 1 without cancellation near 0, for w ≥ 0.
pub(super) fn exp_minus_tangent(w: f64) -> f64 {
    if w > 0.5 {
        return w + (-w).exp_m1();
    }
    let mut term = 0.5 * w * w;
    let mut sum = term;
    let mut k = 3.0;
    while term.abs() > 1e-18 * sum {
        term *= -w / k;
        sum += term;
        k += 1.0;
    }
    sum
}

/// Loader's deviance part: k ln(k/m) + m − k, from k, m and their difference m − k.
///
/// The difference is passed separately because the caller knows it more exactly than
/// the subtraction would.
pub fn deviance_part(k: f64, m: f64, m_minus_k: f64) -> f64 {
    if k == 0.0 {
        return m;
    }
    let delta = m_minus_k / k;
    if (-0.4..=0.5).contains(&delta) {
        -k * ln_1p_minus(delta)
    } else {
        k * (k / m).ln() + m_minus_k
    }
}

/// Stirling's error: ln Γ(a) − [(a − ½) ln a − a + ln √(2π)], for a > 0.
///
/// Series of DLMF 5.11.1 for a ≥ 15, recurrence below.
pub(super) fn stirling_error(a: f64) -> f64 {
    let mut shift = 0.0;
    let mut z = a;
    while z < 15.0 {
        shift += (z + 0.5) * (1.0 / z).ln_1p() - 1.0;
        z += 1.0;
    }
    let r = 1.0 / (z * z);
    let series = (1.0 / 12.0
        - r * (1.0 / 360.0
            - r * (1.0 / 1260.0
                - r * (1.0 / 1680.0
                    - r * (1.0 / 1188.0 - r * (691.0 / 360_360.0 - r * (1.0 / 156.0)))))))
        / z;
    series + shift
}

/// ζ(k) − 1 for k = 2, 3, … (DLMF 25.6; printed by mpmath 1.3).
const ZETA_MINUS_ONE: [f64; 29] = [
    0.6449340668482264,
    0.2020569031595943,
    0.08232323371113819,
    0.03692775514336993,
    0.01734306198444914,
    0.008349277381922827,
    0.00407735619794434,
    0.0020083928260822143,
    0.0009945751278180853,
    0.0004941886041194645,
    0.0002460865533080483,
    0.00012271334757848915,
    6.124813505870483e-05,
    3.058823630702049e-05,
    1.528225940865187e-05,
    7.637197637899763e-06,
    3.81729326499984e-06,
    1.908212716553939e-06,
    9.539620338727962e-07,
    4.769329867878064e-07,
    2.38450502727733e-07,
    1.1921992596531106e-07,
    5.960818905125948e-08,
    2.980350351465228e-08,
    1.4901554828365043e-08,
    7.45071178983543e-09,
    3.725334024788457e-09,
    1.862659723513049e-09,
    9.313274324196682e-10,
];

/// Euler's constant subtracted from 1.
const ONE_MINUS_EULER: f64 = 0.422_784_335_098_467_14;

/// Natural logarithm of Γ(x) for x > 0; NaN otherwise, infinite at infinity.
///
/// # Formula
/// Stirling's series (DLMF 5.11.1); between 0.5 and 2.5, where ln Γ has its zeros, the
/// Taylor series with ζ(k) − 1 (DLMF 5.7.3), so the relative error stays small there too.
pub fn ln_gamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    if x.is_infinite() {
        return f64::INFINITY;
    }
    if x < 0.5 {
        return ln_gamma(x + 1.0) - x.ln();
    }
    if x <= 1.5 {
        let z = x - 1.0;
        return ln_gamma_two_plus(z) - z.ln_1p();
    }
    if x <= 2.5 {
        return ln_gamma_two_plus(x - 2.0);
    }
    (x - 0.5) * x.ln() - x + LN_SQRT_2PI + stirling_error(x)
}

/// ln Γ(2 + z) for |z| ≤ ½.
fn ln_gamma_two_plus(z: f64) -> f64 {
    let mut sum = z * ONE_MINUS_EULER;
    let mut power = -z;
    for (i, zeta) in ZETA_MINUS_ONE.iter().enumerate() {
        power *= -z;
        sum += zeta * power / (i as f64 + 2.0);
    }
    sum
}

/// Γ(a) / (√a · Γ(a − ½)) for a > ½: the small-sample correction of a standardised
/// mean difference with 2a degrees of freedom (Hedges 1981, eq. 6e); tends to 1.
pub fn gamma_half_ratio(a: f64) -> f64 {
    if a.is_nan() || a <= 0.5 {
        return f64::NAN;
    }
    if a.is_infinite() {
        return 1.0;
    }
    if a < 2.0 {
        return (ln_gamma(a) - ln_gamma(a - 0.5)).exp() / a.sqrt();
    }
    let leading = -(a - 1.0) * (-0.5 / a).ln_1p() - 0.5;
    (leading + stirling_error(a) - stirling_error(a - 0.5)).exp()
}

/// ∫₀^∞ exp(−h(w)) dw for smooth increasing h with h(0) = 0, at scale `length`
/// (where h is about 1).
///
/// Trapezoidal rule after w = length · exp(y − exp(−y)) (Takahasi & Mori 1974, §5). Step
/// 0.1 makes the discretisation error about exp(−49) for integrands between an exponential
/// and a Gaussian.
pub(super) fn integrate_decay(length: f64, h: impl Fn(f64) -> f64) -> f64 {
    const STEP: f64 = 0.1;
    const FIRST: i32 = -37;
    const LAST: i32 = 100;
    let mut sum = 0.0;
    for i in FIRST..LAST {
        let y = f64::from(i) * STEP;
        let e = (-y).exp();
        let w = (y - e).exp();
        let term = (-h(length * w)).exp() * w * (1.0 + e);
        sum += term;
        if i > 0 && term < 1e-18 * sum {
            break;
        }
    }
    sum * STEP * length
}

/// The root of an increasing or decreasing concave function of ln x, by Newton's method.
///
/// `f(x)` returns ln tail(x) − ln target and its derivative with respect to ln x. On a
/// concave function the steps reach the root from any start; the cap on the number of
/// steps is never met there and only ends the work for arguments at the limits of f64.
pub(super) fn newton_ln(start: f64, f: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut x = start;
    let mut previous = f64::INFINITY;
    for _ in 0..200 {
        let (value, slope) = f(x);
        let step = -value / slope;
        if !step.is_finite() {
            return x;
        }
        // A concave function only ever overshoots: shorter steps still arrive.
        x *= step.clamp(-100.0, 100.0).exp();
        // Below the noise of f the steps no longer shrink.
        if step.abs() < 1e-15 || (step.abs() < 1e-11 && step.abs() >= previous) {
            break;
        }
        previous = step.abs();
    }
    x
}

/// The product a·b as a rounded value and its exact rounding error.
pub(super) fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, a.mul_add(b, -product))
}

/// The sum a+b as a rounded value and its exact rounding error (Knuth's TwoSum).
pub(super) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_part = sum - a;
    (sum, (a - (sum - b_part)) + (b - b_part))
}
