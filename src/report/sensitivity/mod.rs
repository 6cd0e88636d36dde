//! How firm the results are: the draw made again, many outcomes, missing outcomes, thresholds
//! of take-up, the number of contacts, chance imbalance, subgroups.

mod chance;
mod compliers;
mod dose;
mod draws;
mod missing;

use crate::columns::VariableKind;
use crate::report::catalog::{Label, sentence};
use crate::report::cell::Cell;
use crate::report::document::{Column, Document};
use crate::report::evaluation::name_of;
use crate::results::{Estimate, Evaluation, OutcomeResult};
use crate::words::{Lang, number::Scale};

/// Adds the chapter, as far as there is anything to say.
pub(super) fn section(doc: &mut Document, evaluation: &Evaluation) {
    let mut tables = Vec::new();
    for treated in &evaluation.treated {
        tables.push(draws::randomization(doc, evaluation, treated));
        tables.push(draws::families(doc, evaluation, treated));
        tables.push(missing::missing(doc, evaluation, treated));
        tables.push(missing::bounds(doc, evaluation, treated));
        tables.push(compliers::thresholds(doc, evaluation, treated));
        tables.push(dose::per_contact(doc, evaluation, treated));
        tables.push(dose::steps(doc, evaluation, treated));
        tables.push(dose::groups(doc, evaluation, treated));
        tables.push(chance::chance(doc, evaluation, treated));
        tables.push(chance::imbalance(doc, evaluation, treated));
        tables.push(chance::subgroups(doc, evaluation, treated));
    }
    tables.retain(|table| !table.rows.is_empty());
    if tables.is_empty() {
        return;
    }
    doc.heading(1, Label::Sensitivity.text(doc.lang));
    for table in tables {
        doc.table(table);
    }
}

fn scale(outcome: &OutcomeResult) -> Scale {
    match outcome.kind {
        VariableKind::Binary => Scale::Points,
        _ => Scale::Unit,
    }
}

fn effect(outcome: &OutcomeResult, value: Option<&Estimate>) -> Cell {
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

/// A mean of an outcome, or a share.
fn level(outcome: &OutcomeResult, mean: Option<f64>) -> Cell {
    match outcome.kind {
        VariableKind::Binary => Cell::percent(mean, 1),
        _ => Cell::number(mean, 2),
    }
}

/// 'Effect [95% CI]'.
fn effect_column(evaluation: &Evaluation, lang: Lang) -> Column {
    Column::numbers(format!(
        "{} [{}]",
        Label::Effect.text(lang),
        sentence::interval_header(evaluation.level, lang)
    ))
}

fn outcome_name(doc: &Document, outcome: &OutcomeResult) -> String {
    let name = name_of(doc, outcome);
    match outcome.kind {
        VariableKind::Binary => format!("{name} ({})", Label::InPoints.text(doc.lang)),
        _ => name,
    }
}
