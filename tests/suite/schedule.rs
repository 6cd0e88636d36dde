//! `fip schedule`: who is invited by whom and when, in files that an office opens as they are.

use std::io::Read;

use serde_json::Value;

use crate::workdir::Workdir;

const ALLOCATION: &str = "record/01-drawn/allocation.csv";

const PROTOCOL: &str = r#"
[trial]
language = "nl"
start = 2017-03-01
[register]
file = "register.csv"
id = "nr"
[assignment]
seed = "pilot"
CLUSTER
[[assignment.arm]]
name = "interventie"
size = 11
role = "intervention"
[[assignment.arm]]
name = "controle"
role = "control"
"#;

const CASEWORKERS: &str = r#"
[[assignment.caseworker]]
name = "De Boer"
places = 7
[[assignment.caseworker]]
name = "Özdemir, A."
"#;

fn protocol(clustered: bool, caseworkers: &str) -> String {
    let cluster = if clustered { "cluster = \"huis\"" } else { "" };
    PROTOCOL.replace("CLUSTER", cluster) + caseworkers
}

/// Thirty people, two to a household; ids with leading zeros.
fn register() -> String {
    (0..30).fold(String::from("nr;huis;naam;telefoon;datum\n"), |text, i| {
        text + &format!(
            "{:06};h{};\"Naam {i}; x\";06{:08};1-3\n",
            i * 37 % 101,
            i / 2,
            i * 7
        )
    })
}

fn drawn(clustered: bool, caseworkers: &str) -> Workdir {
    let dir = Workdir::new();
    dir.write("register.csv", register())
        .write("trial.toml", protocol(clustered, caseworkers));
    dir.drawn();
    dir
}

/// Rows of an allocation as maps of its columns.
fn rows(text: &str) -> Vec<std::collections::HashMap<String, String>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    // A name with a comma stands in quotes; no other cell has one.
    let cells = |line: &str| -> Vec<String> {
        let line = line.replace("\"Özdemir, A.\"", "Özdemir; A.");
        line.split(',')
            .map(|cell| cell.replace("Özdemir; A.", "Özdemir, A."))
            .collect()
    };
    lines
        .map(|line| {
            let named = header.iter().map(|name| (*name).to_owned());
            named.zip(cells(line)).collect()
        })
        .collect()
}

/// The ids that a list should have, in order of invitation, by the allocation.
fn invited(allocation: &str, caseworker: Option<&str>) -> Vec<String> {
    let mut found: Vec<(u32, usize, String)> = rows(allocation)
        .into_iter()
        .enumerate()
        .filter(|(_, row)| !row["invitation"].is_empty())
        .filter(|(_, row)| caseworker.is_none_or(|name| row["caseworker"] == name))
        .map(|(at, row)| (row["invitation"].parse().unwrap(), at, row["nr"].clone()))
        .collect();
    found.sort();
    found.into_iter().map(|(_, _, id)| id).collect()
}

/// The cells of a column of a CSV for Excel, as Excel shows them.
fn shown(csv: &str, column: &str) -> Vec<String> {
    let text = csv.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv_reader(text);
    let mut lines = reader.drain(..);
    let header = lines.next().unwrap();
    let at = header.iter().position(|name| name == column).unwrap();
    lines
        .map(|cells| {
            let cell = &cells[at];
            let formula = cell
                .strip_prefix("=\"")
                .and_then(|text| text.strip_suffix('"'));
            formula.map_or(cell.clone(), |text| text.replace("\"\"", "\""))
        })
        .collect()
}

fn csv_reader(text: &str) -> Vec<Vec<String>> {
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains('\n'));
    let mut rows = Vec::new();
    for line in text.trim_end().split("\r\n") {
        let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        let mut rest = line.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '"' if quoted && rest.peek() == Some(&'"') => {
                    cell.push('"');
                    rest.next();
                }
                '"' => quoted = !quoted,
                ';' if !quoted => cells.push(std::mem::take(&mut cell)),
                c => cell.push(c),
            }
        }
        cells.push(cell);
        rows.push(cells);
    }
    rows
}

#[test]
fn a_list_per_caseworker_and_one_for_letters() {
    let dir = drawn(false, CASEWORKERS);
    let run = "schedule trial.toml --columns naam,telefoon,datum --no-show 20%";
    let ends = protocol(false, CASEWORKERS).replace("start =", "end = 2017-03-02\nstart =");
    dir.write("trial.toml", ends);
    let mut ran = dir
        .fip(&format!("{run} --out lijsten --format markdown"))
        .ok();
    // Cells are padded to line up.
    ran.stdout = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    ran.shows(&[
        "11 gesprekken met 11 personen, in één ronde van een week vanaf woensdag 1 maart 2017",
        "Een ochtend heeft 3 gesprekken van 45 minuten: 2 uur en 15 minuten.",
        "| De Boer | 7 | 7 | 3 | 01-03-2017 | 03-03-2017 | 1,4 | 1 |",
        "| Özdemir, A. | 4 | 4 | 2 | 01-03-2017 | 02-03-2017 | 0,8 | 1 |",
        "gaan er van de 11 gesprekken gemiddeld 2,2 niet door",
        "2 ochtenden extra",
        "gemiddeld nog 0,4 niet gehouden",
        "gemiddeld 3,8 uitnodigingen",
        "intern",
    ])
    .says(&[
        "wrote 6 files to lijsten: internal, with ids",
        "the last talks are on 2017-03-03, after the end of the trial on 2017-03-02",
    ]);
    let allocation = dir.read(ALLOCATION);
    let boer = dir.read("lijsten/lijst-01-de-boer.csv");
    assert_eq!(shown(&boer, "nr"), invited(&allocation, Some("De Boer")));
    assert!(boer.contains(";\"=\"\"000"), "{boer}");
    assert_eq!(
        shown(&boer, "Datum"),
        [
            "01-03-2017",
            "01-03-2017",
            "01-03-2017",
            "02-03-2017",
            "02-03-2017",
            "02-03-2017",
            "03-03-2017"
        ]
    );
    // The register's own column of that name is there too, and is not made a day of.
    assert!(
        shown(&boer, "datum_register")
            .iter()
            .all(|cell| cell == "1-3")
    );
    assert!(
        shown(&boer, "telefoon")
            .iter()
            .all(|cell| cell.starts_with("06"))
    );
    let other = dir.read("lijsten/lijst-02-özdemir-a.csv");
    assert_eq!(
        shown(&other, "nr"),
        invited(&allocation, Some("Özdemir, A."))
    );
    let letters = dir.read("lijsten/brieven.csv");
    assert_eq!(shown(&letters, "nr"), invited(&allocation, None));
    assert!(
        shown(&letters, "naam")
            .iter()
            .all(|name| name.ends_with("; x"))
    );
    assert!(shown(&letters, "datum_gesprek").contains(&"donderdag 2 maart 2017".to_owned()));

    // In the workbook ids are strings, and nothing is a formula.
    let bytes = std::fs::read(dir.path("lijsten/lijst-01-de-boer.xlsx")).unwrap();
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        book.by_name(name)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    };
    let strings = part("xl/sharedStrings.xml");
    for id in invited(&allocation, Some("De Boer")) {
        assert!(strings.contains(&format!("<t>{id}</t>")), "{id}");
    }
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"));
    assert_eq!(sheet.matches("<row ").count(), 8);

    // Nothing is written over, not even in part.
    let before = dir.read("lijsten/brieven.csv");
    dir.fip(&format!("{run} --out lijsten"))
        .exits(4)
        .says(&["exists already"]);
    assert_eq!(dir.read("lijsten/brieven.csv"), before);
    std::fs::remove_file(dir.path("lijsten/lijst-01-de-boer.csv")).unwrap();
    dir.fip(&format!("{run} --out lijsten")).exits(4);
    assert!(!dir.path("lijsten/lijst-01-de-boer.csv").exists());
}

#[test]
fn the_same_in_english_and_for_programs() {
    let dir = drawn(false, CASEWORKERS);
    let found = dir
        .fip("schedule trial.toml --out en --lang en --rounds 4 --talks-a-morning 1 --format json")
        .ok()
        .says(&["choose columns of the register with --columns"])
        .json();
    assert_eq!(found["schema"], "fip/schedule/1");
    assert_eq!(found["rounds"], 4);
    assert_eq!(found["no_show"], Value::Null);
    let people = found["caseworkers"].as_array().unwrap();
    // Seven talks in four rounds are 2, 2, 2 and 1: the last on the first day of the fourth week.
    assert_eq!(people[0]["mornings"], 7);
    assert_eq!(people[0]["last"], "2017-03-22");
    let list = dir.read("en/list-01-de-boer.csv");
    assert_eq!(shown(&list, "Round"), ["1", "1", "2", "2", "3", "3", "4"]);
    let letters = dir.read("en/letters.csv");
    assert!(shown(&letters, "appointment_date").contains(&"Wednesday 22 March 2017".to_owned()));
    let rounds = shown(&letters, "round");
    assert!(rounds.is_sorted(), "{rounds:?}");
}

/// Members of a household are invited together and have one talk.
#[test]
fn a_household_has_one_talk() {
    let dir = drawn(true, CASEWORKERS);
    let found = dir
        .fip("schedule trial.toml --out l --format json")
        .ok()
        .json();
    let people = &found["caseworkers"];
    assert_eq!(
        (&people[0]["talks"], &people[0]["people"]),
        (&7.into(), &14.into())
    );
    assert_eq!(
        (&people[1]["talks"], &people[1]["people"]),
        (&4.into(), &8.into())
    );
    let list = dir.read("l/lijst-01-de-boer.csv");
    let (order, houses) = (shown(&list, "Volgorde"), shown(&list, "Cluster"));
    for pair in 0..7 {
        assert_eq!(order[2 * pair], order[2 * pair + 1]);
        assert_eq!(houses[2 * pair], houses[2 * pair + 1]);
    }
}

/// Caseworkers who are known only after the draw get whom they would have got in it.
#[test]
fn who_is_named_after_the_draw_gets_whom_the_seed_gives() {
    let with = drawn(false, CASEWORKERS);
    let after = drawn(false, "");
    assert!(!after.read(ALLOCATION).contains("caseworker"));
    after.write("trial.toml", protocol(false, CASEWORKERS));
    let run = "schedule trial.toml --columns naam --out l";
    with.fip(run).ok();
    after.fip(run).ok();
    for name in [
        "lijst-01-de-boer.csv",
        "lijst-02-özdemir-a.csv",
        "brieven.csv",
    ] {
        assert_eq!(
            with.read(&format!("l/{name}")),
            after.read(&format!("l/{name}"))
        );
    }
    // Without any there is one list, in the same order of invitation.
    let nobody = drawn(false, "");
    nobody
        .fip(&format!("{run} --rounds 2"))
        .ok()
        .shows(&["Groep interventie"]);
    let list = nobody.read("l/lijst-01-groep-interventie.csv");
    assert_eq!(shown(&list, "nr"), invited(&with.read(ALLOCATION), None));
    // Drawn elsewhere, there is no seed to divide by.
    let text = nobody.read(ALLOCATION);
    nobody
        .write("allocation.csv", text)
        .brought_in("allocation.csv", "arm")
        .fip(&format!("{run}2"))
        .exits(3)
        .says(&["drawn without a manifest"]);
}

/// A batch that was drawn before there were caseworkers, one after, and who joins a household: nobody
/// who is to be invited is lost.
#[test]
fn nobody_of_any_batch_is_lost() {
    let dir = drawn(true, "");
    dir.write("trial.toml", protocol(true, CASEWORKERS));
    let first = rows(&dir.read(ALLOCATION));
    let treated = first
        .iter()
        .find(|row| row["arm"] == "interventie")
        .unwrap();
    let joins = format!("000300;{};Baby;0612345678;1-3\n", treated["cluster"]);
    let new = (0..6).fold(String::new(), |text, i| {
        text + &format!("0002{i:02};h{};Nieuw {i};0612345678;1-3\n", 20 + i / 2)
    });
    dir.write("register.csv", register() + &new + &joins);
    dir.fip("add trial.toml register.csv").ok();
    dir.fip("schedule trial.toml --columns naam --out l").ok();
    let letters = dir.read("l/brieven.csv");
    let ids = shown(&letters, "nr");
    let place = |id: &str| {
        let at = ids.iter().position(|own| own == id).unwrap();
        (
            shown(&letters, "volgorde")[at].clone(),
            shown(&letters, "klantmanager")[at].clone(),
        )
    };
    assert_eq!(place("000300"), place(&treated["nr"]));
    let mut expected: Vec<String> = rows(&dir.read("record/02-added/everybody.csv"))
        .into_iter()
        .filter(|row| row["arm"] == "interventie")
        .map(|row| row["nr"].clone())
        .collect();
    let mut found = ids.clone();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    // The first draw is divided as it would have been.
    let with = drawn(true, CASEWORKERS);
    for row in rows(&with.read(ALLOCATION)) {
        if !row["caseworker"].is_empty() {
            assert_eq!(place(&row["nr"]).1, row["caseworker"]);
        }
    }
}

/// Somebody without a place shares that of their household, or is counted.
#[test]
fn who_has_no_place_is_not_lost() {
    let dir = drawn(true, CASEWORKERS);
    let text = dir.read(ALLOCATION);
    let treated = rows(&text)
        .into_iter()
        .find(|row| !row["invitation"].is_empty())
        .unwrap();
    let line = |row: &std::collections::HashMap<String, String>, cluster: &str| {
        format!("{},{},{},{cluster},,\n", row["nr"], row["arm"], row["lot"])
    };
    let own = text.lines().find(|line| line.starts_with(&treated["nr"]));
    let changed = |cluster: &str| {
        let other = line(&treated, cluster);
        text.replace(&(own.unwrap().to_owned() + "\n"), &other)
    };
    let run = "schedule trial.toml --format json --out";
    let whole = dir.fip(&format!("{run} whole")).ok().json();
    dir.write("allocation.csv", changed(&treated["cluster"]))
        .brought_in("allocation.csv", "arm");
    let shared = dir.fip(&format!("{run} shared")).ok().json();
    assert_eq!(whole["caseworkers"], shared["caseworkers"]);
    // In a household of their own there is one more of those.
    let one_more = protocol(true, CASEWORKERS).replace("size = 11", "size = 12");
    dir.write("trial.toml", one_more)
        .write("allocation.csv", changed("h99"))
        .brought_in("allocation.csv", "arm");
    let found = dir
        .fip(&format!("{run} gone"))
        .exits(1)
        .says(&["1 of an arm that is invited have no place"])
        .json();
    assert_eq!(found["without_place"], 1);
}

#[test]
fn what_cannot_be_is_refused() {
    let dir = drawn(false, CASEWORKERS);
    let run = "schedule trial.toml";
    dir.fip(&format!("{run} --out l --talks-a-morning 1 --rounds 1"))
        .exits(2)
        .says(&[
            "7 talks of one caseworker do not fit in 1 weekly",
            "--rounds 2",
        ]);
    dir.fip(&format!("{run} --out l --columns adres"))
        .exits(3)
        .says(&["adres"]);
    dir.fip(&format!("{run} --out l --no-show 1")).exits(2);
    dir.fip(&format!("{run} --out l --no-show 1/5"))
        .exits(2)
        .says(&["the share of no-shows is not a number from 0 to 1", "1/5"]);
    dir.fip(&format!("{run} --out out/report"))
        .exits(4)
        .says(&["handed in"]);
    dir.write(
        "trial.toml",
        protocol(false, CASEWORKERS).replace("start = 2017-03-01", ""),
    );
    dir.fip(&format!("{run} --out l"))
        .exits(3)
        .says(&["does not say when the trial starts", "start = 2017-03-01"]);
    assert!(!dir.path("l").exists());

    // More than a cell holds is told before anything is written.
    let dir = drawn(false, CASEWORKERS);
    let long = register().replace("Naam", &"x".repeat(40_000));
    dir.write("register.csv", long);
    dir.fip(&format!("{run} --out l --columns naam"))
        .exits(3)
        .says(&["32767 characters", "column 'naam'"]);
    assert!(!dir.path("l").exists());

    // Who is no longer in the register is on the list, and counted.
    let dir = drawn(false, CASEWORKERS);
    let gone = invited(&dir.read(ALLOCATION), None)[0].clone();
    let left: Vec<String> = register()
        .lines()
        .filter(|line| !line.starts_with(&gone))
        .map(str::to_owned)
        .collect();
    dir.write("register.csv", left.join("\n") + "\n");
    dir.fip(&format!("{run} --out l --columns naam"))
        .exits(1)
        .says(&["1 of those invited are not in the register"]);
    assert_eq!(shown(&dir.read("l/brieven.csv"), "naam")[0], "");
}
