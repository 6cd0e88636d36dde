//! Reports of a few figures, each about one thing the audit must or must not say.

use fip::audit::figure::At;
use fip::audit::{self, Audit, Change, Verdict};
use fip::publication::{self, Publication};
use fip::report::audit_text::Words;
use fip::words::Lang;

fn read(groups: &[(&str, &str, u64)], rest: &str) -> Publication {
    let mut text = String::from(
        "[publication]\nid = \"small\"\ntitle = \"Small\"\nlanguage = \"en\"\ndecimal = \".\"\n",
    );
    for (id, role, n) in groups {
        text += &format!("[[group]]\nid = \"{id}\"\nrole = \"{role}\"\nn = \"{n}\"\n");
    }
    text += rest;
    publication::read(&text, "small.toml").unwrap_or_else(|e| panic!("{e}\n{text}"))
}

const ONE: [(&str, &str, u64); 1] = [("a", "other", 28)];

fn sentences(publication: &Publication, audit: &Audit, lang: Lang) -> String {
    let words = Words {
        publication,
        audit,
        lang,
    };
    let all: Vec<String> = audit
        .findings
        .iter()
        .flat_map(|finding| words.sentences(finding))
        .collect();
    all.join("\n")
}

#[test]
fn of_5_19_to_5_30_with_28_people_only_three_are_possible() {
    // Brown & Heathers (2017), p. 365: with n = 28 only 5.21, 5.25 and 5.29 can be.
    let means: Vec<String> = (19..=30).map(|cents| format!("5.{cents}")).collect();
    let rows: String = means
        .iter()
        .map(|mean| {
            format!(
                "{{ id = \"{mean}\", measure = \"numeric\", integer = true, cells = {{ a = \"{mean}\" }} }},\n"
            )
        })
        .collect();
    let publication = read(
        &ONE,
        &format!("[[table]]\nid = \"1\"\ngroups = [\"a\"]\nrow = [\n{rows}]\n"),
    );
    let audit = audit::audit(&publication);
    let words = Words {
        publication: &publication,
        audit: &audit,
        lang: Lang::En,
    };
    let summary = words.summary();
    assert_eq!((summary.inconsistent, summary.not_checkable), (9, 0));
    let file = words.file();
    for mean in &means {
        let possible = ["5.21", "5.25", "5.29"].contains(&mean.as_str());
        let entries: Vec<_> = file
            .findings
            .iter()
            .filter(|e| e.printed == *mean)
            .collect();
        assert_eq!(entries.len(), 1, "{mean}");
        assert_eq!(
            entries[0].verdict == Verdict::Inconsistent,
            !possible,
            "{mean}"
        );
        assert_eq!(entries[0].check, Some("grim"));
    }
    // No other n is offered: so many would do that none explains anything.
    let n_changed = |change: &Change| match change {
        Change::Figure { figure, .. } => {
            matches!(audit.figures.list[*figure].at, At::GroupN(_))
        }
        _ => false,
    };
    let explanations = audit.findings.iter().flat_map(|f| &f.explanations);
    assert!(!explanations.flat_map(|e| &e.changes).any(n_changed));
}

#[test]
fn every_cell_of_a_column_on_another_n_has_its_own_entry() {
    // 3, 5 and 4 of 12, printed as shares of a group of 14.
    let publication = read(
        &[("a", "other", 14)],
        r#"[[table]]
id = "1"
groups = ["a"]
form = "count_percent"
row = [
  { id = "x", measure = "categorical" },
  { id = "x1", part_of = "x", cells = { a = "3 (25.0%)" } },
  { id = "x2", part_of = "x", cells = { a = "5 (41.7%)" } },
  { id = "x3", part_of = "x", cells = { a = "4 (33.3%)" } },
]
"#,
    );
    let audit = audit::audit(&publication);
    let words = Words {
        publication: &publication,
        audit: &audit,
        lang: Lang::En,
    };
    let entries = words.file().findings;
    for printed in ["3 (25.0%)", "5 (41.7%)", "4 (33.3%)"] {
        let of_cell = |e: &&_| {
            let e: &fip::report::audit_text::json::Entry = e;
            e.printed == printed && e.verdict == Verdict::Inconsistent
        };
        assert_eq!(entries.iter().filter(of_cell).count(), 1, "{printed}");
    }
}

/// One claim about a test, without any row.
fn claim(test: &str, statistic: &str, df: &str, p: &str) -> (Publication, Audit) {
    let df = match df {
        "" => String::new(),
        df => format!("df = \"{df}\"\n"),
    };
    let publication = read(
        &ONE,
        &format!(
            "[[claim]]\nid = \"c\"\ntext = \"…\"\ntest = \"{test}\"\nstatistic = \"{statistic}\"\n{df}p = \"{p}\"\n"
        ),
    );
    let audit = audit::audit(&publication);
    (publication, audit)
}

#[test]
fn a_statistic_is_held_against_its_p_without_any_table() {
    // By scipy.stats: 2 t.sf(2.2, 28) = 0.03623, f.sf(3.5, 2, 117) = 0.03340,
    // 2 t.sf(.35 √(50 / (1 − .35²)), 50) = 0.01097, 2 norm.sf(1.2) = 0.23014, chi2.sf(4.21, 1) = 0.04019.
    for (test, statistic, df, right, wrong) in [
        ("t", "2.20", "28", ".036", ".03"),
        ("f", "3.50", "2; 117", ".033", ".2"),
        ("f", "3.50", "2, 117", ".033", ".2"),
        ("r", ".35", "50", ".011", ".2"),
        ("z", "1.20", "", ".23", ".02"),
        ("chi_square", "4.21", "1", ".040", "< .001"),
    ] {
        let (publication, audit) = claim(test, statistic, df, right);
        assert!(audit.findings.is_empty(), "{test} {right}");
        assert!(audit.verdicts.contains(&Verdict::Consistent), "{test}");
        drop(publication);
        let (_, audit) = claim(test, statistic, df, wrong);
        assert_eq!(audit.findings.len(), 1, "{test} {wrong}");
        assert_eq!(
            audit.checks[audit.findings[0].checks[0]].name(),
            "statistic_and_p"
        );
    }
}

#[test]
fn degrees_of_freedom_are_not_changed_to_fractions() {
    let (publication, audit) = claim("chi_square", "4.21", "1", "< .001");
    assert!(!sentences(&publication, &audit, Lang::En).contains("0.01 instead"));
    let changed = |change: &Change| match change {
        Change::Figure { figure, .. } => audit.figures.list[*figure].at == At::ClaimDf(0),
        _ => false,
    };
    let explanations = audit.findings.iter().flat_map(|f| &f.explanations);
    assert!(!explanations.flat_map(|e| &e.changes).any(changed));
}

#[test]
fn a_statistic_that_cannot_be_is_called_so() {
    let (publication, audit) = claim("chi_square", "-4.2", "1", ".04");
    assert!(sentences(&publication, &audit, Lang::En).contains("cannot be negative"));
    assert!(sentences(&publication, &audit, Lang::Nl).contains("kan niet negatief zijn"));
    let (publication, audit) = claim("r", "1.35", "50", ".04");
    assert!(sentences(&publication, &audit, Lang::En).contains("between −1 and 1"));
}

#[test]
fn explanations_stay_within_what_the_figure_can_be() {
    let publication = read(
        &[("a", "other", 10), ("b", "other", 18)],
        r#"[[table]]
id = "1"
groups = ["a", "b"]
row = [
  { id = "yes", measure = "binary", cells = { a = "0.30 (0.46)" } },
  { id = "score", measure = "numeric", integer = true, cells = { b = "3.44 (2.47)" } },
]
"#,
    );
    let audit = audit::audit(&publication);
    assert_eq!(audit.findings.len(), 2);
    for explanation in audit.findings.iter().flat_map(|f| &f.explanations) {
        for change in &explanation.changes {
            if let Change::Figure { figure, to, .. } = change {
                let from = audit.figures.list[*figure].printed.value();
                let ratio = to.value() / from;
                assert!((0.5..2.0).contains(&ratio), "{change:?}");
            }
        }
    }
}

#[test]
fn words_that_deny_are_denied_plainly() {
    let publication = read(
        &[("a", "intervention", 10), ("b", "control", 10)],
        r#"[[table]]
id = "1"
groups = ["a", "b"]
row = [{ id = "x", measure = "numeric", cells = { a = "3.4", b = "3.1" } }]
[[claim]]
id = "c"
text = "…"
rows = ["1/x"]
group = "a"
is = "not_higher"
than = "b"
"#,
    );
    let audit = audit::audit(&publication);
    assert!(sentences(&publication, &audit, Lang::En).contains("3.4 is higher than 3.1, unlike"));
    assert!(sentences(&publication, &audit, Lang::Nl).contains("3.4 is hoger dan 3.1, anders"));
}

#[test]
fn a_coarse_figure_that_occurs_twice_is_no_copied_column() {
    let table = |cell: &str, range: &str| {
        format!(
            "[[table]]\nid = \"1\"\ngroups = [\"a\", \"b\"]\nrow = [{{ id = \"x\", measure = \"numeric\", integer = true, {range}cells = {{ a = \"{cell}\", b = \"{cell}\" }} }}]\n"
        )
    };
    let few = read(
        &[("a", "intervention", 4), ("b", "control", 4)],
        &table("2.00 (0.82)", "range = \"1-5\", "),
    );
    assert!(audit::audit(&few).findings.is_empty());
    let shares = read(
        &[("a", "intervention", 400), ("b", "control", 500)],
        r#"[[table]]
id = "1"
groups = ["a", "b"]
form = "count_percent"
row = [
  { id = "sex", measure = "categorical" },
  { id = "m", part_of = "sex", cells = { a = "45.0%", b = "45.0%" } },
  { id = "f", part_of = "sex", cells = { a = "55.0%", b = "55.0%" } },
]
"#,
    );
    assert!(audit::audit(&shares).findings.is_empty());
    // Many people and many digits: the same mean and SD twice is worth a question.
    let many = read(
        &[("a", "intervention", 400), ("b", "control", 500)],
        &table("45.312 (11.027)", ""),
    );
    let audit = audit::audit(&many);
    let copied = |f: &audit::Finding| audit.checks[f.checks[0]].name() == "copied_column";
    assert!(audit.findings.iter().any(copied));
}

#[test]
fn half_a_pair_of_brackets_is_read_and_noted() {
    let publication = read(
        &[("a", "other", 10)],
        "[[table]]\nid = \"1\"\ngroups = [\"a\"]\nrow = [{ id = \"x\", measure = \"numeric\", cells = { a = \"0.10 (0.90\" } }]\n",
    );
    let audit = audit::audit(&publication);
    assert_eq!(audit.figures.list.len(), 3);
    assert!(matches!(
        audit.notes[..],
        [audit::Note::LacksBracket { .. }]
    ));
}
