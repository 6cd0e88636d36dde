//! What can differ from the draw that a manifest describes, as plain data; and the
//! differences in its counts.

use std::collections::HashMap;

use serde::Serialize;

use super::manifest::{Counts, Excluded};

/// Which of the two files a difference is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Today's register, or what is re-derived from it.
    Register,
    /// The allocation file.
    Allocation,
}

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Count {
    Read,
    Excluded { reason: String },
    Eligible,
    Units,
    ArmUnits { arm: String },
    ArmPersons { arm: String },
    StratumUnits { stratum: String, arm: String },
    StratumPersons { stratum: String, arm: String },
}

/// One difference from the draw that the manifest describes. `drawn` and `expected` are
/// what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "difference", rename_all = "snake_case")]
pub enum Difference {
    RegisterChanged {
        expected: String,
        found: String,
    },
    ProtocolChanged {
        expected: String,
        found: String,
    },
    /// Today's register cannot be drawn from with the manifest's plan.
    NotRederivable {
        reason: String,
    },
    /// The arms in a file, or those re-derived from the register, are not the drawn ones.
    AllocationHashDiffers {
        source: Source,
        expected: String,
        found: String,
    },
    CountsDiffer {
        count: Count,
        expected: u64,
        found: u64,
    },
    /// The client was drawn (or is in the other file), but is not in this one.
    ClientMissing {
        source: Source,
        id: String,
    },
    /// The client is in this file, but was not drawn (or is not in the other file).
    ClientAdded {
        source: Source,
        id: String,
    },
    DuplicateClient {
        source: Source,
        id: String,
        times: u64,
    },
    ArmChanged {
        id: String,
        drawn: String,
        found: String,
    },
    StratumChanged {
        source: Source,
        id: String,
        drawn: String,
        found: String,
    },
}

/// Compares the rows of today's register with those of the manifest.
pub(super) fn compare_rows(
    expected: &Counts,
    read: u64,
    excluded: &[Excluded],
    eligible: u64,
    differences: &mut Vec<Difference>,
) {
    let mut compare = recorder(differences);
    compare(Count::Read, expected.read, read);
    for (reason, expected, found) in paired(&expected.excluded, excluded, |e| e.reason.clone()) {
        compare(
            Count::Excluded { reason },
            expected.map_or(0, |e| e.count),
            found.map_or(0, |e| e.count),
        );
    }
    compare(Count::Eligible, expected.eligible, eligible);
}

/// Records the counts that differ.
fn recorder(differences: &mut Vec<Difference>) -> impl FnMut(Count, u64, u64) {
    |count, expected, found| {
        if expected != found {
            differences.push(Difference::CountsDiffer {
                count,
                expected,
                found,
            });
        }
    }
}

/// Compares units and persons, by arm and by stratum.
pub(super) fn compare_arms(expected: &Counts, found: &Counts, differences: &mut Vec<Difference>) {
    let mut compare = recorder(differences);
    compare(Count::Units, expected.units, found.units);
    for (arm, expected, found) in paired(&expected.arms, &found.arms, |arm| arm.arm.clone()) {
        compare(
            Count::ArmUnits { arm: arm.clone() },
            expected.map_or(0, |a| a.units),
            found.map_or(0, |a| a.units),
        );
        compare(
            Count::ArmPersons { arm },
            expected.map_or(0, |a| a.persons),
            found.map_or(0, |a| a.persons),
        );
    }
    for (stratum, expected, found) in
        paired(&expected.strata, &found.strata, |stratum| stratum.label())
    {
        let expected = expected.map_or(&[][..], |s| &s.arms);
        let found = found.map_or(&[][..], |s| &s.arms);
        for (arm, expected, found) in paired(expected, found, |arm| arm.arm.clone()) {
            compare(
                Count::StratumUnits {
                    stratum: stratum.clone(),
                    arm: arm.clone(),
                },
                expected.map_or(0, |a| a.units),
                found.map_or(0, |a| a.units),
            );
            compare(
                Count::StratumPersons {
                    stratum: stratum.clone(),
                    arm,
                },
                expected.map_or(0, |a| a.persons),
                found.map_or(0, |a| a.persons),
            );
        }
    }
}

/// Items of two lists with the same name, in the first list's order, then those that are
/// in the second only.
fn paired<'a, T>(
    first: &'a [T],
    second: &'a [T],
    name: impl Fn(&T) -> String,
) -> Vec<(String, Option<&'a T>, Option<&'a T>)> {
    let mut seconds: HashMap<String, &T> = second.iter().map(|item| (name(item), item)).collect();
    let mut pairs: Vec<_> = first
        .iter()
        .map(|item| {
            let name = name(item);
            let partner = seconds.remove(&name);
            (name, Some(item), partner)
        })
        .collect();
    for item in second {
        if seconds.contains_key(&name(item)) {
            pairs.push((name(item), None, Some(item)));
        }
    }
    pairs
}
