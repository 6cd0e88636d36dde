//! What a report was made from, and that made-up data are made up.

use super::catalog::{note, sentence};
use super::parts::label;
use crate::document::{Cell, Column, Document, NoteKind, Row, Table};
use crate::results::{InputFile, Note, Provenance};
use crate::words::{Label, Labels};

/// The trial's name above, and the notice that belongs on every page of synthetic data.
pub(super) fn opening(doc: &mut Document, provenance: &Provenance) {
    if let Some(trial) = &provenance.trial {
        doc.subtitle(trial.clone());
    }
    if provenance.synthetic {
        doc.note(NoteKind::Synthetic, sentence::synthetic(doc.lang));
    }
}

/// A note below a chapter, its variable called as in the tables.
pub(super) fn warn(doc: &mut Document, note: &Note, labels: &Labels) {
    let mut note = note.clone();
    if let Some(variable) = note.variable_mut() {
        *variable = label(variable, labels, doc);
    }
    let text = note::text(&note, doc.lang);
    doc.note(NoteKind::Warning, text);
}

/// The table of inputs with their hashes.
pub(super) fn section(doc: &mut Document, provenance: &Provenance) {
    let lang = doc.lang;
    doc.heading(1, Label::Provenance.text(lang));
    let mut table = Table::new(
        "provenance",
        Label::Provenance.text(lang),
        [
            Column::words(Label::Item.text(lang)),
            Column::words(Label::File.text(lang)),
            Column::words(Label::Sha256.text(lang)),
        ],
    );
    for InputFile { role, file, sha256 } in &provenance.inputs {
        let role = match role.as_str() {
            "register" => Label::Register.text(lang).to_string(),
            "outcomes" => Label::OutcomeFile.text(lang).to_string(),
            "allocation" => Label::AllocationFile.text(lang).to_string(),
            "protocol" => Label::Protocol.text(lang).to_string(),
            other => other.to_string(),
        };
        table.row(
            Row::new(role)
                .with(Cell::text(file.clone()))
                .with(Cell::code(sha256.clone())),
        );
    }
    table.row(
        Row::new(Label::Version.text(lang))
            .with(Cell::text(format!("fip {}", provenance.fip_version))),
    );
    doc.table(table);
}
