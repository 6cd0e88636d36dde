//! What was kept out to protect small groups, and a warning where nothing was.

use super::catalog::money::{self, Withheld};
use super::parts::label;
use crate::document::{Document, NoteKind};
use crate::release::{Hidden, Results, USUAL};
use crate::words::Labels;

/// Says what was taken out, if the protocol asked for it; what follows in the document has no more
/// digits than are read.
pub(super) fn notice(doc: &mut Document, results: &Results, hidden: &Hidden) {
    let lang = doc.lang;
    let Some(min_cell) = hidden.min_cell else {
        return;
    };
    doc.rounded = true;
    let mut variables: Vec<String> = Vec::new();
    for (name, labels) in variables_of(results).filter(|(name, _)| hidden.variables.contains(*name))
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
        (hidden.stratified, Withheld::Stratified),
        (hidden.adjusted, Withheld::Adjusted),
        (hidden.total, Withheld::Total),
        (hidden.differences, Withheld::Differences),
    ];
    let others: Vec<&str> = parts
        .into_iter()
        .filter(|(withheld, _)| *withheld)
        .map(|(_, part)| money::withheld_part(part, lang))
        .collect();
    doc.note(
        NoteKind::Info,
        money::withheld(min_cell, &variables, &others, lang),
    );
}

/// Says what was taken out, or warns of small numbers that nobody asked to keep out.
pub(super) fn notice_or_warning(doc: &mut Document, results: &Results, hidden: &Hidden) {
    notice(doc, results, hidden);
    if hidden.small > 0 {
        doc.note(
            NoteKind::Warning,
            money::small_numbers(hidden.small, USUAL, doc.lang),
        );
    }
}

/// The variables of results by name, with their labels.
fn variables_of(results: &Results) -> impl Iterator<Item = (&String, &Labels)> {
    let outcomes = results
        .evaluation
        .iter()
        .flat_map(|evaluation| &evaluation.outcomes);
    let covariates = results.balance.iter().flat_map(|table| &table.covariates);
    outcomes
        .map(|outcome| (&outcome.name, &outcome.labels))
        .chain(covariates.map(|row| (&row.name, &row.labels)))
}
