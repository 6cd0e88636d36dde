//! The draw's strata: tests of an outcome with levels within them, and the common odds ratio.

use std::collections::BTreeMap;

use super::gather::Gather;
use crate::columns::{Levels, VariableKind, level_scores};
use crate::results::{TestMethod, TestName, TestResult};
use crate::stats::contingency::TwoByTwo;
use crate::stats::mantel_haenszel::{breslow_day, mantel_haenszel};
use crate::stats::stratified::{MAX_LEVELS, StratumCounts, general_association, mean_scores};
use crate::study::Contrast;

/// Cochran–Mantel–Haenszel over the strata, if the draw had any: for a yes/no outcome with
/// the common odds ratio and whether it is common, for an ordinal one on the mean scores and on
/// the whole distribution, for a categorical one on the distribution.
///
/// Without an answer (no stratum with both arms and two levels) nothing is added: the
/// outcome then has no variation, which the other tests say.
pub(super) fn over_strata(gather: &mut Gather<'_, '_>) {
    let contrast = gather.contrast;
    let Some((levels, strata)) = counts(contrast) else {
        return;
    };
    match contrast.measured.kind {
        VariableKind::Numeric => {}
        VariableKind::Binary => shares(gather, &strata),
        VariableKind::Ordinal => {
            let scores = level_scores(&levels);
            gather.answered(mean_scores(&strata, &scores), TestMethod::MeanScores);
            gather.answered(general_association(&strata), TestMethod::GeneralAssociation);
        }
        VariableKind::Categorical => {
            gather.answered(general_association(&strata), TestMethod::GeneralAssociation);
        }
    }
}

fn shares(gather: &mut Gather<'_, '_>, strata: &[StratumCounts]) {
    let level = gather.contrast.study.level;
    let tables: Vec<TwoByTwo> = strata
        .iter()
        .filter_map(
            |stratum| match (stratum.treated.as_slice(), stratum.control.as_slice()) {
                (&[treated_no, treated_yes], &[control_no, control_yes]) => Some(TwoByTwo {
                    treated_yes,
                    treated_no,
                    control_yes,
                    control_no,
                }),
                _ => None,
            },
        )
        .collect();
    let Ok(found) = mantel_haenszel(&tables, level) else {
        return;
    };
    let test = |statistic, p_value| TestResult {
        test: TestName::CochranMantelHaenszel,
        statistic: Some(statistic),
        df: Some(1.0),
        df2: None,
        p_value: Some(p_value),
    };
    gather.answered(
        Ok(test(found.statistic, found.p_value)),
        TestMethod::Uncorrected,
    );
    gather.answered(
        Ok(test(found.corrected, found.corrected_p)),
        TestMethod::Corrected,
    );
    if let Ok(same) = breslow_day(&tables, level) {
        gather.answered(Ok(same.breslow_day), TestMethod::Uncorrected);
        gather.answered(Ok(same.tarone), TestMethod::Tarone);
    }
    if found.odds_ratio.estimate.is_some() {
        gather.size(Ok(found.odds_ratio));
    }
}

/// People per stratum, arm and level, and the levels; none without strata or levels, and none
/// with more levels than are tested.
fn counts(contrast: &Contrast<'_>) -> Option<(Vec<String>, Vec<StratumCounts>)> {
    let strata = contrast.study.design.strata.as_ref()?;
    let (levels, codes) = contrast.measured.level_codes()?;
    if levels.len() > MAX_LEVELS {
        return None;
    }
    let (people, treated) = contrast
        .study
        .rows(contrast.codes, contrast.treated, |row| {
            codes[row] != Levels::MISSING
        });
    let mut found: BTreeMap<usize, StratumCounts> = BTreeMap::new();
    for (&row, treated) in people.iter().zip(treated) {
        let stratum = found.entry(strata[row]).or_insert_with(|| StratumCounts {
            treated: vec![0; levels.len()],
            control: vec![0; levels.len()],
        });
        let arm = if treated {
            &mut stratum.treated
        } else {
            &mut stratum.control
        };
        arm[codes[row] as usize] += 1;
    }
    Some((levels, found.into_values().collect()))
}
