//! The leading results on one screen or two: what a run shows in a terminal. The whole report
//! is in the files.

use super::catalog::{Label, sentence};
use super::document::Document;
use super::provenance::label;
use super::{balance, costs, evaluation, flow, plain};
use crate::design::Manifest;
use crate::results::{BalanceTable, Evaluation};

/// Adds the leading results to a document that has been opened.
pub fn sections(
    doc: &mut Document,
    manifest: &Manifest,
    tables: &[BalanceTable],
    results: Option<&Evaluation>,
) {
    let lang = doc.lang;
    if let Some(results) = results {
        plain::sentences(doc, results);
    }
    doc.heading(1, Label::Flow.text(lang));
    let lines = flow::lines(doc, manifest, results);
    doc.list(lines);
    for table in tables {
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
    if let Some(results) = results {
        evaluation::outcomes_chapter(doc, results);
        costs::section(doc, results);
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
