//! Chance imbalance, and effects by subgroup.

use crate::document::{Cell, Column, Document, Row, Table};
use crate::report::catalog::{Named, sentence};
use crate::report::parts::{caption, effect, effect_column, id, label, outcome_name, scale};
use crate::results::Evaluation;
use crate::words::Label;
use crate::words::number::Symbol;

pub(super) fn chance(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("chance", evaluation, treated),
        caption(Label::ChanceTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::N.text(lang)),
            effect_column(evaluation, lang),
            Column::numbers(Label::P.text(lang)),
            Column::numbers(Label::LargestSmd.text(lang)),
        ],
    );
    let mut names: Vec<String> = Vec::new();
    for outcome in &evaluation.outcomes {
        for row in &outcome.further.imbalance {
            let name = label(&row.covariate, &row.labels, doc);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let rows = outcome.further.chance.iter();
        let rows = rows.filter(|row| row.treated == treated).map(|row| {
            Row::indented(row.method.name(lang))
                .with(Cell::count(row.n))
                .with(effect(outcome, Some(&row.value)))
                .with(Cell::p_value(row.value.p_value))
                .with(match &row.least_alike {
                    Some(least) => Cell::number(least.smd.abs(), 2),
                    None => Cell::EMPTY,
                })
        });
        table.group(outcome_name(doc, outcome), rows);
    }
    if !names.is_empty() {
        table.note(sentence::chance_legend(&names.join(", "), lang));
    }
    table
}

pub(super) fn imbalance(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("imbalance", evaluation, treated),
        caption(Label::ImbalanceTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::Imbalance.text(lang)),
            Column::numbers(Label::Prognosis.text(lang)),
            Column::numbers(Label::Contribution.text(lang)),
        ],
    );
    for outcome in &evaluation.outcomes {
        let number = |value: Option<f64>, decimals| match value {
            Some(value) => Cell::number(value, decimals),
            None => Cell::EMPTY,
        };
        let rows = outcome.further.imbalance.iter();
        let rows = rows.filter(|row| row.treated == treated).map(|row| {
            Row::indented(label(&row.covariate, &row.labels, doc))
                .with(number(row.difference, 3))
                .with(number(row.prognosis, 4))
                .with(Cell::scaled(row.contribution, 3, scale(outcome)))
        });
        table.group(outcome_name(doc, outcome), rows);
    }
    table.note(sentence::imbalance_legend(lang));
    table
}

pub(super) fn subgroups(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("subgroups", evaluation, treated),
        caption(Label::SubgroupTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::N.text(lang)),
            effect_column(evaluation, lang),
            Column::numbers(Label::DifferenceFromFirst.text(lang)),
            Column::numbers(Label::Statistic.text(lang)),
            Column::numbers(Label::P.text(lang)),
            Column::words(Label::Registered.text(lang)),
        ],
    );
    for outcome in &evaluation.outcomes {
        for row in &outcome.further.subgroups {
            if row.treated != treated {
                continue;
            }
            let variable = label(&row.variable, &row.labels, doc);
            let test = match row.statistic {
                Some(_) => Cell::statistic(Symbol::F, row.statistic, row.df, row.df2),
                None => Cell::EMPTY,
            };
            table.row(
                Row::section(format!("{}: {variable}", outcome_name(doc, outcome))).with_all([
                    Cell::EMPTY,
                    Cell::EMPTY,
                    Cell::EMPTY,
                    test,
                    row.p_value.map_or(Cell::EMPTY, Cell::p_value),
                    match row.registered {
                        Some(true) => Cell::text(Label::Yes.text(lang)),
                        Some(false) => Cell::text(Label::No.text(lang)),
                        None => Cell::EMPTY,
                    },
                ]),
            );
            let names = row
                .level_labels
                .get(lang.code())
                .or_else(|| row.level_labels.values().next());
            for (place, group) in row.groups.iter().enumerate() {
                let name = names
                    .and_then(|names| names.get(place))
                    .filter(|_| names.is_some_and(|names| names.len() == row.groups.len()))
                    .unwrap_or(&group.level);
                table.row(
                    Row::indented(name.clone())
                        .with(Cell::count(group.treated_n + group.control_n))
                        .with(effect(outcome, group.effect.as_ref()))
                        .with(effect(outcome, group.interaction.as_ref())),
                );
            }
        }
    }
    table.note(sentence::subgroup_legend(lang));
    table
}
