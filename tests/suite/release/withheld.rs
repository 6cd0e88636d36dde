//! Small numbers attacked as a statistician would: a trial whose every outcome hides a few people
//! somewhere else than in its own table, and what the handed-in files give away of them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use serde_json::Value;
use zip::ZipArchive;

use crate::workdir::Workdir;

const LIMIT: u64 = 5;

const TRIAL: &str = r#"
[trial]
name = "Kleine aantallen"
language = "nl"
[register]
file = "register.csv"
id = "klantnummer"
where = "leeftijd < 65"
[assignment]
method = "complete"
seed = "12"
[[assignment.arm]]
name = "fip"
size = 90
role = "intervention"
[[assignment.arm]]
name = "regulier"
role = "control"
[[covariate]]
name = "leeftijd"
kind = "numeric"
[[covariate]]
name = "afkomst"
kind = "binary"
[[covariate]]
name = "diploma"
kind = "numeric"
[outcomes]
file = "outcomes.csv"
[[outcome]]
name = "werk"
kind = "binary"
[[outcome]]
name = "beeindigd"
kind = "binary"
[[outcome]]
name = "uitstroom"
kind = "binary"
[[outcome]]
name = "inkomen"
kind = "numeric"
[[outcome]]
name = "punten"
kind = "numeric"
[compliance]
received = "gesprekken >= 2"
[analysis]
adjust = ["afkomst"]
subgroups = ["gezin", "wijk"]
permutations = 200
[report]
min_cell = 5
programme_cost = 20000.0
[[cost]]
outcome = "uitstroom"
amount = 14000.0
[[cost]]
outcome = "punten"
amount = 313.0
"#;

/// 203 people of whom 3 are too old; 200 are drawn.
fn register() -> String {
    let mut text = String::from("klantnummer;leeftijd;afkomst;diploma;gezin;wijk\n");
    for i in 0..203_u32 {
        let age = if i >= 200 { 70 } else { 20 + i * 7 % 45 };
        // One in 60 has another origin; four people have no diploma.
        text += &format!(
            "A{:04};{age};{};{};{};{}\n",
            i * 37 % 9973,
            u8::from(i % 60 == 7),
            u8::from(i % 50 != 3),
            if i % 3 == 0 { "ja" } else { "nee" },
            if i % 2 == 0 { "noord" } else { "zuid" },
        );
    }
    text
}

/// The export of the people as they were drawn, in the order of the allocation.
fn outcomes(register: &str, allocation: &str) -> String {
    let about = |id: &str| -> Vec<String> {
        let line = register
            .lines()
            .find(|line| line.starts_with(&format!("{id};")));
        line.unwrap().split(';').map(str::to_owned).collect()
    };
    let mut text = String::from("klantnummer;gesprekken;werk;beeindigd;uitstroom;inkomen;punten\n");
    let mut counters = [0_u32; 4];
    for line in allocation.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (id, treated) = (cells[0], cells[1] == "fip");
        let arm = usize::from(treated);
        let i = counters[arm];
        counters[arm] += 1;
        let family = about(id)[4] == "ja";
        let talks = if treated && i % 4 != 0 { 3 } else { 0 };
        let work = i % (4 + arm as u32) == 0;
        // As work, and three people more in either arm.
        let ended = work || i == 1 || i == 2 || i == 3;
        // Many say yes, but of those who did not come, and of families, only two in an arm.
        let left = if treated && (talks == 0 || family) {
            let seen = &mut counters[2 + usize::from(talks == 0)];
            *seen += 1;
            *seen <= 2
        } else {
            i % 3 == 1
        };
        let income = 900 + i * 17 % 400;
        let points = u8::from(!(i == 5 || i == 6 || i == 7));
        text += &format!(
            "{id};{talks};{};{};{};{income};{points}\n",
            u8::from(work),
            u8::from(ended),
            u8::from(left)
        );
    }
    text
}

fn trial(more: &str) -> Workdir {
    let dir = Workdir::new();
    dir.write("register.csv", register())
        .write("trial.toml", TRIAL.to_owned() + more);
    dir.drawn();
    let export = outcomes(&register(), &dir.read("record/01-drawn/allocation.csv"));
    dir.write("outcomes.csv", export);
    dir
}

const FORMS: &str = "--write html,markdown,latex,csv,docx,xlsx";

/// Every file of a folder as text, packed ones unpacked.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(texts(&path));
            continue;
        }
        let name = path.display().to_string();
        let bytes = fs::read(&path).unwrap();
        if name.ends_with("docx") || name.ends_with("xlsx") {
            let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
            for index in 0..archive.len() {
                let mut part = archive.by_index(index).unwrap();
                let mut bytes = Vec::new();
                part.read_to_end(&mut bytes).unwrap();
                let text = String::from_utf8_lossy(&bytes).into_owned();
                found.push((format!("{name}/{}", part.name()), text));
            }
        } else {
            found.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    found
}

/// Numbers with a fraction, as their shortest text: nobody writes the same by accident.
fn fractions(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Number(number) => {
            let text = number.to_string();
            if number.is_f64() && text.trim_start_matches(['-', '0', '.']).len() > 6 {
                into.insert(text);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| fractions(item, into)),
        Value::Object(fields) => fields.values().for_each(|item| fractions(item, into)),
        _ => {}
    }
}

fn outcome<'a>(report: &'a Value, name: &str) -> &'a Value {
    let outcomes = report["evaluation"]["outcomes"].as_array().unwrap();
    outcomes.iter().find(|one| one["name"] == name).unwrap()
}

#[test]
fn what_a_few_people_stand_behind_is_in_no_file() {
    let dir = trial("");
    dir.fip(&format!("run trial.toml {FORMS}")).ok();
    let report = dir.fip("report out --format json").ok().json();
    let raw = dir.json("out/evaluation.json");

    // The evaluation has counted the few; the report has not got the counts.
    let few = |name: &str| {
        let outcomes = raw["outcomes"].as_array().unwrap();
        outcomes.iter().find(|one| one["name"] == name).unwrap()["fewest"].clone()
    };
    assert_eq!(few("beeindigd")["nested"]["werk"], 3);
    assert_eq!(few("punten")["unlike"], 3);
    assert_eq!(few("uitstroom")["receipt"], 2);
    assert!(!report.to_string().contains("fewest"));

    // Three people more than another outcome, or another number than most: hidden.
    for name in ["beeindigd", "punten"] {
        let hidden = outcome(&report, name);
        for field in ["arms", "estimates", "tests", "effect_sizes", "notes"] {
            assert_eq!(hidden[field], serde_json::json!([]), "{name} {field}");
        }
    }
    // Two of those who did not come: the outcome is shown, comparisons by receipt are not.
    let shown = outcome(&report, "uitstroom");
    let estimands: Vec<&Value> = shown["estimates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["estimand"])
        .collect();
    assert!(
        !estimands.is_empty() && estimands.iter().all(|one| **one == "itt"),
        "{estimands:?}"
    );
    assert!(shown.get("take_up").is_none());
    let subgroups = shown["subgroups"].as_array().unwrap();
    assert!(
        subgroups.iter().all(|row| row["variable"] != "gezin"),
        "{subgroups:?}"
    );
    // Where many stand behind them, they are.
    let income = outcome(&report, "inkomen");
    assert!(
        income["estimates"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["estimand"] == "cace")
    );
    assert_eq!(income["subgroups"].as_array().unwrap().len(), 2);
    // Adjusted for an origin that a few have: gone, in every outcome.
    for one in report["evaluation"]["outcomes"].as_array().unwrap() {
        for row in one["estimates"].as_array().unwrap() {
            assert!(row.get("adjusted_for").is_none(), "{row}");
        }
        assert!(one.get("chance").is_none() && one.get("imbalance").is_none());
    }
    // The register less the drawn would give three people away; so would money over its price.
    assert_eq!(report["manifest"]["counts"]["read"], 0);
    assert_eq!(report["manifest"]["register"]["rows"], 0);
    let costs = &report["evaluation"]["costs"]["arms"][0];
    assert_eq!(costs["lines"].as_array().unwrap().len(), 1);
    assert!(costs.get("total").is_none());

    // No file has a number in full precision that the protected results have not.
    let (mut all, mut kept) = (BTreeSet::new(), BTreeSet::new());
    fractions(&raw, &mut all);
    fractions(&dir.json("out/balance.json"), &mut all);
    fractions(&report, &mut kept);
    let hidden: Vec<&String> = all.difference(&kept).collect();
    assert!(hidden.len() > 100, "{}", hidden.len());
    let files = texts(&dir.path("out/report"));
    for part in [
        "report.html",
        "report.tex",
        "report.md",
        "report.docx/",
        "report.xlsx/",
        "tables/",
        "figures/",
    ] {
        assert!(files.iter().any(|(name, _)| name.contains(part)), "{part}");
    }
    for (name, text) in &files {
        for number in &hidden {
            assert!(!text.contains(number.as_str()), "{name} has {number}");
        }
        // The register's size, in numbers and in words.
        assert!(!text.contains("(n = 203)"), "{name}");
    }
}

#[test]
fn a_table_on_the_screen_is_protected_too() {
    let dir = trial("");
    let shown = "werk (uitkomst)";
    assert!(!TRIAL.contains(shown));
    for format in ["text", "markdown", "html", "csv", "latex"] {
        let ran = dir.fip(&format!(
            "evaluate outcomes.csv --trial trial.toml --format {format} --lang en"
        ));
        let ran = ran.ok().says(&["--format json"]);
        let raw = dir
            .fip("evaluate outcomes.csv --trial trial.toml --format json")
            .ok()
            .json();
        let points = &raw["outcomes"][4];
        assert_eq!(points["name"], "punten");
        let mut numbers = BTreeSet::new();
        fractions(&points["arms"], &mut numbers);
        fractions(&points["estimates"], &mut numbers);
        for number in numbers {
            assert!(!ran.stdout.contains(&number), "{format} has {number}");
        }
        if format != "csv" {
            assert!(
                ran.stdout.contains("Numbers below 5 are not shown"),
                "{format}"
            );
        }
        let balance = dir
            .fip(&format!(
                "balance --trial trial.toml --format {format} --lang en"
            ))
            .ok()
            .says(&["--format json"]);
        if format == "csv" {
            let rows = balance
                .stdout
                .lines()
                .filter(|line| line.starts_with("afkomst") || line.starts_with("diploma"));
            for row in rows {
                assert!(!row.contains(|c: char| c.is_ascii_digit()), "{row}");
            }
        }
    }
    fs::remove_dir_all(dir.path("record")).unwrap();
    let assigned = dir.fip("assign trial.toml --lang en").ok();
    assert!(!assigned.stdout.contains("203"), "{}", assigned.stdout);
}

#[test]
fn the_run_says_what_may_be_handed_in() {
    let dir = trial("");
    dir.fip("run trial.toml")
        .ok()
        .says(&["hand in out/report only", "below 5"]);
    for internal in [
        "draw.json",
        "record.json",
        "evaluation.json",
        "balance.json",
    ] {
        assert!(dir.path("out").join(internal).exists(), "{internal}");
        assert!(
            !dir.path("out/report").join(internal).exists(),
            "{internal}"
        );
    }
}

/// A level of 1 to 4 people in a table of a shown outcome would be a failure of the rule itself.
#[test]
fn no_count_of_a_few_is_in_the_results_of_a_report() {
    fn small(value: &Value, path: &str) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| small(item, path)),
            Value::Object(fields) => {
                for (name, item) in fields {
                    let count = [
                        "n",
                        "missing",
                        "count",
                        "received",
                        "not_received",
                        "unknown",
                        "treated_n",
                        "control_n",
                        "treated_missing",
                        "control_missing",
                        "people",
                        "persons",
                    ];
                    if let (true, Some(n)) = (count.contains(&name.as_str()), item.as_u64()) {
                        assert!(n == 0 || n >= LIMIT, "{path}/{name} is {n}");
                    }
                    small(item, &format!("{path}/{name}"));
                }
            }
            _ => {}
        }
    }
    let dir = trial("");
    dir.fip("run trial.toml").ok();
    small(&dir.fip("report out --format json").ok().json(), "");
}

/// How many came is shown, and how many are compared as they came: one person too few in the
/// comparison is one person who came and whose value is missing.
#[test]
fn a_value_missing_among_those_who_came_is_not_told() {
    let dir = trial("");
    let export = dir.read("outcomes.csv");
    let allocation = dir.read("record/01-drawn/allocation.csv");
    // Of the intervention arm six incomes are missing: five of those who came, one of the others.
    let mut left = [1_u32, 5];
    let mut text = String::new();
    for line in export.lines() {
        let mut cells: Vec<&str> = line.split(';').collect();
        let drawn = allocation
            .lines()
            .any(|row| row.starts_with(&format!("{},fip", cells[0])));
        let came = usize::from(cells[1] == "3");
        if drawn && left[came] > 0 {
            left[came] -= 1;
            cells[5] = "";
        }
        text += &(cells.join(";") + "\n");
    }
    dir.write("outcomes.csv", text);
    dir.fip("run trial.toml --write markdown").ok();

    let raw = dir.json("out/evaluation.json");
    let counted = |of: &Value| -> u64 {
        let rows = of["estimates"].as_array().unwrap();
        let found = rows.iter().find(|row| row["estimand"] == "per_protocol");
        found.map_or(0, |row| row["n"].as_u64().unwrap())
    };
    let income = raw["outcomes"].as_array().unwrap();
    let income = income.iter().find(|one| one["name"] == "inkomen").unwrap();
    assert_eq!(income["fewest"]["receipt"], 1);
    assert!(counted(income) > 0);

    let report = dir.fip("report out --format json").ok().json();
    let shown = outcome(&report, "inkomen");
    assert!(!shown["arms"].as_array().unwrap().is_empty());
    assert_eq!(counted(shown), 0);
    assert!(shown.get("take_up").is_none() && shown.get("dose").is_none());
}
