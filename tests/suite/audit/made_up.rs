//! Made-up reports, right by construction because they are computed from made-up people; then the same
//! with one error planted.

use std::fmt::Write;

use fip::audit::rounding::Convention;
use fip::audit::{self, Audit, Change, Verdict};
use fip::publication::{self, Publication};
use fip::report::audit_text::Words;
use fip::stats::dist::t_two_sided;
use fip::words::Lang;

/// A small generator of pseudo-random numbers (Knuth's MMIX constants), so that nothing depends on a library.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) % n
    }
}

/// The people of one group: age, yes or no, one of three ways of living, a rung of a ladder from 1 to 5.
struct People {
    age: Vec<f64>,
    yes: Vec<f64>,
    living: Vec<u64>,
    ladder: Vec<f64>,
}

impl People {
    fn make(dice: &mut Dice, n: u64) -> People {
        let mut people = People {
            age: vec![],
            yes: vec![],
            living: vec![],
            ladder: vec![],
        };
        for _ in 0..n {
            people
                .age
                .push((20 + dice.below(20) + dice.below(25)) as f64);
            people
                .yes
                .push(if dice.below(100) < 35 { 1.0 } else { 0.0 });
            people
                .living
                .push([0, 0, 0, 1, 2, 2][dice.below(6) as usize]);
            people
                .ladder
                .push([1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 4.0, 5.0][dice.below(9) as usize]);
        }
        people
    }

    fn and(&self, other: &People) -> People {
        let join = |a: &[f64], b: &[f64]| [a, b].concat();
        People {
            age: join(&self.age, &other.age),
            yes: join(&self.yes, &other.yes),
            living: [&self.living[..], &other.living].concat(),
            ladder: join(&self.ladder, &other.ladder),
        }
    }

    fn n(&self) -> usize {
        self.age.len()
    }

    fn living_count(&self, level: u64) -> usize {
        self.living.iter().filter(|&&l| l == level).count()
    }

    fn rung_count(&self, rung: u64) -> usize {
        self.ladder.iter().filter(|&&l| l == rung as f64).count()
    }
}

fn mean_sd(x: &[f64]) -> (f64, f64) {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    let squares: f64 = x.iter().map(|v| (v - mean).powi(2)).sum();
    (mean, (squares / (x.len() - 1) as f64).sqrt())
}

fn welch_p(a: &[f64], b: &[f64]) -> f64 {
    let ((ma, sa), (mb, sb)) = (mean_sd(a), mean_sd(b));
    let (va, vb) = (sa * sa / a.len() as f64, sb * sb / b.len() as f64);
    let df = (va + vb).powi(2) / (va * va / (a.len() - 1) as f64 + vb * vb / (b.len() - 1) as f64);
    t_two_sided((ma - mb) / (va + vb).sqrt(), df)
}

/// The file of a report on these two groups, with every kind of figure.
fn report(a: &People, b: &People) -> String {
    let all = a.and(b);
    let (na, nb, n) = (a.n(), b.n(), all.n());
    let mut t = format!(
        r#"[publication]
id = "made-up"
title = "Made up"
language = "en"
decimal = "."
[[group]]
id = "a"
n = "{na}"
role = "intervention"
[[group]]
id = "b"
n = "{nb}"
role = "control"
[[group]]
id = "all"
n = "{n}"
role = "total"
of = ["a", "b"]
[[table]]
id = "1"
groups = ["all", "a", "b"]
marks = {{ "*" = "0.05", "**" = "0.01" }}
"#
    );
    let mut moments = |id: &str, measure: &str, more: &str, of: &dyn Fn(&People) -> Vec<f64>| {
        let p = welch_p(&of(a), &of(b));
        let mark = if p < 0.01 {
            "**"
        } else if p < 0.05 {
            "*"
        } else {
            ""
        };
        let cell = |x: &People| {
            let (mean, sd) = mean_sd(&of(x));
            format!("{mean:.2} ({sd:.2})")
        };
        writeln!(
            t,
            "[[table.row]]\nid = \"{id}\"\nmeasure = \"{measure}\"\n{more}tests = [\"t\"]\ncells = {{ all = \"{}\", a = \"{}{mark}\", b = \"{}\" }}",
            cell(&all), cell(a), cell(b)
        )
        .unwrap();
    };
    moments(
        "age",
        "numeric",
        "integer = true\nrange = \"20 – 62\"\n",
        &|p| p.age.clone(),
    );
    moments("yes", "binary", "", &|p| p.yes.clone());
    moments("ladder", "ordinal", "", &|p| p.ladder.clone());
    let percent = |k: usize, n: usize| format!("{:.1}%", 100.0 * k as f64 / n as f64);
    for rung in 1..=5 {
        let cell = |p: &People| percent(p.rung_count(rung), p.n());
        writeln!(
            t,
            "[[table.row]]\nid = \"rung{rung}\"\npart_of = \"ladder\"\nscore = {rung}\ncells = {{ all = \"{}\", a = \"{}\", b = \"{}\" }}",
            cell(&all), cell(a), cell(b)
        )
        .unwrap();
    }
    writeln!(
        t,
        "[[table.row]]\nid = \"living\"\nmeasure = \"categorical\""
    )
    .unwrap();
    for level in 0..3 {
        let cell = |p: &People| percent(p.living_count(level), p.n());
        writeln!(
            t,
            "[[table.row]]\nid = \"living{level}\"\npart_of = \"living\"\ncells = {{ all = \"{}\", a = \"{}\", b = \"{}\" }}",
            cell(&all), cell(a), cell(b)
        )
        .unwrap();
    }
    writeln!(
        t,
        "[[table]]\nid = \"2\"\ngroups = [\"a\", \"b\"]\nform = \"count_percent\""
    )
    .unwrap();
    writeln!(t, "[[table.row]]\nid = \"home\"\nmeasure = \"categorical\"").unwrap();
    for level in 0..3 {
        let cell = |p: &People| {
            let k = p.living_count(level);
            format!("{k} ({})", percent(k, p.n()))
        };
        writeln!(
            t,
            "[[table.row]]\nid = \"home{level}\"\npart_of = \"home\"\ncells = {{ a = \"{}\", b = \"{}\" }}",
            cell(a), cell(b)
        )
        .unwrap();
    }
    let (k, l) = (a.living_count(0) as f64, b.living_count(0) as f64);
    let (ka, kb) = (k / na as f64, l / nb as f64);
    let total = (k + l) / n as f64;
    let chi = (ka - kb).powi(2) / (total * (1.0 - total) * (1.0 / na as f64 + 1.0 / nb as f64));
    let p = fip::stats::dist::chi2_sf(chi, 1.0);
    let (higher, lower) = if ka > kb { ("a", "b") } else { ("b", "a") };
    writeln!(
        t,
        "[[claim]]\nid = \"test\"\ntext = \"chi-square\"\nrows = [\"2/home0\"]\ntest = \"pearson_chi_square\"\nstatistic = \"{chi:.3}\"\ndf = \"1\"\np = \"{p:.3}\"\n\
         [[claim]]\nid = \"more\"\ntext = \"more\"\nrows = [\"2/home0\"]\ngroup = \"{higher}\"\nis = \"higher\"\nthan = \"{lower}\"\n\
         [[claim]]\nid = \"extra\"\ntext = \"extra\"\nprinted = \"{}\"\nformula = \"[2/home0/a] - [2/home1/a]\"\n\
         [[claim]]\nid = \"money\"\ntext = \"money\"\nprinted = \"{}\"\nformula = \"[claim/extra] * 1000\"",
        k - a.living_count(1) as f64,
        (k - a.living_count(1) as f64) * 1000.0
    )
    .unwrap();
    t
}

fn people(seed: u64) -> (People, People) {
    let mut dice = Dice(seed);
    let (na, nb) = (40 + dice.below(200), 60 + dice.below(300));
    (People::make(&mut dice, na), People::make(&mut dice, nb))
}

fn read(text: &str) -> Publication {
    publication::read(text, "made-up.toml").unwrap_or_else(|e| panic!("{e}\n{text}"))
}

fn describe(publication: &Publication, audit: &Audit) -> String {
    let mut text = String::new();
    for finding in &audit.findings {
        let names: Vec<String> = finding
            .figures
            .iter()
            .map(|&id| name(publication, audit, id))
            .collect();
        let checks: Vec<&str> = finding
            .checks
            .iter()
            .map(|&c| audit.checks[c].name())
            .collect();
        writeln!(text, "{names:?} {checks:?} {:?}", finding.explanations).unwrap();
    }
    text
}

/// `table/row/group` of a figure, or its place where it has no cell.
fn name(publication: &Publication, audit: &Audit, figure: usize) -> String {
    let at = audit.figures.list[figure].at;
    at.cell().map_or(format!("{at:?}"), |cell| {
        let table = &publication.tables[cell.table];
        format!(
            "{}/{}/{}",
            table.id, table.rows[cell.row].id, publication.groups[cell.group].id
        )
    })
}

#[test]
fn a_right_report_has_no_findings() {
    for seed in 0..60 {
        let (a, b) = people(seed);
        let publication = read(&report(&a, &b));
        let audit = audit::audit(&publication);
        assert!(
            audit.findings.is_empty(),
            "seed {seed}\n{}",
            describe(&publication, &audit)
        );
        assert!(!audit.verdicts.contains(&Verdict::Inconsistent));
        assert!(audit.verdicts.contains(&Verdict::Reproduced));
    }
}

/// Replaces one printed text by another in one line of one row, and audits.
fn plant(seed: u64, row: &str, change: impl Fn(&str) -> String) -> (Publication, Audit) {
    let (a, b) = people(seed);
    let text = report(&a, &b);
    let mut inside = false;
    let mut changed = false;
    let mut planted = String::new();
    for line in text.lines() {
        if line.starts_with("id = ") {
            inside = line == format!("id = \"{row}\"");
        }
        let new = if inside && !line.starts_with("id = ") {
            change(line)
        } else {
            line.to_owned()
        };
        changed |= new != line;
        writeln!(planted, "{new}").unwrap();
    }
    assert!(changed, "nothing planted in {row}\n{text}");
    let publication = read(&planted);
    let audit = audit::audit(&publication);
    (publication, audit)
}

/// The printed text of a group's cell in a line of cells.
fn cell<'a>(line: &'a str, group: &str) -> Option<&'a str> {
    let start = line.find(&format!(" {group} = \""))? + group.len() + 5;
    line[start..].split('"').next()
}

fn with_cell(line: &str, group: &str, new: &str) -> String {
    match cell(line, group) {
        Some(old) => line.replace(
            &format!(" {group} = \"{old}\""),
            &format!(" {group} = \"{new}\""),
        ),
        None => line.to_owned(),
    }
}

/// Whether the first finding names the cell, and an explanation gives the value back.
fn found(publication: &Publication, audit: &Audit, at: &str, value: Option<f64>) -> bool {
    audit.findings.iter().any(|finding| {
        let named = finding
            .figures
            .iter()
            .any(|&f| name(publication, audit, f) == at);
        let back = |change: &Change| match change {
            Change::Figure { to, .. } => value.is_some_and(|v| (to.value() - v).abs() < 1e-9),
            _ => false,
        };
        let restored = finding
            .explanations
            .iter()
            .any(|e| e.changes.iter().any(back));
        named && (value.is_none() || restored)
    })
}

#[test]
fn a_wrong_digit_in_a_mean_is_found_and_put_right() {
    for seed in 0..12 {
        let mut right = 0.0;
        let original = std::cell::Cell::new(0.0);
        let (publication, audit) = plant(seed, "age", |line| {
            let Some(old) = cell(line, "b") else {
                return line.to_owned();
            };
            original.set(old[..5].parse().unwrap());
            let tens = if old.starts_with('2') { "3" } else { "2" };
            with_cell(line, "b", &format!("{tens}{}", &old[1..]))
        });
        right += original.get();
        assert!(
            found(&publication, &audit, "1/age/b", Some(right)),
            "seed {seed}\n{}",
            describe(&publication, &audit)
        );
        assert_eq!(
            audit.findings.len(),
            1,
            "seed {seed}\n{}",
            describe(&publication, &audit)
        );
    }
}

#[test]
fn a_column_that_repeats_another_is_one_finding() {
    for seed in 0..6 {
        let (a, b) = people(seed);
        let mut text = report(&a, &b);
        for level in 0..3 {
            let id = format!("id = \"living{level}\"");
            let start = text.find(&id).unwrap();
            let line_start = text[start..].find("cells").unwrap() + start;
            let line_end = text[line_start..].find('\n').unwrap() + line_start;
            let line = text[line_start..line_end].to_owned();
            let whole = cell(&line, "all").unwrap().to_owned();
            text.replace_range(line_start..line_end, &with_cell(&line, "a", &whole));
        }
        let publication = read(&text);
        let audit = audit::audit(&publication);
        let repeats = |c: &Change| matches!(c, Change::Column { .. });
        let said = audit
            .findings
            .iter()
            .any(|f| f.explanations.iter().any(|e| e.changes.iter().any(repeats)));
        assert!(said, "seed {seed}\n{}", describe(&publication, &audit));
        assert!(
            audit.findings.len() <= 2,
            "seed {seed}\n{}",
            describe(&publication, &audit)
        );
    }
}

#[test]
fn a_column_on_another_n_is_found_as_such() {
    let (a, b) = people(3);
    let text = report(&a, &b);
    // All percentages of the counted column are of the wrong group's n.
    let mut planted = text.clone();
    for level in 0..3 {
        let k = a.living_count(level);
        let right = format!("{k} ({:.1}%)", 100.0 * k as f64 / a.n() as f64);
        let wrong = format!("{k} ({:.1}%)", 100.0 * k as f64 / (a.n() - 9) as f64);
        planted = planted.replace(&right, &wrong);
    }
    let publication = read(&planted);
    let audit = audit::audit(&publication);
    let wanted = (a.n() - 9) as u64;
    let said = audit.findings.iter().any(|f| {
        f.explanations
            .iter()
            .flat_map(|e| &e.changes)
            .any(|c| match c {
                Change::Denominator { n, others, .. } => *n == wanted || others.contains(&wanted),
                _ => false,
            })
    });
    assert!(said, "{}", describe(&publication, &audit));
}

#[test]
fn rounding_twice_is_told_from_another_n() {
    // 82 of 401 is 20.449%: 20.4%, unless it was rounded to 20.45% first.
    let text = r#"[publication]
id = "twice"
title = "Twice"
language = "en"
decimal = "."
[[group]]
id = "a"
n = "401"
role = "other"
[[table]]
id = "1"
groups = ["a"]
form = "count_percent"
row = [
  { id = "x", measure = "categorical" },
  { id = "x1", part_of = "x", cells = { a = "82 (20.5%)" } },
  { id = "x2", part_of = "x", cells = { a = "109 (27.2%)" } },
  { id = "x3", part_of = "x", cells = { a = "210 (52.4%)" } },
]
"#;
    let publication = read(text);
    let audit = audit::audit(&publication);
    let twice = |c: &Change| {
        matches!(
            c,
            Change::Rounding {
                convention: Convention::RoundedTwice,
                ..
            }
        )
    };
    assert_eq!(
        audit.findings.len(),
        1,
        "{}",
        describe(&publication, &audit)
    );
    let explanations = &audit.findings[0].explanations;
    assert!(
        explanations.iter().any(|e| e.changes.iter().any(twice)),
        "{explanations:?}"
    );
}

#[test]
fn counts_and_percentages_that_disagree_are_found() {
    for seed in 0..8 {
        let (publication, audit) = plant(seed, "home1", |line| {
            let Some(old) = cell(line, "b") else {
                return line.to_owned();
            };
            let (count, rest) = old.split_once(' ').unwrap();
            let mut digits: Vec<char> = count.chars().collect();
            let last = digits.len() - 1;
            digits[last] = if digits[last] == '7' { '1' } else { '7' };
            with_cell(
                line,
                "b",
                &format!("{} {rest}", digits.iter().collect::<String>()),
            )
        });
        assert!(
            found(&publication, &audit, "2/home1/b", None),
            "seed {seed}\n{}",
            describe(&publication, &audit)
        );
    }
}

#[test]
fn an_impossible_sd_a_wrong_mark_and_a_slipped_p_are_found() {
    let (publication, audit) = plant(1, "yes", |line| {
        cell(line, "b").map_or(line.to_owned(), |old| {
            with_cell(line, "b", &format!("{} (0.31)", &old[..4]))
        })
    });
    assert!(
        found(&publication, &audit, "1/yes/b", None),
        "{}",
        describe(&publication, &audit)
    );

    let (publication, audit) = plant(2, "age", |line| {
        cell(line, "a").map_or(line.to_owned(), |old| {
            with_cell(line, "a", &format!("{}**", old.trim_end_matches('*')))
        })
    });
    let marks = |f: &audit::Finding| {
        f.checks
            .iter()
            .any(|&c| audit.checks[c].name() == "significance_mark")
    };
    assert!(
        audit.findings.iter().any(marks),
        "{}",
        describe(&publication, &audit)
    );

    for seed in 0..8 {
        let (publication, audit) =
            plant(seed, "test", |line| line.replace("p = \"0.", "p = \"0.0"));
        let slipped = |f: &audit::Finding| {
            f.checks
                .iter()
                .any(|&c| audit.checks[c].name() == "statistic_and_p")
        };
        let restored = |f: &audit::Finding| {
            f.explanations.iter().flat_map(|e| &e.changes).any(|c| {
                matches!(
                    c,
                    Change::Figure {
                        edit: Some(
                            audit::digits::Edit::SlippedDecimal | audit::digits::Edit::Length
                        ),
                        ..
                    }
                )
            })
        };
        assert!(
            audit.findings.iter().any(|f| slipped(f) && restored(f)),
            "seed {seed}\n{}",
            describe(&publication, &audit)
        );
    }
}

#[test]
fn wrong_words_and_wrong_arithmetic_are_found() {
    for seed in 0..4 {
        let (publication, audit) =
            plant(seed, "more", |line| line.replace("\"higher\"", "\"lower\""));
        let direction = |f: &audit::Finding| audit.checks[f.checks[0]].name() == "direction";
        assert!(
            audit.findings.len() == 1 && direction(&audit.findings[0]),
            "{}",
            describe(&publication, &audit)
        );

        let (publication, audit) = plant(seed, "money", |line| line.replace("000\"", "300\""));
        let derived = |f: &audit::Finding| audit.checks[f.checks[0]].name() == "derived_figure";
        assert!(
            audit.findings.len() == 1 && derived(&audit.findings[0]),
            "{}",
            describe(&publication, &audit)
        );
    }
}

#[test]
fn a_distribution_that_does_not_give_its_mean_is_found() {
    for seed in 0..6 {
        let (publication, audit) = plant(seed, "ladder", |line| {
            let Some(old) = cell(line, "a") else {
                return line.to_owned();
            };
            let mean: f64 = old[..4].parse().unwrap();
            with_cell(line, "a", &format!("{:.2}{}", mean + 0.3, &old[4..]))
        });
        assert!(
            found(&publication, &audit, "1/ladder/a", None),
            "seed {seed}\n{}",
            describe(&publication, &audit)
        );
    }
}

#[test]
fn the_built_in_reports_are_audited_without_trouble() {
    for (_, text) in publication::builtin::ALL {
        let publication = read(text);
        let audit = audit::audit(&publication);
        assert_eq!(audit.outcomes.len(), audit.checks.len());
        assert_eq!(audit.verdicts.len(), audit.figures.list.len());
        // Every figure called inconsistent is in a finding, and no finding is without checks.
        for (figure, verdict) in audit.verdicts.iter().enumerate() {
            let found = audit.findings.iter().any(|f| f.figures.contains(&figure));
            assert_eq!(*verdict == Verdict::Inconsistent, found);
        }
        assert!(
            audit
                .findings
                .iter()
                .all(|f| !f.checks.is_empty() && !f.figures.is_empty())
        );
    }
}

#[test]
fn the_audit_as_a_file_and_in_words() {
    let (publication, audit) = plant(1, "yes", |line| {
        cell(line, "b").map_or(line.to_owned(), |old| {
            with_cell(line, "b", &format!("{} (0.31)", &old[..4]))
        })
    });
    for lang in Lang::ALL {
        let words = Words {
            publication: &publication,
            audit: &audit,
            lang,
        };
        let file = serde_json::to_value(words.file()).unwrap();
        assert_eq!(file["schema"], "fip/audit/1");
        let counts = ["reproduced", "consistent", "inconsistent", "not_checkable"];
        let sum: u64 = counts
            .iter()
            .map(|name| file["summary"][name].as_u64().unwrap())
            .sum();
        assert_eq!(sum as usize, audit.figures.list.len());
        let first = &file["findings"][0];
        assert_eq!(first["verdict"], "inconsistent");
        assert_eq!(
            (&first["table"], &first["row"], &first["column"]),
            (&"1".into(), &"yes".into(), &"b".into())
        );
        assert_eq!(first["check"], "debit");
        assert!(first["printed"].as_str().unwrap().ends_with("(0.31)"));
        assert!(
            file["findings"]
                .as_array()
                .unwrap()
                .iter()
                .skip(1)
                .all(|f| f["verdict"] != "inconsistent")
        );
        let sentences = words.sentences(&audit.findings[0]);
        assert!((2..=3).contains(&sentences.len()) && sentences.iter().all(|s| s.ends_with('.')));
        let decimal = if lang == Lang::Nl { "0,4" } else { "0.4" };
        assert!(sentences[0].contains(decimal), "{sentences:?}");
    }
}
