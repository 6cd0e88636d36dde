//! Which arm each person is in, and which arms are compared.

use std::path::Path;

use super::assign::MANIFEST;
use super::inputs::{file_name, input, read_options};
use crate::cli::ReadArgs;
use crate::data::{self, Keys, Levels, Table, Want};
use crate::design::{Manifest, Role, allocation_hash};
use crate::error::{Error, Result, nearest};
use crate::protocol::{InputSpec, Protocol, looks_like_control};
use crate::results::{InputFile, Note};

/// `allocation.csv` as it is read back.
pub struct AllocationFile {
    pub table: Table,
    pub id: String,
    pub arms: Levels,
    /// Stratum per row, if there is more than one.
    pub strata: Option<Vec<usize>>,
    pub clusters: Option<Vec<usize>>,
    pub record: InputFile,
}

impl AllocationFile {
    /// Reads an allocation; the id has the register's column name, or is the first column.
    pub fn read(path: &Path, id: &str) -> Result<Self> {
        let file = data::open(
            path,
            &read_options(&ReadArgs::default(), &InputSpec::default())?,
        )?;
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
        for name in ["stratum", "cluster"] {
            if has(name) {
                wants.push((name, Want::Text));
            }
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
        let strata = has("stratum")
            .then(|| groups(&table, "stratum"))
            .transpose()?;
        let clusters = has("cluster")
            .then(|| groups(&table, "cluster"))
            .transpose()?;
        Ok(AllocationFile {
            record: input("allocation", path, &table),
            id: own.clone(),
            arms,
            strata: strata.filter(|strata| strata.iter().any(|stratum| *stratum != strata[0])),
            clusters,
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

/// A number per distinct text of a column.
fn groups(table: &Table, column: &str) -> Result<Vec<usize>> {
    let text = table.text(column)?;
    let mut names: Vec<&str> = (0..text.len()).map(|row| text.key(row)).collect();
    names.sort_unstable();
    names.dedup();
    Ok((0..text.len())
        .map(|row| names.partition_point(|name| *name < text.key(row)))
        .collect())
}

/// What is known about the arms' roles besides their names.
#[derive(Default)]
pub struct Declared {
    roles: Vec<(String, Role)>,
}

impl Declared {
    pub fn by_protocol(protocol: &Protocol) -> Self {
        Declared {
            roles: protocol
                .assignment
                .iter()
                .flat_map(|assignment| &assignment.arms)
                .map(|arm| (arm.plan.name.clone(), arm.role))
                .collect(),
        }
    }

    /// The manifest beside an allocation, where there is a readable one.
    pub fn beside(allocation: &Path) -> Self {
        let path = allocation.parent().unwrap_or(Path::new("")).join(MANIFEST);
        let manifest = data::read_text(&path).and_then(|text| Manifest::parse(&text));
        Declared {
            roles: manifest
                .map(|manifest| manifest.design.arms)
                .unwrap_or_default()
                .into_iter()
                .filter_map(|arm| arm.role.map(|role| (arm.name, role)))
                .collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.roles.is_empty()
    }
}

/// The arms to compare, as indices into the names.
#[derive(Debug)]
pub struct Compared {
    pub treated: Vec<usize>,
    pub control: usize,
    pub guessed: Option<Note>,
}

/// Decides which arms are compared: by flag, by declared role, by name.
///
/// # Errors
/// An arm that does not occur, one arm only, or a control that nothing points to.
pub fn compare(
    names: &[String],
    treated: Option<&str>,
    control: Option<&str>,
    declared: &Declared,
    file: &str,
) -> Result<Compared> {
    let find = |name: &str| -> Result<usize> {
        names.iter().position(|arm| arm == name).ok_or_else(|| {
            let all = names.join(", ");
            Error::data(format!("there is no arm '{name}'; the arms are: {all}"))
                .file(file)
                .hint(
                    nearest(name, names.iter().map(String::as_str))
                        .map_or("check --treated and --control".to_string(), |near| {
                            format!("did you mean '{near}'?")
                        }),
                )
        })
    };
    if names.len() < 2 {
        return Err(Error::data("there are not two arms to compare")
            .file(file)
            .hint("check the column with the arm, or the allocation"));
    }
    if let Some(unknown) = names
        .iter()
        .find(|name| !declared.is_empty() && !declared.roles.iter().any(|(arm, _)| arm == *name))
    {
        let arms: Vec<&str> = declared.roles.iter().map(|(arm, _)| arm.as_str()).collect();
        return Err(
            Error::data(format!("there is no arm '{unknown}' in the design"))
                .file(file)
                .value(unknown.clone())
                .hint(match nearest(unknown, arms.iter().copied()) {
                    Some(near) => format!("did you mean '{near}'?"),
                    None => format!("the arms are: {}", arms.join(", ")),
                }),
        );
    }
    let treated = treated.map(find).transpose()?;
    let control = control.map(find).transpose()?;
    if treated.is_some() && treated == control {
        return Err(Error::usage("--treated and --control name the same arm"));
    }
    let with_role = |role: Role| -> Vec<usize> {
        (0..names.len())
            .filter(|&arm| {
                declared
                    .roles
                    .iter()
                    .any(|(name, other)| *name == names[arm] && *other == role)
            })
            .collect()
    };
    let others = |arm: usize| {
        (0..names.len())
            .filter(|&other| other != arm)
            .collect::<Vec<usize>>()
    };
    let (control, guessed) = match (control, with_role(Role::Control).first(), treated) {
        (Some(control), _, _) => (control, false),
        (None, Some(&control), treated) if treated != Some(control) => (control, false),
        (None, _, Some(treated)) if names.len() == 2 => (1 - treated, false),
        (None, _, treated) => {
            let named = (0..names.len())
                .find(|&arm| Some(arm) != treated && looks_like_control(&names[arm]));
            let control = named.ok_or_else(|| {
                Error::usage(format!(
                    "which arm is the control? The arms are: {}",
                    names.join(", ")
                ))
                .file(file)
                .hint("say so with --control ARM")
            })?;
            (control, true)
        }
    };
    let treated = match treated {
        Some(arm) => vec![arm],
        None => match with_role(Role::Intervention) {
            arms if arms.is_empty() => others(control),
            arms => arms.into_iter().filter(|arm| *arm != control).collect(),
        },
    };
    let guessed = guessed.then(|| Note::ArmRolesGuessed {
        treated: treated
            .iter()
            .map(|&arm| names[arm].as_str())
            .collect::<Vec<_>>()
            .join(", "),
        control: names[control].clone(),
    });
    Ok(Compared {
        treated,
        control,
        guessed,
    })
}
