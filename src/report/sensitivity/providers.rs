//! The effect with who delivered it as a unit.

use crate::document::{Cell, Column, Document, Row, Table};
use crate::report::catalog::sentence;
use crate::report::parts::{caption, effect, effect_column, id, outcome_name};
use crate::results::Evaluation;
use crate::words::Label;

pub(super) fn nested(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("providers", evaluation, treated),
        caption(Label::NestedTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::Providers.text(lang)),
            Column::numbers(Label::N.text(lang)),
            effect_column(evaluation, lang),
            Column::numbers(Label::P.text(lang)),
        ],
    );
    let mut column = None;
    for outcome in &evaluation.outcomes {
        let rows = outcome.further.nested.iter();
        for row in rows.filter(|row| row.treated == treated) {
            column = Some(&row.provider);
            let p = row.effect.as_ref().and_then(|effect| effect.p_value);
            table.row(
                Row::new(outcome_name(doc, outcome))
                    .with(Cell::count(row.treated_providers))
                    .with(Cell::count(row.n))
                    .with(effect(outcome, row.effect.as_ref()))
                    .with(p.map_or(Cell::EMPTY, Cell::p_value)),
            );
        }
    }
    if let Some(column) = column {
        table.note(sentence::nested_legend(column, lang));
    }
    table
}
