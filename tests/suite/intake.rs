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

/// Sixty clients of a register; `at` says whose row stands beside an id in the export.
fn beside(at: impl Fn(usize) -> usize, grown: usize, recoded: bool) -> (String, String) {
    let sex = |i: usize| ["m", "v"][i * 7 / 3 % 2];
    let age = |i: usize| 20 + i * 17 % 43;
    let register = (0..60).fold(String::from("nr;geslacht;leeftijd\n"), |text, i| {
        text + &format!("k{i:02};{};{}\n", sex(i), age(i))
    });
    let export = (0..60).fold(String::from("nr;arm;geslacht;leeftijd;y\n"), |text, i| {
        let row = at(i);
        let sex = if recoded {
            ["1", "2"][usize::from(sex(row) == "v")]
        } else {
            sex(row)
        };
        text + &format!(
            "k{i:02};{};{sex};{};{}\n",
            ["i", "c"][i % 2],
            age(row) + grown,
            i * 5 % 7
        )
    });
    (register, export)
}

#[test]
fn rows_that_have_left_their_ids_are_refused() {
    let dir = Workdir::new();
    dir.write("trial.toml", "[register]\nfile = \"r.csv\"\nid = \"nr\"\n[outcomes]\nfile = \"o.csv\"\n[[outcome]]\nname = \"y\"\nkind = \"numeric\"\n");
    let evaluate = "evaluate --trial trial.toml --arm arm --treated i --control c --format json";
    let look = |at: &dyn Fn(usize) -> usize, grown, recoded| {
        let (register, export) = beside(at, grown, recoded);
        dir.write("r.csv", register)
            .write("o.csv", export)
            .brought_in("o.csv", "arm")
            .fip(evaluate)
    };
    let ran = look(&|i| (i + 1) % 60, 0, false);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    for said in [
        "'leeftijd' differs for 60 of 60",
        "'geslacht' differs for",
        "beside their ids?",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    let differing = |ran: &crate::workdir::Ran| -> Vec<(String, u64)> {
        let result: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let notes = result["notes"].as_array().unwrap();
        notes
            .iter()
            .filter(|note| note["code"] == "other_than_register")
            .map(|note| {
                (
                    note["variable"].as_str().unwrap().to_string(),
                    note["count"].as_u64().unwrap(),
                )
            })
            .collect()
    };
    let ran = look(&|i| i, 0, false);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(differing(&ran).is_empty());
    // Two people exchanged are a handful, which is named.
    let ran = look(
        &|i| match i {
            3 => 4,
            4 => 3,
            i => i,
        },
        0,
        false,
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(differing(&ran).contains(&("leeftijd".to_string(), 2)));
    // Everybody a year older, and sex in other codes, is no shift.
    let ran = look(&|i| i, 1, true);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(differing(&ran), [("leeftijd".to_string(), 60)]);
}

/// One register in many forms: the same draw, or refused with a place.
#[test]
fn one_register_in_fifty_forms() {
    let people: Vec<[String; 4]> = (1..=60)
        .map(|i| {
            let (sex, town) = (["m", "v"][i % 2], ["Goes", "Sluis", "Veere"][i % 3]);
            [
                format!("{:05}", i * 137),
                sex.to_string(),
                (20 + i % 45).to_string(),
                town.to_string(),
            ]
        })
        .collect();
    let header = ["nr", "geslacht", "leeftijd", "gemeente"];
    let lines = |cut: char, end: &str, quoted: bool| {
        let cell = |text: &str| {
            if quoted {
                format!("\"{text}\"")
            } else {
                text.to_string()
            }
        };
        let line = |cells: Vec<&str>| {
            cells
                .into_iter()
                .map(cell)
                .collect::<Vec<_>>()
                .join(&cut.to_string())
                + end
        };
        let mut text = line(header.to_vec());
        for person in &people {
            text += &line(person.iter().map(String::as_str).collect());
        }
        text
    };
    let plain = lines(';', "\n", false);
    let mut same: Vec<Vec<u8>> = Vec::new();
    for cut in [';', ',', '\t', '|'] {
        for end in ["\n", "\r\n", "\r"] {
            for quoted in [false, true] {
                same.push(lines(cut, end, quoted).into_bytes());
            }
        }
    }
    let utf16 = |text: &str, little: bool| -> Vec<u8> {
        let of = |unit: u16| {
            if little {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        };
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(of)
            .collect()
    };
    same.push(utf16(&plain, true));
    same.push(utf16(&plain, false));
    same.push([b"\xef\xbb\xbf".as_slice(), plain.as_bytes()].concat());
    same.push(format!("sep=;\n{plain}").into_bytes());
    same.push(format!("\n\n{plain}\n\n").into_bytes());
    same.push(plain.trim_end().as_bytes().to_vec());
    same.push(plain.replace('\n', ";;\n").into_bytes());
    same.push(plain.replace(";m;", "; m ;").into_bytes());
    same.push(plain.replace("00137;", " 00137 ;").into_bytes());
    same.push(plain.replace(";Goes", ";\u{a0}Goes").into_bytes());
    let (head, rest) = plain.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rest.lines().collect();
    rows.reverse();
    same.push(format!("{head}\n{}\n", rows.join("\n")).into_bytes());
    rows.sort_by_key(|row| row.len() * 31 % 7 + row.as_bytes()[4] as usize);
    same.push(format!("{head}\n{}\n", rows.join("\n")).into_bytes());
    let swapped: String = plain
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(';').collect();
            format!("{};{};{};{}\n", cells[3], cells[2], cells[0], cells[1])
        })
        .collect();
    same.push(swapped.into_bytes());

    let row = "00274;m;22;Veere\n";
    assert!(plain.contains(row), "{plain}");
    let refused: Vec<String> = vec![
        format!("{plain}Totaal;;1400;\n"),
        format!("{plain}{head}\n"),
        format!("{plain}{row}"),
        format!("{plain}274;m;22;Veere\n"),
        format!("{plain}8;m;22;Veere\n"),
        format!("{plain}2,74E+02;m;22;Veere\n"),
        format!("{plain}Aantal: 60;;;\n"),
        format!("{plain};m;22;Veere\n"),
        format!("{plain}00999;m;22\n"),
        format!("{plain}00999;m;22;Veere;x\n"),
        format!("Register van mei\n{plain}"),
        plain.replacen("m;", "\"m;", 1),
        plain
            .replace(row, "00274;\"m;22;Veere\n")
            .replace("00548;m;24", "00548;m\";24"),
        plain
            .replace(row, "00274;m;22;\"Veere\n")
            .replace("00548;m;24;Sluis", "00548;m;24;\"Sluis"),
        plain.replace("geslacht", "nr"),
        plain.replacen("leeftijd", "", 1),
        plain.replace(row, "00274;m;22;Ve\u{0}re\n"),
        head.to_string(),
        String::new(),
        format!("{plain}A0001;m;22;Veere\n"),
        format!("{plain}gemiddelde;;23;\n"),
    ];
    assert!(
        same.len() + refused.len() >= 50,
        "{}",
        same.len() + refused.len()
    );
    let draw = "assign r.csv --id nr --arm i=20 --arm c --strata gemeente,geslacht --seed 1 --where 'leeftijd < 60'";
    let arms = |dir: &Workdir| {
        let mut rows: Vec<String> = dir
            .read("allocation.csv")
            .lines()
            .map(str::trim)
            .map(str::to_string)
            .collect();
        rows.sort();
        rows
    };
    let drawn = |text: &[u8]| {
        let dir = Workdir::new();
        dir.write("r.csv", text);
        (dir.fip(draw), dir)
    };
    let (ran, first) = drawn(plain.as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let wanted = arms(&first);
    for (at, form) in same.iter().enumerate() {
        let (ran, dir) = drawn(form);
        assert_eq!(ran.code, 0, "form {at}: {}", ran.stderr);
        let found: Vec<String> = arms(&dir).iter().map(|row| row.replace(' ', "")).collect();
        assert_eq!(
            found,
            wanted
                .iter()
                .map(|row| row.replace(' ', ""))
                .collect::<Vec<_>>(),
            "form {at}"
        );
    }
    for (at, form) in refused.iter().enumerate() {
        let (ran, dir) = drawn(form.as_bytes());
        assert_eq!(ran.code, 3, "form {at}: {}", ran.stderr);
        assert!(ran.stderr.contains("at: "), "form {at}: {}", ran.stderr);
        assert_eq!(dir.files(), ["r.csv"], "form {at}");
    }
}

#[test]
fn values_that_nearly_are_one_are_asked_about() {
    let dir = Workdir::new();
    let strata = (0..40).fold(String::from("nr;wijk\n"), |text, i| {
        text + &format!(
            "k{i:02};{}\n",
            if i == 7 {
                "noord"
            } else {
                ["Noord", "Zuid"][i % 2]
            }
        )
    });
    dir.write("r.csv", &strata);
    let draw = "assign r.csv --id nr --arm i=10 --arm c --strata wijk --seed 1";
    let ran = dir.fip(draw);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("'Noord' (20), 'noord' (1); are they one?"),
        "{}",
        ran.stderr
    );
    // White space around a value is no part of it.
    dir.write("r.csv", strata.replace("noord", " Zuid "));
    assert_eq!(dir.fip(draw).code, 0);
    dir.write(
        "o.csv",
        export("y", |i| (i * 5 % 7).to_string()).replace("k04;i;", "k04;I;"),
    );
    let ran = dir.fip(LOOK);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("'I' (1), 'i' (11)"), "{}", ran.stderr);
}

#[test]
fn a_stratum_without_a_value_has_a_name() {
    let dir = Workdir::new();
    let text = (0..40).fold(String::from("nr;wijk\n"), |text, i| {
        text + &format!(
            "k{i:02};{}\n",
            if i < 6 { "" } else { ["Noord", "Zuid"][i % 2] }
        )
    });
    dir.write("r.csv", text);
    let ran = dir.fip("assign r.csv --id nr --arm i=20 --arm c --strata wijk --seed 1 --lang nl");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let words: Vec<&str> = ran.stdout.split_whitespace().collect();
    for said in ["(onbekend) ", "vormt samen een eigen stratum"] {
        assert!(words.join(" ").contains(said), "{said}: {}", ran.stdout);
    }
}
