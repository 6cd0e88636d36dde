//! Folders that are made whole: what stays of an earlier run, of two at once, of one that was
//! killed, and of somebody's own work.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use fip::data::{LOCK, Lock, SUMS, WholeFolder, sha256_hex};

use crate::workdir::Workdir;

/// A trial of 60 people, one of whom has another origin; `more` goes into the protocol.
fn trial(dir: &Workdir, name: &str, more: &str) {
    let mut register = String::from("id,age,origin\n");
    for i in 0..60 {
        register += &format!("k{i:02},{},{}\n", 20 + i * 7 % 40, u8::from(i == 30));
    }
    dir.write(&name.replace("trial.toml", "register.csv"), register);
    dir.write(
        name,
        format!(
            "[trial]\nname = \"{name}\"\nlanguage = \"en\"\n[register]\nfile = \"register.csv\"\nid = \"id\"\n\
             [assignment]\nmethod = \"complete\"\nseed = \"5\"\n\
             [[assignment.arm]]\nname = \"new\"\nsize = 30\nrole = \"intervention\"\n\
             [[assignment.arm]]\nname = \"old\"\nrole = \"control\"\n\
             [[covariate]]\nname = \"age\"\nkind = \"numeric\"\n\
             [[covariate]]\nname = \"origin\"\nkind = \"binary\"\n{more}"
        ),
    );
}

const OUTCOMES: &str =
    "[outcomes]\nfile = \"outcomes.csv\"\n[[outcome]]\nname = \"job\"\nkind = \"binary\"\n";

fn outcomes(dir: &Workdir) {
    let mut export = String::from("id,job\n");
    for i in 0..60 {
        export += &format!("k{i:02},{}\n", u8::from(i % 3 == 0));
    }
    dir.write("outcomes.csv", export);
}

/// Every file of a folder with its bytes, hidden ones too.
fn everything(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, top: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => walk(&path, top, found),
                false => {
                    let name = path.strip_prefix(top).unwrap().display().to_string();
                    found.insert(name, fs::read(&path).unwrap());
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// The folder holds what its list says, no more and no less.
#[track_caller]
fn whole(folder: &Path) {
    let mut files = everything(folder);
    let sums = String::from_utf8(files.remove(SUMS).expect("a list of files")).unwrap();
    let found: String = files
        .iter()
        .map(|(name, bytes)| format!("{}  {name}\n", sha256_hex(bytes)))
        .collect();
    assert_eq!(sums, found);
}

const ALL: &str = "--write html,markdown,latex,csv,docx,xlsx";

#[test]
fn nothing_of_an_earlier_run_stays() {
    let dir = Workdir::new();
    outcomes(&dir);
    trial(&dir, "trial.toml", OUTCOMES);
    dir.drawn().fip(&format!("run trial.toml {ALL}")).ok();
    whole(&dir.path("out/report"));
    let first = everything(&dir.path("out/report"));

    let limit = format!("{OUTCOMES}[report]\nmin_cell = 5\n");
    trial(&dir, "trial.toml", &limit);
    dir.fip("run trial.toml --write csv").ok();
    let second = everything(&dir.path("out/report"));
    whole(&dir.path("out/report"));
    assert!(first.contains_key("report.docx") && !second.contains_key("report.docx"));

    // As if there had been no other.
    let fresh = Workdir::new();
    outcomes(&fresh);
    trial(&fresh, "trial.toml", &limit);
    for (name, bytes) in everything(&dir.path("record")) {
        fresh.write(&format!("record/{name}"), bytes);
    }
    fresh.fip("run trial.toml --write csv").ok();
    assert_eq!(everything(&fresh.path("out")), everything(&dir.path("out")));
}

#[test]
fn results_that_a_run_does_not_have_are_none_of_its_results() {
    let dir = Workdir::new();
    outcomes(&dir);
    trial(&dir, "trial.toml", OUTCOMES);
    dir.drawn().fip("run trial.toml").ok();
    assert!(dir.path("out/evaluation.json").exists());
    fs::remove_file(dir.path("outcomes.csv")).unwrap();
    dir.fip("run trial.toml").ok().says(&["no outcomes yet"]);
    assert!(!dir.path("out/evaluation.json").exists());
    dir.fip("report out").ok();
}

#[test]
fn results_without_their_list_make_no_report() {
    let dir = Workdir::new();
    outcomes(&dir);
    trial(&dir, "trial.toml", OUTCOMES);
    dir.drawn().fip("run trial.toml").ok();
    fs::remove_file(dir.path("out/stages.json")).unwrap();
    dir.fip("report out")
        .exits(3)
        .says(&["stages.json", "fip run"]);
}

#[test]
fn what_somebody_has_changed_or_added_is_not_lost() {
    let dir = Workdir::new();
    trial(&dir, "trial.toml", "");
    dir.fip("run trial.toml").ok();
    let before = everything(&dir.path("out"));
    for (file, says) in [
        ("out/report/report.md", "changed after fip wrote"),
        ("out/report/letter.docx", "did not write"),
        ("out/report/figures/own.svg", "figures/own.svg"),
    ] {
        let kept = fs::read(dir.path(file)).ok();
        dir.write(file, "my own words");
        dir.fip("run trial.toml --quiet").exits(4).says(&[says]);
        dir.fip("report out --out out/report")
            .exits(4)
            .says(&[says]);
        assert_eq!(dir.read(file), "my own words");
        match kept {
            Some(bytes) => fs::write(dir.path(file), bytes).unwrap(),
            None => fs::remove_file(dir.path(file)).unwrap(),
        }
        assert_eq!(everything(&dir.path("out")), before);
    }
    // What nobody made does not stand in the way.
    dir.write("out/report/.DS_Store", "x")
        .write("out/report/.report.md.123.part", "x");
    dir.fip("run trial.toml").ok();
    assert_eq!(everything(&dir.path("out")), before);
}

#[test]
fn a_folder_with_other_things_in_it_is_no_place_for_a_report() {
    let dir = Workdir::new();
    trial(&dir, "trial.toml", "");
    dir.fip("run trial.toml").ok();
    dir.fip("report out --out .").exits(4).says(&["of its own"]);
    dir.fip("report out --out out")
        .exits(4)
        .says(&["balance.json", "more"]);
    dir.write("file", "text");
    dir.fip("report out --out file").exits(4).says(&["file"]);
    assert_eq!(
        dir.files(),
        ["file", "out", "record", "register.csv", "trial.toml"]
    );
    // An empty one is, and one in a folder that is not there yet.
    fs::create_dir(dir.path("empty")).unwrap();
    dir.fip("report out --out empty").ok();
    dir.fip("report out --out a/b/c").ok();
    whole(&dir.path("empty"));
    assert_eq!(
        everything(&dir.path("empty")),
        everything(&dir.path("a/b/c"))
    );
}

#[test]
fn what_a_killed_run_has_left_goes_with_the_next() {
    let dir = Workdir::new();
    trial(&dir, "trial.toml", "");
    dir.fip("run trial.toml").ok();
    let before = everything(&dir.path("out"));
    dir.write("out/.allocation.csv.4711.part", "k00,new")
        .write("out/.report.new/report.md", "half")
        .write("out/.fip.lock", "4711")
        .write("out/.report.lock", "4711");
    dir.fip("run trial.toml").ok();
    assert_eq!(everything(&dir.path("out")), before);
    // Killed between two renames, where there is no single step.
    fs::rename(dir.path("out/report"), dir.path("out/.report.old")).unwrap();
    dir.fip("report out --out out/report").ok();
    whole(&dir.path("out/report"));
    assert!(!dir.path("out/.report.old").exists());
}

#[test]
fn one_run_at_a_time() {
    let dir = Workdir::new();
    trial(&dir, "trial.toml", "");
    {
        let _held = ["out", "record"].map(|name| Lock::take(&dir.path(name), LOCK).unwrap());
        let me = format!("process {}", std::process::id());
        for command in ["run trial.toml", "assign trial.toml"] {
            dir.fip(command).exits(4).says(&["another run", &me]);
        }
        for name in ["out", "record"] {
            assert!(everything(&dir.path(name)).keys().all(|name| name == LOCK));
        }
    }
    // A folder that was made for nothing goes again.
    assert!(!dir.path("out").exists() && !dir.path("record").exists());
    dir.fip("run trial.toml").ok();
    let folder = WholeFolder::begin(&dir.path("out/report")).unwrap();
    dir.fip("report out --out out/report")
        .exits(4)
        .says(&["another run"]);
    drop(folder);
    whole(&dir.path("out/report"));
    assert!(
        everything(&dir.path("out"))
            .keys()
            .all(|name| !name.starts_with('.'))
    );
}

/// Two protocols into one folder: the report is of one of them, whole.
#[test]
fn two_at_once_are_one_after_the_other_or_refused() {
    let dir = Workdir::new();
    let names = ["one/trial.toml", "two/trial.toml"];
    for name in names {
        trial(&dir, name, "");
    }
    dir.fip("run one/trial.toml --out out").ok();
    for _ in 0..6 {
        let running = names.map(|name| dir.start(&format!("run {name} --out out")));
        let codes = running.map(|mut child| child.wait().unwrap().code().unwrap());
        assert!(
            codes.contains(&0) && codes.iter().all(|code| [0, 4].contains(code)),
            "{codes:?}"
        );
        whole(&dir.path("out/report"));
        let text = dir.read("out/report/report.md");
        let page = dir.read("out/report/report.html");
        let of = |name: &str| (text.contains(name), page.contains(name));
        let of = names.map(of);
        assert!(
            of == [(true, true), (false, false)] || of == [(false, false), (true, true)],
            "{of:?}"
        );
        dir.fip("report out").ok();
    }
}

/// Killed at any time: the old folder or the new one.
#[test]
fn a_killed_run_leaves_the_old_folder_or_the_new_one() {
    let dir = Workdir::new();
    outcomes(&dir);
    trial(&dir, "trial.toml", OUTCOMES);
    dir.drawn().fip("run trial.toml").ok();
    for round in 0..30_u64 {
        let forms = if round % 2 == 0 {
            "csv"
        } else {
            "markdown,html"
        };
        let mut child = dir.start(&format!("run trial.toml --write {forms}"));
        thread::sleep(Duration::from_millis(5 + round * 7));
        child.kill().unwrap();
        child.wait().unwrap();
        whole(&dir.path("out/report"));
    }
    dir.fip("run trial.toml").ok();
    let names = everything(&dir.path("out"));
    assert!(
        names
            .keys()
            .all(|name| !name.contains("/.") && !name.starts_with('.')),
        "{:?}",
        names.keys()
    );
}

#[cfg(unix)]
#[test]
fn links_and_folders_that_may_not_be_written() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = Workdir::new();
    trial(&dir, "trial.toml", "");
    dir.fip("run trial.toml").ok();
    // A link stays a link: what it leads to is made anew.
    fs::create_dir(dir.path("share")).unwrap();
    fs::rename(dir.path("out/report"), dir.path("share/report")).unwrap();
    symlink(dir.path("share/report"), dir.path("out/report")).unwrap();
    dir.fip("run trial.toml --write csv").ok();
    assert!(
        dir.path("out/report")
            .symlink_metadata()
            .unwrap()
            .is_symlink()
    );
    whole(&dir.path("share/report"));
    assert!(!dir.path("share/report/report.md").exists());
    // A link in the folder is somebody's own.
    dir.write("elsewhere", "text");
    symlink(dir.path("elsewhere"), dir.path("out/report/link")).unwrap();
    dir.fip("run trial.toml").exits(4).says(&["link"]);
    fs::remove_file(dir.path("out/report/link")).unwrap();
    // The mode is kept; without leave to write nothing is.
    let mode = |mode: u32| {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(dir.path("share/report"), permissions).unwrap();
    };
    mode(0o750);
    dir.fip("run trial.toml").ok();
    let found = fs::metadata(dir.path("share/report"))
        .unwrap()
        .permissions();
    assert_eq!(found.mode() & 0o777, 0o750);
    mode(0o555);
    dir.fip("run trial.toml --write csv")
        .exits(3)
        .says(&["cannot be written"]);
    mode(0o755);
    assert!(dir.path("share/report/report.md").exists());
}
