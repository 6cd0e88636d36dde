//! Models: adjustment for covariates, compliers, balance, strata of shares.

use fip::stats::adjust::{ancova, lin};
use fip::stats::contingency::TwoByTwo;
use fip::stats::hansen_bowers::balance;
use fip::stats::infer::Level;
use fip::stats::iv::two_stage;
use fip::stats::linear::Variance;
use fip::stats::mantel_haenszel::mantel_haenszel;
use fip::stats::matching::Neighbours;
use fip::stats::matrix::Matrix;
use fip::stats::weighting::{entropy_balanced, inverse_probability_weighted};

use super::{Source, Tally};

const P95: Level = Level::P95;

/// Lin's interval, with slopes and spread that differ by arm; and ANCOVA where they don't.
#[test]
fn adjusted() {
    for effect in [0.0, 1.0] {
        let (mut interacted, mut usual) = (Tally::default(), Tally::default());
        let mut source = Source::new(11);
        for _ in 0..1_000 {
            let n = 100;
            let arms = source.assign(n, 40);
            let x: Vec<f64> = (0..n).map(|_| source.normal().exp().min(6.0)).collect();
            let z = source.normals(n);
            let mean = x.iter().sum::<f64>() / n as f64;
            // Effects differ with x; centred, they average to `effect` in this sample.
            let y: Vec<f64> = (0..n)
                .map(|i| {
                    let noise = source.normal();
                    if arms[i] {
                        effect + x[i] + 0.5 * (x[i] - mean) + z[i] + 1.5 * noise
                    } else {
                        x[i] + z[i] + noise
                    }
                })
                .collect();
            let covariates = Matrix::from_columns(n, &[&x, &z]).unwrap();
            let ours = lin(&y, &arms, &covariates, Variance::Hc2, P95).unwrap();
            interacted.add(&ours.effect, effect);
            let y: Vec<f64> = (0..n)
                .map(|i| effect * f64::from(u8::from(arms[i])) + x[i] - z[i] + source.normal())
                .collect();
            let ours = ancova(&y, &arms, &covariates, Variance::Classical, P95).unwrap();
            usual.add(&ours.effect, effect);
        }
        // HC2 is unbiased under equal spread only, and a skewed covariate has high leverage.
        interacted.assert_nominal("Lin", 0.012);
        // Normal errors of one variance: exact.
        usual.assert_nominal("ANCOVA", 0.0);
    }
}

/// Outcome, receipt and assignment of a trial in which who receives differs from who doesn't.
fn encouraged(
    source: &mut Source,
    n: usize,
    compliers: f64,
    effect: f64,
) -> (Vec<f64>, Vec<f64>, Matrix) {
    let arms = source.assign(n, n / 2);
    let (mut y, mut d) = (Vec::new(), Vec::new());
    for &arm in &arms {
        let kind = source.uniform();
        let received = if kind < compliers {
            arm
        } else {
            // Of the others, half receive it in either arm; their outcomes are far better.
            kind < compliers + (1.0 - compliers) / 2.0
        };
        let always = kind >= compliers && received;
        let d_i = f64::from(u8::from(received));
        y.push(effect * d_i + if always { 2.0 } else { 0.0 } + source.normal());
        d.push(d_i);
    }
    let mut instrument = Matrix::new(n);
    instrument.push_flags(&arms).unwrap();
    (y, d, instrument)
}

#[test]
fn compliers_with_a_strong_first_stage() {
    for effect in [0.0, 1.0] {
        let (mut wald, mut sets) = (Tally::default(), Tally::default());
        let mut source = Source::new(12);
        for _ in 0..1_000 {
            let (y, d, z) = encouraged(&mut source, 240, 0.6, effect);
            let ours = two_stage(&y, &d, &z, &Matrix::new(240), Variance::Hc2, P95).unwrap();
            wald.add(&ours.effect, effect);
            sets.cover(ours.anderson_rubin.set.contains(effect));
            if effect == 0.0 {
                sets.p_values
                    .push(ours.anderson_rubin.no_effect.unwrap().p_value);
            }
        }
        // The ratio is only normal in large samples.
        wald.assert_nominal("2SLS", 0.012);
        sets.assert_nominal("Anderson–Rubin", 0.003);
    }
}

/// One complier in ten: two-stage least squares is lost, Anderson and Rubin's set isn't.
#[test]
fn compliers_with_a_weak_first_stage() {
    for effect in [0.0, 1.5] {
        let (mut sets, mut unbounded) = (Tally::default(), 0);
        let mut source = Source::new(13);
        for _ in 0..1_500 {
            let (y, d, z) = encouraged(&mut source, 120, 0.1, effect);
            let ours = two_stage(&y, &d, &z, &Matrix::new(120), Variance::Hc2, P95);
            // In a few samples in 1,000 the arms receive equally often, and nothing is known.
            let Ok(ours) = ours else {
                sets.cover(true);
                continue;
            };
            sets.cover(ours.anderson_rubin.set.contains(effect));
            if effect == 0.0 {
                sets.p_values
                    .push(ours.anderson_rubin.no_effect.unwrap().p_value);
            }
            let bounded = matches!(
                ours.anderson_rubin.set,
                fip::stats::anderson_rubin::ConfidenceSet::Interval { .. }
            );
            unbounded += u64::from(!bounded);
        }
        // A sample without first stage is left out of the p-values.
        sets.assert_nominal("weak Anderson–Rubin", 0.005);
        // A weak instrument says so: bounded sets are rare.
        assert!(unbounded > 1_000, "{unbounded}");
    }
}

/// Under the draw d² is χ² with as many degrees of freedom as covariates, nearly.
#[test]
fn balance_of_a_fair_draw() {
    let mut tally = Tally::default();
    let mut source = Source::new(14);
    let n = 120;
    let columns: Vec<Vec<f64>> = (0..3).map(|_| source.normals(n)).collect();
    let x = Matrix::from_columns(n, &columns).unwrap();
    let strata: Vec<usize> = (0..n).map(|i| i / 40).collect();
    for _ in 0..4_000 {
        let arms: Vec<bool> = (0..3).flat_map(|_| source.assign(40, 15)).collect();
        let ours = balance(&x, &arms, Some(&strata), None).unwrap();
        tally.p_values.push(ours.omnibus.unwrap().p_value);
    }
    tally.assert_nominal("Hansen–Bowers", 0.008);
}

/// Shares that differ by stratum, one odds ratio.
#[test]
fn mantel_haenszel_over_strata() {
    for ratio in [1.0_f64, 2.5] {
        let mut tally = Tally::default();
        let mut source = Source::new(15);
        for _ in 0..4_000 {
            let strata: Vec<TwoByTwo> =
                [(30, 20, 0.3), (25, 40, 0.5), (15, 15, 0.2), (40, 35, 0.7)]
                    .into_iter()
                    .map(|(n1, n0, share)| {
                        let odds = ratio * share / (1.0 - share);
                        let mut count =
                            |n: u64, p: f64| (0..n).filter(|_| source.yes(p)).count() as u64;
                        let (a, c) = (count(n1, odds / (1.0 + odds)), count(n0, share));
                        TwoByTwo {
                            treated_yes: a,
                            treated_no: n1 - a,
                            control_yes: c,
                            control_no: n0 - c,
                        }
                    })
                    .collect();
            let ours = mantel_haenszel(&strata, P95).unwrap();
            let odds = &ours.odds_ratio;
            tally.cover(odds.conf_low.unwrap() <= ratio && ratio <= odds.conf_high.unwrap());
            if ratio == 1.0 {
                tally.p_values.push(ours.p_value);
            }
        }
        tally.assert_nominal("Mantel–Haenszel", 0.008);
    }
}

/// Weights that were estimated and matching with replacement, with effects that differ by a covariate and arms of
/// different spread: the same for a population drawn anew each time.
#[test]
fn weighted_and_matched() {
    for (seed, n, treated, differs) in [(21, 80, 40, 0.0), (22, 150, 50, 0.6)] {
        let (mut entropy, mut inverse, mut matched) =
            (Tally::default(), Tally::default(), Tally::default());
        let mut source = Source::new(seed);
        for _ in 0..1_000 {
            let arms = source.assign(n, treated);
            let (x, z) = (source.normals(n), source.normals(n));
            let y: Vec<f64> = (0..n)
                .map(|i| {
                    let noise = source.normal();
                    let level = 1.5 * x[i] + z[i];
                    match arms[i] {
                        true => level + differs * x[i] + 1.3 * noise,
                        false => level + noise,
                    }
                })
                .collect();
            let covariates = Matrix::from_columns(n, &[&x, &z]).unwrap();
            if let Ok(found) = entropy_balanced(&y, &arms, &covariates, P95) {
                entropy.add(&found.effect, 0.0);
            }
            if let Ok(found) = inverse_probability_weighted(&y, &arms, &covariates, P95) {
                inverse.add(&found.effect, 0.0);
            }
            let neighbours = Neighbours::new(&arms, &covariates).unwrap();
            let found = neighbours.with_replacement(&y, P95).unwrap();
            matched.add(&found.effect, 0.0);
        }
        assert!(entropy.trials > 990 && inverse.trials > 990);
        // Sandwich errors of two slopes, and a normal reference for the matches.
        entropy.assert_nominal("entropy balancing", 0.012);
        inverse.assert_nominal("inverse probability", 0.012);
        matched.assert_nominal("matching", 0.02);
    }
}
