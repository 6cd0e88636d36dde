//! Confidence intervals by inverting the studentized randomization test, exactly.
//!
//! With the effect τ for everybody, outcomes without the intervention are y − τz. In a replicate
//! their studentized difference is (a − τb)/√(A − 2τB + τ²C), with a, A of y and b, C of the
//! observed assignment z in place of the outcome, B between the two; in the observed draw it
//! is (T − τ)/√V, since z is constant within its arms. So the replicate is at least as far from zero as
//! the observed draw where V(a − τb)² − (T − τ)²(A − 2τB + τ²C) ≥ 0: between roots of a quartic,
//! T in between. The set of τ with p(τ) > 1 − level need not be an interval; what is given is the
//! smallest interval that holds it, which covers at least as often.

use super::Drawn;
use super::features::{Compared, Features, Sums};
use super::inversion::Inverted;
use crate::stats::cluster::Clusters;
use crate::stats::matrix::ModelError;
use crate::stats::strata::blocks;

/// Up to two intervals of effects for which a replicate is as far away as the observed draw, in standard
/// errors from the observed effect. An absent one is empty: its low end above its high end.
pub(super) type Reach = [(f64, f64); 2];

const EMPTY: (f64, f64) = (f64::INFINITY, f64::NEG_INFINITY);
const ALL: Reach = [(f64::NEG_INFINITY, f64::INFINITY), EMPTY];

/// The outcomes less their observed effects, which keeps digits where effects are large.
pub(super) struct Shifted {
    features: Features,
    observed: Vec<Option<Observed>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Observed {
    effect: f64,
    std_error: f64,
}

impl Shifted {
    /// `effects` has the observed difference of every outcome.
    ///
    /// # Errors
    /// Those of [`Features::new`].
    pub(super) fn new(drawn: &Drawn, effects: &[f64]) -> Result<Self, ModelError> {
        let series: Vec<Vec<f64>> = drawn
            .outcomes
            .iter()
            .zip(effects)
            .map(|(y, effect)| {
                let less = |(y, &treated): (&f64, &bool)| if treated { y - effect } else { *y };
                y.iter().zip(drawn.treated).map(less).collect()
            })
            .collect();
        let series: Vec<&[f64]> = series.iter().map(Vec::as_slice).collect();
        let features = Features::new(
            &Drawn {
                outcomes: &series,
                ..*drawn
            },
            true,
        )?;
        let mut sums = features.sums();
        let arms: Vec<u8> = drawn.treated.iter().map(|&t| u8::from(t)).collect();
        features.add(&arms, 1, &mut sums);
        let observed = drawn
            .outcomes
            .iter()
            .zip(effects)
            .enumerate()
            .map(|(k, (y, &effect))| {
                let compared = features.compared(k, &sums);
                let std_error = compared.yy.sqrt() / compared.weight;
                let values = y.iter().filter(|y| !y.is_nan());
                let noise = values.fold(0.0_f64, |m, y| m.max(y.abs())) * NOISE;
                let known = effect.is_finite() && std_error.is_finite() && std_error > noise;
                known.then_some(Observed { effect, std_error })
            })
            .collect();
        Ok(Shifted { features, observed })
    }

    pub(super) fn sums(&self) -> Sums {
        self.features.sums()
    }

    /// Adds what a replicate says of every outcome.
    pub(super) fn reaches(&self, arms: &[u8], code: u8, sums: &mut Sums, found: &mut Vec<Reach>) {
        self.features.add(arms, code, sums);
        found.extend(self.observed.iter().enumerate().map(|(k, observed)| {
            observed.map_or(ALL, |observed| {
                reach(observed, &self.features.compared(k, sums))
            })
        }));
    }

    pub(super) fn into_observed(self) -> Vec<Option<Observed>> {
        self.observed
    }
}

/// Per outcome whether every draw has a studentized difference: none leaves an arm of a stratum with
/// one unit that has a value, given the numbers of units per arm and stratum as drawn.
///
/// # Errors
/// Those of [`Clusters::new`] and [`blocks`].
pub(super) fn defined(drawn: &Drawn) -> Result<Vec<bool>, ModelError> {
    let n = drawn.treated.len();
    let members: Vec<Vec<usize>> = match drawn.clusters {
        None => (0..n).map(|i| vec![i]).collect(),
        Some(clusters) => Clusters::new(clusters)?.members().to_vec(),
    };
    let first = |of: &Vec<usize>| of[0];
    let treated: Vec<bool> = members.iter().map(|m| drawn.treated[first(m)]).collect();
    let strata: Vec<usize> = members
        .iter()
        .map(|m| drawn.strata.map_or(0, |strata| strata[first(m)]))
        .collect();
    let blocks = blocks(&treated, &strata)?;
    let one_is_possible = |known: usize, own: usize, other: usize| {
        let (fewest, most) = (known.saturating_sub(other), known.min(own));
        (fewest..=most).contains(&1)
    };
    Ok(drawn
        .outcomes
        .iter()
        .map(|y| {
            !blocks.iter().any(|block| {
                let known = block
                    .members
                    .iter()
                    .filter(|&&u| members[u].iter().any(|&i| !y[i].is_nan()))
                    .count();
                one_is_possible(known, block.treated, block.control)
                    || one_is_possible(known, block.control, block.treated)
            })
        })
        .collect())
}

/// The effects for which a replicate is as far from zero as the observed draw.
fn reach(observed: Observed, compared: &Compared) -> Reach {
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

/// The effects that the replicates do not reject at `alpha`.
pub(super) fn interval<'a>(
    observed: Observed,
    reaches: impl Iterator<Item = &'a Reach>,
    own: u64,
    alpha: f64,
) -> Inverted {
    let hull = hull(reaches, own, alpha);
    let back = |limit: Option<f64>| limit.map(|u| observed.effect + u * observed.std_error);
    Inverted {
        low: back(hull.low),
        high: back(hull.high),
    }
}

/// Standard errors below this share of the largest value are rounding error.
const NOISE: f64 = 1e-12;

/// Below this, 1 − |b| is rounding: the replicate is the observed draw or its mirror image. The
/// same for a variance of the assignment, which has no unit.
const SAME: f64 = 1e-12;

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
