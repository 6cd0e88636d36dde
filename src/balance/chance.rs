//! What chance makes of the covariates' differences: p-values that have their error rate under the draw
//! that was made.
//!
//! Where people were drawn one by one from all together, Welch's t and χ² as the pilots print them, as long as
//! no single person's arm decides; else Fisher's exact test for counts, and the draw made again for amounts. Where strata or
//! clusters were drawn, Hansen and Bowers' test, by χ² or by the draws. People of one cluster are never taken for
//! independent.

use std::collections::HashMap;

use crate::columns::{Measured, VariableKind};
use crate::design::Streams;
use crate::error::Result;
use crate::results::{TestName, TestResult};
use crate::stats::adjust::impute;
use crate::stats::cluster::Clusters;
use crate::stats::hansen_bowers::Questions;
use crate::stats::matrix::{Matrix, ModelError};
use crate::stats::randomization::{DrawnP, Draws, Enumeration, Extent};
use crate::study::Study;

/// Draws for a p-value, and for one that came out small.
const DRAWS: u64 = 9_999;
const FURTHER: u64 = 199_999;
/// Fewer draws where that many times units and columns would take long,
const FEWER: u64 = 1_999;
/// that is, above so many additions,
const LONG: u64 = 1_000_000_000;
/// and above so many people put into an arm.
const LONG_DRAWS: u64 = 100_000_000;
/// p-values up to this are looked at by more draws.
const SMALL: f64 = 0.002;
/// The draws that tell how rare a difference is: none of the trial's own, whose seed is its secret.
const SEED: &str = "fip/balance/1\n";

/// How a question is to be answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The large-sample test of people drawn one by one.
    Plain,
    /// The exact test of people drawn one by one.
    Exact,
    /// By the draw.
    Drawn(TestResult),
    /// Nothing can be said.
    Untested,
}

/// The verdicts on all covariates.
pub struct Verdicts {
    pub values: Vec<Verdict>,
    /// On whether values are missing equally often.
    pub missing: Vec<Verdict>,
    pub omnibus: Option<TestResult>,
}

/// Judges the balance of every covariate between an arm and the control.
///
/// # Errors
/// Internal ones only.
pub fn judge(study: &Study, treated: usize, covariates: &[Measured]) -> Result<Verdicts> {
    let people = People::new(study, treated);
    let Ok(asked) = people.ask(covariates) else {
        return Ok(Verdicts {
            values: vec![Verdict::Untested; covariates.len()],
            missing: vec![Verdict::Untested; covariates.len()],
            omnibus: None,
        });
    };
    let plain = study.design.is_plain();
    let counts = |k: usize| {
        matches!(
            covariates[k].kind,
            VariableKind::Binary | VariableKind::Categorical
        )
    };
    // What the draws are needed for.
    let unsteady = |question: usize| !asked.questions.steady(question);
    let of_values = |k: usize| unsteady(asked.values[k]) && !(plain && counts(k));
    let mut by_draws: Vec<usize> = (0..covariates.len())
        .filter(|&k| of_values(k))
        .map(|k| asked.values[k])
        .collect();
    let missing = asked.missing.iter().flatten().copied();
    by_draws.extend(missing.filter(|&question| !plain && unsteady(question)));
    by_draws.extend(Some(asked.all).filter(|&question| unsteady(question)));
    let drawn = people.redraw(&asked.questions, &by_draws)?;
    let test = |question: usize| -> Option<TestResult> {
        let closed = asked.questions.closed(question)?;
        let found = by_draws.iter().position(|&own| own == question);
        let p = found.and_then(|place| drawn[place]);
        Some(TestResult {
            test: TestName::HansenBowersD2,
            statistic: Some(closed.statistic),
            df: Some(closed.df),
            df2: None,
            p_value: Some(p.map_or(closed.p_value, |p| p.p_value)),
        })
    };
    let verdict = |question: usize, counts: bool| match (plain, unsteady(question), counts) {
        (true, false, _) => Verdict::Plain,
        (true, true, true) => Verdict::Exact,
        _ => match test(question) {
            // Of an amount, the draws have no statistic that a reader knows.
            Some(found) if plain => Verdict::Drawn(TestResult {
                test: TestName::Permutation,
                statistic: None,
                df: None,
                ..found
            }),
            Some(found) => Verdict::Drawn(found),
            None => Verdict::Untested,
        },
    };
    Ok(Verdicts {
        values: (0..covariates.len())
            .map(|k| verdict(asked.values[k], counts(k)))
            .collect(),
        missing: asked
            .missing
            .iter()
            .map(|question| question.map_or(Verdict::Untested, |q| verdict(q, true)))
            .collect(),
        omnibus: test(asked.all),
    })
}

/// The people of both arms, and how they were drawn.
struct People {
    rows: Vec<usize>,
    treated: Vec<bool>,
    strata: Option<Vec<usize>>,
    clusters: Option<Vec<usize>>,
    /// The place of each in the order of the ids.
    order: Vec<usize>,
}

/// Questions by covariate.
struct Asked {
    questions: Questions,
    values: Vec<usize>,
    /// None where nobody's value is missing.
    missing: Vec<Option<usize>>,
    /// All values, and who lacks them.
    all: usize,
}

impl People {
    fn new(study: &Study, treated: usize) -> People {
        let (rows, assigned) = study.rows(&study.codes, treated, |_| true);
        People {
            strata: study.design.strata_of(&rows),
            clusters: study.design.cluster_codes(&rows),
            order: rows
                .iter()
                .map(|&row| study.order.as_ref().map_or(row, |order| order[row]))
                .collect(),
            treated: assigned,
            rows,
        }
    }

    fn ask(&self, covariates: &[Measured]) -> std::result::Result<Asked, ModelError> {
        let mut matrix = Matrix::new(self.rows.len());
        let mut questions: Vec<Vec<usize>> = Vec::new();
        let (mut values, mut missing) = (Vec::new(), Vec::new());
        for covariate in covariates {
            let mut own = Vec::new();
            let mut lacking = None;
            for column in covariate.columns() {
                let column: Vec<Option<f64>> = self.rows.iter().map(|&row| column[row]).collect();
                let Some(imputed) = impute(&column) else {
                    continue;
                };
                own.push(matrix.columns());
                matrix.push(&imputed.values)?;
                // The same for every level.
                lacking = lacking.or(imputed.missing);
            }
            values.push(questions.len());
            questions.push(own);
            missing.push(match lacking {
                None => None,
                Some(flags) => {
                    questions.push(vec![matrix.columns()]);
                    matrix.push(&flags)?;
                    Some(questions.len() - 1)
                }
            });
        }
        let all = questions.len();
        questions.push((0..matrix.columns()).collect());
        let clusters = match &self.clusters {
            Some(clusters) => Some(Clusters::new(clusters)?),
            None => None,
        };
        Ok(Asked {
            questions: Questions::new(
                &matrix,
                &questions,
                &self.treated,
                self.strata.as_deref(),
                clusters.as_ref(),
            )?,
            values,
            missing,
            all,
        })
    }

    /// The p-values of these questions over the draws: all of them where there are few.
    fn redraw(&self, questions: &Questions, asked: &[usize]) -> Result<Vec<Option<DrawnP>>> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let persons = self.rows.len();
        let (strata, clusters) = (self.strata.as_deref(), self.clusters.as_deref());
        if let Ok(Some(all)) = Enumeration::new(&self.treated, strata, clusters, DRAWS) {
            return questions.over(asked, persons, &all, Extent::All(all.total()));
        }
        let again = Again::new(self);
        let units = questions.units() as u64;
        let work = units * asked.len() as u64;
        let draws = if work * DRAWS > LONG { FEWER } else { DRAWS };
        let mut found = questions.over(asked, persons, &again, Extent::Sample(draws))?;
        let small: Vec<usize> = (0..asked.len())
            .filter(|&k| found[k].is_some_and(|p| p.p_value <= SMALL))
            .collect();
        let further = FURTHER.min(LONG_DRAWS / units.max(1));
        if !small.is_empty() && further > draws {
            let again_asked: Vec<usize> = small.iter().map(|&k| asked[k]).collect();
            let better = questions.over(&again_asked, persons, &again, Extent::Sample(further))?;
            for (k, p) in small.into_iter().zip(better) {
                found[k] = p;
            }
        }
        Ok(found)
    }
}

/// The draw between the two arms made again, with as many units per arm of every stratum as it gave.
struct Again {
    streams: Streams,
    /// Units of each stratum in the order of their ids, and how many get the intervention.
    strata: Vec<(Vec<u32>, usize)>,
    /// The people of every unit, one unit after the other, and where each begins.
    members: Vec<u32>,
    starts: Vec<usize>,
    /// Everybody in the larger arm of their stratum.
    larger: Vec<u8>,
}

impl Again {
    fn new(people: &People) -> Again {
        let n = people.rows.len();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|&i| people.order[i]);
        let mut members: Vec<Vec<usize>> = Vec::new();
        let mut unit_of = HashMap::new();
        for &i in &order {
            let key = people.clusters.as_ref().map_or(i, |clusters| clusters[i]);
            let unit = *unit_of.entry(key).or_insert_with(|| {
                members.push(Vec::new());
                members.len() - 1
            });
            members[unit].push(i);
        }
        // Strata in the order of their first id, so that nothing depends on how they are numbered.
        let mut strata: Vec<(Vec<u32>, usize)> = Vec::new();
        let mut place_of = HashMap::new();
        for (unit, own) in (0_u32..).zip(&members) {
            let stratum = people.strata.as_ref().map_or(0, |strata| strata[own[0]]);
            let place = *place_of.entry(stratum).or_insert_with(|| {
                strata.push((Vec::new(), 0));
                strata.len() - 1
            });
            strata[place].0.push(unit);
            strata[place].1 += usize::from(people.treated[own[0]]);
        }
        let mut larger = vec![0; n];
        for (units, given) in &strata {
            let code = 1 - u8::from((*given).min(units.len() - given) == *given);
            for &unit in units {
                for &person in &members[unit as usize] {
                    larger[person] = code;
                }
            }
        }
        let mut starts = vec![0];
        starts.extend(members.iter().scan(0, |end, own| {
            *end += own.len();
            Some(*end)
        }));
        Again {
            streams: Streams::new(SEED, 1),
            strata,
            // As many people as an index of units holds.
            members: members
                .into_iter()
                .flatten()
                .map(|person| person as u32)
                .collect(),
            starts,
            larger,
        }
    }
}

impl Draws for Again {
    type Memory = Vec<u32>;

    fn memory(&self) -> Vec<u32> {
        Vec::new()
    }

    fn treated(&self) -> u8 {
        1
    }

    fn draw(&self, index: u64, memory: &mut Vec<u32>, arms: &mut [u8]) -> Result<()> {
        let mut stream = self.streams.stream(&format!("replicate\n{index}"));
        arms.copy_from_slice(&self.larger);
        for (units, given) in &self.strata {
            memory.clear();
            memory.extend_from_slice(units);
            // The smaller arm is drawn.
            let fewer = (*given).min(units.len() - given);
            let code = u8::from(fewer == *given);
            stream.shuffle_last(memory, fewer);
            for &unit in &memory[units.len() - fewer..] {
                let unit = unit as usize;
                for &person in &self.members[self.starts[unit]..self.starts[unit + 1]] {
                    arms[person as usize] = code;
                }
            }
        }
        Ok(())
    }
}
