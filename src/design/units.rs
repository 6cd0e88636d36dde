//! What is drawn: persons or clusters, in canonical order, with their strata.

use std::collections::HashMap;

use rayon::slice::ParallelSliceMut;

use super::plan::{Counting, UnitKind};
use crate::error::{Error, Result};

/// A column of text, so that millions of ids need not be copied to be drawn.
pub trait Texts: Sync {
    /// The number of rows.
    fn count(&self) -> usize;
    /// The text in a row below [`Texts::count`].
    fn text(&self, row: usize) -> &str;
}

impl<S: AsRef<str> + Sync> Texts for [S] {
    fn count(&self) -> usize {
        self.len()
    }

    fn text(&self, row: usize) -> &str {
        self[row].as_ref()
    }
}

impl<S: AsRef<str> + Sync> Texts for Vec<S> {
    fn count(&self) -> usize {
        self.len()
    }

    fn text(&self, row: usize) -> &str {
        self[row].as_ref()
    }
}

/// Separates the values in a stratum's label.
const UNIT_SEPARATOR: char = '\u{1f}';

/// The units of a draw. A unit's key is its id (of a person, or of a cluster) without
/// surrounding white space (Unicode White_Space); canonical order is ascending by the
/// key's bytes, so the row order never matters. Strata values are taken as they are.
pub struct Units<'a> {
    ids: &'a dyn Texts,
    /// Rows in canonical order of the persons' keys.
    order: Vec<u32>,
    clusters: Option<Clusters>,
    strata: Option<Strata>,
}

/// Clusters are numbered in canonical order.
struct Clusters {
    of_row: Vec<u32>,
    count: u32,
}

/// Strata are numbered in canonical order of their labels.
struct Strata {
    labels: Vec<String>,
    of_unit: Vec<u32>,
}

impl<'a> Units<'a> {
    /// Checks and orders the eligible persons, one per row.
    ///
    /// `strata` are the columns that make the strata (none: one draw over all);
    /// `cluster` is the column whose members are drawn together.
    ///
    /// # Errors
    /// No persons, or more than 2^32 − 1; an id that is empty, occurs twice or contains a
    /// tab or line end; an empty cluster; strata that differ within a cluster; a stratum
    /// value with U+001F in it.
    pub fn new(
        ids: &'a dyn Texts,
        strata: &[&dyn Texts],
        cluster: Option<&dyn Texts>,
    ) -> Result<Self> {
        let persons = ids.count();
        if persons == 0 {
            return Err(Error::data("nobody is left to draw from")
                .hint("check the register and the eligibility expression"));
        }
        if strata
            .iter()
            .copied()
            .chain(cluster)
            .any(|column| column.count() != persons)
        {
            return Err(Error::internal(
                "the strata or clusters have not as many rows as the ids",
            ));
        }
        let order = canonical_order(ids)?;
        check_ids(ids, &order)?;
        let clusters = cluster.map(|keys| Clusters::new(ids, keys)).transpose()?;
        let strata = match strata {
            [] => None,
            columns => Some(Strata::new(columns, clusters.as_ref(), cluster)?),
        };
        Ok(Units {
            ids,
            order: order.rows,
            clusters,
            strata,
        })
    }

    /// What is drawn.
    pub fn kind(&self) -> UnitKind {
        match self.clusters {
            Some(_) => UnitKind::Cluster,
            None => UnitKind::Person,
        }
    }

    /// The number of units: clusters where there are any, else persons.
    pub fn count(&self) -> usize {
        match &self.clusters {
            Some(clusters) => clusters.count as usize,
            None => self.order.len(),
        }
    }

    /// The number of persons (rows).
    pub fn persons(&self) -> usize {
        self.order.len()
    }

    /// The persons' ids, as they were given.
    pub fn ids(&self) -> &'a dyn Texts {
        self.ids
    }

    /// The rows in canonical order of the persons' keys.
    pub fn canonical_rows(&self) -> &[u32] {
        &self.order
    }

    pub fn has_strata(&self) -> bool {
        self.strata.is_some()
    }

    /// The values of every stratum, in canonical order; empty without strata.
    pub fn strata_values(&self) -> Vec<Vec<String>> {
        self.strata_labels()
            .iter()
            .map(|label| label.split(UNIT_SEPARATOR).map(str::to_owned).collect())
            .collect()
    }

    /// Every stratum's values joined by U+001F, in canonical order; empty without strata.
    pub(super) fn strata_labels(&self) -> &[String] {
        self.strata.as_ref().map_or(&[], |strata| &strata.labels)
    }

    /// The unit that a person belongs to: the row itself, or the cluster's number.
    pub(super) fn unit_of(&self, row: usize) -> usize {
        match &self.clusters {
            Some(clusters) => clusters.of_row[row] as usize,
            None => row,
        }
    }

    /// The stratum of a unit; 0 without strata.
    pub(super) fn stratum_of(&self, unit: usize) -> usize {
        self.strata
            .as_ref()
            .map_or(0, |strata| strata.of_unit[unit] as usize)
    }

    /// The persons in every stratum; without strata there is one, of everybody.
    pub(super) fn persons_by_stratum(&self) -> Vec<u64> {
        let mut persons = vec![0u64; self.strata_labels().len().max(1)];
        for row in 0..self.persons() {
            persons[self.stratum_of(self.unit_of(row))] += 1;
        }
        persons
    }

    /// The number of persons of every unit.
    pub(super) fn persons_by_unit(&self) -> Vec<u64> {
        let mut persons = vec![0u64; self.count()];
        for row in 0..self.persons() {
            persons[self.unit_of(row)] += 1;
        }
        persons
    }

    /// A cluster's number, from 0 in canonical order; none where persons are drawn.
    pub fn cluster_of(&self, row: usize) -> Option<u32> {
        self.clusters.as_ref().map(|clusters| clusters.of_row[row])
    }

    /// The strata as they are shown with their numbers of what `counting` counts, in canonical
    /// order; without strata one, with an empty label.
    pub fn strata_sizes(&self, counting: Counting) -> Vec<(String, u64)> {
        let sizes = match counting {
            Counting::Units => self.by_stratum().1,
            Counting::Persons => self.persons_by_stratum(),
        };
        let labels = self.strata_labels();
        let shown = (0..sizes.len()).map(|s| labels.get(s).map_or_else(String::new, |l| shown(l)));
        shown.zip(sizes).collect()
    }

    /// The units stratum by stratum, each in canonical order, and the strata's sizes.
    pub(super) fn by_stratum(&self) -> (Vec<u32>, Vec<u64>) {
        let canonical: Vec<u32> = match &self.clusters {
            Some(clusters) => (0..clusters.count).collect(),
            None => self.order.clone(),
        };
        let Some(strata) = &self.strata else {
            let size = canonical.len() as u64;
            return (canonical, vec![size]);
        };
        let mut sizes = vec![0u64; strata.labels.len()];
        for &stratum in &strata.of_unit {
            sizes[stratum as usize] += 1;
        }
        let mut next: Vec<usize> = sizes
            .iter()
            .scan(0, |start, &size| {
                let this = *start;
                *start += size as usize;
                Some(this)
            })
            .collect();
        let mut members = vec![0u32; canonical.len()];
        for unit in canonical {
            let place = &mut next[strata.of_unit[unit as usize] as usize];
            members[*place] = unit;
            *place += 1;
        }
        (members, sizes)
    }
}

impl Clusters {
    fn new(ids: &dyn Texts, keys: &dyn Texts) -> Result<Self> {
        let order = canonical_order(keys)?;
        let mut of_row = vec![0u32; order.rows.len()];
        let mut count: u32 = 0;
        let mut previous: Option<&str> = None;
        for row in order.rows.into_iter().map(|row| row as usize) {
            let key = key(keys.text(row));
            if key.is_empty() {
                return Err(Error::data(format!(
                    "client '{}' has no cluster",
                    key_of(ids, row)
                ))
                .hint(
                    "somebody who is alone needs a cluster too: fill in the client's own id there",
                ));
            }
            if previous != Some(key) {
                // At most one per row, and rows are counted in 32 bits.
                count += 1;
                previous = Some(key);
            }
            of_row[row] = count - 1;
        }
        Ok(Clusters { of_row, count })
    }
}

impl Strata {
    fn new(
        columns: &[&dyn Texts],
        clusters: Option<&Clusters>,
        cluster_keys: Option<&dyn Texts>,
    ) -> Result<Self> {
        let persons = columns.first().map_or(0, |column| column.count());
        let units = clusters.map_or(persons, |clusters| clusters.count as usize);
        const NONE: u32 = u32::MAX;
        let mut of_unit = vec![NONE; units];
        let mut codes: HashMap<String, u32> = HashMap::new();
        let mut label = String::new();
        for row in 0..persons {
            label.clear();
            for (i, column) in columns.iter().enumerate() {
                if i > 0 {
                    label.push(UNIT_SEPARATOR);
                }
                label.push_str(column.text(row));
            }
            let code = match codes.get(label.as_str()) {
                Some(&code) => code,
                None => {
                    if label.matches(UNIT_SEPARATOR).count() + 1 != columns.len() {
                        return Err(Error::data(
                            "a stratum's value contains the control character U+001F, which separates strata values",
                        )
                        .value(label.escape_debug().to_string())
                        .hint("remove the character from the register"));
                    }
                    let code = codes.len() as u32;
                    codes.insert(label.clone(), code);
                    code
                }
            };
            let unit = clusters.map_or(row, |clusters| clusters.of_row[row] as usize);
            if of_unit[unit] != NONE && of_unit[unit] != code {
                let name = cluster_keys.map_or("", |keys| key(keys.text(row)));
                let other = codes
                    .iter()
                    .find(|(_, other)| **other == of_unit[unit])
                    .map_or("", |(label, _)| label);
                return Err(Error::data(format!(
                    "the members of cluster '{name}' are in different strata: '{}' and '{}'",
                    shown(other),
                    shown(&label)
                ))
                .hint("a cluster is drawn as one: give its members the same value in every stratum column, or leave that column out of the strata"));
            }
            of_unit[unit] = code;
        }

        let mut labels: Vec<(String, u32)> = codes.into_iter().collect();
        labels.sort_unstable();
        let mut canonical = vec![0u32; labels.len()];
        for (place, (_, code)) in (0u32..).zip(&labels) {
            canonical[*code as usize] = place;
        }
        for code in &mut of_unit {
            *code = canonical[*code as usize];
        }
        Ok(Strata {
            labels: labels.into_iter().map(|(label, _)| label).collect(),
            of_unit,
        })
    }
}

fn shown(label: &str) -> String {
    label.replace(UNIT_SEPARATOR, " | ")
}

/// A unit's key: its id without surrounding white space.
pub(super) fn key(id: &str) -> &str {
    id.trim()
}

pub(super) fn key_of(ids: &dyn Texts, row: usize) -> &str {
    key(ids.text(row))
}

/// Rows in ascending order of their keys' bytes; equal keys stay in row order.
pub(super) struct CanonicalOrder {
    pub rows: Vec<u32>,
    /// How many rows have the key of an earlier one, and the first such row.
    doubles: u64,
    first_double: Option<u32>,
}

/// # Errors
/// More than 2^32 − 1 rows.
pub(super) fn canonical_order(texts: &dyn Texts) -> Result<CanonicalOrder> {
    let rows = u32::try_from(texts.count())
        .map_err(|_| Error::data("there are more than 4,294,967,295 rows"))?;
    let bytes = |row: u32| key_of(texts, row as usize).as_bytes();

    let mut shared = if rows > 0 { bytes(0).len() } else { 0 };
    for row in 1..rows {
        shared = shared.min(common(bytes(0), bytes(row)));
    }
    // Most comparisons are settled by the sixteen bytes after what all keys share.
    // Padding a shorter key with zeros never reverses an order; ties look at the keys.
    let mut keyed: Vec<([u64; 2], u32)> = (0..rows)
        .map(|row| {
            let rest = &bytes(row)[shared..];
            let mut head = [0u8; 16];
            let length = rest.len().min(16);
            head[..length].copy_from_slice(&rest[..length]);
            let head = u128::from_be_bytes(head);
            ([(head >> 64) as u64, head as u64], row)
        })
        .collect();
    let compare = |a: &([u64; 2], u32), b: &([u64; 2], u32)| {
        a.0.cmp(&b.0).then_with(|| bytes(a.1).cmp(bytes(b.1)))
    };
    if !keyed.is_sorted_by(|a, b| compare(a, b).is_le()) {
        keyed.par_sort_unstable_by(|a, b| compare(a, b).then(a.1.cmp(&b.1)));
    }

    let mut doubles = 0;
    let mut first_double = None;
    for pair in keyed.windows(2) {
        if compare(&pair[0], &pair[1]).is_eq() {
            doubles += 1;
            first_double.get_or_insert(pair[1].1);
        }
    }
    Ok(CanonicalOrder {
        rows: keyed.into_iter().map(|(_, row)| row).collect(),
        doubles,
        first_double,
    })
}

fn common(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// Refuses empty and double keys, and those that would blur the lines that are hashed.
fn check_ids(ids: &dyn Texts, order: &CanonicalOrder) -> Result<()> {
    let mut empty = 0u64;
    for row in 0..ids.count() {
        let key = key_of(ids, row);
        if key.is_empty() {
            empty += 1;
        } else if memchr::memchr2(b'\t', b'\n', key.as_bytes()).is_some() {
            return Err(Error::data("an id contains a tab or a line end")
                .value(key.escape_debug().to_string())
                .hint("remove it from the register"));
        }
    }
    if empty > 0 {
        return Err(Error::data(format!("{empty} eligible rows have no id"))
            .hint("give every client an id, or leave these rows out"));
    }
    if let Some(row) = order.first_double {
        return Err(Error::data(format!(
            "{} eligible rows repeat the id of an earlier one",
            order.doubles
        ))
        .value(key_of(ids, row as usize))
        .hint("every client may occur once: remove the repetitions"));
    }
    Ok(())
}
