//! Counts, means and sums of squares, in one pass over memory and stable to the last digits.

use rayon::prelude::*;

use crate::error::{Error, Result};

/// Rows per block. Blocks are summed on their own and merged in a fixed tree, so the
/// result is the same to the bit for any number of threads.
const BLOCK: usize = 1024;

/// Count, mean and sum of squared deviations of a sample.
///
/// The mean is kept as a rounded value and the remainder lost by rounding it, so that
/// differences between means hold their digits where the values share many leading ones.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    pub n: u64,
    pub mean: f64,
    /// What has to be added to `mean` for the exact mean; below half a unit of its last digit.
    pub mean_rest: f64,
    /// Σ(x − mean)².
    pub m2: f64,
}

impl Moments {
    /// Moments of the values that are not NaN. Linear time, parallel over blocks.
    pub fn from_slice(values: &[f64]) -> Moments {
        let blocks: Vec<Moments> = values.par_chunks(BLOCK).map(block).collect();
        merge_tree(&blocks, |a, b| a.merge(*b)).unwrap_or_default()
    }

    /// Moments of values that occur a number of times each (a printed distribution, a
    /// binary outcome).
    pub fn from_counts(counts: &[(f64, u64)]) -> Moments {
        let parts: Vec<Moments> = counts
            .iter()
            .map(|&(value, n)| Moments {
                n,
                mean: value,
                mean_rest: 0.0,
                m2: 0.0,
            })
            .collect();
        merge_tree(&parts, |a, b| a.merge(*b)).unwrap_or_default()
    }

    /// Moments from a printed n, mean and standard deviation.
    ///
    /// # Errors
    /// None when a number is not finite, the standard deviation is negative, or it is not
    /// zero with fewer than two values.
    pub fn from_summary(n: u64, mean: f64, sd: f64) -> Option<Moments> {
        let possible = mean.is_finite() && sd.is_finite() && sd >= 0.0 && (n >= 2 || sd == 0.0);
        possible.then(|| Moments {
            n,
            mean,
            mean_rest: 0.0,
            m2: sd * sd * n.saturating_sub(1) as f64,
        })
    }

    /// The moments of both samples together.
    ///
    /// # Formula
    /// Chan, Golub & LeVeque (1983), eq. 1.5: the squared difference of the means times
    /// n_a·n_b/n is what the sums of squares lack.
    #[must_use]
    pub fn merge(self, other: Moments) -> Moments {
        if self.n == 0 {
            return other;
        }
        if other.n == 0 {
            return self;
        }
        let n = self.n.saturating_add(other.n);
        let share = other.n as f64 / n as f64;
        let difference = other.mean_minus(&self);
        let (mean, mean_rest) = add_exactly(self.mean, difference * share + self.mean_rest);
        Moments {
            n,
            mean,
            mean_rest,
            m2: self.m2 + other.m2 + difference * difference * (self.n as f64 * share),
        }
    }

    /// The difference of two means, with the remainders.
    pub fn mean_minus(&self, other: &Moments) -> f64 {
        (self.mean - other.mean) + (self.mean_rest - other.mean_rest)
    }

    /// The mean; absent without values, or when it overflows.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0 && self.mean.is_finite()).then_some(self.mean)
    }

    /// The sample variance m2/(n − 1); absent for n < 2, or when it overflows.
    pub fn variance(&self) -> Option<f64> {
        let variance = self.m2 / (self.n.checked_sub(1)? as f64);
        (self.n >= 2 && variance.is_finite()).then_some(variance)
    }

    /// The sample standard deviation; absent for n < 2, or when it overflows.
    pub fn sd(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }
}

/// a + b as a rounded value and what rounding lost.
fn add_exactly(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_part = sum - a;
    (sum, (a - (sum - b_part)) + (b - b_part))
}

/// Merges neighbours two by two until one is left: an order that depends on the number of
/// parts only, and rounding errors that grow with its logarithm.
fn merge_tree<T: Clone>(parts: &[T], merge: impl Fn(&T, &T) -> T) -> Option<T> {
    let mut level = parts.to_vec();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [a, b] => merge(a, b),
                rest => rest[0].clone(),
            })
            .collect();
    }
    level.pop()
}

/// The moments of one block, about its first value: Σ(x − first) keeps the digits that
/// Σx would lose. A second pass takes deviations from the mean, and corrects both for the
/// rounding of that mean (Chan, Golub & LeVeque 1983, eq. 1.7).
fn block(values: &[f64]) -> Moments {
    let valid = || values.iter().copied().filter(|x| !x.is_nan());
    let Some(first) = valid().next() else {
        return Moments::default();
    };
    let (mut n, mut sum) = (0_u64, 0.0);
    for x in valid() {
        n += 1;
        sum += x - first;
    }
    let centre = first + sum / n as f64;
    let (mut deviations, mut squares) = (0.0, 0.0);
    for x in valid() {
        let d = x - centre;
        deviations += d;
        squares += d * d;
    }
    finish(n, centre, deviations, squares)
}

fn finish(n: u64, centre: f64, deviations: f64, squares: f64) -> Moments {
    let correction = deviations / n as f64;
    let (mean, mean_rest) = add_exactly(centre, correction);
    let m2 = squares - deviations * correction;
    Moments {
        n,
        mean,
        mean_rest,
        // Infinite values, or overflow, must not look like a sample without spread.
        m2: if m2.is_finite() && mean.is_finite() {
            m2.max(0.0)
        } else {
            f64::INFINITY
        },
    }
}

/// One arm's moments, with the number of its missing values.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ArmMoments {
    pub moments: Moments,
    pub missing: u64,
}

impl ArmMoments {
    fn merge(&self, other: &ArmMoments) -> ArmMoments {
        ArmMoments {
            moments: self.moments.merge(other.moments),
            missing: self.missing + other.missing,
        }
    }
}

/// The moments of a column within each arm. `codes[i]` is the arm of row i; a code of
/// `arms` or above (`u32::MAX` by custom) leaves the row out. NaN counts as missing.
///
/// Linear time, parallel over blocks, the same to the bit for any number of threads.
///
/// # Errors
/// An internal error when the columns differ in length.
pub fn moments_by_arm(values: &[f64], codes: &[u32], arms: usize) -> Result<Vec<ArmMoments>> {
    transformed_moments_by_arm(values, codes, arms, |_, x| x)
}

/// [`moments_by_arm`] of `transform(arm, value)`, without making the transformed column.
/// The transform must keep NaN.
///
/// # Errors
/// An internal error when the columns differ in length.
pub fn transformed_moments_by_arm(
    values: &[f64],
    codes: &[u32],
    arms: usize,
    transform: impl Fn(usize, f64) -> f64 + Sync,
) -> Result<Vec<ArmMoments>> {
    if values.len() != codes.len() {
        return Err(Error::internal(format!(
            "a column of {} values was given {} arm codes",
            values.len(),
            codes.len()
        )));
    }
    let blocks: Vec<Vec<ArmMoments>> = values
        .par_chunks(BLOCK)
        .zip(codes.par_chunks(BLOCK))
        .map(|(values, codes)| block_by_arm(values, codes, arms, &transform))
        .collect();
    let merged = merge_tree(&blocks, |a, b| {
        a.iter().zip(b).map(|(a, b)| a.merge(b)).collect()
    });
    Ok(merged.unwrap_or_else(|| vec![ArmMoments::default(); arms]))
}

/// What one arm gathers while its block is read: first the sum about its first value, then
/// the deviations from its mean.
#[derive(Clone, Copy, Default)]
struct Gathered {
    n: u64,
    missing: u64,
    first: f64,
    sum: f64,
    deviations: f64,
    squares: f64,
}

fn block_by_arm(
    values: &[f64],
    codes: &[u32],
    arms: usize,
    transform: &impl Fn(usize, f64) -> f64,
) -> Vec<ArmMoments> {
    let mut gathered = vec![Gathered::default(); arms];
    for (&x, &code) in values.iter().zip(codes) {
        let Some(arm) = gathered.get_mut(code as usize) else {
            continue;
        };
        let x = transform(code as usize, x);
        if x.is_nan() {
            arm.missing += 1;
            continue;
        }
        if arm.n == 0 {
            arm.first = x;
        }
        arm.n += 1;
        arm.sum += x - arm.first;
    }
    for arm in &mut gathered {
        if arm.n > 0 {
            arm.first += arm.sum / arm.n as f64;
        }
    }
    for (&x, &code) in values.iter().zip(codes) {
        let Some(arm) = gathered.get_mut(code as usize) else {
            continue;
        };
        let d = transform(code as usize, x) - arm.first;
        if !d.is_nan() {
            arm.deviations += d;
            arm.squares += d * d;
        }
    }
    gathered
        .iter()
        .map(|arm| ArmMoments {
            moments: if arm.n == 0 {
                Moments::default()
            } else {
                finish(arm.n, arm.first, arm.deviations, arm.squares)
            },
            missing: arm.missing,
        })
        .collect()
}
