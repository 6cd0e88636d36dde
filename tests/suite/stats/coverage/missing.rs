//! Bounds under missing outcomes: the interval is for the effect, wherever in the bounds it lies.

use fip::stats::bounds::{lee, worst_case};
use fip::stats::infer::Level;
use fip::stats::sample::Moments;

use super::{Source, Tally};

const P95: Level = Level::P95;

/// Who is known only in the intervention arm has the lowest, ordinary or highest outcomes: the
/// effect on the always-known is then the upper bound, between the bounds, or the lower one.
#[test]
fn lee_bounds() {
    for (name, at_bound) in [("lowest", true), ("ordinary", false), ("highest", true)] {
        let mut tally = Tally::default();
        let mut source = Source::new(21);
        for _ in 0..2_000 {
            let (mut treated, mut control) = (Vec::new(), Vec::new());
            let (mut lost_treated, mut lost_control) = (0, 0);
            for i in 0..400 {
                let score = source.normal();
                // One in five answers only when treated. Φ(0.841621) = 0.8.
                let only_treated = match name {
                    "lowest" => score < -0.841_621_233_572_914,
                    "highest" => score > 0.841_621_233_572_914,
                    _ => source.yes(0.2),
                };
                let never = source.yes(0.1);
                if i % 2 == 0 {
                    if never {
                        lost_treated += 1;
                    } else {
                        treated.push(score + 0.5);
                    }
                } else if never || only_treated {
                    lost_control += 1;
                } else {
                    control.push(score);
                }
            }
            let ours = lee((&treated, lost_treated), (&control, lost_control), P95).unwrap();
            assert!(ours.trims_treated);
            let (low, high) = (
                ours.bounds.conf_low.unwrap(),
                ours.bounds.conf_high.unwrap(),
            );
            tally.cover(low <= 0.5 && 0.5 <= high);
        }
        if at_bound {
            tally.assert_nominal(name, 0.01);
        } else {
            tally.assert_safe(name);
        }
    }
}

/// Worst case: every missing outcome is the worst for the intervention, as the bound supposes.
#[test]
fn worst_case_bounds() {
    let mut tally = Tally::default();
    let mut source = Source::new(22);
    for _ in 0..4_000 {
        // Shares .6 and .4, a fifth of each missing, all of them no and yes: the effect is the
        // lower bound, .6 − .4.
        let mut arm = |share: f64, missing: bool| {
            let (mut yes, mut no, mut lost) = (0, 0, 0);
            for _ in 0..150 {
                let u = source.uniform();
                let hidden = if missing { u >= 0.8 } else { u < 0.2 };
                match (hidden, u < share) {
                    (true, _) => lost += 1,
                    (false, true) => yes += 1,
                    (false, false) => no += 1,
                }
            }
            (Moments::from_counts(&[(1.0, yes), (0.0, no)]), lost)
        };
        let (treated, lost_treated) = arm(0.6, true);
        let (control, lost_control) = arm(0.4, false);
        let ours = worst_case(
            (&treated, lost_treated),
            (&control, lost_control),
            (0.0, 1.0),
            P95,
        )
        .unwrap();
        tally.cover(ours.conf_low.unwrap() <= 0.2 && 0.2 <= ours.conf_high.unwrap());
    }
    tally.assert_nominal("worst case", 0.008);
}
