//! The report of a trial: all chapters, or the leading results on one screen or two.

use super::catalog::sentence;
use super::{
    assignment, balance, brief, charts, checklist, costs, deviations, evaluation, flow, methods,
    plain, provenance, record, withheld,
};
use crate::document::{Document, NoteKind};
use crate::release::{Hidden, Released, Results};
use crate::results::Provenance;
use crate::words::{Label, Lang};

/// All chapters.
pub fn document(results: &Released<Results>, hidden: &Hidden, lang: Lang) -> Document {
    let mut document = opened(results, hidden, lang);
    let doc = &mut document;
    let Results {
        manifest,
        balance: tables,
        evaluation,
        history,
        broken: _,
        public: _,
        verification: _,
    } = &**results;
    let evaluation = evaluation.as_ref();
    let provenance = provenance_of(results);
    if let Some(evaluation) = evaluation {
        plain::section(doc, evaluation);
    }
    if let Some(manifest) = manifest {
        flow::section(doc, manifest, evaluation, history.as_ref());
        assignment::section(doc, manifest);
    }
    for (index, table) in tables.iter().enumerate() {
        balance::section(doc, table);
        let id = match tables.len() > 1 {
            true => format!("balance-{}", index + 1),
            false => "balance".to_owned(),
        };
        charts::balance(doc, table, &id);
    }
    if let Some(evaluation) = evaluation {
        evaluation::outcomes_chapter(doc, evaluation);
        charts::section(doc, evaluation, tables);
        costs::section(doc, evaluation);
        evaluation::background_chapters(doc, evaluation);
    }
    if let Some(history) = history {
        record::section(doc, history);
    }
    if let Some(manifest) = manifest {
        deviations::section(doc, manifest, tables, evaluation, provenance.as_ref());
        methods::section(doc, manifest, evaluation, tables);
    }
    if let Some(provenance) = &provenance {
        provenance::section(doc, provenance);
    }
    let clustered = manifest
        .iter()
        .any(|manifest| manifest.design.cluster.is_some());
    checklist::section(doc, clustered);
    document
}

/// The leading results, and where the whole report is: the files, and the folder.
pub fn in_brief(
    results: &Released<Results>,
    hidden: &Hidden,
    files: &str,
    folder: &str,
    lang: Lang,
) -> Document {
    let mut document = opened(results, hidden, lang);
    brief::sections(&mut document, results);
    document.note(NoteKind::Info, sentence::whole_report(files, folder, lang));
    document
}

/// The title, and what must be known before anything else.
fn opened(results: &Released<Results>, hidden: &Hidden, lang: Lang) -> Document {
    let mut document = Document::new(lang, Label::Trial.text(lang), results);
    let doc = &mut document;
    let provenance = provenance_of(results);
    if let Some(provenance) = &provenance {
        provenance::opening(doc, provenance);
    }
    if provenance.is_some_and(|provenance| protocol_changed(results, &provenance)) {
        doc.note(NoteKind::Warning, Label::ProtocolChanged.text(lang));
    }
    withheld::notice_or_warning(doc, results, hidden);
    document
}

/// Whether the protocol of the analysis is another text than that of the draw.
fn protocol_changed(results: &Results, provenance: &Provenance) -> bool {
    let drawn = results
        .manifest
        .iter()
        .find_map(|manifest| manifest.protocol.as_ref());
    drawn.is_some_and(|drawn| {
        provenance
            .inputs
            .iter()
            .any(|input| input.role == "protocol" && input.sha256 != drawn.sha256)
    })
}

/// That of the evaluation, or else of the balance table; inputs of both.
fn provenance_of(results: &Results) -> Option<Provenance> {
    let mut all = results
        .evaluation
        .iter()
        .map(|evaluation| &evaluation.provenance)
        .chain(results.balance.iter().map(|table| &table.provenance));
    let mut first = all.next()?.clone();
    for other in all {
        for input in &other.inputs {
            if !first.inputs.contains(input) {
                first.inputs.push(input.clone());
            }
        }
    }
    Some(first)
}
