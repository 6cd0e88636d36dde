//! Least squares by Householder QR, with dependent columns dropped and the solution
//! refined until it is as good as double precision allows.

use super::matrix::{Matrix, ModelError};

/// How small the part of a column that earlier columns don't explain may be, relative
/// to the column, before the column counts as dependent. Rounding leaves about 1e-16 to
/// 1e-13 of an exactly dependent column; the hardest NIST regression (Filip) needs 1e-10.
const DEPENDENT: f64 = 1e-11;

/// At most so many rounds of refinement; two or three suffice but for near-singular designs.
const REFINEMENTS: usize = 8;

/// The decomposition X = Q R of a design's independent columns.
///
/// Columns are taken in order: the later column of a dependent set is dropped, so an
/// intercept and a treatment that come first are kept.
#[derive(Debug, Clone)]
pub struct Qr {
    rows: usize,
    /// Kept columns, by their place in the design.
    kept: Vec<usize>,
    dropped: Vec<usize>,
    /// The kept columns themselves, for residuals.
    x: Vec<f64>,
    /// Orthonormal columns spanning the kept columns.
    q: Vec<f64>,
    /// Upper triangle by column: `r[j]` has j + 1 entries.
    r: Vec<Vec<f64>>,
}

/// A further step this small, relative to the largest term of the fit, is not worth taking:
/// a term 1e8 times smaller than the largest has all its digits.
const NEGLIGIBLE: f64 = 1e-24;

/// A least-squares solution for one outcome.
#[derive(Debug, Clone)]
pub struct Solution {
    /// One coefficient per kept column.
    pub coefficients: Vec<f64>,
    /// Outcome minus fitted value; exactly zero where only rounding is left.
    pub residuals: Vec<f64>,
}

impl Qr {
    /// Decomposes a design, in O(rows × columns²).
    ///
    /// Householder reflections, one column at a time (Golub & Van Loan, Matrix
    /// Computations, 4th ed., §5.2.2).
    ///
    /// # Errors
    /// [`ModelError::Empty`] without rows, [`ModelError::Numerical`] on overflow.
    pub fn new(design: &Matrix) -> Result<Self, ModelError> {
        let n = design.rows();
        if n == 0 {
            return Err(ModelError::Empty);
        }
        let mut kept = Vec::new();
        let mut dropped = Vec::new();
        let mut x = Vec::new();
        let mut r: Vec<Vec<f64>> = Vec::new();
        let mut reflectors: Vec<Reflector> = Vec::new();
        for j in 0..design.columns() {
            let rank = reflectors.len();
            let mut column = design.column(j).to_vec();
            let size = norm(&column);
            if !size.is_finite() {
                return Err(ModelError::Numerical);
            }
            for reflector in &reflectors {
                reflector.apply(&mut column);
            }
            if rank == n || norm(&column[rank..]) <= DEPENDENT * size {
                dropped.push(j);
                continue;
            }
            let (reflector, diagonal) = Reflector::of(&column[rank..], rank);
            column.truncate(rank);
            column.push(diagonal);
            r.push(column);
            reflectors.push(reflector);
            x.extend_from_slice(design.column(j));
            kept.push(j);
        }
        let mut q = vec![0.0; n * kept.len()];
        for (j, column) in q.chunks_exact_mut(n).enumerate() {
            column[j] = 1.0;
            for reflector in reflectors.iter().rev() {
                reflector.apply(column);
            }
        }
        Ok(Qr {
            rows: n,
            kept,
            dropped,
            x,
            q,
            r,
        })
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns are kept.
    pub fn rank(&self) -> usize {
        self.kept.len()
    }

    /// The kept columns, by their place in the design.
    pub fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// The dropped columns: constant beside an intercept, zero, or a combination of
    /// earlier columns.
    pub fn dropped(&self) -> &[usize] {
        &self.dropped
    }

    /// Where a design's column stands among the kept ones.
    pub fn position(&self, column: usize) -> Option<usize> {
        self.kept.iter().position(|&k| k == column)
    }

    /// Orthonormal column `j`.
    pub(super) fn q(&self, j: usize) -> &[f64] {
        &self.q[j * self.rows..(j + 1) * self.rows]
    }

    /// Kept column `j`.
    pub(super) fn x(&self, j: usize) -> &[f64] {
        &self.x[j * self.rows..(j + 1) * self.rows]
    }

    /// Leverages: the diagonal of X (X'X)⁻¹ X', each in [0, 1].
    pub fn leverage(&self) -> Vec<f64> {
        let mut h = vec![0.0; self.rows];
        for j in 0..self.rank() {
            for (h, q) in h.iter_mut().zip(self.q(j)) {
                *h += q * q;
            }
        }
        h
    }

    /// Q'v.
    pub(super) fn project(&self, v: &[f64]) -> Vec<f64> {
        (0..self.rank()).map(|j| dot(self.q(j), v)).collect()
    }

    /// Solves R b = c.
    pub(super) fn solve_r(&self, c: &[f64]) -> Vec<f64> {
        let mut b = c.to_vec();
        for j in (0..self.rank()).rev() {
            b[j] /= self.r[j][j];
            let solved = b[j];
            for (b, r) in b.iter_mut().zip(&self.r[j][..j]) {
                *b -= r * solved;
            }
        }
        b
    }

    /// Solves R'b = c.
    pub(super) fn solve_rt(&self, c: &[f64]) -> Vec<f64> {
        let mut b = c.to_vec();
        for j in 0..self.rank() {
            let known = dot(&self.r[j][..j], &b[..j]);
            b[j] = (b[j] - known) / self.r[j][j];
        }
        b
    }

    /// Least squares of `y` on the kept columns, refined.
    ///
    /// Refinement works on the augmented system r + X b = y, X'r = 0, with both
    /// right-hand sides in doubled precision (Björck 1967, BIT 7, 257–278).
    ///
    /// # Errors
    /// [`ModelError::Numerical`] when numbers overflow.
    pub fn solve(&self, y: &[f64]) -> Result<Solution, ModelError> {
        let mut b = vec![0.0; self.rank()];
        let mut residuals = vec![0.0; self.rows];
        let mut last_step = 1.0;
        for round in 0..REFINEMENTS {
            let f = self.residual_of_fit(y, &residuals, &b);
            let g: Vec<f64> = (0..self.rank())
                .map(|j| -dot_doubled(self.x(j), &residuals))
                .collect();
            let h = self.solve_rt(&g);
            let d = self.project(&f);
            let difference: Vec<f64> = d.iter().zip(&h).map(|(d, h)| d - h).collect();
            let db = self.solve_r(&difference);
            let step = self.relative_step(&db, &b);
            let contraction = step / last_step;
            if round > 0 && contraction >= 0.5 {
                break;
            }
            for (b, db) in b.iter_mut().zip(&db) {
                *b += db;
            }
            for (r, f) in residuals.iter_mut().zip(&f) {
                *r += f;
            }
            for (j, difference) in difference.iter().enumerate() {
                for (r, q) in residuals.iter_mut().zip(self.q(j)) {
                    *r -= q * difference;
                }
            }
            // The next step would be this small.
            if step * contraction <= NEGLIGIBLE {
                break;
            }
            last_step = step;
        }
        if b.iter().chain(&residuals).any(|v| !v.is_finite()) {
            return Err(ModelError::Numerical);
        }
        let columns: Vec<&[f64]> = (0..self.rank()).map(|j| self.x(j)).collect();
        clear_rounding(y, &columns, &b, &mut residuals);
        Ok(Solution {
            coefficients: b,
            residuals,
        })
    }

    /// How much a change moves the fitted values, at most, relative to the largest term in them.
    fn relative_step(&self, db: &[f64], b: &[f64]) -> f64 {
        let (mut moved, mut largest) = (0.0_f64, 0.0_f64);
        for (j, (db, b)) in db.iter().zip(b).enumerate() {
            let size = norm(&self.r[j]);
            moved = moved.max(size * db.abs());
            largest = largest.max(size * (b + db).abs());
        }
        if moved == 0.0 { 0.0 } else { moved / largest }
    }

    /// y − r − X b, accumulated in doubled precision.
    fn residual_of_fit(&self, y: &[f64], r: &[f64], b: &[f64]) -> Vec<f64> {
        let mut high: Vec<f64> = y.to_vec();
        let mut low = vec![0.0; self.rows];
        for (i, r) in r.iter().enumerate() {
            let (sum, error) = two_sum(high[i], -r);
            high[i] = sum;
            low[i] += error;
        }
        for (j, &b) in b.iter().enumerate() {
            for (i, &x) in self.x(j).iter().enumerate() {
                let (product, product_error) = two_product(x, -b);
                let (sum, error) = two_sum(high[i], product);
                high[i] = sum;
                low[i] += error + product_error;
            }
        }
        high.iter().zip(&low).map(|(h, l)| h + l).collect()
    }
}

/// Sets residuals to zero that are within the rounding of the terms they are the sum of, so
/// that a perfect fit has variance zero rather than 1e-33.
///
/// A coefficient counts as no smaller than the largest term divided by its column's
/// length: one that should be zero is known no better.
pub(super) fn clear_rounding(y: &[f64], columns: &[&[f64]], b: &[f64], residuals: &mut [f64]) {
    let sizes: Vec<f64> = columns.iter().map(|x| norm(x)).collect();
    let terms = b.iter().zip(&sizes).map(|(b, size)| b.abs() * size);
    let largest = terms.fold(0.0, f64::max);
    let mut scale: Vec<f64> = y.iter().map(|y| y.abs()).collect();
    for ((x, b), size) in columns.iter().zip(b).zip(&sizes) {
        let b = b.abs().max(largest / size);
        for (s, x) in scale.iter_mut().zip(*x) {
            *s += x.abs() * b;
        }
    }
    for (r, s) in residuals.iter_mut().zip(&scale) {
        if r.abs() <= 4.0 * f64::EPSILON * s {
            *r = 0.0;
        }
    }
}

/// The reflection I − v v' that zeroes all but the first entry of a vector's tail.
#[derive(Debug, Clone)]
struct Reflector {
    start: usize,
    v: Vec<f64>,
}

impl Reflector {
    /// The reflection for a tail that begins at row `start`, and what its first entry
    /// becomes. The tail is not zero. `v` is scaled so that v'v = 2.
    fn of(tail: &[f64], start: usize) -> (Self, f64) {
        let size = norm(tail);
        let diagonal = if tail[0] > 0.0 { -size } else { size };
        let mut v: Vec<f64> = tail.iter().map(|t| t / size).collect();
        v[0] -= diagonal / size;
        // v'v = 2 (1 + |first|) in these units.
        let scale = (1.0 + (tail[0] / size).abs()).sqrt();
        for v in &mut v {
            *v /= scale;
        }
        (Reflector { start, v }, diagonal)
    }

    fn apply(&self, column: &mut [f64]) {
        let tail = &mut column[self.start..];
        let along = dot(&self.v, tail);
        for (t, v) in tail.iter_mut().zip(&self.v) {
            *t -= along * v;
        }
    }
}

/// Euclidean length, safe from overflow and underflow of the squares.
pub(super) fn norm(v: &[f64]) -> f64 {
    let largest = v.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    if (1e-140..1e140).contains(&largest) {
        return dot(v, v).sqrt();
    }
    largest * v.iter().map(|x| (x / largest).powi(2)).sum::<f64>().sqrt()
}

/// An inner product in eight interleaved sums: quicker, and with smaller rounding error,
/// than one after the other.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (a_blocks, b_blocks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = a_blocks
        .remainder()
        .iter()
        .zip(b_blocks.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in a_blocks.zip(b_blocks) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// An inner product as if in doubled precision (Ogita, Rump & Oishi 2005, SIAM J. Sci.
/// Comput. 26, 1955–1988, algorithm 5.3).
pub(super) fn dot_doubled(a: &[f64], b: &[f64]) -> f64 {
    let (mut high, mut low) = (0.0, 0.0);
    for (&a, &b) in a.iter().zip(b) {
        let (product, product_error) = two_product(a, b);
        let (sum, error) = two_sum(high, product);
        high = sum;
        low += error + product_error;
    }
    high + low
}

/// A sum and its rounding error, exactly (Knuth, TAOCP 2, §4.2.2, theorem B).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// A product and its rounding error, exactly.
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, a.mul_add(b, -product))
}
