//! What holds for a whole evaluation and a reader must know.

use crate::columns::VariableKind;
use crate::protocol::{Compared, Outcome};
use crate::results::{Note, OutcomeResult, TestName};
use crate::study::Study;

/// Why yes/no outcomes have no interval from the draws.
pub fn no_constant_effect(outcomes: &[OutcomeResult]) -> Option<Note> {
    let variables: Vec<String> = outcomes
        .iter()
        .filter(|outcome| outcome.kind == VariableKind::Binary)
        .filter(|outcome| !outcome.further.randomization.is_empty())
        .map(|outcome| outcome.name.clone())
        .collect();
    (!variables.is_empty()).then_some(Note::NoConstantEffect { variables })
}

pub fn design_notes(study: &Study, notes: &mut Vec<Note>) {
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

pub fn other_arms(study: &Study, compared: &Compared, notes: &mut Vec<Note>) {
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

/// The tests shown of outcomes beyond those that the protocol names for them.
pub fn unregistered_tests(outcomes: &[OutcomeResult], registered: &[Outcome]) -> Option<Note> {
    let (mut variables, mut tests) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        let known = registered
            .iter()
            .find(|known| known.variable.name == outcome.name && !known.tests.is_empty());
        let Some(known) = known else { continue };
        for row in &outcome.tests {
            let test = row.result.test;
            // Levene asks about the spread, not about the effect; drawing again has its own entry
            // in the protocol.
            if matches!(test, TestName::Levene | TestName::Permutation)
                || known.tests.contains(&test)
            {
                continue;
            }
            if !variables.contains(&outcome.name) {
                variables.push(outcome.name.clone());
            }
            if !tests.contains(&test) {
                tests.push(test);
            }
        }
    }
    (!tests.is_empty()).then_some(Note::TestsNotRegistered { variables, tests })
}
