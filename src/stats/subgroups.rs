//! Does the effect differ between groups? One regression, and one test of the difference.

use super::cluster::Clusters;
use super::infer::Level;
use super::linear::{FTest, Fit, Variance, ols, ols_within};
use super::matrix::{Matrix, ModelError, check, same_length};
use super::strata::indicators;
use crate::results::Estimate;

/// The effect within one group and its difference from the first group's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subgroup {
    /// The group's number as the caller gave it.
    pub group: usize,
    pub treated: usize,
    pub control: usize,
    /// Effect within the group; absent where the group is left out.
    pub effect: Option<Estimate>,
    /// This effect minus the first group's; absent for the first.
    pub interaction: Option<Estimate>,
}

/// Effects by group.
#[derive(Debug, Clone, PartialEq)]
pub struct Subgroups {
    pub groups: Vec<Subgroup>,
    /// Groups with fewer than two units (clusters, where given) in an arm, by number: they have no
    /// effect and no part in the test, and their people are not in the regression.
    pub left_out: Vec<usize>,
    /// Are all effects of the others the same? Absent with one group that can be compared.
    pub test: Option<FTest>,
}

/// Effects by group from the regression on group, treatment and their products, with the
/// variance asked for (HC2: Neyman's within every group; Imbens & Rubin 2015, §9.5; CR2 for clusters, with Satterthwaite
/// degrees of freedom per effect and the joint test of Pustejovsky & Tipton).
///
/// `strata` are those of the draw, with a level for each that all groups share, taken out by deviations within strata.
///
/// A group with fewer than two units in an arm has an effect that no standard error can be had for, and would leave the
/// test of all groups without an answer: it is named, and the rest is tested.
///
/// # Errors
/// [`ModelError::Length`], [`ModelError::NotFinite`], [`ModelError::NoDegreesOfFreedom`],
/// [`ModelError::EmptyArm`] when no group has both arms.
pub fn subgroups(
    y: &[f64],
    treated: &[bool],
    group: &[usize],
    strata: Option<&[usize]>,
    variance: Variance,
    level: Level,
) -> Result<Subgroups, ModelError> {
    let n = y.len();
    check(y, n)?;
    same_length(treated.len(), n)?;
    same_length(group.len(), n)?;
    let mut groups = groups(treated, group, variance);
    let usable: Vec<usize> = groups
        .iter()
        .filter(|(_, units)| units.0 >= 2 && units.1 >= 2)
        .map(|(found, _)| found.group)
        .collect();
    if usable.is_empty() {
        return Err(ModelError::EmptyArm {
            treated: !treated.contains(&true),
        });
    }
    let people: Vec<usize> = (0..n).filter(|&i| usable.contains(&group[i])).collect();
    let data = Chosen::new(y, treated, group, strata, &people);
    let model = Model::new(&data, variance, level)?;
    // Everybody in a group of their own: every effect is a coefficient.
    let mut separate = data.levels(&usable)?;
    let first = separate.columns();
    usable
        .iter()
        .try_for_each(|&g| separate.push_flags(&data.given(g)))?;
    let fit = model.fit(separate)?;
    let mut effects: Vec<Option<Estimate>> = Vec::new();
    effects.extend((0..usable.len()).map(|k| fit.coefficient(first + k).ok()));
    // The same model with the first effect in common: differences are coefficients.
    let mut common = data.levels(&usable)?;
    common.push_flags(&data.treated)?;
    usable[1..]
        .iter()
        .try_for_each(|&g| common.push_flags(&data.given(g)))?;
    let fit = model.fit(common)?;
    for (k, g) in usable.iter().enumerate() {
        if let Some((found, _)) = groups.iter_mut().find(|(found, _)| found.group == *g) {
            found.effect = effects[k];
            found.interaction = (k > 0).then(|| fit.coefficient(first + k).ok()).flatten();
        }
    }
    let columns: Vec<usize> = (1..usable.len()).map(|k| first + k).collect();
    let test = match columns.is_empty() {
        true => None,
        false => fit.wald(&columns).ok(),
    };
    Ok(Subgroups {
        left_out: groups
            .iter()
            .map(|(found, _)| found.group)
            .filter(|group| !usable.contains(group))
            .collect(),
        groups: groups.into_iter().map(|(found, _)| found).collect(),
        test,
    })
}

/// The groups in ascending order of their number, with the units of each arm.
fn groups(
    treated: &[bool],
    group: &[usize],
    variance: Variance,
) -> Vec<(Subgroup, (usize, usize))> {
    let mut numbers = group.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    let count = |g: usize, arm: bool| {
        (0..group.len())
            .filter(|&i| group[i] == g && treated[i] == arm)
            .count()
    };
    let units = |g: usize, arm: bool| match variance {
        Variance::Cr2(clusters) => clusters
            .members()
            .iter()
            .filter(|members| members.iter().any(|&i| group[i] == g && treated[i] == arm))
            .count(),
        _ => count(g, arm),
    };
    numbers
        .into_iter()
        .map(|g| {
            let found = Subgroup {
                group: g,
                treated: count(g, true),
                control: count(g, false),
                effect: None,
                interaction: None,
            };
            (found, (units(g, true), units(g, false)))
        })
        .collect()
}

/// The people of the groups that are compared.
struct Chosen {
    y: Vec<f64>,
    treated: Vec<bool>,
    group: Vec<usize>,
    strata: Option<Vec<usize>>,
    people: Vec<usize>,
}

impl Chosen {
    fn new(
        y: &[f64],
        treated: &[bool],
        group: &[usize],
        strata: Option<&[usize]>,
        people: &[usize],
    ) -> Self {
        Chosen {
            y: people.iter().map(|&i| y[i]).collect(),
            treated: people.iter().map(|&i| treated[i]).collect(),
            group: people.iter().map(|&i| group[i]).collect(),
            strata: strata.map(|strata| people.iter().map(|&i| strata[i]).collect()),
            people: people.to_vec(),
        }
    }

    /// A level for every group.
    fn levels(&self, groups: &[usize]) -> Result<Matrix, ModelError> {
        let mut matrix = Matrix::new(self.y.len());
        for g in groups {
            let member: Vec<bool> = self.group.iter().map(|own| own == g).collect();
            matrix.push_flags(&member)?;
        }
        Ok(matrix)
    }

    /// Who is in a group and has the intervention.
    fn given(&self, group: usize) -> Vec<bool> {
        let both = self.group.iter().zip(&self.treated);
        both.map(|(own, treated)| *own == group && *treated)
            .collect()
    }
}

/// The regression, whatever its columns.
struct Model<'a> {
    data: &'a Chosen,
    variance: Variance<'a>,
    clusters: Option<Clusters>,
    level: Level,
}

impl<'a> Model<'a> {
    fn new(data: &'a Chosen, variance: Variance<'a>, level: Level) -> Result<Self, ModelError> {
        let clusters = match variance {
            Variance::Cr2(clusters) => Some(clusters.among(&data.people)?),
            _ => None,
        };
        Ok(Model {
            data,
            variance,
            clusters,
            level,
        })
    }

    fn fit(&self, mut columns: Matrix) -> Result<Fit, ModelError> {
        let (y, strata) = (&self.data.y, self.data.strata.as_deref());
        match (&self.clusters, strata) {
            (None, None) => ols(y, &columns, self.variance, self.level),
            (None, Some(strata)) => ols_within(y, &columns, strata, self.variance, self.level),
            (Some(clusters), strata) => {
                // Last, so that of dependent columns these are the ones dropped.
                if let Some(strata) = strata {
                    columns.append(&indicators(strata)?)?;
                }
                ols(y, &columns, Variance::Cr2(clusters), self.level)
            }
        }
    }
}
