//! Difference in means for draws within strata, of persons or of whole clusters.

use super::cluster::Clusters;
use super::infer::{Level, infer};
use super::linear::{Variance, ols};
use super::matrix::{Matrix, ModelError, check, same_length};
use crate::results::Estimate;

/// Where the variance comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From the spread within each arm of each stratum.
    Within,
    /// From the spread between strata, every stratum being a pair.
    Pairs,
}

/// The difference in one stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StratumDifference {
    /// The stratum's number as the caller gave it.
    pub stratum: usize,
    /// Persons in the intervention arm.
    pub treated: usize,
    /// Persons in the control arm.
    pub control: usize,
    pub difference: f64,
    /// Its variance; absent for pairs.
    pub variance: Option<f64>,
}

/// A stratified difference in means.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocked {
    pub effect: Estimate,
    pub source: Source,
    /// Strata in ascending order of their number.
    pub strata: Vec<StratumDifference>,
}

/// The difference in means of persons drawn within strata.
///
/// # Formula
/// τ = Σ (N_j/N) τ_j with variance Σ (N_j/N)² (s²_1j/n_1j + s²_0j/n_0j) and N − 2J degrees of
/// freedom (Gerber & Green 2012, Field Experiments, eqs. 3.10 and 3.12; estimatr's
/// `difference_in_means`). When every stratum is a pair of one and one, the variance is
/// Σ (τ_j − τ)² / (J (J − 1)) with J − 1 degrees of freedom (their eq. 3.16).
///
/// # Edge cases
/// A stratum with fewer than two in an arm has no variance of its own and is an error,
/// unless all strata are pairs: [`merge_thin`] merges such strata first.
///
/// # Errors
/// [`ModelError::ThinStratum`], [`ModelError::Length`], [`ModelError::NotFinite`],
/// [`ModelError::Empty`].
pub fn blocked_difference(
    y: &[f64],
    treated: &[bool],
    strata: &[usize],
    level: Level,
) -> Result<Blocked, ModelError> {
    let blocks = blocks(y, treated, strata)?;
    let counts = blocks.iter().map(|b| (b.treated, b.control));
    match source(&blocks, counts)? {
        Source::Pairs => pairs(&blocks, level),
        Source::Within => {
            let strata = blocks
                .iter()
                .map(|b| Ok(b.with_variance(y, treated)))
                .collect::<Result<Vec<_>, ModelError>>()?;
            let df = y.len() as f64 - 2.0 * strata.len() as f64;
            Ok(combine(strata, df, level))
        }
    }
}

/// The difference in means of clusters drawn within strata.
///
/// # Formula
/// As [`blocked_difference`], with the CR2 variance of the regression on treatment in each stratum
/// for V_j and G − 2J degrees of freedom, G the number of clusters. When every stratum is a
/// pair of clusters: J / ((J − 1) N²) Σ (N_j τ_j − N τ / J)² with J − 1 degrees of freedom
/// (Imai, King & Nall 2009, Statistical Science 24, 29–53). Both as estimatr's
/// `difference_in_means` with blocks and clusters.
///
/// # Errors
/// As [`blocked_difference`], where a stratum needs two clusters per arm, and
/// [`ModelError::SplitCluster`], [`ModelError::ClusterAcrossStrata`].
pub fn blocked_cluster_difference(
    y: &[f64],
    treated: &[bool],
    strata: &[usize],
    cluster: &[usize],
    level: Level,
) -> Result<Blocked, ModelError> {
    let blocks = blocks(y, treated, strata)?;
    let counts = cluster_counts(&blocks, treated, strata, cluster)?;
    match source(&blocks, counts.iter().copied())? {
        Source::Pairs => pairs(&blocks, level),
        Source::Within => {
            let strata = blocks
                .iter()
                .map(|b| b.with_cluster_variance(y, treated, cluster, level))
                .collect::<Result<Vec<_>, ModelError>>()?;
            let clusters: usize = counts.iter().map(|(t, c)| t + c).sum();
            let df = clusters as f64 - 2.0 * strata.len() as f64;
            Ok(combine(strata, df, level))
        }
    }
}

/// The difference in means of clusters drawn at random, without strata: the regression on
/// treatment with CR2 variance and Satterthwaite degrees of freedom.
///
/// # Errors
/// [`ModelError::SplitCluster`], [`ModelError::FewClusters`] with fewer than two clusters in an arm,
/// and those of [`ols`].
pub fn cluster_difference(
    y: &[f64],
    treated: &[bool],
    cluster: &[usize],
    level: Level,
) -> Result<Estimate, ModelError> {
    check(y, y.len())?;
    same_length(treated.len(), y.len())?;
    same_length(cluster.len(), y.len())?;
    let clusters = Clusters::new(cluster)?;
    let arms = clusters.arms(treated)?;
    let in_treatment = arms.iter().filter(|&&a| a).count();
    let in_control = arms.len() - in_treatment;
    if in_treatment < 2 || in_control < 2 {
        return Err(ModelError::FewClusters {
            treated: in_treatment,
            control: in_control,
        });
    }
    let mut design = Matrix::new(y.len());
    design.push_intercept();
    design.push_flags(treated)?;
    ols(y, &design, Variance::Cr2(&clusters), level)?.coefficient(1)
}

/// Strata after merging, and which were merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The stratum of every person; merged strata have the number of the first of them.
    pub strata: Vec<usize>,
    /// The numbers of the strata merged into one, ascending; empty when none was thin.
    pub merged: Vec<usize>,
}

/// Merges all strata with fewer than two units (clusters, where given) in an arm into one
/// stratum, and if that is still thin, the smallest other stratum too, and so on.
///
/// This is right for a draw that gives everybody the same chance, whatever the stratum: the
/// arms of the merged stratum are then comparable, and its variance, from strata that differ, errs
/// on the safe side. Where the chance differs by stratum, merge only strata of equal chance.
///
/// # Errors
/// [`ModelError::ThinStratum`] when everything together is still too thin,
/// [`ModelError::Length`], [`ModelError::Empty`], [`ModelError::SplitCluster`],
/// [`ModelError::ClusterAcrossStrata`].
pub fn merge_thin(
    treated: &[bool],
    strata: &[usize],
    cluster: Option<&[usize]>,
) -> Result<Merged, ModelError> {
    let n = treated.len();
    let blocks = blocks(&vec![0.0; n], treated, strata)?;
    let counts = match cluster {
        Some(cluster) => cluster_counts(&blocks, treated, strata, cluster)?,
        None => blocks.iter().map(|b| (b.treated, b.control)).collect(),
    };
    let (mut pool, mut rest): (Vec<usize>, Vec<usize>) =
        (0..blocks.len()).partition(|&b| counts[b].0 < 2 || counts[b].1 < 2);
    rest.sort_by_key(|&b| std::cmp::Reverse((counts[b].0 + counts[b].1, b)));
    loop {
        let (t, c) = pool
            .iter()
            .fold((0, 0), |(t, c), &b| (t + counts[b].0, c + counts[b].1));
        if pool.is_empty() || (t >= 2 && c >= 2) {
            break;
        }
        match rest.pop() {
            Some(smallest) => pool.push(smallest),
            None => {
                return Err(ModelError::ThinStratum {
                    stratum: blocks[pool[0]].stratum,
                    treated: t,
                    control: c,
                });
            }
        }
    }
    let mut merged: Vec<usize> = pool.iter().map(|&b| blocks[b].stratum).collect();
    merged.sort_unstable();
    let mut result = strata.to_vec();
    for &b in &pool {
        for &i in &blocks[b].members {
            result[i] = merged[0];
        }
    }
    // One thin stratum that had to be merged has company by now; none is no merger.
    Ok(Merged {
        strata: result,
        merged,
    })
}

/// One stratum and who is in it.
struct Block {
    stratum: usize,
    members: Vec<usize>,
    treated: usize,
    control: usize,
    mean_treated: f64,
    mean_control: f64,
}

/// The strata in ascending order of their number.
fn blocks(y: &[f64], treated: &[bool], strata: &[usize]) -> Result<Vec<Block>, ModelError> {
    let n = y.len();
    if n == 0 {
        return Err(ModelError::Empty);
    }
    check(y, n)?;
    same_length(treated.len(), n)?;
    same_length(strata.len(), n)?;
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&i| strata[i]);
    Ok(order
        .chunk_by(|&a, &b| strata[a] == strata[b])
        .map(|members| {
            let mean = |arm: bool| {
                mean(
                    members
                        .iter()
                        .filter(|&&i| treated[i] == arm)
                        .map(|&i| y[i]),
                )
            };
            let in_treatment = members.iter().filter(|&&i| treated[i]).count();
            Block {
                stratum: strata[members[0]],
                members: members.to_vec(),
                treated: in_treatment,
                control: members.len() - in_treatment,
                mean_treated: mean(true),
                mean_control: mean(false),
            }
        })
        .collect())
}

/// Clusters per arm in each stratum.
fn cluster_counts(
    blocks: &[Block],
    treated: &[bool],
    strata: &[usize],
    cluster: &[usize],
) -> Result<Vec<(usize, usize)>, ModelError> {
    same_length(cluster.len(), treated.len())?;
    let clusters = Clusters::new(cluster)?;
    let arms = clusters.arms(treated)?;
    let mut counts = vec![(0, 0); blocks.len()];
    for (c, (members, arm)) in clusters.members().iter().zip(arms).enumerate() {
        let stratum = strata[members[0]];
        if members.iter().any(|&i| strata[i] != stratum) {
            return Err(ModelError::ClusterAcrossStrata { cluster: c });
        }
        let b = blocks.partition_point(|b| b.stratum < stratum);
        if arm {
            counts[b].0 += 1;
        } else {
            counts[b].1 += 1;
        }
    }
    Ok(counts)
}

/// Pairs if every stratum is one, otherwise within, if every stratum can bear it.
fn source(
    blocks: &[Block],
    counts: impl Iterator<Item = (usize, usize)> + Clone,
) -> Result<Source, ModelError> {
    if blocks.len() > 1 && counts.clone().all(|c| c == (1, 1)) {
        return Ok(Source::Pairs);
    }
    match blocks
        .iter()
        .zip(counts)
        .find(|(_, (t, c))| *t < 2 || *c < 2)
    {
        Some((block, (treated, control))) => Err(ModelError::ThinStratum {
            stratum: block.stratum,
            treated,
            control,
        }),
        None => Ok(Source::Within),
    }
}

impl Block {
    fn difference(&self) -> StratumDifference {
        StratumDifference {
            stratum: self.stratum,
            treated: self.treated,
            control: self.control,
            difference: self.mean_treated - self.mean_control,
            variance: None,
        }
    }

    fn with_variance(&self, y: &[f64], treated: &[bool]) -> StratumDifference {
        let variance = |arm: bool, mean: f64, n: usize| {
            let squares: f64 = self
                .members
                .iter()
                .filter(|&&i| treated[i] == arm)
                .map(|&i| (y[i] - mean).powi(2))
                .sum();
            squares / (n - 1) as f64 / n as f64
        };
        StratumDifference {
            variance: Some(
                variance(true, self.mean_treated, self.treated)
                    + variance(false, self.mean_control, self.control),
            ),
            ..self.difference()
        }
    }

    fn with_cluster_variance(
        &self,
        y: &[f64],
        treated: &[bool],
        cluster: &[usize],
        level: Level,
    ) -> Result<StratumDifference, ModelError> {
        let y: Vec<f64> = self.members.iter().map(|&i| y[i]).collect();
        let treated: Vec<bool> = self.members.iter().map(|&i| treated[i]).collect();
        let cluster: Vec<usize> = self.members.iter().map(|&i| cluster[i]).collect();
        let effect = cluster_difference(&y, &treated, &cluster, level)?;
        Ok(StratumDifference {
            difference: effect.estimate,
            variance: effect.std_error.map(|se| se * se),
            ..self.difference()
        })
    }

    fn size(&self) -> f64 {
        self.members.len() as f64
    }
}

/// Σ (N_j/N) τ_j with variance Σ (N_j/N)² V_j.
fn combine(strata: Vec<StratumDifference>, df: f64, level: Level) -> Blocked {
    let size = |s: &StratumDifference| (s.treated + s.control) as f64;
    let n: f64 = strata.iter().map(size).sum();
    let estimate = strata.iter().map(|s| size(s) / n * s.difference).sum();
    let variance: Option<f64> = strata
        .iter()
        .map(|s| s.variance.map(|v| (size(s) / n).powi(2) * v))
        .sum();
    Blocked {
        effect: infer(
            estimate,
            variance.map_or(f64::NAN, f64::sqrt),
            Some(df),
            level,
        ),
        source: Source::Within,
        strata,
    }
}

/// J / ((J − 1) N²) Σ (N_j τ_j − N τ / J)²; for pairs of persons Σ (τ_j − τ)² / (J (J − 1)).
fn pairs(blocks: &[Block], level: Level) -> Result<Blocked, ModelError> {
    let strata: Vec<StratumDifference> = blocks.iter().map(Block::difference).collect();
    let j = blocks.len() as f64;
    let n: f64 = blocks.iter().map(Block::size).sum();
    let parts: Vec<f64> = blocks
        .iter()
        .zip(&strata)
        .map(|(b, s)| b.size() / n * s.difference)
        .collect();
    let estimate: f64 = parts.iter().sum();
    let squares: f64 = parts.iter().map(|p| (p - estimate / j).powi(2)).sum();
    let variance = j / (j - 1.0) * squares;
    Ok(Blocked {
        effect: infer(estimate, variance.sqrt(), Some(j - 1.0), level),
        source: Source::Pairs,
        strata,
    })
}

/// The mean in two passes, exact for a constant; zero for nobody, which no caller uses.
fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let (mut n, mut sum) = (0.0, 0.0);
    for v in values.clone() {
        n += 1.0;
        sum += v;
    }
    if n == 0.0 {
        return 0.0;
    }
    let rough = sum / n;
    rough + values.map(|v| v - rough).sum::<f64>() / n
}
