//! What a terminal shows. The golden files guard the layout; the numbers in them are samples.

use fip::document::{Block, Cell, Column, Document, NoteKind, Row, Table};
use fip::release::no_results;
use fip::report::terminal;
use fip::words::Label;
use fip::words::Lang::{self, En, Nl};
use fip::words::number::Scale;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::samples;

#[test]
fn the_layout_is_the_one_that_was_looked_at() {
    let shown = terminal::render(&samples::report(Nl), 80, false);
    assert_eq!(shown, include_str!("terminal_nl_80.txt"));
    let shown = terminal::render(&samples::report(En), 120, false);
    assert_eq!(shown, include_str!("terminal_en_120.txt"));
}

#[test]
fn colour_only_where_asked_and_it_changes_no_text() {
    let document = samples::report(Nl);
    let plain = terminal::render(&document, 80, false);
    let coloured = terminal::render(&document, 80, true);
    assert!(!plain.contains('\u{1b}'));
    assert!(coloured.contains("\u{1b}[1m"));
    let stripped: String = coloured
        .split('\u{1b}')
        .enumerate()
        .map(|(index, part)| match index {
            0 => part,
            _ => part.split_once('m').map_or("", |(_, text)| text),
        })
        .collect();
    let lines = |text: &str| -> Vec<String> {
        text.lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    assert_eq!(lines(&stripped), lines(&plain));
}

#[test]
fn too_wide_a_table_continues_below_with_its_labels() {
    let shown = terminal::render(&samples::report(Nl), 80, false);
    assert!(shown.contains("Tabel 1 (vervolg)"));
    assert_eq!(shown.matches("Uitkering beëindigd").count(), 2);
    let wide = terminal::render(&samples::report(Nl), 140, false);
    assert!(!wide.contains("vervolg"));
}

#[test]
fn a_label_cannot_steer_the_terminal() {
    let mut document = Document::new(Nl, "a\u{1b}[31mb", &no_results());
    document.paragraph("links\u{202e}rechts\r\nnieuw\u{7}");
    let mut table = Table::new("t", "c\u{9b}2J", [Column::words("k\u{1b}]0;x\u{7}")]);
    table.row(Row::new("rij\neen\ttwee\u{8}"));
    document.table(table);
    let shown = terminal::render(&document, 80, false);
    assert!(shown.chars().all(|c| c == '\n' || !c.is_control()));
    assert!(!shown.contains('\u{202e}'));
    assert!(shown.contains("rij een twee"));
}

#[test]
fn a_hash_is_broken_without_a_hyphen() {
    let mut document = Document::new(En, "t", &no_results());
    let mut table = Table::new("t", "c", [Column::words("a"), Column::words("b")]);
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    table.row(Row::new(Label::Sha256.text(En)).with(Cell::code(hash)));
    document.table(table);
    let shown = terminal::render(&document, 50, false);
    let joined: String = shown.split_whitespace().collect();
    assert!(joined.contains(hash), "{shown}");
}

#[test]
fn empty_tables_and_documents_are_drawn() {
    let mut document = Document::new(Nl, "", &no_results());
    document.table(Table::new("a", "", [])).table(Table::new(
        "b",
        "leeg",
        [Column::words("x"), Column::numbers("n")],
    ));
    let mut ragged = Table::new("c", "", [Column::words("x")]);
    ragged.row(Row::new("langer").with(Cell::count(12_345)));
    document.table(ragged);
    let shown = terminal::render(&document, 0, true);
    assert!(shown.contains("12.345"));
}

fn cell() -> impl Strategy<Value = Cell> {
    let number = || prop_oneof![Just(f64::NAN), -1e4..1e4f64];
    prop_oneof![
        Just(Cell::EMPTY),
        any::<u32>().prop_map(|n| Cell::count(u64::from(n))),
        (number(), number()).prop_map(|(mean, sd)| Cell::mean_sd(mean, sd, 2)),
        (number(), number()).prop_map(|(low, high)| Cell::interval(low, high, Scale::Points)),
        (0.0..1.0f64).prop_map(|p| Cell::p_value(p).starred(p)),
    ]
}

fn tables() -> impl Strategy<Value = Table> {
    let words = || "[a-zé/ \\-]{0,40}|[A-Z]{30,60}|[0-9a-f]{40}";
    let group = || prop_oneof![Just(None), "[a-z ()=0-9]{1,25}".prop_map(Some)];
    let columns = prop::collection::vec((words(), group()), 1..9);
    let rows = prop::collection::vec((words(), prop::collection::vec(cell(), 0..9), 0..4), 0..6);
    (columns, rows).prop_map(|(columns, rows)| {
        let mut table = Table::new("t", "c", [Column::words("label")]);
        for (header, group) in columns {
            let column = Column::numbers(header);
            table.columns.push(match group {
                Some(group) => column.under(group),
                None => column,
            });
        }
        for (label, cells, style) in rows {
            let row = match style {
                0 => Row::new(label),
                1 => Row::indented(label),
                2 => Row::section(label),
                _ => Row::total(label),
            };
            table.row(row.with_all(cells));
        }
        table
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, rng_seed: proptest::test_runner::RngSeed::Fixed(20_170_301), ..ProptestConfig::default() })]

    /// Lines fit, and every number stands in one piece.
    #[test]
    fn any_table_fits_and_no_number_is_broken(table in tables(), width in 48usize..160) {
        let mut document = Document::new(Lang::Nl, "titel", &no_results());
        document.note(NoteKind::Warning, "let op ".repeat(30)).push(Block::Table(table.clone()));
        let shown = terminal::render(&document, width, false);
        for line in shown.lines() {
            prop_assert!(line.width() <= width, "{} > {width}: {line}", line.width());
        }
        for cell in table.rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.is_words()) {
            let text = cell.human(Lang::Nl) + cell.stars.text();
            prop_assert!(shown.contains(&text), "{text} not in\n{shown}");
        }
        prop_assert_eq!(&shown, &terminal::render(&document, width, false));
    }
}
