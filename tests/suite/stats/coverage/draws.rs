//! Inference by the draw: with every allocation taken in turn as the observed one, error rates
//! are counts, and what is promised holds without tolerance.

use fip::error::Result;
use fip::stats::infer::Level;
use fip::stats::randomization::{Drawn, Draws, Enumeration, Extent, Randomization, Statistic};

use super::{Source, Tally};

const STATISTICS: [Statistic; 2] = [Statistic::Difference, Statistic::Studentized];
const LEVELS: [f64; 4] = [0.05, 0.1, 0.25, 0.5];

/// A design small enough to list, and what everybody would answer without the intervention.
struct Design {
    name: &'static str,
    treated: Vec<bool>,
    strata: Option<Vec<usize>>,
    clusters: Option<Vec<usize>>,
    outcomes: Vec<Vec<f64>>,
}

impl Design {
    fn all() -> Vec<Design> {
        let mut source = Source::new(31);
        let mut outcomes = |n: usize| -> Vec<Vec<f64>> {
            let (y, noise) = (source.normals(n), source.normals(n));
            vec![
                y.clone(),
                // Correlated with the first, skewed; and a ladder with many ties.
                y.iter()
                    .zip(noise)
                    .map(|(y, e)| (y + 0.5 * e).exp())
                    .collect(),
                y.iter().map(|y| (1.5 * y).round()).collect(),
            ]
        };
        let every = |n: usize, k: usize| (0..n).map(|i| i % k == 0).collect::<Vec<bool>>();
        vec![
            Design {
                name: "complete",
                treated: every(9, 3),
                strata: None,
                clusters: None,
                outcomes: outcomes(9),
            },
            Design {
                name: "stratified",
                treated: every(10, 2),
                strata: Some((0..10).map(|i| usize::from(i >= 4)).collect()),
                clusters: None,
                outcomes: outcomes(10),
            },
            Design {
                name: "clustered",
                treated: (0..16).map(|i| i / 2 % 2 == 0).collect(),
                strata: None,
                clusters: Some((0..16).map(|i| i / 2).collect()),
                outcomes: outcomes(16),
            },
        ]
    }

    fn draws(&self) -> Enumeration {
        let (strata, clusters) = (self.strata.as_deref(), self.clusters.as_deref());
        Enumeration::new(&self.treated, strata, clusters, 10_000)
            .unwrap()
            .unwrap()
    }

    /// The analysis of every allocation in turn, with constant effects on the outcomes.
    fn each(&self, effects: [f64; 3], mut look: impl FnMut(&Randomization)) -> u64 {
        let every = self.draws();
        let mut memory = every.memory();
        let mut arms = vec![0; self.treated.len()];
        for index in 0..every.total() {
            every.draw(index, &mut memory, &mut arms).unwrap();
            let treated: Vec<bool> = arms.iter().map(|&a| a == 1).collect();
            let outcomes: Vec<Vec<f64>> = self
                .outcomes
                .iter()
                .zip(effects)
                .map(|(y, effect)| {
                    let answer = |(y, &t): (&f64, &bool)| if t { y + effect } else { *y };
                    y.iter().zip(&treated).map(answer).collect()
                })
                .collect();
            let outcomes: Vec<&[f64]> = outcomes.iter().map(Vec::as_slice).collect();
            let drawn = Drawn {
                treated: &treated,
                outcomes: &outcomes,
                strata: self.strata.as_deref(),
                clusters: self.clusters.as_deref(),
            };
            let all = Extent::All(every.total());
            look(&Randomization::run(&drawn, &every, all, &|_| ()).unwrap());
        }
        every.total()
    }
}

/// P(p ≤ α) ≤ α when nobody is affected, exactly; and without ties P(p ≤ p*) = p* at every
/// attainable p*.
#[test]
fn tests_hold_their_level() {
    for design in Design::all() {
        let mut p_values = vec![Vec::new(); 6];
        let total = design.each([0.0; 3], |done| {
            for (s, statistic) in STATISTICS.into_iter().enumerate() {
                for k in 0..3 {
                    p_values[3 * s + k].push(done.p_value(k, statistic).unwrap().p_value);
                }
            }
        });
        for p_values in &p_values {
            let share =
                |level: f64| p_values.iter().filter(|p| **p <= level).count() as f64 / total as f64;
            for &p in p_values.iter().chain(&LEVELS) {
                assert!(
                    share(p) <= p + 1e-12,
                    "{}: {} at {p}",
                    design.name,
                    share(p)
                );
            }
        }
        // Every p-value is the rank of its own allocation.
        for &p in &p_values[0] {
            let share = p_values[0].iter().filter(|q| **q <= p).count() as f64 / total as f64;
            assert!((share - p).abs() < 1e-12, "{}: {share} {p}", design.name);
        }
    }
}

/// The inverted interval contains a constant effect in at least 1 − α of all allocations, and
/// in exactly those in which the test of that effect doesn't reject.
#[test]
fn inverted_intervals_cover() {
    for design in Design::all() {
        for level in [0.8, 0.9, 0.95] {
            let effects = [2.5, -0.75, 1.0];
            let (mut covered, mut accepted) = ([0_u64; 3], [0_u64; 3]);
            let alpha = 1.0 - level;
            let level = Level::new(level).unwrap();
            let total = design.each(effects, |done| {
                for (k, effect) in effects.into_iter().enumerate() {
                    let ours = done.interval(k, level).unwrap();
                    let above = ours.low.is_none_or(|low| low <= effect + 1e-9);
                    let below = ours.high.is_none_or(|high| effect <= high + 1e-9);
                    covered[k] += u64::from(above && below);
                }
            });
            design.each([0.0; 3], |done| {
                for (k, accepted) in accepted.iter_mut().enumerate() {
                    let p = done.p_value(k, Statistic::Difference).unwrap().p_value;
                    *accepted += u64::from(p > alpha);
                }
            });
            for (k, covered) in covered.iter().enumerate() {
                let share = *covered as f64 / total as f64;
                assert!(
                    share >= level.value() - 1e-12,
                    "{} {k}: {share}",
                    design.name
                );
            }
            // Without ties the ends of the interval are never the effect itself.
            assert_eq!(covered[0], accepted[0], "{}", design.name);
        }
    }
}

/// Step-down p-values: an error among the outcomes that are not affected in at most α of all
/// allocations, whether none, one or two outcomes are affected.
#[test]
fn families_hold_their_level() {
    for design in Design::all() {
        for effects in [[0.0; 3], [6.0, 0.0, 0.0], [0.0, 9.0, -6.0]] {
            for statistic in STATISTICS {
                let mut errors = [0_u64; LEVELS.len()];
                let total = design.each(effects, |done| {
                    let adjusted = done.westfall_young(&[0, 1, 2], statistic);
                    let plain = |k| done.p_value(k, statistic).unwrap().p_value;
                    for (k, adjusted) in adjusted.iter().enumerate() {
                        assert!(adjusted.unwrap() >= plain(k) - 1e-12);
                    }
                    let least = (0..3)
                        .filter(|&k| effects[k] == 0.0)
                        .filter_map(|k| adjusted[k])
                        .fold(1.0, f64::min);
                    for (error, level) in errors.iter_mut().zip(LEVELS) {
                        *error += u64::from(least <= level);
                    }
                });
                for (error, level) in errors.iter().zip(LEVELS) {
                    let share = *error as f64 / total as f64;
                    assert!(
                        share <= level + 1e-12,
                        "{} {effects:?}: {share}",
                        design.name
                    );
                }
            }
        }
    }
}

/// Shuffles, all of them different by salt and index.
struct Shuffled {
    n: usize,
    treated: usize,
    salt: u64,
}

impl Draws for Shuffled {
    type Memory = ();
    fn memory(&self) {}
    fn treated(&self) -> u8 {
        1
    }
    fn draw(&self, index: u64, (): &mut (), arms: &mut [u8]) -> Result<()> {
        let mut source = Source::new(self.salt.wrapping_mul(1_000_003) ^ index);
        for (arm, treated) in arms.iter_mut().zip(source.assign(self.n, self.treated)) {
            *arm = u8::from(treated);
        }
        Ok(())
    }
}

/// A sample of 39 draws: with the observed one as the fortieth, P(p ≤ k/40) = k/40 exactly, so
/// that few draws cost power but never make a false claim. The interval from the same draws
/// covers as promised.
#[test]
fn few_draws_are_honest() {
    let (mut difference, mut studentized) = (Tally::default(), Tally::default());
    let mut source = Source::new(32);
    let n = 30;
    for trial in 0..2_000 {
        let treated = source.assign(n, 12);
        let effect = 0.8;
        let null = source.normals(n);
        let y: Vec<f64> = null
            .iter()
            .zip(&treated)
            .map(|(y, &t)| if t { y + effect } else { *y })
            .collect();
        let drawn = Drawn {
            treated: &treated,
            outcomes: &[&null, &y],
            strata: None,
            clusters: None,
        };
        let draws = Shuffled {
            n,
            treated: 12,
            salt: trial,
        };
        let done = Randomization::run(&drawn, &draws, Extent::Sample(39), &|_| ()).unwrap();
        for (tally, statistic) in [
            (&mut difference, Statistic::Difference),
            (&mut studentized, Statistic::Studentized),
        ] {
            tally
                .p_values
                .push(done.p_value(0, statistic).unwrap().p_value);
        }
        let ours = done.interval(1, Level::P95).unwrap();
        let (low, high) = (ours.low.unwrap(), ours.high.unwrap());
        difference.cover(low <= effect && effect <= high);
    }
    for tally in [&difference, &studentized] {
        for level in [0.05, 0.1, 0.25, 0.5, 0.75, 0.9] {
            let share = tally.rejected(level).unwrap();
            super::within("few draws", share, level, 2_000, 0.0);
        }
    }
    super::within("interval", difference.coverage(), 0.95, 2_000, 0.0);
}
