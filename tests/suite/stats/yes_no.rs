//! A yes/no outcome as one answer: against scipy, statsmodels and enumeration, and the promises that
//! interval and p-value never contradict each other and that the error rate holds over all draws.

use fip::results::Estimate;
use fip::stats::contingency::TwoByTwo;
use fip::stats::degenerate::Degenerate;
use fip::stats::dist::{binomial_pmf, hypergeometric_pmf};
use fip::stats::infer::Level;
use fip::stats::validity::{Doubt, Validity};
use fip::stats::yes_no::{Score, by_fisher, by_score, pearson_error_rate, pearson_is_safe};
use fip::stats::yes_no_strata::{by_strata_exact, by_strata_score};

use super::assert_close;

#[derive(serde::Deserialize)]
struct Reference {
    complete: Vec<Complete>,
    stratified: Vec<Stratified>,
}

#[derive(serde::Deserialize)]
struct Expected {
    statistic: Option<f64>,
    p_value: f64,
    interval: [f64; 2],
}

#[derive(serde::Deserialize)]
struct Complete {
    table: [u64; 4],
    estimate: f64,
    rate: f64,
    mee: Expected,
    miettinen_nurminen: Expected,
    fisher: Expected,
}

#[derive(serde::Deserialize)]
struct Stratified {
    name: String,
    strata: Vec<[u64; 4]>,
    equal: bool,
    estimate: f64,
    score: Expected,
    exact: Expected,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../../reference/yes_no.json")).unwrap()
}

fn table([treated_yes, treated_no, control_yes, control_no]: [u64; 4]) -> TwoByTwo {
    TwoByTwo {
        treated_yes,
        treated_no,
        control_yes,
        control_no,
    }
}

/// `p` is the relative difference allowed in the p-value.
#[track_caller]
fn agrees(what: &str, ours: &Estimate, estimate: f64, theirs: &Expected, p: f64) {
    assert!((ours.estimate - estimate).abs() <= 1e-15, "{what}: effect");
    // scipy's and statsmodels' p-values carry about 1e-12; below 1e-15 statsmodels' are 1 − cdf.
    if theirs.p_value > 1e-15 {
        assert_close(what, ours.p_value, theirs.p_value, p);
    }
    if let (Some(ours), Some(theirs)) = (ours.statistic, theirs.statistic) {
        assert!(
            (ours - theirs).abs() <= 1e-10 * theirs.abs(),
            "{what}: {ours} {theirs}"
        );
    }
    for (ours, theirs) in [ours.conf_low, ours.conf_high]
        .into_iter()
        .zip(theirs.interval)
    {
        // The reference's cubic loses half its digits where a share is 0 or 1.
        assert!(
            (ours.unwrap() - theirs).abs() <= 1e-7,
            "{what}: {ours:?}, reference {theirs}"
        );
    }
}

#[test]
fn complete_draws_agree_with_the_reference() {
    for case in reference().complete {
        let what = format!("{:?}", case.table);
        let table = table(case.table);
        let level = Level::P95;
        let of = |score| by_score(&table, score, level).unwrap();
        agrees(&what, &of(Score::Mee), case.estimate, &case.mee, 1e-11);
        let theirs = &case.miettinen_nurminen;
        agrees(
            &what,
            &of(Score::MiettinenNurminen),
            case.estimate,
            theirs,
            1e-11,
        );
        let ours = by_fisher(&table, level).unwrap();
        agrees(&what, &ours, case.estimate, &case.fisher, 1e-11);
        let rate = pearson_error_rate(&table, level).unwrap();
        assert_close(&what, Some(rate), case.rate, 1e-11);
        let safe = pearson_is_safe(&table, level).unwrap();
        assert_eq!(safe == Validity::Valid, case.rate <= 0.06, "{what}");
    }
}

#[test]
fn strata_agree_with_the_reference() {
    for case in reference().stratified {
        let strata: Vec<TwoByTwo> = case.strata.iter().copied().map(table).collect();
        let (what, level) = (case.name.as_str(), Level::P95);
        let ours = by_strata_score(&strata, level).unwrap();
        agrees(what, &ours, case.estimate, &case.score, 1e-10);
        let ours = by_strata_exact(&strata, level).unwrap();
        // Chances that differ: a grid, on the safe side by at most about a hundredth, and a table
        // of few cells by one of them.
        let p = if case.equal { 1e-10 } else { 0.02 };
        agrees(what, &ours, case.estimate, &case.exact, p);
        assert!(
            ours.p_value.unwrap() >= case.exact.p_value * (1.0 - 1e-6),
            "{what}"
        );
    }
}

/// The interval holds 0 if and only if the test does not reject: all tables of some sizes.
#[test]
fn interval_and_p_value_never_contradict_each_other() {
    for (n1, n0) in [(1, 1), (1, 7), (5, 5), (4, 30), (12, 18), (20, 20)] {
        for a in 0..=n1 {
            for c in 0..=n0 {
                let table = table([a, n1 - a, c, n0 - c]);
                for level in [0.5, 0.9, 0.95, 0.999] {
                    let level = Level::new(level).unwrap();
                    let stratum = [table, self::table([2, 1, 1, 2])];
                    for ours in [
                        by_score(&table, Score::Mee, level),
                        by_score(&table, Score::MiettinenNurminen, level),
                        by_fisher(&table, level),
                        by_strata_score(&stratum, level),
                        by_strata_exact(&stratum, level),
                    ] {
                        let ours = ours.unwrap();
                        let (low, high) = (ours.conf_low.unwrap(), ours.conf_high.unwrap());
                        let holds = low <= 0.0 && high >= 0.0;
                        let kept = ours.p_value.unwrap() >= 1.0 - level.value();
                        assert_eq!(holds, kept, "{table:?} {level:?} {ours:?}");
                        assert!(
                            low <= ours.estimate && ours.estimate <= high,
                            "{table:?} {ours:?}"
                        );
                        assert!((-1.0..=1.0).contains(&low) && (-1.0..=1.0).contains(&high));
                    }
                }
            }
        }
    }
}

/// Over all draws of fixed answers: Fisher's test never rejects too often, and Pearson's as often as
/// its error rate says.
#[test]
fn error_rates_over_draws() {
    let level = Level::P95;
    for (n1, n0) in [(15, 150), (36, 67), (50, 50)] {
        for yes in 1..n1 + n0 {
            let (mut fisher, mut pearson, mut rate) = (0.0, 0.0, 0.0);
            for k in u64::saturating_sub(yes, n0)..=yes.min(n1) {
                let table = table([k, n1 - k, yes - k, n0 + k - yes]);
                let weight = hypergeometric_pmf(k, yes, n1 + n0, n1);
                let rejects = |ours: Estimate| ours.p_value.unwrap() < 1.0 - level.value();
                if rejects(by_fisher(&table, level).unwrap()) {
                    fisher += weight;
                }
                if rejects(by_score(&table, Score::Mee, level).unwrap()) {
                    pearson += weight;
                }
                rate = pearson_error_rate(&table, level).unwrap();
            }
            assert!(fisher <= 0.05 + 1e-12, "{n1} {n0} {yes}: {fisher}");
            assert!(
                (pearson - rate).abs() < 1e-12,
                "{n1} {n0} {yes}: {pearson} {rate}"
            );
        }
    }
    let half = table([7, 43, 3, 47]);
    assert!(matches!(
        pearson_is_safe(&half, level).unwrap(),
        Validity::Unsafe(Doubt::ErrorRate { rate }) if rate > 0.06
    ));
}

/// Coverage of the difference by the interval beside Fisher's test, summed over both binomial
/// distributions.
#[test]
fn interval_beside_fisher_covers() {
    let shares = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7];
    for (n1, n0, least) in [
        (15, 15, 0.935),
        (15, 150, 0.945),
        (36, 67, 0.945),
        (50, 50, 0.945),
    ] {
        let mut covered = [[0.0; 8]; 8];
        for a in 0..=n1 {
            for c in 0..=n0 {
                let ours = by_fisher(&table([a, n1 - a, c, n0 - c]), Level::P95).unwrap();
                let (low, high) = (ours.conf_low.unwrap(), ours.conf_high.unwrap());
                for (row, p1) in covered.iter_mut().zip(shares) {
                    let weight = binomial_pmf(a, n1, p1);
                    for (cell, p0) in row.iter_mut().zip(shares) {
                        let true_difference = p1 - p0;
                        if low <= true_difference && true_difference <= high {
                            *cell += weight * binomial_pmf(c, n0, p0);
                        }
                    }
                }
            }
        }
        let smallest = covered.iter().flatten().copied().fold(1.0, f64::min);
        assert!(smallest >= least, "{n1} {n0}: {smallest}");
    }
}

#[test]
fn empty_arms_and_large_tables() {
    let level = Level::P95;
    let empty = table([0, 0, 3, 4]);
    assert_eq!(by_fisher(&empty, level), Err(Degenerate::TooFew));
    assert_eq!(by_score(&empty, Score::Mee, level), Err(Degenerate::TooFew));
    assert_eq!(by_strata_exact(&[empty], level), Err(Degenerate::TooFew));
    assert_eq!(by_strata_score(&[], level), Err(Degenerate::TooFew));
    let full = table([u64::MAX, 1, 1, 1]);
    assert_eq!(by_fisher(&full, level), Err(Degenerate::TooLarge));
    assert_eq!(by_strata_score(&[full], level), Err(Degenerate::TooLarge));
    let many = table([40_000_000, 60_000_000, 41_000_000, 59_000_000]);
    assert_eq!(
        by_strata_exact(&[many, many], level),
        Err(Degenerate::TooLarge)
    );
    let ours = by_strata_score(&[many, many], level).unwrap();
    assert!(ours.p_value.unwrap() < 1e-100 && ours.conf_high.unwrap() < -0.0098);
}
