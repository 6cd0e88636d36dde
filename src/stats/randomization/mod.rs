//! Randomization inference: what the statistic would have been under other draws of the
//! same design, had the intervention changed nothing for anybody.
//!
//! The kernel knows no generator: replicates come from a [`Draws`], which is either the
//! recorded design drawn again ([`super`] never sees how) or an [`Enumeration`] of all
//! allocations. Everybody who was drawn takes part; who has no outcome is drawn along and
//! left out of the statistic, as it happened in the trial.

mod enumeration;
mod features;
mod hypergeometric;
mod inversion;
mod margins;
mod studentized;
mod table;

pub use enumeration::Enumeration;
pub use hypergeometric::exact_two_by_two;
pub use inversion::Inverted;
pub use margins::{RandomBits, RandomTables, random_tables};
pub use table::monte_carlo_table;

use rayon::prelude::*;

use crate::error::{Error, Result};

use super::infer::Level;
use super::matrix::ModelError;
use features::{Features, Sums};
use studentized::{Reach, Shifted};

/// Replicates of a draw. `index` decides which one, so that threads can share the work.
pub trait Draws: Sync {
    /// What one thread reuses from replicate to replicate.
    type Memory: Send;
    fn memory(&self) -> Self::Memory;
    /// The code that stands for the intervention arm.
    fn treated(&self) -> u8;
    /// Writes the arm of every person in a replicate.
    ///
    /// # Errors
    /// Internal ones only.
    fn draw(&self, index: u64, memory: &mut Self::Memory, arms: &mut [u8]) -> Result<()>;
}

/// What was drawn and what came of it: one entry per person drawn.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    pub treated: &'a [bool],
    /// Outcomes with NaN for missing values.
    pub outcomes: &'a [&'a [f64]],
    /// The strata over which differences are averaged.
    pub strata: Option<&'a [usize]>,
    /// What was drawn as one.
    pub clusters: Option<&'a [usize]>,
}

/// What is compared with its distribution over the draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// The difference in means; with strata Σ (N_j/N) τ_j, N_j the valid values of a stratum.
    Difference,
    /// The same divided by its standard error for the design.
    Studentized,
}

/// How many replicates there are to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// A random sample of this many; the observed allocation counts as one more.
    Sample(u64),
    /// All of them, the observed one included.
    All(u64),
}

impl Extent {
    fn draws(self) -> u64 {
        match self {
            Extent::Sample(draws) | Extent::All(draws) => draws,
        }
    }

    /// The observed allocation, where it is not among the replicates.
    fn own(self) -> u64 {
        match self {
            Extent::Sample(_) => 1,
            Extent::All(_) => 0,
        }
    }
}

/// A p-value over draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DrawnP {
    /// (b + 1)/(m + 1) over a sample, b/m over all allocations.
    pub p_value: f64,
    /// What repeating the sample would make of it, √(p(1 − p)/m); 0 over all allocations.
    pub monte_carlo_error: f64,
    pub draws: u64,
    pub exact: bool,
}

/// The observed statistics of one outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Observed {
    difference: f64,
    studentized: Option<f64>,
    /// Below this a difference is rounding error.
    noise: f64,
}

/// The distribution of the statistics of some outcomes over draws.
#[derive(Debug, Clone)]
pub struct Randomization {
    observed: Vec<Option<Observed>>,
    /// Per outcome whether the studentized difference is defined in every draw.
    studentized: Vec<bool>,
    /// Per replicate and outcome: difference, slope, studentized difference.
    replicates: Vec<[f64; 3]>,
    shifts: Shifts,
    extent: Extent,
}

/// What the intervals of the studentized test are made from.
#[derive(Debug, Clone, Default)]
struct Shifts {
    /// Per outcome its place among those with an interval.
    places: Vec<Option<usize>>,
    observed: Vec<Option<studentized::Observed>>,
    /// Per replicate and outcome with an interval.
    reaches: Vec<Reach>,
}

/// Replicates per task: a fixed number, so that nothing depends on the number of threads.
const CHUNK: u64 = 64;

/// A statistic within this of the observed one counts as equal, relative: sums over
/// different people of the same values differ by rounding.
const TIE: f64 = 1e-9;

impl Randomization {
    /// Computes the statistics of all outcomes in all replicates.
    ///
    /// # Formula
    /// The standard error behind [`Statistic::Studentized`] is √Σ (N_j/N)² (v_1j + v_0j) with
    /// v = s²/n for persons (Neyman; Welch's t without strata) and
    /// v = G/(G−1) Σ_g (Σ_i∈g (y_i − ȳ))²/n² over the G units of an arm for clusters, of which
    /// persons are the case of size one. Studentizing makes the test right in large samples
    /// for the average effect too, not for the sharp hypothesis only (Wu & Ding 2021, JASA
    /// 116, 1898–1913).
    ///
    /// A standard error needs two units with values in an arm. Where a draw is possible that leaves
    /// one (thin strata, small arms, missing values), the studentized statistic is absent for that
    /// outcome: counting such a draw as extreme would make every p-value the share of such draws. A
    /// stratum without one of the arms has no part in a replicate's difference; a replicate of which
    /// nothing is left counts as at least as far from zero as the observed one.
    ///
    /// Costs O(draws × smaller arm × outcomes), with all outcomes in one pass over the
    /// people. `progress` is told how many replicates are done.
    ///
    /// # Errors
    /// [`Error`] for internal ones and columns of different length.
    pub fn run<D: Draws>(
        drawn: &Drawn,
        draws: &D,
        extent: Extent,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Randomization> {
        Self::with_intervals(drawn, &[], draws, extent, progress)
    }

    /// The same, and of the outcomes for which `shifts` says so, what
    /// [`Randomization::studentized_interval`] needs.
    ///
    /// # Errors
    /// As [`Randomization::run`].
    pub fn with_intervals<D: Draws>(
        drawn: &Drawn,
        shifts: &[bool],
        draws: &D,
        extent: Extent,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Randomization> {
        let features = Features::new(drawn, false).map_err(lengths)?;
        let outcomes = drawn.outcomes.len();
        let mut sums = features.sums();
        let arms: Vec<u8> = drawn.treated.iter().map(|&t| u8::from(t)).collect();
        features.add(&arms, 1, &mut sums);
        let observed: Vec<Option<Observed>> = (0..outcomes)
            .map(|k| {
                let [difference, _, studentized] = features.statistics(k, &sums);
                difference.is_finite().then_some(Observed {
                    difference,
                    studentized: (!studentized.is_nan()).then_some(studentized),
                    noise: features.noise(k),
                })
            })
            .collect();
        let defined = studentized::defined(drawn).map_err(lengths)?;
        let chosen: Vec<usize> = (0..outcomes)
            .filter(|&k| shifts.get(k) == Some(&true) && defined[k])
            .collect();
        let shifted = shifted(drawn, &chosen, &observed)?;
        let total = extent.draws();
        let chunks: Vec<(Vec<[f64; 3]>, Vec<Reach>)> = (0..total.div_ceil(CHUNK))
            .into_par_iter()
            .map_init(
                || Memory {
                    draws: draws.memory(),
                    arms: vec![0; drawn.treated.len()],
                    sums: features.sums(),
                    shifted: shifted.as_ref().map(Shifted::sums),
                },
                |memory, chunk| {
                    let indices = chunk * CHUNK..total.min((chunk + 1) * CHUNK);
                    let done = indices.end;
                    let mut found = Vec::with_capacity(CHUNK as usize * outcomes);
                    let mut reaches = Vec::with_capacity(CHUNK as usize * chosen.len());
                    for index in indices {
                        draws.draw(index, &mut memory.draws, &mut memory.arms)?;
                        let (arms, code) = (&memory.arms, draws.treated());
                        features.add(arms, code, &mut memory.sums);
                        found.extend((0..outcomes).map(|k| features.statistics(k, &memory.sums)));
                        if let (Some(shifted), Some(sums)) = (&shifted, &mut memory.shifted) {
                            shifted.reaches(arms, code, sums, &mut reaches);
                        }
                    }
                    progress(done - chunk * CHUNK);
                    Ok((found, reaches))
                },
            )
            .collect::<Result<_>>()?;
        let (replicates, reaches): (Vec<_>, Vec<_>) = chunks.into_iter().unzip();
        Ok(Randomization {
            observed,
            studentized: defined,
            replicates: replicates.concat(),
            shifts: Shifts {
                places: (0..outcomes)
                    .map(|k| chosen.iter().position(|&one| one == k))
                    .collect(),
                observed: shifted.map(Shifted::into_observed).unwrap_or_default(),
                reaches: reaches.concat(),
            },
            extent,
        })
    }

    /// The observed statistic of an outcome; absent when an arm has no values, or the
    /// standard error is not defined.
    pub fn observed(&self, outcome: usize, statistic: Statistic) -> Option<f64> {
        let observed = self.observed.get(outcome).copied().flatten()?;
        match statistic {
            Statistic::Difference => Some(observed.difference),
            Statistic::Studentized => observed.studentized.filter(|_| self.studentized[outcome]),
        }
    }

    /// The two-sided p-value: the share of draws in which the statistic is at least as far
    /// from zero (Phipson & Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9, 39, for the + 1).
    pub fn p_value(&self, outcome: usize, statistic: Statistic) -> Option<DrawnP> {
        let bound = self.bound(outcome, statistic)?;
        let place = place(statistic);
        let as_far = self
            .of(outcome)
            .filter(|replicate| at_least(replicate[place], bound))
            .count() as u64;
        self.share(as_far)
    }

    /// Step-down p-values of some outcomes from the joint distribution of their statistics:
    /// max-T of Westfall & Young (1993, p. 66, algorithm 2.8), which holds the
    /// family-wise error under any dependence between the outcomes. An outcome that has no
    /// studentized difference takes part in a studentized family with its difference in standard
    /// deviations over the draws. An outcome without a statistic has no p-value and is not part of the family.
    pub fn westfall_young(&self, outcomes: &[usize], statistic: Statistic) -> Vec<Option<f64>> {
        let mut order: Vec<Step> = outcomes
            .iter()
            .enumerate()
            .filter_map(|(i, &k)| self.step(i, k, statistic))
            .collect();
        order.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.member.cmp(&b.member)));
        let width = self.observed.len();
        let mut counts = vec![0_u64; order.len()];
        for replicate in self.replicates.chunks_exact(width.max(1)) {
            let mut largest = 0.0_f64;
            for (place, step) in order.iter().enumerate().rev() {
                let value = replicate[outcomes[step.member]][step.place] / step.scale;
                // An undefined statistic counts as far away, as in a single test.
                largest = if value.is_nan() {
                    f64::INFINITY
                } else {
                    largest.max(value.abs())
                };
                if at_least(largest, step.bound) {
                    counts[place] += 1;
                }
            }
        }
        let mut adjusted = vec![None; outcomes.len()];
        let mut so_far = 0.0_f64;
        for (step, count) in order.into_iter().zip(counts) {
            if let Some(share) = self.share(count) {
                so_far = so_far.max(share.p_value);
                adjusted[step.member] = Some(so_far);
            }
        }
        adjusted
    }

    /// An outcome's statistic in a family.
    fn step(&self, member: usize, outcome: usize, asked: Statistic) -> Option<Step> {
        let (statistic, scale) = match self.observed(outcome, asked) {
            Some(_) => (asked, 1.0),
            None => (Statistic::Difference, self.spread(outcome)?),
        };
        let value = self.observed(outcome, statistic)?.abs();
        Some(Step {
            member,
            place: place(statistic),
            scale,
            value: value / scale,
            bound: self.bound(outcome, statistic)? / scale,
        })
    }

    /// The standard deviation of the difference over the draws, about 0; none without any.
    fn spread(&self, outcome: usize) -> Option<f64> {
        let values = self.of(outcome).map(|replicate| replicate[0]);
        let (sum, n) = values
            .filter(|difference| difference.is_finite())
            .fold((0.0, 0_u64), |(sum, n), d| (sum + d * d, n + 1));
        let spread = (sum / n as f64).sqrt();
        (spread > 0.0 && spread.is_finite()).then_some(spread)
    }

    /// The constant additive effects that the draws do not reject at 1 − level: the test by
    /// [`Statistic::Difference`], inverted exactly over the replicates at hand.
    pub fn interval(&self, outcome: usize, level: Level) -> Option<Inverted> {
        let observed = self.observed.get(outcome).copied().flatten()?;
        Some(inversion::invert(
            observed.difference,
            self.of(outcome).map(|&[a, b, _]| (a, b)),
            self.extent.own(),
            1.0 - level.value(),
        ))
    }

    /// The constant additive effects that the studentized test does not reject at 1 − level; absent
    /// where the statistic is not defined, and for outcomes that no interval was asked of.
    ///
    /// The draws, the strata and the standard error are those of the test, so that the interval
    /// leaves out 0 where its p-value is at most 1 − level (but for gaps of the set). A limit is absent
    /// where the draws are too few to reject anything on that side.
    ///
    /// Studentized, the interval also covers the average effect where effects differ between people,
    /// in large samples (Wu & Ding 2021, JASA 116, 1898–1913, for the test).
    pub fn studentized_interval(&self, outcome: usize, level: Level) -> Option<Inverted> {
        let shifts = &self.shifts;
        let place = shifts.places.get(outcome).copied().flatten()?;
        let observed = shifts.observed.get(place).copied().flatten()?;
        let own = shifts.reaches.iter().skip(place);
        let own = own.step_by(shifts.observed.len().max(1));
        let alpha = 1.0 - level.value();
        Some(studentized::interval(
            observed,
            own,
            self.extent.own(),
            alpha,
        ))
    }

    fn of(&self, outcome: usize) -> impl Iterator<Item = &[f64; 3]> {
        self.replicates
            .iter()
            .skip(outcome)
            .step_by(self.observed.len().max(1))
    }

    /// What a replicate's statistic must reach in size.
    fn bound(&self, outcome: usize, statistic: Statistic) -> Option<f64> {
        let observed = self.observed.get(outcome).copied().flatten()?;
        if observed.difference.abs() <= observed.noise {
            return Some(0.0);
        }
        let value = self.observed(outcome, statistic)?.abs();
        Some(if value.is_finite() {
            value * (1.0 - TIE)
        } else {
            value
        })
    }

    fn share(&self, count: u64) -> Option<DrawnP> {
        let (draws, own) = (self.extent.draws(), self.extent.own());
        let p_value = (count + own) as f64 / (draws + own) as f64;
        let exact = own == 0;
        (draws > 0).then(|| DrawnP {
            p_value,
            monte_carlo_error: if exact {
                0.0
            } else {
                (p_value * (1.0 - p_value) / draws as f64).sqrt()
            },
            draws,
            exact,
        })
    }
}

/// A member of a family of outcomes: what its replicates are divided by, and what they must reach.
struct Step {
    member: usize,
    place: usize,
    scale: f64,
    value: f64,
    bound: f64,
}

struct Memory<M> {
    draws: M,
    arms: Vec<u8>,
    sums: Sums,
    shifted: Option<Sums>,
}

/// The chosen outcomes less their observed effects; none where none are chosen.
fn shifted(
    drawn: &Drawn,
    chosen: &[usize],
    observed: &[Option<Observed>],
) -> Result<Option<Shifted>> {
    if chosen.is_empty() {
        return Ok(None);
    }
    let outcomes: Vec<&[f64]> = chosen.iter().map(|&k| drawn.outcomes[k]).collect();
    let effects: Vec<f64> = chosen
        .iter()
        .map(|&k| observed[k].map_or(f64::NAN, |observed| observed.difference))
        .collect();
    let own = Drawn {
        outcomes: &outcomes,
        ..*drawn
    };
    Shifted::new(&own, &effects).map(Some).map_err(lengths)
}

fn place(statistic: Statistic) -> usize {
    match statistic {
        Statistic::Difference => 0,
        Statistic::Studentized => 2,
    }
}

/// |value| ≥ bound, where an undefined value counts as far away.
fn at_least(value: f64, bound: f64) -> bool {
    value.is_nan() || value.abs() >= bound
}

fn lengths(error: ModelError) -> Error {
    match error {
        ModelError::Length { expected, found } => Error::internal(format!(
            "randomization inference was given {found} values for {expected} people"
        )),
        ModelError::SplitCluster { .. } | ModelError::ClusterAcrossStrata { .. } => {
            Error::data("a cluster's members are in different arms or strata of the draw")
                .hint("randomization inference needs the clusters as they were drawn")
        }
        _ => Error::internal("randomization inference was given no people"),
    }
}
