//! The size of a trial as a document.

use super::catalog::sentence;
use crate::document::{Cell, Column, Document, Row, Table};
use crate::release::no_results;
use crate::results::{EffectUnit, PowerResult};
use crate::words::number::Scale;
use crate::words::{Label, Lang};

/// The answer, what it rests on, and what a trial of this size can detect.
pub fn document(result: &PowerResult, lang: Lang) -> Document {
    let mut doc = Document::new(lang, Label::PowerHeading.text(lang), &no_results());
    let effect = |value: Option<f64>| match result.unit {
        EffectUnit::Shares => Cell::scaled(value, 1, Scale::Points),
        _ => Cell::number(value, 3),
    };
    let name = match result.unit {
        EffectUnit::Outcome => Label::EffectOutcome,
        EffectUnit::StandardDeviations => Label::EffectInSd,
        EffectUnit::Shares => Label::EffectInPoints,
        EffectUnit::OddsRatio => Label::EffectInOdds,
    };
    let mut table = Table::new(
        "power",
        Label::PowerAnswer.text(lang),
        [
            Column::words(Label::Item.text(lang)),
            Column::numbers(Label::Value.text(lang)),
        ],
    );
    let mut line = |label: Label, cell: Cell| {
        table.row(Row::new(label.text(lang)).with(cell));
    };
    if let Some(clients) = result.caseload {
        line(Label::CaseloadClients, Cell::count(clients));
    }
    line(Label::PeopleIntervention, Cell::count(result.treated));
    line(Label::PeopleControl, Cell::count(result.control));
    line(
        Label::PeopleAll,
        Cell::count(result.treated.saturating_add(result.control)),
    );
    if let (Some(treated), Some(control)) = (result.treated_clusters, result.control_clusters) {
        line(
            Label::ClustersPerArm,
            Cell::text(sentence::both(treated, control, lang)),
        );
    }
    line(name, effect(Some(result.effect)));
    line(Label::PowerOf, Cell::percent(result.power, 1));
    if let Some(simulated) = &result.simulation {
        let with_error = |share: f64, error: f64| {
            let margin = 1.96 * error;
            Cell::estimate(share, share - margin, share + margin, Scale::Percent)
        };
        line(
            Label::SimulatedPower,
            with_error(simulated.power, simulated.power_error),
        );
        line(
            Label::SimulatedFalse,
            with_error(simulated.false_positive, simulated.false_positive_error),
        );
    }
    line(Label::Alpha, Cell::number(result.alpha, 3));
    line(Label::Explained, Cell::percent(result.explained, 1));
    line(Label::DesignEffect, Cell::number(result.design_effect, 3));
    if let (Some(providers), Some(icc)) = (result.providers, result.provider_icc) {
        line(Label::Providers, Cell::count(providers));
        line(Label::ProviderIcc, Cell::number(icc, 3));
    }
    line(Label::TakeUp, Cell::percent(result.take_up, 1));
    line(Label::AttritionShare, Cell::percent(result.attrition, 1));
    table.note(sentence::power_legend(lang));
    if result.providers.is_some() {
        table.note(sentence::providers_legend(lang));
    }
    doc.table(table);
    let mut table = Table::new(
        "detectable",
        Label::DetectableTable.text(lang),
        [
            Column::words(Label::PowerOf.text(lang)),
            Column::numbers(name.text(lang)),
        ],
    );
    for row in &result.detectable {
        let power = crate::words::number::exact_percent(row.power, lang);
        table.row(Row::new(power).with(effect(row.effect)));
    }
    doc.table(table);
    doc
}
