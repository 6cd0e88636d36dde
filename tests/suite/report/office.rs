//! Word and Excel: files that other programs read, numbers as numbers, no formulas, no clock.

use std::io::{Cursor, Read};

use fip::document::{Cell, Column, Document, Row, Table};
use fip::release::no_results;
use fip::report::{docx, xlsx};
use fip::words::Lang::{En, Nl};
use fip::words::number::Scale;
use zip::ZipArchive;

use super::samples;

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

fn document(table: Table) -> Document {
    let mut document = Document::new(Nl, "t", &no_results());
    document.table(table);
    document
}

#[test]
fn formulas_are_text() {
    let evil = [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "=HYPERLINK(\"http://x\",\"y\")",
    ];
    let mut table = Table::new(
        "t",
        evil[0],
        [
            Column::words(evil[0]),
            Column::words(evil[1]).under(evil[4]),
        ],
    );
    for text in evil {
        table.row(Row::new(text).with(Cell::text(text)));
    }
    let bytes = xlsx::render(&document(table)).unwrap();
    for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
        let text = part(&bytes, sheet);
        assert!(
            !text.contains("<f>") && !text.contains("<hyperlink"),
            "{text}"
        );
    }
    assert!(part(&bytes, "xl/sharedStrings.xml").contains("=cmd|"));
    assert!(part(&bytes, "xl/styles.xml").contains("quotePrefix=\"1\""));
}

#[test]
fn numbers_are_numbers_in_full_precision() {
    let mut table = Table::new(
        "t",
        "t",
        [
            Column::words("a"),
            Column::numbers("M (SD)"),
            Column::numbers("%"),
        ],
    );
    let (mean, sd, share) = (1.0 / 3.0, 2.0 / 7.0, 0.285);
    table.row(
        Row::new("x")
            .with(Cell::mean_sd(mean, sd, 2))
            .with(Cell::percent(share, 1)),
    );
    table.row(
        Row::new("leeg")
            .with(Cell::mean_sd(None, None, 2))
            .with(Cell::scaled(0.25, 1, Scale::Points)),
    );
    let bytes = xlsx::render(&document(table)).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
    for value in [mean, sd, share] {
        assert!(
            sheet.contains(&format!("<v>{value}</v>")),
            "{value} in {sheet}"
        );
    }
    // A quarter is 25 points.
    assert!(sheet.contains("<v>25</v>"), "{sheet}");
    assert!(!sheet.contains("NaN"));
}

#[test]
fn nothing_in_the_files_is_of_today() {
    let document = samples::report(Nl);
    for bytes in [
        docx::render(&document).unwrap(),
        xlsx::render(&document).unwrap(),
    ] {
        let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        for index in 0..archive.len() {
            let file = archive.by_index(index).unwrap();
            assert_eq!(
                file.last_modified().unwrap().year(),
                1980,
                "{}",
                file.name()
            );
        }
        let core = part(&bytes, "docProps/core.xml");
        let years: Vec<&str> = core.split("20").skip(1).collect();
        assert!(
            !core.contains("dcterms") || core.contains("2000-01-01"),
            "{core} {years:?}"
        );
    }
    assert_eq!(
        docx::render(&document).unwrap(),
        docx::render(&document).unwrap()
    );
    assert_eq!(
        xlsx::render(&document).unwrap(),
        xlsx::render(&document).unwrap()
    );
}

#[test]
fn word_gets_headings_tables_and_header_rows() {
    let bytes = docx::render(&samples::report(En)).unwrap();
    let text = part(&bytes, "word/document.xml");
    assert!(text.contains("w:val=\"Heading1\"") && text.contains("w:val=\"Caption\""));
    assert_eq!(text.matches("<w:tbl>").count(), 4);
    assert!(text.contains("<w:tblHeader/>") && text.contains("<w:gridSpan w:val=\"2\"/>"));
    assert!(part(&bytes, "word/styles.xml").contains("w:val=\"en-GB\""));
    // Every tag that opens closes.
    for tag in ["w:p", "w:r", "w:tc", "w:tr", "w:tbl"] {
        let open =
            text.matches(&format!("<{tag}>")).count() + text.matches(&format!("<{tag} ")).count();
        assert_eq!(open, text.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn a_label_cannot_become_a_part_of_the_file() {
    let evil = "</w:t><w:altChunk/> \u{ffff}\u{0} & <x>";
    let mut table = Table::new("t", evil, [Column::words(evil)]);
    table.row(Row::new(evil));
    let text = part(
        &docx::render(&document(table)).unwrap(),
        "word/document.xml",
    );
    assert!(!text.contains("<w:altChunk") && !text.contains("<x>") && !text.contains('\u{ffff}'));
}
