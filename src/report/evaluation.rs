//! The evaluation as chapters: outcomes per group in the layout of the pilots, effects with
//! their intervals, tests, and who received what.

use super::balance::{add_levels, test_cell};
use super::catalog::{Label, Named, name, note, sentence};
use super::cell::Cell;
use super::document::{Column, Document, NoteKind, Row, Table};
use super::number::Scale;
use super::provenance::{label, warn};
use crate::results::{
    ArmSummary, Compliance, EffectSizeRow, Estimand, EstimateRow, Estimator, Evaluation, Measure,
    OutcomeResult, TestName, TestRow, VariableKind,
};

/// Adds the chapters on outcomes, tests and non-compliance.
pub fn section(doc: &mut Document, evaluation: &Evaluation) {
    outcomes_chapter(doc, evaluation);
    background_chapters(doc, evaluation);
}

/// The chapter on outcomes: what was found, with its notes.
pub fn outcomes_chapter(doc: &mut Document, evaluation: &Evaluation) {
    let lang = doc.lang;
    doc.heading(1, Label::Outcomes.text(lang));
    for treated in &evaluation.treated {
        let outcomes = outcomes(doc, evaluation, treated);
        doc.table(outcomes);
        let effects = effects(doc, evaluation, treated);
        doc.table(effects);
    }
    for item in &evaluation.notes {
        doc.note(NoteKind::Warning, note::text(item, lang));
    }
    for outcome in &evaluation.outcomes {
        for item in &outcome.notes {
            warn(doc, item, &outcome.labels);
        }
    }
}

/// What lies behind the outcomes: who received what, and every test.
pub fn background_chapters(doc: &mut Document, evaluation: &Evaluation) {
    let lang = doc.lang;
    if let Some(compliance) = &evaluation.compliance {
        non_compliance(doc, evaluation, compliance);
    }
    doc.heading(1, Label::Tests.text(lang));
    for treated in &evaluation.treated {
        let crosstabs = distributions(doc, evaluation, treated);
        if !crosstabs.rows.is_empty() {
            doc.table(crosstabs);
        }
        let tests = tests(doc, evaluation, treated);
        doc.table(tests);
        let sizes = effect_sizes(doc, evaluation, treated);
        doc.table(sizes);
    }
    super::sensitivity::section(doc, evaluation);
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

pub(super) fn id(base: &str, evaluation: &Evaluation, treated: &str) -> String {
    match evaluation.treated.iter().position(|arm| arm == treated) {
        Some(index) if evaluation.treated.len() > 1 => format!("{base}-{}", index + 1),
        _ => base.to_string(),
    }
}

pub(super) fn name_of(doc: &Document, outcome: &OutcomeResult) -> String {
    label(&outcome.name, &outcome.labels, doc)
}

fn arm_of<'a>(outcome: &'a OutcomeResult, arm: &str) -> Option<&'a ArmSummary> {
    outcome.arms.iter().find(|summary| summary.arm == arm)
}

fn size(evaluation: &Evaluation, arm: &str) -> u64 {
    evaluation
        .arms
        .iter()
        .find(|size| size.arm == arm)
        .map_or(0, |size| size.n)
}

/// The test whose p-value the pilots' stars stand for: t for means, chi-square for categories.
fn leading_test<'a>(outcome: &'a OutcomeResult, treated: &str) -> Option<&'a TestRow> {
    let wanted = match outcome.kind {
        VariableKind::Categorical => TestName::PearsonChiSquare,
        VariableKind::Numeric | VariableKind::Binary | VariableKind::Ordinal => TestName::WelchT,
    };
    outcome
        .tests
        .iter()
        .find(|row| row.treated == treated && row.result.test == wanted)
}

/// The estimate by intention to treat that follows the draw.
pub fn leading_estimate<'a>(outcome: &'a OutcomeResult, treated: &str) -> Option<&'a EstimateRow> {
    let of = |estimator: Estimator| {
        outcome.estimates.iter().find(move |row| {
            row.treated == treated && row.estimand == Estimand::Itt && row.estimator == estimator
        })
    };
    of(Estimator::ClusterCr2)
        .or_else(|| of(Estimator::BlockedDifferenceInMeans))
        .or_else(|| of(Estimator::DifferenceInMeans))
}

fn outcomes(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
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
        let p = leading_test(outcome, treated).and_then(|row| row.result.p_value);
        let by_level = outcome.kind == VariableKind::Categorical;
        let mut line = if by_level {
            Row::section(name_of(doc, outcome))
        } else {
            Row::new(name_of(doc, outcome))
        };
        for (index, arm) in order.into_iter().enumerate() {
            let Some(summary) = arm_of(outcome, arm) else {
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

fn effect_cell(outcome: &OutcomeResult, row: &EstimateRow) -> Cell {
    let scale = if outcome.kind == VariableKind::Binary {
        Scale::Points
    } else {
        Scale::Unit
    };
    Cell::estimate(
        row.value.estimate,
        row.value.conf_low,
        row.value.conf_high,
        scale,
    )
}

fn effects(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
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
        let Some(row) = leading_estimate(outcome, treated) else {
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
                .with(effect_cell(outcome, row).starred(row.value.p_value))
                .with(Cell::p_value(row.value.p_value))
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

fn non_compliance(doc: &mut Document, evaluation: &Evaluation, compliance: &Compliance) {
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
            let text = reason
                .reason
                .clone()
                .unwrap_or_else(|| Label::NoReason.text(lang).to_string());
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

fn share_cell(count: u64, of: u64) -> Cell {
    // Counts of people are far below 2^53.
    let share = (of > 0).then(|| count as f64 / of as f64);
    Cell::count_percent(count, share, 1)
}

fn take_up(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
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
                    .with(effect_cell(outcome, row))
                    .with(Cell::p_value(row.value.p_value)),
            );
        }
    }
    table.note(sentence::difference_legend(
        treated,
        &evaluation.control,
        lang,
    ));
    table
}

fn estimate_name(row: &EstimateRow, lang: super::lang::Lang) -> String {
    match row.estimator {
        Estimator::DifferenceInMeans | Estimator::Iv2sls => row.estimand.name(lang).to_string(),
        Estimator::BlockedDifferenceInMeans
        | Estimator::Lin
        | Estimator::ClusterCr2
        | Estimator::Ancova => {
            format!("{}: {}", row.estimand.name(lang), row.estimator.name(lang))
        }
    }
}

/// Counts per level and arm with chi-square, as the first pilot prints its test.
fn distributions(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let order = [&evaluation.control, &treated.to_string()];
    let mut columns = vec![Column::words(Label::Outcome.text(lang))];
    columns.extend(order.into_iter().map(|arm| Column::numbers(arm.clone())));
    columns.push(Column::numbers(name::short_test(
        TestName::PearsonChiSquare,
        lang,
    )));
    columns.push(Column::numbers(Label::P.text(lang)));
    let mut table = Table::new(
        id("chi-square", evaluation, treated),
        caption(Label::ChiSquareTable, evaluation, treated, doc),
        columns,
    );
    for outcome in &evaluation.outcomes {
        let Some(test) = outcome
            .tests
            .iter()
            .find(|row| row.treated == treated && row.result.test == TestName::PearsonChiSquare)
        else {
            continue;
        };
        table.row(
            Row::section(name_of(doc, outcome))
                .with(Cell::EMPTY)
                .with(Cell::EMPTY)
                .with(test_cell(&test.result, lang))
                .with(Cell::p_value(test.result.p_value)),
        );
        let levels = arm_of(outcome, &evaluation.control).map_or(0, |summary| summary.levels.len());
        for index in 0..levels {
            let mut line = None;
            for arm in order {
                let Some(level) =
                    arm_of(outcome, arm).and_then(|summary| summary.levels.get(index))
                else {
                    continue;
                };
                let row = line.unwrap_or_else(|| {
                    Row::indented(level_name(doc, outcome, index, &level.level))
                });
                line = Some(row.with(Cell::count_percent(level.count, level.share, 1)));
            }
            if let Some(line) = line {
                table.row(line);
            }
        }
    }
    table
}

/// What a level of an outcome is called.
pub fn level_name(doc: &Document, outcome: &OutcomeResult, index: usize, level: &str) -> String {
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

fn tests(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("tests", evaluation, treated),
        caption(Label::TestsTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::Statistic.text(lang)),
            Column::numbers(Label::P.text(lang)),
        ],
    );
    for outcome in &evaluation.outcomes {
        table.row(Row::section(name_of(doc, outcome)));
        for TestRow { result, .. } in outcome.tests.iter().filter(|row| row.treated == treated) {
            let statistic = match name::symbol(result.test) {
                Some(_) => test_cell(result, lang),
                None => Cell::EMPTY,
            };
            table.row(
                Row::indented(result.test.name(lang))
                    .with(statistic)
                    .with(Cell::p_value(result.p_value)),
            );
        }
    }
    table
}

fn effect_sizes(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("effect-sizes", evaluation, treated),
        caption(Label::EffectSizesTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(format!(
                "{} [{}]",
                Label::Estimate.text(lang),
                sentence::interval_header(evaluation.level, lang)
            )),
        ],
    );
    for outcome in &evaluation.outcomes {
        table.row(Row::section(name_of(doc, outcome)));
        for EffectSizeRow { value, .. } in outcome
            .effect_sizes
            .iter()
            .filter(|row| row.treated == treated)
        {
            let (scale, label) = match value.measure {
                Measure::RiskDifference => (
                    Scale::Points,
                    format!(
                        "{} ({})",
                        value.measure.name(lang),
                        Label::InPoints.text(lang)
                    ),
                ),
                _ => (Scale::Unit, value.measure.name(lang).to_string()),
            };
            let cell = Cell::estimate(value.estimate, value.conf_low, value.conf_high, scale);
            table.row(Row::indented(label).with(match scale {
                // Ratios and standardised effects are read to two decimals.
                Scale::Unit => cell.decimals(2),
                Scale::Points | Scale::Percent => cell,
            }));
        }
        for row in outcome.estimates.iter().filter(|row| {
            row.treated == treated && matches!(row.estimator, Estimator::Lin | Estimator::Ancova)
        }) {
            let label = format!(
                "{}: {}",
                row.estimator.name(lang),
                row.adjusted_for.join(", ")
            );
            table.row(Row::indented(label).with(effect_cell(outcome, row)));
        }
    }
    table
}
