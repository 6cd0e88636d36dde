//! What could not be computed, and why, as notes.

use crate::results::{Estimand, EstimateRow, Note, Reason, ResultPart};
use crate::stats::degenerate::Degenerate;
use crate::stats::matrix::ModelError;
use crate::study::Contrast;

/// Why a kernel had no answer about these arms.
pub(super) fn no_answer(contrast: &Contrast<'_>, reason: Degenerate) -> Note {
    Note::NotComputed {
        variable: contrast.measured.name().to_string(),
        reason: kernel_reason(contrast, reason),
    }
}

pub(super) fn kernel_reason(contrast: &Contrast<'_>, reason: Degenerate) -> Reason {
    let mean = |arm: usize| contrast.summaries[arm].moments.moments.mean();
    match reason {
        Degenerate::NoVariance | Degenerate::TooFew if out_of_range(contrast) => Reason::OutOfRange,
        Degenerate::NoVariance if mean(contrast.treated) != mean(contrast.control()) => {
            Reason::NoVarianceWithin
        }
        other => kernel_reason_of(other),
    }
}

/// The same of arms of which nothing more is known.
pub(super) fn kernel_reason_of(reason: Degenerate) -> Reason {
    match reason {
        Degenerate::TooFew => Reason::TooFewValues,
        Degenerate::NoVariance => Reason::NoVariance,
        Degenerate::OneLevel => Reason::OneLevel,
        Degenerate::TooLarge => Reason::TooLarge,
        Degenerate::NotFinite => Reason::OutOfRange,
        Degenerate::ZeroCell | Degenerate::Disjoint => Reason::TooFewValues,
    }
}

/// Why a model had no answer about these arms.
pub(super) fn model_failed(contrast: &Contrast<'_>, error: ModelError) -> Note {
    Note::NotComputed {
        variable: contrast.measured.name().to_string(),
        reason: model_reason(contrast, error),
    }
}

pub(super) fn model_reason(contrast: &Contrast<'_>, error: ModelError) -> Reason {
    match error {
        ModelError::NoVariance | ModelError::NoFirstStage if out_of_range(contrast) => {
            Reason::OutOfRange
        }
        other => reason_of(other),
    }
}

/// The same of people of whom nothing more is known.
pub(super) fn reason_of(error: ModelError) -> Reason {
    match error {
        ModelError::NoFirstStage => Reason::NoDifferenceInTakeUp,
        ModelError::Collinear { .. } => Reason::Singular,
        ModelError::OneArmOnly { .. } => Reason::OneArmOnly,
        ModelError::ThinStratum { .. } => Reason::SmallStrata,
        ModelError::NoVariance => Reason::NoVariance,
        ModelError::FewClusters { .. } => Reason::FewClusters,
        ModelError::SplitCluster { .. } | ModelError::ClusterAcrossStrata { .. } => {
            Reason::SplitClusters
        }
        ModelError::NoDegreesOfFreedom { .. } => Reason::ManyCoefficients,
        ModelError::NotFinite { .. } | ModelError::Numerical => Reason::OutOfRange,
        ModelError::Empty | ModelError::EmptyArm { .. } | ModelError::Length { .. } => {
            Reason::TooFewValues
        }
    }
}

/// Whether the outcome's numbers overflow when squared, or differ by so little that their squares
/// vanish: then what looks like no spread is none that can be computed.
fn out_of_range(contrast: &Contrast<'_>) -> bool {
    let Some(scores) = contrast.scores else {
        return false;
    };
    [contrast.treated, contrast.control()].iter().any(|&arm| {
        let moments = &contrast.summaries[arm].moments.moments;
        let own = || {
            let rows = scores.iter().zip(contrast.codes);
            rows.filter(|(y, code)| **code as usize == arm && !y.is_nan())
                .map(|(y, _)| *y)
        };
        if !moments.m2.is_finite() || !moments.mean.is_finite() {
            return true;
        }
        let Some(first) = own().next() else {
            return false;
        };
        moments.m2 == 0.0 && own().any(|y| y != first)
    })
}

/// Parts that are absent for one reason.
pub(super) fn left_out(contrast: &Contrast<'_>, parts: &[ResultPart], reason: Reason) -> Note {
    Note::LeftOut {
        variable: contrast.measured.name().to_string(),
        parts: parts.to_vec(),
        reason,
    }
}

/// A note for an estimate that has no standard error, or one of zero.
pub(super) fn without_error(contrast: &Contrast<'_>, row: &EstimateRow) -> Option<Note> {
    let clustered = contrast.study.design.clusters.is_some();
    let reason = match row.value.std_error {
        None if clustered => Reason::FewClusters,
        None => Reason::OnePersonDecides,
        Some(error) if error == 0.0 && row.value.p_value.is_none() => {
            if out_of_range(contrast) {
                Reason::OutOfRange
            } else {
                Reason::NothingLeft
            }
        }
        Some(_) => return None,
    };
    Some(Note::NoStandardError {
        variable: contrast.measured.name().to_string(),
        estimand: row.estimand,
        estimator: row.estimator,
        reason,
    })
}

/// Whether an estimate stands only by the draw: those that it does not protect say so anyway.
pub(super) fn by_draw(row: &EstimateRow) -> bool {
    matches!(row.estimand, Estimand::Itt | Estimand::Cace)
}
