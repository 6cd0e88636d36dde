//! One outcome in two arms.

use std::borrow::Cow;

use super::{Data, Study};
use crate::columns::Measured;
use crate::protocol::Outcome;
use crate::results::{ArmSize, Estimand, Estimate, EstimateRow, Estimator, Exclusion};
use crate::study::{NO_ARM, Summary};

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
pub struct Contrast<'a> {
    pub study: &'a Study,
    pub measured: &'a Measured,
    /// The outcome's numbers, where it has any.
    pub scores: Option<&'a [f64]>,
    /// Arms of the rows, [`NO_ARM`] where excluded.
    pub codes: &'a [u32],
    pub summaries: &'a [Summary],
    pub treated: usize,
}

impl Contrast<'_> {
    pub fn control(&self) -> usize {
        self.study.control
    }

    /// Whether everybody in both arms has the same value: models would fit rounding.
    pub fn all_the_same(&self) -> bool {
        let moments = |arm: usize| &self.summaries[arm].moments.moments;
        let (one, zero) = (moments(self.treated), moments(self.control()));
        self.scores.is_some() && one.m2 == 0.0 && zero.m2 == 0.0 && one.mean_minus(zero) == 0.0
    }

    /// Whether everybody within each arm has the same value.
    pub fn without_spread(&self) -> bool {
        let m2 = |arm: usize| self.summaries[arm].moments.moments.m2;
        m2(self.treated) == 0.0 && m2(self.control()) == 0.0
    }

    pub fn arm(&self, arm: usize) -> &str {
        &self.study.arms[arm]
    }

    pub fn row(
        &self,
        estimand: Estimand,
        estimator: Estimator,
        n: u64,
        value: Estimate,
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
            instrument: None,
        }
    }
}

/// People of a contrast whose outcome is known, as they are analysed: of a draw within strata,
/// without the strata that have lost an arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Rows of the study.
    pub people: Vec<usize>,
    pub treated: Vec<bool>,
    /// The outcome's numbers, none missing.
    pub y: Vec<f64>,
}

impl Sample {
    pub fn data(&self) -> Data<'_> {
        (&self.people, &self.y, &self.treated)
    }
}

impl Contrast<'_> {
    /// Who of the two arms has a known outcome and is analysed; none where it has no numbers.
    pub fn sample(&self) -> Option<Sample> {
        let scores = self.scores?;
        let known = |row: usize| !scores[row].is_nan();
        let (people, treated) = self.study.drawn(self.codes, self.treated, known);
        Some(Sample {
            y: people.iter().map(|&row| scores[row]).collect(),
            people,
            treated,
        })
    }

    /// The same people in the order of their ids, so that no sum hangs on the order of the file.
    pub fn sample_by_id(&self) -> Option<Sample> {
        let sample = self.sample()?;
        let Some(order) = &self.study.order else {
            return Some(sample);
        };
        let mut places: Vec<usize> = (0..sample.people.len()).collect();
        places.sort_by_key(|&place| order[sample.people[place]]);
        Some(Sample {
            people: places.iter().map(|&at| sample.people[at]).collect(),
            treated: places.iter().map(|&at| sample.treated[at]).collect(),
            y: places.iter().map(|&at| sample.y[at]).collect(),
        })
    }
}

impl OutcomeInput {
    /// The arms of all rows, [`NO_ARM`] where the outcome's `exclude` leaves somebody out.
    pub fn codes<'s>(&self, study: &'s Study) -> Cow<'s, [u32]> {
        let (Some(_), Some(excluded)) = (&self.spec.exclude, &self.excluded) else {
            return Cow::Borrowed(&study.codes);
        };
        let rows = study.codes.iter().zip(excluded);
        rows.map(|(code, excluded)| if *excluded { NO_ARM } else { *code })
            .collect()
    }

    /// Whom `exclude` leaves out, per arm.
    pub fn exclusion(&self, study: &Study) -> Option<Exclusion> {
        let (Some(expression), Some(excluded)) = (&self.spec.exclude, &self.excluded) else {
            return None;
        };
        let mut counts = vec![0_u64; study.arms.len()];
        let rows = study.codes.iter().zip(excluded);
        for (code, _) in rows.filter(|(_, excluded)| **excluded) {
            if let Some(count) = counts.get_mut(*code as usize) {
                *count += 1;
            }
        }
        Some(Exclusion {
            expression: expression.clone(),
            arms: study
                .arms
                .iter()
                .zip(counts)
                .map(|(arm, n)| ArmSize {
                    arm: arm.clone(),
                    n,
                })
                .collect(),
        })
    }
}
