//! What rounding must not decide: covariates that vary little about a large mean, against scipy
//! and statsmodels, and spread that is rounding only.

use fip::stats::degenerate::Degenerate;
use fip::stats::matrix::Matrix;
use fip::stats::two_sample::{Centre, levene};
use fip::stats::weighting::{entropy_balance, inverse_probability, response_weights};

use super::{load, numbers};

#[test]
fn weights_do_not_depend_on_the_origin_of_a_scale() {
    let reference = load("large_mean.json");
    let treated: Vec<bool> = numbers(&reference["treated"])
        .iter()
        .map(|&v| v == 1.0)
        .collect();
    let (x, far) = (
        numbers(&reference["x"]),
        reference["shift"].as_f64().unwrap(),
    );
    let mut about_zero = None;
    for shift in [0.0, far] {
        // Whole numbers below 2^53: the shift is exact.
        let moved: Vec<f64> = x.iter().map(|x| x + shift).collect();
        let covariate = Matrix::from_columns(x.len(), &[moved]).unwrap();
        for (name, ours) in [
            ("entropy", entropy_balance(&treated, &covariate).unwrap()),
            (
                "inverse_probability",
                inverse_probability(&treated, &covariate).unwrap(),
            ),
        ] {
            for (ours, theirs) in ours.iter().zip(numbers(&reference[name])) {
                // The mean of numbers near 1e15 is known to an eighth of a unit, of a spread of 300.
                let tolerance = if shift == 0.0 { 1e-9 } else { 1e-3 };
                assert!(
                    (ours - theirs).abs() <= tolerance * theirs,
                    "{name}, moved by {shift}: {ours} instead of {theirs}"
                );
            }
        }
        let known: Vec<bool> = (0..x.len()).map(|i| i % 4 != 0).collect();
        let found = response_weights(&known, &treated, &covariate).unwrap();
        let weights = found.weights;
        let first = about_zero.get_or_insert_with(|| weights.clone());
        for (a, b) in first.iter().zip(&weights) {
            assert!((a - b).abs() <= 1e-3 * a, "response weights: {a}, {b}");
        }
    }
}

/// In exact arithmetic every deviation of an arm is the same, so that nothing varies within arms and
/// F does not exist; floating point leaves 1e-33 there.
#[test]
fn levene_does_not_divide_by_rounding() {
    let values = [1.5, 2.5, 3.1, 2.2];
    let found = levene(&values, &[1, 1, 0, 0], 2, Centre::Mean).unwrap();
    assert_eq!(found.unwrap_err(), Degenerate::NoVariance);
}
