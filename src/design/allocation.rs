//! Who got which arm: the outcome of a draw, its counts and its hash.

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::stream::hex;
use super::units::{Texts, canonical_order, key_of};
use crate::error::{Error, Result};

/// How many units and persons an arm has; the same where units are persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArmCount {
    pub arm: String,
    pub units: u64,
    pub persons: u64,
}

/// One stratum's values, in the order of the strata columns, and its arms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StratumCount {
    pub values: Vec<String>,
    pub arms: Vec<ArmCount>,
}

impl StratumCount {
    /// The stratum as people read it: its values joined by ` | `.
    pub fn label(&self) -> String {
        self.values.join(" | ")
    }
}

/// Who got which arm. Rows are in the order of the ids that were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// Per person the arm, as an index into `arms`.
    pub arm: Vec<u8>,
    /// Per person the stratum, as an index into `strata`; none without strata.
    pub stratum: Option<Vec<u32>>,
    /// Per person its unit's place in its stratum's shuffle, from 1; none in a simple draw.
    pub lot: Option<Vec<u32>>,
    /// Totals in plan order.
    pub arms: Vec<ArmCount>,
    /// Strata in canonical order.
    pub strata: Vec<StratumCount>,
    /// The number of units drawn: clusters where there are any, else persons.
    pub units: u64,
    /// Over `id TAB arm LF` lines in canonical order of the persons' ids.
    pub sha256: String,
}

impl Allocation {
    /// The arm's name of the person in this row.
    pub fn arm_of(&self, row: usize) -> &str {
        &self.arms[usize::from(self.arm[row])].arm
    }

    /// The label of the person's stratum; none without strata.
    pub fn stratum_of(&self, row: usize) -> Option<String> {
        let strata = self.stratum.as_ref()?;
        Some(self.strata[strata[row] as usize].label())
    }

    /// The strata as they are shown, in canonical order.
    ///
    /// # Errors
    /// Data: two strata that are shown alike, so that a file could not tell them apart.
    pub fn stratum_labels(&self) -> Result<Vec<String>> {
        distinct(self.strata.iter().map(StratumCount::label))
    }

    /// Who is next in line for a place in this arm: per stratum the rows of those in a later
    /// arm, in lot order. Nobody, in a simple draw.
    pub fn in_line(&self, arm: u8) -> Vec<Vec<u32>> {
        let mut lines = vec![Vec::new(); self.strata.len().max(1)];
        let Some(lots) = &self.lot else { return lines };
        for (row, &other) in (0u32..).zip(&self.arm) {
            if other > arm {
                let stratum = self.stratum.as_ref().map_or(0, |of| of[row as usize]);
                lines[stratum as usize].push(row);
            }
        }
        for line in &mut lines {
            line.sort_by_key(|&row| lots[row as usize]);
        }
        lines
    }
}

/// Labels, if no two are alike.
pub(super) fn distinct(labels: impl Iterator<Item = String>) -> Result<Vec<String>> {
    let labels: Vec<String> = labels.collect();
    let mut sorted: Vec<&String> = labels.iter().collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(labels),
        Some(pair) => Err(
            Error::data(format!("two strata are written alike: '{}'", pair[0]))
                .hint("take ' | ' out of the values of the strata columns"),
        ),
    }
}

/// The SHA-256 of an allocation as it was kept, rows in any order.
///
/// # Errors
/// Internal, for more rows than can be drawn.
pub fn allocation_hash(ids: &dyn Texts, arms: &dyn Texts) -> Result<String> {
    let order = canonical_order(ids)?.rows;
    Ok(allocation_sha256(ids, &order, |row| arms.text(row).trim()))
}

/// SHA-256 over `id TAB arm LF` lines, ids without surrounding white space, rows in the
/// order given (which is to be the canonical one), as lower-case hexadecimal digits.
pub(super) fn allocation_sha256<'a>(
    ids: &dyn Texts,
    order: &[u32],
    arm: impl Fn(usize) -> &'a str + Sync,
) -> String {
    let lines = |rows: &[u32]| {
        let mut lines: Vec<u8> = Vec::with_capacity(rows.len() * 32);
        for row in rows.iter().map(|&row| row as usize) {
            lines.extend_from_slice(key_of(ids, row).as_bytes());
            lines.push(b'\t');
            lines.extend_from_slice(arm(row).as_bytes());
            lines.push(b'\n');
        }
        lines
    };
    // Rows lie far apart in memory: fetching them takes longer than hashing, so threads
    // make the lines and one of them hashes, in order, some at a time.
    let mut hash = Sha256::new();
    for rows in order.chunks(1 << 19) {
        let parts: Vec<Vec<u8>> = rows.par_chunks(1 << 14).map(lines).collect();
        for part in parts {
            hash.update(&part);
        }
    }
    hex(&hash.finalize())
}
