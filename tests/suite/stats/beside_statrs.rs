//! The distributions beside those of statrs, where statrs is good: the bulk, at small df.
//! The 60-digit references are in `dist`; this guards against a slip in both of ours.

use fip::stats::dist;
use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor, Normal, StudentsT};

#[track_caller]
fn close(what: &str, ours: f64, theirs: f64) {
    // statrs' normal distribution is good to about 1e-10.
    assert!((ours - theirs).abs() <= 1e-9, "{what}: {ours} and {theirs}");
}

#[test]
fn agree_in_the_bulk() {
    let normal = Normal::new(0.0, 1.0).unwrap();
    for step in -30..=30 {
        let x = f64::from(step) / 10.0;
        close("normal", dist::normal_cdf(x), normal.cdf(x));
        for df in [1.0, 2.5, 10.0, 100.0] {
            let t = StudentsT::new(0.0, 1.0, df).unwrap();
            close("t", dist::t_sf(x, df), t.sf(x));
        }
    }
    for step in 1..=60 {
        let x = f64::from(step) / 2.0;
        for df in [1.0, 3.0, 12.0] {
            close(
                "χ²",
                dist::chi2_sf(x, df),
                ChiSquared::new(df).unwrap().sf(x),
            );
            close(
                "F",
                dist::f_sf(x, df, 7.0),
                FisherSnedecor::new(df, 7.0).unwrap().sf(x),
            );
        }
    }
}
