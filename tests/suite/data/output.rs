//! Files out.

use std::fs;

use fip::data::{Existing, OutputFolder, csv_bytes, read_text, sha256_hex, write_csv, write_file};
use fip::error::Kind;

#[test]
fn nothing_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("allocation.csv");
    let rows = [["0012", "a;b"], ["x", "zeg \"ja\""]];
    write_csv(&path, &["id", "arm"], rows, Existing::Keep).unwrap();
    let text = "id,arm\n0012,a;b\nx,\"zeg \"\"ja\"\"\"\n";
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let error = write_csv(&path, &["id", "arm"], rows, Existing::Keep).unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert!(error.hint_text().is_some());
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    write_file(&path, b"new", Existing::Replace).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    // No draft is left behind.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn folders() {
    let folder = tempfile::tempdir().unwrap();
    let out = OutputFolder::create(&folder.path().join("a/b")).unwrap();
    assert!(!out.has("x.json"));
    let path = out.write("x.json", b"{}", Existing::Keep).unwrap();
    assert!(out.has("x.json"));
    assert_eq!(path, out.file("x.json"));
    assert_eq!(
        out.write("x.json", b"", Existing::Keep).unwrap_err().kind(),
        Kind::Refused
    );
    assert!(OutputFolder::create(&path).is_err());
    assert!(write_file(&folder.path().join("no/such/x"), b"", Existing::Keep).is_err());
}

#[test]
fn texts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trial.toml");
    fs::write(&path, "\u{feff}a = \"ë\"\n").unwrap();
    assert_eq!(read_text(&path).unwrap(), "a = \"ë\"\n");
    fs::write(&path, b"a = 1\nb = \"\xeb\"\n").unwrap();
    let error = read_text(&path).unwrap_err();
    assert_eq!(error.place().line, Some(2));
    assert!(
        read_text(&folder.path().join("trail.toml"))
            .unwrap_err()
            .hint_text()
            .unwrap()
            .contains("trial.toml")
    );
    assert!(read_text(folder.path()).is_err());
    fs::write(&path, b"PK\x03\x04").unwrap();
    assert!(read_text(&path).is_err());
}

#[test]
fn bytes() {
    // FIPS 180-2, appendix B.1.
    assert_eq!(
        sha256_hex(b"abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    let rows: Vec<Vec<String>> = vec![vec![String::new()], vec!["a,b".into()]];
    assert_eq!(csv_bytes(&["x"], rows).unwrap(), b"x\n\"\"\n\"a,b\"\n");
}
