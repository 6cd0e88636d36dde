//! The effect among compliers through the program: adjusted beside plain, and led by the Anderson–Rubin set
//! where the draw does not decide take-up strongly enough.

use serde_json::Value;

use crate::workdir::Workdir;

fn reference() -> Value {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/adjusted_iv.json"
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The people of a case as an export.
fn export(data: &Value) -> String {
    let column = |name: &str| data[name].as_array().unwrap();
    let mut text = String::from("id,arm,y,got,x1,x2,s\n");
    for i in 0..column("y").len() {
        let arm = if column("z")[i] == 1 { "i" } else { "c" };
        let of = |name: &str| column(name)[i].to_string();
        text += &format!(
            "k{i:03},{arm},{},{},{},{},{}\n",
            of("y"),
            of("got"),
            of("x1"),
            of("x2"),
            of("stratum")
        );
    }
    text
}

const RUN: &str = "evaluate o.csv --id id --arm arm --treated i --control c --outcomes y --received 'got = 1' --covariates x1,x2 --strata s";

#[track_caller]
fn near(found: &Value, expected: &Value) {
    let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
    assert!(
        (found - expected).abs() < 1e-8 * expected.abs().max(1.0),
        "{found} is not {expected}"
    );
}

#[test]
fn a_weak_draw_of_take_up_leads_with_the_set() {
    let dir = Workdir::new();
    let reference = reference();
    let cace = |found: &Value| -> Vec<Value> {
        let rows = found["outcomes"][0]["estimates"].as_array().unwrap().iter();
        rows.filter(|row| row["estimand"] == "cace")
            .cloned()
            .collect()
    };
    let theirs = &reference["strata"];
    dir.write("o.csv", export(&theirs["data"]));
    let found = dir.fip(&format!("{RUN} --format json")).ok().json();
    let rows = cace(&found);
    assert_eq!(rows.len(), 2, "{rows:?}");
    let adjusted = &rows[1];
    assert_eq!(adjusted["adjusted_for"], serde_json::json!(["x1", "x2"]));
    near(&adjusted["estimate"], &theirs["effect"]["estimate"]);
    near(&adjusted["std_error"], &theirs["effect"]["std_error"]);
    near(
        &adjusted["p_value"],
        &theirs["anderson_rubin"]["no_effect_p"],
    );
    near(
        &adjusted["conf_low"],
        &theirs["anderson_rubin"]["bounds"][0],
    );
    near(
        &adjusted["conf_high"],
        &theirs["anderson_rubin"]["bounds"][1],
    );
    for row in &rows {
        assert_eq!(row["instrument"]["leads"], true);
        assert_eq!(row["randomised"], true);
    }
    dir.fip(&format!("{RUN} --lang en")).ok().shows(&[
        "(CACE), adjusted for",
        "104.7) for the usual interval",
        "those of Anderson and Rubin",
    ]);
    // Nothing is known: the table says so instead of an interval.
    dir.write("o.csv", export(&reference["weak"]["data"]));
    let rows = cace(&dir.fip(&format!("{RUN} --format json")).ok().json());
    let set = &rows[1]["instrument"]["anderson_rubin"];
    assert_eq!(
        (&set["shape"], &rows[1]["conf_low"]),
        (&"line".into(), &Value::Null)
    );
    near(
        &rows[1]["p_value"],
        &reference["weak"]["anderson_rubin"]["no_effect_p"],
    );
    dir.fip(&format!("{RUN} --lang en")).ok().shows(&["[any"]);
}
