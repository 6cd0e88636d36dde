//! The effect on compliers where the draw was made within strata: against estimatr.

use fip::stats::anderson_rubin::ConfidenceSet;
use fip::stats::blocked_iv::{Strata, blocked_two_stage};
use fip::stats::compliance::compliers_with;
use fip::stats::infer::Level;
use fip::stats::iv::two_stage;
use fip::stats::linear::Variance;
use fip::stats::matrix::{Matrix, ModelError};
use fip::stats::strata::as_analysed;

use super::reference::{CLOSE, close, flags, labels, load, numbers, same};

const P95: Level = Level::P95;

#[test]
fn agrees_with_estimatr() {
    let reference = load("blocked_iv.json");
    for name in ["strata", "pairs", "clusters"] {
        let (theirs, data) = (&reference[name], &reference[name]["data"]);
        let (y, received) = (numbers(&data["y"]), numbers(&data["received"]));
        let (treated, strata) = (flags(&data["treated"]), labels(&data["stratum"]));
        let cluster = data.get("cluster").map(labels);
        let analysed = as_analysed(&treated, &strata, cluster.as_deref()).unwrap();
        assert_eq!(analysed, strata, "{name}: none is thin, or all are pairs");
        let draw = Strata {
            treated: &treated,
            strata: &strata,
            clusters: cluster.as_deref(),
        };
        let ours = blocked_two_stage(&y, &received, &draw, P95).unwrap();
        same(name, &ours.effect, &theirs["effect"]);
        same(name, &ours.first_stage, &theirs["share"]);
        let t = theirs["share"]["statistic"].as_f64().unwrap();
        close("F", ours.f.unwrap(), t * t, CLOSE);
        let Some(ConfidenceSet::Interval { low, high }) = ours.set else {
            panic!("{name}: an interval")
        };
        // Their ends are roots found to about 1e-12.
        close("low", low, theirs["set"]["low"].as_f64().unwrap(), 1e-9);
        close("high", high, theirs["set"]["high"].as_f64().unwrap(), 1e-9);
        let ratio = |y: &[f64], d: &[f64]| {
            let fit = blocked_two_stage(y, d, &draw, P95)?;
            Ok((fit.effect, fit.first_stage))
        };
        let who = compliers_with(&y, &flags(&data["received"]), &treated, ratio).unwrap();
        same(name, &who.mean_treated, &theirs["treated"]);
        same(name, &who.mean_untreated, &theirs["untreated"]);
    }
}

/// One stratum is two-stage least squares with HC2, its Anderson–Rubin set too.
#[test]
fn one_stratum_is_two_stage_least_squares() {
    let reference = load("blocked_iv.json");
    let data = &reference["strata"]["data"];
    let (y, received) = (numbers(&data["y"]), numbers(&data["received"]));
    let treated = flags(&data["treated"]);
    let draw = Strata {
        treated: &treated,
        strata: &vec![3; y.len()],
        clusters: None,
    };
    let ours = blocked_two_stage(&y, &received, &draw, P95).unwrap();
    let mut instrument = Matrix::new(y.len());
    instrument.push_flags(&treated).unwrap();
    let none = Matrix::new(y.len());
    let other = two_stage(&y, &received, &instrument, &none, Variance::Hc2, P95).unwrap();
    let pair = |e: &fip::results::Estimate| (e.estimate, e.std_error.unwrap(), e.df.unwrap());
    let (a, b) = (pair(&ours.effect), pair(&other.effect));
    close("effect", a.0, b.0, CLOSE);
    close("se", a.1, b.1, CLOSE);
    close("df", a.2, b.2, CLOSE);
    let ends = |set: ConfidenceSet| match set {
        ConfidenceSet::Interval { low, high } => (low, high),
        other => panic!("{other:?}"),
    };
    let (a, b) = (ends(ours.set.unwrap()), ends(other.anderson_rubin.set));
    close("low", a.0, b.0, CLOSE);
    close("high", a.1, b.1, CLOSE);
}

#[test]
fn nobody_complies_or_nothing_varies() {
    let treated = [true, true, false, false, true, true, false, false];
    let strata = [0, 0, 0, 0, 1, 1, 1, 1];
    let draw = Strata {
        treated: &treated,
        strata: &strata,
        clusters: None,
    };
    let y = [1.0, 3.0, 2.0, 7.0, 4.0, 9.0, 3.0, 1.0];
    assert_eq!(
        blocked_two_stage(&y, &[1.0; 8], &draw, P95).unwrap_err(),
        ModelError::NoFirstStage
    );
    let received = treated.map(|z| f64::from(u8::from(z)));
    let flat = blocked_two_stage(&received, &received, &draw, P95).unwrap();
    assert_eq!(flat.effect.estimate, 1.0);
    assert_eq!((flat.f, flat.set, flat.effect.p_value), (None, None, None));
}
