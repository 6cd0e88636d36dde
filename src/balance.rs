//! Covariates to a balance table: are the arms as alike as a draw makes them?

use crate::error::Result;
use crate::evaluate::design_matrix;
use crate::results::{
    BalanceRow, BalanceTable, Band, Missingness, Note, Provenance, Reason, SmdFormula, TestName,
    TestResult, VariableKind,
};
use crate::stats::cluster::Clusters;
use crate::stats::contingency::{Crosstab, TwoByTwo, pearson_chi_square};
use crate::stats::degenerate::Degenerate;
use crate::stats::hansen_bowers;
use crate::stats::smd::{smd_binary, smd_categorical, smd_numeric, variance_ratio};
use crate::stats::two_sample::welch_t;
use crate::study::Study;
use crate::variable::{Measured, Summary};

/// The share of missing values from which a note says that a covariate is hardly known.
const MUCH_MISSING: f64 = 0.2;

/// The balance of one intervention arm against the control.
///
/// Numeric, binary and ordinal covariates get Welch's t, as the pilots did; categorical
/// ones χ². Missing values are compared between the arms as a variable of their own.
///
/// # Errors
/// Internal ones only.
pub fn table(
    study: &Study,
    treated: usize,
    covariates: &[Measured],
    alpha: f64,
    provenance: Provenance,
) -> Result<BalanceTable> {
    let mut rows = Vec::new();
    let mut notes = Vec::new();
    for covariate in covariates {
        rows.push(row(study, treated, covariate, &mut notes)?);
    }
    let tested: Vec<f64> = rows
        .iter()
        .filter_map(|row| row.tests.first().and_then(|test| test.p_value))
        .collect();
    if !tested.is_empty() {
        notes.push(Note::SignificantBalance {
            significant: tested.iter().filter(|p| **p < alpha).count() as u64,
            tested: tested.len() as u64,
            alpha,
            smallest_p: tested.iter().copied().reduce(f64::min),
        });
    }
    Ok(BalanceTable {
        schema: "fip/balance/1".to_string(),
        provenance,
        treated: study.arms[treated].clone(),
        control: study.arms[study.control].clone(),
        arms: study.sizes(),
        covariates: rows,
        omnibus: omnibus(study, treated, covariates)?,
        notes,
    })
}

fn row(
    study: &Study,
    treated: usize,
    covariate: &Measured,
    notes: &mut Vec<Note>,
) -> Result<BalanceRow> {
    let summaries = covariate.summaries(&study.arms, &study.codes, &study.absent)?;
    let (one, zero) = (&summaries[treated], &summaries[study.control]);
    let name = covariate.name().to_string();
    let known = one.shown.n > 0 && zero.shown.n > 0;
    if !known {
        let arm = if one.shown.n == 0 {
            treated
        } else {
            study.control
        };
        notes.push(Note::EmptyArm {
            variable: name.clone(),
            arm: study.arms[arm].clone(),
        });
    }
    let (distance, smd_formula, test) = if covariate.kind == VariableKind::Categorical {
        let counts = |summary: &Summary| {
            summary
                .shown
                .levels
                .iter()
                .map(|level| level.count)
                .collect::<Vec<u64>>()
        };
        let (treated, control) = (counts(one), counts(zero));
        let test = Crosstab::new(&[treated.clone(), control.clone()])
            .map(|table| pearson_chi_square(&table));
        (
            smd_categorical(&treated, &control),
            SmdFormula::Mahalanobis,
            test,
        )
    } else {
        let (treated, control) = (&one.moments.moments, &zero.moments.moments);
        let distance = match (covariate.kind, two_by_two(one, zero)) {
            (VariableKind::Binary, Some(table)) => smd_binary(&table),
            _ => smd_numeric(treated, control),
        };
        (
            distance,
            SmdFormula::Pooled,
            welch_t(treated, control, study.level).map(|both| both.test),
        )
    };
    if let (true, Err(reason)) = (known, &test) {
        notes.push(not_tested(&name, *reason, one, zero));
    }
    let test = test.ok();
    let spread = (covariate.kind != VariableKind::Categorical)
        .then(|| variance_ratio(&one.moments.moments, &zero.moments.moments).ok())
        .flatten();
    // Without a level in common, or without spread on either side of a difference, no number is
    // large enough.
    let disjoint = known && distance == Err(Degenerate::Disjoint);
    let smd = distance.ok().filter(|_| known);
    let band = match smd {
        Some(smd) => Some(band(smd)),
        None => disjoint.then_some(Band::NotEquivalent),
    };
    if disjoint && covariate.kind == VariableKind::Categorical {
        notes.push(Note::NoLevelInCommon {
            variable: name.clone(),
        });
    }
    if let (Some(Band::NotEquivalent), Some(smd)) = (band, smd) {
        notes.push(Note::LargeImbalance {
            variable: name.clone(),
            smd: smd.abs(),
        });
    }
    Ok(BalanceRow {
        kind: covariate.kind,
        labels: covariate.spec.labels.clone(),
        level_labels: covariate.spec.level_labels.clone(),
        treated: study.arms[treated].clone(),
        control: study.arms[study.control].clone(),
        difference: (known && covariate.kind != VariableKind::Categorical)
            .then(|| one.moments.moments.mean_minus(&zero.moments.moments)),
        smd,
        smd_formula,
        variance_ratio: spread,
        band,
        tests: test.into_iter().collect(),
        missingness: missingness(&name, one, zero, notes),
        unlike: None,
        nested: std::collections::BTreeMap::new(),
        arms: summaries.into_iter().map(|summary| summary.shown).collect(),
        name,
    })
}

/// Why the arms could not be compared on a covariate. A constant in each arm that differs between
/// them is the greatest imbalance there is, and has no standardized size.
fn not_tested(name: &str, reason: Degenerate, treated: &Summary, control: &Summary) -> Note {
    let mean = |summary: &Summary| summary.moments.moments.mean();
    let reason = match reason {
        Degenerate::NoVariance if mean(treated) != mean(control) => Reason::NoVarianceWithin,
        Degenerate::NoVariance => Reason::NoVariance,
        Degenerate::OneLevel => Reason::OneLevel,
        Degenerate::NotFinite => Reason::OutOfRange,
        _ => Reason::TooFewValues,
    };
    Note::NotComputed {
        variable: name.to_string(),
        reason,
    }
}

/// The counts of a variable with two levels, no first.
fn two_by_two(treated: &Summary, control: &Summary) -> Option<TwoByTwo> {
    let ([treated_no, treated_yes], [control_no, control_yes]) =
        (&treated.shown.levels[..], &control.shown.levels[..])
    else {
        return None;
    };
    Some(TwoByTwo {
        treated_yes: treated_yes.count,
        treated_no: treated_no.count,
        control_yes: control_yes.count,
        control_no: control_no.count,
    })
}

/// What Works Clearinghouse, Standards Handbook 5.0, chapter IV: baseline equivalence.
fn band(smd: f64) -> Band {
    match smd.abs() {
        size if size <= 0.05 => Band::Equivalent,
        size if size <= 0.25 => Band::Adjust,
        _ => Band::NotEquivalent,
    }
}

/// Missing or not is a yes or no of its own.
fn missingness(
    name: &str,
    treated: &Summary,
    control: &Summary,
    notes: &mut Vec<Note>,
) -> Option<Missingness> {
    let count = |summary: &Summary| (summary.shown.missing, summary.shown.n);
    let ((gone_1, valid_1), (gone_0, valid_0)) = (count(treated), count(control));
    if gone_1 + gone_0 == 0 || gone_1 + valid_1 == 0 || gone_0 + valid_0 == 0 {
        return None;
    }
    // Counts of people are far below 2^53.
    let share = |gone: u64, valid: u64| gone as f64 / (gone + valid) as f64;
    let (treated_share, control_share) = (share(gone_1, valid_1), share(gone_0, valid_0));
    let all = share(gone_1 + gone_0, valid_1 + valid_0);
    if all > MUCH_MISSING {
        notes.push(Note::MuchMissing {
            variable: name.to_string(),
            share: all,
        });
    }
    let table = TwoByTwo {
        treated_yes: gone_1,
        treated_no: valid_1,
        control_yes: gone_0,
        control_no: valid_0,
    };
    let test = Crosstab::from_two_by_two(&table).map(|table| pearson_chi_square(&table));
    Some(Missingness {
        treated_share,
        control_share,
        smd: smd_binary(&table).ok(),
        p_value: test.ok().and_then(|test| test.p_value),
    })
}

/// Hansen and Bowers' d² over all covariates, under the draw that was made; a covariate's
/// missing values count as a covariate.
fn omnibus(study: &Study, treated: usize, covariates: &[Measured]) -> Result<Option<TestResult>> {
    let (people, assigned) = study.rows(&study.codes, treated, |_| true);
    let Ok(matrix) = design_matrix(covariates, &people) else {
        return Ok(None);
    };
    let pick = |of: &Option<Vec<usize>>| {
        of.as_ref()
            .map(|of| people.iter().map(|&row| of[row]).collect::<Vec<usize>>())
    };
    let strata = pick(&study.design.strata);
    let clusters = pick(&study.design.clusters).and_then(|of| Clusters::new(&of).ok());
    let Ok(balance) =
        hansen_bowers::balance(&matrix, &assigned, strata.as_deref(), clusters.as_ref())
    else {
        return Ok(None);
    };
    Ok(balance.omnibus.map(|omnibus| TestResult {
        test: TestName::HansenBowersD2,
        statistic: Some(omnibus.statistic),
        df: Some(omnibus.df),
        df2: None,
        p_value: Some(omnibus.p_value),
    }))
}
