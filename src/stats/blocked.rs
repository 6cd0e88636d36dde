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
    /// From the spread of the strata's differences, every stratum being thin.
    Between,
    /// Within the strata that can bear it, between the others.
    Hybrid,
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
    /// Its variance; absent for a thin stratum.
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
/// τ = Σ (N_j/N) τ_j. A stratum with two or more in each arm has the variance V_j = s²_1j/n_1j +
/// s²_0j/n_0j (Gerber & Green 2012, Field Experiments, p. 73, eq. 3.10; estimatr's
/// `difference_in_means`). Thin strata, with one person in an arm (pairs, triples), have none of their
/// own: theirs is that between their differences, for strata of any size
/// Σ n_k² / ((n − 2n_k)(n + Σ n_i²/(n − 2n_i))) · (τ_k − τ̄)², n their people and τ̄ their mean difference
/// (Pashley & Miratrix 2021, J. Educ. Behav. Stat. 46, 271–296, the hybrid estimator and its second
/// variance for small blocks); for pairs alone it is Σ (τ_j − τ)²/(J(J − 1)) (Gerber & Green, p. 77,
/// eq. 3.16). It is too large where effects differ between strata, never too small on average. Strata
/// are not merged: their differences in level never enter.
///
/// Degrees of freedom: N − 2J within, J − 1 between; of both by Welch and Satterthwaite.
///
/// # Edge cases
/// While one thin stratum has half of all people in thin strata, or there are fewer than three, the
/// smallest other stratum joins them, for which the formula holds as well.
///
/// # Errors
/// [`ModelError::ThinStratum`] for a stratum without one of the arms, and where all strata together
/// are too few for a variance between them; [`ModelError::Length`], [`ModelError::NotFinite`],
/// [`ModelError::Empty`].
pub fn blocked_difference(
    y: &[f64],
    treated: &[bool],
    strata: &[usize],
    level: Level,
) -> Result<Blocked, ModelError> {
    check(y, treated.len())?;
    let blocks = blocks(treated, strata)?;
    let counts: Vec<(usize, usize)> = blocks.iter().map(|b| (b.treated, b.control)).collect();
    let thin = thin(&blocks, &counts)?;
    let strata = blocks
        .iter()
        .zip(&thin)
        .map(|(b, thin)| match thin {
            true => difference(b, y, treated),
            false => with_variance(b, y, treated),
        })
        .collect();
    Ok(combine(strata, &counts, level))
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
/// As [`blocked_difference`], where a stratum is thin with one cluster in an arm, and
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
    if blocks.len() > 1 && counts.iter().all(|c| *c == (1, 1)) {
        return Ok(pairs_of_clusters(&blocks, y, treated, level));
    }
    let thin = thin(&blocks, &counts)?;
    let strata = blocks
        .iter()
        .zip(&thin)
        .map(|(b, thin)| match thin {
            true => Ok(difference(b, y, treated)),
            false => with_cluster_variance(b, y, treated, cluster, level),
        })
        .collect::<Result<Vec<_>, ModelError>>()?;
    Ok(combine(strata, &counts, level))
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

/// Which strata take part in the variance between strata: the thin ones, and as many of the smallest
/// others as that variance needs.
fn thin(blocks: &[Block], counts: &[(usize, usize)]) -> Result<Vec<bool>, ModelError> {
    let error = |b: usize| ModelError::ThinStratum {
        stratum: blocks[b].stratum,
        treated: counts[b].0,
        control: counts[b].1,
    };
    if let Some(b) = (0..blocks.len()).find(|&b| counts[b].0 == 0 || counts[b].1 == 0) {
        return Err(error(b));
    }
    let mut thin: Vec<bool> = counts.iter().map(|&(t, c)| t < 2 || c < 2).collect();
    let Some(first) = thin.iter().position(|thin| *thin) else {
        return Ok(thin);
    };
    let size = |b: usize| blocks[b].members.len();
    let mut rest: Vec<usize> = (0..blocks.len()).filter(|&b| !thin[b]).collect();
    rest.sort_by_key(|&b| std::cmp::Reverse((size(b), b)));
    loop {
        let own = || (0..blocks.len()).filter(|&b| thin[b]);
        let (total, largest) =
            own().fold((0, 0), |(sum, most), b| (sum + size(b), most.max(size(b))));
        let enough = own().count() >= FEWEST_BETWEEN.min(blocks.len());
        if enough && 2 * largest < total {
            return Ok(thin);
        }
        // Two strata of one size are the fewest that a spread between them can be had of.
        if enough && own().count() == 2 && 2 * largest == total {
            return Ok(thin);
        }
        match rest.pop() {
            Some(smallest) => thin[smallest] = true,
            None => return Err(error(first)),
        }
    }
}

/// Strata whose differences make a spread.
const FEWEST_BETWEEN: usize = 3;

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

/// Σ (N_j/N) τ_j with the variance within strata that have one, and between the others.
fn combine(strata: Vec<StratumDifference>, counts: &[(usize, usize)], level: Level) -> Blocked {
    let size = |s: &StratumDifference| (s.treated + s.control) as f64;
    let n: f64 = strata.iter().map(size).sum();
    let estimate = strata.iter().map(|s| size(s) / n * s.difference).sum();
    let (mut within, mut units, mut large) = (0.0, 0, 0);
    let mut small: Vec<(f64, f64)> = Vec::new();
    for (s, (t, c)) in strata.iter().zip(counts) {
        match s.variance {
            Some(variance) => {
                within += (size(s) / n).powi(2) * variance;
                units += t + c;
                large += 1;
            }
            None => small.push((size(s), s.difference)),
        }
    }
    let people: f64 = small.iter().map(|(size, _)| size).sum();
    let between = (people / n).powi(2) * spread_between(&small);
    // Counts are far below 2^53.
    let (df_within, df_between) = (
        units as f64 - 2.0 * f64::from(large),
        small.len() as f64 - 1.0,
    );
    let (source, df) = match (large, small.is_empty()) {
        (_, true) => (Source::Within, df_within),
        (0, false) => (Source::Between, df_between),
        _ => {
            let parts = within.powi(2) / df_within + between.powi(2) / df_between;
            let df = (within + between).powi(2) / parts;
            (Source::Hybrid, if df.is_nan() { df_within } else { df })
        }
    };
    let variance: f64 = within + between;
    Blocked {
        effect: infer(estimate, variance.sqrt(), Some(df), level),
        source,
        strata,
    }
}

/// The variance of the mean difference of strata, by size and difference, from the spread between
/// them; 0 without strata.
fn spread_between(strata: &[(f64, f64)]) -> f64 {
    let n: f64 = strata.iter().map(|(size, _)| size).sum();
    let mean: f64 = strata.iter().map(|(size, d)| size / n * d).sum();
    if let [(a, d), (b, e)] = strata
        && a == b
    {
        return ((d - mean).powi(2) + (e - mean).powi(2)) / 2.0;
    }
    let whole = n + strata
        .iter()
        .map(|(size, _)| size * size / (n - 2.0 * size))
        .sum::<f64>();
    strata
        .iter()
        .map(|(size, d)| size * size / ((n - 2.0 * size) * whole) * (d - mean).powi(2))
        .sum()
}

/// J / ((J − 1) N²) Σ (N_j τ_j − N τ / J)².
fn pairs_of_clusters(blocks: &[Block], y: &[f64], treated: &[bool], level: Level) -> Blocked {
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
        source: Source::Between,
        strata,
    }
}
