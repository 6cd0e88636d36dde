//! The draw without ids. Ids matter to a draw by their order only, so a row per person in that
//! order, with stratum, cluster's number, lot and arm, is enough to draw again.

use serde::Serialize;

use super::allocation::{Allocation, distinct};
use super::draw::draw;
use super::manifest::{Counts, Manifest};
use super::plan::Method;
use super::units::{Texts, Units};
use crate::error::{Error, Result};

/// One row per person, in canonical order of the ids; row i has place i + 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicDraw {
    /// The strata as they are shown.
    pub strata: Option<Vec<String>>,
    /// The clusters' numbers in canonical order, from 1.
    pub clusters: Option<Vec<u64>>,
    /// None in a simple draw.
    pub lots: Option<Vec<u64>>,
    pub arms: Vec<String>,
}

/// What a draw from the public file and the manifest gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicCheck {
    pub persons: u64,
    /// Persons whose arm or lot in the file is not the one drawn again.
    pub different: Vec<PublicDifference>,
    /// The numbers per stratum and arm are those of the manifest.
    pub same_counts: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicDifference {
    pub place: u64,
    pub drawn: String,
    pub found: String,
    /// The arms are the same and the lots are not.
    pub lot_only: bool,
}

impl PublicCheck {
    /// The file is of the draw that the manifest describes.
    pub fn same(&self) -> bool {
        self.different.is_empty() && self.same_counts
    }
}

impl PublicDraw {
    /// # Errors
    /// Refused: two strata that are shown alike, so that the file could not tell them apart.
    pub fn new(units: &Units, allocation: &Allocation) -> Result<Self> {
        let labels = allocation.stratum_labels()?;
        let rows = || units.canonical_rows().iter().map(|&row| row as usize);
        let by_row = |of: &dyn Fn(usize) -> u64| -> Vec<u64> { rows().map(of).collect() };
        Ok(PublicDraw {
            strata: allocation.stratum.as_ref().map(|strata| {
                rows()
                    .map(|row| labels[strata[row] as usize].clone())
                    .collect()
            }),
            clusters: units
                .cluster_of(0)
                .map(|_| by_row(&|row| units.cluster_of(row).map_or(0, |c| u64::from(c) + 1))),
            lots: allocation
                .lot
                .as_ref()
                .map(|lots| by_row(&|row| u64::from(lots[row]))),
            arms: rows()
                .map(|row| allocation.arm_of(row).to_owned())
                .collect(),
        })
    }

    /// Draws again from this file and the manifest's plan.
    ///
    /// # Errors
    /// Data: columns that the design needs and the file has not, a stratum that the manifest
    /// does not have. As [`draw`].
    pub fn check(&self, manifest: &Manifest) -> Result<PublicCheck> {
        let plan = manifest.plan()?;
        let missing = |what: &str| {
            Error::data(format!(
                "the public file has no {what}, which this draw needs"
            ))
            .hint("give the draw-public.csv that was written with the manifest")
        };
        // Padded numbers have the order of what they stand for.
        let padded = |number: u64| format!("{number:020}");
        let ids: Vec<String> = (1..=self.arms.len() as u64).map(padded).collect();
        let clusters = match (&manifest.design.cluster, &self.clusters) {
            (None, _) => None,
            (Some(_), None) => return Err(missing("clusters")),
            (Some(_), Some(numbers)) => {
                Some(numbers.iter().copied().map(padded).collect::<Vec<_>>())
            }
        };
        let strata = match (manifest.design.strata.is_empty(), &self.strata) {
            (true, _) => Vec::new(),
            (false, None) => return Err(missing("strata")),
            (false, Some(strata)) => values(strata, manifest)?,
        };
        if plan.method() != Method::Simple && self.lots.is_none() {
            return Err(missing("lots"));
        }
        let columns: Vec<&dyn Texts> = strata.iter().map(|column| column as &dyn Texts).collect();
        let units = Units::new(
            &ids,
            &columns,
            clusters.as_ref().map(|column| column as &dyn Texts),
        )?;
        let again = draw(&plan, &units)?;
        let drawn = PublicDraw::new(&units, &again)?;
        let Counts {
            units: count,
            arms,
            strata,
            ..
        } = &manifest.counts;
        Ok(PublicCheck {
            persons: ids.len() as u64,
            different: self.differences(&drawn),
            same_counts: again.units == *count && again.arms == *arms && again.strata == *strata,
        })
    }

    fn differences(&self, drawn: &PublicDraw) -> Vec<PublicDifference> {
        let lot = |of: &PublicDraw, row: usize| of.lots.as_ref().and_then(|l| l.get(row).copied());
        let rows = self.arms.iter().zip(&drawn.arms).enumerate();
        rows.filter_map(|(row, (found, again))| {
            let same_arm = found == again;
            let same_lot = drawn.lots.is_none() || lot(self, row) == lot(drawn, row);
            (!same_arm || !same_lot).then(|| PublicDifference {
                place: row as u64 + 1,
                drawn: again.clone(),
                found: found.clone(),
                lot_only: same_arm,
            })
        })
        .collect()
    }
}

/// The columns of strata values, from the labels in the file.
fn values(strata: &[String], manifest: &Manifest) -> Result<Vec<Vec<String>>> {
    let known = &manifest.counts.strata;
    let labels = distinct(known.iter().map(|stratum| stratum.label()))?;
    let mut columns = vec![Vec::with_capacity(strata.len()); manifest.design.strata.len()];
    for (row, label) in strata.iter().enumerate() {
        let place = labels.iter().position(|known| known.trim() == label.trim());
        let stratum = place.map(|place| &known[place]).ok_or_else(|| {
            Error::data("the manifest has no such stratum")
                .row(row as u64 + 2)
                .column("stratum")
                .value(label.as_str())
                .hint("give the draw-public.csv that was written with the manifest")
        })?;
        for (column, value) in columns.iter_mut().zip(&stratum.values) {
            column.push(value.clone());
        }
    }
    Ok(columns)
}
