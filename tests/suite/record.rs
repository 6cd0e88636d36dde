//! One trial, one record: what is published is about the draw that took place.

use std::fs;
use std::thread;
use std::time::Duration;

use fip::data::sha256_hex;
use fip::record::{fingerprint, revealed_seed};
use serde_json::Value;

use super::workdir::Workdir;

const TRIAL: &str = r#"[trial]
name = "Talks"
language = "en"
[register]
file = "register.csv"
id = "client"
[assignment]
method = "stratified"
strata = ["office"]
[[assignment.arm]]
name = "new"
size = 20
role = "intervention"
[[assignment.arm]]
name = "usual"
role = "control"
[[covariate]]
name = "age"
kind = "numeric"
[outcomes]
file = "outcomes.csv"
[[outcome]]
name = "score"
kind = "numeric"
"#;

fn register(people: u32) -> String {
    (0..people).fold(String::from("client;office;age\n"), |text, i| {
        text + &format!(
            "0{i:03};{};{}\n",
            ["North", "South"][(i % 3 / 2) as usize],
            20 + i * 7 % 40
        )
    })
}

fn outcomes(people: u32) -> String {
    (0..people).fold(String::from("client;score\n"), |text, i| {
        text + &format!("0{i:03};{}\n", i * 11 % 17)
    })
}

/// A trial of 60 people whose outcomes are there, and nothing on record.
fn trial() -> Workdir {
    let dir = Workdir::new();
    dir.write("register.csv", register(60))
        .write("outcomes.csv", outcomes(60))
        .write("trial.toml", TRIAL);
    dir
}

fn events(dir: &Workdir) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir.path("record"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn effect(found: &Value) -> f64 {
    found["outcomes"][0]["answer"][0]["estimate"]
        .as_f64()
        .unwrap()
}

#[test]
fn nothing_is_evaluated_without_a_draw_on_record() {
    let dir = trial();
    for command in [
        "run trial.toml",
        "run trial.toml --out elsewhere",
        "evaluate --trial trial.toml",
        "balance --trial trial.toml",
    ] {
        dir.fip(command).exits(4).says(&[
            "no draw is on record",
            "fip assign trial.toml",
            "--drawn",
        ]);
    }
    // Nor is one made on the way.
    assert_eq!(dir.files(), ["outcomes.csv", "register.csv", "trial.toml"]);
    // A first try that lies about is named, not taken.
    dir.fip("assign register.csv --id client --arm new=20 --arm usual")
        .ok()
        .says(&["fip init register.csv", "--drawn"]);
    dir.fip("run trial.toml")
        .exits(4)
        .says(&["--drawn allocation.csv"]);
}

#[test]
fn the_draw_on_record_is_the_one_that_is_evaluated() {
    let dir = trial();
    dir.drawn();
    assert_eq!(events(&dir), ["01-drawn"]);
    let first = dir
        .fip("evaluate --trial trial.toml --format json")
        .ok()
        .json();
    let run = dir
        .fip("run trial.toml --out one --format json")
        .ok()
        .json();
    assert_eq!(effect(&first), effect(&run["evaluation"]));
    // Another folder is no other draw, and another protocol beside it no other record.
    let again = dir
        .fip("run trial.toml --out two --format json")
        .ok()
        .json();
    assert_eq!(
        run["evaluation"]["outcomes"],
        again["evaluation"]["outcomes"]
    );
    dir.write("other.toml", TRIAL);
    dir.fip("run other.toml")
        .exits(4)
        .says(&["the record here is that of trial.toml"]);
    // Nor does another allocation get in.
    dir.fip("assign register.csv --id client --arm new=20 --arm usual --seed 1")
        .ok();
    dir.fip("evaluate --trial trial.toml --allocation allocation.csv")
        .exits(4)
        .says(&["not the allocation on record"]);
    dir.fip("evaluate --trial trial.toml --allocation record/01-drawn/allocation.csv")
        .ok();
    dir.fip("assign trial.toml --out elsewhere")
        .exits(2)
        .says(&["one record"]);
    dir.fip("assign trial.toml")
        .exits(4)
        .says(&["01-drawn", "--redraw"]);
}

#[test]
fn a_redraw_is_on_record_with_its_reason_and_not_after_the_outcomes() {
    let dir = trial();
    dir.drawn();
    dir.fip("assign trial.toml --redraw ' '").exits(2);
    dir.fip("assign trial.toml --redraw 'an old register'").ok();
    assert_eq!(events(&dir), ["01-drawn", "02-drawn"]);
    let shown = dir.fip("run trial.toml --format markdown --lang en").ok();
    shown.shows(&[
        "Record of the trial",
        "Drawn again",
        "reason: an old register",
        "The draw was made 2 times",
    ]);
    dir.fip("assign trial.toml --redraw 'the result was bad'")
        .exits(4)
        .says(&["too late"]);
}

#[test]
fn what_was_changed_after_the_draw_is_told_in_words() {
    let dir = trial();
    dir.drawn();
    let changed = TRIAL
        .replace("name = \"score\"", "name = \"age\"")
        .replace("size = 20", "size = 21");
    dir.write("trial.toml", &changed);
    let shown = dir
        .fip("run trial.toml --format markdown --lang en")
        .ok()
        .stdout;
    for words in ["The outcome 'age'", "new = 20", "new = 21"] {
        assert!(shown.contains(words), "no {words} in {shown}");
    }
    // With the reason, once it is told.
    dir.fip("amend trial.toml --reason 'asked by the council' --lang en")
        .ok()
        .shows(&["Amended", "new: the outcome 'age'", "asked by the council"]);
    dir.fip("amend trial.toml --reason again")
        .exits(4)
        .says(&["nothing was changed"]);
    let shown = dir
        .fip("run trial.toml --format markdown --lang en")
        .ok()
        .stdout;
    assert!(shown.contains("asked by the council"));
    // It stays a deviation from what was registered.
    let (_, deviations) = shown.split_once("## Deviations").unwrap();
    assert_eq!(deviations.matches("new = 21").count(), 1, "{deviations}");
    assert!(deviations.contains("The outcome 'age'"), "{deviations}");
}

#[test]
fn a_look_at_outcomes_is_on_record_once_and_not_where_they_are_made_up() {
    let dir = trial();
    dir.drawn();
    dir.fip("evaluate --trial trial.toml").ok();
    dir.fip("run trial.toml").ok();
    assert_eq!(events(&dir), ["01-drawn", "02-looked"]);
    dir.fip("evaluate --trial trial.toml --outcomes age").ok();
    let shown = dir.fip("run trial.toml --format markdown --lang en").ok();
    shown.shows(&[
        "Outcomes were analysed in 2 ways",
        "age (from outcomes.csv)",
    ]);
    assert_eq!(events(&dir).len(), 3);

    let dir = trial();
    dir.write(
        "trial.toml",
        TRIAL.replace("[trial]\n", "[trial]\nsynthetic = true\n"),
    );
    dir.drawn().fip("run trial.toml").ok();
    assert_eq!(events(&dir), ["01-drawn"]);
}

#[test]
fn a_draw_made_elsewhere_is_an_event_of_its_own() {
    let dir = trial();
    let mut list = String::from("client;arm\n");
    for i in 0..60 {
        list += &format!("0{i:03};{}\n", if i % 3 == 0 { "new" } else { "usual" });
    }
    dir.write("list.csv", &list);
    dir.fip("assign trial.toml --drawn list.csv").ok();
    assert_eq!(events(&dir), ["01-drawn-elsewhere"]);
    // The strata come from the register.
    let allocation = dir.read("record/01-drawn-elsewhere/allocation.csv");
    assert!(
        allocation.starts_with("client,arm,stratum\n0000,new,North\n"),
        "{allocation}"
    );
    dir.fip("run trial.toml --format markdown --lang en")
        .ok()
        .shows(&["Drawn elsewhere, and brought in"]);
    dir.fip("verify trial.toml --lang en")
        .ok()
        .shows(&["since it was brought in"]);
    // What cannot be a draw of this trial is none.
    for (wrong, says) in [
        (list.replacen("new", "neu", 1), "did you mean 'new'"),
        (list.replacen(";new", ";", 1), "into no arm"),
        (list.clone() + "0000;new\n", "0000"),
        (list.replacen("0001", "9999", 1), "9999"),
    ] {
        fs::remove_dir_all(dir.path("record")).unwrap();
        dir.write("list.csv", wrong);
        dir.fip("assign trial.toml --drawn list.csv")
            .exits(3)
            .says(&[says]);
        assert!(!dir.path("record").exists());
        dir.write("list.csv", &list);
        dir.fip("assign trial.toml --drawn list.csv").ok();
    }
    // A column of the export is held against it.
    let export =
        dir.read("outcomes.csv")
            .lines()
            .enumerate()
            .fold(String::new(), |text, (row, line)| {
                let arm = match row {
                    0 => "group",
                    7 => "new",
                    row if (row - 1) % 3 == 0 => "new",
                    _ => "usual",
                };
                text + &format!("{line};{arm}\n")
            });
    dir.write("outcomes.csv", export);
    dir.fip("evaluate --trial trial.toml --arm group").ok();
    let moved = dir.read("outcomes.csv").replacen(";new\n", ";usual\n", 1);
    dir.write("outcomes.csv", moved);
    dir.fip("evaluate --trial trial.toml --arm group")
        .exits(3)
        .says(&["1 of 60 people", "0000"]);
}

#[test]
fn a_first_try_becomes_a_trial_with_its_draw() {
    let dir = trial();
    dir.fip("assign register.csv --id client --strata office --arm new=20 --arm usual --seed 7")
        .ok();
    dir.fip("assign trial.toml --drawn allocation.csv").ok();
    // It can be made again, for its manifest came along.
    dir.fip("verify trial.toml --lang en")
        .ok()
        .shows(&["follow from this seed"]);
    assert!(dir.path("record/01-drawn-elsewhere/manifest.json").exists());
    dir.fip("run trial.toml").ok();
    // By another design it is no draw of this trial.
    let dir = trial();
    dir.fip("assign register.csv --id client --arm new=20 --arm usual --seed 7")
        .ok();
    dir.fip("assign trial.toml --drawn allocation.csv")
        .exits(3)
        .says(&["another design", "strata"]);
}

/// The fingerprint is that of the vectors, which an independent implementation made.
#[test]
fn what_is_committed_to_is_revealed() {
    assert_eq!(
        fingerprint(&"0".repeat(64), &"f".repeat(64)),
        "7fbd3420fbf6782be09f0c4f401caa7383577848f345184dc87c51017cbee93f"
    );
    let dir = trial();
    dir.fip("assign trial.toml --public '1 2 3'")
        .exits(4)
        .says(&["fip commit trial.toml"]);
    let hash = |name: &str| sha256_hex(dir.read(name).as_bytes());
    let print = fingerprint(&hash("trial.toml"), &hash("register.csv"));
    dir.fip("commit trial.toml --lang en").ok().shows(&[&print]);
    dir.fip("commit trial.toml").exits(4).says(&[&print]);
    // Another register or protocol is not what was published.
    let register = dir.read("register.csv");
    dir.write("register.csv", register.replacen(";20", ";21", 1));
    dir.fip("assign trial.toml --public '1 2 3'")
        .exits(4)
        .says(&["another one than was committed to"]);
    dir.write("register.csv", register);
    dir.fip("assign trial.toml --public '1 2 3'")
        .ok()
        .says(&["of one day"]);
    let manifest = dir.json("record/02-drawn/manifest.json");
    assert_eq!(manifest["seed"], revealed_seed(&print, "1 2 3"));
    assert_eq!(manifest["seed_source"], "public");
    dir.fip("verify trial.toml --lang en")
        .ok()
        .shows(&["nobody could choose between draws"]);
    dir.fip("verify trial.toml --public --lang en")
        .ok()
        .shows(&["without their ids"]);
    dir.fip("commit trial.toml").exits(4).says(&["after it"]);
}

#[test]
fn verify_finds_what_was_changed_taken_out_or_put_in() {
    let recorded = || {
        let dir = trial();
        dir.drawn();
        dir.fip("evaluate --trial trial.toml").ok();
        dir.fip("evaluate --trial trial.toml --outcomes age").ok();
        dir
    };
    type Touch<'t> = (&'t str, &'t dyn Fn(&Workdir));
    let touch: [Touch; 6] = [
        ("01-drawn: allocation.csv was changed", &|dir| {
            let text = dir.read("record/01-drawn/allocation.csv");
            dir.write(
                "record/01-drawn/allocation.csv",
                text.replacen("usual", "new", 1),
            );
        }),
        ("01-drawn: manifest.json is not there", &|dir| {
            fs::remove_file(dir.path("record/01-drawn/manifest.json")).unwrap();
        }),
        ("01-drawn: note.txt is no part of it", &|dir| {
            dir.write("record/01-drawn/note.txt", "x");
        }),
        ("03-looked does not follow", &|dir| {
            fs::remove_dir_all(dir.path("record/02-looked")).unwrap();
        }),
        ("03-looked does not follow", &|dir| {
            let text = dir.read("record/02-looked/event.json");
            dir.write(
                "record/02-looked/event.json",
                text.replace("score", "other"),
            );
        }),
        ("02-looked cannot be read", &|dir| {
            dir.write("record/02-looked/event.json", "{");
        }),
    ];
    for (says, touch) in touch {
        let dir = recorded();
        dir.fip("verify trial.toml --lang en").ok();
        touch(&dir);
        dir.fip("verify trial.toml --lang en")
            .exits(1)
            .shows(&[says, "does not prove which draw took place"]);
        dir.fip("run trial.toml")
            .exits(3)
            .says(&["not as fip wrote it"]);
    }
}

#[test]
fn a_register_in_another_order_gives_the_same_draw() {
    let dir = trial();
    dir.drawn();
    let text = dir.read("register.csv");
    let (head, rest) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rest.lines().collect();
    rows.reverse();
    dir.write("register.csv", format!("{head}\n{}\n", rows.join("\n")));
    dir.fip("verify trial.toml --lang en")
        .ok()
        .shows(&["not the drawn one byte for byte", "the same draw"]);
    // As Excel saves it: semicolons and a byte order mark.
    let allocation = dir.read("record/01-drawn/allocation.csv").replace(',', ";");
    dir.write("saved.csv", format!("\u{feff}{allocation}"));
    dir.fip("verify record/01-drawn/manifest.json --register register.csv --allocation saved.csv")
        .ok();
}

/// Killed at any moment, `assign` leaves the whole draw or none; two at once make one draw.
#[test]
fn a_draw_is_there_or_not() {
    let (mut drawn, mut none) = (0, 0);
    for round in 0..24_u64 {
        let dir = trial();
        let mut child = dir.start("assign trial.toml");
        thread::sleep(Duration::from_micros(round * 700));
        let _ = child.kill();
        child.wait().unwrap();
        let there = dir.path("record/01-drawn").exists();
        match there {
            true => drawn += 1,
            false => none += 1,
        }
        match there {
            true => dir.fip("verify trial.toml").ok(),
            false => dir.fip("assign trial.toml").ok(),
        };
        dir.fip("run trial.toml").ok();
        assert_eq!(events(&dir), ["01-drawn", "02-looked"]);
    }
    assert_eq!(drawn + none, 24);
    for _ in 0..6 {
        let dir = trial();
        let both = [(); 2].map(|()| dir.start("assign trial.toml"));
        let mut codes = both.map(|mut child| child.wait().unwrap().code().unwrap());
        codes.sort_unstable();
        assert_eq!(codes, [0, 4]);
        assert_eq!(events(&dir), ["01-drawn"]);
    }
}

/// A first try that was cut off between its two files is finished by the same command.
#[test]
fn a_first_try_that_was_cut_off_is_finished() {
    let dir = trial();
    let draw = "assign register.csv --id client --arm new=20 --arm usual";
    dir.fip(draw).ok();
    let allocation = dir.read("allocation.csv");
    fs::remove_file(dir.path("allocation.csv")).unwrap();
    dir.fip(&format!("{draw} --seed other")).exits(4);
    dir.fip(draw).ok().says(&["cut off"]);
    assert_eq!(dir.read("allocation.csv"), allocation);
}

#[test]
fn who_was_drawn_in_error_stays_and_is_told() {
    let dir = trial();
    dir.drawn();
    dir.fip("amend trial.toml --drawn-in-error 9999 --reason x")
        .exits(3)
        .says(&["9999"]);
    dir.fip(
        "amend trial.toml --drawn-in-error 0001,0002 --reason 'had left before the draw' --lang en",
    )
    .ok()
    .shows(&[
        "2 people turned out to be drawn in error",
        "had left before the draw",
    ]);
    let found = dir.fip("run trial.toml --format json").ok().json();
    let people: u64 = found["evaluation"]["arms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|arm| arm["n"].as_u64().unwrap())
        .sum();
    assert_eq!(people, 60);
    assert_eq!(found["record"][1]["in_error"], 2);
    let report = dir.read("out/report/report.md");
    let mut words = report.split(|c: char| !c.is_alphanumeric());
    assert!(report.contains("drawn in error") && words.all(|word| word != "0001"));
}

#[test]
fn a_later_batch_is_a_stratum_of_the_same_trial() {
    let dir = trial();
    dir.fip("add trial.toml register.csv")
        .exits(4)
        .says(&["no draw is on record"]);
    dir.drawn();
    dir.fip("add trial.toml register.csv")
        .exits(3)
        .says(&["nobody is to be drawn"]);
    dir.write("later.csv", register(90))
        .write("outcomes.csv", outcomes(90));
    dir.fip("add trial.toml later.csv --lang en")
        .ok()
        .shows(&["Later batch drawn", "batch 2: 30 drawn"]);
    assert_eq!(events(&dir), ["01-drawn", "02-added"]);
    // Who was drawn before keeps their arm.
    let first = dir.read("record/01-drawn/allocation.csv");
    let all = dir.read("record/02-added/everybody.csv");
    let arms = |text: &str| -> Vec<(String, String)> {
        let cells = text
            .lines()
            .skip(1)
            .map(|line| line.split(',').collect::<Vec<_>>());
        cells
            .map(|cells| (cells[0].to_string(), cells[1].to_string()))
            .collect()
    };
    let (first, all) = (arms(&first), arms(&all));
    assert_eq!((first.len(), all.len()), (60, 90));
    assert!(first.iter().all(|one| all.contains(one)));
    let new = all.iter().filter(|(_, arm)| arm == "new").count();
    assert_eq!(new, 30);
    let found = dir
        .fip("evaluate --trial trial.toml --format json")
        .ok()
        .json();
    assert_eq!(
        found["arms"],
        serde_json::json!([{"arm": "new", "n": 30}, {"arm": "usual", "n": 60}])
    );
    let estimates = found["outcomes"][0]["estimates"].to_string();
    assert!(
        estimates.contains("blocked_difference_in_means"),
        "{estimates}"
    );
    dir.fip("verify trial.toml").ok();
    dir.fip("verify record/02-added/manifest.json --public")
        .ok();
}

#[test]
fn on_the_first_day_the_next_in_line_move_up() {
    let dir = trial();
    dir.drawn();
    // Ten have left, from whatever arm.
    let mut gone = 0;
    let later =
        dir.read("register.csv")
            .lines()
            .enumerate()
            .fold(String::new(), |text, (row, line)| {
                if row % 6 == 3 {
                    gone += 1;
                    return text;
                }
                text + line + "\n"
            });
    dir.write("day-one.csv", later);
    dir.fip("start trial.toml day-one.csv --lang en")
        .ok()
        .shows(&["day", "20 started"]);
    let started = dir.read("record/02-started/everybody.csv");
    assert_eq!(started.lines().count() - 1, 60 - gone);
    assert_eq!(
        started
            .lines()
            .filter(|line| line.contains(",new,"))
            .count(),
        20
    );
    dir.fip("start trial.toml day-one.csv")
        .exits(4)
        .says(&["once"]);
    let found = dir.fip("run trial.toml --format json").ok().json();
    let report = dir.read("out/report/report.md");
    assert!(
        report.contains("Started on the first day (n = 20)"),
        "{report}"
    );
    let people = |arm: usize| found["evaluation"]["arms"][arm]["n"].as_u64().unwrap();
    assert_eq!(people(0) + people(1), 60 - gone as u64);
    // Who comes back is no newcomer.
    dir.write("later.csv", register(80));
    dir.fip("add trial.toml later.csv --lang en")
        .ok()
        .shows(&["batch 2: 20 drawn"]);
    dir.fip("verify trial.toml").ok();
}

#[test]
fn another_register_than_the_drawn_one_is_named_by_balance() {
    let dir = trial();
    dir.drawn();
    let shown = dir.fip("balance --trial trial.toml --lang en").ok().stdout;
    assert!(!shown.contains("not the one that was drawn from"));
    dir.write(
        "register.csv",
        dir.read("register.csv").replacen(";20", ";50", 1),
    );
    let shown = dir.fip("balance --trial trial.toml --lang en").ok().stdout;
    assert!(
        shown
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("not the one that was drawn from"),
        "{shown}"
    );
}

#[test]
fn ids_and_clusters_are_nothing_to_compare_by() {
    let dir = Workdir::new();
    let register = (0..60).fold(
        String::from("nr;huis;leeftijd;telefoon;team\n"),
        |text, i| {
            text + &format!(
                "0{i:03};h{:02};{};06{:08};t{}\n",
                i / 2,
                20 + i * 7 % 40,
                i * 7919 % 100_000,
                i % 3
            )
        },
    );
    dir.write("register.csv", &register);
    dir.fip("assign register.csv --id nr --cluster huis --arm i=15 --arm c")
        .ok();
    let balance = "balance register.csv --id nr --allocation allocation.csv --control c --lang en";
    let shown = dir.fip(balance).ok().says(&["left out: 'telefoon'"]).stdout;
    assert!(
        shown.contains("leeftijd") && !shown.contains("h07") && !shown.contains("huis"),
        "{shown}"
    );
    for (command, column) in [
        (format!("{balance} --covariates leeftijd,huis"), "huis"),
        (format!("{balance} --covariates nr"), "nr"),
        (
            "evaluate register.csv --id nr --allocation allocation.csv --control c --outcomes leeftijd --covariates huis".to_string(),
            "huis",
        ),
    ] {
        dir.fip(&command).exits(2).says(&[column, "nothing to compare them by"]);
    }
    dir.fip("init register.csv").ok();
    let draft = dir.read("trial.toml");
    assert!(
        draft.contains("cluster = \"huis\"") || !draft.contains("cluster = \"team\""),
        "{draft}"
    );
}

/// Excel takes leading zeros away when it saves a file.
#[test]
fn an_allocation_that_excel_has_saved_is_read() {
    let dir = trial();
    dir.drawn();
    let text = dir.read("record/01-drawn/allocation.csv");
    let saved = text.lines().fold(String::from("\u{feff}"), |saved, line| {
        let (id, rest) = line.split_once(',').unwrap();
        let id = id
            .parse()
            .map_or(id.to_string(), |number: u32| number.to_string());
        saved + &format!("{id};{}\r\n", rest.replace(',', ";"))
    });
    dir.write("saved.csv", &saved);
    let verify = "verify record/01-drawn/manifest.json --register register.csv --allocation saved.csv --lang en";
    dir.fip(verify).ok().says(&["leading zeros"]);
    dir.write("saved.csv", saved.replacen("usual", "new", 1));
    dir.fip(verify).exits(1).shows(&["group is 'new'"]);
}

/// What an earlier version wrote is read and verified, and can be brought into a record.
#[test]
fn what_earlier_versions_drew_stays_readable() {
    let from =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/released/0.1.0");
    let dir = Workdir::new();
    for name in ["register.csv", "allocation.csv", "manifest.json"] {
        dir.write(name, fs::read(from.join(name)).unwrap());
    }
    assert_eq!(dir.json("manifest.json")["fip_version"], "0.1.0");
    dir.fip("verify manifest.json --register register.csv").ok();
    dir.write(
        "trial.toml",
        "[register]\nfile = \"register.csv\"\nid = \"klantnummer\"\nwhere = \"leeftijd < 66\"\n\
         [assignment]\nmethod = \"stratified\"\nstrata = [\"gemeente\"]\ncluster = \"huishouden\"\n\
         [[assignment.arm]]\nname = \"interventie\"\nsize = 6\nrole = \"intervention\"\n\
         [[assignment.arm]]\nname = \"controle\"\nrole = \"control\"\n",
    );
    dir.fip("assign trial.toml --drawn allocation.csv").ok();
    dir.fip("verify trial.toml --lang en")
        .ok()
        .shows(&["follow from this seed"]);
    dir.fip("balance --trial trial.toml").ok();
}

/// A register of ids only has nothing to compare by: the rest goes on.
#[test]
fn a_register_of_ids_only_is_evaluated_without_a_balance_table() {
    let dir = Workdir::new();
    let ids = (0..60).fold(String::from("client\n"), |text, i| {
        text + &format!("0{i:03}\n")
    });
    let protocol = TRIAL
        .replace(
            "method = \"stratified\"\nstrata = [\"office\"]",
            "method = \"complete\"",
        )
        .replace("[[covariate]]\nname = \"age\"\nkind = \"numeric\"\n", "");
    dir.write("register.csv", ids)
        .write("outcomes.csv", outcomes(60))
        .write("trial.toml", protocol);
    let ran = dir.drawn().fip("run trial.toml --format json").ok();
    let ran = ran.says(&["the arms were not compared"]);
    let found = ran.json();
    assert_eq!(found["balance"], serde_json::json!([]));
    assert!(found["evaluation"]["outcomes"][0]["answer"][0]["p_value"].is_number());
    dir.fip("report out").ok();
    dir.fip("balance --trial trial.toml")
        .exits(3)
        .says(&["can be compared"]);
}

/// Without a protocol sizes count households, or people where that is asked; both numbers are said.
#[test]
fn a_first_try_counts_people_where_asked() {
    let dir = Workdir::new();
    let register = (0..90).fold(String::from("nr;huis\n"), |text, i| {
        text + &format!("p{i:02};h{}\n", i / 3)
    });
    dir.write("register.csv", register);
    let draw = "assign register.csv --id nr --cluster huis --arm nieuw=15 --arm oud --seed 1 --format markdown --lang en";
    let people = |folder: &str| {
        let text = dir.read(&format!("{folder}/allocation.csv"));
        text.lines().filter(|line| line.contains(",nieuw,")).count()
    };
    dir.fip(&format!("{draw} --out units")).ok().shows(&[
        "count clusters (huis), not people",
        "15 clusters with 45 people",
    ]);
    assert_eq!(people("units"), 45);
    dir.fip(&format!("{draw} --count persons --out persons"))
        .ok();
    assert_eq!(people("persons"), 15);
    dir.fip("verify persons/manifest.json --register register.csv")
        .ok();
}
