//! `examples/rederive.py`, the independent implementation, against our draw and against
//! the vectors. Skipped, with a note, where there is no python3.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use fip::design::{
    ALGORITHM, Allocation, AllocationRecord, ArmPlan, Counting, Counts, DesignRecord, Excluded,
    Manifest, Method, Plan, Quota, RegisterRecord, SCHEMA, SeedSource, Texts, Units, draw,
};
use sha2::{Digest, Sha256};

use super::plan;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn python(arguments: &[&Path]) -> Option<Output> {
    let output = Command::new("python3")
        .arg(root().join("examples/rederive.py"))
        .args(arguments)
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output();
    if output.is_err() {
        eprintln!("skipped: there is no python3 to run examples/rederive.py");
    }
    output.ok()
}

#[track_caller]
fn assert_code(output: &Output, code: i32) {
    assert_eq!(
        output.status.code(),
        Some(code),
        "stdout:\n{}\nstderr:\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn python_passes_the_vectors() {
    let vectors = root().join("tests/reference/assign.json");
    if let Some(output) = python(&[Path::new("--vectors"), &vectors]) {
        assert_code(&output, 0);
    }
}

/// A register of 137 clients: id, town, sex, household. Some ids have spaces around them.
fn register() -> [Vec<String>; 4] {
    let town = [
        "Gouda",
        "’s-Gravenhage; centrum",
        "Fryslân",
        "\"Noord\"",
        "",
    ];
    [
        (0..137)
            .map(|i| {
                let id = format!("{:06}", i * 7919 % 100_000);
                if i % 10 == 3 { format!(" {id} ") } else { id }
            })
            .collect(),
        (0..137).map(|i| town[(i / 3) % 5].to_owned()).collect(),
        (0..137)
            .map(|i| ["m", "v", "x"][(i / 3) % 7 % 3].to_owned())
            .collect(),
        (0..137)
            .map(|i| format!("huis {}", i / 3 * 31 % 47))
            .collect(),
    ]
}

fn csv(columns: &[(&str, Vec<&str>)]) -> String {
    let quote = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let mut text: Vec<String> = vec![
        columns
            .iter()
            .map(|(name, _)| quote(name))
            .collect::<Vec<_>>()
            .join(";"),
    ];
    for row in 0..columns[0].1.len() {
        let cells: Vec<String> = columns.iter().map(|(_, cells)| quote(cells[row])).collect();
        text.push(cells.join(";"));
    }
    text.join("\r\n") + "\r\n"
}

fn column(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn manifest(
    plan: &Plan,
    register: &str,
    strata: &[&str],
    cluster: bool,
    left_out: u64,
    allocation: &Allocation,
) -> Manifest {
    let mut design = DesignRecord::new(plan, "klantnummer", &[]);
    design.strata = strata.iter().map(|&name| name.to_owned()).collect();
    design.cluster = cluster.then(|| "huishouden".to_owned());
    let hash = Sha256::digest(register);
    let read = allocation.arm.len() as u64 + left_out;
    let excluded = Excluded {
        reason: "too old".to_owned(),
        count: left_out,
    };
    Manifest {
        schema: SCHEMA.to_owned(),
        algorithm: ALGORITHM.to_owned(),
        fip_version: "0.1.0".to_owned(),
        seed: plan.seed().to_owned(),
        seed_source: SeedSource::Given,
        design,
        register: RegisterRecord {
            file: "register.csv".to_owned(),
            sha256: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            rows: read,
            reading: None,
        },
        protocol: None,
        min_cell: None,
        counts: Counts::new(read, vec![excluded], allocation),
        allocation: AllocationRecord {
            file: "allocation.csv".to_owned(),
            sha256: allocation.sha256.clone(),
            file_sha256: None,
        },
        previous: Vec::new(),
    }
}

#[test]
fn python_draws_the_same_allocations() {
    let [ids, town, sex, house] = register();
    let text = csv(&[
        ("klantnummer", column(&ids)),
        ("gemeente", column(&town)),
        ("geslacht", column(&sex)),
        ("huishouden", column(&house)),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("register.csv"), format!("\u{feff}{text}")).unwrap();
    let bytes = fs::read_to_string(at("register.csv")).unwrap();

    let by_town = ["gemeente"];
    let both = ["gemeente", "geslacht"];
    let (two, three) = (
        [("interventie", "41"), ("controle", "")],
        [("bellen", "20%"), ("gesprek", "0.333"), ("controle", "")],
    );
    use Method::{Complete, Simple, Stratified};
    type Design<'a> = (Method, &'a [(&'a str, &'a str)], &'a [&'a str], bool);
    let designs: [Design; 10] = [
        (
            Simple,
            &[("a", "0.1"), ("b", "0.2"), ("c", "0.7")],
            &[],
            false,
        ),
        (Simple, &[("a", "35%"), ("b", "")], &[], true),
        (Complete, &two, &[], false),
        (Complete, &three, &[], false),
        (Complete, &[("a", "12"), ("b", "")], &[], true),
        (Stratified, &two, &by_town, false),
        (Stratified, &two, &both, false),
        (Stratified, &three, &both, false),
        (
            Stratified,
            &[("a", "12"), ("b", "0.25"), ("c", "")],
            &by_town,
            true,
        ),
        (Stratified, &three, &both, true),
    ];
    for (n, (method, arms, strata, cluster)) in designs.into_iter().enumerate() {
        let plan = plan(method, arms, &format!("zaad {n} ë"));
        let columns: Vec<&dyn Texts> = strata
            .iter()
            .map(|&name| match name {
                "gemeente" => &town as &dyn Texts,
                _ => &sex,
            })
            .collect();
        let units = Units::new(&ids, &columns, cluster.then_some(&house as &dyn Texts)).unwrap();
        let allocation = draw(&plan, &units).unwrap();
        let manifest = manifest(&plan, &bytes, strata, cluster, 0, &allocation);
        fs::write(at("manifest.json"), manifest.to_json().unwrap()).unwrap();
        let Some(output) = python(&[&at("manifest.json"), &at("register.csv")]) else {
            return;
        };
        assert_code(&output, 0);
    }
}

#[test]
fn python_draws_sizes_per_stratum_persons_and_batches() {
    let [ids, town, sex, house] = register();
    let text = csv(&[
        ("klantnummer", column(&ids)),
        ("gemeente", column(&town)),
        ("geslacht", column(&sex)),
        ("huishouden", column(&house)),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("register.csv"), &text).unwrap();

    let arm = |name: &str, quota: Quota| ArmPlan {
        name: name.to_owned(),
        quota,
    };
    let arms = |size: Quota| vec![arm("i", size), arm("c", Quota::Rest)];
    let three = || {
        let share = |text: &str| Quota::Share(text.parse().unwrap());
        vec![
            arm("a", share("0.3")),
            arm("b", share("0.333")),
            arm("c", Quota::Rest),
        ]
    };
    let per_stratum = |columns: &[&dyn Texts], each: u64| {
        let units = Units::new(&ids, columns, Some(&house)).unwrap();
        let strata = units.strata_sizes(Counting::Units).into_iter();
        Quota::Sizes(strata.map(|(label, _)| (label, each)).collect())
    };
    let by_town: [&dyn Texts; 1] = [&town];
    let both: [&dyn Texts; 2] = [&town, &sex];
    use Method::{Complete, Simple, Stratified};
    let of = |method, arms, counting, batch| Plan::of(method, arms, "zaad", counting, batch);
    let (persons, counted) = (Counting::Persons, Counting::Units);
    type Design<'a> = (Plan, &'a [&'a dyn Texts], &'a [&'a str], bool);
    let designs: [Design; 7] = [
        (
            of(Complete, arms(Quota::Size(50)), persons, 1).unwrap(),
            &[],
            &[],
            true,
        ),
        (
            of(Stratified, arms(Quota::Size(50)), persons, 1).unwrap(),
            &by_town,
            &["gemeente"],
            true,
        ),
        (
            of(Stratified, three(), persons, 2).unwrap(),
            &both,
            &["gemeente", "geslacht"],
            true,
        ),
        (
            of(Stratified, arms(per_stratum(&by_town, 4)), counted, 1).unwrap(),
            &by_town,
            &["gemeente"],
            true,
        ),
        (
            of(Stratified, arms(per_stratum(&both, 1)), persons, 3).unwrap(),
            &both,
            &["gemeente", "geslacht"],
            true,
        ),
        (of(Simple, three(), counted, 2).unwrap(), &[], &[], false),
        (of(Complete, three(), counted, 4).unwrap(), &[], &[], false),
    ];
    for (plan, columns, strata, cluster) in designs {
        let units = Units::new(&ids, columns, cluster.then_some(&house as &dyn Texts)).unwrap();
        let allocation = draw(&plan, &units).unwrap();
        let manifest = manifest(&plan, &text, strata, cluster, 0, &allocation);
        fs::write(at("manifest.json"), manifest.to_json().unwrap()).unwrap();
        let Some(output) = python(&[&at("manifest.json"), &at("register.csv")]) else {
            return;
        };
        assert_code(&output, 0);
    }
}

#[test]
fn python_takes_the_eligible_from_the_allocation_and_notices_a_change() {
    let [ids, town, sex, house] = register();
    let text = csv(&[
        ("klantnummer", column(&ids)),
        ("gemeente", column(&town)),
        ("geslacht", column(&sex)),
        ("huishouden", column(&house)),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("register.csv"), &text).unwrap();

    let eligible = ids[..100].to_vec();
    let plan = plan(Method::Complete, &[("a", "30"), ("b", "")], "eligible");
    let allocation = draw(&plan, &Units::new(&eligible, &[], None).unwrap()).unwrap();
    let manifest = manifest(&plan, &text, &[], false, 37, &allocation);
    fs::write(at("manifest.json"), manifest.to_json().unwrap()).unwrap();
    let mut arms: Vec<&str> = (0..100).map(|row| allocation.arm_of(row)).collect();
    let write = |arms: &[&str]| {
        let text = csv(&[("klantnummer", column(&eligible)), ("arm", arms.to_vec())]);
        fs::write(at("allocation.csv"), text).unwrap();
    };

    let Some(output) = python(&[&at("manifest.json"), &at("register.csv")]) else {
        return;
    };
    assert_code(&output, 2);
    write(&arms);
    let run = || {
        python(&[
            &at("manifest.json"),
            &at("register.csv"),
            Path::new("--allocation"),
            &at("allocation.csv"),
        ])
        .unwrap()
    };
    assert_code(&run(), 0);
    arms[4] = if arms[4] == "a" { "b" } else { "a" };
    write(&arms);
    assert_code(&run(), 1);
}
