//! Covariates and strata together: against estimatr.

use fip::stats::blocked::blocked_difference;
use fip::stats::blocked_adjust::{blocked_ancova, blocked_lin};
use fip::stats::infer::Level;
use fip::stats::matrix::{Matrix, ModelError};

use super::reference::{flags, labels, load, matrix, numbers, same};

const P95: Level = Level::P95;

#[test]
fn agrees_with_estimatr() {
    let reference = load("blocked_adjust.json");
    let (theirs, data) = (&reference["strata"], &reference["strata"]["data"]);
    let (y, treated) = (numbers(&data["y"]), flags(&data["treated"]));
    let strata = labels(&data["stratum"]);
    let both = matrix(data, &["x", "w"]);
    let lin = blocked_lin(&y, &treated, &strata, &both, P95).unwrap();
    same("lin", &lin, &theirs["lin"]);
    let none = Matrix::new(y.len());
    let lin = blocked_lin(&y, &treated, &strata, &none, P95).unwrap();
    same("without covariates", &lin, &theirs["lin_without"]);
    let blocked = blocked_difference(&y, &treated, &strata, P95).unwrap();
    same("blocked", &blocked.effect, &theirs["lin_without"]);
    let one = matrix(data, &["x"]);
    let ancova = blocked_ancova(&y, &treated, &strata, &one, P95).unwrap();
    same("ancova", &ancova, &theirs["ancova"]);

    let (theirs, data) = (&reference["pairs"], &reference["pairs"]["data"]);
    let (y, treated) = (numbers(&data["y"]), flags(&data["treated"]));
    let (strata, x) = (labels(&data["stratum"]), matrix(data, &["x"]));
    for found in [
        blocked_ancova(&y, &treated, &strata, &x, P95),
        blocked_lin(&y, &treated, &strata, &x, P95),
    ] {
        same("pairs", &found.unwrap(), &theirs["ancova"]);
    }
}

/// A constant and a copy add nothing, and what cannot be estimated is an error.
#[test]
fn what_adds_nothing_is_left_out() {
    let reference = load("blocked_adjust.json");
    let data = &reference["strata"]["data"];
    let (y, treated) = (numbers(&data["y"]), flags(&data["treated"]));
    let strata = labels(&data["stratum"]);
    let x = numbers(&data["x"]);
    let copy: Vec<f64> = x.iter().map(|x| 3.0 * x).collect();
    let more = Matrix::from_columns(y.len(), &[x, copy, vec![7.0; y.len()]]).unwrap();
    let one = matrix(data, &["x"]);
    for kernel in [blocked_lin, blocked_ancova] {
        let (a, b) = (
            kernel(&y, &treated, &strata, &one, P95).unwrap(),
            kernel(&y, &treated, &strata, &more, P95).unwrap(),
        );
        assert_eq!(a.df, b.df);
        assert!((a.estimate - b.estimate).abs() < 1e-12);
        assert!((a.std_error.unwrap() - b.std_error.unwrap()).abs() < 1e-12);
    }
    let none = Matrix::new(3);
    let thin = blocked_lin(&[1.0, 2.0, 3.0], &[true, false, false], &[0; 3], &none, P95);
    assert!(matches!(thin, Err(ModelError::ThinStratum { .. })));
    let few = blocked_ancova(&[1.0, 2.0], &[true, false], &[0; 2], &Matrix::new(2), P95);
    assert!(matches!(few, Err(ModelError::NoDegreesOfFreedom { .. })));
}
