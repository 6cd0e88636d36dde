//! The draw made again, and many outcomes at once.

use crate::document::{Cell, Column, Document, Row, Table};
use crate::report::catalog::sentence;
use crate::report::parts::{caption, effect, effect_column, id, name_of, outcome_name};
use crate::results::{Evaluation, RandomizationStatistic};
use crate::words::Label;

pub(super) fn randomization(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("randomization", evaluation, treated),
        caption(Label::RandomizationTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            effect_column(evaluation, lang),
            Column::numbers(Label::DrawnAgainP.text(lang)),
            Column::numbers(Label::MonteCarloError.text(lang)),
            Column::numbers(Label::Draws.text(lang)),
        ],
    );
    for outcome in &evaluation.outcomes {
        let mut rows = outcome
            .further
            .randomization
            .iter()
            .filter(|row| row.treated == treated);
        let Some(leading) = rows.next() else { continue };
        // What is exact without draws says nothing about their number.
        let with_interval = match leading.compares {
            RandomizationStatistic::Hypergeometric => rows.next().unwrap_or(leading),
            _ => leading,
        };
        table.row(
            Row::new(outcome_name(doc, outcome))
                .with(effect(outcome, Some(&with_interval.value)))
                .with(Cell::p_value(leading.value.p_value))
                .with(match leading.monte_carlo_error {
                    Some(error) => Cell::number(error, 4),
                    None => Cell::EMPTY,
                })
                .with(Cell::count(with_interval.draws)),
        );
    }
    table.note(sentence::randomization_legend(lang));
    table
}

pub(super) fn families(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("families", evaluation, treated),
        caption(Label::FamiliesTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::P.text(lang)),
            Column::numbers(Label::Holm.text(lang)),
            Column::numbers(Label::Hochberg.text(lang)),
            Column::numbers(Label::BenjaminiHochberg.text(lang)),
            Column::numbers(Label::WestfallYoung.text(lang)),
        ],
    );
    let mut families: Vec<Option<&String>> = Vec::new();
    for outcome in &evaluation.outcomes {
        for row in &outcome.further.adjusted {
            if !families.contains(&row.family.as_ref()) {
                families.push(row.family.as_ref());
            }
        }
    }
    for family in &families {
        if families.len() > 1 {
            let name = family.map_or(Label::OtherOutcomes.text(lang), String::as_str);
            table.row(Row::section(name));
        }
        for outcome in &evaluation.outcomes {
            let found = outcome
                .further
                .adjusted
                .iter()
                .find(|row| row.treated == treated && row.family.as_ref() == *family);
            let Some(row) = found else { continue };
            let name = name_of(doc, outcome);
            let line = if families.len() > 1 {
                Row::indented(name)
            } else {
                Row::new(name)
            };
            let p = |p: Option<f64>| p.map_or(Cell::EMPTY, Cell::p_value);
            table.row(line.with_all([
                p(row.p_value),
                p(row.holm),
                p(row.hochberg),
                p(row.benjamini_hochberg),
                p(row.westfall_young),
            ]));
        }
    }
    table.note(sentence::families_legend(lang));
    table
}
