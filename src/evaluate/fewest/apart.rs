//! Groups of people that are the same but for a few: the difference of two numbers that are both
//! shown.

use std::collections::BTreeMap;

use super::classes::Classes;
use crate::columns::Measured;
use crate::study::{NO_ARM, OutcomeInput, Study};

/// Everybody in parts, by one variable: by its value where there are few, then those without one,
/// then those whom the outcome leaves out. Each is counted somewhere in a report, and so is every sum
/// of them.
pub(super) struct Parts {
    /// So many parts have a value.
    known: usize,
    codes: Vec<usize>,
}

/// Of so many parts every sum is looked at.
const FEW_PARTS: usize = 8;

/// Those without a value, and those left out.
const OTHERS: usize = 2;

impl Parts {
    pub(super) fn of_covariate(measured: &Measured) -> Parts {
        let classes = Classes::of_values(measured);
        let missing = measured.missing();
        let known = classes.as_ref().map_or(1, Classes::count);
        let code = |row: usize| match missing[row] {
            true => known,
            false => classes
                .as_ref()
                .and_then(|classes| classes.known(row))
                .map_or(0, |code| code as usize),
        };
        Parts {
            known,
            codes: (0..missing.len()).map(code).collect(),
        }
    }

    pub(super) fn of_outcome(study: &Study, input: &OutcomeInput) -> Parts {
        let mut parts = Parts::of_covariate(&input.measured);
        for (part, code) in parts.codes.iter_mut().zip(input.codes(study).iter()) {
            if *code == NO_ARM {
                *part = parts.known + 1;
            }
        }
        parts
    }

    fn count(&self) -> usize {
        self.known + OTHERS
    }

    /// In an arm, the fewest people, but not nobody, who are in a group of the one variable and not
    /// in a group of the other that is within it in every arm.
    pub(super) fn apart(&self, other: &Parts, arms: usize, codes: &[u32]) -> Option<u64> {
        let mut by_own: Vec<Table> = Vec::new();
        let mut by_other: Vec<Table> = Vec::new();
        for arm in 0..arms as u32 {
            let rows = || (0..codes.len()).filter(move |&row| codes[row] == arm);
            let pairs = || rows().map(|row| (self.codes[row], other.codes[row]));
            by_own.push(Table::new(self.count(), other.count(), pairs()));
            let turned = pairs().map(|(own, other)| (other, own));
            by_other.push(Table::new(other.count(), self.count(), turned));
        }
        let inner = other.between(&by_own);
        let outer = self.between(&by_other);
        inner.into_iter().chain(outer).min()
    }

    /// The same of the groups of this variable, which are the columns of the tables, within sums of
    /// the parts of the other. Groups are all sums of parts; of many parts each, those with a value,
    /// and all others.
    fn between(&self, tables: &[Table]) -> Option<u64> {
        let parts = self.count();
        if parts <= FEW_PARTS {
            // The other half of the sums are all others of these.
            return (1..1_usize << (parts - 1))
                .filter_map(|sum| {
                    let members = || (0..parts).filter(move |part| sum >> part & 1 == 1);
                    around(tables, |table, row| {
                        members().map(|part| table.cell(row, part)).sum()
                    })
                })
                .min();
        }
        let part = |own: usize| move |table: &Table, row: usize| table.cell(row, own);
        let with =
            |table: &Table, row: usize| (0..self.known).map(|own| table.cell(row, own)).sum();
        (0..self.count())
            .filter_map(|own| around(tables, part(own)))
            .chain(around(tables, with))
            .min()
    }
}

/// People of an arm by the parts of two variables.
struct Table {
    columns: usize,
    counts: Vec<u64>,
    totals: Vec<u64>,
}

impl Table {
    fn new(rows: usize, columns: usize, people: impl Iterator<Item = (usize, usize)>) -> Table {
        let mut table = Table {
            columns,
            counts: vec![0; rows * columns],
            totals: vec![0; rows],
        };
        for (row, column) in people {
            table.counts[row * columns + column] += 1;
            table.totals[row] += 1;
        }
        table
    }

    fn cell(&self, row: usize, column: usize) -> u64 {
        self.counts[row * self.columns + column]
    }
}

/// The fewest people between a group, or all others, and the smallest sum of rows around it;
/// `within` counts the people of a row who are in the group. A sum of all rows is everybody: that
/// tells nothing new.
fn around(tables: &[Table], within: impl Fn(&Table, usize) -> u64) -> Option<u64> {
    let rows = tables.first()?.totals.len();
    // Of the group and of all others: people between, and whether any row is outside.
    let mut between = vec![[0_u64; 2]; tables.len()];
    let mut outside = [false; 2];
    for row in 0..rows {
        let split: Vec<[u64; 2]> = tables
            .iter()
            .map(|table| {
                let own = within(table, row);
                [own, table.totals[row] - own]
            })
            .collect();
        for side in [0, 1] {
            let (met, rest) = (
                split.iter().any(|people| people[side] > 0),
                split.iter().any(|people| people[1 - side] > 0),
            );
            if met {
                for (sum, people) in between.iter_mut().zip(&split) {
                    sum[side] += people[1 - side];
                }
            }
            outside[side] |= !met && rest;
        }
    }
    let sums = between
        .iter()
        .flat_map(|sum| sum.iter().zip(outside))
        .filter(|(n, outside)| **n > 0 && *outside);
    sums.map(|(n, _)| *n).min()
}

/// For every covariate, how few people lie between a group of it and one of an earlier covariate.
pub(super) fn covariates_apart(
    covariates: &[Measured],
    arms: usize,
    codes: &[u32],
) -> Vec<BTreeMap<String, u64>> {
    let parts: Vec<Parts> = covariates.iter().map(Parts::of_covariate).collect();
    let of = |index: usize| {
        let earlier = covariates.iter().zip(&parts).take(index);
        earlier
            .filter_map(|(other, theirs)| {
                let few = parts[index].apart(theirs, arms, codes)?;
                Some((other.name().to_string(), few))
            })
            .collect()
    };
    (0..covariates.len()).map(of).collect()
}
