//! Which arm each person is in, and which arms are compared.

use std::path::Path;

use super::work::{file_name, input, read_options};
use crate::columns::Levels;
use crate::data::{self, Keys, Table, Want};
use crate::design::{Manifest, Role, allocation_hash};
use crate::error::{Error, Result};
use crate::protocol::{Reading, Trial, names_the_control};
use crate::record::MANIFEST;
use crate::results::InputFile;

/// `allocation.csv` as it is read back.
pub struct AllocationFile {
    pub table: Table,
    pub id: String,
    pub arms: Levels,
    /// Stratum per row, if there is more than one.
    pub strata: Option<Vec<usize>>,
    pub clusters: Option<Vec<usize>>,
    /// Who sees whom, where the draw divided that.
    pub caseworkers: Option<Levels>,
    pub record: InputFile,
}

impl AllocationFile {
    /// Reads an allocation; the id has the register's column name, or is the first column.
    pub fn read(path: &Path, id: &str) -> Result<Self> {
        let file = data::open(path, &read_options(&Reading::default()))?;
        file.require("arm").map_err(|error| {
            error.hint("an allocation has the columns of allocation.csv: the id, and 'arm'")
        })?;
        let own = if file.header().iter().any(|name| name == id) {
            id.to_string()
        } else {
            file.require(id)?;
            id.to_string()
        };
        let has = |name: &str| own != name && file.header().iter().any(|column| column == name);
        let mut wants = vec![(own.as_str(), Want::Text), ("arm", Want::Levels)];
        for name in ["stratum", "batch", "cluster"] {
            if has(name) {
                wants.push((name, Want::Text));
            }
        }
        if has("caseworker") {
            wants.push(("caseworker", Want::Levels));
        }
        let table = file.read(&wants)?;
        Keys::new(&table, &own)?;
        let arms = table.levels("arm", None)?;
        if let Some(row) = (0..arms.len()).find(|&row| arms.code(row).is_none()) {
            return Err(Error::data("somebody in the allocation has no arm")
                .file(path.display())
                .row(table.row_number(row))
                .column("arm")
                .hint("the file was changed after the draw; 'fip verify' names every difference"));
        }
        refuse_changed(path, &table, &own)?;
        // A later batch is drawn apart, with strata of its own.
        let by = ["batch", "stratum"].map(|name| has(name).then_some(name));
        let by: Vec<&str> = by.into_iter().flatten().collect();
        let strata = (!by.is_empty()).then(|| groups(&table, &by)).transpose()?;
        let clusters = has("cluster")
            .then(|| groups(&table, &["cluster"]))
            .transpose()?;
        Ok(AllocationFile {
            record: input("allocation", path, &table),
            id: own.clone(),
            arms,
            strata: strata.filter(|strata| strata.iter().any(|stratum| *stratum != strata[0])),
            clusters,
            caseworkers: match has("caseworker") {
                true => Some(table.levels("caseworker", None)?),
                false => None,
            },
            table,
        })
    }
}

/// An allocation beside its manifest has to be the drawn one.
fn refuse_changed(path: &Path, table: &Table, id: &str) -> Result<()> {
    let beside = path.parent().unwrap_or(Path::new("")).join(MANIFEST);
    let Ok(manifest) = data::read_text(&beside).and_then(|text| Manifest::parse(&text)) else {
        return Ok(());
    };
    if manifest.allocation.file != file_name(path) {
        return Ok(());
    }
    let (ids, arms) = (table.text(id)?, table.text("arm")?);
    if allocation_hash(&*ids, &*arms)? == manifest.allocation.sha256 {
        return Ok(());
    }
    Err(Error::data("the allocation is not the one that was drawn: its hash is not that of the manifest beside it")
        .file(path.display())
        .hint("'fip verify' names what was changed"))
}

/// A number per distinct combination of texts.
fn groups(table: &Table, columns: &[&str]) -> Result<Vec<usize>> {
    let texts = columns
        .iter()
        .map(|name| table.text(name))
        .collect::<Result<Vec<_>>>()?;
    let of = |row: usize| -> Vec<&str> { texts.iter().map(|text| text.key(row)).collect() };
    let mut names: Vec<Vec<&str>> = (0..table.rows()).map(of).collect();
    names.sort_unstable();
    names.dedup();
    Ok((0..table.rows())
        .map(|row| names.partition_point(|name| *name < of(row)))
        .collect())
}

/// Whether the manifest beside an allocation says that it was drawn from other bytes than these.
pub fn drawn_from_another(allocation: &Path, register_sha256: &str) -> bool {
    let path = allocation.parent().unwrap_or(Path::new("")).join(MANIFEST);
    let manifest = data::read_text(&path).and_then(|text| Manifest::parse(&text));
    manifest.is_ok_and(|manifest| {
        manifest.allocation.file == file_name(allocation)
            && manifest.register.sha256 != register_sha256
    })
}

/// The columns that say who somebody is, or whom they belong to: those of the trial, and those that the
/// manifest beside the allocation was drawn by.
pub fn identifying(trial: &Trial, allocation: Option<&Path>) -> Vec<String> {
    let own = [
        trial.register.id.clone(),
        trial.export().id,
        trial.cluster().map(str::to_string),
    ];
    let beside = allocation.and_then(|path| {
        let path = path.parent().unwrap_or(Path::new("")).join(MANIFEST);
        let text = data::read_text(&path).ok()?;
        Some(Manifest::parse(&text).ok()?.design)
    });
    let drawn = beside.map(|design| [Some(design.id), design.cluster]);
    own.into_iter()
        .chain(drawn.into_iter().flatten())
        .flatten()
        .collect()
}

/// Refuses a column that says who somebody is as something to compare people by.
pub fn refuse_identifying<'n>(
    asked: impl IntoIterator<Item = &'n str>,
    identifying: &[String],
    file: &Path,
) -> Result<()> {
    let found = asked
        .into_iter()
        .find(|name| identifying.iter().any(|column| column == name));
    match found {
        None => Ok(()),
        Some(name) => Err(Error::usage(format!(
            "'{name}' says who people are or whom they belong to, and is nothing to compare them by"
        ))
        .file(file.display())
        .column(name)
        .hint("leave it out of the covariates and subgroups")),
    }
}

/// The roles in the manifest beside an allocation, where there is a readable one.
///
/// Versions before 0.2 made the last arm the control where nobody had said so. What they recorded counts
/// only where the control's own name says the same.
pub fn roles_beside(allocation: &Path) -> Vec<(String, Role)> {
    let path = allocation.parent().unwrap_or(Path::new("")).join(MANIFEST);
    let manifest = data::read_text(&path).and_then(|text| Manifest::parse(&text));
    let Ok(manifest) = manifest else {
        return Vec::new();
    };
    let said: Vec<(String, Role)> = manifest
        .design
        .arms
        .into_iter()
        .filter_map(|arm| arm.role.map(|role| (arm.name, role)))
        .collect();
    let by_name = said
        .iter()
        .all(|(arm, role)| (*role == Role::Control) == names_the_control(arm));
    match manifest.fip_version.starts_with("0.1.") && !by_name {
        true => Vec::new(),
        false => said,
    }
}

/// The arms of the trial's design; none where no design is laid down.
pub fn designed(trial: &Trial) -> Vec<String> {
    let arms = trial.assignment.iter().flat_map(|of| &of.arms);
    arms.map(|arm| arm.plan.name.clone()).collect()
}

/// Arms by their numbers after some are taken together; who has none keeps none.
pub(super) fn recode(codes: &mut [u32], now: &[u32]) {
    for code in codes {
        if let Some(arm) = now.get(*code as usize) {
            *code = *arm;
        }
    }
}
