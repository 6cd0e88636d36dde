//! Documents to lay out. The numbers are only there to fill cells.

use fip::document::{Cell, Column, Document, NoteKind, Row, Table};
use fip::release::no_results;
use fip::report::catalog::{Named, sentence};
use fip::results::TestName;
use fip::words::number::{Scale, Symbol};
use fip::words::{Label, Lang};

/// Two groups side by side with difference, interval and p: the widest table of a trial.
pub fn outcomes(lang: Lang) -> Table {
    let control = sentence::group_header(Label::ControlGroup.text(lang), 668, lang);
    let treated = sentence::group_header(Label::InterventionGroup.text(lang), 360, lang);
    let mut table = Table::new(
        "outcomes",
        Label::OutcomesPerArm.text(lang),
        [
            Column::words(Label::Variable.text(lang)),
            Column::numbers(Label::ValidN.text(lang)).under(&control),
            Column::numbers(Label::MeanSdOrPercent.text(lang)).under(&control),
            Column::numbers(Label::ValidN.text(lang)).under(&treated),
            Column::numbers(Label::MeanSdOrPercent.text(lang)).under(&treated),
            Column::numbers(Label::Difference.text(lang)),
            Column::numbers(sentence::interval_header(0.95, lang)),
            Column::numbers(Label::P.text(lang)),
        ],
    );
    let numeric = |label: &str, values: [f64; 4], effect: [f64; 3], p: f64| {
        Row::new(label)
            .with(Cell::count(668))
            .with(Cell::mean_sd(values[0], values[1], 2))
            .with(Cell::count(360))
            .with(Cell::mean_sd(values[2], values[3], 2).starred(p))
            .with(Cell::number(effect[0], 2))
            .with(Cell::interval(effect[1], effect[2], Scale::Unit).decimals(2))
            .with(Cell::p_value(p))
    };
    table
        .row(numeric(
            "Uitkering beëindigd",
            [0.17, 0.37, 0.16, 0.37],
            [-0.0064, -0.0541, 0.0413],
            0.7914,
        ))
        .row(numeric(
            "Maatregeloverweging wegens onrechtmatigheid/inlichtingenplicht",
            [0.01, 0.09, 0.01, 0.09],
            [0.0, -0.0115, 0.0115],
            0.9997,
        ))
        .row(numeric(
            "Aantal ingezette trajecten",
            [0.04, 0.21, 0.10, 0.32],
            [0.06, 0.0225, 0.0975],
            0.00174,
        ))
        .row(numeric(
            "Arbeidsongeschiktheidsverzekeringsuitkeringsdagen",
            [12.5, 30.1, 9.8, 25.0],
            [-2.7, -6.15, 0.75],
            0.0496,
        ))
        .row(numeric(
            "Participatieladder eind",
            [2.29, 0.89, 2.49, 0.95],
            [0.2, 0.0601, 0.3399],
            0.0000052,
        ))
        .row(Row::section("Participatieladder eind, verdeling"));
    for (level, control, treated) in [
        ("Geïsoleerd", 0.148, 0.097),
        ("Neemt deel aan georganiseerde activiteiten", 0.191, 0.216),
        ("Verricht betaald werk", 0.0, 0.004),
    ] {
        table.row(
            Row::indented(level)
                .with(Cell::EMPTY)
                .with(Cell::percent(control, 1))
                .with(Cell::EMPTY)
                .with(Cell::percent(treated, 1))
                .with(Cell::scaled(treated - control, 1, Scale::Points)),
        );
    }
    table
        .row(
            Row::total(Label::Total.text(lang))
                .with(Cell::count(668))
                .with(Cell::EMPTY)
                .with(Cell::count(12_360)),
        )
        .note(sentence::star_legend(lang))
        .note(sentence::mean_sd_legend(lang))
        .note(sentence::interval_legend(0.95, lang));
    table
}

/// Counts with shares, five narrow columns.
pub fn reasons(lang: Lang) -> Table {
    let mut table = Table::new(
        "reasons",
        Label::ReasonsNotReceived.text(lang),
        [
            Column::words(Label::Reason.text(lang)),
            Column::numbers("FIP (n=308)"),
            Column::numbers("Controle (n=1625)"),
        ],
    );
    table
        .row(
            Row::new("Aangaan relatie")
                .with(Cell::count_percent(9, 0.029, 1))
                .with(Cell::count_percent(22, 0.0135, 1)),
        )
        .row(
            Row::new("Overschrijden maximale verblijfsduur in het buitenland")
                .with(Cell::count_percent(2, 0.007, 1))
                .with(Cell::count_percent(1, None, 1)),
        );
    table
}

/// Tests with their statistics; a column of words besides the row labels.
pub fn tests(lang: Lang) -> Table {
    let mut table = Table::new(
        "tests",
        Label::Tests.text(lang),
        [
            Column::words(Label::Outcome.text(lang)),
            Column::words(Label::Test.text(lang)),
            Column::numbers(Label::Statistic.text(lang)),
            Column::numbers(Label::PValue.text(lang)),
        ],
    );
    for (test, symbol, value, df, df2, p) in [
        (
            TestName::WelchT,
            Symbol::T,
            3.28,
            Some(610.93),
            None,
            0.0011,
        ),
        (
            TestName::Levene,
            Symbol::F,
            4.02,
            Some(1.0),
            Some(741.0),
            0.0453,
        ),
        (
            TestName::YatesChiSquare,
            Symbol::ChiSquare,
            3.5733,
            Some(1.0),
            None,
            0.058714,
        ),
    ] {
        table.row(
            Row::new("Participatieladder eind")
                .with(Cell::text(test.name(lang)))
                .with(Cell::statistic(symbol, value, df, df2))
                .with(Cell::p_value(p)),
        );
    }
    table
}

/// A short report with one of everything.
pub fn report(lang: Lang) -> Document {
    let mut document = Document::new(lang, "FIP Voorbeeldstad", &no_results());
    document
        .subtitle("Frequent, intensief en persoonlijk contact")
        .note(NoteKind::Synthetic, sentence::synthetic(lang))
        .heading(1, Label::Balance.text(lang))
        .paragraph(sentence::significant_balance(1, 12, 0.05, lang))
        .heading(1, Label::Outcomes.text(lang))
        .table(outcomes(lang))
        .heading(2, Label::Tests.text(lang))
        .table(tests(lang))
        .note(NoteKind::Warning, sentence::not_randomised(lang))
        .heading(1, Label::NonCompliance.text(lang))
        .paragraph(sentence::received("interventie", 285, 360, lang))
        .table(reasons(lang))
        .heading(1, Label::Provenance.text(lang))
        .list([
            sentence::unmatched(1, "outcomes.csv", "allocation.csv", lang),
            sentence::missing("Participatieladder eind", 285, 1028, lang),
        ]);
    let mut provenance = Table::new(
        "provenance",
        Label::Provenance.text(lang),
        [
            Column::words(Label::Item.text(lang)),
            Column::words(Label::Value.text(lang)),
        ],
    );
    provenance
        .row(Row::new(Label::Seed.text(lang)).with(Cell::code("20170301")))
        .row(Row::new(Label::Sha256.text(lang)).with(Cell::code(
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        )));
    document.table(provenance);
    document
}
