//! CR2: against estimatr and clubSandwich.

use fip::stats::blocked::cluster_difference;
use fip::stats::cluster::Clusters;
use fip::stats::infer::Level;
use fip::stats::linear::{Variance, ols};
use fip::stats::matrix::{Matrix, ModelError};
use serde_json::Value;

use super::reference::{close, design, flags, labels, load, numbers, same};

const P95: Level = Level::P95;

fn stratum_columns(data: &Value, design: &mut Matrix) {
    let strata = labels(&data["stratum"]);
    for s in [2, 3] {
        let member: Vec<bool> = strata.iter().map(|&x| x == s).collect();
        design.push_flags(&member).unwrap();
    }
}

#[test]
fn agrees_with_estimatr_and_club_sandwich() {
    let reference = load("cluster.json");
    let data = &reference["data"];
    let y = numbers(&data["y"]);
    let clusters = Clusters::new(&labels(&data["cluster"])).unwrap();
    let mut strata = design(data, &["treated"]);
    stratum_columns(data, &mut strata);
    let mut within = design(data, &["treated", "age", "score"]);
    stratum_columns(data, &mut within);
    for (name, design) in [
        ("plain", design(data, &["treated"])),
        ("covariates", design(data, &["treated", "age", "score"])),
        ("strata", strata),
        ("within", within),
    ] {
        let fit = ols(&y, &design, Variance::Cr2(&clusters), P95).unwrap();
        for (j, theirs) in reference[name].as_array().unwrap().iter().enumerate() {
            same(&format!("{name} {j}"), &fit.coefficient(j).unwrap(), theirs);
        }
        let Some(club) = reference.get(format!("{name}_club")) else {
            continue;
        };
        for (j, (se, df)) in numbers(&club["std_error"])
            .iter()
            .zip(numbers(&club["df"]))
            .enumerate()
        {
            let ours = fit.coefficient(j).unwrap();
            close("se", ours.std_error.unwrap(), *se, 1e-11);
            close("df", ours.df.unwrap(), df, 1e-11);
            for (k, v) in numbers(&club["vcov"][j]).iter().enumerate() {
                let scale =
                    ours.std_error.unwrap() * fit.coefficient(k).unwrap().std_error.unwrap();
                assert!((fit.covariance(j, k).unwrap() - v).abs() < 1e-11 * scale);
            }
        }
    }
}

/// With an indicator per cluster, I − H_gg is singular; the slope within clusters is
/// identified all the same, and the indicators have no variance.
#[test]
fn cluster_indicators_leave_the_slope_a_variance() {
    let reference = load("cluster.json");
    let data = &reference["data"];
    let cluster = labels(&data["cluster"]);
    let clusters = Clusters::new(&cluster).unwrap();
    let mut design = design(data, &["score"]);
    for c in 2..=clusters.count() {
        let member: Vec<bool> = cluster.iter().map(|&x| x == 10 * c).collect();
        design.push_flags(&member).unwrap();
    }
    let fit = ols(&numbers(&data["y"]), &design, Variance::Cr2(&clusters), P95).unwrap();
    let club = &reference["fixed_effects_club"];
    let slope = fit.coefficient(1).unwrap();
    close(
        "se",
        slope.std_error.unwrap(),
        numbers(&club["std_error"])[1],
        1e-10,
    );
    close("df", slope.df.unwrap(), numbers(&club["df"])[1], 1e-10);
    assert_eq!(fit.coefficient(5).unwrap().std_error, None);
}

/// Clusters of one: CR2 is HC2.
#[test]
fn clusters_of_one_are_persons() {
    let reference = load("cluster.json");
    let data = &reference["data"];
    let y = numbers(&data["y"]);
    let persons = Clusters::new(&(0..y.len()).collect::<Vec<_>>()).unwrap();
    let design = design(data, &["treated", "age"]);
    let cr2 = ols(&y, &design, Variance::Cr2(&persons), P95).unwrap();
    let hc2 = ols(&y, &design, Variance::Hc2, P95).unwrap();
    for j in 0..3 {
        let (a, b) = (cr2.coefficient(j).unwrap(), hc2.coefficient(j).unwrap());
        close("se", a.std_error.unwrap(), b.std_error.unwrap(), 1e-13);
    }
}

#[test]
fn too_few_or_split_clusters_are_errors() {
    let y = [1.0, 2.0, 4.0, 3.0, 2.5];
    let treated = flags(&serde_json::json!([1, 1, 0, 0, 0]));
    let difference = |cluster: &[usize]| cluster_difference(&y, &treated, cluster, P95);
    assert_eq!(
        difference(&[1, 1, 2, 2, 3]).unwrap_err(),
        ModelError::FewClusters {
            treated: 1,
            control: 2
        }
    );
    assert_eq!(
        difference(&[1, 2, 2, 3, 4]).unwrap_err(),
        ModelError::SplitCluster { cluster: 1 }
    );
    // In a regression, the effect that one cluster determines has no standard error.
    let mut design = Matrix::new(5);
    design.push_intercept();
    design.push_flags(&treated).unwrap();
    let clusters = Clusters::new(&[1, 1, 2, 2, 3]).unwrap();
    let fit = ols(&y, &design, Variance::Cr2(&clusters), P95).unwrap();
    assert_eq!(fit.coefficient(1).unwrap().std_error, None);
    assert!(fit.coefficient(0).unwrap().std_error.is_some());
}
