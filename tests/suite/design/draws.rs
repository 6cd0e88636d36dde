//! Draws and their replicates: what must hold for every design.

use std::collections::{HashMap, HashSet};

use fip::design::{Allocation, Drawer, Method, Plan, Units, draw};
use fip::error::Kind;

use super::{plan, thousand};

fn by_id(ids: &[String], allocation: &Allocation) -> HashMap<String, String> {
    ids.iter()
        .enumerate()
        .map(|(row, id)| (id.trim().to_owned(), allocation.arm_of(row).to_owned()))
        .collect()
}

#[track_caller]
fn refused(result: fip::error::Result<Units>, part: &str) {
    let error = match result {
        Ok(_) => panic!("accepted, expected: {part}"),
        Err(error) => error,
    };
    assert_eq!(error.kind(), Kind::Data);
    assert!(error.to_string().contains(part), "{error}");
    assert!(error.hint_text().is_some(), "{error}");
}

#[test]
fn the_row_order_does_not_matter() {
    let [ids, town, sex] = thousand();
    let plan = plan(
        Method::Stratified,
        &[("x", "187"), ("y", "33%"), ("z", "")],
        "order",
    );
    let units = Units::new(&ids, &[&town, &sex], None).unwrap();
    let first = draw(&plan, &units).unwrap();
    for step in [7, 333, 999] {
        let mix = |texts: &[String]| -> Vec<String> {
            (0..1000).map(|i| texts[i * step % 1000].clone()).collect()
        };
        let (mixed, town, sex) = (mix(&ids), mix(&town), mix(&sex));
        let units = Units::new(&mixed, &[&town, &sex], None).unwrap();
        let again = draw(&plan, &units).unwrap();
        assert_eq!(again.sha256, first.sha256);
        assert_eq!(again.arms, first.arms);
        assert_eq!(again.strata, first.strata);
        assert_eq!(by_id(&mixed, &again), by_id(&ids, &first));
    }
}

#[test]
fn keys_are_trimmed_and_ordered_by_bytes() {
    let plan = plan(Method::Complete, &[("x", "2"), ("y", "")], "bytes");
    let plain = ["10", "9", "é", "z", "Z", "1\u{20ac}", "😀"].map(str::to_owned);
    let spaced = [
        "\u{a0}10 ",
        "9\t",
        " é",
        "z\u{3000}",
        "Z",
        "1\u{20ac}",
        "😀",
    ]
    .map(str::to_owned);
    let allocate = |ids: &[String]| {
        let ids = ids.to_vec();
        draw(&plan, &Units::new(&ids, &[], None).unwrap()).unwrap()
    };
    assert_eq!(allocate(&plain).sha256, allocate(&spaced).sha256);
    let ids = plain.to_vec();
    let units = Units::new(&ids, &[], None).unwrap();
    let order: Vec<&str> = units
        .canonical_rows()
        .iter()
        .map(|&row| plain[row as usize].as_str())
        .collect();
    assert_eq!(order, ["10", "1€", "9", "Z", "z", "é", "😀"]);
}

#[test]
fn keys_that_share_their_first_bytes_are_ordered_by_the_rest() {
    let mut ids: Vec<String> = (0..500)
        .map(|i| format!("client-2017-{:0width$}", i * 7919 % 500, width = 1 + i % 14))
        .collect();
    ids.sort_by_key(|id| id.len() % 7);
    ids.sort();
    ids.dedup();
    let mut sorted: Vec<&str> = ids.iter().map(String::as_str).collect();
    sorted.sort_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
    let mixed: Vec<&str> = (0..ids.len()).rev().map(|i| ids[i].as_str()).collect();
    let units = Units::new(&mixed, &[], None).unwrap();
    let found: Vec<&str> = units
        .canonical_rows()
        .iter()
        .map(|&row| mixed[row as usize])
        .collect();
    assert_eq!(found, sorted);
}

#[test]
fn ids_that_cannot_be_drawn_stop_it() {
    let none: [&str; 0] = [];
    refused(Units::new(&none.to_vec(), &[], None), "nobody is left");
    refused(
        Units::new(&vec!["1", " ", ""], &[], None),
        "2 eligible rows have no id",
    );
    refused(
        Units::new(&vec!["1", "2", " 1", "1"], &[], None),
        "2 eligible rows repeat",
    );
    refused(Units::new(&vec!["1", "2\t3"], &[], None), "a tab");
    refused(
        Units::new(&vec!["1", "2"], &[&vec!["a", "b\u{1f}c"]], None),
        "U+001F",
    );
    refused(
        Units::new(&vec!["1", "2"], &[], Some(&vec!["h", " "])),
        "client '2' has no cluster",
    );
    refused(
        Units::new(
            &vec!["1", "2"],
            &[&vec!["north", "south"]],
            Some(&vec!["h", "h "]),
        ),
        "cluster 'h' are in different strata: 'north' and 'south'",
    );
}

#[test]
fn strata_and_method_go_together() {
    let ids = vec!["1", "2", "3"];
    let strata = vec!["a", "a", "b"];
    let plain = Units::new(&ids, &[], None).unwrap();
    let stratified = Units::new(&ids, &[&strata], None).unwrap();
    let arms = [("x", "0.5"), ("y", "")];
    assert!(draw(&plan(Method::Stratified, &arms, "s"), &plain).is_err());
    assert!(draw(&plan(Method::Complete, &arms, "s"), &stratified).is_err());
    assert!(draw(&plan(Method::Simple, &arms, "s"), &stratified).is_err());
}

/// Households of one to four with names that sort otherwise than their members' ids.
fn households() -> [Vec<String>; 3] {
    let ids: Vec<String> = (0..300).map(|i| format!("{:05}", i * 37 % 1000)).collect();
    let house = |i: usize| 1000 - i * 2 / 5;
    [
        ids,
        (0..300).map(|i| format!("h{}", house(i))).collect(),
        (0..300)
            .map(|i| {
                if house(i).is_multiple_of(7) {
                    "Zuid"
                } else {
                    "Noord é"
                }
                .to_owned()
            })
            .collect(),
    ]
}

#[test]
fn clusters_are_drawn_whole_and_sizes_count_them() {
    let [ids, houses, area] = households();
    let count = houses.iter().collect::<HashSet<_>>().len() as u64;
    let stratified = plan(Method::Stratified, &[("x", "40"), ("y", "")], "h");
    let complete = plan(Method::Complete, &[("x", "40"), ("y", "")], "h");
    let simple = plan(Method::Simple, &[("x", "0.4"), ("y", "")], "h");
    let with_area = Units::new(&ids, &[&area], Some(&houses)).unwrap();
    let without = Units::new(&ids, &[], Some(&houses)).unwrap();
    for (plan, units) in [
        (&stratified, &with_area),
        (&complete, &without),
        (&simple, &without),
    ] {
        let allocation = draw(plan, units).unwrap();
        let mut arm_of: HashMap<&str, u8> = HashMap::new();
        for (house, &arm) in houses.iter().zip(&allocation.arm) {
            assert_eq!(*arm_of.entry(house).or_insert(arm), arm);
        }
        assert_eq!(allocation.units, count);
        let units: u64 = allocation.arms.iter().map(|arm| arm.units).sum();
        let persons: u64 = allocation.arms.iter().map(|arm| arm.persons).sum();
        assert_eq!((units, persons), (count, 300));
        if plan.method() != Method::Simple {
            assert_eq!(allocation.arms[0].units, 40);
        }
        for (a, total) in allocation.arms.iter().enumerate() {
            let found = allocation
                .arm
                .iter()
                .filter(|&&arm| usize::from(arm) == a)
                .count();
            assert_eq!(found as u64, total.persons);
            let strata: u64 = allocation.strata.iter().map(|s| s.arms[a].persons).sum();
            assert!(allocation.strata.is_empty() || strata == total.persons);
        }
    }
}

#[test]
fn strata_of_one_and_other_alphabets_are_drawn() {
    let ids: Vec<String> = (0..40).map(|i| format!("κ{i}")).collect();
    let strata: Vec<String> = (0..40)
        .map(|i| {
            if i < 20 {
                "’s-Hertogenbosch".to_owned()
            } else {
                format!("ß{i} 郡")
            }
        })
        .collect();
    let plan = plan(
        Method::Stratified,
        &[("é", "13"), ("ü", "7"), ("ø", "")],
        "één zaadje",
    );
    let units = Units::new(&ids, &[&strata], None).unwrap();
    let allocation = draw(&plan, &units).unwrap();
    let sizes: Vec<u64> = allocation.arms.iter().map(|arm| arm.units).collect();
    assert_eq!(sizes, [13, 7, 20]);
    assert_eq!(allocation.strata.len(), 21);
    assert_eq!(
        allocation.stratum_of(3).as_deref(),
        Some("’s-Hertogenbosch")
    );
    for (row, stratum) in strata.iter().enumerate() {
        assert_eq!(allocation.stratum_of(row).as_ref(), Some(stratum));
    }
}

/// Counts over many draws against the declared probability, for every person and arm:
/// within five standard deviations. A supplement to the exact counts in `quotas`.
#[track_caller]
fn check_frequencies(counts: &[Vec<u32>], draws: u32, probabilities: &[f64]) {
    for (person, counts) in counts.iter().enumerate() {
        for (arm, p) in probabilities.iter().enumerate() {
            let expected = p * f64::from(draws);
            let allowed = 5.0 * (expected * (1.0 - p)).sqrt();
            let off = (f64::from(counts[arm]) - expected).abs();
            assert!(off < allowed, "person {person}, arm {arm}: {counts:?}");
        }
    }
}

/// A small design of every kind: ids, strata, clusters.
fn small() -> [Vec<String>; 3] {
    [
        (0..15).map(|i| format!("p{i:02}")).collect(),
        (0..15)
            .map(|i| ["a", "b", "b", "c", "c", "c", "d"][i / 2 % 7].to_owned())
            .collect(),
        (0..15).map(|i| format!("h{}", i / 2)).collect(),
    ]
}

fn designs() -> Vec<(Plan, bool, bool)> {
    vec![
        (
            plan(
                Method::Simple,
                &[("x", "0.2"), ("y", "0.5"), ("z", "")],
                "p",
            ),
            false,
            false,
        ),
        (
            plan(Method::Simple, &[("x", "0.2"), ("y", "")], "p"),
            false,
            true,
        ),
        (
            plan(Method::Complete, &[("x", "4"), ("y", "")], "p"),
            false,
            false,
        ),
        (
            plan(Method::Complete, &[("x", "9"), ("y", "2"), ("z", "")], "p"),
            false,
            false,
        ),
        (
            plan(Method::Complete, &[("x", "3"), ("y", "")], "p"),
            false,
            true,
        ),
        (
            plan(Method::Stratified, &[("x", "4"), ("y", "")], "p"),
            true,
            false,
        ),
        (
            plan(
                Method::Stratified,
                &[("x", "2"), ("y", "5"), ("z", "")],
                "p",
            ),
            true,
            false,
        ),
        (
            plan(
                Method::Stratified,
                &[("x", "2"), ("y", "3"), ("z", "")],
                "p",
            ),
            true,
            true,
        ),
    ]
}

#[test]
fn replicates_keep_the_sizes_and_give_everybody_the_declared_chance() {
    let [ids, strata, houses] = small();
    for (plan, stratified, clustered) in designs() {
        let columns: &[&dyn fip::design::Texts] = if stratified { &[&strata] } else { &[] };
        let cluster: Option<&dyn fip::design::Texts> = if clustered { Some(&houses) } else { None };
        let units = Units::new(&ids, columns, cluster).unwrap();
        let drawer = Drawer::new(&plan, &units).unwrap();
        let probabilities = drawer.probabilities(0).unwrap();
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        let mut scratch = drawer.scratch();
        let mut arms = vec![0u8; 15];
        let mut counts = vec![vec![0u32; probabilities.len()]; 15];
        const DRAWS: u32 = 4000;
        for index in 0..u64::from(DRAWS) {
            drawer.replicate(index, &mut scratch, &mut arms).unwrap();
            for (person, &arm) in arms.iter().enumerate() {
                counts[person][usize::from(arm)] += 1;
            }
            if clustered {
                assert!((0..14).step_by(2).all(|i| arms[i] == arms[i + 1]));
            }
            if plan.method() != Method::Simple {
                let sizes = plan.sizes(units.count() as u64, units.kind()).unwrap();
                let mut found = vec![0; sizes.len()];
                for i in (0..15).step_by(if clustered { 2 } else { 1 }) {
                    found[usize::from(arms[i])] += 1;
                }
                assert_eq!(found, sizes);
            }
        }
        check_frequencies(&counts, DRAWS, &probabilities);
    }
}

#[test]
fn draws_with_many_seeds_give_everybody_the_declared_chance() {
    let [ids, strata, _] = small();
    let units = Units::new(&ids, &[&strata], None).unwrap();
    let mut counts = vec![vec![0u32; 3]; 15];
    for seed in 0..4000 {
        let plan = plan(
            Method::Stratified,
            &[("x", "2"), ("y", "5"), ("z", "")],
            &seed.to_string(),
        );
        let allocation = draw(&plan, &units).unwrap();
        for (person, &arm) in allocation.arm.iter().enumerate() {
            counts[person][usize::from(arm)] += 1;
        }
    }
    check_frequencies(&counts, 4000, &[2.0 / 15.0, 5.0 / 15.0, 8.0 / 15.0]);
}

#[test]
fn a_replicate_depends_on_its_index_only() {
    let [ids, strata, _] = small();
    let plan = plan(Method::Stratified, &[("x", "4"), ("y", "")], "p");
    let units = Units::new(&ids, &[&strata], None).unwrap();
    let drawer = Drawer::new(&plan, &units).unwrap();
    let fresh = |index| {
        let mut arms = vec![9u8; 15];
        drawer
            .replicate(index, &mut drawer.scratch(), &mut arms)
            .unwrap();
        arms
    };
    let mut scratch = drawer.scratch();
    let mut arms = vec![0u8; 15];
    for index in [5, 0, 3, 5] {
        drawer.replicate(index, &mut scratch, &mut arms).unwrap();
        assert_eq!(arms, fresh(index));
    }
    assert_ne!(fresh(0), fresh(1));
    assert!(drawer.replicate(0, &mut scratch, &mut [0; 3]).is_err());
}
