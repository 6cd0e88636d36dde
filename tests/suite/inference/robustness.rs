//! Weighting, matching, imbalance and subgroups against estimatr, MatchIt, glm and scipy.

use fip::results::Estimate;
use fip::stats::compliance::compliers;
use fip::stats::drawn_iv::Instrument;
use fip::stats::infer::Level;
use fip::stats::linear::Variance;
use fip::stats::logistic::logistic;
use fip::stats::matching::Neighbours;
use fip::stats::matrix::{Matrix, ModelError};
use fip::stats::sample::Moments;
use fip::stats::subgroups::subgroups;
use fip::stats::two_sample::welch_t;
use fip::stats::weighting::{
    entropy_balance, entropy_balanced, imbalance_by_prognosis, inverse_probability,
    inverse_probability_weighted, largest_smd, response_weights, weighted_difference,
};
use serde_json::Value;

use super::{close, flags, labels, load, number, numbers};

const P95: Level = Level::P95;

struct Data {
    y: Vec<f64>,
    treated: Vec<bool>,
    covariates: Matrix,
    reference: Value,
}

fn data() -> Data {
    let reference = load("inference.json");
    let data = &reference["data"];
    let y = numbers(&data["y"]);
    let columns: Vec<Vec<f64>> = ["age", "years", "woman"]
        .iter()
        .map(|n| numbers(&data[n]))
        .collect();
    Data {
        treated: flags(&data["treated"]),
        covariates: Matrix::from_columns(y.len(), &columns).unwrap(),
        y,
        reference,
    }
}

#[track_caller]
fn same(ours: &Estimate, theirs: &Value, tolerance: f64) {
    for (what, ours) in [
        ("estimate", Some(ours.estimate)),
        ("std_error", ours.std_error),
        ("df", ours.df),
        ("conf_low", ours.conf_low),
        ("conf_high", ours.conf_high),
        ("statistic", ours.statistic),
        ("p_value", ours.p_value),
    ] {
        close(what, ours.unwrap(), number(&theirs[what]), tolerance);
    }
}

/// R's glm stops at 1e-15 of the deviance: about 1e-8 of a coefficient, squared by the last step.
#[test]
fn logistic_agrees_with_glm() {
    let d = data();
    let mut design = Matrix::new(d.y.len());
    design.push_intercept();
    design.append(&d.covariates).unwrap();
    let ours = logistic(&d.treated, &design).unwrap();
    let theirs = &d.reference["logistic"];
    for (ours, theirs) in ours
        .coefficients
        .iter()
        .zip(numbers(&theirs["coefficients"]))
    {
        close("coefficient", ours.unwrap(), theirs, 1e-10);
    }
    for (ours, theirs) in ours
        .probabilities
        .iter()
        .zip(numbers(&theirs["probabilities"]))
    {
        close("probability", *ours, theirs, 1e-10);
    }
    let separated: Vec<bool> = d
        .covariates
        .column(0)
        .iter()
        .map(|age| *age > 44.0)
        .collect();
    assert_eq!(
        logistic(&separated, &design).unwrap_err(),
        ModelError::Numerical
    );
    assert_eq!(
        logistic(&vec![true; d.y.len()], &design).unwrap_err(),
        ModelError::NoVariance
    );
}

#[test]
fn weighting_agrees_with_estimatr() {
    let d = data();
    let weights = inverse_probability(&d.treated, &d.covariates).unwrap();
    let ours = weighted_difference(&d.y, &d.treated, &weights, None, P95).unwrap();
    same(&ours, &d.reference["ipw"], 1e-9);
    let known = flags(&d.reference["data"]["known"]);
    let found = response_weights(&known, &d.treated, &d.covariates).unwrap();
    let (weights, unlike) = (found.weights, found.unlike);
    assert_eq!(unlike, 0);
    let ours = weighted_difference(&d.y, &d.treated, &weights, None, P95).unwrap();
    same(&ours, &d.reference["response"], 1e-9);
    assert_eq!(
        response_weights(&[true; 3], &[true, false, true], &Matrix::new(3))
            .unwrap()
            .weights,
        [1.0; 3]
    );
    // A constant outcome: no effect, and nothing to say about its uncertainty.
    let flat = weighted_difference(&[2.0; 90], &d.treated, &weights, None, P95).unwrap();
    assert_eq!((flat.estimate, flat.p_value), (0.0, None));
    let nobody = weighted_difference(&d.y, &[false; 90], &weights, None, P95).unwrap_err();
    assert_eq!(nobody, ModelError::EmptyArm { treated: true });
}

/// Effects and standard errors that know that the weights were estimated, against numerical derivatives of the whole
/// estimate.
#[test]
fn estimated_weights_agree_with_the_infinitesimal_jackknife() {
    let reference = load("weights.json");
    for case in reference["cases"].as_array().unwrap() {
        let y = numbers(&case["y"]);
        let treated: Vec<bool> = numbers(&case["treated"])
            .iter()
            .map(|z| *z == 1.0)
            .collect();
        let columns: Vec<Vec<f64>> = case["covariates"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let x = Matrix::from_columns(y.len(), &columns).unwrap();
        for (name, ours) in [
            (
                "inverse_probability",
                inverse_probability_weighted(&y, &treated, &x, P95).unwrap(),
            ),
            ("entropy", entropy_balanced(&y, &treated, &x, P95).unwrap()),
        ] {
            let theirs = &case[name];
            let of = |field: &str| number(&theirs[field]);
            close(name, ours.effect.estimate, of("estimate"), 1e-9);
            close(name, ours.effect.std_error.unwrap(), of("std_error"), 1e-7);
            close(name, ours.effect.df.unwrap(), of("df"), 1e-6);
            let left = largest_smd(&treated, &ours.weights, &x).unwrap().unwrap();
            assert!(name != "entropy" || left.1.abs() < 1e-10, "{left:?}");
        }
        // Without covariates it is Welch's test.
        let arm = |arm: bool| -> Vec<f64> {
            let own = y.iter().zip(&treated).filter(|(_, z)| **z == arm);
            own.map(|(y, _)| *y).collect()
        };
        let moments = |of: bool| Moments::from_slice(&arm(of));
        let plain = welch_t(&moments(true), &moments(false), P95)
            .unwrap()
            .estimate;
        let none = Matrix::new(y.len());
        for ours in [
            inverse_probability_weighted(&y, &treated, &none, P95).unwrap(),
            entropy_balanced(&y, &treated, &none, P95).unwrap(),
        ] {
            close("estimate", ours.effect.estimate, plain.estimate, 1e-10);
            close(
                "error",
                ours.effect.std_error.unwrap(),
                plain.std_error.unwrap(),
                1e-10,
            );
        }
    }
}

/// Levels at which everybody, or nobody, has an outcome: what R's glm tends to.
#[test]
fn response_weights_at_the_limit() {
    let reference = &load("evaluate/within_strata.json")["response"];
    let data = &reference["data"];
    let (known, treated) = (flags(&data["known"]), flags(&data["treated"]));
    let level = |name: &str| -> Vec<f64> {
        let levels = data["level"].as_array().unwrap();
        levels
            .iter()
            .map(|l| f64::from(u8::from(l == name)))
            .collect()
    };
    let columns = [numbers(&data["x"]), level("b"), level("c")];
    let covariates = Matrix::from_columns(known.len(), &columns).unwrap();
    let found = response_weights(&known, &treated, &covariates).unwrap();
    assert_eq!(found.unlike as f64, number(&reference["unlike"]));
    for (weight, sure) in found.weights.iter().zip(&columns[2]) {
        assert!(*sure == 0.0 || *weight == 1.0);
    }
    let ours =
        weighted_difference(&numbers(&data["y"]), &treated, &found.weights, None, P95).unwrap();
    // Thirty rounds of glm leave 1e-13 of the limit in the separated weights, a few steps more in others.
    same(&ours, &reference["effect"], 1e-7);
    // A line that tells without exception who has an outcome: nobody stands for the others.
    let apart: Vec<bool> = columns[0].iter().map(|x| *x > 0.1).collect();
    let line = Matrix::from_columns(known.len(), &columns[..1]).unwrap();
    if let Ok(found) = response_weights(&apart, &treated, &line) {
        assert_eq!(found.unlike, apart.iter().filter(|known| !**known).count());
    }
}

#[test]
fn entropy_balancing_agrees_with_scipy() {
    let d = data();
    let ours = entropy_balance(&d.treated, &d.covariates).unwrap();
    for (ours, theirs) in ours.iter().zip(numbers(&load("bounds.json")["entropy"])) {
        close("weight", *ours, theirs, 1e-10);
    }
    for j in 0..3 {
        let x = d.covariates.column(j);
        let all = x.iter().sum::<f64>() / x.len() as f64;
        for arm in [true, false] {
            let own = (0..x.len()).filter(|&i| d.treated[i] == arm);
            let (sum, total) = own.fold((0.0, 0.0), |(s, t), i| (s + ours[i] * x[i], t + ours[i]));
            close("balanced mean", sum / total, all, 1e-12);
        }
    }
    // An arm that lies beside the mean of all cannot be balanced.
    let age = d.covariates.column(0);
    let apart: Vec<bool> = age.iter().map(|age| *age > 44.0).collect();
    assert_eq!(
        entropy_balance(&apart, &d.covariates).unwrap_err(),
        ModelError::Numerical
    );
}

/// The matches are MatchIt's, the standard error is from its formula in numpy.
#[test]
fn matching_agrees_with_matchit() {
    let d = data();
    let neighbours = Neighbours::new(&d.treated, &d.covariates).unwrap();
    let ours = neighbours.with_replacement(&d.y, P95).unwrap();
    let theirs = &d.reference["matching"]["replacement"];
    close(
        "effect",
        ours.effect.estimate,
        number(&theirs["effect"]),
        1e-12,
    );
    assert_eq!(ours.treated as f64, number(&theirs["treated"]));
    assert_eq!(ours.controls as f64, number(&theirs["controls"]));
    let ai = &load("bounds.json")["abadie_imbens"];
    close("effect", ours.effect.estimate, number(&ai["effect"]), 1e-12);
    close(
        "std_error",
        ours.effect.std_error.unwrap(),
        number(&ai["std_error"]),
        1e-12,
    );
}

#[test]
fn matching_with_ties_and_little() {
    let x = Matrix::from_columns(6, &[[0.0, 0.0, 1.0, 1.0, 0.0, 1.0]]).unwrap();
    let treated = [true, false, true, false, false, false];
    let y = [5.0, 1.0, 7.0, 4.0, 3.0, 2.0];
    // Within a value of the covariate all controls tie: 5 − 2 and 7 − 3.
    let neighbours = Neighbours::new(&treated, &x).unwrap();
    let ours = neighbours.with_replacement(&y, P95).unwrap();
    close("effect", ours.effect.estimate, 3.5, 1e-15);
    assert_eq!(ours.controls, 4);
    let flat = Matrix::from_columns(6, &[[1.0; 6]]).unwrap();
    assert_eq!(
        Neighbours::new(&treated, &flat).err(),
        Some(ModelError::NoVariance)
    );
    assert!(Neighbours::new(&[true, false], &Matrix::new(2)).is_err());
    assert!(Neighbours::new(&[], &Matrix::new(0)).is_err());
    assert!(neighbours.with_replacement(&y[..2], P95).is_err());
    // A control counts as often as it is matched, half of it in a tie.
    assert_eq!(ours.weights, [1.0, 0.5, 1.0, 0.5, 0.5, 0.5]);
}

#[test]
fn a_group_without_spread_has_no_statistic() {
    // Two groups in which nobody has the outcome beside one with spread: 1e-17 is no estimate.
    let group: Vec<usize> = (0..66).map(|i| i % 3).collect();
    let treated: Vec<bool> = (0..66).map(|i| i % 5 < 2).collect();
    let y: Vec<f64> = (0..66)
        .map(|i| {
            if i % 3 == 0 {
                f64::from(i % 7) / 3.0
            } else {
                0.0
            }
        })
        .collect();
    let ours = subgroups(&y, &treated, &group, None, Variance::Hc2, P95).unwrap();
    assert!(ours.groups[0].effect.unwrap().p_value.is_some());
    for group in &ours.groups[1..] {
        let effect = group.effect.unwrap();
        assert_eq!((effect.std_error, effect.p_value), (Some(0.0), None));
        assert!(effect.estimate.abs() < 1e-15 && group.interaction.unwrap().p_value.is_some());
    }
}

#[test]
fn one_who_complies_has_no_spread() {
    // Of the assigned only one came: the mean of the compliers is that person's outcome.
    let y = [3.71, 1.2, 2.9, 0.4, 1.1, 2.3, 1.9, 0.7, 3.3];
    let assigned = [true, true, true, true, false, false, false, false, false];
    let received: Vec<bool> = (0..9).map(|i| i == 0).collect();
    let instrument = Instrument::new(&assigned, None, None).unwrap();
    let ours = compliers(&y, &received, &instrument, P95).unwrap();
    close("mean", ours.mean_treated.estimate, 3.71, 1e-14);
    assert_eq!(ours.mean_treated.std_error, Some(0.0));
    assert_eq!(
        (ours.mean_treated.p_value, ours.mean_treated.conf_low),
        (None, None)
    );
}

#[test]
fn imbalance_adds_up() {
    let d = data();
    let theirs = &d.reference["imbalance"];
    let ours = imbalance_by_prognosis(&d.y, &d.treated, &d.covariates, P95).unwrap();
    let slopes = numbers(&theirs["slopes"]);
    let mut sum = 0.0;
    for (ours, slope) in ours.iter().zip(slopes) {
        let ours = ours.unwrap();
        close("slope", ours.prognosis, slope, 1e-11);
        sum += ours.contribution;
    }
    let gap = number(&theirs["unadjusted"]) - number(&theirs["adjusted"]);
    close("sum of contributions", sum, gap, 1e-11);
}

#[test]
fn subgroups_agree_with_estimatr() {
    let d = data();
    let group = labels(&d.reference["data"]["group"]);
    let ours = subgroups(&d.y, &d.treated, &group, None, Variance::Hc2, P95).unwrap();
    let theirs = &d.reference["subgroups"];
    for (k, group) in ours.groups.iter().enumerate() {
        same(&group.effect.unwrap(), &theirs["effects"][k], 1e-10);
        match k {
            0 => assert!(group.interaction.is_none()),
            k => same(
                &group.interaction.unwrap(),
                &theirs["interactions"][k - 1],
                1e-9,
            ),
        }
    }
    let test = ours.test.unwrap();
    close("F", test.statistic, number(&theirs["f"]), 1e-10);
    close("p", test.p_value, number(&theirs["p_value"]), 1e-10);
    // A group of one arm only has no effect, and leaves the others as they are.
    let y = [1.0, 2.0, 4.0, 6.0, 9.0, 3.0, 5.0];
    let treated = [true, true, false, false, true, true, true];
    let group = [0, 0, 0, 0, 5, 5, 5];
    let ours = subgroups(&y, &treated, &group, None, Variance::Hc2, P95).unwrap();
    assert!(ours.groups[1].effect.is_none() && ours.test.is_none());
    close(
        "effect",
        ours.groups[0].effect.unwrap().estimate,
        -3.5,
        1e-12,
    );
    let error = subgroups(&y, &[true; 7], &[0; 7], None, Variance::Hc2, P95).unwrap_err();
    assert_eq!(error, ModelError::EmptyArm { treated: false });
}
