//! Through the program: tests within the strata of the draw, change within an arm, exact and
//! random tables.

use std::fs;

use serde_json::Value;

use super::workdir::Workdir;

fn reference(name: &str) -> Vec<u8> {
    let root = env!("CARGO_MANIFEST_DIR");
    fs::read(format!("{root}/tests/reference/evaluate/{name}")).unwrap()
}

const TRIAL: &str = r#"
[outcomes]
file = "strata_outcomes.csv"
id = "id"
[[outcome]]
name = "job"
kind = "binary"
baseline = "job_before"
tests = ["cochran_mantel_haenszel", "mcnemar"]
[[outcome]]
name = "step"
kind = "ordinal"
levels = ["1", "2", "3", "4", "5"]
baseline = "step_before"
[[outcome]]
name = "home"
kind = "categorical"
baseline = "home_before"
tests = ["stuart_maxwell", "wilcoxon_signed_rank"]
[[outcome]]
name = "score"
kind = "numeric"
baseline = "score_before"
"#;

const EVALUATE: &str = "evaluate --trial trial.toml --allocation strata_allocation.csv --treated fip --lang en --format json";

fn trial() -> Workdir {
    let dir = Workdir::new();
    for file in ["strata_outcomes.csv", "strata_allocation.csv"] {
        dir.write(file, reference(file));
    }
    dir.write("trial.toml", TRIAL)
        .brought_in("strata_allocation.csv", "arm");
    dir
}

/// The script prints 15 significant digits.
#[track_caller]
fn same(what: &str, ours: &Value, theirs: &Value) {
    for (name, theirs) in theirs.as_object().unwrap() {
        let (Some(a), Some(b)) = (ours[name].as_f64(), theirs.as_f64()) else {
            panic!("{what} {name}: {} instead of {theirs}", ours[name]);
        };
        assert!(
            (a - b).abs() <= 1e-9 * b.abs(),
            "{what} {name}: {a} instead of {b}"
        );
    }
}

#[track_caller]
fn named<'a>(list: &'a Value, key: &str, name: &str) -> &'a Value {
    rows(list, key, name)
        .first()
        .copied()
        .unwrap_or_else(|| panic!("no {key} {name} in {list}"))
}

fn rows<'a>(list: &'a Value, key: &str, name: &str) -> Vec<&'a Value> {
    let list = list.as_array().unwrap().iter();
    list.filter(|item| item[key] == name).collect()
}

#[track_caller]
fn by<'a>(tests: &'a Value, test: &str, method: &str) -> &'a Value {
    let found = rows(tests, "test", test);
    let found = found.into_iter().find(|row| row["method"] == method);
    found.unwrap_or_else(|| panic!("no {test} by {method} in {tests}"))
}

#[test]
fn tests_within_strata_agree_with_r() {
    let found = trial().fip(EVALUATE).ok().json();
    let expected: Value = serde_json::from_slice(&reference("strata.json")).unwrap();
    let outcome = |name: &str| named(&found["outcomes"], "name", name);
    for (name, methods) in [
        ("job", &["uncorrected", "corrected"][..]),
        ("step", &["mean_scores", "general_association"]),
        ("home", &["general_association"]),
    ] {
        let tests = &outcome(name)["tests"];
        for method in methods {
            let ours = by(tests, "cochran_mantel_haenszel", method);
            same(&format!("{name} {method}"), ours, &expected[name][method]);
        }
    }
    let job = outcome("job");
    same(
        "odds ratio",
        named(
            &job["effect_sizes"],
            "measure",
            "mantel_haenszel_odds_ratio",
        ),
        &expected["job"]["odds_ratio"],
    );
    by(&job["tests"], "breslow_day", "tarone");
    let score = outcome("score");
    same(
        "mann_whitney",
        named(&score["tests"], "test", "mann_whitney"),
        &expected["score"]["mann_whitney"],
    );
    named(&score["tests"], "test", "brunner_munzel");
    named(
        &score["effect_sizes"],
        "measure",
        "probability_of_superiority",
    );
    // Two intervals of one difference, Newcombe's first.
    let intervals = rows(&job["effect_sizes"], "measure", "risk_difference");
    let methods: Vec<&Value> = intervals.iter().map(|row| &row["method"]).collect();
    assert_eq!(methods, ["newcombe", "miettinen_nurminen"]);
    assert_eq!(intervals[0]["estimate"], intervals[1]["estimate"]);
    // A registered test that the kind of outcome does not have is said to be missing.
    let warnings = |name: &str| outcome(name)["warnings"].to_string();
    assert!(
        warnings("home").contains("Wilcoxon"),
        "{}",
        warnings("home")
    );
    assert!(!warnings("job").contains("the protocol names"));
}

#[test]
fn change_within_an_arm_agrees_with_r() {
    let found = trial().fip(EVALUATE).ok().json();
    let expected: Value = serde_json::from_slice(&reference("strata.json")).unwrap();
    for theirs in expected["before_after"].as_array().unwrap() {
        let arm = theirs["arm"].as_str().unwrap();
        let row = |outcome: &str| {
            let outcome = named(&found["outcomes"], "name", outcome);
            named(&outcome["before_after"], "arm", arm)
        };
        let job = row("job");
        assert_eq!(job["randomised"], false);
        for count in ["n", "incomplete", "increased", "decreased"] {
            assert_eq!(job[count], theirs[count], "{arm} {count}");
        }
        for method in ["exact", "mid_p", "uncorrected", "corrected"] {
            same(
                method,
                by(&job["tests"], "mcnemar", method),
                &theirs[method],
            );
        }
        for name in ["step", "score"] {
            let (ours, theirs) = (row(name), &theirs[name]);
            for test in ["paired_t", "wilcoxon_signed_rank", "pratt_signed_rank"] {
                same(test, named(&ours["tests"], "test", test), &theirs[test]);
            }
            for (place, fields) in [
                (
                    ours,
                    &[
                        "n",
                        "incomplete",
                        "mean_before",
                        "mean_after",
                        "sd_change",
                        "increased",
                        "decreased",
                        "unchanged",
                    ][..],
                ),
                (&ours["change"], &["estimate", "conf_low", "conf_high"]),
            ] {
                for field in fields {
                    let one = serde_json::json!({*field: theirs[field]});
                    same(&format!("{arm} {name}"), place, &one);
                }
            }
        }
        let home = row("home");
        assert_eq!(home["change"], Value::Null);
        named(&home["tests"], "test", "bhapkar");
    }
}

/// It stands in the report in both languages, and says what it is not.
#[test]
fn the_report_says_that_change_is_no_effect() {
    for (lang, words) in [
        (
            "nl",
            [
                "Voor en na, binnen elke groep",
                "zegt niets over het effect",
                "toets van McNemar (exact)",
            ],
        ),
        (
            "en",
            [
                "Before and after, within each arm",
                "says nothing about the effect",
                "McNemar's test (exact)",
            ],
        ),
    ] {
        let shown = trial()
            .fip(&format!("evaluate --trial trial.toml --allocation strata_allocation.csv --treated fip --lang {lang} --format markdown"))
            .ok()
            .stdout;
        for word in words {
            assert!(shown.contains(word), "{word} is not in\n{shown}");
        }
    }
}

/// A rare level among hundreds: too many tables for an exact test, so random ones, the same
/// whatever the order of the rows.
#[test]
fn a_sparse_table_gets_random_tables() {
    let mut lines = Vec::new();
    for (arm, counts) in [
        ("i", [75, 110, 130, 80, 50, 90, 120, 2]),
        ("c", [150, 215, 270, 150, 95, 190, 230, 1]),
    ] {
        for (level, count) in counts.into_iter().enumerate() {
            for _ in 0..count {
                lines.push(format!("{arm};{}\n", level + 1));
            }
        }
    }
    let run = |lines: &[String]| {
        let dir = Workdir::new();
        dir.write("o.csv", format!("arm;step\n{}", lines.concat()));
        dir.fip("evaluate o.csv --arm arm --treated i --outcomes step --kind step=ordinal:1|2|3|4|5|6|7|8 --lang nl --format json")
            .ok()
            .json()
    };
    let found = run(&lines);
    let tests = &found["outcomes"][0]["tests"];
    let fisher = named(tests, "test", "fisher_exact");
    assert_eq!(
        (&fisher["method"], &fisher["draws"]),
        (&"monte_carlo".into(), &10_000.into())
    );
    let (p, error) = (
        fisher["p_value"].as_f64().unwrap(),
        fisher["monte_carlo_error"].as_f64().unwrap(),
    );
    assert!((error - (p * (1.0 - p) / 1e4).sqrt()).abs() < 1e-12);
    let chi_square = rows(tests, "test", "pearson_chi_square");
    assert_eq!(chi_square.len(), 2);
    assert_eq!(chi_square[0]["statistic"], chi_square[1]["statistic"]);
    lines.reverse();
    let again = run(&lines);
    assert_eq!(
        named(&again["outcomes"][0]["tests"], "test", "fisher_exact"),
        fisher
    );
}

/// Categories in the draw made again: after a complete draw that is Fisher's test, exact where all
/// allocations are gone through.
#[test]
fn categories_are_drawn_again() {
    let root = env!("CARGO_MANIFEST_DIR");
    let made: Value = serde_json::from_slice(
        &fs::read(format!("{root}/tests/reference/before_after.json")).unwrap(),
    )
    .unwrap();
    for (case, exact) in [(0, false), (3, true)] {
        let case = &made["random_tables"][case];
        let mut text = String::from("arm;home\n");
        for (arm, counts) in ["i", "c"].iter().zip(case["counts"].as_array().unwrap()) {
            for (level, count) in counts.as_array().unwrap().iter().enumerate() {
                text += &format!("{arm};h{level}\n").repeat(count.as_u64().unwrap() as usize);
            }
        }
        let dir = Workdir::new();
        dir.write("o.csv", text);
        let found = dir
            .fip("evaluate o.csv --arm arm --treated i --outcomes home --kind home=categorical --permutations 20000 --format json")
            .ok()
            .json();
        let drawn = named(&found["outcomes"][0]["tests"], "test", "permutation");
        let (p, fisher) = (
            drawn["p_value"].as_f64().unwrap(),
            case["fisher"].as_f64().unwrap(),
        );
        if exact {
            assert_eq!(
                (&drawn["method"], &drawn["draws"]),
                (&"exact".into(), &70.into())
            );
            assert!((p - fisher).abs() < 1e-12, "{p} instead of {fisher}");
        } else {
            assert_eq!(drawn["method"], "monte_carlo");
            let error = drawn["monte_carlo_error"].as_f64().unwrap();
            assert!((p - fisher).abs() < 4.0 * error, "{drawn} {fisher}");
        }
    }
}

/// Ties in small arms: R's approximation first, the exact p-value beside it.
#[test]
fn small_arms_get_exact_ranks() {
    let dir = Workdir::new();
    let rows = |arm: &str, scores: &[u8]| -> String {
        scores
            .iter()
            .map(|y| format!("{arm};{y};{}\n", u32::from(*y) * 10))
            .collect()
    };
    dir.write(
        "o.csv",
        format!(
            "arm;step;pay\n{}{}",
            rows("i", &[3, 4, 4, 5, 2]),
            rows("c", &[1, 2, 2, 3, 4, 1])
        ),
    );
    let found = dir
        .fip("evaluate o.csv --arm arm --treated i --outcomes step,pay --kind step=ordinal:1|2|3|4|5 --kind pay=numeric --format json")
        .ok()
        .json();
    for outcome in found["outcomes"].as_array().unwrap() {
        let methods: Vec<&Value> = rows_of(outcome).iter().map(|row| &row["method"]).collect();
        assert_eq!(methods, ["normal", "exact"]);
    }
    // The same ranks, whatever the numbers.
    assert_eq!(
        rows_of(&found["outcomes"][0])[1]["p_value"],
        rows_of(&found["outcomes"][1])[1]["p_value"]
    );
}

fn rows_of(outcome: &Value) -> Vec<&Value> {
    rows(&outcome["tests"], "test", "mann_whitney")
}

/// A baseline of another kind, an empty one, one without change: named or absent, never NaN.
#[test]
fn what_cannot_be_compared_over_time() {
    let dir = Workdir::new();
    dir.write(
        "strata_outcomes.csv",
        "id;arm;job;job_before;step;step_before;score;score_before\n\
         1;i;1;1;2;laag;3;\n2;i;0;0;3;hoog;4;\n3;c;1;1;1;laag;5;\n4;c;0;0;2;hoog;7;\n5;c;1;1;2;laag;8;\n6;i;1;1;3;hoog;9;\n",
    );
    let trial = TRIAL.replace("[[outcome]]\nname = \"home\"\nkind = \"categorical\"\nbaseline = \"home_before\"\ntests = [\"stuart_maxwell\", \"wilcoxon_signed_rank\"]\n", "")
        + "[[covariate]]\nname = \"step_before\"\nkind = \"categorical\"\n";
    dir.write("trial.toml", trial);
    let ran = dir
        .brought_in("strata_outcomes.csv", "arm")
        .fip(
            "evaluate --trial trial.toml --arm arm --treated i --control c --lang en --format json",
        )
        .ok();
    assert!(!ran.stdout.contains("NaN"));
    let found = ran.json();
    let outcome = |name: &str| named(&found["outcomes"], "name", name);
    let job = &outcome("job")["before_after"];
    assert_eq!(job[0]["unchanged"], 3);
    assert_eq!(job[0]["tests"], serde_json::json!([]));
    assert!(outcome("job")["warnings"].to_string().contains("McNemar"));
    assert_eq!(outcome("step")["before_after"], Value::Null);
    assert!(
        outcome("step")["warnings"]
            .to_string()
            .contains("step_before")
    );
    assert_eq!(outcome("score")["before_after"][0]["n"], 0);
    assert_eq!(outcome("score")["before_after"][0]["change"], Value::Null);
}

#[test]
fn an_unknown_test_is_refused_with_its_line() {
    let dir = trial();
    dir.write("trial.toml", TRIAL.replace("\"mcnemar\"", "\"mcnemarr\""));
    dir.fip(EVALUATE).exits(3).says(&["mcnemarr", "line 9"]);
}
