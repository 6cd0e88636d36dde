//! Standard errors of adjusted effects on request, through the program, against estimatr.

use serde_json::Value;

use super::workdir::Workdir;

fn reference() -> Value {
    let path = format!(
        "{}/tests/reference/evaluate/se_type.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

const TRIAL: &str = "[register]\nid = \"id\"\n[[outcome]]\nname = \"y\"\nbaseline = \"b\"\n[analysis]\nadjust = [\"x\"]\n";

fn folder(data: &Value, strata: bool) -> Workdir {
    let mut outcomes = String::from("id,x,b,y\n");
    let mut allocation = String::from(if strata {
        "id,arm,stratum\n"
    } else {
        "id,arm\n"
    });
    for i in 0..data["y"].as_array().unwrap().len() {
        let of = |column: &str| data[column][i].to_string();
        outcomes += &format!("k{i:03},{},{},{}\n", of("x"), of("b"), of("y"));
        let arm = if data["z"][i] == 1 { "i" } else { "c" };
        let stratum = if strata {
            format!(",s{}", of("s"))
        } else {
            String::new()
        };
        allocation += &format!("k{i:03},{arm}{stratum}\n");
    }
    let dir = Workdir::new();
    dir.write("o.csv", outcomes)
        .write("allocation.csv", allocation)
        .write("trial.toml", TRIAL)
        .brought_in("allocation.csv", "arm");
    dir
}

const EVALUATE: &str = "evaluate o.csv --trial trial.toml --allocation allocation.csv --treated i --control c --format json";

#[test]
fn adjusted_effects_have_the_standard_error_that_was_asked_for() {
    let reference = reference();
    for strata in [false, true] {
        let dir = folder(&reference["data"], strata);
        for se_type in ["HC0", "HC1", "HC2", "HC3"] {
            let found = dir
                .fip(&format!("{EVALUATE} --se-type {se_type}"))
                .ok()
                .json();
            let rows = found["outcomes"][0]["estimates"].as_array().unwrap();
            for estimator in ["lin", "ancova"] {
                let name = format!("{estimator}{}", if strata { "_strata" } else { "" });
                let theirs = &reference[se_type][&name];
                let ours = rows
                    .iter()
                    .find(|row| row["estimator"] == estimator)
                    .unwrap();
                assert_eq!(ours["se_type"], se_type, "{name}");
                for field in [
                    "estimate",
                    "std_error",
                    "df",
                    "p_value",
                    "conf_low",
                    "conf_high",
                ] {
                    let (a, b) = (
                        ours[field].as_f64().unwrap(),
                        theirs[field].as_f64().unwrap(),
                    );
                    assert!(
                        (a - b).abs() <= 1e-9 * b.abs(),
                        "{se_type} {name} {field}: {a} {b}"
                    );
                }
            }
        }
    }
}

#[test]
fn another_standard_error_than_registered_is_a_deviation() {
    let dir = folder(&reference()["data"], false);
    dir.write("trial.toml", format!("{TRIAL}se_type = \"hc1\"\n"))
        .brought_in("allocation.csv", "arm");
    let notes = |arguments: &str| {
        let found = dir.fip(&format!("{EVALUATE} {arguments}")).ok().json();
        found["notes"].to_string().contains("se_type")
    };
    assert!(!notes(""));
    assert!(!notes("--se-type HC1"));
    assert!(notes("--se-type HC3"));
}

#[test]
fn an_unknown_standard_error_is_refused_with_its_line() {
    let dir = folder(&reference()["data"], false);
    dir.write("trial.toml", format!("{TRIAL}se_type = \"HC5\"\n"));
    let told = dir.fip(EVALUATE).exits(3).stderr;
    assert!(
        told.contains("HC0, HC1, HC2 or HC3") && told.contains("line 8"),
        "{told}"
    );
    dir.fip(&format!("{EVALUATE} --se-type HC5")).exits(2);
}
