//! Who received the intervention, the effect on those who came because they were drawn,
//! and the comparisons that the draw does not protect.

use std::collections::BTreeMap;

use super::{Contrast, Study, model_failed};
use crate::error::Result;
use crate::results::{
    Compliance, ComplianceRow, Estimand, EstimateRow, Estimator, Note, ReasonCount,
};
use crate::stats::iv::{Strength, two_stage};
use crate::stats::linear::Variance;
use crate::stats::matrix::Matrix;
use crate::stats::sample::Moments;
use crate::stats::two_sample::welch_t;

/// The table of assigned by received, with the reasons of those assigned to an
/// intervention who did not receive it.
pub fn compliance(
    study: &Study,
    expression: &str,
    reasons: Option<&[Option<String>]>,
) -> (Option<Compliance>, Vec<Note>) {
    let Some(received) = &study.received else {
        return (None, Vec::new());
    };
    let mut rows: Vec<ComplianceRow> = study
        .sizes()
        .into_iter()
        .map(|size| ComplianceRow {
            arm: size.arm,
            n: size.n,
            received: 0,
            not_received: 0,
            unknown: 0,
        })
        .collect();
    for (arm, absent) in study.absent.iter().enumerate() {
        rows[arm].unknown += absent;
    }
    let mut counts: BTreeMap<(usize, Option<&str>), u64> = BTreeMap::new();
    for (row, code) in study.codes.iter().enumerate() {
        let arm = *code as usize;
        let Some(line) = rows.get_mut(arm) else {
            continue;
        };
        match received[row] {
            Some(true) => line.received += 1,
            Some(false) => {
                line.not_received += 1;
                if let Some(reasons) = reasons.filter(|_| study.treated.contains(&arm)) {
                    *counts.entry((arm, reasons[row].as_deref())).or_insert(0) += 1;
                }
            }
            None => line.unknown += 1,
        }
    }
    let mut notes = Vec::new();
    let unknown: u64 = rows.iter().map(|row| row.unknown).sum();
    if unknown > 0 {
        notes.push(Note::ComplianceUnknown { count: unknown });
    }
    if rows[study.control].received > 0 {
        notes.push(Note::TwoSidedNonCompliance {
            count: rows[study.control].received,
        });
    }
    let mut reasons: Vec<ReasonCount> = counts
        .into_iter()
        .map(|((arm, reason), count)| ReasonCount {
            arm: study.arms[arm].clone(),
            reason: reason.map(str::to_string),
            count,
        })
        .collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
    let table = Compliance {
        expression: expression.to_string(),
        arms: rows,
        reasons,
    };
    (Some(table), notes)
}

/// CACE by two-stage least squares with HC2, then per protocol and as treated.
pub fn estimates(contrast: &Contrast<'_>, notes: &mut Vec<Note>) -> Result<Vec<EstimateRow>> {
    let (Some(scores), Some(received)) = (contrast.scores, &contrast.study.received) else {
        return Ok(Vec::new());
    };
    let (people, assigned) = contrast
        .study
        .rows(contrast.codes, contrast.treated, |row| {
            !scores[row].is_nan() && received[row].is_some()
        });
    let y: Vec<f64> = people.iter().map(|&row| scores[row]).collect();
    let got: Vec<bool> = people
        .iter()
        .map(|&row| received[row] == Some(true))
        .collect();
    let mut rows = Vec::new();
    match cace(contrast, &y, &got, &assigned) {
        Ok((row, weak)) => {
            rows.push(row);
            notes.extend(weak);
        }
        Err(error) => notes.push(model_failed(contrast.measured.name(), error)),
    }
    let per_protocol = |row: usize| assigned[row] == got[row];
    rows.extend(unprotected(
        contrast,
        Estimand::PerProtocol,
        &y,
        &assigned,
        per_protocol,
    ));
    rows.extend(unprotected(contrast, Estimand::AsTreated, &y, &got, |_| {
        true
    }));
    Ok(rows)
}

fn cace(
    contrast: &Contrast<'_>,
    y: &[f64],
    got: &[bool],
    assigned: &[bool],
) -> std::result::Result<(EstimateRow, Option<Note>), crate::stats::matrix::ModelError> {
    let receipt: Vec<f64> = got.iter().map(|&got| f64::from(u8::from(got))).collect();
    let mut instrument = Matrix::new(y.len());
    instrument.push_flags(assigned)?;
    let fit = two_stage(
        y,
        &receipt,
        &instrument,
        &Matrix::new(y.len()),
        Variance::Hc2,
        contrast.study.level,
    )?;
    let weak = match (fit.first_stage.strength, fit.first_stage.f) {
        (Strength::Weak, Some(f)) => Some(Note::WeakFirstStage { f: f.statistic }),
        _ => None,
    };
    Ok((
        contrast.row(
            Estimand::Cace,
            Estimator::Iv2sls,
            y.len() as u64,
            fit.effect,
        ),
        weak,
    ))
}

/// A plain difference between people who were not drawn into what is compared.
fn unprotected(
    contrast: &Contrast<'_>,
    estimand: Estimand,
    y: &[f64],
    group: &[bool],
    keep: impl Fn(usize) -> bool,
) -> Option<EstimateRow> {
    let values = |wanted: bool| -> Vec<f64> {
        (0..y.len())
            .filter(|&row| group[row] == wanted && keep(row))
            .map(|row| y[row])
            .collect()
    };
    let (treated, control) = (
        Moments::from_slice(&values(true)),
        Moments::from_slice(&values(false)),
    );
    let comparison = welch_t(&treated, &control, contrast.study.level).ok()?;
    Some(contrast.row(
        estimand,
        Estimator::DifferenceInMeans,
        treated.n + control.n,
        comparison.estimate,
    ))
}
