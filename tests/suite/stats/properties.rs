//! What must hold for any data: signs, order, shifts, ranges.

use proptest::prelude::*;

use fip::results::{EffectSize, Estimate, TestResult};
use fip::stats::contingency::{
    Crosstab, TwoByTwo, cramers_v, likelihood_ratio, linear_by_linear, pearson_chi_square,
    yates_chi_square,
};
use fip::stats::dist;
use fip::stats::effect_size::{cohens_d, hedges_g};
use fip::stats::fisher::{fisher_exact, fisher_exact_table};
use fip::stats::infer::Level;
use fip::stats::multiplicity::{Adjustment, adjust};
use fip::stats::proportion::{odds_ratio, risk_difference, risk_difference_score, risk_ratio};
use fip::stats::rank::{
    MannWhitneyMethod, RankTable, brunner_munzel, mann_whitney, probability_of_superiority,
};
use fip::stats::sample::{Moments, moments_by_arm};
use fip::stats::smd::{smd_binary, smd_categorical, smd_numeric};
use fip::stats::two_sample::{Centre, levene, student_t, welch_t};

/// Awkward samples: empty, single, constant, tied, huge, with missing values.
fn sample() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        8 => (-6_i32..6).prop_map(f64::from),
        4 => -1e3..1e3_f64,
        1 => Just(f64::NAN),
        1 => -1e150..1e150_f64,
    ];
    proptest::collection::vec(value, 0..25)
}

fn tame_sample() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(-1e3..1e3_f64, 2..40)
}

pub(super) fn table() -> impl Strategy<Value = TwoByTwo> {
    (0..60_u64, 0..60_u64, 0..60_u64, 0..60_u64).prop_map(
        |(treated_yes, treated_no, control_yes, control_no)| TwoByTwo {
            treated_yes,
            treated_no,
            control_yes,
            control_no,
        },
    )
}

pub(super) fn swapped(table: &TwoByTwo) -> TwoByTwo {
    TwoByTwo {
        treated_yes: table.control_yes,
        treated_no: table.control_no,
        control_yes: table.treated_yes,
        control_no: table.treated_no,
    }
}

pub(super) fn assert_test(test: &TestResult) {
    let numbers = [test.statistic, test.df, test.df2, test.p_value];
    assert!(numbers.iter().flatten().all(|x| x.is_finite()), "{test:?}");
    assert!(
        test.p_value.is_none_or(|p| (0.0..=1.0).contains(&p)),
        "{test:?}"
    );
    assert!(test.df.is_none_or(|df| df > 0.0), "{test:?}");
}

fn assert_interval(low: Option<f64>, estimate: Option<f64>, high: Option<f64>) {
    assert_eq!(low.is_some(), high.is_some());
    if let (Some(low), Some(estimate), Some(high)) = (low, estimate, high) {
        assert!(
            low <= estimate && estimate <= high,
            "{low} {estimate} {high}"
        );
    }
}

pub(super) fn assert_effect(effect: &EffectSize) {
    let numbers = [effect.estimate, effect.conf_low, effect.conf_high];
    assert!(
        numbers.iter().flatten().all(|x| x.is_finite()),
        "{effect:?}"
    );
    assert_interval(effect.conf_low, effect.estimate, effect.conf_high);
}

pub(super) fn assert_estimate(estimate: &Estimate) {
    let Estimate {
        estimate,
        std_error,
        df,
        statistic,
        p_value,
        conf_low,
        conf_high,
    } = *estimate;
    assert!(estimate.is_finite());
    let numbers = [std_error, df, statistic, p_value, conf_low, conf_high];
    assert!(numbers.iter().flatten().all(|x| x.is_finite()));
    assert!(p_value.is_none_or(|p| (0.0..=1.0).contains(&p)));
    assert_interval(conf_low, Some(estimate), conf_high);
}

pub(super) fn close(a: f64, b: f64, relative: f64) -> bool {
    a == b || (a - b).abs() <= relative * a.abs().max(b.abs())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_170_301),
        ..ProptestConfig::default()
    })]

    #[test]
    fn mean_comparisons_never_give_nan_and_flip_with_the_arms(x in sample(), y in sample()) {
        let (a, b) = (Moments::from_slice(&x), Moments::from_slice(&y));
        for compare in [welch_t, student_t] {
            let (there, back) = (compare(&a, &b, Level::P95), compare(&b, &a, Level::P95));
            prop_assert_eq!(there.is_ok(), back.is_ok());
            if let (Ok(there), Ok(back)) = (there, back) {
                assert_test(&there.test);
                assert_estimate(&there.estimate);
                prop_assert_eq!(there.estimate.estimate, -back.estimate.estimate);
                prop_assert_eq!(there.estimate.conf_low, back.estimate.conf_high.map(|x| -x));
                prop_assert_eq!(there.test.p_value, back.test.p_value);
            }
        }
        for effect in [cohens_d, hedges_g] {
            if let Ok(effect) = effect(&a, &b, Level::P95) {
                assert_effect(&effect);
            }
        }
        if let (Ok(there), Ok(back)) = (smd_numeric(&a, &b), smd_numeric(&b, &a)) {
            prop_assert_eq!(there, -back);
        }
        let values = [x.clone(), y.clone()].concat();
        let codes: Vec<u32> = (0..values.len()).map(|i| u32::from(i >= x.len())).collect();
        for centre in [Centre::Mean, Centre::Median] {
            if let Ok(test) = levene(&values, &codes, 2, centre).unwrap() {
                assert_test(&test);
            }
        }
    }

    #[test]
    fn order_never_matters(x in tame_sample(), y in tame_sample()) {
        let mut reversed = x.clone();
        reversed.reverse();
        let (a, r, b) = (
            Moments::from_slice(&x),
            Moments::from_slice(&reversed),
            Moments::from_slice(&y),
        );
        prop_assert!(close(a.mean, r.mean, 1e-13) || (a.mean - r.mean).abs() < 1e-12);
        prop_assert!(close(a.m2, r.m2, 1e-12));
        if let (Ok(p), Ok(q)) = (welch_t(&a, &b, Level::P95), welch_t(&r, &b, Level::P95)) {
            prop_assert!(close(p.estimate.std_error.unwrap(), q.estimate.std_error.unwrap(), 1e-12));
        }
        prop_assert_eq!(
            RankTable::from_values(&x, &y).unwrap(),
            RankTable::from_values(&reversed, &y).unwrap()
        );
    }

    #[test]
    fn shifts_and_scales_act_as_they_should(
        x in tame_sample(), y in tame_sample(), shift in -1e4..1e4_f64, scale in 0.01..100.0_f64,
    ) {
        let moved = |values: &[f64]| {
            let values: Vec<f64> = values.iter().map(|v| shift + scale * v).collect();
            Moments::from_slice(&values)
        };
        let before = welch_t(&Moments::from_slice(&x), &Moments::from_slice(&y), Level::P95);
        let after = welch_t(&moved(&x), &moved(&y), Level::P95);
        if let (Ok(before), Ok(after)) = (before, after) {
            let (b, a) = (before.estimate, after.estimate);
            // Shifting by 1e4 costs the values about 1e-12 each.
            prop_assert!((a.estimate - scale * b.estimate).abs() < 1e-8 * (1.0 + scale));
            prop_assert!(close(a.std_error.unwrap(), scale * b.std_error.unwrap(), 1e-6));
            prop_assert!(close(a.df.unwrap(), b.df.unwrap(), 1e-6));
        }
        // Powers of two are exact: ranks, and everything standardised, stay the same.
        let doubled = |values: &[f64]| values.iter().map(|v| v * 8.0).collect::<Vec<f64>>();
        prop_assert_eq!(
            RankTable::from_values(&x, &y).unwrap(),
            RankTable::from_values(&doubled(&x), &doubled(&y)).unwrap()
        );
        let d = |x: &[f64], y: &[f64]| {
            cohens_d(&Moments::from_slice(x), &Moments::from_slice(y), Level::P95).unwrap()
        };
        prop_assert_eq!(d(&x, &y).estimate, d(&doubled(&x), &doubled(&y)).estimate);
    }

    #[test]
    fn parts_in_any_cut_merge_to_the_whole(x in tame_sample(), cut in 0.0..1.0_f64) {
        let (a, b) = x.split_at((cut * x.len() as f64) as usize);
        let whole = Moments::from_slice(&x);
        let merged = Moments::from_slice(a).merge(Moments::from_slice(b));
        prop_assert_eq!(merged.n, whole.n);
        prop_assert!((merged.mean - whole.mean).abs() < 1e-12);
        prop_assert!(close(merged.m2, whole.m2, 1e-12));
        let codes: Vec<u32> = (0..x.len()).map(|i| u32::from(i >= a.len())).collect();
        let arms = moments_by_arm(&x, &codes, 2).unwrap();
        prop_assert_eq!(arms[0].moments, Moments::from_slice(a));
        prop_assert_eq!(arms[1].moments, Moments::from_slice(b));
    }

    #[test]
    fn shares_have_intervals_around_them_and_flip_with_the_arms(table in table()) {
        let back = swapped(&table);
        for difference in [risk_difference, risk_difference_score] {
            if let Ok(there) = difference(&table, Level::P95) {
                assert_effect(&there);
                let back = difference(&back, Level::P95).unwrap();
                prop_assert_eq!(there.estimate, back.estimate.map(|x| -x));
                let gap = there.conf_low.unwrap() + back.conf_high.unwrap();
                prop_assert!(gap.abs() < 1e-12, "{gap:e}");
                prop_assert!(there.conf_low.unwrap() >= -1.0 && there.conf_high.unwrap() <= 1.0);
            }
        }
        for ratio in [risk_ratio, odds_ratio] {
            if let (Ok(there), Ok(back)) = (ratio(&table, Level::P95), ratio(&back, Level::P95)) {
                assert_effect(&there);
                prop_assert!(close(there.estimate.unwrap() * back.estimate.unwrap(), 1.0, 1e-14)
                    || there.estimate == Some(0.0) || back.estimate == Some(0.0));
            }
        }
        if let (Ok(there), Ok(back)) = (smd_binary(&table), smd_binary(&back)) {
            prop_assert_eq!(there, -back);
        }
    }

    #[test]
    fn table_tests_stay_in_range_whatever_the_counts(
        counts in proptest::collection::vec(proptest::collection::vec(0..5_u64, 4), 2..4),
    ) {
        if let Ok(table) = Crosstab::new(&counts) {
            let rows: Vec<f64> = (0..counts.len()).map(|i| i as f64).collect();
            let columns = [1.0, 2.0, 3.0, 4.0];
            assert_test(&pearson_chi_square(&table));
            assert_test(&likelihood_ratio(&table));
            assert_test(&linear_by_linear(&table, &rows, &columns).unwrap());
            assert_effect(&cramers_v(&table, Level::P95));
            if let Ok(test) = fisher_exact_table(&table) {
                assert_test(&test);
            }
            let mut upside_down = counts.clone();
            upside_down.reverse();
            let other = Crosstab::new(&upside_down).unwrap();
            let (p, q) = (pearson_chi_square(&table), pearson_chi_square(&other));
            prop_assert!(close(p.statistic.unwrap(), q.statistic.unwrap(), 1e-13));
        }
        if let (Ok(there), Ok(back)) =
            (smd_categorical(&counts[0], &counts[1]), smd_categorical(&counts[1], &counts[0]))
        {
            prop_assert!(there.is_finite() && there >= 0.0);
            prop_assert_eq!(there, back);
        }
    }

    #[test]
    fn fisher_and_yates_stay_in_range_and_do_not_care_which_arm_comes_first(table in table()) {
        if let Ok(fisher) = fisher_exact(&table) {
            assert_test(&fisher.test());
            prop_assert!((0.0..=1.0).contains(&fisher.mid_p) && fisher.mid_p <= fisher.two_sided);
            let back = fisher_exact(&swapped(&table)).unwrap();
            prop_assert!(close(fisher.two_sided, back.two_sided, 1e-11));
            prop_assert!(close(fisher.less, back.greater, 1e-11));
        }
        if let Ok(yates) = yates_chi_square(&table) {
            assert_test(&yates);
            let plain = pearson_chi_square(&Crosstab::from_two_by_two(&table).unwrap());
            prop_assert!(yates.statistic <= plain.statistic);
        }
    }

    #[test]
    fn rank_tests_stay_in_range_and_flip_with_the_arms(x in sample(), y in sample()) {
        if let Ok(table) = RankTable::from_values(&x, &y) {
            let back = RankTable::from_values(&y, &x).unwrap();
            for method in [
                MannWhitneyMethod::Automatic,
                MannWhitneyMethod::Exact,
                MannWhitneyMethod::Normal { continuity: true },
                MannWhitneyMethod::Normal { continuity: false },
            ] {
                if let Ok(test) = mann_whitney(&table, method) {
                    assert_test(&test);
                    prop_assert_eq!(test.p_value, mann_whitney(&back, method).unwrap().p_value);
                }
            }
            let superiority = probability_of_superiority(&table, Level::P95);
            assert_effect(&superiority);
            let mirrored = probability_of_superiority(&back, Level::P95);
            prop_assert!(close(superiority.estimate.unwrap(), 1.0 - mirrored.estimate.unwrap(), 1e-12)
                || superiority.estimate.unwrap() < 1e-12);
            if let Ok(test) = brunner_munzel(&table) {
                assert_test(&test);
                let back = brunner_munzel(&back).unwrap();
                prop_assert_eq!(test.statistic, back.statistic.map(|x| -x));
            }
        }
    }

    #[test]
    fn adjusted_p_values_never_fall_below_the_plain_ones(
        p in proptest::collection::vec(proptest::option::of(0.0..=1.0_f64), 0..12),
    ) {
        for method in [Adjustment::Holm, Adjustment::Hochberg, Adjustment::BenjaminiHochberg] {
            let adjusted = adjust(&p, method);
            for (plain, adjusted) in p.iter().zip(&adjusted) {
                prop_assert_eq!(plain.is_some(), adjusted.is_some());
                prop_assert!(adjusted >= plain && adjusted.is_none_or(|p| p <= 1.0));
            }
            for i in 0..p.len() {
                for j in 0..p.len() {
                    if p[i].is_some() && p[i] < p[j] {
                        prop_assert!(adjusted[i] <= adjusted[j]);
                    }
                }
            }
        }
    }

    #[test]
    fn quantiles_invert_their_tails(ln_p in -650.0..-0.01_f64, ln_df in 0.0..20.0_f64) {
        let (p, df) = (ln_p.exp(), ln_df.exp());
        // A tail reacts to its quantile by at most a few hundred times the relative change.
        prop_assert!(close(dist::normal_sf(dist::normal_isf(p)), p, 1e-11));
        prop_assert!(close(dist::t_sf(dist::t_isf(p, df), df), p, 1e-11));
        let x = dist::chi2_isf(p, df);
        prop_assert!(x.is_finite() && x >= 0.0);
        // … and that of a χ² with many degrees of freedom by √df times more.
        prop_assert!(close(dist::chi2_sf(x, df), p, 1e-13 * (100.0 + 40.0 * df.sqrt())));
    }
}
