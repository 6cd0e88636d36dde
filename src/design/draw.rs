//! The draw itself: from a plan and units to an allocation, and the same draw again
//! with other random numbers for randomization inference.

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::plan::{Method, Plan, UnitKind};
use super::quota::quotas;
use super::share::Share;
use super::stream::{Stream, Streams, hex};
use super::units::{Texts, Units, canonical_order, key_of};
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
}

/// Draws the allocation of `fip-chacha20-v1`.
///
/// # Errors
/// As [`Drawer::new`].
pub fn draw(plan: &Plan, units: &Units) -> Result<Allocation> {
    Drawer::new(plan, units)?.draw()
}

/// A plan applied to units: everything that a draw needs and that does not change from
/// one draw to the next.
pub struct Drawer<'a> {
    plan: &'a Plan,
    units: &'a Units<'a>,
    streams: Streams,
    rule: Rule,
    /// Units stratum by stratum, in canonical order.
    members: Vec<u32>,
    strata: Vec<u64>,
}

enum Rule {
    /// Per arm the first of the 2^53 equally likely numbers that is no longer its.
    Shares(Vec<u64>),
    /// Per arm its exact size.
    Sizes(Vec<u64>),
}

/// Memory that one thread reuses from replicate to replicate.
pub struct Scratch {
    members: Vec<u32>,
    arm_of_unit: Vec<u8>,
}

impl<'a> Drawer<'a> {
    /// # Errors
    /// Sizes that do not fit the units; strata without the method for it, or the method
    /// without strata.
    pub fn new(plan: &'a Plan, units: &'a Units<'a>) -> Result<Self> {
        match (plan.method(), units.has_strata()) {
            (Method::Stratified, false) => {
                return Err(Error::usage("a stratified draw needs strata")
                    .hint("name the columns, for example --strata municipality"));
            }
            (Method::Simple | Method::Complete, true) => {
                return Err(
                    Error::usage("strata are given, but the method does not use them")
                        .hint("draw with method stratified, or leave the strata out"),
                );
            }
            _ => {}
        }
        let rule = match plan.method() {
            Method::Simple => Rule::Shares(thresholds(&plan.shares())?),
            Method::Complete | Method::Stratified => {
                Rule::Sizes(plan.sizes(units.count() as u64, units.kind())?)
            }
        };
        let (members, strata) = units.by_stratum();
        Ok(Drawer {
            plan,
            units,
            streams: Streams::new(plan.seed()),
            rule,
            members,
            strata,
        })
    }

    /// The allocation that the seed gives.
    ///
    /// # Errors
    /// Internal ones only.
    pub fn draw(&self) -> Result<Allocation> {
        let mut arm_of_unit = vec![0u8; self.units.count()];
        match &self.rule {
            Rule::Shares(thresholds) => {
                let mut stream = self.streams.stream("simple");
                draw_simple(&mut stream, thresholds, &self.members, &mut arm_of_unit);
            }
            Rule::Sizes(sizes) => {
                let quotas = quotas(&self.strata, sizes, |arm, order, r| {
                    let mut stream = self.streams.stream(&format!("misfits\n{arm}"));
                    stream.shuffle(order);
                    stream.below(r)
                })?;
                let labels = self.units.strata_labels();
                let mut members = self.members.clone();
                let mut rest = members.as_mut_slice();
                for (s, quota) in quotas.iter().enumerate() {
                    let label = labels
                        .get(s)
                        .map_or_else(String::new, |label| format!("stratum\n{label}"));
                    let (stratum, others) = rest.split_at_mut(self.strata[s] as usize);
                    rest = others;
                    self.streams.stream(&label).shuffle(stratum);
                    let mut from = 0;
                    for (arm, &seats) in (0u8..).zip(quota) {
                        let to = from + seats as usize;
                        for &unit in &stratum[from..to] {
                            arm_of_unit[unit as usize] = arm;
                        }
                        from = to;
                    }
                }
            }
        }
        Ok(self.allocation(&arm_of_unit))
    }

    /// Memory for [`Drawer::replicate`], one per thread.
    pub fn scratch(&self) -> Scratch {
        Scratch {
            members: self.members.clone(),
            arm_of_unit: vec![0; self.units.count()],
        }
    }

    /// Writes the `index`-th replicate of the draw: per person the arm it gets in a draw
    /// of the same design (quotas of the strata included) with independent random numbers.
    ///
    /// All numbers come from one stream with label `"replicate\n{index}"`, so replicates
    /// do not depend on the thread that makes them or on each other. They have the
    /// distribution of the draw, not its order of steps: only the smaller arms are
    /// shuffled out.
    ///
    /// # Errors
    /// `arms` has not as many places as there are persons (internal).
    pub fn replicate(&self, index: u64, scratch: &mut Scratch, arms: &mut [u8]) -> Result<()> {
        if arms.len() != self.units.persons() || scratch.members.len() != self.members.len() {
            return Err(Error::internal(
                "the memory for a replicate of the draw has the wrong size",
            ));
        }
        let mut stream = self.streams.stream(&format!("replicate\n{index}"));
        if self.units.kind() == UnitKind::Person {
            return self.redraw(&mut stream, &mut scratch.members, arms);
        }
        let Scratch {
            members,
            arm_of_unit,
        } = scratch;
        self.redraw(&mut stream, members, arm_of_unit)?;
        for (row, arm) in arms.iter_mut().enumerate() {
            *arm = arm_of_unit[self.units.unit_of(row)];
        }
        Ok(())
    }

    /// The probability of every arm, in plan order. It is the same for every unit,
    /// whatever its stratum: the arm's share (simple) or size / units, exactly.
    pub fn probabilities(&self) -> Vec<f64> {
        match &self.rule {
            Rule::Shares(_) => self.plan.shares().into_iter().map(Share::to_f64).collect(),
            Rule::Sizes(sizes) => {
                let units = self.units.count() as f64;
                sizes.iter().map(|&size| size as f64 / units).collect()
            }
        }
    }

    fn redraw(&self, stream: &mut Stream, members: &mut [u32], arms: &mut [u8]) -> Result<()> {
        let sizes = match &self.rule {
            Rule::Shares(thresholds) => {
                draw_simple(stream, thresholds, &self.members, arms);
                return Ok(());
            }
            Rule::Sizes(sizes) => sizes,
        };
        let quotas = quotas(&self.strata, sizes, |_, order, r| {
            stream.shuffle(order);
            stream.below(r)
        })?;
        members.copy_from_slice(&self.members);
        let most = (0u8..)
            .zip(sizes)
            .max_by_key(|(_, size)| **size)
            .map_or(0, |(arm, _)| arm);
        arms.fill(most);
        let mut rest = members;
        for (quota, &size) in quotas.iter().zip(&self.strata) {
            let (stratum, others) = rest.split_at_mut(size as usize);
            rest = others;
            let chosen = stratum.len() - quota[usize::from(most)] as usize;
            stream.shuffle_last(stratum, chosen);
            let mut end = stratum.len();
            for (arm, &seats) in (0u8..).zip(quota).filter(|(arm, _)| *arm != most) {
                let start = end - seats as usize;
                for &unit in &stratum[start..end] {
                    arms[unit as usize] = arm;
                }
                end = start;
            }
        }
        Ok(())
    }

    fn allocation(&self, arm_of_unit: &[u8]) -> Allocation {
        let names: Vec<&str> = self
            .plan
            .arms()
            .iter()
            .map(|arm| arm.name.as_str())
            .collect();
        let none = || -> Vec<ArmCount> {
            names
                .iter()
                .map(|name| ArmCount {
                    arm: (*name).to_owned(),
                    units: 0,
                    persons: 0,
                })
                .collect()
        };
        let mut strata: Vec<Vec<ArmCount>> = vec![none(); self.strata.len()];
        for (unit, &arm) in arm_of_unit.iter().enumerate() {
            strata[self.units.stratum_of(unit)][usize::from(arm)].units += 1;
        }
        let persons = self.units.persons();
        let mut arm = Vec::with_capacity(persons);
        for row in 0..persons {
            let unit = self.units.unit_of(row);
            let code = arm_of_unit[unit];
            strata[self.units.stratum_of(unit)][usize::from(code)].persons += 1;
            arm.push(code);
        }
        let mut arms = none();
        for stratum in &strata {
            for (total, part) in arms.iter_mut().zip(stratum) {
                total.units += part.units;
                total.persons += part.persons;
            }
        }
        let sha256 = allocation_sha256(self.units.ids(), self.units.canonical_rows(), |row| {
            names[usize::from(arm[row])]
        });
        let stratum = self.units.has_strata().then(|| {
            (0..persons)
                .map(|row| self.units.stratum_of(self.units.unit_of(row)) as u32)
                .collect()
        });
        Allocation {
            arm,
            stratum,
            arms,
            strata: self
                .units
                .strata_values()
                .into_iter()
                .zip(strata)
                .map(|(values, arms)| StratumCount { values, arms })
                .collect(),
            units: arm_of_unit.len() as u64,
            sha256,
        }
    }
}

/// Per unit in this order x = (u64 >> 11)·2^−53 falls in the arms' cumulative shares.
fn draw_simple(stream: &mut Stream, thresholds: &[u64], units: &[u32], arms: &mut [u8]) {
    for &unit in units {
        let x = stream.next_u64() >> 11;
        let arm = thresholds.iter().take_while(|&&end| x >= end).count();
        // The last threshold is 2^53, above every x; arms are at most 255.
        arms[unit as usize] = arm as u8;
    }
}

/// x·2^−53 < C for an integer x, where C is a cumulative share in 10^-18, means
/// x < ceil(C·2^53 / 10^18): exact, no floats.
fn thresholds(shares: &[Share]) -> Result<Vec<u64>> {
    let one = u128::from(Share::ONE.parts());
    let mut cumulative: u128 = 0;
    shares
        .iter()
        .map(|share| {
            cumulative += u128::from(share.parts());
            u64::try_from((cumulative << 53).div_ceil(one))
                .map_err(|_| Error::internal("the arms' shares are above 1"))
        })
        .collect()
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
