//! The shape of a variable of which only mean and standard deviation are printed.

/// Probabilities of whole numbers in order, with the given mean and standard deviation and
/// otherwise as even as possible.
///
/// # Formula
/// The distribution of greatest entropy with two given moments on a finite support:
/// p(x) ∝ exp(ax + bx²) (Jaynes 1957, *Physical Review* 106, eq. 2-10), with a and b from
/// the convex dual by damped Newton steps.
///
/// # Edge cases
/// Moments that no distribution on `support` has give the nearest that the steps reach.
pub fn greatest_entropy(support: &[i64], mean: f64, sd: f64) -> Vec<f64> {
    let scale = sd.max(0.05);
    let z: Vec<f64> = support.iter().map(|&x| (x as f64 - mean) / scale).collect();
    // in units of z the moments are 0 and (sd/scale)²
    let wanted = [0.0, (sd / scale).powi(2)];
    let mut at = [0.0, -0.5];
    let mut now = Dual::at(&z, at, wanted);
    for _ in 0..200 {
        if now.gradient.iter().all(|g| g.abs() < 1e-10) {
            break;
        }
        let Some(step) = now.newton() else { break };
        let mut length = 1.0;
        loop {
            let next_at = [at[0] - length * step[0], at[1] - length * step[1]];
            let next = Dual::at(&z, next_at, wanted);
            if next.value < now.value {
                (at, now) = (next_at, next);
                break;
            }
            length /= 2.0;
            if length < 1e-9 {
                return now.probabilities;
            }
        }
    }
    now.probabilities
}

struct Dual {
    value: f64,
    gradient: [f64; 2],
    hessian: [f64; 3],
    probabilities: Vec<f64>,
}

impl Dual {
    /// log Σ exp(az + bz²) − a·m₁ − b·m₂, its gradient and Hessian.
    fn at(z: &[f64], [a, b]: [f64; 2], wanted: [f64; 2]) -> Dual {
        let exponents: Vec<f64> = z.iter().map(|z| a * z + b * z * z).collect();
        let top = exponents.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = exponents.iter().map(|e| (e - top).exp()).collect();
        let total: f64 = weights.iter().sum();
        let probabilities: Vec<f64> = weights.iter().map(|w| w / total).collect();
        let moment = |power: i32| -> f64 {
            let each = z.iter().zip(&probabilities);
            each.map(|(z, p)| p * z.powi(power)).sum()
        };
        let [m1, m2, m3, m4] = [1, 2, 3, 4].map(moment);
        Dual {
            value: top + total.ln() - a * wanted[0] - b * wanted[1],
            gradient: [m1 - wanted[0], m2 - wanted[1]],
            hessian: [m2 - m1 * m1, m3 - m1 * m2, m4 - m2 * m2],
            probabilities,
        }
    }

    fn newton(&self) -> Option<[f64; 2]> {
        let [aa, ab, bb] = self.hessian;
        let [ga, gb] = self.gradient;
        // a ridge keeps a flat dual (a single value, two values) solvable
        let (aa, bb) = (aa + 1e-12, bb + 1e-12);
        let determinant = aa * bb - ab * ab;
        let step = [
            (bb * ga - ab * gb) / determinant,
            (aa * gb - ab * ga) / determinant,
        ];
        step.iter().all(|s| s.is_finite()).then_some(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_out() {
        for (low, high, mean, sd) in [(18, 66, 45.2, 11.0), (1, 40, 9.5, 7.25), (0, 3, 0.15, 0.4)] {
            let support: Vec<i64> = (low..=high).collect();
            let p = greatest_entropy(&support, mean, sd);
            let sum = |f: &dyn Fn(f64) -> f64| -> f64 {
                support.iter().zip(&p).map(|(&x, p)| p * f(x as f64)).sum()
            };
            assert!((sum(&|x| x) - mean).abs() < 1e-6);
            assert!((sum(&|x| (x - mean).powi(2)).sqrt() - sd).abs() < 1e-6);
        }
    }
}
