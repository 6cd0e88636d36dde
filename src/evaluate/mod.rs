//! Outcomes to an evaluation: which kernel answers which question.
//!
//! [`outcome`] takes one variable and the study's arms and returns everything about it:
//! `means` has the effects by intention to treat, `adjustment` what they are adjusted for,
//! `comparisons` the tests and effect
//! sizes, `compliance` who received what and what follows from that, `dose` how much, `providers` by whom, `missing` what missing
//! outcomes could do, `omnibus` whether any of several arms differs, `chance` the effect again after adjusting, weighting and matching, and
//! by subgroup; `stratified` tests within the draw's strata, `before_after` change within an
//! arm. `redraw` makes the draw again, for all outcomes at once; `conclude` gives every outcome its
//! answer, and `families` corrects the answers for looking at many; `costs` puts effects into money; `fewest` counts how few people stand
//! behind them; `absent` why something could not be computed. `simulate` makes outcomes up, to see what a design can find.

mod absent;
mod adjustment;
mod before_after;
mod chance;
mod comparisons;
mod compliance;
mod conclude;
mod costs;
mod dose;
mod families;
mod fewest;
mod gather;
mod means;
mod missing;
mod notes;
mod omnibus;
mod providers;
mod random_tables;
mod redraw;
mod simulate;
mod stratified;

pub use compliance::compliance;
pub use conclude::{conclude, steps};
pub use costs::costs;
pub use fewest::{few_in_table, fewest, fewest_together};
pub use means::design_matrix;
pub use notes::{design_notes, no_constant_effect, other_arms, unregistered_tests};
pub use simulate::{Found, Roster, SEED as SIMULATION_SEED, simulate};

use crate::answer::{Choice, choose, one_value, selected};
use crate::columns::VariableKind;
use crate::error::Result;
use crate::results::{Estimator, Further, Note, OutcomeResult, Reason, SMALL_ARM, TestName};
use crate::study::{Contrast, OutcomeInput, Study, summaries};

/// An outcome evaluated, and what is to lead each of its comparisons.
pub struct Evaluated {
    pub result: OutcomeResult,
    pub choices: Vec<Choice>,
}

/// Evaluates one outcome.
///
/// Everything that cannot be computed for the data at hand is left out and named in the
/// notes; nothing is NaN.
///
/// # Errors
/// Internal ones only: columns of different length.
pub fn outcome(study: &Study, input: &OutcomeInput) -> Result<Evaluated> {
    let codes = input.codes(study);
    let mut notes = Vec::new();
    let excluded = input.exclusion(study);
    notes.extend(excluded.as_ref().map(|excluded| {
        Note::Excluded {
            variable: input.measured.name().to_string(),
            expression: excluded.expression.clone(),
            per_arm: excluded
                .arms
                .iter()
                .map(|size| (size.arm.clone(), size.n))
                .collect(),
        }
    }));
    let summaries = summaries(&input.measured, &study.arms, &codes, &study.absent)?;
    let scores = input.measured.scores();
    let mut result = OutcomeResult {
        name: input.measured.name().to_string(),
        kind: input.measured.kind,
        labels: input.measured.spec.labels.clone(),
        level_labels: input.measured.spec.level_labels.clone(),
        family: input.spec.family.clone(),
        primary: input.spec.primary,
        registered: input.registered,
        baseline: input.spec.baseline.clone(),
        arms: summaries
            .iter()
            .map(|summary| summary.shown.clone())
            .collect(),
        excluded,
        estimates: Vec::new(),
        tests: Vec::new(),
        effect_sizes: Vec::new(),
        answer: Vec::new(),
        further: Further::default(),
        notes: Vec::new(),
    };
    if input.measured.guessed && input.measured.kind != VariableKind::Numeric {
        notes.push(Note::KindGuessed {
            variable: result.name.clone(),
            kind: result.kind,
        });
    }
    if scores.as_deref().is_some_and(beyond_computing) {
        // The spread has lost its digits, if it has any.
        for arm in &mut result.arms {
            arm.sd = None;
        }
        result.notes = vec![Note::NotComputed {
            variable: result.name.clone(),
            reason: Reason::OutOfRange,
        }];
        return Ok(Evaluated {
            result,
            choices: Vec::new(),
        });
    }
    let mut choices = Vec::new();
    for &treated in &study.treated {
        let contrast = Contrast {
            study,
            measured: &input.measured,
            scores: scores.as_deref(),
            codes: &codes,
            summaries: &summaries,
            treated,
        };
        if !both_arms_have_values(&contrast, &mut notes) {
            continue;
        }
        small_arms(&contrast, input, &mut notes);
        result
            .estimates
            .extend(means::estimates(&contrast, input, &mut notes)?);
        if !contrast.all_the_same() {
            result
                .estimates
                .extend(compliance::estimates(&contrast, &mut notes)?);
        }
        if one_value(&contrast) {
            let [known, of] = [contrast.treated, contrast.control()]
                .map(|arm| &summaries[arm].shown)
                .iter()
                .fold([0, 0], |[known, of], arm| {
                    [known + arm.n, of + arm.n + arm.missing]
                });
            let variable = result.name.clone();
            notes.push(Note::OneValueForSome {
                variable,
                known,
                of,
            });
            choices.push(Choice::Nothing);
            continue;
        }
        if let Some((treated_known, control_known)) = selected(&contrast) {
            notes.push(Note::SelectedAfterDraw {
                variable: result.name.clone(),
                treated_known,
                control_known,
            });
            choices.push(Choice::Nothing);
            continue;
        }
        let compared = comparisons::compare(&contrast, &input.spec.tests, &mut notes)?;
        result.tests.extend(compared.tests);
        let blocked = result.estimates.iter().find(|row| {
            row.treated == contrast.arm(treated)
                && row.estimator == Estimator::BlockedDifferenceInMeans
        });
        let sizes = comparisons::by_chance(
            &contrast,
            compared.effect_sizes,
            blocked.map(|row| &row.value),
            &mut notes,
        );
        result.effect_sizes.extend(sizes);
        choices.push(choose(&contrast, &input.spec.tests, &result));
        let further = &mut result.further;
        further
            .missing_outcomes
            .extend(missing::missing(&contrast, input, &mut notes));
        if contrast.all_the_same() {
            continue;
        }
        further
            .take_up
            .extend(compliance::take_up(&contrast, &mut notes));
        further.dose.extend(dose::dose(&contrast));
        further
            .nested
            .extend(providers::nested(&contrast, &mut notes));
        further.chance.extend(chance::chance(&contrast, &mut notes));
        further
            .imbalance
            .extend(chance::imbalance(&contrast, &mut notes));
        further
            .subgroups
            .extend(study.subgroups.iter().filter_map(|(variable, registered)| {
                chance::by_subgroup(&contrast, variable, *registered, &mut notes)
            }));
    }
    let compared = !choices.contains(&Choice::Nothing);
    result.further.omnibus = compared
        .then(|| omnibus::omnibus(study, input, &codes, &summaries, &mut notes))
        .flatten();
    result.further.before_after = before_after::before_after(study, input, &codes, &mut notes);
    let paired = result
        .further
        .before_after
        .iter()
        .flat_map(|row| &row.tests);
    let computed: Vec<TestName> = result
        .tests
        .iter()
        .map(|row| row.result.test)
        .chain(paired.map(|test| test.result.test))
        .collect();
    unavailable_tests(input, &computed, &mut notes);
    result.notes = without_repeats(notes);
    Ok(Evaluated { result, choices })
}

/// Fourth powers, which degrees of freedom are made of, keep their digits between these.
const COMPUTED: std::ops::RangeInclusive<f64> = 1e-70..=1e70;

/// Whether the largest of the values is too large or too small to compute with.
fn beyond_computing(scores: &[f64]) -> bool {
    let known = scores.iter().filter(|y| !y.is_nan()).map(|y| y.abs());
    let largest = known.fold(0.0, f64::max);
    largest > 0.0 && !COMPUTED.contains(&largest)
}

fn both_arms_have_values(contrast: &Contrast<'_>, notes: &mut Vec<Note>) -> bool {
    let mut all = true;
    for arm in [contrast.treated, contrast.control()] {
        if contrast.summaries[arm].shown.n == 0 {
            all = false;
            notes.push(Note::EmptyArm {
                variable: contrast.measured.name().to_string(),
                arm: contrast.arm(arm).to_string(),
            });
        }
    }
    all
}

/// Names an arm too small for standard errors that need large samples, where any are shown.
fn small_arms(contrast: &Contrast<'_>, input: &OutcomeInput, notes: &mut Vec<Note>) {
    let study = contrast.study;
    let shown =
        !study.covariates.is_empty() || study.received.is_some() || input.baseline.is_some();
    if contrast.scores.is_none() || !shown {
        return;
    }
    for arm in [contrast.treated, contrast.control()] {
        let n = contrast.summaries[arm].shown.n;
        if n < SMALL_ARM {
            notes.push(Note::SmallArm {
                variable: contrast.measured.name().to_string(),
                arm: contrast.arm(arm).to_string(),
                n,
            });
        }
    }
}

fn unavailable_tests(input: &OutcomeInput, computed: &[TestName], notes: &mut Vec<Note>) {
    for test in &input.spec.tests {
        // Added from the draws of all outcomes together.
        if !computed.contains(test) && *test != TestName::Permutation {
            notes.push(Note::TestNotAvailable {
                variable: input.measured.name().to_string(),
                test: *test,
            });
        }
    }
}

fn without_repeats(notes: Vec<Note>) -> Vec<Note> {
    let mut kept: Vec<Note> = Vec::new();
    for note in notes {
        if !kept.contains(&note) {
            kept.push(note);
        }
    }
    kept
}
