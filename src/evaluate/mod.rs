//! Outcomes to an evaluation: which kernel answers which question.
//!
//! [`outcome`] takes one variable and the study's arms and returns everything about it:
//! `means` has the effects by intention to treat, `comparisons` the tests and effect
//! sizes, `compliance` who received what and what follows from that, `missing` what missing
//! outcomes could do, `chance` the effect again after adjusting, weighting and matching, and
//! by subgroup. `redraw` makes the draw again, for all outcomes at once; `families` corrects
//! for looking at many. `simulate` makes outcomes up, to see what a design can find.

mod chance;
mod comparisons;
mod compliance;
mod families;
mod means;
mod missing;
mod redraw;
mod simulate;

pub use compliance::{Threshold, compliance};
pub use families::{adjust, randomize};
pub use means::design_matrix;
pub use redraw::Everyone;
pub use simulate::{Found, Roster, SEED as SIMULATION_SEED, simulate};

use std::borrow::Cow;

use crate::error::Result;
use crate::protocol::Outcome;
use crate::results::{
    ArmSize, Estimand, EstimateRow, Estimator, Exclusion, Further, Note, OutcomeResult, Reason,
    TestName, VariableKind,
};
use crate::stats::degenerate::Degenerate;
use crate::stats::infer::Level;
use crate::stats::matrix::ModelError;
use crate::variable::{Measured, NO_ARM, Summary};

/// What all outcomes of a trial share. Vectors have one entry per analysed row.
#[derive(Debug, Clone)]
pub struct Study {
    /// Names of all arms that occur.
    pub arms: Vec<String>,
    /// Arm of each row, an index into `arms`.
    pub codes: Vec<u32>,
    /// People per arm without a row in the export.
    pub absent: Vec<u64>,
    pub control: usize,
    /// The intervention arms, each compared with the control.
    pub treated: Vec<usize>,
    /// Stratum of each row, if the draw had any.
    pub strata: Option<Vec<usize>>,
    /// Cluster of each row, if the draw was by cluster.
    pub clusters: Option<Vec<usize>>,
    /// Whether each row received the intervention, where that is asked.
    pub received: Option<Vec<Option<bool>>>,
    /// Covariates to adjust for.
    pub covariates: Vec<Measured>,
    /// Other definitions of receiving it: how often at least.
    pub thresholds: Vec<Threshold>,
    /// Variables to look at effects by, and whether they are registered.
    pub subgroups: Vec<(Measured, Option<bool>)>,
    pub level: Level,
}

impl Study {
    /// People per arm, those without a row included.
    pub fn sizes(&self) -> Vec<ArmSize> {
        let mut counts = self.absent.clone();
        counts.resize(self.arms.len(), 0);
        for code in &self.codes {
            if let Some(count) = counts.get_mut(*code as usize) {
                *count += 1;
            }
        }
        self.arms
            .iter()
            .zip(counts)
            .map(|(arm, n)| ArmSize {
                arm: arm.clone(),
                n,
            })
            .collect()
    }

    /// Rows of the two arms compared for which `valid` holds, with whether each is treated.
    pub fn rows(
        &self,
        codes: &[u32],
        treated: usize,
        valid: impl Fn(usize) -> bool,
    ) -> (Vec<usize>, Vec<bool>) {
        let mut rows = Vec::new();
        let mut assigned = Vec::new();
        for (row, code) in codes.iter().enumerate() {
            let arm = *code as usize;
            if (arm == treated || arm == self.control) && valid(row) {
                rows.push(row);
                assigned.push(arm == treated);
            }
        }
        (rows, assigned)
    }
}

/// One outcome to evaluate.
#[derive(Debug, Clone)]
pub struct OutcomeInput {
    pub spec: Outcome,
    pub measured: Measured,
    /// The same variable before the draw.
    pub baseline: Option<Measured>,
    /// Rows that the outcome's `exclude` expression leaves out.
    pub excluded: Option<Vec<bool>>,
    pub registered: Option<bool>,
}

/// One comparison of two arms within an outcome: what the kernels need to know.
struct Contrast<'a> {
    study: &'a Study,
    measured: &'a Measured,
    /// The outcome's numbers, where it has any.
    scores: Option<&'a [f64]>,
    /// Arms of the rows, [`NO_ARM`] where excluded.
    codes: &'a [u32],
    summaries: &'a [Summary],
    treated: usize,
}

impl Contrast<'_> {
    fn control(&self) -> usize {
        self.study.control
    }

    /// Whether everybody in both arms has the same value: models would fit rounding.
    fn all_the_same(&self) -> bool {
        let moments = |arm: usize| &self.summaries[arm].moments.moments;
        let (one, zero) = (moments(self.treated), moments(self.control()));
        self.scores.is_some() && one.m2 == 0.0 && zero.m2 == 0.0 && one.mean_minus(zero) == 0.0
    }

    fn arm(&self, arm: usize) -> &str {
        &self.study.arms[arm]
    }

    fn row(
        &self,
        estimand: Estimand,
        estimator: Estimator,
        n: u64,
        value: crate::results::Estimate,
    ) -> EstimateRow {
        EstimateRow {
            estimand,
            estimator,
            treated: self.arm(self.treated).to_string(),
            control: self.arm(self.control()).to_string(),
            randomised: matches!(estimand, Estimand::Itt | Estimand::Cace),
            n,
            adjusted_for: Vec::new(),
            value,
        }
    }
}

/// Evaluates one outcome.
///
/// Everything that cannot be computed for the data at hand is left out and named in the
/// notes; nothing is NaN.
///
/// # Errors
/// Internal ones only: columns of different length.
pub fn outcome(study: &Study, input: &OutcomeInput) -> Result<OutcomeResult> {
    let mut codes = Cow::Borrowed(study.codes.as_slice());
    let mut notes = Vec::new();
    let excluded = exclude(study, input, &mut codes, &mut notes);
    let summaries = input
        .measured
        .summaries(&study.arms, &codes, &study.absent)?;
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
        further: Further::default(),
        warnings: Vec::new(),
        notes: Vec::new(),
    };
    if input.measured.guessed && input.measured.kind != VariableKind::Numeric {
        notes.push(Note::KindGuessed {
            variable: result.name.clone(),
            kind: result.kind,
        });
    }
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
        attrition(&contrast, &mut notes);
        result
            .estimates
            .extend(means::estimates(&contrast, input, &mut notes)?);
        if !contrast.all_the_same() {
            result
                .estimates
                .extend(compliance::estimates(&contrast, &mut notes)?);
        }
        let compared = comparisons::compare(&contrast, &mut notes)?;
        result.tests.extend(compared.tests);
        result.effect_sizes.extend(compared.effect_sizes);
        let further = &mut result.further;
        further
            .missing_outcomes
            .extend(missing::missing(&contrast, input));
        if contrast.all_the_same() {
            continue;
        }
        further.take_up.extend(compliance::take_up(&contrast));
        further.chance.extend(chance::chance(&contrast));
        further.imbalance.extend(chance::imbalance(&contrast));
        further
            .subgroups
            .extend(study.subgroups.iter().filter_map(|(variable, registered)| {
                chance::by_subgroup(&contrast, variable, *registered)
            }));
    }
    unavailable_tests(
        input,
        &result
            .tests
            .iter()
            .map(|row| row.result.test)
            .collect::<Vec<_>>(),
        &mut notes,
    );
    result.notes = without_repeats(notes);
    Ok(result)
}

fn exclude(
    study: &Study,
    input: &OutcomeInput,
    codes: &mut Cow<'_, [u32]>,
    notes: &mut Vec<Note>,
) -> Option<Exclusion> {
    let (Some(expression), Some(excluded)) = (&input.spec.exclude, &input.excluded) else {
        return None;
    };
    let mut counts = vec![0_u64; study.arms.len()];
    for (code, _) in codes
        .to_mut()
        .iter_mut()
        .zip(excluded)
        .filter(|(_, excluded)| **excluded)
    {
        if let Some(count) = counts.get_mut(*code as usize) {
            *count += 1;
        }
        *code = NO_ARM;
    }
    let arms: Vec<ArmSize> = study
        .arms
        .iter()
        .zip(counts)
        .map(|(arm, n)| ArmSize {
            arm: arm.clone(),
            n,
        })
        .collect();
    notes.push(Note::Excluded {
        variable: input.measured.name().to_string(),
        expression: expression.clone(),
        per_arm: arms.iter().map(|size| (size.arm.clone(), size.n)).collect(),
    });
    Some(Exclusion {
        expression: expression.clone(),
        arms,
    })
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

/// Differential attrition worth a warning: more than 5 points between the arms.
const ATTRITION: f64 = 0.05;

fn attrition(contrast: &Contrast<'_>, notes: &mut Vec<Note>) {
    let share = |arm: usize| {
        let shown = &contrast.summaries[arm].shown;
        // Counts of people are far below 2^53.
        shown.missing as f64 / (shown.n + shown.missing) as f64
    };
    let (treated, control) = (share(contrast.treated), share(contrast.control()));
    if (treated - control).abs() > ATTRITION {
        notes.push(Note::Attrition {
            variable: contrast.measured.name().to_string(),
            treated_missing: treated,
            control_missing: control,
        });
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

/// Why a kernel had no answer about these arms, as a note.
fn no_answer(contrast: &Contrast<'_>, reason: Degenerate) -> Note {
    let mean = |arm: usize| contrast.summaries[arm].moments.moments.mean();
    let name = contrast.measured.name();
    if reason == Degenerate::NoVariance && mean(contrast.treated) != mean(contrast.control()) {
        return Note::NotComputed {
            variable: name.to_string(),
            reason: Reason::NoVarianceWithin,
        };
    }
    not_computed(name, reason)
}

/// Why a kernel had no answer, as a note.
fn not_computed(variable: &str, reason: Degenerate) -> Note {
    let reason = match reason {
        Degenerate::TooFew => Reason::TooFewValues,
        Degenerate::NoVariance => Reason::NoVariance,
        Degenerate::OneLevel => Reason::OneLevel,
        Degenerate::TooLarge => Reason::TooLarge,
        Degenerate::ZeroCell | Degenerate::Disjoint | Degenerate::NotFinite => Reason::TooFewValues,
    };
    Note::NotComputed {
        variable: variable.to_string(),
        reason,
    }
}

/// Why a model had no answer, as a note.
fn model_failed(variable: &str, error: ModelError) -> Note {
    let reason = match error {
        ModelError::NoFirstStage => Reason::NoDifferenceInTakeUp,
        ModelError::Collinear { .. } => Reason::Singular,
        ModelError::ThinStratum { .. } => Reason::SmallStrata,
        ModelError::NoVariance => Reason::NoVariance,
        _ => Reason::TooFewValues,
    };
    Note::NotComputed {
        variable: variable.to_string(),
        reason,
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
