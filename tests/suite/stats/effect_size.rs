//! Cohen's d, Hedges's g and standardised differences against mpmath.

use fip::results::EffectSize;
use fip::stats::contingency::TwoByTwo;
use fip::stats::degenerate::Degenerate;
use fip::stats::effect_size::{cohens_d, hedges_g};
use fip::stats::infer::Level;
use fip::stats::sample::Moments;
use fip::stats::smd::{smd_binary, smd_categorical, smd_numeric, variance_ratio};

use super::{CLOSED_FORM, Number, assert_close, floats};

#[derive(serde::Deserialize)]
struct Reference {
    cases: Vec<Case>,
    binary: Vec<Binary>,
    categorical: Vec<Categorical>,
}

#[derive(serde::Deserialize)]
struct Case {
    treated: (u64, f64, f64),
    control: (u64, f64, f64),
    cohens_d: Vec<Number>,
    hedges_g: Vec<Number>,
    smd: Number,
    variance_ratio: Number,
}

#[derive(serde::Deserialize)]
struct Binary {
    table: [u64; 4],
    smd: Number,
}

#[derive(serde::Deserialize)]
struct Categorical {
    treated: Vec<u64>,
    control: Vec<u64>,
    smd: Number,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../../reference/effect_size.json")).unwrap()
}

#[track_caller]
fn check(what: &str, ours: &EffectSize, theirs: &[Number]) {
    let theirs = floats(theirs);
    assert_close(what, ours.estimate, theirs[0], CLOSED_FORM);
    // The noncentral t is good to 1e-13 absolute, the quantile of it to 1e-10.
    assert_close(what, ours.conf_low, theirs[1], 1e-10);
    assert_close(what, ours.conf_high, theirs[2], 1e-10);
}

#[test]
fn standardised_effects_agree_with_mpmath() {
    for case in reference().cases {
        let what = format!("{:?} {:?}", case.treated, case.control);
        let moments = |(n, mean, sd)| Moments::from_summary(n, mean, sd).unwrap();
        let (treated, control) = (moments(case.treated), moments(case.control));
        check(
            &what,
            &cohens_d(&treated, &control, Level::P95).unwrap(),
            &case.cohens_d,
        );
        check(
            &what,
            &hedges_g(&treated, &control, Level::P95).unwrap(),
            &case.hedges_g,
        );
        let smd = smd_numeric(&treated, &control).ok();
        assert_close(&what, smd, case.smd.0, CLOSED_FORM);
        let ratio = variance_ratio(&treated, &control).ok();
        assert_close(&what, ratio, case.variance_ratio.0, CLOSED_FORM);
    }
}

fn table([treated_yes, treated_no, control_yes, control_no]: [u64; 4]) -> TwoByTwo {
    TwoByTwo {
        treated_yes,
        treated_no,
        control_yes,
        control_no,
    }
}

#[test]
fn shares_and_levels_agree_with_mpmath() {
    let reference = reference();
    for case in reference.binary {
        let what = format!("{:?}", case.table);
        assert_close(
            &what,
            smd_binary(&table(case.table)).ok(),
            case.smd.0,
            CLOSED_FORM,
        );
        let [a, b, c, d] = case.table;
        let two_levels = smd_categorical(&[a, b], &[c, d]).ok();
        assert_close(&what, two_levels, case.smd.0.abs(), CLOSED_FORM);
    }
    for case in reference.categorical {
        let what = format!("{:?} {:?}", case.treated, case.control);
        let ours = smd_categorical(&case.treated, &case.control).ok();
        assert_close(&what, ours, case.smd.0, CLOSED_FORM);
    }
}

#[test]
fn disjoint_arms_are_never_balanced() {
    for (treated, control) in [
        (vec![5, 0], vec![0, 9]),
        (vec![5, 3, 0, 0], vec![0, 0, 2, 9]),
        (vec![0, 1, 0], vec![1, 0, 1]),
    ] {
        assert_eq!(
            smd_categorical(&treated, &control),
            Err(Degenerate::Disjoint)
        );
    }
    assert_eq!(smd_binary(&table([4, 0, 0, 7])), Err(Degenerate::Disjoint));
    let constant = |x| Moments::from_slice(&[x; 3]);
    assert_eq!(
        smd_numeric(&constant(1.0), &constant(2.0)),
        Err(Degenerate::Disjoint)
    );
    // One person in common is enough for a finite, large distance.
    assert!(smd_categorical(&[1000, 1, 0], &[0, 1, 1000]).unwrap() > 30.0);
}

#[test]
fn identical_constants_are_balanced() {
    assert_eq!(smd_categorical(&[5, 0], &[9, 0]), Ok(0.0));
    assert_eq!(smd_binary(&table([4, 0, 7, 0])), Ok(0.0));
    let constant = Moments::from_slice(&[2.5; 4]);
    assert_eq!(smd_numeric(&constant, &constant), Ok(0.0));
    assert_eq!(
        variance_ratio(&constant, &constant),
        Err(Degenerate::NoVariance)
    );
}

#[test]
fn degenerate_samples_get_a_reason() {
    let of = Moments::from_slice;
    let level = Level::P95;
    assert_eq!(
        cohens_d(&of(&[]), &of(&[1.0, 2.0]), level),
        Err(Degenerate::TooFew)
    );
    assert_eq!(
        cohens_d(&of(&[1.0]), &of(&[2.0]), level),
        Err(Degenerate::TooFew)
    );
    assert_eq!(
        hedges_g(&of(&[1.0]), &of(&[2.0, 3.0]), level),
        Err(Degenerate::TooFew)
    );
    assert_eq!(
        cohens_d(&of(&[1.0; 3]), &of(&[2.0; 3]), level),
        Err(Degenerate::NoVariance)
    );
    assert_eq!(
        smd_numeric(&of(&[1.0]), &of(&[1.0, 2.0])),
        Err(Degenerate::TooFew)
    );
    assert_eq!(smd_categorical(&[0, 0], &[1, 2]), Err(Degenerate::TooFew));
    assert_eq!(smd_categorical(&[1], &[1, 2]), Err(Degenerate::TooFew));
    // An effect of a thousand standard deviations still has an interval around it.
    let far = cohens_d(&of(&[1000.0, 1001.0, 1002.0]), &of(&[0.0, 1.0, 2.0]), level).unwrap();
    assert!(far.conf_low.unwrap() < far.estimate.unwrap());
    assert!(far.conf_high.unwrap() > far.estimate.unwrap());
}
