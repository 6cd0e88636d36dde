//! What is hidden in a report is hidden on the screen of every command.

use serde_json::json;

use crate::workdir::Workdir;

const TRIAL: &str = r#"
[trial]
language = "en"
[register]
file = "register.csv"
id = "id"
where = "age < 65"
[assignment]
method = "stratified"
seed = "7"
strata = ["town"]
[[assignment.arm]]
name = "new"
share = 0.5
role = "intervention"
[[assignment.arm]]
name = "old"
role = "control"
"#;

/// 62 people of whom 3 are too old; two live in Zuid, one is drawn into either arm.
fn drawn(report: &str) -> Workdir {
    let mut register = String::from("id,age,town\n");
    for i in 0..62_u32 {
        let age = if i >= 59 { 70 } else { 20 + i % 40 };
        let town = if i < 2 { "Zuid" } else { "Noord" };
        register += &format!("k{i:03},{age},{town}\n");
    }
    let dir = Workdir::new();
    dir.write("register.csv", register)
        .write("trial.toml", TRIAL.to_owned() + report);
    dir.drawn();
    dir
}

const FORMATS: [&str; 5] = ["text", "markdown", "html", "csv", "latex"];

#[test]
fn verify_hides_as_the_others_do() {
    let dir = drawn("[report]\nmin_cell = 5\n");
    assert_eq!(dir.json("record/01-drawn/manifest.json")["min_cell"], 5);
    for format in FORMATS {
        let shown = dir
            .fip(&format!(
                "verify record/01-drawn/manifest.json --register register.csv --lang en --format {format}"
            ))
            .ok()
            .says(&["numbers below 5", "--format json"])
            .stdout;
        // Neither the two of Zuid, nor the three who are too old, nor the register's size.
        for hidden in ["Zuid", "Noord", "age &lt; 65", "age < 65", "Read"] {
            assert!(!shown.contains(hidden), "{format} shows {hidden}\n{shown}");
        }
        if format != "csv" {
            assert!(shown.contains("Numbers below 5 are not shown"), "{shown}");
        }
    }
}

#[test]
fn verify_hides_what_differs_in_hidden_counts() {
    let dir = drawn("[report]\nmin_cell = 5\n");
    // Somebody has moved, and somebody has become too old.
    let text = dir.read("register.csv");
    dir.write(
        "register.csv",
        text.replace("k001,21,Zuid", "k001,21,Noord")
            .replace("k010,30", "k010,66"),
    );
    let shown = dir
        .fip("verify record/01-drawn/manifest.json --register register.csv --lang en")
        .exits(1)
        .stdout;
    assert!(!shown.contains("age < 65"), "{shown}");
    assert!(!shown.contains("Zuid, "), "{shown}");
    assert!(shown.contains("the differences in small or withheld numbers"));
    // Programs get them all.
    let found = dir
        .fip("verify record/01-drawn/manifest.json --register register.csv --format json")
        .exits(1)
        .json();
    let counts = found["differences"].as_array().unwrap();
    assert!(
        counts
            .iter()
            .any(|one| one["count"]["of"] == "stratum_persons")
    );
}

#[test]
fn an_older_record_is_protected_by_its_protocol() {
    let dir = drawn("[report]\nmin_cell = 5\n");
    let mut manifest = dir.json("record/01-drawn/manifest.json");
    manifest.as_object_mut().unwrap().remove("min_cell");
    dir.write("record/01-drawn/manifest.json", manifest.to_string());
    let shown = |more: &str| {
        dir.fip(&format!(
            "verify record/01-drawn/manifest.json --register register.csv --lang en {more}"
        ))
        .ok()
        .stdout
    };
    assert!(shown("").contains("Zuid"));
    assert!(!shown("--trial trial.toml").contains("Zuid"));
}

#[test]
fn reasons_together_are_a_row_of_their_own() {
    // Eleven do not live here, three are too old.
    let dir = drawn("[report]\nmin_cell = 5\n");
    let mut register = dir.read("register.csv");
    for i in 0..11 {
        register += &format!("x{i:03},30,Elders\n");
    }
    dir.write("register.csv", register);
    let trial = dir.read("trial.toml").replace(
        "where = \"age < 65\"",
        "where = \"age < 65 AND town <> 'Elders'\"",
    );
    dir.write("trial.toml", trial);
    std::fs::remove_dir_all(dir.path("record")).unwrap();
    dir.drawn();
    let shown = dir
        .fip("verify record/01-drawn/manifest.json --register register.csv --lang en")
        .ok()
        .stdout;
    assert!(shown.contains("other reasons (merged)"), "{shown}");
    assert!(!shown.contains("did not meet"), "{shown}");
    assert!(shown.contains("14"), "{shown}");
}

#[test]
fn without_a_limit_nothing_is_hidden() {
    let dir = drawn("");
    let manifest = dir.json("record/01-drawn/manifest.json");
    assert!(manifest.get("min_cell").is_none());
    assert_eq!(
        manifest["counts"]["strata"][1]["arms"][0]["persons"],
        json!(1)
    );
    let shown = dir
        .fip("verify record/01-drawn/manifest.json --register register.csv --lang en")
        .ok()
        .stdout;
    for there in ["Zuid", "age < 65", "62"] {
        assert!(shown.contains(there), "{shown}");
    }
}
