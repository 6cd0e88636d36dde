//! What must hold for any data, of the kernels that `properties.rs` leaves: relabelling arms flips
//! signs, the order of rows doesn't matter, shifts and scales act as they should, and small or
//! degenerate data give finite numbers or a reason.

mod models;
mod tables;

use fip::results::Estimate;
use proptest::prelude::*;

use super::properties::assert_estimate;

/// Values that tie, repeat, and overflow when squared.
fn awkward() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (-2..3_i32).prop_map(f64::from),
        3 => -1e3..1e3_f64,
        1 => prop_oneof![Just(1e160), Just(-1e160), Just(1e-200), Just(1e9), Just(0.1)],
    ]
}

/// People of a trial, row by row.
#[derive(Debug, Clone)]
struct People {
    y: Vec<f64>,
    x: Vec<f64>,
    treated: Vec<bool>,
    received: Vec<bool>,
    group: Vec<usize>,
    cluster: Vec<usize>,
}

impl People {
    fn n(&self) -> usize {
        self.y.len()
    }

    fn relabelled(&self) -> People {
        People {
            treated: self.treated.iter().map(|t| !t).collect(),
            ..self.clone()
        }
    }

    fn reversed(&self) -> People {
        fn turn<T: Clone>(values: &[T]) -> Vec<T> {
            values.iter().rev().cloned().collect()
        }
        People {
            y: turn(&self.y),
            x: turn(&self.x),
            treated: turn(&self.treated),
            received: turn(&self.received),
            group: turn(&self.group),
            cluster: turn(&self.cluster),
        }
    }

    /// Every outcome times four plus 64: exact in binary for the tame values below.
    fn rescaled(&self) -> People {
        People {
            y: self.y.iter().map(|y| 4.0 * y + 64.0).collect(),
            ..self.clone()
        }
    }
}

fn people(
    value: impl Strategy<Value = f64>,
    n: std::ops::Range<usize>,
) -> impl Strategy<Value = People> {
    let person = (
        (value, -8..9_i32),
        any::<bool>(),
        any::<bool>(),
        0..2_usize,
        0..6_usize,
    );
    prop::collection::vec(person, n).prop_map(|rows| {
        let treated: Vec<bool> = rows.iter().map(|r| r.1).collect();
        People {
            y: rows.iter().map(|r| r.0.0).collect(),
            x: rows.iter().map(|r| f64::from(r.0.1)).collect(),
            // Who is assigned receives more often.
            received: rows.iter().map(|r| r.1 && (r.2 || r.0.1 < 4)).collect(),
            group: rows.iter().map(|r| r.3).collect(),
            // Whole clusters in one arm: even and odd numbers.
            cluster: rows.iter().map(|r| 2 * r.4 + usize::from(r.1)).collect(),
            treated,
        }
    })
}

/// Any few people.
fn few() -> impl Strategy<Value = People> {
    people(awkward(), 1..6)
}

/// A trial in which most models can be estimated; whole multiples of 1/64, so that shifts and
/// scales by powers of two round nothing.
fn tame() -> impl Strategy<Value = People> {
    people((-640..641_i32).prop_map(|v| f64::from(v) / 64.0), 24..48)
}

/// `there` and `back` are each other's mirror image, up to rounding.
#[track_caller]
fn assert_mirrored(there: &Estimate, back: &Estimate) {
    // Values are of the order of one: of a difference that is zero, rounding may be left.
    let unit = (there.std_error.unwrap_or(1.0) + there.estimate.abs()).max(1e-6);
    let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * unit.max(a.abs()),
        (a, b) => a.is_none() && b.is_none(),
    };
    let minus = |x: Option<f64>| x.map(|x| -x);
    let same = near(Some(there.estimate), Some(-back.estimate))
        && near(there.std_error, back.std_error)
        && near(there.conf_low, minus(back.conf_high))
        && near(there.conf_high, minus(back.conf_low));
    assert!(same, "{there:?}\n{back:?}");
}

/// `after` is `before` in units of which `scale` make one, with the zero kept.
#[track_caller]
fn assert_scaled(before: &Estimate, after: &Estimate, scale: f64) {
    assert_estimate(before);
    let less = |x: Option<f64>| x.map(|x| x / scale);
    let shrunk = Estimate {
        estimate: -after.estimate / scale,
        std_error: less(after.std_error),
        conf_low: less(after.conf_high).map(|x| -x),
        conf_high: less(after.conf_low).map(|x| -x),
        ..*after
    };
    assert_mirrored(before, &shrunk);
}
