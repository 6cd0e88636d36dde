//! Nearest-neighbour matching on covariates: every treated person beside the control most
//! like them. The effect is that on the treated.

use super::infer::{Level, infer};
use super::matrix::{Matrix, ModelError, check, mean, same_length};
use super::qr::Qr;
use super::sample::Moments;
use crate::results::Estimate;

/// An effect from matched people.
#[derive(Debug, Clone, PartialEq)]
pub struct Matched {
    pub effect: Estimate,
    /// Treated people with a match.
    pub treated: usize,
    /// Different controls used.
    pub controls: usize,
    /// How often everybody counts: once if treated and matched, a control by its matches, others not.
    pub weights: Vec<f64>,
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
        let mut weights = vec![0.0; y.len()];
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
            weights[i] = 1.0;
        }
        for (j, (times, _)) in used.iter().enumerate() {
            weights[c[j]] = *times;
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
            weights,
        })
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
