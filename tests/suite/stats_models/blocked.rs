//! Draws within strata: against estimatr.

use fip::stats::blocked::{
    Source, blocked_cluster_difference, blocked_difference, cluster_difference,
};
use fip::stats::infer::Level;
use fip::stats::matrix::ModelError;
use fip::stats::strata::with_both_arms;

use super::reference::{close, flags, labels, load, numbers, same};

const P95: Level = Level::P95;

#[test]
fn agrees_with_estimatr() {
    let reference = load("blocked.json");
    for (name, source) in [("strata", Source::Within), ("pairs", Source::Between)] {
        let data = &reference[name]["data"];
        let (y, treated) = (numbers(&data["y"]), flags(&data["treated"]));
        let ours = blocked_difference(&y, &treated, &labels(&data["stratum"]), P95).unwrap();
        assert_eq!(ours.source, source);
        same(name, &ours.effect, &reference[name]["result"]);
    }
    for (name, source) in [
        ("clusters", Source::Within),
        ("cluster_pairs", Source::Between),
    ] {
        let data = &reference[name]["data"];
        let (y, treated) = (numbers(&data["y"]), flags(&data["treated"]));
        let (strata, cluster) = (labels(&data["stratum"]), labels(&data["cluster"]));
        let ours = blocked_cluster_difference(&y, &treated, &strata, &cluster, P95).unwrap();
        assert_eq!(ours.source, source);
        same(name, &ours.effect, &reference[name]["result"]);
    }
    let data = &reference["clusters"]["data"];
    let (y, treated) = (numbers(&data["y"]), flags(&data["treated"]));
    let ours = cluster_difference(&y, &treated, &labels(&data["cluster"]), P95).unwrap();
    same(
        "unstratified",
        &ours,
        &reference["clusters"]["unstratified"],
    );
}

/// One stratum is a complete draw; relabelling arms flips the sign and nothing else; the
/// order of rows and the numbers of strata don't matter.
#[test]
fn symmetries() {
    let reference = load("blocked.json");
    let data = &reference["strata"]["data"];
    let (mut y, mut treated) = (numbers(&data["y"]), flags(&data["treated"]));
    let mut strata = labels(&data["stratum"]);
    let ours = blocked_difference(&y, &treated, &strata, P95)
        .unwrap()
        .effect;
    let other: Vec<bool> = treated.iter().map(|t| !t).collect();
    let flipped = blocked_difference(&y, &other, &strata, P95).unwrap().effect;
    assert_eq!(flipped.estimate, -ours.estimate);
    assert_eq!(flipped.p_value, ours.p_value);
    assert_eq!(flipped.conf_low, ours.conf_high.map(|h| -h));
    y.reverse();
    treated.reverse();
    strata.reverse();
    let renumbered: Vec<usize> = strata.iter().map(|s| 100 - s).collect();
    let turned = blocked_difference(&y, &treated, &renumbered, P95)
        .unwrap()
        .effect;
    close("estimate", turned.estimate, ours.estimate, 1e-13);
    close(
        "se",
        turned.std_error.unwrap(),
        ours.std_error.unwrap(),
        1e-13,
    );
}

/// The variance of thin strata, by the estimator's definition in `blocked_thin.py`: pairs, triples, a
/// triple among pairs, and thin strata among large ones.
#[test]
fn thin_strata_have_the_variance_between_them() {
    let reference = load("blocked_thin.json");
    for case in reference["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let (y, treated) = (numbers(&case["y"]), flags(&case["treated"]));
        let ours = blocked_difference(&y, &treated, &labels(&case["stratum"]), P95).unwrap();
        let number = |what: &str| case[what].as_f64().unwrap();
        close(name, ours.effect.estimate, number("estimate"), 1e-11);
        close(
            name,
            ours.effect.std_error.unwrap(),
            number("std_error"),
            1e-11,
        );
        close(name, ours.effect.df.unwrap(), number("df"), 1e-11);
        let source = match case["source"].as_str().unwrap() {
            "between" => Source::Between,
            _ => Source::Hybrid,
        };
        assert_eq!(ours.source, source, "{name}");
    }
}

/// Over all draws of a small design, the variance is right on average where effects are the same for
/// everybody, and too large where they differ: never too small.
#[test]
fn the_variance_of_thin_strata_is_never_too_small_on_average() {
    // Strata of 3 (1:2), 3, 2 (1:1) and 5 (2:3).
    let sizes = [(3, 1), (3, 1), (2, 1), (5, 2)];
    let strata: Vec<usize> = (0..4).flat_map(|s| vec![s; sizes[s].0]).collect();
    let without = [
        1.0, 4.0, 2.5, 9.0, 7.0, 8.5, 20.0, 23.0, 3.0, 3.5, 1.0, 0.0, 6.0,
    ];
    for different in [false, true] {
        let effect = |i: usize| {
            if different {
                2.0 * strata[i] as f64
            } else {
                1.0
            }
        };
        let (mut estimates, mut variances) = (Vec::new(), Vec::new());
        for mask in 0..1_u32 << 13 {
            let treated: Vec<bool> = (0..13).map(|i| mask >> i & 1 == 1).collect();
            let right =
                |s: usize| (0..13).filter(|&i| strata[i] == s && treated[i]).count() == sizes[s].1;
            if !(0..4).all(right) {
                continue;
            }
            let y: Vec<f64> = (0..13)
                .map(|i| without[i] + if treated[i] { effect(i) } else { 0.0 })
                .collect();
            let ours = blocked_difference(&y, &treated, &strata, P95)
                .unwrap()
                .effect;
            estimates.push(ours.estimate);
            variances.push(ours.std_error.unwrap().powi(2));
        }
        assert_eq!(estimates.len(), 3 * 3 * 2 * 10);
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        let truth = (0..13).map(effect).sum::<f64>() / 13.0;
        close("unbiased", mean(&estimates), truth, 1e-12);
        let spread = mean(
            &estimates
                .iter()
                .map(|e| (e - truth).powi(2))
                .collect::<Vec<_>>(),
        );
        match different {
            false => close("variance", mean(&variances), spread, 1e-12),
            true => assert!(mean(&variances) > spread),
        }
    }
}

#[test]
fn strata_without_an_arm_are_left_out() {
    let treated = flags(&serde_json::json!([1, 0, 1, 1, 0, 0]));
    assert_eq!(
        with_both_arms(&treated, &[5, 5, 3, 3, 3, 8]).unwrap(),
        Some(vec![true, true, true, true, true, false])
    );
    assert_eq!(with_both_arms(&treated, &[0; 6]).unwrap(), None);
    let alone = blocked_difference(&[1.0, 2.0, 3.0], &[true, false, false], &[1, 1, 1], P95);
    assert_eq!(
        alone.unwrap_err(),
        ModelError::ThinStratum {
            stratum: 1,
            treated: 1,
            control: 2
        }
    );
}

#[test]
fn unusable_input_is_an_error() {
    let wrong = |y: &[f64], t: &[bool], s: &[usize]| blocked_difference(y, t, s, P95).unwrap_err();
    assert_eq!(wrong(&[], &[], &[]), ModelError::Empty);
    assert_eq!(
        wrong(&[1.0], &[true, false], &[1]),
        ModelError::Length {
            expected: 2,
            found: 1
        }
    );
    assert_eq!(
        wrong(&[f64::NAN], &[true], &[1]),
        ModelError::NotFinite { row: 0 }
    );
    let across = blocked_cluster_difference(
        &[1.0, 2.0, 3.0, 4.0],
        &[true, true, false, false],
        &[1, 2, 1, 2],
        &[1, 1, 2, 3],
        P95,
    );
    assert_eq!(
        across.unwrap_err(),
        ModelError::ClusterAcrossStrata { cluster: 0 }
    );
    let constant =
        blocked_difference(&[3.0; 4], &[true, true, false, false], &[0; 4], P95).unwrap();
    assert_eq!(constant.effect.std_error, Some(0.0));
    assert_eq!(constant.effect.p_value, None);
}
