//! `manifest.json`: what was drawn, from which file, by which rule, so that anyone can
//! draw it again.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use super::allocation::{Allocation, ArmCount, StratumCount};
use super::plan::{ArmPlan, Counting, FIRST_BATCH, Method, Plan, Role};
use super::share::{Quota, Share};
use crate::error::{Error, Result, nearest};

/// The file format that this version writes and reads.
pub const SCHEMA: &str = "fip/manifest/1";
/// The algorithm that this version draws with.
pub const ALGORITHM: &str = "fip-chacha20-v1";

/// The whole manifest. Unknown fields are refused: a misspelt one would silently make
/// another design.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub schema: String,
    pub algorithm: String,
    pub fip_version: String,
    pub seed: String,
    pub seed_source: SeedSource,
    pub design: DesignRecord,
    pub register: RegisterRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<FileRecord>,
    /// Numbers of people below this are kept out of reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_cell: Option<u64>,
    pub counts: Counts,
    pub allocation: AllocationRecord,
    /// Earlier draws that this one deliberately replaces, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previous: Vec<PreviousDraw>,
}

/// Where the seed comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SeedSource {
    /// By the researcher.
    Given,
    /// By the operating system.
    Drawn,
    /// From the fingerprint of what was registered and a text that nobody chose.
    Public,
}

/// The design as declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DesignRecord {
    pub method: Method,
    /// The name of the id column.
    pub id: String,
    /// The names of the columns that make the strata, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strata: Vec<String>,
    /// The name of the column whose members are drawn together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// The eligibility expression.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub eligible: Option<String>,
    /// What sizes count, where that is not the units.
    #[serde(default, skip_serializing_if = "Counting::is_units")]
    pub count: Counting,
    /// The number of a later batch, from 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<u32>,
    pub arms: Vec<ArmDesign>,
}

/// One arm as declared; the realised numbers are in the counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArmDesign {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    pub declared: Declared,
}

/// `{"size": 360}`, `{"sizes": {"Capelle": 120}}`, `{"share": "0.35"}` or `"rest"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Declared {
    Size(u64),
    /// By the stratum as it is shown.
    Sizes(BTreeMap<String, u64>),
    Share(Share),
    Rest,
}

impl From<Quota> for Declared {
    fn from(quota: Quota) -> Self {
        match quota {
            Quota::Size(size) => Declared::Size(size),
            Quota::Sizes(sizes) => Declared::Sizes(sizes),
            Quota::Share(share) => Declared::Share(share),
            Quota::Rest => Declared::Rest,
        }
    }
}

impl From<Declared> for Quota {
    fn from(declared: Declared) -> Self {
        match declared {
            Declared::Size(size) => Quota::Size(size),
            Declared::Sizes(sizes) => Quota::Sizes(sizes),
            Declared::Share(share) => Quota::Share(share),
            Declared::Rest => Quota::Rest,
        }
    }
}

/// A file by its name and the SHA-256 of its bytes, as lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    pub file: String,
    pub sha256: String,
}

/// The register as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterRecord {
    pub file: String,
    pub sha256: String,
    pub rows: u64,
    /// How it was to be read, where the file did not settle that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
}

/// What was said about reading the register: it decides who is eligible.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<String>>,
    /// `comma` or `point`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// Ids of rows that are no persons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_people: Vec<String>,
}

/// The allocation by its file name and two hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationRecord {
    pub file: String,
    /// Of who is in which arm: over `id TAB arm LF` lines in canonical order of the ids.
    pub sha256: String,
    /// Of the file's bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_sha256: Option<String>,
}

/// Rows of the register and what became of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    pub read: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<Excluded>,
    /// In a later batch: eligible, and drawn before.
    #[serde(default, skip_serializing_if = "is_none")]
    pub known: u64,
    /// In a later batch: new in a cluster that was drawn before, whose arm they have.
    #[serde(default, skip_serializing_if = "is_none")]
    pub joined: u64,
    /// Those drawn.
    pub eligible: u64,
    /// Clusters where they are drawn, else persons.
    pub units: u64,
    pub arms: Vec<ArmCount>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strata: Vec<StratumCount>,
}

impl Counts {
    /// The counts of an allocation from a register with `read` rows.
    pub fn new(read: u64, excluded: Vec<Excluded>, allocation: &Allocation) -> Self {
        Counts {
            read,
            excluded,
            known: 0,
            joined: 0,
            eligible: allocation.arm.len() as u64,
            units: allocation.units,
            arms: allocation.arms.clone(),
            strata: allocation.strata.clone(),
        }
    }
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

/// How many rows were left out, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excluded {
    pub reason: String,
    pub count: u64,
}

/// An earlier draw that was replaced on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviousDraw {
    pub seed: String,
    pub allocation_sha256: String,
    /// The names under which the earlier files are kept.
    pub manifest: String,
    pub allocation: String,
    /// Why it was replaced.
    pub reason: String,
}

impl DesignRecord {
    /// The plan's side of the record; `roles` belong to the arms in plan order, and
    /// missing ones are undeclared.
    pub fn new(plan: &Plan, id: impl Into<String>, roles: &[Option<Role>]) -> Self {
        DesignRecord {
            method: plan.method(),
            id: id.into(),
            strata: Vec::new(),
            cluster: None,
            eligible: None,
            count: plan.counting(),
            batch: Some(plan.batch()).filter(|&batch| batch > FIRST_BATCH),
            arms: plan
                .arms()
                .iter()
                .enumerate()
                .map(|(i, arm)| ArmDesign {
                    name: arm.name.clone(),
                    role: roles.get(i).copied().flatten(),
                    declared: arm.quota.clone().into(),
                })
                .collect(),
        }
    }
}

impl Manifest {
    /// Reads a manifest and checks that its parts belong together.
    ///
    /// # Errors
    /// Protocol errors with the line where there is one: not JSON, another schema or
    /// algorithm, a missing or unknown field, a design that cannot be drawn, a SHA-256
    /// that is none, counts that do not add up.
    pub fn parse(text: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Head {
            schema: Option<String>,
            algorithm: Option<String>,
        }
        let head: Head = serde_json::from_str(text).map_err(|e| {
            Error::protocol(format!("this is not a manifest: {e}"))
                .line(e.line() as u64)
                .hint("give the manifest.json that fip assign wrote")
        })?;
        check_name("schema", head.schema.as_deref(), SCHEMA)?;
        check_name("algorithm", head.algorithm.as_deref(), ALGORITHM)?;
        let manifest: Manifest = serde_json::from_str(text).map_err(|e| {
            Error::protocol(format!("the manifest is damaged: {e}"))
                .line(e.line() as u64)
                .hint("compare it with the copy that was registered; manifests are not edited by hand")
        })?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The text of `manifest.json`: indented, fields in a fixed order, a line end last.
    pub fn to_json(&self) -> Result<String> {
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|e| Error::internal(format!("the manifest cannot be written: {e}")))?;
        text.push('\n');
        Ok(text)
    }

    /// The plan to draw again.
    ///
    /// # Errors
    /// The design is not a valid plan.
    pub fn plan(&self) -> Result<Plan> {
        self.plan_of_batch(self.design.batch.unwrap_or(FIRST_BATCH))
    }

    /// The same arms and seed for another batch, as far as the streams of random numbers go: what a
    /// batch's sizes are, its own manifest has.
    ///
    /// # Errors
    /// The design is not a valid plan.
    pub fn plan_of_batch(&self, batch: u32) -> Result<Plan> {
        let arms = self
            .design
            .arms
            .iter()
            .map(|arm| ArmPlan {
                name: arm.name.clone(),
                quota: arm.declared.clone().into(),
            })
            .collect();
        let design = &self.design;
        Plan::of(design.method, arms, self.seed.as_str(), design.count, batch)
            .map_err(|e| damaged(format!("its design cannot be drawn: {}", e.message())))
    }

    /// The manifest's allocation as an earlier draw in the list of its successor, behind
    /// the ones it replaced itself.
    pub fn into_previous(
        self,
        manifest: impl Into<String>,
        allocation: impl Into<String>,
        reason: impl Into<String>,
    ) -> Vec<PreviousDraw> {
        let mut previous = self.previous;
        previous.push(PreviousDraw {
            seed: self.seed,
            allocation_sha256: self.allocation.sha256,
            manifest: manifest.into(),
            allocation: allocation.into(),
            reason: reason.into(),
        });
        previous
    }

    fn check(&self) -> Result<()> {
        self.plan()?;
        let design = &self.design;
        if (design.method == Method::Stratified) == design.strata.is_empty() {
            return Err(damaged(
                "its method and its strata do not go together".to_owned(),
            ));
        }
        let hashes = [&self.register.sha256, &self.allocation.sha256]
            .into_iter()
            .chain(self.protocol.iter().map(|protocol| &protocol.sha256))
            .chain(self.previous.iter().map(|draw| &draw.allocation_sha256));
        for hash in hashes {
            let is_hash = hash.len() == 64
                && hash
                    .bytes()
                    .all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c));
            if !is_hash {
                return Err(
                    damaged("a SHA-256 is 64 hexadecimal digits".to_owned()).value(hash.as_str())
                );
            }
        }
        self.check_counts()
    }

    fn check_counts(&self) -> Result<()> {
        let Counts {
            read,
            excluded,
            known,
            joined,
            eligible,
            units,
            arms,
            strata,
        } = &self.counts;
        let unequal = |what: &str, a: u128, b: u128| match a == b {
            true => Ok(()),
            false => Err(damaged(format!("{what} ({a} and {b})"))),
        };
        unequal(
            "the rows read are not the rows of the register",
            u128::from(*read),
            u128::from(self.register.rows),
        )?;
        let left_out: u128 = excluded.iter().map(|e| u128::from(e.count)).sum();
        let left_out = left_out + u128::from(*known) + u128::from(*joined);
        unequal(
            "the rows read are not the eligible and excluded ones together",
            u128::from(*read),
            u128::from(*eligible) + left_out,
        )?;
        let sum = |arms: &[ArmCount], of: fn(&ArmCount) -> u64| -> u128 {
            arms.iter().map(|arm| u128::from(of(arm))).sum()
        };
        unequal(
            "the persons in the arms are not the eligible ones",
            sum(arms, |arm| arm.persons),
            u128::from(*eligible),
        )?;
        unequal(
            "the units in the arms are not all units",
            sum(arms, |arm| arm.units),
            u128::from(*units),
        )?;

        let same_arms = |counts: &[ArmCount]| {
            counts.len() == self.design.arms.len()
                && counts
                    .iter()
                    .zip(&self.design.arms)
                    .all(|(count, arm)| count.arm == arm.name)
        };
        if !same_arms(arms) || !strata.iter().all(|stratum| same_arms(&stratum.arms)) {
            return Err(damaged(
                "its counts are not of the arms of its design".to_owned(),
            ));
        }
        if strata.is_empty() != self.design.strata.is_empty()
            || strata
                .iter()
                .any(|stratum| stratum.values.len() != self.design.strata.len())
        {
            return Err(damaged(
                "its counts are not of the strata of its design".to_owned(),
            ));
        }
        let distinct: HashSet<&[String]> = strata
            .iter()
            .map(|stratum| stratum.values.as_slice())
            .collect();
        if distinct.len() != strata.len() {
            return Err(damaged("it counts a stratum twice".to_owned()));
        }
        for (a, arm) in arms.iter().enumerate().filter(|_| !strata.is_empty()) {
            for of in [|arm: &ArmCount| arm.units, |arm: &ArmCount| arm.persons] {
                let parts: u128 = strata
                    .iter()
                    .map(|stratum| u128::from(of(&stratum.arms[a])))
                    .sum();
                unequal(
                    "the strata do not add up to the arms",
                    parts,
                    u128::from(of(arm)),
                )?;
            }
        }
        Ok(())
    }
}

fn check_name(what: &str, found: Option<&str>, known: &str) -> Result<()> {
    match found {
        Some(found) if found == known => Ok(()),
        Some(found) => Err(Error::protocol(format!(
            "the manifest's {what} is not one that this version of fip knows"
        ))
        .value(found)
        .hint(match nearest(found, [known]) {
            Some(_) => format!(
                "this version knows {known}; use the version of fip that the manifest names"
            ),
            None => "give the manifest.json that fip assign wrote".to_owned(),
        })),
        None => Err(
            Error::protocol(format!("this is not a manifest: it has no {what}"))
                .hint("give the manifest.json that fip assign wrote"),
        ),
    }
}

fn damaged(what: String) -> Error {
    Error::protocol(format!("the manifest is damaged: {what}"))
        .hint("compare it with the copy that was registered; manifests are not edited by hand")
}
