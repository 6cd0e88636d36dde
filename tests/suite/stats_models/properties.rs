//! What must hold for any data: no panic, nothing that is not a number, intervals around
//! their estimate.

use fip::results::Estimate;
use fip::stats::adjust::{ancova, lin};
use fip::stats::anderson_rubin::ConfidenceSet;
use fip::stats::blocked::{blocked_cluster_difference, blocked_difference, cluster_difference};
use fip::stats::cluster::Clusters;
use fip::stats::compliance::compliers;
use fip::stats::drawn_iv::Instrument;
use fip::stats::hansen_bowers::balance;
use fip::stats::infer::Level;
use fip::stats::iv::two_stage;
use fip::stats::linear::Variance;
use fip::stats::matrix::Matrix;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const P95: Level = Level::P95;

/// Few values, so that ties, constants and collinear columns are common.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (0..3_i32).prop_map(f64::from),
        2 => -1e3..1e3_f64,
        1 => prop_oneof![Just(1e150), Just(-1e150), Just(1e-200), Just(1e9), Just(0.1)],
    ]
}

#[derive(Debug, Clone)]
struct Trial {
    y: Vec<f64>,
    x: Vec<f64>,
    treated: Vec<bool>,
    received: Vec<bool>,
    stratum: Vec<usize>,
    cluster: Vec<usize>,
}

fn trial() -> impl Strategy<Value = Trial> {
    let person = (
        value(),
        value(),
        any::<bool>(),
        any::<bool>(),
        0..3_usize,
        0..6_usize,
    );
    prop::collection::vec(person, 1..16).prop_map(|people| Trial {
        y: people.iter().map(|p| p.0).collect(),
        x: people.iter().map(|p| p.1).collect(),
        treated: people.iter().map(|p| p.2).collect(),
        received: people.iter().map(|p| p.3).collect(),
        stratum: people.iter().map(|p| p.4).collect(),
        cluster: people.iter().map(|p| p.5).collect(),
    })
}

fn sound(e: &Estimate) {
    let all = [
        Some(e.estimate),
        e.std_error,
        e.df,
        e.statistic,
        e.p_value,
        e.conf_low,
        e.conf_high,
    ];
    assert!(all.iter().flatten().all(|v| v.is_finite()), "{e:?}");
    if let (Some(low), Some(high)) = (e.conf_low, e.conf_high) {
        assert!(low <= e.estimate && e.estimate <= high, "{e:?}");
    }
    if let Some(p) = e.p_value {
        assert!((0.0..=1.0).contains(&p));
    }
}

fn sound_set(set: &ConfidenceSet) {
    match *set {
        ConfidenceSet::Interval { low, high } => {
            assert!(
                low.is_finite() && high.is_finite() && low <= high,
                "{set:?}"
            );
        }
        ConfidenceSet::Rays { below, above } => {
            assert!(
                below.into_iter().chain(above).all(f64::is_finite),
                "{set:?}"
            );
            assert!(below.is_some() || above.is_some());
        }
        ConfidenceSet::Line | ConfidenceSet::Empty => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256,
        rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_trial_gives_numbers_or_an_error(t in trial()) {
        let n = t.y.len();
        let x = Matrix::from_columns(n, &[&t.x]).unwrap();
        let persons = Clusters::new(&t.cluster).unwrap();
        for variance in [Variance::Classical, Variance::Hc1, Variance::Hc2, Variance::Hc3, Variance::Cr2(&persons)] {
            if let Ok(a) = lin(&t.y, &t.treated, &x, variance, P95) {
                a.fit.coefficients.iter().flatten().for_each(sound);
                assert!(a.fit.sigma.is_finite());
            }
            if let Ok(a) = ancova(&t.y, &t.treated, &x, variance, P95) {
                sound(&a.effect);
                if let Ok(f) = a.fit.wald(&[1, 2]) {
                    assert!(f.statistic >= 0.0 && (0.0..=1.0).contains(&f.p_value), "{f:?}");
                }
            }
            let mut z = Matrix::new(n);
            z.push_flags(&t.treated).unwrap();
            let d: Vec<f64> = t.received.iter().map(|&r| f64::from(u8::from(r))).collect();
            if let Ok(iv) = two_stage(&t.y, &d, &z, &x, variance, P95) {
                sound(&iv.effect);
                sound_set(&iv.anderson_rubin.set);
                sound_set(&iv.anderson_rubin_classical.set);
            }
        }
        for (strata, cluster) in [(None, None), (Some(&t.stratum[..]), None), (None, Some(&t.cluster[..]))] {
            let Ok(instrument) = Instrument::new(&t.treated, strata, cluster) else { continue };
            if let Ok(c) = compliers(&t.y, &t.received, &instrument, P95) {
                [c.share, c.mean_treated, c.mean_untreated].iter().for_each(sound);
            }
            let d: Vec<f64> = t.received.iter().map(|&r| f64::from(u8::from(r))).collect();
            if let Ok(iv) = instrument.two_stage(&t.y, &d, P95) {
                sound(&iv.effect);
                sound(&iv.reduced_form);
                sound_set(&iv.anderson_rubin.set);
            }
        }
        if let Ok(b) = blocked_difference(&t.y, &t.treated, &t.stratum, P95) {
            sound(&b.effect);
        }
    }

    /// Whole clusters in one arm and one stratum.
    #[test]
    fn any_clustered_trial_gives_numbers_or_an_error(t in trial(), arms in any::<u8>(), strata in any::<u8>()) {
        let treated: Vec<bool> = t.cluster.iter().map(|c| arms >> c & 1 == 1).collect();
        let stratum: Vec<usize> = t.cluster.iter().map(|c| usize::from(strata >> c & 1)).collect();
        if let Ok(e) = cluster_difference(&t.y, &treated, &t.cluster, P95) {
            sound(&e);
        }
        let strata = stratum;
        if let Ok(b) = blocked_cluster_difference(&t.y, &treated, &strata, &t.cluster, P95) {
            sound(&b.effect);
        }
        let x = Matrix::from_columns(t.y.len(), &[&t.x, &t.y]).unwrap();
        let clusters = Clusters::new(&t.cluster).unwrap();
        for clusters in [None, Some(&clusters)] {
            if let Ok(b) = balance(&x, &treated, Some(&strata), clusters) {
                for c in &b.contrasts {
                    let all = [Some(c.difference), Some(c.std_error), c.z, c.p_value];
                    assert!(all.iter().flatten().all(|v| v.is_finite()), "{c:?}");
                }
                if let Some(o) = b.omnibus {
                    assert!(o.statistic >= 0.0 && (0.0..=1.0).contains(&o.p_value), "{o:?}");
                }
            }
        }
    }
}
