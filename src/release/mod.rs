//! What may be shown: the one door between results and documents.
//!
//! Small numbers of people, and what would show them, are taken out of the results before any
//! table, figure or sentence is made from them, so that no format can leak what another hides.
//! The chapters of a report take [`Released`] results and nothing else, and only [`release`]
//! makes them.
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
//! A variable that speaks of the same people as an earlier one and a few more is found, by its
//! levels, their sums, those without a value and those left out.

mod balance;
mod change;
mod count;
mod draw;
mod evaluation;
mod receipt;
mod rule;

use std::collections::BTreeSet;
use std::ops::Deref;

use crate::design::{Manifest, PublicCheck, Verification};
use crate::results::{BalanceTable, BatchCount, Broken, Evaluation, History, StartArm};

pub use count::small_numbers;
use rule::Rule;

/// What a reader is warned about where the protocol says nothing.
pub const USUAL: u64 = 5;

/// Results that may be shown. They can be read, not changed, and not made but by [`release`]:
///
/// ```compile_fail
/// let results = fip::release::Results::default();
/// fip::report::trial::document(&results, &fip::release::Hidden::default(), crate::words::Lang::Nl);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Released<T>(T);

impl<T> Deref for Released<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// The results of a trial that go into one document together. What is hidden in one of them is
/// hidden in all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    pub manifest: Option<Manifest>,
    pub balance: Vec<BalanceTable>,
    pub evaluation: Option<Evaluation>,
    /// What has happened in the trial.
    pub history: Option<History>,
    /// What in its record is not as it was written.
    pub broken: Option<Vec<Broken>>,
    /// Whether the draw is the one of the manifest.
    pub verification: Option<Verification>,
    /// The same without ids.
    pub public: Option<PublicCheck>,
}

/// What a document shows that has no results of a trial in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoResults;

/// What has been taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden {
    /// The limit; absent where nothing had to be hidden.
    pub min_cell: Option<u64>,
    /// How many numbers below [`USUAL`] are shown, where nothing had to be hidden.
    pub small: u64,
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
    /// Tests and measures over strata, where few people have a value in one.
    pub stratified: bool,
    /// Estimates adjusted for a hidden variable.
    pub adjusted: bool,
    /// Amounts of several outcomes together.
    pub total: bool,
    /// Differences in counts that are hidden.
    pub differences: bool,
}

/// For a document without results of a trial: a calculation beforehand, what is in print, what
/// the columns of a file are taken for.
pub fn no_results() -> Released<NoResults> {
    Released(NoResults)
}

/// Takes out numbers of people below `min_cell`, and what would reveal them.
///
/// A limit that the results carry themselves, because their protocol has one, holds whatever
/// `min_cell` is; of several the largest.
pub fn release(mut results: Results, min_cell: Option<u64>) -> (Released<Results>, Hidden) {
    let mut hidden = Hidden {
        min_cell: own_limit(&results).max(min_cell),
        ..Hidden::default()
    };
    match hidden.min_cell {
        Some(limit) => hide(&mut results, Rule(limit), &mut hidden),
        None => hidden.small = small_numbers(&results, USUAL),
    }
    (Released(results), hidden)
}

/// The limit that the results were made under; that of the draw where there is nothing else.
fn own_limit(results: &Results) -> Option<u64> {
    let analysed = results.evaluation.iter();
    let tables = analysed.clone().flat_map(|evaluation| &evaluation.balance);
    let tables = results.balance.iter().chain(tables);
    let mut made = analysed
        .map(|evaluation| evaluation.provenance.min_cell)
        .chain(tables.map(|table| table.provenance.min_cell))
        .peekable();
    match (made.peek(), &results.manifest) {
        (None, Some(manifest)) => manifest.min_cell,
        _ => made.max().flatten(),
    }
}

fn hide(results: &mut Results, rule: Rule, hidden: &mut Hidden) {
    let Results {
        manifest,
        balance,
        evaluation,
        history,
        // Names of files, and places in a list without ids.
        broken: _,
        public: _,
        verification,
    } = results;
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
    // What is hidden for itself gives nothing away of others.
    let analysed = evaluation.iter().flat_map(|evaluation| &evaluation.balance);
    let tables = balance.iter().chain(analysed);
    let covariates = tables.flat_map(|table| &table.covariates);
    let outcomes = evaluation
        .iter()
        .flat_map(|evaluation| &evaluation.outcomes);
    let groups = covariates
        .map(|row| (&row.name, &row.nested))
        .chain(outcomes.map(|outcome| (&outcome.name, &outcome.further.fewest.nested)));
    for (name, nested) in groups {
        if rule.apart(nested, &hidden.variables) {
            hidden.variables.insert(name.clone());
        }
    }
    if let Some(manifest) = manifest {
        draw::hide(manifest, rule, hidden);
    }
    for table in balance {
        balance::hide(table, rule, hidden);
    }
    if let Some(evaluation) = evaluation {
        evaluation::hide(evaluation, rule, hidden);
    }
    let events = history.iter_mut().flat_map(|history| &mut history.events);
    for event in events {
        event.in_error = event.in_error.filter(|count| !rule.small(*count));
        let few = |of: &BatchCount| {
            let counts = of.arms.iter().map(|arm| arm.n);
            let mut counts = counts.chain([of.drawn, of.joined]);
            counts.any(|count| rule.small(count))
        };
        event.batch = event.batch.take().filter(|of| !few(of));
        let few = |of: &StartArm| {
            let moved = [of.left, of.moved_in, of.moved_out, of.started];
            moved.into_iter().any(|count| rule.small(count))
        };
        if event.start.iter().any(few) {
            event.start.clear();
        }
    }
    if let Some(verification) = verification {
        draw::hide_differences(verification, rule, hidden);
    }
}
