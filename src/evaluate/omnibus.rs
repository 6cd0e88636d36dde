//! Whether any of several intervention arms differs: one test over all arms together.

use super::absent::{kernel_reason_of, reason_of};
use crate::columns::VariableKind;
use crate::results::{Note, OmnibusMethod, OmnibusRow, Reason, ResultPart, SMALL_ARM};
use crate::stats::anova::welch_anova;
use crate::stats::contingency::{Crosstab, pearson_chi_square};
use crate::stats::fisher::fisher_exact_table;
use crate::stats::linear::{FTest, Variance, ols, ols_within};
use crate::stats::matrix::{Matrix, ModelError};
use crate::stats::strata::indicators;
use crate::study::{OutcomeInput, Study, Summary};

/// Below this expected count Fisher's test takes the place of χ² (Cochran 1954).
const SPARSE: f64 = 5.0;

/// The test of one outcome over all arms that are compared; none with one intervention arm. Where it cannot be had, a
/// note says why.
pub(super) fn omnibus(
    study: &Study,
    input: &OutcomeInput,
    codes: &[u32],
    summaries: &[Summary],
    notes: &mut Vec<Note>,
) -> Option<OmnibusRow> {
    if study.treated.len() < 2 {
        return None;
    }
    let arms: Vec<usize> = [study.control]
        .into_iter()
        .chain(study.treated.clone())
        .collect();
    match test(study, input, codes, summaries, &arms) {
        Ok((method, found)) => Some(OmnibusRow {
            arms: arms.iter().map(|&arm| study.arms[arm].clone()).collect(),
            n: arms.iter().map(|&arm| summaries[arm].shown.n).sum(),
            method,
            statistic: found.statistic,
            df: found.df1,
            df2: found.df2,
            p_value: found.p_value,
        }),
        Err(reason) => {
            notes.push(Note::LeftOut {
                variable: input.measured.name().to_string(),
                parts: vec![ResultPart::Omnibus],
                reason,
            });
            None
        }
    }
}

/// Statistic, degrees of freedom and p-value, as far as the test has them.
struct Found {
    statistic: Option<f64>,
    df1: Option<f64>,
    df2: Option<f64>,
    p_value: Option<f64>,
}

impl From<FTest> for Found {
    fn from(test: FTest) -> Found {
        Found {
            statistic: Some(test.statistic),
            df1: Some(test.df1),
            df2: Some(test.df2),
            p_value: Some(test.p_value),
        }
    }
}

fn test(
    study: &Study,
    input: &OutcomeInput,
    codes: &[u32],
    summaries: &[Summary],
    arms: &[usize],
) -> Result<(OmnibusMethod, Found), Reason> {
    let kind = input.measured.kind;
    if study.design.is_plain() && matches!(kind, VariableKind::Binary | VariableKind::Categorical) {
        return of_levels(summaries, arms);
    }
    if arms.iter().any(|&arm| summaries[arm].shown.n < SMALL_ARM) {
        return Err(Reason::FewPeople);
    }
    let Some(scores) = input.measured.scores() else {
        return Err(Reason::NoNumbers);
    };
    if study.design.is_plain() {
        let moments: Vec<_> = arms
            .iter()
            .map(|&arm| summaries[arm].moments.moments)
            .collect();
        let found = welch_anova(&moments).map_err(kernel_reason_of)?;
        return Ok((OmnibusMethod::Welch, found.into()));
    }
    by_design(study, &scores, codes, arms).map_err(reason_of)
}

fn of_levels(summaries: &[Summary], arms: &[usize]) -> Result<(OmnibusMethod, Found), Reason> {
    let counts: Vec<Vec<u64>> = arms
        .iter()
        .map(|&arm| {
            let levels = summaries[arm].shown.levels.iter();
            levels.map(|level| level.count).collect()
        })
        .collect();
    let table = Crosstab::new(&counts).map_err(kernel_reason_of)?;
    let (method, test) = match table.min_expected() < SPARSE {
        false => (OmnibusMethod::PearsonChiSquare, pearson_chi_square(&table)),
        true => (
            OmnibusMethod::FisherExact,
            fisher_exact_table(&table).map_err(kernel_reason_of)?,
        ),
    };
    let found = Found {
        statistic: test.statistic,
        df1: test.df,
        df2: None,
        p_value: test.p_value,
    };
    Ok((method, found))
}

/// F of the arms in a regression with the strata as fixed effects, robust to unequal spread (HC2), or of clusters (CR2).
fn by_design(
    study: &Study,
    scores: &[f64],
    codes: &[u32],
    arms: &[usize],
) -> Result<(OmnibusMethod, Found), ModelError> {
    let people: Vec<usize> = (0..codes.len())
        .filter(|&row| arms.contains(&(codes[row] as usize)) && !scores[row].is_nan())
        .collect();
    let y: Vec<f64> = people.iter().map(|&row| scores[row]).collect();
    let mut flags = Matrix::new(y.len());
    for &arm in &arms[1..] {
        let own: Vec<bool> = people
            .iter()
            .map(|&row| codes[row] as usize == arm)
            .collect();
        flags.push_flags(&own)?;
    }
    let strata = study.design.strata_of(&people);
    let clusters = study.design.clusters_of(&people)?;
    let (method, fit, first) = match (&clusters, &strata) {
        (None, Some(strata)) => (
            OmnibusMethod::WithinStrata,
            ols_within(&y, &flags, strata, Variance::Hc2, study.level)?,
            0,
        ),
        (clusters, _) => {
            let mut design = Matrix::new(y.len());
            design.push_intercept();
            design.append(&flags)?;
            if let Some(strata) = &strata {
                design.append(&indicators(strata)?)?;
            }
            let variance = clusters.as_ref().map_or(Variance::Hc2, Variance::Cr2);
            (
                OmnibusMethod::Clusters,
                ols(&y, &design, variance, study.level)?,
                1,
            )
        }
    };
    let columns: Vec<usize> = (first..first + flags.columns()).collect();
    Ok((method, fit.wald(&columns)?.into()))
}
