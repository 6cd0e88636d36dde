//! What an office gets in files: the allocation with lots, caseworkers and invitations, the draw
//! without ids, later batches and the first day, against another implementation
//! (tests/reference/office_files.py).

use fip::design::{ArmPlan, Quota, SeedSource};
use fip::intake::{Batch, Drawn, Loaded, OnRecord, Started, ToDraw, Work, eligible};
use fip::protocol::{Flags, parse};
use fip::release::{Results, release};
use fip::report::{assignment, markdown};
use fip::words::Lang;
use serde_json::Value;

use crate::workdir::Workdir;

fn reference(scenario: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../reference/office_files.json")).unwrap();
    all[scenario].clone()
}

const CASEWORKERS: &str = r#"
[[assignment.caseworker]]
name = "De Boer"
places = 4
[[assignment.caseworker]]
name = "Özdemir"
places = 3
arm = "interventie"
[[assignment.caseworker]]
name = "Van 't Hof"
"#;

fn protocol(scenario: &str) -> String {
    let (design, size) = match scenario {
        "households" => (
            "strata = [\"gemeente\"]\ncluster = \"huis\"\ncount = \"persons\"",
            "{ Capelle = 17, \"Krimpen aan den IJssel\" = 9 }",
        ),
        _ => ("", "20"),
    };
    format!(
        r#"
[register]
file = "register.csv"
id = "nr"
where = "leeftijd < 65"
[assignment]
seed = "pilot 2017"
{design}
[[assignment.arm]]
name = "interventie"
size = {size}
role = "intervention"
[[assignment.arm]]
name = "controle"
role = "control"
{CASEWORKERS}"#
    )
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[track_caller]
fn same(found: &str, expected: &Value) {
    let expected = expected.as_str().unwrap();
    assert!(found == expected, "found:\n{found}\nexpected:\n{expected}");
}

/// A folder with the registers of a scenario and its protocol.
fn folder(scenario: &str, expected: &Value) -> Workdir {
    let dir = Workdir::new();
    let register = |of: &Value| of["register"].as_str().unwrap().to_owned();
    dir.write("trial.toml", protocol(scenario))
        .write("register.csv", register(expected))
        .write("later.csv", register(&expected["batch"]))
        .write("day.csv", register(&expected["day"]));
    dir
}

fn work<'a>(loaded: &'a Loaded, dir: &Workdir, register: &str) -> Work<'a> {
    let path = dir.path(register);
    Work::new(Some(loaded), Flags::default(), Some(&path), None).unwrap()
}

fn files_of(scenario: &str) {
    let expected = reference(scenario);
    let dir = folder(scenario, &expected);
    let loaded = Loaded::read(&dir.path("trial.toml")).unwrap();
    let first = work(&loaded, &dir, "register.csv");
    let plan = ToDraw::new(&first).unwrap();
    let people = eligible(&plan).unwrap();
    let drawn = Drawn::new(&plan, &people.table, "pilot 2017").unwrap();
    same(&text(drawn.csv(&plan).unwrap()), &expected["allocation"]);
    same(&text(drawn.public_csv().unwrap()), &expected["public"]);
    let manifest = drawn.manifest(&plan, &people, SeedSource::Given).unwrap();
    dir.write("allocation.csv", drawn.csv(&plan).unwrap());

    // A later batch, from what is on record.
    let before = OnRecord::read(&[dir.path("allocation.csv")], "nr").unwrap();
    let second = work(&loaded, &dir, "later.csv");
    let later = ToDraw {
        batch: 2,
        ..ToDraw::new(&second).unwrap()
    };
    let batch = Batch::new(&later, &manifest, &before, None).unwrap();
    let expected_batch = &expected["batch"];
    same(
        &text(batch.csv(&later).unwrap()),
        &expected_batch["allocation"],
    );
    match batch.joined_csv(&later, &before).unwrap() {
        Some(found) => same(&text(found), &expected_batch["joined"]),
        None => assert!(expected_batch["joined"].is_null()),
    }
    assert_eq!(batch.known, expected_batch["known"].as_u64().unwrap());
    let kept = batch.manifest();
    assert_eq!(kept.design.batch, Some(2));
    let joined: u64 = batch.joined().iter().map(|(_, count)| count).sum();
    assert_eq!(
        (kept.counts.known, kept.counts.joined),
        (batch.known, joined)
    );
    assert_eq!(
        *kept,
        fip::design::Manifest::parse(&kept.to_json().unwrap()).unwrap()
    );

    // Who was known before and who joined is in the report; small numbers are not.
    let report = |min_cell| {
        let results = Results {
            manifest: Some(kept.clone()),
            ..Results::default()
        };
        let (released, hidden) = release(results, min_cell);
        markdown(&assignment::document(&released, &hidden, Lang::Nl))
    };
    let said = report(None);
    assert!(said.contains("al eerder geloot"), "{said}");
    assert_eq!(said.contains("nieuw in een cluster"), joined > 0, "{said}");
    assert!(!report(Some(5)).contains("nieuw in een cluster"));

    // All of them together, and again the same register: nobody is new.
    dir.write("batch.csv", batch.csv(&later).unwrap());
    let mut on_record = vec![dir.path("allocation.csv"), dir.path("batch.csv")];
    if let Some(joined) = batch.joined_csv(&later, &before).unwrap() {
        dir.write("joined.csv", joined);
        on_record.push(dir.path("joined.csv"));
    }
    let all = OnRecord::read(&on_record, "nr").unwrap();
    let third = ToDraw { batch: 3, ..later };
    let error = Batch::new(&third, &manifest, &all, None).err().unwrap();
    assert!(error.message().contains("nobody is to be drawn"), "{error}");
    on_record.push(dir.path("batch.csv"));
    let error = OnRecord::read(&on_record, "nr").unwrap_err();
    assert!(error.message().contains("twice"), "{error}");

    // The first day.
    let started = Started::new(&plan, &drawn, &dir.path("day.csv"), Some("leeftijd < 65")).unwrap();
    let expected_day = &expected["day"];
    same(
        &text(started.csv(&plan, &drawn).unwrap()),
        &expected_day["allocation"],
    );
    let record = serde_json::to_value(&started.record).unwrap();
    for name in ["arms", "absent", "not_drawn"] {
        assert_eq!(record[name], expected_day[name], "{name}");
    }
    let left: u64 = started.record.left.iter().map(|left| left.count).sum();
    let of_arms: u64 = started.record.arms.iter().map(|arm| arm.left).sum();
    assert_eq!(left + started.record.absent, of_arms);
    let nobody = Started::new(&plan, &drawn, &dir.path("day.csv"), Some("leeftijd > 200"));
    assert!(
        nobody
            .err()
            .unwrap()
            .message()
            .contains("nobody who was drawn")
    );
}

#[test]
fn households_by_stratum_in_persons() {
    files_of("households");
}

#[test]
fn persons_in_one_draw() {
    files_of("persons");
}

/// The report on a draw by this protocol, as Markdown.
fn summary(dir: &Workdir, protocol: &str, lang: Lang) -> String {
    dir.write("summary.toml", protocol);
    let loaded = Loaded::read(&dir.path("summary.toml")).unwrap();
    let work = work(&loaded, dir, "register.csv");
    let plan = ToDraw::new(&work).unwrap();
    let people = eligible(&plan).unwrap();
    let drawn = Drawn::new(&plan, &people.table, "pilot 2017").unwrap();
    let results = Results {
        manifest: Some(drawn.manifest(&plan, &people, SeedSource::Given).unwrap()),
        ..Results::default()
    };
    let (released, hidden) = release(results, None);
    markdown(&assignment::document(&released, &hidden, lang))
}

#[test]
fn the_summary_says_both_numbers() {
    let expected = reference("households");
    let dir = folder("households", &expected);
    // Of the reference's own lines: who is in the arm, and in how many households.
    let lines = expected["allocation"].as_str().unwrap().lines().skip(1);
    let of_arm: Vec<Vec<&str>> = lines
        .map(|line| line.split(',').collect())
        .filter(|cells: &Vec<&str>| cells[1] == "interventie")
        .collect();
    let houses: std::collections::HashSet<&str> = of_arm.iter().map(|cells| cells[4]).collect();
    let both = format!(
        "interventie {} clusters met {} personen",
        houses.len(),
        of_arm.len()
    );
    let found = summary(&dir, &protocol("households"), Lang::Nl);
    assert!(
        found.contains("De gevraagde aantallen tellen personen.") && found.contains(&both),
        "{found}"
    );
    let units = protocol("households")
        .replace("count = \"persons\"", "")
        .replace("= 17", "= 8")
        .replace("= 9 }", "= 5 }");
    let found = summary(&dir, &units, Lang::En);
    let both =
        "The sizes asked for count clusters (huis), not people: interventie 13 clusters with";
    assert!(found.contains(both), "{found}");
    dir.fip("assign --help").ok().shows(&["households"]);
}

/// Sizes of its own for a batch, and a design that was changed since.
#[test]
fn a_batch_is_drawn_as_the_first_was_or_not_at_all() {
    let expected = reference("persons");
    let dir = folder("persons", &expected);
    let loaded = Loaded::read(&dir.path("trial.toml")).unwrap();
    let first = work(&loaded, &dir, "register.csv");
    let plan = ToDraw::new(&first).unwrap();
    let people = eligible(&plan).unwrap();
    let drawn = Drawn::new(&plan, &people.table, "pilot 2017").unwrap();
    let manifest = drawn.manifest(&plan, &people, SeedSource::Given).unwrap();
    dir.write("allocation.csv", drawn.csv(&plan).unwrap());
    let before = OnRecord::read(&[dir.path("allocation.csv")], "nr").unwrap();
    let second = work(&loaded, &dir, "later.csv");
    let later = ToDraw {
        batch: 2,
        ..ToDraw::new(&second).unwrap()
    };
    let arm = |name: &str, quota| ArmPlan {
        name: name.to_owned(),
        quota,
    };
    let all_to_control = [
        arm("controle", Quota::Rest),
        arm("interventie", Quota::Size(0)),
    ];
    let batch = Batch::new(&later, &manifest, &before, Some(&all_to_control)).unwrap();
    let found = batch.drawn.allocation.arms.iter().map(|arm| arm.persons);
    assert_eq!(found.collect::<Vec<_>>(), [0, 16]);
    let refused = |sizes: &[ArmPlan], part: &str| {
        let error = Batch::new(&later, &manifest, &before, Some(sizes));
        let error = error.err().unwrap();
        assert!(error.message().contains(part), "{error}");
        assert!(error.hint_text().is_some());
    };
    refused(
        &[arm("controle", Quota::Rest)],
        "leave out the arm 'interventie'",
    );
    refused(&[arm("wachtlijst", Quota::Rest)], "no arm 'wachtlijst'");

    let other = protocol("persons").replace("seed =", "cluster = \"huis\"\nseed =");
    dir.write("other.toml", other);
    let loaded = Loaded::read(&dir.path("other.toml")).unwrap();
    let third = work(&loaded, &dir, "later.csv");
    let changed = ToDraw {
        batch: 2,
        ..ToDraw::new(&third).unwrap()
    };
    let error = Batch::new(&changed, &manifest, &before, None)
        .err()
        .unwrap();
    assert!(
        error.message().contains("another cluster column"),
        "{error}"
    );
}

/// The first day's register with ids that nobody was drawn with is not a day on which all left.
#[test]
fn ids_of_another_kind_are_no_first_day() {
    let expected = reference("persons");
    let dir = folder("persons", &expected);
    let loaded = Loaded::read(&dir.path("trial.toml")).unwrap();
    let first = work(&loaded, &dir, "register.csv");
    let plan = ToDraw::new(&first).unwrap();
    let drawn = Drawn::new(&plan, &eligible(&plan).unwrap().table, "s").unwrap();
    dir.write("excel.csv", "nr;leeftijd\n1;30\n38;30\n");
    let error = Started::new(&plan, &drawn, &dir.path("excel.csv"), None);
    let error = error.err().unwrap();
    assert!(
        error.hint_text().unwrap().contains("leading zeros"),
        "{error}"
    );
}

#[track_caller]
fn refused(text: &str, part: &str) {
    let error = parse(text, "trial.toml").unwrap_err();
    assert!(error.to_string().contains(part), "{error}");
    assert!(error.place().line.is_some(), "{error}");
}

#[test]
fn what_a_protocol_may_not_say_is_told_with_its_line() {
    let whole = protocol("households");
    for (own, other, part) in [
        (
            "count = \"persons\"",
            "count = \"people\"",
            "has to be 'persons' or 'units'",
        ),
        ("Capelle = 17", "Capelle = 1.5", "not a whole number"),
        ("Capelle = 17", "Capelle = -1", "not a whole number"),
        (
            "Capelle = 17,",
            "Capelle = 17, \" Capelle\" = 3,",
            "two sizes in one arm",
        ),
        (
            "{ Capelle = 17, \"Krimpen aan den IJssel\" = 9 }",
            "{}",
            "name no stratum",
        ),
        ("places = 3", "places = 0", "whole number from 1"),
        (
            "arm = \"interventie\"",
            "arm = \"intervenie\"",
            "did you mean 'interventie'?",
        ),
        (
            "role = \"intervention\"",
            "",
            "which arm caseworker 'De Boer' sees",
        ),
        ("name = \"Özdemir\"", "name = \"De Boer\"", "declared twice"),
    ] {
        assert!(whole.contains(own), "{own}");
        refused(&whole.replacen(own, other, 1), part);
    }
    for (days, part) in [
        ("start = 2017-02-29", "cannot be read"),
        ("start = \"01-03-2017\"", "not a day of the calendar"),
        ("start = 2017-03-01T10:00:00", "not a day of the calendar"),
        ("start = 2017", "not a day of the calendar"),
        (
            "start = 2017-03-01\nend = 2017-02-28",
            "ends before it starts",
        ),
    ] {
        refused(&format!("[trial]\n{days}\n"), part);
    }
    let days = parse("[trial]\nstart = \"2017-03-01\"\nend = 2017-03-01\n", "t").unwrap();
    assert_eq!(days.about.start, days.about.end);
}

/// The names of caseworkers are nobody's business who reads a report.
#[test]
fn other_caseworkers_are_told_without_their_names() {
    let registered = parse(&protocol("persons"), "t").unwrap();
    for (own, other) in [("Özdemir", "Jansen"), ("places = 3", "places = 5")] {
        let done = parse(&protocol("persons").replace(own, other), "t").unwrap();
        let told = format!("{:?}", registered.differences(&done));
        assert!(told.contains("Caseworkers"), "{told}");
        assert!(
            !told.contains("Jansen") && !told.contains("De Boer"),
            "{told}"
        );
    }
}

/// An id that is called as another column of the file would be there twice.
#[test]
fn an_id_may_not_be_called_as_another_column() {
    let dir = Workdir::new();
    dir.write("r.csv", "lot,x\n1,a\n2,b\n3,c\n");
    dir.fip("assign r.csv --id lot --arm a=1 --arm b --seed s --out o")
        .exits(3)
        .says(&["the column with the id is called 'lot'", "another name"]);
    dir.fip("assign r.csv --id lot --arm a=0.5 --arm b --method simple --seed s --out o")
        .ok();
}
