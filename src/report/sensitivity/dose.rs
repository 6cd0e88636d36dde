//! The effect of one contact more, what it is an average of, and outcomes by number of contacts.

use crate::document::{Cell, Column, Document, Row, Table};
use crate::report::catalog::sentence;
use crate::report::parts::{caption, effect, id, level, name_of, outcome_name, scale, set_cell};
use crate::results::{DoseGroup, DoseRow, Evaluation, OutcomeResult};
use crate::words::Label;
use crate::words::number::Scale;

/// The dose analyses of one intervention arm.
fn rows<'a>(
    evaluation: &'a Evaluation,
    treated: &'a str,
) -> impl Iterator<Item = (&'a OutcomeResult, &'a DoseRow)> {
    evaluation.outcomes.iter().flat_map(move |outcome| {
        let rows = outcome.further.dose.iter();
        rows.filter(move |row| row.treated == treated)
            .map(move |row| (outcome, row))
    })
}

pub(super) fn per_contact(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let interval = sentence::interval_header(evaluation.level, lang);
    let mut table = Table::new(
        id("dose", evaluation, treated),
        caption(Label::DoseTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::N.text(lang)),
            Column::numbers(format!("{} [{interval}]", Label::MoreContacts.text(lang))),
            Column::numbers(Label::FirstStageF.text(lang)),
            Column::numbers(format!("{} [{interval}]", Label::PerContact.text(lang))),
            Column::numbers(Label::P.text(lang)),
            Column::numbers(Label::AndersonRubin.text(lang)),
        ],
    );
    let mut column = None;
    for (outcome, row) in rows(evaluation, treated) {
        let Some(fit) = &row.per_contact else {
            continue;
        };
        column = Some(&row.column);
        let moved = row.contacts.as_ref();
        table.row(
            Row::new(outcome_name(doc, outcome))
                .with(Cell::count(row.n))
                .with(Cell::estimate(
                    moved.map(|moved| moved.estimate),
                    moved.and_then(|moved| moved.conf_low),
                    moved.and_then(|moved| moved.conf_high),
                    Scale::Unit,
                ))
                .with(Cell::number(row.first_stage_f, 1))
                .with(effect(outcome, Some(fit)))
                .with(Cell::p_value(fit.p_value))
                .with(match &row.anderson_rubin {
                    Some(set) => set_cell(set, scale(outcome), lang),
                    None => Cell::EMPTY,
                }),
        );
    }
    if let Some(column) = column {
        table.note(sentence::dose_legend(column, lang));
    }
    table
}

/// One row per outcome, one column per step.
pub(super) fn steps(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let longest = rows(evaluation, treated)
        .map(|(_, row)| row.weights.len())
        .max()
        .unwrap_or(0);
    let last = longest as u64;
    let beyond = rows(evaluation, treated).any(|(_, row)| row.weight_beyond.is_some());
    let mut columns = vec![Column::words(Label::Outcome.text(lang))];
    columns.extend((1..=last).map(|step| Column::numbers(format!("{} → {step}", step - 1))));
    columns.extend(beyond.then(|| Column::numbers(sentence::beyond(last, lang))));
    let mut table = Table::new(
        id("dose-steps", evaluation, treated),
        caption(Label::StepsTable, evaluation, treated, doc),
        columns,
    );
    for (outcome, row) in rows(evaluation, treated).filter(|(_, row)| !row.weights.is_empty()) {
        let mut line = Row::new(name_of(doc, outcome));
        for step in 0..longest {
            line = line.with(match row.weights.get(step) {
                Some(step) => Cell::percent(step.weight, 1),
                None => Cell::EMPTY,
            });
        }
        if beyond {
            line = line.with(match row.weight_beyond {
                Some(weight) => Cell::percent(weight, 1),
                None => Cell::EMPTY,
            });
        }
        table.row(line);
    }
    table.note(sentence::steps_legend(lang));
    table
}

/// Per outcome a row for every number of contacts, with both arms side by side.
pub(super) fn groups(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let order = [evaluation.control.as_str(), treated];
    let mut columns = vec![Column::words(Label::Outcome.text(lang))];
    for arm in order {
        columns.push(Column::numbers(Label::ValidN.text(lang)).under(arm));
        columns.push(Column::numbers(Label::Mean.text(lang)).under(arm));
    }
    let mut table = Table::new(
        id("dose-groups", evaluation, treated),
        caption(Label::DoseGroups, evaluation, treated, doc),
        columns,
    );
    for (outcome, row) in rows(evaluation, treated) {
        table.row(Row::section(name_of(doc, outcome)));
        let mut sizes: Vec<(u64, bool)> = row.groups.iter().map(size).collect();
        sizes.sort_unstable();
        sizes.dedup();
        for (contacts, or_more) in sizes {
            let mut line = Row::indented(sentence::contacts(contacts, or_more, lang));
            for arm in order {
                let found = row
                    .groups
                    .iter()
                    .find(|group| group.arm == arm && size(group) == (contacts, or_more));
                line = match found {
                    Some(group) => line
                        .with(Cell::count(group.n))
                        .with(level(outcome, group.mean)),
                    None => line.with(Cell::count(0)).with(level(outcome, None)),
                };
            }
            table.row(line);
        }
    }
    table.note(sentence::dose_groups_legend(lang));
    table
}

fn size(group: &DoseGroup) -> (u64, bool) {
    (group.contacts, group.or_more)
}
