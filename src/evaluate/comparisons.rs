//! Tests and effect sizes: for every kind of outcome the ones that the field expects.

use std::borrow::Cow;

use super::absent::{kernel_reason, left_out, no_answer};
use super::gather::{Compared, Gather};
use super::random_tables::{FixedBits, TABLES};
use super::stratified::over_strata;
use crate::columns::{VariableKind, level_scores};
use crate::error::Result;
use crate::results::{
    Computed, EffectSize, EffectSizeRow, Estimate, Measure, Note, Reason, ResultPart, SizeMethod,
    TestMethod, TestName, TestResult,
};
use crate::stats::chances::Chances;
use crate::stats::contingency::{
    Crosstab, TwoByTwo, cramers_v, likelihood_ratio, linear_by_linear, pearson_chi_square,
    yates_chi_square,
};
use crate::stats::degenerate::Degenerate;
use crate::stats::effect_size::{cohens_d, hedges_g};
use crate::stats::fisher::{fisher_exact, fisher_exact_table};
use crate::stats::proportion::{odds_ratio, risk_difference, risk_difference_score, risk_ratio};
use crate::stats::randomization::{DrawnP, random_tables};
use crate::stats::rank::{
    MannWhitneyMethod, RankTable, brunner_munzel, mann_whitney, probability_of_superiority,
};
use crate::stats::two_sample::{Centre, levene, student_t, welch_t};
use crate::study::{Contrast, NO_ARM};

/// Below this expected count the chi-square approximation is doubtful (Cochran 1954).
const SPARSE: f64 = 5.0;

/// Compares the arms on one outcome.
///
/// # Errors
/// Internal ones only.
pub fn compare(
    contrast: &Contrast<'_>,
    asked: &[TestName],
    notes: &mut Vec<Note>,
) -> Result<Compared> {
    let mut gather = Gather {
        contrast,
        compared: Compared::default(),
        notes,
    };
    if let Some(scores) = contrast.scores {
        means(&mut gather, scores)?;
    }
    match contrast.measured.kind {
        VariableKind::Numeric => ranks_of_values(&mut gather, asked),
        VariableKind::Binary => shares(&mut gather),
        VariableKind::Ordinal => {
            distribution(&mut gather, asked);
            ranks_of_levels(&mut gather);
        }
        VariableKind::Categorical => distribution(&mut gather, asked),
    }
    over_strata(&mut gather);
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
        let exact = fisher_exact(&table);
        gather.test_by(exact.map(|exact| exact.test()), TestMethod::Exact);
        if let Ok(exact) = exact {
            let mid_p = TestResult {
                p_value: Some(exact.mid_p),
                ..exact.test()
            };
            gather.test_by(Ok(mid_p), TestMethod::MidP);
        }
    }
    gather.size_by(risk_difference(&table, level), Some(SizeMethod::Newcombe));
    gather.size_by(
        risk_difference_score(&table, level),
        Some(SizeMethod::MiettinenNurminen),
    );
    let ratios = [
        (risk_ratio(&table, level), ResultPart::RiskRatio),
        (odds_ratio(&table, level), ResultPart::OddsRatio),
    ];
    let undefined = |found: &std::result::Result<EffectSize, Degenerate>| {
        matches!(found, Err(Degenerate::ZeroCell))
            || matches!(found, Ok(size) if size.conf_low.is_none())
    };
    let parts: Vec<ResultPart> = ratios
        .iter()
        .filter(|(found, _)| undefined(found))
        .map(|(_, part)| *part)
        .collect();
    // That everybody has the same answer is said already.
    if !parts.is_empty() && !contrast.without_spread() {
        let note = left_out(contrast, &parts, Reason::EmptyCell);
        gather.notes.push(note);
    }
    for (found, _) in ratios {
        gather.size(found);
    }
}

fn distribution(gather: &mut Gather<'_, '_>, asked: &[TestName]) {
    let contrast = gather.contrast;
    let counts = [
        level_counts(contrast, contrast.treated),
        level_counts(contrast, contrast.control()),
    ];
    match Crosstab::new(&counts) {
        Ok(table) => {
            gather.test(Ok(pearson_chi_square(&table)));
            gather.test(Ok(likelihood_ratio(&table)));
            if table.min_expected() < SPARSE || asked.contains(&TestName::FisherExact) {
                sparse_tests(gather, &table);
            }
            gather.size(Ok(cramers_v(&table, contrast.study.level)));
        }
        Err(reason) => gather.notes.push(no_answer(contrast, reason)),
    }
}

/// Fisher's test of a table that is sparse, or for which it is registered; with too many tables to go through, over random ones.
fn sparse_tests(gather: &mut Gather<'_, '_>, table: &Crosstab) {
    if let Ok(exact) = fisher_exact_table(table) {
        sparse(gather, table, true);
        gather.test_by(Ok(exact), TestMethod::Exact);
        return;
    }
    let drawn = random_tables(table, &FixedBits, TABLES);
    sparse(gather, table, drawn.is_ok());
    let Ok(drawn) = drawn else { return };
    let mut add = |test: TestName, statistic: Option<f64>, p: DrawnP| {
        let result = TestResult {
            test,
            statistic,
            df: None,
            df2: None,
            p_value: Some(p.p_value),
        };
        gather.test_by(
            Ok(result),
            Computed {
                method: Some(TestMethod::MonteCarlo),
                draws: Some(p.draws),
                monte_carlo_error: Some(p.monte_carlo_error),
            },
        );
    };
    add(TestName::FisherExact, None, drawn.fisher);
    add(
        TestName::PearsonChiSquare,
        pearson_chi_square(table).statistic,
        drawn.chi_square,
    );
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
fn ranks_of_levels(gather: &mut Gather<'_, '_>) {
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
    ranks(gather, RankTable::from_counts(&pairs));
}

/// Numbers of more people are ranked on request only: sorting them takes longer than all the rest,
/// and with so many a test by ranks tells nothing that the t-test does not.
const RANKED: u64 = 1_000_000;

/// Ranks of a numeric outcome.
fn ranks_of_values(gather: &mut Gather<'_, '_>, asked: &[TestName]) {
    let contrast = gather.contrast;
    let Some(scores) = contrast.scores else {
        return;
    };
    let people = [contrast.treated, contrast.control()]
        .map(|arm| contrast.summaries[arm].shown.n)
        .iter()
        .sum();
    let wanted = [TestName::MannWhitney, TestName::BrunnerMunzel]
        .iter()
        .any(|test| asked.contains(test));
    if people > RANKED && !wanted {
        gather.notes.push(Note::RanksLeftOut {
            variable: contrast.measured.name().to_string(),
            people,
        });
        return;
    }
    let of = |arm: usize| -> Vec<f64> {
        let rows = contrast.codes.iter().zip(scores);
        rows.filter(|(code, score)| **code as usize == arm && !score.is_nan())
            .map(|(_, score)| *score)
            .collect()
    };
    ranks(
        gather,
        RankTable::from_values(&of(contrast.treated), &of(contrast.control())),
    );
}

/// Mann–Whitney as R has it, beside it the exact p-value where ties keep R from it, and
/// Brunner–Munzel.
fn ranks(gather: &mut Gather<'_, '_>, table: std::result::Result<RankTable, Degenerate>) {
    let contrast = gather.contrast;
    let table = match table {
        Ok(table) => table,
        Err(reason) => {
            gather.notes.push(no_answer(contrast, reason));
            return;
        }
    };
    let exact = mann_whitney(&table, MannWhitneyMethod::Exact);
    let by_default = if exact.is_ok() && !table.has_ties() {
        TestMethod::Exact
    } else {
        TestMethod::Normal
    };
    gather.test_by(
        mann_whitney(&table, MannWhitneyMethod::Automatic),
        by_default,
    );
    if by_default == TestMethod::Normal {
        gather.answered(exact, TestMethod::Exact);
    }
    match brunner_munzel(&table) {
        Ok(found) => gather.test(Ok(found)),
        Err(Degenerate::NoVariance) if !contrast.without_spread() => {
            let part = [ResultPart::BrunnerMunzel];
            gather
                .notes
                .push(left_out(contrast, &part, Reason::NoOverlap));
        }
        // Too few people or no spread: said with the t-test.
        Err(_) => {}
    }
    gather.size(Ok(probability_of_superiority(&table, contrast.study.level)));
}

/// The effect sizes that can be shown. Where the chance of the intervention differs between strata whole arms are other
/// mixes of people: the difference is then the blocked one, in points or in standard deviations of people weighted by their
/// chance, and of the rest only what is common to the strata is left.
pub(super) fn by_chance(
    contrast: &Contrast<'_>,
    sizes: Vec<EffectSizeRow>,
    blocked: Option<&Estimate>,
    notes: &mut Vec<Note>,
) -> Vec<EffectSizeRow> {
    let study = contrast.study;
    let (people, treated) = study.rows(contrast.codes, contrast.treated, |_| true);
    let strata = study.design.strata_of(&people);
    let equal = match &strata {
        None => true,
        Some(strata) => Chances::new(&treated, Some(strata)).is_ok_and(|chances| chances.equal()),
    };
    if equal || sizes.is_empty() {
        return sizes;
    }
    notes.push(left_out(
        contrast,
        &[ResultPart::EffectSizes],
        Reason::UnequalChances,
    ));
    let unit = match contrast.measured.kind {
        VariableKind::Binary => Some((Measure::RiskDifference, 1.0)),
        _ => weighted_sd(contrast).map(|sd| (Measure::CohensD, sd)),
    };
    let by_draw = unit
        .zip(blocked)
        .map(|((measure, unit), blocked)| EffectSizeRow {
            treated: contrast.arm(contrast.treated).to_string(),
            control: contrast.arm(contrast.control()).to_string(),
            method: None,
            value: EffectSize {
                measure,
                estimate: Some(blocked.estimate / unit),
                conf_low: blocked.conf_low.map(|low| low / unit),
                conf_high: blocked.conf_high.map(|high| high / unit),
            },
        });
    let common = |row: &EffectSizeRow| row.value.measure == Measure::MantelHaenszelOddsRatio;
    by_draw
        .into_iter()
        .chain(sizes.into_iter().filter(common))
        .collect()
}

/// The standard deviation within the arms, of people weighted by their chance, pooled by degrees of freedom.
fn weighted_sd(contrast: &Contrast<'_>) -> Option<f64> {
    let sample = contrast.sample()?;
    let strata = contrast.study.design.strata_of(&sample.people);
    let chances = Chances::new(&sample.treated, strata.as_deref()).ok()?;
    let (mut squares, mut df) = (0.0, 0.0);
    for arm in [true, false] {
        let own = chances.arm(&sample.y, arm).ok()??;
        let freedom = own.people as f64 - 1.0;
        squares += own.variance? * freedom;
        df += freedom;
    }
    let sd = (squares / df).sqrt();
    (sd > 0.0).then_some(sd)
}
