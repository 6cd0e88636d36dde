//! Compliers: against estimatr, and root finding for the Anderson–Rubin sets.

use fip::stats::anderson_rubin::{AndersonRubin, ConfidenceSet};
use fip::stats::cluster::Clusters;
use fip::stats::compliance::compliers;
use fip::stats::drawn_iv::Instrument;
use fip::stats::infer::Level;
use fip::stats::iv::{Strength, TwoStage, two_stage};
use fip::stats::linear::Variance;
use fip::stats::matrix::{Matrix, ModelError};
use serde_json::Value;

use super::reference::{CLOSE, close, flags, labels, load, matrix, numbers, same};

const P95: Level = Level::P95;

/// R's root finder stops at about 1e-15 of its own scale, at steep p-values only.
const ROOT: f64 = 1e-9;

fn analyse(
    data: &Value,
    instruments: &[&str],
    covariates: &[&str],
    variance: Variance,
) -> TwoStage {
    two_stage(
        &numbers(&data["y"]),
        &numbers(&data["d"]),
        &matrix(data, instruments),
        &matrix(data, covariates),
        variance,
        P95,
    )
    .unwrap()
}

/// A complete draw of persons as instrument.
fn drawn(assigned: &[bool]) -> Instrument {
    Instrument::new(assigned, None, None).unwrap()
}

fn same_set(what: &str, ours: &AndersonRubin, theirs: &Value) {
    let bounds = numbers(&theirs["bounds"]);
    let outside = theirs["outside_accepted"].as_bool().unwrap();
    match (ours.set, &bounds[..], outside) {
        (ConfidenceSet::Interval { low, high }, [a, b], false)
        | (
            ConfidenceSet::Rays {
                below: Some(low),
                above: Some(high),
            },
            [a, b],
            true,
        ) => {
            close(&format!("{what} low"), low, *a, ROOT);
            close(&format!("{what} high"), high, *b, ROOT);
        }
        (ConfidenceSet::Line, [], true) | (ConfidenceSet::Empty, [], false) => {}
        (set, bounds, outside) => panic!("{what}: {set:?} instead of {bounds:?}, {outside}"),
    }
    let p = theirs["no_effect_p"].as_f64().unwrap();
    close(
        &format!("{what} p"),
        ours.no_effect.unwrap().p_value,
        p,
        1e-9,
    );
}

#[test]
fn one_instrument_agrees_with_estimatr() {
    let reference = load("iv.json");
    for (name, covariates) in [
        ("one_sided", &[][..]),
        ("one_sided_covariate", &["age"]),
        ("two_sided", &["age"]),
        ("dose", &["age"]),
        ("rays", &[]),
        ("line", &[]),
    ] {
        let theirs = &reference[name];
        let data = &theirs["data"];
        let ours = analyse(data, &["z"], covariates, Variance::Hc2);
        same(name, &ours.effect, &theirs["effect"]);
        same(name, &ours.first_stage.effect.unwrap(), &theirs["share"]);
        same(name, &ours.reduced_form.unwrap(), &theirs["reduced_form"]);
        let f = ours.first_stage.f_classical.unwrap();
        close(
            name,
            f.statistic,
            theirs["f_classical"]["statistic"].as_f64().unwrap(),
            1e-10,
        );
        close(
            name,
            f.p_value,
            theirs["f_classical"]["p_value"].as_f64().unwrap(),
            1e-9,
        );
        let t = theirs["share"]["statistic"].as_f64().unwrap();
        close(name, ours.first_stage.f.unwrap().statistic, t * t, 1e-10);
        same_set(name, &ours.anderson_rubin, &theirs["anderson_rubin"]);
        let classical = &theirs["anderson_rubin_classical"];
        same_set(name, &ours.anderson_rubin_classical, classical);
        let ours = analyse(data, &["z"], covariates, Variance::Classical);
        same(name, &ours.effect, &theirs["effect_classical"]);
        same_set(name, &ours.anderson_rubin, classical);
        let ours = analyse(data, &["z"], covariates, Variance::Hc3);
        same(name, &ours.effect, &theirs["effect_hc3"]);
    }
}

#[test]
fn unbounded_sets_come_with_a_weak_first_stage() {
    let reference = load("iv.json");
    let rays = analyse(&reference["rays"]["data"], &["z"], &[], Variance::Hc2);
    assert!(matches!(
        rays.anderson_rubin.set,
        ConfidenceSet::Rays { .. }
    ));
    assert_eq!(rays.first_stage.strength, Strength::Weak);
    assert!(rays.anderson_rubin.set.contains(rays.effect.estimate));
    let line = analyse(&reference["line"]["data"], &["z"], &[], Variance::Hc2);
    assert_eq!(line.anderson_rubin.set, ConfidenceSet::Line);
    assert_eq!(line.first_stage.strength, Strength::Weak);
}

#[test]
fn clusters_agree_with_estimatr() {
    let reference = load("iv.json");
    let theirs = &reference["clustered"];
    let clusters = Clusters::new(&labels(&theirs["data"]["cluster"])).unwrap();
    let ours = analyse(&theirs["data"], &["z"], &[], Variance::Cr2(&clusters));
    same("clustered", &ours.effect, &theirs["effect"]);
    same_set("clustered", &ours.anderson_rubin, &theirs["anderson_rubin"]);
}

#[test]
fn several_instruments_agree_with_estimatr() {
    let reference = load("iv.json");
    for name in ["two_instruments", "contradicting"] {
        let theirs = &reference[name];
        let ours = analyse(&theirs["data"], &["z1", "z2"], &["age"], Variance::Hc2);
        same(name, &ours.effect, &theirs["effect"]);
        assert_eq!((ours.first_stage.effect, ours.reduced_form), (None, None));
        let f = ours.first_stage.f.unwrap().statistic;
        close(name, f, theirs["f_robust"].as_f64().unwrap(), 1e-10);
        let f = ours.first_stage.f_classical.unwrap().statistic;
        close(
            name,
            f,
            theirs["f_classical"]["statistic"].as_f64().unwrap(),
            1e-10,
        );
        same_set(
            name,
            &ours.anderson_rubin_classical,
            &theirs["anderson_rubin_classical"],
        );
    }
    let ours = analyse(
        &reference["contradicting"]["data"],
        &["z1", "z2"],
        &["age"],
        Variance::Hc2,
    );
    assert_eq!(ours.anderson_rubin.set, ConfidenceSet::Empty);
}

/// Sommer & Zeger 1991: vitamin A reduced mortality of compliers by 3.2 per thousand
/// (Angrist, Imbens & Rubin and Imbens & Rubin 1997 print −0.0032).
#[test]
fn the_vitamin_a_trial() {
    let reference = load("iv.json");
    let theirs = &reference["vitamin_a"];
    let counts = numbers(&theirs["counts"]["count"]);
    let expand = |name: &str| -> Vec<f64> {
        numbers(&theirs["counts"][name])
            .iter()
            .zip(&counts)
            .flat_map(|(v, n)| std::iter::repeat_n(*v, *n as usize))
            .collect()
    };
    let (y, d, z) = (expand("y"), expand("d"), expand("z"));
    assert_eq!(y.len(), 23_682);
    let instrument = Matrix::from_columns(y.len(), &[&z]).unwrap();
    let none = Matrix::new(y.len());
    let ours = two_stage(&y, &d, &instrument, &none, Variance::Hc2, P95).unwrap();
    assert!((ours.effect.estimate - -0.0032).abs() < 0.000_05);
    same("vitamin A", &ours.effect, &theirs["effect"]);
    same(
        "vitamin A",
        &ours.first_stage.effect.unwrap(),
        &theirs["share"],
    );
    same(
        "vitamin A",
        &ours.reduced_form.unwrap(),
        &theirs["reduced_form"],
    );
    assert_eq!(ours.first_stage.strength, Strength::Strong);
    let bool_of = |v: &[f64]| v.iter().map(|&v| v == 1.0).collect::<Vec<_>>();
    let who = compliers(&y, &bool_of(&d), &drawn(&bool_of(&z)), P95).unwrap();
    assert!(who.one_sided());
    assert_eq!((who.assigned_received, who.assigned_not), (9675, 2419));
    assert_eq!((who.control_received, who.control_not), (0, 11588));
    same("treated", &who.mean_treated, &theirs["means"]["treated"]);
    same(
        "untreated",
        &who.mean_untreated,
        &theirs["means"]["untreated"],
    );
    close(
        "compliers treated",
        who.mean_treated.estimate,
        12.0 / 9675.0,
        1e-12,
    );
    close(
        "never-takers",
        who.never_takers.1.unwrap(),
        34.0 / 2419.0,
        1e-12,
    );
    assert_eq!(who.always_takers, (0.0, None));
}

#[test]
fn complier_means_agree_with_estimatr() {
    let reference = load("iv.json");
    for name in ["one_sided", "two_sided"] {
        let theirs = &reference[name];
        let data = &theirs["data"];
        let ours = compliers(
            &numbers(&data["y"]),
            &flags(&data["d"]),
            &drawn(&flags(&data["z"])),
            P95,
        )
        .unwrap();
        same(name, &ours.mean_treated, &theirs["means"]["treated"]);
        same(name, &ours.mean_untreated, &theirs["means"]["untreated"]);
        assert_eq!(ours.one_sided(), name == "one_sided");
        assert!(!ours.reversed());
        let shares = ours.share.estimate + ours.always_takers.0 + ours.never_takers.0;
        close("shares", shares, 1.0, CLOSE);
    }
}

#[test]
fn full_compliance_is_intention_to_treat() {
    let y = [1.0, 3.0, 2.0, 7.0, 4.0, 9.0];
    let z = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0];
    let instrument = Matrix::from_columns(6, &[z]).unwrap();
    let ours = two_stage(&y, &z, &instrument, &Matrix::new(6), Variance::Hc2, P95).unwrap();
    let itt = ours.reduced_form.unwrap();
    close("effect", ours.effect.estimate, itt.estimate, 1e-14);
    close(
        "se",
        ours.effect.std_error.unwrap(),
        itt.std_error.unwrap(),
        1e-14,
    );
    assert_eq!(ours.first_stage.f, None);
    assert_eq!(ours.first_stage.strength, Strength::Strong);
    let ConfidenceSet::Interval { low, high } = ours.anderson_rubin.set else {
        panic!("an interval")
    };
    close("low", low, itt.conf_low.unwrap(), 1e-13);
    close("high", high, itt.conf_high.unwrap(), 1e-13);
}

#[test]
fn no_compliers_is_an_error() {
    let y = [1.0, 3.0, 2.0, 7.0, 4.0, 9.0, 3.0, 1.0];
    let z = [true, true, true, true, false, false, false, false];
    let d = [true, false, true, false, true, true, false, false];
    assert_eq!(
        compliers(&y, &d, &drawn(&z), P95).unwrap_err(),
        ModelError::NoFirstStage
    );
    assert_eq!(
        compliers(&y, &[false; 8], &drawn(&z), P95).unwrap_err(),
        ModelError::NoFirstStage
    );
}

/// A constant outcome: effect zero, no spread, no p-value, and nothing that is not a number.
#[test]
fn a_constant_outcome_has_no_spread() {
    let reference = load("iv.json");
    let data = &reference["two_sided"]["data"];
    let instrument = matrix(data, &["z"]);
    let ours = two_stage(
        &[2.0; 140],
        &numbers(&data["d"]),
        &instrument,
        &matrix(data, &["age"]),
        Variance::Hc2,
        P95,
    )
    .unwrap();
    assert_eq!(ours.effect.std_error, Some(0.0));
    assert_eq!(ours.effect.p_value, None);
    assert_eq!(ours.anderson_rubin.no_effect, None);
    assert!(ours.effect.estimate.abs() < 1e-15);
}
