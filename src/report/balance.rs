//! The balance table as a chapter: characteristics per group in the layout of the pilots,
//! then the differences in full.

use super::catalog::sentence;
use super::parts::{add_levels, arm_of, label, test_cell};
use super::provenance::{self, warn};
use super::withheld;
use crate::columns::VariableKind;
use crate::document::{Cell, Column, Document, Row, Table};
use crate::release::{Hidden, Released, Results};
use crate::results::{BalanceRow, BalanceTable, Band, SmdFormula, TestResult};
use crate::words::{Label, Lang};

/// The comparison of the arms before the draw as a document of its own.
pub fn document(results: &Released<Results>, hidden: &Hidden, lang: Lang) -> Document {
    let mut document = Document::new(lang, "fip balance", results);
    let doc = &mut document;
    if let Some(first) = results.balance.first() {
        provenance::opening(doc, &first.provenance);
        withheld::notice(doc, results, hidden);
        for table in &results.balance {
            section(doc, table);
        }
        provenance::section(doc, &first.provenance);
    }
    document
}

/// Adds the chapter on balance.
pub(super) fn section(doc: &mut Document, balance: &BalanceTable) {
    let lang = doc.lang;
    doc.heading(1, Label::Balance.text(lang));
    let characteristics = characteristics(doc, balance);
    doc.table(characteristics);
    let differences = differences(doc, balance);
    doc.table(differences);
    if let Some(omnibus) = &balance.omnibus {
        doc.paragraph(omnibus_sentence(omnibus, lang));
    }
    for item in &balance.notes {
        let about = item.clone().variable_mut().cloned();
        let row = balance
            .covariates
            .iter()
            .find(|row| Some(&row.name) == about.as_ref());
        warn(
            doc,
            item,
            &row.map(|row| row.labels.clone()).unwrap_or_default(),
        );
    }
}

fn size(balance: &BalanceTable, arm: &str) -> u64 {
    balance
        .arms
        .iter()
        .find(|size| size.arm == arm)
        .map_or(0, |size| size.n)
}

/// Control first and valid n beside every value, as the pilots print it.
fn characteristics(doc: &Document, balance: &BalanceTable) -> Table {
    let lang = doc.lang;
    let order = [&balance.control, &balance.treated];
    let mut columns = vec![Column::words(Label::Characteristic.text(lang))];
    for arm in order {
        let group = sentence::group_header(arm, size(balance, arm), lang);
        columns.push(Column::numbers(Label::ValidN.text(lang)).under(group.clone()));
        columns.push(Column::numbers(Label::MeanSdOrPercent.text(lang)).under(group));
    }
    columns.push(Column::numbers(Label::Smd.text(lang)));
    columns.push(Column::numbers(Label::P.text(lang)));
    let mut table = Table::new(
        "characteristics",
        Label::CharacteristicsPerArm.text(lang),
        columns,
    );
    for row in &balance.covariates {
        add_variable(doc, &mut table, row, order);
    }
    if balance
        .covariates
        .iter()
        .any(|row| row.missingness.is_some())
    {
        table.row(Row::section(Label::MissingData.text(lang)));
        for row in &balance.covariates {
            add_missingness(doc, &mut table, row, order);
        }
    }
    if table.has_stars() {
        table.note(sentence::star_legend(lang));
    }
    table.note(sentence::mean_sd_legend(lang));
    table.note(sentence::smd_legend(lang));
    table
}

fn add_variable(doc: &Document, table: &mut Table, row: &BalanceRow, order: [&String; 2]) {
    let p = row.tests.first().and_then(|test| test.p_value);
    let by_level = matches!(row.kind, VariableKind::Categorical);
    let mut line = if by_level {
        Row::section(label(&row.name, &row.labels, doc))
    } else {
        Row::new(label(&row.name, &row.labels, doc))
    };
    for (index, arm) in order.into_iter().enumerate() {
        let Some(summary) = arm_of(&row.arms, arm) else {
            line = line.with(Cell::EMPTY).with(Cell::EMPTY);
            continue;
        };
        line = line.with(Cell::count(summary.n));
        let value = if by_level {
            Cell::EMPTY
        } else {
            Cell::mean_sd(summary.mean, summary.sd, 2)
        };
        line = line.with(if index == 1 && !by_level {
            value.starred(p)
        } else {
            value
        });
    }
    let distance = if by_level {
        Cell::number(row.smd, 2).starred(p)
    } else {
        Cell::number(row.smd, 2)
    };
    table.row(line.with(distance).with(Cell::p_value(p)));
    if matches!(row.kind, VariableKind::Categorical | VariableKind::Ordinal) {
        add_levels(doc, table, &row.arms, &row.level_labels, order);
    }
}

fn add_missingness(doc: &Document, table: &mut Table, row: &BalanceRow, order: [&String; 2]) {
    let Some(missing) = &row.missingness else {
        return;
    };
    let mut line = Row::indented(label(&row.name, &row.labels, doc));
    for (arm, share) in order
        .into_iter()
        .zip([missing.control_share, missing.treated_share])
    {
        let summary = arm_of(&row.arms, arm);
        line = line
            .with(summary.map_or(Cell::EMPTY, |summary| Cell::count(summary.missing)))
            .with(Cell::percent(share, 1));
    }
    table.row(
        line.with(Cell::number(missing.smd, 2))
            .with(Cell::p_value(missing.p_value)),
    );
}

fn differences(doc: &Document, balance: &BalanceTable) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        "balance",
        Label::BalanceInFull.text(lang),
        [
            Column::words(Label::Characteristic.text(lang)),
            Column::numbers(Label::Difference.text(lang)),
            Column::numbers(Label::Smd.text(lang)),
            Column::words(Label::Wwc.text(lang)),
            Column::numbers(Label::Vr.text(lang)),
            Column::words(Label::Test.text(lang)),
        ],
    );
    let mut distance = false;
    for row in &balance.covariates {
        distance |= row.smd_formula == SmdFormula::Mahalanobis;
        let test = row.tests.first();
        table.row(
            Row::new(label(&row.name, &row.labels, doc))
                .with(if row.kind == VariableKind::Categorical {
                    Cell::EMPTY
                } else {
                    Cell::number(row.difference, 2)
                })
                .with(Cell::number(row.smd, 3))
                .with(
                    row.band
                        .map_or(Cell::EMPTY, |band| Cell::text(band_text(band, lang))),
                )
                .with(match row.kind {
                    VariableKind::Numeric | VariableKind::Ordinal => {
                        Cell::number(row.variance_ratio, 2)
                    }
                    VariableKind::Binary | VariableKind::Categorical => Cell::EMPTY,
                })
                .with(test.map_or(Cell::EMPTY, |test| test_cell(test, lang))),
        );
    }
    table.note(sentence::difference_legend(
        &balance.treated,
        &balance.control,
        lang,
    ));
    if distance {
        table.note(sentence::mahalanobis_legend(lang));
    }
    table.note(sentence::variance_ratio_legend(
        &balance.treated,
        &balance.control,
        lang,
    ));
    table.note(sentence::wwc_legend(lang));
    table
}

fn band_text(band: Band, lang: Lang) -> &'static str {
    match band {
        Band::Equivalent => Label::BandEquivalent,
        Band::Adjust => Label::BandAdjust,
        Band::NotEquivalent => Label::BandNotEquivalent,
    }
    .text(lang)
}

/// The omnibus test in a sentence.
pub(super) fn omnibus_sentence(omnibus: &TestResult, lang: Lang) -> String {
    sentence::omnibus(omnibus.statistic, omnibus.df, omnibus.p_value, lang)
}
