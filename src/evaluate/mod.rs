//! Outcomes to an evaluation: which kernel answers which question.
//!
//! [`outcome`] takes one variable and the study's arms and returns everything about it:
//! `means` has the effects by intention to treat, `adjustment` what they are adjusted for,
//! `comparisons` the tests and effect
//! sizes, `compliance` who received what and what follows from that, `dose` how much, `missing` what missing
//! outcomes could do, `chance` the effect again after adjusting, weighting and matching, and
//! by subgroup; `stratified` tests within the draw's strata, `before_after` change within an
//! arm. `redraw` makes the draw again, for all outcomes at once; `families` corrects
//! for looking at many; `costs` puts effects into money; `fewest` counts how few people stand
//! behind them; `absent` why something could not be computed. `simulate` makes outcomes up, to see what a design can find.

mod absent;
mod adjustment;
mod before_after;
mod chance;
mod comparisons;
mod compliance;
mod costs;
mod dose;
mod families;
mod fewest;
mod means;
mod missing;
mod random_tables;
mod redraw;
mod simulate;
mod stratified;

pub use compliance::{Threshold, compliance};
pub use costs::costs;
pub use dose::Contacts;
pub use families::{adjust, randomize};
pub use fewest::{fewest, fewest_together, unlike_most};
pub use means::design_matrix;
pub use redraw::Everyone;
pub use simulate::{Found, Roster, SEED as SIMULATION_SEED, simulate};

use std::borrow::Cow;

use crate::error::Result;
use crate::protocol::Outcome;
use crate::results::{
    ArmSize, Estimand, EstimateRow, Estimator, Exclusion, Further, Note, OutcomeResult, SMALL_ARM,
    SeType, TestName, VariableKind,
};
use crate::stats::cluster::Clusters;
use crate::stats::infer::Level;
use crate::stats::linear::Variance;
use crate::stats::strata::complete_pairs;
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
    /// Place of each row in the order of the ids, which decides ties between people; absent
    /// where there are no ids, and the order of the file decides.
    pub order: Option<Vec<usize>>,
    /// Whether each row received the intervention, where that is asked.
    pub received: Option<Vec<Option<bool>>>,
    /// Covariates to adjust for.
    pub covariates: Vec<Measured>,
    /// Other definitions of receiving it: how often at least.
    pub thresholds: Vec<Threshold>,
    /// How often each row had contact, where receiving it is defined by that.
    pub contacts: Option<Contacts>,
    /// Variables to look at effects by, and whether they are registered.
    pub subgroups: Vec<(Measured, Option<bool>)>,
    /// Standard errors of adjusted effects of persons.
    pub se_type: SeType,
    pub level: Level,
}

impl Study {
    /// The variance of an adjusted effect: as asked for, or CR2 where clusters were drawn.
    fn variance<'c>(&self, clusters: Option<&'c Clusters>) -> Variance<'c> {
        match (clusters, self.se_type) {
            (Some(clusters), _) => Variance::Cr2(clusters),
            (None, SeType::Hc0) => Variance::Hc0,
            (None, SeType::Hc1) => Variance::Hc1,
            (None, SeType::Hc2) => Variance::Hc2,
            (None, SeType::Hc3) => Variance::Hc3,
        }
    }

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

    /// As [`Study::rows`], without the pairs of a draw in pairs that have lost a side.
    fn drawn(
        &self,
        codes: &[u32],
        treated: usize,
        valid: impl Fn(usize) -> bool,
    ) -> (Vec<usize>, Vec<bool>) {
        let (rows, assigned) = self.rows(codes, treated, valid);
        let own = |of: &Vec<usize>| -> Vec<usize> { rows.iter().map(|&row| of[row]).collect() };
        let Some(strata) = self.strata.as_ref().map(own) else {
            return (rows, assigned);
        };
        let clusters = self.clusters.as_ref().map(own);
        match complete_pairs(&assigned, &strata, clusters.as_deref()) {
            Ok(Some(keep)) => {
                let both = rows.into_iter().zip(assigned).zip(keep);
                both.filter(|(_, keep)| *keep).map(|(row, _)| row).unzip()
            }
            _ => (rows, assigned),
        }
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

    /// Whether everybody within each arm has the same value.
    fn without_spread(&self) -> bool {
        let m2 = |arm: usize| self.summaries[arm].moments.moments.m2;
        m2(self.treated) == 0.0 && m2(self.control()) == 0.0
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
            se_type: None,
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
        small_arms(&contrast, input, &mut notes);
        result
            .estimates
            .extend(means::estimates(&contrast, input, &mut notes)?);
        if !contrast.all_the_same() {
            result
                .estimates
                .extend(compliance::estimates(&contrast, &mut notes)?);
        }
        let compared = comparisons::compare(&contrast, &input.spec.tests, &mut notes)?;
        result.tests.extend(compared.tests);
        result.effect_sizes.extend(compared.effect_sizes);
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
