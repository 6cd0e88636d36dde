//! Many outcomes at once: the draw made again for all of them, and p-values corrected within
//! their families.

use super::redraw::{Columns, LevelColumn, Redrawn, redraw, with_exclusions};
use crate::columns::VariableKind;
use crate::error::Result;
use crate::results::{
    AdjustedRow, Computed, Corrected, Estimand, Estimator, OutcomeResult, RandomizationStatistic,
    TestMethod, TestName, TestResult, TestRow,
};
use crate::stats::contingency::TwoByTwo;
use crate::stats::multiplicity::{Adjustment, adjust as correct};
use crate::stats::randomization::DrawnP;
use crate::study::{Everyone, NO_ARM, OutcomeInput, Study};

/// The draws made for one intervention arm, and which outcomes are in them.
pub struct Randomized {
    treated: usize,
    redrawn: Redrawn,
    /// Per outcome its place among those with numbers.
    places: Vec<Option<usize>>,
}

/// Adds randomization tests to the outcomes, from the same draws for all.
///
/// # Errors
/// A recorded design that does not fit the people.
pub fn randomize(
    study: &Study,
    everyone: &Everyone,
    inputs: &[&OutcomeInput],
    results: &mut [&mut OutcomeResult],
    permutations: u64,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Randomized>> {
    let mut columns = Vec::new();
    let mut places = Vec::new();
    let mut level_columns = Vec::new();
    let mut tables = Vec::new();
    for &input in inputs {
        let codes = input.codes(study);
        places.push(input.measured.scores().map(|scores| {
            columns.push(with_exclusions(&scores, &codes));
            columns.len() - 1
        }));
        let unordered = input.measured.kind == VariableKind::Categorical;
        let levels = unordered.then(|| input.measured.level_codes()).flatten();
        tables.push(levels.map(|(names, levels)| {
            level_columns.push(LevelColumn {
                levels: levels
                    .into_iter()
                    .zip(codes.iter())
                    .map(|(level, code)| if *code == NO_ARM { NO_ARM } else { level })
                    .collect(),
                count: names.len(),
            });
            level_columns.len() - 1
        }));
    }
    let shifts = shifts(inputs);
    let mut all = Vec::new();
    for &treated in &study.treated {
        let redrawn = redraw(
            study,
            everyone,
            treated,
            &Columns {
                scores: &columns,
                shifts: &shifts,
                levels: &level_columns,
            },
            permutations,
            progress,
        )?;
        for ((result, place), table) in results.iter_mut().zip(&places).zip(&tables) {
            if let Some(drawn) = table.and_then(|column| redrawn.table(column)) {
                result.tests.push(table_row(study, treated, drawn));
            }
            let Some(place) = *place else { continue };
            let mut rows = redrawn.rows(study, treated, place, two_by_two(study, result, treated));
            let same = same_difference(result, &study.arms[treated]);
            for row in &mut rows {
                row.value.estimate = same(row.value.estimate);
            }
            if let Some(first) = rows.first() {
                result.tests.push(TestRow {
                    treated: first.treated.clone(),
                    control: first.control.clone(),
                    result: TestResult {
                        test: TestName::Permutation,
                        statistic: match first.compares {
                            RandomizationStatistic::Studentized => first.value.statistic,
                            _ => Some(first.value.estimate),
                        },
                        df: None,
                        df2: None,
                        p_value: first.value.p_value,
                    },
                    computed: Computed::default(),
                });
            }
            result.further.randomization.extend(rows);
        }
        all.push(Randomized {
            treated,
            redrawn,
            places: places.clone(),
        });
    }
    Ok(all)
}

/// The estimate by intention to treat that a difference of the draws is, to the last digit: the
/// draws add up in another order, and 0 there is no 7e-17 here.
fn same_difference(result: &OutcomeResult, treated: &str) -> impl Fn(f64) -> f64 + use<> {
    let sizes = result.arms.iter().flat_map(|arm| [arm.mean, arm.sd]);
    let size = sizes.flatten().map(f64::abs).fold(0.0, f64::max);
    let estimates: Vec<f64> = result
        .estimates
        .iter()
        .filter(|row| row.treated == treated && row.estimand == Estimand::Itt)
        .filter(|row| !matches!(row.estimator, Estimator::Lin | Estimator::Ancova))
        .map(|row| row.value.estimate)
        .collect();
    move |difference| {
        let mut same = estimates.iter().copied();
        same.find(|estimate| (estimate - difference).abs() <= 1e-12 * size)
            .unwrap_or(difference)
    }
}

/// Of the outcomes with numbers, which can change by the same amount for everybody: those that are
/// not yes or no.
fn shifts(inputs: &[&OutcomeInput]) -> Vec<bool> {
    inputs
        .iter()
        .filter(|input| input.measured.scores().is_some())
        .map(|input| input.measured.kind != VariableKind::Binary)
        .collect()
}

/// The table of an outcome without order among the tables that the draws give.
fn table_row(study: &Study, treated: usize, drawn: DrawnP) -> TestRow {
    TestRow {
        treated: study.arms[treated].clone(),
        control: study.arms[study.control].clone(),
        result: TestResult {
            test: TestName::Permutation,
            statistic: None,
            df: None,
            df2: None,
            p_value: Some(drawn.p_value),
        },
        computed: Computed {
            method: Some(if drawn.exact {
                TestMethod::Exact
            } else {
                TestMethod::MonteCarlo
            }),
            draws: Some(drawn.draws),
            monte_carlo_error: (!drawn.exact).then_some(drawn.monte_carlo_error),
        },
    }
}

/// The counts of a yes/no outcome in the two arms.
fn two_by_two(study: &Study, result: &OutcomeResult, treated: usize) -> Option<TwoByTwo> {
    if result.kind != VariableKind::Binary {
        return None;
    }
    let counts = |arm: usize| match result.arms.get(arm)?.levels.as_slice() {
        [no, yes] => Some((yes.count, no.count)),
        _ => None,
    };
    let ((treated_yes, treated_no), (control_yes, control_no)) =
        (counts(treated)?, counts(study.control)?);
    Some(TwoByTwo {
        treated_yes,
        treated_no,
        control_yes,
        control_no,
    })
}

/// Corrects the p-values of the answers within the protocol's families, over outcomes and intervention
/// arms together; outcomes without a family form one. `places` are those of the outcomes that the
/// draws were made for.
pub fn adjust(
    study: &Study,
    results: &mut [OutcomeResult],
    draws: &[Randomized],
    places: &[usize],
) {
    let mut families: Vec<Option<String>> = results.iter().map(|r| r.family.clone()).collect();
    families.sort();
    families.dedup();
    for family in families {
        let members: Vec<usize> = (0..results.len())
            .filter(|&i| results[i].family == family)
            .collect();
        let arms = study.treated.iter();
        let questions: Vec<(usize, usize)> = arms
            .flat_map(|&treated| members.iter().map(move |&i| (treated, i)))
            .collect();
        let p: Vec<Option<f64>> = questions
            .iter()
            .map(|&(treated, i)| results[i].answer(&study.arms[treated])?.p_value)
            .collect();
        let asked = p.iter().flatten().count() as u64;
        if asked < 2 {
            continue;
        }
        let holm = correct(&p, Adjustment::Holm);
        let hochberg = correct(&p, Adjustment::Hochberg);
        let false_discovery = correct(&p, Adjustment::BenjaminiHochberg);
        let drawn: Vec<Option<f64>> = study
            .treated
            .iter()
            .flat_map(|&treated| step_down(draws, treated, &members, places))
            .map(|p| p.map(|p| over_arms(p, study.treated.len())))
            .collect();
        for (place, &(treated, i)) in questions.iter().enumerate() {
            if p[place].is_none() {
                continue;
            }
            let arm = &study.arms[treated];
            let corrected = Corrected {
                holm: holm[place],
                hochberg: hochberg[place],
                benjamini_hochberg: false_discovery[place],
                westfall_young: drawn[place],
            };
            let answers = results[i].answer.iter_mut();
            for answer in answers.filter(|answer| answer.treated == *arm) {
                answer.adjusted = Some(corrected);
            }
            results[i].further.adjusted.push(AdjustedRow {
                treated: arm.clone(),
                control: study.arms[study.control].clone(),
                family: family.clone(),
                outcomes: asked,
                p_value: p[place],
                holm: corrected.holm,
                hochberg: corrected.hochberg,
                benjamini_hochberg: corrected.benjamini_hochberg,
                westfall_young: corrected.westfall_young,
            });
        }
    }
}

/// Draws are made for one arm and the control at a time: over several arms, Bonferroni on top.
fn over_arms(p: f64, arms: usize) -> f64 {
    // A handful of arms.
    (p * arms as f64).min(1.0)
}

fn step_down(
    draws: &[Randomized],
    treated: usize,
    members: &[usize],
    places: &[usize],
) -> Vec<Option<f64>> {
    let mut found = vec![None; members.len()];
    let Some(randomized) = draws.iter().find(|draws| draws.treated == treated) else {
        return found;
    };
    let (at, columns): (Vec<usize>, Vec<usize>) = members
        .iter()
        .enumerate()
        .filter_map(|(at, i)| {
            let drawn = places.iter().position(|place| place == i)?;
            Some((at, randomized.places[drawn]?))
        })
        .unzip();
    for (at, p) in at.into_iter().zip(randomized.redrawn.step_down(&columns)) {
        found[at] = p;
    }
    found
}
