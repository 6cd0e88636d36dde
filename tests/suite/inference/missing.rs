//! Missing outcomes: bounds from their definitions in numpy, the Clearinghouse's table.

use fip::results::TestName;
use fip::stats::attrition::{Reading, attrition, reading};
use fip::stats::bounds::{Bounds, lee, worst_case};
use fip::stats::contingency::TwoByTwo;
use fip::stats::degenerate::Degenerate;
use fip::stats::infer::Level;
use fip::stats::sample::Moments;
use serde_json::Value;

use super::{close, load, number, numbers};

const P95: Level = Level::P95;

#[track_caller]
fn same(ours: &Bounds, theirs: &Value) {
    for (what, ours) in [
        ("low", Some(ours.low)),
        ("high", Some(ours.high)),
        ("low_std_error", ours.low_std_error),
        ("high_std_error", ours.high_std_error),
        ("conf_low", ours.conf_low),
        ("conf_high", ours.conf_high),
    ] {
        close(what, ours.unwrap(), number(&theirs[what]), 1e-11);
    }
}

#[test]
fn agrees_with_numpy() {
    for case in load("bounds.json")["cases"].as_array().unwrap() {
        let (t, c) = (numbers(&case["treated"]), numbers(&case["control"]));
        let missing = |name: &str| case[name].as_u64().unwrap();
        let (mt, mc) = (missing("treated_missing"), missing("control_missing"));
        let ours = lee((&t, mt), (&c, mc), P95).unwrap();
        same(&ours.bounds, &case["lee"]);
        close(
            "trimmed",
            ours.trimmed,
            number(&case["lee"]["trimmed"]),
            1e-13,
        );
        assert_eq!(
            ours.trims_treated,
            case["lee"]["trims_treated"].as_bool().unwrap()
        );
        let range = numbers(&case["range"]);
        let (mut tm, mut cm) = (Moments::from_slice(&t), Moments::from_slice(&c));
        let worst = worst_case((&tm, mt), (&cm, mc), (range[0], range[1]), P95).unwrap();
        same(&worst, &case["worst"]);
        // Trimming assumes more, so it cannot bound less.
        assert!(worst.low <= ours.bounds.low && ours.bounds.high <= worst.high);
        // Relabelling the arms mirrors the bounds.
        let mirrored = lee((&c, mc), (&t, mt), P95).unwrap().bounds;
        close("mirror", mirrored.low, -ours.bounds.high, 1e-12);
        std::mem::swap(&mut tm, &mut cm);
        let mirrored = worst_case((&tm, mc), (&cm, mt), (range[0], range[1]), P95).unwrap();
        close("mirror", mirrored.high, -worst.low, 1e-12);
    }
}

#[test]
fn bounds_of_little() {
    assert_eq!(
        lee((&[], 3), (&[1.0], 0), P95).unwrap_err(),
        Degenerate::TooFew
    );
    let one = lee((&[2.0], 0), (&[1.0], 1), P95).unwrap().bounds;
    assert!(one.low.is_finite() && one.high.is_finite() && one.conf_low.is_none());
    let constant = lee((&[3.0; 4], 0), (&[3.0; 2], 2), P95).unwrap().bounds;
    assert_eq!(
        (constant.low, constant.high, constant.conf_low),
        (0.0, 0.0, None)
    );
    let m = Moments::default();
    assert_eq!(
        worst_case((&m, 0), (&m, 4), (0.0, 1.0), P95).unwrap_err(),
        Degenerate::TooFew
    );
    let nobody = worst_case((&m, 5), (&m, 4), (0.0, 1.0), P95).unwrap();
    assert_eq!((nobody.low, nobody.high), (-1.0, 1.0));
    assert_eq!(
        worst_case((&m, 5), (&m, 4), (1.0, 0.0), P95).unwrap_err(),
        Degenerate::NotFinite
    );
}

/// Single cells of What Works Clearinghouse, Standards Handbook 4.1, table II.1.
#[test]
fn the_clearinghouse_boundary() {
    for (overall, cautious, optimistic) in [
        (0.0, 0.057, 0.100),
        (0.10, 0.063, 0.109),
        (0.13, 0.061, 0.108),
        (0.20, 0.054, 0.100),
        (0.30, 0.041, 0.082),
        (0.50, 0.010, 0.037),
    ] {
        assert_eq!(reading(overall, cautious), Reading::Low, "{overall}");
        assert_eq!(
            reading(overall, -cautious - 0.001),
            Reading::LowIfUnrelated,
            "{overall}"
        );
        assert_eq!(
            reading(overall, optimistic),
            Reading::LowIfUnrelated,
            "{overall}"
        );
        assert_eq!(
            reading(overall, optimistic + 0.001),
            Reading::High,
            "{overall}"
        );
    }
    assert_eq!(reading(0.58, 0.0), Reading::LowIfUnrelated);
    assert_eq!(reading(0.65, 0.003), Reading::LowIfUnrelated);
    assert_eq!(reading(0.66, 0.0), Reading::High);
}

#[test]
fn attrition_of_two_arms() {
    let missing = TwoByTwo {
        treated_yes: 21,
        treated_no: 1985,
        control_yes: 64,
        control_no: 1900,
    };
    let ours = attrition(&missing, P95).unwrap();
    close("treated", ours.treated_share, 21.0 / 2006.0, 1e-15);
    assert_eq!(ours.reading, Reading::Low);
    assert_eq!(ours.test.unwrap().test, TestName::PearsonChiSquare);
    let none = TwoByTwo {
        treated_yes: 0,
        treated_no: 5,
        control_yes: 0,
        control_no: 4,
    };
    let ours = attrition(&none, P95).unwrap();
    assert!(ours.test.is_none() && ours.overall == 0.0 && ours.reading == Reading::Low);
    let few = TwoByTwo {
        treated_yes: 1,
        treated_no: 5,
        control_yes: 3,
        control_no: 4,
    };
    assert_eq!(
        attrition(&few, P95).unwrap().test.unwrap().test,
        TestName::FisherExact
    );
    let empty = TwoByTwo {
        treated_yes: 0,
        treated_no: 0,
        control_yes: 3,
        control_no: 4,
    };
    assert!(attrition(&empty, P95).is_err());
}
