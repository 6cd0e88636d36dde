//! Cluster-robust variance: CR2 with Bell–McCaffrey degrees of freedom.

use nalgebra::{DMatrix, DVector};

use super::linear::{Covariance, residual_df};
use super::matrix::{ModelError, same_length};
use super::qr::Qr;

/// Which unit belongs to which cluster, as members per cluster.
#[derive(Debug, Clone)]
pub struct Clusters {
    units: usize,
    members: Vec<Vec<usize>>,
}

impl Clusters {
    /// Groups units by their cluster number; the numbers may be in any order with gaps.
    ///
    /// # Errors
    /// [`ModelError::Empty`] without units.
    pub fn new(cluster: &[usize]) -> Result<Self, ModelError> {
        if cluster.is_empty() {
            return Err(ModelError::Empty);
        }
        let mut order: Vec<usize> = (0..cluster.len()).collect();
        order.sort_by_key(|&i| cluster[i]);
        let members = order
            .chunk_by(|&a, &b| cluster[a] == cluster[b])
            .map(<[usize]>::to_vec)
            .collect();
        Ok(Clusters {
            units: cluster.len(),
            members,
        })
    }

    /// How many clusters.
    pub fn count(&self) -> usize {
        self.members.len()
    }

    /// The members of every cluster, clusters in ascending order of their number.
    pub fn members(&self) -> &[Vec<usize>] {
        &self.members
    }

    /// The arm of every cluster.
    ///
    /// # Errors
    /// [`ModelError::SplitCluster`] (by place in [`Clusters::members`]) when members are
    /// in different arms, [`ModelError::Length`].
    pub fn arms(&self, treated: &[bool]) -> Result<Vec<bool>, ModelError> {
        same_length(treated.len(), self.units)?;
        let mut arms = Vec::with_capacity(self.count());
        for (cluster, members) in self.members.iter().enumerate() {
            let arm = treated[members[0]];
            if members.iter().any(|&i| treated[i] != arm) {
                return Err(ModelError::SplitCluster { cluster });
            }
            arms.push(arm);
        }
        Ok(arms)
    }
}

/// Below this, an eigenvalue of I − H_gg is rounding error: the cluster determines a
/// coefficient by itself.
const SINGULAR: f64 = 1e-10;

/// How far tr P may be from its value under the working model by rounding alone.
const UNBIASED: f64 = 1e-6;

/// The CR2 covariance of the coefficients of two regressions on one design (of one with
/// itself when `e` is `f`), with Satterthwaite degrees of freedom.
///
/// A coefficient that a single cluster determines, such as the effect of a treatment that
/// only one cluster had, has no variance.
///
/// # Formula
/// V = M [Σ_g X_g' A_g e_g f_g' A_g X_g] M with M = (X'X)⁻¹ and
/// A_g = (I − H_gg)^(−1/2), the symmetric root, generalized where singular (Bell &
/// McCaffrey 2002, Survey Methodology 28, 169–181; Pustejovsky & Tipton 2018, J. Bus. Econ.
/// Stat. 36, 672–683, with independence as working model).
/// The degrees of freedom of coefficient c are (tr P)² / tr P², where
/// P_gh = u_g'(I − H)_gh u_h and u_g = A_g X_g M c.
///
/// Since (I − H)_gh = δ_gh I − Q_g Q_h', P = diag(u_g'u_g) − W W' with rows w_g = Q_g'u_g, and
/// both traces follow in one pass over the clusters. In orthonormal coordinates A_g needs
/// the eigenvectors of the smaller of Q_g Q_g' and Q_g'Q_g only, so that the whole is linear in
/// the number of clusters.
///
/// # Errors
/// [`ModelError::Length`], [`ModelError::NoDegreesOfFreedom`].
pub(super) fn cr2(
    qr: &Qr,
    e: &[f64],
    f: &[f64],
    clusters: &Clusters,
) -> Result<Covariance, ModelError> {
    same_length(clusters.units, qr.rows())?;
    residual_df(qr)?;
    let k = qr.rank();
    // Directions R⁻ᵀ e_a: u_g = A_g Q_g direction.
    let directions: Vec<DVector<f64>> = (0..k)
        .map(|a| {
            let mut axis = vec![0.0; k];
            axis[a] = 1.0;
            DVector::from_vec(qr.solve_rt(&axis))
        })
        .collect();
    let directions = DMatrix::from_columns(&directions);
    let mut meat = DMatrix::<f64>::zeros(k, k);
    let mut traces = vec![Traces::new(k); k];
    for members in &clusters.members {
        let q = DMatrix::from_fn(members.len(), k, |i, j| qr.q(j)[members[i]]);
        // A_g Q_g, an n_g × k matrix.
        let adjusted = adjust(&q);
        let score = |residuals: &[f64]| {
            let own = members.iter().map(|&i| residuals[i]);
            adjusted.tr_mul(&DVector::from_iterator(members.len(), own))
        };
        meat.ger(1.0, &score(e), &score(f), 1.0);
        let u = &adjusted * &directions;
        let w = q.tr_mul(&u);
        for (a, traces) in traces.iter_mut().enumerate() {
            traces.add(u.column(a).norm_squared(), &w.column(a).into_owned());
        }
    }
    // Under the working model CR2 is exactly unbiased, tr P = c'Mc, unless a cluster
    // determines part of the coefficient by itself.
    let defined = traces
        .iter()
        .zip(directions.column_iter())
        .map(|(t, d)| (t.trace / d.norm_squared() - 1.0).abs() < UNBIASED)
        .collect();
    let df = traces.iter().map(Traces::df).collect();
    let joint_df = clusters.count() as f64 - 1.0;
    // By column where rows are asked for: the transpose, which is the covariance of the
    // other series with the one.
    Ok(Covariance::new(qr, meat.as_slice(), defined, df, joint_df))
}

/// (I − Q Q')^(−1/2) Q, from whichever Gram matrix is the smaller.
fn adjust(q: &DMatrix<f64>) -> DMatrix<f64> {
    let root = |h: f64| {
        if 1.0 - h > SINGULAR {
            1.0 / (1.0 - h).sqrt()
        } else {
            0.0
        }
    };
    if q.nrows() == 1 {
        return q * root(q.norm_squared());
    }
    let wide = q.nrows() < q.ncols();
    let gram = if wide { q * q.transpose() } else { q.tr_mul(q) };
    let eigen = gram.symmetric_eigen();
    let mut scaled = eigen.eigenvectors.clone();
    for (j, &h) in eigen.eigenvalues.iter().enumerate() {
        scaled.column_mut(j).scale_mut(root(h));
    }
    let power = scaled * eigen.eigenvectors.transpose();
    if wide { power * q } else { q * power }
}

/// What tr P and tr P² are made of.
#[derive(Debug, Clone)]
struct Traces {
    /// Σ (a_g − ‖w_g‖²), with a_g = ‖u_g‖².
    trace: f64,
    /// Σ (a_g² − 2 a_g ‖w_g‖²).
    squares: f64,
    /// Σ w_g w_g'.
    cross: DMatrix<f64>,
}

impl Traces {
    fn new(k: usize) -> Self {
        Traces {
            trace: 0.0,
            squares: 0.0,
            cross: DMatrix::zeros(k, k),
        }
    }

    fn add(&mut self, a: f64, w: &DVector<f64>) {
        let w2 = w.norm_squared();
        self.trace += a - w2;
        self.squares += a * a - 2.0 * a * w2;
        self.cross.ger(1.0, w, w, 1.0);
    }

    fn df(&self) -> f64 {
        self.trace * self.trace / (self.squares + self.cross.norm_squared())
    }
}

/// Clusters of about one size: their number of people varies by no more than this share of its mean.
const ALIKE: f64 = 0.3;
/// From so many clusters in each arm on, sizes may differ,
const MANY: usize = 20;
/// as long as none has more than this share of all people.
const HEAVY: f64 = 0.1;
/// Fewest clusters in an arm of a stratum for a variance within it.
const IN_STRATUM: usize = 4;

/// Whether the CR2 variance with Satterthwaite's degrees of freedom makes a test that holds its error
/// rate over the draws of these clusters.
///
/// With few clusters it does where they are of about one size. Where a few are large, and size goes with
/// the outcome, the difference in means of people is the ratio of two sums whose denominators the draw
/// changes: the linearization behind CR2 then fails, and half of all draws without an effect reject
/// (Pustejovsky & Tipton 2018, J. Bus. Econ. Stat. 36, 672–683, section 4, for unbalanced designs).
/// Within strata every one must bear a variance of its own, or be a pair.
///
/// # Errors
/// [`ModelError::SplitCluster`], [`ModelError::ClusterAcrossStrata`], [`ModelError::Length`].
pub fn trusted(
    treated: &[bool],
    cluster: &[usize],
    strata: Option<&[usize]>,
) -> Result<bool, ModelError> {
    same_length(cluster.len(), treated.len())?;
    let clusters = Clusters::new(cluster)?;
    let arms = clusters.arms(treated)?;
    // Counts of people are far below 2^53.
    let sizes: Vec<f64> = clusters.members().iter().map(|m| m.len() as f64).collect();
    let in_treatment = arms.iter().filter(|&&arm| arm).count();
    let fewest = in_treatment.min(arms.len() - in_treatment);
    let total: f64 = sizes.iter().sum();
    let mean = total / sizes.len() as f64;
    let squares: f64 = sizes.iter().map(|size| (size - mean).powi(2)).sum();
    let alike = (squares / sizes.len() as f64).sqrt() <= ALIKE * mean;
    let largest = sizes.iter().fold(0.0, |most: f64, size| most.max(*size));
    let many = fewest >= MANY && largest <= HEAVY * total;
    if fewest < 2 || !(alike || many) {
        return Ok(false);
    }
    let Some(strata) = strata else {
        return Ok(true);
    };
    let blocks = super::strata::blocks(treated, strata)?;
    let counts = super::strata::cluster_counts(&blocks, treated, strata, cluster)?;
    let pairs = counts.len() > 2 && counts.iter().all(|counts| *counts == (1, 1));
    Ok(pairs || counts.iter().all(|&(t, c)| t.min(c) >= IN_STRATUM))
}
