//! Difference in means for draws within strata, of persons or of whole clusters.

use super::between::{Piece, ThinDifference, between, welch};
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
/// Degrees of freedom: Welch's over all cells, the arms of the strata, so that a few people who carry
/// most of the variance are not lost among many others (`welch`); the thin strata are one piece of it, with
/// those of `between`, J − 1 for pairs.
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
    let found = blocks
        .iter()
        .zip(&thin)
        .map(|(b, thin)| match thin {
            true => (difference(b, y, treated), None),
            false => with_variance(b, y, treated),
        })
        .collect();
    Ok(combine(found, &counts, level))
}

/// The difference in means of clusters drawn within strata.
///
/// # Formula
/// As [`blocked_difference`], with the CR2 variance of the regression on treatment in each stratum
/// for V_j, and for its degrees of freedom those of Satterthwaite, put together by Welch's formula. When every stratum is a
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
    let found = blocks
        .iter()
        .zip(&thin)
        .map(|(b, thin)| match thin {
            true => Ok((difference(b, y, treated), None)),
            false => with_cluster_variance(b, y, treated, cluster, level),
        })
        .collect::<Result<Vec<_>, ModelError>>()?;
    Ok(combine(found, &counts, level))
}

/// The difference in means of clusters drawn at random, without strata: the regression on
/// treatment with CR2 variance and Satterthwaite degrees of freedom. When its test can be trusted, see
/// [`super::cluster::trusted`].
///
/// A cluster whose members are in both arms counts in both: the regression is of persons, with the
/// residuals of a cluster as one (estimatr's `lm_robust` with `clusters`).
///
/// # Errors
/// [`ModelError::FewClusters`] with fewer than two clusters in an arm, and those of [`ols`].
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
    let (in_treatment, in_control) = clusters.per_arm(treated);
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

/// A stratum's difference, with its variance in pieces unless it is thin.
type Found = (StratumDifference, Option<Vec<Piece>>);

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

/// The difference in a stratum with two or more in each arm, and Neyman's variance, arm by arm.
fn with_variance(block: &Block, y: &[f64], treated: &[bool]) -> Found {
    let piece = |arm, n: usize| {
        let values = arm_values(block, y, treated, arm);
        let mean = mean(values.clone()).unwrap_or_default();
        let squares = values.map(|y| (y - mean).powi(2)).sum::<f64>();
        let df = (n - 1) as f64;
        Piece {
            variance: squares / df / n as f64,
            df,
        }
    };
    let pieces = vec![piece(true, block.treated), piece(false, block.control)];
    let found = StratumDifference {
        variance: Some(pieces.iter().map(|piece| piece.variance).sum()),
        ..difference(block, y, treated)
    };
    (found, Some(pieces))
}

/// The difference in a stratum with two or more clusters in each arm, and its CR2 variance.
fn with_cluster_variance(
    block: &Block,
    y: &[f64],
    treated: &[bool],
    cluster: &[usize],
    level: Level,
) -> Result<Found, ModelError> {
    let y_here: Vec<f64> = block.members.iter().map(|&i| y[i]).collect();
    let treated_here: Vec<bool> = block.members.iter().map(|&i| treated[i]).collect();
    let cluster: Vec<usize> = block.members.iter().map(|&i| cluster[i]).collect();
    let effect = cluster_difference(&y_here, &treated_here, &cluster, level)?;
    let variance = effect.std_error.map(|se| se * se);
    let found = StratumDifference {
        difference: effect.estimate,
        variance,
        ..difference(block, y, treated)
    };
    let piece = Piece {
        variance: variance.unwrap_or(f64::NAN),
        df: effect.df.unwrap_or(f64::NAN),
    };
    Ok((found, Some(vec![piece])))
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
fn combine(found: Vec<Found>, counts: &[(usize, usize)], level: Level) -> Blocked {
    let size = |s: &StratumDifference| (s.treated + s.control) as f64;
    let n: f64 = found.iter().map(|(s, _)| size(s)).sum();
    let estimate = found.iter().map(|(s, _)| size(s) / n * s.difference).sum();
    let mut pieces = Vec::new();
    let mut thin = Vec::new();
    for ((s, own), (t, c)) in found.iter().zip(counts) {
        match own {
            Some(own) => {
                let scale = (size(s) / n).powi(2);
                pieces.extend(own.iter().map(|piece| Piece {
                    variance: scale * piece.variance,
                    ..*piece
                }));
            }
            None => thin.push(ThinDifference {
                people: size(s),
                difference: s.difference,
                relative: 1.0 / *t as f64 + 1.0 / *c as f64,
            }),
        }
    }
    let source = match (pieces.is_empty(), thin.is_empty()) {
        (_, true) => Source::Within,
        (true, false) => Source::Between,
        (false, false) => Source::Hybrid,
    };
    if !thin.is_empty() {
        let people: f64 = thin.iter().map(|s| s.people).sum();
        let own = between(&thin);
        pieces.push(Piece {
            variance: (people / n).powi(2) * own.variance,
            ..own
        });
    }
    let variance: f64 = pieces.iter().map(|piece| piece.variance).sum();
    Blocked {
        effect: infer(estimate, variance.sqrt(), Some(welch(&pieces)), level),
        source,
        strata: found.into_iter().map(|(s, _)| s).collect(),
    }
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
