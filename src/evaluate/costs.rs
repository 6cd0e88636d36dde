//! What the effects are worth: each priced outcome by itself, and all of them person by person.

use super::{compliance, means};
use crate::columns::{Measured, Numeric, Values, Variable, VariableKind};
use crate::error::Result;
use crate::results::{
    Amount, ArmCosts, CostLine, CostPerCase, CostPerUnit, CostTotal, Costs, CostsAndBenefits,
    Estimate, Note, OutcomeResult, Reason,
};
use crate::stats::fieller::known_over;
use crate::study::{Contrast, NO_ARM, OutcomeInput, Study, summaries};

/// A priced outcome, with what was found about it.
#[derive(Clone, Copy)]
struct Priced<'a> {
    price: &'a CostPerCase,
    input: &'a OutcomeInput,
    result: &'a OutcomeResult,
}

/// Costs and benefits of every intervention arm.
///
/// A line is the effect by intention to treat that follows the draw, times the people it is
/// about, times the amount; one without an interval is left out, since an amount without its
/// uncertainty says too much. The total is not the sum of the lines, whose intervals do not
/// add up: it is the same estimator on Σ amount·outcome per person, among people whose priced
/// outcomes are all known and who are left out of none.
///
/// # Errors
/// Internal ones only.
pub fn costs(
    study: &Study,
    inputs: &[OutcomeInput],
    outcomes: &[OutcomeResult],
    given: &Costs,
) -> Result<(CostsAndBenefits, Vec<Note>)> {
    let mut notes = Vec::new();
    let mut priced = Vec::new();
    for price in &given.per_case {
        let found = inputs.iter().zip(outcomes);
        for (input, result) in found.filter(|(_, result)| result.name == price.outcome) {
            if result.kind == VariableKind::Categorical {
                notes.push(Note::NotComputed {
                    variable: price.outcome.clone(),
                    reason: Reason::NoNumbers,
                });
            } else {
                priced.push(Priced {
                    price,
                    input,
                    result,
                });
            }
        }
    }
    let sizes = study.sizes();
    // What one arm of several cost, the protocol does not say.
    let programme = given.programme.filter(|_| study.treated.len() == 1);
    if programme.is_none() && given.programme.is_some() {
        notes.push(Note::ProgrammeOfSeveralArms);
    }
    let arms = study
        .treated
        .iter()
        .map(|&treated| {
            let people = sizes[treated].n;
            let name = &study.arms[treated];
            let lines: Vec<(Priced<'_>, CostLine)> = priced
                .iter()
                .filter_map(|one| Some((*one, line(one, name, people, programme)?)))
                .collect();
            let whole: Vec<Priced<'_>> = lines.iter().map(|(one, _)| *one).collect();
            Ok(ArmCosts {
                treated: name.clone(),
                control: study.arms[study.control].clone(),
                people,
                programme_per_participant: programme
                    .filter(|_| people > 0)
                    .map(|cost| cost / people as f64),
                total: total(study, &whole, treated, people, programme)?,
                lines: lines.into_iter().map(|(_, line)| line).collect(),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let found = CostsAndBenefits {
        given: given.clone(),
        arms,
    };
    Ok((found, notes))
}

/// The effect on one outcome in money; none without an interval.
fn line(one: &Priced<'_>, treated: &str, people: u64, programme: Option<f64>) -> Option<CostLine> {
    let answer = one.result.answer(treated)?;
    let effect = answer.effect()?;
    let excluded = one
        .result
        .excluded
        .iter()
        .flat_map(|excluded| &excluded.arms);
    let left_out: u64 = excluded
        .filter(|size| size.arm == treated)
        .map(|size| size.n)
        .sum();
    let people = people.saturating_sub(left_out);
    // Counts of people are far below 2^53.
    let cases = amount(&effect)?.times(people as f64);
    let price = one.price.amount;
    // What a case costs is asked of cases that are wanted.
    let gained = programme.filter(|_| price > 0.0);
    Some(CostLine {
        price: one.price.clone(),
        kind: one.result.kind,
        estimator: answer.estimator?,
        n: answer.n,
        people,
        effect,
        cases,
        per_participant: amount(&effect)?.times(price),
        benefit: cases.times(price),
        cost_per_case: gained.and_then(|cost| per_case(cost, &effect, people)),
        break_even: gained.map(|cost| cost / price),
    })
}

fn per_case(programme: f64, effect: &Estimate, people: u64) -> Option<CostPerUnit> {
    let found = known_over(programme / people as f64, effect)?;
    Some(CostPerUnit {
        estimate: found.value,
        set: compliance::set(&found.set),
    })
}

/// All priced outcomes together, person by person.
fn total(
    study: &Study,
    priced: &[Priced<'_>],
    treated: usize,
    people: u64,
    programme: Option<f64>,
) -> Result<Option<CostTotal>> {
    if priced.is_empty() {
        return Ok(None);
    }
    let mut values = vec![0.0; study.codes.len()];
    let mut left_out = vec![false; study.codes.len()];
    for one in priced {
        let codes = one.input.codes(study);
        let Some(scores) = one.input.measured.scores() else {
            return Ok(None);
        };
        for (row, value) in values.iter_mut().enumerate() {
            left_out[row] |= codes[row] == NO_ARM && study.codes[row] != NO_ARM;
            *value += one.price.amount * scores[row];
        }
    }
    let codes: Vec<u32> = study
        .codes
        .iter()
        .zip(&left_out)
        .map(|(code, left_out)| if *left_out { NO_ARM } else { *code })
        .collect();
    let without = study.codes.iter().zip(&left_out);
    let without = without
        .filter(|(code, left_out)| **left_out && **code as usize == treated)
        .count() as u64;
    let measured = Measured {
        spec: Variable::named("costs"),
        kind: VariableKind::Numeric,
        guessed: false,
        values: Values::Numeric(Numeric::new(values)),
    };
    let summaries = summaries(&measured, &study.arms, &codes, &study.absent)?;
    let scores = measured.scores();
    let contrast = Contrast {
        study,
        measured: &measured,
        scores: scores.as_deref(),
        codes: &codes,
        summaries: &summaries,
        treated,
    };
    if summaries[treated].shown.n == 0 || summaries[study.control].shown.n == 0 {
        return Ok(None);
    }
    // What stands in the way of an estimate is said about the outcomes themselves.
    let row = means::leading(&contrast, &mut Vec::new());
    let Some((row, each)) = row.and_then(|row| amount(&row.value).map(|each| (row, each))) else {
        return Ok(None);
    };
    let people = people.saturating_sub(without);
    let benefit = each.times(people as f64);
    let net = programme.map(|cost| benefit.minus(cost));
    Ok(Some(CostTotal {
        estimator: row.estimator,
        n: row.n,
        people,
        effect: row.value,
        benefit,
        net,
        net_per_participant: net
            .filter(|_| people > 0)
            .map(|net| net.times(1.0 / people as f64)),
        fewest: None,
    }))
}

/// The estimate with its interval, if it has one.
fn amount(estimate: &Estimate) -> Option<Amount> {
    Some(Amount {
        estimate: estimate.estimate,
        conf_low: estimate.conf_low?,
        conf_high: estimate.conf_high?,
    })
}

impl Amount {
    fn times(self, factor: f64) -> Amount {
        let (one, other) = (self.conf_low * factor, self.conf_high * factor);
        Amount {
            estimate: self.estimate * factor,
            conf_low: one.min(other),
            conf_high: one.max(other),
        }
    }

    fn minus(self, cost: f64) -> Amount {
        Amount {
            estimate: self.estimate - cost,
            conf_low: self.conf_low - cost,
            conf_high: self.conf_high - cost,
        }
    }
}
