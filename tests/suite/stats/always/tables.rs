//! Counts, pairs of answers, analysis of variance, power.

use fip::results::TestName;
use fip::stats::attrition::attrition;
use fip::stats::contingency::TwoByTwo;
use fip::stats::infer::Level;
use fip::stats::mantel_haenszel::mantel_haenszel;
use fip::stats::matched_pairs::mcnemar;
use fip::stats::power::{Effect, Setting, power};
use fip::stats::proportion::wilson;
use fip::stats::randomization::exact_two_by_two;
use fip::stats::sample::Moments;
use fip::stats::smd::variance_ratio;
use fip::stats::two_sample::{one_way_f, paired_t, student_t};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::super::properties::{
    assert_effect, assert_estimate, assert_test, close, swapped, table,
};

const P95: Level = Level::P95;

/// Yes and no change places.
fn negated(table: &TwoByTwo) -> TwoByTwo {
    TwoByTwo {
        treated_yes: table.treated_no,
        treated_no: table.treated_yes,
        control_yes: table.control_no,
        control_no: table.control_yes,
    }
}

fn small_table() -> impl Strategy<Value = TwoByTwo> {
    (0..4_u64, 0..4_u64, 0..4_u64, 0..4_u64).prop_map(|(a, b, c, d)| TwoByTwo {
        treated_yes: a,
        treated_no: b,
        control_yes: c,
        control_no: d,
    })
}

fn any_table() -> impl Strategy<Value = TwoByTwo> {
    prop_oneof![small_table(), table()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256,
        rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wilson_is_symmetric_and_contains_the_share(yes in 0..200_u64, no in 0..200_u64) {
        let Ok(ours) = wilson(yes, yes + no, P95) else {
            prop_assert_eq!(yes + no, 0);
            return Ok(());
        };
        let other = wilson(no, yes + no, P95).unwrap();
        prop_assert!(0.0 <= ours.conf_low && ours.conf_high <= 1.0);
        prop_assert!(ours.conf_low <= ours.estimate && ours.estimate <= ours.conf_high);
        prop_assert!((ours.conf_low - (1.0 - other.conf_high)).abs() < 1e-14);
        let wide = wilson(yes, yes + no, Level::new(0.99).unwrap()).unwrap();
        prop_assert!(wide.conf_low <= ours.conf_low && ours.conf_high <= wide.conf_high);
        let more = wilson(yes + 1, yes + no + 1, P95).unwrap();
        prop_assert!(more.conf_low >= ours.conf_low && more.conf_high >= ours.conf_high);
    }

    #[test]
    fn mantel_haenszel_flips_and_ignores_order_and_empty_strata(
        strata in prop::collection::vec(any_table(), 1..6),
    ) {
        let Ok(ours) = mantel_haenszel(&strata, P95) else { return Ok(()) };
        prop_assert!(ours.statistic.is_finite() && ours.statistic >= ours.corrected);
        prop_assert!((0.0..=1.0).contains(&ours.p_value) && ours.p_value <= ours.corrected_p);
        assert_effect(&ours.odds_ratio);
        let back: Vec<TwoByTwo> = strata.iter().map(swapped).collect();
        let back = mantel_haenszel(&back, P95).unwrap();
        prop_assert!((ours.statistic - back.statistic).abs() <= 1e-9 * (1.0 + ours.statistic));
        if let (Some(a), Some(b)) = (ours.odds_ratio.estimate, back.odds_ratio.estimate) {
            prop_assert!(close(a * b, 1.0, 1e-12));
        }
        let mut more: Vec<TwoByTwo> = strata.iter().rev().copied().collect();
        more.push(TwoByTwo { treated_yes: 0, treated_no: 0, control_yes: 0, control_no: 0 });
        more.push(TwoByTwo { treated_yes: 3, treated_no: 0, control_yes: 5, control_no: 0 });
        let more = mantel_haenszel(&more, P95).unwrap();
        prop_assert_eq!(more.strata_used, ours.strata_used);
        prop_assert!((ours.statistic - more.statistic).abs() <= 1e-9 * (1.0 + ours.statistic));
    }

    #[test]
    fn change_counts_the_same_both_ways(b in 0..300_u64, c in 0..300_u64) {
        let (Ok(ours), Ok(back)) = (mcnemar(b, c), mcnemar(c, b)) else {
            prop_assert_eq!(b + c, 0);
            return Ok(());
        };
        prop_assert_eq!(ours, back);
        for p in [ours.p_value, ours.corrected_p, ours.exact_p, ours.mid_p] {
            prop_assert!((0.0..=1.0).contains(&p), "{ours:?}");
        }
        prop_assert!(ours.mid_p <= ours.exact_p && ours.p_value <= ours.corrected_p);
    }

    #[test]
    fn exact_tests_and_attrition_flip(table in any_table()) {
        if let Ok(p) = exact_two_by_two(&table) {
            prop_assert!(p > 0.0 && p <= 1.0, "{p}");
            for other in [swapped(&table), negated(&table)] {
                prop_assert!(close(p, exact_two_by_two(&other).unwrap(), 1e-11));
            }
        }
        if let Ok(ours) = attrition(&table, P95) {
            let back = attrition(&swapped(&table), P95).unwrap();
            prop_assert_eq!(ours.difference.estimate, back.difference.estimate.map(|x| -x));
            prop_assert_eq!(ours.reading, back.reading);
            assert_effect(&ours.difference);
            if let Some(test) = &ours.test {
                assert_test(test);
            }
        }
    }

    /// Two groups: F is Student's t squared. Differences the other way round flip the paired test.
    #[test]
    fn variance_between_two_is_the_t_test(
        x in prop::collection::vec(-9..10_i32, 0..8), y in prop::collection::vec(-9..10_i32, 0..8),
    ) {
        let moments = |values: &[i32], sign: f64| {
            let values: Vec<f64> = values.iter().map(|&v| sign * f64::from(v)).collect();
            Moments::from_slice(&values)
        };
        let (a, b) = (moments(&x, 1.0), moments(&y, 1.0));
        let f = one_way_f(TestName::Levene, &[a, b]);
        if let (Ok(f), Ok(t)) = (&f, student_t(&a, &b, P95)) {
            assert_test(f);
            let t2 = t.test.statistic.unwrap().powi(2);
            prop_assert!((f.statistic.unwrap() - t2).abs() <= 1e-10 * (1.0 + t2));
            prop_assert!((f.p_value.unwrap() - t.test.p_value.unwrap()).abs() < 1e-10);
        }
        if let Ok(ours) = paired_t(&a, P95) {
            assert_estimate(&ours);
            let back = paired_t(&moments(&x, -1.0), P95).unwrap();
            prop_assert_eq!(ours.estimate, -back.estimate);
            prop_assert_eq!(ours.p_value, back.p_value);
        }
        if let (Ok(ours), Ok(back)) = (variance_ratio(&a, &b), variance_ratio(&b, &a)) {
            prop_assert!(ours == 0.0 || close(ours * back, 1.0, 1e-14));
        }
    }

    /// More people never cost power; losing them, or drawing them together, never adds any.
    #[test]
    fn power_grows_with_people(
        difference in 0.05..1.5_f64, n in 4..400_u32, share in 0.05..0.9_f64, lost in 0.0..0.5_f64,
    ) {
        let n = f64::from(n);
        let setting = Setting::plain(0.05);
        let mean = Effect::Mean { difference, sd: 1.0 };
        let shares = Effect::Share { control: share, difference: (1.0 - share) / 2.0 };
        for effect in [&mean, &shares] {
            let Ok(ours) = power(effect, &setting, n, n) else { continue };
            prop_assert!((0.0..=1.0).contains(&ours), "{ours}");
            prop_assert!(power(effect, &setting, 2.0 * n, 2.0 * n).unwrap() >= ours - 1e-12);
            let missing = Setting { attrition: lost, ..Setting::plain(0.05) };
            if let Ok(less) = power(effect, &missing, n, n) {
                prop_assert!(less <= ours + 1e-9, "{less} {ours}");
            }
        }
    }
}
