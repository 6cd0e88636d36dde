//! The method that leads, by design, kind and registered tests.

use super::coherent::coherent;
use super::validity;
use crate::columns::VariableKind;
use crate::results::{
    Answer, Computed, Estimand, EstimateRow, Estimator, OutcomeResult, StandIn, TestMethod,
    TestName, TestRow, Why,
};
use crate::stats::proportion::risk_difference;
use crate::stats::yes_no::{Score, by_fisher, by_score};
use crate::study::Contrast;

/// What leads in one contrast: an answer, or the draws that have to be made for one.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    Ready(Answer),
    /// The draw made again leads; the answer is complete but for its numbers.
    Draws(Answer),
    /// Nothing can lead: there is neither an effect nor a test.
    Nothing,
}

/// The test that leads, before its numbers are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Lead {
    test: TestName,
    why: Why,
    reason: Option<StandIn>,
    asked: Option<TestName>,
}

/// Decides what leads. `result` has the estimates and tests of this outcome, of all its contrasts.
pub fn choose(contrast: &Contrast<'_>, registered: &[TestName], result: &OutcomeResult) -> Choice {
    let found = Found {
        contrast,
        result,
        treated: contrast.arm(contrast.treated),
    };
    let asked = asked(contrast, registered);
    let lead = match valid(contrast, &found, asked) {
        Ok(()) => Lead {
            test: asked.unwrap_or_else(|| usual(contrast)),
            why: match asked {
                Some(_) => Why::Registered,
                None => Why::Design,
            },
            reason: None,
            asked: None,
        },
        Err(reason) => stand_in(contrast, &found, asked, reason),
    };
    found.answer(lead)
}

/// The registered test that leads: the first that asks whether there is an effect, on the amount
/// before on the distribution.
fn asked(contrast: &Contrast<'_>, registered: &[TestName]) -> Option<TestName> {
    let amounts = |test: &&TestName| {
        matches!(
            test,
            TestName::WelchT
                | TestName::StudentT
                | TestName::MannWhitney
                | TestName::BrunnerMunzel
                | TestName::LinearByLinear
                | TestName::Permutation
        )
    };
    let distributions = |test: &&TestName| {
        matches!(
            test,
            TestName::PearsonChiSquare
                | TestName::YatesChiSquare
                | TestName::LikelihoodRatio
                | TestName::FisherExact
                | TestName::CochranMantelHaenszel
        )
    };
    let first = |of: &dyn Fn(&&TestName) -> bool| registered.iter().find(of).copied();
    match contrast.measured.kind {
        VariableKind::Numeric => first(&amounts),
        VariableKind::Ordinal => first(&amounts).or_else(|| first(&distributions)),
        VariableKind::Binary => {
            first(&|test| distributions(test) || **test == TestName::Permutation)
                .or_else(|| first(&amounts))
        }
        VariableKind::Categorical => {
            first(&|test| distributions(test) || **test == TestName::Permutation)
        }
    }
}

/// The method for this kind and design where nothing is registered and all is well.
fn usual(contrast: &Contrast<'_>) -> TestName {
    let design = &contrast.study.design;
    match (
        contrast.measured.kind,
        design.strata.is_some(),
        design.clusters.is_some(),
    ) {
        (VariableKind::Categorical, false, false) => TestName::PearsonChiSquare,
        (VariableKind::Categorical, _, _) => TestName::Permutation,
        // The draw's own test: χ² rejects in up to .09 of draws with some totals, expected counts of 5
        // and more included.
        (VariableKind::Binary, false, false) => TestName::FisherExact,
        (VariableKind::Binary, true, false) => TestName::CochranMantelHaenszel,
        (VariableKind::Numeric | VariableKind::Ordinal, false, false) => TestName::WelchT,
        (_, _, true) | (VariableKind::Numeric | VariableKind::Ordinal, true, false) => {
            TestName::DesignT
        }
    }
}

/// Whether the registered test, or the usual one, holds its error rate here.
fn valid(
    contrast: &Contrast<'_>,
    found: &Found<'_>,
    asked: Option<TestName>,
) -> Result<(), StandIn> {
    let design = &contrast.study.design;
    let usual = usual(contrast);
    let test = asked.unwrap_or(usual);
    if test == TestName::Permutation {
        return Ok(());
    }
    if design.clusters.is_some() && test != usual {
        return Err(StandIn::DrawnByCluster);
    }
    if design.strata.is_some() && test != usual {
        return Err(StandIn::DrawnInStrata);
    }
    match test {
        TestName::DesignT => {
            validity::design(contrast)?;
            match found.by_design() {
                Some(row) if row.value.p_value.is_some() => Ok(()),
                _ => Err(StandIn::NotDefined),
            }
        }
        TestName::WelchT | TestName::StudentT if contrast.measured.kind == VariableKind::Binary => {
            Err(StandIn::YesOrNo)
        }
        TestName::WelchT => validity::means(contrast),
        TestName::StudentT => {
            validity::means(contrast)?;
            validity::one_spread(contrast)
        }
        TestName::BrunnerMunzel => validity::ranks(contrast),
        TestName::PearsonChiSquare
        | TestName::YatesChiSquare
        | TestName::LikelihoodRatio
        | TestName::LinearByLinear => validity::counts(contrast),
        TestName::CochranMantelHaenszel if contrast.measured.kind == VariableKind::Binary => {
            return match validity::over_strata(contrast) {
                Some(_) => Ok(()),
                None => Err(StandIn::NotDefined),
            };
        }
        _ => Ok(()),
    }?;
    match found.test(test).is_some() || test == TestName::DesignT {
        true => Ok(()),
        false => Err(StandIn::NotDefined),
    }
}

/// What leads instead of a test that is not valid.
fn stand_in(
    contrast: &Contrast<'_>,
    found: &Found<'_>,
    asked: Option<TestName>,
    reason: StandIn,
) -> Lead {
    let usual = usual(contrast);
    let usual_is_valid =
        asked.is_some_and(|asked| asked != usual) && valid(contrast, found, None).is_ok();
    let plain = contrast.study.design.is_plain();
    let by_levels = matches!(
        contrast.measured.kind,
        VariableKind::Binary | VariableKind::Categorical
    );
    let test = match usual_is_valid {
        true => usual,
        false if plain && by_levels && found.test(TestName::FisherExact).is_some() => {
            TestName::FisherExact
        }
        false => TestName::Permutation,
    };
    // Where two reasons meet, the one that decides what leads is said.
    let reason = match (usual_is_valid, asked) {
        (false, Some(asked)) if asked != usual => {
            valid(contrast, found, None).err().unwrap_or(reason)
        }
        _ => reason,
    };
    Lead {
        test,
        why: match asked {
            Some(_) => Why::StandIn,
            None => Why::Design,
        },
        reason: Some(reason),
        asked,
    }
}

/// The numbers at hand of one contrast.
struct Found<'a> {
    contrast: &'a Contrast<'a>,
    result: &'a OutcomeResult,
    treated: &'a str,
}

impl Found<'_> {
    fn test(&self, test: TestName) -> Option<&TestRow> {
        let usable = |row: &&TestRow| {
            row.treated == self.treated
                && row.result.test == test
                && row.result.p_value.is_some()
                && !matches!(
                    row.computed.method,
                    Some(TestMethod::MidP | TestMethod::Corrected | TestMethod::MeanScores)
                )
        };
        let rows = || self.result.tests.iter().filter(usable);
        // Of two ways to one test, the exact one.
        rows()
            .find(|row| row.computed.method == Some(TestMethod::Exact))
            .or_else(|| rows().next())
    }

    fn estimate(&self, estimator: Estimator) -> Option<&EstimateRow> {
        self.result.estimates.iter().find(|row| {
            row.treated == self.treated
                && row.estimand == Estimand::Itt
                && row.estimator == estimator
        })
    }

    /// The estimate that follows the draw.
    fn by_design(&self) -> Option<&EstimateRow> {
        let design = &self.contrast.study.design;
        match (design.strata.is_some(), design.clusters.is_some()) {
            (false, false) => self.estimate(Estimator::DifferenceInMeans),
            (true, false) => self.estimate(Estimator::BlockedDifferenceInMeans),
            (_, true) => self.estimate(Estimator::ClusterCr2),
        }
    }

    fn people(&self) -> u64 {
        let of = |arm: usize| self.contrast.summaries[arm].shown.n;
        of(self.contrast.treated) + of(self.contrast.control())
    }

    fn answer(&self, lead: Lead) -> Choice {
        let by_design = self.by_design();
        let mut answer = Answer {
            treated: self.treated.to_string(),
            control: self.contrast.arm(self.contrast.control()).to_string(),
            estimand: Estimand::Itt,
            estimator: by_design.map(|row| row.estimator),
            test: lead.test,
            computed: Computed::default(),
            n: by_design.map_or_else(|| self.people(), |row| row.n),
            estimate: by_design.map(|row| row.value.estimate),
            std_error: None,
            df: None,
            p_value: None,
            conf_low: None,
            conf_high: None,
            sd: by_design.and_then(|_| validity::pooled_sd(self.contrast)),
            adjusted: None,
            why: lead.why,
            reason: lead.reason,
            asked: lead.asked,
        };
        if lead.test == TestName::Permutation {
            return Choice::Draws(answer);
        }
        if !self.fill(&mut answer) && answer.estimate.is_none() {
            return Choice::Nothing;
        }
        coherent(&mut answer, self.contrast.study.level);
        Choice::Ready(answer)
    }

    /// Puts the numbers of the leading test into its answer; whether there are any.
    fn fill(&self, answer: &mut Answer) -> bool {
        if answer.test == TestName::DesignT {
            let Some(row) = self.by_design() else {
                return false;
            };
            take(answer, row);
            return true;
        }
        let binary = self.contrast.measured.kind == VariableKind::Binary;
        if binary && answer.test == TestName::CochranMantelHaenszel {
            let Some((found, method)) = validity::over_strata(self.contrast) else {
                return false;
            };
            answer.estimate = Some(found.estimate);
            answer.p_value = found.p_value;
            answer.conf_low = found.conf_low;
            answer.conf_high = found.conf_high;
            answer.computed = method.into();
            return true;
        }
        let Some(row) = self.test(answer.test) else {
            return false;
        };
        answer.p_value = row.result.p_value;
        answer.computed = row.computed;
        match answer.test {
            TestName::WelchT => {
                if let Some(row) = self.estimate(Estimator::DifferenceInMeans) {
                    take(answer, row);
                }
            }
            TestName::StudentT => {
                if let Some(found) = validity::student(self.contrast) {
                    answer.estimate = Some(found.estimate);
                    answer.std_error = found.std_error;
                    answer.df = found.df;
                    answer.conf_low = found.conf_low;
                    answer.conf_high = found.conf_high;
                }
            }
            TestName::PearsonChiSquare
            | TestName::YatesChiSquare
            | TestName::LikelihoodRatio
            | TestName::FisherExact
            | TestName::LinearByLinear
            | TestName::CochranMantelHaenszel => self.interval_of_shares(answer),
            _ => {}
        }
        true
    }

    /// The interval of a difference in shares: the score interval of Pearson's χ² itself, and Newcombe's for the
    /// other tests, made to agree with them. Within strata, that of the difference that follows the draw.
    fn interval_of_shares(&self, answer: &mut Answer) {
        if self.contrast.measured.kind != VariableKind::Binary {
            return;
        }
        if !self.contrast.study.design.is_plain() {
            if let Some(row) = self.by_design() {
                answer.conf_low = row.value.conf_low;
                answer.conf_high = row.value.conf_high;
            }
            return;
        }
        let level = self.contrast.study.level;
        let table = validity::two_by_two(self.contrast);
        let limits = table.and_then(|table| match answer.test {
            TestName::FisherExact => {
                let found = by_fisher(&table, level).ok()?;
                found.conf_low.zip(found.conf_high)
            }
            TestName::PearsonChiSquare => {
                let found = by_score(&table, Score::Mee, level).ok()?;
                found.conf_low.zip(found.conf_high)
            }
            _ => {
                let found = risk_difference(&table, level).ok()?;
                found.conf_low.zip(found.conf_high)
            }
        });
        answer.conf_low = limits.map(|(low, _)| low);
        answer.conf_high = limits.map(|(_, high)| high);
    }
}

fn take(answer: &mut Answer, row: &EstimateRow) {
    answer.estimate = Some(row.value.estimate);
    answer.std_error = row.value.std_error;
    answer.df = row.value.df;
    answer.p_value = row.value.p_value;
    answer.conf_low = row.value.conf_low;
    answer.conf_high = row.value.conf_high;
}
