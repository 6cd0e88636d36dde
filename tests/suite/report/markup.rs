//! Markdown for readers, CSV for machines.

use fip::document::{Cell, Column, Document, NoteKind, Row, Table};
use fip::release::no_results;
use fip::report::{csv as tables, markdown};
use fip::words::Lang::{En, Nl};
use fip::words::number::{Scale, Symbol};
use proptest::prelude::*;

use super::samples;

#[test]
fn the_markup_is_the_one_that_was_looked_at() {
    let shown = markdown::render(&samples::report(Nl));
    assert_eq!(shown, include_str!("markdown_nl.txt"));
}

/// The cells of a row: what stands between pipes that no backslash escapes.
fn cells(line: &str) -> usize {
    let mut escaped = false;
    let mut pipes = 0;
    for c in line.chars() {
        match c {
            '\\' => escaped = !escaped,
            '|' if !escaped => pipes += 1,
            _ => escaped = false,
        }
    }
    pipes - 1
}

#[test]
fn a_label_cannot_become_markup() {
    let mut document = Document::new(En, "# *t*", &no_results());
    document
        .paragraph("1. not a list <script>alert(1)</script> & &amp; a < b")
        .paragraph("- nor this")
        .paragraph("> nor this")
        .note(NoteKind::Info, "[x](javascript:alert(1))");
    let mut table = Table::new("t", "c|d", [Column::words("a|b").under("`g`")]);
    table.row(Row::new("x | y \\| z\n| nieuw"));
    table.row(Row::new("`rm`").with(Cell::code("a|b`c")));
    document.table(table);
    let shown = markdown::render(&document);
    assert!(shown.contains("1\\. not a list &lt;script>alert(1)&lt;/script> & &amp;amp; a < b"));
    assert!(shown.contains("\\- nor this") && shown.contains("\\> nor this"));
    assert!(shown.contains("\\[x\\]"));
    let rows: Vec<&str> = shown.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|row| cells(row) == 2), "{rows:#?}");
}

fn csv_of(table: Table) -> String {
    let mut document = Document::new(En, "t", &no_results());
    document.table(table);
    tables::render(&document)
        .expect("tables become CSV")
        .remove(0)
        .text
}

#[test]
fn composite_cells_become_columns_in_full_precision() {
    let mut table = Table::new(
        "t",
        "c",
        [
            Column::words("Variable"),
            Column::numbers("M (SD) / %").under("Control"),
            Column::numbers("Test"),
            Column::numbers("p"),
        ],
    );
    table
        .row(
            Row::new("age")
                .with(Cell::mean_sd(1.0 / 3.0, -2e-7, 2).starred(0.02))
                .with(Cell::statistic(Symbol::T, -2.5, 12.25, None))
                .with(Cell::p_value(1e-12)),
        )
        .row(Row::section("ladder"))
        .row(Row::indented("step 1").with(Cell::percent(0.25, 0)))
        .row(Row::indented("step 2").with(Cell::percent(None, 0)))
        .row(Row::new("money").with(Cell::scaled(-0.05, 1, Scale::Points)));
    let expected = "\
Section,Variable,Control: M (SD) / % value,Control: M (SD) / % mean,Control: M (SD) / % SD,\
Control: M (SD) / % share,Control: M (SD) / % stars,Test statistic,Test df,p
,age,,0.3333333333333333,-2e-7,,*,-2.5,12.25,1e-12
,ladder,,,,,,,,
ladder,step 1,,,,0.25,,,,
ladder,step 2,,,,,,,,
,money,-5,,,,,,,
";
    assert_eq!(csv_of(table), expected);
}

#[test]
fn formulas_are_neutralised_and_numbers_are_not() {
    let labels = [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("＝1", "'＝1"),
        ("-inf", "'-inf"),
        ("-12", "-12"),
        ("+31612345678", "+31612345678"),
        ("0012345", "0012345"),
        ("'quoted", "'quoted"),
        ("a=b", "a=b"),
    ];
    let mut table = Table::new("t", "c", [Column::words("=head"), Column::numbers("n")]);
    for (label, _) in labels {
        table.row(Row::new(label).with(Cell::number(-1.5, 1)));
    }
    let text = csv_of(table);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(&reader.headers().unwrap()[0], "'=head");
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.unwrap()).collect();
    assert_eq!(records.len(), labels.len());
    for (record, (_, expected)) in records.iter().zip(labels) {
        assert_eq!(&record[0], expected);
        assert_eq!(&record[1], "-1.5");
    }
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { rng_seed: proptest::test_runner::RngSeed::Fixed(20_170_301), ..proptest::test_runner::Config::default() })]

    #[test]
    fn any_text_survives(label in any::<String>(), code in any::<String>()) {
        let mut table = Table::new("t", "c", [Column::words("a"), Column::words("b")]);
        table.row(Row::new(&label).with(Cell::code(&code)));
        let text = csv_of(table.clone());
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        // A row of two empty fields is still a row.
        let record = reader.records().next().unwrap().unwrap();
        prop_assert!(record[0].ends_with(&label) && record[0].len() <= label.len() + 1);
        prop_assert!(record[1].ends_with(&code));

        let mut document = Document::new(Nl, &label, &no_results());
        document.paragraph(&label).table(table);
        let shown = markdown::render(&document);
        let rows: Vec<&str> = shown.lines().filter(|line| line.starts_with("| ")).collect();
        prop_assert!(rows.len() >= 3);
        let last = &rows[rows.len() - 3..];
        prop_assert!(last.iter().all(|row| cells(row) == 2), "{last:#?}");
    }
}
