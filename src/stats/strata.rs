//! Strata of a draw: who is in which, and merging those too thin for a variance.

use super::cluster::Clusters;
use super::matrix::{Matrix, ModelError, same_length};

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
    let blocks = blocks(treated, strata)?;
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
    Ok(Merged {
        strata: result,
        merged,
    })
}

/// The strata that a stratified difference works with: as they are where every one is a pair
/// or none is thin, and else merged by [`merge_thin`].
///
/// # Errors
/// As [`merge_thin`].
pub fn as_analysed(
    treated: &[bool],
    strata: &[usize],
    cluster: Option<&[usize]>,
) -> Result<Vec<usize>, ModelError> {
    let blocks = blocks(treated, strata)?;
    let counts = match cluster {
        Some(cluster) => cluster_counts(&blocks, treated, strata, cluster)?,
        None => blocks.iter().map(|b| (b.treated, b.control)).collect(),
    };
    if counts.len() > 1 && counts.iter().all(|c| *c == (1, 1)) {
        return Ok(strata.to_vec());
    }
    Ok(merge_thin(treated, strata, cluster)?.strata)
}

/// Who takes part when the draw was in pairs and some have lost a side: everybody but the
/// members of strata in which an arm is empty, where all other strata are pairs of one and one
/// (units are clusters, where given). `None` where nobody is to be left out, or the other strata
/// are no pairs.
///
/// A stratum with one arm has no difference to contribute, so that only leaving it out keeps the
/// blocking of the rest. Taken one by one, what happens to a person then cannot spoil other pairs
/// (King et al. 2007, J. Policy Anal. Manage. 26, 479–506, section on attrition).
///
/// # Errors
/// As [`merge_thin`] without `ThinStratum`.
pub fn complete_pairs(
    treated: &[bool],
    strata: &[usize],
    cluster: Option<&[usize]>,
) -> Result<Option<Vec<bool>>, ModelError> {
    let blocks = blocks(treated, strata)?;
    let counts = match cluster {
        Some(cluster) => cluster_counts(&blocks, treated, strata, cluster)?,
        None => blocks.iter().map(|b| (b.treated, b.control)).collect(),
    };
    let empty = |b: usize| counts[b].0 == 0 || counts[b].1 == 0;
    let complete: Vec<usize> = (0..blocks.len()).filter(|&b| !empty(b)).collect();
    let pairs = complete.len() > 1 && complete.iter().all(|&b| counts[b] == (1, 1));
    if !pairs || complete.len() == blocks.len() {
        return Ok(None);
    }
    let mut keep = vec![false; treated.len()];
    for &b in &complete {
        for &i in &blocks[b].members {
            keep[i] = true;
        }
    }
    Ok(Some(keep))
}

/// Indicators of all strata but the first, as regressors.
///
/// # Errors
/// None for strata of any length; those of [`Matrix::push_flags`] cannot occur.
pub fn indicators(strata: &[usize]) -> Result<Matrix, ModelError> {
    let mut numbers = strata.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    let mut matrix = Matrix::new(strata.len());
    for number in numbers.iter().skip(1) {
        let flags: Vec<bool> = strata.iter().map(|s| s == number).collect();
        matrix.push_flags(&flags)?;
    }
    Ok(matrix)
}

/// One stratum and who is in it.
pub(super) struct Block {
    pub(super) stratum: usize,
    pub(super) members: Vec<usize>,
    pub(super) treated: usize,
    pub(super) control: usize,
}

/// The strata in ascending order of their number.
pub(super) fn blocks(treated: &[bool], strata: &[usize]) -> Result<Vec<Block>, ModelError> {
    let n = treated.len();
    if n == 0 {
        return Err(ModelError::Empty);
    }
    same_length(strata.len(), n)?;
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&i| strata[i]);
    Ok(order
        .chunk_by(|&a, &b| strata[a] == strata[b])
        .map(|members| {
            let in_treatment = members.iter().filter(|&&i| treated[i]).count();
            Block {
                stratum: strata[members[0]],
                members: members.to_vec(),
                treated: in_treatment,
                control: members.len() - in_treatment,
            }
        })
        .collect())
}

/// Clusters per arm in each stratum.
pub(super) fn cluster_counts(
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
