//! The manifest: written, read back, refused when damaged; and verification against it.

use fip::design::{
    ALGORITHM, Allocation, AllocationRecord, Count, Counts, DesignRecord, Difference, Evidence,
    Excluded, FileRecord, Kept, Manifest, Method, Plan, RegisterRecord, Role, SCHEMA, SeedSource,
    Source, Units, Verification, draw, verify,
};
use fip::error::Kind;

use super::plan;

const REGISTER: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

/// The manifest of an allocation, as the assign command makes it.
pub fn manifest(plan: &Plan, allocation: &Allocation, strata: &[&str]) -> Manifest {
    let excluded = vec![Excluded {
        reason: "leeftijd < 65".to_owned(),
        count: 3,
    }];
    let read = allocation.arm.len() as u64 + 3;
    let mut design = DesignRecord::new(plan, "klantnummer", &[Some(Role::Intervention), None]);
    design.strata = strata.iter().map(|&name| name.to_owned()).collect();
    design.eligible = Some("leeftijd < 65".to_owned());
    Manifest {
        schema: SCHEMA.to_owned(),
        algorithm: ALGORITHM.to_owned(),
        fip_version: "0.1.0".to_owned(),
        seed: plan.seed().to_owned(),
        seed_source: SeedSource::Given,
        design,
        register: RegisterRecord {
            file: "register.csv".to_owned(),
            sha256: REGISTER.to_owned(),
            rows: read,
            reading: None,
        },
        protocol: Some(FileRecord {
            file: "trial.toml".to_owned(),
            sha256: OTHER.to_owned(),
        }),
        min_cell: None,
        counts: Counts::new(read, excluded, allocation),
        allocation: AllocationRecord {
            file: "allocation.csv".to_owned(),
            sha256: allocation.sha256.clone(),
            file_sha256: None,
        },
        previous: Vec::new(),
    }
}

struct Trial {
    plan: Plan,
    ids: Vec<String>,
    strata: Vec<String>,
}

impl Trial {
    fn new() -> Self {
        Trial {
            plan: plan(Method::Stratified, &[("x", "20"), ("y", "")], "verify"),
            ids: (0..60).map(|i| format!("{i:04}")).collect(),
            strata: (0..60).map(|i| format!("s{}", i % 4)).collect(),
        }
    }

    fn draw(&self) -> fip::error::Result<Allocation> {
        draw(&self.plan, &Units::new(&self.ids, &[&self.strata], None)?)
    }
}

/// The rows of an allocation file.
#[derive(Clone)]
struct File {
    ids: Vec<String>,
    arms: Vec<String>,
    strata: Vec<String>,
}

fn file(trial: &Trial, allocation: &Allocation) -> File {
    let rows = 0..trial.ids.len();
    File {
        ids: trial.ids.clone(),
        arms: rows
            .clone()
            .map(|row| allocation.arm_of(row).to_owned())
            .collect(),
        strata: rows.filter_map(|row| allocation.stratum_of(row)).collect(),
    }
}

fn check(manifest: &Manifest, register: &str, today: &Trial, file: Option<&File>) -> Verification {
    let allocation = today.draw();
    let evidence = Evidence {
        register_sha256: register,
        protocol_sha256: Some(OTHER),
        read: today.ids.len() as u64 + 3,
        excluded: &manifest.counts.excluded,
        ids: &today.ids,
        allocation: allocation.as_ref().map_err(Clone::clone),
        kept: file.map(|file| Kept {
            ids: &file.ids,
            arms: &file.arms,
            strata: Some(&file.strata),
        }),
    };
    verify(manifest, &evidence).unwrap()
}

fn drawn() -> (Trial, Manifest, File) {
    let trial = Trial::new();
    let allocation = trial.draw().unwrap();
    let manifest = manifest(&trial.plan, &allocation, &["gemeente"]);
    let file = file(&trial, &allocation);
    (trial, manifest, file)
}

#[test]
fn a_manifest_comes_back_as_it_was_written() {
    let (trial, mut manifest, _) = drawn();
    manifest.previous =
        manifest
            .clone()
            .into_previous("manifest.1.json", "allocation.1.csv", "wrong register");
    let text = manifest.to_json().unwrap();
    let back = Manifest::parse(&text).unwrap();
    assert_eq!(back, manifest);
    assert_eq!(back.plan().unwrap(), trial.plan);
    assert_eq!(back.to_json().unwrap(), text);
    assert!(text.ends_with("}\n"));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["design"]["arms"][0]["declared"]["size"], 20);
    assert_eq!(value["design"]["arms"][1]["declared"], "rest");
    assert_eq!(value["design"]["arms"][0]["role"], "intervention");
    assert_eq!(value["previous"][0]["reason"], "wrong register");
    assert_eq!(value["seed_source"], "given");
}

#[test]
fn shares_stay_exact_in_a_manifest() {
    let plan = plan(Method::Complete, &[("x", "0.1"), ("y", "")], "shares");
    let ids: Vec<String> = (0..20).map(|i| i.to_string()).collect();
    let allocation = draw(&plan, &Units::new(&ids, &[], None).unwrap()).unwrap();
    let text = manifest(&plan, &allocation, &[]).to_json().unwrap();
    assert!(text.contains(r#""share": "0.1""#));
    assert_eq!(Manifest::parse(&text).unwrap().plan().unwrap(), plan);
}

#[test]
fn damaged_manifests_are_refused() {
    let (_, manifest, _) = drawn();
    let text = manifest.to_json().unwrap();
    for (from, to, message) in [
        ("{", "", "not a manifest"),
        ("fip/manifest/1", "fip/manifest/2", "schema is not one"),
        ("\"schema\"", "\"scheme\"", "it has no schema"),
        ("fip-chacha20-v1", "fip-chacha20-v2", "algorithm is not one"),
        ("\"seed\": \"verify\",", "", "missing field `seed`"),
        ("\"seed\": \"verify\",", "\"seed\": 1,", "invalid type"),
        ("\"seed\": \"verify\",", "\"seed\": \"\",", "seed is empty"),
        (
            "\"strata\": [\n      \"gemeente\"\n    ],",
            "",
            "do not go together",
        ),
        (
            "\"strata\": [\n      \"g",
            "\"stratum\": [\n      \"g",
            "unknown field `stratum`",
        ),
        ("\"stratified\"", "\"blocked\"", "unknown variant `blocked`"),
        ("\"size\": 20", "\"share\": \"1.5\"", "above 1"),
        ("aaaaaaaa", "AAAAAAAA", "64 hexadecimal digits"),
        (
            "\"rows\": 63",
            "\"rows\": 62",
            "rows of the register (63 and 62)",
        ),
        ("\"count\": 3", "\"count\": 4", "eligible and excluded"),
        ("\"units\": 60", "\"units\": 61", "not all units"),
        (
            "\"arm\": \"x\"",
            "\"arm\": \"z\"",
            "not of the arms of its design",
        ),
        ("\"s1\"", "\"s0\"", "a stratum twice"),
    ] {
        assert!(text.contains(from), "{from}");
        let error = Manifest::parse(&text.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.kind(), Kind::Protocol);
        assert!(error.to_string().contains(message), "{from}: {error}");
        assert!(error.hint_text().is_some());
    }
    let error = Manifest::parse("{\n\"schema\": \"fip/evaluation/1\"}").unwrap_err();
    assert!(error.to_string().contains("fip/evaluation/1"), "{error}");
    assert_eq!(
        Manifest::parse("{\n\"seed\": }").unwrap_err().place().line,
        Some(2)
    );
}

#[test]
fn the_drawn_allocation_is_recognised() {
    let (trial, manifest, mut file) = drawn();
    let verification = check(&manifest, REGISTER, &trial, Some(&file));
    assert_eq!(verification.differences, []);
    assert!(verification.same && verification.rederived && verification.arms_compared);
    assert_eq!(verification.kept, Some(true));
    // The file's row order does not matter, and neither does the file being away.
    file.ids.reverse();
    file.arms.reverse();
    file.strata.reverse();
    assert!(check(&manifest, REGISTER, &trial, Some(&file)).same);
    assert!(check(&manifest, REGISTER, &trial, None).same);
}

#[test]
fn a_changed_allocation_file_is_described_client_by_client() {
    let (trial, manifest, mut file) = drawn();
    let (was, is) = match file.arms[7].as_str() {
        "x" => ("x", "y"),
        _ => ("y", "x"),
    };
    file.arms[7] = is.to_owned();
    file.strata[8] = "elsewhere".to_owned();
    file.ids[9] = "new".to_owned();
    file.ids[11] = "0010".to_owned();
    let v = check(&manifest, REGISTER, &trial, Some(&file));
    assert!(!v.same && v.rederived && v.arms_compared);
    assert_eq!(v.kept, Some(false));
    let source = Source::Allocation;
    let expected = [
        Difference::ArmChanged {
            id: "0007".into(),
            drawn: was.into(),
            found: is.into(),
        },
        Difference::StratumChanged {
            source,
            id: "0008".into(),
            drawn: "s0".into(),
            found: "elsewhere".into(),
        },
        Difference::ClientMissing {
            source,
            id: "0009".into(),
        },
        Difference::DuplicateClient {
            source,
            id: "0010".into(),
            times: 2,
        },
        Difference::ClientMissing {
            source,
            id: "0011".into(),
        },
        Difference::ClientAdded {
            source,
            id: "new".into(),
        },
    ];
    for difference in &expected {
        assert!(v.differences.contains(difference), "{difference:?}");
    }
    // These, and that the hash differs.
    assert_eq!(v.differences.len(), expected.len() + 1);
    let json = serde_json::to_value(&v.differences[0]).unwrap();
    assert_eq!(json["difference"], "allocation_hash_differs");
    assert_eq!(json["source"], "allocation");
}

#[test]
fn a_changed_register_is_described_by_its_clients_not_by_its_new_draw() {
    let (mut trial, manifest, file) = drawn();
    trial.ids[5] = "0099".to_owned();
    trial.ids.push("0100".to_owned());
    trial.strata.push("s0".to_owned());
    let v = check(&manifest, OTHER, &trial, Some(&file));
    assert!(!v.same && !v.rederived && !v.arms_compared);
    assert_eq!(v.kept, Some(true));
    let source = Source::Register;
    for difference in [
        Difference::RegisterChanged {
            expected: REGISTER.into(),
            found: OTHER.into(),
        },
        Difference::ClientMissing {
            source,
            id: "0005".into(),
        },
        Difference::ClientAdded {
            source,
            id: "0099".into(),
        },
        Difference::ClientAdded {
            source,
            id: "0100".into(),
        },
        Difference::CountsDiffer {
            count: Count::Eligible,
            expected: 60,
            found: 61,
        },
        Difference::CountsDiffer {
            count: Count::ArmUnits { arm: "y".into() },
            expected: 40,
            found: 41,
        },
    ] {
        assert!(v.differences.contains(&difference), "{difference:?}");
    }
    let arms = |d: &&Difference| matches!(d, Difference::ArmChanged { .. });
    assert_eq!(v.differences.iter().filter(arms).count(), 0);
}

#[test]
fn a_register_that_can_no_longer_be_drawn_from_still_names_its_clients() {
    let (mut trial, mut manifest, file) = drawn();
    trial.plan = plan(Method::Stratified, &[("x", "20"), ("y", "40")], "verify");
    manifest.design = DesignRecord {
        arms: DesignRecord::new(&trial.plan, "klantnummer", &[]).arms,
        ..manifest.design
    };
    trial.ids.pop();
    trial.strata.pop();
    let v = check(&manifest, OTHER, &trial, Some(&file));
    assert!(v.differences.iter().any(
        |d| matches!(d, Difference::NotRederivable { reason } if reason.contains("1 too many"))
    ));
    assert!(v.differences.contains(&Difference::ClientMissing {
        source: Source::Register,
        id: "0059".into()
    }));
    assert!(!v.arms_compared);
}

#[test]
fn a_stratum_changed_in_the_register_is_named() {
    let (mut trial, manifest, file) = drawn();
    trial.strata[0] = "s1".to_owned();
    let v = check(&manifest, OTHER, &trial, Some(&file));
    assert!(v.differences.contains(&Difference::StratumChanged {
        source: Source::Register,
        id: "0000".into(),
        drawn: "s0".into(),
        found: "s1".into()
    }));
}

#[test]
fn another_seed_in_the_manifest_shows_in_the_arms() {
    let (mut trial, mut manifest, file) = drawn();
    manifest.seed = "redrawn".to_owned();
    trial.plan = manifest.plan().unwrap();
    let v = check(&manifest, REGISTER, &trial, Some(&file));
    assert!(!v.same && !v.rederived && v.arms_compared);
    assert_eq!(v.kept, Some(true));
    let arms = |d: &&Difference| matches!(d, Difference::ArmChanged { .. });
    assert!(v.differences.iter().filter(arms).count() > 0);
}

#[test]
fn a_changed_protocol_is_a_difference() {
    let (trial, mut manifest, file) = drawn();
    manifest.protocol = Some(FileRecord {
        file: "trial.toml".to_owned(),
        sha256: REGISTER.to_owned(),
    });
    let v = check(&manifest, REGISTER, &trial, Some(&file));
    assert_eq!(
        v.differences,
        [Difference::ProtocolChanged {
            expected: REGISTER.into(),
            found: OTHER.into()
        }]
    );
}
