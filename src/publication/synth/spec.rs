//! `[synth]`: which files and columns the microdata of a publication get.
//!
//! ```toml
//! [synth]
//! seed = "42"          # of ids, allocation and values, unless another is given
//! id = "person"
//! digits = 9
//! groups = ["intervention", "control"]   # who has rows; default: both roles
//! missing = ""               # how a missing value is written
//! delimiter = ";"
//! mark = { column = "source", value = "synthetic" }   # in every row of every file
//!
//! [[synth.file]]
//! name = "register.csv"
//! column = [
//!   { name = "age", row = "1/age" },                       # a variable of the tables
//!   { name = "region", weights = { north = 3, south = 1 } },   # an invented one
//! ]
//! ```
//!
//! A column of a printed variable has `row`. Also: `values = { key = "text" }`, where a key
//! is a row id of a part, a number, or `other` and `none` for those in no printed part
//! (`otherwise = "text"` for all that are not named);
//! `show = "whole"` for yes or no where the row has parts (default for shares) or
//! `"level"`; `missing`; `range` and `sd` where nothing is printed; `shares = [{ row =
//! "2/over60", above = 60 }]` (or `below`) for printed shares of a numeric variable.
//!
//! An invented column has `weights` (shares for everybody) or `counts` (numbers of people,
//! per group; `shares` as above says which printed figures follow). `only = { column = "…", values = ["…"] }` leaves it empty for the others.
//!
//! Columns are drawn independently of each other within a group, except: `missing_with =
//! "column"`: missing for the same people as far as numbers allow; `follows = "column"`:
//! higher values go with higher values there, loosened by `jitter` levels (default 1).

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::publication::format::{Measure, Publication, Role, RowRef};
use crate::publication::printed::Decimal;

/// The microdata to make, references looked up.
#[derive(Debug, Clone)]
pub struct Spec {
    pub seed: String,
    pub id: String,
    pub digits: u32,
    /// Groups whose people get rows, in order.
    pub groups: Vec<usize>,
    pub missing: String,
    pub delimiter: u8,
    pub mark: (String, String),
    /// A column with the group's id.
    pub arm: Option<String>,
    pub files: Vec<File>,
}

#[derive(Debug, Clone)]
pub struct File {
    pub name: String,
    pub columns: Vec<Column>,
}

#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub content: Content,
    pub values: BTreeMap<String, String>,
    /// The text of levels that are not in `values`.
    pub otherwise: Option<String>,
    pub missing: Option<String>,
    pub follows: Option<String>,
    pub jitter: u64,
    pub missing_with: Option<String>,
    pub only: Option<Only>,
}

#[derive(Debug, Clone)]
pub enum Content {
    Published(Published),
    /// Invented: weights for everybody.
    Weights(BTreeMap<String, u64>),
    /// Invented: numbers of people per group.
    Counts(Counts),
}

#[derive(Debug, Clone)]
pub struct Counts {
    /// By group, then by value.
    pub people: BTreeMap<usize, BTreeMap<String, u64>>,
    pub shares: Vec<Share>,
}

/// A printed share of those whose value is above, or below, a bound.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    pub row: RowRef,
    pub above: Option<i64>,
    pub below: Option<i64>,
}

impl Share {
    pub(super) fn covers(&self, score: i64) -> bool {
        self.above.is_none_or(|bound| score > bound) && self.below.is_none_or(|bound| score < bound)
    }
}

#[derive(Debug, Clone)]
pub struct Published {
    pub row: RowRef,
    pub show: Option<Show>,
    pub range: Option<(i64, i64)>,
    pub sd: Option<Decimal>,
    pub shares: Vec<Share>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    Whole,
    Level,
}

/// Only people of these groups (all, if none is named) whose text in `column` is listed.
#[derive(Debug, Clone)]
pub struct Only {
    pub column: String,
    pub values: Vec<String>,
    pub groups: Vec<usize>,
}

impl Spec {
    /// One file with every variable of the tables, for a publication that does not say.
    pub fn plain(publication: &Publication) -> Spec {
        let with = |wanted: &dyn Fn(Role) -> bool| -> Vec<usize> {
            let all = 0..publication.groups.len();
            all.filter(|&g| wanted(publication.groups[g].role))
                .collect()
        };
        let mut groups = with(&|role| matches!(role, Role::Intervention | Role::Control));
        if groups.is_empty() {
            groups = with(&|role| role != Role::Total);
        }
        if groups.is_empty() {
            groups = with(&|_| true);
        }
        let mut names = Vec::new();
        let mut columns = Vec::new();
        for (at, row) in publication.rows() {
            let same = publication.same_variable(at);
            let root = same[0] == at
                && same.iter().all(|&at| publication.row(at).part_of.is_none())
                && row.formula.is_none()
                && !matches!(row.measure, Measure::Count | Measure::Derived);
            if !root {
                continue;
            }
            let mut name = row.id.clone();
            if names.contains(&name) {
                name = format!("{}_{name}", publication.tables[at.table].id);
            }
            names.push(name.clone());
            columns.push(Column::of(name, Content::Published(Published::of(at))));
        }
        Spec {
            seed: publication.id.clone(),
            id: "person".to_owned(),
            digits: 6,
            groups,
            missing: String::new(),
            delimiter: b',',
            mark: ("source".to_owned(), "synthetic".to_owned()),
            arm: Some("group".to_owned()),
            files: vec![File {
                name: "people.csv".to_owned(),
                columns,
            }],
        }
    }
}

impl Column {
    fn of(name: String, content: Content) -> Column {
        Column {
            name,
            content,
            values: BTreeMap::new(),
            otherwise: None,
            missing: None,
            follows: None,
            jitter: 1,
            missing_with: None,
            only: None,
        }
    }
}

impl Published {
    pub(super) fn of(row: RowRef) -> Published {
        Published {
            row,
            show: None,
            range: None,
            sd: None,
            shares: Vec::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::publication) struct RawSynth {
    pub seed: String,
    pub id: String,
    #[serde(default = "nine")]
    pub digits: u32,
    #[serde(default)]
    pub groups: Vec<Spanned<String>>,
    #[serde(default)]
    pub missing: String,
    pub delimiter: Option<Spanned<char>>,
    pub mark: RawMark,
    pub arm: Option<String>,
    #[serde(default)]
    pub file: Vec<RawFile>,
}

fn nine() -> u32 {
    9
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::publication) struct RawMark {
    pub column: String,
    pub value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::publication) struct RawFile {
    pub name: Spanned<String>,
    #[serde(default)]
    pub column: Vec<Spanned<RawColumn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::publication) struct RawColumn {
    pub name: Spanned<String>,
    pub row: Option<Spanned<String>>,
    pub show: Option<Show>,
    pub range: Option<(i64, i64)>,
    pub sd: Option<Spanned<String>>,
    #[serde(default)]
    pub shares: Vec<RawShare>,
    pub weights: Option<BTreeMap<String, u64>>,
    pub counts: Option<BTreeMap<Spanned<String>, BTreeMap<String, u64>>>,
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    pub otherwise: Option<String>,
    pub missing: Option<String>,
    pub follows: Option<Spanned<String>>,
    pub jitter: Option<u64>,
    pub missing_with: Option<Spanned<String>>,
    pub only: Option<RawOnly>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::publication) struct RawShare {
    pub row: Spanned<String>,
    pub above: Option<i64>,
    pub below: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::publication) struct RawOnly {
    pub column: Spanned<String>,
    pub values: Vec<String>,
    #[serde(default)]
    pub groups: Vec<Spanned<String>>,
}
