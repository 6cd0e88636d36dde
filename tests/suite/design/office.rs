//! What an office needs beside the draw: lots, sizes per stratum and in persons, batches, the
//! first day, caseworkers and invitations, against the vectors of an independent
//! implementation in tests/reference/office.json and by what must hold for every register.

use std::collections::{BTreeMap, HashMap, HashSet};

use fip::design::{
    Allocation, ArmPlan, Before, Caseworker, Counting, Drawer, Method, Newcomers, Plan, Quota,
    Texts, Units, caseworkers, draw, invitations,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

use super::plan;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../reference/office.json")).unwrap()
}

fn numbers(range: std::ops::RangeInclusive<u32>) -> Vec<String> {
    range.map(|i| format!("{i:03}")).collect()
}

fn stratum(ids: &[String], is_b: impl Fn(u32) -> bool) -> Vec<String> {
    ids.iter()
        .map(|id| if is_b(id.parse().unwrap()) { "B" } else { "A" }.to_owned())
        .collect()
}

fn by_thirds(ids: &[String]) -> Vec<String> {
    stratum(ids, |number| number.is_multiple_of(3))
}

fn arm(name: &str, quota: Quota) -> ArmPlan {
    ArmPlan {
        name: name.to_owned(),
        quota,
    }
}

fn sizes(of: &[(&str, u64)]) -> Quota {
    Quota::Sizes(of.iter().map(|(s, n)| ((*s).to_owned(), *n)).collect())
}

/// What a vector says of every id, against what was drawn.
#[track_caller]
fn same(expected: &Value, ids: &[String], found: impl Fn(usize) -> Value) {
    let expected = expected.as_object().unwrap();
    assert_eq!(expected.len(), ids.len());
    for (row, id) in ids.iter().enumerate() {
        assert_eq!(expected[id], found(row), "{id}");
    }
}

#[track_caller]
fn same_arms(expected: &Value, ids: &[String], allocation: &Allocation) {
    same(expected, ids, |row| allocation.arm_of(row).into());
}

#[test]
fn lots() {
    let v = &vectors()["lots"];
    let ids = numbers(1..=20);
    let arms = [("interventie", "7"), ("controle", "")];
    let units = Units::new(&ids, &[], None).unwrap();
    let drawn = draw(&plan(Method::Complete, &arms, "pilot"), &units).unwrap();
    same(&v["lot"], &ids, |row| {
        drawn.lot.as_ref().unwrap()[row].into()
    });

    let strata = by_thirds(&ids);
    let units = Units::new(&ids, &[&strata], None).unwrap();
    let drawn = draw(&plan(Method::Stratified, &arms, "pilot"), &units).unwrap();
    same(&v["lot_in_stratum"], &ids, |row| {
        drawn.lot.as_ref().unwrap()[row].into()
    });
}

#[test]
fn a_simple_draw_has_no_lots() {
    let ids = numbers(1..=20);
    let units = Units::new(&ids, &[], None).unwrap();
    let arms = [("a", "0.4"), ("b", "")];
    let drawn = draw(&plan(Method::Simple, &arms, "pilot"), &units).unwrap();
    assert_eq!(drawn.lot, None);
    assert_eq!(drawn.in_line(0), vec![Vec::<u32>::new()]);
}

#[test]
fn sizes_per_stratum() {
    let v = &vectors()["sizes_per_stratum"];
    let ids = numbers(1..=20);
    let strata = by_thirds(&ids);
    let units = Units::new(&ids, &[&strata], None).unwrap();
    let arms = vec![
        arm("interventie", sizes(&[("A", 5), ("B", 2)])),
        arm("controle", Quota::Rest),
    ];
    let plan = Plan::new(Method::Stratified, arms, "pilot").unwrap();
    let drawn = draw(&plan, &units).unwrap();
    same_arms(&v["allocation"], &ids, &drawn);
    // The next in line for a place in A is its sixth lot, by the vector 017.
    assert_eq!(ids[drawn.in_line(0)[0][0] as usize], "017");
    // The chance is the stratum's: 5 of 14, 2 of 6.
    let drawer = Drawer::new(&plan, &units).unwrap();
    assert_eq!(drawer.probabilities(0).unwrap()[0], 5.0 / 14.0);
    assert_eq!(drawer.probabilities(1).unwrap()[0], 2.0 / 6.0);
}

#[test]
fn sizes_that_do_not_fit_the_strata_are_told() {
    let ids = numbers(1..=20);
    let strata = by_thirds(&ids);
    let units = Units::new(&ids, &[&strata], None).unwrap();
    #[track_caller]
    fn refused(units: &Units, arms: Vec<ArmPlan>, part: &str) {
        let error = Plan::new(Method::Stratified, arms, "s")
            .and_then(|plan| draw(&plan, units))
            .unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert!(error.hint_text().is_some(), "{error}");
    }
    let rest = || arm("c", Quota::Rest);
    let refused = |arms, part| refused(&units, arms, part);
    refused(
        vec![arm("i", sizes(&[("A", 5)])), rest()],
        "no size for stratum 'B'",
    );
    refused(
        vec![arm("i", sizes(&[("A", 5), ("B", 1), ("C", 1)])), rest()],
        "stratum 'C', but nobody eligible is in it",
    );
    refused(
        vec![arm("i", sizes(&[("A", 15), ("B", 1)])), rest()],
        "stratum 'A' add up to 15, but it has 14: 1 too many",
    );
    refused(
        vec![
            arm("i", sizes(&[("A", 5), ("B", 1)])),
            arm("c", sizes(&[("A", 5), ("B", 5)])),
        ],
        "stratum 'A' add up to 10, but it has 14: 4 too few",
    );
    refused(
        vec![
            arm("i", sizes(&[("A", 5), ("B", 1)])),
            arm("c", Quota::Size(14)),
        ],
        "arm 'c' has not",
    );
    refused(
        vec![arm("i", sizes(&[("A", 0), ("B", 0)])), rest()],
        "a size of zero",
    );
    let complete = vec![arm("i", sizes(&[("A", 5)])), rest()];
    assert!(Plan::new(Method::Complete, complete, "s").is_err());
}

/// The vector's households as persons: ids, and the household and stratum of each.
fn households(v: &Value) -> [Vec<String>; 3] {
    let mut columns = [vec![], vec![], vec![]];
    for (house, members) in v["members"].as_object().unwrap() {
        for member in 0..members.as_u64().unwrap() {
            columns[0].push(format!("{member}{house}"));
            columns[1].push(house.clone());
            columns[2].push(v["strata"][house].as_str().unwrap().to_owned());
        }
    }
    columns
}

fn in_persons(method: Method, size: u64) -> Plan {
    let arms = vec![
        arm("interventie", Quota::Size(size)),
        arm("controle", Quota::Rest),
    ];
    Plan::of(method, arms, "huis", Counting::Persons, 1).unwrap()
}

#[test]
fn sizes_in_persons() {
    let v = &vectors()["sizes_in_persons"];
    let [ids, houses, area] = households(v);
    let of_house = |expected: &Value, allocation: &Allocation| {
        for (row, house) in houses.iter().enumerate() {
            assert_eq!(expected[house], allocation.arm_of(row), "{house}");
        }
    };
    let units = Units::new(&ids, &[], Some(&houses)).unwrap();
    let plain = draw(&in_persons(Method::Complete, 9), &units).unwrap();
    of_house(&v["without_strata"], &plain);
    assert_eq!((plain.arms[0].units, plain.arms[0].persons), (5, 9));

    let units = Units::new(&ids, &[&area], Some(&houses)).unwrap();
    let stratified = draw(&in_persons(Method::Stratified, 9), &units).unwrap();
    of_house(&v["with_strata"], &stratified);
    assert_eq!(stratified.arms[0].persons, 10);
    let drawer_plan = in_persons(Method::Stratified, 9);
    let drawer = Drawer::new(&drawer_plan, &units).unwrap();
    assert_eq!(drawer.probabilities(0), None);
}

#[test]
fn a_batch() {
    let v = &vectors()["batch"];
    let ids = numbers(101..=110);
    let arms = || {
        vec![
            arm("interventie", Quota::Size(3)),
            arm("controle", Quota::Size(7)),
        ]
    };
    let of = |method| Plan::of(method, arms(), "pilot", Counting::Units, 2).unwrap();
    let units = Units::new(&ids, &[], None).unwrap();
    same_arms(
        &v["allocation"],
        &ids,
        &draw(&of(Method::Complete), &units).unwrap(),
    );
    let strata = stratum(&ids, |number| !number.is_multiple_of(2));
    let units = Units::new(&ids, &[&strata], None).unwrap();
    same_arms(
        &v["with_strata"],
        &ids,
        &draw(&of(Method::Stratified), &units).unwrap(),
    );
}

#[test]
fn a_batch_keeps_the_shares_of_the_design() {
    let all = |n: u64| vec![(String::new(), n)];
    let sizes_of = |arms: &[(&str, &str)], first: u64, now: u64| {
        plan(Method::Complete, arms, "s")
            .for_batch(2, &all(first), &all(now))
            .unwrap()
            .sizes(now, fip::design::UnitKind::Person)
            .unwrap()
    };
    // 360 of 1,028 is .3502: of ten newcomers 3.502 and 6.498, the one left over to the larger
    // fraction.
    assert_eq!(sizes_of(&[("i", "360"), ("c", "")], 1028, 10), [4, 6]);
    assert_eq!(sizes_of(&[("i", "360"), ("c", "")], 1028, 1), [0, 1]);
    assert_eq!(sizes_of(&[("i", "0.25"), ("c", "")], 1028, 2), [1, 1]);
    assert_eq!(sizes_of(&[("i", "0.25"), ("c", "")], 1028, 4), [1, 3]);
    assert_eq!(
        sizes_of(&[("a", "2"), ("b", "2"), ("c", "2")], 6, 4),
        [2, 1, 1]
    );

    let per_stratum = Plan::new(
        Method::Stratified,
        vec![
            arm("i", sizes(&[("A", 5), ("B", 2)])),
            arm("c", Quota::Rest),
        ],
        "s",
    )
    .unwrap();
    let strata = |a: u64, b: u64| vec![("A".to_owned(), a), ("B".to_owned(), b)];
    let batch = per_stratum
        .for_batch(3, &strata(10, 8), &strata(4, 4))
        .unwrap();
    assert_eq!(batch.batch(), 3);
    assert_eq!(batch.arms()[0].quota, sizes(&[("A", 2), ("B", 1)]));
    let unknown = [("C".to_owned(), 4)];
    assert!(per_stratum.for_batch(2, &strata(10, 8), &unknown).is_err());
}

#[test]
fn who_is_new_is_drawn_once_and_who_joins_a_household_follows_it() {
    let before = Before {
        ids: &vec!["1", "2 ", "3"],
        clusters: Some(&vec!["h1", "h1", "h2"]),
        arms: &vec!["i", "i", "c"],
    };
    let ids = vec!["3", "4", " 2", "5", "6", "7"];
    let houses = vec!["h2", "h2", "h9", " h1", "h3", "h3"];
    let found = Newcomers::new(&before, &ids, Some(&houses)).unwrap();
    assert_eq!(found.known, 2);
    assert_eq!(found.joined, [(1, "c".to_owned()), (3, "i".to_owned())]);
    assert_eq!(found.to_draw, [4, 5]);
    let found = Newcomers::new(&before, &ids, None).unwrap();
    assert_eq!(found.to_draw, [1, 3, 4, 5]);
    let split = Before {
        arms: &vec!["i", "c", "c"],
        ..before
    };
    assert!(Newcomers::new(&split, &ids, Some(&houses)).is_err());
}

#[test]
fn caseworkers_and_invitations() {
    let vectors = vectors();
    let plan = plan(
        Method::Complete,
        &[("interventie", "7"), ("c", "")],
        "pilot",
    );
    let v = &vectors["caseworkers"];
    let texts = |v: &Value| -> Vec<String> {
        let units = v["units"].as_array().unwrap();
        units
            .iter()
            .map(|u| u.as_str().unwrap().to_owned())
            .collect()
    };
    let units = texts(v);
    let people: Vec<Caseworker> = v["places"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| Caseworker {
            name: place[0].as_str().unwrap().to_owned(),
            places: place[1].as_u64(),
        })
        .collect();
    let drawn = caseworkers(&plan, "interventie", &units, &people).unwrap();
    same(&v["caseworker"], &units, |row| {
        people[drawn[row]].name.clone().into()
    });

    let full = |places: &[Option<u64>]| -> Vec<Caseworker> {
        let named = places.iter().zip(["a", "b", "c"]);
        named
            .map(|(&places, name)| Caseworker {
                name: name.to_owned(),
                places,
            })
            .collect()
    };
    let draw = |places: &[Option<u64>]| caseworkers(&plan, "i", &units, &full(places));
    let counts = |drawn: Vec<usize>| [0, 1, 2].map(|c| drawn.iter().filter(|d| **d == c).count());
    assert_eq!(counts(draw(&[Some(3), None, Some(4)]).unwrap()), [3, 1, 4]);
    assert_eq!(counts(draw(&[Some(6), Some(6)]).unwrap()), [6, 2, 0]);
    assert!(
        draw(&[Some(3), Some(4)])
            .unwrap_err()
            .message()
            .contains("1 too few")
    );
    assert!(draw(&[None, None]).is_err());
    assert!(draw(&[]).is_err());

    let v = &vectors["invitations"];
    let units = texts(v);
    let places = invitations(&plan, "interventie", &units).unwrap();
    same(&v["place"], &units, |row| places[row].into());
    let mut reversed = units.clone();
    reversed.reverse();
    let mut again = invitations(&plan, "interventie", &reversed).unwrap();
    again.reverse();
    assert_eq!(again, places);
}

#[test]
fn the_first_day_moves_the_next_in_line_up() {
    let ids = numbers(1..=20);
    let strata = by_thirds(&ids);
    let units = Units::new(&ids, &[&strata], None).unwrap();
    let arms = vec![
        arm("interventie", sizes(&[("A", 5), ("B", 2)])),
        arm("controle", Quota::Rest),
    ];
    let plan = Plan::new(Method::Stratified, arms, "pilot").unwrap();
    let drawer = Drawer::new(&plan, &units).unwrap();
    let drawn = drawer.draw().unwrap();
    let everybody = drawer.start(&[true; 20]).unwrap();
    let unchanged: Vec<Option<u8>> = drawn.arm.iter().copied().map(Some).collect();
    assert_eq!(everybody.arm, unchanged);
    assert_eq!(everybody.sha256, drawn.sha256);

    // By the vector A runs 004 020 016 008 010 | 017 007 …: 020 and 007 leave, 017 moves up.
    let still: Vec<bool> = ids.iter().map(|id| id != "020" && id != "007").collect();
    let start = drawer.start(&still).unwrap();
    let arm_of = |id: &str| start.arm[ids.iter().position(|known| known == id).unwrap()];
    assert_eq!((arm_of("020"), arm_of("007")), (None, None));
    assert_eq!(arm_of("017"), Some(0));
    let moved: Vec<&String> = ids
        .iter()
        .enumerate()
        .filter(|(row, _)| start.arm[*row].is_some_and(|arm| arm != drawn.arm[*row]))
        .map(|(_, id)| id)
        .collect();
    assert_eq!(moved, ["017"]);
    let [intervention, control] = &start.arms[..] else {
        panic!("two arms");
    };
    assert_eq!(
        (
            intervention.drawn,
            intervention.left,
            intervention.moved_in,
            intervention.started
        ),
        (7, 1, 1, 7)
    );
    assert_eq!(
        (
            control.drawn,
            control.left,
            control.moved_out,
            control.started
        ),
        (13, 1, 1, 11)
    );
    assert!(drawer.start(&[false; 20]).is_err());
    assert!(drawer.start(&[true; 3]).is_err());
}

/// Over all draws of a small design, everybody who is left has the same chance of an arm: the
/// seeds stand in for the draws, within five standard deviations.
#[test]
fn the_first_day_gives_everybody_who_is_left_the_same_chance() {
    let ids = numbers(1..=12);
    let units = Units::new(&ids, &[], None).unwrap();
    let still: Vec<bool> = (0..12).map(|row| row % 4 != 1).collect();
    let draws = 4000;
    let mut first = [0u32; 12];
    for seed in 0..draws {
        let plan = plan(
            Method::Complete,
            &[("i", "4"), ("c", "")],
            &seed.to_string(),
        );
        let start = Drawer::new(&plan, &units).unwrap().start(&still).unwrap();
        assert_eq!(start.arms[0].started, 4);
        for (row, arm) in start.arm.iter().enumerate() {
            assert_eq!(arm.is_some(), still[row]);
            first[row] += u32::from(*arm == Some(0));
        }
    }
    let expected: f64 = f64::from(draws) * 4.0 / 9.0;
    let allowed = 5.0 * (expected * 5.0 / 9.0).sqrt();
    for (row, &count) in first.iter().enumerate().filter(|(row, _)| still[*row]) {
        assert!(
            (f64::from(count) - expected).abs() < allowed,
            "{row}: {first:?}"
        );
    }
}

/// A made-up register: per household its stratum and its members.
fn register() -> impl Strategy<Value = Vec<(u8, usize)>> {
    prop::collection::vec((0u8..4, 1usize..5), 2..60)
}

fn columns(houses: &[(u8, usize)]) -> [Vec<String>; 3] {
    let mut columns = [vec![], vec![], vec![]];
    for (house, (stratum, members)) in houses.iter().enumerate() {
        for member in 0..*members {
            // Ids in another order than their households.
            columns[0].push(format!("{:05}", (house * 7919 + member * 101) % 100_000));
            columns[1].push(format!("h{house:03}"));
            columns[2].push(format!("s{stratum}"));
        }
    }
    columns
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256,
        rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    /// Sizes in persons: households whole, nobody twice or forgotten, and every arm but the last
    /// off by less than the largest household.
    #[test]
    fn persons_are_counted_and_households_never_split(
        houses in register(),
        seed in "[a-z]{1,8}",
        shares in (1u64..10, 1u64..10, 1u64..10),
        stratified: bool,
    ) {
        let [ids, of_house, strata] = columns(&houses);
        prop_assume!(ids.iter().collect::<HashSet<_>>().len() == ids.len());
        let people = ids.len() as u64;
        let whole = shares.0 + shares.1 + shares.2;
        let (a, b) = (people * shares.0 / whole, people * shares.1 / whole);
        prop_assume!(a > 0 && b > 0 && a + b < people);
        let arms = vec![
            arm("a", Quota::Size(a)),
            arm("b", Quota::Size(b)),
            arm("c", Quota::Rest),
        ];
        let method = if stratified { Method::Stratified } else { Method::Complete };
        let plan = Plan::of(method, arms, seed, Counting::Persons, 1).unwrap();
        let strata: &[&dyn Texts] = if stratified { &[&strata] } else { &[] };
        let units = Units::new(&ids, strata, Some(&of_house)).unwrap();
        let drawn = draw(&plan, &units).unwrap();
        let mut arm_of: HashMap<&str, u8> = HashMap::new();
        for (house, &arm) in of_house.iter().zip(&drawn.arm) {
            prop_assert_eq!(*arm_of.entry(house).or_insert(arm), arm);
        }
        let persons: u64 = drawn.arms.iter().map(|arm| arm.persons).sum();
        prop_assert_eq!(persons, people);
        // An arm is off by less than one household where the arms before it left enough.
        prop_assert!(drawn.arms[0].persons >= a && drawn.arms[0].persons < a + 4);
        prop_assert!(drawn.arms[1].persons < b + 4);

        // Lots are 1, 2, … in every stratum, the same for a whole household.
        let lots = drawn.lot.as_ref().unwrap();
        let mut of_stratum: BTreeMap<String, HashMap<&str, u32>> = BTreeMap::new();
        for (row, house) in of_house.iter().enumerate() {
            let stratum = drawn.stratum_of(row).unwrap_or_default();
            let lot = of_stratum.entry(stratum).or_default().entry(house).or_insert(lots[row]);
            prop_assert_eq!(*lot, lots[row]);
        }
        for lots in of_stratum.values() {
            let mut lots: Vec<u32> = lots.values().copied().collect();
            lots.sort_unstable();
            prop_assert_eq!(&lots, &(1..=lots.len() as u32).collect::<Vec<_>>());
        }

        // A replicate has the same promises.
        let drawer = Drawer::new(&plan, &units).unwrap();
        let mut arms = vec![0u8; ids.len()];
        drawer.replicate(3, &mut drawer.scratch(), &mut arms).unwrap();
        let first = arms.iter().filter(|arm| **arm == 0).count() as u64;
        prop_assert!(first >= a && first < a + 4);
    }

    /// With households of one, sizes in persons are the draw that counts units.
    #[test]
    fn persons_alone_are_drawn_as_ever(houses in register(), seed in "[a-z]{1,8}") {
        let alone: Vec<(u8, usize)> = houses.iter().map(|(stratum, _)| (*stratum, 1)).collect();
        let [ids, of_house, strata] = columns(&alone);
        prop_assume!(ids.iter().collect::<HashSet<_>>().len() == ids.len());
        let size = (ids.len() as u64).div_ceil(3);
        let arms = || vec![arm("a", Quota::Size(size)), arm("b", Quota::Rest)];
        let units = Units::new(&ids, &[&strata], Some(&of_house)).unwrap();
        let of = |counting| {
            let plan = Plan::of(Method::Stratified, arms(), seed.as_str(), counting, 1).unwrap();
            draw(&plan, &units).unwrap()
        };
        prop_assert_eq!(of(Counting::Persons), of(Counting::Units));
    }

    /// On the first day nobody moves to a later arm, the arms keep their places as far as people
    /// are left, and who has left is in none.
    #[test]
    fn on_the_first_day_people_only_move_up(
        houses in register(),
        seed in "[a-z]{1,8}",
        gone in prop::collection::vec(any::<bool>(), 300),
    ) {
        let [ids, of_house, strata] = columns(&houses);
        prop_assume!(ids.iter().collect::<HashSet<_>>().len() == ids.len());
        let still: Vec<bool> = (0..ids.len()).map(|row| !gone[row]).collect();
        prop_assume!(still.contains(&true));
        let arms = vec![arm("a", Quota::Size(1 + houses.len() as u64 / 3)), arm("b", Quota::Rest)];
        let plan = Plan::new(Method::Stratified, arms, seed).unwrap();
        let Ok(units) = Units::new(&ids, &[&strata], Some(&of_house)) else {
            return Ok(());
        };
        let Ok(drawer) = Drawer::new(&plan, &units) else { return Ok(()) };
        let drawn = drawer.draw().unwrap();
        let start = drawer.start(&still).unwrap();
        for (row, arm) in start.arm.iter().enumerate() {
            prop_assert_eq!(arm.is_some(), still[row]);
            prop_assert!(arm.is_none_or(|arm| arm <= drawn.arm[row]));
        }
        for (arm, count) in start.arms.iter().enumerate() {
            prop_assert_eq!(count.drawn, drawn.arms[arm].persons);
            prop_assert_eq!(
                count.drawn - count.left + count.moved_in - count.moved_out,
                count.started
            );
        }
        // A stratum's places are filled as long as anybody is left for them.
        for stratum in &drawn.strata {
            let places = stratum.arms[0].units as usize;
            let of = |wanted: &dyn Fn(usize) -> bool| {
                let rows = (0..ids.len()).filter(|&row| {
                    still[row] && drawn.stratum_of(row) == Some(stratum.label()) && wanted(row)
                });
                rows.map(|row| of_house[row].as_str()).collect::<HashSet<_>>().len()
            };
            let left = of(&|_| true);
            prop_assert_eq!(of(&|row| start.arm[row] == Some(0)), places.min(left));
        }
    }
}
