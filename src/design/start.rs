//! The first day: who of those drawn is still eligible, and who takes their places.
//!
//! Eligibility is applied to all arms alike and the lots stay as they are, so that the arms are
//! what the draw would have given to those who are left: whoever leaves makes room for the next
//! in line, without anybody choosing.

use serde::{Deserialize, Serialize};

use super::allocation::allocation_sha256;
use super::deal::deal;
use super::draw::{Drawer, Line};
use super::manifest::{AllocationRecord, Excluded, FileRecord};
use super::plan::Method;
use super::units::{Texts, Units};
use crate::error::{Error, Result};

/// The arms on the first day, of those who were drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Per person drawn the arm, as an index into the plan's arms; none who is no longer
    /// eligible.
    pub arm: Vec<Option<u8>>,
    /// In plan order.
    pub arms: Vec<StartCount>,
    /// Over `id TAB arm LF` lines of those who start, in canonical order.
    pub sha256: String,
}

/// What `start.json` is called.
pub const START_SCHEMA: &str = "fip/start/1";

/// The first day as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartRecord {
    pub schema: String,
    /// Of the allocation that was drawn, as its manifest has it.
    pub drawn_sha256: String,
    /// The register of the first day.
    pub register: FileRecord,
    /// The eligibility expression of the first day.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub eligible: Option<String>,
    pub arms: Vec<StartCount>,
    /// Who left although they are in the register: why, over all arms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Excluded>,
    /// Who left because the register no longer has them.
    pub absent: u64,
    /// In the register, and never drawn.
    pub not_drawn: u64,
    /// Of those who start.
    pub allocation: AllocationRecord,
}

/// Persons of one arm, from the draw to the first day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartCount {
    pub arm: String,
    pub drawn: u64,
    /// No longer eligible.
    pub left: u64,
    /// Drawn into another arm, and moved up into this one.
    pub moved_in: u64,
    /// Moved to another arm.
    pub moved_out: u64,
    pub started: u64,
}

impl Drawer<'_> {
    /// Applies the first day's eligibility, one entry per person drawn.
    ///
    /// A cluster starts with the members who are left. A simple draw has no line: who is left
    /// keeps the arm drawn.
    ///
    /// # Errors
    /// Data, when nobody is left; internal, when the persons are not those who were drawn.
    pub fn start(&self, still: &[bool]) -> Result<Start> {
        let units = self.units();
        if still.len() != units.persons() {
            return Err(Error::internal(
                "the first day has other people than the draw",
            ));
        }
        if !still.contains(&true) {
            return Err(Error::data("nobody who was drawn is still eligible")
                .hint("check the register of the first day and the eligibility expression"));
        }
        let drawn = self.draw()?;
        let mut arm_of_unit: Vec<Option<u8>> = vec![None; units.count()];
        if self.plan().method() == Method::Simple {
            for (row, &arm) in drawn.arm.iter().enumerate() {
                arm_of_unit[units.unit_of(row)] = Some(arm);
            }
        } else {
            let weights = left_by_unit(units, still);
            let line = left_in_line(self.line()?, &weights, self.weights().is_some());
            deal(
                &line.units,
                &line.strata,
                &line.quotas,
                self.weights().map(|_| weights.as_slice()),
                |unit, arm, _| arm_of_unit[unit as usize] = Some(arm),
            );
        }
        let arm: Vec<Option<u8>> = still
            .iter()
            .enumerate()
            .map(|(row, &still)| arm_of_unit[units.unit_of(row)].filter(|_| still))
            .collect();
        Ok(self.started(&drawn.arm, arm))
    }

    fn started(&self, drawn: &[u8], arm: Vec<Option<u8>>) -> Start {
        let names: Vec<&str> = self.plan().arms().iter().map(|arm| &*arm.name).collect();
        let mut arms: Vec<StartCount> = names
            .iter()
            .map(|name| StartCount {
                arm: (*name).to_owned(),
                drawn: 0,
                left: 0,
                moved_in: 0,
                moved_out: 0,
                started: 0,
            })
            .collect();
        for (&before, now) in drawn.iter().zip(&arm) {
            arms[usize::from(before)].drawn += 1;
            match now {
                None => arms[usize::from(before)].left += 1,
                Some(now) => {
                    arms[usize::from(*now)].started += 1;
                    if *now != before {
                        arms[usize::from(before)].moved_out += 1;
                        arms[usize::from(*now)].moved_in += 1;
                    }
                }
            }
        }
        let rows: Vec<u32> = self
            .units()
            .canonical_rows()
            .iter()
            .copied()
            .filter(|&row| arm[row as usize].is_some())
            .collect();
        let ids: &dyn Texts = self.units().ids();
        let sha256 = allocation_sha256(ids, &rows, |row| {
            arm[row].map_or("", |code| names[usize::from(code)])
        });
        Start { arm, arms, sha256 }
    }
}

/// The persons of every unit who are left.
fn left_by_unit(units: &Units, still: &[bool]) -> Vec<u64> {
    let mut left = vec![0u64; units.count()];
    for (row, _) in still.iter().enumerate().filter(|(_, still)| **still) {
        left[units.unit_of(row)] += 1;
    }
    left
}

/// The line without the units of which nobody is left. An arm cannot take more of a stratum
/// than is left of it.
fn left_in_line(line: Line, left: &[u64], by_persons: bool) -> Line {
    let mut units = Vec::with_capacity(line.units.len());
    let mut strata = Vec::with_capacity(line.strata.len());
    let mut quotas = Vec::with_capacity(line.quotas.len());
    let mut rest = line.units.as_slice();
    for (&size, quota) in line.strata.iter().zip(&line.quotas) {
        let (stratum, others) = rest.split_at(size as usize);
        rest = others;
        let before = units.len();
        units.extend(stratum.iter().filter(|unit| left[**unit as usize] > 0));
        let there = &units[before..];
        strata.push(there.len() as u64);
        let mut places = match by_persons {
            true => there.iter().map(|&unit| left[unit as usize]).sum(),
            false => there.len() as u64,
        };
        let capped = quota.iter().map(|&seats| {
            let seats = seats.min(places);
            places -= seats;
            seats
        });
        quotas.push(capped.collect());
    }
    Line {
        units,
        strata,
        quotas,
    }
}
