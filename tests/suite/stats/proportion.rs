//! Shares in two arms against mpmath and statsmodels; Newcombe's printed tables stand in
//! `published.rs`.

use fip::results::EffectSize;
use fip::stats::contingency::TwoByTwo;
use fip::stats::degenerate::Degenerate;
use fip::stats::infer::Level;
use fip::stats::proportion::{
    odds_ratio, risk_difference, risk_difference_score, risk_ratio, wilson,
};

use super::{CLOSED_FORM, Number, assert_close, floats};

#[derive(serde::Deserialize)]
struct Reference {
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    table: [u64; 4],
    wilson: Vec<Number>,
    newcombe: Vec<Number>,
    miettinen_nurminen: Vec<Number>,
    risk_ratio: Option<Vec<Number>>,
    odds_ratio: Option<Vec<Number>>,
}

fn table([treated_yes, treated_no, control_yes, control_no]: [u64; 4]) -> TwoByTwo {
    TwoByTwo {
        treated_yes,
        treated_no,
        control_yes,
        control_no,
    }
}

/// Limits of a difference lie on a scale of 1, and may be near 0 themselves.
#[track_caller]
fn assert_limits(what: &str, ours: &EffectSize, theirs: &[Number], absolute: f64) {
    let ours = [ours.conf_low.unwrap(), ours.conf_high.unwrap()];
    for (ours, theirs) in ours.iter().zip(floats(theirs)) {
        assert!(
            (ours - theirs).abs() <= absolute,
            "{what}: {ours}, reference {theirs}"
        );
    }
}

#[test]
fn intervals_agree_with_the_reference() {
    let reference: Reference =
        serde_json::from_str(include_str!("../../reference/proportion.json")).unwrap();
    for case in reference.cases {
        let what = format!("{:?}", case.table);
        let table = table(case.table);
        let level = Level::P95;
        let share = wilson(case.table[0], case.table[0] + case.table[1], level).unwrap();
        for (ours, theirs) in [share.conf_low, share.conf_high]
            .iter()
            .zip(floats(&case.wilson))
        {
            // 1e-45 in the reference is 0.
            assert!(
                (ours - theirs).abs() <= CLOSED_FORM * theirs.abs().max(1e-40),
                "{what}"
            );
        }
        let newcombe = risk_difference(&table, level).unwrap();
        assert_limits(&what, &newcombe, &case.newcombe, 1e-14);
        // The root is found to the last bit; the estimate of the variance carries 1e-14.
        let score = risk_difference_score(&table, level).unwrap();
        assert_limits(&what, &score, &case.miettinen_nurminen, 1e-12);
        if let Some(theirs) = case.risk_ratio {
            let ours = risk_ratio(&table, level).unwrap();
            let ours = [ours.estimate, ours.conf_low, ours.conf_high];
            for (ours, theirs) in ours.into_iter().zip(floats(&theirs)) {
                assert_close(&what, ours, theirs, CLOSED_FORM);
            }
        }
        if let Some(theirs) = case.odds_ratio {
            let ours = odds_ratio(&table, level).unwrap();
            let ours = [ours.estimate, ours.conf_low, ours.conf_high];
            for (ours, theirs) in ours.into_iter().zip(floats(&theirs)) {
                assert_close(&what, ours, theirs, CLOSED_FORM);
            }
        }
    }
}

#[test]
fn empty_arms_and_cells_get_a_reason() {
    let level = Level::P95;
    let no_treated = table([0, 0, 3, 4]);
    assert_eq!(risk_difference(&no_treated, level), Err(Degenerate::TooFew));
    assert_eq!(
        risk_difference_score(&no_treated, level),
        Err(Degenerate::TooFew)
    );
    assert_eq!(risk_ratio(&no_treated, level), Err(Degenerate::TooFew));
    assert_eq!(odds_ratio(&no_treated, level), Err(Degenerate::TooFew));
    assert_eq!(wilson(3, 2, level), Err(Degenerate::TooFew));
    let no_control_yes = table([3, 4, 0, 9]);
    assert_eq!(
        risk_ratio(&no_control_yes, level),
        Err(Degenerate::ZeroCell)
    );
    assert_eq!(
        odds_ratio(&no_control_yes, level),
        Err(Degenerate::ZeroCell)
    );
    let no_treated_yes = table([0, 4, 3, 9]);
    for zero in [
        risk_ratio(&no_treated_yes, level).unwrap(),
        odds_ratio(&no_treated_yes, level).unwrap(),
    ] {
        assert_eq!(
            (zero.estimate, zero.conf_low, zero.conf_high),
            (Some(0.0), None, None)
        );
    }
    let everybody = risk_ratio(&table([4, 0, 9, 0]), level).unwrap();
    assert_eq!((everybody.estimate, everybody.conf_low), (Some(1.0), None));
    let nobody = risk_difference(&table([0, 1, 0, 1]), level).unwrap();
    assert_eq!(nobody.estimate, Some(0.0));
}
