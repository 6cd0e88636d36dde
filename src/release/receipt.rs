//! Outcomes by what was received: few people behind a mean, or behind the difference of two
//! numbers that are both shown.

use super::Rule;
use crate::columns::VariableKind;
use crate::results::{Compliance, DoseGroup, DoseRow, Estimand, OutcomeResult, TakeUpRow};

/// Takes out of an outcome what shows a small number by receipt: the dose analysis, and where the outcome among
/// those who received the intervention does so, the comparisons of receivers too.
pub(super) fn protect(outcome: &mut OutcomeResult, compliance: Option<&Compliance>, rule: Rule) {
    let ends = ends(outcome);
    let dose = std::mem::take(&mut outcome.further.dose);
    let kept: Vec<DoseRow> = dose
        .iter()
        .filter(|row| !reveals(row, outcome, ends, compliance, rule))
        .cloned()
        .collect();
    let small = |treated: &str| {
        let by_dose = dose
            .iter()
            .filter(|row| row.treated == treated)
            .any(|row| receivers_small(row, ends, rule));
        let by_share = outcome
            .further
            .take_up
            .iter()
            .filter(|row| row.treated == treated)
            .any(|row| compliers_small(row, outcome, ends, rule));
        by_dose || by_share
    };
    let arms: Vec<String> = outcome
        .estimates
        .iter()
        .map(|row| row.treated.clone())
        .filter(|arm| small(arm))
        .collect();
    outcome.further.dose = kept;
    outcome
        .further
        .dose
        .retain(|row| !arms.contains(&row.treated));
    outcome
        .further
        .take_up
        .retain(|row| !arms.contains(&row.treated));
    outcome.estimates.retain(|row| {
        !(matches!(row.estimand, Estimand::PerProtocol | Estimand::AsTreated)
            && arms.contains(&row.treated))
    });
}

/// The least and the greatest value of an outcome, as far as its kind has any.
fn ends(outcome: &OutcomeResult) -> (f64, Option<f64>) {
    let count = outcome.arms.iter().map(|arm| arm.levels.len()).max();
    match outcome.kind {
        VariableKind::Binary => (0.0, Some(1.0)),
        VariableKind::Numeric => (0.0, None),
        VariableKind::Ordinal | VariableKind::Categorical => {
            // As scores are given: a level's own number where all are numbers, else its rank.
            let scores: Option<Vec<f64>> = outcome.arms.first().and_then(|arm| {
                let levels = arm.levels.iter();
                levels.map(|level| level.level.parse().ok()).collect()
            });
            let last = count.unwrap_or(1) as f64;
            match scores.filter(|scores| !scores.is_empty()) {
                Some(scores) => (
                    scores.iter().copied().fold(f64::INFINITY, f64::min),
                    Some(scores.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
                ),
                None => (1.0, Some(last)),
            }
        }
    }
}

/// A total that fewer people than the limit may have made up between them.
fn few(total: f64, rule: Rule) -> bool {
    total.abs() > 1e-6 && total.abs() < rule.0 as f64 - 0.5
}

/// The same of people with this mean: above the least value, or below the greatest.
fn few_of(n: f64, mean: f64, (low, high): (f64, Option<f64>), rule: Rule) -> bool {
    few(n * (mean - low), rule) || high.is_some_and(|high| few(n * (high - mean), rule))
}

fn reveals(
    row: &DoseRow,
    outcome: &OutcomeResult,
    ends: (f64, Option<f64>),
    compliance: Option<&Compliance>,
    rule: Rule,
) -> bool {
    let in_group = |group: &DoseGroup| {
        let above = group
            .mean_contacts
            .map(|mean| (mean - group.contacts as f64) * group.n as f64);
        rule.small(group.n)
            || rule.small(group.missing)
            || above.is_some_and(|above| few(above, rule))
            || group
                .mean
                .is_some_and(|mean| few_of(group.n as f64, mean, ends, rule))
    };
    if row.groups.iter().any(in_group) {
        return true;
    }
    let shown_to = row.groups.iter().map(|group| group.contacts).max();
    [&row.treated, &row.control].into_iter().any(|arm| {
        let groups = || row.groups.iter().filter(|group| group.arm == *arm);
        let with: u64 = groups().map(|group| group.n).sum();
        let without: u64 = groups().map(|group| group.missing).sum();
        // Those whose number of contacts is not known.
        let summary = outcome.arms.iter().find(|summary| summary.arm == *arm);
        let excluded: u64 = outcome
            .excluded
            .iter()
            .flat_map(|excluded| &excluded.arms)
            .filter(|size| size.arm == *arm)
            .map(|size| size.n)
            .sum();
        let unknown = summary.is_some_and(|summary| {
            rule.small(summary.n.abs_diff(with))
                || rule.small((summary.missing + excluded).abs_diff(without))
        });
        let received: u64 = groups()
            .filter(|group| group.contacts >= row.at_least)
            .map(|group| group.n + group.missing)
            .sum();
        let table = compliance.and_then(|table| table.arms.iter().find(|line| line.arm == *arm));
        let beside = table.is_some_and(|line| {
            // Groups that do not part where receipt does would give a part of one.
            let parted = line.received == 0 || shown_to.is_some_and(|last| last >= row.at_least);
            !parted
                || rule.small(line.received.abs_diff(received))
                || rule.small(line.not_received.abs_diff(with + without - received))
        });
        unknown || beside
    })
}

/// Whether the outcome of those who received it, or did not, in an arm rests on few.
fn receivers_small(row: &DoseRow, ends: (f64, Option<f64>), rule: Rule) -> bool {
    [&row.treated, &row.control].into_iter().any(|arm| {
        [true, false].into_iter().any(|received| {
            let (n, total) = row
                .groups
                .iter()
                .filter(|group| group.arm == *arm && (group.contacts >= row.at_least) == received)
                .filter_map(|group| Some((group.n as f64, group.mean?)))
                .fold((0.0, 0.0), |(n, total), (own, mean)| {
                    (n + own, total + own * mean)
                });
            n > 0.0 && few_of(n, total / n, ends, rule)
        })
    })
}

/// The same from the means of compliers, which with nobody in control receiving it are the
/// receivers.
fn compliers_small(
    row: &TakeUpRow,
    outcome: &OutcomeResult,
    ends: (f64, Option<f64>),
    rule: Rule,
) -> bool {
    let arm = |name: &str| outcome.arms.iter().find(|summary| summary.arm == name);
    let (Some(share), Some(mean), Some(summary), Some(whole)) = (
        row.complier_share,
        row.compliers_treated,
        arm(&row.treated),
        arm(&row.treated).and_then(|summary| summary.mean),
    ) else {
        return false;
    };
    if row.always_takers.is_none_or(|share| share > 0.0) || ends.1.is_none() {
        return false;
    }
    let n = summary.n as f64;
    let came = share.estimate * n;
    let stayed = n - came;
    let rest = (whole * n - mean.estimate * came) / stayed;
    few_of(came, mean.estimate, ends, rule) || (stayed > 0.5 && few_of(stayed, rest, ends, rule))
}
