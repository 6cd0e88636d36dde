//! Strata of a draw: who is in which, and which of them can be compared.

use super::cluster::Clusters;
use super::matrix::{Matrix, ModelError, mean, same_length};

/// Who takes part where strata have lost an arm: the members of those in which both arms occur. `None`
/// where nobody is to be left out.
///
/// A stratum with one arm has no difference to contribute, and taken together with others its level
/// would enter as an effect. Leaving it out keeps the blocking of the rest (for pairs: King et al.
/// 2007, J. Policy Anal. Manage. 26, 479–506, section on attrition).
///
/// # Errors
/// [`ModelError::Length`], [`ModelError::Empty`].
pub fn with_both_arms(treated: &[bool], strata: &[usize]) -> Result<Option<Vec<bool>>, ModelError> {
    let mut keep = vec![true; treated.len()];
    for block in blocks(treated, strata)? {
        if block.treated == 0 || block.control == 0 {
            for i in block.members {
                keep[i] = false;
            }
        }
    }
    Ok(keep.contains(&false).then_some(keep))
}

/// Whether a stratum has fewer than two people in an arm, so that nothing varies within the arm there.
///
/// # Errors
/// [`ModelError::Length`], [`ModelError::Empty`].
pub fn has_thin(treated: &[bool], strata: Option<&[usize]>) -> Result<bool, ModelError> {
    let Some(strata) = strata else {
        return Ok(false);
    };
    let blocks = blocks(treated, strata)?;
    Ok(blocks.iter().any(|b| b.treated < 2 || b.control < 2))
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

/// Clusters per arm in each stratum; one with members in both arms counts in both.
pub(super) fn cluster_counts(
    blocks: &[Block],
    treated: &[bool],
    strata: &[usize],
    cluster: &[usize],
) -> Result<Vec<(usize, usize)>, ModelError> {
    same_length(cluster.len(), treated.len())?;
    let clusters = Clusters::new(cluster)?;
    let mut counts = vec![(0, 0); blocks.len()];
    for (c, members) in clusters.members().iter().enumerate() {
        let stratum = strata[members[0]];
        if members.iter().any(|&i| strata[i] != stratum) {
            return Err(ModelError::ClusterAcrossStrata { cluster: c });
        }
        let b = blocks.partition_point(|b| b.stratum < stratum);
        counts[b].0 += usize::from(members.iter().any(|&i| treated[i]));
        counts[b].1 += usize::from(members.iter().any(|&i| !treated[i]));
    }
    Ok(counts)
}

/// Deviations from the mean of the own group, exactly zero where they are rounding.
pub(super) fn within(values: &[f64], groups: &[&[usize]]) -> Vec<f64> {
    let mut found = vec![0.0; values.len()];
    for members in groups {
        let centre = mean(members.iter().map(|&i| values[i])).unwrap_or_default();
        for &i in *members {
            let deviation = values[i] - centre;
            let size = values[i].abs().max(centre.abs());
            if deviation.abs() > 4.0 * f64::EPSILON * size {
                found[i] = deviation;
            }
        }
    }
    found
}
