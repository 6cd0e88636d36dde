//! The binomial and hypergeometric distributions.

use super::beta::{Point, tails};
use super::special::{LN_SQRT_2PI, deviance_part, stirling_error};

/// ln of the number of ways to choose k from n; −∞ for k > n.
pub fn ln_choose(n: u64, k: u64) -> f64 {
    if k > n {
        return f64::NEG_INFINITY;
    }
    let k = k.min(n - k);
    if k == 0 {
        return 0.0;
    }
    if k <= 30 {
        // Few factors: a product is exact enough and has no cancellation.
        let product: f64 = (1..=k).map(|i| (n - k + i) as f64 / i as f64).product();
        if product.is_finite() {
            return product.ln();
        }
    }
    // C(n, k) = b(k; n, k/n) / (p^k q^(n−k)), where the binomial's deviance is 0.
    let (n, k) = (n as f64, k as f64);
    let rest = n - k;
    let entropy = k * (n / k).ln() + rest * (k / rest).ln_1p();
    entropy - 0.5 * (k * (rest / n)).ln() - LN_SQRT_2PI + stirling_error(n)
        - stirling_error(k)
        - stirling_error(rest)
}

/// ln b(k; n, p) for 0 < p < 1 (Loader 2000, eq. 3–6).
fn ln_binomial(k: f64, n: f64, p: f64) -> f64 {
    let q = 1.0 - p;
    if k == 0.0 {
        return n * (-p).ln_1p();
    }
    if k == n {
        return n * p.ln();
    }
    let rest = n - k;
    let excess = n.mul_add(p, -k);
    let deviance = deviance_part(k, n * p, excess) + deviance_part(rest, n * q, -excess);
    stirling_error(n)
        - stirling_error(k)
        - stirling_error(rest)
        - deviance
        - 0.5 * (k * (rest / n)).ln()
        - LN_SQRT_2PI
}

/// P(X = k) for X ~ Binomial(n, p).
pub fn binomial_pmf(k: u64, n: u64, p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if k > n {
        0.0
    } else if p == 0.0 {
        f64::from(u8::from(k == 0))
    } else if p == 1.0 {
        f64::from(u8::from(k == n))
    } else {
        ln_binomial(k as f64, n as f64, p).exp()
    }
}

/// P(X ≤ k) for X ~ Binomial(n, p): I_{1−p}(n − k, k + 1) (DLMF 8.17.5).
pub fn binomial_cdf(k: u64, n: u64, p: f64) -> f64 {
    match binomial_edge(k, n, p) {
        Some(cdf) => cdf,
        None => tails((n - k) as f64, k as f64 + 1.0, binomial_point(k, n, p)).lower(),
    }
}

/// P(X > k) for X ~ Binomial(n, p).
pub fn binomial_sf(k: u64, n: u64, p: f64) -> f64 {
    match binomial_edge(k, n, p) {
        Some(cdf) => 1.0 - cdf,
        None => tails((n - k) as f64, k as f64 + 1.0, binomial_point(k, n, p)).upper(),
    }
}

fn binomial_edge(k: u64, n: u64, p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        Some(f64::NAN)
    } else if k >= n || p == 0.0 {
        Some(1.0)
    } else if p == 1.0 {
        Some(0.0)
    } else {
        None
    }
}

fn binomial_point(k: u64, n: u64, p: f64) -> Point {
    Point {
        x: 1.0 - p,
        y: p,
        // (k+1)(1−p) − (n−k)p, rounded once.
        lambda: (-(n as f64 + 1.0)).mul_add(p, k as f64 + 1.0),
    }
}

/// The smallest k with P(X ≤ k) ≥ prob for X ~ Binomial(n, p); absent for invalid arguments.
pub fn binomial_quantile(prob: f64, n: u64, p: f64) -> Option<u64> {
    if !(0.0..=1.0).contains(&prob) || !(0.0..=1.0).contains(&p) {
        return None;
    }
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low + (high - low) / 2;
        let reached = if prob > 0.5 {
            binomial_sf(middle, n, p) <= 1.0 - prob
        } else {
            binomial_cdf(middle, n, p) >= prob
        };
        if reached {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

/// The smallest and largest k that can be drawn; absent when draws exceed the population.
fn hypergeometric_support(successes: u64, population: u64, draws: u64) -> Option<(u64, u64)> {
    if successes > population || draws > population {
        return None;
    }
    let low = draws.saturating_sub(population - successes);
    Some((low, successes.min(draws)))
}

/// P(X = k): k successes among `draws` without replacement from `population` people of
/// whom `successes` are successes. NaN when successes or draws exceed the population.
///
/// # Formula
/// A ratio of three binomial probabilities with the same p (Loader 2000, §5).
pub fn hypergeometric_pmf(k: u64, successes: u64, population: u64, draws: u64) -> f64 {
    let Some((low, high)) = hypergeometric_support(successes, population, draws) else {
        return f64::NAN;
    };
    if k < low || k > high {
        return 0.0;
    }
    if low == high {
        return 1.0;
    }
    let failures = population - successes;
    let p = draws as f64 / population as f64;
    let ln = ln_binomial(k as f64, successes as f64, p)
        + ln_binomial((draws - k) as f64, failures as f64, p)
        - ln_binomial(draws as f64, population as f64, p);
    ln.exp().min(1.0)
}

/// P(X ≤ k) of the hypergeometric distribution; arguments as for [`hypergeometric_pmf`].
pub fn hypergeometric_cdf(k: u64, successes: u64, population: u64, draws: u64) -> f64 {
    hypergeometric_tails(k, successes, population, draws).0
}

/// P(X > k) of the hypergeometric distribution; arguments as for [`hypergeometric_pmf`].
pub fn hypergeometric_sf(k: u64, successes: u64, population: u64, draws: u64) -> f64 {
    hypergeometric_tails(k, successes, population, draws).1
}

/// (P(X ≤ k), P(X > k)): the tail away from the mean is summed term by term, the other
/// is its complement.
fn hypergeometric_tails(k: u64, successes: u64, population: u64, draws: u64) -> (f64, f64) {
    let Some((low, high)) = hypergeometric_support(successes, population, draws) else {
        return (f64::NAN, f64::NAN);
    };
    if k < low {
        return (0.0, 1.0);
    }
    if k >= high {
        return (1.0, 0.0);
    }
    let mean = draws as f64 * (successes as f64 / population as f64);
    let (s, d) = (successes as f64, draws as f64);
    let others = (population - successes) as f64 - d;
    // P(i+1)/P(i) = (s−i)(d−i) / ((i+1)(failures−d+i+1)).
    let sum_from = |start: u64, up: bool| {
        let mut term = 1.0;
        let mut sum = 1.0;
        let mut i = start;
        while term > 1e-18 * sum && if up { i < high } else { i > low } {
            if up {
                let x = i as f64;
                term *= (s - x) * (d - x) / ((x + 1.0) * (others + x + 1.0));
                i += 1;
            } else {
                let x = i as f64;
                term *= x * (others + x) / ((s - x + 1.0) * (d - x + 1.0));
                i -= 1;
            }
            sum += term;
        }
        (sum * hypergeometric_pmf(start, successes, population, draws)).min(1.0)
    };
    if (k as f64) < mean {
        let lower = sum_from(k, false);
        (lower, 1.0 - lower)
    } else {
        let upper = sum_from(k + 1, true);
        (1.0 - upper, upper)
    }
}
