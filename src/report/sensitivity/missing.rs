//! Missing outcomes, and what they could do.

use crate::document::{Cell, Column, Document, Row, Table};
use crate::report::catalog::{Named, sentence};
use crate::report::parts::{caption, id, name_of, outcome_name, scale};
use crate::results::{BoundsRow, Evaluation};
use crate::words::Label;
use crate::words::number::Scale;

pub(super) fn missing(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("missing", evaluation, treated),
        caption(Label::MissingTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(evaluation.control.clone()),
            Column::numbers(treated),
            Column::numbers(format!(
                "{} [{}]",
                Label::MissingDifference.text(lang),
                sentence::interval_header(evaluation.level, lang)
            )),
            Column::numbers(Label::P.text(lang)),
            Column::words(Label::Reading.text(lang)),
        ],
    );
    for outcome in &evaluation.outcomes {
        for row in &outcome.further.missing_outcomes {
            if row.treated != treated {
                continue;
            }
            table.row(
                Row::new(name_of(doc, outcome))
                    .with(Cell::count_percent(
                        row.control_missing,
                        row.control_share,
                        1,
                    ))
                    .with(Cell::count_percent(
                        row.treated_missing,
                        row.treated_share,
                        1,
                    ))
                    .with(Cell::estimate(
                        row.difference,
                        row.conf_low,
                        row.conf_high,
                        Scale::Points,
                    ))
                    .with(match &row.test {
                        Some(test) => Cell::p_value(test.p_value),
                        None => Cell::EMPTY,
                    })
                    .with(Cell::text(row.reading.name(lang))),
            );
        }
    }
    table.note(sentence::attrition_legend(lang));
    table
}

pub(super) fn bounds(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("bounds", evaluation, treated),
        caption(Label::BoundsTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::Bounds.text(lang)),
            Column::numbers(format!(
                "{} ({})",
                Label::IntervalOfEffect.text(lang),
                sentence::interval_header(evaluation.level, lang)
            )),
        ],
    );
    for outcome in &evaluation.outcomes {
        for row in &outcome.further.missing_outcomes {
            if row.treated != treated {
                continue;
            }
            let mut lines = Vec::new();
            let mut add = |name: Label, found: &Option<BoundsRow>| {
                if let Some(found) = found {
                    let scale = scale(outcome);
                    lines.push(
                        Row::indented(name.text(lang))
                            .with(Cell::interval(found.low, found.high, scale))
                            .with(Cell::interval(found.conf_low, found.conf_high, scale)),
                    );
                }
            };
            add(Label::LeeBounds, &row.lee);
            add(Label::WorstCase, &row.worst_case);
            if let Some(weighted) = &row.weighted {
                lines.push(
                    Row::indented(Label::ResponseWeighted.text(lang))
                        .with(Cell::estimate(
                            weighted.estimate,
                            None,
                            None,
                            scale(outcome),
                        ))
                        .with(Cell::interval(
                            weighted.conf_low,
                            weighted.conf_high,
                            scale(outcome),
                        )),
                );
            }
            table.group(outcome_name(doc, outcome), lines);
        }
    }
    table.note(sentence::bounds_legend(lang));
    table
}
