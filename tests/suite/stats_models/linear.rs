//! Regression, adjustment: against estimatr and sandwich.

use fip::stats::adjust::{ancova, impute, lin};
use fip::stats::cluster::Clusters;
use fip::stats::infer::Level;
use fip::stats::linear::{Variance, ols};
use fip::stats::matrix::{Matrix, ModelError};

use super::reference::{CLOSE, close, design, flags, labels, load, matrix, numbers, same};

const P95: Level = Level::P95;
const TYPES: [(&str, Variance<'static>); 5] = [
    ("Classical", Variance::Classical),
    ("Hc0", Variance::Hc0),
    ("Hc1", Variance::Hc1),
    ("Hc2", Variance::Hc2),
    ("Hc3", Variance::Hc3),
];

#[test]
fn every_variance_agrees_with_estimatr() {
    let reference = load("linear.json");
    let data = &reference["data"];
    let y = numbers(&data["y"]);
    let design = design(data, &["treated", "year", "duration", "woman"]);
    for (name, variance) in TYPES {
        let fit = ols(&y, &design, variance, P95).unwrap();
        for (j, theirs) in reference["models"][name]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
        {
            same(&format!("{name} {j}"), &fit.coefficient(j).unwrap(), theirs);
        }
        let f = fit.wald(&[1, 2, 3, 4]).unwrap();
        let theirs = &reference["f_tests"][name];
        close(
            "F",
            f.statistic,
            theirs["statistic"].as_f64().unwrap(),
            CLOSE,
        );
        close("p", f.p_value, theirs["p_value"].as_f64().unwrap(), 1e-10);
        assert_eq!((f.df1, f.df2), (4.0, 75.0));
    }
}

#[test]
fn covariances_agree_with_sandwich() {
    let reference = load("linear.json");
    let data = &reference["data"];
    let design = design(data, &["treated", "year", "duration", "woman"]);
    let fit = ols(&numbers(&data["y"]), &design, Variance::Hc2, P95).unwrap();
    close(
        "sigma",
        fit.sigma,
        reference["sigma"].as_f64().unwrap(),
        CLOSE,
    );
    for a in 0..5 {
        let row = numbers(&reference["vcov_hc2"][a]);
        for (b, theirs) in row.iter().enumerate() {
            let scale = (fit.covariance(a, a).unwrap() * fit.covariance(b, b).unwrap()).sqrt();
            assert!((fit.covariance(a, b).unwrap() - theirs).abs() < 1e-11 * scale);
        }
    }
}

#[test]
fn dependent_columns_are_dropped_and_change_nothing() {
    let reference = load("linear.json");
    let data = &reference["data"];
    let year = numbers(&data["year"]);
    let mut design = design(data, &["treated", "year"]);
    design
        .push(&year.iter().map(|y| 2017.0 - y).collect::<Vec<_>>())
        .unwrap();
    design.push(&[7.3; 80]).unwrap();
    design.push(&numbers(&data["duration"])).unwrap();
    design.push(&[0.0; 80]).unwrap();
    design.push(&numbers(&data["woman"])).unwrap();
    let fit = ols(&numbers(&data["y"]), &design, Variance::Hc2, P95).unwrap();
    assert_eq!(fit.dropped, [3, 4, 6]);
    assert_eq!(
        fit.coefficient(4).unwrap_err(),
        ModelError::Collinear { column: 4 }
    );
    for (ours, theirs) in [0, 1, 2, 5, 7]
        .into_iter()
        .zip(reference["models"]["Hc2"].as_array().unwrap())
    {
        same(
            "with dependent columns",
            &fit.coefficient(ours).unwrap(),
            theirs,
        );
    }
}

/// A category of one person: the others' coefficients and standard errors are those
/// without that person; the person's own coefficient has no robust standard error.
#[test]
fn leverage_one_is_reported_and_leaves_the_others_alone() {
    let reference = load("linear.json");
    let data = &reference["data"];
    let design = design(data, &["treated", "year", "alone"]);
    for variance in [Variance::Hc2, Variance::Hc3] {
        let fit = ols(&numbers(&data["y"]), &design, variance, P95).unwrap();
        assert_eq!(fit.leverage_one, [16]);
        let alone = fit.coefficient(3).unwrap();
        assert_eq!((alone.std_error, alone.p_value), (None, None));
        assert!(fit.wald(&[1, 3]).is_err());
    }
    let fit = ols(&numbers(&data["y"]), &design, Variance::Hc2, P95).unwrap();
    for (j, theirs) in reference["without_17"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
    {
        same("without the one", &fit.coefficient(j).unwrap(), theirs);
    }
}

#[test]
fn a_perfect_fit_has_no_spread() {
    let mut design = Matrix::new(6);
    design.push_intercept();
    design.push(&[0.1, 0.2, 0.3, 0.5, 0.7, 1.1]).unwrap();
    let y: Vec<f64> = design.column(1).iter().map(|x| 3.0 - 0.7 * x).collect();
    for (_, variance) in TYPES {
        let fit = ols(&y, &design, variance, P95).unwrap();
        close("slope", fit.coefficient(1).unwrap().estimate, -0.7, 1e-14);
        assert_eq!(fit.coefficient(1).unwrap().std_error, Some(0.0));
        assert_eq!(fit.coefficient(1).unwrap().statistic, None);
        assert_eq!(fit.wald(&[1]).unwrap_err(), ModelError::NoVariance);
    }
    let fit = ols(&[4.2; 6], &design, Variance::Hc2, P95).unwrap();
    assert_eq!(fit.coefficient(0).unwrap().std_error, Some(0.0));
}

#[test]
fn unusable_input_is_an_error() {
    let mut design = Matrix::new(2);
    design.push_intercept();
    design.push(&[0.0, 1.0]).unwrap();
    let fit = |y: &[f64]| ols(y, &design, Variance::Hc2, P95).unwrap_err();
    assert_eq!(
        fit(&[1.0, 2.0]),
        ModelError::NoDegreesOfFreedom {
            units: 2,
            coefficients: 2
        }
    );
    assert_eq!(
        fit(&[1.0]),
        ModelError::Length {
            expected: 2,
            found: 1
        }
    );
    assert_eq!(fit(&[1.0, f64::NAN]), ModelError::NotFinite { row: 1 });
    assert_eq!(
        ols(&[], &Matrix::new(0), Variance::Hc2, P95).unwrap_err(),
        ModelError::Empty
    );
    assert_eq!(
        design.push(&[f64::INFINITY, 0.0]).unwrap_err(),
        ModelError::NotFinite { row: 0 }
    );
}

/// Shifting and scaling outcome or covariate acts as it should, over twelve orders of size.
#[test]
fn units_of_measurement_do_not_matter() {
    let reference = load("linear.json");
    let data = &reference["data"];
    let y = numbers(&data["y"]);
    let plain = ols(&y, &design(data, &["treated", "year"]), Variance::Hc2, P95).unwrap();
    let expected = plain.coefficient(1).unwrap();
    for scale in [1e-6, 1e6] {
        let mut design = design(data, &["treated"]);
        let year: Vec<f64> = numbers(&data["year"])
            .iter()
            .map(|v| v * scale + 5.0 * scale)
            .collect();
        design.push(&year).unwrap();
        let scaled: Vec<f64> = y.iter().map(|y| y / scale).collect();
        let fit = ols(&scaled, &design, Variance::Hc2, P95).unwrap();
        let ours = fit.coefficient(1).unwrap();
        close("estimate", ours.estimate * scale, expected.estimate, 1e-12);
        close(
            "std_error",
            ours.std_error.unwrap() * scale,
            expected.std_error.unwrap(),
            1e-12,
        );
        close("p", ours.p_value.unwrap(), expected.p_value.unwrap(), 1e-11);
    }
}

#[test]
fn lin_and_ancova_agree_with_estimatr() {
    let reference = load("lin.json");
    let data = &reference["data"];
    let y = numbers(&data["y"]);
    let treated = flags(&data["treated"]);
    let clusters = Clusters::new(&labels(&data["cluster"])).unwrap();
    let covariates = matrix(data, &["baseline", "year"]);
    let baseline = matrix(data, &["baseline"]);
    let variances = TYPES.into_iter().chain([("Cr2", Variance::Cr2(&clusters))]);
    for (name, variance) in variances {
        if let Some(theirs) = reference["lin"].get(name) {
            let ours = lin(&y, &treated, &covariates, variance, P95).unwrap();
            same(&format!("lin {name}"), &ours.effect, theirs);
        }
        if let Some(theirs) = reference["ancova"].get(name) {
            let ours = ancova(&y, &treated, &baseline, variance, P95).unwrap();
            same(&format!("ancova {name}"), &ours.effect, theirs);
        }
    }
}

#[test]
fn adjustment_names_useless_covariates() {
    let reference = load("lin.json");
    let data = &reference["data"];
    let y = numbers(&data["y"]);
    let treated = flags(&data["treated"]);
    let mut covariates = matrix(data, &["baseline"]);
    covariates.push(&[0.1; 90]).unwrap();
    covariates.push_flags(&treated).unwrap();
    covariates.push(&numbers(&data["year"])).unwrap();
    let ours = lin(&y, &treated, &covariates, Variance::Hc2, P95).unwrap();
    assert_eq!(ours.dropped, [1, 2]);
    same("lin", &ours.effect, &reference["lin"]["Hc2"]);
    let alone = lin(&y, &[true; 90], &covariates, Variance::Hc2, P95).unwrap_err();
    assert_eq!(alone, ModelError::EmptyArm { treated: false });
}

#[test]
fn gaps_get_the_mean_and_an_indicator() {
    let filled = impute(&[Some(1.0), None, Some(4.0)]).unwrap();
    assert_eq!(filled.values, [1.0, 2.5, 4.0]);
    assert_eq!(filled.missing, Some(vec![0.0, 1.0, 0.0]));
    assert_eq!(impute(&[Some(1.0)]).unwrap().missing, None);
    assert_eq!(impute(&[None]), None);
}
