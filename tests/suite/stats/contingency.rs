//! Contingency tables against R and coin.

use fip::results::TestResult;
use fip::stats::contingency::{
    Crosstab, TwoByTwo, cramers_v, likelihood_ratio, linear_by_linear, pearson_chi_square,
    yates_chi_square,
};
use fip::stats::degenerate::Degenerate;
use fip::stats::fisher::{fisher_exact, fisher_exact_table};
use fip::stats::infer::Level;

use super::{CLOSED_FORM, Number, assert_close, floats};

#[derive(serde::Deserialize)]
struct Reference {
    cases: Vec<Case>,
    malformation: Malformation,
}

#[derive(serde::Deserialize)]
struct Case {
    name: Vec<String>,
    counts: Vec<Vec<u64>>,
    min_expected: Number,
    pearson: Vec<Number>,
    likelihood_ratio: Vec<Number>,
    cramers_v: Vec<Number>,
    linear_by_linear: Vec<Number>,
    fisher: Option<Number>,
    yates: Option<Vec<Number>>,
    fisher_less: Option<Number>,
    fisher_greater: Option<Number>,
    fisher_mid_p: Option<Number>,
}

#[derive(serde::Deserialize)]
struct Malformation {
    counts: Vec<Vec<u64>>,
    scores: Vec<f64>,
    linear_by_linear: Vec<Number>,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../../reference/contingency.json")).unwrap()
}

#[track_caller]
fn check(what: &str, ours: &TestResult, theirs: &[Number], relative: f64) {
    let theirs = floats(theirs);
    assert_close(what, ours.statistic, theirs[0], relative);
    assert_eq!(ours.df, Some(theirs[1]));
    // The p-value moves with the statistic's own rounding, times half its size.
    assert_close(what, ours.p_value, theirs[2], relative * (1.0 + theirs[0]));
}

fn one_to(n: usize) -> Vec<f64> {
    (1..=n).map(|i| i as f64).collect()
}

#[test]
fn tables_agree_with_r() {
    for case in reference().cases {
        let name = &case.name[0];
        let table = Crosstab::new(&case.counts).unwrap();
        assert_close(
            name,
            Some(table.min_expected()),
            case.min_expected.0,
            CLOSED_FORM,
        );
        // R takes O − E of rounded expected counts: with equal shares only noise is left.
        let pearson = pearson_chi_square(&table);
        if name == "equal_shares" {
            assert_eq!((pearson.statistic, pearson.p_value), (Some(0.0), Some(1.0)));
            continue;
        }
        check(name, &pearson, &case.pearson, CLOSED_FORM);
        // R's sum of O ln(O/E) cancels; 1e-9 is what the large table leaves.
        check(
            name,
            &likelihood_ratio(&table),
            &case.likelihood_ratio,
            1e-9,
        );
        let (rows, columns) = (one_to(case.counts.len()), one_to(case.counts[0].len()));
        let trend = linear_by_linear(&table, &rows, &columns).unwrap();
        let theirs = floats(&case.linear_by_linear);
        assert_close(name, trend.statistic, theirs[0], 1e-9);
        assert_close(name, trend.p_value, theirs[1], 1e-8);
        // R's noncentral χ² and root are good to about 1e-9.
        let v = cramers_v(&table, Level::P95);
        let theirs = floats(&case.cramers_v);
        assert_close(name, v.estimate, theirs[0], CLOSED_FORM);
        assert_close(name, v.conf_low, theirs[1], 1e-8);
        assert_close(name, v.conf_high, theirs[2], 1e-8);
        if let Some(yates) = &case.yates {
            let ours = yates_chi_square(&table.two_by_two().unwrap()).unwrap();
            check(name, &ours, yates, CLOSED_FORM);
        }
    }
}

#[test]
fn fisher_agrees_with_r() {
    for case in reference().cases {
        let name = &case.name[0];
        let table = Crosstab::new(&case.counts).unwrap();
        if let Some(p) = case.fisher {
            // FEXACT's hash keys merge probabilities at about 1e-7.
            let ours = fisher_exact_table(&table).unwrap();
            assert_close(name, ours.p_value, p.0, 1e-7);
            assert_eq!((ours.statistic, ours.df), (None, None));
        }
        if let Some(p) = case.fisher_mid_p {
            let ours = fisher_exact(&table.two_by_two().unwrap()).unwrap();
            assert_close(name, Some(ours.two_sided), case.fisher.unwrap().0, 1e-10);
            assert_close(name, Some(ours.less), case.fisher_less.unwrap().0, 1e-10);
            assert_close(
                name,
                Some(ours.greater),
                case.fisher_greater.unwrap().0,
                1e-10,
            );
            assert_close(name, Some(ours.mid_p), p.0, 1e-10);
        }
    }
}

#[test]
fn linear_by_linear_takes_other_scores() {
    let malformation = reference().malformation;
    let table = Crosstab::new(&malformation.counts).unwrap();
    let ours = linear_by_linear(&table, &[0.0, 1.0], &malformation.scores).unwrap();
    let theirs = floats(&malformation.linear_by_linear);
    assert_close("M²", ours.statistic, theirs[0], 1e-10);
    assert_close("p", ours.p_value, theirs[1], 1e-9);
    // Printed by Agresti (2013, p. 88): M² = 6.57, p = 0.01.
    assert!((ours.statistic.unwrap() - 6.57).abs() < 0.005);
}

/// Every 2×2 table with small margins, by brute force over the definition.
#[test]
fn fisher_is_its_definition_on_all_small_tables() {
    for total in 1..=9_u64 {
        for a in 0..=total {
            for b in 0..=total - a {
                for c in 0..=total - a - b {
                    check_by_definition(a, b, c, total - a - b - c);
                }
            }
        }
    }
}

fn check_by_definition(a: u64, b: u64, c: u64, d: u64) {
    let ways = |n: u64, k: u64| (1..=k).fold(1, |product, i| product * (n - k + i) / i);
    let (yes, treated, total) = (a + c, a + b, a + b + c + d);
    let low = treated.saturating_sub(b + d);
    let weights: Vec<u64> = (low..=yes.min(treated))
        .map(|k| ways(yes, k) * ways(b + d, treated - k))
        .collect();
    let all = ways(total, treated) as f64;
    let observed = ways(yes, a) * ways(b + d, treated - a);
    let sum = |keep: &dyn Fn(usize, u64) -> bool| {
        let kept = weights.iter().enumerate().filter(|(i, w)| keep(*i, **w));
        kept.map(|(_, w)| *w).sum::<u64>() as f64 / all
    };
    let at = (a - low) as usize;
    let fisher = fisher_exact(&TwoByTwo {
        treated_yes: a,
        treated_no: b,
        control_yes: c,
        control_no: d,
    })
    .unwrap();
    let what = format!("{a} {b} {c} {d}");
    let two_sided = sum(&|_, w| w <= observed);
    assert_close(&what, Some(fisher.two_sided), two_sided, CLOSED_FORM);
    assert_close(&what, Some(fisher.less), sum(&|i, _| i <= at), CLOSED_FORM);
    assert_close(
        &what,
        Some(fisher.greater),
        sum(&|i, _| i >= at),
        CLOSED_FORM,
    );
    let mid_p = two_sided - 0.5 * sum(&|_, w| w == observed);
    assert_close(&what, Some(fisher.mid_p), mid_p, 1e-11);
}

#[test]
fn large_tables_keep_their_tails() {
    let fisher = fisher_exact(&TwoByTwo {
        treated_yes: 2_500_000,
        treated_no: 2_500_000,
        control_yes: 2_500_000,
        control_no: 2_500_000,
    })
    .unwrap();
    assert_eq!(fisher.two_sided, 1.0);
    let tiny = fisher_exact(&TwoByTwo {
        treated_yes: 600,
        treated_no: 0,
        control_yes: 0,
        control_no: 400,
    })
    .unwrap();
    // 1/C(1000, 400), from Python's math.comb.
    assert_close(
        "p",
        Some(tiny.two_sided),
        2.013_988_200_865_640_5e-291,
        1e-11,
    );
}

#[test]
fn empty_rows_and_columns_are_left_out_and_named() {
    let table = Crosstab::new(&[vec![3, 0, 4], vec![0, 0, 0], vec![2, 0, 9]]).unwrap();
    assert_eq!(table.dropped_rows(), [1]);
    assert_eq!(table.dropped_columns(), [1]);
    assert_eq!(table.df(), 1.0);
    assert_eq!(table.total(), 18);
    let trend = linear_by_linear(&table, &one_to(3), &one_to(3)).unwrap();
    let same = Crosstab::new(&[vec![3, 4], vec![2, 9]]).unwrap();
    let expected = linear_by_linear(&same, &[1.0, 3.0], &[1.0, 3.0]).unwrap();
    assert_eq!(trend, expected);
}

#[test]
fn degenerate_tables_get_a_reason() {
    for counts in [
        vec![],
        vec![vec![1, 2]],
        vec![vec![1, 2], vec![0, 0]],
        vec![vec![1, 0], vec![2, 0]],
        vec![vec![0, 0], vec![0, 0]],
        vec![vec![1, 2], vec![3]],
    ] {
        assert_eq!(Crosstab::new(&counts), Err(Degenerate::OneLevel));
    }
    assert_eq!(
        Crosstab::new(&[vec![u64::MAX, 1], vec![1, 1]]),
        Err(Degenerate::TooLarge)
    );
    let nobody = TwoByTwo {
        treated_yes: 0,
        treated_no: 0,
        control_yes: 0,
        control_no: 0,
    };
    assert_eq!(fisher_exact(&nobody), Err(Degenerate::TooFew));
    assert_eq!(yates_chi_square(&nobody), Err(Degenerate::OneLevel));
    let wide = Crosstab::new(&[
        vec![300, 320, 280, 310, 290, 305],
        vec![310, 290, 330, 300, 320, 305],
    ])
    .unwrap();
    assert_eq!(fisher_exact_table(&wide), Err(Degenerate::TooLarge));
    let flat = Crosstab::new(&[vec![3, 4], vec![5, 6]]).unwrap();
    assert_eq!(
        linear_by_linear(&flat, &[1.0, 2.0], &[7.0, 7.0]),
        Err(Degenerate::NoVariance)
    );
    assert_eq!(
        linear_by_linear(&flat, &[1.0], &[1.0, 2.0]),
        Err(Degenerate::TooFew)
    );
}
