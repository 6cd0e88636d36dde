//! Small numbers of people: what would show them is taken out of the results before any
//! table, figure or sentence is made from them, so that no format can leak what another hides.
//!
//! The rule is cautious, for a hidden number must not come back by subtraction. As soon as
//! one number of a variable is small (a level, the missing, the excluded, the people a total
//! comes from), everything about that variable goes: its counts, means, shares, tests and
//! effects, in every table. Reasons are merged until their sum is large enough. A zero is no
//! small number: there is nobody in it.
//!
//! What it cannot know is that two variables speak of the same people (an outcome and a
//! coarser version of it); who defines such variables has to look at them together.

use std::collections::BTreeSet;

use super::catalog::flow as words;
use super::catalog::money::{self, Withheld};
use super::document::{Document, NoteKind};
use super::lang::Lang;
use super::provenance::label;
use crate::design::{Excluded, Manifest};
use crate::results::{
    ArmSummary, BalanceTable, Compliance, Estimand, Evaluation, Further, JoinCounts, Labels, Note,
    OutcomeResult, ReasonCount, SubgroupEffect,
};

/// What a reader is warned about where the protocol says nothing.
pub const USUAL: u64 = 5;

/// What has been taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden {
    pub min_cell: u64,
    /// Names of outcomes and covariates.
    pub variables: BTreeSet<String>,
    pub compliance: bool,
    pub strata: bool,
    pub exclusions: bool,
}

/// The results of a trial that go into one report.
pub struct Results<'a> {
    pub manifest: &'a mut Manifest,
    pub balance: &'a mut [BalanceTable],
    pub evaluation: Option<&'a mut Evaluation>,
}

#[derive(Clone, Copy)]
struct Rule(u64);

impl Rule {
    fn small(self, n: u64) -> bool {
        n > 0 && n < self.0
    }

    fn arm(self, summary: &ArmSummary) -> bool {
        // A total that fewer people than the limit may have made up between them.
        let total = summary
            .mean
            .map_or(0.0, |mean| (mean * summary.n as f64).abs());
        self.small(summary.n)
            || self.small(summary.missing)
            || summary.levels.iter().any(|level| self.small(level.count))
            || (summary.levels.is_empty() && total > 1e-9 && total < self.0 as f64 - 0.5)
    }

    fn outcome(self, outcome: &OutcomeResult) -> bool {
        let excluded = outcome.excluded.iter().flat_map(|excluded| &excluded.arms);
        outcome.arms.iter().any(|summary| self.arm(summary))
            || excluded.into_iter().any(|size| self.small(size.n))
    }

    fn compliance(self, compliance: &Compliance) -> bool {
        compliance.arms.iter().any(|row| {
            [row.n, row.received, row.not_received, row.unknown]
                .into_iter()
                .any(|n| self.small(n))
        })
    }
}

/// How many numbers in these results are small.
pub fn count_small(
    manifest: &Manifest,
    balance: &[BalanceTable],
    evaluation: Option<&Evaluation>,
    min_cell: u64,
) -> u64 {
    let rule = Rule(min_cell);
    let arm = |summary: &ArmSummary| -> u64 {
        let counts = [summary.n, summary.missing]
            .into_iter()
            .chain(summary.levels.iter().map(|level| level.count));
        counts.filter(|n| rule.small(*n)).count() as u64
    };
    let mut total: u64 = balance
        .iter()
        .flat_map(|table| &table.covariates)
        .flat_map(|row| &row.arms)
        .map(arm)
        .sum();
    let strata = manifest
        .counts
        .strata
        .iter()
        .flat_map(|stratum| &stratum.arms)
        .map(|arm| arm.persons);
    let excluded = manifest
        .counts
        .excluded
        .iter()
        .map(|excluded| excluded.count);
    total += strata.chain(excluded).filter(|n| rule.small(*n)).count() as u64;
    if let Some(evaluation) = evaluation {
        total += evaluation
            .outcomes
            .iter()
            .flat_map(|outcome| &outcome.arms)
            .map(arm)
            .sum::<u64>();
        let excluded = evaluation
            .outcomes
            .iter()
            .flat_map(|outcome| &outcome.excluded)
            .flat_map(|excluded| &excluded.arms);
        total += excluded.filter(|size| rule.small(size.n)).count() as u64;
        if let Some(compliance) = &evaluation.compliance {
            let rows = compliance
                .arms
                .iter()
                .flat_map(|row| [row.received, row.not_received, row.unknown]);
            let reasons = compliance.reasons.iter().map(|reason| reason.count);
            total += rows.chain(reasons).filter(|n| rule.small(*n)).count() as u64;
        }
    }
    total
}

/// Says what was taken out; the labels are those of every variable in the report.
pub fn notice(doc: &mut Document, hidden: &Hidden, labels: &[(&String, &Labels)]) {
    let lang = doc.lang;
    let mut variables: Vec<String> = Vec::new();
    for (name, labels) in labels
        .iter()
        .filter(|(name, _)| hidden.variables.contains(*name))
    {
        let called = label(name, labels, doc);
        if !variables.contains(&called) {
            variables.push(called);
        }
    }
    let parts = [
        (hidden.compliance, Withheld::Compliance),
        (hidden.strata, Withheld::Strata),
        (hidden.exclusions, Withheld::Exclusions),
    ];
    let others: Vec<&str> = parts
        .into_iter()
        .filter(|(withheld, _)| *withheld)
        .map(|(_, part)| money::withheld_part(part, lang))
        .collect();
    doc.note(
        NoteKind::Info,
        money::withheld(hidden.min_cell, &variables, &others, lang),
    );
}

/// Warns of small numbers that nobody asked to keep out.
pub fn warning(doc: &mut Document, found: u64) {
    if found > 0 {
        doc.note(
            NoteKind::Warning,
            money::small_numbers(found, USUAL, doc.lang),
        );
    }
}

/// Takes out everything small, and what would reveal it.
pub fn protect(results: Results<'_>, min_cell: u64, lang: Lang) -> Hidden {
    let Results {
        manifest,
        balance,
        mut evaluation,
    } = results;
    let rule = Rule(min_cell);
    let mut hidden = Hidden {
        min_cell,
        ..Hidden::default()
    };
    for row in balance.iter().flat_map(|table| &table.covariates) {
        if row.arms.iter().any(|summary| rule.arm(summary)) {
            hidden.variables.insert(row.name.clone());
        }
    }
    for outcome in evaluation
        .iter()
        .flat_map(|evaluation| &evaluation.outcomes)
    {
        if rule.outcome(outcome) {
            hidden.variables.insert(outcome.name.clone());
        }
    }
    protect_draw(manifest, rule, &mut hidden, lang);
    for table in balance {
        protect_balance(table, rule, &hidden);
    }
    if let Some(evaluation) = evaluation.as_mut() {
        protect_evaluation(evaluation, rule, &mut hidden, lang);
    }
    hidden
}

fn protect_draw(manifest: &mut Manifest, rule: Rule, hidden: &mut Hidden, lang: Lang) {
    let counts = &mut manifest.counts;
    if counts
        .strata
        .iter()
        .flat_map(|stratum| &stratum.arms)
        .any(|arm| rule.small(arm.persons) || rule.small(arm.units))
    {
        counts.strata.clear();
        hidden.strata = true;
    }
    if counts
        .excluded
        .iter()
        .any(|excluded| rule.small(excluded.count))
    {
        hidden.exclusions = true;
        let total: u64 = counts.excluded.iter().map(|excluded| excluded.count).sum();
        counts.excluded.clear();
        match rule.small(total) || total != counts.read.saturating_sub(counts.eligible) {
            // The size of the register would give it away.
            true => counts.read = 0,
            false => counts.excluded.push(Excluded {
                reason: words::merged(lang).to_owned(),
                count: total,
            }),
        }
    }
    if rule.small(counts.read.saturating_sub(counts.eligible)) {
        counts.read = 0;
        counts.excluded.clear();
        hidden.exclusions = true;
    }
}

fn protect_balance(table: &mut BalanceTable, rule: Rule, hidden: &Hidden) {
    let mut touched = false;
    for row in table
        .covariates
        .iter_mut()
        .filter(|row| hidden.variables.contains(&row.name))
    {
        touched = true;
        row.arms.clear();
        row.difference = None;
        row.smd = None;
        row.variance_ratio = None;
        row.band = None;
        row.tests.clear();
        row.missingness = None;
    }
    if touched {
        // With all the others known, one test of them together could give the hidden one back.
        table.omnibus = None;
        table
            .notes
            .retain(|note| !matches!(note, Note::SignificantBalance { .. }));
    }
    table.warnings.clear();
    table.notes.retain(|note| !reveals(note, rule, hidden));
}

fn protect_evaluation(evaluation: &mut Evaluation, rule: Rule, hidden: &mut Hidden, lang: Lang) {
    hidden.compliance = evaluation
        .compliance
        .as_ref()
        .is_some_and(|compliance| rule.compliance(compliance));
    for outcome in &mut evaluation.outcomes {
        outcome.warnings.clear();
        if hidden.variables.contains(&outcome.name) {
            outcome.arms.clear();
            outcome.excluded = None;
            outcome.estimates.clear();
            outcome.tests.clear();
            outcome.effect_sizes.clear();
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
        protect_further(outcome, rule, hidden);
        outcome.notes.retain(|note| !reveals(note, rule, hidden));
    }
    if hidden.compliance {
        evaluation.compliance = None;
    } else if let Some(compliance) = &mut evaluation.compliance {
        merge_reasons(compliance, rule, lang);
    }
    evaluation.balance.clear();
    evaluation.warnings.clear();
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
fn protect_further(outcome: &mut OutcomeResult, rule: Rule, hidden: &Hidden) {
    let people = |arm: &str| {
        let summary = outcome.arms.iter().find(|summary| summary.arm == arm);
        summary.map_or(0, |summary| summary.n)
    };
    let few = |treated: &str, control: &str, n: u64| {
        rule.small((people(treated) + people(control)).abs_diff(n))
    };
    let further = &mut outcome.further;
    if !hidden.variables.is_empty() {
        further.adjusted.clear();
    }
    let named = |name: &String| hidden.variables.contains(name);
    if further.imbalance.iter().any(|row| named(&row.covariate)) {
        further.imbalance.clear();
    }
    further
        .chance
        .retain(|row| !few(&row.treated, &row.control, row.n));
    further.take_up.retain(|row| {
        // Thresholds beside the leading one differ from it by a few people.
        let share = |share: Option<f64>, arm: &str| {
            let n = people(arm);
            let some = (share.unwrap_or(0.0) * n as f64).round().max(0.0) as u64;
            rule.small(some) || rule.small(n.saturating_sub(some))
        };
        row.leading
            && !hidden.compliance
            && !few(&row.treated, &row.control, row.n)
            && !share(row.never_takers, &row.treated)
            && !share(row.always_takers, &row.control)
    });
    further.subgroups.retain(|row| {
        let total = |of: fn(&SubgroupEffect) -> u64| row.groups.iter().map(of).sum::<u64>();
        let rest = |arm: &str, known: u64| rule.small(people(arm).abs_diff(known));
        !named(&row.variable)
            && !row
                .groups
                .iter()
                .any(|group| rule.small(group.treated_n) || rule.small(group.control_n))
            && !rest(&row.treated, total(|group| group.treated_n))
            && !rest(&row.control, total(|group| group.control_n))
    });
}

/// Merges the rarest reasons of an arm until their sum is no small number; an arm with fewer
/// people in all its reasons has none left.
fn merge_reasons(compliance: &mut Compliance, rule: Rule, lang: Lang) {
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
                reason: Some(words::merged(lang).to_owned()),
                count: merged,
            });
        }
    }
    compliance.reasons = kept;
}

/// Whether a note has a small number in it, or is about what is hidden.
fn reveals(note: &Note, rule: Rule, hidden: &Hidden) -> bool {
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
        | Note::OtherArms { count, .. }
        | Note::TwoSidedNonCompliance { count }
        | Note::ComplianceUnknown { count } => rule.small(*count),
        Note::OnlyInAllocation { count, per_arm } => {
            rule.small(*count) || per_arm.iter().any(|(_, n)| rule.small(*n))
        }
        Note::Excluded { per_arm, .. } => per_arm.iter().any(|(_, n)| rule.small(*n)),
        Note::WeakFirstStage { .. } => hidden.compliance,
        _ => note.people().is_some_and(|n| rule.small(n)),
    }
}
