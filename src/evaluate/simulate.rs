//! Power by simulation: made-up outcomes for the people of an actual register, drawn by the
//! actual design, and analysed as the trial would be.

use rayon::prelude::*;

use crate::design::{Drawer, Stream};
use crate::error::Result;
use crate::stats::blocked::{
    Blocked, blocked_cluster_difference, blocked_difference, cluster_difference,
};
use crate::stats::dist;
use crate::stats::infer::Level;
use crate::stats::matrix::ModelError;
use crate::stats::power::{Effect, Setting, shifted};
use crate::stats::sample::Moments;
use crate::stats::two_sample::welch_t;

/// The people of a register and how they are drawn.
pub struct Roster<'a> {
    pub drawer: Drawer<'a>,
    pub persons: usize,
    /// Codes of the two arms compared.
    pub treated: u8,
    pub control: u8,
    pub strata: Option<Vec<usize>>,
    pub clusters: Option<Vec<usize>>,
}

/// How often the effect, and no effect, was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub with_effect: u64,
    pub without_effect: u64,
}

/// The seed of the made-up outcomes: not that of any trial's draw.
pub const SEED: &str = "fip power";

/// Simulates so many trials.
///
/// A person's standing is √r²·s + √(1 − r²)(√ρ·c + √(1 − ρ)·e): s the stratum's place, evenly
/// spaced with variance 1, c and e standard normal for the cluster and the person, r² what
/// strata explain. A numeric outcome is the standing in standard deviations; a yes/no or ordinal
/// one is where the standing lies among the shares. Who takes part has the effect, the others none;
/// outcomes are missing at random. The test is the one that follows the draw: Welch's t,
/// blocked, or of clusters.
///
/// `progress` is told of every trial done.
///
/// # Errors
/// Internal ones only.
pub fn simulate(
    roster: &Roster<'_>,
    effect: &Effect,
    setting: &Setting,
    trials: u64,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Found> {
    let places = roster.strata.as_deref().map(places);
    let level = Level::new(1.0 - setting.alpha)?;
    let results: Vec<(u64, u64)> = (0..trials)
        .into_par_iter()
        .map_init(
            || (roster.drawer.scratch(), vec![0_u8; roster.persons]),
            |(scratch, arms), trial| {
                roster.drawer.replicate(trial, scratch, arms)?;
                let mut stream = Stream::new(SEED, &format!("simulation\n{trial}"));
                let made = Made::new(roster, places.as_deref(), setting, arms, &mut stream);
                let p = |effect: &Effect| {
                    let y: Vec<f64> = made
                        .people
                        .iter()
                        .map(|person| person.outcome(effect))
                        .collect();
                    made.p_value(&y, level)
                };
                let found = |p: Option<f64>| u64::from(p.is_some_and(|p| p < setting.alpha));
                let both = (found(p(effect)), found(p(&none(effect))));
                progress(1);
                Ok(both)
            },
        )
        .collect::<Result<_>>()?;
    Ok(Found {
        with_effect: results.iter().map(|found| found.0).sum(),
        without_effect: results.iter().map(|found| found.1).sum(),
    })
}

fn none(effect: &Effect) -> Effect {
    match effect {
        Effect::Mean { sd, .. } => Effect::Mean {
            difference: 0.0,
            sd: *sd,
        },
        Effect::Share { control, .. } => Effect::Share {
            control: *control,
            difference: 0.0,
        },
        Effect::Ordinal { control, .. } => Effect::Ordinal {
            control: control.clone(),
            log_odds: 0.0,
        },
    }
}

/// Evenly spaced places of the strata, with mean 0 and variance 1 over persons.
fn places(strata: &[usize]) -> Vec<f64> {
    let values: Vec<f64> = strata.iter().map(|&s| s as f64).collect();
    let moments = Moments::from_slice(&values);
    let sd = (moments.m2 / moments.n as f64).sqrt();
    values
        .iter()
        .map(|v| {
            if sd > 0.0 {
                (v - moments.mean) / sd
            } else {
                0.0
            }
        })
        .collect()
}

struct Person {
    /// Standing as a normal deviate.
    standing: f64,
    takes_part: bool,
}

impl Person {
    fn outcome(&self, effect: &Effect) -> f64 {
        match effect {
            Effect::Mean { difference, sd } => {
                sd * self.standing + if self.takes_part { *difference } else { 0.0 }
            }
            Effect::Share {
                control,
                difference,
            } => {
                let share = control + if self.takes_part { *difference } else { 0.0 };
                f64::from(u8::from(dist::normal_sf(self.standing) < share))
            }
            Effect::Ordinal { control, log_odds } => {
                let shares = shifted(control, if self.takes_part { *log_odds } else { 0.0 });
                let at = dist::normal_cdf(self.standing);
                let mut below = 0.0;
                let level = shares.iter().take_while(|share| {
                    below += **share;
                    at >= below
                });
                level.count().min(shares.len() - 1) as f64
            }
        }
    }
}

/// One made-up trial: those with an outcome.
struct Made {
    people: Vec<Person>,
    treated: Vec<bool>,
    strata: Option<Vec<usize>>,
    clusters: Option<Vec<usize>>,
}

impl Made {
    fn new(
        roster: &Roster<'_>,
        places: Option<&[f64]>,
        setting: &Setting,
        arms: &[u8],
        stream: &mut Stream,
    ) -> Made {
        // Halfway between the 2^53 numbers, so that neither 0 nor 1 occurs.
        let mut uniform = || ((stream.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        let icc = setting.clusters.map_or(0.0, |clusters| clusters.icc);
        let shared: Vec<f64> = match &roster.clusters {
            Some(clusters) if icc > 0.0 => {
                let count = clusters.iter().max().map_or(0, |last| last + 1);
                (0..count)
                    .map(|_| dist::normal_quantile(uniform()))
                    .collect()
            }
            _ => Vec::new(),
        };
        let explained = places.map_or(0.0, |_| setting.explained);
        let mut made = Made {
            people: Vec::new(),
            treated: Vec::new(),
            strata: roster.strata.as_ref().map(|_| Vec::new()),
            clusters: roster.clusters.as_ref().map(|_| Vec::new()),
        };
        for (row, &arm) in arms.iter().enumerate() {
            let own = dist::normal_quantile(uniform());
            let (takes_part, missing) =
                (uniform() < setting.take_up, uniform() < setting.attrition);
            if missing || (arm != roster.treated && arm != roster.control) {
                continue;
            }
            let within = match (&roster.clusters, shared.is_empty()) {
                (Some(clusters), false) => {
                    icc.sqrt() * shared[clusters[row]] + (1.0 - icc).sqrt() * own
                }
                _ => own,
            };
            let between = places.map_or(0.0, |places| places[row]);
            let treated = arm == roster.treated;
            made.people.push(Person {
                standing: explained.sqrt() * between + (1.0 - explained).sqrt() * within,
                takes_part: treated && takes_part,
            });
            made.treated.push(treated);
            if let (Some(own), Some(all)) = (&mut made.strata, &roster.strata) {
                own.push(all[row]);
            }
            if let (Some(own), Some(all)) = (&mut made.clusters, &roster.clusters) {
                own.push(all[row]);
            }
        }
        made
    }

    /// The p-value of the analysis that follows the draw; none where it has no answer.
    fn p_value(&self, y: &[f64], level: Level) -> Option<f64> {
        let (treated, clusters) = (&self.treated, self.clusters.as_deref());
        let strata = self.strata.as_deref();
        let blocked = |found: std::result::Result<Blocked, ModelError>| {
            found.ok().and_then(|blocked| blocked.effect.p_value)
        };
        match (strata, clusters) {
            (None, None) => {
                let of = |arm: bool| {
                    let own = y.iter().zip(treated).filter(|(_, t)| **t == arm);
                    Moments::from_slice(&own.map(|(y, _)| *y).collect::<Vec<f64>>())
                };
                welch_t(&of(true), &of(false), level).ok()?.estimate.p_value
            }
            (None, Some(clusters)) => {
                cluster_difference(y, treated, clusters, level)
                    .ok()?
                    .p_value
            }
            (Some(strata), None) => blocked(blocked_difference(y, treated, strata, level)),
            (Some(strata), Some(clusters)) => blocked(blocked_cluster_difference(
                y, treated, strata, clusters, level,
            )),
        }
    }
}
