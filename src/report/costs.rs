//! Costs and benefits as a chapter: what was computed in the evaluation, with its intervals.

use super::catalog::{money as words, sentence};
use super::parts::label;
use crate::columns::VariableKind;
use crate::document::{Cell, Column, Document, NoteKind, Row, Table};
use crate::results::{
    Amount, ArmCosts, CostLine, CostPerUnit, CostTotal, CostsAndBenefits, Evaluation, SetShape,
};
use crate::words::{Label, number};

/// Adds the chapter, where the protocol names amounts and there is an effect to price.
pub(super) fn section(doc: &mut Document, evaluation: &Evaluation) {
    let Some(costs) = &evaluation.costs else {
        return;
    };
    let priced: Vec<&ArmCosts> = costs
        .arms
        .iter()
        .filter(|arm| !arm.lines.is_empty())
        .collect();
    if priced.is_empty() {
        return;
    }
    let lang = doc.lang;
    doc.heading(1, Label::Costs.text(lang));
    doc.paragraph(words::how(lang));
    for arm in priced {
        let table = table(doc, evaluation, costs, arm);
        doc.table(table);
        let net = arm.total.as_ref().and_then(|total| total.net);
        if let Some(net) = net {
            doc.note(
                NoteKind::Info,
                words::verdict(net.conf_low, net.conf_high, lang),
            );
        }
    }
}

fn table(
    doc: &Document,
    evaluation: &Evaluation,
    costs: &CostsAndBenefits,
    arm: &ArmCosts,
) -> Table {
    let lang = doc.lang;
    let [low, high] = words::low_high(lang);
    let mut table = Table::new(
        crate::report::parts::id("costs", evaluation, &arm.treated),
        words::caption(&arm.treated, arm.people, lang),
        [
            Column::words(String::new()),
            Column::numbers(Label::Estimate.text(lang)),
            Column::numbers(low),
            Column::numbers(high),
        ],
    );
    for line in &arm.lines {
        let name = match line.price.labels.is_empty() {
            false => label(&line.price.outcome, &line.price.labels, doc),
            true => evaluation
                .outcomes
                .iter()
                .find(|outcome| outcome.name == line.price.outcome)
                .map_or(line.price.outcome.clone(), |outcome| {
                    label(&outcome.name, &outcome.labels, doc)
                }),
        };
        rows_of_line(&mut table, doc, &name, line);
    }
    if let Some(total) = &arm.total {
        rows_of_total(&mut table, doc, costs, arm, total);
    }
    table.note(sentence::interval_legend(evaluation.level, lang));
    if let Some(total) = arm.total.as_ref().filter(|_| arm.lines.len() > 1) {
        table.note(words::together(total.n, lang));
    }
    if arm.lines.iter().any(|line| line.people != arm.people) {
        table.note(words::left_out(lang));
    }
    if arm.lines.iter().any(|line| line.cost_per_case.is_some()) {
        table.note(words::per_case_legend(lang));
    }
    table
}

fn rows_of_line(table: &mut Table, doc: &Document, name: &str, line: &CostLine) {
    let lang = doc.lang;
    // As given in the protocol: whoever multiplies it by the cases must come out right.
    let cents = if line.price.amount.fract() == 0.0 {
        0
    } else {
        2
    };
    let price = number::money(line.price.amount, cents, lang);
    let cases = line.kind == VariableKind::Binary;
    table.row(Row::section(words::price(
        name,
        &price,
        cases,
        line.price.price_level.as_deref(),
        line.price.horizon.as_deref(),
        lang,
    )));
    let mut row = |name: &str, cells: [Cell; 3]| {
        table.row(Row::indented(name).with_all(cells));
    };
    row(
        words::caused(cases, lang),
        three(line.cases).map(|value| Cell::number(value, 1)),
    );
    row(
        words::per_participant(lang),
        three(line.per_participant).map(euros),
    );
    row(words::benefit(lang), three(line.benefit).map(euros));
    if let Some(cost) = &line.cost_per_case {
        let estimate = match cost.estimate {
            Some(value) if value > 0.0 => euros(value),
            _ => Cell::text(words::no_more(lang)),
        };
        let [low, high] = ends(cost, doc);
        row(words::cost_per_case(cases, lang), [estimate, low, high]);
    }
    if let Some(least) = line.break_even {
        row(
            words::break_even(cases, lang),
            [Cell::number(least, 1), Cell::EMPTY, Cell::EMPTY],
        );
    }
}

fn rows_of_total(
    table: &mut Table,
    doc: &Document,
    costs: &CostsAndBenefits,
    arm: &ArmCosts,
    total: &CostTotal,
) {
    let lang = doc.lang;
    let several = arm.lines.len() > 1;
    let programme = costs
        .given
        .programme
        .filter(|_| arm.programme_per_participant.is_some());
    if !several && programme.is_none() {
        return;
    }
    table.row(Row::section(words::all_together(several, lang)));
    if several {
        let each = [
            Some(total.effect.estimate),
            total.effect.conf_low,
            total.effect.conf_high,
        ];
        table.row(
            Row::indented(words::per_participant(lang))
                .with_all(each.map(|value| Cell::money(value, value.map_or(0, decimals)))),
        );
        table.row(Row::indented(words::benefit(lang)).with_all(three(total.benefit).map(euros)));
    }
    if let Some(programme) = programme {
        table.row(Row::indented(words::programme(lang)).with(euros(programme)));
    }
    if let Some(each) = arm.programme_per_participant {
        table.row(Row::indented(words::programme_each(lang)).with(euros(each)));
    }
    if let Some(net) = total.net {
        table.row(Row::total(words::net(lang)).with_all(three(net).map(euros)));
    }
    if let Some(net) = total.net_per_participant {
        table.row(Row::total(words::net_each(lang)).with_all(three(net).map(euros)));
    }
}

fn three(amount: Amount) -> [f64; 3] {
    [amount.estimate, amount.conf_low, amount.conf_high]
}

/// Whole euros, except where cents are what there is.
fn euros(value: f64) -> Cell {
    Cell::money(value, decimals(value))
}

fn decimals(value: f64) -> usize {
    const CENTS_BELOW: f64 = 10.0;
    if value.abs() < CENTS_BELOW && value.fract() != 0.0 {
        2
    } else {
        0
    }
}

/// The ends of what a case may cost: an interval, or what lies outside it.
fn ends(cost: &CostPerUnit, doc: &Document) -> [Cell; 2] {
    let lang = doc.lang;
    let money = |value: Option<f64>| value.map(|value| number::money(value, 0, lang));
    let (low, high) = (cost.set.low, cost.set.high);
    let dash = || Cell::money(None, 0);
    match cost.set.shape {
        SetShape::Interval if high.is_some_and(|high| high > 0.0) => {
            [low, high].map(|end| Cell::money(end, 0))
        }
        SetShape::Rays => [
            money(high).map_or_else(dash, Cell::text),
            Cell::text(words::unbounded(lang)),
        ],
        // Fewer cases, certainly, or nothing known.
        SetShape::Interval | SetShape::Line | SetShape::Empty => [dash(), dash()],
    }
}
