//! What was done otherwise than registered: the protocol against the manifest and the results.

use super::catalog::{Named, deviation as words, note};
use super::parts::label;
use crate::design::{Declared, Manifest};
use crate::document::{Cell, Column, Document, NoteKind, Row, Table};
use crate::results::{BalanceTable, Evaluation, Note, Provenance};
use crate::words::{Label, Labels, Lang};

/// One deviation: what was registered, and what was done.
#[derive(PartialEq, Eq)]
struct Deviation {
    registered: String,
    done: String,
}

/// Adds the chapter; `provenance` is that of the results, if there are any.
pub(super) fn section(
    doc: &mut Document,
    manifest: &Manifest,
    balance: &[BalanceTable],
    evaluation: Option<&Evaluation>,
    provenance: Option<&Provenance>,
) {
    let lang = doc.lang;
    doc.heading(1, Label::Deviations.text(lang));
    let protocol = provenance
        .iter()
        .flat_map(|provenance| &provenance.inputs)
        .find(|input| input.role == "protocol")
        .map(|input| input.sha256.as_str());
    if manifest.protocol.is_none() && protocol.is_none() {
        doc.paragraph(words::nothing_registered(lang));
        return;
    }
    let mut found = of_the_draw(manifest, protocol, lang);
    let labels = evaluation
        .iter()
        .flat_map(|evaluation| &evaluation.outcomes)
        .map(|outcome| (outcome.name.as_str(), &outcome.labels));
    let labels: Vec<(&str, &Labels)> = labels.collect();
    let called = |name: &str| {
        let known = labels.iter().find(|(known, _)| *known == name);
        known.map_or_else(|| name.to_owned(), |(_, labels)| label(name, labels, doc))
    };
    let notes = balance
        .iter()
        .flat_map(|table| &table.notes)
        .chain(evaluation.iter().flat_map(|evaluation| &evaluation.notes))
        .chain(
            evaluation
                .iter()
                .flat_map(|evaluation| &evaluation.outcomes)
                .flat_map(|outcome| &outcome.notes),
        );
    // Balance and evaluation each tell what differs from the protocol.
    for deviation in notes.filter_map(|note| of_note(note, &called, lang)) {
        if !found.contains(&deviation) {
            found.push(deviation);
        }
    }
    doc.paragraph(words::compared(evaluation.is_some(), lang));
    if found.is_empty() {
        doc.paragraph(words::none_found(lang));
    } else {
        let mut table = Table::new(
            "deviations",
            Label::Deviations.text(lang),
            [
                Column::words(words::registered(lang)),
                Column::words(words::done(lang)),
            ],
        );
        for Deviation { registered, done } in found {
            table.row(Row::new(registered).with(Cell::text(done)));
        }
        doc.table(table);
        doc.note(NoteKind::Warning, words::explain(lang));
    }
    doc.paragraph(words::not_seen(lang));
}

/// The protocol's text, sizes, and draws that were made before this one.
fn of_the_draw(manifest: &Manifest, protocol: Option<&str>, lang: Lang) -> Vec<Deviation> {
    let mut found = Vec::new();
    match (&manifest.protocol, protocol) {
        (Some(drawn), Some(now)) if drawn.sha256 != now => found.push(Deviation {
            registered: words::protocol_then(&drawn.sha256, lang),
            done: words::protocol_now(now, lang),
        }),
        (None, Some(_)) => found.push(Deviation {
            registered: words::drawn_without(lang).to_owned(),
            done: words::protocol_after(lang).to_owned(),
        }),
        _ => {}
    }
    for draw in &manifest.previous {
        found.push(Deviation {
            registered: words::earlier_draw(&draw.seed, lang),
            done: words::drawn_anew(&manifest.seed, &draw.reason, lang),
        });
    }
    let counts = &manifest.counts.arms;
    for arm in &manifest.design.arms {
        let drawn = counts.iter().find(|count| count.arm == arm.name);
        if let (&Declared::Size(size), Some(drawn)) = (&arm.declared, drawn)
            && drawn.units != size
        {
            found.push(Deviation {
                registered: words::size(&arm.name, size, lang),
                done: words::size(&arm.name, drawn.units, lang),
            });
        }
    }
    found
}

/// A note that is about the protocol.
fn of_note(note: &Note, called: &impl Fn(&str) -> String, lang: Lang) -> Option<Deviation> {
    let (registered, done) = match note {
        Note::NotRegistered { what, name } => (
            words::not_registered(lang).to_owned(),
            words::capital(&note::registered(*what, &called(name), lang)),
        ),
        Note::RegisteredNotUsed { what, name } => (
            words::capital(&note::registered(*what, &called(name), lang)),
            words::not_used(lang).to_owned(),
        ),
        Note::RegisteredNotAnalysed { name } => (
            words::outcome(&called(name), lang),
            words::not_analysed(lang).to_owned(),
        ),
        Note::TestNotAvailable { variable, test } => (
            words::test(test.name(lang), &called(variable), lang),
            words::not_computed(lang).to_owned(),
        ),
        Note::OtherArms { arms, .. } => (
            words::drawn_arms(&arms.join(", "), lang),
            words::not_compared(lang).to_owned(),
        ),
        Note::DrawNotRecorded => (
            words::recorded_draw(lang).to_owned(),
            words::assumed_draw(lang).to_owned(),
        ),
        _ => return None,
    };
    Some(Deviation { registered, done })
}
