//! The one place for statistic, p-value and interval.

use fip::stats::infer::{Level, infer};

use super::{CLOSED_FORM, assert_close};

#[test]
fn normal_and_t_intervals() {
    // mpmath: 1.959963984540054235524594…, t quantile(0.975, 10) = 2.228138851986274748395…
    let normal = infer(2.0, 0.5, None, Level::P95);
    assert_eq!((normal.statistic, normal.df), (Some(4.0), None));
    assert_close("p", normal.p_value, 6.334_248_366_623_984e-5, CLOSED_FORM);
    assert_close(
        "low",
        normal.conf_low,
        2.0 - 0.979_981_992_270_027_1,
        CLOSED_FORM,
    );
    let t = infer(-2.0, 0.5, Some(10.0), Level::P95);
    assert_close("high", t.conf_high, -2.0 + 1.1140694259931374, CLOSED_FORM);
    assert_eq!(infer(2.0, 0.5, Some(f64::INFINITY), Level::P95), normal);
}

#[test]
fn without_spread_there_is_no_statistic() {
    for (se, df) in [
        (0.0, Some(5.0)),
        (f64::NAN, Some(5.0)),
        (f64::INFINITY, None),
        (-1.0, None),
        (1.0, Some(0.0)),
        (1.0, Some(f64::NAN)),
    ] {
        let estimate = infer(1.5, se, df, Level::P95);
        assert_eq!(estimate.estimate, 1.5);
        assert_eq!(
            (
                estimate.statistic,
                estimate.p_value,
                estimate.conf_low,
                estimate.conf_high
            ),
            (None, None, None, None)
        );
        assert!(
            estimate
                .std_error
                .is_none_or(|se| se.is_finite() && se >= 0.0)
        );
        assert!(estimate.df.is_none_or(|df| df > 0.0));
    }
}

#[test]
fn levels_lie_strictly_between_0_and_1() {
    assert_eq!(Level::new(0.95).unwrap(), Level::P95);
    for level in [0.0, 1.0, -0.5, 95.0, f64::NAN] {
        assert!(Level::new(level).is_err());
    }
}
