//! The rows of allocations on record, put together: everybody who was drawn, in whatever batch.

use std::collections::HashMap;
use std::path::Path;

use super::work::read_options;
use crate::data::{self, CsvFile, Text, Want};
use crate::error::{Error, Result};
use crate::protocol::Reading;
use crate::record::ALLOCATION;

/// What an allocation may have beside id and arm, in the order of the file.
pub(super) const FURTHER: [&str; 6] = [
    "lot",
    "stratum",
    "cluster",
    "batch",
    "caseworker",
    "invitation",
];

/// One row per person, every column as text and as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OnRecord {
    pub ids: Text,
    pub arms: Text,
    /// Further columns by name; blank where a person's file has none.
    pub further: Vec<(&'static str, Text)>,
}

impl OnRecord {
    /// Reads allocations in this order, with ids in the column `id`.
    ///
    /// # Errors
    /// A file that cannot be read, or that has no ids or arms; somebody who is in it twice.
    pub fn read<P: AsRef<Path>>(files: &[P], id: &str) -> Result<Self> {
        let opened = files
            .iter()
            .map(|path| data::open(path.as_ref(), &read_options(&Reading::default())));
        Self::of(opened.collect::<Result<_>>()?, id)
    }

    /// Everybody here, and after them everybody in these files.
    ///
    /// # Errors
    /// As [`OnRecord::read`].
    pub fn with(&self, files: &[&[u8]], id: &str) -> Result<Self> {
        let own = self.csv(id)?;
        let all = [&[own.as_slice()], files].concat();
        let opened = all.iter().map(|bytes| {
            data::open_bytes(
                ALLOCATION,
                bytes.to_vec(),
                &read_options(&Reading::default()),
            )
        });
        Self::of(opened.collect::<Result<_>>()?, id)
    }

    /// The same people, with the arm that they have now where they are in `now`.
    pub fn as_of(mut self, now: &OnRecord) -> Self {
        let arm_of: HashMap<&str, &str> = (0..now.ids.len())
            .map(|row| (now.ids.key(row), now.arms.get(row)))
            .collect();
        let arm = |row: usize| match arm_of.get(self.ids.key(row)) {
            Some(arm) => arm,
            None => self.arms.get(row),
        };
        self.arms = (0..self.ids.len()).map(arm).collect();
        self
    }

    /// `everybody.csv`: the columns of an allocation.
    ///
    /// # Errors
    /// Internal ones only.
    pub fn csv(&self, id: &str) -> Result<Vec<u8>> {
        let mut header = vec![id, "arm"];
        header.extend(self.further.iter().map(|(name, _)| *name));
        let rows = (0..self.ids.len()).map(|row| {
            let mut cells = vec![self.ids.get(row), self.arms.get(row)];
            cells.extend(self.further.iter().map(|(_, of)| of.get(row)));
            cells
        });
        data::csv_bytes(&header, rows)
    }

    fn of(files: Vec<CsvFile>, id: &str) -> Result<Self> {
        let mut tables = Vec::with_capacity(files.len());
        for file in files {
            for name in [id, "arm"] {
                file.require(name).map_err(|error| {
                    error.hint("an allocation has the columns of allocation.csv: the id, and 'arm'")
                })?;
            }
            let has = |name: &&str| *name != id && file.header().iter().any(|own| own == name);
            let wants: Vec<(&str, Want)> = [id, "arm"]
                .into_iter()
                .chain(FURTHER.into_iter().filter(has))
                .map(|name| (name, Want::Text))
                .collect();
            tables.push(file.read(&wants)?);
        }
        let column = |name: &str| -> Result<Text> {
            let mut cells = Text::new();
            for table in &tables {
                match table.has(name) {
                    true => table.text(name)?.iter().for_each(|cell| cells.push(cell)),
                    false => (0..table.rows()).for_each(|_| cells.push("")),
                }
            }
            Ok(cells)
        };
        let ids = column(id)?;
        let mut seen = std::collections::HashSet::new();
        if let Some(row) = (0..ids.len()).find(|&row| !seen.insert(ids.key(row))) {
            return Err(Error::data("somebody is in the allocations twice")
                .column(id)
                .value(ids.key(row))
                .hint("give every allocation once: of the first draw, and of every later batch"));
        }
        let used = |name: &&str| tables.iter().any(|table| table.has(name) && *name != id);
        Ok(OnRecord {
            arms: column("arm")?,
            further: FURTHER
                .into_iter()
                .filter(used)
                .map(|name| Ok((name, column(name)?)))
                .collect::<Result<_>>()?,
            ids,
        })
    }

    /// A further column, where any of the files has it.
    pub fn column(&self, name: &str) -> Option<&Text> {
        let mut further = self.further.iter();
        further.find_map(|(own, cells)| (*own == name).then_some(cells))
    }
}
