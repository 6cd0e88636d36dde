//! The decimal sign of a file, and cells that are not numbers.

use fip::columns::Decimal;
use fip::data::{ReadOptions, Want, open_bytes};

use super::{check, file, table};

fn numbers(text: &str, column: &str) -> Vec<Option<f64>> {
    table(text).numeric(column).unwrap().iter().collect()
}

/// The same error whether a column was read for numbers or for anything.
#[track_caller]
fn refused(text: &str, column: &str) -> fip::error::Error {
    let auto = table(text).numeric(column).unwrap_err();
    let wants: Vec<(&str, Want)> = vec![(column, Want::Numeric)];
    let direct = file(text)
        .unwrap()
        .read(&wants)
        .unwrap()
        .numeric(column)
        .unwrap_err();
    assert_eq!(auto.message(), direct.message());
    assert_eq!(auto.place(), direct.place());
    auto
}

#[test]
fn decided_by_all_values() {
    let comma = "id;x;y\n1;1.234;2\n2;5;3,5\n";
    assert_eq!(numbers(comma, "x"), [Some(1234.0), Some(5.0)]);
    assert_eq!(numbers(comma, "y"), [Some(2.0), Some(3.5)]);
    let point = "id,x,y\n1,1.234,2\n2,5,3.5\n";
    assert_eq!(numbers(point, "x"), [Some(1.234), Some(5.0)]);
    assert_eq!(table(comma).decimal(), Some(Decimal::Comma));
    assert_eq!(table(point).decimal(), Some(Decimal::Point));
    assert_eq!(
        numbers("x;y\n1.234;1\n-1.234,50;2\n", "x"),
        [Some(1234.0), Some(-1234.5)]
    );
    assert_eq!(
        numbers("x;y\n\"1,234\";1\n\"1,234.5\";2\n", "x"),
        [Some(1234.0), Some(1234.5)]
    );
    assert_eq!(
        numbers("x;y\n1 234;1\n€ 12;2\n", "x"),
        [Some(1234.0), Some(12.0)]
    );
}

#[test]
fn a_column_that_is_not_read_decides_where_nothing_else_does() {
    let text = "id;x;y;d\n1;1.234;3,5;01.02\n2;5;4;x\n";
    for want in [Want::Numeric, Want::Auto] {
        let read = file(text).unwrap().read(&[("x", want)]).unwrap();
        assert_eq!(read.numeric("x").unwrap().get(0), Some(1234.0));
        assert_eq!(read.decimal(), Some(Decimal::Comma));
    }
}

#[test]
fn open_questions_are_asked() {
    let error = refused("id;x\n1;5\n2;1.234\n3;2.500\n", "x");
    check(&error, Some(3), "1234 and 1.234");
    assert_eq!(error.place().column.as_deref(), Some("x"));
    assert_eq!(error.place().value.as_deref(), Some("1.234"));
    assert!(error.hint_text().unwrap().contains("--decimal comma"));
    // Text and dates and whole numbers are no evidence.
    let text = "id;x;versie;datum;n\n1;1.234;1.2a;01-02-2017;7\n2;5;2.5;1-2-2017;8\n";
    check(&refused(text, "x"), Some(2), "two readings");
    // A column without such cells does not mind.
    assert_eq!(numbers(text, "n"), [Some(7.0), Some(8.0)]);
    for (decimal, value) in [(Decimal::Comma, 1234.0), (Decimal::Point, 1.234)] {
        for want in [Want::Numeric, Want::Auto] {
            let told = ReadOptions {
                decimal: Some(decimal),
                ..ReadOptions::default()
            };
            let read = open_bytes("f.csv", b"id;x\n1;1.234\n".to_vec(), &told).unwrap();
            let read = read.read(&[("x", want)]).unwrap();
            assert_eq!(read.numeric("x").unwrap().get(0), Some(value));
        }
    }
}

#[test]
fn contradictions_are_shown() {
    let error = table("id;x;y\n1;3,5;1\n2;4;2.75\n")
        .numeric("x")
        .unwrap_err();
    check(&error, Some(3), "'3,5' in column 'x', row 2");
    assert!(error.message().contains("'2.75' in column 'y', row 3"));
    check(
        &refused("id;x\n1;3,5\n2;2.75\n", "x"),
        Some(3),
        "decimal comma",
    );
    assert_eq!(
        numbers("id;x;y\n1;3,5;1\n2;4.5;2\n", "y"),
        [Some(1.0), Some(2.0)]
    );
    // A level or an id that looks like a number has no say.
    let text = "id;x;trede\n1.5;3,5;1.1\n2.5;4;2.1\n";
    let wants = [
        ("id", Want::Text),
        ("x", Want::Numeric),
        ("trede", Want::Levels),
    ];
    let read = file(text).unwrap().read(&wants).unwrap();
    assert_eq!(read.numeric("x").unwrap().get(0), Some(3.5));
    // What the user says goes.
    let told = ReadOptions {
        decimal: Some(Decimal::Comma),
        ..ReadOptions::default()
    };
    for want in [Want::Numeric, Want::Auto] {
        let read = open_bytes("f.csv", b"id;x\n1;3,5\n2;2.75\n".to_vec(), &told).unwrap();
        let error = read.read(&[("x", want)]).unwrap().numeric("x").unwrap_err();
        check(&error, Some(3), "not a number with a decimal comma");
        assert!(error.hint_text().unwrap().contains("--decimal point"));
    }
}

#[test]
fn not_numbers() {
    let error = refused("id;x\n1;5\n\n2;abc\n3;\n4;zes\n", "x");
    check(&error, Some(4), "not a number; 1 other cell");
    assert_eq!(error.place().value.as_deref(), Some("abc"));
    assert!(error.hint_text().unwrap().contains("missing"));
    check(&refused("x;y\n12%;1\n", "x"), Some(2), "percentage");
    check(&refused("x;y\ninf;1\n", "x"), Some(2), "not a number");
    check(
        &refused("x;y\n1;1\n3,5;1\nonbekend;2\n", "x"),
        Some(4),
        "not a number",
    );
    // With a say from elsewhere it is the text that is wrong, not the comma.
    check(
        &refused("x;y\n1;1\n1.234;1\nx;2\n", "x"),
        Some(4),
        "not a number",
    );
}

#[test]
fn missing_codes() {
    let text = "id;x\n1;5\n2;\n3; na \n4;#N/B\n5;.\n6;-\n7;null\n8;NaN\n9;\"\"\n";
    for want in [Want::Numeric, Want::Auto] {
        let read = file(text).unwrap().read(&[("x", want)]).unwrap();
        let x = read.numeric("x").unwrap();
        assert_eq!((x.missing_count(), x.len()), (8, 9));
        assert_eq!(read.missing_count("x").unwrap(), 8);
    }
    let told = ReadOptions {
        missing: Some(vec!["99".into(), "Onbekend".into(), "Wéét niet".into()]),
        ..ReadOptions::default()
    };
    let text = "id;x\n1;99\n2;ONBEKEND\n3;\n4;99,0\n5;WÉÉT NIET\n";
    for want in [Want::Numeric, Want::Auto] {
        let read = open_bytes("f.csv", text.into(), &told).unwrap();
        let read = read.read(&[("x", want)]).unwrap();
        let x: Vec<_> = read.numeric("x").unwrap().iter().collect();
        assert_eq!(x, [None, None, None, Some(99.0), None]);
    }
    let read = open_bytes("f.csv", b"id;x\n1;NA\n".to_vec(), &told).unwrap();
    assert!(read.read_all().unwrap().numeric("x").is_err());
}

#[test]
fn a_bad_cell_in_a_row_left_out_does_no_harm() {
    let text = "id;x\n1;5\n2;geen\n\n3;7\n4;ook niet\n";
    for want in [Want::Numeric, Want::Auto] {
        let read = file(text).unwrap().read(&[("x", want)]).unwrap();
        let kept = read.clone().retain(&[true, false, true, false]).unwrap();
        let x: Vec<_> = kept.numeric("x").unwrap().iter().collect();
        assert_eq!(x, [Some(5.0), Some(7.0)]);
        assert_eq!(kept.row_number(1), 5);
        let other = read.retain(&[true, false, true, true]).unwrap();
        let error = other.numeric("x").unwrap_err();
        check(&error, Some(6), "not a number");
        assert_eq!(error.place().value.as_deref(), Some("ook niet"));
    }
}

#[test]
fn a_column_without_a_say_is_not_read_against_the_file() {
    let text = "x;y\n2.75;3,5\ngeen;4,5\n1.234;1\n";
    for want in [Want::Numeric, Want::Auto] {
        let read = file(text)
            .unwrap()
            .read(&[("x", want), ("y", want)])
            .unwrap();
        let kept = read.clone().retain(&[true, false, true]).unwrap();
        check(
            &kept.numeric("x").unwrap_err(),
            Some(2),
            "not a number with a decimal comma",
        );
        assert_eq!(kept.numeric("y").unwrap().get(0), Some(3.5));
        // Read by itself, it decides for itself once the text is left out.
        let alone = file("x;z\n2.75;a\ngeen;b\n1.234;c\n").unwrap();
        let alone = alone.read(&[("x", want)]).unwrap();
        let kept = alone.retain(&[true, false, true]).unwrap();
        assert_eq!(kept.numeric("x").unwrap().values(), [2.75, 1.234]);
    }
}

#[test]
fn values_are_correctly_rounded() {
    // Expected values are Rust's own literals, which are correctly rounded.
    let text = "x;y\n0.1;1\n123456.789012;1\n2.2250738585072014e-308;1\n9007199254740993;1\n";
    let wanted = [
        0.1,
        123456.789012,
        2.2250738585072014e-308,
        9007199254740992.0,
    ];
    assert_eq!(table(text).numeric("x").unwrap().values(), wanted);
}
