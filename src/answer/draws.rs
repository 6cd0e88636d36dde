//! Answers from the draw made again.

use super::coherent::coherent;
use crate::columns::VariableKind;
use crate::results::{
    Answer, Computed, Estimator, OutcomeResult, RandomizationStatistic, TestMethod, TestName,
};
use crate::study::Study;

/// Puts the numbers of the draws into an answer that waits for them. Where the draws have none, the
/// effect stands there without a test; none where there is no effect either.
pub fn from_draws(study: &Study, result: &OutcomeResult, answer: Answer) -> Option<Answer> {
    let untested = answer.estimate.is_some().then(|| answer.clone());
    drawn(study, result, answer).or(untested)
}

fn drawn(study: &Study, result: &OutcomeResult, mut answer: Answer) -> Option<Answer> {
    if result.kind == VariableKind::Categorical {
        let row = result.tests.iter().find(|row| {
            row.treated == answer.treated && row.result.test == TestName::Permutation
        })?;
        answer.p_value = Some(row.result.p_value?);
        answer.computed = row.computed;
        return Some(answer);
    }
    let row = result
        .further
        .randomization
        .iter()
        .find(|row| row.treated == answer.treated)?;
    answer.p_value = Some(row.value.p_value?);
    answer.estimate = Some(row.value.estimate);
    answer.estimator.get_or_insert(Estimator::DifferenceInMeans);
    answer.conf_low = row.value.conf_low;
    answer.conf_high = row.value.conf_high;
    answer.computed = Computed {
        method: Some(match row.exact {
            true => TestMethod::Exact,
            false => TestMethod::MonteCarlo,
        }),
        draws: (row.compares != RandomizationStatistic::Hypergeometric).then_some(row.draws),
        monte_carlo_error: row.monte_carlo_error,
    };
    if row.compares == RandomizationStatistic::Hypergeometric {
        answer.test = TestName::FisherExact;
    }
    coherent(&mut answer, study.level);
    Some(answer)
}
