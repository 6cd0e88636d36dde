//! Strata that differ much, thin and less thin: how often the stratified difference is wrong, and how
//! often it finds an effect that is there.

use fip::design::Stream;
use fip::results::Estimate;
use fip::stats::blocked::{blocked_cluster_difference, blocked_difference};
use fip::stats::blocked_adjust::blocked_lin;
use fip::stats::dist;
use fip::stats::infer::Level;
use fip::stats::matrix::Matrix;

const P95: Level = Level::P95;

fn normal(stream: &mut Stream) -> f64 {
    let uniform = ((stream.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    dist::normal_quantile(uniform)
}

/// Strata by size and how many are treated.
fn designs() -> Vec<(&'static str, Vec<(usize, usize)>)> {
    let mut pairs = vec![(2, 1); 24];
    pairs.push((3, 1));
    let three_to_seven: Vec<(usize, usize)> =
        (0..14).map(|j| (3 + j % 5, (3 + j % 5) / 2)).collect();
    let unequal: Vec<(usize, usize)> = (0..24)
        .map(|j| [(3, 1), (3, 2), (5, 1), (2, 1)][j % 4])
        .collect();
    let mut among_large = vec![(30, 15), (24, 8), (40, 10)];
    among_large.extend([(3, 1); 5]);
    vec![
        ("thin 1:2", vec![(3, 1); 20]),
        ("pairs and a triple", pairs),
        ("3 to 7", three_to_seven),
        ("thin of unequal chances", unequal),
        ("thin among large", among_large),
        ("twos and eights", vec![(10, 2); 6]),
    ]
}

/// Shares of trials: an effect of `effect` found, and 95 % intervals that hold it; and the mean standard error
/// over the spread of the estimates.
fn rates(strata: &[(usize, usize)], effect: f64, trials: u64, analyse: &Analyse) -> [f64; 3] {
    let (mut found, mut held, mut errors, mut squares) = (0.0, 0.0, 0.0, 0.0);
    let code: Vec<usize> = strata
        .iter()
        .enumerate()
        .flat_map(|(j, &(n, _))| vec![j; n])
        .collect();
    for trial in 0..trials {
        let mut stream = Stream::new("strata", &format!("rates\n{trial}"));
        let (mut y, mut treated) = (Vec::new(), Vec::new());
        let mut x = Vec::new();
        for &(n, k) in strata {
            let level = 3.0 * normal(&mut stream);
            let mut own: Vec<bool> = (0..n).map(|i| i < k).collect();
            stream.shuffle(&mut own);
            for given in own {
                let covariate = normal(&mut stream);
                x.push(covariate);
                let gain = if given { effect } else { 0.0 };
                y.push(level + 0.6 * covariate + 0.8 * normal(&mut stream) + gain);
                treated.push(given);
            }
        }
        let x = Matrix::from_columns(y.len(), &[x]).unwrap();
        let ours = analyse(&y, &treated, &code, &x);
        found += f64::from(u8::from(ours.p_value.unwrap() < 0.05));
        let (low, high) = (ours.conf_low.unwrap(), ours.conf_high.unwrap());
        held += f64::from(u8::from(low <= effect && effect <= high));
        errors += ours.std_error.unwrap();
        squares += (ours.estimate - effect).powi(2);
    }
    let n = trials as f64;
    [found / n, held / n, errors / n / (squares / n).sqrt()]
}

/// The whole table: FIP_TRIALS=4000 cargo test --release strata_rates -- --ignored --nocapture
#[test]
#[ignore = "a table to look at"]
fn strata_rates() {
    let trials = std::env::var("FIP_TRIALS").map_or(2_000, |n| n.parse().unwrap());
    for (name, strata) in designs() {
        for (what, analyse) in analyses() {
            let null = rates(&strata, 0.0, trials, analyse);
            let effect = rates(&strata, 0.9, trials, analyse);
            eprintln!(
                "{name:24} {what:12} rejects {:.3}, covers {:.3}, SE over spread {:.3}, finds {:.3}",
                null[0], effect[1], effect[2], effect[0]
            );
        }
    }
}

/// An analysis of outcomes, arms, strata and covariates.
type Analyse = dyn Fn(&[f64], &[bool], &[usize], &Matrix) -> Estimate;

fn analyses() -> [(&'static str, &'static Analyse); 2] {
    [
        ("difference", &|y, z, s, _| {
            blocked_difference(y, z, s, P95).unwrap().effect
        }),
        ("adjusted", &|y, z, s, x| {
            blocked_lin(y, z, s, x, P95).unwrap()
        }),
    ]
}

/// An effect of 0.9 standard deviations within strata of standard deviation 3 is found, an absent one is not,
/// and the standard error is the spread.
#[test]
fn blocking_is_not_lost_in_thin_strata() {
    let trials = 600;
    // Three Monte Carlo errors.
    let margin = |share: f64| 3.0 * (share * (1.0 - share) / trials as f64).sqrt();
    for (name, strata) in designs() {
        for (what, analyse) in analyses() {
            let [wrong, _, _] = rates(&strata, 0.0, trials, analyse);
            assert!(wrong <= 0.05 + margin(0.05), "{name} {what}: {wrong}");
            let [_, held, ratio] = rates(&strata, 0.9, trials, analyse);
            assert!(held >= 0.95 - margin(0.95), "{name} {what}: {held}");
            assert!((0.85..1.2).contains(&ratio), "{name} {what}: {ratio}");
        }
    }
    for (name, strata) in designs().into_iter().take(2) {
        let [found, ..] = rates(&strata, 0.9, trials, analyses()[0].1);
        assert!(found >= 0.75, "{name}: {found}");
    }
}

/// Clusters in strata, thin and not: no more than one in twenty.
#[test]
fn clusters_in_strata_hold_their_error_rate() {
    let trials = 1_500;
    for (name, strata) in [
        ("three strata of 2 + 2", vec![(4, 2); 3]),
        ("pairs of clusters", vec![(2, 1); 8]),
        (
            "2 + 2, 3 + 5 and thin ones",
            vec![(4, 2), (8, 3), (3, 1), (2, 1), (2, 1)],
        ),
    ] {
        let mut wrong = 0.0;
        for trial in 0..trials {
            let mut stream = Stream::new("strata", &format!("clusters\n{trial}"));
            let (mut y, mut z, mut s, mut c) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            for (j, &(n, k)) in strata.iter().enumerate() {
                let level = 3.0 * normal(&mut stream);
                let mut own: Vec<bool> = (0..n).map(|i| i < k).collect();
                stream.shuffle(&mut own);
                for (cluster, given) in own.into_iter().enumerate() {
                    let shared = 0.7 * normal(&mut stream);
                    for _ in 0..9 {
                        y.push(level + shared + normal(&mut stream));
                        z.push(given);
                        s.push(j);
                        c.push(100 * j + cluster);
                    }
                }
            }
            let ours = blocked_cluster_difference(&y, &z, &s, &c, P95).unwrap();
            wrong += f64::from(u8::from(ours.effect.p_value.unwrap() < 0.05)) / trials as f64;
        }
        assert!(
            wrong <= 0.05 + 3.0 * (0.05_f64 * 0.95 / trials as f64).sqrt(),
            "{name}: {wrong}"
        );
    }
}
