//! Does the effect differ between groups? One regression, and one test of the difference.

use super::infer::Level;
use super::linear::{FTest, Variance, ols};
use super::matrix::{Matrix, ModelError, check, same_length};
use crate::results::Estimate;

/// The effect within one group and its difference from the first group's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subgroup {
    /// The group's number as the caller gave it.
    pub group: usize,
    pub treated: usize,
    pub control: usize,
    /// Effect within the group; absent when an arm has nobody in it.
    pub effect: Option<Estimate>,
    /// This effect minus the first group's; absent for the first.
    pub interaction: Option<Estimate>,
}

/// Effects by group.
#[derive(Debug, Clone, PartialEq)]
pub struct Subgroups {
    pub groups: Vec<Subgroup>,
    /// Are all effects the same? Absent with one group that can be compared.
    pub test: Option<FTest>,
}

/// Effects by group from the regression on group, treatment and their products, with the
/// variance asked for (HC2: Neyman's within every group; Imbens & Rubin 2015, §9.5).
///
/// `beside` are further regressors with the same slope for everybody, such as indicators of the
/// strata of the draw; without any, it has no columns.
///
/// Groups in which an arm is empty have no effect and take no part in the test.
///
/// # Errors
/// [`ModelError::Length`], [`ModelError::NotFinite`], [`ModelError::NoDegreesOfFreedom`],
/// [`ModelError::EmptyArm`] when no group has both arms.
pub fn subgroups(
    y: &[f64],
    treated: &[bool],
    group: &[usize],
    beside: &Matrix,
    variance: Variance,
    level: Level,
) -> Result<Subgroups, ModelError> {
    let n = y.len();
    check(y, n)?;
    same_length(treated.len(), n)?;
    same_length(group.len(), n)?;
    let mut numbers = group.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    let count = |g: usize, arm: bool| {
        (0..n)
            .filter(|&i| group[i] == g && treated[i] == arm)
            .count()
    };
    let mut groups: Vec<Subgroup> = numbers
        .iter()
        .map(|&g| Subgroup {
            group: g,
            treated: count(g, true),
            control: count(g, false),
            effect: None,
            interaction: None,
        })
        .collect();
    let usable: Vec<usize> = (0..groups.len())
        .filter(|&k| groups[k].treated > 0 && groups[k].control > 0)
        .collect();
    if usable.is_empty() {
        return Err(ModelError::EmptyArm {
            treated: !treated.contains(&true),
        });
    }
    let member = |k: usize| -> Vec<bool> { group.iter().map(|&g| g == numbers[k]).collect() };
    let both = |flags: &[bool]| -> Vec<bool> {
        flags.iter().zip(treated).map(|(a, b)| *a && *b).collect()
    };
    // Everybody in a group of their own: every effect is a coefficient.
    let mut separate = Matrix::new(n);
    (0..groups.len()).try_for_each(|k| separate.push_flags(&member(k)))?;
    usable
        .iter()
        .try_for_each(|&k| separate.push_flags(&both(&member(k))))?;
    // Last, so that of dependent columns these are the ones dropped.
    separate.append(beside)?;
    let fit = ols(y, &separate, variance, level)?;
    for (place, &k) in usable.iter().enumerate() {
        groups[k].effect = fit.coefficient(numbers.len() + place).ok();
    }
    // The same model with the first effect in common: differences are coefficients.
    let mut common = Matrix::new(n);
    (0..groups.len()).try_for_each(|k| common.push_flags(&member(k)))?;
    let pooled: Vec<bool> = (0..n)
        .map(|i| treated[i] && usable.iter().any(|&k| numbers[k] == group[i]))
        .collect();
    common.push_flags(&pooled)?;
    usable[1..]
        .iter()
        .try_for_each(|&k| common.push_flags(&both(&member(k))))?;
    common.append(beside)?;
    let fit = ols(y, &common, variance, level)?;
    let first = numbers.len() + 1;
    for (place, &k) in usable[1..].iter().enumerate() {
        groups[k].interaction = fit.coefficient(first + place).ok();
    }
    let columns: Vec<usize> = (first..first + usable.len() - 1).collect();
    let test = if columns.is_empty() {
        None
    } else {
        fit.wald(&columns).ok()
    };
    Ok(Subgroups { groups, test })
}
