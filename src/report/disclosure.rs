//! Small numbers of people: what would show them is taken out of the results before any
//! table, figure or sentence is made from them, so that no format can leak what another hides.
//!
//! The rule is cautious, for a hidden number must not come back by subtraction. As soon as
//! one number of a variable is small (a level, the missing, the excluded, the people a total
//! comes from), everything about that variable goes: its counts, means, shares, tests and
//! effects, in every table. Reasons are merged until their sum is large enough. A zero is no
//! small number: there is nobody in it.
//!
//! Test statistics, effects and intervals in full precision give back the counts they were
//! made from, so they count as counts: estimates that compare by receipt, by subgroup or
//! adjusted for a hidden variable go where few people stand behind them, and amounts of money
//! with the outcome they price. How few those are, the evaluation has counted
//! ([`crate::results::Fewest`]).
//!
//! What it cannot know is that several variables together speak of the same people (three
//! outcomes that add up to a fourth); who defines such variables has to look at them together.
//! One outcome that holds for the same people as another and a few more is found.

mod change;
mod evaluation;
mod receipt;

use std::collections::BTreeSet;

use evaluation::{protect_evaluation, reveals};

use super::catalog::flow as words;
use super::catalog::money::{self, Withheld};
use super::document::{Document, NoteKind};
use super::lang::Lang;
use super::provenance::label;
use crate::design::{Excluded, Manifest};
use crate::results::{
    ArmSummary, BalanceRow, BalanceTable, Compliance, Evaluation, Labels, Note, OutcomeResult,
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
    /// Change within an arm of some outcome that is shown otherwise.
    pub changes: bool,
    /// Comparisons by receipt of outcomes that are shown.
    pub receipt: bool,
    /// Effects by subgroup of outcomes that are shown.
    pub subgroups: bool,
    /// Estimates adjusted for a hidden variable.
    pub adjusted: bool,
    /// Amounts of several outcomes together.
    pub total: bool,
}

/// The results of a trial that go into one report.
pub struct Results<'a> {
    pub manifest: Option<&'a mut Manifest>,
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
        let fewest = &outcome.further.fewest;
        outcome.arms.iter().any(|summary| self.arm(summary))
            || excluded.into_iter().any(|size| self.small(size.n))
            || self.some(fewest.unlike)
            || self.some(fewest.nested)
            || self.some(fewest.strata)
    }

    fn some(self, n: Option<u64>) -> bool {
        n.is_some_and(|n| self.small(n))
    }

    fn covariate(self, row: &BalanceRow) -> bool {
        row.arms.iter().any(|summary| self.arm(summary)) || self.some(row.unlike)
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
        let by_dose = evaluation
            .outcomes
            .iter()
            .flat_map(|outcome| &outcome.further.dose)
            .flat_map(|row| &row.groups)
            .flat_map(|group| [group.n, group.missing]);
        total += by_dose.filter(|n| rule.small(*n)).count() as u64;
        let changes = evaluation
            .outcomes
            .iter()
            .flat_map(|outcome| &outcome.further.before_after)
            .flat_map(|row| rule.counts_of_change(row));
        total += changes.filter(|n| rule.small(*n)).count() as u64;
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

/// The variables of results by name, with their labels.
pub fn labels<'a>(
    balance: &'a [BalanceTable],
    evaluation: Option<&'a Evaluation>,
) -> Vec<(&'a String, &'a Labels)> {
    let outcomes = evaluation
        .into_iter()
        .flat_map(|evaluation| &evaluation.outcomes);
    let covariates = balance.iter().flat_map(|table| &table.covariates);
    outcomes
        .map(|outcome| (&outcome.name, &outcome.labels))
        .chain(covariates.map(|row| (&row.name, &row.labels)))
        .collect()
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
        (hidden.changes, Withheld::Changes),
        (hidden.exclusions, Withheld::Exclusions),
        (hidden.receipt, Withheld::Receipt),
        (hidden.subgroups, Withheld::Subgroups),
        (hidden.adjusted, Withheld::Adjusted),
        (hidden.total, Withheld::Total),
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
    let analysed = evaluation.iter().flat_map(|evaluation| &evaluation.balance);
    let tables = balance.iter().chain(analysed);
    for row in tables.flat_map(|table| &table.covariates) {
        if rule.covariate(row) {
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
    if let Some(manifest) = manifest {
        protect_draw(manifest, rule, &mut hidden, lang);
    }
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
            true => {
                counts.read = 0;
                manifest.register.rows = 0;
            }
            false => counts.excluded.push(Excluded {
                reason: words::merged(lang).to_owned(),
                count: total,
            }),
        }
    }
    if rule.small(counts.read.saturating_sub(counts.eligible)) {
        counts.read = 0;
        counts.excluded.clear();
        manifest.register.rows = 0;
        hidden.exclusions = true;
    }
}

/// With more covariates than this, their omnibus test leaves too much open to be solved for
/// how often two of them go together.
const FEW_COVARIATES: usize = 4;

fn protect_balance(table: &mut BalanceTable, rule: Rule, hidden: &Hidden) {
    let mut touched = false;
    for row in &mut table.covariates {
        row.unlike = None;
    }
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
    // Of two characteristics, one test of both tells how often they go together.
    touched |= table.covariates.len() <= FEW_COVARIATES;
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
