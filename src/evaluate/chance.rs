//! Was it chance imbalance? The effect again after adjusting, weighting and matching on the
//! covariates, and what the imbalance itself can explain.

use super::Contrast;
use super::means::{adjusted, adjustment};
use crate::results::{ChanceMethod, ChanceRow, Estimate, Estimator, ImbalanceRow, SubgroupRow};
use crate::stats::adjust::ancova;
use crate::stats::cluster::Clusters;
use crate::stats::linear::Variance;
use crate::stats::matching::Neighbours;
use crate::stats::matrix::{Matrix, ModelError};
use crate::stats::subgroups::subgroups;
use crate::stats::two_sample::welch_t;
use crate::stats::weighting::{
    entropy_balance, imbalance_by_prognosis, inverse_probability, weighted_difference,
};
use crate::variable::Measured;

/// The people of a comparison whose outcome is known.
struct Known {
    people: Vec<usize>,
    treated: Vec<bool>,
    y: Vec<f64>,
}

fn known(contrast: &Contrast<'_>) -> Option<Known> {
    let scores = contrast.scores?;
    let (people, treated) = contrast
        .study
        .rows(contrast.codes, contrast.treated, |row| {
            !scores[row].is_nan()
        });
    Some(Known {
        y: people.iter().map(|&row| scores[row]).collect(),
        people,
        treated,
    })
}

/// The re-estimates; none without covariates. What cannot be estimated is left out.
pub fn chance(contrast: &Contrast<'_>) -> Vec<ChanceRow> {
    let study = contrast.study;
    if study.covariates.is_empty() {
        return Vec::new();
    }
    let Some(Known { people, treated, y }) = known(contrast) else {
        return Vec::new();
    };
    let Ok(x) = adjustment(&study.covariates, &people, &treated) else {
        return Vec::new();
    };
    let level = study.level;
    let cluster: Option<Vec<usize>> = study
        .clusters
        .as_ref()
        .map(|clusters| people.iter().map(|&row| clusters[row]).collect());
    let clusters = cluster.as_deref().and_then(|c| Clusters::new(c).ok());
    let variance = || clusters.as_ref().map_or(Variance::Hc2, Variance::Cr2);
    let n = y.len() as u64;
    let mut rows = Vec::new();
    let mut keep = |method: ChanceMethod, n: u64, found: Result<Estimate, ModelError>| {
        if let Ok(value) = found {
            rows.push(ChanceRow {
                treated: contrast.arm(contrast.treated).to_string(),
                control: contrast.arm(contrast.control()).to_string(),
                method,
                n,
                value,
            });
        }
    };
    // The same row as among the estimates, with its degrees of freedom.
    let unadjusted = match &clusters {
        None => {
            let moments = |arm: usize| &contrast.summaries[arm].moments.moments;
            let (one, zero) = (moments(contrast.treated), moments(contrast.control()));
            let both = welch_t(one, zero, level);
            both.map(|both| both.estimate)
                .map_err(|_| ModelError::NoVariance)
        }
        Some(_) => {
            let none = Matrix::new(y.len());
            ancova(&y, &treated, &none, variance(), level).map(|a| a.effect)
        }
    };
    keep(ChanceMethod::Unadjusted, n, unadjusted);
    let one_slope = ancova(&y, &treated, &x, variance(), level).map(|a| a.effect);
    keep(ChanceMethod::Ancova, n, one_slope);
    // As among the estimates: with the strata of the draw.
    let data = (people.as_slice(), y.as_slice(), treated.as_slice());
    let interacted = adjusted(study, Estimator::Lin, data, &x, clusters.as_ref());
    keep(ChanceMethod::Lin, n, interacted);
    // Weights and matches take people as drawn one by one.
    if clusters.is_some() {
        return rows;
    }
    let weighted = |weights: Vec<f64>| weighted_difference(&y, &treated, &weights, level);
    keep(
        ChanceMethod::EntropyBalanced,
        n,
        entropy_balance(&treated, &x).and_then(weighted),
    );
    keep(
        ChanceMethod::InverseProbability,
        n,
        inverse_probability(&treated, &x).and_then(weighted),
    );
    if let Ok(neighbours) = Neighbours::new(&treated, &x) {
        for (method, matched) in [
            (
                ChanceMethod::Matched,
                neighbours.with_replacement(&y, level),
            ),
            (ChanceMethod::MatchedPairs, neighbours.pairs(&y, level)),
        ] {
            if let Ok(matched) = matched {
                let n = (matched.treated + matched.controls) as u64;
                keep(method, n, Ok(matched.effect));
            }
        }
    }
    rows
}

/// How large imbalance × prognosis is, per covariate: what the unadjusted difference owes to it.
pub fn imbalance(contrast: &Contrast<'_>) -> Vec<ImbalanceRow> {
    let study = contrast.study;
    if study.covariates.is_empty() {
        return Vec::new();
    }
    let Some(Known { people, treated, y }) = known(contrast) else {
        return Vec::new();
    };
    // One matrix per covariate says which columns are whose.
    let parts: Vec<(&Measured, Matrix)> = study
        .covariates
        .iter()
        .filter_map(|covariate| {
            let matrix = adjustment(std::slice::from_ref(covariate), &people, &treated).ok()?;
            Some((covariate, matrix))
        })
        .collect();
    let mut all = Matrix::new(people.len());
    for (_, matrix) in &parts {
        if all.append(matrix).is_err() {
            return Vec::new();
        }
    }
    if all.columns() == 0 {
        return Vec::new();
    }
    let Ok(found) = imbalance_by_prognosis(&y, &treated, &all, study.level) else {
        return Vec::new();
    };
    let mut found = found.into_iter();
    parts
        .iter()
        .filter_map(|(covariate, matrix)| {
            let own: Vec<_> = found.by_ref().take(matrix.columns()).collect();
            // Constant, or a combination of earlier ones: nothing is owed to it by itself.
            if own.iter().all(Option::is_none) {
                return None;
            }
            let single = match own.as_slice() {
                [Some(one)] => Some(*one),
                _ => None,
            };
            Some(ImbalanceRow {
                treated: contrast.arm(contrast.treated).to_string(),
                control: contrast.arm(contrast.control()).to_string(),
                covariate: covariate.name().to_string(),
                labels: covariate.spec.labels.clone(),
                difference: single.map(|one| one.difference),
                prognosis: single.map(|one| one.prognosis),
                contribution: own.iter().flatten().map(|one| one.contribution).sum(),
            })
        })
        .collect()
}

/// Effects by the levels of one variable, and the test that they are all the same.
pub fn by_subgroup(
    contrast: &Contrast<'_>,
    variable: &Measured,
    registered: Option<bool>,
) -> Option<SubgroupRow> {
    let study = contrast.study;
    let (levels, codes) = variable.level_codes()?;
    let scores = contrast.scores?;
    let (people, treated) = study.rows(contrast.codes, contrast.treated, |row| {
        !scores[row].is_nan() && (codes[row] as usize) < levels.len()
    });
    let y: Vec<f64> = people.iter().map(|&row| scores[row]).collect();
    let group: Vec<usize> = people.iter().map(|&row| codes[row] as usize).collect();
    let cluster: Option<Vec<usize>> = study
        .clusters
        .as_ref()
        .map(|clusters| people.iter().map(|&row| clusters[row]).collect());
    let clusters = cluster.as_deref().and_then(|c| Clusters::new(c).ok());
    let variance = clusters.as_ref().map_or(Variance::Hc2, Variance::Cr2);
    let found = subgroups(&y, &treated, &group, variance, study.level).ok()?;
    Some(SubgroupRow {
        treated: contrast.arm(contrast.treated).to_string(),
        control: contrast.arm(contrast.control()).to_string(),
        variable: variable.name().to_string(),
        labels: variable.spec.labels.clone(),
        level_labels: variable.spec.level_labels.clone(),
        registered,
        statistic: found.test.map(|test| test.statistic),
        df: found.test.map(|test| test.df1),
        df2: found.test.map(|test| test.df2),
        p_value: found.test.map(|test| test.p_value),
        groups: found
            .groups
            .iter()
            .map(|group| crate::results::SubgroupEffect {
                level: levels[group.group].clone(),
                treated_n: group.treated as u64,
                control_n: group.control as u64,
                effect: group.effect,
                interaction: group.interaction,
            })
            .collect(),
    })
}
