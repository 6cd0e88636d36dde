//! Yes and no: error rates are sums over all tables, so nothing is simulated.

use fip::stats::contingency::{Crosstab, TwoByTwo, cramers_v};
use fip::stats::dist;
use fip::stats::fisher::fisher_exact;
use fip::stats::infer::Level;
use fip::stats::matched_pairs::mcnemar;
use fip::stats::proportion::{risk_difference, risk_difference_score, wilson};
use fip::stats::randomization::exact_two_by_two;

use super::{Source, Tally};

const P95: Level = Level::P95;

/// The shares at which coverage is looked at.
fn shares() -> impl Iterator<Item = f64> + Clone {
    (1..20).map(|i| f64::from(i) / 20.0)
}

fn probabilities(n: u64, share: f64) -> Vec<f64> {
    (0..=n).map(|k| dist::binomial_pmf(k, n, share)).collect()
}

/// Coverage of intervals given per pair of counts, at the true shares p₁ and p₀.
fn coverage(limits: &[Vec<(f64, f64)>], (n1, p1): (u64, f64), (n0, p0): (u64, f64)) -> f64 {
    let (treated, control) = (probabilities(n1, p1), probabilities(n0, p0));
    let truth = p1 - p0;
    let mut sum = 0.0;
    for (row, a) in limits.iter().zip(&treated) {
        for ((low, high), b) in row.iter().zip(&control) {
            if *low <= truth + 1e-12 && truth <= *high + 1e-12 {
                sum += a * b;
            }
        }
    }
    sum
}

/// Newcombe's and Miettinen and Nurminen's intervals: 95 percent on average over the shares, never
/// far below. Counts are discrete, so that coverage can't be 95 percent everywhere.
#[test]
fn risk_differences() {
    for (n1, n0) in [(30, 30), (40, 25), (15, 60)] {
        for (name, interval) in [
            ("Newcombe", risk_difference as fn(&TwoByTwo, Level) -> _),
            ("Miettinen–Nurminen", risk_difference_score),
        ] {
            let limits: Vec<Vec<(f64, f64)>> = (0..=n1)
                .map(|a| {
                    (0..=n0)
                        .map(|c| {
                            let table = TwoByTwo {
                                treated_yes: a,
                                treated_no: n1 - a,
                                control_yes: c,
                                control_no: n0 - c,
                            };
                            let ours: fip::results::EffectSize = interval(&table, P95).unwrap();
                            (ours.conf_low.unwrap(), ours.conf_high.unwrap())
                        })
                        .collect()
                })
                .collect();
            let all: Vec<f64> = shares()
                .flat_map(|p1| shares().map(move |p0| (p1, p0)))
                .map(|(p1, p0)| coverage(&limits, (n1, p1), (n0, p0)))
                .collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            let least = all.iter().copied().fold(1.0, f64::min);
            assert!((0.945..0.965).contains(&mean), "{name} {n1} {n0}: {mean}");
            assert!(least > 0.92, "{name} {n1} {n0}: {least}");
        }
    }
}

/// Wilson's interval for one share.
#[test]
fn single_shares() {
    for n in [10_u64, 40, 200] {
        let limits: Vec<(f64, f64)> = (0..=n)
            .map(|k| wilson(k, n, P95).unwrap())
            .map(|share| (share.conf_low, share.conf_high))
            .collect();
        let all: Vec<f64> = shares()
            .map(|p| {
                let weights = probabilities(n, p);
                let covered = limits.iter().zip(&weights);
                covered
                    .filter(|((low, high), _)| *low <= p && p <= *high)
                    .map(|(_, w)| w)
                    .sum()
            })
            .collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let least = all.iter().copied().fold(1.0, f64::min);
        assert!((0.94..0.965).contains(&mean), "{n}: {mean}");
        assert!(least > 0.88, "{n}: {least}");
    }
}

/// Fisher's test and the test by draws, given the margins: never above their level. Mid-p is
/// nearer to it, and may pass it a little when averaged over margins.
#[test]
fn exact_tests_hold_their_level_for_all_margins() {
    for total in [6_u64, 11, 16, 23] {
        for treated in 1..total {
            for yes in 0..=total {
                let low = (yes + treated).saturating_sub(total);
                let tables: Vec<(f64, f64, f64)> = (low..=yes.min(treated))
                    .map(|a| {
                        let table = TwoByTwo {
                            treated_yes: a,
                            treated_no: treated - a,
                            control_yes: yes - a,
                            control_no: total - treated - (yes - a),
                        };
                        let weight = dist::hypergeometric_pmf(a, yes, total, treated);
                        let fisher = fisher_exact(&table).unwrap().two_sided;
                        (weight, fisher, exact_two_by_two(&table).unwrap())
                    })
                    .collect();
                let all: f64 = tables.iter().map(|t| t.0).sum();
                assert!((all - 1.0).abs() < 1e-12);
                for level in [0.01, 0.05, 0.2, 0.5] {
                    let size = |p: fn(&(f64, f64, f64)) -> f64| -> f64 {
                        let rejected = tables.iter().filter(|t| p(t) <= level);
                        rejected.map(|t| t.0).sum()
                    };
                    for size in [size(|t| t.1), size(|t| t.2)] {
                        assert!(size <= level + 1e-12, "{total} {treated} {yes}: {size}");
                    }
                }
            }
        }
    }
}

/// McNemar: exact and corrected never above their level; mid-p up to 2.7 points above it for some
/// numbers of changes, but not on average over them.
#[test]
fn mcnemar_holds_its_level() {
    let mut all_mid = Vec::new();
    for changed in 1..=60_u64 {
        let (mut exact, mut mid, mut corrected) = (0.0, 0.0, 0.0);
        for b in 0..=changed {
            let weight = dist::binomial_pmf(b, changed, 0.5);
            let test = mcnemar(b, changed - b).unwrap();
            exact += weight * f64::from(u8::from(test.exact_p <= 0.05));
            mid += weight * f64::from(u8::from(test.mid_p <= 0.05));
            corrected += weight * f64::from(u8::from(test.corrected_p <= 0.05));
        }
        assert!(exact <= 0.05 + 1e-12, "{changed}: {exact}");
        assert!(corrected <= 0.05 + 1e-12, "{changed}: {corrected}");
        assert!(mid <= 0.077, "{changed}: {mid}");
        all_mid.push(mid);
    }
    let mean = all_mid.iter().sum::<f64>() / all_mid.len() as f64;
    assert!(mean <= 0.05, "{mean}");
}

/// Cramér's V of two arms over some levels, from no association to a strong one.
#[test]
fn cramers_v_covers() {
    for (seed, shares, n) in [
        (31, [[0.3, 0.3, 0.2, 0.2], [0.3, 0.3, 0.2, 0.2]], [60, 60]),
        (
            32,
            [[0.4, 0.3, 0.2, 0.1], [0.3, 0.3, 0.25, 0.15]],
            [200, 100],
        ),
        (
            33,
            [[0.4, 0.3, 0.2, 0.1], [0.25, 0.25, 0.25, 0.25]],
            [80, 80],
        ),
        (
            34,
            [[0.6, 0.2, 0.1, 0.1], [0.25, 0.25, 0.25, 0.25]],
            [150, 150],
        ),
    ] {
        let all = (n[0] + n[1]) as f64;
        let truth = (0..4)
            .map(|level| {
                let of = |arm: usize| (shares[arm][level], n[arm] as f64 / all);
                let ((p, a), (q, b)) = (of(0), of(1));
                let both = a * p + b * q;
                (a * (p - both).powi(2) + b * (q - both).powi(2)) / both
            })
            .sum::<f64>()
            .sqrt();
        let mut source = Source::new(seed);
        let mut tally = Tally::default();
        for _ in 0..2_000 {
            let mut counts = vec![vec![0; 4]; 2];
            for arm in 0..2 {
                for _ in 0..n[arm] {
                    let mut at = source.uniform();
                    let level = shares[arm].iter().position(|share| {
                        at -= share;
                        at < 0.0
                    });
                    counts[arm][level.unwrap_or(3)] += 1;
                }
            }
            let table = Crosstab::new(&counts).unwrap();
            let v = cramers_v(&table, Level::P95);
            let (low, high) = (v.conf_low.unwrap(), v.conf_high.unwrap());
            tally.cover(low <= truth && truth <= high);
        }
        // A little wide where the table could not have told it from none.
        tally.assert_safe("Cramér's V");
        assert!(tally.coverage() <= 0.99, "{}", tally.coverage());
    }
}
