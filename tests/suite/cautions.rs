//! Through the program: nothing is absent without a word, and what is there but should not be
//! relied on says so.

use serde_json::Value;

use super::workdir::Workdir;

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

#[track_caller]
fn warned(of: &Value, words: &str) {
    assert!(warns(of, words), "no '{words}' in {:#}", of["warnings"]);
}

fn warns(of: &Value, words: &str) -> bool {
    let warnings = list(&of["warnings"]).iter();
    warnings
        .filter_map(Value::as_str)
        .any(|text| text.contains(words))
}

fn evaluated(export: &str, arguments: &str) -> Value {
    let dir = Workdir::new();
    dir.write("o.csv", export);
    dir.fip(&format!(
        "evaluate o.csv --arm arm --treated i --control c --format json --lang en {arguments}"
    ))
    .ok()
    .json()
}

fn estimate<'a>(of: &'a Value, estimator: &str) -> Option<&'a Value> {
    list(&of["estimates"])
        .iter()
        .find(|row| row["estimator"] == estimator)
}

/// Forty people, twenty to an arm.
fn export(head: &str, row: impl Fn(usize, bool) -> String) -> String {
    let mut text = format!("id,arm,{head}\n");
    for i in 0..40 {
        let arm = if i % 2 == 0 { "i" } else { "c" };
        text += &format!("k{i:02},{arm},{}\n", row(i, i % 2 == 0));
    }
    text
}

#[test]
fn only_what_is_used_is_adjusted_for() {
    let text = export("y,a,b,one,lost", |i, treated| {
        let a = (i * 7) % 13;
        let lost = if treated {
            (i % 5).to_string()
        } else {
            String::new()
        };
        format!("{},{a},{},1,{lost}", (i * 11) % 17, 2 * a + 1)
    });
    let found = evaluated(&text, "--outcomes y --covariates a,b,one,lost");
    let outcome = &found["outcomes"][0];
    let lin = estimate(outcome, "lin").unwrap();
    assert_eq!(lin["adjusted_for"], serde_json::json!(["a"]));
    warned(
        outcome,
        "Not adjusted for: lost. Reason: in one of the arms nobody",
    );
    warned(
        outcome,
        "Not adjusted for: one. Reason: everyone has the same value",
    );
    warned(
        outcome,
        "Not adjusted for: b. Reason: the value follows completely",
    );
    let alone = evaluated(&text, "--outcomes y --covariates a");
    for (ours, theirs) in list(&outcome["chance"])
        .iter()
        .zip(list(&alone["outcomes"][0]["chance"]))
    {
        assert_eq!(ours, theirs);
    }
}

#[test]
fn take_up_the_wrong_way_round() {
    let text = export("y,came", |i, treated| {
        format!(
            "{},{}",
            (i * 11) % 17,
            u8::from(if treated { i % 3 == 0 } else { i % 3 > 0 })
        )
    });
    let found = evaluated(&text, "--outcomes y --received came=1");
    warned(
        &found["outcomes"][0],
        "Take-up was higher in the control arm than in 'i'",
    );
}

/// One person of a level by themselves: HC2 is not defined for the effect where it rests on them.
#[test]
fn a_missing_standard_error_says_why() {
    let mut text = String::from("arm,y,x\n");
    for (arm, y, x) in [
        ("i", 1, 0),
        ("i", 3, 0),
        ("i", 4, 1),
        ("c", 2, 0),
        ("c", 5, 1),
        ("c", 2, 1),
        ("c", 3, 0),
    ] {
        text += &format!("{arm},{y},{x}\n");
    }
    let found = evaluated(&text, "--outcomes y --covariates x");
    let outcome = &found["outcomes"][0];
    let lin = estimate(outcome, "lin").unwrap();
    assert!(lin["std_error"].is_null());
    warned(
        outcome,
        "has no standard error, interval and p-value. Reason: one person alone",
    );
    warned(
        outcome,
        "for only 3 people in the group 'i' (fewer than 10)",
    );
    warned(
        outcome,
        "matching with replacement. Reason: an arm has too few people",
    );
}

#[test]
fn groups_without_a_level_in_common() {
    let text = export("y,town", |i, treated| {
        let town = match (treated, i % 3) {
            (true, 0) => "A",
            (true, _) => "B",
            (false, 0) => "C",
            (false, _) => "D",
        };
        format!("{},{town}", (i * 11) % 17)
    });
    let found = evaluated(&text, "--outcomes y --covariates town");
    let table = &found["balance"][0];
    let row = &table["covariates"][0];
    assert!(row["smd"].is_null());
    assert_eq!(row["band"], "not_equivalent");
    warned(table, "town: the groups have no level in common");
    warned(
        table,
        "After a sound draw such a difference hardly ever happens",
    );
    assert!(!warns(table, "no evidence that the draw went wrong"));
}

#[test]
fn a_kind_for_covariates_and_subgroups() {
    let text = export("y,code", |i, _| format!("{},{}", (i * 11) % 17, 1 + i % 3));
    let found = evaluated(
        &text,
        "--outcomes y --covariates code --subgroups code --kind code=categorical",
    );
    assert_eq!(found["balance"][0]["covariates"][0]["kind"], "categorical");
    assert_eq!(
        list(&found["outcomes"][0]["subgroups"][0]["groups"]).len(),
        3
    );
    let dir = Workdir::new();
    dir.write("o.csv", &text);
    dir.fip("evaluate o.csv --arm arm --treated i --outcomes y --kind code=categorical")
        .exits(2)
        .says(&["not among the outcomes, covariates or subgroups"]);
}

#[test]
fn numbers_beyond_what_can_be_squared() {
    for power in ["300", "-200", "160", "-160"] {
        let text = export("y", |i, _| format!("{}e{power}", 1 + (i * 11) % 17));
        let found = evaluated(&text, "--outcomes y --kind y=numeric");
        let outcome = &found["outcomes"][0];
        warned(outcome, "too large or too small to compute with");
        // No number at all rather than a wrong one.
        for part in ["estimates", "tests", "effect_sizes", "answer"] {
            assert_eq!(outcome[part], serde_json::json!([]), "{power}: {part}");
        }
        for wrong in ["everyone has the same value", "too few values"] {
            assert!(!warns(outcome, wrong), "{power}: {:#}", outcome["warnings"]);
        }
    }
}

/// Equal covariates tie; the pairs go by id, so the order of the rows does not matter.
#[test]
fn matches_do_not_depend_on_the_order_of_rows() {
    let text = export("y,x", |i, _| format!("{},{}", (i * i * 7) % 23, i % 4 / 2));
    let mut rows: Vec<&str> = text.lines().collect();
    let head = rows.remove(0);
    let chance = |rows: &[&str]| {
        let text = format!("{head}\n{}\n", rows.join("\n"));
        let found = evaluated(&text, "--id id --outcomes y --covariates x");
        list(&found["outcomes"][0]["chance"])
            .iter()
            .map(|row| (row["method"].clone(), row["estimate"].as_f64().unwrap()))
            .collect::<Vec<_>>()
    };
    let one = chance(&rows);
    assert!(one.iter().any(|(method, _)| method == "matched"));
    rows.reverse();
    rows.swap(3, 17);
    for ((method, a), (_, b)) in one.iter().zip(chance(&rows)) {
        assert!(
            (a - b).abs() <= 1e-12 * (1.0 + a.abs()),
            "{method}: {a} and {b}"
        );
    }
}

/// Pairs that have lost a side are left out, as an analyst would before estimatr takes the data:
/// difference_in_means with blocks on the eighteen complete pairs.
#[test]
fn pairs_that_lost_a_side() {
    let (mut outcomes, mut allocation) = (String::from("id,y\n"), String::from("id,arm,stratum\n"));
    let mut differences = Vec::new();
    for pair in 0..20_usize {
        let y = |side: usize| ((pair * 5 + side * 3) % 12) as f64 + side as f64;
        for side in 0..2 {
            let lost = (pair == 4 && side == 0) || (pair == 9 && side == 1);
            let value = if lost {
                String::new()
            } else {
                y(side).to_string()
            };
            outcomes += &format!("p{pair:02}{side},{value}\n");
            allocation += &format!("p{pair:02}{side},{},q{pair}\n", ["c", "i"][side]);
        }
        if pair != 4 && pair != 9 {
            differences.push(y(1) - y(0));
        }
    }
    let dir = Workdir::new();
    dir.write("o.csv", outcomes)
        .write("allocation.csv", allocation);
    let found = dir
        .fip("evaluate o.csv --id id --allocation allocation.csv --treated i --control c --outcomes y --format json --lang en")
        .ok()
        .json();
    let outcome = &found["outcomes"][0];
    let row = estimate(outcome, "blocked_difference_in_means").unwrap();
    // The paired t of the complete pairs, in full.
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let squares: f64 = differences.iter().map(|d| (d - mean).powi(2)).sum();
    let close = |name: &str, theirs: f64| {
        let ours = row[name].as_f64().unwrap();
        assert!(
            (ours - theirs).abs() <= 1e-12 * theirs.abs(),
            "{name}: {ours} instead of {theirs}"
        );
    };
    close("estimate", mean);
    close("std_error", (squares / (n * (n - 1.0))).sqrt());
    close("df", n - 1.0);
    assert_eq!(row["n"], 36);
    warned(
        outcome,
        "Pairs of which one side has no outcome (2, together 2 people with an outcome)",
    );
    assert!(!warns(outcome, "were taken together"));
}

#[test]
fn the_draws_compare_the_same_difference() {
    let text = export("y", |i, _| format!("0.{}", (i / 2) % 7));
    let found = evaluated(&text, "--id id --outcomes y --permutations 200");
    let outcome = &found["outcomes"][0];
    let itt = &estimate(outcome, "difference_in_means").unwrap()["estimate"];
    for row in list(&outcome["randomization"]) {
        assert_eq!(&row["estimate"], itt);
    }
}

#[test]
fn intervals_and_weights_of_clusters() {
    let (mut outcomes, mut allocation) =
        (String::from("id,y,x\n"), String::from("id,arm,cluster\n"));
    for i in 0..60_usize {
        let y = if i % 9 == 4 {
            String::new()
        } else {
            u8::from((i * 7) % 5 < 2).to_string()
        };
        outcomes += &format!("k{i:02},{y},{}\n", (i * 13) % 11);
        allocation += &format!("k{i:02},{},h{}\n", ["i", "c"][(i / 3) % 2], i / 3);
    }
    let dir = Workdir::new();
    dir.write("o.csv", outcomes)
        .write("allocation.csv", allocation);
    let found = dir
        .fip("evaluate o.csv --id id --allocation allocation.csv --treated i --control c --outcomes y --covariates x --format json --lang nl")
        .ok()
        .json();
    let outcome = &found["outcomes"][0];
    let row = &outcome["missing_outcomes"][0];
    for bounds in ["lee", "worst_case"] {
        assert!(row[bounds]["conf_low"].is_number(), "{row}");
    }
    assert!(row["weighted"]["p_value"].is_number(), "{row}");
}
