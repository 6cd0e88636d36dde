//! Balance: against every allocation the design could have drawn, listed.

use fip::stats::cluster::Clusters;
use fip::stats::hansen_bowers::{Balance, balance, cluster_size};
use fip::stats::matrix::{Matrix, ModelError};
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
