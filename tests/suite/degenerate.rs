//! Through the program: data that leave a question without an answer, and draws that an answer
//! has to follow.

use serde_json::Value;

use super::workdir::Workdir;

fn reference(name: &str) -> Value {
    let path = format!("{}/tests/reference/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn warned(of: &Value, words: &str) -> bool {
    list(&of["warnings"])
        .iter()
        .any(|warning| warning.as_str().unwrap().contains(words))
}

const EVALUATE: &str =
    "evaluate o.csv --id id --arm arm --treated i --control c --format json --lang en --outcomes";

/// Twenty people: `y` varies, `flat` does not, `same` is the arm, `fixed` is one text.
fn trial(order: impl Iterator<Item = usize>) -> String {
    let mut text = String::from("id,arm,y,flat,same,fixed,r,still\n");
    for i in order {
        let arm = ["i", "c"][i % 2];
        let (y, same, r) = ((i * 7) % 11, 1 - i % 2, u8::from(i % 4 == 0));
        text += &format!("k{i:02},{arm},{y}.5,7,{same},x,{r},7\n");
    }
    text
}

#[test]
fn a_constant_is_named_and_keeps_nothing_else_from_its_answer() {
    let dir = Workdir::new();
    dir.write("o.csv", trial(0..20));
    let alone = dir
        .fip(&format!("{EVALUATE} y --covariates same"))
        .ok()
        .json();
    let found = dir
        .fip(&format!(
            "{EVALUATE} y,flat --covariates still,same,fixed --received r=1 --permutations 50"
        ))
        .ok()
        .json();
    let [y, flat] = &list(&found["outcomes"])[..] else {
        panic!("two outcomes")
    };
    // Nothing is left to adjust for, which is said instead of adjusting for nothing.
    for outcome in [y, &alone["outcomes"][0]] {
        let adjusted = list(&outcome["estimates"])
            .iter()
            .any(|row| row["estimator"] == "lin");
        assert!(!adjusted && outcome.get("chance").is_none());
        assert!(warned(
            outcome,
            "Lin's adjusted effect. Reason: none of the covariates"
        ));
    }
    assert!(warned(
        y,
        "Not adjusted for: still, fixed. Reason: everyone"
    ));
    assert!(warned(
        y,
        "Not adjusted for: same. Reason: the value follows"
    ));
    assert!(y.get("imbalance").is_none());
    assert!(warned(flat, "everyone has the same value"));
    assert_eq!(list(&flat["estimates"]).len(), 1);
    for absent in ["take_up", "chance", "imbalance", "subgroups"] {
        assert!(flat.get(absent).is_none(), "{absent}");
    }
    let plain = &list(&flat["randomization"])[1];
    assert_eq!(plain["compares"], "difference");
    assert!(plain["conf_low"].is_null());
    let balance = &found["balance"][0];
    assert!(warned(balance, "still: everyone has the same value"));
    // Everybody in one arm and nobody in the other has a number: one of C(20, 10) draws either way.
    let same = list(&balance["covariates"])
        .iter()
        .find(|row| row["name"] == "same")
        .unwrap();
    let p = same["tests"][0]["p_value"].as_f64().unwrap();
    assert!((p * 184_756.0 / 2.0 - 1.0).abs() < 1e-9, "{p}");
    assert!(warned(balance, "fixed: "));
}

/// Replicates of a draw without a record depend on the people, not on the order of their rows.
#[test]
fn the_order_of_rows_does_not_matter() {
    let (one, other) = (Workdir::new(), Workdir::new());
    one.write("o.csv", trial(0..20));
    other.write("o.csv", trial((0..20).map(|i| (i * 7 + 3) % 20)));
    let p = |dir: &Workdir| {
        let found = dir
            .fip(&format!("{EVALUATE} y --permutations 500"))
            .ok()
            .json();
        let rows = list(&found["outcomes"][0]["randomization"]).clone();
        rows.iter()
            .map(|row| row["p_value"].as_f64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(p(&one), p(&other));
}

#[track_caller]
fn same(what: &str, ours: &Value, theirs: &Value) {
    for name in [
        "estimate",
        "std_error",
        "df",
        "p_value",
        "conf_low",
        "conf_high",
    ] {
        let (a, b) = (ours[name].as_f64().unwrap(), theirs[name].as_f64().unwrap());
        // Close to zero on the scale of the standard error; p moves with t².
        let scale = b.abs() + theirs["std_error"].as_f64().unwrap();
        let tolerance = if name == "p_value" {
            1e-9 * b
        } else {
            1e-9 * scale
        };
        assert!(
            (a - b).abs() <= tolerance,
            "{what} {name}: {a} instead of {b}"
        );
    }
}

/// What the program says about people drawn in this way, who came where `got` says so.
fn evaluated(data: &Value, strata: bool, clusters: bool) -> Value {
    let (mut outcomes, mut allocation) = (String::from("id,y,r\n"), String::from("id,arm"));
    allocation += if strata { ",stratum" } else { "" };
    allocation += if clusters { ",cluster\n" } else { "\n" };
    for i in 0..list(&data["y"]).len() {
        let of = |column: &str| data[column][i].to_string();
        outcomes += &format!("k{i:03},{},{}\n", of("y"), of("got"));
        let arm = if data["z"][i] == 1 { "i" } else { "c" };
        allocation += &format!("k{i:03},{arm}");
        if strata {
            allocation += &format!(",s{}", of("stratum"));
        }
        if clusters {
            allocation += &format!(",h{}", of("cluster"));
        }
        allocation.push('\n');
    }
    let dir = Workdir::new();
    dir.write("o.csv", outcomes)
        .write("allocation.csv", allocation);
    dir.fip("evaluate o.csv --id id --allocation allocation.csv --treated i --control c --outcomes y --received r=1 --format json")
        .ok()
        .json()["outcomes"][0]
        .clone()
}

fn estimate<'a>(outcome: &'a Value, estimand: &str) -> &'a Value {
    let rows = list(&outcome["estimates"]);
    rows.iter().find(|row| row["estimand"] == estimand).unwrap()
}

/// Estimate and standard error of the two stages; with F below 104.7, interval and p-value of the Anderson–Rubin set.
fn leading(theirs: &Value) -> Value {
    let mut effect = theirs["effect"].clone();
    let t = theirs["share"]["statistic"].as_f64().unwrap();
    if t * t < 104.7 {
        let set = &theirs["anderson_rubin"];
        effect["p_value"] = set["no_effect_p"].clone();
        effect["conf_low"] = set["bounds"][0].clone();
        effect["conf_high"] = set["bounds"][1].clone();
    }
    effect
}

/// The same people, drawn together, within strata, by cluster, and by cluster within strata.
#[test]
fn the_effect_on_compliers_follows_the_draw() {
    let reference = reference("drawn_iv.json");
    for (name, strata, clusters) in [
        ("complete", false, false),
        ("strata", true, false),
        ("clusters", false, true),
        ("clusters_in_strata", true, true),
    ] {
        let theirs = &reference[name];
        let outcome = evaluated(&theirs["data"], strata, clusters);
        same(name, estimate(&outcome, "cace"), &leading(theirs));
        let take_up = &outcome["take_up"][0];
        let means = &theirs["means"];
        same(name, &take_up["compliers_treated"], &means["treated"]);
        same(name, &take_up["compliers_untreated"], &means["untreated"]);
    }
}

/// Per protocol and as treated, too, clusters are what was drawn.
#[test]
fn unprotected_comparisons_follow_the_clusters() {
    let reference = reference("unprotected.json");
    let outcome = evaluated(&reference["data"], false, true);
    for estimand in ["per_protocol", "as_treated"] {
        same(estimand, estimate(&outcome, estimand), &reference[estimand]);
    }
}
