//! The number that leads, through the program: by design, kind and registered test, and every star and
//! sentence after it. Expected values are named with where they come from.

use fip::design::Stream;
use serde_json::Value;

use crate::workdir::Workdir;

fn outcome<'a>(found: &'a Value, name: &str) -> &'a Value {
    let outcomes = found["outcomes"].as_array().unwrap();
    outcomes
        .iter()
        .find(|outcome| outcome["name"] == name)
        .unwrap()
}

fn answer(found: &Value, name: &str) -> Value {
    outcome(found, name)["answer"][0].clone()
}

fn notes<'a>(of: &'a Value, code: &str) -> Vec<&'a Value> {
    let notes = of["notes"].as_array().unwrap();
    notes.iter().filter(|note| note["code"] == code).collect()
}

#[track_caller]
fn near(found: &Value, expected: f64, within: f64) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{found}"));
    assert!(
        (found - expected).abs() <= within,
        "{found} is not {expected}"
    );
}

fn uniform(stream: &mut Stream) -> f64 {
    (stream.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// Rows `id,arm,y` with so many yes of so many in each arm.
fn yes_no(arms: [(&str, usize, usize); 2]) -> String {
    let mut text = String::from("id,arm,y\n");
    let mut id = 0;
    for (arm, yes, n) in arms {
        for i in 0..n {
            text += &format!("{id},{arm},{}\n", u8::from(i < yes));
            id += 1;
        }
    }
    text
}

const EVALUATE: &str =
    "evaluate o.csv --id id --arm arm --treated i --control c --outcomes y --format json";

/// A rare yes: Fisher's test leads, with an interval that agrees. p-values from scipy's `fisher_exact`.
#[test]
fn a_rare_yes_leads_with_the_exact_test() {
    let dir = Workdir::new();
    for (one, zero, p) in [
        ((0, 50), (10, 500), 0.610_628),
        ((3, 12), (0, 14), 0.084_615),
        ((1, 30), (9, 35), 0.015_823),
    ] {
        dir.write(
            "o.csv",
            yes_no([("i", one.0, one.1), ("c", zero.0, zero.1)]),
        );
        let found = answer(&dir.fip(EVALUATE).ok().json(), "y");
        let leads = (&found["test"], &found["why"]);
        assert_eq!(leads, (&"fisher_exact".into(), &"design".into()));
        near(&found["p_value"], p, 1e-6);
        let holds_zero = found["conf_low"].as_f64().unwrap() <= 0.0
            && found["conf_high"].as_f64().unwrap() >= 0.0;
        assert_eq!(holds_zero, p >= 0.05, "{found}");
    }
    dir.write("o.csv", yes_no([("i", 50, 50), ("c", 0, 500)]));
    let found = answer(&dir.fip(EVALUATE).ok().json(), "y");
    assert!(
        found["p_value"].as_f64().unwrap() < 1e-30 && found["conf_low"].as_f64().unwrap() > 0.8
    );
    dir.fip("evaluate o.csv --id id --arm arm --treated i --control c --outcomes y --lang en")
        .ok()
        .shows(&["***"]);
}

/// A registered t-test of yes or no is stood in for, and said; a registered χ² leads where nothing is sparse,
/// with the score interval that is its inversion. p-values from scipy.
#[test]
fn the_registered_test_leads_where_it_is_valid() {
    let dir = Workdir::new();
    dir.write("o.csv", yes_no([("i", 32, 60), ("c", 20, 62)])).write(
        "trial.toml",
        "[register]\nid = \"id\"\n[[outcome]]\nname = \"y\"\nkind = \"binary\"\ntests = [\"welch_t\", \"levene\"]\n",
    );
    let found = dir
        .brought_in("o.csv", "arm")
        .fip("evaluate o.csv --trial trial.toml --arm arm --treated i --control c --format json")
        .ok()
        .json();
    let leads = answer(&found, "y");
    assert_eq!(leads["test"], "fisher_exact");
    assert_eq!(
        (&leads["why"], &leads["asked"], &leads["reason"]),
        (&"stand_in".into(), &"welch_t".into(), &"yes_or_no".into())
    );
    assert_eq!(notes(outcome(&found, "y"), "stands_in").len(), 1);
    near(&leads["p_value"], 0.027_620, 1e-6);
    let text = dir
        .read("trial.toml")
        .replace("welch_t", "pearson_chi_square");
    dir.write("trial.toml", text);
    let run = "evaluate o.csv --trial trial.toml --arm arm --treated i --control c --format json";
    // With these totals χ² rejects in 6.7 % of the draws (the hypergeometric distribution, summed in scipy).
    let leads = answer(&dir.fip(run).ok().json(), "y");
    let why = (&leads["test"], &leads["asked"], &leads["reason"]);
    let expected = ("fisher_exact", "pearson_chi_square", "error_rate");
    assert_eq!(
        why,
        (&expected.0.into(), &expected.1.into(), &expected.2.into())
    );
    // And with these in 5.3 %.
    dir.write("o.csv", yes_no([("i", 75, 140), ("c", 52, 133)]));
    let leads = answer(&dir.brought_in("o.csv", "arm").fip(run).ok().json(), "y");
    let why = (&leads["test"], &leads["why"]);
    assert_eq!(why, (&"pearson_chi_square".into(), &"registered".into()));
    near(&leads["p_value"], 0.016_553_9, 1e-6);
    assert!(leads["conf_low"].as_f64().unwrap() > 0.0);
}

/// Everything that a reader meets about an outcome is of one answer: where the blocked estimate finds what
/// Welch's t does not, the star stands in both tables.
#[test]
fn one_outcome_has_one_verdict() {
    let dir = Workdir::new();
    let (mut outcomes, mut allocation) = (String::from("id,y\n"), String::from("id,arm,stratum\n"));
    let mut stream = Stream::new("answers", "one verdict");
    for i in 0..60 {
        let treated = i % 2 == 0;
        let y = 30.0 * (i / 6) as f64 + f64::from(u8::from(treated)) + uniform(&mut stream);
        outcomes += &format!("k{i:02},{y:.3}\n");
        allocation += &format!("k{i:02},{},s{}\n", if treated { "i" } else { "c" }, i / 6);
    }
    dir.write("o.csv", outcomes).write("a.csv", allocation);
    let run = "evaluate o.csv --id id --allocation a.csv --treated i --control c --outcomes y";
    let found = dir.fip(&format!("{run} --format json")).ok().json();
    let leads = answer(&found, "y");
    assert_eq!(leads["test"], "design_t");
    let welch = &outcome(&found, "y")["tests"][0];
    assert!(welch["p_value"].as_f64().unwrap() > 0.5 && leads["p_value"].as_f64().unwrap() < 1e-3);
    let shown = dir.fip(&format!("{run} --lang en")).ok().stdout;
    let rows: Vec<&str> = shown
        .lines()
        .filter(|line| line.starts_with("y "))
        .collect();
    assert!(
        rows[0].contains("***") && rows[1].contains("***"),
        "{rows:?}"
    );
}

/// A stratum that lost almost everybody undoes no draw made again: the statistic is defined in all.
#[test]
fn a_missing_outcome_in_a_small_stratum_undoes_nothing() {
    let dir = Workdir::new();
    let (mut outcomes, mut allocation) = (String::from("id,y\n"), String::from("id,arm,stratum\n"));
    let mut stream = Stream::new("answers", "small stratum");
    for i in 0..205 {
        // Forty strata of five with two in the intervention; one of them lacks an outcome.
        let treated = i % 5 < 2;
        let noise: f64 = (0..12).map(|_| uniform(&mut stream)).sum::<f64>() - 6.0;
        let y = if i == 0 {
            String::new()
        } else {
            format!("{:.3}", noise + 1.5 * f64::from(u8::from(treated)))
        };
        outcomes += &format!("k{i:03},{y}\n");
        allocation += &format!("k{i:03},{},s{}\n", if treated { "i" } else { "c" }, i / 5);
    }
    dir.write("o.csv", outcomes).write("a.csv", allocation);
    let found = dir
        .fip("evaluate o.csv --id id --allocation a.csv --treated i --control c --outcomes y --permutations 2000 --format json")
        .ok()
        .json();
    let tests = outcome(&found, "y")["tests"].as_array().unwrap();
    let drawn = tests
        .iter()
        .find(|test| test["test"] == "permutation")
        .unwrap();
    near(&drawn["p_value"], 1.0 / 2001.0, 1e-12);
}

/// People of a cluster are never taken as drawn one by one: one cluster in an arm has the draw's own p, and
/// where two clusters hold most people the draw leads too.
#[test]
fn clusters_lead_with_what_they_can_bear() {
    let dir = Workdir::new();
    let trial = |sizes: &[usize], treated: &[usize]| {
        let (mut outcomes, mut allocation) =
            (String::from("id,y\n"), String::from("id,arm,cluster\n"));
        let mut id = 0;
        for (cluster, size) in sizes.iter().enumerate() {
            for i in 0..*size {
                outcomes += &format!("k{id:03},{}\n", 10 * cluster + i % 3);
                let arm = if treated.contains(&cluster) { "i" } else { "c" };
                allocation += &format!("k{id:03},{arm},h{cluster}\n");
                id += 1;
            }
        }
        dir.write("o.csv", outcomes).write("a.csv", allocation);
        let found = dir
            .fip("evaluate o.csv --id id --allocation a.csv --treated i --control c --outcomes y --format json")
            .ok()
            .json();
        answer(&found, "y")
    };
    // The largest of three, and no draw lies further: of three draws, one (two with the other end).
    let one = trial(&[20, 20, 20], &[2]);
    assert_eq!(
        (&one["test"], &one["draws"]),
        (&"permutation".into(), &3.into())
    );
    near(&one["p_value"], 2.0 / 3.0, 1e-12);
    let unequal = trial(&[90, 80, 5, 5, 4, 6, 5, 4], &[0, 3, 5, 6]);
    assert_eq!(
        (&unequal["test"], &unequal["reason"]),
        (&"permutation".into(), &"few_clusters".into())
    );
    assert_eq!(unequal["draws"], 70);
    let equal = trial(&[10; 16], &[0, 3, 4, 7, 8, 11, 12, 15]);
    assert_eq!(
        (&equal["test"], &equal["estimator"]),
        (&"design_t".into(), &"cluster_cr2".into())
    );
}

/// Two equal values against a hundred: no t-test knows their spread.
#[test]
fn a_tiny_arm_has_the_exact_p() {
    let dir = Workdir::new();
    let mut text = String::from("id,arm,y\n0,i,3\n1,i,3\n");
    let mut stream = Stream::new("answers", "tiny arm");
    for id in 2..102 {
        text += &format!("{id},c,{:.3}\n", uniform(&mut stream));
    }
    dir.write("o.csv", text);
    let found = dir.fip(EVALUATE).ok().json();
    let leads = answer(&found, "y");
    assert_eq!(
        (&leads["test"], &leads["method"], &leads["reason"]),
        (&"permutation".into(), &"exact".into(), &"small_arm".into())
    );
    // Both largest of 102: one of C(102, 2) draws.
    near(&leads["p_value"], 1.0 / 5151.0, 1e-12);
}

/// What is not identified in both arms is left out of Lin's estimate and said, whatever a level is called.
#[test]
fn lin_does_not_depend_on_names() {
    let dir = Workdir::new();
    let trial = |rare: &str| {
        let mut text = String::from("id,arm,y,f\n");
        let mut stream = Stream::new("answers", "lin");
        for id in 0..60 {
            let treated = id % 2 == 0;
            // The rare level is in the intervention arm only.
            let level = match (id % 12, treated) {
                (0, _) => rare,
                (1..=6, _) => "m",
                _ => "n",
            };
            let arm = if treated { "i" } else { "c" };
            text += &format!("{id},{arm},{:.3},{level}\n", uniform(&mut stream));
        }
        dir.write("o.csv", text);
        let found = dir
            .fip(&format!("{EVALUATE} --covariates f --kind f=categorical"))
            .ok()
            .json();
        outcome(&found, "y").clone()
    };
    let (one, other) = (trial("a"), trial("z"));
    for found in [&one, &other] {
        let estimates = found["estimates"].as_array().unwrap();
        assert!(!estimates.iter().any(|row| row["estimator"] == "lin"));
        let left_out = notes(found, "left_out");
        assert!(
            left_out.iter().any(|note| note["reason"] == "one_arm_only"),
            "{left_out:?}"
        );
    }
    assert_eq!(one["estimates"], other["estimates"]);
}

/// Receipt that is unknown for those who never came: no effect on compliers but bounds, unless it is stated
/// what unknown counts as.
#[test]
fn unknown_receipt_is_not_dropped_after_the_draw() {
    let dir = Workdir::new();
    let mut stream = Stream::new("answers", "receipt");
    let (mut blank, mut zero) = (String::from("id,arm,y,n\n"), String::from("id,arm,y,n\n"));
    for id in 0..120 {
        let treated = id % 2 == 0;
        let came = treated && id % 3 != 0;
        let y = uniform(&mut stream) + if came { 1.0 } else { 0.0 };
        let row = format!("{id},{},{y:.3},", if treated { "i" } else { "c" });
        let (known, unknown) = match (came, treated) {
            (true, _) => ("2", "2"),
            (false, true) => ("0", ""),
            (false, false) => ("0", "0"),
        };
        blank += &format!("{row}{unknown}\n");
        zero += &format!("{row}{known}\n");
    }
    let cace = |found: &Value| {
        let estimates = outcome(found, "y")["estimates"].as_array().unwrap();
        estimates
            .iter()
            .find(|row| row["estimand"] == "cace")
            .cloned()
    };
    let run = |flags: &str| {
        dir.fip(&format!(
            "evaluate o.csv --arm arm --treated i --control c --format json {flags}"
        ))
        .ok()
        .json()
    };
    let by_flag = "--id id --outcomes y --received 'n >= 2'";
    dir.write("o.csv", zero);
    let known = cace(&run(by_flag)).unwrap();
    dir.write("o.csv", blank);
    let found = run(by_flag);
    assert!(cace(&found).is_none());
    let unknown = notes(outcome(&found, "y"), "receipt_unknown")[0];
    let truth = known["estimate"].as_f64().unwrap();
    assert!(
        unknown["low"].as_f64().unwrap() <= truth
            && truth <= unknown["high"].as_f64().unwrap() + 1e-9,
        "{unknown}"
    );
    dir.write(
        "trial.toml",
        "[register]\nid = \"id\"\n[[outcome]]\nname = \"y\"\nkind = \"numeric\"\n[compliance]\nreceived = \"n >= 2\"\nunknown = \"not_received\"\n",
    );
    dir.brought_in("o.csv", "arm");
    // The numbers of the file with zeros, but not by the lot alone.
    let stated = run("--trial trial.toml");
    let mut expected = known;
    expected["randomised"] = false.into();
    assert_eq!(cace(&stated).unwrap(), expected);
    assert_eq!(notes(&stated, "unknown_as_not_received")[0]["count"], 20);
}

/// A draw made elsewhere, with its strata and clusters in columns of the export, is evaluated as one whose
/// allocation has them.
#[test]
fn strata_and_clusters_of_a_draw_made_elsewhere() {
    let dir = Workdir::new();
    let mut stream = Stream::new("answers", "elsewhere");
    let (mut outcomes, mut allocation) = (
        String::from("id,arm,y,town,house\n"),
        String::from("id,arm,stratum,cluster\n"),
    );
    for id in 0..160 {
        let (house, town) = (id / 4, id / 80);
        let arm = if house % 2 == 0 { "i" } else { "c" };
        outcomes += &format!(
            "k{id:03},{arm},{:.3},t{town},h{house}\n",
            uniform(&mut stream)
        );
        allocation += &format!("k{id:03},{arm},t{town},h{house}\n");
    }
    dir.write("o.csv", outcomes).write("a.csv", allocation);
    let run = |how: &str| {
        let found = dir
            .fip(&format!(
                "evaluate o.csv --id id --treated i --control c --outcomes y --format json {how}"
            ))
            .ok()
            .json();
        answer(&found, "y")
    };
    assert_eq!(
        run("--arm arm --strata town --cluster house"),
        run("--allocation a.csv")
    );
    let plain = run("--arm arm");
    assert_eq!(plain["estimator"], "difference_in_means");
    dir.fip("evaluate o.csv --id id --arm arm --treated i --control c --outcomes y --strata stad")
        .exits(3)
        .says(&["stad"]);
}
