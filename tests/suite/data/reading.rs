//! Files into tables: delimiters, encodings, line ends, quotes, broken rows.

use std::fs;

use fip::data::{ReadOptions, Want, open, open_bytes, sha256_hex};
use fip::error::Kind;
use proptest::prelude::*;

use super::{cells, check, file, refused, table};

fn options(block_size: usize) -> ReadOptions {
    ReadOptions {
        block_size: Some(block_size),
        ..ReadOptions::default()
    }
}

#[test]
fn delimiters_find_themselves() {
    for (delimiter, text) in [
        (b',', "id,naam,bedrag\n1,Jan,3.5\n2,\"Piet, jr\",4.5\n"),
        (b';', "id;naam;bedrag\n1;Jan;3,5\n2;Piet, jr;4,5\n"),
        (b'\t', "id\tnaam\tbedrag\n1\tJan\t3,5\n2\tPiet; jr\t4,5\n"),
        (b'|', "id|naam|bedrag\n1|Jan|3,5\n2|Piet, jr|4,5\n"),
        (b';', "id;bedrag, in euro\n1;3,5\n2;4,5\n"),
        (b';', "id;a,b\n1;3,5\n2;4\n"),
        (b',', "sep=,\na;x,b;y\n1,2\n"),
    ] {
        assert_eq!(file(text).unwrap().delimiter(), delimiter, "{text}");
    }
    let one = table("bedrag\n3,5\n2,75\n");
    assert_eq!(cells(&one), [["3,5"], ["2,75"]]);
    assert_eq!(file("a;b\n").unwrap().header(), ["a", "b"]);
    let told = ReadOptions {
        delimiter: Some(b','),
        ..ReadOptions::default()
    };
    let forced = open_bytes("f.csv", b"a;b,c\n1;2,3\n".to_vec(), &told).unwrap();
    assert_eq!(forced.header(), ["a;b", "c"]);
}

#[test]
fn headers_are_trimmed_and_checked() {
    let good = file(" id ;\u{a0}naam\t;\"leef\ntijd\"\n1;2;3\n").unwrap();
    assert_eq!(good.header(), ["id", "naam", "leef\ntijd"]);
    check(&refused("a;b;a \n1;2;3\n"), Some(1), "columns 1 and 3");
    check(&refused("a;;c\n1;2;3\n"), Some(1), "column 2 has no name");
    check(&refused(";;\n1;2;3\n"), Some(1), "no column names");
    check(&refused("a;\"b\n1;2\n"), Some(1), "never closed");
    assert_eq!(refused("a;a\n1;2\n").place().column.as_deref(), Some("a"));
}

#[test]
fn nameless_columns_at_the_end_must_be_empty() {
    let padded = table("a;b;;\n1;2;;\n3;4;;\n");
    assert_eq!(cells(&padded), [["1", "2"], ["3", "4"]]);
    let error = refused("a;b;;\n1;2;;\n3;4;x;\n");
    check(&error, Some(3), "column 3 has no name");
    assert_eq!(error.place().value.as_deref(), Some("x"));
}

#[test]
fn nothing_in_it() {
    check(&refused(""), None, "empty");
    check(&refused("\u{feff}"), None, "empty");
    check(&refused("\n \r\n"), None, "empty");
    check(&refused("a;b\n"), None, "no rows");
    check(&refused("a;b"), None, "no rows");
    check(&refused("a;b\n\n;\n"), None, "no rows");
}

#[test]
fn encodings() {
    let wanted = [["1", "Zoë €"], ["2", "ï"]];
    let text = "id;naam ë\n1;Zoë €\n2;ï\n";
    let windows: Vec<u8> = text
        .chars()
        .map(|c| match c {
            'ë' => 0xeb,
            'ï' => 0xef,
            '€' => 0x80,
            other => other as u8,
        })
        .collect();
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(order)
            .collect()
    };
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        windows.clone(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ] {
        for size in [1, 16, 17, 23, 1 << 20] {
            let read = open_bytes("f.csv", bytes.clone(), &options(size)).unwrap();
            assert_eq!(read.header(), ["id", "naam ë"]);
            let read = read.read_all().unwrap();
            assert_eq!(cells(&read), wanted);
            assert_eq!(read.sha256(), sha256_hex(&bytes));
        }
    }
    // The first letter outside ASCII may come late.
    let mut late = b"id;n\n".to_vec();
    late.extend(b"1;x\n".repeat(100));
    late.extend(b"2;Zo\xeb\n");
    let read = open_bytes("f.csv", late.clone(), &options(50))
        .unwrap()
        .read_all()
        .unwrap();
    assert_eq!(read.text("n").unwrap().get(100), "Zoë");

    let mut mixed = "id;n\n1;Zoë\n".as_bytes().to_vec();
    mixed.extend(b"2;Zo\xeb\n");
    check(&refused(&mixed), Some(3), "not");
    check(&refused(b"id;n\n1;Zo\x89\n2;\x81\n"), Some(3), "81");
    let bare: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&refused(bare), None, "UTF-16");
    check(&refused(b"a;b\n1;\0\n"), None, "NUL");
}

#[test]
fn other_kinds_of_files() {
    for (start, message) in [
        (&b"PK\x03\x04rest"[..], "Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"%PDF-1.4", "PDF"),
        (b"$FL2@(#)", "SPSS"),
        (b"\x1f\x8b\x08", "compressed"),
    ] {
        check(&refused(start), None, message);
    }
}

#[test]
fn line_ends() {
    let wanted = [["1", "x"], ["2", "y"]];
    for text in [
        "a;b\n1;x\n2;y\n",
        "a;b\n1;x\n2;y",
        "a;b\r\n1;x\r\n2;y\r\n",
        "a;b\r\n1;x\r\n2;y",
        "a;b\r1;x\r2;y\r",
        "a;b\r1;x\r2;y",
        "a;b\n1;x\r\n2;y\n",
        "a;\"b\"\r\n1;\"x\"\r\n2;\"y\"\r\n",
    ] {
        for size in [1, 1 << 20] {
            let read = open_bytes("f.csv", text.into(), &options(size)).unwrap();
            assert_eq!(
                cells(&read.read_all().unwrap()),
                wanted,
                "{text:?} by {size}"
            );
        }
    }
}

#[test]
fn quotes() {
    let read =
        table("id;tekst\n1;\"a;b\"\n2;\"een\ntwee\r\ndrie\"\n3;\"zeg \"\"ja\"\"\"\n4;\"\"\n");
    assert_eq!(
        cells(&read),
        [
            ["1", "a;b"],
            ["2", "een\ntwee\r\ndrie"],
            ["3", "zeg \"ja\""],
            ["4", ""]
        ]
    );
    // A quote inside a text that does not start with one is a quote.
    let read = table("id;maat\n1;27\"\n2;\"x\"\n3;5'4\" of zo\n");
    assert_eq!(
        cells(&read),
        [["1", "27\""], ["2", "x"], ["3", "5'4\" of zo"]]
    );
    check(
        &refused("id;t\n1;x\n2;\"open\n3;y\n"),
        Some(3),
        "never closed",
    );
}

/// Two stray quotes make one text of all that is between them.
#[test]
fn quotes_that_swallow_rows() {
    let text = "id;l;t\n1;30;\"a\n2;40;b\n3;50;\"c\n4;60;d\n";
    let error = refused(text);
    check(&error, Some(2), "closed 2 lines below");
    assert!(error.message().contains("in line 4"), "{error}");
    // The second quote ends a field: the lines between are as wide as the table.
    check(
        &refused("id;l;t\n1;\"30;a\n2;40;b\n3;50\";c\n4;60;d\n"),
        Some(2),
        "as many fields as the table",
    );
    check(
        &refused("id;l;t\n0;9;x\n1;30;\"a\n2;40;b\"\n"),
        Some(3),
        "as many fields as the table",
    );
    // The same wherever blocks are cut.
    for size in 1..40 {
        let read = open_bytes("f.csv", text.into(), &options(size)).unwrap();
        check(&read.read_all().unwrap_err(), Some(2), "closed 2 lines");
    }
    // Texts of several lines are texts.
    let read = table("id;l;t\n1;30;\"a\nb; c\nd\"\n2;40;\"zei \"\"ja\nnee\"\"\"\n");
    assert_eq!(read.rows(), 2);
    // A quoted word at the start of a text loses nobody.
    assert_eq!(table("id;t\n1;\"De Hoek\" 12\n2;b\n").rows(), 2);
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_refused() {
    let endless = std::path::Path::new("/dev/zero");
    let error = fip::data::read_text(endless).unwrap_err();
    assert!(error.message().contains("longer than 64 MiB"), "{error}");
}

#[test]
fn ragged_rows() {
    let error = refused("a;b;c\n1;2;3\n1;2\n1;2;3\n");
    check(&error, Some(3), "2 fields, the header has 3");
    check(
        &refused("a;b;c\n1;2;3\n1;2;3;4\n"),
        Some(3),
        "4 fields, the header has 3",
    );
    // One too many and one too few do not make it right.
    check(&refused("a;b;c\n1;2;3;4\n1;2\n"), Some(2), "4 fields");
    check(&refused("a;b;c\n1;2\n1;2;3;4\n"), Some(2), "2 fields");
    // A quoted line break is inside a row; a blank line is a row.
    check(&refused("a;b\n1;\"x\ny\"\n\n2;3;4\n"), Some(4), "3 fields");
    check(
        &refused("Lijst van mei\na;b;c\n1;2;3\n1;2;3\n"),
        Some(2),
        "header has 1",
    );
    // The same wherever blocks are cut.
    let text = "a;b;c\n1;\"2\n2\";3\n\n1;2;3\n1;2\n";
    for size in 1..40 {
        let read = open_bytes("f.csv", text.into(), &options(size)).unwrap();
        check(&read.read_all().unwrap_err(), Some(5), "2 fields");
    }
}

#[test]
fn blank_lines_are_counted_and_passed_over() {
    for text in [
        "a;b\n\n1;x\n\n;\n2;y\n\n\n",
        "a;b\r\n\r\n1;x\r\n\r\n;\r\n2;y\r\n\r\n\r\n",
        "a;b\n  \n1;x\n \n;\n2;y\n\t\n\n",
    ] {
        for size in [1, 16, 20, 1 << 20] {
            let read = open_bytes("f.csv", text.into(), &options(size)).unwrap();
            let read = read.read_all().unwrap();
            assert_eq!(cells(&read), [["1", "x"], ["2", "y"]], "{text:?} by {size}");
            assert_eq!(read.blank_rows(), 5, "{text:?} by {size}");
            assert_eq!((read.row_number(0), read.row_number(1)), (3, 6));
        }
    }
    let one = table("a\n1\n\n\"\"\n2\n");
    assert_eq!(cells(&one), [["1"], [""], ["2"]]);
    assert_eq!((one.row_number(1), one.row_number(2)), (4, 5));
    let above = table("\n\na;b\n1;2\n");
    assert_eq!(above.row_number(0), 4);
    // What is quoted, or holds white space, is no blank row.
    assert_eq!(table("a;b\n\"\";\"\"\n1;2\n").rows(), 2);
}

#[test]
fn ids_stay_as_they_are() {
    let read = table("id;x\n00123; 1\n 0045 ;2\n");
    let ids = read.text("id").unwrap();
    assert_eq!(
        (ids.get(0), ids.get(1), ids.key(1)),
        ("00123", " 0045 ", "0045")
    );
}

#[test]
fn files_that_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.csv");
    fs::write(&path, "a;b\n1;2\n").unwrap();
    assert!(open(&path, &ReadOptions::default()).is_ok());
    let missing = open(&folder.path().join("registr.csv"), &ReadOptions::default()).unwrap_err();
    assert_eq!(missing.kind(), Kind::Data);
    assert!(missing.message().contains("no such file"));
    assert!(missing.hint_text().unwrap().contains("register.csv"));
    let is_folder = open(folder.path(), &ReadOptions::default()).unwrap_err();
    assert!(is_folder.message().contains("folder"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        // The superuser may read it all the same.
        if let Err(error) = open(&path, &ReadOptions::default()) {
            assert!(error.message().contains("may not be read"), "{error}");
        }
    }
}

#[test]
fn columns_by_name() {
    let read = file("klantnummer;leeftijd;geslacht\n1;2;3\n").unwrap();
    read.require("leeftijd").unwrap();
    let error = read.require("leeftjd").unwrap_err();
    check(&error, None, "no column 'leeftjd'");
    assert!(
        error
            .hint_text()
            .unwrap()
            .contains("did you mean 'leeftijd'")
    );
    let some = read
        .read(&[("geslacht", Want::Levels), ("klantnummer", Want::Text)])
        .unwrap();
    assert_eq!(
        some.columns().collect::<Vec<_>>(),
        ["klantnummer", "geslacht"]
    );
    assert!(some.text("leeftijd").is_err());
    let both = read
        .read(&[("leeftijd", Want::Numeric), ("leeftijd", Want::Auto)])
        .unwrap();
    assert_eq!(both.text("leeftijd").unwrap().get(0), "2");
    assert_eq!(both.numeric("leeftijd").unwrap().get(0), Some(2.0));
    assert_eq!(read.read(&[]).unwrap().rows(), 1);
}

#[test]
fn a_file_that_grows_large() {
    // More different texts than a dictionary holds, over many blocks.
    let mut text = String::from("id,x,y\n");
    for row in 0..40_000 {
        text.push_str(&format!("{row:06},{},{}\n", row % 7, f64::from(row) / 4.0));
    }
    let whole = table(&text);
    let blocks = open_bytes("f.csv", text.into_bytes(), &options(10_000)).unwrap();
    let wants = [
        ("id", Want::Text),
        ("x", Want::Levels),
        ("y", Want::Numeric),
    ];
    let blocks = blocks.read(&wants).unwrap();
    assert_eq!(whole.text("id").unwrap(), blocks.text("id").unwrap());
    assert_eq!(
        whole.levels("x", None).unwrap(),
        blocks.levels("x", None).unwrap()
    );
    assert_eq!(whole.numeric("y").unwrap(), blocks.numeric("y").unwrap());
    assert_eq!(whole.numeric("y").unwrap().get(39_999), Some(9999.75));
    assert_eq!(whole.sha256(), blocks.sha256());
    assert_eq!(blocks.row_number(39_999), 40_001);
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let mut text = String::from("id;x;y\n");
    for row in 0..3000 {
        text.push_str(&format!("{row};{};{},5\n", row % 11, row * 3));
    }
    let read = || {
        let file = open_bytes("f.csv", text.clone().into_bytes(), &options(500)).unwrap();
        let table = file.read(&[
            ("id", Want::Text),
            ("x", Want::Levels),
            ("y", Want::Numeric),
        ]);
        let table = table.unwrap();
        (
            table.text("id").unwrap().into_owned(),
            table.levels("x", None).unwrap(),
            table.numeric("y").unwrap(),
        )
    };
    let pool = |threads| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
    };
    assert_eq!(pool(1).install(read), pool(5).install(read));
}

/// In a file with line feeds a carriage return by itself is part of its cell.
#[test]
fn a_lone_carriage_return() {
    let text = "p;q;r\n;;\"\"aa\n\n\";\";\r;\"\"\n;\r;\n;;\r\r\n;;\r\nx;y;\"z\r\"\n";
    let wanted = [
        ["", "", "aa"],
        [";", "\r", ""],
        ["", "\r", ""],
        ["", "", "\r"],
        ["x", "y", "z\r"],
    ];
    for size in [1, 16, 20, 24, 30, 40, 1 << 20] {
        let file = open_bytes("f.csv", text.as_bytes().to_vec(), &options(size)).unwrap();
        let read = file.read_all().unwrap();
        assert_eq!(cells(&read), wanted, "{size}");
        assert_eq!(read.blank_rows(), 2, "{size}");
    }
    // Around a value it is white space.
    let read = table("x;y\n\r1\r;2\n\r;3\n");
    assert_eq!(read.numeric("x").unwrap().get(0), Some(1.0));
    assert_eq!(read.numeric("x").unwrap().get(1), None);
}

/// A cell with everything that could go wrong in it.
fn cell() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec![
            "a", "1", ";", "\"", "\n", " ", ",", "ë", "\r\n", "\r", "x",
        ]),
        0..5,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_170_301),
        ..ProptestConfig::default()
    })]

    /// What the csv crate writes is what we read, wherever the blocks are cut.
    #[test]
    fn written_and_read_back(
        rows in prop::collection::vec(prop::collection::vec(cell(), 3), 1..8),
        size in 1usize..60,
        all_quoted: bool,
        windows: bool,
    ) {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .quote_style(match all_quoted {
                true => csv::QuoteStyle::Always,
                false => csv::QuoteStyle::Necessary,
            })
            .terminator(match windows {
                true => csv::Terminator::CRLF,
                false => csv::Terminator::Any(b'\n'),
            })
            .from_writer(Vec::new());
        writer.write_record(["p", "q", "r"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let told = ReadOptions { delimiter: Some(b';'), ..options(size) };
        let read = open_bytes("f.csv", bytes, &told).unwrap().read_all();
        let wanted: Vec<Vec<String>> = rows
            .into_iter()
            .filter(|row| all_quoted || row.iter().any(|cell| !cell.is_empty()))
            .collect();
        match read {
            Ok(read) => prop_assert_eq!(cells(&read), wanted),
            // Delimiters and line breaks in one cell may look like rows between two strays.
            Err(error) if error.message().contains("as many fields") => {}
            Err(error) => prop_assert!(wanted.is_empty(), "{}", error),
        }
    }

    /// Whatever the bytes, there is a table or an error, and cutting blocks elsewhere gives the
    /// same one.
    #[test]
    fn anything_at_all(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "a", "1", ";", "\"", "\n", "\r", " ", "ë", "\"\"", ";\"", "\";", "\n\n", "x;y;z\n",
                "\"\n", "\r\n", ";;\r", "\r;", "\"a\r\"\n",
            ]),
            0..40,
        ),
        size in 1usize..50,
    ) {
        let bytes = format!("p;q;r\n{}", parts.concat()).into_bytes();
        let read = |size| {
            let table = open_bytes("f.csv", bytes.clone(), &options(size))?.read_all()?;
            let rows: Vec<u64> = (0..table.rows()).map(|row| table.row_number(row)).collect();
            Ok::<_, fip::error::Error>((cells(&table), rows, table.blank_rows()))
        };
        prop_assert_eq!(read(size), read(1 << 20));
    }
}
