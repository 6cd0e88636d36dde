//! Costs and benefits: an effect times the people it is about times an amount per case, with
//! the effect's interval carried through.

use super::catalog::{Label, money as words, sentence};
use super::cell::Cell;
use super::document::{Column, Document, NoteKind, Row, Table};
use super::evaluation::leading_estimate;
use super::provenance::label;
use crate::results::{CostPerCase, Costs, Evaluation, OutcomeResult, VariableKind};

/// An amount with the ends of its interval, the smaller first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Amount {
    fn times(self, factor: f64) -> Amount {
        let (one, other) = (self.low * factor, self.high * factor);
        Amount {
            value: self.value * factor,
            low: one.min(other),
            high: one.max(other),
        }
    }

    fn minus(self, cost: f64) -> Amount {
        Amount {
            value: self.value - cost,
            low: self.low - cost,
            high: self.high - cost,
        }
    }
}

/// The cases that the programme made among everyone assigned to it; none where the outcome is
/// no yes or no, or has no interval: no money claim without its uncertainty.
pub fn cases(evaluation: &Evaluation, outcome: &OutcomeResult, treated: &str) -> Option<Amount> {
    if outcome.kind != VariableKind::Binary {
        return None;
    }
    let people = evaluation.arms.iter().find(|arm| arm.arm == treated)?.n;
    let effect = leading_estimate(outcome, treated)?.value;
    let share = Amount {
        value: effect.estimate,
        low: effect.conf_low?,
        high: effect.conf_high?,
    };
    // Counts of people are far below 2^53.
    Some(share.times(people as f64))
}

/// Adds the chapter, where the protocol names amounts.
pub fn section(doc: &mut Document, evaluation: &Evaluation) {
    let Some(costs) = &evaluation.costs else {
        return;
    };
    let lang = doc.lang;
    let mut started = false;
    for treated in &evaluation.treated {
        let lines: Vec<(&CostPerCase, &OutcomeResult, Amount)> = costs
            .per_case
            .iter()
            .filter_map(|cost| {
                let outcome = evaluation
                    .outcomes
                    .iter()
                    .find(|outcome| outcome.name == cost.outcome)?;
                Some((cost, outcome, cases(evaluation, outcome, treated)?))
            })
            .collect();
        if lines.is_empty() {
            continue;
        }
        if !started {
            doc.heading(1, Label::Costs.text(lang));
            started = true;
        }
        let people = evaluation
            .arms
            .iter()
            .find(|arm| arm.arm == *treated)
            .map_or(0, |arm| arm.n);
        doc.paragraph(words::how(people, treated, lang));
        let table = table(doc, evaluation, treated, costs, &lines);
        doc.table(table);
        // Effects on several outcomes come from the same people; their intervals do not add up.
        if let ([(cost, _, cases)], Some(programme)) = (lines.as_slice(), costs.programme) {
            let net = cases.times(cost.amount).minus(programme);
            doc.note(NoteKind::Info, words::verdict(net.low, net.high, lang));
        }
    }
}

fn table(
    doc: &Document,
    evaluation: &Evaluation,
    treated: &str,
    costs: &Costs,
    lines: &[(&CostPerCase, &OutcomeResult, Amount)],
) -> Table {
    let lang = doc.lang;
    let [per_case, caused, benefit] = words::headers(lang);
    let [low, high] = words::low_high(lang);
    let mut columns = vec![
        Column::words(Label::Outcome.text(lang)),
        Column::numbers(per_case),
    ];
    for group in [caused, benefit] {
        columns.push(Column::numbers(Label::Estimate.text(lang)).under(group));
        columns.push(Column::numbers(low).under(group));
        columns.push(Column::numbers(high).under(group));
    }
    let index = evaluation
        .treated
        .iter()
        .position(|arm| arm == treated)
        .unwrap_or(0)
        + 1;
    let id = if evaluation.treated.len() > 1 {
        format!("costs-{index}")
    } else {
        "costs".to_owned()
    };
    let mut table = Table::new(id, Label::Costs.text(lang), columns);
    let money =
        |amount: Amount| [amount.value, amount.low, amount.high].map(|value| Cell::money(value, 0));
    for (cost, outcome, cases) in lines {
        let name = label(
            &outcome.name,
            if cost.labels.is_empty() {
                &outcome.labels
            } else {
                &cost.labels
            },
            doc,
        );
        table.row(
            Row::new(name)
                .with(Cell::money(cost.amount, 0))
                .with_all([cases.value, cases.low, cases.high].map(|value| Cell::number(value, 1)))
                .with_all(money(cases.times(cost.amount))),
        );
    }
    if let Some(programme) = costs.programme {
        table.row(
            Row::new(words::programme(lang))
                .with_all([Cell::EMPTY, Cell::EMPTY, Cell::EMPTY, Cell::EMPTY])
                .with(Cell::money(programme, 0)),
        );
        if let [(cost, _, cases)] = lines {
            table.row(
                Row::total(words::net(lang))
                    .with_all([Cell::EMPTY, Cell::EMPTY, Cell::EMPTY, Cell::EMPTY])
                    .with_all(money(cases.times(cost.amount).minus(programme))),
            );
        }
    }
    table.note(sentence::interval_legend(evaluation.level, lang));
    table
}
