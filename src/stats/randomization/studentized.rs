//! Confidence intervals by inverting the studentized randomization test, exactly.

use rayon::prelude::*;

use super::inversion::Inverted;
use super::{CHUNK, Drawn, Draws, Extent, lengths};
use crate::error::Result;
use crate::stats::cluster::Clusters;
use crate::stats::infer::Level;
use crate::stats::matrix::{ModelError, mean, same_length};
use crate::stats::strata::blocks;

/// The constant additive effects that the studentized test does not reject at 1 − level, per outcome;
/// absent where the observed statistic is not defined.
///
/// # Formula
/// With the effect τ for everybody, outcomes without the intervention are y − τz. In a replicate
/// their studentized difference is (a − τb)/√(A − 2τB + τ²C), with a, A of y and b, C of the
/// observed assignment z in place of the outcome, B between the two; in the observed draw it
/// is (T − τ)/√V, since z is constant within its arms. So the replicate is at least as far from zero as
/// the observed draw where V(a − τb)² − (T − τ)²(A − 2τB + τ²C) ≥ 0: between roots of a quartic,
/// T in between. The set of τ with p(τ) > 1 − level need not be an interval; what is given is the
/// smallest interval that holds it, which covers at least as often.
///
/// The draws, the strata and the standard error are those of [`super::Randomization`], so that the interval
/// leaves out 0 where its p-value is at most 1 − level (but for gaps of the set). A limit is absent where the draws are too
/// few to reject anything on that side.
///
/// Studentized, the interval also covers the average effect where effects differ between people, in
/// large samples (Wu & Ding 2021, JASA 116, 1898–1913, for the test).
///
/// # Errors
/// Internal ones, and columns of different length.
pub fn studentized_intervals<D: Draws>(
    drawn: &Drawn,
    draws: &D,
    extent: Extent,
    level: Level,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Option<Inverted>>> {
    let people = People::new(drawn).map_err(lengths)?;
    let outcomes = drawn.outcomes.len();
    let total = extent.draws();
    let chunks: Vec<Vec<Reach>> = (0..total.div_ceil(CHUNK))
        .into_par_iter()
        .map_init(
            || {
                (
                    draws.memory(),
                    vec![0_u8; drawn.treated.len()],
                    people.memory(),
                )
            },
            |(memory, arms, sums), chunk| {
                let indices = chunk * CHUNK..total.min((chunk + 1) * CHUNK);
                let done = indices.end - indices.start;
                let mut found = Vec::with_capacity(CHUNK as usize * outcomes);
                for index in indices {
                    draws.draw(index, memory, arms)?;
                    people.add(|i| arms[i] == draws.treated(), sums);
                    found.extend((0..outcomes).map(|k| people.reach(k, &sums.compared[k])));
                }
                progress(done);
                Ok(found)
            },
        )
        .collect::<Result<_>>()?;
    let reaches = chunks.concat();
    Ok((0..outcomes)
        .into_par_iter()
        .map(|k| {
            let observed = people.observed[k]?;
            let own = reaches.iter().skip(k).step_by(outcomes);
            let hull = hull(own, extent.own(), 1.0 - level.value());
            let back = |limit: Option<f64>| limit.map(|u| observed.effect + u * observed.std_error);
            Some(Inverted {
                low: back(hull.low),
                high: back(hull.high),
            })
        })
        .collect())
}

/// Up to two intervals of effects for which a replicate is as far away as the observed draw, in standard
/// errors from the observed effect. An absent one is empty: its low end above its high end.
type Reach = [(f64, f64); 2];

const EMPTY: (f64, f64) = (f64::INFINITY, f64::NEG_INFINITY);
const ALL: Reach = [(f64::NEG_INFINITY, f64::INFINITY), EMPTY];

#[derive(Debug, Clone, Copy)]
struct Observed {
    effect: f64,
    std_error: f64,
}

/// What is added up over the units of an arm: s, n, s², sn, n², units with values, zn, sz n, zn² with
/// s the sum and n the number of a unit's values, z whether the unit had the intervention.
const COLUMNS: usize = 9;

/// A difference between arms, of the outcome and of the assignment, with variances.
#[derive(Debug, Clone, Copy, Default)]
struct Compared {
    weight: f64,
    difference: f64,
    slope: f64,
    yy: f64,
    yz: f64,
    zz: f64,
}

struct Memory {
    sums: Vec<[f64; COLUMNS]>,
    compared: Vec<Compared>,
}

/// The units stratum by stratum, with the columns of every outcome less its observed effect.
struct People {
    outcomes: usize,
    /// A person of each unit.
    person: Vec<usize>,
    starts: Vec<usize>,
    /// Per unit, the columns of all outcomes.
    values: Vec<[f64; COLUMNS]>,
    /// Per stratum, the same added up.
    totals: Vec<[f64; COLUMNS]>,
    observed: Vec<Option<Observed>>,
    /// Whether the intervention arm is the smaller, whose units are added up.
    adds_treated: bool,
}

impl People {
    fn new(drawn: &Drawn) -> std::result::Result<Self, ModelError> {
        let n = drawn.treated.len();
        let outcomes = drawn.outcomes.len();
        for outcome in drawn.outcomes {
            same_length(outcome.len(), n)?;
        }
        let strata = drawn.strata.map_or_else(|| vec![0; n], <[usize]>::to_vec);
        same_length(strata.len(), n)?;
        let members: Vec<Vec<usize>> = match drawn.clusters {
            None => (0..n).map(|i| vec![i]).collect(),
            Some(clusters) => {
                same_length(clusters.len(), n)?;
                let clusters = Clusters::new(clusters)?;
                clusters.arms(drawn.treated)?;
                clusters.members().to_vec()
            }
        };
        for (cluster, members) in members.iter().enumerate() {
            if members.iter().any(|&i| strata[i] != strata[members[0]]) {
                return Err(ModelError::ClusterAcrossStrata { cluster });
            }
        }
        let treated: Vec<bool> = members.iter().map(|m| drawn.treated[m[0]]).collect();
        let unit_strata: Vec<usize> = members.iter().map(|m| strata[m[0]]).collect();
        let blocks = blocks(&treated, &unit_strata)?;
        let order: Vec<usize> = blocks.iter().flat_map(|b| b.members.clone()).collect();
        let mut starts = vec![0];
        for block in &blocks {
            starts.push(starts[starts.len() - 1] + block.members.len());
        }
        let in_treatment = treated.iter().filter(|t| **t).count();
        let mut people = People {
            outcomes,
            person: order.iter().map(|&u| members[u][0]).collect(),
            starts,
            values: vec![[0.0; COLUMNS]; order.len() * outcomes],
            totals: Vec::new(),
            observed: vec![None; outcomes],
            adds_treated: in_treatment * 2 <= treated.len(),
        };
        let mut memory = people.memory();
        let mut series: Vec<Vec<f64>> = drawn.outcomes.iter().map(|y| y.to_vec()).collect();
        let mut effects = vec![0.0; outcomes];
        // Once for the observed effects, and again for the outcomes without them.
        for round in 0..2 {
            for (k, y) in series.iter_mut().enumerate() {
                centre(y, &people, &order, &members);
                people.fill(k, y, &order, &members, &treated);
            }
            people.totals = people.add_up();
            people.add(|i| drawn.treated[i], &mut memory);
            for (k, y) in series.iter_mut().enumerate() {
                let compared = memory.compared[k];
                let effect = compared.difference / compared.weight;
                if round == 0 {
                    effects[k] = effect;
                    for (y, &treated) in y.iter_mut().zip(drawn.treated) {
                        *y -= if treated { effect } else { 0.0 };
                    }
                } else {
                    let std_error = compared.yy.sqrt() / compared.weight;
                    let largest = drawn.outcomes[k].iter().filter(|y| !y.is_nan());
                    let noise = largest.fold(0.0_f64, |m, y| m.max(y.abs())) * NOISE;
                    people.observed[k] =
                        (effects[k].is_finite() && std_error.is_finite() && std_error > noise)
                            .then_some(Observed {
                                effect: effects[k],
                                std_error,
                            });
                }
            }
        }
        Ok(people)
    }

    fn fill(
        &mut self,
        k: usize,
        y: &[f64],
        order: &[usize],
        members: &[Vec<usize>],
        treated: &[bool],
    ) {
        for (place, &unit) in order.iter().enumerate() {
            let (mut s, mut n) = (0.0, 0.0);
            for &i in members[unit].iter().filter(|i| !y[**i].is_nan()) {
                s += y[i];
                n += 1.0;
            }
            let z = f64::from(u8::from(treated[unit]));
            let any = f64::from(u8::from(n > 0.0));
            self.values[place * self.outcomes + k] =
                [s, n, s * s, s * n, n * n, any, z * n, s * z * n, z * n * n];
        }
    }

    fn memory(&self) -> Memory {
        Memory {
            sums: vec![[0.0; COLUMNS]; self.outcomes],
            compared: vec![Compared::default(); self.outcomes],
        }
    }

    fn add_up(&self) -> Vec<[f64; COLUMNS]> {
        let mut totals = vec![[0.0; COLUMNS]; self.outcomes * (self.starts.len() - 1)];
        for (bounds, totals) in self
            .starts
            .windows(2)
            .zip(totals.chunks_exact_mut(self.outcomes.max(1)))
        {
            for unit in bounds[0]..bounds[1] {
                self.add_unit(unit, totals);
            }
        }
        totals
    }

    fn add_unit(&self, unit: usize, sums: &mut [[f64; COLUMNS]]) {
        let own = &self.values[unit * self.outcomes..(unit + 1) * self.outcomes];
        for (sums, values) in sums.iter_mut().zip(own) {
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += value;
            }
        }
    }

    /// Compares the arms when `treated` says who has the intervention.
    fn add(&self, treated: impl Fn(usize) -> bool, memory: &mut Memory) {
        memory.compared.fill(Compared::default());
        for (stratum, bounds) in self.starts.windows(2).enumerate() {
            memory.sums.fill([0.0; COLUMNS]);
            for unit in bounds[0]..bounds[1] {
                if treated(self.person[unit]) == self.adds_treated {
                    self.add_unit(unit, &mut memory.sums);
                }
            }
            let totals = &self.totals[stratum * self.outcomes..(stratum + 1) * self.outcomes];
            for ((one, total), compared) in memory.sums.iter().zip(totals).zip(&mut memory.compared)
            {
                let mut other = *total;
                for (other, one) in other.iter_mut().zip(one) {
                    *other -= one;
                }
                let (treated, control) = match self.adds_treated {
                    true => (one, &other),
                    false => (&other, one),
                };
                compared.stratum(treated, control);
            }
        }
    }

    /// The effects for which a replicate is as far from zero as the observed draw.
    fn reach(&self, outcome: usize, compared: &Compared) -> Reach {
        let Some(observed) = self.observed[outcome] else {
            return ALL;
        };
        let w = compared.weight;
        let se = observed.std_error;
        // In units of the observed standard error, the observed effect in the origin.
        let (a, b) = (compared.difference / w / se, compared.slope / w);
        let (yy, yz, zz) = (
            compared.yy / (w * w) / (se * se),
            compared.yz / (w * w) / se,
            compared.zz / (w * w),
        );
        if [a, b, yy, yz, zz].iter().any(|v| !v.is_finite()) || 1.0 - b.abs() < SAME {
            return ALL;
        }
        // Where the assignment does not vary within the arms of the replicate, it does not vary
        // with the outcome either: rounding must not add a power.
        let (yz, zz) = if zz > SAME { (yz, zz) } else { (0.0, 0.0) };
        positive([a * a, -2.0 * a * b, b * b - yy, 2.0 * yz, -zz])
    }
}

/// Standard errors below this share of the largest value are rounding error.
const NOISE: f64 = 1e-12;

/// Below this, 1 − |b| is rounding: the replicate is the observed draw or its mirror image. The
/// same for a variance of the assignment, which has no unit.
const SAME: f64 = 1e-12;

impl Compared {
    /// Adds a stratum N_j (difference, slope), and N_j² times the variances; see
    /// [`super::Randomization::run`] for the formula.
    fn stratum(&mut self, treated: &[f64; COLUMNS], control: &[f64; COLUMNS]) {
        let (n1, n0) = (treated[1], control[1]);
        if n1 == 0.0 || n0 == 0.0 {
            return;
        }
        let n = n1 + n0;
        self.weight += n;
        let mut sign = 1.0;
        for arm in [treated, control] {
            let &[s, own, ss, sn, nn, units, zn, szn, znn] = arm;
            let (my, mz) = (s / own, zn / own);
            self.difference += sign * n * my;
            self.slope += sign * n * mz;
            // 0/0 for a single unit: not defined.
            let scale = n * n / (own * own) * (units / (units - 1.0));
            self.yy += scale * (ss - my * (2.0 * sn - my * nn)).max(0.0);
            self.yz += scale * (szn - my * znn - mz * sn + my * mz * nn);
            self.zz += scale * (znn - mz * (2.0 * znn - mz * nn)).max(0.0);
            sign = -1.0;
        }
    }
}

/// Subtracts the mean of every stratum: differences stay, squares keep their digits.
fn centre(y: &mut [f64], people: &People, order: &[usize], members: &[Vec<usize>]) {
    for bounds in people.starts.windows(2) {
        let own: Vec<usize> = order[bounds[0]..bounds[1]]
            .iter()
            .flat_map(|&unit| members[unit].iter().copied())
            .filter(|&i| !y[i].is_nan())
            .collect();
        let mean = mean(own.iter().map(|&i| y[i])).unwrap_or_default();
        for i in own {
            y[i] -= mean;
        }
    }
}

/// Where a polynomial (lowest power first) that is not negative in 0 is not negative.
fn positive(q: [f64; 5]) -> Reach {
    let roots = roots(&q);
    let mut reach = [EMPTY; 2];
    let mut places = reach.iter_mut();
    let mut from = f64::NEG_INFINITY;
    let mut open = None;
    for at in 0..=roots.len() {
        let to = roots.get(at).copied().unwrap_or(f64::INFINITY);
        let middle = match (from.is_finite(), to.is_finite()) {
            (true, true) => from + (to - from) / 2.0,
            (true, false) => from + 1.0 + from.abs(),
            (false, true) => to - 1.0 - to.abs(),
            (false, false) => 0.0,
        };
        match (value(&q, middle) >= 0.0, open) {
            (true, None) => open = Some(from),
            (false, Some(start)) => {
                if let Some(place) = places.next() {
                    *place = (start, from);
                }
                open = None;
            }
            _ => {}
        }
        from = to;
    }
    if let (Some(start), Some(place)) = (open, places.next()) {
        *place = (start, f64::INFINITY);
    }
    reach
}

fn value(q: &[f64], x: f64) -> f64 {
    q.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// The real roots at which a polynomial changes sign, ascending: between the roots of its
/// derivative there is at most one.
fn roots(q: &[f64]) -> Vec<f64> {
    let degree = q.iter().rposition(|c| *c != 0.0).unwrap_or(0);
    let q = &q[..=degree];
    match *q {
        [] | [_] => return Vec::new(),
        [c, b] => return vec![-c / b],
        _ => {}
    }
    let slope: Vec<f64> = (1..=degree).map(|power| power as f64 * q[power]).collect();
    let bound = 1.0
        + q[..degree]
            .iter()
            .fold(0.0_f64, |m, c| m.max((c / q[degree]).abs()));
    let mut ends = vec![-bound];
    ends.extend(roots(&slope).into_iter().filter(|x| x.abs() < bound));
    ends.push(bound);
    ends.windows(2)
        .filter_map(|ends| crossing(q, ends[0], ends[1]))
        .collect()
}

/// The sign change of a polynomial between two points, to the last digits: Newton's steps where they stay
/// inside the bracket, halving where not.
fn crossing(q: &[f64], mut low: f64, mut high: f64) -> Option<f64> {
    let (at_low, at_high) = (value(q, low), value(q, high));
    if (at_low < 0.0) == (at_high < 0.0) {
        return None;
    }
    let rising = at_low < 0.0;
    let mut x = low + (high - low) / 2.0;
    for _ in 0..200 {
        let (mut at, mut slope) = (0.0, 0.0);
        for c in q.iter().rev() {
            slope = slope * x + at;
            at = at * x + c;
        }
        if (at < 0.0) == rising {
            low = x;
        } else {
            high = x;
        }
        let newton = x - at / slope;
        let next = if newton > low && newton < high {
            newton
        } else {
            low + (high - low) / 2.0
        };
        if (next - x).abs() <= 2.0 * f64::EPSILON * x.abs() || next <= low || next >= high {
            return Some(next);
        }
        x = next;
    }
    Some(x)
}

/// From the smallest to the largest point that lies in enough of the intervals.
fn hull<'a>(reaches: impl Iterator<Item = &'a Reach>, own: u64, alpha: f64) -> Inverted {
    let mut draws = 0_u64;
    let (mut lows, mut highs) = (Vec::new(), Vec::new());
    for reach in reaches {
        draws += 1;
        for &(low, high) in reach.iter().filter(|(low, high)| low <= high) {
            lows.push(low);
            highs.push(high);
        }
    }
    lows.sort_unstable_by(f64::total_cmp);
    highs.sort_unstable_by(f64::total_cmp);
    let total = (draws + own) as f64;
    let enough = |count: usize| (count as u64 + own) as f64 / total > alpha;
    let count =
        |x: f64| lows.partition_point(|low| *low <= x) - highs.partition_point(|high| *high < x);
    let low = lows.iter().copied().find(|&low| enough(count(low)));
    let high = highs
        .iter()
        .rev()
        .copied()
        .find(|&high| enough(count(high)));
    let limit = |limit: Option<f64>| limit.filter(|limit| limit.is_finite());
    Inverted {
        low: limit(low).filter(|_| !enough(0)),
        high: limit(high).filter(|_| !enough(0)),
    }
}
