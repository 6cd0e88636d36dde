//! The leading results on one screen or two: what a run shows in a terminal. The whole report
//! is in the files.

use super::catalog::sentence;
use super::parts::label;
use super::{balance, costs, evaluation, flow, plain};
use crate::document::Document;
use crate::release::Results;
use crate::results::BalanceTable;
use crate::words::Label;

/// Adds the leading results to a document that has been opened.
pub(super) fn sections(doc: &mut Document, results: &Results) {
    let lang = doc.lang;
    let evaluation = results.evaluation.as_ref();
    if let Some(evaluation) = evaluation {
        plain::sentences(doc, evaluation);
    }
    if let Some(manifest) = &results.manifest {
        doc.heading(1, Label::Flow.text(lang));
        let lines = flow::lines(doc, manifest, evaluation, results.history.as_ref());
        doc.list(lines);
    }
    for table in &results.balance {
        if table.covariates.is_empty() {
            continue;
        }
        doc.heading(1, Label::Balance.text(lang));
        let text = alike(doc, table);
        doc.paragraph(text);
        if let Some(omnibus) = &table.omnibus {
            doc.paragraph(balance::omnibus_sentence(omnibus, lang));
        }
    }
    if let Some(evaluation) = evaluation {
        evaluation::outcomes_chapter(doc, evaluation);
        costs::section(doc, evaluation);
    }
}

/// How many differences at baseline are large, and which is the largest.
fn alike(doc: &Document, table: &BalanceTable) -> String {
    const LARGE: f64 = 0.1;
    let known: Vec<(f64, String)> = table
        .covariates
        .iter()
        .filter_map(|row| Some((row.smd?.abs(), label(&row.name, &row.labels, doc))))
        .collect();
    let large = known.iter().filter(|(smd, _)| *smd > LARGE).count() as u64;
    let largest = known
        .iter()
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(smd, name)| (name.as_str(), *smd));
    sentence::alike(large, known.len() as u64, LARGE, largest, doc.lang)
}
