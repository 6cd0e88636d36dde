//! All allocations of a draw with fixed sizes, where there are few.

use super::Draws;
use crate::error::Result;
use crate::stats::cluster::Clusters;
use crate::stats::matrix::{ModelError, same_length};
use crate::stats::strata::{Block, blocks};

/// Every way to give as many units of every stratum the intervention as the observed draw
/// did, numbered from 0.
pub struct Enumeration {
    blocks: Vec<Block>,
    /// Allocations per stratum.
    ways: Vec<u64>,
    unit_of: Vec<usize>,
    units: usize,
    total: u64,
}

impl Enumeration {
    /// None when there are more than `limit` allocations.
    ///
    /// # Errors
    /// [`ModelError::Length`], [`ModelError::Empty`], [`ModelError::SplitCluster`],
    /// [`ModelError::ClusterAcrossStrata`].
    pub fn new(
        treated: &[bool],
        strata: Option<&[usize]>,
        clusters: Option<&[usize]>,
        limit: u64,
    ) -> std::result::Result<Option<Self>, ModelError> {
        let n = treated.len();
        let strata = strata.map_or_else(|| vec![0; n], <[usize]>::to_vec);
        same_length(strata.len(), n)?;
        let members: Vec<Vec<usize>> = match clusters {
            None => (0..n).map(|i| vec![i]).collect(),
            Some(clusters) => {
                same_length(clusters.len(), n)?;
                let clusters = Clusters::new(clusters)?;
                clusters.arms(treated)?;
                clusters.members().to_vec()
            }
        };
        let mut unit_of = vec![0; n];
        for (cluster, members) in members.iter().enumerate() {
            for &i in members {
                if strata[i] != strata[members[0]] {
                    return Err(ModelError::ClusterAcrossStrata { cluster });
                }
                unit_of[i] = cluster;
            }
        }
        let unit_treated: Vec<bool> = members.iter().map(|m| treated[m[0]]).collect();
        let unit_strata: Vec<usize> = members.iter().map(|m| strata[m[0]]).collect();
        let blocks = blocks(&unit_treated, &unit_strata)?;
        let mut ways = Vec::with_capacity(blocks.len());
        let mut total = 1_u64;
        for block in &blocks {
            let Some(of_block) = choose(block.members.len() as u64, block.treated as u64, limit)
            else {
                return Ok(None);
            };
            ways.push(of_block);
            match total.checked_mul(of_block).filter(|total| *total <= limit) {
                Some(product) => total = product,
                None => return Ok(None),
            }
        }
        Ok(Some(Enumeration {
            blocks,
            ways,
            unit_of,
            units: members.len(),
            total,
        }))
    }

    /// How many allocations there are.
    pub fn total(&self) -> u64 {
        self.total
    }
}

/// n choose k; none above the limit.
fn choose(n: u64, k: u64, limit: u64) -> Option<u64> {
    let k = k.min(n - k);
    let mut ways = 1_u128;
    for i in 0..k {
        // C(n, i + 1) = C(n, i) (n − i)/(i + 1), whole at every step and rising to k ≤ n/2.
        ways = ways * u128::from(n - i) / u128::from(i + 1);
        if ways > u128::from(limit) {
            return None;
        }
    }
    u64::try_from(ways).ok()
}

impl Draws for Enumeration {
    type Memory = Vec<u8>;

    fn memory(&self) -> Vec<u8> {
        vec![0; self.units]
    }

    fn treated(&self) -> u8 {
        1
    }

    /// Allocation `index` in lexicographic order, the strata as digits of a mixed radix.
    fn draw(&self, index: u64, memory: &mut Vec<u8>, arms: &mut [u8]) -> Result<()> {
        let mut rest = index;
        for (block, &ways) in self.blocks.iter().zip(&self.ways) {
            let mut rank = u128::from(rest % ways);
            rest /= ways;
            let (mut n, mut k) = (block.members.len() as u128, block.treated as u128);
            let mut left = u128::from(ways);
            for &unit in &block.members {
                // Of C(n, k) allocations C(n − 1, k − 1) = C(n, k) k/n treat the first unit.
                let with = left * k / n;
                let treated = rank < with;
                memory[unit] = u8::from(treated);
                if treated {
                    left = with;
                    k -= 1;
                } else {
                    rank -= with;
                    left -= with;
                }
                n -= 1;
            }
        }
        for (arm, &unit) in arms.iter_mut().zip(&self.unit_of) {
            *arm = memory[unit];
        }
        Ok(())
    }
}
