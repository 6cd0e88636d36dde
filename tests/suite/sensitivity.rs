//! Through the program: the draw made again, families, missing outcomes, thresholds, chance
//! imbalance, subgroups, and the size of a trial.

use serde_json::Value;

use super::workdir::Workdir;

fn reference(name: &str) -> Value {
    let path = format!("{}/tests/reference/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[track_caller]
fn close(what: &str, ours: &Value, theirs: f64, tolerance: f64) {
    let ours = ours
        .as_f64()
        .unwrap_or_else(|| panic!("{what}: {ours} is no number"));
    assert!(
        (ours - theirs).abs() <= tolerance * theirs.abs(),
        "{what}: {ours:e} instead of {theirs:e}"
    );
}

/// A register of 60 clients in three towns and households of one or two.
fn register() -> String {
    let mut text = String::from("id;town;household;age\n");
    for i in 0..60 {
        let town = ["A", "B", "C"][(i / 2) % 3];
        text += &format!("{i:03};{town};h{};{}\n", i / 2, 25 + (i * 7) % 40);
    }
    text
}

/// Outcomes by a rule; every seventh client has no score and the last three no row.
fn outcomes() -> String {
    let mut text = String::from("id;score;job;step;contacts;sex\n");
    for i in 0..57_usize {
        let score = match i % 7 {
            3 => String::new(),
            _ => format!("{}.{}", 10 + (i * 13) % 9, i % 10),
        };
        let (job, step) = ((i * 5) % 11 < 4, 1 + (i * 3) % 4);
        let sex = ["m", "f"][(i / 3) % 2];
        text += &format!(
            "{i:03};{score};{};{step};{};{sex}\n",
            u8::from(job),
            (i * 11) % 6
        );
    }
    text
}

const EVALUATE: &str = "evaluate outcomes.csv --id id --allocation allocation.csv --treated i \
    --control c --outcomes score,job,step --kind step=ordinal:1|2|3|4 --permutations 2000 --format json";

fn drawn(how: &str) -> Workdir {
    let dir = Workdir::new();
    dir.write("register.csv", register())
        .write("outcomes.csv", outcomes());
    dir.fip(&format!("assign register.csv --id id --seed 7 {how}"))
        .ok();
    dir
}

/// Student's sleep data, all 184,756 allocations: scipy's p-values.
#[test]
fn all_allocations_of_a_small_trial() {
    let sleep = &reference("randomization.json")["sleep"];
    let mut text = String::from("arm,extra\n");
    for (y, treated) in sleep["y"]
        .as_array()
        .unwrap()
        .iter()
        .zip(sleep["treated"].as_array().unwrap())
    {
        text += &format!("{},{y}\n", if treated == 1 { "drug" } else { "control" });
    }
    let dir = Workdir::new();
    dir.write("sleep.csv", text);
    let found = dir
        .fip("evaluate sleep.csv --arm arm --treated drug --outcomes extra --permutations 200000 --format json")
        .ok()
        .json();
    let rows = &found["outcomes"][0]["randomization"];
    assert_eq!(rows[0]["compares"], "studentized");
    assert_eq!(rows[0]["draws"], 184_756);
    assert_eq!(rows[0]["exact"], true);
    close(
        "studentized",
        &rows[0]["p_value"],
        sleep["scipy_welch"].as_f64().unwrap(),
        1e-12,
    );
    close(
        "difference",
        &rows[1]["p_value"],
        sleep["scipy_difference"].as_f64().unwrap(),
        1e-12,
    );
    let test = found["outcomes"][0]["tests"]
        .as_array()
        .unwrap()
        .iter()
        .find(|test| test["test"] == "permutation")
        .unwrap();
    assert_eq!(test["p_value"], rows[0]["p_value"]);
}

/// For every design: sensible p-values, the same ones with any number of threads and rows in any
/// order, and no permutation test unless it is asked for.
#[test]
fn every_design_is_drawn_again() {
    for how in [
        "--arm i=25 --arm c",
        "--arm i=0.5 --arm c --strata town",
        "--arm i=14 --arm c --cluster household",
        "--arm i=14 --arm c --cluster household --strata town",
        "--arm i=0.5 --arm c=0.5 --method simple",
        "--arm i=20 --arm j=15 --arm c",
    ] {
        let dir = drawn(how);
        let found = dir.fip(EVALUATE).ok().json();
        for outcome in found["outcomes"].as_array().unwrap() {
            let name = format!("{how}: {}", outcome["name"]);
            let rows = outcome["randomization"].as_array().unwrap();
            assert!(rows.len() >= 2, "{name}");
            for row in rows {
                let p = row["p_value"].as_f64().unwrap();
                assert!(p > 0.0 && p <= 1.0, "{name}");
            }
            let leading = rows
                .iter()
                .find(|row| row["compares"] == "studentized")
                .unwrap();
            assert_eq!(leading["draws"], 2000, "{name}");
            let interval = rows
                .iter()
                .find(|row| row["compares"] == "difference")
                .unwrap();
            // No effect on yes or no is the same for everybody.
            let binary = outcome["kind"] == "binary";
            for row in [leading, interval] {
                assert_eq!(row["conf_low"].is_null(), binary, "{name}");
                assert_eq!(row["conf_high"].is_null(), binary, "{name}");
                if !binary {
                    let number = |field: &str| row[field].as_f64().unwrap();
                    assert!(number("conf_low") < number("estimate"), "{name}");
                    assert!(number("estimate") < number("conf_high"), "{name}");
                    // The test and its interval say the same about no effect at all.
                    let outside = number("conf_low") > 0.0 || number("conf_high") < 0.0;
                    assert_eq!(outside, number("p_value") <= 0.05, "{name}");
                }
            }
        }
        let adjusted = &found["outcomes"][0]["adjusted"][0];
        assert_eq!(adjusted["outcomes"], 3, "{how}");
        for method in ["holm", "hochberg", "benjamini_hochberg"] {
            assert!(
                adjusted[method].as_f64() >= adjusted["p_value"].as_f64(),
                "{how} {method}"
            );
        }
        assert!(
            adjusted["westfall_young"]
                .as_f64()
                .is_some_and(|p| p > 0.0 && p <= 1.0)
        );
        // Turned round, with the header where it was.
        let text = dir.read("outcomes.csv");
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        dir.write("outcomes.csv", lines.join("\n"));
        let turned = dir.fip(EVALUATE).ok().json();
        for (a, b) in found["outcomes"]
            .as_array()
            .unwrap()
            .iter()
            .zip(turned["outcomes"].as_array().unwrap())
        {
            for (a, b) in a["randomization"]
                .as_array()
                .unwrap()
                .iter()
                .zip(b["randomization"].as_array().unwrap())
            {
                assert_eq!(a["p_value"], b["p_value"], "{how}");
            }
        }
    }
    let dir = drawn("--arm i=25 --arm c");
    let without = dir
        .fip(&EVALUATE.replace("--permutations 2000", ""))
        .ok()
        .json();
    assert!(without["outcomes"][0].get("randomization").is_none());
    assert!(
        without["outcomes"][0]["adjusted"][0]
            .get("westfall_young")
            .is_none()
    );
}

#[test]
fn missing_outcomes_thresholds_and_subgroups() {
    let dir = drawn("--arm i=25 --arm c");
    let found = dir
        .fip(&format!(
            "{EVALUATE} --received 'contacts >= 2' --covariates sex --subgroups sex"
        ))
        .ok()
        .json();
    let score = &found["outcomes"][0];
    let missing = &score["missing_outcomes"][0];
    // Eight without a score and three without a row.
    let all =
        missing["treated_missing"].as_u64().unwrap() + missing["control_missing"].as_u64().unwrap();
    assert_eq!(all, 11);
    assert!(missing["lee"]["low"].as_f64() <= missing["lee"]["high"].as_f64());
    assert!(
        missing["worst_case"].is_null(),
        "a number without a range has no worst case"
    );
    let job = &found["outcomes"][1]["missing_outcomes"][0];
    assert!(job["worst_case"]["low"].as_f64() < job["worst_case"]["high"].as_f64());
    let thresholds: Vec<&str> = score["take_up"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["received"].as_str().unwrap())
        .collect();
    assert_eq!(
        thresholds,
        [
            "contacts >= 1",
            "contacts >= 2",
            "contacts >= 3",
            "contacts >= 4",
            "contacts >= 5"
        ]
    );
    let leading: Vec<bool> = score["take_up"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["leading"] == true)
        .collect();
    assert_eq!(leading, [false, true, false, false, false]);
    let methods: Vec<&str> = score["chance"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["method"].as_str().unwrap())
        .collect();
    for method in [
        "unadjusted",
        "ancova",
        "entropy_balanced",
        "inverse_probability",
        "matched",
    ] {
        assert!(methods.contains(&method), "{method}");
    }
    let sum: f64 = score["imbalance"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["contribution"].as_f64().unwrap())
        .sum();
    let of = |method: &str| {
        score["chance"]
            .as_array()
            .unwrap()
            .iter()
            .find(|r| r["method"] == method)
            .unwrap()["estimate"]
            .as_f64()
            .unwrap()
    };
    assert!((of("unadjusted") - of("ancova") - sum).abs() < 1e-12);
    let groups = &score["subgroups"][0];
    assert_eq!(groups["variable"], "sex");
    assert_eq!(groups["groups"].as_array().unwrap().len(), 2);
    assert!(groups["p_value"].as_f64().is_some());
    for lang in ["nl", "en"] {
        dir.fip(&format!(
            "{} --received 'contacts >= 2' --covariates sex --subgroups sex --lang {lang}",
            EVALUATE.replace("--format json", "")
        ))
        .ok()
        .shows(&[if lang == "nl" {
            "opnieuw te loten"
        } else {
            "making the draw again"
        }]);
    }
}

#[test]
fn degenerate_trials_say_so() {
    let dir = Workdir::new();
    dir.write(
        "o.csv",
        "arm,a,b,c\ni,1,,3\nc,1,,3\ni,1,,4\nc,1,,\nc,1,,3\n",
    );
    let found = dir
        .fip("evaluate o.csv --arm arm --treated i --control c --outcomes a,b,c --kind a=numeric --kind b=numeric --kind c=numeric --permutations 100 --format json")
        .ok()
        .json();
    assert!(!found.to_string().contains("NaN"));
    assert_eq!(found["outcomes"][0]["randomization"][0]["p_value"], 1.0);
    assert!(found["outcomes"][1].get("randomization").is_none());
    dir.fip("evaluate o.csv --arm arm --treated i --control c --outcomes a --permutations 0")
        .exits(2)
        .says(&["between 1 and 1,000,000"]);
}

#[test]
fn the_size_of_a_trial() {
    let dir = Workdir::new();
    let json = |arguments: &str| {
        dir.fip(&format!("power {arguments} --format json"))
            .ok()
            .json()
    };
    let needed = json("--difference 0.5");
    assert_eq!(
        (&needed["treated"], &needed["control"]),
        (&64.into(), &64.into())
    );
    let whitehead = json("--levels 0.1,0.2,0.5,0.2 --odds-ratio 2.427835 --power 0.9");
    assert_eq!(whitehead["treated"], 94);
    let pilots = json("--caseworkers 2 --contacts 4 --contacts-per-year 720 --treated-share 0.35");
    assert_eq!(pilots["caseload"], 360);
    assert_eq!(pilots["treated"], 360);
    assert_eq!(pilots["question"], "detectable_effect");
    let clustered = json("--share 0.2 --difference 0.1 --cluster-size 2 --icc 0.5");
    close("design effect", &clustered["design_effect"], 1.5, 1e-15);
    dir.fip("power --difference 0.3 --n 360,668 --lang nl")
        .ok()
        .shows(&["99,6%"]);
    for wrong in [
        "power",
        "power --difference 0",
        "power --n 3",
        "power --share 0.9 --difference 0.3",
        "power --levels 0.5,0.6",
        "power --n 0",
        "power --difference 0.2 --take-up 0",
        "power --difference 0.2 --power 1",
        "power --caseworkers 2 --contacts 0 --contacts-per-year 7",
    ] {
        dir.fip(wrong).exits(2);
    }
}

/// Made-up trials find the effect as often as the formula says, and none where there is none.
#[test]
fn simulated_trials_agree_with_the_formula() {
    let protocol = |draw: &str| {
        format!(
            "[register]\nfile = \"register.csv\"\nid = \"id\"\n[assignment]\nseed = \"x\"\n{draw}\n\
             [[assignment.arm]]\nname = \"i\"\nshare = 0.4\nrole = \"intervention\"\n\
             [[assignment.arm]]\nname = \"c\"\nrole = \"control\"\n"
        )
    };
    let mut register = String::from("id;town;household\n");
    for i in 0..300 {
        register += &format!("{i:03};{};h{}\n", ["A", "B", "C"][(i / 2) % 3], i / 2);
    }
    for (draw, flags) in [
        (
            "method = \"complete\"",
            "--difference 0.35 --take-up 0.9 --attrition 0.1",
        ),
        (
            "method = \"stratified\"\nstrata = [\"town\"]",
            "--difference 0.3 --explained 0.3",
        ),
        (
            "method = \"complete\"\ncluster = \"household\"",
            "--difference 0.4 --cluster-size 2 --icc 0.4",
        ),
        (
            "method = \"stratified\"\nstrata = [\"town\"]\ncluster = \"household\"",
            "--share 0.3 --difference 0.17 --cluster-size 2 --icc 0.0",
        ),
        (
            "method = \"simple\"",
            "--levels 0.2,0.3,0.5 --odds-ratio 0.5",
        ),
    ] {
        let dir = Workdir::new();
        let protocol = match draw.contains("simple") {
            // Simple randomization wants shares for all arms.
            true => protocol(draw).replace("name = \"c\"", "name = \"c\"\nshare = 0.6"),
            false => protocol(draw),
        };
        dir.write("trial.toml", protocol)
            .write("register.csv", &register);
        let found = dir
            .fip(&format!("power --simulate register.csv --trial trial.toml --trials 1000 {flags} --format json"))
            .ok()
            .json();
        let of = |name: &str| found["simulation"][name].as_f64().unwrap();
        // Four Monte Carlo errors, and two points for what a formula leaves out.
        let far = |a: f64, b: f64, error: f64| (a - b).abs() > 4.0 * error + 0.02;
        let power = found["power"].as_f64().unwrap();
        assert!(
            !far(of("power"), power, of("power_error")),
            "{draw} {flags}: {found}"
        );
        assert!(
            !far(of("false_positive"), 0.05, of("false_positive_error")),
            "{draw} {flags}: {found}"
        );
    }
    let dir = Workdir::new();
    dir.fip("power --simulate register.csv --difference 0.2")
        .exits(2);
}
