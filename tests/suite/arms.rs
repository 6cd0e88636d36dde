//! Several intervention arms: one test over all of them, and arms that are taken together.

use serde_json::Value;

use crate::workdir::Workdir;

fn reference() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/omnibus.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The named columns as an export, the arms called otherwise where asked.
fn export(data: &Value, columns: &[&str], called: impl Fn(&str) -> String) -> String {
    let mut text = format!("id,arm,{}\n", columns.join(","));
    for (i, arm) in data["arm"].as_array().unwrap().iter().enumerate() {
        let values: Vec<String> = columns.iter().map(|of| data[of][i].to_string()).collect();
        let arm = called(arm.as_str().unwrap());
        text += &format!("k{i:03},{arm},{}\n", values.join(","));
    }
    text
}

#[track_caller]
fn same(found: &Value, expected: &Value) {
    for (name, value) in expected.as_object().unwrap() {
        let (a, b) = (found[name].as_f64().unwrap(), value.as_f64().unwrap());
        assert!(
            (a - b).abs() < 1e-8 * b.abs().max(1e-3),
            "{name}: {a} is not {b}"
        );
    }
}

const RUN: &str = "evaluate o.csv --id id --arm arm --control c";

#[test]
fn one_test_over_all_arms_agrees_with_r() {
    let reference = reference();
    let dir = Workdir::new();
    let own = str::to_string;
    dir.write(
        "o.csv",
        export(&reference["persons"], &["y", "yes", "stratum"], own),
    );
    let run = |how: &str| dir.fip(&format!("{RUN} {how} --format json")).ok().json();
    let found = run("--outcomes y,yes");
    let of = |found: &Value, place: usize| found["outcomes"][place]["omnibus"].clone();
    assert_eq!(of(&found, 0)["method"], "welch");
    same(&of(&found, 0), &reference["welch"]);
    assert_eq!(of(&found, 1)["method"], "pearson_chi_square");
    same(&of(&found, 1), &reference["chi_square"]);
    let found = run("--outcomes y --strata stratum");
    assert_eq!(of(&found, 0)["method"], "within_strata");
    same(&of(&found, 0), &reference["strata"]);
    dir.write(
        "o.csv",
        export(&reference["clusters"], &["y", "cluster"], own),
    );
    let found = run("--outcomes y --cluster cluster");
    assert_eq!(of(&found, 0)["method"], "clusters");
    same(&of(&found, 0), &reference["htz"]);
    dir.write("o.csv", export(&reference["persons"], &["y"], own));
    dir.fip(&format!("{RUN} --outcomes y --lang en"))
        .ok()
        .shows(&["Do any of the groups differ?", "F(2, 86.8) = 3.33"]);
    // With one intervention arm there is nothing to test together.
    let found = run("--outcomes y --treated a");
    assert!(of(&found, 0).is_null());
}

/// Arms taken together are one arm: as if the file had called them so, by flag and by protocol.
#[test]
fn pooled_arms_are_one_arm() {
    let reference = reference();
    let dir = Workdir::new();
    let data = &reference["persons"];
    let merged = |arm: &str| if arm == "c" { "c" } else { "a + b" }.to_string();
    dir.write(
        "o.csv",
        export(data, &["y", "yes", "stratum"], str::to_string),
    )
    .write("merged.csv", export(data, &["y", "yes", "stratum"], merged));
    let rest = "--outcomes y --permutations 500 --strata stratum --covariates yes --format json";
    let pooled = dir.fip(&format!("{RUN} --treated a,b {rest}")).ok().json();
    let one = RUN.replace("o.csv", "merged.csv");
    let by_hand = dir
        .fip(&format!("{one} --treated 'a + b' {rest}"))
        .ok()
        .json();
    for part in ["outcomes", "arms", "treated", "control"] {
        assert_eq!(pooled[part], by_hand[part], "{part}");
    }
    let notes = pooled["notes"].as_array().unwrap();
    assert!(
        notes.iter().any(|note| note["code"] == "arms_pooled"),
        "{notes:?}"
    );
    let plain = "--outcomes y --format json";
    let found = dir.fip(&format!("{RUN} --treated a,b {plain}")).ok().json();
    same(&found["outcomes"][0]["answer"][0], &reference["pooled"]);
    dir.write(
        "trial.toml",
        "[register]\nid = \"id\"\n[[outcome]]\nname = \"y\"\nkind = \"numeric\"\n[analysis]\ntreated = [\"a\", \"b\"]\n",
    );
    dir.write("o.csv", export(data, &["y", "yes"], str::to_string));
    let by_protocol = dir
        .brought_in("o.csv", "arm")
        .fip("evaluate o.csv --trial trial.toml --arm arm --control c --format json")
        .ok()
        .json();
    assert_eq!(
        by_protocol["outcomes"][0]["answer"],
        found["outcomes"][0]["answer"]
    );
    // One of them alone is a deviation.
    let alone = dir
        .fip("evaluate o.csv --trial trial.toml --arm arm --control c --treated a --format json")
        .ok()
        .json();
    let notes = alone["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note["what"] == "role"), "{notes:?}");
    dir.fip(&format!("{RUN} --treated a,c --outcomes y"))
        .exits(2);
    dir.fip(&format!("{RUN} --treated a,z --outcomes y"))
        .exits(3)
        .says(&["'z'"]);
}

/// An arm delivered by four people: the effect with them as units agrees with estimatr, and the reader is told whom the
/// result is about. One person cannot be told from the intervention.
#[test]
fn few_who_deliver_it() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/nested.json");
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let data = &reference["data"];
    let dir = Workdir::new();
    let write = |one: bool| {
        let mut text = String::from("id,arm,y,s,who\n");
        for i in 0..data["y"].as_array().unwrap().len() {
            let of = |name: &str| data[name][i].as_str().unwrap();
            let who = match (of("who"), one) {
                ("", _) => "",
                (_, true) => "anna",
                (who, false) => who,
            };
            text += &format!(
                "k{i:03},{},{},{},{who}\n",
                of("arm"),
                data["y"][i],
                data["s"][i]
            );
        }
        dir.write("o.csv", text);
    };
    write(false);
    let run =
        "evaluate o.csv --id id --arm arm --treated i --control c --outcomes y --provider who";
    for (how, expected) in [("", "plain"), ("--strata s", "strata")] {
        let found = dir.fip(&format!("{run} {how} --format json")).ok().json();
        let row = &found["outcomes"][0]["nested"][0];
        assert_eq!(
            (&row["treated_providers"], &row["control_providers"]),
            (&4.into(), &0.into())
        );
        same(&row["effect"], &reference[expected]);
    }
    dir.fip(&format!("{run} --lang en"))
        .ok()
        .shows(&["Effect with who delivered it as a unit"]);
    dir.write(
        "trial.toml",
        "[register]\nid = \"id\"\n[[outcome]]\nname = \"y\"\nkind = \"numeric\"\n[analysis]\nprovider = \"who\"\n",
    );
    let by_protocol =
        "evaluate o.csv --trial trial.toml --arm arm --treated i --control c --format json";
    let found = dir.brought_in("o.csv", "arm").fip(by_protocol).ok().json();
    same(
        &found["outcomes"][0]["nested"][0]["effect"],
        &reference["plain"],
    );
    write(true);
    let found = dir.fip(&format!("{run} --format json")).ok().json();
    let row = &found["outcomes"][0]["nested"][0];
    assert!(
        row["treated_providers"] == 1 && row["effect"].is_null(),
        "{row}"
    );
    let notes = found["outcomes"][0]["notes"].as_array().unwrap();
    assert!(
        notes.iter().any(|note| note["reason"] == "few_clusters"),
        "{notes:?}"
    );
}

/// The caseworkers that the draw divided an arm over are those who deliver it.
#[test]
fn caseworkers_of_the_draw_deliver_the_intervention() {
    let dir = Workdir::new();
    let rows = |value: &dyn Fn(u32) -> String, head: &str| {
        (0..80).fold(format!("{head}\n"), |text, i| {
            text + &format!("k{i:02},{}\n", value(i))
        })
    };
    dir.write("register.csv", rows(&|i| (20 + i % 40).to_string(), "id,age"))
        .write("outcomes.csv", rows(&|i| (i * 37 % 23).to_string(), "id,y"))
        .write(
            "trial.toml",
            "[register]\nfile = \"register.csv\"\nid = \"id\"\n[assignment]\nmethod = \"complete\"\nseed = \"7\"\n\
             [[assignment.arm]]\nname = \"i\"\nsize = 40\nrole = \"intervention\"\n\
             [[assignment.arm]]\nname = \"c\"\nrole = \"control\"\n\
             [[assignment.caseworker]]\nname = \"De Boer\"\nplaces = 20\n[[assignment.caseworker]]\nname = \"Jansen\"\n\
             [outcomes]\nfile = \"outcomes.csv\"\n[[outcome]]\nname = \"y\"\nkind = \"numeric\"\n",
        );
    let found = dir
        .drawn()
        .fip("evaluate --trial trial.toml --format json")
        .ok()
        .json();
    let row = &found["outcomes"][0]["nested"][0];
    assert_eq!(
        (&row["provider"], &row["treated_providers"]),
        (&"caseworker".into(), &2.into()),
        "{found}"
    );
}
