//! Missing outcomes by the draw: of clusters, with unequal chances, and much of them in both arms.

use serde_json::Value;

use crate::workdir::Workdir;

fn reference() -> Value {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/missing_design.json"
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[track_caller]
fn near(what: &str, found: &Value, expected: &Value, within: f64) {
    let (a, b) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
    assert!(
        (a - b).abs() <= within * b.abs().max(1e-2),
        "{what}: {a} is not {b}"
    );
}

/// Against estimatr's CR2 with outcomes filled in, and numerical derivatives of Lee's bound summed within clusters.
#[test]
fn clusters_have_bounds_and_weights() {
    let reference = reference();
    let data = &reference["clusters"];
    let dir = Workdir::new();
    let (mut outcomes, mut allocation) = (
        String::from("id,y,yes,x\n"),
        String::from("id,arm,cluster\n"),
    );
    for i in 0..data["y"].as_array().unwrap().len() {
        let known = data["known"][i].as_bool().unwrap();
        let of = |name: &str| {
            if known {
                data[name][i].to_string()
            } else {
                String::new()
            }
        };
        outcomes += &format!("k{i:03},{},{},{}\n", of("y"), of("yes"), data["x"][i]);
        let arm = if data["z"][i] == 1 { "i" } else { "c" };
        allocation += &format!("k{i:03},{arm},h{}\n", data["cluster"][i]);
    }
    dir.write("o.csv", outcomes).write("a.csv", allocation);
    let found = dir
        .fip("evaluate o.csv --id id --allocation a.csv --treated i --control c --outcomes y,yes --covariates x --format json")
        .ok()
        .json();
    let row = |place: usize| &found["outcomes"][place]["missing_outcomes"][0];
    for field in ["low", "high", "conf_low", "conf_high"] {
        near(field, &row(0)["lee"][field], &reference["lee"][field], 1e-6);
        near(
            field,
            &row(1)["worst_case"][field],
            &reference["worst"][field],
            1e-8,
        );
    }
    for field in ["estimate", "std_error", "df", "p_value"] {
        near(
            field,
            &row(0)["weighted"][field],
            &reference["weighted"][field],
            1e-8,
        );
    }
    let attrition = &reference["attrition"];
    near(
        "difference",
        &row(0)["difference"],
        &attrition["estimate"],
        1e-9,
    );
    near("p", &row(0)["test"]["p_value"], &attrition["p_value"], 1e-8);
    near("df", &row(0)["test"]["df"], &attrition["df"], 1e-8);
}

/// Only the stratum decides who is missing: by the chance of each arm attrition is the same, where whole arms differ by
/// twenty points. Effect sizes of whole arms are left out, and it is said why.
#[test]
fn unequal_chances_are_weighed_or_left_out() {
    let reference = reference();
    let data = &reference["strata"];
    let dir = Workdir::new();
    let (mut outcomes, mut allocation) = (String::from("id,y\n"), String::from("id,arm,stratum\n"));
    for i in 0..data["y"].as_array().unwrap().len() {
        let y = match data["known"][i].as_bool().unwrap() {
            true => data["y"][i].to_string(),
            false => String::new(),
        };
        outcomes += &format!("k{i:03},{y}\n");
        let arm = if data["z"][i] == 1 { "i" } else { "c" };
        allocation += &format!("k{i:03},{arm},s{}\n", data["s"][i]);
    }
    dir.write("o.csv", outcomes).write("a.csv", allocation);
    let found = dir
        .fip("evaluate o.csv --id id --allocation a.csv --treated i --control c --outcomes y --format json")
        .ok()
        .json();
    let outcome = &found["outcomes"][0];
    let row = &outcome["missing_outcomes"][0];
    near(
        "treated",
        &row["treated_share"],
        &reference["treated_share"],
        1e-12,
    );
    near(
        "control",
        &row["control_share"],
        &reference["control_share"],
        1e-12,
    );
    assert!(row["difference"].as_f64().unwrap().abs() < 1e-12, "{row}");
    assert!(row["lee"].is_null());
    let notes = outcome["notes"].as_array().unwrap();
    assert!(
        !notes.iter().any(|note| note["code"] == "attrition"),
        "{notes:?}"
    );
    let sizes = outcome["effect_sizes"].as_array().unwrap();
    assert_eq!(sizes.len(), 1, "{sizes:?}");
    assert_eq!(sizes[0]["measure"], "cohens_d");
    near("d", &sizes[0]["estimate"], &reference["d"], 1e-9);
    let reasons = notes
        .iter()
        .filter(|note| note["reason"] == "unequal_chances");
    assert_eq!(reasons.count(), 2, "{notes:?}");
}

/// Half of the outcomes missing in both arms: within What Works Clearinghouse's boundary, and not low.
#[test]
fn much_is_missing_in_both_arms() {
    let dir = Workdir::new();
    let mut text = String::from("id,arm,y\n");
    for i in 0..200 {
        let y = if i % 4 < 2 {
            String::new()
        } else {
            format!("{}", (i * 7) % 13)
        };
        text += &format!("k{i:03},{},{y}\n", ["i", "c"][i % 2]);
    }
    dir.write("o.csv", text);
    let run = "evaluate o.csv --id id --arm arm --treated i --control c --outcomes y";
    let found = dir.fip(&format!("{run} --format json")).ok().json();
    let outcome = &found["outcomes"][0];
    let row = &outcome["missing_outcomes"][0];
    assert_eq!(
        (&row["reading"], &row["overall"]),
        (&"much_missing".into(), &0.5.into())
    );
    let notes = outcome["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note["code"] == "attrition"));
    dir.fip(&format!("{run} --lang en"))
        .ok()
        .shows(&["So much attrition can bias the result"]);
}

/// Reasons of leaving are known for leavers: shown, not compared, no star; and a list of leavers alone is asked about.
#[test]
fn what_is_known_after_selection_is_not_compared() {
    let dir = Workdir::new();
    let (mut export, mut leavers) = (
        String::from("id,arm,reason,whole\n"),
        String::from("id,left\n"),
    );
    let mut allocation = String::from("id,arm\n");
    for i in 0..200 {
        let arm = ["i", "c"][i % 2];
        let leaves = match arm {
            "i" => i % 5 < 2,
            _ => i % 7 == 0,
        };
        // Among leavers the reasons differ much.
        let reason = match (leaves, arm) {
            (false, _) => "",
            (true, "i") => "work",
            (true, _) => "moved",
        };
        let whole = if leaves { reason } else { "stayed" };
        export += &format!("k{i:03},{arm},{reason},{whole}\n");
        allocation += &format!("k{i:03},{arm}\n");
        if leaves {
            leavers += &format!("k{i:03},1\n");
        }
    }
    dir.write("o.csv", export)
        .write("l.csv", leavers)
        .write("a.csv", allocation);
    let run = "evaluate o.csv --id id --arm arm --treated i --control c --outcomes reason,whole";
    let found = dir.fip(&format!("{run} --format json")).ok().json();
    let reason = &found["outcomes"][0];
    assert_eq!(reason["answer"], serde_json::json!([]));
    assert_eq!(reason["tests"], serde_json::json!([]));
    let notes = reason["notes"].as_array().unwrap();
    assert!(
        notes
            .iter()
            .any(|note| note["code"] == "selected_after_draw"),
        "{notes:?}"
    );
    // With a level for the others everybody counts.
    assert!(
        found["outcomes"][1]["answer"][0]["p_value"]
            .as_f64()
            .unwrap()
            < 0.001
    );
    dir.fip(&format!("{run} --lang en"))
        .ok()
        .shows(&["nothing was tested"]);
    let run = "evaluate l.csv --id id --allocation a.csv --treated i --control c --outcomes left --kind left=binary:0|1";
    dir.fip(run)
        .exits(3)
        .says(&["everybody in this file has '1'", "absence"]);
}
