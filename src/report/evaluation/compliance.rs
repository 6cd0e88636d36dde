//! Who received what, and the effect on those whom the assignment moved.

use super::estimate_name;
use crate::document::{Cell, Column, Document, NoteKind, Row, Table};
use crate::report::catalog::{flow, name, sentence};
use crate::report::parts::{caption, effect, effect_beside_set, id, name_of};
use crate::results::{
    Compliance, ConfidenceSetRow, Estimand, EstimateRow, Estimator, Evaluation, OutcomeResult,
    SetShape,
};
use crate::words::{Label, Lang};

pub(super) fn non_compliance(doc: &mut Document, evaluation: &Evaluation, compliance: &Compliance) {
    let lang = doc.lang;
    doc.heading(1, Label::NonCompliance.text(lang));
    let mut table = Table::new(
        "received",
        Label::AssignedByReceived.text(lang),
        [
            Column::words(Label::Assigned.text(lang)),
            Column::numbers(Label::N.text(lang)),
            Column::numbers(Label::Received.text(lang)),
            Column::numbers(Label::NotReceived.text(lang)),
            Column::numbers(Label::ReceiptUnknown.text(lang)),
        ],
    );
    for row in &compliance.arms {
        table.row(
            Row::new(row.arm.clone())
                .with(Cell::count(row.n))
                .with(share_cell(row.received, row.n))
                .with(share_cell(row.not_received, row.n))
                .with(Cell::count(row.unknown)),
        );
    }
    table.note(format!(
        "{}: {}",
        Label::Received.text(lang),
        compliance.expression
    ));
    doc.table(table);
    if !compliance.reasons.is_empty() {
        let mut table = Table::new(
            "reasons",
            Label::ReasonsNotReceived.text(lang),
            [
                Column::words(Label::Reason.text(lang)),
                Column::words(Label::Arm.text(lang)),
                Column::numbers(Label::Count.text(lang)),
            ],
        );
        for reason in &compliance.reasons {
            let text = flow::reason(reason.reason.as_deref(), reason.merged, lang);
            table.row(
                Row::new(text)
                    .with(Cell::text(reason.arm.clone()))
                    .with(Cell::count(reason.count)),
            );
        }
        doc.table(table);
    }
    for treated in &evaluation.treated {
        let table = take_up(doc, evaluation, treated);
        doc.table(table);
    }
    doc.paragraph(name::estimand_explained(Estimand::Cace, lang));
    doc.note(NoteKind::Warning, sentence::not_randomised(lang));
}

pub(super) fn share_cell(count: u64, of: u64) -> Cell {
    // Counts of people are far below 2^53.
    let share = (of > 0).then(|| count as f64 / of as f64);
    Cell::count_percent(count, share, 1)
}

pub(super) fn take_up(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("take-up", evaluation, treated),
        caption(Label::TakeUpTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::N.text(lang)),
            Column::numbers(format!(
                "{} [{}]",
                Label::Effect.text(lang),
                sentence::interval_header(evaluation.level, lang)
            )),
            Column::numbers(Label::P.text(lang)),
        ],
    );
    for outcome in &evaluation.outcomes {
        let rows: Vec<&EstimateRow> = outcome
            .estimates
            .iter()
            .filter(|row| {
                row.treated == treated
                    && row.estimator != Estimator::Lin
                    && row.estimator != Estimator::Ancova
            })
            .collect();
        if rows.len() < 2 {
            continue;
        }
        table.row(Row::section(name_of(doc, outcome)));
        for row in rows {
            table.row(
                Row::indented(estimate_name(row, lang))
                    .with(Cell::count(row.n))
                    .with(by_instrument(outcome, row, lang))
                    .with(Cell::p_value(row.value.p_value)),
            );
        }
    }
    table.note(sentence::difference_legend(
        treated,
        &evaluation.control,
        lang,
    ));
    let mut rows = evaluation
        .outcomes
        .iter()
        .flat_map(|outcome| &outcome.estimates);
    if rows.any(|row| row.treated == treated && led_by_set(row).is_some()) {
        table.note(sentence::led_by_set(lang));
    }
    table
}

/// The Anderson–Rubin set of an effect that it leads.
fn led_by_set(row: &EstimateRow) -> Option<&ConfidenceSetRow> {
    let instrument = row.instrument.as_ref()?;
    instrument.leads.then_some(&instrument.anderson_rubin)
}

/// An effect with its interval, or with the set that stands for it where that is none.
fn by_instrument(outcome: &OutcomeResult, row: &EstimateRow, lang: Lang) -> Cell {
    match led_by_set(row) {
        Some(set) if set.shape != SetShape::Interval => {
            effect_beside_set(outcome, row.value.estimate, set, lang)
        }
        _ => effect(outcome, Some(&row.value)),
    }
}
