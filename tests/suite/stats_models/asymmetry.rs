//! The skewness of an estimated difference: against numpy, and by its definition over strata.

use fip::stats::asymmetry::asymmetry;

use super::reference::{close, load, numbers};

#[test]
fn agrees_with_numpy() {
    for case in load("asymmetry.json")["cases"].as_array().unwrap() {
        let (one, zero) = (numbers(&case["treated"]), numbers(&case["control"]));
        let treated: Vec<bool> = (0..one.len() + zero.len()).map(|i| i < one.len()).collect();
        let y = [one, zero].concat();
        let kind = case["kind"].as_str().unwrap();
        let theirs = case["skewness"].as_f64().unwrap();
        close(kind, asymmetry(&y, &treated, None).unwrap(), theirs, 1e-11);
        // Two strata that are each the whole have the same weights but for a half.
        let (twice, arms) = (y.repeat(2), treated.repeat(2));
        let strata: Vec<usize> = (0..twice.len()).map(|i| i / y.len()).collect();
        let ours = asymmetry(&twice, &arms, Some(&strata)).unwrap();
        close(kind, ours, theirs / 2.0_f64.sqrt(), 1e-11);
    }
}

#[test]
fn arms_of_equal_size_have_none() {
    let y = [0.0, 0.0, 100.0, 1.0, 0.0, 7.0];
    let treated = [true, true, true, false, false, false];
    assert_eq!(asymmetry(&y, &treated, None).unwrap(), 0.0);
    assert_eq!(asymmetry(&[1.0; 6], &treated, None).unwrap(), 0.0);
    assert!(asymmetry(&[1.0], &treated, None).is_err());
}
