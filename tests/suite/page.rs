//! The page that a works council member opens: its own program draws the same, without ids. Where there is
//! no node to run it, and no Chromium to open it, that is said and nothing is tested.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fip::record::{FOLDER, PAGE_TEXT};
use serde_json::Value;

use super::workdir::Workdir;

fn there(program: &str) -> bool {
    let asked = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let there = asked.is_ok_and(|status| status.success());
    if !there {
        eprintln!("{program} is not here: the page is not tested with it");
    }
    there
}

/// Runs the page's script, and after it this one; what it logs is JSON.
fn node(dir: &Workdir, more: &str) -> Value {
    let (_, script) = PAGE_TEXT.split_once("<script>").unwrap();
    let (script, _) = script.split_once("</script>").unwrap();
    dir.write("page.js", format!("{script}\n{more}"));
    let output = Command::new("node")
        .arg(dir.path("page.js"))
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn check(dir: &Workdir, event: &str) -> Value {
    let path = |name: &str| dir.path(&format!("{FOLDER}/{event}/{name}"));
    let text = |path: PathBuf| serde_json::to_string(&fs::read_to_string(path).unwrap()).unwrap();
    let (manifest, public) = (text(path("manifest.json")), text(path("draw-public.csv")));
    node(
        dir,
        &format!("console.log(JSON.stringify(globalThis.fip.check({manifest}, {public})))"),
    )
}

#[test]
fn the_page_has_the_streams_of_the_vectors() {
    if !there("node") {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/assign.json");
    let vectors: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let text = |value: &Value| value.to_string();
    let (stream, shuffle) = (&vectors["stream"], &vectors["shuffle"]);
    let found = node(
        &Workdir::new(),
        &format!(
            "const s = new globalThis.fip.Stream({}, {}); const items = {}; \
             new globalThis.fip.Stream({}, {}).shuffle(items); \
             console.log(JSON.stringify({{ u64: {}.map(() => String(s.u64())), items, \
             sha: globalThis.fip.sha256('abc') }}))",
            text(&stream["seed"]),
            text(&stream["label"]),
            text(&shuffle["items"]),
            text(&shuffle["seed"]),
            text(&shuffle["label"]),
            text(&stream["u64"]),
        ),
    );
    assert_eq!(found["u64"], stream["u64"]);
    assert_eq!(found["items"], shuffle["order"]);
    // FIPS 180-4, the example of one block.
    assert_eq!(
        found["sha"],
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

const ARMS: &str = "[[assignment.arm]]\nname = \"nieuw\"\nSIZE\nrole = \"intervention\"\n\
    [[assignment.arm]]\nname = \"derde\"\nshare = 0.25\n[[assignment.arm]]\nname = \"gewoon\"\nrole = \"control\"\n";

/// A trial of this design among 91 people of three towns, two or three to a household.
fn trial(assignment: &str, size: &str) -> Workdir {
    let dir = Workdir::new();
    let person = |i: u32| {
        let town = ["Noord", "Zuid", "Zuid | Oost"][(i / 3 % 7 % 3) as usize];
        format!("p{:03};{town};h{}\n", i * 37 % 997, i / 3)
    };
    let register = |from: u32, to: u32| {
        (from..to).fold(String::from("nr;plaats;huis\n"), |text, i| {
            text + &person(i)
        })
    };
    let arms = match size.contains('{') {
        true => ARMS.replace(
            "share = 0.25\n",
            "size = { Noord = 3, Zuid = 4, \"Zuid | Oost\" = 2 }\n",
        ),
        false => ARMS.to_string(),
    };
    dir.write("register.csv", register(0, 91))
        .write("later.csv", register(0, 151))
        .write(
            "trial.toml",
            format!(
                "[register]\nfile = \"register.csv\"\nid = \"nr\"\n[assignment]\n{assignment}\n{}",
                arms.replace("SIZE", size)
            ),
        );
    dir
}

/// The program in plain Python, of the same files.
fn python(dir: &Workdir, event: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rederive.py");
    let path = |name: &str| dir.path(&format!("{FOLDER}/{event}/{name}"));
    let output = Command::new("python3")
        .arg(script)
        .arg(path("manifest.json"))
        .arg("--public")
        .arg(path("draw-public.csv"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{output:?}");
}

#[test]
fn the_page_makes_every_kind_of_draw_again() {
    let (node, python3) = (there("node"), there("python3"));
    let check = |dir: &Workdir, event: &str| match node {
        true => Some(check(dir, event)),
        false => None,
    };
    for (assignment, size) in [
        ("method = \"complete\"", "size = 30"),
        ("method = \"simple\"", "share = 0.35"),
        (
            "method = \"stratified\"\nstrata = [\"plaats\"]",
            "share = 0.4",
        ),
        (
            "method = \"stratified\"\nstrata = [\"plaats\"]",
            "size = { Noord = 10, Zuid = 12, \"Zuid | Oost\" = 5 }",
        ),
        ("method = \"complete\"\ncluster = \"huis\"", "size = 12"),
        (
            "method = \"stratified\"\nstrata = [\"plaats\"]\ncluster = \"huis\"\ncount = \"persons\"",
            "share = 0.4",
        ),
    ] {
        let dir = trial(assignment, size);
        dir.drawn();
        let again = |event: &str| {
            let rows = dir
                .read(&format!("{FOLDER}/{event}/draw-public.csv"))
                .lines()
                .count()
                - 1;
            if let Some(found) = check(&dir, event) {
                let found = (&found["same"], &found["persons"]);
                assert_eq!(
                    found,
                    (&true.into(), &rows.into()),
                    "{event} of {assignment} {size}"
                );
            }
            if python3 {
                python(&dir, event);
            }
        };
        again("01-drawn");
        if !size.contains('{') {
            dir.fip("add trial.toml later.csv").ok();
            again("02-added");
        }
        // Somebody is in another arm.
        let file = format!("{FOLDER}/01-drawn/draw-public.csv");
        let text = dir.read(&file);
        let moved = text.replacen(",gewoon", ",nieuw", 1);
        assert_ne!(text, moved);
        dir.write(&file, moved);
        if let Some(found) = check(&dir, "01-drawn") {
            let different = found["different"].as_array().unwrap().len();
            assert_eq!((&found["same"], different), (&false.into(), 1));
        }
    }
}

#[test]
fn the_page_sees_what_was_committed_to() {
    if !there("node") {
        return;
    }
    let dir = trial("method = \"complete\"", "size = 30");
    dir.fip("commit trial.toml").ok();
    dir.fip("assign trial.toml --public 'lotto 1 2 3'").ok();
    let found = check(&dir, "02-drawn");
    assert_eq!(
        (&found["same"], &found["commit"]["same"]),
        (&true.into(), &true.into())
    );
    assert_eq!(found["commit"]["text"], "lotto 1 2 3");
    let manifest = dir.json(&format!("{FOLDER}/02-drawn/manifest.json"));
    let other = dir
        .read(&format!("{FOLDER}/02-drawn/manifest.json"))
        .replace(
            manifest["register"]["sha256"].as_str().unwrap(),
            &"0".repeat(64),
        );
    dir.write(&format!("{FOLDER}/02-drawn/manifest.json"), other);
    assert_eq!(check(&dir, "02-drawn")["commit"]["same"], false);
}

/// It opens from a folder, in a browser, and says what it is.
#[test]
fn the_page_opens_in_a_browser() {
    if !there("chromium") {
        return;
    }
    let dir = trial("method = \"complete\"", "size = 30");
    dir.drawn();
    let page = dir.path(&format!("{FOLDER}/01-drawn/verify.html"));
    let output = Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", dir.path("browser").display()))
        .arg(format!("file://{}", page.display()))
        .stderr(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("draw-public.csv") && text.contains("manifest.json"),
        "{text}"
    );
    assert!(
        text.contains("Make the draw again") || text.contains("De loting overdoen"),
        "{text}"
    );
}
