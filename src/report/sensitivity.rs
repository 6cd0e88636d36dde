//! How firm the results are: the draw made again, many outcomes, missing outcomes, thresholds
//! of take-up, chance imbalance, subgroups.

use super::catalog::{Label, Named, sentence};
use super::cell::Cell;
use super::document::{Column, Document, Row, Table};
use super::evaluation::{caption, id, name_of};
use super::lang::Lang;
use super::number::{Scale, Symbol, significant};
use super::provenance::label;
use crate::results::{
    BoundsRow, ConfidenceSetRow, Estimate, Evaluation, OutcomeResult, RandomizationStatistic,
    SetShape, VariableKind,
};

/// Adds the chapter, as far as there is anything to say.
pub fn section(doc: &mut Document, evaluation: &Evaluation) {
    let mut tables = Vec::new();
    for treated in &evaluation.treated {
        tables.push(randomization(doc, evaluation, treated));
        tables.push(families(doc, evaluation, treated));
        tables.push(missing(doc, evaluation, treated));
        tables.push(bounds(doc, evaluation, treated));
        tables.push(thresholds(doc, evaluation, treated));
        tables.push(chance(doc, evaluation, treated));
        tables.push(imbalance(doc, evaluation, treated));
        tables.push(subgroups(doc, evaluation, treated));
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

fn randomization(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
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
        // The interval belongs to the plain difference, whichever test leads.
        let with_interval = rows
            .find(|row| row.compares == RandomizationStatistic::Difference)
            .unwrap_or(leading);
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

fn families(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
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

fn missing(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
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

fn bounds(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
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
            if !lines.is_empty() {
                table.row(Row::section(outcome_name(doc, outcome)));
                for line in lines {
                    table.row(line);
                }
            }
        }
    }
    table.note(sentence::bounds_legend(lang));
    table
}

fn thresholds(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
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
        ],
    );
    for outcome in &evaluation.outcomes {
        let rows: Vec<_> = outcome
            .further
            .take_up
            .iter()
            .filter(|row| row.treated == treated)
            .collect();
        if rows.is_empty() {
            continue;
        }
        table.row(Row::section(outcome_name(doc, outcome)));
        for row in rows {
            let mark = if row.leading { " ←" } else { "" };
            table.row(
                Row::indented(format!("{}{mark}", row.received))
                    .with(Cell::percent(
                        row.complier_share.map(|share| share.estimate),
                        1,
                    ))
                    .with(Cell::number(row.first_stage_f, 1))
                    .with(effect(outcome, row.cace.as_ref()))
                    .with(match &row.anderson_rubin {
                        Some(set) => set_cell(set, scale(outcome), lang),
                        None => Cell::EMPTY,
                    }),
            );
        }
    }
    table.note(sentence::threshold_legend(lang));
    table.note(sentence::interval_legend(evaluation.level, lang));
    table
}

fn set_cell(set: &ConfidenceSetRow, scale: Scale, lang: Lang) -> Cell {
    match set.shape {
        SetShape::Interval => Cell::interval(set.low, set.high, scale),
        SetShape::Line => Cell::text(sentence::whole_line(lang)),
        SetShape::Empty => Cell::text(sentence::empty_set(lang)),
        SetShape::Rays => {
            let times = match scale {
                Scale::Points => 100.0,
                _ => 1.0,
            };
            let limit = |limit: Option<f64>| limit.map(|limit| significant(limit * times, 3, lang));
            let (low, high) = (limit(set.low), limit(set.high));
            Cell::text(sentence::rays(low.as_deref(), high.as_deref(), lang))
        }
    }
}

fn chance(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("chance", evaluation, treated),
        caption(Label::ChanceTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::N.text(lang)),
            effect_column(evaluation, lang),
            Column::numbers(Label::P.text(lang)),
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
        let rows: Vec<_> = outcome
            .further
            .chance
            .iter()
            .filter(|row| row.treated == treated)
            .collect();
        if rows.is_empty() {
            continue;
        }
        table.row(Row::section(outcome_name(doc, outcome)));
        for row in rows {
            table.row(
                Row::indented(row.method.name(lang))
                    .with(Cell::count(row.n))
                    .with(effect(outcome, Some(&row.value)))
                    .with(Cell::p_value(row.value.p_value)),
            );
        }
    }
    if !names.is_empty() {
        table.note(sentence::chance_legend(&names.join(", "), lang));
    }
    table
}

fn imbalance(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
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
        let rows: Vec<_> = outcome
            .further
            .imbalance
            .iter()
            .filter(|row| row.treated == treated)
            .collect();
        if rows.is_empty() {
            continue;
        }
        table.row(Row::section(outcome_name(doc, outcome)));
        for row in rows {
            let number = |value: Option<f64>, decimals| match value {
                Some(value) => Cell::number(value, decimals),
                None => Cell::EMPTY,
            };
            table.row(
                Row::indented(label(&row.covariate, &row.labels, doc))
                    .with(number(row.difference, 3))
                    .with(number(row.prognosis, 4))
                    .with(Cell::scaled(row.contribution, 3, scale(outcome))),
            );
        }
    }
    table.note(sentence::imbalance_legend(lang));
    table
}

fn subgroups(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
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
