//! Costs and benefits against R: each priced outcome, all of them together, and what a case costs.

use std::fs;
use std::path::Path;

use fip::results::Estimate;
use fip::stats::anderson_rubin::ConfidenceSet;
use fip::stats::fieller::known_over;
use serde_json::Value;

use crate::workdir::Workdir;

fn reference(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/costs");
    fs::read_to_string(path.join(name)).unwrap()
}

fn expected() -> Value {
    serde_json::from_str(&reference("costs.json")).unwrap()
}

/// Closed forms; R prints 15 significant digits.
#[track_caller]
fn close(what: &str, found: &Value, expected: f64) {
    let found = found
        .as_f64()
        .unwrap_or_else(|| panic!("{what} is {found}"));
    let off = (found - expected).abs() / expected.abs().max(f64::MIN_POSITIVE);
    assert!(off < 1e-11, "{what}: {found} is not {expected}");
}

const TRIAL: &str = r#"
[register]
id = "klantnummer"
[[outcome]]
name = "uit"
kind = "binary"
exclude = "reden = 'AOW'"
[[outcome]]
name = "traject"
kind = "numeric"
[[outcome]]
name = "dagen"
kind = "numeric"
[report]
programme_cost = 61000.0
[[cost]]
outcome = "uit"
amount = 14000.0
price_level = "2016"
horizon = "een jaar"
[[cost]]
outcome = "traject"
amount = -1250.5
[[cost]]
outcome = "dagen"
amount = -38.0
"#;

fn trial() -> Workdir {
    let dir = Workdir::new();
    let outcomes = reference("outcomes.csv");
    let mut allocation = String::from("klantnummer,arm,stratum\n");
    for line in outcomes.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        allocation += &format!("{},{},{}\n", cells[0], cells[1], cells[2]);
    }
    dir.write("outcomes.csv", outcomes)
        .write("allocation.csv", allocation)
        .write("trial.toml", TRIAL);
    dir
}

const EVALUATE: &str = "evaluate outcomes.csv --trial trial.toml --treated fip --control regulier";

#[test]
fn amounts_agree_with_r() {
    let dir = trial();
    let found = dir
        .brought_in("outcomes.csv", "groep")
        .fip(&format!("{EVALUATE} --arm groep --format json"))
        .ok()
        .json();
    let expected = expected();
    let score: Value = serde_json::from_str(&reference("score.json")).unwrap();
    let score = &score["newcombe"];
    let arm = &found["costs"]["arms"][0];
    let number = |value: &Value| value.as_f64().unwrap();
    let people = number(&expected["people"]);
    close("people", &arm["people"], people);
    for (index, name) in ["uit", "traject", "dagen"].into_iter().enumerate() {
        let (line, effect) = (&arm["lines"][index], &expected["lines"][name]);
        assert_eq!(line["outcome"], name);
        let price = number(&expected["price"][name]);
        let whom = if name == "uit" {
            number(&expected["people_uit"])
        } else {
            people
        };
        // Shares lead with Newcombe's interval beside Fisher's test.
        if name == "uit" {
            for field in ["conf_low", "conf_high"] {
                let found = number(&line["effect"][field]);
                let other = number(&score[field]);
                assert!(
                    (found - other).abs() < 1e-9,
                    "{field}: {found} is not {other}"
                );
            }
        } else {
            for field in ["std_error", "df", "conf_low", "conf_high"] {
                let what = format!("{name} {field}");
                close(&what, &line["effect"][field], number(&effect[field]));
            }
        }
        close(
            &format!("{name} estimate"),
            &line["effect"]["estimate"],
            number(&effect["estimate"]),
        );
        close(
            "cases",
            &line["cases"]["estimate"],
            number(&effect["estimate"]) * whom,
        );
        // A price below zero turns the interval round.
        let (low, high) = match price > 0.0 {
            true => ("conf_low", "conf_high"),
            false => ("conf_high", "conf_low"),
        };
        let (low, high) = (number(&line["effect"][low]), number(&line["effect"][high]));
        close("each", &line["per_participant"]["conf_low"], low * price);
        close("low", &line["benefit"]["conf_low"], low * price * whom);
        close("high", &line["benefit"]["conf_high"], high * price * whom);
        assert_eq!(line.get("break_even").is_some(), price > 0.0, "{name}");
    }
    let total = &arm["total"];
    let plain = &expected["total"]["plain"];
    for field in [
        "estimate",
        "std_error",
        "df",
        "p_value",
        "conf_low",
        "conf_high",
    ] {
        close(
            &format!("total {field}"),
            &total["effect"][field],
            number(&plain[field]),
        );
    }
    assert_eq!(total["n"], expected["total"]["n"]);
    assert_eq!(total["people"], expected["total"]["people"]);
    let whom = number(&expected["total"]["people"]);
    let programme = number(&expected["programme"]);
    for (field, r) in [
        ("estimate", "estimate"),
        ("conf_low", "conf_low"),
        ("conf_high", "conf_high"),
    ] {
        let benefit = number(&plain[r]) * whom;
        close("benefit", &total["benefit"][field], benefit);
        close("net", &total["net"][field], benefit - programme);
        close(
            "net each",
            &total["net_per_participant"][field],
            (benefit - programme) / whom,
        );
    }
    let (cost, r) = (
        &arm["lines"][0]["cost_per_case"],
        &expected["cost_per_case"],
    );
    close("cost per case", &cost["estimate"], number(&r["estimate"]));
    assert_eq!(cost["set"]["shape"], r["shape"]);
    // Fieller's set for a known numerator: the amount divided by the ends of the interval.
    let each = programme / number(&expected["people_uit"]);
    let effect = &arm["lines"][0]["effect"];
    for (end, other) in [("low", "conf_high"), ("high", "conf_low")] {
        close(end, &cost["set"][end], each / number(&effect[other]));
    }
    close(
        "break-even",
        &arm["lines"][0]["break_even"],
        programme / 14000.0,
    );
}

#[test]
fn a_stratified_draw_is_followed() {
    let dir = trial();
    let found = dir
        .brought_in("allocation.csv", "arm")
        .fip(&format!(
            "{EVALUATE} --allocation allocation.csv --format json"
        ))
        .ok()
        .json();
    let (total, r) = (&found["costs"]["arms"][0]["total"], &expected()["blocked"]);
    assert_eq!(total["estimator"], "blocked_difference_in_means");
    for field in [
        "estimate",
        "std_error",
        "df",
        "p_value",
        "conf_low",
        "conf_high",
    ] {
        close(field, &total["effect"][field], r[field].as_f64().unwrap());
    }
}

#[test]
fn the_chapter_shows_price_period_and_who_is_in_it() {
    let shown = trial()
        .brought_in("outcomes.csv", "groep")
        .fip(&format!("{EVALUATE} --arm groep --lang nl"))
        .ok();
    shown.shows(&[
        "€ 14.000 per geval",
        "prijspeil 2016",
        "208 mensen",
        "Kosten per extra geval",
        "Kostendekkend bij zoveel gevallen",
        "Opbrengst min kosten",
    ]);
}

#[test]
fn categories_have_no_price() {
    let dir = trial();
    let trial = dir.read("trial.toml")
        + "[[outcome]]\nname = \"wijk\"\nkind = \"categorical\"\n[[cost]]\noutcome = \"wijk\"\namount = 1.0\n";
    dir.write("trial.toml", trial);
    let ran = dir
        .brought_in("outcomes.csv", "groep")
        .fip(&format!("{EVALUATE} --arm groep --format json"))
        .ok();
    let found = ran.json();
    assert_eq!(
        found["costs"]["arms"][0]["lines"].as_array().unwrap().len(),
        3
    );
    let notes = found["notes"].as_array().unwrap();
    assert!(
        notes.iter().any(|note| note["reason"] == "no_numbers"),
        "{notes:?}"
    );
}

#[test]
fn a_known_number_over_an_estimate() {
    let of = |low: f64, high: f64| Estimate {
        estimate: (low + high) / 2.0,
        std_error: Some(1.0),
        df: None,
        statistic: None,
        p_value: None,
        conf_low: Some(low),
        conf_high: Some(high),
    };
    let wide = &expected()["wide"];
    let number = |field: &str| wide[field].as_f64().unwrap();
    let programme = expected()["programme"].as_f64().unwrap();
    let each = programme / expected()["people_uit"].as_f64().unwrap();
    // t(100) at .975, from R.
    let margin = 0.03 * 1.983971518523552;
    let found = known_over(each, &of(0.02 - margin, 0.02 + margin)).unwrap();
    let ConfidenceSet::Rays {
        below: Some(below),
        above: Some(above),
    } = found.set
    else {
        panic!("{found:?}");
    };
    assert!((below / number("low") - 1.0).abs() < 1e-11, "{below}");
    assert!((above / number("high") - 1.0).abs() < 1e-11, "{above}");
    assert_eq!(
        known_over(8.0, &of(0.0, 4.0)).unwrap().set,
        ConfidenceSet::Rays {
            below: None,
            above: Some(2.0)
        }
    );
    assert_eq!(
        known_over(8.0, &of(-4.0, -2.0)).unwrap().set,
        ConfidenceSet::Interval {
            low: -4.0,
            high: -2.0
        }
    );
    assert!(known_over(0.0, &of(1.0, 2.0)).is_none());
    assert!(known_over(-1.0, &of(1.0, 2.0)).is_none());
    assert_eq!(known_over(1.0, &of(-2.0, 2.0)).unwrap().value, None);
}

/// One amount for several intervention arms is in no arm's net.
#[test]
fn a_programme_of_several_arms_is_not_counted_twice() {
    let dir = Workdir::new();
    let mut export = String::from("id,groep,werk\n");
    for i in 0..90 {
        let arm = ["licht", "zwaar", "gewoon"][i % 3];
        export += &format!("{i},{arm},{}\n", u8::from(i % 4 == 0 || i % 7 == 0));
    }
    dir.write("o.csv", export).write(
        "trial.toml",
        "[register]\nid = \"id\"\n[report]\nprogramme_cost = 9000.0\n[[outcome]]\nname = \"werk\"\nkind = \"binary\"\n\
         [[cost]]\noutcome = \"werk\"\namount = 100.0\n",
    );
    let told = |arms: &str| {
        dir.brought_in("o.csv", "groep").fip(&format!(
            "evaluate o.csv --trial trial.toml --arm groep {arms} --control gewoon --format json"
        ))
        .ok()
        .json()
    };
    let found = told("");
    for arm in found["costs"]["arms"].as_array().unwrap() {
        assert!(arm["total"]["net"].is_null() && arm["programme_per_participant"].is_null());
    }
    assert!(
        found["notes"]
            .to_string()
            .contains("programme_of_several_arms")
    );
    let one = told("--treated licht");
    assert!(!one["costs"]["arms"][0]["total"]["net"].is_null());
}
