//! Tests and effect sizes: for every kind of outcome the ones that the field expects.

use std::borrow::Cow;

use super::Contrast;
use super::absent::{kernel_reason, left_out, no_answer};
use crate::error::Result;
use crate::results::{
    EffectSize, EffectSizeRow, Note, Reason, ResultPart, TestResult, TestRow, VariableKind,
};
use crate::stats::contingency::{
    Crosstab, TwoByTwo, cramers_v, likelihood_ratio, linear_by_linear, pearson_chi_square,
    yates_chi_square,
};
use crate::stats::degenerate::Degenerate;
use crate::stats::effect_size::{cohens_d, hedges_g};
use crate::stats::fisher::{fisher_exact, fisher_exact_table};
use crate::stats::proportion::{odds_ratio, risk_difference, risk_ratio};
use crate::stats::rank::{
    MannWhitneyMethod, RankTable, brunner_munzel, mann_whitney, probability_of_superiority,
};
use crate::stats::two_sample::{Centre, levene, student_t, welch_t};
use crate::variable::{NO_ARM, level_scores};

/// Below this expected count the chi-square approximation is doubtful (Cochran 1954).
const SPARSE: f64 = 5.0;

/// The tests and effect sizes of one comparison.
#[derive(Debug, Default)]
pub struct Compared {
    pub tests: Vec<TestRow>,
    pub effect_sizes: Vec<EffectSizeRow>,
}

/// Gathers what the kernels return, and the reasons of those that don't.
struct Gather<'a, 'b> {
    contrast: &'a Contrast<'a>,
    compared: Compared,
    notes: &'b mut Vec<Note>,
}

impl Gather<'_, '_> {
    fn test(&mut self, attempt: std::result::Result<TestResult, Degenerate>) {
        match attempt {
            Ok(result) => self.compared.tests.push(TestRow {
                treated: self.contrast.arm(self.contrast.treated).to_string(),
                control: self.contrast.arm(self.contrast.control()).to_string(),
                result,
            }),
            Err(reason) => self.notes.push(no_answer(self.contrast, reason)),
        }
    }

    /// A measure that is not defined (a ratio with an empty cell) is left out.
    fn size(&mut self, attempt: std::result::Result<EffectSize, Degenerate>) {
        if let Ok(value) = attempt {
            self.compared.effect_sizes.push(EffectSizeRow {
                treated: self.contrast.arm(self.contrast.treated).to_string(),
                control: self.contrast.arm(self.contrast.control()).to_string(),
                value,
            });
        }
    }
}

/// Compares the arms on one outcome.
///
/// # Errors
/// Internal ones only.
pub fn compare(contrast: &Contrast<'_>, notes: &mut Vec<Note>) -> Result<Compared> {
    let mut gather = Gather {
        contrast,
        compared: Compared::default(),
        notes,
    };
    if let Some(scores) = contrast.scores {
        means(&mut gather, scores)?;
    }
    match contrast.measured.kind {
        VariableKind::Numeric => {}
        VariableKind::Binary => shares(&mut gather),
        VariableKind::Ordinal => {
            distribution(&mut gather);
            ranks(&mut gather);
        }
        VariableKind::Categorical => distribution(&mut gather),
    }
    Ok(gather.compared)
}

/// Welch, Student and Levene (about the mean, as SPSS prints it), Cohen's d and Hedges' g.
fn means(gather: &mut Gather<'_, '_>, scores: &[f64]) -> Result<()> {
    let contrast = gather.contrast;
    let level = contrast.study.level;
    let treated = contrast.summaries[contrast.treated].moments.moments;
    let control = contrast.summaries[contrast.control()].moments.moments;
    gather.test(welch_t(&treated, &control, level).map(|both| both.test));
    gather.test(student_t(&treated, &control, level).map(|both| both.test));
    let two = two_arms(contrast);
    match levene(scores, &two, 2, Centre::Mean)? {
        // Two values at the same distance from the mean: the t-tests are there all the same.
        Err(Degenerate::NoVariance) => {
            let reason = match kernel_reason(contrast, Degenerate::NoVariance) {
                Reason::OutOfRange => Reason::OutOfRange,
                _ => Reason::NothingLeft,
            };
            // Without spread at all that is said already.
            if !contrast.without_spread() {
                let note = left_out(contrast, &[ResultPart::Levene], reason);
                gather.notes.push(note);
            }
        }
        found => gather.test(found),
    }
    gather.size(cohens_d(&treated, &control, level));
    gather.size(hedges_g(&treated, &control, level));
    Ok(())
}

/// Codes with only the two arms compared: 1 the intervention, 0 the control.
fn two_arms<'a>(contrast: &Contrast<'a>) -> Cow<'a, [u32]> {
    if (
        contrast.control(),
        contrast.treated,
        contrast.study.arms.len(),
    ) == (0, 1, 2)
    {
        return Cow::Borrowed(contrast.codes);
    }
    contrast
        .codes
        .iter()
        .map(|code| match *code as usize {
            arm if arm == contrast.treated => 1,
            arm if arm == contrast.control() => 0,
            _ => NO_ARM,
        })
        .collect()
}

fn level_counts(contrast: &Contrast<'_>, arm: usize) -> Vec<u64> {
    contrast.summaries[arm]
        .shown
        .levels
        .iter()
        .map(|level| level.count)
        .collect()
}

fn shares(gather: &mut Gather<'_, '_>) {
    let contrast = gather.contrast;
    let level = contrast.study.level;
    let (treated, control) = (
        level_counts(contrast, contrast.treated),
        level_counts(contrast, contrast.control()),
    );
    let (&[treated_no, treated_yes], &[control_no, control_yes]) =
        (treated.as_slice(), control.as_slice())
    else {
        return;
    };
    let table = TwoByTwo {
        treated_yes,
        treated_no,
        control_yes,
        control_no,
    };
    if let Ok(crosstab) = Crosstab::from_two_by_two(&table) {
        sparse(gather, &crosstab, true);
        gather.test(Ok(pearson_chi_square(&crosstab)));
        gather.test(yates_chi_square(&table));
        gather.test(Ok(likelihood_ratio(&crosstab)));
        gather.test(fisher_exact(&table).map(|exact| exact.test()));
    }
    gather.size(risk_difference(&table, level));
    gather.size(risk_ratio(&table, level));
    gather.size(odds_ratio(&table, level));
}

fn distribution(gather: &mut Gather<'_, '_>) {
    let contrast = gather.contrast;
    let counts = [
        level_counts(contrast, contrast.treated),
        level_counts(contrast, contrast.control()),
    ];
    match Crosstab::new(&counts) {
        Ok(table) => {
            gather.test(Ok(pearson_chi_square(&table)));
            gather.test(Ok(likelihood_ratio(&table)));
            if table.min_expected() < SPARSE {
                let exact = fisher_exact_table(&table);
                sparse(gather, &table, exact.is_ok());
                if let Ok(exact) = exact {
                    gather.test(Ok(exact));
                }
            }
            gather.size(Ok(cramers_v(&table, contrast.study.level)));
        }
        Err(reason) => gather.notes.push(no_answer(contrast, reason)),
    }
}

/// Notes a table with a small expected count.
fn sparse(gather: &mut Gather<'_, '_>, table: &Crosstab, exact: bool) {
    let min_expected = table.min_expected();
    if min_expected < SPARSE {
        gather.notes.push(Note::SparseTable {
            variable: gather.contrast.measured.name().to_string(),
            min_expected,
            exact,
        });
    }
}

/// What uses the order of the levels: ranks, and the trend in the scores.
fn ranks(gather: &mut Gather<'_, '_>) {
    let contrast = gather.contrast;
    let (treated, control) = (
        level_counts(contrast, contrast.treated),
        level_counts(contrast, contrast.control()),
    );
    let levels: Vec<String> = contrast.summaries[contrast.treated]
        .shown
        .levels
        .iter()
        .map(|level| level.level.clone())
        .collect();
    if let Ok(table) = Crosstab::new(&[treated.clone(), control.clone()]) {
        gather.test(linear_by_linear(
            &table,
            &[1.0, 0.0],
            &level_scores(&levels),
        ));
    }
    let pairs: Vec<(u64, u64)> = treated.into_iter().zip(control).collect();
    match RankTable::from_counts(&pairs) {
        Ok(table) => {
            gather.test(mann_whitney(&table, MannWhitneyMethod::Automatic));
            gather.test(brunner_munzel(&table));
            gather.size(Ok(probability_of_superiority(&table, contrast.study.level)));
        }
        Err(reason) => gather.notes.push(no_answer(contrast, reason)),
    }
}
