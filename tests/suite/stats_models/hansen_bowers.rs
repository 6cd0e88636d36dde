//! Balance: against every allocation the design could have drawn, listed.

use fip::stats::cluster::Clusters;
use fip::stats::hansen_bowers::{Balance, Questions, balance, cluster_size};
use fip::stats::matrix::{Matrix, ModelError};
use fip::stats::randomization::{Enumeration, Extent};
use serde_json::Value;

use super::reference::{close, flags, labels, load, numbers};

/// Closed forms: rounding only. Differences of totals may be zero, so that they are
/// compared on the scale of their standard deviation.
const EXACT: f64 = 1e-12;

fn columns(case: &Value) -> Matrix {
    let columns: Vec<Vec<f64>> = case["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(numbers)
        .collect();
    Matrix::from_columns(columns[0].len(), &columns).unwrap()
}

#[test]
fn agrees_with_enumeration() {
    let reference = load("hansen_bowers.json");
    for (name, case) in reference["cases"].as_object().unwrap() {
        let clusters = Clusters::new(&labels(&case["cluster"])).unwrap();
        let strata = labels(&case["stratum"]);
        for result in case["results"].as_array().unwrap() {
            let ours = balance(
                &columns(case),
                &flags(&result["treated"]),
                Some(&strata),
                Some(&clusters),
            )
            .unwrap();
            let omnibus = ours.omnibus.unwrap();
            assert_eq!(omnibus.df, case["rank"].as_f64().unwrap(), "{name}");
            let statistic = result["statistic"].as_f64().unwrap();
            close(&format!("{name} d2"), omnibus.statistic, statistic, EXACT);
            close(
                "p",
                omnibus.p_value,
                result["p_value"].as_f64().unwrap(),
                EXACT * 10.0,
            );
            let sd = numbers(&case["std_errors"]);
            for (j, d) in numbers(&result["differences"]).iter().enumerate() {
                let contrast = ours.contrasts[j];
                assert!(
                    (contrast.difference - d).abs() <= EXACT * sd[j],
                    "{name} {j}"
                );
                close(&format!("{name} sd {j}"), contrast.std_error, sd[j], EXACT);
                assert_eq!(contrast.z.is_none(), sd[j] == 0.0);
            }
        }
    }
}

#[test]
fn dependent_covariates_count_once() {
    let reference = load("hansen_bowers.json");
    let case = &reference["cases"]["dependent"];
    let treated = flags(&case["results"][0]["treated"]);
    let strata = labels(&case["stratum"]);
    let ours = balance(&columns(case), &treated, Some(&strata), None).unwrap();
    assert_eq!(ours.dependent, [1, 3, 4]);
    assert_eq!(ours.strata, 2);
}

/// A stratum of one or of one arm says nothing, with it or without it.
#[test]
fn strata_without_contrast_say_nothing() {
    let reference = load("hansen_bowers.json");
    let case = &reference["cases"]["strata"];
    let treated = flags(&case["results"][0]["treated"]);
    let strata = labels(&case["stratum"]);
    let all = balance(&columns(case), &treated, Some(&strata), None).unwrap();
    assert_eq!((all.strata, all.strata_without_contrast), (3, 1));
    let keep: Vec<usize> = (0..treated.len()).filter(|&i| strata[i] != 2).collect();
    let fewer: Vec<Vec<f64>> = (0..3)
        .map(|j| keep.iter().map(|&i| columns(case).column(j)[i]).collect())
        .collect();
    let without: Balance = balance(
        &Matrix::from_columns(keep.len(), &fewer).unwrap(),
        &keep.iter().map(|&i| treated[i]).collect::<Vec<_>>(),
        Some(&keep.iter().map(|&i| strata[i]).collect::<Vec<_>>()),
        None,
    )
    .unwrap();
    assert_eq!(without.omnibus, all.omnibus);
}

/// Origin and unit of a scale don't matter, nor which arm is called treated.
#[test]
fn symmetries() {
    let reference = load("hansen_bowers.json");
    let case = &reference["cases"]["clusters"];
    let treated = flags(&case["results"][1]["treated"]);
    let clusters = Clusters::new(&labels(&case["cluster"])).unwrap();
    let x = columns(case);
    let plain = balance(&x, &treated, None, Some(&clusters)).unwrap();
    let mut moved = Matrix::new(x.rows());
    for j in 0..x.columns() {
        let column: Vec<f64> = x.column(j).iter().map(|v| 1e4 - v * 365.25).collect();
        moved.push(&column).unwrap();
    }
    let swapped: Vec<bool> = treated.iter().map(|t| !t).collect();
    let turned = balance(&moved, &swapped, None, Some(&clusters)).unwrap();
    let (a, b) = (plain.omnibus.unwrap(), turned.omnibus.unwrap());
    close("d2", b.statistic, a.statistic, 1e-11);
    for (a, b) in plain.contrasts.iter().zip(&turned.contrasts) {
        close("z", b.z.unwrap(), a.z.unwrap(), 1e-11);
    }
}

#[test]
fn degenerate_input_is_told() {
    let mut x = Matrix::new(4);
    x.push(&[1.0, 2.0, 5.0, 7.0]).unwrap();
    let t = [true, true, false, false];
    assert!(balance(&x, &t, None, None).unwrap().omnibus.is_some());
    let one_arm = balance(&x, &[true; 4], None, None).unwrap_err();
    assert_eq!(one_arm, ModelError::EmptyArm { treated: false });
    // Every stratum in one arm only.
    let nothing = balance(&x, &t, Some(&[1, 1, 2, 2]), None).unwrap();
    assert_eq!((nothing.strata, nothing.strata_without_contrast), (0, 2));
    assert_eq!(nothing.omnibus, None);
    assert_eq!(nothing.contrasts[0].z, None);
    // As many dimensions as the draw has.
    x.push(&[1.0, 0.0, 0.0, 0.0]).unwrap();
    x.push(&[0.0, 1.0, 0.0, 0.0]).unwrap();
    assert_eq!(balance(&x, &t, None, None).unwrap().omnibus, None);
    // Constants.
    let mut constant = Matrix::new(4);
    constant.push(&[0.1; 4]).unwrap();
    let ours = balance(&constant, &t, None, None).unwrap();
    assert_eq!((ours.omnibus, ours.dependent), (None, vec![0]));
    let clusters = Clusters::new(&[7, 7, 7, 9]).unwrap();
    assert_eq!(cluster_size(&clusters), [3.0, 3.0, 3.0, 1.0]);
    let split = balance(&constant, &t, None, Some(&clusters)).unwrap_err();
    assert_eq!(split, ModelError::SplitCluster { cluster: 0 });
}

/// Shares of all allocations, as listed by `balance_draws.py`.
#[test]
fn the_draws_own_distribution_is_that_of_all_allocations() {
    let reference = load("balance_draws.json");
    for case in reference["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let cluster = labels(&case["cluster"]);
        let clusters = Clusters::new(&cluster).unwrap();
        let strata = labels(&case["stratum"]);
        let questions: Vec<Vec<usize>> = case["questions"]
            .as_array()
            .unwrap()
            .iter()
            .map(labels)
            .collect();
        for result in case["results"].as_array().unwrap() {
            let treated = flags(&result["treated"]);
            let asked = Questions::new(
                &columns(case),
                &questions,
                &treated,
                Some(&strata),
                Some(&clusters),
            )
            .unwrap();
            let all = Enumeration::new(&treated, Some(&strata), Some(&cluster), 10_000);
            let all = all.unwrap().unwrap();
            assert_eq!(all.total(), case["allocations"].as_u64().unwrap());
            let every: Vec<usize> = (0..questions.len()).collect();
            let found = asked
                .over(&every, treated.len(), &all, Extent::All(all.total()))
                .unwrap();
            for (q, theirs) in result["found"].as_array().unwrap().iter().enumerate() {
                let ours = asked.closed(q).unwrap();
                let statistic = theirs["statistic"].as_f64().unwrap();
                assert!((ours.statistic - statistic).abs() <= 1e-9 * (1.0 + statistic));
                let p = found[q].unwrap();
                assert!(p.exact);
                close(name, p.p_value, theirs["p_value"].as_f64().unwrap(), 1e-12);
            }
        }
    }
}

/// χ² is asked about a common value in large arms, and not about a rare one.
#[test]
fn chi_square_is_for_what_no_single_unit_decides() {
    let n = 600;
    let treated: Vec<bool> = (0..n).map(|i| i % 3 == 0).collect();
    let flag = |of: &dyn Fn(usize) -> bool| -> Vec<f64> {
        (0..n).map(|i| f64::from(u8::from(of(i)))).collect()
    };
    let x = [
        flag(&|i| i % 4 == 0),
        flag(&|i| i < 30),
        flag(&|i| i < 90),
        vec![1.0; n],
    ];
    let x = Matrix::from_columns(n, &x).unwrap();
    let questions = [vec![0], vec![1], vec![2], vec![3], vec![0, 1]];
    let asked = Questions::new(&x, &questions, &treated, None, None).unwrap();
    let steady: Vec<bool> = (0..5).map(|q| asked.steady(q)).collect();
    // 50, 10 and 30 of the value expected in the smaller arm; a constant decides nothing.
    assert_eq!(steady, [true, false, true, true, false]);
    assert_eq!(asked.closed(3), None);
    let z = balance(&x, &treated, None, None).unwrap().contrasts[1];
    close(
        "z",
        asked.closed(1).unwrap().statistic,
        z.z.unwrap().powi(2),
        1e-12,
    );
}
