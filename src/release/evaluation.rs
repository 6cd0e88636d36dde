//! What goes out of an evaluation to keep small numbers out of a report.

use std::collections::BTreeSet;

use super::{Hidden, Rule, receipt};
use crate::results::{
    ChanceMethod, ChanceRow, Compliance, CostsAndBenefits, Estimand, Estimator, Evaluation,
    Further, JoinCounts, Measure, MissingRow, Note, OutcomeResult, ReasonCount, SubgroupEffect,
    TestName,
};

/// Takes out of an evaluation what is hidden, and what would reveal it.
pub(super) fn hide(evaluation: &mut Evaluation, rule: Rule, hidden: &mut Hidden) {
    hidden.compliance = evaluation
        .compliance
        .as_ref()
        .is_some_and(|compliance| rule.compliance(compliance));
    let adjusted = evaluation
        .balance
        .iter()
        .flat_map(|table| &table.covariates)
        .any(|row| hidden.variables.contains(&row.name));
    for outcome in &mut evaluation.outcomes {
        if hidden.variables.contains(&outcome.name) {
            outcome.arms.clear();
            outcome.excluded = None;
            outcome.estimates.clear();
            outcome.tests.clear();
            outcome.effect_sizes.clear();
            outcome.answer.clear();
            outcome.notes.clear();
            outcome.further = Further::default();
            continue;
        }
        // Numbers of people that differ by a few give those few away.
        let whole: Vec<(String, u64)> = outcome
            .estimates
            .iter()
            .filter(|row| row.estimand == Estimand::Itt)
            .map(|row| (row.treated.clone(), row.n))
            .collect();
        outcome.estimates.retain(|row| {
            let differs = whole.iter().filter(|(treated, _)| *treated == row.treated);
            let few = differs
                .into_iter()
                .any(|(_, n)| rule.small(n.abs_diff(row.n)));
            row.estimand == Estimand::Itt || !(hidden.compliance || few)
        });
        let few_receivers = rule.some(outcome.further.fewest.receipt);
        let few_by_dose = outcome.further.fewest.dose;
        let before = outcome.estimates.len();
        outcome
            .estimates
            .retain(|row| row.estimand == Estimand::Itt || !few_receivers);
        hidden.receipt |= outcome.estimates.len() < before;
        let before = outcome.estimates.len();
        let fewest = &outcome.further.fewest;
        let (few, change) = (rule.some(fewest.adjusted), rule.some(fewest.change));
        outcome.estimates.retain(|row| {
            let names = &row.adjusted_for;
            let shown = !names.iter().any(|name| hidden.variables.contains(name));
            names.is_empty()
                || shown
                    && !(few && matches!(row.estimator, Estimator::Lin | Estimator::Iv2sls))
                    && !(change && row.estimator == Estimator::Ancova)
        });
        hidden.adjusted |= outcome.estimates.len() < before;
        if hidden.strata || rule.some(outcome.further.fewest.stratified) {
            let before = outcome.tests.len() + outcome.effect_sizes.len();
            // With few people in a stratum, one test over all strata and the margins tell who.
            outcome.tests.retain(|row| {
                !matches!(
                    row.result.test,
                    TestName::CochranMantelHaenszel | TestName::BreslowDay
                )
            });
            outcome
                .effect_sizes
                .retain(|row| row.value.measure != Measure::MantelHaenszelOddsRatio);
            hidden.stratified |= outcome.tests.len() + outcome.effect_sizes.len() < before;
        }
        if change {
            hidden.changes |= !outcome.further.before_after.is_empty();
            outcome.further.before_after.clear();
        }
        hidden.changes |= rule.hide_changes(outcome, &hidden.variables);
        protect_further(outcome, rule, adjusted || few, hidden);
        let few_contacts = rule.some(few_by_dose) && !outcome.further.dose.is_empty();
        hidden.receipt |= few_contacts;
        match hidden.compliance || few_receivers || few_contacts {
            true => outcome.further.dose.clear(),
            false => receipt::protect(outcome, evaluation.compliance.as_ref(), rule),
        }
        outcome.notes.retain(|note| !reveals(note, rule, hidden));
    }
    if hidden.compliance {
        evaluation.compliance = None;
    } else if let Some(compliance) = &mut evaluation.compliance {
        merge_reasons(compliance, rule);
    }
    if let Some(costs) = &mut evaluation.costs {
        protect_costs(costs, rule, hidden);
    }
    evaluation.balance.clear();
    evaluation.notes.retain(|note| !reveals(note, rule, hidden));
    let join = &evaluation.join;
    if [join.only_in_outcomes, join.only_in_allocation, join.no_arm]
        .into_iter()
        .any(|n| rule.small(n))
    {
        evaluation.join = JoinCounts::default();
    }
}

/// What goes with a small number elsewhere: people by subgroup, take-up under other
/// definitions, shares of an imbalance that add up, p-values that depend on a hidden one.
fn protect_further(outcome: &mut OutcomeResult, rule: Rule, adjusted: bool, hidden: &mut Hidden) {
    // Taken apart, so that what is added to the results is decided about here too.
    let Further {
        randomization: _,
        // Over the same people as the effects.
        omnibus: _,
        nested: _,
        adjusted: corrected,
        missing_outcomes,
        take_up,
        chance,
        imbalance,
        subgroups,
        // By rules of their own, in `receipt` and `change`.
        dose: _,
        before_after: _,
        fewest,
    } = &mut outcome.further;
    let fewest = std::mem::take(fewest);
    let people = |arm: &str| {
        let summary = outcome.arms.iter().find(|summary| summary.arm == arm);
        summary.map_or(0, |summary| summary.n)
    };
    let compliance = hidden.compliance;
    let few = |treated: &str, control: &str, n: u64| {
        rule.small((people(treated) + people(control)).abs_diff(n))
    };
    if !hidden.variables.is_empty() {
        corrected.clear();
        for answer in &mut outcome.answer {
            answer.adjusted = None;
        }
    }
    let variables = hidden.variables.clone();
    let named = |name: &String| variables.contains(name);
    if adjusted || imbalance.iter().any(|row| named(&row.covariate)) {
        imbalance.clear();
    }
    chance.retain(|row| !few(&row.treated, &row.control, row.n));
    if adjusted {
        // With one hidden covariate, the adjusted effect and its error could give it back.
        let weighted = |row: &MissingRow| row.weighted.is_some();
        let unadjusted = |row: &ChanceRow| row.method == ChanceMethod::Unadjusted;
        hidden.adjusted |= missing_outcomes.iter().any(weighted) || !chance.iter().all(unadjusted);
        chance.clear();
        for row in missing_outcomes.iter_mut() {
            row.weighted = None;
        }
    }
    let before = take_up.len();
    take_up.retain(|row| {
        // Thresholds beside the leading one differ from it by a few people.
        let share = |share: Option<f64>, arm: &str| {
            let n = people(arm);
            let some = (share.unwrap_or(0.0) * n as f64).round().max(0.0) as u64;
            rule.small(some) || rule.small(n.saturating_sub(some))
        };
        row.leading
            && !compliance
            && !rule.some(fewest.receipt)
            && !few(&row.treated, &row.control, row.n)
            && !share(row.never_takers, &row.treated)
            && !share(row.always_takers, &row.control)
    });
    hidden.receipt |= !compliance && before > 0 && take_up.is_empty();
    let before = subgroups.len();
    subgroups.retain(|row| {
        let total = |of: fn(&SubgroupEffect) -> u64| row.groups.iter().map(of).sum::<u64>();
        let rest = |arm: &str, known: u64| rule.small(people(arm).abs_diff(known));
        !named(&row.variable)
            && !rule.some(fewest.subgroups.get(&row.variable).copied())
            && !row
                .groups
                .iter()
                .any(|group| rule.small(group.treated_n) || rule.small(group.control_n))
            && !rest(&row.treated, total(|group| group.treated_n))
            && !rest(&row.control, total(|group| group.control_n))
    });
    hidden.subgroups |= subgroups.len() < before;
}

/// An amount divided by its price is a number of people: it goes with its outcome, and the
/// total with any of its lines.
fn protect_costs(costs: &mut CostsAndBenefits, rule: Rule, hidden: &mut Hidden) {
    for arm in &mut costs.arms {
        let few = arm.total.as_ref().is_some_and(|total| {
            arm.lines.iter().any(|line| {
                rule.small(line.n.abs_diff(total.n))
                    || rule.small(line.people.abs_diff(total.people))
            })
        });
        let together = arm.total.as_mut().and_then(|total| total.fewest.take());
        let few = few || rule.some(together);
        let before = arm.lines.len();
        arm.lines
            .retain(|line| !hidden.variables.contains(&line.price.outcome));
        if few || arm.lines.len() < before {
            hidden.total |= before > 1 && arm.total.is_some();
            arm.total = None;
        }
    }
}

/// Merges the rarest reasons of an arm until their sum is no small number; an arm with fewer
/// people in all its reasons has none left.
fn merge_reasons(compliance: &mut Compliance, rule: Rule) {
    let arms: BTreeSet<String> = compliance
        .reasons
        .iter()
        .map(|reason| reason.arm.clone())
        .collect();
    let mut kept = Vec::new();
    for arm in arms {
        let mut reasons: Vec<ReasonCount> = compliance
            .reasons
            .iter()
            .filter(|reason| reason.arm == arm)
            .cloned()
            .collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        let mut merged = 0;
        while let Some(last) = reasons.pop_if(|last| rule.small(last.count) || rule.small(merged)) {
            merged += last.count;
        }
        kept.extend(reasons);
        if merged > 0 && !rule.small(merged) {
            kept.push(ReasonCount {
                arm,
                reason: None,
                count: merged,
                merged: true,
            });
        }
    }
    compliance.reasons = kept;
}

/// Whether a note has a small number in it, or is about what is hidden.
pub(super) fn reveals(note: &Note, rule: Rule, hidden: &Hidden) -> bool {
    let mut copy = note.clone();
    if copy
        .variable_mut()
        .is_some_and(|name| hidden.variables.contains(name))
    {
        return true;
    }
    match note {
        Note::OnlyInOutcomes { count }
        | Note::OnlyInRegister { count }
        | Note::MissingFromRegister { count }
        | Note::NoArm { count }
        | Note::NotPeople { count }
        | Note::OtherThanRegister { count, .. }
        | Note::OtherArms { count, .. } => rule.small(*count),
        Note::TwoSidedNonCompliance { count }
        | Note::ComplianceUnknown { count }
        | Note::UnknownAsNotReceived { count } => hidden.compliance || rule.small(*count),
        Note::OnlyInAllocation { count, per_arm } => {
            rule.small(*count) || per_arm.iter().any(|(_, n)| rule.small(*n))
        }
        Note::Excluded { per_arm, .. } => per_arm.iter().any(|(_, n)| rule.small(*n)),
        Note::WeakFirstStage { .. } | Note::ReversedTakeUp { .. } => hidden.compliance,
        _ => note.people().is_some_and(|n| rule.small(n)),
    }
}
