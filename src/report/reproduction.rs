//! An audit as a document: the printed tables with a mark per cell, then the findings.

use super::audit_text::Words;
use crate::audit::figure::At;
use crate::audit::{Audit, Verdict};
use crate::document::{Cell, Column, Document, Row, Table};
use crate::publication::{CellRef, Publication, RowRef};
use crate::release::no_results;
use crate::words::{Label, Lang};

/// The whole document.
pub fn document(words: &Words<'_>) -> Document {
    let lang = words.lang;
    let mut doc = Document::new(lang, words.publication.title.clone(), &no_results());
    let summary = summary(words);
    doc.table(summary);
    doc.heading(1, Label::PrintedTables.text(lang));
    for table in 0..words.publication.tables.len() {
        let shown = printed(words, table);
        doc.table(shown);
    }
    doc.heading(1, Label::Findings.text(lang));
    if words.audit.findings.is_empty() {
        doc.paragraph(Label::NoFindings.text(lang));
    }
    for (index, finding) in words.audit.findings.iter().enumerate() {
        let place = finding
            .figures
            .first()
            .map(|&figure| words.place(figure))
            .unwrap_or_default();
        doc.heading(2, format!("{}. {place}", index + 1));
        doc.paragraph(words.sentences(finding).join(" "));
    }
    if !words.audit.notes.is_empty() {
        doc.heading(1, Label::Remarks.text(lang));
        doc.list(words.audit.notes.iter().map(|note| words.note(note)));
    }
    doc
}

fn summary(words: &Words<'_>) -> Table {
    let lang = words.lang;
    let counts = words.summary();
    let mut table = Table::new(
        "summary",
        Label::AuditSummary.text(lang),
        [
            Column::words(Label::VerdictColumn.text(lang)),
            Column::words(Label::Mark.text(lang)),
            Column::numbers(Label::Figures.text(lang)),
        ],
    );
    for (verdict, count) in [
        (Verdict::Reproduced, counts.reproduced),
        (Verdict::Consistent, counts.consistent),
        (Verdict::Inconsistent, counts.inconsistent),
        (Verdict::NotCheckable, counts.not_checkable),
    ] {
        table.row(
            Row::new(meaning(verdict).text(lang))
                .with(Cell::text(mark(verdict)))
                .with(Cell::count(count as u64)),
        );
    }
    table
}

fn meaning(verdict: Verdict) -> Label {
    match verdict {
        Verdict::Reproduced => Label::Reproduced,
        Verdict::Consistent => Label::Consistent,
        Verdict::Inconsistent => Label::Inconsistent,
        Verdict::NotCheckable => Label::NotCheckable,
    }
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reproduced => "=",
        Verdict::Consistent => "~",
        Verdict::Inconsistent => "✗",
        Verdict::NotCheckable => "·",
    }
}

/// A table as printed, with the verdict behind every figure.
fn printed(words: &Words<'_>, index: usize) -> Table {
    let lang = words.lang;
    let Words {
        publication, audit, ..
    } = *words;
    let table = &publication.tables[index];
    let with_n: Vec<bool> = table
        .groups
        .iter()
        .map(|group| table.rows.iter().any(|row| row.n.contains_key(group)))
        .collect();
    let mut columns = vec![Column::words(Label::Row.text(lang))];
    for (&group, &with_n) in table.groups.iter().zip(&with_n) {
        let name = group_name(publication, group, lang.code());
        if with_n {
            columns.push(Column::numbers(Label::N.text(lang)).under(name.clone()));
            columns.push(Column::numbers(Label::AsPrinted.text(lang)).under(name));
        } else {
            columns.push(Column::numbers(name));
        }
    }
    let mut shown = Table::new(
        format!("printed-{}", index + 1),
        caption(&table.id, &table.caption, lang),
        columns,
    );
    for (number, row) in table.rows.iter().enumerate() {
        let mut line = if row.part_of.is_some() {
            Row::indented(row.label.clone())
        } else {
            Row::new(row.label.clone())
        };
        for (&group, &with_n) in table.groups.iter().zip(&with_n) {
            let at = CellRef {
                table: index,
                row: number,
                group,
            };
            if with_n {
                line = line.with(
                    row.n
                        .get(&group)
                        .map_or(Cell::EMPTY, |n| marked(audit, &n.text, &[At::ValidN(at)])),
                );
            }
            line = line.with(match row.cells.get(&group) {
                None => Cell::EMPTY,
                Some(cell) => marked(audit, &cell.printed.text, &[At::First(at), At::Second(at)]),
            });
        }
        shown.row(line);
        if row.statistic.is_some() || row.p.is_some() {
            let at = RowRef {
                table: index,
                row: number,
            };
            let texts: Vec<String> = row
                .statistic
                .iter()
                .map(|number| number.text.clone())
                .chain(row.p.iter().map(|(_, number)| number.text.clone()))
                .collect();
            shown.row(Row::indented(Label::Test.text(lang)).with(marked(
                audit,
                &texts.join("; p "),
                &[At::RowStatistic(at), At::RowP(at)],
            )));
        }
    }
    shown
}

/// The printed text and the worst verdict of its figures.
fn marked(audit: &Audit, text: &str, places: &[At]) -> Cell {
    let verdict = places
        .iter()
        .filter_map(|&at| audit.figures.id(at))
        .map(|figure| audit.verdicts[figure])
        .min();
    match verdict {
        None => Cell::text(text),
        // No-break spaces keep a figure and its mark on one line.
        Some(verdict) => Cell::text(
            format!("{text} {}", mark(verdict))
                .trim()
                .replace(' ', "\u{a0}"),
        ),
    }
}

fn group_name(publication: &Publication, group: usize, lang: &str) -> String {
    let group = &publication.groups[group];
    group
        .label
        .get(lang)
        .or_else(|| group.label.values().next())
        .cloned()
        .unwrap_or_else(|| group.id.clone())
}

/// The table's own number and caption, apart from the number it has in this document.
fn caption(id: &str, caption: &str, lang: Lang) -> String {
    let printed = format!("{} {id}", Label::PrintedAs.text(lang));
    if caption.is_empty() {
        printed
    } else {
        format!("{printed}: {caption}")
    }
}
