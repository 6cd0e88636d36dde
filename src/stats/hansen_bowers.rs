//! Are the arms as alike as the draw should have made them? The omnibus test of Hansen
//! and Bowers, from the design rather than from a model.

mod redrawn;

pub use redrawn::Questions;

use super::cluster::Clusters;
use super::dist;
use super::matrix::{Matrix, ModelError, mean, same_length};
use super::qr::{Qr, dot};

/// The balance of one covariate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// Adjusted difference, intervention minus control, in units of the covariate.
    pub difference: f64,
    /// Its standard deviation over all allocations the design could have drawn.
    pub std_error: f64,
    /// Difference over standard error; absent for a covariate that does not vary within strata.
    pub z: Option<f64>,
    /// Two-sided, from the normal distribution.
    pub p_value: Option<f64>,
}

/// The omnibus test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Omnibus {
    /// d², to be compared with χ².
    pub statistic: f64,
    /// Rank of the covariance of the adjusted differences.
    pub df: f64,
    pub p_value: f64,
}

/// A balance test of several covariates at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    pub contrasts: Vec<Contrast>,
    /// Absent when no covariate varies within strata, and when the covariates have as
    /// many dimensions as the draw has: then d² is the same for every allocation.
    pub omnibus: Option<Omnibus>,
    /// Covariates that do not vary within strata or are combinations of earlier ones there;
    /// they count once in d², not twice.
    pub dependent: Vec<usize>,
    /// Strata in which both arms occur.
    pub strata: usize,
    /// Strata in which only one arm occurs: they hold no information on balance.
    pub strata_without_contrast: usize,
}

/// Tests whether `covariates` are balanced between two arms, given how these were drawn:
/// completely at random within each stratum, whole clusters at a time.
///
/// # Formula
/// With z_b the arms of the n_b drawn units of stratum b, n_tb treated and n_cb in control, and
/// x_b the units' totals of a covariate over their members, the adjusted difference is
///
/// d = Σ_b w_b [z_b'x_b / (m̄_b n_tb) − (1 − z_b)'x_b / (m̄_b n_cb)] / Σ_b w_b,
///
/// m̄_b the mean cluster size, w_b = h_b m̄_b and h_b = n_tb n_cb / n_b (half the harmonic mean of
/// the arms' sizes). Over all allocations of the design its expectation is zero and
/// Cov(d) = Σ_b h_b S_b / (Σ_b w_b)², S_b the covariance matrix (divisor n_b − 1) of the totals. Then
/// d² = d' Cov(d)⁻ d is referred to χ² with rank(Cov(d)) degrees of freedom (Hansen & Bowers
/// 2008, Statistical Science 23, 219–236, sections 3 to 5).
///
/// Covariates are first centred at their mean over the members of the stratum. Without
/// clusters this changes nothing; with clusters of unequal size it keeps d² the same
/// whatever the origin of a scale. Cluster size is worth a covariate of its own then
/// ([`cluster_size`]), as the paper recommends.
///
/// More than two arms: give the members of the two arms compared; within them the draw
/// is again completely random per stratum.
///
/// # Errors
/// [`ModelError::Length`], [`ModelError::Empty`], [`ModelError::EmptyArm`],
/// [`ModelError::SplitCluster`], [`ModelError::ClusterAcrossStrata`].
pub fn balance(
    covariates: &Matrix,
    treated: &[bool],
    strata: Option<&[usize]>,
    clusters: Option<&Clusters>,
) -> Result<Balance, ModelError> {
    let draw = Draw::new(covariates.rows(), treated, strata, clusters)?;
    let informative: Vec<&Stratum> = draw.strata.iter().filter(|s| s.h() > 0.0).collect();
    let weight: f64 = informative.iter().map(|s| s.h() * s.mean_size()).sum();
    let rows: usize = informative.iter().map(|s| s.units.len()).sum();

    // Σ z'x per covariate, and the columns A with A'A = Σ h_b S_b.
    let mut sums = Vec::with_capacity(covariates.columns());
    let mut spread = Matrix::new(rows);
    for j in 0..covariates.columns() {
        let mut sum = 0.0;
        let mut column = Vec::with_capacity(rows);
        for stratum in &informative {
            let totals = stratum.centred_totals(covariates.column(j));
            for (total, unit) in totals.iter().zip(&stratum.units) {
                if unit.treated {
                    sum += total;
                }
            }
            let root = (stratum.h() / (stratum.units.len() - 1) as f64).sqrt();
            column.extend(totals.iter().map(|t| root * t));
        }
        spread.push(&column)?;
        sums.push(sum);
    }
    let contrasts = (0..covariates.columns())
        .map(|j| contrast(sums[j], spread.column(j), weight))
        .collect();
    let mut balance = Balance {
        contrasts,
        omnibus: None,
        dependent: (0..covariates.columns()).collect(),
        strata: informative.len(),
        strata_without_contrast: draw.strata.len() - informative.len(),
    };
    if rows > 0 {
        let qr = Qr::new(&spread)?;
        balance.dependent = qr.dropped().to_vec();
        balance.omnibus = omnibus(&qr, &sums, rows - informative.len());
    }
    Ok(balance)
}

/// The size of everybody's cluster, as a covariate for [`balance`].
pub fn cluster_size(clusters: &Clusters) -> Vec<f64> {
    let units: usize = clusters.members().iter().map(Vec::len).sum();
    let mut sizes = vec![0.0; units];
    for members in clusters.members() {
        for &i in members {
            sizes[i] = members.len() as f64;
        }
    }
    sizes
}

/// T'(Σ h_b S_b)⁻T = ‖R⁻ᵀT‖²: T lies in the space of the kept columns, so that leaving out
/// the dependent ones is a generalized inverse.
fn omnibus(qr: &Qr, sums: &[f64], dimensions: usize) -> Option<Omnibus> {
    if qr.rank() == 0 || qr.rank() >= dimensions {
        return None;
    }
    let kept: Vec<f64> = qr.kept().iter().map(|&j| sums[j]).collect();
    let standardised = qr.solve_rt(&kept);
    let statistic = dot(&standardised, &standardised);
    let df = qr.rank() as f64;
    Some(Omnibus {
        statistic,
        df,
        p_value: dist::chi2_sf(statistic, df),
    })
}

fn contrast(sum: f64, spread: &[f64], weight: f64) -> Contrast {
    let sd = dot(spread, spread).sqrt();
    let z = (sd > 0.0).then(|| sum / sd);
    let scaled = |x: f64| if weight > 0.0 { x / weight } else { 0.0 };
    Contrast {
        difference: scaled(sum),
        std_error: scaled(sd),
        z,
        p_value: z.map(|z| (2.0 * dist::normal_sf(z.abs())).min(1.0)),
    }
}

/// Units as drawn, by stratum.
struct Draw {
    strata: Vec<Stratum>,
}

struct Stratum {
    units: Vec<Unit>,
    members: usize,
}

/// A person, or a cluster of them.
struct Unit {
    members: Vec<usize>,
    treated: bool,
}

impl Draw {
    fn new(
        n: usize,
        treated: &[bool],
        strata: Option<&[usize]>,
        clusters: Option<&Clusters>,
    ) -> Result<Self, ModelError> {
        same_length(treated.len(), n)?;
        if n == 0 {
            return Err(ModelError::Empty);
        }
        for arm in [true, false] {
            if !treated.contains(&arm) {
                return Err(ModelError::EmptyArm { treated: arm });
            }
        }
        let one = vec![0; n];
        let strata = strata.unwrap_or(&one);
        same_length(strata.len(), n)?;
        let persons: Vec<Vec<usize>>;
        let groups = match clusters {
            Some(clusters) => {
                clusters.arms(treated)?;
                clusters.members()
            }
            None => {
                persons = (0..n).map(|i| vec![i]).collect();
                &persons
            }
        };
        let mut labelled = Vec::with_capacity(groups.len());
        for (cluster, members) in groups.iter().enumerate() {
            let stratum = strata[members[0]];
            if members.iter().any(|&i| strata[i] != stratum) {
                return Err(ModelError::ClusterAcrossStrata { cluster });
            }
            labelled.push((stratum, members));
        }
        labelled.sort_by_key(|(stratum, _)| *stratum);
        let strata = labelled
            .chunk_by(|a, b| a.0 == b.0)
            .map(|group| Stratum {
                members: group.iter().map(|(_, members)| members.len()).sum(),
                units: group
                    .iter()
                    .map(|(_, members)| Unit {
                        members: members.to_vec(),
                        treated: treated[members[0]],
                    })
                    .collect(),
            })
            .collect();
        Ok(Draw { strata })
    }
}

impl Stratum {
    /// n_t n_c / n; zero where only one arm occurs.
    fn h(&self) -> f64 {
        let n = self.units.len() as f64;
        let t = self.units.iter().filter(|u| u.treated).count() as f64;
        t * (n - t) / n
    }

    fn mean_size(&self) -> f64 {
        self.members as f64 / self.units.len() as f64
    }

    /// Totals over each unit's members of a covariate less its mean over all members.
    fn centred_totals(&self, x: &[f64]) -> Vec<f64> {
        let all = self.units.iter().flat_map(|u| &u.members).map(|&i| x[i]);
        let mean = mean(all).unwrap_or_default();
        self.units
            .iter()
            .map(|u| {
                let total: f64 = u.members.iter().map(|&i| x[i] - mean).sum();
                let scale: f64 = u.members.iter().map(|&i| x[i].abs() + mean.abs()).sum();
                // What is within rounding is no variation.
                if total.abs() <= 4.0 * f64::EPSILON * scale {
                    0.0
                } else {
                    total
                }
            })
            .collect()
    }
}
