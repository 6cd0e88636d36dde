//! Through the program: covariates, weights, matches and subgroups where the draw was made within
//! strata, of persons and of clusters, against estimatr, glm and MatchIt.

use serde_json::Value;

use super::workdir::Workdir;

fn reference() -> Value {
    let path = format!(
        "{}/tests/reference/evaluate/within_strata.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Evaluates the columns of a reference's data.
fn evaluate(data: &Value, arguments: &str) -> Value {
    let columns = data.as_object().unwrap();
    let own: Vec<&String> = columns
        .keys()
        .filter(|name| !["s", "treated", "cluster"].contains(&name.as_str()))
        .collect();
    let clustered = columns.contains_key("cluster");
    let mut outcomes = String::from("id");
    own.iter().for_each(|name| outcomes += &format!(",{name}"));
    let mut allocation = String::from("id,arm,stratum");
    allocation += if clustered { ",cluster\n" } else { "\n" };
    outcomes.push('\n');
    for i in 0..data["y"].as_array().unwrap().len() {
        outcomes += &format!("k{i:03}");
        for name in &own {
            outcomes += &format!(",{}", data[name.as_str()][i].to_string().trim_matches('"'));
        }
        outcomes.push('\n');
        let arm = if data["treated"][i] == 1 { "i" } else { "c" };
        allocation += &format!("k{i:03},{arm},s{}", data["s"][i]);
        if clustered {
            allocation += &format!(",h{}", data["cluster"][i]);
        }
        allocation.push('\n');
    }
    let dir = Workdir::new();
    dir.write("o.csv", outcomes)
        .write("allocation.csv", allocation);
    let found = dir
        .fip(&format!(
            "evaluate o.csv --id id --allocation allocation.csv --treated i --control c --outcomes y \
             --format json {arguments}"
        ))
        .ok()
        .json();
    found["outcomes"][0].clone()
}

#[track_caller]
fn close(what: &str, ours: &Value, theirs: &Value, tolerance: f64) {
    let (ours, theirs) = (ours.as_f64().unwrap(), theirs.as_f64().unwrap());
    assert!(
        (ours - theirs).abs() <= tolerance * theirs.abs(),
        "{what}: {ours:e} instead of {theirs:e}"
    );
}

#[track_caller]
fn same(what: &str, ours: &Value, theirs: &Value) {
    for name in [
        "estimate",
        "std_error",
        "df",
        "conf_low",
        "conf_high",
        "p_value",
    ] {
        // Ends near zero lose a digit or two.
        close(&format!("{what} {name}"), &ours[name], &theirs[name], 1e-9);
    }
}

fn row<'a>(of: &'a Value, list: &str, key: &str, name: &str) -> &'a Value {
    let rows = of[list].as_array().unwrap();
    let row = rows.iter().find(|row| row[key] == name);
    row.unwrap_or_else(|| panic!("no {name} in {list}: {of:#}"))
}

#[track_caller]
fn same_subgroups(ours: &Value, theirs: &Value) {
    let found = &ours["subgroups"][0];
    close("F", &found["statistic"], &theirs["f"], 1e-9);
    for (k, group) in found["groups"].as_array().unwrap().iter().enumerate() {
        for name in ["estimate", "std_error", "df", "conf_low", "conf_high"] {
            close(
                name,
                &group["effect"][name],
                &theirs["effects"][k][name],
                1e-9,
            );
            if k > 0 {
                let theirs = &theirs["interactions"][k - 1];
                close(name, &group["interaction"][name], &theirs[name], 1e-9);
            }
        }
    }
}

#[test]
fn persons() {
    let reference = &reference()["persons"];
    let ours = evaluate(&reference["data"], "--covariates x,w --subgroups g");
    // The standard error of weights is checked in tests/reference/weights.py.
    close(
        "inverse probability",
        &row(&ours, "chance", "method", "inverse_probability")["estimate"],
        &reference["inverse_probability"]["estimate"],
        1e-9,
    );
    for method in ["ancova", "lin"] {
        same(
            method,
            row(&ours, "chance", "method", method),
            &reference[method],
        );
    }
    same(
        "unadjusted",
        row(&ours, "chance", "method", "unadjusted"),
        &reference["blocked"],
    );
    same(
        "lin",
        row(&ours, "estimates", "estimator", "lin"),
        &reference["lin"],
    );
    let matched = row(&ours, "chance", "method", "matched");
    let theirs = &reference["matched"];
    close("matched", &matched["estimate"], &theirs["estimate"], 1e-11);
    let people = theirs["treated"].as_u64().unwrap() + theirs["controls"].as_u64().unwrap();
    assert_eq!(matched["n"], people);
    for name in ["x", "w"] {
        let imbalance = row(&ours, "imbalance", "covariate", name);
        for part in ["difference", "prognosis"] {
            close(
                part,
                &imbalance[part],
                &reference["imbalance"][name][part],
                1e-9,
            );
        }
    }
    same_subgroups(&ours, &reference["subgroups"]);
    assert!(
        ours["chance"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["method"] == "entropy_balanced")
    );
}

#[test]
fn clusters() {
    let reference = &reference()["clusters"];
    let ours = evaluate(&reference["data"], "--covariates x --subgroups g");
    same(
        "lin",
        row(&ours, "estimates", "estimator", "lin"),
        &reference["lin"],
    );
    same(
        "ancova",
        row(&ours, "chance", "method", "ancova"),
        &reference["ancova"],
    );
    same_subgroups(&ours, &reference["subgroups"]);
    let warnings = ours["warnings"].to_string();
    assert!(
        warnings
            .contains("entropy balancing, inverse-probability weights, matching with replacement")
    );
}
