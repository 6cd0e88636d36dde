//! Numbers as text.

use fip::words::Lang::{self, En, Nl};
use fip::words::number::{self, Scale, Stars, Symbol};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Rounding {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    value: f64,
    decimals: usize,
    shift: usize,
    text: String,
}

/// What a person reads, back in the notation of machines.
fn plain(text: &str, lang: Lang) -> String {
    let text = text.replace('\u{2212}', "-");
    match lang {
        Nl => text.replace('.', "").replace(',', "."),
        En => text.replace(',', ""),
    }
}

/// Against Python's decimal module: tests/reference/rounding.py.
#[test]
fn rounds_as_the_reference_does() {
    let reference: Rounding =
        serde_json::from_str(include_str!("../../reference/rounding.json")).unwrap();
    assert!(reference.cases.len() > 4000);
    for case in reference.cases {
        let scale = if case.shift == 0 {
            Scale::Unit
        } else {
            Scale::Points
        };
        for lang in Lang::ALL {
            let text = number::scaled(case.value, case.decimals, scale, lang);
            let Case {
                value,
                decimals,
                text: expected,
                ..
            } = &case;
            assert_eq!(
                plain(&text, lang),
                *expected,
                "{value} to {decimals} decimals: {text}"
            );
        }
    }
}

#[test]
fn writes_numbers_as_each_language_does() {
    assert_eq!(number::count(1028, Nl), "1028");
    assert_eq!(number::count(16_250, Nl), "16.250");
    assert_eq!(number::count(1_234_567, En), "1,234,567");
    assert_eq!(number::fixed(-0.25, 2, Nl), "−0,25");
    assert_eq!(number::fixed(-0.001, 2, Nl), "0,00");
    assert_eq!(number::fixed(12_345.678, 1, Nl), "12.345,7");
    assert_eq!(number::fixed(9_999.96, 1, En), "10,000.0");
    assert_eq!(number::percent(0.601, 1, Nl), "60,1%");
    assert_eq!(number::percent(0.285, 0, En), "29%");
    assert_eq!(number::percent(0.0, 1, En), "0.0%");
    assert_eq!(
        number::mean_sd(Some(0.17), Some(0.37), 2, Nl),
        "0,17 (0,37)"
    );
    assert_eq!(
        number::count_percent(105, Some(105.0 / 308.0), 1, Nl),
        "105 (34,1%)"
    );
    let interval = |lang| number::interval(Some(-0.02), Some(0.05), 2, Scale::Unit, lang);
    assert_eq!(interval(Nl), "[−0,02; 0,05]");
    assert_eq!(interval(En), "[−0.02, 0.05]");
    assert_eq!(number::money(112_000.0, 0, Nl), "€ 112.000");
    assert_eq!(number::money(1_250.0, 0, Nl), "€ 1.250");
    assert_eq!(number::money(-1_250.5, 2, En), "−€1,250.50");
    assert_eq!(number::money(-1_250.0, 0, Nl), "€ −1.250");
    let statistic =
        |symbol, value, df, df2, lang| number::statistic(symbol, Some(value), df, df2, lang);
    assert_eq!(
        statistic(Symbol::T, 2.544, Some(610.93), None, Nl),
        "t(610,9) = 2,54"
    );
    assert_eq!(
        statistic(Symbol::F, 4.02, Some(1.0), Some(741.0), Nl),
        "F(1; 741) = 4,02"
    );
    assert_eq!(
        statistic(Symbol::F, 4.02, Some(1.0), Some(741.0), En),
        "F(1, 741) = 4.02"
    );
    assert_eq!(statistic(Symbol::Z, -1.5, None, None, En), "z = −1.50");
    assert_eq!(number::level(0.05, Nl), "0,05");
    assert_eq!(number::level(0.05, En), ".05");
    assert_eq!(number::exact_percent(0.95, Nl), "95%");
    assert_eq!(number::exact_percent(0.975, Nl), "97,5%");
}

#[test]
fn absent_and_not_finite_are_a_dash() {
    for value in [
        None,
        Some(f64::NAN),
        Some(f64::INFINITY),
        Some(f64::NEG_INFINITY),
    ] {
        for lang in Lang::ALL {
            assert_eq!(number::fixed(value, 2, lang), "–");
            assert_eq!(number::percent(value, 2, lang), "–");
            assert_eq!(number::significant(value, 2, lang), "–");
            assert_eq!(number::money(value, 2, lang), "–");
            assert_eq!(number::p_value(value, lang), "–");
            assert_eq!(number::df(value, lang), "–");
            assert_eq!(number::mean_sd(value, Some(1.0), 2, lang), "–");
            assert_eq!(number::interval(value, value, 2, Scale::Unit, lang), "–");
            assert_eq!(
                number::statistic(Symbol::T, value, Some(3.0), None, lang),
                "–"
            );
            assert_eq!(number::machine(value), "");
            assert_eq!(Stars::from_p(value.filter(|p| p.is_nan())), Stars::None);
        }
    }
    assert_eq!(number::mean_sd(Some(2.0), None, 1, Nl), "2,0 (–)");
    assert_eq!(
        number::interval(Some(0.5), Some(f64::INFINITY), 1, Scale::Unit, Nl),
        "[0,5; –]"
    );
    assert_eq!(
        number::estimate(Some(0.5), None, None, 1, Scale::Unit, Nl),
        "0,5"
    );
}

#[test]
fn p_values() {
    for (p, nl, en) in [
        (0.0, "< 0,001", "< .001"),
        (0.000_999_9, "< 0,001", "< .001"),
        (0.001, "0,001", ".001"),
        (0.034_2, "0,034", ".034"),
        (0.0496, "0,0496", ".0496"),
        (0.049_96, "0,04996", ".04996"),
        (0.049_999_999, "< 0,05", "< .05"),
        (0.05, "0,050", ".050"),
        (0.0504, "0,050", ".050"),
        (0.0098, "0,0098", ".0098"),
        (0.0997, "0,0997", ".0997"),
        (0.5, "0,500", ".500"),
        (0.9994, "0,999", ".999"),
        (0.9997, "> 0,999", "> .999"),
        (1.0, "1,000", "1.000"),
        (1.5, "–", "–"),
        (-0.1, "–", "–"),
    ] {
        assert_eq!(number::p_value(p, Nl), nl, "{p}");
        assert_eq!(number::p_value(p, En), en, "{p}");
    }
    assert_eq!(number::p_clause(0.034, Nl), "p = 0,034");
    assert_eq!(number::p_clause(1e-9, Nl), "p < 0,001");
}

#[test]
fn decimals_follow_the_width_of_an_interval() {
    let decimals = |low, high, scale| number::decimals_for_interval(Some(low), Some(high), scale);
    assert_eq!(decimals(-0.02, 0.14, Scale::Unit), 2);
    assert_eq!(decimals(310.0, 1290.0, Scale::Unit), 0);
    assert_eq!(decimals(0.010, 0.043, Scale::Unit), 3);
    assert_eq!(decimals(0.010, 0.043, Scale::Points), 1);
    assert_eq!(decimals(0.5, 0.5, Scale::Unit), 2);
    assert_eq!(decimals(f64::NAN, 0.5, Scale::Unit), 2);
    assert_eq!(decimals(0.0, 1e-300, Scale::Unit), 8);
    assert_eq!(number::significant(0.012_345, 3, Nl), "0,0123");
    assert_eq!(number::significant(0.099_96, 3, Nl), "0,100");
    assert_eq!(number::significant(1234.5, 3, Nl), "1235");
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { rng_seed: proptest::test_runner::RngSeed::Fixed(20_170_301), ..proptest::test_runner::Config::default() })]

    /// On which side of a usual level p lies can always be read off.
    #[test]
    fn a_printed_p_never_hides_its_side(
        exact in prop_oneof![0.0..=1.0f64, 0.0..0.11f64, Just(0.05), Just(0.01), Just(0.001)],
        nudge in -1e-6..1e-6f64,
    ) {
        let p = (exact + nudge).clamp(0.0, 1.0);
        let text = plain(&number::p_value(p, Nl), Nl);
        let (below, digits) = match text.strip_prefix("< ") {
            Some(digits) => (true, digits),
            None => (false, text.trim_start_matches("> ")),
        };
        let shown: f64 = digits.parse().unwrap();
        for level in [0.001, 0.005, 0.01, 0.025, 0.05, 0.1] {
            let reads_below = if below { shown <= level } else { shown < level };
            prop_assert!((p < level) == reads_below, "{p} is printed as {text}, level {level}");
        }
    }

    #[test]
    fn machine_numbers_read_back(value in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
        prop_assert_eq!(number::machine(value).parse::<f64>().unwrap(), value);
    }

    /// Half a unit of the last digit is all that rounding may move.
    #[test]
    fn text_stays_near_the_number(value in -1e9..1e9f64, decimals in 0usize..7) {
        let shown: f64 = plain(&number::fixed(value, decimals, Nl), Nl).parse().unwrap();
        let half = 0.5 * 10f64.powi(-i32::try_from(decimals).unwrap());
        prop_assert!((shown - value).abs() <= half * (1.0 + 1e-6) + value.abs() * 1e-15);
    }
}
