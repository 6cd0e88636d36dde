//! Chapters of the written report: deviations from the protocol, methods, the checklist, ids.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fip::report::catalog::consort::SECTIONS;
use fip::report::catalog::{method, technique};
use fip::words::Lang::{En, Nl};

use crate::workdir::Workdir;

fn worked() -> Workdir {
    let dir = Workdir::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ijsselgemeenten");
    for file in ["register.csv", "outcomes.csv", "trial.toml"] {
        dir.write(file, fs::read(from.join(file)).unwrap());
    }
    dir.drawn();
    dir
}

fn chapter<'a>(text: &'a str, name: &str) -> &'a str {
    let start = text
        .find(&format!("## {name}\n"))
        .unwrap_or_else(|| panic!("no chapter {name}"));
    let rest = &text[start + 3..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

fn report(dir: &Workdir, lang: &str) -> String {
    dir.fip(&format!("report out --format markdown --lang {lang}"))
        .ok()
        .stdout
}

#[test]
fn without_a_deviation_the_report_says_what_was_compared() {
    let dir = worked();
    dir.fip("run trial.toml").ok();
    let nl = report(&dir, "nl");
    let text = chapter(&nl, "Afwijkingen van het protocol");
    assert!(
        text.contains("Vergeleken met het protocol") && text.contains("geen afwijking gevonden"),
        "{text}"
    );
    let en = report(&dir, "en");
    assert!(chapter(&en, "Deviations from the protocol").contains("No deviation was found"));
    // Items 10 and 21d point to it.
    let list = chapter(&nl, "CONSORT 2025: waar staat wat");
    for item in ["10. ", "21d. "] {
        let line = list.lines().find(|line| line.contains(item)).unwrap();
        assert!(line.contains("Afwijkingen van het protocol"), "{line}");
    }
}

#[test]
fn deviations_stand_beside_what_was_registered() {
    let dir = worked();
    let anew = dir
        .read("trial.toml")
        .replace("\"20170301\"", "\"20170302\"");
    dir.write("trial.toml", anew);
    dir.fip("assign trial.toml --redraw 'verkeerd register'")
        .ok();
    let changed = dir
        .read("trial.toml")
        .replacen("tests = [", "tests = [\"brunner_munzel\", ", 1)
        .replacen(
            "kind = \"binary\"\nprimary",
            "kind = \"binary\"\ntests = [\"levene\", \"brunner_munzel\"]\nprimary",
            1,
        );
    dir.write("trial.toml", changed);
    dir.fip("run trial.toml").ok();
    let en = report(&dir, "en");
    let text = chapter(&en, "Deviations from the protocol");
    for words in [
        "Draw with seed 20170301",
        "seed 20170302",
        "verkeerd register",
        "Protocol at the draw: SHA-256",
        "changed: SHA-256",
    ] {
        assert!(text.contains(words), "no '{words}' in {text}");
    }
    assert!(!text.contains("No deviation"), "{text}");
}

#[test]
fn without_a_protocol_nothing_was_registered() {
    let dir = worked();
    dir.fip("assign register.csv --id klantnummer --arm interventie=360 --arm controle --seed 1 --out out").ok();
    let nl = report(&dir, "nl");
    assert!(chapter(&nl, "Afwijkingen van het protocol").contains("vooraf is niets vastgelegd"));
}

#[test]
fn methods_name_what_was_used_and_nothing_else() {
    let dir = worked();
    dir.fip("run trial.toml").ok();
    let text = report(&dir, "en");
    let text = chapter(&text, "Methods");
    for used in [
        "Welch 1947",
        "Newcombe 1998",
        "Katz et al. 1978",
        "Woolf 1955",
        "Wu and Ding 2021",
        "Holm 1979",
        "Westfall and Young 1993",
        "Lee 2009",
        "Horowitz and Manski 2000",
        "Anderson and Rubin 1949",
        "Lin 2013",
        "Hainmueller 2012",
        "Abadie and Imbens 2006",
        "Hansen and Bowers 2008",
        "Cumming and Finch 2001",
    ] {
        assert!(text.contains(used), "{used} is not in {text}");
    }
    for unused in ["Gerber and Green", "McCaffrey", "Fieller", "interaction,"] {
        assert!(!text.contains(unused), "{unused} is in {text}");
    }
    // Whoever is cited is among the references, and the other way round.
    let (prose, references) = text.split_once("### References").unwrap();
    for line in references.lines().filter(|line| line.starts_with("- ")) {
        let author: String = line[2..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '\'')
            .collect();
        let cited = prose.contains(&author) || author == "Hopewell";
        assert!(cited, "{line} is cited nowhere");
    }
}

#[test]
fn every_sentence_on_a_method_cites_what_it_lists() {
    use fip::results::{Measure, RandomizationStatistic, TestName};
    let tests = [
        TestName::WelchT,
        TestName::PearsonChiSquare,
        TestName::Permutation,
    ]
    .map(method::test);
    let measures =
        [Measure::CohensD, Measure::CramersV, Measure::RiskRatio].map(technique::measure);
    let draws = [RandomizationStatistic::Studentized].map(technique::randomization);
    for one in tests
        .into_iter()
        .chain(measures)
        .chain(draws)
        .chain([technique::LEE, technique::RESPONSE_WEIGHTED])
    {
        for source in one.source.lines() {
            let year = source.split(['(', ')']).nth(1).unwrap();
            assert!(
                one.text(Nl).contains(year) && one.text(En).contains(year),
                "{source}"
            );
        }
    }
}

#[test]
fn the_checklist_has_the_published_numbers() {
    // Hopewell et al. 2025, table 1.
    let published = "1a 1b 2 3 4 5a 5b 6 7 8 9 10 11 12a 12b 13 14 15 16a 16b 17a 17b 18 19 20a 20b 21a 21b 21c 21d \
                     22a 22b 23a 23b 24a 24b 25 26 27 28 29 30";
    let ours: Vec<&str> = SECTIONS
        .iter()
        .flat_map(|section| section.items)
        .map(|item| item.number)
        .collect();
    assert_eq!(ours, published.split_whitespace().collect::<Vec<_>>());
    let sections: Vec<&str> = SECTIONS
        .iter()
        .map(|section| section.name.text(En))
        .collect();
    assert_eq!(
        sections,
        [
            "Title and abstract",
            "Open science",
            "Introduction",
            "Methods",
            "Results",
            "Discussion"
        ]
    );
    let texts: BTreeSet<&str> = SECTIONS
        .iter()
        .flat_map(|section| section.items)
        .map(|item| item.asks.text(Nl))
        .collect();
    assert_eq!(texts.len(), ours.len());
}

#[test]
fn ids_are_named_to_whoever_runs_it_and_in_no_report() {
    let dir = worked();
    // Somebody who was never drawn, and somebody whose row is missing.
    let export = dir.read("outcomes.csv");
    let (head, rest) = export.split_once('\n').unwrap();
    let (gone, kept) = rest.split_once('\n').unwrap();
    let absent = gone.split(';').next().unwrap().to_owned();
    let strange = gone.replacen(&absent, "ZZ99887766", 1);
    dir.write("outcomes.csv", format!("{head}\n{kept}{strange}\n"));
    let ran = dir
        .fip("run trial.toml --write html,markdown,latex,csv")
        .ok();
    assert!(ran.stderr.contains("ZZ99887766"), "{}", ran.stderr);
    let mut shown = vec![ran.stdout];
    for form in ["json", "html", "markdown", "csv"] {
        shown.push(dir.fip(&format!("report out --format {form}")).ok().stdout);
    }
    for text in shown {
        assert!(!text.contains("ZZ99887766") && !text.contains(&absent));
    }
    for file in ["report.html", "report.md", "report.tex"] {
        let text = dir.read(&format!("out/report/{file}"));
        assert!(
            !text.contains("ZZ99887766") && !text.contains(&absent),
            "{file}"
        );
    }
    // An error may name the row, and no report is written then.
    let doubled = format!("{head}\n{kept}{strange}\n{strange}\n");
    dir.write("outcomes.csv", doubled);
    let before = dir.read("out/report/report.html");
    dir.fip("run trial.toml").exits(3).says(&["ZZ99887766"]);
    assert_eq!(before, dir.read("out/report/report.html"));
}

#[test]
fn a_run_shows_the_leading_results() {
    let dir = worked();
    let shown = dir.fip("run trial.toml").ok().stdout;
    let lines = shown.lines().count();
    assert!(lines < 200, "{lines} lines");
    for words in [
        "In het kort",
        "Verloop van het onderzoek",
        "Balans",
        "Effecten",
        "Let op:",
        "out/report",
        "fip report",
    ] {
        assert!(shown.contains(words), "{words}");
    }
    let whole = dir.fip("report out").ok().stdout;
    assert!(whole.lines().count() > 3 * lines && whole.contains("Werkwijze"));
    // Other forms are the whole report.
    assert!(
        dir.fip("run trial.toml --format markdown")
            .ok()
            .stdout
            .contains("## Werkwijze")
    );
}
