//! The rules of the house that can be searched for.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        let mut entries: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join(folder), &mut found);
    found
        .into_iter()
        .map(|(path, text)| (path.strip_prefix(root).unwrap().to_path_buf(), text))
        .collect()
}

/// Code without comments and without the unit tests at the end of a file.
fn code(text: &str) -> String {
    text.split("#[cfg(test)]")
        .next()
        .unwrap_or("")
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn offenders(words: &[&str], allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in sources("src") {
        let name = path.to_string_lossy().into_owned();
        if allowed(&name) {
            continue;
        }
        for (number, line) in code(&text).lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{name}: {} ({line})", number + 1));
            }
        }
    }
    found
}

fn within(rooms: &'static [&'static str]) -> impl Fn(&str) -> bool {
    move |name| rooms.iter().any(|room| name.starts_with(room))
}

fn none(found: Vec<String>) {
    assert!(found.is_empty(), "out of its room:\n{}", found.join("\n"));
}

#[test]
fn polars_stays_in_the_data_room() {
    none(offenders(
        &["polars::", "use polars"],
        within(&["src/data/"]),
    ));
}

#[test]
fn statrs_is_only_compared_with() {
    none(offenders(&["statrs::"], |_| false));
}

#[test]
fn chacha_stays_in_the_design_room() {
    none(offenders(
        &["rand_chacha", "rand::"],
        within(&["src/design/"]),
    ));
}

#[test]
fn kernels_know_no_files_and_no_arguments() {
    let rooms = ["src/stats/", "src/design/", "src/audit/"];
    none(offenders(
        &[
            "std::fs",
            "std::path",
            "clap::",
            "crate::cli",
            "crate::data",
            "crate::commands",
            "polars",
        ],
        move |name| !rooms.iter().any(|room| name.starts_with(room)),
    ));
}

#[test]
fn statistics_know_no_seed() {
    none(offenders(&["crate::design", "seed"], |name| {
        !name.starts_with("src/stats/")
    }));
}

#[test]
fn only_main_prints_and_exits() {
    none(offenders(
        &[
            "println!",
            "eprintln!",
            "print!(",
            "process::exit",
            "io::stdout",
            "io::stderr",
        ],
        within(&["src/main.rs"]),
    ));
}

#[test]
fn floats_become_text_in_one_place() {
    none(offenders(
        &[":.1}", ":.2}", ":.3}", ":.4}", ":.*}", ":.prec"],
        within(&["src/words/number.rs"]),
    ));
}

/// The floors of the house, the ground first: a room uses only rooms of lower floors.
const FLOORS: [&[&str]; 11] = [
    &["error"],
    &["condition", "words"],
    &["columns"],
    &["data", "design", "results"],
    &["cli", "protocol", "publication", "release", "stats"],
    &["audit", "document", "record", "study"],
    &["answer", "balance"],
    &["evaluate"],
    &["intake"],
    &["report"],
    &["commands"],
];

/// The name that a line of code has after `crate::`, as often as it stands there.
fn rooms_named(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// No arrow up and none within a floor, so no circle of rooms either.
#[test]
fn nothing_flows_back() {
    let floor = |room: &str| FLOORS.iter().position(|floor| floor.contains(&room));
    let mut found = Vec::new();
    for (path, text) in sources("src") {
        let name = path.to_string_lossy().replace('\\', "/");
        let inside = name.trim_start_matches("src/");
        let room = inside.split('/').next().unwrap_or(inside);
        let room = room.trim_end_matches(".rs");
        if matches!(room, "main" | "lib") {
            continue;
        }
        let Some(own) = floor(room) else {
            found.push(format!("{name}: the room `{room}` has no floor"));
            continue;
        };
        for (number, line) in code(&text).lines().enumerate() {
            for used in rooms_named(line).filter(|used| *used != room) {
                if floor(used).is_none_or(|floor| floor >= own) {
                    found.push(format!("{name}: {} ({line})", number + 1));
                }
            }
        }
    }
    none(found);
}

/// A document is made of results that may be shown; who shows none says so.
#[test]
fn a_document_is_made_from_released_results() {
    none(offenders(
        &["no_results()"],
        within(&[
            "src/release/",
            "src/report/power.rs",
            "src/report/reproduction.rs",
            "src/report/schedule.rs",
            "src/commands/init.rs",
            "src/commands/reproduce.rs",
            "src/commands/shell.rs",
            "src/commands/synth.rs",
        ]),
    ));
    // What adds a chapter to a document is reached through the documents of `report` only.
    for (path, text) in sources("src/report") {
        let code: String = code(&text).split_whitespace().collect();
        assert!(
            !code.contains("(doc:&mutDocument") || !code.contains("pubfnsection("),
            "{} lets anybody add results to a document",
            path.display()
        );
    }
}

#[test]
fn no_publication_is_named_in_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            let place = stem
                .trim_end_matches(|c: char| c.is_ascii_digit() || c == '-')
                .to_string();
            none(offenders(&[place.as_str()], |_| false));
        }
    }
}

#[test]
fn every_test_file_is_part_of_the_suite() {
    let main =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/main.rs"))
            .unwrap();
    for (path, _) in sources("tests/suite") {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let top = path
            .parent()
            .is_some_and(|parent| parent.ends_with("suite"));
        if top && stem != "main" {
            assert!(
                main.contains(&format!("mod {stem};")),
                "tests/suite/{stem}.rs is not in main.rs"
            );
        }
    }
}

/// What runs the program elsewhere is missing from the corpus.
#[test]
fn the_program_is_run_in_one_place() {
    let runs = concat!("CARGO_BIN_EXE", "_fip");
    for (path, text) in sources("tests/suite") {
        assert!(
            !text.contains(runs) || path.ends_with("workdir.rs"),
            "{} runs fip itself: Workdir does",
            path.display()
        );
    }
}

#[test]
fn no_drawer_for_everything() {
    for (path, _) in sources("src") {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            !["utils", "util", "helpers", "misc", "common"].contains(&stem.as_str()),
            "{} is a drawer, not a room",
            path.display()
        );
    }
}

/// A verb is arguments, output and exit code; what is longer has a room of its own. Those still to be
/// emptied are listed with their length, which may only fall.
#[test]
fn verbs_are_short() {
    const LIMIT: usize = 120;
    const LONGER: [(&str, usize); 1] = [("src/commands/power.rs", 351)];
    for (path, text) in sources("src/commands") {
        let name = path.to_string_lossy();
        let lines = text.lines().count();
        let listed = LONGER.iter().find(|(longer, _)| *longer == name);
        let limit = listed.map_or(LIMIT, |(_, length)| *length);
        assert!(lines <= limit, "{name} has {lines} lines, {limit} at most");
        assert!(
            listed.is_none() || lines > LIMIT,
            "{name} is short now: take it off the list"
        );
    }
}
