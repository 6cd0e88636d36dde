//! Reading the stored references, and comparing with them.

use fip::results::Estimate;
use fip::stats::matrix::Matrix;
use serde_json::Value;

/// Both sides round to about 1e-15 per operation; R prints 15 digits.
pub const CLOSE: f64 = 1e-11;

pub fn load(name: &str) -> Value {
    let path = format!("{}/tests/reference/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list of numbers");
    list.iter().map(|v| v.as_f64().unwrap()).collect()
}

pub fn flags(value: &Value) -> Vec<bool> {
    numbers(value).iter().map(|&v| v == 1.0).collect()
}

pub fn labels(value: &Value) -> Vec<usize> {
    numbers(value).iter().map(|&v| v as usize).collect()
}

/// The columns of these names.
pub fn matrix(data: &Value, names: &[&str]) -> Matrix {
    let columns: Vec<Vec<f64>> = names.iter().map(|n| numbers(&data[n])).collect();
    Matrix::from_columns(numbers(&data["y"]).len(), &columns).unwrap()
}

/// An intercept and the columns of these names.
pub fn design(data: &Value, names: &[&str]) -> Matrix {
    let mut design = Matrix::new(numbers(&data["y"]).len());
    design.push_intercept();
    design.append(&matrix(data, names)).unwrap();
    design
}

#[track_caller]
pub fn close(what: &str, ours: f64, theirs: f64, tolerance: f64) {
    let error = if ours == theirs {
        0.0
    } else {
        ((ours - theirs) / theirs).abs()
    };
    assert!(
        error <= tolerance,
        "{what}: {ours:e} instead of {theirs:e}, off by {error:e}"
    );
}

/// Every field of an estimate. An estimate near zero is compared on the scale of its
/// standard error.
#[track_caller]
pub fn same(what: &str, ours: &Estimate, theirs: &Value) {
    same_within(what, ours, theirs, CLOSE);
}

#[track_caller]
pub fn same_within(what: &str, ours: &Estimate, theirs: &Value, tolerance: f64) {
    let get = |name: &str| theirs[name].as_f64().unwrap();
    let se = get("std_error");
    let within_se = |name: &str, ours: f64, theirs: f64| {
        assert!(
            (ours - theirs).abs() <= tolerance * (theirs.abs() + se),
            "{what} {name}: {ours:e} instead of {theirs:e}"
        );
    };
    within_se("estimate", ours.estimate, get("estimate"));
    close(
        &format!("{what} std_error"),
        ours.std_error.unwrap(),
        se,
        tolerance,
    );
    close(
        &format!("{what} df"),
        ours.df.unwrap(),
        get("df"),
        tolerance,
    );
    within_se("conf_low", ours.conf_low.unwrap(), get("conf_low"));
    within_se("conf_high", ours.conf_high.unwrap(), get("conf_high"));
    let t = get("statistic");
    assert!(
        (ours.statistic.unwrap() - t).abs() <= tolerance * (1.0 + t.abs()),
        "{what} statistic"
    );
    // d log p / d t grows as t does.
    close(
        &format!("{what} p_value"),
        ours.p_value.unwrap(),
        get("p_value"),
        tolerance * (10.0 + t * t),
    );
}
