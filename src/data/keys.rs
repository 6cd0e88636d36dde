//! Ids: unique, not empty, and matched between two files.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use rayon::prelude::*;

use super::ids::{folded, is_scientific};
use super::table::Table;
use super::text::Text;
use crate::error::{Error, Result};

/// So many ids are named in a message.
const SHOWN: usize = 5;

/// The ids of a table: every row has one, and no two rows the same. Ids are compared without
/// surrounding white space, and otherwise to the letter.
#[derive(Debug, Clone)]
pub struct Keys<'t> {
    text: Cow<'t, Text>,
    table: &'t Table,
}

impl<'t> Keys<'t> {
    /// The ids in a column.
    ///
    /// # Errors
    /// Empty ids, or ids that occur more than once: all are counted, the first few are shown.
    pub fn new(table: &'t Table, column: &str) -> Result<Self> {
        Self::padded(table, column, None)
    }

    /// The ids in a column, numbers filled up with zeros to a width that is asked for: what a spreadsheet
    /// takes away.
    ///
    /// # Errors
    /// Those of [`Keys::new`], of the ids as they are filled up.
    pub fn padded(table: &'t Table, column: &str, width: Option<usize>) -> Result<Self> {
        let mut text = table.text(column)?;
        if let Some(width) = width {
            let fill = |row: usize| {
                let id = text.key(row);
                match !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) {
                    true => format!("{id:0>width$}"),
                    false => id.to_string(),
                }
            };
            text = Cow::Owned((0..text.len()).map(fill).collect());
        }
        let keys = Keys { text, table };
        keys.refuse_empty(column)?;
        keys.refuse_duplicates(column)?;
        Ok(keys)
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The id of a row without surrounding white space.
    pub fn key(&self, row: usize) -> &str {
        self.text.key(row)
    }

    /// The id of a row exactly as it stands in the file.
    pub fn raw(&self, row: usize) -> &str {
        self.text.get(row)
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|row| self.key(row))
    }

    /// Names the ids of some rows for a message: `'a', 'b', 'c' and 12 more`.
    pub fn show(&self, rows: &[u32]) -> String {
        let shown = rows.iter().take(SHOWN);
        let names: Vec<String> = shown
            .map(|&row| format!("'{}'", self.key(row as usize)))
            .collect();
        and_more(names, rows.len(), ", ")
    }

    /// A code for "no value" is no id, unless it has a digit: `99` may be a client.
    fn refuse_empty(&self, column: &str) -> Result<()> {
        let codes = self.table.missing_codes();
        let is_empty =
            |key: &str| codes.is_missing(key) && !key.bytes().any(|byte| byte.is_ascii_digit());
        let empty: Vec<u64> = (0..self.len())
            .filter(|&row| is_empty(self.key(row)))
            .map(|row| self.table.row_number(row))
            .collect();
        let Some(&first) = empty.first() else {
            return Ok(());
        };
        let message = match empty.len() {
            1 => "a row has no id".to_string(),
            count => {
                let rows = empty.iter().take(SHOWN).map(u64::to_string).collect();
                format!(
                    "{count} rows have no id: rows {}",
                    and_more(rows, count, ", ")
                )
            }
        };
        Err(Error::data(message)
            .file(self.table.file())
            .row(first)
            .column(column)
            .hint("give every person an id, or remove rows that are not persons"))
    }

    fn refuse_duplicates(&self, column: &str) -> Result<()> {
        let mut hashes: Vec<u64> = self.hashes().collect();
        hashes.par_sort_unstable();
        let mut shared: Vec<u64> = hashes
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .map(|pair| pair[0])
            .collect();
        shared.dedup();
        drop(hashes);
        if shared.is_empty() {
            return Ok(());
        }
        // Few rows, or an error anyway: now by the ids themselves.
        let mut suspects: Vec<usize> = self
            .hashes()
            .enumerate()
            .filter(|(_, hash)| shared.binary_search(hash).is_ok())
            .map(|(row, _)| row)
            .collect();
        suspects.sort_by(|&a, &b| self.key(a).cmp(self.key(b)).then(a.cmp(&b)));
        let mut groups: Vec<&[usize]> = suspects
            .chunk_by(|&a, &b| self.key(a) == self.key(b))
            .filter(|rows| rows.len() > 1)
            .collect();
        groups.sort_by_key(|rows| rows[0]);
        let Some(first) = groups.first() else {
            return Ok(());
        };
        let rows: usize = groups.iter().map(|rows| rows.len()).sum();
        let names = groups
            .iter()
            .take(SHOWN)
            .map(|rows| self.show_duplicate(rows))
            .collect();
        let message = match groups.len() {
            1 => format!("an id occurs {rows} times: {}", and_more(names, 1, "; ")),
            ids => format!(
                "{ids} ids occur more than once, in {rows} rows: {}",
                and_more(names, ids, "; ")
            ),
        };
        Err(Error::data(message)
            .file(self.table.file())
            .row(self.table.row_number(first[1]))
            .column(column)
            .value(self.key(first[1]))
            .hint("keep one row per person; is this the right id column?"))
    }

    fn show_duplicate(&self, rows: &[usize]) -> String {
        let numbers: Vec<String> = rows
            .iter()
            .take(SHOWN)
            .map(|&row| self.table.row_number(row).to_string())
            .collect();
        format!(
            "'{}' in rows {}",
            self.key(rows[0]),
            and_more(numbers, rows.len(), ", ")
        )
    }

    fn hashes(&self) -> impl Iterator<Item = u64> {
        self.iter().map(hash)
    }

    /// Hashes with their rows, ascending.
    fn index(&self) -> Vec<(u64, u32)> {
        let mut index: Vec<(u64, u32)> = self.hashes().zip(0..).collect();
        index.par_sort_unstable();
        index
    }
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// The first items, and how many of `count` are left.
fn and_more(shown: Vec<String>, count: usize, separator: &str) -> String {
    let rest = count - shown.len();
    match rest {
        0 => shown.join(separator),
        _ => format!("{} and {rest} more", shown.join(separator)),
    }
}

/// Ids that two files do not have in common as they are written, and would have otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherForm {
    /// How many ids of the left file are one of the right's but for case, white space or leading zeros, and
    /// an example of both.
    pub alike: u64,
    pub example: Option<(String, String)>,
    /// How many ids of either file are numbers cut short by a spreadsheet, and an example.
    pub cut_short: u64,
    pub cut: Option<String>,
}

/// Looks at ids without a partner: are they written otherwise in the other file?
pub fn other_form(left: &Keys<'_>, right: &Keys<'_>, joined: &Join) -> OtherForm {
    let known: HashMap<String, &str> = joined
        .only_right
        .iter()
        .map(|&row| right.key(row as usize))
        .map(|id| (folded(id), id))
        .collect();
    let alone = || joined.only_left.iter().map(|&row| left.key(row as usize));
    let mut alike = alone().filter_map(|id| Some((id, *known.get(&folded(id))?)));
    let example = alike.next();
    let all = alone().chain(known.values().copied());
    let mut cut = all.filter(|id| is_scientific(id));
    let first = cut.next();
    OtherForm {
        alike: alike.count() as u64 + u64::from(example.is_some()),
        example: example.map(|(id, other)| (id.to_string(), other.to_string())),
        cut_short: cut.count() as u64 + u64::from(first.is_some()),
        cut: first.map(str::to_string),
    }
}

/// Two tables' rows, matched by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// Row of the left table with its row of the right, in the left table's order.
    pub pairs: Vec<(u32, u32)>,
    /// Rows whose id the other table does not have, in their table's order.
    pub only_left: Vec<u32>,
    pub only_right: Vec<u32>,
}

/// Matches two tables by id.
pub fn join(left: &Keys<'_>, right: &Keys<'_>) -> Join {
    let (left_index, right_index) = (left.index(), right.index());
    let mut partner: Vec<Option<u32>> = vec![None; left.len()];
    let mut matched = vec![false; right.len()];
    let mut from = 0;
    for &(hash, row) in &left_index {
        while right_index
            .get(from)
            .is_some_and(|&(other, _)| other < hash)
        {
            from += 1;
        }
        // Different ids may share a hash: look at all of them.
        let same = right_index[from..]
            .iter()
            .take_while(|&&(other, _)| other == hash);
        for &(_, other) in same {
            if left.key(row as usize) == right.key(other as usize) {
                partner[row as usize] = Some(other);
                matched[other as usize] = true;
            }
        }
    }
    let mut pairs = Vec::new();
    let mut only_left = Vec::new();
    for (row, partner) in (0..).zip(partner) {
        match partner {
            Some(other) => pairs.push((row, other)),
            None => only_left.push(row),
        }
    }
    let only_right = (0..).zip(matched).filter(|(_, matched)| !matched);
    Join {
        pairs,
        only_left,
        only_right: only_right.map(|(row, _)| row).collect(),
    }
}
