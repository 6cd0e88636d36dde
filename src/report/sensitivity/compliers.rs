//! The effect on compliers by how much contact counts as received.

use crate::document::{Cell, Column, Document, Row, Table};
use crate::report::catalog::sentence;
use crate::report::parts::{
    caption, effect, effect_column, id, level, outcome_name, scale, set_cell,
};
use crate::results::{Estimate, Evaluation};
use crate::words::Label;

pub(super) fn thresholds(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("thresholds", evaluation, treated),
        caption(Label::ThresholdTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::ComplierShare.text(lang)),
            Column::numbers(Label::FirstStageF.text(lang)),
            effect_column(evaluation, lang),
            Column::numbers(Label::AndersonRubin.text(lang)),
            Column::numbers(Label::CompliersWith.text(lang)),
            Column::numbers(Label::CompliersWithout.text(lang)),
        ],
    );
    for outcome in &evaluation.outcomes {
        let rows = outcome.further.take_up.iter();
        let rows = rows.filter(|row| row.treated == treated).map(|row| {
            let mark = if row.leading { " ←" } else { "" };
            let mean = |mean: Option<Estimate>| level(outcome, mean.map(|mean| mean.estimate));
            let share = row.complier_share.map(|share| share.estimate);
            Row::indented(format!("{}{mark}", row.received))
                .with(Cell::percent(share, 1))
                .with(Cell::number(row.first_stage_f, 1))
                .with(effect(outcome, row.cace.as_ref()))
                .with(match &row.anderson_rubin {
                    Some(set) => set_cell(set, scale(outcome), lang),
                    None => Cell::EMPTY,
                })
                .with(mean(row.compliers_treated))
                .with(mean(row.compliers_untreated))
        });
        table.group(outcome_name(doc, outcome), rows);
    }
    table.note(sentence::threshold_legend(lang));
    table.note(sentence::interval_legend(evaluation.level, lang));
    table
}
