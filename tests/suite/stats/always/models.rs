//! Models, weights, bounds and draws.

use fip::results::Estimate;
use fip::stats::adjust::{ancova, lin};
use fip::stats::anderson_rubin::ConfidenceSet;
use fip::stats::blocked::{blocked_difference, cluster_difference};
use fip::stats::bounds::{Bounds, lee, worst_case};
use fip::stats::compliance::compliers;
use fip::stats::drawn_iv::Instrument;
use fip::stats::hansen_bowers::balance;
use fip::stats::infer::Level;
use fip::stats::iv::two_stage;
use fip::stats::linear::Variance;
use fip::stats::logistic::logistic;
use fip::stats::matching::{Matched, Neighbours};
use fip::stats::matrix::{Matrix, ModelError};
use fip::stats::randomization::{Drawn, Enumeration, Extent, Randomization, Statistic};
use fip::stats::sample::Moments;
use fip::stats::subgroups::subgroups;
use fip::stats::weighting::{
    entropy_balance, entropy_balanced, imbalance_by_prognosis, inverse_probability_weighted,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::super::properties::assert_estimate;
use super::{People, assert_mirrored, assert_scaled, few, tame};

const P95: Level = Level::P95;

fn covariates(p: &People) -> Matrix {
    Matrix::from_columns(p.n(), &[&p.x]).unwrap()
}

fn instrument(p: &People) -> Matrix {
    let mut z = Matrix::new(p.n());
    z.push_flags(&p.treated).unwrap();
    z
}

fn receipt(p: &People) -> Vec<f64> {
    p.received.iter().map(|&r| f64::from(u8::from(r))).collect()
}

type Kernel = fn(&People) -> Result<Estimate, ModelError>;

/// The effects of assignment, by all routes.
const EFFECTS: [(&str, Kernel); 9] = [
    ("lin", |p| {
        lin(&p.y, &p.treated, &covariates(p), Variance::Hc2, P95).map(|a| a.effect)
    }),
    ("ancova", |p| {
        ancova(&p.y, &p.treated, &covariates(p), Variance::Hc3, P95).map(|a| a.effect)
    }),
    ("blocked", |p| {
        blocked_difference(&p.y, &p.treated, &p.group, P95).map(|b| b.effect)
    }),
    ("cluster", |p| {
        cluster_difference(&p.y, &p.treated, &p.cluster, P95)
    }),
    ("reduced form", |p| {
        let iv = two_stage(
            &p.y,
            &receipt(p),
            &instrument(p),
            &covariates(p),
            Variance::Hc2,
            P95,
        )?;
        iv.reduced_form.ok_or(ModelError::NoVariance)
    }),
    ("inverse probability", |p| {
        inverse_probability_weighted(&p.y, &p.treated, &covariates(p), P95).map(|w| w.effect)
    }),
    ("entropy", |p| {
        entropy_balanced(&p.y, &p.treated, &covariates(p), P95).map(|w| w.effect)
    }),
    ("subgroup", |p| {
        let groups = subgroups(&p.y, &p.treated, &p.group, None, Variance::Hc2, P95)?;
        groups.groups[0].effect.ok_or(ModelError::NoVariance)
    }),
    ("interaction", |p| {
        let groups = subgroups(&p.y, &p.treated, &p.group, None, Variance::Hc2, P95)?;
        let last = groups.groups.last().and_then(|g| g.interaction);
        last.ok_or(ModelError::NoVariance)
    }),
];

fn matched(p: &People) -> Result<Matched, ModelError> {
    Neighbours::new(&p.treated, &covariates(p))?.with_replacement(&p.y, P95)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128,
        rng_seed: RngSeed::Fixed(4), failure_persistence: None, ..ProptestConfig::default() })]

    /// Matching follows the arm that is matched, so that relabelling asks something else.
    #[test]
    fn relabelling_flips_and_order_and_units_do_not_matter(p in tame()) {
        for (name, kernel) in EFFECTS {
            let ours = kernel(&p);
            let others = [kernel(&p.relabelled()), kernel(&p.reversed()), kernel(&p.rescaled())];
            for other in &others {
                prop_assert_eq!(ours.is_ok(), other.is_ok(), "{}: {:?} {:?}", name, ours, other);
            }
            let (Ok(ours), [Ok(back), Ok(turned), Ok(scaled)]) = (ours, &others) else {
                continue;
            };
            assert_estimate(&ours);
            if name != "pairs" {
                assert_mirrored(&ours, back);
                assert_scaled(&ours, turned, 1.0);
            }
            assert_scaled(&ours, scaled, 4.0);
        }
        let ours = matched(&p);
        let turned = { let q = p.reversed(); matched(&q) };
        if let (Ok(ours), Ok(turned)) = (ours, turned) {
            assert_scaled(&ours.effect, &turned.effect, 1.0);
        }
    }

    /// The effect on compliers doesn't care which arm is called which: both its parts flip.
    #[test]
    fn compliers_stay_when_arms_are_relabelled(p in tame()) {
        let analyse = |p: &People| {
            two_stage(&p.y, &receipt(p), &instrument(p), &covariates(p), Variance::Hc2, P95)
        };
        let (Ok(ours), Ok(back), Ok(scaled)) =
            (analyse(&p), analyse(&p.relabelled()), analyse(&p.rescaled())) else { return Ok(()) };
        assert_scaled(&ours.effect, &back.effect, 1.0);
        assert_scaled(&ours.effect, &scaled.effect, 4.0);
        prop_assert!(ours.anderson_rubin.set.contains(ours.effect.estimate));
        if let (ConfidenceSet::Interval { low, high }, ConfidenceSet::Interval { low: a, high: b }) =
            (ours.anderson_rubin.set, scaled.anderson_rubin.set)
        {
            let near = |x: f64, y: f64| (4.0 * x - y).abs() <= 1e-8 * (high - low + x.abs());
            prop_assert!(near(low, a) && near(high, b));
        }
        let drawn = Instrument::new(&p.treated, None, None);
        if let Ok(c) = drawn.and_then(|drawn| compliers(&p.y, &p.received, &drawn, P95)) {
            let effect = c.mean_treated.estimate - c.mean_untreated.estimate;
            let ratio = two_stage(&p.y, &receipt(&p), &instrument(&p), &Matrix::new(p.n()), Variance::Hc2, P95);
            if let Ok(ratio) = ratio {
                let scale = ratio.effect.estimate.abs() + c.mean_treated.estimate.abs();
                prop_assert!((effect - ratio.effect.estimate).abs() <= 1e-9 * scale);
            }
        }
    }

    #[test]
    fn balance_flips_and_ignores_order_and_units(p in tame()) {
        let x = |p: &People| Matrix::from_columns(p.n(), &[&p.x, &p.y]).unwrap();
        let of = |p: &People| balance(&x(p), &p.treated, Some(&p.group), None);
        let (Ok(ours), Ok(back), Ok(turned), Ok(scaled)) =
            (of(&p), of(&p.relabelled()), of(&p.reversed()), of(&p.rescaled())) else { return Ok(()) };
        let d2 = |b: &fip::stats::hansen_bowers::Balance| b.omnibus.map(|o| o.statistic);
        for other in [&back, &turned, &scaled] {
            if let (Some(a), Some(b)) = (d2(&ours), d2(other)) {
                prop_assert!((a - b).abs() <= 1e-9 * (1.0 + a));
            }
        }
        for (a, b) in ours.contrasts.iter().zip(&back.contrasts) {
            prop_assert!((a.difference + b.difference).abs() <= 1e-10 * (1.0 + a.difference.abs()));
        }
    }

    /// Imbalance times prognosis is the whole gap between unadjusted and adjusted.
    #[test]
    fn imbalance_adds_up(p in tame()) {
        let x = covariates(&p);
        let (Ok(adjusted), Ok(parts)) = (
            ancova(&p.y, &p.treated, &x, Variance::Classical, P95),
            imbalance_by_prognosis(&p.y, &p.treated, &x, P95),
        ) else { return Ok(()) };
        let mean = |arm: bool| {
            let values: Vec<f64> = (0..p.n()).filter(|&i| p.treated[i] == arm).map(|i| p.y[i]).collect();
            Moments::from_slice(&values)
        };
        let gap = mean(true).mean_minus(&mean(false)) - adjusted.effect.estimate;
        let sum: f64 = parts.iter().flatten().map(|part| part.contribution).sum();
        prop_assert!((gap - sum).abs() < 1e-10, "{gap} {sum}");
    }

    /// Weights that solve their equations: fitted shares add up to the treated, and each arm's
    /// weighted mean of the covariate is everybody's.
    #[test]
    fn weights_solve_their_equations(p in tame()) {
        let mut design = Matrix::new(p.n());
        design.push_intercept();
        design.append(&covariates(&p)).unwrap();
        if let Ok(fit) = logistic(&p.treated, &design) {
            prop_assert!(fit.probabilities.iter().all(|p| *p > 0.0 && *p < 1.0));
            let expected: f64 = fit.probabilities.iter().sum();
            let treated = p.treated.iter().filter(|t| **t).count() as f64;
            prop_assert!((expected - treated).abs() < 1e-8);
        }
        if let Ok(weights) = entropy_balance(&p.treated, &covariates(&p)) {
            let mean = p.x.iter().sum::<f64>() / p.n() as f64;
            for arm in [true, false] {
                let rows = || (0..p.n()).filter(|&i| p.treated[i] == arm);
                let total: f64 = rows().map(|i| weights[i]).sum();
                let ours: f64 = rows().map(|i| weights[i] * p.x[i]).sum::<f64>() / total;
                prop_assert!((ours - mean).abs() < 1e-7, "{ours} {mean}");
            }
        }
    }

    #[test]
    fn bounds_hold_what_they_bound(p in tame(), lost in (0..9_u64, 0..9_u64)) {
        let arm = |p: &People, arm: bool| -> Vec<f64> {
            (0..p.n()).filter(|&i| p.treated[i] == arm).map(|i| p.y[i]).collect()
        };
        let (t, c) = (arm(&p, true), arm(&p, false));
        let (Ok(ours), Ok(back)) = (
            lee((&t, lost.0), (&c, lost.1), P95), lee((&c, lost.1), (&t, lost.0), P95),
        ) else { return Ok(()) };
        assert_bounds(&ours.bounds);
        assert_flipped(&ours.bounds, &back.bounds);
        let turned: Vec<f64> = t.iter().rev().copied().collect();
        let turned = lee((&turned, lost.0), (&c, lost.1), P95).unwrap();
        prop_assert_eq!(turned.trims_treated, ours.trims_treated);
        prop_assert!((turned.bounds.low - ours.bounds.low).abs() < 1e-12);
        prop_assert!((turned.bounds.high - ours.bounds.high).abs() < 1e-12);
        let scaled = p.rescaled();
        let scaled = lee((&arm(&scaled, true), lost.0), (&arm(&scaled, false), lost.1), P95).unwrap();
        prop_assert!((scaled.bounds.low - 4.0 * ours.bounds.low).abs() < 1e-11);
        prop_assert!((scaled.bounds.high - 4.0 * ours.bounds.high).abs() < 1e-11);
        let (t, c) = (Moments::from_slice(&t), Moments::from_slice(&c));
        // Whatever is missing, trimming doesn't leave what is possible.
        let wide = worst_case((&t, lost.0), (&c, lost.1), (-10.0, 10.0), P95).unwrap();
        assert_bounds(&wide);
        let back = worst_case((&c, lost.1), (&t, lost.0), (-10.0, 10.0), P95).unwrap();
        assert_flipped(&wide, &back);
        if lost == (0, 0) {
            prop_assert!((wide.low - t.mean_minus(&c)).abs() < 1e-12 && (wide.high - wide.low).abs() < 1e-12);
            prop_assert!((ours.bounds.low - ours.bounds.high).abs() < 1e-12);
        }
    }

    /// A design of its own for every trial, all allocations of it: relabelling, order, shift and
    /// scale leave the p-value as it is, and the interval follows.
    #[test]
    fn draws_flip_and_ignore_order_and_units(
        p in super::people((-64..65_i32).prop_map(|v| f64::from(v) / 8.0), 2..9),
    ) {
        let level = Level::new(0.8).unwrap();
        let (ours, back, turned, scaled) =
            (run(&p), run(&p.relabelled()), run(&p.reversed()), run(&p.rescaled()));
        let (Some(ours), Some(back), Some(turned), Some(scaled)) = (ours, back, turned, scaled)
            else { return Ok(()) };
        for statistic in [Statistic::Difference, Statistic::Studentized] {
            let p = ours.p_value(0, statistic);
            prop_assert!(p.is_none_or(|p| p.p_value > 0.0 && p.p_value <= 1.0));
            for other in [&back, &turned, &scaled] {
                prop_assert_eq!(p, other.p_value(0, statistic));
            }
        }
        let (Some(a), Some(b), Some(s)) =
            (ours.interval(0, level), back.interval(0, level), scaled.interval(0, level))
            else { return Ok(()) };
        let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-9 * (1.0 + a.abs()),
            (a, b) => a.is_none() && b.is_none(),
        };
        prop_assert!(near(a.low, b.high.map(|x| -x)) && near(a.high, b.low.map(|x| -x)));
        prop_assert!(near(a.low, s.low.map(|x| x / 4.0)) && near(a.high, s.high.map(|x| x / 4.0)));
        let estimate = ours.observed(0, Statistic::Difference).unwrap();
        prop_assert!(a.low.is_none_or(|low| low <= estimate + 1e-9));
        prop_assert!(a.high.is_none_or(|high| high >= estimate - 1e-9));
    }

    /// One to five people, with anything as their outcome.
    #[test]
    fn few_people_give_numbers_or_a_reason(p in few(), lost in (0..3_u64, 0..3_u64)) {
        for (_, kernel) in EFFECTS {
            if let Ok(ours) = kernel(&p) {
                assert_estimate(&ours);
            }
        }
        if let Ok(matched) = matched(&p) {
            assert_estimate(&matched.effect);
        }
        let arm = |arm: bool| -> Vec<f64> {
            (0..p.n()).filter(|&i| p.treated[i] == arm).map(|i| p.y[i]).collect()
        };
        let (t, c) = (arm(true), arm(false));
        if let Ok(ours) = lee((&t, lost.0), (&c, lost.1), P95) {
            assert_bounds(&ours.bounds);
            prop_assert!((0.0..1.0).contains(&ours.trimmed));
        }
        let (t, c) = (Moments::from_slice(&t), Moments::from_slice(&c));
        if let Ok(ours) = worst_case((&t, lost.0), (&c, lost.1), (0.0, 1.0), P95) {
            assert_bounds(&ours);
        }
        if let Ok(parts) = imbalance_by_prognosis(&p.y, &p.treated, &covariates(&p), P95) {
            for part in parts.iter().flatten() {
                prop_assert!(part.contribution.is_finite(), "{part:?}");
            }
        }
        if let Some(done) = run(&p) {
            for statistic in [Statistic::Difference, Statistic::Studentized] {
                let p = done.p_value(0, statistic);
                prop_assert!(p.is_none_or(|p| p.p_value > 0.0 && p.p_value <= 1.0));
                prop_assert!(done.westfall_young(&[0], statistic)[0].is_none_or(|p| p <= 1.0));
            }
            if let Some(interval) = done.interval(0, P95) {
                prop_assert!(interval.low.into_iter().chain(interval.high).all(f64::is_finite));
            }
        }
    }
}

/// All allocations of a complete draw.
fn run(p: &People) -> Option<Randomization> {
    let every = Enumeration::new(&p.treated, None, None, 1_000).unwrap()?;
    let drawn = Drawn {
        treated: &p.treated,
        outcomes: &[&p.y],
        strata: None,
        clusters: None,
    };
    Some(Randomization::run(&drawn, &every, Extent::All(every.total()), &|_| ()).unwrap())
}

#[track_caller]
fn assert_bounds(bounds: &Bounds) {
    let Bounds {
        low,
        high,
        low_std_error,
        high_std_error,
        conf_low,
        conf_high,
    } = *bounds;
    let all = [
        Some(low),
        Some(high),
        low_std_error,
        high_std_error,
        conf_low,
        conf_high,
    ];
    assert!(all.iter().flatten().all(|x| x.is_finite()), "{bounds:?}");
    let rounding = 1e-12 * (low.abs() + high.abs() + 1.0);
    assert!(low <= high + rounding, "{bounds:?}");
    assert!(conf_low.is_none_or(|c| c <= low), "{bounds:?}");
    assert!(conf_high.is_none_or(|c| c >= high), "{bounds:?}");
}

#[track_caller]
fn assert_flipped(there: &Bounds, back: &Bounds) {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-11 * (1.0 + a.abs());
    assert!(
        near(there.low, -back.high) && near(there.high, -back.low),
        "{there:?} {back:?}"
    );
    if let (Some(a), Some(b)) = (there.conf_low, back.conf_high) {
        assert!(near(a, -b), "{there:?} {back:?}");
    }
}
