//! Draws within strata: against estimatr.

use fip::stats::blocked::{
    Source, blocked_cluster_difference, blocked_difference, cluster_difference,
};
use fip::stats::infer::Level;
use fip::stats::matrix::ModelError;
use fip::stats::strata::merge_thin;

use super::reference::{close, flags, labels, load, numbers, same};

const P95: Level = Level::P95;

#[test]
fn agrees_with_estimatr() {
    let reference = load("blocked.json");
    for (name, source) in [("strata", Source::Within), ("pairs", Source::Pairs)] {
        let data = &reference[name]["data"];
        let (y, treated) = (numbers(&data["y"]), flags(&data["treated"]));
        let ours = blocked_difference(&y, &treated, &labels(&data["stratum"]), P95).unwrap();
        assert_eq!(ours.source, source);
        same(name, &ours.effect, &reference[name]["result"]);
    }
    for (name, source) in [
        ("clusters", Source::Within),
        ("cluster_pairs", Source::Pairs),
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

#[test]
fn thin_strata_are_named_and_merged() {
    let y = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0, 2.0, 4.0];
    let treated = flags(&serde_json::json!([1, 0, 1, 0, 1, 0, 1, 0, 1, 0]));
    let strata = [5, 5, 5, 5, 3, 3, 3, 8, 9, 9];
    assert_eq!(
        blocked_difference(&y, &treated, &strata, P95).unwrap_err(),
        ModelError::ThinStratum {
            stratum: 3,
            treated: 2,
            control: 1
        }
    );
    let merged = merge_thin(&treated, &strata, None).unwrap();
    assert_eq!(merged.merged, [3, 8, 9]);
    assert_eq!(merged.strata, [5, 5, 5, 5, 3, 3, 3, 3, 3, 3]);
    assert!(blocked_difference(&y, &treated, &merged.strata, P95).is_ok());

    // A single stratum of one takes the smallest other stratum with it.
    let strata = [5, 5, 5, 5, 1, 3, 3, 3, 3, 3];
    let merged = merge_thin(&treated, &strata, None).unwrap();
    assert_eq!(merged.merged, [1, 5]);

    let whole = merge_thin(&treated, &[0; 10], None).unwrap();
    assert_eq!(whole.merged, [0_usize; 0]);
    assert_eq!(
        merge_thin(&[true, false, false], &[1, 2, 3], None).unwrap_err(),
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
