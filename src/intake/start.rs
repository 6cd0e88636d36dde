//! The first day: who of those drawn is still eligible, and who moves up into their places.

use std::collections::HashMap;
use std::path::Path;

use super::draw::{Drawn, ToDraw, people};
use super::office::Office;
use super::work::file_name;
use crate::condition::Condition;
use crate::data::{self, Keys};
use crate::design::{
    AllocationRecord, Excluded, FileRecord, START_SCHEMA, Start, StartRecord, Texts,
};
use crate::error::{Error, Result};
use crate::record::EVERYBODY;

/// The first day of those who were drawn in one batch.
pub struct Started {
    pub start: Start,
    /// What is kept of it.
    pub record: StartRecord,
    office: Option<Office>,
}

impl Started {
    /// Applies the first day's eligibility to everybody in `drawn`, in all arms alike.
    ///
    /// `register` is the register of the first day. `eligibility` is the expression that they have to
    /// meet in it; without one it is enough to be in it. Who is not in it has left. Places of
    /// caseworkers, and the order of invitation, are drawn of those who start.
    ///
    /// # Errors
    /// An expression or a register that cannot be read, ids that occur twice, nobody left; places
    /// that do not fit.
    pub fn new(
        plan: &ToDraw<'_>,
        drawn: &Drawn,
        register: &Path,
        eligibility: Option<&str>,
    ) -> Result<Self> {
        let condition = eligibility.map(Condition::parse).transpose()?;
        let table = people(plan, register, &[], condition.as_ref())?;
        Keys::new(&table, plan.id)?;
        let sha256 = table.sha256().to_string();
        let now = table.text(plan.id)?.into_owned();
        let row_of: HashMap<&str, usize> = (0..now.len()).map(|row| (now.key(row), row)).collect();
        let ids = drawn.ids();
        let found: Vec<Option<usize>> = (0..ids.len())
            .map(|row| row_of.get(ids.key(row)).copied())
            .collect();
        let mut was_drawn = vec![false; now.len()];
        for row in found.iter().flatten() {
            was_drawn[*row] = true;
        }
        if !was_drawn.contains(&true) {
            return Err(
                Error::data("nobody who was drawn is in the register of the first day")
                    .file(register.display())
                    .column(plan.id)
                    .hint("compare the ids in both files: leading zeros, spaces"),
            );
        }
        let not_drawn = was_drawn.iter().filter(|drawn| !**drawn).count() as u64;
        let mut holds = was_drawn.clone();
        let mut left = Vec::new();
        if let Some(condition) = &condition {
            // Of those drawn only: the reasons are why people left.
            let verdicts = condition.evaluate(&table.retain(&was_drawn)?)?;
            let mut still = verdicts.holds().into_iter();
            for holds in holds.iter_mut().filter(|holds| **holds) {
                *holds = still.next().unwrap_or(false);
            }
            let reasons = verdicts.reasons().iter().flat_map(data::Reason::counts);
            left.extend(reasons.map(|(reason, count)| Excluded { reason, count }));
        }
        let still: Vec<bool> = found
            .iter()
            .map(|row| row.is_some_and(|row| holds[row]))
            .collect();
        let start = drawn
            .start(&still)
            .map_err(|error| error.file(register.display()))?;
        let name_of = |row: usize| {
            let arm = start.arm[row];
            arm.map(|arm| start.arms[usize::from(arm)].arm.as_str())
        };
        let office = Office::new(
            drawn.plan(),
            &plan.assignment.caseworkers,
            ids,
            drawn.clusters().map(|column| column as &dyn Texts),
            name_of,
            drawn.first(),
        )?;
        let record = StartRecord {
            schema: START_SCHEMA.to_string(),
            drawn_sha256: drawn.allocation.sha256.clone(),
            register: FileRecord {
                file: file_name(register),
                sha256,
            },
            eligible: eligibility.map(str::to_string),
            arms: start.arms.clone(),
            left,
            absent: found.iter().filter(|row| row.is_none()).count() as u64,
            not_drawn,
            allocation: AllocationRecord {
                file: EVERYBODY.to_string(),
                sha256: start.sha256.clone(),
                file_sha256: None,
            },
        };
        Ok(Started {
            start,
            record,
            office,
        })
    }

    /// `allocation.csv` of those who start, with the arm, caseworker and order that they start in.
    ///
    /// # Errors
    /// Internal ones only.
    pub fn csv(&self, plan: &ToDraw<'_>, drawn: &Drawn) -> Result<Vec<u8>> {
        let rows = self.start.arm.iter().enumerate().filter_map(|(row, arm)| {
            let arm = usize::from((*arm)?);
            Some((row, self.start.arms[arm].arm.as_str()))
        });
        drawn.csv_of(plan, rows, self.office.as_ref())
    }
}
