//! Microdata whose tables are the published ones, to the printed digit, where they can be.
//!
//! ```text
//! spec     [synth] of a publication file → files and columns
//! family   a variable: its levels, and every printed figure that depends on it
//! builder  rows and cells → family
//! start    printed shares → where the search starts
//! shape    mean and SD → a distribution to start from
//! fit      numbers of people per group and level that print as published
//! people   numbers of people → people, by seeded draws
//! check    what does not come out, and why
//! files    ids and CSV text
//! seeded   all of it from one seed, with the draw of the trial
//! ```
//!
//! Within a group, columns are independent of each other except where the specification
//! ties them; nothing beyond the tables should be read into the data.

mod builder;
mod check;
mod family;
mod files;
mod fit;
mod people;
mod seeded;
mod shape;
pub(super) mod spec;
mod start;

use std::collections::BTreeMap;

use family::Family;
use people::{Ties, Values};

pub use check::{CannotMatch, Got, Why};
pub use files::{files, ids};
pub use seeded::{Made, make};
pub use spec::{Column, Content, Counts, File, Only, Published, Share, Show, Spec};

use super::format::{Publication, RowRef};
use crate::error::{Error, Result};

/// A seeded source of uniform integers in 0..n.
pub trait Draws {
    fn below(&mut self, n: u64) -> u64;
}

/// The people, column by column, in the order of their ids.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticTable {
    pub ids: Vec<String>,
    /// Group id per person.
    pub arms: Vec<String>,
    pub columns: Vec<SyntheticColumn>,
    /// Printed cells that do not come out.
    pub cannot: Vec<CannotMatch>,
    /// Printed cells that do.
    pub matched: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticColumn {
    pub file: String,
    pub name: String,
    pub invented: bool,
    pub values: Vec<String>,
}

/// Group sizes of the arms of `spec`, in order.
///
/// # Errors
/// A group without a printed size; nobody, or more than a million people.
pub fn sizes(publication: &Publication, spec: &Spec) -> Result<Vec<u64>> {
    let size = |&group: &usize| {
        let group = &publication.groups[group];
        let n = group.n.as_ref().ok_or_else(|| {
            Error::protocol(format!("the size of group '{}' is not given", group.id))
                .line(group.line)
                .hint("add n = \"…\" to the group")
        })?;
        Ok(n.read_as.unwrap_or(n.value))
    };
    let sizes: Vec<u64> = spec.groups.iter().map(size).collect::<Result<_>>()?;
    let people = sizes.iter().fold(0u64, |sum, &n| sum.saturating_add(n));
    if people == 0 || people > MOST_PEOPLE {
        let message = format!("microdata of {people} people cannot be made");
        return Err(Error::protocol(message).hint("look at the sizes of the groups"));
    }
    Ok(sizes)
}

/// Far more than any trial, and few enough to hold.
const MOST_PEOPLE: u64 = 1_000_000;

/// Gives `ids[i]`, who is in arm `arms[i]` (an index into `spec.groups`), values so that
/// the tables by arm are the published ones. Every column has its own stream, by label, so
/// that one column's draws do not change with another's.
///
/// # Errors
/// Arms that do not have the published sizes; a column that refers to a later one, or
/// counts more people than there are.
pub fn synthesize<D: Draws>(
    publication: &Publication,
    spec: &Spec,
    ids: Vec<String>,
    arms: &[usize],
    stream: impl Fn(&str) -> D,
) -> Result<SyntheticTable> {
    let sizes = sizes(publication, spec)?;
    let members: Vec<Vec<usize>> = (0..sizes.len())
        .map(|arm| (0..arms.len()).filter(|&p| arms[p] == arm).collect())
        .collect();
    let drawn: Vec<u64> = members.iter().map(|people| people.len() as u64).collect();
    if drawn != sizes || ids.len() != arms.len() {
        let message = format!("the arms have {drawn:?} people, the publication {sizes:?}");
        return Err(Error::data(message).hint("draw arms of the published sizes"));
    }
    let mut maker = Maker {
        publication,
        spec,
        arms,
        members,
        families: Vec::new(),
        failed: BTreeMap::new(),
        dealt: BTreeMap::new(),
        columns: Vec::new(),
    };
    for file in &spec.files {
        for column in &file.columns {
            let mut draws = stream(&format!("synth\n{}", column.name));
            maker.column(&file.name, column, &mut draws)?;
        }
    }
    let (columns, families, failed) = (maker.columns, maker.families, maker.failed);
    // what is compared with print is counted again from the people
    let counted: Vec<(Family, Vec<Vec<u64>>)> = families
        .into_iter()
        .map(|(family, values)| {
            let counts = recount(&family, &values, arms, sizes.len());
            (family, counts)
        })
        .collect();
    let cannot = check::check(publication, &spec.groups, &sizes, &counted, &failed);
    let printed = publication.rows().flat_map(|(_, row)| row.cells.values());
    let printed = printed.filter(|cell| cell.printed.first.is_some()).count();
    Ok(SyntheticTable {
        arms: arms
            .iter()
            .map(|&arm| publication.groups[spec.groups[arm]].id.clone())
            .collect(),
        ids,
        columns,
        matched: printed.saturating_sub(cannot.len()),
        cannot,
    })
}

fn recount(family: &Family, values: &Values, arms: &[usize], groups: usize) -> Vec<Vec<u64>> {
    let mut counts = vec![vec![0; family.levels.len()]; groups];
    for (value, &arm) in values.iter().zip(arms) {
        if let Some(level) = value {
            counts[arm][*level] += 1;
        }
    }
    counts
}

struct Maker<'a> {
    publication: &'a Publication,
    spec: &'a Spec,
    arms: &'a [usize],
    members: Vec<Vec<usize>>,
    families: Vec<(Family, Values)>,
    failed: BTreeMap<RowRef, Why>,
    /// Level per person, by column name.
    dealt: BTreeMap<String, Values>,
    columns: Vec<SyntheticColumn>,
}

impl Maker<'_> {
    fn column(&mut self, file: &str, column: &Column, draws: &mut impl Draws) -> Result<()> {
        let texts = match &column.content {
            Content::Published(published) => self.published(column, published, draws)?,
            Content::Weights(weights) => {
                let keys: Vec<&String> = weights.keys().collect();
                let shares: Vec<f64> = weights.values().map(|&w| w as f64).collect();
                let people = self.eligible(column, &(0..self.arms.len()).collect::<Vec<_>>())?;
                let counts = fit::apportion(people.len() as u64, &shares);
                let mut values: Values = vec![None; self.arms.len()];
                let ties = self.ties(column)?;
                people::deal(&people, &counts, ties, &mut values, draws);
                self.texts(column, values, &|level| {
                    (vec![keys[level].clone()], keys[level])
                })
            }
            Content::Counts(counts) => self.counted(column, counts, draws)?,
        };
        let Some(values) = texts else {
            return Ok(());
        };
        self.columns.push(SyntheticColumn {
            file: file.to_owned(),
            name: column.name.clone(),
            invented: !matches!(column.content, Content::Published(_)),
            values,
        });
        Ok(())
    }

    /// The values of a printed variable; nothing if it cannot be given to people.
    fn published(
        &mut self,
        column: &Column,
        published: &Published,
        draws: &mut impl Draws,
    ) -> Result<Option<Vec<String>>> {
        let known = self
            .families
            .iter()
            .position(|(family, _)| family.root == published.row);
        let at = match known {
            Some(at) => at,
            None => match Family::new(self.publication, &self.spec.groups, published) {
                Ok(family) => {
                    self.check_sizes(column, &family.valid)?;
                    let counts =
                        fit::fit(&family.targets(), family.starts(), family.ordered, draws);
                    let mut values: Values = vec![None; self.arms.len()];
                    let ties = self.ties(column)?;
                    for (people, counts) in self.members.iter().zip(&counts) {
                        people::deal(people, counts, ties, &mut values, draws);
                    }
                    self.families.push((family, values));
                    self.families.len() - 1
                }
                Err(why) => {
                    for row in self.publication.same_variable(published.row) {
                        self.failed.insert(row, why.clone());
                    }
                    return Ok(None);
                }
            },
        };
        let (family, values) = &self.families[at];
        let shares = family.levels.iter().any(|level| !level.inside);
        let show = published.show.unwrap_or(match shares {
            true => Show::Whole,
            false => Show::Level,
        });
        let (levels, values) = (family.levels.clone(), values.clone());
        Ok(self.texts(column, values, &|level| {
            let level = &levels[level];
            match (show, level.inside) {
                (Show::Level, _) => (level.keys.clone(), &level.label),
                (Show::Whole, true) => (vec!["1".to_owned()], "1"),
                (Show::Whole, false) => (vec!["0".to_owned()], "0"),
            }
        }))
    }

    fn counted(
        &mut self,
        column: &Column,
        counts: &Counts,
        draws: &mut impl Draws,
    ) -> Result<Option<Vec<String>>> {
        let Counts { people, shares } = counts;
        let mut keys: Vec<&String> = people.values().flat_map(BTreeMap::keys).collect();
        keys.sort();
        keys.dedup();
        let per_arm: Vec<Vec<u64>> = self
            .spec
            .groups
            .iter()
            .map(|group| {
                let of = people.get(group);
                let count = |key: &&String| of.and_then(|of| of.get(*key)).copied().unwrap_or(0);
                keys.iter().map(count).collect()
            })
            .collect();
        let wanted: Vec<u64> = per_arm.iter().map(|counts| counts.iter().sum()).collect();
        let mut values: Values = vec![None; self.arms.len()];
        let ties = self.ties(column)?;
        for (arm, counts) in per_arm.iter().enumerate() {
            let people = self.eligible(column, &self.members[arm])?;
            if wanted[arm] > people.len() as u64 {
                return Err(too_many(column, wanted[arm], people.len()));
            }
            people::deal(&people, counts, ties, &mut values, draws);
        }
        let invented = Family::invented(self.publication, &self.spec.groups, &keys, shares);
        if let Some(family) = invented {
            self.families.push((family, values.clone()));
        }
        Ok(self.texts(column, values, &|level| {
            (vec![keys[level].clone()], keys[level])
        }))
    }

    fn check_sizes(&self, column: &Column, valid: &[u64]) -> Result<()> {
        for (people, &valid) in self.members.iter().zip(valid) {
            if valid > people.len() as u64 {
                return Err(too_many(column, valid, people.len()));
            }
        }
        Ok(())
    }

    fn values_of(&self, name: &str) -> Result<&Values> {
        self.dealt.get(name).ok_or_else(|| {
            Error::protocol(format!("there is no earlier column '{name}'"))
                .hint("a column can only depend on a column that stands before it")
        })
    }

    fn ties(&self, column: &Column) -> Result<Ties<'_>> {
        let other = |name: &Option<String>| match name {
            Some(name) => self.values_of(name).map(Some),
            None => Ok(None),
        };
        Ok(Ties {
            missing_with: other(&column.missing_with)?,
            follows: other(&column.follows)?.map(|values| (values, column.jitter)),
        })
    }

    /// The people who can have a value in this column.
    fn eligible(&self, column: &Column, people: &[usize]) -> Result<Vec<usize>> {
        let Some(only) = &column.only else {
            return Ok(people.to_vec());
        };
        self.values_of(&only.column)?;
        let texts = self.columns.iter().find(|done| done.name == only.column);
        let allowed = |&person: &usize| {
            let arm = self.spec.groups[self.arms[person]];
            let text = texts.map(|done| &done.values[person]);
            (only.groups.is_empty() || only.groups.contains(&arm))
                && text.is_some_and(|text| only.values.contains(text))
        };
        Ok(people.iter().copied().filter(allowed).collect())
    }

    /// Levels become the texts of the file.
    fn texts<'t>(
        &mut self,
        column: &Column,
        values: Values,
        level: &dyn Fn(usize) -> (Vec<String>, &'t str),
    ) -> Option<Vec<String>> {
        let missing = column.missing.as_ref().unwrap_or(&self.spec.missing);
        let text = |value: &Option<usize>| match value {
            None => missing.clone(),
            Some(value) => {
                let (keys, label) = level(*value);
                let named = keys.iter().find_map(|key| column.values.get(key));
                let named = named.or(column.otherwise.as_ref());
                named.map_or_else(|| label.to_owned(), Clone::clone)
            }
        };
        let texts = values.iter().map(text).collect();
        self.dealt.insert(column.name.clone(), values);
        Some(texts)
    }
}

fn too_many(column: &Column, wanted: u64, people: usize) -> Error {
    let message = format!(
        "column '{}' has {wanted} values for {people} people",
        column.name
    );
    Error::protocol(message).hint("look at its n, and at the sizes of the groups")
}
