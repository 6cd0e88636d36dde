//! Nearest-neighbour matching on covariates: every treated person beside the control most
//! like them. The effect is that on the treated.

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

/// Every treated person is compared with the nearest control, who may serve more than once;
/// controls at the same distance are averaged, so that the order of people doesn't matter.
///
/// # Formula
/// Mahalanobis distance with the covariance within arms. τ = Σ_treated (Y_i − Ŷ_i)/N₁ with
/// variance [Σ_treated (Y_i − Ŷ_i − τ)² + Σ_controls (K_j² − K'_j) σ²_j]/N₁², where K_j
/// adds up a control's weights in the matches and K'_j their squares, and σ²_j =
/// J/(J + 1) (Y_j − Ȳ_nearest)² over the J nearest other controls (one, but for ties)
/// (Abadie & Imbens 2006, Econometrica 74, 235–267, section 4). Normal reference.
///
/// # Errors
/// [`ModelError::EmptyArm`], [`ModelError::NoVariance`] with
/// fewer than two controls or no usable covariate; [`ModelError::Numerical`] when there are too many
/// people for comparing all with all; [`ModelError::Length`], [`ModelError::NotFinite`].
pub fn with_replacement(
    y: &[f64],
    treated: &[bool],
    covariates: &Matrix,
    level: Level,
) -> Result<Matched, ModelError> {
    let space = Space::new(y, treated, covariates)?;
    let (t, c) = (&space.treated, &space.control);
    if c.len() < 2 {
        return Err(ModelError::NoVariance);
    }
    let mut used = vec![(0.0, 0.0); c.len()];
    let mut differences = Vec::with_capacity(t.len());
    for &i in t {
        let nearest = space.nearest(i, None);
        let share = 1.0 / nearest.len() as f64;
        let mut other = 0.0;
        for &j in &nearest {
            other += share * y[c[j]];
            used[j].0 += share;
            used[j].1 += share * share;
        }
        differences.push(y[i] - other);
    }
    let n = t.len() as f64;
    let moments = Moments::from_slice(&differences);
    let again: f64 = used
        .iter()
        .enumerate()
        .filter(|(_, (k, squares))| k * k > *squares)
        .map(|(j, (k, squares))| {
            let nearest = space.nearest(c[j], Some(j));
            let count = nearest.len() as f64;
            let around = nearest.iter().map(|&other| y[c[other]]).sum::<f64>() / count;
            (k * k - squares) * count / (count + 1.0) * (y[c[j]] - around).powi(2)
        })
        .sum();
    let std_error = (moments.m2 + again).sqrt() / n;
    Ok(Matched {
        effect: infer(moments.mean, std_error, None, level),
        treated: t.len(),
        controls: used.iter().filter(|(k, _)| *k > 0.0).count(),
    })
}

/// Pairs without replacement: the closest pair of all first, then the closest of who is
/// left, until an arm is used up. The standard error is that of the pairs' differences
/// (paired t), which takes the matches as given.
///
/// # Errors
/// As [`with_replacement`]; [`ModelError::NoVariance`] with fewer than two pairs or equal differences.
pub fn pairs(
    y: &[f64],
    treated: &[bool],
    covariates: &Matrix,
    level: Level,
) -> Result<Matched, ModelError> {
    let space = Space::new(y, treated, covariates)?;
    let (t, c) = (&space.treated, &space.control);
    if t.len() * c.len() > MOST / 10 {
        return Err(ModelError::Numerical);
    }
    let mut all: Vec<(f64, u32, u32)> = Vec::with_capacity(t.len() * c.len());
    for (a, &i) in t.iter().enumerate() {
        for (b, &j) in c.iter().enumerate() {
            all.push((space.distance(i, j), a as u32, b as u32));
        }
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut free_t, mut free_c) = (vec![true; t.len()], vec![true; c.len()]);
    let mut differences = Vec::new();
    for (_, a, b) in all {
        let (a, b) = (a as usize, b as usize);
        if free_t[a] && free_c[b] {
            free_t[a] = false;
            free_c[b] = false;
            differences.push(y[t[a]] - y[c[b]]);
        }
    }
    let effect =
        paired_t(&Moments::from_slice(&differences), level).map_err(|_| ModelError::NoVariance)?;
    Ok(Matched {
        effect,
        treated: differences.len(),
        controls: differences.len(),
    })
}

/// People as points between which Euclidean distance is Mahalanobis's.
struct Space {
    points: Vec<Vec<f64>>,
    treated: Vec<usize>,
    control: Vec<usize>,
}

impl Space {
    fn new(y: &[f64], treated: &[bool], covariates: &Matrix) -> Result<Space, ModelError> {
        let n = y.len();
        check(y, n)?;
        same_length(treated.len(), n)?;
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
        let points = (0..n)
            .map(|i| {
                let x: Vec<f64> = qr.kept().iter().map(|&j| covariates.column(j)[i]).collect();
                qr.solve_rt(&x).into_iter().map(|v| v * scale).collect()
            })
            .collect();
        Ok(Space {
            points,
            treated: t,
            control: c,
        })
    }

    fn distance(&self, i: usize, j: usize) -> f64 {
        self.points[i]
            .iter()
            .zip(&self.points[j])
            .map(|(a, b)| (a - b) * (a - b))
            .sum()
    }

    /// The controls (by place) nearest to a person, all of them in a tie.
    fn nearest(&self, i: usize, except: Option<usize>) -> Vec<usize> {
        let others = || (0..self.control.len()).filter(|&j| Some(j) != except);
        let distances: Vec<f64> = others()
            .map(|j| self.distance(i, self.control[j]))
            .collect();
        let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
        let reach = least + TIE * (1.0 + least);
        others()
            .zip(&distances)
            .filter(|(_, d)| **d <= reach)
            .map(|(j, _)| j)
            .collect()
    }
}

/// A deviation that is only rounding is zero.
fn clear(deviation: f64, value: f64) -> f64 {
    if deviation.abs() <= 4.0 * f64::EPSILON * value.abs() {
        0.0
    } else {
        deviation
    }
}
