//! The draw itself: from a plan and units to an allocation, and the same draw again
//! with other random numbers for randomization inference.

use super::allocation::{Allocation, ArmCount, StratumCount, allocation_sha256};
use super::deal::deal;
use super::plan::{Counting, Method, Plan, UnitKind};
use super::quota::quotas;
use super::share::Share;
use super::stream::{Stream, Streams};
use super::units::Units;
use crate::error::{Error, Result};

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
    /// Where sizes count persons and units are not persons.
    persons: Option<Persons>,
}

enum Rule {
    /// Per arm the first of the 2^53 equally likely numbers that is no longer its.
    Shares(Vec<u64>),
    /// Per arm its exact size.
    Sizes(Vec<u64>),
    /// Per stratum and arm its exact size.
    Given(Vec<Vec<u64>>),
}

struct Persons {
    of_unit: Vec<u64>,
    of_stratum: Vec<u64>,
}

/// The units in lot order, stratum by stratum, and what the arms are to take of them.
pub(super) struct Line {
    pub units: Vec<u32>,
    /// Units per stratum.
    pub strata: Vec<u64>,
    /// Per stratum and arm, in what the sizes count.
    pub quotas: Vec<Vec<u64>>,
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
        let by_persons = plan.counting() == Counting::Persons && units.kind() == UnitKind::Cluster;
        let persons = by_persons.then(|| Persons {
            of_unit: units.persons_by_unit(),
            of_stratum: units.persons_by_stratum(),
        });
        let rule = match plan.method() {
            Method::Simple => Rule::Shares(thresholds(&plan.shares())?),
            Method::Complete | Method::Stratified => {
                match plan.given(&units.strata_sizes(plan.counting()))? {
                    Some(quotas) => Rule::Given(quotas),
                    None => {
                        let counted = match persons {
                            Some(_) => units.persons(),
                            None => units.count(),
                        };
                        Rule::Sizes(plan.sizes(counted as u64, units.kind())?)
                    }
                }
            }
        };
        let (members, strata) = units.by_stratum();
        Ok(Drawer {
            plan,
            units,
            streams: Streams::new(plan.seed(), plan.batch()),
            rule,
            members,
            strata,
            persons,
        })
    }

    /// The allocation that the seed gives.
    ///
    /// # Errors
    /// Internal ones only.
    pub fn draw(&self) -> Result<Allocation> {
        let mut arm_of_unit = vec![0u8; self.units.count()];
        let mut lot_of_unit = None;
        match &self.rule {
            Rule::Shares(thresholds) => {
                let mut stream = self.streams.stream("simple");
                draw_simple(&mut stream, thresholds, &self.members, &mut arm_of_unit);
            }
            Rule::Sizes(_) | Rule::Given(_) => {
                let line = self.line()?;
                let mut lots = vec![0u32; self.units.count()];
                deal(
                    &line.units,
                    &line.strata,
                    &line.quotas,
                    self.weights(),
                    |unit, arm, lot| {
                        arm_of_unit[unit as usize] = arm;
                        lots[unit as usize] = lot;
                    },
                );
                lot_of_unit = Some(lots);
            }
        }
        Ok(self.allocation(&arm_of_unit, lot_of_unit.as_deref()))
    }

    /// The order in which the seed puts the units, and what the arms are to take of them.
    ///
    /// # Errors
    /// Internal ones only; a simple draw has no line.
    pub(super) fn line(&self) -> Result<Line> {
        let quotas = self.quotas(|arm, order, r| {
            let mut stream = self.streams.stream(&format!("misfits\n{arm}"));
            stream.shuffle(order);
            stream.below(r)
        })?;
        let labels = self.units.strata_labels();
        let mut units = self.members.clone();
        let mut rest = units.as_mut_slice();
        for (s, &size) in self.strata.iter().enumerate() {
            let label = labels
                .get(s)
                .map_or_else(String::new, |label| format!("stratum\n{label}"));
            let (stratum, others) = rest.split_at_mut(size as usize);
            rest = others;
            self.streams.stream(&label).shuffle(stratum);
        }
        Ok(Line {
            units,
            strata: self.strata.clone(),
            quotas,
        })
    }

    /// What every arm is to take of every stratum, in what the sizes count.
    fn quotas(&self, misfits: impl FnMut(usize, &mut [u32], u64) -> u64) -> Result<Vec<Vec<u64>>> {
        let strata = match &self.persons {
            Some(persons) => &persons.of_stratum,
            None => &self.strata,
        };
        match &self.rule {
            Rule::Shares(_) => Err(Error::internal("a simple draw has no quotas")),
            Rule::Sizes(sizes) => quotas(strata, sizes, misfits),
            Rule::Given(quotas) => Ok(quotas.clone()),
        }
    }

    /// What units count for, where that is not one each.
    pub(super) fn weights(&self) -> Option<&[u64]> {
        self.persons
            .as_ref()
            .map(|persons| persons.of_unit.as_slice())
    }

    pub(super) fn plan(&self) -> &Plan {
        self.plan
    }

    pub(super) fn units(&self) -> &Units<'a> {
        self.units
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

    /// The probability of every arm, in plan order, for the units of a stratum (counted from 0
    /// in canonical order; 0 without strata): the arm's share (simple), size / units, or the
    /// stratum's size / its units where sizes are given per stratum, exactly.
    ///
    /// None where sizes count persons: a household's chance then depends a little on its size
    /// and on the households around it. [`Drawer::replicate`] has the distribution.
    pub fn probabilities(&self, stratum: usize) -> Option<Vec<f64>> {
        if self.persons.is_some() {
            return None;
        }
        let of = |sizes: &[u64], units: u64| -> Vec<f64> {
            let units = units as f64;
            sizes.iter().map(|&size| size as f64 / units).collect()
        };
        match &self.rule {
            Rule::Shares(_) => {
                let shares = self.plan.shares();
                Some(shares.into_iter().map(Share::to_f64).collect())
            }
            Rule::Sizes(sizes) => Some(of(sizes, self.units.count() as u64)),
            Rule::Given(quotas) => Some(of(quotas.get(stratum)?, *self.strata.get(stratum)?)),
        }
    }

    fn redraw(&self, stream: &mut Stream, members: &mut [u32], arms: &mut [u8]) -> Result<()> {
        if let Rule::Shares(thresholds) = &self.rule {
            draw_simple(stream, thresholds, &self.members, arms);
            return Ok(());
        }
        let quotas = self.quotas(|_, order, r| {
            stream.shuffle(order);
            stream.below(r)
        })?;
        members.copy_from_slice(&self.members);
        if let Some(weights) = self.weights() {
            let mut rest = &mut *members;
            for &size in &self.strata {
                let (stratum, others) = rest.split_at_mut(size as usize);
                rest = others;
                stream.shuffle(stratum);
            }
            deal(
                members,
                &self.strata,
                &quotas,
                Some(weights),
                |unit, arm, _| {
                    arms[unit as usize] = arm;
                },
            );
            return Ok(());
        }
        let most = largest(&quotas);
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

    fn allocation(&self, arm_of_unit: &[u8], lot_of_unit: Option<&[u32]>) -> Allocation {
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
        let lot = lot_of_unit.map(|lots| {
            (0..persons)
                .map(|row| lots[self.units.unit_of(row)])
                .collect()
        });
        Allocation {
            arm,
            stratum,
            lot,
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

/// The arm with the most places over all strata, the later one of equals.
fn largest(quotas: &[Vec<u64>]) -> u8 {
    let arms = quotas.first().map_or(0, Vec::len);
    (0..arms)
        .max_by_key(|&arm| quotas.iter().map(|quota| quota[arm]).sum::<u64>())
        .map_or(0, |arm| arm as u8)
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
