//! Tests of the publication room.

#![allow(clippy::unwrap_used)]

mod synth;

use fip::publication::{CellRef, Expr, Kind, Measure, RowRef, builtin, read};

fn mistake(change: impl Fn(&str) -> String) -> fip::error::Error {
    let broken = change(builtin::TEMPLATE);
    assert_ne!(broken, builtin::TEMPLATE, "the test changes nothing");
    read(&broken, "paper.toml").unwrap_err()
}

fn line_of(text: &str, needle: &str) -> u64 {
    1 + text[..text.find(needle).unwrap()].matches('\n').count() as u64
}

#[test]
fn the_template_reads() {
    let paper = read(builtin::TEMPLATE, "template.toml").unwrap();
    assert_eq!(paper.groups[1].n.as_ref().unwrap().value, 1080);
    assert_eq!(paper.groups[2].of, [0, 1]);
    let first = &paper.tables[0];
    assert_eq!(first.marks[0].sign, "*");
    let ladder = first.rows.iter().find(|row| row.id == "ladder").unwrap();
    assert_eq!(ladder.measure, Measure::Ordinal);
    assert_eq!(ladder.parts.len(), 3);
    assert_eq!(paper.tables[2].kind, Kind::Prose);
    assert!(matches!(
        paper.claims[0].formula,
        Some(Expr::Binary(_, _, _))
    ));
}

#[test]
fn valid_n_comes_from_the_row_then_the_whole_then_the_group() {
    let paper = read(builtin::TEMPLATE, "template.toml").unwrap();
    let n = |row, group| {
        let at = CellRef {
            table: 0,
            row,
            group,
        };
        paper.valid_n(at).unwrap().value
    };
    assert_eq!(n(1, 1), 1064);
    assert_eq!(n(0, 1), 1080);
    assert_eq!(n(3, 0), 120);
}

#[test]
fn the_same_variable_is_found_both_ways() {
    let paper = read(builtin::TEMPLATE, "template.toml").unwrap();
    let table = RowRef { table: 0, row: 0 };
    let prose = RowRef { table: 2, row: 0 };
    assert_eq!(paper.same_variable(table), [table, prose]);
    assert_eq!(paper.same_variable(prose), [table, prose]);
}

#[test]
fn mistakes_have_a_line_and_a_hint() {
    let cases: &[(&str, &str, &str)] = &[
        ("measure = \"binary\"", "mesure = \"binary\"", "measure"),
        (
            "part_of = \"education\", cells",
            "part_of = \"educatoin\", cells",
            "education",
        ),
        ("same_as = \"1/age\"", "same_as = \"1/agee\"", "'age'"),
        ("[2/ended/control]", "[2/ended/contrl]", "control"),
        (
            "cells = { total = \"45.2\" }",
            "cells = { intervention = \"45.2\" }",
            "groups",
        ),
        ("\"45.2 (11.0)\"", "\"45,2 (11.0)\"", ""),
        ("id = \"work\"", "id = \"other\"", "line"),
        ("n = \"120\"", "n = \"12O\"", "thousands"),
        ("range = \"18 – 66\"", "range = \"66 – 18\"", "range"),
        ("than = \"control\"\n", "", "than"),
        ("id = \"text\"", "id = \"te/xt\"", "'/'"),
        ("statistic = \"1.66\"", "statistic = \"1.66x\"", ""),
    ];
    for (from, to, hint) in cases {
        let error = mistake(|text| text.replacen(from, to, 1));
        assert_eq!(error.kind(), fip::error::Kind::Protocol, "{from}");
        let line = error.place().line.unwrap_or_else(|| panic!("{error}"));
        assert!(line > 5, "{error}");
        assert!(error.message().contains("(character "), "{error}");
        assert!(error.place().column.is_none());
        assert!(
            error.hint_text().unwrap_or_default().contains(hint),
            "{error}"
        );
    }
    let error = mistake(|text| text.replacen("[2/ended/control]", "[2/endd/control]", 1));
    assert_eq!(
        error.place().line,
        Some(line_of(builtin::TEMPLATE, "formula = "))
    );
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let cases: &[(&str, &str, &str)] = &[
        (
            "\"44.1 (10.6)\"",
            "\"44.1 (10.6)†\"",
            "the legend does not say",
        ),
        (
            "\"44.1 (10.6)\"",
            "\"44.1 (10.6)***\"",
            "the legend does not say",
        ),
        ("\"*\" = \"0.05\"", "\"*\" = \"5\"", "not a level of p"),
        ("\"*\" = \"0.05\"", "\"*\" = \"0\"", "not a level of p"),
        ("\"44.1 (10.6)\"", "\"44.1 (\"", "opens a bracket"),
        ("n = \"120\"", "n = \"0\"", "is empty"),
        ("language = \"en\"", "language = \"de\"", "not a language"),
        (
            "- 100 * [2/ended/control]",
            "- [claim/difference]",
            "leads back to itself",
        ),
        ("/ [n/intervention]", "/ 0", "divides by zero"),
        (
            "/ [n/intervention]",
            "/ ([n/control] - [n/control])",
            "divides by zero",
        ),
    ];
    for (from, to, said) in cases {
        let error = mistake(|text| text.replacen(from, to, 1));
        assert_eq!(error.kind(), fip::error::Kind::Protocol, "{from}");
        assert!(error.message().contains(said), "{error}");
        assert!(error.place().line.is_some(), "{error}");
    }
    let circle = "\n[[claim]]\nid = \"one\"\ntext = \"\"\nprinted = \"1\"\nformula = \"[claim/two]\"\n\
                  [[claim]]\nid = \"two\"\ntext = \"\"\nprinted = \"1\"\nformula = \"2 - [claim/one]\"\n";
    let error = mistake(|text| format!("{text}{circle}"));
    assert!(error.message().contains("leads back to itself"), "{error}");
    // Two marks of the legend on one cell, and marks without any legend, are printed so.
    let both = builtin::TEMPLATE
        .replacen("\"**\" = \"0.01\"", "\"†\" = \"0.01\"", 1)
        .replacen("\"44.1 (10.6)\"", "\"44.1 (10.6)*†\"", 1);
    assert!(read(&both, "paper.toml").is_ok());
    let none = builtin::TEMPLATE
        .lines()
        .filter(|line| !line.starts_with("marks = "))
        .collect::<Vec<_>>()
        .join("\n")
        .replacen("\"44.1 (10.6)\"", "\"44.1 (10.6)*\"", 1);
    assert!(read(&none, "paper.toml").is_ok());
}

#[test]
fn the_template_agrees_with_itself() {
    let paper = read(builtin::TEMPLATE, "template.toml").unwrap();
    let made = fip::publication::synth::make(&paper, None).unwrap();
    assert_eq!(made.table.cannot, []);
    assert!(made.table.matched > 15);
}

#[test]
fn every_built_in_publication_reads() {
    for (name, text) in builtin::ALL {
        let paper = read(text, name).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(paper.id, *name);
    }
}
