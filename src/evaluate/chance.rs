//! Was it chance imbalance? The effect again after adjusting, weighting and matching on the
//! covariates, and what the imbalance itself can explain.

use super::absent::{left_out, model_reason};
use super::adjustment::Adjustment;
use super::means::{adjusted, difference_by};
use crate::columns::Measured;
use crate::results::{
    ChanceMethod, ChanceRow, Estimate, Estimator, ImbalanceRow, LeastAlike, Note, Reason,
    ResultPart, SMALL_ARM, SubgroupRow,
};
use crate::stats::blocked_adjust::blocked_imbalance;
use crate::stats::matching::Neighbours;
use crate::stats::matrix::{Matrix, ModelError};
use crate::stats::strata::indicators;
use crate::stats::subgroups::subgroups;
use crate::stats::two_sample::welch_t;
use crate::stats::weighting::{
    Weighted, entropy_balanced, imbalance_by_prognosis, inverse_probability_weighted, largest_smd,
};
use crate::study::{Contrast, Data, Sample, Study};

/// The re-estimates; none without covariates. What cannot be estimated is left out and noted.
pub fn chance(contrast: &Contrast<'_>, notes: &mut Vec<Note>) -> Vec<ChanceRow> {
    let study = contrast.study;
    if study.covariates.is_empty() {
        return Vec::new();
    }
    let Some(known) = contrast.sample_by_id() else {
        return Vec::new();
    };
    // That no covariate can be used is noted with the adjusted effect.
    let Ok(Adjustment {
        matrix: x, owners, ..
    }) = Adjustment::new(study, &study.covariates, known.data())
    else {
        return Vec::new();
    };
    if x.columns() == 0 {
        return Vec::new();
    }
    let n = known.y.len() as u64;
    let mut rows = Vec::new();
    let mut absent: Vec<(ResultPart, Reason)> = Vec::new();
    let least_alike = |weights: &[f64]| {
        let (column, smd) = largest_smd(&known.treated, weights, &x).ok().flatten()?;
        let covariate = study.covariates[owners[column]].name().to_string();
        smd.is_finite().then_some(LeastAlike { covariate, smd })
    };
    let mut keep =
        |method: ChanceMethod, n: u64, found: Result<(Estimate, Option<LeastAlike>), Reason>| {
            match found {
                Ok((value, least_alike)) => rows.push(ChanceRow {
                    treated: contrast.arm(contrast.treated).to_string(),
                    control: contrast.arm(contrast.control()).to_string(),
                    method,
                    n,
                    least_alike,
                    value,
                }),
                Err(reason) => absent.extend(part(method).map(|part| (part, reason))),
            }
        };
    let reason = |error: ModelError| model_reason(contrast, error);
    let before = least_alike(&vec![1.0; known.y.len()]);
    let unadjusted = unadjusted(contrast, known.data()).map(|value| (value, before));
    keep(ChanceMethod::Unadjusted, n, unadjusted.map_err(reason));
    for (method, estimator) in [
        (ChanceMethod::Ancova, Estimator::Ancova),
        (ChanceMethod::Lin, Estimator::Lin),
    ] {
        let found = adjusted(study, estimator, known.data(), &x).map(|value| (value, None));
        keep(method, n, found.map_err(reason));
    }
    for (method, n, found) in alike(contrast, &known, &x) {
        let found = found.map(|(value, weights)| (value, least_alike(&weights)));
        keep(method, n, found);
    }
    notes.extend(grouped(contrast, &absent));
    rows
}

/// One note per reason.
fn grouped(contrast: &Contrast<'_>, absent: &[(ResultPart, Reason)]) -> Vec<Note> {
    let mut reasons: Vec<Reason> = Vec::new();
    for (_, reason) in absent {
        if !reasons.contains(reason) {
            reasons.push(*reason);
        }
    }
    reasons
        .into_iter()
        .map(|reason| {
            let own = absent.iter().filter(|(_, of)| *of == reason);
            let parts: Vec<ResultPart> = own.map(|(part, _)| *part).collect();
            left_out(contrast, &parts, reason)
        })
        .collect()
}

fn part(method: ChanceMethod) -> Option<ResultPart> {
    match method {
        // Noted with the estimates.
        ChanceMethod::Unadjusted | ChanceMethod::Lin => None,
        ChanceMethod::Ancova => Some(ResultPart::Ancova),
        ChanceMethod::EntropyBalanced => Some(ResultPart::EntropyBalanced),
        ChanceMethod::InverseProbability => Some(ResultPart::InverseProbability),
        ChanceMethod::Matched => Some(ResultPart::Matched),
    }
}

/// The same row as among the estimates, with its degrees of freedom.
fn unadjusted(contrast: &Contrast<'_>, data: Data<'_>) -> Result<Estimate, ModelError> {
    let study = contrast.study;
    let (people, y, treated) = data;
    let level = study.level;
    if study.design.is_plain() {
        let moments = |arm: usize| &contrast.summaries[arm].moments.moments;
        let (one, zero) = (moments(contrast.treated), moments(contrast.control()));
        let both = welch_t(one, zero, level);
        return both
            .map(|both| both.estimate)
            .map_err(|_| ModelError::NoVariance);
    }
    let (strata, clusters) = (
        study.design.strata_of(people),
        study.design.cluster_codes(people),
    );
    difference_by((strata.as_deref(), clusters.as_deref()), y, treated, level)
}

/// Where two arms count as alike on a covariate (Austin 2009, Stat. Med. 28, 3083–3107).
const ALIKE: f64 = 0.1;

/// One way of making the arms alike: how many people it rests on, the effect, and each person's weight.
type Alike = (ChanceMethod, u64, Result<(Estimate, Vec<f64>), Reason>);

/// The effect among people made alike by weights, with the strata of the draw among what is
/// balanced, and by matching within strata.
fn alike(contrast: &Contrast<'_>, known: &Sample, x: &Matrix) -> Vec<Alike> {
    let study = contrast.study;
    let Sample {
        people: _,
        treated,
        y,
    } = known;
    let n = y.len() as u64;
    let methods = [
        ChanceMethod::EntropyBalanced,
        ChanceMethod::InverseProbability,
        ChanceMethod::Matched,
    ];
    if study.design.clusters.is_some() {
        return methods
            .map(|method| (method, n, Err(Reason::DrawnByCluster)))
            .to_vec();
    }
    let reason = |error: ModelError| model_reason(contrast, error);
    let strata = study.design.strata_of(&known.people);
    let mut balanced = x.clone();
    if let Some(strata) = &strata
        && indicators(strata)
            .and_then(|of| balanced.append(&of))
            .is_err()
    {
        return Vec::new();
    }
    let weighted = |found: Result<Weighted, ModelError>, without: Reason| match found {
        Ok(found) => Ok((found.effect, found.weights)),
        Err(ModelError::Numerical) => Err(without),
        Err(other) => Err(reason(other)),
    };
    let level = study.level;
    let [entropy, inverse, matched] = methods;
    let mut found = vec![
        (
            entropy,
            n,
            weighted(
                entropy_balanced(y, treated, &balanced, level),
                Reason::OutOfReach,
            ),
        ),
        (
            inverse,
            n,
            weighted(
                inverse_probability_weighted(y, treated, &balanced, level),
                Reason::Separated,
            ),
        ),
    ];
    let smallest = [true, false]
        .map(|arm| treated.iter().filter(|&&z| z == arm).count() as u64)
        .into_iter()
        .min();
    // The reference of matching is normal.
    if smallest < Some(SMALL_ARM) {
        found.push((matched, n, Err(Reason::FewPeople)));
        return found;
    }
    let neighbours = Neighbours::new(treated, x).and_then(|all| match &strata {
        Some(strata) => all.within(strata),
        None => Ok(all),
    });
    found.push(
        match neighbours.and_then(|all| all.with_replacement(y, level)) {
            Ok(pairs) => {
                let n = (pairs.treated + pairs.controls) as u64;
                let left = largest_smd(treated, &pairs.weights, x).ok().flatten();
                match left.is_some_and(|(_, smd)| smd.abs() > ALIKE) {
                    true => (matched, n, Err(Reason::NotAlike)),
                    false => (matched, n, Ok((pairs.effect, pairs.weights))),
                }
            }
            Err(ModelError::Numerical) => (matched, n, Err(Reason::ManyPeople)),
            Err(error) => (matched, n, Err(reason(error))),
        },
    );
    found
}

/// How large imbalance × prognosis is, per covariate: what the unadjusted difference owes to it.
pub fn imbalance(contrast: &Contrast<'_>, notes: &mut Vec<Note>) -> Vec<ImbalanceRow> {
    let study = contrast.study;
    if study.covariates.is_empty() {
        return Vec::new();
    }
    let Some(known) = contrast.sample_by_id() else {
        return Vec::new();
    };
    let Ok(Adjustment { matrix, owners, .. }) =
        Adjustment::new(study, &study.covariates, known.data())
    else {
        return Vec::new();
    };
    if matrix.columns() == 0 {
        return Vec::new();
    }
    let found = split(study, &known, &matrix);
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            let reason = model_reason(contrast, error);
            notes.push(left_out(
                contrast,
                &[ResultPart::ImbalanceByPrognosis],
                reason,
            ));
            return Vec::new();
        }
    };
    study
        .covariates
        .iter()
        .enumerate()
        .filter_map(|(owner, covariate)| {
            let own = owners.iter().zip(&found).filter(|(of, _)| **of == owner);
            let own: Vec<_> = own.map(|(_, one)| *one).collect();
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

fn split(
    study: &Study,
    known: &Sample,
    matrix: &Matrix,
) -> Result<Vec<Option<crate::stats::weighting::Imbalance>>, ModelError> {
    match study.design.strata_of(&known.people) {
        Some(strata) => blocked_imbalance(&known.y, &known.treated, &strata, matrix),
        None => imbalance_by_prognosis(&known.y, &known.treated, matrix, study.level),
    }
}

/// Effects by the levels of one variable, and the test that they are all the same.
pub fn by_subgroup(
    contrast: &Contrast<'_>,
    variable: &Measured,
    registered: Option<bool>,
    notes: &mut Vec<Note>,
) -> Option<SubgroupRow> {
    let study = contrast.study;
    let (levels, codes) = variable.level_codes()?;
    let scores = contrast.scores?;
    let (people, treated) = study.drawn(contrast.codes, contrast.treated, |row| {
        !scores[row].is_nan() && (codes[row] as usize) < levels.len()
    });
    let y: Vec<f64> = people.iter().map(|&row| scores[row]).collect();
    let group: Vec<usize> = people.iter().map(|&row| codes[row] as usize).collect();
    let found = (|| {
        let clusters = study.design.clusters_of(&people)?;
        let variance = study.variance(clusters.as_ref());
        let strata = study.design.strata_of(&people);
        subgroups(
            &y,
            &treated,
            &group,
            strata.as_deref(),
            variance,
            study.level,
        )
    })();
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            let reason = model_reason(contrast, error);
            notes.push(left_out(contrast, &[ResultPart::Subgroups], reason));
            return None;
        }
    };
    if !found.left_out.is_empty() {
        notes.push(Note::LevelsWithFew {
            variable: contrast.measured.name().to_string(),
            subgroup: variable.name().to_string(),
            levels: found.left_out.iter().map(|&g| levels[g].clone()).collect(),
        });
    }
    if found.test.is_none() && levels.len() > 1 {
        let part = [ResultPart::SubgroupTest];
        notes.push(left_out(contrast, &part, Reason::TooFewValues));
    }
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
