//! Change within each arm, kept apart from the comparison of arms and marked as none.

use super::tests::test_row;
use crate::columns::VariableKind;
use crate::document::{Cell, Column, Document, Row, Table};
use crate::report::catalog::{paired, sentence};
use crate::report::parts::name_of;
use crate::results::{BeforeAfterRow, Evaluation, OutcomeResult};
use crate::words::Label;
use crate::words::number::Scale;

/// Adds the tables, where an outcome has a baseline.
pub(super) fn section(doc: &mut Document, evaluation: &Evaluation) {
    let changes = changes(doc, evaluation);
    if changes.rows.is_empty() {
        return;
    }
    let tests = tests(doc, evaluation);
    doc.heading(2, Label::BeforeAfter.text(doc.lang));
    doc.table(changes);
    if !tests.rows.is_empty() {
        doc.table(tests);
    }
}

fn rows(evaluation: &Evaluation) -> impl Iterator<Item = (&OutcomeResult, &[BeforeAfterRow])> {
    evaluation
        .outcomes
        .iter()
        .map(|outcome| (outcome, outcome.further.before_after.as_slice()))
        .filter(|(_, rows)| !rows.is_empty())
}

fn changes(doc: &Document, evaluation: &Evaluation) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        "before-after",
        Label::BeforeAfterTable.text(lang),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::N.text(lang)),
            Column::numbers(Label::Before.text(lang)),
            Column::numbers(Label::After.text(lang)),
            Column::numbers(format!(
                "{} [{}]",
                Label::Change.text(lang),
                sentence::interval_header(evaluation.level, lang)
            )),
            Column::numbers(Label::WentUp.text(lang)),
            Column::numbers(Label::WentDown.text(lang)),
            Column::numbers(Label::StayedTheSame.text(lang)),
        ],
    );
    for (outcome, rows) in rows(evaluation) {
        let (scale, name) = match outcome.kind {
            VariableKind::Binary => (
                Scale::Points,
                format!("{} ({})", name_of(doc, outcome), Label::InPoints.text(lang)),
            ),
            _ => (Scale::Unit, name_of(doc, outcome)),
        };
        table.row(Row::section(name));
        for row in rows {
            let (mut before, mut after, mut change) = (Cell::EMPTY, Cell::EMPTY, Cell::EMPTY);
            if outcome.kind != VariableKind::Categorical {
                before = Cell::mean_sd(row.mean_before, row.sd_before, 2);
                after = Cell::mean_sd(row.mean_after, row.sd_after, 2);
                let value = row.change;
                change = Cell::estimate(
                    value.map(|value| value.estimate),
                    value.and_then(|value| value.conf_low),
                    value.and_then(|value| value.conf_high),
                    scale,
                );
            }
            let counted = |n: Option<u64>| n.map_or(Cell::EMPTY, Cell::count);
            table.row(
                Row::indented(row.arm.clone())
                    .with(Cell::count(row.n))
                    .with(before)
                    .with(after)
                    .with(change)
                    .with(counted(row.increased))
                    .with(counted(row.decreased))
                    .with(Cell::count(row.unchanged)),
            );
        }
    }
    table.note(paired::before_after_legend(lang));
    table.note(sentence::mean_sd_legend(lang));
    table
}

fn tests(doc: &Document, evaluation: &Evaluation) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        "before-after-tests",
        Label::ChangeTestsTable.text(lang),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::Statistic.text(lang)),
            Column::numbers(Label::P.text(lang)),
        ],
    );
    for (outcome, rows) in rows(evaluation) {
        for row in rows.iter().filter(|row| !row.tests.is_empty()) {
            table.row(Row::section(format!(
                "{}: {}",
                name_of(doc, outcome),
                row.arm
            )));
            for test in &row.tests {
                table.row(test_row(&test.result, &test.computed, lang));
            }
        }
    }
    table.note(paired::change_tests_legend(lang));
    table
}
