//! What has happened in a trial: as a chapter, and as a document of its own.

use super::catalog::record::{self as words, Proof};
use super::withheld;
use crate::document::{Cell, Column, Document, NoteKind, Row, Table};
use crate::release::{Hidden, Released, Results};
use crate::results::{Broken, EventKind, Happened, History};
use crate::words::Lang;

/// The record.
pub fn document(results: &Released<Results>, hidden: &Hidden, lang: Lang) -> Document {
    let mut document = Document::new(lang, words::title(lang), results);
    withheld::notice(&mut document, results, hidden);
    if let Some(history) = &results.history {
        events(&mut document, history);
    }
    document
}

/// The record after `fip commit`, with what is to be published.
pub fn committed(
    results: &Released<Results>,
    hidden: &Hidden,
    fingerprint: &str,
    lang: Lang,
) -> Document {
    let mut doc = document(results, hidden, lang);
    doc.paragraph(words::publish(fingerprint, lang));
    doc
}

/// The record after a batch was added, and how it was drawn.
pub fn entered(results: &Released<Results>, hidden: &Hidden, lang: Lang) -> Document {
    let mut doc = document(results, hidden, lang);
    if let Some(manifest) = &results.manifest {
        super::assignment::section(&mut doc, manifest);
    }
    doc
}

/// The record as `fip verify` found it, and what it proves; `again` is whether the draw itself, made
/// again, was the same.
pub(super) fn walked(
    doc: &mut Document,
    history: Option<&History>,
    broken: &[Broken],
    again: Option<bool>,
) {
    let lang = doc.lang;
    if broken.is_empty() {
        doc.paragraph(words::sound(lang));
    } else {
        doc.paragraph(words::not_sound(lang));
        let items = broken.iter().map(|broken| words::broken(broken, lang));
        doc.list(items.collect::<Vec<String>>());
    }
    let drawn = history.and_then(|history| history.draws().last());
    let proof = match drawn {
        _ if !broken.is_empty() || again == Some(false) => Proof::Nothing,
        None => Proof::LaidDown,
        Some(drawn) if drawn.seed.is_none() => Proof::Unchanged,
        Some(_) if again.is_none() => Proof::NotMadeAgain,
        Some(drawn) if drawn.public.is_some() => Proof::Public,
        Some(_) => Proof::Seed,
    };
    doc.paragraph(words::proven(proof, lang));
    if let Some(history) = history {
        events(doc, history);
    }
}

/// Adds the chapter.
pub(super) fn section(doc: &mut Document, history: &History) {
    let lang = doc.lang;
    doc.heading(1, words::title(lang));
    doc.paragraph(words::about(lang));
    events(doc, history);
    let draws = history.draws().count() as u64;
    if draws > 1 {
        doc.note(NoteKind::Warning, words::redrawn(draws, lang));
    }
    let looks = history.of(EventKind::Looked).count() as u64;
    if looks > 1 {
        doc.note(NoteKind::Warning, words::looks(looks, lang));
    }
}

fn events(doc: &mut Document, history: &History) {
    let lang = doc.lang;
    let [number, date, what, more] = words::headers(lang);
    let columns = [number, date, what, more].map(Column::words);
    let mut table = Table::new("record", words::title(lang), columns);
    let mut seen = Vec::new();
    for event in &history.events {
        let first = !seen.contains(&event.kind);
        seen.push(event.kind);
        table.row(
            Row::new(event.number.to_string())
                .with(Cell::text(event.date.clone()))
                .with(Cell::text(words::event(event.kind, first, lang)))
                .with(Cell::text(particulars(event, lang))),
        );
    }
    doc.table(table);
}

fn particulars(event: &Happened, lang: Lang) -> String {
    let mut said = Vec::new();
    // The fingerprint stands at the event that was published; the seed has it in it.
    match (&event.public, &event.seed) {
        (Some(text), _) => said.push(words::public(text, lang)),
        (None, Some(seed)) => said.push(words::seed(seed, lang)),
        (None, None) => {
            said.extend(
                event
                    .fingerprint
                    .as_ref()
                    .map(|of| words::fingerprint(of, lang)),
            );
        }
    }
    if let Some(look) = &event.look {
        said.push(words::looked(&look.outcomes, &look.file, lang));
    }
    said.extend(event.batch.as_ref().map(|of| words::batch(of, lang)));
    said.extend(event.start.iter().map(|of| words::start(of, lang)));
    if event.kind == EventKind::Amended && event.changes.is_empty() {
        said.push(words::in_error(event.in_error, lang));
    }
    said.extend(
        event
            .changes
            .iter()
            .map(|change| words::change(change, lang)),
    );
    said.extend(
        event
            .reason
            .as_ref()
            .map(|reason| words::reason(reason, lang)),
    );
    said.join("; ")
}
