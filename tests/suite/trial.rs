//! The whole way, through the program: files in, tables and JSON out.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::workdir::Workdir;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn reference(name: &str) -> PathBuf {
    root().join("tests/reference/evaluate").join(name)
}

/// R's numbers for `outcomes.csv`; see `tests/reference/evaluate/evaluate.R`.
fn expected() -> Value {
    serde_json::from_str(&fs::read_to_string(reference("evaluate.json")).unwrap()).unwrap()
}

/// The script prints 15 significant digits, and R's own p-values hold about 1e-10.
const TOLERANCE: f64 = 1e-9;

#[track_caller]
fn close(what: &str, found: &Value, expected: &Value) {
    let (Some(a), Some(b)) = (found.as_f64(), expected.as_f64()) else {
        panic!("{what}: found {found}, expected {expected}");
    };
    assert!(
        (a - b).abs() <= TOLERANCE * b.abs(),
        "{what}: found {a}, expected {b}"
    );
}

/// Every number of `expected` stands under the same name in `found`.
#[track_caller]
fn same_numbers(what: &str, found: &Value, expected: &Value) {
    for (name, value) in expected.as_object().unwrap() {
        close(&format!("{what}.{name}"), &found[name], value);
    }
}

fn find<'a>(list: &'a Value, key: &str, name: &str) -> &'a Value {
    list.as_array()
        .unwrap()
        .iter()
        .find(|item| item[key] == name)
        .unwrap_or_else(|| panic!("no {key} = {name} in {list}"))
}

fn estimate<'a>(outcome: &'a Value, estimand: &str, estimator: &str) -> &'a Value {
    outcome["estimates"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["estimand"] == estimand && row["estimator"] == estimator)
        .unwrap_or_else(|| panic!("no {estimand} by {estimator}"))
}

const ALL: &str = "evaluate outcomes.csv --id klantnummer --arm groep --treated interventie \
    --outcomes inkomen,werk,trede,leefvorm --kind 'trede=ordinal:1|2|3|4|5' --received 'gesprekken >= 2' \
    --covariates leeftijd,geslacht --format json";

fn with_export() -> Workdir {
    let dir = Workdir::new();
    dir.write("outcomes.csv", fs::read(reference("outcomes.csv")).unwrap());
    dir
}

#[test]
fn estimates_and_tests_agree_with_r() {
    let found = with_export().fip(ALL).ok().json();
    let expected = expected();
    for name in ["inkomen", "werk", "trede"] {
        let (outcome, reference) = (find(&found["outcomes"], "name", name), &expected[name]);
        for arm in reference["arms"].as_array().unwrap() {
            let ours = find(&outcome["arms"], "arm", arm["arm"].as_str().unwrap());
            assert_eq!(
                (&ours["n"], &ours["missing"]),
                (&arm["n"], &arm["missing"]),
                "{name}"
            );
            close(&format!("{name} mean"), &ours["mean"], &arm["mean"]);
            close(&format!("{name} sd"), &ours["sd"], &arm["sd"]);
        }
        for (estimand, estimator, key) in [
            ("itt", "difference_in_means", "difference_in_means"),
            ("itt", "lin", "lin"),
            ("cace", "iv_2sls", "iv_2sls"),
            ("per_protocol", "difference_in_means", "per_protocol"),
            ("as_treated", "difference_in_means", "as_treated"),
        ] {
            let ours = estimate(outcome, estimand, estimator);
            same_numbers(&format!("{name} {key}"), ours, &reference[key]);
            assert_eq!(
                ours["randomised"],
                Value::Bool(matches!(estimand, "itt" | "cace"))
            );
        }
        for (test, reference) in reference.as_object().unwrap() {
            if !matches!(
                test.as_str(),
                "arms" | "difference_in_means" | "lin" | "iv_2sls" | "per_protocol" | "as_treated"
            ) {
                same_numbers(
                    &format!("{name} {test}"),
                    find(&outcome["tests"], "test", test),
                    reference,
                );
            }
        }
    }
    let leefvorm = find(&found["outcomes"], "name", "leefvorm");
    for test in ["pearson_chi_square", "likelihood_ratio"] {
        same_numbers(
            test,
            find(&leefvorm["tests"], "test", test),
            &expected["leefvorm"][test],
        );
    }
    close(
        "V",
        &find(&leefvorm["effect_sizes"], "measure", "cramers_v")["estimate"],
        &expected["leefvorm"]["cramers_v"],
    );
}

#[test]
fn intention_to_treat_comes_first() {
    let found = with_export().fip(ALL).ok().json();
    for outcome in found["outcomes"].as_array().unwrap() {
        if let Some(first) = outcome["estimates"].as_array().unwrap().first() {
            assert_eq!(
                (&first["estimand"], &first["estimator"]),
                (&"itt".into(), &"difference_in_means".into())
            );
        }
    }
}

#[test]
fn a_net_ratio_counts_whom_it_leaves_out() {
    let dir = with_export();
    let arguments: Vec<String> = [
        "evaluate",
        "outcomes.csv",
        "--id",
        "klantnummer",
        "--arm",
        "groep",
        "--treated",
        "interventie",
        "--outcomes",
        "werk",
        "--exclude",
        "reden = 'AOW'",
        "--format",
        "json",
    ]
    .map(str::to_string)
    .to_vec();
    let found = dir.run(&arguments).ok().json();
    let outcome = &found["outcomes"][0];
    let expected = &expected()["werk_netto"];
    for arm in ["interventie", "controle"] {
        assert_eq!(
            find(&outcome["excluded"]["arms"], "arm", arm)["n"],
            expected["excluded"][arm]
        );
    }
    same_numbers(
        "net chi-square",
        find(&outcome["tests"], "test", "pearson_chi_square"),
        &expected["pearson_chi_square"],
    );
}

#[test]
fn balance_agrees_with_r() {
    let dir = with_export();
    let export = dir.read("outcomes.csv");
    let mut allocation = String::from("klantnummer,arm\n");
    for line in export.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        allocation += &format!("{},{}\n", cells[0], cells[1]);
    }
    dir.write("allocation.csv", allocation);
    let found = dir
        .fip("balance outcomes.csv --id klantnummer --allocation allocation.csv --covariates leeftijd,duur,geslacht --format json")
        .ok()
        .json();
    let expected = &expected()["balance"];
    assert_eq!(found["schema"], "fip/balance/1");
    for name in ["leeftijd", "duur"] {
        let row = find(&found["covariates"], "name", name);
        close(name, &row["smd"], &expected[name]["smd"]);
        close(
            name,
            &row["variance_ratio"],
            &expected[name]["variance_ratio"],
        );
        assert_eq!(row["smd_formula"], "pooled");
    }
    same_numbers(
        "leeftijd",
        find(
            &find(&found["covariates"], "name", "leeftijd")["tests"],
            "test",
            "welch_t",
        ),
        &expected["leeftijd"]["welch_t"],
    );
    close(
        "geslacht",
        &find(&found["covariates"], "name", "geslacht")["smd"],
        &expected["geslacht_vrouw"]["smd"],
    );
    assert_eq!(found["omnibus"]["test"], "hansen_bowers_d2");
}

/// A worked trial, copied so that its folder stays clean.
fn example(name: &str) -> Workdir {
    let dir = Workdir::new();
    for file in ["trial.toml", "register.csv", "outcomes.csv"] {
        dir.write(
            file,
            fs::read(root().join("examples").join(name).join(file)).unwrap(),
        );
    }
    dir.drawn();
    dir
}

fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn worked_trials_run_and_give_the_same_bytes_again() {
    for (name, sizes) in [
        ("ijsselgemeenten", ["360", "668"]),
        ("brabantse-wal", ["308", "1625"]),
    ] {
        let dir = example(name);
        let first = dir
            .fip("run trial.toml")
            .ok()
            .shows(&sizes)
            .shows(&["Synthetische gegevens"]);
        let before = files(&dir.path("out"));
        let again = dir.fip("run trial.toml").ok();
        assert_eq!(first.stdout, again.stdout, "{name}");
        assert_eq!(before, files(&dir.path("out")), "{name}");
        assert!(
            first.stdout.lines().all(|line| line.chars().count() <= 80),
            "{name} is wider than 80 columns"
        );
    }
}

#[test]
fn a_report_is_the_run_again_in_either_language() {
    let dir = example("ijsselgemeenten");
    let run = dir.fip("run trial.toml --lang en").ok();
    let report = dir.fip("report out --lang en --format markdown").ok();
    let again = dir.fip("run trial.toml --lang en --format markdown").ok();
    assert_eq!(again.stdout, report.stdout);
    assert_ne!(run.stdout, dir.fip("report out --lang en").ok().stdout);
    dir.fip("report out --lang nl")
        .ok()
        .shows(&["Verantwoording", "Synthetische gegevens"]);
}

#[test]
fn no_id_stands_in_a_report() {
    let dir = example("ijsselgemeenten");
    let shown = dir.fip("run trial.toml").ok().stdout;
    let report = dir.read("out/report/report.md");
    for line in dir.read("register.csv").lines().skip(1) {
        let id = line.split(';').next().unwrap();
        assert!(!shown.contains(id) && !report.contains(id), "{id}");
    }
}

const REGISTER: &str = "klantnummer;leeftijd;gemeente;huishouden\n\
    0001;34;Capelle;a\n0002;51;Capelle;a\n0003;47;Zuidplas;b\n0004;29;Zuidplas;c\n0005;66;Zuidplas;d\n0006;;Capelle;e\n";

#[test]
fn a_draw_counts_whom_it_leaves_out_and_keeps_ids_as_they_are() {
    let dir = Workdir::new();
    dir.write("register.csv", REGISTER);
    let manifest = dir
        .fip("assign register.csv --id klantnummer --arm interventie=2 --arm controle --seed 7 --where 'leeftijd < 65' --format json")
        .ok()
        .json();
    assert_eq!(manifest["counts"]["read"], 6);
    assert_eq!(manifest["counts"]["eligible"], 4);
    let excluded: u64 = manifest["counts"]["excluded"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| reason["count"].as_u64().unwrap())
        .sum();
    assert_eq!(excluded, 2);
    let allocation = dir.read("allocation.csv");
    let ids: Vec<&str> = allocation
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(ids, ["0001", "0002", "0003", "0004"]);
    assert_eq!(dir.read("register.csv"), REGISTER);
    dir.fip("verify manifest.json --register register.csv").ok();
}

#[test]
fn verify_names_what_differs() {
    let dir = Workdir::new();
    dir.write("register.csv", REGISTER);
    dir.fip("assign register.csv --id klantnummer --arm i=3 --arm c --seed 7 --strata gemeente")
        .ok();
    let (register, allocation) = (dir.read("register.csv"), dir.read("allocation.csv"));
    let swapped = allocation.replacen(",i,", ",x,", 1);
    dir.write("allocation.csv", &swapped);
    dir.fip("verify manifest.json --register register.csv --lang en")
        .exits(1)
        .shows(&["group is 'x'"]);
    dir.write("allocation.csv", &allocation);
    // Nothing that the draw looks at.
    dir.write("register.csv", register.replace("0003;47", "0003;48"));
    dir.fip("verify manifest.json --register register.csv --lang en")
        .ok()
        .shows(&["the same draw"]);
    dir.write(
        "register.csv",
        register.replace("0003;47;Zuidplas", "0003;47;Capelle"),
    );
    dir.fip("verify manifest.json --register register.csv --lang en")
        .exits(1)
        .shows(&["Register", "changed"]);
    dir.write("register.csv", register.replace("0004;29;Zuidplas;c\n", ""));
    dir.fip("verify manifest.json --register register.csv --lang en")
        .exits(1)
        .shows(&["0004"]);
}

#[test]
fn a_new_draw_keeps_the_earlier_one() {
    let dir = Workdir::new();
    dir.write("register.csv", REGISTER);
    let draw = "assign register.csv --id klantnummer --arm i=3 --arm c";
    dir.fip(&format!("{draw} --seed 1")).ok();
    let first = dir.read("allocation.csv");
    dir.fip(&format!("{draw} --seed 2 --redraw 'adressen ververst'"))
        .ok();
    assert_eq!(dir.read("allocation-1.csv"), first);
    let manifest = dir.json("manifest.json");
    assert_eq!(manifest["previous"][0]["reason"], "adressen ververst");
    assert_eq!(manifest["previous"][0]["seed"], "1");
    dir.fip("verify manifest.json --register register.csv").ok();
}

#[test]
fn without_a_seed_one_is_drawn_and_recorded() {
    let dir = Workdir::new();
    dir.write("register.csv", REGISTER);
    dir.fip("assign register.csv --id klantnummer --arm i=3 --arm c")
        .ok();
    let seed = dir.json("manifest.json")["seed"]
        .as_str()
        .unwrap()
        .to_string();
    assert!(
        seed.len() == 32 && seed.chars().all(|c| c.is_ascii_hexdigit()),
        "{seed}"
    );
    dir.fip("verify manifest.json --register register.csv").ok();
}

#[test]
fn people_in_one_file_only_are_counted_and_named() {
    let dir = Workdir::new();
    dir.write(
        "allocation.csv",
        "id,arm\n01,i\n02,c\n03,i\n04,c\n05,i\n06,c\n",
    );
    dir.write("outcomes.csv", "id;y\n01;1\n02;0\n03;1\n04;1\n05;0\n99;1\n");
    let ran = dir
        .fip("evaluate outcomes.csv --id id --allocation allocation.csv --treated i --outcomes y --format json")
        .ok()
        .says(&["'06'", "'99'"]);
    let found = ran.json();
    assert_eq!(found["join"]["only_in_outcomes"], 1);
    assert_eq!(found["join"]["only_in_allocation"], 1);
    assert_eq!(
        found["arms"],
        serde_json::json!([{"arm": "c", "n": 3}, {"arm": "i", "n": 3}])
    );
    let control = find(&found["outcomes"][0]["arms"], "arm", "c");
    assert_eq!((&control["n"], &control["missing"]), (&2.into(), &1.into()));
}

#[test]
fn what_the_draw_was_decides_the_estimate() {
    let dir = Workdir::new();
    let mut register = String::from("id;stratum;paar;y\n");
    for client in 0..40 {
        register += &format!(
            "{client:02};{};{};{}\n",
            client % 2,
            client / 2,
            (client * 7) % 11
        );
    }
    dir.write("register.csv", register);
    let evaluate = "evaluate register.csv --id id --treated i --outcomes y --kind y=numeric --format json --allocation";
    dir.fip("assign register.csv --id id --arm i=20 --arm c --seed 1 --strata stratum --out s")
        .ok();
    let found = dir.fip(&format!("{evaluate} s/allocation.csv")).ok().json();
    estimate(&found["outcomes"][0], "itt", "difference_in_means");
    estimate(&found["outcomes"][0], "itt", "blocked_difference_in_means");
    dir.fip("assign register.csv --id id --arm i=10 --arm c --seed 1 --cluster paar --out k")
        .ok();
    let found = dir.fip(&format!("{evaluate} k/allocation.csv")).ok().json();
    estimate(&found["outcomes"][0], "itt", "cluster_cr2");
}

#[test]
fn degenerate_outcomes_give_a_warning_and_no_nan() {
    let dir = Workdir::new();
    dir.write(
        "outcomes.csv",
        "id;arm;constant;leeg;een\n1;i;3;;1\n2;i;3;;\n3;c;3;;\n4;c;3;;\n5;c;3;7;\n6;i;3;;\n",
    );
    let ran = dir
        .fip(
            "evaluate outcomes.csv --id id --arm arm --treated i --control c --outcomes constant,leeg,een --kind constant=numeric \
             --kind leeg=numeric --kind een=numeric --blank leeg=missing --blank een=missing --format json",
        )
        .ok();
    assert!(!ran.stdout.contains("NaN"), "{}", ran.stdout);
    for outcome in ran.json()["outcomes"].as_array().unwrap() {
        assert!(
            !outcome["warnings"].as_array().unwrap().is_empty(),
            "{outcome}"
        );
    }
}

#[test]
fn init_drafts_a_protocol_that_runs() {
    let dir = Workdir::new();
    for file in ["register.csv", "outcomes.csv"] {
        dir.write(
            file,
            fs::read(root().join("examples/ijsselgemeenten").join(file)).unwrap(),
        );
    }
    dir.fip("init register.csv --outcomes outcomes.csv")
        .ok()
        .says(&["trial.toml"]);
    let draft = dir.read("trial.toml");
    assert!(draft.contains("id = \"klantnummer\""), "{draft}");
    dir.drawn().fip("run trial.toml").ok();
    dir.fip("init register.csv")
        .exits(4)
        .says(&["trial.toml", "hint:"]);
    assert_eq!(dir.read("trial.toml"), draft);
}

#[test]
fn the_shell_gets_completions_and_a_manual() {
    let dir = Workdir::new();
    dir.fip("completions bash").ok().shows(&["evaluate"]);
    dir.fip("man").ok().shows(&[".TH fip 1", "evaluate"]);
}

#[test]
fn a_run_that_fails_leaves_nothing_behind() {
    let dir = example("ijsselgemeenten");
    let protocol = dir.read("trial.toml");
    dir.write(
        "trial.toml",
        protocol.replace("name = \"trajecten\"", "name = \"trajektn\""),
    );
    dir.fip("run trial.toml")
        .exits(3)
        .says(&["trajektn", "trajecten"]);
    let there = ["outcomes.csv", "record", "register.csv", "trial.toml"];
    assert_eq!(dir.files(), there);
    dir.write("trial.toml", protocol);
    dir.fip("run trial.toml").ok();
}

#[test]
fn a_protocol_changed_after_the_draw_is_said() {
    let dir = example("brabantse-wal");
    dir.fip("run trial.toml --lang en").ok();
    let protocol = dir
        .read("trial.toml")
        .replace("alpha = 0.10", "alpha = 0.05");
    dir.write("trial.toml", protocol);
    dir.fip("run trial.toml --lang en")
        .ok()
        .shows(&["The protocol was changed after the draw"]);
}

#[test]
fn a_changed_allocation_is_not_evaluated() {
    let dir = Workdir::new();
    dir.write("register.csv", REGISTER);
    dir.fip("assign register.csv --id klantnummer --arm i=3 --arm c --seed 7")
        .ok();
    let allocation = dir.read("allocation.csv");
    let (first, rest) = allocation.split_once(",i").unwrap();
    dir.write("allocation.csv", format!("{first},c{rest}"));
    for command in [
        "balance register.csv --id klantnummer --allocation allocation.csv",
        "evaluate register.csv --id klantnummer --allocation allocation.csv --treated i --outcomes leeftijd",
    ] {
        dir.fip(command)
            .exits(3)
            .says(&["allocation.csv", "fip verify"]);
    }
}

#[test]
fn a_result_changed_after_the_run_is_not_reported() {
    let dir = example("brabantse-wal");
    dir.fip("run trial.toml").ok();
    let evaluation = dir.read("out/evaluation.json");
    dir.write(
        "out/evaluation.json",
        evaluation.replacen("1625", "1652", 1),
    );
    dir.fip("report out")
        .exits(3)
        .says(&["evaluation.json", "hint:"]);
    dir.write("out/evaluation.json", evaluation);
    dir.fip("report out").ok();
    fs::remove_file(dir.path("out/balance.json")).unwrap();
    dir.fip("report out").exits(3).says(&["balance.json"]);
}

#[test]
fn verify_says_what_changed_and_no_more() {
    let dir = Workdir::new();
    dir.write("register.csv", REGISTER);
    dir.fip("assign register.csv --id klantnummer --arm i=3 --arm c --seed 7")
        .ok();
    let manifest = dir
        .read("manifest.json")
        .replace("\"seed\": \"7\"", "\"seed\": \"een ander\"");
    dir.write("manifest.json", manifest);
    let ran = dir
        .fip("verify manifest.json --register register.csv --lang en")
        .exits(1);
    assert!(
        !ran.stdout.contains("register has changed"),
        "{}",
        ran.stdout
    );
}

#[test]
fn an_arm_that_the_design_does_not_know() {
    let dir = example("brabantse-wal");
    let export = dir
        .read("outcomes.csv")
        .replacen("synthetisch", "Onderzoeksgroep", 1);
    dir.write("outcomes.csv", export);
    dir.fip("evaluate --trial trial.toml --arm bron")
        .exits(3)
        .says(&["another arm in the export", "hint:"]);
}
