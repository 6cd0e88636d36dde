//! Covariates to a balance table: are the arms as alike as a draw makes them?

mod chance;

use chance::Verdict;

use crate::columns::{Measured, VariableKind};
use crate::error::Result;
use crate::results::{
    BalanceRow, BalanceTable, Band, Missingness, Note, Provenance, Reason, SmdFormula,
};
use crate::stats::contingency::{Crosstab, TwoByTwo, pearson_chi_square};
use crate::stats::degenerate::Degenerate;
use crate::stats::fisher::{fisher_exact, fisher_exact_table};
use crate::stats::smd::{smd_binary, smd_categorical, smd_numeric, variance_ratio};
use crate::stats::two_sample::welch_t;
use crate::study::{Study, Summary, summaries};

/// The share of missing values from which a note says that a covariate is hardly known.
const MUCH_MISSING: f64 = 0.2;

/// The balance of one intervention arm against the control.
///
/// Numeric, binary and ordinal covariates get Welch's t, as the pilots did; categorical
/// ones χ²; where the draw was otherwise, or these don't hold, what `chance` says. Missing values are
/// compared between the arms as a variable of their own.
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
    let verdicts = chance::judge(study, treated, covariates)?;
    let both = verdicts.values.into_iter().zip(verdicts.missing);
    for (covariate, verdicts) in covariates.iter().zip(both) {
        rows.push(row(study, treated, covariate, verdicts, &mut notes)?);
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
        omnibus: verdicts.omnibus,
        notes,
    })
}

fn row(
    study: &Study,
    treated: usize,
    covariate: &Measured,
    (verdict, missing_verdict): (Verdict, Verdict),
    notes: &mut Vec<Note>,
) -> Result<BalanceRow> {
    let summaries = summaries(covariate, &study.arms, &study.codes, &study.absent)?;
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
        let test =
            Crosstab::new(&[treated.clone(), control.clone()]).and_then(|table| match &verdict {
                Verdict::Exact => {
                    fisher_exact_table(&table).or_else(|_| Ok(pearson_chi_square(&table)))
                }
                _ => Ok(pearson_chi_square(&table)),
            });
        (
            smd_categorical(&treated, &control),
            SmdFormula::Mahalanobis,
            test,
        )
    } else {
        let (treated, control) = (&one.moments.moments, &zero.moments.moments);
        let table = two_by_two(one, zero).filter(|_| covariate.kind == VariableKind::Binary);
        let distance = match &table {
            Some(table) => smd_binary(table),
            None => smd_numeric(treated, control),
        };
        let apart = treated.mean_minus(control) != 0.0;
        let test = match (&verdict, &table) {
            (Verdict::Exact, Some(table)) => fisher_exact(table).map(|found| found.test()),
            _ => match (welch_t(treated, control, study.level), &table) {
                // All of one arm and none of the other: the greatest difference there is.
                (Err(Degenerate::NoVariance), Some(table)) if apart => {
                    fisher_exact(table).map(|found| found.test())
                }
                (found, _) => found.map(|both| both.test),
            },
        };
        (distance, SmdFormula::Pooled, test)
    };
    if let (true, Err(reason)) = (known, &test)
        && !matches!(verdict, Verdict::Drawn(_))
    {
        notes.push(not_tested(&name, *reason, one, zero));
    }
    let test = match verdict {
        Verdict::Plain | Verdict::Exact => test.ok(),
        Verdict::Drawn(test) => Some(test).filter(|_| known),
        Verdict::Untested => None,
    };
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
        missingness: missingness(&name, one, zero, missing_verdict, notes),
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
    verdict: Verdict,
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
    let test = match verdict {
        Verdict::Plain => Crosstab::from_two_by_two(&table)
            .map(|table| pearson_chi_square(&table))
            .ok(),
        Verdict::Exact => fisher_exact(&table).map(|found| found.test()).ok(),
        Verdict::Drawn(test) => Some(test),
        Verdict::Untested => None,
    };
    Some(Missingness {
        treated_share,
        control_share,
        smd: smd_binary(&table).ok(),
        p_value: test.and_then(|test| test.p_value),
    })
}
