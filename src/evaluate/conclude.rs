//! From outcomes evaluated one by one to their answers: the draw made again for those that need it,
//! and corrections for looking at many.

use super::Evaluated;
use super::families::{adjust, randomize};
use crate::answer::{Choice, DRAWS, from_draws};
use crate::error::Result;
use crate::results::{Answer, Note, OutcomeResult};
use crate::study::{OutcomeInput, Study};

/// Which outcomes the draw is made again for, by their place: all where draws are asked for, else
/// those whose answer needs them.
fn drawn_for(evaluated: &[Evaluated], asked: Option<u64>) -> Vec<usize> {
    let needs = |one: &Evaluated| {
        let mut choices = one.choices.iter();
        choices.any(|choice| matches!(choice, Choice::Draws(_)))
    };
    // Of what can have no answer the draws know none either.
    let can = |one: &Evaluated| one.choices.iter().any(|choice| *choice != Choice::Nothing);
    (0..evaluated.len())
        .filter(|&place| can(&evaluated[place]))
        .filter(|&place| asked.is_some() || needs(&evaluated[place]))
        .collect()
}

/// How many draws [`conclude`] makes, over all intervention arms: what a progress bar has to know.
pub fn steps(study: &Study, evaluated: &[Evaluated], asked: Option<u64>) -> u64 {
    let possible = study.design.everyone.is_some() && !drawn_for(evaluated, asked).is_empty();
    match possible {
        true => asked.unwrap_or(DRAWS) * study.treated.len() as u64,
        false => 0,
    }
}

/// The answers of all outcomes. `asked` is the number of draws asked for, where any are; `progress`
/// is told of the draws done.
///
/// # Errors
/// A recorded design that does not fit the people.
pub fn conclude(
    study: &Study,
    inputs: &[OutcomeInput],
    mut evaluated: Vec<Evaluated>,
    asked: Option<u64>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Vec<OutcomeResult>, Vec<Note>)> {
    let mut notes = Vec::new();
    let places = drawn_for(&evaluated, asked);
    let draws = match &study.design.everyone {
        Some(everyone) if !places.is_empty() => {
            if everyone.plan.is_none() {
                notes.push(Note::DrawNotRecorded);
            }
            let draws = asked.unwrap_or(DRAWS);
            let mut results: Vec<&mut OutcomeResult> = Vec::new();
            for (place, one) in evaluated.iter_mut().enumerate() {
                if places.contains(&place) {
                    results.push(&mut one.result);
                }
            }
            let chosen: Vec<&OutcomeInput> = places.iter().map(|&place| &inputs[place]).collect();
            randomize(study, everyone, &chosen, &mut results, draws, progress)?
        }
        _ => Vec::new(),
    };
    let mut results: Vec<OutcomeResult> = evaluated
        .into_iter()
        .map(
            |Evaluated {
                 mut result,
                 choices,
             }| {
                for choice in choices {
                    let answer = match choice {
                        Choice::Ready(answer) => Some(answer),
                        Choice::Draws(answer) => from_draws(study, &result, answer),
                        Choice::Nothing => None,
                    };
                    if let Some(answer) = answer {
                        result.notes.extend(stands_in(&result.name, &answer));
                        result.answer.push(answer);
                    }
                }
                result
            },
        )
        .collect();
    adjust(study, &mut results, &draws, &places);
    Ok((results, notes))
}

fn stands_in(variable: &str, answer: &Answer) -> Option<Note> {
    Some(Note::StandsIn {
        variable: variable.to_string(),
        asked: answer.asked,
        test: answer.test,
        reason: answer.reason?,
    })
}
