//! Weights by the chance of an arm: against the blocked difference, which needs none.

use fip::stats::blocked::blocked_difference;
use fip::stats::chances::{Chances, LeftOut};
use fip::stats::infer::Level;
use fip::stats::matrix::ModelError;

use super::reference::close;

/// Strata of 4 with 1, 2 and 3 treated, one without control, and one of many.
fn made_up() -> (Vec<f64>, Vec<bool>, Vec<usize>) {
    let shares = [(1, 4), (2, 4), (3, 4), (2, 2), (3, 20)];
    let (mut y, mut treated, mut strata) = (Vec::new(), Vec::new(), Vec::new());
    for (stratum, (t, n)) in shares.into_iter().enumerate() {
        for i in 0..n {
            y.push(10.0 * stratum as f64 + ((i * i * 7 + stratum) % 11) as f64);
            treated.push(i < t);
            strata.push(stratum);
        }
    }
    (y, treated, strata)
}

#[test]
fn weighted_means_differ_by_the_blocked_difference() {
    let (y, treated, strata) = made_up();
    let chances = Chances::new(&treated, Some(&strata)).unwrap();
    let left_out = LeftOut {
        strata: 1,
        people: 2,
    };
    assert_eq!(chances.left_out(), left_out);
    assert!(!chances.equal());
    let arm = |arm| chances.arm(&y, arm).unwrap().unwrap();
    let (one, zero) = (arm(true), arm(false));
    assert_eq!((one.people, zero.people), (9, 23));
    let keep: Vec<usize> = (0..y.len()).filter(|&i| strata[i] != 3).collect();
    let pick = |i: &usize| (y[*i], treated[*i], strata[*i]);
    let (y, (z, s)): (Vec<f64>, (Vec<bool>, Vec<usize>)) =
        keep.iter().map(pick).map(|(y, z, s)| (y, (z, s))).unzip();
    let blocked = blocked_difference(&y, &z, &s, Level::P95).unwrap();
    close(
        "difference",
        one.mean - zero.mean,
        blocked.effect.estimate,
        1e-13,
    );
    // Weights add up to the people of the arm.
    let total: f64 = (0..treated.len())
        .filter(|&i| treated[i])
        .map(|i| chances.weights()[i])
        .sum();
    close("weights", total, 9.0, 1e-14);
}

#[test]
fn equal_chances_are_plain_means() {
    let y = [1.0, 3.0, 2.0, 7.0, 4.0];
    let treated = [true, true, false, false, true];
    let plain = Chances::new(&treated, None).unwrap();
    assert_eq!(plain.weights(), [1.0; 5]);
    let one = plain.arm(&y, true).unwrap().unwrap();
    close("mean", one.mean, 8.0 / 3.0, 1e-15);
    close("variance", one.variance.unwrap(), 7.0 / 3.0, 1e-14);
    close(
        "share",
        plain
            .share(&[true, false, true, true, false], true)
            .unwrap()
            .unwrap(),
        1.0 / 3.0,
        1e-15,
    );
    // Quotas of 12.5 and 7.5 rounded are one chance; of 2.5 and 1.5 they are other mixes of people.
    for (sizes, equal) in [([(12, 13), (8, 7)], true), ([(2, 3), (2, 1)], false)] {
        let (mut treated, mut strata) = (Vec::new(), Vec::new());
        for (stratum, (one, zero)) in sizes.into_iter().enumerate() {
            treated.extend((0..one + zero).map(|i| i < one));
            strata.extend(vec![stratum; one + zero]);
        }
        let chances = Chances::new(&treated, Some(&strata)).unwrap();
        assert_eq!(chances.equal(), equal);
    }
}

#[test]
fn nobody_to_compare_is_no_mean() {
    let apart = Chances::new(&[true, true, false], Some(&[1, 1, 2])).unwrap();
    assert_eq!(apart.weights(), [0.0; 3]);
    assert_eq!(apart.arm(&[1.0, 2.0, 3.0], true).unwrap(), None);
    assert_eq!(Chances::new(&[], None).unwrap_err(), ModelError::Empty);
}
