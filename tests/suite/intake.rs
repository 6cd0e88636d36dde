//! From files to people: nobody is lost or made, and nothing is taken for what it is not.

use crate::workdir::Workdir;

/// Forty clients with padded numbers, and lines that are none.
fn register(more: &[&str]) -> String {
    let mut text = String::from("nr;leeftijd\n");
    for i in 1..=40 {
        text += &format!("{:04};{}\n", i * 37, 20 + i);
    }
    more.iter().fold(text, |text, line| text + line + "\n")
}

const DRAW: &str = "assign r.csv --id nr --arm i=15 --arm c --seed 1";

#[test]
fn what_is_no_person_is_not_drawn_until_somebody_says_so() {
    let dir = Workdir::new();
    dir.write(
        "r.csv",
        register(&["nr;leeftijd", "Totaal;1640", "61;33", "1,2E+03;40"]),
    );
    let ran = dir.fip(DRAW);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    for said in [
        "4 rows are perhaps no persons",
        "'nr' in row 42 (the header again)",
        "'Totaal' in row 43 (a total)",
        "'61' in row 44 (of another form than 40 others, such as '0037')",
        "'1,2E+03' in row 45 (a number cut short by a spreadsheet)",
        "not_people",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    assert_eq!(dir.files(), ["r.csv"]);

    let said = "--not-people Totaal --not-people nr --not-people 1,2E+03 --people 61";
    let ran = dir.fip(&format!("{DRAW} {said}"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let manifest = dir.json("manifest.json");
    assert_eq!(manifest["counts"]["read"], 44);
    assert_eq!(manifest["counts"]["eligible"], 41);
    assert_eq!(manifest["counts"]["excluded"][0]["count"], 3);
    assert_eq!(dir.fip("verify manifest.json --register r.csv").code, 0);
}

#[test]
fn ids_that_are_counted_on_are_of_one_form() {
    let numbered = (1..=1200).fold(String::from("nr\n"), |text, i| format!("{text}{i}\n"));
    let words = (0..30).fold(String::from("nr\n"), |text, i| {
        format!("{text}K{}-a\n", 7 * i)
    });
    for text in [numbered, words] {
        let dir = Workdir::new();
        dir.write("r.csv", text);
        let ran = dir.fip("assign r.csv --id nr --arm i=10 --arm c --seed 1");
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
}

#[test]
fn one_person_twice_is_asked_about() {
    for (one, other) in [("A12", "a12"), ("00123", "123"), ("B 7", "B7")] {
        let dir = Workdir::new();
        dir.write("r.csv", format!("nr;x\n{one};1\nC1;2\n{other};3\nC3;4\n"));
        let ran = dir.fip("assign r.csv --id nr --arm i=1 --arm c --seed 1");
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        let said = format!("two ids are perhaps one person: '{one}' (row 2) and '{other}' (row 4)");
        assert!(ran.stderr.contains(&said), "{}", ran.stderr);
        let ran = dir.fip("assign r.csv --id nr --arm i=1 --arm c --seed 1 --people all");
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
}

/// Twelve of each arm, with whatever else stands beside them.
fn export(header: &str, line: impl Fn(usize) -> String) -> String {
    (0..24).fold(format!("nr;arm;{header}\n"), |text, i| {
        text + &format!("k{i:02};{};{}\n", ["i", "c"][i % 2], line(i))
    })
}

const LOOK: &str =
    "evaluate o.csv --id nr --arm arm --treated i --control c --outcomes y --format json";

#[test]
fn totals_in_an_export_are_named_where_no_draw_is_on_record() {
    let dir = Workdir::new();
    let text = export("y", |i| (i * 5 % 7).to_string());
    dir.write("o.csv", format!("{text}Totaal;i;70\n"));
    let ran = dir.fip(LOOK);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("'Totaal' in row 26 (a total)"),
        "{}",
        ran.stderr
    );
    let ran = dir.fip(&format!("{LOOK} --not-people Totaal"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let result: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(result["join"]["analysed"], 24);
    let notes = result["notes"].as_array().unwrap();
    assert!(
        notes
            .iter()
            .any(|note| note["code"] == "not_people" && note["count"] == 1)
    );
}

#[test]
fn what_came_after_the_draw_is_no_covariate() {
    let dir = Workdir::new();
    dir.write(
        "o.csv",
        export("y;n;reden;x", |i| {
            format!(
                "{};{};{};{}",
                i * 5 % 7,
                i * 3 % 4,
                ["ziek", "weg"][i / 2 % 2],
                i * 11 % 13
            )
        }),
    );
    let receipt = "--received 'n >= 1' --reason reden";
    for (flags, because) in [
        (
            "--covariates n",
            "'n' is no covariate: who received the intervention",
        ),
        (
            "--covariates x,reden",
            "'reden' is no covariate: it is the reason",
        ),
        ("--subgroups n", "'n' is no subgroup: who received"),
        ("--covariates y", "'y' is no covariate: it is an outcome"),
        ("--covariates nr", "'nr' says who people are"),
        (
            "--covariates x --exclude 'x > 11'",
            "'x' is no covariate: who is left out",
        ),
    ] {
        let ran = dir.fip(&format!("{LOOK} {receipt} {flags}"));
        assert_eq!(ran.code, 2, "{flags}: {}", ran.stderr);
        assert!(ran.stderr.contains(because), "{flags}: {}", ran.stderr);
    }
    assert_eq!(dir.fip(&format!("{LOOK} {receipt} --covariates x")).code, 0);
}

/// Arms that the registered draw cannot have made; χ² of 24 against 18 and 6 is 8 on 1 df, p .0047, and of 48
/// against 36 and 12 it is 16, p .00006 (by the distribution's tables).
#[test]
fn arms_that_cannot_be_the_drawn_ones_are_refused() {
    let protocol = |arms: &str| {
        format!(
            "[register]\nid = \"nr\"\n[assignment]\n{arms}[[outcome]]\nname = \"y\"\nkind = \"numeric\"\n"
        )
    };
    let arm = |name: &str, quota: &str, role: &str| {
        format!("[[assignment.arm]]\nname = \"{name}\"\n{quota}\nrole = \"{role}\"\n")
    };
    let two = |quota: &str, rest: &str| {
        protocol(&(arm("i", quota, "intervention") + &arm("c", rest, "control")))
    };
    let dir = Workdir::new();
    dir.write("o.csv", export("y", |i| (i * 5 % 7).to_string()));
    // Held against the design where it is brought in.
    let look = "assign trial.toml --drawn o.csv";
    let anew = || std::fs::remove_dir_all(dir.path("record"));
    for (text, code) in [
        (two("size = 12", ""), 0),
        (two("size = 10", ""), 3),
        (two("size = 15", "size = 15"), 0),
        (two("share = 0.5", ""), 0),
        // Nine in a thousand is within chance.
        (two("share = 0.75", ""), 0),
    ] {
        let _ = anew();
        dir.write("trial.toml", &text);
        let ran = dir.fip(look);
        assert_eq!(ran.code, code, "{text}: {}", ran.stderr);
    }
    let twice = export("y", |i| (i * 5 % 7).to_string())
        + &export("y", |i| (i * 3 % 5).to_string())
            .split_once('\n')
            .unwrap()
            .1
            .replace('k', "m");
    let _ = anew();
    dir.write("o.csv", twice)
        .write("trial.toml", two("share = 0.75", ""));
    let ran = dir.fip(look);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let said = "i 24, c 24 in the file, i 36, c 12 by the registered design";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
}

/// Nine of twelve against three of twelve have a mark: 75 % and 25 %.
fn marked(mark: &str, none: &str) -> String {
    export("y", |i| {
        let (arm, place) = (i % 2, i / 2);
        let has = place < if arm == 0 { 9 } else { 3 };
        if has { mark } else { none }.to_string()
    })
}

#[test]
fn a_tick_box_is_asked_about_and_then_counted() {
    for (mark, none, ask, said) in [
        ("x", "", "--blank y=no", "blank = \"no\""),
        ("ja", "", "--blank y=no", "blank = \"no\""),
        ("1", "", "--blank y=0", "blank = \"0\""),
        ("+", "-", "--dash y=no", "dash = \"no\""),
    ] {
        let dir = Workdir::new();
        dir.write("o.csv", marked(mark, none));
        let ran = dir.fip(LOOK);
        assert_eq!(ran.code, 3, "{mark}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{mark}: {}", ran.stderr);
        let ran = dir.fip(&format!("{LOOK} {ask}"));
        assert_eq!(ran.code, 0, "{mark}: {}", ran.stderr);
        let result: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let effect = result["outcomes"][0]["estimates"][0]["estimate"]
            .as_f64()
            .unwrap();
        assert!((effect - 0.5).abs() < 1e-12, "{mark}: {effect}");
        // That nothing is known can be said too.
        let unknown = format!("{LOOK} --{} y=missing", ask[2..].split(' ').next().unwrap());
        assert_eq!(dir.fip(&unknown).code, 0, "{mark}");
    }
}

#[test]
fn a_dash_among_amounts_is_zero_only_where_somebody_says_so() {
    // Of the intervention arm nobody, of the control arm nine of twelve have a dash.
    let amounts = |dash: &str| {
        export("y", |i| match i % 2 == 1 && i / 2 < 9 {
            true => dash.to_string(),
            false => format!("{}", 100 + i),
        })
    };
    for dash in ["-", " -   ", "€ -"] {
        let dir = Workdir::new();
        dir.write("o.csv", amounts(dash));
        for kind in ["", "--kind y=numeric"] {
            if dash.contains('€') && !kind.is_empty() {
                continue;
            }
            let ran = dir.fip(&format!("{LOOK} {kind}"));
            assert_ne!(ran.code, 0, "{dash}");
        }
        let ran = dir.fip(&format!("{LOOK} --kind y=numeric --dash y=0"));
        assert_eq!(ran.code, 0, "{dash}: {}", ran.stderr);
        let result: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let effect = result["outcomes"][0]["estimates"][0]["estimate"]
            .as_f64()
            .unwrap();
        // (100 + 102 + … + 122)/12 − (119 + 121 + 123)/12.
        assert!(
            (effect - (1332.0 - 363.0) / 12.0).abs() < 1e-9,
            "{dash}: {effect}"
        );
    }
}

#[test]
fn a_code_beside_yes_and_no_is_asked_about() {
    let dir = Workdir::new();
    dir.write(
        "o.csv",
        export("y", |i| match i % 7 {
            6 => "9".to_string(),
            other => (other % 2).to_string(),
        }),
    );
    let ran = dir.fip(LOOK);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("is 9 a code for missing?"),
        "{}",
        ran.stderr
    );
    let ran = dir.fip(&format!("{LOOK} --codes y=9"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("\"kind\": \"binary\""),
        "{}",
        ran.stdout
    );
    assert_eq!(dir.fip(&format!("{LOOK} --kind y=numeric")).code, 0);
}

/// A code is missing where it is said to be one, and a score elsewhere.
#[test]
fn codes_are_those_of_one_column() {
    let dir = Workdir::new();
    dir.write(
        "o.csv",
        export("y;z", |i| format!("{};{}", 1 + i % 9, 1 + i * 5 % 9)),
    );
    let both = LOOK.replace("--outcomes y", "--outcomes y,z");
    let ran = dir.fip(&format!("{both} --codes y=9"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let result: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let lost = |outcome: usize| {
        let arms = result["outcomes"][outcome]["arms"].as_array().unwrap();
        arms.iter()
            .map(|arm| arm["missing"].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!((lost(0), lost(1)), (2, 0));
}

#[test]
fn an_export_of_those_who_left_is_asked_about() {
    let dir = Workdir::new();
    let everyone = (0..24).fold(String::from("nr,arm\n"), |text, i| {
        text + &format!("k{i:02},{}\n", ["i", "c"][i % 2])
    });
    let left = (0..9).fold(String::from("nr;y\n"), |text, i| {
        text + &format!("k{i:02};1\n")
    });
    dir.write("a.csv", everyone).write("o.csv", left);
    let ran =
        dir.fip("evaluate o.csv --id nr --allocation a.csv --treated i --control c --outcomes y");
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("does their absence mean no?"),
        "{}",
        ran.stderr
    );
}

/// What a spreadsheet does to numbers is seen at the join, and joined on request only.
#[test]
fn ids_in_another_form_are_joined_on_request() {
    let dir = Workdir::new();
    let of = |width: usize, sep: char| {
        (0..24).fold(format!("nr{sep}arm{sep}y\n"), |text, i| {
            let id = 37 + i * 911;
            text + &format!("{id:0width$}{sep}{}{sep}{}\n", ["i", "c"][i % 2], i * 5 % 7)
        })
    };
    let evaluate = "evaluate o.csv --id nr --allocation a.csv --treated i --control c --outcomes y --format json";
    dir.write("a.csv", of(9, ',')).write("o.csv", of(1, ';'));
    let ran = dir.fip(evaluate);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    for said in ["24 of them: '37' here, '000000037' there", "--id-width 9"] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    let ran = dir.fip(&format!("{evaluate} --id-width 9"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let padded: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(padded["join"]["analysed"], 24);
    let cut = of(9, ';').replace("000000037", "3,7E+01");
    dir.write("o.csv", cut);
    let ran = dir.fip(evaluate);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("cut short, 1 of them, such as '3,7E+01'"),
        "{}",
        ran.stderr
    );
}
