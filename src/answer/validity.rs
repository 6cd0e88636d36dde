//! When a method holds the error rate that it claims: from counts and the design, not from the
//! p-value.

use std::collections::BTreeMap;

use crate::columns::VariableKind;
use crate::results::{Estimate, StandIn, TestMethod};
use crate::stats::asymmetry::{SAFE, asymmetry};
use crate::stats::cluster::trusted;
use crate::stats::contingency::{Crosstab, TwoByTwo};
use crate::stats::degenerate::Degenerate;
use crate::stats::infer::Level;
use crate::stats::two_sample::student_t;
use crate::stats::validity::Validity;
use crate::stats::yes_no::pearson_is_safe;
use crate::stats::yes_no_strata::{by_strata_exact, by_strata_score};
use crate::study::Contrast;

/// Below this expected count χ² is doubtful (Cochran 1954).
const SPARSE: f64 = 5.0;

/// An arm below this number has too few values to know their spread by.
const FEW: u64 = 10;

fn sizes(contrast: &Contrast<'_>) -> [u64; 2] {
    [contrast.treated, contrast.control()].map(|arm| contrast.summaries[arm].shown.n)
}

/// Arms from this size on have standard errors to be trusted where the draw cannot be made again.
const LARGE: u64 = 1000;

/// Above this share without a value in an arm, a categorical outcome is one of people selected after the draw.
const SELECTED: f64 = 0.2;

/// The shares of each arm of whom a categorical outcome is known, where that is so few that it is about people selected
/// after the draw, as reasons of leaving are about leavers. Blank is a level where it is said to be one.
pub fn selected(contrast: &Contrast<'_>) -> Option<(f64, f64)> {
    if contrast.measured.kind != VariableKind::Categorical {
        return None;
    }
    let known = |arm: usize| {
        let shown = &contrast.summaries[arm].shown;
        // Counts of people are far below 2^53.
        shown.n as f64 / (shown.n + shown.missing) as f64
    };
    let (treated, control) = (known(contrast.treated), known(contrast.control()));
    (treated.min(control) < 1.0 - SELECTED).then_some((treated, control))
}

/// Whether everybody of whom it is known has one and the same value, and many have none: what may be a list of those
/// who have it, in which the others are not.
pub fn one_value(contrast: &Contrast<'_>) -> bool {
    let [one, zero] =
        [contrast.treated, contrast.control()].map(|arm| &contrast.summaries[arm].shown);
    let missing = (one.missing + zero.missing) as f64;
    let all = missing + (one.n + zero.n) as f64;
    contrast.all_the_same() && missing > SELECTED * all
}

/// Whether the t-test of a difference in means, plain or over strata, holds its error rate.
pub fn means(contrast: &Contrast<'_>) -> Result<(), StandIn> {
    let smallest = sizes(contrast).into_iter().min().unwrap_or_default();
    if contrast.study.design.everyone.is_none() && smallest >= LARGE {
        return Ok(());
    }
    if smallest < FEW {
        return Err(StandIn::SmallArm);
    }
    let Some(sample) = contrast.sample() else {
        return Err(StandIn::NotDefined);
    };
    let strata = contrast.study.design.strata_of(&sample.people);
    match asymmetry(&sample.y, &sample.treated, strata.as_deref()) {
        Ok(skewness) if skewness <= SAFE => Ok(()),
        Ok(_) => Err(StandIn::SmallArm),
        Err(_) => Err(StandIn::NotDefined),
    }
}

/// Whether one spread may stand for both arms: they are about equally large, or equally spread.
pub fn one_spread(contrast: &Contrast<'_>) -> Result<(), StandIn> {
    let [one, zero] =
        [contrast.treated, contrast.control()].map(|arm| contrast.summaries[arm].moments.moments);
    let ratio = |a: f64, b: f64| a.max(b) / a.min(b);
    // Counts of people are far below 2^53.
    let sizes = ratio(one.n as f64, zero.n as f64);
    let variance = |of: &crate::stats::sample::Moments| of.m2 / (of.n as f64 - 1.0);
    let spread = ratio(variance(&one), variance(&zero));
    match sizes <= 1.1 || spread <= 1.5 {
        true => Ok(()),
        false => Err(StandIn::UnequalSpread),
    }
}

/// The standard deviation within the two arms, pooled.
pub fn pooled_sd(contrast: &Contrast<'_>) -> Option<f64> {
    let of = |arm: usize| contrast.summaries[arm].moments.moments;
    let (one, zero) = (of(contrast.treated), of(contrast.control()));
    // Counts of people are far below 2^53.
    let df = (one.n + zero.n) as f64 - 2.0;
    let sd = ((one.m2 + zero.m2) / df).sqrt();
    (df > 0.0 && sd.is_finite()).then_some(sd)
}

/// Student's estimate with its interval.
pub fn student(contrast: &Contrast<'_>) -> Option<Estimate> {
    let moments = |arm: usize| &contrast.summaries[arm].moments.moments;
    let (one, zero) = (moments(contrast.treated), moments(contrast.control()));
    let both = student_t(one, zero, contrast.study.level).ok()?;
    Some(both.estimate)
}

/// Whether the Brunner–Munzel test holds its error rate: with ten or more in each arm (Brunner and
/// Munzel 2000, p. 20).
pub fn ranks(contrast: &Contrast<'_>) -> Result<(), StandIn> {
    means(contrast)
}

/// Whether χ² holds its error rate: no expected count below 5.
pub fn counts(contrast: &Contrast<'_>) -> Result<(), StandIn> {
    let counts = [contrast.treated, contrast.control()].map(|arm| {
        let levels = &contrast.summaries[arm].shown.levels;
        levels.iter().map(|level| level.count).collect::<Vec<u64>>()
    });
    // A yes/no outcome's totals are not changed by any draw: how often χ² would reject is known.
    if let Some(table) = two_by_two(contrast) {
        return match pearson_is_safe(&table, contrast.study.level) {
            Ok(Validity::Valid) => Ok(()),
            Ok(Validity::Unsafe(_)) => Err(StandIn::ErrorRate),
            Err(_) => Err(StandIn::NotDefined),
        };
    }
    match Crosstab::new(&counts) {
        Ok(table) if table.min_expected() < SPARSE => Err(StandIn::SparseTable),
        Ok(_) => Ok(()),
        Err(_) => Err(StandIn::NotDefined),
    }
}

/// The counts of a yes/no outcome in the two arms.
pub fn two_by_two(contrast: &Contrast<'_>) -> Option<TwoByTwo> {
    let counts = |arm: usize| match contrast.summaries[arm].shown.levels.as_slice() {
        [no, yes] => Some((yes.count, no.count)),
        _ => None,
    };
    let ((treated_yes, treated_no), (control_yes, control_no)) =
        (counts(contrast.treated)?, counts(contrast.control())?);
    Some(TwoByTwo {
        treated_yes,
        treated_no,
        control_yes,
        control_no,
    })
}

/// A yes/no outcome over the strata of the draw: effect, interval and p-value of the exact test within
/// strata, and of the score test where there are too many tables; none where no stratum has both arms.
pub fn over_strata(contrast: &Contrast<'_>) -> Option<(Estimate, TestMethod)> {
    let sample = contrast.sample()?;
    let strata = contrast.study.design.strata_of(&sample.people)?;
    let yes: Vec<bool> = sample.y.iter().map(|y| *y > 0.5).collect();
    yes_no_over_strata(&yes, &sample.treated, &strata, contrast.study.level)
}

/// The same of any answer of yes or no.
pub fn yes_no_over_strata(
    yes: &[bool],
    treated: &[bool],
    strata: &[usize],
    level: Level,
) -> Option<(Estimate, TestMethod)> {
    let mut tables: BTreeMap<usize, TwoByTwo> = BTreeMap::new();
    for ((yes, treated), stratum) in yes.iter().zip(treated).zip(strata) {
        let table = tables.entry(*stratum).or_insert(TwoByTwo {
            treated_yes: 0,
            treated_no: 0,
            control_yes: 0,
            control_no: 0,
        });
        *match (*treated, *yes) {
            (true, true) => &mut table.treated_yes,
            (true, false) => &mut table.treated_no,
            (false, true) => &mut table.control_yes,
            (false, false) => &mut table.control_no,
        } += 1;
    }
    let tables: Vec<TwoByTwo> = tables.into_values().collect();
    match by_strata_exact(&tables, level) {
        Ok(found) => Some((found, TestMethod::Exact)),
        Err(Degenerate::TooLarge) => {
            let found = by_strata_score(&tables, level).ok()?;
            Some((found, TestMethod::Uncorrected))
        }
        Err(_) => None,
    }
}

/// Whether the estimate that follows the draw has a standard error to be trusted.
pub fn design(contrast: &Contrast<'_>) -> Result<(), StandIn> {
    let Some(sample) = contrast.sample() else {
        return Err(StandIn::NotDefined);
    };
    let design = &contrast.study.design;
    let Some(clusters) = design.cluster_codes(&sample.people) else {
        return means(contrast);
    };
    let strata = design.strata_of(&sample.people);
    match trusted(&sample.y, &sample.treated, &clusters, strata.as_deref()) {
        Ok(true) => Ok(()),
        _ => Err(StandIn::FewClusters),
    }
}
