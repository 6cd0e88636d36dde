//! What tables of several chapters have in common: names, captions, ids, and cells of effects,
//! levels and tests.

use super::catalog::{Named, name, sentence};
use crate::columns::VariableKind;
use crate::document::{Cell, Column, Document, Row, Table};
use crate::results::{
    Answer, ArmSummary, ConfidenceSetRow, Estimate, Evaluation, OutcomeResult, SetShape, TestResult,
};
use crate::words::number::{Scale, significant};
use crate::words::{Label, Labels, Lang, LevelLabels};

/// The name of a variable or level in the document's language.
pub(super) fn label(name: &str, labels: &Labels, doc: &Document) -> String {
    labels
        .get(doc.lang.code())
        .or_else(|| labels.values().next())
        .cloned()
        .unwrap_or_else(|| name.to_string())
}

/// What an outcome is called.
pub(super) fn name_of(doc: &Document, outcome: &OutcomeResult) -> String {
    label(&outcome.name, &outcome.labels, doc)
}

/// The same, with its unit where effects are in percentage points.
pub(super) fn outcome_name(doc: &Document, outcome: &OutcomeResult) -> String {
    let name = name_of(doc, outcome);
    match outcome.kind {
        VariableKind::Binary => format!("{name} ({})", Label::InPoints.text(doc.lang)),
        _ => name,
    }
}

/// What a level of an outcome is called.
pub(super) fn level_name(
    doc: &Document,
    outcome: &OutcomeResult,
    index: usize,
    level: &str,
) -> String {
    if let Some(name) = outcome
        .level_labels
        .get(doc.lang.code())
        .or_else(|| outcome.level_labels.values().next())
        .and_then(|names| names.get(index))
    {
        return name.clone();
    }
    match (outcome.kind, level) {
        (VariableKind::Binary, "1") => Label::Yes.text(doc.lang).to_string(),
        (VariableKind::Binary, "0") => Label::No.text(doc.lang).to_string(),
        _ => level.to_string(),
    }
}

/// A caption that names the arm when there is more than one to name.
pub(super) fn caption(
    label: Label,
    evaluation: &Evaluation,
    treated: &str,
    doc: &Document,
) -> String {
    if evaluation.treated.len() > 1 {
        format!("{} ({treated})", label.text(doc.lang))
    } else {
        label.text(doc.lang).to_string()
    }
}

/// A table's id, with the arm's number where there are several.
pub(super) fn id(base: &str, evaluation: &Evaluation, treated: &str) -> String {
    match evaluation.treated.iter().position(|arm| arm == treated) {
        Some(index) if evaluation.treated.len() > 1 => format!("{base}-{}", index + 1),
        _ => base.to_string(),
    }
}

/// What is known of an arm.
pub(super) fn arm_of<'a>(arms: &'a [ArmSummary], arm: &str) -> Option<&'a ArmSummary> {
    arms.iter().find(|summary| summary.arm == arm)
}

/// The scale of an outcome's effects.
pub(super) fn scale(outcome: &OutcomeResult) -> Scale {
    match outcome.kind {
        VariableKind::Binary => Scale::Points,
        VariableKind::Numeric | VariableKind::Ordinal | VariableKind::Categorical => Scale::Unit,
    }
}

/// An effect with its interval; empty where there is none.
pub(super) fn effect(outcome: &OutcomeResult, value: Option<&Estimate>) -> Cell {
    match value {
        Some(value) => Cell::estimate(
            value.estimate,
            value.conf_low,
            value.conf_high,
            scale(outcome),
        ),
        None => Cell::EMPTY,
    }
}

/// The effect of an answer; empty where levels have no order.
pub(super) fn answer_cell(outcome: &OutcomeResult, answer: &Answer) -> Cell {
    match answer.estimate {
        Some(estimate) => {
            Cell::estimate(estimate, answer.conf_low, answer.conf_high, scale(outcome))
        }
        None => Cell::EMPTY,
    }
}

/// 'Effect [95% CI]'.
pub(super) fn effect_column(evaluation: &Evaluation, lang: Lang) -> Column {
    Column::numbers(format!(
        "{} [{}]",
        Label::Effect.text(lang),
        sentence::interval_header(evaluation.level, lang)
    ))
}

/// A mean of an outcome, or a share.
pub(super) fn level(outcome: &OutcomeResult, mean: Option<f64>) -> Cell {
    match outcome.kind {
        VariableKind::Binary => Cell::percent(mean, 1),
        _ => Cell::number(mean, 2),
    }
}

/// A confidence set: an interval, or what it is instead.
pub(super) fn set_cell(set: &ConfidenceSetRow, scale: Scale, lang: Lang) -> Cell {
    match set.shape {
        SetShape::Interval => Cell::interval(set.low, set.high, scale),
        _ => Cell::text(set_in_words(set, scale, lang)),
    }
}

/// An effect beside a confidence set that is no interval: '0.72 [any value]'.
pub(super) fn effect_beside_set(
    outcome: &OutcomeResult,
    estimate: f64,
    set: &ConfidenceSetRow,
    lang: Lang,
) -> Cell {
    let scale = scale(outcome);
    let estimate = significant(estimate * times(scale), 3, lang);
    Cell::text(format!("{estimate} [{}]", set_in_words(set, scale, lang)))
}

fn times(scale: Scale) -> f64 {
    match scale {
        Scale::Points => 100.0,
        _ => 1.0,
    }
}

fn set_in_words(set: &ConfidenceSetRow, scale: Scale, lang: Lang) -> String {
    match set.shape {
        SetShape::Line => sentence::whole_line(lang).to_string(),
        SetShape::Empty => sentence::empty_set(lang).to_string(),
        SetShape::Rays | SetShape::Interval => {
            let limit =
                |limit: Option<f64>| limit.map(|limit| significant(limit * times(scale), 3, lang));
            let (low, high) = (limit(set.low), limit(set.high));
            sentence::rays(low.as_deref(), high.as_deref(), lang)
        }
    }
}

/// A test's statistic with its letter and degrees of freedom, or its name where it has none.
pub(super) fn test_cell(test: &TestResult, lang: Lang) -> Cell {
    match name::symbol(test.test) {
        Some(symbol) => Cell::statistic(symbol, test.statistic, test.df, test.df2),
        None => Cell::text(test.test.name(lang)),
    }
}

/// One indented row per level, with its share of the valid values.
pub(super) fn add_levels(
    doc: &Document,
    table: &mut Table,
    arms: &[ArmSummary],
    level_labels: &LevelLabels,
    order: [&String; 2],
) {
    let Some(first) = arms.first() else { return };
    for (index, level) in first.levels.iter().enumerate() {
        let name = level_labels
            .get(doc.lang.code())
            .or_else(|| level_labels.values().next())
            .and_then(|names| names.get(index))
            .unwrap_or(&level.level);
        let mut line = Row::indented(name.clone());
        for arm in order {
            let share = arm_of(arms, arm)
                .and_then(|summary| summary.levels.get(index))
                .and_then(|level| level.share);
            line = line.with(Cell::EMPTY).with(Cell::percent(share, 1));
        }
        table.row(line);
    }
}
