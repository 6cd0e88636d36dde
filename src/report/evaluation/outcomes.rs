//! Outcomes per group in the layout of the pilots, and effects with their intervals.

use super::size;
use crate::columns::VariableKind;
use crate::document::{Cell, Column, Document, Row, Table};
use crate::report::catalog::{Named, sentence};
use crate::report::parts::{add_levels, answer_cell, arm_of, caption, id, name_of};
use crate::results::{Evaluation, Measure};
use crate::words::Label;

pub(super) fn outcomes(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let order = [&evaluation.control, &treated.to_string()];
    let mut columns = vec![Column::words(Label::Outcome.text(lang))];
    for arm in order {
        let group = sentence::group_header(arm, size(evaluation, arm), lang);
        columns.push(Column::numbers(Label::ValidN.text(lang)).under(group.clone()));
        columns.push(Column::numbers(Label::MeanSdOrPercent.text(lang)).under(group));
    }
    let mut table = Table::new(
        id("outcomes", evaluation, treated),
        caption(Label::OutcomesPerArm, evaluation, treated, doc),
        columns,
    );
    for outcome in &evaluation.outcomes {
        let p = outcome.answer(treated).and_then(|answer| answer.p_value);
        let by_level = outcome.kind == VariableKind::Categorical;
        let mut line = if by_level {
            Row::section(name_of(doc, outcome))
        } else {
            Row::new(name_of(doc, outcome))
        };
        for (index, arm) in order.into_iter().enumerate() {
            let Some(summary) = arm_of(&outcome.arms, arm) else {
                line = line.with(Cell::EMPTY).with(Cell::EMPTY);
                continue;
            };
            let value = if by_level {
                Cell::EMPTY
            } else {
                Cell::mean_sd(summary.mean, summary.sd, 2)
            };
            line = line.with(Cell::count(summary.n)).with(if index == 1 {
                value.starred(p)
            } else {
                value
            });
        }
        table.row(line);
        if matches!(
            outcome.kind,
            VariableKind::Ordinal | VariableKind::Categorical
        ) {
            add_levels(doc, &mut table, &outcome.arms, &outcome.level_labels, order);
        }
    }
    table.note(sentence::mean_sd_legend(lang));
    if table.has_stars() {
        table.note(sentence::star_legend(lang));
    }
    table
}

pub(super) fn effects(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("effects", evaluation, treated),
        caption(Label::EffectsTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(format!(
                "{} [{}]",
                Label::Effect.text(lang),
                sentence::interval_header(evaluation.level, lang)
            )),
            Column::numbers(Label::P.text(lang)),
            Column::numbers(Measure::CohensD.name(lang)),
        ],
    );
    for outcome in &evaluation.outcomes {
        let Some(answer) = outcome.answer(treated) else {
            continue;
        };
        let d = outcome
            .effect_sizes
            .iter()
            .find(|size| size.treated == treated && size.value.measure == Measure::CohensD);
        let mut label = name_of(doc, outcome);
        if outcome.kind == VariableKind::Binary {
            label = format!("{label} ({})", Label::InPoints.text(lang));
        }
        table.row(
            Row::new(label)
                .with(answer_cell(outcome, answer).starred(answer.p_value))
                .with(answer.p_value.map_or(Cell::EMPTY, Cell::p_value))
                .with(Cell::number(d.and_then(|size| size.value.estimate), 2)),
        );
    }
    table.note(sentence::difference_legend(
        treated,
        &evaluation.control,
        lang,
    ));
    table.note(sentence::interval_legend(evaluation.level, lang));
    if table.has_stars() {
        table.note(sentence::star_legend(lang));
    }
    table
}
