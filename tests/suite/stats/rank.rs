//! Rank tests and multiplicity against R, coin and scipy.

use fip::stats::degenerate::Degenerate;
use fip::stats::infer::Level;
use fip::stats::multiplicity::{Adjustment, adjust};
use fip::stats::rank::{
    MannWhitneyMethod, RankTable, brunner_munzel, mann_whitney, probability_of_superiority,
};

use super::{CLOSED_FORM, Number, assert_close, floats};

#[derive(serde::Deserialize)]
struct Reference {
    cases: Vec<Case>,
    adjust: Adjust,
}

#[derive(serde::Deserialize)]
struct Case {
    name: Vec<String>,
    treated: Vec<Number>,
    control: Vec<Number>,
    automatic: Vec<Number>,
    normal_continuity: Vec<Number>,
    normal_plain: Vec<Number>,
    exact: Option<Number>,
    superiority: Number,
    brunner_munzel: Option<Vec<Number>>,
    superiority_ci: Option<Vec<Number>>,
}

#[derive(serde::Deserialize)]
struct Adjust {
    p: Vec<Number>,
    holm: Vec<Number>,
    hochberg: Vec<Number>,
    bh: Vec<Number>,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../../reference/rank.json")).unwrap()
}

fn ranks(case: &Case) -> RankTable {
    RankTable::from_values(&floats(&case.treated), &floats(&case.control)).unwrap()
}

#[test]
fn mann_whitney_agrees_with_r_and_coin() {
    for case in reference().cases {
        let name = &case.name[0];
        let table = ranks(&case);
        for (method, theirs) in [
            (MannWhitneyMethod::Automatic, &case.automatic),
            (
                MannWhitneyMethod::Normal { continuity: true },
                &case.normal_continuity,
            ),
            (
                MannWhitneyMethod::Normal { continuity: false },
                &case.normal_plain,
            ),
        ] {
            let ours = mann_whitney(&table, method).unwrap();
            assert_eq!(ours.statistic, Some(theirs[0].0), "{name} {method:?}");
            assert_close(name, ours.p_value, theirs[1].0, 1e-11);
        }
        if let Some(p) = case.exact {
            let ours = mann_whitney(&table, MannWhitneyMethod::Exact).unwrap();
            assert_close(name, ours.p_value, p.0, 1e-10);
        }
    }
}

#[test]
fn brunner_munzel_agrees_with_scipy() {
    for case in reference().cases {
        let name = &case.name[0];
        let table = ranks(&case);
        let superiority = probability_of_superiority(&table, Level::P95);
        assert_close(name, superiority.estimate, case.superiority.0, CLOSED_FORM);
        let (Some(test), Some(interval)) = (case.brunner_munzel, case.superiority_ci) else {
            assert_eq!(brunner_munzel(&table), Err(Degenerate::NoVariance));
            assert_eq!(superiority.conf_low, None);
            continue;
        };
        let ours = brunner_munzel(&table).unwrap();
        // scipy subtracts mean ranks, which loses a few digits.
        assert_close(name, ours.statistic, test[0].0, 1e-10);
        assert_close(name, ours.df, test[1].0, 1e-10);
        assert_close(name, ours.p_value, test[2].0, 1e-9);
        assert_close(name, superiority.conf_low, interval[0].0, 1e-10);
        assert_close(name, superiority.conf_high, interval[1].0, 1e-10);
    }
}

#[test]
fn counts_and_values_are_the_same_table() {
    let table = RankTable::from_values(&[1.0, 2.0, 2.0, -0.0], &[2.0, 0.0, f64::NAN]).unwrap();
    assert_eq!(
        table,
        RankTable::from_counts(&[(1, 1), (1, 0), (0, 0), (2, 1)]).unwrap()
    );
    assert!(table.has_ties());
}

#[test]
fn degenerate_samples_get_a_reason() {
    assert_eq!(RankTable::from_values(&[], &[1.0]), Err(Degenerate::TooFew));
    assert_eq!(
        RankTable::from_values(&[f64::NAN], &[1.0]),
        Err(Degenerate::TooFew)
    );
    assert_eq!(
        RankTable::from_counts(&[(u64::MAX, 1), (1, 1)]),
        Err(Degenerate::TooLarge)
    );
    let constant = RankTable::from_counts(&[(5, 9)]).unwrap();
    for method in [
        MannWhitneyMethod::Automatic,
        MannWhitneyMethod::Exact,
        MannWhitneyMethod::Normal { continuity: true },
    ] {
        assert_eq!(mann_whitney(&constant, method), Err(Degenerate::NoVariance));
    }
    assert_eq!(brunner_munzel(&constant), Err(Degenerate::NoVariance));
    let superiority = probability_of_superiority(&constant, Level::P95);
    assert_eq!(
        (superiority.estimate, superiority.conf_low),
        (Some(0.5), None)
    );
    let one_each = RankTable::from_counts(&[(1, 0), (0, 1)]).unwrap();
    assert_eq!(brunner_munzel(&one_each), Err(Degenerate::TooFew));
    let large = RankTable::from_counts(&[(60, 3), (1, 40)]).unwrap();
    assert_eq!(
        mann_whitney(&large, MannWhitneyMethod::Exact),
        Err(Degenerate::TooLarge)
    );
}

#[test]
fn adjusted_p_values_agree_with_r() {
    let reference = reference().adjust;
    let p: Vec<Option<f64>> = floats(&reference.p).into_iter().map(Some).collect();
    for (method, theirs) in [
        (Adjustment::Holm, &reference.holm),
        (Adjustment::Hochberg, &reference.hochberg),
        (Adjustment::BenjaminiHochberg, &reference.bh),
    ] {
        for (ours, theirs) in adjust(&p, method).into_iter().zip(floats(theirs)) {
            assert_close(&format!("{method:?}"), ours, theirs, CLOSED_FORM);
        }
    }
}

#[test]
fn absent_p_values_stay_absent_and_do_not_count() {
    let with_gaps = [None, Some(0.01), Some(f64::NAN), Some(0.04), None];
    for method in [
        Adjustment::Holm,
        Adjustment::Hochberg,
        Adjustment::BenjaminiHochberg,
    ] {
        let ours = adjust(&with_gaps, method);
        let alone = adjust(&[Some(0.01), Some(0.04)], method);
        assert_eq!(ours, [None, alone[0], None, alone[1], None]);
        assert_eq!(adjust(&[], method), []);
    }
}
