//! Small numbers attacked as an enemy would: by what two shown numbers have between them, and by
//! searching the whole numbers that fit what is shown. Every attack is first tried on the same trial
//! without protection, where it has to succeed.

use std::fs;

use serde_json::Value;

use crate::workdir::Workdir;

const LIMIT: u64 = 5;
const PEOPLE: usize = 240;
const NAMES: [&str; 2] = ["new", "old"];

fn small(n: u64) -> bool {
    n > 0 && n < LIMIT
}

/// A value of the export by arm and place in it.
type ByPlace = Box<dyn Fn(usize, usize) -> String>;

/// A trial of 120 people in either arm.
struct Trial {
    /// Columns of the register, a value per person in the order of the ids.
    register: Vec<(&'static str, Vec<String>)>,
    export: Vec<(&'static str, ByPlace)>,
    protocol: String,
    strata: &'static str,
}

impl Trial {
    fn new(protocol: &str) -> Self {
        Trial {
            register: Vec::new(),
            export: Vec::new(),
            protocol: protocol.to_owned(),
            strata: "",
        }
    }

    fn column(
        mut self,
        name: &'static str,
        value: impl Fn(usize, usize) -> String + 'static,
    ) -> Self {
        self.export.push((name, Box::new(value)));
        self
    }

    fn known_before(mut self, name: &'static str, value: impl Fn(usize) -> String) -> Self {
        self.register.push((name, (0..PEOPLE).map(value).collect()));
        self
    }

    /// Drawn and evaluated, with the limit or without.
    fn run(&self, protected: bool) -> Workdir {
        let dir = Workdir::new();
        let names: Vec<&str> = self.register.iter().map(|(name, _)| *name).collect();
        let mut text = format!("id,{}\n", [&names[..], &["any"]].concat().join(","));
        for person in 0..PEOPLE {
            let cells = self.register.iter().map(|(_, values)| &values[person][..]);
            let cells: Vec<&str> = cells.chain([["no", "yes"][person % 2]]).collect();
            text += &format!("k{person:03},{}\n", cells.join(","));
        }
        dir.write("register.csv", text);
        let method = match self.strata {
            "" => "method = \"complete\"\n".to_owned(),
            strata => format!("method = \"stratified\"\nstrata = [\"{strata}\"]\n"),
        };
        let limit = match (protected, self.protocol.contains("[report]")) {
            (false, _) => String::new(),
            (true, true) => "min_cell = 5\n".to_owned(),
            (true, false) => "[report]\nmin_cell = 5\n".to_owned(),
        };
        let protocol = match self.protocol.split_once("[report]\n") {
            Some((before, after)) => format!("{before}[report]\n{limit}{after}"),
            None => format!("{}{limit}", self.protocol),
        };
        dir.write(
            "trial.toml",
            format!(
                "[trial]\nlanguage = \"en\"\n[register]\nfile = \"register.csv\"\nid = \"id\"\n\
                 [assignment]\n{method}seed = \"3\"\n\
                 [[assignment.arm]]\nname = \"new\"\nsize = 120\nrole = \"intervention\"\n\
                 [[assignment.arm]]\nname = \"old\"\nrole = \"control\"\n\
                 [[covariate]]\nname = \"any\"\nkind = \"binary\"\n\
                 [outcomes]\nfile = \"outcomes.csv\"\n{protocol}"
            ),
        );
        dir.drawn();
        let names: Vec<&str> = self.export.iter().map(|(name, _)| *name).collect();
        let mut text = format!("id,{}\n", names.join(","));
        let mut places = [0_usize; 2];
        for line in dir.read("record/01-drawn/allocation.csv").lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let arm = usize::from(cells[1] == NAMES[1]);
            let values = self.export.iter().map(|(_, value)| value(arm, places[arm]));
            let values: Vec<String> = values.collect();
            places[arm] += 1;
            text += &format!("{},{}\n", cells[0], values.join(","));
        }
        dir.write("outcomes.csv", text);
        dir.fip("run trial.toml --write csv,html,xlsx").ok();
        dir
    }

    /// What the report is made from.
    fn shown(&self, protected: bool) -> Value {
        let dir = self.run(protected);
        dir.fip("report out --format json").ok().json()
    }
}

/// The outcomes of a report.
fn outcome<'a>(report: &'a Value, name: &str) -> &'a Value {
    let outcomes = report["evaluation"]["outcomes"].as_array().unwrap();
    outcomes.iter().find(|one| one["name"] == name).unwrap()
}

fn list(of: &Value) -> &[Value] {
    of.as_array().map_or(&[], Vec::as_slice)
}

/// A variable's summary in an arm; none where it is hidden.
fn summary(of: &Value, arm: usize) -> Option<&Value> {
    list(&of["arms"])
        .iter()
        .find(|one| one["arm"] == NAMES[arm])
}

/// People with a level; with any, where the level is `None`.
fn people(of: &Value, arm: usize, level: Option<&str>) -> Option<u64> {
    let summary = summary(of, arm)?;
    match level {
        None => summary["n"].as_u64(),
        Some(level) => {
            let levels = list(&summary["levels"]);
            levels.iter().find(|one| one["level"] == level)?["count"].as_u64()
        }
    }
}

fn binary(name: &str) -> String {
    format!("[[outcome]]\nname = \"{name}\"\nkind = \"binary\"\n")
}

fn numeric(name: &str) -> String {
    format!("[[outcome]]\nname = \"{name}\"\nkind = \"numeric\"\n")
}

fn yes(of: bool) -> String {
    u8::from(of).to_string()
}

/// All counts of the values 0 to 4 that have this number of people, sum and sum of squares.
fn counts_that_fit(summary: &Value) -> Vec<[u64; 5]> {
    let n = summary["n"].as_u64().unwrap();
    let (mean, sd) = (
        summary["mean"].as_f64().unwrap(),
        summary["sd"].as_f64().unwrap(),
    );
    let sum = (mean * n as f64).round() as u64;
    let squares = (sd * sd * (n - 1) as f64 + mean * mean * n as f64).round() as u64;
    let mut found = Vec::new();
    for four in 0..=squares / 16 {
        for three in 0..=(squares - 16 * four) / 9 {
            for two in 0..=(squares - 16 * four - 9 * three) / 4 {
                let one = squares - 16 * four - 9 * three - 4 * two;
                let others = one + two + three + four;
                if one + 2 * two + 3 * three + 4 * four == sum && others <= n {
                    found.push([n - others, one, two, three, four]);
                }
            }
        }
    }
    found
}

#[test]
fn how_often_a_rare_number_occurs() {
    let trial = |twos: usize| {
        Trial::new(&numeric("projects")).column("projects", move |arm, i| match (arm, i) {
            (0, i) if i < twos => "2".to_owned(),
            (_, i) if i < 21 => "1".to_owned(),
            _ => "0".to_owned(),
        })
    };
    let open = trial(3).shown(false);
    let fit = counts_that_fit(summary(outcome(&open, "projects"), 0).unwrap());
    // 18 with one and 3 with two: not the only one, but all have few of two or more.
    assert!(fit.contains(&[99, 18, 3, 0, 0]), "{fit:?}");
    assert!(
        fit.iter().all(|counts| small(counts[2..].iter().sum())),
        "{fit:?}"
    );

    let closed = trial(3).shown(true);
    assert!(summary(outcome(&closed, "projects"), 0).is_none());
    assert!(summary(outcome(&trial(8).shown(true), "projects"), 0).is_some());
}

#[test]
fn an_outcome_with_and_without_an_exclusion() {
    // Ten are left out of the second, of whom `left` have a yes.
    let trial = |left: usize| {
        let second = "exclude = \"reason = 'pension'\"\n";
        Trial::new(&(binary("ended") + &binary("ended_net") + second))
            .column("ended", move |_, i| yes(i < 40))
            .column("ended_net", move |_, i| yes(i < 40))
            .column("reason", move |_, i| match i {
                i if i < left || (60..70 - left).contains(&i) => "pension".to_owned(),
                _ => "none".to_owned(),
            })
    };
    let attack = |report: &Value, level: &str| {
        let of = |name| people(outcome(report, name), 0, Some(level));
        Some(of("ended")? - of("ended_net")?)
    };
    assert_eq!(attack(&trial(2).shown(false), "1"), Some(2));
    let closed = trial(2).shown(true);
    assert_eq!(attack(&closed, "1"), None);
    assert!(
        people(outcome(&closed, "ended"), 0, None).is_some(),
        "one of the two is shown"
    );
    // Five and five are no few.
    assert_eq!(attack(&trial(5).shown(true), "1"), Some(5));
}

#[test]
fn an_outcome_and_its_reasons() {
    // Forty ended; the reason is blank for others, and for `without` of them.
    let trial = |without: usize| {
        let reasons = "[[outcome]]\nname = \"why\"\nkind = \"categorical\"\n";
        Trial::new(&(binary("ended") + reasons))
            .column("ended", |_, i| yes(i < 40))
            .column("why", move |_, i| match i {
                i if i < without || i >= 40 => String::new(),
                i if i < 20 => "work".to_owned(),
                _ => "moved".to_owned(),
            })
    };
    let attack = |report: &Value| {
        let ended = people(outcome(report, "ended"), 0, Some("1"))?;
        Some(ended - people(outcome(report, "why"), 0, None)?)
    };
    assert_eq!(attack(&trial(2).shown(false)), Some(2));
    assert_eq!(attack(&trial(2).shown(true)), None);
    assert_eq!(attack(&trial(6).shown(true)), Some(6));
}

#[test]
fn covariates_within_each_other() {
    // Whoever has a degree has a diploma; `more` have a diploma only. The year is known for fewer.
    let trial = |more: usize| {
        let declared = |name: &str, kind: &str| {
            format!("[[covariate]]\nname = \"{name}\"\nkind = \"{kind}\"\n")
        };
        let protocol = declared("degree", "binary")
            + &declared("diploma", "binary")
            + &declared("score", "numeric")
            + &declared("year", "numeric")
            + &binary("job");
        Trial::new(&protocol)
            .known_before("degree", |i| yes(i % 4 == 0))
            .known_before("diploma", move |i| {
                yes(i % 4 == 0 || (i % 4 == 1 && i < 4 * more))
            })
            .known_before("score", |i| match i % 6 {
                0 => String::new(),
                _ => (20 + i * 7 % 60).to_string(),
            })
            .known_before("year", move |i| match i % 6 {
                0 => String::new(),
                1 if i < 6 * more => String::new(),
                _ => (1950 + i * 11 % 45).to_string(),
            })
            .column("job", |_, i| yes(i % 3 == 0))
    };
    let attack = |report: &Value| {
        let rows = list(&report["balance"][0]["covariates"]);
        let row = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap();
        let mut found = Vec::new();
        for arm in [0, 1] {
            let diploma = people(row("diploma"), arm, Some("1"));
            let degree = people(row("degree"), arm, Some("1"));
            found.extend(diploma.zip(degree).map(|(outer, inner)| outer - inner));
            let (score, year) = (
                people(row("score"), arm, None),
                people(row("year"), arm, None),
            );
            found.extend(score.zip(year).map(|(outer, inner)| outer - inner));
        }
        found
    };
    let open = attack(&trial(6).shown(false));
    assert!(
        open.len() == 4 && open.iter().any(|n| small(*n)),
        "{open:?}"
    );
    let closed = attack(&trial(6).shown(true));
    assert!(!closed.iter().any(|n| small(*n)), "{closed:?}");
    let many = attack(&trial(30).shown(true));
    assert_eq!(many.len(), 4, "{many:?}");
}

/// One person's amount among twenty is their mean times twenty.
#[test]
fn an_amount_of_one_person_in_a_group() {
    let protocol = numeric("income")
        + "[compliance]\nreceived = \"talks >= 2\"\n[analysis]\nsubgroups = [\"home\"]\n";
    // Of those with one talk, of the people in care, or of those who came, one earns something.
    let trial = |which: &'static str| {
        let group = |name: &str, arm: usize, i: usize| match name {
            "talks" if arm == 1 => false,
            "talks" => i < 20,
            "home" => i < 20,
            _ => (20..90).contains(&i),
        };
        Trial::new(&protocol)
            .column("talks", |arm, i| match (arm, i) {
                (0, i) if i < 20 => "1".to_owned(),
                (0, i) if i < 90 => (2 + i % 2).to_string(),
                _ => "0".to_owned(),
            })
            .column("home", |_, i| {
                if i < 20 { "care" } else { "own" }.to_owned()
            })
            .column("income", move |arm, i| {
                let of = |step: usize| (1000 + i * 37 % 800 + step).to_string() + ".5";
                match group(which, arm, i) {
                    true if i == 19 || i == 89 => "1234.56".to_owned(),
                    true => "0".to_owned(),
                    false => of(arm),
                }
            })
    };
    let open = trial("home").shown(false);
    let groups = list(&outcome(&open, "income")["subgroups"][0]["groups"]);
    assert_eq!(groups[0]["treated_n"], 20);
    let shown = |which: &'static str, part: &str| {
        let report = trial(which).shown(true);
        let income = outcome(&report, "income");
        assert!(summary(income, 0).is_some(), "the outcome itself is shown");
        match part {
            "receipt" => list(&income["estimates"])
                .iter()
                .filter(|row| row["estimand"] != "itt")
                .count(),
            part => list(&income[part]).len(),
        }
    };
    assert_eq!(shown("talks", "dose"), 0);
    assert_eq!(shown("home", "subgroups"), 0);
    assert_eq!(shown("received", "receipt"), 0);
    assert_eq!(shown("received", "dose"), 0);
    assert!(shown("home", "receipt") > 0);
    assert!(shown("talks", "subgroups") > 0 || shown("received", "subgroups") > 0);
}

#[test]
fn who_lacks_a_value_in_a_stratum() {
    // Two strata of 120; in the one arm 3 and 9 lack a value.
    let mut trial = Trial::new(&binary("job"))
        .known_before("town", |i| {
            if i < 120 { "Noord" } else { "Zuid" }.to_owned()
        })
        .column("job", |arm, i| match (arm, i) {
            // The places of an arm follow the ids: the first sixty live in Noord.
            (0, i) if i < 3 || (60..69).contains(&i) => String::new(),
            (1, i) if i < 6 || (60..66).contains(&i) => String::new(),
            (_, i) => yes(i % 3 == 0),
        });
    trial.strata = "town";
    let dir = trial.run(true);
    assert_eq!(
        dir.json("out/evaluation.json")["outcomes"][0]["fewest"]["strata"],
        3
    );
    let closed = dir.fip("report out --format json").ok().json();
    assert!(summary(outcome(&closed, "job"), 0).is_none());
}

#[test]
fn tests_over_strata_of_a_few() {
    // Six strata of forty: in the first few have a yes.
    let trial = |few: bool| {
        let mut trial = Trial::new(&binary("job"))
            .known_before("town", |i| format!("t{}", i / 40))
            .column("job", move |_, i| {
                let first = i < 20;
                yes(match (first, few) {
                    (true, true) => i < 2,
                    _ => i % 3 == 0,
                })
            });
        trial.strata = "town";
        trial
    };
    let over_strata = |report: &Value| {
        let job = outcome(report, "job");
        let tests = list(&job["tests"]).iter();
        let sizes = list(&job["effect_sizes"]).iter();
        tests
            .filter(|row| {
                ["cochran_mantel_haenszel", "breslow_day"].contains(&row["test"].as_str().unwrap())
            })
            .count()
            + sizes
                .filter(|row| row["measure"] == "mantel_haenszel_odds_ratio")
                .count()
    };
    assert!(over_strata(&trial(true).shown(false)) >= 3);
    let closed = trial(true).shown(true);
    assert_eq!(over_strata(&closed), 0);
    assert!(summary(outcome(&closed, "job"), 0).is_some());
    assert!(over_strata(&trial(false).shown(true)) >= 3);
}

#[test]
fn who_lacks_all_of_the_priced_outcomes() {
    // 20 lack the one, 24 the other; `both` lack both.
    let trial = |both: usize| {
        let price = |name: &str| format!("[[cost]]\noutcome = \"{name}\"\namount = 100.0\n");
        let protocol = binary("job")
            + &binary("home")
            + "[report]\nprogramme_cost = 1000.0\n"
            + &price("job")
            + &price("home");
        Trial::new(&protocol)
            .column("job", |_, i| match i {
                i if i < 20 => String::new(),
                i => yes(i % 3 == 0),
            })
            .column("home", move |_, i| match i {
                i if (20 - both..44 - both).contains(&i) => String::new(),
                i => yes(i % 2 == 0),
            })
    };
    let attack = |report: &Value| {
        let arm = &report["evaluation"]["costs"]["arms"][0];
        let all = arm["total"]["n"].as_u64()?;
        let lack: u64 = list(&arm["lines"])
            .iter()
            .map(|line| 240 - line["n"].as_u64().unwrap())
            .sum();
        Some(lack - (240 - all))
    };
    // Two in either arm.
    assert_eq!(attack(&trial(2).shown(false)), Some(4));
    assert_eq!(attack(&trial(2).shown(true)), None);
    assert_eq!(attack(&trial(6).shown(true)), Some(12));
}

/// With all digits of a few estimates and their errors, whole numbers of people can be searched for.
#[test]
fn tables_for_machines_have_no_more_digits_than_are_read() {
    let dir = Trial::new(&(binary("job") + &numeric("income")))
        .column("job", |arm, i| yes(i % (3 + arm) == 0))
        .column("income", |_, i| format!("{}.25", 900 + i * 37 % 700))
        .run(true);
    let mut numbers = 0;
    for entry in fs::read_dir(dir.path("out/report/tables")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for field in text.split([',', '\n']) {
            if field.parse::<f64>().is_err() || !field.contains('.') {
                continue;
            }
            let (_, after) = field.split_once('.').unwrap();
            assert!(after.len() <= 4, "{}: {field}", path.display());
            numbers += 1;
        }
    }
    assert!(numbers > 50, "{numbers}");
}

/// A generator for trials in which variables speak of the same people.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// The part that everybody belongs to by a variable, in words; what stands in the export.
type Column = Vec<String>;

/// Variables made from each other with a few exceptions; the truth is searched for sums of parts of
/// one that lie within sums of parts of another, with a few between.
#[test]
fn nothing_lies_between_two_shown_groups() {
    let mut seen = 0;
    for round in 0..25 {
        let mut numbers = Numbers(round);
        let mut columns: Vec<Column> = Vec::new();
        for index in 0..3 {
            let mut column: Column = (0..PEOPLE)
                .map(|_| ["a", "b", "c", ""][numbers.next(4) as usize].to_owned())
                .collect();
            if index > 0 {
                // From an earlier one: two parts taken together, or a part left blank.
                let from = columns[numbers.next(index) as usize].clone();
                let blank = numbers.next(2) == 0;
                column = from
                    .iter()
                    .map(|value| match (value.as_str(), blank) {
                        ("a", true) => String::new(),
                        ("a", false) => "b".to_owned(),
                        _ => value.clone(),
                    })
                    .collect();
                for _ in 0..numbers.next(14) {
                    let person = numbers.next(PEOPLE as u64) as usize;
                    column[person] = ["b", "c", ""][numbers.next(3) as usize].to_owned();
                }
            }
            columns.push(column);
        }
        let outcome_of =
            |name: &str| format!("[[outcome]]\nname = \"{name}\"\nkind = \"categorical\"\n");
        let names = ["o0", "o1", "o2"];
        let protocol: String = names.iter().map(|name| outcome_of(name)).collect();
        let mut trial = Trial::new(&protocol);
        for (name, column) in names.into_iter().zip(columns.clone()) {
            trial = trial.column(name, move |arm, i| column[120 * arm + i].clone());
        }
        let report = trial.shown(true);
        let shown: Vec<usize> = (0..3)
            .filter(|&index| summary(outcome(&report, names[index]), 0).is_some())
            .collect();
        for (&one, &other) in shown
            .iter()
            .flat_map(|one| shown.iter().map(move |other| (one, other)))
        {
            if one != other {
                seen += 1;
                nothing_between(&columns[one], &columns[other], round);
            }
        }
    }
    assert!(seen > 10, "{seen}");
}

const PARTS: [&str; 4] = ["a", "b", "c", ""];

fn nothing_between(inner: &Column, outer: &Column, round: u64) {
    let member = |sum: usize, value: &String| {
        PARTS
            .iter()
            .enumerate()
            .any(|(part, name)| sum >> part & 1 == 1 && name == value)
    };
    for (small_sum, large_sum) in (1..15).flat_map(|one| (1..15).map(move |other| (one, other))) {
        let (mut between, mut within, mut any) = ([0_u64; 2], true, false);
        for person in 0..PEOPLE {
            let is_inner = member(small_sum, &inner[person]);
            let is_outer = member(large_sum, &outer[person]);
            within &= is_outer || !is_inner;
            any |= is_inner;
            between[person / 120] += u64::from(is_outer && !is_inner);
        }
        if within && any {
            assert!(
                !between.iter().any(|n| small(*n)),
                "round {round}: {between:?} between {small_sum} and {large_sum}"
            );
        }
    }
}
