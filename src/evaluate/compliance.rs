//! Who received the intervention, the effect on those who came because they were drawn,
//! and the comparisons that the draw does not protect.

use std::collections::BTreeMap;

use super::absent::{by_draw, left_out, model_failed, model_reason, without_error};
use super::adjustment::Adjustment;
use crate::error::Result;
use crate::results::{
    Compliance, ComplianceRow, ConfidenceSetRow, Estimand, EstimateRow, Estimator, InstrumentRow,
    Note, ReasonCount, ResultPart, SetShape, TakeUpRow,
};
use crate::stats::anderson_rubin::ConfidenceSet;
use crate::stats::cluster::Clusters;
use crate::stats::compliance::compliers;
use crate::stats::drawn_iv::{DrawnIv, Instrument};
use crate::stats::iv::{Strength, two_stage};
use crate::stats::linear::{Variance, ols};
use crate::stats::matrix::{Matrix, ModelError};
use crate::stats::sample::Moments;
use crate::stats::strata::indicators;
use crate::stats::two_sample::welch_t;
use crate::study::{Contrast, Study};

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
            merged: false,
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

/// CACE by two-stage least squares with HC2 (CR2 where clusters were drawn, strata as fixed
/// effects), then per protocol and as treated.
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
    match unknown(contrast, scores, received) {
        0 => match cace(contrast, scores, received) {
            Ok((row, fit)) => {
                notes.extend(weak(contrast, &fit));
                rows.push(row);
                rows.extend(adjusted(contrast, scores, received, notes));
            }
            Err(error) => notes.push(model_failed(contrast, error)),
        },
        people => notes.push(receipt_unknown(contrast, scores, received, people)),
    }
    let per_protocol = |row: usize| assigned[row] == got[row];
    rows.extend(unprotected(
        contrast,
        Estimand::PerProtocol,
        (&people, &y),
        &assigned,
        per_protocol,
    ));
    rows.extend(unprotected(
        contrast,
        Estimand::AsTreated,
        (&people, &y),
        &got,
        |_| true,
    ));
    let drawn = rows.iter().filter(|row| by_draw(row));
    notes.extend(drawn.filter_map(|row| without_error(contrast, row)));
    Ok(rows)
}

/// People with a known outcome of whom it is not known whether they received the intervention. To leave
/// them out, after the draw, would compare other people than were drawn.
fn unknown(contrast: &Contrast<'_>, scores: &[f64], received: &[Option<bool>]) -> u64 {
    let study = contrast.study;
    let known = |row: usize| !scores[row].is_nan();
    let (people, _) = study.rows(contrast.codes, contrast.treated, known);
    people
        .iter()
        .filter(|&&row| received[row].is_none())
        .count() as u64
}

/// What the effect on compliers could be, with all that is unknown counted for either extreme: the
/// fewest compliers that could be, and the most.
fn receipt_unknown(
    contrast: &Contrast<'_>,
    scores: &[f64],
    received: &[Option<bool>],
    people: u64,
) -> Note {
    let known = |row: usize| !scores[row].is_nan();
    let (rows, assigned) = contrast
        .study
        .drawn(contrast.codes, contrast.treated, known);
    let extreme = |most: bool| {
        let counted = received.iter().zip(contrast.codes).map(|(received, code)| {
            let in_treatment = *code as usize == contrast.treated;
            Some(received.unwrap_or(in_treatment == most))
        });
        let counted: Vec<Option<bool>> = counted.collect();
        let share = |arm: bool| {
            let own = || rows.iter().zip(&assigned).filter(|(_, of)| **of == arm);
            let got = own()
                .filter(|(row, _)| counted[**row] == Some(true))
                .count();
            // Counts of people are far below 2^53.
            got as f64 / own().count() as f64
        };
        // With as many received in the control arm the effect on compliers could be anything.
        let compliers = share(true) > share(false);
        let (row, _) = cace(contrast, scores, &counted).ok()?;
        compliers.then_some(row.value.estimate)
    };
    let both = extreme(false).zip(extreme(true));
    Note::ReceiptUnknown {
        variable: contrast.measured.name().to_string(),
        people,
        low: both.map(|(one, other)| one.min(other)),
        high: both.map(|(one, other)| one.max(other)),
    }
}

/// People of a contrast with a known outcome and receipt, as drawn.
struct Taken {
    people: Vec<usize>,
    assigned: Vec<bool>,
    y: Vec<f64>,
    receipt: Vec<f64>,
}

impl Taken {
    fn new(contrast: &Contrast<'_>, scores: &[f64], received: &[Option<bool>]) -> Taken {
        let known = |row: usize| !scores[row].is_nan() && received[row].is_some();
        let (people, assigned) = contrast
            .study
            .drawn(contrast.codes, contrast.treated, known);
        let got = people.iter().map(|&row| received[row] == Some(true));
        Taken {
            y: people.iter().map(|&row| scores[row]).collect(),
            receipt: as_numbers(&got.collect::<Vec<_>>()),
            people,
            assigned,
        }
    }
}

fn cace(
    contrast: &Contrast<'_>,
    scores: &[f64],
    received: &[Option<bool>],
) -> std::result::Result<(EstimateRow, DrawnIv), ModelError> {
    let taken = Taken::new(contrast, scores, received);
    let instrument = instrument(contrast.study, &taken.people, &taken.assigned)?;
    let fit = instrument.two_stage(&taken.y, &taken.receipt, contrast.study.level)?;
    Ok((row(contrast, &fit, taken.y.len()), fit))
}

/// The effect on compliers with the registered covariates in both stages; none without any that can be used.
fn adjusted(
    contrast: &Contrast<'_>,
    scores: &[f64],
    received: &[Option<bool>],
    notes: &mut Vec<Note>,
) -> Option<EstimateRow> {
    let study = contrast.study;
    if study.covariates.is_empty() {
        return None;
    }
    let Taken {
        people,
        assigned,
        y,
        receipt,
    } = Taken::new(contrast, scores, received);
    let adjustment = Adjustment::new(study, &study.covariates, (&people, &y, &assigned)).ok()?;
    if adjustment.matrix.columns() == 0 {
        return None;
    }
    let strata = study.design.strata_of(&people);
    let fit = match study.design.clusters_of(&people) {
        Ok(None) => Instrument::adjusted(&assigned, strata.as_deref(), &adjustment.matrix)
            .and_then(|instrument| instrument.two_stage(&y, &receipt, study.level)),
        Ok(Some(clusters)) => {
            beside_strata(strata.as_deref(), &adjustment.matrix).and_then(|beside| {
                let mut assignment = Matrix::new(y.len());
                assignment.push_flags(&assigned)?;
                let variance = Variance::Cr2(&clusters);
                two_stage(&y, &receipt, &assignment, &beside, variance, study.level)?.drawn()
            })
        }
        Err(error) => Err(error),
    };
    match fit {
        Ok(fit) => {
            let mut row = row(contrast, &fit, y.len());
            row.adjusted_for = adjustment.names(&study.covariates);
            Some(row)
        }
        Err(error) => {
            let reason = model_reason(contrast, error);
            notes.push(left_out(contrast, &[ResultPart::AdjustedCace], reason));
            None
        }
    }
}

/// Indicators of the strata, and the covariates.
fn beside_strata(
    strata: Option<&[usize]>,
    covariates: &Matrix,
) -> std::result::Result<Matrix, ModelError> {
    let Some(strata) = strata else {
        return Ok(covariates.clone());
    };
    let mut beside = indicators(strata)?;
    beside.append(covariates)?;
    Ok(beside)
}

fn row(contrast: &Contrast<'_>, fit: &DrawnIv, n: usize) -> EstimateRow {
    let mut row = contrast.row(Estimand::Cace, Estimator::Iv2sls, n as u64, fit.leading());
    // A choice of what unknown receipt counts as is no lot.
    row.randomised = !contrast.study.receipt_stated;
    row.instrument = Some(InstrumentRow {
        first_stage_f: fit.f.map(|f| f.statistic),
        anderson_rubin: set(&fit.anderson_rubin.set),
        leads: fit.led_by_set(),
    });
    row
}

fn weak(contrast: &Contrast<'_>, fit: &DrawnIv) -> Option<Note> {
    let f = fit.f.filter(|_| fit.led_by_set())?;
    Some(Note::WeakFirstStage {
        variable: contrast.measured.name().to_string(),
        f: f.statistic,
        enough: Strength::enough(contrast.study.level),
    })
}

/// Assignment of these people as an instrument, with the strata and clusters of the draw.
pub(super) fn instrument(
    study: &Study,
    people: &[usize],
    assigned: &[bool],
) -> std::result::Result<Instrument, ModelError> {
    let design = &study.design;
    let (strata, clusters) = (design.strata_of(people), design.cluster_codes(people));
    Instrument::new(assigned, strata.as_deref(), clusters.as_deref())
}

fn as_numbers(got: &[bool]) -> Vec<f64> {
    got.iter().map(|&got| f64::from(u8::from(got))).collect()
}

/// A plain difference between people who were not drawn into what is compared; with CR2 where
/// clusters were drawn, whose members may be on both sides.
fn unprotected(
    contrast: &Contrast<'_>,
    estimand: Estimand,
    (people, y): (&[usize], &[f64]),
    group: &[bool],
    keep: impl Fn(usize) -> bool,
) -> Option<EstimateRow> {
    let kept: Vec<usize> = (0..y.len()).filter(|&row| keep(row)).collect();
    let y: Vec<f64> = kept.iter().map(|&row| y[row]).collect();
    let group: Vec<bool> = kept.iter().map(|&row| group[row]).collect();
    let level = contrast.study.level;
    let values = |wanted: bool| -> Vec<f64> {
        let own = y.iter().zip(&group).filter(|(_, group)| **group == wanted);
        own.map(|(y, _)| *y).collect()
    };
    let (treated, control) = (
        Moments::from_slice(&values(true)),
        Moments::from_slice(&values(false)),
    );
    let value = match &contrast.study.design.clusters {
        None => welch_t(&treated, &control, level).ok()?.estimate,
        Some(of) => {
            let own: Vec<usize> = kept.iter().map(|&row| of[people[row]]).collect();
            let clusters = Clusters::new(&own).ok()?;
            let mut design = Matrix::new(y.len());
            design.push_intercept();
            design.push_flags(&group).ok()?;
            let fit = ols(&y, &design, Variance::Cr2(&clusters), level).ok()?;
            fit.coefficient(1).ok()?
        }
    };
    let estimator = match contrast.study.design.clusters {
        None => Estimator::DifferenceInMeans,
        Some(_) => Estimator::ClusterCr2,
    };
    Some(contrast.row(estimand, estimator, treated.n + control.n, value))
}

/// What is behind the effect on compliers, for the definition asked for and the thresholds
/// around it: first stage, complier share and means, Anderson–Rubin set.
pub fn take_up(contrast: &Contrast<'_>, notes: &mut Vec<Note>) -> Vec<TakeUpRow> {
    let Some(scores) = contrast.scores else {
        return Vec::new();
    };
    let study = contrast.study;
    study
        .thresholds
        .iter()
        // What those of whom it is unknown would make of it is noted with the estimates.
        .filter(|threshold| unknown(contrast, scores, &threshold.received) == 0)
        .map(|threshold| {
            let received = &threshold.received;
            let (people, assigned) = study.drawn(contrast.codes, contrast.treated, |row| {
                !scores[row].is_nan() && received[row].is_some()
            });
            let y: Vec<f64> = people.iter().map(|&row| scores[row]).collect();
            let got: Vec<bool> = people
                .iter()
                .map(|&row| received[row] == Some(true))
                .collect();
            let mut row = TakeUpRow {
                treated: contrast.arm(contrast.treated).to_string(),
                control: contrast.arm(contrast.control()).to_string(),
                received: threshold.expression.clone(),
                leading: threshold.leading,
                n: people.len() as u64,
                complier_share: None,
                first_stage_f: None,
                cace: None,
                anderson_rubin: None,
                compliers_treated: None,
                compliers_untreated: None,
                always_takers: None,
                never_takers: None,
            };
            let Ok(instrument) = instrument(study, &people, &assigned) else {
                return row;
            };
            if let Ok(fit) = instrument.two_stage(&y, &as_numbers(&got), study.level) {
                row.first_stage_f = fit.f.map(|f| f.statistic);
                row.complier_share = Some(fit.received);
                row.cace = Some(fit.leading());
                // Without any spread left the set would be one point: it says nothing then.
                let spread = fit.effect.std_error != Some(0.0);
                row.anderson_rubin = spread.then(|| set(&fit.anderson_rubin.set));
            }
            match compliers(&y, &got, &instrument, study.level) {
                Ok(found) => {
                    if threshold.leading && found.reversed() {
                        notes.push(Note::ReversedTakeUp {
                            treated: contrast.arm(contrast.treated).to_string(),
                        });
                    }
                    row.compliers_treated = Some(found.mean_treated);
                    row.compliers_untreated = Some(found.mean_untreated);
                    row.always_takers = Some(found.always_takers.0);
                    row.never_takers = Some(found.never_takers.0);
                }
                Err(error) if threshold.leading => {
                    let reason = model_reason(contrast, error);
                    notes.push(left_out(contrast, &[ResultPart::Compliers], reason));
                }
                Err(_) => {}
            }
            row
        })
        .collect()
}

/// A confidence set as data.
pub(super) fn set(set: &ConfidenceSet) -> ConfidenceSetRow {
    let (shape, low, high) = match *set {
        ConfidenceSet::Interval { low, high } => (SetShape::Interval, Some(low), Some(high)),
        ConfidenceSet::Rays { below, above } => (SetShape::Rays, below, above),
        ConfidenceSet::Line => (SetShape::Line, None, None),
        ConfidenceSet::Empty => (SetShape::Empty, None, None),
    };
    ConfidenceSetRow { shape, low, high }
}
