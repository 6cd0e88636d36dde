//! Difference in means for draws within strata, of persons or of whole clusters.

use super::cluster::Clusters;
use super::infer::{Level, infer};
use super::linear::{Variance, ols};
use super::matrix::{Matrix, ModelError, check, mean, same_length};
use super::strata::{Block, blocks, cluster_counts};
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
/// freedom (Gerber & Green 2012, Field Experiments, p. 73, eq. 3.10, and p. 74, note 17; estimatr's
/// `difference_in_means`). When every stratum is a pair of one and one, the variance is
/// Σ (τ_j − τ)² / (J (J − 1)) with J − 1 degrees of freedom (p. 77, eq. 3.16).
///
/// # Edge cases
/// A stratum with fewer than two in an arm has no variance of its own and is an error,
/// unless all strata are pairs: [`super::strata::merge_thin`] merges such strata first.
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
    check(y, treated.len())?;
    let blocks = blocks(treated, strata)?;
    let counts = blocks.iter().map(|b| (b.treated, b.control));
    match source(&blocks, counts)? {
        Source::Pairs => Ok(pairs(&blocks, y, treated, level)),
        Source::Within => {
            let strata = blocks
                .iter()
                .map(|b| with_variance(b, y, treated))
                .collect::<Vec<_>>();
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
/// (Imai, King & Nall 2009, Statistical Science 24, p. 36, eq. 6). Both as estimatr's
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
    check(y, treated.len())?;
    let blocks = blocks(treated, strata)?;
    let counts = cluster_counts(&blocks, treated, strata, cluster)?;
    match source(&blocks, counts.iter().copied())? {
        Source::Pairs => Ok(pairs(&blocks, y, treated, level)),
        Source::Within => {
            let strata = blocks
                .iter()
                .map(|b| with_cluster_variance(b, y, treated, cluster, level))
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

/// The difference in a stratum in which both arms occur, without its variance.
fn difference(block: &Block, y: &[f64], treated: &[bool]) -> StratumDifference {
    let mean = |arm| mean(arm_values(block, y, treated, arm)).unwrap_or_default();
    StratumDifference {
        stratum: block.stratum,
        treated: block.treated,
        control: block.control,
        difference: mean(true) - mean(false),
        variance: None,
    }
}

/// The difference in a stratum with two or more in each arm, and Neyman's variance.
fn with_variance(block: &Block, y: &[f64], treated: &[bool]) -> StratumDifference {
    let variance = |arm, n: usize| {
        let values = arm_values(block, y, treated, arm);
        let mean = mean(values.clone()).unwrap_or_default();
        values.map(|y| (y - mean).powi(2)).sum::<f64>() / (n - 1) as f64 / n as f64
    };
    StratumDifference {
        variance: Some(variance(true, block.treated) + variance(false, block.control)),
        ..difference(block, y, treated)
    }
}

/// The difference in a stratum with two or more clusters in each arm, and its CR2 variance.
fn with_cluster_variance(
    block: &Block,
    y: &[f64],
    treated: &[bool],
    cluster: &[usize],
    level: Level,
) -> Result<StratumDifference, ModelError> {
    let y_here: Vec<f64> = block.members.iter().map(|&i| y[i]).collect();
    let treated_here: Vec<bool> = block.members.iter().map(|&i| treated[i]).collect();
    let cluster: Vec<usize> = block.members.iter().map(|&i| cluster[i]).collect();
    let effect = cluster_difference(&y_here, &treated_here, &cluster, level)?;
    Ok(StratumDifference {
        difference: effect.estimate,
        variance: effect.std_error.map(|se| se * se),
        ..difference(block, y, treated)
    })
}

fn arm_values<'a>(
    block: &'a Block,
    y: &'a [f64],
    treated: &'a [bool],
    arm: bool,
) -> impl Iterator<Item = f64> + Clone + 'a {
    let members = block.members.iter();
    members.filter(move |&&i| treated[i] == arm).map(|&i| y[i])
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
fn pairs(blocks: &[Block], y: &[f64], treated: &[bool], level: Level) -> Blocked {
    let strata: Vec<StratumDifference> = blocks.iter().map(|b| difference(b, y, treated)).collect();
    let j = blocks.len() as f64;
    let n = y.len() as f64;
    let parts: Vec<f64> = strata
        .iter()
        .map(|s| (s.treated + s.control) as f64 / n * s.difference)
        .collect();
    let estimate: f64 = parts.iter().sum();
    let squares: f64 = parts.iter().map(|p| (p - estimate / j).powi(2)).sum();
    let variance = j / (j - 1.0) * squares;
    Blocked {
        effect: infer(estimate, variance.sqrt(), Some(j - 1.0), level),
        source: Source::Pairs,
        strata,
    }
}
