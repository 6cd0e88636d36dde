//! The checklist of CONSORT 2025: where each item is answered, and which ones only people can.
//! The items were written from memory and have yet to be compared with the published list.

use super::catalog::Label;
use super::catalog::consort::{Answer, ITEMS};
use super::cell::Cell;
use super::document::{Block, Column, Document, Row, Table};

/// Adds the chapter. What is answered is looked up in the document as it stands, so that no
/// item points to a chapter that is not there: it comes last.
pub fn section(doc: &mut Document) {
    let lang = doc.lang;
    let mut table = Table::new(
        "checklist",
        Label::Checklist.text(lang),
        [
            Column::words(Label::ChecklistNumber.text(lang)),
            Column::words(Label::ChecklistItem.text(lang)),
            Column::words(Label::ChecklistPlace.text(lang)),
        ],
    );
    for item in ITEMS {
        let place = chapter(item.answer)
            .map(|label| label.text(lang))
            .filter(|name| has(doc, name));
        let place = match place {
            Some(name) => name.to_owned(),
            None => format!("☐ {}", Label::ChecklistOpen.text(lang)),
        };
        table.row(
            Row::new(item.number)
                .with(Cell::text(item.text(lang)))
                .with(Cell::text(place)),
        );
    }
    doc.heading(1, Label::Checklist.text(lang));
    doc.table(table);
}

fn chapter(answer: Answer) -> Option<Label> {
    Some(match answer {
        Answer::People => return None,
        Answer::Provenance => Label::Provenance,
        Answer::Draw => Label::Allocation,
        Answer::Flow => Label::Flow,
        Answer::Baseline => Label::Balance,
        Answer::Outcomes => Label::Outcomes,
        Answer::Compliance => Label::NonCompliance,
        Answer::Methods => Label::Methods,
        Answer::Deviations => Label::Deviations,
        Answer::Brief => Label::InBrief,
    })
}

fn has(doc: &Document, name: &str) -> bool {
    doc.blocks
        .iter()
        .any(|block| matches!(block, Block::Heading { text, .. } if text == name))
}
