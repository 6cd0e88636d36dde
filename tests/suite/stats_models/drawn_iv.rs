//! Effects on compliers by the draw: against estimatr, and against the general two-stage kernel.

use fip::stats::anderson_rubin::ConfidenceSet;
use fip::stats::cluster::Clusters;
use fip::stats::compliance::compliers;
use fip::stats::dose::average_causal_response;
use fip::stats::drawn_iv::{DrawnIv, Instrument};
use fip::stats::infer::Level;
use fip::stats::iv::{Strength, two_stage};
use fip::stats::linear::Variance;
use fip::stats::matrix::{Matrix, ModelError};
use serde_json::Value;

use super::reference::{CLOSE, close, flags, labels, load, numbers, same, same_within};

const P95: Level = Level::P95;

/// R's root finder stops at about 1e-15 of its own scale, at steep p-values only.
const ROOT: f64 = 1e-9;

/// Name, strata, clusters.
const CASES: [(&str, bool, bool); 6] = [
    ("complete", false, false),
    ("thin_strata", true, false),
    ("strata", true, false),
    ("clusters", false, true),
    ("clusters_in_strata", true, true),
    ("weak_clusters_in_strata", true, true),
];

fn instrument(data: &Value, strata: bool, clusters: bool) -> Instrument {
    let (stratum, cluster) = (labels(&data["stratum"]), labels(&data["cluster"]));
    Instrument::new(
        &flags(&data["z"]),
        strata.then_some(stratum.as_slice()),
        clusters.then_some(cluster.as_slice()),
    )
    .unwrap()
}

fn same_set(what: &str, ours: &DrawnIv, theirs: &Value) {
    let bounds = numbers(&theirs["bounds"]);
    let outside = theirs["outside_accepted"].as_bool().unwrap();
    match (ours.anderson_rubin.set, &bounds[..], outside) {
        (ConfidenceSet::Interval { low, high }, [a, b], false) => {
            close(&format!("{what} low"), low, *a, ROOT);
            close(&format!("{what} high"), high, *b, ROOT);
        }
        (ConfidenceSet::Line, [], true) => {}
        (set, bounds, outside) => panic!("{what}: {set:?} instead of {bounds:?}, {outside}"),
    }
    let p = theirs["no_effect_p"].as_f64().unwrap();
    close(
        what,
        ours.anderson_rubin.no_effect.unwrap().p_value,
        p,
        ROOT,
    );
}

#[test]
fn agrees_with_estimatr_within_strata_and_by_cluster() {
    let reference = load("drawn_iv.json");
    for (name, strata, clusters) in CASES {
        let theirs = &reference[name];
        let data = &theirs["data"];
        let instrument = instrument(data, strata, clusters);
        let (y, got) = (numbers(&data["y"]), numbers(&data["got"]));
        let ours = instrument.two_stage(&y, &got, P95).unwrap();
        // A weak first stage divides the rounding of both sides by a small number.
        let tolerance = if name.starts_with("weak") {
            1e-9
        } else {
            CLOSE
        };
        same_within(name, &ours.effect, &theirs["effect"], tolerance);
        same_within(name, &ours.received, &theirs["share"], tolerance);
        same_within(name, &ours.reduced_form, &theirs["reduced_form"], tolerance);
        if let Some(absorbed) = theirs.get("absorbed") {
            same_within(name, &ours.effect, absorbed, tolerance);
        }
        same_set(name, &ours, &theirs["anderson_rubin"]);
        let t = theirs["share"]["statistic"].as_f64().unwrap();
        close(name, ours.f.unwrap().statistic, t * t, tolerance);
        let weak = name.starts_with("weak");
        assert_eq!(ours.strength == Strength::Weak, weak, "{name}");

        let who = compliers(&y, &flags(&data["got"]), &instrument, P95).unwrap();
        let means = &theirs["means"];
        same_within(name, &who.mean_treated, &means["treated"], tolerance);
        // With one person in a stratum estimatr has 0/0 here; the estimate stands.
        if means["untreated"]["std_error"].is_number() {
            same_within(name, &who.mean_untreated, &means["untreated"], tolerance);
        } else {
            let theirs = means["untreated"]["estimate"].as_f64().unwrap();
            close(name, who.mean_untreated.estimate, theirs, tolerance);
            assert!(who.mean_untreated.std_error.is_some());
        }
        let effect = who.mean_treated.estimate - who.mean_untreated.estimate;
        assert!((effect - ours.effect.estimate).abs() < 1e-9 * effect.abs().max(1.0));
    }
}

#[test]
fn the_effect_per_contact_agrees_with_estimatr() {
    let reference = load("drawn_iv.json");
    for (name, strata, clusters) in CASES {
        let theirs = &reference[name]["dose"];
        let data = &reference[name]["data"];
        let instrument = instrument(data, strata, clusters);
        let dose: Vec<u64> = labels(&data["contacts"])
            .iter()
            .map(|&d| d as u64)
            .collect();
        let y = numbers(&data["y"]);
        let ours = average_causal_response(&y, &dose, &instrument, 100, P95).unwrap();
        let tolerance = if name.starts_with("weak") {
            1e-9
        } else {
            CLOSE
        };
        same_within(name, &ours.per_unit.effect, &theirs["effect"], tolerance);
        same_within(
            name,
            &ours.per_unit.received,
            &theirs["contacts"],
            tolerance,
        );
        if name.starts_with("weak") {
            assert!(!matches!(
                ours.per_unit.anderson_rubin.set,
                ConfidenceSet::Empty
            ));
        } else {
            same_set(name, &ours.per_unit, &theirs["anderson_rubin"]);
        }
        let weights = numbers(&theirs["weights"]);
        assert_eq!((ours.steps.len(), ours.beyond), (weights.len(), None));
        let differences = numbers(&theirs["differences"]);
        for ((step, weight), difference) in ours.steps.iter().zip(weights).zip(differences) {
            let what = format!("{name} {}", step.at_least);
            assert!((step.weight - weight).abs() < 1e-10, "{what}");
            assert!((step.difference - difference).abs() < 1e-12, "{what}");
        }
        let sum: f64 = ours.steps.iter().map(|step| step.weight).sum();
        close(name, sum, 1.0, 1e-10);
        // With a limit the rest of the weight is named.
        let cut = average_causal_response(&y, &dose, &instrument, 2, P95).unwrap();
        let shown: f64 = cut.steps.iter().map(|step| step.weight).sum();
        assert_eq!(cut.steps, ours.steps[..2]);
        close(name, shown + cut.beyond.unwrap(), 1.0, 1e-12);
        assert_eq!(cut.per_unit, ours.per_unit);
    }
}

/// The closed form is the general kernel with a column per stratum.
#[test]
fn is_two_stage_least_squares_with_a_column_per_stratum() {
    let reference = load("drawn_iv.json");
    for (name, strata, clusters) in CASES {
        let data = &reference[name]["data"];
        let (y, d) = (numbers(&data["y"]), numbers(&data["contacts"]));
        let (stratum, cluster) = (labels(&data["stratum"]), labels(&data["cluster"]));
        let z = Matrix::from_columns(y.len(), &[numbers(&data["z"])]).unwrap();
        let mut columns = Matrix::new(y.len());
        let mut known = stratum.clone();
        known.sort_unstable();
        known.dedup();
        for level in known.iter().skip(1).filter(|_| strata) {
            let flags: Vec<bool> = stratum.iter().map(|s| s == level).collect();
            columns.push_flags(&flags).unwrap();
        }
        let groups = Clusters::new(&cluster).unwrap();
        let variance = if clusters {
            Variance::Cr2(&groups)
        } else {
            Variance::Hc2
        };
        let general = two_stage(&y, &d, &z, &columns, variance, P95).unwrap();
        let ours = instrument(data, strata, clusters)
            .two_stage(&y, &d, P95)
            .unwrap();
        let json = |estimate| serde_json::to_value(estimate).unwrap();
        let tolerance = if name.starts_with("weak") {
            1e-9
        } else {
            CLOSE
        };
        same_within(name, &ours.effect, &json(general.effect), tolerance);
        let share = general.first_stage.effect.unwrap();
        same_within(name, &ours.received, &json(share), tolerance);
        assert_eq!(ours.strength, general.first_stage.strength);
    }
}

#[test]
fn shifting_and_scaling_act_as_they_should() {
    let reference = load("drawn_iv.json");
    let data = &reference["clusters_in_strata"]["data"];
    let instrument = instrument(data, true, true);
    let (y, d) = (numbers(&data["y"]), numbers(&data["contacts"]));
    let plain = instrument.two_stage(&y, &d, P95).unwrap();
    let moved: Vec<f64> = y.iter().map(|y| 1e6 - 3.0 * y).collect();
    let thrice: Vec<f64> = d.iter().map(|d| 3.0 * d).collect();
    let other = instrument.two_stage(&moved, &thrice, P95).unwrap();
    // 1e6 beside values of 40 costs four digits.
    close(
        "effect",
        other.effect.estimate,
        -plain.effect.estimate,
        1e-8,
    );
    close(
        "se",
        other.effect.std_error.unwrap(),
        plain.effect.std_error.unwrap(),
        1e-8,
    );
    close(
        "df",
        other.effect.df.unwrap(),
        plain.effect.df.unwrap(),
        1e-12,
    );
}

#[test]
fn what_cannot_be_estimated_is_an_error_or_absent() {
    let z = [true, true, false, false];
    let fails = |assigned: &[bool], strata: Option<&[usize]>, clusters: Option<&[usize]>| {
        Instrument::new(assigned, strata, clusters).unwrap_err()
    };
    assert_eq!(fails(&[], None, None), ModelError::Empty);
    assert_eq!(
        fails(&[true; 4], None, None),
        ModelError::EmptyArm { treated: false }
    );
    assert_eq!(
        fails(&z, Some(&[1, 1, 2, 2]), None),
        ModelError::NoFirstStage
    );
    assert_eq!(
        fails(&z, None, Some(&[1, 2, 2, 3])),
        ModelError::SplitCluster { cluster: 1 }
    );
    assert_eq!(
        fails(&z, Some(&[1, 1, 1, 2]), Some(&[1, 1, 2, 2])),
        ModelError::ClusterAcrossStrata { cluster: 1 }
    );
    assert!(matches!(
        fails(&[true, false], None, None),
        ModelError::NoDegreesOfFreedom { .. }
    ));
    let one = Instrument::new(&z, None, None).unwrap();
    let y = [1.0, 4.0, 2.0, 0.0];
    let nobody = one.two_stage(&y, &[0.0; 4], P95).unwrap_err();
    assert_eq!(nobody, ModelError::NoFirstStage);
    // One cluster in an arm: an effect, but nothing to judge it by.
    let alone = Instrument::new(&z, None, Some(&[1, 1, 2, 3])).unwrap();
    let found = alone.two_stage(&y, &[1.0, 1.0, 0.0, 0.0], P95).unwrap();
    assert_eq!(found.effect.std_error, None);
    assert_eq!(found.anderson_rubin.set, ConfidenceSet::Line);
    assert_eq!(found.f, None);
    // Receipt that follows assignment exactly is the effect of assignment itself.
    let exact = one.two_stage(&y, &[3.0, 3.0, 0.0, 0.0], P95).unwrap();
    close("exact", exact.effect.estimate * 3.0, 1.5, 1e-14);
    assert_eq!((exact.f, exact.strength), (None, Strength::Strong));
}

/// The average response of a dose of 0 and 1 is the effect on compliers.
#[test]
fn a_dose_of_one_is_receipt() {
    let reference = load("drawn_iv.json");
    let data = &reference["strata"]["data"];
    let instrument = instrument(data, true, false);
    let y = numbers(&data["y"]);
    let dose: Vec<u64> = labels(&data["got"]).iter().map(|&d| d as u64).collect();
    let ours = average_causal_response(&y, &dose, &instrument, 4, P95).unwrap();
    same("one", &ours.per_unit.effect, &reference["strata"]["effect"]);
    assert_eq!(ours.steps.len(), 1);
    close("weight", ours.steps[0].weight, 1.0, 1e-12);
}

/// With covariates in both stages, against estimatr; by cluster through the general kernel.
#[test]
fn covariates_in_both_stages_agree_with_estimatr() {
    let reference = load("adjusted_iv.json");
    for (name, strata, clusters) in [
        ("complete", false, false),
        ("strata", true, false),
        ("weak", true, false),
        ("clusters", false, true),
        ("clusters_in_strata", true, true),
    ] {
        let theirs = &reference[name];
        let data = &theirs["data"];
        let (y, got, z) = (
            numbers(&data["y"]),
            numbers(&data["got"]),
            flags(&data["z"]),
        );
        let stratum = labels(&data["stratum"]);
        let stratum = strata.then_some(stratum.as_slice());
        let columns = [numbers(&data["x1"]), numbers(&data["x2"])];
        let covariates = Matrix::from_columns(y.len(), &columns).unwrap();
        let ours = if clusters {
            let mut beside = stratum.map_or_else(
                || Matrix::new(y.len()),
                |stratum| fip::stats::strata::indicators(stratum).unwrap(),
            );
            beside.append(&covariates).unwrap();
            let mut assignment = Matrix::new(y.len());
            assignment.push_flags(&z).unwrap();
            let clusters = Clusters::new(&labels(&data["cluster"])).unwrap();
            let variance = Variance::Cr2(&clusters);
            two_stage(&y, &got, &assignment, &beside, variance, P95)
                .unwrap()
                .drawn()
                .unwrap()
        } else {
            let instrument = Instrument::adjusted(&z, stratum, &covariates).unwrap();
            instrument.two_stage(&y, &got, P95).unwrap()
        };
        same_within(name, &ours.effect, &theirs["effect"], 1e-9);
        same_within(name, &ours.received, &theirs["share"], 1e-9);
        same_within(name, &ours.reduced_form, &theirs["reduced_form"], 1e-9);
        same_set(name, &ours, &theirs["anderson_rubin"]);
        // All these first stages have F below 104.7: the set leads.
        assert!(ours.led_by_set());
        let leading = ours.leading();
        assert_eq!(leading.estimate, ours.effect.estimate);
        close(
            name,
            leading.p_value.unwrap(),
            theirs["anderson_rubin"]["no_effect_p"].as_f64().unwrap(),
            ROOT,
        );
    }
}
