//! Nearest-neighbour matching on covariates: every treated person beside the control most
//! like them. The effect is that on the treated.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::infer::{Level, infer};
use super::matrix::{Matrix, ModelError, check, mean, same_length};
use super::qr::Qr;
use super::sample::Moments;
use super::two_sample::paired_t;
use crate::results::Estimate;

/// An effect from matched people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matched {
    pub effect: Estimate,
    /// Treated people with a match.
    pub treated: usize,
    /// Different controls used.
    pub controls: usize,
}

/// Distances compared: beyond this the search takes too long to be a robustness check.
const MOST: usize = 50_000_000;

/// Distances that differ by no more than rounding are ties.
const TIE: f64 = 1e-10;

/// Who is how near to whom: people as points between which Euclidean distance is
/// Mahalanobis's, with the covariance within arms. Made once, for any number of outcomes.
pub struct Neighbours {
    treated: Vec<usize>,
    control: Vec<usize>,
    /// Coordinates of every person.
    points: Vec<Vec<f64>>,
    /// The controls' coordinates again, one column per dimension: distances to all of them are
    /// then sums over columns.
    columns: Vec<Vec<f64>>,
    /// The stratum of every person, where matches have to be from the own one.
    strata: Option<Vec<usize>>,
}

impl Neighbours {
    /// # Errors
    /// [`ModelError::EmptyArm`], [`ModelError::NoVariance`] without a usable covariate or with
    /// fewer than three people; [`ModelError::Numerical`] when there are too many people for
    /// comparing all with all, or a covariate overflows; [`ModelError::Length`].
    pub fn new(treated: &[bool], covariates: &Matrix) -> Result<Self, ModelError> {
        let n = treated.len();
        same_length(covariates.rows(), n)?;
        let (t, c): (Vec<usize>, Vec<usize>) = (0..n).partition(|&i| treated[i]);
        for (arm, members) in [(true, &t), (false, &c)] {
            if members.is_empty() {
                return Err(ModelError::EmptyArm { treated: arm });
            }
        }
        if t.len().saturating_add(c.len()).saturating_mul(c.len()) > MOST {
            return Err(ModelError::Numerical);
        }
        let mut centred = Matrix::new(n);
        for j in 0..covariates.columns() {
            let x = covariates.column(j);
            let of = |arm: &[usize]| mean(arm.iter().map(|&i| x[i])).unwrap_or_default();
            let (mt, mc) = (of(&t), of(&c));
            let column: Vec<f64> = (0..n)
                .map(|i| clear(x[i] - if treated[i] { mt } else { mc }, x[i]))
                .collect();
            centred.push(&column)?;
        }
        let qr = Qr::new(&centred)?;
        if qr.rank() == 0 || n < 3 {
            return Err(ModelError::NoVariance);
        }
        // Within-arm covariance R'R/(n − 2): distances are lengths of R⁻ᵀ(x − x')·√(n − 2).
        let scale = (n as f64 - 2.0).sqrt();
        let points: Vec<Vec<f64>> = (0..n)
            .map(|i| {
                let x: Vec<f64> = qr.kept().iter().map(|&j| covariates.column(j)[i]).collect();
                qr.solve_rt(&x).into_iter().map(|v| v * scale).collect()
            })
            .collect();
        if points.iter().flatten().any(|v| !v.is_finite()) {
            return Err(ModelError::Numerical);
        }
        let columns = (0..qr.rank())
            .map(|k| c.iter().map(|&j| points[j][k]).collect())
            .collect();
        Ok(Neighbours {
            treated: t,
            control: c,
            points,
            columns,
            strata: None,
        })
    }

    /// The same people, matched within strata only. Who is treated in a stratum without controls has
    /// no match.
    ///
    /// # Errors
    /// [`ModelError::Length`].
    pub fn within(mut self, strata: &[usize]) -> Result<Self, ModelError> {
        same_length(strata.len(), self.points.len())?;
        self.strata = Some(strata.to_vec());
        Ok(self)
    }

    /// Every treated person is compared with the nearest control, who may serve more than once;
    /// controls at the same distance are averaged, so that the order of people doesn't matter.
    ///
    /// # Formula
    /// τ = Σ_treated (Y_i − Ŷ_i)/N₁ with
    /// variance [Σ_treated (Y_i − Ŷ_i − τ)² + Σ_controls (K_j² − K'_j) σ²_j]/N₁², where K_j
    /// adds up a control's weights in the matches and K'_j their squares, and σ²_j =
    /// J/(J + 1) (Y_j − Ȳ_nearest)² over the J nearest other controls (one, but for ties)
    /// (Abadie & Imbens 2006, Econometrica 74, 235–267, section 4). Normal reference.
    ///
    /// # Errors
    /// [`ModelError::NoVariance`] with fewer than two controls; [`ModelError::Length`],
    /// [`ModelError::NotFinite`].
    pub fn with_replacement(&self, y: &[f64], level: Level) -> Result<Matched, ModelError> {
        check(y, self.points.len())?;
        let (t, c) = (&self.treated, &self.control);
        if c.len() < 2 {
            return Err(ModelError::NoVariance);
        }
        let mut distances = vec![0.0; c.len()];
        let mut used = vec![(0.0, 0.0); c.len()];
        let mut differences = Vec::with_capacity(t.len());
        for &i in t {
            self.distances(i, &mut distances);
            let nearest = nearest(&distances);
            if nearest.is_empty() {
                continue;
            }
            let share = 1.0 / nearest.len() as f64;
            let mut other = 0.0;
            for &j in &nearest {
                other += share * y[c[j]];
                used[j].0 += share;
                used[j].1 += share * share;
            }
            differences.push(y[i] - other);
        }
        if differences.is_empty() {
            return Err(ModelError::NoVariance);
        }
        let n = differences.len() as f64;
        let moments = Moments::from_slice(&differences);
        let again: f64 = used
            .iter()
            .enumerate()
            .filter(|(_, (k, squares))| k * k > *squares)
            .map(|(j, (k, squares))| {
                self.distances(c[j], &mut distances);
                // Nobody is their own neighbour.
                distances[j] = f64::NAN;
                let mut nearest = nearest(&distances);
                if nearest.is_empty() {
                    // The only control of a stratum: the nearest of another.
                    self.everywhere(c[j], &mut distances);
                    distances[j] = f64::NAN;
                    nearest = self::nearest(&distances);
                }
                let count = nearest.len() as f64;
                let around = nearest.iter().map(|&other| y[c[other]]).sum::<f64>() / count;
                (k * k - squares) * count / (count + 1.0) * (y[c[j]] - around).powi(2)
            })
            .sum();
        let std_error = (moments.m2 + again).sqrt() / n;
        Ok(Matched {
            effect: infer(moments.mean, std_error, None, level),
            treated: differences.len(),
            controls: used.iter().filter(|(k, _)| *k > 0.0).count(),
        })
    }

    /// Pairs without replacement: the closest pair of all first, then the closest of who is
    /// left, until an arm is used up; of pairs equally close, the first in the order of treated
    /// people, then of controls. The standard error is that of the pairs' differences
    /// (paired t), which takes the matches as given.
    ///
    /// # Errors
    /// [`ModelError::NoVariance`] with fewer than two pairs or equal differences;
    /// [`ModelError::Numerical`] with more pairs to choose from than a tenth of what
    /// [`Neighbours::new`] takes; [`ModelError::Length`], [`ModelError::NotFinite`].
    pub fn pairs(&self, y: &[f64], level: Level) -> Result<Matched, ModelError> {
        check(y, self.points.len())?;
        let (t, c) = (&self.treated, &self.control);
        if t.len() * c.len() > MOST / 10 {
            return Err(ModelError::Numerical);
        }
        let differences: Vec<f64> = self
            .closest_pairs()
            .into_iter()
            .map(|(a, b)| y[t[a]] - y[c[b]])
            .collect();
        let effect = paired_t(&Moments::from_slice(&differences), level)
            .map_err(|_| ModelError::NoVariance)?;
        Ok(Matched {
            effect,
            treated: differences.len(),
            controls: differences.len(),
        })
    }

    /// The places of treated people and their controls, in the order in which they are paired.
    ///
    /// Everybody treated knows the nearest few of the controls left and waits in a queue with
    /// the nearest of them. Who is first finds this control free, which makes a pair, or taken,
    /// and then queues again with the next. A control that is taken only makes others wait
    /// longer, so the first who finds theirs free is the closest pair of all.
    fn closest_pairs(&self) -> Vec<(usize, usize)> {
        let mut free = vec![true; self.control.len()];
        let mut memory = Memory {
            distances: vec![0.0; self.control.len()],
            left: Vec::with_capacity(self.control.len()),
        };
        let mut lists: Vec<Shortlist> = self.treated.iter().map(|_| Shortlist::new()).collect();
        let mut queue = BinaryHeap::with_capacity(lists.len());
        for (a, list) in lists.iter_mut().enumerate() {
            queue.extend(self.next_free(a, list, &free, &mut memory));
        }
        let mut pairs = Vec::with_capacity(lists.len());
        while let Some(Reverse((_, a, b))) = queue.pop() {
            if std::mem::take(&mut free[b]) {
                pairs.push((a, b));
            } else {
                queue.extend(self.next_free(a, &mut lists[a], &free, &mut memory));
            }
        }
        pairs
    }

    /// The place in the queue of somebody treated: by the nearest control left, if there is any.
    fn next_free(
        &self,
        a: usize,
        list: &mut Shortlist,
        free: &[bool],
        memory: &mut Memory,
    ) -> Option<Reverse<(u64, usize, usize)>> {
        loop {
            if list.next.is_empty() {
                self.distances(self.treated[a], &mut memory.distances);
                list.fill(memory, free);
            }
            let (distance, b) = list.next.pop()?;
            if free[b] {
                return Some(Reverse((distance, a, b)));
            }
        }
    }

    /// Squared distances of a person to all controls, infinite to those of another stratum.
    fn distances(&self, i: usize, to: &mut [f64]) {
        self.everywhere(i, to);
        if let Some(strata) = &self.strata {
            for (sum, &j) in to.iter_mut().zip(&self.control) {
                if strata[j] != strata[i] {
                    *sum = f64::INFINITY;
                }
            }
        }
    }

    /// Squared distances of a person to all controls, whatever their stratum.
    fn everywhere(&self, i: usize, to: &mut [f64]) {
        to.fill(0.0);
        for (own, column) in self.points[i].iter().zip(&self.columns) {
            for (sum, other) in to.iter_mut().zip(column) {
                *sum += (own - other) * (own - other);
            }
        }
    }
}

/// The nearest controls that somebody treated has not asked for yet, the very nearest last.
struct Shortlist {
    /// A distance as [`coarse`] has it and the control's place.
    next: Vec<(u64, usize)>,
    /// How many to list the next time: more and more, so that the lists made stay few.
    length: usize,
}

impl Shortlist {
    fn new() -> Self {
        Shortlist {
            next: Vec::new(),
            length: 8,
        }
    }

    fn fill(&mut self, memory: &mut Memory, free: &[bool]) {
        let Memory { distances, left } = memory;
        left.clear();
        left.extend(
            distances
                .iter()
                .enumerate()
                .filter(|(b, distance)| free[*b] && distance.is_finite())
                .map(|(b, distance)| (coarse(*distance), b)),
        );
        if left.len() > self.length {
            left.select_nth_unstable(self.length - 1);
            left.truncate(self.length);
        }
        left.sort_unstable_by(|a, b| b.cmp(a));
        self.next.extend_from_slice(left);
        self.length *= 2;
    }
}

/// Memory for the making of lists.
struct Memory {
    distances: Vec<f64>,
    /// The controls left, as in [`Shortlist::next`].
    left: Vec<(u64, usize)>,
}

/// The bits of a distance, which are in the order of distances as none is negative, rounded to
/// 2⁻³² of it: whether two distances are equal must not hang on the order of a sum.
fn coarse(distance: f64) -> u64 {
    const STEP: u64 = 1 << 20;
    (distance.to_bits() + STEP / 2) & !(STEP - 1)
}

/// The places of the least distances, all of them in a tie; none where all are infinite.
fn nearest(distances: &[f64]) -> Vec<usize> {
    // The least of eight interleaved rows, then of those: quicker than one after the other.
    const LANES: usize = 8;
    let less = |least: f64, d: f64| if d < least { d } else { least };
    let mut leasts = [f64::INFINITY; LANES];
    let rows = distances.chunks_exact(LANES);
    let rest = rows.remainder().iter().copied();
    for row in rows {
        for lane in 0..LANES {
            leasts[lane] = less(leasts[lane], row[lane]);
        }
    }
    let least = rest.chain(leasts).fold(f64::INFINITY, less);
    if least == f64::INFINITY {
        return Vec::new();
    }
    let reach = least + TIE * (1.0 + least);
    (0..distances.len())
        .filter(|&j| distances[j] <= reach)
        .collect()
}

/// A deviation that is only rounding is zero.
fn clear(deviation: f64, value: f64) -> f64 {
    if deviation.abs() <= 4.0 * f64::EPSILON * value.abs() {
        0.0
    } else {
        deviation
    }
}
