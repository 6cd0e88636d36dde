//! A draw that was made by other means, as a file: the same columns as `allocation.csv`.

use std::collections::HashSet;
use std::path::Path;

use super::allocation::{AllocationFile, designed};
use super::sizes::{Found, refuse_impossible};
use super::work::{Work, file_name, read_options};
use crate::data::{self, CsvFile, Keys, Table, Want, join};
use crate::design::{ArmDesign, Declared, Manifest, allocation_hash};
use crate::error::{Error, Result, nearest};
use crate::protocol::{Assignment, Reading};
use crate::record::MANIFEST;

/// An allocation as it goes on record.
pub struct Given {
    /// `allocation.csv`.
    pub allocation: Vec<u8>,
    /// Of the file it came in.
    pub sha256: String,
    /// The text of the manifest beside it and what it says, where fip drew it without a protocol.
    pub manifest: Option<(String, Manifest)>,
}

/// Reads a draw made elsewhere; `arm` is its column with the arms. Strata and clusters that the protocol
/// draws by come from the file itself, or else from the register.
///
/// # Errors
/// Data: an id twice, somebody without an arm, an arm that the design has not, strata or clusters
/// that are nowhere to be found. Protocol: the manifest beside it is of another design.
pub fn given(work: &Work<'_>, path: &Path, arm: &str) -> Result<Given> {
    let trial = &work.trial;
    let id = trial.export().id.ok_or_else(|| {
        work.not_said(
            "which column has the client's id",
            "add id = \"klantnummer\" to [register]",
            "fip assign trial.toml --drawn allocation.csv",
        )
    })?;
    let file = data::open(path, &read_options(&Reading::default()))?;
    file.require(&id)?;
    file.require(arm)
        .map_err(|error| error.hint("which column has the arm? Say so with --drawn-arm COLUMN"))?;
    let has = |name: &str| file.header().iter().any(|column| column == name);
    let assignment = trial.assignment.as_ref();
    let (by, cluster) = match assignment {
        Some(Assignment {
            strata, cluster, ..
        }) => (strata.as_slice(), cluster.as_deref()),
        None => (&[][..], None),
    };
    let own_strata = !by.is_empty() && by.iter().all(|name| has(name));
    // Without a design in the protocol the file's own columns are all that is known of it.
    let labels = !own_strata && (assignment.is_none() || !by.is_empty()) && has("stratum");
    let own_cluster = match (assignment, cluster) {
        (Some(_), None) => None,
        (_, cluster) => cluster
            .into_iter()
            .chain(["cluster"])
            .find(|name| has(name)),
    };
    let mut wants = vec![(id.as_str(), Want::Text), (arm, Want::Text)];
    if own_strata {
        wants.extend(by.iter().map(|name| (name.as_str(), Want::Text)));
    }
    if labels {
        wants.push(("stratum", Want::Text));
    }
    wants.extend(own_cluster.map(|name| (name, Want::Text)));
    let office: Vec<&str> = ["lot", "caseworker", "invitation"]
        .into_iter()
        .filter(|name| *name != id && *name != arm && has(name))
        .collect();
    wants.extend(office.iter().map(|name| (*name, Want::Text)));
    let table = file.read(&wants)?;
    let keys = Keys::new(&table, &id)?;
    arms_of_the_design(&file, &table, arm, &designed(trial))?;
    sizes_of_the_design(work, &table, arm, own_cluster)?;
    let manifest = beside(path, &table, &id, arm)?;
    if let (Some((_, manifest)), Some(assignment)) = (&manifest, assignment) {
        refuse_another_design(manifest, assignment, path)?;
    }

    let strata = match (by, own_strata, labels) {
        (_, true, _) => Some(joined(&table, by)?),
        (_, _, true) => Some(joined(&table, &["stratum".to_string()])?),
        ([], _, _) => None,
        _ => Some(from_register(work, &keys, path, by)?),
    };
    let clusters = match (cluster, own_cluster) {
        (_, Some(name)) => Some(joined(&table, &[name.to_string()])?),
        (None, None) => None,
        (Some(name), None) => Some(from_register(work, &keys, path, &[name.to_string()])?),
    };
    let mut header = vec![id.as_str(), "arm"];
    header.extend(strata.as_ref().map(|_| "stratum"));
    header.extend(clusters.as_ref().map(|_| "cluster"));
    header.extend(&office);
    let arms = table.text(arm)?;
    let office = office
        .iter()
        .map(|name| table.text(name))
        .collect::<Result<Vec<_>>>()?;
    let rows = (0..table.rows()).map(|row| {
        let mut cells = vec![keys.raw(row).to_string(), arms.key(row).to_string()];
        cells.extend(strata.as_ref().map(|of| of[row].clone()));
        cells.extend(clusters.as_ref().map(|of| of[row].clone()));
        cells.extend(office.iter().map(|of| of.key(row).to_string()));
        cells
    });
    Ok(Given {
        allocation: data::csv_bytes(&header, rows)?,
        sha256: table.sha256().to_string(),
        manifest,
    })
}

/// Every row has an arm, and one that the design has.
fn arms_of_the_design(file: &CsvFile, table: &Table, arm: &str, designed: &[String]) -> Result<()> {
    let arms = table.text(arm)?;
    for row in 0..table.rows() {
        let at = |error: Error| {
            error
                .file(file.name())
                .row(table.row_number(row))
                .column(arm)
        };
        let name = arms.key(row);
        if name.is_empty() {
            return Err(at(Error::data("somebody was drawn into no arm"))
                .hint("give everybody who was drawn an arm, and take out whoever was not drawn"));
        }
        if !designed.is_empty() && !designed.iter().any(|known| known == name) {
            return Err(
                at(Error::data("the design has no such arm").value(name)).hint(
                    match nearest(name, designed.iter().map(String::as_str)) {
                        Some(near) => format!("did you mean '{near}'?"),
                        None => format!("the arms are: {}", designed.join(", ")),
                    },
                ),
            );
        }
    }
    Ok(())
}

/// The arms have the sizes that the design gives them, in clusters where those are in the file.
fn sizes_of_the_design(
    work: &Work<'_>,
    table: &Table,
    arm: &str,
    cluster: Option<&str>,
) -> Result<()> {
    let trial = &work.trial;
    if trial.cluster().is_some() && cluster.is_none() {
        return Ok(());
    }
    let arms = table.text(arm)?;
    let clusters = cluster.map(|name| table.text(name)).transpose()?;
    let names = designed(trial);
    let mut units = vec![0; names.len()];
    let mut seen = HashSet::new();
    for row in 0..table.rows() {
        let is_new = clusters.as_ref().is_none_or(|of| seen.insert(of.key(row)));
        let at = names.iter().position(|name| name == arms.key(row));
        if let Some(at) = at.filter(|_| is_new) {
            units[at] += 1;
        }
    }
    let found = Found {
        names: &names,
        units,
        file: table.file().to_string(),
        column: arm,
    };
    refuse_impossible(trial, &found)
}

/// The manifest that fip wrote beside the file, if it is of this file.
fn beside(path: &Path, table: &Table, id: &str, arm: &str) -> Result<Option<(String, Manifest)>> {
    let beside = path.parent().unwrap_or(Path::new("")).join(MANIFEST);
    if !beside.exists() {
        return Ok(None);
    }
    let text = data::read_text(&beside)?;
    let manifest = Manifest::parse(&text).map_err(|error| error.file(beside.display()))?;
    if manifest.allocation.file != file_name(path) {
        return Ok(None);
    }
    let (ids, arms) = (table.text(id)?, table.text(arm)?);
    match allocation_hash(&*ids, &*arms)? == manifest.allocation.sha256 {
        true => Ok(Some((text, manifest))),
        false => Err(Error::data(
            "this allocation is not the one that was drawn: its hash is not that of the manifest beside it",
        )
        .file(path.display())
        .hint("'fip verify' names what was changed")),
    }
}

/// A draw by another design than the protocol's is not the draw of this trial.
fn refuse_another_design(manifest: &Manifest, assignment: &Assignment, path: &Path) -> Result<()> {
    let design = &manifest.design;
    let Assignment {
        method,
        seed,
        strata,
        cluster,
        arms,
        ..
    } = assignment;
    let declared = |arm: &crate::protocol::Arm| Declared::from(arm.plan.quota.clone());
    let same_arms = arms.len() == design.arms.len()
        && arms
            .iter()
            .zip(&design.arms)
            .all(|(arm, drawn)| arm.plan.name == drawn.name && declared(arm) == drawn.declared);
    let other = [
        (*method != design.method, "method"),
        (*strata != design.strata, "strata"),
        (*cluster != design.cluster, "cluster"),
        (!same_arms, "arms"),
        (
            seed.as_ref().is_some_and(|seed| *seed != manifest.seed),
            "seed",
        ),
    ];
    let other: Vec<&str> = other
        .iter()
        .filter(|(differs, _)| *differs)
        .map(|(_, name)| *name)
        .collect();
    match other.is_empty() {
        true => Ok(()),
        false => Err(Error::protocol(format!(
            "this draw was made by another design than the protocol's: {}",
            other.join(", ")
        ))
        .file(path.display())
        .hint(format!(
            "write in [assignment] how it was drawn: method = \"{}\"{}{}, {}",
            format!("{:?}", design.method).to_lowercase(),
            match design.strata.is_empty() {
                true => String::new(),
                false => format!(", strata = {:?}", design.strata),
            },
            match &design.cluster {
                None => String::new(),
                Some(cluster) => format!(", cluster = {cluster:?}"),
            },
            design
                .arms
                .iter()
                .map(as_drawn)
                .collect::<Vec<_>>()
                .join(", ")
        ))),
    }
}

/// An arm as it was drawn, in the words of a protocol.
fn as_drawn(arm: &ArmDesign) -> String {
    let name = &arm.name;
    match &arm.declared {
        Declared::Size(size) => format!("'{name}' with size = {size}"),
        Declared::Sizes(sizes) => format!("'{name}' with sizes per stratum ({sizes:?})"),
        Declared::Share(share) => format!("'{name}' with share = {share}"),
        Declared::Rest => format!("'{name}' without a size"),
    }
}

/// The values of some columns per row, together.
fn joined(table: &Table, columns: &[String]) -> Result<Vec<String>> {
    let texts = columns
        .iter()
        .map(|name| table.text(name))
        .collect::<Result<Vec<_>>>()?;
    let label = |row: usize| {
        let values: Vec<&str> = texts.iter().map(|text| text.key(row)).collect();
        values.join(" | ")
    };
    Ok((0..table.rows()).map(label).collect())
}

/// The same of columns that only the register has, for everybody who was drawn.
fn from_register(
    work: &Work<'_>,
    drawn: &Keys<'_>,
    path: &Path,
    columns: &[String],
) -> Result<Vec<String>> {
    let named = columns.join(", ");
    let register = work.register.as_deref().filter(|path| path.exists()).ok_or_else(|| {
        Error::data(format!("the draw was made by {named}, which this file has not"))
            .file(path.display())
            .hint("add the columns to the file, or put the register that was drawn from beside the protocol")
    })?;
    let id = work.trial.register.id.clone().unwrap_or_default();
    let file = data::open(register, &read_options(&work.trial.register.reading))?;
    let mut wants = vec![(id.as_str(), Want::Text)];
    wants.extend(columns.iter().map(|name| (name.as_str(), Want::Text)));
    let table = file.read(&wants)?;
    let clients = Keys::new(&table, &id)?;
    let found = join(drawn, &clients);
    if !found.only_left.is_empty() {
        return Err(Error::data(format!(
            "{} people were drawn who are not in the register, so their {named} is not known: {}",
            found.only_left.len(),
            drawn.show(&found.only_left)
        ))
        .file(register.display())
        .hint(
            "give the register that was drawn from, or add the columns to the file with the draw",
        ));
    }
    let labels = joined(&table, columns)?;
    let mut of = vec![String::new(); drawn.len()];
    for (row, client) in found.pairs {
        of[row as usize].clone_from(&labels[client as usize]);
    }
    Ok(of)
}

/// Refuses an allocation that has other people or arms than the record.
///
/// # Errors
/// Refused, where they differ; data, where the file cannot be read.
pub fn refuse_other_allocation(recorded: &Path, path: &Path, id: &str) -> Result<()> {
    let hash = |path: &Path| -> Result<String> {
        let file = AllocationFile::read(path, id)?;
        let (ids, arms) = (file.table.text(&file.id)?, file.table.text("arm")?);
        allocation_hash(&*ids, &*arms)
    };
    match hash(recorded)? == hash(path)? {
        true => Ok(()),
        false => Err(Error::refused(
            "this is not the allocation on record, and a trial is evaluated by the draw that took place",
        )
        .file(path.display())
        .hint(format!("leave out --allocation: the record is {}", recorded.display()))),
    }
}
