//! Through the program: the number of contacts as a dose, deviations from the protocol, and the
//! same bytes with any number of threads.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::workdir::Workdir;

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference/evaluate")
        .join(name)
}

#[track_caller]
fn close(what: &str, ours: &Value, theirs: &Value) {
    let (Some(ours), Some(theirs)) = (ours.as_f64(), theirs.as_f64()) else {
        assert_eq!(ours, theirs, "{what}");
        return;
    };
    // p-values far in the tail are off by their statistic's rounding times its square.
    assert!(
        (ours - theirs).abs() <= 1e-9 * theirs.abs().max(1e-300),
        "{what}: {ours:e} instead of {theirs:e}"
    );
}

#[track_caller]
fn same(what: &str, ours: &Value, theirs: &Value) {
    for (field, theirs) in theirs.as_object().unwrap() {
        close(&format!("{what} {field}"), &ours[field], theirs);
    }
}

const EVALUATE: &str = "evaluate outcomes.csv --id klantnummer --arm groep --treated interventie \
    --outcomes inkomen,werk,trede --kind 'trede=ordinal:1|2|3|4|5' --format json";

fn with_export() -> Workdir {
    let dir = Workdir::new();
    dir.write("outcomes.csv", fs::read(reference("outcomes.csv")).unwrap());
    dir
}

#[test]
fn the_dose_agrees_with_r() {
    let expected: Value =
        serde_json::from_str(&fs::read_to_string(reference("dose.json")).unwrap()).unwrap();
    for rule in ["gesprekken >= 2", "\"gesprekken\" > 1"] {
        let found = with_export()
            .fip(&format!("{EVALUATE} --received '{rule}'"))
            .ok()
            .json();
        for outcome in found["outcomes"].as_array().unwrap() {
            let name = outcome["name"].as_str().unwrap();
            let (ours, theirs) = (&outcome["dose"][0], &expected[name]);
            assert_eq!(ours["column"], "gesprekken");
            assert_eq!((&ours["at_least"], &ours["n"]), (&json!(2), &theirs["n"]));
            same(name, &ours["per_contact"], &theirs["per_contact"]);
            same(name, &ours["contacts"], &theirs["contacts"]);
            close(name, &ours["first_stage_f"], &theirs["f"]);
            for (step, weight) in theirs["weights"].as_array().unwrap().iter().enumerate() {
                close(name, &ours["weights"][step]["weight"], weight);
            }
            for arm in ["controle", "interventie"] {
                for (contacts, group) in theirs[arm].as_array().unwrap().iter().enumerate() {
                    let own = ours["groups"].as_array().unwrap().iter().find(|own| {
                        own["arm"] == arm && own["contacts"].as_u64() == Some(contacts as u64)
                    });
                    let Some(own) = own else {
                        assert_eq!(group["n"], 0, "{name} {arm} {contacts}");
                        continue;
                    };
                    assert_eq!(own["n"], group["n"]);
                    assert_eq!(own["randomised"], false);
                    close(name, &own["mean"], &group["mean"]);
                }
            }
        }
    }
}

#[test]
fn the_tables_say_what_was_not_drawn_and_what_is_assumed() {
    let dir = with_export();
    let command = EVALUATE.replace(" --format json", " --received 'gesprekken >= 2'");
    dir.fip(&format!("{command} --lang nl")).ok().shows(&[
        "Effect per contact",
        "Uitkomst naar aantal contacten (niet geloot)",
        "4 of meer contacten",
        "staat daarom geen p-waarde bij",
        "0 → 1",
        "mét",
    ]);
    dir.fip(&format!("{command} --lang en")).ok().shows(&[
        "Outcome by number of contacts (not randomised)",
        "4 or more contacts",
        "Not randomised: who comes more",
        "without",
    ]);
}

#[test]
fn other_than_whole_numbers_are_no_dose() {
    let dir = Workdir::new();
    dir.write(
        "o.csv",
        "arm;y;uren\ni;1;2,5\ni;3;0\ni;4;1\nc;2;0\nc;1;0\nc;5;0\n",
    );
    let found = dir
        .fip("evaluate o.csv --arm arm --treated i --control c --outcomes y --received 'uren >= 1' --format json --lang nl")
        .ok()
        .json();
    assert_eq!(found["outcomes"][0].get("dose"), None);
    let notes = found["notes"].as_array().unwrap();
    assert!(notes.contains(&json!({"code": "dose_not_counted", "column": "uren"})));
    // A rule that counts nothing has no dose, and no note.
    let found = dir
        .fip("evaluate o.csv --arm arm --treated i --control c --outcomes y --received 'uren < 1' --format json")
        .ok()
        .json();
    assert_eq!(found["outcomes"][0].get("dose"), None);
    assert_eq!(found["outcomes"][0]["take_up"].as_array().unwrap().len(), 1);
}

/// Rows that came although drawn as control, a weak first stage, and a set without bounds.
#[test]
fn thresholds_are_complete_with_two_sided_non_compliance() {
    let mut rows = String::from("arm;y;visits\n");
    for i in 0..60_usize {
        let arm = ["i", "c"][i % 2];
        let visits = (i * 7) % 5 + usize::from(i % 6 == 0);
        rows += &format!("{arm};{};{visits}\n", (i * 37) % 19);
    }
    let dir = Workdir::new();
    dir.write("o.csv", rows);
    let command =
        "evaluate o.csv --arm arm --treated i --control c --outcomes y --received 'visits >= 2'";
    let found = dir.fip(&format!("{command} --format json")).ok().json();
    let rows = found["outcomes"][0]["take_up"].as_array().unwrap();
    assert_eq!(rows.len(), 5);
    let mut lines = 0;
    for row in rows {
        for field in [
            "complier_share",
            "first_stage_f",
            "cace",
            "anderson_rubin",
            "compliers_treated",
            "compliers_untreated",
        ] {
            assert!(!row[field].is_null(), "{field} of {row}");
        }
        let leading = row["leading"].as_bool().unwrap();
        assert!(!leading || row["always_takers"].as_f64().unwrap() > 0.0);
        lines += u64::from(row["anderson_rubin"]["shape"] == "line");
    }
    assert!(lines > 0, "{rows:?}");
    let codes: Vec<&Value> = found["outcomes"][0]["notes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| &note["code"])
        .collect();
    assert!(codes.contains(&&json!("weak_first_stage")), "{codes:?}");
    dir.fip(&format!("{command} --lang nl")).ok().shows(&[
        "elke waarde",
        "de loting bepaalt deelname niet sterk genoeg",
    ]);
    dir.fip(&format!("{command} --lang en")).ok().shows(&[
        "any value",
        "the draw does not decide take-up strongly enough",
    ]);
}

const PROTOCOL: &str = r#"
[register]
file = "register.csv"
id = "id"
[outcomes]
file = "o.csv"
[assignment]
method = "complete"
seed = "1"
[[assignment.arm]]
name = "i"
share = 0.5
role = "intervention"
[[assignment.arm]]
name = "c"
role = "control"
[[outcome]]
name = "y"
kind = "numeric"
exclude = "left = 1"
tests = ["welch_t"]
[[outcome]]
name = "w"
kind = "numeric"
[compliance]
received = "visits >= 2"
[analysis]
alpha = 0.05
adjust = ["age"]
permutations = 500
subgroups = ["sex"]
"#;

fn registered() -> Workdir {
    let mut rows = String::from("id;arm;y;w;x;visits;left;age;size;sex\n");
    for i in 0..40_usize {
        rows += &format!(
            "{i:02};{};{};{};{};{};{};{};{};{}\n",
            ["i", "c"][i % 2],
            (i * 7) % 11,
            (i * 5) % 13,
            (i * 3) % 7,
            if i % 2 == 0 { i % 5 } else { 0 },
            u8::from(i % 13 == 0),
            20 + i,
            (i * 11) % 9,
            ["m", "f"][i / 3 % 2]
        );
    }
    let dir = Workdir::new();
    dir.write("o.csv", rows)
        .write("trial.toml", PROTOCOL)
        .brought_in("o.csv", "arm");
    dir
}

fn deviations(found: &Value) -> Vec<String> {
    found["notes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|note| {
            let code = note["code"].as_str().unwrap();
            code.contains("registered") && code != "draw_not_recorded"
        })
        .map(|note| {
            let text = |field: &str| note[field].as_str().unwrap_or_default().to_string();
            format!("{} {} {}", text("code"), text("what"), text("name"))
        })
        .collect()
}

#[test]
fn every_flag_that_overrides_the_protocol_is_a_deviation() {
    let dir = registered();
    let base = "evaluate --trial trial.toml --arm arm --format json";
    let as_registered = dir.fip(base).ok().json();
    // Only the tests that stand beside the registered one.
    assert_eq!(deviations(&as_registered), ["tests_not_registered  "]);
    let other = dir
        .fip(&format!(
            "{base} --outcomes y,x --received 'visits >= 3' --exclude 'left = 2' --covariates size --alpha 0.1 \
             --permutations 300 --subgroups size --kind y=binary"
        ))
        .exits(3);
    drop(other);
    let other = dir
        .fip(&format!(
            "{base} --outcomes y,x --received 'visits >= 3' --exclude 'left = 2' --covariates size --alpha 0.1 \
             --permutations 300 --subgroups size"
        ))
        .ok()
        .json();
    assert_eq!(
        deviations(&other),
        [
            "not_registered exclusion left = 2",
            "registered_not_used exclusion left = 1",
            "not_registered outcome x",
            "registered_not_analysed  w",
            "not_registered compliance visits >= 3",
            "registered_not_used compliance visits >= 2",
            "not_registered covariate size",
            "registered_not_used covariate age",
            "not_registered subgroup size",
            "registered_not_used subgroup sex",
            "not_registered alpha 0.1",
            "registered_not_used alpha 0.05",
            "not_registered permutations 300",
            "registered_not_used permutations 500",
            "tests_not_registered  ",
        ]
    );
    let text = dir.fip(
        "evaluate --trial trial.toml --arm arm --lang nl --covariates size --alpha 0.1 --permutations 300",
    );
    text.ok().shows(&[
        "Niet in het protocol: de correctie voor 'size'",
        "Wel in het protocol, maar hier niet gebruikt: de correctie voor 'age'",
        "alpha = 0,1.",
        "300 lotingen",
    ]);
}

/// The same bytes on one thread and on two, for evaluation and for simulated trials.
#[test]
fn the_number_of_threads_changes_no_byte() {
    let dir = registered();
    dir.write(
        "register.csv",
        (0..60).fold(String::from("id;town\n"), |text, i| {
            text + &format!("{i};{}\n", i % 3)
        }),
    );
    let run = |threads: &str, arguments: &str| {
        let ran = dir
            .fip_with(arguments, &[("RAYON_NUM_THREADS", threads)])
            .ok();
        // Nobody watches a pipe: no bar, no escape codes.
        assert!(!ran.stderr.contains(['\u{1b}', '\r']));
        ran.stdout
    };
    for arguments in [
        "evaluate --trial trial.toml --arm arm --permutations 3000 --format json",
        "power --trial trial.toml --simulate register.csv --difference 0.5 --trials 500 --format json",
    ] {
        assert_eq!(run("1", arguments), run("2", arguments), "{arguments}");
    }
}
