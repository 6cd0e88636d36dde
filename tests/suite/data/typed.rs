//! Yes or no, levels, dates, missing rows.

use fip::columns::{Binary, Date, Levels};
use fip::data::{ReadOptions, complete_cases, open_bytes};

use super::{check, table};

#[test]
fn yes_and_no() {
    let read = table("a;b;c;d;e\nja;1;Y;WAAR;1,0\nNee;0;n;onwaar;0\n;;;NA;\nJA;1;y;Waar;1\n");
    for column in ["a", "b", "c", "d", "e"] {
        let binary = read.binary(column, None).unwrap();
        let values: Vec<_> = binary.iter().collect();
        assert_eq!(
            values,
            [Some(true), Some(false), None, Some(true)],
            "{column}"
        );
        assert_eq!(binary.missing_count(), 1);
        assert!(binary.to_numeric().get(2).is_none());
    }
    assert_eq!(read.binary("a", None).unwrap().labels(), &["Nee", "JA"]);
    let error = table("a;b\nja;1\nsoms;2\n").binary("a", None).unwrap_err();
    check(&error, Some(3), "neither yes nor no");
    assert_eq!(error.place().value.as_deref(), Some("soms"));
    let read = table("g;x\nm;1\nv;2\nm;1\n");
    let sex = read.binary("g", Some(["m", "v"])).unwrap();
    assert_eq!(
        sex.iter().collect::<Vec<_>>(),
        [Some(false), Some(true), Some(false)]
    );
    check(
        &read.binary("g", Some(["man", "v"])).unwrap_err(),
        Some(2),
        "'man'",
    );
    let made = Binary::new([Some(true), None], ["n".into(), "j".into()]);
    assert_eq!(made.get(0), Some(true));
}

#[test]
fn levels() {
    let read = table("t;g\n10;b\n2;a\n;NA\n2.0;c\n2;b\n");
    let found = read.levels("g", None).unwrap();
    assert_eq!(found.levels(), ["a", "b", "c"]);
    assert_eq!(found.counts(), [1, 2, 1]);
    assert_eq!(found.missing_count(), 1);
    assert_eq!(read.levels("t", None).unwrap().levels(), ["2", "2.0", "10"]);
    let list: Vec<String> = ["1", "2", "10"].map(String::from).to_vec();
    let found = read.levels("t", Some(&list)).unwrap();
    assert_eq!(found.counts(), [0, 3, 1]);
    assert_eq!(found.label(0), Some("10"));
    let list: Vec<String> = ["hoog", "laag"].map(String::from).to_vec();
    let error = table("g;x\nhoog;1\nlag;2\nlag;2\n")
        .levels("g", Some(&list))
        .unwrap_err();
    check(&error, Some(3), "not one of the levels");
    assert!(error.hint_text().unwrap().contains("did you mean 'laag'"));
    assert!(error.hint_text().unwrap().contains("hoog, laag"));
    // The order of rows does not matter.
    let shuffled = table("t;g\n2;b\n2.0;c\n;NA\n2;a\n10;b\n");
    assert_eq!(
        shuffled.levels("g", None).unwrap().levels(),
        ["a", "b", "c"]
    );
    assert_eq!(Levels::new(vec!["a".into()], vec![0, 7]).code(1), None);
    // A level that only rows left out had is no level.
    let kept = shuffled.retain(&[true, false, true, true, true]).unwrap();
    assert_eq!(kept.levels("g", None).unwrap().levels(), ["a", "b"]);
}

#[test]
fn dates() {
    let read = table("d;e\n2017-03-01;1\n1-3-2017;2\n;3\n01/03/2017 00:00;4\n");
    let dates = read.dates("d").unwrap();
    let day = Date::new(2017, 3, 1);
    assert_eq!(dates.iter().collect::<Vec<_>>(), [day, day, None, day]);
    assert_eq!(dates.get(0).unwrap().to_string(), "2017-03-01");
    let error = table("d;e\n01-01-2017;1\n01/13/2017;1\n")
        .dates("d")
        .unwrap_err();
    check(&error, Some(3), "day first");
    check(
        &table("d;e\n31-02-2017;1\n").dates("d").unwrap_err(),
        Some(2),
        "no such day",
    );
    check(
        &table("d;e\n31-1-17;1\n").dates("d").unwrap_err(),
        Some(2),
        "two digits",
    );
    check(
        &table("d;e\nmei;1\n").dates("d").unwrap_err(),
        Some(2),
        "not a date",
    );
}

#[test]
fn rows_kept_and_dropped() {
    let read = table("x;y;z\n1;;1\n;;1\n2;2;\n3;3;3\n");
    let x = read.numeric("x").unwrap().missing();
    let y = read.numeric("y").unwrap().missing();
    let z = read.missing("z").unwrap();
    let kept = complete_cases(4, &[("x", &x), ("y", &y), ("z", &z), ("x", &x)]);
    assert_eq!(kept.rows, [false, false, false, true]);
    assert_eq!(kept.kept, 1);
    assert_eq!(
        kept.dropped,
        [("x".into(), 1), ("y".into(), 1), ("z".into(), 1)]
    );
    let none = complete_cases(4, &[]);
    assert_eq!((none.kept, none.dropped.len()), (4, 0));
}

#[test]
fn an_only_numeric_column_reads_as_yes_or_no() {
    let read = open_bytes(
        "f.csv",
        b"a;b\n1;0\n0;2\n".to_vec(),
        &ReadOptions::default(),
    )
    .unwrap();
    let read = read
        .read(&[
            ("a", fip::data::Want::Numeric),
            ("b", fip::data::Want::Numeric),
        ])
        .unwrap();
    let values: Vec<_> = read.binary("a", None).unwrap().iter().collect();
    assert_eq!(values, [Some(true), Some(false)]);
    check(
        &read.binary("b", None).unwrap_err(),
        Some(3),
        "neither yes nor no",
    );
}
