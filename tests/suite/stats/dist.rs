//! Distributions against mpmath: `tests/reference/dist.py` and its output.

use fip::stats::dist;
use serde_json::Value;

#[derive(serde::Deserialize)]
struct Reference {
    cases: Vec<(String, Vec<Value>, String)>,
}

/// 1e-12 relative everywhere; the noncentral functions promise absolute 1e-13 only.
fn agrees(name: &str, ours: f64, theirs: f64) -> bool {
    if name.starts_with("noncentral") {
        return (ours - theirs).abs() <= 2e-13;
    }
    ours == theirs || (ours - theirs).abs() <= 1e-12 * theirs.abs()
}

fn evaluate(name: &str, args: &[Value]) -> f64 {
    let x = |i: usize| args[i].as_f64().unwrap();
    let k = |i: usize| args[i].as_u64().unwrap();
    match name {
        "normal_cdf" => dist::normal_cdf(x(0)),
        "normal_sf" => dist::normal_sf(x(0)),
        "normal_quantile" => dist::normal_quantile(x(0)),
        "t_cdf" => dist::t_cdf(x(0), x(1)),
        "t_sf" => dist::t_sf(x(0), x(1)),
        "t_two_sided" => dist::t_two_sided(x(0), x(1)),
        "t_quantile" => dist::t_quantile(x(0), x(1)),
        "chi2_cdf" => dist::chi2_cdf(x(0), x(1)),
        "chi2_sf" => dist::chi2_sf(x(0), x(1)),
        "chi2_isf" => dist::chi2_isf(x(0), x(1)),
        "f_cdf" => dist::f_cdf(x(0), x(1), x(2)),
        "f_sf" => dist::f_sf(x(0), x(1), x(2)),
        "f_isf" => dist::f_isf(x(0), x(1), x(2)),
        "beta_cdf" => dist::beta_cdf(x(0), x(1), x(2)),
        "beta_sf" => dist::beta_sf(x(0), x(1), x(2)),
        "ln_gamma" => dist::ln_gamma(x(0)),
        "ln_choose" => dist::ln_choose(k(0), k(1)),
        "gamma_half_ratio" => dist::gamma_half_ratio(x(0)),
        "binomial_pmf" => dist::binomial_pmf(k(0), k(1), x(2)),
        "binomial_cdf" => dist::binomial_cdf(k(0), k(1), x(2)),
        "binomial_sf" => dist::binomial_sf(k(0), k(1), x(2)),
        "hypergeometric_pmf" => dist::hypergeometric_pmf(k(0), k(1), k(2), k(3)),
        "hypergeometric_cdf" => dist::hypergeometric_cdf(k(0), k(1), k(2), k(3)),
        "hypergeometric_sf" => dist::hypergeometric_sf(k(0), k(1), k(2), k(3)),
        "noncentral_t_cdf" => dist::noncentral_t_cdf(x(0), x(1), x(2)),
        "noncentral_chi2_cdf" => dist::noncentral_chi2_cdf(x(0), x(1), x(2)),
        other => panic!("unknown function {other}"),
    }
}

#[test]
fn agree_with_mpmath_to_1e_12_over_the_grid() {
    let reference: Reference =
        serde_json::from_str(include_str!("../../reference/dist.json")).unwrap();
    assert!(reference.cases.len() > 800);
    let wrong: Vec<String> = reference
        .cases
        .iter()
        .filter_map(|(name, args, value)| {
            let ours = evaluate(name, args);
            let theirs: f64 = value.parse().unwrap();
            (!agrees(name, ours, theirs)).then(|| {
                let relative = (ours - theirs) / theirs;
                format!("{name}{args:?}: {ours:e}, mpmath {value}, relative {relative:e}")
            })
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        reference.cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_quantiles_and_upper_tails_are_each_others_mirror() {
    for p in [1e-200, 1e-12, 0.01, 0.3, 0.5] {
        assert_eq!(dist::normal_isf(p), -dist::normal_quantile(p));
        assert_eq!(dist::t_isf(p, 7.5), -dist::t_quantile(p, 7.5));
        assert_eq!(
            dist::chi2_quantile(1.0 - p, 3.0),
            dist::chi2_isf(1.0 - (1.0 - p), 3.0)
        );
    }
    assert_eq!(dist::t_sf(-2.0, 5.0), dist::t_cdf(2.0, 5.0));
    assert_eq!(dist::normal_two_sided(-1.5), 2.0 * dist::normal_sf(1.5));
}

#[test]
fn infinite_degrees_of_freedom_are_the_normal() {
    assert_eq!(dist::t_sf(1.7, f64::INFINITY), dist::normal_sf(1.7));
    assert_eq!(dist::t_cdf(1.7, f64::INFINITY), dist::normal_cdf(1.7));
    assert_eq!(
        dist::t_quantile(0.975, f64::INFINITY),
        dist::normal_quantile(0.975)
    );
    assert_eq!(
        dist::noncentral_t_cdf(1.0, f64::INFINITY, 0.5),
        dist::normal_cdf(0.5)
    );
}

#[test]
fn the_binomial_quantile_is_the_smallest_that_reaches_the_probability() {
    for n in [0_u64, 1, 7, 360] {
        for p in [0.0, 0.01, 0.3, 0.5, 0.97, 1.0] {
            for prob in [0.0, 1e-9, 0.025, 0.5, 0.975, 1.0] {
                let k = dist::binomial_quantile(prob, n, p).unwrap();
                // Near 1 the cumulative probability rounds to 1; the upper tail does not.
                let reached = |k| dist::binomial_sf(k, n, p) <= 1.0 - prob;
                assert!(reached(k) || dist::binomial_cdf(k, n, p) >= prob);
                assert!(k == 0 || !reached(k - 1));
            }
        }
    }
    assert_eq!(dist::binomial_quantile(1.5, 3, 0.5), None);
}

#[test]
fn ends_and_invalid_arguments() {
    assert_eq!(dist::normal_quantile(0.0), f64::NEG_INFINITY);
    assert_eq!(dist::normal_quantile(1.0), f64::INFINITY);
    assert_eq!(dist::t_quantile(1.0, 3.0), f64::INFINITY);
    assert_eq!(dist::t_quantile(0.5, 3.0), 0.0);
    assert_eq!(dist::t_two_sided(f64::INFINITY, 3.0), 0.0);
    assert_eq!(dist::t_two_sided(0.0, 3.0), 1.0);
    assert_eq!(dist::chi2_sf(0.0, 3.0), 1.0);
    assert_eq!(dist::chi2_sf(-1.0, 3.0), 1.0);
    assert_eq!(dist::chi2_isf(0.0, 3.0), f64::INFINITY);
    assert_eq!(dist::chi2_quantile(0.0, 3.0), 0.0);
    assert_eq!(dist::f_sf(0.0, 2.0, 3.0), 1.0);
    assert_eq!(dist::f_sf(f64::INFINITY, 2.0, 3.0), 0.0);
    assert_eq!(dist::beta_cdf(0.0, 2.0, 3.0), 0.0);
    assert_eq!(dist::beta_sf(1.0, 2.0, 3.0), 0.0);
    assert_eq!(dist::hypergeometric_pmf(9, 4, 8, 4), 0.0);
    assert_eq!(dist::hypergeometric_cdf(0, 4, 4, 2), 0.0);
    for invalid in [
        dist::normal_sf(f64::NAN),
        dist::normal_quantile(1.1),
        dist::t_sf(1.0, 0.0),
        dist::t_sf(f64::NAN, 3.0),
        dist::t_sf(1.0, f64::NAN),
        dist::t_quantile(-0.1, 3.0),
        dist::chi2_sf(1.0, -1.0),
        dist::chi2_isf(f64::NAN, 1.0),
        dist::f_sf(1.0, 0.0, 3.0),
        dist::beta_cdf(1.2, 2.0, 3.0),
        dist::ln_gamma(-1.0),
        dist::binomial_cdf(1, 3, 1.5),
        dist::hypergeometric_pmf(1, 5, 4, 2),
        dist::noncentral_t_cdf(1.0, -1.0, 0.0),
    ] {
        assert!(invalid.is_nan());
    }
}
