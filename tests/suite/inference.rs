//! Tests of inference by the draw, missing outcomes, weighting and power, against
//! independent implementations.

// A reference that cannot be read should stop the test where it is read.
#![allow(clippy::unwrap_used)]

mod missing;
mod power;
mod randomization;
mod robustness;
mod rounding;
mod strata_and_pairs;

use serde_json::Value;

fn load(name: &str) -> Value {
    let path = format!("{}/tests/reference/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Numbers, NaN for null.
fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list of numbers");
    list.iter()
        .map(|v| v.as_f64().unwrap_or(f64::NAN))
        .collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn flags(value: &Value) -> Vec<bool> {
    numbers(value).iter().map(|&v| v == 1.0).collect()
}

fn labels(value: &Value) -> Vec<usize> {
    numbers(value).iter().map(|&v| v as usize).collect()
}

/// Relative agreement; the absolute tolerance is 0.
#[track_caller]
fn close(what: &str, ours: f64, theirs: f64, tolerance: f64) {
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
