//! What holds for a whole evaluation and a reader must know.

use crate::commands::arms::Compared;
use crate::results::{Note, OutcomeResult, VariableKind};
use crate::study::Study;

/// Why yes/no outcomes have no interval from the draws.
pub(super) fn no_constant_effect(outcomes: &[OutcomeResult]) -> Option<Note> {
    let variables: Vec<String> = outcomes
        .iter()
        .filter(|outcome| outcome.kind == VariableKind::Binary)
        .filter(|outcome| !outcome.further.randomization.is_empty())
        .map(|outcome| outcome.name.clone())
        .collect();
    (!variables.is_empty()).then_some(Note::NoConstantEffect { variables })
}

pub(super) fn design_notes(study: &Study, notes: &mut Vec<Note>) {
    let distinct = |of: &Vec<usize>| {
        let mut of = of.clone();
        of.sort_unstable();
        of.dedup();
        of.len() as u64
    };
    notes.extend(study.design.strata.as_ref().map(|of| Note::StratifiedDraw {
        strata: distinct(of),
    }));
    notes.extend(
        study
            .design
            .clusters
            .as_ref()
            .map(|of| Note::ClusteredDraw {
                clusters: distinct(of),
            }),
    );
}

pub(super) fn other_arms(study: &Study, compared: &Compared, notes: &mut Vec<Note>) {
    let arms: Vec<_> = study
        .sizes()
        .into_iter()
        .enumerate()
        .filter(|(arm, _)| *arm != compared.control && !compared.treated.contains(arm))
        .map(|(_, size)| size)
        .collect();
    let count = arms.iter().map(|size| size.n).sum();
    if count > 0 {
        notes.push(Note::OtherArms {
            count,
            arms: arms.into_iter().map(|size| size.arm).collect(),
        });
    }
}
