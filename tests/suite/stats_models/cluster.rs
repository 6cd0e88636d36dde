//! CR2: against estimatr and clubSandwich.

use fip::stats::blocked::cluster_difference;
use fip::stats::cluster::{Clusters, trusted};
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

/// What is trusted rejects in at most .05 + 3 Monte Carlo errors of 2,000 draws, as simulated by
/// `cluster_validity.py`; what is not, is what the simulation calls unsteady.
#[test]
fn cr2_is_trusted_where_it_holds_its_error_rate() {
    let reference = load("cluster_validity.json");
    let mut trusted_designs = 0;
    for design in reference["designs"].as_array().unwrap() {
        let sizes = labels(&design["sizes"]);
        let in_treatment = design["treated"].as_u64().unwrap() as usize;
        let persons = || sizes.iter().enumerate().flat_map(|(c, &n)| vec![c; n]);
        let cluster: Vec<usize> = persons().collect();
        // Every other cluster, so that sizes are in both arms; the verdict does not depend on it.
        let order: Vec<usize> = (0..sizes.len())
            .step_by(2)
            .chain((1..sizes.len()).step_by(2))
            .collect();
        let chosen = &order[..in_treatment];
        let treated: Vec<bool> = persons().map(|c| chosen.contains(&c)).collect();
        // Symmetric values: nothing is skewed.
        let y: Vec<f64> = persons().map(|_| 0.0).collect();
        let ours = trusted(&y, &treated, &cluster, None).unwrap();
        assert_eq!(ours, design["unsteady"].as_f64().unwrap() <= 0.1);
        for (kind, rate) in design["rate"].as_object().unwrap() {
            let rate = rate.as_f64().unwrap();
            assert!(
                !ours || rate <= 0.0646,
                "{} {kind}: {rate}",
                design["pattern"]
            );
        }
        trusted_designs += usize::from(ours);
    }
    assert!(trusted_designs > 40);
}

/// Skewed clusters in a small arm, thin strata by their number, and clusters in both arms.
#[test]
fn cr2_is_judged_by_what_was_drawn() {
    let persons = |clusters: usize| -> Vec<usize> { (0..clusters * 4).map(|i| i / 4).collect() };
    let cluster = persons(24);
    let treated: Vec<bool> = cluster.iter().map(|c| *c < 4).collect();
    let flat: Vec<f64> = cluster.iter().map(|c| (c % 4) as f64).collect();
    assert!(trusted(&flat, &treated, &cluster, None).unwrap());
    let skewed: Vec<f64> = cluster
        .iter()
        .map(|c| if *c == 23 { 50.0 } else { (c % 4) as f64 })
        .collect();
    assert!(!trusted(&skewed, &treated, &cluster, None).unwrap());
    // Pairs of clusters.
    let pair: Vec<usize> = cluster.iter().map(|c| c / 2).collect();
    let treated: Vec<bool> = cluster.iter().map(|c| c % 2 == 0).collect();
    assert!(trusted(&flat, &treated, &cluster, Some(&pair)).unwrap());
    let halves: Vec<usize> = (0..16).map(|i| i / 8).collect();
    let alternate: Vec<bool> = (0..16).map(|i| i / 4 % 2 == 0).collect();
    let y: Vec<f64> = (0..16).map(f64::from).collect();
    assert!(!trusted(&y, &alternate, &persons(4), Some(&halves)).unwrap());
    // Everybody's own arm within clusters.
    let own: Vec<bool> = (0..cluster.len()).map(|i| i % 2 == 0).collect();
    assert!(trusted(&flat, &own, &cluster, None).unwrap());
    let few = &persons(6);
    assert!(!trusted(&flat[..24], &own[..24], few, None).unwrap());
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
    // One cluster in both arms is in neither whole: it counts in both.
    assert!(difference(&[1, 2, 2, 3, 4]).unwrap().std_error.is_some());
    // In a regression, the effect that one cluster determines has no standard error.
    let mut design = Matrix::new(5);
    design.push_intercept();
    design.push_flags(&treated).unwrap();
    let clusters = Clusters::new(&[1, 1, 2, 2, 3]).unwrap();
    let fit = ols(&y, &design, Variance::Cr2(&clusters), P95).unwrap();
    assert_eq!(fit.coefficient(1).unwrap().std_error, None);
    assert!(fit.coefficient(0).unwrap().std_error.is_some());
}
