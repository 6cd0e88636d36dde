//! Synthetic microdata: what is printed comes out, and only what cannot is listed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use fip::publication::synth::{CannotMatch, Made, Why, make};
use fip::publication::{Publication, builtin, read};

fn built_in(name: &str) -> Publication {
    read(builtin::text(name).unwrap(), name).unwrap()
}

/// `table/row/group` of each cell that is not reproduced.
fn cells(publication: &Publication, cannot: &[CannotMatch]) -> Vec<String> {
    let id = |c: &CannotMatch| publication.tables[c.at.table].rows[c.at.row].id.clone();
    cannot
        .iter()
        .map(|c| format!("{}/{}/{}", c.table, id(c), c.column))
        .collect()
}

const EXAMPLES: [(&str, &str); 2] = [
    ("ijsselgemeenten-2019", "ijsselgemeenten"),
    ("brabantse-wal-2016", "brabantse-wal"),
];

#[test]
fn the_examples_are_what_synth_makes() {
    for (name, folder) in EXAMPLES {
        let made = make(&built_in(name), None).unwrap();
        for (file, text) in &made.files {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("examples")
                .join(folder)
                .join(file);
            let kept = fs::read_to_string(&path).unwrap();
            assert!(
                kept == *text,
                "{} is not what `fip synth {name} --out examples/{folder}` makes",
                path.display()
            );
        }
    }
}

/// Columns of the written files, by name, with the drawn arm of each person.
struct Data {
    arms: Vec<String>,
    columns: BTreeMap<String, Vec<String>>,
}

fn parse(made: &Made) -> Data {
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, text) in &made.files {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let mut fresh: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for record in reader.records() {
            for (name, value) in header.iter().zip(record.unwrap().iter()) {
                fresh
                    .entry(name.to_owned())
                    .or_default()
                    .push(value.to_owned());
            }
        }
        columns.extend(fresh);
    }
    Data {
        arms: made.table.arms.clone(),
        columns,
    }
}

impl Data {
    fn numbers(&self, column: &str, arm: Option<&str>) -> Vec<f64> {
        let each = self.columns[column].iter().zip(&self.arms);
        each.filter(|(_, of)| arm.is_none_or(|arm| arm == *of))
            .filter_map(|(text, _)| match text.as_str() {
                "ja" | "vrouw" => Some(1.0),
                "nee" | "man" => Some(0.0),
                other => other.parse().ok(),
            })
            .collect()
    }
}

/// `M (SD)` with two decimals, by the textbook.
fn mean_sd(values: &[f64]) -> String {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
    format!("{mean:.2} ({:.2})", (squares / (n - 1.0)).sqrt())
}

#[test]
fn means_and_standard_deviations_of_the_files_are_the_printed_ones() {
    let publication = built_in("ijsselgemeenten-2019");
    let made = make(&publication, None).unwrap();
    let data = parse(&made);
    let columns = [
        ("2", "age", "leeftijd"),
        ("2", "sex", "geslacht"),
        ("2", "qualification", "startkwalificatie"),
        ("2", "duration", "uitkeringsduur"),
        ("3", "age", "leeftijd"),
        ("3", "qualification", "startkwalificatie"),
        ("3", "duration", "uitkeringsduur"),
        ("3", "ladder", "trede_start"),
        ("6", "ended", "uitstroom"),
        ("6", "partial", "deeltijd_uitstroom"),
        ("6", "sanction", "maatregel"),
        ("6", "volunteer", "vrijwilligerswerk"),
        ("6", "training", "klacht_naar_kracht"),
        ("6", "projects", "trajecten"),
        ("6", "ladder", "trede_eind"),
    ];
    let mut compared = 0;
    for (table, row, column) in columns {
        let table = publication.tables.iter().find(|t| t.id == table).unwrap();
        let row = table.rows.iter().find(|r| r.id == row).unwrap();
        for (&group, cell) in &row.cells {
            let id = publication.groups[group].id.as_str();
            let read = cell.read_as.as_ref().unwrap_or(&cell.printed);
            let arm = (id != "total").then_some(id);
            let values = data.numbers(column, arm);
            let printed = read.text.trim_end_matches('*');
            assert_eq!(mean_sd(&values), printed, "{column} {id}");
            compared += 1;
        }
        for (&group, n) in &row.n {
            let id = publication.groups[group].id.as_str();
            let arm = (id != "total").then_some(id);
            let valid = data.numbers(column, arm).len() as u64;
            assert_eq!(valid, n.read_as.unwrap_or(n.value), "{column} {id}");
        }
    }
    assert_eq!(compared, 4 + 11 * 2);
    for (column, lowest, highest) in [("leeftijd", 19.0, 64.0), ("uitkeringsduur", 1.0, 37.0)] {
        let values = data.numbers(column, None);
        assert_eq!(values.iter().copied().fold(f64::MAX, f64::min), lowest);
        assert_eq!(values.iter().copied().fold(f64::MIN, f64::max), highest);
    }
    let contacts = data.numbers("gesprekken", Some("intervention"));
    assert_eq!(contacts.iter().filter(|&&n| n < 2.0).count(), 75);
    assert!(
        data.columns["bron"]
            .iter()
            .all(|mark| mark == "synthetisch")
    );
    let ids = &data.columns["klantnummer"];
    assert!(ids.iter().any(|id| id.starts_with('0')));
    assert!(ids.iter().all(|id| id.len() == 9));
}

/// A record of the exceptions, read through by hand: it guards against new ones, and proves
/// nothing about those in it.
#[test]
fn what_cannot_be_reproduced_is_listed() {
    let publication = built_in("ijsselgemeenten-2019");
    let made = make(&publication, None).unwrap();
    assert_eq!(
        cells(&publication, &made.table.cannot),
        [
            // three sets of shares of the ladder that no 785, 510 and 275 people have
            "2/ladder/total",
            "2/ladder1/total",
            "2/ladder2/total",
            "2/ladder3/total",
            "2/ladder5/total",
            "3/age/control",
            "3/single/intervention",
            "3/parent/intervention",
            "3/couple/intervention",
            "3/ladder1/control",
            "3/ladder2/intervention",
            "3/ladder3/intervention",
            "3/ladder3/control",
            "3/ladder4/intervention",
            "3/ladder5/intervention",
            // standard deviations of 0 and 1 that no 360 or 668 people have
            "6/relationship/intervention",
            "6/absent/intervention",
            "6/absent/control",
            "6/duty/control",
            "6/ladder1/intervention",
            "6/ladder2/intervention",
            "6/ladder2/control",
            "6/ladder3/control",
            "6/ladder4/intervention",
            "6/ladder4/control",
            // 345 of 656 and 190 of 352 are 53.1% of 1,008
            "4.1/netherlands/total",
        ]
    );
    let publication = built_in("brabantse-wal-2016");
    let made = make(&publication, None).unwrap();
    let counts_kept = made.table.cannot.iter().filter(|c| c.table == "4.1");
    for cannot in counts_kept {
        // the count comes out, its percentage does not
        let printed = publication.cell(cannot.at).unwrap();
        let count = printed.printed.first.as_ref().unwrap().value.to_f64();
        assert_eq!(cannot.got[0].value, count, "{}", cannot.row);
    }
    let not_arm = made.table.cannot.iter().filter(|c| c.why == Why::NotAnArm);
    assert!(not_arm.clone().all(|c| c.column == "started"));
    assert_eq!(not_arm.count(), 7);
}

#[test]
fn a_seed_fixes_every_byte_and_another_gives_others() {
    let publication = built_in("ijsselgemeenten-2019");
    let one = make(&publication, Some("a")).unwrap();
    let again = make(&publication, Some("a")).unwrap();
    let other = make(&publication, Some("b")).unwrap();
    assert_eq!(one.files, again.files);
    assert_ne!(one.files, other.files);
    assert_eq!(one.table.matched, other.table.matched);
}

/// A small generator, only to make test data.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) % n
    }
}

/// Prints tables of real people; the microdata made from them must print the same.
#[test]
fn tables_made_from_people_come_out_whole() {
    for seed in 0..12 {
        let mut random = Lcg(seed * 7919 + 1);
        let sizes = [
            25 + random.below(400) as usize,
            25 + random.below(700) as usize,
        ];
        let mut draw = |levels: &[u64]| -> [Vec<i64>; 2] {
            let total: u64 = levels.iter().sum();
            sizes.map(|n| {
                (0..n)
                    .map(|_| {
                        let mut u = random.below(total);
                        let found = levels.iter().position(|&weight| {
                            let here = u < weight;
                            u = u.wrapping_sub(weight);
                            here
                        });
                        found.unwrap() as i64
                    })
                    .collect()
            })
        };
        let yes = draw(&[7, 2]);
        let kind = draw(&[5, 3, 2, 1]);
        let score = draw(&[2, 6, 4, 1, 1]);
        let age = draw(&(0..40).map(|i| 40 - i / 2).collect::<Vec<u64>>());

        let groups = ["a", "b", "all"];
        let of = |values: &[Vec<i64>; 2], group: usize| -> Vec<f64> {
            let people: Vec<i64> = match group {
                2 => values.concat(),
                arm => values[arm].clone(),
            };
            people.into_iter().map(|x| x as f64).collect()
        };
        let row = |values: &[Vec<i64>; 2], cell: &dyn Fn(&[f64]) -> String| -> String {
            let each = (0..3).map(|g| format!("{} = \"{}\"", groups[g], cell(&of(values, g))));
            each.collect::<Vec<_>>().join(", ")
        };
        let share = |level: usize| {
            move |values: &[f64]| {
                let k = values.iter().filter(|&&x| x == level as f64).count();
                let percent = 100.0 * k as f64 / values.len() as f64;
                format!("{k} ({percent:.1}%)")
            }
        };
        let percent = |level: usize| {
            move |values: &[f64]| {
                let k = values.iter().filter(|&&x| x == level as f64).count();
                format!("{:.1}%", 100.0 * k as f64 / values.len() as f64)
            }
        };
        let mut text = format!(
            "[publication]\nid = \"t\"\ntitle = \"t\"\ndecimal = \".\"\n\
             [[group]]\nid = \"a\"\nn = \"{}\"\nrole = \"intervention\"\n\
             [[group]]\nid = \"b\"\nn = \"{}\"\nrole = \"control\"\n\
             [[group]]\nid = \"all\"\nn = \"{}\"\nrole = \"total\"\nof = [\"a\", \"b\"]\n\
             [[table]]\nid = \"1\"\ngroups = [\"a\", \"b\", \"all\"]\nrow = [\n",
            sizes[0],
            sizes[1],
            sizes[0] + sizes[1]
        );
        let mut add = |keys: &str, cells: String| {
            text.push_str(&format!("{{ {keys}, cells = {{ {cells} }} }},\n"));
        };
        add("id = \"yes\", measure = \"binary\"", row(&yes, &mean_sd));
        add(
            "id = \"age\", measure = \"numeric\", integer = true, range = \"0 – 39\"",
            row(&age, &mean_sd),
        );
        add("id = \"kind\", measure = \"categorical\"", String::new());
        for level in 0..4 {
            let keys = format!("id = \"k{level}\", part_of = \"kind\", form = \"count_percent\"");
            add(&keys, row(&kind, &share(level)));
        }
        add(
            "id = \"score\", measure = \"ordinal\"",
            row(&score, &mean_sd),
        );
        for level in 0..5 {
            let keys = format!("id = \"s{level}\", part_of = \"score\", score = {level}");
            add(&keys, row(&score, &percent(level)));
        }
        text.push_str("]\n");
        let publication = read(&text, "t.toml").unwrap_or_else(|e| panic!("{e}\n{text}"));
        let made = make(&publication, Some(&seed.to_string())).unwrap();
        // the printed range may be wider than the people who were drawn; nothing else may differ
        assert_eq!(cells(&publication, &made.table.cannot), [""; 0], "{text}");
        assert_eq!(made.table.matched, 3 * 12);
    }
}

#[test]
fn columns_that_cannot_be_made_are_errors() {
    let text = builtin::text("ijsselgemeenten-2019").unwrap();
    let broken = |from: &str, to: &str| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        match read(&changed, "p.toml") {
            Err(error) => error,
            Ok(publication) => make(&publication, None).unwrap_err(),
        }
    };
    for (from, to) in [
        ("0 = 31, 1 = 44", "0 = 310, 1 = 44"),
        ("missing_with = \"trede_start\"", "missing_with = \"trede\""),
        ("row = \"3/birth\"", "row = \"3/births\""),
        ("name = \"reden\"", "name = \"uitstroom\""),
        ("delimiter = \";\"", "delimiter = \"x\""),
        ("name = \"outcomes.csv\"", "name = \"../outcomes.csv\""),
        ("digits = 9", "digits = 3"),
        ("n = \"668\"\nrole", "n = \"999,999,999\"\nrole"),
    ] {
        let error = broken(from, to);
        assert_eq!(error.kind(), fip::error::Kind::Protocol, "{error}");
    }
}
