//! Every test and effect size, and the distributions behind them.

use crate::document::{Cell, Column, Document, Row, Table};
use crate::report::catalog::{Named, name, paired, sentence};
use crate::report::parts::{arm_of, caption, effect, id, level_name, name_of, test_cell};
use crate::results::{
    Computed, EffectSizeRow, Estimator, Evaluation, Measure, OmnibusMethod, TestName, TestResult,
    TestRow,
};
use crate::words::number::{Scale, Symbol};
use crate::words::{Label, Lang};

/// Counts per level and arm with chi-square, as the first pilot prints its test.
pub(super) fn distributions(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let order = [&evaluation.control, &treated.to_string()];
    let mut columns = vec![Column::words(Label::Outcome.text(lang))];
    columns.extend(order.into_iter().map(|arm| Column::numbers(arm.clone())));
    columns.push(Column::numbers(name::short_test(
        TestName::PearsonChiSquare,
        lang,
    )));
    columns.push(Column::numbers(Label::P.text(lang)));
    let mut table = Table::new(
        id("chi-square", evaluation, treated),
        caption(Label::ChiSquareTable, evaluation, treated, doc),
        columns,
    );
    for outcome in &evaluation.outcomes {
        let Some(test) = outcome
            .tests
            .iter()
            .find(|row| row.treated == treated && row.result.test == TestName::PearsonChiSquare)
        else {
            continue;
        };
        table.row(
            Row::section(name_of(doc, outcome))
                .with(Cell::EMPTY)
                .with(Cell::EMPTY)
                .with(test_cell(&test.result, lang))
                .with(Cell::p_value(test.result.p_value)),
        );
        let levels =
            arm_of(&outcome.arms, &evaluation.control).map_or(0, |summary| summary.levels.len());
        for index in 0..levels {
            let mut line = None;
            for arm in order {
                let Some(level) =
                    arm_of(&outcome.arms, arm).and_then(|summary| summary.levels.get(index))
                else {
                    continue;
                };
                let row = line.unwrap_or_else(|| {
                    Row::indented(level_name(doc, outcome, index, &level.level))
                });
                line = Some(row.with(Cell::count_percent(level.count, level.share, 1)));
            }
            if let Some(line) = line {
                table.row(line);
            }
        }
    }
    table
}

pub(super) fn tests(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("tests", evaluation, treated),
        caption(Label::TestsTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(Label::Statistic.text(lang)),
            Column::numbers(Label::P.text(lang)),
        ],
    );
    for outcome in &evaluation.outcomes {
        table.row(Row::section(name_of(doc, outcome)));
        for TestRow {
            result, computed, ..
        } in outcome.tests.iter().filter(|row| row.treated == treated)
        {
            table.row(test_row(result, computed, lang));
        }
    }
    let drawn = |row: &TestRow| row.treated == treated && row.computed.draws.is_some();
    let rows = evaluation
        .outcomes
        .iter()
        .flat_map(|outcome| &outcome.tests);
    if rows.into_iter().any(drawn) {
        table.note(paired::monte_carlo_legend(lang));
    }
    table
}

/// One row per outcome: whether any of the arms differs.
pub(super) fn omnibus(doc: &Document, evaluation: &Evaluation) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        "omnibus",
        Label::OmnibusTable.text(lang),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::words(Label::Method.text(lang)),
            Column::numbers(Label::N.text(lang)),
            Column::numbers(Label::Statistic.text(lang)),
            Column::numbers(Label::P.text(lang)),
        ],
    );
    for outcome in &evaluation.outcomes {
        let Some(row) = &outcome.further.omnibus else {
            continue;
        };
        let statistic = match (row.method, row.statistic) {
            (_, None) => Cell::EMPTY,
            (OmnibusMethod::PearsonChiSquare | OmnibusMethod::FisherExact, value) => {
                Cell::statistic(Symbol::ChiSquare, value, row.df, None)
            }
            (_, value) => Cell::statistic(Symbol::F, value, row.df, row.df2),
        };
        table.row(
            Row::new(name_of(doc, outcome))
                .with(Cell::text(row.method.name(lang)))
                .with(Cell::count(row.n))
                .with(statistic)
                .with(row.p_value.map_or(Cell::EMPTY, Cell::p_value)),
        );
    }
    table
}

/// A test in a table of outcome, statistic and p.
pub(super) fn test_row(result: &TestResult, computed: &Computed, lang: Lang) -> Row {
    let statistic = match name::symbol(result.test) {
        Some(_) if result.statistic.is_some() => test_cell(result, lang),
        _ => Cell::EMPTY,
    };
    Row::indented(paired::test_label(result.test, computed, lang))
        .with(statistic)
        .with(Cell::p_value(result.p_value))
}

pub(super) fn effect_sizes(doc: &Document, evaluation: &Evaluation, treated: &str) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        id("effect-sizes", evaluation, treated),
        caption(Label::EffectSizesTable, evaluation, treated, doc),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::numbers(format!(
                "{} [{}]",
                Label::Estimate.text(lang),
                sentence::interval_header(evaluation.level, lang)
            )),
        ],
    );
    for outcome in &evaluation.outcomes {
        table.row(Row::section(name_of(doc, outcome)));
        for EffectSizeRow { value, method, .. } in outcome
            .effect_sizes
            .iter()
            .filter(|row| row.treated == treated)
        {
            let (scale, label) = match value.measure {
                Measure::RiskDifference => (
                    Scale::Points,
                    format!(
                        "{} ({}{})",
                        value.measure.name(lang),
                        Label::InPoints.text(lang),
                        method.map_or(String::new(), |method| format!("; {}", method.name(lang)))
                    ),
                ),
                _ => (Scale::Unit, value.measure.name(lang).to_string()),
            };
            let cell = Cell::estimate(value.estimate, value.conf_low, value.conf_high, scale);
            table.row(Row::indented(label).with(match scale {
                // Ratios and standardised effects are read to two decimals.
                Scale::Unit => cell.decimals(2),
                Scale::Points | Scale::Percent => cell,
            }));
        }
        for row in outcome.estimates.iter().filter(|row| {
            row.treated == treated && matches!(row.estimator, Estimator::Lin | Estimator::Ancova)
        }) {
            let label = format!(
                "{}: {}",
                row.estimator.name(lang),
                row.adjusted_for.join(", ")
            );
            table.row(Row::indented(label).with(effect(outcome, Some(&row.value))));
        }
    }
    table
}
