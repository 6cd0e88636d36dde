//! Was it chance imbalance: weights and matches through the program, and no claim where they did not make the arms
//! alike.

use serde_json::Value;

use crate::workdir::Workdir;

fn rows(found: &Value) -> Vec<Value> {
    let rows = found["outcomes"][0]["chance"].as_array().unwrap();
    rows.clone()
}

fn of<'a>(rows: &'a [Value], method: &str) -> Option<&'a Value> {
    rows.iter().find(|row| row["method"] == method)
}

const RUN: &str =
    "evaluate o.csv --id id --arm arm --treated i --control c --outcomes y --format json";

/// The outcome is three times the covariate, and the arms differ on it: whatever claims to have made them alike finds
/// nothing.
#[test]
fn what_is_made_alike_has_no_difference_left() {
    let dir = Workdir::new();
    let mut text = String::from("id,arm,y,x\n");
    for i in 0..60 {
        let treated = i % 2 == 0;
        // 0 to 29 in either arm, a few places higher in one.
        let x = f64::from(i / 2) + if treated { 4.0 } else { 0.0 };
        let y = 3.0 * x + f64::from((i * 7) % 5) / 50.0;
        text += &format!("k{i:02},{},{y},{x}\n", if treated { "i" } else { "c" });
    }
    dir.write("o.csv", text);
    let found = rows(&dir.fip(&format!("{RUN} --covariates x")).ok().json());
    let plain = of(&found, "unadjusted").unwrap();
    assert!(plain["estimate"].as_f64().unwrap() > 11.0);
    assert!(plain["least_alike"]["smd"].as_f64().unwrap() > 0.4);
    assert!(of(&found, "matched_pairs").is_none());
    for row in &found[1..] {
        assert!(row["estimate"].as_f64().unwrap().abs() < 1.2, "{row}");
        if let Some(least) = row.get("least_alike") {
            assert!(least["smd"].as_f64().unwrap().abs() <= 0.1, "{row}");
        }
    }
    assert!(of(&found, "entropy_balanced").is_some());
}

/// Levels with nobody alike in the other arm: matching is left out, and it is said why.
#[test]
fn matching_that_did_not_balance_claims_nothing() {
    let dir = Workdir::new();
    let mut text = String::from("id,arm,y,w\n");
    for i in 0..80 {
        let treated = i % 2 == 0;
        // Half of the levels in each arm are its own.
        let level = match (i / 2) % 8 {
            place @ 0..=3 => format!("both{place}"),
            place => format!("{}{place}", if treated { "i" } else { "c" }),
        };
        let y = (i * 13) % 17;
        text += &format!("k{i:02},{},{y},{level}\n", if treated { "i" } else { "c" });
    }
    dir.write("o.csv", text);
    let run = format!("{RUN} --covariates w --kind w=categorical");
    let found = dir.fip(&run).ok().json();
    assert!(of(&rows(&found), "matched").is_none());
    let notes = found["outcomes"][0]["notes"].as_array().unwrap();
    let left_out = notes.iter().find(|note| note["reason"] == "not_alike");
    assert!(left_out.is_some(), "{notes:?}");
}
