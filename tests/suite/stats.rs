//! Tests of the stats room.

#![allow(clippy::unwrap_used)]

mod always;
mod before_after;
mod beside_statrs;
mod contingency;
mod coverage;
mod dist;
mod effect_size;
mod fisher;
mod infer;
mod properties;
mod proportion;
mod published;
mod rank;
mod sample;
mod two_sample;
mod yes_no;

/// The relative difference allowed for closed forms.
const CLOSED_FORM: f64 = 1e-12;

/// Asserts agreement to a relative tolerance; the absolute one is 0.
#[track_caller]
fn assert_close(what: &str, ours: Option<f64>, theirs: f64, relative: f64) {
    let Some(ours) = ours else {
        panic!("{what}: absent, reference {theirs}");
    };
    assert!(
        ours == theirs || (ours - theirs).abs() <= relative * theirs.abs(),
        "{what}: {ours:e}, reference {theirs:e}, relative difference {:e}",
        (ours - theirs) / theirs
    );
}

/// Numbers that a reference script wrote as text, to keep all digits.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(try_from = "serde_json::Value")]
struct Number(f64);

impl TryFrom<serde_json::Value> for Number {
    type Error = String;

    /// A number, a text, or R's list of one of them.
    fn try_from(value: serde_json::Value) -> Result<Number, String> {
        match &value {
            serde_json::Value::Number(n) => n.as_f64().map(Number).ok_or_else(|| n.to_string()),
            serde_json::Value::String(text) => text.parse().map(Number).map_err(|_| text.clone()),
            serde_json::Value::Array(one) if one.len() == 1 => Number::try_from(one[0].clone()),
            other => Err(other.to_string()),
        }
    }
}

fn floats(numbers: &[Number]) -> Vec<f64> {
    numbers.iter().map(|n| n.0).collect()
}
