//! Comparing the means and the spreads of a numeric outcome between arms.

use crate::error::Result as FipResult;
use crate::results::{Estimate, TestName, TestResult};

use super::degenerate::Degenerate;
use super::dist;
use super::infer::{Level, infer};
use super::sample::{ArmMoments, Moments, moments_by_arm, transformed_moments_by_arm};

/// A difference in means, treated minus control, with its test.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanComparison {
    pub test: TestResult,
    pub estimate: Estimate,
}

impl MeanComparison {
    fn new(test: TestName, difference: f64, std_error: f64, df: f64, level: Level) -> Self {
        let estimate = infer(difference, std_error, Some(df), level);
        MeanComparison {
            test: TestResult {
                test,
                statistic: estimate.statistic,
                df: estimate.df,
                df2: None,
                p_value: estimate.p_value,
            },
            estimate,
        }
    }
}

/// Welch's t-test for unequal variances, and the difference in means with its interval.
///
/// # Formula
/// se² = s₁²/n₁ + s₀²/n₀; df by Satterthwaite: se⁴/(v₁²/(n₁−1) + v₀²/(n₀−1)) with v = s²/n
/// (Welch 1947, eq. 28). The same numbers are Neyman's conservative standard error for
/// complete randomization (Imbens & Rubin 2015, eq. 6.17).
///
/// # Errors
/// `TooFew` below two values in an arm; `NoVariance` when the standard error is zero, or
/// no more than rounding noise beside the means (ten units in the last digit, as in R's
/// `t.test`); `NotFinite` on overflow.
pub fn welch_t(
    treated: &Moments,
    control: &Moments,
    level: Level,
) -> Result<MeanComparison, Degenerate> {
    let v1 = variance(treated)? / treated.n as f64;
    let v0 = variance(control)? / control.n as f64;
    let std_error = (v1 + v0).sqrt();
    check_spread(std_error, treated, control)?;
    let df = satterthwaite((v1, treated.n), (v0, control.n));
    let difference = treated.mean_minus(control);
    Ok(MeanComparison::new(
        TestName::WelchT,
        difference,
        std_error,
        df,
        level,
    ))
}

/// Student's t-test with a pooled variance, and the difference in means with its interval.
///
/// # Formula
/// se² = s²(1/n₁ + 1/n₀), s² = (m2₁ + m2₀)/(n₁ + n₀ − 2) (Student 1908; Fisher 1925).
///
/// # Errors
/// `TooFew` without values in an arm or below three in all (one arm may have a single
/// value, as in R); `NoVariance` and `NotFinite` as for [`welch_t`].
pub fn student_t(
    treated: &Moments,
    control: &Moments,
    level: Level,
) -> Result<MeanComparison, Degenerate> {
    let pooled = pooled_variance(treated, control)?;
    let df = (treated.n + control.n - 2) as f64;
    let std_error = (pooled * (1.0 / treated.n as f64 + 1.0 / control.n as f64)).sqrt();
    check_spread(std_error, treated, control)?;
    let difference = treated.mean_minus(control);
    Ok(MeanComparison::new(
        TestName::StudentT,
        difference,
        std_error,
        df,
        level,
    ))
}

/// The paired t-test: the mean of differences against zero (before and after within an arm).
///
/// # Errors
/// As for [`welch_t`].
pub fn paired_t(differences: &Moments, level: Level) -> Result<Estimate, Degenerate> {
    let std_error = (variance(differences)? / differences.n as f64).sqrt();
    check_spread(std_error, differences, differences)?;
    Ok(infer(
        differences.mean,
        std_error,
        Some((differences.n - 1) as f64),
        level,
    ))
}

/// (m2₁ + m2₀)/(n₁ + n₀ − 2).
///
/// # Errors
/// As for [`student_t`].
pub(super) fn pooled_variance(treated: &Moments, control: &Moments) -> Result<f64, Degenerate> {
    if treated.n == 0 || control.n == 0 || treated.n + control.n < 3 {
        return Err(Degenerate::TooFew);
    }
    let pooled = (treated.m2 + control.m2) / (treated.n + control.n - 2) as f64;
    finite(pooled)
}

/// Satterthwaite's degrees of freedom (v₁ + v₀)²/(v₁²/(n₁−1) + v₀²/(n₀−1)), from shares of
/// the variance, whose squares cannot under- or overflow.
pub(super) fn satterthwaite((v1, n1): (f64, u64), (v0, n0): (f64, u64)) -> f64 {
    let part = |v: f64, n: u64| (v / (v1 + v0)).powi(2) / (n - 1) as f64;
    1.0 / (part(v1, n1) + part(v0, n0))
}

fn variance(sample: &Moments) -> Result<f64, Degenerate> {
    if sample.n < 2 {
        return Err(Degenerate::TooFew);
    }
    sample.variance().ok_or(Degenerate::NotFinite)
}

fn finite(x: f64) -> Result<f64, Degenerate> {
    if x.is_finite() {
        Ok(x)
    } else {
        Err(Degenerate::NotFinite)
    }
}

fn check_spread(std_error: f64, treated: &Moments, control: &Moments) -> Result<(), Degenerate> {
    finite(treated.mean_minus(control))?;
    let noise = 10.0 * f64::EPSILON * treated.mean.abs().max(control.mean.abs());
    if std_error <= noise {
        return Err(Degenerate::NoVariance);
    }
    Ok(())
}

/// One-way analysis of variance from the arms' moments: F with (k − 1, N − k) degrees of
/// freedom. `test` names what the values are (Levene: absolute deviations).
///
/// Empty arms are left out. Grand mean and between-arm squares are taken about the first
/// arm's mean, so that shared leading digits cancel exactly.
///
/// # Errors
/// `OneLevel` with fewer than two arms that have values; `TooFew` when no degrees of
/// freedom are left; `NoVariance` when no arm has spread.
pub fn one_way_f(test: TestName, arms: &[Moments]) -> Result<TestResult, Degenerate> {
    let arms: Vec<&Moments> = arms.iter().filter(|arm| arm.n > 0).collect();
    let (Some(first), true) = (arms.first(), arms.len() >= 2) else {
        return Err(Degenerate::OneLevel);
    };
    let n: u64 = arms.iter().map(|arm| arm.n).sum();
    let k = arms.len() as u64;
    if n <= k {
        return Err(Degenerate::TooFew);
    }
    let shifted: Vec<f64> = arms.iter().map(|arm| arm.mean_minus(first)).collect();
    let grand = arms
        .iter()
        .zip(&shifted)
        .map(|(arm, mean)| arm.n as f64 * mean)
        .sum::<f64>()
        / n as f64;
    let between = arms
        .iter()
        .zip(&shifted)
        .map(|(arm, mean)| arm.n as f64 * (mean - grand) * (mean - grand))
        .sum::<f64>();
    let within: f64 = arms.iter().map(|arm| arm.m2).sum();
    let (df, df2) = ((k - 1) as f64, (n - k) as f64);
    if within <= 0.0 {
        return Err(Degenerate::NoVariance);
    }
    let statistic = finite((between / df) / (within / df2))?;
    Ok(TestResult {
        test,
        statistic: Some(statistic),
        df: Some(df),
        df2: Some(df2),
        p_value: Some(dist::f_sf(statistic, df, df2)),
    })
}

/// What the deviations in Levene's test are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Centre {
    /// Levene (1960), as SPSS prints it.
    Mean,
    /// Brown & Forsythe (1974), robust to skew; `car::leveneTest`'s default.
    Median,
}

/// Levene's test of equal spread: analysis of variance of |x − centre of its arm|.
///
/// `values` and `codes` as for [`moments_by_arm`]. The mean variant is linear and parallel;
/// the median variant selects within each arm.
///
/// # Errors
/// The outer error is internal (columns of different length); the inner as for [`one_way_f`],
/// `NoVariance` also where the deviations differ by rounding only.
pub fn levene(
    values: &[f64],
    codes: &[u32],
    arms: usize,
    centre: Centre,
) -> FipResult<Result<TestResult, Degenerate>> {
    let centres: Vec<f64> = match centre {
        Centre::Mean => moments_by_arm(values, codes, arms)?
            .iter()
            .map(|arm| arm.moments.mean)
            .collect(),
        Centre::Median => medians(values, codes, arms),
    };
    let deviations =
        transformed_moments_by_arm(values, codes, arms, |arm, x| (x - centres[arm]).abs())?;
    let moments: Vec<Moments> = deviations
        .iter()
        .map(|ArmMoments { moments, .. }| *moments)
        .collect();
    // A deviation is known no better than the rounding of what it is taken from.
    let largest = centres.iter().map(|c| c.abs()).fold(0.0, f64::max);
    let noise = 2.0 * f64::EPSILON * largest;
    let rounding = |arm: &Moments| arm.m2 <= arm.n as f64 * noise * noise;
    let found = one_way_f(TestName::Levene, &moments);
    if found.is_ok() && moments.iter().all(rounding) {
        return Ok(Err(Degenerate::NoVariance));
    }
    Ok(found)
}

/// The median of each arm's valid values; NaN for an arm without any.
fn medians(values: &[f64], codes: &[u32], arms: usize) -> Vec<f64> {
    let mut by_arm: Vec<Vec<f64>> = vec![Vec::new(); arms];
    for (&x, &code) in values.iter().zip(codes) {
        if let Some(arm) = by_arm.get_mut(code as usize)
            && !x.is_nan()
        {
            arm.push(x);
        }
    }
    by_arm.iter_mut().map(|arm| median(arm)).collect()
}

fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let middle = values.len() / 2;
    let odd = values.len() % 2 == 1;
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    if odd {
        return upper;
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    lower + (upper - lower) / 2.0
}
