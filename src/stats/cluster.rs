//! Cluster-robust variance: CR2 with Bell–McCaffrey degrees of freedom.

use nalgebra::{DMatrix, DVector};

use super::asymmetry;
use super::linear::{Covariance, Joint, residual_df};
use super::matrix::{ModelError, mean, same_length};
use super::qr::Qr;
use super::strata::{Block, blocks, cluster_counts};

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

    /// The clusters of some of the units, which count anew in the order given.
    ///
    /// # Errors
    /// [`ModelError::Empty`] without any of them.
    pub(super) fn among(&self, units: &[usize]) -> Result<Self, ModelError> {
        let mut own = vec![0; self.units];
        for (cluster, members) in self.members.iter().enumerate() {
            for &i in members {
                own[i] = cluster;
            }
        }
        let codes: Vec<usize> = units.iter().map(|&i| own[i]).collect();
        Clusters::new(&codes)
    }

    /// How many clusters have members in each arm, of the intervention and of the control. One with
    /// members in both counts in both.
    pub fn per_arm(&self, treated: &[bool]) -> (usize, usize) {
        let with = |arm: bool| {
            let has = |members: &&Vec<usize>| members.iter().any(|&i| treated.get(i) == Some(&arm));
            self.members.iter().filter(has).count()
        };
        (with(true), with(false))
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
    let mut parts = Vec::with_capacity(clusters.count());
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
        parts.push(Part { q, adjusted });
    }
    // Under the working model CR2 is exactly unbiased, tr P = c'Mc, unless a cluster
    // determines part of the coefficient by itself.
    let defined = traces
        .iter()
        .zip(directions.column_iter())
        .map(|(t, d)| (t.trace / d.norm_squared() - 1.0).abs() < UNBIASED)
        .collect();
    let df = traces.iter().map(Traces::df).collect();
    let joint = Joint::Hotelling(Hotelling { parts, directions });
    // By column where rows are asked for: the transpose, which is the covariance of the
    // other series with the one.
    Ok(Covariance::new(qr, meat.as_slice(), defined, df, joint))
}

/// What degrees of freedom of a test of several coefficients are made of.
#[derive(Debug, Clone)]
pub(super) struct Hotelling {
    parts: Vec<Part>,
    /// R⁻ᵀ e_a, by column.
    directions: DMatrix<f64>,
}

/// A cluster's rows of Q, and the same adjusted.
#[derive(Debug, Clone)]
struct Part {
    q: DMatrix<f64>,
    adjusted: DMatrix<f64>,
}

impl Hotelling {
    /// The degrees of freedom η of the Wishart distribution that CR2's covariance of these coefficients is
    /// taken for: HTZ of Pustejovsky & Tipton (2018, J. Bus. Econ. Stat. 36, 672–683, section 3.3), with
    /// independence as working model; clubSandwich's `Wald_test`.
    ///
    /// # Formula
    /// With Ω = CMC' and D = Ω^(−1/2) C V C' Ω^(−1/2), whose mean is I, η = q(q + 1)/ΣΣ Var(d_st). In normal
    /// errors Var(d_st) = Σ_g Σ_h (p_sg'p_sh)(p_tg'p_th) + (p_sg'p_th)(p_tg'p_sh), where p_sg'p_th = δ_gh u_sg'u_tg − w_sg'w_th,
    /// so that with K_st = Σ_g w_sg w_tg' all sums are over clusters once: Σ_g a_ss a_tt + a_st² − a_ss w_t'w_t −
    /// a_tt w_s'w_s − 2 a_st w_s'w_t, plus ‖K_st‖² + tr K_st².
    ///
    /// # Errors
    /// [`ModelError::NoVariance`] where the coefficients are not independent.
    pub(super) fn eta(&self, places: &[usize]) -> Result<f64, ModelError> {
        let q = places.len();
        let chosen = self.directions.select_columns(places);
        // Any root of Ω⁻¹ will do: the sum over s and t is the same in every rotation.
        let root = chosen
            .tr_mul(&chosen)
            .cholesky()
            .and_then(|factor| factor.l().try_inverse())
            .ok_or(ModelError::NoVariance)?;
        let scaled = chosen * root.transpose();
        let k = scaled.nrows();
        let mut cross = vec![DMatrix::<f64>::zeros(k, k); q * q];
        let mut variance = 0.0;
        for part in &self.parts {
            let u = &part.adjusted * &scaled;
            let (a, w) = (u.tr_mul(&u), part.q.tr_mul(&u));
            let products = w.tr_mul(&w);
            for s in 0..q {
                for t in 0..q {
                    variance += a[(s, s)] * a[(t, t)] + a[(s, t)].powi(2)
                        - a[(s, s)] * products[(t, t)]
                        - a[(t, t)] * products[(s, s)]
                        - 2.0 * a[(s, t)] * products[(s, t)];
                    cross[s * q + t].ger(1.0, &w.column(s), &w.column(t), 1.0);
                }
            }
        }
        for sum in &cross {
            variance += sum.norm_squared() + (sum * sum).trace();
        }
        // Counts of columns are far below 2^53.
        Ok((q * (q + 1)) as f64 / variance)
    }
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

/// How much the number of people in an arm may vary from draw to draw, as the coefficient of variation
/// of cluster sizes over √(clusters in the smaller arm). Simulated with sizes that explain half of what
/// differs between clusters, CR2's test then rejects in .04 to .065 of draws without an effect
/// (`tests/reference/cluster_validity.py`).
const STEADY: f64 = 0.1;
/// Clusters in each arm from which members in both arms leave a test.
const MANY_SPLIT: usize = 10;
/// Fewest strata whose differences make a spread.
const THIN_STRATA: usize = 3;

/// Whether the CR2 variance with Satterthwaite's degrees of freedom makes a test that holds its error
/// rate over the draws of these clusters.
///
/// The difference in means of people is a ratio of two sums, and the draw changes the denominator: where a few
/// clusters are large, and size goes with the outcome, the linearization behind CR2 fails, and up to half of all draws
/// without an effect reject. How large that can be follows from sizes and numbers alone. What follows from the
/// outcome is skewness, which matters where one arm has fewer clusters: the estimate's must not exceed
/// [`super::asymmetry::SAFE`].
///
/// Within strata, those with two clusters or more in each arm are judged together, by the mean of their squared
/// variation weighted by people; thin ones (pairs of clusters) by their number, since their differences change sign with the
/// draw and nothing else. Clusters with members in both arms were not drawn whole: there, ten in each arm are asked for.
///
/// # Errors
/// [`ModelError::ClusterAcrossStrata`], [`ModelError::Length`], [`ModelError::Empty`].
pub fn trusted(
    y: &[f64],
    treated: &[bool],
    cluster: &[usize],
    strata: Option<&[usize]>,
) -> Result<bool, ModelError> {
    same_length(y.len(), treated.len())?;
    same_length(cluster.len(), treated.len())?;
    let one = vec![0; y.len()];
    let strata = strata.unwrap_or(&one);
    let blocks = blocks(treated, strata)?;
    let counts = cluster_counts(&blocks, treated, strata, cluster)?;
    let clusters = Clusters::new(cluster)?;
    if clusters.arms(treated).is_err() {
        let (t, c) = clusters.per_arm(treated);
        return Ok(t.min(c) >= MANY_SPLIT);
    }
    let thin = counts.iter().filter(|&&(t, c)| t < 2 || c < 2).count();
    let enough_thin = thin == 0 || counts.len() >= THIN_STRATA;
    let mut squared = 0.0;
    for (block, &(t, c)) in blocks.iter().zip(&counts) {
        if t >= 2 && c >= 2 {
            let own: Vec<usize> = block.members.iter().map(|&i| cluster[i]).collect();
            let share = block.members.len() as f64 / y.len() as f64;
            let variation = variation(&Clusters::new(&own)?);
            squared += share * variation * variation / t.min(c) as f64;
        }
    }
    let skewness = skewness(y, treated, &blocks, cluster)?;
    Ok(enough_thin && squared <= STEADY * STEADY && skewness <= asymmetry::SAFE)
}

/// The coefficient of variation of the clusters' sizes.
fn variation(clusters: &Clusters) -> f64 {
    let sizes: Vec<f64> = clusters.members.iter().map(|m| m.len() as f64).collect();
    let mean = clusters.units as f64 / sizes.len() as f64;
    let squares: f64 = sizes.iter().map(|size| (size - mean).powi(2)).sum();
    (squares / sizes.len() as f64).sqrt() / mean
}

/// As [`asymmetry::asymmetry`], of clusters' totals in the place of persons' values.
fn skewness(
    y: &[f64],
    treated: &[bool],
    blocks: &[Block],
    cluster: &[usize],
) -> Result<f64, ModelError> {
    let n = y.len() as f64;
    let (mut squares, mut cubes, mut second, mut third, mut count) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for block in blocks {
        for (arm, people) in [(true, block.treated), (false, block.control)] {
            let own = || block.members.iter().copied().filter(|&i| treated[i] == arm);
            let Some(centre) = mean(own().map(|i| y[i])) else {
                continue;
            };
            let members: Vec<usize> = own().collect();
            let codes: Vec<usize> = members.iter().map(|&i| cluster[i]).collect();
            let share = block.members.len() as f64 / n;
            let weight = share / people as f64 * if arm { 1.0 } else { -1.0 };
            for cluster in Clusters::new(&codes)?.members() {
                let total: f64 = cluster.iter().map(|&i| y[members[i]] - centre).sum();
                second += total * total;
                third += total.powi(3);
                squares += weight * weight;
                cubes += weight.powi(3);
                count += 1.0;
            }
        }
    }
    let spread = (squares * second / count).powf(1.5);
    Ok(if spread > 0.0 {
        (cubes * third / count).abs() / spread
    } else {
        0.0
    })
}
