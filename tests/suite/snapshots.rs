//! What a few commands print, whole, as snapshots: **layout, and nothing but layout**. A snapshot
//! shows in review how a page looks and what a change does to it. It is no source of truth: whether
//! a number is right is for the tests that have it from somebody else's program, and a snapshot
//! that was accepted has proved nothing. They are few and small because they change whenever bytes
//! do; all commands in all forms are in the corpus (`.ci/corpus`), which keeps nothing here.
//!
//! After a change that is meant: `INSTA_UPDATE=always cargo test --release snapshots`, then read the
//! diff of `tests/suite/snapshots/` as output before it is committed.

use std::fs;
use std::path::Path;

use crate::workdir::{Ran, Workdir};

/// The page as on a screen of 80 columns, with what else the command said.
#[track_caller]
fn looks(name: &str, command: &str, page: &str, ran: &Ran) {
    let mut page = format!("$ fip {command}\n{page}");
    if !ran.stderr.is_empty() {
        page += &format!("\n[standard error]\n{}", ran.stderr);
    }
    if ran.code != 0 {
        page += &format!("\n[exit code {}]\n", ran.code);
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, page));
}

#[track_caller]
fn shown(dir: &Workdir, name: &str, command: &str) {
    let ran = dir.fip(command);
    looks(name, command, &ran.stdout, &ran);
}

/// Forty people in two offices, half of them new; the export has a gap and a stranger.
fn office() -> Workdir {
    let dir = Workdir::new();
    let mut register = String::from("client;office;age\n");
    let mut outcomes = String::from("client;work;score;talks\n");
    for i in 0..40_u32 {
        let office = if i % 3 == 0 { "North" } else { "South" };
        register += &format!("{:04};{office};{}\n", 7 * i + 3, 19 + i * 11 % 43);
        let score = match i {
            9 => String::new(),
            _ => format!("{},{}", 4 + i * 5 % 7, i % 10),
        };
        let work = if i * 13 % 10 < 4 { "yes" } else { "no" };
        outcomes += &format!("{:04};{work};{score};{}\n", 7 * i + 3, i * 3 % 5);
    }
    outcomes += "9999;no;3,0;1\n";
    dir.write("register.csv", register)
        .write("outcomes.csv", outcomes)
        .write("trial.toml", PROTOCOL);
    dir
}

const PROTOCOL: &str = r#"[trial]
name = "Talks"
language = "en"
[register]
file = "register.csv"
id = "client"
[assignment]
method = "stratified"
strata = ["office"]
seed = "2024"
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
name = "work"
kind = "binary"
levels = ["no", "yes"]
primary = true
[[outcome]]
name = "score"
kind = "numeric"
"#;

#[test]
fn a_trial_step_by_step() {
    let dir = office();
    shown(&dir, "init", "init register.csv --out draft");
    shown(&dir, "assign", "assign trial.toml");
    let drawn = "--trial trial.toml";
    shown(&dir, "balance", &format!("balance {drawn}"));
    shown(&dir, "evaluate", &format!("evaluate {drawn}"));
    shown(&dir, "refused", "assign trial.toml");
    let verify = "verify trial.toml";
    shown(&dir, "verify", verify);
}

#[test]
fn a_report_in_markdown() {
    let dir = office();
    dir.drawn().fip("run trial.toml").ok();
    let command = "report out --format markdown";
    let ran = dir.fip(command).ok();
    // What follows is the same in every report, or nearly.
    let (page, _) = ran.stdout.split_once("## Methods").unwrap();
    looks("report_markdown", command, page, &ran);
}

#[test]
fn the_worked_example_on_the_screen() {
    let dir = Workdir::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ijsselgemeenten");
    for name in ["trial.toml", "register.csv", "outcomes.csv"] {
        dir.write(name, fs::read(from.join(name)).unwrap());
    }
    dir.drawn();
    shown(&dir, "run_ijsselgemeenten", "run trial.toml");
}

#[test]
fn a_publication_that_does_not_fit() {
    let dir = Workdir::new();
    dir.write(
        "paper.toml",
        r#"[publication]
id = "paper"
title = "A paper"
source = "Nobody (2024)."
language = "en"
decimal = "."
[[group]]
id = "new"
label = "New"
n = "20"
role = "intervention"
[[group]]
id = "usual"
label = "Usual"
n = "21"
role = "control"
[[table]]
id = "1"
caption = "Work"
groups = ["new", "usual"]
form = "count_percent"
row = [
  { id = "work", label = "At work", measure = "binary", cells = { new = "7 (35.0%)", usual = "5 (28.3%)" } },
]
"#,
    );
    shown(&dir, "findings", "reproduce paper.toml --strict");
}

#[test]
fn the_size_of_a_trial() {
    let dir = Workdir::new();
    shown(
        &dir,
        "power",
        "power --share 0.2 --difference 0.1 --lang nl",
    );
}

/// 0 is everywhere, 1 in 'findings', 4 in 'refused'; 70 takes a bug.
#[test]
fn errors() {
    let dir = Workdir::new();
    shown(&dir, "wrong_use", "assign register.csv --arm new");
    dir.write("register.csv", "client;age\n0001;32\n0001;1.234\n");
    let assign = "assign register.csv --id client --arm new=1 --arm usual";
    shown(&dir, "unusable_input", assign);
}
