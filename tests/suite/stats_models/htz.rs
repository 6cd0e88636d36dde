//! Several coefficients at once with clusters, and clusters in both arms: against clubSandwich and
//! estimatr.

use fip::stats::blocked::cluster_difference;
use fip::stats::cluster::Clusters;
use fip::stats::infer::Level;
use fip::stats::linear::{Variance, ols};
use fip::stats::matrix::ModelError;

use super::reference::{close, design, flags, labels, load, numbers, same};

const P95: Level = Level::P95;

#[test]
fn agrees_with_club_sandwich() {
    let reference = load("htz.json");
    let data = &reference["data"];
    let group = labels(&data["group"]);
    let treated = flags(&data["treated"]);
    let member = |g: usize| -> Vec<bool> { group.iter().map(|&x| x == g).collect() };
    let product = |g: usize| -> Vec<bool> {
        let both = group.iter().zip(&treated);
        both.map(|(&x, &z)| x == g && z).collect()
    };
    let mut columns = design(data, &[]);
    columns.push_flags(&member(2)).unwrap();
    columns.push_flags(&member(3)).unwrap();
    columns.push_flags(&treated).unwrap();
    columns.push(&numbers(&data["x"])).unwrap();
    columns.push_flags(&product(2)).unwrap();
    columns.push_flags(&product(3)).unwrap();
    let clusters = Clusters::new(&labels(&data["cluster"])).unwrap();
    let fit = ols(
        &numbers(&data["y"]),
        &columns,
        Variance::Cr2(&clusters),
        P95,
    )
    .unwrap();
    for (name, tested) in [
        ("interaction", vec![5, 6]),
        ("one", vec![6]),
        ("three", vec![3, 5, 6]),
        ("all", vec![1, 2, 3, 4, 5, 6]),
    ] {
        let (ours, theirs) = (fit.wald(&tested).unwrap(), &reference[name]);
        let number = |what: &str| theirs[what].as_f64().unwrap();
        assert_eq!(ours.df1, number("df1"), "{name}");
        close(name, ours.statistic, number("statistic"), 1e-10);
        close(name, ours.df2, number("df2"), 1e-10);
        close(name, ours.p_value, number("p_value"), 1e-9);
    }
    // More coefficients than the clusters can bear.
    let few: Vec<usize> = labels(&data["cluster"]).iter().map(|c| c % 3).collect();
    let few = Clusters::new(&few).unwrap();
    let fit = ols(&numbers(&data["y"]), &columns, Variance::Cr2(&few), P95).unwrap();
    assert_eq!(fit.wald(&[1, 2, 3, 4]).unwrap_err(), ModelError::NoVariance);
}

/// Members of one cluster in two arms: the regression of persons, their residuals as one.
#[test]
fn clusters_in_both_arms_are_taken_as_they_are() {
    let reference = load("htz.json");
    let data = &reference["data"];
    let ours = cluster_difference(
        &numbers(&data["y"]),
        &flags(&data["part"]),
        &labels(&data["cluster"]),
        P95,
    )
    .unwrap();
    same("split", &ours, &reference["split"]);
}
