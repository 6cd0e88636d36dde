//! Unique ids and joins.

use fip::data::{Keys, Want, join};

use super::{check, file, table};

#[test]
fn unique_ids() {
    let read = table("id;x\n 007 ;1\n7;2\n007a;3\n");
    let keys = Keys::new(&read, "id").unwrap();
    assert_eq!(keys.iter().collect::<Vec<_>>(), ["007", "7", "007a"]);
    assert_eq!(keys.raw(0), " 007 ");
    assert_eq!(keys.show(&[0, 2]), "'007', '007a'");
}

#[test]
fn duplicates_are_all_counted() {
    let error = Keys::new(&table("id;x\na;1\nb;1\n a;2\n\nb;3\nb ;4\nc;5\n"), "id").unwrap_err();
    check(&error, Some(4), "2 ids occur more than once, in 5 rows");
    assert!(
        error
            .message()
            .contains("'a' in rows 2, 4; 'b' in rows 3, 6, 7"),
        "{error}"
    );
    assert_eq!(error.place().value.as_deref(), Some("a"));
    let mut text = String::from("id;x\n");
    for row in 0..100 {
        text.push_str(&format!("k{};1\n", row % 50));
    }
    let error = Keys::new(&table(&text), "id").unwrap_err();
    check(&error, Some(52), "50 ids occur more than once, in 100 rows");
    assert!(error.message().ends_with("and 45 more"), "{error}");
}

#[test]
fn empty_ids() {
    let error = Keys::new(&table("id;x\na;1\n ;2\nNA;3\n"), "id").unwrap_err();
    check(&error, Some(3), "2 rows have no id: rows 3, 4");
    assert_eq!(error.place().column.as_deref(), Some("id"));
}

#[test]
fn joins() {
    let left = table("id;x\nc;1\na;2\n e;3\nb;4\n");
    let right = table("nr;y\nb;1\nd;2\nc ;3\ne;4\n");
    let (left, right) = (
        Keys::new(&left, "id").unwrap(),
        Keys::new(&right, "nr").unwrap(),
    );
    let found = join(&left, &right);
    assert_eq!(found.pairs, [(0, 2), (2, 3), (3, 0)]);
    assert_eq!((found.only_left, found.only_right), (vec![1], vec![1]));
    let back = join(&right, &left);
    assert_eq!(back.pairs, [(0, 3), (2, 0), (3, 2)]);
}

#[test]
fn many_ids() {
    let mut text = String::from("id,x\n");
    for row in 0..50_000u64 {
        text.push_str(&format!("{:08},1\n", row * 7919 % 50_021));
    }
    let read = file(&text).unwrap().read(&[("id", Want::Text)]).unwrap();
    let keys = Keys::new(&read, "id").unwrap();
    let found = join(&keys, &keys);
    assert!(
        found
            .pairs
            .iter()
            .enumerate()
            .all(|(at, pair)| *pair == (at as u32, at as u32))
    );
    assert_eq!(found.pairs.len(), 50_000);
}
