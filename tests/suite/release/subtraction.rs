//! Small numbers kept out: attacked by subtraction, and looked for in every file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fip::columns::VariableKind;
use fip::design::Manifest;
use fip::release::{Hidden, Results, release, small_numbers};
use fip::results::{
    ArmSize, ArmSummary, BeforeAfterRow, Compliance, ComplianceRow, DoseGroup, DoseRow, Estimand,
    Estimate, EstimateRow, Estimator, Evaluation, Exclusion, OutcomeResult, ReasonCount,
};
use proptest::prelude::*;
use serde_json::json;

use crate::report::plain::{arm, evaluation, outcome};
use crate::workdir::Workdir;

const LIMIT: u64 = 5;

fn small(n: u64) -> bool {
    n > 0 && n < LIMIT
}

/// Leaves of a draw and an evaluation what may be shown together.
fn protect(mut manifest: Option<&mut Manifest>, evaluation: &mut Evaluation) -> Hidden {
    let results = Results {
        manifest: manifest.as_deref().cloned(),
        evaluation: Some(evaluation.clone()),
        ..Results::default()
    };
    let (released, hidden) = release(results, Some(LIMIT));
    if let (Some(manifest), Some(shown)) = (&mut manifest, &released.manifest) {
        (*manifest).clone_from(shown);
    }
    evaluation.clone_from(released.evaluation.as_ref().unwrap());
    hidden
}

/// How many small numbers there are in a draw and an evaluation.
fn count(manifest: &Manifest, evaluation: &Evaluation) -> u64 {
    let results = Results {
        manifest: Some(manifest.clone()),
        evaluation: Some(evaluation.clone()),
        ..Results::default()
    };
    small_numbers(&results, LIMIT)
}

/// A draw with these exclusions, and these people per stratum and arm.
fn manifest(excluded: &[u64], strata: &[[u64; 2]]) -> Manifest {
    let eligible: u64 = strata.iter().flatten().sum();
    let names = ["fip", "regulier"];
    let arm = |index: usize, n: u64| json!({"arm": (names[index]), "units": n, "persons": n});
    let total = |index: usize| arm(index, strata.iter().map(|arms| arms[index]).sum());
    let excluded_list: Vec<_> = excluded
        .iter()
        .enumerate()
        .map(|(index, n)| json!({"reason": format!("x > {index}"), "count": n}))
        .collect();
    let strata: Vec<_> = strata
        .iter()
        .enumerate()
        .map(|(index, arms)| json!({"values": [format!("s{index}")], "arms": [arm(0, arms[0]), arm(1, arms[1])]}))
        .collect();
    serde_json::from_value(json!({
        "schema": "fip/manifest/1", "algorithm": "fip-chacha20-v1", "fip_version": "0", "seed": "1",
        "seed_source": "given",
        "design": {"method": "stratified", "id": "id", "strata": ["s"], "arms": [
            {"name": "fip", "role": "intervention", "declared": {"share": "0.5"}},
            {"name": "regulier", "role": "control", "declared": "rest"}]},
        "register": {"file": "r.csv", "sha256": "0", "rows": eligible},
        "counts": {"read": eligible + excluded.iter().sum::<u64>(), "excluded": excluded_list, "eligible": eligible,
                   "units": eligible, "arms": [total(0), total(1)], "strata": strata},
        "allocation": {"file": "allocation.csv", "sha256": "0"}
    }))
    .unwrap()
}

fn estimate() -> Estimate {
    Estimate {
        estimate: 0.1,
        std_error: Some(0.1),
        df: Some(10.0),
        statistic: Some(1.0),
        p_value: Some(0.3),
        conf_low: Some(-0.1),
        conf_high: Some(0.3),
    }
}

fn measured(
    name: &str,
    yes: [u64; 2],
    n: [u64; 2],
    missing: [u64; 2],
    left_out: [u64; 2],
) -> OutcomeResult {
    let arms = ["fip", "regulier"]
        .into_iter()
        .enumerate()
        .map(|(index, arm_name)| {
            let values = vec![0.0; n[index] as usize];
            let yes = yes[index].min(n[index]);
            let mut summary = arm(
                arm_name,
                &values,
                vec![("0".into(), n[index] - yes), ("1".into(), yes)],
            );
            summary.missing = missing[index];
            summary
        })
        .collect();
    let mut result = outcome(VariableKind::Binary, arms, Some(estimate()));
    result.name = name.to_owned();
    result.estimates[0].n = n[0] + n[1];
    result.excluded = Some(Exclusion {
        expression: "reden = 'AOW'".to_owned(),
        arms: ["fip", "regulier"]
            .into_iter()
            .zip(left_out)
            .map(|(arm, n)| ArmSize {
                arm: arm.to_owned(),
                n,
            })
            .collect(),
    });
    result
}

/// An arm before and after: who went up and down, who had a yes before and stayed, and who
/// lacks the first value, with an outcome and without.
fn changed(arm: &ArmSummary, people: [u64; 5]) -> BeforeAfterRow {
    let [up, down, yes, only_after, neither] = people;
    let only_after = only_after.min(arm.n);
    let n = arm.n - only_after;
    let up = up.min(n);
    let down = down.min(n - up);
    let unchanged = n - up - down;
    let before = down + yes.min(unchanged);
    let share = |people: u64| (n > 0).then(|| people as f64 / n as f64);
    BeforeAfterRow {
        arm: arm.arm.clone(),
        randomised: false,
        n,
        incomplete: arm.missing + only_after,
        missing_before: only_after + neither.min(arm.missing),
        missing_after: arm.missing,
        mean_before: share(before),
        sd_before: None,
        mean_after: share(before + up - down),
        sd_after: None,
        sd_change: None,
        change: None,
        increased: Some(up),
        decreased: Some(down),
        unchanged,
        tests: Vec::new(),
    }
}

/// What the table of change tells, alone and beside the outcomes and the baseline.
fn attack_change(row: &BeforeAfterRow, with_outcome: u64) -> Vec<u64> {
    let people = |share: Option<f64>| (share.unwrap_or(0.0) * row.n as f64).round() as u64;
    let (before, after) = (people(row.mean_before), people(row.mean_after));
    let all = row.n + row.incomplete;
    let (up, down) = (row.increased.unwrap(), row.decreased.unwrap());
    vec![
        row.n,
        row.incomplete,
        row.missing_before,
        row.missing_after,
        with_outcome - row.n,
        all - row.missing_before - row.n,
        up,
        down,
        row.unchanged,
        up + down,
        before,
        after,
        row.n - before,
        row.n - after,
    ]
}

/// What a reader sees of an evaluation, and can take differences of.
fn attack(evaluation: &Evaluation) -> Vec<u64> {
    let mut seen = Vec::new();
    for outcome in &evaluation.outcomes {
        for summary in &outcome.arms {
            let excluded = outcome.excluded.iter().flat_map(|excluded| &excluded.arms);
            let left_out: u64 = excluded
                .filter(|size| size.arm == summary.arm)
                .map(|size| size.n)
                .sum();
            let counts: Vec<u64> = summary.levels.iter().map(|level| level.count).collect();
            let changes = outcome.further.before_after.iter();
            for row in changes.filter(|row| row.arm == summary.arm) {
                seen.extend(attack_change(row, summary.n));
            }
            seen.extend([summary.n, summary.missing, left_out]);
            // Each level from the others and the whole.
            seen.extend(
                counts
                    .iter()
                    .map(|count| summary.n - (counts.iter().sum::<u64>() - count)),
            );
        }
        let whole = outcome
            .estimates
            .iter()
            .find(|row| row.estimand == Estimand::Itt)
            .map(|row| row.n);
        seen.extend(
            outcome
                .estimates
                .iter()
                .filter_map(|row| Some(whole?.abs_diff(row.n))),
        );
    }
    for (outcome, row) in evaluation
        .outcomes
        .iter()
        .flat_map(|outcome| outcome.further.dose.iter().map(move |row| (outcome, row)))
    {
        seen.extend(attack_dose(outcome, row, evaluation.compliance.as_ref()));
    }
    if let Some(compliance) = &evaluation.compliance {
        for row in &compliance.arms {
            let reasons = || {
                compliance
                    .reasons
                    .iter()
                    .filter(|reason| reason.arm == row.arm)
            };
            let named: u64 = reasons().map(|reason| reason.count).sum();
            seen.extend([row.received, row.not_received, row.unknown]);
            seen.extend(reasons().map(|reason| reason.count));
            if named > 0 {
                seen.push(row.not_received - named);
            }
        }
    }
    seen
}

/// What outcomes by number of contacts give, by themselves and beside the arms and receipt.
fn attack_dose(
    outcome: &OutcomeResult,
    row: &DoseRow,
    compliance: Option<&Compliance>,
) -> Vec<u64> {
    let mut seen = Vec::new();
    let whole = |n: f64| n.round() as u64;
    for summary in &outcome.arms {
        let groups: Vec<&DoseGroup> = row
            .groups
            .iter()
            .filter(|group| group.arm == summary.arm)
            .collect();
        for group in &groups {
            seen.extend([group.n, group.missing]);
            // A yes/no outcome: yeses and noes from the mean.
            if let Some(mean) = group.mean {
                let yes = whole(mean * group.n as f64);
                seen.extend([yes, group.n - yes]);
            }
            // Contacts above the last number shown.
            if let Some(mean) = group.mean_contacts {
                seen.push(whole((mean - group.contacts as f64) * group.n as f64));
            }
        }
        let sum = |of: fn(&DoseGroup) -> u64| groups.iter().map(|group| of(group)).sum::<u64>();
        let excluded = outcome.excluded.iter().flat_map(|excluded| &excluded.arms);
        let left_out: u64 = excluded
            .filter(|size| size.arm == summary.arm)
            .map(|size| size.n)
            .sum();
        seen.push(summary.n.abs_diff(sum(|group| group.n)));
        seen.push((summary.missing + left_out).abs_diff(sum(|group| group.missing)));
        let table = compliance.and_then(|table| {
            let mut arms = table.arms.iter();
            arms.find(|line| line.arm == summary.arm)
        });
        if let Some(line) = table {
            let all = |group: &&&DoseGroup| group.contacts >= row.at_least;
            let (mut received, mut not) = (0, 0);
            for group in &groups {
                match all(&group) {
                    true => received += group.n + group.missing,
                    false => not += group.n + group.missing,
                }
            }
            seen.push(line.received.abs_diff(received));
            seen.push(line.not_received.abs_diff(not));
        }
    }
    seen
}

/// Outcomes by number of contacts: yes among so many with an outcome, and so many without.
fn dosed(outcome: &OutcomeResult, at_least: u64, groups: &[([u64; 3], u64)]) -> DoseRow {
    DoseRow {
        treated: "fip".to_owned(),
        control: "regulier".to_owned(),
        column: "gesprekken".to_owned(),
        at_least,
        n: outcome.estimates[0].n,
        per_contact: Some(estimate()),
        contacts: Some(estimate()),
        first_stage_f: Some(12.0),
        anderson_rubin: None,
        weights: Vec::new(),
        weight_beyond: None,
        groups: groups
            .iter()
            .enumerate()
            .map(|(contacts, ([yes, n, missing], more))| {
                let or_more = contacts + 1 == groups.len();
                DoseGroup {
                    arm: "fip".to_owned(),
                    contacts: contacts as u64,
                    or_more,
                    mean_contacts: (or_more && *n > 0)
                        .then(|| contacts as f64 + *more as f64 / *n as f64),
                    n: *n,
                    missing: *missing,
                    mean: (*n > 0).then(|| *yes.min(n) as f64 / *n as f64),
                    randomised: false,
                }
            })
            .collect(),
    }
}

/// Yes-answers, people with an outcome, people without; and contacts beyond the last class.
type Group = ([u64; 3], u64);

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: proptest::test_runner::RngSeed::Fixed(20_190_301), ..ProptestConfig::default() })]

    #[test]
    fn no_small_number_comes_back_from_the_doses(
        groups in prop::collection::vec((prop::array::uniform3(0_u64..40), 0_u64..20), 2..6),
        unknown in prop::array::uniform3(0_u64..10),
        at_least in 1_u64..7,
    ) {
        let sum = |of: &dyn Fn(usize, &Group) -> u64| -> u64 {
            groups.iter().enumerate().map(|(at, group)| of(at, group)).sum()
        };
        let n = sum(&|_, group| group.0[1]) + unknown[0];
        let missing = sum(&|_, group| group.0[2]) + unknown[1];
        let yes = sum(&|_, group| group.0[0].min(group.0[1]));
        let mut result = measured("o", [yes, 20], [n, 60], [missing, 0], [0, 0]);
        let row = dosed(&result, at_least, &groups);
        result.further.dose.push(row);
        let people = |received: bool| {
            sum(&|at, group| {
                if (at as u64 >= at_least) == received { group.0[1] + group.0[2] } else { 0 }
            })
        };
        let mut evaluation = evaluation(vec![result]);
        evaluation.compliance = Some(Compliance {
            expression: format!("gesprekken >= {at_least}"),
            arms: vec![ComplianceRow {
                arm: "fip".to_owned(),
                n: n + missing,
                received: people(true) + unknown[2],
                not_received: people(false),
                unknown: unknown[0] + unknown[1],
            }],
            reasons: Vec::new(),
        });
        let mut manifest = manifest(&[], &[[n.max(LIMIT), 60]]);
        protect(Some(&mut manifest), &mut evaluation);
        for n in attack(&evaluation) {
            prop_assert!(!small(n), "{n} in {evaluation:?}");
        }
    }
}

/// The rule keeps what shows nobody, and drops one number of contacts with two people.
#[test]
fn doses_of_enough_people_stay() {
    let kept = |groups: &[([u64; 3], u64)]| {
        let n = groups.iter().map(|group| group.0[1]).sum();
        let yes = groups.iter().map(|group| group.0[0]).sum();
        let mut result = measured("o", [yes, 20], [n, 60], [0, 0], [0, 0]);
        let row = dosed(&result, 2, groups);
        result.further.dose.push(row);
        let mut evaluation = evaluation(vec![result]);
        let mut manifest = manifest(&[], &[[n, 60]]);
        protect(Some(&mut manifest), &mut evaluation);
        evaluation.outcomes[0].further.dose.len()
    };
    assert_eq!(
        kept(&[([10, 20, 0], 0), ([8, 16, 0], 0), ([9, 30, 0], 40)]),
        1
    );
    assert_eq!(
        kept(&[([10, 20, 0], 0), ([1, 2, 0], 0), ([9, 30, 0], 40)]),
        0
    );
    assert_eq!(
        kept(&[([10, 20, 0], 0), ([2, 16, 0], 0), ([9, 30, 0], 40)]),
        0
    );
    assert_eq!(
        kept(&[([10, 20, 0], 0), ([8, 16, 0], 0), ([9, 30, 0], 2)]),
        0
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: proptest::test_runner::RngSeed::Fixed(20_170_301), ..ProptestConfig::default() })]

    #[test]
    fn no_small_number_comes_back_by_subtraction(
        outcomes in prop::collection::vec((
            prop::array::uniform2(0_u64..30), prop::array::uniform2(0_u64..60),
            prop::array::uniform2(0_u64..12), prop::array::uniform2(0_u64..12), 0_u64..12,
            prop::array::uniform2(prop::array::uniform5(0_u64..20)),
        ), 1..5),
        received in prop::array::uniform3(0_u64..40),
        reasons in prop::collection::vec(0_u64..15, 0..5),
        excluded in prop::collection::vec(0_u64..12, 0..4),
        strata in prop::collection::vec(prop::array::uniform2(0_u64..30), 1..4),
    ) {
        let mut results: Vec<OutcomeResult> = Vec::new();
        for (index, (yes, n, missing, left_out, fewer, changes)) in outcomes.iter().enumerate() {
            let mut result = measured(&format!("o{index}"), *yes, *n, *missing, *left_out);
            result.estimates.push(EstimateRow {
                estimand: Estimand::PerProtocol,
                estimator: Estimator::DifferenceInMeans,
                randomised: false,
                n: result.estimates[0].n.saturating_sub(*fewer),
                ..result.estimates[0].clone()
            });
            result.further.before_after = result
                .arms
                .iter()
                .zip(changes)
                .map(|(summary, people)| changed(summary, *people))
                .collect();
            results.push(result);
        }
        let mut evaluation = evaluation(results);
        evaluation.compliance = Some(Compliance {
            expression: "g > 1".to_owned(),
            arms: vec![ComplianceRow {
                arm: "fip".to_owned(),
                n: received.iter().sum::<u64>() + reasons.iter().sum::<u64>(),
                received: received[0],
                not_received: reasons.iter().sum(),
                unknown: received[2],
            }],
            reasons: reasons
                .iter()
                .filter(|count| **count > 0)
                .enumerate()
                .map(|(index, count)| ReasonCount {
                    arm: "fip".to_owned(),
                    reason: Some(format!("r{index}")),
                    count: *count,
                    merged: false,
                })
                .collect(),
        });
        let mut manifest = manifest(&excluded, &strata);
        let before = count(&manifest, &evaluation);
        let hidden = protect(Some(&mut manifest), &mut evaluation);
        for n in attack(&evaluation) {
            prop_assert!(!small(n), "{n} in {evaluation:?}");
        }
        // The draw: what is excluded, from the list and from the whole; who is in a stratum.
        let counts = &manifest.counts;
        for excluded in &counts.excluded {
            prop_assert!(!small(excluded.count));
        }
        if counts.read > 0 {
            prop_assert!(!small(counts.read.saturating_sub(counts.eligible)), "{counts:?}");
            if !counts.excluded.is_empty() {
                let named: u64 = counts.excluded.iter().map(|excluded| excluded.count).sum();
                prop_assert_eq!(named, counts.read - counts.eligible);
            }
        }
        for persons in counts.strata.iter().flat_map(|stratum| &stratum.arms).map(|arm| arm.persons) {
            prop_assert!(!small(persons));
        }
        prop_assert_eq!(count(&manifest, &evaluation), 0);
        // And nothing is hidden where there is nothing to hide.
        if before == 0 {
            prop_assert!(hidden.variables.is_empty() && !hidden.compliance && !hidden.strata, "{hidden:?}");
        }
        for outcome in evaluation.outcomes.iter().filter(|outcome| hidden.variables.contains(&outcome.name)) {
            prop_assert!(outcome.further.before_after.is_empty());
        }
    }
}

/// Every file of a folder, as text where it is one.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(texts(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.push((
                path.display().to_string(),
                String::from_utf8_lossy(&bytes).into_owned(),
            ));
        }
    }
    found
}

fn worked_trial(more: &str) -> Workdir {
    let dir = Workdir::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ijsselgemeenten");
    for file in ["register.csv", "outcomes.csv"] {
        dir.write(file, fs::read(from.join(file)).unwrap());
    }
    dir.write(
        "trial.toml",
        fs::read_to_string(from.join("trial.toml")).unwrap() + more,
    );
    dir
}

#[test]
fn what_is_hidden_is_in_no_file_of_the_report() {
    let dir = worked_trial("\n[report]\nmin_cell = 5\n");
    dir.drawn().fip("run trial.toml").ok();
    let ran = dir.fip("report out --out written --lang nl --write html,markdown,latex,csv,docx,xlsx --format json").ok();
    let json = ran.json();
    // In the data: 3 of 360 sanctions considered, one person on the highest step.
    let hidden = [
        "Maatregeloverweging",
        "Participatieladder eind",
        "Participatieladder start",
    ];
    for (name, text) in texts(&dir.path("written/tables")) {
        for line in text.lines().skip(1) {
            // A row of the variable itself, or one below it, whose section is in the first column.
            if hidden
                .iter()
                .any(|hidden| line.starts_with(hidden) || line.starts_with(&format!(",{hidden}")))
            {
                assert!(
                    !line.contains(|c: char| c.is_ascii_digit()),
                    "{name}: {line}"
                );
            }
        }
    }
    for (name, text) in texts(&dir.path("written/figures")) {
        for hidden in hidden {
            assert!(!text.contains(hidden), "{name} shows {hidden}");
        }
    }
    for outcome in json["evaluation"]["outcomes"].as_array().unwrap() {
        let name = outcome["name"].as_str().unwrap();
        if ["maatregel", "trede_eind"].contains(&name) {
            for field in ["arms", "estimates", "tests", "effect_sizes", "notes"] {
                assert_eq!(outcome[field], json!([]), "{name} {field}");
            }
        }
    }
    let page = dir.read("written/report.html");
    assert!(page.contains("Aantallen onder de 5 worden niet getoond"));
}

#[test]
fn without_a_limit_small_numbers_are_counted() {
    let dir = worked_trial("");
    let shown = dir.drawn().fip("run trial.toml").ok().stdout;
    assert!(
        shown.contains("Aantallen onder de 5 in dit verslag: "),
        "{shown}"
    );
}

#[test]
fn no_id_is_in_any_form_of_the_report() {
    let dir = worked_trial("");
    dir.drawn()
        .fip("run trial.toml --write html,markdown,latex,csv")
        .ok();
    let ids: BTreeSet<String> = dir
        .read("register.csv")
        .lines()
        .skip(1)
        .map(|line| line.split(';').next().unwrap().to_owned())
        .collect();
    for (name, text) in texts(&dir.path("out")) {
        if name.ends_with("allocation.csv") {
            continue;
        }
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            assert!(!ids.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn the_same_report_to_the_byte() {
    let dir = worked_trial(
        "\n[report]\nprogramme_cost = 100000.0\n[[cost]]\noutcome = \"uitstroom\"\namount = 14000.0\n",
    );
    dir.drawn().fip("run trial.toml").ok();
    let forms = "--write html,markdown,latex,csv,docx,xlsx";
    dir.fip(&format!("report out --out one --lang nl {forms}"))
        .ok();
    dir.fip(&format!("report out --out two --lang nl {forms}"))
        .ok();
    let read = |folder: &str| -> Vec<String> {
        texts(&dir.path(folder))
            .into_iter()
            .map(|(_, text)| text)
            .collect()
    };
    assert_eq!(read("one"), read("two"));
    let page = dir.read("one/report.html");
    assert!(
        page.contains("Kosten en baten") && page.contains("Opbrengst min kosten"),
        "costs are in the report"
    );
}

#[test]
fn a_protocol_that_asks_for_nonsense_is_refused_with_its_line() {
    for (more, word) in [
        ("\n[report]\nmin_cell = 1\n", "min_cell"),
        ("\n[report]\nmin_cell = -5\n", "min_cell"),
        ("\n[report]\nprogramme_cost = -1.0\n", "programme_cost"),
        ("\n[[cost]]\noutcome = \"x\"\namount = 1.0\n", "no outcome"),
    ] {
        worked_trial(more)
            .fip("run trial.toml")
            .exits(3)
            .says(&[word, "line"]);
    }
}

#[test]
fn a_hidden_outcome_takes_everything_else_about_it_along() {
    let group = |level: &str, n: u64| json!({"level": level, "treated_n": n, "control_n": 20, "effect": null});
    let subgroups = |variable: &str, n: u64| {
        json!({"treated": "fip", "control": "regulier", "variable": variable, "statistic": 1.0, "df": 1.0,
               "df2": 40.0, "p_value": 0.3, "groups": [group("a", n), group("b", 40 - n)]})
    };
    let further = json!({
        "subgroups": [subgroups("few", 3), subgroups("many", 20)],
        "imbalance": [
            {"treated": "fip", "control": "regulier", "covariate": "small", "contribution": 0.1},
            {"treated": "fip", "control": "regulier", "covariate": "large", "contribution": 0.1}
        ]
    });
    let mut shown = measured("large", [20, 20], [40, 40], [0, 0], [0, 0]);
    shown.further = serde_json::from_value(further.clone()).unwrap();
    let mut small_one = measured("small", [3, 20], [40, 40], [0, 0], [0, 0]);
    small_one.further = serde_json::from_value(further).unwrap();
    let mut evaluation = evaluation(vec![shown, small_one]);
    let mut manifest = manifest(&[], &[[40, 40]]);
    let hidden = protect(Some(&mut manifest), &mut evaluation);
    assert_eq!(hidden.variables, BTreeSet::from(["small".to_owned()]));
    assert_eq!(
        evaluation.outcomes[1].further,
        fip::results::Further::default()
    );
    let further = &evaluation.outcomes[0].further;
    let kept: Vec<&str> = further
        .subgroups
        .iter()
        .map(|row| row.variable.as_str())
        .collect();
    // 3 people in a subgroup; and 20 + 20 of 40 and 40 of 40 give nothing away.
    assert_eq!(kept, ["many"]);
    assert!(further.imbalance.is_empty());
}

/// With few people in a stratum, what is tested over strata goes too; a hidden baseline takes
/// the change along.
#[test]
fn tests_over_hidden_strata_and_change_from_a_hidden_baseline_go() {
    let mut shown = measured("shown", [20, 20], [40, 40], [0, 0], [0, 0]);
    shown.baseline = Some("small".to_owned());
    shown.further.before_after = vec![changed(&shown.arms[0], [10, 10, 5, 0, 0])];
    let test = |name: &str| json!({"treated": "fip", "control": "regulier", "test": name, "statistic": 1.0, "df": 1.0, "p_value": 0.3});
    shown.tests = [
        "pearson_chi_square",
        "cochran_mantel_haenszel",
        "breslow_day",
    ]
    .iter()
    .map(|name| serde_json::from_value(test(name)).unwrap())
    .collect();
    shown.effect_sizes = vec![
        serde_json::from_value(
            json!({"treated": "fip", "control": "regulier", "measure": "mantel_haenszel_odds_ratio",
            "estimate": 1.0, "conf_low": 0.5, "conf_high": 2.0}),
        )
        .unwrap(),
    ];
    let small_one = measured("small", [3, 20], [40, 40], [0, 0], [0, 0]);
    let mut evaluation = evaluation(vec![shown, small_one]);
    let mut manifest = manifest(&[], &[[40, 40], [3, 7]]);
    let hidden = protect(Some(&mut manifest), &mut evaluation);
    assert!(hidden.strata && hidden.changes);
    let shown = &evaluation.outcomes[0];
    assert_eq!(shown.tests.len(), 1);
    assert!(shown.effect_sizes.is_empty() && shown.further.before_after.is_empty());
}

/// What the evaluation has counted decides what goes: with each count small and all others large.
#[test]
fn every_count_of_a_few_takes_its_own_along() {
    let left = |few: serde_json::Value| {
        let mut one = measured("one", [20, 20], [40, 40], [0, 0], [0, 0]);
        let base = one.estimates[0].clone();
        for (estimand, estimator, adjusted) in [
            (Estimand::Itt, Estimator::Lin, true),
            (Estimand::Itt, Estimator::Ancova, true),
            (Estimand::Cace, Estimator::Iv2sls, false),
        ] {
            one.estimates.push(EstimateRow {
                estimand,
                estimator,
                adjusted_for: adjusted.then(|| "age".to_owned()).into_iter().collect(),
                ..base.clone()
            });
        }
        one.further.fewest = serde_json::from_value(few).unwrap();
        let mut evaluation = evaluation(vec![one]);
        protect(None, &mut evaluation);
        let rows = evaluation.outcomes[0].estimates.iter();
        rows.map(|row| row.estimator).collect::<Vec<_>>()
    };
    use Estimator::{Ancova, DifferenceInMeans, Iv2sls, Lin};
    let all = vec![DifferenceInMeans, Lin, Ancova, Iv2sls];
    assert_eq!(left(json!({})), all);
    let large = json!({"unlike": 5, "receipt": 9, "adjusted": 5, "change": 6, "strata": 7, "nested": {"other": 8}});
    assert_eq!(left(large), all);
    assert_eq!(
        left(json!({"receipt": 4})),
        [DifferenceInMeans, Lin, Ancova]
    );
    assert_eq!(
        left(json!({"adjusted": 1})),
        [DifferenceInMeans, Ancova, Iv2sls]
    );
    assert_eq!(left(json!({"change": 2})), [DifferenceInMeans, Lin, Iv2sls]);
    for whole in ["unlike", "strata"] {
        assert_eq!(left(json!({whole: 3})), [], "{whole}");
    }
    assert_eq!(left(json!({"nested": {"other": 3}})), []);
}

/// The sum of two outcomes has an error that tells how many people have both.
#[test]
fn an_amount_of_two_outcomes_goes_where_few_have_both() {
    let dir = Workdir::new();
    let mut export = String::from("id,groep,a,b,c\n");
    for i in 0..120 {
        let arm = if i % 2 == 0 { "fip" } else { "regulier" };
        // Two people of an arm have both a and b; many have both a and c.
        let (a, b) = (i % 60 < 20, i % 60 >= 18 && i % 60 < 40);
        let c = i % 60 < 12 || i % 60 > 44;
        export += &format!(
            "{i},{arm},{},{},{}\n",
            u8::from(a),
            u8::from(b),
            u8::from(c)
        );
    }
    dir.write("outcomes.csv", export);
    let shown = |other: &str| {
        let mut trial = String::from("[register]\nid = \"id\"\n[report]\nmin_cell = 5\n");
        for name in ["a", other] {
            trial += &format!(
                "[[outcome]]\nname = \"{name}\"\nkind = \"binary\"\n[[cost]]\noutcome = \"{name}\"\namount = 100.0\n"
            );
        }
        dir.write("trial.toml", trial);
        let told = "evaluate outcomes.csv --trial trial.toml --arm groep --treated fip --control regulier --lang en";
        dir.brought_in("outcomes.csv", "groep")
            .fip(told)
            .ok()
            .stdout
    };
    let few = shown("b");
    assert!(
        few.contains("Costs and benefits") && !few.contains("Everything together"),
        "{few}"
    );
    assert!(shown("c").contains("Everything together"));
}
