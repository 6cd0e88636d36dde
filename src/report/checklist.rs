//! The checklist of CONSORT 2025: where each item is answered, and which ones only people can.

use super::catalog::consort::{self, Answer, Item, SECTIONS};
use crate::document::{Block, Cell, Column, Document, Row, Table};
use crate::words::Label;

/// Adds the chapter. What is answered is looked up in the document as it stands, so that no
/// item points to a chapter that is not there: it comes last.
pub(super) fn section(doc: &mut Document, clustered: bool) {
    let lang = doc.lang;
    let mut table = Table::new(
        "checklist",
        Label::Checklist.text(lang),
        [
            Column::words(Label::ChecklistItem.text(lang)),
            Column::words(Label::ChecklistPlace.text(lang)),
        ],
    );
    for section in SECTIONS {
        table.row(Row::section(section.name.text(lang)));
        for item in section.items {
            table.row(
                Row::indented(format!("{}. {}", item.number, item.asks.text(lang)))
                    .with(Cell::text(place(doc, item))),
            );
        }
    }
    if clustered {
        table.note(consort::extension(lang));
    }
    doc.heading(1, Label::Checklist.text(lang));
    doc.table(table);
}

fn place(doc: &Document, item: &Item) -> String {
    let lang = doc.lang;
    let chapter = chapter(item.answer)
        .map(|label| label.text(lang))
        .filter(|name| has(doc, name));
    match (chapter, item.left) {
        (Some(name), None) => name.to_owned(),
        (Some(name), Some(left)) => {
            format!("{name}; {}", consort::still_open(left.text(lang), lang))
        }
        (None, _) => format!("☐ {}", Label::ChecklistOpen.text(lang)),
    }
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
        Answer::Sensitivity => Label::Sensitivity,
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
